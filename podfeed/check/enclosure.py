"""Rules about the enclosures of a feed, the audio and video files of its items."""

import re
from collections.abc import Iterator

from podfeed.check.address import address_fault, ending
from podfeed.check.registry import FeedContext, rule
from podfeed.check.tag import lacks, short
from podfeed.diagnostics import Finding
from podfeed.model import FORMAT_PURPOSE
from podfeed.read.magic import MIME_TYPES
from podfeed.read.xml import Document, Element
from podfeed.words import say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect: enclosure"
_W3C = "W3C Feed Validator"


@rule(Document, "error", source=f"{_APPLE}; PSP-1", codes="FD010")
def enclosure_missing(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An item has no enclosure: for podcast apps there is no such episode.

    Bad:
        <item>
          <!-- without enclosure -->
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    without = [item for item in feed.items if lacks(item, "enclosure")]
    hint = say("add {example}", example='<enclosure url="https://…" length="…" type="audio/mpeg"/>')
    if without and len(without) == len(feed.items):
        message = say("no item has an enclosure: this feed is no podcast")
        yield Finding("", message, hint, position=feed.place(without[0]))
    else:
        for item in without:
            yield Finding("", say("the item has no enclosure"), hint, position=feed.place(item))


@rule(Document, "error", source=f"{_APPLE}; RSS best practices; {_W3C}: DuplicateEnclosure", codes="FD010")
def enclosure_repeated(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An item has more than one enclosure; apps take any of them.

    Bad:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
          <enclosure url="https://radio.podfeed.example/waves.m4a" length="1000000" type="audio/x-m4a"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    for item in feed.items:
        for further in item.all("enclosure")[1:]:
            message = say("the item has more than one enclosure")
            hint = say("keep one; other files may go into <podcast:alternateEnclosure>")
            yield Finding("", message, hint, position=feed.place(further))


@rule(Document, "error", source=f"RSS 2.0; {_APPLE}; {_W3C}: MissingAttribute", codes="FD011")
def enclosure_incomplete(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """An enclosure lacks its address, its length or its type.

    Bad:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    length = say("{attribute}, the size in bytes", attribute='length="…"')
    examples = {"url": 'url="https://…"', "length": length, "type": 'type="audio/mpeg"'}
    for element in feed.everywhere("enclosure"):
        given = element.attributes
        for name, example in examples.items():
            # An empty length is told as a wrong one.
            if name not in given or (name != "length" and not given[name].strip()):
                message = say("<enclosure> has no “{attribute}”", attribute=name)
                hint = say("add {example}", example=example)
                yield Finding("", message, hint, position=feed.place(element, name))


@rule(Document, "error", source=f"RSS 2.0; Apple and Spotify use it; {_W3C}: InvalidIntegerAttribute", codes="FD012")
def enclosure_length_invalid(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The length of an enclosure is no number of bytes, or 0.

    Bad:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1.5 MB" type="audio/mpeg"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    for element in feed.everywhere("enclosure"):
        length = element.attributes.get("length")
        if length is not None and not _BYTES.fullmatch(length):
            message = say("the length “{value}” is not the size of a file", value=short(length))
            hint = say("write the size of the file in bytes, digits only")
            yield Finding("", message, hint, position=feed.place(element, "length"))


@rule(Document, "error", source="podcasters.apple.com/support/893; PSP-1", codes="EP041")
def enclosure_format_refused(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The address of an enclosure does not end as that of a format which podcast apps take.

    Apple goes by the ending of the path, whatever the type says.

    Bad:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.wav" length="1000000" type="audio/wav"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    preferred = _preferred(feed)
    for element in feed.everywhere("enclosure"):
        address = element.attributes.get("url", "")
        found = ending(address)
        if found in MEDIA_TYPES or found in preferred or address_fault(address):
            continue
        if found:
            message = say("“.{ending}” is not a format podcast apps take", ending=short(found))
        else:
            message = say("“{address}” does not end as an audio file does", address=short(address))
        hint = say("publish an MP3 or M4A file under an address that ends so")
        yield Finding("", message, hint, position=feed.place(element, "url"))


@rule(Document, "info", source="podfeed: a further feed for apps that play more", codes="EP041 FD013")
def enclosure_format_further(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A feed says that it is there beside the show's own, in a format that many apps do not play.

    Its ``podcast:txt`` of the purpose “podfeed-format” names the format. No directory takes such a feed; it is for
    people who choose it.

    Bad:
        <podcast:txt purpose="podfeed-format">opus</podcast:txt>
        <item>
          <enclosure url="https://radio.podfeed.example/waves.opus" length="1000000" type="audio/ogg"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    preferred = _preferred(feed)
    found = [each for each in feed.everywhere("enclosure") if ending(each.attributes.get("url", "")) in preferred]
    if preferred and found:
        message = say_many(
            "{count} enclosure is in a format that many apps do not play, as the feed says of itself",
            "{count} enclosures are in a format that many apps do not play, as the feed says of itself",
            count=len(found),
        )
        hint = say("offer the show's own feed to directories, and this one to people who ask for it")
        yield Finding("", message, hint, position=feed.place(found[0], "url"))


def _preferred(feed: Document) -> frozenset[str]:
    """How the names of files end in a feed that says which format it prefers, where few apps play that."""
    notes = feed.channel.all("podcast:txt") if feed.channel else []
    words = (each.text.strip() for each in notes if each.attributes.get("purpose") == FORMAT_PURPOSE)
    return frozenset(ending for word in words for ending in _ENDINGS.get(word, ()))


_ENDINGS = {"opus": ("opus", "ogg"), "ogg": ("ogg", "oga"), "flac": ("flac",), "wav": ("wav",), "aac": ("aac",)}


@rule(Document, "error", source=f"{_APPLE}; PSP-1; {_W3C}: InvalidMIMEAttribute", codes="FD013")
def enclosure_type_wrong(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The type of an enclosure is not that of its file, or is none at all.

    Bad:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mp3"/>
        </item>

    Good:
        <item>
          <enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
        </item>
    """
    for element in feed.everywhere("enclosure"):
        kind, found = element.attributes.get("type", ""), ending(element.attributes.get("url", ""))
        right = MEDIA_TYPES.get(found)
        if not kind.strip() or (kind.lower() in right if right else _TYPE.fullmatch(kind)):
            continue
        if right:
            message = say("“{type}” is not the type of “.{ending}”", type=short(kind), ending=found)
            hint = say("write “{right}”", right=right[0])
        else:
            message, hint = say("“{type}” is no type of a file", type=short(kind)), say("write “audio/mpeg”")
        yield Finding("", message, hint, position=feed.place(element, "type"))


@rule(Document, "error", source=f"{_APPLE}: each address once in a feed", codes="FD015")
def enclosure_shared(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """Two items have the same enclosure. Apple ignores the second.

    Bad:
        <item><enclosure url="https://radio.podfeed.example/a.mp3" length="1000000" type="audio/mpeg"/></item>
        <item><enclosure url="https://radio.podfeed.example/a.mp3" length="1000000" type="audio/mpeg"/></item>

    Good:
        <item><enclosure url="https://radio.podfeed.example/b.mp3" length="1000000" type="audio/mpeg"/></item>
        <item><enclosure url="https://radio.podfeed.example/a.mp3" length="1000000" type="audio/mpeg"/></item>
    """
    seen: dict[str, Element] = {}
    for item in feed.items:
        element = item.find("enclosure")
        address = element.attributes.get("url", "").strip() if element else ""
        if element is None or not address:
            continue
        other = seen.setdefault(address, element)
        if other is not element:
            message = say("the item in line {line} has the same enclosure", line=feed.place(other).line)
            yield Finding("", message, say("each episode needs its own"), position=feed.place(element, "url"))


_BYTES = re.compile(r"0*[1-9][0-9]*")
#: The shape of a type. Source: RFC 6838.
_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;.*)?", re.ASCII)
#: By the ending of the file: the type to write, then those apps take too. Source: Apple's and PSP-1's tables.
MEDIA_TYPES = {
    **{ending: (MIME_TYPES[ending],) for ending in ("mp3", "mp4", "mov", "pdf")},
    "m4a": (MIME_TYPES["m4a"], "audio/m4a", "audio/mp4"),
    "m4v": (MIME_TYPES["m4v"], "video/m4v"),
}
