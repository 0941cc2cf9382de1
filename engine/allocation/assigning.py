"""The cheapest way to give each row a column of its own: the Hungarian method, in time that grows with the cube.

Written here and not taken from a library, for the engine has none of that kind, and must give the same on every
machine: whole numbers only, and of equal ways the one with the lower columns.
"""

from collections.abc import Sequence

FORBIDDEN = 10**15


def cheapest(costs: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row, at the least sum; the rows must not be more than the columns.

    A pair that costs FORBIDDEN is taken only where there is no other way; the caller looks.
    """
    rows, columns = len(costs), len(costs[0]) if costs else 0
    left, right = [0] * (rows + 1), [0] * (columns + 1)
    row_of = [0] * (columns + 1)  # 0: nobody's; rows and columns count from 1
    for row in range(1, rows + 1):
        row_of[0] = row
        _place(costs, row_of, left, right)
    found = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            found[row_of[column] - 1] = column - 1
    return found


def _place(costs: Sequence[Sequence[int]], row_of: list[int], left: list[int], right: list[int]) -> None:
    """Find a column for the row in `row_of[0]`, moving others by the cheapest chain."""
    size = len(row_of)
    least, before = [FORBIDDEN * size] * size, [0] * size
    waiting = list(range(1, size))
    column, seen = 0, [0]
    while row_of[column]:
        row = row_of[column]
        priced, own = costs[row - 1], left[row]
        nearest, step = 0, FORBIDDEN * size
        for other in waiting:
            reduced = priced[other - 1] - own - right[other]
            if reduced < least[other]:
                least[other], before[other] = reduced, column
            if least[other] < step:
                nearest, step = other, least[other]
        for each in seen:
            left[row_of[each]] += step
            right[each] -= step
        for other in waiting:
            least[other] -= step
        column = nearest
        seen.append(column)
        waiting.remove(column)
    while column:
        row_of[column] = row_of[before[column]]
        column = before[column]
