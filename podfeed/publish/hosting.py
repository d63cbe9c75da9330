"""How what is published is served: asked the way apps, directories and players on web pages ask.

Source: feed-specification.md, section 3.6 and the rules HT001 to HT019.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from podfeed.diagnostics import Finding
from podfeed.publish.serving import FEED_TYPES, FRESH, is_same_type
from podfeed.publish.verify import max_age_of
from podfeed.read.web import Answer, Asked, Clock, Trouble, Untrusted, Web
from podfeed.read.xml import MAX_FEED_BYTES
from podfeed.words import say

if TYPE_CHECKING:
    from urllib.robotparser import RobotFileParser

Kind = Literal["feed", "audio", "picture", "text", "page"]
#: How the programs call themselves that fetch podcasts.
AGENTS = (
    "iTMS",
    "AppleCoreMedia/1.0.0.21G93 (iPhone; U; CPU OS 17_6 like Mac OS X; en_us)",
    "Spotify/1.0",
    "Podcastindex.org/1.0 (podcast feed parser)",
    "curl/8.5.0",
)
#: How a player on a web page asks.
_PLAYER = {"Origin": "https://player.example"}
_READ_BY_PLAYERS = ("feed", "text")
#: A feed that takes more is worth packing.
_WORTH_PACKING = 100_000
_MOST_HOPS = 3
_LONGEST_FRESH = 900
_SHORTEST_KEPT = 86_400
_RENEWED = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Something the public gets, as it should come."""

    url: str
    kind: Kind
    content_type: str
    #: 0 where it is not known.
    size_bytes: int = 0


