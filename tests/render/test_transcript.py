"""Transcripts from one format to the others: each pitfall on the way, and what is published of what is given."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from podfeed.model import Actor, TranscriptFacts
from podfeed.read.cues import Cue, Format, Reading, plain
from podfeed.read.transcript import read, voices_of
from podfeed.render.transcript import digests, paragraphs, versions, within, written

SPECIFICATION = Path(__file__).parents[3] / "shared/spec/feed-specification.md"
VOICES = voices_of([Actor(id="ada", name="Ada"), Actor(id="bo", name="Bo"), Actor(id="toro", name="潮見トロ")])


def reading(format: Format, text: str | bytes) -> Reading:
    """*text* as it is read; it is a transcript."""
    found = read(text if isinstance(text, bytes) else text.encode(), format, VOICES)
    assert isinstance(found, Reading)
    return found


def told(format: Format, text: str | bytes) -> set[str]:
    """The rules that *text* breaks."""
    found = read(text if isinstance(text, bytes) else text.encode(), format, VOICES)
    return {fault.rule for fault in (found.faults if isinstance(found, Reading) else (found,))}


def converted(source: Format, text: str | bytes, to: Format) -> str:
    return written(reading(source, text), to).decode()


def srt(*payloads: str) -> str:
    """SubRip with one cue for each of *payloads*, a second long."""
    return "\n".join(
        f"{number}\n00:00:{number:02},000 --> 00:00:{number + 1:02},000\n{payload}\n"
        for number, payload in enumerate(payloads, 1)
    )


def vtt(*payloads: str) -> str:
    """The same in WebVTT."""
    cues = (f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{payload}\n" for n, payload in enumerate(payloads, 1))
    return "\n".join(["WEBVTT\n", *cues])


def segments(*words: tuple[float, float | None, str] | tuple[float, float | None, str, str]) -> str:
    """JSON with a segment for each start, end, text, and speaker."""
    names = ("startTime", "endTime", "body", "speaker")
    found = [{name: value for name, value in zip(names, word, strict=False) if value is not None} for word in words]
    return json.dumps({"version": "1.0.0", "segments": found}, ensure_ascii=False)


# -------------------------------------------------------------------------------------------- pitfalls

#: A row of feed-specification.md, section 6.1, “Pitfalls in conversion”: from, to, source, and what comes out.
CONVERSIONS: dict[str, list[tuple[Format, str, Format, str]]] = {
    'comma to dot only inside time lines; text may hold "1,000"': [
        ("srt", srt("It costs 1,000 yen"), "vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nIt costs 1,000 yen\n"),
    ],
    "raw `&` and `<` in text become markup": [
        (
            "srt",
            srt("Fish & chips < <b>5</b> <font color=red>€</font>"),
            "vtt",
            vtt("Fish &amp; chips &lt; <b>5</b> €"),
        ),
        ("srt", srt("&amp; is no reference here"), "vtt", vtt("&amp;amp; is no reference here")),
        ("srt", srt("<i>left open"), "vtt", vtt("<i>left open</i>")),
    ],
    "text that holds `-->`": [
        ("srt", srt("A --> B"), "vtt", vtt("A → B")),
        ("vtt", vtt("A --&gt; B"), "srt", srt("A → B")),
    ],
    "blank line inside a cue ends the cue": [
        ("srt", srt("First\n\n  \nsecond"), "vtt", vtt("First\nsecond")),
        ("srt", srt("First\n\nsecond", "third"), "srt", srt("First\nsecond", "third")),
    ],
    '"Ada: " prefixes should become `<v Ada>` only if Ada is a known speaker of the episode; "Note: " is not one': [
        ("srt", srt("Ada: Hello"), "vtt", vtt("<v Ada>Hello")),
        (
            "srt",
            srt("ADA: Hello", "and so on", "Bo: Yes\nADA: No"),
            "vtt",
            vtt("<v Ada>Hello", "<v Ada>and so on", "<v Bo>Yes\n<v Ada>No"),
        ),
        ("srt", srt("Note: hello"), "vtt", vtt("Note: hello")),
        ("srt", srt("Ada: Hello", "Cem: And you?"), "vtt", vtt("<v Ada>Hello", "Cem: And you?")),
        ("srt", srt("潮見トロ：おはよう"), "vtt", vtt("<v 潮見トロ>おはよう")),
        ("srt", srt("toro: おはよう"), "vtt", vtt("<v 潮見トロ>おはよう")),
        ("vtt", vtt("Ada: Hello"), "srt", srt("Ada: Hello")),
        ("vtt", vtt("Ada: Hello", "[Bo] Yes"), "json", segments((1, 2, "Hello", "Ada"), (2, 3, "[Bo] Yes", "Ada"))),
    ],
    "Windows-1252/Shift_JIS, BOM, CRLF, missing last newline, counters repeated": [
        ("srt", "\ufeff" + srt("Sea", "Land").replace("\n", "\r\n").rstrip(), "srt", srt("Sea", "Land")),
        ("srt", srt("Sea").replace("\n", "\r"), "vtt", vtt("Sea")),
        ("srt", srt("Sea", "Land").replace("\n2\n", "\n1\n"), "srt", srt("Sea", "Land")),
        ("srt", srt("Sea").replace(",000", ".000"), "srt", srt("Sea")),
    ],
    "hours missing, identifiers, NOTE/STYLE, settings, `<v>`, entities, overlapping cues": [
        (
            "vtt",
            "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:1\n\nNOTE one\ntwo\n\nintro\n00:01.000 --> 00:02.000 align:start\n"
            "<v.loud Ada>Fish &amp; <c.x>chips</c> &lt;&nbsp;5</v>\n\nNOTE\n\n00:01.500 --> 00:03.000\n<00:01.600>Over",
            "srt",
            "1\n00:00:01,000 --> 00:00:02,000\nAda: Fish & chips <\xa05\n\n2\n00:00:01,500 --> 00:00:03,000\nOver\n",
        ),
        ("vtt", vtt("<ruby>海<rt>うみ</rt></ruby>"), "srt", srt("海（うみ）")),
    ],
    "a `<v>` span applies to its cue only; two voices in one cue are legal": [
        ("vtt", vtt("<v Ada>Hello</v> <v bo>Hi", "nobody"), "srt", srt("Ada: Hello\nBo: Hi", "nobody")),
    ],
    "one segment per **word**: merging needed (≤ 65 characters, ≤ 5 s, break at sentence ends and speaker changes)": [
        (
            "json",
            segments(
                (0, 1, "The", "Ada"),
                (1, 2, "sea", "Ada"),
                (2, 3, ",", "Ada"),
                (3, 4, "follows.", "Ada"),
                (4, 5, "So?", "Ada"),
                (5, 6, "Yes", "Bo"),
            ),
            "srt",
            "1\n00:00:00,000 --> 00:00:04,000\nAda: The sea, follows.\n\n2\n00:00:04,000 --> 00:00:05,000\nSo?\n\n"
            "3\n00:00:05,000 --> 00:00:06,000\nBo: Yes\n",
        ),
        (
            "json",
            segments((0, 1, "海"), (1, 2, "の"), (2, 3, "話"), (3, 4, "。"), (4, 5, "次")),
            "vtt",
            "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n海の話。\n\n00:00:04.000 --> 00:00:05.000\n次\n",
        ),
    ],
    "`endTime` absent: use next start or + 3 s, never beyond the audio": [
        (
            "json",
            segments((0, None, "The sea"), (7, None, "the land")),
            "vtt",
            "WEBVTT\n\n00:00:00.000 --> 00:00:07.000\nThe sea\n\n00:00:07.000 --> 00:00:10.000\nthe land\n",
        ),
    ],
    "milliseconds by float rounding (1.9995 → `00:00:01.1000`)": [
        ("json", segments((1.9995, 2.0005, "The sea")), "vtt", "WEBVTT\n\n00:00:02.000 --> 00:00:02.001\nThe sea\n"),
        ("json", segments((59.9996, 3599.9999, "The sea")), "srt", "1\n00:01:00,000 --> 01:00:00,000\nThe sea\n"),
    ],
    "`<time>` format is free text (`0:09`, `00:00:09`)": [
        (
            "html",
            "<h1>Tides</h1><cite>Ada:</cite><time>0:09</time><p>The <em>sea</em></p><p>follows</p>"
            "<cite>Bo:</cite> <time> 00:00:12 </time><p>5 &lt; 6</p><script>alert(1)</script>",
            "vtt",
            "WEBVTT\n\n00:00:09.000 --> 00:00:12.000\n<v Ada>The <i>sea</i>\nfollows\n\n00:00:12.000 --> 00:00:15.000\n<v Bo>5 &lt; 6\n",
        ),
    ],
}

#: The same rows, and what is told.
FAULTS: dict[str, list[tuple[Format, str | bytes, str]]] = {
    "Windows-1252/Shift_JIS, BOM, CRLF, missing last newline, counters repeated": [
        ("srt", srt("café").encode("cp1252"), "file-not-utf8"),
        ("srt", srt("海").encode("cp932"), "file-not-utf8"),
        ("srt", srt("Sea", "Land").replace("\n2\n", "\n1\n"), "transcript-srt-untidy"),
        ("srt", srt("Sea").replace(",000", ".000"), "transcript-srt-untidy"),
    ],
    "blank line inside a cue ends the cue": [
        ("srt", srt("First\n\nsecond"), "transcript-srt-untidy"),
        ("vtt", vtt("First\n\nsecond"), "transcript-text-outside-cue"),
    ],
    "`WEBVTT` must be the first six bytes after an optional BOM and be followed by space, tab or line end: "
    "`WEBVTT-FILE` is invalid; file without blank line after header is invalid": [
        ("vtt", vtt("Sea").replace("WEBVTT", "WEBVTT-FILE"), "transcript-header-invalid"),
        ("vtt", "\n" + vtt("Sea"), "transcript-header-invalid"),
        ("vtt", vtt("Sea").replace("WEBVTT\n\n", "WEBVTT\n"), "transcript-header-invalid"),
    ],
    "times over 99 h, negative, or in `MM:SS` with MM > 59": [
        ("vtt", vtt("Sea").replace("00:00:02", "100:00:02"), "transcript-time-invalid"),
        ("vtt", vtt("Sea").replace("00:00:01", "-00:01"), "transcript-time-invalid"),
        ("vtt", vtt("Sea").replace("00:00:02", "60:02"), "transcript-time-invalid"),
        ("srt", srt("Sea").replace("00:00:02", "100:00:02"), "transcript-time-invalid"),
        ("srt", srt("Sea").replace("00:00:02", "00:60:02"), "transcript-time-invalid"),
        ("json", segments((-1, 2, "Sea")), "transcript-json-invalid"),
        ("json", segments((1, 360_000, "Sea")), "transcript-json-invalid"),
        ("html", "<time>1:60:00</time><p>Sea</p>", "transcript-time-invalid"),
        ("html", "<time>100:00:00</time><p>Sea</p>", "transcript-time-invalid"),
        ("html", "<time>60:00</time><p>Sea</p>", "transcript-time-invalid"),
    ],
    "text that holds `-->`": [("vtt", vtt("A --> B"), "transcript-markup-wrong")],
    "raw `&` and `<` in text become markup": [
        ("vtt", vtt("Fish & chips"), "transcript-markup-wrong"),
        ("vtt", vtt("5 < 6"), "transcript-markup-wrong"),
        ("vtt", vtt("<blink>Sea"), "transcript-markup-wrong"),
    ],
}
#: Rows that need an episode around them: tests/check/test_transcript_rules.py.
ELSEWHERE = {
    'last cue longer than the audio; loops of one repeated line; "Thanks for watching" on silence',
    "voices need `<v`; labels in brackets are plain text to it",
    "cue times drift from the file the listener hears",
}


@pytest.mark.parametrize(
    ("source", "text", "to", "expected"),
    [pytest.param(*case, id=row) for row, cases in CONVERSIONS.items() for case in cases],
)
def test_pitfall_is_avoided(source: Format, text: str, to: Format, expected: str) -> None:
    """What comes out is what was said, where and by whom it was said."""
    made = converted(source, text, to)

    if to == "json":
        assert json.loads(made) == json.loads(expected)
    else:
        assert made == expected


@pytest.mark.parametrize(
    ("source", "text", "rule"), [pytest.param(*case, id=row) for row, cases in FAULTS.items() for case in cases]
)
def test_pitfall_is_told(source: Format, text: str | bytes, rule: str) -> None:
    """What cannot be read for sure is said, and nothing else."""
    assert told(source, text) == {rule}


def test_every_pitfall_of_the_specification_is_tried() -> None:
    """Each row of the table has a case of its own words."""
    if not SPECIFICATION.exists():
        pytest.skip("the specification is kept beside the project")
    table = SPECIFICATION.read_text("utf-8").split("Pitfalls in conversion:")[1].split("### 6.2")[0]
    rows = re.findall(r"^\| [^|]+ \| ([^|]+?) \| [^|]+ \|$", table, re.MULTILINE)

    assert set(rows) - {"Pitfall"} == {*CONVERSIONS, *FAULTS, *ELSEWHERE}


# -------------------------------------------------------------------------------------- what is published


def test_end_that_was_guessed_stays_within_the_sound() -> None:
    """Three seconds behind the last words may be more than there is."""
    found = reading("json", segments((0, 7, "The sea"), (7, None, "follows on")))

    assert within(found, timedelta(seconds=8)).cues[-1].end_ms == 8000
    assert within(found, timedelta(seconds=60)).cues[-1].end_ms == 10_000
    assert within(found, timedelta(seconds=5)).cues[-1].end_ms == 7001
    assert within(found, timedelta()) == found


def test_end_that_is_stated_stays() -> None:
    """It is for a rule to say that it lies behind the sound."""
    found = reading("json", segments((0, 9, "The sea")))

    assert within(found, timedelta(seconds=5)) == found


def test_speaker_of_a_segment_holds_until_another_is_named() -> None:
    """A segment without a speaker is said by the one before; an empty name is nobody's."""
    found = reading("json", segments((0, 1, "The sea", "ada"), (1, 2, "the land"), (2, 3, "a sound", "")))

    assert [cue.speaker for cue in found.cues] == ["Ada", "Ada", ""]
    assert [each.get("speaker") for each in json.loads(written(replace(found, format="vtt"), "json"))["segments"]] == [
        "Ada",
        "Ada",
        "",
    ]


