"""Rules about the tags of the podcast namespace in a feed."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from podfeed.check.address import ending, lasting_fault
from podfeed.check.location import place_faults
from podfeed.check.namespace import (
    LICENSES,
    PROPOSALS,
    TAGS,
    TEXT,
    Written,
    lacking,
    may_stand_in,
    placed,
    services,
    unfit,
)
from podfeed.check.person import role_fault
from podfeed.check.registry import FeedContext, rule
from podfeed.check.schedule import recurrence_faults
from podfeed.check.service import service_fault
from podfeed.check.show import is_language, is_uuid
from podfeed.check.tag import short
from podfeed.check.trailer import PLAYED
from podfeed.diagnostics import Finding, Position
from podfeed.read.durations import read_duration
from podfeed.read.fields import suggestion
from podfeed.read.magic import MIME_TYPES
from podfeed.read.mail import is_mail_address, read_mail_date
from podfeed.read.recurrence import read_moment
from podfeed.read.xml import Document, Element
from podfeed.words import listed, say

_NAMESPACE = "podcast namespace"


# ------------------------------------------------------------------------------- every tag of the table


@rule(Document, "warning", source=_NAMESPACE, codes="FD032")
def podcast_tag_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag with the prefix ``podcast:`` is none of the podcast namespace: no app reads it.

    Bad:
        <podcast:fundings url="https://support.podfeed.example/">Support us</podcast:fundings>

    Good:
        <podcast:funding url="https://support.podfeed.example/">Support us</podcast:funding>
    """
    for name, elements in feed.by_name.items():
        prefix, _, tag = name.rpartition(":")
        if prefix != "podcast" or tag in TAGS:
            continue
        if tag in PROPOSALS:
            message, hint = say("<{tag}> is only a proposal; hardly any app reads it", tag=name), say("leave it out")
        else:
            message = say("<{tag}> is no tag of the podcast namespace", tag=name)
            guess = _CAPITALS.get(tag.lower()) or suggestion(tag, TAGS)
            hint = say("write <podcast:{tag}>", tag=guess) if guess else say("leave it out")
        yield Finding("", message, hint, position=feed.place(elements[0]))


_CAPITALS = {name.lower(): name for name in TAGS}


