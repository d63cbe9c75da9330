"""Keys and credentials are recognised, and named without being repeated."""

from __future__ import annotations

import pytest

from podfeed.publish.secrets import credentials, leak, redacted


@pytest.mark.failure("IN-28")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Put together here, so that no scanner takes this file for a leak.
        pytest.param("-----BEGIN RSA " + "PRIVATE KEY-----", "a private key", id="private key"),
        pytest.param("AKIA" + "ABCDEFGHIJKLMNOP", "an AWS access key", id="AWS"),
        pytest.param("ASIA" + "ABCDEFGHIJKLMNOP", "an AWS access key", id="AWS, for a session"),
        pytest.param("ghp_" + "a1" * 18, "a GitHub token", id="GitHub"),
        pytest.param("xoxb-" + "1234567890-" * 2, "a Slack token", id="Slack"),
        pytest.param("correct horse battery", "the value of DEPLOY_TOKEN", id="from the environment"),
        pytest.param("-----BEGIN CERTIFICATE-----, AKIA, ghp_ and xoxb-", "", id="words that only look alike"),
        pytest.param("an" + "AKIA" + "ABCDEFGHIJKLMNOP", "", id="AWS, within a word"),
        pytest.param("an" + "ghp_" + "a1" * 18, "", id="GitHub, within a word"),
        pytest.param("an" + "xoxb-" + "1234567890-" * 2, "", id="Slack, within a word"),
        pytest.param("an ordinary sentence", "", id="nothing"),
    ],
)
def test_key_is_recognised(text: str, found: str) -> None:
    """Every kind of key by its form, and whatever the environment holds by its value."""
    known = credentials({"DEPLOY_TOKEN": "correct horse battery", "HOME": "an ordinary sentence", "A_SECRET": "short"})

    assert leak(f"<p>{text}</p>".encode(), known) == found


def test_only_credentials_are_kept_back() -> None:
    """A variable counts by its name, and not when its value is a word that any text may hold."""
    environment = {"AWS_SECRET_ACCESS_KEY": "x" * 40, "LANG": "ja_JP.UTF-8 and more", "API_KEY": "radio"}

    assert credentials(environment) == {"AWS_SECRET_ACCESS_KEY": b"x" * 40}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("it said correct horse battery twice", "it said [DEPLOY_TOKEN] twice"),
        ("the key " + "AKIA" + "ABCDEFGHIJKLMNOP!", "the key [an AWS access key]!"),
        ("GET https://anna:tides@radio.example:8443/a/b?c=d failed", "GET https://radio.example:8443/… failed"),
        ("url: /radio/feed.xml?X-Amz-Signature=0a1b (Caused by", "url: /radio/feed.xml?… (Caused by"),
        ('File "podfeed/cli.py", line 7: is it? yes', 'File "podfeed/cli.py", line 7: is it? yes'),
    ],
)
def test_what_is_repeated_holds_no_credential(text: str, left: str) -> None:
    """A report tells where something happened, and to which server; not with which key, nor at which secret address."""
    assert redacted(text, credentials({"DEPLOY_TOKEN": "correct horse battery"})) == left
