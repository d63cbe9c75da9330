"""Whole histories of a podcast: identities stay, feeds name only what is there, and a partial build is as good as a full one."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from commands import NOW, items, tree

from podfeed import building
from podfeed.building import Outcome
from podfeed.checking import check
from podfeed.errors import RefusedError
from podfeed.loading import load
from podfeed.standstill import moved_since
from podfeed.testing import EXAMPLE_SHOW, example_project, tiny_jpeg, tiny_mp3

SITE = "https://radio.podfeed.example/"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two shows, built once: Harbour Radio with two episodes, Harbour News with one. Ada and Bo have pictures."""
    root = tmp_path / "podcast"
    news = "".join(f"    {name}: {value}\n" for name, value in {**EXAMPLE_SHOW, "artwork": "artwork/news.jpg"}.items())
    example_project(
        root,
        config={"actors": "{ada: {name: Ada, image_url: /images/ada.jpg}, bo: {name: Bo, image_url: /images/bo.jpg}}"},
        show={"match": '{path: "?.md"}'},
    )
    with (root / "config.yaml").open("a", encoding="utf-8") as config:
        config.write(f'  news:\n{news}    match: {{path: "news/*"}}\n')
    for number in range(2, 8):
        tiny_mp3(root / f"audio/{number}.mp3", seconds=number)
    for number, name in enumerate(("artwork/news", "images/ada", "images/bo")):
        (root / name).parent.mkdir(exist_ok=True)
        tiny_jpeg(root / f"{name}.jpg", seed=number + 1)
    write(root, "2.md", "Waves", 2)
    write(root, "news/3.md", "Fog", 3)
    build(root)
    build(root)
    return root


def write(root: Path, name: str, title: str, audio: int, more: str = "") -> Path:
    path = root / "episodes" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\ntitle: {title}\ndate: 2025-06-{audio + 10} 05:00:00 +0900\naudio_file_path: /audio/{audio}.mp3\n"
        f"actor_ids: [ada]\ndescription: {title}.\n{more}---\nNotes.\n",
        "utf-8",
    )
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def build(root: Path) -> Outcome:
    """`podfeed build`, as it looks only at what moved; every file is old enough to be trusted."""
    for path in [root, *root.rglob("*")]:
        if not {"public", ".podfeed"} & {*path.relative_to(root).parts} and path.stat().st_mtime > time.time() - 60:
            os.utime(path, (time.time() - 3600,) * 2)
    moved = moved_since(root, root / "public", ("",), NOW)
    outcome = building.built(root, out=root / "public", now=NOW, moved=moved)
    assert list(dead_names(root / "public")) == []
    return outcome


def dead_names(out: Path) -> Iterator[str]:
    """Every address of this site that a feed or page names, and that is not there."""
    for path in out.rglob("*"):
        if path.suffix not in (".xml", ".html"):
            continue
        text = path.read_text("utf-8")
        named = re.findall(rf'(?:url|href|img|src)="{SITE}([^"]+)"', text)
        near = [os.path.normpath(path.parent / each) for each in re.findall(r'src="(\.\.?/[^"]+)"', text)]
        for file in [*(out / unquote(each) for each in named), *map(Path, map(unquote, near))]:
            if not file.exists() and not (file / "index.html").exists():
                yield f"{path.relative_to(out)} names {file}"


def guids(root: Path, show: str) -> dict[str, str]:
    return {title: item.findtext("guid") or "" for title, item in items(root / f"public/{show}/feed.xml").items()}


def rules(outcome: Outcome, severity: str = "error") -> list[str]:
    return [each.rule for each in outcome.diagnostics if each.severity == severity]


def same_as_full(root: Path, tmp_path: Path) -> bool:
    """Whether the output is what a build of everything, into an empty folder, makes of the project now."""
    building.built(root, out=tmp_path / "whole", now=NOW)
    return tree(root / "public") == tree(tmp_path / "whole")


