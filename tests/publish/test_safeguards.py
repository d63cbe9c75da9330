"""Each safeguard is needed: what it guards holds with it, and breaks as soon as it is taken away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from s3fault import machines
from s3fault.bucket import Fault, after
from s3fault.checkouts import FEED, Checkout
from s3fault.scenes import FIRST, THREE, WITHDRAWAL
from s3fault.together import Nap
from s3fault.world import World, direct

from podfeed import composing
from podfeed.errors import ContentError
from podfeed.publish import decision, loop, record, s3
from podfeed.publish.live import Live
from podfeed.publish.loop import Loop
from podfeed.publish.record import Record
from podfeed.publish.wanted import Intent, Wanted
from podfeed.read import source


@dataclass(frozen=True, slots=True)
class Worlds:
    """What a harness may need: worlds of its own, and a folder."""

    over_http: Callable[[], World]
    of_projects: Callable[[], World]
    folder: Path


Remove = Callable[[pytest.MonkeyPatch], None]
Harness = Callable[[Worlds], str]


# --------------------------------------------------------------------------------- how each is taken away


def without_if_match(patch: pytest.MonkeyPatch) -> None:
    """The feed is put over whatever is there."""
    commit = Loop.commit
    patch.setattr(Loop, "commit", lambda self, live, *others: commit(self, replace(live, version=None), *others))


def without_a_unique_last_line(patch: pytest.MonkeyPatch) -> None:
    """The same content has the same last line, whichever generation it is."""
    signed, names = record.signed, dict[bytes, str]()
    patch.setattr(record, "signed", lambda feed, name: signed(feed, names.setdefault(feed, name)))


def without_no_shrink(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether an episode is missing."""
    patch.setattr(decision, "_refuse_smaller", lambda *what: None)


