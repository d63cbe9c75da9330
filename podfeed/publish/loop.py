"""The way of one show into public: read, decide, put media, put pages, commit; and again, until there is nothing to do.

The feed is the commit: it is put last, and only over the one that was read. No answer to a put is believed but by
reading again, so that a first publish, the next after a kill, a lost answer and a race are all the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from podfeed.errors import AccessError, RefusedError, StoredError, TargetError
from podfeed.publish import record as records
from podfeed.publish.decision import changed_pages, decide, derived_feeds, new_media
from podfeed.publish.live import Live, lineage, read, refuse_foreign
from podfeed.publish.record import Record
from podfeed.publish.serving import FRESH, RECORD, blob
from podfeed.publish.store import ABSENT, Blob, Object, Store, Stored
from podfeed.publish.verify import check_medium
from podfeed.publish.wanted import Intent, Medium, Wanted
from podfeed.words import say

#: The steps, by the names they have where publishing is explained.
Step = Literal["READ", "DECIDE", "MEDIA", "PAGES", "COMMIT", "DERIVED"]
#: How often a show is tried: each time somebody else was quicker, or the store did not answer.
MAX_ROUNDS = 25
_LONGEST_PAUSE_SECONDS = 20.0

T = TypeVar("T")
R = TypeVar("R")


class Compose(Protocol):
    """Makes a show as it should be now of what is public: the record, None before the first; and of names that stand
    for other bytes in the store, by key.

    Raises PodfeedError when this checkout cannot say what should be public.
    """

    def __call__(self, known: Record | None, taken: Mapping[str, str]) -> Wanted: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the loop reaches the world: everything in it can be played by a test."""

    sleep: Callable[[float], None]
    #: From 0 to 1, for pauses.
    chance: Callable[[], float]
    #: How many seconds are left of the whole run.
    seconds_left: Callable[[], float]
    #: Calls a function for each of many, side by side or in turn, and gives its results in order.
    each: Callable[[Callable[[T], R], Iterable[T]], list[R]]
    #: Hear how many further bytes of media are to be there, and how many are.
    expected: Callable[[int], None] = lambda count: None
    progress: Callable[[int], None] = lambda count: None
    #: Hears each step as it begins.
    tell: Callable[[Step, str], None] = lambda step, show: None
    #: As `Record.writer`.
    writer: str = ""
    #: Called before pages are put: brings up what all pages use.
    before_pages: Callable[[], None] = lambda: None
    #: Called before every put: finds out how the store does conditions, where nobody knows yet.
    prepare: Callable[[], None] = lambda: None
    #: The time, where the store tells none.
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How the loop ended for a show."""

    show: str
    #: The record that is public now, what was before this run, and the name of the public one.
    record: Record
    before: Record | None
    name: str
    #: Whether this run committed anything.
    has_committed: bool
    #: The sizes of what was put, by key.
    put: Mapping[str, int] = field(default_factory=dict)
    #: The version of each of its feeds as it was last read, by key; empty where a newer generation came in between.
    versions: Mapping[str, str] = field(default_factory=dict)
    #: The show as this checkout makes it.
    wanted: Wanted


@dataclass(slots=True)
class Loop:
    """One show on its way."""

    show: str
    feed_key: str
    #: The podcast:guid this project has for the show; empty when it has none yet.
    guid: str
    store: Store
    compose: Compose
    intent: Intent
    ways: Ways
    #: Names of the records this run has tried to commit.
    _mine: set[str] = field(default_factory=set, init=False)
    #: As `Done.put`.
    _put: dict[str, int] = field(default_factory=dict, init=False)
    #: The sha256 of each page as this run put it.
    _pages: dict[str, str] = field(default_factory=dict, init=False)

    def run(self) -> Done:
        """Bring the show about. Raises PodfeedError when it cannot be; what is public is whole all the same."""
        taken: dict[str, str] = {}
        before: Record | None = None
        wanted: Wanted | None = None
        for round_ in range(MAX_ROUNDS):
            self._pause(round_)
            live = self.read()
            if round_ == 0:
                before = live.record
            if wanted and self._has_committed(live):
                return self._done(live, before, wanted, has_committed=True)
            self.ways.tell("DECIDE", self.show)
            wanted = self.compose(live.record, taken)
            following = decide(live, wanted, self.intent)
            if following is None:
                return self._done(live, before, wanted, has_committed=False)
            self.ways.prepare()
            found, is_there = self.put_media(live, wanted)
            if found or not is_there:
                taken = _with_taken(taken, found)
                continue
            following = self._stamped(following, live)
            if self.put_pages(live, wanted, following):
                self.commit(live, wanted, following)
        raise TargetError(
            say(
                "“{show}” was not published: others publish at the same time, or the store does not answer; run again",
                show=self.show,
            )
        )

    # ---------------------------------------------------------------------------------------- the steps

    def read(self) -> Live:
        """READ: what is public, asked of the store itself. Raises AccessError when it is another show's."""
        self.ways.tell("READ", self.show)
        live = read(self.store, self.show, self.feed_key, self.intent)
        if live.record and self.guid not in ("", live.record.show):
            message = say(
                "the feed there is of another show (podcast:guid {theirs}, here {ours}): is this the right bucket?",
                theirs=live.record.show,
                ours=self.guid,
            )
            raise AccessError(message)
        if live.record and live.record.place == self.store.place and not self.store.conditions:
            self.store.conditions = live.record.conditions
        return live

    def put_media(self, live: Live, wanted: Wanted) -> tuple[dict[str, str], bool]:
        """MEDIA: put what is newly named, and look at it as the public will.

        Returns the names that stand for other bytes already, with the sha256 of these; and whether all else is there.
        """
        self.ways.tell("MEDIA", self.show)
        new = new_media(live, wanted)
        sounds = {item.media: item.size_bytes for item in wanted.items}
        self.ways.expected(sum(sounds.get(each.key, 0) for each in new))
        found = self.ways.each(lambda each: self._put_medium(each, sounds.get(each.key, 0)), new)
        taken = {medium.key: sha256 for medium, sha256 in zip(new, found, strict=True) if sha256}
        return taken, None not in found

    def put_pages(self, live: Live, wanted: Wanted, following: Record) -> bool:
        """PAGES: put what changed of them, the copy of the feed, and the record; whether all of it is there."""
        self.ways.tell("PAGES", self.show)
        if live.record and live.is_whole and wanted.feed_key != live.key:
            # The feed is about to say that it has moved there.
            self._put_derived(wanted.feed_key, records.signed(live.feed, live.name), live.record.show)
        known = live.record.pages if live.record else {}
        pages = changed_pages(live, wanted)
        if pages:
            self.ways.before_pages()
        were_put = self.ways.each(lambda page: self._put_page(page, is_ours=page.key in known), pages)
        kept = (self._put_once(each) for each in self._kept(wanted, following))
        return all([*were_put, *kept])

    def commit(self, live: Live, wanted: Wanted, following: Record) -> None:
        """COMMIT: put the feed over the one that was read. What the store answers is not believed."""
        self.ways.tell("COMMIT", self.show)
        name = following.name
        self._mine.add(name)
        feed = blob(live.key, records.signed(wanted.feed, name), following.show, cache_control=FRESH)
        self._put[feed.key] = feed.size_bytes
        self.store.put(feed, only_if=self._over(live.version))

    def put_derived(self, live: Live, wanted: Wanted) -> dict[str, str]:
        """DERIVED: bring up the further feeds, made of the generation that is public; never over a newer one.

        Returns the version of each that is there then.
        """
        self.ways.tell("DERIVED", self.show)
        feeds = derived_feeds(live, wanted).items()
        return {key: self._put_derived(key, data, wanted.guid) for key, data in feeds}

    def _put_derived(self, key: str, data: bytes, owner: str) -> str:
        for round_ in range(MAX_ROUNDS):
            self._pause(round_)
            there = self.store.get(key)
            if there and has_caught_up(there, data):
                return there.version
            if there and not records.unsigned(there.data)[1]:
                refuse_foreign(there, self.intent)
            self.ways.prepare()
            feed = blob(key, data, owner, cache_control=FRESH)
            self._put[key] = feed.size_bytes
            self.store.put(feed, only_if=self._over(there.version if there else ABSENT))
        raise TargetError(say("“{key}” could not be put; run again", key=key))

    # ----------------------------------------------------------------------------------------- objects

    def _put_medium(self, medium: Medium, expected_bytes: int) -> str | None:
        """Bring *medium* about, of which *expected_bytes* are expected already.

        Returns the sha256 of what has its name already, if that is something else; None where the store was too busy.
        """
        there = self.store.head(medium.key)
        if there is None:
            piece = _blob_of(medium)
            self._put[piece.key] = piece.size_bytes
            self.ways.expected(piece.size_bytes - expected_bytes)
            answer = self.store.put(piece, only_if=self._over(ABSENT), progress=self.ways.progress)
            there = self.store.head(medium.key)
            if there is None:
                if answer.outcome == "unclear":
                    return None
                raise TargetError(say("the store did not keep “{key}”; run again", key=medium.key))
        else:
            self.ways.progress(expected_bytes)
        if other := _other_sha256(self.store, medium, there):
            return other
        here = medium.blob() if medium.blob else None
        check_medium(self.store, there, here, sleep=self.ways.sleep, seconds_left=self.ways.seconds_left())
        return ""

    def _put_page(self, page: Blob, *, is_ours: bool) -> bool:
        self._put[page.key] = page.size_bytes
        self._pages[page.key] = page.sha256
        if is_ours:
            return self.store.put(page, only_if=None).outcome == "done"
        answer = self.store.put(page, only_if=self._over(ABSENT))
        if answer.outcome != "refused":
            return answer.outcome == "done"
        if there := self.store.head(page.key):
            refuse_foreign(there, self.intent)
        return self.store.put(page, only_if=None).outcome == "done"

    def _kept(self, wanted: Wanted, following: Record) -> tuple[Blob, Blob]:
        """The copy of the feed and the record, as they lie in the store from then on."""
        data, owner = records.write(following), following.show
        name = records.name_of(following.generation, data)
        feed = records.signed(wanted.feed, name)
        return (
            blob(records.copy_key(self.show, name), feed, owner, cache_control=RECORD),
            blob(
                records.record_key(self.show, name),
                data,
                owner,
                cache_control=RECORD,
                content_type="application/json",
            ),
        )

    def _put_once(self, piece: Blob) -> bool:
        """Put what has its hash in its name: if it is there, it is the same."""
        return self.store.put(piece, only_if=self._over(ABSENT)).outcome != "unclear"

    def _over(self, version: str) -> str | None:
        """The condition that *version* is there; none for a store that does no conditions."""
        return None if self.store.conditions == "none" else version

    # ------------------------------------------------------------------------------------------ the rest

    def _stamped(self, following: Record, live: Live) -> Record:
        return replace(
            following,
            generation=max(live.record.generation if live.record else 0, live.highest) + 1,
            parent=live.name,
            committed=self.store.now() or self.ways.now,
            writer=self.ways.writer,
            conditions=self.store.conditions,
            place=self.store.place,
        )

    def _has_committed(self, live: Live) -> bool:
        """Whether what is *live* was committed by this run, or follows what was: that was public too."""
        if live.record is None or not live.is_whole or not self._mine:
            return False
        oldest = min(map(records.generation_of, self._mine))
        line = lineage(self.store, self.show, live.record, down_to=oldest)
        return live.name in self._mine or any(name in self._mine for name, _ in line)

    def _done(self, live: Live, before: Record | None, wanted: Wanted, *, has_committed: bool) -> Done:
        assert live.record is not None
        versions: dict[str, str] = {}
        if not has_committed or live.name in self._mine:
            self._mend_pages(live.record, wanted)
            versions = {live.key: live.version, **self.put_derived(live, wanted)}
        return Done(
            show=self.show,
            record=live.record,
            before=before,
            name=live.name,
            has_committed=has_committed,
            # Where another run was quicker with the same, that one tells of it.
            put=dict(self._put) if has_committed or not self._mine else {},
            versions=versions,
            wanted=wanted,
        )

    def _mend_pages(self, record: Record, wanted: Wanted) -> None:
        """Put the pages of *record* again over those this run put before another one's commit."""
        for key, page in wanted.pages.items():
            if self._pages.get(key, page.sha256) != page.sha256 and record.pages.get(key) == page.sha256:
                self._put_page(page, is_ours=True)

    def _pause(self, round_: int) -> None:
        """Wait a while before trying again, longer each time, and not in step with others."""
        if self.ways.seconds_left() <= 0:
            raise TargetError(say("the time for publishing is over (--deadline); run again"))
        if round_ > 1:
            self.ways.sleep(min(0.05 * 2.0 ** (round_ - 1), _LONGEST_PAUSE_SECONDS) * self.ways.chance())


