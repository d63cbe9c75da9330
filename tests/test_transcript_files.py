"""Transcripts in a build: which files go out, who names them, and that nothing leaves before its time."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from commands import NOW, PODCAST, build, tree
from lxml import etree

from podfeed.building import build as files_of
from podfeed.errors import TargetError
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.testing import example_project, tiny_mp3

SITE = "https://radio.podfeed.example"
WEBVTT = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ada>The moon <b>pulls</b>,\n\n00:04.000 --> 00:09.000\nthe sea follows & 2 < 3.\n"
TEXT = "Ada: <script>alert(1)</script>\n\nThe sea follows.\n"


def _project(folder: Path, files: dict[str, str], **header: str) -> Path:
    """A project whose episode names *files* of the folder ``t``, unless *header* says otherwise."""
    named = f"[{', '.join(f'/t/{name}' for name in files)}]"
    texts = {f"t/{name}": text for name, text in files.items()}
    return example_project(folder, header={"transcripts": named, **header}, files=texts)


def _tags(folder: Path) -> list[dict[str, str]]:
    """The attributes of each ``podcast:transcript`` in the feed, in its order."""
    tags = etree.parse(folder / "public/radio/feed.xml").iter(f"{PODCAST}transcript")
    return [{str(name): str(value) for name, value in each.items()} for each in tags]


def _transcripts(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(folder / "public").items() if "/transcript." in path}


def _page(folder: Path) -> Any:
    return etree.HTML((folder / "public/radio/1/index.html").read_bytes())


def test_feed_names_every_format_that_is_there(tmp_path: Path) -> None:
    """WebVTT first; those with times are captions; each address leads to a file named by its bytes."""
    folder = _project(tmp_path, {"1.vtt": WEBVTT})

    build(folder)

    tags = _tags(folder)
    assert [(each["type"], each["language"], each.get("rel")) for each in tags] == [
        ("text/vtt", "en", "captions"),
        ("application/x-subrip", "en", "captions"),
        ("application/json", "en", None),
        ("text/html", "en", None),
    ]
    for each in tags:
        data = (folder / "public" / each["url"].removeprefix(f"{SITE}/")).read_bytes()
        assert hashlib.sha256(data).hexdigest()[:8] in each["url"]
    assert len(_transcripts(folder)) == len(tags)


def test_feed_with_transcripts_is_free_of_faults(tmp_path: Path) -> None:
    """By podfeed's own rules about feeds, which know what Apple reads."""
    folder = _project(tmp_path, {"1.vtt": WEBVTT, "1.txt": TEXT})

    build(folder)

    found = lint((folder / "public/radio/feed.xml").read_bytes(), "feed.xml", now=NOW)
    assert [each for each in found if each.severity != "info"] == []


def test_transcript_elsewhere_is_named_as_it_is(tmp_path: Path) -> None:
    """Nothing is fetched, and nothing made of it."""
    address = "https://cdn.podfeed.example/1.srt"
    folder = _project(tmp_path, {}, transcripts=f"[{{path: '{address}', language: ja}}]")

    build(folder)

    expected = {"url": address, "type": "application/x-subrip", "language": "ja", "rel": "captions"}
    assert _tags(folder) == [expected]
    assert _transcripts(folder) == {}


def test_page_has_captions_and_words(tmp_path: Path) -> None:
    """A track for players, and the text to be read; what its author wrote is text there and never markup."""
    folder = _project(tmp_path, {"1.vtt": WEBVTT, "1.txt": TEXT})

    build(folder)

    page = _page(folder)
    (track,) = page.xpath("//audio/track[@kind='captions']")
    assert (folder / "public/radio/1" / track.get("src")).resolve().read_text("utf-8") == WEBVTT
    assert (track.get("srclang"), track.get("label")) == ("en", "English")
    (words,) = page.xpath("//details[@class='transcript']/div[@lang='en']")
    assert words.xpath("p/b/text()") == ["Ada"]
    assert " ".join(words.xpath("string()").split()) == "Ada The moon pulls, the sea follows & 2 < 3."
    assert page.xpath("//body//script") == []


def test_text_of_an_author_is_no_markup_on_the_page(tmp_path: Path) -> None:
    """Nor in the HTML made of it."""
    folder = _project(tmp_path, {"1.txt": TEXT})

    build(folder)

    (html,) = (data for path, data in _transcripts(folder).items() if path.endswith(".html"))
    assert b"<script" not in html
    assert _page(folder).xpath("//body//script") == []
    assert _page(folder).xpath("//details[@class='transcript']//p[1]/text()") == [" <script>alert(1)</script>"]


def test_video_has_a_player_for_video(tmp_path: Path) -> None:
    """A browser paints captions on a picture only."""
    video = {"audio_file_path": "https://cdn.podfeed.example/1.mp4", "audio_file_size": "1000", "duration": '"00:10"'}
    folder = _project(tmp_path, {"1.vtt": WEBVTT}, **video)

    build(folder)

    assert len(_page(folder).xpath("//video/track")) == 1
    assert _page(folder).xpath("//audio") == []


