"""Rules about a show as config.yaml describes it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from uuid import UUID

from podfeed.check.namespace import LICENSES
from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.site import address_problem, insecure_fault, is_reserved
from podfeed.check.tables import table
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Category, Config, Episode, Funding, Show
from podfeed.read.fields import suggestion
from podfeed.read.folder import is_remote
from podfeed.read.mail import is_mail_address
from podfeed.render.addresses import remote_url, url_of
from podfeed.words import say, say_many

_APPLE = "help.apple.com/itc/podcasts_connect"
_CATEGORIES = "podcasters.apple.com/support/1691"


# ---------------------------------------------------------------------------------- words others decide


@lru_cache(maxsize=1)
def apple_categories() -> Mapping[str, tuple[str, ...]]:
    """Apple's categories with their subcategories, in the exact spelling. Source: podcasters.apple.com/support/1691."""
    return {name: tuple(below) for name, below in table("apple-categories")["categories"].items()}


@lru_cache(maxsize=1)
def parent_categories() -> Mapping[str, str]:
    """The category above each subcategory."""
    return {each: name for name, below in apple_categories().items() for each in below}


@lru_cache(maxsize=1)
def retired_categories() -> Mapping[str, str]:
    """Names of categories that went in 2019, each with the present one nearest in meaning, as ``Arts: Books``."""
    return {str(name): str(successor) for name, successor in table("apple-categories")["retired"].items()}


def nearest_category(name: str) -> str:
    """The main category somebody means by *name*; empty when nobody can tell."""
    folded = {each.casefold(): each for each in apple_categories()}
    return folded.get(name.casefold()) or suggestion(name, apple_categories(), within=3)


def is_language(text: str) -> bool:
    """Whether *text* names a language as feeds do: ``ja``, ``en-gb``, ``zh-Hant-TW``.

    The code is one of ISO 639-1, or of ISO 639-2 where that has none.
    """
    found = _LANGUAGE.fullmatch(text)
    return found is not None and _languages().get(found[1].lower()) == found[1].lower()


def language_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with *text*, if it names no language as feeds do, and what to do."""
    if is_language(text):
        return None
    meant = nearest_language(text)
    hint = say("write “{code}”", code=meant) if meant else say("write two letters, as ja, en or en-gb")
    return say("“{code}” is not a language code", code=short(text)), hint


def nearest_language(text: str) -> str:
    """The language somebody means by *text*, as ``ja`` by “Japanese”, “jp” or “jpn”; empty when nobody can tell."""
    hyphenated = text.replace("_", "-")
    if is_language(hyphenated):
        return hyphenated
    return _languages().get(hyphenated.partition("-")[0].strip().lower(), "")


#: Source: RFC 5646, without extensions and private use.
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*")


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, str]:
    """The code of a language, by itself and by what people write in its place."""
    words = table("languages")
    codes = [*words["two_letters"], *" ".join(words["three_letters"]).split()]
    written = {word: code for code, others in words["two_letters"].items() for word in others.split()}
    return {**written, **{code: code for code in codes}}


def _is_told(show: Show, context: Context, name: str) -> bool:
    """Whether a reader has told already that the setting *name*, one in it or one around it cannot be read."""
    whole = f"shows.{show.id}"
    return any(each == whole or f"{each}.".startswith(f"{whole}.{name}.") for each in context.config.faulty)


# --------------------------------------------------------------------------------------- title and words


@told_by_reader("error")
def show_missing() -> None:
    """config.yaml names no show.

    Bad:
        # config.yaml
        shows:

    Good:
        # config.yaml
        language: ja
    """


@rule(Show, "error", source=f"{_APPLE}: title", codes="SH002")
def show_title_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show has no title.

    Bad:
        # config.yaml
        title:

    Good:
        # config.yaml
        title: Harbour Radio
    """
    if not show.title and not _is_told(show, context, "title"):
        yield Finding("title", say("the show has no title"), say("add “title: …”"))


