"""Whether covers, absences and interests speak of people and schools that are here."""

from collections.abc import Collection, Iterator, Sequence

from engine.covering import Absence, Cover
from engine.interests import Interest


def strangers(
    covers: Sequence[Cover],
    absences: Sequence[Absence],
    interests: Sequence[Interest],
    people: Collection[str],
    schools: Collection[str],
) -> Iterator[str]:
    """One sentence for each that names somebody, or a school, that is not here."""
    named: list[tuple[str, str | None, str | None]] = [
        *((each.id, each.person, each.school) for each in covers),
        *((each.id, deputy, None) for each in covers for deputy in each.deputies),
        *((each.id, each.person, None) for each in absences),
        *((each.id, each.person, each.school) for each in interests),
        *((each.id, each.about, None) for each in interests),
    ]
    for what, person, school in named:
        if person is not None and person not in people:
            yield f"{what}: {person!r} is not here"
        if school is not None and school not in schools:
            yield f"{what}: there is no school {school!r}"
