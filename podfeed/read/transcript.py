"""A transcript in any format → cues: who says what, and when; and what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from podfeed.diagnostics import Finding
from podfeed.model import Actor, Transcript, TranscriptFacts
from podfeed.read import disk, settings
from podfeed.read.cues import MIME_TYPES, Format, Reading, Voices, folded, format_of, plain
from podfeed.read.fields import Fields
from podfeed.read.source import UNPRINTABLE, decode_text
from podfeed.words import say

# Source for the limit: docs/reference/limits.md.
MAX_BYTES = 10 << 20


def transcripts(fields: Fields, *names: str) -> tuple[Transcript, ...]:
    """What an episode names as its transcripts: paths and addresses, each alone or with its language."""
    if not fields.has(*names):
        return ()
    found = []
    for each in fields.entries(fields.find(*names)[0], settings.TRANSCRIPT, bare="path"):
        if each.find("path")[1] is None:
            message = say("an entry of “{name}” names no file", name=names[0])
            hint = say("write “- 1.vtt”, or “- {{path: 1.vtt, language: de}}”")
            each.say("path", "transcript-without-path", message, hint)
        found.append(Transcript(reference=each.text("path"), language=each.text("language")))
    return tuple(each for each in found if each.reference)


def voices_of(actors: Iterable[Actor]) -> Voices:
    """Who may be speaking: the names of *actors*, by what they are called."""
    people = tuple(actors)
    return {**{folded(each.id): each.name for each in people}, **{folded(each.name): each.name for each in people}}


def measure(path: Path, voices: Voices) -> tuple[TranscriptFacts, Reading | None]:
    """What the transcript at *path* says about itself, and what it says; None for what is no transcript.

    Raises TargetError when the file changes meanwhile.
    """
    try:
        with disk.steady(path) as (file, size):
            data = file.read(MAX_BYTES + 1)
    except disk.Unreadable as reason:
        return TranscriptFacts(size_bytes=0, trouble=str(reason)), None
    facts = TranscriptFacts(size_bytes=size, sha256=hashlib.sha256(data).hexdigest())
    reading = read(data, format_of(path.name), voices)
    if isinstance(reading, Finding):
        return replace(facts, faults=(reading,), trouble=reading.message), None
    return _with_contents(facts, reading), reading


def read(data: bytes, format: Format | None, voices: Voices) -> Reading | Finding:
    """The transcript in *data*, which should be of *format*; or why it is none."""
    if len(data) > MAX_BYTES:
        message = say("the file is larger than the {limit} bytes podfeed reads", limit=MAX_BYTES)
        return Finding("", message, say("shorten it"), rule="file-too-large")
    text, fault = decode_text(data)
    if fault:
        return fault if format else _wrong_format(None, None)
    if not text.strip():
        return Finding("", say("the transcript is empty"), say("export it again"), rule="transcript-empty")
    content = _content(text)
    if format is None or (content and content != format):
        return _wrong_format(format, content)
    text = UNPRINTABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    reading = _reader(format)(text, voices)
    if not reading.cues and not reading.faults:
        return Finding("", say("nobody says anything in it"), say("export it again"), rule="transcript-empty")
    return reading


def _reader(format: Format) -> Callable[[str, Voices], Reading]:
    """What reads *format*: loaded when the first transcript is met."""
    from podfeed.read.captions import read_srt, read_vtt
    from podfeed.read.prose import read_html, read_txt
    from podfeed.read.segments import read_json

    readers = {"vtt": read_vtt, "srt": read_srt, "json": read_json, "html": read_html, "txt": read_txt}
    return readers[format]


def _content(text: str) -> Format | None:
    """The format that *text* plainly has, whatever it is called; None when it may be any."""
    start = text[:4096].lstrip()
    if start.startswith("WEBVTT"):
        return "vtt"
    if start.startswith("{") and '"segments"' in text:
        return "json"
    if _HTML.match(start):
        return "html"
    return "srt" if _SUBRIP.match(start) else None


def _name(format: Format) -> str:
    return {"vtt": "WebVTT", "srt": "SubRip", "json": "JSON", "html": "HTML", "txt": say("text")}[format]


_HTML = re.compile(r"<(?:!doctype html|html|head|body|cite|time|p)\b", re.IGNORECASE)
_SUBRIP = re.compile(r"(?:[0-9]{1,9}[ \t]*[\r\n]{1,2})?[0-9]{1,6}:[0-9]{2}:[0-9]{2},[0-9]{3}[ \t]*-->")


def _wrong_format(format: Format | None, content: Format | None) -> Finding:
    if format is None:
        message = say("the name of this file does not end as that of a transcript")
    else:
        message = say(
            "the file holds {content}, and is named as {name}", content=_name(content or "txt"), name=_name(format)
        )
    hint = (
        say("name it “….{ending}”", ending=content)
        if content
        else say("save it as “….vtt” or “….srt”; “….json”, “….html” and “….txt” are read too")
    )
    return Finding("", message, hint, rule="transcript-format-wrong")


def _with_contents(facts: TranscriptFacts, reading: Reading) -> TranscriptFacts:
    cues = reading.cues
    runs = ((len(list(same)), text) for text, same in groupby(plain(cue.text) for cue in cues))
    repeats, repeated = max(runs, key=lambda run: run[0], default=(0, ""))
    return replace(
        facts,
        mime_type=MIME_TYPES[reading.format],
        faults=reading.faults,
        cues=len(cues),
        is_timed=reading.is_timed,
        end=timedelta(milliseconds=max((cue.end_ms for cue in cues), default=0)),
        has_open_end=reading.has_open_end,
        language=reading.language,
        has_voices=reading.has_voices,
        repeats=repeats,
        repeated=repeated[:80],
    )
