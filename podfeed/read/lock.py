"""podfeed.lock, to and from text: what was published and measured, a sorted line each, so that merges read well."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from podfeed.diagnostics import Finding, Position
from podfeed.errors import RefusedError
from podfeed.model import ArtworkFacts, AudioFacts, Chapter, Facts, Guid, MediaFacts
from podfeed.read.folder import stays_below
from podfeed.words import say

PATH = "podfeed.lock"
VERSION = 1
_FIRST_LINE = (
    f"# podfeed.lock {VERSION}: what was published and measured. podfeed writes it; commit it with the episodes.\n"
)


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedShow:
    """A show as it was published."""

    id: str
    #: podcast:guid: given once, kept for life.
    guid: str
    #: Empty when an adopted feed does not tell its address.
    feed_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFeed:
    """An address at which a feed beside those of the shows was published: it is kept up for as long as this stands."""

    #: The show it is of; empty for all of them.
    show: str = ""
    #: The format it prefers, ``archive``, or ``network``.
    name: str
    #: podcast:guid: made from its first address, and kept when it moves.
    guid: str
    feed_url: str
    #: How many episodes a page of an archive has.
    page_items: int = 0

    @property
    def stays_below(self) -> bool:
        """Whether it is at an address that can be a path below the site, too."""
        return stays_below(self.feed_url.partition("://")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEpisode:
    """An episode as it was published: what may never change."""

    show: str
    guid: Guid
    #: The Markdown file it came from; empty when an adopted item has none.
    path: str = ""
    #: The first date it was published with.
    date: datetime | None = None
    enclosure_url: str = ""
    #: The project path or URL of its audio, and the sha256 of the bytes; empty when not known.
    audio: str = ""
    sha256: str = ""
    #: Taken out of the feed by ``podfeed withdraw``.
    is_withdrawn: bool = False
    #: How often it came back by ``podfeed reinstate``: of two that disagree, who knows of less is older.
    reinstated: int = 0
    #: Where its page is, below the site; empty when nobody knows.
    page: str = ""
    #: Where its page was before that: what stands there leads to it.
    former_pages: tuple[str, ...] = ()

    def pages_before(self, page: str) -> tuple[str, ...]:
        """Where its page was before it came to be at *page*."""
        return followed(self.former_pages, self.page, page)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """All that podfeed.lock remembers."""

    shows: Mapping[str, PublishedShow] = field(default_factory=dict)
    #: Further feeds, by address.
    feeds: Mapping[str, PublishedFeed] = field(default_factory=dict)
    #: By show and text of the guid.
    episodes: Mapping[tuple[str, str], PublishedEpisode] = field(default_factory=dict)
    #: Facts by project path or URL: a checkout without the audio still checks and builds.
    media: Mapping[str, MediaFacts] = field(default_factory=dict)
    #: Published names below the site and the sha256 each stands for: a name never changes its bytes.
    names: Mapping[str, str] = field(default_factory=dict)
    #: Lines of shows nobody asked for, as they are.
    unread: tuple[str, ...] = ()

    def holder_elsewhere(self, guid: str) -> str:
        """The file that was published with *guid* in a show that is not looked at; nothing when there is none."""
        text = f'"guid": {json.dumps(guid, ensure_ascii=False)}'
        line = next((line for line in self.unread if text in line), "")
        return str(_parsed(line)[1].get("path") or say("another show")) if line else ""

    def pages_beside(self, show: str) -> frozenset[str]:
        """Where the pages of all other shows' episodes are and were, of those too that are not looked at."""
        unread = (path for line in self.unread for path in _pages_in(line))
        others = (entry for entry in self.episodes.values() if entry.show != show)
        return frozenset((*unread, *(path for entry in others for path in (entry.page, *entry.former_pages))))

    def of_show(self, show: str) -> tuple[PublishedEpisode, ...]:
        """The published episodes of *show*, in the order of the file."""
        return tuple(entry for (owner, _), entry in self.episodes.items() if owner == show)


def reinstated(entry: PublishedEpisode) -> PublishedEpisode:
    """*entry* once it is back in the feed; as it is, if it was not withdrawn."""
    if not entry.is_withdrawn:
        return entry
    return replace(entry, is_withdrawn=False, reinstated=entry.reinstated + 1)


def followed(earlier: tuple[str, ...], before: str, now: str) -> tuple[str, ...]:
    """The *earlier* states of something once *now* takes the place of *before*."""
    return tuple(dict.fromkeys(each for each in (*earlier, before) if each and each != now))


