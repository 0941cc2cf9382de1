"""What people read."""

import pytest
from jinja2 import UndefinedError

from activities.letters import Asked, write
from storage.projections.tellings import KINDS
from tests.activities.occasions import ASKED, TEMPLATES, occasion


def test_a_task_is_asked_in_words_that_leave_nothing_to_be_looked_up() -> None:
    letter = write(occasion("task-opened"))

    assert letter.subject == "A task is waiting for you: Moderation of writing, summer 1"
    assert letter.text == (
        "Dear Claire Whitmore,\n"
        "\n"
        "You are asked to do this for Moderation of writing, summer 1.\n"
        "\n"
        "    Confirm that the Y6 judgements are complete\n"
        "\n"
        "School:    Glenfield Primary School\n"
        "Due:       Tue 18 May 2027, by 17:00\n"
        "Why then:  4 school days before the session (Mon 24 May 2027)\n"
        "Takes:     about 15 minutes\n"
        "Asked of:  Claire Whitmore\n"
        "\n"
        "To read more and to answer:\n"
        "\n"
        "    termwise tasks show k3jx7ab2qd\n"
        "\n"
        "-- \n"
        "Scholars Academy Trust, by termwise. Nobody reads replies to this address."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_that_is_planned_has_words_of_its_own(kind: str) -> None:
    asked = None if kind == "notification-requested" else ASKED
    matter = KINDS[kind].subject

    letter = write(
        occasion(kind, asked=asked, matter=matter, reason="Two pupils are missing.", heading="We begin")
    )

    assert letter.subject == f"{matter}: Moderation of writing, summer 1"
    personal = ("Claire", "Whitmore", "p-0005", "@", "We begin", "missing", "judgements", "Glenfield")
    assert not [word for word in personal if word in letter.subject]

    for form in (letter.text, letter.html):
        assert "Dear Claire Whitmore" in form
        assert ("termwise tasks show k3jx7ab2qd" if asked else "termwise show moderation:") in form
    assert "\n\n\n" not in letter.text


def test_every_template_belongs_to_a_kind_or_is_a_layout() -> None:
    names = {file.name for file in TEMPLATES.iterdir()}

    layouts = {name for name in names if name.endswith((".txt.j2", ".html.j2"))}
    assert names - layouts == {f"{kind}.j2" for kind in KINDS}
    assert {"letter.txt.j2", "letter.html.j2"} <= layouts


def test_work_that_came_back_says_why_where_that_is_known() -> None:
    told, untold = (write(occasion("task-again", reason=why)).text for why in ("Two are missing.", None))

    assert "The reason given: Two are missing." in told
    assert "reason" not in untold


def test_a_task_of_several_says_that_one_of_them_does_it() -> None:
    letter = write(occasion("task-opened", asked=ASKED.model_copy(update={"people": ("Ann", "Ben")})))

    assert "One of you is asked" in letter.text
    assert "Asked of:  Ann, Ben; whoever claims it first" in letter.text


def test_whoever_is_told_of_a_late_task_reads_who_may_need_help() -> None:
    late = ASKED.model_copy(update={"late": True})

    letter = write(occasion("task-escalated", name="Daniel Okafor", asked=late))

    assert "This is 2 school days past its date" in letter.text
    assert "Was due:   Tue 18 May 2027, by 17:00" in letter.text
    assert "Asked of:  Claire Whitmore" in letter.text
    assert "You are not asked to do it yourself." in letter.text
    assert "to answer" not in letter.text + letter.html


def test_a_definitions_own_words_keep_their_paragraphs_and_stay_out_of_the_subject() -> None:
    body = {"body": "First line\nsecond line.\n\nNext paragraph."}
    asked = occasion(
        "notification-requested",
        asked=None,
        matter="A message for you",
        heading="About Ann",
        parameters=body,
    )

    letter = write(asked)

    assert letter.subject == "A message for you: Moderation of writing, summer 1"
    assert "About Ann\n\nFirst line\nsecond line.\n\nNext paragraph.\n\n" in letter.text
    assert ">First line\nsecond line.</p>" in letter.html
    assert "white-space: pre-line" in letter.html


def test_an_administrator_reads_whose_mail_comes_back_and_what_to_do() -> None:
    letter = write(
        occasion(
            "address-failed",
            asked=None,
            cycle="",
            matter="Mail to somebody comes back",
            instance="register",
            root="register",
        )
    )

    assert letter.subject == "Mail to somebody comes back"
    assert "Mail to Ben Archer comes back: their mail server says 5.1.1." in letter.text
    assert "termwise bounces clear p-0009" in letter.text
    assert "To see where things stand:\n\n    termwise bounces\n" in letter.text
    assert "termwise show" not in letter.text


def test_hostile_words_stay_words() -> None:
    title = "<script>alert(1)</script>\r\nBcc: all@trust.example"
    asked = ASKED.model_copy(update={"title": title})

    letter = write(
        occasion(
            "task-opened",
            name="Bob\r\nBcc: all@trust.example",
            cycle="Writing\nX-Spam: no",
            asked=Asked.model_validate(asked.model_dump()),
        )
    )

    assert letter.name == "Bob Bcc: all@trust.example"
    assert letter.subject == "A task is waiting for you: Writing X-Spam: no"
    assert "<script>" not in letter.html
    assert "    <script>alert(1)</script> Bcc: all@trust.example\n" in letter.text


def test_what_anybody_may_know_has_no_name_and_no_word_that_was_typed() -> None:
    late = ASKED.model_copy(update={"late": True, "process": "moderation", "stage": "Judgements"})

    letter = write(occasion("task-escalated", asked=late, reason="Two are missing."))

    assert letter.bulletin is not None
    assert letter.bulletin.model_dump() == {
        "instance": "moderation:summer-1:writing",
        "root": "moderation:summer-1:writing",
        "process": "moderation",
        "task": "k3jx7ab2qd",
        "stage": "Judgements",
        "days": 2,
        "people": 1,
        "late": True,
    }


def test_a_template_that_lacks_a_value_is_an_error_not_a_gap() -> None:
    with pytest.raises(UndefinedError, match="days"):
        write(occasion("task-escalated", parameters={}))


def test_a_letter_in_a_log_line_shows_nobody() -> None:
    assert "Claire" not in repr(write(occasion("task-opened")))
    assert "claire" not in repr(write(occasion("task-opened")))


def test_a_deputy_reads_for_whom_they_cover() -> None:
    of_deputy = occasion(
        "task-opened", people={"p-0006": "Tariq <b>Mahmood"}, parameters={"covers_for": "p-0006"}
    )
    letter, usual = write(of_deputy), write(occasion("task-opened"))

    said = "You cover for Tariq <b>Mahmood, and may do this in their place. They were told:"
    assert letter.text.split("\n\n")[1] == said
    assert "You cover for Tariq &lt;b&gt;Mahmood, and" in letter.html
    assert "You cover" not in usual.text + usual.html
    assert letter.subject == usual.subject
