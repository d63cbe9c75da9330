"""`podfeed verify`: all that is published at a target, against what was put there and what the public gets of it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from podfeed.building import release_of
from podfeed.check.registry import rules
from podfeed.diagnostics import PLATFORMS, Diagnostic, Finding, Position
from podfeed.errors import PodfeedError, PublicError, StoredError, gravest, unknown_show
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.model import Target
from podfeed.publish import record as records
from podfeed.publish.decision import derived_feeds
from podfeed.publish.hosting import Host, Kind, Served
from podfeed.publish.live import Live, lineage, read
from podfeed.publish.loop import has_caught_up
from podfeed.publish.record import Record
from podfeed.publish.serving import FEED_TYPES, FOREVER, cache_control, type_of
from podfeed.publish.store import Object, Stored
from podfeed.publish.verify import check_feed, differing_headers
from podfeed.publish.wanted import Intent, Wanted
from podfeed.publishing import Publisher, Run, chosen
from podfeed.words import say

#: Everything is read once in so many weeks, by a run a week.
WEEKS = 8
#: Of a difference, so many lines are shown, each so long.
_LINES = 40
_LONGEST_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found of one show."""

    show: str
    #: Of the store, with keys as paths; of the public, with addresses.
    diagnostics: tuple[Diagnostic, ...] = ()
    #: Where the feed differs from what was published; empty where it does not.
    difference: str = ""
    #: How many objects were looked at, and how many of them were read whole.
    looked_at: int = 0
    read: int = 0
    #: The keys that were put again.
    repaired: tuple[str, ...] = ()
    #: Why nothing could be compared with this checkout, and put again.
    notice: str = ""
    #: Why it could not be looked at.
    error: PodfeedError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found at a target."""

    target: Target
    shows: tuple[Verified, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that was found."""
        return tuple(diagnostic for each in self.shows for diagnostic in each.diagnostics)

    @property
    def exit_code(self) -> int:
        """0, or what the gravest of it comes to."""
        found = (error_of(each) for each in self.diagnostics if each.severity == "error")
        return gravest([*(each.error for each in self.shows), *found])


def error_of(diagnostic: Diagnostic) -> PodfeedError:
    """What *diagnostic* comes to: something is wrong with what is stored, or with what the public gets."""
    return (StoredError if diagnostic.rule.startswith("stored-") else PublicError)(diagnostic.message)


def diagnostic_of(finding: Finding) -> Diagnostic:
    """*finding*, which names its rule and its place, with what the rule says."""
    return rules()[finding.rule].diagnostic(finding, finding.path, Position(), PLATFORMS)


