"""The bucket as a store of podfeed's, with no network between: for tens of thousands of runs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from podfeed.errors import AccessError, TargetError
from podfeed.publish.store import ABSENT, Answer, Blob, Conditions, Object, PublicAnswer, Stored
from s3fault.bucket import Bucket, Cut, Reply, Request

#: As often as boto3 tries.
_TRIES = 8


@dataclass(slots=True)
class DirectStore:
    """*bucket*, whose public addresses begin with *base*, as *client* sees it."""

    bucket: Bucket
    client: str
    base: str
    conditions: Conditions = "etag"
    place: str = ""
    _now: datetime | None = None

    def get(self, key: str) -> Object | None:
        reply = self._known(self._request("GET", key))
        return None if reply.status == 404 else _object(key, reply)

    def head(self, key: str) -> Stored | None:
        found = self.get(key)
        return found and Stored(**{each.name: getattr(found, each.name) for each in fields(Stored)})

    def hashed(self, key: str) -> str:
        found = self.get(key)
        return hashlib.sha256(found.data).hexdigest() if found else ""

    def put(self, blob: Blob, *, only_if: str | None, progress: Callable[[int], None] = lambda count: None) -> Answer:
        data = blob.content.read_bytes() if isinstance(blob.content, Path) else blob.content
        headers = {
            "content-type": blob.content_type,
            "cache-control": blob.cache_control,
            "content-md5": base64.b64encode(hashlib.md5(data).digest()).decode(),
            "x-amz-meta-sha256": blob.sha256,
            "x-amz-meta-podfeed": blob.owner,
        }
        if only_if is not None:
            headers.update({"if-none-match": "*"} if only_if == ABSENT else {"if-match": only_if})
        reply = self._asked(self._request("PUT", blob.key, headers, data))
        if reply is None or reply.status >= 500 or reply.status == 409:
            return Answer(outcome="unclear")
        if reply.status == 403:
            raise AccessError(f"no permission to put {blob.key}")
        return Answer(outcome="done" if reply.status == 200 else "refused")

    def list(self, prefix: str) -> Iterable[str]:
        query, keys = {"list-type": "2", "prefix": prefix}, list[str]()
        while query:
            body = self._known(replace(self._request("GET", ""), query=query)).body.decode()
            keys += re.findall(r"<Key>(.*?)</Key>", body)
            token = re.search(r"<NextContinuationToken>(.*?)</NextContinuationToken>", body)
            query = {**query, "continuation-token": token[1]} if token else {}
        return keys

    def now(self) -> datetime | None:
        return self._now

    def public_url(self, key: str) -> str:
        return f"{self.base}/{key}"

    def public_get(self, key: str, first: int | None = None, last: int | None = None) -> PublicAnswer:
        headers = {} if first is None else {"range": f"bytes={first}-{last}"}
        reply = self._asked(replace(self._request("GET", key, headers), is_signed=False))
        if reply is None:
            raise TargetError(f"nobody answers for {key}")
        return PublicAnswer(status=reply.status, headers=_in_small_letters(reply), body=reply.body)

    # ------------------------------------------------------------------------------------------ asking

    def _request(self, method: str, key: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
        return Request(client=self.client, method=method, key=key, headers=headers or {}, body=body)

    def _asked(self, request: Request) -> Reply | None:
        """The answer, asked for again while there is none; None when there never is one."""
        reply: Reply | None = None
        for _ in range(_TRIES):
            try:
                reply = self.bucket.handle(request)
            except Cut:
                reply = None
                continue
            if "Date" in reply.headers:
                self._now = parsedate_to_datetime(reply.headers["Date"])
            if reply.status < 500:
                break
        return reply

    def _known(self, request: Request) -> Reply:
        reply = self._asked(request)
        if reply is None or reply.status >= 500:
            raise TargetError(f"the store does not answer for {request.key}")
        if reply.status == 403:
            raise AccessError(f"no permission to read {request.key}")
        return reply


def _in_small_letters(reply: Reply) -> dict[str, str]:
    return {name.lower(): value for name, value in reply.headers.items()}


def _object(key: str, reply: Reply) -> Object:
    named = _in_small_letters(reply)
    return Object(
        key=key,
        data=reply.body,
        size_bytes=len(reply.body),
        version=named["etag"],
        content_type=named.get("content-type", ""),
        cache_control=named.get("cache-control", ""),
        content_encoding=named.get("content-encoding", ""),
        sha256=named.get("x-amz-meta-sha256", ""),
        owner=named.get("x-amz-meta-podfeed", ""),
    )
