"""What is said of a show in config.yaml, and what is left unsaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from podfeed.check.registry import catalogue, rules
from podfeed.check.show import apple_categories, is_language, nearest_language, parent_categories, retired_categories
from podfeed.diagnostics import Diagnostic

Told = Callable[..., tuple[Diagnostic, ...]]

SHOW_LINE = 'show {"id": "%s", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}\n'
SECOND = """---
title: Waves
date: %s
audio_file_path: /audio/other.mp3
description: The wind pushes, the sea answers.
%s---
"""


def said(rule: str, found: tuple[Diagnostic, ...]) -> list[tuple[str, str, str]]:
    """File, message and hint of everything *rule* says."""
    return [(each.path, each.message, each.hint) for each in found if each.rule == rule]


def of_show(found: tuple[Diagnostic, ...]) -> set[str]:
    """The rules about shows that speak."""
    return {each.rule for each in found if each.rule.startswith("show-")}


# ------------------------------------------------------------------------------------------ languages


@pytest.mark.parametrize(
    "code", ["ja", "JA", "en-gb", "en-GB", "zh-Hant-TW", "zh-hans", "es-419", "ca-valencia", "no", "mul", "haw"]
)
def test_language_is_a_code_with_script_and_region(code: str) -> None:
    """In any case; three letters where ISO 639 has no two."""
    assert is_language(code)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("english", "en"),
        ("Japanese", "ja"),
        ("jp", "ja"),
        ("jpn", "ja"),
        ("jpn-JP", "ja"),
        ("en_US", "en-US"),
        ("en-", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("iw", "he"),
        ("xx", ""),
        ("日本語", ""),
        ("ｊａ", ""),
        ("en us", ""),
        ("en-12", "en"),
        ("", ""),
    ],
)
def test_what_is_no_language_comes_with_a_guess(text: str, meant: str) -> None:
    """What people write in place of a code, and nothing where nobody can tell."""
    assert not is_language(text)
    assert nearest_language(text) == meant
    assert not meant or is_language(meant)


@pytest.mark.parametrize(("language", "hint"), [("jp", "write “ja”"), ("xx", "write two letters, as ja, en or en-gb")])
def test_wrong_language_is_told_with_the_right_one(language: str, hint: str, told: Told) -> None:
    """A country is no language."""
    expected = [("config.yaml", f"“{language}” is not a language code", hint)]

    assert said("show-language-invalid", told(show={"language": language})) == expected


# ------------------------------------------------------------------------------------------ categories


def test_every_retired_category_has_a_successor_of_today() -> None:
    """A hint never leads to another error, and a name that stands for something today did not go."""
    for name, successor in retired_categories().items():
        parent, _, below = successor.partition(": ")
        assert below in (*apple_categories()[parent], "")
        assert name not in apple_categories() and name not in parent_categories()


def test_apple_has_nineteen_categories_and_ninety_one_below() -> None:
    """As its page counts them."""
    assert len(apple_categories()) == 19
    assert sum(map(len, apple_categories().values())) == 91


@pytest.mark.parametrize(
    ("categories", "rule", "message", "hint"),
    [
        ("[Podcasting]", "show-category-retired", "Apple withdrew the category “Podcasting” in 2019", "Technology"),
        (
            "[{Arts: Literature}]",
            "show-category-retired",
            "Apple withdrew the category “Literature” in 2019",
            "Arts: Books",
        ),
        # Both names stand for something else today: they are misplaced, not gone.
        ("[Politics]", "show-category-unknown", "“Politics” is not one of Apple's categories", "News: Politics"),
        (
            "[{Science: Politics}]",
            "show-subcategory-unknown",
            "“Politics” is no subcategory of “Science”",
            "News: Politics",
        ),
        ("[テクノロジー]", "show-category-unknown", "“テクノロジー” is not one of Apple's categories", ""),
    ],
)
def test_category_is_told_once_with_the_right_one(
    categories: str, rule: str, message: str, hint: str, told: Told
) -> None:
    """A name that was withdrawn is not called unknown as well."""
    found = told(show={"categories": categories})

    assert of_show(found) == {rule}
    hint = f"write “{hint}”" if hint else "choose one of those at podcasters.apple.com/support/1691"
    assert said(rule, found) == [("config.yaml", message, hint)]


@pytest.mark.parametrize("categories", ["[Arts]", "[{Arts: Food}, {Arts: Books}]", "[{Arts: [Food, Books]}]"])
def test_subcategories_of_one_category_are_no_second_one(categories: str, told: Told) -> None:
    """Apple reads the first main category, and these have but one."""
    assert of_show(told(show={"categories": categories})) == set()


def test_category_beyond_the_first_is_told_at_its_place(told: Told) -> None:
    """Once, however many follow."""
    found = told(show={"categories": "[{Arts: Food}, {Arts: Books}, History, Technology]"})

    (one,) = (each for each in found if each.rule == "show-category-ignored")
    assert (one.severity, one.message) == ("info", "Apple uses the first category only, “Arts”")
    assert one.excerpt[one.position.column - 1 :].startswith("History")


# ---------------------------------------------------------------------------------- titles and texts


@pytest.mark.parametrize(
    "title",
    [
        "株式会社ずんだもん技術室AI放送局",
        "マジカルラブリー☆つむぎのピュアピュアA.I.放送局",
        "海、山、川、空、町、そして人",
        "朝・昼・夜・深夜・早朝の五つの番組",
        "AI DX IT の 三つの 話",
        "夜更かしラジオ｜金曜版",
        "BBC",
        "NHK WORLD",
        "Lions, Tigers, and Bears",
        "Eat, Drink, Dance, Repeat",
        "Harbour Radio | Tides",
        "99 100 101",
        "x" * 100,
    ],
)
def test_title_that_is_a_name_is_left_alone(title: str, told: Told) -> None:
    """Japanese lists, short names in capitals, one subtitle, a few commas."""
    assert said("show-title-stuffed", told(show={"title": f'"{title}"'})) == []


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("夜更かしラジオ｜睡眠｜雑談", "“夜更かしラジオ｜睡眠｜雑談” reads like a list of keywords"),
        ("A | b | c", "“A | b | c” reads like a list of keywords"),
        ("Money, tax, stocks, bonds, news", "“Money, tax, stocks, bonds, news” reads like a list of keywords"),
        ("x" * 101, "the show's title has 101 characters; a name has at most 100"),
        ("THE HARBOUR SHOW", "“THE HARBOUR SHOW” is in capital letters throughout"),
    ],
)
def test_title_that_is_more_than_a_name_is_told(title: str, message: str, told: Told) -> None:
    """For one reason, the gravest."""
    assert [each[1] for each in said("show-title-stuffed", told(show={"title": title}))] == [message]


def test_title_beyond_the_limit_is_told_once(told: Told) -> None:
    """255 characters are the limit, in any script; a title beyond it is not called long a second time."""
    assert "show-title-too-long" not in of_show(told(show={"title": "海" * 255}))
    assert of_show(told(show={"title": "海" * 256})) == {"show-title-too-long"}


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"title": '"Tides<br>and waves"'}, "title"),
        ({"author": "Ada &#38; Bo"}, "author"),
        ({"copyright": "'&copy; Ada'"}, "copyright"),
        ({"owner": '{name: "<b>Ada</b>", email: ada@radio.podfeed.example}'}, "owner.name"),
    ],
)
def test_html_in_a_name_is_told_where_it_stands(settings: dict[str, str], field: str, told: Told) -> None:
    """Every name an app prints."""
    found = {rule: said(rule, told(show=settings)) for rule in ("text-html-tag", "text-html-reference")}

    ((_, message, _),) = (each for one in found.values() for each in one)
    assert message.startswith(f"“{field}” holds ")


@pytest.mark.parametrize("title", ["R&B; und Soul", "I <3 Tides", "<前編> の話", "Ada & Bo", "AT&T", "x < y > z"])
def test_signs_that_are_no_html_are_left_alone(title: str, told: Told) -> None:
    """Ampersands, hearts and brackets are what they are."""
    found = told(show={"title": f'"{title}"'})

    assert not [each for each in found if each.rule.startswith("text-html-")]


@pytest.mark.parametrize(
    ("description", "hint"),
    [
        ("x" * 4000, None),
        ("x" * 4001, "shorten it by one character"),
        ("海" * 1333, None),
        ("海" * 1334, "shorten it by one character"),
        ("海" * 1400, "shorten it by 67 characters"),
    ],
)
def test_description_says_by_how_much_it_is_too_long(description: str, hint: str | None, told: Told) -> None:
    """The limit is in bytes; authors count characters. The rule is “show-description-too-long”."""
    found = said("show-description-too-long", told(show={"description": description}))

    assert [each[2] for each in found] == ([hint] if hint else [])


@pytest.mark.parametrize(
    ("copyright", "year"),
    [
        ("海猫町コミュニティ放送", None),
        ("© Ada", None),
        ("Studio 20190", None),
        ("© 2019–2025 Ada", "2019"),
        ("二〇一九年", None),
        ("２０１９ 夜行便りの会", "2019"),
    ],
)
def test_year_in_the_copyright_is_worth_a_note(copyright: str, year: str | None, told: Told) -> None:
    """Full-width digits are digits."""
    found = said("show-copyright-dated", told(show={"copyright": copyright}))

    assert [each[1] for each in found] == ([f"the copyright line names the year {year}"] if year else [])


# -------------------------------------------------------------------------------- once, and not twice


@pytest.mark.parametrize(
    ("settings", "rule"),
    [
        ({"title": "[Tides]"}, "field-not-text"),
        ({"description": "{a: b}"}, "field-not-text"),
        ({"language": "[ja]"}, "field-not-text"),
        ({"author": "[Ada]"}, "field-not-text"),
        ({"explicit": "perhaps"}, "explicit-invalid"),
        ({"categories": "[[Technology]]"}, "show-category-invalid"),
        ({"owner": "Ada"}, "field-not-group"),
        ({"owner": "{email: [a, b]}"}, "field-not-text"),
        ({"locked": "perhaps"}, "field-not-true-or-false"),
    ],
)
def test_setting_that_cannot_be_read_is_not_called_missing(settings: dict[str, str], rule: str, told: Told) -> None:
    """The reader has told what is wrong with it."""
    given = {"locked": "false", "owner": "{email: ada@radio.podfeed.example}", **settings}
    found = {each.rule for each in told(show=given)} - {"history-not-adopted"}

    assert found == {rule}


def test_show_that_cannot_be_read_is_told_once(told: Told) -> None:
    """And not for everything it does not say."""
    found = told(config={"shows": "{radio: Harbour Radio}"})

    assert "field-not-group" in {each.rule for each in found}
    assert of_show(found) == set()


def test_fault_in_one_show_hides_nothing_of_another(told: Told) -> None:
    """A name that is refused is told at “shows”, which holds every show."""
    found = told(config={"shows": "{../radio: {}, radio: {language: en}}"})

    assert {"show-id-invalid", "show-title-missing", "show-author-missing"} <= of_show(found)


# ------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize(
    "email",
    [
        "ada＠radio.podfeed.example",
        "海@radio.podfeed.example",
        "mailto:ada@radio.podfeed.example",
        "ada@radio",
        "a b@c.d",
    ],
)
def test_email_is_one_bare_address(email: str, told: Told) -> None:
    """A full-width sign is none that mail servers know."""
    found = said("show-owner-email-invalid", told(show={"owner": f'{{email: "{email}"}}'}))

    assert found == [("config.yaml", f"“{email}” is no e-mail address", "write name@host and nothing else")]


@pytest.mark.parametrize(
    ("host", "is_told"), [("example.com", True), ("mail.example.org", True), ("myexample.com", False)]
)
def test_email_of_an_example_receives_no_mail(host: str, is_told: bool, told: Told) -> None:
    """Spotify's code would go nowhere."""
    found = said("show-owner-email-invalid", told(show={"owner": f"{{email: ada@{host}}}"}))

    assert [each[1] for each in found] == [f"“ada@{host}” is an address of examples, and receives no mail"] * is_told


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"show-owner-email-missing"}),
        ({"locked": "false"}, {"show-owner-email-missing"}),
        ({"locked": "true"}, {"show-locked-without-owner"}),
        ({"locked": "true", "owner": "{email: ada@radio.podfeed.example}"}, set()),
    ],
)
def test_missing_email_is_told_once(settings: dict[str, str], expected: set[str], told: Told) -> None:
    """A locked show needs it more."""
    found = told(show={"owner": None, **settings})

    assert of_show(found) == expected


