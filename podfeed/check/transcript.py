"""Rules about transcripts: the files, their times, who speaks, and in which language."""

from collections.abc import Iterator
from datetime import timedelta

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.show import is_language, language_fault
from podfeed.diagnostics import Finding
from podfeed.model import AudioFacts, Episode, Show, Transcript, TranscriptFacts
from podfeed.read.cues import MIME_TYPES, format_of
from podfeed.read.durations import format_clock
from podfeed.read.folder import is_remote
from podfeed.words import say, say_many

_NAMESPACE = "podcast namespace: transcript"
_WEBVTT = "WebVTT, W3C"
_APPLE = "podcasters.apple.com/support/5316"

#: How much longer than its sound a transcript may be, and how much of it is enough.
_OVERHANG = timedelta(seconds=2)
_ENOUGH = 0.8
#: One line so often in a row is a machine that got stuck.
_MOST_REPEATS = 5


def _named(episode: Episode) -> Iterator[tuple[str, Transcript]]:
    """Each transcript of *episode*, with the field it stands in."""
    return ((f"transcripts.{number}", each) for number, each in enumerate(episode.transcripts))


def _has_transcripts(episode: Episode, context: Context) -> bool:
    return bool(episode.transcripts)


def _read(episode: Episode, context: Context) -> Iterator[tuple[str, Transcript, TranscriptFacts]]:
    """The same for those that could be read, with what they say about themselves."""
    for field, transcript in _named(episode):
        facts = context.facts.get(transcript.reference)
        if isinstance(facts, TranscriptFacts) and facts.mime_type:
            yield field, transcript, facts


def _length(episode: Episode, context: Context) -> timedelta:
    """How long the sound is; zero when nobody knows."""
    audio = context.facts.get(episode.audio)
    return audio.duration if isinstance(audio, AudioFacts) and not audio.trouble else timedelta()


def _language(transcript: Transcript, episode: Episode, context: Context) -> str:
    return transcript.language or context.config.shows[episode.show].language


# --------------------------------------------------------------------------------------------- the file


@rule(Episode, "error", source=_NAMESPACE, codes="TR001", given=_has_transcripts)
def transcript_file_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """A transcript is not there, in exactly that spelling.

    Bad:
        transcripts: [/transcripts/1.vtt]

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """
    for field, transcript in _named(episode):
        lost = context.lost.get(transcript.reference)
        if lost and lost.why == "absent":
            yield Finding(field, say("“{path}” is not there", path=transcript.reference), lost.hint)


@told_by_reader("error", source="podfeed")
def transcript_without_path() -> None:
    """An entry of “transcripts” names no file.

    Bad:
        transcripts: [{language: de}]

    Good:
        transcripts: [{path: /transcripts/1.txt, language: de}]
        # transcripts/1.txt
        Das Meer folgt.
    """


@told_by_reader("error", source=_NAMESPACE, codes="TR001")
@rule(Episode, "error", source=_NAMESPACE, codes="TR001", given=_has_transcripts)
def transcript_format_wrong(episode: Episode, context: Context) -> Iterator[Finding]:
    """A transcript is in none of the formats apps read, or in another one than its name says.

    Apps go by the type a feed states, and that is known by the ending: .vtt, .srt, .json, .html or .txt.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        1
        00:00:00,000 --> 00:00:09,000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.srt]
        # transcripts/1.srt
        1
        00:00:00,000 --> 00:00:09,000
        The sea follows.
    """
    for field, transcript in _named(episode):
        if is_remote(transcript.reference) and format_of(transcript.reference) is None:
            message = say("“{url}” does not end as the address of a transcript", url=transcript.reference)
            yield Finding(field, message, say("let it end with .vtt or .srt; .json, .html and .txt are known too"))


@rule(Episode, "error", source="podcast namespace: https", codes="FD014", given=_has_transcripts)
def transcript_address_insecure(episode: Episode, context: Context) -> Iterator[Finding]:
    """The address of a transcript is not https. Apps refuse what is not, for they would show it in secure pages.

    Bad:
        transcripts: ["http://cdn.podfeed.example/1.vtt"]

    Good:
        transcripts: ["https://cdn.podfeed.example/1.vtt"]
    """
    for field, transcript in _named(episode):
        if transcript.reference.lower().startswith("http://"):
            message = say("“{url}” is not https", url=transcript.reference)
            yield Finding(field, message, say("write https://, and see that the address answers there"))


