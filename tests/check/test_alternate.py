"""Rules about further files: what their pages do not show, and where they say nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]


def about(found: tuple[Diagnostic, ...]) -> list[str]:
    """The rules about further files that are told, by name."""
    return sorted(each.rule for each in found if each.rule.startswith(("alternate-", "format-", "path-")))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param("[/audio/empty.mp3]", ["alternate-damaged"], id="empty"),
        pytest.param("[/audio/noise.mp3]", ["alternate-damaged"], id="noise"),
        pytest.param("[/artwork/cover.jpg]", ["alternate-damaged"], id="a picture"),
        pytest.param("[/audio/lost.opus]", ["alternate-file-missing"], id="lost"),
        pytest.param("[../../secret.opus]", ["path-outside-project"], id="outside"),
        pytest.param(
            '["/audio/a\\tb.opus"]', ["alternate-file-missing", "path-unpublishable"], id="no name for servers"
        ),
        pytest.param("[{path: /audio/blip.mp3, title: 短い, language: ja}]", [], id="another language, another length"),
        pytest.param(
            "[{path: /audio/blip.mp3, title: Short}]",
            ["alternate-length-differs"],
            id="the same language, another length",
        ),
        pytest.param("[{path: /audio/good.mp3, title: Again}]", ["alternate-repeated"], id="the audio itself"),
        pytest.param(
            "[{path: /audio/other.mp3, title: A}, {path: /audio/other.mp3, title: B}]",
            ["alternate-repeated"],
            id="one file twice",
        ),
        pytest.param(
            "[{path: /audio/other.mp3, title: 大}, {path: /audio/untagged.mp3, title: 大}]",
            ["alternate-indistinct"],
            id="two with one title",
        ),
        pytest.param("[https://audio.podfeed.example/a.opus]", ["alternate-not-measured"], id="elsewhere"),
        pytest.param(
            "[http://127.0.0.1:8000/a.opus]",
            ["alternate-address-unusable", "alternate-not-measured"],
            id="this machine",
        ),
        pytest.param(
            '["https://audio.podfeed.example/a.opus?token=1"]',
            ["alternate-address-unusable"],
            id="a secret",
        ),
    ],
)
def test_further_files(files: str, expected: list[str], told: Told) -> None:
    """Each fault is told once, and nothing else with it."""
    assert about(told(header={"alternate_enclosures": files})) == expected


def test_wrong_entry_is_where_it_stands(told: Told) -> None:
    """The second of three, not the list."""
    lines = "\n  - /audio/other.mp3\n  - path: /audio/lost.opus\n    title: Small\n  - /audio/good.wav"

    (found,) = (each for each in told(header={"alternate_enclosures": lines}) if each.rule == "alternate-file-missing")

    assert (found.path, found.excerpt.strip()) == ("episodes/1.md", "- path: /audio/lost.opus")


def test_loopback_is_fine_for_a_site_on_loopback(told: Told) -> None:
    """A project is tried out on one machine."""
    found = told(
        header={"alternate_enclosures": "[http://127.0.0.1:8000/a.opus]"}, config={"site": "http://127.0.0.1:8000"}
    )

    assert about(found) == ["alternate-not-measured"]


def test_lost_further_file_stops_the_show(told: Told) -> None:
    """No feed names a file that is not there; one that is only unmeasured is left out instead."""
    lost = told(header={"alternate_enclosures": "[/audio/lost.opus]"})
    elsewhere = told(header={"alternate_enclosures": "[https://audio.podfeed.example/a.opus]"})

    assert {each.stops for each in lost} == {"", "radio"}
    assert {each.stops for each in elsewhere} == {""}


@pytest.mark.parametrize(
    ("header", "formats", "expected"),
    [
        pytest.param({"alternate_enclosures": "[/audio/good.wav]"}, "[wav]", [], id="there"),
        pytest.param({"alternate_enclosures": "[/audio/good.wav]"}, "[wav, opus]", ["format-unused"], id="one is not"),
        pytest.param({}, "[mp3]", ["format-unused"], id="the audio's own format"),
        pytest.param({}, "[]", [], id="none"),
    ],
)
def test_format_nobody_has(header: dict[str, str], formats: str, expected: list[str], told: Told) -> None:
    """A feed that would be the show's own once more is told."""
    found = [each.rule for each in told(header=header, show={"formats": formats}) if each.rule.startswith("format-")]

    assert found == expected
