"""What apps already know → podfeed.lock: an old feed is adopted so that no episode looks new."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from podfeed.building import published_lock, write_lock
from podfeed.check.registry import Context
from podfeed.check.site import is_loopback
from podfeed.checking import context
from podfeed.composing import remembering
from podfeed.errors import RefusedError, UsageError, unknown_show
from podfeed.identity import podcast_guid, show_guid
from podfeed.loading import Project, load
from podfeed.matching import last_part, match
from podfeed.model import Episode, Guid, Target
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publisher, Run, chosen
from podfeed.read import lock as locks
from podfeed.read.dates import format_date
from podfeed.read.decode import Decoded
from podfeed.read.feed import OldFeed, OldItem, read_feed
from podfeed.read.lock import Lock, PublishedEpisode, PublishedShow
from podfeed.report import JSON_VERSION, as_json, printable, table
from podfeed.words import joined, listed, say, say_many


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item of the old feed and what becomes of it."""

    item: OldItem
    guid: Guid
    #: The show that continues it; empty when none does.
    show: str = ""
    #: The file it is; empty when no file is it.
    path: str = ""
    #: What told: guid, audio, slug, or title and date.
    how: str = ""
    #: Whether podfeed.lock remembers it from now on.
    is_adopted: bool = True
    #: What keeps its listeners from finding it again; empty when nothing does.
    trouble: str = ""
    #: What is worth knowing, and no harm.
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What an adoption did, and what apps will make of the next build."""

    feed: OldFeed
    #: The show that keeps the feed's address and podcast:guid; empty when that is open.
    heir: str
    #: In the order of the feed.
    lines: tuple[Line, ...]
    #: Files that are public now and that apps do not know, by path, with the reason.
    new: Mapping[str, str]
    #: Episodes that are public now.
    public: int
    #: Whether podfeed.lock says anything new.
    has_changed: bool

    @property
    def troubled(self) -> tuple[Line, ...]:
        """The items that somebody must look after."""
        return tuple(line for line in self.lines if line.trouble)


def adopted(folder: str | Path, *, feed: OldFeed, show: str, now: datetime) -> Adoption:
    """Write into podfeed.lock what apps know from *feed*. No episode is touched.

    *show* continues the feed, and has the items that no file matches; empty when the files can tell.
    Raises UsageError for a show that is not there, RefusedError when podfeed.lock knows another guid for the same file.
    """
    project = load(folder)
    if show and show not in project.config.shows:
        raise unknown_show(show, project.config.shows)
    return _adopted(project, project, feed, show, now)


def adopted_from(folder: str | Path, *, target: str, show: str, run: Run) -> tuple[Adoption, ...]:
    """Write into podfeed.lock what apps know from the feeds at *target*: of *show*, or of every show.

    Of a feed that podfeed put there, its record tells the rest: what was withdrawn, and which name stands for which
    bytes. Raises UsageError where no feed is, RefusedError as `adopted` does.
    """
    project = load(folder, web=run.web)
    place = chosen(project, target)
    if show and show not in project.config.shows:
        raise unknown_show(show, project.config.shows)
    shows = (show,) if show else tuple(project.config.shows)
    adoptions = tuple(each for id in shows if (each := _adopted_from(folder, place, id, run)))
    if not adoptions:
        raise UsageError(say("there is no feed of {shows} at “{target}”", shows=listed(shows), target=place.name))
    return adoptions


def _adopted_from(folder: str | Path, place: Target, show: str, run: Run) -> Adoption | None:
    project = load(folder, web=run.web)
    publisher = Publisher(project, place, Intent(is_first=True), run)
    live = publisher.loop(show).read()
    if not live.feed:
        return None
    feed = read_feed(live.feed, live.key)
    feed = replace(feed, url=feed.url or publisher.store.public_url(live.key))
    return _adopted(project, remembering(project, show, live.record, Intent()), feed, show, run.now)


def _adopted(before: Project, project: Project, feed: OldFeed, show: str, now: datetime) -> Adoption:
    """Write what *feed* says into podfeed.lock, beside what that of *project* has; *before* is as it was read."""
    seen = context(project, now)
    lines = tuple(_lines(feed, project, seen, show))
    heir = _heir(project, feed, lines, show)
    _refuse_other_guids(seen, feed, lines, heir)
    lock = _lock(project, feed, lines, heir)
    adoption = _outlook(replace(project, lock=lock), feed, lines, heir, now, before=before.lock)
    write_lock(before, locks.with_facts(lock, project.facts))
    return adoption


# ------------------------------------------------------------------------------------------- the lines


def _lines(feed: OldFeed, project: Project, seen: Context, show: str) -> Iterator[Line]:
    """Every item with its file, and whether it can be adopted."""
    files = [file for file in project.files.values() if file.kind != "skipped"]
    found = match(feed.items, files, _guids(seen), show)
    shows = tuple(project.config.shows)
    home = show or (shows[0] if len(shows) == 1 else "")
    known: dict[str, str] = {}
    for number, item in enumerate(feed.items):
        path, how = found.get(number, ("", ""))
        file = project.files.get(path)
        line = Line(item=item, guid=_guid(item), show=file.episode.show if file else home, path=path, how=how)
        if not _has_audio(item) and not (file and file.episode.audio):
            remark = say("{item}: it has no audio in the feed, so apps never had it as an episode", item=_called(line))
            yield replace(line, is_adopted=False, remarks=(remark,))
        elif trouble := _obstacle(line, file, known):
            yield replace(line, is_adopted=False, trouble=trouble)
        else:
            known[line.guid.text] = _called(line)
            yield replace(line, remarks=tuple(_remarks(line, file)))


def _guids(seen: Context) -> dict[str, str]:
    """The guid that every episode has already, by path."""
    return {path: each.guid.text for known in seen.identities.values() for path, each in known.by_path.items()}


def _guid(item: OldItem) -> Guid:
    """The guid of *item*; apps take the address of the audio where there is none."""
    return Guid(text=item.guid, is_permalink=item.is_permalink) if item.guid else Guid(text=item.enclosure_url)


def _has_audio(item: OldItem) -> bool:
    """Whether there is more to the enclosure than a host: yattecast writes that for a post without audio."""
    return last_part(item.enclosure_url) != ""


def _called(line: Line) -> str:
    return line.path or say("“{title}” (line {line})", title=line.item.title, line=line.item.line)


def _obstacle(line: Line, file: Decoded | None, known: Mapping[str, str]) -> str:
    """Why *line* cannot go into podfeed.lock; empty when it can."""
    if not line.guid.text:
        return say("the item has no guid, and no audio address to stand in for it")
    if line.guid.text in known:
        return say(
            "it has the guid of {item}: apps show one of the two, and podfeed keeps that one's",
            item=known[line.guid.text],
        )
    if file and not file.episode.show:
        return say("{reason}; mend that, and adopt again", reason=file.reason)
    if not line.show:
        return say("no file is this item; say with --show which show it belongs to")
    return ""


def _remarks(line: Line, file: Decoded | None) -> Iterator[str]:
    item = _called(line)
    if not line.item.guid:
        yield say("{item}: the item has no guid; the address of its audio stands in, as in many apps", item=item)
    theirs, ours = line.item.date, file.episode.date if file else None
    if theirs is None:
        yield say("{item}: the feed has no date that can be read", item=item)
    elif file and ours is None:
        yield say("{item}: the file has no date; the feed's is kept, {date}", item=item, date=format_date(theirs))
    elif file and ours and ours != theirs:
        here, there = format_date(ours), format_date(theirs.astimezone(ours.tzinfo))
        outcome = say("apps will see the file's") if file.episode.date_is_exact else say("the feed's is kept")
        yield say(
            "{item}: the date is {here} here and {there} in the feed; {outcome}",
            item=item,
            here=here,
            there=there,
            outcome=outcome,
        )


# -------------------------------------------------------------------------------------------- the lock


def _heir(project: Project, feed: OldFeed, lines: Iterable[Line], show: str) -> str:
    """The show that continues the feed: the one named, the only one with items, or the one at its address."""
    shows = {line.show for line in lines if line.is_adopted} or set(project.config.shows)
    if show or len(shows) == 1:
        return show or shows.pop()
    site = project.config.site
    return next((id for id in sorted(shows) if f"{site}/{project.config.shows[id].feed}" == feed.url), "")


def _refuse_other_guids(seen: Context, feed: OldFeed, lines: Iterable[Line], heir: str) -> None:
    known = seen.lock.shows.get(heir)
    if known and feed.podcast_guid and feed.podcast_guid.lower() != known.guid:
        message = say(
            "the feed's podcast:guid is “{theirs}”, and podfeed.lock has “{ours}” for “{show}”: is this"
            " the feed of another show?",
            theirs=feed.podcast_guid,
            ours=known.guid,
            show=heir,
        )
        raise RefusedError(message)
    by_file = {(entry.show, entry.path): entry.guid.text for entry in seen.lock.episodes.values()}
    others = [(line, other) for line in lines if (other := _other_guid(seen, by_file, line))]
    if others:
        raise RefusedError(_refusal(*others[0], more=len(others) - 1))


def _refusal(line: Line, other: str, *, more: int) -> str:
    fault = say(
        "“{path}” is published as “{ours}” in podfeed.lock, and as “{theirs}” in the feed",
        path=line.path,
        ours=other,
        theirs=line.guid.text,
    )
    if more:
        fault = say("{fault}, and {count} more like it", fault=fault, count=more)
    return say(
        "{fault}; if only the feed ever went public, delete the “episode” lines of these files from podfeed.lock"
        " and adopt again",
        fault=fault,
    )


def _other_guid(seen: Context, by_file: Mapping[tuple[str, str], str], line: Line) -> str:
    """The guid under which podfeed.lock has the file of *line*, where that is not the feed's."""
    if not line.is_adopted or not line.path:
        return ""
    continued = seen.identities[line.show].by_path[line.path].published
    guid = continued.guid.text if continued else by_file.get((line.show, line.path), "")
    return "" if guid == line.guid.text else guid