@pytest.mark.parametrize("picture", ["images/ada.jpg", "artwork/cover.jpg", "artwork/news.jpg"])
def test_replaced_picture_is_named_by_its_new_name(root: Path, tmp_path: Path, picture: str) -> None:
    """Feeds, pages and the home page follow, whichever shows were looked at."""
    tiny_jpeg(root / picture, seed=9)

    outcome = build(root)

    assert outcome.changes
    assert same_as_full(root, tmp_path)
    assert build(root).changes == ()


def test_replaced_face_of_a_host_changes_the_pages_that_name_only_guests(root: Path, tmp_path: Path) -> None:
    """A page lists the hosts of the show where its episode names none: it follows their pictures."""
    edit(root / "config.yaml", '{path: "?.md"}', '{path: "?.md", actor_ids: [ada, bo]}')
    write(root, "2.md", "Waves", 2, "roles: {ada: guest}\n")
    build(root)
    tiny_jpeg(root / "images/bo.jpg", seed=9)

    build(root)

    assert "images/bo." in (root / "public/radio/2/index.html").read_text("utf-8")
    assert same_as_full(root, tmp_path)


def test_guid_of_a_show_that_podfeed_lock_learns_elsewhere_is_in_its_feeds(root: Path, tmp_path: Path) -> None:
    """Whoever adopts a feed on another machine commits podfeed.lock and nothing else."""
    lock = root / "podfeed.lock"
    old = re.findall(r'^show .*"id": "radio", "guid": "([^"]+)"', lock.read_text("utf-8"), re.MULTILINE)[0]
    edit(lock, old, "7cd5a1d0-5d6a-5a4e-9d3e-1f0f6b1b5c11")

    build(root)

    assert "7cd5a1d0-5d6a-5a4e-9d3e-1f0f6b1b5c11" in (root / "public/radio/feed.xml").read_text("utf-8")
    assert same_as_full(root, tmp_path)


@pytest.mark.parametrize(
    ("setting", "name"),
    [("audio_file_path", "audio/5.mp3"), ("image_url", "artwork/news.jpg"), ("transcripts", "t.txt")],
)
def test_file_that_comes_to_lie_beside_an_episode_takes_the_place_of_another(
    root: Path, tmp_path: Path, setting: str, name: str
) -> None:
    """A path without a slash in front is looked for beside the episode first, and then in the project's folder."""
    (root / "t.txt").write_text("Ada: The first words.\n", "utf-8")
    waves = root / "episodes/2.md"
    edit(waves, "---\n", f"---\n{setting}: {name}\n")
    text = waves.read_text("utf-8")
    waves.write_text(text.replace("audio_file_path: /audio/2.mp3\n", "") if setting in ("audio_file_path",) else text)
    build(root)
    build(root)
    beside = root / "episodes" / name
    beside.parent.mkdir(exist_ok=True)
    if name == "t.txt":
        beside.write_text("Ada: Other words.\n", "utf-8")
    else:
        (tiny_mp3 if name.endswith(".mp3") else tiny_jpeg)(beside, seed=7)

    assert build(root).changes
    assert same_as_full(root, tmp_path)


def test_face_of_a_host_is_published_without_an_episode(root: Path) -> None:
    """The channel lists who is in “match”: their pictures are there too."""
    edit(root / "config.yaml", '{path: "?.md"}', '{path: "?.md", actor_ids: [ada, bo]}')
    edit(root / "episodes/1.md", "actor_ids: [ada]", "actor_ids: [ada]")

    build(root)

    assert (root / "public/images/bo.jpg").exists()


def test_file_that_was_no_episode_becomes_one(root: Path, tmp_path: Path) -> None:
    """Also when a check has already looked at it."""
    path = root / "episodes" / "x.md"
    path.write_text("hello\n", "utf-8")
    build(root)
    write(root, "x.md", "Ice", 5, "show: news\n")
    os.utime(path, (time.time() - 1800,) * 2)
    check(load(root), now=NOW)

    build(root)

    assert "Ice" in guids(root, "news")
    assert same_as_full(root, tmp_path)


