"""The files of an episode as a feed names them: the enclosure, and what apps may play in its place."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from podfeed.model import Alternate, AudioFacts, Enclosure

#: What the type of a container leaves open. Source: RFC 6381, the MP4 and WebM registries of codecs.
_CODECS: Mapping[tuple[str, str], str] = {
    ("m4a", "aac"): "mp4a.40.2",
    ("m4a", "he-aac"): "mp4a.40.5",
    ("m4a", "alac"): "alac",
    ("opus", "opus"): "opus",
    ("ogg", "vorbis"): "vorbis",
    ("ogg", "flac"): "flac",
    ("ogg", "speex"): "speex",
}


def enclosure(url: str, facts: AudioFacts, named: Alternate | None = None) -> Enclosure:
    """The file at *url* as *facts* measure it; *named* is what its author says of one that is not the main file."""
    return Enclosure(
        url=url,
        size_bytes=facts.size_bytes,
        mime_type=facts.mime_type,
        duration=facts.duration,
        container=facts.container,
        codecs=_CODECS.get((facts.container, facts.codec), ""),
        bitrate_bps=facts.bitrate_bps,
        title=named.title if named else "",
        language=named.language if named else "",
        integrity=_integrity(facts.sha256),
    )


def _integrity(sha256: str) -> str:
    """A digest as browsers and apps compare it. Source: Subresource Integrity, section 3.1."""
    return f"sha256-{b64encode(bytes.fromhex(sha256)).decode()}" if sha256 else ""
