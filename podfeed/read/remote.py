"""A sound file elsewhere on the web as a file to seek in: only what is read of it is fetched, in a few large parts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from podfeed.read import frames
from podfeed.read.disk import Bounded, OverBudget
from podfeed.read.web import Answer, Asked, Clock, Trouble, Web, expect_unpacked, is_mark, refused
from podfeed.words import say

#: Of one file; a file whose server gives no parts is measured when all of it is no more.
MOST_BYTES = 8 << 20
#: What one request brings: three of them measure hours of sound, and stay below 300 kB.
_WINDOW_BYTES = 96 << 10
# Some of it lies before what is asked for, and near the end more does: tags and boxes that belong together lie there.
_LEAD_BYTES = 8 << 10
_TAIL_BYTES = 16 << 10
_RANGE = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19})", re.IGNORECASE | re.ASCII)
_EMPTY = re.compile(r"bytes \*/0", re.IGNORECASE)
_LENGTH = re.compile(r"\d{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a server says of a file as it is now."""

    size_bytes: int
    #: As the server gives them; empty when it does not.
    etag: str = ""
    last_modified: str = ""


def state(web: Web, address: str, *, etag: str = "", last_modified: str = "") -> State | None:
    """How the file at *address* is now, by one small request; None when it is as *etag* and *last_modified* say.

    Raises Trouble.
    """
    with web.asking(address) as clock:
        asked = Asked(part=(0, 0), most_bytes=0, etag=etag, last_modified=last_modified)
        answer = web.ask(address, asked, clock)
        return None if answer.status == 304 else _state(answer)


class RemoteFile:
    """The file at an address. Reading raises Trouble; what was raised first stays in *trouble*."""

    def __init__(self, web: Web, address: str, clock: Clock) -> None:
        self.trouble: Trouble | None = None
        self._web, self._clock = web, clock
        #: What was fetched, by where it begins; no two overlap.
        self._parts: dict[int, bytes] = {}
        #: Where zeros are read, unless something came with something else: pictures, from their beginning on.
        self._left_out: list[tuple[int, int]] = []
        self._fetched_bytes = self._position = 0
        self._address = address
        answer = web.ask(address, Asked(part=(0, _WINDOW_BYTES - 1), most_bytes=MOST_BYTES), clock)
        self.state = _state(answer)
        self._address = answer.address  # a redirect is followed once
        self._take(answer, 0, min(_WINDOW_BYTES, self.state.size_bytes))
        with suppress(OverBudget):  # a tag of more frames than anybody writes
            self._left_out.extend(_pictures(Bounded(self)))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.state.size_bytes}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def read(self, count: int = -1) -> bytes:
        end = self.state.size_bytes if count < 0 else min(self._position + count, self.state.size_bytes)
        pieces = []
        while self._position < end:
            piece = self._piece(self._position, end)
            pieces.append(piece)
            self._position += len(piece)
        return b"".join(pieces)

    def _piece(self, start: int, end: int) -> bytes:
        """Some bytes from *start* on, and none from *end*."""
        for first, data in self._parts.items():
            if first <= start < first + len(data):
                return data[start - first : end - first]
        for first, last in self._left_out:
            if first <= start < last:
                return bytes(min([end, last, *(each for each in self._parts if each > start)]) - start)
        self._fetch(start, min([end, *(first for first, _ in self._left_out if first > start)]))
        return self._piece(start, end)

    def _fetch(self, start: int, end: int) -> None:
        """Fetch from *start* at least to *end*, if nothing that is there or left out comes between."""
        size = self.state.size_bytes
        before = max((first + len(data) for first, data in self._parts.items() if first < start), default=0)
        behind = min((first for first in self._parts if first > start), default=size)
        last = min(max(end, start - _LEAD_BYTES + _WINDOW_BYTES), behind)
        start = max(before, min(start - _LEAD_BYTES, size - _TAIL_BYTES))
        try:
            if self._fetched_bytes + last - start > MOST_BYTES:
                raise Trouble(
                    say("more than {mebibytes} MiB of it must be read to measure it", mebibytes=MOST_BYTES >> 20)
                )
            answer = self._web.ask(self._address, Asked(part=(start, last - 1), most_bytes=0), self._clock)
            if answer.status in (200, 412, 416) or _state(answer) != self.state:
                raise Trouble(say("it changes while it is read"), passes=True)
            self._take(answer, start, last)
        except Trouble as trouble:
            self.trouble = self.trouble or trouble
            raise

    def _take(self, answer: Answer, start: int, end: int) -> None:
        """Keep the body of *answer*, which must be all that lies from *start* to *end*."""
        if answer.status == 206 and _range(answer)[:2] != (start, end - 1):
            raise _other_parts()
        if answer.status == 200:
            start, end = 0, self.state.size_bytes
            if end > MOST_BYTES:
                raise Trouble(say("its server gives no parts of it, and all of it is too much to measure it"))
        if len(answer.body) != end - start:
            raise Trouble(say("its server gives other bytes than it says"), passes=True)
        self._parts[start] = answer.body
        self._fetched_bytes += len(answer.body)


