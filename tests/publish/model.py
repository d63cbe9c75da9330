"""The way of a show into public as a small machine, every course of which can be walked.

It has no bytes and no network, only what `podfeed.publish.loop` decides by. Machines run at the same time, one request
of one machine after another, in every order there is. Before any request a machine may be killed; and any put may get
lost on its way, or arrive and its answer be lost. `walk` goes through all of it and tells every promise that is broken,
with a shortest course to it.

To learn the protocol, read `Course` from its top to its bottom: the steps are methods there, in the order of the loop.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, NamedTuple

#: The steps of the loop by its own names, in its order.
STEPS: Final = ("READ", "DECIDE", "MEDIA", "PAGES", "COMMIT", "DERIVED")

#: What keeps the promises; each can be left out, to see that something breaks.
SAFEGUARDS: Final = (
    "compare-and-swap",
    "media before feed",
    "no-shrink",
    "tombstones",
    "last line",
    "older-item",
    "derived generation",
)


# --------------------------------------------------------------------------------------- what lies in the store
# All of it is tuples: a walk looks up a hundred thousand states.


class Item(NamedTuple):
    """An episode in a generation of the feed."""

    guid: str
    #: Which version of what is told of it.
    text: int
    #: The key of its medium, and the bytes that the feed says lie there.
    key: str
    sound: int
    #: The versions that were public before, and were replaced.
    earlier: frozenset[int] = frozenset()
    #: How often it was withdrawn and came back.
    returns: int = 0


class Generation(NamedTuple):
    """A record. Its name holds a hash of it, so that it can stand for its own name here; and for the feed that ends in
    that name."""

    number: int
    parent: Generation | None
    #: Tells records of the same content apart, as the second of the commit does.
    stamp: str
    items: frozenset[Item]
    #: The tombstones.
    withdrawn: frozenset[Item] = frozenset()
    #: Key and bytes of the media that this and earlier generations name.
    media: frozenset[tuple[str, int]] = frozenset()
    #: The pages: guid and the version that is shown; 0 is the note where the page of a withdrawn episode was.
    pages: frozenset[tuple[str, int]] = frozenset()

    @property
    def by_guid(self) -> dict[str, Item]:
        """The items by their guids."""
        return {item.guid: item for item in self.items}

    @property
    def gone(self) -> dict[str, Item]:
        """The tombstones by their guids."""
        return {item.guid: item for item in self.withdrawn}

    @property
    def content(self) -> frozenset[tuple[str, int, str, int]]:
        """What its feed says, but for the last line."""
        return frozenset(item[:4] for item in self.items)

    @property
    def public(self) -> tuple[object, ...]:
        """All of it that anybody can notice."""
        return self.content, self.withdrawn, self.pages

    @property
    def line(self) -> Iterator[Generation]:
        """This generation and those it was made of, newest first."""
        one: Generation | None = self
        while one:
            yield one
            one = one.parent


class Foreign(NamedTuple):
    """A feed without our last line."""

    guids: frozenset[str]


class Store(NamedTuple):
    """What lies in the store, and the time."""

    feed: Generation | Foreign | None = None
    records: frozenset[Generation] = frozenset()
    #: Key and bytes.
    media: frozenset[tuple[str, int]] = frozenset()
    #: Guid and the version that is shown.
    pages: frozenset[tuple[str, int]] = frozenset()
    #: The further feed of the show, made of this generation.
    derived: Generation | None = None
    hour: int = 0
    #: The generation that was public last: the feed, unless somebody took that away.
    last: Generation | None = None

    @property
    def highest(self) -> int:
        """The highest number that any record has."""
        return max((record.number for record in self.records), default=0)


EMPTY: Final = Store()


# ------------------------------------------------------------------------------------------------- who publishes


class Edition(NamedTuple):
    """An episode as a checkout has it."""

    text: int = 1
    sound: int = 1
    #: The name of its audio; its guid by default.
    name: str = ""
    #: The hour from which on it may be public.
    due: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A checkout with its cron job, or a person at a terminal."""

    source: Mapping[str, Edition] = field(default_factory=dict)
    #: What its podfeed.lock knows of withdrawals: how often each episode came back, and whether it is withdrawn now.
    lock: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    #: What it means to do that is refused otherwise.
    withdraws: frozenset[str] = frozenset()
    reinstates: frozenset[str] = frozenset()
    reverts: bool = False
    is_first: bool = False
    #: The number of the generation whose content it brings back.
    rolls_back_to: int = 0
    #: How often it runs, killed runs included.
    runs: int = 1
    #: Machines with the same stamp commit within the same second.
    stamp: str = ""


