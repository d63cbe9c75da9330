"""What was read becomes what is told: the right place, the right gravity, and the right show stopped by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from podfeed.checking import check, kind_of, listing, relative_paths, stopped_shows
from podfeed.checking import context as context_of
from podfeed.diagnostics import Diagnostic, Position
from podfeed.errors import UsageError
from podfeed.loading import load
from podfeed.testing import EXAMPLE_SHOW, tiny_mp3

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CASES = Path(__file__).parent / "cases"
PUBLISHED = 'episode {"show": "radio", "path": "episodes/1.md", "guid": "first", "audio": "audio/good.mp3"%s}\n'
SECOND = {
    "title": "Waves",
    "date": "2025-06-09 05:00:00 +0900",
    "audio_file_path": "/audio/other.mp3",
    "description": "x",
}

Told = Callable[..., tuple[Diagnostic, ...]]


def file_of(**settings: str) -> str:
    """Another episode of the example project."""
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in {**SECOND, **settings}.items()) + "---\n"


def two_shows(**match: str) -> dict[str, str]:
    """Settings of config.yaml for the shows radio and tv, told apart by their folders."""
    lines = "".join(f"    {name}: {value}\n" for name, value in EXAMPLE_SHOW.items())
    shows = (
        "\n  radio:\n"
        + lines
        + '    match: {path: "1.md"}\n  tv:\n'
        + lines.replace("Harbour Radio", "Harbour Television")
    )
    return {"shows": shows + '    match: {path: "tv/*"}\n'}


def errors(found: tuple[Diagnostic, ...]) -> list[str]:
    return [each.rule for each in found if each.severity == "error"]


def only(rule: str, found: tuple[Diagnostic, ...]) -> Diagnostic:
    """The one diagnostic of *rule*."""
    (one,) = (each for each in found if each.rule == rule)
    return one


# -------------------------------------------------------------------------------------------- places


def test_eight_planted_faults_are_all_found_with_their_lines(told: Told) -> None:
    """The case the README shows: eight faults, eight findings, and nothing else."""
    found = told(files={"episodes/1.md": (CASES / "eight-faults.md").read_text("utf-8")})

    assert [(each.position.line, each.rule) for each in found if each.path == "episodes/1.md"] == [
        (2, "text-cut-by-comment"),
        (3, "date-invalid"),
        (4, "audio-file-missing"),
        (5, "audio-size-invalid"),
        (6, "duration-invalid"),
        (7, "episode-season-invalid"),
        (8, "actor-unknown"),
        (9, "field-near-miss"),
    ]
    assert {each.rule for each in found if each.path != "episodes/1.md"} <= {"show-without-episodes"}


def test_finding_stands_at_its_value(told: Told) -> None:
    """With the line to show, and the width to underline."""
    found = only("episode-season-invalid", told(header={"season": "two"}))

    assert found.path == "episodes/1.md"
    assert found.position == Position(line=7, column=9, width=3)
    assert found.excerpt == "season: two"


def test_finding_about_another_spelling_stands_there(told: Told) -> None:
    """The rule speaks of ``audio_file_path``; the author wrote ``audio``."""
    found = only("audio-file-missing", told(header={"audio_file_path": None, "audio": "/audio/none.mp3"}))

    assert found.excerpt == "audio: /audio/none.mp3"


def test_finding_about_a_setting_of_a_show_stands_in_the_config(told: Told) -> None:
    """At the show it belongs to."""
    found = only("show-language-invalid", told(show={"language": "english"}))

    assert (found.path, found.excerpt, found.position.width) == ("config.yaml", "    language: english", 7)


def test_findings_are_sorted_by_file_and_place(told: Told) -> None:
    """The same faults always print alike."""
    found = told(header={"season": "x", "episode": "y", "image_url": "/no.jpg"}, show={"author": None})

    assert [(each.path, each.position) for each in found] == sorted((each.path, each.position) for each in found)


def test_paths_narrow_what_is_told(project: Callable[..., Path]) -> None:
    """Asked about one file, podfeed tells of that file, or of a folder's."""
    root = project(header={"season": "x"}, files={"episodes/en/2.md": file_of(season="y")}, show={"author": None})
    loaded = load(root)

    def paths(*names: str) -> set[str]:
        return {
            each.path
            for each in check(loaded, now=NOW, paths=relative_paths(loaded, [str(root / each) for each in names]))
        }

    assert paths() == {"config.yaml", "episodes/1.md", "episodes/en/2.md"}
    assert paths("episodes/1.md") == {"episodes/1.md"}
    assert paths("episodes/en") == {"episodes/en/2.md"}
    assert paths("episodes") == {"episodes/1.md", "episodes/en/2.md"}
    assert paths("config.yaml") == {"config.yaml"}


