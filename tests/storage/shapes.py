"""The shape of an event as its schema says it, and what has become of an older shape."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]
#: What a field says of itself that is no part of its shape.
_WORDS = frozenset({"title", "description"})
_NESTED = frozenset({"$ref", "properties", "items", "additionalProperties"})


def shape(model: type[BaseModel]) -> Schema:
    """The schema without its words."""
    return _without_words(model.model_json_schema(mode="validation"))  # type: ignore[no-any-return]


def _without_words(part: Any) -> Any:  # noqa: ANN401 - any part of a JSON Schema
    if isinstance(part, list):
        return [_without_words(each) for each in part]
    if not isinstance(part, dict):
        return part
    return {
        name: {key: _without_words(each) for key, each in value.items()}
        if name in {"properties", "$defs"}
        else _without_words(value)
        for name, value in part.items()
        if name not in _WORDS
    }


class Comparison:
    """Two shapes, each with the parts it refers to."""

    def __init__(self, was: Schema, now: Schema) -> None:
        self._was, self._now = was, now
        self._seen: set[str] = set()

    def broken(self) -> list[str]:
        """What of the old shape the new one cannot read, or reads as something else; in sentences."""
        return [*self._compare("", self._was, self._now)]

    def added(self) -> list[str]:
        """The fields that only the new shape has."""
        return sorted({*_paths(self._now)} - {*_paths(self._was)})

    def _compare(self, path: str, was: Schema, now: Schema) -> Iterator[str]:
        if "$ref" in was and "$ref" in now:
            if was["$ref"] in self._seen:
                return
            self._seen.add(was["$ref"])
        was, now = _resolved(was, self._was), _resolved(now, self._now)
        both = was.keys() & now.keys()
        if "properties" in both:
            yield from self._fields(path, was, now)
        elif "items" in both:
            yield from self._compare(f"{path}[]", was["items"], now["items"])
        elif isinstance(was.get("additionalProperties"), dict) and "additionalProperties" in both:
            yield from self._compare(f"{path}{{}}", was["additionalProperties"], now["additionalProperties"])
        else:
            yield from self._values(path, was, now)

    def _fields(self, path: str, was: Schema, now: Schema) -> Iterator[str]:
        for name, field in was["properties"].items():
            place = f"{path}.{name}".removeprefix(".")
            after = now["properties"].get(name)
            if after is None:
                yield f"{place} is gone"
                continue
            if "default" in field and "default" in after and field["default"] != after["default"]:
                yield f"{place} is read as another value where it is not written"
            yield from self._compare(place, field, after)
        for name in now.get("required", ()):
            if name not in was.get("required", ()):
                yield f"{path}.{name} must be there now".removeprefix(".")

    def _values(self, path: str, was: Schema, now: Schema) -> Iterator[str]:
        """Each thing that could be written must still be among those that can be read."""
        ways = [*_ways(now)]
        for way in _ways(was):
            if not any(self._reads(way, each) for each in ways):
                yield f"{path} could be {_said(way)}, now only {', '.join(map(_said, ways))}"

    def _reads(self, was: Schema, now: Schema) -> bool:
        if "const" in was and now.get("type") == "string":
            return was["const"] == now.get("const", was["const"])
        if _NESTED & was.keys():
            return _NESTED & was.keys() == _NESTED & now.keys() and not [*self._compare("", was, now)]
        return was == now or not now


def _paths(schema: Schema) -> Iterator[str]:
    for name, part in (("", schema), *schema.get("$defs", {}).items()):
        for field in part.get("properties", {}):
            yield f"{name}.{field}".removeprefix(".")


def _ways(schema: Schema) -> Iterator[Schema]:
    for each in schema.get("anyOf") or schema.get("oneOf") or [schema]:
        if "enum" in each:
            yield from ({"const": value, "type": "string"} for value in each["enum"])
        else:
            yield {name: value for name, value in each.items() if name not in {"default", "discriminator"}}


def _resolved(schema: Schema, whole: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return found


def _said(way: Schema) -> str:
    said = way.get("const") or way.get("format") or way.get("type") or way.get("$ref", "anything")
    return str(said).rpartition("/")[2]