@told_by_reader("error", source=_NAMESPACE, codes="TR002")
def transcript_empty() -> None:
    """Nobody says anything in a transcript.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """


@rule(Episode, "warning", source="podfeed", given=_has_transcripts)
def transcript_given_twice(episode: Episode, context: Context) -> Iterator[Finding]:
    """Two transcripts have the same language and format; only the first one is published.

    Bad:
        transcripts: [/transcripts/1.txt, /transcripts/2.txt]
        # transcripts/1.txt
        The sea follows.
        # transcripts/2.txt
        Das Meer folgt.

    Good:
        transcripts: [/transcripts/1.txt, {path: /transcripts/2.txt, language: de}]
        # transcripts/1.txt
        The sea follows.
        # transcripts/2.txt
        Das Meer folgt.
    """
    seen: dict[tuple[str, str], str] = {}
    for field, transcript in _named(episode):
        kind = (_language(transcript, episode, context).lower(), format_of(transcript.reference) or "")
        if kind[1] and kind in seen:
            first, second = seen[kind], transcript.reference
            message = say("“{second}” has the language and the format of “{first}”", second=second, first=first)
            yield Finding(field, message, say("give it its “language”, or keep one of them"))
        seen.setdefault(kind, transcript.reference)


# ------------------------------------------------------------------------------------------- its inside


@told_by_reader("error", source=_WEBVTT, codes="TR003")
def transcript_header_invalid() -> None:
    """A WebVTT file does not begin as one, or has no empty line where it needs one.

    Browsers refuse the whole file then, or take a cue for a part of the one above it.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT
        00:00.000 --> 00:09.000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """


@told_by_reader("error", source=f"{_WEBVTT}; {_NAMESPACE}", codes="TR003 TR004")
def transcript_time_invalid() -> None:
    """A transcript does not say when words are said, in the way its format has it.

    WebVTT has a point before the milliseconds, SubRip a comma and always the hours. Hours are at most 99, minutes and
    seconds at most 59, and nothing is below zero.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00:00,000 --> 00:00:09,000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00:00.000 --> 00:00:09.000
        The sea follows.
    """


@told_by_reader("error", source=_WEBVTT, codes="TR005")
def transcript_cue_backwards() -> None:
    """A cue ends before it starts, or starts before the one above it.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:09.000 --> 00:04.000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:04.000 --> 00:09.000
        The sea follows.
    """


@told_by_reader("warning", source=_WEBVTT, codes="TR003")
def transcript_text_outside_cue() -> None:
    """A text in a WebVTT file belongs to no cue, so that nobody sees it: an empty line ends a cue.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The moon pulls,

        the sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The moon pulls,
        the sea follows.
    """


@told_by_reader("warning", source=_WEBVTT, codes="TR008")
def transcript_markup_wrong() -> None:
    """A text in a WebVTT file will be read as markup.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        Fish & chips

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        Fish &amp; chips
    """


@told_by_reader("info", source="podfeed", codes="TR004")
def transcript_srt_untidy() -> None:
    """A SubRip file has small slips, which the copy that is published does not have.

    Points in place of commas, numbers that repeat, and empty lines inside a cue are put right; the file itself is left
    as it is.

    Bad:
        transcripts: [/transcripts/1.srt]
        # transcripts/1.srt
        1
        00:00:00.000 --> 00:00:09.000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.srt]
        # transcripts/1.srt
        1
        00:00:00,000 --> 00:00:09,000
        The sea follows.
    """


@told_by_reader("error", source=_NAMESPACE, codes="TR011")
def transcript_json_invalid() -> None:
    """A transcript in JSON is not written as the podcast namespace has it.

    Bad:
        transcripts: [/transcripts/1.json]
        # transcripts/1.json
        {"version": "1.0.0", "segments": [{"startTime": "0", "body": "The sea follows."}]}

    Good:
        transcripts: [/transcripts/1.json]
        # transcripts/1.json
        {"version": "1.0.0", "segments": [{"startTime": 0, "endTime": 9, "body": "The sea follows."}]}
    """


