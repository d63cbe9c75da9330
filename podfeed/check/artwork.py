"""Rules about covers and episode pictures, judged by what the file says about itself."""

import posixpath
from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import ArtworkFacts, Episode, Show
from podfeed.read.folder import is_remote

_APPLE = "podcasters.apple.com/support/896"
_ENDINGS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}

#: Pictures that pages may show; SVG is left out, for it can hold scripts.
SHOWN_ON_PAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")

# Every rule about a picture holds for a show's cover and for an episode's own: one function looks at both.
_Pictured = Show | Episode


def _field(subject: _Pictured) -> str:
    return "artwork" if isinstance(subject, Show) else "image_url"


def _picture(subject: _Pictured, context: Context) -> ArtworkFacts | None:
    """The facts of a picture that could be read."""
    facts = context.artwork(subject.artwork)
    return facts if facts and not facts.trouble and facts.width else None


@rule(Show, "error", source=_APPLE, codes="SH012")
def artwork_missing(show: Show, context: Context) -> Iterator[Finding]:
    """A show has no cover picture.

    Bad:
        # config.yaml
        artwork:

    Good:
        # config.yaml
        artwork: artwork/cover.jpg
    """
    if not show.artwork:
        yield Finding(
            "artwork", "the show has no cover picture", "add “artwork: …”, a square JPEG of 3000 × 3000 pixels"
        )


