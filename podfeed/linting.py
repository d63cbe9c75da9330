"""`podfeed lint`: any feed → diagnostics, with their places in the XML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from podfeed.check.registry import FeedContext, Found, ask_feed
from podfeed.diagnostics import Diagnostic, Platform, Position
from podfeed.read.xml import Document, read_xml


def lint(
    data: bytes, name: str, *, now: datetime, url: str = "", platforms: Iterable[Platform] = ()
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with the feed in *data*, which messages call *name*, sorted by place.

    *url* is the address it was read from, if any. What one of *platforms* refuses is an error.
    """
    feed, wanted = read_xml(data, name), frozenset(platforms)
    found = ask_feed(feed, FeedContext(now=now, url=url))
    return tuple(sorted((_diagnostic(each, feed, wanted) for each in found), key=Diagnostic.sort_key))


def _diagnostic(found: Found, feed: Document, platforms: frozenset[Platform]) -> Diagnostic:
    place = found.finding.position or Position()
    line = feed.line(place.line)
    start = max(0, place.column - _AROUND) if len(line) > 3 * _AROUND else 0
    return replace(
        found.rule.diagnostic(found.finding, found.path, place, platforms),
        excerpt=line[start : start + 3 * _AROUND],
        excerpt_start=start,
    )


#: Characters of a long line to keep before a place; twice as many come after.
_AROUND = 80
