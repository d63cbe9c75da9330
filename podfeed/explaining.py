"""An episode → where everything about it comes from, and why it is or is not public now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from podfeed.building import release_of
from podfeed.check.registry import Context
from podfeed.checking import Kind, check, context, kind_of, place_of
from podfeed.diagnostics import Diagnostic
from podfeed.identity import Identity
from podfeed.loading import Project
from podfeed.model import AudioFacts, Episode, Show
from podfeed.read import lock as locks
from podfeed.read.chapters import chapters_of
from podfeed.read.dates import format_date
from podfeed.read.decode import SPELLINGS, Decoded
from podfeed.read.durations import format_clock
from podfeed.read.fields import Fields
from podfeed.read.folder import CONFIG
from podfeed.read.lock import PublishedEpisode
from podfeed.read.source import Source
from podfeed.render.feed import Release, artwork_of
from podfeed.report import JSON_VERSION, as_json, diagnostic_values, printable, table, width
from podfeed.report import text as report_text
from podfeed.words import listed, say, say_many

What = (
    Literal["show", "guid", "date", "title", "description", "audio"]
    | Literal["chapters", "transcripts", "image", "page", "explicit", "people"]
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file of the project."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Row:
    """One thing about an episode."""

    what: What
    #: As the feed has it, or would; empty when there is none.
    value: str
    #: Where it comes from, in a sentence part.
    reason: str
    #: Where that is written.
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All there is to say about one file."""

    path: str
    kind: Kind
    #: Whether it would be public now, errors aside.
    is_public: bool
    #: Why it is, or is not, public now, in a sentence part.
    state: str
    rows: tuple[Row, ...]
    #: What keeps it, or its show, from being built.
    errors: tuple[Diagnostic, ...]


def explain(project: Project, path: str, *, now: datetime) -> Explanation:
    """Where everything about the file at *path* comes from, and what becomes of it at *now*."""
    seen = context(project, now)
    decoded = project.files[path]
    episode = decoded.episode
    identity = seen.identity(episode) if decoded.kind in ("episode", "article") else None
    is_public = identity is not None and seen.is_public(episode)
    errors = () if decoded.kind == "skipped" else tuple(_errors(project, now, episode, is_public=is_public))
    return Explanation(
        path=path,
        kind=kind_of(decoded, seen),
        is_public=is_public,
        state=_state(decoded, identity, seen, is_stopped=bool(errors)),
        rows=() if decoded.kind == "skipped" else tuple(_rows(project, episode, identity)),
        errors=errors,
    )


def _errors(project: Project, now: datetime, episode: Episode, *, is_public: bool) -> Iterator[Diagnostic]:
    """The errors in the file itself and in its texts, and those that stop its show if it would be public."""
    stopping = {episode.show, "*"} if is_public else set()
    for each in check(project, now=now):
        if each.severity == "error" and (project.owner(each.path) == episode.path or each.stops in stopping):
            yield each


def _state(decoded: Decoded, identity: Identity | None, seen: Context, *, is_stopped: bool) -> str:
    """Why a file is, or is not, public now."""
    episode = decoded.episode
    if identity is None and decoded.kind == "skipped":
        return say("podfeed leaves it alone: {reason}", reason=decoded.reason)
    if identity is None:
        return say("it is left out until it is mended: {reason}", reason=decoded.reason)
    date, published = identity.date_of(episode), identity.published
    if published and published.is_withdrawn:
        return say("it was withdrawn, and stays out of the feed")
    if episode.is_draft:
        return say("it is a draft, and stays out until it is none")
    if decoded.kind == "episode" and not episode.audio:
        return say("it is left out: it names no audio")
    if decoded.kind == "episode" and date is None:
        return say("it is left out: it has no date")
    if date and not seen.is_public(episode):
        return say("it waits: the first build after {date} brings it out", date=format_date(date))
    if is_stopped and published:
        return say("it is published, and the errors below keep its show as it is")
    if is_stopped:
        return say("it is due, and the errors below keep its show from being built")
    if decoded.kind == "article":
        return say("it is due: without audio it has a page, and is in no feed")
    return say("it is published") if published else say("it is due: the next build publishes it")


# ------------------------------------------------------------------------------------------------ rows