def test_segment_of_no_length_lasts_until_the_next() -> None:
    """WebVTT has no cue without a length."""
    found = reading("json", segments((0, 0, "The sea"), (4, 9, "the land")))

    assert [cue.end_ms for cue in found.cues] == [4000, 9000]


def test_phrases_are_not_put_together() -> None:
    """Only a file of single words is one that a program made of words."""
    found = reading("json", segments((0, 1, "The sea"), (1, 2, "the land"), (2, 3, "the sky")))

    assert len(found.cues) == 3


@pytest.mark.parametrize("format", ["vtt", "json"])
def test_file_goes_out_as_it_was_given(format: Format) -> None:
    """Notes, styles and whatever else its author put there: only line ends and the byte order mark are made alike."""
    given = {"vtt": "WEBVTT\n\nNOTE mine\n\n00:01.000 --> 00:02.000 line:0\nSea", "json": segments((0, 1, "Sea"))}[
        format
    ]

    assert converted(format, "\ufeff" + given.replace("\n", "\r\n") + "\r\n\r\n", format) == given + "\n"


def test_html_goes_out_without_what_is_no_speech() -> None:
    """A script in a transcript would run on the site's own pages."""
    given = "<html lang=en><script>alert(1)</script><p onclick=x>The <b>sea</b> <img src=x onerror=y>follows</p>"

    assert (
        converted("html", given, "html")
        == '<!DOCTYPE html>\n<meta charset="utf-8">\n<title>Transcript</title>\n<p>The <b>sea</b> follows</p>\n'
    )


