"""What hosts are told of an episode before it is out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commands import NOW, build
from lxml import etree
from serving import served

from podfeed.loading import Project, load
from podfeed.planning import planned
from podfeed.preview.panel import Panel, panel
from podfeed.preview.snapshot import Snapshot, State, snapshot
from podfeed.publish.plan import Plan
from podfeed.publish.wanted import Intent
from podfeed.publishing import Run, published
from podfeed.read.web import Web
from podfeed.testing import example_project, tiny_jpeg, tiny_mp3
from podfeed.withdrawing import withdrawn

SITE = "http://127.0.0.1:8000"
SECOND = "episodes/2.md"


def _seen(folder: Path) -> Snapshot:
    return snapshot(load(folder), NOW, SITE)


def _project(folder: Path, header: Mapping[str, str | None] | None = None, notes: str = "", **files: str) -> Path:
    """An example project with a second episode, of which *header* says what is unusual."""
    tiny_mp3((folder / "audio").mkdir(parents=True) or folder / "audio/second.mp3", seed=2)
    lines = {
        "title": "Waves",
        "show": "radio",
        "date": "2026-02-01 06:00:00 +0100",
        "description": "The wind pushes.",
        "audio_file_path": "/audio/second.mp3",
        **(header or {}),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items() if value is not None)
    return example_project(folder, files={SECOND: f"---\n{text}---\n{notes}\n", **files})


def _plan(project: Project, moment: datetime) -> Plan:
    return planned(project, run=Run(now=moment, web=Web), is_pretended=True)


def _panel(folder: Path, header: Mapping[str, str | None] | None = None, notes: str = "", **files: str) -> Panel:
    return panel(_seen(_project(folder, header, notes, **files)), SECOND)


@pytest.mark.parametrize(
    ("header", "state", "verdict"),
    [
        pytest.param({}, "scheduled", "ready", id="its date is to come"),
        pytest.param({"date": "2025-12-01 06:00:00 +0900"}, "due", "ready", id="its date is past"),
        pytest.param({"draft": "true"}, "draft", "draft", id="a draft"),
        pytest.param({"published": "false"}, "draft", "draft", id="a draft by another word"),
        pytest.param({"draft": "true", "season": "none"}, "draft", "held", id="a draft with an error"),
        pytest.param({"season": "none"}, "scheduled", "held", id="with an error"),
        pytest.param({"date": None}, "incomplete", "held", id="without a date"),
        pytest.param({"audio_file_path": "/audio/none.mp3"}, "scheduled", "held", id="without its audio"),
        pytest.param({"audio_file_path": None}, "scheduled", "ready", id="a page without sound"),
        pytest.param({"title": '"Waves'}, "faulty", "held", id="half written"),
        pytest.param({"show": "nobody's"}, "unclaimed", "held", id="of no show"),
    ],
)
def test_headline_says_how_it_stands(
    tmp_path: Path, header: Mapping[str, str | None], state: State, verdict: str
) -> None:
    """One word for what it is now, one for whether anything is in the way."""
    seen = _panel(tmp_path, header)

    assert (seen.listed.state, seen.verdict) == (state, verdict)


def test_what_was_built_is_released(tmp_path: Path) -> None:
    """Until it is withdrawn; whether listeners have it, a build cannot know. An error in its show holds it back."""
    folder = _project(tmp_path, {"date": "2025-12-01 06:00:00 +0900"})
    build(folder)
    assert (panel(_seen(folder), SECOND).verdict, panel(_seen(folder), SECOND).change) == ("released", None)

    first = folder / "episodes/1.md"
    first.write_text(first.read_text().replace("[ada]", "[eve]"))
    held = panel(_seen(folder), SECOND)
    assert held.verdict == "held"
    assert [each.path for each in held.elsewhere] == ["episodes/1.md"]

    withdrawn(folder, name=SECOND, target="", run=Run(now=NOW, web=Web))
    assert panel(_seen(folder), SECOND).verdict == "out"


def test_findings_stand_where_they_are(tmp_path: Path) -> None:
    """The line, the words that are meant, and what the rule is about; what must be fixed first."""
    seen = _panel(tmp_path, {"season": "none"}, notes="![a chart](https://radio.podfeed.example/chart.png)")
    (fault,) = seen.findings.faults

    assert (fault.diagnostic.rule, fault.diagnostic.position.line) == ("episode-season-invalid", 7)
    assert (fault.before, fault.marked, fault.after) == ("season: ", "none", "")
    assert fault.summary and fault.summary not in fault.page
    assert seen.findings.remarks
    assert all(each.diagnostic.severity != "error" for each in seen.findings.remarks)


def test_date_is_told_in_the_zone_of_the_show(tmp_path: Path) -> None:
    """Listeners live there, whatever the author wrote; and by the clock of the computer it is the same moment."""
    going = _panel(tmp_path).going

    assert going is not None
    assert going.date.isoformat() == "2026-02-01T14:00:00+09:00" and str(going.date.tzinfo) == "Asia/Tokyo"
    assert going.here == going.date
    assert going.cron.lines[0].startswith("2 14 * * 0 podfeed publish")


def test_apps_show_the_beginning_of_a_title(tmp_path: Path) -> None:
    """Narrow lists cut it by width: a Japanese character takes as much of it as two letters."""
    long = _panel(tmp_path / "1", {"title": "A title of more than five and twenty letters"}).apps
    japanese = _panel(tmp_path / "2", {"title": "海が来る朝、長靴だけが知っている道を歩く"}).apps

    assert long and (long.always_seen, long.cut_off) == ("A title of more than five", " and twenty letters")
    assert japanese and japanese.always_seen == "海が来る朝、長靴だけが知"


def test_apple_shows_paragraphs_lists_and_links(tmp_path: Path) -> None:
    """All else becomes its words."""
    notes = "## Today\n\n**Bold** [link](https://a.example/)\n\n- one\n\n![a chart](https://a.example/c.png)\n\n`code`"
    apps = _panel(tmp_path, notes=notes).apps

    assert apps is not None
    words = "".join(apps.notes.split("\n"))
    assert '<p>Today</p><p>Bold <a href="https://a.example/" rel="noopener">link</a></p>' in words
    assert "<ul><li>one</li></ul>" in words
    assert "<p>a chart</p>" in words and "<p>code</p>" in words
    assert not any(tag in words for tag in ("<strong", "<img", "<code", "<h"))


def test_picture_is_its_own_or_the_cover(tmp_path: Path) -> None:
    """Which of them it is is said: a square one of its own is what apps show."""
    plain = _panel(tmp_path / "1").apps
    folder = _project(tmp_path / "2", {"image_url": "/artwork/own.jpg"})
    tiny_jpeg(folder / "artwork/own.jpg", seed=3)
    own = panel(_seen(folder), SECOND).apps

    assert plain and plain.is_cover and plain.picture.startswith(f"{SITE}/artwork/cover")
    assert own and not own.is_cover and own.picture.startswith(f"{SITE}/artwork/own")


def test_item_is_the_one_that_goes_out(tmp_path: Path) -> None:
    """With the addresses of the site and not of the preview; and it is XML."""
    folder = _project(tmp_path)
    item = panel(_seen(folder), SECOND).item
    build(folder, now=NOW + timedelta(days=60))
    feed = etree.parse(folder / "public/radio/feed.xml")
    published_item = next(each for each in feed.iter("item") if each.findtext("title") == "Waves")

    namespaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in feed.getroot().nsmap.items())
    shown = etree.fromstring(f"<rss {namespaces}>{item}</rss>")[0]
    assert [(each.tag, each.text, dict(each.attrib)) for each in shown] == [
        (each.tag, each.text, dict(each.attrib)) for each in published_item
    ]


def test_settings_that_cannot_be_read_hold_all_back(tmp_path: Path) -> None:
    """No file is called broken for that: its show is not known, and what is wrong with config.yaml is told."""
    folder = _project(tmp_path)
    settings = folder / "config.yaml"
    settings.write_text(settings.read_text().replace("shows:", "shows: ["))
    found = panel(_seen(folder), SECOND)

    assert (found.listed.state, found.verdict, found.findings.faults) == ("unclaimed", "held", ())
    assert [each.path for each in found.elsewhere] == ["config.yaml"]


def test_changes_since_it_was_published_are_told(tmp_path: Path) -> None:
    """By podfeed.lock: what is new, and another sound or date of what is known."""
    folder = _project(tmp_path, {"date": "2025-12-01 06:00:00 +0900"})
    new = panel(_seen(folder), SECOND).change
    build(folder)
    tiny_mp3(folder / "audio/second.mp3", seed=9)
    file = folder / SECOND
    file.write_text(file.read_text().replace("2025-12-01", "2025-12-02"))
    changed = panel(_seen(folder), SECOND)

    assert new and new.kind == "new"
    assert changed.change and [each.what for each in changed.change.differences] == ["audio", "date"]
    assert len(changed.differences) == 2


def test_a_target_tells_all_that_listeners_would_notice(tmp_path: Path) -> None:
    """What is there is compared, as by a plan of the moment at which it goes out; nothing is put there."""
    folder = _project(tmp_path / "project", {"date": "2025-12-01 06:00:00 +0900"})
    settings = folder / "config.yaml"
    (tmp_path / "live").mkdir()
    with served(tmp_path / "live") as site:
        text = settings.read_text().replace("https://radio.podfeed.example", site)
        settings.write_text(f"{text}targets: {{live: {{folder: {tmp_path}/live}}}}\n")
        web = partial(Web, [urlsplit(site).netloc])
        build(folder)
        built = panel(_seen(folder), SECOND, _plan)
        # A store has a clock of its own, and nothing goes out by one that differs.
        first = published(folder, intent=Intent(is_first=True), run=Run(now=datetime.now(UTC), web=web))
    assert first.exit_code == 0
    live = panel(_seen(folder), SECOND, _plan)
    file = folder / SECOND
    file.write_text(file.read_text().replace("Waves", "High waves").replace("2025-12-01", "2026-05-05"))
    before = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "live").rglob("*"))

    told = panel(_seen(folder), SECOND, _plan)

    assert (built.verdict, built.change and built.change.kind) == ("ready", "new")
    assert (live.verdict, live.change) == ("public", None)
    assert (told.listed.state, told.verdict, told.refusal) == ("released", "public", "")
    assert told.change and {each.what for each in told.change.differences} >= {"title", "date"}
    assert any("“High waves”, was “Waves”" in line for line in told.differences)
    assert before == sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "live").rglob("*"))


def test_drafts_and_scheduled_ones_have_pages_and_stand_in_the_feed(tmp_path: Path) -> None:
    """In the preview alone: the snapshot still knows that they are not public."""
    folder = _project(tmp_path, {"draft": "true", "date": None})
    seen = _seen(folder)

    assert {"radio/1/index.html", "radio/2/index.html"} <= seen.files.keys()
    make = seen.files["radio/feed.xml"].content
    assert callable(make) and b"<title>Waves</title>" in make()
    assert [each.title for each in seen.seen.public("radio")] == ["Tides"]


def test_what_is_not_there_yet_stops_no_other(tmp_path: Path) -> None:
    """An episode without its sound has no page, and its panel says why; all others are as they will be."""
    seen = _seen(_project(tmp_path, {"audio_file_path": "/audio/none.mp3"}))
    found = panel(seen, SECOND)

    assert "radio/1/index.html" in seen.files and "radio/2/index.html" not in seen.files
    assert (found.apps, found.sound, found.listed.page) == (None, None, "")
    assert [each.diagnostic.rule for each in found.findings.faults] == ["audio-file-missing"]


def test_a_show_without_a_title_can_be_looked_at(tmp_path: Path) -> None:
    """There can be no feed of it yet, and all else is there."""
    folder = _project(tmp_path)
    settings = folder / "config.yaml"
    settings.write_text(settings.read_text().replace("title: Harbour Radio", "title:"))
    found = panel(_seen(folder), SECOND)

    assert found.item == "" and found.apps and found.verdict == "held"


def test_when_the_next_one_is_due_the_snapshot_is_out_of_date(tmp_path: Path) -> None:
    """Whoever keeps it knows when to take another."""
    seen = _seen(_project(tmp_path))

    assert seen.due == datetime(2026, 2, 1, 6, tzinfo=timezone(timedelta(hours=1)))
    assert replace(seen, now=NOW + timedelta(days=60)).due is None
