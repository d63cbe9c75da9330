"""Runs of publish as a whole, over HTTP to a store that counts: what each asks for, what it puts, and what it says."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import NOW, environment, episode, items, podfeed
from s3fault.bucket import Bucket, Kept
from s3fault.server import NAME
from s3fault.server import served as store_served
from servers import Request, reply, serving
from stores import blob

from podfeed import composing
from podfeed.publish.loop import Ways
from podfeed.publish.memory import MemoryStore
from podfeed.publish.shared import OWNER, SharedFiles, put_shared
from podfeed.publish.store import Answer
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publication, Run, published
from podfeed.read.web import Web
from podfeed.render.site.engine import Engine
from podfeed.report import publication_faults, publication_line, size
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_mp3
from podfeed.withdrawing import withdrawn

#: Of the store, and of who is told.
CREDENTIALS = ("canary-of-the-key", "canary-of-its-secret", "canary-of-the-webhook")
LONG_AGO = NOW.timestamp() - 3600


@dataclass(slots=True)
class House:
    """A project of two shows, the store it is published to, and who is told of it."""

    project: Path
    bucket: Bucket
    trusted: tuple[str, ...]
    #: Paths that the webhook was asked for.
    told: list[str] = field(default_factory=list)

    def publish(
        self, *shows: str, project: Path | None = None, intent: Intent | None = None, now: datetime = NOW
    ) -> Publication:
        """One run, from another checkout if one is given; the log of the store holds its requests alone."""
        self.bucket.log.clear()
        run = Run(now=now, web=lambda: Web(self.trusted), deadline=timedelta(seconds=20), sleep=lambda seconds: None)
        return published(project or self.project, shows=shows, intent=intent, run=run)

    def write(self, path: str, text: str) -> None:
        """A file of the project, as somebody left it long ago."""
        (self.project / path).write_text(text, "utf-8")
        os.utime(self.project / path, (LONG_AGO, LONG_AGO))

    @property
    def asked(self) -> Counter[str]:
        """How often the last run asked for what."""
        return Counter(f"{each.method} {each.key}" for each in self.bucket.log if each.client)

    def feed(self, show: str) -> bytes:
        return self.bucket.objects[f"{show}/feed.xml"].data


@pytest.fixture(scope="module")
def pictures() -> dict[str, Kept]:
    """Copies of the cover that an earlier test has put: they are the same for all."""
    return {}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pictures: dict[str, Kept]) -> Iterator[House]:
    """Two shows that were published, one of them with an archive, and files old enough to be trusted."""
    bucket, told = Bucket(now=lambda: NOW, objects={**pictures}), list[str]()
    for name, value in {
        "AWS_ACCESS_KEY_ID": CREDENTIALS[0],
        "AWS_SECRET_ACCESS_KEY": CREDENTIALS[1],
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)

    def hook(request: Request) -> Iterator[bytes]:
        told.append(request.line)
        yield reply("204 No Content")

    with store_served(bucket) as endpoint, serving(hook) as listener:
        public = f"{endpoint}/{NAME}"
        target = {"s3": NAME, "endpoint": endpoint, "region": "us-east-1", "addressing": "path", "public": public}
        target["webhook"] = listener.url(CREDENTIALS[2])
        shows = {
            name: {each: yaml.safe_load(text) for each, text in {**EXAMPLE_SHOW, **extra}.items()}
            for name, extra in {
                "radio": {"match": '{path: "?.md"}', "archive": "1"},
                "news": {"match": '{path: "news/*"}', "title": "Harbour News"},
            }.items()
        }
        config = {
            "site": public,
            "shows": yaml.safe_dump(shows, default_flow_style=True),
            "targets": yaml.safe_dump({"live": target}, default_flow_style=True),
        }
        project = example_project(tmp_path / "project", config=config)
        made = House(
            project=project, bucket=bucket, trusted=(endpoint.removeprefix("http://"), listener.name), told=told
        )
        for number, name in enumerate(("news", "ice", "fog"), 2):
            tiny_mp3(project / f"audio/{name}.mp3", seconds=number)
        (project / "episodes/news").mkdir()
        made.write("episodes/news/1.md", episode("Harvest", audio="/audio/news.mp3"))
        for path in project.rglob("*"):
            os.utime(path, (LONG_AGO, LONG_AGO))
        first = made.publish(intent=Intent(is_first=True))
        assert first.exit_code == 0, publication_faults(first)
        pictures.update({key: each for key, each in bucket.objects.items() if key.startswith("artwork/")})
        yield made


def test_second_run_asks_once_for_each_feed(house: House) -> None:
    """One request a show and one for each further feed, nothing is put, nobody is told, and nothing is composed."""
    house.told.clear()

    publication = house.publish()

    assert (publication.exit_code, publication.has_changed) == (0, False)
    assert house.asked == Counter({f"HEAD {key}": 1 for key in house.bucket.objects if _is_feed(key)})
    assert house.told == []


def _is_feed(key: str) -> bool:
    return key.endswith(".xml") and not key.startswith("_podfeed/") and not key.endswith("sitemap.xml")


def test_no_credential_is_in_public(house: House) -> None:
    """Neither in the bytes of an object, nor in its key, nor in what the store keeps beside it."""
    assert house.told
    assert not [key for key, each in house.bucket.objects.items() if "canary" in f"{key} {each.headers} {each.data!r}"]


def test_first_run_on_another_machine_puts_nothing_either(house: House, tmp_path: Path) -> None:
    """Without any memory of the target, a show costs two requests, and each of its further feeds one."""
    shutil.copytree(house.project, tmp_path / "other", ignore=shutil.ignore_patterns(".podfeed"))

    publication = house.publish(project=tmp_path / "other")

    assert (publication.exit_code, publication.has_changed) == (0, False)
    feeds = {f"GET {key}": 1 for key in house.bucket.objects if _is_feed(key)}
    records = {f"GET {key}": 1 for key in house.bucket.objects if key.startswith("_podfeed/") and key.endswith(".json")}
    of_shows = {line: count for line, count in house.asked.items() if line in feeds | records}
    assert of_shows == feeds | records
    assert not [line for line in house.asked if line.startswith("GET ") and line not in of_shows]
    assert {line.partition(" ")[0] for line in house.asked} == {"GET", "HEAD"}


def test_only_the_show_that_moved_is_composed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the other show, nothing but the version of its feeds is asked for."""
    composed, wanted = set[str](), composing.Composer.wanted

    def noted(self: composing.Composer, show: str, *more: Any) -> Any:
        composed.add(show)
        return wanted(self, show, *more)

    monkeypatch.setattr(composing.Composer, "wanted", noted)
    house.write("episodes/news/2.md", episode("Ice", audio="/audio/ice.mp3", date="2025-06-09 05:00:00 +0900"))

    publication = house.publish()

    assert composed == {"news"}
    assert publication_line(publication).startswith("news: generation 2 is public, 1 new episode; ")
    assert {line for line in house.asked if "radio" in line} == {
        f"HEAD {key}" for key in house.bucket.objects if _is_feed(key) and key.startswith("radio/")
    }
    assert house.publish().has_changed is False
    assert set(house.asked.values()) == {1}