class Run(NamedTuple):
    """What a machine has in mind while it runs. All of it is gone when it is killed."""

    step: str = "READ"
    #: What lay at the address of the feed, and the record to go on from.
    seen: Generation | Foreign | None = None
    known: Generation | None = None
    #: The highest number of any record, where the known one does not tell it.
    highest: int = 0
    #: What DECIDE wants to be public next.
    following: Generation | None = None
    #: What this run tried to commit.
    mine: frozenset[Generation] = frozenset()
    #: Keys that hold other bytes than its own.
    taken: frozenset[str] = frozenset()
    #: The pages it put: guid and version.
    pages: frozenset[tuple[str, int]] = frozenset()
    #: Whether the first request of the step is answered: the pages are put, or the further feed is read.
    is_halfway: bool = False
    #: The generation that the further feed was made of.
    derived: Generation | None = None


class Ended(NamedTuple):
    """How a run ended."""

    code: int
    #: What was public when it ended well.
    accepted: Generation | None = None


#: What can become of the store and of a run.
Outcomes = Iterator[tuple[Store, Run | Ended]]


class State(NamedTuple):
    """One moment: the store, what each machine is at, and how often each begins again."""

    store: Store
    runs: tuple[Run | Ended | None, ...]
    left: tuple[int, ...]


