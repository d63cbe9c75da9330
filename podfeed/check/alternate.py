"""Rules about the further files of an episode, which apps may play in place of its audio."""

import posixpath
from collections.abc import Iterator, Mapping
from datetime import timedelta

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.show import language_fault
from podfeed.check.site import address_problem, is_loopback, private_in
from podfeed.diagnostics import Finding
from podfeed.model import Alternate, AudioFacts, Episode
from podfeed.read.durations import format_clock
from podfeed.read.folder import is_remote, split_address
from podfeed.words import say

_NAMESPACE = "podcast namespace: alternateEnclosure"

#: What a file of that ending should hold.
_CONTAINERS: Mapping[str, tuple[str, ...]] = {
    ".mp3": ("mp3",),
    ".m4a": ("m4a",),
    ".mp4": ("mp4", "m4a", "m4v"),
    ".m4v": ("m4v", "mp4"),
    ".mov": ("mov",),
    ".opus": ("opus",),
    ".ogg": ("ogg", "opus"),
    ".oga": ("ogg", "opus"),
    ".flac": ("flac",),
    ".wav": ("wav",),
    ".aac": ("aac",),
}
#: What two exports of one recording may differ by: encoders add silence at either end.
_LEEWAY = timedelta(seconds=2)


def _named(episode: Episode) -> Iterator[tuple[str, Alternate]]:
    """Each further file of *episode*, with the field that names it."""
    return ((f"alternate_enclosures.{number}", each) for number, each in enumerate(episode.alternates))


def _has_alternates(episode: Episode, context: Context) -> bool:
    return bool(episode.alternates)


def _measured(episode: Episode, context: Context) -> Iterator[tuple[str, Alternate, AudioFacts]]:
    """Those that were measured, with what they say about themselves."""
    for field, alternate in _named(episode):
        facts = context.facts.get(alternate.reference)
        if isinstance(facts, AudioFacts):
            yield field, alternate, facts


@told_by_reader("error")
def alternate_without_path() -> None:
    """An entry of ``alternate_enclosures`` names no file.

    Bad:
        alternate_enclosures: [{title: Small}]

    Good:
        alternate_enclosures: [{path: /audio/good.wav, title: Small}]
    """


@rule(Episode, "error", source=_NAMESPACE, codes="AU001", given=_has_alternates)
def alternate_file_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """A further file of an episode is not there, in exactly that spelling.

    Bad:
        alternate_enclosures: [/audio/Good.wav]

    Good:
        alternate_enclosures: [/audio/good.wav]
    """
    for field, alternate in _named(episode):
        lost = context.lost.get(alternate.reference)
        if lost and lost.why == "absent":
            yield Finding(field, say("“{path}” is not there", path=alternate.reference), lost.hint)


@rule(Episode, "error", source=_NAMESPACE, codes="AU002 AU011", given=_has_alternates)
def alternate_damaged(episode: Episode, context: Context) -> Iterator[Finding]:
    """A further file of an episode is empty, is cut, or holds no sound that can be played.

    Bad:
        alternate_enclosures: [/audio/cut.mp3]

    Good:
        alternate_enclosures: [/audio/other.mp3]
    """
    for field, alternate, facts in _measured(episode, context):
        if facts.trouble:
            message = say("“{path}” cannot be played: {trouble}", path=alternate.reference, trouble=facts.trouble)
            yield Finding(field, message, say("export it again"))
        elif facts.expected_bytes > facts.size_bytes:
            message = say(
                "“{path}” stops early: {size} bytes are there, at least {expected} belong to it",
                path=alternate.reference,
                size=facts.size_bytes,
                expected=facts.expected_bytes,
            )
            yield Finding(field, message, say("copy or export it again"))


@rule(Episode, "warning", codes="AU003", given=_has_alternates)
def alternate_type_mismatch(episode: Episode, context: Context) -> Iterator[Finding]:
    """The name of a further file ends as that of another format than its content has, by which servers name its type.

    Bad:
        alternate_enclosures: [/audio/renamed.mp3]

    Good:
        alternate_enclosures: [/audio/good.wav]
    """
    for field, alternate, facts in _measured(episode, context):
        path = split_address(alternate.reference).path if is_remote(alternate.reference) else alternate.reference
        ending = posixpath.splitext(path)[1].lower()
        if facts.container and not facts.trouble and facts.container not in _CONTAINERS.get(ending, (facts.container,)):
            message = say("“{path}” is in truth {container}", path=alternate.reference, container=facts.container)
            yield Finding(field, message, say("give it the ending of what it is"))


@rule(Episode, "warning", given=_has_alternates)
def alternate_length_differs(episode: Episode, context: Context) -> Iterator[Finding]:
    """A further file of an episode is longer or shorter than its audio: perhaps it is another recording.

    Chapters and transcripts would not fit either. Files in another language may have a length of their own.

    Bad:
        alternate_enclosures: [/audio/blip.mp3]

    Good:
        alternate_enclosures: [/audio/other.mp3]
    """
    audio = context.audio(episode)
    if not audio or not audio.duration:
        return
    for field, alternate, facts in _measured(episode, context):
        if facts.duration and not alternate.language and abs(facts.duration - audio.duration) > _LEEWAY:
            message = say(
                "“{path}” lasts {length}, and the audio {other}",
                path=alternate.reference,
                length=format_clock(facts.duration),
                other=format_clock(audio.duration),
            )
            yield Finding(field, message, say("check that it is the same recording"))


