"""Rules about show notes."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import Episode

_APPLE = "help.apple.com/itc/podcasts_connect: description"


@rule(Episode, "warning", source="Spotify delivery specification; Apple recommends one", codes="EP030")
def notes_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode has neither a description nor notes.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---

    Good:
        description: The moon pulls, the sea follows.
    """
    if not episode.description and not (episode.notes_facts and episode.notes_facts.html_characters):
        yield Finding(
            "description", "there is neither a description nor a text below the header", "add a sentence or two"
        )


@rule(Episode, "warning", source="PSP-1: 4000 bytes", codes="EP031")
def notes_description_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """A description has more than 4000 bytes: about 1300 Japanese characters. Many apps stop reading there."""
    size = len(episode.description.encode("utf-8", "surrogatepass"))
    if size > 4000:
        yield Finding(
            "description", f"the description has {size} bytes; many apps stop at 4000", "move the rest into the notes"
        )


@rule(Episode, "warning", source=_APPLE, codes="EP032")
def notes_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """The notes have more than 10,000 characters of HTML, Apple's limit."""
    facts = episode.notes_facts
    if facts and facts.html_characters > 10_000:
        message = f"the notes have {facts.html_characters} characters; Apple reads 10,000"
        yield Finding("", message, "nothing breaks; long texts are better kept on a page of their own")


@rule(Episode, "warning", source="W3C Feed Validator: SecurityRisk", codes="EP034")
def notes_unsafe(episode: Episode, context: Context) -> Iterator[Finding]:
    """The notes hold scripts, styles, forms or the like. They are removed.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        <script>alert(1)</script>

    Good:
        title: Tides
    """
    facts = episode.notes_facts
    if facts and facts.removed:
        yield Finding("", f"the notes hold {', '.join(facts.removed)}, which is removed", "take it out")


@rule(Episode, "error", source="W3C Feed Validator: ContainsRelRef", codes="EP035")
def notes_link_broken(episode: Episode, context: Context) -> Iterator[Finding]:
    """A link or picture in the notes leads nowhere in an app: it is relative, and no file of the project.

    Bad:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        ![the sea](sea.jpg)

    Good:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
        [the sea](https://sea.podfeed.example/)
    """
    broken = context.broken_links.get(episode.path, ())
    for address in broken:
        yield Finding(
            "", f"“{address}” in the notes leads nowhere", "write the full https://… address, or add the file"
        )