# -------------------------------------------------------------------------------- the file and its sound


@rule(Episode, "error", source="podfeed", codes="TR006", given=_has_transcripts)
def transcript_longer_than_audio(episode: Episode, context: Context) -> Iterator[Finding]:
    """A transcript goes on after the sound has ended: it may belong to another cut.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:19.000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """
    for field, transcript, facts in _read(episode, context):
        length = _length(episode, context)
        if length and not facts.has_open_end and facts.end > length + _OVERHANG:
            message = say(
                "“{path}” runs to {end}, but the sound ends at {length}",
                path=transcript.reference,
                end=format_clock(facts.end),
                length=format_clock(length),
            )
            hint = say("delete what stands after {length}, or transcribe the final sound", length=format_clock(length))
            yield Finding(field, message, hint)


@rule(Episode, "warning", source="podfeed", codes="TR007", given=_has_transcripts)
def transcript_shorter_than_audio(episode: Episode, context: Context) -> Iterator[Finding]:
    """A transcript stops long before the sound does: it may not be complete.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:04.000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """
    for field, transcript, facts in _read(episode, context):
        length = _length(episode, context)
        if facts.is_timed and facts.cues and facts.end < length * _ENOUGH:
            message = say(
                "“{path}” stops at {end} of {length}",
                path=transcript.reference,
                end=format_clock(facts.end),
                length=format_clock(length),
            )
            yield Finding(field, message, say("see that it is complete"))


@rule(Episode, "warning", source="podfeed", given=_has_transcripts)
def transcript_repeats_line(episode: Episode, context: Context) -> Iterator[Finding]:
    """A line is said many times in a row: a program that transcribes got stuck.

    Bad:
        transcripts: [/transcripts/1.txt]
        # transcripts/1.txt
        Thanks for watching.

        Thanks for watching.

        Thanks for watching.

        Thanks for watching.

        Thanks for watching.

        Thanks for watching.

    Good:
        transcripts: [/transcripts/1.txt]
        # transcripts/1.txt
        The sea follows.
    """
    for field, transcript, facts in _read(episode, context):
        if facts.repeats > _MOST_REPEATS:
            message = say(
                "“{text}” stands {count} times in a row in “{path}”",
                text=facts.repeated,
                count=facts.repeats,
                path=transcript.reference,
            )
            yield Finding(field, message, say("listen to that part, and write what is said"))


@rule(Show, "warning", source="podfeed")
def transcript_drifts_with_ads(show: Show, context: Context) -> Iterator[Finding]:
    """Advertisements are put into the sound for each listener, so that transcripts do not fit what is heard.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # config.yaml
        dynamic_ads: true
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """
    if show.dynamic_ads and (count := sum(bool(each.transcripts) for each in context.episodes.get(show.id, ()))):
        message = say_many(
            "the transcript of {count} episode will not fit sound with advertisements put into it",
            "the transcripts of {count} episodes will not fit sound with advertisements put into it",
            count=count,
        )
        yield Finding("dynamic_ads", message, say("publish transcripts where the host of the sound knows its cuts"))


# ------------------------------------------------------------------------------- who speaks, in what tongue


@rule(Episode, "info", source=_APPLE, codes="TR009", given=_has_transcripts)
def transcript_speakers_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """Several people are to be heard, and captions do not say who speaks. Apple takes names from WebVTT's <v …> only.

    In SubRip a line begins with a name of config.yaml and a colon; in the WebVTT made of it, that is a voice.

    Bad:
        actor_ids: [ada, bo]
        transcripts: [/transcripts/1.vtt]
        # config.yaml
        actors: {ada: {name: Ada}, bo: {name: Bo}}
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.

    Good:
        actor_ids: [ada, bo]
        transcripts: [/transcripts/1.vtt]
        # config.yaml
        actors: {ada: {name: Ada}, bo: {name: Bo}}
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        <v Ada>The sea follows.
    """
    if len(episode.actor_ids) < 2:
        return
    for field, transcript, facts in _read(episode, context):
        if facts.mime_type in (MIME_TYPES["vtt"], MIME_TYPES["srt"]) and not facts.has_voices:
            message = say("“{path}” does not say who speaks", path=transcript.reference)
            hint = say("write “<v Ada>Hello” in WebVTT, or “Ada: Hello” in SubRip")
            yield Finding(field, message, hint)


