"""A project folder → everything that was read and measured. Nothing is written but the cache."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from podfeed.check.artwork import SHOWN_ON_PAGES
from podfeed.check.path import is_unpublishable
from podfeed.check.registry import Lost
from podfeed.diagnostics import Finding
from podfeed.errors import TargetError
from podfeed.model import ArtworkFacts, AudioFacts, Config, Episode, Facts
from podfeed.read import disk
from podfeed.read import lock as locks
from podfeed.read.cache import Cache, Encoded, Stamp, code_key, encode, key_of
from podfeed.read.decode import Decoded, decode_config, decode_episode
from podfeed.read.folder import CONFIG, Entry, Tree, find_project, is_remote, split_address
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
from podfeed.words import say
from podfeed.workers import spread

#: Of what is on no disk: no cache knows it, and none will.
_UNSAVED = Stamp(size=-1, mtime_ns=sys.maxsize)


@dataclass(frozen=True, slots=True, kw_only=True)
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
    #: Pictures the notes show: by the episode's path, the project path of each address as written.
    pictures: Mapping[str, Mapping[str, str]]
    #: Addresses in notes that lead nowhere, by the episode's path.
    broken_links: Mapping[str, tuple[str, ...]]
    #: Every file of the project that was named, by path: what to open.
    entries: Mapping[str, Entry]
    #: What the readers found, with the file.
    findings: tuple[tuple[str, Finding], ...]
    #: Episode files that were given and not read, by path.
    unsaved: Mapping[str, bytes] = field(default_factory=dict)

    def source(self, path: str) -> Source:
        """The file at *path*, read again: to say where something stands, or for an episode's notes."""
        file = self.folder / (self.entries[path].raw if path in self.entries else path)
        if path == CONFIG:
            return read_config_file(path, read_bytes(file, MAX_CONFIG_BYTES + 1))
        if path == locks.PATH:
            return Source(path=path, text=decode_text(read_bytes(file))[0])
        return read_episode_file(path, _episode_bytes(file, self.unsaved.get(path)))

    def notes(self, episode: Episode) -> str:
        """The Markdown of an episode's notes."""
        try:
            file = self.folder / self.entries[episode.path].raw
            return read_body(_episode_bytes(file, self.unsaved.get(episode.path)))
        except ValueError as error:
            raise TargetError(say("“{path}” changed since it was checked; run again", path=episode.path)) from error


def _episode_bytes(file: Path, unsaved: bytes | None) -> bytes:
    return read_bytes(file, MAX_FILE_BYTES + 1) if unsaved is None else unsaved


def read_bytes(path: Path, most: int = -1) -> bytes:
    """The bytes of a file of the project, at most *most*; none when it is not there.

    Raises TargetError when it cannot be read, or is no ordinary file.
    """
    try:
        with disk.steady(path) as (file, _):
            return file.read(most)
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
) -> Project:
    """The project in *folder*, or in the nearest folder above it that holds config.yaml.

    With *around*, only these files or folders, the shows they belong to, and *shows* are looked at: for a few files in
    a large project. *unsaved* is what episode files hold, by path, whatever the disk holds of them, if anything.

    Raises UsageError when there is no project, TargetError when a file cannot be read, RefusedError for a newer lock.
    """
    root = find_project(Path(folder))
    config_data = read_bytes(root / CONFIG, MAX_CONFIG_BYTES + 1)
    config, config_findings = decode_config(read_config_file(CONFIG, config_data))
    cache = Cache.open(root, key_of(code_key(), config_data))
    loading = _Loading(root, config, Tree(root), cache, unsaved=unsaved or {})
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
        config=loading.resolved_config(),
        shows=tuple(show for show in config.shows if loading.shows is None or show in loading.shows),
        lock=loading.lock,
        files=loading.files,
        facts=loading.facts,
        lost=loading.lost,
        pictures=loading.pictures,
        broken_links=loading.broken_links,
        entries=loading.entries,
        findings=(
            *((CONFIG, finding) for finding in config_findings),
            *((locks.PATH, finding) for finding in (lock_fault, *lock_findings) if finding),
            *((path, finding) for path, decoded in loading.files.items() for finding in decoded.faults),
            *loading.findings,
        ),
        unsaved=loading.unsaved,
    )


