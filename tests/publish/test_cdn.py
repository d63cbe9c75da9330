"""A CDN between the bucket and the public: what it does wrong is found before a feed names anything behind it."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers import Server, nginx_with
from weed import CREDENTIALS, Bucket

from podfeed import testing
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publication, Run, published
from podfeed.read.web import Asked, Limits, Web

FEED, SOUND = "radio/feed.xml", "audio/good.mp3"
REMEMBERS = "proxy_ignore_headers Cache-Control Expires; proxy_cache_valid 200 206 404 1h;"
RANGELESS = 'max_ranges 0; proxy_set_header Range ""; proxy_hide_header Accept-Ranges;'


def cdn(folder: Path, bucket: Bucket, settings: str = "") -> AbstractContextManager[Server]:
    """nginx with a cache before *bucket*, and with these *settings*."""
    server = f"location / {{ proxy_cache all; {settings} proxy_pass {bucket.endpoint}/{bucket.name}/; }}"
    return nginx_with(folder, server, f"proxy_cache_path {folder}/cache keys_zone=all:1m;")


@dataclass
class Project:
    """A project whose public address is *server*."""

    folder: Path
    bucket: Bucket
    server: Server
    web: Web = field(init=False)
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.web = Web([self.server.name], limits=Limits(attempts=1))
        self.write("The moon pulls.")

    def write(self, description: str) -> None:
        public = self.server.url("").rstrip("/")
        config = {"targets": json.dumps({"live": {**self.bucket.target, "public": public}})}
        testing.example_project(self.folder, config=config, show={"feed": FEED}, header={"description": description})

    def publish(self, *, is_first: bool = False) -> Publication:
        run = Run(now=datetime.now(UTC), web=lambda: self.web, sleep=self.pauses.append)
        return published(self.folder, intent=Intent(is_first=is_first), run=run)

    def status(self, key: str) -> int:
        """What the public is answered for *key*."""
        address = self.server.url(key)
        with self.web.asking(address) as clock:
            return self.web.ask(address, Asked(most_bytes=0), clock).status


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the buckets of the tests."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


def folders(path: Path) -> tuple[Path, Path]:
    """One for the project, one for nginx."""
    for name in ("project", "nginx"):
        (path / name).mkdir()
    return path / "project", path / "nginx"


def test_good_cdn_is_published_through(bucket: Bucket, tmp_path: Path) -> None:
    """And what it is asked for is there already: it never remembers that something is missing."""
    project, place = folders(tmp_path)
    with cdn(place, bucket) as server:
        publication = Project(project, bucket, server).publish(is_first=True)

        answers = [line.split()[8] for line in (place / "access.log").read_text().splitlines()]

    assert publication.exit_code == 0
    assert publication.shows[0].notice == ""
    assert answers
    assert set(answers) <= {"200", "206"}


@pytest.mark.failure("OS-14")
@pytest.mark.failure("CO-3")
@pytest.mark.parametrize(
    ("fault", "settings", "code", "words"),
    [
        ("private bucket", "", 6, "answers 403"),
        ("wrong type", "proxy_hide_header Content-Type;", 5, "comes as"),
        ("no ranges", RANGELESS, 5, "always comes whole"),
        ("remembers that nothing is there", REMEMBERS, 4, "answers 404"),
    ],
)
def test_cdn_that_serves_badly_is_found_before_the_feed_is_put(
    bucket: Bucket, tmp_path: Path, fault: str, settings: str, code: int, words: str
) -> None:
    """Four of five; the feed of the public is untouched, for there is none yet."""
    project, place = folders(tmp_path)
    with cdn(place, bucket, settings) as server:
        behind = Project(project, bucket, server)
        if fault == "private bucket":
            bucket.set_public(())
        if fault.startswith("remembers"):
            assert behind.status(SOUND) == 404

        publication = behind.publish(is_first=True)

    assert publication.exit_code == code
    assert words in str(publication.shows[0].error)
    assert FEED not in bucket.all_keys()


@pytest.mark.failure("CO-4")
@pytest.mark.parametrize(("age", "code"), [("10", 0), ("4000", 9)])
def test_cdn_that_keeps_an_old_feed_is_told_of_afterwards(bucket: Bucket, tmp_path: Path, age: str, code: int) -> None:
    """The fifth: it is on its way as long as caches may keep it, and wrong after that."""
    project, place = folders(tmp_path)
    with cdn(place, bucket, f"{REMEMBERS} add_header Age {age} always;") as server:
        behind = Project(project, bucket, server)
        assert behind.publish(is_first=True).exit_code == 0
        assert behind.status(FEED) == 200
        behind.write("The sea follows.")

        publication = behind.publish()

    assert publication.exit_code == code
    outcome = publication.shows[0]
    assert outcome.done
    assert outcome.done.record.generation == 2
    assert ("on its way" in outcome.notice) == (code == 0)
    assert bool(outcome.error) == (code == 9)
