"""Reports of mail that came back: of our own and others' servers, and of people with bad intentions."""

import random
from email.message import EmailMessage
from email.policy import SMTP
from time import perf_counter
from uuid import UUID

import pytest

from activities import bounces
from activities.bounces import MailboxError, of_a_dead_mailbox, read_mailbox

OURS = UUID(int=7)
TO = "claire.whitmore@scholars.example"

#: As Postfix sends it.
POSTFIX = f"""\
Return-Path: <>
Date: Tue,  4 May 2027 09:00:00 +0000 (UTC)
From: MAILER-DAEMON@mail.scholars.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: termwise@scholars.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="AB12"
Message-Id: <20270504090000.1@mail.scholars.example>

This is a MIME-encapsulated message.

--AB12
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

<{TO}>: host mx.scholars.example said: 550 5.1.1 no such user

--AB12
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.scholars.example
Arrival-Date: Tue,  4 May 2027 08:59:59 +0000 (UTC)

Final-Recipient: rfc822; {TO}
Original-Recipient: rfc822;Claire.Whitmore@scholars.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--AB12
Content-Description: Undelivered Message
Content-Type: message/rfc822

Message-ID: <{OURS}@termwise.invalid>
From: termwise@scholars.example
To: Claire Whitmore <{TO}>
Subject: A task is waiting for you: Moderation

Dear Claire,

--AB12--
""".replace("\n", "\r\n").encode()


def changed(old: str, new: str) -> bytes:
    assert old.encode() in POSTFIX
    return POSTFIX.replace(old.encode(), new.encode())


def test_a_report_says_which_letter_came_back_why_and_from_whom() -> None:
    reports = read_mailbox(POSTFIX)

    (bounce,) = reports.bounces
    assert (bounce.message_id, bounce.status) == (OURS, "5.1.1")
    assert bounce.addresses == ("Claire.Whitmore@scholars.example", TO)
    assert (reports.messages, reports.broken) == (1, 0)


def test_the_headers_of_the_letter_do_as_well_and_so_does_a_report_that_wrapped_it() -> None:
    headers = changed("message/rfc822", "text/rfc822-headers")
    base64 = EmailMessage(policy=SMTP)
    base64.set_content(
        f"Message-ID: <{OURS}@termwise.invalid>\nTo: {TO}\n", cte="base64", subtype="rfc822-headers"
    )
    start = POSTFIX.index(b"Content-Description: Undelivered")
    wrapped = POSTFIX[:start] + base64.as_bytes() + b"\r\n--AB12--\r\n"

    assert [read_mailbox(each).bounces[0].message_id for each in (headers, wrapped)] == [OURS, OURS]


@pytest.mark.parametrize(
    "mail",
    [
        changed("Action: failed", "Action: delayed"),
        changed("Action: failed", "Action: delivered"),
        changed("Status: 5.1.1", "Status: banana"),
        changed("Status: 5.1.1", "X-Status: 5.1.1"),
        changed("@termwise.invalid", "@elsewhere.example"),
        changed("multipart/report", "multipart/mixed"),
        changed("message/delivery-status", "text/plain"),
        changed(f"<{OURS}@", "<no-id@"),
        b"Subject: Out of office\r\n\r\nI am away.\r\n",
        b"",
        b"\n\n",
    ],
)
def test_what_is_no_failure_of_a_letter_of_ours_is_passed_over(mail: bytes) -> None:
    reports = read_mailbox(mail)

    assert (reports.bounces, reports.broken) == ((), 0)


def test_a_mailbox_has_many_messages() -> None:
    unix = POSTFIX.replace(b"\r\n", b"\n")
    holiday = b"Subject: Away\n\nFrom next week on I am back.\n"
    box = b"".join(
        b"From MAILER-DAEMON Tue May  4 09:00:00 2027\n" + each + b"\n" for each in (unix, holiday, unix)
    )

    reports = read_mailbox(box)

    assert (reports.messages, len(reports.bounces)) == (3, 2)


@pytest.mark.parametrize(
    ("status", "dead"),
    [
        ("5.1.1", True),
        ("5.1.10", True),
        ("5.2.1", True),
        ("5.1.8", False),
        ("5.2.2", False),
        ("5.7.1", False),
        ("4.1.1", False),
        ("5.4.4", False),
    ],
)
def test_an_address_that_is_no_more_is_told_from_other_trouble(status: str, *, dead: bool) -> None:
    assert of_a_dead_mailbox(status) is dead


HOSTILE = {
    "multiparts in multiparts": b"".join(
        b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (at, at) for at in range(5000)
    ),
    "messages in messages": b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    "a boundary without end": b'Content-Type: multipart/report; boundary="' + b"x" * 900_000,
    "a million parts": b'Content-Type: multipart/report; boundary="a"\r\n\r\n' + b"--a\r\n\r\n" * 140_000,
    "a million headers": b"X: y\r\n" * 160_000,
    "no headers": b"\x00" * 1_000_000,
    "no text": bytes(range(256)) * 3000,
    "a charset that is none": changed("us-ascii", "\udc00nonsense".encode("utf-8", "replace").decode()),
    "an encoding that is none": changed(
        "Content-Description: Delivery report", "Content-Transfer-Encoding: base64"
    ),
    "many envelopes": b"From a\n" * 100_000,
    "an envelope without end": b"From " + b"x" * 1_000_000,
    "groups without end": changed("Status: 5.1.1", "Status: 5.1.1\r\n\r\nFinal-Recipient: rfc822; x" * 3000),
}


@pytest.mark.parametrize("mail", HOSTILE.values(), ids=HOSTILE)
def test_reading_hostile_mail_ends_soon_and_says_how_it_went(mail: bytes) -> None:
    began = perf_counter()

    reports = read_mailbox(mail)

    assert perf_counter() - began < 20
    assert reports.broken <= reports.messages


def test_a_report_with_bytes_changed_at_random_is_read_or_passed_over() -> None:
    luck = random.Random(7)  # noqa: S311 - the same changes every time
    for _ in range(300):
        mail = bytearray(POSTFIX)
        for _ in range(luck.randrange(1, 40)):
            mail[luck.randrange(len(mail))] = luck.randrange(256)
        for bounce in read_mailbox(bytes(mail)).bounces:
            assert of_a_dead_mailbox(bounce.status) in {True, False}


def test_a_mailbox_that_is_too_large_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounces, "MOST", 1000)

    with pytest.raises(MailboxError, match="split it"):
        read_mailbox(b"x" * 1001)
