"""Rules about a show as config.yaml describes it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from uuid import UUID

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Show
from podfeed.read.fields import suggestion
from podfeed.read.folder import is_remote

_APPLE = "help.apple.com/itc/podcasts_connect"
_CATEGORIES = "podcasters.apple.com/support/1691"


@lru_cache(maxsize=1)
def apple_categories() -> Mapping[str, tuple[str, ...]]:
    """Apple's categories with their subcategories, in the exact spelling. Source: podcasters.apple.com/support/1691."""
    text = resources.files("podfeed.check").joinpath("apple-categories.json").read_text("utf-8")
    return {name: tuple(below) for name, below in json.loads(text)["categories"].items()}


@lru_cache(maxsize=1)
def _retired() -> Mapping[str, str]:
    """Categories Apple withdrew in 2019, with the present one nearest in meaning."""
    text = resources.files("podfeed.check").joinpath("apple-categories.json").read_text("utf-8")
    return {str(name): str(successor) for name, successor in json.loads(text)["retired"].items()}


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
    """A show has no title, or one of more than 255 characters.

    Bad:
        # config.yaml
        title:

    Good:
        # config.yaml
        title: Harbour Radio
    """
    if not show.title:
        yield Finding("title", "the show has no title", "add “title: …”")
    elif len(show.title) > 255:
        yield Finding("title", f"the show's title has {len(show.title)} characters; the limit is 255", "shorten it")


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
    if not show.description:
        yield Finding("description", "the show has no description", "add two or three sentences")


@rule(Show, "error", source=f"{_APPLE}: description, 4000 bytes", codes="SH005")
def show_description_too_long(show: Show, context: Context) -> Iterator[Finding]:
    """A show's description has more than 4000 bytes: about 1300 Japanese characters."""
    size = len(show.description.encode("utf-8", "surrogatepass"))
    if size > 4000:
        yield Finding("description", f"the show's description has {size} bytes; the limit is 4000", "shorten it")


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
        yield Finding("language", "the show names no language", "add “language: ja”, or en, en-gb, …")
    elif not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", show.language):
        message = f"“{show.language}” is not a language code"
        yield Finding("language", message, "write two letters, as ja, en or en-gb")


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
    if not show.categories:
        yield Finding("categories", "the show has no category", "add “categories: [Technology]”, or another of Apple's")


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


@rule(Show, "error", source=_CATEGORIES, codes="SH007 SH009")
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
        if category.name in apple_categories():
            continue
        folded = {name.casefold(): name for name in apple_categories()}
        guess = folded.get(category.name.casefold()) or suggestion(category.name, apple_categories(), within=3)
        guess = guess or _retired().get(category.name, "")
        parent = next((name for name, below in apple_categories().items() if category.name in below), "")
        hint = (
            f"write “{parent}: {category.name}”" if parent else f"write “{guess}”" if guess else "choose one of Apple's"
        )
        yield Finding(f"categories.{number}", f"“{category.name}” is not one of Apple's categories", hint)


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
        below = apple_categories().get(category.name)
        if below is None or not category.subcategory or category.subcategory in below:
            continue
        parent = next((name for name, subs in apple_categories().items() if category.subcategory in subs), "")
        guess = suggestion(category.subcategory, frozenset(below), within=3)
        right = (
            f"{parent}: {category.subcategory}" if parent else f"{category.name}: {guess}" if guess else category.name
        )
        message = f"“{category.subcategory}” is no subcategory of “{category.name}”"
        yield Finding(f"categories.{number}", message, f"write “{right}”")


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
    if show.explicit is None and f"shows.{show.id}.explicit" not in context.config.faulty:
        yield Finding("explicit", "the show does not say whether it is explicit", "add “explicit: false”, or true")


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
    if not show.author:
        yield Finding("author", "the show names no author", "add “author: …”; apps print it below the title")


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
def show_notes_budget_invalid() -> None:
    """``notes_budget`` is not a number of bytes.

    Bad:
        # config.yaml
        notes_budget: lots

    Good:
        # config.yaml
        notes_budget: 2000000
    """


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
        message = f"the show's guid “{show.guid}” is no UUID"
        yield Finding("guid", message, "delete the line: podfeed makes one and keeps it")


def is_uuid(text: str) -> bool:
    """Whether *text* is a UUID in its usual spelling."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


@rule(Show, "error", source="W3C Feed Validator: InvalidContact", codes="SH018")
def show_owner_email_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The owner's e-mail is not one bare address.

    Bad:
        # config.yaml
        owner: {name: Ada, email: Ada <ada@radio.podfeed.example>}

    Good:
        # config.yaml
        owner: {name: Ada, email: ada@radio.podfeed.example}
    """
    if show.owner_email and not re.fullmatch(r"[^\s@<>:,]+@[^\s@<>:,]+\.[^\s@<>:,]+", show.owner_email):
        yield Finding("owner.email", f"“{show.owner_email}” is no e-mail address", "write name@host and nothing else")


@rule(Show, "info", source="Spotify and YouTube mail a code there", codes="SH017")
def show_owner_email_missing(show: Show, context: Context) -> Iterator[Finding]:
    """No e-mail is in the feed, so Spotify and YouTube cannot verify that a show is yours.

    Bad:
        # config.yaml
        owner: {name: Ada}

    Good:
        # config.yaml
        owner: {name: Ada, email: ada@radio.podfeed.example}
    """
    if not show.owner_email:
        hint = "add “owner: {name: …, email: …}” while you claim the show"
        yield Finding("owner", "no e-mail is in the feed to claim the show with", hint)


@rule(Show, "error", source="podcast namespace: funding", codes="SH024")
def show_funding_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """A way to support a show has no https address, or no words.

    Bad:
        # config.yaml
        funding: [{url: patreon, text: Support us}]

    Good:
        # config.yaml
        funding: [{url: https://support.podfeed.example/, text: Support us}]
    """
    for number, funding in enumerate(show.funding):
        if not funding.url.startswith("https://") or not 1 <= len(funding.text) <= 128:
            message = f"“{funding.url or funding.text}” cannot be used as a way to support the show"
            yield Finding(f"funding.{number}", message, "write “{url: https://…, text: Support the show}”")


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
        drafts = sum(episode.is_draft for episode in episodes)
        counts = [(drafts, "draft"), (len(episodes) - drafts, "not due, or faulty")]
        waiting = ", ".join(f"{count} {words}" for count, words in counts if count)
        message = "no episode is public now" + (f": {waiting}" if waiting else "")
        yield Finding("", message, "finish an episode that is due; directories refuse an empty feed")


@rule(Show, "error", source="help.apple.com/itc/podcasts_connect: itunes:new-feed-url", codes="FD042")
def show_new_feed_url_invalid(show: Show, context: Context) -> Iterator[Finding]:
    """The new address of a show is no address.

    Bad:
        # config.yaml
        new_feed_url: feed.xml

    Good:
        # config.yaml
        new_feed_url: https://radio.podfeed.example/radio/feed.xml
    """
    for name, value in (("new_feed_url", show.new_feed_url), ("link", show.link)):
        if value and not is_remote(value):
            yield Finding(name, f"“{value}” is no address", "write it in full: https://…")
