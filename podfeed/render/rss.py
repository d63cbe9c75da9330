"""Feed → RSS 2.0; the one module that knows feedgen."""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from podfeed.errors import PodfeedError
from podfeed.model import Feed, Item
from podfeed.render.tags import ChannelTags, ItemTags
from podfeed.words import say

_TITLE_WITH_REFERENCE = re.compile(rb"<title>[^<]*&[^<]*</title>")


def rss(feed: Feed) -> bytes:
    """The bytes of *feed*: the same feed always gives the same bytes, and two parsers have read them back.

    Raises PodfeedError when they cannot: that is a fault of podfeed, and nothing may be written then.
    """
    generator = _channel(feed)
    for item in feed.items:
        generator.add_entry(_entry(item), order="append")
    written = generator.rss_str(pretty=True)
    # Some readers undo one escape too many in titles: numeric references survive. Source: RSS Board, rss-profile.
    written = _TITLE_WITH_REFERENCE.sub(
        lambda title: title[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;"), written
    )
    _read_back(written, len(feed.items))
    return written


def _channel(feed: Feed) -> Any:
    generator = FeedGenerator()
    generator.register_extension("podfeed", ChannelTags, ItemTags, atom=False, rss=True)
    generator.podfeed.feed = feed
    generator.title(feed.title)
    # The home page last: feedgen makes the last link given the channel's.
    generator.link(href=feed.url, rel="self", type="application/rss+xml")
    generator.link(href=feed.link, rel="alternate")
    generator.description(feed.description)
    generator.language(feed.language)
    generator.generator("podfeed")
    generator.docs("https://www.rssboard.org/rss-specification")
    if feed.copyright:
        generator.copyright(feed.copyright)
    newest = max((item.date for item in feed.items), default=None)
    # feedgen would write the clock here, and the feed would change with every build.
    generator._FeedGenerator__rss_lastBuildDate = None
    if newest:
        generator.lastBuildDate(newest)
    return generator


def _entry(item: Item) -> Any:
    entry = FeedEntry()
    entry.register_extension("podfeed", ItemTags, atom=False, rss=True)
    entry.podfeed.item = item
    entry.title(item.title)
    entry.link(href=item.link)
    if item.description:
        entry.description(item.description)
    if item.notes_html:
        entry.content(item.notes_html, type="CDATA")
    entry.guid(item.guid.text, permalink=item.guid.is_permalink)
    entry.pubDate(item.date)
    entry.enclosure(item.enclosure.url, str(item.enclosure.size_bytes), item.enclosure.mime_type)
    return entry


def _read_back(written: bytes, items: int) -> None:
    try:
        expat.ParserCreate().Parse(written, True)
        root = etree.fromstring(written, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except (expat.ExpatError, etree.XMLSyntaxError) as error:
        raise PodfeedError(say("the feed that was made cannot be read back; nothing was written")) from error
    if len(root.findall("channel/item")) != items:
        raise PodfeedError(say("the feed that was made has lost episodes; nothing was written"))
