"""`podfeed build`, as its user meets it: what goes out, what stays, what never leaves, and what a bad day does to it."""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from commands import NOW, build, enclosure, environment, episode, guid, items, podfeed, stamps, tree
from stopping import stopped_everywhere, without_leftovers

from podfeed import building
from podfeed.errors import RefusedError, TargetError, UsageError
from podfeed.read import lock as locks
from podfeed.render.site.places import AT_TOP
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_jpeg, tiny_mp3

SITE = "https://radio.podfeed.example"
#: What goes out of the example's cover, without what stands for its bytes.
_COPIES = {f"artwork/cover-{each}" for each in ("1400.jpg", "600.jpg", "600.webp", "300.jpg", "300.webp")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of one show with one episode, Tides."""
    return example_project(tmp_path / "project")


@pytest.fixture
def two_shows(tmp_path: Path) -> Path:
    """A project of two shows, ``radio`` and ``coast``, with one episode each, Tides and Cliffs."""
    shows = "".join(
        f"\n  {id}:\n    match: {{path: {id}/*}}\n"
        + "".join(f"    {name}: {value}\n" for name, value in {**EXAMPLE_SHOW, "title": id.title()}.items())
        for id in ("radio", "coast")
    )
    (tmp_path / "project/audio").mkdir(parents=True)
    tiny_mp3(tmp_path / "project/audio/cliffs.mp3", seed=2)
    project = example_project(
        tmp_path / "project",
        config={"shows": shows},
        files={
            "episodes/radio/tides.md": episode("Tides", audio="/audio/good.mp3", description="The moon pulls."),
            "episodes/coast/cliffs.md": episode("Cliffs", audio="/audio/cliffs.mp3", description="Chalk."),
        },
    )
    (project / "episodes/1.md").unlink()
    return project


def add(folder: Path, name: str, text: str, *, seed: int = 0) -> None:
    """Add an episode; with *seed* its audio too, as ``audio/<stem>.mp3``."""
    (folder / "episodes" / name).write_text(text, encoding="utf-8")
    if seed:
        tiny_mp3(folder / f"audio/{Path(name).stem}.mp3", seed=seed)


def edit(file: Path, old: str, new: str) -> None:
    """Change *file* as its author would."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def radio(folder: Path) -> Path:
    """The feed of the show ``radio``."""
    return folder / "public/radio/feed.xml"


# ------------------------------------------------------------------------------------- twice, and quiet


@pytest.mark.failure("EN-11")
def test_second_build_writes_nothing(folder: Path) -> None:
    """Cron may run it as often as it likes: no file is touched, and one line says so; none under --quiet."""
    podfeed(folder, "build")
    before = stamps(folder / "public"), (folder / "podfeed.lock").stat().st_mtime_ns

    again, quiet = podfeed(folder, "build"), podfeed(folder, "build", "--quiet")

    assert (again.returncode, again.stdout, again.stderr) == (0, "1 show, nothing changed in public\n", "")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert (stamps(folder / "public"), (folder / "podfeed.lock").stat().st_mtime_ns) == before


@pytest.mark.failure("EN-11")
def test_second_build_writes_nothing_without_its_memory(folder: Path) -> None:
    """Losing .podfeed costs time, and changes nothing."""
    build(folder)
    before = stamps(folder / "public")
    shutil.rmtree(folder / ".podfeed")

    assert build(folder, now=NOW + timedelta(days=9)).changes == ()
    assert stamps(folder / "public") == before


def test_first_build_tells_what_it_added(folder: Path) -> None:
    """The sentence counts what was done, by what was done."""
    first = build(folder)
    before = tree(folder / "public")
    add(folder, "2.md", episode("Waves", audio="/audio/2.mp3", description="Up and down."), seed=5)
    second = build(folder)
    after = tree(folder / "public")

    updated = {path for path, data in before.items() if after[path] != data} - {".podfeed-build.json"}
    assert first.sentence == f"1 show in {folder / 'public'}: {len(before) - 1} files added"
    assert after.keys() - before.keys() == {"audio/2.mp3", "radio/2/index.html"}
    assert second.sentence == f"1 show in {folder / 'public'}: 2 files added, {len(updated)} files updated"
    assert updated >= {"radio/feed.xml", "radio/index.html", "radio/sitemap.xml"}


def test_feeds_go_out_last_and_media_first(two_shows: Path) -> None:
    """A listener's app never sees an enclosure that is not there yet."""
    order = [change.path for change in build(two_shows).changes]

    feeds = {"radio/feed.xml", "coast/feed.xml", "shows.opml"}
    stages = [0 if path.startswith(("audio/", "artwork/")) else 2 if path in feeds else 1 for path in order]
    assert stages == sorted(stages)
    assert {*stages} == {0, 1, 2}
    assert feeds < {*order}


# ------------------------------------------------------------------------------------- what an error stops


def test_error_stops_its_own_show_only(two_shows: Path) -> None:
    """The other show goes out; the faulty one stays as it was; the exit code says that something is wrong."""
    podfeed(two_shows, "build")
    old = tree(two_shows / "public")
    edit(two_shows / "episodes/radio/tides.md", "title: Tides", "title: Ebb\nseason: two")
    edit(two_shows / "episodes/coast/cliffs.md", "title: Cliffs", "title: Chalk")

    made = podfeed(two_shows, "build")

    new = tree(two_shows / "public")
    assert made.returncode == 1
    updated = sum(data != new[path] for path, data in old.items())
    assert made.stdout == f"1 show in public: {updated} files updated; not built, for their errors: radio\n"
    assert "episodes/radio/tides.md:3:9: error:" in made.stderr
    assert {path: new[path] for path in old if path.startswith("radio/")} == {
        path: data for path, data in old.items() if path.startswith("radio/")
    }
    assert list(items(new["coast/feed.xml"])) == ["Chalk"]
    assert new.keys() == old.keys()


def test_error_in_every_show_writes_nothing(folder: Path) -> None:
    """When nothing may go out, nothing is touched."""
    build(folder)
    before = stamps(folder / "public"), (folder / "podfeed.lock").read_bytes()
    edit(folder / "episodes/1.md", "title: Tides", "title: Ebb\nseason: two")

    outcome = build(folder)

    assert outcome.stopped == ("radio",)
    assert outcome.sentence == "not built, for their errors: radio"
    assert (stamps(folder / "public"), (folder / "podfeed.lock").read_bytes()) == before


def test_fault_of_a_draft_stops_nothing(folder: Path) -> None:
    """What nobody can hear yet may still be wrong: it is told, and the show goes out."""
    add(folder, "2.md", episode("Waves", draft="true", season="two", audio="/audio/none.mp3"))

    outcome = build(folder)

    assert outcome.stopped == ()
    assert {each.rule for each in outcome.diagnostics if each.severity == "error"} >= {"episode-season-invalid"}
    assert list(items(radio(folder))) == ["Tides"]


def test_audio_that_no_show_claims_stops_nothing_but_itself(two_shows: Path) -> None:
    """A file that belongs to no show is an error, and both shows go out."""
    add(two_shows, "stray.md", episode("Stray", audio="/audio/stray.mp3", description="Lost."), seed=9)

    outcome = build(two_shows)

    assert outcome.stopped == ()
    assert any(each.severity == "error" and each.path == "episodes/stray.md" for each in outcome.diagnostics)
    assert not (two_shows / "public/audio/stray.mp3").exists()


def test_show_option_builds_that_show(two_shows: Path) -> None:
    """--show leaves the other show's output as it is, and what both share too."""
    build(two_shows)
    old = tree(two_shows / "public")
    edit(two_shows / "episodes/radio/tides.md", "title: Tides", "title: Ebb")
    edit(two_shows / "episodes/coast/cliffs.md", "title: Cliffs", "title: Chalk")

    outcome = build(two_shows, shows=("radio",))

    new = tree(two_shows / "public")
    changed = {change.path for change in outcome.changes}
    assert changed >= {"radio/feed.xml", "radio/index.html", "radio/tides/index.html"}
    assert all(path.startswith("radio/") for path in changed)
    assert {path for path in new if new[path] != old.get(path)} - {change.path for change in outcome.changes} == set()
    assert new.keys() == old.keys()


def test_unknown_show_is_named(folder: Path) -> None:
    """A slip of the pen in --show is told with what there is."""
    with pytest.raises(UsageError, match=r"there is no show “raido” in config\.yaml; there are: radio"):
        build(folder, shows=("raido",))


# ------------------------------------------------------------------------------------- what is not released


_SECRET = "CANARY-5b1d"


def _kinds() -> dict[str, dict[str, str]]:
    """The ways in which a file is not public, as settings of its header."""
    return {
        "draft": {"draft": "true"},
        "draft in capitals": {"draft": "True"},
        "unpublished": {"published": "false"},
        "scheduled": {"date": "2031-05-05 05:00:00 +0900"},
        "scheduled by a second": {"date": "2026-01-01 09:00:01 +0900"},
        "scheduled draft": {"draft": "yes", "date": "2031-05-05"},
        "unclosed header": {"draft": "true"},
        "misspelt draft": {"drfat": "true"},
        "of no show": {"show": "nowhere"},
        "fence after a blank line": {"draft": "true"},
        "note without a header": {},
    }


def _write_unreleased(folder: Path, number: int) -> tuple[str, list[bytes]]:
    """Add a file that is not public to *folder*, with all it drags along; what kind it is, and what may not be seen."""
    chosen = random.Random(number)
    kind, settings = list(_kinds().items())[number % len(_kinds())]
    word = f"{_SECRET}{chosen.getrandbits(40):010x}"
    name = chosen.choice((f"2025-07-01-{word}.md", f"{word}.markdown", f"深い/{word}.md"))
    audio, picture, shown = f"audio/{word}.mp3", f"artwork/{word}.jpg", f"images/{word}-さし絵.jpg"
    for path in (audio, picture, shown, f"episodes/{name}"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    tiny_mp3(folder / audio, seed=number + 100)
    tiny_jpeg(folder / picture, seed=number + 100)
    tiny_jpeg(folder / shown, side=40, seed=number + 101)
    fields = {
        "title": f"T{word}", "date": "2025-07-01 05:00:00 +0900", "audio_file_path": f"/{audio}",
        "description": f"D{word}", "image_url": f"/{picture}", "actor_ids": "[hidden]", "guid": f"G{word}",
        "slug": f"S{word}", "information": f"I{word}", "x-note": f"X{word}",
        "location": f"L{word}", "txt": f"V{word}", "extra_tags": f"<podcast:txt>E{word}</podcast:txt>", **settings,
    }  # fmt: skip
    notes = f"N{word} ![{word}](/{shown}) [{word}](https://{word}.example/)\n"
    if chosen.random() < 0.3 and kind not in ("unclosed header", "fence after a blank line"):
        quoted = {each: value if value in ("true", "false") else f"'{value}'" for each, value in fields.items()}
        text = (
            "+++\n"
            + "".join(f"{each} = {value}\n" for each, value in (quoted | {"actor_ids": "['hidden']"}).items())
            + "+++\n"
        )
    else:
        text = "---\n" + "".join(f"{each}: {value}\n" for each, value in fields.items())
        text += "" if kind == "unclosed header" else "---\n"
        text = f"\n\n{text}" if kind == "fence after a blank line" else text
    text = notes if kind == "note without a header" else text + notes
    if chosen.random() < 0.3:
        text = text.replace("\n", "\r\n")
    data = (b"\xef\xbb\xbf" if chosen.random() < 0.3 else b"") + text.encode()
    (folder / "episodes" / name).write_bytes(data)
    media = [(folder / path).read_bytes() for path in (audio, picture, shown)]
    return kind, [word.encode(), *media]


def _leaks(folder: Path, number: int) -> None:
    """Build without the file and with it: nothing of it is in any byte or name of the output."""
    example_project(
        folder, config={"actors": "{ada: {name: Ada}, hidden: {name: CANARY-5b1d, image_url: /images/hidden.jpg}}"}
    )
    (folder / "images").mkdir()
    tiny_jpeg(folder / "images/hidden.jpg", side=60)
    build(folder)
    kind, secrets = _write_unreleased(folder, number)
    secrets += [_SECRET.encode(), (folder / "images/hidden.jpg").read_bytes()]
    secrets += [hashlib.sha256(data).hexdigest()[:8].encode() for data in secrets if len(data) > 100]
    outcome = build(folder)
    if kind != "misspelt draft":
        assert outcome.stopped == (), kind
    found = tree(folder / "public")
    for path, data in found.items():
        for secret in secrets:
            assert secret not in data and secret not in path.encode(), f"{kind}: {path}"
    assert {path.split("/")[0] for path in found} == {".podfeed-build.json", "artwork", "audio", "radio", *AT_TOP}
    assert list(items(radio(folder))) == ["Tides"]


@pytest.mark.failure("IN-14")
@pytest.mark.parametrize("number", range(22))
def test_unreleased_leaves_no_trace(tmp_path: Path, number: int) -> None:
    """Drafts, what is scheduled, and what cannot be read: no word, no file, no hash and no name of it gets out."""
    _leaks(tmp_path / "project", number)


@pytest.mark.full
@pytest.mark.failure("IN-14")
def test_unreleased_leaves_no_trace_five_hundred_times(tmp_path: Path) -> None:
    """The same over five hundred generated projects (B12)."""
    for number in range(1000, 1500):
        _leaks(tmp_path / "project", number)
        shutil.rmtree(tmp_path / "project")


@pytest.mark.failure("IN-14")
def test_scheduled_goes_out_after_its_date(folder: Path) -> None:
    """The first build after the date releases it; a preview of that moment does not make history."""
    add(
        folder,
        "2.md",
        episode("Waves", date="2026-03-01T06:00:00+09:00", audio="/audio/2.mp3", description="Up."),
        seed=4,
    )
    build(folder)
    lock = (folder / "podfeed.lock").read_bytes()
    assert list(items(radio(folder))) == ["Tides"]

    shown = podfeed(folder, "build", "--now", "2026-03-01T06:00:00+09:00", "--out", folder / "preview")

    assert shown.returncode == 0
    assert list(items(folder / "preview/radio/feed.xml")) == ["Waves", "Tides"]
    assert (folder / "podfeed.lock").read_bytes() == lock
    build(folder, now=NOW + timedelta(days=90))
    assert list(items(radio(folder))) == ["Waves", "Tides"]


def test_preview_of_another_site_makes_no_history(folder: Path) -> None:
    """--site gives every address another beginning, and leaves podfeed.lock and the show's guid alone."""
    build(folder)
    lock, public = (folder / "podfeed.lock").read_bytes(), radio(folder).read_bytes()

    made = podfeed(folder, "build", "--site", "http://127.0.0.1:8000/", "--out", "preview")

    preview = (folder / "preview/radio/feed.xml").read_bytes()
    assert made.returncode == 0
    assert (folder / "podfeed.lock").read_bytes() == lock
    assert preview == public.replace(SITE.encode(), b"http://127.0.0.1:8000")


def test_first_preview_leaves_no_lock(folder: Path) -> None:
    """Who only looks has published nothing."""
    podfeed(folder, "build", "--site", "http://127.0.0.1:8000", "--out", "preview")

    assert not (folder / "podfeed.lock").exists()


@pytest.mark.failure("EN-8")
def test_published_stays_when_the_clock_is_set_back(folder: Path) -> None:
    """Whatever a clock says, what listeners have is not taken away."""
    build(folder)
    before = tree(folder / "public")

    outcome = build(folder, now=NOW - timedelta(days=365 * 5))

    assert tree(folder / "public") == before
    assert outcome.changes == ()


# ------------------------------------------------------------------------------------- history


def test_withdrawn_goes_out_of_feed_and_pages(folder: Path) -> None:
    """A tombstone in the lock is the one way out: feed, pages and audio go, and the file may stay or go as well."""
    add(folder, "2.md", episode("Waves", audio="/audio/2.mp3", description="Up and down."), seed=4)
    build(folder)
    withdrawn = podfeed(folder, "withdraw", "episodes/2.md")
    assert withdrawn.returncode == 0

    outcome = build(folder)

    left = tree(folder / "public")
    assert outcome.stopped == ()
    assert list(items(radio(folder))) == ["Tides"]
    assert not any(b"Waves" in data or "2" in Path(path).stem for path, data in left.items())
    (folder / "episodes/2.md").unlink()
    again = build(folder)
    assert (again.stopped, again.changes) == ((), ())


def test_published_file_that_is_gone_stops_the_show(folder: Path) -> None:
    """A deleted file may be a slip: the feed stays as it is until somebody says what is meant."""
    add(folder, "2.md", episode("Waves", audio="/audio/2.mp3", description="Up and down."), seed=4)
    build(folder)
    before = tree(folder / "public")
    (folder / "episodes/2.md").unlink()

    outcome = build(folder)

    assert outcome.stopped == ("radio",)
    assert [each.rule for each in outcome.diagnostics] == ["history-episode-missing"]
    assert tree(folder / "public") == before


@pytest.mark.failure("CO-2")
def test_replaced_audio_gets_a_new_name(folder: Path) -> None:
    """New bytes go out under a new address with the same guid; the old address never means other bytes."""
    build(folder)
    old = items(radio(folder))["Tides"]
    old_bytes = (folder / "public/audio/good.mp3").read_bytes()
    tiny_mp3(folder / "audio/good.mp3", seed=77)
    new_bytes = (folder / "audio/good.mp3").read_bytes()
    name = f"audio/good.{hashlib.sha256(new_bytes).hexdigest()[:8]}.mp3"

    outcome = build(folder)

    new = items(radio(folder))["Tides"]
    assert [each.rule for each in outcome.diagnostics] == ["audio-replaced"]
    assert (guid(new), enclosure(new)) == (guid(old), f"{SITE}/{name}")
    assert (folder / "public" / name).read_bytes() == new_bytes
    assert tree(folder / "public").get("audio/good.mp3", old_bytes) == old_bytes
    assert build(folder).changes == ()


@pytest.mark.failure("CO-2")
def test_audio_put_back_has_its_old_name_again(folder: Path) -> None:
    """Each address stands for the same bytes for ever, however often the author changes their mind."""
    build(folder)
    first = (folder / "audio/good.mp3").read_bytes()
    meanings: dict[str, set[bytes]] = {}
    for seed in (77, 78, 77, None):
        if seed is None:
            (folder / "audio/good.mp3").write_bytes(first)
        else:
            tiny_mp3(folder / "audio/good.mp3", seed=seed)
        build(folder)
        for path, data in tree(folder / "public/audio").items():
            meanings.setdefault(path, set()).add(data)

    assert enclosure(items(radio(folder))["Tides"]) == f"{SITE}/audio/good.mp3"
    assert len(meanings) == 3
    assert all(len(each) == 1 for each in meanings.values())


def test_renamed_file_keeps_its_guid(folder: Path) -> None:
    """The same audio under another file name is the same episode: no listener gets it twice."""
    build(folder)
    before = guid(items(radio(folder))["Tides"])
    (folder / "episodes/1.md").rename(folder / "episodes/2025-06-02-tides.md")

    outcome = build(folder)

    assert outcome.stopped == ()
    assert guid(items(radio(folder))["Tides"]) == before
    lock, _ = locks.read((folder / "podfeed.lock").read_text("utf-8"))
    assert [entry.path for entry in lock.episodes.values()] == ["episodes/2025-06-02-tides.md"]


def test_changed_title_and_date_keep_the_guid(folder: Path) -> None:
    """What the author writes about an episode does not make it another."""
    build(folder)
    before = guid(items(radio(folder))["Tides"])
    edit(folder / "episodes/1.md", "title: Tides", "title: Ebb")
    edit(folder / "episodes/1.md", "05:00:00", "07:30:00")

    build(folder)

    assert guid(items(radio(folder))["Ebb"]) == before


def test_what_is_no_longer_public_is_removed(folder: Path) -> None:
    """A file of ours that nothing names any more goes, and its empty folders with it."""
    (folder / "images").mkdir()
    tiny_jpeg(folder / "images/sea.jpg", side=40)
    (folder / "episodes/1.md").write_text(
        (folder / "episodes/1.md").read_text("utf-8") + "\n![Sea](/images/sea.jpg)\n", "utf-8"
    )
    build(folder)
    assert (folder / "public/images/sea.jpg").exists()
    edit(folder / "episodes/1.md", "\n![Sea](/images/sea.jpg)\n", "")

    outcome = build(folder)

    assert ("remove", "images/sea.jpg") in [(change.action, change.path) for change in outcome.changes]
    assert not (folder / "public/images").exists()


# ------------------------------------------------------------------------------------- the folder it writes to


def test_foreign_files_are_spared(folder: Path) -> None:
    """What somebody else put beside the output stays, whatever podfeed adds and removes."""
    (folder / "public/radio/tides").mkdir(parents=True)
    foreign = {"CNAME": b"radio.example", "radio/stats.html": b"<p>12", "radio/tides/notes.txt": b"mine"}
    for path, data in foreign.items():
        (folder / "public" / path).write_bytes(data)

    build(folder)
    edit(folder / "episodes/1.md", "title: Tides", "title: Ebb\nslug: ebb")
    build(folder)

    found = tree(folder / "public")
    assert {path: found[path] for path in foreign} == foreign
    assert "radio/ebb/index.html" in found


@pytest.mark.parametrize("path", ["index.html", "radio/feed.xml", "audio/good.mp3"])
def test_foreign_file_in_the_way_is_refused(folder: Path, path: str) -> None:
    """Where a file that is not ours would be overwritten, nothing at all is written."""
    (folder / "public" / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / "public" / path).write_bytes(b"precious")

    made = podfeed(folder, "build")

    assert made.returncode == 3
    assert f"public/{path}” is there and podfeed did not write it" in made.stderr
    assert tree(folder / "public") == {path: b"precious"}


def test_broken_manifest_is_refused(folder: Path) -> None:
    """Without knowing which files are ours, none may be removed or overwritten."""
    build(folder)
    (folder / "public/.podfeed-build.json").write_text('{"files": ["half')

    with pytest.raises(RefusedError, match="cannot be read; delete the folder, or choose another --out"):
        build(folder)


@pytest.mark.parametrize("out", [".", "..", "episodes", "audio", "audio/out", "artwork", "link"])
def test_output_over_the_sources_is_refused(folder: Path, out: str) -> None:
    """The output may not lie over the project's own files, nor reach them through a link."""
    (folder / "link").symlink_to(folder / "episodes")
    before = tree(folder)

    made = podfeed(folder, "build", "--out", out)

    assert made.returncode == 2
    assert "holds the project's own files; choose another --out" in made.stderr
    assert {path: data for path, data in tree(folder).items() if not path.startswith(".podfeed")} == before


def test_two_outputs_do_not_disturb_each_other(folder: Path) -> None:
    """A preview beside the real output is another folder with another memory."""
    build(folder)
    build(folder, folder / "preview", site="http://127.0.0.1:1", is_preview=True)

    assert build(folder).changes == ()
    assert build(folder, folder / "preview", site="http://127.0.0.1:1", is_preview=True).changes == ()


# ------------------------------------------------------------------------------------- media


def test_checkout_without_audio_builds_from_the_lock(folder: Path, tmp_path: Path) -> None:
    """Audio need not be in git: the lock remembers what it is, and the feed is the same."""
    build(folder)
    shutil.rmtree(folder / "audio")
    shutil.rmtree(folder / ".podfeed")

    outcome = build(folder, tmp_path / "elsewhere")

    assert outcome.stopped == ()
    assert (tmp_path / "elsewhere/radio/feed.xml").read_bytes() == radio(folder).read_bytes()
    assert "audio-facts-from-lock" in podfeed(folder, "check").stdout


def test_remote_audio_goes_by_what_was_measured(folder: Path, tmp_path: Path) -> None:
    """Unmeasured it is an error; a copy measured once is remembered under its address, and no file is stored."""
    address = "https://audio.podfeed.example/うみ (1).mp3"
    edit(folder / "episodes/1.md", "/audio/good.mp3", address)
    copy = tiny_mp3(tmp_path / "copy.mp3", seconds=3)

    unmeasured = podfeed(folder, "build", "--offline")
    measured = podfeed(folder, "enrich", "episodes/1.md", "--from", copy)
    made = podfeed(folder, "build")

    assert (unmeasured.returncode, measured.returncode, made.returncode) == (1, 0, 0)
    assert "nobody has measured" in unmeasured.stderr
    item = items(radio(folder))["Tides"]
    assert enclosure(item) == "https://audio.podfeed.example/%E3%81%86%E3%81%BF%20(1).mp3"
    assert item.find("enclosure").get("length") == str(copy.stat().st_size)  # type: ignore[union-attr]
    assert not list((folder / "public").rglob("*.mp3"))


def test_remote_audio_may_be_stated(folder: Path) -> None:
    """Size and length above zero in the header are taken, with a warning; one of them alone is not enough."""
    address = "https://audio.podfeed.example/sea.mp3"
    edit(folder / "episodes/1.md", "/audio/good.mp3", f"{address}\naudio_file_size: 1234567")
    assert build(folder).stopped == ("radio",)
    edit(folder / "episodes/1.md", "audio_file_size", 'duration: "1:02:03"\naudio_file_size')

    outcome = build(folder)

    item = items(radio(folder))["Tides"]
    assert "audio-only-stated" in [each.rule for each in outcome.diagnostics]
    assert item.find("enclosure").attrib == {"url": address, "length": "1234567", "type": "audio/mpeg"}  # type: ignore[union-attr]
    assert item.findtext("{http://www.itunes.com/dtds/podcast-1.0.dtd}duration") == "3723"


def test_media_may_have_an_address_of_their_own(tmp_path: Path) -> None:
    """With `media` in config.yaml, enclosures and pictures are there, pages and the feed below `site`."""
    folder = example_project(tmp_path, config={"media": "https://media.podfeed.example/x"})

    build(folder)

    item = items(radio(folder))["Tides"]
    assert enclosure(item) == "https://media.podfeed.example/x/audio/good.mp3"
    assert item.findtext("link") == f"{SITE}/radio/1/"
    assert b'href="https://media.podfeed.example/x/artwork/cover-' in radio(folder).read_bytes()


@pytest.mark.failure("IN-26")
@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["NFC", "NFD"])
def test_normal_form_of_a_name_does_not_matter(folder: Path, on_disk: str, written: str) -> None:
    """A name typed on a Mac and a name in a zip find each other; one file goes out, under one address, in NFC."""
    name = "ガイド・プレビュー é.mp3"
    tiny_mp3(folder / "audio" / unicodedata.normalize(on_disk, name), seed=6)
    edit(folder / "episodes/1.md", "/audio/good.mp3", f"/audio/{unicodedata.normalize(written, name)}")

    assert build(folder).stopped == ()

    nfc = unicodedata.normalize("NFC", name)
    assert enclosure(items(radio(folder))["Tides"]) == f"{SITE}/audio/{quote(nfc)}"
    assert [each.name for each in (folder / "public/audio").iterdir()] == [nfc]


@pytest.mark.failure("IN-26")
def test_two_normal_forms_of_one_name_are_an_error(folder: Path) -> None:
    """Two files that look alike are told apart by nobody."""
    for form, seed in (("NFC", 6), ("NFD", 7)):
        tiny_mp3(folder / "audio" / unicodedata.normalize(form, "ガイド.mp3"), seed=seed)
    edit(folder / "episodes/1.md", "/audio/good.mp3", "/audio/ガイド.mp3")

    assert "path-ambiguous" in [each.rule for each in build(folder).diagnostics]


_ODD_NAMES = [
    pytest.param("a b%20c#?+&.mp3", id="all that URLs treat specially"),
    pytest.param("100%.mp3", id="a lone percent"),
    pytest.param("%E6%B5%B7.mp3", id="looks encoded already"),
    pytest.param("海の音 ☆ A.I.局_20250602.mp3", id="japanese with a star"),
    pytest.param("it's \"quoted\" <b>.mp3", id="quotes and brackets"),
    pytest.param("-rf.mp3", id="leading dash"),
    pytest.param("CON.mp3", id="reserved on windows"),
    pytest.param("a;b=c,d$e!(f)*@:g.mp3", id="reserved in URLs, allowed in paths"),
    pytest.param("back\\slash|pipe^caret`tick{brace}.mp3", id="what URLs may not hold"),
    pytest.param("👩‍🚀 🎙️.mp3", id="joined emoji"),
    pytest.param("a  b\u3000c\u00a0d.mp3", id="spaces of all kinds"),
]  # fmt: skip


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize("name", _ODD_NAMES)
def test_odd_name_is_encoded_once(folder: Path, name: str) -> None:
    """The address, decoded once, is the author's path, and there lie the author's bytes; no second name appears."""
    tiny_mp3(folder / "audio" / name, seed=8)
    written = name.replace("'", "''")
    edit(folder / "episodes/1.md", "/audio/good.mp3", f"'/audio/{written}'")

    outcome = build(folder)

    address = enclosure(items(radio(folder))["Tides"])
    parts = urlsplit(address)
    assert outcome.stopped == ()
    assert address.isascii() and not set(address) & set(' "<>\\^`{|}')
    assert (parts.query, parts.fragment) == ("", "")
    assert unquote(parts.path) == f"/audio/{name}"
    assert tree(folder / "public/audio") == {name: (folder / "audio" / name).read_bytes()}
    page = (folder / "public/radio/1/index.html").read_text("utf-8")
    near = address.replace(
        "https://radio.podfeed.example/", "../../"
    )  # pages name the files of their own site from where they lie
    assert near.replace("&", "&amp;").replace("'", "&#39;") in page


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize("name", ["a\nb.mp3", "a\x01b.mp3", "x" * 240 + "/" + "y" * 240 + "/" + "z" * 60 + ".mp3"])
def test_name_no_store_can_keep_is_an_error(folder: Path, name: str) -> None:
    """A name that a server or a store would lose or bend stops the show before it is published."""
    (folder / "audio" / name).parent.mkdir(parents=True, exist_ok=True)
    tiny_mp3(folder / "audio" / name, seed=8)
    edit(
        folder / "episodes/1.md",
        "/audio/good.mp3",
        '"/audio/' + name.replace("\n", "\\n").replace("\x01", "\\x01") + '"',
    )

    outcome = build(folder)

    assert outcome.stopped == ("radio",)
    assert {"path-unpublishable", "text-control-character"} & {each.rule for each in outcome.diagnostics}


@pytest.mark.failure("IN-28")
def test_secrets_beside_the_episodes_stay(folder: Path) -> None:
    """Only what the pages and feeds name goes out, not whatever else lies in the folders."""
    names = [
        ".env",
        "notes.txt",
        "1.md.bak",
        "1.md~",
        ".1.md.swp",
        "#1.md#",
        ".DS_Store",
        "id_rsa",
        "key.pem",
        ".git/config",
        "Thumbs.db",
    ]
    for number, place in enumerate(("", "episodes", "audio", "artwork", "episodes/.hidden", "static")):
        for name in names:
            (folder / place / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / place / name).write_text(f"AWS_SECRET_ACCESS_KEY=CANARY{number}{name}")

    build(folder)

    found = tree(folder / "public")
    assert {re.sub("-[0-9a-f]{8}-", "-", path) for path in found} == {
        ".podfeed-build.json", *_COPIES, "audio/good.mp3", *AT_TOP, "radio/1/index.html", "radio/2025/index.html",
        "radio/feed.xml", "radio/index.html", "radio/people/ada/index.html", "radio/search/index.html",
        "radio/sitemap.xml", "radio/subscribe/index.html", "radio/titles.json",
    }  # fmt: skip
    assert not any(b"CANARY" in data or b"site: " in data for data in found.values())


@pytest.mark.failure("IN-28")
@pytest.mark.parametrize("reference", ["../../secret.mp3", "/../secret.mp3", "link.mp3", "/linked/secret.mp3"])
def test_what_lies_outside_the_project_stays_outside(folder: Path, reference: str) -> None:
    """No path and no link carries a file from elsewhere into the output."""
    tiny_mp3(folder.parent / "secret.mp3", seed=13)
    (folder / "episodes/link.mp3").symlink_to(folder.parent / "secret.mp3")
    (folder / "linked").symlink_to(folder.parent)
    edit(folder / "episodes/1.md", "/audio/good.mp3", reference)

    outcome = build(folder)

    assert outcome.stopped == ("radio",)
    assert "path-outside-project" in [each.rule for each in outcome.diagnostics]


@pytest.mark.failure("IN-29")
@pytest.mark.parametrize(
    "address",
    [
        "https://ada:pass@audio.podfeed.example/a.mp3",
        "https://ada@audio.podfeed.example/a.mp3",
        "https://audio.podfeed.example/a.mp3?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0a",
        "https://audio.podfeed.example/a.mp3?X-Goog-Signature=0a",
        "https://audio.podfeed.example/a.mp3?token=0a",
        "https://audio.podfeed.example/a.mp3?sv=2022&se=2026-01-01&sig=0a%3D",
        "https://audio.podfeed.example/a.mp3?Expires=1767225600&Signature=0a&Key-Pair-Id=K",
    ],
)
def test_private_address_never_reaches_the_feed(folder: Path, address: str) -> None:
    """A link with a password, a token or a signature would be public, and soon dead."""
    edit(folder / "episodes/1.md", "/audio/good.mp3", f'{address}\naudio_file_size: 9000\nduration: "00:01"')

    outcome = build(folder)

    assert outcome.stopped == ("radio",)
    assert "audio-address-private" in [each.rule for each in outcome.diagnostics]


# ------------------------------------------------------------------------------------- bad days


def _changed(folder: Path) -> None:
    """What a host does on a normal day: a new episode, a new title, new audio, one picture less."""
    add(
        folder, "2.md", episode("Waves", audio="/audio/2.mp3", description="Up and down.", notes="Wet. " * 2000), seed=4
    )
    edit(folder / "episodes/1.md", "title: Tides", "title: Ebb")
    tiny_mp3(folder / "audio/good.mp3", seconds=2, seed=3)


@pytest.mark.failure("EN-1")
@pytest.mark.parametrize("most", [0, 500, 2000, 4096, 8192, 12000])
def test_full_disk_leaves_the_old_tree(folder: Path, most: int) -> None:
    """A file that cannot be written whole is not written: exit 4, every path with its old or its new bytes."""
    build(folder)
    old = tree(folder / "public")
    _changed(folder)

    made = subprocess.run(
        [sys.executable, "-m", "podfeed", "build"], cwd=folder, env=environment(PYTHONDONTWRITEBYTECODE="1"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)), capture_output=True, text=True,
    )  # fmt: skip

    left = tree(folder / "public")
    build(folder)
    new = tree(folder / "public")
    assert made.returncode == 4, made.stderr
    assert "cannot be written: File too large" in made.stderr
    assert "Traceback" not in made.stderr
    left.pop(".podfeed-build.json")  # it lists what was to be written: what is left behind must be known as ours
    for path, data in left.items():
        assert data in (old.get(path), new.get(path)), path
    assert old.keys() - {".podfeed-build.json"} <= left.keys()


