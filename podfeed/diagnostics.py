"""One thing to say about a text: what is so, where it stands, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]
#: Who takes podcasts, and whose written rules are known. Source: feed-specification.md, section 4.
Platform = Literal["apple", "spotify", "psp1", "youtube", "podcastindex"]
PLATFORMS: dict[Platform, str] = {
    "apple": "Apple",
    "spotify": "Spotify",
    "psp1": "PSP-1",
    "youtube": "YouTube",
    "podcastindex": "the Podcast Index",
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """A place in a text, as editors count: lines and columns from 1, in characters."""

    line: int = 1
    column: int = 1
    #: Characters to underline; 0 when the place is a point.
    width: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule or a reader found: the field it is about, and words. The runner adds rule, severity and place."""

    #: The field as written, dotted where it is nested (``shows.radio.language``, ``actor_ids.1``); empty for the file.
    field: str
    #: What is so, with the author's own text in “quotation marks”.
    message: str
    #: What to do.
    hint: str = ""
    #: The rule's name, where a reader finds it; a rule function leaves it empty.
    rule: str = ""
    #: Where exactly, when the finder knows better than the field does.
    position: Position | None = None
    #: Words of the notes it is about, as they are written: it stands where these first do.
    quote: str = ""
    #: The file it is about, when that is not the one the rule was asked about.
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault, told where the author works."""

    rule: str
    severity: Severity
    #: The file it is about, relative to the project.
    path: str
    position: Position
    message: str
    hint: str = ""
    #: Whose requirement it is.
    source: str = ""
    #: The platforms that refuse what has this fault, of those that were asked for.
    refused_by: tuple[Platform, ...] = ()
    #: The text of the line, for a caret below it; empty when the file has no lines.
    excerpt: str = ""
    #: Characters left out before it: some feeds are one line of megabytes.
    excerpt_start: int = 0
    #: The show an error stops, that is, leaves as it is; ``*`` for every show, empty for none.
    stops: str = ""

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Files in order, then places, then rules: the same diagnostics always print alike."""
        return (self.path, self.position.line, self.position.column, self.rule, self.message)
