"""Chapters are read from every spelling, to the millisecond; what is wrong is told at its place."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from podfeed.diagnostics import Finding
from podfeed.model import Chapter
from podfeed.read.chapter_files import MAX_BYTES, MAX_CHAPTERS, MAX_FAULTS, measure, read
from podfeed.read.chapters import are_chapters, moment, time_stamps, with_stamps_apart
from podfeed.read.json_places import places
from podfeed.read.source import UNPRINTABLE
from podfeed.render.chapters import clock, json_file, vtt_file

LENGTH = timedelta(hours=100)


def at(seconds: float, title: str, **values: object) -> Chapter:
    """A chapter that begins so many seconds from the start."""
    return Chapter(start=timedelta(seconds=seconds), title=title, **values)  # type: ignore[arg-type]


def chapters(text: str) -> tuple[Chapter, ...]:
    """The chapters of a file that has no fault."""
    found, faults = read(text.encode())
    assert faults == ()
    return found


def fault(text: str | bytes) -> tuple[str, int, int]:
    """The one fault of a file: its rule, its line and its column."""
    _, (found,) = read(text if isinstance(text, bytes) else text.encode())
    assert found.position
    return found.rule, found.position.line, found.position.column


# -------------------------------------------------------------------------------------------- formats

EBB_AND_FLOOD = (at(0, "引き潮"), at(62.5, "Flood & <foam>"))

FORMATS = [
    pytest.param(
        '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "引き潮"},'
        ' {"startTime": 62.5, "title": "Flood & <foam>"}]}',
        id="jsonChapters",
    ),
    pytest.param(
        '<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">'
        '<psc:chapter start="0" title="引き潮"/>'
        '<psc:chapter start="00:01:02.500" title="Flood &amp; &lt;foam>"/></psc:chapters>',
        id="Podlove Simple Chapters",
    ),
    pytest.param(
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:p="http://podlove.org/simple-chapters"><channel><item>'
        '<title>Tides</title><p:chapters><p:chapter start="0:00" title="引き潮"/>'
        '<p:chapter start="1:02.5" title="Flood &amp; &lt;foam&gt;"/></p:chapters></item></channel></rss>',
        id="Podlove Simple Chapters in a feed",
    ),
    pytest.param(
        "00:00:00.000 引き潮\r\n## a remark\r\n\r\n00:01:02.500 Flood & <foam>\r\n",
        id="mp4chaps",
    ),
    pytest.param("0.000000\t0.000000\t引き潮\n62.500000\t62.500000\tFlood & <foam>\n", id="labels of Audacity"),
    pytest.param("0,0\t0,0\t引き潮\n\\\t100,0\t200,0\n62,5\t62,5\tFlood & <foam>\n", id="labels with decimal commas"),
]


@pytest.mark.parametrize("text", FORMATS)
def test_format_is_known_by_its_content(text: str) -> None:
    """Nobody has to say what a file is; a byte order mark is no part of it."""
    assert chapters(text) == EBB_AND_FLOOD
    assert chapters("\ufeff" + text) == EBB_AND_FLOOD


def test_webvtt_has_chapters() -> None:
    """Each cue is a chapter; notes, styles, ids, settings and marks are none."""
    text = (
        "WEBVTT - chapters\n\nNOTE\nthe sea\n\nSTYLE\n::cue { color: blue }\n\n"
        "first\n00:00.000 --> 01:02.500 line:0\n<b>引き潮</b>\n\n"
        "00:01:02.500 --> 00:02:00.000\nFlood &amp;\n&lt;foam&gt;"
    )

    assert chapters(text) == (
        at(0, "引き潮", end=timedelta(seconds=62.5)),
        at(62.5, "Flood & <foam>", end=timedelta(minutes=2)),
    )


def test_all_of_json_is_read() -> None:
    """Links, pictures, ends and hidden chapters; what podfeed does not use does no harm."""
    text = json.dumps(
        {
            "version": "1.2.0",
            "title": "Tides",
            "waypoints": True,
            "chapters": [
                {"startTime": 0, "endTime": 5.25, "title": " Ebb ", "url": "https://a.example/", "img": "ebb.jpg"},
                {"startTime": 6, "toc": False, "img": "https://a.example/b.png", "location": {"name": "Pier"}},
                {"startTime": 7, "toc": True, "title": "Flood"},
            ],
        }
    )

    assert chapters(text) == (
        at(0, "Ebb", href="https://a.example/", image="ebb.jpg", end=timedelta(seconds=5.25)),
        at(6, "", image="https://a.example/b.png", is_listed=False),
        at(7, "Flood"),
    )


def test_all_of_podlove_is_read() -> None:
    """Links and pictures; a declaration that names another encoding is out of date once the file is UTF-8."""
    text = (
        '<?xml version="1.0" encoding="Shift_JIS"?>\n<c:chapters xmlns:c="http://podlove.org/simple-chapters">'
        '<c:chapter start="0" title="海" href="https://a.example/" image="ebb.jpg"/></c:chapters>'
    )

    assert chapters(text) == (at(0, "海", href="https://a.example/", image="ebb.jpg"),)


# --------------------------------------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('{"version": "1.2.0",\n "chapters": [,]}', ("chapter-file-unreadable", 2, 15), id="broken JSON"),
        pytest.param(
            '{"version": "1.2.0", "chapters":\n[{"startTime": 0}', ("chapter-file-unreadable", 2, 18), id="cut"
        ),
        pytest.param(
            '{"version": "1", "chapters": [\n{"startTime": "61.5"}]}', ("chapter-start-invalid", 2, 15), id="text"
        ),
        pytest.param('{"version": "1", "chapters": [\n {"title": "Ebb"}]}', ("chapter-start-invalid", 2, 2), id="none"),
        pytest.param('{"version": "1", "chapters": [\n\n 12]}', ("chapter-start-invalid", 3, 2), id="a number"),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": -1}]}', ("chapter-start-invalid", 1, 45), id="below 0"
        ),
        pytest.param('{"version": "1", "chapters": [{"startTime": NaN}]}', ("chapter-start-invalid", 1, 45), id="NaN"),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 1e999}]}', ("chapter-start-invalid", 1, 45), id="endless"
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": true}]}', ("chapter-start-invalid", 1, 45), id="true"
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5},\n{"x": {"startTime": 1}, "startTime": 5}]}',
            ("chapter-out-of-order", 2, 38),
            id="twice the same start, beside another value of that name",
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5, "endTime": 5}]}',
            ("chapter-end-invalid", 1, 59),
            id="no end",
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5, "endTime": "9"}]}', ("chapter-end-invalid", 1, 59), id="end"
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5, "\\u0075rl": "http://a.example/"}]}',
            ("chapter-link-invalid", 1, 60),
            id="an insecure link under a name with an escape",
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5, "img": "HTTP://a.example/b.jpg"}]}',
            ("chapter-picture-insecure", 1, 55),
            id="an insecure picture",
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5, "title": "a\\u0000"}]}',
            ("text-control-character", 1, 57),
            id="a control character",
        ),
        pytest.param(
            '{"version": "1", "chapters": [{"startTime": 5, "title": "\\ud800"}]}',
            ("text-control-character", 1, 57),
            id="half a character",
        ),
        pytest.param(
            '<psc:chapters>\n<psc:chapter start="0"', ("chapter-file-unreadable", 1, 1), id="a prefix of nobody"
        ),
        pytest.param(
            '<c:chapters xmlns:c="http://podlove.org/simple-chapters">\n<c:chapter start="soon" title="Ebb"/></c:chapters>',
            ("chapter-start-invalid", 2, 19),
            id="no start in Podlove",
        ),
        pytest.param(
            '<c:chapters xmlns:c="http://podlove.org/simple-chapters">\n<c:chapter start="1" href="a.example"/></c:chapters>',
            ("chapter-link-invalid", 2, 28),
            id="no link in Podlove",
        ),
        pytest.param("WEBVTT\n\n00:05.000 --> 00:03.000\nEbb\n", ("chapter-end-invalid", 3, 1), id="a cue backwards"),
        pytest.param("5.0\t9.0\tEbb\n3.0\t4.0\tFlood\n", ("chapter-out-of-order", 2, 1), id="labels"),
        pytest.param("00:00 Ebb\n\n  later Flood\n", ("chapter-file-unreadable", 3, 3), id="a line without a time"),
        pytest.param("00:00 Ebb\n00:75 Flood", ("chapter-start-invalid", 2, 1), id="75 seconds"),
        pytest.param("00:00 引き潮".encode("cp932"), ("file-not-utf8", 1, 7), id="Shift_JIS"),
        pytest.param("00:00 Ebb".encode("utf-16"), ("file-not-utf8", 1, 1), id="UTF-16"),
    ],
)
def test_fault_stands_at_its_place(text: str | bytes, expected: tuple[str, int, int]) -> None:
    """Editors jump to the value that is wrong, in whatever format."""
    assert fault(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "no chapter", id="nothing"),
        pytest.param("WEBVTT\n", "no chapter", id="no cue"),
        pytest.param('{"version": "1.2.0", "chapters": []}', "no chapter", id="an empty list"),
        pytest.param('<rss version="2.0"><channel/></rss>', "no chapter", id="a feed without chapters"),
        pytest.param("[]", "no list called", id="a list alone"),
        pytest.param('{"version": "1", "chapters": "none"}', "no list called", id="text for a list"),
        pytest.param(
            '{"version": 1, "chapters": [{"startTime": 0}]}', "“version” is no text", id="a number as version"
        ),
        pytest.param('{"chapters": [{"startTime": 0}]}', "“version” is no text", id="no version"),
        pytest.param("[" * 100_000, "too deep", id="JSON without end"),
        pytest.param('{"version": ' + "9" * 5000 + "}", "too long a number", id="a number without end"),
        pytest.param("<!DOCTYPE a>" + "<a>" * 10, "XML cannot be read", id="XML with a DOCTYPE"),
        pytest.param("".join(f"{n}.0\t{n}.0\tx\n" for n in range(MAX_CHAPTERS + 1)), "1001 chapters", id="too many"),
    ],
)
def test_file_that_is_none_of_chapters_is_refused(text: str, words: str) -> None:
    """One sentence says what is missing."""
    _, (found,) = read(text.encode())

    assert found.rule == "chapter-file-unreadable"
    assert words in found.message


def test_file_of_megabytes_is_not_read() -> None:
    """No list of chapters is that long."""
    _, (found,) = read(b" " * (MAX_BYTES + 1))

    assert found.rule == "file-too-large"


def test_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A folder is no file of chapters."""
    facts = measure(tmp_path)

    assert facts.trouble
    assert facts.chapters == ()


