"""A show's look → the few lines of style that its pages have beside podfeed.css."""

from __future__ import annotations

from podfeed.check.look import contrast, with_own
from podfeed.model import Look

_BLACK, _WHITE = "000000", "ffffff"

#: Letters that devices have, Latin ones first, for Japanese fonts have Latin letters too, and plainer ones.
_FONTS = {
    "sans": "",
    "serif": 'ui-serif, Georgia, "Hiragino Mincho ProN", "Yu Mincho", "Noto Serif CJK JP", "Noto Serif JP", serif',
    "rounded": 'ui-rounded, "Hiragino Maru Gothic ProN", "Zen Maru Gothic", "M PLUS Rounded 1c", Nunito, sans-serif',
}


def look_css(look: Look) -> bytes:
    """What *look* says, as custom properties of podfeed.css; its values are digits and a word, and need no escape."""
    look = with_own(look)
    lines = [
        f"--accent: light-dark(#{look.accent}, #{look.accent_dark});",
        f"--on-accent: light-dark(#{_on(look.accent)}, #{_on(look.accent_dark)});",
        f"--paper: light-dark(#{look.paper}, #{look.paper_dark});",
    ]
    if font := _FONTS.get(look.font):
        lines.append(f"--font: {font};")
    return "\n".join((":root {", *(f"  {line}" for line in lines), "}\n")).encode()


def _on(colour: str) -> str:
    """The colour of words on a button of *colour*."""
    return max((_WHITE, _BLACK), key=lambda each: contrast(each, colour))
