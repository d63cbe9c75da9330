"""Any project, after any changes: the output is what a build of everything makes of it, and nothing waits in it."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import struct
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from commands import NOW, tree

from podfeed import building
from podfeed.standstill import moved_since
from podfeed.testing import tiny_jpeg, tiny_mp3, tiny_wav

SITE = "https://radio.podfeed.example"
#: Long enough ago to be trusted; each change is a little later.
_LONG_AGO_NS = 1_700_000_000 * 10**9


# ----------------------------------------------------------------------------------------------- files


@dataclass(frozen=True)
class Media:
    """Sound and pictures to choose from, made once."""

    folder: Path

    def mp3(self, seed: int, chapters: int = 0) -> bytes:
        """Thirty seconds of silence, with *chapters* in its tag."""
        data = self._made(f"{seed}.mp3", lambda path: tiny_mp3(path, seconds=30 + seed % 3, seed=seed))
        return _tag([(9000 * at, f"Tag{seed}x{at}") for at in range(chapters)]) + data

    def wav(self, seed: int) -> bytes:
        return self._made(f"{seed}.wav", lambda path: tiny_wav(path, seconds=30, seed=seed))

    def picture(self, seed: int, side: int = 1400) -> bytes:
        return self._made(f"{seed}-{side}.jpg", lambda path: tiny_jpeg(path, side=side, seed=seed))

    def wide(self, seed: int) -> bytes:
        def make(path: Path) -> None:
            from PIL import Image

            Image.new("RGB", (1500, 1400), (seed % 256, 80, 120)).save(path)

        return self._made(f"{seed}-wide.jpg", make)

    def _made(self, name: str, make: Callable[[Path], object]) -> bytes:
        path = self.folder / name
        if not path.exists():
            make(path)
        return path.read_bytes()


def _tag(chapters: list[tuple[int, str]]) -> bytes:
    """An ID3 tag with chapters by their milliseconds; nothing without any."""
    if not chapters:
        return b""
    body = b""
    for number, (start, title) in enumerate(chapters):
        text = b"\3" + title.encode()
        inner = b"TIT2" + struct.pack(">I2x", len(text)) + text
        content = b"c%d\0" % number + struct.pack(">4I", start, start + 1000, *[0xFFFFFFFF] * 2) + inner
        body += b"CHAP" + struct.pack(">I2x", len(content)) + content
    return b"ID3\3\0\0" + bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0)) + body


def _clock(seconds: int, dot: str) -> str:
    return f"00:00:{seconds:02}{dot}000"


def transcript(chance: random.Random, word: str, form: str) -> str:
    """A transcript with *word* in it."""
    names = ["Ada", "Bo", "Cy", "ada", "bo", ""]
    cues = [
        (4 * at, chance.choice(names), f"{word} line {chance.randrange(100)}.") for at in range(chance.randint(1, 5))
    ]
    if form == "vtt":
        said = [
            f"{_clock(at, '.')} --> {_clock(at + 3, '.')}\n" + (f"<v {who}>" if who else "") + text
            for at, who, text in cues
        ]
        return "WEBVTT\n\n" + "\n\n".join(said) + "\n"
    if form == "srt":
        said = [
            f"{number}\n{_clock(at, ',')} --> {_clock(at + 3, ',')}\n" + (f"{who}: " if who else "") + text
            for number, (at, who, text) in enumerate(cues, 1)
        ]
        return "\n\n".join(said) + "\n"
    if form == "json":
        segments = [{"startTime": at, "endTime": at + 3, "speaker": who, "body": text} for at, who, text in cues]
        return json.dumps({"version": "1.0.0", "segments": segments})
    if form == "html":
        return "".join(f"<cite>{who or 'Ada'}:</cite><time>0:{at:02}</time><p>{text}</p>\n" for at, who, text in cues)
    return "\n\n".join(f"{who}: {text}" if who else text for _, who, text in cues) + "\n"


def chapters(chance: random.Random, word: str, form: str, pictures: list[str]) -> str:
    """A file of chapters with *word* in their titles, with pictures where *form* can have them."""
    titles = [(5 * at, f"{word} {chance.randrange(100)}") for at in range(chance.randint(2, 5))]
    if form == ".chapters.json":
        listed = [
            {"startTime": at, "title": title, **({"img": chance.choice(pictures)} if chance.random() < 0.6 else {})}
            for at, title in titles
        ]
        return json.dumps({"version": "1.2.0", "chapters": listed})
    if form == ".chapters.vtt":
        return (
            "WEBVTT\n\n" + "\n\n".join(f"{_clock(at, '.')} --> {_clock(at + 5, '.')}\n{t}" for at, t in titles) + "\n"
        )
    if form == ".labels.txt":
        return "".join(f"{at}.0\t{at}.0\t{title}\n" for at, title in titles)
    return "".join(f"00:00:{at:02} {title}\n" for at, title in titles)


# --------------------------------------------------------------------------------------------- projects


@dataclass
class Project:
    """A project as data: its settings, its episodes' headers by path, and its other files."""

    chance: random.Random
    media: Media
    config: dict[str, Any] = field(default_factory=dict)
    episodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    made: int = 0

    def begin(self) -> None:
        people = {"ada": "Ada", "bo": "Bo", "cy": "Cy"}
        self.config = {
            "site": SITE,
            "timezone": "Asia/Tokyo",
            "actors": {id: {"name": name, "image_url": f"/images/{id}.jpg"} for id, name in people.items()},
            "shows": {id: self._show(id) for id in ("news", "radio")},
        }
        for id in people:
            self.files[f"images/{id}.jpg"] = self.media.picture(self._seed(), 400)
        for id in ("news", "radio", "network"):
            self.files[f"artwork/{id}.jpg"] = self.media.picture(self._seed())
        for number in range(3):
            self.files[f"images/chapter-{number}.jpg"] = self.media.picture(self._seed(), 500)
        for show in ("news", "radio", "", ""):
            self.add_episode(show)

    def _show(self, id: str) -> dict[str, Any]:
        return {
            "title": id.title(),
            "language": "en",
            "description": f"About {id}.",
            "author": "Ada",
            "owner": {"name": "Ada", "email": "ada@radio.podfeed.example"},
            "categories": ["Technology"],
            "artwork": f"artwork/{id}.jpg",
            "explicit": False,
            "match": {"path": f"{id}/*"} | ({"actor_ids": ["ada", "bo"]} if id == "radio" else {}),
        }

    def _seed(self) -> int:
        self.made += 1
        return self.made

    # ------------------------------------------------------------------------------------------ changes

    def add_episode(self, show: str = "") -> None:
        """One more episode; the first of a show is public, any other may wait."""
        number = self._seed()
        path = f"episodes/{show or self.chance.choice(['news', 'radio'])}/{number}.md"
        word = f"Word{number}x"
        self.files[f"audio/{number}.mp3"] = self.media.mp3(number, self.chance.choice([0, 0, 3]))
        others = self.chance.sample(["bo", "cy"], self.chance.randint(0, 2))
        self.episodes[path] = {
            "title": word,
            "date": f"2025-06-{number % 28 + 1:02} 05:00:00 +0900",
            "audio_file_path": f"/audio/{number}.mp3",
            "description": f"{word}.",
            "actor_ids": ["ada", *others] if path.startswith("episodes/radio") else others,
        }
        self.notes[path] = f"Notes of {word}.\n"
        match self.chance.randrange(5) if not show else -1:
            case 0:
                self.episodes[path]["draft"] = True
            case 1:
                self.episodes[path]["date"] = (NOW + timedelta(days=number % 9 + 1)).isoformat(" ")

    def _any(self) -> tuple[str, dict[str, Any], str]:
        path = self.chance.choice(sorted(self.episodes))
        return path, self.episodes[path], self.episodes[path]["title"]

    def _audio(self, header: dict[str, Any]) -> str:
        path: str = header["audio_file_path"]
        return path.lstrip("/")

    def set_transcripts(self) -> None:
        _, header, word = self._any()
        listed = []
        for form in self.chance.sample(["vtt", "srt", "json", "html", "txt"], self.chance.randint(0, 3)):
            name = f"transcripts/{word}-{self.chance.randrange(3)}.{form}"
            self.files[name] = transcript(self.chance, word, form).encode()
            listed.append(
                self.chance.choice([f"/{name}", {"path": f"/{name}", "language": self.chance.choice(["en", "ja"])}])
            )
        header["transcripts"] = listed
        if not listed:
            del header["transcripts"]

    def edit_transcript(self) -> None:
        names = [each for each in self.files if each.startswith("transcripts/")]
        if names:
            name = self.chance.choice(sorted(names))
            word = name.split("/")[1].split("-")[0]
            self.files[name] = transcript(self.chance, word, name.rpartition(".")[2]).encode()

    def share_transcript(self) -> None:
        _, header, _ = self._any()
        _, other, _ = self._any()
        if "transcripts" in other and is_public(other) == is_public(header):
            header["transcripts"] = other["transcripts"]

    def set_chapters_beside(self) -> None:
        _, header, word = self._any()
        stem = self._audio(header).rpartition(".")[0]
        form = self.chance.choice([".chapters.json", ".chapters.vtt", ".chapters.txt", ".labels.txt", ".psc"])
        if stem + form in self.files:
            del self.files[stem + form]
        elif form != ".psc":
            pictures = [f"../images/chapter-{number}.jpg" for number in range(3)]
            self.files[stem + form] = chapters(self.chance, word, form, pictures).encode()

    def set_chapters_header(self) -> None:
        _, header, word = self._any()
        if header.pop("chapters", None) is not None:
            return
        pictures = ["/images/chapter-0.jpg", "/images/chapter-1.jpg"]
        if self.chance.random() < 0.5:
            name = f"chapters/{word}{self.chance.choice(['.chapters.json', '.chapters.txt'])}"
            self.files[name] = chapters(self.chance, word, name[name.index(".") :], pictures).encode()
            header["chapters"] = f"/{name}"
        else:
            header["chapters"] = [
                {"time": "00:00", "title": f"{word} start", "image": self.chance.choice(pictures)},
                f"00:0{self.chance.randint(4, 9)} {word} more",
            ]

    def edit_chapters_file(self) -> None:
        names = sorted(each for each in self.files if each.startswith("chapters/"))
        if names:
            name = self.chance.choice(names)
            word = name.split("/")[1].split(".")[0]
            self.files[name] = chapters(self.chance, word, name[name.index(".") :], ["/images/chapter-1.jpg"]).encode()

    def set_chapters_notes(self) -> None:
        path, _, word = self._any()
        stamps = f"00:00 {word} eins\n00:0{self.chance.randint(4, 9)} {word} zwei\n00:20 {word} drei\n"
        self.notes[path] = f"Notes of {word}.\n\n" + (stamps if "eins" not in self.notes[path] else "")

    def replace_picture(self) -> None:
        name = self.chance.choice(sorted(each for each in self.files if each.startswith(("images/", "artwork/"))))
        side = 1400 if name.startswith(("artwork/", "images/own-")) else 400
        self.files[name] = self.media.picture(self._seed(), side)

    def replace_audio(self) -> None:
        _, header, _ = self._any()
        self.files[self._audio(header)] = self.media.mp3(self._seed(), self.chance.choice([0, 3]))

    def rename_actor(self) -> None:
        actor = self.config["actors"][self.chance.choice(["ada", "bo", "cy"])]
        actor["name"] = self.chance.choice(["Ada", "Bo", "Cy", "Dee"])
        if self.chance.random() < 0.4:
            actor["role"] = self.chance.choice(["guest", "host", "narrator"])

    def set_roles(self) -> None:
        _, header, _ = self._any()
        header["roles"] = {id: self.chance.choice(["guest", "narrator"]) for id in header["actor_ids"]}
        if not header["roles"]:
            del header["roles"]

    def _any_show(self) -> dict[str, Any]:
        show: dict[str, Any] = self.config["shows"][self.chance.choice(["news", "radio"])]
        return show

    def set_language(self) -> None:
        self._any_show()["language"] = self.chance.choice(["en", "ja", "de"])

    def set_fit(self) -> None:
        id = self.chance.choice(["news", "radio"])
        wide = self.chance.random() < 0.5
        self.files[f"artwork/{id}.jpg"] = self.media.wide(self._seed()) if wide else self.media.picture(self._seed())
        artwork: dict[str, Any] = {"path": f"artwork/{id}.jpg", "fit": "pad"}
        if self.chance.random() < 0.5:
            artwork["background"] = self.chance.choice(["#102030", "#ffffff"])
        if self.chance.random() < 0.5:
            artwork["alt"] = f"Picture {self._seed()}"
        self.config["shows"][id]["artwork"] = artwork

    def set_formats(self) -> None:
        show = self._any_show()
        if show.pop("formats", None) is None:
            show["formats"] = self.chance.choice([["wav"], ["wav", "mp3"]])

    def set_archive(self) -> None:
        show = self._any_show()
        if show.pop("archive", None) is None:
            show["archive"] = self.chance.choice([1, 2])

    def set_network(self) -> None:
        self.config["network"] = {
            "title": f"All {self._seed()}",
            "description": "All shows.",
            "language": "en",
            "author": "Ada",
            "owner": {"name": "Ada", "email": "ada@radio.podfeed.example"},
            "categories": ["Technology"],
            "artwork": "artwork/network.jpg",
            "explicit": False,
        }

    def set_alternates(self) -> None:
        _, header, word = self._any()
        if header.pop("alternate_enclosures", None) is None:
            name = f"audio/{word}.wav"
            self.files[name] = self.media.wav(self._seed())
            header["alternate_enclosures"] = [{"path": f"/{name}", "title": f"{word} whole"}]

    def set_picture(self) -> None:
        _, header, word = self._any()
        name = f"images/own-{word}.jpg"
        self.files[name] = self.media.picture(self._seed())
        key = self.chance.choice(["image_url", "thumbnail_url"])
        if header.pop(key, None) is None:
            header[key] = f"/{name}"

    def set_notes_picture(self) -> None:
        path, _, word = self._any()
        self.notes[path] = f"Notes of {word}.\n\n![picture](/images/chapter-2.jpg)\n"

    def set_trailers(self) -> None:
        show = self._any_show()
        self.files["audio/trailer.mp3"] = self.media.mp3(self._seed())
        if show.pop("trailers", None) is None:
            show["trailers"] = [{"title": "Soon", "path": "/audio/trailer.mp3", "date": "2025-05-01 05:00:00 +0900"}]

    def set_extra(self) -> None:
        _, header, word = self._any()
        header["extra_tags"] = f"<podcast:txt>{word} {self._seed()}</podcast:txt>"
        header["soundbites"] = [{"start": "00:02", "duration": 15, "title": f"{word} bite"}]

    def set_title(self) -> None:
        path, header, word = self._any()
        self.notes[path] += f"More of {word}, {self._seed()}.\n"
        header["information"] = f"{word} news {self._seed()}"

    def set_release(self) -> None:
        _, header, _ = self._any()
        header.pop("draft", None)

    def rename_file(self) -> None:
        path, _, _ = self._any()
        new = path.replace(".md", f"-{self._seed()}.md")
        self.episodes[new], self.notes[new] = self.episodes.pop(path), self.notes.pop(path)

    def change(self) -> str:
        """One change, by its name."""
        names = [
            each for each in dir(self) if each.startswith(("set_", "edit_", "replace_", "rename_", "add_", "share_"))
        ]
        name = self.chance.choice(sorted(names))
        getattr(self, name)()
        return name

    # -------------------------------------------------------------------------------------------- disk

    def contents(self) -> dict[str, bytes]:
        """Every file of the project, by path."""
        texts = {
            path: "---\n"
            + "".join(f"{name}: {json.dumps(value)}\n" for name, value in header.items())
            + f"---\n{self.notes[path]}"
            for path, header in self.episodes.items()
        }
        texts["config.yaml"] = json.dumps(self.config, indent=1)
        return {**{path: text.encode() for path, text in texts.items()}, **self.files}

    def write(self, root: Path) -> None:
        """Bring *root* up to date, touching only what changed."""
        wanted = self.contents()
        for path in {path for path, _ in _sources(root)} - wanted.keys() - {"podfeed.lock"}:
            (root / path).unlink()
        for path, data in wanted.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists() or file.read_bytes() != data:
                file.write_bytes(data)

    def waiting(self, now: datetime) -> set[str]:
        """The titles of drafts and scheduled episodes, which are in everything else of theirs, too."""
        day = now.isoformat(" ")
        return {
            header["title"]
            for header in self.episodes.values()
            if header.get("draft") or (not is_public(header) and header["date"] > day)
        }