@pytest.mark.parametrize(
    ("lock", "expected"), [("", set()), (SHOW_LINE % "tv", set()), (SHOW_LINE % "radio", {"info"})]
)
def test_public_show_is_asked_whether_it_is_locked(lock: str, expected: set[str], told: Told) -> None:
    """Before it is out there is nothing to import."""
    found = told(files={"podfeed.lock": lock})

    assert {each.severity for each in found if each.rule == "show-locked-missing"} == expected


@pytest.mark.parametrize(
    ("funding", "message"),
    [
        ("{text: Support us}", "“Support us” has no address where listeners can support the show"),
        ("http://a.podfeed.example", "“http://a.podfeed.example” is no https address"),
        ("{url: https://a.podfeed.example}", "“https://a.podfeed.example” has no words for listeners"),
        ("{url: HTTPS://a.podfeed.example, text: 応援する}", None),
    ],
)
def test_funding_says_what_is_missing(funding: str, message: str | None, told: Told) -> None:
    """An address and words, both."""
    found = said("show-funding-invalid", told(show={"funding": f"[{funding}]"}))

    assert [each[1] for each in found] == ([message] if message else [])


@pytest.mark.parametrize(
    ("match", "hints"),
    [
        ("{actor_ids: ada}", []),
        ("{actor_ids: adda}", ["write “ada” if that is meant"]),
        ("{actor_ids: [ada, ずんだもん]}", ["add “ずんだもん” below “actors”"]),
        ('{title: "*"}', []),
    ],
)
def test_match_names_people_who_are_listed(match: str, hints: list[str], told: Told) -> None:
    """A slip there leaves a show without episodes."""
    assert [each[2] for each in said("show-match-actor-unknown", told(show={"match": match}))] == hints


