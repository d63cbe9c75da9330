"""podfeed: episodes in Markdown, checked, measured, and published as podcast feeds.

The public names are loaded when they are first used: `import podfeed` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podfeed.diagnostics import Diagnostic, Position
    from podfeed.errors import (
        AccessError,
        ConditionsError,
        ContentError,
        PodfeedError,
        PublicError,
        RefusedError,
        StoredError,
        TargetError,
        UsageError,
    )
    from podfeed.model import Config, Episode, File, Show
    from podfeed.project import Project, build, check, load, plan, publish
    from podfeed.publish.plan import Plan
    from podfeed.publishing import Publication

__version__ = "0.1.0"

_HOMES = {
    "AccessError": "errors",
    "ConditionsError": "errors",
    "Config": "model",
    "ContentError": "errors",
    "Diagnostic": "diagnostics",
    "Episode": "model",
    "File": "model",
    "Plan": "publish.plan",
    "PodfeedError": "errors",
    "Position": "diagnostics",
    "Project": "project",
    "PublicError": "errors",
    "Publication": "publishing",
    "RefusedError": "errors",
    "Show": "model",
    "StoredError": "errors",
    "TargetError": "errors",
    "UsageError": "errors",
    "build": "project",
    "check": "project",
    "load": "project",
    "plan": "project",
    "publish": "project",
}

__all__ = [
    "AccessError",
    "ConditionsError",
    "Config",
    "ContentError",
    "Diagnostic",
    "Episode",
    "File",
    "Plan",
    "PodfeedError",
    "Position",
    "Project",
    "PublicError",
    "Publication",
    "RefusedError",
    "Show",
    "StoredError",
    "TargetError",
    "UsageError",
    "build",
    "check",
    "load",
    "plan",
    "publish",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"podfeed has no “{name}”")
    return getattr(import_module(f"podfeed.{_HOMES[name]}"), name)
