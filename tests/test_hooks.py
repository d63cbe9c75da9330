"""Where authors work: the hook of pre-commit, and the action that marks a pull request, as their users run them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import ROOT, environment

#: The packages these tests run with: what pip would download is there already.
PACKAGES = sysconfig.get_path("purelib")


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """*command* in *folder*, with no way to download anything."""
    offline = {"PYTHONPATH": PACKAGES, "PIP_NO_INDEX": "1"}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**offline, **variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def git(folder: Path, *words: str) -> str:
    """`git WORDS` in *folder*, as nobody in particular."""
    person = ("-c", "user.name=Ada", "-c", "user.email=ada@radio.podfeed.example", "-c", "commit.gpgsign=false")
    done = run(folder, "git", *person, *words, HOME=str(folder), GIT_CONFIG_NOSYSTEM="1")
    assert done.returncode == 0, done.stdout
    return done.stdout


def repository(folder: Path) -> Path:
    """*folder*, with all that is in it in its first commit."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "Begin")
    return folder


# ----------------------------------------------------------------------------------------- pre-commit


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """podfeed as pre-commit gets it: a git repository."""
    folder = tmp_path_factory.mktemp("podfeed")
    shutil.copytree(ROOT / "podfeed", folder / "podfeed", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    return repository(folder)


@pytest.fixture(scope="module")
def pre_commit(hooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str]]:
    """Runs pre-commit, with the hook of *hooks*, over what is staged in a project."""
    home = tmp_path_factory.mktemp("pre-commit")
    # The hook is installed as anywhere, but what podfeed needs is there already.
    known = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0"}

    def check(project: Path, *args: str) -> tuple[int, str]:
        python = "python{}.{}".format(*sys.version_info)
        hook = {"id": "podfeed-check", "language_version": python, "args": [*args, "--now", "2026-01-01T00:00:00Z"]}
        repo = {"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD").strip(), "hooks": [hook]}
        (project / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [repo]}), "utf-8")
        git(project, "add", "--all")
        done = run(
            project, sys.executable, "-m", "pre_commit", "run", PRE_COMMIT_HOME=str(home), HOME=str(home), **known
        )
        return done.returncode, done.stdout

    return check


def test_hook_stops_a_commit_with_an_error(
    pre_commit: Callable[..., tuple[int, str]], project: Callable[..., Path]
) -> None:
    """Its author reads file, line, column and remedy before anything is committed."""
    root = repository(project())
    (root / "episodes" / "海辺.md").write_text("---\ntitle: 海辺\ndate: 7/6/2014\n---\n", "utf-8")

    code, told = pre_commit(root)

    assert code == 1
    assert re.search(r"^podfeed check\.+Failed$", told, re.MULTILINE), told
    assert "episodes/海辺.md:3:7: error: “7/6/2014”" in told


