"""Chapters → what apps read them from: a file of jsonChapters, a WebVTT track, lines of time stamps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import Any

from podfeed.model import Chapter
from podfeed.read.chapters import are_chapters, shown
from podfeed.render import transcript

JSON_TYPE = "application/json+chapters"
_SECOND = timedelta(seconds=1)
_MILLISECOND = timedelta(milliseconds=1)


def json_file(chapters: Iterable[Chapter]) -> tuple[str, bytes]:
    """The name and the bytes of the file that `podcast:chapters` names. Source: podcast namespace, jsonChapters 1.2.

    Some apps never read an address again: what the file says is in its name.
    """
    listing = {"version": "1.2.0", "chapters": [_as_json(each) for each in chapters]}
    data = json.dumps(listing, ensure_ascii=False, indent=1).encode() + b"\n"
    return _name(data, "json"), data


def _as_json(chapter: Chapter) -> dict[str, Any]:
    values = {
        "startTime": _seconds(chapter.start),
        "title": chapter.title,
        "img": chapter.image,
        "url": chapter.href,
        "endTime": _seconds(chapter.end) if chapter.end else "",
    }
    hidden = {} if chapter.is_listed else {"toc": False}
    return {name: value for name, value in values.items() if value != ""} | hidden


def _seconds(moment: timedelta) -> int | float:
    seconds, rest = divmod(moment, _SECOND)
    return seconds + rest / _SECOND if rest else seconds


def vtt_file(chapters: Iterable[Chapter], length: timedelta) -> tuple[str, bytes]:
    """The name and the bytes of the track of chapters for players of the web. Source: WebVTT, section 1.5."""
    cues = "".join(
        f"\n{clock(start)} --> {clock(end)}\n{escape(title, quote=False)}\n"
        for start, end, title in _spans(shown(chapters), length)
    )
    data = f"WEBVTT\n{cues}".encode()
    return _name(data, "vtt"), data


def _spans(chapters: tuple[Chapter, ...], length: timedelta) -> Iterator[tuple[timedelta, timedelta, str]]:
    """From when to when each chapter goes, and its title: up to the next, or to the end of the sound."""
    starts = [*(each.start for each in chapters[1:]), length]
    for chapter, following in zip(chapters, starts, strict=False):  # where none is listed, the end is nobody's
        end = min(chapter.end or following, following)
        yield chapter.start, max(end, chapter.start + _MILLISECOND), chapter.title


def _name(data: bytes, ending: str) -> str:
    return f"chapters.{hashlib.sha256(data).hexdigest()[:8]}.{ending}"


def clock(moment: timedelta) -> str:
    """*moment* as ``HH:MM:SS.mmm``: some apps begin a chapter at 0 when anything of it is missing."""
    return transcript.clock(moment // _MILLISECOND)


def stamps(chapters: Iterable[Chapter]) -> tuple[str, ...]:
    """Lines that Apple, Spotify and YouTube take for chapters; none where they would take none.

    There must be three, in rising order, the first at 0. Source: Apple, “Using chapters”; Spotify support, chapters.
    """
    listed = tuple(replace(each, start=each.start // _SECOND * _SECOND) for each in shown(chapters))
    if not are_chapters(listed) or listed[0].start:
        return ()
    return tuple(f"{stamp(each.start)} {each.title}" for each in listed)


def stamp(moment: timedelta) -> str:
    """*moment* as time stamps have it: ``MM:SS``, from an hour on ``HH:MM:SS``."""
    return clock(moment)[:8].removeprefix("00:")


def stamps_html(lines: Iterable[str]) -> str:
    """Time stamps as a paragraph, each on its own line; nothing for none."""
    text = "<br>\n".join(escape(line, quote=False) for line in lines)
    return f"<p>{text}</p>\n" if text else ""