def _lock(project: Project, feed: OldFeed, lines: Iterable[Line], heir: str) -> Lock:
    """podfeed.lock with every adopted line in it. What it knew already stays, tombstones too."""
    lock = project.lock
    shows, episodes = dict(lock.shows), dict(lock.episodes)
    if heir:
        shows[heir] = _published_show(project, feed, heir)
    for line in lines:
        if line.is_adopted:
            for show in project.config.shows:
                # An item without a file was in the wrong show until its file told.
                if show != line.show and (entry := episodes.get((show, line.guid.text))) and not entry.path:
                    del episodes[show, line.guid.text]
            episodes[line.show, line.guid.text] = _entry(project, line, episodes.get((line.show, line.guid.text)))
    return replace(lock, shows=shows, episodes=episodes)


def _published_show(project: Project, feed: OldFeed, id: str) -> PublishedShow:
    """A guid is given once: the feed's own, else the one known here, else the one its first address makes."""
    show, known = project.config.shows[id], project.lock.shows.get(id)
    site = project.config.site
    guid = feed.podcast_guid.lower() or show.guid or (known.guid if known else "")
    made = podcast_guid(feed.url) if feed.url else show_guid(show, site, project.lock)
    return PublishedShow(id=id, guid=guid or made, feed_url=(known.feed_url if known else "") or feed.url)


