"""Positioned values → dataclasses: the one border where an author's text becomes a show or an episode."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, cast
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from podfeed.diagnostics import Finding
from podfeed.model import (
    NETWORK,
    NOTES_BUDGET,
    Actor,
    Category,
    Config,
    Episode,
    EpisodeType,
    Match,
    NotesFacts,
    Show,
    ShowType,
    Waiver,
)
from podfeed.read import podcast, settings
from podfeed.read.chapters import header_chapters
from podfeed.read.cover import cover
from podfeed.read.dates import Oddity, Refusal, format_date, read_date, zone
from podfeed.read.durations import read_bytes, read_duration
from podfeed.read.extra import namespaces, read_extra
from podfeed.read.fields import Fields, is_near, suggestion, unknown_settings
from podfeed.read.look import look
from podfeed.read.routing import Route, route
from podfeed.read.source import Map, Node, Source, Text
from podfeed.read.targets import target
from podfeed.read.transcript import transcripts
from podfeed.words import say

#: The spellings of every field that has several; the first is the one that podfeed writes and speaks of.
SPELLINGS = {each.name: (each.name, *each.spellings) for each in settings.EPISODE if each.spellings}
EPISODE_FIELDS = settings.names(settings.EPISODE)
SHOW_FIELDS = settings.names(settings.SHOW)

#: A slip in one of these could publish what is private, or change what an episode is.
_GRAVE = ("draft", "published", "date", "guid", "show")
#: A file name that begins with a date.
DATED_NAME = re.compile(r"\d{4}-\d{1,2}-\d{1,2}-(?=.)")


#: What a file is.
Kind = Literal["episode", "article", "skipped", "faulty"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """An episode, the faults of its header, and what the file is."""

    episode: Episode
    #: article: notes without audio; skipped: nothing of ours, its faults are not told; faulty: it cannot be read.
    kind: Kind
    #: Why it is skipped or faulty.
    reason: str
    faults: tuple[Finding, ...]

    @property
    def has_words(self) -> bool:
        """Whether it says anything: what is wrong, or why it belongs to its show."""
        return bool(self.reason or self.faults or self.episode.show_reason)

    @property
    def is_unclaimed(self) -> bool:
        """Whether it is faulty for want of a show, and not for its header, which can be read."""
        return self.kind == "faulty" and self.reason not in {fault.message for fault in self.faults}


# ------------------------------------------------------------------------------------------- episodes


#: What notes say about themselves: Markdown, and whether an excerpt of it is wanted.
Judge = Callable[[str, bool], NotesFacts]


def decode_episode(source: Source, data: bytes, config: Config, judge: Judge | None = None) -> Decoded:
    """The episode in *source*, whose bytes are *data*. Every fault of the header is told, each with its field.

    With *judge*, the notes of what will have a page are judged.
    """
    digest = hashlib.sha256(data).hexdigest()
    if source.reason:
        return Decoded(Episode(path=source.path, digest=digest), "skipped", source.reason, ())
    faults = list(source.faults)
    fields = Fields(source.header, faults)
    title = fields.text("title")
    actor_ids = fields.texts(*SPELLINGS["actor_ids"], rule="actor-ids-not-list", known=config.actors)
    below = source.path.partition("/")[2]
    where = route(config.shows, named=fields.text("show"), title=title, path=below, actor_ids=actor_ids)
    audio_size, duration = _stated_bytes(fields), _stated_duration(fields)
    moment, is_exact = _date(fields, _zone_of(config, where))
    draft, published = fields.flag("draft"), fields.flag("published")
    chapters, chapters_file = header_chapters(fields)
    extra_tags = read_extra(fields, source.text, config.namespaces)
    description, audio = fields.text(*SPELLINGS["description"]), fields.text(*SPELLINGS["audio_file_path"])
    kind, reason = _kind(source, audio, where)
    is_ours = kind in ("episode", "article")
    episode = Episode(
        path=source.path,
        digest=digest,
        title=title,
        date=moment,
        date_is_exact=is_exact,
        description=description,
        audio=audio,
        stated_bytes=audio_size,
        stated_duration=duration,
        actor_ids=actor_ids,
        show=where.show,
        show_reason=where.reason,
        guid=fields.text("guid"),
        guid_is_permalink=fields.flag("guid_is_permalink"),
        slug=_slug(fields, source.path),
        permalink=_page(fields),
        aliases=_aliases(fields, config.site),
        is_draft=bool(draft) or published is False,
        season=fields.whole("season", rule="episode-season-invalid"),
        number=fields.whole("episode", rule="episode-number-invalid"),
        type=cast(EpisodeType, fields.choice("episode_type", settings.EPISODE_TYPES, rule="episode-type-invalid")),
        explicit=_explicit(fields),
        block=bool(fields.flag("block")),
        artwork=fields.text(*SPELLINGS["image_url"]),
        artwork_alt=fields.text("image_alt"),
        thumbnail=fields.text("thumbnail_url"),
        card=fields.text("card"),
        information=fields.text("information"),
        chapters=chapters,
        chapters_file=chapters_file,
        transcripts=transcripts(fields, *SPELLINGS["transcripts"]),
        **podcast.of_episode(fields),
        extra_tags=extra_tags,
        keys=tuple(source.header.entries),
        ignore=_waivers(fields.group("ignore")),
        extra=_extra(fields),
        faulty=_faulty(source, fields, faults),
        notes_facts=judge(source.body, not description) if judge and is_ours else None,
    )
    _without_quotes(source, fields, episode.faulty)
    _padded(source, fields, episode.faulty)
    if kind == "skipped":
        faults.clear()
    return Decoded(episode, kind, reason, tuple(faults))


def _faulty(source: Source, fields: Fields, faults: list[Finding]) -> tuple[str, ...]:
    """The settings whose value could not be read, or was cut short."""
    _comment_swallowed(source, fields)
    _closed_early(source, faults)
    return tuple(dict.fromkeys(fault.field for fault in faults if fault.field))


def _kind(source: Source, audio: str, where: Route) -> tuple[Kind, str]:
    """What the file is. Source: docs/reference/files.md."""
    breaking = [fault for fault in source.faults if fault.rule.startswith(("header-", "file-"))]
    if breaking:
        return "faulty", breaking[0].message
    if audio:
        return ("episode", "") if where.show else ("faulty", where.reason)
    if not where.show and not where.rivals and "show" not in source.header.entries:
        return "skipped", say("it has no audio, and no show claims it")
    wants_audio = _wants_audio(source.header.entries)
    return ("episode", "") if wants_audio else ("article", "") if where.show else ("faulty", where.reason)


def _wants_audio(keys: Iterable[str]) -> bool:
    """Whether a header without audio speaks of audio all the same, or comes close to naming it."""
    return any(
        key in ("alternate_enclosures", "audio_file_size", "duration", "episode", "season")
        or key in SPELLINGS["audio_file_path"]
        or (key not in EPISODE_FIELDS and is_near(key, "audio_file_path", 2))
        for key in keys
    )


def _zone_of(config: Config, where: Route) -> ZoneInfo | None:
    shows = [where.show, *where.rivals]
    name = next((config.shows[show].timezone for show in shows if show), "") or config.timezone
    return zone(name) if name else None


def _date(fields: Fields, local: ZoneInfo | None) -> tuple[Any, bool]:
    """When the episode goes out, and whether its author wrote the offset."""
    value = fields.text("date")
    if not value:
        return None, False
    reading = read_date(value, local)
    for remark in reading.remarks:
        rule, message, hint = _date_words(remark, value, reading.value)
        # The detail is about the gravest remark, which stands last.
        if reading.detail and remark == reading.remarks[-1]:
            message = say("{message}: {detail}", message=message, detail=reading.detail)
        fields.say("date", rule, message, hint)
    return reading.value, not {"no-offset", "date-only"} & set(reading.remarks)


def _date_words(remark: Refusal | Oddity, value: str, moment: datetime | None) -> tuple[str, str, str]:
    """The rule, the message and the hint for a *remark* about the date *value*, which was taken for *moment*."""
    write_date = say("write it like 2026-01-31 06:00:00 +0900")
    if moment:
        write_date = say("write “{moment}”", moment=format_date(moment))
    match remark:
        case "unreadable":
            message = say("“{value}” is not a date podfeed can read without guessing", value=value)
            return "date-invalid", message, write_date
        case "ambiguous-order":
            return "date-invalid", say("“{value}” does not begin with the year", value=value), write_date
        case "out-of-range":
            return "date-invalid", say("“{value}” cannot be right", value=value), write_date
        case "gap":
            message = say("the clocks skip “{value}”", value=value)
            return "date-skipped-by-clock-change", message, say("choose another hour, or write the offset")
        case "no-zone":
            message = say("“{value}” has no offset, and config.yaml names no time zone", value=value)
            hint = say("write the offset, as +0900, or “timezone: Asia/Tokyo” in config.yaml")
            return "date-without-zone", message, hint
        case "no-offset":
            message = say("“{value}” has no offset; the show's time zone is taken", value=value)
            return "date-without-offset", message, write_date
        case "date-only":
            message = say("“{value}” has no time; midnight in the show's time zone is taken", value=value)
            return "date-without-time", message, write_date
        case "fold":
            message = say("“{value}” happens twice, for the clocks go back; the earlier one is taken", value=value)
            return "date-twice-by-clock-change", message, write_date
        case "odd-spelling":
            message = say("“{value}” is understood, but other tools may read it differently", value=value)
            return "date-spelled-oddly", message, write_date


def _stated_bytes(fields: Fields) -> int:
    value = fields.text("audio_file_size")
    size, is_odd = read_bytes(value) if value else (0, False)
    if size is None:
        message = say("“audio_file_size”: “{value}” is not a number of bytes", value=value)
        fields.say("audio_file_size", "audio-size-invalid", message, say("write 0: podfeed measures the file"))
    elif is_odd:
        message = say("“audio_file_size”: “{value}” is read as {size} bytes", value=value, size=size)
        hint = say("write {size}, digits only", size=size)
        fields.say("audio_file_size", "audio-size-spelled-oddly", message, hint)
    return size or 0


def _stated_duration(fields: Fields) -> Any:
    value = fields.text("duration")
    reading = read_duration(value or "0")
    if reading.value is None:
        message = say("“duration”: “{value}” is not a length podfeed can read", value=value)
        hint = say("write it like “45:30” or “1:02:03”, or 0 to have it measured")
        fields.say("duration", "duration-invalid", message, hint)
        return read_duration("0").value
    if reading.remark == "odd-spelling":
        message = say("“duration”: “{value}” is an unusual way to write a length", value=value)
        fields.say("duration", "duration-spelled-oddly", message, say("write it like “45:30” or “1:02:03”"))
    return reading.value


def _explicit(fields: Fields, name: str = "explicit") -> bool | None:
    """True or false; the words Apple used before 2019 are read, and said."""
    word = fields.text(name).lower()
    if word not in ("clean", "explicit"):
        return fields.flag(name, rule="explicit-invalid")
    meant = word == "explicit"
    value = str(meant).lower()
    message = say("“explicit: {word}” is an old word for {value}", word=word, value=value)
    fields.say(name, "explicit-spelled-oddly", message, say("write {value}", value=value))
    return meant


def _slug(fields: Fields, path: str) -> str:
    slug = unicodedata.normalize("NFC", fields.text("slug")) or slug_of(path)
    if "/" in slug or not _is_below_site(slug):
        message = say("“slug”: “{slug}” cannot be the last part of an address", slug=slug)
        fields.say("slug", "page-slug-invalid", message, say("write letters, digits and hyphens"))
    return slug


def slug_of(path: str) -> str:
    """What names the page of the episode at *path* where its file says nothing: the file's name without its day."""
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return unicodedata.normalize("NFC", DATED_NAME.sub("", stem))


