"""The bucket over HTTP, on loopback, as boto3 and the public ask it."""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from serving import at_work

from s3fault.bucket import Bucket, Cut, Killed, Reply, Request

#: The bucket all requests name in their path.
NAME = "pod"
#: A client is known by the region it signs for, so that many can share one environment.
_REGION = re.compile(r"AWS4-HMAC-SHA256 Credential=[^/]+/[0-9]+/([^/]+)/s3/")


class Server(ThreadingHTTPServer):
    """Serves a bucket, and another one as soon as it is told."""

    daemon_threads = True
    bucket: Bucket

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def serving() -> AbstractContextManager[Server]:
    """A server that runs."""
    return at_work(Server(("127.0.0.1", 0), _Handler))


@contextmanager
def served(bucket: Bucket) -> Iterator[str]:
    """The address of *bucket* while it is served; objects are below `NAME` there."""
    with serving() as server:
        server.bucket = bucket
        yield server.address


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    #: The head and the body of an answer leave together.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        try:
            self._answer(self.server.bucket.handle(self._request()))
        except (Cut, Killed):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True

    do_HEAD = do_PUT = do_POST = do_DELETE = do_GET

    def handle_expect_100(self) -> bool:
        """Ask for the body at once: boto3 waits a second for that."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).removeprefix("/").partition("/")
        signed = _REGION.match(self.headers.get("Authorization", ""))
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if bucket != NAME:
            key = ""
        return Request(
            client=signed[1] if signed else "",
            method=self.command,
            key=key,
            is_signed=signed is not None,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _answer(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the bucket has a log."""