@dataclass(frozen=True, slots=True)
class _Told:
    """One episode, and all that tells about it."""

    project: Project
    episode: Episode
    source: Source
    config: Source
    release: Release

    def is_written(self, name: str) -> bool:
        """Whether the file gives the field *name* a value, in any spelling."""
        return Fields(self.source.header, []).find(*SPELLINGS.get(name, (name,)))[1] is not None

    def field(self, name: str) -> Place:
        """Where the field *name* stands in the file."""
        return Place(self.episode.path, place_of(self.source, name).line)

    def setting(self, name: str) -> Place:
        """Where *name* stands in config.yaml, or the group it would stand in."""
        return Place(CONFIG, self.config.place(name).line)

    def of_show(self, name: str) -> Place:
        """The same for a setting of the episode's show."""
        return self.setting(f"shows.{self.episode.show}.{name}")

    def notes(self) -> Place:
        """Where the notes begin."""
        return Place(self.episode.path, self.source.position(len(self.source.text) - len(self.source.body)).line)

    def of_lock(self, entry: PublishedEpisode) -> Place:
        """Where podfeed.lock remembers *entry*."""
        return Place(locks.PATH, locks.line_of(self.project.source(locks.PATH).text, entry))


def _rows(project: Project, episode: Episode, identity: Identity | None) -> Iterator[Row]:
    """Everything about *episode*, in the order of `What`; of a file that cannot be read, what could be."""
    told = _Told(project, episode, project.source(episode.path), project.source(CONFIG), release_of(project))
    show = project.config.shows.get(episode.show)
    if show:
        place = told.field("show") if told.is_written("show") else told.of_show("match")
        yield Row("show", show.id, episode.show_reason, (place,))
    if identity:
        yield _guid(told, identity)
    yield _date(told, identity)
    yield _title(told)
    yield _description(told)
    if episode.audio:
        yield _audio(told)
    yield from _chapters(told)
    yield from _transcripts(told)
    if show:
        yield _image(told, show)
        yield _page(told, show)
        yield _explicit(told, show)
        yield from _people(told)


def _guid(told: _Told, identity: Identity) -> Row:
    places = [told.field("guid")] if told.is_written("guid") else []
    places += [told.of_lock(identity.published)] if identity.published else []
    return Row("guid", identity.guid.text, identity.reason, tuple(places))


def _date(told: _Told, identity: Identity | None) -> Row:
    date = identity.date_of(told.episode) if identity else told.episode.date
    here = (told.field("date"),) if told.is_written("date") else ()
    if date is None:
        return Row("date", "", say("there is none that can be read"), here)
    if identity and identity.published and date != told.episode.date:
        reason = say("the date of its first release, for the file does not say its offset")
        return Row("date", format_date(date), reason, (*here, told.of_lock(identity.published)))
    show, config = told.project.config.shows.get(told.episode.show), told.project.config
    if told.episode.date_is_exact or show is None:
        return Row("date", format_date(date), say("written in the file"), here)
    zone = told.setting("timezone") if show.timezone == config.timezone else told.of_show("timezone")
    return Row("date", format_date(date), say("the offset is that of {zone}", zone=show.timezone), (*here, zone))


def _title(told: _Told) -> Row:
    if not told.episode.title:
        return Row("title", "", say("there is none"))
    return Row("title", told.episode.title, say("written in the file"), (told.field("title"),))


def _description(told: _Told) -> Row:
    episode = told.episode
    if episode.description:
        return Row("description", episode.description, say("written in the file"), (told.field("description"),))
    if episode.notes_facts is None or not episode.notes_facts.excerpt:
        return Row("description", "", say("there is none, and no notes to take it from"))
    return Row("description", episode.notes_facts.excerpt, say("the beginning of the notes"), (told.notes(),))


def _audio(told: _Told) -> Row:
    path = told.episode.audio
    facts = told.project.facts.get(path)
    place = (told.field("audio_file_path"),)
    if not isinstance(facts, AudioFacts):
        absent = path in told.project.lost
        return Row("audio", path, say("there is no such file") if absent else say("nobody has measured it"), place)
    if facts.trouble:
        return Row("audio", path, facts.trouble, place)
    size, length = facts.size_bytes, format_clock(facts.duration)
    match facts.origin:
        case "measured":
            reason = say("measured: {size} bytes, {length}", size=size, length=length)
        case "lock":
            reason = say("measured before, and not in this checkout: {size} bytes, {length}", size=size, length=length)
        case "stated":
            reason = say("not measured; the file says: {size} bytes, {length}", size=size, length=length)
    return Row("audio", path, reason, place)


def _chapters(told: _Told) -> Iterator[Row]:
    """Which of the lists of chapters counts."""
    episode = told.episode
    origin, chapters = chapters_of(episode, told.project.facts)
    value = say_many("{count} chapter", "{count} chapters", count=len(chapters)) if chapters else episode.chapters_file
    match origin:
        case "header":
            yield Row("chapters", value, say("written in the file"), (told.field("chapters"),))
        case "file" if told.is_written("chapters"):
            yield Row("chapters", value, say("from the file that “chapters” names"), (told.field("chapters"),))
        case "file":
            yield Row("chapters", value, say("from the file beside the audio"), (Place(episode.chapters_file, 1),))
        case "audio":
            yield Row("chapters", value, say("inside the audio"), (told.field("audio_file_path"),))
        case "notes":
            yield Row("chapters", value, say("time stamps in the notes"), (told.notes(),))
        case "description":
            yield Row("chapters", value, say("time stamps in the description"), (told.field("description"),))


