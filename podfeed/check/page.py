"""Rules about the addresses of pages and feeds."""

from collections.abc import Iterator

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Config
from podfeed.read.folder import is_remote
from podfeed.render.addresses import page_path


@told_by_reader("error")
def page_slug_invalid() -> None:
    """A slug cannot be the last part of an address, or a permalink cannot be an address below the site.

    Bad:
        slug: tides/high

    Good:
        slug: high-tides
    """


@rule(Config, "error", source="object stores tell capital letters apart, laptops do not", codes="EP100 SH026")
def page_address_shared(config: Config, context: Context) -> Iterator[Finding]:
    """Two files would be written to one address, or to two that differ in capital letters only.

    Bad:
        slug: tides
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
        slug: Tides

    Good:
        slug: tides
    """
    seen = {"index.html": "the home page", "podfeed.css": "the style sheet"}
    seen.update((f"{id}/index.html".casefold(), f"the page of {id}") for id in config.shows)
    seen.update((path.casefold(), path) for path in context.facts if not is_remote(path))
    for show in config.shows.values():
        other = seen.setdefault(show.feed.casefold(), f"the feed of {show.id}")
        if other != f"the feed of {show.id}":
            yield Finding(f"shows.{show.id}.feed", f"{other} has the address “{show.feed}” too", "give each its own")
    for show in config.shows.values():
        for episode in context.episodes.get(show.id, ()):
            path = page_path(show, episode)
            other = seen.setdefault(path.casefold(), episode.path)
            if other != episode.path:
                field = "permalink" if episode.permalink else "slug"
                message = f"{other} would be written to “{path}” too"
                yield Finding(field, message, "rename one of the files, or add “slug: …”", path=episode.path)
