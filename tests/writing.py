"""Episodes as their authors write them, for tests that need several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from podfeed.diagnostics import Diagnostic


def weekly(*headers: Mapping[str, str | None], names: Iterable[str] = ()) -> dict[str, str]:
    """The files of episodes that go out a week apart, each with a title, a description and audio of its own.

    *headers* replace settings, None leaves one out. Files are called 1.md, 2.md … unless *names* are given.
    """
    paths = [f"episodes/{name}" for name in names] or [f"episodes/{at}.md" for at in range(1, len(headers) + 1)]
    usual = (
        {
            "title": f"A talk with {name}",
            "date": f"2025-{1 + at // 4:02}-{1 + 7 * (at % 4):02} 05:00:00 +0900",
            "audio_file_path": f"/audio/with-{name}.mp3",
            "description": f"What {name} has to say.",
        }
        for at, name in enumerate("abcdefghijklmnopqrstuvwxyz")
    )
    return {path: file_of({**base, **header}) for path, base, header in zip(paths, usual, headers, strict=False)}


def file_of(header: Mapping[str, str | None], notes: str = "") -> str:
    """An episode's file."""
    lines = "".join(f"{name}: {value}\n" for name, value in header.items() if value is not None)
    return f"---\n{lines}---\n{notes}"


def said(rule: str, found: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """The file and the message of everything *rule* says."""
    return [(each.path, each.message) for each in found if each.rule == rule]
