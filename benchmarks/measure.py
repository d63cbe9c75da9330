"""One command: how long it takes, and how much memory it and its children hold at most."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer

GIVE_UP_AFTER_SECONDS = 900
SAMPLE_EVERY_SECONDS = 0.05


class CommandFailed(Exception):
    """A command did not do what was to be measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, where, and with which additions to the environment."""

    words: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def seconds(command: Command) -> float:
    """The time from start to end by the wall clock. Raises CommandFailed on any exit code but 0."""
    start = time.perf_counter()
    with running(command) as process:
        process.wait()  # without a time-out, which would make Python poll instead of wait
        return time.perf_counter() - start


def figures(command: Command) -> list[float]:
    """What the command measured itself and printed, one figure a line."""
    environment = {**os.environ, **command.environment}
    done = subprocess.run(command.words, cwd=command.folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CommandFailed(f"exit code {done.returncode}: {' '.join(command.words)}\n{done.stderr[-4000:]}")
    return [float(line) for line in done.stdout.splitlines()]


def peak_bytes(command: Command) -> int | None:
    """The most memory the command and its children hold together, pages they share counted once; None if unknown.

    The sum of the proportional set sizes, sampled; sampling costs time, so such a run is not timed.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    peak = 0
    with running(command) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(held_bytes, members(process.pid))))
            time.sleep(SAMPLE_EVERY_SECONDS)
    return peak


@contextmanager
def running(command: Command) -> Iterator[subprocess.Popen[bytes]]:
    """The started command, in a session of its own; it has ended when the block has."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            env={**os.environ, **command.environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        patience = Timer(GIVE_UP_AFTER_SECONDS, end, [process])
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            end(process)
        if process.returncode:
            output.seek(0)
            said = output.read().decode(errors="replace")[-4000:]
            raise CommandFailed(f"exit code {process.returncode}: {' '.join(command.words)}\n{said}")


def end(process: subprocess.Popen[bytes]) -> None:
    """See that the command, and what it started, is over."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def members(session: int) -> Iterator[int]:
    """The processes of a session: also those whose parent has gone."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # Behind the name, which may hold blanks and brackets: state, parent, group, session.
            after_name = stat.read_text().rpartition(")")[2].split()
            if int(after_name[3]) == session:
                yield int(stat.parent.name)


def held_bytes(process: int) -> int:
    """Its proportional set size: own pages, and its share of the shared ones. 0 for one that has just ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
