"""What the pages of the rules about chapters do not show: where silence is right, and where a fault stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from podfeed.check.chapter import chapter_file_missing
from podfeed.check.registry import Context
from podfeed.diagnostics import Diagnostic
from podfeed.model import ChaptersFacts, Config, Episode
from podfeed.read.lock import Lock

Told = Callable[..., tuple[Diagnostic, ...]]

JSON = '{{"version": "1.2.0", "chapters": [\n {{"startTime": 0, "title": "Ebb"}},\n {}\n]}}'


def rules(told: tuple[Diagnostic, ...]) -> list[str]:
    """The rules about chapters that were told, sorted by place."""
    return [each.rule for each in told if each.rule.startswith(("chapter-", "field-", "setting-", "header-", "text-"))]


def places(told: tuple[Diagnostic, ...], rule: str) -> list[tuple[str, int, str]]:
    """Where *rule* was told: file, line, and the words below the caret."""
    return [
        (each.path, each.position.line, each.excerpt[each.position.column - 1 :][: each.position.width])
        for each in told
        if each.rule == rule
    ]


@pytest.mark.parametrize(
    "chapters",
    [
        pytest.param("[0:00 海, '00:05 鐘、三分前']", id="lines"),
        pytest.param("[{time: ０：００, title: 海}, {time: 5, title: 鐘}]", id="groups"),
        pytest.param("\n  - 00:00: Ebb\n  - 00:03: Slack\n  - 00:06: Flood", id="a colon behind the time"),
        pytest.param('\n  - 00:00:00 Wind: a talk\n  - {time: 5.5, title: "#2", hidden: yes}', id="a colon in a line"),
        pytest.param("|\n  (00:00) 海\n  - 00:05 – 鐘", id="a text of several lines"),
        pytest.param("https://pier.example/ebb.json", id="an address"),
        pytest.param("", id="nothing"),
    ],
)
def test_spelling_of_a_list_is_understood(told: Told, chapters: str) -> None:
    """Nothing is said of lists as people write them, but that the example's ten seconds are short."""
    assert set(rules(told(header={"chapters": chapters}))) <= {"chapter-too-short"}


@pytest.mark.parametrize(
    ("chapters", "rule", "words"),
    [
        ("[0:00 Ebb, Flood]", "chapter-start-invalid", "Flood"),
        ("[{time: 0:00, title: Ebb}, {time: at 5, title: Flood}]", "chapter-start-invalid", "at 5"),
        ("[{time: 0:00, title: Ebb}, {title: Flood}]", "chapter-start-invalid", "{title: Flood}"),
        ("[{time: 0:05, title: Ebb, end: 0:04}]", "chapter-end-invalid", "0:04"),
        ("[0:05 Ebb, 0:04 Flood]", "chapter-out-of-order", "0:04 Flood"),
        ("[{time: 0:00, title: Ebb, name: ebb}]", "setting-unknown", "ebb"),
        ("[{time: 0:00, title: Ebb, hidden: perhaps}]", "field-not-true-or-false", "perhaps"),
        ("[{time: 0:00, title: [Ebb]}]", "field-not-text", "title"),
        ("[{time: 0:00, title: Ebb, link: ebb.example}]", "chapter-link-invalid", "ebb.example"),
        (
            '[{time: 0:00, title: Ebb, image: "http://a.example/b.jpg"}]',
            "chapter-picture-insecure",
            '"http://a.example/b.jpg"',
        ),
        ("[[0:00, Ebb]]", "chapter-start-invalid", "[0:00, Ebb]"),
        ("{0:00: Ebb, 0:05: Flood}", "field-not-list", "chapters"),
        ("[0:00 Ebb, 0:12 Flood]", "chapter-after-end", "0:12 Flood"),
        ("[{time: 0:00, title: Ebb}, {time: 0:12, title: Flood}]", "chapter-after-end", "0:12"),
        (f"[0:00 {'x' * 41}]", "chapter-title-too-long", f"0:00 {'x' * 41}"),
        ("[0:00]", "chapter-without-title", "0:00"),
        ("[{time: 0:00, title: Ebb, image: /config.yaml}]", "chapter-picture-unusable", "/config.yaml"),
    ],
)
def test_fault_in_a_header_stands_at_its_value(told: Told, chapters: str, rule: str, words: str) -> None:
    """The caret is below what is to be changed, and one fault is told once."""
    found = told(header={"chapters": chapters})

    assert places(found, rule) == [("episodes/1.md", 7, words)]
    assert [each for each in rules(found) if each != "chapter-too-short"] == [rule]


