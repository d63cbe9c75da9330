"""What somebody chose to live with: it stays untold as long as it may, and no longer than it is needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import NOW

from podfeed.check.registry import rules
from podfeed.checking import check, load_around
from podfeed.diagnostics import Diagnostic
from podfeed.enriching import enrich
from podfeed.loading import load

Told = Callable[..., tuple[Diagnostic, ...]]

RULE = "episode-title-repeats-show"
REPEATING = "Harbour Radio, Tides"


def _header(waiver: str, title: str = REPEATING) -> dict[str, str]:
    return {"title": title, "ignore": f"{{{RULE}: {waiver}}}"}


def _names(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [each.rule for each in diagnostics if each.rule == RULE or each.rule.startswith("waiver-")]


# ------------------------------------------------------------------------------------------ last days


@pytest.mark.parametrize(
    ("now", "timezone", "expected"),
    [
        pytest.param(datetime(2026, 1, 10, 14, 59, tzinfo=UTC), "Asia/Tokyo", [], id="the last minute in Tokyo"),
        pytest.param(
            datetime(2026, 1, 10, 15, 0, tzinfo=UTC), "Asia/Tokyo", [RULE, "waiver-expired"], id="midnight in Tokyo"
        ),
        pytest.param(datetime(2026, 1, 10, 23, 59, tzinfo=UTC), None, [], id="the last minute in UTC"),
        pytest.param(datetime(2026, 1, 11, 0, 0, tzinfo=UTC), None, [RULE, "waiver-expired"], id="midnight in UTC"),
        pytest.param(datetime(2026, 1, 11, 7, 59, tzinfo=UTC), "America/Los_Angeles", [], id="the west is later"),
    ],
)
def test_last_day_ends_at_midnight_where_the_show_lives(
    told: Told, now: datetime, timezone: str | None, expected: list[str]
) -> None:
    """It counts in full; then the fault is told again, and that the waiver is over."""
    found = told(now=now, header=_header("{reason: r, until: 2026-01-10}"), show={"timezone": timezone})

    assert sorted(_names(found)) == expected


def test_last_day_of_the_project_ends_in_its_own_zone(told: Told) -> None:
    """No show's zone counts for what holds in all of them."""
    config = {"timezone": "Asia/Tokyo", "checks": f"{{ignore: {{{RULE}: {{reason: r, until: 2026-01-10}}}}}}"}
    header, show = {"title": REPEATING}, {"timezone": "America/Los_Angeles"}

    before = told(now=datetime(2026, 1, 10, 14, tzinfo=UTC), header=header, show=show, config=config)
    after = told(now=datetime(2026, 1, 10, 16, tzinfo=UTC), header=header, show=show, config=config)

    assert _names(before) == []
    assert [(each.rule, each.path) for each in after if each.rule == "waiver-expired"] == [
        ("waiver-expired", "config.yaml")
    ]
    assert RULE in _names(after)


def test_last_day_is_told_with_its_place(told: Told) -> None:
    """The line of the rule, and the day as podfeed read it."""
    found = [each for each in told(header=_header("{reason: r, until: 2025/12/1}")) if each.rule == "waiver-expired"]

    assert [each.message for each in found] == [f"“{RULE}” was to be quiet until 2025-12-01, which is over"]
    assert found[0].position.column == len("ignore: {") + 1


# ---------------------------------------------------------------------------------------------- names


def test_unknown_rule_is_told_with_the_nearest_name(told: Told) -> None:
    """One slip away is a suggestion; anything else is looked up."""
    found = told(header={"ignore": "{date-imlausible: r, 日付: r}"})

    assert [(each.message, each.hint) for each in found if each.rule == "waiver-rule-unknown"] == [
        ("there is no rule “date-imlausible”", "write “date-implausible” if that is meant"),
        ("there is no rule “日付”", "“podfeed rules” lists them all"),
    ]


def test_waivers_cannot_be_waived(told: Told) -> None:
    """Else an idle waiver would quiet the word about itself."""
    found = told(header={"ignore": "{waiver-unused: r, waiver-not-possible: r, audio-empty: r}"})

    assert [each.message for each in found if each.rule == "waiver-not-possible"] == [
        "“waiver-unused” cannot be quieted",
        "“waiver-not-possible” cannot be quieted",
        "“audio-empty” cannot be quieted",
    ]
    assert _names(found) == ["waiver-not-possible"] * 3


