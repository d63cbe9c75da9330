"""WebVTT and SubRip → cues. Nothing an author can write raises here, and no text takes longer than its length.

Every text comes in with "\\n" at the end of each line. Source: WebVTT, W3C; podcast namespace, transcripts: SRT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from podfeed.diagnostics import Finding, Position
from podfeed.read.cues import (
    MAX_CUES,
    MAX_FAULTS,
    MAX_MS,
    Cue,
    Marked,
    Reading,
    Voices,
    called,
    escaped,
    tidied,
    turns,
    unescaped,
)
from podfeed.words import say


def read_vtt(text: str, voices: Voices) -> Reading:
    """WebVTT. What browsers would leave out, or take for markup, is told."""
    scan = _Scan(text)
    language = _vtt_header(scan)
    times = scan.limited(_time_lines(scan.lines))
    first = times[0] if times else len(scan.lines)
    if not scan.faults:
        _outside(scan, _blank(scan.lines, 0, first), first)
    has_voices = bool(_VOICE_TAG.search(text))
    speaker = ""
    for at, after in pairwise([*times, len(scan.lines)]):
        moment, payload = _vtt_times(scan, at), _vtt_payload(scan, at, after)
        if moment is None:
            continue
        if spoken := _SPOKEN.fullmatch(payload):  # hardly any cue has more to it
            scan.add(at, *moment, [(called(spoken[1], voices), tidied(spoken[2]))])
            continue
        _vtt_markup(scan, at + 1, payload)
        if has_voices:
            scan.add(at, *moment, _vtt_spans(payload, voices))
            continue
        for name, turn in turns(payload, voices, speaker):
            speaker = name
            scan.add(at, *moment, ((name, words) for _, words in _vtt_spans(turn, voices)))
    return Reading(
        format="vtt",
        text=text,
        cues=scan.in_order(),
        has_voices=has_voices,
        language=language,
        faults=tuple(scan.faults),
    )


#: Digits that mean to be a time, in front of an arrow.
_TIME_LINE = re.compile(r"[ \t]*-?[0-9]+:[0-9:.,]*[ \t]*--?>[ \t]*-?[0-9]")
_VTT_TIMES = re.compile(
    r"[ \t]*(?:([0-9]{2,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})[ \t]*-->"
    r"[ \t]*(?:([0-9]{2,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})(?:[ \t].*)?"
)
_VTT_BLOCK = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|$)")


def _time_lines(lines: list[str]) -> list[int]:
    return [at for at, line in enumerate(lines) if "->" in line and _TIME_LINE.match(line)]


def _blank(lines: list[str], start: int, end: int) -> int:
    """The first blank line from *start* on; *end* when there is none before it."""
    return next((at for at in range(start, end) if not lines[at] or lines[at].isspace()), end)


def _vtt_header(scan: _Scan) -> str:
    """The language the header states; what is wrong with the header is told."""
    if not re.match(r"WEBVTT(?:[ \t]|$)", scan.lines[0]):
        message = say("the first line of a WebVTT file is “WEBVTT” and nothing else")
        scan.say("transcript-header-invalid", 0, message, say("write “WEBVTT” as the first line, and leave one empty"))
        return ""
    for at, line in enumerate(scan.lines[1:], 1):
        if not line.strip():
            break
        if _TIME_LINE.match(line):
            _say_no_blank(scan, at)
            break
        if line.startswith("Language:"):
            return line.removeprefix("Language:").strip()
    return ""


def _say_no_blank(scan: _Scan, at: int) -> None:
    message = say("no empty line stands above the times of this cue")
    scan.say("transcript-header-invalid", at, message, say("put an empty line above each cue"))


def _vtt_times(scan: _Scan, at: int) -> tuple[int, int] | None:
    found = _VTT_TIMES.fullmatch(scan.lines[at])
    times = _milliseconds(found.groups()) if found else None
    if times is None:
        _say_no_time(scan, at, "00:00:01.000 --> 00:00:04.000")
    return times


def _vtt_payload(scan: _Scan, at: int, after: int) -> str:
    """The text of the cue whose times stand in line *at*; what lies between it and the next, *after*, is told."""
    end = _blank(scan.lines, at + 1, after)
    if end + 1 < after:
        _outside(scan, end, after)
    elif end == after < len(scan.lines):
        _say_no_blank(scan, after)
    return "\n".join(scan.lines[at + 1 : end])


def _milliseconds(parts: Iterable[str | None]) -> tuple[int, int] | None:
    """Start and end, each of hours, minutes, seconds and milliseconds; None beyond 99 hours."""
    h, m, s, ms, to_h, to_m, to_s, to_ms = parts
    start = ((int(h or 0) * 60 + int(m or 0)) * 60 + int(s or 0)) * 1000 + int(ms or 0)
    end = ((int(to_h or 0) * 60 + int(to_m or 0)) * 60 + int(to_s or 0)) * 1000 + int(to_ms or 0)
    return (start, end) if max(start, end) <= MAX_MS else None


def _say_no_time(scan: _Scan, at: int, example: str) -> None:
    line = scan.lines[at].strip()
    message = say("“{line}” does not say when a cue starts and ends", line=line[:80])
    hint = say("write it like “{example}”: at most 99 hours, and minutes and seconds up to 59", example=example)
    scan.say("transcript-time-invalid", at, message, hint, line)


def _outside(scan: _Scan, start: int, times: int) -> None:
    """Tell of text between *start* and the next cue's *times* that is in no cue; the line right above is its name."""
    at = start
    while at < times:
        end = _blank(scan.lines, at, times)
        is_name = end == at + 1 == times < len(scan.lines)
        if at < end and not is_name and not _VTT_BLOCK.match(scan.lines[at]):
            words = scan.lines[at].strip()
            message = say("“{text}” stands outside of every cue: an empty line ends one", text=words[:80])
            hint = say("delete the empty line above it, or begin it with “NOTE”")
            scan.say("transcript-text-outside-cue", at, message, hint, words)
        at = end + 1


