"""Publishers at the same time, with the same, newer or other content: one wins or all do; nothing is lost or mixed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from s3fault import machines
from s3fault.bucket import Fault, randomly
from s3fault.checkouts import FEED, NOW, Checkout
from s3fault.scenes import FIRST, MOVED, SCENES, THREE, WITHDRAWAL, Scene
from s3fault.together import Nap
from s3fault.world import KILLED, World, direct

from podfeed.publish.wanted import Intent

Runs = Mapping[str, tuple[Checkout, Intent | None]]

#: Who publishes what at the same time.
RACES: dict[str, Runs] = {
    "the same": {"one": (THREE.having("d"), None), "two": (THREE.having("d"), None)},
    "one ahead": {"one": (THREE.having("d"), None), "two": (THREE.having("d", "e"), None)},
    "disjoint": {"one": (THREE.having("d"), None), "two": (THREE.having("e"), None)},
    "edits": {"one": (THREE.having("a", version=2), None), "two": (THREE.having("a", "b", version=2), None)},
    "other audio": {"one": (THREE.having("a", take=2), None), "two": (THREE.having("a", take=3), None)},
    "a withdrawal": {"one": (THREE, WITHDRAWAL), "two": (THREE.having("d"), None)},
    "three": {
        "one": (THREE.having("d"), None),
        "two": (THREE.having("d", "e"), None),
        "three": (THREE.having("d", "e", "f"), None),
    },
    "two and a withdrawal": {
        "one": (THREE.having("d"), None),
        "two": (THREE.having("d", "e"), None),
        "three": (THREE.having("d", "e"), WITHDRAWAL),
    },
}
EACH_RACE = pytest.mark.parametrize("runs", RACES.values(), ids=RACES)


@pytest.mark.failure("EN-4")
@pytest.mark.failure("EN-12")
@pytest.mark.failure("OS-7")
@EACH_RACE
@pytest.mark.parametrize("has_random_etags", [False, True], ids=["etags of the bytes", "random etags"])
def test_publishers_at_the_same_time(runs: Runs, has_random_etags: bool) -> None:
    """All have read before any commits, forty times over."""
    race_often(40, runs, direct, has_random_etags=has_random_etags)


@EACH_RACE
def test_publishers_at_the_same_time_by_boto3(runs: Runs, worlds_over_http: Callable[[], World]) -> None:
    """The same through HTTP."""
    race_often(4, runs, worlds_over_http)


@pytest.mark.full
@EACH_RACE
def test_publishers_at_the_same_time_often(runs: Runs, worlds_over_http: Callable[[], World]) -> None:
    """Both, a hundred times over."""
    race_often(100, runs, direct)
    race_often(100, runs, worlds_over_http)


@pytest.mark.failure("EN-5")
def test_the_later_of_two_that_each_lack_an_episode_is_refused() -> None:
    """One of them is told to bring its checkout up to date; then both episodes are there."""
    world = begun(direct)

    ends = world.race(RACES["disjoint"])

    assert sorted(ends.values()) == [0, 3]
    assert world.publish("later", THREE.having("d", "e")) == 0
    assert not world.violations


@pytest.mark.failure("EN-6")
@pytest.mark.parametrize("scene", SCENES[1:], ids=[scene.name for scene in SCENES[1:]])
def test_publisher_that_slept(scene: Scene) -> None:
    """A laptop sleeps at any of its requests, and when it wakes another machine has published."""
    sleep_anywhere(scene.beginning(direct), (scene.after, scene.intent), scene.after.having("z"))


def test_feed_that_moved_is_still_one_feed() -> None:
    """One machine knows its new address, another the old one, and neither undoes the other's work."""

    def moved() -> World:
        world = begun(direct)
        assert world.publish("before", MOVED.having("d")) == 0
        return world

    sleep_anywhere(moved, (MOVED.having("d", "e"), None), THREE.having("d", "f"))
    sleep_anywhere(moved, (THREE.having("d", "e"), None), MOVED.having("d", "f"))


@pytest.mark.failure("EN-9")
def test_machines_with_other_clocks(worlds_of_projects: Callable[[], World], tmp_path: Path) -> None:
    """What one has published stays so for another, to whom it is not due yet, and which lives in another zone."""
    world = worlds_of_projects()
    for name in ("one", "two"):
        machines.write_project(tmp_path / name, THREE, {"s3": "pod", "region": name})
        episode = tmp_path / name / "episodes/c.md"
        episode.write_text(episode.read_text().replace("2025-06-02 05:00:00 +0900", "2026-01-01 08:59:00 +0900"))
    machines.publish(tmp_path / "one", "", FIRST)
    before = len(world.bucket.log)

    with pytest.MonkeyPatch.context() as zone:
        zone.setenv("TZ", "America/New_York")
        time.tzset()
        machines.publish(tmp_path / "two", "", Intent(), now=NOW - timedelta(minutes=3))
    time.tzset()

    assert world.observer.feeds[FEED].titles.keys() == {"a", "b", "c"}
    assert [each.key for each in world.bucket.log[before:] if each.method == "PUT"] == []
    assert not world.violations


