"""After the commit: hubs, a webhook and a monitor hear of it. Nobody's silence undoes a publish, or delays it long."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import reduce
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from podfeed.model import Config, Target
from podfeed.publish.loop import Done
from podfeed.read.cache import FOLDER, write_quietly
from podfeed.read.folder import split_address
from podfeed.read.web import Trouble
from podfeed.render.addresses import url_of
from podfeed.words import say, say_many

if TYPE_CHECKING:
    from podfeed.read.web import Web

#: Of the JSON that a webhook gets. Source: docs/reference/json.md.
VERSION = 1
#: How long a run waits for all whom it tells, when it begins and when it ends.
SECONDS_AT_START = 3.0
SECONDS_AT_END = 6.0
#: After so many runs that tried in vain, nobody seems to listen.
MOST_TRIES = 10
_KEPT = "untold.json"

_Kind = Literal["hub", "webhook", "ping"]
_Moment = Literal["start", "success", "failure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed in public."""

    #: The new generation of each show that has one, by its id.
    generations: Mapping[str, int] = field(default_factory=dict)
    #: The addresses of everything that changed.
    changed: tuple[str, ...] = ()
    #: Each hub with each feed that names it and says something new.
    hubs: tuple[tuple[str, str], ...] = ()

    def and_then(self, later: News) -> News:
        """Both as one."""
        return News(
            generations={**self.generations, **later.generations},
            changed=tuple(dict.fromkeys(self.changed + later.changed)),
            hubs=tuple(dict.fromkeys(self.hubs + later.hubs)),
        )


def news_of(done: Iterable[Done], shared: Iterable[str], config: Config, public_url: Callable[[str], str]) -> News:
    """What shows that are *done* changed, and what was put at the keys *shared*; *public_url* is the store's."""
    done, shared = tuple(done), tuple(shared)
    put = dict.fromkeys([*(key for each in done for key in each.put), *shared])
    new = [each for each in done if _says_something_new(each)]
    hubs = [pair for each in new for pair in _hubs_of(each, config)]
    generations = {each.show: each.record.generation for each in done if each.has_committed}
    # With a new generation of which only pages are new, the feed of all shows says nothing new either.
    if config.network and config.network.feed in shared and (new or not generations):
        hubs += [(hub, url_of(config.site, config.network.feed)) for hub in config.network.hubs]
    return News(
        generations=generations,
        changed=tuple(filter(None, map(public_url, put))),
        hubs=tuple(hubs),
    )


def _says_something_new(done: Done) -> bool:
    """Pages alone are nothing that a hub would deliver."""
    return done.has_committed and (done.before is None or done.before.feed_sha256 != done.record.feed_sha256)


