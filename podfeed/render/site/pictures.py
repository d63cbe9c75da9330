"""The pictures of pages: which copy a browser is offered, and how large it is before it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from podfeed.model import ArtworkFacts, Image, Show
from podfeed.read.folder import is_remote
from podfeed.render.copies import JPEG, WEBP
from podfeed.render.feed import Release

#: Width and height that room is kept for where nobody has measured a picture.
_UNMEASURED = 600


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page."""

    #: What every browser shows.
    url: str
    #: What it shows, in words; empty where the words beside it say as much.
    alt: str = ""
    #: Pixels: a browser keeps room for it before it is there.
    width: int = _UNMEASURED
    height: int = _UNMEASURED
    #: Smaller copies by their width, in WebP, the smallest first.
    webp: tuple[tuple[str, int], ...] = ()

    @property
    def smallest(self) -> str:
        """Its smallest copy, for where it is shown in a few pixels."""
        return self.webp[0][0] if self.webp else self.url


def picture_for_page(images: Sequence[Image], alt: str = "") -> Picture | None:
    """The picture whose square copies are *images*; None where there are none."""
    if not images:
        return None
    webp = sorted(((each.url, each.pixels) for each in images if each.mime_type == WEBP), key=lambda pair: pair[1])
    jpegs = sorted((each for each in images if each.mime_type == JPEG), key=lambda each: each.pixels)
    plain = next((each for each in jpegs if each.pixels >= 600), images[0])
    return Picture(plain.url, alt, plain.pixels, plain.pixels, tuple(webp))


def shown_in(*pictures: Picture | None) -> list[str]:
    """Every address that *pictures* are shown from."""
    return [url for each in pictures if each for url in (each.url, *(copy for copy, _ in each.webp))]


def picture_as_it_is(url: str, facts: object, alt: str = "") -> Picture:
    """The picture at *url*, of which there are no copies; *facts* say how large it is, where it was measured."""
    if isinstance(facts, ArtworkFacts) and facts.width:
        return Picture(url, alt, facts.width, facts.height)
    return Picture(url, alt)


def cover_of(release: Release, show: Show) -> Picture | None:
    """The cover of *show*, without words: its title stands beside it wherever it is shown."""
    found = picture_for_page(release.images(release.cover(show), ""))
    if found or not is_remote(show.artwork):
        return found
    return picture_as_it_is(release.url(show.artwork), release.facts.get(show.artwork))