@pytest.mark.parametrize("name", ["transcripts", "chapters"])
def test_path_of_an_episode_takes_in_the_texts_it_names(name: str, project: Callable[..., Path]) -> None:
    """A transcript in the wrong encoding stops the show, though the header of its episode is right."""
    files = {"episodes/1.vtt": "潮".encode("shift_jis"), "episodes/2.md": file_of()}
    root = project(header={name: "1.vtt"}, files=files)
    loaded = load(root)

    def faulty(path: str) -> list[str]:
        told = check(loaded, now=NOW, paths=relative_paths(loaded, [str(root / path)]))
        return [each.path for each in told if each.severity == "error"]

    assert faulty("episodes/1.md") == ["episodes/1.vtt"]
    assert "episodes/1.vtt" not in faulty("episodes/2.md")


@pytest.mark.parametrize("path", ["/etc/passwd", "../x.md", "episodes/nowhere.md", "audio/good.mp3"])
def test_path_of_no_episode_is_a_usage_error(path: str, project: Callable[..., Path]) -> None:
    """Nothing is checked that was not meant."""
    root = project()

    with pytest.raises(UsageError):
        relative_paths(load(root), [str(root / path)])


def test_file_of_no_show_is_told_whatever_else_is_wrong_in_it(project: Callable[..., Path]) -> None:
    """It is left out, and a slip elsewhere in its header is not why."""
    root = project(header={"show": "tv", "subtitel": "x"})

    assert {each.rule for each in check(load(root), now=NOW)} >= {"field-unknown", "episode-show-unknown"}


def test_shows_that_cannot_be_read_are_not_missed_in_every_file(project: Callable[..., Path]) -> None:
    """A colour without quotation marks begins a comment in YAML, and takes the shows with it."""
    root = project(config={"shows": "{radio: {artwork: {background: #102030}}}"})

    told = {each.rule for each in check(load(root), now=NOW) if each.severity == "error"}
    assert "header-unreadable" in told
    assert "episode-show-unknown" not in told


# --------------------------------------------------------------------------------- what an error stops


@pytest.mark.parametrize(
    ("header", "stopped"),
    [
        pytest.param({"season": "two"}, {"radio"}, id="what is public stops its show"),
        pytest.param({"season": "two", "draft": "true"}, set(), id="a draft stops nothing"),
        pytest.param({"season": "two", "published": "false"}, set(), id="nor in other words"),
        pytest.param({"season": "two", "date": "2099-01-01 00:00:00 +0900"}, set(), id="nor what is scheduled"),
        pytest.param({"draft": "maybe"}, {"radio"}, id="what may be a draft does"),
        pytest.param({"season": "two", "audio_file_path": None}, {"radio"}, id="an episode without audio does"),
        pytest.param({"subtitel": "x"}, set(), id="a warning stops nothing"),
        pytest.param({"title": "a: b"}, set(), id="nor a file nobody can read, when it was never published"),
        pytest.param({"show": "tv"}, set(), id="nor a file no show claims"),
    ],
)
def test_error_stops_the_show_it_would_be_public_in(
    header: dict[str, str], stopped: set[str], project: Callable[..., Path]
) -> None:
    """All or nothing per show; what nobody would see yet is told, and stops nothing."""
    loaded = load(project(header=header, files={"episodes/2.md": file_of()}))
    found = check(loaded, now=NOW)

    assert stopped_shows(found, loaded.config) == stopped


