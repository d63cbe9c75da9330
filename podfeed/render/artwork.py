"""The bytes of a picture → the bytes of a copy: square, upright, sRGB, and nothing in it but the picture.

The second home of Pillow, beside `podfeed.read.artwork`: what is made lies with all else that is made.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from podfeed.read.artwork import colour_profile, is_srgb
from podfeed.render.copies import WEBP, Copy
from podfeed.render.stripping import stripped

#: Gives the bytes of a picture. The same object always gives the same: what was decoded last is told by it.
Read = Callable[[], bytes]


def made(read: Read, copy: Copy) -> bytes:
    """The bytes of *copy*: those of the same picture are always the same with the same Pillow."""
    picture = _sized(read, copy.padding, copy.largest, copy.pixels)
    stream = BytesIO()
    if copy.mime_type == WEBP:
        picture.save(stream, "WEBP", quality=80, method=2)
    else:
        picture.save(stream, "JPEG", quality=85, optimize=True)
    return stream.getvalue()


@lru_cache(maxsize=1)
def _sized(read: Read, padding: str, largest: int, pixels: int) -> Image.Image:
    square = _square(read, padding, largest)
    # Twice the size is enough to look at for each pixel that is wanted.
    return square.resize((pixels, pixels), Image.Resampling.BICUBIC, reducing_gap=2.0)


@lru_cache(maxsize=1)
def _square(read: Read, padding: str, side: int) -> Image.Image:
    """The picture as a square, decoded no larger than a copy of this *side* needs it."""
    picture = _opened(read())
    longer = max(picture.size)
    # A JPEG can be decoded at a half, a quarter or an eighth of its size, in as much less time.
    picture.draft(None, (picture.width * side // longer, picture.height * side // longer))
    picture = _in_srgb(_upright(picture), f"#{padding or 'ffffff'}")
    picture.info.clear()  # what an encoder would write beside the picture
    if not padding:
        return picture
    side = max(picture.size)
    square = Image.new("RGB", (side, side), f"#{padding}")
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square


def bare(data: bytes, *, is_upright: bool) -> bytes:
    """The picture in *data* without its notes, in the same format; as it is, or turned where it is not upright."""
    if is_upright:
        with suppress(ValueError):  # an odd build, which Pillow takes all the same
            return stripped(data)
    picture = _opened(data)
    kind, picture = picture.format, _upright(picture)
    picture.info = {name: value for name, value in picture.info.items() if name in ("icc_profile", "transparency")}
    stream = BytesIO()
    picture.save(stream, kind, quality=90)
    return stream.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # notes so damaged that nobody can be told to turn the picture
        return picture


def _opened(data: bytes) -> Image.Image:
    """The picture in *data*, not yet decoded. It was measured before, so it is neither large nor damaged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of damaged notes beside the picture
        return Image.open(BytesIO(data), formats=["JPEG", "PNG"])


def _in_srgb(picture: Image.Image, background: str) -> Image.Image:
    """*picture* in the colours of screens; where it is transparent, *background* is seen."""
    profile = picture.info.get("icc_profile")
    if picture.has_transparency_data:
        shown = picture.convert("RGBA")
        flat = Image.new("RGBA", shown.size, background)
        flat.alpha_composite(shown)
        return flat.convert("RGB")
    if picture.mode.startswith("I"):  # greys of 16 bits
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if profile and not is_srgb(colour_profile(picture)):
        try:
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, BytesIO(profile), srgb, outputMode="RGB")
        except ImageCms.PyCMSError:  # a profile for other colours than the picture has
            return picture.convert("RGB")
        assert converted is not None
        return converted
    return picture.convert("RGB")
