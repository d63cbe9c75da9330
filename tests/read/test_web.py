"""Audio elsewhere on the web: hostile servers, real ones, and where podfeed never goes."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from servers import (
    Answer,
    Request,
    Reset,
    Server,
    caddy,
    certificate,
    dripped,
    file,
    nginx,
    part_of,
    reply,
    seaweedfs,
    serving,
)

from podfeed import elsewhere, testing
from podfeed.model import AudioFacts
from podfeed.read import audio
from podfeed.read.remote import MOST_BYTES, RemoteFile
from podfeed.read.web import Clock, Limits, Trouble, Web, is_public
from podfeed.render.addresses import remote_url

#: Of the sound of most tests: forty seconds in whole frames.
LENGTH = timedelta(seconds=40, milliseconds=20)
#: Short enough for a test, long enough for a busy machine.
QUICK = Limits(seconds=2, connect_seconds=1, slow_seconds=1, attempts=1, pause_seconds=0.01)


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Forty seconds of sound that take two requests: an ID3v1 tag stands at the end."""
    mp3 = testing.tiny_mp3(tmp_path_factory.mktemp("sound") / "a.mp3", seconds=40)
    return mp3.read_bytes() + b"TAG" + bytes(125)


def web(server: Server, limits: Limits = QUICK) -> Web:
    return Web([server.name], limits=limits)


def measured(server: Server, path: str = "a.mp3", limits: Limits = QUICK) -> AudioFacts:
    return elsewhere.measure(web(server, limits), server.url(path))


def trouble(answer: Answer, limits: Limits = QUICK) -> Trouble:
    """What keeps podfeed from measuring what a server gives that answers so."""
    with serving(answer) as server, pytest.raises(Trouble) as raised:
        measured(server, limits=limits)
    return raised.value


def as_local(data: bytes) -> AudioFacts:
    return audio.measure_open(io.BytesIO(data))


def test_sound_elsewhere_is_measured_as_if_it_were_here(sound: bytes) -> None:
    """Size, type, length and tags are the same; two small requests are enough."""
    with serving(file(sound, ETag='"one"', Last_Modified="Mon, 02 Jun 2025 05:00:00 GMT")) as server:
        found = measured(server)

    assert found == replace(as_local(sound), etag='"one"', last_modified="Mon, 02 Jun 2025 05:00:00 GMT")
    assert found.duration == LENGTH
    assert len(server.requests) == 2
    assert {request.line.split()[0] for request in server.requests} == {"GET"}
    assert all(request.headers["accept-encoding"] == "identity" and request.part for request in server.requests)


def test_nothing_there_is_an_empty_file() -> None:
    with serving(file(b"")) as server:
        found = measured(server)

    assert (found.size_bytes, found.trouble) == (0, "it is empty")


# ------------------------------------------------------------------------------------ NW-1: it breaks


def _breaking(sound: bytes, at: int) -> Answer:
    def answer(request: Request) -> Iterator[bytes]:
        yield part_of(sound, request)[:at]
        raise Reset

    return answer


@pytest.mark.failure("NW-1")
@pytest.mark.parametrize(
    "at", [0, 1, 5000, -1], ids=["before all", "in the head", "in the body", "before the last byte"]
)
def test_broken_connection_passes(sound: bytes, at: int) -> None:
    """It is no fault of the author's, wherever it breaks."""
    assert trouble(_breaking(sound, at)).passes


@pytest.mark.failure("NW-1")
def test_what_passes_is_tried_again(sound: bytes) -> None:
    """With a pause, and only so often."""

    def answer(request: Request) -> Iterator[bytes]:
        if request.number < 2:
            raise Reset
        yield part_of(sound, request)

    with serving(answer) as server:
        found = measured(server, limits=replace(QUICK, attempts=3))

    assert found.duration == LENGTH
    assert len(server.requests) == 4


@pytest.mark.failure("NW-1")
def test_server_that_is_not_there_passes() -> None:
    with serving(file(b"")) as server:
        pass

    with pytest.raises(Trouble, match="its server cannot be reached") as raised:
        measured(server)
    assert raised.value.passes


@pytest.mark.failure("NW-1")
def test_name_that_nobody_knows_passes() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Trouble, match=r"there is no server called “audio[.]podfeed[.]example”") as raised:
        elsewhere.measure(Web(resolve=resolve, limits=QUICK), "https://audio.podfeed.example/a.mp3")
    assert raised.value.passes