@pytest.mark.failure("IN-24")
def test_audio_that_changes_during_the_build_does_not_go_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed states size and length of the bytes that go out: if they changed meanwhile, nobody hears them yet."""
    build(folder)
    before = radio(folder).read_bytes(), tree(folder / "public/audio")
    tiny_mp3(folder / "audio/good.mp3", seconds=2, seed=3)
    checked = building.check

    def saved_meanwhile(*given: Any, **named: Any) -> Any:
        tiny_mp3(folder / "audio/good.mp3", seconds=3, seed=4)
        return checked(*given, **named)

    monkeypatch.setattr(building, "check", saved_meanwhile)

    with pytest.raises(TargetError, match="changed since it was measured; run again"):
        build(folder)
    assert (radio(folder).read_bytes(), tree(folder / "public/audio")) == before


@pytest.mark.failure("EN-1")
@pytest.mark.parametrize("out", ["/proc/podfeed", "config.yaml", "config.yaml/below", "/dev/full"])
def test_place_that_takes_no_files_is_the_targets_trouble(folder: Path, out: str) -> None:
    """A read-only place, or a file where the folder should be: exit 4 and one line."""
    made = podfeed(folder, "build", "--out", out)

    assert made.returncode == 4
    assert "cannot be written" in made.stderr or "cannot be read" in made.stderr
    assert "Traceback" not in made.stderr


def _is_whole(found: dict[str, bytes]) -> None:
    """Every file a feed names is there, with the length it promises."""
    for path, data in found.items():
        if path.endswith("feed.xml"):
            for item in items(data).values():
                name = unquote(enclosure(item).removeprefix(f"{SITE}/"))
                assert len(found[name]) == int(item.find("enclosure").get("length") or 0)  # type: ignore[union-attr]


@pytest.mark.failure("EN-2")
@pytest.mark.parametrize("how", ["kill", "interrupt"])
def test_build_stopped_anywhere_harms_nothing(folder: Path, tmp_path: Path, how: str) -> None:
    """Killed or interrupted at any write: each path has its old or its new bytes, and a plain rerun completes."""
    build(folder)
    old = tree(folder / "public")
    old_lock = (folder / "podfeed.lock").read_bytes()
    _changed(folder)
    ends = []
    states = [
        (project, code, said, tree(project / "public"))
        for project, code, said in stopped_everywhere(folder, tmp_path / how, how)
    ]
    done = states[-1][0]
    new, new_lock = states[-1][3], (done / "podfeed.lock").read_bytes()

    for project, code, said, left in states:
        ends.append(code)
        assert "Traceback" not in said
        if how == "interrupt":
            assert left == without_leftovers(left)
        left = without_leftovers(left)
        for path, data in left.items():
            if path != ".podfeed-build.json":
                assert data in (old.get(path), new.get(path)), path
        assert (old.keys() & new.keys()) <= left.keys()
        assert (project / "podfeed.lock").read_bytes() in (old_lock, new_lock)
        _is_whole(left)
        build(project)
        assert without_leftovers(tree(project / "public")) == new

    assert len(ends) > 15
    assert ends == [9 if how == "kill" else 130] * (len(ends) - 1) + [0]


@pytest.mark.failure("EN-13")
def test_interrupt_ends_quietly() -> None:
    """Ctrl-C is no fault: exit 130, no traceback."""
    command = [sys.executable, "-m", "podfeed", "adopt", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as running:
        # It waits for a feed on its standard input; wait until it does.
        wchan = Path(f"/proc/{running.pid}/wchan")
        for _ in range(1000):
            if "pipe_read" in wchan.read_text() or "anon_pipe" in wchan.read_text():
                break
            signal.sigtimedwait([], 0.01)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)

    assert running.returncode == 130
    assert b"Traceback" not in said


@pytest.mark.failure("EN-13")
@pytest.mark.parametrize("words", [["rules"], ["--help"], ["check", "--list"], ["build"], ["enrich"]], ids=" ".join)
def test_reader_that_goes_away_is_no_fault(folder: Path, words: list[str]) -> None:
    """`podfeed … | head -1`: no traceback, and the exit code of an interruption, not that of errors in the content."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "podfeed", *words]
    made = subprocess.run(command, cwd=folder, env=environment(), stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)

    assert made.returncode == 130
    assert "Traceback" not in made.stderr and "Exception ignored" not in made.stderr


