"""Stores to hear a second and a third opinion from: Ceph's RadosGW, of Debian, and OpenStack Swift, of PyPI.

Each runs whole on this machine, for as long as a session of tests: ``make test-stores``.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from servers import free_port, program, running
from weed import CREDENTIALS, Bucket, client_of

_PATIENCE = 60


def _wait(what: str, is_ready: Callable[[], bool]) -> None:
    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        with suppress(OSError):
            if is_ready():
                return
        time.sleep(0.1)
    raise RuntimeError(f"{what} does not get ready")


def _answers(url: str, status: int = 200) -> bool:
    with urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == status)


# ------------------------------------------------------------------------------------------------- RadosGW

_CEPH = """
[global]
fsid = {fsid}
mon host = [v1:127.0.0.1:{mon}]
mon initial members = a
public addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
mon warn on pool no redundancy = false
mon data avail warn = 1
mon data avail crit = 0
run dir = {folder}
pid file = {folder}/$name.pid
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
keyring = {folder}/keyring
ms bind ipv6 = false
[mon.a]
mon data = {folder}/mon
[osd]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
osd class load list = *
osd class default list = *
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:{rgw}
rgw thread pool size = 32
rgw dynamic resharding = false
"""


@pytest.fixture(scope="session")
def radosgw(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a RadosGW over a Ceph in memory."""
    folder = tmp_path_factory.mktemp("ceph")
    tools = ("ceph", "monmaptool", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin")
    ceph, monmaptool, mon, osd, rgw, admin = (program(each, "ceph and radosgw") for each in tools)
    fsid, number, mon_port, rgw_port = uuid.uuid4(), uuid.uuid4(), free_port(), free_port()
    conf = folder / "ceph.conf"
    conf.write_text(_CEPH.format(fsid=fsid, mon=mon_port, rgw=rgw_port, folder=folder))
    for name in ("mon", "osd"):
        (folder / name).mkdir()

    def run(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    options, seconds = ["-c", str(conf)], 30
    run(monmaptool, "--create", "--addv", "a", f"[v1:127.0.0.1:{mon_port}]", "--fsid", str(fsid), f"{folder}/map")
    run(mon, "--mkfs", "-i", "a", "--monmap", f"{folder}/map", *options)
    with ExitStack() as stack:
        stack.enter_context(running([mon, "-i", "a", "-f", *options], mon_port))
        run(ceph, *options, "--connect-timeout", str(seconds), "osd", "new", str(number), "0")
        run(osd, "-i", "0", "--mkfs", "--osd-uuid", str(number), *options)
        stack.enter_context(_kept([osd, "-i", "0", "-f", "--no-mon-config", *options]))
        _wait("the OSD of Ceph", lambda: "1 up" in run(ceph, *options, "osd", "stat"))
        stack.enter_context(running([rgw, "-n", "client.rgw.a", "-f", *options], rgw_port, patience=_PATIENCE))
        _wait("RadosGW", lambda: _answers(f"http://127.0.0.1:{rgw_port}/"))
        keys = [f"--access-key={CREDENTIALS['AWS_ACCESS_KEY_ID']}", f"--secret={CREDENTIALS['AWS_SECRET_ACCESS_KEY']}"]
        run(admin, *options, "user", "create", "--uid=test", "--display-name=test", *keys)
        yield f"http://127.0.0.1:{rgw_port}"


@contextmanager
def _kept(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def radosgw_bucket(radosgw: str, tmp_path: Path) -> Bucket:
    """A bucket of its own that anybody may read."""
    return _made(radosgw, tmp_path)


def _made(endpoint: str, folder: Path) -> Bucket:
    made = Bucket(
        name=f"t-{uuid.uuid4().hex[:12]}",
        endpoint=endpoint,
        tls_endpoint="",
        certificate=folder / "none",
        client=client_of(endpoint),
    )
    made.client.create_bucket(Bucket=made.name)
    made.set_public()
    return made


# --------------------------------------------------------------------------------------------------- Swift

SWIFT_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test:tester", "AWS_SECRET_ACCESS_KEY": "testsecretkey1234"}

_SWIFT = """[swift-hash]
swift_hash_path_suffix = podfeedtest
swift_hash_path_prefix = podfeedtest
[storage-policy:0]
name = gold
default = yes
"""
_SWIFT_SERVER = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
devices = {folder}/srv
mount_check = false
workers = 0
log_address = /dev/null
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {server}-server
[app:{server}-server]
use = egg:swift#{server}
"""
_SWIFT_FILTERS = ("catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "copy", "slo", "dlo")
_SWIFT_PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
user = {user}
swift_dir = {folder}
workers = 0
log_address = /dev/null
[pipeline:main]
pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testsecretkey1234 .admin
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
dns_compliant_bucket_names = false
check_bucket_owner = false
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
"""


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Swift that speaks S3."""
    programs = Path(os.environ.get("SWIFT_BIN", Path(sys.prefix) / "swift/bin"))
    if not (programs / "swift-proxy-server").exists():
        pytest.skip("swift is not installed: make test-stores installs it")
    folder = tmp_path_factory.mktemp("swift")
    (folder / "srv/sdb1").mkdir(parents=True)
    (folder / "swift.conf").write_text(_SWIFT)
    user = pwd.getpwuid(os.geteuid()).pw_name
    ports = {name: free_port() for name in ("object", "container", "account", "proxy", "memcached")}
    for server in ("object", "container", "account"):
        builder = [str(programs / "swift-ring-builder"), f"{folder}/{server}.builder"]
        for command in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{ports[server]}/sdb1", "1"], ["rebalance"]):
            subprocess.run([*builder, *command], capture_output=True)
        text = _SWIFT_SERVER.format(port=ports[server], user=user, folder=folder, server=server)
        (folder / f"{server}.conf").write_text(text)
    filters = "".join(f"[filter:{each}]\nuse = egg:swift#{each}\n" for each in _SWIFT_FILTERS)
    proxy = _SWIFT_PROXY.format(port=ports["proxy"], user=user, folder=folder, memcached=ports["memcached"])
    (folder / "proxy.conf").write_text(proxy + filters)
    with ExitStack() as stack:
        memcached = [program("memcached", "memcached"), "-l", "127.0.0.1", "-p", str(ports["memcached"]), "-m", "16"]
        memcached += ["-u", "nobody"] if os.geteuid() == 0 else []
        stack.enter_context(running(memcached, ports["memcached"]))
        for server in ("object", "container", "account", "proxy"):
            command = [str(programs / f"swift-{server}-server"), str(folder / f"{server}.conf")]
            stack.enter_context(running(command, ports[server]))
        endpoint = f"http://127.0.0.1:{ports['proxy']}"
        _wait("Swift", lambda: _answers(f"{endpoint}/healthcheck"))
        yield endpoint
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def swift_bucket(swift: str, tmp_path: Path) -> tuple[Bucket, str]:
    """A bucket of its own, and the address at which anybody may read it: Swift's own, not that of S3."""
    made = Bucket(
        name=f"t-{uuid.uuid4().hex[:12]}",
        endpoint=swift,
        tls_endpoint="",
        certificate=tmp_path / "none",
        client=client_of(swift, SWIFT_CREDENTIALS),
    )
    made.client.create_bucket(Bucket=made.name)
    who = {"X-Auth-User": "test:tester", "X-Auth-Key": SWIFT_CREDENTIALS["AWS_SECRET_ACCESS_KEY"]}
    with urllib.request.urlopen(urllib.request.Request(f"{swift}/auth/v1.0", headers=who)) as answer:
        address, token = answer.headers["X-Storage-Url"], answer.headers["X-Auth-Token"]
    headers = {"X-Auth-Token": token, "X-Container-Read": ".r:*"}
    asked = urllib.request.Request(f"{address}/{made.name}", headers=headers, method="POST")
    urllib.request.urlopen(asked).close()
    return made, f"{address}/{made.name}"
