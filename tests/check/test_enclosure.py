"""Enclosures: their number, their attributes, their type."""

from __future__ import annotations

import pytest
from feeds import item, rules, told


def _enclosure(url: str = "https://radio.example/a.mp3", length: str = "1000000", type: str = "audio/mpeg") -> str:
    return f'<enclosure url="{url}" length="{length}" type="{type}"/>'


@pytest.mark.parametrize("length", ["1", "0123", "99999999999999999999"])
def test_length_is_a_number_of_bytes(length: str) -> None:
    """However large."""
    assert item(_enclosure(length=length)) == []


@pytest.mark.parametrize("length", ["", " ", "0", "00", "-1", "+1", "1.5", "1e6", "1,000", "１２３", "5 MB", "a", " 5"])
def test_length_that_is_none_is_told(length: str) -> None:
    """0 means unknown to RSS, and is refused by apps that set space aside."""
    assert item(_enclosure(length=length)) == ["enclosure-length-invalid"]


@pytest.mark.parametrize(
    ("ending", "type", "expected"),
    [
        ("mp3", "audio/mpeg", []),
        ("MP3", "Audio/MPEG", []),
        ("mp3?a=b.wav", "audio/mpeg", []),
        *(("m4a", kind, []) for kind in ("audio/x-m4a", "audio/m4a", "audio/mp4")),
        *(("m4v", kind, []) for kind in ("video/x-m4v", "video/m4v")),
        *(("mp4", "video/mp4", []), ("mov", "video/quicktime", []), ("pdf", "application/pdf", [])),
        *(("mp3", kind, ["enclosure-type-wrong"]) for kind in ("audio/mp3", "audio/mpeg3", "audio/x-mp3", "mp3")),
        ("m4a", "audio/mpeg", ["enclosure-type-wrong"]),
        ("mp4", "audio/mpeg", ["enclosure-type-wrong"]),
        ("mp3", "application/octet-stream", ["enclosure-type-wrong"]),
        ("wav", "audio/wav", ["enclosure-format-refused"]),
        ("ogg", "audio/ogg; codecs=opus", ["enclosure-format-refused"]),
        ("wav", "wav", ["enclosure-format-refused", "enclosure-type-wrong"]),
        ("php", "audio/mpeg", ["enclosure-format-refused"]),
    ],
)
def test_type_fits_the_ending(ending: str, type: str, expected: list[str]) -> None:
    """Apple goes by the ending, apps by the type."""
    assert item(_enclosure(f"https://radio.example/a.{ending}", type=type)) == expected


@pytest.mark.parametrize("url", ["https://radio.example/", "https://radio.example", "https://radio.example/a?f=a.mp3"])
def test_address_without_an_ending_is_told(url: str) -> None:
    """The ending has to be in the path; that of the host is none."""
    assert item(_enclosure(url)) == ["enclosure-format-refused"]


@pytest.mark.parametrize(
    ("enclosure", "missing"),
    [
        ("<enclosure/>", {"url", "length", "type"}),
        ('<enclosure url=" " length="1" type=""/>', {"url", "type"}),
        ('<enclosure url="https://radio.example/a.mp3" type="audio/mpeg"/>', {"length"}),
    ],
)
def test_each_missing_attribute_is_told(enclosure: str, missing: set[str]) -> None:
    """And a blank one is as good as missing."""
    found = [each for each in told(f"<item>{enclosure}</item>") if each.rule == "enclosure-incomplete"]

    assert {each.message.split("“")[1].rstrip("”") for each in found} == missing
    assert item(enclosure) == ["enclosure-incomplete"] * len(missing)


def test_feed_without_any_enclosure_is_told_once() -> None:
    """A blog's feed is no podcast: that is one thing to say, not one for each post."""
    without = "<item><!-- without enclosure --></item>"

    assert rules(without * 2) == ["enclosure-missing"]
    assert "no podcast" in told(without * 2)[0].message
    assert rules(without) == ["enclosure-missing"]
    assert "no podcast" not in told(without)[0].message


def test_shared_enclosure_names_the_other_line() -> None:
    """Whoever mends it has to find both."""
    first, second = (f"\n<item>{_enclosure()}</item>" for _ in range(2))
    (found,) = told(first + second)

    assert found.rule == "enclosure-shared"
    assert f"line {found.position.line - 9} " in found.message


def test_enclosures_that_differ_in_their_query_are_two() -> None:
    """Some services know an episode by it."""
    enclosures = (_enclosure(f"https://radio.example/a.mp3?e={number}") for number in (1, 2))

    assert rules("".join(f"<item>{each}</item>" for each in enclosures)) == []


FURTHER = '<podcast:txt purpose="podfeed-format">opus</podcast:txt>'
OPUS = '<enclosure url="https://radio.podfeed.example/waves.opus" length="1000000" type="audio/ogg"/>'


@pytest.mark.parametrize(
    ("mark", "enclosure", "expected"),
    [
        pytest.param(FURTHER, OPUS, ["enclosure-format-further"], id="as it says"),
        pytest.param("", OPUS, ["enclosure-format-refused"], id="without a word"),
        pytest.param(FURTHER, OPUS.replace(".opus", ".flac"), ["enclosure-format-refused"], id="in another format"),
        pytest.param(FURTHER.replace("opus", "vinyl"), OPUS, ["enclosure-format-refused"], id="no format at all"),
        pytest.param(FURTHER.replace("podfeed-format", "verify"), OPUS, ["enclosure-format-refused"], id="another purpose"),
        pytest.param(FURTHER, OPUS.replace("audio/ogg", "opus"), ["enclosure-format-further", "enclosure-type-wrong"], id="no type"),
    ],
)  # fmt: skip
def test_further_feed_may_have_the_format_it_names(mark: str, enclosure: str, expected: list[str]) -> None:
    """A feed beside the show's own says so inside itself; that excuses its own format, and nothing more."""
    assert sorted(rules(f"{mark}<item>{enclosure}</item>")) == expected
