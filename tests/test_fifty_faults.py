"""Fifty faults in episodes, config, audio, artwork and feeds: each is told where it is, and nothing else is."""

from __future__ import annotations

import json
import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from commands import podfeed
from PIL import Image

from podfeed.check import registry
from podfeed.checking import check
from podfeed.diagnostics import PLATFORMS
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.read.source import read_episode_file
from podfeed.testing import tiny_jpeg, tiny_mp3, tiny_wav

CASE = Path(__file__).parent / "cases" / "fifty-faults"
NOW = datetime.fromisoformat("2025-06-01T00:00:00+09:00")

FAULTS = """
config.yaml:5 actor-name-shared
config.yaml:13 show-owner-email-invalid
config.yaml:15 show-category-unknown
config.yaml:18 history-show-guid-changed
config.yaml:24 show-language-invalid
config.yaml:28 artwork-not-square
config.yaml:30 show-funding-invalid
episodes/2025-05-05-灯台.md:3 date-contradicts-name
episodes/2025-05-05-灯台.md:3 history-date-changed
episodes/2025-05-13-干潟.md:2 episode-number-contradicts-title
episodes/2025-05-13-干潟.md:2 episode-title-holds-number
episodes/2025-05-14-cut.md:4 audio-truncated
episodes/2025-05-15-wav.md:4 audio-type-mismatch
episodes/2025-05-16-size.md:5 audio-size-differs
episodes/2025-05-16-size.md:6 duration-far-off
episodes/2025-05-17-case.md:4 audio-file-missing
episodes/2025-05-17-case.md:5 actor-ids-not-list
episodes/2025-05-18-numbers.md:5 actor-unknown
episodes/2025-05-18-numbers.md:6 episode-season-invalid
episodes/2025-05-18-numbers.md:7 episode-type-invalid
episodes/2025-05-19-draft.md:6 field-near-miss
episodes/2025-05-20-title.md:2 text-html-tag
episodes/2025-05-20-title.md:6 text-placeholder
episodes/2025-05-21-notes.md:1 notes-lost-in-apps
episodes/2025-05-21-notes.md:6 artwork-too-small
episodes/2025-05-21-notes.md:10 notes-unsafe
episodes/2025-05-21-notes.md:12 notes-link-broken
episodes/2025-05-22-date.md:3 date-invalid
episodes/2025-05-23-twice.md:3 header-duplicate-key
episodes/2025-05-24-unclosed.md:1 header-unclosed
episodes/2025-05-25-muteki.md:8 waiver-unused
episodes/2025-05-26-kiri.md:4 audio-shared
episodes/2025-05-26-kiri.md:4 audio-title-differs
episodes/2025-05-26-kiri.md:6 guid-shared
episodes/2025-05-27-touge.md:3 date-without-offset
episodes/2025-05-27-touge.md:4 audio-format-unsupported
episodes/2025-05-27-touge.md:5 duration-invalid
episodes/2025-05-27-touge.md:6 audio-size-invalid
episodes/2025-05-28-sjis.md:2 file-not-utf8
episodes/2025-05-29-nothing.md:2 episode-title-missing
episodes/2025-05-30-noaudio.md:4 audio-missing
feeds/broken.xml:4 feed-unreadable
feeds/old.xml:11 channel-category-unknown
feeds/old.xml:12 value-explicit-invalid
feeds/old.xml:17 value-date-invalid
feeds/old.xml:19 enclosure-length-invalid
feeds/old.xml:20 item-duration-invalid
feeds/old.xml:24 item-guid-shared
feeds/old.xml:27 enclosure-type-wrong
feeds/old.xml:28 podcast-address-not-https
"""


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The case as a project, with the sound and the pictures its files speak of."""
    folder = tmp_path / "fifty-faults"
    shutil.copytree(CASE, folder)
    in_shift_jis = folder / "episodes" / "2025-05-28-sjis.md"
    in_shift_jis.write_bytes(in_shift_jis.read_text("utf-8").encode("cp932"))
    (folder / "audio").mkdir()
    (folder / "artwork").mkdir()
    _make_sound(folder)
    tiny_jpeg(folder / "artwork" / "cover.jpg")
    tiny_jpeg(folder / "artwork" / "small.jpg", side=600)
    Image.new("RGB", (1600, 1400), "navy").save(folder / "artwork" / "wide.jpg")
    return folder


def _make_sound(folder: Path) -> None:
    """A recording for every episode that names one, tagged with its title; and what is wrong with three of them."""
    for number, file in enumerate(sorted((folder / "episodes").iterdir())):
        if file.name == "2025-05-28-sjis.md":
            continue
        settings: Mapping[str, object] = read_episode_file(file.name, file.read_bytes()).header.entries
        path = getattr(settings.get("audio_file_path"), "text", "")
        recording = folder / path.lower().lstrip("/")
        if path and not recording.exists():
            title = getattr(settings["title"], "text", "") or "山小屋"
            tiny_mp3(recording, seconds=60 + number, seed=number, title=title, artist="水瀬あかり")
    cut, renamed = folder / "audio" / "cut.mp3", folder / "audio" / "renamed.mp3"
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    tiny_wav(renamed, seconds=20)


def test_fifty_planted_faults_are_all_told_and_nothing_else(faulty: Path) -> None:
    """With the right rule, file and line. What no platform takes is an error, as in every check."""
    found = list(check(load(faulty), now=NOW, platforms=PLATFORMS))
    for feed in sorted((faulty / "feeds").iterdir()):
        found += lint(feed.read_bytes(), f"feeds/{feed.name}", now=NOW, platforms=PLATFORMS)

    told = [f"{unicodedata.normalize('NFC', each.path)}:{each.position.line} {each.rule}" for each in found]

    assert told == FAULTS.split("\n")[1:-1]
    assert len(told) == 50


def test_all_cores_tell_the_same(faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one does: in projects of thousands the rules are asked by several processes, a few episodes each."""
    alone = check(load(faulty), now=NOW)
    monkeypatch.setattr(registry, "_WORTH_FORKING", 0)
    monkeypatch.setattr(registry, "_AT_ONCE", 3)

    assert check(load(faulty), now=NOW) == alone
    assert len(alone) > 30


