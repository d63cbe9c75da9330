"""``alternate_enclosures`` in every form an author may write it, ``formats`` and ``archive`` with it."""

from __future__ import annotations

import pytest

from podfeed.model import Alternate, Config, Show
from podfeed.read.decode import Decoded, decode_config, decode_episode
from podfeed.read.source import read_config_file, read_episode_file


def decoded(header: str) -> Decoded:
    """An episode with *header*."""
    data = f"---\ntitle: 潮\naudio_file_path: /audio/潮.mp3\nshow: radio\n{header}\n---\n".encode()
    config = Config(shows={"radio": Show(id="radio", title="海", feed="radio/feed.xml", permalink="/radio/{slug}/")})
    return decode_episode(read_episode_file("episodes/潮.md", data), data, config)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("alternate_enclosures: /audio/潮.opus", [("/audio/潮.opus", "", "")], id="one path"),
        pytest.param("alternate_enclosures: [a.opus, b.m4a]", [("a.opus", "", ""), ("b.m4a", "", "")], id="paths"),
        pytest.param(
            "alternate_enclosures:\n  - path: a.opus\n    title: 小さい\n    language: ja",
            [("a.opus", "小さい", "ja")],
            id="with title and language",
        ),
        pytest.param("alternate_enclosures: {path: a.opus}", [("a.opus", "", "")], id="one group"),
        pytest.param("alternate_enclosures:", [], id="nothing"),
        pytest.param("", [], id="not at all"),
    ],
)
def test_further_files_are_read(header: str, expected: list[tuple[str, str, str]]) -> None:
    """A bare path is as good as a list or a group."""
    found = decoded(header)

    assert found.faults == ()
    assert found.episode.alternates == tuple(
        Alternate(reference=reference, title=title, language=language) for reference, title, language in expected
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param("[{title: Small}]", ["alternate_enclosures.0.path alternate-without-path"], id="no path"),
        pytest.param('[""]', ["alternate_enclosures.0.path alternate-without-path"], id="empty"),
        pytest.param("[[a.opus]]", ["alternate_enclosures.0 field-not-group"], id="a list in a list"),
        pytest.param("[{path: [a]}]", ["alternate_enclosures.0.path field-not-text"], id="a list as path"),
        pytest.param("[{path: a, titel: b}]", ["alternate_enclosures.0.titel setting-unknown"], id="misspelt"),
    ],
)
def test_what_names_no_file_is_told_once(header: str, expected: list[str]) -> None:
    """At its place, and the rest is read all the same."""
    faults = decoded(f"alternate_enclosures: {header}").faults

    assert [f"{fault.field} {fault.rule}" for fault in faults] == expected


def test_further_files_without_audio_are_no_article() -> None:
    """Whoever names further files of a sound has forgotten the sound."""
    data = b"---\ntitle: Tides\nshow: radio\nalternate_enclosures: a.opus\n---\n"
    config = Config(shows={"radio": Show(id="radio", title="Sea", feed="radio/feed.xml", permalink="/radio/{slug}/")})

    assert decode_episode(read_episode_file("episodes/1.md", data), data, config).kind == "episode"


@pytest.mark.parametrize(
    ("settings", "formats", "archive", "rules"),
    [
        pytest.param("formats: [m4a, Opus]", {"m4a": "a/feed-m4a.xml", "opus": "a/feed-opus.xml"}, 0, [], id="a list"),
        pytest.param("formats: opus", {"opus": "a/feed-opus.xml"}, 0, [], id="one"),
        pytest.param(
            "formats: {opus: x/o.xml, m4a: }", {"opus": "x/o.xml", "m4a": "a/feed-m4a.xml"}, 0, [], id="a group"
        ),
        pytest.param("formats: [vinyl, opus]", {"opus": "a/feed-opus.xml"}, 0, ["format-unknown"], id="unknown"),
        pytest.param("formats: {vinyl: x.xml}", {}, 0, ["format-unknown"], id="unknown in a group"),
        pytest.param("formats: {opus: ../o.xml}", {"opus": "a/feed-opus.xml"}, 0, ["show-feed-invalid"], id="outside"),
        pytest.param("archive: 50", {}, 50, [], id="archive"),
        pytest.param("archive: 0", {}, 0, ["show-archive-invalid"], id="no page"),
        pytest.param("archive: 全部", {}, 0, ["show-archive-invalid"], id="words"),
    ],
)
def test_further_feeds_of_a_show_are_read(
    settings: str, formats: dict[str, str], archive: int, rules: list[str]
) -> None:
    """Formats have a place by default; what cannot be read is told, and the rest holds."""
    config, faults = decode_config(
        read_config_file("config.yaml", f"shows:\n  a:\n    title: A\n    {settings}\n".encode())
    )

    assert (config.shows["a"].formats, config.shows["a"].archive) == (formats, archive)
    assert [fault.rule for fault in faults] == rules


@pytest.mark.parametrize(
    ("written", "rules"),
    [
        pytest.param("network:", [], id="empty"),
        pytest.param("network: all", ["field-not-group"], id="a word"),
    ],
)
def test_network_without_settings_is_none(written: str, rules: list[str]) -> None:
    """There is no feed of all shows that nobody described."""
    config, faults = decode_config(read_config_file("config.yaml", f"{written}\nshows: {{a: {{title: A}}}}\n".encode()))

    assert config.network is None
    assert [fault.rule for fault in faults] == rules
