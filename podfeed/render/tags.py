"""Our feedgen extensions: the itunes:, podcast: and atom: tags of a channel and its items.

feedgen's own podcast extension writes explicit as yes or no and drops artwork whose address has a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from podfeed.model import (
    FORMAT_PURPOSE,
    Category,
    Chapter,
    Enclosure,
    Feed,
    Image,
    Item,
    Location,
    Person,
    ReleaseSchedule,
    SocialInteract,
    Tag,
    TrailerItem,
    TranscriptLink,
)
from podfeed.read.chapters import shown
from podfeed.read.durations import whole_seconds
from podfeed.render.addresses import remote_url
from podfeed.render.chapters import JSON_TYPE, clock

_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_PODLOVE = "http://podlove.org/simple-chapters"
_SPOTIFY = "http://www.spotify.com/ns/rss"
_HISTORY = "http://purl.org/syndication/history/1.0"


class ChannelTags(BaseExtension):  # type: ignore[misc]
    """What a channel says beyond RSS. Set *feed* before the feed is written."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        used = {**self._podlove(), **self._history(), **self._spotify(), **self.feed.namespaces}
        return {"itunes": _ITUNES, "podcast": _PODCAST, **used}

    def _podlove(self) -> dict[str, str]:
        """Declared only where it is used: the W3C's validator does not know it, and says so."""
        return {"psc": _PODLOVE} if any(shown(item.chapters) for item in self.feed.items) else {}

    def _history(self) -> dict[str, str]:
        return {"fh": _HISTORY} if self.feed.is_archive else {}

    def _spotify(self) -> dict[str, str]:
        return {"spotify": _SPOTIFY} if self.feed.spotify_countries or self.feed.spotify_limit else {}

    def extend_rss(self, rss: Any) -> Any:
        _add(rss[0], _channel_tags(self.feed))
        return rss


class ItemTags(BaseEntryExtension):  # type: ignore[misc]
    """What an item says beyond RSS. Set *item* before the feed is written."""

    item: Item

    def extend_rss(self, entry: Any) -> Any:
        _add(entry, _item_tags(self.item))
        return entry


def _channel_tags(feed: Feed) -> Iterator[Tag]:
    for link in feed.links:
        yield Tag(f"{{{_ATOM}}}link", "", {"href": link.url, "rel": link.relation, "type": "application/rss+xml"})
    if feed.is_archive:
        yield Tag(f"{{{_HISTORY}}}archive", "", {})
    for hub in feed.hubs:
        yield Tag(f"{{{_ATOM}}}link", "", {"href": hub, "rel": "hub"})
    if feed.author:
        yield _itunes("author", feed.author)
    if feed.artwork:
        yield _itunes("image", attributes={"href": feed.artwork})
    yield _itunes("explicit", _true_or_false(feed.explicit))
    yield _itunes("type", feed.type)
    if feed.new_feed_url:
        yield _itunes("new-feed-url", feed.new_feed_url)
    if feed.block:
        yield _itunes("block", "Yes")
    if feed.complete:
        yield _itunes("complete", "Yes")
    yield _podcast("guid", feed.guid)
    if feed.locked is not None:
        yield _podcast("locked", "yes" if feed.locked else "no", {"owner": feed.owner_email})
    yield _podcast("medium", feed.medium)
    if feed.format:
        yield _podcast("txt", feed.format, {"purpose": FORMAT_PURPOSE})
    yield from _shared(feed)
    yield from (_trailer(each) for each in feed.trailers)
    if feed.schedule:
        yield _update_frequency(feed.schedule)
    for service, is_blocked in feed.block_services.items():
        yield _podcast("block", "yes" if is_blocked else "no", {"id": service})
    yield from _persons(feed.persons)
    yield from _images(feed.images)
    yield from (_category(each) for each in feed.categories)
    if feed.owner_email:
        names = [_itunes("name", feed.owner_name)] if feed.owner_name else []
        yield _itunes("owner", children=[*names, _itunes("email", feed.owner_email)])
    if feed.spotify_countries:
        yield Tag(f"{{{_SPOTIFY}}}countryOfOrigin", " ".join(feed.spotify_countries))
    if feed.spotify_limit:
        yield Tag(f"{{{_SPOTIFY}}}limit", "", {"recentCount": str(feed.spotify_limit)})
    yield from feed.extra_tags


def _item_tags(item: Item) -> Iterator[Tag]:
    if item.duration:
        yield _itunes("duration", str(whole_seconds(item.duration)))
    yield _itunes("episodeType", item.type)
    if item.season is not None:
        yield _itunes("season", str(item.season))
        yield _podcast("season", str(item.season), {"name": item.season_name})
    if item.number is not None:
        yield _itunes("episode", str(item.number))
        yield _podcast("episode", str(item.number), {"display": item.label})
    if item.explicit is not None:
        yield _itunes("explicit", _true_or_false(item.explicit))
    if item.artwork:
        yield _itunes("image", attributes={"href": item.artwork})
    if item.block:
        yield _itunes("block", "Yes")
    yield from _persons(item.persons)
    yield from _images(item.images)
    yield from _chapters(item)
    yield from (_transcript(each) for each in item.transcripts)
    yield from (_alternate(each, item.enclosure) for each in item.alternates)
    yield from _shared(item)
    for bite in item.soundbites:
        yield _podcast(
            "soundbite", bite.title, {"startTime": _seconds(bite.start), "duration": _seconds(bite.duration)}
        )
    for link in item.content_links:
        yield _podcast("contentLink", link.text, {"href": remote_url(link.url)})
    yield from item.extra_tags


