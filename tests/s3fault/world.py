"""A bucket that is watched, and the publishers that bring a show to it by podfeed's own loop."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from podfeed.errors import PodfeedError
from podfeed.model import Config, Target
from podfeed.publish import loop
from podfeed.publish.loop import Ways
from podfeed.publish.opening import open_store
from podfeed.publish.store import Store
from podfeed.publish.wanted import Intent
from podfeed.read.web import Limits, Web
from s3fault.bucket import Bucket, Killed
from s3fault.checkouts import FEED, GUID, NOW, SHOW, SITE, Checkout
from s3fault.direct import DirectStore
from s3fault.server import NAME, serving
from s3fault.together import Meeting, Turns, side_by_side
from s3fault.witness import Observer

T = TypeVar("T")
R = TypeVar("R")


#: How a run ends that was killed.
KILLED = -9

#: Brings what a client has to the bucket. Raises PodfeedError, or Killed.
Bring = Callable[[str, Checkout, Intent], None]


@dataclass(slots=True)
class World:
    """A bucket, who watches it, and how clients publish to it."""

    bucket: Bucket
    observer: Observer
    #: Opens the bucket for a client.
    open: Callable[[str], Store]
    #: Of the server that has the bucket; empty where none has.
    address: str = ""
    bring: Bring = field(init=False)

    def __post_init__(self) -> None:
        self.bring = by_loop(self.open)

    @property
    def violations(self) -> str:
        """What should not have happened, a line for each."""
        return "\n".join(self.observer.violations)

    def publish(self, client: str, checkout: Checkout, intent: Intent | None = None) -> int:
        """How it ends when *client* publishes *checkout*."""
        code = self._ending(client, checkout, intent or Intent())
        with self.bucket.alone():
            self.observer.ended(code, FEED, checkout.promise)
        return code

    def _ending(self, client: str, checkout: Checkout, intent: Intent) -> int:
        try:
            self.bring(client, checkout, intent)
        except PodfeedError as error:
            return KILLED if client in self.bucket.dead else error.exit_code
        except Killed:
            return KILLED
        return 0

    def race(
        self, runs: Mapping[str, tuple[Checkout, Intent | None]], *, turns: Callable[[], float] | None = None
    ) -> dict[str, int]:
        """How it ends for each client: all have read before any commits, or they take turns as a chance has it."""
        way = Turns(runs, turns) if turns else Meeting(runs, FEED)
        self.bucket.before = way
        ends = side_by_side({name: partial(self.publish, name, *run) for name, run in runs.items()}, way.leave)
        self.bucket.before = lambda request: None
        return ends

    @property
    def was_contended(self) -> bool:
        """Whether somebody's commit was refused, for somebody else had been quicker."""
        return any((each.method, each.key, each.status) == ("PUT", FEED, 412) for each in self.bucket.log)


def direct() -> World:
    """A world without a network."""
    observer = Observer(base=SITE)
    bucket = Bucket(witness=observer, now=lambda: NOW)
    return World(bucket, observer, partial(DirectStore, bucket, base=SITE))


@contextmanager
def over_http() -> Iterator[Callable[[], World]]:
    """Makes worlds that boto3 goes to by HTTP, and the public by podfeed's own web: one after another."""
    with serving() as server, pytest.MonkeyPatch.context() as patch:
        _hasten(patch)

        def make() -> World:
            observer = Observer(base=SITE)
            server.bucket = Bucket(witness=observer, now=lambda: NOW)
            return World(server.bucket, observer, partial(_opened, server.address), server.address)

        yield make


def _hasten(patch: pytest.MonkeyPatch) -> None:
    """Let boto3 know its credentials, and rest for no time before it asks again."""
    known = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": os.devnull}
    for name, value in {**known, "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1"}.items():
        patch.setenv(name, value)
    patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda seconds: None))


def _opened(address: str, client: str) -> Store:
    """The bucket at *address* as podfeed opens it; *client* is the region it signs for."""
    target = Target(name="live", region=client, bucket=NAME, **settings(address))
    reach = partial(web, address)
    store = open_store(target, config=Config(), folder=Path(), web=reach, seconds_left=lambda: 60.0)
    store.conditions = "etag"
    return store


def settings(address: str) -> dict[str, Any]:
    """What config.yaml says of the bucket at *address*, beside its name."""
    return {"endpoint": address, "addressing": "path", "public": f"{address}/{NAME}"}


@cache
def web(address: str) -> Web:
    """The way to the server at *address*, which does not rest before it asks again, and never gives up."""
    return Web([address.removeprefix("http://")], limits=Limits(pause_seconds=0, failures=1_000_000))


def by_loop(open_for: Callable[[str], Store]) -> Bring:
    """Publishers that are nothing but podfeed's loop, each over a store opened for it."""

    def bring(client: str, checkout: Checkout, intent: Intent) -> None:
        ways = Ways(sleep=lambda seconds: None, chance=lambda: 0.0, seconds_left=lambda: 60.0, each=in_turn, now=NOW)
        compose = partial(checkout.wanted, intent)
        loop.Loop(
            show=SHOW,
            feed_key=checkout.feed_key,
            guid=GUID,
            store=open_for(client),
            compose=compose,
            intent=intent,
            ways=ways,
        ).run()

    return bring


def in_turn(function: Callable[[T], R], pieces: Iterable[T]) -> list[R]:
    """What *function* makes of each of *pieces*, one after the other: each request has its number."""
    return [function(each) for each in pieces]
