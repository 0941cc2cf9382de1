"""What changed between two versions of a definition: each change with its place in both, and what it means."""

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Literal

from pydantic import JsonValue

from engine.definition.model import Definition
from engine.model import Model
from engine.versions.outline import HEADER, Outlined, Place, outline
from engine.versions.table import Effect, Row, row_for, stars

_HOLE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_LONGEST = 120
_OUTSIDE = " outside of other steps"
_ONE_OF: dict[str | int, str] = {"cases": "case", "branches": "branch"}


class Change(Model):
    """One difference."""

    step: str
    """The step's name; empty for the header."""
    kind: str
    """The kind of step; `definition` for the header."""
    what: Literal["added", "removed", "moved", "changed"]
    part: Place = ()
    """Which part of the step; none when it is the step as a whole."""
    before: JsonValue = None
    after: JsonValue = None
    old: Place | None = None
    """Its place in the old file, where it stands there."""
    new: Place | None = None
    effect: Effect
    words: str
    """What changed, in words: `the outcome incomplete is gone`."""


def differences(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Every change: the header first, then the steps in the order of the new file, those that are gone last."""
    before, after = outline(old), outline(new)
    stayed = _in_order(before, after)
    found: list[Change] = []
    for name, step in after.items():
        was = before.get(name)
        found += [_added(step)] if was is None else _between(was, step, stayed)
    found += [_removed(step) for name, step in before.items() if name not in after]
    return tuple(found)


def _added(step: Outlined) -> Change:
    words = f"this {plain(step.kind)} is new{_inside(step)}"
    return Change(step=step.name, kind=step.kind, what="added", new=step.at, effect="later", words=words)


def _removed(step: Outlined) -> Change:
    words = f"this {plain(step.kind)} is gone"
    return Change(step=step.name, kind=step.kind, what="removed", old=step.at, effect="open", words=words)


def _between(was: Outlined, now: Outlined, stayed: frozenset[str]) -> Iterator[Change]:
    if was.kind != now.kind:
        words = f"it was a {plain(was.kind)} and is now a {plain(now.kind)}"
        yield _moved(was, now, "open", words, what="changed")
        return
    if (was.owner, was.block) != (now.owner, now.block):
        words = f"it stood{_inside(was) or _OUTSIDE}, and now stands{_inside(now) or _OUTSIDE}"
        yield _moved(was, now, "open", words)
    elif now.kind != HEADER and now.name not in stayed:
        yield _moved(was, now, "later", "it stands at another place among its neighbours")
    yield from _parts(was, now, was.says, now.says, ())


def _moved(
    was: Outlined, now: Outlined, effect: Effect, words: str, what: Literal["moved", "changed"] = "moved"
) -> Change:
    return Change(
        step=now.name, kind=now.kind, what=what, before=was.kind, after=now.kind, old=was.at, new=now.at,
        effect=effect, words=words,
    )  # fmt: skip


def _parts(
    was: Outlined, now: Outlined, before: JsonValue, after: JsonValue, part: Place
) -> Iterator[Change]:
    if before == after:
        return
    pairs = list(_pairs(before, after))
    if not pairs:
        yield _changed(was, now, part, before, after)
    for key, old, new in pairs:
        here = (*part, key)
        if old and new:
            yield from _parts(was, now, old[0], new[0], here)
        elif new:
            yield _part_added(now, here, new[0])
        else:
            yield _part_removed(was, here, old[0])


def _pairs(
    before: JsonValue, after: JsonValue
) -> Iterator[tuple[str | int, list[JsonValue], list[JsonValue]]]:
    """The parts of two values side by side, each there or not; nothing where they are told as wholes."""
    one, other = _keyed(before), _keyed(after)
    if one is not None and other is not None and type(before) is type(after):
        for key in [*other, *(key for key in one if key not in other)]:
            yield key, [one[key]] if key in one else [], [other[key]] if key in other else []


def _keyed(value: JsonValue) -> dict[str | int, JsonValue] | None:
    if isinstance(value, dict):
        return {key: each for key, each in value.items()}  # noqa: C416 - its keys may be numbers, too
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return dict(enumerate(value))
    return None


def _changed(was: Outlined, now: Outlined, part: Place, before: JsonValue, after: JsonValue) -> Change:
    noun, row = _named(now, part)
    effect: Effect = "later" if row.changed == "text" and _holes(before) != _holes(after) else row.changed
    words = f"{noun} was {said(before)}, is now {said(after)}"
    return Change(
        step=now.name, kind=now.kind, what="changed", part=part, before=before, after=after,
        old=(*was.at, *part), new=(*now.at, *part), effect=effect, words=words,
    )  # fmt: skip


def _part_added(step: Outlined, part: Place, value: JsonValue) -> Change:
    noun, row = _named(step, part)
    return Change(
        step=step.name, kind=step.kind, what="added", part=part, after=value, new=(*step.at, *part),
        effect=row.added or row.changed, words=f"{noun} is new{_value(value)}",
    )  # fmt: skip


def _part_removed(step: Outlined, part: Place, value: JsonValue) -> Change:
    noun, row = _named(step, part)
    return Change(
        step=step.name, kind=step.kind, what="removed", part=part, before=value, old=(*step.at, *part),
        effect=row.removed or row.changed, words=f"{noun} is gone",
    )  # fmt: skip


def _named(step: Outlined, part: Place) -> tuple[str, Row]:
    """What a part is called, and the line that says so."""
    row = row_for(step.kind, tuple(map(str, part)))
    return row.noun.format(*map(_counted, stars(row, part))), row


def _in_order(before: Mapping[str, Outlined], after: Mapping[str, Outlined]) -> frozenset[str]:
    """The steps that kept their place among their neighbours, as far as most of these did."""
    kept: set[str] = set()
    blocks = {(step.owner, step.block) for step in after.values()}
    for block in blocks:
        old, new = (
            [name for name, step in side.items() if (step.owner, step.block) == block and name in other]
            for side, other in ((before, after), (after, before))
        )
        common = set(old) & set(new)
        old, new = ([name for name in each if name in common] for each in (old, new))
        for match in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            kept.update(old[match.a : match.a + match.size])
    return frozenset(kept)


def plain(name: str) -> str:
    """A key of the grammar in words."""
    return name.replace("_", " ")


def said(value: JsonValue) -> str:
    """A value of a definition in a sentence."""
    if value is None or value in ("", [], {}):
        return "not given"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(each if isinstance(each, str) else said(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(
            f"{plain(key)} {said(each)}" for key, each in value.items() if each not in (None, "", [], {})
        )
    text = " ".join(str(value).split())
    text = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return f'"{text}"' if isinstance(value, str) else text


def _value(value: JsonValue) -> str:
    return f": {said(value)}" if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _holes(value: JsonValue) -> list[str]:
    """What a text computes: other words around the same are only words."""
    return sorted(_HOLE.findall(value)) if isinstance(value, str) else []


def _inside(step: Outlined) -> str:
    if step.owner is None:
        return ""
    kind, *which = step.block or ("",)
    named = f"{_ONE_OF.get(kind, kind)} {_counted(which[0])} of " if which else ""
    return f" in {named}{step.owner}"


def _counted(part: str | int) -> str:
    """People count from 1."""
    return str(part + 1) if isinstance(part, int) else part
