"""What a publish would do: for people, what their listeners notice first; for scripts, all of it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from podfeed.errors import ContentError, PodfeedError
from podfeed.report.publication import size
from podfeed.report.scripts import JSON_VERSION, as_json, diagnostic_values
from podfeed.report.terminal import moment, printable, table, text
from podfeed.words import listed, say, say_many

if TYPE_CHECKING:
    from podfeed.publish.plan import Change, Difference, EpisodeChange, Kind, Plan, ShowPlan

#: How many episodes are told one by one: new ones, and such as change alike.
_MOST_NEW = 5
_MOST_ALIKE = 2


def plan_text(plan: Plan, *, is_full: bool = False, colour: bool = False) -> str:
    """*plan* for people: what listeners notice, then what goes up; with *is_full*, every episode and every file."""
    parts = [_show(each, is_full, colour) for each in plan.shows]
    if plan.shared or plan.refusal:
        parts.append(_shared(plan, is_full))
    return "\n".join(parts)


def _show(plan: ShowPlan, is_full: bool, colour: bool) -> str:
    name = say("{title} ({show})", title=plan.title, show=plan.show) if plan.title else plan.show
    if not plan.files and not plan.refusal:
        number = plan.generation
        return _line(say("{name}: nothing to do, generation {number} is what is here", name=name, number=number))
    faults = text(plan.refusal.told, colour=colour) if isinstance(plan.refusal, ContentError) else ""
    lines = [*_caution(plan), *_refusal(plan), *_episodes(plan, is_full), *_channel(plan), *_judgement(plan)]
    lines += _amount(plan)
    files = _indented(_files(plan.files)) if is_full and plan.files else ""
    return faults + _line(name) + "".join(map(_indented, lines)) + files


def _line(words: str) -> str:
    return f"{printable(words)}\n"


def _indented(words: str) -> str:
    return "".join(f"  {printable(line)}\n" for line in words.splitlines())


def _caution(plan: ShowPlan) -> Iterator[str]:
    if plan.is_suspicious:
        yield say(
            "warning: {unmeant} of {unchanged} episodes change although nobody edited their files: config.yaml, podfeed"
            " or a library it uses is another than at the last publish; look closely before you publish",
            unmeant=len(plan.unmeant),
            unchanged=plan.unchanged_files,
        )


def _refusal(plan: ShowPlan) -> Iterator[str]:
    error = plan.refusal
    if error is None:
        return
    code = error.exit_code
    if plan.files:
        yield say("not all of it goes out: {error} (exit code {code})", error=error, code=code)
        return
    yield say("nothing goes out: {error} (exit code {code})", error=error, code=code)
    if plan.episodes or plan.channel:
        yield say("if it did, listeners would notice:")


# -------------------------------------------------------------------------------- what listeners notice


def _episodes(plan: ShowPlan, is_full: bool) -> Iterator[str]:
    """What becomes of the episodes: the worst first, then the news, then what is edited."""
    by_kind = {kind: [each for each in plan.episodes if each.kind == kind] for kind in _HEADS}
    for kind, head in _HEADS.items():
        if found := by_kind[kind]:
            yield head(len(found))
            yield from _told(found, is_full)
    changed = [each for each in plan.episodes if each.kind == "changed"]
    for _, alike in groupby(sorted(changed, key=_parts), key=_parts):
        yield from _changed(list(alike), is_full)


def _new_guids(count: int) -> str:
    return say_many(
        "{count} published episode gets another guid: apps take it for a new one, list it twice and download it again",
        "{count} published episodes get other guids: apps take them for new ones, list them twice and download them"
        " again",
        count=count,
    )


def _leaving(count: int) -> str:
    return say_many(
        "{count} episode leaves the feed; apps that have downloaded it keep it",
        "{count} episodes leave the feed; apps that have downloaded them keep them",
        count=count,
    )


def _returning(count: int) -> str:
    return say_many("{count} episode comes back", "{count} episodes come back", count=count)


def _new(count: int) -> str:
    return say_many("{count} new episode", "{count} new episodes", count=count)


_HEADS: Mapping[Kind, Callable[[int], str]] = {
    "new guid": _new_guids,
    "leaves": _leaving,
    "returns": _returning,
    "new": _new,
}


def _told(episodes: Sequence[EpisodeChange], is_full: bool) -> Iterator[str]:
    shown = episodes if is_full or len(episodes) <= _MOST_NEW else episodes[: _MOST_NEW - 1]
    for each in shown:
        date = moment(each.date) if each.date else say("without a date")
        yield say("  “{title}”, {date}", title=each.title, date=date)
        yield from differences(each.differences if is_full else each.differences[:1], "    ")
    if more := len(episodes) - len(shown):
        yield say("  and {count} more", count=more)


def _parts(change: EpisodeChange) -> tuple[str, ...]:
    return tuple(each.what for each in change.differences)


def _changed(episodes: Sequence[EpisodeChange], is_full: bool) -> Iterator[str]:
    """Episodes of which the same things change."""
    if is_full or len(episodes) <= _MOST_ALIKE:
        for each in episodes:
            yield say("“{title}” changes", title=each.title)
            yield from differences(each.differences)
        return
    first = episodes[0]
    yield say("{count} episodes change alike, “{title}” for one", count=len(episodes), title=first.title)
    yield from differences(first.differences)


def _channel(plan: ShowPlan) -> Iterator[str]:
    if plan.channel:
        yield say("the show itself changes")
        yield from differences(plan.channel)


def differences(changed: Iterable[Difference], indent: str = "  ") -> Iterator[str]:
    """What changes, a line each; what needs more than a line to say is named in the last."""
    unsaid = []
    for each in changed:
        if line := _difference(each):
            yield indent + line
        else:
            unsaid.append(_named(each.what))
    if unsaid:
        yield indent + say("edited: {names}", names=listed(unsaid))


def _difference(difference: Difference) -> str:
    """“title: “Waves”, was “Wave””; empty where that takes more than a line."""
    what, before, after = difference.what, difference.before, difference.after
    match what:
        case "date" if before:
            return say(
                "date: {after}, was {before}; apps list it there, and some announce it again",
                after=_date(after),
                before=_date(before),
            )
        case "audio" if before == after:
            return say("audio: the same file, and its size or type is told otherwise")
        case "audio":
            before, after = _file_apart(before, after)
            return say(
                "audio: {after}, was {before}; some apps download it again, the others keep what they have",
                after=after,
                before=before,
            )
        case "page" if before:
            before, after = _apart(before, after)
            return say("page: {after}, was {before}; the old page stays where it is", after=after, before=before)
        case "feed" if before and before != after:
            return say(
                "address of the feed: {after}, was {before}; apps go on reading the old one until it leads to the new",
                after=after,
                before=before,
            )
        case "cover" | "picture" if before != after:
            before, after = _file_apart(before, after)
            return say("{what}: {after}, was {before}", what=_named(what), after=after, before=before)
        case "length" if before:
            return say("length: {after}, was {before}", after=_length(after), before=_length(before))
        case _ if before and after and before != after and len(before) + len(after) < 200:
            return say("{what}: “{after}”, was “{before}”", what=_named(what), after=after, before=before)
    return ""


def _named(what: str) -> str:
    names = {
        "title": say("title"),
        "guid": say("guid"),
        "notes": say("show notes"),
        "description": say("description"),
        "picture": say("picture"),
        "cover": say("cover"),
        "number": say("season, number or kind"),
        "explicit": say("explicit or clean"),
        "block": say("hidden from apps"),
        "people": say("people"),
        "chapters": say("chapters"),
        "transcripts": say("transcripts"),
        "formats": say("further formats"),
        "new feed": say("where apps are told that the feed moved to"),
        "feed": say("links of the feed"),
        "audio": say("audio"),
        "date": say("date"),
        "length": say("length"),
        "page": say("page"),
        "author": say("author"),
        "owner": say("owner"),
        "language": say("language"),
        "categories": say("categories"),
        "type": say("kind of show"),
        "complete": say("whether it has ended"),
        "trailers": say("trailers"),
    }
    return names.get(what, say("other details for apps"))


def _file_apart(*addresses: str) -> tuple[str, ...]:
    """The names of the files at *addresses*, where these tell them apart; else what does."""
    names = tuple(posixpath.basename(unquote(urlsplit(each).path)) for each in addresses)
    return names if all(names) and len({*names}) == len(names) else _apart(*addresses)


def _apart(*addresses: str) -> tuple[str, ...]:
    """Of each of *addresses* what tells it from the other: the path, the server, or all of it."""
    split = [urlsplit(each) for each in addresses]
    servers = tuple(f"{each.scheme}://{each.netloc}" for each in split)
    paths = tuple(unquote(each.path) for each in split)
    if not all(addresses):
        return tuple(each or say("none") for each in addresses)
    if len({*servers}) == 1:
        return paths
    return servers if len({*paths}) == 1 else addresses


def _date(text: str) -> str:
    """A pubDate as it was written, or by a Difference."""
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        return text or say("none")


def _length(seconds: str) -> str:
    return (
        str(timedelta(seconds=int(seconds))) if seconds.isascii() and seconds.isdigit() else seconds or say("unknown")
    )


def _judgement(plan: ShowPlan) -> Iterator[str]:
    if not plan.episodes and not plan.channel and not plan.refusal:
        yield say("listeners notice nothing of it in their apps")
    if plan.published:
        yield say_many(
            "{new} of {count} published episode would look new, {again} would be downloaded again",
            "{new} of {count} published episodes would look new, {again} would be downloaded again",
            count=plan.published,
            new=plan.look_new,
            again=plan.downloaded_again,
        )


# ------------------------------------------------------------------------------------- what would go up


def _amount(plan: ShowPlan) -> Iterator[str]:
    if not plan.files:
        return
    yield say("goes up: {files}", files=_stages(plan.files))
    before, after = size(plan.feed_bytes_before), size(plan.feed_bytes)
    if plan.feed_bytes_before and before != after:
        yield say(
            "in {count} requests; the feed goes from {before} to {after}",
            count=plan.requests,
            before=before,
            after=after,
        )
    else:
        yield say("in {count} requests", count=plan.requests)


def _stages(files: Iterable[Change]) -> str:
    """“12 media, 48.2 MB · 14 pages, 34.0 kB · 1 feed, 34.0 kB”."""
    sizes: dict[str, list[int]] = {"media": [], "page": [], "record": [], "feed": []}
    for each in files:
        sizes[each.stage].append(each.size_bytes)
    named = {
        "media": say_many("{count} medium", "{count} media", count=len(sizes["media"])),
        "page": say_many("{count} page", "{count} pages", count=len(sizes["page"])),
        "record": say_many("{count} record", "{count} records", count=len(sizes["record"])),
        "feed": say_many("{count} feed", "{count} feeds", count=len(sizes["feed"])),
    }
    return " · ".join(f"{named[stage]}, {size(sum(each))}" for stage, each in sizes.items() if each)


def _files(files: Iterable[Change]) -> str:
    head = (say("file"), say("what"), say("size"), say("why"))
    words = {"add": say("new"), "update": say("over the old one")}
    return table([head, *((each.key, words[each.action], size(each.size_bytes), each.reason) for each in files)])


def _shared(plan: Plan, is_full: bool) -> str:
    head = _line(say("All shows together"))
    if plan.refusal:
        code = plan.refusal.exit_code
        return head + _indented(say("nothing goes out: {error} (exit code {code})", error=plan.refusal, code=code))
    files, count = _stages(plan.shared), plan.shared_requests
    lines = _indented(say("goes up: {files}, in {count} requests", files=files, count=count))
    return head + lines + (_indented(_files(plan.shared)) if is_full else "")


# ------------------------------------------------------------------------------------------ for scripts


def plan_json(plan: Plan) -> str:
    """What `podfeed plan --format json` prints."""
    return as_json(
        {
            "version": JSON_VERSION,
            "target": plan.target,
            "shows": [_show_values(each) for each in plan.shows],
            "shared": {
                "files": [_file_values(each) for each in plan.shared],
                "requests": plan.shared_requests,
                "refusal": _refusal_values(plan.refusal),
            },
            "summary": {
                "exit_code": plan.exit_code,
                "files": len(plan.files),
                "upload_bytes": sum(each.size_bytes for each in plan.files),
                "requests": plan.requests,
                "look_new": sum(each.look_new for each in plan.shows),
                "downloaded_again": sum(each.downloaded_again for each in plan.shows),
            },
        }
    )


def _show_values(plan: ShowPlan) -> dict[str, Any]:
    return {
        "show": plan.show,
        "title": plan.title,
        "generation": plan.generation,
        "published": plan.published,
        "following": plan.following,
        "episodes": [_episode_values(each) for each in plan.episodes],
        "channel": [_difference_values(each) for each in plan.channel],
        "look_new": plan.look_new,
        "downloaded_again": plan.downloaded_again,
        "unmeant": list(plan.unmeant),
        "is_suspicious": plan.is_suspicious,
        "files": [_file_values(each) for each in plan.files],
        "feed_bytes": plan.feed_bytes,
        "feed_bytes_before": plan.feed_bytes_before,
        "requests": plan.requests,
        "refusal": _refusal_values(plan.refusal),
    }


def _episode_values(change: EpisodeChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "title": change.title,
        "guid": change.guid,
        "date": change.date.isoformat() if change.date else None,
        "looks_new": change.looks_new,
        "is_downloaded_again": change.is_downloaded_again,
        "differences": [_difference_values(each) for each in change.differences],
    }


def _difference_values(difference: Difference) -> dict[str, str]:
    return {"what": difference.what, "before": difference.before, "after": difference.after}


def _file_values(change: Change) -> dict[str, Any]:
    return {
        "stage": change.stage,
        "key": change.key,
        "action": change.action,
        "reason": change.reason,
        "size_bytes": change.size_bytes,
    }


def _refusal_values(error: PodfeedError | None) -> Mapping[str, Any] | None:
    if error is None:
        return None
    told = error.told if isinstance(error, ContentError) else ()
    return {
        "exit_code": error.exit_code,
        "message": str(error),
        "diagnostics": [diagnostic_values(each) for each in told],
    }
