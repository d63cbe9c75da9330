"""HTTP for browsers on this computer alone: whole files and parts of them, and news of every change.

Source: RFC 9110; HTML Standard, server-sent events.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Condition
from typing import BinaryIO
from urllib.parse import quote, unquote

from podfeed.errors import PodfeedError
from podfeed.read import disk

#: The only address it is to be reached at: no other computer gets an answer.
HOST = "127.0.0.1"
#: Where browsers hear of changes.
LIVE = "/-/live"

#: After so many seconds without news a browser is written to: one that has gone away is forgotten then.
_HEARTBEAT = 10.0
_CHUNK = 1 << 16
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})|bytes=-(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is at an address."""

    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    #: The bytes, or the file that holds them.
    body: bytes | Path = b""
    #: The Content-Security-Policy of a page.
    policy: str = ""
    #: The path to go to instead; empty to stay.
    location: str = ""


class News:
    """Which state of the project is shown, and the browsers that wait for another."""

    def __init__(self) -> None:
        self.version = 1
        self._changed = Condition()

    def tell(self) -> None:
        """Another state is shown."""
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def after(self, version: int) -> int:
        """What comes after *version*; itself, when there was nothing new for a while."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, _HEARTBEAT)
            return self.version


class Server(ThreadingHTTPServer):
    """A web server for this computer."""

    daemon_threads = True

    def __init__(self, port: int, news: News) -> None:
        """Raises OSError when *port* is taken; 0 is any that is free."""
        super().__init__((HOST, port), _Handler)
        self.news = news
        self.url = f"http://{HOST}:{self.server_port}"
        #: What a browser says it asks that was really sent here: any other name was made to lead here by a trick.
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}
        #: What is at a path; set before anybody is served.
        self.answer: Callable[[str], Answer] = lambda path: Answer(status=404)

    def handle_error(self, request: object, client_address: object) -> None:
        """Browsers go away in the middle of an answer: that is no error."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    #: Seconds after which a connection is closed on which nothing is asked.
    timeout = 60

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def _refuse_method(self) -> None:
        self.close_connection = True  # what was sent along is not read
        self._send(Answer(status=405, body=b"GET, HEAD\n"), Allow="GET, HEAD")

    do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = do_CONNECT = _refuse_method

    def _respond(self) -> None:
        path = self.path.partition("?")[0]
        if {*self.headers.get_all("Host", [])} - self.server.names or "Host" not in self.headers:
            self._send(Answer(status=421, body=f"{self.server.url}/\n".encode()))
        elif path == LIVE and self.command == "GET":
            self._tell_news()
        else:
            self._send(self.server.answer(unquote(path, errors="replace")))

    def _tell_news(self) -> None:
        """Say which state is shown, now and after every change, for as long as somebody listens."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        version = self.server.news.version
        self.wfile.write(f"data: {version}\n\n".encode())
        while True:
            told, version = version, self.server.news.after(version)
            self.wfile.write(f"data: {version}\n\n".encode() if version != told else b":\n\n")

    def _send(self, answer: Answer, **headers: str) -> None:
        try:
            with _opened(answer.body) as (file, size, state):
                part = wanted_part(self.command, self.headers, size, state) if answer.status == 200 else None
                self._send_part(answer, file, part or Part(answer.status, 0, size), {**headers, **state}, size)
        except disk.Unreadable as error:
            self._send(Answer(status=404, body=f"{error}\n".encode()))
        except PodfeedError:
            self.close_connection = True  # the file changed meanwhile: its promised length would be a lie

    def _send_part(self, answer: Answer, file: BinaryIO, part: Part, headers: Mapping[str, str], size: int) -> None:
        self.send_response(part.status)
        for name, value in {**headers, **_headers_of(answer, part, size)}.items():
            self.send_header(name, value)
        self.end_headers()
        left = part.count if self.command != "HEAD" else 0
        file.seek(part.first)
        while left and (chunk := file.read(min(left, _CHUNK))):
            self.wfile.write(chunk)
            left -= len(chunk)

    def end_headers(self) -> None:
        """What every answer says."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def version_string(self) -> str:
        return "podfeed"

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""


def _headers_of(answer: Answer, part: Part, size: int) -> dict[str, str]:
    headers = {"Content-Type": answer.content_type, "Content-Length": str(part.count)}
    if part.status == 304:
        return {}
    if part.status == 206:
        headers["Content-Range"] = f"bytes {part.first}-{part.first + part.count - 1}/{size}"
    if part.status == 416:
        headers["Content-Range"] = f"bytes */{size}"
    if part.status in (200, 206):
        headers["Accept-Ranges"] = "bytes"
    if answer.policy:
        headers["Content-Security-Policy"] = answer.policy
    if answer.location:
        headers["Location"] = quote(answer.location)
    return headers


@contextmanager
def _opened(body: bytes | Path) -> Iterator[tuple[BinaryIO, int, dict[str, str]]]:
    """The *body*, its size, and what tells this state of it from others."""
    if isinstance(body, Path):
        with disk.steady(body) as (file, size):
            status = os.fstat(file.fileno())
            state = {
                "ETag": f'"{status.st_mtime_ns:x}-{size:x}"',
                "Last-Modified": formatdate(status.st_mtime, usegmt=True),
            }
            yield file, size, state
    else:
        yield BytesIO(body), len(body), {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"'}


# ----------------------------------------------------------------------------------- what of it is wanted


@dataclass(frozen=True, slots=True)
class Part:
    """So many bytes of a file, and the status they are sent with."""

    status: int
    first: int
    count: int


def wanted_part(method: str, asked: Message[str, str], size: int, state: Mapping[str, str]) -> Part:
    """What of a file of *size* in this *state* a request wants that has the headers *asked*."""
    if _is_known(asked, state):
        return Part(304, 0, 0)
    found = _RANGE.fullmatch(asked.get("Range", "").strip())
    if method != "GET" or not found or not _is_same(asked.get("If-Range", ""), state):
        return Part(200, 0, size)
    first, last, suffix = found.groups()
    begin = max(size - int(suffix), 0) if suffix else int(first)
    end = min(int(last), size - 1) if last else size - 1
    if last and int(last) < begin:
        return Part(200, 0, size)  # no range at all
    return Part(206, begin, end - begin + 1) if begin <= end and suffix != "0" else Part(416, 0, 0)


def _is_known(asked: Message[str, str], state: Mapping[str, str]) -> bool:
    """Whether whoever asks has the file already."""
    if known := asked.get("If-None-Match"):
        return known.strip() == "*" or state["ETag"] in (each.strip().removeprefix("W/") for each in known.split(","))
    since, modified = _date(asked.get("If-Modified-Since", "")), _date(state.get("Last-Modified", ""))
    return bool(since and modified and modified <= since)


def _is_same(known: str, state: Mapping[str, str]) -> bool:
    """Whether a part goes with what whoever asks has of the file: an ETag, or a date; nothing goes with anything."""
    return not known or known in state.values()


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None
