"""Parts of definitions that are larger than anybody needs."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Part = Any  # JSON
WIDE = range(2_000)
"""More than may stand in one list or map."""
MOST = range(1_000)
"""As many as may."""


def definition(**parts: Part) -> dict[str, Part]:
    """A whole definition, of which some parts are others than usual."""
    usual: dict[str, Part] = {
        "process": "hostile",
        "version": 1,
        "title": "T",
        "purpose": "P",
        "owner": "ceo",
        "confidentiality": "trust",
        "retention": "plans",
        "key": "only",
        "name": "N",
        "inputs": {"a": {"type": "list of integer"}, "t": {"type": "text"}},
        "steps": [task()],
        "outcomes": {"done": {"title": "Done"}},
    }
    return usual | parts


def task(name: str = "work", **parts: Part) -> dict[str, Part]:
    return {"task": name, "title": "T", "who": "ceo", **parts}


def written(**parts: Part) -> str:
    return json.dumps(definition(**parts), ensure_ascii=False)


def tasks(count: int, make: Callable[[int], Mapping[str, Part]] = lambda _: {}) -> list[Part]:
    return [task(f"t{number}") | make(number) for number in range(count)]


def sets(count: int, text: Callable[[int], str]) -> list[Part]:
    return [{"set": {f"v{number}": text(number)}} for number in range(count)]


def many(make: Callable[[int], Part], count: Iterable[int] = WIDE) -> dict[str, Part]:
    return {f"n{number}": make(number) for number in count}


def nested(kind: Callable[[int, Part], Part], depth: int) -> Part:
    found: Part = [task()]
    for level in range(depth):
        found = [kind(level, found)]
    return found


def case(level: int, inner: Part) -> Part:
    return {"choose": f"c{level}", "cases": [{"steps": inner}]}


def each(level: int, inner: Part) -> Part:
    return {"for_each": f"e{level}", "over": {f"m{level}": "a"}, "steps": inner}


def table(rows: int, columns: int, cell: Callable[[int, int], Part], name: str = "d") -> Part:
    given = {f"c{column}": "size(a)" for column in range(columns)}
    return {
        "decide": name,
        "given": given,
        "table": [
            {f"c{column}": cell(row, column) for column in range(columns)} | {"gives": row}
            for row in range(rows)
        ],
    }


def digits(row: int, column: int) -> Part:
    return f"{(row * 7 + column * 3) % 50}..{(row * 11 + column * 5) % 50 + 50}"
