"""Diagnostics → the smallest edits that mend them, shown or written."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from podfeed.check.duration import is_far
from podfeed.check.registry import Context
from podfeed.checking import check, context
from podfeed.diagnostics import Diagnostic
from podfeed.edit import Value, put, setting
from podfeed.errors import TargetError, unwritable
from podfeed.identity import Identity
from podfeed.loading import Project, read_bytes
from podfeed.model import AudioFacts, Episode
from podfeed.read.decode import SPELLINGS, padded_texts, texts_without_quotes
from podfeed.read.disk import whole
from podfeed.read.durations import format_clock, read_duration
from podfeed.read.source import Source, Text, read_episode_file
from podfeed.words import listed, say

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """An episode file with some of its settings mended, and nothing else changed."""

    path: str
    #: The whole text as it is, and as it is to be; the same when no setting can be mended safely.
    before: str
    after: str
    #: The settings that are mended, in the order of the file.
    fields: tuple[str, ...]
    #: Settings that cannot be edited safely, as somebody has to write them.
    by_hand: tuple[str, ...] = ()

    @property
    def refusal(self) -> str:
        """What was left alone, in a sentence; empty when nothing was."""
        if not self.by_hand:
            return ""
        settings = listed([say("“{setting}”", setting=each) for each in self.by_hand])
        return say("“{path}” cannot be edited safely: write {settings} by hand", path=self.path, settings=settings)


def fixes(
    project: Project, *, now: datetime, paths: Iterable[str] = (), only: Container[str] | None = None
) -> tuple[Fix, ...]:
    """What mends the faults that `check` tells of *paths*, or of every episode; with *only*, faults of these rules.

    A value is written as podfeed reads it already, or as the audio was measured: nothing is guessed. config.yaml is
    left to its author. Raises TargetError when a file changed since *project* was loaded.
    """
    seen = context(project, now)
    told: dict[str, list[Diagnostic]] = defaultdict(list)
    for each in check(project, now=now, paths=paths):
        told[each.path].append(each)
    found = []
    for episode in sorted(chain(*seen.episodes.values()), key=lambda each: each.path):
        rules = {each.rule for each in told[episode.path] if only is None or each.rule in only} & _MENDABLE
        if rules:
            text = text_of(project, episode.path)
            case = _case(episode, seen, told[episode.path], rules, text)
            found.append(mended(episode.path, text, _wanted(case), below=("date", "title")))
    return tuple(fix for fix in found if fix.fields or fix.by_hand)


def text_of(project: Project, path: str) -> str:
    """The text of an episode's file, byte order mark and all. Raises TargetError when it changed meanwhile."""
    data = project.unsaved.get(path) or read_bytes(project.folder / project.entries[path].raw)
    if hashlib.sha256(data).hexdigest() != project.files[path].episode.digest:
        raise _changed(path)
    return data.decode("utf-8")


def mended(path: str, before: str, values: Mapping[str, Value], *, below: Sequence[str]) -> Fix:
    """The file at *path* with *values*; those it has no setting for come in lines below the first of *below*."""
    source = read_episode_file(path, before.encode("utf-8"))
    fields, by_hand = [], []
    for name, value in values.items():
        spelled = _as_spelled(source, name)
        edited = put(source, spelled, value, below=below)
        if edited is None:
            by_hand.append(setting(spelled, value, source.dialect))
        elif edited.text != source.text:
            fields.append(spelled)
            source = edited
    fields.sort(key=lambda name: source.header.keys[name].start)
    mark = _BOM if before.startswith(_BOM) else ""
    return Fix(path=path, before=before, after=mark + source.text, fields=tuple(fields), by_hand=tuple(by_hand))


def _as_spelled(source: Source, name: str) -> str:
    """The spelling of *name* that the author gave a value."""
    nodes = {each: source.header.entries.get(each) for each in SPELLINGS.get(name, ())}
    return next((each for each, node in nodes.items() if node and not (isinstance(node, Text) and node.is_empty)), name)


def write(project: Project, fixes: Iterable[Fix]) -> None:
    """Put every fix into its file: whole or not at all, with the file's own permissions.

    Raises TargetError when a file changed meanwhile or cannot be written; those before it are written then.
    """
    for fix in fixes:
        if fix.fields:
            file = Path(os.path.realpath(project.folder / project.entries[fix.path].raw))
            _replace(file, fix.after.encode("utf-8"), fix)


def _replace(file: Path, data: bytes, fix: Fix) -> None:
    if read_bytes(file) != fix.before.encode("utf-8"):
        raise _changed(fix.path)
    try:
        mode = file.stat().st_mode & 0o7777
        # To replace a file needs no right to write it: its folder's is enough.
        if not mode & 0o222:
            raise TargetError(say("“{path}” cannot be written: it is read-only", path=fix.path))
        with whole(file) as new:
            os.fchmod(new.fileno(), mode)
            new.write(data)
    except OSError as error:
        raise unwritable(fix.path, error) from error


def _changed(path: str) -> TargetError:
    return TargetError(say("“{path}” changed meanwhile; run again", path=path))


