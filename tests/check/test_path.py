"""The names of media, as addresses carry them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from writing import said, weekly

from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]


def test_names_that_are_not_plain_are_told_once_for_a_show(told: Told) -> None:
    """At the newest file: a whole show is named so, or none of it."""
    names = ["海の話.mp3", "tides.mp3", "EP 12.mp3"]
    files = weekly(*({"audio_file_path": f"/audio/{name}"} for name in names))

    assert said("path-not-ascii", told(files=files)) == [
        (
            "episodes/3.md",
            "2 new names, as “EP 12.mp3”, are not of plain letters and digits; in addresses they are percent-encoded",
        )
    ]


def test_name_that_is_published_stays(told: Told) -> None:
    """Another name would be another address."""
    lock = 'episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "audio": "audio/海.mp3"}\n'
    files = weekly({"audio_file_path": "/audio/海.mp3"})

    assert len(said("path-not-ascii", told(files=files))) == 1
    assert said("path-not-ascii", told(files={**files, "podfeed.lock": lock})) == []


@pytest.mark.parametrize("path", ["/音/good.mp3", "https://audio.podfeed.example/海.mp3", "/audio/a-b_c.1.MP3"])
def test_name_is_looked_at_where_it_can_be_chosen(path: str, told: Told) -> None:
    """The last part of a path of the project."""
    assert said("path-not-ascii", told(header={"audio_file_path": path})) == []


@pytest.mark.parametrize(
    ("form", "name", "is_told"),
    [("NFD", "が.mp3", True), ("NFC", "が.mp3", False), ("NFD", "海.mp3", False), ("NFD", "é.mp3", True)],
)
def test_letters_in_two_parts_are_told_of_addresses_elsewhere(form: str, name: str, is_told: bool, told: Told) -> None:
    """A file of the project is found under either form, and published under one."""
    spelt = unicodedata.normalize(form, name)  # type: ignore[arg-type]

    remote = told(header={"audio_file_path": f"https://audio.podfeed.example/{spelt}"})
    local = told(header={"audio_file_path": f"/audio/{spelt}"})

    assert bool(said("path-decomposed", remote)) is is_told
    assert said("path-decomposed", local) == []


def test_letters_in_two_parts_are_told_of_pictures(told: Told) -> None:
    """A picture that is not found is as bad as a sound."""
    address = unicodedata.normalize("NFD", "https://images.podfeed.example/がぞう.jpg")

    assert [path for path, _ in said("path-decomposed", told(header={"image_url": address}))] == ["episodes/1.md"]
