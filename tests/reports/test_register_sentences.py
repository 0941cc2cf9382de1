"""Facts of the register in sentences: one for each that a deputy head would understand."""

from datetime import UTC, date, datetime

import pytest

from engine.events import EVENT_KINDS
from engine.register import people_facts as people
from engine.register import school_facts as schools
from engine.register.fact import RegisterFact
from engine.schools import Membership, OwnSubject, School, SchoolClass, Trust
from engine.staff import Contract, Managed, Person, Post
from reports.register_sentences import say, tell
from tests import worlds

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
DIRECTORY = worlds.directory()
HEAD = DIRECTORY.by_name_or_id("Head ash").id
WHO = {"at": AT, "by": "p-0001", "person": HEAD}
DID = {"at": AT, "by": "p-0001"}
LEAD = Post(role="maths-lead", school="ash", year_group="Y6", since=date(2027, 1, 4))
HALF = Contract(school="ash", since=date(2027, 1, 4), fte=0.5)
BOSS = Managed(manager="p-0001", since=date(2026, 9, 1))
WRENS = SchoolClass(school="ash", name="Wrens", year_groups=("Y1", "Y2"), since=date(2027, 1, 4))
OAK = Membership(school="cedar", since=date(2027, 1, 1))
LAST = date(2027, 7, 9)

SAID = {
    "trust-named": (
        schools.TrustNamed(trust=Trust(key="trees", name="Trees Trust"), **DID),
        "the trust is Trees Trust",
    ),
    "school-added": (
        schools.SchoolAdded(school=School(key="oak", name="Oak", urn="900009"), **DID),
        "Oak (URN 900009) is known",
    ),
    "school-changed": (
        schools.SchoolChanged(
            school="ash",
            changes=(
                schools.Change(field="urn", was="900000", now="900777"),
                schools.Change(field="type", now={"code": "34", "name": "Academy converter"}),
            ),
            **DID,
        ),
        "Ash: URN is 900777, was 900000; type is Academy converter (34), was nothing",
    ),
    "school-joined-trust": (schools.SchoolJoined(membership=OAK, **DID), "Cedar joins the trust from 1 Jan 2027"),
    "school-left-trust": (
        schools.SchoolLeft(membership=OAK, on=LAST, **DID),
        "Cedar leaves the trust; its last day is 9 Jul 2027",
    ),
    "membership-corrected": (
        schools.MembershipCorrected(was=Membership(school="cedar"), now=OAK, **DID),
        "Cedar was in the trust from 1 Jan 2027, not always",
    ),
    "class-opened": (
        schools.ClassOpened(class_=WRENS, **DID),
        "Ash has the class Wrens of Year 1, Year 2 from 4 Jan 2027",
    ),
    "class-closed": (
        schools.ClassClosed(class_=WRENS, on=LAST, **DID),
        "the class Wrens of Ash ends; its last day is 9 Jul 2027",
    ),
    "class-corrected": (schools.ClassCorrected(was=WRENS, **DID), "there is no class Wrens of Ash"),
    "subject-named": (
        schools.SubjectNamed(subject=OwnSubject(key="oracy", name="Oracy"), **DID),
        "oracy is a subject of the trust, called Oracy",
    ),
    "person-joined": (
        people.PersonJoined(
            person=Person(id="p-0100", name="Nora New", email="n@trust.example", posts=(LEAD, LEAD)), **DID
        ),
        "Nora New (p-0100) is known, with maths-lead of Year 6 at Ash and 1 other post",
    ),
    "person-changed": (
        people.PersonChanged(changes=(schools.Change(field="email", was="a@b", now="c@d"),), **WHO),
        "Head ash: e-mail is c@d, was a@b",
    ),
    "post-given": (
        people.PostGiven(post=LEAD, **WHO),
        "Head ash is maths-lead of Year 6 at Ash from 4 Jan 2027",
    ),
    "post-ended": (
        people.PostEnded(post=LEAD, on=LAST, **WHO),
        "Head ash stops being maths-lead of Year 6 at Ash; the last day is 9 Jul 2027",
    ),
    "post-corrected": (
        people.PostCorrected(was=LEAD, now=None, **WHO),
        "Head ash, corrected: not maths-lead of Year 6 at Ash from 4 Jan 2027",
    ),
    "contract-begun": (
        people.ContractBegun(contract=HALF, **WHO),
        "Head ash has a permanent contract with Ash, 0.5 of full time, from 4 Jan 2027",
    ),
    "contract-ended": (
        people.ContractEnded(contract=HALF, on=LAST, **WHO),
        (
            "the permanent contract with Ash, 0.5 of full time, from 4 Jan 2027 of Head ash ends; "
            "the last day is 9 Jul 2027"
        ),
    ),
    "contract-corrected": (
        people.ContractCorrected(was=HALF, now=HALF.model_copy(update={"fte": 0.6}), **WHO),
        (
            "Head ash, corrected: permanent contract with Ash, 0.6 of full time, from 4 Jan 2027; "
            "not permanent contract with Ash, 0.5 of full time, from 4 Jan 2027"
        ),
    ),
    "line-manager-given": (
        people.LineManagerGiven(managed=BOSS, **WHO),
        "Head ash answers to Chief from 1 Sep 2026 (told later)",
    ),
    "line-manager-ended": (
        people.LineManagerEnded(managed=BOSS, on=LAST, **WHO),
        "Head ash answers to Chief until 9 Jul 2027",
    ),
    "line-manager-corrected": (
        people.LineManagerCorrected(now=BOSS.model_copy(update={"manager": None}), **WHO),
        "Head ash, corrected: answers to nobody from 1 Sep 2026",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SAID)
def test_a_fact_is_one_sentence(kind: str) -> None:
    fact, sentence = SAID[kind]

    assert fact.kind == kind
    assert say(fact, DIRECTORY) == sentence


def test_every_fact_about_people_and_schools_has_one_of_its_own() -> None:
    known = {
        kind for kind, model in EVENT_KINDS.items() if model.__module__ in {people.__name__, schools.__name__}
    }

    assert known == SAID.keys()


def test_who_did_it_and_why_is_told() -> None:
    fact = SAID["post-given"][0].model_copy(update={"reason": "Maternity cover"})

    assert tell(fact, DIRECTORY).startswith("Chief: Head ash is maths-lead")
    assert tell(fact, DIRECTORY).endswith("from 4 Jan 2027 (Maternity cover)")
    assert isinstance(fact, RegisterFact)
