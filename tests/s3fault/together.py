"""Publishers at the same time: they meet before they commit, take turns as chance has it, or sleep meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from s3fault.bucket import Request

#: Seconds until whoever waits for others gives up.
_PATIENCE = 20.0


class Meeting:
    """Every publisher has read before any commits: each waits for all at its first put to the feed."""

    def __init__(self, names: Iterable[str], feed: str) -> None:
        self._feed, self._awaited = feed, set(names)
        self._lock, self._open = threading.Lock(), threading.Event()

    def __call__(self, request: Request) -> None:
        if request.method == "PUT" and request.key == self._feed:
            self.leave(request.client)
            self._open.wait(_PATIENCE)

    def leave(self, name: str) -> None:
        """Nobody has to wait for *name* any more: it is at its commit, or at its end."""
        with self._lock:
            self._awaited.discard(name)
            if not self._awaited:
                self._open.set()


class Turns:
    """One request at a time, of whom *chance* (from 0 to 1) chooses: the same chance gives the same order."""

    def __init__(self, names: Iterable[str], chance: Callable[[], float]) -> None:
        self._active, self._waiting = set(names), set[str]()
        self._turn, self._chance = "", chance
        self._change = threading.Condition()

    def __call__(self, request: Request) -> None:
        with self._change:
            self._waiting.add(request.client)
            self._choose()
            self._change.wait_for(lambda: self._turn == request.client, _PATIENCE)
            self._waiting.discard(request.client)
            self._turn = ""

    def leave(self, name: str) -> None:
        """*name* is at its end."""
        with self._change:
            self._active.discard(name)
            self._choose()

    def _choose(self) -> None:
        if not self._turn and self._waiting and self._waiting >= self._active:
            names = sorted(self._waiting)
            self._turn = names[int(self._chance() * len(names))]
            self._change.notify_all()


class Nap:
    """*name* falls asleep before one of its requests, and *meanwhile* something happens.

    *at* is how many of its requests come before, or the key it is about to put.
    """

    def __init__(self, name: str, at: int | str, meanwhile: Callable[[], object]) -> None:
        self._name, self._at, self._meanwhile = name, at, meanwhile
        self._count, self.is_over = 0, False

    def __call__(self, request: Request) -> None:
        if request.client != self._name or self.is_over:
            return
        self.is_over = self._at in (self._count, request.key if request.method == "PUT" else None)
        self._count += 1
        if self.is_over:
            self._meanwhile()


def side_by_side(runs: Mapping[str, Callable[[], int]], leave: Callable[[str], None]) -> dict[str, int]:
    """How each of *runs* ends, all begun at once; *leave* hears of each that is at its end."""

    def run(name: str) -> int:
        try:
            return runs[name]()
        finally:
            leave(name)

    with ThreadPoolExecutor(len(runs)) as pool:
        return dict(zip(runs, pool.map(run, runs), strict=True))
