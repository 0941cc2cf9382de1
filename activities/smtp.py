"""Mail by SMTP: each letter is one message with an id of its own that is the same at every try."""

from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import localtime
from typing import NoReturn

from aiosmtplib import SMTP, SMTPDataError, SMTPException, SMTPRecipientsRefused

from activities.bounces import of_a_dead_mailbox
from activities.channels import Carries, DeliveryError, Letter

#: Seconds for each answer of the server. One that scans a letter before it answers takes its time, and a
#: letter given up too soon arrives twice.
TIMEOUT = 60.0
#: Seconds to say goodbye in, when the letter has gone.
FAREWELL = 2.0
#: From here on the server says: never. Below: not now.
PERMANENT = 500
#: What a server says without enhanced codes to a mailbox that is not here, is elsewhere, or cannot be.
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
#: Mail over TLS from the first byte (RFC 8314); on every other port it begins with STARTTLS.
TLS_PORT = 465
#: The right side of every message id. Not the sender's domain: that is a setting, and a letter tried again
#: under another setting must be the same message. The left side is unique.
IDS = "termwise.invalid"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes, and as whom."""

    host: str
    port: int
    sender: Address
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    encrypted: bool = True
    """Whether a server that offers no encryption, or has no valid certificate, is given nothing."""


class SmtpChannel:
    """Delivers over a connection of its own for each letter. Any number of letters may go at once.

    Permanent is what the server says of the letter: no such person, or that it will not have the text.
    What it says of us (a wrong password, a sender it does not know) is temporary, whatever its code: the
    letters wait until somebody has mended the settings.
    """

    name = "smtp"
    carries: Carries = "personal"

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def deliver(self, message: Letter) -> None:
        """Return when the server has accepted the letter. Raises DeliveryError."""
        to = _address(message)
        mail = _mail(message, self._server.sender, to)
        try:
            await self._send(mail, to)
        except SMTPRecipientsRefused as error:
            refusal = error.recipients[0]
            _refused("the address", refusal.code, refusal.message, address=True)
        except SMTPDataError as error:
            _refused("the letter", error.code, error.message)
        except (SMTPException, OSError) as error:
            code = getattr(error, "code", None)
            said = f"{code}{_enhanced(getattr(error, 'message', ''))}" if code else type(error).__name__
            where = f"{self._server.host}:{self._server.port}"
            raise DeliveryError(
                f"the mail server {where} takes nothing now: {said}", permanent=False, away=True
            ) from error

    async def _send(self, mail: EmailMessage, to: Address) -> None:
        smtp = self._connection()
        try:
            await smtp.connect()
            await smtp.send_message(mail, sender=self._server.sender.addr_spec, recipients=[to.addr_spec])
            # It has gone: nothing that happens from here on makes it a failure.
            with suppress(SMTPException, OSError):
                await smtp.quit(timeout=FAREWELL)
        finally:
            smtp.close()

    def _connection(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=server.sender.domain,
            username=server.user,
            password=server.password,
            use_tls=server.encrypted and server.port == TLS_PORT,
            start_tls=server.encrypted and server.port != TLS_PORT,
            timeout=TIMEOUT,
        )


def address(text: str, name: str = "") -> Address:
    """An e-mail address that can stand in a header and in a command. Raises ValueError."""
    try:
        found = Address(display_name=name, addr_spec=text)
    except (MessageError, IndexError) as error:
        raise ValueError("this is no e-mail address") from error
    if not found.username or not found.domain or found.addr_spec != text:
        raise ValueError("this is no e-mail address")
    return found


def _address(letter: Letter) -> Address:
    try:
        return address(letter.email, letter.name)
    except ValueError as error:
        why = f"the e-mail address of {letter.recipient} is none; mend it in the directory"
        raise DeliveryError(why, permanent=True) from error


def _mail(letter: Letter, sender: Address, to: Address) -> EmailMessage:
    mail = EmailMessage(policy=WIRE)
    mail["Message-ID"] = f"<{letter.message_id}@{IDS}>"
    # The first letter of a thread does not exist; mail programs group those that name the same one.
    mail["References"] = mail["In-Reply-To"] = f"<{letter.thread}@{IDS}>"
    mail["Date"] = localtime()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = letter.subject
    # What filters sort by: all letters of a process, whatever the settings (RFC 2919).
    mail["List-Id"] = f"<{_list(letter)}.{IDS}>"
    # No holiday replies: the first is the standard (RFC 3834), the second is what Exchange heeds.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    return mail


def _list(letter: Letter) -> str:
    return (letter.bulletin.process if letter.bulletin else None) or "messages"


def _refused(what: str, code: int, said: str, *, address: bool = False) -> NoReturn:
    permanent = code >= PERMANENT
    how = "refuses" if permanent else "does not take"
    told = f"{code}{_enhanced(said)}"
    raise DeliveryError(
        f"the mail server {how} {what}: {told}",
        permanent=permanent,
        address=told if address and permanent and _of_the_mailbox(code, said) else None,
    )


def _of_the_mailbox(code: int, said: str) -> bool:
    """Whether the address is what is wrong: no such mailbox, moved, disabled. Not: we may not send to it."""
    enhanced = _enhanced(said).strip()
    return of_a_dead_mailbox(enhanced) if enhanced else code in _NO_SUCH_MAILBOX


def _enhanced(said: str) -> str:
    """The numbers at the head of a server's words, ` 5.1.1`; the words may name the person, so they stay."""
    first = said.split(maxsplit=1)[0] if said.strip() else ""
    return f" {first}" if first and set(first) <= set("0123456789.") else ""
