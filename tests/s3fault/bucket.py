"""A bucket in memory that answers as S3 does: with conditions that hold, or with faults and lies when a test asks."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum
from typing import Protocol
from xml.sax.saxutils import escape


class Fault(Enum):
    """What can happen to a request."""

    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    ANSWER_LOST = "answer lost"
    ERROR_AFTER = "500 after apply"
    RESET = "reset"
    LATE = "no answer, and applied a while later"
    SLOW_DOWN = "503 SlowDown"
    CONFLICT = "409 ConditionalRequestConflict"


#: The five of which every request must survive each.
FIVE = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWER_LOST, Fault.ERROR_AFTER, Fault.RESET)


class Lie(Enum):
    """What a store can do in place of a condition it was given."""

    IGNORES_IF_NONE_MATCH = "ignores If-None-Match"
    IGNORES_IF_MATCH = "ignores If-Match"
    NOT_IMPLEMENTED = "501"
    ERROR_IN_A_200 = "200 with an error body"
    REFUSES_THE_FIRST = "412 though nothing is there"
    KEEPS_OTHER_BYTES = "answers 200 but keeps other bytes"


class Killed(BaseException):
    """The publisher is dead: nothing it does from here on reaches the store. No handler of errors may catch this."""


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, whoever carries it."""

    #: Who asks; empty where nobody says.
    client: str
    method: str
    #: Empty for the bucket itself.
    key: str
    is_signed: bool = True
    query: Mapping[str, str] = field(default_factory=dict)
    #: By names in small letters.
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_conditional(self) -> bool:
        return self.method != "GET" and bool({"if-match", "if-none-match"} & self.headers.keys())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the store answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Logged:
    """A request as the log keeps it; *status* is 0 where nobody heard an answer."""

    client: str
    method: str
    key: str
    status: int
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An object."""

    data: bytes
    etag: str
    #: Its type, its caching and its metadata, by names in small letters.
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Witness(Protocol):
    """Looks at what is there after every write, while nothing else happens."""

    def after_write(self, objects: Mapping[str, Kept], key: str) -> None: ...


_KEPT = re.compile(r"content-type|cache-control|content-encoding|content-disposition|x-amz-meta-.*")

#: How many requests a late one is late by.
_REQUESTS_LATE = 4

#: Says what happens to a request, which is the n-th of its client.
Plan = Callable[[Request, int], Fault | None]


@dataclass(slots=True)
class Bucket:
    """The bucket. What is set on it here changes how it answers from then on."""

    witness: Witness | None = None
    plan: Plan = lambda request, number: None
    lie: Lie | None = None
    #: Called with every request before anything is done: a barrier, or a rest.
    before: Callable[[Request], None] = lambda request: None
    #: Whether ETags say nothing of the bytes, as where a store encrypts.
    has_random_etags: bool = False
    #: Keys the public may not read.
    private: Callable[[str], bool] = lambda key: False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    page_size: int = 1000
    #: How the keys of a page are given: a store may mix them up or repeat some.
    listed: Callable[[list[str]], list[str]] = lambda keys: keys
    #: Whose requests without a name are, where one client alone is at work.
    anonymous: str = ""
    objects: dict[str, Kept] = field(default_factory=dict)
    log: list[Logged] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    _uploads: dict[str, tuple[str, Mapping[str, str], dict[int, bytes]]] = field(default_factory=dict)
    #: Requests that are under way, each with how many others come before it.
    _late: list[tuple[int, Request]] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def handle(self, request: Request) -> Reply:
        """Answer *request*, unless something happens to it.

        Raises Cut when there is no answer, Killed when whoever asks is dead from now on.
        """
        client = request.client or self.anonymous
        with self._lock:
            self._refuse_dead(client)
            number = self._counts[client]
            self._counts[client] += 1
        fault = self.plan(request, number)
        if fault is Fault.CONFLICT and not request.is_conditional:
            fault = None
        self.before(request)
        with self._lock:
            self._refuse_dead(client)
            self._apply_late_ones()
            if fault is Fault.LATE:
                self._late.append((_REQUESTS_LATE, request))
            reply = self._failed(client, fault) or self._ending(client, fault, self._applied(request))
            heard = reply.status if isinstance(reply, Reply) else 0
            self.log.append(Logged(client, request.method, request.key, heard, fault))
        if isinstance(reply, Reply):
            return reply
        raise reply

    def alone(self) -> threading.RLock:
        """While this is held nothing happens in the bucket."""
        return self._lock

    def put(self, key: str, data: bytes, **headers: str) -> None:
        """Place an object as somebody else would."""
        self._keep(key, data, {name.replace("_", "-"): value for name, value in headers.items()})

    # ---------------------------------------------------------------------------------------- faults

    def _refuse_dead(self, client: str) -> None:
        if client in self.dead:
            raise Killed(client)

    def _failed(self, client: str, fault: Fault | None) -> Reply | BaseException | None:
        """What comes of a *fault* before anything is done."""
        if fault is Fault.KILLED_BEFORE:
            return self._death(client)
        if fault in (Fault.RESET, Fault.LATE):
            return Cut()
        if fault is Fault.SLOW_DOWN:
            return _error(503, "SlowDown")
        if fault is Fault.CONFLICT:
            return _error(409, "ConditionalRequestConflict")
        return None

    def _ending(self, client: str, fault: Fault | None, reply: Reply) -> Reply | BaseException:
        """What comes of a *fault* after all was done."""
        if fault is Fault.KILLED_AFTER:
            return self._death(client)
        if fault is Fault.ANSWER_LOST:
            return Cut()
        return _error(500, "InternalError") if fault is Fault.ERROR_AFTER else reply

    def _apply_late_ones(self) -> None:
        """Do what requests ask for that were under way for so long that nobody waits for them any more."""
        self._late = [(left - 1, request) for left, request in self._late]
        for left, request in self._late:
            if not left:
                self._applied(request)
        self._late = [(left, request) for left, request in self._late if left]

    def _death(self, client: str) -> BaseException:
        """Whoever asked is dead from now on; who that is must be known."""
        if not client:
            return Cut()
        self.dead.add(client)
        return Killed(client)

    # ------------------------------------------------------------------------------------- operations

    def _applied(self, request: Request) -> Reply:
        reply = (
            self._denied(request) or self._of_bucket(request) or self._of_upload(request) or self._of_object(request)
        )
        return Reply(
            status=reply.status,
            headers={"Date": format_datetime(self.now(), usegmt=True), **reply.headers},
            body=reply.body,
        )

    def _denied(self, request: Request) -> Reply | None:
        is_reading = request.method in ("GET", "HEAD") and request.key and not request.query
        if request.is_signed or (is_reading and not self.private(request.key)):
            return None
        return _error(403, "AccessDenied")

    def _of_bucket(self, request: Request) -> Reply | None:
        if request.key:
            return None
        if "list-type" in request.query:
            return self._list(request.query)
        if "uploads" in request.query:
            rows = [
                f"<Upload><Key>{escape(key)}</Key><UploadId>{name}</UploadId>"
                f"<Initiated>{self.now():%Y-%m-%dT%H:%M:%S.000Z}</Initiated></Upload>"
                for name, (key, _, _) in self._uploads.items()
                if key.startswith(request.query.get("prefix", ""))
            ]
            return _xml("ListMultipartUploadsResult", "<IsTruncated>false</IsTruncated>", *rows)
        return Reply() if request.method in ("GET", "HEAD") else _error(405, "MethodNotAllowed")

    def _list(self, query: Mapping[str, str]) -> Reply:
        after = query.get("continuation-token") or query.get("start-after", "")
        found = sorted(key for key in self.objects if key.startswith(query.get("prefix", "")) and key > after)
        size = min(self.page_size, int(query.get("max-keys", "1000")))
        page, has_more = found[:size], len(found) > size
        rows = [
            f"<Contents><Key>{escape(key)}</Key><ETag>{escape(self.objects[key].etag)}</ETag>"
            f"<Size>{len(self.objects[key].data)}</Size></Contents>"
            for key in self.listed(page)
        ]
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if has_more else ""
        head = f"<KeyCount>{len(page)}</KeyCount><IsTruncated>{str(has_more).lower()}</IsTruncated>{token}"
        return _xml("ListBucketResult", head, *rows)

    def _of_upload(self, request: Request) -> Reply | None:
        if request.method == "POST" and "uploads" in request.query:
            name = secrets.token_hex(8)
            self._uploads[name] = (request.key, _kept_headers(request.headers), {})
            return _xml("InitiateMultipartUploadResult", f"<UploadId>{name}</UploadId>")
        upload = request.query.get("uploadId", "")
        if not upload:
            return None
        if upload not in self._uploads:
            return _error(404, "NoSuchUpload")
        key, headers, parts = self._uploads[upload]
        if request.method == "PUT":
            if refused := _damaged(request):
                return refused
            parts[int(request.query["partNumber"])] = request.body
            return Reply(headers={"ETag": f'"{hashlib.md5(request.body).hexdigest()}"'})
        if request.method == "POST":
            if refused := self._refused(request):
                return refused
            del self._uploads[upload]
            etag = f'"{secrets.token_hex(16)}-{len(parts)}"'
            self._keep(key, b"".join(parts[number] for number in sorted(parts)), headers, etag)
            return _xml("CompleteMultipartUploadResult", f"<ETag>{escape(etag)}</ETag>")
        del self._uploads[upload]
        return Reply(status=204)

    def _of_object(self, request: Request) -> Reply:
        if request.method == "PUT":
            return self._put(request)
        if request.method == "DELETE":
            if self.objects.pop(request.key, None) and self.witness:
                self.witness.after_write(self.objects, request.key)
            return Reply(status=204)
        found = self.objects.get(request.key)
        if found is None:
            return _error(404, "NoSuchKey")
        headers = {**found.headers, "ETag": found.etag, "Accept-Ranges": "bytes"}
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not part:
            return Reply(headers=headers, body=found.data)
        first, last = int(part[1]), min(int(part[2] or len(found.data)), len(found.data) - 1)
        if first > last:
            return _error(416, "InvalidRange")
        headers["Content-Range"] = f"bytes {first}-{last}/{len(found.data)}"
        return Reply(status=206, headers=headers, body=found.data[first : last + 1])

    def _put(self, request: Request) -> Reply:
        if self.lie is Lie.ERROR_IN_A_200:
            return Reply(body=_error(500, "InternalError").body)
        if refused := _damaged(request) or self._refused(request):
            return refused
        data = request.body + b"\n" if self.lie is Lie.KEEPS_OTHER_BYTES else request.body
        kept = self._keep(request.key, data, _kept_headers(request.headers))
        return Reply(headers={"ETag": kept.etag})

    def _refused(self, request: Request) -> Reply | None:
        """The answer where a condition of *request* does not hold."""
        there = self.objects.get(request.key)
        match, none_match = request.headers.get("if-match"), request.headers.get("if-none-match")
        if self.lie is Lie.NOT_IMPLEMENTED and request.is_conditional:
            return _error(501, "NotImplemented")
        is_in_the_way = there or self.lie is Lie.REFUSES_THE_FIRST
        if none_match and is_in_the_way and self.lie is not Lie.IGNORES_IF_NONE_MATCH:
            return _error(412, "PreconditionFailed")
        if match and self.lie is not Lie.IGNORES_IF_MATCH:
            if there is None:
                return _error(404, "NoSuchKey")
            if there.etag.strip('"') != match.strip('"'):
                return _error(412, "PreconditionFailed")
        return None

    def _keep(self, key: str, data: bytes, headers: Mapping[str, str], etag: str = "") -> Kept:
        digest = secrets.token_hex(16) if self.has_random_etags else hashlib.md5(data).hexdigest()
        with self._lock:
            kept = self.objects[key] = Kept(data=data, etag=etag or f'"{digest}"', headers=headers)
            if self.witness:
                self.witness.after_write(self.objects, key)
        return kept


def _kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if _KEPT.fullmatch(name)}


def _damaged(request: Request) -> Reply | None:
    """The answer where the bytes are not those that were sent."""
    told = request.headers.get("content-md5")
    if told and base64.b64decode(told) != hashlib.md5(request.body).digest():
        return _error(400, "BadDigest")
    return None


def _error(status: int, code: str) -> Reply:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
    return Reply(status=status, headers={"Content-Type": "application/xml"}, body=body)


def _xml(name: str, *inside: str) -> Reply:
    body = f"<?xml version='1.0'?><{name}>{''.join(inside)}</{name}>".encode()
    return Reply(headers={"Content-Type": "application/xml"}, body=body)


# ------------------------------------------------------------------------------------------------ plans


def after(count: int, fault: Fault) -> Plan:
    """*fault* for the request that comes after *count* others of its client."""
    return lambda request, number: fault if number == count else None


def randomly(share: float, faults: Iterable[Fault], chance: Callable[[], float]) -> Plan:
    """One of *faults* for this *share* of all requests, as *chance* (from 0 to 1) has it."""
    kinds = tuple(faults)
    return lambda request, number: kinds[int(chance() * len(kinds))] if chance() < share else None
