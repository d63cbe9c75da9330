"""Buckets as they are: what goes over the wire, what stores answer, and what is told of it."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers import Answer, Request, Reset, Server, reply, serving
from stores import blob, bucket_store, opened
from weed import CREDENTIALS, DOMAIN, Bucket

from podfeed.errors import AccessError, ConditionsError, PodfeedError, StoredError, TargetError, UsageError
from podfeed.model import Target
from podfeed.publish import s3
from podfeed.publish.store import ABSENT, Store

FEED = blob("feed.xml", b"<rss/>", content_type="application/rss+xml; charset=utf-8")


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Credentials in the environment, and no other place to find any."""
    for name in [*os.environ]:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    places = {"AWS_CONFIG_FILE": tmp_path / "config", "AWS_SHARED_CREDENTIALS_FILE": tmp_path / "credentials"}
    for name, value in {**CREDENTIALS, **places, "AWS_EC2_METADATA_DISABLED": "true"}.items():
        monkeypatch.setenv(name, str(value))


def _store(server: Server, *, seconds_left: Callable[[], float] = lambda: 600) -> Store:
    target = Target(name="live", bucket="harbour", endpoint=server.url("").rstrip("/"), addressing="path")
    return opened(target, seconds_left=seconds_left)


def _error(status: str, code: str = "", **headers: str) -> Answer:
    """A server that answers everything with this error, as S3 has it."""
    body = f"<Error><Code>{code}</Code><Message>words</Message></Error>".encode() if code else b""
    return lambda request: [reply(status, body, Content_Type="application/xml", **headers)]


# ------------------------------------------------------------------------------------------ what is stored


@pytest.mark.failure("OS-10")
def test_over_tls(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file is stored as it is, without a trace of how it travelled, and conditions hold as over http."""
    store = bucket_store(bucket, monkeypatch, is_secure=True)
    data = os.urandom(300_000)
    (tmp_path / "a.mp3").write_bytes(data)
    piece = replace(blob("a.mp3", data, content_type="audio/mpeg"), content=tmp_path / "a.mp3")

    assert store.put(piece, only_if=ABSENT).outcome == "done"
    assert store.put(piece, only_if=ABSENT).outcome == "refused"

    there = bucket.client.head_object(Bucket=bucket.name, Key="a.mp3")
    assert there["ContentLength"] == len(data)
    assert there["ContentType"] == "audio/mpeg"
    assert there["CacheControl"] == piece.cache_control
    assert there["Metadata"] == {"podfeed": "a-guid", "sha256": piece.sha256}
    assert "ContentEncoding" not in there
    assert bucket.read("a.mp3") == data


def test_prefix(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a prefix all keys lie below it, and nothing else in the bucket is seen."""
    bucket.client.put_object(Bucket=bucket.name, Key="feed.xml", Body=b"another site")
    store = bucket_store(bucket, monkeypatch, prefix="pod/casts")

    assert store.get("feed.xml") is None
    assert store.put(FEED, only_if=ABSENT).outcome == "done"

    assert bucket.read("pod/casts/feed.xml") == FEED.content
    assert list(store.list("")) == ["feed.xml"]
    assert store.public_url("feed.xml") == f"{bucket.public}/pod/casts/feed.xml"
    assert store.public_get("feed.xml").body == FEED.content


def test_bucket_in_the_name_of_the_host(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Virtual-hosted addressing: the bucket stands before the store's own name."""
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def at_home(host: str, *arguments: Any, **named: Any) -> Any:
        asked.append(host)
        return resolve("127.0.0.1", *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", at_home)
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)
    endpoint = bucket.endpoint.replace("127.0.0.1", DOMAIN)
    store = opened(Target(name="live", bucket=bucket.name, endpoint=endpoint, addressing="virtual"))

    assert store.put(FEED, only_if=ABSENT).outcome == "done"

    assert bucket.read("feed.xml") == FEED.content
    assert set(asked) == {f"{bucket.name}.{DOMAIN}"}


# --------------------------------------------------------------------------------------------- large files


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that goes up in three parts, of the smallest size that stores take."""
    monkeypatch.setattr(s3, "PART_BYTES", 5 << 20)
    path = tmp_path / "large.mp3"
    path.write_bytes(os.urandom(11 << 20))
    return path


def _large(path: Path) -> Any:
    return replace(blob("audio/large.mp3", path.read_bytes(), content_type="audio/mpeg"), content=path)


@pytest.mark.failure("OS-6")
def test_large_file_goes_up_in_parts(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, large: Path) -> None:
    """It is stored whole, with all that is said of it, under the same conditions; each byte is heard of once."""
    store, piece = bucket_store(bucket, monkeypatch), _large(large)
    heard: list[int] = []

    assert store.put(piece, only_if=ABSENT, progress=heard.append).outcome == "done"

    there = store.head(piece.key)
    assert there is not None
    assert (there.size_bytes, there.sha256, there.owner) == (11 << 20, piece.sha256, "a-guid")
    assert there.content_type == "audio/mpeg"
    assert there.version.strip().endswith('-3"')
    assert store.hashed(piece.key) == piece.sha256
    assert sum(heard) == 11 << 20
    assert store.put(piece, only_if=ABSENT).outcome == "refused"
    assert _unfinished(bucket) == []


def _unfinished(bucket: Bucket) -> list[str]:
    found = bucket.client.list_multipart_uploads(Bucket=bucket.name)
    return [each["Key"] for each in found.get("Uploads", ())]


@pytest.mark.failure("OS-6")
def test_interrupted_upload_leaves_no_parts(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, large: Path) -> None:
    """What is begun and not completed is taken away."""
    store = bucket_store(bucket, monkeypatch)

    def interrupt(count: int) -> None:
        assert _unfinished(bucket) == ["audio/large.mp3"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.put(_large(large), only_if=ABSENT, progress=interrupt)

    assert _unfinished(bucket) == []
    assert bucket.all_keys() == []


@pytest.mark.failure("OS-6")
def test_what_a_killed_run_left_behind_is_aborted(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, large: Path) -> None:
    """Unfinished uploads beside the file, a day old; younger ones may be somebody's who is at it now."""
    for key in ("audio/old.mp3", "elsewhere/old.mp3"):
        bucket.client.create_multipart_upload(Bucket=bucket.name, Key=key)
    store, piece = bucket_store(bucket, monkeypatch), _large(large)

    store.put(piece, only_if=None)
    assert _unfinished(bucket) == ["audio/old.mp3", "elsewhere/old.mp3"]

    monkeypatch.setattr(s3, "_ABANDONED", timedelta(seconds=-60))
    store.put(piece, only_if=None)
    assert _unfinished(bucket) == ["elsewhere/old.mp3"]


@pytest.mark.failure("IN-24")
@pytest.mark.parametrize("is_large", [False, True])
def test_file_that_changes_while_it_goes_up(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, large: Path, is_large: bool
) -> None:
    """The store refuses bytes that are not those that were hashed, and nothing is stored."""
    if not is_large:
        large.write_bytes(os.urandom(3 << 20))
    store, piece = bucket_store(bucket, monkeypatch), _large(large)

    def change(count: int) -> None:
        with large.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last[0] ^ 255]))

    with pytest.raises(TargetError, match="changed while it was read; run again"):
        store.put(piece, only_if=ABSENT, progress=change)

    assert bucket.all_keys() == []
    assert _unfinished(bucket) == []


