"""A mail server for tests: keeps what it accepts, and answers as it is told to."""

import socket
import ssl
from collections import defaultdict
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCEPTED = "250 2.0.0 accepted"


class PostOffice:
    """Listens on a port of this machine while it is open; keeps the port when it is opened again."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, password: str | None = None) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refused: dict[str, list[str]] = defaultdict(list)
        """What to answer for a recipient, one try after the other, before accepting."""
        self.answers: list[str] = []
        """What to answer to letters, one after the other, before accepting."""
        self.rude = False
        """Whether to hang up instead of saying goodbye."""
        self._options: dict[str, Any] = {"tls_context": tls, "require_starttls": tls is not None}
        if password:
            self._options |= {"authenticator": self._check, "auth_required": True}
        self._password = password
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()

    def close(self) -> None:
        if self._controller:
            self._controller.stop()
        self._controller = None

    def ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]

    async def handle_RCPT(  # noqa: N802 - the names and arguments are aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refused[address]:
            return self.refused[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 known"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        content = envelope.original_content or b""
        self.raw.append(content)
        self.mails.append(message_from_bytes(content, _class=EmailMessage, policy=default))
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        return ACCEPTED

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.rude and server.transport:
            server.transport.close()
        return "221 2.0.0 goodbye"

    def _check(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:  # noqa: ANN401
        right = isinstance(data, LoginPassword) and data.password.decode() == self._password
        return AuthResult(success=right, handled=False)


def text(mail: EmailMessage) -> str:
    """The part for programs without HTML."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(mail: EmailMessage) -> str:
    """The part for the others."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
