"""The first files: config.yaml from answers or from yattecast's, and a new episode."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import podfeed
from podfeed import cli, words
from podfeed.errors import PodfeedError, UsageError
from podfeed.read.decode import decode_config
from podfeed.read.lock import read
from podfeed.read.source import Text, read_config_file
from podfeed.starting import Answers, answered, from_yattecast, init, slug_of, yaml_text
from podfeed.testing import example_project, tiny_jpeg, tiny_mp3

YATTECAST = Path(__file__).parent / "projects" / "yattecast"
FLAGS = {
    "--title": "Harbour Radio",
    "--author": "Ada",
    "--language": "en",
    "--site": "https://radio.podfeed.example/",
    "--email": "ada@radio.podfeed.example",
    "--category": "News: Tech News",
    "--timezone": "Asia/Tokyo",
}
NOW = "2026-01-31T23:30:00+00:00"


def run(*arguments: str | Path, typed: str | None = None) -> tuple[int, str]:
    """The exit code of a podfeed command and what it printed; for a refusal, its sentence."""
    result = CliRunner().invoke(cli.podfeed, [str(each) for each in arguments], input=typed, standalone_mode=False)
    if isinstance(result.exception, PodfeedError):
        return result.exception.exit_code, str(result.exception)
    if result.exception:
        raise result.exception
    return result.return_value, result.output


def flags(**changes: str | None) -> list[str]:
    """The flags of `init` as words, some changed or left out."""
    given = {**FLAGS, **{f"--{name}": text for name, text in changes.items()}}
    return [word for name, text in given.items() if text is not None for word in (name, text)]


# ------------------------------------------------------------------------------------------------ init


def test_init_writes_what_passes_check(tmp_path: Path) -> None:
    """With a picture and an episode, which nobody can make up, the project is sound."""
    code, told = run("init", *flags(), "--no-explicit", "--yes", "-C", tmp_path)

    assert code == 0
    assert "with the show “harbour-radio”" in told
    assert "the description is the title for now" in told
    (tmp_path / "artwork").mkdir()
    (tmp_path / "audio").mkdir()
    tiny_jpeg(tmp_path / "artwork" / "cover.jpg")
    tiny_mp3(tmp_path / "audio" / "1.mp3")
    assert run("new", "harbour-radio", "Tides", "--audio", tmp_path / "audio" / "1.mp3", "-C", tmp_path)[0] == 0
    text = next((tmp_path / "episodes").iterdir())
    text.write_text(text.read_text().replace("draft: true", "draft: false"))
    assert run("check", "-C", tmp_path)[0] == 0


def test_init_says_what_was_answered(tmp_path: Path) -> None:
    """Every answer is in config.yaml, as podfeed reads it."""
    run("init", *flags(), "--explicit", "--description", "Two sailors talk: a lot.", "--yes", "-C", tmp_path)

    config, faults = decode_config(read_config_file("config.yaml", (tmp_path / "config.yaml").read_bytes()))
    show = config.shows["harbour-radio"]
    assert faults == ()
    assert (config.site, config.timezone) == ("https://radio.podfeed.example", "Asia/Tokyo")
    assert (show.title, show.description, show.author) == ("Harbour Radio", "Two sailors talk: a lot.", "Ada")
    assert (show.owner_name, show.owner_email) == ("Ada", "ada@radio.podfeed.example")
    assert [(each.name, each.subcategory) for each in show.categories] == [("News", "Tech News")]
    assert (show.language, show.explicit) == ("en", True)
    assert (tmp_path / "episodes").is_dir()


@pytest.mark.parametrize("name", ["title", "author", "language", "site", "category"])
def test_init_names_the_flag_that_is_missing(tmp_path: Path, name: str) -> None:
    """Where nobody can be asked, as in CI, nothing is written halfway."""
    code, told = run("init", *flags(**{name: None}), "-C", tmp_path)

    assert (code, told) == (2, f"the podcast's {name} is missing: say it with --{name}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        pytest.param("site", "radio.podfeed.example", "no address of a site", id="site"),
        pytest.param("language", "Japanese", "not a language code", id="language"),
        pytest.param("category", "Tecnology", "is “Technology” meant?", id="category"),
        pytest.param("category", "News: Gossip", "no subcategory “Gossip”", id="subcategory"),
        pytest.param("timezone", "Tokyo", "not a time zone", id="time zone"),
        pytest.param("title", "a\x0bb", "--title holds an invisible control character", id="control character"),
    ],
)
def test_init_refuses_what_cannot_be_meant(tmp_path: Path, name: str, text: str, reason: str) -> None:
    """Better now than by the first check."""
    code, told = run("init", *flags(**{name: text}), "-C", tmp_path)

    assert (code, reason in told) == (2, True)
    assert not list(tmp_path.iterdir())


def test_init_never_writes_over_a_config(tmp_path: Path) -> None:
    """The config.yaml that is there stays."""
    (tmp_path / "config.yaml").write_text("mine")

    code, told = run("init", *flags(), "-C", tmp_path)

    assert (code, "is there already" in told) == (2, True)
    assert (tmp_path / "config.yaml").read_text() == "mine"


def test_init_asks_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no flag says is asked, again where the answer cannot be meant; return alone leaves out what may be."""
    typed = "夜の港\n\nエイダ\njapanese\nja\nhttps://radio.podfeed.example\n\nArts\nAsia/Tokyo\nn\n"
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)

    code, told = run("init", "-C", tmp_path, typed=typed)

    config, _ = decode_config(read_config_file("config.yaml", (tmp_path / "config.yaml").read_bytes()))
    show = config.shows["podcast"]
    assert code == 0
    assert "“japanese” is not a language code" in told
    assert (show.title, show.description, show.owner_email, show.explicit) == ("夜の港", "夜の港", "", False)


