"""Rules about an episode's audio, judged by what the file says about itself."""

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import AudioFacts, Episode, Show
from podfeed.read.folder import is_remote, split_address

_APPLE_AUDIO = "podcasters.apple.com/support/893"
_APPLE_ENCLOSURE = "help.apple.com/itc/podcasts_connect: enclosure"

#: What a file of that ending must hold.
_CONTAINERS = {
    ".mp3": ("mp3",),
    ".m4a": ("m4a",),
    ".mp4": ("mp4", "m4a", "m4v"),
    ".m4v": ("m4v", "mp4", "m4a"),
    ".mov": ("mov",),
    ".pdf": ("pdf",),
}
_PODCAST_CODECS = ("mp3", "aac", "he-aac", "")


def _ending(audio: str) -> str:
    path = unquote(split_address(audio).path) if is_remote(audio) else audio
    return posixpath.splitext(path)[1].lower()


def _mismatch(episode: Episode, facts: AudioFacts) -> bool:
    """Whether the content is known and is not what the ending promises. What was only stated has no content."""
    expected = _CONTAINERS.get(_ending(episode.audio))
    return bool(facts.size_bytes and facts.container and expected and facts.container not in expected)


def _sound(episode: Episode, context: Context) -> AudioFacts | None:
    """The facts of audio that could be read."""
    facts = context.audio(episode)
    return facts if facts and facts.size_bytes and not facts.trouble else None


@rule(Episode, "error", source=_APPLE_ENCLOSURE, codes="EP040")
def audio_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """No audio is named, though the header speaks of audio.

    A file without any word of audio that belongs to a show is an article, and no fault.

    Bad:
        audio_file_path:
        duration: "10:00"

    Good:
        audio_file_path: /audio/good.mp3
    """
    if not episode.audio and "audio_file_path" not in episode.faulty and not context.is_article(episode):
        yield Finding("audio_file_path", "no audio file is named", "add “audio_file_path: /audio/….mp3”")


