"""The ID3 tags of a sound file; the one module that knows mutagen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

from podfeed.model import Chapter
from podfeed.read import magic, tags
from podfeed.read.disk import Bounded
from podfeed.read.tags import Tags

# Title, artist, album and pictures, as ID3 2.3 and 2.4 name them, and as 2.2 did; chapters, their contents and links.
_NAMES = ("TIT2", "TPE1", "TALB", "APIC", "TT2", "TP1", "TAL", "PIC", "CHAP", "CTOC", "WXXX")
_ID3V1_BYTES = 128


def read(file: Bounded) -> Tags:
    """What the tags in front of *file* say, or the short one at its end; nothing where they are damaged."""
    is_in_front = file.at(0, 3) == b"ID3"
    if not is_in_front and file.at(max(0, file.size - _ID3V1_BYTES), 3) != b"TAG":
        return Tags()
    file.seek(0)
    try:
        frames = import_module("mutagen.id3").ID3(
            file, known_frames=_known_frames(), translate=False, load_v1=not is_in_front
        )
    # mutagen raises IndexError, OverflowError and others over crafted tags, and its own error for the rest.
    except Exception:
        return Tags()
    pictures = [frame.data for name, frame in frames.items() if name.startswith(("APIC", "PIC"))]
    return Tags(
        title=_text(frames, "TIT2", "TT2"),
        artist=_text(frames, "TPE1", "TP1"),
        album=_text(frames, "TALB", "TAL"),
        picture_bytes=sum(map(len, pictures)),
        picture_head=pictures[0][: magic.HEAD_BYTES] if pictures else b"",
        chapters=_chapters(frames),
    )


@cache
def _known_frames() -> Mapping[str, type]:
    """The frames to read; parsing them all takes twice as long."""
    id3 = import_module("mutagen.id3")
    return {name: getattr(id3, name) for name in _NAMES}


def _text(frames: Any, *names: str) -> str:
    return next((tags.plain(frames[name].text) for name in names if name in frames), "")


def _chapters(frames: Any) -> tuple[Chapter, ...]:
    found = frames.getall("CHAP")
    if not found:
        return ()
    contents = frames.getall("CTOC")
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
            for frame in found
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
