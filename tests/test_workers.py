"""Long lists on all cores: the same answer as on one, and an end when a worker is killed."""

from __future__ import annotations

import os
import signal

import pytest

from podfeed.errors import TargetError
from podfeed.workers import WORTH_FORKING, spread

PIECES = range(2 * WORTH_FORKING)

needs_two_cores = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core works alone")


def test_order_stays() -> None:
    """Whoever does the work."""
    assert [*spread(lambda number: number * number, PIECES)] == [number * number for number in PIECES]


@pytest.mark.parametrize("pieces", [PIECES[:3], PIECES, PIECES[:0]])
def test_the_parent_works_meanwhile(pieces: range) -> None:
    """Once, whether there are workers or not; what it does is seen here, and not by them."""
    done: list[int] = []

    found = [*spread(lambda number: len(done) + number, pieces, meanwhile=lambda: done.append(os.getpid()))]

    assert done == [os.getpid()]
    alone = len(pieces) < WORTH_FORKING or len(os.sched_getaffinity(0)) < 2
    assert found == [number + alone for number in pieces]


def test_what_a_worker_raises_is_raised_here() -> None:
    """As it would be without workers."""

    def refuse(number: int) -> int:
        if number == 7:
            raise ValueError("seven")
        return number

    with pytest.raises(ValueError, match="seven"):
        list(spread(refuse, PIECES))


@needs_two_cores
def test_a_killed_worker_ends_the_run() -> None:
    """A machine without memory kills one process: the rest must not wait for it."""
    own = os.getpid()

    def die(number: int) -> int:
        if number == 7:
            assert os.getpid() != own
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(TargetError, match="was killed"):
        list(spread(die, PIECES))