@rule(Show, "error", source=f"{_APPLE}: title; PSP-1", codes="SH002")
def show_title_too_long(show: Show, context: Context) -> Iterator[Finding]:
    """A show's title has more than 255 characters.

    Bad:
        # config.yaml
        title: Harbour Radio, in which two sailors talk about the tides, about the wind and about the birds
          that follow the boats, and, when the nights are long, about everything that was ever lost at sea and
          came back with the spring flood, from messages in bottles to a piano that could still be played

    Good:
        # config.yaml
        title: Harbour Radio
    """
    if len(show.title) > 255:
        message = say("the show's title has {count} characters; the limit is 255", count=len(show.title))
        yield Finding("title", message, say("shorten it"))


@rule(Show, "warning", source=f"{_APPLE}: title", codes="SH003")
def show_title_stuffed(show: Show, context: Context) -> Iterator[Finding]:
    """A show's title is more than a name: keywords follow it, it is very long, or it is all in capital letters.

    Apple may remove a show for a title that is stuffed with keywords.

    Bad:
        # config.yaml
        title: Harbour Radio | Tides, Wind, Birds

    Good:
        # config.yaml
        title: Harbour Radio
    """
    title, hint = show.title, say("use the name alone; what the show is about belongs into the description")
    if len(title) > 255:
        return  # show-title-too-long says so
    parts = [part for part in _SEPARATORS.split(title) if part.strip()]
    if len(parts) > (2 if "|" in title or "｜" in title else 4):
        yield Finding("title", say("“{title}” reads like a list of keywords", title=title), hint)
    elif len(title) > 100:
        message = say("the show's title has {count} characters; a name has at most 100", count=len(title))
        yield Finding("title", message, hint)
    elif len(title.split()) > 2 and title.isupper() and all(each.isupper() for each in title if each.isalpha()):
        message = say("“{title}” is in capital letters throughout", title=title)
        yield Finding("title", message, say("write it as in running text"))


_SEPARATORS = re.compile(r"[|｜,]")


@rule(Show, "error", source=f"{_APPLE}: description", codes="SH004")
def show_description_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show has no description.

    Bad:
        # config.yaml
        description:

    Good:
        # config.yaml
        description: Two sailors talk.
    """
    if not show.description and not _is_told(show, context, "description"):
        yield Finding("description", say("the show has no description"), say("add two or three sentences"))


@rule(Show, "error", source=f"{_APPLE}: description; PSP-1", codes="SH005")
def show_description_too_long(show: Show, context: Context) -> Iterator[Finding]:
    """A show's description has more than 4000 bytes: about 1300 Japanese characters."""
    written = show.description.encode("utf-8", "surrogatepass")
    if len(written) > 4000:
        message = say("the show's description has {count} bytes; the limit is 4000", count=len(written))
        beyond = len(show.description) - len(written[:4000].decode("utf-8", "ignore"))
        hint = say_many("shorten it by one character", "shorten it by {count} characters", count=beyond)
        yield Finding("description", message, hint)


@rule(Show, "info")
def show_description_repeats_title(show: Show, context: Context) -> Iterator[Finding]:
    """A show's description is its title, which apps print above it.

    Bad:
        # config.yaml
        description: Harbour Radio

    Good:
        # config.yaml
        description: Two sailors talk.
    """
    if show.description and show.description.casefold() == show.title.casefold():
        yield Finding(
            "description", say("the description is the title"), say("say in a few sentences what it is about")
        )


@rule(Show, "error", source=f"{_APPLE}: language; ISO 639", codes="SH006")
def show_language_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """A show has no language, or one that is no language code.

    Bad:
        # config.yaml
        language: english

    Good:
        # config.yaml
        language: ja
    """
    if not show.language:
        if not _is_told(show, context, "language"):
            message = say("the show names no language")
            yield Finding("language", message, say("add “language: ja”, or en, en-gb, …"))
    elif fault := language_fault(show.language):
        yield Finding("language", *fault)


# ------------------------------------------------------------------------------------------- categories


