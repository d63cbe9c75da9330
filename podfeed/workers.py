"""Both cores work on long lists: a map over forked processes, or a plain one where that is faster."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from podfeed.errors import TargetError
from podfeed.words import say

if TYPE_CHECKING:
    from multiprocessing.pool import IMapIterator

T = TypeVar("T")
R = TypeVar("R")

#: Below this many pieces a second process costs more than it brings.
WORTH_FORKING = 200
#: How long to wait for a part before looking whether its worker is still there.
_LOOK_SECONDS = 1.0


def spread(
    function: Callable[[T], R],
    pieces: Sequence[T],
    *,
    worth: int = WORTH_FORKING,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[R]:
    """``map(function, pieces)``, on all cores from *worth* pieces on. *function* may be a closure.

    The workers begin when the first is asked for, and go on while it is used; *meanwhile* is called as soon as they
    work. What a worker raises is raised here; TargetError when one was killed. Forked workers see the memory as it was,
    so nothing is copied to them.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if cores < 2 or len(pieces) < worth or not hasattr(os, "fork"):
        meanwhile()
        yield from map(function, pieces)
        return
    chunk = max(len(pieces) // (cores * 32), 1)  # small, so that no core waits long for the last of another
    bounds = [(start, min(start + chunk, len(pieces))) for start in range(0, len(pieces), chunk)]

    def run_chunk(bound: tuple[int, int]) -> list[R]:
        return [function(piece) for piece in pieces[bound[0] : bound[1]]]

    import multiprocessing  # a check of one file starts faster without it

    global _work
    _work = run_chunk
    try:
        with multiprocessing.get_context("fork").Pool(min(cores, len(bounds)), _begin) as pool:
            parts = _parts(pool.imap(_run, bounds))
            meanwhile()
            yield from chain.from_iterable(parts)
    finally:
        _work = None


def _parts(found: IMapIterator[list[R]]) -> Iterator[list[R]]:
    """What the workers give, in order. The pool would wait for ever for what a killed one has taken along."""
    import multiprocessing

    workers = set(multiprocessing.active_children())
    while True:
        try:
            yield found.next(timeout=_LOOK_SECONDS)
        except StopIteration:
            return
        except multiprocessing.TimeoutError as error:
            if set(multiprocessing.active_children()) != workers:
                raise TargetError(
                    say("a process that helped was killed, perhaps for want of memory; run again")
                ) from error


def _begin() -> None:
    """An interruption is the parent's to tell: it ends the workers. Thousands of pages leave garbage that matters."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what was there before the fork is not looked at
    gc.set_threshold(10_000)  # a page leaves little behind: to look after each costs more than to wait
    gc.enable()


#: What forked workers run: set before they are forked, so that nothing has to be sent to them.
_work: Callable[[tuple[int, int]], list[Any]] | None = None


def _run(bound: tuple[int, int]) -> list[Any]:
    assert _work is not None
    return _work(bound)
