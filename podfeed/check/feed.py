"""Rules about a feed as a file, whoever made it: its encoding, its root, its namespaces, its size, its links."""

from collections.abc import Iterator

from podfeed.check.registry import FeedContext, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.read.fields import suggestion
from podfeed.read.xml import NAMESPACES, Declaration, Document, Element, namespace_meant
from podfeed.words import say

_APPLE = "help.apple.com/itc/podcasts_connect"


@told_by_reader("error", source="XML 1.0", codes="FD001")
def feed_unreadable() -> None:
    """A feed is no valid XML: every app refuses the whole of it.

    Bad:
        <title>Salt & Pepper</title>

    Good:
        <title>Salt &amp; Pepper</title>
    """


@rule(Document, "error", source=f"PSP-1: encoding; {_APPLE}", codes="FD002")
def feed_not_utf8(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed is in another encoding than it says, or not in UTF-8.

    Bad:
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <rss version="2.0"><channel/></rss>

    Good:
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0"><channel/></rss>
    """
    # What is written in ASCII is written in UTF-8.
    if feed.encoding not in ("utf-8", "ascii"):
        message = say("the feed is written in {encoding}", encoding=feed.declared or feed.encoding)
        yield Finding("", message, say("save it as UTF-8"), position=feed.declared_place)
    elif feed.declared and feed.declared.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        message = say("the feed says {encoding}, and is written in UTF-8", encoding=feed.declared)
        yield Finding("", message, say('write encoding="UTF-8"'), position=feed.declared_place)


@rule(Document, "error", source=f"RSS 2.0; {_APPLE}", codes="FD003")
def feed_not_rss(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A file is no RSS 2.0 feed with one channel. Apple has given up Atom and older RSS.

    Bad:
        <?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom"/>

    Good:
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0"><channel/></rss>
    """
    if feed.root and feed.root.name == "rss":
        yield from _unlike_rss_2(feed, feed.root)
    elif feed.root:
        namespace, _, name = feed.root.name.rpartition("}")
        if name == "rss":
            message = say("<rss> is in the namespace “{namespace}”; that of RSS 2.0 has none", namespace=namespace[1:])
            hint = say("delete the “xmlns” without a prefix")
        else:
            message = say("this is <{name}>, and no feed of RSS 2.0", name=name)
            hint = say("publish RSS 2.0, which is {example}", example='<rss version="2.0">')
        yield Finding("", message, hint, position=feed.place(feed.root))


def _unlike_rss_2(feed: Document, root: Element) -> Iterator[Finding]:
    if root.attributes.get("version") != "2.0":
        message, hint = say("the feed does not say that it is RSS 2.0"), say('write <rss version="2.0">')
        yield Finding("", message, hint, position=feed.place(root, "version"))
    if feed.channel is None:
        hint = say("put everything into one")
        yield Finding("", say("there is no <channel> in <rss>"), hint, position=feed.place(root))
    for further in root.all("channel")[1:]:
        message = say("this is one <channel> too many; apps read the first alone")
        yield Finding("", message, say("publish a feed for each show"), position=feed.place(further))


# ---------------------------------------------------------------------------------------------- namespaces

#: Namespaces whose tags podcasts live by; Media RSS and the like are nobody's loss.
_NEEDED = ("itunes", "podcast", "atom", "content", "psc", "spotify", "fh")


@rule(Document, "error", source=f"{_APPLE}; PSP-1; Namespaces in XML", codes="FD004")
def feed_namespace_misspelt(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The address of a namespace is not spelt as apps know it, so that none of its tags count.

    Nobody opens the address: it is a name, and compared letter by letter.

    Bad:
        <itunes:author xmlns:itunes="https://www.itunes.com/dtds/podcast-1.0.dtd">Ada</itunes:author>

    Good:
        <itunes:author xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Ada</itunes:author>
    """
    for declaration in _declarations(feed):
        meant = namespace_meant(declaration.uri, declaration.prefix)
        if meant in _NEEDED and declaration.uri not in NAMESPACES:
            message = say("“{uri}” is not the namespace of “{prefix}”", uri=declaration.uri, prefix=meant)
            right = next(uri for uri, prefix in NAMESPACES.items() if prefix == meant)
            hint = say("write “{uri}”", uri=right)
            yield Finding("", message, hint, position=feed.declaration_place(declaration))


@rule(Document, "warning", source="Podcast Index: its parser looks for the prefix as text", codes="FD005")
def feed_prefix_unread(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The tags of Apple or of the podcast namespace have another prefix than ``itunes`` or ``podcast``.

    XML allows it. Simple readers, that of the Podcast Index among them, look for the letters.

    Bad:
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:it="http://www.itunes.com/dtds/podcast-1.0.dtd">
          <channel><it:author>Ada</it:author></channel>
        </rss>

    Good:
        <itunes:author>Ada</itunes:author>
    """
    yield from _unusual(feed, ("itunes", "podcast"))


@rule(Document, "info", source="W3C Feed Validator: NonstdPrefix", codes="FD005")
def feed_prefix_unusual(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The tags of Atom or of the content module have another prefix than ``atom`` or ``content``.

    Bad:
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0" xmlns:a10="http://www.w3.org/2005/Atom">
          <channel><a10:link rel="hub" href="https://hub.podfeed.example/"/></channel>
        </rss>

    Good:
        <atom:link rel="hub" href="https://hub.podfeed.example/"/>
    """
    if feed.channel is not None:
        yield from _unusual(feed, ("atom", "content"))


def _unusual(feed: Document, names: tuple[str, ...]) -> Iterator[Finding]:
    prefixes = {declaration.prefix for declaration in feed.namespaces}
    for declaration in _declarations(feed):
        meant = NAMESPACES.get(declaration.uri, "")
        if meant in names and meant not in prefixes:
            if declaration.prefix:
                message = say("“{prefix}” stands for “{usual}”", prefix=declaration.prefix, usual=meant)
            else:
                message = say("tags of “{usual}” have no prefix", usual=meant)
            hint = say("write “xmlns:{usual}=…” and <{usual}:…>; some readers look for these letters", usual=meant)
            yield Finding("", message, hint, position=feed.declaration_place(declaration))


def _declarations(feed: Document) -> Iterator[Declaration]:
    """The namespaces of *feed*, each once: some feeds declare them again in every tag."""
    yield from {(each.prefix, each.uri): each for each in reversed(feed.namespaces)}.values()


# ---------------------------------------------------------------------------------------------------- size


@rule(Document, "info", source="podfeed: apps fetch the whole feed many times a day", codes="FD039")
def feed_large(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed has more than one megabyte."""
    if 1_000_000 < len(feed.data) <= 5_000_000:
        yield _size(feed, say("drop “content:encoded” of old episodes, and keep descriptions short"))


@rule(Document, "warning", source="W3C Feed Validator: ValidatorLimit", codes="FD039")
def feed_too_large(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed has more than five megabytes, at which some readers stop."""
    if len(feed.data) > 5_000_000:
        yield _size(feed, say("drop “content:encoded” of old episodes; some readers stop at 5 MB"))


def _size(feed: Document, hint: str) -> Finding:
    size = f"{len(feed.data) / 1_000_000:.1f}"
    return Finding("", say("the feed has {size} MB, which every app fetches again and again", size=size), hint)


# --------------------------------------------------------------------------------------------------- links

#: What leads from page to page, and what people write in its place. Source: RFC 5005.
_PAGES = frozenset(("first", "last", "previous", "next", "prev-archive", "next-archive", "current"))
_MISNAMED = {"prev": "previous", "archive": "prev-archive", "newest": "current", "latest": "current"}
#: Source: IANA, link relations, as far as feeds use them.
_RELATIONS = _PAGES | {
    *("about", "alternate", "author", "canonical", "collection", "describedby", "edit", "edit-media", "enclosure"),
    *("help", "hub", "icon", "license", "monitor", "payment", "related", "replies", "search", "self", "service"),
    *("shortlink", "start", "up", "via"),
}


@rule(Document, "warning", source="RFC 5005", codes="FD043")
def feed_paging_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The links between the pages or archives of a feed contradict what the feed says about itself.

    Bad:
        <fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>
        <atom:link rel="next" href="https://radio.podfeed.example/feed-2.xml"/>

    Good:
        <atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>
        <atom:link rel="next" href="https://radio.podfeed.example/feed-2.xml"/>
    """
    whole = _whole(feed)
    if whole is None:
        return
    by_relation = {_relation(link): link for link in reversed(whole.all("atom:link"))}
    own = by_relation["self"].attributes.get("href") if "self" in by_relation else None
    if whole.find("fh:complete") is not None:
        for relation in _PAGES & by_relation.keys():
            link = by_relation[relation]
            if relation != "current" or link.attributes.get("href") != own:
                message = say("the feed is complete, and “{relation}” leads to more of it", relation=relation)
                hint = say("delete the link, or <fh:complete/>")
                yield Finding("", message, hint, position=feed.place(link, "rel"))
    archive = whole.find("fh:archive")
    if archive is not None and "current" not in by_relation:
        message = say("an archive does not say where its feed is")
        hint = say('add <atom:link rel="current" href="…"/>')
        yield Finding("", message, hint, position=feed.place(archive))
    for link in _entry_links(whole):
        if _relation(link) in _PAGES:
            message = say("“{relation}” stands in an item; it is said of the whole feed", relation=_relation(link))
            yield Finding("", message, say("move it out of the item"), position=feed.place(link, "rel"))


@rule(Document, "warning", source="RFC 5005; W3C Feed Validator: UnregisteredAtomLinkRel", codes="FD043")
def feed_link_relation_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A link says with a word what it leads to, and readers of feeds do not know that word.

    Bad:
        <atom:link rel="prev" href="https://radio.podfeed.example/feed-2.xml"/>

    Good:
        <atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>
        <atom:link rel="previous" href="https://radio.podfeed.example/feed-2.xml"/>
    """
    whole = _whole(feed)
    if whole is None:
        return
    for link in (*whole.all("atom:link"), *_entry_links(whole)):
        relation = _relation(link)
        if relation not in _RELATIONS and ":" not in relation:
            message = say("“{relation}” is no word for what a link leads to", relation=relation)
            guess = _MISNAMED.get(relation) or suggestion(relation, _RELATIONS)
            hint = say("write “{guess}”", guess=guess) if guess else say("use a registered word, or leave the link out")
            yield Finding("", message, hint, position=feed.place(link, "rel"))


def _whole(feed: Document) -> Element | None:
    """What holds the items of an RSS or an Atom feed."""
    return feed.root if feed.root is not None and feed.root.name == "atom:feed" else feed.channel


def _entry_links(whole: Element) -> Iterator[Element]:
    for entry in whole.children:
        if entry.name in ("item", "atom:entry"):
            yield from entry.all("atom:link")


def _relation(link: Element) -> str:
    # Source: RFC 4287, section 4.2.7.2: a link without “rel” is an alternate.
    return link.attributes.get("rel", "alternate").strip().lower()