@pytest.mark.parametrize("spoken", ["en", "ja"])
def test_init_proposes_the_language_of_whoever_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoken: str
) -> None:
    """Return alone takes it."""
    typed = "Radio\n\nAda\n\nhttps://radio.podfeed.example\n\nArts\n\nn\n"
    monkeypatch.setattr("click.testing._NamedTextIOWrapper.isatty", lambda self: True, raising=False)
    monkeypatch.setattr(words, "_language", spoken)

    code, told = run("init", "-C", tmp_path, typed=typed)

    config, _ = decode_config(read_config_file("config.yaml", (tmp_path / "config.yaml").read_bytes()))
    assert (code, f"[{spoken}]: " in told) == (0, True)
    assert config.shows["radio"].language == spoken


def test_init_takes_over_yattecast() -> None:
    """Its settings, and what its templates take for granted."""
    answers = from_yattecast(YATTECAST / "_config.yml")

    assert (answers.title, answers.author, answers.language) == ("かもめ町ラジオ", "かもめ町放送", "ja")
    assert (answers.site, answers.timezone) == ("https://kamome-radio.example", "Asia/Tokyo")
    assert (answers.feed, answers.permalink, answers.category) == ("feed.xml", "/episode/{slug}", "Technology")
    assert (answers.artwork, answers.keywords) == ("images/artwork.jpg", ("港", "朝", "おしゃべり"))
    assert answers.actors["tomoshibi"] == {"name": "ともしび", "image_url": "/images/actors/tomoshibi.png"}
    assert "apps want https" in answers.remarks[0]


def test_init_leaves_posts_where_they_are(tmp_path: Path) -> None:
    """Moving files is git's business: podfeed says how, and makes no folder that would be in the way."""
    (tmp_path / "_posts").mkdir()

    _, told = run("init", "--from", YATTECAST / "_config.yml", "-C", tmp_path)

    assert "next: git mv _posts episodes" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["_posts", "config.yaml"]


