"""What transcripts are read into: cues, who says what and when; and what is common to the texts of every format."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from typing import Literal, NamedTuple

from podfeed.diagnostics import Finding

Format = Literal["vtt", "srt", "json", "html", "txt"]
#: Source: podcast namespace, transcript.
MIME_TYPES: Mapping[Format, str] = {
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "json": "application/json",
    "html": "text/html",
    "txt": "text/plain",
}
#: The names of people, by `folded` name and id.
Voices = Mapping[str, str]

# Source for the limits: docs/reference/limits.md.
MAX_CUES = 50_000
MAX_FAULTS = 100
MAX_MS = 100 * 3_600_000 - 1
#: How long words stand where nothing says when they end.
DEFAULT_MS = 3000


class Cue(NamedTuple):
    """Words that are said in one go."""

    #: Milliseconds from the beginning of the sound; both 0 where the transcript has no times.
    start_ms: int
    end_ms: int
    #: Empty when nobody is named.
    speaker: str
    #: As WebVTT and HTML alike take it: “&”, “<” and “>” escaped, <b>, <i> and <u> closed. No line is empty.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A transcript as it was read."""

    format: Format
    #: The whole text, with "\\n" at the end of each line.
    text: str = ""
    #: By time, where there are times.
    cues: tuple[Cue, ...] = ()
    is_timed: bool = True
    #: Whether the end of the last cue is a guess.
    has_open_end: bool = False
    #: Whether *text* can be published as it is.
    is_tidy: bool = True
    #: Whether apps can tell from *text* who speaks.
    has_voices: bool = False
    #: As the file states it; empty when it does not.
    language: str = ""
    faults: tuple[Finding, ...] = ()


def format_of(reference: str) -> Format | None:
    """The format that the ending of a path or an address promises; None when it promises none."""
    ending = posixpath.splitext(reference.partition("?")[0].partition("#")[0])[1].lower()
    return _ENDINGS.get(ending)


_ENDINGS: Mapping[str, Format] = {".htm": "html", **{f".{format}": format for format in MIME_TYPES}}


# ----------------------------------------------------------------------------------------------- texts


def plain(text: str) -> str:
    """The text of a cue without marks, its characters as they are."""
    return without_references(_MARK.sub("", text) if "<" in text else text)


def without_references(text: str) -> str:
    """The text of a cue with its characters as they are, and its marks."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in text else text


def escaped(text: str) -> str:
    """Plain *text* as a cue holds it."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def unescaped(text: str) -> str:
    """*text* of HTML or WebVTT with characters in place of the references to them."""
    try:
        return unescape(text).replace("\r", "\n") if "&" in text else text
    except ValueError:  # a number of thousands of digits
        return text


def tidied(text: str) -> str:
    """*text* without blanks around its lines, and without empty ones."""
    if "\n" not in text:
        return text.strip(_BLANKS)
    return "\n".join(line for each in text.split("\n") if (line := each.strip(_BLANKS)))


def joined(before: str, after: str) -> str:
    """Two texts as one: apart by a blank, unless punctuation follows, or they are in a script without blanks."""
    return before + gap(before, after) + after


def gap(before: str, after: str) -> str:
    """What stands between two texts that become one."""
    return "" if _CLOSING.match(after) or is_dense(before[-1:]) or is_dense(after[:1]) else " "


def is_dense(letter: str) -> bool:
    """Whether *letter* is of a script without blanks between words: Chinese, Japanese, and their punctuation."""
    return "\u3000" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or "\uff00" <= letter <= "\uffef"


def ends_sentence(text: str) -> bool:
    """Whether *text* ends where a sentence does."""
    return bool(_SENTENCE_END.search(text[-8:]))


_MARK = re.compile("</?[biu]>")
_BLANKS = " \t\r\f\v\u3000\xa0"
_CLOSING = re.compile(r"[,.!?;:…%)\]\u201d’、。，！？：；」』）】]")
_SENTENCE_END = re.compile(r"[.!?…。！？][)\]\"'’\u201d」』）】]*(?:</[biu]>)*\Z")


@dataclass(slots=True)
class Marked:
    """The text of a cue as it grows: what is bold, italic and underlined gets closed."""

    _parts: list[str] = field(default_factory=list)
    _opened: list[str] = field(default_factory=list)

    def add(self, words: str) -> None:
        self._parts.append(escaped(words))

    def mark(self, tag: str) -> None:
        """Begin or end a mark, as ``b`` or ``/b``; another tag than b, i and u leaves no trace."""
        name = tag.removeprefix("/")
        if tag in ("b", "i", "u") and tag not in self._opened:
            self._opened.append(tag)
            self._parts.append(f"<{tag}>")
        elif tag != name and name in self._opened:
            while name in self._opened:
                self._parts.append(f"</{self._opened.pop()}>")

    def finished(self) -> str:
        return tidied("".join([*self._parts, *(f"</{each}>" for each in reversed(self._opened))]))


# ------------------------------------------------------------------------------------ times and speakers


def closed(cues: Sequence[Cue], open_: Container[int]) -> tuple[Cue, ...]:
    """*cues* with ends for those numbered in *open_*: the start of the next one, else three seconds on."""
    following = (*(cue.start_ms for cue in cues[1:]), 0)
    return tuple(
        cue._replace(end_ms=after if after > cue.start_ms else cue.start_ms + DEFAULT_MS) if number in open_ else cue
        for number, (cue, after) in enumerate(zip(cues, following, strict=False))
    )


def called(name: str, voices: Voices) -> str:
    """What the person called *name* is called in the project; *name* itself for a stranger."""
    name = " ".join(name.split())
    return voices.get(folded(name), name)


@lru_cache(maxsize=256)
def folded(name: str) -> str:
    """*name* as names are compared: whatever its capital letters, blanks and normal form."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def has_label(text: str) -> bool:
    """Whether *text* begins with what may be a name and a colon."""
    return bool(_LABEL.match(text))


def turns(payload: str, voices: Voices, speaker: str) -> Iterator[tuple[str, str]]:
    """*payload* by speaker: a line may begin with a name and a colon, which holds until another one comes.

    A label that is nobody's name is text; whoever spoke before it may not be speaking now.
    """
    if ":" not in payload and "：" not in payload:
        yield speaker, payload
        return
    turn: list[str] = []
    for number, line in enumerate(payload.split("\n")):
        label = _LABEL.match(line)
        name = voices.get(folded(label[1])) if label else None
        if label and name:
            yield speaker, "\n".join(turn)
            speaker, turn = name, [line[label.end() :]]
            continue
        speaker = "" if label and number == 0 else speaker
        turn.append(line)
    yield speaker, "\n".join(turn)


#: A name, and a colon with a blank behind it; the colon of a Japanese keyboard needs none.
_LABEL = re.compile(r"([^:：\n]{1,60})(?::(?=[ \t\u3000]|$)|：)[ \t\u3000]*", re.MULTILINE)
