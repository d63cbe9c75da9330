"""Machines with a checkout of a real project, which publish as the command does."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from podfeed import publishing, testing
from podfeed.publish.wanted import Intent
from s3fault.checkouts import FEED, NOW, SITE, Checkout
from s3fault.server import NAME
from s3fault.world import World, in_turn, settings, web

#: Where a store would be, for machines that reach it without a network.
_NOWHERE = "https://store.podfeed.example"
#: Stands in all that is said of an episode which is not public yet, and in its audio.
CANARY = "kanarienvogel"
_NETWORK = (
    "{title: All of it, feed: all.xml, language: en, description: Everything., author: Ada, explicit: false,"
    " owner: {name: Ada, email: ada@radio.podfeed.example}, categories: [Technology], artwork: artwork/cover.jpg}"
)


@contextmanager
def with_projects(make: Callable[[], World], folder: Path) -> Iterator[Callable[[], World]]:
    """Makes the worlds that *make* makes, with machines that have real projects below *folder*.

    Each run is one of a new copy, on which nothing is remembered.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publishing, "_each", in_turn)

        def made() -> World:
            world = make()
            world.bring = partial(_bring, folder, world.address)
            world.observer.canaries = (CANARY.encode(),)
            return world

        yield made


def without_network(world: World, patch: pytest.MonkeyPatch) -> World:
    """*world*, which projects now reach without a network."""
    patch.setattr(publishing, "open_store", lambda target, **ways: world.open(target.region))
    return world


def _bring(folder: Path, address: str, client: str, checkout: Checkout, intent: Intent) -> None:
    project = folder / client
    shutil.rmtree(project, ignore_errors=True)
    write_project(project, checkout, {"s3": NAME, "region": client, **settings(address or _NOWHERE)})
    publish(project, address, intent)


def publish(project: Path, address: str, intent: Intent, now: datetime = NOW) -> None:
    """What the command does in *project*. Raises the first error of those it would tell."""
    run = publishing.Run(now=now, web=partial(web, address), sleep=lambda seconds: None, chance=lambda: 0.0)
    publication = publishing.published(project, intent=intent, run=run)
    errors = [publication.error, *(each.error for each in publication.shows)]
    if any(errors):
        raise next(filter(None, errors))
    assert publication.exit_code == 0


def write_project(folder: Path, checkout: Checkout, target: Mapping[str, str]) -> None:
    """A project of *checkout* in *folder*, which publishes to *target*.

    It has a draft, too, and an episode that is due in years.
    """
    files: dict[str, str | bytes] = {"artwork/cover.jpg": _cover(folder)}
    for guid, episode in checkout.episodes.items():
        files[f"episodes/{guid}.md"] = _text(f"{guid} v{episode.version}", guid, "2025-06-02")
        files[f"audio/{guid}.mp3"] = _mp3(folder, f"{guid} {episode.take}")
    for name, date, more in (("draft", "2025-06-02", "draft: true\n"), ("in-years", "2090-01-01", "")):
        files[f"episodes/{CANARY}-{name}.md"] = _text(f"{CANARY} {name}", f"{CANARY}-{name}", date, more)
        files[f"audio/{CANARY}-{name}.mp3"] = _mp3(folder, name, CANARY)
    moved = f"{SITE}/{checkout.feed_key}" if checkout.feed_key != FEED else None
    testing.example_project(
        folder,
        config={"site": SITE, "targets": json.dumps({"live": dict(target)}), "network": _NETWORK},
        show={"archive": "2", "feed": checkout.feed_key, "new_feed_url": moved},
        files=files,
    )
    (folder / "episodes/1.md").unlink()


def _text(title: str, guid: str, date: str, more: str = "") -> str:
    return (
        f"---\ntitle: {title}\nguid: {guid}\ndate: {date} 05:00:00 +0900\naudio_file_path: /audio/{guid}.mp3\n"
        f"description: What {title} is about.\n{more}---\n{title} has notes.\n"
    )


def _cover(folder: Path) -> bytes:
    return _made(folder, "cover.jpg", testing.tiny_jpeg)


def _mp3(folder: Path, sound: str, title: str = "") -> bytes:
    seed = int.from_bytes(hashlib.sha256(sound.encode()).digest()[:4])
    return _made(folder, f"{seed}.mp3", partial(testing.tiny_mp3, seconds=2, seed=seed, title=title))


def _made(folder: Path, name: str, make: Callable[[Path], Path]) -> bytes:
    """The bytes of what *make* makes, which all projects share."""
    path = folder.parent / "media" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        make(path)
    return path.read_bytes()