def without_older_item(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether what is here was replaced before."""
    patch.setattr(decision, "_refuse_older", lambda *what: None)


def without_tombstones(patch: pytest.MonkeyPatch) -> None:
    """No record says what was withdrawn."""
    patch.setattr(decision, "_withdrawn", lambda *what: ())


def without_reading_tombstones(patch: pytest.MonkeyPatch) -> None:
    """A project does not look at what its record says was withdrawn."""
    remembering = composing.remembering

    def forgetful(project: Any, show: str, known: Record | None, *others: Any) -> Any:
        return remembering(project, show, known and replace(known, withdrawn=()), *others)

    patch.setattr(composing, "remembering", forgetful)


def with_the_feed_before_its_media(patch: pytest.MonkeyPatch) -> None:
    """The media go up once the feed names them."""
    put_media, commit = Loop.put_media, Loop.commit

    def early(self: Loop, live: Live, wanted: Wanted, following: Record) -> None:
        commit(self, live, wanted, following)
        put_media(self, live, wanted)

    patch.setattr(Loop, "put_media", lambda *what: ({}, True))
    patch.setattr(Loop, "commit", early)


def without_the_check_before_the_commit(patch: pytest.MonkeyPatch) -> None:
    """Nobody asks for media as the public will."""
    patch.setattr(loop, "check_medium", lambda *what, **ways: None)


def with_409_for_412(patch: pytest.MonkeyPatch) -> None:
    """“Somebody else is at it” is taken for “it is there”."""
    patch.setattr(s3, "_BUSY", ())
    patch.setattr(s3, "_REFUSED", (409, 412))


def without_the_text_gate(patch: pytest.MonkeyPatch) -> None:
    """Characters that no feed can carry come through."""
    patch.setattr(source, "UNPRINTABLE", re.compile("(?!)"))


# --------------------------------------------------------------------------------- what each of them guards
# A harness tells what went wrong; nothing when all is as it should be.


def begun(make: Callable[[], World] = direct) -> World:
    """A world where three episodes are public."""
    world = make()
    assert world.publish("before", THREE, FIRST) == 0
    return world


def asleep_during_a_publish(worlds: Worlds) -> str:
    """While one machine sleeps before its commit, another publishes an episode that it lacks."""
    world = begun()
    world.bucket.before = Nap("sleeper", FEED, lambda: world.publish("awake", THREE.having("d", "e")))
    code = world.publish("sleeper", THREE.having("d"))
    return world.violations or unless(code == 3)


def asleep_during_a_rollback(worlds: Worlds) -> str:
    """While one machine sleeps before its commit, the feed becomes another, and then again what it was."""
    world = begun()
    world.observer.may_revert = True

    def publish_and_go_back() -> None:
        assert world.publish("awake", THREE.having("a", version=2)) == 0
        assert world.publish("awake", THREE, Intent(reverts=True)) == 0

    world.bucket.before = Nap("sleeper", FEED, publish_and_go_back)
    code = world.publish("sleeper", THREE.having("d"))
    return world.violations or unless(code == 0)


def old_checkout(worlds: Worlds) -> str:
    """A checkout lacks an episode that is published."""
    world = begun()
    code = world.publish("old", Checkout().having("a", "b"))
    return world.violations or unless(code == 3)


def old_edit(worlds: Worlds) -> str:
    """A checkout has an episode as it was before an edit that is published."""
    world = begun()
    assert world.publish("new", THREE.having("a", version=2)) == 0
    code = world.publish("old", THREE)
    return world.violations or unless(code == 3)


def cron_after_a_withdrawal(worlds: Worlds) -> str:
    """One machine withdraws an episode that another still has."""
    return withdrawn_and_published(begun())


def cron_of_a_project_after_a_withdrawal(worlds: Worlds) -> str:
    """The same with real projects."""
    return withdrawn_and_published(begun(worlds.of_projects))


def withdrawn_and_published(world: World) -> str:
    """What goes wrong when one machine withdraws an episode, and another publishes."""
    world.observer.may_leave.add("a")
    codes = world.publish("one", THREE, WITHDRAWAL), world.publish("two", THREE.having("d"))
    return world.violations or unless(codes == (0, 0))


def any_publish(worlds: Worlds) -> str:
    """An episode is published, and somebody reads the feed all the time."""
    world = begun()
    code = world.publish("one", THREE.having("d"))
    return world.violations or unless(code == 0)


def private_media(worlds: Worlds) -> str:
    """The store takes media, and gives them to nobody."""
    world = begun()
    world.bucket.private = world.observer.private = lambda key: key == "audio/d.mp3"
    code = world.publish("one", THREE.having("d"))
    return world.violations or unless(code == 6)


def conflict_at_any_request(worlds: Worlds) -> str:
    """The store says 409 to one conditional put after the other."""
    told = ""
    for number in range(20):
        world = begun(worlds.over_http)
        world.bucket.plan = after(number, Fault.CONFLICT)
        code = world.publish("one", THREE.having("d"))
        told += world.violations or unless(code == 0)
    return told


def invisible_character(worlds: Worlds) -> str:
    """A title holds a character that no parser of feeds takes."""
    world = worlds.of_projects()
    machines.write_project(worlds.folder, THREE, {"s3": "pod", "region": "one"})
    episode = worlds.folder / "episodes/a.md"
    episode.write_text(episode.read_text().replace("title: a v1", 'title: "a \\x0b v1"'))
    try:
        machines.publish(worlds.folder, "", FIRST)
    except ContentError:
        return world.violations
    except Exception as error:
        return f"it ends in {error!r}"
    return world.violations or "it is published"


def unless(ended_well: bool) -> str:
    return "" if ended_well else "it ended with another exit code"


# -------------------------------------------------------------------------------------------------- the list

#: Each safeguard by its name: how it is taken away, what may happen to a publisher, and what is told then.
SAFEGUARDS: dict[str, tuple[Remove, Harness, str]] = {
    "If-Match": (without_if_match, asleep_during_a_publish, "I3: radio/feed.xml: e left"),
    "unique last line": (without_a_unique_last_line, asleep_during_a_rollback, "I2: radio/feed.xml went from 2-"),
    "no-shrink": (without_no_shrink, old_checkout, "I3: radio/feed.xml: c left"),
    "older-item": (without_older_item, old_edit, "I4: radio/feed.xml: a went from a v2 to a v1"),
    "tombstone": (without_tombstones, cron_after_a_withdrawal, "I3: radio/feed.xml: a left"),
    "tombstone, in a project": (
        without_reading_tombstones,
        cron_of_a_project_after_a_withdrawal,
        "I3: radio/feed.xml: a was withdrawn, and is back",
    ),
    "media before feed": (with_the_feed_before_its_media, any_publish, "I1: radio/feed.xml names audio/d.mp3"),
    "check before commit": (
        without_the_check_before_the_commit,
        private_media,
        "I1: radio/feed.xml names audio/d.mp3, which nobody may read",
    ),
    "409 is not 412": (with_409_for_412, conflict_at_any_request, "I1: radio/feed.xml names the record 2-"),
    "text gate": (without_the_text_gate, invisible_character, "control characters"),
}
EACH = pytest.mark.parametrize(("remove", "harness", "told"), SAFEGUARDS.values(), ids=SAFEGUARDS)


@pytest.fixture
def worlds(worlds_over_http: Callable[[], World], worlds_of_projects: Callable[[], World], tmp_path: Path) -> Worlds:
    return Worlds(worlds_over_http, worlds_of_projects, tmp_path / "project")


@pytest.mark.failure("EN-5")
@pytest.mark.failure("OS-3")
@pytest.mark.failure("OS-14")
@EACH
def test_with_its_safeguard_all_holds(remove: Remove, harness: Harness, told: str, worlds: Worlds) -> None:
    """Nothing of what it guards against happens."""
    assert harness(worlds) == ""


@EACH
def test_without_its_safeguard_it_breaks(
    remove: Remove, harness: Harness, told: str, worlds: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Just what it guards against happens, and is seen."""
    remove(monkeypatch)

    assert told in harness(worlds)
