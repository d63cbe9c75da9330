"""The shape of the house: one outside library in one module, pure rooms, and nothing heavy before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import podfeed

PACKAGE = Path(podfeed.__file__).parent

#: Where each outside library may be known.
HOMES = {
    "feedgen": {"render/rss.py", "render/tags.py"},
    "lxml": {"render/rss.py", "render/tags.py"},
    "mutagen": {"read/id3.py"},
    # One measures what the author gave, the other makes what goes out.
    "PIL": {"read/artwork.py", "render/artwork.py", "testing.py"},
    "yaml": {"read/source.py"},
    "frontmatter": {"read/source.py"},
    "jinja2": {"render/site/engine.py"},
    "comrak": {"render/notes.py"},
    "nh3": {"render/notes.py"},
    "babel": {"render/site/local.py"},
    "boto3": {"publish/s3.py"},
    "botocore": {"publish/s3.py"},
    "click": {"cli.py"},
    "rich": {"cli.py"},
    "urllib3": {"read/web.py"},
    "pagefind_bin_extended": {"indexing.py"},
    "watchfiles": {"preview/watching.py"},
    "tzdata": set(),
}

#: Modules that only compute: what goes in decides what comes out.
PURE = [
    *("read/source.py", "read/fields.py", "read/decode.py", "read/routing.py", "read/dates.py", "read/durations.py"),
    *("read/lock.py", "read/settings.py", "read/labels.py", "read/recurrence.py", "read/xml.py", "read/mail.py"),
    *("read/extra.py", "read/podcast.py"),
    *("read/cues.py", "read/captions.py", "read/segments.py", "read/prose.py"),
    *("read/chapters.py", "read/json_places.py"),
    *("read/html.py", "identity.py", "model.py", "diagnostics.py", "words.py", "edit.py", "matching.py"),
    *("preview/panel.py", "preview/snapshot.py"),
    *("choosing.py", "waivers.py", "linting.py", "releasing.py"),
    *("publish/record.py", "publish/wanted.py", "publish/decision.py", "publish/plan.py", "publish/serving.py"),
    *("publish/policies.py", "publish/google.py", "publish/secrets.py"),
    *(f"report/{path.name}" for path in (PACKAGE / "report").glob("*.py")),
    *(f"check/{path.name}" for path in (PACKAGE / "check").glob("*.py")),
    *(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "render").rglob("*.py")),
]
#: Modules that reach a store, and nothing else of the world: it is given to them.
GIVEN = ["publish/store.py", "publish/live.py", "publish/loop.py", "publish/shared.py", "publish/history.py"]
#: What reaches the disk, the clock, the network or chance.
IMPURE = {
    "os",
    "io",
    "time",
    "socket",
    "random",
    "secrets",
    "shutil",
    "tempfile",
    "subprocess",
    "glob",
    "threading",
    "urllib.request",
    "locale",
}
#: Calls and imports that look impure and are not, with the reason.
ALLOWED = {
    ("render/site/engine.py", "read_bytes"): "a style sheet that is part of podfeed",
    ("render/site/engine.py", "iterdir"): "the names of templates that are part of podfeed",
    ("render/artwork.py", "open"): "Pillow's, of bytes in memory",
    ("render/artwork.py", "io"): "files in memory, for Pillow",
    ("publish/loop.py", "now"): "the clock of the store, as its last answer told it",
}
_CLOCKS = {"now", "utcnow", "today", "time_ns"}
_DISK = {"open", "read_bytes", "write_bytes", "write_text", "mkdir", "unlink", "stat", "exists", "is_file", "iterdir"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8"))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_each_outside_library_is_known_in_one_room() -> None:
    """A library can be replaced by changing one module."""
    for name, tree in _modules():
        for imported in _imports(tree):
            library = imported.split(".")[0]
            assert library == "podfeed" or library in sys.stdlib_module_names or library in HOMES, (
                f"{name}: {imported} has no home"
            )
            assert library not in HOMES or name in HOMES[library], f"{name} imports {imported}"


@pytest.mark.parametrize("name", [*PURE, *GIVEN])
def test_pure_room_reaches_nothing(name: str) -> None:
    """No disk, no clock, no network, no chance: the same in gives the same out."""
    tree = ast.parse((PACKAGE / name).read_text("utf-8"))

    assert not any(each in IMPURE and (name, each) not in ALLOWED for each in _imports(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("open", "input", "print", "exec", "eval"), f"{name}:{node.lineno}"
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and (name, node.func.attr) not in ALLOWED
        ):
            assert node.func.attr not in _CLOCKS | _DISK, f"{name}:{node.lineno} calls {node.func.attr}"


def test_only_the_command_line_looks_at_the_clock() -> None:
    """``now`` is an argument everywhere else; the cache alone knows how old a file is."""
    for name, tree in _modules():
        calls = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if isinstance(node.func.value, ast.Name) and node.func.value.id in ("datetime", "date")
        }
        assert name == "cli.py" or not calls & {"now", "utcnow", "today"}, name


def test_rooms_do_not_reach_upwards() -> None:
    """What reads knows nothing of rules and output; what renders asks no reader of files."""
    for name, tree in _modules():
        imported = set(_imports(tree))
        if name.startswith("read/"):
            assert not any(
                each.startswith(
                    ("podfeed.check", "podfeed.render", "podfeed.publish", "podfeed.report", "podfeed.loading")
                )
                for each in imported
            ), name
        if name.startswith("check/"):
            assert not any(
                each.startswith(
                    ("podfeed.loading", "podfeed.checking", "podfeed.report", "podfeed.building", "podfeed.publish")
                )
                for each in imported
            ), name
        assert name in ("cli.py", "__main__.py") or "podfeed.cli" not in imported, name


HEAVY = (
    "yaml",
    "frontmatter",
    "lxml",
    "mutagen",
    "PIL",
    "feedgen",
    "boto3",
    "jinja2",
    "comrak",
    "nh3",
    "babel",
    "rich",
    "urllib3",
)


def _imported_by(code: str) -> set[str]:
    """The modules a new Python imports for *code*."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd=PACKAGE.parent,
    )
    assert "Traceback" not in result.stderr, result.stderr
    return {line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        pytest.param("import podfeed", set(HEAVY), id="import podfeed"),
        pytest.param(
            "import sys; sys.argv = ['podfeed', '--help']; from podfeed.cli import main; main()",
            set(HEAVY),
            id="--help",
        ),
        pytest.param(
            "import sys; sys.argv = ['podfeed', '--version']; from podfeed.cli import main; main()",
            set(HEAVY),
            id="--version",
        ),
        pytest.param(
            "import sys; sys.argv = ['podfeed', 'build', '--help']; from podfeed.cli import main; main()",
            set(HEAVY),
            id="build --help",
        ),
        pytest.param(
            "import podfeed.checking, podfeed.report; podfeed.checking.rules()",
            {"mutagen", "PIL", "boto3", "feedgen", "lxml", "jinja2", "email.utils", "importlib.resources"},
            id="check",
        ),
        pytest.param("import podfeed.building", {"mutagen", "PIL", "boto3", "urllib3", "http.client"}, id="build"),
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_used(code: str, heavy: set[str]) -> None:
    """Help comes at once, and a check does not pay for what only a build needs."""
    assert _imported_by(code) & heavy == set()


def test_public_names_are_there() -> None:
    """And no others are promised."""
    for name in podfeed.__all__:
        assert getattr(podfeed, name) is not None
    assert not hasattr(podfeed, "nothing_of_the_kind")
