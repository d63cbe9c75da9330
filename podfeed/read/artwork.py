"""A picture → ArtworkFacts, by its content and never by its name."""

from __future__ import annotations

import warnings
from dataclasses import replace
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from podfeed.model import ArtworkFacts
from podfeed.read import disk, magic
from podfeed.words import say

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

MOST_BYTES = 10 << 20
MOST_PIXELS_A_SIDE = 6000

# Only what Apple takes, and so only two of Pillow's many decoders ever see the file.
_FORMATS = {"jpeg": "JPEG", "png": "PNG"}
# The eight bytes of the signature, then length, kind, width and height of the first chunk, four bytes each.
_PNG_DEPTH_AT = 24
_EXIF_ORIENTATION = 0x0112
_EXIF_GPS = 0x8825
# The version of the notation: some cameras write it with no place behind it.
_GPS_VERSION = 0
# Latitude and longitude, as XMP calls them.
_XMP_GPS = b"GPSL"
_LONGEST_NAME = 100
_LAST_BYTES = {"jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82"}


def measure(path: str | Path) -> ArtworkFacts:
    """What the picture at *path* says about itself, decoded to its last pixel.

    Whatever is not an ordinary file with a JPEG or PNG picture of bearable size has its reason in ``trouble``.
    Raises TargetError when the file changes meanwhile.
    """
    try:
        with disk.steady(path) as (file, size):
            return _measured(file, size)
    except disk.Unreadable as reason:
        return ArtworkFacts(size_bytes=0, trouble=str(reason))


def _measured(file: BufferedReader, size: int) -> ArtworkFacts:
    facts = ArtworkFacts(size_bytes=size)
    if not size:
        return replace(facts, trouble=say("it is empty"))
    kind = magic.kind(file.read(magic.HEAD_BYTES))
    facts = replace(facts, mime_type=magic.MIME_TYPES.get(kind, ""))
    if size > MOST_BYTES:
        return replace(facts, trouble=say("it is larger than 10 MiB"))
    facts = replace(facts, sha256=disk.sha256(file, size))
    if kind not in _FORMATS:
        has_location = kind == "webp" and _webp_has_location(file, size)
        return replace(facts, has_location=has_location, trouble=say("it is neither a JPEG nor a PNG picture"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, of damaged notes beside the picture
        return _decoded(facts, file, kind)


def _decoded(facts: ArtworkFacts, file: BufferedReader, kind: str) -> ArtworkFacts:
    """*facts* with what the picture's header says, once all its pixels are there."""
    from PIL import Image

    file.seek(_PNG_DEPTH_AT)
    depth = ";16" if kind == "png" and file.read(1) == b"\x10" else ""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=[_FORMATS[kind]])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return replace(facts, trouble=_too_large())
    # Pillow raises half a dozen kinds over crafted files, SyntaxError and struct.error among them.
    except Exception:
        return replace(facts, trouble=_broken(file, facts.size_bytes, kind))
    mode = picture.mode.removesuffix(";16") + depth
    facts = replace(facts, width=picture.width, height=picture.height, mode=mode)
    if max(picture.size) > MOST_PIXELS_A_SIDE:
        return replace(facts, trouble=_too_large())
    try:
        picture.load()
    except Exception:
        # In notes it goes out all the same: browsers show what there is of it.
        trouble = _broken(file, facts.size_bytes, kind)
        return replace(facts, trouble=trouble, has_location=_has_location(picture))
    return replace(
        facts,
        has_transparency=picture.has_transparency_data,
        is_animated=kind == "png" and getattr(picture, "is_animated", False),
        colour_profile=colour_profile(picture),
        orientation=_orientation(picture),
        has_location=_has_location(picture),
    )


def colour_profile(picture: Image) -> str:
    """The name of the profile inside; empty when there is none, or none that can be read."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return ""
    from PIL import ImageCms

    try:
        name = ImageCms.getProfileDescription(BytesIO(profile))
    except Exception:
        return ""
    return "".join(filter(str.isprintable, name.strip()))[:_LONGEST_NAME]


# The names of sRGB in short forms of its profile, which some sites embed.
_SHORT_SRGB = ("c2", "urgb")


def is_srgb(profile: str) -> bool:
    """Whether *profile* is the name of the colours that screens show."""
    name = profile.casefold()
    return "srgb" in name or name in _SHORT_SRGB


def _orientation(picture: Image) -> int:
    try:
        orientation = picture.getexif().get(_EXIF_ORIENTATION)
    except Exception:
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _has_location(picture: Image) -> bool:
    """Whether Exif or XMP inside tell where the picture was taken, or anything else that a GPS receiver told."""
    xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    if _XMP_GPS in (xmp.encode() if isinstance(xmp, str) else xmp):
        return True
    try:
        return _tells_location(picture.getexif())
    except Exception:
        return False


def _webp_has_location(file: BufferedReader, size: int) -> bool:
    """The same of a WebP, which is looked into no further."""
    from PIL.Image import Exif

    file.seek(0)
    data, exif = file.read(size), Exif()
    if _XMP_GPS in data.partition(b"XMP ")[2]:
        return True
    try:
        exif.load(data.partition(b"EXIF")[2][4:])  # behind the length of the chunk
        return _tells_location(exif)
    except Exception:
        return False


def _tells_location(exif: Exif) -> bool:
    return bool(exif.get_ifd(_EXIF_GPS).keys() - {_GPS_VERSION})


def _too_large() -> str:
    return say("it is larger than {side} × {side} pixels", side=MOST_PIXELS_A_SIDE)


def _broken(file: BufferedReader, size: int, kind: str) -> str:
    """Why a picture cannot be decoded: its last bytes tell whether it was cut."""
    file.seek(max(0, size - 64))
    return say("its picture is damaged") if _LAST_BYTES[kind] in file.read() else say("it stops early")
