"""Audio elsewhere on the web → what it says about itself, or what to tell of it: many are asked for side by side."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

from podfeed.diagnostics import Finding
from podfeed.model import AudioFacts, MediaFacts
from podfeed.read.audio import measure_open
from podfeed.read.durations import format_clock
from podfeed.read.folder import plain
from podfeed.read.remote import RemoteFile, state
from podfeed.read.web import Trouble, Web
from podfeed.words import say

T = TypeVar("T")
R = TypeVar("R")

#: Files that are asked for at the same time.
_AT_ONCE = 8


def measure_all(
    web: Web, addresses: Iterable[str], known: Mapping[str, MediaFacts] | None = None
) -> Mapping[str, AudioFacts | Trouble]:
    """What the audio at each of *addresses* says about itself, or why nobody can tell.

    Of what is *known* and has not changed since, it is what is known.
    """
    known = known or {}
    wanted = list(dict.fromkeys(addresses))
    found: dict[str, AudioFacts | Trouble] = {}

    def ask(address: str) -> AudioFacts | Trouble:
        before = known.get(address)
        try:
            return measure_again(web, address, before) if isinstance(before, AudioFacts) else measure(web, address)
        except Trouble as trouble:
            return trouble

    for address, facts in side_by_side(ask, wanted):
        found[address] = facts
        web.progress(len(found), len(wanted))
    return found


def measure(web: Web, address: str) -> AudioFacts:
    """What the audio at *address* says about itself. Raises Trouble."""
    with web.asking(address) as clock:
        file = RemoteFile(web, address, clock)
        facts = measure_open(file, is_far=True)
        if file.trouble:
            raise file.trouble
    if facts.container == "html":
        raise Trouble(say("its server gives a web page instead of sound, as those do that want a password"))
    return replace(facts, etag=file.state.etag, last_modified=file.state.last_modified)


def measure_again(web: Web, address: str, known: AudioFacts) -> AudioFacts:
    """The same, by a single small request where nothing has changed since it was *known*. Raises Trouble."""
    now = state(web, address, etag=known.etag, last_modified=known.last_modified)
    if now is None or (now.size_bytes, now.etag, now.last_modified) == (
        known.size_bytes,
        known.etag,
        known.last_modified,
    ):
        return known
    if now.size_bytes == known.size_bytes and not known.etag and not known.last_modified:
        return replace(known, etag=now.etag, last_modified=now.last_modified, origin="measured")
    return measure(web, address)


def is_other_sound(known: MediaFacts | None, now: AudioFacts) -> bool:
    """Whether what a feed says of the *known* sound would be wrong now: another mark of its server is no change."""
    return isinstance(known, AudioFacts) and (known.size_bytes, known.duration) != (now.size_bytes, now.duration)


def fault(field: str, address: str, path: str, trouble: Trouble) -> Finding:
    """What to say of audio elsewhere that the *field* of the file *path* names, and that cannot be measured."""
    if trouble.passes:
        message = say("“{audio}” cannot be measured now: {reason}", audio=plain(address), reason=trouble)
        hint = say("run again, or run “podfeed enrich {path} --from FILE” with a copy of it", path=path)
        return Finding(field, message, hint, rule="audio-remote-unreachable")
    message = say("“{audio}” cannot be measured: {reason}", audio=plain(address), reason=trouble)
    hint = say("correct the address, or run “podfeed enrich {path} --from FILE” with a copy of it", path=path)
    return Finding(field, message, hint, rule="audio-remote-unusable")


def change(field: str, address: str, path: str, known: AudioFacts, now: AudioFacts) -> Finding:
    """What to say of audio elsewhere that is not what was measured."""
    message = say(
        "“{audio}” has changed since it was measured: {size} bytes and {length} then, {new_size} and {new_length} now",
        audio=plain(address),
        size=known.size_bytes,
        length=format_clock(known.duration),
        new_size=now.size_bytes,
        new_length=format_clock(now.duration),
    )
    hint = say("give the new sound an address of its own, or run “podfeed enrich {path} --accept-changed”", path=path)
    return Finding(field, message, hint, rule="audio-remote-changed")


def side_by_side(function: Callable[[T], R], pieces: Sequence[T], at_once: int = _AT_ONCE) -> Iterator[tuple[T, R]]:
    """Each of *pieces* with what *function* makes of it, as they come. An interruption waits for none of them."""
    todo: queue.SimpleQueue[T] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[T, Future[R]]] = queue.SimpleQueue()
    for piece in pieces:
        todo.put(piece)

    def work() -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                piece, future = todo.get_nowait(), Future[R]()
                try:
                    future.set_result(function(piece))
                except BaseException as error:  # whoever waits for it has to hear of it, whatever it is
                    future.set_exception(error)
                done.put((piece, future))

    for _ in range(min(at_once, len(pieces))):
        threading.Thread(target=work, daemon=True).start()
    for _ in pieces:
        piece, future = done.get()
        yield piece, future.result()
