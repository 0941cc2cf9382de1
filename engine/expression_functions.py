"""What expressions can call besides the functions of CEL. Pure: equal arguments give equal results, everywhere."""

from math import fsum

from cel_expr_python import cel

from engine.money import pounds

_LARGEST = 2**63


def _sum(values: list[object]) -> int | float:
    # What was not answered counts nothing. `fsum` gives the same on every machine; sums of integers stay integers.
    given = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    strange = len(given) != sum(value is not None for value in values)
    # The library never lets go of the list it hands over: leave nothing in it.
    values.clear()
    if strange:
        raise ValueError("sum() adds numbers only")
    whole = [value for value in given if isinstance(value, int)]
    total = sum(whole) if len(whole) == len(given) else fsum(given)
    if not -_LARGEST <= total < _LARGEST:
        raise ValueError("sum() is too large")
    return total


FUNCTIONS = [
    cel.FunctionDecl(
        "sum",
        [cel.Overload("sum_list", cel.Type.DYN, [cel.Type.List(cel.Type.DYN)], is_member=False, impl=_sum)],
    ),
    cel.FunctionDecl(
        "pounds", [cel.Overload("pounds_int", cel.Type.STRING, [cel.Type.INT], is_member=False, impl=pounds)]
    ),
]
