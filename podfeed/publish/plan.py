"""What is public × what is wanted → what a publish would do, as data: what listeners notice, and each file in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from podfeed.errors import PodfeedError, gravest
from podfeed.publish import record as records
from podfeed.publish.live import Live
from podfeed.publish.record import Record, RecordedItem
from podfeed.publish.rehearsal import Put
from podfeed.publish.shared import SharedFiles
from podfeed.publish.wanted import Wanted
from podfeed.read.feed import instant, read_rss
from podfeed.read.xml import Element
from podfeed.words import enumerated, say, say_many

Kind = Literal["new", "returns", "changed", "new guid", "leaves"]
Stage = Literal["media", "page", "record", "feed"]
Action = Literal["add", "update"]

#: Above this share of the published episodes whose files are as they were, their items should not change.
_MOST_UNMEANT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that apps are told otherwise."""

    #: What people call it: ``title``, ``notes``, ``date`` or ``audio``.
    what: str
    #: Before and after, where a line can say it. A date is ISO 8601, a length in seconds.
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeChange:
    """What becomes of one episode."""

    kind: Kind
    title: str
    guid: str
    #: When it went out, or goes.
    date: datetime | None
    differences: tuple[Difference, ...] = ()

    @property
    def looks_new(self) -> bool:
        """Whether apps that know the episode take it for another: by its guid, or for a later date."""
        moved = next((each for each in self.differences if each.what == "date"), None)
        return self.kind == "new guid" or bool(moved and _is_later(moved))

    @property
    def is_downloaded_again(self) -> bool:
        """Whether apps fetch its audio once more: an app keeps it by the guid, or by the address of the audio."""
        moved = any(each.what == "audio" and each.before != each.after for each in self.differences)
        return self.kind == "new guid" or moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file that would go up."""

    stage: Stage
    key: str
    action: Action
    #: Why, in a sentence part.
    reason: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPlan:
    """What a publish would do for one show."""

    show: str
    title: str = ""
    #: What is public now; 0 when nothing is.
    generation: int = 0
    #: How many episodes are public now, and how many would be.
    published: int = 0
    following: int = 0
    episodes: tuple[EpisodeChange, ...] = ()
    #: What apps are told otherwise of the show itself.
    channel: tuple[Difference, ...] = ()
    #: How many published episodes have the files they had; and those of them that change all the same.
    unchanged_files: int = 0
    unmeant: tuple[str, ...] = ()
    #: What would go up, in that order.
    files: tuple[Change, ...] = ()
    feed_bytes: int = 0
    feed_bytes_before: int = 0
    #: How many requests a publish takes.
    requests: int = 0
    #: What a publish would refuse, and end with.
    refusal: PodfeedError | None = None

    @property
    def look_new(self) -> int:
        """How many published episodes would look new."""
        return sum(each.looks_new for each in self.episodes)

    @property
    def downloaded_again(self) -> int:
        """How many published episodes would be downloaded again."""
        return sum(each.is_downloaded_again for each in self.episodes)

    @property
    def is_suspicious(self) -> bool:
        """Whether more changes than anybody wrote: for config.yaml, a library or podfeed itself changed."""
        return len(self.unmeant) > max(1, _MOST_UNMEANT * self.unchanged_files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a publish would do."""

    target: str
    shows: tuple[ShowPlan, ...]
    #: What would go up for all shows together, and the requests it takes.
    shared: tuple[Change, ...] = ()
    shared_requests: int = 0
    #: What a publish would refuse of that.
    refusal: PodfeedError | None = None

    @property
    def files(self) -> tuple[Change, ...]:
        """All that would go up, in that order."""
        return (*(change for show in self.shows for change in show.files), *self.shared)

    @property
    def requests(self) -> int:
        """How many requests a publish takes."""
        return sum(each.requests for each in self.shows) + self.shared_requests

    @property
    def exit_code(self) -> int:
        """What a publish would end with, as far as can be told before."""
        return gravest([self.refusal, *(each.refusal for each in self.shows)])


def plan_show(live: Live, wanted: Wanted, puts: Iterable[Put] = (), *, requests: int = 0) -> ShowPlan:
    """What a publish would do for the show that is *wanted* where another is *live*, by what it *puts*.

    Raises UsageError when a feed cannot be read.
    """
    before, after = _Public.of(live.feed, wanted.feed_key), _Public.of(wanted.feed, wanted.feed_key)
    episodes = tuple(_episodes(before, after, live.record, wanted))
    known = live.record.by_guid if live.record else {}
    untouched = [item for item in wanted.items if _is_untouched(item, known.get(item.guid.text))]
    changed = {each.guid for each in episodes if each.kind == "changed"}
    return ShowPlan(
        show=wanted.show,
        title=after.channel.words("title"),
        generation=live.record.generation if live.record else 0,
        published=len(before.items),
        following=len(after.items),
        episodes=episodes,
        channel=tuple(_differences(before.channel, after.channel, _OF_SHOW)) if live.feed else (),
        unchanged_files=len(untouched),
        unmeant=tuple(item.title for item in untouched if item.guid.text in changed),
        files=tuple(_files(live, wanted, puts, episodes)),
        feed_bytes=len(wanted.feed),
        feed_bytes_before=len(live.feed),
        requests=requests,
    )


