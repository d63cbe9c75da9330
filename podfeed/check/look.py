"""Rules about what the pages of a show look like."""

from collections.abc import Iterator
from dataclasses import replace

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Look, Show
from podfeed.read.settings import COLOURS
from podfeed.words import say

#: The colours of podfeed's own look, as podfeed.css has them, and those of its faintest text.
OWN = Look(accent="a8370f", accent_dark="ffab8d", paper="faf8f4", paper_dark="171517")
FAINT = {"paper": "5f5a5c", "paper_dark": "aaa4a2"}

#: How far text stands out at least. Source: WCAG 2.2, 1.4.3.
ENOUGH = 4.5


@told_by_reader("error")
def look_colour_invalid() -> None:
    """A colour of ``look`` is none. Without quotes, what begins with ``#`` is a comment in YAML.

    Bad:
        # config.yaml
        look: {accent: navy}

    Good:
        # config.yaml
        look: {accent: "#0b5c8a"}
    """


@told_by_reader("error")
def look_font_unknown() -> None:
    """``font`` of ``look`` is no kind of letters that podfeed knows: it takes those a device has, and loads none.

    Bad:
        # config.yaml
        look: {font: Helvetica}

    Good:
        # config.yaml
        look: {font: sans}
    """


@rule(Show, "warning", source="WCAG 2.2, 1.4.3")
def look_contrast_low(show: Show, context: Context) -> Iterator[Finding]:
    """A colour of ``look`` stands out too little for many people to read it.

    Links are of the accent's colour, and all text stands on the paper's: both have to differ by 4.5 to 1 or more.
    Colours that ``look`` does not name are podfeed's own.

    Bad:
        # config.yaml
        look: {accent: "#7cc4ee"}

    Good:
        # config.yaml
        look: {accent: "#0b5c8a"}
    """
    look, shown = show.look, with_own(show.look)
    for accent, paper in (("accent", "paper"), ("accent_dark", "paper_dark")):
        links, behind = getattr(shown, accent), getattr(shown, paper)
        if getattr(look, paper) and (ratio := contrast(FAINT[paper], behind)) < ENOUGH:
            message = say(
                "text “#{text}” on “#{paper}” has a contrast of {ratio} to 1; 4.5 is enough",
                text=FAINT[paper],
                paper=behind,
                ratio=_shown(ratio),
            )
            better = readable(behind, FAINT[paper])
            yield Finding(f"look.{paper}", message, say('write "#{colour}", or one further from it', colour=better))
        elif (getattr(look, accent) or getattr(look, paper)) and (ratio := contrast(links, behind)) < ENOUGH:
            message = say(
                "“#{accent}” on “#{paper}” has a contrast of {ratio} to 1; 4.5 is enough",
                accent=links,
                paper=behind,
                ratio=_shown(ratio),
            )
            hint = say('write “{name}: "#{colour}"”', name=accent, colour=readable(links, behind))
            yield Finding(f"look.{accent if getattr(look, accent) else paper}", message, hint)


def with_own(look: Look) -> Look:
    """*look*, with podfeed's own colours where it names none."""
    return replace(OWN, font=look.font, **{name: colour for name in COLOURS if (colour := getattr(look, name))})


def _shown(ratio: float) -> str:
    """*ratio* with a digit behind the point, rounded down: what is not enough never looks like it."""
    return f"{int(ratio * 10) / 10}"


def contrast(one: str, other: str) -> float:
    """How far two colours stand out from each other, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """How bright *colour* is, from 0 to 1. Source: WCAG 2.2, relative luminance."""
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, ...]:
    return tuple(each / 255 for each in bytes.fromhex(colour))


def readable(colour: str, beside: str) -> str:
    """The colour nearest to *colour*, of those towards black or white, that stands out enough from *beside*."""
    towards = 0.0 if contrast("000000", beside) > contrast("ffffff", beside) else 1.0
    for step in range(256):
        mixed = bytes(round(255 * (each + (towards - each) * step / 255)) for each in _parts(colour)).hex()
        if contrast(mixed, beside) >= ENOUGH:
            break
    return mixed
