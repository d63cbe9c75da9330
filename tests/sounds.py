"""Sound files of every kind for tests, made when they are first wanted: the same bytes each time."""

from __future__ import annotations

import os
import re
import struct
import subprocess
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from podfeed.model import AudioFacts

# Half of it near silence, half of it noise and a tone: a guess from the first frames is far off.
_SOUND = "aevalsrc='if(lt(t,5),0.001*sin(880*t),0.3*(random(0)-0.5)+0.3*sin(2000*t))':s=44100:d=10.317"
_PICTURE = "testsrc=size=64x64:rate=5:duration={seconds}"

#: The arguments that make each file with ffmpeg, behind the source.
ENCODED: Mapping[str, str] = {
    "cbr.mp3": "-c:a libmp3lame -b:a 64k",
    "vbr.mp3": "-c:a libmp3lame -q:a 5",
    "abr.mp3": "-c:a libmp3lame -abr 1 -b:a 96k",
    "stereo.mp3": "-c:a libmp3lame -ac 2 -b:a 128k",
    "plain-stereo.mp3": "-c:a libmp3lame -ac 2 -joint_stereo 0 -b:a 128k",
    "tagged.mp3": "-c:a libmp3lame -b:a 64k -id3v2_version 4 -write_id3v1 1 -metadata title=Hello",
    "bare-cbr.mp3": "-c:a libmp3lame -b:a 64k -write_xing 0",
    "bare-vbr.mp3": "-c:a libmp3lame -q:a 5 -write_xing 0",
    "layer-2.mp3": "-c:a mp2 -b:a 96k -f mp2",
    **{
        f"{rate}.mp3": f"-c:a libmp3lame -ar {rate} -b:a 32k"
        for rate in (8000, 11025, 12000, 16000, 22050, 24000, 48000)
    },
    **{f"bare-{rate}.mp3": f"-c:a libmp3lame -ar {rate} -b:a 32k -write_xing 0" for rate in (8000, 22050)},
    "late.m4a": "-c:a aac -b:a 64k",
    "early.m4a": "-c:a aac -b:a 64k -movflags +faststart",
    "stereo.m4a": "-c:a aac -ac 2 -b:a 128k -movflags +faststart",
    "22050.m4a": "-c:a aac -ar 22050 -b:a 32k",
    "48000.m4a": "-c:a aac -ar 48000 -b:a 96k",
    "alac.m4a": "-c:a alac",
    "fragments.m4a": "-c:a aac -movflags frag_keyframe+empty_moov",
    "many-fragments.m4a": "-c:a aac -movflags +frag_every_frame+empty_moov+default_base_moof",
    "half-fragments.m4a": "-c:a aac -movflags frag_keyframe -frag_duration 1000000",
    "dash.m4a": "-c:a aac -movflags dash+global_sidx -frag_duration 2000000",
    "sound.mp4": "-c:a aac -b:a 64k",
    "mp3-inside.mp4": "-c:a libmp3lame -b:a 64k",
    "moving.mp4": "-c:a aac -b:a 64k -c:v mpeg4",
    "moving.m4v": "-c:a aac -b:a 64k -c:v mpeg4 -movflags +faststart",
    "moving-fragments.mp4": "-c:a aac -b:a 64k -c:v mpeg4 -movflags frag_keyframe+empty_moov",
    "moving.mov": "-c:a aac -b:a 64k -c:v mpeg4",
    "pcm.mov": "-c:a pcm_s16le",
    "speech.ogg": "-c:a libvorbis -q:a 2",
    "other.ogg": "-c:a libvorbis -q:a 1",
    "8000.ogg": "-c:a libvorbis -ar 8000",
    "moving.ogg": "-c:a libvorbis -q:a 2 -c:v libtheora",
    "speech.opus": "-c:a libopus -b:a 32k",
    "boxed.oga": "-c:a flac -f ogg",
    "speex.ogg": "-c:a libspeex -ar 16000",
    "speech.flac": "-c:a flac",
    "speech.wav": "-c:a pcm_s16le",
    "bytes.wav": "-t 1.0001 -c:a pcm_u8",
    "six-channels.wav": "-ac 6 -c:a pcm_s24le",
    "floating.wav": "-c:a pcm_f32le",
    "mu-law.wav": "-c:a pcm_mulaw",
    "adpcm.wav": "-c:a adpcm_ima_wav",
    "mp3-inside.wav": "-c:a libmp3lame -b:a 64k",
    "large.wav": "-c:a pcm_s16le -rf64 always",
    "speech.aac": "-c:a aac -b:a 64k -f adts",
    "22050.aac": "-c:a aac -ar 22050 -b:a 32k -f adts",
}