@pytest.mark.parametrize(
    ("chapter", "rule", "words"),
    [
        ('{"startTime": 12, "title": "Flood"}', "chapter-after-end", "Flood"),
        (f'{{"startTime": 5, "title": "{"x" * 41}"}}', "chapter-title-too-long", "x" * 41),
        ('{"startTime": 5, "title": "Flood", "img": "b.jpg"}', "chapter-picture-unusable", "Flood"),
        ('{"startTime": "5", "title": "Flood"}', "chapter-start-invalid", '"5"'),
    ],
)
def test_fault_in_a_file_stands_in_the_file(told: Told, chapter: str, rule: str, words: str) -> None:
    """Whoever made the chapters in another program finds the place there."""
    found = told(files={"audio/good.chapters.json": JSON.format(chapter)})

    assert places(found, rule) == [("audio/good.chapters.json", 3, words)]
    (one,) = [each for each in found if each.rule == rule]
    assert one.stops == ("radio" if one.severity == "error" else "")


def test_fault_in_the_file_of_a_draft_stops_nothing(told: Told) -> None:
    """It is told all the same; and an episode can choose to live with what is no error."""
    broken = {"audio/good.chapters.json": JSON.format('{"startTime": "5"}')}
    long = {"audio/good.chapters.json": JSON.format(f'{{"startTime": 5, "title": "{"x" * 41}"}}')}

    drafted = [each for each in told(header={"draft": "true"}, files=broken) if each.rule == "chapter-start-invalid"]
    quiet = told(header={"ignore": "{chapter-title-too-long: it is a quotation}"}, files=long)

    assert [each.stops for each in drafted] == [""]
    assert "chapter-title-too-long" not in rules(quiet)


def test_chapters_that_start_with_the_sound_are_not_late(told: Told) -> None:
    """Less than a second of silence is none; a hidden chapter in front changes nothing."""
    early = told(header={"chapters": '[{time: "0.9", title: Ebb}]'})
    hidden = told(header={"chapters": "[{time: 0:00, hidden: true}, 0:03 Slack]"})

    assert "chapter-list-begins-late" not in rules(early)
    assert "chapter-list-begins-late" in rules(hidden)


def test_hidden_chapters_need_no_title(told: Told) -> None:
    """They only change the picture: no list shows them, and no list is too long by them."""
    hidden = ", ".join(f"{{time: '{n}', hidden: true, title: {'x' * 50}}}" for n in range(1, 9))

    assert rules(told(header={"chapters": f"[0:00 Ebb, {hidden}]"})) == []


@pytest.mark.parametrize(
    ("notes", "told_of"),
    [
        pytest.param("0:00 潮\n0:03 鐘\n", ["chapter-stamps-ignored"], id="two"),
        pytest.param("0:00 潮\n0:06 鐘\n0:03 氷\n", ["chapter-stamps-ignored"], id="out of order"),
        pytest.param("0:00 潮\n0:03 鐘\n0:06 氷\n", ["chapter-too-short"], id="three"),
        pytest.param("0:00 集合。おくれないように。\n", [], id="one"),
        pytest.param("10:00 開場\n11:00 開演\n", [], id="a timetable"),
        pytest.param("本編は 0:00 から 0:30 までです。\n", [], id="inside a sentence"),
    ],
)
def test_notes_with_times_are_judged_with_care(told: Told, notes: str, told_of: list[str]) -> None:
    """Only what is meant for chapters, and what apps leave out, is told."""
    header = (
        "---\ntitle: Tides\ndate: 2025-06-02 05:00:00 +0900\naudio_file_path: /audio/good.mp3\ndescription: Hi.\n---\n"
    )

    assert rules(told(files={"episodes/1.md": header + notes})) == told_of