def _hubs_of(done: Done, config: Config) -> Iterator[tuple[str, str]]:
    further = [url_of(config.site, key) for key in done.wanted.derived if key in done.put]
    for hub in config.shows[done.show].hubs:
        yield from ((hub, feed) for feed in (done.wanted.feed_url, *further))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody who was told, or could not be."""

    what: _Kind
    #: Scheme and host alone: the rest of an address may be a secret.
    to: str
    #: Why it did not work; empty when it did.
    trouble: str = ""
    #: Whether the next run tries again.
    is_kept: bool = False

    @property
    def warning(self) -> str:
        """The trouble as a sentence; empty when there is none."""
        if not self.trouble:
            return ""
        who, to, reason = _name(self.what), self.to, self.trouble
        if self.is_kept:
            return say("{who} at {to} was not told: {reason}; the next run tries again", who=who, to=to, reason=reason)
        return say("{who} at {to} was not told: {reason}", who=who, to=to, reason=reason)


def _name(kind: _Kind) -> str:
    return {"hub": say("the hub"), "webhook": say("the webhook"), "ping": say("the monitor")}[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    what: _Kind
    address: str
    body: bytes | None = None
    body_type: str = ""
    #: What it tells of; nothing where that is of no use to anybody later.
    news: News = field(default_factory=News)


class Notifier:
    """Whom a target names to be told of runs, and of what these change.

    What *environment* has as ``PODFEED_WEBHOOK``, ``PODFEED_PING_START``, ``PODFEED_PING_SUCCESS`` or
    ``PODFEED_PING_FAILURE`` takes the place of what config.yaml says: such an address may be a secret.
    *folder* is that of the project; there is kept what nobody heard.
    """

    def __init__(
        self, target: Target, *, site: str, folder: Path, web: Callable[[], Web], environment: Mapping[str, str]
    ) -> None:
        self._target, self._site, self._web = target, site, web
        self._file = folder / FOLDER / _KEPT
        self._environment = environment

    def start(self) -> tuple[Told, ...]:
        """Tell the monitor that a run begins."""
        return self._tell(self._ping("start"), seconds=SECONDS_AT_START)

    def finish(self, news: News, *, has_failed: bool) -> tuple[Told, ...]:
        """Tell hubs and webhook the *news*, and what nobody heard before; and the monitor how the run ended."""
        kept, tries = self._read()
        messages = [*self._messages(kept.and_then(news)), *self._ping("failure" if has_failed else "success")]
        self._keep(messages, tries + 1)  # for this run may be killed while it waits
        told = self._tell(messages, seconds=SECONDS_AT_END, keeps=tries + 1 < MOST_TRIES)
        self._keep((message for message, each in zip(messages, told, strict=True) if each.is_kept), tries + 1)
        return told

    # ----------------------------------------------------------------------------------------- messages

    def _messages(self, news: News) -> Iterator[_Message]:
        for hub, feed in news.hubs:
            # Some hubs read the one name, some the other.
            body = urlencode({"hub.mode": "publish", "hub.topic": feed, "hub.url": feed}).encode()
            form = "application/x-www-form-urlencoded"
            yield _Message(what="hub", address=hub, body=body, body_type=form, news=News(hubs=((hub, feed),)))
        webhook = self._address("WEBHOOK", self._target.webhook)
        if webhook and news.changed:
            body = json.dumps(self._values(news)).encode()
            told = News(generations=news.generations, changed=news.changed)
            yield _Message(what="webhook", address=webhook, body=body, body_type="application/json", news=told)

    def _values(self, news: News) -> dict[str, Any]:
        return {
            "version": VERSION,
            "text": say_many(
                "{site}: {count} address changed",
                "{site}: {count} addresses changed",
                count=len(news.changed),
                site=self._site,
            ),
            "site": self._site,
            "target": self._target.name,
            "shows": [{"id": show, "generation": number} for show, number in news.generations.items()],
            "changed": list(news.changed),
        }

    def _ping(self, moment: _Moment) -> Sequence[_Message]:
        address = self._address(f"PING_{moment.upper()}", self._target.pings.get(moment, ""))
        return [_Message(what="ping", address=address)] if address else []

    def _address(self, name: str, configured: str) -> str:
        return self._environment.get(f"PODFEED_{name}", configured)

    # ------------------------------------------------------------------------------------------ telling

    def _tell(self, messages: Sequence[_Message], *, seconds: float, keeps: bool = False) -> tuple[Told, ...]:
        """Tell all side by side, and wait no longer than *seconds*: not even for a name that nobody can resolve."""
        if not messages:
            return ()
        web = self._web()
        troubles = [say("its server does not answer in time")] * len(messages)

        def send(number: int) -> None:
            troubles[number] = _trouble(web, messages[number], seconds)

        threads = [threading.Thread(target=send, args=(number,), daemon=True) for number in range(len(messages))]
        ends = monotonic() + seconds
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, ends - monotonic()))
        return tuple(
            Told(
                what=message.what,
                to=_server(message.address),
                trouble=trouble,
                is_kept=keeps and bool(trouble) and message.news != News(),
            )
            for message, trouble in zip(messages, tuple(troubles), strict=True)
        )

    # ------------------------------------------------------------------------------- what nobody heard

    def _read(self) -> tuple[News, int]:
        """What nobody heard, and how many runs have tried; nothing where the file is lost."""
        try:
            values = _stored(self._file)[self._target.name]
            hubs = tuple((str(hub), str(feed)) for hub, feed in values["hubs"])
            news = News(generations=dict(values["generations"]), changed=tuple(values["changed"]), hubs=hubs)
            return news, int(values["tries"])
        except (KeyError, TypeError, ValueError):
            return News(), 0

    def _keep(self, messages: Iterable[_Message], tries: int) -> None:
        """Remember what *messages* tell of, for the next run."""
        news = reduce(News.and_then, (each.news for each in messages), News())
        stored = _stored(self._file)
        before = stored.pop(self._target.name, None)
        if news != News():
            stored[self._target.name] = {"tries": tries, **asdict(news)}
        elif before is None:
            return
        write_quietly(self._file, json.dumps(stored))


def _trouble(web: Web, message: _Message, seconds: float) -> str:
    try:
        web.tell(message.address, message.body, message.body_type, seconds=seconds)
    except Trouble as trouble:
        return str(trouble)
    return ""


def _server(address: str) -> str:
    """Scheme and host of *address*, as far as it has them."""
    parts = split_address(address)
    return f"{parts.scheme}://{parts.hostname}" if parts.hostname else "?"


def _stored(file: Path) -> dict[str, Any]:
    try:
        stored = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}