# -------------------------------------------------------------------------------------------- what is answered

UNCLEAR = [
    pytest.param("503 Slow Down", "SlowDown", marks=pytest.mark.failure("OS-1")),
    pytest.param("500 Internal Server Error", "InternalError", marks=pytest.mark.failure("OS-1")),
    pytest.param("429 Too Many Requests", "TooManyRequests", marks=pytest.mark.failure("OS-1")),
    pytest.param("409 Conflict", "ConditionalRequestConflict", marks=pytest.mark.failure("OS-3")),
    pytest.param("409 Conflict", "OperationAborted", marks=pytest.mark.failure("OS-3")),
    pytest.param("400 Bad Request", "RequestTimeout", marks=pytest.mark.failure("OS-1")),
    pytest.param("404 Not Found", "NoSuchUpload", marks=pytest.mark.failure("OS-2")),
    pytest.param("502 Bad Gateway", "", marks=pytest.mark.failure("OS-1")),
]
REFUSED = [
    pytest.param("412 Precondition Failed", "PreconditionFailed", marks=pytest.mark.failure("OS-2")),
    pytest.param("304 Not Modified", "", marks=pytest.mark.failure("OS-4")),
    pytest.param("404 Not Found", "NoSuchKey", marks=pytest.mark.failure("OS-2")),
]


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library does not try again: what it does then has its own tests, and takes its time."""
    monkeypatch.setattr(s3, "ATTEMPTS", 1)


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.parametrize(("status", "code"), UNCLEAR)
def test_answer_that_decides_nothing(status: str, code: str) -> None:
    """The object may be there or not: that is what it says, and no more."""
    with serving(_error(status, code)) as server:
        assert _store(server).put(FEED, only_if=ABSENT).outcome == "unclear"


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.parametrize(("status", "code"), REFUSED)
def test_answer_that_the_condition_does_not_hold(status: str, code: str) -> None:
    """412 at most stores; AWS says 404 where nothing is there, and some say 304."""
    with serving(_error(status, code)) as server:
        assert _store(server).put(FEED, only_if='"abc" ').outcome == "refused"


def _lost(request: Request) -> Iterator[bytes]:
    raise Reset
    yield b""


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_lost, id="reset"),
        pytest.param(lambda request: [], id="closed"),
        pytest.param(lambda request: [b'HTTP/1.1 200 OK\r\nETag: "6ae46a'], id="cut off in the head"),
        pytest.param(lambda request: [reply("200 OK")], id="nothing in the head"),
        pytest.param(_error("200 OK", "InternalError"), id="200 with an error", marks=pytest.mark.failure("OS-5")),
        pytest.param(lambda request: [b"garbage\r\n\r\n"], id="no HTTP"),
    ],
)
@pytest.mark.failure("OS-2")
def test_lost_answer(answer: Answer) -> None:
    """What was stored is not known: no answer at all, one that is cut off, and one that is no answer."""
    with serving(answer) as server:
        assert _store(server).put(FEED, only_if=ABSENT).outcome == "unclear"


@pytest.mark.usefixtures("credentials", "once")
def test_nobody_answers() -> None:
    """A put that reached nobody is unclear, too; reading says who does not answer."""
    with serving(_error("500 Gone")) as server:
        store = _store(server)

    assert store.put(FEED, only_if=ABSENT).outcome == "unclear"
    with pytest.raises(TargetError, match=r"the store at 127\.0\.0\.1 does not answer"):
        store.get("feed.xml")


@pytest.mark.usefixtures("credentials")
@pytest.mark.failure("OS-1")
def test_busy_store_is_asked_again() -> None:
    """As often as it takes within reason, and what it answers then counts."""

    def answer(request: Request) -> list[bytes]:
        good = reply("200 OK", ETag='"abc"')
        return [good if request.number == 2 else reply("503 Slow Down")]

    with serving(answer) as server:
        assert _store(server).put(FEED, only_if=ABSENT).outcome == "done"
    assert len(server.requests) == 3


@pytest.mark.usefixtures("credentials")
@pytest.mark.failure("OS-1")
def test_nothing_is_asked_when_the_time_is_over() -> None:
    """Neither for the first time nor again: a put is unclear then, and reading says what is the matter."""
    left = [600.0]

    def answer(request: Request) -> list[bytes]:
        left[0] = 0
        return [reply("503 Slow Down")]

    with serving(answer) as server:
        store = _store(server, seconds_left=lambda: left[0])

        assert store.put(FEED, only_if=ABSENT).outcome == "unclear"
        with pytest.raises(TargetError, match="the time for publishing is over"):
            store.get("feed.xml")
        assert store.put(FEED, only_if=ABSENT).outcome == "unclear"
    assert len(server.requests) == 1


@pytest.mark.usefixtures("credentials")
def test_answer_at_the_last_moment_counts() -> None:
    """What is done is done, though the time is over now."""
    left = [600.0]

    def answer(request: Request) -> list[bytes]:
        left[0] = 0
        return [reply("200 OK", ETag='"abc"')]

    with serving(answer) as server:
        assert _store(server, seconds_left=lambda: left[0]).put(FEED, only_if=ABSENT).outcome == "done"


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.failure("OS-2")
@pytest.mark.parametrize("cut", ["uploads", "partNumber=2"])
def test_lost_answer_about_a_part(large: Path, cut: str) -> None:
    """It is unclear as any other, and what was begun is taken away if anybody knows its name."""

    def answer(request: Request) -> list[bytes]:
        if cut in request.line and request.line.startswith("P"):
            return [reply("200 OK")]
        body = b"<InitiateMultipartUploadResult><UploadId>7</UploadId></InitiateMultipartUploadResult>"
        return [reply("200 OK", body if request.line.startswith("POST") else b"", ETag='"abc"')]

    with serving(answer) as server:
        assert _store(server).put(_large(large), only_if=ABSENT).outcome == "unclear"

    aborted = [each.line for each in server.requests if each.line.startswith("DELETE")]
    assert len(aborted) == (1 if cut.startswith("part") else 0)


@pytest.mark.usefixtures("credentials", "once")
def test_answer_that_makes_no_sense() -> None:
    """A proxy may spoil any header: that is trouble on the way, and no fault of podfeed's."""
    whole = reply("200 OK", ETag='"abc"', Content_Length="6, 6")

    with serving(lambda request: [whole]) as server, pytest.raises(TargetError, match="run again"):
        _store(server).head("feed.xml")