def test_error_leaves_other_shows_alone(project: Callable[..., Path]) -> None:
    """Each show goes out or stays by itself; what concerns all stops all."""
    files = {"episodes/tv/2.md": file_of(season="two")}
    loaded = load(project(config=two_shows(), files=files))
    assert stopped_shows(check(loaded, now=NOW), loaded.config) == {"tv"}

    loaded = load(project(config={**two_shows(), "site": "http://example.com"}, files=files))
    assert stopped_shows(check(loaded, now=NOW), loaded.config) == {"radio", "tv"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\ntitle: Tides\n", id="a header that does not close"),
        pytest.param("\n---\ntitle: Tides\n---\n", id="a blank line before the header"),
        pytest.param("---\ntitle: a: b\n---\n", id="a header that cannot be read"),
        pytest.param("---\n" + "潮".encode("cp932").decode("latin-1") + "\n---\n", id="nonsense"),
        pytest.param(file_of(show="nowhere"), id="a show that is not there"),
    ],
)
def test_faulty_file_stops_the_show_it_was_published_in(text: str, project: Callable[..., Path]) -> None:
    """A published episode that became unreadable never drops out of its feed."""
    root = project(files={"episodes/1.md": text, "episodes/2.md": file_of(), "podfeed.lock": PUBLISHED % ""})
    loaded = load(root)
    found = check(loaded, now=NOW)

    assert stopped_shows(found, loaded.config) == {"radio"}
    assert "history-episode-missing" not in errors(found)


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "episode {", "nonsense"])
def test_lock_that_cannot_be_read_stops_every_show(line: str, project: Callable[..., Path]) -> None:
    """Without it an episode could become another one."""
    loaded = load(project(config=two_shows(), files={"podfeed.lock": line + "\n", "episodes/tv/2.md": file_of()}))
    found = check(loaded, now=NOW)

    assert only("lock-unreadable", found).path == "podfeed.lock"
    assert stopped_shows(found, loaded.config) == {"radio", "tv"}


def test_lock_that_is_not_utf8_is_told(project: Callable[..., Path]) -> None:
    """With its own path."""
    found = check(load(project(files={"podfeed.lock": b"\xff\xfe"})), now=NOW)

    assert only("file-not-utf8", found).path == "podfeed.lock"


def test_config_that_cannot_be_read_stops_everything(project: Callable[..., Path]) -> None:
    """And says where."""
    found = check(load(project(files={"config.yaml": "site: a: b\n"})), now=NOW)

    assert ("header-unreadable", "config.yaml", 1) in [(each.rule, each.path, each.position.line) for each in found]
    assert all(each.stops == "*" for each in found if each.path == "config.yaml" and each.severity == "error")


@pytest.mark.parametrize("text", ["site: a: b\n", "site: https://radio.podfeed.example\n"])
def test_config_that_names_no_show_has_lost_none(text: str, project: Callable[..., Path]) -> None:
    """It is one fault, and not one more for every show that is published."""
    show = 'show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}\n'
    found = check(load(project(files={"config.yaml": text, "podfeed.lock": show})), now=NOW)

    assert "history-show-missing" not in {each.rule for each in found}


# ------------------------------------------------------------------------------------------- waivers


def test_rule_is_quieted_by_the_project_or_by_the_episode(told: Told) -> None:
    """With a reason; an episode's waiver is for that episode alone."""
    files = {"episodes/2.md": file_of(subtitel="x")}
    header = {"subtitel": "x"}

    def quiet(**changes: dict[str, str]) -> list[str]:
        merged = {"header": {**header, **changes.get("header", {})}, "config": changes.get("config", {})}
        return [each.path for each in told(files=files, **merged) if each.rule == "field-unknown"]

    assert quiet() == ["episodes/1.md", "episodes/2.md"]
    assert quiet(header={"ignore": "{field-unknown: my template prints it}"}) == ["episodes/2.md"]
    assert quiet(config={"checks": "{ignore: {field-unknown: our templates print it}}"}) == []


# ------------------------------------------------------------------------------------------- history


