"""The podcast namespace as a table, and the tags and values of a feed that it speaks of.

Source: podcastindex.org/namespace/1.0, docs/tags; in words in feed-specification.md, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from podfeed.check.tables import table
from podfeed.model import Role
from podfeed.read.settings import MEDIUMS
from podfeed.read.xml import Document, Element

#: A moment is ISO 8601, a date is RFC 2822 as in an item's pubDate.
Kind = Literal["text", "word", "address", "number", "whole number", "moment", "date", "language"]

#: The name of what stands between the tags, beside the names of attributes.
TEXT = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What an attribute holds, or the text between the tags."""

    kind: Kind = "text"
    _: KW_ONLY
    is_needed: bool = False
    #: Characters apps keep to; 0 where nothing is said.
    limit: int = 0
    #: What a word may be, exactly so.
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """What the namespace says about one tag."""

    #: The elements it may stand in. What may stand in an item may stand in a liveItem too.
    parents: tuple[str, ...]
    #: Those of them that have it once at most.
    once_in: tuple[str, ...] = ()
    _: KW_ONLY
    #: By attribute, or `TEXT`. Attributes about which nothing can be said are left out.
    values: Mapping[str, Value] = field(default_factory=dict)
    #: The elements it has to hold; of several names in one entry any will do.
    children: tuple[tuple[str, ...], ...] = ()


_CHANNEL = ("channel",)
_ITEM = ("item",)
_BOTH = ("channel", "item")
_ENCLOSURE = ("podcast:alternateEnclosure",)
_PAID = ("podcast:value", "podcast:valueTimeSplit")

_NEEDED = Value(is_needed=True)
_ADDRESS = Value("address")
_NEEDED_ADDRESS = Value("address", is_needed=True)
_NUMBER = Value("number")
_NEEDED_NUMBER = Value("number", is_needed=True)
_WHOLE = Value("whole number")
_LABEL = Value(limit=128)
_NEEDED_LABEL = Value(is_needed=True, limit=128)
_TRUE_OR_FALSE = Value("word", words=("true", "false"))
_YES_OR_NO = Value("word", is_needed=True, words=("yes", "no"))

#: A feed may list items of other feeds too.
_MEDIUM = Value("word", words=(*MEDIUMS, *(f"{each}L" for each in MEDIUMS if each != "mixed")))