def _page(fields: Fields) -> str:
    """``permalink``: where the page lies below the site."""
    given = fields.text("permalink")
    if given and not _is_below_site(given.strip("/")):
        message = say("“permalink”: “{value}” is no address of a page below the site", value=given)
        fields.say("permalink", "page-slug-invalid", message, say("write it like “/episodes/tides/”"))
        return ""
    return given


def _aliases(fields: Fields, site: str) -> tuple[str, ...]:
    """``aliases``: the addresses below the site where the page was before, or these in full."""
    below: list[str] = []
    for number, given in enumerate(fields.words("aliases")):
        path = unquote(given[len(site) :]) if site and given.startswith(f"{site}/") else given
        if not path.startswith("/") or not _is_below_site(path.strip("/")) or "?" in path or "#" in path:
            message = say("“aliases”: “{value}” is no address of a page below the site", value=given)
            hint = say("write it like “/2019/tides.html”, or delete it")
            fields.say(f"aliases.{number}", "page-alias-invalid", message, hint)
        else:
            below.append(path)
    return tuple(below)


def _extra(fields: Fields) -> dict[str, str]:
    """Unknown settings, each reported; near misses of a grave one are errors."""
    left = fields.left_over()
    for name in ("layout", "tags", "categories"):  # for other tools: read, of no effect
        left.pop(name, None)
    for name in left:
        _say_unknown(fields, name)
    return {name: node.text for name, node in left.items() if isinstance(node, Text)}


