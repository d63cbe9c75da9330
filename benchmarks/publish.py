"""`python -m benchmarks.publish`: podcasts in ten shows, published to a SeaweedFS on this machine.

Printed are, for each run, its time, the most memory it holds, and what it asks the store for.
"""

import argparse
import json
import re
import socket
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import corpus, measure
from benchmarks.measure import Command, CommandFailed
from benchmarks.rounds import ROOT

sys.path.insert(0, str(ROOT / "tests"))  # it knows how to start SeaweedFS
from weed import Weed, seaweedfs

FIRST, EPISODES = 1_000, 10_000
ROUNDS = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publish", description=__doc__)
    parser.add_argument("--first", type=int, default=FIRST, help=f"episodes of the first publish; default: {FIRST}")
    parser.add_argument("--episodes", type=int, default=EPISODES, help=f"of the later ones; default: {EPISODES}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podfeed-benchmarks-") as name:
        work = Path(name)
        (work / "weed").mkdir()
        try:
            with seaweedfs(work / "weed") as weed:
                for words, figures in run(work, weed, arguments.first, arguments.episodes):
                    print(f"{words:<44}{figures}", flush=True)
        except CommandFailed as failed:
            print(f"\nStopped: {failed}", file=sys.stderr)
            return 1
    return 0


def run(work: Path, weed: Weed, first: int, size: int) -> Iterator[tuple[str, str]]:
    """Every figure with its name. Raises CommandFailed."""
    with counting(weed.endpoint) as counter:
        small = Publisher(work / "small", weed, counter, list(corpus.episodes(first)))
        yield f"first publish of {first} episodes", small.timed("--first")
        *earlier, last = corpus.episodes(size + 1)
        large = Publisher(work / "large", weed, counter, earlier)
        yield f"first publish of {size} episodes", large.timed("--first")
        for _ in range(ROUNDS):
            yield f"{size} episodes, nothing changed", large.timed()
        yield f"{size} episodes, nothing changed", large.memory()
        large.add(last)
        yield f"one new episode beside {size}", large.timed()
        large.forget()
        yield f"{size} episodes, nothing changed or remembered", large.timed()


class Requests(Counter[str]):
    """How often each method was asked for, and where a store can be asked so that it counts."""

    endpoint: str = ""

    def taken(self) -> str:
        """What was counted since the last time."""
        told = ", ".join(f"{count} {method}" for method, count in sorted(self.items()))
        self.clear()
        return told


class Publisher:
    """A project, and the bucket it is published to."""

    def __init__(self, folder: Path, weed: Weed, counter: Requests, episodes: list[corpus.Episode]) -> None:
        self.folder, self.counter, bucket = folder, counter, weed.bucket()
        corpus.write(folder, episodes)
        target = {**bucket.target, "endpoint": counter.endpoint}
        config = (folder / "config.yaml").read_text("utf-8")
        corpus.write_aged(folder / "config.yaml", f"{config}targets:\n  live: {json.dumps(target)}\n".encode())
        for each in [folder, *(path for path in folder.iterdir() if path.is_dir())]:
            corpus.age(each)
        self.words = (sys.executable, "-m", "podfeed", "publish", "--trust-server", bucket.server)
        self.environment = {"PYTHONPATH": str(ROOT), **bucket.environment}

    def timed(self, *words: str) -> str:
        return f"{measure.seconds(self.command(*words)):8.2f} s    {self.counter.taken()}"

    def memory(self) -> str:
        return f"{(measure.peak_bytes(self.command()) or 0) / 1e6:8.0f} MB   {self.counter.taken()}"

    def command(self, *words: str) -> Command:
        return Command(words=(*self.words, *words), folder=self.folder, environment=self.environment)

    def add(self, episode: corpus.Episode) -> None:
        """One more episode."""
        text = corpus.front_matter(episode) + episode.notes
        corpus.write_aged(self.folder / "episodes" / episode.file_name, text.encode())
        corpus.write_aged(self.folder / "audio" / episode.audio_name, episode.audio)

    def forget(self) -> None:
        """As a machine that has never published: what was measured is in podfeed.lock, the rest is gone."""
        for path in (self.folder / ".podfeed").iterdir():
            path.unlink()


# ------------------------------------------------------------------------------------------- counting

_REQUEST = re.compile(rb"(GET|HEAD|PUT|POST|DELETE) /[^ ]* HTTP/1\.1\r\n")


@contextmanager
def counting(endpoint: str) -> Iterator[Requests]:
    """Counts the requests that are passed on to *endpoint*."""
    counter, there = Requests(), urlsplit(endpoint)
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    counter.endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def accept() -> None:
        with suppress(OSError):
            while True:
                client = listening.accept()[0]
                store = socket.create_connection((there.hostname or "", there.port or 80))
                threading.Thread(target=passed_on, args=(client, store, counter), daemon=True).start()
                threading.Thread(target=passed_on, args=(store, client, None), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield counter
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def passed_on(source: socket.socket, sink: socket.socket, counter: Requests | None) -> None:
    """Everything that *source* sends, to *sink*."""
    with suppress(OSError):
        while piece := source.recv(1 << 16):
            if counter is not None:
                counter.update(found.decode() for found in _REQUEST.findall(piece))
            sink.sendall(piece)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    sys.exit(main())
