"""How each file is to be served: its type, and how long whoever has it may keep it."""

from __future__ import annotations

import hashlib
import posixpath
from typing import Literal

from podfeed.model import File
from podfeed.publish.store import Blob

#: Feeds and pages are asked for again after five minutes; media never change under their name.
FRESH = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"
#: Records are read from the store itself.
RECORD = "no-cache"

#: Source: feed-specification.md; Apple wants audio/x-m4a, and apps expect the others.
_TYPES = {
    ".aac": "audio/aac",
    ".css": "text/css; charset=utf-8",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".m4a": "audio/x-m4a",
    ".m4b": "audio/x-m4a",
    ".m4v": "video/x-m4v",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opml": "text/x-opml; charset=utf-8",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".srt": "application/x-subrip",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
    ".webp": "image/webp",
    ".xml": "application/xml",
}
_FEED = "application/rss+xml; charset=utf-8"
#: What apps take for a feed, the best first.
FEED_TYPES = (_FEED, "application/xml", "text/xml")
_CHAPTERS = "application/json+chapters"
#: Most of the index of a search: another content has another name.
_NAMED_BY_CONTENT = (".pf_fragment", ".pf_index", ".pf_meta")
#: Types that mean the same: what somebody else put there may have any of a row.
_SYNONYMS = (
    ("audio/x-m4a", "audio/mp4", "audio/m4a", "audio/x-m4b"),
    ("audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/x-mpeg"),
    ("audio/ogg", "audio/opus", "application/ogg"),
    ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    ("audio/flac", "audio/x-flac"),
    ("audio/aac", "audio/x-aac", "audio/aacp"),
    ("video/mp4", "video/x-m4v"),
    (_CHAPTERS, "application/json"),
    ("application/x-subrip", "application/srt", "text/srt"),
    ("text/javascript", "application/javascript"),
)


def blob(key: str, data: bytes, owner: str, *, cache_control: str, content_type: str = _FEED) -> Blob:
    """*data* as it goes up under *key*; a feed, unless its type is said."""
    return Blob(
        key=key,
        content=data,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=content_type,
        cache_control=cache_control,
        owner=owner,
    )


def content_type(file: File) -> str:
    """The Content-Type of *file*."""
    is_feed = file.stage == "feed" and not file.path.lower().endswith(".opml")
    return _FEED if is_feed else type_of(file.path)


def type_of(key: str) -> str:
    """The Content-Type of a medium or a page by its name."""
    name = posixpath.basename(key)
    ending = posixpath.splitext(name)[1].lower()
    if name.startswith("chapters.") and ending == ".json":
        return _CHAPTERS
    return _TYPES.get(ending, "application/octet-stream")


def cache_control(stage: Literal["media", "page", "feed"], key: str) -> str:
    """The Cache-Control of the file of *stage* at *key*."""
    return FOREVER if stage == "media" or key.endswith(_NAMED_BY_CONTENT) else FRESH


def is_same_type(one: str, other: str) -> bool:
    """Whether two types mean the same, whatever charset they name."""
    first, second = (each.partition(";")[0].strip().lower() for each in (one, other))
    return first == second or any(first in row and second in row for row in _SYNONYMS)
