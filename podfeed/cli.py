"""Words in, exit code out: one command per verb. What to do is decided elsewhere."""

from __future__ import annotations

import gc
import gettext
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache, partial, wraps
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar, cast

import click

from podfeed import __version__
from podfeed.errors import PodfeedError, TargetError, UsageError, reason_of
from podfeed.words import LANGUAGES, LOCALE, language_of, listed, say, say_many, speak

if TYPE_CHECKING:
    from podfeed.diagnostics import Diagnostic, Platform
    from podfeed.fixing import Fix
    from podfeed.loading import Project
    from podfeed.publishing import Publication
    from podfeed.read.web import Answer, Web
    from podfeed.starting import Answers, Question

F = TypeVar("F", bound=Callable[..., Any])

_CONTENT_HAS_ERRORS = 1
_INTERRUPTED = 130
_PLAN_HAS_CHANGES = 10


def main() -> NoReturn:
    """The console script: every way out of it is one of the documented exit codes."""
    # Most runs end before garbage could matter; looking for it costs a tenth of a large build.
    gc.disable()
    for signum in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        signal.signal(signum, signal.default_int_handler)  # as Ctrl-C: what is half written is taken away
    # Some programs start others with their standard streams closed.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    # cron gives no locale: Japanese file names are printed all the same.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    _speak(language_of(os.environ))
    try:
        code = podfeed.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as error:
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = UsageError.exit_code
    except (KeyboardInterrupt, click.Abort):
        code = _INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # The reader (head, less) went away, for which click exits with 1: nothing more to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = _INTERRUPTED
    except PodfeedError as error:
        from podfeed.report import printable, text

        click.echo(text(getattr(error, "told", ()), colour=sys.stderr.isatty()), nl=False, err=True)
        click.echo(printable(say("podfeed: {error}", error=error)), err=True)
        code = error.exit_code
    except Exception as error:
        code = _told_as_internal(error)
    sys.exit(code if isinstance(code, int) else 0)


def _speak(language: str) -> None:
    """Speak *language*; so does click, which asks gettext, and gettext asks the environment."""
    speak(language)
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("click", str(LOCALE))
    gettext.textdomain("click")


def _told_as_internal(error: Exception) -> int:
    """One line and a report file: a fault of podfeed's own, never a bare traceback, and no credential."""
    import tempfile
    import traceback

    from podfeed.publish.secrets import credentials, redacted

    told = redacted("".join(traceback.format_exception(error)), credentials(os.environ))
    with tempfile.NamedTemporaryFile("w", prefix="podfeed-", suffix=".txt", delete=False, encoding="utf-8") as report:
        report.write(f"podfeed {__version__}\n{told}")
    message = say("podfeed: this is a fault of podfeed's own; please report it with “{path}”", path=report.name)
    click.echo(message, err=True)
    return PodfeedError.exit_code


# -------------------------------------------------------------------------------------------- options


def _project_option(command: F) -> F:
    return click.option(
        "-C", "folder", default=".", metavar="FOLDER", help="The project, if not this folder or one above it."
    )(command)


def _now_option(command: F) -> F:
    return click.option("--now", callback=_moment, metavar="ISO-8601", help="Pretend it is that moment.")(command)


def _moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime:
    """The one place where podfeed looks at the clock."""
    if value is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        message = say("“{value}” is no moment; write it like 2026-01-31T06:00:00+09:00", value=value)
        raise click.BadParameter(message) from error
    if moment.tzinfo is None:
        raise click.BadParameter(say("“{value}” has no offset; write it like {value}+09:00", value=value))
    # At the ends of the calendar no zone can be reckoned; dates of episodes keep to these years too.
    if not 1990 <= moment.year <= 2100:
        raise click.BadParameter(say("the year {year} is not between 1990 and 2100", year=moment.year))
    return moment


_quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing when there is nothing to say.")
_offline_option = click.option("--offline", is_flag=True, help="Open no connection.")


