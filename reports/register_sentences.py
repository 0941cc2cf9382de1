"""What changed in the register, one sentence for each fact, without its full stop. Other subjects register theirs."""

from datetime import date
from functools import singledispatch

from engine.fact import TERMWISE
from engine.people import Directory
from engine.register.fact import RegisterFact
from engine.register.people_facts import (
    ContractBegun,
    ContractCorrected,
    ContractEnded,
    LineManagerCorrected,
    LineManagerEnded,
    LineManagerGiven,
    PersonChanged,
    PersonJoined,
    PostCorrected,
    PostEnded,
    PostGiven,
)
from engine.register.school_facts import (
    Change,
    ClassClosed,
    ClassCorrected,
    ClassOpened,
    MembershipCorrected,
    SchoolAdded,
    SchoolChanged,
    SchoolJoined,
    SchoolLeft,
    SubjectNamed,
    TrustNamed,
)
from engine.staff import Contract, Managed, Post
from engine.timezone import local_date
from engine.year_groups import YEAR_GROUPS
from reports.names import name, school
from reports.wording import count, day

_FIELDS = {
    "trn": "TRN",
    "urn": "URN",
    "ukprn": "UKPRN",
    "laestab": "LAESTAB",
    "email": "e-mail",
    "line_manager": "usual line manager",
}


def tell(fact: RegisterFact, directory: Directory) -> str:
    """The sentence with who did it and why; `directory` has the names."""
    who = "" if fact.by == TERMWISE else f"{name(directory, fact.by)}: "
    why = f" ({fact.reason})" if fact.reason else ""
    return f"{who}{say(fact, directory)}{why}"


@singledispatch
def say(fact: RegisterFact, directory: Directory) -> str:
    """What became so, without who did it."""
    del directory
    return str(getattr(fact, "kind", "a change")).replace("-", " ")


@say.register
def _(fact: TrustNamed, directory: Directory) -> str:
    del directory
    return f"the trust is {fact.trust.name}"


@say.register
def _(fact: SchoolAdded, directory: Directory) -> str:
    del directory
    return f"{fact.school.name} (URN {fact.school.urn}) is known"


@say.register
def _(fact: SchoolChanged, directory: Directory) -> str:
    return f"{school(directory, fact.school)}: {_changes(fact.changes, directory)}"


@say.register
def _(fact: SchoolJoined, directory: Directory) -> str:
    since = fact.membership.since
    return f"{school(directory, fact.membership.school)} joins the trust{_from(since, fact)}"


@say.register
def _(fact: SchoolLeft, directory: Directory) -> str:
    return f"{school(directory, fact.membership.school)} leaves the trust; its last day is {day(fact.on)}"


@say.register
def _(fact: MembershipCorrected, directory: Directory) -> str:
    spell = fact.now or fact.was
    where = school(directory, spell.school) if spell else "a school"
    now = _span(fact.now.since, fact.now.until) if fact.now else "never"
    was = _span(fact.was.since, fact.was.until) if fact.was else "never"
    return f"{where} was in the trust {now or 'always'}, not {was or 'always'}"


@say.register
def _(fact: ClassOpened, directory: Directory) -> str:
    groups = ", ".join(YEAR_GROUPS[each] for each in fact.class_.year_groups)
    where = school(directory, fact.class_.school)
    return f"{where} has the class {fact.class_.name} of {groups}{_from(fact.class_.since, fact)}"


@say.register
def _(fact: ClassClosed, directory: Directory) -> str:
    where = school(directory, fact.class_.school)
    return f"the class {fact.class_.name} of {where} ends; its last day is {day(fact.on)}"


@say.register
def _(fact: ClassCorrected, directory: Directory) -> str:
    spell = fact.now or fact.was
    named = f"{spell.name} of {school(directory, spell.school)}" if spell else "a class"
    if fact.now is None:
        return f"there is no class {named}"
    groups = ", ".join(YEAR_GROUPS[each] for each in fact.now.year_groups)
    return f"the class {named} is of {groups} {_span(fact.now.since, fact.now.until)}".rstrip()


@say.register
def _(fact: SubjectNamed, directory: Directory) -> str:
    del directory
    return f"{fact.subject.key} is a subject of the trust, called {fact.subject.name}"


@say.register
def _(fact: PersonJoined, directory: Directory) -> str:
    posts = fact.person.posts
    held = post_in_words(posts[0], directory) if posts else "no post"
    more = f" and {count(len(posts) - 1, 'other post')}" if len(posts) > 1 else ""
    return f"{fact.person.name} ({fact.person.id}) is known, with {held}{more}"


