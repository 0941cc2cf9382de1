"""Mail against a real mail server: what arrives, and what is made of its refusals."""

from collections.abc import Iterator
from email.headerregistry import Address
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from activities.channels import Bulletin, DeliveryError, Letter
from activities.log_channel import LogChannel
from activities.smtp import MailServer, SmtpChannel
from tests.certificates import make_certificate, of_a_server
from tests.post_office import PostOffice, html, text

TO = "claire.whitmore@scholars.example"


def letter(**other: object) -> Letter:
    facts: dict[str, Any] = {
        "message_id": UUID(int=1),
        "thread": UUID(int=2),
        "kind": "task-opened",
        "recipient": "p-0005",
        "name": "Claire Whitmore",
        "email": TO,
        "subject": "A task is waiting for you: Moderation",
        "text": "Dear Claire,\n\nwords.\n",
        "html": "<p>Dear Claire, words.</p>",
    }
    return Letter(**facts | other)


def channel(office: PostOffice, **other: object) -> SmtpChannel:
    facts: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": office.port,
        "sender": Address("Termwise", "termwise", "scholars.example"),
        "encrypted": False,
    }
    return SmtpChannel(MailServer(**facts | other))


async def failure(channel: SmtpChannel, letter: Letter) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await channel.deliver(letter)
    assert "laire" not in str(caught.value)
    return caught.value


async def test_a_letter_arrives_as_one_mail_in_two_forms(office: PostOffice) -> None:
    await channel(office).deliver(letter())

    (mail,) = office.mails
    assert office.envelopes == [("termwise@scholars.example", [TO])]
    assert mail["To"] == f"Claire Whitmore <{TO}>"
    assert mail["From"] == "Termwise <termwise@scholars.example>"
    assert mail["Subject"] == "A task is waiting for you: Moderation"
    assert mail["Message-ID"] == f"<{UUID(int=1)}@termwise.invalid>"
    assert mail["References"] == mail["In-Reply-To"] == f"<{UUID(int=2)}@termwise.invalid>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo
    assert mail.get_content_type() == "multipart/alternative"
    assert text(mail) == "Dear Claire,\n\nwords.\n"
    assert html(mail) == "<p>Dear Claire, words.</p>\n"


async def test_a_program_can_file_the_letters_of_a_process(office: PostOffice) -> None:
    moderation = Bulletin(instance="moderation:1", root="moderation:1", process="moderation")

    await channel(office).deliver(letter(bulletin=moderation))
    await channel(office).deliver(letter())

    lists = [mail["List-Id"] for mail in office.mails]
    assert lists == ["<moderation.termwise.invalid>", "<messages.termwise.invalid>"]


async def test_a_repeat_is_the_same_message_whatever_the_settings(office: PostOffice) -> None:
    await channel(office).deliver(letter())
    await channel(office, sender=Address("", "other", "trust.example")).deliver(letter())

    assert len(office.mails) == 2
    assert len(set(office.ids())) == 1


@pytest.mark.parametrize(
    ("answer", "said", "permanent"),
    [
        ("550 5.1.1 Claire Whitmore has left", "refuses the address: 550 5.1.1", True),
        ("553 no", "refuses the address: 553", True),
        ("451 4.7.1 greylisted", "does not take the address: 451 4.7.1", False),
        ("452 Claire's box is full", "does not take the address: 452", False),
    ],
)
async def test_what_a_server_says_of_a_person(
    office: PostOffice, answer: str, said: str, *, permanent: bool
) -> None:
    office.refused[TO] = [answer]

    error = await failure(channel(office), letter())

    assert (str(error), error.permanent) == (f"the mail server {said}", permanent)
    assert office.mails == []


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        ("550 5.1.1 Claire Whitmore has left", "550 5.1.1"),
        ("550 no such user", "550"),
        ("550 5.2.1 disabled", "550 5.2.1"),
        ("550 5.7.1 you may not write to Claire", None),
        ("554 we do not like you", None),
        ("451 4.7.1 greylisted", None),
    ],
)
async def test_an_address_that_is_no_more_is_told_from_a_letter_that_is_not_wanted(
    office: PostOffice, answer: str, address: str | None
) -> None:
    office.refused[TO] = [answer]

    error = await failure(channel(office), letter())

    assert error.address == address


