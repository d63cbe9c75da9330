"""Where everything about an episode comes from: each value with the line that says so, and why it is public or not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from commands import ROOT, build, podfeed
from conftest import NOW

from podfeed.checking import load_around
from podfeed.enriching import enrich
from podfeed.explaining import Explanation, Row, explain, text
from podfeed.explaining import json as as_json
from podfeed.loading import load
from podfeed.report import width
from podfeed.testing import tiny_jpeg

FILE = "episodes/1.md"
Project = Callable[..., Path]


def explained(root: Path, path: str = FILE, now: datetime = NOW) -> Explanation:
    project, _ = load_around(str(root), [str(root / path)])
    return explain(project, path, now=now)


def row(root: Path, what: str, path: str = FILE) -> Row:
    """The row about *what*."""
    return next(each for each in explained(root, path).rows if each.what == what)


def lines(root: Path, found: Row) -> list[str]:
    """What stands in the lines the row names."""
    texts = {place.path: (root / place.path).read_text("utf-8").splitlines() for place in found.places}
    return [texts[place.path][place.line - 1].strip() for place in found.places]


# ------------------------------------------------------------------------------------------------ rows

TWO_SHOWS = {
    "shows": "\n  radio: {title: Harbour Radio, timezone: Europe/Berlin}\n"
    "  night:\n    title: 夜行\n    match:\n      title: '【夜行】*'",
    "timezone": "Asia/Tokyo",
}


@pytest.mark.parametrize(
    ("changes", "value", "reason", "line"),
    [
        pytest.param({}, "radio", "the only show", "radio:", id="the only show"),
        pytest.param(
            {"header": {"show": "radio"}, "config": TWO_SHOWS}, "radio", "show: radio", "show: radio", id="named"
        ),
        pytest.param(
            {"header": {"title": "【夜行】汽笛"}, "config": TWO_SHOWS},
            "night",
            "match title: 【夜行】*",
            "match:",
            id="matched",
        ),
    ],
)
def test_show_comes_from_a_line(project: Project, changes: dict[str, Any], value: str, reason: str, line: str) -> None:
    """The header names it, or a “match” of config.yaml claims it."""
    root = project(**changes)
    found = row(root, "show")

    assert (found.value, found.reason) == (value, reason)
    assert lines(root, found) == [line]


def test_new_guid_is_made_from_the_name(project: Project) -> None:
    """And it is the one that the first release will have."""
    root = project()
    found = row(root, "guid")
    build(root)

    assert found.reason == "made from the file's name; podfeed.lock keeps it from the first release on"
    assert found.places == ()
    assert found.value in (root / "podfeed.lock").read_text("utf-8")


def test_published_guid_comes_from_the_lock(project: Project) -> None:
    """With its line there, also when the file has another name now."""
    root = project(header={"guid": None})
    build(root)
    kept = row(root, "guid")
    (root / FILE).rename(root / "episodes/海辺.md")
    renamed = row(root, "guid", "episodes/海辺.md")

    assert kept.reason == "kept from its first release"
    assert renamed.reason == "kept from its first release as episodes/1.md"
    assert kept.value == renamed.value
    assert [place.path for place in renamed.places] == ["podfeed.lock"]
    assert kept.value in lines(root, renamed)[0]


def test_written_guid_has_both_lines(project: Project) -> None:
    """The file says it, and the lock remembers it, whatever show has a guid like it."""
    root = project(header={"guid": "radio"})
    build(root)
    found = row(root, "guid")

    assert (found.value, found.reason) == ("radio", "written in the file")
    assert lines(root, found)[0] == "guid: radio"
    assert lines(root, found)[1].startswith('episode {"show": "radio", "path": "episodes/1.md", "guid": "radio"')


@pytest.mark.parametrize(
    ("changes", "value", "reason", "expected"),
    [
        pytest.param(
            {},
            "2025-06-02 05:00:00 +0900",
            "written in the file",
            ["date: 2025-06-02 05:00:00 +0900"],
            id="with its offset",
        ),
        pytest.param(
            {"header": {"date": "2025-06-02 05:00"}},
            "2025-06-02 05:00:00 +0900",
            "the offset is that of Asia/Tokyo",
            ["date: 2025-06-02 05:00", "timezone: Asia/Tokyo"],
            id="in the show's zone",
        ),
        pytest.param(
            {"header": {"date": "2025-06-02 05:00"}, "show": {"timezone": None}, "config": {"timezone": "Asia/Seoul"}},
            "2025-06-02 05:00:00 +0900",
            "the offset is that of Asia/Seoul",
            ["date: 2025-06-02 05:00", "timezone: Asia/Seoul"],
            id="in the project's zone",
        ),
        pytest.param(
            {"header": {"date": "soon"}}, "", "there is none that can be read", ["date: soon"], id="unreadable"
        ),
        pytest.param({"header": {"date": None}}, "", "there is none that can be read", [], id="missing"),
    ],
)
def test_date_comes_with_its_offset(
    project: Project, changes: dict[str, Any], value: str, reason: str, expected: list[str]
) -> None:
    """Either the file writes it, or a time zone in config.yaml gives it."""
    root = project(**changes)
    found = row(root, "date")

    assert (found.value, found.reason, lines(root, found)) == (value, reason, expected)


def test_published_date_stays_where_the_file_leaves_the_offset_open(project: Project) -> None:
    """Another time zone in config.yaml does not move what was published."""
    root = project(header={"date": "2025-06-02 05:00"})
    build(root)
    config = root / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("Asia/Tokyo", "Europe/Berlin"), "utf-8")
    found = row(root, "date")

    assert found.value == "2025-06-02 05:00:00 +0900"
    assert found.reason == "the date of its first release, for the file does not say its offset"
    assert [place.path for place in found.places] == [FILE, "podfeed.lock"]


def test_title_and_description_are_found_in_any_spelling(project: Project) -> None:
    """“summary” is the description too."""
    root = project(header={"title": "潮の満ち引き", "description": None, "summary": "海の話。"})

    assert (row(root, "title").value, lines(root, row(root, "title"))) == ("潮の満ち引き", ["title: 潮の満ち引き"])
    assert (row(root, "description").value, lines(root, row(root, "description"))) == (
        "海の話。",
        ["summary: 海の話。"],
    )


def test_description_is_taken_from_the_notes(project: Project) -> None:
    """With the line where they begin; without notes there is none."""
    header = "title: T\ndate: 2025-06-02 05:00:00 +0900\naudio_file_path: /audio/good.mp3\n"
    with_notes = project(files={FILE: f"---\n{header}---\n\n\nThe moon *pulls*.\n"})
    without = project(files={FILE: f"---\n{header}---\n"})

    found = row(with_notes, "description")
    assert (found.value, found.reason) == ("The moon pulls.", "the beginning of the notes")
    assert lines(with_notes, found) == ["The moon *pulls*."]
    assert row(without, "description") == Row("description", "", "there is none, and no notes to take it from")


def test_audio_is_measured_remembered_or_stated(project: Project) -> None:
    """The resolved path, and who says how long it is."""
    root = project()
    measured = row(root, "audio")
    enrich(load(root))
    (root / "audio/good.mp3").unlink()
    remembered = row(root, "audio")
    far = {"audio_file_path": "https://cdn.example/a.mp3", "audio_file_size": "1000", "duration": "01:05"}
    stated = row(project(header=far), "audio")

    assert re.fullmatch(r"measured: \d+ bytes, 00:[0-9]{2}", measured.reason)
    assert measured.value == remembered.value == "audio/good.mp3"
    assert lines(root, measured) == ["audio_file_path: /audio/good.mp3"]
    assert remembered.reason == measured.reason.replace("measured", "measured before, and not in this checkout")
    assert (stated.value, stated.reason) == (
        "https://cdn.example/a.mp3",
        "not measured; the file says: 1000 bytes, 01:05",
    )


LISTED = "00:00 Ebb\n\n00:03 Slack\n\n00:06 Flood\n"
BESIDE = {"audio/good.chapters.txt": LISTED}
IN_NOTES = {FILE: f"---\naudio_file_path: /audio/good.mp3\n---\n{LISTED}"}


@pytest.mark.parametrize(
    ("changes", "value", "reason", "line"),
    [
        (
            {"header": {"chapters": "[0:00 Ebb]"}, "files": BESIDE},
            "1 chapter",
            "written in the file",
            "chapters: [0:00 Ebb]",
        ),
        (
            {"header": {"chapters": "/audio/good.chapters.txt"}, "files": BESIDE},
            "3 chapters",
            "from the file that “chapters” names",
            "chapters: /audio/good.chapters.txt",
        ),
        ({"files": {**BESIDE, **IN_NOTES}}, "3 chapters", "from the file beside the audio", "00:00 Ebb"),
        ({"files": IN_NOTES}, "3 chapters", "time stamps in the notes", "00:00 Ebb"),
    ],
)
def test_chapters_say_which_list_counts(
    project: Project, changes: dict[str, Any], value: str, reason: str, line: str
) -> None:
    """There may be several; the row names the one that everything is made of."""
    root = project(**changes)
    found = row(root, "chapters")

    assert (found.value, found.reason, lines(root, found)) == (value, reason, [line])


def test_transcripts_are_told_and_so_are_their_errors(project: Project) -> None:
    """An error in a transcript is one of the episode that names it, a draft's too."""
    root = project(header={"transcripts": "[1.vtt]", "draft": "true"}, files={"episodes/1.vtt": "no transcript"})

    assert row(root, "transcripts").value == "episodes/1.vtt"
    assert [each.path for each in explained(root).errors] == ["episodes/1.vtt"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/audio/none.mp3", "there is no such file"),
        ("https://cdn.example/a.mp3", "nobody has measured it"),
        ("/audio/empty.mp3", "it is empty"),
    ],
)
def test_audio_that_cannot_be_used_says_why(project: Project, path: str, reason: str) -> None:
    """In the words of whoever looked at it."""
    assert row(project(header={"audio_file_path": path}), "audio").reason == reason


