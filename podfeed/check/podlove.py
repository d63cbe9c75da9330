"""Rules about Podlove's simple chapters in a feed."""

import re
from collections.abc import Iterator

from podfeed.check.registry import FeedContext, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.read.xml import Document, Element
from podfeed.words import say

_PODLOVE = "Podlove Simple Chapters"
#: Hours may be left out; seconds alone are understood everywhere where they are 0. Source: RFC 2326, section 3.6.
_START = re.compile(r"(?:\d+:[0-5]?\d|\d+):[0-5]\d(?:\.\d+)?|0+(?:\.0+)?", re.ASCII)


@rule(Document, "error", source=f"{_PODLOVE}: start", codes="CH012")
def podlove_start_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A chapter has no start of the form HH:MM:SS.mmm; some apps would begin it at 0.

    Bad:
        <item>
          <psc:chapters version="1.2">
            <psc:chapter start="61" title="The second half"/>
          </psc:chapters>
        </item>

    Good:
        <item>
          <psc:chapters version="1.2">
            <psc:chapter start="00:01:01.000" title="The second half"/>
          </psc:chapters>
        </item>
    """
    for chapters in _chapters(feed):
        for chapter in chapters.all("psc:chapter"):
            start = chapter.attributes.get("start", "").strip()
            if not _START.fullmatch(start):
                message = say("“{start}” is no start of a chapter; some apps begin it at 0", start=short(start))
                hint = say("write hours, minutes and seconds, as 00:01:01.000")
                yield Finding("", message, hint, position=feed.place(chapter, "start"))


@rule(Document, "error", source=f"{_PODLOVE}: version", codes="CH012")
def podlove_version_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A list of chapters does not say which version of Podlove's chapters it follows.

    Bad:
        <item>
          <psc:chapters>
            <psc:chapter start="00:00:00.000" title="Hello"/>
          </psc:chapters>
        </item>

    Good:
        <item>
          <psc:chapters version="1.2">
            <psc:chapter start="00:00:00.000" title="Hello"/>
          </psc:chapters>
        </item>
    """
    for chapters in _chapters(feed):
        version = chapters.attributes.get("version", "").strip()
        if version not in ("1.0", "1.1", "1.2"):
            message = say("the chapters are of version “{version}”; there are 1.0, 1.1 and 1.2", version=short(version))
            hint = say("write {attribute}", attribute='version="1.2"')
            yield Finding("", message, hint, position=feed.place(chapters, "version"))


def _chapters(feed: Document) -> Iterator[Element]:
    for item in feed.items:
        yield from item.all("psc:chapters")