@pytest.mark.usefixtures("credentials")
@pytest.mark.failure("OS-9")
def test_bytes_that_arrive_garbled() -> None:
    """The store says so, they are sent again, and then a person must look."""
    with serving(_error("400 Bad Request", "BadDigest")) as server, pytest.raises(StoredError, match="other bytes"):
        _store(server).put(FEED, only_if=ABSENT)

    assert len(server.requests) == 3
    md5 = base64.b64encode(hashlib.md5(b"<rss/>").digest()).decode()
    assert {each.headers["content-md5"] for each in server.requests} == {md5}


@pytest.mark.usefixtures("credentials")
def test_object_that_breaks_off_is_read_again() -> None:
    """From the front, as often as needed within reason."""

    def answer(request: Request) -> list[bytes]:
        whole = reply("200 OK", b"<rss/>", ETag='"abc"')
        return [whole if request.number else whole[:-3]]

    with serving(answer) as server:
        found = _store(server).get("feed.xml")

    assert found is not None
    assert found.data == b"<rss/>"


@pytest.mark.usefixtures("credentials")
def test_object_that_always_breaks_off() -> None:
    """Half an object is none."""
    whole = reply("200 OK", b"<rss/>", ETag='"abc"')
    with serving(lambda request: [whole[:-3]]) as server:
        with pytest.raises(TargetError, match="breaks off"):
            _store(server).get("feed.xml")
        with pytest.raises(TargetError, match="breaks off"):
            _store(server).hashed("feed.xml")


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize(
    ("conditions", "told"),
    [("", '"abc"'), ("etag", '"abc"'), ("unquoted", "abc")],
)
def test_quotes_of_versions(conditions: Any, told: str) -> None:
    """Some stores want an ETag without the quotes they gave it with."""
    with serving(lambda request: [reply("200 OK", b"<rss/>", ETag='"abc"')]) as server:
        store = _store(server)
        store.conditions = conditions
        found = store.get("feed.xml")
        assert found is not None
        store.put(FEED, only_if=found.version)

    assert server.requests[-1].headers["if-match"] == told