def age(root: Path, moment: int) -> None:
    """Make what was written just now look old enough to be trusted."""
    for file in [root, *root.rglob("*")]:
        is_source = not {"public", ".podfeed"} & {*file.relative_to(root).parts}
        if is_source and file.stat().st_mtime_ns > _LONG_AGO_NS + 10**15:
            os.utime(file, ns=(_LONG_AGO_NS + moment * 10**10,) * 2)


def is_public(header: dict[str, Any]) -> bool:
    return not header.get("draft") and header["date"] < "2026"


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith(("public/", ".podfeed/")):
            yield name, path


# ------------------------------------------------------------------------------------------------- laws


def build(root: Path, now: datetime) -> building.Outcome | None:
    """`podfeed build`; None when it saw that nothing moved."""
    out = root / "public"
    moved = moved_since(root, out, ("",), now)
    if moved and not moved.shows and not moved.paths:
        return None
    return building.built(root, out=out, now=now, moved=moved)


def fresh(root: Path, folder: Path, now: datetime, without: tuple[str, ...] = ()) -> tuple[dict[str, bytes], bytes]:
    """What a build of a new checkout of *root* makes, *without* some files, and the lock it writes."""
    shutil.copytree(root, folder, ignore=shutil.ignore_patterns("public", ".podfeed", *without))
    building.built(folder, out=folder / "public", now=now)
    return without_manifest(folder / "public"), (folder / "podfeed.lock").read_bytes()


