"""Where the measured processes run: the invented trust, in school years around today."""

from datetime import UTC, date, datetime
from pathlib import Path

from definitions.trust import load_trust
from engine.calendar import Calendar
from engine.definition.compiler import compile_definition
from engine.definition.model import Definition
from engine.people import Directory
from engine.world import World

SCHOLARS = Path(__file__).parents[1] / "examples" / "scholars"
OFFICER = "Daniel Okafor"


def world(definition: dict[str, object]) -> World:
    """The definition in the trust, today."""
    program = compile_definition(Definition.model_validate(definition))
    return World(program, calendar(today()), directory())


def directory() -> Directory:
    """A hundred and twenty people at three schools."""
    return load_trust(SCHOLARS).directory


def today() -> date:
    """The date here; one day more or less is the same to all that is measured."""
    return datetime.now(UTC).date()


def officer(world: World) -> str:
    """Who starts and answers everything."""
    return world.directory.by_name_or_id(OFFICER).id


def calendar(today: date) -> Calendar:
    """Plain school years, whenever this runs: the one before, this one and the next two."""
    years = range(today.year - 1, today.year + 3)
    return Calendar.model_validate({"name": "bench", "years": [_year(first) for first in years]})


def _year(first: int) -> dict[str, object]:
    half_terms = {
        "autumn 1": (f"{first}-08-26", f"{first}-10-16"),
        "autumn 2": (f"{first}-10-26", f"{first}-12-18"),
        "spring 1": (f"{first + 1}-01-04", f"{first + 1}-02-12"),
        "spring 2": (f"{first + 1}-02-22", f"{first + 1}-03-25"),
        "summer 1": (f"{first + 1}-04-12", f"{first + 1}-05-28"),
        "summer 2": (f"{first + 1}-06-07", f"{first + 1}-07-09"),
    }
    return {"name": f"{first}-{(first + 1) % 100:02}", "half_terms": half_terms}