# Of a picture's frame: its type, and what tells the picture's own.
_PICTURE_HEAD_BYTES = 8 << 10
_UNUSUAL = 0x80 | 0x40  # unsynchronised, extended


def _pictures(file: Bounded) -> Iterator[tuple[int, int]]:
    """Where the large pictures of the ID3 tag in front lie; a tag written in an unusual way is read as a whole."""
    head = file.at(0, 10)
    if head[:3] != b"ID3" or head[5] & _UNUSUAL:
        return
    position, end = 10, frames.after_tags(file, 0)
    name_bytes, head_bytes = (3, 6) if head[3] == 2 else (4, 10)
    while position < end:
        frame = file.at(position, head_bytes)
        name, body = frame[:name_bytes], position + head_bytes
        position = body + _frame_bytes(frame[name_bytes : 2 * name_bytes], version=head[3])
        if not name.isalnum() or not body < position <= end:
            return
        if name in (b"APIC", b"PIC") and position - body > _PICTURE_HEAD_BYTES:
            yield body + _PICTURE_HEAD_BYTES, position


def _frame_bytes(digits: bytes, *, version: int) -> int:
    """In ID3 2.4 a byte has seven bits, though some programs use all eight."""
    bits = 7 if version == 4 and all(digit < 0x80 for digit in digits) else 8
    size = 0
    for digit in digits:
        size = size << bits | digit
    return size


def _state(answer: Answer) -> State:
    """What *answer* says of the file. Raises Trouble for one that says nothing of a file that can be measured."""
    headers = answer.headers
    if answer.status == 416 and _EMPTY.fullmatch(headers.get("content-range", "")):
        return State(size_bytes=0)
    if answer.status not in (200, 206):
        raise refused(answer)
    expect_unpacked(answer)
    return State(
        size_bytes=_range(answer)[2] if answer.status == 206 else _length(headers),
        etag=_mark(headers, "etag"),
        last_modified=_mark(headers, "last-modified"),
    )


def _mark(headers: Mapping[str, str], name: str) -> str:
    """What tells one state of a file from another; nothing where it cannot be sent back."""
    mark = headers.get(name, "")
    return mark if is_mark(mark) else ""


def _range(answer: Answer) -> tuple[int, int, int]:
    """The first and the last byte of a part, and the bytes of the whole. Raises Trouble."""
    found = _RANGE.fullmatch(answer.headers.get("content-range", "").strip())
    if not found:
        raise _other_parts()
    return int(found[1]), int(found[2]), int(found[3])


def _other_parts() -> Trouble:
    return Trouble(say("its server gives other parts of it than it is asked for"))


def _length(headers: Mapping[str, str]) -> int:
    length = headers.get("content-length", "")
    if not _LENGTH.fullmatch(length) or "transfer-encoding" in headers:
        raise Trouble(say("its server does not say how long it is"))
    return int(length)