# ------------------------------------------------------------------------------------------------------ the loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The steps of one machine. Each method gives all that one request can come to: the store, and the run after it.

    Where a request can get lost, what comes of its arrival is given first.
    """

    machine: Machine
    without: frozenset[str] = frozenset()
    #: As `Model.most`.
    most: int = 1

    def on(self, store: Store, run: Run) -> Outcomes:
        """All that can become of *store* and *run* with its next request."""
        match run.step:
            case "READ":
                yield store, self.read(store, run)
            case "DECIDE":
                yield store, self.decide(store, run)
            case "MEDIA":
                yield from self.put_media(store, run)
            case "PAGES":
                yield from self.put_pages(store, run)
            case "COMMIT":
                yield from self.commit(store, run)
            case "DERIVED":
                yield from self.put_derived(store, run)

    def read(self, store: Store, run: Run) -> Run | Ended:
        """READ: what is public, asked of the store itself. Whatever was answered before is not believed."""
        feed, machine = store.feed, self.machine
        known = feed if isinstance(feed, Generation) else None
        if known and (known in run.mine or run.mine.intersection(known.line)):
            # Where another machine went on from what this one committed, it brings up the further feeds itself.
            return self.done(run, known) if known in run.mine else Ended(0, known)
        if known is None and machine.rolls_back_to:
            known = max(store.records, key=lambda record: (record.number, record.stamp))
        elif isinstance(feed, Foreign) and not machine.is_first:
            return Ended(3)
        elif feed is None and any(record.parent for record in store.records):
            # Somebody took it away. A record that follows none may be of a first publish that was killed.
            return Ended(5)
        is_amiss = known is None or machine.rolls_back_to
        highest = min(store.highest, self.most) if is_amiss else 0
        return run._replace(step="DECIDE", seen=feed, known=known, highest=highest)

    def decide(self, store: Store, run: Run) -> Run | Ended:
        """DECIDE: what should follow what is public. The store is not asked."""
        seen, known, machine = run.seen, run.known, self.machine
        numbers = {each.number for each in known.line} if known else set()
        if machine.rolls_back_to and machine.rolls_back_to not in numbers:
            return Ended(2)
        withdrawals = self.withdrawals(known)
        withdrawn = {guid for guid, (_, is_withdrawn) in withdrawals.items() if is_withdrawn}
        items = self.composed(store, run, withdrawals)
        guids, there = {item.guid for item in items}, known.by_guid if known else {}
        published = there.keys() | (seen.guids if isinstance(seen, Foreign) else set())
        if self.has("no-shrink") and published - guids - withdrawn:
            return Ended(3)
        if machine.rolls_back_to and guids & withdrawn:
            return Ended(3)
        following = self.following(run, items, withdrawals)
        if known and known == seen and following.public == known.public:
            return self.done(run, known)
        moved = machine.withdraws | machine.reinstates
        is_older = any(item.text in there[item.guid].earlier for item in items if item.guid in there.keys() - moved)
        if self.has("older-item") and is_older and not machine.reverts:
            return Ended(3)
        return run._replace(step=self.after("DECIDE"), following=following)

    def withdrawals(self, known: Generation | None) -> dict[str, tuple[int, bool]]:
        """How often each episode came back, and whether it is withdrawn now.

        The record or podfeed.lock: whichever has seen it come back more often is newer; else what is withdrawn stays so.
        """
        found = dict(self.machine.lock)
        for item in known.items if known else ():
            found[item.guid] = max((item.returns, False), found.get(item.guid, (0, False)))
        for item in known.withdrawn if known and self.has("tombstones") else ():
            found[item.guid] = max((item.returns, True), found.get(item.guid, (0, False)))
        found |= {guid: (found[guid][0], True) for guid in self.machine.withdraws & found.keys()}
        return found | {guid: (found[guid][0] + 1, False) for guid in self.machine.reinstates & found.keys()}

    def composed(self, store: Store, run: Run, withdrawals: Mapping[str, tuple[int, bool]]) -> frozenset[Item]:
        """The items that this checkout makes of what is public and due, or that a rollback brings back."""
        known, machine = run.known, self.machine
        if machine.rolls_back_to:
            assert known
            old = next(each for each in known.line if each.number == machine.rolls_back_to)
            return frozenset(item._replace(earlier=frozenset()) for item in old.items)
        media = dict(known.media) if known else {}
        public = known.by_guid if known else {}
        return frozenset(
            Item(guid, edition.text, self.key(guid, edition, run.taken, media), edition.sound, frozenset(), returns)
            for guid, edition in machine.source.items()
            for returns, is_withdrawn in [withdrawals.get(guid, (0, False))]
            if not is_withdrawn and (edition.due <= store.hour or guid in public)
        )

    @staticmethod
    def key(guid: str, edition: Edition, taken: frozenset[str], media: Mapping[str, int]) -> str:
        """The name of a sound: the author's, or one with a hash where that stands for other bytes."""
        name = edition.name or guid
        return f"{name}.{edition.sound}" if name in taken or media.get(name, edition.sound) != edition.sound else name

    def following(self, run: Run, items: frozenset[Item], withdrawals: Mapping[str, tuple[int, bool]]) -> Generation:
        """The record of a generation with *items* after the known one: it forgets nothing that one knew."""
        known = run.known
        there, gone = (known.by_guid, known.gone) if known else ({}, {})
        present = {item.guid for item in items}
        told = {
            guid: Item(guid, 0, "", 0, returns=returns) for guid, (returns, is_gone) in withdrawals.items() if is_gone
        }
        left = {guid: item._replace(earlier=item.earlier | {item.text}) for guid, item in there.items()}
        tombstones = {
            guid: item._replace(returns=max(item.returns, told[guid].returns if guid in told else 0))
            for guid, item in (told | gone | left).items()
            if guid not in present
        }
        media = frozenset((item.key, item.sound) for item in items)
        pages = dict.fromkeys(tombstones, 0) | {item.guid: item.text for item in items}
        if self.machine.rolls_back_to and known:
            pages = dict(known.pages) | dict.fromkeys(tombstones, 0)
        return Generation(
            number=max(known.number if known else 0, run.highest) + 1,
            parent=known,
            stamp=self.machine.stamp,
            items=frozenset(_succeeding(item, there.get(item.guid), gone.get(item.guid)) for item in items),
            withdrawn=frozenset(tombstones.values()),
            media=media | known.media if known else media,
            pages=frozenset(pages.items()),
        )

    def done(self, run: Run, known: Generation) -> Run:
        """The end of the loop: what is public is as it should be, but for pages that this run put in vain."""
        return run._replace(step="DERIVED", seen=known, known=known, highest=0, following=None)

    def put_media(self, store: Store, run: Run) -> Outcomes:
        """MEDIA: put what is newly named, each only where nothing has its name; a name never changes its bytes."""
        assert run.following
        there = dict(store.media)
        new = sorted(run.following.media - (run.known.media if run.known else frozenset()))
        again = run._replace(step="READ")
        if missing := [medium for medium in new if medium[0] not in there]:
            yield store._replace(media=store.media | {missing[0]}), run
            yield store, again
        elif taken := frozenset(key for key, sound in new if there[key] != sound):
            yield store, Ended(5) if taken & run.taken else again._replace(taken=run.taken | taken)
        else:
            yield store, run._replace(step=self.after("MEDIA"))

    def put_pages(self, store: Store, run: Run) -> Outcomes:
        """PAGES: put those that changed, then the record. Without a record, no feed may name it."""
        assert run.following
        again = run._replace(step="READ", is_halfway=False)
        changed = run.following.pages - (run.known.pages if run.known else frozenset())
        if changed and not run.is_halfway:
            put = run._replace(pages=_over(run.pages, changed), is_halfway=True)
            yield store._replace(pages=_over(store.pages, changed)), put
            yield store, again
        else:
            recorded = store._replace(records=store.records | {run.following})
            yield recorded, run._replace(step=self.after("PAGES"), is_halfway=False)
            yield recorded, again
            yield store, again

    def commit(self, store: Store, run: Run) -> Outcomes:
        """COMMIT: put the feed over the one that was read. Its answer tells nothing: back to READ."""
        assert run.following
        again = run._replace(step=self.after("COMMIT"), mine=run.mine | {run.following})
        holds = not self.has("compare-and-swap") or self.version(store.feed) == self.version(run.seen)
        yield store._replace(feed=run.following, last=run.following) if holds else store, again
        yield store, again

    def version(self, feed: Generation | Foreign | None) -> object:
        """What a condition names: a hash of the bytes. Only the last line makes the bytes of each generation unique."""
        return feed.content if isinstance(feed, Generation) and not self.has("last line") else feed

    def put_derived(self, store: Store, run: Run) -> Outcomes:
        """DERIVED: bring up the further feed, made of the generation that is public; never over a newer one.

        First, the pages that this run put before another one's commit are put right, as far as it knows.
        """
        assert run.known
        if in_vain := _in_vain(run, run.known):
            mended = run._replace(pages=frozenset())
            yield store._replace(pages=_over(store.pages, in_vain)), mended
            yield store, mended
        elif not run.is_halfway:
            there = store.derived
            is_newer = there and there.number > run.known.number and self.has("derived generation")
            is_up = there == run.known or is_newer
            yield store, Ended(0, run.known) if is_up else run._replace(is_halfway=True, derived=there)
        else:
            again = run._replace(is_halfway=False, derived=None)
            yield store._replace(derived=run.known) if store.derived == run.derived else store, again
            yield store, again

    # ------------------------------------------------------------------------------------------ the safeguards

    def has(self, safeguard: str) -> bool:
        """Whether *safeguard* is in place."""
        return safeguard not in self.without

    def after(self, step: str) -> str:
        """The step after *step*, unless something sends the loop back to READ before."""
        first, last = ("MEDIA", "PAGES", "COMMIT"), ("PAGES", "COMMIT", "MEDIA")
        order = ("DECIDE", *(first if self.has("media before feed") else last), "READ")
        return order[order.index(step) + 1]