def test_picture_is_its_own_or_the_cover(project: Project, tmp_path: Path) -> None:
    """The one that apps will show."""
    for name, side in (("own", 1400), ("tiny", 300)):
        tiny_jpeg(tmp_path / f"{name}.jpg", side)
    files = {f"images/{name}.jpg": (tmp_path / f"{name}.jpg").read_bytes() for name in ("own", "tiny")}

    def found(**header: str) -> tuple[str, str, list[str]]:
        root = project(header=header, files=files)
        image = row(root, "image")
        return image.value, image.reason, lines(root, image)

    cover = "artwork: artwork/cover.jpg"
    assert found() == ("artwork/cover.jpg", "the show's cover", [cover])
    assert found(image="/images/own.jpg") == (
        "images/own.jpg",
        "the episode's own picture",
        ["image: /images/own.jpg"],
    )
    assert found(thumbnail_url="/images/own.jpg") == (
        "images/own.jpg",
        "the picture of its page, which is square and large enough",
        ["thumbnail_url: /images/own.jpg"],
    )
    assert found(image_url="/images/tiny.jpg") == (
        "artwork/cover.jpg",
        "the show's cover, for the episode's own picture is no square of 1400 pixels or more",
        ["image_url: /images/tiny.jpg", cover],
    )


@pytest.mark.parametrize(
    ("header", "show", "address", "reason", "expected"),
    [
        ({}, {}, "radio/1/", "the show's pattern, with the name of the file", ["radio:"]),
        (
            {"slug": "海辺"},
            {"permalink": "/p/{slug}/"},
            "p/%E6%B5%B7%E8%BE%BA/",
            "the show's pattern, with “slug”",
            ["slug: 海辺", "permalink: /p/{slug}/"],
        ),
        ({"permalink": "/tides/"}, {}, "tides/", "as “permalink” says", ["permalink: /tides/"]),
    ],
)
def test_page_has_its_address_from_a_pattern(
    project: Project, header: dict[str, str], show: dict[str, str], address: str, reason: str, expected: list[str]
) -> None:
    """A line of config.yaml, the file's name, or what the header says."""
    root = project(header=header, show=show)
    found = row(root, "page")

    assert (found.value, found.reason) == (f"https://radio.podfeed.example/{address}", reason)
    assert lines(root, found) == expected