@pytest.mark.failure("IN-18")
@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        pytest.param({}, [], id="unchanged"),
        pytest.param({"header": {"guid": "first"}}, [], id="the guid written down"),
        pytest.param(
            {"header": {"guid": "second"}}, ["history-episode-missing", "history-guid-changed"], id="another guid"
        ),
        pytest.param({"header": {"draft": "true"}}, ["history-episode-missing"], id="a draft now"),
        pytest.param({"header": {"published": "false"}}, ["history-episode-missing"], id="not published now"),
        pytest.param({"header": {"audio_file_path": None}}, ["history-episode-missing"], id="an article now"),
        pytest.param({"header": {"title": "Another", "slug": "another"}}, [], id="another title and slug"),
    ],
)
def test_published_episode_is_held_against_the_lock(
    changes: dict[str, dict[str, str]], rules: list[str], told: Told
) -> None:
    """What was published stays, under its guid."""
    found = told(files={"podfeed.lock": PUBLISHED % "", "episodes/2.md": file_of()}, **changes)

    assert sorted(rule for rule in errors(found) if rule.startswith("history-")) == rules
    assert all(each.stops == "radio" for each in found if each.rule.startswith("history-") and each.severity == "error")


@pytest.mark.failure("IN-18")
def test_published_episode_without_a_file_is_missing(told: Told) -> None:
    """Told in the lock, with the way to withdraw it."""
    line = PUBLISHED.replace("1.md", "0.md").replace("audio/good.mp3", "audio/gone.mp3")

    found = only("history-episode-missing", told(files={"podfeed.lock": line % ""}))

    assert found.path == "podfeed.lock"
    assert "podfeed withdraw episodes/0.md" in found.hint
    assert "history-episode-missing" not in errors(told(files={"podfeed.lock": line % ', "is_withdrawn": true'}))


@pytest.mark.failure("IN-18")
def test_renamed_episode_is_no_missing_one(told: Told) -> None:
    """The audio tells that it is the same."""
    line = PUBLISHED.replace("1.md", "0.md")

    assert errors(told(files={"podfeed.lock": line % ""})) == []


@pytest.mark.failure("IN-16")
@pytest.mark.parametrize(
    ("written", "published", "is_told"),
    [
        ("2025-06-02 05:00:00 +0900", "2025-06-01T20:00:00+00:00", False),
        ("2025-06-02 05:00:00 +0900", "2025-06-01T05:00:00+09:00", True),
        ("2025-06-02 05:00:00", "2025-06-02T05:00:00+00:00", False),
    ],
)
def test_changed_date_of_a_published_episode_is_a_warning(
    written: str, published: str, is_told: bool, told: Told
) -> None:
    """Instants are compared; a date without an offset was read by somebody once, and keeps that."""
    found = told(header={"date": written}, files={"podfeed.lock": PUBLISHED % f', "date": "{published}"'})

    assert [each.severity for each in found if each.rule == "history-date-changed"] == ["warning"] * is_told


@pytest.mark.failure("IN-30")
def test_published_draft_that_is_scheduled_stays_public(project: Callable[..., Path]) -> None:
    """A clock that is wrong takes nothing out of a feed."""
    root = project(header={"date": "2099-01-01 00:00:00 +0900"}, files={"podfeed.lock": PUBLISHED % ""})
    loaded = load(root)
    seen = context_of(loaded, NOW)

    assert seen.is_public(loaded.files["episodes/1.md"].episode)
    assert "date-scheduled" not in {each.rule for each in check(loaded, now=NOW)}


# ---------------------------------------------------------------------------------------- collisions