@say.register
def _(fact: PersonChanged, directory: Directory) -> str:
    return f"{name(directory, fact.person)}: {_changes(fact.changes, directory)}"


@say.register
def _(fact: PostGiven, directory: Directory) -> str:
    until = f" to {day(fact.post.until)}" if fact.post.until else ""
    what = post_in_words(fact.post, directory)
    return f"{name(directory, fact.person)} is {what}{_from(fact.post.since, fact)}{until}"


@say.register
def _(fact: PostEnded, directory: Directory) -> str:
    what = post_in_words(fact.post, directory)
    return f"{name(directory, fact.person)} stops being {what}; the last day is {day(fact.on)}"


@say.register
def _(fact: PostCorrected, directory: Directory) -> str:
    return _corrected(directory, fact.person, _post(fact.was, directory), _post(fact.now, directory))


@say.register
def _(fact: ContractBegun, directory: Directory) -> str:
    return f"{name(directory, fact.person)} has a {_contract(fact.contract, directory)}"


@say.register
def _(fact: ContractEnded, directory: Directory) -> str:
    what = _contract(fact.contract, directory)
    return f"the {what} of {name(directory, fact.person)} ends; the last day is {day(fact.on)}"


@say.register
def _(fact: ContractCorrected, directory: Directory) -> str:
    was, now = (_contract(each, directory) if each else None for each in (fact.was, fact.now))
    return _corrected(directory, fact.person, was, now)


@say.register
def _(fact: LineManagerGiven, directory: Directory) -> str:
    who = name(directory, fact.person)
    return f"{who} answers to {_manager(fact.managed, directory)}{_from(fact.managed.since, fact)}"


@say.register
def _(fact: LineManagerEnded, directory: Directory) -> str:
    who = name(directory, fact.person)
    return f"{who} answers to {_manager(fact.managed, directory)} until {day(fact.on)}"


@say.register
def _(fact: LineManagerCorrected, directory: Directory) -> str:
    was, now = (
        f"answers to {_manager(each, directory)} {_span(each.since, each.until)}" if each else None
        for each in (fact.was, fact.now)
    )
    return _corrected(directory, fact.person, was, now)


def post_in_words(post: Post, directory: Directory) -> str:
    """`class-teacher of Year 6 at Hollins`, acting or not, without its dates."""
    group = YEAR_GROUPS[post.year_group] if post.year_group else None
    room = f"class {post.class_}" if post.class_ else None
    of = ", ".join(each for each in (group, room, post.phase, post.subject) if each)
    where = f" at {school(directory, post.school)}" if post.school else ""
    return f"{'acting ' if post.acting else ''}{post.role}{f' of {of}' if of else ''}{where}"


def _post(post: Post | None, directory: Directory) -> str | None:
    return f"{post_in_words(post, directory)} {_span(post.since, post.until)}" if post else None


def _contract(contract: Contract, directory: Directory) -> str:
    where = school(directory, contract.school) if contract.school else "the trust"
    span = _span(contract.since, contract.until)
    return f"{contract.type} contract with {where}, {contract.fte:g} of full time, {span}"


def _manager(managed: Managed, directory: Directory) -> str:
    return name(directory, managed.manager) if managed.manager else "nobody"


def _corrected(directory: Directory, person: str, was: str | None, now: str | None) -> str:
    who = name(directory, person)
    if now is None:
        return f"{who}, corrected: not {was}"
    return f"{who}, corrected: {now}{f'; not {was}' if was else ''}"


def _changes(changes: tuple[Change, ...], directory: Directory) -> str:
    def value(change: Change, said: object) -> str:
        if isinstance(said, dict):
            return f"{said.get('name')} ({said.get('code')})"
        if change.field == "line_manager" and isinstance(said, str):
            return name(directory, said)
        return (
            "nothing" if said is None else ", ".join(map(str, said)) if isinstance(said, list) else str(said)
        )

    return "; ".join(
        f"{_FIELDS.get(each.field, each.field.replace('_', ' '))} is {value(each, each.now)},"
        f" was {value(each, each.was)}"
        for each in changes
    )


def _from(since: date | None, fact: RegisterFact) -> str:
    """From when; and that it was told later, where it was."""
    if since is None:
        return ""
    late = " (told later)" if since < local_date(fact.at) else ""
    return f" from {day(since)}{late}"


def _span(since: date | None, until: date | None) -> str:
    begin = f"from {day(since)}" if since else ""
    end = f"to {day(until)}" if until else ""
    return " ".join(filter(None, (begin, end)))
