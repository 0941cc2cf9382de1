"""`termwise people set`: one change about one person, from a day on."""

from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from cyclopts import Parameter

from cli.options import UNSAID, ActingOptions, Flag, UsageError
from cli.people_show import Who
from cli.register_change import Change, Correct, DryRun, change
from engine.errors import RefusedError, UnknownNameError
from engine.people import Directory
from engine.register.authority import ADMINISTRATORS
from engine.register.people import ChangePeople
from engine.register.register import Register
from engine.staff import Contract, Managed, Person, Post
from reports.register_sentences import post_in_words

_UNSENT = UUID(int=0)


async def set_person(  # noqa: PLR0913 - each is one thing that may change
    who: Who,
    /,
    *,
    name: Annotated[str | None, Parameter(help="What the person is called from now on.")] = None,
    email: Annotated[str | None, Parameter(help="The work e-mail address from now on.")] = None,
    trn: Annotated[str | None, Parameter(help="The teacher reference number, seven digits.")] = None,
    employer_reference: Annotated[str | None, Parameter(help="What payroll calls the person.")] = None,
    give: Annotated[str | None, Parameter(help="A role that the person gets.")] = None,
    new_role: Annotated[Flag, Parameter(help="The role is one that nobody here has ever held.")] = False,
    end: Annotated[
        str | None, Parameter(help="A role that the person has no longer; --to is the last day.")
    ] = None,
    contract: Annotated[
        Literal["permanent", "fixed-term", "temporary", "casual"] | None,
        Parameter(help="A contract that begins."),
    ] = None,
    fte: Annotated[float, Parameter(help="Of that contract: the part of full time.")] = 1.0,
    line_manager: Annotated[str | None, Parameter(help="Whom they answer to; `nobody` for nobody.")] = None,
    leaves: Annotated[Flag, Parameter(help="All posts and contracts end; --to is the last day.")] = False,
    school: Annotated[str | None, Parameter(help="Of the role: at this school.")] = None,
    phase: Annotated[str | None, Parameter(help="Of the role: a phase, such as key-stage-2.")] = None,
    year_group: Annotated[str | None, Parameter(help="Of the role: a year group, such as Y6.")] = None,
    class_: Annotated[
        str | None, Parameter(name="--class", help="Of the role: a class of the school.")
    ] = None,
    subject: Annotated[str | None, Parameter(help="Of the role: a subject.")] = None,
    acting: Annotated[Flag, Parameter(help="Of the role: held until somebody is found.")] = False,
    from_: Annotated[date | None, Parameter(name="--from", help="The first day; else today.")] = None,
    to: Annotated[date | None, Parameter(help="The last day; else it goes on.")] = None,
    correct: Correct = None,
    reason: Annotated[str | None, Parameter(help="Why; it is kept.")] = None,
    dry_run: DryRun = False,
    options: ActingOptions = UNSAID,
) -> None:
    """Change one person: a name, a post that begins or ends, a contract, the line manager. Each from a day on.

    Example: termwise people set "Emma Thornley" --give maths-lead --school glenfield --from 2027-01-04
    """
    scope = {"school": school, "phase": phase, "year_group": year_group, "class": class_, "subject": subject}

    def make(register: Register, today: date) -> Change:
        directory = register.directory
        person = directory.by_name_or_id(who)
        plain = {"name": name, "email": email, "trn": trn, "employer_reference": employer_reference}
        changed = _validated(person, {key: value for key, value in plain.items() if value is not None})
        begin = from_ or today
        if school:
            directory.school(school)
        if give:
            _check_role(directory, give, new=new_role)
            said = {"role": give, **scope, "acting": acting, "from": begin, "to": to}
            post = Post.model_validate({key: value for key, value in said.items() if value is not None})
            changed = changed.model_copy(update={"posts": (*changed.posts, post)})
        if end:
            changed = _ended(directory, changed, {"role": end, **scope}, to or today, today)
        if contract:
            begun = Contract(school=school, since=begin, until=to, fte=fte, type=contract)
            changed = changed.model_copy(update={"contracts": (*changed.contracts, begun)})
        if line_manager:
            nobody = line_manager.casefold() == "nobody"
            manager = None if nobody else directory.by_name_or_id(line_manager).id
            changed = _managed(changed, Managed(manager=manager, since=begin, until=to))
        if leaves:
            changed = _left(changed, to or today)
        if changed == person:
            raise UsageError(
                f"say what is to change about {person.name}; `termwise people set --help` has all"
            )
        return Change(ChangePeople(id=_UNSENT, by="termwise", people=(changed,)))

    await change(make, options, dry_run=dry_run, correct=correct, why=reason)


def _check_role(directory: Directory, role: str, *, new: bool) -> None:
    """A slip would give somebody a role that no process asks for."""
    known = sorted({*directory.role_names(), *ADMINISTRATORS})
    if role not in known and not new:
        near = f"{UnknownNameError('role', role, known)}"
        raise UsageError(f"{near}; say --new-role if the trust is to have one called so")


def _validated(person: Person, said: dict[str, str]) -> Person:
    return Person.model_validate(person.model_dump() | said) if said else person


def _ended(
    directory: Directory, person: Person, meant: dict[str, str | None], last: date, today: date
) -> Person:
    """The post that is meant, ended. What is not said of its scope may be anything, if only one post fits."""
    found = [
        post
        for post in person.posts
        if (post.until is None or post.until >= today)
        and all(
            value in {None, getattr(post, "class_" if key == "class" else key)}
            for key, value in meant.items()
        )
    ]
    if len(found) != 1:
        held = "; ".join(
            post_in_words(post, directory) for post in found or directory.posts_on(person.id, today)
        )
        which = "say which" if found else f"no post of {person.name} is that"
        raise RefusedError(f"{which}: {held or 'none is held'}")
    ended = found[0].model_copy(update={"until": last})
    return person.model_copy(
        update={"posts": tuple(ended if each is found[0] else each for each in person.posts)}
    )


def _managed(person: Person, managed: Managed) -> Person:
    """With another line manager from a day on; whoever it was is so until the day before."""
    before = managed.since - timedelta(days=1)
    kept = [
        each.model_copy(update={"until": before})
        if each.covers(managed.since) and each.since < managed.since
        else each
        for each in person.managed
        if each.since != managed.since
    ]
    return person.model_copy(update={"managed": (*kept, managed)})


def _left(person: Person, last: date) -> Person:
    posts = tuple(
        each.model_copy(update={"until": last}) if each.until is None or each.until > last else each
        for each in person.posts
        if each.since <= last
    )
    contracts = tuple(
        each.model_copy(update={"until": last}) if each.until is None or each.until > last else each
        for each in person.contracts
        if each.since <= last
    )
    return person.model_copy(update={"posts": posts, "contracts": contracts})
