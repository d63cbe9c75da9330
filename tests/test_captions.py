"""Captions as listeners see them: Chromium plays a built episode, and shows what is being said."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from browser import until
from PIL import Image, ImageChops

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

PAGE = "asaichi/競りの鐘が鳴る前に"
#: Seconds into the sound, the language of the track, and what is said then.
SAID = [
    pytest.param(1.0, "ja", "<v 潮見トロ>おはようございます。午前三時の魚市場です。", id="the first cue"),
    pytest.param(5.0, "ja", "<v 帳場のイワ>声が大きいよ。鐘の前は静かにね。", id="another voice"),
    pytest.param(11.0, "en", "<v 潮見トロ>The gulls have gone quiet. Here it comes.", id="made of SubRip"),
]


def _show(page: Page, player: str, language: str, seconds: float) -> list[str]:
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
    texts: list[str] = until(page, shown, [player, language, seconds])
    return texts


@pytest.mark.parametrize(("seconds", "language", "text"), SAID)
def test_player_of_a_page_knows_what_is_being_said(
    page: Page, example_site: str, seconds: float, language: str, text: str
) -> None:
    """The page brings its transcripts as tracks: in each language, the cue of that moment is the active one."""
    page.goto(f"{example_site}/{quote(PAGE)}/")

    assert _show(page, "audio", language, seconds) == [text]


def test_caption_is_painted(window: Callable[..., BrowserContext], example_site: str) -> None:
    """Where there is a picture to write on, the words can be seen in it: without the track there are none."""
    page = window(viewport={"width": 800, "height": 450}, bypass_csp=True).new_page()
    page.goto(f"{example_site}/{quote(PAGE)}/")
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


def _picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.locator("video").screenshot())).convert("RGB")


def test_words_can_be_read_on_the_page(page: Page, example_site: str) -> None:
    """Whoever does not listen opens the transcript, each in its own language."""
    page.goto(f"{example_site}/{quote(PAGE)}/")

    page.locator("details.transcript summary").first.click()

    transcripts = page.locator("details.transcript")
    assert [each.get_attribute("lang") for each in transcripts.locator(".words").all()] == ["ja", "en"]
    words = transcripts.first.inner_text()
    assert words.splitlines()[0] == "文字起こし（日本語）"
    assert "帳場のイワ 声が大きいよ。鐘の前は静かにね。" in words
    assert "鴎が鳴きやみました。" in words