@pytest.mark.failure("EN-13")
def test_cron_has_no_home_and_no_locale(folder: Path) -> None:
    """Nothing but PATH in the environment, no terminal: Japanese names are built and printed all the same."""
    tiny_mp3(folder / "audio/海の音.mp3", seed=8)
    edit(folder / "episodes/1.md", "/audio/good.mp3", "/audio/海の音.mp3\nzeason: 1")
    command = [sys.executable, "-m", "podfeed", "build"]

    made = subprocess.run(
        command,
        cwd=folder,
        env={"PYTHONPATH": environment()["PYTHONPATH"], "LC_ALL": "C"},
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )

    assert made.returncode == 0
    assert (folder / "public/audio/海の音.mp3").exists()
    assert "“zeason”" in made.stderr.decode("utf-8")


# ------------------------------------------------------------------------------------- exit codes


def test_exit_0_says_done(folder: Path) -> None:
    """A build, a check, help and the version all end with 0."""
    for words in (["build"], ["check"], ["--help"], ["--version"], ["rules"]):
        assert podfeed(folder, *words).returncode == 0


def test_exit_1_says_the_content_has_errors(folder: Path) -> None:
    """Errors end with 1; warnings only under --strict."""
    warned = podfeed(folder, "check"), podfeed(folder, "check", "--strict")
    edit(folder / "episodes/1.md", "/audio/good.mp3", "/audio/none.mp3")

    assert [each.returncode for each in warned] == [0, 1]
    assert podfeed(folder, "check").returncode == 1
    assert podfeed(folder, "build").returncode == 1
    assert podfeed(folder, "enrich").returncode == 1


