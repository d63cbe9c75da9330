"""One round of runs over one corpus: podfeed and Hugo in turn, each figure as (name, value)."""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.eleventy import OUT
from benchmarks.measure import Command, CommandFailed

ROOT = Path(__file__).resolve().parent.parent
#: A file younger than two seconds may change unseen, so caches do not trust it.
SETTLE_SECONDS = 2.1
#: How often a command of some milliseconds runs in one round.
SHORT_RUNS = 5
MARK = "benchmark-edit"
LARGE_FEED_BYTES = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """One corpus on disk, as a podfeed project and as a Hugo site."""

    size: int
    project: Path
    site: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """A program that makes a folder of pages and feeds."""

    name: str
    build: Command
    out: Path
    #: What it remembers from run to run.
    memory: tuple[Path, ...]


def podfeed(corpus: Corpus) -> Builder:
    return Builder(
        name="podfeed",
        build=podfeed_command(corpus, "build", "--out", "public"),
        out=corpus.project / "public",
        memory=(corpus.project / ".podfeed", corpus.project / "podfeed.lock"),
    )


def hugo(corpus: Corpus, program: Path) -> Builder:
    site, cache = corpus.site, corpus.site / ".cache"
    return Builder(
        name="hugo",
        build=Command(words=(str(program), "--quiet"), folder=site, environment={"HUGO_CACHEDIR": str(cache)}),
        out=site / "public",
        memory=(cache, site / "resources", site / ".hugo_build.lock"),
    )


def eleventy(corpus: Corpus, words: tuple[str, ...]) -> Builder:
    build = Command(words=words, folder=corpus.site)
    return Builder(name="eleventy", build=build, out=corpus.site / OUT, memory=())


def podfeed_command(corpus: Corpus, *words: str, module: str = "podfeed") -> Command:
    """`podfeed …` of this checkout, or another of its modules, in the corpus."""
    return Command(
        words=(sys.executable, "-m", module, *words),
        folder=corpus.project,
        environment={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""},
    )


def run(corpus: Corpus, builders: list[Builder]) -> Iterator[tuple[str, float]]:
    """Every figure once, in seconds or bytes; the builders take turns in the order given.

    Raises CommandFailed when a command fails, or did not do what was to be timed.
    """
    for builder in builders:
        forget(builder)
        settle()
        yield f"{builder.name} cold", measure.seconds(builder.build)
        expect_all_episodes(builder, corpus.size)
    settle()
    for builder in builders:
        yield f"{builder.name} unchanged", measure.seconds(builder.build)
    for builder in builders:
        if builder.name == "podfeed":
            yield from podfeed_alone(builder, corpus)
    for builder in builders:
        forget(builder)
        settle()
        peak = measure.peak_bytes(builder.build)
        if peak is not None:
            yield f"{builder.name} memory", peak


def podfeed_alone(builder: Builder, corpus: Corpus) -> Iterator[tuple[str, float]]:
    """What Hugo has no counterpart for: a change, the checks, the start. Expects a built project, leaves an unbuilt."""
    newest = max((corpus.project / "episodes").iterdir())
    check, check_one = podfeed_command(corpus, "check"), podfeed_command(corpus, "check", f"episodes/{newest.name}")
    start, bare = podfeed_command(corpus, "--help"), Command(words=(sys.executable, "-c", ""), folder=corpus.project)

    measure.seconds(check)
    yield "podfeed check warm", measure.seconds(check)
    for _ in range(SHORT_RUNS):
        yield "podfeed check one", measure.seconds(check_one)
        yield "podfeed help", measure.seconds(start)
        yield "python", measure.seconds(bare)

    with large_feed(builder.out) as feed:
        lint = podfeed_command(corpus, "lint", "--profile", "none", str(feed))
        yield "podfeed lint", measure.seconds(lint)
        peak = measure.peak_bytes(lint)
        if peak is not None:
            yield "podfeed lint memory", peak

    before = states(builder.out)
    with edited(newest):
        yield "podfeed changed", measure.seconds(builder.build)
        expect_mark(builder)
    yield "podfeed written", len(states(builder.out).items() - before.items())

    forget(builder)
    settle()
    yield "podfeed check cold", measure.seconds(check)
    reading, rules = measure.figures(podfeed_command(corpus, ".", module="benchmarks.rules"))
    yield "podfeed reading", reading
    yield "podfeed rules", rules


def states(site: Path) -> dict[Path, int]:
    """When each file of the site was written, in nanoseconds; without what podfeed remembers there for itself."""
    return {file: file.stat().st_mtime_ns for file in site.rglob("[!.]*") if file.is_file()}


@contextmanager
def large_feed(site: Path) -> Iterator[Path]:
    """A feed of 10 MB: the items of one that was built, over and over, with short notes and addresses of their own."""
    head, *items = re.split(r"(?=<item>)", min(site.rglob("feed.xml")).read_text("utf-8"))
    last, end = items[-1].split("</item>")
    items[-1] = f"{last}</item>"
    short = [re.sub(r"<content:encoded>.*?</content:encoded>", "", item, flags=re.DOTALL) for item in items]
    pieces, size = [head], 0
    while size < LARGE_FEED_BYTES:
        for item in short:
            pieces.append(re.sub(r"(<guid[^>]*>|/audio/)", rf"\g<1>{len(pieces)}-", item))
            size += len(pieces[-1].encode())
    path = site / "large.xml"
    path.write_text("".join([*pieces, end]), "utf-8")
    try:
        yield path
    finally:
        path.unlink()


@contextmanager
def edited(episode: Path) -> Iterator[None]:
    """The episode with one more sentence at the top of its notes; afterwards as it was, time included."""
    before, status = episode.read_bytes(), episode.stat()
    header_end = before.index(b"\n---\n") + len(b"\n---\n")
    episode.write_bytes(before[:header_end] + f"\nお知らせを一つ足しました。{MARK}\n".encode() + before[header_end:])
    try:
        yield
    finally:
        episode.write_bytes(before)
        os.utime(episode, ns=(status.st_atime_ns, status.st_mtime_ns))


def forget(builder: Builder) -> None:
    """Remove what earlier runs have left, so that the next one is cold."""
    for path in (builder.out, *builder.memory):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def settle() -> None:
    """Let the disk finish what came before, and the files grow old enough to be trusted."""
    os.sync()
    time.sleep(SETTLE_SECONDS)


def expect_all_episodes(builder: Builder, size: int) -> None:
    feeds = list(builder.out.rglob("*.xml"))
    items = sum(feed.read_bytes().count(b"<enclosure ") for feed in feeds)
    sounds = sum(1 for _ in builder.out.rglob("*.mp3"))
    if (items, sounds) != (size, size):
        raise CommandFailed(
            f"{builder.name} put {items} items into {len(feeds)} feeds and copied {sounds} mp3; {size} of each expected"
        )


def expect_mark(builder: Builder) -> None:
    if not any(MARK.encode() in page.read_bytes() for page in builder.out.rglob("*.html")):
        raise CommandFailed(f"{builder.name} did not take up the changed notes")
