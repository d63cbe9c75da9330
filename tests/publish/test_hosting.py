"""How a host serves a podcast is looked at as apps, directories and players on web pages ask for it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers import Answer, Request, Server, certificate, part_of, reply, serving

from podfeed.check.registry import rules
from podfeed.publish.hosting import Host, Kind, Served
from podfeed.read.web import Limits, Web

NOW = datetime.now(UTC)
SOUND = bytes(range(256)) * 300
FEED = b"<rss version='2.0'><channel><title>Harbour Radio</title></channel></rss>\n" + b" " * 200_000
DATA = {"a.mp3": SOUND, "feed.xml": FEED, "a.vtt": b"WEBVTT\n", "a.jpg": SOUND}
TYPES = {"a.mp3": "audio/mpeg", "feed.xml": "application/rss+xml", "a.vtt": "text/vtt", "a.jpg": "image/jpeg"}
KINDS: dict[str, Kind] = {"a.mp3": "audio", "feed.xml": "feed", "a.vtt": "text", "a.jpg": "picture"}
ETAG = '"one"'

Headers = dict[str, str | None]


def good(request: Request, **changes: str | None) -> Iterable[bytes]:
    """What a host answers that does everything right, but for these headers."""
    name = request.line.split()[1].removeprefix("/")
    if name not in DATA:
        return [reply("404 Not Found")]
    is_feed = KINDS[name] == "feed"
    headers: Headers = {"Content_Type": TYPES[name], "ETag": ETAG, "Access_Control_Allow_Origin": "*"}
    headers["Cache_Control"] = "public, max-age=300" if is_feed else "public, max-age=31536000"
    if request.headers.get("if-none-match") == ETAG:
        return [reply("304 Not Modified", **{**headers, **changes})]
    data = DATA[name]
    if is_feed and "gzip" in request.headers["accept-encoding"]:
        data, headers = gzip.compress(data), {**headers, "Content_Encoding": "gzip"}
    answer = part_of(data, request, **{**headers, **changes})
    return [answer[: -len(data)] if request.line.startswith("HEAD") else answer]


def told(server: Server, name: str, now: datetime = NOW) -> set[str]:
    """The rules that the file *name* on *server* breaks, but that it is on loopback, without TLS."""
    served = Served(url=server.url(name), kind=KINDS[name], content_type=TYPES[name], size_bytes=len(DATA[name]))
    host = Host(Web([server.name], limits=Limits(attempts=1, seconds=5)), now)
    found = list(host.faults(served))
    assert all(each.message and each.path.startswith(f"{server.scheme}://") for each in found)
    assert {each.rule for each in found} <= rules().keys()
    return {each.rule for each in found} - {"server-not-secure"}


def but(**changes: str | None) -> Answer:
    """A good host, but for these headers."""
    return lambda request: good(request, **changes)


def when(is_odd: Callable[[Request], bool], *answer: bytes) -> Answer:
    """A good host that gives *answer* to odd requests."""
    return lambda request: answer if is_odd(request) else good(request)


def _ignoring(*names: str) -> Answer:
    """A good host that does not hear the headers *names*."""
    return lambda request: good(
        replace(
            request,
            headers={
                **{each: text for each, text in request.headers.items() if each not in names},
                **({"accept-encoding": "identity"} if "accept-encoding" in names else {}),
            },
        )
    )


def _robots(text: bytes) -> Answer:
    return when(lambda request: "/robots.txt" in request.line, reply("200 OK", text))


def _is_head(request: Request) -> bool:
    return request.line.startswith("HEAD")


@pytest.mark.parametrize("name", DATA)
def test_good_host_breaks_no_rule(name: str) -> None:
    """Whatever it is asked for."""
    with serving(good) as server:
        assert told(server, name) == set()


@pytest.mark.failure("CO-5")
@pytest.mark.failure("CO-7")
@pytest.mark.parametrize(
    ("rule", "name", "answer"),
    [
        ("server-file-unreachable", "a.mp3", lambda request: [reply("403 Forbidden")]),
        ("server-file-unreachable", "a.vtt", lambda request: [reply("404 Not Found")]),
        ("server-feed-type-wrong", "feed.xml", but(Content_Type="text/html")),
        ("server-feed-type-wrong", "feed.xml", but(Content_Type="application/rss+xml; charset=iso-8859-1")),
        ("server-type-wrong", "a.mp3", but(Content_Type="binary/octet-stream")),
        ("server-type-wrong", "a.vtt", but(Content_Type="text/plain")),
        ("server-medium-packed", "a.mp3", but(Content_Encoding="gzip")),
        ("server-head-missing", "a.mp3", when(_is_head, reply("405 Method Not Allowed"))),
        ("server-head-missing", "a.jpg", when(_is_head, reply("200 OK", Content_Length=None))),
        ("server-length-wrong", "a.mp3", when(_is_head, reply("200 OK", Content_Length="17"))),
        ("server-range-missing", "a.mp3", _ignoring("range")),
        ("server-range-missing", "a.mp3", but(Content_Range="bytes 0-0/1")),
        ("server-not-modified-missing", "feed.xml", _ignoring("if-none-match")),
        ("server-not-modified-missing", "feed.xml", but(ETag=None)),
        ("server-feed-unpacked", "feed.xml", _ignoring("accept-encoding")),
        ("server-caching-wrong", "feed.xml", but(Cache_Control="public, max-age=86400")),
        ("server-caching-wrong", "feed.xml", but(Cache_Control="public, max-age=60, s-maxage=86400")),
        ("server-caching-wrong", "a.mp3", but(Cache_Control=None)),
        ("server-cors-missing", "a.vtt", but(Access_Control_Allow_Origin=None)),
        (
            "server-bot-wall",
            "feed.xml",
            when(lambda request: "iTMS" in request.headers["user-agent"], reply("403 Forbidden")),
        ),
        (
            "server-bot-wall",
            "a.mp3",
            when(lambda request: "AppleCoreMedia" in request.headers["user-agent"], reply("429 Too Many Requests")),
        ),
        ("server-robots-forbidden", "a.mp3", _robots(b"User-agent: *\nDisallow: /a.mp3\n")),
        ("server-robots-forbidden", "feed.xml", _robots(b"User-agent: Spotify\nDisallow: /\n")),
    ],
)
def test_odd_host_breaks_one_rule(rule: str, name: str, answer: Answer) -> None:
    """And no other."""
    with serving(answer) as server:
        assert told(server, name) == {rule}


@pytest.mark.parametrize(
    ("status", "hops", "expected"),
    [
        ("302 Found", 1, {"server-redirected"}),
        ("301 Moved Permanently", 1, set()),
        ("301 Moved Permanently", 4, {"server-redirected"}),
    ],
)
def test_redirects_of_a_feed_are_few_and_for_good(status: str, hops: int, expected: set[str]) -> None:
    """Apps keep the address to which they are sent for good, and give up on long ways."""

    def answer(request: Request) -> Iterable[bytes]:
        left = int(request.line.split()[1].partition("?")[2] or hops)
        if "feed.xml" not in request.line or left == 0:
            return good(replace(request, line=request.line.replace("?0", "")))
        return [reply(status, Location=f"/feed.xml?{left - 1}")]

    with serving(answer) as server:
        assert told(server, "feed.xml") == expected


def test_certificate_must_be_trusted_and_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What ends within two weeks was to be renewed by now."""
    with serving(good, tls=certificate(tmp_path, "IP:127.0.0.1", days=5)) as server:
        assert told(server, "a.mp3") == {"server-certificate-invalid"}

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert told(server, "a.mp3") == {"server-certificate-expiring"}


