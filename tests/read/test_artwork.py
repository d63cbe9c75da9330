"""What podfeed says about pictures: good ones, odd ones, cut ones, and bombs."""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from podfeed import testing
from podfeed.model import ArtworkFacts
from podfeed.read import artwork


def _saved(path: Path, mode: str, kind: str, **options: Any) -> Path:
    Image.new(mode, (40, 30)).save(path, kind, **options)
    return path


def _noisy(kind: str) -> bytes:
    """A picture whose bytes do not shrink, so that every cut takes some of it away."""
    stream = io.BytesIO()
    Image.frombytes("RGB", (120, 120), random.Random(3).randbytes(120 * 120 * 3)).save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("make", "mime_type"),
    [pytest.param(testing.tiny_jpeg, "image/jpeg", id="jpeg"), pytest.param(testing.tiny_png, "image/png", id="png")],
)
def test_a_good_cover_is_measured(tmp_path: Path, make: Any, mime_type: str) -> None:
    """Size, type and mode are there, and nothing is wrong."""
    path = make(tmp_path / "cover")

    facts = artwork.measure(path)

    assert (facts.width, facts.height, facts.mime_type, facts.mode) == (1400, 1400, mime_type, "RGB")
    assert (facts.has_transparency, facts.trouble) == (False, "")
    assert facts.size_bytes == path.stat().st_size
    assert len(facts.sha256) == 64


@pytest.mark.parametrize(
    ("mode", "kind", "options", "has_transparency"),
    [
        pytest.param("CMYK", "JPEG", {}, False, id="print colours"),
        pytest.param("L", "JPEG", {}, False, id="grey"),
        pytest.param("RGBA", "PNG", {}, True, id="alpha"),
        pytest.param("LA", "PNG", {}, True, id="grey with alpha"),
        pytest.param("P", "PNG", {}, False, id="palette"),
        pytest.param("P", "PNG", {"transparency": 0}, True, id="palette with one clear colour"),
        pytest.param("RGB", "PNG", {"transparency": (0, 0, 0)}, True, id="one clear colour"),
        pytest.param("I;16", "PNG", {}, False, id="sixteen bits"),
    ],
)
def test_colours_and_transparency_are_told(
    tmp_path: Path, mode: str, kind: str, options: dict[str, Any], has_transparency: bool
) -> None:
    """Apple takes RGB without alpha; what else a picture is, the rules must know."""
    facts = artwork.measure(_saved(tmp_path / "cover", mode, kind, **options))

    assert (facts.mode, facts.has_transparency, facts.trouble) == (mode, has_transparency, "")
    assert (facts.width, facts.height) == (40, 30)


def test_sixteen_bits_to_a_colour_are_told(tmp_path: Path) -> None:
    """Pillow itself calls such a picture RGB."""
    pixels = b"".join(b"\0" + bytes(4 * 3 * 2) for _ in range(4))
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0), b"IDAT" + zlib.compress(pixels), b"IEND")
    (tmp_path / "cover.png").write_bytes(_png(*chunks))

    facts = artwork.measure(tmp_path / "cover.png")

    assert (facts.mode, facts.trouble) == ("RGB;16", "")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_orientation_and_profile_are_told(tmp_path: Path, kind: str) -> None:
    """What an app that ignores them shows otherwise."""
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    path = _saved(tmp_path / "cover", "RGB", kind, exif=exif, icc_profile=profile)

    facts = artwork.measure(path)

    assert (facts.orientation, facts.colour_profile) == (6, "Lab identity built-in")


