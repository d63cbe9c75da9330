"""What a sound file calls itself: tags and chapters, as text that may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from podfeed.model import Chapter
from podfeed.read.folder import is_remote

_LONGEST = 300
#: No recording is longer, so what lies beyond is damage.
LATEST = timedelta(hours=48)
_MOST_CHAPTERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What players show of a file. Pictures of chapters are not taken out."""

    title: str = ""
    artist: str = ""
    album: str = ""
    #: Of all pictures together.
    picture_bytes: int = 0
    #: How the first picture begins.
    picture_head: bytes = b""
    #: By time; none where they are damaged.
    chapters: tuple[Chapter, ...] = ()


def plain(texts: Iterable[str]) -> str:
    """A tag in one line, ready to be shown.

    Old tools write Shift JIS and alike where Latin-1 belongs; that gives letters nobody reads, and is no tag.
    """
    text = " ".join(" ".join(texts).split())
    if not text.isprintable():
        is_gibberish = any("\x7f" <= letter < "\xa0" for letter in text)
        text = "" if is_gibberish else "".join(filter(str.isprintable, text))
    return text[:_LONGEST]


def web_address(text: str) -> str:
    """*text* when it is an address on the web; nothing else may become a link."""
    return text if is_remote(text) and text.isascii() and text.isprintable() and " " not in text else ""


def until(length: timedelta, chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """*chapters* without the end of the last one, where the end of the sound brings it about."""
    last = chapters[-1:]
    return (*chapters[:-1], replace(last[0], end=None)) if last and last[0].end and last[0].end >= length else chapters


def by_time(chapters: Sequence[Chapter]) -> tuple[Chapter, ...]:
    """*chapters* from first to last, with those ends alone that the next chapter does not bring about."""
    if not 0 < len(chapters) <= _MOST_CHAPTERS or any(each.start > LATEST for each in chapters):
        return ()
    ordered = sorted(chapters, key=lambda each: each.start)
    nexts = [*(each.start for each in ordered[1:]), LATEST]
    return tuple(
        replace(each, end=None) if each.end and not each.start < each.end < after else each
        for each, after in zip(ordered, nexts, strict=True)
    )
