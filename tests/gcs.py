"""Google Cloud Storage as far as publishing needs it, as its XML API is documented: conditions by generation.

It takes requests signed in its own way or in that of S3, but no headers of both together.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import re
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest
from servers import Request, Server, part_of, reply, serving

ACCESS_KEY, SECRET_KEY = "GOOG1TESTKEY", "google-secret"
BUCKET = "harbour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """What is stored under a key."""

    data: bytes
    generation: int
    headers: Mapping[str, str]


@dataclass
class Google:
    """The store; its objects by key."""

    server: Server | None = None
    objects: dict[str, Object] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    started: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1_700_000_000_000_001))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, request: Request) -> list[bytes]:
        """The answer to a request."""
        method, target, _ = request.line.split(" ")
        parts = urlsplit(target)
        key = unquote(parts.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        asked = parse_qs(parts.query, keep_blank_values=True)
        if any(name.startswith("x-amz-") for name in request.headers) and "x-goog-date" in request.headers:
            return [_error("400 Bad Request", "ExcessHeaderValues")]
        if "authorization" not in request.headers:
            return [self._public(key, request)]
        if "x-goog-date" in request.headers and not _is_signed(request, method, parts.path, parts.query):
            return [_error("403 Forbidden", "SignatureDoesNotMatch")]
        with self._lock:
            return [self._done(method, key, asked, request)]

    def _done(self, method: str, key: str, asked: Mapping[str, list[str]], request: Request) -> bytes:
        if method in ("GET", "HEAD") and not key:
            return self._listed(asked)
        if method in ("GET", "HEAD"):
            return self._read(method, key)
        if method == "POST" and "uploads" in asked:
            upload = str(next(self._numbers))
            self.uploads[upload], self.started[upload] = {}, _kept(request)
            return _xml(f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>")
        if method == "DELETE":
            self.uploads.pop(asked["uploadId"][0], None)
            return reply("204 No Content")
        md5 = b64encode(hashlib.md5(request.body).digest()).decode()
        if request.headers.get("content-md5", md5) != md5:
            return _error("400 Bad Request", "BadDigest")
        if method == "PUT" and "uploadId" in asked:
            self.uploads[asked["uploadId"][0]][int(asked["partNumber"][0])] = request.body
            return reply("200 OK", ETag=f'"{hashlib.md5(request.body).hexdigest()}"')
        there = self.objects.get(key)
        wanted = request.headers.get("x-goog-if-generation-match")
        if wanted is not None and wanted != str(there.generation if there else 0):
            return _error("412 Precondition Failed", "PreconditionFailed")
        data, kept = request.body, _kept(request)
        if method == "POST":
            upload = asked["uploadId"][0]
            kept, parts = self.started.pop(upload), self.uploads.pop(upload)
            data = b"".join(parts[number] for number in sorted(parts))
        generation = next(self._numbers)
        self.objects[key] = Object(data=data, generation=generation, headers=kept)
        headers = {"ETag": f'"{hashlib.md5(data).hexdigest()}"', "x-goog-generation": str(generation)}
        if method == "POST":
            body = f"<CompleteMultipartUploadResult><ETag>{headers['ETag']}</ETag></CompleteMultipartUploadResult>"
            return _xml(body)
        return reply("200 OK", **headers)

    def _read(self, method: str, key: str) -> bytes:
        there = self.objects.get(key)
        if there is None:
            return _error("404 Not Found", "NoSuchKey" if method == "GET" else "")
        told = {
            "ETag": f'"{hashlib.md5(there.data).hexdigest()}"',
            "x-goog-generation": str(there.generation),
            **there.headers,
        }
        answer = reply("200 OK", there.data, Date=_now(), **told)
        return answer if method == "GET" else answer[: len(answer) - len(there.data)]

    def _listed(self, asked: Mapping[str, list[str]]) -> bytes:
        prefix, after = (asked.get(name, [""])[0] for name in ("prefix", "continuation-token"))
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        page = keys[:1000]
        more = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if len(keys) > 1000 else ""
        found = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in page)
        is_cut = str(bool(more)).lower()
        return _xml(f"<ListBucketResult><IsTruncated>{is_cut}</IsTruncated>{more}{found}</ListBucketResult>")

    def _public(self, key: str, request: Request) -> bytes:
        there = self.objects.get(key)
        if there is None:
            return _error("404 Not Found", "NoSuchKey")
        return part_of(there.data, request, Content_Type=there.headers.get("content-type", ""))


def _kept(request: Request) -> dict[str, str]:
    """What of a request is given back with the object. Metadata is Google's, whoever's name it came under."""
    names = (name for name in request.headers if re.fullmatch(r"content-type|cache-control|x-(amz|goog)-meta-.+", name))
    return {name.replace("x-amz-", "x-goog-"): request.headers[name] for name in names}


def _is_signed(request: Request, method: str, path: str, query: str) -> bool:
    """Whether the signature is that of the documents: Signatures, V4 signing process with HMAC keys."""
    found = re.fullmatch(
        r"GOOG4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/storage/goog4_request, SignedHeaders=(\S+), Signature=(\w+)",
        request.headers["authorization"],
    )
    if not found or found[1] != ACCESS_KEY:
        return False
    names = found[4].split(";")
    all_of_google = {name for name in request.headers if name.startswith("x-goog-")}
    if "host" not in names or not all_of_google <= set(names) or names != sorted(names):
        return False
    lines = [method, path, "&".join(sorted(filter(None, query.split("&"))))]
    lines += [f"{name}:{request.headers[name]}" for name in names]
    lines += ["", found[4], request.headers["x-goog-content-sha256"]]
    scope = f"{found[2]}/{found[3]}/storage/goog4_request"
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = f"GOOG4-HMAC-SHA256\n{request.headers['x-goog-date']}\n{scope}\n{digest}"
    key = f"GOOG4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == found[5]


def _error(status: str, code: str) -> bytes:
    return reply(status, f"<Error><Code>{code}</Code></Error>".encode() if code else b"", Date=_now())


def _xml(text: str) -> bytes:
    return reply("200 OK", f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), Content_Type="application/xml")


def _now() -> str:
    return format_datetime(datetime.now(UTC), usegmt=True)


@pytest.fixture
def google() -> Iterator[Google]:
    """A Google Cloud Storage on loopback."""
    store = Google()
    with serving(store.answer) as store.server:
        yield store
