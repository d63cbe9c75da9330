"""What our tests and a plugin's tests share: small real files, made without any outside program.

Equal arguments give equal bytes; another *seed* gives other bytes of the same length.
"""

from __future__ import annotations

import wave
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# MPEG-1 layer III, 64 kbit/s, 44.1 kHz, mono, no checksum: 208 bytes a frame.
_MP3_HEADER = b"\xff\xfb\x50\xc0"
_MP3_FRAME_BYTES = 208
_MP3_FRAME_SAMPLES = 1152
_RATE = 44100
#: Of mono frames, all zero: a frame without a single bit of sound is silence.
_MP3_SIDE_INFORMATION = bytes(17)


def tiny_mp3(path: Path, seconds: float = 1.0, seed: int = 0) -> Path:
    """*path*, now a silent MP3 of *seconds*, rounded up to whole frames of 26 ms, with an Info header."""
    count = max(1, -int(-seconds * _RATE // _MP3_FRAME_SAMPLES))
    start = _MP3_HEADER + _MP3_SIDE_INFORMATION
    size = (count + 1) * _MP3_FRAME_BYTES
    info = b"Info" + (3).to_bytes(4) + count.to_bytes(4) + size.to_bytes(4)
    silence = start + _filler(seed, _MP3_FRAME_BYTES - len(start))
    path.write_bytes((start + info).ljust(_MP3_FRAME_BYTES, b"\0") + silence * count)
    return path


def _filler(seed: int, size: int) -> bytes:
    """Bytes decoders skip, which never look like the start of a frame."""
    word = b"%08x" % (seed & 0xFFFFFFFF)
    return (word * (size // len(word) + 1))[:size]


def tiny_wav(path: Path, seconds: float = 1.0, seed: int = 0) -> Path:
    """*path*, now an almost silent mono WAV of *seconds* at 8 kHz."""
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((seed & 0x7F).to_bytes(2, "little") * round(seconds * 8000))
    return path


def tiny_jpeg(path: Path, side: int = 1400, seed: int = 0) -> Path:
    """*path*, now a square JPEG of one colour that *seed* chooses."""
    _square(side, seed).save(path, "JPEG", quality=85)
    return path


def tiny_png(path: Path, side: int = 1400, seed: int = 0) -> Path:
    """*path*, now a square PNG of one colour that *seed* chooses."""
    _square(side, seed).save(path, "PNG")
    return path


def _square(side: int, seed: int) -> Image:
    from PIL import Image

    red, green, blue = (seed * 0x9E3779B1 + 0x204060 & 0xFFFFFF).to_bytes(3)
    return Image.new("RGB", (side, side), (red, green, blue))


#: The settings of the one episode of an example project.
EXAMPLE_HEADER = {
    "title": "Tides",
    "date": "2025-06-02 05:00:00 +0900",
    "audio_file_path": "/audio/good.mp3",
    "description": "The moon pulls, the sea follows.",
    "actor_ids": "[ada]",
}
#: The settings of its one show, ``radio``.
EXAMPLE_SHOW = {
    "title": "Harbour Radio",
    "language": "en",
    "description": "Two sailors talk.",
    "author": "Ada",
    "owner": "{name: Ada, email: ada@radio.podfeed.example}",
    "categories": "[Technology]",
    "artwork": "artwork/cover.jpg",
    "explicit": "false",
    "timezone": "Asia/Tokyo",
}
#: Its other settings.
EXAMPLE_CONFIG = {"site": "https://radio.podfeed.example", "actors": "{ada: {name: Ada}}"}


def example_project(
    folder: Path,
    *,
    header: Mapping[str, str | None] | None = None,
    show: Mapping[str, str | None] | None = None,
    config: Mapping[str, str | None] | None = None,
    files: Mapping[str, str | bytes] | None = None,
) -> Path:
    """*folder*, now a small project without an error: one show, one episode, its audio and its cover.

    *header*, *show* and *config* replace settings by their values as YAML; None leaves one out. *files* are further
    files, or others in place of these, by path.
    """
    settings = _settings({**EXAMPLE_CONFIG, **(config or {})})
    if "shows" not in (config or {}):
        settings += "shows:\n  radio:\n" + _settings({**EXAMPLE_SHOW, **(show or {})}, "    ")
    texts: dict[str, str | bytes] = {
        "config.yaml": settings,
        "episodes/1.md": f"---\n{_settings({**EXAMPLE_HEADER, **(header or {})})}---\n",
        **(files or {}),
    }
    for path, content in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    for path, make in (("audio/good.mp3", tiny_mp3), ("artwork/cover.jpg", tiny_jpeg)):
        if not (folder / path).exists():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            make(folder / path)
    return folder


def _settings(values: Mapping[str, str | None], indent: str = "") -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in values.items() if value is not None)
    return "".join(indent + line for line in lines.splitlines(keepends=True))
