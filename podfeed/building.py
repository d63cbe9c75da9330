"""What was read → a folder of finished files: check, remember what is published, mirror."""

from __future__ import annotations

import os
import posixpath
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from podfeed.check.registry import Context
from podfeed.checking import check, context, reaches_other_shows, stopped_shows
from podfeed.diagnostics import Diagnostic
from podfeed.errors import RefusedError, UsageError, unknown_show, unwritable
from podfeed.identity import show_guid
from podfeed.indexing import indexer
from podfeed.loading import Project, load, load_settings
from podfeed.model import NETWORK, Episode, File, Show
from podfeed.publish.folder import Change, mirror, read_manifest
from podfeed.publish.secrets import credentials
from podfeed.read import lock as locks
from podfeed.read.cache import code_key, key_of
from podfeed.read.disk import sweep, write_whole
from podfeed.read.folder import find_project
from podfeed.read.lock import Lock, PublishedEpisode, PublishedShow
from podfeed.render.addresses import page_path
from podfeed.render.feed import Release
from podfeed.render.feeds import published_feeds
from podfeed.render.output import render, used_media
from podfeed.standstill import Built, Moved, Notes, nothing_changed, remember, shared_state
from podfeed.words import enumerated, joined, say, say_many

if TYPE_CHECKING:
    from podfeed.read.web import Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a build did."""

    diagnostics: tuple[Diagnostic, ...]
    changes: tuple[Change, ...]
    #: Shows that were left as they were, for an error in what is public now.
    stopped: tuple[str, ...]
    #: Whether anything that may be meant for listeners is wrong; drafts and scheduled episodes may wait.
    has_errors: bool
    sentence: str


def built(
    folder: str | Path,
    *,
    out: Path,
    shows: Sequence[str] = (),
    site: str = "",
    now: datetime,
    is_preview: bool = False,
    moved: Moved | None = None,
    web: Callable[[], Web] | None = None,
) -> Outcome:
    """Bring *out* up to date, looking only at what has *moved* if that is known. A preview leaves podfeed.lock alone.

    *web* is as for `load`.
    Raises UsageError for a show or folder that cannot be meant, RefusedError and TargetError as `mirror` does.
    """
    began_ns = time.time_ns()
    root = find_project(Path(folder))
    shared = shared_state(root)
    project = loaded(root, shows, moved, web)
    wanted = [show for show in wanted_shows(project, shows) if show in project.shows]
    _refuse_sources(project, out)
    diagnostics = check(project, now=now)
    stopped = stopped_shows(diagnostics, project.config) & {*wanted, NETWORK}
    going = [show for show in wanted if show not in stopped]
    faulty = [decoded for decoded in project.files.values() if decoded.kind == "faulty"]
    is_whole = going == list(project.config.shows) and NETWORK not in stopped
    home = _home(project, going, out)
    files = _files(project, now, site, going, home, with_network=is_whole) if going else {}
    changes: tuple[Change, ...] = ()
    if going:
        to_publish = partial(published_lock, project, now=now, shows=going, with_network=is_whole)
        changes, shared = _written(project, files, out, going, None if is_preview else to_publish, shared)
        notes = Notes(
            built={show: watched(project, show, now) for show in [*going, ""]},
            # What is faulty now is told again by every run until it is mended.
            gone=[
                *(project.config.shows if NETWORK in stopped else stopped),
                *(decoded.episode.show for decoded in faulty),
            ],
            shared=shared,
            count=len(wanted_shows(project, shows)),
        )
        remember(root, out, (site, *shows), notes, now=now, began_ns=began_ns)
    return Outcome(
        diagnostics=tuple(each for each in diagnostics if each.severity != "info"),
        changes=changes,
        stopped=tuple(sorted(stopped)),
        has_errors=bool(stopped or faulty),
        sentence=_sentence(going, stopped, changes, files, out),
    )


def loaded(root: Path, shows: Sequence[str], moved: Moved | None, web: Callable[[], Web] | None) -> Project:
    """As much of the project as there is to look at."""
    if moved and moved.is_nothing:
        return load_settings(root)
    # The files of no show are few, and any of them may have become an episode.
    if moved:
        project = load(root, around=moved.paths, shows=[*moved.shows, ""], web=web)
        is_all_needed = project.config.network or reaches_other_shows(project, moved.paths)
        return load(root, web=web) if is_all_needed else project
    return load(root, around=(), shows=[*shows, ""], web=web) if shows else load(root, web=web)


def _home(project: Project, going: Sequence[str], out: Path) -> list[str]:
    """The shows the page of the site names: those in *going*, and those that an earlier build left in *out*."""
    there = read_manifest(out)[0]
    return [id for id, show in project.config.shows.items() if id in going or show.feed in there]


def _written(
    project: Project,
    files: Mapping[str, File],
    out: Path,
    going: Sequence[str],
    to_publish: Callable[[], Lock] | None,
    shared: tuple[str, str],
) -> tuple[tuple[Change, ...], tuple[str, str]]:
    """Mirror *files* into *out*, and write the lock *to_publish* between media and feeds.

    Returns what was changed, and *shared* as `shared_state` has it once that lock is written.
    """
    _refuse_unreadable_lock(project)
    text = ""

    def prepare() -> None:
        nonlocal text
        text = _text_of_new(project, to_publish()) if to_publish else ""

    def publish() -> None:
        """What is in a feed is published: that is remembered before anyone can read it."""
        nonlocal shared
        if text:
            _write_lock(project, text)
            shared = (shared[0], shared_state(project.folder)[1])

    changes = mirror(
        files,
        out,
        # A show that was taken out of config.yaml is published all the same.
        keep={*project.config.shows, *project.lock.shows} - {*going},
        keep_paths=_old_feeds(project) | _beside_old_network(project, files, out),
        remember=project.folder,
        secrets=credentials(os.environ),
        beside_pages=prepare,
        before_feeds=publish,
        tries_pages=bool(project.templates),  # an owner's template may fail
    )
    return changes, shared


def _old_feeds(project: Project) -> set[str]:
    """Where feeds lay that have moved: apps read them until their owner says where they went."""
    base = f"{project.config.site}/"
    addresses = (show.feed_url for show in project.lock.shows.values())
    return {unquote(address.removeprefix(base)) for address in addresses if address.startswith(base)}


def _beside_old_network(project: Project, files: Mapping[str, File], out: Path) -> set[str]:
    """All that lies in *out*, if a feed of all shows stays there as it was: it may name any of it."""
    base = f"{project.config.site}/"
    published = (feed.feed_url.removeprefix(base) for feed in project.lock.feeds.values() if not feed.show)
    wanted = (network.feed for network in [project.config.network] if network)
    left = {*published, *wanted} - files.keys()
    there = read_manifest(out)[0] if left else {}
    return set(there) if left & there.keys() else set()


def watched(project: Project, show: str, now: datetime) -> Built:
    """What there is to watch of *show* after *now*; of the files that belong to none, under no name."""
    files = [(path, each.episode) for path, each in project.files.items() if each.episode.show == show]
    dates = (each.date for _, each in files if each.date and each.date > now and not each.is_draft)
    release = release_of(project)
    media = {
        path
        for _, each in files
        for path in (*release.media_of(each), *release.originals_of(each), *release.texts_of(each))
    }
    if show:
        settings = project.config.shows[show]
        media.update(release.media_of_show(settings), release.originals_of_show(settings))
    elif project.config.network:
        media.update(release.originals_of_show(project.config.network))
    media.update(better for path in [*media] for better in project.preferred.get(path, ()))
    raw = (project.entries[path].raw if path in project.entries else path for path in media)
    return Built([project.entries[path].raw for path, _ in files], sorted(raw), min(dates, default=None))


def wanted_shows(project: Project, shows: Sequence[str]) -> list[str]:
    """*shows*, or all of *project*. Raises UsageError for one that is not there."""
    unknown = next((show for show in shows if show not in project.config.shows), "")
    if unknown:
        raise unknown_show(unknown, project.config.shows)
    return list(shows or project.config.shows)


def _refuse_sources(project: Project, out: Path) -> None:
    """The output may not lie over the project's own files."""
    target = out.absolute().resolve()
    root = project.folder.resolve()
    used = {posixpath.dirname(entry.path).split("/")[0] for entry in project.entries.values()} - {""}
    below = target.relative_to(root).parts if target.is_relative_to(root) else ("public",)
    if not below or target in root.parents or below[0] in used or below[0].startswith("."):
        raise UsageError(say("“{folder}” holds the project's own files; choose another --out", folder=out))