def test_explicit_is_its_own_or_inherited(project: Project) -> None:
    """What the show says holds for every episode that says nothing."""
    inherited, own, unsaid = project(), project(header={"explicit": "yes"}), project(show={"explicit": None})

    assert (row(inherited, "explicit").value, lines(inherited, row(inherited, "explicit"))) == (
        "false",
        ["explicit: false"],
    )
    assert (row(own, "explicit").value, lines(own, row(own, "explicit"))) == ("true", ["explicit: yes"])
    assert row(unsaid, "explicit").value == ""


def test_people_have_their_names_from_config(project: Project) -> None:
    """As apps print them; whoever is nobody is left out, and told as an error."""
    config = {"actors": "{ada: {name: 潮見トロ}, bo: {}}"}
    root = project(header={"actor_ids": "[ada, bo, nobody]"}, config=config)
    found = row(root, "people")

    assert found.value == "潮見トロ and bo"
    assert lines(root, found) == ["actor_ids: [ada, bo, nobody]", "actors: {ada: {name: 潮見トロ}, bo: {}}"]
    assert "actor-unknown" in {each.rule for each in explained(root).errors}
    assert [each.what for each in explained(project(header={"actor_ids": None})).rows if each.what == "people"] == []


# ----------------------------------------------------------------------------------------------- states


