"""Rules about a file as a whole, told while it is read."""

from podfeed.check.registry import told_by_reader


@told_by_reader("error", source="help.apple.com/itc/podcasts_connect: UTF-8; PSP-1: encoding", codes="EP005 TR002")
def file_not_utf8() -> None:
    """A file is not saved as UTF-8.

    podfeed never guesses an encoding: a wrong guess would publish garbage. A byte order mark is fine.
    """


@told_by_reader("error")
def file_too_large() -> None:
    """A file, or its header, is larger than podfeed reads.

    An episode file may have 2 MiB, its header 64 KiB, config.yaml 1 MiB, a file of chapters 1 MiB, a
    transcript 10 MiB and 50,000 cues.
    """


@told_by_reader("error")
def lock_unreadable() -> None:
    """A line of podfeed.lock cannot be read, often because a merge was left unfinished.

    The lock says which guid each published episode has. Without it an episode could change its identity, so nothing is
    built until it is whole.

    Bad:
        # podfeed.lock
        <<<<<<< HEAD

    Good:
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "feed_url": "https://radio.podfeed.example/feed"}
    """