def verified(
    folder: str | Path,
    *,
    target: str = "",
    shows: Sequence[str] = (),
    reads_all: bool = False,
    repairs: bool = False,
    run: Run,
) -> Verification:
    """Look at *shows*, or all, at *target*; read everything whole if *reads_all*; put pages again if *repairs*.

    Raises UsageError for a target or a show that is not there.
    """
    project = load(folder, web=run.web)
    unknown = next((show for show in shows if show not in project.config.shows), "")
    if unknown:
        raise unknown_show(unknown, project.config.shows)
    place = chosen(project, target)
    verifier = _Verifier(Publisher(project, place, Intent(), run), reads_all=reads_all, repairs=repairs)
    return Verification(
        target=place, shows=tuple(verifier.show(show) for show in tuple(shows) or tuple(project.config.shows))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """An object that a generation names. What is empty is not known of it."""

    key: str
    sha256: str = ""
    size_bytes: int = 0
    content_type: str = ""
    cache_control: str = ""
    is_page: bool = False


@dataclass(slots=True)
class _Look:
    """What was found of a show so far."""

    findings: list[Finding] = field(default_factory=list)
    difference: str = ""


class _Verifier:
    """One run over one target."""

    def __init__(self, publisher: Publisher, *, reads_all: bool, repairs: bool) -> None:
        self._publisher, self._reads_all, self._repairs = publisher, reads_all, repairs
        self._store, self._shows = publisher.store, publisher.project.config.shows
        self._host = Host(publisher.run.web(), publisher.run.now)
        self._week = publisher.run.now.date().toordinal() // 7

    def show(self, show: str) -> Verified:
        """What is found of *show*."""
        look = _Look()
        try:
            live = self._live(show, look)
            if live:
                return self._looked(show, live, look)
            return replace(_told(show, look), notice="" if look.findings else say("nothing is published there yet"))
        except PodfeedError as error:
            return replace(_told(show, look), error=error)

    def _looked(self, show: str, live: Live, look: _Look) -> Verified:
        assert live.record is not None
        expected = self._expected(show, live.record, look)
        sample = {key for key in expected if self._reads_all or _slot(key) == self._week % WEEKS}
        each_of = self._publisher.ways().each
        looked = each_of(lambda each: self._stored(each, reads=each.key in sample), expected.values())
        look.findings += [finding for found in looked for finding in found]
        wanted, notice = self._composed(show, live.record)
        if wanted:
            look.findings += self._derived(live, wanted)
        repaired = self._repaired(show, live, look, wanted) if wanted and self._repairs else ()
        if live.is_whole:
            look.findings += self._public(show, live)
        return replace(
            _told(show, look), looked_at=len(expected), read=len(sample), repaired=tuple(repaired), notice=notice
        )

    # --------------------------------------------------------------------------------------- what is live

    def _live(self, show: str, look: _Look) -> Live | None:
        """What is published of *show*; None when nobody can say."""
        live = read(self._store, show, self._shows[show].feed, Intent(restores=True))
        if live.is_whole:
            return live
        found = self._store.get(live.key)
        if found is None:
            if live.record and live.record.parent:
                message, hint = say("the feed is gone"), say("“podfeed rollback” puts it back")
                look.findings.append(_finding("stored-feed-missing", live.key, message, hint))
            return None
        name = records.unsigned(found.data)[1]
        if name and name != live.name:
            message, hint = say("it is gone, or somebody changed it"), say("run “podfeed rollback”")
            look.findings.append(_finding("stored-record-wrong", records.record_key(show, name), message, hint))
            return None
        message, hint = say("somebody changed it by hand"), say("“podfeed rollback” restores what was published")
        if not name:
            message = say("podfeed did not put it there")
            hint = say("“podfeed rollback” restores what was published, “podfeed adopt” takes over what is there")
        look.findings.append(_finding("stored-feed-changed", live.key, message, hint))
        if live.record:
            look.difference = self._difference(show, live.name, found)
        return live if live.record else None

    def _difference(self, show: str, name: str, found: Object) -> str:
        kept = self._store.get(records.copy_key(show, name))
        before, now = ((each.data if each else b"").decode("utf-8", "replace").splitlines() for each in (kept, found))
        lines = difflib.unified_diff(before, now, say("as it was published"), say("as it is now"), lineterm="", n=1)
        shown = [line[:_LONGEST_LINE] for line in lines]
        return "\n".join([*shown[:_LINES], *(["…"] if len(shown) > _LINES else [])])

    def _expected(self, show: str, live: Record, look: _Look) -> dict[str, _Expected]:
        """What the generations of *show* name, by key."""
        expected = {key: _page(key, sha256) for key, sha256 in live.pages.items()}
        oldest = live
        for name, record in [(live.name, live), *lineage(self._store, show, live)]:
            oldest = record
            for key in record.pages:
                expected.setdefault(key, _page(key))
            sizes = _sizes(record)
            for key, medium in record.media.items():
                expected.setdefault(key, _medium(key, medium.sha256, sizes.get(key, 0)))
            copy = records.copy_key(show, name)
            expected[copy] = _Expected(key=copy)
        if oldest.parent:
            key = records.record_key(show, oldest.parent)
            message = say("the record before generation {number} is gone", number=oldest.generation)
            look.findings.append(_finding("stored-generation-missing", key, message))
        return expected

    # ------------------------------------------------------------------------------------ what is stored

    def _stored(self, expected: _Expected, *, reads: bool) -> list[Finding]:
        """What is wrong with an object, by what the store says of it; and by its bytes, if it *reads* them."""
        there = self._store.head(expected.key)
        if there is None:
            hint = say("bring it back from a backup")
            return [_finding("stored-object-missing", expected.key, say("it is gone"), hint)]
        if expected.is_page and there.owner and _differs(expected.sha256, there.sha256):
            message = say("it is not the page of the published generation")
            hint = say("“podfeed verify --repair” puts it again")
            return [_finding("stored-page-behind", expected.key, message, hint)]
        read = self._store.hashed(expected.key) if reads else there.sha256
        return [*_byte_faults(expected, there, read), *_header_faults(expected, there)]

    def _composed(self, show: str, record: Record) -> tuple[Wanted | None, str]:
        """*show* as this checkout makes it, if that is what is published; else why it is not."""
        try:
            wanted = self._publisher.composer.wanted(show, record, {})
        except PodfeedError as error:
            return None, str(error)
        if hashlib.sha256(wanted.feed).hexdigest() == record.feed_sha256:
            return wanted, ""
        return None, say(
            "this checkout is not what is published: further feeds were not compared, and nothing can be put again"
        )

    def _derived(self, live: Live, wanted: Wanted) -> Iterator[Finding]:
        for key, data in derived_feeds(live, wanted).items():
            found = self._store.get(key)
            if found is None or not has_caught_up(found, data):
                message = say("it is older than the feed of the show")
                yield _finding("stored-feed-behind", key, message, say("“podfeed publish” brings it up"))

    # ------------------------------------------------------------------------------------------- repairs

    def _repaired(self, show: str, live: Live, look: _Look, wanted: Wanted) -> list[str]:
        """Put pages and further feeds again; media and the feed itself, never."""
        assert live.record is not None
        faulty = {each.path for each in look.findings}
        pages = [
            page for key, page in wanted.pages.items() if key in faulty and live.record.pages.get(key) == page.sha256
        ]
        repaired = [page.key for page in pages if self._store.put(page, only_if=None).outcome == "done"]
        derived = sorted(faulty & derived_feeds(live, wanted).keys())
        if derived:
            self._publisher.loop(show).put_derived(live, wanted)
        look.findings = [each for each in look.findings if each.path not in (*repaired, *derived)]
        return [*repaired, *derived]

    # ------------------------------------------------------------------------------- what the public gets

    def _public(self, show: str, live: Live) -> Iterator[Finding]:
        assert live.record is not None
        url = self._store.public_url(live.key)
        if not url:
            return
        try:
            check_feed(self._store, live.key, live.record)
        except PublicError as error:
            yield Finding("", str(error), rule="server-feed-wrong", path=url)
        else:
            yield from self._host.faults(Served(url=url, kind="feed", content_type=FEED_TYPES[0]))
            yield from weight_faults(live.feed, url, self._publisher.run.now)
        for served in self._samples(live.record):
            yield from self._host.faults(served)
        yield from self._host.link_faults(release_of(self._publisher.project).show_url(self._shows[show]))

    def _samples(self, record: Record) -> Iterator[Served]:
        """The newest audio, and in each week another file of each kind."""
        newest = next((item.media for item in record.items if item.media in record.media), "")
        keys = [newest] if newest else []
        for kind in ("audio", "picture", "text"):
            of_kind = [key for key in sorted(record.media) if kind_of(key) == kind]
            keys += [of_kind[self._week % len(of_kind)]] if of_kind else []
        sizes = _sizes(record)
        for key in dict.fromkeys(keys):
            yield Served(
                url=self._store.public_url(key),
                kind=kind_of(key),
                content_type=type_of(key),
                size_bytes=sizes.get(key, 0),
            )


def _byte_faults(expected: _Expected, there: Stored, read: str) -> Iterator[Finding]:
    """What is wrong with the bytes of an object whose sha256 is *read*; empty where nobody knows it."""
    has_other_size = bool(expected.size_bytes) and expected.size_bytes != there.size_bytes
    if has_other_size or _differs(expected.sha256 or there.sha256, read):
        message = say("it has other bytes than were put there")
        yield _finding("stored-object-changed", expected.key, message, say("bring it back from a backup"))


def _header_faults(expected: _Expected, there: Stored) -> Iterator[Finding]:
    if not expected.content_type:
        return
    for name, wrong, right in differing_headers(there, expected.content_type, expected.cache_control):
        rule = "stored-caching-wrong" if name == "Cache-Control" else "stored-header-wrong"
        message = say("the store says {name}: “{wrong}”", name=name, wrong=wrong)
        hint = say("set it to “{right}”", right=right) if right else say("take it away")
        yield _finding(rule, expected.key, message, hint)


def _differs(one: str, other: str) -> bool:
    """Whether two hashes, which are empty where they are not known, are of different bytes."""
    return bool(one and other and one != other)


def weight_faults(feed: bytes, url: str, now: datetime) -> Iterator[Finding]:
    """What is wrong with the size of a *feed*, which every app fetches again and again."""
    for each in lint(feed, url, now=now):
        if each.rule in ("feed-large", "feed-too-large"):
            yield Finding("", each.message, each.hint, rule=each.rule, path=url)


def kind_of(key: str) -> Kind:
    """What a medium is for, by its name."""
    content_type = type_of(key)
    if content_type.startswith(("audio/", "video/")):
        return "audio"
    return "picture" if content_type.startswith("image/") else "text"


def _slot(key: str) -> int:
    """In which week of each round the object at *key* is read."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % WEEKS


def _sizes(record: Record) -> dict[str, int]:
    """The bytes of each audio file, as the feed says."""
    return {item.media: item.size_bytes for item in (*record.items, *record.withdrawn) if item.media}


def _page(key: str, sha256: str = "") -> _Expected:
    lifetime = cache_control("page", key)
    return _Expected(key=key, sha256=sha256, content_type=type_of(key), cache_control=lifetime, is_page=True)


def _medium(key: str, sha256: str, size_bytes: int) -> _Expected:
    return _Expected(key=key, sha256=sha256, size_bytes=size_bytes, content_type=type_of(key), cache_control=FOREVER)


def _finding(rule: str, key: str, message: str, hint: str = "") -> Finding:
    return Finding("", message, hint, rule=rule, path=key)


def _told(show: str, look: _Look) -> Verified:
    diagnostics = tuple(sorted(map(diagnostic_of, look.findings), key=Diagnostic.sort_key))
    return Verified(show=show, diagnostics=diagnostics, difference=look.difference)