def test_http_is_told_once_of_each_server() -> None:
    """Not again with every file."""
    with serving(good) as server:
        host = Host(Web([server.name]), NOW)
        found = [
            each.rule
            for name in DATA
            for each in host.faults(Served(url=server.url(name), kind=KINDS[name], content_type=TYPES[name]))
        ]

    assert found == ["server-not-secure"]


def test_wall_that_says_busy_hides_nothing_else() -> None:
    """A server that puts programs off is not one that does not answer."""
    wall = when(lambda request: "iTMS" in request.headers["user-agent"], reply("503 Service Unavailable"))
    with serving(wall) as server:
        host = Host(Web([server.name], limits=Limits(attempts=1)), NOW)
        found = [
            (name, each.rule)
            for name in DATA
            for each in host.faults(Served(url=server.url(name), kind=KINDS[name], content_type=TYPES[name]))
            if each.rule != "server-not-secure"
        ]

    assert found == [("a.mp3", "server-bot-wall"), ("feed.xml", "server-bot-wall")]


def test_link_of_a_show_leads_somewhere() -> None:
    """A page that is gone is told, and so is a server that is."""
    with serving(lambda request: [reply("200 OK" if request.line.split()[1] == "/" else "404 Not Found")]) as server:
        host = Host(Web([server.name], limits=Limits(attempts=1)), NOW)

        assert list(host.link_faults(server.url(""))) == []
        assert [each.rule for each in host.link_faults(server.url("gone/"))] == ["server-link-broken"]
    assert [each.rule for each in host.link_faults(server.url(""))] == ["server-link-broken"]


def test_bucket_that_lists_itself_is_told() -> None:
    """Whoever lists it sees media before their feed."""
    listing = b"<?xml version='1.0'?><ListBucketResult><Contents><Key>a.mp3</Key></Contents></ListBucketResult>"
    with serving(lambda request: [reply("200 OK", listing)]) as server:
        host = Host(Web([server.name], limits=Limits(attempts=1)), NOW)
        assert [each.rule for each in host.listing_faults(server.url(""))] == ["server-listing-open"]
    with serving(lambda request: [reply("403 Forbidden")]) as server:
        host = Host(Web([server.name], limits=Limits(attempts=1)), NOW)
        assert list(host.listing_faults(server.url(""))) == []
