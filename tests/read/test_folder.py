"""Where files are, what they are called, and that nothing outside the project, or no file at all, is read."""

from __future__ import annotations

import os
import socket
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from podfeed.checking import check, listing
from podfeed.diagnostics import Diagnostic
from podfeed.errors import TargetError, UsageError
from podfeed.loading import load
from podfeed.read.folder import Tree, find_project, is_remote
from podfeed.testing import tiny_mp3

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NFC, NFD = "ガイド", unicodedata.normalize("NFD", "ガイド")
PUBLIC = "---\ntitle: Secret\ndate: 2025-06-02 05:00:00 +0900\naudio_file_path: /audio/other.mp3\ndescription: x\n---\n"


def said(root: Path) -> list[tuple[str, str]]:
    return [(each.rule, each.path) for each in check(load(root), now=NOW) if each.severity == "error"]


def kinds(root: Path) -> dict[str, str | None]:
    return {str(each["path"]): each["kind"] for each in listing(load(root), NOW)}


def test_project_is_found_from_below(tmp_path: Path) -> None:
    """Any folder of the project will do; without a config.yaml above there is none."""
    (tmp_path / "config.yaml").touch()
    (tmp_path / "a/b").mkdir(parents=True)

    assert find_project(tmp_path / "a/b") == tmp_path
    with pytest.raises(UsageError, match=r"no config\.yaml"):
        find_project(Path("/proc/self"))


def test_addresses_are_told_from_paths() -> None:
    """In any case of letters; other schemes are no addresses podfeed knows."""
    assert is_remote("https://a") and is_remote("HTTP://a")
    assert not is_remote("file:///etc/passwd") and not is_remote("/a") and not is_remote("https:/a")


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize(
    ("reference", "beside", "paths"),
    [
        ("/audio/a.mp3", "episodes/1.md", ("audio/a.mp3",)),
        ("a.mp3", "episodes/1.md", ("episodes/a.mp3", "a.mp3")),
        ("../audio/a.mp3", "episodes/1.md", ("audio/a.mp3",)),
        ("../a.mp3", "episodes/en/1.md", ("episodes/a.mp3",)),
        ("./a.mp3", "config.yaml", ("a.mp3",)),
        ("x/../a.mp3", "config.yaml", ("a.mp3",)),
        ("//a.mp3", "episodes/1.md", ("a.mp3",)),
        ("../../a.mp3", "episodes/1.md", ()),
        ("/../a.mp3", "episodes/1.md", ()),
        ("..", "config.yaml", ()),
        ("../" * 50 + "etc/passwd", "episodes/1.md", ()),
        ("a/../../../etc/passwd", "episodes/1.md", ()),
        (NFD, "episodes/1.md", (f"episodes/{NFC}", NFC)),
    ],
)
def test_reference_means_paths_of_the_project(
    reference: str, beside: str, paths: tuple[str, ...], tmp_path: Path
) -> None:
    """A leading slash is the project; anything else is beside the file, then in the project; never above it."""
    assert Tree(tmp_path).locate(reference, beside) == paths


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize(
    "reference",
    [
        "../../secret.mp3",
        "/../secret.mp3",
        "../../../../../../../../etc/passwd",
        "audio/../../../secret.mp3",
        "../..",
        "/..",
        "/audio/../..",
    ],
)
def test_path_out_of_the_project_is_an_error(reference: str, project: Callable[..., Path]) -> None:
    """Whether something is there or not."""
    root = project(header={"audio_file_path": reference})
    tiny_mp3(root.parent / "secret.mp3")

    assert ("path-outside-project", "episodes/1.md") in said(root)


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize(
    "reference", ["/etc/passwd", "/dev/zero", "/proc/self/environ", "file:///etc/passwd", "//etc/passwd"]
)
def test_absolute_path_means_the_project(reference: str, project: Callable[..., Path]) -> None:
    """A leading slash never means the machine's own root."""
    assert ("audio-file-missing", "episodes/1.md") in said(project(header={"audio_file_path": reference}))


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize(
    ("link", "target"),
    [
        pytest.param("audio/link.mp3", "{outside}/secret.mp3", id="a link to a file outside"),
        pytest.param("audio/link.mp3", "../../secret.mp3", id="a relative link outside"),
        pytest.param("more", "{outside}", id="a folder that is a link outside"),
        pytest.param("audio/link.mp3", "hop.mp3", id="a link to a link outside"),
        pytest.param("audio/link.mp3", "/dev/zero", id="a link to a device"),
        pytest.param("audio/link.mp3", "/proc/self/environ", id="a link into /proc"),
    ],
)
def test_link_out_of_the_project_is_an_error(link: str, target: str, project: Callable[..., Path]) -> None:
    """What it leads to is not opened, measured or published."""
    name = "/more/secret.mp3" if link == "more" else f"/{link}"
    root = project(header={"audio_file_path": name})
    tiny_mp3(root.parent / "secret.mp3")
    (root / "audio/hop.mp3").symlink_to(root.parent / "secret.mp3")
    (root / link).symlink_to(target.format(outside=root.parent))

    assert ("path-outside-project", "episodes/1.md") in said(root)
    assert not any("secret" in path or "link" in path for path in load(root).facts)


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize("target", ["good.mp3", "../audio/good.mp3"])
def test_link_inside_the_project_is_fine(target: str, project: Callable[..., Path]) -> None:
    """Links are how some people share a file."""
    root = project(header={"audio_file_path": "/audio/link.mp3"})
    (root / "audio/link.mp3").symlink_to(target)

    assert said(root) == []