@pytest.mark.failure("NW-1")
def test_server_that_never_answers_is_asked_twice_and_no_more(sound: bytes) -> None:
    """Five hundred files of a dead server do not wait for each of them in turn."""
    with serving(_breaking(sound, 0)) as server:
        found = elsewhere.measure_all(web(server), [server.url(f"{number}.mp3") for number in range(50)])

    assert all(isinstance(each, Trouble) and each.passes for each in found.values())
    assert len(server.requests) < 15


@pytest.mark.failure("NW-1")
@pytest.mark.parametrize(
    ("name", "is_known", "reason"),
    [
        pytest.param("IP:127.0.0.1", True, "", id="right"),
        pytest.param("IP:127.0.0.1", False, "self.signed certificate", id="nobody vouches for it"),
        pytest.param("DNS:other.podfeed.example", True, "IP address mismatch", id="for another server"),
    ],
)
def test_certificate(
    sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_known: bool, reason: str
) -> None:
    """A trusted server's certificate is looked at as any other's."""
    tls = certificate(tmp_path, name)
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))

    with serving(file(sound), tls=tls) as server:
        if not reason:
            assert measured(server).duration == LENGTH
            return
        with pytest.raises(Trouble, match=f"the certificate of its server cannot be trusted: {reason}") as raised:
            measured(server)
    assert raised.value.passes
    assert server.requests == []


# ------------------------------------------------------------------------------- NW-2: it never comes

_DEADLINE = replace(QUICK, seconds=0.6, slow_seconds=5)


def _silent(request: Request) -> Iterator[bytes]:
    time.sleep(3)
    yield b""


@pytest.mark.failure("NW-2")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_silent, id="nothing at all"),
        pytest.param(lambda request: dripped(reply("200 OK", b"x" * 100), 0.05), id="a head that drips"),
        pytest.param(
            lambda request: chain([reply("200 OK", Content_Length="5000")], dripped(b"x" * 20, 0.3)), id="few bytes"
        ),
        pytest.param(lambda request: iter(lambda: b"HTTP/1.1 100 Continue\r\n\r\n", None), id="continue without end"),
        pytest.param(
            lambda request: dripped(reply("302 Found", Location="/" + "a" * 500), 0.05), id="a redirect that drips"
        ),
    ],
)
def test_drip_ends_at_the_deadline(answer: Answer) -> None:
    """However a server keeps every single wait short, one file takes no longer than its time."""
    began = time.monotonic()
    found = trouble(answer, _DEADLINE)

    assert time.monotonic() - began < _DEADLINE.seconds + 1
    assert (str(found), found.passes) == ("it takes longer than 1 seconds", True)


@pytest.mark.failure("NW-2")
def test_nothing_is_tried_again_after_the_deadline() -> None:
    began = time.monotonic()
    trouble(_silent, replace(_DEADLINE, attempts=4, pause_seconds=1))

    assert time.monotonic() - began < _DEADLINE.seconds + 1


@pytest.mark.failure("NW-2")
def test_slow_body_is_given_up_before_the_deadline() -> None:
    """Less than 1 KiB a second over half a minute is no transfer; here the half minute is a third of a second."""

    def answer(request: Request) -> Iterator[bytes]:
        yield reply("200 OK", Content_Length="5000")
        yield from dripped(b"x" * 5000, 0.02)

    began = time.monotonic()
    found = trouble(answer, replace(QUICK, seconds=20, slow_seconds=0.3))

    assert (str(found), found.passes) == ("it comes too slowly", True)
    assert time.monotonic() - began < 3


@pytest.mark.failure("NW-2")
def test_handshake_without_end_ends() -> None:
    """A server that takes the connection and says nothing of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        name = f"127.0.0.1:{listening.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(Trouble, match="does not answer in time"):
            elsewhere.measure(Web([name], limits=replace(QUICK, connect_seconds=0.3)), f"https://{name}/a.mp3")

    assert time.monotonic() - began < 2


# -------------------------------------------------------------------------------------- NW-3: redirects


def _chain(sound: bytes, length: int, status: str = "302 Found") -> Answer:
    """Redirects to ``1.mp3``, ``2.mp3`` and so on, then the sound."""

    def answer(request: Request) -> list[bytes]:
        at = int("0" + "".join(filter(str.isdigit, request.line.split()[1].removesuffix(".mp3"))))
        return [reply(status, Location=f"/{at + 1}.mp3") if at < length else part_of(sound, request)]

    return answer


@pytest.mark.failure("NW-3")
def test_ten_redirects_are_followed_once(sound: bytes) -> None:
    """Further parts are asked for where the first one came from."""
    with serving(_chain(sound, 10)) as server:
        found = measured(server, "a.mp3")

    assert found.duration == LENGTH
    assert len(server.requests) == 12


@pytest.mark.failure("NW-3")
@pytest.mark.parametrize("length", [11, 10**9], ids=["eleven", "a loop"])
def test_more_redirects_are_not_followed(sound: bytes, length: int) -> None:
    with serving(_chain(sound, length)) as server, pytest.raises(Trouble, match="without end"):
        measured(server)

    assert len(server.requests) == 11


@pytest.mark.failure("NW-3")
@pytest.mark.parametrize(
    ("status", "is_kept"), [("301 Moved", True), ("308 Moved", True), ("302 Found", False), ("307 Found", False)]
)
def test_address_that_lasts(status: str, is_kept: bool) -> None:
    """A permanent redirect is the feed's new address, a temporary one is not."""
    with serving(_chain(b"<rss/>", 1, status)) as server:
        answer = web(server).read(server.url("0.mp3"), most_bytes=100)

    assert (answer.body, answer.lasting) == (b"<rss/>", server.url("1.mp3" if is_kept else "0.mp3"))


