"""Processes take turns, and what they write is there whole or not at all."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from podfeed.read.disk import alone, whole, write_whole


@pytest.mark.failure("EN-12")
def test_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    """And knows that it had to, so that it looks again at what there is to do."""
    path, order = tmp_path / ".podfeed" / "build.lock", []

    def second() -> None:
        with alone(path) as had_to_wait:
            order.append(("second", had_to_wait))

    with alone(path) as had_to_wait:
        order.append(("first", had_to_wait))
        other = threading.Thread(target=second)
        other.start()
        other.join(timeout=0.3)
        order.append(("first is done", other.is_alive()))
    other.join(timeout=10)

    assert order == [("first", False), ("first is done", True), ("second", True)]


def test_nobody_waits_where_files_cannot_be_locked(tmp_path: Path) -> None:
    """A project that cannot be written to is built all the same."""
    (tmp_path / "file").write_text("", "utf-8")

    with alone(tmp_path / "file" / "build.lock") as had_to_wait:
        assert not had_to_wait


@pytest.mark.failure("EN-1")
def test_interrupted_writer_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever ends it, the old bytes are there and nothing beside them."""
    path = tmp_path / "feed.xml"
    path.write_text("old", "utf-8")

    with pytest.raises(KeyboardInterrupt), whole(path) as file:
        file.write(b"half of the ne")
        raise KeyboardInterrupt

    assert [(each.name, each.read_text("utf-8")) for each in tmp_path.iterdir()] == [("feed.xml", "old")]


def test_bytes_are_written_to_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system may take only some of them at a time; and one that was killed, under the same number, is in nobody's way."""
    path, write = tmp_path / "radio" / "feed.xml", os.write
    path.parent.mkdir()
    (path.parent / f".feed.xml.podfeed-{os.getpid()}").write_text("half of an ol", "utf-8")
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))

    status = write_whole(path, b"all of the new")

    assert [(each.name, each.read_text("utf-8")) for each in path.parent.iterdir()] == [("feed.xml", "all of the new")]
    assert (status.st_size, status.st_mtime_ns) == (14, path.stat().st_mtime_ns)
