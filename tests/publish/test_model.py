"""The model of the loop: no course breaks a promise, and without a safeguard one does."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import model as m
import pytest
from model import Edition, Foreign, Machine, Model, Store, undisturbed, walk

from podfeed.publish import loop

_X, _Y = frozenset({"x"}), frozenset({"y"})


def checkout(stamp: str, *, runs: int = 1, **episodes: int | Edition) -> Machine:
    """A machine that has *episodes*, each by the version of its text or whole."""
    source = {guid: each if isinstance(each, Edition) else Edition(each) for guid, each in episodes.items()}
    return Machine(source=source, stamp=stamp, runs=runs)


def after(*machines: Machine, store: Store | None = None) -> Store:
    """What lies in a store, an empty one by default, after each of *machines* ran."""
    quiet = Model(machines=machines, store=store or Store(), has_kills=False, has_losses=False)
    return undisturbed(quiet).store


WITHDRAWS = Machine(source={"x": Edition(), "y": Edition()}, withdraws=_Y, stamp="withdraws")
REINSTATES = Machine(source={"x": Edition(), "y": Edition()}, reinstates=_Y, stamp="reinstates")
ROLLS_BACK = Machine(rolls_back_to=1, reverts=True, stamp="rolls back")

#: One episode is public; its text was edited since; two are; one of these was withdrawn.
ONE = after(checkout("before", x=1))
EDITED = after(checkout("before", x=2), store=ONE)
TWO = after(checkout("before", x=1, y=1))
WITHDRAWN = after(WITHDRAWS, store=TWO)


SOUND = {
    "the same source": Model(machines=(checkout("0", runs=2, x=1), checkout("1", x=1))),
    "the same source within one second": Model(machines=(checkout("", runs=2, x=1), checkout("", x=1))),
    "one ahead": Model(machines=(checkout("0", runs=2, x=1), checkout("1", x=1, a=1))),
    "disjoint": Model(machines=(checkout("0", runs=2, a=1), checkout("1", b=1))),
    "disjoint after a first": Model(machines=(checkout("0", x=1, a=1), checkout("1", x=1, b=1)), store=ONE),
    "three publishers": Model(
        machines=(checkout("0", x=2), checkout("1", x=1, a=1), checkout("2", x=2, b=1)), store=ONE
    ),
    "edits and a stale checkout": Model(
        machines=(checkout("0", x=2), checkout("1", x=1), checkout("2", x=3)), store=ONE
    ),
    "another sound for an episode": Model(
        machines=(checkout("0", x=1, a=Edition(1, 1)), checkout("1", runs=2, x=1, a=Edition(2, 2))), store=ONE
    ),
    "two sounds of one name": Model(
        machines=(checkout("0", a=Edition(1, 1, "name")), checkout("1", a=1, b=Edition(1, 2, "name")))
    ),
    "a release that is due": Model(
        machines=(checkout("0", runs=2, x=1, a=Edition(due=1)), checkout("1", x=1, a=Edition(due=1))),
        store=ONE,
        hours=1,
    ),
    "a withdrawal and two publishers": Model(
        machines=(WITHDRAWS, checkout("0", x=1, y=1), checkout("1", x=1, y=2)), store=TWO
    ),
    "a withdrawal and a cron job": Model(
        machines=(replace(WITHDRAWS, runs=2), checkout("0", runs=2, x=1, y=2)), store=TWO
    ),
    "a withdrawal by podfeed.lock": Model(
        machines=(replace(checkout("0", runs=2, x=1), lock={"y": (0, True)}), checkout("1", runs=2, x=1, y=1)),
        store=TWO,
    ),
    "a return": Model(
        machines=(REINSTATES, checkout("0", runs=2, x=1, y=1), replace(checkout("1", x=1, y=1), lock={"y": (0, True)})),
        store=WITHDRAWN,
    ),
    "a return, and a lock and a checkout from before it": Model(
        machines=(REINSTATES, replace(checkout("0", runs=2, x=1), lock={"y": (0, True)})), store=WITHDRAWN
    ),
    "a return and a withdrawal": Model(machines=(REINSTATES, WITHDRAWS, checkout("0", x=1, y=1)), store=WITHDRAWN),
    "a rollback and the newer source": Model(
        machines=(replace(ROLLS_BACK, runs=2), checkout("0", runs=2, x=2)), store=EDITED
    ),
    "a rollback, a mended source and an old one": Model(
        machines=(ROLLS_BACK, checkout("0", x=3), checkout("1", x=1)), store=EDITED, has_losses=False
    ),
    "a revert and the newer source": Model(
        machines=(replace(checkout("0", x=1), reverts=True), checkout("1", runs=2, x=2)), store=EDITED
    ),
    "a feed that was taken away": Model(
        machines=(ROLLS_BACK, checkout("0", runs=2, x=2)), store=EDITED, loses_feed=True, has_losses=False
    ),
    "a feed with a tombstone that was taken away": Model(
        machines=(replace(ROLLS_BACK, rolls_back_to=2), checkout("0", runs=2, x=1, y=1)),
        store=WITHDRAWN,
        loses_feed=True,
        has_losses=False,
    ),
    "over a feed of somebody else": Model(
        machines=(replace(checkout("0", x=1, a=1), is_first=True), replace(checkout("1", x=1), is_first=True)),
        store=Store(feed=Foreign(_X)),
        has_losses=False,
    ),
}

#: Nobody is killed and nothing is lost: then the pages follow the feed, too.
QUIET = {
    "a publisher asleep through a rollback": Model(
        machines=(ROLLS_BACK, checkout("0", x=2), checkout("1", x=3)), store=ONE, has_kills=False, has_losses=False
    ),
    **{name: SOUND[name] for name in ("three publishers", "a withdrawal and two publishers", "disjoint")},
}


def test_model_has_the_steps_of_the_loop() -> None:
    """What is shown of the model is shown of the loop by name."""
    assert get_args(loop.Step) == m.STEPS


@pytest.mark.failure("EN-5")
@pytest.mark.failure("EN-6")
@pytest.mark.parametrize("situation", SOUND.values(), ids=SOUND)
def test_no_course_breaks_a_promise(situation: Model) -> None:
    """Whoever runs when, is killed where, and whatever gets lost: every promise is kept, and someone can go on."""
    assert walk(situation).broken == {}


@pytest.mark.parametrize("situation", QUIET.values(), ids=QUIET)
def test_pages_follow_the_feed_where_nobody_is_killed(situation: Model) -> None:
    """A machine that lost a race puts the pages right that it put over those of the winner."""
    assert walk(replace(situation, has_kills=False, has_losses=False)).broken == {}


@pytest.mark.parametrize(
    ("safeguard", "situation", "promises"),
    [
        pytest.param(
            "compare-and-swap",
            SOUND["one ahead"],
            {m.EPISODE_VANISHES, m.PUBLISH_IS_LOST, m.OLDER_FEED},
            id="older feed, vanished episode, lost publish",
        ),
        pytest.param("media before feed", SOUND["one ahead"], {m.NAMES_WHAT_IS_NOT_THERE}, id="missing file"),
        pytest.param("no-shrink", SOUND["one ahead"], {m.EPISODE_VANISHES}, id="stale checkout"),
        pytest.param(
            "tombstones", SOUND["a withdrawal and a cron job"], {m.WITHDRAWN_COMES_BACK}, id="withdrawn in vain"
        ),
        pytest.param(
            "last line",
            QUIET["a publisher asleep through a rollback"],
            {m.OLDER_FEED, m.PUBLISH_IS_LOST},
            id="an ETag alone is no version",
        ),
        pytest.param(
            "older-item", SOUND["edits and a stale checkout"], {m.REPLACED_COMES_BACK}, id="older notes come back"
        ),
        pytest.param("derived generation", SOUND["one ahead"], {m.OLDER_FURTHER_FEED}, id="older further feed"),
    ],
)
def test_without_a_safeguard_a_promise_is_broken(safeguard: str, situation: Model, promises: set[str]) -> None:
    """No safeguard is there for nothing, and the model sees what it keeps from happening."""
    unsafe = replace(situation, without=frozenset({safeguard}))

    assert promises <= walk(unsafe, sought=frozenset(promises)).broken.keys()


def test_every_safeguard_is_left_out_once() -> None:
    """The table above has a row for each."""
    marks = [mark for mark in test_without_a_safeguard_a_promise_is_broken.pytestmark if mark.name == "parametrize"]

    assert [row.values[0] for row in marks[0].args[1]] == list(m.SAFEGUARDS)
