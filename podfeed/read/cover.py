"""What config.yaml says of a show's cover: where it is, what it shows, and how it becomes a square."""

from __future__ import annotations

from typing import NamedTuple

from podfeed.read import settings
from podfeed.read.fields import Fields, unknown_settings
from podfeed.read.look import colour
from podfeed.words import say

_WHITE = "ffffff"


class Cover(NamedTuple):
    """A cover as config.yaml names it."""

    path: str
    #: What it shows, in words.
    alt: str
    #: The colour that fills it up to a square, as ``ffffff``; empty when it is to be square by itself.
    padding: str


def cover(fields: Fields) -> Cover:
    """``artwork/cover.jpg``, or ``{path: artwork/cover.jpg, fit: pad, background: "#102030", alt: …}``."""
    group = fields.group("artwork", bare="path")
    found = Cover(path=group.text("path"), alt=group.text("alt"), padding=_padding(group))
    unknown_settings(group, settings.names(settings.ARTWORK))
    return found


def _padding(group: Fields) -> str:
    is_padded = group.choice("fit", settings.FITS, rule="artwork-fit-invalid") == "pad"
    filling = colour(group, "background", rule="artwork-background-invalid") or _WHITE
    if group.has("background") and not group.has("fit"):
        message = say("“background” has no effect without “fit: pad”")
        group.say("background", "artwork-background-unused", message, say("add “fit: pad”, or delete the line"))
    return filling if is_padded else ""
