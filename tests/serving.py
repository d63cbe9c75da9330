"""What the tests with real clients share: a folder on a web server of its own, and the tools it takes."""

from __future__ import annotations

import re
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

S = TypeVar("S", bound=ThreadingHTTPServer)

_TYPES = {
    ".xml": "application/rss+xml",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/x-m4a",
    ".opus": "audio/ogg",
    ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8",
}


class _Handler(SimpleHTTPRequestHandler):
    """A small web server that answers Range requests, as podcast hosts must."""

    protocol_version = "HTTP/1.1"
    extensions_map: ClassVar[dict[str, str]] = {**SimpleHTTPRequestHandler.extensions_map, **_TYPES}
    #: What every answer says beside the usual.
    headers_of_all: ClassVar[Mapping[str, str]] = {}

    def end_headers(self) -> None:
        for name, value in self.headers_of_all.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""

    def send_head(self) -> Any:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        file = Path(self.translate_path(self.path))
        if not wanted or not file.is_file():
            return super().send_head()
        size = file.stat().st_size
        first, last = int(wanted[1]), min(int(wanted[2] or size - 1), size - 1)
        if first > last:
            self.send_error(416)
            return None
        self.send_response(206)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(file.read_bytes()[first : last + 1])
        return None


class _Server(ThreadingHTTPServer):
    """Says nothing of browsers that hang up."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def served(folder: Path, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a web server of *folder*, which need not be there yet; every answer has these *headers* too."""
    handler = type("Handler", (_Handler,), {"headers_of_all": {} if headers is None else headers})
    server = _Server(("127.0.0.1", 0), lambda *given: handler(*given, directory=str(folder)))
    with at_work(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def at_work(server: S) -> Iterator[S]:
    """*server*, while it answers."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def needed(tool: str) -> str:
    """Where *tool* is; a test without it is skipped."""
    found = shutil.which(tool)
    if not found:
        pytest.skip(f"{tool} is not installed: make test-tools installs it")
    return found