@pytest.mark.failure("IN-23")
def test_link_that_leads_nowhere_or_in_a_circle_is_no_file(project: Callable[..., Path]) -> None:
    """It is missing, as a file is missing."""
    root = project(header={"audio_file_path": "/audio/a.mp3"})
    (root / "audio/a.mp3").symlink_to("b.mp3")
    assert ("audio-file-missing", "episodes/1.md") in said(root)

    (root / "audio/b.mp3").symlink_to("a.mp3")
    assert ("audio-file-missing", "episodes/1.md") in said(root)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may be 107 bytes long
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


def _device_link(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.failure("IN-23")
@pytest.mark.parametrize("make", [_pipe, _socket, _device_link])
@pytest.mark.parametrize("name", ["audio/a.mp3", "artwork/a.jpg", "episodes/a.md"])
def test_what_is_no_file_is_not_waited_for(
    name: str, make: Callable[[Path], None], project: Callable[..., Path]
) -> None:
    """A pipe nobody writes to would hang podfeed, a device would fill the memory."""
    header = {"audio/a.mp3": {"audio_file_path": "/audio/a.mp3"}, "artwork/a.jpg": {"image_url": "/artwork/a.jpg"}}
    root = project(header=header.get(name, {}))
    make(root / name)
    begin = time.monotonic()

    errors, found = said(root), kinds(root)

    assert time.monotonic() - begin < 2
    if name == "episodes/a.md":
        assert found[name] == "skipped"
        assert errors == []
    else:
        assert errors


@pytest.mark.failure("IN-23")
def test_pipe_in_place_of_the_lock_or_the_config_does_not_hang(project: Callable[..., Path]) -> None:
    """They are named as what cannot be read."""
    root = project()
    os.mkfifo(root / "podfeed.lock")
    with pytest.raises(TargetError, match="not an ordinary file"):
        load(root)

    (root / "config.yaml").unlink()
    os.mkfifo(root / "config.yaml")
    with pytest.raises(UsageError):
        load(root)


@pytest.mark.failure("IN-23")
def test_folder_with_the_name_of_a_file_is_no_file(project: Callable[..., Path]) -> None:
    """Neither as audio nor as an episode."""
    root = project(header={"audio_file_path": "/audio/a.mp3"})
    (root / "audio/a.mp3").mkdir()
    (root / "episodes/b.md").mkdir()

    assert ("audio-file-missing", "episodes/1.md") in said(root)
    assert list(kinds(root)) == ["episodes/1.md"]


@pytest.mark.failure("IN-23")
def test_episode_that_is_a_link_out_of_the_project_is_skipped(project: Callable[..., Path]) -> None:
    """A contributor cannot publish a file of the machine by a link."""
    root = project()
    (root.parent / "secret.md").write_text(PUBLIC)
    (root / "episodes/2.md").symlink_to(root.parent / "secret.md")

    assert kinds(root)["episodes/2.md"] == "skipped"
    assert "Secret" not in repr(load(root))


@pytest.mark.failure("IN-23")
def test_folder_of_episodes_that_is_a_link_is_not_followed(project: Callable[..., Path]) -> None:
    """Nor can they by a linked folder, or make podfeed walk in circles."""
    root = project()
    (root.parent / "outside").mkdir()
    (root.parent / "outside/2.md").write_text(PUBLIC)
    (root / "episodes/more").symlink_to(root.parent / "outside")
    (root / "episodes/circle").symlink_to(root / "episodes")

    assert list(kinds(root)) == ["episodes/1.md"]


@pytest.mark.failure("IN-23")
def test_enormous_file_that_is_mostly_nothing_is_not_read(project: Callable[..., Path]) -> None:
    """A sparse file of a terabyte is told as too large, in no time and no memory."""
    root = project(header={"audio_file_path": "/audio/big.mp3"})
    for name in ("episodes/big.md", "audio/big.mp3"):
        with (root / name).open("wb") as file:
            file.write(b"---\ntitle: a\n---\n" if name.endswith("md") else b"ID3")
            try:
                file.truncate(1 << 40)
            except OSError:
                pytest.skip("the file system keeps no sparse files beside the project")
    begin = time.monotonic()

    errors = said(root)

    assert time.monotonic() - begin < 5
    assert ("file-too-large", "episodes/big.md") in errors
    assert ("audio-unreadable", "episodes/1.md") in errors


@pytest.mark.failure("IN-23")
def test_hard_link_is_a_file_like_any_other(project: Callable[..., Path]) -> None:
    """It cannot be told from one."""
    root = project(header={"audio_file_path": "/audio/hard.mp3"})
    (root / "audio/hard.mp3").hardlink_to(root / "audio/good.mp3")

    assert said(root) == []


@pytest.mark.failure("IN-23")
def test_file_that_may_not_be_read_is_told(project: Callable[..., Path]) -> None:
    """As audio by a rule; as an episode it stops the run, for nobody knows what it says."""
    if os.geteuid() == 0:
        pytest.skip("root may read every file")
    root = project(header={"audio_file_path": "/audio/a.mp3"})
    tiny_mp3(root / "audio/a.mp3").chmod(0)
    assert said(root)


@pytest.mark.failure("IN-28")
def test_hidden_files_and_other_endings_are_left_alone(project: Callable[..., Path]) -> None:
    """Editor backups, version control and notes beside episodes are no episodes."""
    files = {
        f"episodes/{name}": PUBLIC
        for name in (
            ".hidden.md",
            ".git/x.md",
            "a.md~",
            "a.md.bak",
            "#a.md#",
            ".a.md.swp",
            "a.txt",
            ".DS_Store",
            ".env",
        )
    }
    root = project(
        files={**files, "episodes/b.MD": PUBLIC, "episodes/deep/c.markdown": PUBLIC.replace("other", "good")}
    )

    assert list(kinds(root)) == ["episodes/1.md", "episodes/b.MD", "episodes/deep/c.markdown"]


@pytest.mark.failure("IN-28")
@pytest.mark.parametrize("name", ["/.env", "/.git/config", "/audio/.hidden.mp3"])
def test_hidden_file_is_no_medium(name: str, project: Callable[..., Path]) -> None:
    """A header cannot publish a secret by naming it."""
    root = project(header={"audio_file_path": name}, files={name.lstrip("/"): "SECRET=1"})

    assert ("audio-file-missing", "episodes/1.md") in said(root) or (
        "audio-format-unsupported",
        "episodes/1.md",
    ) in said(root)
    assert not any(path.startswith(".") or "/." in path for path in load(root).facts)


# -------------------------------------------------------------------------------- capitals and forms


@pytest.mark.failure("IN-25")
def test_other_capital_letters_are_another_file(project: Callable[..., Path]) -> None:
    """Web servers tell them apart; the right spelling is offered."""
    found = check(load(project(header={"audio_file_path": "/audio/GOOD.mp3"})), now=NOW)

    assert [each.hint for each in found if each.rule == "audio-file-missing"] == [
        "write “/audio/good.mp3”, with these capital letters"
    ]


@pytest.mark.failure("IN-25")
@pytest.mark.parametrize(
    ("one", "other"), [("Tides", "tides"), ("straße", "STRASSE"), ("K", "k"), ("ﬁsh", "FISH"), ("ガイド", NFD)]
)
def test_pages_that_one_disk_could_not_tell_apart_are_an_error(
    one: str, other: str, told: Callable[..., tuple[Diagnostic, ...]]
) -> None:
    """Under NFC and casefold every address is one file's."""
    second = PUBLIC.replace("title", f"slug: {other}\ntitle")

    found = told(header={"slug": one}, files={"episodes/2.md": second})

    assert [(each.path, each.severity) for each in found if each.rule == "page-address-shared"] == [
        ("episodes/2.md", "error")
    ]


@pytest.mark.failure("IN-25")
@pytest.mark.parametrize(
    "permalink",
    [
        "/radio/feed.xml/",
        "/RADIO/Feed.xml/",
        "/radio/",
        "/index.html",
        "/podfeed.css/",
        "/audio/good.mp3/",
        "/artwork/cover.jpg/",
    ],
)
def test_page_stands_in_nobodys_way(permalink: str, told: Callable[..., tuple[Diagnostic, ...]]) -> None:
    """A page cannot take the place of a feed, of another page, or of audio, nor make a folder of it."""
    found = told(header={"permalink": permalink})

    assert [each.path for each in found if each.rule == "page-address-shared"] == ["episodes/1.md"]


@pytest.mark.failure("IN-26")
@pytest.mark.parametrize("disk", [NFC, NFD])
@pytest.mark.parametrize("written", [NFC, NFD])
def test_either_form_of_a_name_means_the_file(written: str, disk: str, project: Callable[..., Path]) -> None:
    """Opened by the name on the disk, published in NFC."""
    root = project(header={"audio_file_path": f"/音声{disk}/{written}.mp3"})
    (root / f"音声{disk}").mkdir()
    tiny_mp3(root / f"音声{disk}/{disk}.mp3")

    loaded = load(root)

    assert said(root) == []
    assert loaded.files["episodes/1.md"].episode.audio == f"音声{NFC}/{NFC}.mp3"
    assert loaded.facts[f"音声{NFC}/{NFC}.mp3"].size_bytes > 0


@pytest.mark.failure("IN-26")
def test_episode_in_a_decomposed_folder_is_read(project: Callable[..., Path]) -> None:
    """A Mac may have written it so."""
    root = project(files={f"episodes/{NFD}/{NFD}.md": PUBLIC})

    assert kinds(root)[f"episodes/{NFC}/{NFC}.md"] == "episode"
    assert said(root) == []


@pytest.mark.failure("IN-26")
@pytest.mark.parametrize(
    ("folder", "ending", "shared"),
    [("episodes", ".md", False), ("audio", ".mp3", True), ("artwork", ".jpg", True)],
)
def test_two_files_whose_names_look_alike_are_an_error(
    folder: str, ending: str, shared: bool, project: Callable[..., Path]
) -> None:
    """The rule “path-ambiguous”: nobody can see which of them is meant, and a Mac has room for one."""
    root = project(show={"artwork": f"artwork/{NFC}.jpg"}, header={"audio_file_path": f"/audio/{NFC}.mp3"})
    data = {
        "episodes": PUBLIC.encode(),
        "audio": (root / "audio/good.mp3").read_bytes(),
        "artwork": (root / "artwork/cover.jpg").read_bytes(),
    }
    for path, content in (("audio", ".mp3"), ("artwork", ".jpg")):
        (root / path / f"{NFC}{content}").write_bytes(data[path])
    (root / folder / f"{NFC}{ending}").write_bytes(data[folder])
    (root / folder / f"{NFD}{ending}").write_bytes(data[folder])

    found = [each for each in check(load(root), now=NOW) if each.rule == "path-ambiguous"]

    assert [(each.rule, each.path) for each in found] == [("path-ambiguous", f"{folder}/{NFC}{ending}")]
    assert found[0].stops == ("*" if shared else "radio")


@pytest.mark.failure("IN-26")
def test_two_folders_whose_names_look_alike_lose_no_episode(project: Callable[..., Path]) -> None:
    """A file hidden behind another is told, and not left out in silence."""
    root = project(files={f"episodes/{form}/2.md": PUBLIC for form in (NFC, NFD)})

    assert ("path-ambiguous", f"episodes/{NFC}/2.md") in said(root)


# --------------------------------------------------------------------------------------------- names


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize(
    "name",
    [
        "a b.mp3",
        "100%.mp3",
        "%41.mp3",
        "#1.mp3",
        "what?.mp3",
        "a+b.mp3",
        "a&b.mp3",
        "it's.mp3",
        'say "a".mp3',
        "-a.mp3",
        "a;b,c.mp3",
        "a:b.mp3",
        "[a] (b) {c}.mp3",
        "a\\b.mp3",
        "con.mp3",
        "潮 01.mp3",
        "🌊.mp3",
        "~.mp3",
        "a..b.mp3",
        "x" * 251 + ".mp3",
        "あ" * 83 + ".mp3",
    ],
)
def test_odd_name_is_published_as_it_is(name: str, project: Callable[..., Path]) -> None:
    """The address is encoded once, and whoever decodes it has the name."""
    from urllib.parse import unquote, urlsplit

    from podfeed.render.addresses import url_of

    quoted = "'" + f"/audio/{name}".replace("'", "''") + "'"
    root = project(header={"audio_file_path": quoted})
    tiny_mp3(root / "audio" / name)

    assert said(root) == []
    parts = urlsplit(url_of("https://radio.podfeed.example", f"audio/{name}"))
    assert (unquote(parts.path), parts.query, parts.fragment) == (f"/audio/{name}", "", "")
    assert parts.geturl().isascii()


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a\tb", id="a tab"),
        pytest.param("a\nb", id="a newline"),
        pytest.param("a\x7fb", id="delete"),
        pytest.param("a\x1bb", id="escape"),
        pytest.param("\udcff", id="bytes that are no UTF-8"),
    ],
)
def test_name_no_server_can_keep_is_an_error(name: str, project: Callable[..., Path]) -> None:
    """As an episode's own name or its audio's; the other episodes are not stopped by it."""
    root = project()
    (root / f"episodes/{name}.md").write_text(PUBLIC)

    found = [each for each in check(load(root), now=NOW) if each.rule == "path-unpublishable"]

    assert [(each.path, each.severity, each.stops) for each in found] == [(f"episodes/{name}.md", "error", "")]
    assert kinds(root)[f"episodes/{name}.md"] == "faulty"