TAGS: Mapping[str, Tag] = {
    "transcript": Tag(
        _ITEM,
        values={
            "url": _NEEDED_ADDRESS,
            "type": _NEEDED,
            "language": Value("language"),
            "rel": Value("word", words=("captions",)),
        },
    ),
    "locked": Tag(_CHANNEL, _CHANNEL, values={TEXT: _YES_OR_NO}),
    "funding": Tag(_BOTH, values={TEXT: _NEEDED_LABEL, "url": _NEEDED_ADDRESS}),
    "chapters": Tag(_ITEM, _ITEM, values={"url": _NEEDED_ADDRESS, "type": _NEEDED}),
    "soundbite": Tag(_ITEM, values={TEXT: _LABEL, "startTime": _NEEDED_NUMBER, "duration": _NEEDED_NUMBER}),
    "person": Tag(_BOTH, values={TEXT: _NEEDED_LABEL, "img": _ADDRESS, "href": _ADDRESS}),
    "location": Tag(_BOTH, values={TEXT: _NEEDED_LABEL, "rel": Value("word", words=("subject", "creator"))}),
    "season": Tag(_ITEM, _ITEM, values={TEXT: Value("whole number", is_needed=True), "name": _LABEL}),
    "episode": Tag(_ITEM, _ITEM, values={TEXT: _NEEDED_NUMBER, "display": Value(limit=32)}),
    "trailer": Tag(
        _CHANNEL,
        values={
            TEXT: _NEEDED_LABEL,
            "url": _NEEDED_ADDRESS,
            "pubdate": Value("date", is_needed=True),
            "length": _WHOLE,
            "season": _WHOLE,
        },
    ),
    "license": Tag(_BOTH, _BOTH, values={TEXT: _NEEDED_LABEL, "url": _ADDRESS}),
    "alternateEnclosure": Tag(
        _ITEM,
        values={
            "type": _NEEDED,
            "length": _WHOLE,
            "bitrate": _NUMBER,
            "height": _WHOLE,
            "lang": Value("language"),
            "title": Value(limit=32),
            "rel": Value(limit=32),
            "default": _TRUE_OR_FALSE,
        },
        children=(("podcast:source",),),
    ),
    # The address may have any scheme: ipfs and magnet are what the tag is for.
    "source": Tag(_ENCLOSURE, values={"uri": _NEEDED}),
    "integrity": Tag(
        _ENCLOSURE,
        _ENCLOSURE,
        values={"type": Value("word", is_needed=True, words=("sri", "pgp-signature")), "value": _NEEDED},
    ),
    "guid": Tag(_CHANNEL, _CHANNEL, values={TEXT: _NEEDED}),
    "value": Tag(
        _BOTH,
        values={"type": _NEEDED, "method": _NEEDED, "suggested": _NUMBER},
        children=(("podcast:valueRecipient",),),
    ),
    "valueRecipient": Tag(
        _PAID,
        values={
            "type": _NEEDED,
            "address": _NEEDED,
            "split": Value("whole number", is_needed=True),
            "fee": _TRUE_OR_FALSE,
        },
    ),
    "valueTimeSplit": Tag(
        ("podcast:value",),
        values={
            "startTime": _NEEDED_NUMBER,
            "duration": _NEEDED_NUMBER,
            "remoteStartTime": _NUMBER,
            "remotePercentage": _NUMBER,
        },
        children=(("podcast:remoteItem", "podcast:valueRecipient"),),
    ),
    "medium": Tag(_CHANNEL, _CHANNEL, values={TEXT: replace(_MEDIUM, is_needed=True)}),
    "images": Tag(_BOTH, _BOTH, values={"srcset": _NEEDED}),
    "liveItem": Tag(
        _CHANNEL,
        values={
            "status": Value("word", is_needed=True, words=("pending", "live", "ended")),
            "start": Value("moment", is_needed=True),
            "end": Value("moment"),
        },
        children=(("guid",), ("enclosure",), ("podcast:contentLink",)),
    ),
    "contentLink": Tag(_ITEM, values={"href": _NEEDED_ADDRESS}),
    "socialInteract": Tag(
        _BOTH,
        values={
            "protocol": Value(
                "word",
                is_needed=True,
                words=("disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr"),
            ),
            "accountUrl": _ADDRESS,
            "priority": _WHOLE,
        },
    ),
    "block": Tag(_CHANNEL, values={TEXT: _YES_OR_NO}),
    "txt": Tag(_BOTH, values={TEXT: Value(limit=4000), "purpose": _LABEL}),
    "remoteItem": Tag(
        ("channel", "podcast:podroll", "podcast:publisher", "podcast:valueTimeSplit"),
        ("podcast:publisher", "podcast:valueTimeSplit"),
        values={"feedGuid": _NEEDED, "feedUrl": _ADDRESS, "medium": _MEDIUM},
    ),
    "podroll": Tag(_CHANNEL, _CHANNEL, children=(("podcast:remoteItem",),)),
    "updateFrequency": Tag(
        _CHANNEL, _CHANNEL, values={TEXT: _LABEL, "dtstart": Value("moment"), "complete": _TRUE_OR_FALSE}
    ),
    "podping": Tag(_CHANNEL, _CHANNEL, values={"usesPodping": _TRUE_OR_FALSE}),
    "publisher": Tag(_CHANNEL, _CHANNEL, children=(("podcast:remoteItem",),)),
    "chat": Tag(
        _BOTH,
        _BOTH,
        values={
            "server": _NEEDED,
            "protocol": Value("word", is_needed=True, words=("irc", "xmpp", "nostr", "matrix")),
        },
    ),
    "image": Tag(_BOTH, values={"href": _NEEDED_ADDRESS, "width": _WHOLE, "height": _WHOLE, "purpose": _LABEL}),
}