def _pages_in(line: str) -> Iterator[str]:
    """Where the page of the episode on *line* is, and where it was."""
    for found in _PAGES.finditer(line):
        value, _ = json.JSONDecoder().raw_decode(line, found.end())
        yield from [value] if isinstance(value, str) else value


def line_of(text: str, entry: PublishedEpisode) -> int:
    """The line in which *text* remembers *entry*; 0 when none does."""
    guid = json.dumps(entry.guid.text, ensure_ascii=False)
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("episode ") and guid in line and _remembers(line, entry):
            return number
    return 0


def _remembers(line: str, entry: PublishedEpisode) -> bool:
    try:
        values = _parsed(line)[1]
    except _UNREADABLE:
        return False
    return (values.get("show"), values.get("guid")) == (entry.show, entry.guid.text)


def read(text: str, *, shows: frozenset[str] | None = None) -> tuple[Lock, tuple[Finding, ...]]:
    """The lock in *text*, and every line that cannot be read.

    With *shows*, the episodes of these shows alone, and media only when they are asked for: for a part of a large
    project. Raises RefusedError for a newer podfeed's lock.
    """
    version = re.match(r"# podfeed\.lock (\d+)", text)
    if version and int(version[1]) > VERSION:
        message = say(
            "podfeed.lock was written by a newer podfeed (format {version}): install that one", version=version[1]
        )
        raise RefusedError(message)
    reading = _Reading(shows)
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith("#") and not reading.puts_off(line):
            reading.take(number, line)
    return reading.lock(), tuple(reading.faults)


@dataclass(slots=True)
class _Reading:
    """A lock on its way in."""

    wanted: frozenset[str] | None
    shows: dict[str, PublishedShow] = field(default_factory=dict)
    feeds: dict[str, PublishedFeed] = field(default_factory=dict)
    episodes: dict[tuple[str, str], PublishedEpisode] = field(default_factory=dict)
    media: dict[str, MediaFacts] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    #: Lines put off: episodes of other shows, and media by path.
    unread: list[str] = field(default_factory=list)
    media_lines: dict[str, str] = field(default_factory=dict)
    name_lines: dict[str, str] = field(default_factory=dict)
    faults: list[Finding] = field(default_factory=list)

    def puts_off(self, line: str) -> bool:
        """Put the line aside unparsed, if only a part of the project is looked at and nobody may need it."""
        found = _PUT_OFF.match(line) if self.wanted is not None else None
        if found is None or found[2] in (self.wanted or ()):
            return False
        match found[1]:
            case 'episode {"show':
                self.unread.append(line)
            case 'name {"path':
                self._put_off(self.name_lines, found[2], line)
            case _:
                self._put_off(self.media_lines, found[2], line)
        return True

    def _put_off(self, lines: dict[str, str], path: str, line: str) -> None:
        """Two lines that contradict each other are both kept: a look at the whole project tells them."""
        if lines.setdefault(path, line) != line:
            self.unread.append(line)

    def take(self, number: int, line: str) -> None:
        try:
            kind, values = _parsed(line)
            match kind:
                case "show":
                    self.shows[values["id"]] = PublishedShow(**values)
                case "feed":
                    feed = _feed(values)
                    _refuse_second(self.feeds.get(feed.feed_url), feed)
                    self.feeds[feed.feed_url] = feed
                case "episode":
                    entry = _episode(values)
                    _refuse_second(self.episodes.get((entry.show, entry.guid.text)), entry)
                    self.episodes[entry.show, entry.guid.text] = entry
                case "audio" | "picture":
                    self.media[values["path"]] = _facts(line)
                case "name":
                    _refuse_second(self.names.get(values["path"]), values["sha256"])
                    self.names[values["path"]] = _sha256(line)
                case _:
                    raise ValueError(kind)
        except _UNREADABLE:
            self.faults.append(_fault(number, line))

    def lock(self) -> Lock:
        return Lock(
            shows=self.shows,
            feeds=self.feeds,
            episodes=self.episodes,
            media=Later(self.media, self.media_lines, _facts) if self.media_lines else self.media,
            names=Later(self.names, self.name_lines, _sha256) if self.name_lines else self.names,
            unread=tuple(self.unread),
        )


_PUT_OFF = re.compile(r"""((?:episode \{"show|(?:audio|picture|name) \{"path))": "([^"\\]*)",""")
_PAGES = re.compile(r'"(?:page|former_pages)": ')
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


