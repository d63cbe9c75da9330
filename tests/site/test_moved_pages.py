"""A page that was published can be found for good: where it was before, something leads to where it is."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from commands import NOW, build, episode, podfeed, tree
from lxml import etree

from podfeed.check.registry import rules
from podfeed.checking import check
from podfeed.loading import load
from podfeed.read import lock as locks
from podfeed.render.site import places
from podfeed.testing import example_project, tiny_mp3

SITE = "https://radio.podfeed.example"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two episodes that was built once."""
    project = example_project(tmp_path_factory.mktemp("built") / "project", header={"slug": "tides"})
    tiny_mp3(project / "audio/2.mp3", seed=2)
    (project / "episodes/2.md").write_text(episode("Waves", audio="/audio/2.mp3", slug="waves"))
    build(project)
    return project


@pytest.fixture
def folder(tmp_path: Path, built: Path) -> Path:
    """The same for one test."""
    return shutil.copytree(built, tmp_path / "project")


def change(folder: Path, old: str, new: str) -> dict[str, bytes]:
    """What is there once *new* stands in the episode in place of *old*."""
    path = folder / "episodes/1.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    build(folder)
    return tree(folder / "public")


def leads_to(page: bytes) -> str:
    """Where a page sends browsers at once; it says so to search engines, and to people."""
    html = etree.HTML(page)
    refresh = html.xpath("string(//meta[@http-equiv='refresh']/@content)")
    canonical = str(html.xpath("string(//link[@rel='canonical']/@href)"))
    seconds, _, address = refresh.partition("; url=")
    assert seconds == "0"
    assert html.xpath("//a/@href") == [address]
    assert html.xpath("string(//meta[@name='robots']/@content)") == "noindex"
    assert canonical.endswith(re.sub(r"^(\.\./|\./)*", "/", address))
    return canonical


def test_page_that_moved_is_found_where_it_was(folder: Path) -> None:
    """Whoever kept the old address comes to the new one."""
    files = change(folder, "slug: tides", "slug: ebb")

    assert b"Tides" in files["radio/ebb/index.html"]
    assert leads_to(files["radio/tides/index.html"]) == f"{SITE}/radio/ebb/"


def test_all_places_it_ever_had_lead_to_the_last_one(folder: Path) -> None:
    """Nobody is sent round: of two moves, both old addresses lead to the newest."""
    change(folder, "slug: tides", "slug: ebb")
    files = change(folder, "slug: ebb", "slug: flood\npermalink: /flood.html")

    assert leads_to(files["radio/tides/index.html"]) == f"{SITE}/flood.html"
    assert leads_to(files["radio/ebb/index.html"]) == f"{SITE}/flood.html"


def test_page_that_comes_back_is_a_page_again(folder: Path) -> None:
    """And the place it had in between leads to it."""
    change(folder, "slug: tides", "slug: ebb")
    files = change(folder, "slug: ebb", "slug: tides")

    assert b'http-equiv="refresh"' not in files["radio/tides/index.html"]
    assert leads_to(files["radio/ebb/index.html"]) == f"{SITE}/radio/tides/"


def test_place_another_episode_took_is_its_own(folder: Path) -> None:
    """What stands there is the other episode's page, and no way to the first."""
    (folder / "episodes/2.md").write_text(episode("Waves", audio="/audio/2.mp3", slug="tides"))
    files = change(folder, "slug: tides", "slug: ebb")

    assert b"Waves" in files["radio/tides/index.html"]
    assert b'http-equiv="refresh"' not in files["radio/tides/index.html"]


def test_pattern_of_a_show_moves_every_page(folder: Path) -> None:
    """Not only what is written in an episode moves it."""
    config = folder / "config.yaml"
    config.write_text(config.read_text().replace("    title:", "    permalink: /shows/{slug}/\n    title:"))
    build(folder)

    assert leads_to(tree(folder / "public")["radio/tides/index.html"]) == f"{SITE}/shows/tides/"


def test_place_of_podfeeds_own_pages_leads_nowhere_else(folder: Path) -> None:
    """A show that came to be where a page was keeps its page."""
    change(folder, "slug: tides", "slug: tides\npermalink: /news/")
    config = folder / "config.yaml"
    text = config.read_text()
    show = text.partition("  radio:\n")[2].replace("title: Harbour Radio", "title: News\n    match: {title: Waves}")
    config.write_text(text.replace("title: Harbour", "match: {title: Tides}\n    title: Harbour") + f"  news:\n{show}")
    (folder / "podfeed.lock").write_text("".join(_lines_of(folder, "episodes/1.md")))
    files = change(folder, "permalink: /news/", "explicit: false")

    assert b"News" in files["news/index.html"]
    assert b'http-equiv="refresh"' not in files["news/index.html"]


def _lines_of(folder: Path, word: str) -> list[str]:
    """The lines of podfeed.lock but those of episodes without *word*."""
    lines = (folder / "podfeed.lock").read_text("utf-8").splitlines(keepends=True)
    return [line for line in lines if not line.startswith("episode") or word in line]


def test_withdrawn_episode_is_gone_wherever_it_was(folder: Path) -> None:
    """No old address leads to what is not there any more, and none still says its title."""
    change(folder, "slug: tides", "slug: ebb")
    assert podfeed(folder, "withdraw", "episodes/1.md").returncode == 0
    build(folder)
    files = tree(folder / "public")

    for path in ("radio/tides/index.html", "radio/ebb/index.html"):
        assert b"withdrawn" in files[path]
        assert b"Tides" not in files[path]
    assert not [path for path, data in files.items() if path.endswith((".html", ".xml")) and b"Tides" in data]


