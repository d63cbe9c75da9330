"""The README and docs/ say what podfeed does: commands and their output, settings, rules, names, links, scripts."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from commands import ROOT, build, copy_example, environment, episode, podfeed, tool, tree
from serving import served

import podfeed as public
from podfeed import cli, errors
from podfeed.check.registry import MAX_FAULTS_OF_RULE, rules
from podfeed.check.show import apple_categories
from podfeed.publish import content, loop, notify, s3, verify
from podfeed.publishing import DEADLINE, MOST_SKEW
from podfeed.read import artwork, audio, chapter_files, cues, decode, lock, remote, settings, source, transcript, xml
from podfeed.read.web import Limits
from podfeed.testing import example_project, tiny_jpeg, tiny_mp3, tiny_png

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
_PAGE_IDS = [path.relative_to(ROOT).as_posix() for path in PAGES]


def text(path: str) -> str:
    """A page of docs/."""
    return (DOCS / path).read_text("utf-8")


# ------------------------------------------------------------------------------- what the pages hold


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """tools/write-docs."""
    return tool("write-docs")


@pytest.mark.parametrize("path", PAGES, ids=_PAGE_IDS)
def test_generated_parts_are_fresh(path: Path, writer: ModuleType) -> None:
    """What podfeed itself knows is written by tools/write-docs, and nobody forgot to run it."""
    assert writer.written(path.read_text("utf-8")) == path.read_text("utf-8"), "run tools/write-docs"


@pytest.mark.parametrize("name", cli.podfeed.commands)
def test_every_command_and_option_is_described(name: str) -> None:
    """Each command has a section in commands.md with every option, and a line in the README."""
    section = text("reference/commands.md").split(f"\n## podfeed {name}\n")[1].split("\n## ")[0]
    shown = [each for each in cli.podfeed.commands[name].params if not getattr(each, "hidden", False)]
    options = [option for each in shown for option in (*each.opts, *each.secondary_opts)]

    assert "Exit codes: 0" in section
    assert f"`podfeed {name}`" in (ROOT / "README.md").read_text("utf-8")
    for option in (each for each in options if each.startswith("-")):
        assert re.search(rf"[` ]{re.escape(option)}[ ,`]", section), option


@pytest.mark.parametrize("name", sorted(decode.SHOW_FIELDS))
def test_every_field_of_a_show_is_described(name: str) -> None:
    """Each setting of a show has a row in configuration.md."""
    assert f"\n| `{name}` |" in text("reference/configuration.md")


@pytest.mark.parametrize(
    "name",
    [
        *("site", "media", "timezone", "actors", "shows", "checks", "targets", "url", "image_url"),
        *(each.name for each in settings.TARGET),
    ],
)
def test_every_other_setting_is_described(name: str) -> None:
    """So has each setting of the file as a whole, and of a person."""
    assert f"\n| `{name}` |" in text("reference/configuration.md")


@pytest.mark.parametrize("name", sorted(decode.EPISODE_FIELDS))
def test_every_field_of_an_episode_is_described(name: str) -> None:
    """Each field has a row in episode-fields.md, its other spellings in the row of the first."""
    page = text("reference/episode-fields.md")
    other = next(
        (first for first, names in decode.SPELLINGS.items() if name in names[1:]),
        "draft" if name == "published" else "",
    )

    if other:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{other}` |"))
        assert f"`{name}`" in row.split("|")[2]
    else:
        assert f"\n| `{name}` |" in page


def test_every_rule_has_its_section() -> None:
    """Each rule has a line in the table and a section of its own, and no section is left over."""
    page = text("reference/rules.md")
    sections = re.findall(r"^### (\S+)$", page, re.MULTILINE)

    assert sections == list(rules())
    for name in rules():
        assert f"| [{name}](#{name}) |" in page


def test_every_public_name_is_described() -> None:
    """errors.md lists exactly the names that `podfeed` promises."""
    first_table = text("reference/errors.md").split("\n## ")[0]

    assert sorted(re.findall(r"^\| `(\w+)` \|", first_table, re.MULTILINE)) == sorted(public.__all__)


def _errors() -> Iterator[type[errors.PodfeedError]]:
    yield errors.PodfeedError
    yield from errors.PodfeedError.__subclasses__()


@pytest.mark.parametrize("error", [pytest.param(each, id=each.__name__) for each in _errors()])
def test_every_exit_code_is_described(error: type[errors.PodfeedError]) -> None:
    """Each error's code is in exit-codes.md and beside its name in errors.md."""
    assert f"\n| {error.exit_code} |" in text("reference/exit-codes.md")
    assert f"\n| `{error.__name__}` | {error.exit_code} |" in text("reference/errors.md")


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 70, 130])
def test_all_promised_exit_codes_are_described(code: int) -> None:
    """Those that wait for publishing too."""
    assert f"\n| {code} |" in text("reference/exit-codes.md")


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        pytest.param("an episode file", (source.MAX_FILE_BYTES, "2 MiB", 2 << 20), id="file"),
        pytest.param("its header", (source.MAX_HEADER_BYTES, "64 KiB", 64 << 10), id="header"),
        pytest.param("settings in a header, nested ones included", (source.MAX_KEYS, "200", 200), id="keys"),
        pytest.param("entries of lists in a header", (source.MAX_ENTRIES, "1,000", 1000), id="entries"),
        pytest.param("depth of nesting", (source.MAX_DEPTH, "20", 20), id="depth"),
        pytest.param("config.yaml", (source.MAX_CONFIG_BYTES, "1 MiB", 1 << 20), id="config"),
        pytest.param(
            "entries of lists in config.yaml", (source.MAX_CONFIG_ENTRIES, "10,000", 10_000), id="config entries"
        ),
        pytest.param("aliases in config.yaml", (source.MAX_ALIASES, "16", 16), id="aliases"),
        pytest.param("faults told of one header", (source.MAX_FAULTS, "100", 100), id="faults"),
        pytest.param("an audio file", (audio.MOST_BYTES, "2 GiB", 2 << 30), id="audio"),
        pytest.param("audio on another server: what is read of it", (remote.MOST_BYTES, "8 MiB", 8 << 20), id="far"),
        pytest.param("time to measure it", (Limits().seconds, "60 seconds", 60), id="time"),
        pytest.param("redirects on the way to it", (Limits().redirects, "10", 10), id="redirects"),
        pytest.param("a wait that its server asks for", (Limits().patience_seconds, "60 seconds", 60), id="patience"),
        pytest.param("connections to one server", (Limits().at_once, "2, of 8 in all", 2), id="connections"),
        pytest.param("a picture", (artwork.MOST_BYTES, "10 MiB, 6000 × 6000 pixels", 10 << 20), id="picture"),
        pytest.param("a transcript", (transcript.MAX_BYTES, "10 MiB, 50,000 cues", 10 << 20), id="transcript"),
        pytest.param("a transcript", (cues.MAX_CUES, "10 MiB, 50,000 cues", 50_000), id="cues"),
        pytest.param("faults told of one transcript", (cues.MAX_FAULTS, "100", 100), id="faults of a transcript"),
        pytest.param("a file of chapters", (chapter_files.MAX_BYTES, "1 MiB", 1 << 20), id="chapter file"),
        pytest.param("chapters of an episode", (chapter_files.MAX_CHAPTERS, "1000", 1000), id="chapters"),
        pytest.param(
            "faults told of one file of chapters", (chapter_files.MAX_FAULTS, "100", 100), id="faults of chapters"
        ),
        pytest.param("a feed to adopt", (xml.MAX_FEED_BYTES, "20 MiB", 20 << 20), id="feed"),
        pytest.param("a feed to lint", (xml.MAX_FEED_BYTES, "20 MiB", 20 << 20), id="feed to lint"),
        pytest.param("a feed or a record in a store", (content.MOST_BYTES, "256 MiB", 256 << 20), id="stored feed"),
        pytest.param("depth of nesting in a feed", (xml.MAX_DEPTH, "100", 100), id="feed depth"),
        pytest.param("faults of one rule told of a feed", (MAX_FAULTS_OF_RULE, "10,000", 10_000), id="feed faults"),
        pytest.param(
            "a publish",
            (DEADLINE.total_seconds(), "30 minutes, unless `--deadline` says otherwise", 30 * 60),
            id="deadline",
        ),
        pytest.param(
            "how often a publish begins anew with a show, because others were quicker or the store did not answer",
            (loop.MAX_ROUNDS, "25", 25),
            id="rounds",
        ),
        pytest.param("attempts of one request to a bucket", (s3.ATTEMPTS, "8", 8), id="attempts"),
        pytest.param("what goes up to a bucket in one piece", (s3.PART_BYTES, "64 MiB", 64 << 20), id="parts"),
        pytest.param(
            "waiting until the public gets what was put", (verify.PATIENCE_SECONDS, "60 seconds", 60), id="public"
        ),
        pytest.param(
            "difference between the clock here and that of the store",
            (MOST_SKEW.total_seconds(), "300 seconds", 300),
            id="skew",
        ),
        pytest.param(
            "telling hubs, a webhook and a monitor of a publish",
            (notify.SECONDS_AT_START + notify.SECONDS_AT_END, "9 seconds a run", 9),
            id="telling",
        ),
        pytest.param(
            "runs that try in vain to tell a hub or a webhook", (notify.MOST_TRIES, "10", 10), id="telling in vain"
        ),
    ],
)
def test_limits_are_as_described(what: str, limit: tuple[int, str, int]) -> None:
    """limits.md names the limits that hold."""
    value, written, meant = limit

    assert value == meant
    assert f"\n| {what} | {written} |" in text("reference/limits.md")