# ------------------------------------------------------------------------------- NW-4, NW-5: other bytes


@pytest.mark.failure("NW-4")
@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("has_parts", [True, False], ids=["parts", "all at once"])
def test_cut_answer_is_none(sound: bytes, tenth: int, has_parts: bool) -> None:
    """A body that ends early is never taken for a whole one."""

    def answer(request: Request) -> list[bytes]:
        whole = part_of(sound, request) if has_parts else reply("200 OK", sound)
        return [whole[: len(whole) * tenth // 10]]

    assert trouble(answer).passes


@pytest.mark.failure("NW-4")
@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Length": None},
        {"Content_Length": None, "Transfer_Encoding": "chunked"},
        {"Content_Length": "5", "Transfer_Encoding": "chunked"},
        {"Content_Length": "many"},
        {"Content_Length": "9" * 5000},
    ],
    ids=["no length", "chunks", "chunks and a length", "no number", "no number anybody needs"],
)
def test_answer_without_a_length_is_none(headers: dict[str, str | None]) -> None:
    """Nobody could tell whether all of it came."""
    assert "does not say how long it is" in str(trouble(lambda request: [reply("200 OK", **headers), b"0\r\n\r\n"]))


def _second(sound: bytes, change: Callable[[bytes], bytes], **headers: str | None) -> Answer:
    """A good first part, and a second one of other bytes or with other headers."""

    def answer(request: Request) -> list[bytes]:
        return [part_of(change(sound), request, **headers) if request.number else part_of(sound, request, ETag='"1"')]

    return answer


@pytest.mark.failure("NW-4")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda sound: _second(sound, lambda data: data + b"x", ETag='"1"'), id="longer"),
        pytest.param(lambda sound: _second(sound, lambda data: data[:-1], ETag='"1"'), id="shorter"),
        pytest.param(lambda sound: _second(sound, bytes, ETag='"2"'), id="another mark"),
        pytest.param(lambda sound: _second(sound, bytes, ETag='"1"', Last_Modified="today"), id="another date"),
        pytest.param(lambda sound: _second(sound, lambda data: data[:9], ETag='"1"'), id="much shorter"),
    ],
)
def test_parts_of_two_files_are_never_joined(sound: bytes, answer: Callable[[bytes], Answer]) -> None:
    found = trouble(answer(sound))

    assert (str(found), found.passes) == ("it changes while it is read", True)


def _answers(*replies: bytes) -> Answer:
    return lambda request: [replies[min(request.number, len(replies) - 1)]]


