"""Copies of pictures: which go out and under which names, what they look like, and what is no longer in them."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from podfeed.model import ArtworkFacts
from podfeed.read.artwork import measure
from podfeed.render import artwork
from podfeed.render.artwork import bare
from podfeed.render.copies import JPEG, OF_COVER, OF_EPISODE, PNG, WEBP, Copy, copies, is_ready
from podfeed.render.stripping import stripped

#: Makes each copy anew, where all other tests remember it.
made = artwork.made.__wrapped__

COVER = ArtworkFacts(size_bytes=300_000, width=3000, height=3000, mime_type=JPEG, mode="RGB", sha256="ab" * 32)
RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)
#: 35.4° north, 139.6° east.
PLACE = {1: "N", 2: (35.0, 26.0, 37.0), 3: "E", 4: (139.0, 38.0, 17.0)}
XMP = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf exif:GPSLatitude='35,26.6N' exif:GPSLongitude='139,38.3E'/></x:xmpmeta>"
)


def _saved(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _copy(pixels: int, mime_type: str = JPEG, padding: str = "") -> Copy:
    return Copy(source="a", path="b", pixels=pixels, largest=pixels, mime_type=mime_type, padding=padding)


def _names(facts: ArtworkFacts, padding: str = "") -> list[str]:
    """The names of the copies of a cover, without what stands for the picture in them."""
    found = copies("artwork/cover.png", facts, OF_COVER, padding)
    digests = {each.path.split("-")[1] for each in found}
    assert len(digests) == bool(found)
    return [each.path.replace(f"-{digest}-", " ") for each in found for digest in digests]


# ------------------------------------------------------------------------------------- names and sizes


def test_good_cover_goes_out_as_it_is_and_smaller() -> None:
    assert _names(COVER) == [
        "artwork/cover 3000.jpg",
        "artwork/cover 1400.jpg",
        "artwork/cover 600.jpg",
        "artwork/cover 600.webp",
        "artwork/cover 300.jpg",
        "artwork/cover 300.webp",
    ]
    assert [each.is_original for each in copies("cover.jpg", COVER, OF_COVER)] == [True, *[False] * 5]


@pytest.mark.parametrize(
    ("changes", "padding", "first"),
    [
        pytest.param({"mime_type": PNG}, "", "artwork/cover 3000.png", id="png"),
        pytest.param({"width": 1400, "height": 1400}, "", "artwork/cover 1400.jpg", id="smallest"),
        pytest.param({"width": 2000, "height": 2000}, "ffffff", "artwork/cover 2000.jpg", id="nothing to fill"),
        pytest.param({"mode": "L"}, "", "artwork/cover 3000.jpg", id="greys"),
        pytest.param({"width": 4000, "height": 4000}, "", "artwork/cover 3000.jpg", id="too large"),
        pytest.param({"width": 2000, "height": 1500}, "ffffff", "artwork/cover 2000.jpg", id="wide"),
        pytest.param({"width": 1500, "height": 6000}, "ffffff", "artwork/cover 3000.jpg", id="high and too large"),
        pytest.param({"width": 700, "height": 500}, "ffffff", "artwork/cover 1400.jpg", id="scaled up"),
    ],
)
def test_first_copy_is_one_that_podcast_apps_take(changes: dict[str, Any], padding: str, first: str) -> None:
    """Never larger than the picture, except where it is too small and may be filled up."""
    assert _names(replace(COVER, **changes), padding)[0] == first


@pytest.mark.parametrize(
    ("changes", "padding"),
    [
        pytest.param({"width": 2000}, "", id="wide, and nothing to fill it with"),
        pytest.param({"width": 1399, "height": 1399}, "", id="small"),
        pytest.param({"width": 699, "height": 699}, "ffffff", id="too small to be scaled up"),
        pytest.param({"width": 0, "height": 0, "trouble": "it is damaged"}, "ffffff", id="damaged"),
        pytest.param({"width": 2000, "is_animated": True}, "ffffff", id="moving"),
    ],
)
def test_nothing_goes_out_of_what_no_app_takes(changes: dict[str, Any], padding: str) -> None:
    assert _names(replace(COVER, **changes), padding) == []


def test_copies_are_smaller_than_the_picture() -> None:
    assert _names(replace(COVER, width=1400, height=1400)) == [
        "artwork/cover 1400.jpg",
        "artwork/cover 600.jpg",
        "artwork/cover 600.webp",
        "artwork/cover 300.jpg",
        "artwork/cover 300.webp",
    ]


def test_name_stands_for_the_picture_and_how_it_is_made() -> None:
    """Apps notice another picture by its address, and two machines with different Pillows agree on it."""
    wide = replace(COVER, width=2000)

    def name(facts: ArtworkFacts, padding: str) -> str:
        return copies("cover.jpg", facts, OF_EPISODE, padding)[0].path

    names = {name(wide, "ffffff"), name(wide, "000000"), name(replace(wide, sha256="cd" * 32), "ffffff")}

    assert len(names) == 3
    assert name(COVER, "") == name(COVER, "ffffff") == name(replace(COVER, orientation=6, origin="lock"), "")


def test_name_is_the_same_without_the_picture() -> None:
    """A checkout that has only podfeed.lock names the same copies: what it does not keep decides nothing."""
    facts = replace(COVER, orientation=6, has_location=True, colour_profile="Adobe RGB")
    kept = replace(facts, orientation=1, has_location=False, colour_profile="", origin="lock")

    assert copies("cover.jpg", facts, OF_COVER) == copies("cover.jpg", kept, OF_COVER)


# ---------------------------------------------------------------------------------------------- pixels


@pytest.mark.parametrize("pixels", [3000, 1400, 600, 300])
@pytest.mark.parametrize(("kind", "options"), [("JPEG", {}), ("PNG", {})])
def test_copy_is_a_square_of_plain_colours(kind: str, options: dict[str, Any], pixels: int) -> None:
    data = _saved(Image.linear_gradient("L").convert("RGB").resize((3000, 3000)), kind, **options)

    copy = _opened(made(lambda: data, _copy(pixels)))

    assert (copy.format, copy.size, copy.mode) == ("JPEG", (pixels, pixels), "RGB")
    assert copy.getpixel((pixels // 2, 1))[0] < 4  # type: ignore[index]
    assert copy.getpixel((pixels // 2, pixels - 2))[0] > 251  # type: ignore[index]


def test_copy_for_pages_is_webp() -> None:
    copy = _opened(made(lambda: _saved(Image.new("RGB", (1400, 1400), RED)), _copy(600, WEBP)))

    assert (copy.format, copy.size) == ("WEBP", (600, 600))


def test_same_picture_gives_the_same_bytes() -> None:
    """Whatever else was made before."""
    data = _saved(Image.radial_gradient("L").convert("RGB").resize((1600, 1600)), "JPEG", quality=95)

    first = [made(lambda: data, _copy(600, each)) for each in (JPEG, WEBP)]
    made(lambda: _saved(Image.new("RGB", (1400, 1400), RED)), _copy(600))
    again = [made(lambda: bytes(data), _copy(600, each)) for each in (WEBP, JPEG)]

    assert first == again[::-1]


def test_nothing_but_the_picture_is_in_a_copy() -> None:
    """No notes, no comment, no profile, no date."""
    exif = Image.Exif()
    exif[0x010E] = "secret"
    options = {"exif": exif, "comment": b"secret", "dpi": (300, 300), "icc_profile": _profile("sRGB")}
    data = _saved(Image.new("RGB", (1400, 1400), RED), "JPEG", **options)

    for mime_type in (JPEG, WEBP):
        copy = made(lambda: data, _copy(600, mime_type))
        assert b"secret" not in copy
        assert not {"exif", "icc_profile", "comment", "xmp"} & _opened(copy).info.keys()


def test_picture_is_read_once_for_all_its_copies() -> None:
    """Decoding takes longer than anything else."""
    data = _saved(Image.new("RGB", (3000, 3000), RED), "JPEG")
    reads = []

    def read() -> bytes:
        reads.append(1)
        return data

    for copy in copies("cover.jpg", COVER, OF_COVER)[1:]:
        made(read, copy)

    assert reads == [1]


def test_wide_picture_is_filled_up_to_a_square() -> None:
    data = _saved(Image.new("RGB", (2000, 1000), RED), "JPEG", quality=100)

    copy = _opened(made(lambda: data, _copy(1400, padding="0000ff")))

    assert copy.size == (1400, 1400)
    assert [_nearest(copy, at) for at in ((700, 340), (700, 360), (700, 1040), (700, 1060))] == [BLUE, RED, RED, BLUE]


def test_small_picture_is_scaled_up() -> None:
    data = _saved(Image.new("RGB", (700, 700), RED))

    copy = _opened(made(lambda: data, _copy(1400, padding="0000ff")))

    assert (copy.size, _nearest(copy, (0, 0)), _nearest(copy, (1399, 1399))) == ((1400, 1400), RED, RED)


def _nearest(picture: Image.Image, at: tuple[int, int]) -> tuple[int, ...]:
    """The pixel *at* a place, rid of what JPEG does to colours."""
    pixel = picture.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return tuple(round(value / 255) * 255 for value in pixel)


def _clear(mode: str) -> bytes:
    """A picture one half of which is transparent, over red."""
    picture = Image.new("RGBA", (1400, 1400), (*RED, 255))
    picture.paste((*RED, 0), (0, 0, 1400, 700))
    return _saved(picture.convert(mode)) if mode != "P" else _saved(picture.quantize(4))


def _deep() -> bytes:
    """White in greys of 16 bits."""
    rows = zlib.compress(b"".join(b"\0" + b"\xff\xff" * 1400 for _ in range(1400)))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1400, 1400, 16, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def _profile(name: Any) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def _exchanged() -> bytes:
    """A profile in which red is what screens call blue, and blue red."""
    return (
        _profile("sRGB")
        .replace(b"rXYZ", b"tXYZ")
        .replace(b"bXYZ", b"rXYZ")
        .replace(b"tXYZ", b"bXYZ")
        .replace(b"s\0R\0G\0B", b"o\0t\0h\0r")
        .replace(b"sRGB", b"othr")
    )


def _cmyk() -> bytes:
    return _saved(Image.new("CMYK", (1400, 1400), (0, 255, 255, 0)), "JPEG")


@pytest.mark.parametrize(
    ("data", "padding", "expected"),
    [
        pytest.param(_clear("RGBA"), "", WHITE, id="transparent over white"),
        pytest.param(_clear("RGBA"), "0000ff", BLUE, id="transparent over a background"),
        pytest.param(_clear("P"), "0000ff", BLUE, id="palette with a clear colour"),
        pytest.param(_clear("LA"), "0000ff", BLUE, id="greys and transparency"),
        pytest.param(_deep(), "", WHITE, id="greys of 16 bits"),
        pytest.param(_cmyk(), "", RED, id="print colours"),
        pytest.param(_saved(Image.new("1", (1400, 1400), 1)), "", WHITE, id="black and white"),
        pytest.param(_saved(Image.new("RGB", (1400, 1400), RED), icc_profile=_exchanged()), "", BLUE, id="profile"),
        pytest.param(
            _saved(Image.new("RGB", (1400, 1400), RED), icc_profile=_profile("LAB")), "", RED, id="no profile of RGB"
        ),
        pytest.param(
            _saved(Image.new("RGB", (1400, 1400), RED), icc_profile=b"nonsense"), "", RED, id="damaged profile"
        ),
        pytest.param(
            _saved(Image.new("RGB", (1400, 1400), RED), "JPEG", exif=b"Exif\0\0nonsense"), "", RED, id="damaged notes"
        ),
    ],
)
def test_every_colour_becomes_one_of_screens(data: bytes, padding: str, expected: tuple[int, ...]) -> None:
    assert _nearest(_opened(made(lambda: data, _copy(600, padding=padding))), (300, 10)) == expected


def _sideways(kind: str) -> bytes:
    """A picture that is red at its left, stored with red at its top."""
    picture, exif = Image.new("RGB", (1400, 1400), BLUE), Image.Exif()
    picture.paste(RED, (0, 0, 1400, 700))
    exif[0x0112] = 5  # mirrored along the diagonal
    return _saved(picture, kind, exif=exif)


def test_copy_of_a_turned_picture_is_upright() -> None:
    copy = _opened(made(lambda: _sideways("JPEG"), _copy(600)))

    assert (_nearest(copy, (10, 590)), _nearest(copy, (590, 10))) == (RED, BLUE)


# --------------------------------------------------------------------------------------------- privacy


def _located(kind: str, **options: Any) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ada"
    exif.get_ifd(0x8825).update(PLACE)
    return _saved(Image.radial_gradient("L").convert("RGB"), kind, exif=exif, **options)


@pytest.mark.failure("IN-22")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_is_found_and_goes_without_touching_the_picture(tmp_path: Path, kind: str) -> None:
    options: dict[str, Any] = {"icc_profile": _profile("sRGB"), **({"lossless": True} if kind == "WEBP" else {})}
    data = _located(kind, xmp=XMP, **options) if kind != "PNG" else _located(kind, **options)
    (tmp_path / "picture").write_bytes(data)

    clean = bare(data, is_upright=True)

    assert measure(tmp_path / "picture").has_location
    assert clean == stripped(data)
    assert b"Camera of Ada" in data
    assert not any(word in clean for word in (b"Camera of Ada", b"Exif", b"EXIF", b"GPS", b"xmpmeta"))
    before, after = _opened(data), _opened(clean)
    assert (before.tobytes(), before.info["icc_profile"]) == (after.tobytes(), after.info["icc_profile"])
    assert not {"exif", "xmp"} & after.info.keys()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("position", "xmp", "has_location"),
    [
        pytest.param({}, b"", False, id="nothing"),
        pytest.param({0: b"\2\3\0\0"}, b"", False, id="the version of the notation alone"),
        pytest.param(PLACE, b"", True, id="Exif"),
        pytest.param({29: "2025:06:02"}, b"", True, id="the day of the receiver"),
        pytest.param({}, XMP, True, id="XMP"),
    ],
)
def test_place_is_told_from_other_notes(
    tmp_path: Path, kind: str, position: dict[int, Any], xmp: bytes, has_location: bool
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    if position:
        exif.get_ifd(0x8825).update(position)
    notes: dict[str, Any] = {"exif": exif, "xmp": xmp} if xmp else {"exif": exif}
    if kind == "PNG" and xmp:
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        notes = {"exif": exif, "pnginfo": info}
    (tmp_path / "picture").write_bytes(_saved(Image.new("RGB", (40, 40)), kind, **notes))

    assert measure(tmp_path / "picture").has_location is has_location


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_turned_picture_goes_out_upright_and_without_notes(kind: str) -> None:
    clean = bare(_sideways(kind), is_upright=False)

    picture = _opened(clean)
    assert (picture.format, picture.size, "exif" in picture.info) == (kind, (1400, 1400), False)
    assert (_nearest(picture, (10, 1390)), _nearest(picture, (1390, 10))) == (RED, BLUE)


def test_further_pictures_of_a_phone_go_too() -> None:
    """They lie behind the end of the first, with notes of their own."""
    data = _located("JPEG", progressive=True)

    clean = stripped(data + _located("JPEG"))

    assert clean == stripped(data)
    assert clean.endswith(b"\xff\xd9")
    assert _opened(clean).tobytes() == _opened(data).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_cut_pictures_lose_their_notes_and_nothing_else(kind: str) -> None:
    """A browser shows what there is of them."""
    data = _located(kind)
    for end in range(16, len(data), 7):
        assert b"Camera of Ada" not in stripped(data[:end])


def test_odd_build_is_written_anew() -> None:
    """Bytes between two segments: Pillow passes them over, and so do browsers."""
    data = _located("JPEG")
    odd = data[:20] + b"\0\0" + data[20:]

    with pytest.raises(ValueError, match="20"):
        stripped(odd)
    clean = bare(odd, is_upright=True)

    assert b"Camera of Ada" not in clean
    assert _opened(clean).size == (256, 256)


def test_measured_pictures_are_ready_or_not(tmp_path: Path) -> None:
    """What is published as it is, is what Apple takes."""

    def make(mode: str) -> Image.Image:
        return Image.new(mode, (1400, 1400))

    pictures = {
        "good.jpg": _saved(make("RGB"), "JPEG"),
        "good.png": _saved(make("RGB")),
        "grey.jpg": _saved(make("L"), "JPEG"),
        "clear.png": _saved(make("RGBA")),
        "palette.png": _saved(make("P")),
        "print.jpg": _saved(make("CMYK"), "JPEG"),
    }
    for name, data in pictures.items():
        (tmp_path / name).write_bytes(data)

    assert {name for name in pictures if is_ready(measure(tmp_path / name))} == {"good.jpg", "good.png"}
