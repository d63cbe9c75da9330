"""A podcast of any size, the same on every machine: Japanese notes, small real mp3, artwork and config.yaml."""

import os
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

import yaml
from PIL import Image, ImageDraw

from benchmarks import words

SEED = "podfeed"
NOTES_BYTES = 10_000
FIRST_DATE = datetime(2012, 1, 1, 5, tzinfo=timezone(timedelta(hours=9)))
BETWEEN_EPISODES = timedelta(hours=7)
#: How long ago everything was written, in seconds: caches rightly distrust a file of the last two seconds.
AGE = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One of the podcasts that share an episodes folder."""

    id: str
    title: str
    #: Stands before each episode's title.
    tag: str
    actor: str
    category: str
    #: Half of the shows find their episodes by an actor, the others by the title, as the owner's two shows do.
    matched_by_title: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One Markdown file and its sound."""

    show: Show
    #: From 1, within its show.
    number: int
    title: str
    date: datetime
    description: str
    notes: str
    audio: bytes

    @property
    def file_name(self) -> str:
        return f"{self.date:%Y-%m-%d}-{self.show.id}-{self.number:05}.md"

    @property
    def audio_name(self) -> str:
        return f"{self.show.title}_podcast_{self.date:%Y%m%d%H}.mp3"


SHOWS = tuple(
    Show(id=id, title=title, tag=tag, actor=actor, category=category, matched_by_title=bool(index % 2))
    for index, (id, title, tag, actor, category) in enumerate(words.SHOWS)
)


def episodes(size: int, shows: Sequence[Show] = SHOWS) -> Iterator[Episode]:
    """*size* episodes, dealt out to the shows in turn; each with a date, a title and sound of its own."""
    for index in range(size):
        show, number = shows[index % len(shows)], index // len(shows) + 1
        chance = Random(f"{SEED}/{show.id}/{number}")
        title = f"【{show.tag}】{words.title(number)}"
        yield Episode(
            show=show,
            number=number,
            title=title,
            date=FIRST_DATE + index * BETWEEN_EPISODES,
            description="、".join(words.headline(chance) for _ in range(3)),
            notes=notes(chance),
            audio=silence(title, chance.randint(10_100, 12_000), mark=index),
        )


def notes(chance: Random) -> str:
    """Show notes of about NOTES_BYTES as UTF-8: link, paragraphs, list or table, source, and the next subject."""
    blocks = ["## 関連リンク"]
    size = len(blocks[0].encode())
    while size < NOTES_BYTES:
        block = words.subject(chance) if size < NOTES_BYTES * 0.8 else words.paragraph(chance)
        size += len(block.encode()) + 2
        blocks.append(block)
    return "\n\n".join(blocks) + "\n"


def silence(title: str, milliseconds: int, *, mark: int) -> bytes:
    """An MP3 of silence, 2 bytes a millisecond: an ID3v2.4 title, an Info header, frames of 24 ms that carry *mark*.

    The mark lies behind the (empty) sound of each frame, where a decoder does not look, so no two episodes are alike.
    """
    header = bytes((0xFF, 0xF3, 0x24, 0xC4))  # MPEG-2 layer III, 16 kbit/s, 24 kHz, mono: 48 bytes a frame
    frame = header + str(mark).encode().rjust(44, b"\0")
    count = milliseconds // 24
    info = header + bytes(9) + b"Info" + struct.pack(">III", 0b11, count, (count + 1) * len(frame))
    text = b"\x03" + title.encode()
    tag = b"TIT2" + syncsafe(len(text)) + bytes(2) + text
    return b"ID3\x04\0\0" + syncsafe(len(tag)) + tag + info.ljust(len(frame), b"\0") + frame * count


def syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def write(project: Path, wanted: Sequence[Episode]) -> None:
    """The podfeed project of these episodes, in a folder that does not exist yet."""
    shows = list({episode.show.id: episode.show for episode in wanted}.values())
    for name in ("episodes", "audio", "artwork"):
        (project / name).mkdir(parents=True)
    write_aged(project / "config.yaml", config(shows).encode())
    for show in shows:
        draw_artwork(project / "artwork" / f"{show.id}.jpg", SHOWS.index(show))
    for episode in wanted:
        write_aged(project / "episodes" / episode.file_name, (front_matter(episode) + episode.notes).encode())
        write_aged(project / "audio" / episode.audio_name, episode.audio)


def config(shows: Sequence[Show]) -> str:
    """A complete config.yaml."""
    return yaml.safe_dump(
        {
            "site": "https://podcast.example",
            "timezone": "Asia/Tokyo",
            "actors": {show.actor: {"name": show.actor, "url": f"https://{show.id}.example/"} for show in shows},
            "shows": {show.id: show_config(show) for show in shows},
        },
        allow_unicode=True,
        sort_keys=False,
    )


def show_config(show: Show) -> dict[str, object]:
    return {
        "title": show.title,
        "match": {"title": f"【{show.tag}】*"} if show.matched_by_title else {"actor_ids": [show.actor]},
        "language": "ja",
        "description": f"{show.actor}が毎回ひとつの話題をゆっくり語る番組です。",
        "author": show.actor,
        "owner": {"name": show.actor, "email": f"{show.id}@podcast.example"},
        "categories": [show.category],
        "artwork": f"artwork/{show.id}.jpg",
        "explicit": False,
    }


def front_matter(episode: Episode) -> str:
    """The header in the dialect of the owner's episodes: size and duration stand there unmeasured."""
    return f"""---
actor_ids:
  - {episode.show.actor}
audio_file_path: /audio/{episode.audio_name}
audio_file_size: 0
date: {episode.date:%Y-%m-%d %H:%M:%S %z}
description: '{episode.description}'
duration: "00:00"
layout: article
title: {episode.title}
---

"""


def draw_artwork(file: Path, index: int) -> None:
    """A square of 1400 pixels in the show's own colours, as JPEG."""
    hue = index * 36
    image = Image.new("RGB", (1400, 1400), f"hsl({hue}, 60%, 40%)")
    ImageDraw.Draw(image).ellipse((300, 300, 1100, 1100), fill=f"hsl({hue + 40}, 80%, 70%)")
    image.save(file, quality=85)
    age(file)


def write_aged(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    age(file)


def age(file: Path) -> None:
    then = time.time() - AGE
    os.utime(file, (then, then))
