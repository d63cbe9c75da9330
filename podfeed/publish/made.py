"""What pages came to when they were made last. Losing it costs the time to make them again, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from podfeed.publish.store import Blob
from podfeed.read.cache import FOLDER, write_quietly

#: The sha256 and the size in bytes of a page, by the fingerprint of what it is made of.
Outcomes = Mapping[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Made:
    """The pages that were made on this machine, for whatever target: one that is known is made only to be put."""

    path: Path
    #: By show.
    shows: dict[str, Outcomes] = field(default_factory=dict)

    @classmethod
    def open(cls, project: Path) -> Made:
        """What the project's folder remembers."""
        path = project / FOLDER / "pages.json"
        try:
            stored = json.loads(path.read_bytes())
            return cls(path, {show: _outcomes(pages) for show, pages in stored.items()})
        except (OSError, ValueError, TypeError, AttributeError):
            return cls(path)

    def of(self, show: str) -> Outcomes:
        """The pages of *show*."""
        return self.shows.get(show, {})

    def note(self, show: str, pages: Iterable[tuple[str, Blob]]) -> None:
        """Those of *show* are these, by their fingerprints."""
        self.shows[show] = {fingerprint: (page.sha256, page.size_bytes) for fingerprint, page in pages}

    def save(self) -> None:
        """Remember it, if it can be."""
        write_quietly(self.path, json.dumps(self.shows))


def _outcomes(pages: Mapping[str, tuple[object, int]]) -> dict[str, tuple[str, int]]:
    return {fingerprint: (str(sha256), int(size_bytes)) for fingerprint, (sha256, size_bytes) in pages.items()}