# -------------------------------------------------------------------------------------------- aliases


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        ("/2019/tides.html", "2019/tides.html"),
        ("/2019/tides/", "2019/tides/index.html"),
        ("/2019/tides", "2019/tides.html"),
        (f"{SITE}/2019/%E6%BD%AE.html", "2019/潮.html"),
        ("/radio/subscribe/", "radio/subscribe/index.html"),
    ],
)
def test_alias_leads_to_the_page(folder: Path, alias: str, path: str) -> None:
    """Addresses that another tool gave to the page go on to work; podfeed's own lists give way to them."""
    files = change(folder, "slug: tides", f"slug: tides\naliases: [{alias}]")

    assert leads_to(files[path]) == f"{SITE}/radio/tides/"
    assert not [each for each in check(load(folder), now=NOW) if each.severity == "error"]


def test_list_that_gives_way_is_found_from_the_list_before_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though none of the episodes of that one has changed."""
    monkeypatch.setattr(places, "PER_PAGE", 1)
    tiny_mp3(folder / "audio/3.mp3", seed=3)
    newest = episode("Ice", date="2025-07-01 05:00:00 +0900", audio="/audio/3.mp3", slug="ice")
    (folder / "episodes/3.md").write_text(newest)
    build(folder)
    files = change(folder, "slug: tides", "slug: tides\naliases: [/radio/page/2/]")

    assert b"page/2-2/" in files["radio/index.html"]
    assert "radio/page/2-2/index.html" in files


@pytest.mark.parametrize(
    "alias",
    ["https://elsewhere.podfeed.example/a/", "a/b", "/../a/", "/?p=7", "/", "/.git/", "/a//b", "/a#b"],
)
def test_alias_that_is_no_page_of_the_site_is_told(folder: Path, alias: str) -> None:
    """Nothing of ours can stand there."""
    files = change(folder, "slug: tides", f'slug: ebb\naliases: ["/ok/", "{alias}"]')
    told = [each for each in check(load(folder), now=NOW) if each.rule == "page-alias-invalid"]

    assert len(told) == 1
    assert (told[0].severity, told[0].excerpt) == ("error", f'aliases: ["/ok/", "{alias}"]')
    assert "radio/ebb/index.html" not in files  # an error stops the show


@pytest.mark.parametrize(
    ("alias", "who"),
    [
        ("/radio/tides/", "where the page is now"),
        ("/radio/", "the page of radio"),
        ("/radio/waves/", "episodes/2.md"),
        ("/radio/Waves/", "episodes/2.md"),
        ("/404.html", "a file that all pages share"),
    ],
)
def test_alias_where_something_else_is_is_told(folder: Path, alias: str, who: str) -> None:
    """With what is there."""
    change(folder, "slug: tides", f"slug: tides\naliases: [{alias}]")
    told = [each for each in check(load(folder), now=NOW) if each.rule.startswith("page-")]

    assert [each.rule for each in told] == ["page-alias-taken"]
    assert who in told[0].message
    assert rules()["page-alias-taken"].severity == "error"


@pytest.mark.parametrize("setting", ["aliases: [/news/subscribe/]", "permalink: /news/people/ada/", "slug: '2025'"])
def test_place_of_a_list_of_another_show_is_not_taken(folder: Path, setting: str) -> None:
    """Its lists give way to its own episodes, and know nothing of others; an episode of the show itself may lie there.

    Without that, two shows would write to one address, and which is seen would depend on which was looked at last.
    """
    config, path = folder / "config.yaml", folder / "episodes/1.md"
    show = config.read_text().partition("  radio:\n")[2]
    config.write_text(
        f'{config.read_text()}    match: {{path: "?.md"}}\n  news:\n{show}    match: {{path: "news/*"}}\n'
    )
    path.write_text(path.read_text().replace("slug: tides", setting))
    told = [each.message for each in check(load(folder), now=NOW) if each.rule.startswith("page-")]

    assert ["a list of news" in each for each in told] == [True] * ("news" in setting)


def test_address_that_differs_in_capital_letters_alone_is_not_led_from(folder: Path) -> None:
    """On many disks it is the page itself, which would lead to itself for ever."""
    files = change(folder, "slug: tides", "slug: Tides")

    assert b'http-equiv="refresh"' not in files["radio/Tides/index.html"]
    assert "radio/tides/index.html" not in files


# ------------------------------------------------------------------------------------------- the lock


def test_lock_keeps_every_place(folder: Path) -> None:
    """In an order that does not depend on anything but what happened."""
    change(folder, "slug: tides", "slug: ebb")
    change(folder, "slug: ebb", "slug: flood")
    lock = locks.read((folder / "podfeed.lock").read_text("utf-8"))[0]
    entry = next(entry for entry in lock.episodes.values() if entry.path == "episodes/1.md")

    assert entry.page == "radio/flood/index.html"
    assert entry.former_pages == ("radio/tides/index.html", "radio/ebb/index.html")
    assert locks.read(locks.write(lock))[0] == lock


def test_lock_of_an_earlier_podfeed_is_taken_as_it_is(folder: Path) -> None:
    """It knows no places: the first build notes them, and nothing else changes."""
    path = folder / "podfeed.lock"
    text = path.read_text("utf-8")
    path.write_text(text.replace(', "page": "radio/tides/index.html"', ""), "utf-8")
    before = tree(folder / "public")
    build(folder)

    assert path.read_text("utf-8") == text
    assert tree(folder / "public") == before


def test_places_of_shows_that_are_not_looked_at_are_known(folder: Path) -> None:
    """A part of the project is enough to know what another show's page has taken."""
    text = (folder / "podfeed.lock").read_text("utf-8")

    assert locks.read(text, shows=frozenset(["other"]))[0].pages_beside("other") == {
        "radio/tides/index.html",
        "radio/waves/index.html",
    }
    assert locks.read(text)[0].pages_beside("radio") == set()
