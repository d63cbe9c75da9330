"""A show with everything on it, in the hands of readers that are not ours: what was written is what they find."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree

import feedparser
import podcastparser
import pytest
from browser import until
from commands import NOW, ROOT, build, copy_example, environment, guid, items, stamps, tree
from everything import (
    FOG_CHAPTERS,
    FOG_CHAPTERS_FILE,
    SITE,
    TIDE_CHAPTERS,
    address,
    copied,
    make_media,
    written_fog,
    written_show,
    written_tide,
)
from lxml import etree
from serving import needed, served
from stopping import stopped_everywhere, without_leftovers
from test_determinism import built_elsewhere

from podfeed.checking import check
from podfeed.linting import lint
from podfeed.loading import load
from podfeed.testing import tiny_jpeg, tiny_mp3

if TYPE_CHECKING:
    from playwright.sync_api import Page

FEED = "public/yobanashi/feed.xml"
FURTHER = [
    *("yobanashi/feed-m4a.xml", "yobanashi/feed-opus.xml", "yobanashi/archive/feed.xml", "yobanashi/archive/1.xml"),
    "feed.xml",
]
SOURCES = ("config.yaml", "episodes", "transcripts", "chapters", "audio", "artwork", "images")


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audio and pictures of the show."""
    folder = tmp_path_factory.mktemp("media")
    make_media(folder)
    return folder


