"""Every setting of an episode and of config.yaml: how it is spelt, what it holds, what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Literal

#: What a setting holds; podfeed.schema says of each what may be written.
Kind = Literal[
    "address",
    "anything",
    "bytes",
    "categories",
    "date",
    "day",
    "explicit",
    "flag",
    "funding",
    "group",
    "groups",
    "language",
    "length",
    "license",
    "number",
    "people",
    "show",
    "text",
    "texts",
    "uuid",
    "waivers",
    "word",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that an author can say."""

    name: str
    kind: Kind
    #: What it is for, in one sentence.
    sentence: str
    _: KW_ONLY
    #: Its other spellings.
    spellings: tuple[str, ...] = ()
    is_required: bool = False
    #: The words it takes, for a word.
    words: tuple[str, ...] = ()
    #: How the names of the rules about it begin.
    rules: tuple[str, ...] = ()
    #: The settings of a group, or of each of several groups.
    below: tuple[Setting, ...] = ()


def names(settings: Iterable[Setting]) -> frozenset[str]:
    """Every spelling of every one of *settings*."""
    return frozenset(name for each in settings for name in (each.name, *each.spellings))


EPISODE_TYPES = ("full", "trailer", "bonus")
SHOW_TYPES = ("episodic", "serial")
#: Source: podcast namespace, medium.
MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed")

EPISODE = (
    Setting(
        "title",
        "text",
        "What the episode is called, in one line.",
        is_required=True,
        rules=("episode-title-", "text-cut-by-comment"),
    ),
    Setting(
        "date",
        "date",
        "When the episode goes out, as 2026-01-31 06:00:00 +0900; until then it waits.",
        rules=("date-", "episode-date-", "history-date-"),
    ),
    Setting(
        "description",
        "text",
        "What the episode is about, as plain text; without it, the first paragraphs of the notes are taken.",
        spellings=("summary",),
        rules=("notes-description-", "text-cut-by-comment"),
    ),
    Setting(
        "audio_file_path",
        "text",
        "The sound: a path, where a leading / means the project's folder, or an https address.",
        spellings=("audio", "audio_file_url"),
        rules=("audio-",),
    ),
    Setting(
        "audio_file_size",
        "bytes",
        "Bytes of the sound; 0 has them measured.",
        rules=("audio-size-",),
    ),
    Setting("duration", "length", "Length of the sound, as 45:30 or 1:02:03; 0 has it measured.", rules=("duration-",)),
    Setting(
        "actor_ids",
        "people",
        "Who is to be heard: ids of people under “actors” in config.yaml.",
        spellings=("actors",),
        rules=("actor-ids-", "actor-unknown"),
    ),
    Setting(
        "show",
        "show",
        "The id of the show the episode belongs to; it comes before every “match”.",
        rules=("episode-show-",),
    ),
    Setting(
        "guid",
        "text",
        "Who the episode is, for good: apps take an episode with another guid for a new one.",
        rules=("guid-", "history-guid-"),
    ),
    Setting("guid_is_permalink", "flag", "Whether the guid is the address of a page.", rules=("guid-is-",)),
    Setting(
        "slug", "text", "The last part of the page's address; without it, the file's name serves.", rules=("page-",)
    ),
    Setting(
        "permalink", "text", "Where the page lies below the site, instead of the show's pattern.", rules=("page-",)
    ),
    Setting("draft", "flag", "true keeps the episode out of feed and pages."),
    Setting("published", "flag", "false keeps the episode out of feed and pages."),
    Setting("season", "number", "The number of the season.", rules=("episode-season-",)),
    Setting("episode", "number", "The number of the episode in its season.", rules=("episode-number-",)),
    Setting(
        "episode_type",
        "word",
        "Whether it is a full episode, a trailer or a bonus.",
        words=EPISODE_TYPES,
        rules=("episode-type-",),
    ),
    Setting(
        "explicit",
        "explicit",
        "Whether it is unfit for children; without it, what the show says holds.",
        rules=("explicit-",),
    ),
    Setting("block", "flag", "true keeps the episode out of Apple's directory.", rules=("show-blocked",)),
    Setting(
        "image_url",
        "text",
        "The episode's own square picture, a path or an address; without it, the show's cover serves.",
        spellings=("image", "artwork"),
        rules=("artwork-",),
    ),
    Setting("thumbnail_url", "text", "The picture of the page, a path or an address.", rules=("artwork-thumbnail-",)),
    Setting("card", "text", "Kept for cards of social networks."),
    Setting("information", "text", "A highlighted line on the page."),
    Setting("layout", "text", "Jekyll's own; read, of no effect."),
    Setting("tags", "anything", "For other tools; read, of no effect."),
    Setting("categories", "anything", "For other tools; read, of no effect."),
    Setting("ignore", "waivers", "Rules that are quiet in this episode, each with the reason why.", rules=("waiver-",)),
)