@rule(Episode, "warning", source=_NAMESPACE, given=_has_alternates)
def alternate_repeated(episode: Episode, context: Context) -> Iterator[Finding]:
    """A further file is the audio itself, or another of the further files, by its path or by its bytes.

    podfeed names the audio among the files to choose from by itself.

    Bad:
        alternate_enclosures: [/audio/good.mp3]

    Good:
        alternate_enclosures: [/audio/other.mp3]
    """
    seen = set(_keys(episode.audio, context))
    for field, alternate in _named(episode):
        keys = _keys(alternate.reference, context)
        if not seen.isdisjoint(keys):
            message = say("“{path}” is named twice, or is the same file under two names", path=alternate.reference)
            yield Finding(field, message, say("delete this entry"))
        seen.update(keys)


def _keys(reference: str, context: Context) -> list[str]:
    """What the file behind *reference* is known by: its path, and its bytes."""
    facts = context.facts.get(reference)
    return [reference, *([facts.sha256] if facts and facts.sha256 else [])]


@rule(Episode, "warning", source=_NAMESPACE, given=_has_alternates)
def alternate_indistinct(episode: Episode, context: Context) -> Iterator[Finding]:
    """Two files of an episode have the same format, language and title: nobody can tell in a menu which is which.

    Bad:
        alternate_enclosures: [/audio/other.mp3]

    Good:
        alternate_enclosures: [{path: /audio/other.mp3, title: Loud}]
    """
    audio = context.audio(episode)
    seen = {(audio.mime_type, "", ""): set(_keys(episode.audio, context))} if audio else {}
    for field, alternate, facts in _measured(episode, context):
        files = seen.setdefault((facts.mime_type, alternate.language.lower(), alternate.title), set())
        keys = _keys(alternate.reference, context)
        if files and files.isdisjoint(keys) and not facts.trouble:
            message = say("“{path}” looks in menus like another file of the episode", path=alternate.reference)
            yield Finding(field, message, say("give it a “title”, as “Small”"))
        files.update(keys)


@rule(
    Episode,
    "warning",
    source="podfeed: a feed names no file that nobody has looked at",
    codes="EP061",
    given=_has_alternates,
)
def alternate_not_measured(episode: Episode, context: Context) -> Iterator[Finding]:
    """A further file elsewhere has not been measured, and is not in the feed for now.

    Bad:
        alternate_enclosures: ["https://audio.podfeed.example/a.opus"]

    Good:
        alternate_enclosures: ["https://audio.podfeed.example/a.opus"]
        # podfeed.lock
        audio {"path": "https://audio.podfeed.example/a.opus", "size_bytes": 80000, "mime_type": "audio/ogg"}
    """
    for field, alternate in _named(episode):
        address = alternate.reference
        if is_remote(address) and address not in context.facts and not private_in(address):
            message = say("nothing is known of “{address}” yet, and it is not in the feed", address=address)
            yield Finding(field, message, say("run “podfeed enrich”"))


@rule(
    Episode, "error", source="podcasters.apple.com/support/823; podcast namespace", codes="FD014", given=_has_alternates
)
def alternate_address_unusable(episode: Episode, context: Context) -> Iterator[Finding]:
    """The address of a further file is not one that everybody can open, and for good.

    Bad:
        alternate_enclosures: ["http://audio.podfeed.example/a.opus"]

    Good:
        alternate_enclosures: ["https://audio.podfeed.example/a.opus"]
    """
    for field, alternate in _named(episode):
        address = alternate.reference
        if not is_remote(address) or (is_loopback(address) and is_loopback(context.config.site)):
            continue
        is_secure = address.lower().startswith("https://")
        if problem := address_problem(address) if is_secure else say("it does not begin with https://"):
            message = say("“{address}” is of no use to listeners: {problem}", address=address, problem=problem)
            yield Finding(field, message, say("use a permanent, public https address"))


@rule(Episode, "warning", source=_NAMESPACE, codes="FD032", given=_has_alternates)
def alternate_title_too_long(episode: Episode, context: Context) -> Iterator[Finding]:
    """The title of a further file has more than 32 characters; apps cut it.

    Bad:
        alternate_enclosures: [{path: /audio/good.wav, title: "For those who want every single sound of the sea"}]

    Good:
        alternate_enclosures: [{path: /audio/good.wav, title: Without loss}]
    """
    for field, alternate in _named(episode):
        if len(alternate.title) > 32:
            message = say("the title has {count} characters; apps keep to 32", count=len(alternate.title))
            yield Finding(f"{field}.title", message, say("shorten it"))


@rule(Episode, "error", source=f"{_NAMESPACE}; BCP 47", codes="FD032", given=_has_alternates)
def alternate_language_invalid(episode: Episode, context: Context) -> Iterator[Finding]:
    """The language of a further file is not one that feeds know.

    Bad:
        alternate_enclosures: [{path: /audio/good.wav, language: Japanese}]

    Good:
        alternate_enclosures: [{path: /audio/good.wav, language: ja}]
    """
    for field, alternate in _named(episode):
        if alternate.language and (fault := language_fault(alternate.language)):
            yield Finding(f"{field}.language", *fault)
