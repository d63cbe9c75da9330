"""Rules about what a feed says of its show, whoever made it."""

from collections.abc import Iterator
from itertools import pairwise

from podfeed.check.address import address_fault, ending, host_fault
from podfeed.check.registry import FeedContext, rule
from podfeed.check.show import (
    apple_categories,
    language_fault,
    nearest_category,
    parent_categories,
    retired_categories,
)
from podfeed.check.tag import lacks, short
from podfeed.diagnostics import Finding
from podfeed.read.mail import is_mail_address, read_mail_date
from podfeed.read.xml import Document, Element
from podfeed.words import say

_APPLE = "help.apple.com/itc/podcasts_connect"
_CATEGORIES = "podcasters.apple.com/support/1691"

# --------------------------------------------------------------------------------------------- what is there

#: What every show needs, as it is written.
_NEEDED = {
    "title": "<title>…</title>",
    "link": "<link>https://…</link>",
    "description": "<description>…</description>",
    "language": "<language>en</language>",
    "itunes:category": '<itunes:category text="…"/>',
    "itunes:explicit": "<itunes:explicit>false</itunes:explicit>",
    "itunes:image": '<itunes:image href="https://…"/>',
}


@rule(Document, "error", source=f"RSS 2.0; {_APPLE}; PSP-1", codes="FD006")
def channel_tag_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed lacks something that every show needs.

    Bad:
        <!-- without itunes:explicit -->

    Good:
        <itunes:explicit>false</itunes:explicit>
    """
    if feed.channel is None:
        return
    for name, example in _NEEDED.items():
        if lacks(feed.channel, name):
            message = say("the feed has no <{tag}>", tag=name)
            yield Finding("", message, say("add {example}", example=example), position=feed.place(feed.channel))
    for name in ("title", "link", "description"):
        element = feed.channel.find(name)
        if element is not None and element.is_blank:
            message = say("<{tag}> is empty", tag=name)
            yield Finding("", message, say("write {example}", example=_NEEDED[name]), position=feed.place(element))


@rule(Document, "error", source="Spotify show metadata requirements: author", codes="SH013")
def channel_author_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed does not say who makes the show.

    Bad:
        <!-- without itunes:author -->

    Good:
        <itunes:author>Ada</itunes:author>
    """
    if feed.channel is None:
        return
    author = feed.channel.find("itunes:author")
    if lacks(feed.channel, "itunes:author") or (author and author.is_blank):
        hint = say("add {example}", example="<itunes:author>…</itunes:author>")
        yield Finding("", say("the feed names no author"), hint, position=feed.place(author or feed.channel))