#: The arguments that make each file with LAME.
LAME: Mapping[str, str] = {
    "lame-cbr.mp3": "-b 64 --cbr",
    "lame-vbr.mp3": "-V 5",
    "lame-abr.mp3": "--abr 96",
    "lame-bare-cbr.mp3": "-b 64 -t",
    "lame-bare-vbr.mp3": "-V 5 -t",
    "lame-22050.mp3": "-V 5 --resample 22.05",
    "lame-checksums.mp3": "-b 96 -p",
}

# A tag in front that says nothing, with ten bytes of room.
_EMPTY_TAG = b"ID3\4\0\0\0\0\0\x0a" + bytes(10)


def _joined(*names: str) -> Callable[[Corpus], bytes]:
    return lambda corpus: b"".join((corpus / name).read_bytes() for name in names)


def _wrong_count(factor: float) -> Callable[[Corpus], bytes]:
    """A file whose index counts other frames than there are."""

    def make(corpus: Corpus) -> bytes:
        data = bytearray((corpus / "vbr.mp3").read_bytes())
        at = data.index(b"Xing") + 8
        data[at : at + 4] = round(int.from_bytes(data[at : at + 4]) * factor).to_bytes(4)
        return bytes(data)

    return make


def _tagged_at_both_ends(corpus: Corpus) -> bytes:
    return _EMPTY_TAG + (corpus / "vbr.mp3").read_bytes() + _EMPTY_TAG + b"TAG" + bytes(125)


def _edited(corpus: Corpus) -> bytes:
    """Only the sound between the third and the sixth second is played, and after it the second."""
    return with_edits((corpus / "early.m4a").read_bytes(), (3000, 3 * 44_100), (1000, 44_100))


def _piped(corpus: Corpus) -> bytes:
    """As written to a pipe: the encoder could not go back and fill in the lengths."""
    data = bytearray((corpus / "speech.wav").read_bytes())
    data[4:8] = data[data.index(b"data") + 4 : data.index(b"data") + 8] = b"\xff" * 4
    return bytes(data)


def _chaptered(source: str, name: str, *arguments: str) -> Callable[[Corpus], bytes]:
    """*source* with three chapters, written by ffmpeg into a file like *name*."""

    def make(corpus: Corpus) -> bytes:
        return with_chapters(corpus, source, name, [(0, "はじまり"), (2500, "Two = ; ü"), (7000, "三 🌊")], *arguments)

    return make


#: What no encoder makes.
DERIVED: Mapping[str, Callable[[Corpus], bytes]] = {
    "joined.mp3": _joined("cbr.mp3", "vbr.mp3"),
    "joined-22050.mp3": _joined("22050.mp3", "22050.mp3", "22050.mp3"),
    "joined-bare.mp3": _joined("lame-bare-cbr.mp3", "lame-bare-vbr.mp3"),
    "joined.ogg": _joined("speech.ogg", "other.ogg"),
    "joined.aac": _joined("22050.aac", "22050.aac"),
    "too-many.mp3": _wrong_count(1.5),
    "too-few.mp3": _wrong_count(0.7),
    "both-ends.mp3": _tagged_at_both_ends,
    "tagged.aac": lambda corpus: _EMPTY_TAG + (corpus / "22050.aac").read_bytes(),
    "tagged.flac": lambda corpus: _EMPTY_TAG + (corpus / "speech.flac").read_bytes(),
    "edited.m4a": _edited,
    "piped.wav": _piped,
    "chapters.mp3": _chaptered("vbr.mp3", "chapters.mp3"),
    "chapters.m4a": _chaptered("early.m4a", "chapters.m4a"),
    "chapter-track.m4a": _chaptered("early.m4a", "chapter-track.m4a", "-movflags", "+disable_chpl"),
}

