"""What changed about cover, absence and interests, one sentence for each fact. Of an interest never what it is."""

from engine.covering import Cover
from engine.people import Directory
from engine.register.cover_facts import (
    AbsenceEnded,
    AbsenceStarted,
    CoverEnded,
    CoverSet,
    InterestDeclared,
    InterestWithdrawn,
)
from reports.names import name, school
from reports.register_sentences import say
from reports.wording import day


@say.register
def _(fact: CoverSet, directory: Directory) -> str:
    cover = fact.cover
    joined = " and " if cover.together else ", then "
    deputies = joined.join(name(directory, each) for each in cover.deputies)
    covers = "cover" if cover.together and len(cover.deputies) > 1 else "covers"
    last = f" to {day(cover.until)}" if cover.until else ""
    only = f", in {', '.join(cover.processes)} only" if cover.processes else ""
    return f"{deputies} {covers} for {covered(cover, directory)} from {day(cover.since)}{last}{only}"


@say.register
def _(fact: CoverEnded, directory: Directory) -> str:
    found = next((each for each in directory.covers if each.id == fact.cover), None)
    whose = f" for {covered(found, directory)}" if found else ""
    return f"the cover{whose} ends; its last day is {day(fact.last)}"


@say.register
def _(fact: AbsenceStarted, directory: Directory) -> str:
    absence = fact.absence
    back = f", expected back after {day(absence.expected)}" if absence.expected else ""
    return f"{name(directory, absence.person)} is away from {day(absence.since)}{back}"


@say.register
def _(fact: AbsenceEnded, directory: Directory) -> str:
    found = next((each for each in directory.absences if each.id == fact.absence), None)
    whose = f" of {name(directory, found.person)}" if found else ""
    return f"the absence{whose} ends; its last day is {day(fact.last)}"


@say.register
def _(fact: InterestDeclared, directory: Directory) -> str:
    return f"{name(directory, fact.interest.person)} has declared an interest"


@say.register
def _(fact: InterestWithdrawn, directory: Directory) -> str:
    found = next((each for each in directory.interests if each.id == fact.interest), None)
    whose = f" of {name(directory, found.person)}" if found else ""
    return f"a declared interest{whose} holds no more after {day(fact.last)}"


def covered(cover: Cover, directory: Directory) -> str:
    """For whom it is, in words."""
    if cover.person:
        return name(directory, cover.person)
    place = school(directory, cover.school) if cover.school else directory.trust.name
    return f"the {cover.role} of {place}"
