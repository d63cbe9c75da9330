"""Rules about what an author or a project chose to live with."""

from podfeed.check.registry import told_by_reader


@told_by_reader("warning")
def waiver_unused() -> None:
    """A rule is to be quiet, and has nothing to tell.

    What it was quiet about is mended, so the next fault of that kind should be told.
    Waivers in config.yaml are judged when the whole project is checked, and those of rules about sound and pictures
    when all of these are at hand.

    Bad:
        title: Tides
        ignore: {episode-title-repeats-show: the archive is like this}

    Good:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: the archive is like this}
    """


@told_by_reader("warning")
def waiver_expired() -> None:
    """The last day on which a rule was to be quiet is over.

    The rule tells again what it finds.
    The day ends when it does in the show's time zone, or in that of config.yaml, or in UTC.

    Bad:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: {reason: until the season is over, until: 2025-12-31}}

    Good:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: {reason: until the season is over, until: 2026-12-31}}
    """


@told_by_reader("warning")
def waiver_rule_unknown() -> None:
    """What is to be quiet is no rule.

    ``podfeed rules`` lists the names.

    Bad:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeat-show: the archive is like this}

    Good:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: the archive is like this}
    """


@told_by_reader("warning")
def waiver_without_reason() -> None:
    """A rule is to be quiet, and nobody says why.

    The rule stays loud: in a year nobody would know whether it may.

    Bad:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: }

    Good:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: the archive is like this}
    """


@told_by_reader("warning")
def waiver_until_invalid() -> None:
    """The last day on which a rule is to be quiet is no day.

    The rule stays loud.

    Bad:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: {reason: until the season is over, until: next year}}

    Good:
        title: Harbour Radio, Tides
        ignore: {episode-title-repeats-show: {reason: until the season is over, until: 2026-12-31}}
    """


@told_by_reader("warning")
def waiver_not_possible() -> None:
    """A rule cannot be quieted, or not in an episode.

    Nobody may do without a rule that stands between listeners and a broken feed.
    What a directory refuses can be quieted in config.yaml only, for the project as a whole.

    Bad:
        explicit: maybe
        ignore: {explicit-invalid: we are not sure}

    Good:
        explicit: maybe
        # config.yaml
        checks: {ignore: {explicit-invalid: we are not sure}}
    """
