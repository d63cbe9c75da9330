"""A folder that mirrors a build: order, refusals, and what stays."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from podfeed.errors import RefusedError, TargetError
from podfeed.model import File
from podfeed.publish.folder import Change, mirror, read_manifest


def _page(path: str, text: str, stage: str = "page", shows: tuple[str, ...] = ("radio",)) -> File:
    return File(path=path, shows=shows, stage=stage, fingerprint=f"{path}{text}", content=text.encode)  # type: ignore[arg-type]


def _medium(path: str, source: Path | None, data: bytes = b"sound") -> File:
    return File(
        path=path, shows=("radio",), stage="media", fingerprint=hashlib.sha256(data).hexdigest(), content=source
    )


def _files(*files: File) -> dict[str, File]:
    return {file.path: file for file in files}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "public"


def test_feeds_come_last_and_are_announced(out: Path, tmp_path: Path) -> None:
    """When a feed is about to be written, everything it can name is there, and the feed is not."""
    (tmp_path / "a.mp3").write_bytes(b"sound")
    seen: list[set[str]] = []

    changes = mirror(
        _files(_page("feed.xml", "f", "feed"), _page("a/index.html", "p"), _medium("a.mp3", tmp_path / "a.mp3")),
        out,
        before_feeds=lambda: seen.append({path.name for path in out.rglob("*") if path.is_file()}),
    )

    assert seen == [{".podfeed-build.json", "index.html", "a.mp3"}]
    assert changes == (Change("add", "a.mp3"), Change("add", "a/index.html"), Change("add", "feed.xml"))


def test_nothing_is_announced_when_the_build_is_refused(out: Path) -> None:
    """Then nothing becomes public, and nothing is remembered as published."""
    out.mkdir()
    (out / "index.html").write_text("somebody else's", "utf-8")
    announced: list[bool] = []

    with pytest.raises(RefusedError, match="podfeed did not write it"):
        mirror(_files(_page("index.html", "ours")), out, before_feeds=lambda: announced.append(True))

    assert announced == []
    assert (out / "index.html").read_text("utf-8") == "somebody else's"


@pytest.mark.failure("IN-28")
def test_secret_stops_before_the_feed(out: Path) -> None:
    """A credential in a page is named by its variable, and never written."""
    secrets = {"DEPLOY_TOKEN": b"correct horse battery"}

    with pytest.raises(RefusedError, match=r"“a\.html” would give away the value of DEPLOY_TOKEN") as refused:
        mirror(_files(_page("a.html", "correct horse battery"), _page("f.xml", "f", "feed")), out, secrets=secrets)

    assert "correct horse" not in str(refused.value)
    assert not (out / "a.html").exists() and not (out / "f.xml").exists()


@pytest.mark.failure("IN-24")
def test_medium_that_changed_since_it_was_measured_is_refused(out: Path, tmp_path: Path) -> None:
    """The bytes that go out are the bytes the feed speaks of; small files and large ones alike."""
    source = tmp_path / "a.mp3"
    for data in (b"other sound", b"x" * (2 << 20)):
        source.write_bytes(data)

        with pytest.raises(TargetError, match="changed since it was measured"):
            mirror(_files(_medium("a.mp3", source)), out)

        assert not (out / "a.mp3").exists()


def test_medium_that_is_not_here_stays_there(out: Path, tmp_path: Path) -> None:
    """A checkout without the audio takes nothing away from listeners; what never was there is not pretended."""
    source = tmp_path / "a.mp3"
    source.write_bytes(b"sound")
    mirror(_files(_medium("a.mp3", source)), out)

    changes = mirror(_files(_medium("a.mp3", None), _medium("b.mp3", None)), out)

    assert changes == ()
    assert (out / "a.mp3").read_bytes() == b"sound"
    assert set(read_manifest(out)[0]) == {"a.mp3"}


@pytest.mark.failure("EN-2")
def test_remains_of_a_killed_build_are_swept(out: Path) -> None:
    """Half-written files of a process that is gone go; those of one that runs, and foreign ones, stay."""
    mirror(_files(_page("a/index.html", "p")), out)
    manifest = out / ".podfeed-build.json"
    manifest.write_text(manifest.read_text("utf-8").replace('"is_whole": true', '"is_whole": false'), "utf-8")
    dead, running, foreign = (out / "a" / f".x.podfeed-{end}" for end in ("999999999", "1", "old"))
    for path in (dead, running, foreign):
        path.write_text("half", "utf-8")

    mirror(_files(_page("a/index.html", "p")), out)

    assert not dead.exists() and running.exists() and foreign.exists()
    assert read_manifest(out) == ({"a/index.html": ("radio",)}, False)


def test_stale_files_go_with_their_empty_folders(out: Path) -> None:
    """Of ours only; a folder that holds something foreign stays."""
    mirror(_files(_page("a/b/index.html", "p"), _page("c/index.html", "q")), out)
    (out / "c" / "notes.txt").write_text("mine", "utf-8")

    changes = mirror(_files(_page("index.html", "home")), out)

    assert changes == (
        Change("add", "index.html"),
        Change("remove", "a/b/index.html"),
        Change("remove", "c/index.html"),
    )
    assert not (out / "a").exists() and (out / "c" / "notes.txt").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": []}', '{"files": {"a": 1}}', "\x00"])
def test_manifest_that_cannot_be_read_is_no_licence_to_overwrite(out: Path, text: str) -> None:
    """Without it nobody knows what is ours."""
    out.mkdir()
    (out / ".podfeed-build.json").write_text(text, "utf-8")

    with pytest.raises(RefusedError, match="cannot be read"):
        mirror(_files(_page("index.html", "ours")), out)
