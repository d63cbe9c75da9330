"""Builds the example shows, has their pages judged, and prints what was found: cd tests && python -m audit.

Exits with 1 when anything is below the bars. Needs Chromium, Java, and what package.json names.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from commands import copy_example
from serving import served

HERE = Path(__file__).resolve().parent

#: The least that Lighthouse may give, of 100.
BARS = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 95}
#: An episode's page without sound and pictures. The bytes are as a store serves them: nothing is packed.
MOST_BYTES = 40_000

#: What browsers know, or pass by, and the checker of style sheets does not know yet.
_NEWER = re.compile("^CSS: .*“(@container|container-type|line-clamp|@view-transition|view-transition-name)”")

_SHOWS = {"ja": ("asaichi", "競りの鐘が鳴る前に"), "en": ("lamp", "the-night-the-lamp-went-out")}


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is judged."""

    name: str
    path: str


def pages_of(language: str) -> Iterator[Page]:
    """The pages that are judged of the site in *language*."""
    show, episode = _SHOWS[language]
    yield Page(f"home {language}", "")
    yield Page(f"show {language}", f"{show}/")
    yield Page(f"episode {language}", f"{show}/{episode}/")
    yield Page(f"subscribe {language}", f"{show}/subscribe/")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m audit", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=3, help="how often Lighthouse looks at each page")
    parser.add_argument("--json", type=Path, help="where to put all that was found")
    wanted = parser.parse_args()
    found = {language: audited(language, wanted.runs) for language in _SHOWS}
    if wanted.json:
        wanted.json.write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    faults = [fault for each in found.values() for fault in faults_in(each)]
    for each in found.values():
        print(table(each["pages"]))
        print(f"{each['links']['asked']} links asked")
    print("\n".join(faults) or "no findings")
    return int(bool(faults))


def audited(language: str, runs: int) -> dict[str, Any]:
    """What all judges say of the site in *language*: the home page has that of its first show."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "public") as site:
        project = Path(folder)
        copy_example(project)
        shows = [_SHOWS[language][0]] if language == "en" else []
        command = [sys.executable, "-m", "podfeed", "build", "-C", folder, "--out", f"{folder}/public", "--site", site]
        subprocess.run([*command, *(f"--show={show}" for show in shows)], check=True)
        pages = [{"name": each.name, "url": f"{site}/{quote(each.path)}"} for each in pages_of(language)]
        chrome = shutil.which("chromium") or shutil.which("google-chrome")
        settings = {"chrome": chrome, "site": site, "runs": runs, "pages": pages, "follow": f"{site}/"}
        found = _by_node(project, settings)
        found["html"] = _nu(project / "public")
    return found


def _by_node(folder: Path, settings: Mapping[str, Any]) -> dict[str, Any]:
    asked = folder / "pages.json"
    asked.write_text(json.dumps(settings), "utf-8")
    node = shutil.which("node") or "node"
    done = subprocess.run([node, HERE / "audit.mjs", asked], stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _nu(public: Path) -> list[str]:
    """What the Nu HTML checker says of every page and style sheet, but of properties that are newer than it.

    Transcripts for apps are no pages: their ``<time>0:05</time>`` is the podcast namespace's, and not HTML's.
    """
    jar = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", jar, "--format", "json", "--also-check-css", "--skip-non-html", public]
    done = subprocess.run(command, stderr=subprocess.PIPE, check=False)
    messages = json.loads(done.stderr)["messages"]
    return [
        f"{each['url'].rpartition('/public/')[2]}:{each.get('lastLine', '?')}: {each['message']}"
        for each in messages
        if each["type"] == "error" and "/transcript." not in each["url"] and not _NEWER.search(each["message"])
    ]


def faults_in(found: Mapping[str, Any]) -> Iterator[str]:
    """Everything below the bars."""
    for name, page in found["pages"].items():
        for category, least in BARS.items():
            if page["scores"][category] < least:
                yield f"{name}: {category} {page['scores'][category]}, at least {least}"
        yield from (f"{name}: axe: {each}" for each in page["axe"].values())
        yield from (f"{name}: pa11y: {each}" for each in page["pa11y"])
        if name.startswith("episode") and page["bytes"] > MOST_BYTES:
            yield f"{name}: {page['bytes']} bytes, at most {MOST_BYTES}"
        if any(page["scores"][category] < least for category, least in BARS.items()):
            yield from (f"{name}: Lighthouse: {each}" for each in page["failed"].values())
    yield from (f"Nu: {each}" for each in found["html"])
    yield from (f"broken: {each}" for each in found["links"]["broken"])


def table(pages: Mapping[str, Mapping[str, Any]]) -> str:
    """The scores of each page, and its bytes without sound and pictures."""
    rows = [f"{'page':<16}{''.join(f'{category:>16}' for category in BARS)}{'axe':>6}{'pa11y':>7}{'bytes':>9}"]
    for name, page in pages.items():
        scores = "".join(f"{page['scores'][category]:>16}" for category in BARS)
        rows.append(f"{name:<16}{scores}{len(page['axe']):>6}{len(page['pa11y']):>7}{page['bytes']:>9}")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.exit(main())
