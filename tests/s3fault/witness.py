"""What must hold of a bucket after every single write, whoever wrote: the invariants, from what the public can read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from s3fault.bucket import Kept

_LAST_LINE = re.compile(rb"\n<!-- podfeed (([0-9]+)-([0-9a-f]{16})) -->\n\Z")
#: Of the feed of all shows: each with the generation it is made of.
_LAST_LINE_OF_ALL = re.compile(rb"\n<!-- podfeed((?: [\w-]+=[0-9]+)+) -->\n\Z")
_LINK = "{http://www.w3.org/2005/Atom}link"
_VERSION = re.compile(r" v([0-9]+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as an app reads it."""

    #: What its last line says, and the generation of each show in it.
    name: str
    generations: Mapping[str, int]
    #: The titles by the text of the guids.
    titles: Mapping[str, str]
    #: The keys it names.
    names: frozenset[str]
    #: None where it is not the show's own feed, which its record is of.
    record: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Observer:
    """Remembers every feed that was ever public, and tells what should not have happened.

    Titles say “v1”, “v2” …: a higher number is a later edit of the same episode.
    """

    #: What the addresses of all objects begin with.
    base: str
    #: What nobody may ever read.
    canaries: tuple[bytes, ...] = ()
    #: Guids that somebody withdraws, and that somebody brings back; and whether an older state is meant to come back.
    may_leave: set[str] = field(default_factory=set)
    may_return: set[str] = field(default_factory=set)
    may_revert: bool = False
    private: Callable[[str], bool] = lambda key: False
    violations: list[str] = field(default_factory=list)
    #: By key, as they are now.
    feeds: dict[str, Feed] = field(default_factory=dict)
    #: sha256 of every medium any feed ever named, by key.
    _media: dict[str, str] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)

    def go_on(self, past: Observer) -> None:
        """Know from now on what *past* knows."""
        self.may_leave |= past.may_leave
        self.may_return |= past.may_return
        self.feeds |= past.feeds
        self._media |= past._media
        self._gone |= past._gone

    def after_write(self, objects: Mapping[str, Kept], key: str) -> None:
        """Look at all that a write to *key* can have broken."""
        kept = objects.get(key)
        if kept is None:
            if key in self.feeds or key in self._named():
                self._tell("I1", f"{key} is gone, and a feed names it")
            return
        for canary in self.canaries:
            if canary in kept.data or canary in key.encode():
                self._tell("I5", f"{key} gives {canary!r} away")
        if key in self._media and kept.sha256 != self._media[key]:
            self._tell("I1", f"{key} has other bytes than when a feed named it")
        if _is_feed(key, kept):
            self._look_at_feed(objects, key, kept)

    def look(self, objects: Mapping[str, Kept]) -> None:
        """Look at a whole bucket, as it was found."""
        for key in sorted(objects, key=lambda each: (_is_feed(each, objects[each]), each)):
            self.after_write(objects, key)
        for key in self._named() - objects.keys():
            self._tell("I1", f"{key} is not there, and a feed names it")

    def ended(self, code: int, feed: str, promised: Mapping[str, int]) -> None:
        """A run is over. If it ended well the feed at the key *feed* has all it *promised*: versions, by guid."""
        titles = self.feeds[feed].titles if feed in self.feeds else {}
        for guid, version in promised.items():
            if code == 0 and guid not in self._gone and _version(titles.get(guid, "")) < version:
                self._tell("I4", f"a run ended with 0, and {guid} v{version} is not in the feed: {dict(titles)}")

    # ---------------------------------------------------------------------------------------- a feed

    def _look_at_feed(self, objects: Mapping[str, Kept], key: str, kept: Kept) -> None:
        before = self.feeds.get(key)
        feed = self._read(objects, key, kept)
        if feed is None:
            return
        self.feeds[key] = feed
        self._check_named(objects, key, feed)
        if before:
            self._check_succession(key, before, feed)
        if feed.record:
            for guid in feed.titles.keys() & self._gone - self.may_return:
                self._tell("I3", f"{key}: {guid} was withdrawn, and is back")
            self._gone = (self._gone | _withdrawn(feed.record)) - feed.titles.keys()

    def _read(self, objects: Mapping[str, Kept], key: str, kept: Kept) -> Feed | None:
        try:
            root = etree.fromstring(kept.data, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError as error:
            self._tell("I1", f"{key} cannot be read: {error}")
            return None
        line, of_all = _LAST_LINE.search(kept.data), _LAST_LINE_OF_ALL.search(kept.data)
        titles = {item.findtext("guid", ""): item.findtext("title", "") for item in root.iter("item")}
        names = frozenset(self._keys(root))
        if of_all:
            shows = dict(each.split("=") for each in of_all[1].decode().split())
            generations = {show: int(number) for show, number in shows.items()}
            return Feed(name=of_all[1].decode(), generations=generations, titles=titles, names=names)
        if not line:
            self._tell("I2", f"{key} does not say which generation it is of")
            return None
        name, generations = line[1].decode(), {"": int(line[2])}
        notes = [each for each in objects if each.startswith("_podfeed/") and each.endswith(f"/{name}.json")]
        if not notes or not objects[notes[0]].sha256.startswith(line[3].decode()):
            self._tell("I1", f"{key} names the record {name}, which is not there")
            return None
        record = json.loads(objects[notes[0]].data)
        if key != [*record["former_keys"], record["feed_key"]][0]:  # a further feed, or a copy where it moved to
            return Feed(name=name, generations=generations, titles=titles, names=names)
        if hashlib.sha256(kept.data[: line.start() + 1]).hexdigest() != record["feed_sha256"]:
            self._tell("I1", f"{key} is not the feed its record {name} is of")
        return Feed(name=name, generations=generations, titles=titles, names=names, record=record)

    def _keys(self, root: Any) -> Iterator[str]:
        for element in root.iter():
            if element.tag == _LINK and element.get("rel") in ("self", "current"):
                continue  # where a page of an archive leads to, once that is there
            for text in (element.text, *element.attrib.values()):
                address = (text or "").strip()
                if address.startswith(f"{self.base}/") and not re.search(r"\s", address):
                    key = unquote(address.removeprefix(f"{self.base}/").partition("#")[0].partition("?")[0])
                    yield f"{key}index.html" if not key or key.endswith("/") else key

    def _check_named(self, objects: Mapping[str, Kept], key: str, feed: Feed) -> None:
        for each in sorted(feed.names):
            if each not in objects:
                self._tell("I1", f"{key} names {each}, which is not there")
            elif self.private(each):
                self._tell("I1", f"{key} names {each}, which nobody may read")
        record = feed.record or {"media": {}, "items": []}
        for each, known in record["media"].items():
            if each in objects:
                self._check_medium(key, each, objects[each], known["sha256"])
        for item in record["items"]:
            medium = objects.get(item["media"])
            if medium and (medium.sha256, len(medium.data)) != (item["sha256"], item["size_bytes"]):
                self._tell("I1", f"{key}: {item['media']} has other bytes than its record says")

    def _check_medium(self, key: str, medium: str, kept: Kept, sha256: str) -> None:
        if sha256 and kept.sha256 != sha256:
            self._tell("I1", f"{key}: {medium} has other bytes than its record says")
        self._media.setdefault(medium, kept.sha256)

    def _check_succession(self, key: str, before: Feed, feed: Feed) -> None:
        """A feed only ever follows the one that was there."""
        steps = {show: feed.generations.get(show, 0) - number for show, number in before.generations.items()}
        if any(step < 0 for step in steps.values()) or (not any(steps.values()) and feed.name != before.name):
            self._tell("I2", f"{key} went from {before.name} to {feed.name}")
        if not feed.record:
            return
        if feed.name != before.name and feed.record["parent"] != before.name:
            self._tell("I4", f"{key}: {feed.name} is made from {feed.record['parent']}, and replaced {before.name}")
        told = _withdrawn(feed.record) & self.may_leave
        for guid in before.titles.keys() - feed.titles.keys() - told:
            self._tell("I3", f"{key}: {guid} left, and nobody withdrew it")
        for guid in before.titles.keys() & feed.titles.keys():
            if _version(feed.titles[guid]) < _version(before.titles[guid]) and not self.may_revert:
                self._tell("I4", f"{key}: {guid} went from {before.titles[guid]} to {feed.titles[guid]}")

    def _named(self) -> set[str]:
        return {key for feed in self.feeds.values() for key in feed.names}

    def _tell(self, invariant: str, words: str) -> None:
        self.violations.append(f"{invariant}: {words}")


def _is_feed(key: str, kept: Kept) -> bool:
    return kept.headers.get("content-type", "").startswith("application/rss+xml") and not key.startswith("_podfeed/")


def _withdrawn(record: Mapping[str, Any]) -> set[str]:
    return {each["guid"]["text"] for each in record["withdrawn"]}


def _version(title: str) -> int:
    """Which edit a title is of; 0 for no title at all."""
    found = _VERSION.search(title)
    return int(found[1]) if found else int(bool(title))
