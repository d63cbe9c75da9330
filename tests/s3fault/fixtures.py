"""What tests ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from s3fault.world import World


@pytest.fixture
def worlds_over_http() -> Iterator[Callable[[], World]]:
    """Makes worlds behind HTTP, one after another."""
    from s3fault.world import over_http

    with over_http() as make:
        yield make


@pytest.fixture
def worlds_of_projects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], World]]:
    """Makes worlds of machines with real projects, without a network."""
    from s3fault.machines import with_projects, without_network
    from s3fault.world import direct

    with with_projects(lambda: without_network(direct(), monkeypatch), tmp_path / "machines") as make:
        yield make
