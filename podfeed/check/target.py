"""Rules about the places to publish to."""

import re
from collections.abc import Iterator, Mapping

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.site import is_loopback, secret_in
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Config, Target
from podfeed.read.folder import split_address, stays_below
from podfeed.words import say


@rule(Config, "error")
def target_place_unclear(config: Config, context: Context) -> Iterator[Finding]:
    """A target names no place to publish to, or two.

    It is either a bucket (``s3``), or a folder that a web server serves (``folder``).

    Bad:
        # config.yaml
        targets: {live: {endpoint: "https://objects.podfeed.example"}}

    Good:
        # config.yaml
        targets: {live: {s3: harbour-radio, endpoint: "https://objects.podfeed.example"}}
    """
    for name, target in config.targets.items():
        hint = say("write “s3:” with the name of a bucket, or “folder:” with the path of a folder")
        if not target.bucket and not target.folder and not _is_faulty(config, name, "s3", "folder"):
            yield Finding(f"targets.{name}", say("the target “{name}” says no place", name=name), hint)
        if target.bucket and target.folder:
            message = say("the target “{name}” is a bucket and a folder at the same time", name=name)
            yield Finding(f"targets.{name}.folder", message, hint)


@rule(Config, "error", source="AWS, Amazon S3 user guide: General purpose bucket naming rules")
def target_bucket_invalid(config: Config, context: Context) -> Iterator[Finding]:
    """What stands behind ``s3`` cannot be the name of a bucket, or what stands behind ``prefix`` leads out of it.

    The name alone is wanted: what the keys of objects begin with is ``prefix``, and where the store is, ``endpoint``.

    Bad:
        # config.yaml
        targets: {live: {s3: "s3://harbour-radio/podcasts"}}

    Good:
        # config.yaml
        targets: {live: {s3: harbour-radio, prefix: podcasts}}
    """
    for name, target in config.targets.items():
        if target.bucket and not re.fullmatch(r"[A-Za-z0-9._-]{3,255}", target.bucket):
            message = say("“{bucket}” cannot be the name of a bucket", bucket=short(target.bucket))
            hint = say("write the name alone: letters, digits, “-”, “.” and “_”")
            yield Finding(f"targets.{name}.s3", message, hint)
        if target.prefix and not stays_below(target.prefix):
            message = say("“{prefix}” cannot be what keys begin with", prefix=short(target.prefix))
            hint = say("write names with single slashes between them, like “podcasts/harbour”")
            yield Finding(f"targets.{name}.prefix", message, hint)


@rule(Config, "error")
def target_address_invalid(config: Config, context: Context) -> Iterator[Finding]:
    """An address of a target cannot be asked.

    Only https keeps what is said from strangers; http is for this very machine, and for an ``endpoint`` in a network
    of your own.

    Bad:
        # config.yaml
        targets: {live: {s3: harbour-radio, public: radio.podfeed.example}}

    Good:
        # config.yaml
        targets: {live: {s3: harbour-radio, public: "https://radio.podfeed.example"}}
    """
    for name, target in config.targets.items():
        for setting, address in _addresses(target).items():
            if problem := _problem(setting, address):
                message = say("“{name}” cannot be asked: {problem}", name=setting, problem=problem)
                yield Finding(f"targets.{name}.{setting}", message, say("write the address in full: https://…"))


@rule(Config, "error")
def target_address_private(config: Config, context: Context) -> Iterator[Finding]:
    """An address of a target holds a password, a token, or a signature.

    config.yaml is read by many, and what is in it stays in its history for good.
    Credentials of a store belong in the environment, and so does the address of a webhook that is itself a secret:
    ``PODFEED_WEBHOOK`` wins over ``webhook``.

    Bad:
        # config.yaml
        targets: {live: {s3: harbour-radio, endpoint: "https://anna:tides@objects.podfeed.example"}}

    Good:
        # config.yaml
        targets: {live: {s3: harbour-radio, endpoint: "https://objects.podfeed.example"}}
    """
    for name, target in config.targets.items():
        for setting, address in _addresses(target).items():
            if secret := secret_in(split_address(address)):
                message = say("“{name}” holds “{secret}”, which is private", name=setting, secret=secret)
                hint = say("take it out, and set it in the environment: AWS_ACCESS_KEY_ID, PODFEED_WEBHOOK")
                yield Finding(f"targets.{name}.{setting}", message, hint)


def _addresses(target: Target) -> Mapping[str, str]:
    """Every address of *target*, by its setting."""
    pings = {f"ping.{name}": address for name, address in target.pings.items()}
    found = {"endpoint": target.endpoint, "public": target.public, "webhook": target.webhook, **pings}
    return {name: address for name, address in found.items() if address}


def _problem(setting: str, address: str) -> str:
    parts = split_address(address)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return say("it is no address")
    if parts.scheme.lower() == "http" and setting != "endpoint" and not is_loopback(address):
        return say("it does not begin with https://")
    return ""


def _is_faulty(config: Config, name: str, *settings: str) -> bool:
    return any(f"targets.{name}{each}" in config.faulty for each in ("", *(f".{setting}" for setting in settings)))


@told_by_reader("error")
def target_holds_key() -> None:
    """A target holds a key of a store, or its secret.

    config.yaml is read by many, and what is in it stays in its history for good: the key has to be replaced.
    podfeed finds credentials where the tools of AWS do: in the environment, or in a profile of this user.

    Bad:
        # config.yaml
        targets: {live: {s3: harbour-radio, secret_access_key: tides}}

    Good:
        # config.yaml
        targets: {live: {s3: harbour-radio}}
    """


@told_by_reader("error")
def target_word_unknown() -> None:
    """A setting of a target takes one of two words, and has another.

    Bad:
        # config.yaml
        targets: {live: {s3: harbour-radio, writers: two}}

    Good:
        # config.yaml
        targets: {live: {s3: harbour-radio, writers: one}}
    """
