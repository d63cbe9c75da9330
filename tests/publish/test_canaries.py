"""What is not for the public yet, or not any more, is nowhere in it: neither said, nor named, nor hinted at by a hash."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from commands import NOW, build, tree

from podfeed import publishing
from podfeed.errors import ContentError
from podfeed.publish.memory import MemoryStore
from podfeed.publish.store import Object
from podfeed.publish.wanted import Intent
from podfeed.publishing import Run, published
from podfeed.read.web import Web
from podfeed.report import publication_faults, publication_line
from podfeed.testing import example_project, tiny_jpeg, tiny_mp3
from podfeed.withdrawing import withdrawn

SITE = "https://radio.podfeed.example"
#: Episodes that must not be heard of, by what keeps them back: their header, and what comes before it or behind.
HIDDEN = {
    "draft": ("date: 2025-07-01 05:00:00 +0900\ndraft: true\n", "---\n"),
    "unpublished": ("date: 2025-07-02 05:00:00 +0900\npublished: false\n", "---\n"),
    "future": ("date: 2026-02-01 05:00:00 +0900\n", "---\n"),
    "unclosed": ("date: 2025-07-03 05:00:00 +0900\n", ""),
    "unreadable": ("date: 2025-07-04 05:00:00 +0900\ncategories: [\n", "---\n"),
}
#: An episode that is public, and withdrawn later: the only one of its year, and of its guest.
WITHDRAWN = ("date: 2026-01-01 05:00:00 +0900\nimage_url: /artwork/cover.jpg\nactor_ids: [bo]\n", "---\n")
#: A slip that may mean “draft” keeps the whole show back.
SLIP = ("date: 2025-07-06 05:00:00 +0900\ndrafft: true\n", "---\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """An episode that says a word of its own wherever it can say anything, and the files it takes."""

    word: str
    guid: str
    episode: str
    files: Mapping[str, bytes]

    def shows_in(self, text: bytes) -> bool:
        hashes = [hashlib.sha256(data).hexdigest() for data in self.files.values()]
        return any(each.encode() in text for each in (self.word, self.guid, *hashes, *(each[:8] for each in hashes)))


def canary(folder: Path, kind: str, header: str, end: str, chance: random.Random) -> Canary:
    """A canary of *kind*, with its media; *folder* is for scratch."""
    word = f"canary{kind}{chance.getrandbits(48):012x}"
    guid = f"{chance.getrandbits(128):032x}"
    sound = tiny_mp3(folder / "sound.mp3", seconds=2, seed=chance.getrandbits(31), title=word, artist=word).read_bytes()
    jpeg = (folder / "cover.jpg").read_bytes()
    comment = b"\xff\xfe" + (len(word) + 2).to_bytes(2) + word.encode()
    files = {
        f"audio/{word}.mp3": sound,
        f"artwork/{word}.jpg": jpeg[:2] + comment + jpeg[2:],
        f"texts/{word}.vtt": f"WEBVTT\n\n00:00.000 --> 00:01.000\n{word}\n".encode(),
        f"texts/{word}.json": b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "%s"}]}' % word.encode(),
    }
    settings = {
        "title": f"About {word}",
        "description": f"It is {word}.",
        "guid": guid,
        "slug": word,
        "aliases": f"[/{word}/old.html]",
        "audio_file_path": f"/audio/{word}.mp3",
        "image_url": f"/artwork/{word}.jpg",
        "image_alt": word,
        "information": word,
        "season_name": word,
        "chapters": f"/texts/{word}.json",
        "transcripts": f"[/texts/{word}.vtt]",
        "content_links": f"[{{url: https://{word}.example/, text: {word}}}]",
    }
    lines = "".join(f"{name}: {value}\n" for name, value in settings.items() if f"{name}:" not in header)
    return Canary(word=word, guid=guid, episode=f"---\n{lines}{header}{end}Notes of {word}.\n", files=files)


@dataclass(slots=True)
class World:
    """A project with canaries, and the store it is published to."""

    project: Path
    store: MemoryStore
    hidden: list[Canary]
    withdrawn: Canary
    #: Names and values of settings that podfeed does not know, of an episode that is public.
    unknown: list[str]
    #: Where builds go: copies of pictures that another world made are there.
    out: Path
    said: str = ""

    def publish(self) -> int:
        publication = published(self.project, run=run())
        self.said += publication_faults(publication) + publication_line(publication)
        return publication.exit_code

    def add(self, canary: Canary) -> None:
        """Give the project the files of *canary*."""
        files = {**canary.files, f"episodes/{canary.word}.md": canary.episode.encode()}
        for path, data in files.items():
            (self.project / path).parent.mkdir(exist_ok=True)
            (self.project / path).write_bytes(data)

    def found(self) -> Iterator[str]:
        """Everywhere a hidden canary shows."""
        everywhere = {key: _all_of(each) for key, each in self.store.objects.items()}
        for path, data in tree(self.out).items():
            everywhere[f"public/{path}"] = path.encode() + data
        everywhere["what was said"] = self.said.encode()
        for place, text in everywhere.items():
            yield from (f"{each.word} in {place}" for each in self.hidden if each.shows_in(text))
            yield from (f"{each} in {place}" for each in self.unknown if each.encode() in text)


def run() -> Run:
    return Run(now=NOW, web=Web, sleep=lambda seconds: None)


def _all_of(stored: Object) -> bytes:
    """Everything the store says of an object, and its bytes."""
    return repr(replace(stored, data=b"")).encode() + stored.data


def world(folder: Path, seed: int, out: Path, pictures: dict[str, Object]) -> World:
    """A world of its own for each *seed*; *pictures* are copies of the cover that another one has made."""
    chance = random.Random(seed)
    folder.mkdir()
    tiny_jpeg(folder / "cover.jpg")
    hidden = [canary(folder, kind, *text, chance) for kind, text in HIDDEN.items()]
    gone = canary(folder, "withdrawn", *WITHDRAWN, chance)
    unknown = [f"canaryname{chance.getrandbits(48):012x}", f"canaryvalue{chance.getrandbits(48):012x}"]
    show = {
        "archive": chance.choice([None, "1", "2"]),
        "look": chance.choice([None, "{font: serif}"]),
        "permalink": chance.choice([None, "/radio/{slug}/", "/radio/{year}/{slug}/"]),
    }
    config = {"targets": "{live: {s3: radio}}", "actors": "{ada: {name: Ada}, bo: {name: Bo}}"}
    header = {unknown[0]: unknown[1], f"x-{unknown[0]}": f"[{unknown[1]}]"}
    project = example_project(folder / "project", show=show, header=header, config=config)
    made = World(
        project=project,
        store=MemoryStore(lambda: NOW, address=SITE),
        hidden=hidden,
        withdrawn=gone,
        unknown=unknown,
        out=out,
    )
    made.store.objects.update(pictures)
    for each in [*hidden, gone]:
        made.add(each)
    (project / "podfeed.lock").write_text("")
    return made


@pytest.mark.parametrize(
    "seeds", [pytest.param(range(20), id="20"), pytest.param(range(20, 500), id="480", marks=pytest.mark.full)]
)
def test_nothing_unreleased_is_in_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seeds: range) -> None:
    """Neither in the bucket and what it says of its objects, nor in a build, nor in what publish prints."""
    pictures: dict[str, Object] = {}
    for seed in seeds:
        made = world(tmp_path / str(seed), seed, tmp_path / "public", pictures)
        monkeypatch.setattr(publishing, "open_store", lambda target, store=made.store, **ways: store)
        published(made.project, intent=Intent(is_first=True), run=run())
        pictures = {key: each for key, each in made.store.objects.items() if key.startswith("artwork/")}
        assert made.withdrawn.word in str(made.store.objects)

        _, publication = withdrawn(made.project, name=made.withdrawn.guid, target="", run=run())
        assert publication and [each.error for each in publication.shows] == [None]
        build(made.project, made.out)

        assert made.publish() == 1  # the file whose header is broken is told, and left out
        assert not list(made.found()), seed
        # What was heard stays where it was; but nothing leads there any more.
        shown = [each for each in made.store.objects.values() if _is_shown(each)]
        assert not [each.key for each in shown if made.withdrawn.word.encode() in each.data], seed

        slip = canary(tmp_path / str(seed), "slip", *SLIP, random.Random(seed))
        made.add(slip)
        made.hidden.append(slip)
        with_slip = published(made.project, run=run())
        assert isinstance(with_slip.shows[0].error, ContentError)
        assert not list(made.found()), seed


def _is_shown(stored: Object) -> bool:
    """Whether it is what apps and browsers are led to now, and no medium of then."""
    return not stored.key.startswith("_podfeed/") and "immutable" not in stored.cache_control
