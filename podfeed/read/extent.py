"""How long a sound file is by its own account, and where it ends: what tells a cut one, whatever its container.

Tag libraries believe headers: six of ten cut files keep their full length there. Here the bytes are asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from podfeed.model import AudioDetails
from podfeed.read.tags import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """What the structure of a file says about its length."""

    #: Bytes the file should have. More than it has: it is cut, and where the format tells no exact number this is
    #: only the least. Fewer: something else follows the sound. 0: the format does not say.
    expected_bytes: int
    #: Bytes of sound without tags and pictures, as the file should have them; 0 when nothing tells.
    sound_bytes: int = 0
    #: Seconds of sound; 0 when nothing tells.
    seconds: float = 0.0
    #: As stated or counted; 0 when nothing tells.
    bitrate_bps: int = 0
    #: Empty when there is no sound.
    codec: str = ""
    #: What the structure of MP3 and MP4 tells beside.
    details: AudioDetails | None = None
    tags: Tags = field(default_factory=Tags)
