"""The model and the loop itself, step by step through the same courses: what is public is the same after each."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from model import Course, Ended, Generation, Item, Machine, Model, Run, State, Store
from test_model import REINSTATES, ROLLS_BACK, WITHDRAWS, Edition, after, checkout

from podfeed.errors import PodfeedError, RefusedError
from podfeed.model import Guid
from podfeed.publish import record as records
from podfeed.publish.loop import Loop, Step, Ways
from podfeed.publish.memory import MemoryStore
from podfeed.publish.record import Record, RecordedItem
from podfeed.publish.serving import FOREVER, FRESH, blob
from podfeed.publish.store import Answer, Blob
from podfeed.publish.wanted import Intent, Medium, Wanted

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_FEED, _FURTHER, _SHOW = "show/feed.xml", "show/opus.xml", "guid-of-the-show"


class LossyStore(MemoryStore):
    """A store that gets no put as long as the line is down."""

    def __init__(self) -> None:
        super().__init__(lambda: _NOW)
        self.is_down = False
        #: The records that were read, for they never change.
        self.known: dict[str, Generation] = {}

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        """As `Store` says."""
        return Answer(outcome="unclear") if self.is_down else super().put(blob, only_if=only_if, progress=progress)


# ------------------------------------------------------------------------------- a checkout of the model, with bytes


def _sound(key: str, number: int) -> Blob:
    return blob(key, b"sound %d" % number, _SHOW, content_type="audio/mpeg", cache_control=FOREVER)


def _page(guid: str, text: int) -> Blob:
    data, content_type = b"page %d" % text, "text/html; charset=utf-8"
    return blob(f"show/{guid}.html", data, _SHOW, content_type=content_type, cache_control=FRESH)


_SOUNDS = {_sound("", number).sha256: number for number in range(9)}
_TEXTS = {_page("", number).sha256: number for number in range(9)}


def _recorded(item: Item) -> RecordedItem:
    return RecordedItem(
        guid=Guid(text=item.guid),
        title=item.guid,
        date=None,
        enclosure_url=item.key,
        media=item.key,
        sha256=_sound("", item.sound).sha256,
        digest=str(item.text or ""),
        reinstated=item.returns,
    )


def wanted(machine: Machine, known: Generation | None, taken: Mapping[str, str]) -> Wanted:
    """What the model's *machine* makes of what is public, for the loop."""
    course = Course(machine=machine)
    withdrawals = course.withdrawals(known)
    withdrawn = {guid: returns for guid, (returns, is_withdrawn) in withdrawals.items() if is_withdrawn}
    items = course.composed(Store(), Run(known=known, taken=frozenset(taken)), withdrawals)
    if machine.rolls_back_to and withdrawn.keys() & {item.guid for item in items}:
        raise RefusedError("withdrawn since")
    listed = sorted(items)
    feed = (json.dumps([item[:4] for item in listed]) + "\n").encode()
    gone = (withdrawn.keys() | (known.gone if known else {}).keys()) - {item.guid for item in items}
    pages = dict.fromkeys(gone, 0) | ({} if machine.rolls_back_to else {item.guid: item.text for item in items})
    kept = known.pages if machine.rolls_back_to and known else ()
    sounds = [_sound(item.key, item.sound) for item in listed]
    return Wanted(
        show="show",
        guid=_SHOW,
        feed_key=_FEED,
        feed_url="https://memory.podfeed.example/show/feed.xml",
        feed=feed,
        channel="channel",
        items=tuple(_recorded(item) for item in listed),
        withdrawn=tuple(_recorded(Item(guid, 0, "", 0, returns=returns)) for guid, returns in withdrawn.items()),
        media={each.key: Medium(key=each.key, sha256=each.sha256, blob=lambda each=each: each) for each in sounds},
        pages={page.key: page for page in (_page(guid, text) for guid, text in pages.items())},
        kept_pages={page.key: page.sha256 for page in (_page(guid, text) for guid, text in kept)},
        derived={_FURTHER: b"further " + feed},
    )


# ----------------------------------------------------------------------------- what lies in a store, as the model has it


def _items(items: tuple[RecordedItem, ...]) -> frozenset[Item]:
    return frozenset(
        Item(
            item.guid.text,
            int(item.digest or 0),
            item.media,
            _SOUNDS[item.sha256],
            frozenset(int(each or 0) for each in item.earlier),
            item.reinstated,
        )
        for item in items
    )


def generation(store: LossyStore, name: str) -> Generation | None:
    """The record called *name* as the model has it."""
    if name not in store.known:
        found = store.get(records.record_key("show", name)) if name else None
        if found is None:
            return None
        record = records.read(found.data, name)
        store.known[name] = Generation(
            number=record.generation,
            parent=generation(store, record.parent),
            stamp=record.writer,
            items=_items(record.items),
            withdrawn=_items(record.withdrawn),
            media=frozenset((key, _SOUNDS[each.sha256]) for key, each in record.media.items()),
            pages=frozenset((_guid_of(key), _TEXTS[sha256]) for key, sha256 in record.pages.items()),
        )
    return store.known[name]


def _guid_of(page: str) -> str:
    return page.removeprefix("show/").removesuffix(".html")


def named_by(store: LossyStore, key: str) -> Generation | None:
    """The generation that the feed at *key* is of."""
    found = store.get(key)
    return generation(store, records.unsigned(found.data)[1]) if found else None


def seen(store: LossyStore) -> Store:
    """What lies in *store*, but for its pages."""
    feed = named_by(store, _FEED)
    names = [key.split("/")[-1].removesuffix(".json") for key in store.list("_podfeed/") if key.endswith(".json")]
    sounds = {each.key: each.sha256 for each in store.objects.values() if each.content_type == "audio/mpeg"}
    return Store(
        feed=feed,
        records=frozenset(each for name in names if (each := generation(store, name))),
        media=frozenset((key, _SOUNDS[sha256]) for key, sha256 in sounds.items()),
        derived=named_by(store, _FURTHER),
        last=feed,
    )


