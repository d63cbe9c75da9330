"""The generations of shows, for people and for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any

from podfeed.report.scripts import JSON_VERSION, as_json
from podfeed.report.terminal import printable, table
from podfeed.words import joined, listed, say

if TYPE_CHECKING:
    from podfeed.publish.history import Generation
    from podfeed.reverting import Past

#: How many titles a line names of each kind.
_MOST_NAMED = 3


def history_text(pasts: Sequence[Past]) -> str:
    """The generations of each show, the newest first, a line each."""
    return "\n".join(_section(past, is_named=len(pasts) > 1) for past in pasts)


def _section(past: Past, *, is_named: bool) -> str:
    lines = [printable(past.show) + "\n"] if is_named else []
    if not past.generations:
        lines.append(say("“{show}” was never published here", show=past.show) + "\n")
    else:
        head = (say("generation"), say("date"), say("by"), say("what changed"))
        lines.append(table([head, *map(_row, past.generations)]))
    if past.generations and not past.is_whole:
        number = past.generations[0].record.generation
        words = say(
            "its feed was taken away, or changed by hand; “podfeed rollback --show {show}” puts back generation"
            " {number}",
            show=past.show,
            number=number,
        )
        lines.append(words + "\n")
    return "".join(lines)


def _row(generation: Generation) -> tuple[str, ...]:
    record = generation.record
    date = record.committed.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return str(record.generation), date, record.writer, joined(_changes(generation))


def _changes(generation: Generation) -> Iterator[str]:
    if not generation.is_known:
        yield say("the generation before it is not there")
        return
    if generation.record.restores:
        yield say("rolled back to generation {number}", number=generation.record.restores)
    kinds = {
        "new": say("new"),
        "edited": say("edited"),
        "withdrawn": say("withdrawn"),
        "reinstated": say("reinstated"),
    }
    for kind, word in kinds.items():
        titles = [say("“{title}”", title=turn.title) for turn in generation.turns if turn.kind == kind]
        more = [say("{count} more", count=len(titles) - _MOST_NAMED)] if len(titles) > _MOST_NAMED else []
        if titles:
            yield f"{word}: {listed([*titles[:_MOST_NAMED], *more])}"
    if generation.has_other_channel:
        yield say("what it says of the show")
    if not generation.turns and not generation.has_other_channel and not generation.record.restores:
        yield say("pages, or how the feed is written")


def history_json(pasts: Sequence[Past]) -> str:
    """What `podfeed history --format json` prints."""
    return as_json({"version": JSON_VERSION, "shows": [_values(past) for past in pasts]})


def _values(past: Past) -> dict[str, Any]:
    return {
        "show": past.show,
        "feed_is_whole": past.is_whole,
        "generations": [_generation_values(each) for each in past.generations],
    }


def _generation_values(generation: Generation) -> dict[str, Any]:
    record = generation.record
    return {
        "generation": record.generation,
        "name": generation.name,
        "date": record.committed.isoformat(),
        "writer": record.writer or None,
        "rolled_back_to": record.restores or None,
        "is_known": generation.is_known,
        "show_changed": generation.has_other_channel,
        "episodes": [{"change": turn.kind, "guid": turn.guid, "title": turn.title} for turn in generation.turns],
    }