#: Every file of the corpus.
NAMES = (*ENCODED, *LAME, *DERIVED)


class Corpus:
    """The folder of all these files. ``corpus / name`` makes one that is not there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            # Another worker may make the same file at the same time, of the same bytes.
            temporary = self.folder / f"{os.getpid()}-{name}"
            self._make(name, temporary)
            temporary.replace(path)
        return path

    def _make(self, name: str, path: Path) -> None:
        if name == "source.wav":
            encode("-f", "lavfi", "-i", _SOUND, path)
        elif name in LAME:
            command = ["lame", "--quiet", *LAME[name].split(), str(self / "source.wav"), str(path)]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        elif name in DERIVED:
            path.write_bytes(DERIVED[name](self))
        else:
            picture = ["-f", "lavfi", "-i", _PICTURE.format(seconds=14)] if "-c:v" in ENCODED[name] else []
            encode("-i", self / "source.wav", *picture, *ENCODED[name].split(), path)


def encode(*arguments: str | Path) -> None:
    """Run ffmpeg so that it makes the same bytes each time."""
    command = ["ffmpeg", "-v", "error", "-bitexact", *map(str, arguments)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def with_chapters(
    corpus: Corpus, source: str, name: str, chapters: Sequence[tuple[int, str]], *arguments: str, **tags: str
) -> bytes:
    """The sound of *source* with *tags* and *chapters*, by their milliseconds, in a file of the ending of *name*."""
    path, listed = corpus.folder / f"{os.getpid()}-made-{name}", corpus.folder / f"{os.getpid()}-{name}.txt"
    lines = [";FFMETADATA1", *(f"{tag}={_escaped(text)}" for tag, text in tags.items())]
    for (start, title), (end, _) in pairwise([*chapters, (10_000, "")]):
        lines += ["[CHAPTER]", "TIMEBASE=1/1000", f"START={start}", f"END={end}", f"title={_escaped(title)}"]
    listed.write_text("\n".join(lines), "utf-8")
    maps = ["-map", "0", "-map_metadata", "1", "-map_chapters", "1", "-c", "copy"]
    encode("-y", "-i", corpus / source, "-i", listed, *maps, *arguments, path)
    return path.read_bytes()


def _escaped(text: str) -> str:
    return re.sub(r"([=;#\\\n])", r"\\\1", text)


def decoded_seconds(path: Path) -> tuple[float, bool]:
    """Seconds of sound a player gives out, and whether it found nothing to complain of."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vn", "-f", "s16le", "-ac", "1", "-ar", "8000", "-"]
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    return len(done.stdout) / 16000, done.returncode == 0 and not done.stderr


def is_caught(facts: AudioFacts) -> bool:
    """Whether a cut or a damage of the file was noticed."""
    return bool(facts.trouble) or facts.expected_bytes > facts.size_bytes


def with_edits(m4a: bytes, *edits: tuple[int, int]) -> bytes:
    """*m4a*, its header in front, with another list of edits: milliseconds to play, and the first sample of each."""
    found = re.search(rb"\0\0\0.edts\0\0\0.elst\0{4}\0{3}\x01.{12}", m4a, re.DOTALL)
    assert found
    entries = b"".join(struct.pack(">IiI", *edit, 1 << 16) for edit in edits)
    table = struct.pack(">I4sI4sII", 24 + len(entries), b"edts", 16 + len(entries), b"elst", 0, len(edits)) + entries
    longer = len(table) - len(found[0])
    data = bytearray(m4a[: found.start()] + table + m4a[found.end() :])
    for name in (b"moov", b"trak"):
        at = data.index(name) - 4
        data[at : at + 4] = (int.from_bytes(data[at : at + 4]) + longer).to_bytes(4)
    at = data.index(b"stco") + 8
    for place in range(at + 4, at + 4 + 4 * int.from_bytes(data[at : at + 4]), 4):
        data[place : place + 4] = (int.from_bytes(data[place : place + 4]) + longer).to_bytes(4)
    return bytes(data)