def test_html_names_who_speaks_and_when() -> None:
    """Captions become paragraphs of one speaker."""
    text = vtt("<v Ada>The moon", "<v Ada>pulls.", "<v Bo>潮が", "<v Bo>満ちる。", "Wind")

    assert converted("vtt", text, "html").splitlines()[3:] == [
        *("<cite>Ada:</cite>", "<time>0:01</time>", "<p>The moon pulls.</p>"),
        *("<cite>Bo:</cite>", "<time>0:03</time>", "<p>潮が満ちる。</p>"),
        *("<hr>", "<time>0:05</time>", "<p>Wind</p>"),
    ]


def test_paragraph_ends_with_a_long_pause_and_a_long_text() -> None:
    """Nobody reads an hour in one paragraph."""
    sentence = "The sea follows the moon. " * 4
    cues = [Cue(n * 1000, n * 1000 + 900, "", sentence.strip()) for n in range(6)]
    pause = [Cue(20_000, 21_000, "", "Then")]

    lengths = [len(each.text) for each in paragraphs(Reading(format="vtt", cues=(*cues, *pause)))]

    assert lengths == [311, 311, 4]


def test_plain_text_has_no_times() -> None:
    """Text and HTML are what can be made of it."""
    found = reading("txt", "Ada: The sea\nfollows.\n\n\n潮見トロ：海。\n")

    assert [(cue.speaker, plain(cue.text)) for cue in found.cues] == [
        ("Ada", "The sea\nfollows."),
        ("潮見トロ", "海。"),
    ]
    assert digests(found).keys() == {"html", "txt"}
    assert written(found, "html").decode().splitlines()[3:] == [
        *("<cite>Ada:</cite>", "<p>The sea follows.</p>"),
        *("<cite>潮見トロ:</cite>", "<p>海。</p>"),
    ]


