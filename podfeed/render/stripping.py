"""The bytes of a picture → the same picture without its notes: where it was taken, by whom, with what.

Nothing is decoded: what is no part of the picture is left out, and what is left is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Chunks of PNG that decide what is seen. Source: W3C, PNG (third edition), 11.
_SEEN_OF_PNG = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"bKGD", b"pHYs"),
        *(b"cHRM", b"cICP", b"gAMA", b"iCCP", b"mDCV", b"cLLI", b"sBIT", b"sRGB"),
        *(b"acTL", b"fcTL", b"fdAT"),
    )
)
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Of the segments for applications, these decide about colours.
_SEEN_OF_JPEG = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_SCAN, _END, _COMMENT, _FILLER = 0xDA, 0xD9, 0xFE, 0xFF
_APPLICATIONS = range(0xE0, 0xF0)
#: The end of a scan: a marker that is neither an escaped 0xFF, nor a restart, nor one more filler.
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Of a WebP, and the bits in its first chunk that announce them. Source: RFC 9649, 2.7.
_NOTES_OF_WEBP = {b"EXIF": 0x08, b"XMP ": 0x04}


def stripped(data: bytes) -> bytes:
    """The picture in *data*, a JPEG, PNG or WebP, with nothing beside it. Raises ValueError when it is built oddly."""
    if data.startswith(_PNG_SIGNATURE):
        return _PNG_SIGNATURE + b"".join(_chunks_of_png(data))
    if data.startswith(b"RIFF"):
        return _webp(data)
    return b"\xff\xd8" + b"".join(_segments(data))


def _segments(data: bytes) -> Iterator[bytes]:
    """What is seen of a JPEG, up to its end: behind that, phones keep further pictures with notes of their own."""
    at = 2
    while at + 1 < len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise ValueError(at)
        if marker == _END:
            yield data[at : at + 2]
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == _SCAN:
            found = _AFTER_SCAN.search(data, end)
            end = found.start() if found else len(data)
        if marker == _FILLER:
            end = at + 1
        elif _is_seen(marker, data[at + 4 : end]):
            yield data[at:end]
        at = end


def _is_seen(marker: int, content: bytes) -> bool:
    if marker in _APPLICATIONS:
        return any(marker == each and content.startswith(name) for each, name in _SEEN_OF_JPEG)
    return marker != _COMMENT


def _chunks_of_png(data: bytes) -> Iterator[bytes]:
    at = len(_PNG_SIGNATURE)
    while at < len(data):
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4])
        if kind in _SEEN_OF_PNG:
            yield data[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp(data: bytes) -> bytes:
    chunks, at = [], 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if kind == b"VP8X":
            flags = int.from_bytes(data[at + 8 : at + 9]) & ~sum(_NOTES_OF_WEBP.values())
            chunks.append(data[at : at + 8] + bytes([flags]) + data[at + 9 : end])
        elif kind not in _NOTES_OF_WEBP:
            chunks.append(data[at:end])
        at = end
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