@rule(Document, "info", source=f"{_NAMESPACE}: images", codes="FD031")
def podcast_tag_retired(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed has ``podcast:images``, which the namespace has given up.

    Bad:
        <podcast:images srcset="https://radio.podfeed.example/cover.jpg 1500w"/>

    Good:
        <podcast:image href="https://radio.podfeed.example/cover.jpg" width="1500"/>
    """
    if elements := feed.by_name.get("podcast:images"):
        message = say("<podcast:images> is no longer part of the podcast namespace")
        yield Finding("", message, say("write a <podcast:image> for each picture"), position=feed.place(elements[0]))


@rule(Document, "error", source=_NAMESPACE, codes="FD032")
def podcast_tag_misplaced(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag of the podcast namespace stands where apps do not look for it.

    Bad:
        <podcast:season>2</podcast:season>

    Good:
        <item>
          <podcast:season>2</podcast:season>
        </item>
    """
    for name, tag in TAGS.items():
        for element, parent in placed(feed, name):
            if not may_stand_in(parent, tag.parents):
                message = say("<podcast:{tag}> stands in <{parent}>", tag=name, parent=parent.name)
                places = listed([f"<{each}>" for each in tag.parents])
                yield Finding("", message, say("it may stand in {places}", places=places), position=feed.place(element))


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD037 SH034")
def podcast_tag_repeated(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag of which there can be one is there more than once; apps take any of them.

    Bad:
        <podcast:medium>podcast</podcast:medium>
        <podcast:medium>music</podcast:medium>

    Good:
        <podcast:medium>podcast</podcast:medium>
    """
    for name, tag in TAGS.items():
        seen: set[int] = set()
        for element, parent in placed(feed, name) if tag.once_in else ():
            if id(parent) in seen and may_stand_in(parent, tag.once_in):
                message = say("<{parent}> has more than one <podcast:{tag}>", parent=parent.name, tag=name)
                yield Finding("", message, say("keep one of them"), position=feed.place(element))
            seen.add(id(parent))


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD037 FD038 SH029 SH034")
def podcast_child_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag does not hold the tags that it is for.

    Bad:
        <podcast:podroll/>

    Good:
        <podcast:podroll>
          <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>
        </podcast:podroll>
    """
    for name, tag in TAGS.items():
        for element in feed.everywhere(f"podcast:{name}") if tag.children else ():
            there = {child.name for child in element.children}
            for choice in tag.children:
                if there.isdisjoint(choice):
                    yield Finding("", _missing(name, choice), say("add one"), position=feed.place(element))


def _missing(tag: str, choice: tuple[str, ...]) -> str:
    if len(choice) == 1:
        return say("<podcast:{tag}> holds no <{child}>", tag=tag, child=choice[0])
    return say("<podcast:{tag}> holds none of {children}", tag=tag, children=listed([f"<{each}>" for each in choice]))


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD037 FD038 SH024 SH029 SH030 SH034 EP101")
def podcast_attribute_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag lacks an attribute without which it says nothing.

    Bad:
        <podcast:funding>Support us</podcast:funding>

    Good:
        <podcast:funding url="https://support.podfeed.example/">Support us</podcast:funding>
    """
    for tag, attribute, element in lacking(feed, lambda attribute: attribute != TEXT):
        message = say("<podcast:{tag}> has no “{attribute}”", tag=tag, attribute=attribute)
        hint = say("add {attribute}", attribute=f'{attribute}="…"')
        yield Finding("", message, hint, position=feed.place(element))


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD036 SH022 SH024 SH025 SH030 EP102")
def podcast_text_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A tag holds no text, which is what it is for: a person's name, the words of a link.

    Bad:
        <podcast:person role="host" name="Ada"/>

    Good:
        <podcast:person role="host">Ada</podcast:person>
    """
    for tag, _, element in lacking(feed, lambda attribute: attribute == TEXT):
        message = say("<podcast:{tag}> holds no text", tag=tag)
        hint = say("write it between the tags: {example}", example=f"<podcast:{tag}>…</podcast:{tag}>")
        yield Finding("", message, hint, position=feed.place(element))


@rule(Document, "warning", source=_NAMESPACE, codes="FD032 FD037 SH024 SH025 SH028 SH030 EP101 EP102")
def podcast_text_too_long(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A text is longer than the namespace promises to show; apps may cut it.

    Bad:
        <item>
          <podcast:episode display="The fourth talk with the harbour master">4</podcast:episode>
        </item>

    Good:
        <item>
          <podcast:episode display="Talk 4">4</podcast:episode>
        </item>
    """
    for each in unfit(feed, lambda value: _fits(value.limit) if value.limit else None):
        message = say(
            "{tag} has {count} characters; apps may keep only {limit}",
            tag=each.label,
            count=len(each.text),
            limit=each.value.limit,
        )
        yield Finding("", message, say("shorten it"), position=_place(feed, each))


def _fits(limit: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= limit


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD037 FD038 SH021 SH023 SH034 EP102")
def podcast_word_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Where the namespace knows a few words, another is written. Capital letters count.

    Bad:
        <podcast:medium>radio</podcast:medium>

    Good:
        <podcast:medium>podcast</podcast:medium>
    """
    for each in unfit(feed, lambda value: value.words.__contains__ if value.words else None):
        message = say("“{word}” is no word that {tag} knows", word=short(each.text), tag=each.label)
        words = each.value.words
        guess = suggestion(each.text.lower(), frozenset(words), within=1)
        hint = say("write “{word}”", word=guess) if guess else say("write one of: {words}", words=", ".join(words))
        yield Finding("", message, hint, position=_place(feed, each))


_NUMBER = re.compile(r"\d+(\.\d+)?|\.\d+", re.ASCII)
_NUMBERS = {"number": _NUMBER.fullmatch, "whole number": re.compile(r"\d+", re.ASCII).fullmatch}


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD037 SH029 SH030 EP101")
def podcast_number_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """What has to be a number is none. Times are seconds, as 73.5; sizes are bytes.

    Bad:
        <item>
          <podcast:soundbite startTime="1:13" duration="42"/>
        </item>

    Good:
        <item>
          <podcast:soundbite startTime="73" duration="42"/>
        </item>
    """
    for each in unfit(feed, lambda value: _NUMBERS.get(value.kind)):
        if each.value.kind == "whole number":
            message = say("“{text}” is no whole number, as {tag} needs one", text=short(each.text), tag=each.label)
            hint = say("write digits only, as 2")
        else:
            message = say("“{text}” is no number, as {tag} needs one", text=short(each.text), tag=each.label)
            hint = say("write digits, with a point where needed, as 73.5")
        yield Finding("", message, hint, position=_place(feed, each))


@rule(Document, "error", source=_NAMESPACE, codes="FD032 FD038 SH028 SH030")
def podcast_date_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A date is not written as its tag wants it: a trailer's as in e-mail, the others as in ISO 8601.

    Bad:
        <podcast:trailer url="https://radio.podfeed.example/trailer.mp3" pubdate="2025-06-02">Soon</podcast:trailer>

    Good:
        <podcast:trailer url="https://radio.podfeed.example/trailer.mp3"
                         pubdate="Mon, 02 Jun 2025 05:00:00 +0900">Soon</podcast:trailer>
    """
    for each in unfit(feed, lambda value: _DATES.get(value.kind)):
        message = say("“{text}” is no date as {tag} needs it", text=short(each.text), tag=each.label)
        example = "2025-06-02T05:00:00+09:00" if each.value.kind == "moment" else "Mon, 02 Jun 2025 05:00:00 +0900"
        yield Finding("", message, say("write it like “{example}”", example=example), position=_place(feed, each))


def _is_mail_date(text: str) -> bool:
    return read_mail_date(text).remark in ("", "odd-spelling")


_DATES: Mapping[str, Callable[[str], object]] = {"moment": read_moment, "date": _is_mail_date}


@rule(Document, "warning", source=f"{_NAMESPACE}; BCP 47", codes="FD032 FD037 TR012")
def podcast_language_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The language of a transcript or an alternative file is no language code.

    Bad:
        <item>
          <podcast:transcript url="https://radio.podfeed.example/1.vtt" type="text/vtt" language="english"/>
        </item>

    Good:
        <item>
          <podcast:transcript url="https://radio.podfeed.example/1.vtt" type="text/vtt" language="en"/>
        </item>
    """
    for each in unfit(feed, lambda value: is_language if value.kind == "language" else None):
        message = say("“{language}” is not a language code", language=short(each.text))
        yield Finding("", message, say("write two letters, as ja, en or en-gb"), position=_place(feed, each))


@rule(Document, "error", source=f"{_NAMESPACE}: https", codes="FD033 SH024 SH025 SH027 SH030")
def podcast_address_not_https(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An address is not a full https address that everybody can open for good.

    Apps refuse what is not https, for they would show it in secure pages.

    Bad:
        <podcast:funding url="http://support.podfeed.example/">Support us</podcast:funding>

    Good:
        <podcast:funding url="https://support.podfeed.example/">Support us</podcast:funding>
    """
    for each in unfit(feed, lambda value: _is_lasting if value.kind == "address" else None):
        if fault := _address_fault(each.text):
            yield Finding("", *fault, position=_place(feed, each))


def _is_lasting(address: str) -> bool:
    return _address_fault(address) is None


def _address_fault(address: str) -> tuple[str, str] | None:
    if address.lower().startswith("http://"):
        message = say("“{address}” is not https", address=short(address))
        return message, say("write https://, and see that the address answers there")
    return lasting_fault(address)


def _given(element: Element, attribute: str) -> str:
    """The attribute's value without blanks around it; empty where it is not given."""
    return element.attributes.get(attribute, "").strip()


def _place(feed: Document, value: Written) -> Position:
    return feed.place(value.element, value.attribute) if value.attribute else feed.text_place(value.element)


# ------------------------------------------------------------------------------------------- the show


@rule(Document, "error", source=f"{_NAMESPACE}: guid", codes="FD036 SH022")
def podcast_guid_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A show's guid is no UUID, so that directories cannot know the show by it.

    Bad:
        <podcast:guid>harbour-radio</podcast:guid>

    Good:
        <podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>
    """
    for element in feed.everywhere("podcast:guid"):
        guid = element.text.strip()
        if guid and not is_uuid(guid):
            message = say("the show's guid “{guid}” is no UUID", guid=short(guid))
            hint = say("take the one the Podcast Index has for the show, and keep it for ever")
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "info", source=f"PSP-1; {_NAMESPACE}: locked", codes="SH021")
def podcast_locked_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed does not say whether another host may import the show.

    Bad:
        <!-- without podcast:locked -->

    Good:
        <podcast:locked owner="ada@radio.podfeed.example">yes</podcast:locked>
    """
    if feed.channel and not feed.channel.find("podcast:locked"):
        message = say("other hosts may import the show without asking")
        hint = say("add {example}", example='<podcast:locked owner="name@host">yes</podcast:locked>')
        yield Finding("", message, hint, position=feed.place(feed.channel))


@rule(Document, "warning", source=f"{_NAMESPACE}: locked", codes="SH021")
def podcast_locked_owner_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The owner of a locked show is no e-mail address, so that a new host cannot ask.

    Bad:
        <podcast:locked owner="Ada">yes</podcast:locked>

    Good:
        <podcast:locked owner="ada@radio.podfeed.example">yes</podcast:locked>
    """
    for element in feed.everywhere("podcast:locked"):
        owner = _given(element, "owner")
        if owner and not is_mail_address(owner):
            message = say("“{owner}” is no e-mail address", owner=short(owner))
            yield Finding("", message, say("write name@host and nothing else"), position=feed.place(element, "owner"))


@rule(Document, "warning", source=f"{_NAMESPACE}: block", codes="SH020")
def podcast_show_blocked(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed asks platforms not to show it, which is easily left over from a test.

    Bad:
        <podcast:block>yes</podcast:block>

    Good:
        <podcast:block>no</podcast:block>
    """
    for element in feed.everywhere("podcast:block"):
        if element.text.strip() == "yes":
            service = _given(element, "id")
            if service:
                message = say("the show is hidden from “{service}”", service=short(service))
            else:
                message = say("the show is hidden from every platform that is not named with “no”")
            yield Finding("", message, say("delete the tag to show it again"), position=feed.place(element))


@rule(Document, "warning", source=f"{_NAMESPACE}: service slugs", codes="FD032 SH020")
def podcast_service_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A block names a platform by a word that no platform has, so nobody heeds it.

    Bad:
        <podcast:block id="apple-podcasts">yes</podcast:block>

    Good:
        <podcast:block id="apple">yes</podcast:block>
    """
    for element in feed.everywhere("podcast:block"):
        service = _given(element, "id")
        if service and service not in services():
            yield Finding("", *service_fault(service), position=feed.place(element, "id"))


@rule(Document, "error", source=f"{_NAMESPACE}: license", codes="FD032 SH027")
def podcast_license_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A licence is none of those known by name, and no address says where it can be read.

    Bad:
        <podcast:license>my own</podcast:license>

    Good:
        <podcast:license url="https://radio.podfeed.example/licence.html">my own</podcast:license>
    """
    for element in feed.everywhere("podcast:license"):
        name = element.text.strip()
        if name and name.lower() not in LICENSES and not _given(element, "url"):
            message = say("“{name}” is no licence known by name, and has no address", name=short(name))
            hint = say(
                "add {attribute}, or write one of: {names}", attribute='url="https://…"', names=", ".join(LICENSES)
            )
            yield Finding("", message, hint, position=feed.text_place(element))


@rule(Document, "error", source=f"{_NAMESPACE}: updateFrequency; RFC 5545", codes="FD032 SH028")
def podcast_update_frequency_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The rule by which episodes come out cannot be read as a calendar would.

    Bad:
        <podcast:updateFrequency rrule="every Monday">Every Monday</podcast:updateFrequency>

    Good:
        <podcast:updateFrequency rrule="FREQ=WEEKLY;BYDAY=MO">Every Monday</podcast:updateFrequency>
    """
    for element in feed.everywhere("podcast:updateFrequency"):
        text, start = _given(element, "rrule"), _given(element, "dtstart")
        for message, hint in recurrence_faults(text, start) if text else ():
            yield Finding("", message, hint, position=feed.place(element, "rrule"))


@rule(Document, "error", source=f"{_NAMESPACE}: trailer; help.apple.com/itc/podcasts_connect: enclosure", codes="SH030")
def podcast_trailer_type_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The type of a trailer is none of those that apps play.

    Bad:
        <podcast:trailer url="https://radio.podfeed.example/trailer.mp3" type="audio/mp3"
                         pubdate="Mon, 02 Jun 2025 05:00:00 +0900">Soon</podcast:trailer>

    Good:
        <podcast:trailer url="https://radio.podfeed.example/trailer.mp3" type="audio/mpeg"
                         pubdate="Mon, 02 Jun 2025 05:00:00 +0900">Soon</podcast:trailer>
    """
    for element in feed.everywhere("podcast:trailer"):
        given = _media_type(element)
        if given and given not in PLAYED:
            message = say("“{type}” is no type of a trailer that apps play", type=short(given))
            right = MIME_TYPES.get(ending(_given(element, "url")), "audio/mpeg")
            hint = say("write “{type}”", type=right)
            yield Finding("", message, hint, position=feed.place(element, "type"))


@rule(Document, "error", source=f"{_NAMESPACE}: remoteItem, podroll, publisher", codes="FD032 SH034")
def podcast_remote_item_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A reference to another show leads nowhere: its id is no UUID, it is this very show, or no publisher's feed.

    Bad:
        <podcast:podroll>
          <podcast:remoteItem feedGuid="harbour-radio"/>
        </podcast:podroll>

    Good:
        <podcast:podroll>
          <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>
        </podcast:podroll>
    """
    own = feed.channel.words("podcast:guid").lower() if feed.channel else ""
    for element, parent in placed(feed, "remoteItem"):
        guid = _given(element, "feedGuid")
        if guid and not is_uuid(guid):
            hint = say("look the show up in the Podcast Index, and take its guid")
            message = say("“{guid}” is no UUID, as every show's guid is", guid=short(guid))
            yield Finding("", message, hint, position=feed.place(element, "feedGuid"))
        elif guid and guid.lower() == own and parent.name in ("podcast:podroll", "podcast:publisher"):
            message = say("<{parent}> names this very show", parent=parent.name)
            yield Finding("", message, say("name another one"), position=feed.place(element, "feedGuid"))
        if parent.name == "podcast:publisher" and _given(element, "medium") != "publisher":
            message = say("<podcast:publisher> does not say that it names a publisher's feed")
            hint = say("add {attribute}", attribute='medium="publisher"')
            yield Finding("", message, hint, position=feed.place(element, "medium"))


# --------------------------------------------------------------------------------------------- people


@rule(Document, "warning", source=f"{_NAMESPACE}: person; podcasttaxonomy.com", codes="FD032 EP092")
def podcast_person_role_unknown(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A person has a role or a group that is not in the Podcast Taxonomy; apps ignore other words.

    Capital letters do not count. Without a group a role is looked for in all of them.

    Bad:
        <podcast:person role="moderator">Ada</podcast:person>

    Good:
        <podcast:person role="host">Ada</podcast:person>
    """
    for element in feed.everywhere("podcast:person"):
        role, group = _given(element, "role"), _given(element, "group")
        fault = role_fault(role, group)
        if fault:
            attribute, message, hint = fault
            yield Finding("", message, hint, position=feed.place(element, attribute))


@rule(Document, "warning", source=f"{_NAMESPACE}: person", codes="SH025")
def podcast_person_repeated(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A person is named twice in the same place with the same role; apps would show two people.

    Bad:
        <podcast:person role="host">Ada</podcast:person>
        <podcast:person>Ada</podcast:person>

    Good:
        <podcast:person role="host">Ada</podcast:person>
        <podcast:person role="audio engineer">Ada</podcast:person>
    """
    seen: set[tuple[int, str, str, str]] = set()
    for element, parent in placed(feed, "person"):
        name = element.text.strip()
        role, group = _given(element, "role") or "host", _given(element, "group") or "cast"
        key = id(parent), name, role.lower(), group.lower()
        if name and key in seen:
            message = say("“{name}” is named twice with the same role", name=short(name))
            yield Finding("", message, say("keep one of the two"), position=feed.place(element))
        seen.add(key)


# ------------------------------------------------------------------------------------------- episodes


@rule(Document, "error", source=f"{_NAMESPACE}: chapters", codes="FD034")
def podcast_chapters_type_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Chapters have another type than the one apps look for.

    Bad:
        <item>
          <podcast:chapters url="https://radio.podfeed.example/1.json" type="application/json"/>
        </item>

    Good:
        <item>
          <podcast:chapters url="https://radio.podfeed.example/1.json" type="application/json+chapters"/>
        </item>
    """
    for element in feed.everywhere("podcast:chapters"):
        given = _media_type(element)
        if given and given != "application/json+chapters":
            message = say("the chapters are declared as “{type}”", type=short(given))
            hint = say("write “{type}”", type="application/json+chapters")
            yield Finding("", message, hint, position=feed.place(element, "type"))


#: What a transcript can be, by the endings of its file; the first is the one to write.
_TRANSCRIPT_TYPES = {
    "vtt": ("text/vtt",),
    "srt": ("application/x-subrip", "application/srt", "text/srt"),
    "json": ("application/json",),
    "html": ("text/html",),
    "htm": ("text/html",),
    "txt": ("text/plain",),
}
_KNOWN_TYPES = frozenset(each for types in _TRANSCRIPT_TYPES.values() for each in types)
#: Source: podcasters.apple.com/support/5316.
_TYPES_FOR_APPLE = frozenset(("text/vtt", "application/x-subrip", "application/srt"))


@rule(Document, "error", source=f"{_NAMESPACE}: transcript", codes="FD035")
def podcast_transcript_type_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The type of a transcript is none that apps know, or is not what the ending of its file says.

    Bad:
        <item>
          <podcast:transcript url="https://radio.podfeed.example/1.vtt" type="text/plain"/>
        </item>

    Good:
        <item>
          <podcast:transcript url="https://radio.podfeed.example/1.vtt" type="text/vtt"/>
        </item>
    """
    for element in feed.everywhere("podcast:transcript"):
        given, found = _media_type(element), ending(_given(element, "url"))
        fitting = _TRANSCRIPT_TYPES.get(found, ())
        if not given or given in fitting or (given in _KNOWN_TYPES and not fitting):
            continue
        if given in _KNOWN_TYPES:
            message = say("the transcript ends in “.{ending}” and is declared as “{type}”", ending=found, type=given)
        else:
            message = say("“{type}” is no type of a transcript", type=short(given))
        hint = say("write “{type}”", type=fitting[0] if fitting else "text/vtt")
        yield Finding("", message, hint, position=feed.place(element, "type"))


@rule(Document, "warning", source="podcasters.apple.com/support/5316", codes="FD035 TR010")
def podcast_transcript_not_for_apple(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An episode has transcripts, and none is of a type Apple Podcasts reads: WebVTT or SubRip.

    Bad:
        <item>
          <podcast:transcript url="https://radio.podfeed.example/1.json" type="application/json"/>
        </item>

    Good:
        <item>
          <podcast:transcript url="https://radio.podfeed.example/1.vtt" type="text/vtt"/>
          <podcast:transcript url="https://radio.podfeed.example/1.json" type="application/json"/>
        </item>
    """
    transcripts = placed(feed, "transcript")
    served = {id(parent) for element, parent in transcripts if _media_type(element) in _TYPES_FOR_APPLE}
    for element, parent in transcripts:
        if id(parent) not in served and _media_type(element) in _KNOWN_TYPES:
            served.add(id(parent))
            message = say("no transcript of this episode is of a type that Apple Podcasts reads")
            yield Finding("", message, say("add one as WebVTT, “text/vtt”"), position=feed.place(element, "type"))


def _media_type(element: Element) -> str:
    """What “type” says, without parameters as ``charset``."""
    return element.attributes.get("type", "").partition(";")[0].strip().lower()


@rule(Document, "warning", source=f"{_NAMESPACE}: soundbite", codes="FD032 EP101")
def podcast_soundbite_out_of_range(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A soundbite is shorter than 15 seconds or longer than 120, begins at 0, or runs past the end of its episode.

    Bad:
        <item>
          <podcast:soundbite startTime="30" duration="5"/>
        </item>

    Good:
        <item>
          <podcast:soundbite startTime="30" duration="20"/>
        </item>
    """
    for element, parent in placed(feed, "soundbite"):
        start, length = _number(element, "startTime"), _number(element, "duration")
        if start == 0:
            message = say("the soundbite begins at 0; the Podcast Index leaves such out")
            yield Finding("", message, say("write “0.1”"), position=feed.place(element, "startTime"))
        if length is not None and not 15 <= length <= 120:
            message = say("the soundbite takes {seconds} seconds", seconds=f"{length:g}")
            yield Finding("", message, say("choose 15 to 120 seconds"), position=feed.place(element, "duration"))
        whole = read_duration(parent.words("itunes:duration")).value
        # An episode's length is rounded to seconds.
        if start is not None and length is not None and whole and start + length > whole.total_seconds() + 1:
            message = say("the soundbite runs past the end of its episode")
            yield Finding("", message, say("see that it is of this cut"), position=feed.place(element, "startTime"))


def _number(element: Element, attribute: str) -> float | None:
    text = _given(element, attribute)
    return float(text) if _NUMBER.fullmatch(text) else None


@rule(Document, "error", source=f"{_NAMESPACE}: location; RFC 5870; ISO 3166-1", codes="FD032 EP102")
def podcast_location_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A place cannot be found: its coordinates, its id in OpenStreetMap or its country are not written as they must be.

    Bad:
        <podcast:location geo="30.2672,-97.7431" country="usa">Austin</podcast:location>

    Good:
        <podcast:location geo="geo:30.2672,-97.7431" osm="R113314" country="us">Austin</podcast:location>
    """
    for element in feed.everywhere("podcast:location"):
        geo, osm, country = (_given(element, each) for each in ("geo", "osm", "country"))
        for attribute, message, hint in place_faults(geo, osm, country):
            yield Finding("", message, hint, position=feed.place(element, attribute))


@rule(Document, "error", source=f"{_NAMESPACE}: alternateEnclosure", codes="FD037")
def podcast_default_enclosure_unclear(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """More than one alternative file is called the default, or one that is of another type than the enclosure.

    The default is the same medium as the enclosure, offered in another way.

    Bad:
        <item>
          <podcast:alternateEnclosure type="video/mp4" default="true">
            <podcast:source uri="https://radio.podfeed.example/waves.mp4"/>
          </podcast:alternateEnclosure>
        </item>

    Good:
        <item>
          <podcast:alternateEnclosure type="audio/mpeg" default="true">
            <podcast:source uri="https://radio.podfeed.example/waves.mp3"/>
          </podcast:alternateEnclosure>
          <podcast:alternateEnclosure type="video/mp4">
            <podcast:source uri="https://radio.podfeed.example/waves.mp4"/>
          </podcast:alternateEnclosure>
        </item>
    """
    seen: set[int] = set()
    for element, parent in placed(feed, "alternateEnclosure"):
        if _given(element, "default") != "true":
            continue
        enclosure = parent.find("enclosure")
        position = feed.place(element, "default")
        if id(parent) in seen:
            message = say("more than one alternative file is called the default")
            yield Finding("", message, say("let one be it"), position=position)
        elif enclosure and _media_type(element) and _media_type(element) != _media_type(enclosure):
            message = say(
                "the default file is “{type}”, the enclosure “{other}”",
                type=_media_type(element),
                other=_media_type(enclosure),
            )
            hint = say("call none the default but the enclosure's own medium")
            yield Finding("", message, hint, position=position)
        seen.add(id(parent))


_BASE64 = r"[A-Za-z0-9+/]"
#: Source: W3C Subresource Integrity.
_SRI = re.compile(rf"sha256-{_BASE64}{{43}}=|sha384-{_BASE64}{{64}}|sha512-{_BASE64}{{86}}==")
_SIGNATURE = re.compile(rf"(?:{_BASE64}|\s)+={{0,2}}")


@rule(Document, "error", source=f"{_NAMESPACE}: integrity; W3C Subresource Integrity", codes="FD037")
def podcast_integrity_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """What should prove that a file is whole cannot: apps would refuse the file.

    Bad:
        <item>
          <podcast:alternateEnclosure type="audio/mpeg">
            <podcast:source uri="https://radio.podfeed.example/waves.mp3"/>
            <podcast:integrity type="sri" value="d41d8cd98f00b204e9800998ecf8427e"/>
          </podcast:alternateEnclosure>
        </item>

    Good:
        <item>
          <podcast:alternateEnclosure type="audio/mpeg">
            <podcast:source uri="https://radio.podfeed.example/waves.mp3"/>
            <podcast:integrity type="sri" value="sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="/>
          </podcast:alternateEnclosure>
        </item>
    """
    for element in feed.everywhere("podcast:integrity"):
        kind, value = _given(element, "type"), _given(element, "value")
        if kind == "sri" and not all(_SRI.fullmatch(each) for each in value.split()):
            message = say("“{value}” is no SRI hash", value=short(value))
            hint = say("write “sha384-” and the hash in base64")
        elif kind == "pgp-signature" and value and not _SIGNATURE.fullmatch(value):
            message, hint = say("the signature is no base64"), say("write the signature without its header")
        else:
            continue
        yield Finding("", message, hint, position=feed.place(element, "value"))


@rule(Document, "error", source=f"{_NAMESPACE}: liveItem", codes="FD038")
def podcast_live_item_ends_early(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A live show ends before it begins.

    Bad:
        <podcast:liveItem status="pending" start="2026-06-02T20:00:00+09:00" end="2026-06-02T19:00:00+09:00">
          <guid isPermaLink="false">live-1</guid>
          <enclosure url="https://radio.podfeed.example/live.mp3" length="1" type="audio/mpeg"/>
          <podcast:contentLink href="https://radio.podfeed.example/live/">Listen</podcast:contentLink>
        </podcast:liveItem>

    Good:
        <podcast:liveItem status="pending" start="2026-06-02T20:00:00+09:00" end="2026-06-02T21:00:00+09:00">
          <guid isPermaLink="false">live-1</guid>
          <enclosure url="https://radio.podfeed.example/live.mp3" length="1" type="audio/mpeg"/>
          <podcast:contentLink href="https://radio.podfeed.example/live/">Listen</podcast:contentLink>
        </podcast:liveItem>
    """
    for element in feed.everywhere("podcast:liveItem"):
        start, end = _moment(element, "start"), _moment(element, "end")
        if start and end and end <= start:
            message = say("the live show ends before it begins")
            yield Finding("", message, say("correct “start” or “end”"), position=feed.place(element, "end"))


@rule(Document, "warning", source=f"{_NAMESPACE}: liveItem", codes="FD038")
def podcast_live_item_overdue(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A live show that should have ended more than a day ago is still announced or on the air.

    Bad:
        <podcast:liveItem status="live" start="2025-06-02T20:00:00+09:00" end="2025-06-02T21:00:00+09:00">
          <guid isPermaLink="false">live-1</guid>
          <enclosure url="https://radio.podfeed.example/live.mp3" length="1" type="audio/mpeg"/>
          <podcast:contentLink href="https://radio.podfeed.example/live/">Listen</podcast:contentLink>
        </podcast:liveItem>

    Good:
        <podcast:liveItem status="ended" start="2025-06-02T20:00:00+09:00" end="2025-06-02T21:00:00+09:00">
          <guid isPermaLink="false">live-1</guid>
          <enclosure url="https://radio.podfeed.example/live.mp3" length="1" type="audio/mpeg"/>
          <podcast:contentLink href="https://radio.podfeed.example/live/">Listen</podcast:contentLink>
        </podcast:liveItem>
    """
    for element in feed.everywhere("podcast:liveItem"):
        status, end = _given(element, "status"), _moment(element, "end")
        if end and status in ("live", "pending") and context.now - end > timedelta(days=1):
            message = say("the live show is “{status}”, and its end was more than a day ago", status=status)
            hint = say("write {attribute}", attribute='status="ended"')
            yield Finding("", message, hint, position=feed.place(element, "status"))


def _moment(element: Element, attribute: str) -> datetime | None:
    """When; in UTC where it is not said where the clocks stand."""
    moment = read_moment(_given(element, attribute))
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


@rule(Document, "error", source=f"{_NAMESPACE}: socialInteract", codes="FD032")
def podcast_comments_unclear(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A place for comments has no address, or comments are switched off beside it.

    Bad:
        <item>
          <podcast:socialInteract protocol="activitypub"/>
        </item>

    Good:
        <item>
          <podcast:socialInteract protocol="activitypub" uri="https://social.podfeed.example/@ada/1"/>
        </item>
    """
    threads = placed(feed, "socialInteract")
    count = Counter(id(parent) for _, parent in threads)
    for element, parent in threads:
        protocol, address = _given(element, "protocol"), _given(element, "uri")
        if protocol == "disabled" and (address or count[id(parent)] > 1):
            message = say("comments are switched off, and there is a place for them too")
            yield Finding("", message, say("keep one of the two"), position=feed.place(element, "protocol"))
        elif protocol and protocol != "disabled" and not address:
            message = say("<podcast:socialInteract> has no “uri”")
            hint = say("add the address of the post that comments answer")
            yield Finding("", message, hint, position=feed.place(element))


# ------------------------------------------------------------------------------------------- payments

_NODE = re.compile(r"[0-9a-f]{66}", re.ASCII | re.IGNORECASE)


@rule(Document, "error", source=f"{_NAMESPACE}: valueRecipient", codes="FD032 SH029")
def podcast_payment_address_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A recipient of payments has an address that is none; a wrong one sends money to a stranger.

    Bad:
        <podcast:value type="lightning" method="lnaddress">
          <podcast:valueRecipient name="Ada" type="lnaddress" address="ada" split="100"/>
        </podcast:value>

    Good:
        <podcast:value type="lightning" method="lnaddress">
          <podcast:valueRecipient name="Ada" type="lnaddress" address="ada@radio.podfeed.example" split="100"/>
        </podcast:value>
    """
    for element in feed.everywhere("podcast:valueRecipient"):
        kind, address = _given(element, "type"), _given(element, "address")
        if address and kind == "node" and not _NODE.fullmatch(address):
            message = say("“{address}” is no node: that has 66 digits and letters from a to f", address=short(address))
        elif address and kind == "lnaddress" and not is_mail_address(address):
            message = say("“{address}” is no lightning address: that looks like name@host", address=short(address))
        else:
            continue
        hint = say("copy it from the wallet: a wrong address sends money to a stranger")
        yield Finding("", message, hint, position=feed.place(element, "address"))


@rule(Document, "error", source=f"{_NAMESPACE}: valueRecipient", codes="SH029")
def podcast_payment_without_shares(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """All recipients of a payment have a share of 0, so nobody gets anything.

    Bad:
        <podcast:value type="lightning" method="lnaddress">
          <podcast:valueRecipient name="Ada" type="lnaddress" address="ada@radio.podfeed.example" split="0"/>
        </podcast:value>

    Good:
        <podcast:value type="lightning" method="lnaddress">
          <podcast:valueRecipient name="Ada" type="lnaddress" address="ada@radio.podfeed.example" split="100"/>
        </podcast:value>
    """
    for element, _ in (*placed(feed, "value"), *placed(feed, "valueTimeSplit")):
        shares = [_given(each, "split") for each in element.all("podcast:valueRecipient")]
        if shares and all(share and not share.strip("0") for share in shares):
            message = say("all recipients of the payment have a share of 0")
            yield Finding("", message, say("give one of them a share"), position=feed.place(element))


@rule(Document, "warning", source=f"{_NAMESPACE}: valueTimeSplit", codes="FD032")
def podcast_time_split_unclear(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Apps cannot tell whom to pay: two time splits overlap, or one names another show and recipients too.

    Bad:
        <podcast:value type="lightning" method="lnaddress">
          <podcast:valueRecipient name="Ada" type="lnaddress" address="ada@radio.podfeed.example" split="100"/>
          <podcast:valueTimeSplit startTime="60" duration="60">
            <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>
          </podcast:valueTimeSplit>
          <podcast:valueTimeSplit startTime="90" duration="60">
            <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>
          </podcast:valueTimeSplit>
        </podcast:value>

    Good:
        <podcast:value type="lightning" method="lnaddress">
          <podcast:valueRecipient name="Ada" type="lnaddress" address="ada@radio.podfeed.example" split="100"/>
          <podcast:valueTimeSplit startTime="60" duration="60">
            <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>
          </podcast:valueTimeSplit>
          <podcast:valueTimeSplit startTime="120" duration="60">
            <podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810"/>
          </podcast:valueTimeSplit>
        </podcast:value>
    """
    for element in feed.everywhere("podcast:valueTimeSplit"):
        if element.find("podcast:remoteItem") and element.find("podcast:valueRecipient"):
            message = say("the time split names another show and recipients of its own")
            yield Finding("", message, say("keep one of the two"), position=feed.place(element))
    for element in feed.everywhere("podcast:value"):
        taken = 0.0
        for start, end, split in sorted(_spans(element), key=lambda span: span[0]):
            if start < taken:
                message = say("the time split begins before the one before it ends")
                yield Finding("", message, say("correct one of them"), position=feed.place(split, "startTime"))
            taken = max(taken, end)


def _spans(value: Element) -> Iterator[tuple[float, float, Element]]:
    for split in value.all("podcast:valueTimeSplit"):
        start, length = _number(split, "startTime"), _number(split, "duration")
        if start is not None and length is not None:
            yield start, start + length, split