def _shared(of: Feed | Item) -> Iterator[Tag]:
    """What shows and episodes alike can say in the podcast namespace."""
    for funding in of.funding:
        yield _podcast("funding", funding.text, {"url": funding.url})
    if of.license:
        yield _podcast("license", of.license, {"url": of.license_url})
    yield from (_location(each) for each in of.locations)
    yield from (_social_interact(each) for each in of.social_interact)
    yield from (_podcast("txt", each.text, {"purpose": each.purpose}) for each in of.txt)


def _location(place: Location) -> Tag:
    attributes = {"rel": place.rel, "geo": place.geo, "osm": place.osm, "country": place.country}
    return _podcast("location", place.name, attributes)


def _social_interact(place: SocialInteract) -> Tag:
    attributes = {
        "protocol": place.protocol,
        "uri": remote_url(place.uri),
        "accountId": place.account_id,
        "accountUrl": remote_url(place.account_url),
        "priority": "" if place.priority is None else str(place.priority),
    }
    return _podcast("socialInteract", attributes=attributes)


def _trailer(trailer: TrailerItem) -> Tag:
    attributes = {
        "url": trailer.url,
        "pubdate": format_datetime(trailer.date),
        "length": str(trailer.size_bytes or ""),
        "type": trailer.mime_type,
        "season": str(trailer.season or ""),
    }
    return _podcast("trailer", trailer.title, attributes)


def _update_frequency(schedule: ReleaseSchedule) -> Tag:
    is_complete = "" if schedule.is_complete is None else _true_or_false(schedule.is_complete)
    attributes = {"rrule": schedule.rrule, "dtstart": schedule.dtstart, "complete": is_complete}
    return _podcast("updateFrequency", schedule.text, attributes)


def _seconds(length: timedelta) -> str:
    """*length* in seconds, as 73.5."""
    return f"{length / timedelta(seconds=1):.3f}".rstrip("0").rstrip(".")


def _alternate(file: Enclosure, main: Enclosure) -> Tag:
    """A file apps may choose from; the *main* one, which is among them, is the default."""
    attributes = {
        "type": file.mime_type,
        "length": str(file.size_bytes),
        "bitrate": str(file.bitrate_bps or ""),
        "lang": file.language,
        "title": file.title,
        "codecs": file.codecs,
        "default": "true" if file.url == main.url else "",
    }
    integrity = [_podcast("integrity", attributes={"type": "sri", "value": file.integrity})] if file.integrity else []
    source = _podcast("source", attributes={"uri": file.url})
    return _podcast("alternateEnclosure", attributes=attributes, children=[source, *integrity])


def _chapters(item: Item) -> Iterator[Tag]:
    """The address of the chapters' file; and the chapters themselves, for apps that read no such file."""
    if item.chapters_url:
        yield _podcast("chapters", attributes={"url": item.chapters_url, "type": JSON_TYPE})
    if chapters := shown(item.chapters):
        attributes = {"version": "1.2"}
        yield Tag(f"{{{_PODLOVE}}}chapters", "", attributes, tuple(_chapter(each) for each in chapters))


def _chapter(chapter: Chapter) -> Tag:
    attributes = {
        "start": clock(chapter.start),
        "title": chapter.title,
        "href": chapter.href,
        "image": chapter.image,
    }
    return Tag(f"{{{_PODLOVE}}}chapter", "", {name: value for name, value in attributes.items() if value})


def _transcript(link: TranscriptLink) -> Tag:
    relation = "captions" if link.are_captions else ""
    attributes = {"url": link.url, "type": link.mime_type, "language": link.language, "rel": relation}
    return _podcast("transcript", attributes=attributes)


def _persons(persons: Iterable[Person]) -> Iterator[Tag]:
    for person in persons:
        attributes = {"role": person.role, "group": person.group, "href": person.href, "img": person.img}
        yield _podcast("person", person.name, attributes)


def _images(images: Iterable[Image]) -> Iterator[Tag]:
    for image in images:
        side = str(image.pixels)
        attributes = {"href": image.url, "alt": image.alt, "aspect-ratio": "1/1", "width": side, "height": side}
        yield _podcast("image", attributes={**attributes, "type": image.mime_type, "purpose": "artwork"})


def _category(category: Category) -> Tag:
    below = [_itunes("category", attributes={"text": category.subcategory})] if category.subcategory else []
    return _itunes("category", attributes={"text": category.name}, children=below)


def _itunes(
    name: str, text: str = "", attributes: Mapping[str, str] | None = None, children: Iterable[Tag] = ()
) -> Tag:
    return Tag(f"{{{_ITUNES}}}{name}", text, attributes or {}, tuple(children))


def _podcast(
    name: str, text: str = "", attributes: Mapping[str, str] | None = None, children: Iterable[Tag] = ()
) -> Tag:
    """A tag of the podcast namespace; attributes without a value are left out."""
    given = {key: value for key, value in (attributes or {}).items() if value}
    return Tag(f"{{{_PODCAST}}}{name}", text, given, tuple(children))


def _true_or_false(value: bool) -> str:
    return "true" if value else "false"


def _add(parent: Any, tags: Iterable[Tag]) -> None:
    for tag in tags:
        element = etree.SubElement(parent, tag.name, dict(tag.attributes))
        element.text = tag.text or None
        _add(element, tag.children)