#: What was proposed for the namespace and has not been taken up.
PROPOSALS = frozenset(
    (
        "id",
        "social",
        "previousUrl",
        "comments",
        "hiveAccount",
        "bonusItem",
        "opensubscribe",
        "recommendations",
        "verify",
    )
)

#: The licences known by name, in small letters. Source: podcastindex.org/namespace/1.0, licenses.json.
LICENSES = ("arr", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-nd-4.0", "pod-v4v-1.0")


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The countries by their two letters, in small ones. Source: ISO 3166-1."""
    return frozenset(" ".join(table("countries")["codes"]).split())


@lru_cache(maxsize=1)
def services() -> frozenset[str]:
    """The platforms a block can be about. Source: podcastindex.org/namespace/1.0, serviceslugs.txt."""
    return frozenset(" ".join(table("podcast-words")["services"]).split())


@lru_cache(maxsize=1)
def taxonomy() -> Mapping[str, tuple[str, ...]]:
    """The groups to which each role of people belongs, all in small letters. Source: podcasttaxonomy.com."""
    groups_of: dict[str, tuple[str, ...]] = {}
    for group, roles in table("podcast-words")["groups"].items():
        for role in roles:
            groups_of[role.lower()] = (*groups_of.get(role.lower(), ()), group.lower())
    return groups_of


@lru_cache(maxsize=1)
def roles() -> Mapping[str, str]:
    """The roles of people as the Podcast Taxonomy writes them, by the same in small letters."""
    return {role.lower(): role for of_group in table("podcast-words")["groups"].values() for role in of_group}


def group_of(role: Role) -> str:
    """The group of *role* as a feed has to name it: none for the cast, which apps take for granted."""
    groups = taxonomy().get(role.name.lower(), ()) if role.name else ()
    return role.group or (groups[0] if len(groups) == 1 and groups[0] != "cast" else "")


def placed(feed: Document, name: str) -> Sequence[tuple[Element, Element]]:
    """Every ``podcast:``*name* of *feed*, each with the element it stands in."""
    return _placed(feed).get(f"podcast:{name}", ())


@lru_cache(maxsize=1)
def _placed(feed: Document) -> Mapping[str, list[tuple[Element, Element]]]:
    found: dict[str, list[tuple[Element, Element]]] = {}
    parents = [feed.channel] if feed.channel else []
    while parents:
        parent = parents.pop()
        for child in parent.children:
            if child.name.startswith("podcast:"):
                found.setdefault(child.name, []).append((child, parent))
            if child.children:
                parents.append(child)
    return found


class Written(NamedTuple):
    """A value as a feed has it, without blanks around it."""

    tag: str
    #: `TEXT` for what stands between the tags.
    attribute: str
    text: str
    element: Element
    value: Value

    @property
    def label(self) -> str:
        """Where it is written, as ``<podcast:funding url>``."""
        return f"<podcast:{self.tag} {self.attribute}>" if self.attribute else f"<podcast:{self.tag}>"


def unfit(feed: Document, test: Callable[[Value], Callable[[str], object] | None]) -> Iterator[Written]:
    """Every value that does not pass the test *test* has for its kind, if it has one; blank ones say nothing."""
    for name, tag in TAGS.items():
        for attribute, value in tag.values.items():
            if is_fit := test(value):
                for element in feed.everywhere(f"podcast:{name}"):
                    text = _text(element, attribute)
                    if text and not is_fit(text):
                        yield Written(name, attribute, text, element, value)


def lacking(feed: Document, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str, Element]]:
    """The tag, the attribute and the element of every needed value that is blank, of the attributes *wanted*."""
    for name, tag in TAGS.items():
        for attribute, value in tag.values.items():
            if value.is_needed and wanted(attribute):
                for element in feed.everywhere(f"podcast:{name}"):
                    if not _text(element, attribute):
                        yield name, attribute, element


def _text(element: Element, attribute: str) -> str:
    return (element.attributes.get(attribute, "") if attribute else element.text).strip()


def may_stand_in(parent: Element, names: Collection[str]) -> bool:
    """Whether *parent* is one of *names*, an item standing for a liveItem too."""
    return parent.name in names or (parent.name == "podcast:liveItem" and "item" in names)