@pytest.mark.parametrize(("answer", "permanent"), [("554 5.7.1 spam", True), ("421 4.3.2 closing", False)])
async def test_what_a_server_says_of_the_text(office: PostOffice, answer: str, *, permanent: bool) -> None:
    office.answers = [answer]

    error = await failure(channel(office), letter())

    assert error.permanent is permanent


async def test_a_server_that_is_away_is_temporary(office: PostOffice) -> None:
    office.close()

    error = await failure(channel(office), letter())

    assert not error.permanent
    assert "SMTPConnectError" in str(error)


async def test_a_server_that_hangs_up_after_accepting_has_accepted(office: PostOffice) -> None:
    office.rude = True

    await channel(office).deliver(letter())

    assert len(office.mails) == 1


@pytest.mark.parametrize(
    "email", ["", "nobody", "a b@c.example", f"{TO}\r\nRCPT TO:<all@trust.example>", f"{TO}>, <x@y.example"]
)
async def test_an_address_that_is_none_is_never_tried(office: PostOffice, email: str) -> None:
    error = await failure(channel(office), letter(email=email))

    assert error.permanent
    assert "p-0005" in str(error)


async def test_newlines_in_names_and_titles_begin_no_header_and_no_command(office: PostOffice) -> None:
    evil = "Bob\r\nBcc: all@trust.example\r\n\r\n.\r\nMAIL FROM:<x@y.example>"
    hostile = letter(name=evil, subject=evil, text=f"{evil}\r\n.\r\nQUIT\r\n", html=f"<p>{evil}\n.\n</p>")

    await channel(office).deliver(hostile)

    (mail,) = office.mails
    assert office.envelopes == [("termwise@scholars.example", [TO])]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Bob Bcc: all@trust.example . MAIL FROM:<x@y.example>"
    assert [each.addr_spec for each in mail["To"].addresses] == [TO]
    assert not mail.defects
    assert text(mail).splitlines()[-2:] == [".", "QUIT"]


async def test_names_of_every_alphabet_survive(office: PostOffice) -> None:
    await channel(office).deliver(letter(name="Zoë Łukasz, 李", subject="Überprüfung, 李", text="é" * 2000))

    (mail,) = office.mails
    assert mail["To"].addresses[0].display_name == "Zoë Łukasz, 李"
    assert mail["Subject"] == "Überprüfung, 李"
    assert text(mail) == "é" * 2000 + "\n"
    assert max(map(len, office.raw[0].split(b"\r\n"))) <= 998


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def guarded(certificate: Path) -> Iterator[PostOffice]:
    """A server that wants encryption and a password."""
    office = PostOffice(tls=of_a_server(certificate), password="secret")
    office.open()
    yield office
    office.close()


async def test_encryption_and_a_password(
    guarded: PostOffice, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    await channel(guarded, encrypted=True, user="termwise", password="secret").deliver(letter())

    assert len(guarded.mails) == 1


async def test_a_wrong_password_keeps_the_letters(
    guarded: PostOffice, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    error = await failure(channel(guarded, encrypted=True, user="termwise", password="wrong"), letter())

    assert not error.permanent
    assert "535 5.7.8" in str(error)


async def test_a_server_nobody_vouches_for_is_told_nothing(guarded: PostOffice) -> None:
    error = await failure(channel(guarded, encrypted=True, user="termwise", password="secret"), letter())

    assert not error.permanent
    assert guarded.mails == []


async def test_a_server_without_encryption_is_told_nothing_where_it_is_asked_for(office: PostOffice) -> None:
    error = await failure(channel(office, encrypted=True), letter())

    assert not error.permanent
    assert office.mails == []


def test_the_password_is_not_in_a_repr() -> None:
    server = MailServer("mail", 25, Address("", "a", "b.example"), "user", "secret")

    assert "secret" not in repr(server)


async def test_the_log_channel_names_nobody() -> None:
    with capture_logs() as lines:
        await LogChannel().deliver(letter())

    assert lines == [
        {
            "event": "letter.logged",
            "log_level": "info",
            "message": str(UUID(int=1)),
            "kind": "task-opened",
            "recipient": "p-0005",
        }
    ]
