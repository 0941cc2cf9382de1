"""`termwise define new`: the beginning of a definition, which passes its first scenario."""

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

from cyclopts import Parameter

from cli.options import PLAIN, Options, UsageError
from cli.output import show, write_json
from cli.setup import settings
from definitions.catalogue import FILE
from definitions.scenarios.loading import FOLDER
from definitions.scenarios.running import run_scenarios
from definitions.schema import scenario_schema_text, schema_text
from definitions.skeleton import Skeleton, Trial, is_key, process_text, scenario_text
from definitions.trust import TrustFolder, load_trust
from engine.dates import say_day
from engine.definition.phrases import PhraseError, parse_who
from engine.errors import UnknownNameError
from engine.people import Directory
from workers.wiring import catalogue

Scope = Literal["school", "trust"]
Ask = Callable[[str, str], str]
"""A question, and what is meant when nothing is said."""
FIRST = "first.yaml"


def new(  # noqa: PLR0913 - what a person may say in advance
    key: Annotated[str, Parameter(help="Lower-case words joined by hyphens: reading-visit.")],
    /,
    *,
    title: Annotated[str | None, Parameter(help="What people call it.")] = None,
    purpose: Annotated[str | None, Parameter(help="What it is for, in one sentence.")] = None,
    owner: Annotated[str | None, Parameter(help="The role that answers for it.")] = None,
    scope: Annotated[
        Scope | None, Parameter(name="--for", help="Whether every school does it, or the trust once.")
    ] = None,
    who: Annotated[str | None, Parameter(help="Whom its tasks ask: a role, or a phrase.")] = None,
    steps: Annotated[str | None, Parameter(help="The titles of its tasks, joined by commas.")] = None,
    folder: Annotated[
        Path | None,
        Parameter(name="--in", help="The folder to put it in; that of TERMWISE_DEFINITIONS unless said."),
    ] = None,
    options: Options = PLAIN,
) -> None:
    """Begin a definition: a file that explains itself, and a first scenario that passes.

    In a terminal it asks for what was not said. It never writes over what is there.

    Example: termwise define new reading-visit --owner ceo --who headteacher --steps "Hear readers, Talk about it"
    """
    given = settings()
    around = folder or given.definitions or Path()
    _refuse_what_is_there(key, around, given.definitions)
    trust = load_trust(given.trust)
    ask = _take_usual if options.json or not sys.stdin.isatty() else _ask_person
    said = {"title": title, "purpose": purpose, "owner": owner, "scope": scope, "who": who, "steps": steps}
    begun = _skeleton(key, said, ask, trust.directory)
    _write(around, begun, _trial(begun, trust), trust)
    made = around / key
    if options.json:
        write_json({"process": key, "files": [str(made / FILE), str(made / FOLDER / FIRST)]})
    else:
        show(*_what_next(made, known=given.definitions is not None and around == given.definitions))


def _refuse_what_is_there(key: str, around: Path, own: Path | None) -> None:
    if not is_key(key):
        raise UsageError(
            f"{key!r} is not a key; use lower-case words joined by hyphens, such as reading-visit"
        )
    if (around / key).exists():
        raise UsageError(f"{around / key} is there already; choose another key, or another folder with --in")
    if key in catalogue(own).files():
        raise UsageError(f"there is a process {key!r} already; choose another key")


# ---- what it is


def _take_usual(_question: str, usual: str) -> str:
    return usual


