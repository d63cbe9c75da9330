"""What was read → diagnostics: every rule is asked, and every finding gets its place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from podfeed.check.extra import ask_extra
from podfeed.check.registry import Context, FeedContext, Found, ask, rules
from podfeed.diagnostics import Diagnostic, Finding, Platform, Position
from podfeed.errors import UsageError
from podfeed.identity import show_guid
from podfeed.loading import Project, load
from podfeed.model import NETWORK, Config, Show
from podfeed.read.decode import SPELLINGS, Decoded
from podfeed.read.extra import place_in
from podfeed.read.folder import CONFIG, find_project, is_episode
from podfeed.read.source import Source, Text
from podfeed.waivers import Waivers
from podfeed.words import say

if TYPE_CHECKING:
    from podfeed.read.web import Web

Kind = Literal["episode", "article", "draft", "scheduled", "skipped", "faulty"]


def context(project: Project, now: datetime) -> Context:
    """What the rules look at: the project's episodes by show, each with its identity."""
    return Context(
        config=project.config,
        facts=project.facts,
        lock=project.lock,
        now=now,
        episodes=project.episodes,
        identities=project.identities,
        lost=project.lost,
        broken_links=project.broken_links,
        skipped={path: each.reason for path, each in project.files.items() if each.kind == "skipped"},
        articles=frozenset(path for path, decoded in project.files.items() if decoded.kind == "article"),
    )


def load_around(
    folder: str,
    paths: Iterable[str],
    unsaved: Mapping[str, bytes] | None = None,
    *,
    web: Callable[[], Web] | None = None,
) -> tuple[Project, frozenset[str]]:
    """As much of the project as the rules need to judge *paths*, and the files these name; without any, all of it.

    *unsaved* is what episode files hold, by path, whatever the disk holds of them. *web* is as for `load`.
    """
    root = find_project(Path(folder))
    named = [_below(root, path) for path in paths]
    given = {_episode_below(root, path): data for path, data in (unsaved or {}).items()}
    project = load(root, around=named if named and CONFIG not in named else None, unsaved=given, web=web)
    files = relative_paths(project, paths)
    return (load(root, unsaved=given, web=web) if named and reaches_other_shows(project, files) else project), files


def reaches_other_shows(project: Project, paths: Iterable[str]) -> bool:
    """Whether *paths* may take an address that belongs to a show which was not looked at.

    By default every show's pages lie in a folder of its own; then only what an author writes can leave it.
    """
    shows = project.config.shows.values()
    places = ((show.id, path) for show in shows for path in (show.permalink[1:], show.feed, *show.formats.values()))
    if any(not path.startswith(f"{id}/") for id, path in places):
        return True
    files = (project.files[path].episode for path in paths if path in project.files)
    return any(episode.permalink or episode.aliases for episode in files)


def relative_paths(project: Project, paths: Iterable[str]) -> frozenset[str]:
    """The files *paths* name, as the project speaks of them. Raises UsageError for one that names none."""
    found: set[str] = set()
    for path in paths:
        relative = _below(project.folder, path)
        below = {each for each in project.files if each == relative or each.startswith(f"{relative}/")}
        if not below and relative != CONFIG:
            raise _no_episode(path)
        found |= below or {relative}
    return frozenset(found)


def _below(root: Path, path: str) -> str:
    """*path*, which is relative to where the user is, as the project in *root* speaks of it."""
    try:
        return unicodedata.normalize("NFC", Path(path).absolute().relative_to(root).as_posix())
    except ValueError as error:
        raise UsageError(say("“{path}” is no file of the project in “{root}”", path=path, root=root)) from error


def _episode_below(root: Path, path: str) -> str:
    """The same for a file that need not be there."""
    relative = _below(root, path)
    if not is_episode(relative):
        raise _no_episode(path)
    return relative


def _no_episode(path: str) -> UsageError:
    return UsageError(say("“{path}” is no Markdown file below episodes/", path=path))