@pytest.mark.failure("IN-17")
@pytest.mark.parametrize(
    ("one", "other", "rule", "severity"),
    [
        pytest.param({"guid": "a"}, {"guid": "a"}, "guid-shared", "error", id="one guid"),
        pytest.param({"slug": "a"}, {"slug": "a"}, "page-address-shared", "error", id="one slug"),
        pytest.param({"permalink": "/a/"}, {"permalink": "/A/"}, "page-address-shared", "error", id="one address"),
        pytest.param({"episode": "1"}, {"episode": "1"}, "episode-number-shared", "error", id="one number"),
        pytest.param(
            {"season": "2", "episode": "1"},
            {"season": "2", "episode": "1"},
            "episode-number-shared",
            "error",
            id="in one season",
        ),
        pytest.param({}, {"audio_file_path": "/audio/good.mp3"}, "audio-shared", "error", id="one audio file"),
        pytest.param({}, {"audio_file_path": "/audio/copy.mp3"}, "audio-shared", "error", id="the same bytes"),
        pytest.param({}, {"date": "2025-06-02 05:00:00 +0900"}, "episode-date-shared", "warning", id="one date"),
        pytest.param({}, {"date": "2025-06-01 20:00:00 +0000"}, "episode-date-shared", "warning", id="one instant"),
    ],
)
def test_two_episodes_may_not_share(
    one: dict[str, str], other: dict[str, str], rule: str, severity: str, project: Callable[..., Path]
) -> None:
    """Both files are named: the finding is in the second, and speaks of the first."""
    root = project(header=one, files={"episodes/2.md": file_of(**other)})
    (root / "audio/copy.mp3").write_bytes((root / "audio/good.mp3").read_bytes())

    found = only(rule, check(load(root), now=NOW))

    assert (found.path, found.severity) == ("episodes/2.md", severity)
    assert "episodes/1.md" in found.message


@pytest.mark.failure("IN-17")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"season": "1", "episode": "1"}, {"season": "2", "episode": "1"}, id="one number in two seasons"),
        pytest.param({"episode": "1"}, {"episode": "1", "episode_type": "bonus"}, id="the number of a bonus"),
        pytest.param({"guid": "a"}, {"guid": "A"}, id="guids that differ in capital letters"),
    ],
)
def test_two_episodes_may_differ_a_little(one: dict[str, str], other: dict[str, str], told: Told) -> None:
    """What apps tell apart is no fault."""
    assert errors(told(header=one, files={"episodes/2.md": file_of(**other)})) == []


@pytest.mark.failure("IN-17")
def test_guid_is_unique_across_shows(told: Told) -> None:
    """One guid in two feeds is one episode to many apps."""
    found = told(config=two_shows(), header={"guid": "a"}, files={"episodes/tv/2.md": file_of(guid="a")})

    assert only("guid-shared", found).path == "episodes/tv/2.md"


@pytest.mark.failure("IN-17")
def test_collisions_are_told_alike_whatever_the_seed_of_hashes(project: Callable[..., Path]) -> None:
    """Three files with the same sound, two of one name: who is told of whom follows the order of the files."""
    files = {
        f"episodes/{n}.md": file_of(
            audio_file_path=f"/audio/{'other' if n > 2 else 'copy'}.mp3", date=f"2025-07-0{n} 05:00:00 +0900"
        )
        for n in (2, 3, 4)
    }
    root = project(files=files)
    for name in ("copy", "other"):
        (root / f"audio/{name}.mp3").write_bytes((root / "audio/good.mp3").read_bytes())

    found = [each for each in check(load(root), now=NOW) if each.rule == "audio-shared"]

    assert [each.message for each in found] == [
        "episodes/1.md has audio with the same bytes",
        "episodes/1.md has audio with the same bytes",
        "episodes/3.md has the same audio file",
    ]


# --------------------------------------------------------------------- rules that need more than a line


def test_long_texts_are_told_at_their_limits(told: Told) -> None:
    """Those of the rules “notes-description-too-long” and others, each at the limit and just above."""
    assert "notes-description-too-long" not in {each.rule for each in told(header={"description": "x" * 4000})}
    assert (
        only("notes-description-too-long", told(header={"description": "あ" * 1334})).rule
        == "notes-description-too-long"
    )
    assert errors(told(show={"description": "x" * 4000})) == []
    assert "show-description-too-long" in errors(told(show={"description": "x" * 4001}))
    assert only("show-title-too-long", told(show={"title": "x" * 256})).severity == "error"
    assert only("episode-title-too-long", told(header={"title": "x" * 256})).severity == "warning"
    notes = file_of() + "x" * 10_001
    assert only("notes-too-long", told(files={"episodes/2.md": notes})).path == "episodes/2.md"


