"""Rules about what pages look like, beyond the examples on their pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import NOW

from podfeed.check.look import ENOUGH, FAINT, OWN, contrast, readable
from podfeed.checking import check
from podfeed.diagnostics import Diagnostic
from podfeed.loading import load
from podfeed.render.site.engine import asset
from podfeed.testing import example_project


def told(folder: Path, look: str) -> list[Diagnostic]:
    """What is said of a *look*, as config.yaml has it."""
    example_project(folder, show={"look": look})
    return [each for each in check(load(folder), now=NOW) if each.rule.startswith("look-")]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("000000", "ffffff", 21), ("ffffff", "ffffff", 1), ("777777", "ffffff", 4.478), ("0000ff", "ffffff", 8.592)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    """As other tools compute it, whichever of the two comes first."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


def test_figure_is_told(tmp_path: Path) -> None:
    """With a colour that is enough, at the line it is about."""
    (found,) = told(tmp_path, '{accent: "#7cc4ee", paper: "#ffffff"}')

    assert found.message == "“#7cc4ee” on “#ffffff” has a contrast of 1.9 to 1; 4.5 is enough"
    better = re.fullmatch('write “accent: "#([0-9a-f]{6})"”', found.hint)
    assert better and contrast(better[1], "ffffff") >= ENOUGH
    assert told(tmp_path, f'{{accent: "#{better[1]}", paper: "#ffffff"}}') == []


def test_nearly_enough_is_not_told_as_enough(tmp_path: Path) -> None:
    """A figure is rounded down: nobody reads that 4.5 is less than 4.5."""
    (found,) = told(tmp_path, '{accent: "#777777", paper: "#ffffff"}')

    assert "has a contrast of 4.4 to 1" in found.message


@pytest.mark.parametrize(
    ("look", "message"),
    [
        ('{paper_dark: "#0b5c8a"}', f"text “#{FAINT['paper_dark']}” on “#0b5c8a”"),
        ('{paper: "#102030"}', f"text “#{FAINT['paper']}” on “#102030”"),
        ('{accent_dark: "#102030"}', f"“#102030” on “#{OWN.paper_dark}”"),
        ('{accent: "#eeeeee"}', f"“#eeeeee” on “#{OWN.paper}”"),
    ],
)
def test_own_colours_fill_the_gaps(tmp_path: Path, look: str, message: str) -> None:
    """What the show does not name is podfeed's own, and must stand out from what it names."""
    assert [each.message.partition(" has a contrast")[0] for each in told(tmp_path, look)] == [message]


@pytest.mark.parametrize("look", ["{}", "", '{accent: "#a40000", font: serif}', "{font: Rounded}"])
def test_look_that_can_be_read_is_not_told(tmp_path: Path, look: str) -> None:
    """Nor is one that says nothing."""
    assert told(tmp_path, look) == []


@pytest.mark.parametrize("colour", ['"#0B5C8A"', "0b5c8a", '"0B5C8A"'])
def test_colour_is_read_in_any_spelling(tmp_path: Path, colour: str) -> None:
    """With or without its mark, in small letters or capitals."""
    example_project(tmp_path, show={"look": f"{{accent: {colour}}}"})

    assert load(tmp_path).config.shows["radio"].look.accent == "0b5c8a"


@pytest.mark.parametrize("colour", ["0b5c8a", "7cc4ee", "ff0000", "ffff00", "ffffff", "000000", "808080"])
@pytest.mark.parametrize("beside", ["fbfaf7", "17171c", "777777"])
def test_what_is_proposed_can_be_read(colour: str, beside: str) -> None:
    """Whatever the colour and what it stands on."""
    assert contrast(readable(colour, beside), beside) >= 4.45


def test_own_colours_are_those_of_the_style_sheet() -> None:
    """And they stand out enough themselves."""
    css = asset("podfeed.css", {}).decode()
    pairs = {name: re.search(rf"--{name}:light-dark\(#(\w+),#(\w+)\)", css) for name in ("accent", "paper", "quiet")}

    assert {name: found and found.groups() for name, found in pairs.items()} == {
        "accent": (OWN.accent, OWN.accent_dark),
        "paper": (OWN.paper, OWN.paper_dark),
        "quiet": (FAINT["paper"], FAINT["paper_dark"]),
    }
    for ink, paper in ((OWN.accent, OWN.paper), (OWN.accent_dark, OWN.paper_dark), *_faint()):
        assert contrast(ink, paper) >= ENOUGH


def _faint() -> list[tuple[str, str]]:
    return [(FAINT["paper"], OWN.paper), (FAINT["paper_dark"], OWN.paper_dark)]


# ---------------------------------------------------------------------------------------------- listen


def test_platforms_keep_their_order(tmp_path: Path) -> None:
    """As their author wrote it; one without an address is none."""
    listen = "{Spotify: https://open.spotify.com/show/1, Apple Podcasts: https://podcasts.apple.com/id1, Later: }"
    example_project(tmp_path, show={"listen": listen})

    assert list(load(tmp_path).config.shows["radio"].listen.items()) == [
        ("Spotify", "https://open.spotify.com/show/1"),
        ("Apple Podcasts", "https://podcasts.apple.com/id1"),
    ]


@pytest.mark.parametrize(
    "address", ["http://open.spotify.com/show/1", "open.spotify.com", "javascript:alert(1)", "https://localhost/"]
)
def test_platform_nobody_can_open_is_told(tmp_path: Path, address: str) -> None:
    """Pages lead only to addresses that everybody can open, unread by others on the way."""
    example_project(tmp_path, show={"listen": f'{{Spotify: "{address}"}}'})
    (found,) = (each for each in check(load(tmp_path), now=NOW) if each.rule == "show-listen-invalid")

    assert found.severity == "error"
    assert address in found.message
