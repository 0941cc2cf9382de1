"""What evaluating an expression can cost at most on the values it is given: counted before it is evaluated.

The library stops after 10,000 rounds of walks, and nests 32 deep; texts match in linear time. What it does not bound:
lists and texts that grow with every round, and results that hold the same list many times. A unit is about 0.1
microseconds and 50 bytes. The count depends on the values alone, so it is the same on every machine.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from engine.cel_tree import Call, Constant, Ident, ListOf, MapOf, Select, Tree, Walk

#: At most about half a second and 200 MB.
MAX_COST = 3_000_000
#: The most parts that a result may have, so that what is kept cannot double with every step.
MAX_WEIGHT = 500_000
#: Characters of a text that cost as much as one member of a list.
_PIECE = 64
#: How many rounds the library goes at most, all walks of an expression together.
_MAX_ROUNDS = 10_000
#: Values that are looked at one by one; more are only estimated.
_MOST_KNOWN = 100_000
#: Names read so often cannot make a result heavy without a walk.
_FEW = 4
_COMPARISONS = frozenset({"_==_", "_!=_"})


class TooCostlyError(Exception):
    """It could cost more than is allowed."""


class Size:
    """How large a value can be: its members (or pieces of text), all its parts, and what its members can be."""

    def __init__(self, length: int, weight: int, inner: Sequence["Size"] | None = ()) -> None:
        self._length = length
        self._weight = weight
        self._inner = inner

    @property
    def length(self) -> int:
        """Its members, at most."""
        return self._length

    @property
    def weight(self) -> int:
        """All its parts, itself among them, at most."""
        return self._weight

    def member(self, name: str | None = None) -> "Size":
        """What is inside it, at most; of this field, where that is known."""
        del name
        # Where it is not known what is inside, it is no larger than the whole.
        return Size(self.weight, self.weight, None) if self._inner is None else _largest(self._inner)


class Known(Size):
    """The size of values that are there: the largest of them, and exactly what is inside them."""

    def __init__(self, values: Sequence[JsonValue]) -> None:
        super().__init__(0, 0)
        self.values = values
        self._members: dict[str | None, Known] = {}

    @property
    def length(self) -> int:
        """The most members that one of them has."""
        self._length = self._length or max(map(_length, self.values), default=1)
        return self._length

    @property
    def weight(self) -> int:
        """The most parts that one of them has."""
        self._weight = self._weight or max(map(weight_of, self.values), default=1)
        return self._weight

    def member(self, name: str | None = None) -> Size:
        """The values inside, or those of this field."""
        # Kept, so that the same member is known to be the same wherever it is read.
        if name not in self._members:
            self._members[name] = Known(list(self._inside(name)))
        return self._members[name]

    def _inside(self, name: str | None) -> Iterator[JsonValue]:
        for each in self.values:
            if name is None:
                yield from _members(each)
            elif isinstance(each, dict) and name in each:
                yield each[name]

    def or_else(self, other: "Known") -> "Known":
        """Either of these values."""
        return Known([*self.values, *other.values])

    def may_join(self, other: "Known") -> bool:
        """Whether both are few enough to be looked at together."""
        return len(self.values) + len(other.values) <= _MOST_KNOWN


_ONE = Size(1, 1)
_EMPTY = Size(0, 1)


def _members(value: JsonValue) -> Iterable[JsonValue]:
    if isinstance(value, list):
        return value
    return value.values() if isinstance(value, dict) else ()


def _length(value: JsonValue) -> int:
    if isinstance(value, str):
        return 1 + len(value) // _PIECE
    return len(value) if isinstance(value, list | dict) else 1


def weight_of(value: JsonValue) -> int:
    """All parts of a value; a long text counts as many."""
    if not isinstance(value, list | dict):
        return _length(value)
    # Most parts are plain, and there may be very many: no call for each of those.
    parts = 1
    for each in value if isinstance(value, list) else value.values():
        if isinstance(each, str):
            parts += 1 + len(each) // _PIECE
        else:
            parts += weight_of(each) if isinstance(each, list | dict) else 1
    return parts


def _largest(sizes: Sequence[Size]) -> Size:
    """What is one of these, at most."""
    first, *others = [each for each in sizes if each.length] or [_ONE]
    for other in others:
        if first is other:
            continue
        if isinstance(first, Known) and isinstance(other, Known) and first.may_join(other):
            first = first.or_else(other)
        else:
            first = Size(max(first.length, other.length), max(first.weight, other.weight), None)
    return first


def is_cheap(tree: Tree) -> bool:
    """Whether it costs little whatever it is given: it walks over nothing, and reads few names."""
    waiting, read = [tree], 0
    while waiting:
        part = waiting.pop()
        if isinstance(part, Walk):
            return False
        read += isinstance(part, Ident)
        waiting += parts_of(part)
    return read <= _FEW


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """The parts that it is made of."""
    match tree:
        case Select():
            return (tree.of,)
        case Call():
            return tree.given
        case ListOf():
            return tree.members
        case MapOf():
            return tuple(part for entry in tree.entries for part in entry)
        case Walk():
            return tree.over, tree.start, tree.step, tree.result
        case _:
            return ()


def cost_of(tree: Tree, values: Mapping[str, JsonValue]) -> int:
    """The most it can cost on these values. Raises TooCostlyError above the limit."""
    count = _Count()
    result = count.size(tree, {name: Known([value]) for name, value in values.items()}, 1)
    # It is read, put in order and counted.
    count.add(6 * result.weight)
    return count.total


class _Count:
    def __init__(self) -> None:
        self.total = 0

    def add(self, units: int) -> None:
        self.total += units
        if self.total > MAX_COST:
            raise TooCostlyError

    def size(  # noqa: PLR0911 - one line for each kind of node
        self, tree: Tree, names: Mapping[str, Size], times: int
    ) -> Size:
        """How large its result can be; what making it so many times costs is added."""
        self.add(times)
        match tree:
            case Constant():
                return Known([tree.text])
            case Ident():
                return names.get(tree.name, _ONE)
            case Select():
                found = self.size(tree.of, names, times)
                return _ONE if tree.tested else found.member(tree.field)
            case ListOf():
                return self._list([self.size(each, names, times) for each in tree.members])
            case MapOf():
                return self._list([self.size(each, names, times) for entry in tree.entries for each in entry])
            case Walk():
                return self._walk(tree, names, times)
            case Call():
                return self._call(
                    tree.function, [self.size(each, names, times) for each in tree.given], times
                )

    @staticmethod
    def _list(members: list[Size]) -> Size:
        return Size(len(members), 1 + sum(each.weight for each in members), members)

    def _walk(self, tree: Walk, names: Mapping[str, Size], times: int) -> Size:
        over = self.size(tree.over, names, times)
        rounds = min(times * over.length, _MAX_ROUNDS)
        inner = {**names, tree.name: over.member(), tree.result_name: _EMPTY}
        self.size(tree.start, inner, times)
        step = self.size(tree.step, inner, rounds)
        grown = _ONE
        if isinstance(tree.start, ListOf):
            grown = Size(over.length * step.length, 1 + over.length * step.weight, [step.member()])
            # The library copies the list for every member that is added.
            self.add(rounds * grown.length // 4)
        return self.size(tree.result, {**inner, tree.result_name: grown}, times)

    def _call(self, function: str, given: list[Size], times: int) -> Size:
        if function == "_+_":
            one, other = given
            self.add(2 * times * (one.length + other.length))
            inner = [each.member() for each in given if each.length]
            return Size(one.length + other.length, one.weight + other.weight, inner)
        if function == "_?_:_":
            return _largest(given[1:])
        if function == "_[_]":
            return given[0].member()
        if function in _COMPARISONS:
            self.add(times * min(each.weight for each in given))
        elif function == "@in":
            self.add(times * given[1].length * min(given[0].weight, given[1].member().weight) // 8)
        else:
            self.add(4 * times * sum(each.length for each in given))
        return _ONE