def test_audio_that_is_only_in_the_lock_is_used_and_said(project: Callable[..., Path]) -> None:
    """A checkout without the audio checks as well: “audio-facts-from-lock”."""
    line = 'audio {"path": "audio/away.mp3", "size_bytes": 9000, "milliseconds": 60000, "mime_type": "audio/mpeg", "container": "mp3"}\n'
    found = check(load(project(header={"audio_file_path": "/audio/away.mp3"}, files={"podfeed.lock": line})), now=NOW)

    assert only("audio-facts-from-lock", found).severity == "info"
    assert errors(found) == []


@pytest.mark.failure("IN-29")
@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/a.mp3?X-Amz-Signature=abc",
        "https://a.example/a.mp3?x-amz-algorithm=b&x-amz-signature=abc",
        "https://a.example/a.mp3?X-Goog-Signature=abc",
        "https://a.example/a.mp3?token=abc",
        "https://a.example/a.mp3?access_token=abc",
        "https://a.example/a.mp3?Expires=5",
        "https://a.example/a.mp3?sig=abc",
        "https://user:pass@a.example/a.mp3",
        "https://user@a.example/a.mp3",
        "https://a.example/a.mp3?Signature=abc",
    ],
)
def test_address_with_a_secret_is_an_error(address: str, told: Told) -> None:
    """It would be public in the feed, and expire there."""
    header = {"audio_file_path": f"'{address}'", "audio_file_size": "9000", "duration": "'00:10'"}

    assert "audio-address-private" in errors(told(header=header))


@pytest.mark.parametrize(
    ("site", "rule"),
    [
        (None, "site-address-invalid"),
        ("http://radio.example.org", "site-address-invalid"),
        ("https://user:pass@radio.example.org", "site-address-invalid"),
        ("https://radio.example.org/?a=b", "site-address-invalid"),
        ("https://radio", "site-address-invalid"),
        ("https://192.168.0.1", "site-address-invalid"),
        ("https://[::1", "site-address-invalid"),
        ("ftp://radio.example.org", "site-address-invalid"),
        ("https://example.com", "site-address-invalid"),
        ("http://localhost:8000", "site-address-local"),
        ("http://127.0.0.1", "site-address-local"),
        ("http://[::1]:8000", "site-address-local"),
    ],
)
def test_address_of_the_site_is_public_or_said(site: str | None, rule: str, told: Told) -> None:
    """A preview on this machine is no error."""
    assert only(rule, told(config={"site": f"'{site}'" if site else None})).path == "config.yaml"


@pytest.mark.parametrize(
    ("categories", "hint"),
    [
        ("[technology]", "write “Technology”"),
        ("[Technlogy]", "write “Technology”"),
        ("[Tech News]", "write “News: Tech News”"),
        ("[Underwater Basketry]", "choose one of those at podcasters.apple.com/support/1691"),
        ("[{Technology: Tech News}]", "write “News: Tech News”"),
        ("[{News: Teck News}]", "write “News: Tech News”"),
        ("[{News: Basketry}]", "write “News”"),
    ],
)
def test_category_comes_with_a_guess(categories: str, hint: str, told: Told) -> None:
    """Apple's spelling counts to the letter."""
    (found,) = (each for each in told(show={"categories": categories}) if "category-unknown" in each.rule)

    assert found.hint == hint


def test_date_in_the_name_of_a_file_is_offered(told: Told) -> None:
    """Jekyll took it; here it is written down once."""
    found = told(files={"episodes/2025-01-31-tides.md": file_of(date="")})

    assert only("date-missing", found).hint == "add “date: 2025-01-31 06:00:00 +0900”"


def test_missing_date_of_an_adopted_episode_is_no_fault(told: Told) -> None:
    """It keeps the one it was published with."""
    lock = PUBLISHED % ', "date": "2025-06-02T05:00:00+09:00"'

    assert errors(told(header={"date": None}, files={"podfeed.lock": lock})) == []


