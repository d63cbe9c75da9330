"""Folders behind a web server: what is known of a file beside its bytes, and what a kill leaves."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import environment
from stores import blob, folder_store, opened

from podfeed.errors import AccessError, TargetError
from podfeed.model import Target
from podfeed.publish.store import ABSENT, Store

ADDRESS = "http://127.0.0.1:1"


def _store(folder: Path) -> Store:
    return folder_store(folder, ADDRESS)


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """It is not made: a disk that is not mounted looks like an empty one."""
    with pytest.raises(AccessError, match="web” is not there: make it"):
        opened(Target(name="live", folder=str(tmp_path / "web")))
    assert not (tmp_path / "web").exists()


def test_nothing_stands_beside_the_files(tmp_path: Path) -> None:
    """What podfeed notes lies below its own folder, under names with a dot in front, and is in no list."""
    store = _store(tmp_path)
    store.put(blob("audio/a.mp3", b"1"), only_if=ABSENT)
    store.put(blob("feed.xml", b"1"), only_if=ABSENT)

    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}

    assert {path for path in files if not path.startswith("_podfeed/.")} == {"audio/a.mp3", "feed.xml"}
    assert sorted(store.list("")) == ["audio/a.mp3", "feed.xml"]
    assert list(store.list("_podfeed/")) == []


def test_what_nobody_touched_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hash is known: a look at hours of sound costs nothing."""
    store = _store(tmp_path)
    piece = blob("a.mp3", b"sound")
    store.put(piece, only_if=ABSENT)
    monkeypatch.setattr(type(store), "hashed", lambda *_: pytest.fail("it was read"))

    there = _store(tmp_path).head("a.mp3")

    assert there is not None
    assert (there.sha256, there.version, there.owner) == (piece.sha256, piece.sha256, "a-guid")


def test_copy_of_the_folder_is_known(tmp_path: Path) -> None:
    """What was put back from elsewhere has other times and inodes, and is podfeed's all the same."""
    store = _store(tmp_path)
    piece = blob("a.mp3", b"sound")
    store.put(piece, only_if=ABSENT)
    os.utime(tmp_path / "a.mp3", (1, 1))

    there = store.head("a.mp3")

    assert there is not None
    assert (there.sha256, there.owner) == (piece.sha256, "a-guid")


@pytest.mark.failure("OS-20")
def test_file_that_somebody_changed(tmp_path: Path) -> None:
    """It is nobody's, and its version another, even where size and time were made to look the same."""
    store = _store(tmp_path)
    store.put(blob("feed.xml", b"ours"), only_if=ABSENT)
    before, status = store.get("feed.xml"), (tmp_path / "feed.xml").stat()
    assert before is not None
    with (tmp_path / "feed.xml").open("r+b") as file:
        file.write(b"THEY")
    os.utime(tmp_path / "feed.xml", ns=(status.st_atime_ns, status.st_mtime_ns))

    found = store.get("feed.xml")

    assert found is not None
    assert (found.data, found.owner, found.sha256) == (b"THEY", "", "")
    assert store.put(blob("feed.xml", b"two"), only_if=before.version).outcome == "refused"
    assert (tmp_path / "feed.xml").read_bytes() == b"THEY"


_KILLED = """
import os, signal, sys
from pathlib import Path
from stores import blob, folder_store
store = folder_store(Path(sys.argv[1]), "http://127.0.0.1:1")
def kill(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith("index.html"):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(kill)
store.put(blob("index.html", sys.argv[2].encode()), only_if=None)
"""


@pytest.mark.failure("EN-3")
def test_killed_before_a_file_takes_its_place(tmp_path: Path) -> None:
    """What was there stays, and stays podfeed's, however often that happens; nothing half written is left for long."""
    root = tmp_path / "root"
    store = _store(root)
    store.put(blob("index.html", b"one"), only_if=ABSENT)
    for text in ("two", "two"):
        command = [sys.executable, "-c", _KILLED, str(root), text]
        env = environment(PYTHONPATH=os.pathsep.join(sys.path))
        assert subprocess.run(command, env=env).returncode == -9

        there = store.get("index.html")
        assert there is not None
        assert (there.data, there.owner) == (b"one", "a-guid")

    assert list(root.glob(".*.podfeed-*"))
    assert list(store.list("")) == ["index.html"]
    assert _store(root).put(blob("index.html", b"three"), only_if=None).outcome == "done"
    assert not list(root.glob(".*.podfeed-*"))


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """It is told with the place and the reason."""
    store = _store(tmp_path)
    (tmp_path / "audio").write_text("a file where a folder is needed")

    with pytest.raises(TargetError, match=r"audio/a\.mp3” cannot be written"):
        store.put(blob("audio/a.mp3", b"1"), only_if=ABSENT)


def test_without_locks_there_are_no_conditions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system cannot lock files, that is said at once, and not found out by trying."""
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "fcntl" else find(name))

    assert _store(tmp_path).conditions == "none"
