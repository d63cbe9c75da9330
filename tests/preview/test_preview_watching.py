"""Every change of a project is heard of, soon, and nothing else is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from podfeed.preview.watching import changes, is_told_at_once
from podfeed.standstill import MANIFEST
from podfeed.testing import example_project


@contextmanager
def _heard(root: Path) -> Iterator[Queue[float]]:
    """The moments at which a change of *root* is heard of."""
    heard: Queue[float] = Queue()
    stop = Event()
    found = changes(root, stop)

    def listen() -> None:
        for _ in found:
            heard.put(time.monotonic())

    next(found)
    listener = Thread(target=listen)
    listener.start()
    yield heard
    stop.set()
    listener.join()


def _renamed(path: Path, text: str) -> None:
    """As many editors write: another file takes the place of the old one."""
    new = path.with_name(".new")
    new.write_text(text)
    new.replace(path)


CHANGES = [
    pytest.param(lambda root: (root / "episodes/1.md").write_text("x"), id="a file is written"),
    pytest.param(lambda root: _renamed(root / "episodes/1.md", "y"), id="a file is replaced"),
    pytest.param(lambda root: _renamed(root / "config.yaml", "site: x"), id="the settings are replaced"),
    pytest.param(lambda root: (root / "episodes/1.md").unlink(), id="a file is taken away"),
    pytest.param(lambda root: (root / "episodes/new").mkdir(), id="a folder is made"),
    pytest.param(lambda root: (root / "podfeed.lock").write_text("x"), id="the lock is written"),
]


@pytest.fixture(params=[True, False], ids=["with watchfiles", "without"])
def watchfiles(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test with the library and without it."""
    if not request.param:
        monkeypatch.setattr("podfeed.preview.watching.find_spec", lambda name: None)
        monkeypatch.setitem(sys.modules, "watchfiles", None)
    elif not is_told_at_once():
        pytest.skip("watchfiles is not installed: make setup installs it")


@pytest.mark.usefixtures("watchfiles")
@pytest.mark.parametrize("change", CHANGES)
def test_change_is_heard_of_soon(tmp_path: Path, change: Callable[[Path], object]) -> None:
    """Whichever way a tool writes."""
    root = example_project(tmp_path)
    with _heard(root) as heard:
        time.sleep(0.1)
        began = time.monotonic()
        change(root)

        assert heard.get(timeout=10) - began < 2


@pytest.mark.usefixtures("watchfiles")
def test_what_lies_in_a_new_folder_is_heard_of(tmp_path: Path) -> None:
    """A folder that came to be is watched from then on."""
    root = example_project(tmp_path)
    with _heard(root) as heard:
        (root / "new").mkdir()
        heard.get(timeout=5)
        time.sleep(0.3)
        (root / "new/sound.mp3").write_bytes(b"x")

        heard.get(timeout=5)


@pytest.mark.usefixtures("watchfiles")
def test_what_is_no_part_of_the_project_is_not_heard_of(tmp_path: Path) -> None:
    """Reading is no change; nor is what is hidden, or what a build writes."""
    root = example_project(tmp_path, files={".git/HEAD": "x", f"public/{MANIFEST}": "{}", "node_modules/x": "x"})
    with _heard(root) as heard:
        for path in (".git/HEAD", "public/index.html", "node_modules/x", ".hidden"):
            (root / path).write_text("changed")
        (root / "episodes/1.md").read_bytes()

        with pytest.raises(Empty):
            heard.get(timeout=0.8)
