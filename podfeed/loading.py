"""A project folder → everything that was read and measured. Nothing is written but the cache."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from podfeed.check.registry import Lost
from podfeed.diagnostics import Finding
from podfeed.errors import TargetError
from podfeed.model import ArtworkFacts, AudioFacts, Config, Episode, Facts
from podfeed.read import lock as locks
from podfeed.read.cache import Cache, Stamp, code_key, key_of
from podfeed.read.decode import Decoded, decode_config, decode_episode
from podfeed.read.folder import CONFIG, Entry, Tree, find_project, is_remote
from podfeed.read.lock import Lock
from podfeed.read.source import Source, decode_text, read_config_file, read_episode_file
from podfeed.workers import spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """All that was read from a project folder. Loading it reads, and writes nothing but the cache."""

    folder: Path
    config: Config
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

    def source(self, path: str) -> Source:
        """The file at *path*, read again: to say where something stands, or for an episode's notes."""
        data = read_bytes(self.folder / (self.entries[path].raw if path in self.entries else path))
        if path == CONFIG:
            return read_config_file(path, data)
        if path == locks.PATH:
            return Source(path=path, text=decode_text(data)[0])
        return read_episode_file(path, data)

    def notes(self, episode: Episode) -> str:
        """The Markdown of an episode's notes."""
        return episode.notes or self.source(episode.path).body


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of the project; none when it is not there. Raises TargetError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise TargetError(f"“{path}” cannot be read: {error.strerror or error}") from error


def load(folder: str | Path = ".") -> Project:
    """The project in *folder*, or in the nearest folder above it that holds config.yaml.

    Raises UsageError when there is none, TargetError when a file cannot be read, RefusedError for a newer lock.
    """
    root = find_project(Path(folder))
    config_data = read_bytes(root / CONFIG)
    config_source = read_config_file(CONFIG, config_data)
    config, config_findings = decode_config(config_source)
    lock_text, lock_fault = decode_text(read_bytes(root / locks.PATH))
    lock, lock_findings = locks.read(lock_text)
    loading = _Loading(root, config, lock, Tree(root), Cache.open(root, key_of(code_key(), config_data)))
    loading.read_episodes()
    loading.measure_shared()
    loading.cache.save()
    return Project(
        folder=root,
        config=loading.resolved_config(),
        lock=lock,
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
    )


@dataclass(slots=True)
class _Loading:
    """A project on its way in: what has been found so far."""

    root: Path
    config: Config
    lock: Lock
    tree: Tree
    cache: Cache
    files: dict[str, Decoded] = field(default_factory=dict)
    facts: dict[str, Facts] = field(default_factory=dict)
    lost: dict[str, Lost] = field(default_factory=dict)
    pictures: dict[str, dict[str, str]] = field(default_factory=dict)
    broken_links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    findings: list[tuple[str, Finding]] = field(default_factory=list)

    def read_episodes(self) -> None:
        """Read, decode and measure what is not remembered, on all cores; then settle where every reference leads."""
        found = list(self.tree.episodes())
        for entry in found:
            self.entries[entry.path] = entry
        known = {entry.path: self.cache.get(Decoded, entry.path, entry.stamp) for entry in found}
        fresh = [entry for entry in found if known[entry.path] is None]
        for entry, (decoded, measured) in zip(fresh, spread(self._read, fresh), strict=True):
            known[entry.path] = decoded
            self.cache.put(decoded, entry.path, entry.stamp, _now_ns())
            self._keep(measured)
        self.files = {path: self._settled(decoded) for path, decoded in known.items() if decoded}
        for path in self.tree.twins:
            message = "another file has the same name in the other Unicode normal form"
            self.findings.append((path, Finding("", message, "delete or rename one of the two", rule="path-ambiguous")))

    def _read(self, entry: Entry) -> tuple[Decoded, dict[str, tuple[Stamp, Facts]]]:
        """One file, its notes judged, its audio measured. Runs in a worker: nothing it changes here is seen again."""
        from podfeed.render.notes import facts as notes_facts

        data = read_bytes(self.root / entry.raw)
        if entry.is_foreign:
            reason = "it is a link that leads out of the project"
            return Decoded(Episode(path=entry.path, digest=""), "skipped", reason, ()), {}
        decoded = decode_episode(read_episode_file(entry.path, data), data, self.config)
        if decoded.kind in ("skipped", "faulty"):
            return replace(decoded, episode=replace(decoded.episode, notes="")), {}
        episode = decoded.episode
        judged = notes_facts(episode.notes, resolve=_anywhere, picture=_as_written)
        measured: dict[str, tuple[Stamp, Facts]] = {}
        if episode.audio and not is_remote(episode.audio):
            medium = self._find(episode.audio, entry.path)
            if medium and self.cache.get(AudioFacts, medium.path, medium.stamp) is None:
                measured[medium.path] = (medium.stamp, _measure_audio(self.root / medium.raw))
        return replace(decoded, episode=replace(episode, notes="", notes_facts=judged)), measured

    def _keep(self, measured: Mapping[str, tuple[Stamp, Facts]]) -> None:
        for path, (stamp, facts) in measured.items():
            self.facts[path] = facts
            self.cache.put(facts, path, stamp, _now_ns())

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
                facts = measure(self.root / found.raw)
                self.cache.put(facts, found.path, found.stamp, _now_ns())
            self.facts[found.path] = facts
        return found.path

    def _from_lock(self, candidates: tuple[str, ...]) -> str:
        """A file that is not in this checkout, but that the lock remembers; else a lost one."""
        for path in candidates:
            if path in self.lock.media:
                self.facts[path] = self.lock.media[path]
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
            found = self._find(unquote(address), episode.path)
            if found and not found.is_foreign:
                self.entries[found.path] = found
                self._picture("/" + found.path, episode.path)
                self.pictures.setdefault(episode.path, {})[address] = found.path
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


def _anywhere(address: str) -> str | None:
    return "https://podfeed.invalid/"


def _as_written(address: str) -> str | None:
    return address


def _now_ns() -> int:
    return time.time_ns()


def _measure_audio(path: Path) -> AudioFacts:
    from podfeed.read.audio import measure

    return measure(path)


def _measure_picture(path: Path) -> Facts:
    from podfeed.read.artwork import measure

    return measure(path)


def _stated(episode: Episode) -> AudioFacts:
    """The facts of remote audio as the author states them."""
    from podfeed.read.magic import MIME_TYPES

    ending = urlsplit(episode.audio).path.rpartition(".")[2].lower()
    return AudioFacts(
        size_bytes=episode.stated_bytes,
        duration=episode.stated_duration,
        mime_type=MIME_TYPES.get(ending, ""),
        origin="stated",
    )
