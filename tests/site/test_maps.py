"""What search engines are told: every page that is for them is in a map, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote
from urllib.robotparser import RobotFileParser

import pytest
from commands import NOW, build, episode, tree
from lxml import etree

from podfeed.render.site import maps
from podfeed.testing import example_project, tiny_mp3

SITE = "https://radio.podfeed.example"
_NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SECOND = "{title: 海猫 Radio, language: ja, match: {path: [tv/*]}, description: Two., author: Ada, "
SECOND += "categories: [Technology], artwork: artwork/cover.jpg, explicit: false, timezone: Asia/Tokyo}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of two shows, with pages of every kind."""
    first = SECOND.replace("tv/*", "radio/*").replace("ja", "en", 1)
    project = example_project(
        tmp_path / "project",
        config={"shows": f"{{radio: {first}, 海猫: {SECOND}}}", "actors": "{ada: {name: Ada & Bo}}"},
        files={
            "episodes/radio/tides.md": episode("Tides", audio="/audio/good.mp3", aliases="[/old/tides.html]"),
            "episodes/radio/draft.md": episode("Secret", audio="/audio/2.mp3", draft="true", aliases="[/secret/]"),
            "episodes/radio/notice.md": episode("Notice"),
            "episodes/tv/夜.md": episode("夜", audio="/audio/good.mp3", actor_ids="[ada]"),
        },
    )
    tiny_mp3(project / "audio/2.mp3", seed=2)
    (project / "episodes/1.md").unlink()
    build(project)
    return project


def locations(data: bytes) -> list[str]:
    """The addresses in a map, read as XML."""
    root = etree.fromstring(data)
    kind = {"urlset": "url", "sitemapindex": "sitemap"}[etree.QName(root).localname]
    assert [etree.QName(each).localname for each in root] == [kind] * len(root)
    return [str(each.text) for each in root.iterfind(f"s:{kind}/s:loc", _NAMES)]


def test_every_page_for_search_engines_is_in_a_map(folder: Path) -> None:
    """From robots.txt over the index to each page: all that have an address of their own, and no other file."""
    files = tree(folder / "public")
    robots = RobotFileParser()
    robots.parse(files["robots.txt"].decode().splitlines())
    found = robots.site_maps()

    assert found == [f"{SITE}/sitemap.xml"]
    shows = [unquote(url.removeprefix(f"{SITE}/")) for url in locations(files["sitemap.xml"])]
    assert shows == ["radio/sitemap.xml", "海猫/sitemap.xml"]
    mapped = [url for path in shows for url in locations(files[path])]
    pages = {path for path, data in files.items() if path.endswith(".html") and b"noindex" not in data}
    assert sorted(_path(url) for url in mapped) == sorted(pages - {"index.html"})
    assert all(robots.can_fetch("Googlebot", url) for url in mapped)


def _path(url: str) -> str:
    assert url.isascii()
    assert len(url) < 2048
    path = unquote(url.removeprefix(f"{SITE}/"))
    return f"{path}index.html" if path.endswith("/") else path


def test_what_is_not_for_search_engines_is_in_no_map(folder: Path) -> None:
    """Neither the page for what is missing, nor where a page was before, nor a draft."""
    maps_ = b"".join(data for path, data in tree(folder / "public").items() if path.endswith("sitemap.xml"))

    assert not [word for word in (b"404", b"old/tides", b"ecret", b"draft") if word in maps_]


def test_map_holds_what_a_map_may_hold() -> None:
    """Of more than 50,000 pages, the last are left out: the newest episodes come first."""
    found = locations(maps.sitemap(f"{SITE}/{number}/" for number in range(50_001)))

    assert len(found) == 50_000
    assert found[-1] == f"{SITE}/49999/"


def test_address_with_an_ampersand_is_escaped() -> None:
    """What XML would take for the beginning of something else."""
    assert locations(maps.sitemap([f"{SITE}/a&b/"])) == [f"{SITE}/a&b/"]


def test_year_is_that_of_the_show(tmp_path: Path) -> None:
    """An episode of New Year's morning in Tokyo is of the new year, whatever year it is in London."""
    project = example_project(tmp_path, header={"date": "2025-01-01 05:00:00 +0900"})
    tiny_mp3(project / "audio/2.mp3", seed=2)
    (project / "episodes/2.md").write_text(episode("Eve", date="2024-12-31 23:00:00 +0900", audio="/audio/2.mp3"))

    build(project, now=NOW)

    files = tree(project / "public")
    assert b"Tides" in files["radio/2025/index.html"]
    assert b"Eve" not in files["radio/2025/index.html"]
    assert b"Eve" in files["radio/2024/index.html"]