@pytest.mark.parametrize("folder", ["podfeed", "podfeed/publish"])
def test_every_module_is_in_the_house(folder: str) -> None:
    """Whoever looks for something finds in the-house.md which module knows it."""
    page = text("explanation/the-house.md")

    assert not [path.name for path in (ROOT / folder).glob("[!_]*.py") if not re.search(rf"`(\w+/)?{path.name}`", page)]


def test_lock_is_described() -> None:
    """The page tells the version that is written, and every key of every line of the examples' lock."""
    page = text("reference/lock.md")
    lines = (ROOT / lock.PATH).read_text("utf-8").splitlines()[1:]

    assert f"the format's version, {lock.VERSION}." in page
    for word, values in {(line.partition(" ")[0], line.partition(" ")[2]) for line in lines}:
        row = next(each for each in page.splitlines() if each.startswith(f"| `{word}` |"))
        assert all(f"`{key}`" in row for key in json.loads(values)), word


def test_json_is_described(projects: Callable[[str], Path]) -> None:
    """Every key that a command prints is on the page."""
    page = text("reference/json.md")
    harbour, yattecast = projects("harbour"), projects("yattecast")
    podfeed(yattecast, "init", "--from", "_config.yml")
    (yattecast / "_posts").rename(yattecast / "episodes")

    checked = json.loads(podfeed(harbour, "check", "--statistics", "--format", "json").stdout)
    enriched = json.loads(podfeed(harbour, "enrich", "--format", "json").stdout)
    explained = json.loads(podfeed(harbour, "rules", "audio-empty", "--format", "json").stdout)
    adopted = json.loads(podfeed(yattecast, "adopt", "old.xml", "--format", "json").stdout)

    keys = {*_keys(checked), *_keys(enriched), *_keys(explained), *_keys(adopted)}
    assert len(keys) > 30
    assert {key for key in keys if not re.search(rf"`(feed\.)?{key}`", page)} == set()


