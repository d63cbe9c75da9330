"""A snapshot × a file → all its hosts want to know before it is out: faults, looks in apps, sound, item, changes."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from podfeed.building import release_of
from podfeed.check.registry import rules
from podfeed.checking import context
from podfeed.diagnostics import Diagnostic
from podfeed.errors import PodfeedError
from podfeed.identity import Identity, show_guid
from podfeed.loading import Project
from podfeed.model import Chapter, Episode, Item, Show
from podfeed.preview.snapshot import Listed, Snapshot
from podfeed.publish.plan import Difference, EpisodeChange, Plan
from podfeed.read.chapters import shown
from podfeed.releasing import Cron, cron, upcoming
from podfeed.render.feed import artwork_of, compose, item_of
from podfeed.render.notes import SafeHtml, apple_html
from podfeed.render.rss import rss
from podfeed.render.site.pages import Readable, readable
from podfeed.report import differences

#: Columns of a title that the narrowest list of an app shows on a phone; a Japanese character takes two of them.
ALWAYS_SEEN = 25


#: Nothing is in the way; a draft that its author holds; released, by podfeed.lock; heard already, by what the target
#: says; something is to be mended; never to be heard.
Verdict = Literal["ready", "draft", "released", "public", "held", "out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing to mend, or to look at."""

    diagnostic: Diagnostic
    #: What the rule is about; and the rest of its page: why it matters, and how it is written well. That is in English.
    summary: str
    page: str
    #: The line it is about, as far as the fault, the fault itself, and the rest.
    before: str
    marked: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is to be said of a file."""

    #: What must be mended, and what is worth a look.
    faults: tuple[Told, ...]
    remarks: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InApps:
    """An episode as podcast apps show it."""

    #: What every list shows of the title, and what narrow ones cut off.
    always_seen: str
    cut_off: str
    #: The address of the picture in this preview; empty when nobody has one.
    picture: str
    #: Whether the picture is the show's.
    is_cover: bool
    notes: SafeHtml
    description: str
    duration: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What there is to be heard, and what there is beside it."""

    url: str
    mime_type: str
    chapters: Sequence[Chapter]
    transcripts: Sequence[Readable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """When an episode goes out by itself."""

    #: In the time zone of the show, and by the clock of this computer.
    date: datetime
    here: datetime
    cron: Cron


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """All there is to know about one file before it is out."""

    listed: Listed
    show: Show | None
    findings: Findings
    #: What keeps the whole show back, in other files.
    elsewhere: tuple[Diagnostic, ...]
    #: None where its sound is not there yet, and for files that are no episodes.
    apps: InApps | None = None
    sound: Sound | None = None
    #: Its item of the feed, as XML; empty where there is none.
    item: str = ""
    #: What listeners would notice of it, and a line for each thing that differs; None when they would notice nothing.
    change: EpisodeChange | None = None
    differences: tuple[str, ...] = ()
    #: Whether a target was asked, and not podfeed.lock.
    is_asked: bool = False
    #: Why the target would refuse a publish; empty when it would not, or was not asked.
    refusal: str = ""
    #: None unless it goes out at a moment that is known.
    going: Going | None = None

    @property
    def verdict(self) -> Verdict:
        """How it stands, in a word."""
        if self.listed.state in ("withdrawn", "skipped"):
            return "out"
        if self.findings.faults or self.elsewhere or self.listed.state in ("incomplete", "unclaimed", "faulty"):
            return "held"
        if self.listed.state == "draft":
            return "draft"
        if self.listed.state != "released" or (self.is_asked and self.change and self.change.kind == "new"):
            return "ready"
        return "public" if self.is_asked and not self.refusal else "released"


#: What a publish of a project would do at a moment.
Planner = Callable[[Project, datetime], Plan]


def panel(snapshot: Snapshot, path: str, plan: Planner | None = None) -> Panel:
    """All there is to know about the file at *path*; what listeners would notice by *plan*, or else by podfeed.lock."""
    listed = snapshot.listed[path]
    made = Panel(
        listed=listed,
        show=snapshot.project.config.shows.get(listed.show),
        findings=findings(snapshot.found_in(path)),
        elsewhere=tuple(each for each in snapshot.stopping(listed.show) if snapshot.project.owner(each.path) != path),
    )
    shown_file = snapshot.out.files.get(path)
    if made.show is None or shown_file is None or not listed.page or listed.is_article:
        return made
    episode = shown_file.episode
    identity = context(snapshot.out, snapshot.now).identity(episode)
    item = item_of(made.show, episode, identity, snapshot.release)
    if plan:
        change, refusal = _planned(snapshot, episode, identity, plan)
    else:
        change, refusal = _since_published(snapshot, episode, identity), ""
    return replace(
        made,
        apps=_in_apps(snapshot, made.show, episode, item),
        sound=_sound(snapshot, made.show, episode, item),
        item=_item(snapshot, made.show, episode, identity),
        change=change,
        is_asked=plan is not None,
        differences=tuple(differences(change.differences, indent="")) if change else (),
        refusal=refusal,
        going=_going(snapshot, listed),
    )


def findings(found: Iterable[Diagnostic]) -> Findings:
    """*found* as pages for hosts tell it."""
    told = [_told(each) for each in found]
    return Findings(
        faults=tuple(each for each in told if each.diagnostic.severity == "error"),
        remarks=tuple(each for each in told if each.diagnostic.severity != "error"),
    )


def _told(diagnostic: Diagnostic) -> Told:
    start = diagnostic.position.column - 1 - diagnostic.excerpt_start
    end = start + diagnostic.position.width
    line, rule = diagnostic.excerpt, rules()[diagnostic.rule]
    return Told(
        diagnostic=diagnostic,
        summary=rule.summary,
        page=rule.page.partition("\n\n")[2],
        before=line[:start],
        marked=line[start:end],
        after=line[end:],
    )


# ------------------------------------------------------------------------------------------- in apps


def _in_apps(snapshot: Snapshot, show: Show, episode: Episode, item: Item) -> InApps:
    release = snapshot.release
    own = item.images or item.artwork
    copies = release.images(release.art(episode) if own else release.cover(show), "")
    seen = _fitting(item.title, ALWAYS_SEEN)
    return InApps(
        always_seen=item.title[:seen],
        cut_off=item.title[seen:],
        picture=copies[0].url if copies else release.url(artwork_of(episode, release) or show.artwork),
        is_cover=not own,
        notes=apple_html(release.notes(episode), resolve=release.resolve(show, episode)),
        description=item.description,
        duration=item.duration,
    )


def _fitting(text: str, columns: int) -> int:
    """How many characters of *text* fit into so many *columns*."""
    for number, character in enumerate(text):
        columns -= 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if columns < 0:
            return number
    return len(text)


def _sound(snapshot: Snapshot, show: Show, episode: Episode, item: Item) -> Sound:
    return Sound(
        url=item.enclosure.url,
        mime_type=item.enclosure.mime_type,
        chapters=shown(item.chapters),
        transcripts=readable(snapshot.release, show, episode),
    )


# ------------------------------------------------------------------------------------------ the feed


def _item(snapshot: Snapshot, show: Show, episode: Episode, identity: Identity) -> str:
    """The item of *episode* in the feed of *show*, as listeners will have it; empty where there can be no feed yet."""
    if not (show.title and show.description):
        return ""
    release = release_of(snapshot.out)
    guid = show_guid(show, release.config.site, snapshot.project.lock)
    feed = rss(compose(show, [episode], {episode.path: identity}, guid, release)).decode()
    item = feed[feed.index("<item>") : feed.rindex("</item>") + len("</item>")]
    first, _, rest = item.partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}"


