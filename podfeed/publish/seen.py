"""What this machine has seen of a target. Losing it costs a few requests, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

from podfeed.model import Target
from podfeed.publish.store import Conditions
from podfeed.read.cache import FOLDER, key_of, write_quietly


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen at a target, kept from run to run."""

    path: Path
    #: How its store does conditions; empty when nobody here has tried.
    conditions: Conditions = ""
    #: By show, the version of each of its feeds as it was last seen, by key.
    feeds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def open(cls, project: Path, target: Target) -> Seen:
        """What the project's folder remembers of *target*; nothing, once its settings say another place."""
        place = (target.bucket, target.folder, target.prefix, target.endpoint)
        path = project / FOLDER / f"target-{key_of(*place)[:16]}.json"
        try:
            stored = json.loads(path.read_bytes())
            feeds = {show: _texts(each) for show, each in stored["feeds"].items()}
            return cls(path=path, conditions=cast(Conditions, str(stored["conditions"])), feeds=feeds)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(path=path)

    def save(self) -> None:
        """Remember it, if it can be."""
        values = asdict(self)
        del values["path"]
        write_quietly(self.path, json.dumps(values, ensure_ascii=False))


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