@pytest.mark.parametrize(
    ("header", "kind", "state"),
    [
        pytest.param({}, "episode", "it is due: the next build publishes it", id="due"),
        pytest.param({"draft": "true"}, "draft", "it is a draft, and stays out until it is none", id="draft"),
        pytest.param(
            {"published": "false"}, "draft", "it is a draft, and stays out until it is none", id="not published"
        ),
        pytest.param(
            {"date": "2099-01-01 05:00:00 +0900"},
            "scheduled",
            "it waits: the first build after 2099-01-01 05:00:00 +0900 brings it out",
            id="scheduled",
        ),
        pytest.param(
            {"audio_file_path": None},
            "article",
            "it is due: without audio it has a page, and is in no feed",
            id="article",
        ),
        pytest.param(
            {"audio_file_path": None, "date": "2099-01-01 05:00:00 +0900"},
            "article",
            "it waits: the first build after 2099-01-01 05:00:00 +0900 brings it out",
            id="article that waits",
        ),
        pytest.param({"date": None}, "episode", "it is left out: it has no date", id="without a date"),
        pytest.param(
            {"audio_file_path": None, "duration": "10:00"},
            "episode",
            "it is left out: it names no audio",
            id="without its audio",
        ),
        pytest.param(
            {"explicit": "maybe"},
            "episode",
            "it is due, and the errors below keep its show from being built",
            id="with an error",
        ),
        pytest.param(
            {"description": "a: b"},
            "faulty",
            "it is left out until it is mended: “: ” stands inside an unquoted value",
            id="faulty",
        ),
        pytest.param(
            {"show": "televison"}, "faulty", "it is left out until it is mended: no show “televison”", id="no show"
        ),
    ],
)
def test_state_says_why(project: Project, header: dict[str, str | None], kind: str, state: str) -> None:
    """One sentence for each way of being public, or not."""
    files = {"episodes/2.md": "---\ntitle: Waves\ndate: 2025-01-01 00:00:00 Z\naudio: /audio/other.mp3\n---\n"}
    found = explained(project(header=header, files=files))

    assert (found.kind, found.state) == (kind, state)
    assert found.is_public is state.startswith("it is due")


def test_what_is_published_says_so(project: Project) -> None:
    """From the first build on; and for good that it was withdrawn."""
    root = project()
    build(root)
    published = explained(root)
    (root / "episodes/2.md").write_text("---\ntitle:\naudio: /audio/other.mp3\n---\n", "utf-8")
    stopped = explained(root)
    (root / "episodes/2.md").unlink()
    podfeed(root, "withdraw", FILE)
    withdrawn = explained(root)

    assert (published.state, published.is_public) == ("it is published", True)
    assert (stopped.state, stopped.is_public) == ("it is published, and the errors below keep its show as it is", True)
    assert (withdrawn.state, withdrawn.is_public) == ("it was withdrawn, and stays out of the feed", False)


