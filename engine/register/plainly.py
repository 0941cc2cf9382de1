"""A post, a contract or another thing with dates in a few plain words, as messages name it."""

from engine.register.authority import name_of
from engine.register.fact import RegisterFact
from engine.register.people_facts import (
    ContractBegun,
    ContractCorrected,
    ContractEnded,
    LineManagerCorrected,
    PersonChanged,
    PersonJoined,
    PostCorrected,
)
from engine.register.register import Register
from engine.register.school_facts import ClassCorrected, MembershipCorrected
from engine.schools import Membership, SchoolClass
from engine.staff import Contract, Managed, Post
from engine.year_groups import YEAR_GROUPS

Spell = Post | Contract | Managed | Membership | SchoolClass


def plainly(register: Register, fact: RegisterFact) -> str:
    """What a correction would change."""
    match fact:
        case PostCorrected() | ContractCorrected() | LineManagerCorrected():
            return f"{name_of(register, fact.person)}: {_both(register, fact.was, fact.now)}"
        case MembershipCorrected() | ClassCorrected():
            return _both(register, fact.was, fact.now)
        case PersonChanged():
            changes = ", ".join(f"{each.field}: {each.was} to {each.now}" for each in fact.changes)
            return f"{name_of(register, fact.person)}: {changes}"
        case _:
            return str(getattr(fact, "kind", "a change"))


def without_employment(fact: RegisterFact) -> RegisterFact | None:
    """The fact without contracts and numbers of employment; None when it is about nothing else."""
    hidden = {"trn", "employer_reference"}
    match fact:
        case ContractBegun() | ContractEnded() | ContractCorrected():
            return None
        case PersonChanged():
            kept = tuple(each for each in fact.changes if each.field not in hidden)
            return fact.model_copy(update={"changes": kept}) if kept else None
        case PersonJoined():
            nothing = {"trn": None, "employer_reference": None, "contracts": ()}
            return fact.model_copy(update={"person": fact.person.model_copy(update=nothing)})
        case _:
            return fact


def post_in_words(post: Post, schools: dict[str, str]) -> str:
    """`class-teacher of Year 6 at Glenfield Primary School, acting`, without its dates."""
    group = YEAR_GROUPS[post.year_group] if post.year_group else None
    of = [each for each in (group, post.class_ and f"class {post.class_}", post.phase, post.subject) if each]
    scope = f" of {', '.join(of)}" if of else ""
    where = f" at {schools.get(post.school, post.school)}" if post.school else ""
    return f"{post.role}{scope}{where}{', acting' if post.acting else ''}"


def spell_in_words(register: Register, spell: Spell) -> str:
    """With its dates."""
    schools = {key: school.name for key, school in register.schools.items()}
    match spell:
        case Post():
            what = post_in_words(spell, schools)
        case Contract():
            where = schools.get(spell.school, spell.school) if spell.school else "the trust"
            what = f"{spell.type} contract with {where}, {spell.fte:g} of full time"
        case Managed():
            what = f"answers to {name_of(register, spell.manager) if spell.manager else 'nobody'}"
        case Membership():
            what = f"{schools.get(spell.school, spell.school)} in the trust"
        case SchoolClass():
            groups = ", ".join(YEAR_GROUPS[each] for each in spell.year_groups)
            what = f"class {spell.name} ({groups}) at {schools.get(spell.school, spell.school)}"
    since = f" from {spell.since}" if spell.since else ""
    return f"{what}{since}{f' to {spell.until}' if spell.until else ''}"


def _both(register: Register, was: Spell | None, now: Spell | None) -> str:
    before = spell_in_words(register, was) if was else "nothing"
    return f"{before}; now {spell_in_words(register, now) if now else 'nothing'}"