# ------------------------------------------------------------------------------------------ addresses


@pytest.mark.parametrize("name", ["link", "new_feed_url"])
@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://www.podfeed.example/ラジオ", None),
        ("https://feeds.podfeed.example/?format=rss", None),
        ("https://", "it is no address"),
        ("https://[::1", "it is no address"),
        ("https://ada:secret@www.podfeed.example/", "it holds “a user name or password”, which is private or expires"),
        ("https://www.podfeed.example/?a=1&Token=x", "it holds “token”, which is private or expires"),
        ("https://localhost/", "it has no public host name"),
        ("https://podcast.local/", "it has no public host name"),
        ("https://192.0.2.1/feed.xml", "it has no public host name"),
        ("https://www.example.com/", "it is the address of examples"),
    ],
)
def test_address_of_a_show_is_public(name: str, address: str, problem: str | None, told: Told) -> None:
    """Everybody has to be able to open it."""
    rule = f"show-{name.replace('_', '-')}-invalid"
    found = said(rule, told(show={name: f"'{address}'"}))

    assert [each[1] for each in found] == ([f"“{address}” cannot be used: {problem}"] if problem else [])


def test_each_hub_is_looked_at(told: Told) -> None:
    """And told at its own place."""
    (one,) = (
        each for each in told(show={"hubs": "[https://hub.podfeed.example/, hub]"}) if each.rule == "show-hub-invalid"
    )

    assert one.excerpt[one.position.column - 1 :] == "hub]"