def _say_unknown(fields: Fields, name: str) -> None:
    grave = next((each for each in _GRAVE if is_near(name, each, 1)), "")
    if not grave and is_near(name, "audio_file_path", 2):
        grave = "audio_file_path"
    if grave:
        message = say("“{name}” is not a setting; is “{guess}” meant?", name=name, guess=grave)
        hint = say("write “{guess}”, or another name if it is your own", guess=grave)
        fields.say(name, "field-near-miss", message, hint)
        return
    guess = suggestion(name, EPISODE_FIELDS)
    alien = say("delete it, unless a template of your own reads it")
    hint = say("write “{guess}” if that is meant", guess=guess) if guess else alien
    fields.say(name, "field-unknown", say("“{name}” is not a setting of an episode", name=name), hint)


def _comment_swallowed(source: Source, fields: Fields) -> None:
    """“ #” begins a comment in YAML: half of a title may be gone."""
    if source.dialect != "yaml":
        return
    for name in ("title", "description"):
        node = source.header.entries.get(name)
        if not isinstance(node, Text) or not node.is_plain or node.start >= node.end:
            continue
        rest = re.compile(r"[ \t]+(#[^\r\n]*)").match(source.text, node.end)
        if rest:
            comment = rest[1].strip()
            message = say("“{comment}” after the {name} is a comment, and not part of it", comment=comment, name=name)
            hint = say("put the {name} in quotes if it belongs to it", name=name)
            fields.say(name, "text-cut-by-comment", message, hint)


