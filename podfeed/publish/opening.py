"""The store behind a target of config.yaml, and where the public finds what is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from podfeed.errors import TargetError, UsageError
from podfeed.model import Config, Target
from podfeed.publish.content import MOST_BYTES
from podfeed.publish.store import PublicAnswer, Store
from podfeed.read.folder import plain
from podfeed.render.addresses import url_of
from podfeed.words import say

if TYPE_CHECKING:
    from podfeed.read.web import Web

#: What lies with the pages, if pages and media have addresses of their own: what podfeed makes of texts, too.
_OF_THE_SITE = (
    *(".css", ".htm", ".html", ".js", ".json", ".opml", ".srt", ".txt", ".vtt", ".xml"),
    *(".pagefind", ".pf_fragment", ".pf_index", ".pf_meta"),
)


def open_store(
    target: Target, *, config: Config, folder: Path, web: Callable[[], Web], seconds_left: Callable[[], float]
) -> Store:
    """The store of *target*, for as long as there are *seconds_left*; *folder* is the project's.

    Raises UsageError for a target that is no place, AccessError when it cannot be entered.
    """
    public = Public(target, config, web)
    if target.bucket and not target.folder:
        from podfeed.publish.s3 import S3Store

        return S3Store(target, public=public, seconds_left=seconds_left)
    if target.folder and not target.bucket:
        from podfeed.publish.web_root import FolderStore

        return FolderStore(folder / target.folder, public=public)
    raise UsageError(say("the target “{name}” needs either “s3:” with a bucket, or “folder:”", name=target.name))


class Public:
    """What the public finds at a target, and where."""

    def __init__(self, target: Target, config: Config, web: Callable[[], Web]) -> None:
        self._site = target.public or config.site
        self._media = target.public or config.media or config.site
        self._web = web

    def url(self, key: str) -> str:
        """Where the public finds *key*; empty where nobody says."""
        base = self._site if key.lower().endswith(_OF_THE_SITE) else self._media
        return url_of(base, key) if base else ""

    def get(self, key: str, first: int | None, last: int | None) -> PublicAnswer:
        """What the public gets for *key*, or for its bytes from *first* to *last*.

        Raises TargetError when nobody answers.
        """
        from podfeed.read.web import Asked, Trouble

        part = None if first is None or last is None else (first, last)
        asked = Asked(most_bytes=0 if part else MOST_BYTES, part=part)
        address, web = self.url(key), self._web()
        try:
            with web.asking(address) as clock:
                answer = web.ask(address, asked, clock)
        except Trouble as trouble:
            reason, shown = str(trouble), plain(address)
            message = say("“{address}” cannot be read as the public does: {reason}", address=shown, reason=reason)
            raise TargetError(message) from trouble
        return PublicAnswer(status=answer.status, headers=answer.headers, body=answer.body)
