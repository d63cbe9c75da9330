"""Rules about what the public gets of a show, told by `podfeed verify` and `podfeed doctor`."""

from podfeed.check.registry import told_by_reader

_APPLE = "podcasters.apple.com: podcast hosting requirements"
_PAGES = "podcasters.apple.com: hosting requirements; help of Spotify"


@told_by_reader("error", source=_APPLE, codes="HT001")
def server_feed_wrong() -> None:
    """The public does not get the feed that was published.

    It asks for a password, gives something else, or is an old one that a cache should have dropped. Apps show what they
    get: purge the cache, or make the object public.
    """


@told_by_reader("warning", source="W3C Feed Validator: UnexpectedContentType, EncodingMismatch", codes="HT007")
def server_feed_type_wrong() -> None:
    """A feed comes with a type that only some readers take for a feed, or with another charset than it is written in.

    Set its Content-Type to ``application/rss+xml; charset=utf-8``.
    """


@told_by_reader("error", source=_APPLE, codes="HT010 HT014")
def server_file_unreachable() -> None:
    """The public does not get a file that the feed names.

    Nobody can play, see or read it. Make the object public, and look at what stands between it and the public.
    """


@told_by_reader("error", source=_PAGES, codes="HT002")
def server_certificate_invalid() -> None:
    """The certificate of a server cannot be trusted: apps open no connection to it."""


@told_by_reader("warning", source=_PAGES, codes="HT002")
def server_certificate_expiring() -> None:
    """The certificate of a server ends in less than 14 days, so whatever renews it has stopped doing so."""


@told_by_reader("warning", source=_PAGES, codes="HT002")
def server_not_secure() -> None:
    """A file is served over http, where anybody on the way can change it; some apps and directories refuse that."""


@told_by_reader("error", source=_APPLE, codes="HT003")
def server_head_missing() -> None:
    """A server does not answer HEAD, by which Apple learns how large a file is before it asks for it."""


@told_by_reader("error", source=_APPLE, codes="HT004 HT019")
def server_range_missing() -> None:
    """A server gives a file only whole: nobody can jump to its middle, and Apple takes no such show.

    Turn on byte ranges where the public asks, at the CDN too.
    """


@told_by_reader("error", source="RSS 2.0: enclosure", codes="HT005")
def server_length_wrong() -> None:
    """A server gives a file of another length than the feed says.

    It is not the file that was published: look at what stands between the store and the public.
    """


@told_by_reader("error", source="podcasters.apple.com: podcast RSS feed requirements", codes="HT006 HT014 HT019")
def server_type_wrong() -> None:
    """A file comes with another Content-Type than it has: apps play no audio that calls itself a web page."""


@told_by_reader("error", source="podcasters.apple.com: podcast RSS feed requirements", codes="HT009")
def server_medium_packed() -> None:
    """A server packs media (gzip, br): then byte ranges count other bytes, and playing from the middle breaks."""


@told_by_reader("warning", source=_PAGES, codes="HT008")
def server_not_modified_missing() -> None:
    """A server sends a whole feed to apps that have it already.

    Each asks many times a day. Keep ETag or Last-Modified, and answer 304 to If-None-Match.
    """


@told_by_reader("info", source="W3C Feed Validator: Uncompressed", codes="HT009")
def server_feed_unpacked() -> None:
    """A large feed comes as it is to apps that asked for it packed; turn on compression for feeds at the CDN."""


@told_by_reader("warning", source="W3C Feed Validator: TempRedirect", codes="HT011")
def server_redirected() -> None:
    """An address leads on more than three times, or a feed has moved only for a while: some apps give up on that."""


@told_by_reader("error", source=_PAGES, codes="HT012")
def server_bot_wall() -> None:
    """A server refuses the programs by which directories and apps fetch a show, though it answers others.

    Podcasts are fetched by programs: take feed and media out of whatever keeps bots away.
    """


@told_by_reader("error", source=_PAGES, codes="HT012")
def server_robots_forbidden() -> None:
    """The robots.txt of a server forbids programs to fetch the feed or its media, and directories heed that."""


@told_by_reader("warning", source="podcast namespace: transcript (CORS)", codes="HT013 HT019")
def server_cors_missing() -> None:
    """Players on web pages may not read a feed, a transcript or chapters.

    Add the CORS rule that `podfeed doctor` prints to the bucket, and let the CDN pass its headers on.
    """


@told_by_reader("warning", codes="HT016")
def server_caching_wrong() -> None:
    """What changes may be kept for too long, or what never changes is not kept.

    Feeds and pages may be kept for at most fifteen minutes: else a new episode comes late. Media keep their name only
    as long as they keep their bytes, and may be kept for a year.
    """


@told_by_reader("warning", source="podcasters.apple.com: podcast RSS feed requirements", codes="HT017")
def server_link_broken() -> None:
    """The link of a show leads to a page that does not answer."""


@told_by_reader("warning")
def server_listing_open() -> None:
    """Anybody may list what is in the bucket, and so see what goes up before its feed is there."""