OWNER = (
    Setting("name", "text", "Who owns the show."),
    Setting("email", "text", "Where directories write to; it is public.", rules=("show-owner-email-",)),
)
MATCH = (
    Setting("actor_ids", "people", "The episode names one of these people.", rules=("show-match-actor-",)),
    Setting("title", "texts", "Its title fits one of these patterns, in which * and ? stand for any text."),
    Setting("path", "texts", "Its path below episodes/ fits one of these patterns."),
)
SHOW = (
    Setting("title", "text", "What the show is called.", is_required=True, rules=("show-title-",)),
    Setting("match", "group", "Which episodes belong to the show: all that is given must hold.", below=MATCH),
    Setting(
        "language",
        "language",
        "The language it is spoken in, as ja, en or en-gb.",
        is_required=True,
        rules=("show-language-",),
    ),
    Setting(
        "description",
        "text",
        "What the show is about, at most 4000 bytes.",
        is_required=True,
        rules=("show-description-",),
    ),
    Setting(
        "author",
        "text",
        "Who makes it; apps print that below the title.",
        is_required=True,
        rules=("show-author-",),
    ),
    Setting("owner", "group", "Who can claim the show at directories.", below=OWNER, rules=("show-owner-",)),
    Setting(
        "categories",
        "categories",
        "Apple's categories, to the letter, as Technology or {News: Tech News}.",
        is_required=True,
        rules=("show-category-", "show-subcategory-"),
    ),
    Setting(
        "artwork",
        "text",
        "The cover, a path or an address: a square JPEG or PNG of 1400 to 3000 pixels.",
        is_required=True,
        rules=("artwork-",),
    ),
    Setting(
        "explicit",
        "explicit",
        "Whether it is unfit for children.",
        is_required=True,
        rules=("explicit-", "show-explicit-"),
    ),
    Setting(
        "type",
        "word",
        "Whether its episodes stand alone, or are to be heard from the first on.",
        words=SHOW_TYPES,
        rules=("show-type-",),
    ),
    Setting("copyright", "text", "Whose it is.", rules=("show-copyright-",)),
    Setting("locked", "flag", "true asks other hosts not to import the show.", rules=("show-locked-",)),
    Setting(
        "guid",
        "uuid",
        "Who the show is, for good; podfeed makes one and keeps it.",
        rules=("show-guid-", "history-show-guid-"),
    ),
    Setting("link", "address", "The show's home page; without it, the page podfeed makes.", rules=("show-link-",)),
    Setting(
        "feed",
        "text",
        "Where the feed lies below the site, as radio/feed.xml.",
        rules=("show-feed-", "history-feed-"),
    ),
    Setting(
        "permalink",
        "text",
        "Where the pages of episodes lie below the site, as /radio/{slug}/.",
        rules=("show-permalink-",),
    ),
    Setting("new_feed_url", "address", "Where the feed has moved to.", rules=("show-new-feed-url-",)),
    Setting("block", "flag", "true keeps the show out of Apple's directory.", rules=("show-blocked",)),
    Setting("complete", "flag", "true says that no episode will follow.", rules=("show-complete",)),
    Setting("medium", "word", "What kind of thing it is.", words=MEDIUMS, rules=("show-medium-",)),
    Setting("funding", "funding", "Where listeners can support it.", rules=("show-funding-",)),
    Setting("license", "license", "The licence's short name, as cc-by-4.0.", rules=("show-license-",)),
    Setting("hubs", "texts", "Addresses of WebSub hubs.", rules=("show-hub-",)),
    Setting("timezone", "text", "The time zone of dates without an offset, as Asia/Tokyo.", rules=("site-timezone-",)),
    Setting("keywords", "texts", "Read, and not in the feed: apps no longer look at them."),
    Setting(
        "notes_budget",
        "bytes",
        "How much of the notes the feed carries in full.",
        rules=("show-notes-budget-",),
    ),
)

ACTOR = (
    Setting("name", "text", "The name as apps show it; without it, the id.", rules=("actor-name-",)),
    Setting("url", "address", "The person's own page.", rules=("actor-address-",)),
    Setting("image_url", "text", "A portrait, a path or an address.", rules=("actor-picture-",)),
)
CHECKS = (
    Setting(
        "ignore", "waivers", "Rules that are quiet in the whole project, each with the reason why.", rules=("waiver-",)
    ),
)
CONFIG = (
    Setting(
        "site",
        "address",
        "Where the pages and feeds will be, as https://radio.example.",
        is_required=True,
        rules=("site-address-",),
    ),
    Setting("media", "address", "Where the audio and the pictures will be; without it, the site."),
    Setting("timezone", "text", "The time zone of dates without an offset, as Asia/Tokyo.", rules=("site-timezone-",)),
    Setting("actors", "groups", "The people, by the id that “actor_ids” of an episode refers to.", below=ACTOR),
    Setting("shows", "groups", "The shows, by id.", is_required=True, below=SHOW, rules=("show-id-", "show-missing")),
    Setting("checks", "group", "What podfeed check leaves unsaid.", below=CHECKS),
    Setting("targets", "anything", "Kept free for publishing to object storage; read, of no effect."),
)

#: What can be said of a waiver beside its rule.
WAIVER = (
    Setting("reason", "text", "Why the rule is quiet.", is_required=True),
    Setting("until", "day", "The last day on which it is, as 2026-12-31."),
)
