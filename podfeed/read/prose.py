"""HTML and plain text → cues. Nothing an author can write raises here, and no text takes longer than its length.

Source: podcast namespace, transcripts: HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from podfeed.diagnostics import Finding
from podfeed.read.cues import (
    MAX_CUES,
    MAX_FAULTS,
    MAX_MS,
    Cue,
    Marked,
    Reading,
    Voices,
    called,
    closed,
    escaped,
    tidied,
    turns,
    unescaped,
)
from podfeed.read.source import position
from podfeed.words import say


def read_html(text: str, voices: Voices) -> Reading:
    """HTML: paragraphs, each below its ``<cite>`` and ``<time>``, if it has them. Headings are no speech."""
    page = _Page(text, voices)
    page.read()
    cues = closed(page.cues, range(len(page.cues))) if page.is_timed else tuple(page.cues)
    language = re.search(r"<html[^<>]*\slang=[\"']?([A-Za-z0-9-]{2,35})", text[:2000])
    return Reading(
        format="html",
        text=text,
        cues=cues,
        is_timed=page.is_timed,
        has_open_end=page.is_timed,
        has_voices=any(cue.speaker for cue in cues),
        language=language[1] if language else "",
        faults=tuple(page.faults),
    )


_HTML_TOKEN = re.compile(r"<!--(?:.*?-->|.*)|<![^<>]*>|<(/?[A-Za-z][A-Za-z0-9]*)(?:[\s/][^<>]*)?>", re.DOTALL)
_UNSEEN = frozenset(("head", "script", "style", "title", "template", "h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCK = re.compile("/?(?:p|div|br|hr|[uod]l|li|d[dt]|blockquote|section|article|main|body|table|t[rdh])")
_SPACE = re.compile(r"\s+")
_AS_MARKS = {"strong": "b", "/strong": "/b", "em": "i", "/em": "/i"}
_HTML_TIME = re.compile(r"(?:([0-9]{1,6}):)?([0-5]?[0-9]):([0-5][0-9])(?:[.,]([0-9]{1,3}))?")


@dataclass(slots=True)
class _Page:
    """HTML on its way to cues."""

    text: str
    voices: Voices
    cues: list[Cue] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    is_timed: bool = False
    _start_ms: int = 0
    _speaker: str = ""
    #: The paragraphs since the last time or name.
    _paragraphs: list[str] = field(default_factory=list)
    _marked: Marked = field(default_factory=Marked)

    def read(self) -> None:
        """Go through all tags and the words between them."""
        take: Callable[[str, int], None] = self._words
        at, unseen = 0, ""
        for token in _HTML_TOKEN.finditer(self.text):
            if not unseen and token.start() > at:
                take(self.text[at : token.start()], at)
            at = token.end()
            name = (token[1] or "").lower()
            if unseen:
                unseen = "" if name == f"/{unseen}" else unseen
            elif name in _UNSEEN:
                self._end_paragraph()
                unseen = name
            elif name in ("cite", "time"):
                self._end_turn()
                take = self._name if name == "cite" else self._time
            elif name in ("/cite", "/time"):
                take = self._words
            elif _BLOCK.fullmatch(name):
                self._end_paragraph()
            elif name:
                self._marked.mark(_AS_MARKS.get(name, name))
        if not unseen and at < len(self.text):
            take(self.text[at:], at)
        self._end_turn()

    def _words(self, words: str, at: int) -> None:
        self._marked.add(_SPACE.sub(" ", unescaped(words)))

    def _name(self, words: str, at: int) -> None:
        self._speaker = called(unescaped(words).strip().rstrip(":：").rstrip(), self.voices) or self._speaker

    def _time(self, words: str, at: int) -> None:
        start_ms = _clock_ms(words.strip())
        if start_ms is None or start_ms < self._start_ms:
            self._say(words, at, start_ms)
            return
        self._start_ms, self.is_timed = start_ms, True

    def _say(self, words: str, at: int, start_ms: int | None) -> None:
        if len(self.faults) >= MAX_FAULTS:
            return
        place = position(self.text, at, at + len(words))
        if start_ms is None:
            message = say("“{time}” is no time", time=words.strip()[:80])
            hint = say("write it like 0:09 or 1:02:03: at most 99 hours, and minutes and seconds up to 59")
            self.faults.append(Finding("", message, hint, rule="transcript-time-invalid", position=place))
        else:
            message = say("“{time}” lies before the time above it", time=words.strip()[:80])
            hint = say("put the paragraphs in the order of their times")
            self.faults.append(Finding("", message, hint, rule="transcript-cue-backwards", position=place))

    def _end_paragraph(self) -> None:
        if words := self._marked.finished():
            self._paragraphs.append(words)
        self._marked = Marked()

    def _end_turn(self) -> None:
        """What was said since the last time or name: one cue where there are times, else a cue for each paragraph."""
        self._end_paragraph()
        texts = ["\n".join(self._paragraphs)] if self.is_timed and self._paragraphs else self._paragraphs
        room = MAX_CUES - len(self.cues)
        self.cues.extend(Cue(self._start_ms, self._start_ms, self._speaker, text) for text in texts[:room])
        self._paragraphs = []


def _clock_ms(text: str) -> int | None:
    """Milliseconds of a time as ``0:09``, ``00:00:09`` or ``1:02:03.5``; None for what is none below 100 hours."""
    found = _HTML_TIME.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, fraction = (found[group] or "0" for group in (1, 2, 3, 4))
    ms = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))
    return ms if ms <= MAX_MS else None


def read_txt(text: str, voices: Voices) -> Reading:
    """Plain text: paragraphs with empty lines between them, a name and a colon in front where one begins to speak."""
    cues = []
    speaker = ""
    for paragraph in re.split(r"\n\s*\n", text):
        for name, turn in turns(paragraph.strip(), voices, speaker):
            speaker = name
            if words := tidied(escaped(turn)):
                cues.append(Cue(0, 0, name, words))
    return Reading(
        format="txt",
        text=text,
        cues=tuple(cues[:MAX_CUES]),
        is_timed=False,
        has_voices=any(cue.speaker for cue in cues),
    )
