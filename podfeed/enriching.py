"""`podfeed enrich`: what the audio really is beside what the header says, and the header mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from podfeed.building import write_lock
from podfeed.edit import Value
from podfeed.errors import UsageError
from podfeed.fixing import mended, text_of, write
from podfeed.loading import Project
from podfeed.model import AudioFacts, Episode
from podfeed.read import lock as locks
from podfeed.read.audio import measure
from podfeed.read.decode import SPELLINGS
from podfeed.read.durations import format_clock
from podfeed.read.folder import is_remote
from podfeed.words import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An episode, what its audio is, and whether its header says so."""

    episode: Episode
    #: None when nobody has measured the audio.
    facts: AudioFacts | None
    #: Whether the header was changed; or why it could not be.
    is_written: bool = False
    refusal: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether the audio was measured and holds sound."""
        return self.facts is not None and not self.facts.trouble and bool(self.facts.duration)

    @property
    def agrees(self) -> bool:
        """Whether the header states the measured size and length."""
        facts = self.facts
        return (
            facts is not None
            and self.episode.stated_bytes == facts.size_bytes
            and format_clock(self.episode.stated_duration) == format_clock(facts.duration)
        )

    def row(self) -> tuple[str, ...]:
        """One line of the table: file, bytes, length and type, and what the header says of the first two."""
        episode, facts = self.episode, self.facts
        stated = (
            str(episode.stated_bytes) if episode.stated_bytes else "–",
            format_clock(episode.stated_duration) if episode.stated_duration else "–",
        )
        if facts is None:
            return (episode.path, say("not measured"), stated[0], "", stated[1], "")
        if not self.is_sound:
            return (episode.path, str(facts.size_bytes), stated[0], facts.trouble, stated[1], facts.mime_type)
        measured = (str(facts.size_bytes), format_clock(facts.duration))
        return (episode.path, measured[0], stated[0], measured[1], stated[1], facts.mime_type)

    def values(self) -> dict[str, object]:
        """The same for scripts: sizes in bytes, lengths in milliseconds."""
        facts = self.facts
        return {
            "path": self.episode.path,
            "audio": self.episode.audio,
            "size_bytes": facts.size_bytes if facts else None,
            "milliseconds": round(facts.duration.total_seconds() * 1000) if facts else None,
            "mime_type": facts.mime_type if facts else None,
            "codec": facts.codec if facts else None,
            "bitrate_bps": facts.bitrate_bps if facts else None,
            "sha256": facts.sha256 if facts else None,
            "origin": facts.origin if facts else None,
            "trouble": facts.trouble if facts else None,
            "stated_size_bytes": self.episode.stated_bytes,
            "stated_milliseconds": round(self.episode.stated_duration.total_seconds() * 1000),
            "is_written": self.is_written,
        }


def head() -> tuple[str, ...]:
    """What stands above the rows of the table."""
    stated = say("in the header")
    return (say("file"), say("bytes"), stated, say("length"), stated, say("type"))


def enrich(project: Project, paths: Iterable[str] = (), *, write: bool = False) -> tuple[Measured, ...]:
    """What the audio of *paths* (or of every episode) is; with *write*, put into the headers. Updates podfeed.lock."""
    wanted = frozenset(paths)
    found = []
    for path, decoded in project.files.items():
        if decoded.episode.audio and decoded.kind == "episode" and (not wanted or path in wanted):
            facts = project.facts.get(decoded.episode.audio)
            found.append(Measured(episode=decoded.episode, facts=facts if isinstance(facts, AudioFacts) else None))
    write_lock(project, locks.with_facts(project.lock, project.facts))
    if write:
        found = [_written(project, each) if each.is_sound and not each.agrees else each for each in found]
    return tuple(found)


def measure_copy(project: Project, path: str, copy: Path) -> AudioFacts:
    """Measure *copy*, a local copy of the audio that *path* has elsewhere, and remember it under its address.

    Raises UsageError when the episode has no audio elsewhere, or the copy holds no sound.
    """
    episode = project.files[path].episode
    if not is_remote(episode.audio):
        raise UsageError(
            say(
                "the audio of “{path}” is no address on the web; “podfeed enrich {path}” measures it as it is",
                path=path,
            )
        )
    facts = measure(copy)
    if facts.trouble or not facts.duration:
        reason = facts.trouble or say("it has no length")
        raise UsageError(say("“{copy}” cannot be measured: {reason}", copy=copy, reason=reason))
    lock = replace(project.lock, media={**project.lock.media, episode.audio: facts})
    write_lock(project, lock)
    return facts


def _written(project: Project, measured: Measured) -> Measured:
    """Put size and length into the header, by the smallest edit. Raises TargetError when the file cannot be written."""
    facts, path = measured.facts, measured.episode.path
    assert facts is not None
    values: dict[str, Value] = {"audio_file_size": facts.size_bytes, "duration": format_clock(facts.duration)}
    fix = mended(path, text_of(project, path), values, below=("audio_file_size", *SPELLINGS["audio_file_path"]))
    write(project, [fix])
    return replace(measured, is_written=bool(fix.fields), refusal=fix.refusal)
