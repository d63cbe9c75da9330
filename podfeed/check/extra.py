"""Rules about tags that an author writes as XML; what a feed may hold is asked of the rules about feeds."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape

from podfeed.check.registry import FeedContext, Found, ask_feed, told_by_reader
from podfeed.read.extra import declarations
from podfeed.read.xml import read_xml

_SOURCE = "XML 1.0; Namespaces in XML"


@told_by_reader("error", source=_SOURCE, codes="FD001")
def extra_tags_unreadable() -> None:
    """``extra_tags`` is not XML that can become a part of a feed.

    Every tag is closed, every prefix is known, text stands in tags, and there is neither a DOCTYPE nor a name like
    ``&nbsp;``. Podfeed reads it and writes it anew: no mistake in it can reach another part of the feed.

    Bad:
        extra_tags: "<podcast:chat server='irc.podfeed.example' protocol='irc'>"

    Good:
        extra_tags: "<podcast:chat server='irc.podfeed.example' protocol='irc'/>"
    """


@told_by_reader("error")
def extra_tag_refused() -> None:
    """``extra_tags`` holds a tag that podfeed writes itself by other settings.

    A second title or guid could make apps take the episode for another one.

    Bad:
        extra_tags: "<guid>tides</guid>"

    Good:
        guid: tides
    """


@told_by_reader("error", source=_SOURCE)
def extra_namespace_invalid() -> None:
    """An entry of ``namespaces`` cannot be declared in a feed: its prefix, or what it stands for, is none.

    Bad:
        # config.yaml
        namespaces: {app: the namespace of the app}

    Good:
        # config.yaml
        namespaces: {app: https://app.example/ns}
    """


def ask_extra(
    text: str, declared: Mapping[str, str], context: FeedContext, *, guid: str, in_item: bool
) -> Iterator[Found]:
    """What the rules about feeds find in the tags *text* of a show, or of an episode; places are those in *text*.

    They are asked about a feed that holds nothing else. *guid* is the show's podcast:guid.
    """
    before = f'<rss version="2.0"{declarations(declared)}><channel><podcast:guid>{escape(guid)}</podcast:guid>'
    before, after = (f"{before}<item>", "</item></channel></rss>") if in_item else (before, "</channel></rss>")
    feed = read_xml(f"{before}\n{text}\n{after}".encode(), "extra_tags")
    last = text.count("\n") + 1
    for found in ask_feed(feed, context):
        place = found.finding.position
        if place and 1 <= place.line - 1 <= last:
            yield replace(found, finding=replace(found.finding, position=replace(place, line=place.line - 1)))
