"""Where chapters come from: lists in headers, files, tags of the sound, lines of notes; and what is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from itertools import pairwise
from typing import Literal

from podfeed.model import AudioFacts, Chapter, ChaptersFacts, Episode, Facts
from podfeed.read import settings
from podfeed.read.fields import Fields, unknown_settings
from podfeed.read.folder import is_remote, split_address
from podfeed.read.source import UNPRINTABLE, Map, Node, Text
from podfeed.words import say

#: What the name of a file of chapters ends in, in place of the ending of its audio; the first that is there is taken.
ENDINGS = (".chapters.json", ".chapters.xml", ".psc", ".chapters.vtt", ".chapters.txt", ".labels.txt")

#: Where chapters come from.
Origin = Literal["header", "file", "audio", "notes", "description"]


def chapters_of(episode: Episode, facts: Mapping[str, Facts]) -> tuple[Origin | None, tuple[Chapter, ...]]:
    """The chapters of *episode*, and where they come from: everything that tells of them is made of this one list.

    None of an address: what lies there is not read.
    """
    return next(sources(episode, facts), (None, ()))


def sources(episode: Episode, facts: Mapping[str, Facts]) -> Iterator[tuple[Origin, tuple[Chapter, ...]]]:
    """All that list chapters of *episode*, what counts most first."""
    if episode.chapters:
        yield "header", episode.chapters
    if episode.chapters_file:
        listed = facts.get(episode.chapters_file)
        if isinstance(listed, ChaptersFacts) and listed.chapters:
            yield "file", listed.chapters
        elif is_remote(episode.chapters_file):
            yield "file", ()
    audio = facts.get(episode.audio)
    if isinstance(audio, AudioFacts) and audio.chapters:
        yield "audio", audio.chapters
    if episode.notes_facts and are_chapters(episode.notes_facts.chapters):
        yield "notes", episode.notes_facts.chapters
    if episode.description.count("\n") >= MIN_STAMPS - 1:
        described = time_stamps(episode.description)
        if are_chapters(described):
            yield "description", described


def shown(chapters: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """The chapters that a list shows. Formats other than JSON cannot hide one: they leave the others out."""
    return tuple(each for each in chapters if each.is_listed and each.title)


# --------------------------------------------------------------------------------------- lists in headers


def header_chapters(fields: Fields) -> tuple[tuple[Chapter, ...], str]:
    """The chapters that ``chapters`` lists, and the path or the address of a file that it names instead."""
    _, node = fields.find("chapters")
    match node:
        case None:
            return (), ""
        case Map():
            message = say("“{name}” holds settings; a list is expected", name="chapters")
            fields.say("chapters", "field-not-list", message, say("write one “- …” line for each"))
            return (), ""
        case Text():
            lines = node.text.strip().splitlines()
            if len(lines) == 1:
                return (), lines[0]
            items: Iterable[Node] = [node._replace(text=line) for line in lines]
        case _:
            items = node.items
    return judged([_header_entry(fields, f"chapters.{number}", item) for number, item in enumerate(items)]), ""


def _header_entry(fields: Fields, name: str, node: Node) -> Entry:
    def tell(part: str, rule: str, message: str, hint: str) -> None:
        fields.say(f"{name}.{part}", rule, message, hint)

    line = _line(node)
    if isinstance(node, Map) and line is None:
        return _header_group(fields.nested(name, node), tell)
    time, title = split_line(line or "") or (line or "", "")
    return Entry(tell=tell, written=time, start=moment(time), title=title)


def _line(node: Node) -> str | None:
    """A chapter written in one line; to YAML, “00:00 Wind: a talk” and “00:00: Wind” are a setting and its value."""
    if isinstance(node, Text):
        return node.text.strip()
    if isinstance(node, Map) and len(node.entries) == 1:
        ((name, value),) = node.entries.items()
        if isinstance(value, Text):
            return next(filter(split_line, (f"{name}: {value.text}", f"{name} {value.text}")), None)
    return None


def _header_group(fields: Fields, tell: Tell) -> Entry:
    start, end = fields.text("time"), fields.text("end")
    entry = Entry(
        tell=tell,
        written=start,
        start=moment(start),
        title=fields.text("title"),
        link=fields.text("link"),
        image=fields.text("image"),
        written_end=end,
        end=moment(end),
        is_listed=not fields.flag("hidden"),
    )
    unknown_settings(fields, settings.names(settings.CHAPTER))
    return entry


# ---------------------------------------------------------------------------------- time stamps in texts

#: Fewer time stamps are no chapters. Source: Apple, “Using chapters”; Spotify support, chapters.
MIN_STAMPS = 3
_MAX_TITLE = 500

_TIME = r"\d{1,3}[:：]\d\d(?:[:：]\d\d)?(?:[.．]\d{1,3})?"
_GAP = r"[ \t\u3000]{0,9}"
#: A bullet or a number; a time, bold or in brackets, perhaps with the end of the chapter; a dash; the title.
_STAMP = re.compile(
    rf"{_GAP}(?:[-*+•・●◆■]{_GAP}|\d{{1,3}}[.)．][ \t]{_GAP})?"
    rf"\*{{0,2}}[(（\[［【〔]?({_TIME})(?:{_GAP}[-–—~〜～]{_GAP}{_TIME})?[)）\]］】〕]?\*{{0,2}}(?![\d:：])"
    rf"{_GAP}[-–—―:：|｜~〜～、。・>→]{{0,3}}{_GAP}(\S[^\r\n]*)"
)
_MARKUP = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"\\([!-/:-@\[-`{-~]|$)"), r"\1"),
)


def time_stamps(text: str) -> tuple[Chapter, ...]:
    """The chapters that lines of *text* name, which is plain or Markdown: from the first that begins with 0:00 on."""
    if not ("0:00" in text or "0：00" in text or ("０" in text and ("０：００" in text or "０:００" in text))):
        return ()  # nearly always, so without a pattern or a loop
    found: list[Chapter] = []
    for line in text.splitlines():
        time, title = split_line(line) or ("", "")
        start = moment(time)
        if start is not None and (found or not start):
            found.append(Chapter(start=start, title=_without_markup(title)))
    return tuple(found)


def split_line(line: str) -> tuple[str, str] | None:
    """The time with which *line* begins, and what stands behind it; None when it begins with none."""
    stamp = _STAMP.fullmatch(line)
    return (stamp[1], stamp[2]) if stamp else None


def are_chapters(stamps: Sequence[Chapter]) -> bool:
    """Whether apps take time stamps for chapters: three or more, and rising."""
    return len(stamps) >= MIN_STAMPS and all(before.start < after.start for before, after in pairwise(stamps))


def with_stamps_apart(markdown: str) -> str:
    """*markdown* with time stamps that are chapters as apps read them: each on a line of its own, in plain digits."""
    if not are_chapters(time_stamps(markdown)):
        return markdown
    lines = [_with_plain_time(line) for line in markdown.splitlines()]
    for number, (line, following) in enumerate(pairwise(lines)):
        if line.strip() and following.strip() and (split_line(line) or split_line(following)):
            lines[number] = f"{line.rstrip()}  "  # two blanks: a line break
    return "\n".join(lines)


def _with_plain_time(line: str) -> str:
    stamp = _STAMP.fullmatch(line)
    if stamp is None or stamp[1].isascii():
        return line
    return line[: stamp.start(1)] + unicodedata.normalize("NFKC", stamp[1]) + line[stamp.end(1) :]


def _without_markup(title: str) -> str:
    title = title[:_MAX_TITLE]
    for markup, plain in _MARKUP:
        title = markup.sub(plain, title)
    return _one_line(unescape(title))


# ----------------------------------------------------------------------------------------------- judging

#: Takes the part of a chapter that is wrong, the rule, the message and the hint.
Tell = Callable[[str, str, str, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A chapter as its author wrote it, not yet judged. Its parts are called as in a header."""

    tell: Tell
    #: The start as written; empty when there is none.
    written: str
    #: None when it cannot be read.
    start: timedelta | None
    title: str = ""
    link: str = ""
    image: str = ""
    written_end: str = ""
    end: timedelta | None = None
    is_listed: bool = True