def without_manifest(out: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(out).items() if path != ".podfeed-build.json"}


def dead_names(files: dict[str, bytes]) -> set[str]:
    """What feeds and made files name below the site and is not there."""
    named = set()
    for path, data in files.items():
        if path.endswith((".xml", ".html", ".json", ".opml")):
            named |= {unquote(each) for each in re.findall(rf'{SITE}/([^"<\s]*)', data.decode("utf-8", "replace"))}
    return {
        name for name in named if name not in files and f"{name}index.html" not in files and f"{name}.html" not in files
    }


def history(seed: int, steps: int, media: Media, folder: Path) -> None:
    """Try the laws on the project *seed* with *steps* rounds of changes."""
    chance = random.Random(seed)
    project, root, now = Project(chance, media), folder / "root", NOW
    project.begin()
    root.mkdir()
    story, published = [f"seed {seed}"], set[str]()
    for step in range(steps):
        story.append(f"step {step}")
        story += [project.change() for _ in range(chance.choice([1, 1, 2]) if step else 6)]
        if chance.random() < 0.15:
            now += timedelta(days=1)
            story.append("a day passes")
        project.write(root)
        if step and chance.random() < 0.3:
            story.append(change_lock(root, chance, folder / f"{step}-elsewhere", now))
        age(root, step)
        before = fresh(root, folder / f"{step}-before", now)
        outcome = build(root, now)
        errors = [each for each in outcome.diagnostics if each.severity == "error"] if outcome else []
        assert errors == [], story
        files, lock = without_manifest(root / "public"), (root / "podfeed.lock").read_bytes()
        age(root, step)
        again = build(root, now)
        assert not again or again.changes == (), story
        assert difference(files, before[0]) == [], story
        assert before[1] == lock, story
        after = fresh(root, folder / f"{step}-bare", now, without=("*.mp3", "*.wav", "*.jpg"))
        texts = {path: data for path, data in files.items() if not path.endswith((".mp3", ".wav", ".jpg", ".webp"))}
        assert difference(texts, after[0]) == [], story
        assert after[1] == lock, story
        assert dead_names(files) == set(), story
        waiting = project.waiting(now)
        published |= {header["title"] for header in project.episodes.values()} - waiting
        assert {word: held for word in waiting - published if (held := holders(files, word))} == {}, story
        for each in folder.glob("*-*"):
            shutil.rmtree(each)