def test_faults_of_one_file_are_limited() -> None:
    """Every fault is told where there are few; the list ends where nobody would read on."""
    _, faults = read(b"00:99 x\n" * 500)

    assert len(faults) == MAX_FAULTS


# ----------------------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("62.5", 62.5),
        ("1:02", 62),
        ("01:02.5", 62.5),
        ("00:01:02.500", 62.5),
        ("75:30", 4530),
        ("100:00:00", 360_000),
        (" ０１：０２ ", 62),
        ("1:02,5", 62.5),
        ("0:00.0004", 0),
        ("", None),
        ("1:60", None),
        ("1:60:00", None),
        ("-1", None),
        ("1h2m", None),
        ("1:2:3:4", None),
        ("9999999", None),
    ],
)
def test_moment_is_read(text: str, seconds: float | None) -> None:
    """What is no time is refused, and never taken for 0."""
    assert moment(text) == (None if seconds is None else timedelta(seconds=seconds))


# --------------------------------------------------------------------------------------- time stamps


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("00:00 潮\n01:02 鐘\n1:02:03 氷", id="plain"),
        pytest.param("(0:00) 潮\n(1:02) 鐘\n(1:02:03) 氷", id="in brackets"),
        pytest.param("- 00:00:00 – 潮\n- 00:01:02 – 鐘\n- 01:02:03 – 氷", id="a list"),
        pytest.param("1. 0:00 潮\n2. 1:02 鐘\n3. 1:02:03 氷", id="a numbered list"),
        pytest.param("００：００　潮\n０１：０２　鐘\n０１：０２：０３　氷", id="full-width"),
        pytest.param("0：00、潮\n1：02、鐘\n1：02：03、氷", id="full-width colons"),
        pytest.param("・00:00〜01:02　潮\n・01:02〜　鐘\n・1:02:03　氷", id="from and to"),
        pytest.param("00:00潮\n01:02鐘\n1:02:03氷", id="without a blank"),
        pytest.param("【00:00】潮\n【01:02】鐘\n【1:02:03】氷", id="in Japanese brackets"),
        pytest.param("**00:00** 潮\n**01:02** – 鐘\n- **1:02:03** 氷", id="bold times"),
        pytest.param("00:00 **潮**\n01:02 [鐘](https://a.example/)\n1:02:03 `氷`", id="Markdown in titles"),
        pytest.param("00:00 潮\r\n01:02 鐘\r\n1:02:03 氷\r\n", id="lines of Windows"),
        pytest.param("目次\n\n00:00 潮\nそして\n01:02 鐘\n\n1:02:03 氷\n\n次回は 0:00 から", id="among other lines"),
    ],
)
def test_time_stamps_are_found_as_hosts_write_them(lines: str) -> None:
    """The forms that Spotify and YouTube name, and those of Japanese keyboards."""
    assert time_stamps(lines) == (at(0, "潮"), at(62, "鐘"), at(3723, "氷"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("10:00 doors open\n11:30 concert\n13:00 lunch", id="a timetable"),
        pytest.param("It begins at 0:00 sharp.\nAt 1:02 the bell rings.", id="times inside sentences"),
        pytest.param("比率は 10:00:1 ではない", id="a ratio"),
        pytest.param("0:00", id="a time alone"),
    ],
)
def test_other_times_are_no_time_stamps(text: str) -> None:
    """A timetable or a sentence becomes no list of chapters."""
    assert time_stamps(text) == ()


