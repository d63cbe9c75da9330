"""Rules about an episode's audio, judged by what the file says about itself."""

import posixpath
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import chain, pairwise
from urllib.parse import unquote

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.site import private_in
from podfeed.diagnostics import Finding
from podfeed.model import AudioDetails, AudioFacts, Config, Episode, Show
from podfeed.read.durations import format_clock
from podfeed.read.folder import is_remote, plain, split_address
from podfeed.words import listed, say, say_many

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
_MP4 = ("m4a", "mp4", "m4v", "mov")


def _ending(audio: str) -> str:
    path = unquote(split_address(audio).path) if is_remote(audio) else audio
    return posixpath.splitext(path)[1].lower()


def _mismatch(episode: Episode, facts: AudioFacts) -> bool:
    """Whether the content is known and is not what the ending promises. What was only stated has no content."""
    expected = _CONTAINERS.get(_ending(episode.audio))
    return bool(facts.size_bytes and facts.container and expected and facts.container not in expected)


def _at_hand(show: Show, context: Context) -> Iterator[tuple[Episode, AudioFacts, AudioDetails]]:
    """The episodes of *show* whose audio could be looked into."""
    for episode in context.episodes.get(show.id, ()):
        facts = context.sounds.get(episode.audio)
        if facts and facts.details:
            yield episode, facts, facts.details


def _is_video(facts: AudioFacts) -> bool:
    return facts.mime_type.startswith("video/")


# --------------------------------------------------------------------------------------------- the file


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
        hint = say("add “audio_file_path: /audio/….mp3”")
        yield Finding("audio_file_path", say("no audio file is named"), hint)


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
        ending = _ending(episode.audio) or say("no ending")
        message = say("“{ending}” is not a format podcast apps accept", ending=ending)
        yield Finding("audio_file_path", message, say("export it as MP3 or M4A (AAC)"))


@rule(Episode, "error", source="podcasters.apple.com/support/823", codes="AU001")
def audio_file_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio file is not there, in exactly that spelling.

    Bad:
        audio_file_path: /audio/Good.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    lost = context.lost.get(episode.audio)
    if lost and lost.why == "absent":
        yield Finding("audio_file_path", say("“{audio}” is not there", audio=episode.audio), lost.hint)


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
        message = say("“{audio}” is empty: it has 0 bytes", audio=episode.audio)
        yield Finding("audio_file_path", message, say("export it again"))


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
        message = say("“{audio}” cannot be used: {trouble}", audio=episode.audio, trouble=facts.trouble)
        yield Finding("audio_file_path", message, say("export it again"))


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
        message = say(
            "“{audio}” is really {kind}, not {ending}",
            audio=episode.audio,
            kind=facts.container,
            ending=_ending(episode.audio).lstrip("."),
        )
        yield Finding("audio_file_path", message, say("convert it; renaming is not enough"))


# -------------------------------------------------------------------------------------------- its sound


