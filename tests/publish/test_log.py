"""What a publish tells logs: an object a line, as the schema has it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from commands import ROOT, podfeed
from servers import reply, serving
from serving import served

from podfeed.errors import RefusedError
from podfeed.model import Target
from podfeed.publishing import Publication
from podfeed.report import publication_faults

SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/reference/json.schema.json").read_text("utf-8"))
_EVENT = {
    "$ref": "#/$defs/event",
    "$defs": {
        **SCHEMA["$defs"],
        "event": {"oneOf": [{**each, "additionalProperties": False} for each in SCHEMA["$defs"]["event"]["oneOf"]]},
    },
}


@pytest.fixture
def log(project: Callable[..., Path], tmp_path: Path) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """What `podfeed publish --log-format json` prints, each line as its schema wants it."""
    (tmp_path / "web").mkdir()
    with served(tmp_path / "web") as site, serving(lambda request: [reply("204 No Content")]) as webhook:
        target = f'{{live: {{folder: "{tmp_path}/web", webhook: "{webhook.url()}"}}}}'
        folder = project(config={"site": site, "targets": target})

        def publish(*words: str, **files: str | None) -> list[dict[str, Any]]:
            for name, text in files.items():
                path = folder / "episodes" / f"{name}.md"
                path.write_text(text, "utf-8") if text else path.unlink()
            trust = [f"--trust-server={site.removeprefix('http://')}", f"--trust-server={webhook.name}"]
            done = podfeed(folder, "publish", "--log-format", "json", *trust, *words)
            assert done.stderr == ""
            events = [json.loads(line) for line in done.stdout.splitlines()]
            for event in events:
                jsonschema.validate(event, _EVENT, jsonschema.Draft202012Validator)
            assert (events[0]["event"], events[-1]["event"]) == ("started", "finished")
            assert datetime.fromisoformat(events[0]["time"]) <= datetime.fromisoformat(events[-1]["time"])
            assert events[-1]["exit_code"] == done.returncode
            return events[1:-1]

        yield publish


WAVES = "---\ntitle: Waves\ndate: 2025-06-09 05:00:00 +0900\naudio_file_path: /audio/other.mp3\n---\n"


def test_each_event_is_a_line(log: Callable[..., list[dict[str, Any]]]) -> None:
    """What was committed, with its counts; who was told; and that nothing changed."""
    first, again = log("--first"), log()
    more = log(waves=WAVES)

    assert [each["event"] for each in first] == ["committed", "shared", "notified"]
    assert {name: first[0][name] for name in ("show", "generation", "new", "changed", "withdrawn")} == {
        "show": "radio",
        "generation": 1,
        "new": 1,
        "changed": 0,
        "withdrawn": 0,
    }
    assert first[0]["bytes"] > first[0]["files"] > 2
    assert first[2] == {
        "event": "notified",
        "what": "webhook",
        "to": "http://127.0.0.1",
        "trouble": "",
        "is_kept": False,
    }
    assert again == [{"event": "unchanged", "show": "radio", "files": 0, "bytes": 0}]
    assert (more[0]["generation"], more[0]["new"]) == (2, 1)


def test_what_keeps_a_show_back_is_a_line(log: Callable[..., list[dict[str, Any]]]) -> None:
    """With the exit code and the sentence; with the places where they are an author's."""
    unknown = log()
    log("--first", waves=WAVES)
    faulty = log(waves=WAVES.replace("Waves", "Waves\nseason: two"))
    missing = log(waves=None)
    wrong = log("--target", "nowhere")

    assert [(each["event"], each["show"], each["exit_code"]) for each in (*unknown, *faulty, *wrong)] == [
        ("refused", "radio", 3),
        ("failed", "radio", 1),
        ("failed", None, 2),
    ]
    assert "--first" in unknown[0]["message"]
    assert [(each["path"], each["line"]) for each in faulty[0]["diagnostics"]] == [("episodes/waves.md", 3)]
    assert {each["exit_code"] for each in missing} <= {1, 3}
    assert missing[0]["message"]


def test_what_belongs_to_all_shows_is_told_without_a_show(
    log: Callable[..., list[dict[str, Any]]], tmp_path: Path
) -> None:
    """A home page that somebody else put there stays."""
    log("--first")
    (tmp_path / "web/index.html").write_text("Somebody else's")
    shutil.rmtree(tmp_path / "project-0/.podfeed")

    events = log()

    assert [(each["event"], each["show"]) for each in events[:2]] == [("unchanged", "radio"), ("refused", None)]
    assert events[1]["exit_code"] == 3
    assert "“index.html” is there, and podfeed did not put it there" in events[1]["message"]


def test_people_hear_what_kept_back_the_files_of_all_shows() -> None:
    """A run that does not end with 0 says why."""
    publication = Publication(target=Target(name="live"), shows=(), error=RefusedError("the home page is another's"))

    assert publication_faults(publication) == "podfeed: the home page is another's\n"
    assert publication.exit_code == 3