def change_lock(root: Path, chance: random.Random, folder: Path, now: datetime) -> str:
    """podfeed.lock as another machine commits it: that has built, or adopted a feed."""
    if chance.random() < 0.5:
        (root / "podfeed.lock").write_bytes(fresh(root, folder, now)[1])
        return "built elsewhere"
    lock = (root / "podfeed.lock").read_text("utf-8")
    first = min(re.findall(r'^show .*"guid": "([^"]+)"', lock, re.MULTILINE))
    (root / "podfeed.lock").write_text(lock.replace(first, str(uuid.UUID(int=chance.getrandbits(128)))), "utf-8")
    return "adopted elsewhere"


def difference(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The paths of files that are not the same in both."""
    return [path for path in sorted(one.keys() | other.keys()) if one.get(path) != other.get(path)]


def holders(files: dict[str, bytes], word: str) -> list[str]:
    """The files with *word* in them or in their names."""
    return [path for path, data in files.items() if word in path or word.encode() in data]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Media:
    return Media(tmp_path_factory.mktemp("media"))


@pytest.mark.parametrize(("seed", "steps"), [(0, 4), (1, 4), pytest.param(38, 8, id="another cover of the network")])
def test_any_changes(made: Media, tmp_path: Path, seed: int, steps: int) -> None:
    """After each, what was remembered is as good as a new checkout, with the media and without."""
    history(seed, steps, made, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(2, 60))
def test_any_changes_of_many_projects(made: Media, tmp_path: Path, seed: int) -> None:
    """The same for more of them, and longer."""
    history(seed, 12, made, tmp_path)
