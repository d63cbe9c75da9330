"""Feeds → OPML 2.0: the list that apps import to subscribe to all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from podfeed.model import Feed


def opml(title: str, feeds: Iterable[Feed]) -> bytes:
    """The list called *title* of *feeds*; it has no date, for it changes with them alone."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(title, quote=False)}</title></head>",
        "  <body>",
        *(f"    <outline{_attributes(_outline(feed))}/>" for feed in feeds),
        "  </body>",
        "</opml>",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _outline(feed: Feed) -> Mapping[str, str]:
    """Source: OPML 2.0, subscription lists."""
    return {
        "type": "rss",
        "version": "RSS2",
        "text": feed.title,
        "title": feed.title,
        "xmlUrl": feed.url,
        "htmlUrl": feed.link,
        "language": feed.language,
        "description": feed.description,
    }


def _attributes(values: Mapping[str, str]) -> str:
    from xml.sax.saxutils import quoteattr  # brings along all that speaks HTTP

    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items() if value)