def _entry(project: Project, line: Line, known: PublishedEpisode | None) -> PublishedEpisode:
    entry = known or PublishedEpisode(show=line.show, guid=line.guid, enclosure_url=line.item.enclosure_url)
    entry = replace(entry, guid=line.guid, date=line.item.date or entry.date)
    if not line.path:
        return entry
    audio = project.files[line.path].episode.audio
    facts = project.facts.get(audio)
    sha256 = facts.sha256 if facts else entry.sha256
    return replace(entry, path=line.path, audio=audio, sha256=sha256)


# ----------------------------------------------------------------------------------------- the outlook


def _outlook(
    project: Project, feed: OldFeed, lines: tuple[Line, ...], heir: str, now: datetime, *, before: Lock
) -> Adoption:
    """What apps will make of the next build of *project*, which has the new lock already."""
    seen = context(project, now)
    shows = tuple(id for id in project.config.shows if id == heir or any(line.show == id for line in lines))
    public = {
        (id, seen.identity(episode).guid.text): episode for id in shows for episode in seen.public(id) if episode.audio
    }
    known = {line.guid.text for line in lines}
    paths = {line.path: line for line in lines if line.path}
    new = {
        episode.path: _why_new(paths.get(episode.path), guid)
        for (id, guid), episode in public.items()
        if guid not in known and (id, guid) not in before.episodes
    }
    built = published_lock(project, now=now, shows=shows)
    return Adoption(
        feed=feed,
        heir=heir,
        lines=tuple(_judged(line, seen, public, built) for line in lines),
        new=new,
        public=len(public),
        has_changed=locks.write(project.lock) != locks.write(before),
    )