@rule(Document, "error", source="podcasters.apple.com/support/823", codes="SH031")
def channel_without_items(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed has no episode; directories refuse such a feed.

    Bad:
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0"><channel><title>Harbour Radio</title></channel></rss>

    Good:
        <item><title>Waves</title></item>
    """
    if feed.channel and lacks(feed.channel, "item"):
        hint = say("publish an episode, or a short trailer, first")
        yield Finding("", say("the feed has no episode"), hint, position=feed.place(feed.channel))


@rule(Document, "error", source=f"{_APPLE}: description, 4000 bytes; PSP-1", codes="SH005")
def channel_description_too_long(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The description of a show has more than 4000 bytes: about 1300 Japanese characters."""
    description = feed.channel.find("description") if feed.channel else None
    size = len(description.text.strip().encode()) if description else 0
    if description and size > 4000:
        message = say("the show's description has {size} bytes; the limit is 4000", size=size)
        yield Finding("", message, say("shorten it"), position=feed.text_place(description))


@rule(Document, "warning", source="podfeed: simple apps show episodes in the order of the feed", codes="FD040")
def channel_items_unsorted(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The newest episode does not come first.

    Bad:
        <item><pubDate>Mon, 02 Jun 2025 05:00:00 +0900</pubDate></item>
        <item><pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate></item>

    Good:
        <item><pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate></item>
        <item><pubDate>Mon, 02 Jun 2025 05:00:00 +0900</pubDate></item>
    """
    dated = [(item, date) for item in feed.items if (date := read_mail_date(item.words("pubDate")).value)]
    for (_, newer), (item, date) in pairwise(dated):
        if date > newer:
            message = say("this episode is newer than the one before it")
            yield Finding("", message, say("put the newest episode first"), position=feed.place(item))
            return


# ------------------------------------------------------------------------------------------------ its values


@rule(Document, "error", source=f"{_APPLE}: language; ISO 639; W3C Feed Validator: InvalidLanguage", codes="SH006")
def channel_language_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The language of a show is no language code.

    Bad:
        <language>english</language>

    Good:
        <language>en</language>
    """
    language = feed.channel.find("language") if feed.channel else None
    if language and (fault := language_fault(language.text.strip())):
        yield Finding("", *fault, position=feed.text_place(language))


@rule(Document, "error", source=f"{_APPLE}: itunes:type; PSP-1", codes="FD023 SH016")
def channel_type_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:type`` is neither “episodic” nor “serial”, in small letters.

    Bad:
        <itunes:type>Serial</itunes:type>

    Good:
        <itunes:type>episodic</itunes:type>
    """
    for element in feed.channel.all("itunes:type") if feed.channel else ():
        if element.text.strip() not in ("episodic", "serial"):
            message = say("“{value}” is no type of show", value=short(element.text))
            yield Finding("", message, say("write episodic, or serial"), position=feed.text_place(element))


@rule(Document, "error", source=f"{_APPLE}: itunes:new-feed-url", codes="FD042")
def channel_new_feed_url_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The new address of a show that moves is no address.

    Bad:
        <itunes:new-feed-url>feed.xml</itunes:new-feed-url>

    Good:
        <itunes:new-feed-url>https://radio.podfeed.example/feed.xml</itunes:new-feed-url>
    """
    for element in feed.channel.all("itunes:new-feed-url") if feed.channel else ():
        address = element.text.strip()
        if fault := address_fault(address) or host_fault(address):
            yield Finding("", *fault, position=feed.text_place(element))


@rule(Document, "error", source="W3C Feed Validator: MissingElement, InvalidContact", codes="SH018")
def channel_owner_email_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:owner`` holds no e-mail address, or more than one bare address.

    Bad:
        <itunes:owner>
          <itunes:name>Ada</itunes:name>
          <itunes:email>Ada, ada@radio.podfeed.example</itunes:email>
        </itunes:owner>

    Good:
        <itunes:owner>
          <itunes:name>Ada</itunes:name>
          <itunes:email>ada@radio.podfeed.example</itunes:email>
        </itunes:owner>
    """
    for owner in feed.channel.all("itunes:owner") if feed.channel else ():
        email = owner.find("itunes:email")
        if email is None:
            hint = say("add {example}", example="<itunes:email>name@host</itunes:email>")
            yield Finding("", say("<itunes:owner> has no <itunes:email>"), hint, position=feed.place(owner))
        elif not is_mail_address(email.text.strip()):
            message = say("“{value}” is no e-mail address", value=short(email.text))
            yield Finding("", message, say("write name@host and nothing else"), position=feed.text_place(email))


@rule(Document, "info", source="Spotify and YouTube mail a code there", codes="SH017")
def channel_owner_email_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """No e-mail is in the feed, so Spotify and YouTube cannot verify that a show is yours.

    Bad:
        <!-- without itunes:owner -->
        <!-- without podcast:locked -->

    Good:
        <itunes:owner><itunes:email>ada@radio.podfeed.example</itunes:email></itunes:owner>
    """
    if feed.channel and lacks(feed.channel, "itunes:owner"):
        locked = feed.channel.find("podcast:locked")
        if locked is None or not locked.attributes.get("owner"):
            message = say("no e-mail is in the feed to claim the show with")
            hint = say("add <itunes:owner> with <itunes:email> while you claim the show")
            yield Finding("", message, hint, position=feed.place(feed.channel))


# ------------------------------------------------------------------------------------------------ categories


@rule(Document, "error", source=_CATEGORIES, codes="SH007")
def channel_category_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A category is not one of Apple's, to the letter.

    Bad:
        <itunes:category text="technology"/>

    Good:
        <itunes:category text="Technology"/>
    """
    for element, _ in _categories(feed):
        name = element.attributes.get("text", "")
        if name in apple_categories() or name in retired_categories():
            continue
        if parent := parent_categories().get(name):
            hint = say("put it into {example}", example=f'<itunes:category text="{parent}">')
        elif guess := nearest_category(name):
            hint = say("write “{category}”", category=guess)
        else:
            hint = say("choose one of those at podcasters.apple.com/support/1691")
        message = (
            say("“{category}” is not one of Apple's categories", category=short(name))
            if name
            else say("<itunes:category> has no “text”")
        )
        yield Finding("", message, hint, position=feed.place(element, "text"))


@rule(Document, "error", source=_CATEGORIES, codes="SH008")
def channel_subcategory_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A subcategory does not stand in its own category.

    Bad:
        <itunes:category text="Technology"><itunes:category text="Tech News"/></itunes:category>

    Good:
        <itunes:category text="News"><itunes:category text="Tech News"/></itunes:category>
    """
    for element, below in _categories(feed):
        parent = element.attributes.get("text", "")
        for each in below if parent in apple_categories() else ():
            name = each.attributes.get("text", "")
            if name in apple_categories()[parent] or name in retired_categories():
                continue
            home = parent_categories().get(name)
            example = f'<itunes:category text="{home}">'
            hint = say("put it into {example}", example=example) if home else say("leave it out")
            message = say("“{category}” is no subcategory of “{parent}”", category=short(name), parent=parent)
            yield Finding("", message, hint, position=feed.place(each, "text"))


@rule(Document, "error", source=_CATEGORIES, codes="SH009")
def channel_category_retired(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A category is one that Apple withdrew in 2019.

    Bad:
        <itunes:category text="News &amp; Politics"/>

    Good:
        <itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
    """
    for element, below in _categories(feed):
        for each in (element, *below):
            name = each.attributes.get("text", "")
            if successor := retired_categories().get(name):
                message = say("Apple withdrew the category “{category}” in 2019", category=name)
                hint = say("take “{category}”", category=successor)
                yield Finding("", message, hint, position=feed.place(each, "text"))


def _categories(feed: Document) -> Iterator[tuple[Element, list[Element]]]:
    """The main categories of *feed*, each with those in it."""
    for element in feed.channel.all("itunes:category") if feed.channel else ():
        yield element, element.all("itunes:category")


# ---------------------------------------------------------------------------------------------- its own address


@rule(Document, "error", source="PSP-1: atom:link; W3C Feed Validator: MissingAtomSelfLink", codes="FD007")
def channel_self_link_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed does not state its own address.

    Bad:
        <!-- without atom:link -->

    Good:
        <atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>
    """
    if feed.channel and not _self_links(feed):
        example = '<atom:link rel="self" type="application/rss+xml" href="https://…"/>'
        message = say("the feed does not state its own address")
        yield Finding("", message, say("add {example}", example=example), position=feed.place(feed.channel))


@rule(Document, "error", source="PSP-1: atom:link; W3C Feed Validator: SelfDoesntMatchLocation", codes="FD007")
def channel_self_link_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed states its own address not in full, or not as it was fetched.

    Bad:
        <atom:link rel="self" type="application/rss+xml" href="/feed.xml"/>

    Good:
        <atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>
    """
    for link in _self_links(feed)[:1]:
        address = link.attributes.get("href", "")
        if fault := address_fault(address) or host_fault(address):
            yield Finding("", *fault, position=feed.place(link, "href"))
        elif context.url and address != context.url:
            message = say("the feed says that it is at “{address}”, and was fetched elsewhere", address=short(address))
            yield Finding("", message, say("write “{url}”", url=context.url), position=feed.place(link, "href"))


@rule(Document, "warning", source="PSP-1: atom:link", codes="FD007")
def channel_self_link_odd(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed states its own address more than once, or says that another type of file is there.

    Bad:
        <atom:link rel="self" type="application/atom+xml" href="https://radio.podfeed.example/feed.xml"/>

    Good:
        <atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>
    """
    for link in _self_links(feed)[:1]:
        kind = link.attributes.get("type", "")
        if kind != "application/rss+xml":
            message = say("the type of the feed is “{type}” here", type=kind) if kind else say("the link has no type")
            hint = say("write {example}", example='type="application/rss+xml"')
            yield Finding("", message, hint, position=feed.place(link, "type"))
    for link in _self_links(feed)[1:]:
        message = say("the feed states its own address more than once")
        yield Finding("", message, say("keep one of them"), position=feed.place(link))


def _self_links(feed: Document) -> list[Element]:
    links = feed.channel.all("atom:link") if feed.channel else []
    return [link for link in links if link.attributes.get("rel", "").strip().lower() == "self"]


# ----------------------------------------------------------------------------------------- the picture of RSS


@rule(Document, "warning", source="RSS 2.0: image; W3C Feed Validator", codes="FD030")
def channel_image_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The small ``image`` of RSS lacks something, contradicts the channel, or states a size there cannot be.

    Bad:
        <image>
          <url>https://radio.podfeed.example/cover.jpg</url>
          <title>Harbour Radio</title>
          <link>https://radio.podfeed.example/</link>
          <width>3000</width>
        </image>

    Good:
        <image>
          <url>https://radio.podfeed.example/cover.jpg</url>
          <title>Harbour Radio</title>
          <link>https://radio.podfeed.example/</link>
        </image>
    """
    for image in feed.channel.all("image") if feed.channel else ():
        for name in ("url", "title", "link"):
            if not image.words(name):
                message = say("<image> has no <{tag}>", tag=name)
                yield Finding("", message, say("add it, or leave <image> out"), position=feed.place(image))
        for name in ("title", "link"):
            yield from _contradictions(feed, image, name)
        for name, most in (("width", 144), ("height", 400)):
            yield from _sizes(feed, image, name, most)
        for element in image.all("url"):
            found = ending(element.text)
            if found and found not in ("jpg", "jpeg", "gif", "png"):
                message = say("“.{ending}” is not a format of pictures that readers of feeds know", ending=short(found))
                yield Finding("", message, say("use a JPEG, GIF or PNG"), position=feed.text_place(element))


def _contradictions(feed: Document, image: Element, name: str) -> Iterator[Finding]:
    """What *image* says otherwise than the channel."""
    element = image.find(name)
    own, right = image.words(name), feed.channel.words(name) if feed.channel else ""
    if element and own and right and own != right:
        message = say("<image> has the {tag} “{own}”, and the channel “{right}”", tag=name, own=short(own), right=right)
        yield Finding("", message, say("write the same in both"), position=feed.text_place(element))


def _sizes(feed: Document, image: Element, name: str, most: int) -> Iterator[Finding]:
    """The *name* of *image*, unless it is a number from 1 to *most*."""
    for element in image.all(name):
        text = element.text.strip()
        if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
            message = say("<{tag}> is “{value}”; the largest is {most}", tag=name, value=short(text), most=most)
            yield Finding("", message, say("leave width and height out"), position=feed.text_place(element))
