"""A foreign or old feed → its items, with places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from podfeed.diagnostics import Position
from podfeed.errors import UsageError
from podfeed.model import FORMAT_PURPOSE
from podfeed.read.dates import read_date
from podfeed.read.xml import Document, Element, read_xml
from podfeed.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class OldItem:
    """An item as apps know it. What the feed leaves out is empty."""

    title: str
    #: Character for character, blanks included: apps compare it so.
    guid: str
    is_permalink: bool
    #: None when it is missing or unreadable.
    date: datetime | None
    enclosure_url: str
    link: str
    #: Where the item begins in the file.
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFeed:
    """A feed as apps know it, items in the order of the file."""

    #: The feed's own address; empty when it does not say.
    url: str
    title: str
    podcast_guid: str
    items: tuple[OldItem, ...]


def read_feed(data: bytes, name: str) -> OldFeed:
    """The RSS feed in *data*, which messages call *name*. Raises UsageError, with line and reason, if there is none,
    or if it is but the further feed of a show.
    """
    feed, channel = read_rss(data, name)
    if any(each.attributes.get("purpose") == FORMAT_PURPOSE for each in channel.all("podcast:txt")):
        raise UsageError(
            say("“{name}” is a show in another format, with a guid of its own: give its main feed", name=name)
        )
    return OldFeed(
        url=_self_address(channel),
        title=channel.words("title"),
        podcast_guid=channel.words("podcast:guid"),
        items=tuple(_item(feed, each) for each in feed.items),
    )


def read_rss(data: bytes, name: str) -> tuple[Document, Element]:
    """The RSS feed in *data* and its channel. Raises UsageError, with line and reason, if there is none."""
    feed = read_xml(data, name)
    if feed.fault:
        line, reason = (feed.fault.position or Position()).line, feed.fault.message
        raise UsageError(say("“{name}” cannot be read: line {line}: {reason}", name=name, line=line, reason=reason))
    if feed.channel is None:
        raise UsageError(say("“{name}” is no RSS feed: there is no <channel> in <rss>", name=name))
    return feed, feed.channel


def _self_address(channel: Element) -> str:
    links = (link for link in channel.all("atom:link") if link.attributes.get("rel") == "self")
    return next((link.attributes.get("href", "").strip() for link in links), "")


def _item(feed: Document, item: Element) -> OldItem:
    guid, enclosure = item.find("guid"), item.find("enclosure")
    return OldItem(
        title=item.words("title"),
        guid=guid.text if guid and guid.text.strip() else "",
        # Source: RSS 2.0, guid: without the attribute it is a link.
        is_permalink=guid is None or guid.attributes.get("isPermaLink", "true").strip().lower() != "false",
        date=instant(item.words("pubDate")),
        enclosure_url=enclosure.attributes.get("url", "").strip() if enclosure else "",
        link=item.words("link"),
        line=feed.place(item).line,
    )


def instant(date: str) -> datetime | None:
    """The instant of a pubDate. The name of its weekday is often wrong, and no app looks at it."""
    return read_date(re.sub(r"^[A-Za-z]+,\s*", "", date), None).value
