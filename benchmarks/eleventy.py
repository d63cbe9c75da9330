"""Eleventy over the content of the Hugo site; `npm ci --prefix benchmarks/eleventy` installs it."""

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent / "eleventy"
CONFIG = "eleventy.config.mjs"
#: Where it puts its pages and feeds, beside Hugo's.
OUT = "public-eleventy"


def write(site: Path) -> None:
    """Its settings and templates, into the Hugo site."""
    shutil.copy(HERE / CONFIG, site)


def find() -> tuple[str, ...] | None:
    """The words that build the site of the folder they run in; None without Node, or what npm installs."""
    node, program = shutil.which("node"), HERE / "node_modules/@11ty/eleventy/cmd.cjs"
    if not node or not program.exists():
        return None
    return (node, str(program), "--quiet", f"--config={CONFIG}", f"--output={OUT}")
