"""Files of chapters in any format → Chapters, each fault at its place. What a file is shows by its content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

from podfeed.diagnostics import Finding, Position
from podfeed.model import Chapter, ChaptersFacts
from podfeed.read import disk
from podfeed.read.chapters import Entry, Tell, at_seconds, judged, moment, short, split_line
from podfeed.read.json_places import Way, places
from podfeed.read.source import decode_text, position
from podfeed.read.xml import Document, Element, read_xml
from podfeed.words import say

# Source for the limits: docs/reference/limits.md.
MAX_BYTES = 1024 * 1024
MAX_CHAPTERS = 1000
#: Faults of one file that are told; whoever has more begins with these.
MAX_FAULTS = 100


def measure(path: str | Path) -> ChaptersFacts:
    """What the file of chapters at *path* says."""
    try:
        with disk.steady(path) as (file, size):
            data = file.read(MAX_BYTES + 1)
    except disk.Unreadable as error:
        return ChaptersFacts(size_bytes=0, trouble=str(error))
    chapters, faults = read(data)
    return ChaptersFacts(size_bytes=size, sha256=hashlib.sha256(data).hexdigest(), chapters=chapters, faults=faults)


def read(data: bytes) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
    """The chapters in the bytes of a file, and every fault in it. Nothing is raised."""
    if len(data) > MAX_BYTES:
        message = say("the file is larger than the {limit} bytes podfeed reads", limit=MAX_BYTES)
        return (), (Finding("", message, say("shorten it"), rule="file-too-large"),)
    text, fault = decode_text(data)
    if fault:
        return (), (fault,)
    reading = _Reading(text)
    chapters = judged(reading.entries()[:MAX_CHAPTERS])
    return chapters, tuple(reading.faults)


class _Reading:
    """One file of chapters on its way in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Finding] = []
        self._places: dict[Way, tuple[int, int]] | None = None

    def entries(self) -> list[Entry]:
        """The chapters of the file as they are written."""
        found = self._format()()
        if len(found) > MAX_CHAPTERS:
            message = say("there are {count} chapters; podfeed reads {limit}", count=len(found), limit=MAX_CHAPTERS)
            self._refuse(message, say("merge some of them"))
        if not found and not self.faults:
            self._refuse(say("there is no chapter in this file"), say("write them as “00:00 Title”, one a line"))
        return found

    def _format(self) -> Callable[[], list[Entry]]:
        start = self.text.lstrip()[:6]
        if start.startswith(("{", "[")):
            return self._json
        if start.startswith("<"):
            return self._podlove
        if start == "WEBVTT":
            return self._vtt
        return self._labels if _LABEL.search(self.text) else self._lines

    def _refuse(self, message: str, hint: str, place: Position | None = None) -> None:
        self.faults.append(Finding("", message, hint, rule="chapter-file-unreadable", position=place))

    def _teller(self, place: Callable[[str], Position]) -> Tell:
        """What notes the faults of a chapter, whose parts stand at *place*."""

        def tell(part: str, rule: str, message: str, hint: str) -> None:
            if len(self.faults) < MAX_FAULTS:
                self.faults.append(Finding("", message, hint, rule=rule, position=place(part)))

        return tell

    def _at(self, found: re.Match[str]) -> Tell:
        return self._teller(lambda part: position(self.text, *found.span()))

    # jsonChapters. Source: podcast namespace, jsonChapters 1.2.

    def _json(self) -> list[Entry]:
        try:
            listing = json.loads(self.text)
        except json.JSONDecodeError as error:
            message = say("this is no JSON: something is wrong here, or right before")
            hint = say("look for a comma, a bracket or a quotation mark that is missing or too much")
            self._refuse(message, hint, position(self.text, error.pos, error.pos + 1))
            return []
        except (RecursionError, ValueError):
            self._refuse(say("this JSON goes too deep, or has too long a number"), _like_json())
            return []
        chapters = listing.get("chapters") if isinstance(listing, dict) else None
        if not isinstance(chapters, list):
            self._refuse(say("there is no list called “chapters” in this JSON"), _like_json())
            return []
        if not isinstance(listing.get("version"), str):
            self._refuse(say("“version” is no text; apps want to know which jsonChapters this is"), _like_json())
        return [self._json_entry(number, each) for number, each in enumerate(chapters)]

    def _json_entry(self, number: int, chapter: Any) -> Entry:
        values = chapter if isinstance(chapter, dict) else {}
        start, end = values.get("startTime"), values.get("endTime")
        return Entry(
            tell=self._teller(lambda part: self._json_place(number, _JSON_NAMES.get(part, part))),
            written="" if start is None else str(start),
            start=_seconds(start),
            title=_text(values.get("title")),
            link=_text(values.get("url")),
            image=_text(values.get("img")),
            written_end="" if end is None else str(end),
            end=_seconds(end),
            is_listed=values.get("toc") is not False,
        )

    def _json_place(self, number: int, name: str) -> Position:
        if self._places is None:
            self._places = places(self.text)
        chapter: Way = ("chapters", number)
        return position(self.text, *self._places.get((*chapter, name), self._places[chapter]))

    # Podlove Simple Chapters, alone or inside a feed. Source: podlove.org/simple-chapters.

    def _podlove(self) -> list[Entry]:
        # The mark says that this is UTF-8 now, whatever the first line says.
        document = read_xml(f"\ufeff{self.text}".encode(), "")
        if document.fault:
            message = say("this XML cannot be read: something is wrong here, or right before")
            self._refuse(message, say("save it again from the program that made it"), document.fault.position)
            return []
        waiting = [document.root] if document.root else []
        while waiting and waiting[-1].name != "psc:chapters":
            waiting.extend(reversed(waiting.pop().children))
        found = waiting[-1].all("psc:chapter") if waiting else []
        return [self._podlove_entry(document, each) for each in found]

    def _podlove_entry(self, document: Document, chapter: Element) -> Entry:
        start = chapter.attributes.get("start", "")
        return Entry(
            tell=self._teller(lambda part: document.place(chapter, _PODLOVE_NAMES.get(part, part))),
            written=start,
            start=moment(start),
            title=chapter.attributes.get("title", ""),
            link=chapter.attributes.get("href", "").strip(),
            image=chapter.attributes.get("image", "").strip(),
        )

    # WebVTT. Source: WebVTT, section 4.

    def _vtt(self) -> list[Entry]:
        return [
            Entry(
                tell=self._at(cue),
                written=cue[1],
                start=moment(cue[1]),
                title=unescape(_VTT_TAG.sub("", cue[3])),
                written_end=cue[2],
                end=moment(cue[2]),
            )
            for cue in _CUE.finditer(self.text)
        ]

    # Audacity's labels: start, end and title, a tab between two; a label of one moment has it twice.

    def _labels(self) -> list[Entry]:
        return [
            Entry(
                tell=self._at(label),
                written=label[1],
                start=moment(label[1]),
                title=label[3] or "",
                written_end=label[2] if label[1] != label[2] else "",
                end=moment(label[2]) if label[1] != label[2] else None,
            )
            for label in _LABEL.finditer(self.text)
        ]

    # Lines of a time and a title, as mp4chaps writes them; what begins with “#” is a remark.

    def _lines(self) -> list[Entry]:
        found: list[Entry] = []
        for line in _LINE.finditer(self.text):
            exact = _MP4CHAPS.fullmatch(line[0])
            time, title = (exact[1], exact[2]) if exact else split_line(line[0]) or ("", "")
            if time:
                found.append(Entry(tell=self._at(line), written=time, start=moment(time), title=title))
            elif not line[0].startswith("#"):
                message = say("this line does not begin with a time: “{line}”", line=short(line[0]))
                place = position(self.text, *line.span())
                self._refuse(message, say("write “00:00 Title”, one chapter a line"), place)
                break
        return found