def test_html_without_times_becomes_text() -> None:
    """Its paragraphs stay apart."""
    assert converted("html", "<p><cite>Ada</cite>The sea</p><p>follows</p>", "txt") == "Ada: The sea\n\nAda: follows\n"


def _facts(format: str, *made: str) -> TranscriptFacts:
    types = {"vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json", "txt": "text/plain"}
    return TranscriptFacts(size_bytes=1, mime_type=types[format], made={each: f"{format}-as-{each}" for each in made})


TIMED = ("vtt", "srt", "json", "html")
FACTS = {
    "a.vtt": _facts("vtt", *TIMED),
    "a.srt": _facts("srt", *TIMED),
    "a.json": _facts("json", *TIMED),
    "a.txt": _facts("txt", "html", "txt"),
}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param(["a.srt"], ["vtt srt-as-vtt", "srt srt-as-srt", "json srt-as-json", "html srt-as-html"], id="one"),
        pytest.param(
            ["a.json", "a.srt"], ["vtt srt-as-vtt", "srt srt-as-srt", "json json-as-json", "html srt-as-html"], id="two"
        ),
        pytest.param(["a.txt"], ["html txt-as-html", "txt txt-as-txt"], id="text"),
        pytest.param(
            ["a.txt", "a.vtt"],
            ["vtt vtt-as-vtt", "srt vtt-as-srt", "json vtt-as-json", "html vtt-as-html", "txt txt-as-txt"],
            id="text and captions",
        ),
        pytest.param(
            ["https://cdn.podfeed.example/1.srt?x=1", "a.txt"],
            ["srt ", "html txt-as-html", "txt txt-as-txt"],
            id="one elsewhere",
        ),
        pytest.param(["http://cdn.podfeed.example/1.srt", "lost.vtt", "https://cdn.podfeed.example/x"], [], id="none"),
    ],
)
def test_missing_formats_are_made_of_the_best(named: list[str], expected: list[str]) -> None:
    """WebVTT before SubRip before JSON before HTML; what is given is made of nothing else."""

    def digest(source: str, format: str) -> str:
        return FACTS[source].made[format]

    found = versions(((each, "en") for each in named), FACTS, digest)

    assert [f"{each.format} {each.sha256}" for each in found] == expected


def test_each_language_has_its_files() -> None:
    """A file's name says which, and never leads elsewhere."""
    found = list(versions([("a.txt", "ja"), ("a.txt", "../de")], FACTS, lambda source, format: "0123456789"))

    assert [each.name for each in found] == [
        "transcript.ja.01234567.html",
        "transcript.ja.01234567.txt",
        "transcript.---de.01234567.html",
        "transcript.---de.01234567.txt",
    ]
