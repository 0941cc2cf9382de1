"""People and schools as files that an import reads back to the same."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

import yaml
from pydantic import JsonValue

from definitions.imports.people_csv import COLUMNS, CONTRACTS, MANAGERS, PEOPLE, POSTS
from engine.formulas import harmless
from engine.model import Model
from engine.people import Directory
from engine.staff import Person

_WIDE = 110


def to_yaml(directory: Directory) -> dict[str, str]:
    """`trust.yaml` and `people.yaml`, by name."""
    trust: dict[str, JsonValue] = {"trust": _plain(directory.trust)}
    parts: Mapping[str, Iterable[Model]] = {
        "schools": directory.schools,
        "memberships": directory.memberships,
        "classes": directory.classes,
        "subjects": directory.subjects,
    }
    trust |= {name: [_plain(each) for each in some] for name, some in parts.items() if some}
    people: dict[str, JsonValue] = {"people": [_plain(person) for person in directory.people]}
    return {"trust.yaml": _yaml(trust), "people.yaml": _yaml(people)}


def to_csv(directory: Directory) -> dict[str, str]:
    """The four tables of people, by name. Schools are not among them."""
    tables = {PEOPLE: _people, POSTS: _posts, CONTRACTS: _contracts, MANAGERS: _managers}
    return {
        name: _table(name, (row for p in directory.people for row in rows(p)))
        for name, rows in tables.items()
    }


def _plain(model: Model) -> JsonValue:
    plain: JsonValue = json.loads(model.model_dump_json(by_alias=True, exclude_defaults=True))
    return plain


def _yaml(value: JsonValue) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=_WIDE, default_flow_style=None)


def _table(name: str, rows: Iterable[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS[name]), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: "" if value is None else harmless(str(value)) for key, value in row.items()})
    return text.getvalue()


def _people(person: Person) -> Iterator[dict[str, object]]:
    yield {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "trn": person.trn,
        "employer reference": person.employer_reference,
        "line manager": person.line_manager,
    }


def _posts(person: Person) -> Iterator[dict[str, object]]:
    for post in person.posts:
        yield {
            "person": person.id,
            "role": post.role,
            "school": post.school,
            "phase": post.phase,
            "year group": post.year_group,
            "class": post.class_,
            "subject": post.subject,
            "acting": "yes" if post.acting else None,
            "line manager": post.line_manager,
            "from": post.since,
            "to": post.until,
        }


def _contracts(person: Person) -> Iterator[dict[str, object]]:
    for each in person.contracts:
        yield {
            "person": person.id,
            "school": each.school,
            "fte": f"{each.fte!r}",
            "type": each.type,
            "from": each.since,
            "to": each.until,
        }


def _managers(person: Person) -> Iterator[dict[str, object]]:
    for each in person.managed:
        yield {
            "person": person.id,
            "line manager": each.manager or "nobody",
            "from": each.since,
            "to": each.until,
        }