@pytest.mark.parametrize(
    ("license", "message"),
    [
        ("CC-BY-4.0", None),
        ("cc-by-sa-4.0", "the licence “cc-by-sa-4.0” is not on the list, and has no address"),
        ("{slug: cc-by-sa-4.0, url: https://creativecommons.org/licenses/by-sa/4.0/}", None),
        ("{slug: own, url: license.html}", "“license.html” is no https address"),
        ("{url: https://a.podfeed.example/}", "the licence at “https://a.podfeed.example/” has no name"),
    ],
)
def test_licence_is_known_or_explained(license: str, message: str | None, told: Told) -> None:
    """In small letters or capital ones."""
    assert [each[1] for each in said("show-license-invalid", told(show={"license": license}))] == (
        [message] if message else []
    )


# -------------------------------------------------------------------------------- what goes out, and when


def test_shows_of_one_guid_are_told_even_where_podfeed_keeps_it(told: Told) -> None:
    """A block that was copied with its guid; the other one's is in podfeed.lock only."""
    shows = "{news: {}, radio: {guid: 9B024349-ccf0-5f69-a609-6b82873eab3c}}"

    found = told(config={"shows": shows}, files={"podfeed.lock": SHOW_LINE % "news"})

    assert [each[1] for each in said("show-guid-shared", found)] == [
        "the show “news” has the same guid, “9b024349-ccf0-5f69-a609-6b82873eab3c”"
    ]
    assert said("show-guid-shared", told(config={"shows": "{news: {}, radio: {}}"})) == []