def _sentence(
    going: Sequence[str], stopped: Iterable[str], changes: Sequence[Change], files: Mapping[str, File], out: Path
) -> str:
    parts = [_done(len(going), changes, out)] if changes else [nothing_changed(len(going), out)] if going else []
    if stopped:
        parts.append(say("not built, for their errors: {shows}", shows=", ".join(sorted(stopped))))
    parts += _absence(files)
    return joined(parts) or say("nothing to build")


def _done(shows: int, changes: Sequence[Change], out: Path) -> str:
    counts = Counter[str](change.action for change in changes)
    words = {
        "add": say_many("{count} file added", "{count} files added", count=counts["add"]),
        "update": say_many("{count} file updated", "{count} files updated", count=counts["update"]),
        "remove": say_many("{count} file removed", "{count} files removed", count=counts["remove"]),
    }
    done = enumerated(told for action, told in words.items() if counts[action])
    return say_many(
        "{count} show in {folder}: {changes}",
        "{count} shows in {folder}: {changes}",
        count=shows,
        folder=out,
        changes=done,
    )


def _absence(files: Mapping[str, File]) -> list[str]:
    """What to say of media that are named and not here, if there are any."""
    absent = sum(file.content is None for file in files.values())
    if not absent:
        return []
    return [
        say_many(
            "{count} file not in this checkout, taken from podfeed.lock",
            "{count} files not in this checkout, taken from podfeed.lock",
            count=absent,
        )
    ]