def _servers(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    for server in value:
        if not re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(:[0-9]{1,5})?", server):
            raise click.BadParameter(say("“{server}” is no server; write it like 127.0.0.1:8000", server=server))
    return value


_target_option = click.option(
    "--target", default="", metavar="NAME", help="Where to, if config.yaml names more than one target."
)
_show_option = click.option("--show", "shows", multiple=True, metavar="ID", help="Only this show; may be given again.")
_trusted = click.option(
    "--trust-server",
    "trusted",
    multiple=True,
    callback=_servers,
    metavar="HOST[:PORT]",
    help="Ask this server over http too, and at an address that is not public; may be given again.",
)


def _web_options(command: F) -> F:
    """The options of a command that may ask servers; it gets them as one value, *web*, which is None offline."""

    @wraps(command)
    def run(offline: bool, trusted: tuple[str, ...], **values: Any) -> Any:
        return command(web=None if offline else cache(partial(_web, trusted)), **values)

    return cast(F, _offline_option(_trusted(run)))


def _trust_option(command: F) -> F:
    """The option of a command that cannot do without servers; it gets the way to them as *web*."""

    @wraps(command)
    def run(trusted: tuple[str, ...], **values: Any) -> Any:
        gc.enable()  # thousands of requests leave garbage that matters
        return command(web=cache(partial(_web, trusted)), **values)

    return cast(F, _trusted(run))


def _web(trusted: tuple[str, ...]) -> Web:
    """The way to servers, made when the first is asked."""
    from podfeed.read.web import Web

    return Web(trusted, progress=_told_on_terminal if sys.stderr.isatty() else None)


def _told_on_terminal(done: int, of: int) -> None:
    """How far it has got, in one line that goes away at the end."""
    asked = say("measured elsewhere: {done} of {of}", done=done, of=of)
    click.echo("\r\x1b[K" if done == of else f"\r{asked}", nl=False, err=True)


def _format(help: str, *forms: str) -> Callable[[F], F]:
    choice = click.Choice(["text", "json", *forms])
    return click.option("--format", "form", type=choice, default="text", show_default=True, help=help)


_format_option = _format("For people, or for scripts.")


def _platforms(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    """The platforms named, in the order podfeed speaks of them."""
    from podfeed.diagnostics import PLATFORMS

    named = [each.strip().lower() for each in value.split(",") if each.strip()]
    unknown = [each for each in named if each not in (*PLATFORMS, "all", "none")]
    if unknown:
        known = listed([*PLATFORMS, "all", "none"])
        raise click.BadParameter(say("“{name}” is no platform; known are {known}", name=unknown[0], known=known))
    return tuple(each for each in PLATFORMS if each in named or "all" in named)


def _named_rules(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> frozenset[str]:
    from podfeed.choosing import all_named

    return all_named(value) if value else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which faults are asked for, and how to tell them."""

    selected: frozenset[str]
    ignored: frozenset[str]
    platforms: tuple[Platform, ...]
    strict: bool
    form: str
    statistics: bool
    quiet: bool

    def of(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Those of *diagnostics* whose rules are asked for."""
        return [
            each
            for each in diagnostics
            if each.rule not in self.ignored and (not self.selected or each.rule in self.selected)
        ]

    def tell(self, diagnostics: list[Diagnostic], summary: str, *, below: Path) -> None:
        """Print *diagnostics*, whose paths are relative to the folder *below*, in any form but JSON."""
        from podfeed import report

        if self.form == "sarif":
            click.echo(report.sarif_log(_in_repository(diagnostics, below)))
            return
        if self.form == "github":
            told = report.workflow_commands(_in_repository(diagnostics, below))
        elif self.statistics:
            told = report.statistics_table(diagnostics)
        else:
            told = report.text(diagnostics, colour=sys.stdout.isatty())
        click.echo(told, nl=False)
        if diagnostics or not self.quiet:
            click.echo(summary)

    def exit_code(self, diagnostics: Iterable[Diagnostic]) -> int:
        """1 when one of *diagnostics* counts as an error."""
        counted = ("error", "warning") if self.strict else ("error",)
        return _exit_code(each for each in diagnostics if each.severity in counted)


def _exit_code(errors: Iterable[Diagnostic]) -> int:
    """What *errors* come to; when the network alone is in trouble, another run may do."""
    rules = {each.rule for each in errors}
    if rules == {"audio-remote-unreachable"}:
        return TargetError.exit_code
    return _CONTENT_HAS_ERRORS if rules else 0


def _in_repository(diagnostics: Iterable[Diagnostic], below: Path) -> list[Diagnostic]:
    """*diagnostics* with the paths that a code host knows: from the root of the repository."""
    from podfeed.read.folder import find_repository, is_remote

    root = find_repository(below)
    return [
        each if is_remote(each.path) else replace(each, path=Path(os.path.relpath(below / each.path, root)).as_posix())
        for each in diagnostics
    ]


_REPORT_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--select",
        "selected",
        multiple=True,
        callback=_named_rules,
        metavar="RULES",
        help="Tell only what breaks these: names, beginnings as “audio-”, codes as EP021 or EP; commas between.",
    ),
    click.option(
        "--ignore",
        "ignored",
        multiple=True,
        callback=_named_rules,
        metavar="RULES",
        help="Do not tell what breaks these, even where --select names them.",
    ),
    click.option(
        "--profile",
        "platforms",
        default="all",
        show_default=True,
        callback=_platforms,
        metavar="PLATFORMS",
        help="Count as an error what one of these refuses: apple, spotify, psp1, youtube, podcastindex, all or none.",
    ),
    click.option("--strict", is_flag=True, help="Let warnings count as errors."),
    _format("For people, for scripts, for GitHub's annotations, or for code scanning.", "github", "sarif"),
    click.option("--statistics", is_flag=True, help="Tell how often each rule is broken, most often first."),
    _quiet_option,
)


def _report_options(command: F) -> F:
    """The options of a command that tells faults; the command gets them as one value, *asked*."""

    @wraps(command)
    def run(**values: Any) -> Any:
        asked = _Asked(**{each.name: values.pop(each.name) for each in fields(_Asked)})
        if asked.statistics:
            _needs_text_or_json("--statistics", asked.form)
        return command(asked=asked, **values)

    decorated: Any = run
    for option in reversed(_REPORT_OPTIONS):
        decorated = option(decorated)
    return cast(F, decorated)


def _needs_text_or_json(option: str, form: str) -> None:
    if form not in ("text", "json"):
        raise UsageError(say("{option} goes with --format text or json", option=option))


def _unsaved(paths: tuple[str, ...], stdin_path: str) -> tuple[tuple[str, ...], dict[str, bytes]]:
    """*paths* with the name of what standard input holds in place of “-”, and what it holds."""
    from podfeed.read.source import MAX_FILE_BYTES

    if "-" not in paths and not stdin_path:
        return paths, {}
    if paths != ("-",) or not stdin_path:
        raise UsageError(say("an unsaved episode is checked alone: “podfeed check - --stdin-path episodes/NAME.md”"))
    return (stdin_path,), {stdin_path: sys.stdin.buffer.read(MAX_FILE_BYTES + 1)}


def _lang(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value:
        _speak(value)


def _lang_option(*, is_shown: bool) -> click.Option:
    """Known to podfeed and to each of its commands, and told in the help of podfeed alone."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        is_eager=True,
        expose_value=False,
        hidden=not is_shown,
        callback=_lang,
        help="Speak this language, not that of the locale; before the command or behind it.",
    )


class _Commands(click.Group):
    """Commands that all take --lang."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.params.append(_lang_option(is_shown=False))
        super().add_command(cmd, name)


@click.group(
    cls=_Commands,
    params=[_lang_option(is_shown=True)],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="podfeed")
def podfeed() -> None:
    """Check, measure and publish podcasts whose episodes are Markdown files.

    \b
    Example:
      podfeed check && podfeed build --out public
    """


# ------------------------------------------------------------------------------------------- commands


@podfeed.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--list", "is_list", is_flag=True, help="List every file, what it is and why.")
@click.option("--stdin-path", default="", metavar="PATH", help="Where the episode that “-” reads would be saved.")
@click.option("--fix", "mends", is_flag=True, help="Mend in the files what can be mended safely, then check again.")
@click.option(
    "--diff",
    "shows_fixes",
    is_flag=True,
    help="Show what --fix would change, and change nothing. Exits with 1 if it would.",
)
@_report_options
@_now_option
@_web_options
@_project_option
def check(
    paths: tuple[str, ...],
    is_list: bool,
    stdin_path: str,
    mends: bool,
    shows_fixes: bool,
    asked: _Asked,
    now: datetime,
    web: Callable[[], Web] | None,
    folder: str,
) -> int:
    """Tell everything that is wrong, before anyone hears it.

    With PATHs, only what concerns these files; “-” reads one unsaved episode from standard input. Exits with 1 when
    there are errors.

    \b
    Examples:
      podfeed check
      podfeed check episodes/2026-01-31-tides.md
      podfeed check --list
      podfeed check --select audio-,EP021 --statistics
      podfeed check - --stdin-path episodes/2026-01-31-tides.md
      podfeed check --fix
    """
    from podfeed import report
    from podfeed.checking import check as checked
    from podfeed.checking import listing, load_around

    if is_list:
        _needs_text_or_json("--list", asked.form)
    # An editor asks while somebody types: it hears of audio elsewhere what podfeed.lock knows.
    web = None if stdin_path else web
    project, wanted = load_around(folder, *_unsaved(paths, stdin_path), web=web)
    if shows_fixes:
        return _shown(_fixes(project, wanted, asked, now))
    if mends:
        _mend(project, _fixes(project, wanted, asked, now), as_text=asked.form == "text")
        project, wanted = load_around(folder, paths, web=web)
    diagnostics = asked.of(checked(project, now=now, paths=wanted, platforms=asked.platforms))
    files = [each for each in listing(project, now) if not wanted or each["path"] in wanted]
    if asked.form == "json":
        click.echo(report.check_json(diagnostics, files, with_statistics=asked.statistics))
    elif is_list:
        click.echo(report.files_table(files), nl=False)
    else:
        asked.tell(diagnostics, report.check_summary(diagnostics, files), below=project.folder)
    return asked.exit_code(diagnostics)


def _fixes(project: Project, paths: Iterable[str], asked: _Asked, now: datetime) -> tuple[Fix, ...]:
    from podfeed.check.registry import rules as all_rules
    from podfeed.fixing import fixes

    return fixes(project, now=now, paths=paths, only=(asked.selected or frozenset(all_rules())) - asked.ignored)


def _shown(found: tuple[Fix, ...]) -> int:
    """Print what *found* would change; 1 when it would, as formatters of code do."""
    from podfeed.fixing import diff

    for fix in found:
        click.echo(diff(fix, colour=sys.stdout.isatty()), nl=False)
    _tell_refusals(found)
    return _CONTENT_HAS_ERRORS if any(fix.fields for fix in found) else 0


def _mend(project: Project, found: tuple[Fix, ...], *, as_text: bool) -> None:
    """Write *found*, and name each file with what was mended: beside a report for programs, on standard error."""
    from podfeed.fixing import write
    from podfeed.report import printable

    if project.unsaved:
        raise UsageError(say("what standard input holds cannot be mended; “--diff” shows how to"))
    for fix in found:
        if fix.fields:
            write(project, [fix])
            click.echo(printable(f"{fix.path}: {', '.join(fix.fields)}"), err=not as_text)
    _tell_refusals(found)


def _tell_refusals(found: tuple[Fix, ...]) -> None:
    from podfeed.report import printable

    for fix in found:
        if fix.refusal:
            click.echo(printable(fix.refusal), err=True)


@podfeed.command()
@click.argument("feeds", nargs=-1, required=True, metavar="FEED...")
@_report_options
@_now_option
@_web_options
def lint(feeds: tuple[str, ...], asked: _Asked, now: datetime, web: Callable[[], Web] | None) -> int:
    """Tell everything that is wrong with feeds: an old one of yours, or anybody's.

    Each FEED is a file, or an address on the web; “-” reads standard input. Exits with 1 when there are errors.

    \b
    Examples:
      podfeed lint public/radio/feed.xml
      podfeed lint https://podcast.example/feed.xml
    """
    from podfeed import report
    from podfeed.linting import lint as linted

    read = [_feed(name, web) for name in feeds]
    found = (
        each
        for data, name, address in read
        for each in linted(data, name, now=now, url=address, platforms=asked.platforms)
    )
    diagnostics, looked_at = asked.of(found), [{"path": name} for _, name, _ in read]
    if asked.form == "json":
        click.echo(report.lint_json(diagnostics, looked_at, with_statistics=asked.statistics))
    else:
        asked.tell(diagnostics, report.lint_summary(diagnostics, looked_at), below=Path.cwd())
    return asked.exit_code(diagnostics)


@podfeed.command()
@click.option(
    "--out", default="public", show_default=True, metavar="FOLDER", help="The folder to mirror the build into."
)
@_show_option
@click.option(
    "--site", default="", metavar="URL", help="Replace the site's and the media's address: for previews and tests."
)
@_now_option
@_quiet_option
@_web_options
@_project_option
def build(
    out: str,
    shows: tuple[str, ...],
    site: str,
    now: datetime,
    quiet: bool,
    web: Callable[[], Web] | None,
    folder: str,
) -> int:
    """Check, then write feeds, pages and media into a folder.

    A show with an error in what is public now is left as it is. A build with --site or --now is a preview: it does not
    write podfeed.lock.

    \b
    Examples:
      podfeed build --out public
      podfeed build --site http://127.0.0.1:8000 --out /tmp/preview
    """
    from podfeed.read.cache import FOLDER
    from podfeed.read.disk import alone
    from podfeed.read.folder import find_project
    from podfeed.standstill import moved_since, nothing_changed

    moved_clock = _has_moved_clock()
    root, where = find_project(Path(folder)), Path(out)
    moved = None if moved_clock else moved_since(root, where, (site, *shows), now)
    if moved and moved.is_nothing:
        click.echo("" if quiet else nothing_changed(moved.count, where), nl=not quiet)
        return 0
    from podfeed import report
    from podfeed.building import built

    is_preview = bool(site) or moved_clock
    # A build beside another would put its older view over the other's newer one: they take turns.
    with alone(root / FOLDER / "build.lock") as had_to_wait:
        if had_to_wait and moved:
            moved = moved_since(root, where, (site, *shows), now)
        outcome = built(root, out=where, shows=shows, site=site, now=now, is_preview=is_preview, moved=moved, web=web)
    click.echo(report.text(outcome.diagnostics, colour=sys.stderr.isatty()), nl=False, err=True)
    if not quiet or outcome.changes or outcome.has_errors:
        click.echo(outcome.sentence)
    if outcome.has_errors:
        return _exit_code(each for each in outcome.diagnostics if each.stops) or _CONTENT_HAS_ERRORS
    return 0


@podfeed.command(short_help="Look at the site, and at every episode, before it is out.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Where to serve it, if not at 8000 or after.")
@click.option("--target", default="", metavar="NAME", help="Tell what listeners of this target would notice.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@_now_option
@_trust_option
@_project_option
def preview(port: int | None, target: str, opens: bool, now: datetime, web: Callable[[], Web], folder: str) -> int:
    """Serve the site to this computer alone, with drafts and what is scheduled, and tell of every episode whether it
    is ready.

    Pages follow by themselves when a file changes. Nothing is published, and nothing is written. Ctrl-C ends it.

    \b
    Examples:
      podfeed preview --open
      podfeed preview --target live
    """
    from threading import Event

    from podfeed.previewing import previewed

    clock = partial(datetime.now, UTC) if not _has_moved_clock() else lambda: now
    with suppress(KeyboardInterrupt), previewed(folder, port=port, target=target, clock=clock, web=web) as running:
        click.echo(running.url)
        click.echo(say("shows “{folder}” and follows its changes; Ctrl-C ends it", folder=running.folder))
        if not running.is_told_at_once:
            click.echo(say("“pip install podfeed[preview]” makes changes show at once"), err=True)
        if opens:
            import webbrowser

            webbrowser.open(running.url)
        Event().wait()
    return 0


@podfeed.command()
@_target_option
@_show_option
@click.option("--first", is_flag=True, help="Publish a new show, or over what podfeed did not put there.")
@click.option("--revert", is_flag=True, help="Publish what was replaced before.")
@click.option("--deadline", default=30.0, show_default=True, metavar="MINUTES", help="Stop after so many minutes.")
@click.option(
    "--log-format",
    "log_form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Sentences for people, or a JSON object a line for logs.",
)
@_quiet_option
@_trust_option
@_project_option
def publish(
    target: str,
    shows: tuple[str, ...],
    first: bool,
    revert: bool,
    deadline: float,
    log_form: str,
    quiet: bool,
    web: Callable[[], Web],
    folder: str,
) -> int:
    """Check, then bring every show to a target: media and pages first, the feed last.

    Says nothing when nothing changed. It can be run as often as you like, on two machines, and killed at any moment.

    \b
    Examples:
      podfeed publish
      podfeed publish --first --show radio
    """
    from datetime import timedelta

    from podfeed import report
    from podfeed.publish.wanted import Intent
    from podfeed.publishing import Run, published

    run = Run(now=datetime.now(UTC), web=web, deadline=timedelta(minutes=deadline))
    intent = Intent(is_first=first, reverts=revert)
    start = partial(published, folder, target=target, shows=shows, intent=intent)
    if log_form == "json":
        return _logged(partial(start, run=run))
    with _bar() as bar:
        publication = start(run=replace(run, **bar))
    click.echo(report.publication_faults(publication, colour=sys.stderr.isatty()), nl=False, err=True)
    if publication.has_changed and not quiet:
        click.echo(report.publication_line(publication))
    return publication.exit_code


@contextmanager
def _bar() -> Iterator[dict[str, Any]]:
    """What a run tells of the bytes of media, as a bar on a terminal, gone at the end; elsewhere nothing hears it."""
    if not sys.stderr.isatty():
        yield {}
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        media = shown.add_task("", total=0, visible=False)

        turn, total = Lock(), 0

        def expected(count: int) -> None:
            nonlocal total
            with turn:
                total += count
                shown.update(media, total=total, visible=total > 0)

        yield {"expected": expected, "progress": partial(shown.advance, media)}


def _logged(publish: Callable[[], Publication]) -> int:
    """What it does, as lines for a log."""
    from podfeed import report

    click.echo(report.log_start(datetime.now(UTC)))
    try:
        publication = publish()
        lines, code = list(report.log_publication(publication)), publication.exit_code
    except PodfeedError as error:
        lines, code = [report.log_error(error)], error.exit_code
    for line in [*lines, report.log_end(datetime.now(UTC), code)]:
        click.echo(line)
    return code


@podfeed.command(short_help="Look whether what is published is there, whole, and served well.")
@_target_option
@_show_option
@click.option("--all", "reads_all", is_flag=True, help="Read every object whole, not only this week's eighth of them.")
@click.option("--repair", "repairs", is_flag=True, help="Put pages and further feeds again that are wrong.")
@_format_option
@_quiet_option
@_now_option
@_trust_option
@_project_option
def verify(
    target: str,
    shows: tuple[str, ...],
    reads_all: bool,
    repairs: bool,
    form: str,
    quiet: bool,
    now: datetime,
    web: Callable[[], Web],
    folder: str,
) -> int:
    """Look at all that any generation of the feeds names: whether it is there, whole, and served to the public as apps
    need it.

    Changes nothing, unless --repair is said. Meant for a run a week: each reads another eighth of the objects whole.

    \b
    Examples:
      podfeed verify
      podfeed verify --show radio --repair
    """
    from podfeed import report
    from podfeed.publishing import Run
    from podfeed.verifying import verified

    run = Run(now=now, web=web)
    found = verified(folder, target=target, shows=shows, reads_all=reads_all, repairs=repairs, run=run)
    if form == "json":
        click.echo(report.verification_json(found))
    elif found.diagnostics or found.exit_code or not quiet:
        click.echo(report.verification_text(found), nl=False)
    return found.exit_code


@podfeed.command()
@_target_option
@_show_option
@click.option("--first", is_flag=True, help="As a publish of a new show, or over what podfeed did not put there.")
@click.option("--revert", is_flag=True, help="As a publish of what was replaced before.")
@click.option("--verbose", is_flag=True, help="Tell every episode and every file.")
@click.option("--exit-code", "tells_by_code", is_flag=True, help="Exit with 10 if anything would change.")
@_format_option
@_now_option
@_trust_option
@_project_option
def plan(
    target: str,
    shows: tuple[str, ...],
    first: bool,
    revert: bool,
    verbose: bool,
    tells_by_code: bool,
    form: str,
    now: datetime,
    web: Callable[[], Web],
    folder: str,
) -> int:
    """Tell what a publish would do, and what listeners would notice of it. Nothing is put, and nothing is written.

    What a publish would refuse is told too, and exits with its code.

    \b
    Examples:
      podfeed plan
      podfeed plan --show radio --verbose
      podfeed plan --exit-code --now 2026-02-01T06:00:00+09:00
    """
    from podfeed import report
    from podfeed.loading import load
    from podfeed.planning import planned
    from podfeed.publish.wanted import Intent
    from podfeed.publishing import Run

    intent, run = Intent(is_first=first, reverts=revert), Run(now=now, web=web)
    project = load(folder, web=web)
    found = planned(project, target, shows=shows, intent=intent, run=run, is_pretended=_has_moved_clock())
    if form == "json":
        click.echo(report.plan_json(found))
    else:
        click.echo(report.plan_text(found, is_full=verbose, colour=sys.stdout.isatty()), nl=False)
    return found.exit_code or (_PLAN_HAS_CHANGES if tells_by_code and found.files else 0)


def _has_moved_clock() -> bool:
    """Whether --now was given."""
    return click.get_current_context().get_parameter_source("now") is not click.core.ParameterSource.DEFAULT


@podfeed.command()
@_target_option
@_show_option
@_format_option
@_now_option
@_trust_option
@_project_option
def status(target: str, shows: tuple[str, ...], form: str, now: datetime, web: Callable[[], Web], folder: str) -> int:
    """Tell what is online of each show, what is here, and what goes out next.

    It takes two requests a show. “podfeed plan” looks closer.

    \b
    Examples:
      podfeed status
      podfeed status --show radio --format json
    """
    from podfeed import report
    from podfeed.comparing import status as compared
    from podfeed.loading import load
    from podfeed.publishing import Run

    found = compared(load(folder), target, shows=shows, run=Run(now=now, web=web))
    click.echo(report.status_json(found) if form == "json" else report.status_text(found).rstrip("\n"))
    return found.exit_code


@podfeed.command()
@click.option("--next", "most", type=click.IntRange(min=1), metavar="N", help="Only the next N episodes.")
@_format_option
@_now_option
@_project_option
def when(most: int | None, form: str, now: datetime, folder: str) -> int:
    """Tell what goes out when, and the lines for crontab that publish it shortly after.

    \b
    Examples:
      podfeed when
      podfeed when --next 1
    """
    from podfeed import report
    from podfeed.loading import load
    from podfeed.releasing import cron, upcoming

    project = load(folder)
    releases = upcoming(project, now)[:most]
    lines = cron(project, releases)
    told = report.when_json(releases, lines) if form == "json" else report.when_text(releases, lines).rstrip("\n")
    click.echo(told)
    return 0


@podfeed.command(short_help="Look whether a target can be published to, and print what to paste there.")
@_target_option
@_format_option
@_now_option
@_trust_option
@_project_option
def doctor(target: str, form: str, now: datetime, web: Callable[[], Web], folder: str) -> int:
    """Look whether a target can be published to and serves what apps need; then print the policies and rules to paste
    there.

    Nothing is put where the public looks: what is tried lies below _podfeed/probe/.

    \b
    Example:
      podfeed doctor --target live
    """
    from podfeed import report
    from podfeed.doctoring import examined
    from podfeed.publishing import Run

    found = examined(folder, target=target, run=Run(now=now, web=web))
    click.echo(report.examination_json(found) if form == "json" else report.examination_text(found), nl=form == "json")
    return found.exit_code


@podfeed.command()
@click.argument("name", required=False)
@_format_option
def rules(name: str | None, form: str) -> int:
    """List every rule, or explain one.

    NAME is a rule's name, the beginning of some as “audio-”, or a code of the catalogue as EP021 or EP.

    \b
    Examples:
      podfeed rules
      podfeed rules episode-season-invalid
      podfeed rules EP021
    """
    from podfeed import report
    from podfeed.check.registry import rules as all_rules
    from podfeed.choosing import named

    shown = named(name) if name else tuple(all_rules().values())
    if form == "json":
        click.echo(report.rules_json(shown))
    elif len(shown) == 1:
        click.echo(report.rule_page(shown[0]))
    else:
        click.echo(report.rules_table(shown), nl=False)
    return 0


@podfeed.command(short_help="Tell where everything about an episode comes from.")
@click.argument("file")
@_format_option
@_now_option
@_offline_option
@_project_option
def explain(file: str, form: str, now: datetime, offline: bool, folder: str) -> int:
    """Tell where everything about an episode comes from, and why it is or is not public now.

    FILE may also be one that podfeed skips or cannot read.

    \b
    Examples:
      podfeed explain episodes/2026-01-31-tides.md
      podfeed explain episodes/2026-01-31-tides.md --now 2026-02-01T00:00:00+09:00
    """
    from podfeed import explaining
    from podfeed.checking import load_around

    project, wanted = load_around(folder, [file])
    if len(wanted) != 1 or not wanted <= project.files.keys():
        raise UsageError(say("“{path}” is not one Markdown file below episodes/", path=file))
    explanation = explaining.explain(project, *wanted, now=now)
    click.echo(explaining.json(explanation) if form == "json" else explaining.text(explanation).rstrip("\n"))
    return 0


@podfeed.command(short_help="Print the JSON Schema by which editors complete and underline.")
@click.argument("of", type=click.Choice(["episode", "config"]))
@_project_option
def schema(of: Literal["episode", "config"], folder: str) -> int:
    """Print the JSON Schema of an episode's header, or of config.yaml, for editors.

    In a project it knows the ids of its shows and people.

    \b
    Examples:
      podfeed schema episode
      podfeed schema config > config.schema.json
    """
    from podfeed.report import as_json
    from podfeed.schema import config_around
    from podfeed.schema import schema as schema_of

    click.echo(as_json(schema_of(of, config_around(Path(folder)))))
    return 0


@podfeed.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--write", is_flag=True, help="Put size and duration into the headers.")
@click.option("--from", "copy", metavar="FILE", help="Measure this copy of audio that lies elsewhere on the web.")
@click.option("--accept-changed", is_flag=True, help="Take over what audio elsewhere has become since it was measured.")
@_format_option
@_web_options
@_project_option
def enrich(
    paths: tuple[str, ...],
    write: bool,
    copy: str | None,
    accept_changed: bool,
    form: str,
    web: Callable[[], Web] | None,
    folder: str,
) -> int:
    """Measure the audio, and compare it with what the headers say.

    Writes podfeed.lock, so that a checkout without the audio still checks and builds. Audio elsewhere on the web that
    was measured before is asked for again, by one small request; what has changed there is an error.

    \b
    Examples:
      podfeed enrich
      podfeed enrich --write episodes/2026-01-31-tides.md
      podfeed enrich episodes/2026-01-31-tides.md --from ~/tides.mp3
    """
    from podfeed import report
    from podfeed.checking import relative_paths
    from podfeed.enriching import diagnostics, head, measure_copy
    from podfeed.enriching import enrich as enriched
    from podfeed.loading import load

    project = load(folder)
    wanted = relative_paths(project, paths)
    if copy is not None:
        if len(wanted) != 1:
            raise UsageError(say("--from measures a copy of one episode's audio: name that episode"))
        measure_copy(project, next(iter(wanted)), Path(copy))
        project = load(folder)
    asked = web() if web and not copy else None
    found = enriched(project, wanted, write=write, web=asked, accepts_changed=accept_changed)
    faults = diagnostics(project, found)
    if form == "json":
        click.echo(report.as_json({"version": report.JSON_VERSION, "episodes": [each.values() for each in found]}))
    else:
        click.echo(report.table([head(), *(each.row() for each in found)]), nl=False)
        written = sum(each.is_written for each in found)
        if write:
            headers = say_many("{count} header written", "{count} headers written", count=written)
            click.echo(headers if written else say("the headers are right already"))
    click.echo(report.text(faults, colour=sys.stderr.isatty()), nl=False, err=True)
    for each in found:
        if each.refusal:
            click.echo(each.refusal, err=True)
    is_fine = all(each.is_sound and not each.refusal for each in found if not each.faults)
    return _exit_code(faults) if is_fine else _CONTENT_HAS_ERRORS


@podfeed.command(short_help="Take over the guids and dates of a show that is public already.")
@click.argument("feed", required=False, metavar="[FEED]")
@click.option("--show", default="", metavar="ID", help="The show that continues this feed, if the files cannot tell.")
@_target_option
@_format_option
@_now_option
@_web_options
@_project_option
def adopt(
    feed: str | None,
    show: str,
    target: str,
    form: str,
    now: datetime,
    web: Callable[[], Web] | None,
    folder: str,
) -> int:
    """Take over guids and dates from the feed that a show has had so far, so that no episode looks new.

    FEED is the feed as apps get it: its address on the web, or a file; “-” reads standard input. Without FEED, those
    at the target: podfeed.lock is made anew from them, and from what podfeed recorded there. Writes podfeed.lock, and
    no episode. Exits with 1 when a published item has no episode here.

    \b
    Examples:
      podfeed adopt https://podcast.example/feed.xml
      podfeed adopt old.xml --show radio --format json
      podfeed adopt --target live
    """
    from podfeed import adopting
    from podfeed.publishing import Run
    from podfeed.read.feed import read_feed

    if feed is None:
        if web is None:
            raise UsageError(say("--offline forbids to ask the target; give a feed that is a file"))
        adoptions = adopting.adopted_from(folder, target=target, show=show, run=Run(now=now, web=web))
        told = "\n".join(map(adopting.text, adoptions))
        click.echo(adopting.json_of_all(adoptions) if form == "json" else told)
        return _CONTENT_HAS_ERRORS if any(each.troubled for each in adoptions) else 0
    if target:
        raise UsageError(say("a feed, or --target: not both"))
    data, name, address = _feed(feed, web)
    old = read_feed(data, name)
    adoption = adopting.adopted(folder, feed=replace(old, url=old.url or address), show=show, now=now)
    click.echo(adopting.json(adoption) if form == "json" else adopting.text(adoption))
    return _CONTENT_HAS_ERRORS if adoption.troubled else 0


def _feed(name: str, web: Callable[[], Web] | None) -> tuple[bytes, str, str]:
    """The feed at *name*, a file or an address: its bytes, as far as they matter, what to call it, and its address."""
    from podfeed.read.folder import is_remote, plain
    from podfeed.read.xml import MAX_FEED_BYTES

    if is_remote(name):
        answer = _answer(name, web, MAX_FEED_BYTES)
        return answer.body, plain(name), answer.lasting
    try:
        with click.open_file(name, "rb") as file:
            return bytes(file.read(MAX_FEED_BYTES + 1)), name, ""
    except OSError as error:
        raise UsageError(say("“{path}” cannot be read: {reason}", path=name, reason=reason_of(error))) from error


def _answer(address: str, web: Callable[[], Web] | None, most_bytes: int) -> Answer:
    """What is at *address*, at most one byte more than *most_bytes*."""
    from podfeed.read.folder import plain
    from podfeed.read.web import Trouble

    if web is None:
        raise UsageError(say("“{name}” is an address, and --offline forbids to ask there", name=plain(address)))
    try:
        return web().read(address, most_bytes=most_bytes)
    except Trouble as trouble:
        kind = TargetError if trouble.passes else UsageError
        raise kind(say("“{path}” cannot be read: {reason}", path=plain(address), reason=trouble)) from trouble


@podfeed.command()
@click.argument("episode", metavar="EPISODE")
@_target_option
@_now_option
@_trust_option
@_project_option
def withdraw(episode: str, target: str, now: datetime, web: Callable[[], Web], folder: str) -> int:
    """Take a published episode out of its feed, for good.

    EPISODE is its file, or its guid. Nothing else takes an episode out of a feed: a deleted file is an error, for it
    may be a slip. podfeed.lock remembers it, and so does the target, if there is one: it is published at once, and no
    other machine brings the episode back.

    \b
    Examples:
      podfeed withdraw episodes/2026-01-31-tides.md
      podfeed withdraw 917393e3-1b1e-5cef-ace4-edaa54e1f810
    """
    from podfeed.publishing import Run
    from podfeed.withdrawing import withdrawn

    return _told(*withdrawn(folder, name=episode, target=target, run=Run(now=now, web=web)))


@podfeed.command()
@click.argument("episode", metavar="EPISODE")
@_target_option
@_now_option
@_trust_option
@_project_option
def reinstate(episode: str, target: str, now: datetime, web: Callable[[], Web], folder: str) -> int:
    """Bring a withdrawn episode back, as the same episode.

    EPISODE is its file, or its guid. If there is a target, it is published at once.

    \b
    Examples:
      podfeed reinstate episodes/2026-01-31-tides.md
    """
    from podfeed.publishing import Run
    from podfeed.withdrawing import reinstated

    return _told(*reinstated(folder, name=episode, target=target, run=Run(now=now, web=web)))


def _told(sentence: str, publication: Publication | None) -> int:
    """Say what went to a target, if anything did, and what is so now."""
    from podfeed import report

    if publication:
        click.echo(report.publication_faults(publication, colour=sys.stderr.isatty()), nl=False, err=True)
        if publication.has_changed:
            click.echo(report.publication_line(publication))
    click.echo(sentence)
    return publication.exit_code if publication else 0


@podfeed.command()
@click.option("--show", default="", metavar="ID", help="The show, if there are several.")
@click.option("--to", default="", metavar="GENERATION", help="Its number; or its name, as history tells it in JSON.")
@click.option(
    "--withdraw", "guids", multiple=True, metavar="GUID", help="Withdraw what came later; may be given again."
)
@_target_option
@_now_option
@_trust_option
@_project_option
def rollback(
    show: str,
    to: str,
    guids: tuple[str, ...],
    target: str,
    now: datetime,
    web: Callable[[], Web],
    folder: str,
) -> int:
    """Publish a show once more as it was, as a new generation.

    Without --to, a feed that was taken away or changed by hand is put back. No file here changes: as long as they are
    as before, “podfeed publish” is refused. Episodes that came later have to be withdrawn by name.

    \b
    Examples:
      podfeed rollback
      podfeed rollback --show radio --to 12
    """
    from podfeed.publishing import Run
    from podfeed.reverting import rolled_back

    run = Run(now=now, web=web)
    return _told(*rolled_back(folder, show=show, to=to, withdraws=guids, target=target, run=run))


@podfeed.command()
@click.option("--show", default="", metavar="ID", help="Only this show.")
@click.option("--last", default=20, show_default=True, metavar="COUNT", help="How many generations at most.")
@_target_option
@_format_option
@_trust_option
@_project_option
def history(show: str, last: int, target: str, form: str, web: Callable[[], Web], folder: str) -> int:
    """Tell the generations of each show: when each was published, by whom, and what it changed.

    \b
    Examples:
      podfeed history
      podfeed history --show radio --last 100 --format json
    """
    from podfeed import report, reverting
    from podfeed.publishing import Run

    run = Run(now=datetime.now(UTC), web=web)
    pasts = reverting.history(folder, show=show, target=target, run=run, most=last)
    click.echo(report.history_json(pasts) if form == "json" else report.history_text(pasts).rstrip("\n"))
    return 0


@podfeed.command(short_help="Begin a podcast: write config.yaml.")
@click.option("--from", "old", metavar="_config.yml", help="Begin with what a yattecast project says.")
@click.option("--title", metavar="TEXT", help="What the show is called.")
@click.option("--description", metavar="TEXT", help="What it is about, in two or three sentences.")
@click.option("--author", metavar="TEXT", help="Who makes it; apps print that below the title.")
@click.option("--language", metavar="CODE", help="As ja, en or en-gb.")
@click.option("--site", metavar="URL", help="Where the pages and feeds will be.")
@click.option("--email", metavar="ADDRESS", help="Published in the feed; directories write there.")
@click.option("--category", metavar="NAME", help="As Technology, or “News: Tech News”.")
@click.option("--timezone", metavar="NAME", help="As Asia/Tokyo.")
@click.option("--explicit/--no-explicit", default=None, help="Whether it is unfit for children.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@click.option("-C", "folder", default=".", metavar="FOLDER", help="Where to begin, if not here.")
def init(old: str | None, explicit: bool | None, yes: bool, folder: str, **flags: str | None) -> int:
    """Begin a podcast: write config.yaml by a few questions, or by flags where nobody can be asked.

    \b
    Examples:
      podfeed init
      podfeed init --from _config.yml
      podfeed init --title "Harbour Radio" --author Ada --language en --site https://radio.example --category Arts
    """
    from dataclasses import replace

    from podfeed import starting

    answers = starting.from_yattecast(Path(old)) if old else starting.Answers()
    answers = starting.answered(answers, {name: text for name, text in flags.items() if text is not None})
    if sys.stdin.isatty() and not yes:
        for question in starting.questions():
            if flags[question.name] is None and not getattr(answers, question.name):
                answers = _asked(answers, question)
        if explicit is None and not old:
            explicit = click.confirm(say("Is it unfit for children"), default=False)
    click.echo(starting.init(Path(folder), replace(answers, explicit=bool(explicit))))
    return 0


def _asked(answers: Answers, question: Question) -> Answers:
    """*answers* with one more, asked for until it can be meant."""
    from podfeed.starting import answered

    while True:
        default = question.proposal or question.default
        text = click.prompt(question.words, default=default, show_default=bool(default))
        try:
            return answered(answers, {question.name: text})
        except UsageError as error:
            click.echo(str(error), err=True)


@podfeed.command(short_help="Write the file of a new episode, as a draft.")
@click.argument("show")
@click.argument("title")
@click.option("--audio", default="", metavar="FILE", help="Its sound, a file of the project.")
@click.option("--date", default="", metavar="ISO-8601", help="When it goes out, if not now.")
@_now_option
@_project_option
def new(show: str, title: str, audio: str, date: str, now: datetime, folder: str) -> int:
    """Write the file of a new episode of SHOW: a draft, with its date, its guid and what its audio says.

    \b
    Examples:
      podfeed new radio "Tides"
      podfeed new radio "Tides" --audio audio/tides.mp3 --date 2026-01-31T06:00:00+09:00
    """
    from podfeed import starting

    click.echo(starting.new(folder, show=show, title=title, audio=audio, date=date, now=now))
    return 0