# --------------------------------------------------------------------------------------------- the loop, step by step


class Killed(BaseException):
    """The end of a process."""


@dataclass(slots=True)
class Process:
    """A run of the loop that waits before each of its steps."""

    machine: Machine
    store: LossyStore
    #: The step it is to take next; empty once it ended.
    step: str = ""
    code: int = 0
    _is_killed: bool = False
    _may_go: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _waits: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def begin(self) -> None:
        """Start, and wait before READ."""
        threading.Thread(target=self._run, daemon=True).start()
        self._waits.acquire()

    def go(self, *, is_down: bool = False) -> None:
        """Take the next step, with the line to the store *is_down* or not."""
        self.store.is_down = is_down
        self._may_go.release()
        self._waits.acquire()
        self.store.is_down = False

    def kill(self) -> None:
        """End before the next step."""
        self._is_killed = True
        self.go()

    def _run(self) -> None:
        try:
            _loop(self.machine, self.store, self._tell).run()
        except PodfeedError as error:
            self.code = error.exit_code
        except Killed:
            pass
        finally:
            self.step = ""
            self._waits.release()

    def _tell(self, step: Step, show: str) -> None:
        self.step = step
        self._waits.release()
        self._may_go.acquire()
        if self._is_killed:
            raise Killed


def _loop(machine: Machine, store: LossyStore, tell: Callable[[Step, str], None] = lambda step, show: None) -> Loop:
    def compose(known: Record | None, taken: Mapping[str, str]) -> Wanted:
        return wanted(machine, generation(store, known.name) if known else None, taken)

    restores = bool(machine.rolls_back_to)
    return Loop(
        show="show",
        feed_key=_FEED,
        guid="",
        store=store,
        compose=compose,
        intent=Intent(
            reverts=machine.reverts, restores=restores, withdraws=machine.withdraws, reinstates=machine.reinstates
        ),
        ways=Ways(
            sleep=lambda seconds: None,
            chance=lambda: 0.0,
            seconds_left=lambda: 60.0,
            each=lambda function, pieces: [function(each) for each in pieces],
            tell=tell,
            writer=machine.stamp,
            now=_NOW,
        ),
    )


# ----------------------------------------------------------------------------------------------------- the two of them

_BEFORE = checkout("before", x=1)
_BOTH = checkout("before", x=1, y=1)

SITUATIONS = {
    "a first publish": ((), (checkout("0", x=1), checkout("1", x=1, a=1), checkout("2", b=1))),
    "edits": ((_BEFORE,), (checkout("0", x=2), checkout("1", x=1), checkout("2", x=3, a=1))),
    "two sounds of one name": (
        (_BEFORE,),
        (checkout("0", x=1, a=Edition(1, 1, "name")), checkout("1", x=1, a=1, b=Edition(1, 2, "name"))),
    ),
    "a withdrawal": ((_BOTH,), (WITHDRAWS, checkout("0", x=1, y=1), checkout("1", x=1, y=2))),
    "a return": ((_BOTH, WITHDRAWS), (REINSTATES, checkout("0", x=1, y=2), WITHDRAWS)),
    "a rollback": ((_BEFORE, checkout("before", x=2)), (ROLLS_BACK, checkout("0", x=2), checkout("1", x=3))),
}


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("situation", SITUATIONS)
def test_loop_does_what_the_model_does(situation: str, seed: int) -> None:
    """Whoever takes a step, is killed or is not heard, the loop and the model leave the same behind."""
    before, machines = SITUATIONS[situation]
    model = Model(machines=tuple(machines), store=after(*before), most=99)
    store = LossyStore()
    for machine in before:
        _loop(machine, store).run()
    state = model.start._replace(left=(3,) * len(machines))
    processes = [Process(machine, store) for machine in machines]
    chance = random.Random(f"{situation} {seed}")

    for _ in range(60):
        number = chance.randrange(len(machines))
        state = _both_step(model, state, processes, number, chance.choices(("go", "down", "kill"), (12, 1, 1))[0])

        assert state.store._replace(pages=frozenset()) == seen(store)
        run, process = state.runs[number], processes[number]
        assert (run.step if isinstance(run, Run) else "") == process.step
        if isinstance(run, Ended):
            assert run.code == process.code
    for process in processes:
        if process.step:
            process.kill()


def _both_step(model: Model, state: State, processes: list[Process], number: int, what: str) -> State:
    """One step of the machine *number*, of the model and of the loop: taken, not heard by the store, or its end."""
    process = processes[number]
    run = state.runs[number]
    if not isinstance(run, Run):
        if not state.left[number]:
            return state
        processes[number] = process = Process(process.machine, process.store)
        process.begin()
        what = "go"
    if what == "kill":
        process.kill()
        return state._replace(runs=(*state.runs[:number], None, *state.runs[number + 1 :]))
    is_down = what == "down" and process.step in ("PAGES", "COMMIT")
    process.go(is_down=is_down)
    return _model_step(model, state, number, is_down=is_down)


def _model_step(model: Model, state: State, number: int, *, is_down: bool) -> State:
    """A whole step of the model, which takes one request at a time."""
    run = state.runs[number]
    step = run.step if isinstance(run, Run) else "READ"
    while True:
        moves = [move for move in model.moves_of(number, state) if not move.name.endswith("killed")]
        state = moves[-1 if is_down else 0].state
        after = state.runs[number]
        if not isinstance(after, Run) or after.step != step:
            return state
