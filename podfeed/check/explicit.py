"""Rules about the mark for explicit language."""

from podfeed.check.registry import told_by_reader


@told_by_reader("error", source="help.apple.com/itc/podcasts_connect: itunes:explicit", codes="EP080 SH011")
def explicit_invalid() -> None:
    """``explicit`` is neither true nor false.

    Bad:
        explicit: a little

    Good:
        explicit: false
    """


@told_by_reader("warning", source="help.apple.com/itc/podcasts_connect: itunes:explicit", codes="EP080")
def explicit_spelled_oddly() -> None:
    """``explicit`` uses a word Apple gave up: “clean” is read as false, “explicit” as true.

    Bad:
        explicit: clean

    Good:
        explicit: false
    """
