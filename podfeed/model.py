"""What a podcast is, as its author wrote it and as apps will read it: frozen values, one line per field.

All datetimes are aware. Durations are timedeltas. Paths are posix, relative to the project folder, without a
leading slash. A field that was not given is None, or empty where emptiness says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

EpisodeType = Literal["full", "trailer", "bonus"]
ShowType = Literal["episodic", "serial"]

#: Bytes of notes a feed carries unless its owner says otherwise.
NOTES_BUDGET = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person of a show, as listed under ``actors`` in config.yaml."""

    #: The key in config.yaml; what ``actor_ids`` in an episode refers to.
    id: str
    name: str
    #: The person's page, absolute; empty when not given.
    url: str = ""
    #: A project path or an absolute URL; empty when not given.
    image: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One of Apple's categories. Source: podcasters.apple.com/support/1691."""

    name: str
    #: Empty when the main category stands alone.
    subcategory: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Where listeners can support a show. Source: podcast namespace, funding."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which episodes belong to a show: every given key must hold, any of its values is enough."""

    actor_ids: tuple[str, ...] = ()
    #: Globs; only ``*`` and ``?`` are special. Compared in NFC.
    title: tuple[str, ...] = ()
    #: Globs over the path below the episodes folder. Compared in NFC.
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """A podcast as its author wrote it in config.yaml."""

    id: str
    title: str
    description: str = ""
    language: str = ""
    author: str = ""
    owner_name: str = ""
    owner_email: str = ""
    categories: tuple[Category, ...] = ()
    #: A project path or an absolute URL; empty when not given.
    artwork: str = ""
    explicit: bool | None = None
    type: ShowType = "episodic"
    copyright: str = ""
    #: Whether other hosts may import the show. Source: podcast namespace, locked.
    locked: bool | None = None
    #: The author's podcast:guid; empty when podfeed is to keep or make one.
    guid: str = ""
    #: The show's home page, absolute; empty for the page podfeed makes.
    link: str = ""
    #: Where the feed lies below the site.
    feed: str
    #: Where episode pages lie below the site, with ``{slug}``.
    permalink: str
    new_feed_url: str = ""
    block: bool = False
    complete: bool = False
    medium: str = "podcast"
    keywords: tuple[str, ...] = ()
    funding: tuple[Funding, ...] = ()
    #: A licence's slug, or a name of the owner's own with *license_url*.
    license: str = ""
    license_url: str = ""
    #: WebSub hubs, absolute.
    hubs: tuple[str, ...] = ()
    #: Name of the zone for dates without an offset; empty when neither show nor project names one.
    timezone: str = ""
    #: Bytes of notes HTML the feed carries in full, counted from the newest item.
    notes_budget: int = NOTES_BUDGET
    match: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A fault somebody chose to live with."""

    reason: str
    #: The last day it holds; None for good.
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """config.yaml as a whole."""

    #: Where pages and feeds will be, without a trailing slash; empty when not given.
    site: str = ""
    #: Where audio and pictures will be, without a trailing slash; empty for the site.
    media: str = ""
    timezone: str = ""
    actors: Mapping[str, Actor] = field(default_factory=dict)
    shows: Mapping[str, Show] = field(default_factory=dict)
    #: What the project chose to live with, by the rule's name.
    ignore: Mapping[str, Waiver] = field(default_factory=dict)
    #: Settings whose value could not be read: what is missing through that is not told twice.
    faulty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One Markdown file as its author wrote it. What was measured is in the facts, not here."""

    #: The Markdown file.
    path: str
    #: sha256 of the file's bytes.
    digest: str
    title: str = ""
    #: When it goes out; None when missing or unreadable.
    date: datetime | None = None
    #: Whether the author wrote the offset; what was published keeps its instant otherwise.
    date_is_exact: bool = False
    #: Plain text; empty when not given.
    description: str = ""
    #: The file's body, Markdown. Empty in an episode that came from the cache: read it again when needed.
    notes: str = ""
    #: A project path or an absolute URL; empty when no audio is named.
    audio: str = ""
    #: ``audio_file_size``; 0 means not measured.
    stated_bytes: int = 0
    #: ``duration``; zero means not measured.
    stated_duration: timedelta = timedelta()
    actor_ids: tuple[str, ...] = ()
    #: The show it belongs to; empty when no show, or more than one, claims it.
    show: str = ""
    #: What gave it its show, in words for the list of files.
    show_reason: str = ""
    guid: str = ""
    guid_is_permalink: bool | None = None
    #: The last part of the page's address, NFC.
    slug: str = ""
    #: The page's address below the site; empty when the show's pattern decides.
    permalink: str = ""
    is_draft: bool = False
    season: int | None = None
    number: int | None = None
    type: EpisodeType = "full"
    explicit: bool | None = None
    block: bool = False
    #: Project path or absolute URL of the square episode artwork; empty for the show's.
    artwork: str = ""
    #: Project path or absolute URL of the picture for pages and social cards.
    thumbnail: str = ""
    card: str = ""
    information: str = ""
    #: The header's keys as written, known and unknown: rules and the kinds of file need them.
    keys: tuple[str, ...] = ()
    #: Fields whose value could not be read: what is missing through that is not told twice.
    faulty: tuple[str, ...] = ()
    #: What an owner's own template may print: unknown keys and their text.
    extra: Mapping[str, str] = field(default_factory=dict)
    #: What its author chose to live with, by the rule's name.
    ignore: Mapping[str, Waiver] = field(default_factory=dict)
    #: What the notes say about themselves.
    notes_facts: NotesFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesFacts:
    """What the rendered show notes hold, for the rules and for a description by default."""

    #: The first paragraphs as plain text, at most 4000 bytes.
    excerpt: str = ""
    #: Characters of the HTML a feed would carry; at most this many where notes plainly keep within every limit.
    html_characters: int = 0
    #: Elements and attributes the sanitizer had to remove, as ``script`` or ``onclick``.
    removed: tuple[str, ...] = ()
    #: Addresses of links that lead nowhere, as written.
    relative: tuple[str, ...] = ()
    #: Addresses of pictures that are not absolute, as written.
    pictures: tuple[str, ...] = ()
    #: Addresses of links that begin with http:.
    insecure: tuple[str, ...] = ()
    #: Elements of the HTML for apps that some of them do not show: ``img``, ``del``, ``s``.
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioDetails:
    """What only an audio file at hand tells, and podfeed.lock does not keep: how it was made, and its own tags."""

    #: 1 for mono, 2 for stereo; 0 when the file does not say.
    channels: int = 0
    #: Samples a second; 0 when the file does not say.
    sample_rate_hz: int = 0
    #: The length an MP3's header claims, where frames were counted instead of believing it; zero when it claims none.
    claimed_duration: timedelta = timedelta()
    #: Whether the bit rate varies and no header tells a player how long the file is.
    lacks_index: bool = False
    #: Whether an MP4 file tells how to play it behind its sound, and not in front.
    tells_last: bool = False
    #: Tags; empty when there are none that can be read.
    title: str = ""
    artist: str = ""
    album: str = ""
    #: Bytes of all pictures inside the file.
    picture_bytes: int = 0
    #: The type of the first picture, as ``image/jpeg``; empty when there is none, or its content was not recognised.
    picture_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFacts:
    """What an audio file says about itself, judged by its content and never by its name."""

    size_bytes: int
    #: Length of sound, to the millisecond; zero when it could not be read.
    duration: timedelta = timedelta()
    #: The type an enclosure states, as ``audio/mpeg``; empty when the content was not recognised.
    mime_type: str = ""
    #: What the content is: mp3, m4a, mp4, ogg, opus, flac, wav, aac; or another word for what it is instead, as html.
    container: str = ""
    #: As ``mp3``, ``aac``, ``alac``, ``opus``, ``vorbis``, ``flac``, ``pcm``.
    codec: str = ""
    bitrate_bps: int = 0
    sha256: str = ""
    #: Bytes the file should have by its own header; 0 when the format does not say.
    expected_bytes: int = 0
    #: Told of MP3 and MP4; None for others, and where the file is not at hand.
    details: AudioDetails | None = None
    #: Why the file could not be read, as a sentence part; empty when it could.
    trouble: str = ""
    #: Where the facts come from.
    origin: Literal["measured", "lock", "stated"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtworkFacts:
    """What a picture says about itself."""

    size_bytes: int
    #: Pixels.
    width: int = 0
    height: int = 0
    #: As ``image/jpeg``; empty when the content was not recognised.
    mime_type: str = ""
    #: Pillow's mode: RGB, L, P, CMYK, RGBA, …; ``RGB;16`` and alike where there are 16 bits to a colour.
    mode: str = ""
    has_transparency: bool = False
    #: Whether a PNG holds more than one picture.
    is_animated: bool = False
    #: The name of the colour profile inside, as ``sRGB IEC61966-2.1``; empty when there is none. Not in podfeed.lock.
    colour_profile: str = ""
    #: How the picture is to be turned, from 1 (as it is) to 8. Source: Exif, Orientation. Not in podfeed.lock.
    orientation: int = 1
    sha256: str = ""
    #: Why the picture could not be read, as a sentence part; empty when it could.
    trouble: str = ""
    origin: Literal["measured", "lock"] = "measured"


Facts = AudioFacts | ArtworkFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Guid:
    """The identity of an episode: the text counts, character for character."""

    text: str
    is_permalink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """The audio of an item as the feed names it."""

    url: str
    size_bytes: int
    mime_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to be heard, as apps list them. Source: podcast namespace, person."""

    name: str
    role: str = "host"
    href: str = ""
    img: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An episode as apps will read it: addresses absolute, defaults inherited, facts measured."""

    title: str
    guid: Guid
    date: datetime
    link: str
    #: Plain text, at most 4000 bytes of UTF-8 where the author kept to it.
    description: str
    #: Sanitised HTML; empty when the notes budget was spent on newer items.
    notes_html: str
    enclosure: Enclosure
    duration: timedelta
    artwork: str
    explicit: bool | None
    type: EpisodeType
    season: int | None
    number: int | None
    block: bool
    persons: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A show as apps will read it, newest item first."""

    title: str
    link: str
    #: The feed's own address.
    url: str
    description: str
    language: str
    author: str
    owner_name: str
    owner_email: str
    categories: tuple[Category, ...]
    artwork: str
    explicit: bool
    type: ShowType
    copyright: str
    guid: str
    locked: bool | None
    medium: str
    new_feed_url: str
    block: bool
    complete: bool
    funding: tuple[Funding, ...]
    license: str
    license_url: str
    hubs: tuple[str, ...]
    persons: tuple[Person, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A finished file of a build, made when it is wanted."""

    #: Below the site, with slashes.
    path: str
    #: The shows it belongs to; none for what all shows share.
    shows: tuple[str, ...] = ()
    #: In which order files go out: a feed never names a file that is not there yet.
    stage: Literal["media", "page", "feed"]
    #: Names the content without making it: the same fingerprint always stands for the same bytes.
    fingerprint: str
    #: The function that makes the bytes, or the file of the project that holds them; None for a medium that is not in
    #: this checkout: what a place holds of it stays.
    content: Callable[[], bytes] | Path | None
