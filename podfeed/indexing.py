"""What is public of a show → the index of its full search, made by pagefind: the one program podfeed starts."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from podfeed.errors import TargetError, UsageError, reason_of, unwritable
from podfeed.loading import Project
from podfeed.model import File
from podfeed.read.cache import FOLDER, key_of
from podfeed.render.site.search import Indexer, Indexing, document
from podfeed.words import say

#: The file of an index that names the others.
_ENTRY = "pagefind-entry.json"
#: What browsers ask for. Pagefind also makes pages and looks of its own.
_NEEDED = frozenset((_ENTRY, "pagefind.js", "pagefind-worker.js"))
_NEEDED_KINDS = (".pagefind", ".pf_meta", ".pf_index", ".pf_fragment")
#: So many states of an index are kept: another command may be at work on an earlier one.
_KEPT = 3


def indexer(project: Project) -> Indexer | None:
    """What makes the indexes of *project*; None where its pages have no full search."""
    return Indexes(project.folder / FOLDER / "search").files if project.config.search else None


@dataclass(frozen=True, slots=True)
class Indexes:
    """The indexes of a project: each is made once for a state of what it is made of, and kept in *folder*."""

    folder: Path
    #: More than the index of ten thousand episodes takes.
    most_seconds: float = 1800

    def files(self, wanted: Indexing) -> list[File]:
        """The files of the index that is *wanted*, the one that names the others last.

        Raises UsageError where pagefind is not installed, TargetError where it fails, or nothing can be written.
        """
        program, version = _pagefind()
        made = self.folder / wanted.show / key_of(version, wanted.mark)[:16]
        try:
            if not made.exists():
                self._make(program, wanted, made)
            _forget_others(made)
            paths = sorted(filter(_is_needed, made.rglob("*")), key=lambda path: (path.name == _ENTRY, path))
            top = f"{wanted.show}/pagefind/{version}"
            return [_file(f"{top}/{path.relative_to(made).as_posix()}", path) for path in paths]
        except OSError as error:
            raise unwritable(error.filename or made, error) from error

    def _make(self, program: Path, wanted: Indexing, made: Path) -> None:
        import tempfile  # builds without a full search start faster

        made.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=made.parent) as folder:
            pages, index = Path(folder, "pages"), Path(folder, "index")
            pages.mkdir()
            for texts in wanted.texts():
                page = pages / f"{key_of(texts.called.url)[:32]}.html"
                page.write_bytes(document(texts, wanted.language).encode("utf-8", "replace"))
            self._run([program, "--site", pages, "--output-path", index, *_options(wanted)], wanted.show)
            try:
                index.rename(made)
            except OSError:
                if not made.exists():  # else another run was quicker with the same
                    raise

    def _run(self, command: list[str | Path], show: str) -> None:
        """Run pagefind, with no settings but those of *command*. Raises TargetError when it fails."""
        import subprocess

        settings = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=settings,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=self.most_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            minutes = round(self.most_seconds / 60)
            raise _failed(show, say("it was not finished after {minutes} minutes", minutes=minutes)) from error
        except OSError as error:
            raise _failed(show, reason_of(error)) from error
        if done.returncode:
            said = done.stderr.strip().partition("\n")[0]
            raise _failed(show, said or say("it ended with {code}", code=done.returncode))


def _pagefind() -> tuple[Path, str]:
    """The program, and its version. Raises UsageError where it is not installed."""
    from importlib import metadata

    try:
        from pagefind_bin_extended import get_executable

        return get_executable(), metadata.version("pagefind_bin_extended")
    except (ImportError, FileNotFoundError) as error:
        message = say(
            "“search” in config.yaml takes pagefind, which is not installed; run “pip install 'podfeed[search]'”, or"
            " take “search” out of config.yaml"
        )
        raise UsageError(message) from error


def _failed(show: str, reason: str) -> TargetError:
    return TargetError(
        say(
            "pagefind could not make the search index of “{show}”: {reason}; run again, or take “search” out of"
            " config.yaml",
            show=show,
            reason=reason,
        )
    )


def _options(wanted: Indexing) -> tuple[str, ...]:
    return ("--force-language", wanted.language.partition("-")[0].lower(), "--silent")


def _is_needed(path: Path) -> bool:
    return path.name in _NEEDED or path.suffix in _NEEDED_KINDS


def _file(path: str, made: Path) -> File:
    with made.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return File(path=path, stage="page", fingerprint=sha256, sha256=sha256, content=made)


def _forget_others(used: Path) -> None:
    """Delete the states of an index that were used longest ago, and what runs that were killed left of others."""
    with contextlib.suppress(OSError):
        used.touch()
        newest_first = sorted(used.parent.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for folder in newest_first[_KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)