@pytest.mark.failure("OS-1")
@pytest.mark.failure("OS-17")
def test_random_faults_with_kills() -> None:
    """One request of ten fails, in two hundred courses of up to four publishers in any order of their requests."""
    survive_random_faults(range(200))


@pytest.mark.full
def test_random_faults_with_kills_often() -> None:
    """Ten thousand such courses."""
    survive_random_faults(range(10_000))


# ---------------------------------------------------------------------------------------------- races


def begun(make: Callable[[], World]) -> World:
    """A world where three episodes are public."""
    world = make()
    assert world.publish("before", THREE, FIRST) == 0
    return world


def race_often(times: int, runs: Runs, make: Callable[[], World], *, has_random_etags: bool = False) -> None:
    """Let *runs* race so many *times*; half of that they must have come into each other's way."""
    contended = 0
    for _ in range(times):
        world = begun(make)
        world.bucket.has_random_etags = has_random_etags
        for _, intent in runs.values():
            world.observer.may_leave |= intent.withdraws if intent else set()

        ends = world.race(runs)

        assert set(ends.values()) <= {0, 3, 4}
        assert 0 in ends.values()
        assert not world.violations
        contended += world.was_contended
    assert contended >= times / 2, "void: too few of them came into each other's way"


def sleep_anywhere(begin: Callable[[], World], run: tuple[Checkout, Intent | None], newer: Checkout) -> None:
    """Let somebody sleep in the middle of *run*, before each of its requests in turn, while another publishes *newer*."""
    number, has_slept = 0, True
    while has_slept:
        world = begin()
        nap = world.bucket.before = Nap("sleeper", number, partial(world.publish, "awake", newer))

        code = world.publish("sleeper", *run)

        assert code in (0, 3), number
        assert not world.violations, number
        number, has_slept = number + 1, nap.is_over
    assert number > 8


# --------------------------------------------------------------------------------------- random faults

#: How a machine's checkout grows; what comes later has all that was before.
HISTORY = (
    THREE,
    THREE.having("d"),
    THREE.having("d").having("b", version=2, take=2),
    THREE.having("d", "e").having("b", version=2, take=2),
)
#: The same for a show that is published for the first time.
GROWTH = (THREE, THREE.having("d"), THREE.having("d", "e"))


NO_KILLS = [fault for fault in Fault if fault not in (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)]


def survive_random_faults(seeds: Iterable[int]) -> None:
    """Go through a course for each of *seeds*: nothing breaks, and who is up to date needs one more run at most."""
    ends = Counter(course(seed) for seed in seeds)

    assert ends[0] >= 0.99 * ends.total(), ends


def course(seed: int) -> int:
    """How it ends for a publisher that is up to date, after one more run where the first did not end well.

    Others publish at the same time what they have, in an order of requests that *seed* gives, as it does the faults.
    """
    chance = random.Random(seed)
    world = direct()
    world.bucket.has_random_etags = chance.random() < 0.5
    world.bucket.page_size, world.bucket.listed = 2, lambda keys: chance.sample(keys * 2, len(keys) * 2)
    is_first = chance.random() < 0.3
    if not is_first:
        assert world.publish("before", THREE) == 0
    history = GROWTH if is_first else HISTORY
    runs: dict[str, tuple[Checkout, Intent | None]] = {"up to date": (history[-1], None)}
    for name in ("two", "three"):
        if chance.random() < 0.5:
            runs[name] = (chance.choice(history), None)
    if not is_first and chance.random() < 0.3:
        runs["withdrawing"] = (chance.choice(history), WITHDRAWAL)
        world.observer.may_leave.add("a")
    world.bucket.plan = randomly(0.1, list(Fault), chance.random)

    ends = world.race(runs, turns=chance.random)
    world.bucket.plan = randomly(0.1, NO_KILLS, chance.random)
    last = ends["up to date"] and world.publish("one more", history[-1])

    assert set(ends.values()) <= {0, 3, 4, KILLED}, seed
    assert not world.violations, seed
    return last