def _keys(value: object) -> set[str]:
    if isinstance(value, list):
        return {key for each in value for key in _keys(each)}
    return {*value, *(key for each in value.values() for key in _keys(each))} if isinstance(value, dict) else set()


# ---------------------------------------------------------------------------------------------- links

_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def _anchors(path: Path) -> set[str]:
    """What a heading is called in an address, as GitHub makes it."""
    headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=_PAGE_IDS)
def test_links_lead_somewhere(path: Path) -> None:
    """Each link to a file of the project finds it, and the heading it means."""
    plain = re.sub(r"`[^`]*`", "", _FENCED.sub("", path.read_text("utf-8")))
    for link in _LINK.findall(plain):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


def test_every_page_can_be_found() -> None:
    """docs/index.md leads to every page."""
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in _LINK.findall(text("index.md"))}

    assert {path.resolve() for path in DOCS.rglob("*.md")} - linked == {(DOCS / "index.md").resolve()}


@pytest.mark.parametrize("path", PAGES, ids=_PAGE_IDS)
def test_one_sentence_per_line(path: Path) -> None:
    """A change of one sentence is a change of one line. (Table rows, code and what is generated are free.)"""
    plain = re.sub(r"<!-- write-docs.*?<!-- written -->", "", _FENCED.sub("", path.read_text("utf-8")), flags=re.DOTALL)
    for line in plain.splitlines():
        if not line.startswith(("|", "- ", "  ", "#")):
            assert not re.search(r"[a-z)`]\. [A-Z]", line), line