def test_init_says_what_it_cannot_take_over(tmp_path: Path) -> None:
    """A permalink with the date in it, and a line that cannot be read."""
    old = tmp_path / "_config.yml"
    old.write_text("title: T\npermalink: /:year/:title/\nauthor: @ada\nurl: https://t.example\nlanguage: ja\n")

    code, told = run("init", "--from", old, "--author", "Ada", "-C", tmp_path)

    assert code == 0
    assert "line 3: this character cannot begin a value" in told
    assert "“permalink: /:year/:title/” has no equal here" in told


@pytest.mark.parametrize("content", [None, b"", b"- a\n- b\n", b"\xff\xfe"])
def test_init_wants_a_config_to_take_over(tmp_path: Path, content: bytes | None) -> None:
    """What holds no settings is wrong use."""
    old = tmp_path / "_config.yml"
    if content is not None:
        old.write_bytes(content)

    assert run("init", "--from", old, *flags(), "-C", tmp_path / "new")[0] == 2


#: Without what no feed can carry, and no reader of podfeed lets in.
_TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=40
)


@given(text=_TEXTS)
def test_yaml_text_reads_back_as_itself(text: str) -> None:
    """In block and in flow, by podfeed and by another reader: any text means itself."""
    written = f"a: {yaml_text(text)}\nb: [{yaml_text(text)}, x]\n"

    header = read_config_file("config.yaml", written.encode()).header
    node = header.entries["a"]
    assert isinstance(node, Text)
    assert node.text == text
    assert yaml.safe_load(written) == {"a": text, "b": [text, "x"]}


@given(title=_TEXTS, description=_TEXTS, author=_TEXTS)
def test_any_answers_make_a_config_that_reads_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, description: str, author: str
) -> None:
    """Whatever people are called."""
    folder = tmp_path_factory.mktemp("radio")
    answers = Answers(site="https://radio.podfeed.example", language="ja", category="Arts")
    try:
        answers = answered(answers, {"title": title, "description": description, "author": author})
        init(folder, answers)
    except UsageError:
        return

    config, faults = decode_config(read_config_file("config.yaml", (folder / "config.yaml").read_bytes()))
    show = next(iter(config.shows.values()))
    assert faults == ()
    assert (show.title, show.author) == (answers.title, answers.author)


# ------------------------------------------------------------------------------------------------- new


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An example project."""
    return example_project(tmp_path / "radio")


def test_new_writes_a_draft_with_all_that_is_known(folder: Path) -> None:
    """Title, the date in the show's zone, a guid of its own, and what the audio says."""
    tiny_mp3(folder / "audio" / "潮.mp3", seconds=2, seed=3)

    code, told = run(
        "new", "radio", "潮: 満ちる「海」", "--audio", folder / "audio" / "潮.mp3", "--now", NOW, "-C", folder
    )

    path = "episodes/2026-02-01-潮-満ちる-海.md"
    project = podfeed.load(folder)
    episode = project.files[path].episode
    assert (code, told) == (
        0,
        f"“{path}” is written, as a draft: write its notes, and delete “draft: true” when it may go out\n",
    )
    assert (episode.title, episode.show, episode.is_draft) == ("潮: 満ちる「海」", "radio", True)
    assert episode.date == datetime.fromisoformat("2026-02-01T08:30:00+09:00")
    assert uuid.UUID(episode.guid).version == 4
    assert (episode.audio, episode.stated_bytes) == ("audio/潮.mp3", (folder / "audio" / "潮.mp3").stat().st_size)
    assert episode.stated_duration.seconds == 2
    assert "audio/潮.mp3" in read((folder / "podfeed.lock").read_text(encoding="utf-8"))[0].media
    assert run("check", "-C", folder, f"{folder}/{path}")[0] == 0


def test_new_without_audio_passes_check(folder: Path) -> None:
    """The audio comes later: nothing is wrong yet."""
    run("new", "radio", "Ebb", "--date", "2026-03-01 05:00", "-C", folder)

    assert run("check", "-C", folder, folder / "episodes" / "2026-03-01-Ebb.md")[0] == 0


