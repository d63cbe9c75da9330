"""Whatever happens to whichever request, no subscriber ever sees it, and one more run is all it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

import pytest
from s3fault.bucket import FIVE, Fault, Lie, after
from s3fault.machines import with_projects
from s3fault.scenes import FIRST, SCENES, THREE, WITHDRAWAL, Scene
from s3fault.world import KILLED, World, direct


def each_of(scenes: Sequence[Scene]) -> pytest.MarkDecorator:
    """A test for each of *scenes*."""
    return pytest.mark.parametrize("scene", scenes, ids=[scene.name for scene in scenes])


_KILLS = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)
#: What takes the longest is tried on the most different ones; on all, where the large figures are asked for.
_FEW, _MORE = (SCENES[0], SCENES[2], SCENES[3]), SCENES[:5]


@pytest.mark.failure("EN-3")
@pytest.mark.failure("EN-7")
@pytest.mark.failure("OS-2")
@pytest.mark.failure("OS-3")
@each_of(SCENES)
def test_any_request_of_the_loop_may_fail(scene: Scene) -> None:
    """Every fault at every request, of those that put media, pages, records and feeds, and of those that look."""
    begin = scene.beginning(direct)
    for number in range(requests_of(scene, begin)):
        for fault in Fault:
            world = survived(scene, begin, number, fault)

            assert puts_of_another_run(world, scene) == [], (number, fault)


@pytest.mark.failure("OS-2")
@each_of(_FEW)
def test_any_request_of_boto3_may_fail(scene: Scene, worlds_over_http: Callable[[], World]) -> None:
    """A fault at every request through HTTP, where boto3 asks again before podfeed hears of anything."""
    begin = scene.beginning(worlds_over_http)
    for number, fault in zip(range(requests_of(scene, begin)), cycle(FIVE), strict=False):
        survived(scene, begin, number, fault)


@pytest.mark.failure("EN-3")
@each_of(_MORE)
def test_any_request_of_a_project_may_fail(scene: Scene, worlds_of_projects: Callable[[], World]) -> None:
    """A fault at every request of real projects, with further feeds, a feed of all shows, and what is not public yet."""
    begin = scene.beginning(worlds_of_projects)
    for number, fault in zip(range(requests_of(scene, begin)), cycle(FIVE), strict=False):
        survived(scene, begin, number, fault)


@pytest.mark.failure("OS-4")
@pytest.mark.failure("OS-5")
@pytest.mark.parametrize("lie", Lie, ids=lambda lie: lie.value)
def test_liar_is_refused_before_anything_is_public(
    lie: Lie, worlds_over_http: Callable[[], World], tmp_path: Path
) -> None:
    """A store that does not do what it says is found out by a first publish, in places that nothing names."""
    with with_projects(worlds_over_http, tmp_path) as make:
        world = make()
        world.bucket.lie = lie

        code = world.publish("one", THREE, FIRST)

    # boto3 takes an error for what it is, whatever the status: such a store is in trouble, and not to be trusted.
    assert code == {Lie.KEEPS_OTHER_BYTES: 5, Lie.ERROR_IN_A_200: 4}.get(lie, 7)
    assert [key for key in world.bucket.objects if not key.startswith("_podfeed/probe/")] == []


@pytest.mark.failure("OS-15")
@pytest.mark.failure("OS-16")
@pytest.mark.failure("CO-8")
def test_nothing_is_ever_deleted(worlds_of_projects: Callable[[], World]) -> None:
    """What others put beside it stays as it is; and what was public once stays where it was."""
    world = worlds_of_projects()
    others = ("audio/other.mp3", "radio/other.html", "_podfeed/other", "radio/b/other.html")
    for key in others:
        world.bucket.put(key, key.encode())
    world.observer.may_leave.add("a")

    assert world.publish("first", THREE, FIRST) == 0
    assert world.publish("second", THREE.having("d").having("b", version=2, take=2)) == 0
    assert world.publish("third", THREE.having("d").having("b", version=2, take=2), WITHDRAWAL) == 0

    assert [each for each in world.bucket.log if each.method == "DELETE"] == []
    assert [world.bucket.objects[key].data for key in others] == [key.encode() for key in others]
    assert not world.violations


@pytest.mark.full
@each_of(SCENES)
def test_everything_may_happen_to_any_request(
    scene: Scene, worlds_over_http: Callable[[], World], tmp_path: Path
) -> None:
    """Each of five faults at each request of a real project through HTTP."""
    with with_projects(worlds_over_http, tmp_path) as make:
        begin = scene.beginning(make)
        for number in range(requests_of(scene, begin)):
            for fault in FIVE:
                survived(scene, begin, number, fault)


# ----------------------------------------------------------------------------------------------- runs


def requests_of(scene: Scene, begin: Callable[[], World]) -> int:
    """How many requests *scene* takes where nothing fails."""
    world = begin()

    assert world.publish("one", scene.after, scene.intent) == 0

    assert not world.violations
    return len(world.bucket.log)


def survived(scene: Scene, begin: Callable[[], World], number: int, fault: Fault) -> World:
    """The world after *fault* befell a request of *scene*, and another machine published as if nothing had been."""
    world = begin()
    world.bucket.plan, world.bucket.anonymous = after(number, fault), "one"

    first = world.publish("one", scene.after, scene.intent)
    world.bucket.plan, world.bucket.anonymous = after(-1, fault), "two"
    second = world.publish("two", scene.after, scene.plain)

    assert first == (KILLED if fault in _KILLS else 0), (number, fault)
    assert second == 0, (number, fault)
    assert not world.violations, (number, fault)
    return world


def puts_of_another_run(world: World, scene: Scene) -> list[str]:
    """What a third run puts, which has nothing left to do."""
    before = len(world.bucket.log)
    assert world.publish("three", scene.after, scene.plain) == 0
    return [each.key for each in world.bucket.log[before:] if each.method == "PUT"]