def test_draft_that_moves_to_another_show_goes_out_at_once(root: Path, tmp_path: Path) -> None:
    """The show it belongs to now is looked at, not only the one it left."""
    path = write(root, "5.md", "Ice", 5, "draft: true\n")
    build(root)
    write(root, "5.md", "Ice", 5, "show: news\n")
    os.utime(path, (time.time() - 1800,) * 2)
    check(load(root), now=NOW)

    build(root)

    assert "Ice" in guids(root, "news")
    assert same_as_full(root, tmp_path)


def test_page_of_another_show_is_never_overwritten(root: Path) -> None:
    """The newcomer is told and stopped; the show whose page it is goes out untouched."""
    before = (root / "public/news/3/index.html").read_bytes()
    path = write(root, "5.md", "Ice", 5, "permalink: /news/3/\n")

    outcome = build(root)

    assert "page-address-shared" in rules(outcome) and outcome.stopped == ("radio",)
    assert next(each.path for each in outcome.diagnostics if each.severity == "error") == "episodes/5.md"
    assert (root / "public/news/3/index.html").read_bytes() == before
    path.unlink()


def test_guid_of_another_show_is_refused_in_a_partial_look(root: Path) -> None:
    """podfeed.lock knows the guids of the shows that are not looked at."""
    taken = guids(root, "news")["Fog"]
    write(root, "5.md", "Ice", 5, f"guid: {taken}\n")

    outcome = build(root)

    assert "guid-shared" in rules(outcome) and outcome.stopped == ("radio",)


def test_identity_follows_the_audio_when_files_are_renumbered(root: Path) -> None:
    """A host inserts an episode: what listeners have keeps its guid, and the new recording is a new episode."""
    before = guids(root, "radio")
    (root / "episodes/2.md").rename(root / "episodes/9.md")
    write(root, "2.md", "Ice", 4)

    build(root)

    after = guids(root, "radio")
    assert {title: after[title] for title in before} == before
    assert after["Ice"] not in before.values()
    build(root)
    assert guids(root, "radio") == after


def test_swapped_files_keep_their_identities(root: Path) -> None:
    """Two files exchange their names: each recording keeps its guid."""
    before = guids(root, "radio")
    first, second, aside = root / "episodes/1.md", root / "episodes/2.md", root / "aside.md"
    first.rename(aside)
    second.rename(first)
    aside.rename(second)

    build(root)

    assert guids(root, "radio") == before


@pytest.mark.failure("IN-30")
def test_renamed_show_is_refused(root: Path) -> None:
    """Every episode would be new, and the old feed would fall silent."""
    before = tree(root / "public")
    edit(root / "config.yaml", "  radio:", "  harbour:")

    outcome = build(root)

    assert "history-show-renamed" in rules(outcome)
    assert {path: data for path, data in tree(root / "public").items() if path.startswith("radio/")} == {
        path: data for path, data in before.items() if path.startswith("radio/")
    }


@pytest.mark.failure("IN-30")
def test_feed_that_moves_leaves_the_old_one(root: Path) -> None:
    """Apps read the old address until its owner says where the feed went."""
    edit(root / "config.yaml", "  radio:\n", "  radio:\n    feed: radio/new.xml\n")

    build(root)
    assert (root / "public/radio/feed.xml").exists() and (root / "public/radio/new.xml").exists()

    edit(root / "config.yaml", "  radio:\n", f"  radio:\n    new_feed_url: {SITE}radio/new.xml\n")
    build(root)
    build(root)
    assert not (root / "public/radio/feed.xml").exists()


