"""What must never go out, nor be repeated: private keys, and the values of credentials in the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from podfeed.words import say

_NAMES = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|API_?KEY|ACCESS_KEY|PRIVATE_KEY", re.IGNORECASE)
#: Shorter values are words that any text may hold.
_SHORTEST = 12
#: Each starts with a letter, and looks back only where that stands: so it is found many times faster than by ``\bA``.
_KEYS: tuple[tuple[re.Pattern[bytes], Callable[[], str]], ...] = (
    (re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"), lambda: say("a private key")),
    (re.compile(rb"A(?<=\bA)[KS]IA[0-9A-Z]{16}\b"), lambda: say("an AWS access key")),
    (re.compile(rb"g(?<=\bg)hp_[A-Za-z0-9]{36}\b"), lambda: say("a GitHub token")),
    (re.compile(rb"x(?<=\bx)ox[abprs]-[A-Za-z0-9-]{20,}"), lambda: say("a Slack token")),
)


def credentials(environment: Mapping[str, str]) -> dict[str, bytes]:
    """The variables of *environment* that hold credentials, by their names."""
    return {
        name: value.encode("utf-8", "surrogateescape")
        for name, value in environment.items()
        if _NAMES.search(name) and len(value) >= _SHORTEST
    }


def leak(data: bytes, known: Mapping[str, bytes]) -> str:
    """What *data* gives away, as a sentence part that does not repeat it; nothing when it is clean."""
    for key, words in _KEYS:
        if key.search(data):
            return words()
    return next((say("the value of {name}", name=name) for name, value in known.items() if value in data), "")


_ADDRESS = re.compile(r"""(https?://)(?:[^\s/@"']*@)?([^\s/?#"'<>]*)[^\s"'<>]*""")
_QUERY = re.compile(r"""\?[\w%.~-]+=[^\s"'<>]*""")


def redacted(text: str, known: Mapping[str, bytes]) -> str:
    """*text* without the *known* credentials and what looks like a key; of addresses it keeps the host."""
    for name, value in known.items():
        text = text.replace(value.decode("utf-8", "surrogateescape"), f"[{name}]")
    for key, words in _KEYS:
        text = re.sub(key.pattern.decode(), f"[{words()}]", text)
    return _QUERY.sub("?…", _ADDRESS.sub(r"\1\2/…", text))