_TAG = re.compile(r"<([^<>]*)>")
_VTT_TAG = re.compile(r"/?(?:[bciu]|ruby|rt)(?:\.[^\s<>]*)?|/?(?:v|lang)(?:[.\s][^<>]*)?|(?:[0-9]+:)?[0-9]+:[0-9.]+")
_ANY_TAG = re.compile(r"/?[A-Za-z][^<>]*|[0-9:.]+")
#: An ampersand that begins no character reference.
_BARE_AMPERSAND = re.compile(r"&(?!#[0-9]{1,7};|#[xX][0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_VOICE_TAG = re.compile(r"<v[.\s]")
_SPOKEN = re.compile(r"<v[ \t]([^<>&\n]+)>([^<>&]*)(?:</v>)?")
_VOICE = re.compile(r"v(?:\.[^\s<>]*)?[ \t\n]+(.*)", re.DOTALL)


def _vtt_markup(scan: _Scan, at: int, payload: str) -> None:
    """Tell of the first thing WebVTT takes for markup in *payload*, which begins in line *at*."""
    if "<" not in payload and "&" not in payload and "-->" not in payload:
        return
    rest = _TAG.sub("", payload)
    words = next((f"<{tag}>" for tag in _TAG.findall(payload) if not _VTT_TAG.fullmatch(tag)), "")
    words = words or next((sign for sign in ("-->", "<") if sign in rest), "")
    words = words or ("&" if _BARE_AMPERSAND.search(rest) else "")
    if words:
        first = words.split("\n")[0]
        line = at + payload[: payload.find(first)].count("\n")
        message = say("“{text}” will be read as markup, and not as text", text=first[:80])
        scan.say("transcript-markup-wrong", line, message, say("write &lt; for <, &gt; for >, &amp; for &"), first)


def _vtt_spans(payload: str, voices: Voices) -> Iterator[tuple[str, str]]:
    """Who says what in a cue: a voice holds up to the next one."""
    if "<" not in payload:
        yield "", tidied(escaped(unescaped(payload)))
        return
    marked, speaker = Marked(), ""
    for number, part in enumerate(_TAG.split(payload)):
        if number % 2 == 0:
            marked.add(unescaped(part))
        elif voice := _VOICE.fullmatch(part):
            yield speaker, marked.finished()
            marked, speaker = Marked(), called(unescaped(voice[1]), voices)
        elif part.strip() == "/v":
            yield speaker, marked.finished()
            marked, speaker = Marked(), ""
        elif part in ("rt", "/rt"):
            marked.add("（" if part == "rt" else "）")
        elif _ANY_TAG.fullmatch(part):
            marked.mark(part.partition(".")[0])
        else:
            marked.add(f"<{part}>")
    yield speaker, marked.finished()


# ---------------------------------------------------------------------------------------------- SubRip


def read_srt(text: str, voices: Voices) -> Reading:
    """SubRip. Its small slips are put right and told: points for commas, counters, empty lines."""
    scan = _Scan(text)
    times = scan.limited(_time_lines(scan.lines))
    slips: _Slips = {}
    speaker, counter = "", 0
    _srt_beginning(scan, times)
    for at, after in pairwise([*times, len(scan.lines)]):
        moment = _srt_times(scan, at, slips)
        counter = _srt_counter(scan, at, counter, slips)
        payload = _srt_payload(scan, at, after, slips)
        if moment is not None:
            for name, turn in turns(payload, voices, speaker):
                speaker = name
                scan.add(at, *moment, [(name, _srt_text(turn))])
    for line, message in slips.values():
        scan.say("transcript-srt-untidy", line, message, say("the copy that is published has it right"))
    return Reading(
        format="srt",
        text=text,
        cues=scan.in_order(),
        is_tidy=not slips,
        has_voices=any(cue.speaker for cue in scan.cues),
        faults=tuple(scan.faults),
    )


#: The line of the first slip of each kind, and what to say of it.
_Slips = dict[str, tuple[int, str]]

_SRT_TIMES = re.compile(
    r"[ \t]*([0-9]{1,6}):([0-5][0-9]):([0-5][0-9])[,.]([0-9]{3})[ \t]*-->"
    r"[ \t]*([0-9]{1,6}):([0-5][0-9]):([0-5][0-9])[,.]([0-9]{3})(?:[ \t].*)?"
)
_SRT_TAG = re.compile(r"<(/?(?:[biu]|font(?:[ \t][^<>\n]*)?))>|\{\\an?[0-9]{1,2}\}", re.IGNORECASE)


def _numbered_from(lines: list[str], at: int) -> int:
    """The line a cue with its times in line *at* begins with: its number, if it has one."""
    return at - 1 if at and lines[at - 1].strip().isdecimal() else at


def _srt_beginning(scan: _Scan, times: list[int]) -> None:
    """Tell of what stands before the first cue; without any cue, of the first line."""
    first = _numbered_from(scan.lines, times[0]) if times else len(scan.lines)
    at = next((at for at in range(first) if scan.lines[at].strip()), None if times else 0)
    if at is not None:
        _say_no_time(scan, at, "00:00:01,000 --> 00:00:04,000")


def _srt_counter(scan: _Scan, at: int, before: int, slips: _Slips) -> int:
    """The number above the times in line *at*; the one *before* where there is none."""
    written = scan.lines[at - 1].strip() if at else ""
    number = int(written) if written.isdecimal() and len(written) < 10 else 0
    if number <= before:
        slips.setdefault("counter", (max(at - 1, 0), say("the cues are not counted 1, 2, 3 …")))
    return number or before


def _srt_payload(scan: _Scan, at: int, after: int, slips: _Slips) -> str:
    """The text of the cue whose times stand in line *at*, up to the next one, with times in line *after*."""
    end = _numbered_from(scan.lines, after) if after < len(scan.lines) else after
    lines = scan.lines[at + 1 : end]
    if after < len(scan.lines) and lines and lines[-1].strip():
        slips.setdefault("joined", (end, say("no empty line stands above this cue")))
    if "\n\n" in "\n".join(lines).strip():
        slips.setdefault("blank", (at, say("an empty line stands inside this cue; players end it there")))
    return "\n".join(line for line in lines if line.strip())


def _srt_times(scan: _Scan, at: int, slips: _Slips) -> tuple[int, int] | None:
    line = scan.lines[at]
    found = _SRT_TIMES.fullmatch(line)
    times = _milliseconds(found.groups()) if found else None
    if times is None:
        _say_no_time(scan, at, "00:00:01,000 --> 00:00:04,000")
    elif "." in line[:32]:
        slips.setdefault("point", (at, say("a point stands where SubRip has a comma")))
    return times


def _srt_text(payload: str) -> str:
    if "<" not in payload and "{" not in payload:
        return tidied(escaped(payload))
    marked = Marked()
    for number, part in enumerate(_SRT_TAG.split(payload)):
        if number % 2 == 0:
            marked.add(part)
        elif part:
            marked.mark(part.lower())
    return marked.finished()


# ------------------------------------------------------------------------------------------------- both


@dataclass(slots=True)
class _Scan:
    """A transcript while it is read: its lines, and what was found."""

    text: str
    lines: list[str] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    #: The line of each cue, counted from 0.
    places: list[int] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def say(self, rule: str, line: int, message: str, hint: str, words: str = "") -> None:
        """Note a fault in a line, at *words* if they stand there."""
        if len(self.faults) < MAX_FAULTS:
            text = self.lines[line]
            place = Position(line=line + 1, column=max(text.find(words), 0) + 1, width=len(words or text))
            self.faults.append(Finding("", message, hint, rule=rule, position=place))

    def add(self, line: int, start_ms: int, end_ms: int, spans: Iterable[tuple[str, str]]) -> None:
        """Take what is said at a time, span by span."""
        for speaker, text in spans:
            if text:
                self.cues.append(Cue(start_ms, end_ms, speaker, text))
                self.places.append(line)

    def limited(self, places: list[int]) -> list[int]:
        """As many of *places* as podfeed reads."""
        if len(places) > MAX_CUES:
            message = say("the transcript has more than {limit} cues, which is all podfeed reads", limit=MAX_CUES)
            self.say("file-too-large", places[MAX_CUES], message, say("shorten it"))
            del self.lines[places[MAX_CUES] :]
        return places[:MAX_CUES]

    def in_order(self) -> tuple[Cue, ...]:
        """The cues by time; those that run backwards are told."""
        previous = 0
        is_sorted = True
        for place, (start_ms, end_ms, _, _) in zip(self.places, self.cues, strict=True):
            if end_ms <= start_ms:
                message = say("the cue ends before it starts, or as it starts")
                self.say("transcript-cue-backwards", place, message, say("correct the times"))
            if start_ms < previous:
                message = say("the cue starts before the one above it")
                self.say("transcript-cue-backwards", place, message, say("put the cues in the order of their times"))
                is_sorted = False
            previous = start_ms
        return tuple(self.cues if is_sorted else sorted(self.cues, key=lambda cue: cue[:2]))