def check(
    project: Project, *, now: datetime, paths: Iterable[str] = (), platforms: Iterable[Platform] = ()
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong, sorted by file and place; with *paths*, what is wrong with these files.

    What one of *platforms* refuses is an error. Only what is an error by itself stops a show's build.
    """
    wanted = frozenset(paths)
    seen = context(project, now)
    told = _Telling(project, seen, frozenset(platforms), Waivers(project, seen))
    for path, finding in project.findings:
        told.reader(path, finding)
    for path, decoded in _unclaimed(project):
        message = say("this file has audio, but {reason}", reason=decoded.reason)
        hint = say("add “show: …”, or a “match” to config.yaml that holds for one show only")
        told.reader(path, Finding("", message, hint, rule="episode-show-unknown"))
    for found in ask(seen, only=wanted or None):
        told.found(found)
    for show in seen.episodes:
        told.extra_tags(project.config.shows[show], wanted)
    for path, finding in told.waivers.findings(wanted):
        told.reader(path, finding)
    diagnostics = (each for each in told.diagnostics if not wanted or project.owner(each.path) in wanted)
    return tuple(sorted(diagnostics, key=Diagnostic.sort_key))


def _unclaimed(project: Project) -> Iterator[tuple[str, Decoded]]:
    """The files that are left out for want of a show; none where nobody knows of any."""
    if knows_shows(project):
        yield from ((path, decoded) for path, decoded in project.files.items() if decoded.is_unclaimed)


def knows_shows(project: Project) -> bool:
    """Whether config.yaml could be read, and its shows with it."""
    return (CONFIG, "header-unreadable") not in ((path, finding.rule) for path, finding in project.findings)


@dataclass(slots=True)
class _Telling:
    """Findings on their way to diagnostics: each gets its rule, its place, and the show it stops."""

    project: Project
    context: Context
    platforms: frozenset[Platform]
    waivers: Waivers
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _sources: dict[str, Source] = field(default_factory=dict)

    def reader(self, path: str, finding: Finding) -> None:
        self._tell(finding.rule, path, finding, self._show_of(path, finding))

    def found(self, found: Found) -> None:
        decoded = self.project.files.get(found.path)
        show = decoded.episode.show if decoded else found.show
        self._tell(found.rule.name, found.path, found.finding, show or "*")

    def extra_tags(self, show: Show, wanted: Container[str]) -> None:
        """What the rules about feeds say of the tags that *show* and its episodes add to the feed."""
        if show.extra_tags:
            self._extra_tags(show, CONFIG, f"shows.{show.id}.extra_tags", show.extra_tags)
        for episode in self.context.episodes[show.id]:
            if episode.extra_tags and (not wanted or episode.path in wanted):
                self._extra_tags(show, episode.path, "extra_tags", episode.extra_tags)

    def _extra_tags(self, show: Show, path: str, name: str, text: str) -> None:
        config, source = self.project.config, self._source(path)
        guid = show_guid(show, config.site, self.project.lock)
        context = FeedContext(now=self.context.now)
        for found in ask_extra(text, config.namespaces, context, guid=guid, in_item=path != CONFIG):
            node, place = source.node(name), found.finding.position
            if isinstance(node, Text) and place:
                place = place_in(source.text, node, place)
            self._tell(found.rule.name, path, replace(found.finding, field=name, position=place), show.id)

    def _show_of(self, path: str, finding: Finding) -> str:
        """The show an error of a reader concerns: ``*`` for all, nothing for none."""
        path = self.project.owner(path)
        if path in self.project.files:
            decoded = self.project.files[path]
            published = (entry.show for entry in self.project.lock.episodes.values() if entry.path == path)
            return next(published, "") if decoded.kind == "faulty" else decoded.episode.show
        parts = finding.field.split(".")
        if parts[0] == "network":
            return NETWORK
        return parts[1] if parts[0] == "shows" and ".".join(parts[1:2]) in self.project.config.shows else "*"

    def _tell(self, rule: str, path: str, finding: Finding, show: str) -> None:
        known = rules()[rule]
        if self.waivers.quiet(known, self.project.owner(path)):
            return
        source = self._source(path)
        place = finding.position or _place_in_notes(source, finding.quote) or place_of(source, finding.field)
        self.diagnostics.append(
            replace(
                known.diagnostic(finding, path, place, self.platforms),
                # What stands in a target may be secret.
                excerpt="" if finding.field.startswith("targets.") else source.line(place.line),
                stops=show if known.severity == "error" and not self._waits(path) else "",
            )
        )

    def _waits(self, path: str) -> bool:
        """Whether the file is a draft or scheduled: its errors are told and stop nothing."""
        decoded = self.project.files.get(self.project.owner(path))
        if decoded is None or decoded.kind == "faulty" or decoded.episode.show not in self.context.identities:
            return False
        episode = decoded.episode
        if self.context.identity(episode).published:
            return False
        return episode.is_draft or (episode.date is not None and episode.date > self.context.now)

    def _source(self, path: str) -> Source:
        if path not in self._sources:
            self._sources[path] = self.project.source(path)
        return self._sources[path]


def _place_in_notes(source: Source, words: str) -> Position | None:
    """Where *words* first stand below the header, if they do."""
    start = source.text.find(words, len(source.text) - len(source.body)) if words else -1
    return source.position(start, start + len(words)) if start >= 0 else None


def place_of(source: Source, name: str) -> Position:
    """Where the field *name* stands, whichever of its spellings the author used."""
    first, dot, rest = name.partition(".")
    written = next((each for each in SPELLINGS.get(first, ()) if each in source.header.entries), first)
    return source.place(f"{written}{dot}{rest}")


def kind_of(decoded: Decoded, seen: Context) -> Kind:
    """What a file is now: a draft and a scheduled episode are told from a public one."""
    if decoded.kind in ("skipped", "faulty"):
        return decoded.kind
    if decoded.episode.is_draft:
        return "draft"
    if decoded.kind == "article":
        return "article"
    date = decoded.episode.date
    return "scheduled" if date and date > seen.now and not seen.is_public(decoded.episode) else "episode"


def listing(project: Project, now: datetime) -> list[dict[str, str | None]]:
    """Every Markdown file below episodes/: what it is at *now*, whose, why, and when it goes out."""
    seen = context(project, now)
    return [_listed(path, decoded, seen) for path, decoded in project.files.items()]


def _listed(path: str, decoded: Decoded, seen: Context) -> dict[str, str | None]:
    episode, kind = decoded.episode, kind_of(decoded, seen)
    identity = (
        seen.identity(episode) if decoded.kind in ("episode", "article") and episode.show in seen.episodes else None
    )
    date = identity.date_of(episode) if identity else episode.date
    is_withdrawn = identity and identity.published and identity.published.is_withdrawn
    return {
        "path": path,
        "kind": kind,
        "show": episode.show or None,
        "reason": say("withdrawn") if is_withdrawn else decoded.reason or episode.show_reason or None,
        "date": date.isoformat() if date else None,
    }


def stopped_shows(diagnostics: Iterable[Diagnostic], config: Config) -> frozenset[str]:
    """The shows an error leaves as they are, the network among them."""
    stops = {each.stops for each in diagnostics} - {""}
    channels = frozenset(show.id for show in config.channels())
    return channels if "*" in stops else channels & stops
