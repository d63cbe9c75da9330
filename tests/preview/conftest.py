"""Previews that run, for the tests that look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from commands import NOW

from podfeed.previewing import Preview, previewed
from podfeed.read.web import Web


@pytest.fixture
def preview() -> Iterator[Callable[..., Preview]]:
    """Starts the preview of a folder, at the moment the tests live in."""
    with ExitStack() as running:

        def start(folder: Path, target: str = "") -> Preview:
            options = {"port": 0, "target": target, "clock": lambda: NOW, "web": Web}
            return running.enter_context(previewed(folder, **options))

        yield start