def _without_quotes(source: Source, fields: Fields, faulty: tuple[str, ...]) -> None:
    """Texts that podfeed reads as they stand, and other tools as a number, a date, or true or false."""
    for name, text in texts_without_quotes(source, faulty).items():
        message = say("without quotes, other tools may not take “{value}” for text", value=text)
        fields.say(name, "text-needs-quotes", message, say('write “{name}: "{value}"”', name=name, value=text))


def texts_without_quotes(source: Source, faulty: tuple[str, ...]) -> dict[str, str]:
    """The bare texts of a YAML header that tools which go by looks turn into something else, by their settings.

    Not those of *faulty* settings, for they may not be what their author meant.
    """
    return {name: node.text for name, node in _printed_texts(source, faulty) if _is_taken_otherwise(node)}


def _padded(source: Source, fields: Fields, faulty: tuple[str, ...]) -> None:
    """Texts in quotes with blanks at their ends: podfeed leaves these out, other tools print them."""
    for name, text in padded_texts(source, faulty).items():
        message = say("“{name}” has blanks before or after its text, inside the quotes", name=name)
        fields.say(name, "text-padded", message, say("write “{value}” without them", value=text))


def padded_texts(source: Source, faulty: tuple[str, ...]) -> dict[str, str]:
    """The texts of a header that have blanks at their ends, without these, by their settings."""
    return {
        name: text
        for name, node in _printed_texts(source, faulty)
        if (text := node.text.strip()) and text != node.text and "\n" not in node.text
    }


