"""The player of an episode's page in Chromium: with the mouse, with the keyboard, without a script, and in trouble."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from browser import until
from commands import ROOT, build
from serving import needed, served

from podfeed.testing import example_project, tiny_jpeg, tiny_mp3

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SCRIPT = ROOT / "podfeed/render/site/templates/podfeed.js"
TIDES = """
---
title: Tides
date: 2025-06-02 05:00:00 +0900
audio_file_path: /audio/tides.mp3
actor_ids: [ada]
image: artwork/tides.jpg
chapters:
  - 00:00 Ebb
  - {time: "00:40", title: The bell, link: "https://bell.example/", image: artwork/bell.jpg}
  - 01:20 Flood
soundbites: [{start: "00:50", duration: 20, title: A wave}]
transcripts: [{path: texts/tides.vtt, language: en}, {path: texts/tides-ja.vtt, language: ja}]
---
The bell [rings](#t=0:40).[^1]

[^1]: It is a large bell.
"""
OTHER = """
---
title: {title}
date: 2025-06-0{day} 05:00:00 +0900
audio_file_path: /audio/{file}
---
Hello.
"""
#: What the sound says of itself.
NOW = "document.querySelector('audio, video').currentTime"
IS_PAUSED = "document.querySelector('audio, video').paused"
#: Of the open transcript: what is being said, and whether it is in sight in its box.
SAID = """() => {
    const box = document.querySelector(".transcript[open] .words");
    const [current] = box.querySelectorAll("[aria-current]");
    const [inner, outer] = [current.getBoundingClientRect(), box.getBoundingClientRect()];
    return [current.innerText, inner.top >= outer.top && inner.bottom <= outer.bottom];
}"""


def _transcript(line: str) -> str:
    """Twelve turns of two voices, ten seconds each, and each long enough to fill lines."""
    voices = ("Ada", "Bo")
    cues = (
        f"{at // 60:02}:{at % 60:02}.000 --> {at // 60:02}:{at % 60 + 9:02}.000\n<v {voices[at // 10 % 2]}>{at}: {line}"
        for at in range(0, 120, 10)
    )
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show with two sounds of two minutes, a film, and something that is no sound."""
    folder = tmp_path_factory.mktemp("player")
    for name in ("audio", "artwork"):
        (folder / name).mkdir()
    tiny_mp3(folder / "audio/tides.mp3", seconds=120)
    tiny_mp3(folder / "audio/waves.mp3", seconds=120, seed=1)
    tiny_mp3(folder / "audio/broken.mp3", seed=2)
    for seed, name in enumerate(("cover", "tides", "bell")):
        tiny_jpeg(folder / f"artwork/{name}.jpg", seed=seed)
    film = [
        *(needed("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=20"),
        *("-f", "lavfi", "-i", "sine=d=20", "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart"),
        str(folder / "audio/film.mp4"),
    ]
    subprocess.run(film, check=True, stdin=subprocess.DEVNULL)
    files = {
        "episodes/1.md": TIDES.lstrip(),
        "episodes/2.md": OTHER.lstrip().format(title="Waves", day=3, file="waves.mp3"),
        "episodes/3.md": OTHER.lstrip().format(title="Film", day=4, file="film.mp4"),
        "episodes/4.md": OTHER.lstrip().format(title="Broken", day=5, file="broken.mp3"),
        "texts/tides.vtt": _transcript("the moon pulls, the sea follows, and nobody in the harbour says a word. " * 3),
        "texts/tides-ja.vtt": _transcript("月が引けば、海がついていきます。" * 5),
    }
    return example_project(folder, files=files)


@pytest.fixture(scope="module")
def site(project: Path) -> Iterator[str]:
    """The address of the show, built and served."""
    build(project)
    broken = project / "public/audio/broken.mp3"
    broken.write_bytes(os.urandom(5000))
    with served(project / "public") as address:
        yield f"{address}/radio"


def _is_at(page: Page, seconds: float, *, within: float = 3) -> None:
    """Wait until the sound is where it should be, or has gone on from there."""
    until(page, f"!document.querySelector('audio, video').seeking && {NOW} >= {seconds} && {NOW} < {seconds + within}")


def _plays(page: Page, seconds: float = 0) -> None:
    """Wait until the sound goes on from *seconds*."""
    _is_at(page, seconds + 0.05)
    assert not page.evaluate(IS_PAUSED)


def _control(page: Page, name: str) -> Any:
    return page.get_by_role("button", name=name, exact=True)


# -------------------------------------------------------------------------------------------------- playing


def test_plays_and_pauses(page: Page, site: str) -> None:
    """Nothing of the sound is fetched before somebody wants to hear it; the button says what it will do."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/1/")
    assert page.locator(".remaining").inner_text() == "−02:00"
    assert not [each for each in asked if each.endswith((".mp3", ".vtt"))]

    _control(page, "Play").click()
    _plays(page)
    _control(page, "Pause").click()

    _control(page, "Play").wait_for()
    assert page.evaluate(IS_PAUSED)
    assert not page.locator("audio").is_visible(), "the player has controls of its own"


def test_skips_and_seeks(page: Page, site: str) -> None:
    """By buttons, and by the line, which says where you are; before the sound is there, too."""
    page.goto(f"{site}/1/")
    line = page.get_by_role("slider", name="Position")

    _control(page, "Forward 30 seconds").click()
    _control(page, "Forward 30 seconds").click()
    _control(page, "Back 15 seconds").click()
    assert line.get_attribute("aria-valuetext") == "00:45 of 02:00"
    _control(page, "Play").click()
    _plays(page, 45)
    line.fill("100")

    _plays(page, 100)
    assert page.locator(".elapsed").inner_text().startswith("01:4")


def test_chapters_follow_and_lead(page: Page, site: str) -> None:
    """A chapter is a click away; the one that is on is marked, in the list, and all of them on the line."""
    page.goto(f"{site}/1/")
    chapters = page.get_by_role("list").filter(has_text="Ebb").locator("a[data-t]")
    assert page.locator(".line i").count() == 2

    chapters.nth(1).click()
    _plays(page, 40)
    assert [each.get_attribute("aria-current") for each in chapters.all()] == [None, "true", None]
    page.get_by_role("slider", name="Position").fill("90")
    _plays(page, 90)

    assert [each.get_attribute("aria-current") for each in chapters.all()] == [None, None, "true"]
    assert page.get_by_role("link", name="More about “The bell”").get_attribute("href") == "https://bell.example/"
    assert page.locator(".chapters img").count() == 1
    assert page.url == f"{site}/1/", "the address stays"


def test_moment_of_the_author_ends_where_it_should(page: Page, site: str) -> None:
    """A soundbite plays its part alone."""
    page.goto(f"{site}/1/")

    page.get_by_role("link", name="A wave").click()
    _plays(page, 50)
    page.evaluate("document.querySelector('audio').currentTime = 69.8")
    until(page, IS_PAUSED)

    assert 70 <= page.evaluate(NOW) < 71


def test_sound_on_another_server_plays(page: Page, project: Path, tmp_path: Path, complaints: list[str]) -> None:
    """Media may lie with somebody who says nothing of other sites; what is read beside them is on this one."""
    folder, elsewhere = tmp_path / "project", "https://media.podfeed.example"
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns("public", "podfeed.lock"))
    (folder / "config.yaml").write_text(f"media: {elsewhere}\n{(project / 'config.yaml').read_text('utf-8')}", "utf-8")
    build(folder)
    out = folder / "public"
    page.route(f"{elsewhere}/**", lambda route: route.fulfill(path=out / urlsplit(route.request.url).path[1:]))
    with served(out) as site:
        page.goto(f"{site}/radio/1/")
        _control(page, "Play").click()
        _plays(page)
        page.get_by_text("Transcript (English)").click()

    assert page.evaluate("document.querySelector('audio').src") == f"{elsewhere}/audio/tides.mp3"
    assert page.locator(".words p").first.get_attribute("aria-current") == "true"
    assert all(each.startswith(f"asked for {elsewhere}/") for each in complaints)
    complaints.clear()


# ----------------------------------------------------------------------------------------------- transcripts


def _opened(page: Page, site: str) -> Any:
    page.goto(f"{site}/1/")
    page.get_by_text("Transcript (English)").click()
    return page.locator(".transcript[open] .words")


def test_transcript_follows(page: Page, site: str) -> None:
    """What is being said is marked and kept in sight, and neither the page nor the focus moves."""
    _opened(page, site)
    _control(page, "Play").click()
    before = page.evaluate("scrollY")

    page.evaluate("document.querySelector('audio').currentTime = 95")
    until(page, f"(([said, isInSight]) => said.startsWith('01:30 Bo 90: the moon pulls') && isInSight)(({SAID})())")

    assert page.evaluate("scrollY") == before
    assert page.evaluate("document.activeElement.className") == "play"


def test_transcript_stays_where_the_reader_scrolls(page: Page, site: str) -> None:
    """It follows again when it is asked to."""
    words = _opened(page, site)
    words.hover()
    page.mouse.wheel(0, 100)
    until(page, "!document.querySelector('.transcript[open] [type=checkbox]').checked")

    _control(page, "Forward 30 seconds").click()
    _control(page, "Forward 30 seconds").click()
    _control(page, "Forward 30 seconds").click()
    page.wait_for_timeout(200)
    assert page.evaluate(SAID)[1] is False
    page.get_by_label("Follow along").first.check()

    until(page, f"({SAID})()[1]")


def test_transcript_seeks(page: Page, site: str) -> None:
    """A click on what was said leads there, with the mouse and with the keyboard; words can still be copied."""
    words = _opened(page, site)

    words.locator("p").nth(2).click()
    _plays(page, 20)
    words.get_by_role("link").nth(2).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.innerText") == "00:40"
    page.keyboard.press("Enter")
    _plays(page, 40)
    words.locator("p b").first.dblclick()

    assert page.evaluate("getSelection().toString()").strip() == "Ada"
    assert page.evaluate(NOW) >= 40 or page.evaluate(NOW) < 5


def test_one_transcript_is_open_at_a_time(page: Page, site: str) -> None:
    """They say the same in several languages; each is read in its own."""
    _opened(page, site)

    page.get_by_text("Transcript (Japanese)").click()

    assert page.locator(".transcript[open]").count() == 1
    assert page.locator(".transcript[open] .words").get_attribute("lang") == "ja"
    assert page.locator(".transcript:not([open]) .words").is_hidden()


@pytest.mark.parametrize(("motion", "arrives"), [("reduce", True), ("no-preference", False)])
def test_transcript_jumps_for_those_who_want_no_motion(
    window: Callable[..., BrowserContext], site: str, motion: str, arrives: bool
) -> None:
    """For others it glides: at the moment of the click it is still where it was."""
    page = window(reduced_motion=motion).new_page()
    words = _opened(page, site)

    top = words.evaluate("box => { box.querySelectorAll('a')[9].click(); return box.scrollTop; }")

    assert (top > 0) == arrives


# ------------------------------------------------------------------------------------------ links to moments


def test_link_to_a_moment_begins_there(page: Page, site: str) -> None:
    """As the W3C writes them; any other anchor is none. Nothing plays unasked."""
    moments = {
        **{"#t=90": "01:30", "#t=1:30": "01:30", "#t=0:01:30.5": "01:30", "#t=npt:90": "01:30", "#t=100000": "02:00"},
        **{"#t": "00:00", "#t=": "00:00", "#t=1..5": "00:00", "#t-1": "00:00", "#fn-t=90": "00:00"},
    }
    shown = {}
    for hash in moments:
        page.goto("about:blank")
        page.goto(f"{site}/1/{hash}", wait_until="domcontentloaded")
        shown[hash] = page.locator(".elapsed").inner_text()

    assert shown == moments
    assert page.evaluate(IS_PAUSED)


def test_link_to_a_part_pauses_at_its_end(page: Page, site: str) -> None:
    """And plays on from there if that is wanted."""
    page.goto(f"{site}/1/#t=1:30,1:31")

    _control(page, "Play").click()
    _plays(page, 90)
    until(page, IS_PAUSED)
    assert 91 <= page.evaluate(NOW) < 91.6
    _control(page, "Play").click()

    _plays(page, 91.6)


def test_another_moment_in_the_address_leads_there(page: Page, site: str) -> None:
    """Footnotes do not, nor does the way back from them."""
    page.goto(f"{site}/1/")

    page.evaluate("location.hash = 't=1:40'")
    _plays(page, 100)
    page.get_by_role("link", name="1", exact=True).click()
    page.get_by_role("slider", name="Position").fill("10")
    page.go_back()

    _plays(page, 10)


def test_moment_in_the_notes_leads_there(page: Page, site: str) -> None:
    """As often as it is clicked, and the address of the page stays what it is."""
    page.goto(f"{site}/1/")
    rings = page.get_by_role("link", name="rings")

    for _ in range(2):
        rings.click()
        _plays(page, 40)
        page.get_by_role("slider", name="Position").fill("10")

    assert page.url == f"{site}/1/"


def test_moment_can_be_shared(window: Callable[..., BrowserContext], site: str) -> None:
    """The link is copied, and the page says so."""
    page = window(permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto(f"{site}/1/#t=1:15")

    _control(page, "Share this moment").click()

    page.get_by_role("status", name="Player").filter(has_text="Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "https://radio.podfeed.example/radio/1/#t=75"


def test_link_is_shown_where_it_cannot_be_copied(page: Page, site: str) -> None:
    """So that its reader can copy it by hand."""
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.goto(f"{site}/1/")

    _control(page, "Share this moment").click()

    page.get_by_role("status").get_by_text("https://radio.podfeed.example/radio/1/#t=0", exact=True).wait_for()


# -------------------------------------------------------------------------------------------------- keyboard


def test_keyboard_reaches_everything(page: Page, site: str) -> None:
    """In the order of the page, and wherever the focus is, it can be seen."""
    page.goto(f"{site}/1/")
    page.locator(".back").focus()
    reached = []
    for _ in range(13):
        reached.append(
            page.evaluate(
                """() => {
                    const { ariaLabel, innerText, className, labels } = document.activeElement;
                    const style = getComputedStyle(document.activeElement);
                    const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
                    return `${ariaLabel ?? labels?.[0]?.innerText.split("\\n")[0].trim() ?? innerText.trim()} ${isSeen}`;
                }"""
            )
        )
        page.keyboard.press("Tab")

    assert [each.replace("\n", " ") for each in reached] == [
        *("Back 15 seconds true", "Play true", "Forward 30 seconds true", "Position true"),
        *("Speed true", "Volume true", "Share this moment true", "Keys true"),
        *(
            "00:50 A wave true",
            "00:00 Ebb true",
            "00:40 The bell true",
            "More about “The bell” true",
            "01:20 Flood true",
        ),
    ]


def test_keys_work_in_the_player(page: Page, site: str) -> None:
    """Play, skip, and change the speed, wherever in the player the focus is; the help names them."""
    page.goto(f"{site}/1/")
    page.locator(".keys summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("Slower or faster").is_visible()

    page.keyboard.press("l")
    page.keyboard.press("l")
    page.keyboard.press("j")
    page.keyboard.press("k")
    _plays(page, 45)
    page.keyboard.press("ArrowRight")
    _plays(page, 75)
    page.keyboard.press("ArrowLeft")
    _plays(page, 60)
    page.keyboard.press(".")
    assert page.get_by_role("status").inner_text() == "Speed 1.25×"
    page.keyboard.press(",")
    page.keyboard.press(",")
    assert page.get_by_label("Speed").input_value() == "0.75"
    page.locator(".chapters a").first.focus()
    page.keyboard.press("Space")

    assert page.evaluate(IS_PAUSED)


def test_keys_belong_to_what_has_a_use_for_them(page: Page, site: str) -> None:
    """Outside the player they are nobody's; a choice is made with letters, and the line is moved with arrows."""
    page.goto(f"{site}/1/")
    page.locator("body").press("k")
    page.get_by_label("Speed").focus()
    page.keyboard.press("k")
    page.get_by_role("slider", name="Position").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+l")

    assert page.evaluate(IS_PAUSED)
    assert page.get_by_role("slider", name="Position").input_value() == "1"


# ---------------------------------------------------------------------------------------------------- memory


def test_reload_remembers_and_the_end_forgets(page: Page, site: str) -> None:
    """Who has heard it all begins anew."""
    page.goto(f"{site}/1/")
    _control(page, "Play").click()
    page.get_by_role("slider", name="Position").fill("64")
    _plays(page, 64)

    page.reload()
    assert page.locator(".elapsed").inner_text() in ("01:04", "01:05", "01:06")
    _control(page, "Play").click()
    _plays(page, 64)
    page.get_by_role("slider", name="Position").fill("119")
    until(page, "document.querySelector('audio').ended")
    page.reload()

    assert page.locator(".elapsed").inner_text() == "00:00"


def test_speed_is_kept_on_the_next_page(page: Page, site: str) -> None:
    """But not the place: that is another sound."""
    page.goto(f"{site}/1/#t=20")
    page.get_by_label("Speed").select_option("1.5")
    _control(page, "Play").click()
    _plays(page, 20)

    page.goto(f"{site}/2/")
    _control(page, "Play").click()

    _plays(page)
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5
    assert page.get_by_label("Speed").input_value() == "1.5"


def test_plays_where_nothing_may_be_remembered(page: Page, site: str) -> None:
    """As where all data of sites are blocked."""
    refused = "{ get() { throw new DOMException('denied', 'SecurityError') } }"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {refused})")
    page.goto(f"{site}/1/")

    page.get_by_label("Speed").select_option("2")
    page.get_by_role("link", name="Flood").click()

    _plays(page, 80)


def test_one_plays_at_a_time(window: Callable[..., BrowserContext], site: str) -> None:
    """In all windows, and of all sounds on a page."""
    context = window()
    one, other = context.new_page(), context.new_page()
    one.goto(f"{site}/1/")
    other.goto(f"{site}/2/")
    other.evaluate("document.body.append(Object.assign(new Audio('../../audio/tides.mp3'), {id: 'further'}))")

    _control(one, "Play").click()
    _plays(one)
    _control(other, "Play").click()
    _plays(other)
    until(one, IS_PAUSED)
    other.evaluate("document.querySelector('#further').play()")

    until(other, IS_PAUSED)


# ---------------------------------------------------------------------------- lock screens, films, no script


def test_lock_screen_knows_what_is_playing(page: Page, site: str) -> None:
    """The titles, the picture, and what its buttons do."""
    page.add_init_script(
        """window.told = {};
        const { setActionHandler, setPositionState } = MediaSession.prototype;
        MediaSession.prototype.setActionHandler = function (name, act) {
            told[name] = act;
            setActionHandler.call(this, name, act);
        };
        MediaSession.prototype.setPositionState = function (state) {
            told.state = state;
            setPositionState.call(this, state);
        };"""
    )
    page.goto(f"{site}/1/")
    title, artist, artwork = page.evaluate(
        "(({ title, artist, artwork }) => [title, artist, artwork[0].src])(navigator.mediaSession.metadata)"
    )
    assert (title, artist) == ("Tides", "Harbour Radio")
    assert page.request.get(artwork).ok

    page.evaluate(
        "told.seekto({ seekTime: 30 }); told.seekforward({}); told.seekbackward({ seekOffset: 5 }); told.play()"
    )
    _plays(page, 55)
    state = page.evaluate("told.state")
    page.evaluate("told.pause()")

    assert page.evaluate(IS_PAUSED)
    assert (state["duration"] // 1, state["position"] // 1, state["playbackRate"]) == (120, 55, 1)


def test_film_keeps_the_controls_of_the_browser(page: Page, site: str) -> None:
    """They have what films need: the whole screen, and captions. The rest of the player works with them."""
    page.goto(f"{site}/3/#t=0:05")
    assert page.evaluate("document.querySelector('video').controls")
    assert not _control(page, "Play").is_visible()

    page.locator("video").press("k")
    _plays(page, 5)
    _control(page, "Forward 30 seconds").click()

    until(page, "document.querySelector('video').ended")


def test_page_without_script_plays(window: Callable[..., BrowserContext], site: str) -> None:
    """With the controls of the browser; chapters lead into the sound, and the transcript can be read."""
    page = window(java_script_enabled=False).new_page()
    page.goto(f"{site}/1/")

    page.locator("audio").focus()
    page.keyboard.press("Space")
    until(page, f"{NOW} > 0.1")

    assert not page.locator(".controls").is_visible()
    link = page.get_by_role("link", name="The bell", exact=False).first.get_attribute("href")
    assert link == "../../audio/tides.mp3#t=40"
    page.get_by_text("Transcript (English)").click()
    assert page.get_by_text("110: the moon pulls").is_visible()
    assert not page.get_by_label("Follow along").first.is_visible()


# --------------------------------------------------------------------------------------------------- trouble


def test_broken_sound_is_told(page: Page, site: str) -> None:
    """In words, with the way to the file."""
    page.goto(f"{site}/4/")

    _control(page, "Play").click()

    said = page.get_by_role("status")
    said.get_by_role("link").wait_for()
    assert said.inner_text().startswith("Your browser cannot play this file here")
    assert said.get_by_role("link").get_attribute("href") == "../../audio/broken.mp3"
    assert _control(page, "Play").is_visible()


def test_lost_connection_is_told_and_can_be_tried_again(page: Page, site: str, complaints: list[str]) -> None:
    """The place is not lost with it."""
    page.goto(f"{site}/1/#t=30")
    page.context.set_offline(True)
    _control(page, "Play").click()
    page.get_by_role("status").get_by_role("link").wait_for()
    assert page.get_by_role("status").inner_text().startswith("The connection was lost")
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in complaints)
    complaints.clear()

    page.context.set_offline(False)
    _control(page, "Play").click()

    _plays(page, 30)
    assert page.get_by_role("status").inner_text() == ""


# ----------------------------------------------------------------------------------------------- size and room


def test_script_is_small() -> None:
    """Small enough to be read in one go."""
    assert len(SCRIPT.read_bytes()) <= 12_000


def test_fingers_find_the_controls(window: Callable[..., BrowserContext], site: str) -> None:
    """Each is 44 pixels high or more, and all fit on a telephone."""
    page = window(viewport={"width": 360, "height": 700}, has_touch=True, is_mobile=True).new_page()
    page.goto(f"{site}/1/")
    controls = page.locator(".player").locator("button, select, summary, .seek, li a")

    boxes = [each.bounding_box() for each in controls.all() if each.is_visible()]

    assert len(boxes) > 12
    assert all(box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 360 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_nothing_moves_when_the_script_arrives(page: Page, site: str) -> None:
    """There is room for the controls from the beginning."""
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((each) => (moved += each.value)))
            .observe({ type: "layout-shift", buffered: true });"""
    )
    page.route("**/podfeed.js", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.goto(f"{site}/1/", wait_until="networkidle")

    assert page.locator(".player.ready").count() == 1
    assert page.evaluate("moved") < 0.01