@pytest.mark.failure("NW-5")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(reply("403 Forbidden"), "answers 403 Forbidden", id="403"),
        pytest.param(reply("404 Not Found", b"gone"), "answers 404 Not Found", id="404"),
        pytest.param(reply("405 Method Not Allowed"), "answers 405 Method Not Allowed", id="405"),
        pytest.param(reply("204 No Content"), "answers 204 No Content", id="204"),
        pytest.param(reply("304 Not Modified"), "answers 304 Not Modified", id="304 unasked"),
        pytest.param(reply("299 Nothing Known"), "answers 299", id="no known status"),
        pytest.param(reply("302 Found"), "answers 302 Found", id="a redirect to nowhere"),
        pytest.param(reply("416 Range Not Satisfiable", Content_Range="bytes */10"), "answers 416", id="416"),
        pytest.param(reply("206 Partial Content", b"x" * 9), "other parts", id="no Content-Range"),
        pytest.param(reply("206 Partial Content", b"x" * 9, Content_Range="bytes 1-9/10"), "other parts", id="shifted"),
        pytest.param(reply("206 Partial Content", b"x" * 9, Content_Range="bytes 0-8/10"), "other parts", id="less"),
        pytest.param(reply("206 Partial Content", b"x" * 9, Content_Range="bytes 0-8/*"), "other parts", id="no total"),
        pytest.param(
            reply("206 Partial Content", b"x" * 9, Content_Range="bytes 0-8/-9"), "other parts", id="negative"
        ),
        pytest.param(reply("206 Partial Content", b"x" * 9, Content_Range="items 0-8/9"), "other parts", id="items"),
        pytest.param(
            reply("206 Partial Content", b"x" * 9, Content_Range=f"bytes 0-8/{'9' * 5000}"),
            "other parts",
            id="endless number",
        ),
        pytest.param(reply("206 Partial Content", b"x" * 8, Content_Range="bytes 0-8/9"), "other bytes", id="too few"),
        pytest.param(
            reply("206 Partial Content", b"x" * 10, Content_Range="bytes 0-8/9"), "other bytes", id="too many"
        ),
        pytest.param(
            reply("206 Partial Content", b"--a\r\n", Content_Type="multipart/byteranges; boundary=a"),
            "other parts",
            id="multipart",
        ),
        pytest.param(
            reply("200 OK", Content_Length=str(MOST_BYTES + 1)), "gives no parts of it", id="too much at once"
        ),
        pytest.param(reply("200 OK", Content_Length="10, 11"), "breaks off", id="two lengths"),
        pytest.param(b"SSH-2.0-OpenSSH_9\r\n", "breaks off", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n", "breaks off", id="too many headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\na: " + b"b" * 70_000 + b"\r\n\r\n", "breaks off", id="a long header"),
    ],
)
def test_other_answers(answer: bytes, reason: str) -> None:
    """What is not the part that was asked for, or all of the file, measures nothing."""
    assert reason in str(trouble(_answers(answer)))


@pytest.mark.failure("NW-5")
@pytest.mark.parametrize("headers", [{}, {"Accept_Ranges": "none"}], ids=["silent", "Accept-Ranges: none"])
def test_server_without_parts_gives_small_files(sound: bytes, headers: dict[str, str]) -> None:
    """HEAD is never needed, and one answer with everything is as good."""
    with serving(lambda request: [reply("200 OK", sound, **headers)]) as server:
        found = measured(server)

    assert found == as_local(sound)
    assert len(server.requests) == 1


_QUIET_FRAME, _LOUD_FRAME = b"\xff\xfb\x50\xc0" + bytes(204), b"\xff\xfb\x90\xc0" + bytes(413)


@pytest.mark.failure("NW-5")
@pytest.mark.parametrize("end", [b"", b"TAG" + bytes(125)], ids=["bare", "tagged"])
def test_constant_rate_without_an_index_takes_three_requests(end: bytes) -> None:
    """Its beginning, middle and end tell that all frames are alike; local files are counted to the last."""
    data = _QUIET_FRAME * 60_000 + end

    with serving(file(data)) as server:
        found = measured(server)

    assert abs(found.duration - as_local(data).duration) < timedelta(milliseconds=50)
    assert found.bitrate_bps == 64_000
    assert len(server.requests) == 3


@pytest.mark.failure("NW-5")
def test_varying_rate_without_an_index_is_not_guessed() -> None:
    """A guess may be minutes off: what is too large to be counted is told."""
    data = (_QUIET_FRAME * 3 + _LOUD_FRAME) * 10_000

    assert str(trouble(file(data))) == "more than 8 MiB of it must be read to measure it"


@pytest.mark.failure("NW-5")
def test_tag_of_endless_frames_is_no_work(sound: bytes) -> None:
    """A tag in front may claim a quarter of a gigabyte, in frames of nothing."""
    tag = b"ID3\3\0\0\x7f\x7f\x7f\x7f" + (b"TXXX\0\0\0\1" + bytes(3)) * 500_000
    began = time.thread_time()
    with serving(file(tag + sound)) as server:
        found = measured(server, limits=replace(QUICK, seconds=30))

    assert found.trouble
    assert time.thread_time() - began < 5


@pytest.mark.failure("NW-5")
def test_reading_stops_at_the_limit() -> None:
    """A file that would have to be read as a whole is told, and no more of it is fetched."""
    noise = b"ID3\4\0\0\0\0\0\0" + b"\xff" * 20_000_000
    sent: list[int] = []

    def answer(request: Request) -> list[bytes]:
        found = part_of(noise, request)
        sent.append(len(found))
        return [found]

    with serving(answer) as server:
        remote = RemoteFile(web(server), server.url(), Clock(30))
        with pytest.raises(Trouble, match="8 MiB"):
            remote.read()

    assert sum(sent) < MOST_BYTES