#: What formats call the parts of a chapter.
_JSON_NAMES = {"time": "startTime", "link": "url", "image": "img", "end": "endTime"}
_PODLOVE_NAMES = {"time": "start", "link": "href"}

_CUE = re.compile(
    r"^[ \t]*((?:\d+:)?\d+:\d\d[.,]\d+)[ \t]+-->[ \t]+((?:\d+:)?\d+:\d\d[.,]\d+)[^\r\n]*(?:\r\n|\r|\n)"
    r"((?:[^\r\n]+(?:\r\n|\r|\n|\Z))*)",
    re.MULTILINE | re.ASCII,
)
_VTT_TAG = re.compile(r"<[^<>]*>")
_LABEL = re.compile(r"^(\d+(?:[.,]\d+)?)\t(\d+(?:[.,]\d+)?)(?:\t([^\r\n]*))?$", re.MULTILINE | re.ASCII)
_LINE = re.compile(r"\S[^\r\n]*")
_MP4CHAPS = re.compile(r"(\d{2,}:\d\d:\d\d\.\d{3})(?: (.*))?", re.ASCII)


def _like_json() -> str:
    example = '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "…"}]}'
    return say("write it like {example}", example=example)


def _seconds(value: object) -> timedelta | None:
    """The moment of a number of seconds, and of nothing else: text is 0 to most apps."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return at_seconds(value) if is_number else None  # type: ignore[arg-type]


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
