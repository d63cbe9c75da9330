"""Rules about the block between the fences, told while it is read."""

from podfeed.check.registry import told_by_reader


@told_by_reader("error", codes="EP001")
def header_unclosed() -> None:
    """A header is opened by “---” or “+++” and never closed.

    Other tools then take the whole file for notes and publish its settings, a “draft: true” among them.

    Bad:
        ---
        title: Tides

    Good:
        ---
        title: Tides
        date: 2025-06-02 05:00:00 +0900
        audio_file_path: /audio/good.mp3
        ---
    """


@told_by_reader("error", source="YAML front matter", codes="EP001")
def header_fence_misspelt() -> None:
    """The first line is nearly “---”: other hyphens, or more or fewer of them. Other tools publish the settings below.

    Bad:
        －－－
        title: Tides
        ---

    Good:
        title: Tides
    """


@told_by_reader("error", codes="EP001")
def header_empty() -> None:
    """A header holds no settings.

    Bad:
        ---
        ---

    Good:
        title: Tides
    """


@told_by_reader("error")
def header_not_first() -> None:
    """Something stands before the header, so other tools take it for text and publish it.

    Bad:


        ---
        title: Tides
        ---

    Good:
        title: Tides
    """


@told_by_reader("error", source="YAML 1.2; TOML 1.0", codes="EP002")
def header_unreadable() -> None:
    """A setting cannot be read as YAML or TOML.

    Bad:
        title: Tides: the moon

    Good:
        title: "Tides: the moon"
    """


@told_by_reader("error", source="YAML 1.2, section 3.2.1; TOML 1.0", codes="EP003")
def header_duplicate_key() -> None:
    """A setting is written twice; other tools silently take the last one.

    Bad:
        title: Tides
        title: Waves

    Good:
        title: Tides
    """


@told_by_reader("error")
def header_alias() -> None:
    """A value refers to another one by ``&``, ``*`` or ``<<``.

    A few such lines can grow to gigabytes, and a text that begins with ``*`` is more often meant. config.yaml may use
    a handful of aliases.

    Bad:
        title: &t Tides
        description: *t

    Good:
        title: "&t Tides"
    """


@told_by_reader("error")
def header_tag() -> None:
    """A value is given a type by “!”. In podfeed the field decides what a value is.

    Bad:
        title: !!binary Tides

    Good:
        title: "!!binary Tides"
    """


@told_by_reader("error")
def header_too_deep() -> None:
    """Values are nested more than twenty deep.

    Bad:
        title: [[[[[[[[[[[[[[[[[[[[[[ Tides ]]]]]]]]]]]]]]]]]]]]]]

    Good:
        title: Tides
    """


@told_by_reader("error")
def header_too_large() -> None:
    """A header has more than 200 settings."""


@told_by_reader("error")
def header_closed_early() -> None:
    """The notes begin with a fence or a setting: the header was closed too early, or twice.

    Bad:
        ---
        title: Tides
        ---
        date: 2025-06-02 05:00:00 +0900

    Good:
        title: Tides
    """
