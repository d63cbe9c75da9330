"""Whatever goes wrong, no credential is repeated: not on a terminal, in no log, in no report, and nowhere in public."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from commands import environment, tree
from servers import Answer, Request, Reset, reply, serving

from podfeed.testing import example_project

#: What nobody but podfeed and those it talks to may ever see, by where it stands.
ENVIRONMENT = {
    **{
        name: f"canary-{name.lower().replace('_', '-')}-qzvx"
        for name in (
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "GITHUB_TOKEN",
            "CI_JOB_TOKEN",
            "SLACK_TOKEN",
            "DEPLOY_PASSWORD",
            "FTP_PASSWD",
            "SMTP_PASSWORD",
            "STRIPE_API_KEY",
            "APIKEY_OF_CDN",
            "CLIENT_SECRET",
            "MY_CREDENTIALS",
            "B2_APPLICATION_KEY_SECRET",
            "R2_SECRET_ACCESS_KEY",
            "GCS_PRIVATE_KEY",
            "CLOUDFLARE_API_TOKEN",
            "NETLIFY_AUTH_TOKEN",
            "NPM_TOKEN",
            "PYPI_TOKEN",
            "SENTRY_AUTH_TOKEN",
            "VAULT_TOKEN",
        )
    },
    "PODFEED_WEBHOOK": "http://127.0.0.1:{port}/hooks/canary-webhook-qzvx?signature=canary-signature-qzvx",
    "PODFEED_PING_START": "http://127.0.0.1:{port}/ping/canary-ping-start-qzvx",
    "PODFEED_PING_SUCCESS": "http://127.0.0.1:{port}/ping/canary-ping-success-qzvx",
    "PODFEED_PING_FAILURE": "http://127.0.0.1:{port}/ping/canary-ping-failure-qzvx",
    "HTTP_PROXY": "http://anna:canary-proxy-qzvx@127.0.0.1:9",
    "NO_PROXY": "127.0.0.1",
}
HOME = {
    ".aws/credentials": "".join(
        f"[{profile}]\naws_access_key_id = canary-{profile}-id-qzvx\naws_secret_access_key = canary-{profile}-secret-qzvx\n"
        f"aws_session_token = canary-{profile}-token-qzvx\n"
        for profile in ("default", "radio", "news")
    ),
    ".aws/config": "[default]\nsso_registration = canary-registration-qzvx\n",
    ".netrc": "machine 127.0.0.1 login canary-login-qzvx password canary-netrc-qzvx\n",
    ".config/rclone/rclone.conf": "[radio]\nsecret_access_key = canary-rclone-qzvx\n",
}
MARK = b"qzvx"

#: Runs `podfeed` once for each case, a line of JSON: in a fork of a process that has everything imported.
_DRIVER = """
import json, os, signal, sys, once
once.learn_all()
from podfeed import cli, publishing
running = 0
for line in sys.stdin:
    case = json.loads(line)
    if running == 4:
        os.wait()
        running -= 1
    running += 1
    if os.fork() == 0:
        os.chdir(case["project"])
        os.environ.update(case["environment"])
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(os.open(os.path.join(case["out"], name), os.O_WRONLY | os.O_CREAT), number)
        exec(case["prepare"])
        sys.argv = ["podfeed", *case["words"]]
        code = -1
        try:
            cli.main()
        except SystemExit as error:
            code = error.code
        with open(os.path.join(case["out"], "code"), "w") as file:
            file.write(str(code))
        sys.stdout.flush()
        os._exit(0)
