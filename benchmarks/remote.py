"""`python -m benchmarks.remote`: episodes whose audio lies on a server of this machine, checked and built.

Printed are the times, and what each kind of file costs its server: requests, and bytes of their answers.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Command, CommandFailed
from benchmarks.rounds import ROOT
from podfeed.testing import example_project, tiny_mp3

EPISODES = 500
SOUND_SECONDS = 3600
COVER_BYTES = 300_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.remote", description=__doc__)
    parser.add_argument("--episodes", type=int, default=EPISODES, help=f"default: {EPISODES}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podfeed-benchmarks-") as work:
        try:
            for name, figure in run(Path(work), arguments.episodes):
                print(f"{name:<56}{figure}")
        except CommandFailed as failed:
            print(f"\nStopped: {failed}", file=sys.stderr)
            return 1
    return 0


def run(work: Path, episodes: int) -> Iterator[tuple[str, str]]:
    """Every figure with its name. Raises CommandFailed."""
    sounds = {path.suffix[1:]: path.read_bytes() for path in make_sounds(work)}
    with serving(sounds) as server:
        for kind in sounds:
            folder = make_project(work / kind, server, [f"{number}.{kind}" for number in range(episodes)])
            trust = ("--trust-server", server.name)
            yield f"{kind}: podfeed check, {episodes} episodes, nothing known", seconds(folder, "check", *trust)
            yield f"{kind}: requests a file", f"{server.requests[kind] / episodes:.2f}"
            yield f"{kind}: bytes a file, of {len(sounds[kind])}", f"{server.bytes[kind] / episodes:.0f}"
            yield f"{kind}: podfeed build, nothing known", seconds(folder, "build", *trust)
            before = server.requests.total()
            yield f"{kind}: podfeed check, all in podfeed.lock", seconds(folder, "check", *trust)
            yield f"{kind}: podfeed build --offline", seconds(folder, "build", "--offline", "--out", "again")
            yield f"{kind}: requests of these two", str(server.requests.total() - before)


def seconds(folder: Path, *words: str) -> str:
    command = Command(
        words=(sys.executable, "-m", "podfeed", *words), folder=folder, environment={"PYTHONPATH": str(ROOT)}
    )
    return f"{measure.seconds(command):.2f} s"


def make_sounds(work: Path) -> Iterator[Path]:
    """An hour of mp3 behind a cover, and an hour of m4a where ffmpeg can make it."""
    mp3 = tiny_mp3(work / "sound.mp3", seconds=SOUND_SECONDS)
    cover = b"\0image/jpeg\0\3\0\xff\xd8\xff".ljust(COVER_BYTES, b"\0")
    frame = b"APIC" + len(cover).to_bytes(4) + bytes(2) + cover
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    mp3.write_bytes(b"ID3\3\0\0" + size + frame + mp3.read_bytes() + b"TAG" + bytes(125))
    yield mp3
    if shutil.which("ffmpeg"):
        m4a = work / "sound.m4a"
        silence = ["-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono", "-t", str(SOUND_SECONDS)]
        subprocess.run(["ffmpeg", "-v", "error", *silence, "-c:a", "aac", "-b:a", "32k", str(m4a)], check=True)
        yield m4a


def make_project(folder: Path, server: "Server", names: list[str]) -> Path:
    files = {
        f"episodes/{at:03}.md": f"---\ntitle: Tides {at}\ndate: 2025-06-02 05:{at // 60 % 60:02}:{at % 60:02} +0900\n"
        f"audio_file_path: http://{server.name}/{name}\nepisode: {at + 1}\n---\nNotes.\n"
        for at, name in enumerate(names)
    }
    example_project(folder, files=files)
    (folder / "episodes/1.md").unlink()
    return folder


class Server(ThreadingHTTPServer):
    """A server that has a sound of each kind under any name, gives parts of it, and counts."""

    daemon_threads = True

    def __init__(self, sounds: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sounds = sounds
        #: By the kind of sound.
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        kind = self.path.rpartition(".")[2]
        sound, asked = self.server.sounds[kind], re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers["Range"])
        assert asked
        part = sound[int(asked[1]) : int(asked[2]) + 1]
        self.server.requests[kind] += 1
        self.server.bytes[kind] += len(part)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {asked[1]}-{int(asked[1]) + len(part) - 1}/{len(sound)}")
        self.send_header("Content-Length", str(len(part)))
        self.send_header("ETag", f'"{len(sound)}"')
        self.end_headers()
        self.wfile.write(part)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the counters tell."""


@contextmanager
def serving(sounds: dict[str, bytes]) -> Iterator[Server]:
    with Server(sounds) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
