"""Code sets of the public register of schools (GIAS), as its daily CSV numbers them.

The register's own pages number the same ideas differently inside: there 28 is a converter, and 3 means closed.
So a code is always kept with its name, and a pair that does not fit is told.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from engine.model import Model


class Coded(Model):
    """A code of a public list, and what the list calls it."""

    code: str
    name: str


class CodeList(NamedTuple):
    """A public list: what it is of, and its names by code."""

    of: str
    names: Mapping[str, str]


TYPES = CodeList(
    "type of school",
    MappingProxyType(
        {
            "1": "Community school",
            "2": "Voluntary aided school",
            "3": "Voluntary controlled school",
            "5": "Foundation school",
            "6": "City technology college",
            "7": "Community special school",
            "8": "Non-maintained special school",
            "10": "Other independent special school",
            "11": "Other independent school",
            "12": "Foundation special school",
            "14": "Pupil referral unit",
            "15": "Local authority nursery school",
            "18": "Further education",
            "24": "Secure units",
            "25": "Offshore schools",
            "26": "Service children's education",
            "27": "Miscellaneous",
            "28": "Academy sponsor led",
            "29": "Higher education institutions",
            "30": "Welsh establishment",
            "31": "Sixth form centres",
            "32": "Special post 16 institution",
            "33": "Academy special sponsor led",
            "34": "Academy converter",
            "35": "Free schools",
            "36": "Free schools special",
            "37": "British schools overseas",
            "38": "Free schools alternative provision",
            "39": "Free schools 16 to 19",
            "40": "University technical college",
            "41": "Studio schools",
            "42": "Academy alternative provision converter",
            "43": "Academy alternative provision sponsor led",
            "44": "Academy special converter",
            "45": "Academy 16-19 converter",
            "46": "Academy 16 to 19 sponsor led",
            "49": "Online provider",
            "56": "Institution funded by other government department",
            "57": "Academy secure 16 to 19",
        }
    ),
)
STATUSES = CodeList(
    "status",
    MappingProxyType(
        {"1": "Open", "2": "Closed", "3": "Open, but proposed to close", "4": "Proposed to open"}
    ),
)
PHASES = CodeList(
    "phase",
    MappingProxyType(
        {
            "0": "Not applicable",
            "1": "Nursery",
            "2": "Primary",
            "3": "Middle deemed primary",
            "4": "Secondary",
            "5": "Middle deemed secondary",
            "6": "16 plus",
            "7": "All-through",
        }
    ),
)


def contradiction(codes: CodeList, given: Coded) -> str | None:
    """What is wrong with a code and its name; none when they fit, or when the list does not know the code.

    A code that is new to the list passes with its name: the register adds some from year to year.
    """
    known = codes.names.get(given.code)
    if known is None:
        meant = _code_of(codes, given.name)
        return _sentence(codes, given, f"the public list has {meant} for that") if meant else None
    if known.casefold() == given.name.strip().casefold():
        return None
    meant = _code_of(codes, given.name)
    remedy = f"; {given.name!r} has the code {meant} there" if meant else ""
    return _sentence(codes, given, f"in the public list {given.code} is {known!r}{remedy}")


def _code_of(codes: CodeList, name: str) -> str | None:
    return next((c for c, known in codes.names.items() if known.casefold() == name.strip().casefold()), None)


def _sentence(codes: CodeList, given: Coded, why: str) -> str:
    return (
        f"the {codes.of} has the code {given.code} and the name {given.name!r}, but {why}. "
        "The register's own pages number them differently inside: take code and name from its public CSV"
    )