while running:
    os.wait()
    running -= 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that goes wrong, and the exit codes it may come to."""

    codes: tuple[int, ...]
    #: What the store answers.
    answer: Answer = lambda request: [reply("404 Not Found")]
    #: Changes of the target.
    target: Mapping[str, str] = field(default_factory=dict)
    #: Put behind config.yaml, and into the notes of the episode.
    config: str = ""
    notes: str = ""
    #: Python that is run before podfeed.
    prepare: str = ""
    #: Of podfeed, in place of publish.
    words: tuple[str, ...] = ()


def repeating(status: str, code: str = "") -> Answer:
    """The answer of a store that says everything it was told once more."""

    def answer(request: Request) -> Iterable[bytes]:
        heard = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        body = f"<Error><Code>{code or 'Trouble'}</Code><Message>{request.line} {heard}</Message></Error>".encode()
        yield reply(status, body, Content_Type="application/xml", Location="http://127.0.0.1:9/elsewhere")

    return answer


def cut(request: Request) -> Iterable[bytes]:
    raise Reset


def half(request: Request) -> Iterable[bytes]:
    yield reply("200 OK", b"<rss>", Content_Length="500", ETag='"1"')


def silent(request: Request) -> Iterable[bytes]:
    time.sleep(3)
    yield b""


_RAISE = "def broken(*_, **__): raise {error}\npublishing.published = broken"
_SECRETS = (
    "{os.environ['AWS_SECRET_ACCESS_KEY']} http://a:canary-inline-qzvx@h.example/canary-path-qzvx?sig=canary-query-qzvx"
)
_STATUSES = (
    *("301 Moved", "307 Temporary Redirect", "400 Bad Request", "401 Unauthorized", "403 Forbidden"),
    *("405 Method Not Allowed", "409 Conflict", "411 Length Required", "412 Precondition Failed"),
    *("429 Too Many Requests", "500 Internal Server Error", "501 Not Implemented", "502 Bad Gateway"),
    *("503 Slow Down", "504 Gateway Timeout"),
)
#: The time is over soon, and what comes first depends on the machine.
_STORE = (3, 4, 5, 6)
FAILURES = {
    **{status: Failure(codes=_STORE, answer=repeating(status)) for status in _STATUSES},
    **{
        code: Failure(codes=_STORE, answer=repeating(status, code))
        for status, code in (
            ("404 Not Found", "NoSuchBucket"),
            ("403 Forbidden", "SignatureDoesNotMatch"),
            ("403 Forbidden", "RequestTimeTooSkewed"),
            ("400 Bad Request", "ExpiredToken"),
        )
    },
    "an error in a 200": Failure(codes=_STORE, answer=repeating("200 OK")),
    "a connection that is cut": Failure(codes=_STORE, answer=cut),
    "half an answer": Failure(codes=_STORE, answer=half),
    "silence": Failure(codes=_STORE, answer=silent),
    "nobody there": Failure(codes=_STORE, target={"endpoint": "http://127.0.0.1:9"}),
    "an unknown host": Failure(codes=_STORE, target={"endpoint": "http://store.invalid"}),
    "no TLS": Failure(codes=_STORE, target={"endpoint": "https://127.0.0.1:{port}"}),
    "a password in an address": Failure(codes=(1, 2, *_STORE), target={"endpoint": "http://anna:canary-endpoint-qzvx@127.0.0.1:{port}"}),
    "a key in config.yaml": Failure(codes=(1, 2, *_STORE), target={"secret_access_key": "canary-config-qzvx"}),
    "a webhook that is no address": Failure(codes=(1, 2, *_STORE), target={"webhook": "http:/canary-hook-qzvx?token=canary-hook-qzvx"}),
    "config.yaml that cannot be read": Failure(codes=(1, 2, *_STORE), config="token: [canary-yaml-qzvx\n"),
    "a credential in the notes": Failure(codes=_STORE, notes=ENVIRONMENT["AWS_SECRET_ACCESS_KEY"]),
    "the end of a terminal": Failure(codes=(130,), answer=silent, prepare="signal.setitimer(signal.ITIMER_REAL, 0.7); signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))"),
    "a fault of its own": Failure(codes=(70,), prepare=_RAISE.format(error=f'RuntimeError(f"{_SECRETS}")')),
    "a fault below another": Failure(codes=(70,), prepare=_RAISE.format(error=f'KeyError("x") from ValueError(f"{_SECRETS}")')),
}  # fmt: skip
FAILURES |= {
    f"{name}, checked": replace(FAILURES[name], codes=(1,), words=("check",))
    for name in ("a password in an address", "a key in config.yaml", "a webhook that is no address")
}
VERBOSITIES = (("publish",), ("publish", "-q"), ("publish", "--log-format", "json"))


@pytest.mark.failure("OS-11")
@pytest.mark.parametrize(
    "each_is_told",
    [pytest.param(False, id="in turn"), pytest.param(True, id="at every verbosity", marks=pytest.mark.full)],
)
def test_no_failure_tells_a_credential(tmp_path: Path, each_is_told: bool) -> None:
    """Not to whoever sees the terminal, the log or the report of a fault, nor to whoever gets the project's folder."""
    (tmp_path / "home").mkdir()
    for path, text in HOME.items():
        (tmp_path / "home" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home" / path).write_text(text)
    template = example_project(tmp_path / "template")
    cases: dict[str, tuple[Path, Failure]] = {}
    with ExitStack() as servers:
        lines = []
        for at, (name, failure) in enumerate(FAILURES.items()):
            server = servers.enter_context(serving(failure.answer))
            for words in VERBOSITIES if each_is_told else [VERBOSITIES[at % len(VERBOSITIES)]]:
                folder = tmp_path / str(len(cases))
                cases[f"{name}, {' '.join(words)}"] = (folder, failure)
                lines.append(json.dumps(_case(folder, template, failure, server.port, tmp_path / "home", words)))
        command = [sys.executable, "-c", _DRIVER]
        env = environment(PYTHONPATH=os.pathsep.join(sys.path))
        subprocess.run(command, env=env, input="\n".join(lines), text=True, check=True, timeout=300)

    assert len(ENVIRONMENT) + sum(text.count("qzvx") for text in HOME.values()) >= 40
    told = []
    for name, (folder, failure) in cases.items():
        assert int((folder / "code").read_text()) in failure.codes, (name, (folder / "stderr").read_text())
        found = {path: data for path, data in tree(folder).items() if path not in _OURS}
        told += [(name, path) for path, data in found.items() if MARK in data or MARK in path.encode()]
    assert not told


#: Where the test itself has written a credential.
_OURS = ("project/config.yaml", "project/episodes/1.md")


def _case(
    folder: Path, template: Path, failure: Failure, port: int, home: Path, words: tuple[str, ...]
) -> dict[str, object]:
    project = folder / "project"
    shutil.copytree(template, project)
    target = {
        "s3": "radio",
        "endpoint": "http://127.0.0.1:{port}",
        "region": "us-east-1",
        "addressing": "path",
        **failure.target,
    }
    settings = json.dumps({"live": {name: text.format(port=port) for name, text in target.items()}})
    with (project / "config.yaml").open("a") as config:
        config.write(f"targets: {settings}\n{failure.config}")
    with (project / "episodes/1.md").open("a") as file:
        file.write(failure.notes)
    changes = {name: value.format(port=port) for name, value in ENVIRONMENT.items()}
    (folder / "tmp").mkdir()
    return {
        "project": str(project),
        "out": str(folder),
        "environment": {
            **changes,
            "HOME": str(home),
            "TMPDIR": str(folder / "tmp"),
            "AWS_EC2_METADATA_DISABLED": "true",
        },
        "prepare": failure.prepare,
        "words": failure.words or [*words, "--first", "--deadline", "0.02", "--trust-server", f"127.0.0.1:{port}"],
    }