@pytest.mark.failure("IN-27")
def test_path_longer_than_a_store_keeps_is_an_error(project: Callable[..., Path]) -> None:
    """512 bytes are kept, one more is told."""
    folder = "/".join(["x" * 100] * 5)
    for length, errors in ((7, []), (8, [("path-unpublishable", "episodes/1.md")])):
        path = f"{folder}/{'y' * (length - 4)}.mp3"
        assert len(path) == 505 + length
        root = project(header={"audio_file_path": f"/{path}"})
        (root / folder).mkdir(parents=True)
        tiny_mp3(root / path)
        assert said(root) == errors


@pytest.mark.failure("IN-27")
@pytest.mark.parametrize(
    ("name", "is_kept"), [("x" * 240 + ".md", True), ("x" * 250 + ".md", False), ("あ" * 83 + ".md", False)]
)
def test_page_of_a_file_with_a_long_name(name: str, is_kept: bool, project: Callable[..., Path]) -> None:
    """A page's name needs room for its own ending; where there is none, that is told before anything is written."""
    root = project(files={f"episodes/{name}": PUBLIC})

    assert (("page-slug-invalid", f"episodes/{name}") in said(root)) is not is_kept


def test_folder_that_cannot_be_listed_has_no_files(tmp_path: Path) -> None:
    """A folder that is not there, or whose name no system takes, is empty."""
    tree = Tree(tmp_path)

    assert tree.file("nowhere/a.mp3") is None
    assert tree.file("潮/a.mp3") is None
    assert tree.file("a\0b/a.mp3") is None
    assert tree.near("nowhere/a.mp3") == ""
    assert list(tree.episodes()) == []
