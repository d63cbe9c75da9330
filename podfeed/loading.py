"""A project folder → everything that was read and measured. Nothing is written but the cache."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from podfeed.check.artwork import SHOWN_ON_PAGES
from podfeed.check.path import is_unpublishable
from podfeed.check.registry import Lost
from podfeed.diagnostics import Finding
from podfeed.errors import TargetError, changed
from podfeed.identity import Identities, identify, show_guid
from podfeed.model import (
    NETWORK,
    ArtworkFacts,
    AudioFacts,
    Chapter,
    ChaptersFacts,
    Config,
    Episode,
    Facts,
    NotesFacts,
    Show,
    TranscriptFacts,
)
from podfeed.read import disk
from podfeed.read import lock as locks
from podfeed.read.cache import Cache, Encoded, Stamp, code_key, encode, key_of
from podfeed.read.chapters import ENDINGS as CHAPTERS_ENDINGS
from podfeed.read.cues import Reading
from podfeed.read.decode import Decoded, decode_config, decode_episode
from podfeed.read.folder import CONFIG, TEMPLATES, Entry, Tree, find_project, is_remote, split_address
from podfeed.read.lock import Lock
from podfeed.read.source import (
    MAX_CONFIG_BYTES,
    MAX_FILE_BYTES,
    Source,
    decode_text,
    read_body,
    read_config_file,
    read_episode_file,
)
from podfeed.read.transcript import MAX_BYTES as MAX_TEXT_BYTES
from podfeed.words import say, spoken
from podfeed.workers import spread

if TYPE_CHECKING:
    from podfeed.read.web import Web

#: Of what is on no disk: no cache knows it, and none will.
_UNSAVED = Stamp(size=-1, mtime_ns=sys.maxsize)


@dataclass(frozen=True, kw_only=True)
class Project:
    """All that was read from a project folder. Loading it reads, and writes nothing but the cache."""

    folder: Path
    config: Config
    #: The shows that were looked at: all of them, unless only a part of the project was asked for.
    shows: tuple[str, ...]
    lock: Lock
    #: Every Markdown file below episodes/, by path.
    files: Mapping[str, Decoded]
    #: What audio and pictures say about themselves, by project path or address.
    facts: Mapping[str, Facts]
    #: References that lead to no file.
    lost: Mapping[str, Lost]
    #: Where what led to a path is looked for first: a file that comes to be there takes its place.
    preferred: Mapping[str, Collection[str]]
    #: Pictures the notes show: by the episode's path, the project path of each address as written.
    pictures: Mapping[str, Mapping[str, str]]
    #: Addresses in notes that lead nowhere, by the episode's path.
    broken_links: Mapping[str, tuple[str, ...]]
    #: Every file of the project that was named, by path: what to open.
    entries: Mapping[str, Entry]
    #: The first episode to go out with it, by the path of each text beside the episodes: chapters, transcripts.
    named_by: Mapping[str, str]
    #: What the readers found, with the file.
    findings: tuple[tuple[str, Finding], ...]
    #: The owner's own templates of pages, by name.
    templates: Mapping[str, str] = field(default_factory=dict)
    #: Episode files that were given and not read, by path.
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    def source(self, path: str) -> Source:
        """The file at *path*, read again: to say where something stands, or for an episode's notes."""
        file = self.folder / (self.entries[path].raw if path in self.entries else path)
        if path == CONFIG:
            return read_config_file(path, read_bytes(file, MAX_CONFIG_BYTES + 1))
        if path == locks.PATH or path in self.named_by or path.startswith(f"{TEMPLATES}/"):
            text = decode_text(read_bytes(file, -1 if path == locks.PATH else MAX_TEXT_BYTES))[0]
            return Source(path=path, text=text, body=text)
        return read_episode_file(path, _episode_bytes(file, self.unsaved.get(path)))

    @cached_property
    def episodes(self) -> Mapping[str, tuple[Episode, ...]]:
        """The episodes and articles of every show that was looked at, oldest path first."""
        found: dict[str, list[Episode]] = {show: [] for show in self.shows}
        for decoded in self.files.values():
            if decoded.kind in ("episode", "article") and decoded.episode.show in found:
                found[decoded.episode.show].append(decoded.episode)
        return {show: tuple(each) for show, each in found.items()}

    @cached_property
    def identities(self) -> Mapping[str, Identities]:
        """Who these episodes are, by show."""
        faulty = {path for path, decoded in self.files.items() if decoded.kind == "faulty"}
        return {show: self._identities(self.config.shows[show], faulty) for show in self.shows}

    def _identities(self, show: Show, faulty: Container[str]) -> Identities:
        # A published file that cannot be read now is faulty, not gone: its own error says so.
        published = (entry for entry in self.lock.of_show(show.id) if entry.path not in faulty)
        guid = show_guid(show, self.config.site, self.lock)
        return identify(self.episodes[show.id], published, guid, self.facts)

    def owner(self, path: str) -> str:
        """The episode a finding at *path* concerns: a text beside the episodes belongs to the one that names it."""
        return self.named_by.get(path, path)

    def notes(self, episode: Episode) -> str:
        """The Markdown of an episode's notes."""
        try:
            file = f"{self.folder}/{self.entries[episode.path].raw}"
            return read_body(_episode_bytes(file, self.unsaved.get(episode.path)))
        except ValueError as error:
            raise TargetError(say("“{path}” changed since it was checked; run again", path=episode.path)) from error

    def picture(self, path: str) -> bytes:
        """The bytes of the picture at *path*, as they were measured."""
        file, facts = self.folder / self.entries[path].raw, self.facts[path]
        data = read_bytes(file, facts.size_bytes + 1)
        if hashlib.sha256(data).hexdigest() != facts.sha256:
            raise changed(file)
        return data

    def transcript(self, path: str) -> Reading:
        """The transcript at *path*, read again as it was measured."""
        from podfeed.read.transcript import measure, voices_of

        file = self.folder / self.entries[path].raw
        facts, reading = measure(file, voices_of(self.config.actors.values()))
        if reading is None or facts.sha256 != self.facts[path].sha256:
            raise changed(file)
        return reading


