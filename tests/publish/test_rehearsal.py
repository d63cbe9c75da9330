"""A rehearsal answers as the store behind it would, and never changes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from commands import NOW
from stores import blob

from podfeed.errors import TargetError
from podfeed.publish.memory import MemoryStore
from podfeed.publish.rehearsal import Rehearsal
from podfeed.publish.store import ABSENT, Object


class Watched(MemoryStore):
    """A store that knows how often it was asked for an object."""

    def __init__(self) -> None:
        super().__init__(lambda: NOW)
        self.asked = 0

    def get(self, key: str) -> Object | None:
        self.asked += 1
        return super().get(key)


@pytest.fixture
def behind() -> Watched:
    """A store with one object."""
    store = Watched()
    store.put(blob("old.txt", b"old"), only_if=ABSENT)
    return store


def test_what_is_put_is_seen_here_and_nowhere_else(behind: Watched) -> None:
    """By its key, in lists, in parts and as the public sees it."""
    rehearsal = Rehearsal(behind)
    new = blob("new.txt", b"brand new")

    assert rehearsal.put(new, only_if=ABSENT).outcome == "done"

    there = rehearsal.get("new.txt")
    assert there is not None and (there.data, there.sha256, there.owner) == (b"brand new", new.sha256, new.owner)
    assert rehearsal.hashed("new.txt") == new.sha256
    assert set(rehearsal.list("")) == {"old.txt", "new.txt"}
    assert rehearsal.public_get("new.txt").body == b"brand new"
    part = rehearsal.public_get("new.txt", 6, 8)
    assert (part.status, part.body, part.headers["content-range"]) == (206, b"new", "bytes 6-8/9")
    assert set(behind.objects) == {"old.txt"}


def test_conditions_hold_over_what_is_there_and_over_what_was_put(behind: Watched) -> None:
    """A version of the store, of the rehearsal, and of nothing."""
    rehearsal = Rehearsal(behind)
    old = rehearsal.head("old.txt")
    assert old is not None

    assert rehearsal.put(blob("old.txt", b"1"), only_if=ABSENT).outcome == "refused"
    assert rehearsal.put(blob("old.txt", b"1"), only_if=old.version).outcome == "done"
    assert rehearsal.put(blob("old.txt", b"2"), only_if=old.version).outcome == "refused"
    newer = rehearsal.head("old.txt")
    assert newer is not None
    assert rehearsal.put(blob("old.txt", b"3"), only_if=newer.version).outcome == "done"
    assert [each.is_over for each in rehearsal.puts] == [True, True]
    assert behind.objects["old.txt"].data == b"old"


def test_nothing_is_asked_twice_and_everything_is_counted(behind: Watched) -> None:
    """A plan costs less than the publish whose requests it counts."""
    rehearsal = Rehearsal(behind)

    assert rehearsal.get("old.txt") == rehearsal.get("old.txt")
    assert rehearsal.head("old.txt") is not None

    assert (behind.asked, rehearsal.requests) == (1, 3)


def test_a_file_that_is_gone_is_told(behind: Watched, tmp_path: Path) -> None:
    """As a publish would."""
    rehearsal = Rehearsal(behind)
    rehearsal.put(replace(blob("a.mp3", b"sound"), content=tmp_path / "a.mp3"), only_if=ABSENT)

    with pytest.raises(TargetError, match="run again"):
        rehearsal.public_get("a.mp3", 0, 4)