_JAPAN = {"LANG": "ja_JP.UTF-8", "LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": ""}


def test_fifty_faults_are_told_in_japanese_where_they_were_told_in_english(faulty: Path) -> None:
    """In turns, so that nothing remembered of one run is heard in another; only the words differ."""
    for path in faulty.rglob("*"):
        os.utime(path, ns=(1_000_000_000, 1_000_000_000))  # what was written just now is not remembered
    checked = ("check", "--offline", "--format", "json", "--now", NOW.isoformat())
    linted = ("lint", "feeds/broken.xml", "feeds/old.xml", "--offline", "--format", "json", "--now", NOW.isoformat())

    for words in (checked, linted):
        english, japanese, again, same = (podfeed(faulty, *words, env=env) for env in ({}, _JAPAN, {}, _JAPAN))

        assert (again.stdout, same.stdout) == (english.stdout, japanese.stdout)
        assert {each.returncode for each in (english, japanese)} == {1}
        here, there = json.loads(japanese.stdout), json.loads(english.stdout)
        assert _without_words(here) == _without_words(there)
        assert len(there["diagnostics"]) > 8
        told = [each[name] for each in here["diagnostics"] for name in ("message", "hint") if each[name]]
        assert [each for each in told if not re.search("[ぁ-ん]", each)] == []


def _without_words(report: Any) -> Any:
    """*report* but for what is said in it, and the marks of that."""
    if isinstance(report, list):
        return [_without_words(each) for each in report]
    if isinstance(report, dict):
        return {name: name in _SAID or _without_words(value) for name, value in report.items()}
    return report


_SAID = {"message", "hint", "reason"}


@pytest.mark.parametrize("form", ["text", "github", "sarif"])
def test_every_form_of_a_report_speaks_japanese(faulty: Path, form: str) -> None:
    """With the same places in it, and as many."""
    words = ("check", "--offline", "--format", form, "--now", NOW.isoformat())
    english, japanese = (podfeed(faulty, *words, env=env).stdout for env in ({}, _JAPAN))

    rules = re.compile(r"[a-z]+(?:-[a-z]+)+")
    assert [*filter(FAULTS.__contains__, rules.findall(japanese))] == [
        *filter(FAULTS.__contains__, rules.findall(english))
    ]
    if form == "sarif":
        log = json.loads(japanese)["runs"][0]
        said = [each["shortDescription"]["text"] for each in log["tool"]["driver"]["rules"]]
        japanese = "\n".join([*said, *(each["message"]["text"] for each in log["results"])])
    assert "「bou」" in japanese
    assert "“" not in japanese