def _episode_bytes(file: str | Path, unsaved: bytes | None) -> bytes:
    return read_bytes(file, MAX_FILE_BYTES + 1) if unsaved is None else unsaved


def read_bytes(path: str | Path, most: int = -1) -> bytes:
    """The bytes of a file of the project, at most *most*; none when it is not there.

    Raises TargetError when it cannot be read, or is no ordinary file.
    """
    try:
        with disk.steady(path) as (file, size):
            return file.read(size if most < 0 else min(size, most))
    except disk.Unreadable as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return b""
        raise TargetError(say("“{path}” cannot be read: {trouble}", path=path, trouble=error)) from error


def load(
    folder: str | Path = ".",
    *,
    around: Iterable[str] | None = None,
    shows: Iterable[str] = (),
    unsaved: Mapping[str, bytes] | None = None,
    web: Callable[[], Web] | None = None,
) -> Project:
    """The project in *folder*, or in the nearest folder above it that holds config.yaml.

    With *around*, only these files or folders, the shows they belong to, and *shows* are looked at: for a few files in
    a large project. *unsaved* is what episode files hold, by path, whatever the disk holds of them, if anything.
    With *web*, as `podfeed.read.web.Web`, audio elsewhere that nobody has measured is asked for; without it, no
    connection is opened.

    Raises UsageError when there is no project, TargetError when a file cannot be read, RefusedError for a newer lock.
    """
    root = find_project(Path(folder))
    config_data = read_bytes(root / CONFIG, MAX_CONFIG_BYTES + 1)
    config, config_findings = decode_config(read_config_file(CONFIG, config_data))
    cache = Cache.open(root, key_of(code_key(), config_data), spoken())
    loading = _Loading(root, config, Tree(root), cache, unsaved=unsaved or {}, web=web)
    if around is None:
        loading.read_episodes()
    else:
        loading.read_around(frozenset(around), frozenset(shows))
    lock_text, lock_fault = decode_text(read_bytes(root / locks.PATH))
    loading.lock, lock_findings = locks.read(lock_text, shows=loading.shows)
    loading.settle()
    loading.cache.save()
    return Project(
        folder=root,
        config=loading.config,
        shows=tuple(show for show in config.shows if loading.shows is None or show in loading.shows),
        lock=loading.lock,
        files=loading.files,
        facts=loading.facts,
        lost=loading.lost,
        preferred=loading.preferred,
        pictures=loading.pictures,
        broken_links=loading.broken_links,
        entries=loading.entries,
        named_by=loading.named_by,
        findings=(
            *((CONFIG, finding) for finding in config_findings),
            *((locks.PATH, finding) for finding in (lock_fault, *lock_findings) if finding),
            *((path, finding) for path, decoded in loading.files.items() for finding in decoded.faults),
            *loading.findings,
        ),
        templates=loading.templates,
        unsaved=loading.unsaved,
    )


