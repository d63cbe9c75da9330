"""`podfeed doctor`: whether a target can be published to, and serves what apps need; and what to paste so that it does.

Nothing is put where the public looks: what is tried lies below ``_podfeed/probe/``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from podfeed.building import open_in, release_of
from podfeed.checking import context
from podfeed.diagnostics import Diagnostic, Finding
from podfeed.errors import AccessError, ConditionsError, PodfeedError, TargetError, gravest
from podfeed.loading import Project, load
from podfeed.model import Target
from podfeed.publish import policies
from podfeed.publish import record as records
from podfeed.publish.hosting import Host, Kind, Served
from podfeed.publish.probe import PROBES, tried
from podfeed.publish.serving import FEED_TYPES, FOREVER, FRESH, blob, type_of
from podfeed.publish.store import Blob
from podfeed.publish.verify import check_medium
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publisher, Run, chosen
from podfeed.render.output import render
from podfeed.verifying import diagnostic_of, error_of
from podfeed.words import say

State = Literal["ok", "not ok", "not tried"]
#: What can be wrong without keeping the rest from being tried.
_HARMLESS = ("conditions", "clock")
#: Enough for two pieces of audio.
_PROBE_BYTES = 100_000
#: How long a place may take to show what was put there.
_PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was looked at."""

    #: What it is called, for scripts.
    name: str
    #: The same for people.
    title: str
    state: State
    #: What is so, and what to do.
    message: str = ""
    hint: str = ""
    #: What it comes to when publishing; None where it does not keep anything from being published.
    error: PodfeedError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Something to paste at the store."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found at a target, and what to paste there."""

    target: Target
    lines: tuple[Line, ...]
    advice: tuple[Advice, ...]

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest thing that is not ok."""
        return gravest(each.error for each in self.lines)


def examined(folder: str | Path, *, target: str = "", run: Run) -> Examination:
    """Look at *target*, which may be left out where there is one. Raises UsageError where it is not there."""
    project = load(folder, web=run.web)
    place = chosen(project, target)
    advice = tuple(_advice(project, place, run)) if place.bucket else ()
    try:
        doctor = _Doctor(Publisher(project, place, Intent(), run))
    except AccessError as error:
        line = Line(name="access", title=say("access"), state="not ok", message=str(error), error=error)
        return Examination(target=place, lines=(line,), advice=advice)
    return Examination(target=place, lines=tuple(doctor.lines()), advice=advice)


class _Doctor:
    """One look at one target."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher, self._store, self._target = publisher, publisher.store, publisher.target
        self._host = Host(publisher.run.web(), publisher.run.now)
        self._folder = f"{PROBES}{secrets.token_hex(8)}/"

    def lines(self) -> Iterator[Line]:
        """What was looked at, in order. What needs something that is not ok is not tried."""
        steps: list[tuple[str, str, Callable[[], str]]] = [
            ("list", say("list objects"), self._list),
            ("read", say("read objects"), self._read),
            ("write", say("put objects"), self._write),
            ("conditions", say("conditions"), self._conditions),
            ("clock", say("clock"), self._clock),
        ]
        if self._target.bucket:
            steps.insert(0, ("credentials", say("credentials"), self._credentials))
        is_open = True
        for name, title, step in steps:
            line = _tried(name, title, step) if is_open else Line(name=name, title=title, state="not tried")
            is_open = is_open and (line.state == "ok" or name in _HARMLESS)
            yield line
        if not is_open:
            yield _untried_public("")
        elif not self._store.public_url(self._folder):
            message = say("config.yaml does not say where the public finds it: write “public:” below the target")
            yield _untried_public(message)
        else:
            yield from self._public()

    # ----------------------------------------------------------------------------------------- the store

    def _credentials(self) -> str:
        from podfeed.publish.s3 import credentials_from

        found = credentials_from()
        if not found:
            raise AccessError(say("none are here: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"))
        return say("from the environment") if found == "env" else say("from “{place}”", place=found)

    def _list(self) -> str:
        for _ in self._store.list(f"{records.FOLDER}/"):
            break
        return ""

    def _read(self) -> str:
        for show in self._publisher.project.config.shows.values():
            self._store.head(show.feed)
        return ""

    def _write(self) -> str:
        piece = self._probe("written.txt", b"podfeed doctor")
        self._store.put(piece, only_if=None)
        found = self._store.get(piece.key)
        if found is None or found.data != piece.content:
            raise TargetError(say("the store did not keep “{key}”", key=piece.key))
        return say("tried below “{folder}”, where nobody looks", folder=PROBES)

    def _conditions(self) -> str:
        way, fault = tried(self._store)
        if way != "none":
            return ""
        if not self._target.has_one_writer:
            raise ConditionsError(
                say("{fault}; if one machine alone publishes, write “writers: one” in config.yaml", fault=fault)
            )
        return say("there are none, and one machine alone publishes")

    def _clock(self) -> str:
        if there := self._publisher.skewed_to():
            seconds = round(abs(there - self._publisher.run.now).total_seconds())
            raise TargetError(say("it is {seconds} seconds from that of the store; set it", seconds=seconds))
        return ""

    # ---------------------------------------------------------------------------------------- the public

    def _public(self) -> Iterator[Line]:
        # Sound that is no sound: nobody plays it.
        sound = self._probe("sound.mp3", secrets.token_bytes(_PROBE_BYTES))
        feed = self._probe("feed.xml", b"<rss version='2.0'><channel/></rss>\n")
        text = self._probe("text.vtt", b"WEBVTT\n")
        for piece in (sound, feed, text):
            self._store.put(piece, only_if=None)
        # First, for it waits for places that are slow to show what they have.
        yield _tried("bytes", say("the same bytes for anybody"), lambda: self._bytes(sound))
        findings = [finding for piece in (sound, feed, text) for finding in self._faults(piece)]
        findings += self._host.listing_faults(self._store.public_url(""))
        found = [diagnostic_of(each) for each in findings]
        is_unread = any(each.rule in _UNREAD for each in found)
        yield from (_aspect(name, found, "not tried" if is_unread else "ok") for name in _ASPECTS)

    def _bytes(self, piece: Blob) -> str:
        there = self._store.head(piece.key)
        if there is None:
            raise TargetError(say("the store did not keep “{key}”", key=piece.key))
        check_medium(self._store, there, piece, sleep=self._publisher.run.sleep, seconds_left=_PATIENCE_SECONDS)
        return ""

    def _faults(self, piece: Blob) -> Iterator[Finding]:
        kinds: dict[str, Kind] = {".mp3": "audio", ".xml": "feed", ".vtt": "text"}
        served = Served(
            url=self._store.public_url(piece.key),
            kind=kinds[Path(piece.key).suffix],
            content_type=piece.content_type,
            size_bytes=piece.size_bytes,
        )
        return self._host.faults(served)

    def _probe(self, name: str, data: bytes) -> Blob:
        is_feed = name.endswith(".xml")
        return blob(
            self._folder + name,
            data,
            "probe",
            content_type=FEED_TYPES[0] if is_feed else type_of(name),
            cache_control=FRESH if is_feed else FOREVER,
        )


