"""Rules about the tags of RSS and of Apple in a feed: whether apps know them, where they stand, how often."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from podfeed.check.registry import FeedContext, rule
from podfeed.diagnostics import Finding
from podfeed.read.fields import suggestion
from podfeed.read.xml import Document, Element
from podfeed.words import say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect"
_W3C = "W3C Feed Validator"


class _Known(NamedTuple):
    """The tags that mean something below one parent."""

    once: frozenset[str]
    often: frozenset[str]


def _known(once: str, often: str = "") -> _Known:
    return _Known(frozenset(once.split()), frozenset(often.split()))


#: Source: feed-specification.md, sections 1.2 and 1.3; RSS 2.0. What Apple has retired counts as known.
_TAGS = {
    "channel": _known(
        "title link description language copyright managingEditor webMaster pubDate lastBuildDate generator docs cloud"
        " ttl image rating textInput skipHours skipDays itunes:title itunes:author itunes:owner itunes:image"
        " itunes:explicit itunes:type itunes:new-feed-url itunes:block itunes:complete itunes:applepodcastsverify"
        " itunes:summary itunes:subtitle itunes:keywords",
        "category item itunes:category",
    ),
    "item": _known(
        "title link description author comments guid pubDate source content:encoded itunes:title itunes:author"
        " itunes:image itunes:explicit itunes:duration itunes:episode itunes:season itunes:episodeType itunes:block"
        " itunes:order itunes:summary itunes:subtitle itunes:keywords itunes:isClosedCaptioned",
        "category enclosure",
    ),
    "image": _known("url title link width height description"),
    "itunes:owner": _known("itunes:name itunes:email"),
    "rss": _known("", "channel"),
}
_RETIRED = ("itunes:summary", "itunes:subtitle", "itunes:keywords", "itunes:isClosedCaptioned")
#: Tags that hold others, or nothing.
_HOLDERS = frozenset(("image", "textInput", "skipHours", "skipDays", "cloud", "itunes:owner", "itunes:image"))
_TEXTS = tuple(sorted((_TAGS["channel"].once | _TAGS["item"].once | _TAGS["image"].once) - _HOLDERS))


@rule(Document, "error", source=f"RSS 2.0; {_W3C}: DuplicateElement", codes="FD008")
def tag_repeated(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag of which there can be one is there more than once; apps take any of them.

    Bad:
        <language>en</language>
        <language>ja</language>

    Good:
        <language>en</language>
    """
    for parent in _parents(feed):
        names = [child.name for child in parent.children]
        if len(set(names)) == len(names):
            continue
        for name, count in Counter(names).items():
            if count > 1 and name in _TAGS[parent.name].once:
                message = say("<{parent}> has <{tag}> {count} times", parent=parent.name, tag=name, count=count)
                yield Finding("", message, say("keep one of them"), position=feed.place(parent.all(name)[1]))