class Later(Mapping[str, T]):
    """Values whose lines are parsed when they are asked for. A line that cannot be is as good as none."""

    def __init__(self, known: dict[str, T], lines: dict[str, str], parse: Callable[[str], T]) -> None:
        self.known, self.lines, self._parse = known, lines, parse

    def __getitem__(self, path: str) -> T:
        if path not in self.known:
            try:
                self.known[path] = self._parse(self.lines[path])
            except _UNREADABLE as error:
                raise KeyError(path) from error
        return self.known[path]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.lines, **self.known})

    def merged(self, new: Mapping[str, T]) -> Later[T]:
        """The same with *new* values in place of those there were."""
        lines = {path: line for path, line in self.lines.items() if path not in new}
        return Later({**self.known, **new}, lines, self._parse)

    def __len__(self) -> int:
        return len({**self.lines, **self.known})


def _known(values: Mapping[str, T]) -> Mapping[str, T]:
    return values.known if isinstance(values, Later) else values


def _unparsed(values: Mapping[str, Any]) -> Iterable[str]:
    """The lines nobody asked for: written back as they were."""
    return (
        (line for path, line in values.lines.items() if path not in values.known) if isinstance(values, Later) else ()
    )


def _parsed(line: str) -> tuple[str, dict[str, Any]]:
    kind, _, rest = line.partition(" ")
    return kind, _typed(json.loads(rest))


def _sha256(line: str) -> str:
    return str(_parsed(line)[1]["sha256"])


def _facts(line: str) -> MediaFacts:
    kind, values = _parsed(line)
    values.pop("path")
    return _audio(values) if kind == "audio" else _picture(values)


_NUMBERS = frozenset(("size_bytes", "milliseconds", "bitrate_bps", "width", "height", "page_items", "reinstated"))
_FLAGS = frozenset(("is_permalink", "is_withdrawn", "has_transparency"))
_LISTS = frozenset(("chapters", "former_pages"))


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """*values*, each of the type its name asks for. Raises ValueError for another."""
    for name, value in values.items():
        expected = int if name in _NUMBERS else bool if name in _FLAGS else list if name in _LISTS else str
        if type(value) is not expected or value == "" or (isinstance(value, int) and value < 0):
            raise ValueError(name)
    return values


def _refuse_second(known: object, found: object) -> None:
    if known is not None and known != found:
        raise ValueError(found)


def _fault(number: int, line: str) -> Finding:
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        message = say("a merge of podfeed.lock was left unfinished here")
        hint = say("keep the lines of both sides, delete this one")
    else:
        message, hint = say("podfeed cannot read this line"), say("restore podfeed.lock from git")
    return Finding("", message, hint, rule="lock-unreadable", position=Position(line=number, width=len(line)))


def _feed(values: dict[str, Any]) -> PublishedFeed:
    feed = PublishedFeed(**values)
    if feed.name == "archive" and not feed.page_items:
        raise ValueError(feed.name)
    if not feed.stays_below:
        raise ValueError(feed.feed_url)
    return feed


def _episode(values: dict[str, Any]) -> PublishedEpisode:
    date = values.pop("date", None)
    guid = Guid(text=values.pop("guid"), is_permalink=values.pop("is_permalink", False))
    moment = datetime.fromisoformat(date) if date else None
    if moment and moment.tzinfo is None:
        raise ValueError(date)
    former_pages = tuple(values.pop("former_pages", ()))
    if not all(map(stays_below, (values.get("page", "page"), *former_pages))):
        raise ValueError(former_pages)
    return PublishedEpisode(guid=guid, date=moment, former_pages=former_pages, **values)


def _audio(values: dict[str, Any]) -> AudioFacts:
    # What is zero is left out when it is written.
    length = timedelta(milliseconds=values.pop("milliseconds", 0))
    chapters = tuple(_chapter(*each) for each in values.pop("chapters", ()))
    size_bytes = values.pop("size_bytes", 0)
    return AudioFacts(size_bytes=size_bytes, duration=length, chapters=chapters, origin="lock", **values)


def _chapter(start: int, title: str = "", href: str = "", end: int = 0, is_hidden: bool = False) -> Chapter:
    """A chapter from its values in the order of its line, times in milliseconds. Raises ValueError for others."""
    kinds = [type(each) for each in (start, title, href, end, is_hidden)]
    if kinds != [int, str, str, int, bool] or min(start, end) < 0:
        raise ValueError(start)
    return Chapter(
        start=timedelta(milliseconds=start),
        title=title,
        href=href,
        end=timedelta(milliseconds=end) if end else None,
        is_listed=not is_hidden,
    )


