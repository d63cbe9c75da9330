"""A picture → ArtworkFacts, by its content and never by its name; the one module that knows Pillow."""

from __future__ import annotations

import warnings
from dataclasses import replace
from io import BufferedReader
from pathlib import Path

from podfeed.model import ArtworkFacts
from podfeed.read import disk, magic

MOST_BYTES = 10 << 20
MOST_PIXELS_A_SIDE = 6000

# Only what Apple takes, and so only two of Pillow's many decoders ever see the file.
_FORMATS = {"jpeg": "JPEG", "png": "PNG"}
_LAST_BYTES = {"jpeg": b"\xff\xd9", "png": b"IEND\xaeB`\x82"}


def measure(path: Path) -> ArtworkFacts:
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
        return replace(facts, trouble="it is empty")
    kind = magic.kind(file.read(magic.HEAD_BYTES))
    facts = replace(facts, mime_type=magic.MIME_TYPES.get(kind, ""))
    if size > MOST_BYTES:
        return replace(facts, trouble="it is larger than 10 MiB")
    facts = replace(facts, sha256=disk.sha256(file, size))
    if kind not in _FORMATS:
        return replace(facts, trouble="it is neither a JPEG nor a PNG picture")
    return _decoded(facts, file, kind)


def _decoded(facts: ArtworkFacts, file: BufferedReader, kind: str) -> ArtworkFacts:
    """*facts* with what the picture's header says, once all its pixels are there."""
    from PIL import Image

    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=[_FORMATS[kind]])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return replace(facts, trouble=_TOO_LARGE)
    # Pillow raises half a dozen kinds over crafted files, SyntaxError and struct.error among them.
    except Exception:
        return replace(facts, trouble=_broken(file, facts.size_bytes, kind))
    facts = replace(facts, width=picture.width, height=picture.height, mode=picture.mode)
    if max(picture.size) > MOST_PIXELS_A_SIDE:
        return replace(facts, trouble=_TOO_LARGE)
    try:
        picture.load()
    except Exception:
        return replace(facts, trouble=_broken(file, facts.size_bytes, kind))
    return replace(facts, has_transparency=picture.has_transparency_data)


_TOO_LARGE = f"it is larger than {MOST_PIXELS_A_SIDE} × {MOST_PIXELS_A_SIDE} pixels"


def _broken(file: BufferedReader, size: int, kind: str) -> str:
    """Why a picture cannot be decoded: its last bytes tell whether it was cut."""
    file.seek(max(0, size - 64))
    return "its picture is damaged" if _LAST_BYTES[kind] in file.read() else "it stops early"
