"""The real command, killed by kill -9 in the middle of a publish to a real store."""

from __future__ import annotations

import random
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import environment
from forking import Running, begun
from s3fault.bucket import Kept
from s3fault.checkouts import FEED, SITE, Checkout
from s3fault.machines import CANARY, write_project
from s3fault.proxy import Death, Proxy, before
from s3fault.scenes import THREE
from s3fault.witness import Observer
from weed import Bucket


@pytest.mark.failure("EN-3")
def test_command_may_be_killed(bucket: Bucket, tmp_path: Path) -> None:
    """At eight requests, before they reach the store or before their answers come back."""
    kill_often(8, bucket, tmp_path)


@pytest.mark.full
def test_command_may_be_killed_often(bucket: Bucket, tmp_path: Path) -> None:
    """At fifty."""
    kill_often(50, bucket, tmp_path)


def kill_often(times: int, bucket: Bucket, folder: Path) -> None:
    """Kill so many publishes, each of a show that has grown; after each, another machine publishes the same."""
    chance = random.Random(times)
    observer = Observer(base=SITE, canaries=(CANARY.encode(),))
    checkout, killed = THREE, 0
    with before(bucket.server) as proxy:
        length = 50
        for number in range(times):
            words = ["--first"] if not observer.feeds else []
            machine = machine_of(folder / f"killed-{number}", checkout, bucket, proxy)
            process = published(machine, bucket, proxy, words)
            proxy.expect(Death(process.pid, chance.randrange(length), is_after=number % 2 == 0))
            ended = process.ended()
            assert ended.returncode in (-signal.SIGKILL, 0), ended.stderr
            killed += ended.returncode == -signal.SIGKILL
            observer.look(dict(everything(bucket)))

            proxy.expect(None)
            machine = machine_of(folder / f"next-{number}", checkout, bucket, proxy)
            ended = published(machine, bucket, proxy, words).ended()
            assert ended.returncode == 0, ended.stderr
            length = proxy.count
            observer.look(dict(everything(bucket)))
            observer.ended(0, FEED, checkout.promise)
            assert observer.violations == [], number
            checkout = grown(checkout, number)
    assert killed >= 0.8 * times, "void: too few of them were killed"


def grown(checkout: Checkout, number: int) -> Checkout:
    """The next state of *checkout*: one more episode, other audio, or an edit."""
    if number % 3 == 0:
        return checkout.having(f"more-{number}")
    return (
        checkout.having("b", take=number + 1, version=number + 1)
        if number % 3 == 1
        else checkout.having("c", version=number + 1)
    )


def machine_of(folder: Path, checkout: Checkout, bucket: Bucket, proxy: Proxy) -> Path:
    """A machine with a new copy of *checkout*, on its way to *bucket* past *proxy*."""
    place = {"endpoint": f"http://{proxy.address}", "public": f"http://{proxy.address}/{bucket.name}"}
    write_project(folder, checkout, {**bucket.target, **place})
    return folder


def published(folder: Path, bucket: Bucket, proxy: Proxy, words: list[str]) -> Running:
    """`podfeed publish`, as it runs in *folder*."""
    return begun(folder, ["publish", "--trust-server", proxy.address, *words], environment(**bucket.environment))


def everything(bucket: Bucket) -> Iterator[tuple[str, Kept]]:
    """All objects, as the public reads them."""
    for key in bucket.all_keys():
        with urllib.request.urlopen(f"{bucket.public}/{key}") as answer:
            headers = {name.lower(): value for name, value in answer.headers.items()}
            yield key, Kept(data=answer.read(), etag=headers["etag"], headers=headers)
