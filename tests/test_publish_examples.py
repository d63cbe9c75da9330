"""What the how-tos of publishing show is to the letter what is in examples/, and that runs, against a real store."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import ROOT, environment, podfeed
from lxml import etree
from serving import needed, served
from weed import Bucket

DOCS = ROOT / "docs"
EXAMPLES = DOCS / "how-to/examples"
_SHOWN = re.compile(r"<!-- same as: (\S+) -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
#: What pip would download is there already.
_OFFLINE = {"PIP_NO_INDEX": "1", "PYTHONPATH": sysconfig.get_path("purelib")}


def test_pages_show_the_examples_as_they_are() -> None:
    """Every example stands on a page, to the letter."""
    shown = {
        (page.parent / name).resolve(): content
        for page in DOCS.rglob("*.md")
        for name, content in _SHOWN.findall(page.read_text("utf-8"))
    }

    assert shown == {path: path.read_text("utf-8") for path in EXAMPLES.iterdir()}


class Desk:
    """A podcast in git, published once to a bucket."""

    def __init__(self, folder: Path, project: Path, bucket: Bucket) -> None:
        self.folder, self.project, self.bucket = folder, project, bucket
        self.trust = f"--trust-server {bucket.server}"
        (folder / "home").mkdir()
        (folder / "bin").mkdir()
        for name in ("python", "python3"):
            (folder / "bin" / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
            (folder / "bin" / name).chmod(0o755)
        first = podfeed(project, "publish", "--first", *self.trust.split(), env=bucket.environment)
        assert first.returncode == 0, first.stderr

    def edit(self) -> None:
        """Give the episode another title."""
        path = self.project / "episodes/1.md"
        path.write_text(path.read_text("utf-8").replace("Tides", "Ebb and flow"), "utf-8")

    @property
    def title(self) -> str | None:
        """The one that is public."""
        return etree.fromstring(self.bucket.read("radio/feed.xml")).findtext("channel/item/title")

    def run(
        self, script: str | list[str], variables: Mapping[str, str], folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A script of bash, as services of CI run it, or a command, with no more in its environment than *variables*."""
        command = ["bash", "-eo", "pipefail", "-c", script] if isinstance(script, str) else script
        path = f"{self.folder / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return subprocess.run(
            command,
            cwd=folder or self.project,
            env={"PATH": path, "HOME": str(self.folder / "home"), **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    def publishes(self, text: str) -> str:
        """*text* of an example, where the server of this test may be asked."""
        assert text.count(" publish") == 1
        return text.replace(" publish", f" publish {self.trust}")


@pytest.fixture
def desk(project: Callable[..., Path], bucket: Bucket, tmp_path: Path) -> Desk:
    settings = ", ".join(f'{name}: "{value}"' for name, value in bucket.target.items())
    folder = project(config={"site": bucket.public, "targets": f"{{live: {{{settings}}}}}"})
    return Desk(tmp_path, folder, bucket)


def _git(folder: Path, *words: str) -> str:
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@radio.podfeed.example", "-c", "commit.gpgsign=false")
    known = environment(HOME=str(folder), GIT_CONFIG_NOSYSTEM="1")
    done = subprocess.run(["git", *person, *words], cwd=folder, env=known, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _checks(schema: str, path: Path, *more: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *more, str(path)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def _blocks(page: str, language: str) -> list[str]:
    text = (DOCS / "how-to" / page).read_text("utf-8")
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)


def _commands(page: str) -> list[list[str]]:
    """What the page has its reader type, in its order."""
    lines = "".join(_blocks(page, "sh")).splitlines()
    return [shlex.split(line.strip()) for line in lines if line.strip().startswith("podfeed ")]


# ------------------------------------------------------------------------------------ from nothing, and moves


def test_page_leads_from_nothing_to_a_public_feed(project: Callable[..., Path], bucket: Bucket, tmp_path: Path) -> None:
    """Its settings for a bucket, its file of credentials and its commands, one after the other."""
    page = "publish-to-object-storage.md"
    (credentials,), (settings,) = _blocks(page, "ini"), map(yaml.safe_load, _blocks(page, "yaml"))
    assert settings["targets"]["live"].keys() == {"s3", "endpoint", "region"}
    settings["targets"]["live"].update(s3=bucket.name, endpoint=bucket.endpoint, addressing="path")
    folder = project(config={"site": bucket.public, "targets": json.dumps(settings["targets"])})
    (tmp_path / ".aws").mkdir()
    for old, new in (("AKID", "AWS_ACCESS_KEY_ID"), ("SECRET", "AWS_SECRET_ACCESS_KEY")):
        credentials = credentials.replace(old, bucket.environment[new])
    (tmp_path / ".aws/credentials").write_text(credentials)

    commands = _commands(page)
    told = [
        podfeed(folder, *words, "--trust-server", bucket.server, env={"HOME": str(tmp_path)}) for _, *words in commands
    ]

    assert [words[1] for words in commands] == ["doctor", "plan", "publish", "status", "verify", "publish"]
    assert [each.returncode for each in told] == [0] * len(told), [each.stdout + each.stderr for each in told]
    assert told[-1].stdout == ""
    assert etree.fromstring(bucket.read("radio/feed.xml")).findtext("channel/item/title") == "Tides"


_OLD_FEED = """<rss version="2.0"><channel><title>Harbour Radio</title><link>https://old-host.podfeed.example/</link>
<description>Two sailors talk.</description><item><title>Tides</title><guid isPermaLink="false">old-1</guid>
<pubDate>Sun, 01 Jun 2025 20:00:00 +0000</pubDate>
<enclosure url="https://old-host.podfeed.example/good.mp3" length="1" type="audio/mpeg"/></item></channel></rss>
"""


def test_show_moves_in_with_its_guids(project: Callable[..., Path], tmp_path: Path) -> None:
    """By the commands of the page, from the feed of another host."""
    (tmp_path / "web").mkdir()
    (tmp_path / "old").mkdir()
    (tmp_path / "old/feed.xml").write_text(_OLD_FEED, "utf-8")
    with served(tmp_path / "web") as site, served(tmp_path / "old") as host:
        folder = project(config={"site": site, "targets": f'{{live: {{folder: "{tmp_path}/web"}}}}'})
        trust = [f"--trust-server={each.removeprefix('http://')}" for each in (site, host)]
        first = _commands("move-a-show.md")[:3]
        assert [words[1] for words in first] == ["adopt", "plan", "publish"]
        for _, *words in first:
            words = [f"{host}/feed.xml" if word.startswith("https://") else word for word in words]
            done = podfeed(folder, *words, *trust)
            assert done.returncode == 0, done.stdout + done.stderr

        feed = etree.fromstring((tmp_path / "web/radio/feed.xml").read_bytes())
        assert feed.findtext("channel/item/guid") == "old-1"


def test_show_moves_to_another_target(project: Callable[..., Path], tmp_path: Path) -> None:
    """Published at both places it is the same but for the last line, which counts the generations of each place."""
    for name in ("live", "next"):
        (tmp_path / name).mkdir()
    with served(tmp_path / "live") as site, served(tmp_path / "next") as there:
        targets = {
            "live": {"folder": str(tmp_path / "live")},
            "next": {"folder": str(tmp_path / "next"), "public": there},
        }
        folder = project(config={"site": site, "targets": json.dumps(targets)})
        trust = [f"--trust-server={each.removeprefix('http://')}" for each in (site, there)]
        (move,) = (words for words in _commands("move-a-show.md") if "--target" in words)
        for words in (["publish", "--target", "live", "--first"], move[1:]):
            done = podfeed(folder, *words, *trust)
            assert done.returncode == 0, done.stdout + done.stderr

    old, new = ((tmp_path / name / "radio/feed.xml").read_text("utf-8").splitlines() for name in ("live", "next"))
    assert old[:-1] == new[:-1]
    assert site in "".join(new)


# -------------------------------------------------------------------------------------------- systemd


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    """Without a word of complaint."""
    analyze = needed("systemd-analyze")
    for name in ("podfeed-publish.service", "podfeed-publish.timer"):
        text = (EXAMPLES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/home/radio/podfeed-env/bin/podfeed", sys.executable), "utf-8")

    done = subprocess.run(
        [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_service_publishes(desk: Desk) -> None:
    """Its command, with the little that systemd gives."""
    unit = configparser.ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(EXAMPLES / "podfeed-publish.service", "utf-8")
    program, *words = shlex.split(desk.publishes(unit["Service"]["ExecStart"]))
    assert program == "/home/radio/podfeed-env/bin/podfeed"
    words = [word.replace("/home/radio/podcast", str(desk.project)) for word in words]
    desk.edit()

    done = desk.run([sys.executable, "-m", "podfeed", *words], {**_credentials(desk), "PYTHONPATH": str(ROOT)})

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("radio: generation 2 is public, 1 changed; ")
    assert desk.title == "Ebb and flow"
    assert str(desk.project) in words
    assert unit["Service"]["ReadWritePaths"] == "/home/radio/podcast"


def _credentials(desk: Desk) -> dict[str, str]:
    return {name: desk.bucket.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}


# --------------------------------------------------------------------------------------------- GitHub


def test_github_knows_the_workflow() -> None:
    """By the schema of workflows."""
    pytest.importorskip("check_jsonschema")
    _checks("vendor.github-workflows", EXAMPLES / "github-publish.yml")


def test_github_publishes_and_remembers(desk: Desk, tmp_path: Path) -> None:
    """Each step in a fresh clone: what changed is public, and podfeed.lock goes back into the repository."""
    steps = yaml.safe_load((EXAMPLES / "github-publish.yml").read_text("utf-8"))["jobs"]["publish"]["steps"]
    desk.edit()
    (desk.project / ".gitignore").write_text(".podfeed*\n")
    _git(desk.project, "init", "--quiet", "--initial-branch", "main")
    _git(desk.project, "add", "--all")
    _git(desk.project, "rm", "--cached", "--quiet", "podfeed.lock")
    _git(desk.project, "commit", "--quiet", "--message", "Begin")
    _git(tmp_path, "clone", "--quiet", "--bare", str(desk.project), "origin.git")
    _git(tmp_path, "clone", "--quiet", str(tmp_path / "origin.git"), "clone")
    (tmp_path / "clone/.podfeed-program").symlink_to(ROOT)

    for step in (each for each in steps if "run" in each):
        given = {name: _github(value, _credentials(desk)) for name, value in step.get("env", {}).items()}
        script = desk.publishes(step["run"]) if "podfeed publish" in step["run"] else step["run"]
        script = script.replace("PYTHONPATH=", f"PYTHONPATH={_OFFLINE['PYTHONPATH']}:")
        done = desk.run(script, {**_OFFLINE, "RUNNER_TEMP": str(tmp_path / "runner"), **given}, tmp_path / "clone")
        assert done.returncode == 0, done.stdout + done.stderr

    assert desk.title == "Ebb and flow"
    assert _git(tmp_path / "origin.git", "log", "--format=%s by %an", "-1") == (
        "Remember what was published by podfeed\n"
    )
    assert _git(tmp_path / "origin.git", "show", "--name-only", "--format=") == "podfeed.lock\n"


def _github(value: str, secrets: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{ secrets\.(\w+) \}\}", lambda found: secrets[found[1]], value)


# --------------------------------------------------------------------------------------------- GitLab


def test_gitlab_knows_the_pipeline() -> None:
    """By the schema of pipelines."""
    pytest.importorskip("check_jsonschema")
    _checks("vendor.gitlab-ci", EXAMPLES / "gitlab-publish.yml", "--data-transform", "gitlab-ci")


def test_gitlab_publishes(desk: Desk, tmp_path: Path) -> None:
    """The lines of the job, one after the other, in one shell."""
    job = yaml.safe_load((EXAMPLES / "gitlab-publish.yml").read_text("utf-8"))["publish"]
    program = tmp_path / "origin"
    shutil.copytree(ROOT / "podfeed", program / "podfeed", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements-run.lock", program)
    _git(program, "init", "--quiet")
    _git(program, "add", "--all")
    _git(program, "commit", "--quiet", "--message", "Begin")
    here = {"PODFEED_REPOSITORY": str(program), "PODFEED_COMMIT": "HEAD", "PROGRAM": str(tmp_path / "program")}
    assert here.keys() < job["variables"].keys()
    desk.edit()

    script = desk.publishes("\n".join([*job["before_script"], *job["script"]]))
    script = script.replace("PYTHONPATH=", f"PYTHONPATH={_OFFLINE['PYTHONPATH']}:")
    done = desk.run(script, {**_OFFLINE, **_credentials(desk), **job["variables"], **here})

    assert (done.returncode, done.stderr) == (0, "")
    assert desk.title == "Ebb and flow"


# ----------------------------------------------------------------------------------------- Kubernetes


def _cronjob() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / "cronjob.yaml").read_text("utf-8"))
    return found


def test_kubernetes_knows_the_cronjob() -> None:
    """By its own schemas, with nothing in it that they do not name."""
    validator = pytest.importorskip("kubernetes_validate")
    validator.validate(_cronjob(), "1.34", strict=True)

    misspelt = json.loads(json.dumps(_cronjob()).replace("concurrencyPolicy", "concurrency"))
    with pytest.raises(validator.ValidationError):
        validator.validate(misspelt, "1.34", strict=True)


def test_kubernetes_publishes(desk: Desk, tmp_path: Path) -> None:
    """The command of the container, by the program that the image is built with."""
    container = _cronjob()["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    given = {each["name"]: each["value"] for each in container["env"]}
    command = [word.replace("/podcast", str(desk.project)) for word in container["command"]]
    build = [line for line in _instructions((EXAMPLES / "Containerfile").read_text("utf-8")) if line.startswith("RUN ")]
    assert len(build) == 2
    for line in build:
        here = (
            line.removeprefix("RUN ")
            .replace("/opt/podfeed", str(ROOT))
            .replace("/usr/local/bin", str(tmp_path / "bin"))
        )
        here = here.replace("PYTHONPATH=", f"PYTHONPATH={_OFFLINE['PYTHONPATH']}:")
        done = desk.run(here, _OFFLINE)
        assert done.returncode == 0, done.stdout + done.stderr
    desk.edit()

    done = desk.run([*command, *desk.trust.split()], {**_credentials(desk), **given})

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, "")
    assert [each["event"] for each in events] == ["started", "committed", "finished"]
    assert desk.title == "Ebb and flow"


def _instructions(text: str) -> list[str]:
    """Those of a Containerfile, each on one line."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return "\n".join(lines).replace("\\\n", " ").splitlines()