#: What of a host each line is about: what it is called for scripts, and how the names of its rules begin.
_ASPECTS = {
    "public": ("server-file-unreachable",),
    "tls": ("server-certificate-", "server-not-secure"),
    "head": ("server-head-", "server-length-"),
    "ranges": ("server-range-",),
    "types": ("server-type-", "server-feed-type-", "server-medium-"),
    "caching": ("server-caching-", "server-not-modified-", "server-feed-unpacked"),
    "redirects": ("server-redirected",),
    "cors": ("server-cors-",),
    "programs": ("server-bot-", "server-robots-"),
    "listing": ("server-listing-",),
}


#: What is told where nothing came that the other lines could be about.
_UNREAD = ("server-file-unreachable", "server-certificate-invalid")


def _titles() -> Mapping[str, str]:
    return {
        "public": say("read by anybody"),
        "tls": say("secure connection"),
        "head": say("HEAD"),
        "ranges": say("byte ranges"),
        "types": say("types"),
        "caching": say("caching"),
        "redirects": say("redirects"),
        "cors": say("players on web pages (CORS)"),
        "programs": say("programs of directories and apps"),
        "listing": say("no list for anybody"),
    }


def _aspect(name: str, found: Iterable[Diagnostic], otherwise: State) -> Line:
    """What *found* says of one aspect of a host, the gravest of it first; *otherwise* where it says nothing."""
    about = [each for each in found if each.rule.startswith(_ASPECTS[name])]
    if not about:
        return Line(name=name, title=_titles()[name], state=otherwise)
    worst = min(about, key=lambda each: each.severity != "error")
    return Line(
        name=name,
        title=_titles()[name],
        state="not ok",
        message=say("{url}: {message}", url=worst.path, message=worst.message),
        hint=worst.hint,
        error=error_of(worst) if worst.severity == "error" else None,
    )


def _tried(name: str, title: str, step: Callable[[], str]) -> Line:
    try:
        return Line(name=name, title=title, state="ok", message=step())
    except PodfeedError as error:
        return Line(name=name, title=title, state="not ok", message=str(error), error=error)


def _untried_public(message: str) -> Line:
    return Line(name="public", title=_titles()["public"], state="not tried", message=message)


def _advice(project: Project, target: Target, run: Run) -> Iterator[Advice]:
    yield Advice(name="public", title=say("Bucket policy: the public reads"), text=policies.public_read(target))
    if folders := _media_folders(project, run):
        title = say("To add to it where the store knows s3:if-none-match (AWS): nobody overwrites media")
        yield Advice(name="write-once", title=title, text=policies.write_once(target, folders))
    yield Advice(name="cors", title=say("CORS rules: players on web pages"), text=policies.cors())
    title = say("Lifecycle rules: what was never public is cleared away")
    yield Advice(name="lifecycle", title=title, text=policies.lifecycle(target))
    title = say("IAM policy of whoever publishes: no more than it takes")
    yield Advice(name="permissions", title=title, text=policies.least_privilege(target))


def _media_folders(project: Project, run: Run) -> list[str]:
    """The folders in which media lie now, and nothing that changes."""
    seen, release = context(project, run.now), release_of(project)
    files = render(
        seen, release, tuple(project.config.shows), lambda path: open_in(project, path), home=(), with_network=False
    )
    media = {_top(file.path) for file in files.values() if file.stage == "media"}
    return sorted(media - {_top(file.path) for file in files.values() if file.stage != "media"} - {""})


def _top(key: str) -> str:
    first, slash, _ = key.partition("/")
    return first if slash else ""