def test_only_pages_that_changed_are_made(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the others came to is remembered; a machine that remembers nothing makes the same of them."""
    made, page = Counter[str](), Engine.page

    def noted(self: Engine, template: str, **values: Any) -> bytes:
        made[template] += 1
        return page(self, template, **values)

    monkeypatch.setattr(Engine, "page", noted)
    for day in range(2, 6):
        made.clear()
        tiny_mp3(house.project / f"audio/{day}.mp3", seconds=10 + day)
        text = episode(f"Day {day}", audio=f"/audio/{day}.mp3", date=f"2025-06-0{day} 05:00:00 +0900")
        house.write(f"episodes/news/{day}.md", text)
        publication = house.publish()
        assert publication.exit_code == 0, publication_faults(publication)

    assert made["episode.html"] == 2  # the new one, and the one before it, which leads to it
    shutil.copytree(house.project, tmp_path / "other", ignore=shutil.ignore_patterns(".podfeed"))
    assert house.publish(project=tmp_path / "other").has_changed is False


def test_commit_of_another_machine_is_noticed(house: House, tmp_path: Path) -> None:
    """Nothing moved here; but what is public is newer than what is here, and that is told."""
    shutil.copytree(house.project, tmp_path / "other")
    text = episode("Ice", audio="/audio/ice.mp3", date="2025-06-09 05:00:00 +0900")
    (tmp_path / "other/episodes/news/2.md").write_text(text, "utf-8")
    assert house.publish(project=tmp_path / "other").exit_code == 0

    publication = house.publish()

    assert publication.exit_code == 3
    assert publication_faults(publication).startswith("news: “Ice” of “news” is published, and not in this checkout")


def test_feed_that_was_taken_away_is_noticed(house: House) -> None:
    """Nothing moved here, and the feed is not what it was there: the run goes the long way."""
    del house.bucket.objects["news/feed.xml"]

    assert house.publish().has_changed
    assert [*items(house.feed("news"))] == ["Harvest"]


def test_site_at_which_nothing_lies_is_refused_before_a_feed_names_it(house: House) -> None:
    """A slip in `site`, or a domain that is not switched over yet: old audio is looked at where it will be named."""
    settings = house.project / "config.yaml"
    place = f"http://{house.trusted[0]}/{NAME}"
    text = settings.read_text("utf-8")
    assert text.count(place) == 2
    settings.write_text(text.replace(place, f"{place}/nowhere"), "utf-8")
    before = {show: house.feed(show) for show in ("radio", "news")}

    publication = house.publish()

    assert publication.exit_code == 4
    assert re.search("/nowhere/audio/.+ answers 404, .*“site”", publication_faults(publication))
    assert {show: house.feed(show) for show in ("radio", "news")} == before


def test_publish_that_cannot_write_podfeed_lock_is_told_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its generation is public: the run says so, and so does the webhook; the exit code is that of the full disk."""
    house.write("episodes/2.md", episode("Ice", audio="/audio/ice.mp3"))
    house.told.clear()

    def full(path: str, target: str) -> None:
        raise OSError(28, "No space left on device", path)

    monkeypatch.setattr("os.replace", full)

    publication = house.publish()

    assert publication_line(publication).startswith("radio: generation 2 is public, 1 new episode; ")
    assert publication.exit_code == 4
    assert "podfeed.lock” cannot be written: No space left on device" in publication_faults(publication)
    assert len(house.told) == 1


def test_further_feed_that_was_taken_away_comes_back(house: House) -> None:
    """It is made of the generation that is public."""
    (key,) = [
        each for each in house.bucket.objects if _is_feed(each) and each not in ("radio/feed.xml", "news/feed.xml")
    ]
    before = house.bucket.objects.pop(key).data

    publication = house.publish()

    assert publication_line(publication).startswith("no feed changed; 1 file, ")
    assert house.bucket.objects[key].data == before


def test_what_all_shows_share_comes_back_with_the_next_change(house: House) -> None:
    """Another machine may have put an older home page in its place, or somebody taken it away."""
    before = house.bucket.objects.pop("index.html").data
    house.write("episodes/1.md", episode("Tides", audio="/audio/good.mp3", notes="The sea follows."))

    assert house.publish().exit_code == 0

    assert house.bucket.objects["index.html"].data == before


class Busy(MemoryStore):
    """A store that is too busy for the first put."""

    def put(self, *args: Any, **settings: Any) -> Answer:
        """As `Store` says."""
        self.put = super().put  # type: ignore[method-assign]
        return Answer(outcome="unclear")


def test_refused_show_leaves_no_page_of_another_bare(house: House) -> None:
    """What all pages use goes up before the first page, whatever becomes of the other shows."""
    for key in ("podfeed.css", "podfeed.js", "index.html"):
        del house.bucket.objects[key]
    house.write("episodes/1.md", episode("Tides", audio="/audio/good.mp3", season="two"))
    house.write("episodes/news/1.md", episode("Harvest", audio="/audio/news.mp3", notes="Rye."))

    publication = house.publish("news", "radio")

    assert [bool(each.error) for each in publication.shows] == [False, True]
    assert "index.html" not in house.bucket.objects
    first, page = (_put_at(house, key) for key in ("podfeed.css", "news/1/index.html"))
    assert first < page
    assert _put_at(house, "podfeed.js") < page


def _put_at(house: House, key: str) -> int:
    """Which request of the last run put *key*."""
    return next(at for at, each in enumerate(house.bucket.log) if (each.method, each.key) == ("PUT", key))


def test_one_new_episode_puts_what_it_is_on(house: House) -> None:
    """Its own page, its neighbour's, the lists it is on and the map: no other page, and nothing of the other show."""
    house.write("episodes/news/2.md", episode("Ice", audio="/audio/ice.mp3", date="2026-01-01 00:00:00 +0000"))
    house.publish()
    house.write("episodes/news/3.md", episode("Fog", audio="/audio/fog.mp3", date="2025-12-31 00:00:00 +0000"))

    assert house.publish().exit_code == 0

    put = {each.key for each in house.bucket.log if each.method == "PUT" and not each.key.startswith("_podfeed/")}
    assert {key for key in put if not key.startswith("news/titles")} == {
        *("audio/fog.mp3", "news/feed.xml", "news/index.html", "news/sitemap.xml", "news/2025/index.html"),
        *("news/1/index.html", "news/2/index.html", "news/3/index.html"),
    }


def test_list_that_names_what_was_withdrawn_leads_to_the_show(house: House) -> None:
    """The only episode of a year is withdrawn: the page of the year is not made any more, and still is there."""
    text = episode("Canary", audio="/audio/ice.mp3", date="2024-06-09 05:00:00 +0900", actor_ids="[ada]")
    house.write("episodes/news/2.md", text)
    house.publish()
    lists = {key for key, each in house.bucket.objects.items() if key.endswith(".html") and b"Canary" in each.data}
    assert lists >= {"news/2024/index.html", "news/people/ada/index.html", "news/index.html", "news/2/index.html"}

    run = Run(now=NOW, web=lambda: Web(house.trusted), sleep=lambda seconds: None)
    withdrawn(house.project, name="episodes/news/2.md", target="", run=run)

    left = {key: house.bucket.objects[key].data for key in lists}
    assert not [key for key, data in left.items() if b"Canary" in data]
    assert b'content="0; url=../../news/"' in left["news/2024/index.html"]
    assert house.publish().has_changed is False


def test_page_that_moved_is_found_where_it_was(house: House, tmp_path: Path) -> None:
    """What is public tells another machine where the page was, whatever its own podfeed.lock has kept."""
    house.write("episodes/news/1.md", episode("Harvest", audio="/audio/news.mp3", slug="rye"))
    house.publish()
    shutil.copytree(house.project, tmp_path / "other", ignore=shutil.ignore_patterns(".podfeed"))
    lock = tmp_path / "other/podfeed.lock"
    lock.write_text(re.sub(r', "(former_pages|page)": (\[[^]]*\]|"[^"]*")', "", lock.read_text("utf-8")), "utf-8")
    text = episode("Harvest", audio="/audio/news.mp3", slug="oats")
    (tmp_path / "other/episodes/news/1.md").write_text(text, "utf-8")

    assert house.publish(project=tmp_path / "other").exit_code == 0

    for place in ("1", "rye"):
        assert b'content="0; url=../../news/oats/"' in house.bucket.objects[f"news/{place}/index.html"].data
    assert house.publish(project=tmp_path / "other").has_changed is False


def test_page_of_all_shows_that_the_store_was_too_busy_for_is_put_again() -> None:
    """A run that ends well has put everything: the next one would not look."""
    store, pauses = Busy(lambda: NOW), list[float]()
    ways = Ways(
        sleep=pauses.append, chance=lambda: 0.5, seconds_left=lambda: 9, each=lambda do, all_: [*map(do, all_)], now=NOW
    )
    home = SharedFiles(pages={"index.html": blob("index.html", b"Home", owner=OWNER)}, generations={"radio": 1})

    assert put_shared(store, home, Intent(), ways) == {"index.html": 4}

    assert (store.objects["index.html"].data, pauses) == (b"Home", [0.5])


def test_what_came_due_while_nothing_ran_goes_out_once_and_in_order(house: House) -> None:
    """Days after the machine was off: one run brings all of it, the newest first, and nothing that is not due."""
    for day in (5, 3, 4, 9):
        tiny_mp3(house.project / f"audio/{day}.mp3", seconds=day)
        os.utime(house.project / f"audio/{day}.mp3", (LONG_AGO, LONG_AGO))
        text = episode(f"Day {day}", audio=f"/audio/{day}.mp3", date=f"2026-01-0{day} 00:00:00 +0000")
        house.write(f"episodes/{day}.md", text)
    os.utime(house.project / "audio", (LONG_AGO, LONG_AGO))
    assert house.publish().has_changed is False
    then = NOW + timedelta(days=5)

    assert house.publish().exit_code == 0
    assert {line.partition(" ")[0] for line in house.asked} == {"HEAD"}
    house.bucket.now = lambda: then
    publication = house.publish(now=then)

    assert publication_line(publication).startswith("radio: generation 2 is public, 3 new episodes; ")
    assert [*items(house.feed("radio"))] == ["Day 5", "Day 4", "Day 3", "Tides"]
    assert house.publish(now=then).has_changed is False
    assert [*items(house.feed("radio"))] == ["Day 5", "Day 4", "Day 3", "Tides"]


def test_clock_that_is_wrong_is_told_where_nothing_moved_too(house: House) -> None:
    """Six minutes apart: nothing would go out, and nobody would know why."""
    house.bucket.now = lambda: NOW - timedelta(minutes=6)

    publication = house.publish()

    assert publication.exit_code == 4
    assert {line.partition(" ")[0] for line in house.asked} == {"HEAD"}
    assert (
        "the clock here says 2026-01-01T00:00:00+00:00 and that of the store 2025-12-31T23:54:00"
        in publication_faults(publication)
    )


def test_store_that_is_slow_by_seconds_holds_an_episode_back_only_so_long(house: House) -> None:
    """By the clock here it is due, by that of the store not yet: a later run releases it, though no file moved."""
    house.write("episodes/2.md", episode("Ice", audio="/audio/ice.mp3", date="2026-01-01 00:00:00 +0000"))
    house.bucket.now = lambda: NOW - timedelta(seconds=60)
    assert house.publish().has_changed is False
    house.bucket.now = lambda: NOW

    assert publication_line(house.publish()).startswith("radio: generation 2 is public, 1 new episode; ")


def test_bar_is_for_terminals_alone(house: House) -> None:
    """How much has gone up, how fast, and how long it takes: on a terminal, until all is there; in a pipe, nothing."""
    house.bucket.now = lambda: datetime.now(UTC)
    trusted = [word for server in house.trusted for word in ("--trust-server", server)]
    tiny_mp3(house.project / "audio/long.mp3", seconds=600)
    house.write("episodes/2.md", episode("Ice", audio="/audio/long.mp3", date="2026-01-02 00:00:00 +0000"))
    terminal, shown = pty.openpty()
    command = [sys.executable, "-m", "podfeed", "publish", *trusted]
    env = environment(TERM="xterm", COLUMNS="100")
    with subprocess.Popen(command, cwd=house.project, env=env, stdout=subprocess.PIPE, stderr=shown, text=True) as run:
        os.close(shown)
        told = b"".join(_read(terminal)).decode()
        line = run.stdout.read() if run.stdout else ""

    assert re.fullmatch(r"radio: generation 2 is public, 1 new episode; [0-9]+ files, 4.8 MB\n", line)
    assert "4.8/4.8 MB" in told
    assert "B/s" in told

    house.write("episodes/3.md", episode("Fog", audio="/audio/fog.mp3", date="2026-01-03 00:00:00 +0000"))
    piped = podfeed(house.project, "publish", *trusted)
    assert (piped.returncode, piped.stderr) == (0, "")


@pytest.mark.full
@pytest.mark.failure("EN-14")
def test_hours_of_sound_take_little_memory(house: House) -> None:
    """300 MB are read piece by piece, while they are measured and while they go up."""
    house.bucket.now = lambda: datetime.now(UTC)
    tiny_mp3(house.project / "audio/long.mp3", seconds=38_000)
    house.write("episodes/2.md", episode("Ice", audio="/audio/long.mp3", date="2026-01-02 00:00:00 +0000"))
    trusted = [word for server in house.trusted for word in ("--trust-server", server)]

    command = [sys.executable, "-m", "podfeed", "publish", *trusted]
    with subprocess.Popen(command, cwd=house.project, env=environment(), stdout=subprocess.DEVNULL) as run:
        held = [0]
        while run.poll() is None:
            held += map(int, re.findall(r"VmHWM:\s+([0-9]+) kB", Path(f"/proc/{run.pid}/status").read_text()))
            threading.Event().wait(0.05)

    assert run.returncode == 0
    assert house.bucket.objects["audio/long.mp3"].data[300_000_000:]
    assert 0 < max(held) < 150_000


def _read(terminal: int) -> Iterator[bytes]:
    """What is written on *terminal*, until nobody can write there any more."""
    with suppress(OSError):
        while piece := os.read(terminal, 4096):
            yield piece
    os.close(terminal)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (45_140_000, "45.1 MB"),
        (2_000_000_000_000, "2000.0 GB"),
    ],
)
def test_size_in_words(count: int, words: str) -> None:
    """At most four digits, and one behind the point."""
    assert size(count) == words
