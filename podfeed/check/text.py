"""Rules about text, whichever setting holds it."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Episode

#: What templates and tutorials put where a value belongs.
_PLACEHOLDERS = ("todo", "tbd", "example title", "your title here", "episode title", "description here", "lorem ipsum")


@told_by_reader("error", source="XML 1.0, section 2.2", codes="EP006 SH001")
def text_control_character() -> None:
    """A text holds a character that no feed can carry.

    One such character in one title makes the whole feed unreadable for every subscriber.

    Bad:
        title: "Ti\\x0bdes"

    Good:
        title: "Tides"
    """


@told_by_reader("warning", codes="EP011")
def text_cut_by_comment() -> None:
    """A “#” after a space begins a comment: the rest of the text is lost.

    Bad:
        title: Tides #5

    Good:
        title: "Tides #5"
    """


@rule(Episode, "error", codes="EP007")
def text_placeholder(episode: Episode, context: Context) -> Iterator[Finding]:
    """A template's text was left in.

    Bad:
        title: TODO

    Good:
        title: Tides
    """
    for name, value in (("title", episode.title), ("description", episode.description)):
        if value.strip(" .:-…").lower() in _PLACEHOLDERS:
            yield Finding(name, f"“{name}” still holds the template's text “{value}”", "write the real one")


@rule(Episode, "warning")
def text_direction_override(episode: Episode, context: Context) -> Iterator[Finding]:
    """A text holds an invisible character that turns the direction of writing.

    Such characters make a title read differently from what it says.

    Bad:
        title: "Tides \\u202egpj"

    Good:
        title: Tides
    """
    for name, value in (("title", episode.title), ("slug", episode.slug), ("audio_file_path", episode.audio)):
        if found := next(
            (each for each in value if each in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"), ""
        ):
            yield Finding(name, f"“{name}” holds an invisible direction mark (U+{ord(found):04X})", "delete it")
