"""How many lines of work must be finished before the work goes on: all, any, a number, or a share."""

from math import ceil

#: What stands in a file, in words for whoever writes one.
EXPECTED = "all, any, a number such as 2, or a share such as 60%"
_WHOLE = 100


def needed(join: str, of: int) -> int:
    """How many of so many. A number larger than there are means all of them; a share is rounded up."""
    if join == "all":
        return of
    if join == "any":
        return min(1, of)
    count = ceil(of * int(join[:-1]) / _WHOLE) if join.endswith("%") else int(join)
    return min(count, of)


def is_join(text: str) -> bool:
    """Whether this says how many."""
    share = text.removesuffix("%")
    number = share.isascii() and share.isdigit() and 1 <= int(share) <= (_WHOLE if text != share else 10_000)
    return text in {"all", "any"} or number
