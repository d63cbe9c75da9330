"""Laws of transcripts: none makes a reader raise or linger, and what one format holds comes back from another."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podfeed.model import Actor
from podfeed.read.cues import MIME_TYPES, Cue, Format, Reading, escaped, has_label, tidied
from podfeed.read.source import UNPRINTABLE
from podfeed.read.transcript import read, voices_of
from podfeed.render.transcript import digests, paragraphs, written

VOICES = voices_of([Actor(id="ada", name="Ada"), Actor(id="bo", name="Bo & Co"), Actor(id="toro", name="潮見トロ")])
NAMES = ("Ada", "Bo & Co", "潮見トロ")
FORMATS = tuple(MIME_TYPES)

# ------------------------------------------------------------------------------------------ round trips

#: What SubRip takes for markup: it cannot hold these as text.
_MARKUP = re.compile(r"</?(?:[biu]>|font)|\{\\an", re.IGNORECASE)


def _is_holdable(line: str) -> bool:
    """Whether WebVTT and SubRip alike can hold *line* as it is.

    No control characters, no blanks around it, nothing that SubRip takes for markup; no arrow, which stands for times
    in both; and no name with a colon in front, for that is how SubRip says who speaks.
    """
    is_text = tidied(line) == line != "" and not UNPRINTABLE.search(line)
    return is_text and "-->" not in line and not has_label(line) and not _MARKUP.search(line)


_SIGNS = "&<>{}-:,1海。b/"
_WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(_SIGNS), max_size=8)
_END = st.sampled_from(_SIGNS)
_LINE = st.tuples(_END, _WORD, st.just(" "), _WORD, _END).map("".join).filter(_is_holdable).map(escaped)
_MARKED = st.tuples(st.sampled_from("biu"), _LINE).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>")
#: The text of a cue: lines of several words, some of them bold, in italics or underlined.
_TEXT = st.lists(_LINE | _MARKED, min_size=1, max_size=2).map("\n".join)


@st.composite
def transcripts(draw: st.DrawFn) -> tuple[Cue, ...]:
    """Cues by time, some of them said by two at once; from one cue on everybody is named.

    In SubRip a name holds until the next one: it cannot say that somebody nameless speaks then.
    """
    cues: list[Cue] = []
    start_ms, is_named = 0, False
    for _ in range(draw(st.integers(1, 6))):
        start_ms += draw(st.integers(1, 5_000_000))
        end_ms = start_ms + draw(st.integers(1, 100_000))
        is_named = is_named or draw(st.booleans())
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)) if is_named else [""]
        cues += [Cue(start_ms, end_ms, name, draw(_TEXT)) for name in names]
    return tuple(cues)


def _there_and_back(cues: tuple[Cue, ...], one: Format, other: Format) -> tuple[bytes, bytes, tuple[Cue, ...]]:
    """A file of *cues* in *one* format, the same by way of the *other*, and the cues that were read on the way."""
    first = written(Reading(format="txt", cues=cues), one)
    between = _read(written(_read(first, one), other), other)
    return first, written(between, one), between.cues


def _read(data: bytes, format: Format) -> Reading:
    reading = read(data, format, VOICES)
    assert isinstance(reading, Reading) and not reading.faults
    return reading


def _keeps_all(cues: tuple[Cue, ...], one: Format, other: Format) -> None:
    first, last, between = _there_and_back(cues, one, other)

    assert between == cues
    assert last == first


def _keeps_words(cues: tuple[Cue, ...]) -> None:
    """JSON has no italics."""
    cues = tuple(cue._replace(text=re.sub("</?[biu]>", "", cue.text)) for cue in cues)
    _keeps_all(cues, "json", "vtt")


@settings(max_examples=100)
@given(transcripts())
def test_webvtt_comes_back_from_subrip(cues: tuple[Cue, ...]) -> None:
    """Times to the millisecond, who speaks, and every character."""
    _keeps_all(cues, "vtt", "srt")


@settings(max_examples=100)
@given(transcripts())
def test_subrip_comes_back_from_webvtt(cues: tuple[Cue, ...]) -> None:
    """The same the other way."""
    _keeps_all(cues, "srt", "vtt")


@settings(max_examples=100)
@given(transcripts())
def test_json_comes_back_from_webvtt(cues: tuple[Cue, ...]) -> None:
    """The same for JSON of phrases; single words are put together to lines, and stay so."""
    _keeps_words(cues)


@pytest.mark.full
@given(transcripts())
def test_formats_give_back_thousands_of_transcripts(cues: tuple[Cue, ...]) -> None:
    """The three laws above, on as many as the large figures ask for."""
    _keeps_all(cues, "vtt", "srt")
    _keeps_all(cues, "srt", "vtt")
    _keeps_words(cues)


# --------------------------------------------------------------------------------------------- any text

_PIECES = st.sampled_from(
    [
        *("WEBVTT", "\n", "\n\n", "\r\n", "1\n", "00:00:01,000 --> 00:00:02,000\n", "00:01.000 --> 00:02.000\n", "-->"),
        *(
            "NOTE",
            "<v Ada>",
            "</v>",
            "<b>",
            "</b>",
            "<i",
            "<rt>",
            "&amp;",
            "&#9999999999;",
            "&#xD800;",
            "&#13;",
            "Ada: ",
        ),
        *('{"version": "1.0.0", "segments": [', '{"startTime": 1, "body": "a"}', "]}", '"', "\\ud800", "1e999", ","),
        *("<p>", "</p>", "<cite>", "</cite>", "<time>0:09</time>", "<time>", "<!--", "-->", "<script>", "{\\an8}"),
        *("\0", "\x0b", "\x85", "\u2028", "\u3000", "\ufeff", "99999999999:00:00.000", "：", "海"),
    ]
)
_ANY = st.lists(_PIECES | st.text(max_size=5), max_size=40).map("".join)


def _survives(data: bytes, format: Format) -> None:
    """Whatever *data* is, it is read, told of, and written in every format it can have."""
    found = read(data, format, VOICES)

    if isinstance(found, Reading):
        digests(found)
        list(paragraphs(found))
        assert all(cue.text and cue.text == tidied(cue.text) for cue in found.cues)
        assert all(0 <= cue.start_ms <= 360_000_000 for cue in found.cues)


@pytest.mark.parametrize("format", FORMATS)
@given(text=_ANY)
def test_no_text_makes_a_reader_raise(format: Format, text: str) -> None:
    """Faults are told; nothing an author can write is an error of podfeed's."""
    start = {"vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n", "json": '{"version": "1", "segments": [{"startTime": '}
    _survives(text.encode("utf-8", "surrogatepass"), format)
    _survives((start.get(format, "") + text).encode("utf-8", "surrogatepass"), format)


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.binary())
def test_no_bytes_make_a_reader_raise(format: Format, data: bytes) -> None:
    """Nor anything else that may lie in a file."""
    _survives(data, format)