def test_episode_without_transcript_has_nothing_of_it(tmp_path: Path) -> None:
    """Neither its page nor the feed."""
    folder = example_project(tmp_path)

    build(folder)

    assert _tags(folder) == []
    assert _page(folder).xpath("//track | //details[@class='transcript']") == []


@pytest.mark.parametrize(
    "header", [{"draft": "true"}, {"date": "2099-01-01 00:00:00 +0000"}], ids=["draft", "scheduled"]
)
def test_transcript_does_not_leave_before_its_episode(tmp_path: Path, header: dict[str, str]) -> None:
    """No file of it is there, and no byte of what is said in it."""
    folder = _project(tmp_path, {"1.vtt": WEBVTT.replace("moon", "Titanic")}, **header)

    build(folder)

    assert _transcripts(folder) == {}
    assert not [path for path, data in tree(folder / "public").items() if b"Titanic" in data]


def test_corrected_transcript_has_another_name(tmp_path: Path) -> None:
    """Apps keep a file for ever: what changes is published anew, and the old one goes."""
    folder = _project(tmp_path, {"1.vtt": WEBVTT})
    build(folder)
    before = _transcripts(folder)

    (folder / "t/1.vtt").write_text(WEBVTT.replace("pulls", "draws"), "utf-8")
    outcome = build(folder)

    after = _transcripts(folder)
    assert len(after) == len(before) == 4
    assert after.keys().isdisjoint(before)
    assert {each.path for each in outcome.changes if each.action == "update"} >= {
        "radio/1/index.html",
        "radio/feed.xml",
    }
    assert build(folder).changes == ()


def test_name_of_a_speaker_changes_with_the_project(tmp_path: Path) -> None:
    """What is made of SubRip depends on who config.yaml knows."""
    subrip = "1\n00:00:00,000 --> 00:00:09,000\nBo: The sea follows.\n"
    folder = _project(tmp_path, {"1.srt": subrip})
    build(folder)
    (before,) = (data for path, data in _transcripts(folder).items() if path.endswith(".vtt"))

    example_project(folder, header={"transcripts": "/t/1.srt"}, config={"actors": "{ada: {name: Ada}, bo: {name: Bo}}"})
    build(folder)

    (after,) = (data for path, data in _transcripts(folder).items() if path.endswith(".vtt"))
    assert b"\nBo: The sea follows.\n" in before
    assert b"\n<v Bo>The sea follows.\n" in after


def test_guessed_end_is_within_the_sound(tmp_path: Path) -> None:
    """The file is named by what it really holds."""
    json = '{"version": "1.0.0", "segments": [{"startTime": 9, "body": "The sea follows"}]}'
    folder = _project(tmp_path, {"1.json": json})

    build(folder)

    ((path, data),) = ((path, data) for path, data in _transcripts(folder).items() if path.endswith(".vtt"))
    assert b"00:00:09.000 --> 00:00:10.005" in data
    assert hashlib.sha256(data).hexdigest()[:8] in path


def test_transcript_that_changes_meanwhile_is_not_published(tmp_path: Path) -> None:
    """A name stands for the bytes that were read."""
    folder = _project(tmp_path, {"1.vtt": WEBVTT})
    files = files_of(load(folder), now=NOW)
    (folder / "t/1.vtt").write_text(WEBVTT.replace("pulls", "draws"), "utf-8")

    (file,) = (each for path, each in files.items() if path.endswith(".srt"))

    assert callable(file.content)
    with pytest.raises(TargetError, match=r"1\.vtt” changed since it was measured"):
        file.content()


def test_two_episodes_may_share_a_transcript(tmp_path: Path) -> None:
    """Each has its own copy beside its page; what is wrong in it is told once."""
    second = "---\ntitle: Waves\ndate: 2025-06-09 05:00:00 +0900\naudio_file_path: /audio/waves.mp3\ntranscripts: /t/1.vtt\n---\n"
    folder = _project(tmp_path, {"1.vtt": WEBVTT})
    (folder / "episodes/2.md").write_text(second, "utf-8")
    tiny_mp3(folder / "audio/waves.mp3", seed=1)

    outcome = build(folder)

    assert len([path for path in _transcripts(folder) if path.endswith(".vtt")]) == 2
    assert [each.rule for each in outcome.diagnostics if each.path == "t/1.vtt"] == ["transcript-markup-wrong"]


@pytest.mark.parametrize("waits", ["draft: true\n", "date: 2099-06-02 05:00:00 +0900\n"])
def test_fault_in_a_transcript_that_a_public_episode_shares_with_one_that_waits_stops_the_show(
    tmp_path: Path, waits: str
) -> None:
    """It is public there, whichever of the two comes first in the folder."""
    folder = _project(tmp_path, {"1.vtt": "WEBVTT\n\n00:03.000 --> 00:01.000\nThe moon.\n"})
    tiny_mp3(folder / "audio/0.mp3", seed=1)
    text = (folder / "episodes/1.md").read_text("utf-8").replace("good.mp3", "0.mp3")
    text = "".join(line for line in text.splitlines(True) if waits[:4] != line[:4])
    (folder / "episodes/0.md").write_text(text.replace("---\n", f"---\n{waits}", 1), "utf-8")

    assert build(folder).stopped == ("radio",)