@rule(Episode, "warning", source=_APPLE, codes="TR010", given=_has_transcripts)
def transcript_captions_missing(episode: Episode, context: Context) -> Iterator[Finding]:
    """No transcript of an episode has times. Apple reads WebVTT and SubRip, and players show these as captions.

    Where one has times, podfeed makes the formats that are missing.

    Bad:
        transcripts: [/transcripts/1.txt]
        # transcripts/1.txt
        The sea follows.

    Good:
        transcripts: [/transcripts/1.txt, /transcripts/1.vtt]
        # transcripts/1.txt
        The sea follows.
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """
    elsewhere = (format_of(each.reference) for each in episode.transcripts if is_remote(each.reference))
    read = [facts for _, _, facts in _read(episode, context)]
    is_known = all(is_remote(each.reference) for each in episode.transcripts) or read
    if is_known and not any(facts.is_timed for facts in read) and not {"vtt", "srt"} & {*elsewhere}:
        message = say("no transcript has times, so that apps cannot show what is being said")
        yield Finding("transcripts", message, say("add one as .vtt or .srt"))


@rule(Episode, "warning", source=f"{_NAMESPACE}; BCP 47", codes="TR012", given=_has_transcripts)
def transcript_language_unknown(episode: Episode, context: Context) -> Iterator[Finding]:
    """The language of a transcript is no language code.

    Bad:
        transcripts: [{path: /transcripts/1.txt, language: german}]
        # transcripts/1.txt
        Das Meer folgt.

    Good:
        transcripts: [{path: /transcripts/1.txt, language: de}]
        # transcripts/1.txt
        Das Meer folgt.
    """
    for field, transcript in _named(episode):
        if transcript.language and (fault := language_fault(transcript.language)):
            yield Finding(f"{field}.language", *fault)


@rule(Episode, "warning", source=f"{_WEBVTT}: Language; {_NAMESPACE}", codes="TR012", given=_has_transcripts)
def transcript_language_contradicts(episode: Episode, context: Context) -> Iterator[Finding]:
    """A transcript states another language than the one it is published in.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT
        Language: de

        00:00.000 --> 00:09.000
        Das Meer folgt.

    Good:
        transcripts: [{path: /transcripts/1.vtt, language: de}]
        # transcripts/1.vtt
        WEBVTT
        Language: de

        00:00.000 --> 00:09.000
        Das Meer folgt.
    """
    for field, transcript, facts in _read(episode, context):
        language = _language(transcript, episode, context)
        if is_language(facts.language) and is_language(language) and _base(facts.language) != _base(language):
            message = say(
                "“{path}” states “{stated}”, and is published as “{language}”",
                path=transcript.reference,
                stated=facts.language,
                language=language,
            )
            hint = say("write “{{path: {path}, language: {stated}}}”", path=transcript.reference, stated=facts.language)
            yield Finding(field, message, hint)


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


@rule(Show, "info", source="PSP-1: podcast:transcript, recommended", codes="TR013")
def transcript_missing(show: Show, context: Context) -> Iterator[Finding]:
    """Some episodes of a show have a transcript, and others have none.

    Transcripts are for people who cannot hear, and for search. It is told once for a show that has begun with them.

    Bad:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3

    Good:
        transcripts: [/transcripts/1.vtt]
        # transcripts/1.vtt
        WEBVTT

        00:00.000 --> 00:09.000
        The sea follows.
    """
    heard = [each for each in context.episodes.get(show.id, ()) if each.audio and not each.is_draft]
    without = sum(not each.transcripts and "transcripts" not in each.faulty for each in heard)
    if 0 < without < len(heard):
        message = say_many(
            "{count} of {all} episodes has no transcript",
            "{count} of {all} episodes have no transcript",
            count=without,
            all=len(heard),
        )
        yield Finding("", message, say("add “transcripts: …” to them, for people who cannot hear and for search"))
