"""The search of a show, as listeners use it in Chromium: by titles alone, and by all that is said in its episodes."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import yaml
from browser import until
from commands import NOW, ROOT, build, environment, podfeed, tree
from serving import served

from podfeed.errors import TargetError
from podfeed.indexing import Indexes
from podfeed.publish.serving import FOREVER, FRESH, cache_control
from podfeed.publish.wanted import Intent
from podfeed.publishing import Run, published
from podfeed.read.web import Web
from podfeed.render.site.search import Called, Indexing, Texts
from podfeed.report import publication_faults
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_mp3

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

EPISODE = """
---
title: {title}
date: {date} 05:00:00 +0900
audio_file_path: /audio/{file}.mp3
actor_ids: [{actor}]
{more}---
{notes}
"""
#: A word that stands nowhere but in what is said, between others that begin and end as it does.
SAID = """WEBVTT

00:01.000 --> 00:03.000
新しい幹を見ました。線は遠い。

01:05.000 --> 01:08.000
<v 潮見トロ>それで、新幹線に乗って、リポジトリの話をしました。
"""
MARKUP = "<img src=x onerror=alert(1)> &amp; <script>alert(2)</script>波"


def _episode(
    title: str, file: str, day: int, *, notes: str, actor: str = "toro", more: str = "", year: int = 2025
) -> str:
    date = f"{year}-06-{day:02}"
    return EPISODE.lstrip().format(title=f"'{title}'", date=date, file=file, actor=actor, more=more, notes=notes)


def _project(folder: Path, *, has_full_search: bool, **settings_of_all: str) -> Path:
    """Two shows, one in Japanese and one in English, with a draft and an episode that waits."""
    names = ("light", "markup", "wood", "draft", "later", "tides")
    (folder / "audio").mkdir(parents=True)
    for seed, name in enumerate(names):
        tiny_mp3(folder / f"audio/{name}.mp3", seconds=70, seed=seed)
    settings = {name: yaml.safe_load(text) for name, text in EXAMPLE_SHOW.items()}
    shows = {
        "radio": {**settings, "language": "ja", "match": {"path": "radio/*"}},
        "waves": {**settings, "title": "Waves", "match": {"path": "waves/*"}},
    }
    transcript = "transcripts: [{path: texts/light.vtt}]\n"
    files = {
        "episodes/radio/1.md": _episode("トウダイの夜", "light", 2, notes="光の話です。", more=transcript),
        "episodes/radio/2.md": _episode(MARKUP, "markup", 3, notes="<b>泡</b> &lt;i&gt;と泡"),
        "episodes/radio/3.md": _episode("森の声", "wood", 4, notes="新しい道、幹の太さ、線香。", actor="ada"),
        "episodes/radio/4.md": _episode("秘密の下書き", "draft", 5, notes="未公開の言葉", more="draft: true\n"),
        "episodes/radio/5.md": _episode("来年の約束", "later", 6, notes="来年の言葉", year=2027),
        "episodes/waves/1.md": _episode("Tides", "tides", 2, notes="The wave came back. &lt;tag&gt;", actor="ada"),
        "texts/light.vtt": SAID,
    }
    config = {
        "shows": yaml.safe_dump(shows, default_flow_style=True, allow_unicode=True, width=10_000),
        "actors": "{ada: {name: Ada}, toro: {name: 潮見トロ}}",
        "search": str(has_full_search).lower(),
        **settings_of_all,
    }
    project = example_project(folder, config=config, files=files)
    (project / "episodes/1.md").unlink()
    return project


@pytest.fixture(scope="module")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the Japanese show, whose titles alone can be searched."""
    project = _project(tmp_path_factory.mktemp("titles"), has_full_search=False)
    build(project)
    with served(project / "public") as address:
        yield f"{address}/radio"


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both shows with a full search, built."""
    pytest.importorskip("pagefind_bin_extended", reason="pagefind is not installed: make setup installs it")
    project = _project(tmp_path_factory.mktemp("texts"), has_full_search=True)
    build(project)
    return project


@pytest.fixture(scope="module")
def texts(indexed: Path) -> Iterator[str]:
    """Their address."""
    with served(indexed / "public") as address:
        yield address


@pytest.fixture
def page(window: Callable[..., BrowserContext]) -> Page:
    """A page of a browser that shows no motion between one page and the next."""
    return window(reduced_motion="reduce").new_page()


def _search(page: Page, words: str) -> list[str]:
    """The titles that are found for *words*, typed into the page that is open."""
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    return _found(page)


def _found(page: Page) -> list[str]:
    """The titles that are listed once the search is over."""
    until(page, "!/^(検索しています.*|Searching.*|)$/.test(document.querySelector('[role=status]').textContent)")
    return page.locator(".found h3").all_inner_texts()


def _status(page: Page) -> str:
    return page.get_by_role("status").inner_text()


# ---------------------------------------------------------------------------------------- titles alone


def test_search_finds_titles_whatever_their_kana(page: Page, titles: str) -> None:
    """ひらがな finds カタカナ, half width finds full; all words have to be there, and names count too."""
    page.goto(f"{titles}/search/")

    assert _search(page, "とうだい") == ["トウダイの夜"]
    assert page.locator(".found mark").all_inner_texts() == ["トウダイ"]
    assert _search(page, "ﾄｳﾀﾞｲ　夜") == ["トウダイの夜"]
    assert _search(page, "とうだい 森") == []
    assert _search(page, "ADA") == ["森の声"]


def test_what_was_found_is_announced(page: Page, titles: str) -> None:
    """A live region says how many there are, or that there is nothing; an empty field says nothing."""
    page.goto(f"{titles}/search/")
    told = {}
    for words in ("夜", "の", "犬"):
        _search(page, words)
        told[words] = _status(page)
    page.get_by_role("searchbox").fill("")
    until(page, "!document.querySelector('[role=status]').textContent")

    assert told == {
        "夜": "エピソードが1件見つかりました。",
        "の": "エピソードが2件見つかりました。",
        "犬": "見つかりませんでした。",
    }
    assert page.locator(".found li").count() == 0


def test_search_is_an_address_to_share(page: Page, titles: str) -> None:
    """Whoever opens it sees the same, and so does whoever comes back from what was found."""
    page.goto(f"{titles}/search/")
    _search(page, "とうだい")

    page.goto(page.url)
    assert page.get_by_role("searchbox").input_value() == "とうだい"
    assert _found(page) == ["トウダイの夜"]
    page.locator(".found a").click()
    assert page.url.endswith("/radio/1/")
    page.go_back()
    assert _found(page) == ["トウダイの夜"]


def test_search_takes_nothing_but_keys(page: Page, titles: str) -> None:
    """From the field the next but one stop is the first result."""
    page.goto(f"{titles}/search/")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("夜")
    assert _found(page) == ["トウダイの夜"]

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/radio/1/")


def test_page_without_scripts_leads_to_lists(window: Callable[..., BrowserContext], titles: str) -> None:
    """It says what it needs, and every list is one link away."""
    page = window(java_script_enabled=False).new_page()
    page.goto(f"{titles}/search/")

    assert page.locator("noscript").inner_text()
    assert {"2025", "Ada", "潮見トロ"} <= {*page.locator("nav.years a").all_inner_texts()}
    assert "2027" not in page.content()


def test_titles_never_become_markup(page: Page, titles: str, texts: str) -> None:
    """What looks like a tag is text, in titles and in texts; complaints of the browser would fail this test."""
    for place in (titles, f"{texts}/radio"):
        page.goto(f"{place}/search/?q=波")

        assert _found(page) == [MARKUP]
        assert page.locator(".found :is(img, script)").count() == 0
    page.goto(f"{texts}/radio/search/?q=泡")
    assert _found(page) == [MARKUP]
    assert page.locator(".places").inner_text() == "泡 <i>と泡"


def test_search_that_does_not_load_says_so(page: Page, titles: str, complaints: list[str]) -> None:
    """And works as soon as it can be loaded."""
    page.goto(f"{titles}/search/")
    page.route("**/titles.json", lambda route: route.abort())
    assert _search(page, "夜") == []
    assert _status(page).startswith("検索を読み込めませんでした。")
    page.unroute("**/titles.json")

    assert _search(page, "夜") == ["トウダイの夜"]
    assert [each for each in complaints if "titles.json" not in each] == []
    complaints.clear()


# ---------------------------------------------------------------------------------------- all that is said


def test_word_of_a_transcript_leads_to_the_moment(page: Page, texts: str) -> None:
    """It stands in no title and in no notes, and is found where it is said; its letters elsewhere are not it."""
    page.goto(f"{texts}/radio/search/?q=新幹線")

    assert _found(page) == ["トウダイの夜"]
    [place] = page.locator(".places a").all()
    assert place.inner_text() == "1:05 それで、新幹線に乗って、リポジトリの話をしました。"
    assert place.locator("mark").all_inner_texts() == ["新幹線"]
    place.click()
    assert page.url.endswith("/radio/1/#t=65")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("リポジトリ", ["トウダイの夜"], id="a loanword that dictionaries cut differently"),
        pytest.param("リポシトリ", [], id="another word but for its marks"),
        pytest.param("新し", ["トウダイの夜", "森の声"], id="the beginning of a word"),
        pytest.param("新し 線香", ["森の声"], id="two words of one episode"),
        pytest.param("光 とろ", [], id="kana of another kind, in the middle of a text"),
        pytest.param("光 トロ", ["トウダイの夜"], id="a word of the notes and a name"),
        pytest.param("とうだい", ["トウダイの夜"], id="a title in other kana"),
        pytest.param("未公開", [], id="a draft"),
        pytest.param("来年", [], id="what is not out yet"),
        pytest.param('"', [], id="nothing to search for"),
    ],
)
def test_full_search_in_japanese(page: Page, texts: str, words: str, found: list[str]) -> None:
    """Each word is found as it stands, wherever dictionaries would cut it."""
    page.goto(f"{texts}/radio/search/")

    assert sorted(_search(page, words)) == sorted(found)


def test_full_search_in_english(page: Page, texts: str) -> None:
    """Words are found in each of their forms, with what stands around them."""
    page.goto(f"{texts}/waves/search/?q=waves")

    assert _found(page) == ["Tides"]
    assert page.locator(".places").inner_text() == "The wave came back. <tag>"


def test_without_an_index_titles_are_searched(page: Page, texts: str, complaints: list[str]) -> None:
    """Where pagefind cannot be loaded, or its WebAssembly not run, the rest works and the page says what is missing."""
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{texts}/radio/search/?q=夜")

    assert _found(page) == ["トウダイの夜"]
    assert "タイトルと名前だけ" in _status(page)
    assert [each for each in complaints if "/pagefind/" not in each] == []
    complaints.clear()


# ---------------------------------------------------------------------------------------- the index


def _words(folder: Path) -> str:
    """All that can be read in the indexes below *folder*, whatever they are packed in."""
    packed = [path for path in folder.rglob("*") if path.suffix.startswith(".pf_")]
    assert packed
    texts = [gzip.decompress(path.read_bytes()).decode("utf-8", "replace") for path in packed]
    return "".join(texts).replace("\u200b", "")


def test_index_holds_what_is_public_alone(indexed: Path) -> None:
    """No word of a draft or of what waits is in any of its files; nor does it hold pages of pagefind's own."""
    words = _words(indexed / "public")

    assert "新幹線に乗って" in words
    assert "未公開" not in words and "秘密" not in words and "来年" not in words
    names = {path.name for path in (indexed / "public/radio/pagefind").rglob("*") if "ui" in path.name}
    assert names == set()