def test_config_that_changes_during_a_build_is_built_next(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read is remembered as it was when it was read."""
    edit(root / "config.yaml", "Harbour Radio", "Harbour Radio One")
    mirror = building.mirror

    def meanwhile(*args: object, **more: object) -> object:
        edit(root / "config.yaml", "Harbour Radio One", "Harbour Radio Two")
        return mirror(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(building, "mirror", meanwhile)
    build(root)
    monkeypatch.undo()

    build(root)

    assert "<title>Harbour Radio Two</title>" in (root / "public/radio/feed.xml").read_text("utf-8")


@pytest.mark.parametrize("address", ["slug: feed.xml", "permalink: /news/feed.xml/x", "permalink: /podfeed.css/x/"])
def test_address_above_or_below_another_is_told(root: Path, address: str) -> None:
    """One path cannot be a file and a folder."""
    write(root, "5.md", "Ice", 5, f"{address}\npermalink: /radio/feed.xml/\n" if "slug" in address else f"{address}\n")

    outcome = build(root)

    assert rules(outcome) == ["page-address-shared"] and outcome.stopped == ("radio",)


def test_shared_audio_goes_when_nobody_names_it(root: Path, tmp_path: Path) -> None:
    """Also when the shows that gave it up were built one after the other."""
    write(root, "5.md", "Ice", 5)
    write(root, "news/5.md", "Ice", 5)
    build(root)
    write(root, "5.md", "Ice", 4)
    build(root)
    write(root, "news/5.md", "Ice", 6)

    build(root)

    assert not (root / "public/audio/5.mp3").exists()
    assert same_as_full(root, tmp_path)


def test_manifest_cannot_reach_out_of_its_folder(root: Path) -> None:
    """Whoever wrote it: only files below the output are ever removed."""
    manifest = root / "public/.podfeed-build.json"
    manifest.write_text('{"files": {"../config.yaml": ["gone"]}}', "utf-8")

    with pytest.raises(RefusedError, match="cannot be read"):
        build(root)

    assert (root / "config.yaml").exists()


@pytest.mark.parametrize("garbage", ["", "null", "[]", '{"shows": []}', '{"shows": {"radio": 5}}', '{"a": 5}', "\x00"])
def test_garbage_in_the_cache_costs_only_time(root: Path, tmp_path: Path, garbage: str) -> None:
    """Nothing precious lies in .podfeed, and nothing there is believed."""
    for path in (root / ".podfeed").iterdir():
        path.write_text(garbage, "utf-8")

    assert build(root).changes == ()
    assert same_as_full(root, tmp_path)


@pytest.mark.parametrize(
    ("rule", "harm"),
    [
        ("history-episode-missing", "episodes/2.md"),
        ("artwork-file-missing", "artwork/cover.jpg"),
        ("audio-file-missing", "audio/2.mp3"),
    ],
)
def test_what_keeps_the_promises_cannot_be_quieted(root: Path, rule: str, harm: str) -> None:
    """An owner may do without advice, not without an episode or a picture that feeds name."""
    edit(root / "config.yaml", "actors:", f"checks: {{ignore: {{{rule}: I know better}}}}\nactors:")
    (root / harm).unlink()
    (root / "podfeed.lock").write_text(
        "".join(
            line
            for line in (root / "podfeed.lock").read_text("utf-8").splitlines(True)
            if f'"{harm}"' not in line or "episode" in line[:8]
        ),
        "utf-8",
    )

    outcome = build(root)

    assert rule in rules(outcome) and "radio" in outcome.stopped
    assert set(guids(root, "radio")) == {"Tides", "Waves"}


def test_published_file_without_its_header_is_told_where_it_stands(root: Path) -> None:
    """Its author is sent to the file, not told that it is gone."""
    edit(root / "episodes/2.md", "---\ntitle", "The\ntitle")

    outcome = build(root)

    (told,) = [each for each in outcome.diagnostics if each.severity == "error"]
    assert (told.rule, told.path) == ("history-episode-missing", "episodes/2.md")
    assert "its first line is neither" in told.message


def test_file_that_takes_the_place_of_another_is_read(root: Path, tmp_path: Path) -> None:
    """Size and time may be those of the old file: it was moved there all the same."""
    one, two = root / "episodes/1.md", root / "episodes/2.md"
    text = two.read_text("utf-8")
    other = root / "other.md"
    other.write_text(text.replace("Waves", "Shoal"), "utf-8")
    shutil.copystat(two, other)
    other.replace(two)

    build(root)

    assert "Shoal" in guids(root, "radio") and one.exists()
    assert same_as_full(root, tmp_path)
