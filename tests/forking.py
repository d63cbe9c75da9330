"""podfeed in a process of its own, which another one forks that has everything loaded: a new one takes longer to begin."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

#: Forks a process for each message, gives it the streams that came with it, tells its number and then how it ended.
_PARENT = """
import gc, json, os, runpy, socket, sys, once
once.learn_all()
gc.freeze()
wire = socket.socket(fileno=int(sys.argv[1]))
while True:
    message, streams, *_ = socket.recv_fds(wire, 1 << 20, 3)
    if not message:
        sys.exit()
    child = os.fork()
    if child == 0:
        break
    for stream in streams:
        os.close(stream)
    wire.send(str(child).encode())
    wire.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
wire.close()
for number, stream in enumerate(streams):
    os.dup2(stream, number)
    os.close(stream)
run = json.loads(message)
os.environ.clear()
os.environ.update(run["environment"])
os.chdir(run["folder"])
sys.argv = ["podfeed", *run["words"]]
runpy.run_module("podfeed", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A run that has begun."""

    pid: int
    words: Sequence[str]
    out: IO[str]
    err: IO[str]

    def ended(self) -> subprocess.CompletedProcess[str]:
        """What it said, once it is over."""
        code = int(_wire().recv(16))
        with self.out, self.err:
            self.out.seek(0)
            self.err.seek(0)
            return subprocess.CompletedProcess(["podfeed", *self.words], code, self.out.read(), self.err.read())


def begun(folder: Path, words: Sequence[str], environment: Mapping[str, str], stdin: str = "") -> Running:
    """`podfeed WORDS` in *folder*: one run at a time. What Python reads when it begins it has from the tests."""
    out, err = _stream(), _stream()
    with _stream() as into:
        into.write(stdin)
        into.seek(0)
        message = json.dumps({"folder": str(folder), "words": words, "environment": dict(environment)})
        socket.send_fds(_wire(), [message.encode()], [each.fileno() for each in (into, out, err)])
    return Running(pid=int(_wire().recv(16)), words=words, out=out, err=err)


def _stream() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


@cache
def _wire() -> socket.socket:
    """What leads to the process that forks; it ends with this one."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(there.fileno())],
        pass_fds=[there.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    there.close()
    return here