@rule(Episode, "error", source=_APPLE_AUDIO, codes="AU010")
def audio_codec_unsupported(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is coded in a way podcast apps do not play: only MP3 and AAC are safe.

    Bad:
        audio_file_path: /audio/lossless.m4a

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if facts and facts.container in ("mp3", *_MP4) and facts.codec not in _PODCAST_CODECS:
        expected = "MP3" if facts.container == "mp3" else "AAC"
        message = say(
            "“{audio}” holds {codec}; podcast apps expect {expected}",
            audio=episode.audio,
            codec=facts.codec,
            expected=expected,
        )
        yield Finding("audio_file_path", message, say("export it as {expected}", expected=expected))


@rule(Episode, "warning", source="Spotify Podcast Delivery Specification: AAC-LC", codes="AU010")
def audio_codec_doubtful(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is HE-AAC. Apps that know only plain AAC play it dull, without its upper half, or not at all.

    Bad:
        audio_file_path: /audio/small.m4a

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if facts and facts.codec == "he-aac":
        message = say("“{audio}” is HE-AAC, which some apps play dull or not at all", audio=episode.audio)
        yield Finding("audio_file_path", message, say("export it as plain AAC (AAC-LC)"))


@rule(Episode, "error", codes="AU011")
def audio_truncated(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio stops before the end its own header speaks of: an upload or a copy was cut.

    Bad:
        audio_file_path: /audio/cut.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if facts and facts.expected_bytes > facts.size_bytes:
        message = say(
            "“{audio}” stops early: {size} bytes are there, at least {expected} belong to it",
            audio=episode.audio,
            size=facts.size_bytes,
            expected=facts.expected_bytes,
        )
        yield Finding("audio_file_path", message, say("copy or export it again"))


@rule(Episode, "warning", codes="AU011")
def audio_joined(episode: Episode, context: Context) -> Iterator[Finding]:
    """An MP3 was put together from several, and its header speaks of the first alone.

    Players show the length of the first part, and some stop there. The feed has the length of all parts.

    Bad:
        audio_file_path: /audio/joined.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if not facts or not facts.details or not facts.details.claimed_duration:
        return
    claimed = facts.details.claimed_duration
    if facts.duration - claimed > max(timedelta(seconds=2), claimed / 100):
        message = say(
            "the header inside “{audio}” says {claimed}; its sound runs {length}",
            audio=episode.audio,
            claimed=format_clock(claimed),
            length=format_clock(facts.duration),
        )
        yield Finding(
            "audio_file_path", message, say("“ffmpeg -i in.mp3 -c copy out.mp3” writes a header for all of it")
        )


@rule(Episode, "warning", codes="AU007")
def audio_index_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """An MP3 of variable bit rate has no header that tells its length.

    Players guess it from the first moments, show a wrong length, and land elsewhere when listeners skip.

    Bad:
        audio_file_path: /audio/unindexed.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if facts and facts.details and facts.details.lacks_index:
        message = say("“{audio}” varies its bit rate, and no header tells players how long it is", audio=episode.audio)
        hint = say("“ffmpeg -i in.mp3 -c copy -write_xing 1 out.mp3” adds one")
        yield Finding("audio_file_path", message, hint)


@rule(Show, "info", codes="AU011")
def audio_end_unstated(show: Show, context: Context) -> Iterator[Finding]:
    """MP3 files do not say where they end: a copy that was cut between two frames looks whole. Told once for a show.

    Bad:
        audio_file_path: /audio/heavy.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    found = [
        episode
        for episode, facts, details in _at_hand(show, context)
        if not facts.expected_bytes and not details.lacks_index
    ]
    if found:
        message = say_many(
            "“{audio}” does not say how long it should be; if it was cut, it still looks whole",
            "{count} MP3 files do not say how long they should be, “{audio}” among them; a cut one looks whole",
            count=len(found),
            audio=found[-1].audio,
        )
        hint = say("nothing to do; “ffmpeg -i in.mp3 -c copy -write_xing 1 out.mp3” writes a header that says it")
        yield Finding("", message, hint)


@rule(Episode, "warning", codes="AU012")
def audio_plays_late(episode: Episode, context: Context) -> Iterator[Finding]:
    """An M4A or MP4 tells how to play it behind its sound: apps load all of it before they begin.

    Bad:
        audio_file_path: /audio/late.m4a

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if facts and facts.details and facts.details.tells_last:
        message = say("“{audio}” cannot start playing until all of it is loaded", audio=episode.audio)
        hint = say("“ffmpeg -i in.m4a -c copy -movflags +faststart out.m4a” puts in front what players need first")
        yield Finding("audio_file_path", message, hint)


_SHORTEST, _LONGEST = timedelta(seconds=10), timedelta(hours=12)


@rule(Episode, "warning", codes="AU006")
def audio_length_implausible(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is shorter than 10 seconds or longer than 12 hours: often an export that went wrong.

    Trailers and bonus episodes may be short.

    Bad:
        audio_file_path: /audio/blip.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if not facts or not facts.duration or facts.expected_bytes > facts.size_bytes:
        return
    if facts.duration > _LONGEST or (facts.duration < _SHORTEST and episode.type == "full"):
        message = say(
            "“{audio}” runs {length}; episodes run from 10 seconds to 12 hours",
            audio=episode.audio,
            length=format_clock(facts.duration),
        )
        yield Finding("audio_file_path", message, say("check the export"))


# Bits per second, for stereo by codec and as advised by channels. Encoders that aim at an average miss it by a little,
# AAC in quiet passages by more.
_FEWEST_STEREO_BPS, _MOST_BPS = {"mp3": 60_000, "aac": 44_000}, 330_000
_ADVISED_BPS = {1: (38_000, 132_000), 2: (76_000, 264_000)}


def _has_extreme_rate(facts: AudioFacts, details: AudioDetails) -> bool:
    fewest = _FEWEST_STEREO_BPS.get(facts.codec, 0) if details.channels == 2 else 0
    return not fewest <= facts.bitrate_bps <= _MOST_BPS


@rule(Episode, "warning", source=_APPLE_AUDIO, codes="AU008")
def audio_bitrate_extreme(episode: Episode, context: Context) -> Iterator[Finding]:
    """The bit rate is below 64 kbit/s in stereo, which sounds poor, or above 320, which nobody hears.

    Bad:
        audio_file_path: /audio/thin.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if not facts or not facts.details or _is_video(facts) or not _has_extreme_rate(facts, facts.details):
        return
    kbps = round(facts.bitrate_bps / 1000)
    if facts.bitrate_bps > _MOST_BPS:
        message = say("“{audio}” has {kbps} kbit/s; more than 320 helps nobody", audio=episode.audio, kbps=kbps)
    else:
        message = say("“{audio}” is stereo at {kbps} kbit/s; that takes at least 64", audio=episode.audio, kbps=kbps)
    yield Finding("audio_file_path", message, say("export it at 128 kbit/s, or speech in mono at 64"))


@rule(Show, "info", source=_APPLE_AUDIO, codes="AU008")
def audio_bitrate_unusual(show: Show, context: Context) -> Iterator[Finding]:
    """Bit rates are outside what Apple advises: 40 to 128 kbit/s in mono, 80 to 256 in stereo. Told once for a show.

    Bad:
        audio_file_path: /audio/heavy.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    found = [(episode, facts) for episode, facts, details in _at_hand(show, context) if _is_unusual(facts, details)]
    if found:
        last, facts = found[-1]
        message = say_many(
            "“{audio}” has {kbps} kbit/s; Apple advises 40 to 128 for mono, 80 to 256 for stereo",
            "{count} files have other bit rates than Apple advises (mono 40 to 128 kbit/s, stereo 80 to 256), "
            "“{audio}” with {kbps} among them",
            count=len(found),
            audio=last.audio,
            kbps=round(facts.bitrate_bps / 1000),
        )
        yield Finding("", message, say("nothing to do; 64 kbit/s in mono serve speech well"))


def _is_unusual(facts: AudioFacts, details: AudioDetails) -> bool:
    lowest, highest = _ADVISED_BPS.get(details.channels, (0, _MOST_BPS))
    is_advised = lowest <= facts.bitrate_bps <= highest or facts.codec == "he-aac"
    return not is_advised and not _is_video(facts) and not _has_extreme_rate(facts, details)


@rule(Episode, "warning", source=_APPLE_AUDIO, codes="AU009")
def audio_sample_rate_unusual(episode: Episode, context: Context) -> Iterator[Finding]:
    """The sample rate is neither 44.1 nor 48 kHz, nor 22.05 or 24 kHz in mono.

    Bad:
        audio_file_path: /audio/32khz.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    facts = context.sounds.get(episode.audio)
    if not facts or not facts.details or facts.codec == "he-aac":
        return
    rate = facts.details.sample_rate_hz
    if rate not in (0, 44100, 48000) and not (rate in (22050, 24000) and facts.details.channels == 1):
        message = say("“{audio}” is sampled at {rate} Hz; Apple wants 44100 or 48000", audio=episode.audio, rate=rate)
        yield Finding("audio_file_path", message, say("export it at 44.1 kHz"))


# --------------------------------------------------------------------------------------------- its tags


@rule(Show, "info", source=_APPLE_AUDIO, codes="AU013")
def audio_tags_missing(show: Show, context: Context) -> Iterator[Finding]:
    """Audio files do not say what they are: who downloads them sees a blank player. Told once for a show.

    A file needs a title, and an artist or an album. Apps that follow the feed take all that from there.

    Bad:
        audio_file_path: /audio/untagged.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    found = [
        (episode, details)
        for episode, _, details in _at_hand(show, context)
        if not details.title or not (details.artist or details.album)
    ]
    if found:
        last, details = found[-1]
        message = say_many(
            "“{audio}” has no tags for {tags}",
            "{count} audio files have too few tags, “{audio}” none for {tags}",
            count=len(found),
            audio=last.audio,
            tags=listed(list(_missing_tags(details))),
        )
        yield Finding("", message, say("nothing to do; a tag editor writes them for those who download the file"))


def _missing_tags(details: AudioDetails) -> Iterator[str]:
    if not details.title:
        yield say("title")
    if not details.artist and not details.album:
        yield say("artist")
    if not details.picture_bytes:
        yield say("cover")


@rule(Episode, "warning", codes="AU014")
def audio_title_differs(episode: Episode, context: Context) -> Iterator[Finding]:
    """The title inside the file is quite another than the episode's: it may be the wrong recording.

    A title that is alike by half, has a number in common, resembles the show's name, or is the file's name, is fine.

    Bad:
        audio_file_path: /audio/waves.mp3

    Good:
        title: Waves
        audio_file_path: /audio/waves.mp3
    """
    facts = context.sounds.get(episode.audio)
    if not facts or not facts.details or not facts.details.title or not episode.title:
        return
    tag = facts.details.title
    if tag in episode.title or tag in episode.audio or _numbers(tag) & {episode.number, *_numbers(episode.title)}:
        return
    if not _are_alike(tag, episode.title) and not _are_alike(tag, context.config.shows[episode.show].title):
        message = say(
            "“{audio}” is tagged “{tag}”, but the episode is “{title}”",
            audio=episode.audio,
            tag=tag,
            title=episode.title,
        )
        yield Finding("audio_file_path", message, say("check that it is the right recording, or correct its tag"))


_DIGITS = re.compile(r"\d{1,9}")


def _numbers(text: str) -> set[int | None]:
    return {int(digits) for digits in _DIGITS.findall(text)}


def _are_alike(one: str, other: str) -> bool:
    """Whether one text holds the other, or half of their letters agree in order; only letters and digits count."""
    one, other = _folded(one), _folded(other)
    return one in other or other in one or SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.5


def _folded(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


_MOST_PICTURE_BYTES = 1_000_000


@rule(Show, "info", codes="AU015")
def audio_picture_unsuitable(show: Show, context: Context) -> Iterator[Finding]:
    """Pictures inside audio files are larger than 1 MB, or neither JPEG nor PNG. Told once for a show.

    They lie in front of the sound, so every listener waits for them.

    Bad:
        audio_file_path: /audio/webp-inside.mp3

    Good:
        audio_file_path: /audio/good.mp3
    """
    found = [(episode, details) for episode, _, details in _at_hand(show, context) if _is_unsuitable(details)]
    if found:
        last, details = found[-1]
        message = say_many(
            "the cover inside “{audio}”, of {size} MB, is no JPEG or PNG of up to 1 MB",
            "{count} audio files hold covers that are no JPEG or PNG of up to 1 MB, “{audio}” one of {size} MB",
            count=len(found),
            audio=last.audio,
            size=f"{details.picture_bytes / 1e6:.1f}",
        )
        yield Finding("", message, say("embed a JPEG of 1400 × 1400 pixels"))


def _is_unsuitable(details: AudioDetails) -> bool:
    is_foreign = details.picture_type not in ("image/jpeg", "image/png")
    return details.picture_bytes > (0 if is_foreign else _MOST_PICTURE_BYTES)


_MOST_CHAPTERS = 255


@rule(Episode, "warning", source="ID3v2 chapter frame addendum; the list of chapters in MP4", codes="CH011")
def audio_chapters_too_many(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio holds more chapters than a list of chapters inside audio has room for: 255. Apps show a part, or none.

    Bad:
        audio_file_path: /audio/256-chapters.mp3

    Good:
        audio_file_path: /audio/chapters.mp3
    """
    facts = context.audio(episode)
    if facts and len(facts.chapters) > _MOST_CHAPTERS:
        message = say(
            "“{audio}” holds {count} chapters; a list inside audio has room for 255",
            audio=episode.audio,
            count=len(facts.chapters),
        )
        yield Finding("audio_file_path", message, say("merge some of them in the program that wrote them"))


@rule(Episode, "warning", source="ID3v2 chapter frame addendum: CTOC", codes="CH011")
def audio_chapters_unlisted(episode: Episode, context: Context) -> Iterator[Finding]:
    """The table of contents inside the audio lists none of its chapters: apps that follow it show none.

    One chapter that it leaves out is hidden on purpose; a table without any was written wrong.

    Bad:
        audio_file_path: /audio/unlisted-chapters.mp3

    Good:
        audio_file_path: /audio/chapters.mp3
    """
    facts = context.audio(episode)
    if facts and facts.chapters and not any(chapter.is_listed for chapter in facts.chapters):
        message = say(
            "the table of contents inside “{audio}” lists none of its chapters ({count})",
            audio=episode.audio,
            count=len(facts.chapters),
        )
        yield Finding("audio_file_path", message, say("write the chapters again, with another program"))


# ------------------------------------------------------------------------------- what the header states


@rule(Episode, "error", source="RSS 2.0: enclosure", codes="AU004")
def audio_size_differs(episode: Episode, context: Context) -> Iterator[Finding]:
    """``audio_file_size`` is not the size of the file. 0 means “not measured” and is always fine.

    Bad:
        audio_file_size: 17682

    Good:
        audio_file_size: 0
    """
    facts = context.sounds.get(episode.audio)
    if facts and facts.origin != "stated" and episode.stated_bytes not in (0, facts.size_bytes):
        message = say(
            "“audio_file_size” says {stated} bytes; the file has {size}",
            stated=episode.stated_bytes,
            size=facts.size_bytes,
        )
        hint = (
            say("bytes are wanted, not kilobytes or megabytes: run “podfeed enrich --write”, or write 0")
            if _is_in_larger_units(episode.stated_bytes, facts.size_bytes)
            else say("run “podfeed enrich --write”, or write 0")
        )
        yield Finding("audio_file_size", message, hint)


def _is_in_larger_units(stated: int, size_bytes: int) -> bool:
    """Whether *stated* is the size in kilobytes or megabytes."""
    units = (1000, 1024, 1_000_000, 1 << 20)
    return any(stated in (size_bytes // unit, round(size_bytes / unit)) for unit in units)


# What a second of sound takes, in bytes: 8 to 700 kbit/s.
_FEWEST_BYTES, _MOST_BYTES = 1_000, 87_500


@rule(Episode, "warning", source="RSS 2.0: enclosure", codes="EP051")
def audio_size_implausible(episode: Episode, context: Context) -> Iterator[Finding]:
    """The size that is stated for unmeasured audio cannot be that of its ``duration``: below 8 or above 700 kbit/s.

    Bad:
        audio_file_path: https://audio.podfeed.example/elsewhere.mp3
        audio_file_size: 28
        duration: "30:00"

    Good:
        audio_file_path: https://audio.podfeed.example/elsewhere.mp3
        audio_file_size: 28104467
        duration: "30:00"
    """
    facts = context.audio(episode)
    if not facts or facts.origin != "stated" or _is_video(facts):
        return
    seconds = facts.duration.total_seconds()
    length, fewest, most = format_clock(facts.duration), round(_FEWEST_BYTES * seconds), round(_MOST_BYTES * seconds)
    if facts.size_bytes < fewest:
        message = say(
            "{size} bytes are too few for {length} of audio, which takes {fewest} at least",
            size=facts.size_bytes,
            length=length,
            fewest=fewest,
        )
        yield Finding("audio_file_size", message, say("write the size in bytes, not in kilobytes or megabytes"))
    elif facts.size_bytes > most:
        message = say(
            "{size} bytes are too many for {length} of audio, which takes {most} at most",
            size=facts.size_bytes,
            length=length,
            most=most,
        )
        yield Finding("audio_file_size", message, say("check the duration: “45:30” is minutes, “1:02:03” has hours"))


@rule(Show, "warning")
def audio_size_repeated(show: Show, context: Context) -> Iterator[Finding]:
    """Two episodes state the same size to the byte, and not both were measured: one was copied from the other.

    Bad:
        audio_file_path: https://audio.podfeed.example/tides.mp3
        audio_file_size: 28104467
        duration: "30:00"
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: https://audio.podfeed.example/waves.mp3
        audio_file_size: 28104467
        duration: "31:12"

    Good:
        audio_file_path: https://audio.podfeed.example/tides.mp3
        audio_file_size: 28104467
        duration: "30:00"
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: https://audio.podfeed.example/waves.mp3
        audio_file_size: 29229015
        duration: "31:12"
    """
    seen: dict[int, Episode] = {}
    for episode in context.episodes.get(show.id, ()):
        if not episode.stated_bytes or not episode.audio:
            continue
        other = seen.setdefault(episode.stated_bytes, episode)
        told, twin = (episode, other) if _is_only_stated(episode, context) else (other, episode)
        if told.audio != twin.audio and _is_only_stated(told, context):
            message = say("{path} states the same size to the byte", path=twin.path)
            yield Finding("audio_file_size", message, say("look up the size of this file, or write 0"), path=told.path)


def _is_only_stated(episode: Episode, context: Context) -> bool:
    facts = context.audio(episode)
    return facts is not None and facts.origin == "stated"


@rule(Show, "warning")
def audio_duration_repeated(show: Show, context: Context) -> Iterator[Finding]:
    """An unmeasured episode states the ``duration`` of the one before it, though its audio is of another size.

    Bad:
        audio_file_path: https://audio.podfeed.example/tides.mp3
        audio_file_size: 28104467
        duration: "30:12"
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: https://audio.podfeed.example/waves.mp3
        audio_file_size: 41229015
        duration: "30:12"

    Good:
        audio_file_path: https://audio.podfeed.example/tides.mp3
        audio_file_size: 28104467
        duration: "30:12"
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: https://audio.podfeed.example/waves.mp3
        audio_file_size: 41229015
        duration: "44:18"
    """
    stated = [
        (each.date, each) for each in context.episodes.get(show.id, ()) if each.date and _is_only_stated(each, context)
    ]
    for (_, before), (_, episode) in pairwise(sorted(stated, key=lambda pair: pair[0])):
        # At the same bit rate, the same length makes the same size.
        is_alike = abs(episode.stated_bytes - before.stated_bytes) <= before.stated_bytes / 10
        if episode.stated_duration == before.stated_duration and not is_alike:
            message = say(
                "{path} has the same duration, {length}, with another size",
                path=before.path,
                length=format_clock(before.stated_duration),
            )
            hint = say('look up the length of this file, or write "00:00"')
            yield Finding("duration", message, hint, path=episode.path)


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
    if is_remote(episode.audio) and not context.audio(episode) and episode.audio not in context.lost:
        yield Finding(
            "audio_file_path",
            say("nobody has measured “{audio}”", audio=plain(episode.audio)),
            say("run “podfeed enrich {path}”, or add “--from FILE” with a copy of it", path=episode.path),
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
            say(
                "size and duration of “{audio}” are as stated here; nobody has measured them",
                audio=plain(episode.audio),
            ),
            say("run “podfeed enrich {path}”, or add “--from FILE” with a copy of it", path=episode.path),
        )


@told_by_reader("error", codes="EP061")
def audio_remote_unreachable() -> None:
    """Audio elsewhere on the web must be measured, and the network or its server is in trouble.

    When all errors are of this kind, the exit code is 4: run again. What was measured once stays in podfeed.lock, and
    is not asked for again.
    """


@told_by_reader("error", codes="EP061")
def audio_remote_unusable() -> None:
    """Audio elsewhere on the web cannot be measured, for what its server gives, or for what podfeed may ask.

    podfeed asks over https, at public addresses, for parts of the file. Where the server gives no parts, it measures
    what has no more than 8 MiB.
    """


@told_by_reader("error", source="Spotify: audio is fetched once per address", codes="AU017")
def audio_remote_changed() -> None:
    """Audio elsewhere on the web is not what was measured: it has another length now. “podfeed enrich” tells.

    Apps that have begun to load the old file go on in the middle of the new one, and the feed states the old length.
    """


# ------------------------------------------------------------------- where it lies, and who else has it


@rule(Episode, "info")
def audio_facts_from_lock(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio is not in this checkout; what podfeed.lock remembers of it was used."""
    facts = context.audio(episode)
    if facts and facts.origin == "lock" and not is_remote(episode.audio):
        message = say("“{audio}” is not in this checkout; its facts are taken from podfeed.lock", audio=episode.audio)
        yield Finding("audio_file_path", message, say("nothing to do, unless it should be here"))


@rule(Episode, "error", codes="FD014")
def audio_address_private(episode: Episode, context: Context) -> Iterator[Finding]:
    """The audio's address holds a password, a token or a signature that expires.

    Bad:
        audio_file_path: https://audio.podfeed.example/a.mp3?X-Amz-Signature=abc
        audio_file_size: 9000
        duration: "00:01"

    Good:
        audio_file_path: /audio/good.mp3
    """
    if secret := private_in(episode.audio):
        message = say("the audio's address holds “{what}”", what=secret)
        yield Finding("audio_file_path", message, say("use a permanent, public address"))


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
    for episode, other in _same_audio(context.episodes.get(show.id, ()), context):
        message = (
            say("{path} has the same audio file", path=other.path)
            if other.audio == episode.audio
            else say("{path} has audio with the same bytes", path=other.path)
        )
        hint = say("check which file belongs to which episode")
        yield Finding("audio_file_path", message, hint, path=episode.path)


def _same_audio(episodes: Iterable[Episode], context: Context) -> Iterator[tuple[Episode, Episode]]:
    """Episodes whose audio another before them has, by its path or by its bytes, with that other."""
    seen: dict[str, Episode] = {}
    for episode in episodes:
        if not episode.audio:
            continue
        facts = context.audio(episode)
        for key in filter(None, (episode.audio, facts.sha256 if facts else "")):
            other = seen.setdefault(key, episode)
            if other is not episode:
                yield episode, other
                break


@rule(Config, "warning", source=f"{_APPLE_ENCLOSURE}: each address once in a feed", codes="EP043")
def audio_shared_between_shows(config: Config, context: Context) -> Iterator[Finding]:
    """An episode has the audio of an episode of another show, by its path or by its bytes.

    That is right for an episode that two shows share, and else a slip.

    Bad:
        # config.yaml
        shows: {sea: {title: Sea Radio, match: {title: Tides}}, air: {title: Air Radio, match: {title: Clouds}}}
        # episodes/2.md
        title: Clouds
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/good.mp3

    Good:
        # config.yaml
        shows: {sea: {title: Sea Radio, match: {title: Tides}}, air: {title: Air Radio, match: {title: Clouds}}}
        # episodes/2.md
        title: Clouds
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
    """
    for episode, other in _same_audio(chain.from_iterable(context.episodes.values()), context):
        if other.show != episode.show:
            message = say("{path} of another show, “{show}”, has the same audio", path=other.path, show=other.show)
            hint = say("check which file belongs to which episode")
            yield Finding("audio_file_path", message, hint, path=episode.path)


@rule(Episode, "warning", source="Spotify: audio is fetched once per address", codes="AU017")
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
        message = say(
            "“{audio}” has other bytes than were published; it goes out as “….{digest}.…”",
            audio=episode.audio,
            digest=facts.sha256[:8],
        )
        hint = say("nothing to do if this is meant; listeners may download the episode again")
        yield Finding("audio_file_path", message, hint)