def diff(fix: Fix, *, colour: bool = False) -> str:
    """*fix* as a unified diff that `git apply` takes; in colours, for a terminal, without its control characters."""
    names = (f"a/{fix.path}", f"b/{fix.path}")
    lines = difflib.unified_diff(_lines(fix.before), _lines(fix.after), *names)
    return "".join(_coloured(line) if colour else _whole(line) for line in lines)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _whole(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


_COLOURS = {"-": "31", "+": "32", "@": "36"}


def _coloured(line: str) -> str:
    shown = "".join(each if each.isprintable() or each == "\t" else "\ufffd" for each in line.rstrip("\r\n"))
    return f"\033[{_COLOURS[line[0]]}m{shown}\033[0m\n" if line[0] in _COLOURS else f"{shown}\n"


# ------------------------------------------------------------------------------------ what is to stand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An episode with faults that may be mended, and what is known of it."""

    episode: Episode
    identity: Identity
    source: Source
    #: Every rule that told something of it, and those whose faults are to be mended.
    told: Set[str]
    rules: Set[str]
    #: Its length as written, zeros or not; None when it is no length.
    stated: timedelta | None
    #: What was measured of its audio; None when nobody has, or when that is doubtful.
    facts: AudioFacts | None


def _case(episode: Episode, seen: Context, told: Iterable[Diagnostic], rules: Set[str], text: str) -> _Case:
    source, facts = read_episode_file(episode.path, text.encode("utf-8")), seen.audio(episode)
    stated = _stated(source)
    return _Case(
        episode=episode,
        identity=seen.identity(episode),
        source=source,
        told={each.rule for each in told},
        rules=rules,
        stated=stated,
        facts=facts if facts and not _is_doubtful(facts, stated, told) else None,
    )


def _stated(source: Source) -> timedelta | None:
    node = source.header.entries.get("duration")
    # “1:2:3” has one meaning, to a person as in YAML 1.1; the reader insists on zeros because apps do.
    return read_duration(_SHORT_PART.sub("0", node.text)).value if isinstance(node, Text) else None


_SHORT_PART = re.compile(r"(?<=:)(?=[0-9](?![0-9]))")


def _is_doubtful(facts: AudioFacts, stated: timedelta | None, told: Iterable[Diagnostic]) -> bool:
    """Whether the audio may be the wrong file, or has to be made again: then nothing of it is worth writing down."""
    is_refused = any(
        each.severity == "error" and each.rule.startswith("audio-") and not each.rule.startswith("audio-size-")
        for each in told
    )
    return is_refused or (stated is not None and stated > timedelta() and is_far(stated, facts.duration))


def _wanted(case: _Case) -> dict[str, Value]:
    """What the settings that the rules speak of are to say, as far as that is certain."""
    asked = {name: value(case) for name, (rules, value) in _SETTINGS.items() if rules & case.rules}
    texts: dict[str, Value] = {}
    for rule, mend in _TEXTS.items():
        if rule in case.rules:
            texts.update(mend(case.source, case.episode.faulty))
    return {**texts, **{name: value for name, value in asked.items() if value is not None}}


def _size(case: _Case) -> int | None:
    """The measured size, or the stated one in plain digits."""
    if case.facts and "audio-size-differs" in case.rules:
        return case.facts.size_bytes
    return case.episode.stated_bytes if "audio-size-spelled-oddly" in case.rules else None


def _duration(case: _Case) -> str | None:
    """The measured length, or the stated one as a plain clock."""
    if case.stated and case.facts:
        return format_clock(case.facts.duration)
    return format_clock(case.stated) if case.stated is not None and case.rules & _ODD_DURATION else None


_ODD_DURATION = {"duration-invalid", "duration-spelled-oddly"}


def _date(case: _Case) -> datetime | None:
    """The moment podfeed takes the date for, where there is only one."""
    # Of an hour that comes twice, and of a date that is not the published one, the author has to choose.
    is_one = "date-twice-by-clock-change" not in case.told and case.identity.date_of(case.episode) == case.episode.date
    return case.episode.date if is_one else None


def _explicit(case: _Case) -> bool | None:
    return case.episode.explicit


def _actor_ids(case: _Case) -> tuple[str, ...] | None:
    """The bare value as a list of one; nothing where the fault is another one."""
    node = case.source.header.entries.get(_as_spelled(case.source, "actor_ids"))
    return case.episode.actor_ids if isinstance(node, Text) else None


def _guid(case: _Case) -> str:
    return case.identity.guid.text


#: What is mended: settings, the rules that speak of them, and what they are to say.
_SETTINGS: Mapping[str, tuple[Set[str], Callable[[_Case], Value | None]]] = {
    "guid": ({"guid-not-written"}, _guid),
    "date": ({"date-spelled-oddly", "date-without-offset", "date-without-time"}, _date),
    "audio_file_size": ({"audio-size-differs", "audio-size-spelled-oddly"}, _size),
    "duration": ({"duration-differs", *_ODD_DURATION}, _duration),
    "explicit": ({"explicit-spelled-oddly"}, _explicit),
    "actor_ids": ({"actor-ids-not-list"}, _actor_ids),
}
#: Rules about any text, and the texts as they are to stand.
_TEXTS = {"text-needs-quotes": texts_without_quotes, "text-padded": padded_texts}
_MENDABLE = frozenset(chain(_TEXTS, *(rules for rules, _ in _SETTINGS.values())))
