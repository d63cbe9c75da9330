"""What is said of pictures, and what is left unsaid: the limits, and what only some pictures have."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from conftest import NOW
from PIL import Image

from podfeed.check.registry import Context, ask
from podfeed.diagnostics import Diagnostic
from podfeed.identity import identify
from podfeed.linting import lint
from podfeed.model import ArtworkFacts, Config, Episode, Guid, Show
from podfeed.read.lock import Lock, PublishedEpisode, PublishedShow
from podfeed.testing import example_feed

COVER = ArtworkFacts(size_bytes=300_000, width=3000, height=3000, mime_type="image/jpeg", mode="RGB", sha256="ab" * 32)


def _found(show_facts: ArtworkFacts, *episode_facts: ArtworkFacts) -> list[tuple[str, str, str]]:
    """Rule, place and message of what is found about a show's cover and its episodes' pictures."""
    show = Show(id="radio", title="Harbour Radio", artwork="cover.jpg", feed="feed.xml", permalink="/{slug}/")
    episodes = tuple(
        Episode(path=f"{number}.md", digest="", artwork=f"{number}.jpg", show="radio")
        for number in range(len(episode_facts))
    )
    context = Context(
        config=Config(shows={"radio": show}),
        facts={"cover.jpg": show_facts, **{f"{number}.jpg": each for number, each in enumerate(episode_facts)}},
        lock=Lock(),
        now=NOW,
        episodes={"radio": episodes},
        identities={"radio": identify(episodes, (), "guid", {})},
    )
    found = [each for each in ask(context) if each.rule.name.startswith("artwork-")]
    return [(each.rule.name, each.finding.field, each.finding.message) for each in found]


def test_remedy_for_a_cover_can_be_written_as_it_stands(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """With the name of the picture; the picture of an episode can only be cropped."""
    sheet = io.BytesIO()
    Image.new("RGB", (1400, 1500)).save(sheet, "JPEG")
    files = {"artwork/sheet.jpg": sheet.getvalue()}
    wide = told(header={"image_url": "/artwork/sheet.jpg"}, show={"artwork": "artwork/sheet.jpg"}, files=files)

    assert {each.path: each.hint for each in wide if each.rule == "artwork-not-square"} == {
        "config.yaml": "crop it to a square, or write “artwork: {path: artwork/sheet.jpg, fit: pad}”",
        "episodes/1.md": "crop it to a square",
    }


def _names(**changes: Any) -> set[str]:
    """The rules that speak of a cover that is otherwise good."""
    return {name for name, _, _ in _found(replace(COVER, **changes))}


def test_good_cover_is_not_talked_about() -> None:
    assert _names() == set()


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("L", "“cover.jpg” has only greys; podcast apps expect RGB"),
        ("1", "“cover.jpg” has only greys; podcast apps expect RGB"),
        ("P", "“cover.jpg” has a palette of at most 256 colours; podcast apps expect RGB"),
        ("RGB;16", "“cover.jpg” has 16 bits to a colour; podcast apps expect 8"),
        ("I;16", "“cover.jpg” has 16 bits to a colour; podcast apps expect 8"),
    ],
)
def test_colours_that_some_apps_show_wrongly(mode: str, message: str) -> None:
    """A warning: Apple asks for RGB, and nobody refuses these."""
    assert _found(replace(COVER, mode=mode)) == [("artwork-colours-doubtful", "shows.radio.artwork", message)]


@pytest.mark.parametrize("mode", ["CMYK", "LAB"])
def test_print_colours_are_told_once(mode: str) -> None:
    assert _names(mode=mode, colour_profile="U.S. Web Coated (SWOP) v2") == {"artwork-colour-mode"}


@pytest.mark.parametrize("profile", ["sRGB IEC61966-2.1", "sRGB built-in", "GIMP built-in sRGB", "c2", "uRGB", ""])
def test_srgb_has_many_names(profile: str) -> None:
    assert _names(colour_profile=profile) == set()


@pytest.mark.parametrize("profile", ["Display P3", "Adobe RGB (1998)", "Color LCD"])
def test_other_profiles_shift_colours(profile: str) -> None:
    assert _names(colour_profile=profile) == {"artwork-profile-unusual"}


@pytest.mark.parametrize("orientation", range(2, 9))
def test_turned_picture(orientation: int) -> None:
    assert _names(orientation=orientation) == {"artwork-turned"}


@pytest.mark.parametrize(
    ("size_bytes", "names"),
    [
        (512_000, set()),
        (512_001, {"artwork-file-large"}),
        (2_000_000, {"artwork-file-large"}),
        (2_000_001, {"artwork-loads-slowly"}),
    ],
)
def test_bytes(size_bytes: int, names: set[str]) -> None:
    """Either a note or a warning, never both."""
    assert _names(size_bytes=size_bytes) == names


def test_large_pictures_of_a_show_are_told_once() -> None:
    """An episode's picture counts as the cover does; the largest is named."""
    large = replace(COVER, size_bytes=600_000)

    assert _found(large, large, replace(COVER, size_bytes=1_234_567), COVER) == [
        ("artwork-file-large", "shows.radio", "3 pictures are larger than 512 KB, “1.jpg” with 1235 KB most of all")
    ]


