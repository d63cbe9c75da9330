"""The seeds: two real episodes of yattecast and a Hugo post, as somebody drops them into a new project."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from commands import ITUNES, ROOT, enclosure, items, podfeed, tree
from lxml import etree

from podfeed.testing import tiny_jpeg

_SEEDS = ROOT.parent / "shared" / "seeds"
_FILES = {
    "000_7fbc6dbe4823fbda.txt": "2025-06-02-マジカルラブリー.md",
    "001_955fbddf9a7e04db.txt": "2025-07-24-技術室.md",
    "003_46111b986e97b1ac.txt": "2025-04-05-llama4.md",
}
_SITE = "https://zund-arm-on.podfeed.example"
_CONFIG = """\
site: https://zund-arm-on.podfeed.example
timezone: Asia/Tokyo
actors:
  ずんだもん: {name: ずんだもん}
  春日部つむぎ: {name: 春日部つむぎ}
shows:
  room:
    title: 株式会社ずんだもん技術室AI放送局
    match: {actor_ids: [ずんだもん]}
    language: ja
    description: 技術の話題を、毎週お届けします。
    author: ずんだもん
    owner: {name: ずんだもん, email: room@podfeed.example}
    categories: [Technology]
    artwork: artwork/room.jpg
    explicit: false
  pure:
    title: マジカルラブリー☆つむぎのピュアピュアA.I.放送局
    match: {title: "マジカルラブリー☆*"}
    language: ja
    description: 生成AIの話題を、ピュアにお届けします。
    author: 春日部つむぎ
    owner: {name: 春日部つむぎ, email: pure@podfeed.example}
    categories: [Technology]
    artwork: artwork/pure.jpg
    explicit: false