# ------------------------------------------------------------------------------- NW-6, NW-8, NW-9, NW-10


@pytest.mark.failure("NW-6")
@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, gzip", "x-unknown"])
def test_packed_sound_is_refused_and_not_unpacked(sound: bytes, encoding: str) -> None:
    """A bomb of fifty megabytes costs nothing."""
    bomb = gzip.compress(bytes(50_000_000))
    began = time.process_time()

    assert f"“{encoding}”" in str(trouble(lambda request: [reply("200 OK", bomb, Content_Encoding=encoding)]))
    assert time.process_time() - began < 0.5


@pytest.mark.failure("NW-6")
def test_packed_feed_is_refused() -> None:
    answer = reply("200 OK", gzip.compress(b"<rss/>"), Content_Encoding="gzip")
    with serving(lambda request: [answer]) as server, pytest.raises(Trouble, match="packs it"):
        web(server).read(server.url(), most_bytes=100)


@pytest.mark.failure("NW-8")
@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        pytest.param({"Retry_After": "7"}, [7.0], id="seconds"),
        pytest.param({"Retry_After": "60"}, [60.0], id="the most"),
        pytest.param({"Retry_After": "61"}, [], id="too long"),
        pytest.param({"Retry_After": "9" * 400}, [], id="absurd"),
        pytest.param(
            {"Retry_After": "Mon, 02 Jun 2025 05:00:09 GMT", "Date": "Mon, 02 Jun 2025 05:00:00 GMT"},
            [9.0],
            id="a date",
        ),
        pytest.param({"Retry_After": "Mon, 02 Jun 2025 05:00:09 GMT"}, None, id="a date without the server's own"),
        pytest.param({"Retry_After": "-5"}, None, id="negative"),
        pytest.param({"Retry_After": "soon"}, None, id="words"),
        pytest.param({"Retry_After": "７"}, None, id="other digits"),
        pytest.param({}, None, id="nothing"),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_retry_after_is_honoured_up_to_a_minute(
    sound: bytes, monkeypatch: pytest.MonkeyPatch, status: str, asked: dict[str, str], waited: list[float] | None
) -> None:
    """Without a word to go by, the pause is short; more than a minute is not waited for."""
    pauses: list[float] = []
    monkeypatch.setattr("podfeed.read.web.sleep", pauses.append)
    with serving(
        lambda request: [part_of(sound, request) if request.number else _latin(reply(status, **_plain(asked)), asked)]
    ) as server:
        if waited == []:
            with pytest.raises(Trouble, match=status[:3]) as raised:
                measured(server, limits=replace(QUICK, attempts=2))
            assert raised.value.passes
        else:
            assert measured(server, limits=replace(QUICK, attempts=2)).duration == LENGTH

    assert pauses == waited if waited is not None else [round(each) for each in pauses] == [0]


def _plain(asked: dict[str, str]) -> dict[str, str | None]:
    return {name: value for name, value in asked.items() if value.isascii()}


def _latin(answer: bytes, asked: dict[str, str]) -> bytes:
    """*answer* with headers that have other letters than ASCII, as some servers send them."""
    odd = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in asked.items() if not value.isascii())
    return answer.replace(b"\r\n\r\n", b"\r\n" + odd.encode() + b"\r\n", 1)


@pytest.mark.failure("NW-9")
@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"<!DOCTYPE html><title>Log in</title>", id="login"),
        pytest.param(b"\n\n  <html><body>404", id="soft 404"),
        pytest.param(b"<script>location = '/portal'</script>", id="captive portal"),
        pytest.param(b"\xef\xbb\xbf<HTML>", id="byte order mark"),
    ],
)
@pytest.mark.parametrize("type_", ["audio/mpeg", "text/html"])
def test_web_page_is_no_sound(page: bytes, type_: str) -> None:
    """The content tells, not what the server calls it."""
    found = trouble(lambda request: [part_of(page, request, Content_Type=type_)])

    assert ("a web page instead of sound" in str(found), found.passes) == (True, False)


