"""Servers elsewhere on the web: asked politely, at public addresses only, over https, and within a deadline.

The one module that knows urllib3. No proxy, cookie or password of this machine is ever used, and nothing switches the
check of certificates off. Source: failure-model.md, sections 2.3 and 4.3.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import random
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from http.client import HTTPException, responses
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import quote, urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as TimeoutOfRequest

from podfeed import __version__
from podfeed.read.folder import plain, split_address
from podfeed.words import say


class Trouble(Exception):
    """What is at an address cannot be had. Its text is the reason, as a sentence part."""

    def __init__(self, reason: str, *, passes: bool = False) -> None:
        super().__init__(reason)
        #: Whether the network or the server is at fault, and later may be better.
        self.passes = passes


class Untrusted(Trouble):
    """The server at an address cannot show that it is the one it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is asked of servers, and how long it may take. Source: docs/reference/limits.md."""

    #: For one file with all its requests. Waiting that a server asked for, or for our turn there, is not counted.
    seconds: float = 60
    connect_seconds: float = 10
    #: An answer that takes so long to begin, or brings so little a second over so many seconds, is given up.
    slow_seconds: float = 30
    least_bytes_per_second: int = 1024
    redirects: int = 10
    #: Of each request, and the pause before the second; it doubles from one to the next, give or take a half.
    attempts: int = 4
    pause_seconds: float = 0.3
    #: The longest that a server may ask to wait.
    patience_seconds: float = 60
    #: Connections to one server at the same time.
    at_once: int = 2
    #: A server that did not answer for so many files is not asked for more.
    failures: int = 2


class Clock:
    """What is left of a deadline; it stands still while nothing is asked of anybody."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = monotonic() + seconds

    @property
    def left(self) -> float:
        return self._ends - monotonic()

    @contextmanager
    def stopped(self) -> Iterator[None]:
        began = monotonic()
        try:
            yield
        finally:
            self._ends += monotonic() - began

    def trouble(self) -> Trouble:
        return Trouble(say("it takes longer than {seconds} seconds", seconds=round(self._seconds)), passes=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for."""

    #: Bytes of all that is there; of more, nothing is read where the server says so.
    most_bytes: int
    #: The first and the last byte, where only a part is wanted.
    part: tuple[int, int] | None = None
    #: What the server said of the file before: it need not send what did not change.
    etag: str = ""
    last_modified: str = ""
    #: What is sent, and its type. Without, nothing is sent.
    body: bytes | None = None
    body_type: str = ""
    #: Whether only its headers are wanted; and headers to send beside ours, or in their place.
    is_head: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        if self.is_head:
            return "HEAD"
        return "GET" if self.body is None else "POST"

    @property
    def headers(self) -> dict[str, str]:
        headers = {"Range": f"bytes={self.part[0]}-{self.part[1]}"} if self.part else {}
        if is_mark(self.etag):
            headers["If-None-Match"] = self.etag
        elif is_mark(self.last_modified):
            headers["If-Modified-Since"] = self.last_modified
        if self.body is not None:
            headers["Content-Type"] = self.body_type
        return {**headers, **self.also}

    def wanted(self, response: BaseHTTPResponse) -> int:
        """Bytes of *response* to read. One more than a part has shows that the server gives something else."""
        if response.status == 206 and self.part:
            return self.part[1] - self.part[0] + 2
        is_long = (response.length_remaining or 0) > self.most_bytes
        return 0 if is_long or response.status != 200 else self.most_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said."""

    status: int
    #: By name in small letters.
    headers: Mapping[str, str]
    #: As much as was asked for, if the server has it.
    body: bytes
    #: Where it came from, and where its file is for good: a temporary redirect leads elsewhere each time.
    address: str = ""
    lasting: str = ""
    #: How often it was sent on.
    hops: int = 0


def is_mark(text: str) -> bool:
    """Whether *text* can be an ETag or a date, to be remembered and sent back."""
    return 0 < len(text) <= _LONGEST_MARK and text.isascii() and text.isprintable()


_LONGEST_MARK = 200


class Web:
    """The way to servers.

    *trusted* are servers, ``host`` or ``host:port``, that may be asked over http, at other ports, and at addresses that
    are not public. *progress* is told how many files are done, and of how many.
    """

    def __init__(
        self,
        trusted: Iterable[str] = (),
        *,
        limits: Limits | None = None,
        resolve: Callable[[str, int], Iterable[str]] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.progress = progress or (lambda done, of: None)
        self._trusted = frozenset(each.lower() for each in trusted)
        self._resolve = resolve or _resolved
        self._servers: dict[_Origin, _Server] = {}
        self._lock = threading.Lock()

    def read(self, address: str, *, most_bytes: int) -> Answer:
        """All that is at *address*, or one byte more than *most_bytes* of it. Raises Trouble."""
        with self.asking(address) as clock:
            answer = self.ask(address, Asked(most_bytes=most_bytes + 1), clock)
        if answer.status != 200:
            raise refused(answer)
        expect_unpacked(answer)
        return answer

    def tell(self, address: str, body: bytes | None = None, body_type: str = "", *, seconds: float) -> None:
        """Send *body* to *address*, or just ask there: once, for it may take effect without an answer.

        Raises Trouble. *address* may hold a secret: no trouble repeats it, and no redirect carries it on.
        """
        place = self._place(address)
        asked = Asked(most_bytes=0, body=body, body_type=body_type)
        answer = self._server(place.origin).answer(place, asked, Clock(seconds))
        if not 200 <= answer.status < 300:
            raise refused(answer)

    @contextmanager
    def asking(self, address: str) -> Iterator[Clock]:
        """A clock for all that is asked about one file. A server that never answers is given up. Raises Trouble."""
        server = self._server(self._place(address).origin)
        if server.failures >= self.limits.failures:
            raise Trouble(server.reason, passes=True)
        try:
            yield Clock(self.limits.seconds)
        except Trouble as trouble:
            if trouble.passes:
                server.failures, server.reason = server.failures + 1, str(trouble)
            raise

    def ask(self, address: str, asked: Asked, clock: Clock) -> Answer:
        """The answer to one GET, wherever redirects lead; what passes is waited for.

        Raises Trouble.
        """
        for attempt in range(1, self.limits.attempts + 1):
            pause = self.limits.pause_seconds * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 - no secret
            try:
                answer = self._followed(address, asked, clock)
                if answer.status not in _BUSY:
                    return answer
                trouble = refused(answer)
                pause = max(_asked_pause(answer.headers), pause)
            except Trouble as error:
                trouble = error
            is_over = attempt == self.limits.attempts or clock.left <= 0
            if not trouble.passes or is_over or pause > self.limits.patience_seconds:
                break
            with clock.stopped():
                sleep(pause)
        raise trouble

    def certificate_ends(self, address: str) -> datetime | None:
        """Until when the server of *address*, which was asked before, may call itself so; None without TLS."""
        return self._server(self._place(address).origin).certificate_ends

    def _followed(self, address: str, asked: Asked, clock: Clock) -> Answer:
        lasting, lasts = address, True
        for hops in range(self.limits.redirects + 1):
            place = self._place(address)
            answer = self._server(place.origin).answer(place, asked, clock)
            location = answer.headers.get("location", "").encode("latin-1", "replace").decode("utf-8", "replace")
            if answer.status not in _REDIRECTS or not location:
                return replace(answer, address=address, lasting=lasting, hops=hops)
            address = _led(address, location)
            lasts = lasts and answer.status in _PERMANENT
            lasting = address if lasts else lasting
        raise Trouble(say("the server sends from address to address without end"))

    def _place(self, address: str) -> _Place:
        """*address* taken apart. Raises Trouble for one that may not be asked."""
        place = _place(address)
        if not self._trusts(place.origin):
            if place.origin.scheme != "https":
                raise Trouble(say("its address begins with http://, and anybody on the way can change what comes"))
            if place.origin.port not in _PORTS:
                raise Trouble(say("its address has the port {port}, not 443", port=place.origin.port))
        return place

    def _trusts(self, origin: _Origin) -> bool:
        is_named = f"{origin.name}:{origin.port}" in self._trusted
        return is_named or (origin.name in self._trusted and origin.port in _PORTS)

    def _server(self, origin: _Origin) -> _Server:
        with self._lock:
            if origin not in self._servers:
                self._servers[origin] = _Server(origin, self.limits, self._addresses, self._tls)
            return self._servers[origin]

    def _addresses(self, origin: _Origin) -> list[str]:
        """Where a server is. Its addresses are looked at and never its name, which can say anything. Raises Trouble."""
        try:
            found = list(dict.fromkeys(self._resolve(origin.host, origin.port)))
        except (OSError, UnicodeError) as error:
            raise _unknown_server(origin.host) from error
        hidden = [address for address in found if not is_public(address)]
        if hidden and not self._trusts(origin):
            raise Trouble(say("its server is at {address}, which is no public address", address=hidden[0]))
        return found

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _resolved(host: str, port: int) -> Iterable[str]:
    return (str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


# -------------------------------------------------------------------------------- where may be asked


class _Origin(NamedTuple):
    """A server. Its host is as certificates have it, in ASCII."""

    scheme: str
    host: str
    port: int

    @property
    def name(self) -> str:
        """The host as addresses have it."""
        return f"[{self.host}]" if ":" in self.host else self.host


class _Place(NamedTuple):
    """An address taken apart."""

    origin: _Origin
    #: Path and query, percent-encoded.
    target: str


#: The ports of public servers.
_PORTS = (443, 80)
_SCHEMES = {"https": 443, "http": 80}
_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")


def _place(address: str) -> _Place:
    parts = split_address(address)
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    try:
        port = parts.port
        host = host if ":" in host else host.rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:  # a port that is none, a name that cannot be
        host = ""
    if scheme not in _SCHEMES or not host or _BROKEN.search(address):
        raise Trouble(say("its address is none that can be asked"))
    if "@" in parts.netloc:
        raise Trouble(say("its address holds a user name or password"))
    target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    target = _UNSAFE.sub(lambda found: quote(found[0], safe="", errors="replace"), target)
    return _Place(_Origin(scheme, host, port or _SCHEMES[scheme]), target)


#: What splits an address in two for one reader and not for another.
_BROKEN = re.compile(r"[\x00-\x1f\x7f\\]")


#: Letters that a message repeats of what a server says.
_LONGEST_QUOTE = 200

_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)


def _led(address: str, location: str) -> str:
    """Where *location*, given in answer to *address*, leads. Raises Trouble for a step down from https."""
    try:
        led = urljoin(address, location)
    except ValueError as error:
        raise Trouble(say("the server sends to what is no address")) from error
    if address.lower().startswith("https:") and not led.lower().startswith("https:"):
        raise Trouble(say("the server sends away from https, to “{address}”", address=plain(led)[:_LONGEST_QUOTE]))
    return led


#: Only these IPv6 addresses are given to servers. Source: IANA, IPv6 Global Unicast Address Assignments.
_UNICAST = ipaddress.ip_network("2000::/3")
# Source: IANA, IPv4 and IPv6 Special-Purpose Address Registries; RFC 3068, RFC 5737, RFC 9637.
_SPECIAL = tuple(
    ipaddress.ip_network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
    )
)


def is_public(address: str) -> bool:
    """Whether an IP *address* is one that anybody on the internet can reach, and leads to no other inside it."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    is_unicast = found.version == 4 or found in _UNICAST
    return is_unicast and found.is_global and not any(found in each for each in _SPECIAL)


# ------------------------------------------------------------------------------------- asking a server


class _Server:
    """One server, its connections, and whether it answers."""

    def __init__(
        self, origin: _Origin, limits: Limits, addresses: Callable[[_Origin], list[str]], tls: ssl.SSLContext
    ) -> None:
        self.failures, self.reason = 0, ""
        self.certificate_ends: datetime | None = None
        self._origin, self._limits, self._addresses, self._tls = origin, limits, addresses, tls
        self._idle: queue.LifoQueue[HTTPConnection | None] = queue.LifoQueue()
        for _ in range(limits.at_once):
            self._idle.put(None)

    def answer(self, place: _Place, asked: Asked, clock: Clock) -> Answer:
        """The answer to one request. Raises Trouble."""
        with clock.stopped():
            connection = self._idle.get()
        kept = None
        try:
            if connection is None or not connection.is_connected:
                connection = self._connected(clock)
            answer, is_reusable = self._exchanged(connection, place, asked, clock)
            kept = connection if is_reusable else None
            return answer
        finally:
            if connection and not kept:
                connection.close()
            self._idle.put(kept)

    def _connected(self, clock: Clock) -> HTTPConnection:
        """A connection to an address that was looked at: asking for the name again could bring another."""
        trouble = _unknown_server(self._origin.host)
        for address in self._addresses(self._origin):
            if clock.left <= 0:
                raise clock.trouble()
            connection = self._connection(address, min(self._limits.connect_seconds, clock.left))
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                connection.close()
                trouble = _broken(error)
            else:
                self.certificate_ends = _certificate_ends(connection.sock)
                return connection
        raise trouble

    def _connection(self, address: str, seconds: float) -> HTTPConnection:
        scheme, host, port = self._origin
        if scheme == "http":
            return HTTPConnection(address, port, timeout=seconds)
        return HTTPSConnection(address, port, timeout=seconds, server_hostname=host, ssl_context=self._tls)

    def _exchanged(self, connection: HTTPConnection, place: _Place, asked: Asked, clock: Clock) -> tuple[Answer, bool]:
        """The answer, and whether the connection can be used again."""
        if clock.left <= 0:
            raise clock.trouble()
        sock = connection.sock
        connection.timeout = min(self._limits.slow_seconds, clock.left)
        try:
            with _ended(sock, connection.timeout):
                connection.request(asked.method, place.target, asked.body, self._headers(asked), preload_content=False)
                response = connection.getresponse()
            with _ended(sock, clock.left):
                body = self._body(response, asked.wanted(response))
            response.close()
        except (HTTPError, HTTPException, OSError) as error:
            raise clock.trouble() if clock.left <= 0 else _broken(error) from error
        headers = {name.lower(): value for name, value in response.headers.items()}
        is_reusable = response.length_remaining == 0 and connection.sock is not None
        return Answer(status=response.status, headers=headers, body=body), is_reusable

    def _headers(self, asked: Asked) -> dict[str, str]:
        name, port = self._origin.name, self._origin.port
        return {
            "Host": name if port == _SCHEMES[self._origin.scheme] else f"{name}:{port}",
            "User-Agent": f"podfeed/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            **asked.headers,
        }

    def _body(self, response: BaseHTTPResponse, most_bytes: int) -> bytes:
        """At most *most_bytes*, as they come over the wire: nothing is inflated. Raises Trouble when they drip."""
        pieces, count = [], 0
        since, before = monotonic(), 0
        while count < most_bytes and (piece := response.read1(most_bytes - count, decode_content=False)):
            pieces.append(piece)
            count += len(piece)
            seconds = monotonic() - since
            if seconds >= self._limits.slow_seconds:
                if (count - before) / seconds < self._limits.least_bytes_per_second:
                    raise Trouble(say("it comes too slowly"), passes=True)
                since, before = monotonic(), count
        return b"".join(pieces)


def _certificate_ends(sock: object) -> datetime | None:
    told = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC) if told else None


@contextmanager
def _ended(sock: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the connection after so many seconds: a server that drips keeps every single wait short."""
    is_cut = threading.Event()

    def cut() -> None:
        is_cut.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not the one of TLS, which would go on in plain text

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (HTTPError, HTTPException, OSError) as error:
        if is_cut.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if is_cut.is_set():  # a head that ends too early looks like a short one
        raise TimeoutError


#: Answers of servers that may soon have a better one.
_BUSY = (408, 429, 500, 502, 503, 504)


def refused(answer: Answer) -> Trouble:
    """What to raise for an *answer* without what was asked for."""
    words = responses.get(answer.status, "")
    reason = say("its server answers {status} {words}", status=answer.status, words=words)
    return Trouble(reason.rstrip(), passes=answer.status in _BUSY)


def expect_unpacked(answer: Answer) -> None:
    """Raise Trouble for an answer that is packed, though nobody asked for that: nothing is ever inflated."""
    encoding = answer.headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        encoding = encoding[:_LONGEST_QUOTE]
        raise Trouble(say("its server packs it (“{encoding}”) though it was asked not to", encoding=encoding))


def _unknown_server(host: str) -> Trouble:
    return Trouble(say("there is no server called “{host}”", host=host), passes=True)


def _broken(error: Exception) -> Trouble:
    """What to raise when *error* ended an exchange."""
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = say("the certificate of its server cannot be trusted: {reason}", reason=error.verify_message)
        return Untrusted(reason, passes=True)
    if isinstance(error, ssl.SSLError):
        reason = say("no secure connection to its server can be made")
    elif isinstance(error, NewConnectionError):
        reason = say("its server cannot be reached")
    elif isinstance(error, TimeoutError | TimeoutOfRequest):
        reason = say("its server does not answer in time")
    else:
        reason = say("its server breaks off")
    return Trouble(reason, passes=True)


def _asked_pause(headers: Mapping[str, str]) -> float:
    """The seconds that a server asks to wait, 0 where it does not say. A date counts from the server's own clock."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal() and asked.isascii():
        return float(asked[:_LONGEST_NUMBER])
    try:
        return (parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("date", ""))).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0


#: Digits of a number that are looked at: more say nothing more.
_LONGEST_NUMBER = 9