@pytest.fixture(scope="module")
def project(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The show, built into ``public``."""
    folder = copied(media, tmp_path_factory.mktemp("everything") / "project")
    build(folder)
    return folder


@pytest.fixture
def own(project: Path, tmp_path: Path) -> Path:
    """A copy of the built show, to take apart."""
    return Path(shutil.copytree(project, tmp_path / "own"))


# ----------------------------------------------------------------------------------------------- soundness


def test_nothing_is_wrong_with_it(project: Path) -> None:
    """Whoever uses everything, and means it, is warned of nothing."""
    told = check(load(project), now=NOW)

    assert [each.rule for each in told if each.severity != "info"] == []


@pytest.mark.parametrize("feed", ["yobanashi/feed.xml", *FURTHER])
def test_feeds_lint_clean(project: Path, feed: str) -> None:
    """Nothing is wrong with any of them; that YouTube shall leave the show out is said, as its owner says it too."""
    told = lint((project / "public" / feed).read_bytes(), feed, now=NOW)

    warned = {each.rule for each in told if each.severity != "info"}
    assert warned == (set() if feed == "feed.xml" else {"podcast-show-blocked"})


def test_feeds_of_the_example_lint_clean(tmp_path: Path) -> None:
    """As they did before."""
    copy_example(tmp_path)
    build(tmp_path)

    feeds = sorted((tmp_path / "public").rglob("feed.xml"))

    assert len(feeds) == 3
    for feed in feeds:
        assert {each.severity for each in lint(feed.read_bytes(), feed.name, now=NOW)} <= {"info"}


@pytest.mark.parametrize("feed", ["yobanashi/feed.xml", *FURTHER])
def test_feeds_are_xml_to_every_parser(project: Path, feed: str) -> None:
    """expat and libxml2 read the same elements, attributes and texts."""
    data = (project / "public" / feed).read_bytes()

    by_expat = [(each.tag, each.attrib, each.text) for each in ElementTree.fromstring(data).iter()]
    by_libxml2 = [(each.tag, dict(each.attrib), each.text) for each in etree.fromstring(data).iter()]

    assert by_expat == by_libxml2
    assert len(by_expat) > 50


def dead_names(out: Path) -> Iterator[str]:
    """Every address of this site that a feed, a page or a list of chapters of theirs names, and that is not there."""
    for path in (*out.rglob("*.xml"), *out.rglob("*.html")):
        named = list(_named(out, path))
        chapters = [each for file in named if file.suffix == ".json" and file.is_file() for each in _named(out, file)]
        for file in (*named, *chapters):
            if not file.is_file() and not (file / "index.html").is_file():
                yield f"{path.relative_to(out)} names {file.relative_to(out)}"


def _named(out: Path, path: Path) -> Iterator[Path]:
    text = path.read_text("utf-8")
    yield from (out / unquote(each) for each in re.findall(rf'{SITE}/([^"<\s#]*)', text))
    yield from ((path.parent / unquote(each)).resolve() for each in re.findall(r'(?:src|href)="(\.\.?/[^"#]+)', text))


def test_all_that_is_named_is_there(project: Path) -> None:
    """Feeds, pages and lists of chapters name no file of the site that a listener would not get."""
    assert list(dead_names(project / "public")) == []


# ------------------------------------------------------------------------------------------------ the readers


@pytest.fixture(scope="module")
def by_node(project: Path) -> dict[str, Any]:
    """What partytime and feedsmith read from the feed."""
    if not (ROOT / "tests/node/node_modules/.ready").exists():
        pytest.skip("the readers in JavaScript are not installed: make test-tools installs them")
    command = [needed("node"), str(ROOT / "tests/node/read.mjs"), str(project / FEED)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    read: dict[str, Any] = json.loads(told)
    return read


def test_feedsmith_reads_the_show(project: Path, by_node: dict[str, Any]) -> None:
    """All that the podcast namespace and Spotify's say of it, to the letter."""
    show = by_node["feedsmith"]

    assert show["podcast"] == written_show(project)
    assert show["spotify"] == {"countryOfOrigin": "jp", "limit": {"recentCount": 2}}


def test_feedsmith_reads_the_episodes(project: Path, by_node: dict[str, Any]) -> None:
    """All that the podcast namespace and Podlove's say of them, to the letter."""
    tide, fog = by_node["feedsmith"]["items"]

    assert fog["podcast"] == written_fog(project)
    assert fog["psc"] == {"chapters": FOG_CHAPTERS}
    assert tide["podcast"] == written_tide(project)
    assert tide["psc"] == {"chapters": TIDE_CHAPTERS}


def test_partytime_reads_the_show(project: Path, by_node: dict[str, Any]) -> None:
    """The Podcast Index's reader finds what was written, as far as it knows the tags."""
    show, written = by_node["partytime"], written_show(project)

    assert (show["locked"], show["podcastOwner"]) == (True, written["locked"]["owner"])
    assert (show["guid"], show["medium"]) == (written["guid"], written["medium"])
    assert show["podcastFunding"] == [{"url": each["url"], "message": each["display"]} for each in written["fundings"]]
    assert show["podcastPeople"] == [_person(each) for each in written["persons"]]
    assert show["podcastLocation"] == _place(written["locations"][0])
    assert show["license"]["identifier"] == written["license"]["display"]
    assert show["podcastTxt"] == [_txt(each) for each in written["txts"]]
    assert show["podcastBlockedPlatforms"] == {each["id"]: each["value"] for each in written["blocks"]}
    assert show["podroll"] == written["podroll"]["remoteItems"]
    (trailer,), (wanted,) = show["trailers"], written["trailers"]
    assert datetime.fromisoformat(trailer.pop("pubdate")) == datetime(2025, 5, 25, 20, tzinfo=UTC)
    assert trailer == {
        "title": wanted["display"],
        **{each: wanted[each] for each in ("url", "type", "length", "season")},
    }
    assert show["podcastSeasons"] == {"2": {"number": 2, "name": "霧の季節"}}


def test_partytime_reads_the_episodes(project: Path, by_node: dict[str, Any]) -> None:
    """Chapters, transcripts, people, soundbites, places, other formats, talk and payment are those that were written."""
    for item, written in zip(by_node["partytime"]["items"], (written_tide(project), written_fog(project)), strict=True):
        assert item["podcastTranscripts"] == [_transcript(each) for each in written["transcripts"]]
        assert item["podcastChapters"] == written["chapters"]
        assert item["podcastSoundbites"] == [_soundbite(each) for each in written["soundbites"]]
        assert item["podcastPeople"] == [_person(each) for each in written["persons"]]
        assert item.get("podcastLocation") == next((_place(each) for each in written.get("locations", ())), None)
        assert (item["podcastSeason"], item["podcastEpisode"]) == (written["season"], written["episode"])
        assert item.get("alternativeEnclosures", []) == [
            _alternate(each) for each in written.get("alternateEnclosures", ())
        ]
        assert item.get("podcastSocialInteraction", []) == [
            _talk(each) for each in written["socialInteracts"] if each["protocol"] != "disabled"
        ]
    fog, written = by_node["partytime"]["items"][1], written_fog(project)
    assert fog["license"] == {"identifier": written["license"]["display"], "url": written["license"]["url"]}
    assert fog["podcastTxt"] == [_txt(each) for each in written["txts"]]
    ((value,), recipients) = written["values"], fog["value"].pop("recipients")
    assert fog["value"] == {each: value[each] for each in ("type", "method", "suggested")}
    assert recipients == [{"fee": False, **each} for each in value["valueRecipients"]]


def _person(written: dict[str, str]) -> dict[str, str]:
    role, group = written["role"].title(), written.get("group", "cast").title()
    links = {each: written[each] for each in ("img", "href") if each in written}
    return {"name": written["display"], "role": role, "group": group, **links}


def _place(written: dict[str, str]) -> dict[str, str]:
    # It reads one place, and neither its country nor what it is to the episode.
    return {"name": written["display"], "osm": written["osm"], "geo": written["geo"]}


def _transcript(written: dict[str, str]) -> dict[str, str]:
    return {**written, "type": written["type"].replace("x-subrip", "srt")}


def _soundbite(written: dict[str, Any]) -> dict[str, Any]:
    title = written.get("display", "灯台守の夜話 — Talks by the Lamp")
    return {"startTime": written["startTime"], "duration": written["duration"], "title": title}


def _alternate(written: dict[str, Any]) -> dict[str, Any]:
    sources = [{**each, "contentType": written["type"]} for each in written["sources"]]
    same = {name: value for name, value in written.items() if name != "sources"}
    return {"default": False, **same, "source": sources}


def _txt(written: dict[str, str]) -> dict[str, str]:
    # It takes “false” for no text.
    return {"value": written["display"].replace("false", ""), "purpose": written["purpose"]}


def _talk(written: dict[str, Any]) -> dict[str, Any]:
    profile = {"profileUrl": written["accountUrl"]} if "accountUrl" in written else {}
    return {
        "platform": written["protocol"],
        "id": written["accountId"],
        "url": written["uri"],
        "priority": written["priority"],
        **profile,
    }


def test_file_of_chapters_says_what_was_written(project: Path) -> None:
    """Hidden chapters, ends and pictures are in the file the feed names."""
    file = project / "public" / unquote(written_fog(project)["chapters"]["url"].removeprefix(f"{SITE}/"))

    assert json.loads(file.read_text("utf-8")) == FOG_CHAPTERS_FILE


def test_feedparser_reads_the_chapters(project: Path) -> None:
    """No bozo bit; times, titles, links and pictures are those that were written."""
    read = feedparser.parse((project / FEED).read_bytes())

    assert not read.bozo, read.get("bozo_exception")
    for entry, written in zip(read.entries, (TIDE_CHAPTERS, FOG_CHAPTERS), strict=True):
        assert entry.psc_chapters.version == "1.2"
        assert entry.psc_chapters.chapters == [{**each, "start_parsed": _time(each["start"])} for each in written]


def _time(text: str) -> timedelta:
    hours, minutes, seconds = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def _in_seconds(chapters: list[dict[str, str]]) -> list[dict[str, Any]]:
    """*chapters* as podcastparser has them: whole seconds."""
    return [{**each, "start": int(_time(each["start"]).total_seconds())} for each in chapters]


def test_podcastparser_reads_chapters_and_numbers(project: Path) -> None:
    """Chapters, season, number and artwork are those that were written."""
    with (project / FEED).open("rb") as file:
        tide, fog = podcastparser.parse(f"{SITE}/yobanashi/feed.xml", file)["episodes"]

    assert fog["chapters"] == _in_seconds(FOG_CHAPTERS)
    assert tide["chapters"] == _in_seconds(TIDE_CHAPTERS)
    assert (fog["season"], fog["number"], tide["season"], tide["number"]) == (2, 7, 2, 8)
    assert fog["episode_art_url"] == written_fog(project)["images"][0]["href"]
    assert (fog["total_time"], tide["total_time"]) == (90, 60)


def test_gpodder_keeps_the_chapters(project: Path, tmp_path: Path) -> None:
    """Subscribed and updated, its database holds what was written."""
    gpo = needed("gpo")
    env = environment(
        GPODDER_HOME=str(tmp_path), GPODDER_DOWNLOAD_DIR=str(tmp_path / "dl"), HOME=str(tmp_path), LC_ALL="C.UTF-8"
    )
    with served(project / "public") as site:
        for words in (["subscribe", f"{site}/yobanashi/feed.xml"], ["update"]):
            subprocess.run(
                [gpo, *words], env=env, check=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL
            )

    with sqlite3.connect(tmp_path / "Database") as database:
        rows = database.execute(
            "select guid, chapters, episode_art_url, url, file_size, mime_type, total_time from episode"
        ).fetchall()
    tide, fog = items(project / FEED).values()
    art = written_fog(project)["images"][0]["href"]
    assert {(row[0], json.dumps(json.loads(row[1])), *row[2:]) for row in rows} == {
        (guid(tide), json.dumps(_in_seconds(TIDE_CHAPTERS)), None, *_sound(project, "the-tide-table.m4a"), 60),
        (guid(fog), json.dumps(_in_seconds(FOG_CHAPTERS)), art, *_sound(project, "灯台と海霧.mp3"), 90),
    }


def _sound(project: Path, name: str) -> tuple[str, int, str]:
    type = {".mp3": "audio/mpeg", ".m4a": "audio/x-m4a"}[Path(name).suffix]
    return address(f"audio/{name}"), (project / "audio" / name).stat().st_size, type


@pytest.mark.parametrize(
    ("feed", "sounds"),
    [
        ("yobanashi/feed-m4a.xml", ["the-tide-table.m4a", "灯台と海霧.m4a"]),
        ("yobanashi/feed-opus.xml", ["the-tide-table.m4a", "灯台と海霧.opus"]),
        ("yobanashi/archive/feed.xml", ["the-tide-table.m4a"]),
        ("yobanashi/archive/1.xml", ["灯台と海霧.mp3"]),
        ("feed.xml", ["the-tide-table.m4a", "灯台と海霧.mp3"]),
    ],
)
def test_further_feeds_carry_the_same_episodes(project: Path, feed: str, sounds: list[str]) -> None:
    """Each format, page of the archive and the network: guids, chapters and transcripts of the show's own feed."""
    own = feedparser.parse((project / FEED).read_bytes())
    further = feedparser.parse((project / "public" / feed).read_bytes())

    assert not further.bozo
    by_guid = {entry.id: entry for entry in own.entries}
    assert [entry.enclosures[0].href for entry in further.entries] == [address(f"audio/{each}") for each in sounds]
    for entry in further.entries:
        assert entry.psc_chapters == by_guid[entry.id].psc_chapters
        assert (entry.published, entry.link) == (by_guid[entry.id].published, by_guid[entry.id].link)


# --------------------------------------------------------------------------------------------------- the page

#: The width of every picture, once they are all there.
_PICTURES = """Promise.all([...document.images].map(async each => {
    each.loading = 'eager'
    await each.decode()
    return each.naturalWidth
}))"""
#: When each text of a track begins, and the text, once they are there.
_CUES = """language => new Promise(resolve => {
    const element = [...document.querySelectorAll('track')].find(each => each.srclang + each.kind === language)
    element.track.mode = 'hidden'
    const cues = () => [...element.track.cues].map(each => [each.startTime, each.text])
    const look = () => element.readyState === HTMLTrackElement.LOADED ? resolve(cues()) : setTimeout(look, 20)
    look()
})"""


@pytest.fixture(scope="module")
def episode(media: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of the first episode, as its author sees it before it goes out."""
    folder = copied(media, tmp_path_factory.mktemp("page") / "project")
    with served(folder / "public") as site:
        build(folder, site=site, is_preview=True)
        yield f"{site}/yobanashi/灯台と海霧/"


def test_page_plays_and_seeks(page: Page, episode: str) -> None:
    """The sound starts, jumps to a chapter with a ranged request, and goes on there."""
    ranges: list[str] = []
    page.on("request", lambda request: ranges.append(request.headers.get("range", "")))
    page.goto(episode)

    page.evaluate("document.querySelector('audio').play()")
    until(page, "document.querySelector('audio').currentTime > 0.2")
    page.evaluate("document.querySelector('audio').currentTime = 60")
    until(page, "(audio => !audio.seeking && audio.currentTime > 60.2)(document.querySelector('audio'))")

    assert page.evaluate("Math.round(document.querySelector('audio').duration)") == 90
    assert page.evaluate("document.querySelector('audio').error") is None
    assert any(each.startswith("bytes=") for each in ranges)


def test_page_has_chapters_and_captions(page: Page, episode: str) -> None:
    """The tracks hold every chapter and line, in both languages; the list leads to the chapters."""
    page.goto(episode)

    chapters = page.evaluate(_CUES, "jachapters")
    japanese, english = page.evaluate(_CUES, "jacaptions"), page.evaluate(_CUES, "encaptions")

    assert [start for start, _ in chapters] == [0, 15.25, 42.5]
    assert chapters[1][1] == "霧笛の仕組み" and chapters[2][1] == "Letters &amp; &lt;おたより&gt;"
    assert japanese[0] == [0, "<v 汐見ナギ>こんばんは。灯台守の夜話、第七夜です。"]
    assert [start for start, _ in english] == [0, 15.25, 42.5, 80]
    links = page.eval_on_selector_all(".chapters li > a:first-child", "all => all.map(each => each.hash)")
    assert links == ["#t=0", "#t=15.25", "#t=42.5"]
    assert page.inner_text(".chapters li:nth-child(3)").endswith("Letters & <おたより>")


def test_page_shows_its_pictures(page: Page, episode: str) -> None:
    """No picture is left out, and nothing stands beside a narrow screen."""
    page.goto(episode)

    widths = page.evaluate(_PICTURES)
    page.set_viewport_size({"width": 360, "height": 700})

    assert len(widths) >= 4 and all(widths)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# ----------------------------------------------------------------------------------------------- the promises


@pytest.mark.failure("EN-11")
def test_second_build_changes_nothing(own: Path) -> None:
    """Not a byte, not a file, not a date; with podfeed's memory and without."""
    before = tree(own / "public"), (own / "podfeed.lock").read_bytes()
    build(own)
    dates = stamps(own / "public")

    for memory in ("kept", "lost"):
        if memory == "lost":
            shutil.rmtree(own / ".podfeed")
        assert build(own, now=NOW + timedelta(days=9)).changes == ()

    assert (tree(own / "public"), (own / "podfeed.lock").read_bytes()) == before
    assert stamps(own / "public") == dates


@pytest.mark.failure("EN-10")
def test_two_machines_give_the_same_bytes(project: Path, tmp_path: Path) -> None:
    """Zone, locale, hash seed, umask, working folder and the order of files reach nothing that rides with an episode."""
    first = built_elsewhere(tmp_path, 0, project, SOURCES)

    assert len(first) == len(tree(project / "public"))
    for number in range(1, 5):
        assert built_elsewhere(tmp_path, number, project, SOURCES) == first, number


_WORD = "CANARY-7c1e"
#: An episode with everything on it, each part of which can be told from all others.
_CANARY = """\
---
title: T{word}
date: {date}
audio_file_path: /audio/{word}.mp3
alternate_enclosures: [{{path: /audio/{word}-2.mp3, title: A{word}}}]
description: D{word}
actor_ids: [maren, {word}]
roles: {{maren: R{word}}}
season: 3
season_name: S{word}
episode: 1
episode_label: E{word}
image_url: /images/{word}.jpg
chapters: {chapters}
transcripts: [/transcripts/{word}.vtt, {{path: /transcripts/{word}.srt, language: en}}]
soundbites: [{{start: 1, duration: 15, title: B{word}}}]
location: {{name: L{word}}}
funding: [{{url: "https://{word}.example/", text: F{word}}}]
license: {{slug: C{word}, url: "https://{word}.example/licence"}}
social_interact: [{{protocol: activitypub, uri: "https://{word}.example/7", account_id: "@{word}"}}]
content_links: [{{url: "https://{word}.example/watch", text: W{word}}}]
txt: [{{purpose: release, text: X{word}}}]
extra_tags: <tide:station code="{word}"/>
{state}---
N{word} ![{word}](/images/{word}-notes.jpg)
"""
_CHAPTERS = """
  - {{time: "0:00", title: P{word}, link: "https://{word}.example/", image: /images/{word}-chapter.jpg}}
  - {{time: "0:20", title: Q{word}, hidden: true}}
  - {{time: "0:30", title: Z{word}}}"""


def _hide(folder: Path, state: str, date: str, chapters: str) -> list[bytes]:
    """Add an episode that is not out yet, and a person only it names; what may not be seen of them."""
    with (folder / "config.yaml").open("r+", encoding="utf-8") as config:
        text = config.read().replace(
            "actors:\n", f"actors:\n  {_WORD}: {{name: G{_WORD}, image_url: /images/{_WORD}-face.jpg}}\n"
        )
        config.seek(0)
        config.write(text)
    own = _CANARY.format(word=_WORD, state=state, date=date, chapters=chapters.format(word=_WORD))
    (folder / f"episodes/{_WORD}.md").write_text(own, "utf-8")
    files = [
        tiny_mp3(folder / f"audio/{_WORD}.mp3", seconds=60, seed=71),
        tiny_mp3(folder / f"audio/{_WORD}-2.mp3", seconds=60, seed=72),
        tiny_jpeg(folder / f"images/{_WORD}.jpg", seed=73),
        *(
            tiny_jpeg(folder / f"images/{_WORD}-{name}.jpg", side=600, seed=seed)
            for seed, name in enumerate(("notes", "chapter", "face"), 74)
        ),
        *(
            folder / path.format(word=_WORD)
            for path in ("transcripts/{word}.vtt", "transcripts/{word}.srt", "chapters/{word}.txt")
        ),
    ]
    files[-3].write_text(f"WEBVTT\n\n00:00.000 --> 00:58.000\n<v Maren Holt>V{_WORD}\n", "utf-8")
    files[-2].write_text(f"1\n00:00:00,000 --> 00:00:58,000\nMaren Holt: U{_WORD}\n", "utf-8")
    files[-1].write_text(f"00:00:00.000 P{_WORD}\n00:00:30.000 Z{_WORD}\n", "utf-8")
    secrets = [_WORD.encode()]
    for data in (path.read_bytes() for path in files):
        digest = hashlib.sha256(data)
        secrets += [data, digest.hexdigest()[:8].encode(), b64encode(digest.digest())]
    return secrets


@pytest.mark.failure("IN-14")
@pytest.mark.parametrize("chapters", [_CHAPTERS, "/chapters/{word}.txt"], ids=["chapters listed", "chapters in a file"])
@pytest.mark.parametrize(
    ("state", "date"),
    [
        ("draft: true\n", "2025-06-16 05:00:00 +0900"),
        ("published: false\n", "2025-06-16 05:00:00 +0900"),
        ("", "2026-01-01 09:00:01 +0900"),
    ],
    ids=["draft", "unpublished", "scheduled by a second"],
)
def test_what_rides_with_an_unreleased_episode_leaves_no_trace(own: Path, state: str, date: str, chapters: str) -> None:
    """No word, file, name or hash of its sound, pictures, chapters, transcripts and people gets out before it does."""
    before = tree(own / "public")
    secrets = _hide(own, state, date, chapters)

    assert build(own).stopped == ()

    assert tree(own / "public") == before
    found = b"\n".join(path.encode() + data for path, data in before.items())
    assert not [secret for secret in secrets if secret in found]


def test_scheduled_episode_goes_out_with_all_that_rides_with_it(own: Path) -> None:
    """The same episode a second later: every text of it is in the feed, every file in its place."""
    _hide(own, "", "2026-01-01 09:00:01 +0900", _CHAPTERS)
    build(own)

    assert build(own, now=NOW + timedelta(seconds=1)).stopped == ()

    item = items(own / FEED)[f"T{_WORD}"]
    text = etree.tostring(item, encoding="unicode")
    assert [letter for letter in "TADRSEBLFCWXNPZG" if f"{letter}{_WORD}" not in text] == []
    assert {path.name for path in (own / "public").rglob(f"*{_WORD}*") if path.is_file()} >= {
        *(f"{_WORD}{rest}" for rest in (".mp3", "-2.mp3", "-notes.jpg", "-chapter.jpg", "-face.jpg")),
    }
    assert list(dead_names(own / "public")) == []


@pytest.mark.failure("EN-2")
def test_build_killed_anywhere_names_only_what_is_there(own: Path, tmp_path: Path) -> None:
    """New sound, chapters, transcript and pictures, and a kill at every write: no feed or page names a missing file."""
    build(own)
    fog = own / "episodes/2025-06-02-灯台と海霧.md"
    fog.write_text(fog.read_text("utf-8").replace("はじめに", "はじまり").replace("霧笛.jpg", "別の.jpg"), "utf-8")
    (own / "images/霧笛.jpg").rename(own / "images/別の.jpg")
    tiny_jpeg(own / "images/霧.jpg", seed=81)
    srt = own / "transcripts/灯台と海霧.en.srt"
    srt.write_text(srt.read_text("utf-8").replace("seventh", "7th"), "utf-8")
    (own / "audio/灯台と海霧.opus").rename(own / "audio/霧.opus")
    fog.write_text(fog.read_text("utf-8").replace("灯台と海霧.opus", "霧.opus"), "utf-8")

    ends = []
    for project, code, said in stopped_everywhere(own, tmp_path / "stopped", "kill"):
        ends.append(code)
        assert "Traceback" not in said
        assert list(dead_names(project / "public")) == []
        last = project
    whole = tree(last / "public")

    assert len(ends) > 30 and ends == [9] * (len(ends) - 1) + [0]
    assert list(items(last / FEED)) and "はじまり" in (last / FEED).read_text("utf-8")
    for number in range(1, len(ends), 7):
        build(tmp_path / "stopped" / str(number))
        assert without_leftovers(tree(tmp_path / "stopped" / str(number) / "public")) == whole
