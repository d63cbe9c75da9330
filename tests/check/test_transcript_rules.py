"""Rules about transcripts, where their pages show too little."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from podfeed.diagnostics import Diagnostic, Position

Told = Callable[..., tuple[Diagnostic, ...]]

#: The sound of the example episode lasts ten seconds.
WHOLE = "WEBVTT\n\n00:00.000 --> 00:09.000\nThe sea follows.\n"


def _rules(
    told: Told,
    files: Mapping[str, str | bytes],
    header: Mapping[str, str] | None = None,
    show: Mapping[str, str] | None = None,
) -> set[str]:
    """The rules about transcripts that are broken where the episode names *files*, or what *header* says."""
    named = f"[{', '.join(f'/{path}' for path in files if not path.endswith('.md'))}]"
    found = told(header={"transcripts": named, **(header or {})}, files=files, show=show or {})
    return {
        each.rule
        for each in found
        if each.rule.startswith(("transcript-", "file-", "path-outside-", "field-", "setting-"))
    }


@pytest.mark.parametrize(
    ("files", "show", "header", "expected"),
    [
        pytest.param(
            {"1.vtt": WHOLE.replace("09.000", "12.500")},
            {},
            {},
            {"transcript-longer-than-audio"},
            id='last cue longer than the audio; loops of one repeated line; "Thanks for watching" on silence',
        ),
        pytest.param(
            {"1.txt": "Thanks for watching.\n\n" * 6, "1.vtt": WHOLE},
            {},
            {},
            {"transcript-repeats-line"},
            id='last cue longer than the audio; loops of one repeated line; "Thanks for watching" on silence',
        ),
        pytest.param(
            {"1.vtt": WHOLE.replace("The", "[Ada] The")},
            {},
            {"actor_ids": "[ada, bo]"},
            {"transcript-speakers-missing"},
            id="voices need `<v`; labels in brackets are plain text to it",
        ),
        pytest.param(
            {"1.vtt": WHOLE},
            {"dynamic_ads": "true"},
            {},
            {"transcript-drifts-with-ads"},
            id="cue times drift from the file the listener hears",
        ),
    ],
)
def test_pitfall_is_told(
    told: Told, files: dict[str, str | bytes], show: dict[str, str], header: dict[str, str], expected: set[str]
) -> None:
    """Each is a row of feed-specification.md, section 6.1, “Pitfalls in conversion”."""
    assert _rules(told, files, header, show) == expected


@pytest.mark.parametrize(
    ("files", "header"),
    [
        pytest.param({"1.vtt": WHOLE.replace("09.000", "11.900")}, {}, id="two seconds longer than the sound"),
        pytest.param({"1.vtt": WHOLE.replace("09.000", "08.100")}, {}, id="four fifths of the sound"),
        pytest.param({"1.vtt": WHOLE, "1.txt": "The sea follows.\n\n" * 5}, {}, id="five lines alike"),
        pytest.param({"1.vtt": WHOLE.replace("The", "<v Ada>The")}, {"actor_ids": "[ada, ada2]"}, id="a voice"),
        pytest.param({"1.txt": "The sea", "1.vtt": WHOLE}, {"actor_ids": "[ada]"}, id="one person"),
        pytest.param({"1.VTT": WHOLE}, {}, id="an ending in capital letters"),
        pytest.param({"海の話.vtt": WHOLE}, {}, id="a Japanese name"),
        pytest.param({"1.vtt": WHOLE.replace("\n\n", "\nLanguage: en-GB\n\n", 1)}, {}, id="another kind of English"),
        pytest.param({"1.vtt": WHOLE.replace("\n\n", "\nLanguage: Englisch\n\n", 1)}, {}, id="no language code inside"),
        pytest.param({}, {"transcripts": '"https://cdn.podfeed.example/1.srt"'}, id="one elsewhere, not in a list"),
        pytest.param(
            {"1.json": '{"version": "1.0.0", "segments": [{"startTime": 8.5, "body": "The sea follows"}]}'},
            {},
            id="an end that was guessed",
        ),
        pytest.param(
            {"1.vtt": WHOLE, "2.md": ""}, {"transcript": "/1.vtt", "transcripts": ""}, id="the other spelling"
        ),
    ],
)
def test_nothing_is_told(told: Told, files: dict[str, str | bytes], header: dict[str, str]) -> None:
    """What is right is not talked about."""
    assert _rules(told, files, header) == set()


@pytest.mark.parametrize(
    ("transcripts", "expected"),
    [
        pytest.param("[/1.VTT]", {"transcript-file-missing"}, id="capital letters"),
        pytest.param("[../../../1.vtt]", {"path-outside-project"}, id="outside of the project"),
        pytest.param("[/notes.md]", {"transcript-format-wrong"}, id="no transcript"),
        pytest.param("[/1.vtt, {path: /1.vtt, language: deutsch}]", {"transcript-language-unknown"}, id="language"),
        pytest.param("[{path: /1.vtt, lang: de}]", {"setting-unknown"}, id="an unknown setting"),
        pytest.param("[[/1.vtt]]", {"field-not-group"}, id="a list in a list"),
        pytest.param('["https://cdn.podfeed.example/1.txt"]', {"transcript-captions-missing"}, id="text elsewhere"),
        pytest.param(
            '["https://cdn.podfeed.example/1"]', {"transcript-captions-missing", "transcript-format-wrong"}, id="?"
        ),
    ],
)
def test_what_is_named_wrongly_is_told(told: Told, transcripts: str, expected: set[str]) -> None:
    """Once, and for what it is."""
    files: dict[str, str | bytes] = {"1.vtt": WHOLE, "notes.md": "The sea"}

    assert _rules(told, files, {"transcripts": transcripts}) == expected


def test_fault_is_told_in_the_file_where_it_stands(told: Told) -> None:
    """With the line, and a caret below the words."""
    broken = "WEBVTT\n\n00:00.000 --> 00:04.000\nFish & chips\n\n00:04,000 --> 00:09.000\nThe sea\n"

    found = [
        each for each in told(header={"transcripts": "/t/1.vtt"}, files={"t/1.vtt": broken}) if each.path == "t/1.vtt"
    ]

    assert [(each.rule, each.position, each.excerpt) for each in found] == [
        ("transcript-markup-wrong", Position(line=4, column=6, width=1), "Fish & chips"),
        ("transcript-time-invalid", Position(line=6, column=1, width=23), "00:04,000 --> 00:09.000"),
    ]
    assert [each.stops for each in found] == ["", "radio"]


def test_fault_of_a_segment_is_told_where_it_stands(told: Told) -> None:
    """At the very value."""
    broken = '{"version": "1.0.0",\n "segments": [\n  {"startTime": 0, "endTime": 9, "body": "The sea"},\n  {"startTime": "9"}]}'

    found = [
        each for each in told(header={"transcripts": "/1.json"}, files={"1.json": broken}) if each.path == "1.json"
    ]

    assert [(each.rule, each.position) for each in found] == [
        ("transcript-json-invalid", Position(line=4, column=17, width=3))
    ]


def test_sound_is_not_to_be_saved_as_utf_8(told: Told) -> None:
    """What is no text at all is told by its name."""
    assert _rules(told, {"1.mp3": b"ID3\xff\xfb\x90"}) == {"transcript-format-wrong"}


def test_remedy_names_where_the_sound_ends(told: Told) -> None:
    """Programs that transcribe hear thanks in the silence behind it."""
    found = told(header={"transcripts": "/1.vtt"}, files={"1.vtt": WHOLE.replace("09.000", "12.500")})

    (hint,) = [each.hint for each in found if each.rule == "transcript-longer-than-audio"]
    assert hint == "delete what stands after 00:10, or transcribe the final sound"


def test_show_without_any_transcript_is_left_alone(told: Told) -> None:
    """Whoever has not begun with them hears nothing of it."""
    second = "---\ntitle: Waves\ndate: 2025-06-09 05:00:00 +0900\naudio_file_path: /audio/other.mp3\n---\n"

    found = told(header={}, files={"episodes/2.md": second})

    assert not [each for each in found if each.rule.startswith("transcript-")]


def test_large_transcript_is_refused(told: Told) -> None:
    """podfeed says so before it reads it all."""
    cue = "00:00.000 --> 00:09.000\nThe sea\n\n"

    assert "file-too-large" in _rules(told, {"1.vtt": "WEBVTT\n\n" + cue * 50_001})
    assert "file-too-large" in _rules(told, {"1.txt": "The sea follows the moon.\n\n" * 400_000})