def _printed_texts(source: Source, faulty: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    """The settings that are text wherever they are read, and are not *faulty*."""
    for name in _PRINTED:
        node = source.header.entries.get(name)
        if isinstance(node, Text) and name not in faulty:
            yield name, node


def _is_taken_otherwise(node: Text) -> bool:
    return node.is_plain and bool(_TYPED.fullmatch(node.text)) and not _PLAIN_NUMBER.fullmatch(node.text)


_PRINTED = ("title", "description", "summary", "guid", "slug", "duration")
# Source: yaml.org/type: bool, int, float, timestamp.
_TYPED = re.compile(
    r"yes|no|on|off|true|false|\.nan|[-+]?\.inf|[-+]?0(?:x[0-9a-f_]+|b[01_]+|o[0-7]+)"
    r"|[-+]?(?:[0-9][0-9_]*(?::[0-5]?[0-9])*(?:\.[0-9_]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:t|[ \t]+)[0-9:.]+[ \t]*(?:z|[-+][0-9:]+)?)?",
    re.IGNORECASE,
)
#: Printed as it was written, number or not.
_PLAIN_NUMBER = re.compile(r"0|[1-9][0-9]*")


def _closed_early(source: Source, faults: list[Finding]) -> None:
    """Notes that begin like settings: the header was closed by a line inside it."""
    first = re.match(r"([\w-]+)[ \t]*[:=](?:\s|$)", source.body)
    if first and first[1] in EPISODE_FIELDS and source.dialect:
        start = len(source.text) - len(source.body)
        faults.append(
            Finding(
                "",
                say("the notes begin with “{name}:”, as if the header had been closed too early", name=first[1]),
                say("indent a “---” line that belongs to a text, or move the settings into the header"),
                rule="header-closed-early",
                position=source.position(start, start + len(first[1])),
            )
        )


def _waivers(fields: Fields) -> dict[str, Waiver]:
    """What somebody chose to live with: ``{rule: reason}``, or ``{rule: {reason: …, until: …}}``.

    One without a reason, or with a last day that cannot be read, does not hold.
    """
    waivers: dict[str, Waiver] = {}
    for name in fields.left_over():
        reason, until = _reason(fields, name)
        last = _day(until)
        if not reason:
            message = say("“{rule}” is to be quiet, and nobody says why", rule=name)
            fields.say(name, "waiver-without-reason", message, say("write the reason behind “{rule}:”", rule=name))
        elif until and last is None:
            message = say("“until”: “{value}” is not a day", value=until)
            fields.say(f"{name}.until", "waiver-until-invalid", message, say("write it like 2026-12-31"))
        else:
            waivers[name] = Waiver(reason=reason, until=last)
    return waivers


def _reason(fields: Fields, name: str) -> tuple[str, str]:
    """Why the rule *name* is quiet, and until when, as written."""
    _, node = fields.find(name)
    if not isinstance(node, Map):
        return (node.text.strip() if isinstance(node, Text) else ""), ""
    group = fields.group(name)
    reason, until = group.text("reason"), group.text("until")
    unknown_settings(group, settings.names(settings.WAIVER))
    return reason, until


def _day(text: str) -> date | None:
    """The day *text* names; None when it names none, or a moment."""
    reading = read_date(text, zone("UTC"))
    return reading.value.date() if reading.value and "date-only" in reading.remarks else None


# --------------------------------------------------------------------------------------------- config


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What of the whole file every show in it is read by."""

    text: str
    timezone: str
    namespaces: Mapping[str, str]


def decode_config(source: Source) -> tuple[Config, tuple[Finding, ...]]:
    """What config.yaml says, and every fault in it."""
    faults = list(source.faults)
    fields = Fields(source.header, faults)
    base = _Base(text=source.text, timezone=_timezone(fields), namespaces=namespaces(fields))
    checks = fields.group("checks")
    config = Config(
        site=fields.text("site").rstrip("/"),
        media=fields.text("media").rstrip("/"),
        timezone=base.timezone,
        namespaces=base.namespaces,
        actors={id: _actor(id, each) for id, each in fields.groups("actors").items()},
        shows={id: _show(id, each, base) for id, each in fields.groups("shows").items() if _is_id(id, fields)},
        ignore=_waivers(checks.group("ignore")),
        search=bool(fields.flag("search")),
        network=_network(fields, base),
        targets={name: target(name, each) for name, each in fields.groups("targets").items()},
        faulty=tuple(dict.fromkeys(fault.field for fault in faults if fault.field)),
    )
    unknown_settings(checks, settings.names(settings.CHECKS))
    unknown_settings(fields, settings.names(settings.CONFIG))
    if not config.shows and not faults:
        hint = say("add “shows:” with a show below it")
        fields.say("shows", "show-missing", say("config.yaml names no show"), hint)
    return config, tuple(faults)


def _is_id(id: str, fields: Fields) -> bool:
    """Whether *id* can name a show: it becomes a folder of the site. A show that cannot be named is left out."""
    if re.fullmatch(r"[\w-]{1,100}", id):
        return True
    message = say("“{id}” cannot be the name of a show: its pages and feed lie in a folder of that name", id=id)
    fields.say("shows", "show-id-invalid", message, say("write letters, digits, “-” and “_”"))
    return False


def _actor(id: str, fields: Fields) -> Actor:
    actor = Actor(
        id=id,
        name=fields.text("name") or id,
        url=fields.text("url"),
        image=fields.text("image_url"),
        role=podcast.role(fields),
    )
    unknown_settings(fields, settings.names(settings.ACTOR))
    return actor


def _show(id: str, fields: Fields, base: _Base) -> Show:
    owner = fields.group("owner")
    timezone = _timezone(fields) or base.timezone
    shared = podcast.shared(fields)
    shared["txt"] += podcast.verification(fields)
    spotify_countries, spotify_limit = podcast.spotify(fields)
    picture = cover(fields)
    show = Show(
        id=id,
        title=fields.text("title"),
        description=fields.text("description"),
        language=fields.text("language"),
        author=fields.text("author"),
        owner_name=owner.text("name"),
        owner_email=owner.text("email"),
        categories=_categories(fields),
        artwork=picture.path,
        artwork_alt=picture.alt,
        artwork_padding=picture.padding,
        explicit=_explicit(fields),
        type=cast(ShowType, fields.choice("type", settings.SHOW_TYPES, rule="show-type-invalid")),
        copyright=fields.text("copyright"),
        locked=fields.flag("locked"),
        guid=fields.text("guid").lower(),
        link=fields.text("link"),
        feed=_feed_path(fields, "feed", "feed.xml" if id == NETWORK else f"{id}/feed.xml"),
        formats=_formats(fields, id),
        archive=fields.whole("archive", rule="show-archive-invalid") or 0,
        permalink=_permalink(fields, id),
        new_feed_url=fields.text("new_feed_url"),
        block=bool(fields.flag("block")),
        complete=bool(fields.flag("complete")),
        medium=fields.choice("medium", settings.MEDIUMS, rule="show-medium-invalid"),
        keywords=fields.words("keywords"),
        **shared,
        trailers=podcast.trailers(fields, zone(timezone) if timezone else None),
        schedule=podcast.release_schedule(fields),
        block_services=podcast.block_services(fields),
        spotify_countries=spotify_countries,
        spotify_limit=spotify_limit,
        extra_tags=read_extra(fields, base.text, base.namespaces),
        hubs=fields.words("hubs"),
        timezone=timezone,
        dynamic_ads=bool(fields.flag("dynamic_ads")),
        notes_budget=_notes_budget(fields),
        match=_match(fields),
        look=look(fields),
        listen=_listen(fields),
    )
    unknown_settings(owner, settings.names(settings.OWNER))
    unknown_settings(fields, SHOW_FIELDS)
    return show


def _listen(fields: Fields) -> dict[str, str]:
    """``listen``: where platforms have the show, by the platform's name, in the author's order."""
    group = fields.group("listen")
    return {name: address for name in group.left_over() if (address := group.text(name))}


def _match(fields: Fields) -> Match | None:
    if not fields.has("match"):
        return None
    group = fields.group("match")
    match = Match(actor_ids=group.words("actor_ids"), title=group.words("title"), path=group.words("path"))
    unknown_settings(group, settings.names(settings.MATCH))
    return match


def _network(fields: Fields, base: _Base) -> Show | None:
    """The feed of all shows; it has no episodes and no pages of its own, and no settings about them."""
    _, node = fields.find("network")
    if node is None:
        return None
    group = fields.group("network")
    others = (SHOW_FIELDS - settings.names(settings.NETWORK)) & group.left_over().keys()
    for name in group.left_over():
        if name in others:
            message = say("“{name}” is a setting of a show, and not of the network", name=name)
            group.say(name, "setting-unknown", message, say("delete it"))
    if not isinstance(node, Map):
        return None
    kept = {name: value for name, value in node.entries.items() if name not in others}
    return _show(NETWORK, fields.nested("network", replace(node, entries=kept)), base)


def _feed_path(fields: Fields, name: str, default: str) -> str:
    given = fields.text(name).lstrip("/")
    if _is_below_site(given) or not given:
        return given or default
    message = say("“{name}”: “{value}” is no path of a file below the site", name=name, value=given)
    fields.say(name, "show-feed-invalid", message, say("write it like “{path}”", path=default))
    return default


def _formats(fields: Fields, id: str) -> dict[str, str]:
    """``[m4a, opus]``, or ``{opus: radio/opus.xml}``: where the further feed of each format lies."""
    _, node = fields.find("formats")
    group = fields.group("formats") if isinstance(node, Map) else None
    words = group.left_over() if group else fields.words("formats")
    for word in words:
        if word.lower() not in settings.FORMATS:
            known = ", ".join(settings.FORMATS)
            message = say("“formats”: “{value}” is not one of {words}", value=word, words=known)
            fields.say("formats", "format-unknown", message, say("write one of these, or delete it"))
    defaults = {word: f"{id}/feed-{word.lower()}.xml" for word in words if word.lower() in settings.FORMATS}
    return {word.lower(): _feed_path(group, word, default) if group else default for word, default in defaults.items()}


def _is_below_site(path: str) -> bool:
    """Whether *path* names a file below the site: no way up, nothing hidden, nothing a file system refuses."""
    parts = path.split("/")
    return (
        not re.search(r"[\x00-\x1f\x7f\\]|//", path)
        and not any(part.startswith(".") or len(part.encode("utf-8", "surrogatepass")) > 240 for part in parts)
        and bool(parts[-1])
    )


def _permalink(fields: Fields, id: str) -> str:
    pattern = fields.text("permalink") or f"/{id}/{{slug}}/"
    if "{slug}" in pattern and _is_below_site(pattern.strip("/")):
        return pattern
    message = (
        say("“permalink”: “{value}” is no address below the site", value=pattern)
        if "{slug}" in pattern
        else say("“permalink”: “{value}” has no {{slug}}, so all pages would have one address", value=pattern)
    )
    fields.say("permalink", "show-permalink-invalid", message, say("write it like “/{id}/{{slug}}/”", id=id))
    return f"/{id}/{{slug}}/"


def _categories(fields: Fields) -> tuple[Category, ...]:
    """``Technology``, or ``{News: Tech News}``, or ``{News: [Tech News, Politics]}``."""
    found: list[Category] = []
    for node in fields.items("categories"):
        match node:
            case Text():
                found.append(Category(name=node.text.strip()))
            case Map():
                for name, below in node.entries.items():
                    found.extend(Category(name=name, subcategory=sub) for sub in _leaves(below))
            case _:
                message = say("a list stands where a category is expected")
                fields.say("categories", "show-category-invalid", message, say("write “- News: Tech News”"))
    return tuple(found)


def _leaves(node: Node) -> list[str]:
    """The texts at or directly below *node*."""
    nodes = [node] if isinstance(node, Text) else [] if isinstance(node, Map) else list(node.items)
    return [each.text.strip() for each in nodes if isinstance(each, Text)]


def _notes_budget(fields: Fields) -> int:
    value = fields.text("notes_budget")
    size = read_bytes(value)[0] if value else NOTES_BUDGET
    if size is None:
        message = say("“notes_budget”: “{value}” is not a number of bytes", value=value)
        fields.say("notes_budget", "show-notes-budget-invalid", message, say("write it like 2000000"))
    return size or 0


def _timezone(fields: Fields) -> str:
    name = fields.text("timezone")
    if not name or zone(name):
        return name
    message = say("“{name}” is not a time zone", name=name)
    fields.say("timezone", "site-timezone-unknown", message, say("write it like Asia/Tokyo or Europe/Berlin"))
    return ""
