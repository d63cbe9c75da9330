"""Builds that are killed or interrupted wherever they touch the disk, for the tests of what is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from commands import environment

#: Runs `podfeed build` in a child once per point at which it, or a process it forked, touches the disk, and ends or
#: interrupts all of them there. The points are counted in memory they share.
_STOPPED = """
import mmap, os, shutil, signal, sys, once
once.learn_all()
from commands import build
from pathlib import Path
from podfeed import cli
template, work, how = sys.argv[1:]
build(Path(shutil.copytree(template, os.path.join(work, "whole"))))  # and learn what pictures come out of it
seen = mmap.mmap(-1, 2)
signals = {"kill": signal.SIGKILL, "interrupt": signal.SIGINT}
def hook(event, arguments):
    if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir") or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        if isinstance(arguments[0], int) or str(arguments[0]).startswith("/dev/"):
            return
        count = int.from_bytes(seen[:]) + 1
        seen[:] = count.to_bytes(2)
        if count == stop:
            os.killpg(0, signals[how])
for stop in range(1, 1000):
    project = os.path.join(work, str(stop))
    shutil.copytree(template, project, symlinks=True)
    seen[:] = bytes(2)
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.chdir(project)
        for number, name in ((1, "stdout.txt"), (2, "stderr.txt")):
            os.dup2(os.open(os.path.join(work, f"{stop}-{name}"), os.O_WRONLY | os.O_CREAT), number)
        sys.addaudithook(hook)
        sys.argv = ["podfeed", "build"]
        try:
            cli.main()
        except SystemExit as error:
            os._exit(error.code)
    code = abs(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    with open(os.path.join(work, f"{stop}-code.txt"), "w") as file:
        file.write(str(code))
    if code == 0:
        break
"""


def stopped_everywhere(folder: Path, work: Path, how: str) -> Iterator[tuple[Path, int, str]]:
    """The project after a build that was stopped at each point in turn, the exit code and what was said."""
    work.mkdir()
    command = [sys.executable, "-c", _STOPPED, str(folder), str(work), how]
    subprocess.run(command, env=environment(PYTHONPATH=os.pathsep.join(sys.path)), check=True)
    count = len(list(work.glob("*-code.txt")))
    for stop in range(1, count + 1):
        yield work / str(stop), int((work / f"{stop}-code.txt").read_text()), (work / f"{stop}-stderr.txt").read_text()


def without_leftovers(found: dict[str, bytes]) -> dict[str, bytes]:
    """*found* without what a killed build may leave behind under names nobody asks for."""
    return {path: data for path, data in found.items() if ".podfeed-" not in Path(path).name or path.endswith(".json")}