@rule(Show, "error", source=_APPLE, codes="IM001")
@rule(Episode, "error", source=_APPLE, codes="IM001")
def artwork_file_missing(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is not there, in exactly that spelling.

    Bad:
        image_url: /artwork/nowhere.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    lost = context.lost.get(subject.artwork)
    if lost and lost.why == "absent":
        hint = (
            f"write “/{lost.near}”, with these capital letters"
            if lost.near
            else "check folder, name and capital letters"
        )
        yield Finding(_field(subject), f"“{subject.artwork}” is not there", hint)


@rule(Show, "error", source=_APPLE, codes="IM001")
@rule(Episode, "error", source=_APPLE, codes="IM001")
def artwork_unreadable(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture cannot be decoded, or is larger than podfeed opens.

    Bad:
        image_url: /artwork/cut.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = context.artwork(subject.artwork)
    if facts and facts.trouble and facts.mime_type in (*_ENDINGS.values(), ""):
        yield Finding(
            _field(subject), f"“{subject.artwork}” cannot be used: {facts.trouble}", "export it again as JPEG"
        )


@rule(Show, "error", source=_APPLE, codes="IM002")
@rule(Episode, "error", source=_APPLE, codes="IM002")
def artwork_format_unsupported(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is neither JPEG nor PNG.

    Bad:
        image_url: /artwork/picture.gif

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = context.artwork(subject.artwork)
    if facts and facts.mime_type and facts.mime_type not in _ENDINGS.values():
        message = f"“{subject.artwork}” is {facts.mime_type}; podcast apps show JPEG and PNG"
        yield Finding(_field(subject), message, "export it as JPEG")


@rule(Show, "error", source=_APPLE, codes="IM003")
@rule(Episode, "error", source=_APPLE, codes="IM003")
def artwork_type_mismatch(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is not what its name says. Apple stops updating shows over this.

    Bad:
        image_url: /artwork/renamed.png

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    ending = posixpath.splitext(subject.artwork)[1].lower()
    if facts and facts.mime_type in _ENDINGS.values() and _ENDINGS.get(ending) != facts.mime_type:
        right = ".jpg" if facts.mime_type == "image/jpeg" else ".png"
        message = f"“{subject.artwork}” is {facts.mime_type}, but its name ends in “{ending}”"
        yield Finding(_field(subject), message, f"rename it to end in {right}")


@rule(Show, "error", source=_APPLE, codes="IM004")
@rule(Episode, "error", source=_APPLE, codes="IM004")
def artwork_not_square(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is not square. An episode's picture that is not square serves its page; the show's serves apps.

    Bad:
        image_url: /artwork/wide.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.width != facts.height:
        message = f"“{subject.artwork}” is {facts.width}×{facts.height} pixels, not square"
        yield Finding(_field(subject), message, "crop it to a square")


@rule(Show, "error", source=_APPLE, codes="IM005")
@rule(Episode, "error", source=_APPLE, codes="IM005")
def artwork_too_small(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is smaller than 1400 pixels.

    Bad:
        image_url: /artwork/small.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.width == facts.height and facts.width < 1400:
        message = f"“{subject.artwork}” is {facts.width} pixels wide; Apple wants 1400 to 3000"
        yield Finding(_field(subject), message, "export it at 3000 × 3000 pixels")


@rule(Show, "error", source=_APPLE, codes="IM005")
@rule(Episode, "error", source=_APPLE, codes="IM005")
def artwork_too_large(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is larger than 3000 pixels.

    Bad:
        image_url: /artwork/huge.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.width == facts.height and facts.width > 3000:
        message = f"“{subject.artwork}” is {facts.width} pixels wide; Apple wants 1400 to 3000"
        yield Finding(_field(subject), message, "export it at 3000 × 3000 pixels")


@rule(Show, "error", source=_APPLE, codes="IM006")
@rule(Episode, "error", source=_APPLE, codes="IM006")
def artwork_colour_mode(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is made for print: CMYK instead of RGB.

    Bad:
        image_url: /artwork/print.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.mode in ("CMYK", "YCCK", "LAB"):
        yield Finding(_field(subject), f"“{subject.artwork}” is {facts.mode}, not RGB", "export it as RGB, 8 bits")


@rule(Show, "error", source=_APPLE, codes="IM007")
@rule(Episode, "error", source=_APPLE, codes="IM007")
def artwork_transparent(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture has transparency.

    Bad:
        image_url: /artwork/alpha.png

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.has_transparency:
        yield Finding(_field(subject), f"“{subject.artwork}” has transparency", "flatten it onto a background")


@rule(Show, "error", source="help.apple.com/itc/podcasts_connect: itunes:image", codes="IM011")
@rule(Episode, "error", source="help.apple.com/itc/podcasts_connect: itunes:image", codes="IM011")
def artwork_address_invalid(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture's address ends in neither .jpg nor .png, or is no https address.

    Bad:
        image_url: https://pictures.podfeed.example/show?id=7

    Good:
        image_url: /artwork/cover.jpg
    """
    ending = posixpath.splitext(subject.artwork.split("?")[0])[1].lower()
    if subject.artwork and ending not in _ENDINGS and not context.artwork(subject.artwork):
        yield Finding(
            _field(subject),
            f"“{subject.artwork}” cannot be used as artwork: it does not end in .jpg, .jpeg or .png",
            "put the file into the project, or give an address that ends in .jpg or .png",
        )


@rule(Show, "error", codes="IM011")
def artwork_not_measured(show: Show, context: Context) -> Iterator[Finding]:
    """A show's cover lies elsewhere on the web and nobody has measured it.

    Bad:
        # config.yaml
        artwork: https://pictures.podfeed.example/cover.jpg

    Good:
        # config.yaml
        artwork: artwork/cover.jpg
    """
    if is_remote(show.artwork) and not context.artwork(show.artwork):
        message = f"nobody has measured “{show.artwork}”"
        yield Finding("artwork", message, "put the picture into the project")


@rule(Episode, "info", codes="IM011")
def artwork_replaced_by_shows(episode: Episode, context: Context) -> Iterator[Finding]:
    """An episode's picture lies elsewhere on the web and nobody has measured it: apps get the show's.

    Bad:
        image_url: https://pictures.podfeed.example/episode.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    picture = episode.artwork or episode.thumbnail
    if is_remote(picture) and not context.artwork(picture):
        field = "image_url" if episode.artwork else "thumbnail_url"
        message = f"nobody has measured “{picture}”, so apps show the show's cover"
        yield Finding(field, message, "nothing to do, or put the picture into the project")


@rule(Show, "warning", source=f"{_APPLE}: a new picture needs a new name", codes="IM012")
@rule(Episode, "warning", source=f"{_APPLE}: a new picture needs a new name", codes="IM012")
def artwork_replaced(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """The bytes of a published picture changed. It goes out under a new name, so that apps notice.

    Bad:
        image_url: /artwork/cover.jpg
        # podfeed.lock
        name {"path": "artwork/cover.jpg", "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}

    Good:
        image_url: /artwork/cover.jpg
    """
    facts, known = context.artwork(subject.artwork), context.lock.names.get(subject.artwork)
    if facts and known and facts.sha256 != known:
        message = f"“{subject.artwork}” has other bytes than were published; it goes out as “….{facts.sha256[:8]}.…”"
        yield Finding(_field(subject), message, "nothing to do if this is meant")


@rule(Episode, "error", source="a page must not name a picture that is not there")
def artwork_thumbnail_unusable(episode: Episode, context: Context) -> Iterator[Finding]:
    """The picture for pages and social cards is not there, or is no picture that browsers show.

    Bad:
        thumbnail_url: /artwork/nowhere.jpg

    Good:
        thumbnail_url: /artwork/wide.jpg
    """
    if problem := picture_problem(episode.thumbnail, context):
        yield Finding(
            "thumbnail_url",
            f"“{episode.thumbnail}” cannot be shown: {problem}",
            "export it as JPEG, or correct the path",
        )


def picture_problem(path: str, context: Context) -> str:
    """Why the picture at *path* cannot be shown on a page, as a sentence part; nothing when it can."""
    if path in context.lost:
        return "it is not there"
    facts = context.artwork(path)
    if facts is None or facts.origin != "measured":
        return ""
    if facts.mime_type not in SHOWN_ON_PAGES:
        return f"it is {facts.mime_type}" if facts.mime_type else "it is no picture"
    # Only JPEG and PNG are looked into; of the others it is enough that they are pictures.
    return facts.trouble if facts.mime_type in _ENDINGS.values() else ""
