"""Chromium for the tests of pages: one for each worker, and for each test new windows with nothing in their memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from commands import build, copy_example
from serving import needed, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

#: What Chromium is started with: no name leads anywhere but to this computer.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium, which takes a second to start."""
    program = needed("chromium")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make setup installs it"
    )
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of in a test: errors on the console, broken policies, requests to anybody else.

    A test that gives reason to complain says which complaints it expects, and clears them.
    """
    return []


@pytest.fixture
def window(chromium: Browser, complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser with nothing in its memory; its pages share one. What it is given is for Playwright.

    At the end of the test nothing may be left of what its pages complained of.
    """
    opened: list[BrowserContext] = []

    def open_window(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(10_000)
        context.on("console", lambda message: _note_message(message, complaints))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("request", lambda request: _note_request(request, complaints))
        opened.append(context)
        return context

    yield open_window
    for context in opened:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(window: Callable[..., BrowserContext]) -> Page:
    """A page of Chromium, as wide as that of a small computer."""
    return window().new_page()


def until(page: Page, expression: str, argument: Any = None, *, seconds: float = 20) -> Any:
    """What *expression* gives on *page* as soon as that is true; the policies of pages forbid Playwright's own wait."""
    end = time.monotonic() + seconds
    while not (found := page.evaluate(expression, argument)):
        assert time.monotonic() < end, f"in {seconds} seconds it did not come true: {expression}"
        page.wait_for_timeout(50)
    return found


def _note_message(message: ConsoleMessage, complaints: list[str]) -> None:
    """Chromium says on the console what a Content Security Policy forbade. It asks for a favicon by itself."""
    address = message.location["url"]
    if message.type in ("error", "warning") and not address.endswith("/favicon.ico"):
        complaints.append(f"{message.text} ({address})")


def _note_request(request: Request, complaints: list[str]) -> None:
    address = urlsplit(request.url)
    if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
        complaints.append(f"asked for {request.url}")


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the example podcasts, built and served, to be looked at only."""
    folder = tmp_path_factory.mktemp("example")
    copy_example(folder)
    build(folder)
    with served(folder / "public") as address:
        yield address
