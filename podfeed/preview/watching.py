"""Tells when anything in a project is written: at once by watchfiles, or else by looking twice a second."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from podfeed.standstill import MANIFEST

#: What other tools keep in folders that are not hidden.
_FOREIGN = frozenset(("node_modules", "__pycache__"))
#: How often to look, in seconds: where nobody tells, and for what watchfiles may have missed.
_ALONE, _BESIDE = 0.5, 2.0

#: Size and time of every file, by path; a folder has none.
_State = dict[str, tuple[int, int] | None]


def is_told_at_once() -> bool:
    """Whether watchfiles is installed."""
    return find_spec("watchfiles") is not None


def changes(root: Path, stop: Event) -> Iterator[None]:
    """Once at the beginning, and then whenever a file of the project in *root* was written, until *stop*.

    What is hidden is not watched, and no folder that podfeed builds into.
    """
    wait = _told if is_told_at_once() else _slept
    state = _state(root)
    yield
    while not stop.is_set():
        folders = _folders(state)
        for _ in wait([root, *folders], stop):
            before, state = state, _state(root)
            if state != before:
                yield
            if _folders(state) != folders:
                break


def _told(folders: Sequence[Path], stop: Event) -> Iterator[object]:
    """Whenever something in *folders* may have changed, and now and then."""
    from watchfiles import watch

    try:
        yield from watch(
            *folders,
            recursive=False,
            watch_filter=None,
            debounce=200,
            step=20,
            stop_event=stop,
            rust_timeout=round(_BESIDE * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
        )
    except OSError:
        # A folder went away before it was watched, or the system watches no more of them.
        yield from _slept(folders, stop)


def _slept(folders: Sequence[Path], stop: Event) -> Iterator[object]:
    while not stop.wait(_ALONE):
        yield None


def _folders(state: _State) -> list[Path]:
    return [Path(path) for path, stamp in state.items() if stamp is None]


def _state(folder: str | Path) -> _State:
    """All that lies below *folder*; what goes away meanwhile is not there."""
    state: _State = {}
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.startswith("."):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    status = entry.stat()
                    state[entry.path] = status.st_size, status.st_mtime_ns
                elif entry.name not in _FOREIGN and not Path(entry, MANIFEST).exists():
                    state[entry.path] = None
                    state.update(_state(entry.path))
    except OSError:
        pass
    return state