@pytest.mark.parametrize(
    "words",
    [["biuld"], ["build", "--colour"], ["build", "--now", "tomorrow"], ["build", "--now", "2026-01-01"],
     ["build", "--show", "nowhere"], ["check", "/etc/passwd"], ["rules", "no-such-rule"], ["enrich", "--from", "x.mp3"],
     ["build", "-C", "/"]],
    ids=" ".join,
)  # fmt: skip
def test_exit_2_says_wrong_use(folder: Path, words: list[str]) -> None:
    """What cannot be meant is told in a sentence, and nothing is done."""
    made = podfeed(folder, *words)

    assert made.returncode == 2
    assert made.stderr and "Traceback" not in made.stderr
    assert not (folder / "public").exists()


def test_exit_3_says_refused(folder: Path) -> None:
    """A lock that a newer podfeed wrote is not touched by an older one."""
    text = "# podfeed.lock 99: written by a later podfeed\n"
    (folder / "podfeed.lock").write_text(text)

    made = podfeed(folder, "build")

    assert made.returncode == 3
    assert "install that one" in made.stderr
    assert (folder / "podfeed.lock").read_text() == text
    assert not (folder / "public").exists()


def test_lock_that_cannot_be_read_is_never_lost(folder: Path) -> None:
    """An unfinished merge stops everything: no line of the lock may disappear."""
    build(folder)
    text = (folder / "podfeed.lock").read_text("utf-8") + "<<<<<<< HEAD\n"
    (folder / "podfeed.lock").write_text(text, "utf-8")

    made = podfeed(folder, "build")

    assert made.returncode in (1, 3)
    assert "a merge of podfeed.lock was left unfinished here" in made.stderr
    assert (folder / "podfeed.lock").read_text("utf-8") == text