# --------------------------------------------------------------------------------------------- what is told

#: What the store answers, what is raised, and some of what it says.
FAILURES = [
    ("403 Forbidden", "AccessDenied", AccessError, "may not do this with “feed.xml” in the bucket “harbour”"),
    ("403 Forbidden", "", AccessError, "get, put and list"),
    ("401 Unauthorized", "", AccessError, "does not know the credentials"),
    ("403 Forbidden", "InvalidAccessKeyId", AccessError, "does not know the credentials"),
    ("403 Forbidden", "SignatureDoesNotMatch", AccessError, "does not know the credentials"),
    ("400 Bad Request", "ExpiredToken", AccessError, "have expired: get new ones"),
    ("403 Forbidden", "RequestTimeTooSkewed", AccessError, "the clock of this machine"),
    ("404 Not Found", "NoSuchBucket", AccessError, "there is no bucket “harbour” at 127.0.0.1"),
    ("400 Bad Request", "AuthorizationHeaderMalformed", AccessError, "another region"),
    ("501 Not Implemented", "NotImplemented", ConditionsError, "writers: one"),
    ("400 Bad Request", "EntityTooLarge", TargetError, "answers “400 EntityTooLarge”"),
    ("418 I'm a teapot", "<b>", TargetError, "answers “418”"),
]


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.parametrize(("status", "code", "kind", "words"), FAILURES)
@pytest.mark.failure("OS-11")
def test_failure_is_told(status: str, code: str, kind: type[PodfeedError], words: str) -> None:
    """With the exit code that says who must do something, and in words that say what."""
    with serving(_error(status, code)) as server, pytest.raises(kind) as raised:
        _store(server).put(FEED, only_if=ABSENT)

    assert words in str(raised.value)
    assert raised.value.exit_code == kind.exit_code


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.failure("OS-12")
@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.get("feed.xml"),
        lambda store: store.head("feed.xml"),
        lambda store: store.hashed("feed.xml"),
        lambda store: store.list("_podfeed/"),
        lambda store: store.put(FEED, only_if=None),
    ],
    ids=["get", "head", "hashed", "list", "put"],
)
def test_missing_permission(ask: Callable[[Store], object]) -> None:
    """Whatever is asked for, nothing goes on without it."""
    with serving(_error("403 Forbidden", "AccessDenied")) as server, pytest.raises(AccessError, match="may not"):
        ask(_store(server))