def test_chapters_need_three_rising_stamps() -> None:
    """As Apple and Spotify want them."""
    first, second, third = at(0, "a"), at(1, "b"), at(2, "c")

    assert are_chapters((first, second, third))
    assert not are_chapters((first, second))
    assert not are_chapters((first, third, second))
    assert not are_chapters((first, second, second))


def test_stamps_get_lines_of_their_own() -> None:
    """Markdown would make one paragraph of them, and apps would find one chapter; text without stamps stays."""
    assert with_stamps_apart("目次\n０：００　潮\n(1:02) 鐘\n2:03 氷\nまた来週\n\n次は１：０２から\n") == (
        "目次  \n0:00　潮  \n(1:02) 鐘  \n2:03 氷  \nまた来週\n\n次は１：０２から"
    )
    assert with_stamps_apart("0:00 a\r\n0:01 b\r\n") == "0:00 a\r\n0:01 b\r\n"


@pytest.mark.parametrize(
    "line", ["0:00" + " " * 300_000, "0:00 " + "[" * 300_000, "- " * 100_000, "0:00 " + "*a" * 9999]
)
def test_long_lines_take_no_long_time(line: str) -> None:
    """A line of notes may be two megabytes; nothing here takes time with its square."""
    assert len(time_stamps(f"{line}\n0:01 a\n0:02 b\n")) in (0, 2, 3)


