"""podfeed: episodes in Markdown, checked, measured, and published as podcast feeds.

The public names are loaded when they are first used: `import podfeed` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podfeed.diagnostics import Diagnostic, Position
    from podfeed.errors import PodfeedError, RefusedError, TargetError, UsageError
    from podfeed.model import Config, Episode, File, Show
    from podfeed.project import Project, build, check, load

__version__ = "0.1.0"

_HOMES = {
    "Config": "model",
    "Diagnostic": "diagnostics",
    "Episode": "model",
    "File": "model",
    "PodfeedError": "errors",
    "Position": "diagnostics",
    "Project": "project",
    "RefusedError": "errors",
    "Show": "model",
    "TargetError": "errors",
    "UsageError": "errors",
    "build": "project",
    "check": "project",
    "load": "project",
}

__all__ = [
    "Config",
    "Diagnostic",
    "Episode",
    "File",
    "PodfeedError",
    "Position",
    "Project",
    "RefusedError",
    "Show",
    "TargetError",
    "UsageError",
    "build",
    "check",
    "load",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"podfeed has no “{name}”")
    return getattr(import_module(f"podfeed.{_HOMES[name]}"), name)
