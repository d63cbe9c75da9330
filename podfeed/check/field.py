"""Rules about single settings, whatever their meaning."""

from podfeed.check.registry import told_by_reader


@told_by_reader("warning", codes="EP004")
def field_unknown() -> None:
    """A name is not a setting of an episode.

    It has no effect; only templates of your own can read it.

    Bad:
        subtitel: The moon pulls

    Good:
        description: The moon pulls
    """


@told_by_reader("error", codes="EP004")
def field_near_miss() -> None:
    """A name is one slip away from a setting that decides what is public, or who the episode is.

    Bad:
        darft: true

    Good:
        draft: true
    """


@told_by_reader("error", codes="EP011 SH001")
def field_not_text() -> None:
    """A list or a group stands where one value is expected.

    Bad:
        title: [Tides]

    Good:
        title: Tides
    """


@told_by_reader("error", codes="SH001")
def field_not_list() -> None:
    """A list is expected.

    Bad:
        # config.yaml
        match: {title: {x: y}}

    Good:
        # config.yaml
        match: {title: ["*"]}
    """


@told_by_reader("error", codes="SH001")
def field_not_group() -> None:
    """Settings below a name are expected, and one value stands there.

    Bad:
        # config.yaml
        owner: Ada

    Good:
        # config.yaml
        owner: {name: Ada, email: ada@radio.podfeed.example}
    """


@told_by_reader("warning", codes="EP091")
def field_list_repeats() -> None:
    """A list names the same thing twice.

    Bad:
        actor_ids: [ada, ada]

    Good:
        actor_ids: [ada]
    """


@told_by_reader("error", codes="EP003")
def field_given_twice() -> None:
    """Two spellings of one setting are both there.

    Bad:
        audio_file_path: /audio/good.mp3
        audio: /audio/other.mp3

    Good:
        audio: /audio/good.mp3
    """


@told_by_reader("error", codes="SH021")
def field_not_true_or_false() -> None:
    """A setting wants true or false.

    A setting like “draft:” without a value is a fault too: guessing could publish what was meant to stay private.

    Bad:
        draft: maybe

    Good:
        draft: false
    """


@told_by_reader("warning", codes="SH001")
def setting_unknown() -> None:
    """A name in config.yaml is not a setting.

    Bad:
        # config.yaml
        langauge: ja

    Good:
        # config.yaml
        language: ja
    """
