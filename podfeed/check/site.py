"""Rules about the addresses of the whole project."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import Config


@rule(Config, "error", source="podcasters.apple.com/support/823; RSS 2.0: link", codes="SH014 SH015")
def site_address_invalid(config: Config, context: Context) -> Iterator[Finding]:
    """The address of the site, from which every other is made, is missing or not public.

    Bad:
        # config.yaml
        site: http://example.com

    Good:
        # config.yaml
        site: https://radio.podfeed.example
    """
    if not config.site:
        yield Finding("site", "config.yaml does not say where the site will be", "add “site: https://…”")
    for name, address in (("site", config.site), ("media", config.media)):
        problem = _problem(address) if address and not is_loopback(address) else ""
        if problem:
            yield Finding(
                name, f"“{address}” cannot be the address of the site: {problem}", "write the public https://… address"
            )


@rule(Config, "info", codes="SH014")
def site_address_local(config: Config, context: Context) -> Iterator[Finding]:
    """The site is on this very machine: good for trying out, and nothing to publish.

    Bad:
        # config.yaml
        site: http://127.0.0.1:8000

    Good:
        # config.yaml
        site: https://radio.podfeed.example
    """
    if is_loopback(config.site):
        yield Finding("site", f"“{config.site}” is this very machine", "write the public address before you publish")


def _problem(address: str) -> str:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "it is no address"
    if parts.scheme != "https":
        return "it does not begin with https://"
    if parts.username or parts.password:
        return "it holds a user name or password"
    if parts.query or parts.fragment:
        return "it has a “?” or “#”"
    if "." not in host or _is_number(host):
        return "it has no public host name"
    if host in ("example.com", "www.example.com"):
        return "it is the address of examples"
    return ""


def is_loopback(address: str) -> bool:
    """Whether *address* is on this machine: a test or a preview, where https and a public name are not to be had."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@told_by_reader("error", codes="SH032")
def site_timezone_unknown() -> None:
    """A time zone is none the machine knows.

    Bad:
        # config.yaml
        timezone: Japan Standard Time

    Good:
        # config.yaml
        timezone: Asia/Tokyo
    """