def test_moving_png_is_refused(told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """Apps show its first picture, or none."""
    stream, still = io.BytesIO(), Image.new("RGB", (1400, 1400))
    still.save(stream, "PNG", save_all=True, append_images=[Image.new("RGB", (1400, 1400), "red")])

    found = told(header={"image_url": "/artwork/moving.png"}, files={"artwork/moving.png": stream.getvalue()})

    assert [(each.rule, each.severity, each.message) for each in found if each.rule.startswith("artwork-")] == [
        (
            "artwork-format-unsupported",
            "error",
            "“artwork/moving.png” is animated; podcast apps show a single picture",
        )
    ]


def _published(show: bool, episode: bool, remembered: str) -> list[str]:
    """What is said of a cover and an episode's picture of which podfeed.lock remembers other bytes."""
    radio = Show(id="radio", title="Harbour Radio", artwork="cover.jpg", feed="feed.xml", permalink="/{slug}/")
    one = Episode(path="1.md", digest="", artwork="1.jpg", show="radio")
    known = PublishedEpisode(show="radio", guid=Guid(text="1"), path="1.md")
    lock = Lock(
        shows={"radio": PublishedShow(id="radio", guid="guid")} if show else {},
        media={path: replace(COVER, sha256=remembered, origin="lock") for path in ("cover.jpg", "1.jpg")},
    )
    context = Context(
        config=Config(shows={"radio": radio}),
        facts={"cover.jpg": COVER, "1.jpg": COVER},
        lock=lock,
        now=NOW,
        episodes={"radio": (one,)},
        identities={"radio": identify((one,), (known,) if episode else (), "guid", {})},
    )
    return [each.finding.field for each in ask(context) if each.rule.name == "artwork-replaced"]


@pytest.mark.parametrize(
    ("show", "episode", "remembered", "fields"),
    [
        pytest.param(True, True, "cd" * 32, ["shows.radio.artwork", "image_url"], id="both are published"),
        pytest.param(True, False, "cd" * 32, ["shows.radio.artwork"], id="a draft may change its picture"),
        pytest.param(False, False, "cd" * 32, [], id="nothing is published"),
        pytest.param(True, True, COVER.sha256, [], id="nothing changed"),
    ],
)
def test_replaced_picture_is_told_until_it_is_published(
    show: bool, episode: bool, remembered: str, fields: list[str]
) -> None:
    assert _published(show, episode, remembered) == fields


@pytest.mark.parametrize(
    "image",
    [
        'aspect-ratio="16/9" width="1920" height="1080"',
        'aspect-ratio=" 16 / 9 " width="1000" height="563"',
        'aspect-ratio="1/1" width="600"',
        'width="1200" height="400" type="IMAGE/JPEG"',
        'aspect-ratio=""',
        'aspect-ratio="9/16" type="video/mp4"',
        'width="wide" height="600"',
        "",
    ],
)
def test_pictures_in_feeds_that_agree_with_themselves(image: str) -> None:
    name = "a.mp4" if "video" in image else "a.jpg"

    assert _about_images(f'<podcast:image href="https://a.example/{name}" alt="Sea" {image}/>') == []


@pytest.mark.parametrize(
    ("image", "message"),
    [
        ('alt="Sea" aspect-ratio="1:1"', "“1:1” is no shape of a picture"),
        ('alt="Sea" aspect-ratio="0/1"', "“0/1” is no shape of a picture"),
        ('alt="Sea" aspect-ratio="4/3" width="1600" height="900"', "1600×900 pixels are not 4/3"),
        ('alt="Sea" type="image/webp"', "a picture whose address ends like this is image/jpeg, and not image/webp"),
        ('alt=" "', "a <podcast:image> has no “alt”"),
    ],
)
def test_pictures_in_feeds_that_contradict_themselves(image: str, message: str) -> None:
    assert _about_images(f'<podcast:image href="https://a.example/a.jpg" {image}/>') == [message]


def test_pictures_without_words_are_told_once() -> None:
    image = '<podcast:image href="https://a.example/a.jpg"/>'

    assert _about_images(image * 3) == ["3 <podcast:image> have no “alt”"]


def _about_images(fragment: str) -> list[str]:
    found = lint(example_feed(fragment), "feed.xml", now=NOW)
    return [each.message for each in found if each.rule.startswith("artwork-")]