def test_capital_letters_of_a_picture_are_offered(told: Told) -> None:
    """As those of audio are."""
    assert (
        only("artwork-file-missing", told(header={"image_url": "/artwork/Cover.jpg"})).hint
        == "write “/artwork/cover.jpg”, with these capital letters"
    )


def test_cover_may_be_a_remote_picture_that_the_lock_knows(told: Told) -> None:
    """Its facts were measured once."""
    address = "https://pictures.podfeed.example/cover.jpg"
    line = f'picture {{"path": "{address}", "size_bytes": 9, "width": 3000, "height": 3000, "mime_type": "image/jpeg", "mode": "RGB"}}\n'

    assert errors(told(show={"artwork": address}, files={"podfeed.lock": line})) == []


def test_feed_that_moved_needs_a_word_for_apps(told: Told) -> None:
    """``new_feed_url`` is that word."""
    line = 'show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c", "feed_url": "https://old.example/feed.xml"}\n'
    address = "https://radio.podfeed.example/radio/feed.xml"

    assert only("history-feed-moved", told(files={"podfeed.lock": line})).severity == "warning"
    assert "history-feed-moved" not in {
        each.rule for each in told(show={"new_feed_url": address}, files={"podfeed.lock": line})
    }


def test_feeds_of_two_shows_need_two_addresses(told: Told) -> None:
    """The second would take the place of the first."""
    shows = two_shows()["shows"].replace("title: Harbour", "feed: feed.xml\n    title: Harbour")

    found = only("page-address-shared", told(config={"shows": shows}, files={"episodes/tv/2.md": file_of()}))

    assert (found.path, found.excerpt) == ("config.yaml", "    feed: feed.xml")


# ------------------------------------------------------------------------------------------- listing


def test_every_file_is_listed_with_what_it_is(project: Callable[..., Path]) -> None:
    """And why; nothing is left out in silence."""
    files = {
        "episodes/2.md": file_of(),
        "episodes/3.md": file_of(draft="true"),
        "episodes/4.md": file_of(date="2099-01-01 00:00:00 +0900"),
        "episodes/5.md": "---\ntitle: A text\nshow: radio\n---\n",
        "episodes/6.md": "No header.\n",
        "episodes/7.md": "---\ntitle: Open\n",
        "episodes/8.md": file_of(show="tv"),
    }
    rows = listing(load(project(files=files)), NOW)

    assert [(row["path"], row["kind"], row["show"], row["reason"]) for row in rows] == [
        ("episodes/1.md", "episode", "radio", "the only show"),
        ("episodes/2.md", "episode", "radio", "the only show"),
        ("episodes/3.md", "draft", "radio", "the only show"),
        ("episodes/4.md", "scheduled", "radio", "the only show"),
        ("episodes/5.md", "article", "radio", "show: radio"),
        ("episodes/6.md", "skipped", None, "its first line is neither “---” nor “+++”"),
        ("episodes/7.md", "faulty", "radio", "the header is opened but never closed"),
        ("episodes/8.md", "faulty", None, "no show “tv”"),
    ]
    assert rows[3]["date"] == "2099-01-01T00:00:00+09:00"


def test_episode_becomes_public_with_its_date(project: Callable[..., Path]) -> None:
    """To the second."""
    loaded = load(project(header={"date": "2026-01-01 09:00:01 +0900"}))

    before, then = (context_of(loaded, datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)) for second in (0, 1))

    assert kind_of(loaded.files["episodes/1.md"], before) == "scheduled"
    assert kind_of(loaded.files["episodes/1.md"], then) == "episode"


def test_second_look_finds_the_same(project: Callable[..., Path]) -> None:
    """From the cache, from a copy, and after a file was touched."""
    root = project(header={"season": "two", "image_url": "/artwork/small.jpg"})
    os.utime(root / "episodes/1.md", (1, 1))
    first = check(load(root), now=NOW)

    assert check(load(root), now=NOW) == first
    tiny_mp3(root / "audio/unused.mp3")
    assert check(load(root), now=NOW) == first
