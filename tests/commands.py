"""What the tests of whole commands share: podfeed as its user runs it, folders as data, feeds as apps see them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from forking import begun
from lxml import etree

from podfeed.building import Outcome, built

#: The project itself, whose example content is built too.
ROOT = Path(__file__).parents[1]
#: The moment the tests live in, unless they choose their own.
NOW = datetime(2026, 1, 1, tzinfo=UTC)

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"


def copy_example(folder: Path) -> None:
    """Put the example podcasts into *folder*."""
    for name in ("episodes", "audio", "images", "artwork"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("config.yaml", "podfeed.lock"):
        shutil.copy(ROOT / name, folder)


def tool(name: str) -> ModuleType:
    """The program tools/NAME as a module."""
    loader = SourceFileLoader(name.replace("-", "_"), str(ROOT / "tools" / name))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    kept, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = kept
    return module


def environment(**changes: str) -> dict[str, str]:
    """The environment commands run in: this podfeed, no proxy between a test and its own server."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def podfeed(
    folder: Path, *words: str | Path, env: Mapping[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """`podfeed WORDS`, typed in *folder*."""
    return begun(folder, [*map(str, words)], environment(**(env or {})), stdin).ended()


def build(
    folder: Path,
    out: Path | None = None,
    *,
    now: datetime = NOW,
    site: str = "",
    shows: tuple[str, ...] = (),
    is_preview: bool = False,
) -> Outcome:
    """What `podfeed build` does, without a new process: by default into ``public``, as a build that makes history."""
    return built(folder, out=out or folder / "public", shows=shows, site=site, now=now, is_preview=is_preview)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below *folder* with its bytes, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every file and folder below *folder*: both stay when nothing is written."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")
    }


def items(feed: Path | bytes) -> dict[str, etree._Element]:
    """The items of a feed by title, newest first."""
    data = feed if isinstance(feed, bytes) else feed.read_bytes()
    return {item.findtext("title") or "": item for item in etree.fromstring(data).iterfind("channel/item")}


def guid(item: etree._Element) -> str:
    """The guid of an item."""
    return item.findtext("guid") or ""


def enclosure(item: etree._Element) -> str:
    """The address of an item's audio."""
    found = item.find("enclosure")
    assert found is not None
    return found.get("url") or ""


def episode(
    title: str, *, date: str = "2025-06-02 05:00:00 +0900", audio: str = "", notes: str = "", **settings: str
) -> str:
    """The text of an episode file; *settings* are further lines of its header."""
    lines = {"title": title, "date": date, **({"audio_file_path": audio} if audio else {}), **settings}
    header = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return f"---\n{header}---\n{notes}\n"
