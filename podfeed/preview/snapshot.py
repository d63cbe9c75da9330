"""The project at one moment: what each file is now, and all pages and feeds as if drafts and what waits were out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from podfeed.building import build, release_of
from podfeed.check.registry import Context
from podfeed.checking import check, context, kind_of
from podfeed.diagnostics import PLATFORMS, Diagnostic
from podfeed.loading import Project
from podfeed.model import AudioFacts, Episode, File
from podfeed.read.decode import Decoded
from podfeed.releasing import in_zone
from podfeed.render.addresses import page_address, page_path, url_of
from podfeed.render.feed import Release

#: After every date an episode can have.
_ALL_IS_OUT = datetime(2101, 1, 2, tzinfo=UTC)

#: What a file is to whoever waits for it. What is released was built or published, by podfeed.lock; what is due goes
#: out with the next publish; of what is unclaimed nobody knows the show.
State = Literal["released", "due", "scheduled", "draft", "incomplete", "withdrawn", "skipped", "unclaimed", "faulty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file below episodes/, in short."""

    path: str
    #: Empty for a file that has none, or whose header cannot be read.
    title: str
    #: The show's id; empty when no show is known.
    show: str
    state: State
    #: Whether it has no sound and wants none.
    is_article: bool
    #: Why it is left out; empty when it is not.
    reason: str
    #: In the time zone of its show.
    date: datetime | None
    #: How many findings must be mended, and how many are worth a look.
    faults: int
    remarks: int
    #: The address of its page in this preview; empty when it has none.
    page: str

    @property
    def is_waiting(self) -> bool:
        """Whether listeners do not have it yet, and one day will."""
        return self.state in ("due", "scheduled", "draft", "incomplete", "unclaimed", "faulty")


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The project as it was read at one moment."""

    project: Project
    now: datetime
    #: The address of this preview.
    site: str
    diagnostics: tuple[Diagnostic, ...]
    #: All that can be looked at, by path below the site.
    files: Mapping[str, File]

    @cached_property
    def seen(self) -> Context:
        """What is public now, and what is not."""
        return context(self.project, self.now)

    @cached_property
    def out(self) -> Project:
        """The project as if drafts and what is scheduled were out."""
        return _all_out(self.project, self.now)

    @cached_property
    def release(self) -> Release:
        """Where everything is in this preview."""
        return release_of(self.out, self.site)

    @cached_property
    def listed(self) -> Mapping[str, Listed]:
        """Every Markdown file, by path."""
        return {path: self._listed(path, decoded) for path, decoded in self.project.files.items()}

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """The episode of each page, by the page's path below the site."""
        shows = self.project.config.shows
        return {
            page_path(shows[each.episode.show], each.episode): path
            for path, each in self.project.files.items()
            if each.kind in ("episode", "article") and each.episode.show in shows
        }

    @cached_property
    def due(self) -> datetime | None:
        """When the next episode is out, and this snapshot is out of date."""
        return min((each.date for each in self.listed.values() if each.date and each.date > self.now), default=None)

    def found_in(self, path: str) -> tuple[Diagnostic, ...]:
        """What is to be said of the file at *path*, and of the texts it names; the gravest first."""
        return self._found.get(path, ())

    def stopping(self, show: str) -> tuple[Diagnostic, ...]:
        """What keeps *show* from going out."""
        return tuple(each for each in self.diagnostics if each.stops and each.stops in (show, "*"))

    @cached_property
    def _found(self) -> Mapping[str, tuple[Diagnostic, ...]]:
        found: dict[str, list[Diagnostic]] = {}
        for each in sorted(self.diagnostics, key=lambda each: each.severity != "error"):
            found.setdefault(self.project.owner(each.path), []).append(each)
        return {path: tuple(each) for path, each in found.items()}

    def _listed(self, path: str, decoded: Decoded) -> Listed:
        episode, show = decoded.episode, self.project.config.shows.get(decoded.episode.show)
        counts = Counter(each.severity == "error" for each in self.found_in(path))
        has_page = show is not None and page_path(show, episode) in self.files
        return Listed(
            path=path,
            title=episode.title,
            show=episode.show,
            state=self._state(decoded),
            is_article=decoded.kind == "article",
            reason=decoded.reason,
            date=self._date(decoded),
            faults=counts[True],
            remarks=counts[False],
            page=url_of("", page_address(show, episode)) if show and has_page else "",
        )

    def _date(self, decoded: Decoded) -> datetime | None:
        episode = decoded.episode
        is_known = decoded.kind in ("episode", "article") and episode.show in self.seen.identities
        date = self.seen.identity(episode).date_of(episode) if is_known else episode.date
        return in_zone(date, self.project, episode.show) if date else None

    def _state(self, decoded: Decoded) -> State:
        if decoded.is_unclaimed:
            return "unclaimed"
        kind = kind_of(decoded, self.seen)
        if kind in ("skipped", "faulty", "draft", "scheduled"):
            return kind
        published = self.seen.identity(decoded.episode).published
        if published and published.is_withdrawn:
            return "withdrawn"
        if not self.seen.is_public(decoded.episode):
            return "scheduled" if kind == "article" else "incomplete"
        return "released" if published or kind == "article" else "due"


def snapshot(project: Project, now: datetime, site: str) -> Snapshot:
    """*project* at *now*, to be looked at below *site*."""
    diagnostics = check(project, now=now, platforms=PLATFORMS)
    files = build(_all_out(project, now), now=_ALL_IS_OUT, site=site)
    return Snapshot(project=project, now=now, site=site, diagnostics=diagnostics, files=files)


def _all_out(project: Project, now: datetime) -> Project:
    """*project* with every episode that has sound, or wants none, in public."""
    files = {path: replace(decoded, episode=_out(decoded.episode, now)) for path, decoded in project.files.items()}
    return replace(project, files={path: each for path, each in files.items() if _can_be_shown(each, project)})


def _out(episode: Episode, now: datetime) -> Episode:
    return replace(episode, is_draft=False, date=episode.date or (now if episode.audio else None))


def _can_be_shown(decoded: Decoded, project: Project) -> bool:
    if decoded.kind == "episode":
        return isinstance(project.facts.get(decoded.episode.audio), AudioFacts)
    return True


def of_show(listed: Mapping[str, Listed], show: str) -> Iterator[Listed]:
    """What belongs to *show*: what is still to come first, the next of it on top, then the newest."""
    files = [each for each in listed.values() if each.show == show]
    undated = datetime.max.replace(tzinfo=UTC)
    yield from sorted((each for each in files if each.is_waiting), key=lambda each: (each.date or undated, each.path))
    past = (each for each in files if not each.is_waiting)
    yield from sorted(past, key=lambda each: (each.date or undated, each.path), reverse=True)