def load_settings(root: Path) -> Project:
    """The project in *root* with nothing read but config.yaml: for those who need to know where things go."""
    config = decode_config(read_config_file(CONFIG, read_bytes(root / CONFIG, MAX_CONFIG_BYTES + 1)))[0]
    return Project(
        folder=root,
        config=config,
        shows=(),
        lock=Lock(),
        files={},
        facts={},
        lost={},
        preferred={},
        pictures={},
        broken_links={},
        entries={},
        named_by={},
        findings=(),
    )


@dataclass(slots=True)
class _Loading:
    """A project on its way in: what has been found so far."""

    root: Path
    config: Config
    tree: Tree
    cache: Cache
    unsaved: Mapping[str, bytes]
    #: The way to audio elsewhere; None where nothing is asked for.
    web: Callable[[], Web] | None = None
    lock: Lock = field(default_factory=Lock)
    #: The shows that are looked at; None for all.
    shows: frozenset[str] | None = None
    files: dict[str, Decoded] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    lost: dict[str, Lost] = field(default_factory=dict)
    preferred: dict[str, set[str]] = field(default_factory=dict)
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)
    broken_links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    named_by: dict[str, str] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    def read_episodes(self) -> None:
        """Read and decode every file, and measure its audio, on all cores; what is remembered is not read again."""
        self._list()
        self._take(list(self.entries.values()))

    def read_around(self, paths: frozenset[str], shows: frozenset[str]) -> None:
        """The same for *paths*, for *shows* and the shows *paths* belong to, and for files nothing is known of."""
        self.cache.keeps_all = True
        self._list()
        labels = {entry.path: self.cache.label(Decoded, entry.path, entry.stamp) for entry in self.entries.values()}
        named = {path for path in self.entries if any(each in paths for each in _with_folders(path))}
        self._take([entry for path, entry in self.entries.items() if path in named or labels[path] is None])
        self.shows = shows | {decoded.episode.show for decoded in self.files.values()} - {""}
        rest = [path for path in self.entries if path not in self.files and labels[path] in self.shows | shows]
        self._take([self.entries[path] for path in rest])

    def _list(self) -> None:
        for entry in self.tree.episodes():
            if entry.path in self.entries:  # two folders that differ in their normal form
                self.tree.twins.append(entry.path)
            self.entries.setdefault(entry.path, entry)
        self.entries.update((path, Entry(path, _UNSAVED)) for path in self.unsaved)

    def _take(self, found: list[Entry]) -> None:
        known = {entry.path: self.cache.get(Decoded, entry.path, entry.stamp) for entry in found}
        fresh = [entry for entry in found if known[entry.path] is None]
        for entry, (show, decoded, measured) in zip(fresh, spread(self._read, fresh), strict=True):
            known[entry.path] = self.cache.put(Decoded, entry.path, entry.stamp, decoded, show)
            for kind, path, stamp, facts in measured:
                self.facts[path] = self.cache.put(kind, path, stamp, facts)
        self.files.update((path, decoded) for path, decoded in known.items() if decoded)

    def settle(self) -> None:
        """Find where every reference leads, and measure what is there: media, covers, faces."""
        if self.web:
            self.ask(self.web)
        self.files = {path: self._settled(self.files[path]) for path in sorted(self.files)}
        self.config = self._settled_config()
        self.read_templates()
        self.tell_twins()

    def read_templates(self) -> None:
        """Read the owner's own templates of pages, and say what is wrong with them."""
        for entry in self.tree.templates():
            self.entries[entry.path] = entry
            text, fault = decode_text(b"" if entry.is_foreign else read_bytes(self.root / entry.raw, MAX_TEXT_BYTES))
            self.templates[entry.path.partition("/")[2]] = text
            if fault:
                self.findings.append((entry.path, fault))
        if self.templates:
            from podfeed.render.site.owners import faults

            self.findings.extend((f"{TEMPLATES}/{name}", fault) for name, fault in faults(self.templates))

    def ask(self, web: Callable[[], Web]) -> None:
        """Measure the audio elsewhere that podfeed.lock does not know."""
        wanted = {
            (path, name): address
            for path, decoded in self.files.items()
            if decoded.kind == "episode"
            for name, address in decoded.episode.sounds
            if is_remote(address) and address not in self.lock.media
        }
        if not wanted:
            return
        from podfeed.elsewhere import fault, measure_all

        found = measure_all(web(), wanted.values())
        for (path, name), address in wanted.items():
            facts = found[address]
            if isinstance(facts, AudioFacts):
                self.facts[address] = facts
            # A further file is left out of the feed, and told by its own rule; what its author states has one, too.
            elif name == "audio_file_path" and not (facts.passes and _is_stated(self.files[path].episode)):
                self.lost[address] = Lost("unmeasured")
                self.findings.append((path, fault(name, address, path, facts)))

    def tell_twins(self) -> None:
        """Say which files have two names that look alike, now that every folder in use has been listed."""
        for path in self.tree.twins:
            message = say("another file has the same name in the other Unicode normal form")
            hint = say("delete or rename one of the two")
            self.findings.append((path, Finding("", message, hint, rule="path-ambiguous")))

    def _read(self, entry: Entry) -> tuple[str, Encoded, list[tuple[type[Facts], str, Stamp, Encoded]]]:
        """The show of one file; the file decoded and what it names measured, encoded as they travel fastest."""
        decoded = self._decoded(entry)
        measured = []
        for reference, kind in _measured_with(decoded):
            found = self._find(self.tree.locate(reference, entry.path))
            if found and not found.is_foreign and self.cache.get(kind, found.path, found.stamp) is None:
                measured.append((kind, found.path, found.stamp, self._measured(kind, found)))
        return decoded.episode.show, encode(decoded), measured

    def _decoded(self, entry: Entry) -> Decoded:
        """One file, its notes judged but not kept: whoever needs them reads them again."""
        if entry.is_foreign:
            reason = say("it is a link that leads out of the project, or no ordinary file")
            return Decoded(Episode(path=entry.path, digest=""), "skipped", reason, ())
        if is_unpublishable(entry.path):
            message = say("a page cannot be published under the name of this file")
            hint = say("use a short name without invisible characters")
            fault = Finding("", message, hint, rule="path-unpublishable")
            return Decoded(Episode(path=entry.path, digest=""), "faulty", message, (fault,))
        data = _episode_bytes(self._file(entry), self.unsaved.get(entry.path))
        return decode_episode(read_episode_file(entry.path, data), data, self.config, _judged)

    def _settled(self, decoded: Decoded) -> Decoded:
        """*decoded* with every reference settled: a project path that is there, an address, or noted as lost."""
        episode = decoded.episode
        if decoded.kind not in ("episode", "article"):
            return decoded
        artwork, thumbnail = (self._picture(each, episode.path) for each in (episode.artwork, episode.thumbnail))
        self._note_pictures(episode)
        audio = self._audio(episode)
        settled = replace(
            episode,
            audio=audio,
            artwork=artwork,
            thumbnail=thumbnail,
            chapters=self._with_pictures(episode.chapters, episode.path),
            chapters_file=self._chapters_file(episode, audio),
            transcripts=tuple(
                replace(each, reference=self._text(each.reference, episode, TranscriptFacts))
                for each in episode.transcripts
            ),
            alternates=tuple(
                replace(each, reference=self._medium(each.reference, episode.path, AudioFacts))
                for each in episode.alternates
            ),
        )
        return replace(decoded, episode=settled)

    def _audio(self, episode: Episode) -> str:
        if is_remote(episode.audio):
            self._remote_audio(episode)
            return episode.audio
        return self._reference(episode.audio, episode.path, AudioFacts)

    def _medium(self, reference: str, beside: str, kind: type[Facts]) -> str:
        """The project path of a medium; an address as it is, with what the lock knows of it."""
        if is_remote(reference):
            if known := self.lock.media.get(reference):
                self.facts[reference] = known
            return reference
        return self._reference(reference, beside, kind)

    def _text(self, reference: str, episode: Episode, kind: type[ChaptersFacts | TranscriptFacts]) -> str:
        """The project path of a text that *episode* names, its faults noted once; an address as it is."""
        if not reference or is_remote(reference):
            return reference
        path = self._reference(reference, episode.path, kind)
        facts = self.facts.get(path)
        if not isinstance(facts, kind):
            return path
        if path not in self.named_by:
            self.findings.extend((path, fault) for fault in facts.faults)
            if isinstance(facts, ChaptersFacts):
                self.facts[path] = replace(facts, chapters=self._with_pictures(facts.chapters, path))
        if path not in self.named_by or _goes_out_before(episode, self.files[self.named_by[path]].episode):
            self.named_by[path] = episode.path
        return path

    def _chapters_file(self, episode: Episode, audio: str) -> str:
        """The file of chapters that *episode* names, else the one beside its *audio*; its pictures settled."""
        found = "" if episode.chapters_file or is_remote(audio) else self.tree.beside(audio, CHAPTERS_ENDINGS)
        return self._text(episode.chapters_file or (found and f"/{found}"), episode, ChaptersFacts)

    def _with_pictures(self, chapters: tuple[Chapter, ...], beside: str) -> tuple[Chapter, ...]:
        """*chapters*, which the file *beside* lists, with their pictures settled."""
        if not any(each.image for each in chapters):
            return chapters
        return tuple(replace(each, image=self._picture(each.image, beside)) for each in chapters)

    def _remote_audio(self, episode: Episode) -> None:
        """Facts of audio elsewhere: from the lock, else as asked for, else as the author states them, else none."""
        known = self.lock.media.get(episode.audio)
        if isinstance(known, AudioFacts):
            self.facts[episode.audio] = known
        elif _is_stated(episode):
            self.facts.setdefault(episode.audio, _stated(episode))

    def _picture(self, reference: str, beside: str) -> str:
        return self._medium(reference, beside, ArtworkFacts)

    def _reference(self, reference: str, beside: str, kind: type[Facts]) -> str:
        """The project path *reference* leads to, with its facts taken; the likeliest path when it leads nowhere."""
        if not reference:
            return ""
        candidates = self.tree.locate(reference, beside)
        if not candidates:
            self.lost[reference] = Lost("outside")
            return reference
        path = self._taken(candidates, kind)
        if path != candidates[0]:
            self.preferred.setdefault(path, set()).add(candidates[0])
        return path

    def _taken(self, candidates: tuple[str, ...], kind: type[Facts]) -> str:
        """The first of *candidates* that is there, with its facts taken."""
        found = self._find(candidates)
        if found is None:
            return self._from_lock(candidates)
        if found.is_foreign:
            self.lost[found.path] = Lost("outside")
            return found.path
        self.entries[found.path] = found
        if found.path not in self.facts:
            facts = self.cache.get(kind, found.path, found.stamp)
            if facts is None:
                facts = self.cache.put(kind, found.path, found.stamp, self._measured(kind, found))
            self.facts[found.path] = facts
        return found.path

    def _measured(self, kind: type[Facts], found: Entry) -> Encoded:
        return encode(_MEASURES[kind](self._file(found), self.config))

    def _file(self, entry: Entry) -> str:
        """Where to open *entry*: a text, for a Path takes longer to make than many a file to open."""
        return f"{self.root}/{entry.raw}"

    def _from_lock(self, candidates: tuple[str, ...]) -> str:
        """A file that is not in this checkout, but that the lock remembers; else a lost one."""
        for path in candidates:
            if known := self.lock.media.get(path):
                self.facts[path] = known
                return path
        near = next((near for path in candidates if (near := self.tree.near(path))), "")
        self.lost[candidates[-1]] = Lost("absent", near)
        return candidates[-1]

    def _find(self, candidates: tuple[str, ...]) -> Entry | None:
        return next((entry for path in candidates if (entry := self.tree.file(path))), None)

    def _note_pictures(self, episode: Episode) -> None:
        facts = episode.notes_facts
        if facts is None or not (facts.pictures or facts.relative):
            return
        broken = [address for address in facts.relative if not address.startswith("#")]
        for address in facts.pictures:
            path = self._picture(unquote(address), episode.path)
            picture = self.facts.get(path)
            # Only pictures are published for notes: not whatever file somebody puts between the brackets.
            if isinstance(picture, ArtworkFacts) and picture.mime_type in SHOWN_ON_PAGES and picture.sha256:
                self.pictures.setdefault(episode.path, {})[address] = path
            else:
                broken.append(address)
        self.broken_links[episode.path] = tuple(dict.fromkeys(broken))

    def _settled_config(self) -> Config:
        """The config with the shows' covers and trailers and the actors' pictures settled."""
        channels = {show.id: self._settled_show(show) for show in self.config.channels()}
        network = channels.pop(NETWORK, None)
        actors = {
            id: replace(actor, image=self._picture(actor.image, CONFIG)) for id, actor in self.config.actors.items()
        }
        return replace(self.config, shows=channels, network=network, actors=actors)

    def _settled_show(self, show: Show) -> Show:
        trailers = tuple(replace(each, audio=self._medium(each.audio, CONFIG, AudioFacts)) for each in show.trailers)
        return replace(show, artwork=self._picture(show.artwork, CONFIG), trailers=trailers)


