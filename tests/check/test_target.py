"""Rules about the places to publish to, beyond the examples on their pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]


def _told(told: Told, settings: str) -> list[Diagnostic]:
    """What is said of a target with *settings*."""
    found = told(config={"targets": f"\n  live: {{{settings}}}"})
    return [each for each in found if each.rule.startswith(("target-", "setting-", "field-"))]


@pytest.mark.parametrize(
    "settings",
    [
        "s3: harbour-radio",
        "folder: ../web",
        "s3: harbour-radio, prefix: a/b, endpoint: 'http://minio.lan:9000', region: auto, addressing: PATH, writers: Many",
        "s3: harbour-radio, public: 'http://127.0.0.1:8000', webhook: 'https://hooks.podfeed.example/a/b'",
        "s3: harbour-radio, ping: {start: 'https://ping.podfeed.example/1/start', failure: 'https://ping.podfeed.example/1/fail'}",
        # The path of a webhook is its owner's affair, and a hash is no key.
        "s3: harbour-radio, webhook: 'https://hooks.podfeed.example/da39a3ee5e6b4b0d3255bfef95601890afd80709'",
    ],
)
def test_good_target(told: Told, settings: str) -> None:
    """Nothing is said of what can be published to."""
    assert _told(told, settings) == []


@pytest.mark.parametrize(
    ("settings", "rule", "part"),
    [
        ("s3: harbour-radio, folder: web", "target-place-unclear", "is a bucket and a folder"),
        ("region: auto", "target-place-unclear", "says no place"),
        ("s3: 'harbour radio'", "target-bucket-invalid", "“harbour radio”"),
        ("s3: harbour-radio, prefix: ../news", "target-bucket-invalid", "“../news”"),
        ("s3: harbour-radio, endpoint: 'objects.podfeed.example'", "target-address-invalid", "it is no address"),
        ("s3: harbour-radio, endpoint: 's3://objects'", "target-address-invalid", "“endpoint”"),
        ("s3: harbour-radio, public: 'http://radio.podfeed.example'", "target-address-invalid", "https://"),
        ("s3: harbour-radio, ping: {start: ping}", "target-address-invalid", "“ping.start”"),
        ("s3: harbour-radio, addressing: host", "target-word-unknown", "path, virtual"),
        ("s3: harbour-radio, ping: {end: 'https://ping.podfeed.example'}", "setting-unknown", "“end”"),
        ("s3: harbour-radio, bucket_acl: public-read", "setting-unknown", "“bucket_acl”"),
        ("s3: [a, b]", "field-not-text", "“s3”"),
    ],
)
def test_faulty_target(told: Told, settings: str, rule: str, part: str) -> None:
    """One fault is said once, at its own place."""
    found = _told(told, settings)

    assert [each.rule for each in found] == [rule]
    assert part in found[0].message


_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    ("settings", "secret"),
    [
        ("region: AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
        ("prefix: a/ASIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"),
        ("endpoint: 'https://GOOG1EXAMPLEEXAMPLEEXAMPLE0.podfeed.example'", "GOOG1EXAMPLEEXAMPLEEXAMPLE0"),
        (f"prefix: '{_SECRET}'", _SECRET),
        (f"region: {'0f' * 32}", "0f" * 32),
        ("access_key: tides", "tides"),
        ("secret: tides", "tides"),
        ("aws_secret_access_key: tides", "tides"),
        ("api-key: tides", "tides"),
        (f"key: {_SECRET}", _SECRET),
        ("ping: {token: tides}", "tides"),
        ("webhook: 'https://hooks.podfeed.example/AKIAIOSFODNN7EXAMPLE'", "AKIAIOSFODNN7EXAMPLE"),
        ("public: 'https://anna:tides@radio.podfeed.example'", "tides"),
        ("webhook: 'https://radio.podfeed.example/?X-Amz-Signature=tides'", "tides"),
        ("ping: {start: 'https://radio.podfeed.example/?token=tides'}", "tides"),
    ],
)
def test_key_in_a_target(told: Told, settings: str, secret: str) -> None:
    """It is an error, once, that does not repeat it, and says where keys belong."""
    found = _told(told, f"s3: harbour-radio, {settings}")

    assert [(each.rule, each.severity) for each in found] in (
        [("target-holds-key", "error")],
        [("target-address-private", "error")],
    )
    assert secret not in found[0].message + found[0].hint
    assert "environment" in found[0].hint


def test_key_in_a_target_cannot_be_quieted(told: Told) -> None:
    """Nobody may choose to live with it."""
    config = {
        "targets": "\n  live: {s3: harbour-radio, secret: tides}",
        "checks": "{ignore: {target-holds-key: it is only a test}}",
    }

    assert "target-holds-key" in {each.rule for each in told(config=config)}