# -------------------------------------------------------------------------------- what the pages show


def _empty(folder: Path) -> None:
    for name in ("audio", "artwork"):
        (folder / name).mkdir(parents=True)
    tiny_mp3(folder / "audio" / "tides.mp3", 61, title="Tides", artist="Ada")
    tiny_jpeg(folder / "artwork" / "cover.jpg", 1400)


def _harbour(folder: Path) -> None:
    example_project(folder)
    tiny_mp3(folder / "audio" / "tides.mp3", 61, seed=1, title="Tides", artist="Ada")


def _eight_faults(folder: Path) -> None:
    example_project(folder)
    (folder / "episodes" / "1.md").unlink()
    shutil.copy(ROOT / "tests" / "cases" / "eight-faults.md", folder / "episodes" / "tides.md")


def _published(folder: Path) -> None:
    waves = episode(
        "Waves",
        date="2025-06-09 05:00:00 +0900",
        audio="/audio/waves.mp3",
        guid="waves-1",
        description="One after the other.",
    )
    example_project(folder, show={"locked": "true"}, files={"episodes/waves.md": waves})
    tiny_mp3(folder / "audio" / "waves.mp3", seed=1, title="Waves", artist="Ada")
    build(folder)


def _online(folder: Path) -> None:
    _published(folder)
    (folder / "web").mkdir()
    with served(folder / "web") as address, (folder / "config.yaml").open("a") as config:
        config.write(f"targets: {{live: {{folder: web, public: {address}}}}}\n")
        config.flush()
        done = podfeed(folder, "publish", "--first", "--trust-server", address.removeprefix("http://"))
        assert done.returncode == 0, done.stderr


def _yattecast(folder: Path) -> None:
    shutil.copytree(ROOT / "tests" / "projects" / "yattecast", folder)
    (folder / "feed.xml").rename(folder / "old.xml")
    for name in ("audio", "images/actors"):
        (folder / name).mkdir(parents=True)
    for seed, name in enumerate(("朝の電車", "002", "おやつ & お茶", "004")):
        tiny_mp3(folder / "audio" / f"{name}.mp3", seed=seed)
    tiny_jpeg(folder / "images" / "artwork.jpg")
    for name in ("kamome", "tomoshibi"):
        tiny_png(folder / "images" / "actors" / f"{name}.png", side=100)


_MAKERS = {
    "empty": _empty,
    "harbour": _harbour,
    "eight-faults": _eight_faults,
    "example": copy_example,
    "published": _published,
    "online": _online,
    "yattecast": _yattecast,
}


