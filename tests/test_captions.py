"""Captions as listeners see them: Chromium plays a built episode, and shows what is being said."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from commands import ROOT, build
from PIL import Image, ImageChops
from serving import needed, served

PAGE = "asaichi/競りの鐘が鳴る前に"
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio"),
)
#: Seconds into the sound, the language of the track, and what is said then.
SAID = [
    pytest.param(1.0, "ja", "<v 潮見トロ>おはようございます。午前三時の魚市場です。", id="the first cue"),
    pytest.param(5.0, "ja", "<v 帳場のイワ>声が大きいよ。鐘の前は静かにね。", id="another voice"),
    pytest.param(11.0, "en", "<v 潮見トロ>The gulls have gone quiet. Here it comes.", id="made of SubRip"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the example podcasts, built and served."""
    folder = tmp_path_factory.mktemp("example")
    for name in ("config.yaml", "podfeed.lock"):
        shutil.copy(ROOT / name, folder)
    for name in ("episodes", "audio", "images", "artwork"):
        shutil.copytree(ROOT / name, folder / name)
    build(folder)
    with served(folder / "public") as address:
        yield address


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of Chromium, with nothing in its memory."""
    chromium = needed("chromium")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: make setup installs it"
    )
    with playwright.sync_playwright() as driver:
        profile = tmp_path_factory.mktemp("profile")
        context = driver.chromium.launch_persistent_context(
            str(profile), headless=True, executable_path=chromium, args=FLAGS, viewport={"width": 800, "height": 450}
        )
        yield context.pages[0]
        context.close()


def _show(page: Any, player: str, language: str, seconds: float) -> list[str]:
    """Seek to *seconds*, and give the captions in *language* that are to be seen then."""
    page.evaluate(
        """([name, language, seconds]) => {
            const player = document.querySelector(name);
            player.preload = "auto";
            for (const track of player.textTracks)
                track.mode = track.kind === "captions" && track.language === language ? "showing" : "disabled";
            player.currentTime = seconds;
        }""",
        [player, language, seconds],
    )
    shown = """([name, language, seconds]) => {
        const player = document.querySelector(name);
        const track = [...player.textTracks].find(each => each.language === language && each.kind === "captions");
        const cues = [...(track.activeCues ?? [])];
        return !player.seeking && Math.abs(player.currentTime - seconds) < 0.1 && cues.length
            && cues.map(cue => cue.text);
    }"""
    texts: list[str] = page.wait_for_function(shown, arg=[player, language, seconds], timeout=20_000).json_value()
    return texts


@pytest.mark.parametrize(("seconds", "language", "text"), SAID)
def test_player_of_a_page_knows_what_is_being_said(
    page: Any, site: str, seconds: float, language: str, text: str
) -> None:
    """The page brings its transcripts as tracks: in each language, the cue of that moment is the active one."""
    page.goto(f"{site}/{quote(PAGE)}/")

    assert _show(page, "audio", language, seconds) == [text]


def test_caption_is_painted(page: Any, site: str) -> None:
    """Where there is a picture to write on, the words can be seen in it: without the track there are none."""
    page.goto(f"{site}/{quote(PAGE)}/")
    sound, track = page.evaluate(
        """() => [document.querySelector("audio").src, document.querySelector("track[srclang=ja]").src]"""
    )
    page.set_content(
        f'<video src="{sound}" preload="auto" style="width: 800px; height: 450px; background: black">'
        f'<track kind="captions" src="{track}" srclang="ja"></video>'
    )
    _show(page, "video", "ja", 5.0)
    page.wait_for_timeout(300)
    with_words = _picture(page)
    page.evaluate("() => { document.querySelector('video').textTracks[0].mode = 'disabled'; }")
    page.wait_for_timeout(300)
    without_words = _picture(page)

    box = ImageChops.difference(with_words, without_words).getbbox()

    assert box is not None
    left, top, right, bottom = box
    assert right - left > 200 and 10 < bottom - top < 120
    assert top > 300, "captions stand in the lower third"
    assert with_words.crop(box).convert("L").getextrema() == (0, 255), "white words on black"


def _picture(page: Any) -> Image.Image:
    return Image.open(io.BytesIO(page.locator("video").screenshot())).convert("RGB")


def test_words_can_be_read_on_the_page(page: Any, site: str) -> None:
    """Whoever does not listen opens the transcript, each in its own language."""
    page.goto(f"{site}/{quote(PAGE)}/")

    page.locator("details.transcript summary").first.click()

    assert [each.get_attribute("lang") for each in page.locator("details.transcript").all()] == ["ja", "en"]
    words = page.locator("details.transcript[lang=ja]").inner_text()
    assert words.splitlines()[0] == "文字起こし"
    assert "帳場のイワ 声が大きいよ。鐘の前は静かにね。" in words
    assert "鴎が鳴きやみました。" in words