def judged(entries: Iterable[Entry]) -> tuple[Chapter, ...]:
    """The chapters that *entries* name, as far as they can be read; each fault is told."""
    found: list[Chapter] = []
    for number, entry in enumerate(entries, 1):
        if entry.start is None:
            _tell_no_start(number, entry)
            continue
        if found and entry.start <= found[-1].start:
            message = say("chapter {number} does not start after the one before it", number=number)
            entry.tell("time", "chapter-out-of-order", message, say("sort them by time"))
        for tell in (_tell_wrong_end, _tell_control_characters, _tell_insecure):
            tell(number, entry)
        found.append(
            Chapter(
                start=entry.start,
                title=_one_line(entry.title),
                href=_printable(entry.link),
                image=_printable(entry.image),
                end=entry.end,
                is_listed=entry.is_listed,
            )
        )
    return tuple(found)


def _tell_no_start(number: int, entry: Entry) -> None:
    hint = say("begin with the time, as “00:01:02.500 Title”, or write “time: 00:01:02.500”; in JSON, seconds as 62.5")
    message = (
        say("chapter {number} starts at “{start}”, which is no time", number=number, start=short(entry.written))
        if entry.written
        else say("chapter {number} has no time", number=number)
    )
    entry.tell("time", "chapter-start-invalid", message, hint)


