"""A foreign or old feed → its items, with places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from podfeed.errors import UsageError
from podfeed.read.dates import read_date

if TYPE_CHECKING:
    from lxml import etree

# Source for the limit: docs/reference/limits.md.
MAX_FEED_BYTES = 20 * 1024 * 1024

_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
#: The namespace has two names. Source: podcast namespace, README.
_PODCAST_GUIDS = (
    "{https://podcastindex.org/namespace/1.0}guid",
    "{https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md}guid",
)


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
    """The RSS feed in *data*, which messages call *name*. Raises UsageError, with line and reason, if there is none."""
    channel = _channel(_root(data, name), name)
    return OldFeed(
        url=_self_address(channel),
        title=_words(channel, "title"),
        podcast_guid=next((guid for tag in _PODCAST_GUIDS if (guid := _words(channel, tag))), ""),
        items=tuple(_item(each) for each in channel.iterfind("item")),
    )


def _root(data: bytes, name: str) -> etree._Element:
    """The outermost element. Nothing is fetched, no entity is resolved, and what would need either is refused."""
    from lxml import etree

    if len(data) > MAX_FEED_BYTES:
        raise UsageError(f"“{name}” is larger than {MAX_FEED_BYTES} bytes; podfeed does not read such a feed")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"“{name}” cannot be read: line {error.lineno or 1}: {_reason(data, error.msg)}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UsageError(f"“{name}” has a DOCTYPE, which no feed needs: delete it if you trust the rest")
    return root


def _reason(data: bytes, theirs: str) -> str:
    """What libxml2 stumbled over, in our words where we have some."""
    if not data.strip():
        return "the file is empty"
    if data.startswith(b"---"):
        return "this is the template of a feed; save the feed itself, as apps get it from the web"
    ours = next((ours for sign, ours in _WORDS if sign in theirs), "")
    return ours or re.sub(r",? line \d+, column \d+$", "", theirs.replace("\n", "")).strip()


_WORDS = (
    ("xmlParseEntityRef", "a “&” stands here that is not written “&amp;”"),
    ("amplification factor", "an entity stands for endless text"),
    ("Start tag expected", "this is no XML"),
    ("Document is empty", "this is no XML"),
    ("Premature end", "the file ends too early"),
    ("expected '>'", "the file ends too early, or a tag is not closed"),
    ("Couldn't find end of Start Tag", "the file ends too early, or a tag is not closed"),
    ("Invalid bytes in character encoding", "the text is not in the encoding the file names"),
)


def _channel(root: etree._Element, name: str) -> etree._Element:
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        raise UsageError(f"“{name}” is no RSS feed: there is no <channel> in <rss>")
    return channel


def _self_address(channel: etree._Element) -> str:
    links = (link for link in channel.iterfind(_ATOM_LINK) if link.get("rel") == "self")
    return next((link.get("href", "").strip() for link in links), "")


def _item(item: etree._Element) -> OldItem:
    guid, enclosure = item.find("guid"), item.find("enclosure")
    text = _text(guid)
    return OldItem(
        title=_words(item, "title"),
        guid=text if text.strip() else "",
        # Source: RSS 2.0, guid: without the attribute it is a link.
        is_permalink=guid is None or guid.get("isPermaLink", "true").strip().lower() != "false",
        date=_date(_words(item, "pubDate")),
        enclosure_url="" if enclosure is None else enclosure.get("url", "").strip(),
        link=_words(item, "link"),
        line=cast(int, item.sourceline),
    )


def _words(parent: etree._Element, tag: str) -> str:
    """The text of the first *tag* below *parent*, runs of blanks as one space; empty when there is none."""
    return " ".join(_text(parent.find(tag)).split())


def _text(element: etree._Element | None) -> str:
    """All text in *element*, character for character."""
    return "" if element is None else "".join(str(part) for part in element.itertext())


def _date(text: str) -> datetime | None:
    """The instant of a pubDate. The name of its weekday is often wrong, and no app looks at it."""
    return read_date(re.sub(r"^[A-Za-z]+,\s*", "", text), None).value
