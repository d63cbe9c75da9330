"""The same input gives the same bytes, whatever machine, place, locale and order it is built in (EN-10, B13)."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from commands import ROOT, environment, tree

SOURCES = ("config.yaml", "podfeed.lock", "episodes", "audio", "images", "artwork")
ZONES = ("UTC", "Asia/Tokyo", "America/St_Johns", "Pacific/Kiritimati")
#: Where a locale is not installed Python falls back on C; the name itself may still not reach the output.
LOCALES = ("C", "C.UTF-8", "ja_JP.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8")
SEEDS = ("0", "1", "4294967295", "random")
MASKS = (0o022, 0o077, 0o002)
#: So many meet every zone, locale, seed and mask.
_ONE_ROUND = 9
_FULL = 48


def copied_in_order(source: Path, names: Iterable[str], folder: Path, order: random.Random) -> Path:
    """A copy of the project *source*, of what it calls *names*, whose files came into being in a random order."""
    files = [path for name in names for path in [source / name, *(source / name).rglob("*")]]
    order.shuffle(files)
    for path in files:
        if path.is_file():
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            os.utime(target, ns=(order.getrandbits(60), order.getrandbits(60)))
    return folder


def built_elsewhere(folder: Path, number: int, source: Path = ROOT, names: Iterable[str] = SOURCES) -> dict[str, bytes]:
    """The output of a build under the circumstances called *number*: each value meets many others."""
    chosen = random.Random(number)
    project = copied_in_order(source, names, folder / f"{'ふかい/' * (number % 3)}p{number}", chosen)
    out = folder / f"out-{number}"
    locale = LOCALES[number % len(LOCALES)]
    here = chosen.choice((project, project / "episodes", folder))
    env = environment(
        TZ=ZONES[number % len(ZONES)], LANG=locale, LC_ALL=locale, PYTHONHASHSEED=SEEDS[number // 2 % len(SEEDS)],
        LANGUAGE="", HOME=str(folder / f"home-{number}"), USER=f"user{number}", HOSTNAME=f"host{number}",
    )  # fmt: skip
    mask = MASKS[number // 3 % len(MASKS)]
    command = [sys.executable, "-m", "podfeed", "build", "-C", str(project), "--out", os.path.relpath(out, here)]
    subprocess.run(command, cwd=here, env=env, check=True, capture_output=True, umask=mask)
    return tree(out)


@pytest.mark.failure("EN-10")
def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Time zone, locale, hash seed, umask, working folder, user, host and file order reach no byte of the output."""
    first = built_elsewhere(tmp_path, 0)

    assert len(first) > 30
    for number in range(1, _ONE_ROUND):
        assert built_elsewhere(tmp_path, number) == first, number
        shutil.rmtree(tmp_path / f"out-{number}")


@pytest.mark.full
@pytest.mark.failure("EN-10")
def test_same_input_gives_the_same_bytes_in_many_places(tmp_path: Path) -> None:
    """The same over all the combinations the release gate asks for."""
    first = built_elsewhere(tmp_path, 0)

    for number in range(1, _FULL):
        assert built_elsewhere(tmp_path, number) == first, number
        shutil.rmtree(tmp_path / f"out-{number}")


@pytest.mark.failure("EN-10")
def test_output_names_no_machine(tmp_path: Path) -> None:
    """No path, user or host of the machine that built it stands anywhere in the output."""
    for data in built_elsewhere(tmp_path, 7).values():
        for word in (str(tmp_path), "user7", "host7", "home-7", str(ROOT)):
            assert word.encode() not in data