# --------------------------------------------------------------------------------- what listeners notice


def _planned(
    snapshot: Snapshot, episode: Episode, identity: Identity, plan: Planner
) -> tuple[EpisodeChange | None, str]:
    """What a target would make of *episode* once it is out, and why it would refuse to."""
    assert episode.date is not None
    files = {**snapshot.project.files, episode.path: snapshot.out.files[episode.path]}
    try:
        planned = plan(replace(snapshot.project, files=files), max(snapshot.now, episode.date))
    except PodfeedError as error:
        return None, str(error)
    shows = {each.show: each for each in planned.shows}
    found = (each for each in shows[episode.show].episodes if each.guid == identity.guid.text)
    return next(found, None), str(shows[episode.show].refusal or "")


def _since_published(snapshot: Snapshot, episode: Episode, identity: Identity) -> EpisodeChange | None:
    """What becomes of *episode* by podfeed.lock, which knows no titles; None where nothing does."""
    before, date, guid = identity.published, identity.date_of(episode), identity.guid.text
    if before is None:
        return EpisodeChange(kind="new", title=episode.title, guid=guid, date=date)
    changed = []
    audio = snapshot.seen.audio(episode)
    if audio and audio.sha256 and before.sha256 and audio.sha256 != before.sha256:
        url = release_of(snapshot.out).url(episode.audio)
        changed.append(Difference(what="audio", before=before.enclosure_url, after=url))
    if before.date and date and date != before.date:
        changed.append(Difference(what="date", before=before.date.isoformat(), after=date.isoformat()))
    if not changed:
        return None
    return EpisodeChange(kind="changed", title=episode.title, guid=guid, date=date, differences=tuple(changed))


# ------------------------------------------------------------------------------------- when it goes out


def _going(snapshot: Snapshot, listed: Listed) -> Going | None:
    if listed.state != "scheduled" or listed.date is None:
        return None
    lines = cron(snapshot.project, upcoming(snapshot.project, snapshot.now))
    return Going(date=listed.date, here=listed.date.astimezone(), cron=lines)
