"""A bucket that speaks S3, as a store. The one module that knows boto3.

What its library says in errors and logs holds addresses and keys: none of that is passed on, only codes that stores
give, in our own words. Source: publish-protocol.md, section 6; failure-model.md, section 2.4.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any, BinaryIO, Literal, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    EndpointProviderError,
    HTTPClientError,
    IncompleteReadError,
    ParamValidationError,
    ResponseStreamingError,
    SSLError,
    ValidationError,
)
from botocore.parsers import ResponseParserError

from podfeed import __version__
from podfeed.errors import AccessError, ConditionsError, PodfeedError, StoredError, TargetError, UsageError
from podfeed.model import Target
from podfeed.publish.content import opened, other_bytes, read_all
from podfeed.publish.google import sign_for_google
from podfeed.publish.opening import Public
from podfeed.publish.record import digest_of
from podfeed.publish.store import ABSENT, Answer, Blob, Conditions, Object, PublicAnswer, Stored
from podfeed.read.folder import split_address
from podfeed.words import say

#: What is larger goes up in parts, each of this size; there may be so many.
PART_BYTES = 64 << 20
_MOST_PARTS = 10_000
#: Attempts of one request, of one object that breaks off while it is read, and of one that arrives garbled.
ATTEMPTS = 8
_READS = 3
_PUTS = 3
_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 60.0
#: Connections at the same time.
_CONNECTIONS = 16
_CHUNK = 1 << 20
#: An upload in parts that is older was left behind by a run that was killed.
_ABANDONED = timedelta(hours=24)

T = TypeVar("T")
_Outcome = Literal["done", "refused", "unclear", "garbled"]


class _Late(Exception):
    """The time for the whole run is over."""


#: What the library raises for answers that are cut off, make no sense, or send it in a circle.
_NONSENSE = (ResponseParserError, IncompleteReadError, ValueError, KeyError, RecursionError)
#: What it raises when nobody knows what became of a request, and all that it raises when one does not succeed.
_NETWORK = (HTTPClientError, ConnectionError, *_NONSENSE, _Late)
_FAILURES = (BotoCoreError, ClientError, *_NONSENSE, _Late)
#: What it raises for settings of the target that cannot be.
_MISNAMED = (EndpointProviderError, ParamValidationError, ValidationError)


class S3Store:
    """A bucket, or what lies below a prefix in it. Any thread may use it."""

    def __init__(self, target: Target, *, public: Public, seconds_left: Callable[[], float]) -> None:
        self.place = digest_of([target.endpoint, target.bucket])
        self.conditions: Conditions = ""
        self._target, self._public, self._seconds_left = target, public, seconds_left
        self._start = f"{target.prefix}/" if target.prefix else ""
        self._now: datetime | None = None
        try:
            self._session = boto3.session.Session()
            self._client = _client(self._session, target, seconds_left())
        except ValueError:
            raise _misnamed(target) from None
        except BotoCoreError as error:
            raise _said(error, target) from None
        events = self._client.meta.events
        events.register("before-call.s3", self._refuse_late)
        events.register("needs-retry.s3", self._refuse_late_retry)
        events.register("after-call.s3", self._hear)
        events.register("before-send.s3", _begin)
        events.register_last("request-created.s3", self._translate)

    # -------------------------------------------------------------------------------------------- reading

    def get(self, key: str) -> Object | None:
        """As `Store` says."""
        found = self._read(key, partial(read_all, key))
        return Object(**_facts(key, found[0]), data=found[1]) if found else None

    def head(self, key: str) -> Stored | None:
        """As `Store` says."""
        try:
            return Stored(**_facts(key, self._client.head_object(**self._named(key))))
        except _FAILURES as error:
            if _is_absence(error):
                return None
            raise _said(error, self._target, key) from None

    def hashed(self, key: str) -> str:
        """As `Store` says."""

        def digest(body: Any, size_bytes: int) -> str:
            sha256 = hashlib.sha256()
            for chunk in body.iter_chunks(_CHUNK):
                sha256.update(chunk)
            return sha256.hexdigest()

        found = self._read(key, digest)
        return found[1] if found else ""

    def _read(self, key: str, take: Callable[[Any, int], T]) -> tuple[Mapping[str, Any], T] | None:
        """What is said of the object at *key*, and what *take* makes of its body, from the front if that breaks off."""
        for attempt in range(1, _READS + 1):
            try:
                answer = self._client.get_object(**self._named(key))
                with closing(answer["Body"]) as body:
                    return answer, take(body, answer["ContentLength"])
            except _FAILURES as error:
                if _is_absence(error):
                    return None
                if attempt == _READS or not isinstance(error, IncompleteReadError | ResponseStreamingError):
                    raise _said(error, self._target, key) from None
        return None

    def list(self, prefix: str) -> list[str]:
        """As `Store` says."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._target.bucket, Prefix=self._start + prefix
        )
        try:
            return [each["Key"].removeprefix(self._start) for page in pages for each in page.get("Contents", ())]
        except _FAILURES as error:
            raise _said(error, self._target, prefix) from None

    def now(self) -> datetime | None:
        """As `Store` says."""
        return self._now

    def public_url(self, key: str) -> str:
        """As `Store` says."""
        return self._public.url(key)

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        """As `Store` says."""
        return self._public.get(key, first, last)

    # -------------------------------------------------------------------------------------------- putting

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        """As `Store` says. Raises StoredError when its bytes do not arrive as they are, however often they are sent."""
        for _ in range(_PUTS):
            with opened(blob) as file:
                outcome = self._outcome(blob, file, only_if, progress)
            if outcome != "garbled":
                return Answer(outcome=outcome)
        message = say("“{key}” arrives at the store with other bytes: something on the way changes it", key=blob.key)
        raise StoredError(message)

    def _outcome(self, blob: Blob, file: BinaryIO, only_if: str | None, progress: Callable[[int], None]) -> _Outcome:
        parts = _parts(file, blob)
        served = {
            **self._named(blob.key),
            "ContentType": blob.content_type,
            "CacheControl": blob.cache_control,
            "Metadata": {"podfeed": blob.owner, "sha256": blob.sha256},
        }
        bodies = [(part, _Body(file, part, progress)) for part in parts]
        try:
            if len(parts) == 1:
                answer = self._client.put_object(**served, **self._condition(only_if), **_content(*bodies[0]))
            else:
                answer = self._put_in_parts(served, bodies, self._condition(only_if))
        except _FAILURES as error:
            outcome = _outcome_of(error)
            if outcome is None:
                raise _said(error, self._target, blob.key, is_conditional=only_if is not None) from None
            return outcome
        # An answer that was cut off looks like one that says less.
        return "done" if re.fullmatch(r'"[^"]+"|[^"]+', answer.get("ETag", "")) else "unclear"

    def _put_in_parts(
        self, served: dict[str, Any], bodies: Sequence[tuple[_Part, _Body]], condition: Mapping[str, str]
    ) -> dict[str, Any]:
        place = {name: served[name] for name in ("Bucket", "Key")}
        self._abort_abandoned(served["Key"])
        upload = self._client.create_multipart_upload(**served)["UploadId"]
        try:
            done = []
            for number, (part, body) in enumerate(bodies, 1):
                put = self._client.upload_part(**place, UploadId=upload, PartNumber=number, **_content(part, body))
                done.append({"PartNumber": number, "ETag": put["ETag"]})
            answer: dict[str, Any] = self._client.complete_multipart_upload(
                **place, UploadId=upload, MultipartUpload={"Parts": done}, **condition
            )
            return answer
        except BaseException:
            self._abort(place["Key"], upload)
            raise

    def _abort_abandoned(self, key: str) -> None:
        """Abort what killed runs began to put beside *key*, and nobody will complete: its parts cost money."""
        folder = key[: len(key) - len(posixpath.basename(key))]
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._target.bucket, Prefix=folder or key
        )
        with suppress(*_FAILURES):  # whoever may not list them has them expire by a rule of the bucket
            uploads = [each for page in pages for each in page.get("Uploads", ())]
            for each in uploads:
                if self._now and each["Initiated"].astimezone(UTC) < self._now - _ABANDONED:
                    self._abort(each["Key"], each["UploadId"])

    def _abort(self, key: str, upload: str) -> None:
        with suppress(*_FAILURES):
            self._client.abort_multipart_upload(Bucket=self._target.bucket, Key=key, UploadId=upload)

    def _condition(self, only_if: str | None) -> dict[str, str]:
        if only_if is None:
            return {}
        if only_if == ABSENT:
            return {"IfNoneMatch": "*"}
        etag, _, generation = only_if.partition(" ")
        forms = {"unquoted": etag.strip('"'), "generation": generation}
        return {"IfMatch": forms.get(self.conditions, etag)}

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._target.bucket, "Key": self._start + key}

    # --------------------------------------------------------------------------------- what the library tells

    def _refuse_late(self, model: Any, **_: Any) -> None:
        """Nothing is asked any more when the time is over, but to clean up."""
        if self._seconds_left() <= 0 and model.name != "AbortMultipartUpload":
            raise _Late

    def _refuse_late_retry(self, response: Any, **_: Any) -> None:
        """Nor is it asked again; what has succeeded counts."""
        has_succeeded = response is not None and response[0].status_code < 300
        if self._seconds_left() <= 0 and not has_succeeded:
            raise _Late

    def _hear(self, parsed: Mapping[str, Any], **_: Any) -> None:
        """Note what the clock of the store says."""
        with suppress(KeyError, ValueError, TypeError):
            self._now = parsedate_to_datetime(parsed["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)

    def _translate(self, request: Any, **_: Any) -> None:
        if self.conditions == "generation":
            keys = self._session.get_credentials().get_frozen_credentials()
            region = self._client.meta.region_name
            sign_for_google(request, access_key=keys.access_key, secret_key=keys.secret_key, region=region)


def credentials_from() -> str:
    """Where the library finds credentials, by its own word for the place; empty where it finds none. Never which."""
    try:
        found = boto3.session.Session().get_credentials()
    except BotoCoreError:
        return ""
    return str(found.method) if found else ""


def _client(session: boto3.session.Session, target: Target, seconds: float) -> Any:
    """A client of the store of *target* that gives up after so many *seconds* at the latest."""
    for name in ("boto3", "botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)  # below, they tell keys and signatures
    config = Config(
        # Many stores refuse, or keep, the trailers that newer clients send; Content-MD5 is understood by all.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        connect_timeout=min(_CONNECT_SECONDS, max(seconds, 1)),
        read_timeout=min(_ANSWER_SECONDS, max(seconds, 1)),
        max_pool_connections=_CONNECTIONS,
        s3={"addressing_style": target.addressing or "auto"},
        user_agent_extra=f"podfeed/{__version__}",
    )
    region = target.region or session.region_name or "us-east-1"
    return session.client("s3", region_name=region, endpoint_url=target.endpoint or None, config=config)


# ------------------------------------------------------------------------------------------- what goes up


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """Some bytes of a file."""

    start: int
    size_bytes: int
    #: As Content-MD5 has it.
    md5: str


class _Body:
    """A part of a file as it goes up; tells how much of it went for the first time."""

    def __init__(self, file: BinaryIO, part: _Part, progress: Callable[[int], None]) -> None:
        self._file, self._part, self._progress = file, part, progress
        self._at = self._told = 0
        #: It is read before, too, to be signed.
        self.goes_up = False

    def read(self, count: int | None = -1) -> bytes:
        left = self._part.size_bytes - self._at
        self._file.seek(self._part.start + self._at)
        data = self._file.read(left if count is None or count < 0 else min(count, left))
        self._at += len(data)
        if self.goes_up and self._at > self._told:
            self._progress(self._at - self._told)
            self._told = self._at
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        starts = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._part.size_bytes}
        self._at = starts[whence] + offset
        self.goes_up = False
        return self._at

    def tell(self) -> int:
        return self._at


def _begin(request: Any, **_: Any) -> None:
    if isinstance(request.body, _Body):
        request.body.goes_up = True


def _parts(file: BinaryIO, blob: Blob) -> list[_Part]:
    """The parts *blob* goes up in, which *file* has the bytes of. Raises TargetError when these are others."""
    size = max(PART_BYTES, -(-blob.size_bytes // _MOST_PARTS))
    sha256, start = hashlib.sha256(), 0
    parts: list[_Part] = []
    file.seek(0)
    while start < blob.size_bytes or not parts:
        md5, left = hashlib.md5(usedforsecurity=False), min(size, blob.size_bytes - start)
        part_bytes = left
        while left and (chunk := file.read(min(left, _CHUNK))):
            md5.update(chunk)
            sha256.update(chunk)
            left -= len(chunk)
        digest = base64.b64encode(md5.digest()).decode()
        parts.append(_Part(start=start, size_bytes=part_bytes, md5=digest))
        start += part_bytes
    if file.read(1) or sha256.hexdigest() != blob.sha256:
        raise other_bytes(blob)
    return parts


def _content(part: _Part, body: _Body) -> dict[str, Any]:
    return {"Body": body, "ContentLength": part.size_bytes, "ContentMD5": part.md5}


# ---------------------------------------------------------------------------------------- what is answered


def _facts(key: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What *answer* says of the object at *key*, as `Stored` has it."""
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    return {
        "key": key,
        "size_bytes": answer["ContentLength"],
        "version": f"{answer.get('ETag', '')} {headers.get('x-goog-generation', '')}",
        "content_type": answer.get("ContentType", ""),
        "cache_control": answer.get("CacheControl", ""),
        "content_encoding": answer.get("ContentEncoding", ""),
        "sha256": _metadata(headers, "sha256"),
        "owner": _metadata(headers, "podfeed"),
    }


def _metadata(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"x-amz-meta-{name}") or headers.get(f"x-goog-meta-{name}") or ""


def _status(error: Exception) -> int:
    return error.response["ResponseMetadata"].get("HTTPStatusCode", 0) if isinstance(error, ClientError) else 0


def _code(error: Exception) -> str:
    """What the store calls *error*, if that is a plain word; the library puts the status there if there is none."""
    code = str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""
    return code if re.fullmatch(r"[A-Za-z._-]{1,60}", code) else ""


def _is_absence(error: Exception) -> bool:
    return _code(error) == "NoSuchKey" or (_status(error) == 404 and not _code(error))


#: Codes for bytes that are not those of the Content-MD5 or the signature.
_GARBLED = ("BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "IncompleteBody")
_REFUSED = (304, 412)
#: Statuses and codes for nothing having been decided. 409 is no refusal: somebody else was at it at the same time.
_BUSY = (408, 409, 425, 429)
_BUSY_CODES = ("RequestTimeout", "NoSuchUpload", "SlowDown", "Throttling", "OperationAborted")
_NOT_IMPLEMENTED = 501


def _outcome_of(error: Exception) -> _Outcome | None:
    """What a put that ended in *error* is known to have done; None for what a person must look at."""
    status, code = _status(error), _code(error)
    if isinstance(error, _NETWORK) or status in _BUSY or code in _BUSY_CODES:
        return "unclear"
    if status in _REFUSED or code == "NoSuchKey":
        return "refused"
    if code in _GARBLED:
        return "garbled"
    return "unclear" if status >= 500 and status != _NOT_IMPLEMENTED else None


_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")
_UNKNOWN_KEYS = (
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSecurity",
    "InvalidToken",
    "InvalidClientTokenId",
)
_ELSEWHERE = ("PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException")


def _said(error: Exception, target: Target, key: str = "", *, is_conditional: bool = False) -> PodfeedError:
    """What to raise for *error*, in words that give nothing away."""
    server = split_address(target.endpoint).hostname or "AWS"
    if isinstance(error, ClientError):
        return _answered(error, target.bucket, server, key, is_conditional=is_conditional)
    if isinstance(error, _Late):
        return TargetError(say("the time for publishing is over (--deadline); run again"))
    if isinstance(error, SSLError):
        return TargetError(say("no secure connection to the store at {server} can be made", server=server))
    if isinstance(error, _NETWORK):
        message = say(
            "the store at {server} does not answer, or breaks off; run again, and if that does not help, look at"
            " “endpoint” in config.yaml",
            server=server,
        )
        return TargetError(message)
    if isinstance(error, _MISNAMED):
        return _misnamed(target)
    return AccessError(
        say(
            "no credentials for the bucket “{bucket}” are here: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or"
            " AWS_PROFILE to the name of a profile",
            bucket=target.bucket,
        )
    )


def _misnamed(target: Target) -> UsageError:
    message = say(
        "the target “{name}” is no place that can be asked: look at s3, endpoint and region", name=target.name
    )
    return UsageError(message)


def _answered(error: ClientError, bucket: str, server: str, key: str, *, is_conditional: bool) -> PodfeedError:
    status, code = _status(error), _code(error)
    if code == "NoSuchBucket":
        return AccessError(say("there is no bucket “{bucket}” at {server}", bucket=bucket, server=server))
    if code == "RequestTimeTooSkewed":
        return AccessError(say("the clock of this machine is too far from that of the store: set it, and run again"))
    if code in _EXPIRED:
        return AccessError(say("the credentials for the bucket “{bucket}” have expired: get new ones", bucket=bucket))
    if code in _UNKNOWN_KEYS or status == 401:
        message = say(
            "{server} does not know the credentials for the bucket “{bucket}”: “podfeed doctor” says where they come"
            " from",
            server=server,
            bucket=bucket,
        )
        return AccessError(message)
    if code in _ELSEWHERE or status == 301:
        told = error.response["ResponseMetadata"].get("HTTPHeaders", {}).get("x-amz-bucket-region", "")
        region = told if re.fullmatch(r"[a-z0-9-]{1,40}", told) else "…"
        return AccessError(
            say("the bucket “{bucket}” is in another region: write “region: {region}”", bucket=bucket, region=region)
        )
    if status == 403:
        message = say(
            "the credentials may not do this with “{key}” in the bucket “{bucket}”: they need to get, put and list"
            " objects",
            key=key,
            bucket=bucket,
        )
        return AccessError(message)
    if status == _NOT_IMPLEMENTED and is_conditional:
        message = say(
            "the store at {server} cannot put under a condition, which keeps two publishers apart: write “writers: one”"
            " if one machine alone publishes",
            server=server,
        )
        return ConditionsError(message)
    answer = f"{status} {code}".strip()
    return TargetError(say("the store at {server} answers “{answer}”; run again", server=server, answer=answer))
