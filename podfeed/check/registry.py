"""The rules: what each is called, how grave it is, whose requirement it is; and the run that asks them all."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar

from podfeed.check.tables import table
from podfeed.diagnostics import PLATFORMS, Diagnostic, Finding, Platform, Position, Severity
from podfeed.identity import Identities, Identity
from podfeed.model import NETWORK, ArtworkFacts, AudioFacts, Config, Episode, Facts, Show
from podfeed.read.lock import Lock
from podfeed.read.settings import NETWORK as NETWORK_SETTINGS
from podfeed.read.xml import Document
from podfeed.words import say, translated
from podfeed.workers import spread

Subject = Literal["reader", "config", "show", "episode", "feed"]
#: When a rule can be asked: S from the texts alone, P with a medium opened, X across episodes or against what was
#: published, B on a feed, N over the network.
Stage = Literal["S", "P", "X", "B", "N"]
#: Nobody reads more of one feed, and a small file can hold millions. Source: docs/reference/limits.md.
MAX_FAULTS_OF_RULE = 10_000

#: Later than any date.
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Context:
    """All a rule may look at beside its subject. Rules know fields and values; they know no files and no lines."""

    config: Config
    facts: Mapping[str, Facts]
    lock: Lock
    now: datetime
    #: The episodes and articles of every show, by the show's id, oldest path first.
    episodes: Mapping[str, tuple[Episode, ...]] = field(default_factory=dict)
    identities: Mapping[str, Identities] = field(default_factory=dict)
    #: Addresses in notes that lead nowhere, by the episode's path.
    broken_links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Files that are no episodes, with the reason.
    skipped: Mapping[str, str] = field(default_factory=dict)
    #: The paths of files that have no audio and want none.
    articles: frozenset[str] = frozenset()
    #: Files referred to that are not there, by project path, or as written where that leads outside the project.
    lost: Mapping[str, Lost] = field(default_factory=dict)

    def audio(self, episode: Episode) -> AudioFacts | None:
        """What the episode's audio says about itself; None when nobody has measured it."""
        facts = self.facts.get(episode.audio)
        return facts if isinstance(facts, AudioFacts) else None

    @cached_property
    def sounds(self) -> Mapping[str, AudioFacts]:
        """What audio that could be read says about itself, by its path."""
        measured = ((path, facts) for path, facts in self.facts.items() if isinstance(facts, AudioFacts))
        return {path: facts for path, facts in measured if facts.size_bytes and not facts.trouble}

    def artwork(self, path: str) -> ArtworkFacts | None:
        """What the picture at *path* says about itself; None when nobody has measured it."""
        facts = self.facts.get(path)
        return facts if isinstance(facts, ArtworkFacts) else None

    def identity(self, episode: Episode) -> Identity:
        """Who the episode is."""
        return self.identities[episode.show].by_path[episode.path]

    def is_article(self, episode: Episode) -> bool:
        """Whether the file is notes without audio."""
        return episode.path in self.articles

    def is_public(self, episode: Episode) -> bool:
        """Whether *episode* goes out now: no draft, and due. What is published stays, whatever a clock says."""
        identity = self.identity(episode)
        if episode.is_draft or (identity.published and identity.published.is_withdrawn):
            return False
        date = identity.date_of(episode)
        if self.is_article(episode):
            return date is None or date <= self.now
        return bool(episode.audio) and date is not None and (identity.published is not None or date <= self.now)

    def public(self, show: str) -> tuple[Episode, ...]:
        """The episodes and articles of *show* that are public now."""
        return self._public.get(show, ())

    @cached_property
    def _public(self) -> Mapping[str, tuple[Episode, ...]]:
        return {show: tuple(filter(self.is_public, episodes)) for show, episodes in self.episodes.items()}

    def in_order(self, show: str) -> Sequence[Episode]:
        """The episodes of *show* by date, articles aside. One without a date is still to go out, and comes last."""
        return self._in_order.get(show, ())

    @cached_property
    def _in_order(self) -> Mapping[str, Sequence[Episode]]:
        def moment(episode: Episode) -> datetime:
            return self.identity(episode).date_of(episode) or _LAST

        return {
            show: sorted((each for each in episodes if not self.is_article(each)), key=moment)
            for show, episodes in self.episodes.items()
        }


