"""The way of one show into public: read, decide, put media, put pages, commit; and again, until there is nothing to do.

The feed is the commit: it is put last, and only over the one that was read. No answer to a put is believed but by
reading again, so that a first publish, the next after a kill, a lost answer and a race are all the same way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, Protocol, TypeVar

from podfeed.errors import AccessError, RefusedError, StoredError, TargetError, UsageError
from podfeed.publish import record as records
from podfeed.publish.record import Record, RecordedItem, RecordedMedia
from podfeed.publish.serving import FRESH, RECORD, blob
from podfeed.publish.store import ABSENT, Blob, Object, Store, Stored
from podfeed.publish.verify import check_medium
from podfeed.read.feed import read_feed
from podfeed.read.lock import PublishedFeed
from podfeed.words import named, say, say_many

#: The steps by the names they have in publish-protocol and in the model of it.
Step = Literal["READ", "DECIDE", "MEDIA", "PAGES", "COMMIT", "DERIVED"]
STEPS: tuple[Step, ...] = ("READ", "DECIDE", "MEDIA", "PAGES", "COMMIT", "DERIVED")
#: How often a show is tried: each time somebody else was quicker, or the store did not answer.
MAX_ROUNDS = 25
_LONGEST_PAUSE_SECONDS = 20.0

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A medium that the feed or a page names."""

    key: str
    #: Empty for a copy of a picture: whatever copy is there is as good.
    sha256: str
    #: The sha256 of the file of the project that has this name, where that is known.
    source: str = ""
    #: Gives it to be put; None where this checkout does not have it.
    blob: Callable[[], Blob] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A show as it should be in public now."""

    #: The id and the podcast:guid of the show.
    show: str
    guid: str
    feed_key: str
    feed_url: str
    #: Without its last line.
    feed: bytes
    #: Names what the channel says beside its items.
    channel: str
    items: tuple[RecordedItem, ...]
    #: What is withdrawn by podfeed.lock or by this run, as podfeed.lock has it.
    withdrawn: tuple[RecordedItem, ...] = ()
    media: Mapping[str, Medium] = field(default_factory=dict)
    pages: Mapping[str, Blob] = field(default_factory=dict)
    #: Pages that stay as they are: sha256 by key.
    kept_pages: Mapping[str, str] = field(default_factory=dict)
    #: Further feeds of the show by key, without their last lines.
    derived: Mapping[str, bytes] = field(default_factory=dict)
    feeds: tuple[PublishedFeed, ...] = ()
    #: The generation that a rollback brings back; 0 for a show that is made anew.
    restores: int = 0


class Compose(Protocol):
    """Makes a show as it should be now of what is public: the record, None before the first; and of names that stand
    for other bytes in the store, by key.

    Raises PodfeedError when this checkout cannot say what should be public.
    """

    def __call__(self, known: Record | None, taken: Mapping[str, str]) -> Wanted: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What somebody means to do that podfeed would refuse otherwise."""

    #: Publish over what podfeed did not put there.
    is_first: bool = False
    #: Publish what was replaced before.
    reverts: bool = False
    #: Put a feed where one was taken away, or changed by hand.
    restores: bool = False
    #: The record to begin with where the feed that named one is gone.
    begins_with: str = ""
    #: Guids that leave the feed, and that come back.
    withdraws: frozenset[str] = frozenset()
    reinstates: frozenset[str] = frozenset()


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
    writer: str = ""
    #: Called before every put: finds out how the store does conditions, where nobody knows yet.
    prepare: Callable[[], None] = lambda: None
    #: The time, where the store tells none.
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What of a show is public now."""

    #: Where its feed lies, and the next one goes. One that moves is committed over the old one first.
    key: str
    #: Of the feed; ABSENT when there is none.
    version: str = ABSENT
    #: Of what podfeed put there; None before the first.
    record: Record | None = None
    #: The record's; empty when there is none.
    name: str = ""
    #: Guids of a feed that podfeed did not put there, and that is to be replaced.
    foreign_guids: frozenset[str] = frozenset()
    #: The newest records where none of them is named by a feed: one was public, the others lost a race to it.
    rivals: tuple[str, ...] = ()
    #: The highest generation anything is there of.
    highest: int = 0
    #: The feed without its last line, whoever put it there; empty when there is none.
    feed: bytes = b""
    #: Whether the feed there is that of the record. Only a rollback goes on where it is not.
    is_whole: bool = True


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
    _mine: set[str] = field(default_factory=set)
    _put: dict[str, int] = field(default_factory=dict)
    #: The sha256 of each page as this run put it.
    _pages: dict[str, str] = field(default_factory=dict)

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
            if wanted and live.record and live.is_whole and self._counts(live.name, live.record):
                return self._done(live, before, wanted, has_committed=True)
            self.ways.tell("DECIDE", self.show)
            wanted = self.compose(live.record, taken)
            following = decide(live, wanted, self.intent)
            if following is None:
                return self._done(live, before, wanted, has_committed=False)
            self.ways.prepare()
            found, is_there = self.put_media(live, wanted)
            if found or not is_there:
                taken = with_taken(taken, found)
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
        known = live.record.pages if live.record else {}
        data = records.write(following)
        name = records.name_of(following.generation, data)
        copy = blob(
            records.copy_key(self.show, name), records.signed(wanted.feed, name), following.show, cache_control=RECORD
        )
        note = blob(
            records.record_key(self.show, name),
            data,
            following.show,
            content_type="application/json",
            cache_control=RECORD,
        )
        if live.record and live.is_whole and wanted.feed_key != live.key:
            # The feed is about to say that it has moved there.
            self._put_derived(wanted.feed_key, records.signed(live.feed, live.name), live.record.show)
        changed = changed_pages(live, wanted)
        were_put = self.ways.each(lambda page: self._put_page(page, is_ours=page.key in known), changed)
        return all([*were_put, *(self._put_once(each) for each in (copy, note))])

    def commit(self, live: Live, wanted: Wanted, following: Record) -> None:
        """COMMIT: put the feed over the one that was read. What the store answers is not believed."""
        self.ways.tell("COMMIT", self.show)
        name = following.name
        self._mine.add(name)
        feed = blob(live.key, records.signed(wanted.feed, name), following.show, cache_control=FRESH)
        self._put[feed.key] = feed.size_bytes
        self.store.put(feed, only_if=live.version if self._has_conditions else None)

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
            name = records.unsigned(there.data)[1] if there else ""
            if there and has_caught_up(there, data):
                return there.version
            if there and not name:
                self._refuse_foreign(key, there)
            self.ways.prepare()
            feed = blob(key, data, owner, cache_control=FRESH)
            self._put[key] = feed.size_bytes
            version = there.version if there else ABSENT
            self.store.put(feed, only_if=version if self._has_conditions else None)
        raise TargetError(say("“{key}” could not be put; run again", key=key))

    # ----------------------------------------------------------------------------------------- objects

    def _put_medium(self, medium: Medium, expected_bytes: int) -> str | None:
        """Bring *medium* about, of which *expected_bytes* are expected already.

        Returns the sha256 of what has its name already, if that is something else; None where the store was too busy.
        """
        there = self.store.head(medium.key)
        if there is None:
            blob = self._blob_of(medium)
            self._put[blob.key] = blob.size_bytes
            self.ways.expected(blob.size_bytes - expected_bytes)
            answer = self.store.put(blob, only_if=self._absent, progress=self.ways.progress)
            there = self.store.head(medium.key)
            if there is None:
                if answer.outcome == "unclear":
                    return None
                raise TargetError(say("the store did not keep “{key}”; run again", key=medium.key))
        else:
            self.ways.progress(expected_bytes)
        if other := other_bytes(self.store, medium, there):
            return other
        here = medium.blob and self._blob_of(medium)
        check_medium(self.store, there, here, sleep=self.ways.sleep, seconds_left=self.ways.seconds_left())
        return ""

    def _blob_of(self, medium: Medium) -> Blob:
        if medium.blob is None:
            message = say(
                "“{key}” is neither in this checkout nor in the store: publish from where it is", key=medium.key
            )
            raise RefusedError(message)
        return medium.blob()

    def _put_page(self, page: Blob, *, is_ours: bool) -> bool:
        self._put[page.key] = page.size_bytes
        self._pages[page.key] = page.sha256
        if is_ours:
            return self.store.put(page, only_if=None).outcome == "done"
        answer = self.store.put(page, only_if=self._absent)
        if answer.outcome != "refused":
            return answer.outcome == "done"
        if there := self.store.head(page.key):
            self._refuse_foreign(page.key, there)
        return self.store.put(page, only_if=None).outcome == "done"

    def _refuse_foreign(self, key: str, there: Stored) -> None:
        if not there.owner and not self.intent.is_first:
            raise RefusedError(foreign(key))

    def _put_once(self, blob: Blob) -> bool:
        """Put what has its hash in its name: if it is there, it is the same."""
        return self.store.put(blob, only_if=self._absent).outcome != "unclear"

    @property
    def _absent(self) -> str | None:
        return ABSENT if self._has_conditions else None

    @property
    def _has_conditions(self) -> bool:
        return self.store.conditions != "none"

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

    def _counts(self, name: str, record: Record) -> bool:
        """Whether *record*, called *name*, is one this run committed, or has one in its line: that was public too."""
        if not self._mine or name in self._mine:
            return name in self._mine
        oldest = min(map(records.generation_of, self._mine))
        return any(each in self._mine for each, _ in lineage(self.store, self.show, record, down_to=oldest))

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


def foreign(key: str) -> str:
    """What to say where somebody else's object has the name of one of ours."""
    return say(
        "“{key}” is there, and podfeed did not put it there; move it away, or say --first to replace it", key=key
    )


