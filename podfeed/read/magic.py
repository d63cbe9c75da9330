"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

#: How much of a file ``kind`` wants to see.
HEAD_BYTES = 4096

#: The type by the word ``kind`` gives. Source: Apple's enclosure types for mp3, m4a, mp4, m4v, mov and pdf.
MIME_TYPES: Mapping[str, str] = {
    "mp3": "audio/mpeg",
    "m4a": "audio/x-m4a",
    "mp4": "video/mp4",
    "m4v": "video/x-m4v",
    "mov": "video/quicktime",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "heic": "image/heic",
    "avif": "image/avif",
    "tiff": "image/tiff",
    "bmp": "image/bmp",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "html": "text/html",
    "xml": "application/xml",
    "text": "text/plain",
}

_STARTS = (
    (b"ID3", "mp3"),
    (b"fLaC", "flac"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
)

# By the major brand of an ISO file; the others may hold sound or pictures, only their tracks tell.
_BRANDS = {
    b"M4A ": "m4a",
    b"M4B ": "m4a",
    b"M4P ": "m4a",
    b"M4V ": "m4v",
    b"M4VH": "m4v",
    b"M4VP": "m4v",
    b"qt  ": "mov",
    b"heic": "heic",
    b"heix": "heic",
    b"mif1": "heic",
    b"avif": "avif",
    b"avis": "avif",
}
_RIFFS = {b"WAVE": "wav", b"WEBP": "webp"}
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<title", b"<meta")


def kind(head: bytes) -> str:
    """A word for what starts with *head*, as mp3 or html; empty when it is not recognised."""
    return (
        next((word for start, word in _STARTS if head.startswith(start)), "")
        or _boxed(head)
        or _framed(head)
        or _bitmap(head)
        or _text(head)
    )


def _boxed(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "mp4")
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFFS.get(head[8:12], "")
    if head[:4] == b"OggS":
        return "opus" if b"OpusHead" in head[:64] else "ogg"
    return ""


def _framed(head: bytes) -> str:
    if len(head) < 4 or head[0] != 0xFF:
        return ""
    if head[1] & 0xF6 == 0xF0:
        return "aac"
    version, layer, bitrate, rate = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 4, head[2] >> 2 & 3
    is_mpeg = head[1] & 0xE0 == 0xE0 and version != 1 and layer in (1, 2) and bitrate not in (0, 15) and rate != 3
    return "mp3" if is_mpeg else ""


def _bitmap(head: bytes) -> str:
    # Two letters are little proof: text may begin with them, so the four reserved bytes must be zero.
    return "bmp" if head[:2] == b"BM" and len(head) > 10 and head[6:10] == bytes(4) else ""


def _text(head: bytes) -> str:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1024].lower()
    if start.startswith(_HTML):
        return "html"
    if start.startswith((b"<?xml", b"<svg", b"<!doctype svg", b"<!--")):
        return "svg" if b"<svg" in start else "html" if b"<html" in start else "xml"
    return "text" if _is_text(head) else ""


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if not head or any(byte < 9 or 13 < byte < 27 for byte in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # incremental: the head may end inside a character
    except UnicodeDecodeError:
        return False
    return True