def _chapter_values(chapter: Chapter) -> list[Any]:
    """The values of *chapter* in the order of its line, without those at the end that say nothing."""
    start, end = (time // timedelta(milliseconds=1) for time in (chapter.start, chapter.end or timedelta()))
    values = [start, chapter.title, chapter.href, end, not chapter.is_listed]
    while len(values) > 1 and not values[-1]:
        values.pop()
    return values


def _picture(values: dict[str, Any]) -> ArtworkFacts:
    return ArtworkFacts(size_bytes=values.pop("size_bytes", 0), origin="lock", **values)


def write(lock: Lock) -> str:
    """The text of *lock*: the same lock always gives the same text."""
    lines = [
        *(_line("show", {"id": show.id, "guid": show.guid, "feed_url": show.feed_url}) for show in lock.shows.values()),
        *(_line("feed", asdict(feed)) for feed in lock.feeds.values()),
        *(_line("episode", _episode_values(entry)) for entry in lock.episodes.values()),
        *(_line(*_media_values(path, facts)) for path, facts in _known(lock.media).items()),
        *(_line("name", {"path": path, "sha256": sha256}) for path, sha256 in _known(lock.names).items()),
        *(f"{line}\n" for line in (*lock.unread, *_unparsed(lock.media), *_unparsed(lock.names))),
    ]
    return _FIRST_LINE + "".join(sorted(lines))


def _line(kind: str, values: dict[str, Any]) -> str:
    return f"{kind} {_json({name: value for name, value in values.items() if value})}\n"


_json = json.JSONEncoder(ensure_ascii=False).encode


def _episode_values(entry: PublishedEpisode) -> dict[str, Any]:
    return {
        "show": entry.show,
        "path": entry.path,
        "guid": entry.guid.text,
        "is_permalink": entry.guid.is_permalink,
        "date": entry.date.isoformat() if entry.date else None,
        "enclosure_url": entry.enclosure_url,
        "audio": entry.audio,
        "sha256": entry.sha256,
        "is_withdrawn": entry.is_withdrawn,
        "reinstated": entry.reinstated,
        "page": entry.page,
        "former_pages": list(entry.former_pages) or None,
    }


def _media_values(path: str, facts: MediaFacts) -> tuple[str, dict[str, Any]]:
    if isinstance(facts, ArtworkFacts):
        return "picture", {
            "path": path,
            "size_bytes": facts.size_bytes,
            "width": facts.width,
            "height": facts.height,
            "mime_type": facts.mime_type,
            "mode": facts.mode,
            "has_transparency": facts.has_transparency,
            "sha256": facts.sha256,
        }
    return "audio", {
        "path": path,
        "size_bytes": facts.size_bytes,
        "milliseconds": facts.duration // timedelta(milliseconds=1),
        "mime_type": facts.mime_type,
        "container": facts.container,
        "codec": facts.codec,
        "bitrate_bps": facts.bitrate_bps,
        "sha256": facts.sha256,
        "chapters": [_chapter_values(each) for each in facts.chapters] or None,
        "etag": facts.etag,
        "last_modified": facts.last_modified,
    }


def with_facts(lock: Lock, facts: Mapping[str, Facts]) -> Lock:
    """*lock* with what was measured now; facts that have trouble to tell are not remembered."""
    sound = {path: _as_kept(each) for path, each in facts.items() if isinstance(each, MediaFacts) and _is_new(each)}
    new = {path: each for path, each in sound.items() if lock.media.get(path) != each}
    return replace(lock, media=_merged(lock.media, new)) if new else lock


def with_names(lock: Lock, names: Mapping[str, str]) -> Lock:
    """*lock* with published *names*; one that is there keeps the bytes it stands for."""
    new = {name: sha256 for name, sha256 in names.items() if name not in lock.names}
    return replace(lock, names=_merged(lock.names, new)) if new else lock


def _merged(known: Mapping[str, T], new: Mapping[str, T]) -> Mapping[str, T]:
    return known.merged(new) if isinstance(known, Later) else {**known, **new}


def _is_new(facts: MediaFacts) -> bool:
    return facts.origin == "measured" and not facts.trouble


def _as_kept(facts: MediaFacts) -> MediaFacts:
    """*facts* as they will be read back."""
    if isinstance(facts, AudioFacts):
        return replace(facts, origin="lock", expected_bytes=0, details=None)
    return replace(facts, origin="lock", is_animated=False, colour_profile="", orientation=1, has_location=False)