@pytest.fixture
def projects(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a project of that name, once in a test."""

    def make(name: str) -> Path:
        folder = tmp_path / name
        if not folder.exists():
            _MAKERS[name](folder)
        return folder

    return make


@pytest.fixture
def shell(tmp_path: Path) -> Callable[[Path, str], str]:
    """Types a line into a shell that has `podfeed`, and gives all it prints."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "podfeed").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m podfeed "$@"\n')
    (programs / "podfeed").chmod(0o755)
    variables = environment(PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")

    def run(folder: Path, line: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        return done.stdout

    return run


_STEP = re.compile(
    r"^<!-- project: (?P<project>\S+) -->$"
    r"|^<!-- file: (?P<file>\S+) -->\n```\w*\n(?P<content>.*?)^```$"
    r"|^```console\n(?P<console>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_WITH_CONSOLE = [path for path in PAGES if "```console" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", _WITH_CONSOLE, ids=[path.stem for path in _WITH_CONSOLE])
def test_shown_output_is_real(path: Path, projects: Callable[[str], Path], shell: Callable[[Path, str], str]) -> None:
    """Whoever types what a page shows, in its order, sees what it shows. “…” alone stands for any lines."""
    folder = Path()
    for step in _STEP.finditer(path.read_text("utf-8")):
        if step["project"]:
            folder = projects(step["project"])
        elif step["file"]:
            (folder / step["file"]).write_text(step["content"], "utf-8")
        else:
            for line, expected in _commands(step["console"]):
                _same(shell(folder, line), expected)


def _commands(console: str) -> Iterator[tuple[str, str]]:
    for each in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        line, _, expected = each.partition("\n")
        yield line, expected


def _same(found: str, expected: str) -> None:
    if "…" not in expected.splitlines():
        assert found.splitlines() == expected.splitlines()
        return
    pattern = "".join(".*" if line == "…" else re.escape(f"{line}\n") for line in expected.splitlines())
    assert re.fullmatch(pattern, found, re.DOTALL), found


def _shown_commands() -> Iterator[str]:
    """Every podfeed command in a block of any page."""
    for path in PAGES:
        for block in _FENCED.findall(path.read_text("utf-8")):
            for line in re.findall(r"^(?:\$ )?((?:podfeed) .*)$", block, re.MULTILINE):
                yield from (each.strip() for each in re.split(r"&&|\|", line) if each.strip().startswith("podfeed "))


@pytest.mark.parametrize(
    "line", sorted({line for line in _shown_commands() if not line.endswith("[ARGS]...") and "[OPTIONS]" not in line})
)
def test_shown_commands_are_possible(line: str) -> None:
    """No page shows a command or an option that is not there."""
    name, *words = shlex.split(line)[1:]
    command = cli.podfeed.commands[name]

    group = click.Context(cli.podfeed, **cli.podfeed.context_settings)
    command.make_parser(click.Context(command, parent=group)).parse_args(words)


def test_eight_faults_are_shown() -> None:
    """The README shows eight faults, each with its line."""
    console = re.findall(r"^episodes/tides\.md:(\d+):", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)

    assert console == ["2", "3", "4", "5", "6", "7", "8", "9"]


def test_categories_shown_are_apples() -> None:
    """The categories in configuration.md are real ones."""
    assert "Technology" in apple_categories()
    assert {"Tech News", "Politics"} <= set(apple_categories()["News"])


# -------------------------------------------------------------------------------------------- scripts


def _python_example(project: str = "harbour") -> str:
    found = re.search(
        rf"^<!-- runs in: {project} -->\n```python\n(.*?)^```$",
        text("how-to/use-from-python.md"),
        re.MULTILINE | re.DOTALL,
    )
    assert found
    return found[1]


def test_python_example_runs(projects: Callable[[str], Path]) -> None:
    """The example in use-from-python.md does what it says."""
    done = subprocess.run(
        [sys.executable, "-c", _python_example()],
        cwd=projects("harbour"),
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert done.returncode == 0, done.stderr
    assert "config.yaml:4: warning: podfeed has not published this show yet" in done.stdout
    assert re.search(r"\{'radio/feed.xml': \d{4}\}", done.stdout)


def test_python_example_of_publishing_runs(projects: Callable[[str], Path]) -> None:
    """So does the one that plans and publishes."""
    command = [sys.executable, "-c", _python_example("online")]
    done = subprocess.run(command, cwd=projects("online"), env=environment(), capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "radio []\n0 files would go up\nradio is public\n"


@pytest.mark.full
@pytest.mark.parametrize("project", ["harbour", "online"])
def test_python_examples_are_typed(project: str, tmp_path: Path) -> None:
    """And a type checker agrees with them."""
    (tmp_path / "example.py").write_text(_python_example(project), "utf-8")
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        str(tmp_path / "cache"),
        str(tmp_path / "example.py"),
    ]

    done = subprocess.run(command, cwd=ROOT, env=environment(MYPYPATH=str(ROOT)), capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


SCRIPT = DOCS / "how-to" / "examples" / "publish.sh"


def test_script_is_shown_as_it_is() -> None:
    """The how-to shows publish.sh to the letter."""
    page = text("how-to/publish-from-cron-with-rsync.md")
    found = re.search(r"<!-- same as: examples/publish.sh -->\n```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    assert found and found[1] == SCRIPT.read_text("utf-8")
    assert os.access(SCRIPT, os.X_OK)


@pytest.fixture
def publish(shell: Callable[[Path, str], str], tmp_path: Path) -> Callable[..., int]:
    """Runs publish.sh from another folder, as cron does, and gives its exit code."""
    if not shutil.which("rsync"):
        pytest.skip("rsync is not installed")

    def run(project: Path, target: Path, **variables: str) -> int:
        settings = "".join(f"{name}={shlex.quote(value)} " for name, value in variables.items())
        line = f"{settings}{shlex.quote(str(SCRIPT))} {shlex.quote(str(project))} {shlex.quote(str(target))} >/dev/null; echo $?"
        return int(shell(tmp_path, line).split()[-1])

    return run


def test_script_copies_what_was_built(
    publish: Callable[..., int], projects: Callable[[str], Path], tmp_path: Path
) -> None:
    """Everything a listener needs arrives, and podfeed's own notes stay at home."""
    project, target = projects("published"), tmp_path / "server"

    assert publish(project, target) == 0

    files = tree(project / "public")
    assert tree(target) == {path: data for path, data in files.items() if not path.startswith(".")}
    assert "radio/feed.xml" in files


def test_script_brings_feeds_last(publish: Callable[..., int], projects: Callable[[str], Path], tmp_path: Path) -> None:
    """Cut off after the first pass, the server has everything a feed names, and no feed yet."""
    project, target, once = projects("published"), tmp_path / "server", tmp_path / "once"
    once.write_text(
        f'#!/bin/sh\n[ -e "{tmp_path}/was-here" ] && exit 12\ntouch "{tmp_path}/was-here"\nexec rsync "$@"\n'
    )
    once.chmod(0o755)

    assert publish(project, target, RSYNC=str(once)) == 12

    missing = tree(project / "public").keys() - tree(target).keys()
    assert missing == {"radio/feed.xml", "radio/sitemap.xml", "sitemap.xml", ".podfeed-build.json"}


def test_script_tells_errors_and_copies_the_rest(
    publish: Callable[..., int], projects: Callable[[str], Path], tmp_path: Path
) -> None:
    """A show with an error stays on the server as it was; the exit code says that something is wrong."""
    project, target = projects("published"), tmp_path / "server"
    assert publish(project, target) == 0
    before = tree(target)
    (project / "episodes" / "waves.md").unlink()

    assert publish(project, target) == 1

    assert tree(target) == before


def test_script_stops_without_a_project(publish: Callable[..., int], tmp_path: Path) -> None:
    """Where podfeed cannot build, nothing is copied."""
    (tmp_path / "nowhere").mkdir()

    assert publish(tmp_path / "nowhere", tmp_path / "server") == 2

    assert not (tmp_path / "server").exists()
