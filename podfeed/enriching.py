"""`podfeed enrich`: what the audio really is beside what the header says, and the header mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from podfeed.building import write_lock
from podfeed.check.registry import rules
from podfeed.checking import place_of
from podfeed.diagnostics import Diagnostic, Finding
from podfeed.edit import Value
from podfeed.elsewhere import change, fault, is_other_sound, measure_all
from podfeed.errors import UsageError
from podfeed.fixing import mended, text_of, write
from podfeed.loading import Project
from podfeed.model import AudioFacts, Episode, MediaFacts
from podfeed.read import lock as locks
from podfeed.read.audio import measure
from podfeed.read.decode import SPELLINGS
from podfeed.read.durations import format_clock
from podfeed.read.folder import is_remote
from podfeed.read.web import Trouble, Web
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
    #: What keeps podfeed from measuring audio elsewhere, or what became of it there.
    faults: tuple[Finding, ...] = ()

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
            "faults": [{"rule": each.rule, "message": each.message, "hint": each.hint} for each in self.faults],
            "stated_size_bytes": self.episode.stated_bytes,
            "stated_milliseconds": round(self.episode.stated_duration.total_seconds() * 1000),
            "is_written": self.is_written,
        }


def head() -> tuple[str, ...]:
    """What stands above the rows of the table."""
    stated = say("in the header")
    return (say("file"), say("bytes"), stated, say("length"), stated, say("type"))


def enrich(
    project: Project,
    paths: Iterable[str] = (),
    *,
    write: bool = False,
    web: Web | None = None,
    accepts_changed: bool = False,
) -> tuple[Measured, ...]:
    """What the audio of *paths* (or of every episode) is; with *write*, put into the headers. Updates podfeed.lock.

    With *web*, audio elsewhere is asked for, and asked again whether it is what it was. What has changed there is
    refused, unless *accepts_changed*.
    """
    wanted = frozenset(paths)
    episodes = [
        decoded.episode
        for path, decoded in project.files.items()
        if decoded.episode.audio and decoded.kind == "episode" and (not wanted or path in wanted)
    ]
    asked = _asked(project, episodes, web) if web else {}
    known = {} if accepts_changed else project.lock.media
    accepted = {
        address: facts
        for address, facts in asked.items()
        if isinstance(facts, AudioFacts) and not is_other_sound(known.get(address), facts)
    }
    facts = {**project.facts, **accepted}
    write_lock(project, locks.with_facts(project.lock, facts))
    found = [
        Measured(
            episode=episode,
            facts=each if isinstance(each := facts.get(episode.audio), AudioFacts) else None,
            faults=tuple(_faults(episode, asked, known)),
        )
        for episode in episodes
    ]
    if write:
        found = [_written(project, each) if each.is_sound and not each.agrees else each for each in found]
    return tuple(found)


def _asked(project: Project, episodes: Iterable[Episode], web: Web) -> Mapping[str, AudioFacts | Trouble]:
    """What the audio elsewhere of *episodes* says about itself now."""
    sounds = (address for episode in episodes for _, address in episode.sounds)
    return measure_all(web, filter(is_remote, sounds), project.lock.media)


def _faults(
    episode: Episode, asked: Mapping[str, AudioFacts | Trouble], known: Mapping[str, MediaFacts]
) -> Iterator[Finding]:
    """What there is to tell of the *episode*'s audio elsewhere."""
    for field, address in episode.sounds:
        before, now = known.get(address), asked.get(address)
        if isinstance(now, Trouble):
            yield fault(field, address, episode.path, now)
        elif isinstance(before, AudioFacts) and now and is_other_sound(before, now):
            yield change(field, address, episode.path, before, now)


def diagnostics(project: Project, found: Iterable[Measured]) -> tuple[Diagnostic, ...]:
    """The faults of what was *found*, each where its address stands."""
    return tuple(
        replace(rules()[fault.rule].diagnostic(fault, path, place, ()), excerpt=source.line(place.line))
        for each in found
        if each.faults
        for path, source in [(each.episode.path, project.source(each.episode.path))]
        for fault in each.faults
        for place in [place_of(source, fault.field)]
    )


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