def _is_untouched(item: RecordedItem, known: RecordedItem | None) -> bool:
    """Whether *item* is made of the very files that *known* was made of."""
    return known is not None and (item.source, item.sha256) == (known.source, known.sha256)


# ------------------------------------------------------------------------------- what listeners notice


@dataclass(frozen=True, slots=True)
class _Public:
    """A feed as apps know it: its channel, and its items by guid."""

    channel: Element
    items: Mapping[str, Element]

    @classmethod
    def of(cls, feed: bytes, name: str) -> _Public:
        """What *feed* says; nothing where there is none yet."""
        if not feed:
            return cls(Element("channel", {}, 0), {})
        document, channel = read_rss(feed, name)
        return cls(channel, {_guid(item): item for item in document.items})


def _guid(item: Element) -> str:
    guid = item.find("guid")
    return guid.text if guid and guid.text.strip() else _audio(item)


def _audio(item: Element) -> str:
    enclosure = item.find("enclosure")
    return enclosure.attributes.get("url", "").strip() if enclosure else ""


def _date(item: Element) -> datetime | None:
    return instant(item.words("pubDate"))


def _episodes(before: _Public, after: _Public, record: Record | None, wanted: Wanted) -> Iterator[EpisodeChange]:
    """What becomes of each episode that is new, changes, or leaves; in the order of the feed, those that leave last."""
    known = record.by_guid if record else {}
    gone = {item.guid.text for item in record.withdrawn} if record else set()
    digests = {item.guid.text: item.digest for item in wanted.items}
    leaving = {guid: item for guid, item in before.items.items() if guid not in after.items}
    arriving = {guid: item for guid, item in after.items.items() if guid not in before.items}
    renamed = _renamed(leaving, arriving)
    for guid, item in after.items.items():
        if guid in renamed:
            old = leaving.pop(renamed[guid])
            changed = [*_differences(old, item, _OF_EPISODE)]
            yield _change("new guid", guid, item, [Difference(what="guid", before=renamed[guid], after=guid), *changed])
        elif guid in arriving:
            yield _change("returns" if guid in gone else "new", guid, item)
        else:
            changed = [*_differences(before.items[guid], item, _OF_EPISODE)]
            if guid in known and known[guid].digest == digests[guid]:
                # The feed has no more room for its notes, or has some again.
                changed = [each for each in changed if each.what != "notes"]
            if changed:
                yield _change("changed", guid, item, changed)
    for guid, item in leaving.items():
        yield _change("leaves", guid, item)


def _change(kind: Kind, guid: str, item: Element, differences: Iterable[Difference] = ()) -> EpisodeChange:
    title = item.words("title") or guid
    return EpisodeChange(kind=kind, title=title, guid=guid, date=_date(item), differences=tuple(differences))


def _renamed(leaving: Mapping[str, Element], arriving: Mapping[str, Element]) -> dict[str, str]:
    """The old guids of items that are there with another one, by the new: same audio, same page, or same title."""
    found: dict[str, str] = {}
    signs: tuple[Callable[[Element], object], ...] = (
        _audio,
        lambda item: item.words("link"),
        lambda item: (item.words("title"), _date(item)),
    )
    for sign in signs:
        old = {sign(item): guid for guid, item in leaving.items() if guid not in found.values() and sign(item)}
        for guid, item in arriving.items():
            if guid not in found and sign(item) in old:
                found[guid] = old.pop(sign(item))
    return found


#: What people call the elements of an item, the most noticed first. What is not here is “other”.
_OF_EPISODE = {
    "title": ("title", "itunes:title"),
    "audio": ("enclosure",),
    "date": ("pubDate",),
    "length": ("itunes:duration",),
    "notes": ("content:encoded",),
    "description": ("description", "itunes:summary", "itunes:subtitle"),
    "picture": ("itunes:image", "podcast:image", "podcast:images", "media:thumbnail"),
    "page": ("link",),
    "number": ("itunes:season", "itunes:episode", "itunes:episodeType", "podcast:season", "podcast:episode"),
    "explicit": ("itunes:explicit",),
    "block": ("itunes:block", "podcast:block"),
    "people": ("podcast:person",),
    "chapters": ("podcast:chapters", "psc:chapters"),
    "transcripts": ("podcast:transcript",),
    "formats": ("podcast:alternateEnclosure",),
}
_OF_SHOW = {
    "title": ("title", "itunes:title"),
    "feed": ("atom:link",),
    "new feed": ("itunes:new-feed-url",),
    "description": ("description", "itunes:summary", "itunes:subtitle"),
    "cover": ("itunes:image", "podcast:image", "podcast:images", "image"),
    "page": ("link",),
    "author": ("itunes:author",),
    "owner": ("itunes:owner",),
    "language": ("language",),
    "categories": ("itunes:category",),
    "explicit": ("itunes:explicit",),
    "block": ("itunes:block", "podcast:block"),
    "type": ("itunes:type", "podcast:medium"),
    "complete": ("itunes:complete",),
    "people": ("podcast:person",),
    "trailers": ("podcast:trailer",),
}
#: They follow from others, or say who wrote the feed; and the items themselves.
_NEVER_TOLD = frozenset(("item", "guid", "podcast:guid", "pubDate", "lastBuildDate", "generator", "docs"))