def test_skipped_file_says_why_and_nothing_else(project: Project) -> None:
    """It is nobody's episode: there is nothing to ask of it."""
    found = explained(project(files={"episodes/memo.md": "# memo\n"}), "episodes/memo.md")

    assert (found.kind, found.rows, found.errors) == ("skipped", (), ())
    assert found.state == "podfeed leaves it alone: its first line is neither “---” nor “+++”"


def test_errors_are_its_own_and_those_that_stop_its_show(project: Project) -> None:
    """Whoever asks why an episode is not out learns that another file keeps it; a draft is kept by nobody."""
    broken = "---\ntitle:\ndate: 2025-01-01 00:00:00 Z\naudio: /audio/other.mp3\n---\n"
    due = explained(project(files={"episodes/2.md": broken}))
    draft = explained(project(header={"draft": "true", "season": "two"}, files={"episodes/2.md": broken}))

    assert [(each.path, each.rule) for each in due.errors] == [("episodes/2.md", "episode-title-missing")]
    assert [(each.path, each.rule) for each in draft.errors] == [(FILE, "episode-season-invalid")]


def test_faulty_file_tells_what_can_be_read(project: Project) -> None:
    """One broken line does not hide the others."""
    found = explained(project(header={"description": "a: b"}))

    assert {each.what for each in found.rows} >= {"show", "title", "date", "audio"}
    assert next(each for each in found.rows if each.what == "title").value == "Tides"
    assert "header-unreadable" in {each.rule for each in found.errors}


# ---------------------------------------------------------------------------------------------- telling


def test_text_is_straight_in_any_script(project: Project) -> None:
    """Values stand below one another, and the origin of each below it, with its lines."""
    root = project(header={"title": "潮の満ち引き"})

    told = text(explained(root)).splitlines()

    assert told[:3] == [FILE, "it is due: the next build publishes it", ""]
    start = told[3].index("radio")
    assert told[3:5] == [f"{'show':{start}}radio", f"{'':{start}}the only show (config.yaml:4)"]
    assert f"{'title':{start}}潮の満ち引き" in told
    assert all(line[:start].strip() == "" or line[start - 1] == " " for line in told[3:])


def test_long_value_is_cut(project: Project) -> None:
    """A description fills one line, in columns of a terminal, and nothing in it moves the cursor."""
    root = project(header={"description": f'"{"海辺の話。" * 40}"', "title": '"a\\x9b2Jb"'})
    told = text(explained(root)).splitlines()
    line = next(each for each in told if each.startswith("description"))

    assert line.endswith("…")
    assert 90 < width(line.removeprefix("description").strip()) <= 100
    assert "\x9b" not in "".join(told)


def test_text_ends_with_the_errors(project: Project) -> None:
    """As `podfeed check` tells them."""
    told = text(explained(project(header={"season": "two"})))

    assert re.search(r"\n\nepisodes/1\.md:\d+:9: error: “season”.*\[episode-season-invalid\]\n", told)


def test_json_is_described(project: Project) -> None:
    """Every key is on the page, and every value is there in full."""
    root = project(header={"season": "two", "description": "x" * 500})
    page = (ROOT / "docs/reference/json.md").read_text("utf-8").split("## podfeed explain\n")[1].split("\n## ")[0]
    found = json.loads(as_json(explained(root)))

    keys = {*found, *found["rows"][0], *found["rows"][0]["places"][0]}
    assert {key for key in keys if f"`{key}`" not in page} == set()
    assert {row["what"] for row in found["rows"] if f"`{row['what']}`" not in page} == set()
    assert "x" * 500 in [row["value"] for row in found["rows"]]
    assert found["errors"][0]["rule"] == "episode-season-invalid"


def test_command_explains_one_file(project: Project) -> None:
    """From any folder of the project; anything but an episode's file is no use."""
    root = project()

    told = podfeed(root / "episodes", "explain", "1.md", "--now", "2025-01-01T00:00:00Z")
    folder = podfeed(root, "explain", "config.yaml")

    assert "it waits: the first build after 2025-06-02 05:00:00 +0900 brings it out" in told.stdout
    assert told.returncode == 0
    assert (folder.returncode, folder.stderr) == (
        2,
        "podfeed: “config.yaml” is not one Markdown file below episodes/\n",
    )