def _why_new(line: Line | None, guid: str) -> str:
    if line is None:
        return say("no item of the feed is this file")
    return say("its guid is “{ours}”, and the feed has “{theirs}”", ours=guid, theirs=line.guid.text)


def _judged(line: Line, seen: Context, public: Mapping[tuple[str, str], Episode], built: Lock) -> Line:
    """*line* with what will keep it out of the next feed, or which address its audio will have there."""
    if not line.is_adopted:
        return line
    key = (line.show, line.guid.text)
    if key not in public:
        if built.episodes[key].is_withdrawn:
            return _remarked(line, say("{item}: it was withdrawn and stays out of the feed", item=_called(line)))
        return replace(line, trouble=_why_gone(line, seen))
    here, there = built.episodes[key].enclosure_url, line.item.enclosure_url
    if _plain(here) == _plain(there):
        return line
    remark = say(
        "{item}: its audio moves from {old} to {new}; keep the old address alive, or redirect it",
        item=_called(line),
        old=there,
        new=here,
    )
    return _remarked(line, remark)


def _remarked(line: Line, remark: str) -> Line:
    return replace(line, remarks=(*line.remarks, remark))


def _why_gone(line: Line, seen: Context) -> str:
    if not line.path:
        return say(
            "it is published, and no file here is it; bring it, or run “podfeed withdraw '{guid}'”", guid=line.guid.text
        )
    episode = next(each for each in seen.episodes[line.show] if each.path == line.path)
    if episode.guid and episode.guid != line.guid.text:
        return say(
            "it is published as “{theirs}”, and the file says “guid: {ours}”", theirs=line.guid.text, ours=episode.guid
        )
    if episode.is_draft:
        return say("it is published, and a draft here")
    if not episode.audio:
        return say("it is published, and without audio here")
    return say("it is published, and has no date here")


def _plain(address: str) -> str:
    """*address* as far as listeners care: decoded, in NFC, whether by http or https."""
    return unicodedata.normalize("NFC", unquote(re.sub(r"^https?://", "", address)))


# ---------------------------------------------------------------------------------------------- telling

_MOST_REMARKS = 10
_GUID_WIDTH = 40