@pytest.mark.parametrize(
    ("format", "start", "piece"),
    [
        pytest.param("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<", id="tags that begin"),
        pytest.param("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<b><i>", id="tags in tags"),
        pytest.param("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "<x>", id="unknown tags"),
        pytest.param("vtt", "WEBVTT\n\n", "x\n\n", id="text outside"),
        pytest.param("vtt", "WEBVTT\n\n", "00:01.000 --> 00:02.000\n", id="times alone"),
        pytest.param("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "a ", id="a long line"),
        pytest.param("srt", "1\n00:00:01,000 --> 00:00:02,000\n", "a \n\n", id="empty lines"),
        pytest.param("srt", "1\n00:00:01,000 --> 00:00:02,000\nAda", " ", id="blanks before a colon"),
        pytest.param("srt", "", "0:", id="endless times"),
        pytest.param("srt", "", "9", id="an endless number"),
        pytest.param("json", "", "[", id="lists in lists"),
        pytest.param("json", '{"version": "1", "segments": [', "{},", id="empty segments"),
        pytest.param("json", '{"version": "1", "segments": [{"startTime": ', "9", id="an endless number in JSON"),
        pytest.param("html", "<p>", "<!--", id="comments that begin"),
        pytest.param("html", "<time>0:09</time>", "<p>a", id="paragraphs"),
        pytest.param("html", "<p>", "<b>a", id="marks"),
        pytest.param("html", "<p>", "&#9", id="references"),
        pytest.param("txt", "", "a\n", id="lines"),
        pytest.param("txt", "", "a\n\n", id="paragraphs of text"),
        pytest.param("txt", "", "\n ", id="blank lines"),
    ],
)
def test_no_transcript_takes_long(format: Format, start: str, piece: str) -> None:
    """Twice as much of anything takes about twice as long."""

    def seconds(size: int) -> float:
        data = (start + piece * (size // len(piece))).encode()
        began = time.process_time()
        _survives(data, format)
        return time.process_time() - began

    small, large = min(seconds(20_000) for _ in range(3)), seconds(160_000)

    assert large < max(small, 0.004) * 8 * 6
