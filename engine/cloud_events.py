"""CloudEvents 1.0: the one envelope in which things leave termwise, by webhook or as a file."""

from collections.abc import Mapping

from pydantic import JsonValue

SOURCE = "urn:termwise"
#: Before every type of ours.
TYPES = "uk.termwise."
JSON = "application/json"


def envelope(
    name: str, kind: str, subject: str, more: Mapping[str, JsonValue] | None = None, *, source: str = SOURCE
) -> dict[str, JsonValue]:
    """All that stands around the data, in this order; whoever sends it adds `data` as the last member.

    `name` and `source` together name it for ever: a repeat has the same. `more` are further attributes, or others
    than these; their names are small letters and digits, as the standard wants them.
    """
    return {
        "specversion": "1.0",
        "id": name,
        "source": source,
        "type": f"{TYPES}{kind}",
        "subject": subject,
        "datacontenttype": JSON,
        **(more or {}),
    }
