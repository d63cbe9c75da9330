"""A preview as hosts see it: in Chromium, beside the editor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from commands import copy_example

from podfeed import words
from podfeed.previewing import Preview

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

DRAFT = "episodes/2025-09-01-名前のない魚.md"
SCHEDULED = "episodes/2099-12-31-百年目の最終列車.md"
PUBLIC = "episodes/2025-06-02-競りの鐘が鳴る前に.md"


# In these tests the preview comes first: so the browser is closed before it, and never asks a server that is gone.


@pytest.fixture
def running(tmp_path: Path, preview: Callable[..., Preview]) -> Preview:
    """The preview of the example podcasts."""
    copy_example(tmp_path)
    return preview(tmp_path)


def _edit(running: Preview, path: str, old: str, new: str) -> None:
    file = running.folder / path
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def _panel(running: Preview, path: str) -> str:
    return f"{running.url}episode/{quote(path)}"


def test_page_follows_an_edit(running: Preview, page: Page) -> None:
    """A saved file shows soon, where the reader is, and the sound stays where it was."""
    page.goto(f"{running.site}/{quote('asaichi/名前のない魚')}/")
    page.evaluate("document.querySelector('audio').currentTime = 3.5")
    page.evaluate("scrollTo(0, 120)")

    _edit(running, DRAFT, "体長は長靴一足と半分", "体長は長靴二足")
    page.get_by_text("体長は長靴二足").wait_for(timeout=5000)

    page.wait_for_function("document.querySelector('audio').currentTime === 3.5")
    page.wait_for_function("scrollY === 120")


def test_half_written_file_says_what_is_wrong_and_comes_back(running: Preview, page: Page) -> None:
    """At the very address of the page: the server lives, the fault is told, and once it is mended the page is there."""
    page.goto(f"{running.site}/{quote('asaichi/名前のない魚')}/")

    _edit(running, DRAFT, "title: 名前のない魚", 'title: "名前のない魚')
    page.get_by_text("a quotation mark is opened but never closed").wait_for()
    _edit(running, DRAFT, 'title: "名前のない魚', "title: 名前のある魚")

    page.get_by_role("heading", name="名前のある魚", level=1).wait_for()


def test_broken_settings_end_nothing(running: Preview, page: Page) -> None:
    """Without config.yaml there is no show; whoever looks is told what stands in its way."""
    page.goto(f"{running.site}/asaichi/")

    _edit(running, "config.yaml", "shows:", "shows: [")
    page.get_by_text("config.yaml").first.wait_for()
    assert page.locator(".findings .is-error").count()
    assert page.get_by_role("heading", name="All files").count() == 1
    row = page.locator(".files li").filter(has_text="名前のない魚")
    assert row.locator(".state").inner_text() == "Show unknown"
    _edit(running, "config.yaml", "shows: [", "shows:")

    page.get_by_role("heading", name="夜明け前の魚市場ラジオ", level=1).wait_for()


def test_what_is_not_public_is_marked(running: Preview, page: Page) -> None:
    """On its own page and in the list of all; what is public says that, too."""
    bars = {
        "asaichi/名前のない魚": "Not public yet: a draft",
        "yako/百年目の最終列車": "Not public yet: scheduled for December 31, 2099 11:30\u202fPM (Asia/Tokyo)",
        "asaichi/競りの鐘が鳴る前に": "Released: a build or a publish has brought it out",
    }
    for path, words_on_bar in bars.items():
        page.goto(f"{running.site}/{quote(path)}/")
        assert page.get_by_role("navigation", name="Preview").locator("b").inner_text() == words_on_bar

    page.goto(running.url)
    row = page.locator(".files li").filter(has_text="名前のない魚")
    assert row.locator(".state").inner_text() == "Draft"


def test_panel_is_understood_at_once(running: Preview, page: Page) -> None:
    """Its headline says whether the episode is ready; what is wrong stands with its line."""
    page.goto(_panel(running, DRAFT))
    assert page.locator(".verdict-words").inner_text() == "Draft: take out “draft: true” when it may go out"
    page.goto(_panel(running, SCHEDULED))
    assert page.locator(".verdict-words").inner_text().startswith("Ready: goes out on December 31, 2099")

    _edit(running, SCHEDULED, "duration:", "season: none\nduration:")
    page.get_by_text("Not ready: 1 thing must be fixed").wait_for()
    fault = page.locator(".findings .is-error")
    assert fault.locator(".place").inner_text() == "line 8"
    assert fault.locator("mark").inner_text() == "none"


def test_sound_jumps_to_what_is_said(running: Preview, page: Page) -> None:
    """A cue of the transcript is a button: the sound goes on from there."""
    page.goto(_panel(running, PUBLIC))

    page.get_by_role("button", name="0:06").click()

    page.wait_for_function("(at => at >= 6 && at < 9)(document.querySelector('#sound').currentTime)")
    assert not page.evaluate("document.querySelector('#sound').paused")


def test_pages_for_hosts_speak_the_language_of_the_host(
    running: Preview, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Japanese where podfeed speaks Japanese, on the bar of an English show as well."""
    monkeypatch.setattr(words, "_language", "ja")

    page.goto(_panel(running, DRAFT))
    assert page.locator("html").get_attribute("lang") == "ja"
    assert (
        page.locator(".verdict-words").inner_text() == "下書き: 配信してよくなったら「draft: true」を削除してください"
    )
    page.goto(f"{running.site}/lamp/a-boat-with-no-name/")
    bar = page.locator(".preview-bar")
    assert (bar.get_attribute("lang"), bar.locator("b").inner_text()) == (
        "ja",
        "リリース済み: ビルドまたは公開で出ています",
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_for_hosts_fit_any_screen(window: Callable[..., BrowserContext], running: Preview, width: int) -> None:
    """Nothing is wider than the screen; each has one headline, and whatever can be pressed has a name."""
    page = window(viewport={"width": width, "height": 700}).new_page()
    for address in (running.url, *(_panel(running, path) for path in (DRAFT, SCHEDULED, PUBLIC))):
        page.goto(address)

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        unnamed = "[...document.querySelectorAll('a, button, summary')].filter(each => !each.textContent.trim()).length"
        assert page.evaluate(unnamed) == 0