def test_hook_lets_a_good_commit_pass(pre_commit: Callable[..., tuple[int, str]], project: Callable[..., Path]) -> None:
    """Hidden files and other Markdown are none of its business."""
    root = repository(project())
    for name in ("episodes/.draft.md", "episodes/.notes/1.md", "README.md", "docs/config.yaml"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("---\ntitle: [\n---\n")
    (root / "config.yaml").write_text((root / "config.yaml").read_text("utf-8") + "# better\n", "utf-8")
    (root / "episodes" / "1.md").write_text((root / "episodes" / "1.md").read_text("utf-8") + "Notes.\n", "utf-8")

    code, told = pre_commit(root)

    assert (code, re.findall(r"\.+(\w+)$", told, re.MULTILINE)) == (0, ["Passed"]), told


def test_hook_takes_options(pre_commit: Callable[..., tuple[int, str]], project: Callable[..., Path]) -> None:
    """Those of `podfeed check`."""
    root = repository(project())
    (root / "episodes" / "1.md").write_text((root / "episodes" / "1.md").read_text("utf-8") + "Notes.\n", "utf-8")

    assert pre_commit(root, "--select", "nothing-of-the-kind")[0] == 1


# --------------------------------------------------------------------------------------------- action


ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
_EXPRESSION = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


def step(number: int, workspace: Path, temp: Path, inputs: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """A step of action.yml as GitHub runs it: by bash, what somebody chose in its environment."""
    given = {name: value.get("default", "") for name, value in ACTION["inputs"].items()} | inputs
    this = ACTION["runs"]["steps"][number]
    variables = {name: _EXPRESSION.sub(lambda found: given[found[1]], value) for name, value in this["env"].items()}
    (temp / "step.sh").write_text(this["run"], "utf-8")
    command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", str(temp / "step.sh"))
    return run(workspace, *command, **variables, GITHUB_ACTION_PATH=str(ROOT), RUNNER_TEMP=str(temp))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A runner's folder for temporary files after the first step, which installs podfeed."""
    temp = tmp_path_factory.mktemp("runner")
    done = step(0, temp, temp, {"python": sys.executable})
    assert done.returncode == 0, done.stdout
    return temp


@pytest.fixture
def action(installed: Path) -> Callable[..., tuple[int, str]]:
    """Runs the second step, which checks."""

    def check(workspace: Path, inputs: Mapping[str, str] | None = None) -> tuple[int, str]:
        done = step(1, workspace, installed, {"args": "--now=2026-01-01T00:00:00Z", **(inputs or {})})
        return done.returncode, done.stdout

    return check


def test_action_marks_the_lines_of_a_pull_request(
    action: Callable[..., tuple[int, str]], project: Callable[..., Path]
) -> None:
    """A job fails with each fault as an annotation, named from the root of the repository."""
    root = project(header={"season": "two"})
    workspace = root.parent
    (workspace / ".git").mkdir()

    code, told = action(workspace, {"working-directory": root.name, "sarif": "podfeed.sarif"})

    place = f"file={root.name}/episodes/1.md,line=7,col=9,endColumn=12,title=episode-season-invalid"
    assert code == 1
    assert re.search(rf"^::error {place}::“season”: expected a whole number.*%0Ahint: write 2$", told, re.MULTILINE), (
        told
    )
    assert told.splitlines()[-1].startswith("1 episode: 1 error")
    log = json.loads((root / "podfeed.sarif").read_text("utf-8"))
    assert "episode-season-invalid" in [each["ruleId"] for each in log["runs"][0]["results"]]


def test_action_passes_what_is_good(action: Callable[..., tuple[int, str]], project: Callable[..., Path]) -> None:
    """And says how much it looked at."""
    assert action(project())[0] == 0


@pytest.mark.parametrize("python", ["false", "no-such-python"])
def test_action_stops_without_a_python(python: str, tmp_path: Path) -> None:
    """Before anything is installed."""
    assert step(0, tmp_path, tmp_path, {"python": python}).returncode != 0
    assert [each.name for each in tmp_path.iterdir()] == ["step.sh"]


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        pytest.param({}, 1, id="everything"),
        pytest.param({"paths": "episodes/1.md\n\n"}, 0, id="one file"),
        pytest.param({"paths": "episodes/1.md\nepisodes/2.md"}, 1, id="two files"),
        pytest.param({"args": "--ignore\nepisode-season-invalid"}, 0, id="an option"),
        pytest.param({"args": "--ignore\nepisode-season-invalid", "strict": "true"}, 1, id="strict"),
        pytest.param({"profile": "nobody"}, 2, id="a profile that is none"),
    ],
)
def test_action_does_what_its_inputs_say(
    inputs: dict[str, str], code: int, action: Callable[..., tuple[int, str]], project: Callable[..., Path]
) -> None:
    """Each of them reaches podfeed."""
    second = "---\ntitle: Waves\nseason: two\ndate: 2025-06-09 05:00:00 +0900\naudio_file_path: /audio/other.mp3\n---\n"

    assert action(project(files={"episodes/2.md": second}), inputs)[0] == code


@pytest.mark.parametrize("name", ["working-directory", "paths", "profile", "strict", "args", "sarif"])
def test_action_runs_nothing_that_somebody_wrote(
    name: str, action: Callable[..., tuple[int, str]], project: Callable[..., Path]
) -> None:
    """The name of a branch or a file may come from anybody: no text ends up in the script."""
    root = project()

    action(root, {name: "x\"; touch harm; $(touch harm) `touch harm` '"})

    assert list(root.rglob("harm")) == []
    assert all("${{" not in each["run"] and "uses" not in each for each in ACTION["runs"]["steps"])


# ---------------------------------------------------------------------------------------------- locks


def _pins(name: str) -> set[str]:
    """The packages of a lock, each with its version and hashes."""
    return set(re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip()))


def test_action_installs_what_was_tested() -> None:
    """What podfeed needs to run is pinned as where these tests ran; pyproject.toml says how both locks are made."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    pinned = _pins("requirements-run.lock")

    assert pinned < _pins("requirements.lock")
    assert {re.split(r"[>=;]", each)[0] for each in needed} <= {each.split("==")[0] for each in pinned}