def test_same_texts_make_the_same_index(indexed: Path, tmp_path: Path) -> None:
    """A second build writes nothing; another machine makes the same bytes."""
    other = tmp_path / "other"
    shutil.copytree(indexed, other, ignore=shutil.ignore_patterns(".podfeed"))
    for place in (indexed, other):
        before = tree(place / "public")
        assert build(place).changes == ()
        assert tree(place / "public") == before


def test_index_goes_with_templates_of_the_owner(indexed: Path, tmp_path: Path) -> None:
    """Pages are tried before anything is written then; an index is made by then."""
    project = tmp_path / "project"
    shutil.copytree(indexed, project)
    (project / "templates").mkdir()
    (project / "templates/redirect.html").write_text("moved")
    shutil.rmtree(project / "public")
    build(project)

    assert tree(project / "public").keys() == tree(indexed / "public").keys()


def test_withdrawn_episode_leaves_the_index(indexed: Path, tmp_path: Path) -> None:
    """Its words are in no file of the next build."""
    project = tmp_path / "project"
    shutil.copytree(indexed, project)
    assert podfeed(project, "withdraw", "episodes/radio/1.md", f"--now={NOW.isoformat()}").returncode == 0
    build(project)

    assert "新幹線" not in _words(project / "public") and "線香" in _words(project / "public")


