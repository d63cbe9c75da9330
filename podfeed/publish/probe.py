"""How a store does conditions: found out by trying, before the first put that anybody can see."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from podfeed.errors import ConditionsError, PodfeedError, StoredError, TargetError
from podfeed.model import Target
from podfeed.publish.record import FOLDER
from podfeed.publish.seen import Seen
from podfeed.publish.serving import RECORD, blob
from podfeed.publish.store import ABSENT, Answer, Blob, Conditions, Store
from podfeed.words import say

#: Where podfeed tries things out. Nothing names what lies here.
PROBES = f"{FOLDER}/probe/"
#: The ways of conditions, in the order they are tried.
_WAYS: tuple[Conditions, ...] = ("etag", "unquoted", "generation")
#: How often a put is tried whose answer is unclear. The store has its own tries beneath.
_TRIES = 3


def prepared(store: Store, target: Target, project: Path) -> None:
    """Let *store* do conditions as it can: as a record said, as this machine remembers, or as it is found to.

    Raises ConditionsError when it cannot and *target* has more than one writer, StoredError when it does not even keep
    what it is given.
    """
    seen = Seen.open(project, target)
    known, fault = store.conditions or seen.conditions, ""
    if not known or (known == "none" and not target.has_one_writer):
        known, fault = tried(store)
    if known == "none" and not target.has_one_writer:
        message = say(
            "{fault}: two machines that publish at once could undo each other's work. If only one ever publishes, write"
            " “writers: one” below “{target}” in config.yaml; else use a store with conditional writes",
            fault=fault,
            target=target.name,
        )
        raise ConditionsError(message)
    store.conditions = known
    if seen.conditions != known:
        replace(seen, conditions=known).save()


def tried(store: Store) -> tuple[Conditions, str]:
    """How *store* does conditions, and where it does none, what it did instead.

    Raises StoredError when it keeps other bytes than it is given, TargetError when it takes none.
    """
    folder, before = f"{PROBES}{secrets.token_hex(8)}/", store.conditions
    try:
        _expect_keeping(store, _probe(f"{folder}plain", b"any"))
        faults: list[str] = []
        for way in _WAYS:
            store.conditions = way
            try:
                fault = _fault(store, f"{folder}{way}", f"{folder}plain")
            except PodfeedError as error:
                # A way that a store does not know may look to it like anything: a wrong signature, an odd header.
                if not faults and not isinstance(error, ConditionsError):
                    raise
                fault = say("the store knows no conditions")
            if not fault:
                return way, ""
            faults.append(fault)
        return "none", faults[0]
    finally:
        store.conditions = before


def _fault(store: Store, key: str, stranger: str) -> str:
    """What *store* does at *key* in place of a condition; empty when all hold. *stranger* is another object's key."""
    first, second = _probe(key, b"first"), _probe(key, b"second")
    _put(store, first, ABSENT)
    if not _holds(store, first):
        return say("the store does not take “only if nothing is there” (If-None-Match)")
    if _put(store, second, ABSENT).outcome != "refused" or not _holds(store, first):
        return say("the store puts over what is there, though told not to (If-None-Match)")
    if _put(store, second, _version(store, stranger)).outcome != "refused" or not _holds(store, first):
        return say("the store puts over another version than it was told (If-Match)")
    _put(store, second, _version(store, key))
    if not _holds(store, second):
        return say("the store does not take “only over this version” (If-Match)")
    return ""


def _expect_keeping(store: Store, piece: Blob) -> None:
    answer = _put(store, piece, None)
    if _holds(store, piece):
        return
    if answer.outcome == "unclear":
        raise TargetError(say("the store takes nothing at “{key}”; run again", key=piece.key))
    raise StoredError(say("the store says that “{key}” is stored, and holds something else", key=piece.key))


def _put(store: Store, piece: Blob, only_if: str | None) -> Answer:
    answer = Answer(outcome="unclear")
    for _ in range(_TRIES):
        answer = store.put(piece, only_if=only_if)
        if answer.outcome != "unclear":
            break
    return answer


def _holds(store: Store, piece: Blob) -> bool:
    found = store.get(piece.key)
    return found is not None and found.data == piece.content


def _version(store: Store, key: str) -> str:
    found = store.head(key)
    if found is None:
        raise TargetError(say("the store did not keep “{key}”; run again", key=key))
    return found.version


def _probe(key: str, data: bytes) -> Blob:
    return blob(key, data, "probe", content_type="text/plain", cache_control=RECORD)
