"""A real cron runs the crontab of the how-to, a quarter of an hour in a second and a half: what it mails, and what is public."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from commands import ROOT, podfeed
from lxml import etree
from serving import needed, served
from weed import Bucket

from podfeed.testing import tiny_mp3

CRONTAB = ROOT / "docs/how-to/examples/crontab"
#: Gives cron a clock of its own; what cron starts has the real one.
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A project, the place it is published to, and the mail that its owner gets from cron."""

    #: With the mail, the programs that cron finds, and a home.
    folder: Path
    project: Path
    #: The public address of that place, and the options and variables podfeed needs for it here.
    public: str
    options: tuple[str, ...]
    variables: dict[str, str]
    #: Reads a published file.
    read: Callable[[str], bytes]

    @property
    def mails(self) -> list[str]:
        """What each mail says, oldest first."""
        paths = sorted((self.folder / "mail").glob("*.mail"), key=lambda path: path.stat().st_mtime_ns)
        mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
        return [mail.get_content() for mail in mails]

    @property
    def runs(self) -> list[str]:
        """What happened to runs, in turn: ``start`` or ``end CODE``."""
        log = self.folder / "runs"
        return log.read_text().splitlines() if log.exists() else []

    @property
    def titles(self) -> list[str]:
        """Those in the feed that is public, newest first."""
        return [item.findtext("title", "") for item in etree.fromstring(self.read("radio/feed.xml")).iter("item")]

    def wait_for(self, what: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < ends, (self.runs, self.mails)
            time.sleep(0.05)

    def wait_for_runs(self, count: int) -> None:
        """Wait until so many more runs have begun and ended."""
        wanted = sum(each.startswith("end") for each in self.runs) + count
        self.wait_for(lambda: sum(each.startswith("end") for each in self.runs) >= wanted)

    def write(self, name: str, title: str, *further: str) -> None:
        """A new episode, younger than those before it: whole at once, as git or an editor puts it there."""
        number = len(list((self.project / "episodes").iterdir())) + 1
        tiny_mp3(self.project / f"audio/{number}.mp3", seed=number, title=title, artist="Ada")
        header = [f"title: {title}", *further, f"date: 2025-06-{number + 2:02} 05:00:00 +0900"]
        lines = ["---", *header, f"audio_file_path: /audio/{number}.mp3", "description: Two sailors talk.", "---", ""]
        (self.folder / "new.md").write_text("\n".join(lines), "utf-8")
        (self.folder / "new.md").replace(self.project / f"episodes/{name}")


_SENDMAIL = """#!/bin/sh
# Keeps each mail whole, or not at all.
cat > "{mail}/$$.part" && mv "{mail}/$$.part" "{mail}/$$.mail"
"""
_PODFEED = """#!/bin/sh
echo start >> {log}
env > {folder}/environment.$$; tty >> {folder}/environment.$$
{python} -m podfeed "$@" {options}
code=$?
echo end $code >> {log}
exit $code
"""
# Nobody else's crontabs are read or changed, and nobody gets mail.
_APART = """
mount --bind {folder}/spool /var/spool/cron/crontabs
mount --bind {folder}/d /etc/cron.d
mount --bind {folder}/crontab /etc/crontab
mount -t tmpfs tmpfs /run
mount --bind {folder}/sbin /usr/sbin
exec env LD_PRELOAD={faketime} FAKETIME='@2026-01-01 00:00:00 x600' /usr/sbin/cron -f
"""


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@contextmanager
def cron(desk: Desk, crontab: str) -> Iterator[None]:
    """cron, with *crontab* as that of this user."""
    cron = needed("cron") if shutil.which("cron") else needed("/usr/sbin/cron")
    if not FAKETIME:
        pytest.skip("faketime is not installed: make test-tools installs it")
    if os.geteuid() or not Path("/var/spool/cron/crontabs").is_dir():
        pytest.skip("only root may start a cron of its own")
    folder = desk.folder
    for name in ("spool", "d", "mail"):
        (folder / name).mkdir()
    (folder / "crontab").touch()
    _script(folder / "sbin/sendmail", _SENDMAIL.format(mail=folder / "mail"))
    shutil.copy(cron, folder / "sbin/cron")
    options = shlex.join(desk.options)
    python = f"env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)}"
    _script(folder / "bin/podfeed", _PODFEED.format(log=folder / "runs", folder=folder, python=python, options=options))
    (folder / "spool/root").write_text(crontab, "utf-8")
    (folder / "spool/root").chmod(0o600)
    apart = _APART.format(folder=folder, faketime=FAKETIME[0])
    process = subprocess.Popen(["unshare", "--mount", "sh", "-ec", apart], stdin=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()
        desk.wait_for(lambda: desk.runs.count("start") == len(desk.runs) - desk.runs.count("start"))


def crontab_for(desk: Desk) -> str:
    """The crontab of the how-to, for this project, and its first line twice: so runs overlap on any machine."""
    text = CRONTAB.read_text("utf-8")
    for old, new in (("/home/radio/podfeed-env/bin", desk.folder / "bin"), ("/home/radio/podcast", desk.project)):
        assert old in text
        text = text.replace(old, str(new))
    (first,) = (line for line in text.splitlines() if line.startswith("*/15"))
    return f"HOME={desk.folder}/home\n{text}{first}\n"


@pytest.fixture
def to_folder(project: Callable[..., Path], tmp_path: Path) -> Iterator[Desk]:
    """A folder that a web server serves."""
    web = tmp_path / "web"
    web.mkdir()
    with served(web) as public:
        folder = project(config={"site": public, "targets": f'{{live: {{folder: "{web}"}}}}'})
        yield Desk(
            folder=tmp_path,
            project=folder,
            public=public,
            options=("--trust-server", public.removeprefix("http://")),
            variables={},
            read=lambda key: (web / key).read_bytes(),
        )


@pytest.fixture
def to_bucket(project: Callable[..., Path], bucket: Bucket, tmp_path: Path) -> Desk:
    """A bucket of a real store, with credentials where the AWS tools keep them."""
    aws = tmp_path / "home/.aws"
    aws.mkdir(parents=True)
    lines = [
        f"{name.lower()} = {value}"
        for name, value in bucket.environment.items()
        if name.startswith("AWS_") and "KEY" in name
    ]
    (aws / "credentials").write_text("\n".join(["[default]", *lines, ""]))
    settings = ", ".join(f'{name}: "{value}"' for name, value in bucket.target.items())
    folder = project(config={"site": bucket.public, "targets": f"{{live: {{{settings}}}}}"})
    return Desk(
        folder=tmp_path,
        project=folder,
        public=bucket.public,
        options=("--trust-server", bucket.server),
        variables={"HOME": str(tmp_path / "home")},
        read=bucket.read,
    )


@pytest.mark.failure("EN-12")
@pytest.mark.parametrize("where", ["to_folder", "to_bucket"])
def test_cron_publishes_what_is_new_and_is_silent_otherwise(where: str, request: pytest.FixtureRequest) -> None:
    """A mail of one line when something did, though runs overlap; none when nothing changed."""
    desk: Desk = request.getfixturevalue(where)
    first = podfeed(desk.project, "publish", "--first", *desk.options, env=desk.variables)
    assert first.returncode == 0, first.stderr

    with cron(desk, crontab_for(desk)):
        desk.wait_for_runs(2)
        assert desk.mails == []

        desk.write("満ち潮.md", "満ち潮")
        desk.wait_for(lambda: len(desk.titles) > 1)
        desk.wait_for_runs(2)

    told = {mail.partition(";")[0] for mail in desk.mails}
    assert desk.titles == ["満ち潮", "Tides"]
    assert {each for each in desk.runs if each != "start"} == {"end 0"}
    assert [mail.count("\n") for mail in desk.mails] == [1] * len(desk.mails)
    # The run that came second may have helped with the files of all shows.
    assert told - {"no feed changed"} == {"radio: generation 2 is public, 1 new episode"}
    assert "start\nstart" in "\n".join(desk.runs)


def test_fault_is_mailed_with_its_place(to_folder: Desk) -> None:
    """In UTF-8, though cron sets no LANG and gives no terminal; and what is public stays."""
    first = podfeed(to_folder.project, "publish", "--first", *to_folder.options)
    assert first.returncode == 0, first.stderr
    before = to_folder.read("radio/feed.xml")
    to_folder.write("海辺.md", "海辺", "season: 二")

    with cron(to_folder, crontab_for(to_folder)):
        to_folder.wait_for(lambda: len(to_folder.mails) > 0)

    assert "episodes/海辺.md:3:9: error: “season”: expected a whole number from 1 on, found “二”" in to_folder.mails[0]
    assert "end 1" in to_folder.runs
    assert to_folder.read("radio/feed.xml") == before
    environment = next(to_folder.folder.glob("environment.*")).read_text()
    assert "not a tty" in environment
    assert not re.search(r"^(LANG|LC_\w+|TERM)=", environment, re.MULTILINE)
