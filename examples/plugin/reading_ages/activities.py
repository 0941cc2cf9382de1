"""What the process calls. An ordinary Temporal activity: it knows nothing of termwise."""

from dataclasses import dataclass

from temporalio import activity
from temporalio.exceptions import ApplicationError

#: A real plug-in would ask the system that the school keeps its tests in.
_AGES = {"Y2": 6.8, "Y6": 10.4}


@dataclass
class Asked:
    """What stands under `with` in the definition."""

    school: str
    year_groups: list[str]


@activity.defn
async def look_up_reading_ages(asked: Asked) -> dict[str, object]:
    """The mean reading age of each year group. Changes nothing, so it may be called again."""
    unknown = [name for name in asked.year_groups if name not in _AGES]
    if unknown:
        # Trying again would not help: say so, and the owner is asked at once.
        raise ApplicationError(f"there are no tests of {', '.join(unknown)}", non_retryable=True)
    return {
        "school": asked.school,
        "ages": [{"year_group": name, "age": _AGES[name]} for name in asked.year_groups],
        # The same at every try. Whoever changes something outside sends it along, so that it counts once.
        "key": activity.info().activity_id,
    }
