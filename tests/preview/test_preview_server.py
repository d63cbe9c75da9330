"""What browsers and others may expect of the server of a preview, asked of the real one."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from signal import SIGINT
from urllib.parse import quote, urlsplit

import pytest
from commands import environment, podfeed, tree

from podfeed.errors import UsageError
from podfeed.previewing import Preview
from podfeed.testing import example_project

Start = Callable[..., Preview]
SOUND = "/audio/good.mp3"
FIFTY_FAULTS = Path(__file__).parent.parent / "cases" / "fifty-faults"


@pytest.fixture
def running(tmp_path: Path, preview: Start) -> Preview:
    """The preview of an example project with a few files that are nobody's business."""
    secrets = {".env": "secret", "podfeed.lock": "", ".podfeed/kept": "secret", "notes.txt": "secret"}
    return preview(example_project(tmp_path / "project", files=secrets))


def ask(
    running: Preview, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    """The answer to one request, and its body."""
    connection = HTTPConnection(urlsplit(running.site).netloc, timeout=10)
    connection.request(method, path, headers=dict(headers or {}))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("wanted", "first", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-100", -100, None),
        ("bytes=5-5", 5, 6),
        ("bytes=50-99999999", 50, None),
    ],
)
def test_part_of_a_sound_is_given(running: Preview, wanted: str, first: int, end: int | None) -> None:
    """Players seek by Range: they get these bytes, and hear which of how many they are."""
    sound = (running.folder / SOUND[1:]).read_bytes()

    answer, body = ask(running, SOUND, headers={"Range": wanted})

    assert answer.status == 206
    assert body == sound[first:end]
    begin = first % len(sound)
    assert answer.headers["Content-Range"] == f"bytes {begin}-{begin + len(body) - 1}/{len(sound)}"
    assert answer.headers["Content-Type"] == "audio/mpeg"


@pytest.mark.parametrize(
    "wanted", ["bytes=9-3", "bytes=0-1,5-6", "lines=1-2", "bytes=x-", "bytes=-", f"bytes={'9' * 5000}-"]
)
def test_what_is_no_single_range_gets_all(running: Preview, wanted: str) -> None:
    """A Range that cannot be meant, or that names several parts, is as good as none."""
    answer, body = ask(running, SOUND, headers={"Range": wanted})

    assert answer.status == 200
    assert body == (running.folder / SOUND[1:]).read_bytes()
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=-0"])
def test_part_beyond_the_end_is_refused(running: Preview, wanted: str) -> None:
    """Whoever asks hears how long the sound is."""
    answer, body = ask(running, SOUND, headers={"Range": wanted})

    assert (answer.status, body) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{(running.folder / SOUND[1:]).stat().st_size}"


def test_part_of_another_state_is_not_given(running: Preview) -> None:
    """If-Range: a part only goes with the state that whoever asks has the rest of."""
    known = ask(running, SOUND)[0].headers

    for state, status in [(known["ETag"], 206), (known["Last-Modified"], 206), ('"another"', 200)]:
        assert ask(running, SOUND, headers={"Range": "bytes=0-9", "If-Range": state})[0].status == status


@pytest.mark.parametrize("path", [SOUND, "/radio/", "/radio/feed.xml", "/-/"])
def test_what_is_known_is_not_sent_again(running: Preview, path: str) -> None:
    """A state is named by its ETag, that of a file by its date as well; nothing is to be kept unasked."""
    first = ask(running, path)[0].headers

    answer, body = ask(running, path, headers={"If-None-Match": f'"other", {first["ETag"]}'})

    assert (answer.status, body, answer.headers["ETag"]) == (304, b"", first["ETag"])
    assert ask(running, path, headers={"If-None-Match": '"other"'})[0].status == 200
    assert first["Cache-Control"] == "no-cache"
    if path == SOUND:
        known = {"If-Modified-Since": first["Last-Modified"]}
        assert ask(running, path, headers=known)[0].status == 304
        assert ask(running, path, headers={"If-Modified-Since": "Thu, 01 Jan 1998 00:00:00 GMT"})[0].status == 200
        assert ask(running, path, headers={"If-Modified-Since": "yesterday"})[0].status == 200


def test_no_request_makes_it_stumble(running: Preview, capsys: pytest.CaptureFixture[str]) -> None:
    """A date no calendar has is none; a sound that was there a moment ago is not there."""
    answer, _ = ask(running, SOUND, headers={"If-Modified-Since": "Mon, 01 Jan 99999999999 00:00:00 GMT"})
    (running.folder / SOUND[1:]).unlink()
    gone, _ = ask(running, SOUND)

    assert (answer.status, gone.status) == (200, 404)
    assert capsys.readouterr().err == ""


def test_head_is_get_without_a_body(running: Preview) -> None:
    """The same headers, and nothing behind them."""
    for path in (SOUND, "/radio/", "/nowhere"):
        got, head = ask(running, path), ask(running, path, "HEAD")

        assert head[1] == b""
        assert head[0].status == got[0].status
        assert head[0].headers["Content-Length"] == str(len(got[1]))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(running: Preview, method: str) -> None:
    """A preview is looked at; there is nothing to send to it."""
    answer, _ = ask(running, "/", method)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "x@127.0.0.1:{port}", "[::1]:{port}"]
)
def test_only_its_own_name_is_answered(running: Preview, host: str) -> None:
    """A page elsewhere whose name was made to lead here reads nothing of drafts."""
    port = urlsplit(running.site).port

    answer, body = ask(running, "/-/", headers={"Host": host.format(port=port)})

    assert answer.status == 421
    assert b"Tides" not in body
    assert ask(running, "/-/", headers={"Host": f"localhost:{port}"})[0].status == 200


