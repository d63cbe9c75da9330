"""Rules about the platforms a show is kept from."""

from collections.abc import Iterator

from podfeed.check.namespace import services
from podfeed.check.registry import Context, rule
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Show
from podfeed.read.fields import suggestion
from podfeed.words import say


@rule(Show, "warning", source="podcast namespace: block; service slugs", codes="SH020")
def service_unknown(show: Show, context: Context) -> Iterator[Finding]:
    """``block_services`` names a platform by a word that no platform has, so nobody heeds it.

    Bad:
        # config.yaml
        block_services: {apple-podcasts: true}

    Good:
        # config.yaml
        block_services: {apple: true}
    """
    for service in show.block_services:
        if service not in services():
            yield Finding(f"block_services.{service}", *service_fault(service))


# --------------------------------------------------------------------------------------- for feeds too


def service_fault(service: str) -> tuple[str, str]:
    """What is wrong with *service*, which no platform is called, and what to do."""
    message = say("“{service}” is no platform the podcast namespace knows", service=short(service))
    guess = suggestion(service.lower(), services()) or next(
        (each for each in sorted(services()) if service.lower().startswith(each)), ""
    )
    hint = say("write “{word}”", word=guess) if guess else say("take one of the list serviceslugs.txt")
    return message, hint
