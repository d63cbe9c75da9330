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

from podfeed.diagnostics import Finding

EpisodeType = Literal["full", "trailer", "bonus"]
ShowType = Literal["episodic", "serial"]

#: Bytes of notes a feed carries unless its owner says otherwise.
NOTES_BUDGET = 2_000_000

#: The id of the network: no show can have it.
NETWORK = "(network)"

#: How a feed says in a ``podcast:txt`` that it prefers a format of sound, and is there beside the show's own.
FORMAT_PURPOSE = "podfeed-format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What somebody does in a show. Source: podcasttaxonomy.com."""

    #: Empty for whoever is simply heard: a host.
    name: str = ""
    #: The part of the work it belongs to; empty when the role alone says it.
    group: str = ""


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
    #: In episodes that say nothing else of it.
    role: Role = Role()


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
class Location:
    """A place a show or an episode is about, or is made at. Source: podcast namespace, location."""

    name: str
    #: subject, or creator; empty for subject.
    rel: str = ""
    #: As ``geo:35.4437,139.638``. Source: RFC 5870.
    geo: str = ""
    #: As ``R113314``: a node, a way or a relation of OpenStreetMap.
    osm: str = ""
    #: Two letters. Source: ISO 3166-1.
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialInteract:
    """Where people talk about a show or an episode. Source: podcast namespace, socialInteract."""

    #: As ``activitypub``; ``disabled`` where nobody shall.
    protocol: str
    #: The post that others answer.
    uri: str = ""
    account_id: str = ""
    account_url: str = ""
    #: The lowest is shown first.
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Txt:
    """Free text for programs, as a code that proves whose a show is. Source: podcast namespace, txt."""

    text: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailer:
    """A short piece of sound that introduces a show, or a season of it. Source: podcast namespace, trailer."""

    title: str
    #: A project path or an absolute URL.
    audio: str
    #: None when missing or unreadable.
    date: datetime | None
    season: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSchedule:
    """How often episodes come out. Source: podcast namespace, updateFrequency."""

    text: str
    #: As ``FREQ=WEEKLY;BYDAY=MO``; empty when not given. Source: RFC 5545, section 3.3.10.
    rrule: str = ""
    #: From when on, as ISO 8601 has it; empty when not given.
    dtstart: str = ""
    is_complete: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundbite:
    """A part of an episode that invites to hear it all. Source: podcast namespace, soundbite."""

    start: timedelta
    duration: timedelta
    #: Empty for the episode's title.
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentLink:
    """The same content at another place, as a video platform. Source: podcast namespace, contentLink."""

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
class Look:
    """What the pages of a show look like, where they differ from podfeed's own look. Colours are as ``0b5c8a``."""

    #: Links and buttons, on light pages and on dark ones.
    accent: str = ""
    accent_dark: str = ""
    #: What they stand on.
    paper: str = ""
    paper_dark: str = ""
    font: Literal["", "sans", "serif", "rounded"] = ""


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
    #: The cover: a project path or an absolute URL; empty when not given.
    artwork: str = ""
    #: What the cover shows, in words; empty when not given.
    artwork_alt: str = ""
    #: The colour that fills the cover up to a square, as ``ffffff``; empty when it is to be square by itself.
    artwork_padding: str = ""
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
    #: Where its further feeds lie, by the format of sound each of them prefers.
    formats: Mapping[str, str] = field(default_factory=dict)
    #: How many episodes a page of its archive has; 0 when there is no archive.
    archive: int = 0
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
    locations: tuple[Location, ...] = ()
    social_interact: tuple[SocialInteract, ...] = ()
    txt: tuple[Txt, ...] = ()
    trailers: tuple[Trailer, ...] = ()
    schedule: ReleaseSchedule | None = None
    #: Whether a platform is to leave the show out, by its name. Source: podcast namespace, serviceslugs.txt.
    block_services: Mapping[str, bool] = field(default_factory=dict)
    #: Where it is from, for Spotify: countries by their two letters.
    spotify_countries: tuple[str, ...] = ()
    #: How many of the newest episodes Spotify shows; None for all.
    spotify_limit: int | None = None
    #: Further tags of the channel, as XML without a fault.
    extra_tags: str = ""
    #: Whether advertisements are put into the sound for each listener, so that times in it shift.
    dynamic_ads: bool = False
    #: Bytes of notes HTML the feed carries in full, counted from the newest item.
    notes_budget: int = NOTES_BUDGET
    match: Match | None = None
    look: Look = Look()
    #: Where platforms have the show, by the platform's name, in the author's order; absolute addresses.
    listen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A fault somebody chose to live with."""

    reason: str
    #: The last day it holds; None for good.
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place to publish to: a bucket, or a folder that a web server serves."""

    name: str
    #: The name of the bucket; empty for a folder.
    bucket: str = ""
    #: The folder, absolute or below the project; empty for a bucket.
    folder: str = ""
    #: What the keys of all objects begin with, without slashes at its ends.
    prefix: str = ""
    #: The address of the store; empty for AWS.
    endpoint: str = ""
    region: str = ""
    #: Whether the bucket stands in the path of addresses, or in the name of the host. Empty: as the library chooses.
    addressing: Literal["", "path", "virtual"] = ""
    #: Where the public finds what lies there; empty where the addresses of site and media hold.
    public: str = ""
    #: Whether one machine alone publishes: then a store without conditions will do.
    has_one_writer: bool = False
    #: Is told the addresses that changed, after every publish that changed any.
    webhook: str = ""
    #: Asked by each run when it begins, and when it ends well or badly. Keys: start, success, failure.
    pings: Mapping[str, str] = field(default_factory=dict)


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
    #: What the prefixes in extra tags stand for, beside those that everybody knows.
    namespaces: Mapping[str, str] = field(default_factory=dict)
    #: The feed of all shows, with the settings of a show; None when there is none.
    network: Show | None = None
    #: What the project chose to live with, by the rule's name.
    ignore: Mapping[str, Waiver] = field(default_factory=dict)
    #: Whether pages have a full search, made by pagefind; else titles alone can be searched.
    search: bool = False
    #: Where podfeed publishes to, by name.
    targets: Mapping[str, Target] = field(default_factory=dict)
    #: Settings whose value could not be read: what is missing through that is not told twice.
    faulty: tuple[str, ...] = ()

    def channels(self) -> tuple[Show, ...]:
        """Every show, and the network: what has a feed, and so a cover."""
        return (*self.shows.values(), *filter(None, [self.network]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A part of an episode that apps can jump to. Source: podcast namespace, chapters."""

    #: From the beginning of the sound, to the millisecond.
    start: timedelta
    title: str = ""
    #: A page about it, absolute; empty when there is none.
    href: str = ""
    #: A project path or an absolute URL; empty when there is none.
    image: str = ""
    #: None where the next chapter, or the end of the sound, ends it.
    end: timedelta | None = None
    #: Whether lists of chapters show it; one they do not only changes the picture.
    is_listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript as an episode names it."""

    #: A project path or an absolute URL.
    reference: str
    #: Empty for the show's.
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """The same episode in another format, quality or language. Source: podcast namespace, alternateEnclosure."""

    #: A project path or an absolute URL.
    reference: str
    #: What apps call it in a menu; empty when not given.
    title: str = ""
    #: Empty for the show's.
    language: str = ""


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
    #: Where its page was before, below the site: what stands there leads to its page.
    aliases: tuple[str, ...] = ()
    is_draft: bool = False
    season: int | None = None
    number: int | None = None
    type: EpisodeType = "full"
    explicit: bool | None = None
    block: bool = False
    #: Project path or absolute URL of the square episode artwork; empty for the show's.
    artwork: str = ""
    #: What that picture shows, in words; empty when not given.
    artwork_alt: str = ""
    #: Project path or absolute URL of the picture for pages and social cards.
    thumbnail: str = ""
    card: str = ""
    information: str = ""
    #: Chapters its header lists.
    chapters: tuple[Chapter, ...] = ()
    #: The file that lists its chapters: as written, or one that lies beside the audio; empty when there is none.
    chapters_file: str = ""
    transcripts: tuple[Transcript, ...] = ()
    #: Further files of the same sound.
    alternates: tuple[Alternate, ...] = ()
    #: What people do in it, by the ids of those who do something else than usual.
    roles: Mapping[str, Role] = field(default_factory=dict)
    soundbites: tuple[Soundbite, ...] = ()
    #: What apps call its season, and what they print instead of its number.
    season_name: str = ""
    label: str = ""
    content_links: tuple[ContentLink, ...] = ()
    funding: tuple[Funding, ...] = ()
    #: As a show's; empty for the show's.
    license: str = ""
    license_url: str = ""
    locations: tuple[Location, ...] = ()
    social_interact: tuple[SocialInteract, ...] = ()
    txt: tuple[Txt, ...] = ()
    #: Further tags of the item, as XML without a fault.
    extra_tags: str = ""
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

    @property
    def sounds(self) -> tuple[tuple[str, str], ...]:
        """Its audio and every further file of the same sound: the field that names it, and the reference."""
        further = ((f"alternate_enclosures.{at}", each.reference) for at, each in enumerate(self.alternates))
        return (("audio_file_path", self.audio), *further)


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
    #: What lines that begin with a time name, from 0:00 on, whether or not apps take them for chapters.
    chapters: tuple[Chapter, ...] = ()


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
class _FileFacts:
    """What is known of every file that was looked at."""

    size_bytes: int
    sha256: str = ""
    #: Why it could not be read, as a sentence part; empty when it could.
    trouble: str = ""

    @property
    def has_words(self) -> bool:
        """Whether it says anything, in the language of the run that measured it."""
        return bool(self.trouble)


@dataclass(frozen=True, slots=True, kw_only=True)
class _TextFacts(_FileFacts):
    """The same of a text, which can have faults of its own."""

    #: What is wrong with it, at places inside it.
    faults: tuple[Finding, ...] = ()

    @property
    def has_words(self) -> bool:
        """Whether it says anything, in the language of the run that measured it."""
        return bool(self.faults or self.trouble)


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioFacts(_FileFacts):
    """What an audio file says about itself, judged by its content and never by its name."""

    #: Length of sound, to the millisecond; zero when it could not be read.
    duration: timedelta = timedelta()
    #: The type an enclosure states, as ``audio/mpeg``; empty when the content was not recognised.
    mime_type: str = ""
    #: What the content is: mp3, m4a, mp4, ogg, opus, flac, wav, aac; or another word for what it is instead, as html.
    container: str = ""
    #: As ``mp3``, ``aac``, ``alac``, ``opus``, ``vorbis``, ``flac``, ``pcm``.
    codec: str = ""
    bitrate_bps: int = 0
    #: Bytes the file should have by its own header; 0 when the format does not say.
    expected_bytes: int = 0
    #: Told of MP3 and MP4; None for others, and where the file is not at hand.
    details: AudioDetails | None = None
    #: Chapters inside the file, by time.
    chapters: tuple[Chapter, ...] = ()
    #: What its server calls this very state of it, where it lies elsewhere; empty when the server does not say.
    etag: str = ""
    last_modified: str = ""
    #: Where the facts come from.
    origin: Literal["measured", "lock", "stated"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtworkFacts(_FileFacts):
    """What a picture says about itself."""

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
    #: Whether a note inside says where it was taken. Not in podfeed.lock.
    has_location: bool = False
    origin: Literal["measured", "lock"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersFacts(_TextFacts):
    """What a file of chapters says."""

    chapters: tuple[Chapter, ...] = ()
    origin: Literal["measured"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFacts(_TextFacts):
    """What a transcript says about itself."""

    #: As ``text/vtt``; empty when the content is none of the formats.
    mime_type: str = ""
    #: How many there are.
    cues: int = 0
    is_timed: bool = False
    #: When the last one ends.
    end: timedelta = timedelta()
    #: Whether that end is a guess, for the file does not state it.
    has_open_end: bool = False
    #: As the file states it; empty when it does not.
    language: str = ""
    #: Whether apps can tell from the file as it is who speaks.
    has_voices: bool = False
    #: How often one cue is followed by its like at most, itself included; and its text.
    repeats: int = 0
    repeated: str = ""
    #: The sha256 of each file that can be made of it, by ending, as ``vtt``.
    made: Mapping[str, str] = field(default_factory=dict)
    origin: Literal["measured"] = "measured"


#: What podfeed.lock keeps: the file need not be in every checkout.
MediaFacts = AudioFacts | ArtworkFacts
#: What a file says about itself. Texts are in git with the episodes, and are read again when they are wanted.
Facts = MediaFacts | ChaptersFacts | TranscriptFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Guid:
    """The identity of an episode: the text counts, character for character."""

    text: str
    is_permalink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file of an item as the feed names it."""

    url: str
    size_bytes: int
    mime_type: str
    #: Length of sound; zero when it is not known.
    duration: timedelta = timedelta()
    #: What its content is, as in `AudioFacts`: m4a, opus, ….
    container: str = ""
    #: As types of media name it: ``mp4a.40.2``; empty when the type says enough. Source: RFC 6381.
    codecs: str = ""
    bitrate_bps: int = 0
    #: What apps call it in a menu; empty when not given.
    title: str = ""
    #: Empty for the feed's.
    language: str = ""
    #: Its digest, as ``sha256-…``; empty when nobody here has read its bytes. Source: Subresource Integrity.
    integrity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A square picture as the feed names it. Source: podcast namespace, image."""

    url: str
    #: Width and height.
    pixels: int
    mime_type: str
    #: What it shows, in words.
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody to be heard, as apps list them. Source: podcast namespace, person."""

    name: str
    role: str = "host"
    #: Empty for the cast.
    group: str = ""
    href: str = ""
    img: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag of a feed."""

    #: With its namespace in braces.
    name: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLink:
    """A file of a transcript as a feed and a page name it. Source: podcast namespace, transcript."""

    url: str
    mime_type: str
    language: str
    #: Whether players can show it while the sound goes on.
    are_captions: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailerItem:
    """A trailer as apps will read it."""

    title: str
    url: str
    date: datetime
    #: 0 and empty where nobody has measured it.
    size_bytes: int
    mime_type: str
    season: int | None


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
    #: Every file apps may choose from, the enclosure among them; none where there is no choice.
    alternates: tuple[Enclosure, ...]
    #: What itunes:image names; empty leaves the show's to apps.
    artwork: str
    explicit: bool | None
    type: EpisodeType
    season: int | None
    number: int | None
    block: bool
    persons: tuple[Person, ...]
    soundbites: tuple[Soundbite, ...] = ()
    season_name: str = ""
    label: str = ""
    content_links: tuple[ContentLink, ...] = ()
    funding: tuple[Funding, ...] = ()
    license: str = ""
    license_url: str = ""
    locations: tuple[Location, ...] = ()
    social_interact: tuple[SocialInteract, ...] = ()
    txt: tuple[Txt, ...] = ()
    extra_tags: tuple[Tag, ...] = ()
    #: Every copy of its own picture, as ``artwork`` the first.
    images: tuple[Image, ...] = ()
    #: By time; their pictures absolute.
    chapters: tuple[Chapter, ...] = ()
    #: The file that lists the chapters for apps; empty when there is none.
    chapters_url: str = ""
    #: The same as a track for players of the web.
    chapters_track: str = ""
    #: By language, the format most apps read first.
    transcripts: tuple[TranscriptLink, ...] = ()

    @property
    def duration(self) -> timedelta:
        """How long the sound of its enclosure is."""
        return self.enclosure.duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Where another document of a feed is. Source: RFC 5005."""

    relation: Literal["current", "prev-archive", "next-archive"]
    url: str


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
    #: Every copy of the cover, as ``artwork`` the first.
    images: tuple[Image, ...] = ()
    locations: tuple[Location, ...] = ()
    social_interact: tuple[SocialInteract, ...] = ()
    txt: tuple[Txt, ...] = ()
    trailers: tuple[TrailerItem, ...] = ()
    schedule: ReleaseSchedule | None = None
    block_services: Mapping[str, bool] = field(default_factory=dict)
    spotify_countries: tuple[str, ...] = ()
    spotify_limit: int | None = None
    extra_tags: tuple[Tag, ...] = ()
    #: What prefixes stand for, of namespaces that only some of its tags have.
    namespaces: Mapping[str, str] = field(default_factory=dict)
    #: The format of sound a further feed prefers; empty where apps get what most of them play.
    format: str = ""
    links: tuple[Link, ...] = ()
    #: Whether this is a full page of an archive: its set of items stays.
    is_archive: bool = False


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
    #: Of the content, where it is known without making it.
    sha256: str = ""
    #: Whether the name says how it is made, and another version of a library makes other bytes: what is there stays.
    is_kept: bool = False