def test_a_request_without_a_name_is_not_answered(running: Preview) -> None:
    """Nor is one with two of them."""
    address = urlsplit(running.site)
    for hosts in ("", f"Host: {address.netloc}\r\nHost: evil.example\r\n"):
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(f"GET /-/ HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n".encode())
            assert b" 421 " in connection.recv(1000).splitlines()[0]


@pytest.mark.parametrize(
    "path",
    [
        *("/.env", "/config.yaml", "/podfeed.lock", "/.podfeed/kept", "/notes.txt", "/episodes/1.md", "/link.txt"),
        *("/../.env", "/radio/../../.env", "/%2e%2e/.env", "/..%2f.env", "//etc/passwd", "/etc/passwd", "/%00"),
        *("/-/../.env", "/-/episode/../../.env", "/-/episode/config.yaml", "/-/templates/frame.html", "/-/%2e%2e/x"),
    ],
)
def test_nothing_but_the_site_is_served(running: Preview, path: str) -> None:
    """What is no file of a build has no address, however it is written."""
    (running.folder / "link.txt").symlink_to(running.folder / ".env")

    answer, body = ask(running, path)

    assert answer.status == 404
    assert b"secret" not in body and b"root:" not in body


def test_addresses_are_clean(running: Preview) -> None:
    """A folder without its slash leads to it; what is nowhere gets the site's page that says so."""
    assert ask(running, "/radio")[0].headers["Location"] == "/radio/"
    assert ask(running, "/-")[0].headers["Location"] == "/-/"
    assert ask(running, "/radio/")[0].headers["Content-Type"] == "text/html; charset=utf-8"
    assert ask(running, "/radio/feed.xml")[0].headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    answer, body = ask(running, "/nowhere/")
    assert answer.status == 404 and "Harbour Radio" in body.decode()


def test_policy_of_a_page_lets_in_what_the_preview_needs(running: Preview) -> None:
    """It is the page's own, said in the answer: all else stays forbidden, and nobody may put it into a frame."""
    answer, body = ask(running, "/radio/1/")
    rules = dict(each.strip().partition(" ")[::2] for each in answer.headers["Content-Security-Policy"].split(";"))

    assert b"http-equiv" not in body
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert "'unsafe" not in " ".join(rules.values())


def test_a_taken_port_is_told(running: Preview, tmp_path: Path) -> None:
    """A port somebody named is that one or none."""
    port = urlsplit(running.site).port

    result = podfeed(running.folder, "preview", "--port", str(port))

    assert result.returncode == UsageError.exit_code
    assert f"port {port} is not free" in result.stderr


def test_command_tells_where_and_ends_quietly(running: Preview) -> None:
    """It prints the address and the folder; Ctrl-C is the way out, and no failure."""
    command = [sys.executable, "-m", "podfeed", "preview", "--port", "0"]
    with subprocess.Popen(
        command, cwd=running.folder, env=environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        address, told = process.stdout.readline(), process.stdout.readline()
        process.send_signal(SIGINT)
        rest = process.stdout.read()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/-/\n", address)
    assert str(running.folder) in told
    assert (process.returncode, rest) == (0, "")


def test_nothing_is_published_or_written(tmp_path: Path, preview: Start) -> None:
    """Whatever is looked at: no lock, no output, and no file of the project changes; the cache may."""
    folder = example_project(tmp_path, files={"episodes/2.md": "---\nshow: radio\ntitle: Waves\ndraft: true\n---\n"})
    before = tree(folder)

    running = preview(folder)
    for path in ("/", "/-/", "/radio/", "/radio/1/", "/radio/feed.xml", "/-/episode/episodes/1.md"):
        assert ask(running, path)[0].status == 200

    assert {path: data for path, data in tree(folder).items() if not path.startswith(".podfeed/")} == before


def test_a_project_full_of_faults_can_be_looked_at(preview: Start, tmp_path: Path) -> None:
    """Each of its files has a panel and each of its pages is there, or says what is wrong: nothing stops the others."""
    folder = shutil.copytree(FIFTY_FAULTS, tmp_path / "project")
    running = preview(folder)

    assert ask(running, "/-/")[1].count(b"is-error") > 10
    for path in (folder / "episodes").rglob("*.md"):
        panel, body = ask(running, f"/-/episode/{quote(path.relative_to(folder).as_posix())}")
        assert panel.status == 200, body.decode()
        assert body.count(b"<h1") == 1
        if page := re.search(rb'<a href="(/nami/[^"]*)"', body):
            assert ask(running, page[1].decode())[0].status == 200


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        pytest.param({}, "Not public yet: goes out with the next publish", id="nothing is wrong"),
        pytest.param({"header": {"season": "none"}}, "Not ready: 1 thing must be fixed", id="its file"),
        pytest.param({"show": {"artwork": None}}, "Not ready: another file holds its show back", id="its show"),
    ],
)
def test_bar_promises_only_what_will_happen(
    preview: Start, tmp_path: Path, broken: Mapping[str, Mapping[str, str | None]], sentence: str
) -> None:
    """An episode whose date is past goes out, unless it or its show has to be mended first."""
    running = preview(example_project(tmp_path, **broken))

    assert f"<b>{sentence}</b>" in ask(running, "/radio/1/")[1].decode()
