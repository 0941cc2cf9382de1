"""Texts as cells that no spreadsheet program takes for a formula, whoever wrote them."""

import re

#: What a cell begins with that is run: after spaces too, in full width as in half. A tab or a return begins one anew.
_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_ESCAPED = re.compile(r"'+(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def harmless(value: str) -> str:
    """A value as a cell that no program runs; `plain` reads it back."""
    return f"'{value}" if _FORMULA.match(value) else value


def plain(cell: str) -> str:
    """What a cell says. A formula is a text here; the apostrophe that makes it harmless is not part of it."""
    text = cell.strip()
    return text[1:] if _ESCAPED.match(text) else text