def _with_folders(path: str) -> Iterator[str]:
    """*path*, and every folder it lies in, from the inside out."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _judged(notes: str, with_excerpt: bool) -> NotesFacts:
    from podfeed.render.notes import facts

    return facts(notes, resolve=_anywhere, picture=_as_written, with_excerpt=with_excerpt)


def _anywhere(address: str) -> str | None:
    return "https://podfeed.invalid/"


def _as_written(address: str) -> str | None:
    return address


def _measured_with(decoded: Decoded) -> Iterator[tuple[str, type[Facts]]]:
    """What takes long to measure of the files an episode names, and what kind of facts it has."""
    if decoded.kind != "episode":
        return
    episode = decoded.episode
    named: list[tuple[str, type[Facts]]] = [
        (episode.audio, AudioFacts),
        *((each.reference, AudioFacts) for each in episode.alternates),
        *((each.reference, TranscriptFacts) for each in episode.transcripts),
    ]
    yield from ((reference, kind) for reference, kind in named if reference and not is_remote(reference))


def _measure_audio(path: str, config: Config) -> Facts:
    from podfeed.read.audio import measure

    return measure(path)


def _measure_picture(path: str, config: Config) -> Facts:
    from podfeed.read.artwork import measure

    return measure(path)


def _measure_chapters(path: str, config: Config) -> Facts:
    from podfeed.read.chapter_files import measure

    return measure(path)


def _measure_transcript(path: str, config: Config) -> Facts:
    from podfeed.read.transcript import measure, voices_of
    from podfeed.render.transcript import digests

    facts, reading = measure(Path(path), voices_of(config.actors.values()))
    return replace(facts, made=digests(reading)) if reading else facts


# Each reader is loaded when the first file of its kind is met.
_MEASURES: Mapping[type[Facts], Callable[[str, Config], Facts]] = {
    AudioFacts: _measure_audio,
    ArtworkFacts: _measure_picture,
    ChaptersFacts: _measure_chapters,
    TranscriptFacts: _measure_transcript,
}


def _goes_out_before(one: Episode, other: Episode) -> bool:
    """Whether *one* is public while *other* still waits, at some moment."""
    if one.is_draft or other.is_draft:
        return not one.is_draft
    return one.date is not None and (other.date is None or one.date < other.date)


def _is_stated(episode: Episode) -> bool:
    return bool(episode.stated_bytes and episode.stated_duration)


def _stated(episode: Episode) -> AudioFacts:
    """The facts of remote audio as the author states them."""
    from podfeed.read.magic import MIME_TYPES

    ending = split_address(episode.audio).path.rpartition(".")[2].lower()
    return AudioFacts(
        size_bytes=episode.stated_bytes,
        duration=episode.stated_duration,
        mime_type=MIME_TYPES.get(ending, ""),
        origin="stated",
    )
