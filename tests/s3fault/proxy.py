"""A proxy before a real store that kills whoever publishes, in the middle of its work."""

from __future__ import annotations

import http.client
import os
import signal
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from serving import at_work


@dataclass(slots=True)
class Death:
    """A process is to die at its request that comes after *number* others, when that has been passed on or not."""

    process: int
    number: int
    is_after: bool


class Proxy(ThreadingHTTPServer):
    """Passes every request on to the server at *behind*, a host and a port."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        #: Who dies next, and how many requests there were since that was said.
        self.death: Death | None = None
        self.count = 0
        self.counting = threading.Lock()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def expect(self, death: Death | None) -> None:
        """Count from here on, until *death* comes."""
        self.death, self.count = death, 0

    def is_fatal(self) -> bool:
        """Whether the request that came in just now is the last of its process."""
        with self.counting:
            self.count += 1
            return self.death is not None and self.count == self.death.number + 1

    def kill(self) -> None:
        """Kill who has to die, as no handler can notice."""
        assert self.death
        os.kill(self.death.process, signal.SIGKILL)


def before(behind: str) -> AbstractContextManager[Proxy]:
    """A proxy before the server at *behind*."""
    return at_work(Proxy(behind))


class _Handler(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        is_fatal = self.server.is_fatal()
        if is_fatal and self.server.death and not self.server.death.is_after:
            self.server.kill()
            self.close_connection = True
            return
        status, headers, answer = self._passed_on(body)
        if is_fatal:
            self.server.kill()
            self.close_connection = True
            return
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer)

    do_HEAD = do_PUT = do_POST = do_GET

    def _passed_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """What the server behind says. The headers stay as they are: they are signed."""
        connection = http.client.HTTPConnection(self.server.behind, timeout=30)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("expect", "connection"):
                connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        answer = response.read()
        headers = [(name, value) for name, value in response.getheaders() if name.lower() not in _OF_THE_HOP]
        connection.close()
        if self.command != "HEAD" and response.status != 204:
            headers = [pair for pair in headers if pair[0].lower() != "content-length"]
            headers.append(("Content-Length", str(len(answer))))
        return response.status, headers, answer

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: only the count matters."""


_OF_THE_HOP = ("connection", "transfer-encoding", "keep-alive")