@dataclass(slots=True)
class Host:
    """The servers between a target and the public."""

    web: Web
    now: datetime
    #: What each server forbids programs, None where it says nothing: asked once.
    _robots: dict[str, RobotFileParser | None] = field(default_factory=dict)

    def faults(self, served: Served) -> Iterator[Finding]:
        """What is wrong with how *served* comes; each finding has its address as path."""
        try:
            with self.web.asking(served.url):
                answer = self._asked(served, most_bytes=MAX_FEED_BYTES if served.kind == "feed" else 0)
        except Trouble as trouble:
            yield _finding(_rule_of(trouble), served, say("the public does not get it: {reason}", reason=trouble))
            return
        if answer.status not in (200, 206):
            message = say("it answers {status}", status=answer.status)
            yield _finding("server-file-unreachable", served, message, say("make it public"))
            return
        yield from _about_answer(served, answer)
        yield from self._about_head(served)
        if served.kind == "audio" and served.size_bytes > 1:
            yield from self._about_parts(served)
        if served.kind == "feed":
            yield from self._about_feed(served, answer)
        yield from self._about_players(served)
        yield from self._about_agents(served)
        yield from self._about_server(served)

    def link_faults(self, url: str) -> Iterator[Finding]:
        """What is wrong with a page that a show links to."""
        served = Served(url=url, kind="page", content_type="text/html")
        try:
            with self.web.asking(url):
                status = self._asked(served).status
        except Trouble as trouble:
            yield _finding("server-link-broken", served, say("it cannot be read: {reason}", reason=trouble))
            return
        if status >= 400:
            yield _finding("server-link-broken", served, say("it answers {status}", status=status))

    def listing_faults(self, base: str) -> Iterator[Finding]:
        """What is wrong with what the root of a bucket, at *base*, tells everybody."""
        served = Served(url=f"{base.rstrip('/')}/", kind="page", content_type="application/xml")
        try:
            answer = self._asked(served, most_bytes=MAX_FEED_BYTES)
        except Trouble:
            return
        if b"<ListBucketResult" in answer.body:
            message = say("it lists everything that is in the bucket")
            hint = say("let the public get objects, and not list them (s3:ListBucket)")
            yield _finding("server-listing-open", served, message, hint)

    # ------------------------------------------------------------------------------------------ asking

    def _asked(
        self,
        served: Served,
        *,
        most_bytes: int = 0,
        part: tuple[int, int] | None = None,
        is_head: bool = False,
        also: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer of a server; one that refuses how it is asked is not given up. Raises Trouble."""
        asked = Asked(most_bytes=most_bytes, part=part, is_head=is_head, also=also or {})
        return self.web.ask(served.url, asked, Clock(self.web.limits.seconds))

    def _about_head(self, served: Served) -> Iterator[Finding]:
        try:
            answer = self._asked(served, is_head=True)
        except Trouble as trouble:
            yield _finding("server-head-missing", served, say("it does not answer HEAD: {reason}", reason=trouble))
            return
        hint = say("let the store and the CDN answer HEAD like GET")
        length = answer.headers.get("content-length", "")
        if answer.status != 200:
            message = say("it answers HEAD with {status}", status=answer.status)
            yield _finding("server-head-missing", served, message, hint)
        elif served.kind in ("audio", "picture") and not length:
            yield _finding("server-head-missing", served, say("it does not tell its length to HEAD"), hint)
        elif served.size_bytes and length and length != str(served.size_bytes):
            message = say("it has {there} bytes, and {right} were published", there=length, right=served.size_bytes)
            yield _finding("server-length-wrong", served, message)

    def _about_parts(self, served: Served) -> Iterator[Finding]:
        """Its first bytes, and some from its middle."""
        middle = served.size_bytes // 2
        for first, last in ((0, 1), (middle, middle + 1 if middle + 1 < served.size_bytes else middle)):
            try:
                answer = self._asked(served, part=(first, last))
            except Trouble as trouble:
                message = say("it does not give a part of itself: {reason}", reason=trouble)
                yield _finding("server-range-missing", served, message)
                return
            told = answer.headers.get("content-range", "")
            if answer.status != 206 or told != f"bytes {first}-{last}/{served.size_bytes}":
                message = say("it always comes whole")
                if answer.status == 206:
                    message = say("it says that it gives “{told}”, which was not asked for", told=told)
                yield _finding("server-range-missing", served, message, say("turn on byte ranges"))
                return

    def _about_feed(self, served: Served, answer: Answer) -> Iterator[Finding]:
        etag, modified = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
        marks = {"If-None-Match": etag} if etag else {"If-Modified-Since": modified} if modified else {}
        if not marks or self._status(served, marks) != 304:
            message = say("it comes whole to apps that have it already")
            hint = say("keep ETag and Last-Modified, and answer 304 to who sends them back")
            yield _finding("server-not-modified-missing", served, message, hint)
        if len(answer.body) > _WORTH_PACKING and not self._packs(served):
            message = say("it comes as it is, {count} kB, though packed was asked for", count=len(answer.body) // 1000)
            yield _finding("server-feed-unpacked", served, message, say("turn on compression (gzip) for feeds"))

    def _packs(self, served: Served) -> bool:
        try:
            answer = self._asked(served, is_head=True, also={"Accept-Encoding": "gzip, br"})
        except Trouble:
            return False
        return bool(answer.headers.get("content-encoding"))

    def _about_players(self, served: Served) -> Iterator[Finding]:
        if served.kind not in _READ_BY_PLAYERS:
            return
        try:
            headers = self._asked(served, is_head=True, also=_PLAYER).headers
        except Trouble:
            return
        if headers.get("access-control-allow-origin") not in ("*", _PLAYER["Origin"]):
            message = say("players on web pages may not read it")
            hint = say("add the CORS rule that “podfeed doctor” prints, and let the CDN pass its headers on")
            yield _finding("server-cors-missing", served, message, hint)

    def _about_agents(self, served: Served) -> Iterator[Finding]:
        """Whoever asks gets the same."""
        if served.kind not in ("feed", "audio"):
            return
        for agent in AGENTS:
            part = (0, 0) if served.kind == "audio" else None
            status = self._status(served, {"User-Agent": agent}, part)
            if status not in (200, 206):
                name = agent.partition("/")[0]
                message = say("it answers {status} to {agent}", status=status or "…", agent=name)
                hint = say("take feeds and media out of what keeps bots away")
                yield _finding("server-bot-wall", served, message, hint)
                return

    def _status(self, served: Served, also: Mapping[str, str], part: tuple[int, int] | None = None) -> int:
        """How it answers; 0 where it does not."""
        try:
            return self._asked(served, part=part, also=also).status
        except Trouble:
            return 0

    # ------------------------------------------------------------------------------------- of each server

    def _about_server(self, served: Served) -> Iterator[Finding]:
        parts = urlsplit(served.url)
        base = f"{parts.scheme}://{parts.netloc}/"
        if base not in self._robots:
            self._robots[base] = self._asked_robots(base)
            yield from self._about_certificate(base)
        robots = self._robots[base]
        if robots and not all(robots.can_fetch(agent, served.url) for agent in AGENTS):
            message = say("{base}robots.txt forbids programs to fetch it", base=base)
            yield _finding("server-robots-forbidden", served, message, say("allow feeds and media there"))

    def _about_certificate(self, base: str) -> Iterator[Finding]:
        root = Served(url=base, kind="page", content_type="")
        if root.url.startswith("http:"):
            message = say("its address begins with http://, and anybody on the way can change what comes")
            yield _finding("server-not-secure", root, message, say("use an address with https"))
            return
        ends = self.web.certificate_ends(root.url)
        if ends and ends - self.now < _RENEWED:
            message = say("its certificate ends on {day}", day=ends.date())
            yield _finding("server-certificate-expiring", root, message, say("look at what renews it"))

    def _asked_robots(self, base: str) -> RobotFileParser | None:
        from urllib.robotparser import RobotFileParser

        served = Served(url=f"{base}robots.txt", kind="page", content_type="text/plain")
        try:
            answer = self._asked(served, most_bytes=_LONGEST_ROBOTS)
        except Trouble:
            return None
        if answer.status != 200:
            return None
        robots = RobotFileParser()
        robots.parse(answer.body.decode("utf-8", "replace").splitlines())
        return robots


_LONGEST_ROBOTS = 512_000


# ------------------------------------------------------------------------------------------- one answer


def _about_answer(served: Served, answer: Answer) -> Iterator[Finding]:
    """What the headers of *answer*, to a plain GET, say that is not so."""
    told = answer.headers.get("content-type", "")
    if served.kind == "feed":
        charset = re.search(r"charset=[\"']?([\w-]+)", told, re.IGNORECASE)
        if not is_same_type(told, FEED_TYPES[0]) or (charset and charset[1].lower() not in ("utf-8", "utf8")):
            hint = say("set its Content-Type to {type}", type=FEED_TYPES[0])
            yield _finding("server-feed-type-wrong", served, say("it comes as “{type}”", type=told), hint)
    elif served.content_type and not is_same_type(told, served.content_type):
        message = say("it comes as “{type}”", type=told)
        hint = say("set its Content-Type to {type}", type=served.content_type)
        yield _finding("server-type-wrong", served, message, hint)
    if (encoding := answer.headers.get("content-encoding", "")) and served.kind in ("audio", "picture"):
        message = say("it comes packed (“{encoding}”)", encoding=encoding)
        yield _finding("server-medium-packed", served, message, say("turn that off for media"))
    yield from _about_caching(served, answer)
    if answer.hops > _MOST_HOPS:
        message = say("it leads on {count} times", count=answer.hops)
        yield _finding("server-redirected", served, message, say("let it lead there at once"))
    elif served.kind == "feed" and answer.hops and answer.lasting != answer.address:
        message = say("it leads to “{address}”, but only for a while", address=answer.address)
        yield _finding("server-redirected", served, message, say("answer 301 or 308, not 302"))


def _about_caching(served: Served, answer: Answer) -> Iterator[Finding]:
    age = max_age_of(answer.headers)
    if served.kind in ("feed", "page") and age is not None and age > _LONGEST_FRESH:
        message = say("caches may keep it for {count} seconds", count=age)
        yield _finding("server-caching-wrong", served, message, say("set its Cache-Control to {value}", value=FRESH))
    if served.kind in ("audio", "picture") and (age is None or age < _SHORTEST_KEPT):
        message = say("caches may keep it for {count} seconds, though it never changes", count=age or 0)
        hint = say("let the CDN pass on the Cache-Control of the store")
        yield _finding("server-caching-wrong", served, message, hint)


def _rule_of(trouble: Trouble) -> str:
    return "server-certificate-invalid" if isinstance(trouble, Untrusted) else "server-file-unreachable"


def _finding(rule: str, served: Served, message: str, hint: str = "") -> Finding:
    return Finding("", message, hint, rule=rule, path=served.url)
