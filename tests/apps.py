"""Real podcast apps: gPodder and newsboat subscribe and download, each in a home of its own."""

from __future__ import annotations

import hashlib
import subprocess
import threading
from collections.abc import Callable, Collection
from pathlib import Path

from commands import environment
from serving import needed


def gpodder(home: Path) -> Callable[..., str]:
    """`gpo WORDS` for somebody who lives in *home*, and what it says; downloads go to ``dl``."""
    needed("gpo")
    env = environment(GPODDER_HOME=str(home), GPODDER_DOWNLOAD_DIR=str(home / "dl"), HOME=str(home), LC_ALL="C.UTF-8")

    def gpo(*words: str) -> str:
        made = subprocess.run(
            ["gpo", *words], env=env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )
        assert made.returncode == 0, made.stderr
        return made.stdout

    return gpo


def newsboat(home: Path, feeds: list[str]) -> None:
    """Let newsboat read *feeds* into ``cache.db`` in *home*, and put every enclosure into podboat's queue."""
    needed("newsboat")
    (home / ".newsboat").mkdir()
    (home / "urls").write_text("".join(f"{feed}\n" for feed in feeds))
    (home / "config").write_text(f'download-path "{home}/dl/"\npodcast-auto-enqueue yes\n')
    command = ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-q", "-x", "reload"]
    env = environment(HOME=str(home), LC_ALL="C.UTF-8")
    made = subprocess.run(
        command, cwd=home, env=env, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert made.returncode == 0, made.stderr


def podboat(home: Path, wanted: Collection[bytes]) -> set[bytes]:
    """The sha256 of everything in podboat's queue, downloaded; it waits until that is all that is *wanted*."""
    needed("podboat"), needed("script")
    # podboat wants a terminal, and never ends by itself.
    script = ["script", "-qec", "podboat -C config -q .newsboat/queue -a", "/dev/null"]
    env = environment(HOME=str(home), TERM="xterm", LC_ALL="C.UTF-8")
    found: set[bytes] = set()
    with subprocess.Popen(
        script, cwd=home, env=env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        for _ in range(200):
            files = [path for path in home.glob("dl/**/*") if path.is_file() and path.suffix != ".part"]
            found = {hashlib.sha256(path.read_bytes()).digest() for path in files}
            if found == set(wanted):
                break
            threading.Event().wait(0.1)
        running.kill()
    return found