@dataclass(slots=True)
class _Loading:
    """A project on its way in: what has been found so far."""

    root: Path
    config: Config
    tree: Tree
    cache: Cache
    unsaved: Mapping[str, bytes]
    lock: Lock = field(default_factory=Lock)
    #: The shows that are looked at; None for all.
    shows: frozenset[str] | None = None
    files: dict[str, Decoded] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    lost: dict[str, Lost] = field(default_factory=dict)
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)
    broken_links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
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
            for path, stamp, facts in measured:
                self.facts[path] = self.cache.put(AudioFacts, path, stamp, facts)
        self.files.update((path, decoded) for path, decoded in known.items() if decoded)

    def settle(self) -> None:
        """Find where every reference leads, and measure what is there: media, covers, faces."""
        self.files = {path: self._settled(self.files[path]) for path in sorted(self.files)}
        self.measure_shared()
        self.tell_twins()

    def tell_twins(self) -> None:
        """Say which files have two names that look alike, now that every folder in use has been listed."""
        for path in self.tree.twins:
            message = say("another file has the same name in the other Unicode normal form")
            hint = say("delete or rename one of the two")
            self.findings.append((path, Finding("", message, hint, rule="path-ambiguous")))

    def _read(self, entry: Entry) -> tuple[str, Encoded, list[tuple[str, Stamp, Encoded]]]:
        """The show of one file; the file decoded and its audio measured, encoded as they travel fastest."""
        decoded = self._decoded(entry)
        audio = decoded.episode.audio
        measured = []
        if decoded.kind == "episode" and audio and not is_remote(audio):
            medium = self._find(audio, entry.path)
            if medium and not medium.is_foreign and self.cache.get(AudioFacts, medium.path, medium.stamp) is None:
                measured.append((medium.path, medium.stamp, encode(_measure_audio(self.root / medium.raw))))
        return decoded.episode.show, encode(decoded), measured

    def _decoded(self, entry: Entry) -> Decoded:
        """One file, its notes judged and put away: whoever needs them reads them again."""
        from podfeed.render.notes import facts as notes_facts

        if entry.is_foreign:
            reason = say("it is a link that leads out of the project, or no ordinary file")
            return Decoded(Episode(path=entry.path, digest=""), "skipped", reason, ())
        if is_unpublishable(entry.path):
            message = say("a page cannot be published under the name of this file")
            hint = say("use a short name without invisible characters")
            fault = Finding("", message, hint, rule="path-unpublishable")
            return Decoded(Episode(path=entry.path, digest=""), "faulty", message, (fault,))
        data = _episode_bytes(self.root / entry.raw, self.unsaved.get(entry.path))
        decoded = decode_episode(read_episode_file(entry.path, data), data, self.config)
        episode = decoded.episode
        if decoded.kind in ("skipped", "faulty"):
            return replace(decoded, episode=replace(episode, notes=""))
        with_excerpt = not episode.description
        judged = notes_facts(episode.notes, resolve=_anywhere, picture=_as_written, with_excerpt=with_excerpt)
        return replace(decoded, episode=replace(episode, notes="", notes_facts=judged))

    def _settled(self, decoded: Decoded) -> Decoded:
        """*decoded* with every reference settled: a project path that is there, an address, or noted as lost."""
        episode = decoded.episode
        if decoded.kind not in ("episode", "article"):
            return decoded
        audio = self._audio(episode)
        artwork, thumbnail = (self._picture(each, episode.path) for each in (episode.artwork, episode.thumbnail))
        self._note_pictures(episode)
        return replace(decoded, episode=replace(episode, audio=audio, artwork=artwork, thumbnail=thumbnail))

    def _audio(self, episode: Episode) -> str:
        if is_remote(episode.audio):
            self._remote_audio(episode)
            return episode.audio
        return self._reference(episode.audio, episode.path, AudioFacts, _measure_audio)

    def _remote_audio(self, episode: Episode) -> None:
        """Facts of audio elsewhere: from the lock, else as the author states them, else none. No socket is opened."""
        known = self.lock.media.get(episode.audio)
        if isinstance(known, AudioFacts):
            self.facts[episode.audio] = known
        elif episode.stated_bytes and episode.stated_duration:
            self.facts[episode.audio] = _stated(episode)

    def _picture(self, reference: str, beside: str) -> str:
        if is_remote(reference):
            if known := self.lock.media.get(reference):
                self.facts[reference] = known
            return reference
        return self._reference(reference, beside, ArtworkFacts, _measure_picture)

    def _reference(self, reference: str, beside: str, kind: type[Facts], measure: Callable[[Path], Facts]) -> str:
        """The project path *reference* leads to, with its facts taken; the likeliest path when it leads nowhere."""
        if not reference:
            return ""
        candidates = self.tree.locate(reference, beside)
        if not candidates:
            self.lost[reference] = Lost("outside")
            return reference
        found = self._find(reference, beside)
        if found is None:
            return self._from_lock(candidates)
        if found.is_foreign:
            self.lost[found.path] = Lost("outside")
            return found.path
        self.entries[found.path] = found
        if found.path not in self.facts:
            facts = self.cache.get(kind, found.path, found.stamp)
            if facts is None:
                facts = self.cache.put(kind, found.path, found.stamp, encode(measure(self.root / found.raw)))
            self.facts[found.path] = facts
        return found.path

    def _from_lock(self, candidates: tuple[str, ...]) -> str:
        """A file that is not in this checkout, but that the lock remembers; else a lost one."""
        for path in candidates:
            if known := self.lock.media.get(path):
                self.facts[path] = known
                return path
        near = next((near for path in candidates if (near := self.tree.near(path))), "")
        self.lost[candidates[-1]] = Lost("absent", near)
        return candidates[-1]

    def _find(self, reference: str, beside: str) -> Entry | None:
        return next((entry for path in self.tree.locate(reference, beside) if (entry := self.tree.file(path))), None)

    def _note_pictures(self, episode: Episode) -> None:
        facts = episode.notes_facts
        if facts is None or not (facts.pictures or facts.relative):
            return
        broken = [address for address in facts.relative if not address.startswith("#")]
        for address in facts.pictures:
            path = self._picture(unquote(address), episode.path)
            picture = self.facts.get(path)
            # Only pictures are published for notes: not whatever file somebody puts between the brackets.
            if isinstance(picture, ArtworkFacts) and picture.mime_type in SHOWN_ON_PAGES:
                self.pictures.setdefault(episode.path, {})[address] = path
            else:
                broken.append(address)
        self.broken_links[episode.path] = tuple(dict.fromkeys(broken))

    def measure_shared(self) -> None:
        """Measure the shows' covers and the actors' pictures."""
        for show in self.config.shows.values():
            self._picture(show.artwork, CONFIG)
        for actor in self.config.actors.values():
            self._picture(actor.image, CONFIG)

    def resolved_config(self) -> Config:
        """The config with pictures as project paths."""
        shows = {
            id: replace(show, artwork=self._picture(show.artwork, CONFIG)) for id, show in self.config.shows.items()
        }
        actors = {
            id: replace(actor, image=self._picture(actor.image, CONFIG)) for id, actor in self.config.actors.items()
        }
        return replace(self.config, shows=shows, actors=actors)


def _with_folders(path: str) -> Iterator[str]:
    """*path*, and every folder it lies in, from the inside out."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _anywhere(address: str) -> str | None:
    return "https://podfeed.invalid/"


def _as_written(address: str) -> str | None:
    return address


def _measure_audio(path: Path) -> AudioFacts:
    from podfeed.read.audio import measure

    return measure(path)


def _measure_picture(path: Path) -> Facts:
    from podfeed.read.artwork import measure

    return measure(path)


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
