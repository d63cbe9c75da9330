"""The first files of a podcast: a config.yaml from a few answers or from yattecast's, and a new episode."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from podfeed.building import write_lock
from podfeed.check.show import apple_categories, is_language
from podfeed.check.site import is_loopback
from podfeed.diagnostics import Position
from podfeed.errors import UsageError, reason_of, unknown_show, unwritable
from podfeed.loading import Project, load
from podfeed.model import AudioFacts, Show
from podfeed.read import lock as locks
from podfeed.read.dates import DateReading, format_date, read_date, zone
from podfeed.read.durations import format_clock
from podfeed.read.fields import Fields, suggestion
from podfeed.read.folder import CONFIG, EPISODES
from podfeed.read.routing import route
from podfeed.read.source import UNPRINTABLE, read_config_file
from podfeed.words import say, spoken

# --------------------------------------------------------------------------------------------- answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What config.yaml will say. What nobody answered is empty."""

    title: str = ""
    description: str = ""
    author: str = ""
    language: str = ""
    site: str = ""
    email: str = ""
    #: As ``Technology``, or ``News: Tech News``.
    category: str = ""
    explicit: bool = False
    timezone: str = ""
    artwork: str = "artwork/cover.jpg"
    #: Where the feed and the pages are below the site; empty for podfeed's own places.
    feed: str = ""
    permalink: str = ""
    keywords: tuple[str, ...] = ()
    #: The settings of each person, by id.
    actors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    #: What its owner should know about the answers.
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to ask: the name of the answer and of its flag, and the words."""

    name: str
    words: str
    #: What an empty answer means; None when there must be one.
    default: str | None = None
    #: What is proposed to whoever is asked; empty for nothing. Where nobody is asked it is no answer.
    proposal: str = ""
    #: The answer as podfeed keeps it. Raises UsageError for one that cannot be meant.
    read: Callable[[str], str] = str.strip


def _site(text: str) -> str:
    address = text.strip().rstrip("/")
    if address.startswith("https://") or is_loopback(address):
        return address
    raise UsageError(say("“{text}” is no address of a site: write it like https://podcast.example", text=address))


def _language(text: str) -> str:
    if is_language(text.strip()):
        return text.strip()
    raise UsageError(say("“{text}” is not a language code: write it like ja, en or en-gb", text=text))


def _category(text: str) -> str:
    """An Apple category, with a subcategory behind a colon."""
    name, _, below = (part.strip() for part in text.partition(":"))
    known = apple_categories()
    guess = suggestion(name, known, within=4)
    if name not in known and guess:
        message = say("“{name}” is not one of Apple's categories; is “{guess}” meant?", name=name, guess=guess)
        raise UsageError(message)
    if name not in known:
        raise UsageError(say("“{name}” is not one of Apple's categories", name=name))
    if below and below not in known[name]:
        there = ", ".join(known[name]) or say("none")
        raise UsageError(
            say("“{name}” has no subcategory “{below}”; there are: {known}", name=name, below=below, known=there)
        )
    return f"{name}: {below}" if below else name


def _timezone(text: str) -> str:
    if not text.strip() or zone(text.strip()):
        return text.strip()
    raise UsageError(say("“{text}” is not a time zone: write it like Asia/Tokyo or Europe/Berlin", text=text))


def questions() -> tuple[Question, ...]:
    """What there is to ask, in the order it is asked."""
    return (
        Question(name="title", words=say("What is the podcast called")),
        Question(name="description", words=say("What is it about, in a few sentences"), default=""),
        Question(name="author", words=say("Who makes it")),
        Question(
            name="language",
            words=say("Which language is it in (ja, en, en-gb)"),
            proposal=spoken(),
            read=_language,
        ),
        Question(name="site", words=say("Where will it be (https://…)"), read=_site),
        Question(
            name="email", words=say("At which address can Apple and Spotify reach you (it is public)"), default=""
        ),
        Question(
            name="category", words=say("Which of Apple's categories (Technology, News: Tech News)"), read=_category
        ),
        Question(name="timezone", words=say("In which time zone do you live (Asia/Tokyo)"), default="", read=_timezone),
    )


def answered(answers: Answers, given: Mapping[str, str]) -> Answers:
    """*answers* with those of *given*, by name. Raises UsageError for one that cannot be meant."""
    readers = {question.name: question.read for question in questions()}
    for name, text in given.items():
        if UNPRINTABLE.search(text):
            raise UsageError(say("--{name} holds an invisible control character; no feed can carry it", name=name))
    changes: dict[str, Any] = {name: readers[name](" ".join(text.split())) for name, text in given.items()}
    return replace(answers, **changes)


def from_yattecast(path: Path) -> Answers:
    """What a yattecast ``_config.yml`` says, and what its templates take for granted. Raises UsageError."""
    try:
        source = read_config_file(str(path), path.read_bytes())
    except OSError as error:
        raise UsageError(say("“{path}” cannot be read: {reason}", path=path, reason=reason_of(error))) from error
    faults = tuple(
        say("line {line}: {fault}", line=(fault.position or Position()).line, fault=fault.message)
        for fault in source.faults
    )
    if not source.header.entries and faults:
        raise UsageError(say("“{path}” holds no settings: {fault}", path=path, fault=faults[0]))
    if not source.header.entries:
        raise UsageError(say("“{path}” holds no settings", path=path))
    fields = Fields(source.header, [])
    site, about_site = _site_of_yattecast(fields.text("url").rstrip("/"))
    permalink, about_permalink = _permalink_of_yattecast(fields.text("permalink"))
    return Answers(
        title=fields.text("title"),
        description=fields.text("description"),
        author=fields.text("author"),
        language=fields.text("language"),
        site=site,
        email=fields.text("email"),
        timezone=fields.text("timezone"),
        keywords=tuple(word.strip() for word in fields.text("keywords").split(",") if word.strip()),
        permalink=permalink,
        actors={id: _actor(each) for id, each in fields.groups("actors").items()},
        # What stands in yattecast's templates. Source: r7kamura/yattecast, feed.xml.
        category="Technology",
        artwork="images/artwork.jpg",
        feed="feed.xml",
        remarks=(*(say("“{path}”, {fault}", path=path, fault=each) for each in faults), *about_site, *about_permalink),
    )


def _site_of_yattecast(url: str) -> tuple[str, tuple[str, ...]]:
    """The site's address by https, which apps ask for."""
    if not url.startswith("http://"):
        return url, ()
    secure = "https://" + url.removeprefix("http://")
    remark = say(
        "“{old}” became “{new}”, for apps want https; guids stay as “podfeed adopt” finds them", old=url, new=secure
    )
    return secure, (remark,)