def test_what_directories_refuse_is_no_matter_of_one_episode(told: Told) -> None:
    """The show would be refused as a whole, so config.yaml says it is meant; an episode says it in vain."""
    waiver = "{explicit-invalid: r}"

    in_episode = told(header={"explicit": "maybe", "ignore": waiver})
    in_config = told(header={"explicit": "maybe"}, config={"checks": f"{{ignore: {waiver}}}"})

    assert {"explicit-invalid", "waiver-not-possible"} <= {each.rule for each in in_episode}
    assert [each.message for each in in_episode if each.rule == "waiver-not-possible"] == [
        "“explicit-invalid” cannot be quieted in an episode: Apple and PSP-1 refuse this"
    ]
    assert not {"explicit-invalid", "waiver-not-possible"} & {each.rule for each in in_config}


# -------------------------------------------------------------------------------------- idle waivers


def test_idle_waiver_is_told_where_it_stands(told: Told) -> None:
    """In the episode, and in config.yaml."""
    found = told(header=_header("r", title="Tides"), config={"checks": "{ignore: {field-unknown: r}}"})

    assert [
        (each.path, each.excerpt[each.position.column - 1 :]) for each in found if each.rule == "waiver-unused"
    ] == [
        ("config.yaml", "r}}"),
        ("episodes/1.md", "r}"),
    ]


def test_two_waivers_for_one_fault_are_both_needed(told: Told) -> None:
    """Whichever is taken away, the other holds: neither is idle."""
    found = told(header=_header("r"), config={"checks": f"{{ignore: {{{RULE}: r}}}}"})

    assert _names(found) == []


def test_waiver_of_the_project_is_judged_with_all_of_it(project: Callable[..., Path]) -> None:
    """A look at one file cannot tell whether another needs it; the file's own waiver it can."""
    root = project(header=_header("r", title="Tides"), config={"checks": "{ignore: {field-unknown: r}}"})
    part, wanted = load_around(str(root), [str(root / "episodes/1.md")])

    found = check(part, now=NOW, paths=wanted)
    config_alone = check(load(root), now=NOW, paths=["config.yaml"])

    assert [(each.path, each.rule) for each in found if each.rule == "waiver-unused"] == [
        ("episodes/1.md", "waiver-unused")
    ]
    assert _names(config_alone) == []


def test_waiver_about_sound_is_judged_with_the_sound_at_hand(project: Callable[..., Path]) -> None:
    """A checkout without the audio tells less, and may not call idle what another one needs."""
    root = project(header={"ignore": "{duration-differs: r}"})
    enrich(load(root))
    with_audio = check(load(root), now=NOW)
    (root / "audio/good.mp3").unlink()

    without_audio = check(load(root), now=NOW)

    assert _names(with_audio) == ["waiver-unused"]
    assert "audio-facts-from-lock" in {each.rule for each in without_audio}
    assert _names(without_audio) == []


def test_rules_about_feeds_are_not_asked_here(told: Told) -> None:
    """What `podfeed lint` asks may be quiet without a word from `podfeed check`."""
    name = next(name for name, rule in rules().items() if rule.subjects == ("feed",) and rule.can_be_quieted)

    assert _names(told(config={"checks": f"{{ignore: {{{name}: r}}}}"})) == []


@pytest.mark.parametrize("changes", [{"draft": "true"}, {"date": "2099-06-02 05:00:00 +0900"}])
def test_waiver_of_what_waits_is_judged_too(told: Told, changes: dict[str, str]) -> None:
    """Drafts and scheduled episodes are asked by every rule."""
    assert _names(told(header={**_header("r"), **changes})) == []
    assert _names(told(header={**_header("r", title="Tides"), **changes})) == ["waiver-unused"]


def test_waiver_in_a_file_that_cannot_be_read_is_left_alone(told: Told) -> None:
    """First the header has to be mended."""
    found = told(header={**_header("r", title="Tides"), "description": "a: b"})

    assert "header-unreadable" in {each.rule for each in found}
    assert _names(found) == []