def test_sources_that_say_the_same_are_quiet(told: Told) -> None:
    """A second of difference, blanks, and hidden chapters are none; the file is what another program made of them."""
    header = "[0:00 Ebb, {time: 0:02, hidden: true}, {time: 0:03.9, title: Slack  water}, 0:06 Flood]"
    text = "0.0\t0.0\tEbb\n3.5\t3.5\tSlack water\n6.4\t6.4\tFlood\n"

    found = told(
        header={"chapters": header, "description": "|\n  0:00 Ebb\n  0:03 Slack water\n  0:06 Flood"},
        files={"audio/good.labels.txt": text},
    )

    assert "chapter-sources-disagree" not in rules(found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0:00 Ebb\n", "2 against 1"),
        ("0:00 Ebb\n0:05 Flood\n", "chapter 2 starts at 00:03 against 00:05"),
        ("0:00 Ebb\n0:03 Flut\n", "chapter 2 is called “Flood” against “Flut”"),
    ],
)
def test_sources_that_differ_are_both_named(told: Told, text: str, words: str) -> None:
    """The host learns which two, and how they differ."""
    found = told(header={"chapters": "[0:00 Ebb, 0:03 Flood]"}, files={"audio/good.chapters.txt": text})

    (one,) = [each for each in found if each.rule == "chapter-sources-disagree"]
    assert one.message == f"the chapters in the header and in “audio/good.chapters.txt” differ: {words}"


@pytest.mark.parametrize(
    "picture", ["artwork/renamed.png", "artwork/picture.gif", "artwork/cut.jpg", "artwork/nowhere.jpg"]
)
def test_picture_that_apps_do_not_show_is_told(told: Told, picture: str) -> None:
    """JPEG and PNG under their own names are what apps take."""
    assert rules(told(header={"chapters": f"[{{time: 0:00, title: Ebb, image: /{picture}}}]"})) == [
        "chapter-picture-unusable"
    ]


def test_episode_that_waits_for_its_audio_is_not_measured(told: Told) -> None:
    """Without a length nothing is after the end."""
    found = told(
        header={"chapters": "[0:00 Ebb, 9:00 Flood]", "audio_file_path": "https://pier.example/a.mp3"},
        now=datetime(2025, 1, 1, tzinfo=UTC),
    )

    assert "chapter-after-end" not in rules(found)


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("/audio/Good.chapters.txt", "“audio/Good.chapters.txt” is not there", "write “/audio/good.chapters.txt”"),
        ("/chapters/ebb.json", "“chapters/ebb.json” is not there", "check folder"),
        ("../../ebb.json", "“../../ebb.json” does not lie in the project", "check folder"),
    ],
)
def test_file_that_is_not_there_is_told(told: Told, path: str, message: str, hint: str) -> None:
    """Case counts, and so does the folder."""
    found = told(header={"chapters": path}, files={"audio/good.chapters.txt": "0:00 Ebb\n"})

    (one,) = [each for each in found if each.rule == "chapter-file-missing"]
    assert one.message == message
    assert one.hint.startswith(hint)


def test_file_that_cannot_be_opened_is_told() -> None:
    """A file that is there and may not be read lists nothing."""
    episode = Episode(path="episodes/1.md", digest="", chapters_file="audio/ebb.chapters.txt")
    facts = {"audio/ebb.chapters.txt": ChaptersFacts(size_bytes=0, trouble="permission denied")}
    context = Context(config=Config(), facts=facts, lock=Lock(), now=datetime(2026, 1, 1, tzinfo=UTC))

    (found,) = chapter_file_missing(episode, context)

    assert found.message == "“audio/ebb.chapters.txt” cannot be read: permission denied"
