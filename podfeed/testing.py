"""What our tests and a plugin's tests share: small real files, made without any outside program.

Equal arguments give equal bytes; another *seed* gives other bytes of the same length.
"""

from __future__ import annotations

import re
import wave
from collections.abc import Iterator, Mapping, Sequence
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


def tiny_mp3(path: Path, seconds: float = 10.0, seed: int = 0, *, title: str = "", artist: str = "") -> Path:
    """*path*, now a silent MP3 of *seconds*, rounded up to whole frames of 26 ms, with an Info header.

    *title* and *artist* become its tags.
    """
    count = max(1, -int(-seconds * _RATE // _MP3_FRAME_SAMPLES))
    start = _MP3_HEADER + _MP3_SIDE_INFORMATION
    size = (count + 1) * _MP3_FRAME_BYTES
    info = b"Info" + (3).to_bytes(4) + count.to_bytes(4) + size.to_bytes(4)
    silence = start + _filler(seed, _MP3_FRAME_BYTES - len(start))
    sound = (start + info).ljust(_MP3_FRAME_BYTES, b"\0") + silence * count
    path.write_bytes(_id3({"TIT2": title, "TPE1": artist}) + sound)
    return path


def _id3(texts: Mapping[str, str]) -> bytes:
    """An ID3v2.4 tag of *texts* by their frames' names; nothing when all are empty."""
    frames = b"".join(
        name.encode() + _in_sevens(len(text.encode()) + 1) + b"\0\0\3" + text.encode()
        for name, text in texts.items()
        if text
    )
    return b"ID3\4\0\0" + _in_sevens(len(frames)) + frames if frames else b""


def _in_sevens(number: int) -> bytes:
    """*number* in four bytes of seven bits each, as ID3 wants it."""
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


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
    audio, artwork = folder / "audio/good.mp3", folder / "artwork/cover.jpg"
    for medium in (audio, artwork):
        medium.parent.mkdir(parents=True, exist_ok=True)
    if not audio.exists():
        tiny_mp3(audio, title=EXAMPLE_SHOW["title"], artist=EXAMPLE_SHOW["author"])
    if not artwork.exists():
        tiny_jpeg(artwork)
    return folder


def _settings(values: Mapping[str, str | None], indent: str = "") -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in values.items() if value is not None)
    return "".join(indent + line for line in lines.splitlines(keepends=True))


_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
     xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
     xmlns:podcast="https://podcastindex.org/namespace/1.0"
     xmlns:psc="http://podlove.org/simple-chapters"
     xmlns:spotify="http://www.spotify.com/ns/rss">
<channel>
{channel}
</channel>
</rss>
"""
_CHANNEL = """
<title>Harbour Radio</title>
<link>https://radio.podfeed.example/</link>
<description>Two sailors talk.</description>
<language>en</language>
<atom:link rel="self" type="application/rss+xml" href="https://radio.podfeed.example/feed.xml"/>
<itunes:author>Ada</itunes:author>
<itunes:category text="Technology"/>
<itunes:explicit>false</itunes:explicit>
<itunes:image href="https://radio.podfeed.example/cover.jpg"/>
<itunes:owner><itunes:name>Ada</itunes:name><itunes:email>ada@radio.podfeed.example</itunes:email></itunes:owner>
<podcast:guid>9b024349-ccf0-5f69-a609-6b82873eab3c</podcast:guid>
<podcast:locked owner="ada@radio.podfeed.example">yes</podcast:locked>
"""
_WAVES = """
<title>Waves</title>
<link>https://radio.podfeed.example/waves/</link>
<guid isPermaLink="false">7c1a4c0e-55ae-5ea8-b5e6-8e5e8f1e7f0e</guid>
<pubDate>Mon, 09 Jun 2025 05:00:00 +0900</pubDate>
<description>The wind pushes, the sea answers.</description>
<enclosure url="https://radio.podfeed.example/waves.mp3" length="1000000" type="audio/mpeg"/>
<itunes:duration>60</itunes:duration>
"""
_TIDES = """
<title>Tides</title>
<link>https://radio.podfeed.example/tides/</link>
<guid isPermaLink="false">917393e3-1b1e-5cef-ace4-edaa54e1f810</guid>
<pubDate>Mon, 02 Jun 2025 05:00:00 +0900</pubDate>
<description>The moon pulls, the sea follows.</description>
<enclosure url="https://radio.podfeed.example/tides.mp3" length="2000000" type="audio/mpeg"/>
<itunes:duration>120</itunes:duration>
"""


def example_feed(fragment: str = "") -> bytes:
    """A feed of two episodes, the newer first, without a fault but those of *fragment*.

    The elements of *fragment* take the place of those of the same name in the channel; an ``<item>`` in it does so in
    the first item, a further one in the second. ``<!-- without NAME -->`` leaves one out. What begins with ``<?xml`` or
    ``<rss`` is the whole feed.
    """
    if fragment.lstrip().startswith(("<?xml", "<rss")):
        return fragment.encode()
    items = [_WAVES, _TIDES]
    changes = [
        (name, f"<item>{_changed(items.pop(0) if items else '', _inside(text))}</item>" if name == "item" else text)
        for name, text in _outermost(fragment)
    ]
    channel = [text for _, text in [*_kept(_CHANNEL, changes), *changes]] + [f"<item>{each}</item>" for each in items]
    return _FEED.format(channel="\n".join(channel)).encode()


def _changed(parent: str, fragment: str) -> str:
    changes = list(_outermost(fragment))
    return "\n" + "\n".join(text for _, text in [*_kept(parent, changes), *changes]) + "\n"


def _kept(parent: str, changes: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The children of *parent* that *changes* neither replace nor leave out."""
    gone = {name for name, _ in changes} | {found[1] for _, text in changes if (found := _WITHOUT.fullmatch(text))}
    return [(name, text) for name, text in _outermost(parent) if name not in gone]


_WITHOUT = re.compile(r"<!-- without (\S+) -->")
_TAG = re.compile(
    r"""<!--.*?-->|<!\[CDATA\[.*?]]>|<(?P<end>/)?(?P<name>[^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*?(?P<empty>/)?>""",
    re.DOTALL,
)


def _outermost(xml: str) -> Iterator[tuple[str, str]]:
    """The outermost elements and comments of *xml*; a comment has no name."""
    depth, start, name = 0, 0, ""
    for tag in _TAG.finditer(xml):
        if not depth:
            start, name = tag.start(), tag["name"] or ""
        if tag["name"] and not tag["empty"]:
            depth += -1 if tag["end"] else 1
        if not depth:
            yield name, xml[start : tag.end()]


def _inside(element: str) -> str:
    return element[element.index(">") + 1 : element.rindex("<")] if not element.endswith("/>") else ""
