"""Players of other sites on pages: nobody there is asked for anything before a visitor wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import build
from serving import served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

NOTES = """
<iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ?start=9" title="夜の市場"></iframe>

https://open.spotify.com/episode/7makk4oTQel546B0PZlDM5

https://soundcloud.com/forss/flickermood

## 競りの前に

See [the film](https://youtu.be/dQw4w9WgXcQ).
"""
PLAYERS = [
    ("youtube", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&start=9"),
    ("spotify", "https://open.spotify.com/embed/episode/7makk4oTQel546B0PZlDM5"),
    (
        "soundcloud",
        "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fforss%2Fflickermood&auto_play=true",
    ),
]


@pytest.fixture
def address(project: Callable[..., Path]) -> Iterator[str]:
    """The page of an episode whose notes have players."""
    folder = project()
    episode = folder / "episodes/1.md"
    episode.write_text(episode.read_text("utf-8") + NOTES, encoding="utf-8")
    outcome = build(folder)
    assert not outcome.stopped, outcome.diagnostics
    with served(folder / "public") as site:
        yield f"{site}/radio/1/"


@pytest.fixture
def asked(window: Callable[..., BrowserContext]) -> tuple[Page, list[tuple[str, str]]]:
    """A page, and what it asks of other sites, which a player of ours answers for: addresses and referrers."""
    context, asked = window(), list[tuple[str, str]]()

    def answer(route: Route) -> None:
        asked.append((route.request.url, route.request.headers.get("referer", "")))
        route.fulfill(content_type="text/html", body="<!DOCTYPE html><title>player</title><p>playing")

    for host in ("www.youtube-nocookie.com", "open.spotify.com", "w.soundcloud.com"):
        context.route(f"https://{host}/**", answer)
    return context.new_page(), asked


@pytest.mark.parametrize(("kind", "player"), PLAYERS, ids=[kind for kind, _ in PLAYERS])
def test_player_comes_with_a_click(
    kind: str, player: str, address: str, asked: tuple[Page, list[tuple[str, str]]], complaints: list[str]
) -> None:
    """Only this one, with no more rights than it takes, and knowing of the visitor's way only the site."""
    page, requests = asked
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert requests == []

    words = page.locator(f".{kind} a").inner_text()
    room = page.locator(f".{kind} a").bounding_box()
    page.locator(f".{kind} a").click()
    page.frame_locator(f".{kind} iframe").get_by_text("playing").wait_for()

    assert requests == [(player, address.split("/radio")[0] + "/")]
    frame = page.locator("iframe")
    assert frame.count() == 1 and frame.get_attribute("title") == words
    assert "allow-top-navigation" not in (frame.get_attribute("sandbox") or "allow-top-navigation")
    box = frame.bounding_box()
    assert box and room and box["width"] == room["width"] > 300 and box["height"] >= 152
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    complaints.clear()  # of the one request, which is wanted


def test_keyboard_starts_a_player(
    address: str, asked: tuple[Page, list[tuple[str, str]]], complaints: list[str]
) -> None:
    """It is a link like any other, and Enter follows it."""
    page, requests = asked
    page.goto(address)

    page.locator(".youtube a").focus()
    page.keyboard.press("Enter")
    page.locator(".youtube iframe").wait_for()

    assert [url for url, _ in requests] == [PLAYERS[0][1]]
    complaints.clear()


def test_without_scripts_it_is_a_link(address: str, window: Callable[..., BrowserContext]) -> None:
    """To the page that has the player, at the moment the author named."""
    page = window(java_script_enabled=False).new_page()
    page.goto(address)

    links = {each.inner_text(): each.get_attribute("href") for each in page.locator(".embed a").all()}

    assert links["夜の市場"] == "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=9s"
    assert len(links) == 3
    assert page.locator("iframe").count() == 0


def test_heading_can_be_linked_to(address: str, page: Page) -> None:
    """By the words it has, whatever language they are in."""
    page.goto(f"{address}#h-競りの前に")

    heading = page.locator("h2:target")
    assert heading.inner_text() == "競りの前に"
    heading.locator("a").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("decodeURI(location.hash)") == "#h-競りの前に"


def test_pages_without_players_load_no_script_for_them(example_site: str, page: Page) -> None:
    """Most notes have none."""
    page.goto(f"{example_site}/lamp/the-night-the-lamp-went-out/")

    assert "podfeed-embeds.js" not in page.content()
    assert "frame-src" not in page.content()