# ----------------------------------------------------------------------------------------------- laws


def _is_one_line(text: str) -> bool:
    return not UNPRINTABLE.search(text) and text == " ".join(text.split(" ")).strip() and not set(text) & set(_BREAKS)


_BREAKS = "\t\r\n\v\f\x85\u2028\u2029"
titles = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40).filter(
    lambda text: _is_one_line(text) and "  " not in text
)
addresses = st.sampled_from(["", "https://a.example/x?y=1&z=<2>", "https://海.example/道"])


@st.composite
def lists(draw: st.DrawFn, *, full: bool = False) -> tuple[Chapter, ...]:
    """Chapters by time; *full* ones have all that JSON can hold."""
    starts = sorted(draw(st.sets(st.integers(0, 99 * 3_600_000), min_size=1, max_size=12)))
    return tuple(
        Chapter(
            start=timedelta(milliseconds=start),
            title=draw(titles),
            href=draw(addresses) if full else "",
            image=draw(addresses) if full else "",
            end=timedelta(milliseconds=start + draw(st.integers(1, 10**6))) if full and draw(st.booleans()) else None,
            is_listed=not full or draw(st.booleans()),
        )
        for start in starts
    )


def _without_ends(listed: tuple[Chapter, ...]) -> list[tuple[timedelta, str]]:
    return [(each.start, each.title) for each in listed]


