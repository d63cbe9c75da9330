"""A transcript as it was read → the files apps read: WebVTT, SubRip, JSON, HTML, plain text.

Source for the formats: WebVTT, W3C; podcast namespace, transcripts. Apple takes speakers from ``<v …>`` alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby, pairwise
from json.encoder import encode_basestring
from operator import itemgetter

from podfeed.model import TranscriptFacts
from podfeed.read.cues import (
    MIME_TYPES,
    Cue,
    Format,
    Reading,
    ends_sentence,
    escaped,
    format_of,
    gap,
    has_label,
    joined,
    plain,
    without_references,
)

#: In the order feeds name them: Apple reads WebVTT and SubRip, and prefers the first.
FORMATS: Sequence[Format] = ("vtt", "srt", "json", "html", "txt")
_TIMED: Sequence[Format] = ("vtt", "srt", "json", "html")
_UNTIMED: Sequence[Format] = ("html", "txt")
#: What a paragraph has at least before it ends with a sentence, and at most.
_PARAGRAPH = 300
_LONGEST_PARAGRAPH = 1000
#: A pause that ends a paragraph.
_PAUSE_MS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One file of a transcript as it goes out: of what it is made, in which format and language."""

    #: A project path; an address for a file that lies elsewhere and is only named.
    source: str
    format: Format
    language: str
    #: Of its bytes; empty for a file elsewhere.
    sha256: str = ""

    @property
    def name(self) -> str:
        """What the file is called beside the episode's page: another content has another name."""
        language = re.sub("[^A-Za-z0-9-]", "-", self.language)[:35]
        return f"transcript.{language}.{self.sha256[:8]}.{self.format}"

    @property
    def mime_type(self) -> str:
        return MIME_TYPES[self.format]

    @property
    def are_captions(self) -> bool:
        """Whether players can show it while the sound goes on."""
        return self.format in ("vtt", "srt")


def versions(
    named: Iterable[tuple[str, str]], facts: Mapping[str, object], digest: Callable[[str, Format], str]
) -> Iterator[Version]:
    """The files of the transcripts *named*, each a reference and its language, in the order feeds name them.

    A format that is given goes out as it is, and the others are made of the best that is given in that language.
    *digest* is the sha256 of what is made of a project path in a format.
    """
    for language, references in _by_language(named).items():
        given = _given(references, facts)
        here = [given[each] for each in FORMATS if given.get(each) in facts]
        for format in FORMATS:
            own = given.get(format)
            if own and own not in facts:
                yield Version(source=own, format=format, language=language)
                continue
            source = next((each for each in ([own] if own else here) if format in _made(facts[each])), None)
            if source:
                yield Version(source=source, format=format, language=language, sha256=digest(source, format))