def other_bytes(store: Store, medium: Medium, there: Stored) -> str:
    """The sha256 of what has the name of *medium*, where that is something else.

    Raises StoredError where nobody can say what it is.
    """
    sha256 = there.sha256 or store.hashed(medium.key)
    if medium.sha256 and sha256 != medium.sha256:
        return sha256
    if not medium.sha256 and not there.owner:
        raise StoredError(say("“{key}” is there, and podfeed did not put it there; move it away", key=medium.key))
    return ""


def has_caught_up(there: Object, data: bytes) -> bool:
    """Whether a further feed, *there*, is what *data* has, or of a newer generation."""
    ours, theirs = (records.generation_of(records.unsigned(each)[1]) for each in (data, there.data))
    return there.data == data or theirs > ours


def with_taken(taken: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
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


def derived_feeds(live: Live, wanted: Wanted) -> dict[str, bytes]:
    """The feeds that are made of what is *live*: further ones, and the show's own where it lay before."""
    former = live.record.former_keys if live.record else ()
    moved = {key: wanted.feed for key in (wanted.feed_key, *former) if key != live.key}
    return {key: records.signed(data, live.name) for key, data in {**moved, **wanted.derived}.items()}


# ------------------------------------------------------------------------------------------------- READ


def read(store: Store, show: str, feed_key: str, intent: Intent) -> Live:
    """What is public of *show*.

    Raises StoredError when somebody else changed what podfeed put there, RefusedError for a feed that podfeed did not
    put there.
    """
    found = store.get(feed_key)
    if found is None:
        return _without_feed(store, show, feed_key, intent)
    feed, name = records.unsigned(found.data)
    if not name:
        return _over_foreign(store, show, found, intent)
    if intent.restores:
        return _restorable(store, show, Live(key=feed_key, version=found.version, name=name, feed=feed), intent)
    record = stored_record(store, show, name)
    if record is None:
        raise StoredError(
            say(
                "“{key}” names the record {name}, and that is not there; “podfeed rollback” restores a feed",
                key=feed_key,
                name=name,
            )
        )
    if record.commit_key != feed_key and store.head(record.commit_key):
        return read(store, show, record.commit_key, intent)
    if hashlib.sha256(feed).hexdigest() != record.feed_sha256:
        message = say(
            "“{key}” is not what podfeed put there: somebody changed it by hand; “podfeed verify” shows where, and"
            " “podfeed rollback” restores it",
            key=feed_key,
        )
        raise StoredError(message)
    return Live(key=feed_key, version=found.version, record=record, name=name, highest=record.generation, feed=feed)


def _without_feed(store: Store, show: str, feed_key: str, intent: Intent) -> Live:
    names = _names(store, show)
    if old_key := _moved_from(store, show, feed_key, names):
        return read(store, show, old_key, intent)
    if intent.restores:
        return _restorable(store, show, Live(key=feed_key), intent)
    if _was_public(store, show, names):
        message = say(
            "the feed of “{show}” was published before and is gone; “podfeed rollback --show {show}” puts it back",
            show=show,
        )
        raise StoredError(message)
    return Live(key=feed_key, highest=max(map(records.generation_of, names), default=0))


def _moved_from(store: Store, show: str, feed_key: str, names: Iterable[str]) -> str:
    """Where the feed lay that is to lie at *feed_key* from now on; empty when it never lay elsewhere."""
    for name in sorted(names, key=records.generation_of, reverse=True):
        record = stored_record(store, show, name)
        for key in (record.feed_key, *record.former_keys) if record else ():
            if key != feed_key and store.head(key):
                return key
    return ""


def _was_public(store: Store, show: str, names: Iterable[str]) -> bool:
    """Whether any of the records *names* follows another. One that follows none may be of a first publish that was
    killed, and the next one begins again.
    """
    newest_first = sorted(names, key=records.generation_of, reverse=True)
    return any(record.parent for name in newest_first if (record := stored_record(store, show, name)))


def _over_foreign(store: Store, show: str, found: Object, intent: Intent) -> Live:
    if intent.restores:
        return _restorable(store, show, Live(key=found.key, version=found.version, feed=found.data), intent)
    if not intent.is_first:
        message = say(
            "“{key}” is there, and podfeed did not put it there: run “podfeed adopt”, then “podfeed publish --first”;"
            " if podfeed published there before, “podfeed rollback” puts that back",
            key=found.key,
        )
        raise RefusedError(message)
    try:
        items = read_feed(found.data, found.key).items
    except UsageError as error:
        raise RefusedError(foreign(found.key)) from error
    guids = frozenset(item.guid or item.enclosure_url for item in items)
    return Live(
        key=found.key,
        version=found.version,
        foreign_guids=guids,
        highest=_highest(store, show),
        feed=found.data,
    )


def _restorable(store: Store, show: str, live: Live, intent: Intent) -> Live:
    """*live* with what a rollback begins with: the record that it names, else the newest that can be read."""
    names = sorted(_names(store, show), key=records.generation_of, reverse=True)
    highest = max(map(records.generation_of, names), default=0)
    newest = tuple(name for name in names if records.generation_of(name) == highest)
    meant = [name for name in newest if name == intent.begins_with]
    for name in (live.name, *meant, *names):
        with suppress(StoredError):
            if name and (record := stored_record(store, show, name)):
                if record.commit_key != live.key and store.head(record.commit_key):
                    return read(store, show, record.commit_key, intent)
                is_whole = name == live.name and hashlib.sha256(live.feed).hexdigest() == record.feed_sha256
                rivals = newest if name != live.name and len(newest) > 1 and not meant else ()
                return replace(live, record=record, name=name, highest=highest, is_whole=is_whole, rivals=rivals)
    return replace(live, name="", highest=highest, is_whole=False)


def _highest(store: Store, show: str) -> int:
    return max(map(records.generation_of, _names(store, show)), default=0)


def _names(store: Store, show: str) -> set[str]:
    """The names of all records of *show* that the store lists."""
    folder = records.folder_of(show)
    return {key.removeprefix(folder).removesuffix(".json") for key in store.list(folder) if key.endswith(".json")}


def stored_record(store: Store, show: str, name: str) -> Record | None:
    """The record called *name*; None when it is not there."""
    found = store.get(records.record_key(show, name))
    return records.read(found.data, name) if found else None


def lineage(store: Store, show: str, record: Record, *, down_to: int = 1) -> Iterator[tuple[str, Record]]:
    """The generations before *record*, each with its name, newest first, as far as their records are there."""
    while record.parent and records.generation_of(record.parent) >= down_to:
        name = record.parent
        parent = stored_record(store, show, name)
        if parent is None:
            return
        record = parent
        yield name, record


# ----------------------------------------------------------------------------------------------- DECIDE


def decide(live: Live, wanted: Wanted, intent: Intent) -> Record | None:
    """The record that should follow what is *live*, but for its number and time; None when nothing has changed.

    Raises RefusedError when what is public is more, or newer, than what is *wanted*.
    """
    known = live.record
    _refuse_smaller(live, wanted, intent)
    if known is None:
        return _first(wanted)
    following = _next(known, wanted)
    has_changed = (following.feed_sha256, following.state_of_pages) != (known.feed_sha256, known.state_of_pages)
    if live.is_whole and not has_changed and following.withdrawn == known.withdrawn:
        return None
    if not intent.reverts:
        _refuse_older(known, wanted, following, intent)
    return following


def _refuse_smaller(live: Live, wanted: Wanted, intent: Intent) -> None:
    """No-shrink: what is published leaves a feed only when somebody withdraws it."""
    known = {item.guid.text: item.title for item in live.record.items} if live.record else {}
    known.update({guid: guid for guid in sorted(live.foreign_guids) if guid not in known})
    there = {item.guid.text for item in (*wanted.items, *wanted.withdrawn)} | intent.withdraws
    missing = [title for guid, title in known.items() if guid not in there]
    if missing:
        message = say_many(
            "{episodes} of “{show}” is published, and not in this checkout: is it an old one? Bring it up to date, or"
            " run “podfeed withdraw”",
            "{episodes} of “{show}” are published, and not in this checkout: is it an old one? Bring it up to date, or"
            " run “podfeed withdraw”",
            count=len(missing),
            episodes=named(missing),
            show=wanted.show,
        )
        raise RefusedError(message)


def _refuse_older(known: Record, wanted: Wanted, following: Record, intent: Intent) -> None:
    """What was replaced does not come back by itself."""
    there = known.by_guid
    moved = intent.withdraws | intent.reinstates
    older = [
        item.title
        for item in wanted.items
        if item.guid.text not in moved and (was := there.get(item.guid.text)) and item.digest in was.earlier
    ]
    if wanted.channel in known.earlier_channels:
        older.append(wanted.show)
    is_only_pages = following.feed_sha256 == known.feed_sha256 and not older
    if is_only_pages and following.state_of_pages in known.earlier_pages:
        older.append(wanted.show)
    if older and known.restores:
        message = say(
            "“{show}” was rolled back to generation {number}, and {episodes} is here as it was before that: mend it"
            " here, or say --revert to publish it again",
            show=wanted.show,
            number=known.restores,
            episodes=named(older),
        )
        raise RefusedError(message)
    if older:
        message = say(
            "{episodes}: what is here was published before, and replaced since: is this an old checkout, or an older"
            " podfeed? Bring it up to date, or say --revert to publish the older state",
            episodes=named(older),
        )
        raise RefusedError(message)


def _first(wanted: Wanted) -> Record:
    return Record(
        show=wanted.guid,
        generation=0,
        committed=datetime.min.replace(tzinfo=UTC),
        feed_sha256=hashlib.sha256(wanted.feed).hexdigest(),
        feed_key=wanted.feed_key,
        feed_url=wanted.feed_url,
        channel=wanted.channel,
        items=wanted.items,
        media=_recorded(wanted),
        pages={**wanted.kept_pages, **{key: page.sha256 for key, page in wanted.pages.items()}},
        feeds=wanted.feeds,
        withdrawn=tuple(sorted(wanted.withdrawn, key=lambda item: item.guid.text)),
        restores=wanted.restores,
    )


def _next(known: Record, wanted: Wanted) -> Record:
    there = known.by_guid
    gone = {item.guid.text: item for item in known.withdrawn}
    items = tuple(_item(item, there, gone) for item in wanted.items)
    present = {item.guid.text for item in items}
    fresh = _first(wanted)
    following = replace(
        fresh,
        show=known.show,
        items=items,
        withdrawn=_withdrawn(known, wanted, present),
        former_keys=_former_keys(known, wanted),
        channel=wanted.channel,
        earlier_channels=records.followed(known.earlier_channels, known.channel, wanted.channel),
        media={**known.media, **fresh.media},
    )
    # The pages a rollback leaves are newer than its feed: those that fit it are welcome, however old.
    before, now = known.state_of_pages, following.state_of_pages
    earlier = () if wanted.restores else records.followed(known.earlier_pages, before, now)
    return replace(following, earlier_pages=earlier)


def _former_keys(known: Record, wanted: Wanted) -> tuple[str, ...]:
    is_told = known.feed_key in (wanted.feed_key, *known.former_keys)
    return known.former_keys if is_told else (*known.former_keys, known.feed_key)


def _item(item: RecordedItem, there: Mapping[str, RecordedItem], gone: Mapping[str, RecordedItem]) -> RecordedItem:
    guid = item.guid.text
    if guid in gone:
        reinstated = max(item.reinstated, gone[guid].reinstated + 1)
        return replace(records.succeeding(item, gone[guid]), reinstated=reinstated)
    return records.succeeding(item, there.get(guid))


def _withdrawn(known: Record, wanted: Wanted, present: Container[str]) -> tuple[RecordedItem, ...]:
    """The tombstones: those there are, of what leaves the feed, and of what podfeed.lock alone remembers."""
    left = {item.guid.text: item for item in known.withdrawn}
    left |= {
        item.guid.text: replace(item, earlier=records.followed(item.earlier, item.digest, "")) for item in known.items
    }
    told = {item.guid.text: item for item in wanted.withdrawn}
    here = {
        guid: replace(item, reinstated=max(item.reinstated, told[guid].reinstated)) if guid in told else item
        for guid, item in {**told, **left}.items()
    }
    return tuple(item for guid, item in sorted(here.items()) if guid not in present)


def _recorded(wanted: Wanted) -> dict[str, RecordedMedia]:
    return {key: RecordedMedia(sha256=each.sha256, source=each.source) for key, each in sorted(wanted.media.items())}


def new_media(live: Live, wanted: Wanted) -> list[Medium]:
    """The media that what is *wanted* newly names."""
    known = live.record.media if live.record else {}
    return [each for each in wanted.media.values() if not _is_known(each, known.get(each.key))]


def changed_pages(live: Live, wanted: Wanted) -> list[Blob]:
    """The pages that are to be put."""
    known = live.record.pages if live.record else {}
    return [page for key, page in wanted.pages.items() if known.get(key) != page.sha256]


def _is_known(medium: Medium, known: RecordedMedia | None) -> bool:
    return known is not None and known.sha256 == medium.sha256
