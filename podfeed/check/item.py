"""Rules about the items of a feed, whoever made it."""

import re
from collections.abc import Iterator

from podfeed.check.registry import FeedContext, rule
from podfeed.check.tag import lacks, short
from podfeed.diagnostics import Finding
from podfeed.read.xml import Document, Element
from podfeed.words import say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect"
_W3C = "W3C Feed Validator"


@rule(Document, "error", source=f"{_APPLE}: title; PSP-1; {_W3C}: ItemMustContainTitleOrDescription", codes="EP010")
def item_title_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An item has no title, or an empty one.

    Bad:
        <item>
          <title></title>
        </item>

    Good:
        <item>
          <title>Waves</title>
        </item>
    """
    for item in feed.items:
        title = item.find("title")
        if lacks(item, "title") or (title and title.is_blank):
            if item.words("description"):
                message = say("the item has no title")
            else:
                message = say("the item has neither a title nor a description")
            yield Finding("", message, say("add <title>…</title>"), position=feed.place(title or item))


@rule(Document, "error", source="Spotify show metadata requirements: pubDate", codes="FD019 EP020")
def item_date_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An item has no date; Spotify refuses it, and apps do not know where it belongs.

    Bad:
        <item>
          <!-- without pubDate -->
        </item>

    Good:
        <item>
          <pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate>
        </item>
    """
    for item in feed.items:
        if lacks(item, "pubDate"):
            hint = say("add {example}", example="<pubDate>Sat, 01 Apr 2023 19:00:00 +0900</pubDate>")
            yield Finding("", say("the item has no date"), hint, position=feed.place(item))


# --------------------------------------------------------------------------------------------------- guids


@rule(Document, "error", source=f"{_APPLE}: guid; PSP-1; {_W3C}: MissingGuid", codes="FD016")
def item_guid_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An item has no guid, by which apps know an episode again.

    Bad:
        <item>
          <guid></guid>
        </item>

    Good:
        <item>
          <guid isPermaLink="false">917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>
        </item>
    """
    for item in feed.items:
        guid = item.find("guid")
        if lacks(item, "guid") or (guid and guid.is_blank):
            hint = say("give it one that no other episode has, and never change it")
            yield Finding("", say("the item has no guid"), hint, position=feed.place(guid or item))


@rule(Document, "warning", source=f"{_APPLE}: guid; PSP-1", codes="FD016")
def item_guid_padded(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """There are blanks or line breaks around a guid: for some apps they are a part of it.

    Bad:
        <item>
          <guid isPermaLink="false"> 917393e3-1b1e-5cef-ace4-edaa54e1f810 </guid>
        </item>

    Good:
        <item>
          <guid isPermaLink="false">917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>
        </item>
    """
    padded = [guid for guid in _guids(feed) if guid.text != guid.text.strip()]
    if padded:
        message = say_many("the guid has blanks around it", "{count} guids have blanks around them", count=len(padded))
        hint = say("write new ones without; leave published ones as they are")
        yield Finding("", message, hint, position=feed.text_place(padded[0]))


@rule(Document, "error", source=f"{_APPLE}: guid; {_W3C}: DuplicateValue", codes="FD017")
def item_guid_shared(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Two items have the same guid: one of them vanishes from every app.

    Bad:
        <item><guid isPermaLink="false">tides</guid></item>
        <item><guid isPermaLink="false">tides</guid></item>

    Good:
        <item><guid isPermaLink="false">waves</guid></item>
        <item><guid isPermaLink="false">tides</guid></item>
    """
    seen: dict[str, Element] = {}
    for guid in _guids(feed):
        text = guid.text.strip()
        other = seen.setdefault(text, guid)
        if other is not guid:
            line = feed.place(other).line
            message = say("the item in line {line} has the same guid, “{guid}”", line=line, guid=short(text))
            hint = say("give the newer episode another guid")
            yield Finding("", message, hint, position=feed.text_place(guid))