@rule(Document, "warning", source=f"XML 1.0: capitals count; {_W3C}: UndefinedElement")
def tag_misspelt(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag is not spelt as apps know it, so that they pass over it.

    Bad:
        <item>
          <pubdate>Mon, 09 Jun 2025 05:00:00 +0900</pubdate>
          <!-- without pubDate -->
        </item>

    Good:
        <item>
          <pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate>
        </item>
    """
    for parent, stranger in _strangers(feed):
        if meant := _meant(parent, stranger.name):
            message = say("<{tag}> means nothing in <{parent}>", tag=stranger.name, parent=parent.name)
            yield Finding("", message, say("write <{tag}>", tag=meant), position=feed.place(stranger))


@rule(Document, "info", source=f"RSS 2.0; {_APPLE}; {_W3C}: UndefinedElement")
def tag_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag of RSS or of Apple means nothing where it stands; apps pass over it.

    Bad:
        <itunes:duration>60</itunes:duration>

    Good:
        <item>
          <itunes:duration>60</itunes:duration>
        </item>
    """
    for parent, stranger in _strangers(feed):
        if not _meant(parent, stranger.name):
            message = say("<{tag}> means nothing in <{parent}>", tag=stranger.name, parent=parent.name)
            yield Finding("", message, say("leave it out"), position=feed.place(stranger))


@rule(Document, "info", source=f"{_APPLE} no longer lists it; Google Podcasts ended in 2024", codes="FD031")
def tag_retired(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """No large app reads a tag any more.

    Bad:
        <itunes:summary>Two sailors talk.</itunes:summary>

    Good:
        <description>Two sailors talk.</description>
    """
    for name, elements in feed.by_name.items():
        if name in _RETIRED or name.startswith("googleplay:"):
            message = say_many(
                "<{tag}> is no longer read",
                "<{tag}> is no longer read; the feed has it {count} times",
                count=len(elements),
                tag=name,
            )
            yield Finding("", message, say("leave it out"), position=feed.place(elements[0]))


@rule(Document, "error", source=f"RSS 2.0; {_W3C}: UndefinedElement", codes="FD027")
def tag_holds_elements(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """HTML stands in a tag as if it were XML: apps read a part of the text, or none.

    Bad:
        <description>Two <b>sailors</b> talk.</description>

    Good:
        <description><![CDATA[Two <b>sailors</b> talk.]]></description>
    """
    for element in feed.everywhere(*_TEXTS):
        if element.children:
            tag = element.children[0].name.rpartition("}")[2]
            message = say("<{tag}> stands in <{parent}>, which holds text alone", tag=tag, parent=element.name)
            hint = say("put the text between “<![CDATA[” and “]]>”")
            yield Finding("", message, hint, position=feed.place(element.children[0]))


@rule(Document, "warning", source=f"{_W3C}: MisplacedItem", codes="FD009")
def tag_misplaced(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Something about the show stands behind its first item, where simple readers no longer look for it.

    Bad:
        <item><title>Waves</title></item>
        <language>en</language>

    Good:
        <language>en</language>
        <item><title>Waves</title></item>
    """
    names = [child.name for child in feed.channel.children] if feed.channel else []
    if feed.channel is None or "item" not in names:
        return
    late = [each for each in feed.channel.children[names.index("item") :] if each.name not in _ITEMS]
    if late:
        message = say_many(
            "<{tag}> stands behind an item",
            "<{tag}> and others stand behind an item, {count} in all",
            count=len(late),
            tag=late[0].name,
        )
        yield Finding("", message, say("move it before the first item"), position=feed.place(late[0]))


_ITEMS = ("item", "podcast:liveItem")


# --------------------------------------------------------------------------------------- for other rules too


def lacks(parent: Element, name: str) -> bool:
    """Whether *parent* has no *name*, not even in other capitals: such a slip is told for itself."""
    return parent.find(name) is None and all(child.name.lower() != name.lower() for child in parent.children)


def short(text: str) -> str:
    """*text* in one line that is no longer than a message can bear."""
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:99]}…"


# ------------------------------------------------------------------------------------------------- helpers


def _parents(feed: Document) -> Iterator[Element]:
    """The elements of which it is known what may stand in them."""
    if feed.root is not None and feed.channel is not None:
        yield from (feed.root, feed.channel)
        yield from (child for child in feed.channel.children if child.name in _TAGS)


def _strangers(feed: Document) -> Iterator[tuple[Element, Element]]:
    """The tags of RSS and of Apple that mean nothing below their parent, and it; each pair of names once."""
    seen: set[tuple[str, str]] = set()
    for parent in _parents(feed):
        once, often = _TAGS[parent.name]
        for child in parent.children:
            name = child.name
            if name not in once and name not in often and _is_ours(name) and (parent.name, name) not in seen:
                seen.add((parent.name, name))
                yield parent, child


def _is_ours(name: str) -> bool:
    """Whether *name* belongs to RSS or to Apple."""
    return name.startswith("itunes:") or (":" not in name and "}" not in name)


def _meant(parent: Element, name: str) -> str:
    """The tag that *name* is a slip for, unless that is there too."""
    known = {each.lower(): each for names in _TAGS[parent.name] for each in names}
    meant = (
        known.get(name.lower()) or known.get(f"itunes:{name.lower()}") or suggestion(name, frozenset(known.values()), 1)
    )
    return "" if parent.find(meant) else meant