"""
_LOCAL = "audio/株式会社ずんだもん技術室AI放送局_podcast_20250724.mp3"
_REMOTE = "https://storage.googleapis.com/podcast-zund-arm-on-tech/audio/マジカルラブリー☆つむぎのピュアピュアA.I.放送局_podcast_20250602.mp3"


def _speech(path: Path, words: str) -> Path:
    """*path*, now a short MP3 of somebody speaking."""
    for tool in ("espeak-ng", "ffmpeg"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed: tools/system-packages installs it")
    subprocess.run(
        ["espeak-ng", "-v", "ja", "-w", str(path.with_suffix(".wav")), words], check=True, stdin=subprocess.DEVNULL
    )
    convert = [
        "ffmpeg",
        "-v",
        "error",
        "-i",
        str(path.with_suffix(".wav")),
        "-c:a",
        "libmp3lame",
        "-q:a",
        "6",
        str(path),
    ]
    subprocess.run(convert, check=True, stdin=subprocess.DEVNULL)
    path.with_suffix(".wav").unlink()
    return path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Path, list[int]]]:
    """The project, a copy of its remote audio, and the exit codes on the way from the seeds to two feeds."""
    if not _SEEDS.is_dir():
        pytest.skip("../shared is not beside the project")
    folder = tmp_path_factory.mktemp("seeds") / "project"
    for name in ("episodes", "audio", "artwork"):
        (folder / name).mkdir(parents=True)
    for seed, name in _FILES.items():
        shutil.copy(_SEEDS / seed, folder / "episodes" / name)
    (folder / "config.yaml").write_text(_CONFIG, "utf-8")
    for seed, show in enumerate(("room", "pure")):
        tiny_jpeg(folder / f"artwork/{show}.jpg", seed=seed)
    _speech(folder / _LOCAL, "ぎじゅつしつ から おとどけ します。")
    copy = _speech(folder.parent / "copy.mp3", "つむぎの ほうそう です。こんにちは、こんにちは。")
    remote = f"episodes/{_FILES['000_7fbc6dbe4823fbda.txt']}"
    steps = (
        ["check", "--offline"],
        ["build", "--offline"],
        ["enrich", remote, "--from", copy],
        ["check"],
        ["build"],
        ["build"],
    )
    yield folder, copy, [podfeed(folder, *step).returncode for step in steps]


def _probed(file: Path) -> tuple[int, float, str]:
    """Size, seconds and format of *file* as ffprobe sees them."""
    command = ["ffprobe", "-v", "error", "-show_format", "-of", "json", str(file)]
    found: dict[str, Any] = json.loads(
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout
    )["format"]
    return int(found["size"]), float(found["duration"]), found["format_name"]


def _item(folder: Path, show: str) -> etree._Element:
    (item,) = items(folder / f"public/{show}/feed.xml").values()
    return item


def test_exit_codes_lead_the_way(built: tuple[Path, Path, list[int]]) -> None:
    """Unmeasured audio is an error, until a copy of it is measured; then all is well, and stays so."""
    assert built[2] == [1, 1, 0, 0, 0, 0]


def test_episodes_land_in_their_own_shows(built: tuple[Path, Path, list[int]]) -> None:
    """One by its actor, one by its title; each feed has one."""
    folder = built[0]

    assert list(items(folder / "public/room/feed.xml")) == ["株式会社ずんだもん技術室AI放送局 podcast 20250724"]
    assert list(items(folder / "public/pure/feed.xml")) == [
        "マジカルラブリー☆つむぎのピュアピュアA.I.放送局 podcast 20250602"
    ]


def test_hugo_post_is_listed_with_its_reason(built: tuple[Path, Path, list[int]]) -> None:
    """A post of another program is no fault: it is left out, and the list says why."""
    files = json.loads(podfeed(built[0], "check", "--format", "json").stdout)["files"]
    kinds = {each["path"]: (each["kind"], each["show"]) for each in files}
    (post,) = [each for each in files if each["kind"] == "skipped"]

    assert kinds == {
        f"episodes/{_FILES['000_7fbc6dbe4823fbda.txt']}": ("episode", "pure"),
        f"episodes/{_FILES['001_955fbddf9a7e04db.txt']}": ("episode", "room"),
        f"episodes/{_FILES['003_46111b986e97b1ac.txt']}": ("skipped", None),
    }
    assert post["reason"] == "it has no audio, and no show claims it"
    assert post["reason"] in podfeed(built[0], "check", "--list").stdout
    assert not any(
        "llama4" in path or "衝撃！Meta".encode() in data for path, data in tree(built[0] / "public").items()
    )


def test_local_audio_is_measured_and_encoded_once(built: tuple[Path, Path, list[int]]) -> None:
    """The address, decoded once, is the author's path in NFC, where the bytes lie; figures are ffprobe's."""
    folder = built[0]
    sound = _item(folder, "room").find("enclosure")
    size, seconds, kind = _probed(folder / _LOCAL)
    address = enclosure(_item(folder, "room"))

    assert address.isascii() and "%25" not in address
    assert unquote(address.removeprefix(_SITE)) == "/" + unicodedata.normalize("NFC", _LOCAL)
    assert (folder / "public" / unquote(urlsplit(address).path).lstrip("/")).read_bytes() == (
        folder / _LOCAL
    ).read_bytes()
    assert sound is not None and dict(sound.attrib) == {"url": address, "length": str(size), "type": "audio/mpeg"}
    assert kind == "mp3"
    assert abs(int(_item(folder, "room").findtext(f"{ITUNES}duration") or 0) - seconds) <= 0.55


def test_remote_audio_keeps_its_code_points(built: tuple[Path, Path, list[int]]) -> None:
    """What lies elsewhere has the address its author wrote, encoded once, and the figures of the copy."""
    folder, copy, _ = built
    item = _item(folder, "pure")
    size, seconds, _ = _probed(copy)

    assert unquote(enclosure(item)) == _REMOTE
    assert enclosure(item).isascii() and "%25" not in enclosure(item)
    assert item.find("enclosure").get("length") == str(size)  # type: ignore[union-attr]
    assert item.find("enclosure").get("type") == "audio/mpeg"  # type: ignore[union-attr]
    assert abs(int(item.findtext(f"{ITUNES}duration") or 0) - seconds) <= 0.55
    assert [path.name for path in (folder / "public").rglob("*.mp3")] == [Path(_LOCAL).name]


def test_unmeasured_picture_elsewhere_gives_way_to_the_shows(built: tuple[Path, Path, list[int]]) -> None:
    """A remote picture nobody measured is told, as a note; apps see the show's artwork."""
    folder = built[0]
    told = json.loads(podfeed(folder, "check", "--format", "json").stdout)["diagnostics"]
    about = [each for each in told if "tsumugi_podcast_thumbnail" in each["message"]]

    assert _item(folder, "pure").find(f"{ITUNES}image") is None
    channel = etree.parse(folder / "public/pure/feed.xml").find(f"channel/{ITUNES}image")
    assert channel is not None and channel.get("href", "").startswith(f"{_SITE}/artwork/pure-")
    assert {each["severity"] for each in about} == {"info"}


def test_notes_arrive_whole(built: tuple[Path, Path, list[int]]) -> None:
    """The feed carries the show notes with their headings and links."""
    notes = _item(built[0], "room").findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""

    assert notes.startswith("<p><strong>関連リンク</strong></p>")
    assert 'href="https://machinelearning.apple.com/research/fast-vision-language-models"' in notes
    assert len(notes) > 3000
