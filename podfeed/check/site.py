"""Rules about the addresses of the whole project."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import SplitResult

from podfeed.check.registry import Context, rule, told_by_reader
from podfeed.check.tag import short
from podfeed.diagnostics import Finding
from podfeed.model import Config
from podfeed.read.folder import is_remote, split_address
from podfeed.render.addresses import remote_url
from podfeed.words import say


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
    # A file without shows has a graver fault, which is told elsewhere: perhaps nothing in it could be read.
    if not config.site and config.shows and "site" not in config.faulty:
        yield Finding("site", say("config.yaml does not say where the site will be"), say("add “site: https://…”"))
    for name, address in _addresses(config).items():
        if address and not (is_loopback(address) and is_loopback(config.site)) and (problem := _problem(address)):
            message = say("“{address}” cannot be the address of the site: {problem}", address=address, problem=problem)
            yield Finding(name, message, say("write the public https://… address"))


def _addresses(config: Config) -> dict[str, str]:
    """What the addresses in feeds and pages begin with, by the setting."""
    return {"site": config.site, "media": config.media}


def _problem(address: str) -> str:
    if not address.lower().startswith("https://"):
        return say("it does not begin with https://")
    if "?" in address or "#" in address:
        return say("it has a “?” or “#”")
    return address_problem(address)


def insecure_fault(address: str) -> tuple[str, str] | None:
    """What is wrong with *address* and what to do, unless it is an https address."""
    if address.lower().startswith("https://"):
        return None
    return say("“{url}” is no https address", url=short(address)), say("write it in full: https://…")


def address_problem(address: str) -> str:
    """Why nobody, or not everybody, can open *address*, as a sentence; empty when nothing speaks against it."""
    parts = split_address(address)
    host = parts.hostname or ""
    if not is_remote(address) or not host:
        return say("it is no address")
    if secret := secret_in(parts):
        return say("it holds “{secret}”, which is private or expires", secret=secret)
    if is_reserved(host):
        return say("it is the address of examples")
    if "." not in host or _is_number(host) or host.endswith(_NEVER_PUBLIC):
        return say("it has no public host name")
    return ""


#: Endings of host names that mean nothing to other people's computers. Source: RFC 2606, RFC 6762, RFC 8375.
_NEVER_PUBLIC = (".home.arpa", ".internal", ".invalid", ".local", ".localhost", ".test")
#: Parts of a query that open what is closed, or that expire.
_SECRETS = ("access_token", "expires", "sig", "signature", "token", "x-amz-signature", "x-goog-signature")


def secret_in(address: SplitResult) -> str:
    """What in *address* must not be public or will not last, as ``token``; empty when there is none."""
    if "@" in address.netloc:
        return say("a user name or password")
    names = (part.partition("=")[0].lower() for part in address.query.split("&"))
    return next((name for name in names if name in _SECRETS), "")


def private_in(reference: str) -> str:
    """The same in *reference*, a project path or an absolute URL."""
    return secret_in(split_address(reference)) if is_remote(reference) else ""


def is_reserved(host: str) -> bool:
    """Whether *host* is a name for examples, where nobody is at home. Source: RFC 2606, section 3."""
    return f".{host}".endswith((".example.com", ".example.net", ".example.org"))


@rule(
    Config, "error", source="podcasters.apple.com/support/823; W3C Feed Validator: InvalidURLAttribute", codes="SH014"
)
def site_address_not_ascii(config: Config, context: Context) -> Iterator[Finding]:
    """The address of the site has letters that addresses in feeds cannot hold.

    Bad:
        # config.yaml
        site: https://ラジオ.podfeed.example

    Good:
        # config.yaml
        site: https://xn--kck1a0k.podfeed.example
    """
    for name, address in _addresses(config).items():
        if not address.isascii():
            message = say("“{address}” has letters that addresses in feeds cannot hold", address=address)
            yield Finding(name, message, say("write “{address}”", address=_in_ascii(address)))


def _in_ascii(address: str) -> str:
    """*address* as browsers send it."""
    host = split_address(address).netloc
    try:
        return remote_url(address.replace(host, host.encode("idna").decode("ascii"), 1))
    except UnicodeError:
        return remote_url(address)


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
        message = say("“{address}” is this very machine", address=config.site)
        yield Finding("site", message, say("write the public address before you publish"))


def is_loopback(address: str) -> bool:
    """Whether *address* is on this machine: a test or a preview, where https and a public name are not to be had."""
    host = split_address(address).hostname or ""
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