@given(lists(full=True))
@example((at(0, "“a”\\n"), at(0.001, "－->")))
def test_json_comes_back_whole(listed: tuple[Chapter, ...]) -> None:
    """What podfeed writes for apps it reads back, to the millisecond and the letter."""
    _, data = json_file(listed)

    assert read(data) == (listed, ())


@given(lists())
@example((at(0, "--> & &amp; <b>"),))
def test_webvtt_comes_back_whole(listed: tuple[Chapter, ...]) -> None:
    """Starts and titles are the same; each cue ends where the next begins."""
    _, data = vtt_file(listed, LENGTH)
    found, faults = read(data)

    assert faults == ()
    assert _without_ends(found) == _without_ends(listed)
    assert [each.end for each in found] == [*(each.start for each in listed[1:]), LENGTH]


@given(lists())
def test_podlove_comes_back_whole(listed: tuple[Chapter, ...]) -> None:
    """What stands in an item of a feed is read back the same."""
    inside = "".join(
        f"<psc:chapter start={quoteattr(clock(each.start))} title={quoteattr(each.title)}/>\n" for each in listed
    )
    text = f'<psc:chapters version="1.2" xmlns:psc="http://podlove.org/simple-chapters">{inside}</psc:chapters>'

    assert read(text.encode()) == (listed, ())


@given(lists())
def test_lines_of_mp4chaps_come_back_whole(listed: tuple[Chapter, ...]) -> None:
    """A title may begin with a dash, a bracket or a time: behind the time it is taken as it stands."""
    text = "".join(f"{clock(each.start)} {each.title}\n" for each in listed)

    assert read(text.encode()) == (listed, ())


@given(lists())
def test_labels_of_audacity_come_back_whole(listed: tuple[Chapter, ...]) -> None:
    """A label that stands at one moment has no end."""
    seconds = [each.start / timedelta(seconds=1) for each in listed]
    text = "".join(f"{at:.6f}\t{at:.6f}\t{each.title}\n" for at, each in zip(seconds, listed, strict=True))

    assert read(text.encode()) == (listed, ())


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_any_file_gets_an_answer(data: bytes) -> None:
    """Chapters or a fault, and no traceback."""
    found, faults = read(data)

    assert found or faults
    assert all(isinstance(each, Finding) for each in faults)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["startTime", "chapters"]), inner),
    max_leaves=20,
)


@given(_json)
def test_any_value_of_json_has_its_place(value: object) -> None:
    """The text between the two ends of a place is the value that stands there."""
    text = json.dumps(value, indent=1)

    for way, (start, end) in places(text).items():
        found = value
        for step in way:
            found = found[step]  # type: ignore[index]
        assert repr(json.loads(text[start:end])) == repr(found)


@given(st.lists(_json, min_size=1))
def test_any_list_of_json_gets_an_answer(listed: list[object]) -> None:
    """However strange the values, each chapter is read or its fault is told."""
    found, faults = read(json.dumps({"version": "1.2.0", "chapters": listed}).encode())

    told = sum(each.rule == "chapter-start-invalid" for each in faults)
    assert len(found) + told == len(listed) or len(faults) == MAX_FAULTS