@rule(Show, "error", source=_CATEGORIES, codes="SH007")
def show_category_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show has no category.

    Bad:
        # config.yaml
        categories:

    Good:
        # config.yaml
        categories: [Technology]
    """
    if not show.categories and not _is_told(show, context, "categories"):
        message, hint = say("the show has no category"), say("add “categories: [Technology]”, or another of Apple's")
        yield Finding("categories", message, hint)


@told_by_reader("error", source=_CATEGORIES, codes="SH007")
def show_category_invalid() -> None:
    """The list of categories cannot be read.

    Bad:
        # config.yaml
        categories: [[Technology]]

    Good:
        # config.yaml
        categories: [Technology]
    """


@rule(Show, "error", source=_CATEGORIES, codes="SH007")
def show_category_unknown(show: Show, context: Context) -> Iterator[Finding]:
    """A category is not one of Apple's, to the letter.

    Bad:
        # config.yaml
        categories: [technology]

    Good:
        # config.yaml
        categories: [Technology]
    """
    for number, category in enumerate(show.categories):
        if category.name in apple_categories() or _retired(category):
            continue
        if parent := parent_categories().get(category.name):
            hint = say("write “{parent}: {category}”", parent=parent, category=category.name)
        elif guess := nearest_category(category.name):
            hint = say("write “{category}”", category=guess)
        else:
            hint = say("choose one of those at podcasters.apple.com/support/1691")
        message = say("“{category}” is not one of Apple's categories", category=category.name)
        yield Finding(f"categories.{number}", message, hint)


@rule(Show, "error", source=_CATEGORIES, codes="SH009")
def show_category_retired(show: Show, context: Context) -> Iterator[Finding]:
    """A category is one that Apple withdrew in 2019.

    Bad:
        # config.yaml
        categories: [News & Politics]

    Good:
        # config.yaml
        categories: [{News: Politics}]
    """
    for number, category in enumerate(show.categories):
        if name := _retired(category):
            message = say("Apple withdrew the category “{category}” in 2019", category=name)
            hint = say("write “{category}”", category=retired_categories()[name])
            yield Finding(f"categories.{number}", message, hint)


def _retired(category: Category) -> str:
    """The name in *category* that Apple withdrew; empty for none."""
    return next((name for name in (category.name, category.subcategory) if name in retired_categories()), "")


@rule(Show, "error", source=_CATEGORIES, codes="SH008")
def show_subcategory_unknown(show: Show, context: Context) -> Iterator[Finding]:
    """A subcategory does not stand below its own category.

    Bad:
        # config.yaml
        categories: [{Technology: Tech News}]

    Good:
        # config.yaml
        categories: [{News: Tech News}]
    """
    for number, category in enumerate(show.categories):
        name, below = category.name, category.subcategory
        known = apple_categories().get(name)
        if known is None or not below or below in known or _retired(category):
            continue
        parent, guess = parent_categories().get(below, name), suggestion(below, frozenset(known), within=3)
        right = below if below in parent_categories() else guess
        hint = (
            say("write “{parent}: {category}”", parent=parent, category=right)
            if right
            else say("write “{category}”", category=name)
        )
        message = say("“{category}” is no subcategory of “{parent}”", category=below, parent=name)
        yield Finding(f"categories.{number}", message, hint)


@rule(Show, "info", source=f"{_APPLE}: itunes:category", codes="SH010")
def show_category_ignored(show: Show, context: Context) -> Iterator[Finding]:
    """A show has several main categories: the first is the one that counts for Apple.

    Bad:
        # config.yaml
        categories: [Technology, History]

    Good:
        # config.yaml
        categories: [{News: [Tech News, Daily News]}]
    """
    names = [category.name for category in show.categories]
    other = next((number for number, name in enumerate(names) if name != names[0]), 0)
    if other:
        message = say("Apple uses the first category only, “{category}”", category=names[0])
        yield Finding(f"categories.{other}", message, say("put the most fitting one first"))


# ------------------------------------------------------------------------------------- settings of a kind


@rule(Show, "error", source=f"{_APPLE}: itunes:explicit", codes="SH011")
def show_explicit_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show does not say whether its language is explicit.

    Bad:
        # config.yaml
        explicit:

    Good:
        # config.yaml
        explicit: false
    """
    if show.explicit is None and not _is_told(show, context, "explicit"):
        message = say("the show does not say whether it is explicit")
        yield Finding("explicit", message, say("add “explicit: false”, or true"))


