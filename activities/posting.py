"""One POST to an address that may itself be a secret, and what its answer means.

The address is in no log line, no error and no repr: who has it can write in the trust's name.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.request import getproxies, proxy_bypass

import httpx2

from activities.channels import DeliveryError

#: Seconds for each step of a call, and for the whole of it, however slowly an answer drips in.
STEP, WHOLE = 10.0, 30.0
#: The longest that another server can make us wait before the next try.
LONGEST = timedelta(days=1)
#: The answer is about this very message, which would be refused again: not a request, too large, not this kind.
_ABOUT_THE_MESSAGE = frozenset({400, 413, 415, 422})
_DONE, _REDIRECT, _ERROR = 200, 300, 400


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to post."""

    url: str = field(repr=False)
    host: str
    port: int | None
    loopback: bool

    @property
    def place(self) -> str:
        """The host and port, without the path: all of the address that may be shown."""
        return f"{self.host}:{self.port}" if self.port else self.host


def endpoint(text: str) -> Endpoint:
    """The address in a text. Raises ValueError, which does not repeat it."""
    try:
        url = httpx2.URL(text.strip())
    except httpx2.InvalidURL:
        raise ValueError("it is no address of the form https://host/path") from None
    if url.scheme not in {"https", "http"} or not url.host:
        raise ValueError("it is no address of the form https://host/path")
    if url.userinfo:
        raise ValueError("it has a user or a password before the host, which is not supported")
    loopback = _loopback(url.host)
    if url.scheme == "http" and not loopback:
        raise ValueError("it begins with http://, so that anybody on the way could read it; use https://")
    return Endpoint(str(url), url.host, url.port, loopback)


class Post:
    """Posts to one endpoint, over a connection of its own each time. Follows no redirect, keeps no cookie.

    Permanent is what is said of the message. What is said of us (an address that was withdrawn, a wrong key)
    is temporary, whatever its code: messages wait until somebody has mended the settings. The answer's body
    is never read.
    """

    def __init__(self, where: Endpoint) -> None:
        self._where = where
        self._tls = ssl.create_default_context()

    async def send(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Return when the other side has said that it has the message. Raises DeliveryError."""
        # Not by a client of the library: that writes every address into the log.
        request = httpx2.Request(
            "POST",
            self._where.url,
            content=body,
            headers={"user-agent": "termwise", **headers},
            extensions={"timeout": httpx2.Timeout(STEP).as_dict()},
        )
        try:
            async with asyncio.timeout(WHOLE):
                code, after = await self._answer(request)
        except (httpx2.TransportError, OSError, TimeoutError) as error:
            # Without its cause, which knows the address.
            said = type(error).__name__
            raise DeliveryError(f"{self._where.place} takes nothing now: {said}", permanent=False) from None
        _judge(self._where.place, code, after)

    async def _answer(self, request: httpx2.Request) -> tuple[int, str | None]:
        proxy = self._proxy(request.url.scheme)
        async with httpx2.AsyncHTTPTransport(verify=self._tls, trust_env=False, proxy=proxy) as transport:
            answer = await transport.handle_async_request(request)
            try:
                return answer.status_code, answer.headers.get("retry-after")
            finally:
                await answer.aclose()

    def _proxy(self, scheme: str) -> str | None:
        """The proxy that the environment names, as `HTTPS_PROXY`, where a school's network wants one."""
        if self._where.loopback or proxy_bypass(self._where.place):
            return None
        return getproxies().get(scheme)


def wait_in(said: str | None, now: datetime) -> timedelta | None:
    """What `Retry-After` asks for: seconds or a date. None for none, and for nonsense."""
    if not said:
        return None
    try:
        wait = timedelta(seconds=int(said)) if said.strip().isdecimal() else _date(said) - now
    except (ValueError, OverflowError):
        return LONGEST if said.strip().isdecimal() else None
    return max(timedelta(), min(wait, LONGEST))


def _judge(place: str, code: int, after: str | None) -> None:
    if _DONE <= code < _REDIRECT:
        return
    if code in _ABOUT_THE_MESSAGE:
        raise DeliveryError(f"{place} refuses the message: {code}", permanent=True)
    if _REDIRECT <= code < _ERROR:
        said = "sends us elsewhere, where we do not go; its address in the settings is out of date"
        raise DeliveryError(f"{place} {said}: {code}", permanent=False, away=True)
    wait = wait_in(after, datetime.now(UTC))
    raise DeliveryError(f"{place} takes nothing now: {code}", permanent=False, after=wait, away=wait is None)


def _date(said: str) -> datetime:
    found = parsedate_to_datetime(said)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
