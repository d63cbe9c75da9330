"""The ID3 tags of a sound file; the one module that knows mutagen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache, partial
from importlib import import_module
from typing import Any

from podfeed.model import Chapter
from podfeed.read import frames, magic, tags
from podfeed.read.disk import Bounded
from podfeed.read.tags import Tags

# Title, artist, album and pictures, as ID3 2.3 and 2.4 name them, and as 2.2 did; chapters, their contents and links.
_NAMES = ("TIT2", "TPE1", "TALB", "APIC", "TT2", "TP1", "TAL", "PIC", "CHAP", "CTOC", "WXXX")


def read(file: Bounded) -> Tags:
    """What the tags in front of *file* say, or the short one at its end; nothing where they are damaged."""
    is_in_front = file.at(0, 3) == b"ID3"
    if not is_in_front and frames.before_tag(file) == file.size:
        return Tags()
    file.seek(0)
    try:
        found = _reader()(file, load_v1=not is_in_front)
    # mutagen raises IndexError, OverflowError and others over crafted tags, and its own error for the rest.
    except Exception:
        return Tags()
    pictures = [frame.data for name, frame in found.items() if name.startswith(("APIC", "PIC"))]
    return Tags(
        title=_text(found, "TIT2", "TT2"),
        artist=_text(found, "TPE1", "TP1"),
        album=_text(found, "TALB", "TAL"),
        picture_bytes=sum(map(len, pictures)),
        picture_head=pictures[0][: magic.HEAD_BYTES] if pictures else b"",
        chapters=_chapters(found),
    )


@cache
def _reader() -> Callable[..., Any]:
    """Reads the frames of those names; parsing them all takes twice as long."""
    id3 = import_module("mutagen.id3")
    return partial(id3.ID3, known_frames={name: getattr(id3, name) for name in _NAMES}, translate=False)


def _text(found: Any, *names: str) -> str:
    return next((tags.plain(found[name].text) for name in names if name in found), "")


def _chapters(found: Any) -> tuple[Chapter, ...]:
    chapters = found.getall("CHAP")
    if not chapters:
        return ()
    contents = found.getall("CTOC")
    listed = _listed(contents)
    return tags.by_time(
        [
            Chapter(
                start=timedelta(milliseconds=frame.start_time),
                end=timedelta(milliseconds=frame.end_time),
                title=_text(frame.sub_frames, "TIT2"),
                href=next((tags.web_address(link.url) for link in frame.sub_frames.getall("WXXX")), ""),
                # Without a table of contents nothing was left out of it.
                is_listed=not contents or frame.element_id in listed,
            )
            for frame in chapters
        ]
    )


_TOP_LEVEL = 2


def _listed(contents: Iterable[Any]) -> set[str]:
    """The ids of everything that the tables of contents list, from the top one down."""
    tables = {table.element_id: table for table in contents}
    waiting = [table for table in tables.values() if table.flags & _TOP_LEVEL] or list(tables.values())
    listed: set[str] = set()
    while waiting:
        new = set(waiting.pop().child_element_ids) - listed
        listed |= new
        waiting += [tables[id] for id in new if id in tables]
    return listed