@pytest.mark.usefixtures("credentials", "once")
def test_not_implemented_without_a_condition() -> None:
    """Only where a condition was given is it the condition that the store cannot do."""
    with serving(_error("501 Not Implemented")) as server, pytest.raises(TargetError, match="answers “501”"):
        _store(server).put(FEED, only_if=None)


@pytest.mark.usefixtures("credentials")
@pytest.mark.failure("OS-11")
def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked, and it is said where they belong."""
    for name in CREDENTIALS:
        monkeypatch.delenv(name)

    with (
        serving(_error("500 Internal Server Error")) as server,
        pytest.raises(AccessError, match="AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"),
    ):
        _store(server).get("feed.xml")
    assert server.requests == []


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize(
    ("name", "value"),
    [("AWS_SECRET_ACCESS_KEY", None), ("AWS_PROFILE", "nobody")],
    ids=["half of them", "unknown profile"],
)
def test_credentials_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    """They are as good as none."""
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)

    with serving(_error("500 Internal Server Error")) as server, pytest.raises(AccessError, match="no credentials"):
        _store(server).get("feed.xml")


@pytest.mark.usefixtures("credentials")
@pytest.mark.parametrize("target", [Target(name="live", bucket="a b"), Target(name="live", bucket="a", endpoint="//x")])
def test_target_that_cannot_be_asked(target: Target) -> None:
    """It is said that the target is to be mended, where nobody looked at what the check says."""
    with pytest.raises(UsageError, match="the target “live”"):
        opened(target).get("feed.xml")


@pytest.mark.failure("OS-11")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"AWS_SECRET_ACCESS_KEY": "wrong"}, "does not know the credentials", id="wrong secret"),
        pytest.param({"AWS_ACCESS_KEY_ID": "unknown"}, "does not know the credentials", id="unknown key"),
    ],
)
def test_real_store_does_not_know_the_credentials(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], words: str
) -> None:
    """SeaweedFS says it, and so do we."""
    monkeypatch.setattr(type(bucket), "environment", {**bucket.environment, **changes})

    with pytest.raises(AccessError, match=words):
        bucket_store(bucket, monkeypatch).get("feed.xml")


@pytest.mark.failure("OS-13")
def test_real_store_without_the_bucket(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with a slip creates no bucket."""
    store = bucket_store(replace(bucket, name="harbour-rdio"), monkeypatch)

    with pytest.raises(AccessError, match="there is no bucket “harbour-rdio”"):
        store.get("feed.xml")
    with pytest.raises(AccessError, match="there is no bucket “harbour-rdio”"):
        store.put(FEED, only_if=ABSENT)


@pytest.mark.failure("OS-11")
def test_real_store_and_a_wrong_clock(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour off, no request is accepted: the clock is what is to be mended."""
    from botocore import auth

    now = auth.get_current_datetime
    monkeypatch.setattr(auth, "get_current_datetime", lambda: now() + timedelta(hours=1))

    with pytest.raises(AccessError, match="the clock of this machine"):
        bucket_store(bucket, monkeypatch).get("feed.xml")


@pytest.mark.parametrize("is_known", [True, False])
def test_certificate_of_the_store(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, is_known: bool) -> None:
    """One that nobody vouches for is not accepted."""
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    store = bucket_store(bucket, monkeypatch, is_secure=True)
    if not is_known:
        monkeypatch.delenv("AWS_CA_BUNDLE")
        store = opened(Target(name="live", bucket=bucket.name, endpoint=bucket.tls_endpoint, addressing="path"))

    if is_known:
        assert store.get("feed.xml") is None
    else:
        with pytest.raises(TargetError, match="no secure connection"):
            store.get("feed.xml")


# ------------------------------------------------------------------------------------------ what stays secret


@pytest.mark.usefixtures("credentials", "once")
@pytest.mark.parametrize(("status", "code"), [(status, code) for status, code, *_ in FAILURES])
@pytest.mark.failure("OS-11")
def test_nothing_secret_is_told(
    status: str, code: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in what is raised, nor in what it is raised from, nor in a log that keeps everything."""
    canaries = {
        "AWS_ACCESS_KEY_ID": "canary-key",
        "AWS_SECRET_ACCESS_KEY": "canary-secret",
        "AWS_SESSION_TOKEN": "canary-token",
    }
    for name, value in canaries.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    body = (
        f"<Error><Code>{code}</Code><AWSAccessKeyId>canary-key</AWSAccessKeyId><Message>canary-token</Message></Error>"
    )

    with serving(lambda request: [reply(status, body.encode())]) as server, pytest.raises(PodfeedError) as raised:
        _store(server).put(FEED, only_if=ABSENT)

    assert "canary" not in str(raised.value)
    assert raised.value.__suppress_context__
    assert "canary" not in caplog.text
