"""The test show with everything on it, tests/projects/everything, and the media that are made for it."""

from __future__ import annotations

import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from commands import ROOT
from serving import needed

from podfeed.read.audio import measure
from podfeed.testing import tiny_jpeg, tiny_png

PROJECT = ROOT / "tests" / "projects" / "everything"
SITE = "https://yobanashi.podfeed.example"
#: What its makers have elsewhere.
_HOME = "https://shiomi.podfeed.example"
#: By file: seconds, hertz, how ffmpeg codes it, and the title inside.
_SOUNDS = {
    "灯台と海霧.mp3": (90, 220, ("libmp3lame", "-b:a", "64k"), "灯台と海霧"),
    "灯台と海霧.m4a": (90, 220, ("aac", "-b:a", "48k", "-movflags", "+faststart"), "灯台と海霧"),
    "灯台と海霧.opus": (90, 220, ("libopus", "-b:a", "24k"), "灯台と海霧"),
    "the-tide-table.m4a": (60, 330, ("aac", "-b:a", "48k", "-movflags", "+faststart"), "The tide table"),
    "予告.mp3": (20, 440, ("libmp3lame", "-b:a", "64k"), "予告"),
}


def make_media(folder: Path) -> None:
    """Make the audio and pictures the show names: the same bytes each time."""
    for name in ("audio", "artwork", "images"):
        (folder / name).mkdir()
    for name, (seconds, hertz, codec, title) in _SOUNDS.items():
        command = [
            *(needed("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", f"sine=f={hertz}:d={seconds}:r=44100"),
            *("-metadata", f"title={title}", "-metadata", "artist=汐見崎灯台", "-ac", "2", "-c:a", *codec),
            *("-fflags", "+bitexact", "-flags:a", "+bitexact", str(folder / "audio" / name)),
        ]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    tiny_png(folder / "artwork/cover.png", side=3000, seed=1)
    tiny_jpeg(folder / "images/霧.jpg", side=1400, seed=2)
    for seed, name in enumerate(("霧笛", "nagi", "maren"), 3):
        tiny_jpeg(folder / f"images/{name}.jpg", side=600, seed=seed)


def copied(media: Path, folder: Path) -> Path:
    """*folder*, now the project with its *media*."""
    shutil.copytree(PROJECT, folder)
    shutil.copytree(media, folder, dirs_exist_ok=True)
    return folder


# ------------------------------------------------------------------------- what was written, as feedsmith words it


def address(path: str) -> str:
    """Where the file at *path* of the output is to be had."""
    return f"{SITE}/{quote(path)}"


def made(project: Path, pattern: str) -> str:
    """The address of the one file of the output whose path fits *pattern*: its hash is podfeed's to choose."""
    (file,) = (project / "public").glob(pattern)
    return address(file.relative_to(project / "public").as_posix())


def written_show(project: Path) -> dict[str, Any]:
    """What the podcast namespace says of the show."""
    return {
        "locked": {"value": True, "owner": "yobanashi@podfeed.example"},
        "guid": "7cd5a1d0-5d6a-5a4e-9d3e-1f0f6b1b5c11",
        "medium": "podcast",
        "fundings": [
            {"url": f"{_HOME}/support", "display": "灯台に油を"},
            {"url": f"{_HOME}/postcards", "display": "絵はがきを買う"},
        ],
        "license": {"display": "cc-by-4.0"},
        "locations": [
            {"display": "汐見崎", "rel": "creator", "geo": "geo:35.7078,140.8686", "osm": "W27563410", "country": "JP"}
        ],
        "persons": [{**_MAREN, "role": "guest"}],
        "txts": [
            {"display": "2025-06-02 第二季", "purpose": "release"},
            {"display": "0f6b1b5c-1111-4222-8333-9d3e1f0f6b1b", "purpose": "applepodcastsverify"},
        ],
        "trailers": [
            {
                "display": "予告 — 霧の季節",
                "url": address("audio/予告.mp3"),
                "pubDate": "Mon, 26 May 2025 05:00:00 +0900",
                "length": (project / "audio/予告.mp3").stat().st_size,
                "type": "audio/mpeg",
                "season": 2,
            }
        ],
        "updateFrequency": {"display": "毎週月曜の朝", "rrule": "FREQ=WEEKLY;BYDAY=MO"},
        "blocks": [{"value": True, "id": "youtube"}, {"value": False, "id": "spotify"}],
        "images": [
            _image(project, "artwork/cover", form, pixels, "夜の海を照らす灯台")
            for form, pixels in (("png", 3000), ("jpg", 1400), ("jpg", 600), ("webp", 600), ("jpg", 300), ("webp", 300))
        ],
        "podroll": {
            "remoteItems": [
                {"feedGuid": "29cdca4a-32d8-56ba-b48b-09a011c5daa9", "feedUrl": "https://lamp.podfeed.example/feed.xml"}
            ]
        },
    }


def written_fog(project: Path) -> dict[str, Any]:
    """What the podcast namespace says of the first episode."""
    page = "yobanashi/灯台と海霧"
    return {
        "transcripts": [*_transcripts(project, page, "ja"), *_transcripts(project, page, "en")],
        "chapters": {"url": made(project, f"{page}/chapters.*.json"), "type": "application/json+chapters"},
        "soundbites": [
            {"startTime": 15.25, "duration": 20, "display": "霧笛が鳴る"},
            {"startTime": 42.5, "duration": 30},
        ],
        "persons": [
            {**_NAGI, "role": "host"},
            {**_MAREN, "role": "Narrator", "group": "cast"},
            {"display": "音吉 & 娘", "role": "sound designer", "group": "audio post-production"},
        ],
        "locations": [
            {
                "display": "汐見崎灯台",
                "rel": "subject",
                "geo": "geo:35.7078,140.8686;u=30",
                "osm": "W27563410",
                "country": "JP",
            },
            {"display": "Gull Harbour", "rel": "creator", "country": "GB"},
        ],
        "season": {"number": 2, "name": "霧の季節"},
        "episode": {"number": 7, "display": "第七夜"},
        "license": {"display": "Lighthouse Licence", "url": f"{_HOME}/licence"},
        "alternateEnclosures": [
            {**_alternate(project, "mp3"), "default": True, "type": "audio/mpeg"},
            {**_alternate(project, "m4a"), "type": "audio/x-m4a", "title": "AAC（小さめ）", "codecs": "mp4a.40.2"},
            {**_alternate(project, "opus"), "type": "audio/ogg", "title": "Opus", "lang": "ja", "codecs": "opus"},
        ],
        "images": [
            _image(project, "images/霧", form, pixels, "灯台と海霧 — 第七夜 & <霧笛>")
            for form, pixels in (("jpg", 1400), ("webp", 600), ("webp", 300))
        ],
        "socialInteracts": [
            {
                "uri": "https://social.podfeed.example/@yobanashi/7",
                "protocol": "activitypub",
                "accountId": "@yobanashi",
                "accountUrl": "https://social.podfeed.example/@yobanashi",
                "priority": 1,
            },
            {
                "uri": "at://did:plc:abc/app.bsky.feed.post/7",
                "protocol": "atproto",
                "accountId": "did:plc:abc",
                "priority": 2,
            },
        ],
        "txts": [{"display": "false", "purpose": "ai-content"}, {"display": "第七夜", "purpose": "release"}],
        "values": [
            {
                "type": "lightning",
                "method": "keysend",
                "suggested": 5e-08,
                "valueRecipients": [
                    {
                        "name": "汐見ナギ & Maren",
                        "type": "node",
                        "address": "02d5c1bf8b940dc9cadca86d1b0a3c37fbe39cee4c7e839e33bef9174531d27f52",
                        "split": 90,
                    },
                    {
                        "name": "灯台",
                        "type": "node",
                        "address": "03ae9f91a0cb8ff43840e3c322c4c61f019d8c1c3cea15a25cfc425ac605e61a4a",
                        "split": 10,
                        "fee": True,
                    },
                ],
            }
        ],
    }


def written_tide(project: Path) -> dict[str, Any]:
    """What the podcast namespace says of the second episode."""
    page = "yobanashi/the-tide-table"
    return {
        "transcripts": _transcripts(project, page, "en-gb"),
        "chapters": {"url": made(project, f"{page}/chapters.*.json"), "type": "application/json+chapters"},
        "soundbites": [{"startTime": 0.1, "duration": 15.5, "display": "The missing tide"}],
        "persons": [{**_MAREN, "role": "Host"}],
        "season": {"number": 2, "name": "霧の季節"},
        "episode": {"number": 8},
        "socialInteracts": [{"protocol": "disabled"}],
    }


#: The chapters that lists show. One of the first episode is hidden.
FOG_CHAPTERS = [
    {"start": "00:00:00.000", "title": "はじめに"},
    {"start": "00:00:15.250", "title": "霧笛の仕組み", "href": f"{_HOME}/foghorn", "image": address("images/霧笛.jpg")},
    {"start": "00:00:42.500", "title": "Letters & <おたより>"},
]
TIDE_CHAPTERS = [
    {"start": "00:00:00.000", "title": "High water"},
    {"start": "00:00:15.500", "title": "Low water & mud"},
    {"start": "00:00:30.000", "title": "The missing tide"},
]
#: All chapters of the first episode, as the podcast namespace has them in a file.
FOG_CHAPTERS_FILE = {
    "version": "1.2.0",
    "chapters": [
        {"startTime": 0, "title": "はじめに"},
        {"startTime": 15.25, "title": "霧笛の仕組み", "img": address("images/霧笛.jpg"), "url": f"{_HOME}/foghorn"},
        {"startTime": 30, "title": "写真だけ", "img": address("images/霧.jpg"), "toc": False},
        {"startTime": 42.5, "title": "Letters & <おたより>", "endTime": 80},
    ],
}
_NAGI = {"display": "汐見ナギ", "img": address("images/nagi.jpg"), "href": f"{_HOME}/people/nagi"}
_MAREN = {"display": "Maren Holt", "img": address("images/maren.jpg"), "href": f"{_HOME}/people/maren"}


def _transcripts(project: Path, page: str, language: str) -> list[dict[str, str]]:
    types = {"vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json", "html": "text/html"}
    return [
        {"url": made(project, f"{page}/transcript.{language}.*.{form}"), "type": type, "language": language}
        | ({"rel": "captions"} if form in ("vtt", "srt") else {})
        for form, type in types.items()
    ]


def _image(project: Path, stem: str, form: str, pixels: int, alt: str) -> dict[str, Any]:
    return {
        "href": made(project, f"{stem}-*-{pixels}.{form}"),
        "alt": alt,
        "aspectRatio": "1/1",
        "width": pixels,
        "height": pixels,
        "type": {"jpg": "image/jpeg"}.get(form, f"image/{form}"),
        "purpose": "artwork",
    }


def _alternate(project: Path, form: str) -> dict[str, Any]:
    path = f"audio/灯台と海霧.{form}"
    data = (project / path).read_bytes()
    return {
        "length": len(data),
        "bitrate": measure(project / path).bitrate_bps,
        "sources": [{"uri": address(path)}],
        "integrity": {"type": "sri", "value": "sha256-" + b64encode(sha256(data).digest()).decode()},
    }
