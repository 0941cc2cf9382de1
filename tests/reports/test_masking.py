"""Others' names are kept out of what one person is given."""

from engine.register.people_facts import PersonChanged
from engine.register.school_facts import Change
from engine.staff import ERASED_ADDRESS
from reports.masking import KnownAs, Mask
from tests.engine.book import AT, HEAD, TEACHER, Book

OTHERS = {
    "p-0001": frozenset({"Ann Lee", "ann.lee@trust.example"}),
    "p-0002": frozenset({"Ann Lee-Marsh", "O'Neil Berg"}),
}


def test_names_addresses_and_ids_become_labels_that_stay_the_same() -> None:
    mask = Mask(OTHERS)

    said = mask.text("ann lee and Ann Lee-Marsh's class, p-0001, ANN.LEE@trust.example. Annabel Lee stays.")

    assert said == "person A and person B's class, person A, person A. Annabel Lee stays."


def test_values_are_masked_at_every_depth_names_of_fields_too() -> None:
    mask = Mask(OTHERS)

    masked = mask.value({"p-0002": [{"said": "by O'Neil Berg"}, 3, None, True]})

    assert masked == {"person A": [{"said": "by person A"}, 3, None, True]}


def test_the_twenty_seventh_other_is_person_aa() -> None:
    mask = Mask({})

    labels = [mask.label(str(n)) for n in range(28)]

    assert (labels[25], labels[26], labels[27]) == ("person Z", "person AA", "person AB")


def test_former_names_are_known_and_the_own_name_is_never_masked() -> None:
    book = Book()
    was = book.person(TEACHER).name
    changed = PersonChanged(
        at=AT, by=HEAD, person=TEACHER, changes=(Change(field="name", was=was, now=book.person(HEAD).name),)
    )

    names = KnownAs([*book.log, changed])

    assert {was, book.person(HEAD).name} <= names.of(TEACHER)
    assert was not in names.others(TEACHER)[HEAD]
    assert book.person(HEAD).name not in names.others(TEACHER)[HEAD]
    assert book.person(HEAD).email in names.others(TEACHER)[HEAD]


def test_what_stands_in_place_of_a_name_is_nobodys() -> None:
    fields = (("name", "erased"), ("email", ERASED_ADDRESS.format(HEAD)))
    gone = PersonChanged(
        at=AT,
        by=HEAD,
        person=HEAD,
        changes=tuple(Change(field=each, was="erased", now=now) for each, now in fields),
    )

    names = KnownAs([gone])

    assert names.of(HEAD) == frozenset()
    assert Mask(names.others(TEACHER)).text("erased said: erased") == "erased said: erased"
