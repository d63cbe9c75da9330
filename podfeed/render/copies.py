"""A cover, or an episode's own picture → the copies of it that go out: how large, of which kind, under which name."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from podfeed.model import ArtworkFacts

#: Sides of pictures that podcast apps take. Source: podcasters.apple.com/support/896.
SMALLEST, LARGEST = 1400, 3000
#: From here on a picture may be scaled up to the smallest: it looks soft, and no longer blurred.
ENLARGED_FROM = 700

JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp"}

#: Smaller copies beside the one for podcast apps: JPEG for small screens, WebP for our pages.
OF_COVER = ((1400, JPEG), (600, JPEG), (600, WEBP), (300, JPEG), (300, WEBP))
OF_EPISODE = ((600, WEBP), (300, WEBP))

# Part of every name: a copy that would be made in another way gets another name.
_RECIPE = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A square picture as it is published."""

    #: The project path of the picture it is made of.
    source: str
    #: Where it goes out, below the media.
    path: str
    #: Width and height.
    pixels: int
    mime_type: str
    #: Those of the largest copy that is made of the same picture: it is decoded once, as large as that.
    largest: int
    #: The colour that fills it up to a square, as ``ffffff``; empty when there is nothing to fill.
    padding: str
    #: Whether it is the picture itself.
    is_original: bool = False


def copies(path: str, facts: ArtworkFacts, smaller: Sequence[tuple[int, str]], padding: str = "") -> tuple[Copy, ...]:
    """What goes out of the picture at *path*: first the copy for podcast apps, then those of *smaller* that are.

    Nothing when it is no square that apps take, and cannot be made one with *padding*.
    """
    if facts.trouble:
        return ()
    if is_ready(facts):
        first, padding = (facts.width, facts.mime_type), ""
    elif side := _side(facts, padding):
        first = (side, JPEG)
    else:
        return ()
    stem = f"{posixpath.splitext(path)[0]}-{_digest(facts, padding)}"
    wanted = [first, *(each for each in smaller if each[0] < first[0])]
    largest = max((pixels for pixels, _ in wanted[int(is_ready(facts)) :]), default=0)
    return tuple(
        Copy(
            source=path,
            path=f"{stem}-{pixels}.{_ENDINGS[mime_type]}",
            pixels=pixels,
            largest=largest,
            mime_type=mime_type,
            padding=padding,
            is_original=number == 0 and is_ready(facts),
        )
        for number, (pixels, mime_type) in enumerate(wanted)
    )


def is_ready(facts: ArtworkFacts) -> bool:
    """Whether podcast apps take the picture as it is. Judged by what podfeed.lock keeps, so that names stay."""
    return (
        facts.width == facts.height
        and SMALLEST <= facts.width <= LARGEST
        and facts.mode == "RGB"
        and not facts.has_transparency
        and facts.mime_type in (JPEG, PNG)
    )


def can_be_mended(facts: ArtworkFacts) -> bool:
    """Whether a copy that is filled up to a square is one that podcast apps take."""
    return not facts.is_animated and max(facts.width, facts.height) >= ENLARGED_FROM


def _side(facts: ArtworkFacts, padding: str) -> int:
    """Width and height of the copy that is made for podcast apps; 0 when none can be."""
    longer = max(facts.width, facts.height)
    if padding:
        return max(SMALLEST, min(longer, LARGEST)) if can_be_mended(facts) else 0
    return min(longer, LARGEST) if facts.width == facts.height >= SMALLEST else 0


def _digest(facts: ArtworkFacts, padding: str) -> str:
    """Stands for how a copy is made, and not for its bytes: another Pillow makes others, and the name stays."""
    return hashlib.sha256("\n".join((facts.sha256, padding, _RECIPE)).encode()).hexdigest()[:8]