@rule(Document, "warning", source=f"{_APPLE}: guid; capitals count", codes="FD017")
def item_guid_differs_in_capitals(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Two guids are the same but for capitals: some apps take them for one.

    Bad:
        <item><guid isPermaLink="false">Tides</guid></item>
        <item><guid isPermaLink="false">tides</guid></item>

    Good:
        <item><guid isPermaLink="false">waves</guid></item>
        <item><guid isPermaLink="false">tides</guid></item>
    """
    seen: dict[str, Element] = {}
    for guid in _guids(feed):
        text = guid.text.strip()
        other = seen.setdefault(text.casefold(), guid)
        if other.text.strip() != text:
            line = feed.place(other).line
            message = say(
                "the guid in line {line} differs in capitals only, “{guid}”", line=line, guid=short(other.text)
            )
            hint = say("give a new episode another guid; leave published ones as they are")
            yield Finding("", message, hint, position=feed.text_place(guid))


@rule(
    Document,
    "error",
    source=f"RSS 2.0: guid; {_W3C}: InvalidHttpGUID, InvalidPermalink, InvalidBooleanAttribute, UnexpectedAttribute",
    codes="FD018",
)
def item_guid_no_permalink(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A guid is declared to be a web address and is none, or what declares it is not spelt right.

    Without ``isPermaLink`` a guid counts as an address.

    Bad:
        <item>
          <guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>
        </item>

    Good:
        <item>
          <guid isPermaLink="false">917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>
        </item>
    """
    items = (*feed.items, *feed.everywhere("podcast:liveItem"))
    for guid in (guid for item in items for guid in item.all("guid")):
        stranger = next((each for each in guid.attributes if each != "isPermaLink" and ":" not in each), "")
        declared = guid.attributes.get("isPermaLink", "true")
        right = "true" if _WEB_ADDRESS.fullmatch(guid.text.strip()) else "false"
        if stranger:
            message = say("<guid> has “{attribute}”, which apps do not know", attribute=stranger)
            place = feed.place(guid, stranger)
        elif declared not in ("true", "false"):
            message = say("“{value}” is neither true nor false", value=short(declared))
            place = feed.place(guid, "isPermaLink")
        elif declared == "true" and right == "false" and not guid.is_blank:
            message = say("“{guid}” counts as a web address and is none", guid=short(guid.text))
            place = feed.text_place(guid)
        else:
            continue
        hint = say("write {example}", example=f'<guid isPermaLink="{right}">')
        yield Finding("", message, hint, position=place)


@rule(Document, "info", source=f"{_W3C}: NotSufficientlyUnique")
def item_guid_too_short(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A guid is a small number, which another show may have too.

    Bad:
        <item>
          <guid isPermaLink="false">12</guid>
        </item>

    Good:
        <item>
          <guid isPermaLink="false">917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>
        </item>
    """
    small = [guid for guid in _guids(feed) if _SMALL_NUMBER.fullmatch(guid.text.strip())]
    if small:
        message = say_many(
            "the guid is a small number, which another show may have too",
            "{count} guids are small numbers, which another show may have too",
            count=len(small),
        )
        hint = say("give new episodes longer ones; never change a published one")
        yield Finding("", message, hint, position=feed.text_place(small[0]))


_WEB_ADDRESS = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)
_SMALL_NUMBER = re.compile(r"[0-9]{1,8}")


def _guids(feed: Document) -> Iterator[Element]:
    """The first guid of each item, unless it is blank."""
    for item in feed.items:
        guid = item.find("guid")
        if guid is not None and not guid.is_blank:
            yield guid


# --------------------------------------------------------------------------------------- Apple's small values


@rule(Document, "error", source=f"{_APPLE}: itunes:episode, itunes:season; PSP-1", codes="FD023 EP070 EP071")
def item_number_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:episode`` or ``itunes:season`` is no whole number from 1 on.

    Bad:
        <item>
          <itunes:episode>0</itunes:episode>
        </item>

    Good:
        <item>
          <itunes:episode>1</itunes:episode>
        </item>
    """
    for element in feed.everywhere("itunes:episode", "itunes:season"):
        if not _NUMBER.fullmatch(element.text.strip()):
            message = say("<{tag}> is “{value}”, and no number from 1 on", tag=element.name, value=short(element.text))
            yield Finding("", message, say("write 1, 2, 3 …, or leave it out"), position=feed.text_place(element))


@rule(Document, "error", source=f"{_APPLE}: itunes:type, itunes:episode", codes="FD023 EP072")
def item_number_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A show is to be heard in order, and an episode of it has no number.

    Bad:
        <itunes:type>serial</itunes:type>
        <item>
          <!-- without itunes:episode -->
        </item>

    Good:
        <itunes:type>serial</itunes:type>
        <item><itunes:episode>2</itunes:episode></item>
        <item><itunes:episode>1</itunes:episode></item>
    """
    if feed.channel is None or feed.channel.words("itunes:type") != "serial":
        return
    for item in feed.items:
        if item.words("itunes:episodeType") in ("", "full") and lacks(item, "itunes:episode"):
            message = say("the show is serial, and this episode has no number")
            hint = say("add {example}", example="<itunes:episode>1</itunes:episode>")
            yield Finding("", message, hint, position=feed.place(item))


@rule(Document, "error", source=f"{_APPLE}: itunes:episodeType", codes="FD023 EP076")
def item_type_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:episodeType`` is none of “full”, “trailer” and “bonus”, in small letters.

    Bad:
        <item>
          <itunes:episodeType>Full</itunes:episodeType>
        </item>

    Good:
        <item>
          <itunes:episodeType>full</itunes:episodeType>
        </item>
    """
    for element in feed.everywhere("itunes:episodeType"):
        if element.text.strip() not in ("full", "trailer", "bonus"):
            message = say("“{value}” is no type of episode", value=short(element.text))
            yield Finding("", message, say("write full, trailer or bonus"), position=feed.text_place(element))


@rule(Document, "error", source=f"{_APPLE}: itunes:duration; {_W3C}: InvalidDuration", codes="FD022")
def item_duration_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:duration`` is neither a number of seconds nor ``H:MM:SS``.

    Bad:
        <item>
          <itunes:duration>1:2:3</itunes:duration>
        </item>

    Good:
        <item>
          <itunes:duration>1:02:03</itunes:duration>
        </item>
    """
    for element in feed.everywhere("itunes:duration"):
        if not _DURATION.fullmatch(element.text.strip()):
            message = say("<itunes:duration> holds “{value}”, which is no length", value=short(element.text))
            hint = say("write whole seconds, as 3723, or leave the tag out")
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "warning", source=f"{_APPLE}: itunes:duration; PSP-1", codes="FD022")
def item_duration_odd(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``itunes:duration`` has two numbers, of which the first is more than 59: some apps read hours.

    Bad:
        <item>
          <itunes:duration>90:00</itunes:duration>
        </item>

    Good:
        <item>
          <itunes:duration>5400</itunes:duration>
        </item>
    """
    for element in feed.everywhere("itunes:duration"):
        if _MANY_MINUTES.fullmatch(element.text.strip()):
            message = say("“{value}” can be read as minutes or as hours", value=short(element.text))
            yield Finding("", message, say("write whole seconds, as 3723"), position=feed.text_place(element))


_NUMBER = re.compile(r"0*[1-9][0-9]*")
_DURATION = re.compile(r"[0-9]+(:[0-5][0-9](:[0-5][0-9])?)?")
_MANY_MINUTES = re.compile(r"0*(?:[6-9][0-9]|[1-9][0-9]{2,}):[0-9]{2}")

# ----------------------------------------------------------------------------------------------- descriptions


@rule(Document, "warning", source="PSP-1: 4000 bytes", codes="EP031")
def item_description_too_long(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A description has more than 4000 bytes: about 1300 Japanese characters. Many apps stop reading there."""
    for item in feed.items:
        description = item.find("description")
        size = len(description.text.strip().encode()) if description else 0
        if description and size > 4000:
            message = say("the description has {size} bytes; many apps stop at 4000", size=size)
            hint = say("move the rest into <content:encoded>")
            yield Finding("", message, hint, position=feed.text_place(description))


@rule(Document, "warning", source=f"{_W3C}: NeedDescriptionBeforeContent", codes="FD009")
def item_description_after_content(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """``content:encoded`` comes before ``description``: readers that take the last of the two take the shorter.

    Bad:
        <item>
          <content:encoded>The wind pushes, and the sea answers.</content:encoded>
          <description>The wind pushes.</description>
        </item>

    Good:
        <item>
          <description>The wind pushes.</description>
          <content:encoded>The wind pushes, and the sea answers.</content:encoded>
        </item>
    """
    for item in feed.items:
        content, description = item.find("content:encoded"), item.find("description")
        if content and description and content.start < description.start:
            message = say("<content:encoded> comes before <description>")
            yield Finding("", message, say("put the description first"), position=feed.place(content))