def _tell_wrong_end(number: int, entry: Entry) -> None:
    if entry.written_end and entry.start is not None and (entry.end is None or entry.end <= entry.start):
        end = short(entry.written_end)
        message = say("chapter {number} ends at “{end}”, which is no moment after its start", number=number, end=end)
        hint = say("correct it or leave it out: the next chapter ends this one")
        entry.tell("end", "chapter-end-invalid", message, hint)


def _tell_control_characters(number: int, entry: Entry) -> None:
    for part, text in (("title", entry.title), ("link", entry.link), ("image", entry.image)):
        if UNPRINTABLE.search(text):
            message = say("chapter {number} holds an invisible character that no feed can carry", number=number)
            entry.tell(part, "text-control-character", message, say("delete it"))


def _tell_insecure(number: int, entry: Entry) -> None:
    if entry.link and not _is_secure(entry.link):
        link = short(entry.link)
        message = say("chapter {number}: the link “{link}” is no https address", number=number, link=link)
        entry.tell("link", "chapter-link-invalid", message, say("write it in full, beginning with https://"))
    if is_remote(entry.image) and not _is_secure(entry.image):
        image = short(entry.image)
        message = say("chapter {number}: the picture “{address}” is no https address", number=number, address=image)
        hint = say("write an https address, or the path of a picture of the project")
        entry.tell("image", "chapter-picture-insecure", message, hint)


def _is_secure(address: str) -> bool:
    parts = split_address(address)
    return parts.scheme == "https" and "." in parts.netloc and not any(map(str.isspace, address))


def moment(text: str) -> timedelta | None:
    """The moment *text* names: hours, minutes and seconds, or the last of them; None when it names none."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    hours, minutes, seconds = (float(part.replace(",", ".") if part else 0) for part in found.groups())
    if (found[2] and seconds >= 60) or (found[1] and minutes >= 60):
        return None
    return at_seconds(hours * 3600 + minutes * 60 + seconds)


#: Source: RFC 2326, section 3.6: normal play time.
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:[.,]\d{1,9})?)", re.ASCII)
#: What is longer is taken for a slip.
_LONGEST_SECONDS = 1000 * 3600


def at_seconds(seconds: float) -> timedelta | None:
    """The moment so many seconds from the start, to the millisecond; None for what is none."""
    return timedelta(milliseconds=round(seconds * 1000)) if 0 <= seconds <= _LONGEST_SECONDS else None


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("\ufffd", text)


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", _printable(text)).strip()


_BREAKS = re.compile("[ \t\r\n\v\f\x85\u2028\u2029]+")


def short(text: str) -> str:
    """*text* as a message may quote it."""
    return text if len(text) <= 60 else f"{text[:59]}…"