@pytest.mark.parametrize(
    ("date", "setting", "expected"),
    [
        pytest.param("2025-06-09 05:00:00 +0900", "", {"show-complete"}, id="all are out"),
        pytest.param("2026-06-09 05:00:00 +0900", "", {"show-complete-too-early"}, id="one is to come"),
        pytest.param("2026-06-09 05:00:00 +0900", "draft: true\n", {"show-complete"}, id="a draft may stay one"),
    ],
)
def test_complete_show_is_noted_and_refused_before_its_end(
    date: str, setting: str, expected: set[str], told: Told
) -> None:
    """Once: the graver word takes the place of the other."""
    files = {"episodes/2.md": SECOND % (date, setting)}

    assert of_show(told(show={"complete": "true"}, files=files)) == expected
    assert of_show(told(show={"complete": "false"}, files=files)) == set()


def test_hidden_episode_is_told_in_its_file(told: Told) -> None:
    """Where its author can change it; a draft is hidden anyway."""
    files = {"episodes/2.md": SECOND % ("2025-06-09 05:00:00 +0900", "block: true\ndraft: true\n")}

    assert said("show-blocked", told(header={"block": "true"}, files=files)) == [
        ("episodes/1.md", "the episode is hidden from Apple Podcasts", "delete the line to show it again")
    ]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"date": "2099-01-01 00:00:00 +0900"}, "no episode is public now: 1 not due, or faulty"),
        ({"draft": "true"}, "no episode is public now: 2 drafts"),
        ({"date": "2099-01-01 00:00:00 +0900", "audio_file_path": None}, "no episode is public now: 1 draft"),
    ],
)
def test_what_an_empty_feed_waits_for_is_counted(header: dict[str, str | None], message: str, told: Told) -> None:
    """Drafts, and what is not due; articles wait for nothing."""
    is_draft = message.endswith(("draft", "drafts"))
    files = {"episodes/2.md": SECOND % ("2025-06-09 05:00:00 +0900", "draft: true\n")} if is_draft else {}

    assert [each[1] for each in said("show-without-episodes", told(header=header, files=files))] == [message]


def test_drafts_and_scheduled_episodes_are_counted_apart(told: Told) -> None:
    """Each waits for something else."""
    files = {"episodes/2.md": SECOND % ("2099-01-01 00:00:00 +0900", "")}

    found = said("show-without-episodes", told(header={"draft": "true"}, files=files))

    assert [each[1] for each in found] == ["no episode is public now: 1 draft, 1 not due, or faulty"]


def test_match_that_fits_nothing_is_named(told: Told) -> None:
    """The slip is there, and not in an episode."""
    found = said("show-without-episodes", told(show={"match": '{title: "マジカルラブリー☆*"}'}))

    assert [each[1:] for each in found] == [
        (
            "no episode is public now",
            "look at “match”: no file with audio fits it; directories refuse an empty feed",
        )
    ]


# -------------------------------------------------------------------------------------- the catalogue


def test_every_requirement_of_shows_and_of_permanence_is_checked_or_says_why_not() -> None:
    """A row of the catalogue has a rule, or a reason for having none; never both."""
    checked = {code for rule in rules().values() for code in rule.codes}

    for code, row in catalogue().items():
        if code.startswith(("SH", "MG")):
            assert (code in checked) != bool(row.unchecked), code