def text(adoption: Adoption) -> str:
    """The adoption for people: a table, what to look after, and whether anything will look new."""
    rows = [(line.item.title, _short(line.guid.text), line.show, line.path, line.how) for line in adoption.lines]
    told = [table([_head(), *rows]).rstrip("\n")] if rows else []
    told += [
        say("not continued: {item}: {trouble}", item=_called(line), trouble=line.trouble) for line in adoption.troubled
    ]
    told += [say("will look new: {path}: {reason}", path=path, reason=reason) for path, reason in adoption.new.items()]
    remarks = _some([each for line in adoption.lines for each in line.remarks])
    told += [say("note: {remark}", remark=each) for each in (*remarks, *_notes(adoption))]
    lines = "\n".join([*told, _done(adoption), _sentence(adoption)]).split("\n")
    return "\n".join(map(printable, lines))


def _head() -> tuple[str, ...]:
    return (say("item"), say("guid"), say("show"), say("file"), say("matched by"))


def _short(guid: str) -> str:
    """The beginning and the end of a long guid: the end tells episodes apart."""
    return guid if len(guid) <= _GUID_WIDTH else f"{guid[:15]}…{guid[-(_GUID_WIDTH - 16) :]}"


def _some(remarks: Sequence[str]) -> list[str]:
    more = len(remarks) - _MOST_REMARKS
    rest = [say("and {count} more; “--format json” has them all", count=more)] if more > 0 else []
    return [*remarks[:_MOST_REMARKS], *rest]


def _notes(adoption: Adoption) -> Iterator[str]:
    """What there is to say about the feed as a whole."""
    if any(map(is_loopback, (adoption.feed.url, *(line.guid.text for line in adoption.lines)))):
        yield say("this feed was made for a preview on its maker's machine: adopt the one that apps get from the web")
    if not adoption.heir:
        yield say("say with --show which show keeps the feed's address and podcast:guid; the others get their own")


def _done(adoption: Adoption) -> str:
    count = sum(line.is_adopted for line in adoption.lines)
    if not adoption.has_changed:
        return say_many(
            "podfeed.lock knew all of it: {count} episode", "podfeed.lock knew all of it: {count} episodes", count=count
        )
    return say_many(
        "{count} episode adopted in podfeed.lock; commit it",
        "{count} episodes adopted in podfeed.lock; commit it",
        count=count,
    )


def _sentence(adoption: Adoption) -> str:
    new = say("{count} of {public} will look new", count=len(adoption.new), public=adoption.public)
    if not adoption.troubled:
        return new
    lost = say_many(
        "{count} published item not continued",
        "{count} published items not continued",
        count=len(adoption.troubled),
    )
    return joined([new, lost])


def json(adoption: Adoption) -> str:
    """The adoption for scripts. Source: docs/reference/json.md."""
    return as_json({"version": JSON_VERSION, **_values(adoption)})


def json_of_all(adoptions: Iterable[Adoption]) -> str:
    """The same of what is at a target."""
    return as_json({"version": JSON_VERSION, "feeds": [_values(each) for each in adoptions]})


def _values(adoption: Adoption) -> dict[str, object]:
    return {
        "feed": {"url": adoption.feed.url, "title": adoption.feed.title, "show": adoption.heir or None},
        "items": [_line_values(line) for line in adoption.lines],
        "new": [{"path": path, "reason": reason} for path, reason in adoption.new.items()],
        "notes": list(_notes(adoption)),
        "summary": {
            "items": len(adoption.lines),
            "adopted": sum(line.is_adopted for line in adoption.lines),
            "not_continued": len(adoption.troubled),
            "public": adoption.public,
            "new": len(adoption.new),
            "changed": adoption.has_changed,
        },
    }


def _line_values(line: Line) -> dict[str, object]:
    return {
        "title": line.item.title,
        "line": line.item.line,
        "guid": line.guid.text,
        "is_permalink": line.guid.is_permalink,
        "date": line.item.date.isoformat() if line.item.date else None,
        "enclosure_url": line.item.enclosure_url or None,
        "show": line.show or None,
        "path": line.path or None,
        "matched_by": line.how or None,
        "adopted": line.is_adopted,
        "trouble": line.trouble or None,
        "remarks": list(line.remarks),
    }
