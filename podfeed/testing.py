"""What our tests and a plugin's tests share: small real files, made without any outside program.

Equal arguments give equal bytes; another *seed* gives other bytes of the same length.
"""

from __future__ import annotations

import wave
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
