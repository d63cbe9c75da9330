"""Our feedgen extensions: the itunes:, podcast: and atom: tags of a channel and its items.

feedgen's own podcast extension writes explicit as yes or no and drops artwork whose address has a query.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from podfeed.model import Category, Feed, Item, Person
from podfeed.read.durations import whole_seconds

_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"

#: One tag: its name with namespace, its text, its attributes.
Tag = tuple[str, str, dict[str, str]]


class ChannelTags(BaseExtension):  # type: ignore[misc]
    """What a channel says beyond RSS. Set *feed* before the feed is written."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        return {"itunes": _ITUNES, "podcast": _PODCAST}

    def extend_rss(self, rss: Any) -> Any:
        channel = rss[0]
        _add(channel, _channel_tags(self.feed))
        for category in self.feed.categories:
            _add_category(channel, category)
        if self.feed.owner_email:
            owner = etree.SubElement(channel, f"{{{_ITUNES}}}owner")
            names = [_itunes("name", self.feed.owner_name)] if self.feed.owner_name else []
            _add(owner, [*names, _itunes("email", self.feed.owner_email)])
        return rss


class ItemTags(BaseEntryExtension):  # type: ignore[misc]
    """What an item says beyond RSS. Set *item* before the feed is written."""

    item: Item

    def extend_rss(self, entry: Any) -> Any:
        _add(entry, _item_tags(self.item))
        return entry


def _channel_tags(feed: Feed) -> Iterator[Tag]:
    for hub in feed.hubs:
        yield f"{{{_ATOM}}}link", "", {"href": hub, "rel": "hub"}
    if feed.author:
        yield _itunes("author", feed.author)
    if feed.artwork:
        yield _itunes("image", href=feed.artwork)
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
        owner = {"owner": feed.owner_email} if feed.owner_email else {}
        yield _podcast("locked", "yes" if feed.locked else "no", **owner)
    yield _podcast("medium", feed.medium)
    for funding in feed.funding:
        yield _podcast("funding", funding.text, url=funding.url)
    if feed.license:
        yield _podcast("license", feed.license, **({"url": feed.license_url} if feed.license_url else {}))
    yield from _persons(feed.persons)


def _item_tags(item: Item) -> Iterator[Tag]:
    if item.duration:
        yield _itunes("duration", str(whole_seconds(item.duration)))
    yield _itunes("episodeType", item.type)
    if item.season is not None:
        yield _itunes("season", str(item.season))
        yield _podcast("season", str(item.season))
    if item.number is not None:
        yield _itunes("episode", str(item.number))
        yield _podcast("episode", str(item.number))
    if item.explicit is not None:
        yield _itunes("explicit", _true_or_false(item.explicit))
    if item.artwork:
        yield _itunes("image", href=item.artwork)
    if item.block:
        yield _itunes("block", "Yes")
    yield from _persons(item.persons)


def _persons(persons: Iterable[Person]) -> Iterator[Tag]:
    for person in persons:
        given = {"role": person.role, "href": person.href, "img": person.img}
        yield _podcast("person", person.name, **{name: value for name, value in given.items() if value})


def _itunes(name: str, text: str = "", **attributes: str) -> Tag:
    return f"{{{_ITUNES}}}{name}", text, attributes


def _podcast(name: str, text: str = "", **attributes: str) -> Tag:
    return f"{{{_PODCAST}}}{name}", text, attributes


def _true_or_false(value: bool) -> str:
    return "true" if value else "false"


def _add(parent: Any, tags: Iterable[Tag]) -> None:
    for name, text, attributes in tags:
        etree.SubElement(parent, name, attributes).text = text or None


def _add_category(channel: Any, category: Category) -> None:
    element = etree.SubElement(channel, f"{{{_ITUNES}}}category", {"text": category.name})
    if category.subcategory:
        etree.SubElement(element, f"{{{_ITUNES}}}category", {"text": category.subcategory})
