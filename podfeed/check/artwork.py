"""Rules about covers and episode pictures, judged by what the file says about itself."""

import posixpath
from collections.abc import Iterator

from podfeed.check.registry import Context, rule
from podfeed.diagnostics import Finding
from podfeed.model import ArtworkFacts, Episode, Show
from podfeed.read.folder import is_remote
from podfeed.words import say, say_many

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
        hint = say("add “artwork: …”, a square JPEG of 3000 × 3000 pixels")
        yield Finding("artwork", say("the show has no cover picture"), hint)


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
            say("write “/{near}”, with these capital letters", near=lost.near)
            if lost.near
            else say("check folder, name and capital letters")
        )
        yield Finding(_field(subject), say("“{picture}” is not there", picture=subject.artwork), hint)


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
        message = say("“{picture}” cannot be used: {trouble}", picture=subject.artwork, trouble=facts.trouble)
        yield Finding(_field(subject), message, say("export it again as JPEG"))


@rule(Show, "error", source=_APPLE, codes="IM002")
@rule(Episode, "error", source=_APPLE, codes="IM002")
def artwork_format_unsupported(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is neither JPEG nor PNG, or a PNG that moves.

    Bad:
        image_url: /artwork/picture.gif

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = context.artwork(subject.artwork)
    if facts and facts.mime_type and facts.mime_type not in _ENDINGS.values():
        message = say(
            "“{picture}” is {kind}; podcast apps show JPEG and PNG", picture=subject.artwork, kind=facts.mime_type
        )
        yield Finding(_field(subject), message, say("export it as JPEG"))
    elif facts and facts.is_animated:
        message = say("“{picture}” is animated; podcast apps show a single picture", picture=subject.artwork)
        yield Finding(_field(subject), message, say("export it as JPEG"))


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
        message = say(
            "“{picture}” is {kind}, but its name ends in “{ending}”",
            picture=subject.artwork,
            kind=facts.mime_type,
            ending=ending,
        )
        yield Finding(_field(subject), message, say("rename it to end in {ending}", ending=right))


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
        message = say(
            "“{picture}” is {width}×{height} pixels, not square",
            picture=subject.artwork,
            width=facts.width,
            height=facts.height,
        )
        yield Finding(_field(subject), message, say("crop it to a square"))


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
        yield _of_wrong_size(subject, facts)


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
        yield _of_wrong_size(subject, facts)


def _of_wrong_size(subject: _Pictured, facts: ArtworkFacts) -> Finding:
    message = say(
        "“{picture}” is {width} pixels wide; Apple wants 1400 to 3000", picture=subject.artwork, width=facts.width
    )
    return Finding(_field(subject), message, say("export it at 3000 × 3000 pixels"))


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
        message = say("“{picture}” is {mode}, not RGB", picture=subject.artwork, mode=facts.mode)
        yield Finding(_field(subject), message, say("export it as RGB, 8 bits"))


@rule(Show, "warning", source=_APPLE, codes="IM006")
@rule(Episode, "warning", source=_APPLE, codes="IM006")
def artwork_colours_doubtful(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture has only greys or a palette, or 16 bits to a colour; podcast apps expect RGB with 8.

    Bad:
        image_url: /artwork/grey.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if not facts:
        return
    if facts.mode.endswith(";16"):
        message = say("“{picture}” has 16 bits to a colour; podcast apps expect 8", picture=subject.artwork)
    elif facts.mode in ("P", "PA"):
        message = say(
            "“{picture}” has a palette of at most 256 colours; podcast apps expect RGB", picture=subject.artwork
        )
    elif facts.mode in ("1", "L", "LA", "I"):
        message = say("“{picture}” has only greys; podcast apps expect RGB", picture=subject.artwork)
    else:
        return
    yield Finding(_field(subject), message, say("export it as RGB, 8 bits"))


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
        message = say("“{picture}” has transparency", picture=subject.artwork)
        yield Finding(_field(subject), message, say("flatten it onto a background"))


# The names of sRGB in short forms of its profile, which some sites embed.
_SHORT_SRGB = ("c2", "urgb")


@rule(Show, "warning", codes="IM008")
@rule(Episode, "warning", codes="IM008")
def artwork_profile_unusual(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture brings a colour profile other than sRGB: apps that ignore it show shifted colours.

    Bad:
        image_url: /artwork/profiled.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if not facts or not facts.colour_profile or facts.mode != "RGB":
        return
    name = facts.colour_profile.casefold()
    if "srgb" not in name and name not in _SHORT_SRGB:
        message = say(
            "“{picture}” has the colour profile “{profile}”; only sRGB looks alike everywhere",
            picture=subject.artwork,
            profile=facts.colour_profile,
        )
        yield Finding(_field(subject), message, say("convert it to sRGB"))


@rule(Show, "warning", codes="IM009")
@rule(Episode, "warning", codes="IM009")
def artwork_turned(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is stored sideways, upside down or mirrored, and a note inside says how to turn it; many apps do not.

    Bad:
        image_url: /artwork/sideways.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.orientation != 1:
        message = say(
            "“{picture}” is stored turned (EXIF orientation {orientation})",
            picture=subject.artwork,
            orientation=facts.orientation,
        )
        yield Finding(_field(subject), message, say("save it upright, or export it without EXIF"))


_MUCH_BYTES, _FAR_TOO_MUCH_BYTES = 512_000, 2_000_000


@rule(Show, "warning", codes="IM010")
@rule(Episode, "warning", codes="IM010")
def artwork_loads_slowly(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is a file of more than 2 MB, which apps load for every listener.

    Bad:
        image_url: /artwork/heavy.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _picture(subject, context)
    if facts and facts.size_bytes > _FAR_TOO_MUCH_BYTES:
        message = say(
            "“{picture}” is {size} MB; up to 0.5 MB is usual",
            picture=subject.artwork,
            size=f"{facts.size_bytes / 1e6:.1f}",
        )
        yield Finding(_field(subject), message, say("export it as JPEG of quality 85"))


@rule(Show, "info", codes="IM010")
def artwork_file_large(show: Show, context: Context) -> Iterator[Finding]:
    """Pictures are files of more than 512 KB. Told once for a show.

    Bad:
        image_url: /artwork/large.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    subjects: tuple[_Pictured, ...] = (show, *context.episodes.get(show.id, ()))
    sizes = {
        subject.artwork: facts.size_bytes
        for subject in subjects
        if (facts := _picture(subject, context)) and _MUCH_BYTES < facts.size_bytes <= _FAR_TOO_MUCH_BYTES
    }
    if sizes:
        picture, size = max(sizes.items(), key=lambda each: each[1])
        message = say_many(
            "“{picture}” is {size} KB; up to 512 is usual",
            "{count} pictures are larger than 512 KB, “{picture}” with {size} KB most of all",
            count=len(sizes),
            picture=picture,
            size=round(size / 1000),
        )
        yield Finding("", message, say("export it as JPEG of quality 85"))


@rule(Show, "error", source="help.apple.com/itc/podcasts_connect: itunes:image", codes="IM011")
@rule(Episode, "error", source="help.apple.com/itc/podcasts_connect: itunes:image", codes="IM011")
def artwork_address_invalid(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture's address ends in neither .jpg, .jpeg nor .png.

    Bad:
        image_url: https://pictures.podfeed.example/show?id=7

    Good:
        image_url: /artwork/cover.jpg
    """
    ending = posixpath.splitext(subject.artwork.split("?")[0])[1].lower()
    if subject.artwork and ending not in _ENDINGS and not context.artwork(subject.artwork):
        message = say(
            "“{picture}” cannot be used as artwork: it does not end in .jpg, .jpeg or .png", picture=subject.artwork
        )
        hint = say("put the file into the project, or give an address that ends in .jpg or .png")
        yield Finding(_field(subject), message, hint)


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
        message = say("nobody has measured “{picture}”", picture=show.artwork)
        yield Finding("artwork", message, say("put the picture into the project"))


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
        message = say(
            "nobody has measured “{picture}”, so the feed leaves it out and apps show the show's cover", picture=picture
        )
        yield Finding(field, message, say("nothing to do, or put the picture into the project"))


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
        message = say(
            "“{picture}” has other bytes than were published; it goes out as “….{digest}.…”",
            picture=subject.artwork,
            digest=facts.sha256[:8],
        )
        yield Finding(_field(subject), message, say("nothing to do if this is meant"))


@rule(Episode, "error")
def artwork_thumbnail_unusable(episode: Episode, context: Context) -> Iterator[Finding]:
    """The picture for pages and social cards is not there, or is no picture that browsers show.

    Bad:
        thumbnail_url: /artwork/nowhere.jpg

    Good:
        thumbnail_url: /artwork/wide.jpg
    """
    if problem := picture_problem(episode.thumbnail, context):
        message = say("“{picture}” cannot be shown: {problem}", picture=episode.thumbnail, problem=problem)
        yield Finding("thumbnail_url", message, say("correct the path, or export it as JPEG"))


def picture_problem(path: str, context: Context) -> str:
    """Why the picture at *path* cannot be shown on a page, as a sentence part; nothing when it can."""
    if path in context.lost:
        return say("it is not there")
    facts = context.artwork(path)
    if facts is None or facts.origin != "measured":
        return ""
    if facts.mime_type not in SHOWN_ON_PAGES:
        return say("it is {kind}", kind=facts.mime_type) if facts.mime_type else say("it is no picture")
    # Only JPEG and PNG are looked into; of the others it is enough that they are pictures.
    return facts.trouble if facts.mime_type in _ENDINGS.values() else ""