def _permalink_of_yattecast(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Where Jekyll has put the pages, in podfeed's words."""
    ours = pattern.replace(":title", "{slug}")
    if "{slug}" in ours and ":" not in ours:
        return ours, ()
    remark = say(
        "“permalink: {pattern}” has no equal here, so pages get other addresses; guids do not change", pattern=pattern
    )
    return "", (remark,)


def _actor(fields: Fields) -> dict[str, str]:
    values = {name: fields.text(name) for name in ("name", "url", "image_url")}
    return {name: value for name, value in values.items() if value}


# ---------------------------------------------------------------------------------------- config.yaml


def init(folder: Path, answers: Answers) -> str:
    """Write config.yaml into *folder*, and a folder for episodes. Gives what to say about it.

    Raises UsageError when an answer is missing or config.yaml is there already, TargetError when it cannot be written.
    """
    missing = [each.name for each in questions() if each.default is None and not getattr(answers, each.name)]
    if missing:
        raise UsageError(say("the podcast's {name} is missing: say it with --{name}", name=missing[0]))
    show = _show_id(answers.title)
    _create(folder / CONFIG, "".join(f"{line}\n" for line in _config_lines(show, answers)))
    has_posts = (folder / "_posts").is_dir() and not (folder / EPISODES).exists()
    if not has_posts:
        (folder / EPISODES).mkdir(exist_ok=True)
    written = say("“{path}” is written, with the show “{show}”", path=folder / CONFIG, show=show)
    return "\n".join([written, *answers.remarks, *_next(show, answers, has_posts)])


def _show_id(title: str) -> str:
    """A short name for paths: the title where it is ASCII."""
    slug = slug_of(title).lower()
    return slug if slug.isascii() and slug != _NAMELESS else "podcast"


def _next(show: str, answers: Answers, has_posts: bool) -> Iterator[str]:
    """What to do now."""
    if not answers.description:
        yield say("the description is the title for now: write a better one")
    if has_posts:
        yield say("next: git mv _posts episodes   (podfeed reads episodes/)")
    if answers.feed:
        yield say("next: podfeed adopt FEED.xml   (the feed as it is on the web now, so that every guid is kept)")
        return
    yield say("next: put a square picture of 1400 to 3000 pixels at {path}", path=answers.artwork)
    yield say("next: podfeed new {show} “Title of the first episode” --audio audio/FILE.mp3", show=show)


def _config_lines(show: str, answers: Answers) -> Iterator[str]:
    yield "# " + say("What podfeed knows about this podcast. After a change: podfeed check")
    yield ""
    yield "# " + say("Every address in pages and feeds begins with this.")
    yield f"site: {yaml_text(answers.site)}"
    yield "# " + say("For dates that do not say their offset.")
    yield f"timezone: {yaml_text(answers.timezone)}" if answers.timezone else "# timezone: Asia/Tokyo"
    if answers.actors:
        yield ""
        yield "# " + say("The people that actor_ids in an episode refers to.")
        yield "actors:"
        for id, settings in answers.actors.items():
            yield f"  {yaml_text(id)}:" + ("" if settings else " {}")
            yield from (f"    {name}: {yaml_text(value)}" for name, value in settings.items())
    yield ""
    yield "shows:"
    yield f"  {yaml_text(show)}:"
    yield from (f"    {line}" for line in _show_lines(answers))


def _show_lines(answers: Answers) -> Iterator[str]:
    yield f"title: {yaml_text(answers.title)}"
    yield f"description: {yaml_text(answers.description or answers.title)}"
    yield f"language: {yaml_text(answers.language)}"
    yield f"author: {yaml_text(answers.author)}"
    if answers.email:
        yield "# " + say("Anyone can read this; Apple and Spotify send a code there to whoever claims the show.")
        yield "owner:"
        yield f"  name: {yaml_text(answers.author)}"
        yield f"  email: {yaml_text(answers.email)}"
    name, _, below = (part.strip() for part in answers.category.partition(":"))
    yield "# " + say("Apple's own words: https://podcasters.apple.com/support/1691")
    yield "categories:"
    yield f"  - {yaml_text(name)}" + (f": {yaml_text(below)}" if below else "")
    yield "# " + say("A square JPEG or PNG of 1400 to 3000 pixels.")
    yield f"artwork: {yaml_text(answers.artwork)}"
    yield f"explicit: {str(answers.explicit).lower()}"
    if answers.keywords:
        yield f"keywords: [{', '.join(map(yaml_text, answers.keywords))}]"
    if answers.feed or answers.permalink:
        yield "# " + say("Where the feed and the pages have been so far: links and subscriptions lead there.")
    if answers.feed:
        yield f"feed: {yaml_text(answers.feed)}"
    if answers.permalink:
        yield f"permalink: {yaml_text(answers.permalink)}"


# ------------------------------------------------------------------------------------------- an episode

_NAMELESS = "episode"


def new(folder: str | Path, *, show: str, title: str, audio: str, date: str, now: datetime) -> str:
    """Write the file of a new episode, a draft, with its guid and what its audio says. Gives what to say about it.

    *audio* is a file of the project, *date* an instant as authors write it; empty for none and for *now*.
    Raises UsageError for what cannot be meant, and when the file is there already.
    """
    project = load(folder)
    if show not in project.config.shows:
        raise unknown_show(show, project.config.shows)
    title = " ".join(title.split())
    if not title or UNPRINTABLE.search(title):
        raise UsageError(say("an episode needs a title, without control characters"))
    moment = _moment(project.config.shows[show], date, now)
    below, is_claimed = _place(project, show, title, f"{moment:%Y-%m-%d}-{slug_of(title)}.md")
    sound = _measured(project, audio) if audio else None
    header = _header(title, moment, show="" if is_claimed else show, sound=sound)
    path = f"{EPISODES}/{below}"
    _create(project.folder / path, "".join(f"{line}\n" for line in ("---", *header, "---", "")))
    if sound:
        write_lock(project, locks.with_facts(project.lock, dict([sound])))
    return say(
        "“{path}” is written, as a draft: write its notes, and delete “draft: true” when it may go out", path=path
    )


def _moment(show: Show, date: str, now: datetime) -> datetime:
    """*date*, or *now* to the second, in the show's zone."""
    local = zone(show.timezone) if show.timezone else None
    if not date:
        return now.astimezone(local or now.tzinfo).replace(microsecond=0)
    reading = read_date(date, local)
    if reading.value is None:
        raise UsageError(_no_moment(date, reading))
    return reading.value


def _no_moment(date: str, reading: DateReading) -> str:
    if "no-zone" in reading.remarks:
        return say(
            "“{date}” has no offset, and config.yaml no time zone: write it like 2026-01-31T06:00:00+09:00", date=date
        )
    if reading.detail:
        return say(
            "“{date}” is no date ({reason}): write it like 2026-01-31T06:00:00+09:00", date=date, reason=reading.detail
        )
    return say("“{date}” is no date: write it like 2026-01-31T06:00:00+09:00", date=date)


def _place(project: Project, show: str, title: str, name: str) -> tuple[str, bool]:
    """Where below episodes/ the file goes, and whether it belongs to *show* by its place and title alone."""
    folders = ["", *_folders(project.config.shows[show])]
    for path in (f"{folder}{name}" for folder in folders):
        if route(project.config.shows, named="", title=title, path=path, actor_ids=()).show == show:
            return path, True
    return f"{folders[-1]}{name}", False


def _folders(show: Show) -> list[str]:
    """The folders that the show's ``match`` names outright."""
    patterns = show.match.path if show.match else ()
    folders = (pattern.rpartition("/") for pattern in patterns)
    return [f"{folder}/" for folder, slash, _ in folders if slash and not re.search(r"[*?]|^/|\.\.", folder)]


def _measured(project: Project, audio: str) -> tuple[str, AudioFacts]:
    """The project path of the file *audio* and what it says about itself. Raises UsageError if it is none of ours."""
    from podfeed.read.audio import measure

    file, root = Path(audio).resolve(), project.folder.resolve()
    if not file.is_relative_to(root):
        message = say(
            "“{path}” lies outside the project: copy it into “{folder}” first, say into audio/",
            path=audio,
            folder=project.folder,
        )
        raise UsageError(message)
    facts = measure(file)
    if facts.trouble or not facts.mime_type:
        reason = facts.trouble or say("its content is not recognised")
        raise UsageError(say("“{path}” is no audio podfeed can use: {reason}", path=audio, reason=reason))
    return unicodedata.normalize("NFC", file.relative_to(root).as_posix()), facts


def _header(title: str, moment: datetime, *, show: str, sound: tuple[str, AudioFacts] | None) -> Iterator[str]:
    yield f"title: {yaml_text(title)}"
    yield f"date: {format_date(moment)}"
    if show:
        yield f"show: {yaml_text(show)}"
    yield f"guid: {uuid.uuid4()}"
    if sound:
        path, facts = sound
        yield f"audio_file_path: {yaml_text('/' + path)}"
        yield f"audio_file_size: {facts.size_bytes}"
        yield f'duration: "{format_clock(facts.duration)}"'
    else:
        yield "# audio_file_path: /audio/FILE.mp3"
    yield "description:"
    yield "draft: true"


def slug_of(title: str) -> str:
    """*title* as a file name: letters and digits of any script, all else as hyphens; at most 150 bytes."""
    plain = unicodedata.normalize("NFC", title)
    kept = "".join(each if unicodedata.category(each)[0] in "LNM" else "-" for each in plain)
    slug = re.sub("-+", "-", kept).strip("-")
    return slug.encode()[:150].decode(errors="ignore").strip("-") or _NAMELESS


# ------------------------------------------------------------------------------------------ the writing


def _create(path: Path, text: str) -> None:
    """Write *text* into the new file *path*, folders and all. Raises UsageError when it is there already."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(say("“{path}” is there already; podfeed does not write over it", path=path)) from error
    except OSError as error:
        raise unwritable(path, error) from error


_PLAIN = re.compile(r"(?:[^\W\d_]|/)(?:[\w @./+()&'・「」『』【】、。ー-]|:(?=//))*", re.UNICODE)
#: Words that other tools take for something else than text.
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))


def yaml_text(text: str) -> str:
    """*text* as a YAML value on one line, in quotes unless it is plain beyond doubt."""
    if _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _WORDS:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else _escaped(each) for each in quoted)


def _escaped(character: str) -> str:
    return f"\\U{ord(character):08x}"
