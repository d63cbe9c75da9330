"""Podcast JSON → cues. Nothing an author can write raises here.

Source: podcast namespace, transcripts: JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from podfeed.diagnostics import Finding
from podfeed.read.cues import (
    MAX_CUES,
    MAX_FAULTS,
    MAX_MS,
    Cue,
    Reading,
    Voices,
    called,
    closed,
    ends_sentence,
    escaped,
    is_dense,
    joined,
    plain,
    tidied,
)
from podfeed.read.json_places import Way, places
from podfeed.read.source import UNPRINTABLE, position
from podfeed.words import say

#: A line of words on a screen. Source: podcast namespace, transcripts: 65 characters.
MAX_LINE = 65
MAX_LINE_MS = 5000
#: Characters of JSON in which faults are pointed at; in more of it, only its beginning is.
_MAX_SEARCHED = 2 << 20


def read_json(text: str, voices: Voices) -> Reading:
    """The JSON of the podcast namespace. Words that stand alone are put together to lines."""
    faults: list[Finding] = []
    segments = _segments(text, faults)
    read = _Segments(text, voices, faults)
    for number, segment in enumerate(segments[:MAX_CUES]):
        read.take(number, segment)
    if len(segments) > MAX_CUES:
        message = say("the transcript has more than {limit} cues, which is all podfeed reads", limit=MAX_CUES)
        faults.append(Finding("", message, say("shorten it"), rule="file-too-large"))
    cues = closed(read.cues, read.open)
    return Reading(
        format="json",
        text=text,
        cues=tuple(_as_lines(cues)) if _are_words(cues) else cues,
        has_open_end=len(cues) - 1 in read.open,
        has_voices=any(cue.speaker for cue in cues),
        faults=tuple(faults),
    )


def _segments(text: str, faults: list[Finding]) -> list[Any]:
    """What stands below “segments”; why it cannot be read is told."""

    def tell(message: str, place: int = 0) -> None:
        hint = say(
            "write it as the podcast namespace shows: {example}", example='{"version": "1.0.0", "segments": […]}'
        )
        faults.append(Finding("", message, hint, rule="transcript-json-invalid", position=position(text, place)))

    try:
        value = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        tell(say("the JSON cannot be read from here on"), error.pos)
        return []
    except (RecursionError, ValueError, ArithmeticError):
        tell(say("the JSON cannot be read"))
        return []
    segments = value.get("segments") if isinstance(value, dict) else None
    if not isinstance(segments, list) or not segments:
        tell(say("the JSON has no list of “segments”"))
        return []
    if not isinstance(value.get("version"), str):
        tell(say("the JSON names no “version”"))
    return segments


@dataclass(slots=True)
class _Segments:
    """Segments on their way to cues."""

    text: str
    voices: Voices
    faults: list[Finding]
    cues: list[Cue] = field(default_factory=list)
    #: The cues whose end is not stated.
    open: set[int] = field(default_factory=set)
    speaker: str = ""
    _places: Mapping[Way, tuple[int, int]] | None = None

    def take(self, number: int, segment: Any) -> None:
        if not isinstance(segment, dict):
            self._say(number, say("it is no group of settings"))
            return
        body, speaker = segment.get("body"), segment.get("speaker")
        speaker = self.speaker if speaker is None else speaker
        start, end = _as_milliseconds(segment.get("startTime")), _as_milliseconds(segment.get("endTime"))
        if start is None:
            self._say(number, say("“startTime” is no number of seconds"), "startTime")
        elif end is None and segment.get("endTime") is not None:
            self._say(number, say("“endTime” is no number of seconds"), "endTime")
        elif end is not None and end < start:
            self._say(number, say("it ends before it starts"), "endTime")
        elif self.cues and start < self.cues[-1].start_ms:
            self._say(number, say("it starts before the one above it"), "startTime")
        elif not isinstance(body, str):
            self._say(number, say("“body” is no text"), "body")
        elif not isinstance(speaker, str):
            self._say(number, say("“speaker” is no name"), "speaker")
        else:
            self.speaker = called(_cleaned(speaker), self.voices)
            if words := tidied(escaped(_cleaned(body))):
                if end is None or end == start:
                    self.open.add(len(self.cues))
                self.cues.append(Cue(start, end or start, self.speaker, words))

    def _say(self, number: int, reason: str, name: str = "") -> None:
        if len(self.faults) >= MAX_FAULTS:
            return
        if self._places is None:
            self._places = places(self.text) if len(self.text) <= _MAX_SEARCHED else {}
        whole = self._places.get(("segments", number), (0, 0))
        place = position(self.text, *self._places.get(("segments", number, name), whole))
        message = say("segment {number}: {reason}", number=number + 1, reason=reason)
        hint = say("each has “startTime” and “endTime”, numbers of seconds that rise, and “body”, its text")
        self.faults.append(Finding("", message, hint, rule="transcript-json-invalid", position=place))


def _as_milliseconds(value: Any) -> int | None:
    """Seconds as milliseconds, halves rounded up; None for what is no number of seconds up to 99 hours."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value <= MAX_MS // 1000:
        return None
    return value * 1000 if isinstance(value, int) else int((value * 1000).quantize(Decimal(1), ROUND_HALF_UP))


def _cleaned(text: str) -> str:
    """*text* without what escapes can bring into JSON and no file may hold: lone surrogates, control characters."""
    return text if text.isprintable() else UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _are_words(cues: Sequence[Cue]) -> bool:
    """Whether hardly any cue is more than a word."""
    return sum(_is_word(cue.text) for cue in cues) * 4 > len(cues) * 3


def _is_word(text: str) -> bool:
    return len(text) <= (6 if is_dense(text[:1]) else 30) and not any(letter.isspace() for letter in text)


def _as_lines(words: Iterable[Cue]) -> Iterator[Cue]:
    """*words* put together to lines: up to 65 characters and five seconds of one speaker, and no further sentence."""
    line: Cue | None = None
    for word in words:
        text = joined(line.text, word.text) if line else word.text
        if line and (
            word.speaker != line.speaker
            or word.end_ms - line.start_ms > MAX_LINE_MS
            or len(plain(text)) > MAX_LINE
            or ends_sentence(line.text)
        ):
            yield line
            line = word
        else:
            line = Cue(line.start_ms if line else word.start_ms, word.end_ms, word.speaker, text)
    if line:
        yield line
