"""The built feeds in the hands of real apps: parsers read them, gPodder and newsboat subscribe and download."""

from __future__ import annotations

import calendar
import hashlib
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import feedparser
import podcastparser
import pytest
from apps import gpodder, newsboat, podboat
from commands import ITUNES, build, copy_example, enclosure, environment, items
from serving import needed, served

SHOWS = ("asaichi", "yako", "lamp")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The example podcasts on a web server of their own: its address, and the folder behind it."""
    folder = tmp_path_factory.mktemp("clients")
    copy_example(folder)
    public = folder / "public"
    with served(public) as address:
        build(folder, site=address, is_preview=True)
        yield address, public


def _source(public: Path, address: str) -> bytes:
    """What lies behind the address of an enclosure."""
    return (public / unquote(re.sub(r"^http://[^/]+/", "", address))).read_bytes()


# ------------------------------------------------------------------------------------------- parsers


@pytest.mark.parametrize("show", SHOWS)
def test_feedparser_has_no_complaint(site: tuple[str, Path], show: str) -> None:
    """No bozo bit; titles, guids, dates, people and enclosures are those of the feed."""
    feed = site[1] / show / "feed.xml"

    read = feedparser.parse(feed.read_bytes())

    assert not read.bozo, read.get("bozo_exception")
    expected = items(feed)
    assert [entry.title for entry in read.entries] == list(expected)
    for entry, item in zip(read.entries, expected.values(), strict=True):
        assert (entry.id, entry.guidislink) == (item.findtext("guid"), False)
        assert dict(entry.enclosures[0]) == _renamed(item)
        date = parsedate_to_datetime(item.findtext("pubDate") or "")
        assert calendar.timegm(entry.published_parsed) == date.timestamp()
        assert entry.itunes_duration == item.findtext(f"{ITUNES}duration")
        assert entry.content[0].value.startswith("<p>")
    assert read.feed.image.href.startswith(f"{site[0]}/artwork/")


def _renamed(item: Any) -> dict[str, str]:
    values = item.find("enclosure").attrib
    return {"href": values["url"], "length": values["length"], "type": values["type"]}


@pytest.mark.parametrize("show", SHOWS)
def test_podcastparser_reads_every_episode(site: tuple[str, Path], show: str) -> None:
    """The parser inside gPodder sees every episode with its sound, size, length and notes."""
    feed = site[1] / show / "feed.xml"

    with feed.open("rb") as file:
        read = podcastparser.parse(f"{site[0]}/{show}/feed.xml", file)

    expected = items(feed)
    assert sorted(each["title"] for each in read["episodes"]) == sorted(expected)  # a serial's come oldest first
    for each in read["episodes"]:
        item = expected[each["title"]]
        (sound,) = each["enclosures"]
        assert sound["url"] == enclosure(item)
        assert str(sound["file_size"]) == item.find("enclosure").get("length")  # type: ignore[union-attr]
        assert each["guid"] == item.findtext("guid")
        assert str(each["total_time"]) == item.findtext(f"{ITUNES}duration")
        assert each["description_html"].startswith("<p>")


# ------------------------------------------------------------------------------------------- gPodder


@pytest.mark.parametrize("show", SHOWS)
def test_gpodder_subscribes_and_downloads(site: tuple[str, Path], tmp_path: Path, show: str) -> None:
    """Subscribe, update, list, download: the episodes are the feed's, and the bytes the author's."""
    address, public = site
    feed = f"{address}/{show}/feed.xml"
    expected = items(public / show / "feed.xml")
    wanted = next(item for item in expected.values() if enclosure(item).startswith(address))
    gpo = gpodder(tmp_path)

    gpo("subscribe", feed)
    gpo("update")
    listed, told = gpo("list"), gpo("episodes")
    gpo("download", feed, wanted.findtext("guid") or "")

    assert feed in listed
    assert all(title in told for title in expected)
    with sqlite3.connect(tmp_path / "Database") as database:
        rows = database.execute(
            "select title, guid, url, published, file_size, mime_type, total_time, state from episode"
        ).fetchall()
        ((subscribed, cover),) = database.execute("select title, cover_url from podcast").fetchall()
    assert subscribed == _channel_title(public / show / "feed.xml")
    assert re.fullmatch(rf"{address}/artwork/{show}-[0-9a-f]{{8}}-3000\.jpg", cover)
    assert {row[:7] for row in rows} == {_as_gpodder_keeps(item) for item in expected.values()}
    assert {row[1] for row in rows if row[7] == 1} == {wanted.findtext("guid")}
    (file,) = [path for path in (tmp_path / "dl").rglob("*") if path.suffix in (".mp3", ".m4a")]
    assert file.read_bytes() == _source(public, enclosure(wanted))


def _channel_title(feed: Path) -> str:
    return str(feedparser.parse(feed.read_bytes()).feed.title)


def _as_gpodder_keeps(item: Any) -> tuple[object, ...]:
    sound = item.find("enclosure")
    date = int(parsedate_to_datetime(item.findtext("pubDate")).timestamp())
    seconds = int(item.findtext(f"{ITUNES}duration"))
    return (
        item.findtext("title"),
        item.findtext("guid"),
        sound.get("url"),
        date,
        int(sound.get("length")),
        sound.get("type"),
        seconds,
    )


# ------------------------------------------------------------------------------------------ newsboat


def test_newsboat_reads_all_three_feeds(site: tuple[str, Path], tmp_path: Path) -> None:
    """newsboat, which drops enclosures without a type, keeps each one, and puts it in podboat's queue."""
    address, public = site
    newsboat(tmp_path, [f"{address}/{show}/feed.xml" for show in SHOWS])

    with sqlite3.connect(tmp_path / "cache.db") as database:
        rows = database.execute(
            "select feedurl, title, guid, enclosure_url, enclosure_type, pubDate from rss_item"
        ).fetchall()
    expected = {
        (f"{address}/{show}/feed.xml", title, item.findtext("guid"), enclosure(item), item.find("enclosure").get("type"), int(parsedate_to_datetime(item.findtext("pubDate") or "").timestamp()))  # type: ignore[union-attr]
        for show in SHOWS
        for title, item in items(public / show / "feed.xml").items()
    }  # fmt: skip
    assert set(rows) == expected
    queue = (tmp_path / ".newsboat/queue").read_text("utf-8")
    assert all(row[3] in queue for row in expected)


def test_podboat_downloads_the_authors_bytes(site: tuple[str, Path], tmp_path: Path) -> None:
    """The English show, fetched by newsboat's companion: every file arrives whole."""
    address, public = site
    newsboat(tmp_path, [f"{address}/lamp/feed.xml"])
    expected = {
        hashlib.sha256(_source(public, enclosure(item))).digest() for item in items(public / "lamp/feed.xml").values()
    }

    assert podboat(tmp_path, expected) == expected


def test_server_answers_ranges(site: tuple[str, Path]) -> None:
    """ffmpeg seeks in the audio of the feed through the web, as players do."""
    needed("ffmpeg")
    feed = site[1] / "lamp/feed.xml"
    address = next(enclosure(item) for item in items(feed).values())

    command = ["ffmpeg", "-v", "error", "-ss", "5", "-i", address, "-f", "null", os.devnull]
    made = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )

    assert (made.returncode, made.stderr) == (0, "")
