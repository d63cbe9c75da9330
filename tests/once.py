"""What runs of podfeed do again and again, and need not where one process makes many of them."""

from __future__ import annotations

import hashlib
import pkgutil
from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import botocore.loaders
import botocore.session
from commands import build

import podfeed
from podfeed.read import artwork as reading
from podfeed.render import artwork as making
from podfeed.testing import example_project

T = TypeVar("T")


def learn_once() -> None:
    """Read once what boto3 knows of S3; look at each picture once, and make each copy of it once.

    What comes of a picture is told by its bytes, so that nobody but a clock can tell.
    """
    botocore.session.create_loader = cache(botocore.loaders.create_loader)
    making.made = _remembering(making.made, lambda read, copy: (hashlib.sha256(read()).digest(), copy))
    reading._decoded = _remembering(reading._decoded, lambda facts, file, kind: facts)


def _remembering(function: Callable[..., T], key_of: Callable[..., object]) -> Callable[..., T]:
    """*function*, which gives again what it gave for the same key; but troubles are told in a language each time."""
    known: dict[object, T] = {}

    @wraps(function)
    def remembered(*given: object) -> T:
        key = key_of(*given)
        if key in known:
            return known[key]
        found = function(*given)
        if not getattr(found, "trouble", ""):
            known[key] = found
        return found

    return remembered


def learn_all() -> None:
    """Import and compile all that runs need, too: for a process that forks one after another."""
    learn_once()
    for each in pkgutil.walk_packages(podfeed.__path__, "podfeed."):
        if each.name != "podfeed.__main__":
            import_module(each.name)
    for language in ("en", "ja"):
        with TemporaryDirectory() as folder:
            build(example_project(Path(folder), show={"language": language}))
    botocore.session.get_session().create_client("s3", "us-east-1", aws_access_key_id="-", aws_secret_access_key="-")