def has_caught_up(there: Object, data: bytes) -> bool:
    """Whether a further feed, *there*, is what *data* has, or of a newer generation."""
    ours, theirs = (records.generation_of(records.unsigned(each)[1]) for each in (data, there.data))
    return there.data == data or theirs > ours


def _with_taken(taken: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """*taken* and *found*, names that stand for other bytes. A name that was found before cannot be given away."""
    again = next((key for key in found if key in taken), "")
    if again:
        raise StoredError(
            say(
                "“{key}” holds other bytes than those of its name, and podfeed changes no medium; move it away",
                key=again,
            )
        )
    return {**taken, **found}


def _blob_of(medium: Medium) -> Blob:
    if medium.blob is None:
        message = say("“{key}” is neither in this checkout nor in the store: publish from where it is", key=medium.key)
        raise RefusedError(message)
    return medium.blob()


def _other_sha256(store: Store, medium: Medium, there: Stored) -> str:
    """The sha256 of what has the name of *medium*, where that is something else.

    Raises StoredError where nobody can say what it is.
    """
    sha256 = there.sha256 or store.hashed(medium.key)
    if medium.sha256 and sha256 != medium.sha256:
        return sha256
    if not medium.sha256 and not there.owner:
        raise StoredError(say("“{key}” is there, and podfeed did not put it there; move it away", key=medium.key))
    return ""
