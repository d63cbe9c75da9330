"""Requests as Google Cloud Storage wants them: conditions by generation, signed with its own words.

It takes requests signed for S3 as well, but none with a header of S3 and one of its own together, and its conditions
have only headers of its own. Source: Cloud Storage, XML API: HTTP headers; Signatures, V4 signing process.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

_ALGORITHM = "GOOG4-HMAC-SHA256"
_REQUEST = "goog4_request"
#: Signed beside those of Google.
_SIGNED = ("content-md5", "content-type", "host")


def sign_for_google(request: Any, *, access_key: str, secret_key: str, region: str) -> None:
    """Turn *request*, which botocore has signed for S3, into one of Google's own."""
    headers = request.headers
    timestamp = headers["X-Amz-Date"]
    for name, value in [*headers.items()]:
        new, text = _translated(name.lower(), value)
        if new != name.lower():
            del headers[name]
            headers[new] = text
    parts = urlsplit(request.url)
    signed = {name.lower(): " ".join(value.split()) for name, value in headers.items() if _is_signed(name.lower())}
    signed["host"] = parts.netloc
    canonical = "\n".join(
        [
            request.method.upper(),
            parts.path,
            "&".join(sorted(parts.query.split("&"))),
            *(f"{name}:{signed[name]}" for name in sorted(signed)),
            "",
            ";".join(sorted(signed)),
            signed["x-goog-content-sha256"],
        ]
    )
    scope = [timestamp[:8], region, "storage", _REQUEST]
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join([_ALGORITHM, timestamp, "/".join(scope), digest])
    del headers["Authorization"]
    headers["Authorization"] = (
        f"{_ALGORITHM} Credential={access_key}/{'/'.join(scope)}, SignedHeaders={';'.join(sorted(signed))},"
        f" Signature={_signature(secret_key, scope, text)}"
    )


def _translated(name: str, value: str) -> tuple[str, str]:
    if name == "if-none-match":
        return "x-goog-if-generation-match", "0"
    if name == "if-match":
        return "x-goog-if-generation-match", value
    return name.replace("x-amz-", "x-goog-", 1) if name.startswith("x-amz-") else name, value


def _is_signed(name: str) -> bool:
    return name.startswith("x-goog-") or name in _SIGNED


def _signature(secret_key: str, scope: list[str], text: str) -> str:
    key = f"GOOG4{secret_key}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()
