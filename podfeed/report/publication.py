"""What a publish did: what kept a show back, and what is public since, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podfeed.errors import ContentError
from podfeed.report.terminal import printable, text
from podfeed.words import enumerated, joined, say, say_many

if TYPE_CHECKING:
    from podfeed.publish.loop import Done
    from podfeed.publishing import Publication


def publication_faults(publication: Publication, *, colour: bool = False) -> str:
    """What kept each show back, with its places where it is an author's; and what else is worth knowing."""
    errors = {each.show: each.error for each in publication.shows if each.error}
    diagnostics = [each for error in errors.values() if isinstance(error, ContentError) for each in error.told]
    told = text(tuple(dict.fromkeys(diagnostics)), colour=colour)
    lines = [say("{show}: {error}", show=show, error=error) for show, error in errors.items()]
    lines += [say("podfeed: {error}", error=each) for each in (publication.error, publication.fault) if each]
    words = [*publication.warnings, *(each.warning for each in publication.told if each.trouble)]
    lines += [say("warning: {words}", words=each) for each in words]
    return told + "".join(f"{printable(line)}\n" for line in lines)


def publication_line(publication: Publication) -> str:
    """“radio: generation 12 is public, 1 new episode; 3 files, 45.1 MB”."""
    done = [each.done for each in publication.shows if each.done]
    news = [_news(each) for each in done if each.has_committed]
    put = {key: size for sizes in (*(each.put for each in done), publication.shared) for key, size in sizes.items()}
    files = say_many(
        "{count} file, {amount}", "{count} files, {amount}", count=len(put), amount=size(sum(put.values()))
    )
    notices = [each.notice for each in publication.shows if each.notice]
    return printable(joined([*(news or [say("no feed changed")]), files, *notices]))


def episode_counts(done: Done) -> tuple[int, int, int]:
    """How many episodes are new, changed and gone since what was public before."""
    before, now = done.before.by_guid if done.before else {}, done.record.by_guid
    edited = sum(before[guid].digest != now[guid].digest for guid in before.keys() & now.keys())
    return len(now.keys() - before.keys()), edited, len(before.keys() - now.keys())


def _news(done: Done) -> str:
    added, edited, gone = episode_counts(done)
    parts = [say("{show}: generation {number} is public", show=done.show, number=done.record.generation)]
    parts += [say_many("{count} new episode", "{count} new episodes", count=added)] if added else []
    parts += [say_many("{count} changed", "{count} changed", count=edited)] if edited else []
    parts += [say_many("{count} withdrawn", "{count} withdrawn", count=gone)] if gone else []
    return enumerated(parts)


_UNITS = ((1e3, "kB"), (1e6, "MB"), (1e9, "GB"))


def size(count: int) -> str:
    """*count* bytes, as people say it."""
    if count < 1000:
        return say_many("{count} byte", "{count} bytes", count=count)
    unit, name = next((each for each in _UNITS if count < 999.95 * each[0]), _UNITS[-1])
    return f"{count / unit:.1f} {name}"
