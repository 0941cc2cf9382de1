"""Amounts of money: kept as whole pence, so that sums are exact; written as pounds and pence."""

import re

_POUNDS = re.compile(r"(-?)£?(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2}))?")
PENCE = 100


def pence(text: str) -> int | None:
    """The pence in `1234`, `1234.5`, `1234.50` or `£1,234.50`; none when the text is no amount of money."""
    found = _POUNDS.fullmatch(text.strip().replace(" ", ""))
    if found is None or (found[1] and found[2]):
        return None
    amount = int(found[3].replace(",", "")) * PENCE + int((found[4] or "0").ljust(2, "0"))
    return -amount if found[1] or found[2] else amount


def pounds(amount: int) -> str:
    """`£1,234.50` for 123450 pence."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), PENCE)
    return f"{sign}£{whole:,}.{rest:02d}"