def _by_language(named: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for reference, language in named:
        grouped.setdefault(language, []).append(reference)
    return grouped


def _given(references: Iterable[str], facts: Mapping[str, object]) -> dict[Format, str]:
    """The first of *references* in each format, by their contents, or by their endings where they lie elsewhere."""
    given: dict[Format, str] = {}
    for reference in references:
        known = facts.get(reference)
        if isinstance(known, TranscriptFacts):
            formats = [each for each in FORMATS if MIME_TYPES[each] == known.mime_type]
        else:
            formats = [each for each in FORMATS if reference.startswith("https://") and format_of(reference) == each]
        for format in formats:
            given.setdefault(format, reference)
    return given


def _made(facts: object) -> Mapping[str, str]:
    return facts.made if isinstance(facts, TranscriptFacts) else {}


def digests(reading: Reading) -> dict[str, str]:
    """The sha256 of each file that can be made of *reading*, by format."""
    formats = (_TIMED if reading.is_timed else _UNTIMED) if reading.cues else ()
    return {format: hashlib.sha256(written(reading, format)).hexdigest() for format in formats}


def written(reading: Reading, format: Format) -> bytes:
    """*reading* as a file of *format*. In its own format it stays as its author wrote it, HTML and slips apart.

    HTML is always written anew: all that a transcript has to say is who speaks, when and what.
    """
    if format == reading.format and reading.is_tidy and format != "html":
        text = reading.text.rstrip("\n") + "\n"
    else:
        text = _WRITERS[format](reading)
    return text.encode()


def within(reading: Reading, length: timedelta) -> Reading:
    """*reading* with an end that was guessed kept within the *length* of the sound, if anybody knows it."""
    if not reading.has_open_end or not reading.cues or not length:
        return reading
    last = reading.cues[-1]
    end_ms = max(last.start_ms + 1, min(last.end_ms, length // timedelta(milliseconds=1)))
    return replace(reading, cues=(*reading.cues[:-1], last._replace(end_ms=end_ms)))


def paragraphs(reading: Reading) -> Iterator[Cue]:
    """The cues put together to paragraphs of one speaker, as people read them; those of HTML and text are such."""
    if reading.format in ("html", "txt"):
        yield from (cue._replace(text=_in_one_line(cue.text)) for cue in reading.cues)
        return
    whole: Cue | None = None
    for cue in reading.cues:
        text = _in_one_line(cue.text)
        if whole and _continues(whole, cue):
            whole = Cue(whole.start_ms, cue.end_ms, whole.speaker, joined(whole.text, text))
            continue
        if whole:
            yield whole
        whole = cue._replace(text=text)
    if whole:
        yield whole


def _in_one_line(text: str) -> str:
    if "\n" not in text:
        return text
    lines = text.split("\n")
    return lines[0] + "".join(gap(before, after) + after for before, after in pairwise(lines))


def _continues(whole: Cue, cue: Cue) -> bool:
    return (
        cue.speaker == whole.speaker
        and cue.start_ms - whole.end_ms < _PAUSE_MS
        and len(whole.text) < _LONGEST_PARAGRAPH
        and not (len(whole.text) >= _PARAGRAPH and ends_sentence(whole.text))
    )


def _vtt(reading: Reading) -> str:
    blocks = ["WEBVTT\n"]
    for (start_ms, end_ms), cues in _at_a_time(reading.cues):
        spoken = "\n".join(f"<v {escaped(cue.speaker)}>{cue.text}" if cue.speaker else cue.text for cue in cues)
        blocks.append(f"{clock(start_ms)} --> {clock(end_ms)}\n{_without_arrows(spoken)}\n")
    return "\n".join(blocks)


def _srt(reading: Reading) -> str:
    blocks = []
    speaker = ""
    for number, ((start_ms, end_ms), cues) in enumerate(_at_a_time(reading.cues), 1):
        lines = []
        for cue in cues:
            # A label of another kind would take the words from who is speaking.
            is_named = cue.speaker and (cue.speaker != speaker or has_label(cue.text))
            lines.append(f"{escaped(cue.speaker)}: {cue.text}" if is_named else cue.text)
            speaker = cue.speaker
        spoken = without_references(_without_arrows("\n".join(lines)))
        blocks.append(f"{number}\n{clock(start_ms, ',')} --> {clock(end_ms, ',')}\n{spoken}\n")
    return "\n".join(blocks)


def _json(reading: Reading) -> str:
    segments = []
    speaker = ""
    for cue in reading.cues:
        # Who is not named is who spoke before; an empty name is nobody's.
        named = f'"speaker": {encode_basestring(cue.speaker)}, ' if cue.speaker or speaker else ""
        times = f'"startTime": {_seconds(cue.start_ms)}, "endTime": {_seconds(cue.end_ms)}'
        segments.append(f'{{{named}{times}, "body": {encode_basestring(plain(cue.text))}}}')
        speaker = cue.speaker
    return '{"version": "1.0.0", "segments": [\n' + ",\n".join(segments) + "\n]}\n"


def _html(reading: Reading) -> str:
    lines = ["<!DOCTYPE html>", '<meta charset="utf-8">', "<title>Transcript</title>"]
    speaker = ""
    for cue in paragraphs(reading):
        if cue.speaker != speaker:
            lines.append(f"<cite>{escaped(cue.speaker)}:</cite>" if cue.speaker else "<hr>")
            speaker = cue.speaker
        if reading.is_timed:
            lines.append(f"<time>{_short_clock(cue.start_ms)}</time>")
        lines.append(f"<p>{cue.text}</p>")
    return "\n".join([*lines, ""])


def _txt(reading: Reading) -> str:
    said = (f"{cue.speaker}: {plain(cue.text)}" if cue.speaker else plain(cue.text) for cue in reading.cues)
    return "\n\n".join(said) + "\n"


_WRITERS: Mapping[Format, Callable[[Reading], str]] = {
    "vtt": _vtt,
    "srt": _srt,
    "json": _json,
    "html": _html,
    "txt": _txt,
}


def _at_a_time(cues: Sequence[Cue]) -> Iterator[tuple[tuple[int, int], list[Cue]]]:
    """The cues by their times; those of several voices at the same time together."""
    for times, same in groupby(cues, key=itemgetter(0, 1)):
        together: list[Cue] = []
        for cue in same:
            if together and not (cue.speaker and together[-1].speaker and cue.speaker != together[-1].speaker):
                yield times, together
                together = []
            together.append(cue)
        yield times, together


def clock(ms: int, point: str = ".") -> str:
    """A time in full: some apps take what lacks anything of it for 0."""
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"


def _short_clock(ms: int) -> str:
    """A time as people read it: ``0:09``, ``1:02:03``."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _seconds(ms: int) -> str:
    return f"{ms // 1000}.{ms % 1000:03}"


def _without_arrows(text: str) -> str:
    """*text* without what both formats take for times."""
    return text.replace("--&gt;", "→") if "--&gt;" in text else text
