"""YAML with positions: plain data, and where in the file each part of it stands.

Scalars are read as YAML 1.2 reads them, so `no`, `12:30` and `2027-01-01` stay texts. Refused, with place:
duplicate keys, keys that are not texts, tags, recursion, files that are too large, too deep or too bushy.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import yaml
from pydantic import JsonValue

from definitions.positions import Mark, Place, Positions, Written
from engine.errors import TermwiseError

__all__ = ["Mark", "Source", "SourceError", "parse", "read"]

MAX_BYTES = 2_000_000
MAX_DEPTH = 60
MAX_NODES = 100_000
_MAX_SHOWN = 60
_TAG = "tag:yaml.org,2002:"
_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class SourceError(TermwiseError):
    """A file that cannot be used: `file:line:column: what is wrong`, one line for each problem."""

    def __init__(self, file: str, problems: list[tuple[Mark, str]]) -> None:
        self.file = file
        self.problems = sorted(problems)
        super().__init__(
            "\n".join(f"{file}:{mark.line}:{mark.column}: {message}" for mark, message in self.problems)
        )


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says, and where."""

    file: str
    data: JsonValue
    positions: Positions

    def mark(self, place: Place) -> Mark:
        """Where the value of this part stands; for a part that is not in the file, the nearest that is."""
        return self.positions.values.get(self.positions.nearest(place), Mark(1, 1))

    def key_mark(self, place: Place) -> Mark:
        """Where the key of this part stands."""
        return self.positions.keys.get(self.positions.nearest(place), self.mark(place))

    def text_mark(self, place: Place, offset: int) -> Mark:
        """Where a character of the text at this part stands, whatever the text's style."""
        nearest = self.positions.nearest(place)
        written, value = self.positions.texts.get(nearest), self.value(nearest)
        return (
            written.at(value, offset) if written and isinstance(value, str) and offset else self.mark(place)
        )

    def value(self, place: Place) -> JsonValue:
        """What stands at a place of the file."""
        found = self.data
        for part in place:
            found = found[part]  # type: ignore[index]
        return found


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """YAML 1.2 scalars."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


for _name, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]{0,17})$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]{1,3})?$", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(_pattern), list(_first))

_SCALARS: dict[str, Callable[[str], JsonValue]] = {
    _TAG + "str": str,
    _TAG + "bool": lambda text: text.lower() == "true",
    _TAG + "null": lambda _: None,
    _TAG + "int": int,
    _TAG + "float": float,
}


def read(path: Path, name: str | None = None) -> Source:
    """Read a file. Raises SourceError for anything but plain, finite, unambiguous YAML."""
    file = name or str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(file, [(Mark(1, 1), f"the file is larger than {MAX_BYTES // 1000} kB")])
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(file, [(Mark(1, 1), f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise SourceError(file, [(Mark(1, 1), "is not UTF-8 text; save it as UTF-8")]) from error
    return parse(text, file)


def parse(text: str, file: str) -> Source:
    """Read a text. Raises SourceError."""
    _refuse_tabs(text, file)
    try:
        # Events are counted before anything is built, so neither depth nor size can exhaust memory.
        for problem in _too_much(text):
            raise SourceError(file, [problem])
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark or error.context_mark
        mark = Mark(where.line + 1, where.column + 1) if where else Mark(1, 1)
        raise SourceError(file, [(mark, _plain(error))]) from error
    except yaml.YAMLError as error:
        raise SourceError(file, [(Mark(1, 1), f"is not YAML: {error}")]) from error
    if root is None:
        raise SourceError(file, [(Mark(1, 1), "the file is empty")])
    reader = _Reader(file, text)
    return Source(file, reader.value(root, ()), reader.positions)


def _refuse_tabs(text: str, file: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            mark = Mark(number, indent.index("\t") + 1)
            raise SourceError(file, [(mark, "a tab stands in the indentation; use spaces")])


def _too_much(text: str) -> Iterator[tuple[Mark, str]]:
    depth = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        if tag := getattr(event, "tag", None):
            yield _mark(event), f"the tag {tag!r} is not allowed; write plain values"
        if depth > MAX_DEPTH:
            yield _mark(event), f"is nested deeper than {MAX_DEPTH} levels"
        if nodes > MAX_NODES:
            yield _mark(event), f"has more than {MAX_NODES} parts"


def _plain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or "cannot be read"
    context = f" ({error.context})" if error.context else ""
    if "did not find expected" in problem or "mapping values" in problem:
        return (
            f"is not YAML here: {problem}{context}; check the indentation and quote texts that contain ': '"
        )
    return f"is not YAML here: {problem}{context}"


class _Reader:
    """Turns nodes into data, remembering where each part stood."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.positions = Positions()
        self._texts: dict[int, Written] = {}
        self._inside: set[int] = set()
        self._count = 0

    def value(self, node: yaml.Node, place: Place) -> JsonValue:
        self._count += 1
        if self._count > MAX_NODES:
            raise self._error(node, f"the file's aliases stand for more than {MAX_NODES} parts")
        if id(node) in self._inside:
            raise self._error(node, "an alias contains itself")
        mark = self.positions.values[place] = _mark(node)
        self._inside.add(id(node))
        try:
            return self._read(node, place, mark)
        finally:
            self._inside.discard(id(node))

    def _read(self, node: yaml.Node, place: Place, mark: Mark) -> JsonValue:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, (*place, number)) for number, each in enumerate(node.value)]
        self.positions.texts[place] = self._written(node, mark)
        found = _SCALARS[node.tag](node.value)
        if isinstance(found, float) and not isfinite(found):
            raise self._error(node, f"{node.value[:_MAX_SHOWN]} is too large a number")
        return found

    def _written(self, node: yaml.Node, mark: Mark) -> Written:
        # Once for all its aliases: together they may stand for far more than the file holds.
        if id(node) not in self._texts:
            raw = self.text[node.start_mark.index : node.end_mark.index].rstrip()
            self._texts[id(node)] = Written(mark, raw)
        return self._texts[id(node)]

    def _mapping(self, node: yaml.MappingNode, place: Place) -> JsonValue:
        found: dict[str, JsonValue] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in found:
                first = self.positions.keys[*place, key].line
                raise self._error(
                    key_node, f"{key[:_MAX_SHOWN]!r} stands twice; the first is in line {first}"
                )
            mark = self.positions.keys[*place, key] = _mark(key_node)
            found[key] = self.value(value_node, (*place, key))
            if not isinstance(value_node, yaml.ScalarNode) or not value_node.value:
                # Its key says better where a value begins that is empty, or has lines of its own.
                self.positions.values[*place, key] = mark
        return found

    def _key(self, node: yaml.Node) -> str:
        # Whole numbers are welcome as keys ("2: line-manager"); they are kept as texts.
        if isinstance(node, yaml.ScalarNode) and node.tag in {_TAG + "str", _TAG + "int"}:
            return str(node.value)
        raise self._error(node, "a key must be a plain text; put quotes around it")

    def _error(self, node: yaml.Node, message: str) -> SourceError:
        return SourceError(self.file, [(_mark(node), message)])


def _mark(part: yaml.Node | yaml.Event) -> Mark:
    # Only parts made by hand have no mark.
    return Mark(part.start_mark.line + 1, part.start_mark.column + 1) if part.start_mark else Mark(1, 1)