@rule(Episode, "error", source=_APPLE_ENCLOSURE, codes="EP041")
def audio_format_unsupported(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio's name ends in something podcast apps do not accept.

    Apple includes a file by the ending of its address: .mp3, .m4a, .mp4, .m4v, .mov or .pdf.

    Bad:
        audio_file_path: /audio/good.wav

    Good:
        audio_file_path: /audio/good.mp3
    """
    if episode.audio and _ending(episode.audio) not in _CONTAINERS:
        ending = _ending(episode.audio) or "no ending"
        yield Finding(
            "audio_file_path", f"“{ending}” is not a format podcast apps accept", "export it as MP3 or M4A (AAC)"
        )


@rule(Episode, "error", source="object stores tell capital letters apart", codes="AU001")
def audio_file_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio file is not there, in exactly that spelling.

    Bad:
        audio_file_path: /audio/Good.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    lost = context.lost.get(episode.audio)
    if lost and lost.why == "absent":
        hint = (
            f"write “/{lost.near}”, with these capital letters"
            if lost.near
            else "check folder, name and capital letters"
        )
        yield Finding("audio_file_path", f"“{episode.audio}” is not there", hint)


@rule(Episode, "error", source=_APPLE_ENCLOSURE, codes="AU002")
def audio_empty(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio file has no bytes.

    Bad:
        audio_file_path: /audio/empty.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.audio(episode)
    if facts and not facts.size_bytes:
        yield Finding("audio_file_path", f"“{episode.audio}” is empty: it has 0 bytes", "export it again")


@rule(Episode, "error", source=_APPLE_ENCLOSURE, codes="AU002")
def audio_unreadable(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio file holds no sound podfeed can read.

    Bad:
        audio_file_path: /audio/noise.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.audio(episode)
    if facts and facts.size_bytes and facts.trouble and not _mismatch(episode, facts) and facts.container != "pdf":
        yield Finding("audio_file_path", f"“{episode.audio}” cannot be used: {facts.trouble}", "export it again")


@rule(Episode, "error", source=_APPLE_ENCLOSURE, codes="AU003")
def audio_type_mismatch(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is not what its name says.

    Bad:
        audio_file_path: /audio/renamed.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.audio(episode)
    if facts and _mismatch(episode, facts):
        message = f"“{episode.audio}” is really {facts.container}, not {_ending(episode.audio).lstrip('.')}"
        yield Finding("audio_file_path", message, "convert it; renaming is not enough")


@rule(Episode, "error", source=_APPLE_AUDIO, codes="AU010")
def audio_codec_unsupported(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is coded in a way podcast apps do not play: only MP3 and AAC are safe.

    Bad:
        audio_file_path: /audio/lossless.m4a

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = _sound(episode, context)
    if facts and facts.container in ("m4a", "mp4", "mov") and facts.codec not in _PODCAST_CODECS:
        message = f"“{episode.audio}” holds {facts.codec}; podcast apps expect AAC"
        yield Finding("audio_file_path", message, "export it as AAC")


@rule(Episode, "error", codes="AU011")
def audio_truncated(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio stops before the end its own header speaks of: an upload or a copy was cut.

    Bad:
        audio_file_path: /audio/cut.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = _sound(episode, context)
    if facts and facts.expected_bytes > facts.size_bytes:
        message = (
            f"“{episode.audio}” stops early: {facts.size_bytes} bytes are there, "
            f"at least {facts.expected_bytes} belong to it"
        )
        yield Finding("audio_file_path", message, "copy or export it again")


@rule(Episode, "error", source="RSS 2.0: enclosure", codes="AU004")
def audio_size_differs(episode: Episode, context: Context) -> Iterator[Finding]:
    """``audio_file_size`` is not the size of the file. 0 means “not measured” and is always fine.

    Bad:
        audio_file_size: 17682

    Good:
        audio_file_size: 0
    """
    facts = _sound(episode, context)
    if facts and facts.origin != "stated" and episode.stated_bytes not in (0, facts.size_bytes):
        message = f"“audio_file_size” says {episode.stated_bytes} bytes; the file has {facts.size_bytes}"
        yield Finding("audio_file_size", message, "run “podfeed enrich --write”, or write 0")


@told_by_reader("error", source="RSS 2.0: enclosure", codes="EP050")
def audio_size_invalid() -> None:
    """``audio_file_size`` is not a number of bytes.

    Bad:
        audio_file_size: 5.6 MB

    Good:
        audio_file_size: 0
    """


@told_by_reader("warning", source="RSS 2.0: enclosure", codes="EP050")
def audio_size_spelled_oddly() -> None:
    """``audio_file_size`` is clear, but not plain digits.

    Bad:
        audio_file_size: 1,234

    Good:
        audio_file_size: 0
    """


@rule(Episode, "error", source="RSS 2.0: enclosure", codes="EP061")
def audio_not_measured(episode: Episode, context: Context) -> Iterator[Finding]:
    """Nobody has measured audio that lies elsewhere on the web.

    The feed must state its bytes and seconds. They come from podfeed.lock, or from an ``audio_file_size`` and a
    ``duration`` that are both above zero.

    Bad:
        audio_file_path: https://audio.podfeed.example/elsewhere.mp3
        audio_file_size: 0
        duration: "00:00"

    Good:
        audio_file_path: https://audio.podfeed.example/elsewhere.mp3
        audio_file_size: 9000
        duration: "00:01"
    """
    if is_remote(episode.audio) and not context.audio(episode):
        yield Finding(
            "audio_file_path",
            f"nobody has measured “{episode.audio}”",
            f"run “podfeed enrich {episode.path} --from FILE” with a copy of it",
        )


@rule(Episode, "warning", codes="EP061")
def audio_only_stated(episode: Episode, context: Context) -> Iterator[Finding]:
    """Size and duration of audio elsewhere on the web are taken from the header, unmeasured.

    Bad:
        audio_file_path: https://audio.podfeed.example/elsewhere.mp3
        audio_file_size: 9000
        duration: "00:01"

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.audio(episode)
    if facts and facts.origin == "stated":
        yield Finding(
            "audio_file_path",
            f"size and duration of “{episode.audio}” are as stated here; nobody has measured them",
            f"run “podfeed enrich {episode.path} --from FILE” with a copy of it",
        )


@rule(Episode, "info")
def audio_facts_from_lock(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is not in this checkout; what podfeed.lock remembers of it was used."""
    facts = context.audio(episode)
    if facts and facts.origin == "lock" and not is_remote(episode.audio):
        message = f"“{episode.audio}” is not in this checkout; its facts are taken from podfeed.lock"
        yield Finding("audio_file_path", message, "nothing to do, unless it should be here")


@rule(Episode, "error", source="links with a signature expire; credentials in a feed are public", codes="FD014")
def audio_address_private(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio's address holds a password, a token or a signature that expires.

    Bad:
        audio_file_path: https://audio.podfeed.example/a.mp3?X-Amz-Signature=abc
        audio_file_size: 9000
        duration: "00:01"

    Good:
        audio_file_path: /audio/good.mp3
    """
    if not is_remote(episode.audio):
        return
    parts = split_address(episode.audio)
    words = ("x-amz-signature=", "x-goog-signature=", "token=", "signature=", "expires=", "sig=")
    found = next((word for word in words if word in parts.query.lower()), "")
    if "@" in parts.netloc or found:
        what = found.rstrip("=") if found else "a user name or password"
        yield Finding("audio_file_path", f"the audio's address holds “{what}”", "use a permanent, public address")


@rule(Show, "error", source=f"{_APPLE_ENCLOSURE}: each address once in a feed", codes="EP043")
def audio_shared(show: Show, context: Context) -> Iterator[Finding]:
    """Two episodes of a show have the same audio, by its path or by its bytes. Apple ignores the second.

    Bad:
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/good.mp3

    Good:
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
    """
    seen: dict[str, Episode] = {}
    for episode in context.episodes.get(show.id, ()):
        if not episode.audio:
            continue
        facts = context.audio(episode)
        for key in filter(None, (episode.audio, facts.sha256 if facts else "")):
            other = seen.setdefault(key, episode)
            if other is not episode:
                what = "the same audio file" if other.audio == episode.audio else "audio with the same bytes"
                message = f"{other.path} has {what}"
                yield Finding(
                    "audio_file_path", message, "check which file belongs to which episode", path=episode.path
                )
                break


@rule(Episode, "warning", source="apps and CDNs never fetch an address again", codes="AU017")
def audio_replaced(episode: Episode, context: Context) -> Iterator[Finding]:
    """The bytes of published audio changed. They go out under a new name, with the same guid.

    Bad:
        # podfeed.lock
        name {"path": "audio/good.mp3", "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}

    Good:
        title: Tides
    """
    facts = context.audio(episode)
    known = context.lock.names.get(episode.audio)
    if facts and known and facts.sha256 and facts.sha256 != known:
        yield Finding(
            "audio_file_path",
            f"“{episode.audio}” has other bytes than were published; it goes out as “….{facts.sha256[:8]}.…”",
            "nothing to do if this is meant; listeners may download the episode again",
        )