def _transcripts(told: _Told) -> Iterator[Row]:
    if told.episode.transcripts:
        paths = listed([each.reference for each in told.episode.transcripts])
        yield Row("transcripts", paths, say("written in the file"), (told.field("transcripts"),))


def _image(told: _Told, show: Show) -> Row:
    episode, release = told.episode, told.release
    own = artwork_of(episode, release)
    if own and own == episode.artwork:
        return Row("image", episode.artwork, say("the episode's own picture"), (told.field("image_url"),))
    if own:
        reason = say("the picture of its page, which is square and large enough")
        return Row("image", episode.thumbnail, reason, (told.field("thumbnail_url"),))
    cover = told.of_show("artwork")
    if not episode.artwork:
        return Row("image", show.artwork, say("the show's cover"), (cover,))
    reason = say("the show's cover, for the episode's own picture is no square of 1400 pixels or more")
    return Row("image", show.artwork, reason, (told.field("image_url"), cover))


def _page(told: _Told, show: Show) -> Row:
    address = told.release.page_url(show, told.episode)
    if told.episode.permalink:
        return Row("page", address, say("as “permalink” says"), (told.field("permalink"),))
    pattern = told.of_show("permalink")
    if told.is_written("slug"):
        return Row("page", address, say("the show's pattern, with “slug”"), (told.field("slug"), pattern))
    return Row("page", address, say("the show's pattern, with the name of the file"), (pattern,))


def _explicit(told: _Told, show: Show) -> Row:
    own = told.episode.explicit
    if own is not None:
        return Row("explicit", _flag(own), say("written in the file"), (told.field("explicit"),))
    return Row("explicit", _flag(show.explicit), say("as the show says"), (told.of_show("explicit"),))


def _people(told: _Told) -> Iterator[Row]:
    people = told.release.persons(told.episode.actor_ids)
    if people:
        names = listed([each.name for each in people])
        yield Row("people", names, say("as config.yaml calls them"), (told.field("actor_ids"), told.setting("actors")))


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


# --------------------------------------------------------------------------------------------- telling

#: Columns that a title or a description takes at most; addresses are there to be copied.
_WIDEST = 100


def text(explanation: Explanation) -> str:
    """The explanation for people: each value, and below it where it comes from."""
    parts = [f"{printable(explanation.path)}\n{printable(explanation.state)}\n"]
    if explanation.rows:
        parts.append(table([line for row in explanation.rows for line in _lines(row)]))
    if explanation.errors:
        parts.append(report_text(explanation.errors))
    return "\n".join(parts)


def _lines(row: Row) -> Iterator[tuple[str, str]]:
    places = ", ".join(f"{place.path}:{place.line}" for place in row.places)
    origin = say("{reason} ({places})", reason=row.reason, places=places) if places else row.reason
    label = _label(row.what)
    if row.value:
        value = printable(" ".join(row.value.split()))
        yield label, _cut(value) if row.what in ("title", "description") else value
    yield "" if row.value else label, origin


def _label(what: What) -> str:
    match what:
        case "show":
            return say("show")
        case "guid":
            return say("guid")
        case "date":
            return say("date")
        case "title":
            return say("title")
        case "description":
            return say("description")
        case "audio":
            return say("audio")
        case "chapters":
            return say("chapters")
        case "transcripts":
            return say("transcripts")
        case "image":
            return say("image")
        case "page":
            return say("page")
        case "explicit":
            return say("explicit")
        case "people":
            return say("people")


def _cut(line: str) -> str:
    """*line*, or as much of it as fits on a terminal, with “…”."""
    if width(line) <= _WIDEST:
        return line
    kept = line[: _WIDEST - 1]
    while width(kept) > _WIDEST - 1:
        kept = kept[:-1]
    return f"{kept}…"


def json(explanation: Explanation) -> str:
    """The explanation for scripts. Source: docs/reference/json.md."""
    return as_json(
        {
            "version": JSON_VERSION,
            "path": explanation.path,
            "kind": explanation.kind,
            "is_public": explanation.is_public,
            "state": explanation.state,
            "rows": [asdict(row) for row in explanation.rows],
            "errors": [diagnostic_values(each) for each in explanation.errors],
        }
    )