@told_by_reader("error", source=f"{_APPLE}: itunes:type", codes="SH016")
def show_type_invalid() -> None:
    """``type`` is neither episodic nor serial.

    Bad:
        # config.yaml
        type: weekly

    Good:
        # config.yaml
        type: episodic
    """


@told_by_reader("error", source="podcast namespace: medium", codes="SH023")
def show_medium_invalid() -> None:
    """``medium`` is not a word of the podcast namespace.

    Bad:
        # config.yaml
        medium: radio

    Good:
        # config.yaml
        medium: podcast
    """


@told_by_reader("error")
def show_notes_budget_invalid() -> None:
    """``notes_budget`` is not a number of bytes.

    Bad:
        # config.yaml
        notes_budget: lots

    Good:
        # config.yaml
        notes_budget: 2000000
    """


@rule(Show, "warning")
def show_match_actor_unknown(show: Show, context: Context) -> Iterator[Finding]:
    """``match`` asks for somebody who is not listed under ``actors``: no episode can name them.

    Bad:
        # config.yaml
        match: {actor_ids: [ada, boo]}

    Good:
        # config.yaml
        match: {actor_ids: [ada]}
    """
    for number, id in enumerate(show.match.actor_ids if show.match else ()):
        if id not in context.config.actors:
            guess = suggestion(id, context.config.actors)
            hint = (
                say("write “{name}” if that is meant", name=guess)
                if guess
                else say("add “{name}” below “actors”", name=id)
            )
            yield Finding(f"match.actor_ids.{number}", say("there is no actor “{name}”", name=id), hint)


# ------------------------------------------------------------------------------------------- the people


@rule(Show, "error", source="Spotify show metadata requirements: author", codes="SH013")
def show_author_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show names no author.

    Bad:
        # config.yaml
        author:

    Good:
        # config.yaml
        author: Ada and Bo
    """
    if not show.author and not _is_told(show, context, "author"):
        message = say("the show names no author")
        yield Finding("author", message, say("add “author: …”; apps print it below the title"))


@rule(Show, "warning", source="PSP-1: 255 characters; W3C Feed Validator: TooLong", codes="SH013")
def show_author_too_long(show: Show, context: Context) -> Iterator[Finding]:
    """A show's author has more than 255 characters.

    Bad:
        # config.yaml
        author: Ada of the lighthouse, Bo of the ferry, Cleo of the harbour office, Dan of the second boat, Eve of
          the fish market, Finn of the tide tables, Gil of the rope shop, Hana of the radio mast, Ida of the
          bakery, Jon of the net loft, and everybody else who ever stood on the pier with a microphone

    Good:
        # config.yaml
        author: The people of the harbour
    """
    if len(show.author) > 255:
        message = say("the show's author has {count} characters; the limit is 255", count=len(show.author))
        yield Finding("author", message, say("shorten it"))


@rule(Show, "error", source="W3C Feed Validator: InvalidContact", codes="SH018")
def show_owner_email_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The owner's e-mail is not one bare address that can receive mail.

    Bad:
        # config.yaml
        owner: {name: Ada, email: Ada <ada@radio.podfeed.example>}

    Good:
        # config.yaml
        owner: {name: Ada, email: ada@radio.podfeed.example}
    """
    email = show.owner_email
    if email and not (email.isascii() and is_mail_address(email)):
        message = say("“{email}” is no e-mail address", email=email)
        yield Finding("owner.email", message, say("write name@host and nothing else"))
    elif is_reserved(email.partition("@")[2]):
        message = say("“{email}” is an address of examples, and receives no mail", email=email)
        yield Finding("owner.email", message, say("write your own, or delete the line"))