def _over(pages: frozenset[tuple[str, int]], changed: frozenset[tuple[str, int]]) -> frozenset[tuple[str, int]]:
    """*pages* with those *changed* in place of the same ones as they were."""
    return frozenset((dict(pages) | dict(changed)).items())


def _in_vain(run: Run, known: Generation) -> frozenset[tuple[str, int]]:
    """The pages of *known* that *run* put others over."""
    put = dict(run.pages)
    return frozenset((guid, text) for guid, text in known.pages if put.get(guid, text) != text)


def _succeeding(item: Item, known: Item | None, gone: Item | None) -> Item:
    """*item* as the next generation has it, where the one before had it as *known* or as the tombstone *gone*."""
    before = known or gone
    if before is None:
        return item
    earlier = (before.earlier | {before.text}) - {item.text}
    return item._replace(earlier=earlier, returns=max(item.returns, before.returns + (gone is not None)))


# --------------------------------------------------------------------------------------------- all that can happen


class Move(NamedTuple):
    """Something that can happen next."""

    name: str
    #: Whose request it is; None for what happens by itself.
    machine: Machine | None
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Some machines on one store, and what else happens."""

    machines: tuple[Machine, ...]
    store: Store = EMPTY
    #: Names of safeguards.
    without: frozenset[str] = frozenset()
    #: Where the loop counts from the highest record there is, in a first publish and a rollback, it counts no further
    #: than this: a machine whose requests get lost for ever would count for ever.
    most: int = 1
    #: Until which hour the clock may strike, at any moment.
    hours: int = 0
    #: Whether somebody may take the feed away, while nothing runs.
    loses_feed: bool = False
    #: Whether machines may be killed, and puts or their answers get lost.
    has_kills: bool = True
    has_losses: bool = True

    @property
    def start(self) -> State:
        """Before anything runs."""
        return State(self.store, (None,) * len(self.machines), tuple(machine.runs for machine in self.machines))

    def moves(self, state: State) -> Iterator[Move]:
        """Everything that can happen next."""
        store = state.store
        if store.hour < self.hours:
            yield Move("the clock strikes", None, state._replace(store=store._replace(hour=store.hour + 1)))
        if self.loses_feed and store.feed and not any(isinstance(run, Run) for run in state.runs):
            yield Move("the feed is taken away", None, state._replace(store=store._replace(feed=None)))
        for number in range(len(self.machines)):
            yield from self.moves_of(number, state)

    def moves_of(self, number: int, state: State) -> Iterator[Move]:
        """What machine *number* can do next, or meet with."""
        machine, run = self.machines[number], state.runs[number]
        name = f"machine {number}"
        if isinstance(run, Run):
            if self.has_kills:
                yield Move(f"{name} is killed", machine, _with(state, number, None))
        elif state.left[number]:
            left = tuple(each - (place == number) for place, each in enumerate(state.left))
            run, state = Run(), state._replace(left=left)
        else:
            return
        outcomes = Course(machine=machine, without=self.without, most=self.most).on(state.store, run)
        for store, after in outcomes if self.has_losses else islice(outcomes, 1):
            yield Move(f"{name}: {run.step}", machine, _with(state._replace(store=store), number, after))


def _with(state: State, number: int, run: Run | Ended | None) -> State:
    return state._replace(runs=(*state.runs[:number], run, *state.runs[number + 1 :]))


# -------------------------------------------------------------------------------------------------- the promises

#: I1
NAMES_WHAT_IS_NOT_THERE: Final = "a feed names what is not there"
MEDIUM_CHANGES: Final = "a medium changes under its name"
#: I2
OLDER_FEED: Final = "an older feed comes back"
OLDER_FURTHER_FEED: Final = "an older further feed comes back"
#: I3
EPISODE_VANISHES: Final = "an episode vanishes"
WITHDRAWN_COMES_BACK: Final = "what was withdrawn comes back"
#: I4
PUBLISH_IS_LOST: Final = "a run ended well, and what it published is lost"
REPLACED_COMES_BACK: Final = "what was replaced comes back"
#: I5
BEFORE_ITS_TIME: Final = "something is public before its time"
#: And what else an owner may count on.
NO_WAY_ON: Final = "nobody can publish any more"
PAGES_LAG: Final = "pages stay behind the feed"


def broken_by(model: Model, before: State, move: Move) -> Iterator[str]:
    """The promises that *move* breaks."""
    old, new = before.store, move.state.store
    if new != old:
        yield from _broken_in_store(model, old, new)
        if new.last and new.last != old.last:
            yield from _broken_by_commit(before, new.last, move.machine or Machine())
    if not (model.has_kills or model.has_losses) and not any(model.moves(move.state)):
        yield from _broken_at_rest(move.state)


def _broken_in_store(model: Model, old: Store, new: Store) -> Iterator[str]:
    public = [feed for feed in (new.feed, new.derived) if isinstance(feed, Generation)]
    if any(feed not in new.records or not feed.media <= new.media for feed in public):
        yield NAMES_WHAT_IS_NOT_THERE
    if not old.media <= new.media or len(dict(new.media)) < len(new.media):
        yield MEDIUM_CHANGES
    if new.derived and old.derived and new.derived.number < old.derived.number:
        yield OLDER_FURTHER_FEED
    later = {(guid, each) for machine in model.machines for guid, each in machine.source.items() if each.due > new.hour}
    texts = {(item.guid, item.text) for record in new.records for item in record.items} | new.pages
    if any((guid, each.text) in texts or (each.name or guid, each.sound) in new.media for guid, each in later):
        yield BEFORE_ITS_TIME


def _broken_by_commit(before: State, new: Generation, machine: Machine) -> Iterator[str]:
    old = before.store.last
    if old is None:
        return
    if new.number <= old.number:
        yield OLDER_FEED
    lost = {run.accepted for run in before.runs if isinstance(run, Ended) and run.accepted} - set(new.line)
    if before.store.feed and lost:
        yield PUBLISH_IS_LOST
    there, gone = new.by_guid, new.gone
    if any(
        guid not in there and guid not in gone.keys() & (machine.withdraws | machine.lock.keys())
        for guid in old.by_guid
    ):
        yield EPISODE_VANISHES
    if any(guid not in gone and not (guid in there and guid in machine.reinstates) for guid in old.gone):
        yield WITHDRAWN_COMES_BACK
    may_be_older = machine.reverts or machine.rolls_back_to
    for item in old.items:
        is_older = item.guid in there and there[item.guid].text in item.earlier
        known = (there | gone).get(item.guid)
        is_forgotten = known and not item.earlier | {item.text} <= known.earlier | {known.text}
        if is_forgotten or (is_older and not may_be_older and item.guid not in machine.reinstates):
            yield REPLACED_COMES_BACK


def _broken_at_rest(state: State) -> Iterator[str]:
    feed, pages = state.store.feed, state.store.pages
    has_ended_well = all(isinstance(run, Ended) and run.code == 0 for run in state.runs)
    if has_ended_well and isinstance(feed, Generation) and not feed.pages <= pages:
        yield PAGES_LAG


def can_complete(model: Model, store: Store) -> bool:
    """Whether one of the machines, undisturbed, brings the show about from what lies in *store*."""
    alone = replace(model, has_kills=False, has_losses=False)
    ends = (undisturbed(replace(alone, machines=(machine,), store=store)) for machine in model.machines)
    return any(
        isinstance(run, Ended) and run.code == 0 and there.derived == there.feed == run.accepted
        for there, (run,), _ in ends
    )


def undisturbed(model: Model) -> State:
    """What comes of the machines of *model* when each runs once, one after another."""
    state = model.start
    for number in range(len(model.machines)):
        while move := next(model.moves_of(number, state), None):
            state = move.state
    return state


# ------------------------------------------------------------------------------------------------------ the walk


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What a walk met with."""

    states: int
    #: For each promise that was broken, a shortest course to it.
    broken: Mapping[str, tuple[str, ...]]


def walk(model: Model, *, sought: frozenset[str] = frozenset()) -> Walked:
    """Go through everything that can happen in *model*, breadth first; where promises are *sought*, until all of these
    are broken.
    """
    came_from: dict[State, tuple[State, str] | None] = {model.start: None}
    broken: dict[str, tuple[str, ...]] = {}
    ways_on: dict[Store, bool] = {}
    waiting = deque([model.start])
    while waiting and not (sought and sought <= broken.keys()):
        before = waiting.popleft()
        if not sought and before.store not in ways_on:
            ways_on[before.store] = can_complete(model, before.store)
            if not ways_on[before.store]:
                broken.setdefault(NO_WAY_ON, _course(came_from, before))
        for move in model.moves(before):
            for promise in broken_by(model, before, move):
                broken.setdefault(promise, (*_course(came_from, before), move.name))
            if move.state not in came_from:
                came_from[move.state] = before, move.name
                waiting.append(move.state)
    return Walked(states=len(came_from), broken=broken)


def _course(came_from: Mapping[State, tuple[State, str] | None], state: State) -> tuple[str, ...]:
    names: list[str] = []
    while found := came_from[state]:
        state, name = found
        names.append(name)
    return tuple(reversed(names))