def _differences(before: Element, after: Element, parts: Mapping[str, Iterable[str]]) -> Iterator[Difference]:
    """What *after* says otherwise than *before*, by what people call it."""
    names = {name: what for what, elements in parts.items() for name in elements}
    old, new = (_by_part(element, names) for element in (before, after))
    for what in (*parts, "other"):
        if [_state(each) for each in old.get(what, ())] != [_state(each) for each in new.get(what, ())]:
            yield Difference(what=what, before=_shown(what, old.get(what, ())), after=_shown(what, new.get(what, ())))


def _by_part(element: Element, names: Mapping[str, str]) -> dict[str, list[Element]]:
    parts: dict[str, list[Element]] = {}
    for child in element.children:
        if child.name in names or child.name not in _NEVER_TOLD:
            parts.setdefault(names.get(child.name, "other"), []).append(child)
    return parts


def _state(element: Element) -> object:
    return element.name, element.attributes, element.text.strip(), [_state(child) for child in element.children]


def _shown(what: str, elements: Iterable[Element]) -> str:
    """What a line can say of *elements*; empty where it would take more."""
    first = next(iter(elements), None)
    if first is None:
        return ""
    words = " ".join(first.text.split())
    if what == "date":
        date = instant(words)
        return date.isoformat() if date else words
    if what in ("title", "page", "length", "author", "language", "new feed", "explicit"):
        return words
    return first.attributes.get("url") or first.attributes.get("href") or ""


def _is_later(moved: Difference) -> bool:
    try:
        return datetime.fromisoformat(moved.after) > datetime.fromisoformat(moved.before)
    except ValueError:
        return False  # one of the two is no date at all


# ------------------------------------------------------------------------------------- what would go up


def _files(live: Live, wanted: Wanted, puts: Iterable[Put], episodes: Iterable[EpisodeChange]) -> Iterator[Change]:
    """What would go up for the show, in that order."""
    news, audio = _news(episodes), {item.media: item for item in wanted.items if item.media}
    stages: Mapping[Stage, Iterable[str]] = {"media": [*wanted.media], "page": [*wanted.pages]}
    by_key = {each.blob.key: each for each in puts}
    for stage, keys in stages.items():
        for key in keys:
            if put := by_key.pop(key, None):
                yield _of(put, stage, _reason(stage, put, audio.get(key), live))
    for put in by_key.values():
        if put.blob.key.startswith(f"{records.FOLDER}/"):
            yield replace(_of(put, "record", say("to compare with, and to come back to")), key=_unhashed(put.blob.key))
        elif put.blob.key == live.key:
            yield _of(put, "feed", news or _reason_of_feed(live, wanted))
        else:
            yield _of(put, "feed", say("made of the same episodes"))


def _of(put: Put, stage: Stage, reason: str) -> Change:
    action: Action = "update" if put.is_over else "add"
    return Change(stage=stage, key=put.blob.key, action=action, reason=reason, size_bytes=put.blob.size_bytes)


def _reason(stage: Stage, put: Put, item: RecordedItem | None, live: Live) -> str:
    if stage == "page":
        return say("it changes") if put.is_over else say("new")
    if item is None:
        return say("a feed or a page names it")
    before = live.record.by_guid.get(item.guid.text) if live.record else None
    if before and before.media:
        return say("takes the place of “{key}” in “{title}”", key=before.media, title=item.title)
    return say("the audio of “{title}”", title=item.title)


def _news(episodes: Iterable[EpisodeChange]) -> str:
    """“2 new episodes, 1 changed”; empty when the episodes stay as they are."""
    kinds = [each.kind for each in episodes]
    new, gone = kinds.count("new") + kinds.count("returns"), kinds.count("leaves")
    changed = len(kinds) - new - gone
    parts = [
        *([say_many("{count} new episode", "{count} new episodes", count=new)] if new else []),
        *([say_many("{count} changed", "{count} changed", count=changed)] if changed else []),
        *([say_many("{count} leaves", "{count} leave", count=gone)] if gone else []),
    ]
    return enumerated(parts)


def _reason_of_feed(live: Live, wanted: Wanted) -> str:
    if live.feed == wanted.feed:
        return say("names what belongs to the new pages")
    return say("what it says of the show") if live.feed else say("new")


def _unhashed(key: str) -> str:
    """The *key* of a record without the hash, which depends on the time."""
    return re.sub(r"-[0-9a-f]{16}\.", "-*.", key)


def plan_shared(puts: Iterable[Put], shared: SharedFiles) -> Iterator[Change]:
    """What would go up for all shows together, in that order."""
    for put in puts:
        key = put.blob.key
        stage: Stage = "media" if key in shared.media else "page" if key in shared.pages else "feed"
        yield _of(put, stage, say("tells of all shows"))
