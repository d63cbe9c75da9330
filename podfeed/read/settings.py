"""Every setting of an episode and of config.yaml: how it is spelt, what it holds, what it is for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import Literal

#: What a setting holds; podfeed.schema says of each what may be written.
Kind = Literal[
    "address",
    "addresses",
    "anything",
    "bytes",
    "categories",
    "chapters",
    "date",
    "day",
    "entries",
    "explicit",
    "flag",
    "flags",
    "formats",
    "group",
    "groups",
    "language",
    "length",
    "number",
    "namespaces",
    "people",
    "roles",
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
    #: Which of them a bare text stands for.
    bare: str = ""


def names(settings: Iterable[Setting]) -> frozenset[str]:
    """Every spelling of every one of *settings*."""
    return frozenset(name for each in settings for name in (each.name, *each.spellings))


EPISODE_TYPES = ("full", "trailer", "bonus")
#: How others show a page. Source: developer.x.com, Cards markup.
CARDS = SMALL_CARD, LARGE_CARD = ("summary", "summary_large_image")
SHOW_TYPES = ("episodic", "serial")
#: Source: podcast namespace, medium.
MEDIUMS = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "publisher", "course", "mixed")

#: Source: podcast namespace, socialInteract.
PROTOCOLS = ("activitypub", "disabled", "twitter", "lightning", "atproto", "hive", "matrix", "nostr")
#: Source: podcast namespace, location.
RELATIONS = ("subject", "creator")

ROLE = (
    Setting("role", "text", "What the person does, in a word of podcasttaxonomy.com; without it, host."),
    Setting("group", "text", "The group of that list the role belongs to, where it is in more than one."),
)
FUNDING = (
    Setting("url", "address", "Where it leads.", is_required=True),
    Setting("text", "text", "What the link is called.", is_required=True),
)
LICENSE = (
    Setting("slug", "text", "The licence's short name, as cc-by-4.0."),
    Setting("url", "address", "Where its text is, for a licence of your own."),
)
LOCATION = (
    Setting("name", "text", "What people call the place.", is_required=True),
    Setting("rel", "word", "Whether it is what this is about, or where its makers are.", words=RELATIONS),
    Setting("geo", "text", "Latitude and longitude, as geo:35.4437,139.638."),
    Setting("osm", "text", "Its node, way or relation in OpenStreetMap, as R113314."),
    Setting("country", "text", "The country, by two letters, as jp."),
)
SOCIAL_INTERACT = (
    Setting("protocol", "word", "How apps talk to the place, or disabled.", is_required=True, words=PROTOCOLS),
    Setting("uri", "text", "The post that comments answer."),
    Setting("account_id", "text", "Who wrote it, as @ada@social.example."),
    Setting("account_url", "address", "The page of that account."),
    Setting("priority", "number", "Which place comes first: the one with the lowest number."),
)
TXT = (
    Setting("text", "text", "The text, at most 4000 characters.", is_required=True),
    Setting("purpose", "text", "What it is for, as verify."),
)
#: What shows and episodes alike can say in tags of the podcast namespace.
PODCAST = (
    Setting("funding", "entries", "Where listeners can support it.", rules=("show-funding-",), below=FUNDING),
    Setting(
        "license",
        "group",
        "The licence's short name, as cc-by-4.0.",
        rules=("show-license-",),
        below=LICENSE,
        bare="slug",
    ),
    Setting(
        "location", "entries", "Places it is about, or is made at.", rules=("location-",), below=LOCATION, bare="name"
    ),
    Setting(
        "social_interact",
        "entries",
        "Where people talk about it: posts that comments answer.",
        rules=("social-",),
        below=SOCIAL_INTERACT,
    ),
    Setting("txt", "entries", "Texts for programs, as codes of verification.", rules=("txt-",), below=TXT, bare="text"),
    Setting("extra_tags", "text", "Further tags for the feed, as XML.", rules=("extra-",)),
)
SOUNDBITE = (
    Setting("start", "length", "Where it begins, as 12:30 or 750.5.", is_required=True),
    Setting("duration", "length", "How long it is: 15 to 120 seconds.", is_required=True),
    Setting("title", "text", "What it is called; without it, apps take the episode's title."),
)
CONTENT_LINK = (
    Setting("url", "address", "Where it is.", is_required=True),
    Setting("text", "text", "What the link is called.", is_required=True),
)
TRAILER = (
    Setting("title", "text", "What the trailer is called.", is_required=True),
    Setting("path", "text", "Its sound, a path or an https address.", spellings=("url",)),
    Setting("date", "date", "When it was published.", is_required=True),
    Setting("season", "number", "The season it is for; without it, the show."),
)
UPDATE_FREQUENCY = (
    Setting("text", "text", "How often, in words, as Every Monday.", is_required=True),
    Setting("rrule", "text", "The same for programs, as FREQ=WEEKLY;BYDAY=MO."),
    Setting("dtstart", "text", "From when on, as 2026-01-05."),
    Setting("complete", "flag", "true says that no episode will follow."),
)
VERIFICATION = (Setting("apple", "text", "The code Apple Podcasts Connect shows to prove whose the show is."),)
SPOTIFY = (
    Setting("country_of_origin", "texts", "Where the show is from: countries by two letters, as jp."),
    Setting("limit", "number", "How many of the newest episodes Spotify shows; the others are hidden there."),
)

#: What a further feed can prefer, as `AudioFacts` calls the content of a file.
FORMATS = ("mp3", "m4a", "aac", "opus", "ogg", "flac", "wav", "mp4")

ALTERNATE = (
    Setting("path", "text", "The file, a path or an https address.", is_required=True),
    Setting("title", "text", "What apps call it in a menu, in at most 32 characters."),
    Setting("language", "language", "The language it is spoken in; without it, that of the show."),
)
TRANSCRIPT = (
    Setting("path", "text", "The file, a path or an https address.", is_required=True),
    Setting("language", "language", "The language of its words; without it, that of the show."),
)
CHAPTER = (
    Setting("time", "text", "When it begins, as 1:02:03 or 00:01:02.500.", is_required=True),
    Setting("title", "text", "What it is called, in at most 40 characters."),
    Setting("link", "address", "A page about it, an https address."),
    Setting("image", "text", "A picture for it, a path or an https address."),
    Setting("end", "text", "When it ends; without it, when the next one begins."),
    Setting("hidden", "flag", "true keeps it out of lists: apps only change the picture then."),
)
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
        "alternate_enclosures",
        "entries",
        "The same episode in further files, as Opus or M4A, which apps may play instead.",
        below=ALTERNATE,
        bare="path",
        rules=("alternate-",),
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
    Setting(
        "aliases",
        "texts",
        "Where the page was before, as /2019/tides.html: what stands there leads to the page.",
        rules=("page-alias-",),
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
    Setting(
        "image_alt",
        "text",
        "What that picture shows, for people who do not see it; without it, the episode's title.",
    ),
    Setting("thumbnail_url", "text", "The picture of the page, a path or an address.", rules=("artwork-thumbnail-",)),
    Setting(
        "card",
        "word",
        "How social networks show the page: with a small picture, or with a large one.",
        words=CARDS,
        rules=("episode-card-",),
    ),
    Setting("information", "text", "A highlighted line on the page."),
    Setting(
        "chapters",
        "chapters",
        "The parts of the sound, as a list of times and titles; or a file that lists them, a path or an address.",
        below=CHAPTER,
        rules=("chapter-",),
    ),
    Setting("layout", "text", "Jekyll's own; read, of no effect."),
    Setting("tags", "anything", "For other tools; read, of no effect."),
    Setting("categories", "anything", "For other tools; read, of no effect."),
    Setting(
        "transcripts",
        "entries",
        "What is said, as WebVTT, SubRip, JSON, HTML or plain text: paths or addresses.",
        spellings=("transcript",),
        below=TRANSCRIPT,
        bare="path",
        rules=("transcript-",),
    ),
    Setting(
        "roles",
        "roles",
        "What people do in this episode, by their ids, as {bo: guest}.",
        rules=("person-",),
        below=ROLE,
        bare="role",
    ),
    Setting(
        "soundbites",
        "entries",
        "Parts that invite to hear it all.",
        rules=("soundbite-",),
        below=SOUNDBITE,
    ),
    Setting("season_name", "text", "What the season is called.", rules=("label-",)),
    Setting("episode_label", "text", "What apps show instead of the number, as Day 3.", rules=("label-",)),
    Setting(
        "content_links",
        "entries",
        "The same content at other places, as a video platform.",
        rules=("link-",),
        below=CONTENT_LINK,
    ),
    *PODCAST,
    Setting("ignore", "waivers", "Rules that are quiet in this episode, each with the reason why.", rules=("waiver-",)),
)

OWNER = (
    Setting("name", "text", "Who owns the show."),
    Setting("email", "text", "Where directories write to; it is public.", rules=("show-owner-email-",)),
)
#: keep: apps get the picture in its own shape; pad: it is filled up to a square.
FITS = ("keep", "pad")
ARTWORK = (
    Setting("path", "text", "The picture, a path or an address.", is_required=True),
    Setting("alt", "text", "What it shows, for people who do not see it; without it, the show's title."),
    Setting("fit", "word", "pad fills a picture that is no square up to one, and mends its colours.", words=FITS),
    Setting("background", "text", 'The colour to fill it with, as "#102030" in quotes; without it, white.'),
)
COLOURS = ("accent", "accent_dark", "paper", "paper_dark")
FONTS = ("sans", "serif", "rounded")
LOOK = (
    Setting("accent", "text", 'The colour of links and buttons on light pages, as "#0b5c8a" in quotes.'),
    Setting("accent_dark", "text", "The same on dark pages, for people who prefer these."),
    Setting("paper", "text", 'The colour light pages have, as "#ffffff" in quotes.'),
    Setting("paper_dark", "text", "The colour dark pages have."),
    Setting("font", "word", "The kind of letters.", words=FONTS),
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
        "group",
        "The cover: a path or an address of a square JPEG or PNG of 1400 to 3000 pixels, or settings about it.",
        is_required=True,
        rules=("artwork-",),
        below=ARTWORK,
        bare="path",
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
        "formats",
        "formats",
        "Formats of sound that have a feed of their own, as [m4a, opus], or {opus: radio/opus.xml} with its place.",
        words=FORMATS,
        rules=("format-", "history-further-feed-"),
    ),
    Setting(
        "archive",
        "number",
        "How many episodes a page of the archive has; without it, there is no archive.",
        rules=("show-archive-", "history-archive-", "history-further-feed-"),
    ),
    Setting(
        "permalink",
        "text",
        "Where the pages of episodes lie below the site, as /radio/{slug}/.",
        rules=("show-permalink-",),
    ),
    Setting("look", "group", "What the pages of the show look like.", below=LOOK, rules=("look-",)),
    Setting(
        "listen",
        "addresses",
        "Where platforms have the show, as {Apple Podcasts: https://podcasts.apple.com/…}.",
        rules=("show-listen-",),
    ),
    Setting("new_feed_url", "address", "Where the feed has moved to.", rules=("show-new-feed-url-",)),
    Setting("block", "flag", "true keeps the show out of Apple's directory.", rules=("show-blocked",)),
    Setting("complete", "flag", "true says that no episode will follow.", rules=("show-complete",)),
    Setting("medium", "word", "What kind of thing it is.", words=MEDIUMS, rules=("show-medium-",)),
    *PODCAST,
    Setting(
        "trailers",
        "entries",
        "Short pieces of sound that introduce the show or a season.",
        rules=("trailer-",),
        below=TRAILER,
    ),
    Setting(
        "update_frequency",
        "group",
        "How often episodes come out.",
        rules=("schedule-",),
        below=UPDATE_FREQUENCY,
        bare="text",
    ),
    Setting(
        "block_services",
        "flags",
        "Platforms that shall leave the show out, or shall not, as {youtube: true}.",
        rules=("service-", "show-blocked"),
    ),
    Setting("verification", "group", "Codes that prove whose the show is.", below=VERIFICATION),
    Setting("spotify", "group", "What only Spotify reads.", below=SPOTIFY, rules=("spotify-",)),
    Setting("hubs", "texts", "Addresses of WebSub hubs.", rules=("show-hub-",)),
    Setting("timezone", "text", "The time zone of dates without an offset, as Asia/Tokyo.", rules=("site-timezone-",)),
    Setting(
        "dynamic_ads",
        "flag",
        "true says that advertisements are put into the sound for each listener, so that times in it shift.",
        rules=("transcript-drifts-",),
    ),
    Setting("keywords", "texts", "Read, and not in the feed: apps no longer look at them."),
    Setting(
        "notes_budget",
        "bytes",
        "How much of the notes the feed carries in full.",
        rules=("show-notes-budget-",),
    ),
)

#: What of a show's settings the network has too.
NETWORK = tuple(
    each
    for each in SHOW
    if each.name
    in (
        *("title", "description", "language", "author", "owner", "categories", "artwork", "explicit", "copyright"),
        *("locked", "link", "feed", "new_feed_url", "hubs", "notes_budget"),
    )
)

ACTOR = (
    Setting("name", "text", "The name as apps show it; without it, the id.", rules=("actor-name-",)),
    Setting("url", "address", "The person's own page.", rules=("actor-address-",)),
    Setting("image_url", "text", "A portrait, a path or an address.", rules=("actor-picture-",)),
    *ROLE,
)
CHECKS = (
    Setting(
        "ignore", "waivers", "Rules that are quiet in the whole project, each with the reason why.", rules=("waiver-",)
    ),
)
PINGS = (
    Setting("start", "address", "Asked when a run begins."),
    Setting("success", "address", "Asked when a run ends well."),
    Setting("failure", "address", "Asked when a run ends badly."),
)
WRITERS = ("many", "one")
ADDRESSINGS = ("path", "virtual")
TARGET = (
    Setting("s3", "text", "The name of the bucket."),
    Setting("folder", "text", "A folder that a web server serves, in place of a bucket."),
    Setting("prefix", "text", "What the keys of all objects in the bucket begin with."),
    Setting("endpoint", "address", "The address of the store; without it, AWS."),
    Setting("region", "text", "The region of the bucket, as ap-northeast-1."),
    Setting(
        "addressing", "word", "Whether addresses have the bucket in their path or in their host.", words=ADDRESSINGS
    ),
    Setting("public", "address", "Where the public finds it; without it, the addresses of site and media."),
    Setting("writers", "word", "one accepts a store without conditions: one machine alone publishes.", words=WRITERS),
    Setting("webhook", "address", "Is sent the addresses that changed, after each publish that changed any."),
    Setting("ping", "group", "Addresses that a monitor of runs waits for.", below=PINGS),
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
    Setting(
        "network",
        "group",
        "A feed of all shows: what it is called, as a show's settings say it.",
        below=NETWORK,
        rules=("history-further-feed-",),
    ),
    Setting(
        "namespaces",
        "namespaces",
        "What further prefixes of extra tags stand for, as {app: https://app.example/ns}.",
        rules=("extra-namespace-",),
    ),
    Setting("search", "flag", "true lets people search the notes and transcripts too, which takes pagefind."),
    Setting("checks", "group", "What podfeed check leaves unsaid.", below=CHECKS),
    Setting("targets", "groups", "Where podfeed publishes to, by a name.", below=TARGET, rules=("target-",)),
)

#: What can be said of a waiver beside its rule.
WAIVER = (
    Setting("reason", "text", "Why the rule is quiet.", is_required=True),
    Setting("until", "day", "The last day on which it is, as 2026-12-31."),
)