def test_exit_70_says_the_fault_is_ours(folder: Path, tmp_path: Path) -> None:
    """One line and a report file, never a bare traceback."""
    script = "import sys, podfeed.building\ndef broken(*_, **__): raise ZeroDivisionError('oops')\npodfeed.building.check = broken\nsys.argv = ['podfeed', 'build']\nfrom podfeed.cli import main\nmain()"
    env = environment(TMPDIR=str(tmp_path))

    made = subprocess.run([sys.executable, "-c", script], cwd=folder, env=env, capture_output=True, text=True)

    assert made.returncode == 70
    assert made.stderr.startswith("podfeed: this is a fault of podfeed's own; please report it with “")
    assert made.stderr.count("\n") == 1
    (report,) = tmp_path.glob("podfeed-*.txt")
    assert "ZeroDivisionError: oops" in report.read_text()


def test_target_error_carries_its_cause(folder: Path) -> None:
    """The library raises what the command tells."""
    with pytest.raises(TargetError, match="cannot be written"):
        build(folder, Path("/proc/podfeed"))


@pytest.mark.failure("IN-30")
def test_show_taken_out_of_the_config_stays_in_the_output(folder: Path) -> None:
    """Removing a show is not deleting it: its listeners keep their feed, and that is said."""
    build(folder)
    before = tree(folder / "public/radio")
    edit(folder / "config.yaml", "  radio:", "  news:")

    outcome = build(folder)

    assert tree(folder / "public/radio") == before
    assert "history-show-missing" in [each.rule for each in outcome.diagnostics]