@dataclass(frozen=True, slots=True)
class Lost:
    """A reference that leads to nothing."""

    #: outside: it leads out of the project; absent: there is nothing of that name; unmeasured: it lies elsewhere, and
    #: nothing could be told about it.
    why: Literal["outside", "absent", "unmeasured"]
    #: A file that differs only in capital letters; empty when there is none.
    near: str = ""

    @property
    def hint(self) -> str:
        """What to do about a path that leads to nothing."""
        if self.near:
            return say("write “/{near}”, with these capital letters", near=self.near)
        return say("check folder, name and capital letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedContext:
    """All a rule about a feed may look at beside the feed."""

    now: datetime
    #: The address the feed was read from; empty for a file.
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A row of the catalogue: something that can be wrong with a podcast, whoever checks it."""

    checks: str
    severity: Severity
    stage: Stage
    #: Who refuses what has this fault.
    refused_by: tuple[Platform, ...]
    #: Why podfeed has no rule for it; empty when it has.
    unchecked: str = ""


#: Whether a rule has anything to say of its subject.
Given = Callable[[Any, Context], object]


@lru_cache(maxsize=1)
def catalogue() -> Mapping[str, Code]:
    """Every row of the catalogue by its code. Source: feed-specification.md, section 4."""
    return {
        code: Code(**{**row, "refused_by": tuple(each for each in PLATFORMS if each in row["refused_by"])})
        for code, row in table("catalogue").items()
    }


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that can be wrong."""

    name: str
    severity: Severity
    #: What it is asked about: a rule about pictures holds for a show's cover and an episode's picture.
    subjects: tuple[Subject, ...]
    #: Whose requirement it is.
    source: str
    #: Codes of the catalogue in feed-specification.md, section 4.
    codes: tuple[str, ...]
    check: Callable[..., Iterable[Finding]]
    #: What must hold of a subject for the rule to have anything to say of it; None where it is always asked, as rules
    #: about feeds are.
    given: Given | None = None

    @property
    def can_be_quieted(self) -> bool:
        """Whether an owner may do without it: not where the feed would be wrong, or name what is not there."""
        if self.severity == "error" and self.name.startswith(_FIRM):
            return False
        return not self.name.startswith(_NO_FILE)

    def diagnostic(self, finding: Finding, path: str, place: Position, platforms: Container[Platform]) -> Diagnostic:
        """*finding* as it is told at *place* in *path*. What one of *platforms* refuses is an error."""
        refused_by = tuple(each for each in self.refused_by if each in platforms)
        return Diagnostic(
            rule=self.name,
            severity="error" if refused_by else self.severity,
            path=path,
            position=place,
            message=finding.message,
            hint=finding.hint,
            source=self.source,
            refused_by=refused_by,
        )

    @cached_property
    def refused_by(self) -> tuple[Platform, ...]:
        """Who refuses what has this fault: only where the rule is as grave as the catalogue's row."""
        rows = [catalogue()[code] for code in self.codes if catalogue()[code].severity == self.severity]
        return tuple(each for each in PLATFORMS if any(each in row.refused_by for row in rows))

    @cached_property
    def stage(self) -> Stage:
        """When it can be asked at the earliest."""
        stages = [catalogue()[code].stage for code in self.codes]
        if "feed" in self.subjects:
            return "B"
        return next((stage for stage in stages if stage != "B"), "S")

    @cached_property
    def page(self) -> str:
        """What is wrong, why it matters, a bad and a good example: the function's docstring."""
        return _page(self.check.__doc__ or "")

    @property
    def words(self) -> str:
        """The page's first paragraph, which says what is wrong, for the catalogue."""
        return self.page.partition("\n\n")[0].replace("\n", " ")

    @property
    def summary(self) -> str:
        """What is wrong, in the language everything is said in."""
        return translated(self.words)


#: Errors of these subjects stand between listeners and a broken promise.
_FIRM = (
    "actor-picture",
    "artwork-file",
    "artwork-not-measured",
    "artwork-thumbnail",
    "audio-",
    "date-",
    "field-near-miss",
    "file-",
    "guid-",
    "header-",
    "history-",
    "lock-",
    "notes-link",
    "page-",
    "path-",
    "show-feed",
    "show-id",
    "show-missing",
    "site-",
    "target-holds-key",
    "text-control",
)

#: What is not about a file of the project but about a waiver, or about what is stored and served elsewhere.
_NO_FILE = ("server-", "stored-", "waiver-")

_SUBJECTS: dict[type, Subject] = {Episode: "episode", Show: "show", Config: "config", Document: "feed"}
_RULES: dict[str, Rule] = {}

F = TypeVar("F", bound=Callable[..., Any])


def rule(
    subject: type, severity: Severity, *, source: str = "podfeed", codes: str = "", given: Given | None = None
) -> Callable[[F], F]:
    """Make a function a rule about *subject*: Episode, Show, Config, or the Document of a feed.

    The function's name is the rule's. Rules with the same *given* are asked together, and only of what it holds of:
    whether an episode has a picture is looked up once, and not by each of fifteen rules.
    """
    return _register(_SUBJECTS[subject], severity, source, codes, given)


def told_by_reader(severity: Severity, *, source: str = "podfeed", codes: str = "") -> Callable[[F], F]:
    """Make a function the page of a fault that a reader tells; the function itself is never called."""
    return _register("reader", severity, source, codes)


def _register(
    subject: Subject, severity: Severity, source: str, codes: str, given: Given | None = None
) -> Callable[[F], F]:
    def register(function: F) -> F:
        name = function.__name__.replace("_", "-")
        known = _RULES.get(name)
        _RULES[name] = Rule(
            name=name,
            severity=severity,
            subjects=(*(known.subjects if known else ()), subject),
            source=source,
            codes=tuple(codes.split()),
            check=function,
            given=given,
        )
        return function

    return register


def _page(docstring: str) -> str:
    """A docstring without the indentation of its second line and after."""
    first, _, rest = docstring.partition("\n")
    lines = rest.split("\n")
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join([first.strip(), *(line[indent:].rstrip() for line in lines)]).strip()


@lru_cache(maxsize=1)
def rules() -> Mapping[str, Rule]:
    """Every rule by name, sorted. Loading them is put off until somebody asks."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"podfeed.check.{module.name}")
    return dict(sorted(_RULES.items()))


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the rule that made it and the show it concerns."""

    rule: Rule
    finding: Finding
    #: The file it is about.
    path: str
    show: str

    def as_sent(self) -> tuple[str, Finding, str, str]:
        """What a worker sends of it: a rule is functions, and both sides have them."""
        return self.rule.name, self.finding, self.path, self.show


def ask(context: Context, *, only: frozenset[str] | None = None) -> Iterator[Found]:
    """What every rule finds in *context*; with *only*, episode rules are asked about these paths alone."""
    episodes = [each for of_show in context.episodes.values() for each in of_show if only is None or each.path in only]
    questions: list[Callable[[], Iterator[Found]]] = [
        partial(_about_config, context),
        *(partial(_about_show, context.config.shows[id], context) for id in context.episodes),
        *(partial(_about_episodes, episodes[at : at + _AT_ONCE], context) for at in range(0, len(episodes), _AT_ONCE)),
    ]
    if context.config.network:
        questions.append(partial(_about_network, context.config.network, context))
    worth = 0 if len(episodes) >= _WORTH_FORKING else len(questions) + 1
    for told in spread(lambda question: [each.as_sent() for each in question()], questions, worth=worth):
        yield from (Found(rules()[rule], finding, path, show) for rule, finding, path, show in told)


#: So many episodes make a piece of work; and from so many on, two processes are worth their start.
_AT_ONCE, _WORTH_FORKING = 250, 2_000


def _about_config(context: Context) -> Iterator[Found]:
    """What the rules about config.yaml as a whole find in it."""
    for each, finding in _told(_asked("config"), context.config, context):
        yield Found(each, finding, finding.path or "config.yaml", _show_of(finding.field))


def _about_show(show: Show, context: Context) -> Iterator[Found]:
    for each, finding in _told(_asked("show"), show, context):
        name = finding.field if finding.path else f"shows.{show.id}.{finding.field}".rstrip(".")
        yield Found(each, replace(finding, field=name), finding.path or "config.yaml", show.id)


def _about_episodes(episodes: Sequence[Episode], context: Context) -> Iterator[Found]:
    asked = _asked("episode")
    for episode in episodes:
        for each, finding in _told(asked, episode, context):
            yield Found(each, finding, finding.path or episode.path, episode.show)


def _about_network(network: Show, context: Context) -> Iterator[Found]:
    """What the rules about the settings that the network shares with a show find in them."""
    about = tuple(prefix for setting in NETWORK_SETTINGS for prefix in setting.rules)
    for each, finding in _told(_asked("show", about), network, context):
        field = f"network.{finding.field}".rstrip(".")
        yield Found(each, replace(finding, field=field), finding.path or "config.yaml", NETWORK)


def ask_feed(feed: Document, context: FeedContext) -> Iterator[Found]:
    """What every rule about feeds finds in *feed*; after a fault that stopped the reader, only that one."""
    if feed.fault:
        yield Found(rules()[feed.fault.rule], feed.fault, feed.name, "")
        return
    for each in rules().values():
        if "feed" in each.subjects:
            for finding in islice(each.check(feed, context), MAX_FAULTS_OF_RULE):
                yield Found(each, finding, feed.name, "")


def _asked(subject: Subject, about: str | tuple[str, ...] = "") -> Mapping[Given | None, list[Rule]]:
    """The rules about *subject*, whose names begin with *about*, by what must be given for them."""
    asked: dict[Given | None, list[Rule]] = {}
    for each in rules().values():
        if subject in each.subjects and each.name.startswith(about):
            asked.setdefault(each.given, []).append(each)
    return asked


def _told(
    asked: Mapping[Given | None, list[Rule]], subject: Episode | Show | Config, context: Context
) -> Iterator[tuple[Rule, Finding]]:
    """What those of *asked* find in *subject* that have anything to say of it."""
    for given, together in asked.items():
        if given is None or given(subject, context):
            for each in together:
                for finding in each.check(subject, context):
                    yield each, finding


def _show_of(name: str) -> str:
    """The show a field of config.yaml belongs to; empty when it concerns all."""
    parts = name.split(".")
    return parts[1] if parts[0] == "shows" and len(parts) > 1 else ""