def _ask_person(question: str, usual: str) -> str:
    sys.stderr.write(f"{question} [{usual}] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or usual


def _skeleton(key: str, said: dict[str, str | None], ask: Ask, directory: Directory) -> Skeleton:
    """Put it together from what was said and what is answered. Raises UsageError or UnknownNameError."""

    def get(name: str, question: str, usual: str) -> str:
        return said[name] or ask(question, usual)

    title = get("title", "What do people call it?", key.replace("-", " ").capitalize())
    purpose = get("purpose", "What is it for, in one sentence?", f"{title}: say here what it is for.")
    owner = get(
        "owner", f"Which role answers for it? ({', '.join(_of_the_trust(directory))})", _first(directory)
    )
    scope = get("scope", "Does every school do it, or the trust once? (school, trust)", "school")
    if scope not in {"school", "trust"}:
        raise UsageError(f"{scope!r} is neither school nor trust; say which of them does it")
    usual = "headteacher" if scope == "school" and "headteacher" in directory.role_names() else owner
    who = get("who", "Which role does the work?", usual)
    steps = get("steps", "What has to be done? Titles, joined by commas", "Do the work, Check the work")
    titles = tuple(filter(None, (each.strip() for each in steps.split(","))))
    _check_roles(owner, who, directory)
    if not titles:
        raise UsageError("there is nothing to do; say at least one title with --steps")
    return Skeleton(
        key=key,
        title=title,
        purpose=purpose,
        owner=owner,
        scope="school" if scope == "school" else "trust",
        who=_in_scope(who, scope, directory),
        steps=titles,
    )


def _of_the_trust(directory: Directory) -> list[str]:
    """The roles that belong to no school."""
    return sorted({each.post.role for each in directory.assignments if each.post.school is None})


def _first(directory: Directory) -> str:
    roles = _of_the_trust(directory) or directory.role_names()
    return roles[0] if roles else "headteacher"


def _check_roles(owner: str, who: str, directory: Directory) -> None:
    known = directory.role_names()
    try:
        asked = [each.role for each in parse_who(who) if each.role]
    except PhraseError as error:
        raise UsageError(f"--who: {error}") from error
    for role in [owner, *asked]:
        if role not in known:
            raise UnknownNameError("role", role, known)


def _in_scope(who: str, scope: str, directory: Directory) -> str:
    """A bare role of a school is meant at the school whose turn it is."""
    at_schools = {each.post.role for each in directory.assignments if each.post.school}
    return f"{who} at school" if scope == "school" and who in at_schools else who


# ---- where it is tried and written


def _trial(begun: Skeleton, trust: TrustFolder) -> Trial:
    """A half term near the end of the calendar, and a school that has whom it asks."""
    half_term = trust.calendar.half_terms()[-2:][0].name
    on = trust.calendar.first_day(half_term)
    starters = trust.directory.holders(begun.owner, on)
    if not starters:
        raise UsageError(
            f"nobody is {begun.owner} on {say_day(on)}; name an --owner whom people.yaml has then"
        )
    roles = [each.role for each in parse_who(begun.who) if each.role and each.at]
    schools = [each.key for each in trust.directory.schools]
    able = [
        school
        for school in schools
        if not roles or any(trust.directory.holders(role, on, school=school) for role in roles)
    ]
    if not able:
        raise UsageError(
            f"no school has a {' or a '.join(roles)} on {say_day(on)}; name another role with --who"
        )
    return Trial(on=on, starter=trust.directory.person(starters[0]).name, half_term=half_term, school=able[0])


def _write(around: Path, begun: Skeleton, trial: Trial, trust: TrustFolder) -> None:
    """Write it elsewhere, play it, and only then put it in its place. Raises what is wrong with it."""
    with TemporaryDirectory() as apart:
        made = Path(apart) / begun.key
        (made / FOLDER).mkdir(parents=True)
        (made / FILE).write_text(process_text(begun), "utf-8")
        (made / FOLDER / FIRST).write_text(scenario_text(begun, trial), "utf-8")
        for verdict in run_scenarios(made / FILE, lambda _folder: trust).verdicts:
            if verdict.failed:
                why = verdict.failure.message if verdict.failure else verdict.unreadable
                raise UsageError(f"this would not pass its first scenario: {why}")
        try:
            copytree(made, around / begun.key)
            (around / "process.schema.json").write_text(schema_text(), "utf-8")
            (around / "scenario.schema.json").write_text(scenario_schema_text(), "utf-8")
        except OSError as error:
            raise UsageError(
                f"{around} cannot be written to: {error.strerror}; name a folder with --in"
            ) from error


def _what_next(made: Path, *, known: bool) -> list[str]:
    lines = [f"Written: {made / FILE}", f"Written: {made / FOLDER / FIRST}, which passes", "", "Next:"]
    if not known:
        lines.append(f"  export TERMWISE_DEFINITIONS={made.parent.resolve()}")
    commands = [
        f"define check {made}",
        f"define test {made}",
        f"define diagram {made} --format svg --out {made}.svg",
    ]
    return [*lines, *(f"  termwise {each}" for each in commands), f"  termwise start {made.name} --dry-run"]