def build(project: Project, *, now: datetime, site: str = "", shows: Iterable[str] = ()) -> dict[str, File]:
    """Every file of *shows* (or all), by path below the site: feeds, pages and media of what is public at *now*.

    *site* replaces the addresses of site and media, for previews. Call `check` first: a show with an error may be
    impossible to build.
    """
    wanted = tuple(shows) or tuple(project.config.shows)
    return _files(project, now, site, wanted, home=wanted, with_network={*wanted} >= project.config.shows.keys())


def _files(
    project: Project, now: datetime, site: str, shows: Iterable[str], home: Iterable[str], *, with_network: bool
) -> dict[str, File]:
    seen = context(project, now)
    release = replace(release_of(project, site.rstrip("/")), index=indexer(project))
    return render(seen, release, shows, partial(open_in, project), home=home, with_network=with_network)


def open_in(project: Project, path: str) -> Path | None:
    """The file of *project* behind *path*; None when it is not in this checkout."""
    entry = project.entries.get(path)
    return project.folder / entry.raw if entry else None


def release_of(project: Project, site: str = "") -> Release:
    """Where everything of *project* will be, with *site* in place of the configured addresses if it is given."""
    config = project.config
    addresses = (site or config.site, site or config.media or config.site)
    return Release(
        config=config,
        site=addresses[0],
        media=addresses[1],
        facts=project.facts,
        names=project.lock.names,
        pictures=project.pictures,
        notes=project.notes,
        transcript=lru_cache(maxsize=2)(project.transcript),
        picture=project.picture,
        key=key_of(code_key(), repr(config), repr(project.templates), *addresses),
        templates=project.templates,
    )


def published_lock(project: Project, *, now: datetime, shows: Iterable[str], with_network: bool = False) -> Lock:
    """The lock once *shows* are built, and the network: what is in their feeds is published from then on."""
    seen, release = context(project, now), release_of(project)
    lock = locks.with_facts(project.lock, project.facts)
    published_shows, feeds, episodes, names = dict(lock.shows), dict(lock.feeds), dict(lock.episodes), {}
    network = project.config.network
    for channel in (*(project.config.shows[id] for id in shows), *([network] if network and with_network else [])):
        feeds.update((each.feed_url, each) for each in published_feeds(channel, project.config.site, lock))
    for id in shows:
        show = project.config.shows[id]
        published_shows[id] = _published_show(project, show)
        for episode in seen.public(id):
            if episode.audio:
                entry = _published_episode(seen, episode, release.url(episode.audio))
                episodes[id, entry.guid.text] = entry
        for path in used_media(seen, release, show):
            facts = project.facts.get(path)
            if facts and facts.sha256:
                names[release.name(path)] = facts.sha256
    return replace(locks.with_names(lock, names), shows=published_shows, feeds=feeds, episodes=episodes)


def _refuse_unreadable_lock(project: Project) -> None:
    """Lines of the lock that cannot be read would be lost when it is written."""
    if any(path == locks.PATH for path, _ in project.findings):
        raise RefusedError(say("podfeed.lock has lines that podfeed cannot read; “podfeed check” shows them"))


def write_lock(project: Project, lock: Lock) -> bool:
    """Write *lock* whole, if it says anything new; tells whether it did.

    Raises TargetError when it cannot be written, RefusedError when lines of the old one could not be read.
    """
    _refuse_unreadable_lock(project)
    text = _text_of_new(project, lock)
    if text:
        _write_lock(project, text)
    return bool(text)


def _text_of_new(project: Project, lock: Lock) -> str:
    """The text of *lock*; empty where the project has that lock."""
    return "" if lock == project.lock and (project.folder / locks.PATH).exists() else locks.write(lock)


def _write_lock(project: Project, text: str) -> None:
    path = project.folder / locks.PATH
    try:
        sweep(project.folder, f".{locks.PATH}.podfeed-*")
        write_whole(path, text.encode())
    except OSError as error:
        raise unwritable(path, error) from error


def _published_show(project: Project, show: Show) -> PublishedShow:
    known = project.lock.shows.get(show.id)
    address = f"{project.config.site}/{show.feed}"
    # A feed that moved stays at its old address in the lock until its owner says where it went.
    keeps = known is not None and known.feed_url and known.feed_url != address and show.new_feed_url != address
    guid = show_guid(show, project.config.site, project.lock)
    return PublishedShow(id=show.id, guid=guid, feed_url=known.feed_url if known and keeps else address)


def _published_episode(seen: Context, episode: Episode, url: str) -> PublishedEpisode:
    identity = seen.identity(episode)
    known = identity.published
    audio, page = seen.audio(episode), page_path(seen.config.shows[episode.show], episode)
    return PublishedEpisode(
        show=episode.show,
        guid=identity.guid,
        path=episode.path,
        date=(known.date if known else None) or episode.date,
        enclosure_url=url,
        audio=episode.audio,
        sha256=audio.sha256 if audio else "",
        reinstated=known.reinstated if known else 0,
        page=page,
        former_pages=known.pages_before(page) if known else (),
    )