def test_new_never_writes_over_an_episode(folder: Path) -> None:
    """The second of one day and one title is refused."""
    run("new", "radio", "Ebb", "--now", NOW, "-C", folder)
    before = (folder / "episodes" / "2026-02-01-Ebb.md").read_bytes()

    code, told = run("new", "radio", "Ebb", "--now", NOW, "-C", folder)

    assert (code, "is there already" in told) == (2, True)
    assert (folder / "episodes" / "2026-02-01-Ebb.md").read_bytes() == before


def test_new_leaves_no_trace_in_a_build(folder: Path) -> None:
    """It is a draft until its author says otherwise."""
    run("new", "radio", "Canary", "-C", folder)

    run("build", "-C", folder, "--out", folder / "public")

    assert not [path for path in (folder / "public").rglob("*") if path.is_file() and b"Canary" in path.read_bytes()]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(("radoi", "T"), "there is no show “radoi”", id="no show"),
        pytest.param(("radio", " "), "needs a title", id="no title"),
        pytest.param(("radio", "a\x00b"), "control character", id="control character"),
        pytest.param(("radio", "T", "--date", "tomorrow"), "“tomorrow” is no date", id="no date"),
        pytest.param(("radio", "T", "--audio", "/outside.mp3"), "lies outside the project: copy it into", id="outside"),
        pytest.param(("radio", "T", "--audio", "{folder}/audio/none.mp3"), "is no audio podfeed can use", id="no file"),
        pytest.param(("radio", "T", "--audio", "{folder}/config.yaml"), "is no audio podfeed can use", id="no audio"),
    ],
)
def test_new_refuses_what_cannot_be_meant(folder: Path, arguments: tuple[str, ...], reason: str) -> None:
    """A sentence, and no file."""
    code, told = run("new", *(each.replace("{folder}", str(folder)) for each in arguments), "-C", folder)

    assert (code, reason in told) == (2, True), told
    assert [path.name for path in (folder / "episodes").iterdir()] == ["1.md"]


def test_new_wants_an_offset_where_no_zone_is_named(tmp_path: Path) -> None:
    """podfeed does not guess where its owner lives."""
    folder = example_project(tmp_path / "radio", show={"timezone": None})

    code, told = run("new", "radio", "T", "--date", "2026-03-01 05:00", "-C", folder)

    assert (code, "has no offset, and config.yaml no time zone" in told) == (2, True)


@pytest.mark.parametrize(
    ("match", "path", "says_show"),
    [
        pytest.param("{path: 'en/*'}", "episodes/en/2026-02-01-T.md", False, id="its folder"),
        pytest.param("{path: ['*-x.md', 'en/*']}", "episodes/en/2026-02-01-T.md", False, id="one of several"),
        pytest.param("{title: 'T*'}", "episodes/2026-02-01-T.md", False, id="its title"),
        pytest.param("{actor_ids: [ada]}", "episodes/2026-02-01-T.md", True, id="its people, who are not known yet"),
        pytest.param("{path: 'en/*', actor_ids: [ada]}", "episodes/en/2026-02-01-T.md", True, id="folder and people"),
        pytest.param("{path: '*/x/*'}", "episodes/2026-02-01-T.md", True, id="a folder that is not named outright"),
    ],
)
def test_new_episode_belongs_to_its_show(tmp_path: Path, match: str, path: str, says_show: bool) -> None:
    """By its place where that is enough, else by name."""
    folder = example_project(tmp_path / "radio", show={"match": match})

    assert run("new", "radio", "T", "--now", NOW, "-C", folder)[0] == 0

    episode = podfeed.load(folder).files[path].episode
    assert (episode.show, "show" in episode.keys) == ("radio", says_show)


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Tides & Time!", "Tides-Time"),
        ("か\u3099 いど", "が-いど"),
        ("हिन्दी कहानी", "हिन्दी-कहानी"),
        ("../../etc", "etc"),
        ("！？", "episode"),
        ("朝" * 100, "朝" * 50),
    ],
)
def test_slug_keeps_letters_and_digits_of_any_script(title: str, slug: str) -> None:
    """A file name for any title, in NFC, short enough for every disk."""
    assert slug_of(title) == slug