def test_index_is_published_once(tmp_path: Path) -> None:
    """What has its content in its name may be kept for good; the next run puts nothing, from another machine neither."""
    pytest.importorskip("pagefind_bin_extended", reason="pagefind is not installed: make setup installs it")
    place = tmp_path / "web"
    place.mkdir()
    with served(place) as address:
        settings = {"site": address, "targets": f"{{live: {{folder: {place}}}}}"}
        project = _project(tmp_path / "project", has_full_search=True, **settings)
        other = shutil.copytree(project, tmp_path / "other")
        run = Run(now=NOW, web=lambda: Web([address.removeprefix("http://")]))

        first = published(project, intent=Intent(is_first=True), run=run)
        again = published(other, run=run)

    assert first.exit_code == 0, publication_faults(first)
    put = {key for outcome in first.shows if outcome.done for key in outcome.done.put}
    assert {key.rpartition("/")[2] for key in put} >= {"titles.json", "pagefind.js", "pagefind-entry.json"}
    assert "新幹線" in _words(place)
    assert (again.exit_code, again.has_changed) == (0, False)
    assert cache_control("page", "radio/pagefind/1.5.2/fragment/ja_1.pf_fragment") == FOREVER
    assert cache_control("page", "radio/pagefind/1.5.2/pagefind-entry.json") == FRESH