@pytest.mark.failure("NW-10")
def test_nothing_of_this_machine_goes_along(sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no password, no cookie, neither from the surroundings nor from an earlier answer."""
    (tmp_path / ".netrc").write_text("default login canary password canary\n")
    with serving(file(b"")) as proxy, serving(file(sound, Set_Cookie="canary=1", WWW_Authenticate="Basic")) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://canary:canary@{proxy.name}")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("no_proxy", raising=False)
        measured(server)

    assert (proxy.requests, len(server.requests)) == ([], 2)
    sent = [name for request in server.requests for name in request.headers]
    assert set(sent) == {"host", "user-agent", "accept", "accept-encoding", "range"}
    assert "canary" not in str(server.requests)


# ----------------------------------------------------------------------------- where podfeed never goes

#: Addresses that were asked for a connection, while `connects` records them.
_CONNECTS: list[str] | None = None


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    """Note every connection, and let none leave this machine."""
    if event == "socket.connect" and _CONNECTS is not None and isinstance(arguments[1], tuple):
        _CONNECTS.append(str(arguments[1][0]))
        if not str(arguments[1][0]).startswith("127."):
            raise ConnectionRefusedError("tests stay on this machine")


@pytest.fixture
def connects() -> Iterator[list[str]]:
    """Where connections were asked for, as the interpreter itself saw it."""
    global _CONNECTS
    if _hook not in _HOOKED:
        sys.addaudithook(_hook)
        _HOOKED.append(_hook)
    _CONNECTS = []
    yield _CONNECTS
    _CONNECTS = None


_HOOKED: list[Callable[[str, tuple[object, ...]], None]] = []

#: Names and where they lead.
_NAMES = {
    "loopback.podfeed.example": ["127.0.0.1"],
    "mixed.podfeed.example": ["93.184.215.14", "10.0.0.1"],
    "six.podfeed.example": ["fd00::1"],
    "metadata.podfeed.example": ["169.254.169.254"],
    "translated.podfeed.example": ["64:ff9b::7f00:1"],
    "nothing.podfeed.example": [],
    "xn--kck1a0k.podfeed.example": ["192.168.0.1"],
    "public.podfeed.example": ["93.184.215.14"],
    "both.podfeed.example": ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"],
}


def _resolve(host: str, port: int) -> list[str]:
    """As this machine resolves numbers in all their spellings, and names by `_NAMES`."""
    if host in _NAMES:
        return _NAMES[host]
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


_NEVER_ASKED = [
    *(f"https://{host}/a.mp3" for host in _NAMES if host not in ("public.podfeed.example", "both.podfeed.example")),
    *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://0x7f000001/"),
    *("https://0177.0.0.1/", "https://127.0.0.1./", "https://①②⑦.⓪.⓪.①/", "https://１２７.０.０.１/", "https://0/"),
    *("https://0.0.0.0/", "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://[::1]/"),
    *("https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/"),
    *(
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
    ),
    *("https://[fe80::1]/", "https://[fc00::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/", "https://[fec0::1]/"),
    *(
        "https://[100::1]/",
        "https://[3fff::1]/",
        "https://[::ffff:8.8.8.8]/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
    ),
    *("https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/", "https://192.0.0.8/"),
    *(
        "https://192.88.99.1/",
        "https://198.18.0.1/",
        "https://203.0.113.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
    ),
    *("https://255.255.255.255/", "http://93.184.215.14/", "http://public.podfeed.example/"),
    *(
        "https://public.podfeed.example:22/",
        "https://public.podfeed.example:8443/",
        "https://public.podfeed.example:99999/",
    ),
    *("https://ada@public.podfeed.example/", "https://ada:secret@public.podfeed.example/"),
    *(
        "https://public.podfeed.example@127.0.0.1/",
        "https://public.podfeed.example\\@127.0.0.1/",
        "https://127.0.0.1#@public.podfeed.example/",
    ),
    *(
        "https://public.podfeed.example/a\r\nX: y",
        "https://public.podfeed.example/a\tb",
        "https://public.podfeed.example/\x7f",
    ),
    *("https://public.podfeed.example\r\nHost: a/", "https:///a.mp3", "https://[/", "https://" + "a" * 300 + "/"),
    *(
        "file:///etc/passwd",
        "ftp://public.podfeed.example/a.mp3",
        "gopher://public.podfeed.example/",
        "data:,a",
        "//127.0.0.1/",
    ),
]


def test_there_are_enough_addresses() -> None:
    assert len(set(_NEVER_ASKED)) >= 60


@pytest.mark.parametrize("address", _NEVER_ASKED)
def test_address_is_never_asked(connects: list[str], address: str) -> None:
    """No connection is tried, whatever the address looks like, and nothing secret in it is told."""
    with pytest.raises(Trouble) as raised:
        elsewhere.measure(Web(limits=QUICK, resolve=_resolve), address)

    assert connects == []
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("https://public.podfeed.example/a.mp3", ["93.184.215.14"], id="one"),
        pytest.param(
            "https://both.podfeed.example/a.mp3", ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "93.184.215.14"], id="two"
        ),
        pytest.param("https://8.8.8.8:443/a.mp3", ["8.8.8.8"], id="a number"),
    ],
)
def test_public_address_is_asked(connects: list[str], address: str, expected: list[str]) -> None:
    """The connections above would be seen; here they are tried, and stay on this machine."""
    with pytest.raises(Trouble, match="its server cannot be reached"):
        elsewhere.measure(Web(limits=QUICK, resolve=_resolve), address)

    assert connects == expected


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "2001:4860:4860::8888"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", ["", "a", "127.0.0.1", "fe80::1%eth0", "1.2.3", "::ffff:8.8.8.8"])
def test_addresses_that_are_not(address: str) -> None:
    assert not is_public(address)


_NEVER_FOLLOWED = [
    *(
        "https://127.0.0.1/",
        "http://127.0.0.1/",
        "http://127.0.0.1:1/",
        "//127.0.0.1/",
        "//localhost:1/a",
        "http://[::1]/",
    ),
    *("http://2130706433/", "http://0x7f.1/", "http://①②⑦.⓪.⓪.①/", "https://[::ffff:7f00:1]/", "https://10.0.0.1/"),
    *(
        "https://169.254.169.254/latest/meta-data/",
        "https://loopback.podfeed.example/",
        "https://mixed.podfeed.example/",
    ),
    *("https://six.podfeed.example/", "https://translated.podfeed.example/", "https://metadata.podfeed.example/"),
    *(
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://100.64.0.1/",
        "http://public.podfeed.example/",
    ),
    *(
        "https://public.podfeed.example:25/",
        "https://ada:b@public.podfeed.example/",
        "file:///etc/passwd",
        "FILE:/etc/passwd",
    ),
    *(
        "ftp://127.0.0.1/a",
        "gopher://127.0.0.1/",
        "data:text/plain,a",
        "javascript:alert(1)",
        "https://[/",
        "https://",
    ),
]


@pytest.mark.failure("NW-3")
@pytest.mark.parametrize("location", _NEVER_FOLLOWED)
def test_redirect_is_never_followed(connects: list[str], location: str) -> None:
    """A server that may be asked cannot send podfeed where it may not go."""
    with serving(lambda request: [reply("302 Found", Location=location.encode().decode("latin-1"))]) as server:
        asking = Web([server.name], limits=QUICK, resolve=_resolve)
        with pytest.raises(Trouble):
            elsewhere.measure(asking, server.url())

    assert connects == ["127.0.0.1"]
    assert len(server.requests) == 1


@pytest.mark.failure("NW-3")
@pytest.mark.parametrize("location", ["http://127.0.0.1/a.mp3", "http://{name}/a.mp3", "HTTP://{name}/a.mp3"])
def test_step_down_from_https_is_never_followed(
    connects: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, location: str
) -> None:
    """Not even to a server that may be asked over http."""
    tls = certificate(tmp_path, "IP:127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with serving(file(b"")) as low:
        answer = reply("301 Moved", Location=location.format(name=low.name))
        with serving(lambda request: [answer], tls=tls) as server, pytest.raises(Trouble, match="away from https"):
            elsewhere.measure(Web([server.name, low.name], limits=QUICK), server.url())

    assert (low.requests, connects) == ([], ["127.0.0.1"])


@pytest.mark.parametrize("path", ["海 1.mp3", "a b.mp3", "%E6%B5%B7%201.mp3", "a%zz.mp3?x=ä b#c"])
def test_address_is_asked_as_feeds_name_it(sound: bytes, path: str) -> None:
    """What a feed cannot hold is percent-encoded in the same way, and nothing is encoded twice."""
    with serving(file(sound)) as server:
        measured(server, path)

    assert {request.line for request in server.requests} == {f"GET {remote_url('/' + path.partition('#')[0])} HTTP/1.1"}


@pytest.mark.parametrize("mark", ["日本", "a\r\nX: y", "a" * 201, "\x00"])
def test_mark_that_nobody_can_send_is_not_sent(sound: bytes, mark: str) -> None:
    """podfeed.lock is a text that anybody may edit."""
    with serving(file(sound)) as server:
        found = elsewhere.measure_again(web(server), server.url(), replace(as_local(sound), etag=mark))

    assert found.size_bytes == len(sound)
    assert "if-none-match" not in server.requests[0].headers


@pytest.mark.failure("NW-3")
def test_name_that_leads_elsewhere_the_second_time_brings_nobody_in(connects: list[str]) -> None:
    """The connection goes to the very address that was looked at; what a name leads to next is looked at again."""
    answers = iter([["93.184.215.14"], ["127.0.0.1"], ["10.0.0.1"], ["::1"]])
    asking = Web(limits=replace(QUICK, attempts=4), resolve=lambda host, port: next(answers))

    with pytest.raises(Trouble, match=r"its server is at 127\.0\.0\.1, which is no public address"):
        elsewhere.measure(asking, "https://rebinding.podfeed.example/a.mp3")

    assert connects == ["93.184.215.14"]


@pytest.mark.parametrize(
    ("trusted", "is_asked"),
    [
        ("127.0.0.1:{port}", True),
        ("127.0.0.1", False),
        ("127.0.0.1:1", False),
        ("localhost:{port}", False),
        ("", False),
    ],
)
def test_trust_is_for_one_server(sound: bytes, trusted: str, is_asked: bool) -> None:
    """Of that name and that port; without a port, the two of public servers."""
    with serving(file(sound)) as server:
        asking = Web([trusted.format(port=server.port)], limits=QUICK)
        with suppress(Trouble):
            elsewhere.measure(asking, server.url())

    assert bool(server.requests) == is_asked


# ----------------------------------------------------------------------------------------- real servers

_SERVERS = {"nginx": nginx, "caddy": caddy, "seaweedfs": seaweedfs}


def _covered(sound: bytes) -> bytes:
    """*sound* behind an ID3 tag with a title, a cover of half a megabyte, and an artist after it."""

    def frame(name: bytes, body: bytes) -> bytes:
        return name + len(body).to_bytes(4) + bytes(2) + body

    cover = b"\0image/jpeg\0\3\0\xff\xd8\xff" + os.urandom(500_000)
    frames = frame(b"TIT2", b"\3Tides") + frame(b"APIC", cover) + frame(b"TPE1", b"\3Ada") + bytes(2000)
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + frames + sound


@pytest.fixture(scope="session")
def hours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About an hour of mp3 with a cover and tags at both ends, and of m4a with its tables in front and behind."""
    site = tmp_path_factory.mktemp("hours")
    plain = testing.tiny_mp3(site / "hour.mp3", seconds=3600).read_bytes()
    (site / "hour.mp3").write_bytes(_covered(plain + b"TAG" + bytes(125)))
    if shutil.which("ffmpeg"):
        make = partial(subprocess.run, check=True, stdin=subprocess.DEVNULL)
        minutes, silence = (
            str(site.parent / "minutes.m4a"),
            ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", "120"],
        )
        make(["ffmpeg", "-v", "error", "-y", *silence, "-c:a", "aac", "-b:a", "32k", minutes])
        for name, place in (("late", "0"), ("early", "+faststart")):
            loop = ["-stream_loop", "29", "-i", minutes, "-c", "copy", "-movflags", place, str(site / f"{name}.m4a")]
            make(["ffmpeg", "-v", "error", *loop])
    return site


@pytest.fixture(scope="session", params=_SERVERS)
def real(request: pytest.FixtureRequest, hours: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with _SERVERS[request.param](tmp_path_factory.mktemp(request.param), hours) as server:
        yield server


@pytest.mark.parametrize("name", ["hour.mp3", "early.m4a", "late.m4a"])
def test_hour_from_a_real_server(real: Server, hours: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three requests and 300 kB measure an hour, with its tags, whatever its cover weighs and wherever its tables are."""
    if not (hours / name).exists():
        pytest.skip("ffmpeg, which makes M4A files, is not installed")
    bodies: list[int] = []
    ask = Web.ask

    def counted(*arguments: object, **named: object) -> object:
        answer = ask(*arguments, **named)  # type: ignore[arg-type]
        bodies.append(len(answer.body))
        return answer

    monkeypatch.setattr(Web, "ask", counted)
    found = elsewhere.measure(Web([real.name]), real.url(name))

    expected = as_local((hours / name).read_bytes())
    assert replace(found, etag="", last_modified="") == expected
    assert found.duration > timedelta(minutes=59)
    assert found.etag
    assert len(bodies) <= 3
    assert sum(bodies) <= 300_000


def test_real_server_says_that_nothing_changed(real: Server, hours: Path) -> None:
    """One small request, without a body."""
    asking = Web([real.name])
    known = elsewhere.measure(asking, real.url("hour.mp3"))

    assert elsewhere.measure_again(asking, real.url("hour.mp3"), known) is known
    assert elsewhere.measure_again(asking, real.url("hour.mp3"), replace(known, etag="")) is not None