#: How config.yaml names an owner.
_OWNER = "owner: {name: …, email: …}"


@rule(Show, "info", source="Spotify and YouTube: claiming a show", codes="SH017")
def show_owner_email_missing(show: Show, context: Context) -> Iterator[Finding]:
    """No e-mail is in the feed, so Spotify and YouTube cannot verify that a show is yours.

    Bad:
        # config.yaml
        owner: {name: Ada}

    Good:
        # config.yaml
        owner: {name: Ada, email: ada@radio.podfeed.example}
    """
    if not show.owner_email and not show.locked and not _is_told(show, context, "owner"):
        hint = say("add “{setting}” while you claim the show", setting=_OWNER)
        yield Finding("owner", say("no e-mail is in the feed to claim the show with"), hint)


@rule(Show, "info", source="podcast namespace: locked; PSP-1", codes="SH021")
def show_locked_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show that is public does not say whether other hosts may import it.

    Bad:
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}

    Good:
        # config.yaml
        locked: true
        # podfeed.lock
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}
    """
    if show.locked is None and show.id in context.lock.shows and not _is_told(show, context, "locked"):
        message = say("the show does not say whether other hosts may import it")
        yield Finding("locked", message, say("add “locked: true”, or false while it moves"))


@rule(Show, "warning", source="podcast namespace: locked", codes="SH021")
def show_locked_without_owner(show: Show, context: Context) -> Iterator[Finding]:
    """A show is locked, and its feed holds no e-mail: a host could ask nobody whether an import is meant.

    Bad:
        # config.yaml
        locked: true
        owner: {name: Ada}

    Good:
        # config.yaml
        locked: true
        owner: {name: Ada, email: ada@radio.podfeed.example}
    """
    if show.locked and not show.owner_email and not _is_told(show, context, "owner"):
        message = say("the show is locked, and no owner's e-mail is in the feed")
        yield Finding("locked", message, say("add “{setting}”", setting=_OWNER))


@rule(Show, "error", source="podcast namespace: funding", codes="SH024")
@rule(Episode, "error", source="podcast namespace: funding", codes="SH024")
def show_funding_invalid(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """A way to support a show or an episode has no https address, or no words.

    Bad:
        # config.yaml
        funding: [{url: patreon, text: Support us}]

    Good:
        # config.yaml
        funding: [{url: https://support.podfeed.example/, text: Support us}]
    """
    for number, funding in enumerate(subject.funding):
        if message := _funding_problem(funding):
            setting = f"{{url: https://…, text: {say('Support the show')}}}"
            yield Finding(f"funding.{number}", message, say("write “{setting}”", setting=setting))


def _funding_problem(funding: Funding) -> str:
    if not funding.url:
        return say("“{words}” has no address where listeners can support the show", words=funding.text)
    if not funding.url.lower().startswith("https://"):
        return say("“{url}” is no https address", url=funding.url)
    if not funding.text:
        return say("“{url}” has no words for listeners", url=funding.url)
    return ""


@rule(Show, "warning", source="podcast namespace: funding", codes="SH024")
@rule(Episode, "warning", source="podcast namespace: funding", codes="SH024")
def show_funding_too_long(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """The words for a way to support a show or an episode have more than 128 characters; apps may cut them.

    Bad:
        # config.yaml
        funding: [{url: https://support.podfeed.example/, text: "If you like what two sailors say about the tides,
          the wind and the birds, and would like them to go on saying it next year, please consider a small gift"}]

    Good:
        # config.yaml
        funding: [{url: https://support.podfeed.example/, text: Support us}]
    """
    for number, funding in enumerate(subject.funding):
        if len(funding.text) > 128:
            message = say("the words have {count} characters; apps may cut them after 128", count=len(funding.text))
            yield Finding(f"funding.{number}.text", message, say("shorten them"))


# ------------------------------------------------------------------------------------------- the rights


@rule(Show, "error", source="podcast namespace: license", codes="SH027")
@rule(Episode, "error", source="podcast namespace: license", codes="SH027")
def show_license_invalid(subject: Show | Episode, context: Context) -> Iterator[Finding]:
    """A licence is not on the list of the podcast namespace, and no https address says what it permits.

    Bad:
        # config.yaml
        license: do what you like

    Good:
        # config.yaml
        license: {slug: do what you like, url: https://radio.podfeed.example/license}
    """
    name, url = subject.license, subject.license_url
    if url and not name:
        message = say("the licence at “{url}” has no name", url=url)
        yield Finding("license", message, say("add “slug: …”, or the feed says nothing of it"))
    elif url and (fault := insecure_fault(url)):
        yield Finding("license.url", *fault)
    elif name and not url and name.lower() not in LICENSES:
        message = say("the licence “{name}” is not on the list, and has no address", name=name)
        setting = f"{{slug: {name}, url: https://…}}"
        hint = say("write “{setting}”, or one of {known}", setting=setting, known=", ".join(LICENSES))
        yield Finding("license", message, hint)


@rule(Show, "info", source="PSP-1: copyright", codes="SH033")
def show_copyright_dated(show: Show, context: Context) -> Iterator[Finding]:
    """The line about copyright names a year, which will be out of date. PSP-1 wants the owner's name alone.

    Bad:
        # config.yaml
        copyright: © 2019 Ada

    Good:
        # config.yaml
        copyright: Ada
    """
    if found := _YEAR.search(unicodedata.normalize("NFKC", show.copyright)):
        message = say("the copyright line names the year {year}", year=found[0])
        yield Finding("copyright", message, say("write the owner's name alone, without a year and without ©"))


_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")


# ---------------------------------------------------------------------------------------- the addresses


@told_by_reader("error")
def show_permalink_invalid() -> None:
    """The pattern for pages has no ``{slug}``, so that all would have one address, or leads out of the site.

    Bad:
        # config.yaml
        permalink: /radio/

    Good:
        # config.yaml
        permalink: /radio/{slug}/
    """


@told_by_reader("error")
def show_id_invalid() -> None:
    """The name of a show cannot be a folder of the site: it may have letters, digits, “-” and “_”.

    Bad:
        # config.yaml
        shows: {"../radio": {title: Harbour Radio}}

    Good:
        # config.yaml
        shows: {radio: {title: Harbour Radio}}
    """


@told_by_reader("error")
def show_feed_invalid() -> None:
    """``feed`` is no path of a file below the site.

    Bad:
        # config.yaml
        feed: ../feed.xml

    Good:
        # config.yaml
        feed: radio/feed.xml
    """


@told_by_reader("error")
def show_archive_invalid() -> None:
    """``archive`` is no number of episodes.

    Bad:
        # config.yaml
        archive: all

    Good:
        # config.yaml
        archive: 50
    """


@rule(Show, "error", source="PSP-1: atom:link", codes="SH015")
def show_feed_has_query(show: Show, context: Context) -> Iterator[Finding]:
    """The path of a feed holds “?” or “#”, as the address of a page that makes it anew each time.

    podfeed writes a file, and its address has to stay the same for life.

    Bad:
        # config.yaml
        feed: index.php?feed=podcast

    Good:
        # config.yaml
        feed: podcast/feed.xml
    """
    paths = {"feed": show.feed, **{f"formats.{name}": path for name, path in show.formats.items()}}
    for field, path in paths.items():
        if mark := next((each for each in path if each in "?#"), ""):
            message = say("the feed's path “{path}” holds “{mark}”", path=path, mark=mark)
            yield Finding(field, message, say("write the name of a file, as “podcast/feed.xml”"))


@rule(Show, "error", source="RSS 2.0: link; PSP-1: link", codes="SH014")
def show_link_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The home page of a show is no address that everybody can open.

    Bad:
        # config.yaml
        link: www.podfeed.example

    Good:
        # config.yaml
        link: https://www.podfeed.example/
    """
    yield from _address("link", show.link)


@rule(Show, "error", source=f"{_APPLE}: itunes:new-feed-url", codes="FD042")
def show_new_feed_url_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The new address of a show is no address that everybody can open.

    Bad:
        # config.yaml
        new_feed_url: feed.xml

    Good:
        # config.yaml
        new_feed_url: https://radio.podfeed.example/radio/feed.xml
    """
    yield from _address("new_feed_url", show.new_feed_url)


@rule(Show, "warning", source=f"{_APPLE}: itunes:new-feed-url")
def show_new_feed_url_elsewhere(show: Show, context: Context) -> Iterator[Finding]:
    """``new_feed_url`` names another feed than this one: apps go there, and do not come back.

    That is right while a show moves away, and otherwise takes its listeners with it.

    Bad:
        # config.yaml
        new_feed_url: https://host.podfeed.example/feed.xml

    Good:
        # config.yaml
        new_feed_url: https://radio.podfeed.example/radio/feed.xml
    """
    address = show.new_feed_url
    if is_remote(address) and remote_url(address) != url_of(context.config.site, show.feed):
        message = say("apps are sent to “{address}”, and leave this feed for good", address=address)
        yield Finding("new_feed_url", message, say("delete the line, unless the show moves there"))


@rule(Show, "error", source="WebSub, section 4")
def show_hub_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """A WebSub hub is no address that everybody can open.

    Bad:
        # config.yaml
        hubs: [hub.podfeed.example]

    Good:
        # config.yaml
        hubs: [https://hub.podfeed.example/]
    """
    for number, hub in enumerate(show.hubs):
        yield from _address(f"hubs.{number}", hub)


@rule(Show, "error")
def show_listen_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The address of a show at a platform is no https address that everybody can open.

    Bad:
        # config.yaml
        listen: {Apple Podcasts: apple.podfeed.example/id1}

    Good:
        # config.yaml
        listen: {Apple Podcasts: https://apple.podfeed.example/id1}
    """
    for name, address in show.listen.items():
        if fault := insecure_fault(address):
            yield Finding(f"listen.{name}", *fault)
        else:
            yield from _address(f"listen.{name}", address)


def _address(name: str, address: str) -> Iterator[Finding]:
    problem = address_problem(address) if address else ""
    if problem:
        message = say("“{address}” cannot be used: {problem}", address=address, problem=problem)
        yield Finding(name, message, say("write it in full: https://…"))


# ----------------------------------------------------------------------------------------- the identity


@rule(Show, "error", source="podcast namespace: guid", codes="SH022")
def show_guid_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """A show's guid is no UUID.

    Bad:
        # config.yaml
        guid: my-show

    Good:
        # config.yaml
        guid: 9b024349-ccf0-5f69-a609-6b82873eab3c
    """
    if show.guid and not is_uuid(show.guid):
        message = say("the show's guid “{guid}” is no UUID", guid=show.guid)
        yield Finding("guid", message, say("delete the line: podfeed makes one and keeps it"))


def is_uuid(text: str) -> bool:
    """Whether *text* is a UUID in its usual spelling."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


@rule(Config, "error", source="podcast namespace: guid", codes="SH026")
def show_guid_shared(config: Config, context: Context) -> Iterator[Finding]:
    """Two shows have the same guid: to the Podcast Index they would be one.

    Bad:
        # config.yaml
        shows: {radio: {guid: 9b024349-ccf0-5f69-a609-6b82873eab3c}, news: {guid: 9b024349-ccf0-5f69-a609-6b82873eab3c}}

    Good:
        # config.yaml
        shows: {radio: {guid: 9b024349-ccf0-5f69-a609-6b82873eab3c}, news: {guid: 917393e3-1b1e-5cef-ace4-edaa54e1f810}}
    """
    owners: dict[str, str] = {}
    for id, show in config.shows.items():
        published = context.lock.shows.get(id)
        guid = show.guid or (published.guid if published else "")
        other = owners.setdefault(guid, id) if guid else id
        if other != id:
            message = say("the show “{show}” has the same guid, “{guid}”", show=other, guid=guid)
            yield Finding(f"shows.{id}.guid", message, say("give each its own: podfeed makes one where there is none"))


# --------------------------------------------------------------------------------------- what goes out


@rule(Show, "error", source="podcasters.apple.com/support/823", codes="SH031")
def show_without_episodes(show: Show, context: Context) -> Iterator[Finding]:
    """A show would have no episode in its feed; directories refuse an empty feed.

    Bad:
        draft: true

    Good:
        draft: false
    """
    episodes = [episode for episode in context.episodes.get(show.id, ()) if not context.is_article(episode)]
    if not any(context.is_public(episode) for episode in episodes):
        hint = (
            say("finish an episode that is due; directories refuse an empty feed")
            if episodes or not show.match
            else say("look at “match”: no file with audio fits it; directories refuse an empty feed")
        )
        yield Finding("", _waiting(len(episodes), sum(episode.is_draft for episode in episodes)), hint)


def _waiting(count: int, drafts: int) -> str:
    """That none of *count* episodes is public, and why."""
    others = count - drafts
    if drafts and others:
        return say(
            "no episode is public now: {drafts} draft, {others} not due, or faulty", drafts=drafts, others=others
        )
    if drafts:
        return say_many(
            "no episode is public now: {count} draft", "no episode is public now: {count} drafts", count=drafts
        )
    return (
        say("no episode is public now: {count} not due, or faulty", count=others)
        if others
        else say("no episode is public now")
    )


@rule(Show, "warning", source=f"{_APPLE}: itunes:block; podcast namespace: block", codes="SH020")
def show_blocked(show: Show, context: Context) -> Iterator[Finding]:
    """A show or an episode is kept out of Apple's directory or from a platform. That is easily forgotten after a test.

    Bad:
        # config.yaml
        block: true

    Good:
        # config.yaml
        block: false
    """
    hint = say("delete the line to show it again")
    if show.block:
        yield Finding("block", say("the show is hidden from Apple Podcasts"), hint)
    for service, is_blocked in show.block_services.items():
        if is_blocked:
            yield Finding(f"block_services.{service}", say("the show is hidden from “{name}”", name=service), hint)
    for episode in context.episodes.get(show.id, ()):
        if episode.block and not episode.is_draft:
            message = say("the episode is hidden from Apple Podcasts")
            yield Finding("block", message, hint, path=episode.path)


@rule(Show, "warning", source=f"{_APPLE}: itunes:complete", codes="SH019")
def show_complete(show: Show, context: Context) -> Iterator[Finding]:
    """A show is marked as complete: Apple stops looking for new episodes, for good.

    Bad:
        # config.yaml
        complete: true

    Good:
        # config.yaml
        complete: false
    """
    if show.complete and not _next_release(show, context):
        message = say("the show is marked as complete; Apple does not look for new episodes any more")
        yield Finding("complete", message, say("delete the line if more will come"))


@rule(Show, "error", source=f"{_APPLE}: itunes:complete", codes="SH019")
def show_complete_too_early(show: Show, context: Context) -> Iterator[Finding]:
    """A show is marked as complete, and an episode is still to come: Apple would not find it.

    Bad:
        # config.yaml
        complete: true
        # episodes/2.md
        title: Waves
        date: 2099-01-01 05:00:00 +0900
        audio_file_path: /audio/other.mp3

    Good:
        # config.yaml
        complete: true
        # episodes/2.md
        title: Waves
        date: 2025-06-09 05:00:00 +0900
        audio_file_path: /audio/other.mp3
    """
    episode = _next_release(show, context) if show.complete else None
    if episode:
        message = say("the show is marked as complete, and “{path}” is still to go out", path=episode.path)
        yield Finding("complete", message, say("delete the line until the last episode is out"))


def _next_release(show: Show, context: Context) -> Episode | None:
    """The first file of *show* with an episode that is scheduled."""
    return next(
        (
            episode
            for episode in context.episodes.get(show.id, ())
            if episode.date and episode.date > context.now and not episode.is_draft
            if not context.is_article(episode) and not context.is_public(episode)
        ),
        None,
    )
