"""Audio and feeds elsewhere on the web, as the commands meet them: told at its place, remembered, never asked twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from commands import NOW, podfeed
from servers import Request, Reset, Server, file, reply, serving

from podfeed.building import built
from podfeed.checking import check
from podfeed.elsewhere import measure_all, side_by_side
from podfeed.loading import Project, load
from podfeed.model import AudioFacts
from podfeed.read.web import Limits, Web
from podfeed.testing import example_project, tiny_mp3


class Store:
    """A good server whose one file can change, and that can be in trouble."""

    def __init__(self, data: bytes) -> None:
        self.data, self.etag, self.status = data, '"1"', ""

    def __call__(self, request: Request) -> list[bytes]:
        if self.status == "reset":
            raise Reset
        if self.status:
            return [reply(self.status)]
        if request.headers.get("if-none-match") == self.etag:
            return [reply("304 Not Modified", ETag=self.etag)]
        return list(file(self.data, ETag=self.etag)(request))


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    return tiny_mp3(tmp_path / "a.mp3", seconds=20).read_bytes()


@pytest.fixture
def store(sound: bytes) -> Store:
    return Store(sound)


@pytest.fixture
def server(store: Store) -> Iterator[Server]:
    with serving(store) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path, server: Server) -> Path:
    """A project whose only episode has its audio on *server*."""
    header = {"audio_file_path": server.url(), "audio_file_size": None, "duration": None}
    return example_project(tmp_path / "project", header=header)


@pytest.fixture
def web(server: Server) -> Callable[[], Web]:
    return partial(Web, [server.name], limits=Limits(seconds=2, attempts=1))


def rules(project: Project) -> list[str]:
    return [each.rule for each in check(project, now=NOW) if each.severity == "error"]


def run(folder: Path, server: Server, *words: str) -> tuple[int, str]:
    """The exit code and all that is said."""
    done = podfeed(folder, *words, "--trust-server", server.name)
    return done.returncode, done.stdout + done.stderr


def test_nothing_is_asked_unless_it_is_wanted(folder: Path, server: Server) -> None:
    """The library opens no connection by itself, and --offline none at all."""
    assert rules(load(folder)) == ["audio-not-measured"]
    assert run(folder, server, "check", "--offline")[0] == 1
    assert run(folder, server, "enrich", "--offline")[0] == 1
    assert server.requests == []


def test_episode_on_standard_input_asks_nobody(folder: Path, server: Server) -> None:
    """An editor checks at every key."""
    text = (folder / "episodes/1.md").read_text("utf-8")

    done = podfeed(folder, "check", "-", "--stdin-path", "episodes/1.md", "--trust-server", server.name, stdin=text)

    assert "audio-not-measured" in done.stdout
    assert server.requests == []


def test_what_was_asked_once_is_in_the_lock(folder: Path, server: Server, sound: bytes, web: Callable[[], Web]) -> None:
    """A build remembers size, length and marks; from then on nobody is asked, and the feed stays as it is."""
    first = built(folder, out=folder / "public", now=NOW, web=web)
    asked = len(server.requests)
    feed = (folder / "public/radio/feed.xml").read_bytes()
    (folder / "episodes/1.md").write_text((folder / "episodes/1.md").read_text("utf-8") + "\nMore.\n", "utf-8")
    built(folder, out=folder / "public", now=NOW, web=web)

    assert not first.has_errors
    assert rules(load(folder, web=web)) == []
    assert (asked, len(server.requests)) == (2, 2)
    facts = load(folder).lock.media[server.url()]
    assert isinstance(facts, AudioFacts)
    assert (facts.size_bytes, facts.etag, facts.sha256) == (len(sound), '"1"', "")
    assert f'length="{facts.size_bytes}"'.encode() in feed
    assert f'length="{facts.size_bytes}"'.encode() in (folder / "public/radio/feed.xml").read_bytes()


def test_what_an_author_states_is_compared(folder: Path, server: Server, store: Store, sound: bytes) -> None:
    """With what the server has; it is believed where nobody can be asked."""
    episode = folder / "episodes/1.md"
    text = episode.read_text("utf-8").replace("---\n", '---\naudio_file_size: 1000\nduration: "00:01"\n', 1)
    episode.write_text(text, "utf-8")

    assert run(folder, server, "check", "--offline")[0] == 0
    assert server.requests == []
    store.status = "503 Service Unavailable"
    assert run(folder, server, "check")[0] == 0
    store.status = ""
    code, said = run(folder, server, "check")
    assert (code, "duration-differs" in said or "duration-far-off" in said) == (1, True)
    assert run(folder, server, "enrich", "--write")[0] == 0
    assert f"audio_file_size: {len(sound)}" in episode.read_text("utf-8")
    assert 'duration: "00:20"' in episode.read_text("utf-8")


@pytest.mark.failure("NW-1")
def test_trouble_of_the_network_is_code_4(folder: Path, server: Server, store: Store) -> None:
    """It is told where the address stands; when nothing else is wrong, another run may do."""
    store.status = "503 Service Unavailable"

    code, said = run(folder, server, "check")

    assert "audio-remote-unreachable" in said
    assert "episodes/1.md:4:18: error" in said
    assert "answers 503 Service Unavailable" in said
    assert code == 4
    assert run(folder, server, "build")[0] == 4
    assert not (folder / "public/radio/feed.xml").exists()


def test_other_errors_are_code_1(folder: Path, server: Server, store: Store) -> None:
    """Another run would not help them."""
    store.status = "reset"
    (folder / "episodes/2.md").write_text("---\ntitle: [\n---\n", "utf-8")

    assert run(folder, server, "check")[0] == 1


def test_wrong_address_is_the_authors_to_correct(folder: Path, server: Server, store: Store) -> None:
    store.status = "404 Not Found"

    code, said = run(folder, server, "check")

    assert "audio-remote-unusable" in said
    assert "answers 404 Not Found" in said
    assert code == 1


def test_secrets_of_an_address_are_not_told(tmp_path: Path, server: Server, store: Store) -> None:
    """Neither in the message nor in what is asked for further on."""
    store.status = "404 Not Found"
    header = {"audio_file_path": f"{server.url()}?key=canary", "audio_file_size": None, "duration": None}
    folder = example_project(tmp_path / "secret", header=header)

    found = [each for each in check(load(folder, web=partial(Web, [server.name])), now=NOW) if "remote" in each.rule]

    assert [each.rule for each in found] == ["audio-remote-unusable"]
    assert "canary" not in found[0].message + found[0].hint
    assert "GET /a.mp3?key=canary HTTP/1.1" in [request.line for request in server.requests]


@pytest.mark.failure("NW-7")
def test_audio_that_changed_is_told_and_not_taken_over(
    folder: Path, server: Server, store: Store, tmp_path: Path
) -> None:
    """The old facts stay until somebody decides, and then a word is enough."""
    run(folder, server, "enrich")
    before = (folder / "podfeed.lock").read_text("utf-8")
    store.data, store.etag = tiny_mp3(tmp_path / "b.mp3", seconds=30).read_bytes(), '"2"'

    code, said = run(folder, server, "enrich", "--write")
    after = (folder / "podfeed.lock").read_text("utf-8")
    accepted, _ = run(folder, server, "enrich", "--accept-changed")

    assert "audio-remote-changed" in said
    assert "00:20 then" in said
    assert "00:30 now" in said
    assert (code, accepted) == (1, 0)
    assert after == before
    assert '"milliseconds": 30' in (folder / "podfeed.lock").read_text("utf-8")


@pytest.mark.failure("NW-7")
@pytest.mark.parametrize(
    ("etag", "requests"), [pytest.param('"1"', 1, id="the same mark"), pytest.param('"2"', 3, id="another mark")]
)
def test_audio_that_did_not_change_is_asked_about_once(
    folder: Path, server: Server, store: Store, etag: str, requests: int
) -> None:
    """The same sound under another mark of its server is no change; the lock takes the new mark."""
    run(folder, server, "enrich")
    before = len(server.requests)
    store.etag = etag

    assert run(folder, server, "enrich")[0] == 0
    assert len(server.requests) - before == requests
    assert json.dumps(etag) in (folder / "podfeed.lock").read_text("utf-8")


@pytest.mark.failure("NW-7")
def test_server_that_marks_nothing_is_asked_for_the_length(folder: Path, sound: bytes) -> None:
    """Without ETag and date, two bytes of a Content-Range tell."""
    with serving(file(sound)) as server:
        header = (folder / "episodes/1.md").read_text("utf-8")
        old = next(line for line in header.split("\n") if line.startswith("audio_file_path"))
        (folder / "episodes/1.md").write_text(header.replace(old, f"audio_file_path: {server.url()}"), "utf-8")
        run(folder, server, "enrich")
        before = len(server.requests)
        assert run(folder, server, "enrich")[0] == 0

    assert [request.part for request in server.requests[before:]] == [(0, 0)]


def test_feed_is_linted_at_its_address(server: Server, store: Store, folder: Path) -> None:
    """Faults are told under the address, and one of them is a feed that says it lies elsewhere."""
    store.data = b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>'

    code, said = run(folder, server, "lint", f"{server.url('feed.xml')}?key=canary")
    refused = podfeed(folder, "lint", server.url("feed.xml"), "--offline")

    assert code == 1
    assert f"{server.url('feed.xml')}:1:" in said
    assert "canary" not in said
    assert (refused.returncode, "--offline" in refused.stderr) == (2, True)


def test_feed_is_adopted_from_its_address(server: Server, store: Store, folder: Path) -> None:
    """A feed that does not tell its address has the one it came from."""
    store.data = (
        b'<rss version="2.0"><channel><title>Harbour Radio</title><item><title>Tides</title><guid>old</guid>'
        b'<pubDate>Sun, 01 Jun 2025 20:00:00 GMT</pubDate><enclosure url="https://a.podfeed.example/a.mp3" length="1" '
        b'type="audio/mpeg"/></item></channel></rss>'
    )

    code, _ = run(folder, server, "adopt", server.url("feed.xml"))

    lock = load(folder).lock
    assert code == 0
    assert [guid for _, guid in lock.episodes] == ["old"]
    assert lock.shows["radio"].feed_url == server.url("feed.xml")


@pytest.mark.parametrize(("status", "code"), [("404 Not Found", 2), ("503 Service Unavailable", 4)])
def test_feed_that_cannot_be_had(server: Server, store: Store, folder: Path, status: str, code: int) -> None:
    store.status = status

    assert run(folder, server, "lint", server.url("feed.xml"))[0] == code


@pytest.mark.parametrize("name", ["", "a b", "http://127.0.0.1", "127.0.0.1:a", "a@b", "127.0.0.1/a"])
def test_server_to_trust_has_a_name_and_perhaps_a_port(folder: Path, name: str) -> None:
    done = podfeed(folder, "check", "--trust-server", name)

    assert (done.returncode, "is no server" in done.stderr) == (2, True)


def test_no_more_than_two_connections_to_a_server(sound: bytes) -> None:
    """However many files it has; progress is told file by file."""
    open_now, most, lock = 0, 0, threading.Lock()

    def answer(request: Request) -> Iterator[bytes]:
        nonlocal open_now, most
        with lock:
            open_now += 1
            most = max(most, open_now)
        yield from file(sound)(request)
        with lock:
            open_now -= 1

    told: list[tuple[int, int]] = []
    with serving(answer) as server:
        asking = Web([server.name], progress=lambda done, of: told.append((done, of)))
        found = measure_all(asking, [server.url(f"{number}.mp3") for number in range(40)])

    assert all(isinstance(each, AudioFacts) for each in found.values())
    assert most <= 2
    assert told == [(number, 40) for number in range(1, 41)]


@pytest.mark.parametrize("error", [ZeroDivisionError, SystemExit])
def test_fault_of_our_own_is_not_swallowed(error: type[BaseException]) -> None:
    """What a worker raises is raised where it was asked for, even what ends a thread."""

    def fail(piece: int) -> None:
        raise error

    with pytest.raises(error):
        list(side_by_side(fail, [0, 1, 2]))