# ---------------------------------------------------------------------------------------- trouble with pagefind


def test_missing_pagefind_is_told(tmp_path: Path) -> None:
    """In a sentence with its remedy, and before anything is written."""
    project = _project(tmp_path / "project", has_full_search=True)
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "pagefind_bin_extended.py").write_text("raise ImportError\n")
    before = tree(project)

    command = [sys.executable, "-m", "podfeed", "build", f"--now={NOW.isoformat()}"]
    env = environment(PYTHONPATH=os.pathsep.join([str(hidden), str(ROOT)]))
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, encoding="utf-8")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("podfeed: “search” in config.yaml takes pagefind, which is not installed; ")
    assert "pip install 'podfeed[search]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert {path: data for path, data in tree(project).items() if not path.startswith(".podfeed/")} == before


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        pytest.param("#!/bin/sh\necho 'no room' >&2\nexit 3\n", "no room", id="it says why"),
        pytest.param("#!/bin/sh\nkill -SEGV $$\n", "it ended with -11", id="it crashes"),
        pytest.param("#!/bin/sh\nexec sleep 60\n", "it was not finished after 0 minutes", id="it hangs"),
        pytest.param("", "Exec format error", id="it cannot be run here"),
    ],
)
def test_failing_pagefind_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, reason: str) -> None:
    """Its own reason, or what became of it; nothing is left of the attempt."""
    fake = tmp_path / "pagefind"
    fake.write_text(program)
    fake.chmod(0o755)
    monkeypatch.setitem(sys.modules, "pagefind_bin_extended", SimpleNamespace(get_executable=lambda: fake))
    indexes = Indexes(tmp_path / "search", most_seconds=0.5)
    text = Texts(called=Called("Tides", "../1/", "", ()), notes=["The moon pulls."])

    with pytest.raises(TargetError, match=re.escape(reason)):
        indexes.files(Indexing("radio", "en", "mark", lambda: [text]))

    assert [*(tmp_path / "search").rglob("*")] == [tmp_path / "search/radio"]