@pytest.mark.parametrize("orientation", [0, 9])
def test_orientation_that_means_nothing_is_none(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    assert artwork.measure(_saved(tmp_path / "cover", "RGB", "JPEG", exif=exif)).orientation == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("exif", [b"nonsense", b"II*\0\x08\0\0\0\1\0\x12\1\3\0\xff\xff\xff\xff\0\0\0\0"])
def test_damaged_notes_inside_leave_the_picture_whole(tmp_path: Path, kind: str, exif: bytes) -> None:
    """Apps show it and pass them over; and nobody sees Pillow's own warnings."""
    path = _saved(tmp_path / "cover", "RGB", kind, exif=b"Exif\0\0" + exif, icc_profile=b"nonsense")

    facts = artwork.measure(path)

    assert (facts.orientation, facts.colour_profile, facts.trouble) == (1, "", "")


@pytest.mark.parametrize(("more", "is_animated"), [([], False), ([Image.new("RGB", (40, 30), "red")], True)])
def test_png_of_several_pictures_moves(tmp_path: Path, more: list[Image.Image], is_animated: bool) -> None:
    facts = artwork.measure(_saved(tmp_path / "cover", "RGB", "PNG", save_all=True, append_images=more))

    assert (facts.is_animated, facts.trouble) == (is_animated, "")


def _box(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + bytes(12)


@pytest.mark.failure("IN-19")
@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        pytest.param(_noisy("GIF"), "image/gif", id="gif"),
        pytest.param(_noisy("WEBP"), "image/webp", id="webp"),
        pytest.param(_noisy("TIFF"), "image/tiff", id="tiff"),
        pytest.param(_noisy("BMP"), "image/bmp", id="bmp"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", id="svg"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a --><svg/>", "image/svg+xml", id="svg with a BOM"),
        pytest.param(_box(b"heic"), "image/heic", id="heic"),
        pytest.param(_box(b"avif"), "image/avif", id="avif"),
        pytest.param(b"%PDF-1.7", "application/pdf", id="pdf"),
        pytest.param(b"<!doctype html><title>404</title>", "text/html", id="a page"),
        pytest.param(b"not a picture", "text/plain", id="text"),
        pytest.param(bytes(100), "", id="zeros"),
    ],
)
def test_other_kinds_are_named_and_not_decoded(tmp_path: Path, data: bytes, mime_type: str) -> None:
    """The name says .jpg, the bytes decide."""
    (tmp_path / "cover.jpg").write_bytes(data)

    facts = artwork.measure(tmp_path / "cover.jpg")

    assert (facts.mime_type, facts.trouble) == (mime_type, "it is neither a JPEG nor a PNG picture")
    assert (facts.width, facts.height) == (0, 0)


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    """Nothing was exported, and that is what is said."""
    (tmp_path / "cover.png").touch()

    assert artwork.measure(tmp_path / "cover.png") == ArtworkFacts(size_bytes=0, trouble="it is empty")


@pytest.mark.failure("IN-23")
def test_what_is_not_an_ordinary_file_is_not_read(tmp_path: Path) -> None:
    """A pipe nobody writes to does not hang."""
    os.mkfifo(tmp_path / "pipe.png")

    assert artwork.measure(tmp_path / "pipe.png").trouble == "it is not an ordinary file"
    assert artwork.measure(tmp_path).trouble == "it is a folder"
    assert artwork.measure(tmp_path / "missing.png").trouble == "it is not there"


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    """Ten mebibytes are enough for any cover; one byte more is not hashed and not decoded."""
    path = testing.tiny_png(tmp_path / "cover.png", side=10)
    with path.open("r+b") as file:
        file.truncate(artwork.MOST_BYTES)
    at_limit = artwork.measure(path)
    with path.open("r+b") as file:
        file.truncate(artwork.MOST_BYTES + 1)
    over_limit = artwork.measure(path)

    assert (at_limit.width, at_limit.trouble) == (10, "")
    assert (over_limit.mime_type, over_limit.trouble) == ("image/png", "it is larger than 10 MiB")
    assert over_limit.sha256 == ""


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_cut_picture_is_noticed(tmp_path: Path, kind: str) -> None:
    """Half a cover is no cover, wherever it stops."""
    data, path = _noisy(kind), tmp_path / "cover"
    troubles = set()
    for percent in range(1, 100):
        path.write_bytes(data[: len(data) * percent // 100])
        troubles.add(artwork.measure(path).trouble)

    assert troubles == {"it stops early"}


def test_a_damaged_picture_is_noticed(tmp_path: Path) -> None:
    """All bytes are there, but some are wrong."""
    data, path = bytearray(_noisy("PNG")), tmp_path / "cover.png"
    data[200:300] = bytes(100)
    path.write_bytes(data)

    assert artwork.measure(path).trouble == "its picture is damaged"


def _png_header(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _png(header, b"IDAT" + zlib.compress(bytes(1000)), b"IEND")


def _png(*chunks: bytes) -> bytes:
    """A PNG of *chunks*, each its name and its content."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


@pytest.mark.failure("IN-21")
@pytest.mark.parametrize(("width", "height"), [(6001, 10), (10, 6001), (8000, 8000), (12000, 12000), (2**31 - 1,) * 2])
def test_a_bomb_is_not_decoded(tmp_path: Path, width: int, height: int) -> None:
    """A few bytes that unfold to gigabytes are refused by their header."""
    (tmp_path / "cover.png").write_bytes(_png_header(width, height))

    assert artwork.measure(tmp_path / "cover.png").trouble == "it is larger than 6000 × 6000 pixels"


@pytest.mark.failure("IN-21")
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_mutated_picture_gives_facts_or_trouble(tmp_path: Path, kind: str) -> None:
    """No error of the decoder comes through, whatever the bytes."""
    data, path, dice = _noisy(kind), tmp_path / "cover", random.Random(11)
    for _ in range(150):
        mutant = bytearray(data)
        for _ in range(dice.randint(1, 5)):
            mutant[dice.randrange(dice.choice((40, 700, len(mutant))))] = dice.randrange(256)
        path.write_bytes(mutant)

        facts = artwork.measure(path)

        assert facts.trouble or 0 < facts.width <= artwork.MOST_PIXELS_A_SIDE
