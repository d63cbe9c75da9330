"""Rules about covers and episode pictures, judged by what the file says about itself."""

import posixpath
import re
from collections.abc import Iterator

from podfeed.check.address import ending
from podfeed.check.registry import Context, FeedContext, rule, told_by_reader
from podfeed.diagnostics import Finding
from podfeed.model import ArtworkFacts, Episode, Show
from podfeed.read.artwork import is_srgb
from podfeed.read.folder import is_remote
from podfeed.read.xml import Document, Element
from podfeed.render.copies import ENLARGED_FROM, LARGEST, SMALLEST, can_be_mended, is_ready
from podfeed.words import say, say_many

_APPLE = "podcasters.apple.com/support/896"
_ENDINGS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}

#: Pictures that pages may show; SVG is left out, for it can hold scripts.
SHOWN_ON_PAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")

# Every rule about a picture holds for a show's cover and for an episode's own: one function looks at both.
_Pictured = Show | Episode


def _field(subject: _Pictured) -> str:
    return "artwork" if isinstance(subject, Show) else "image_url"


def _has_artwork(subject: _Pictured, context: Context) -> bool:
    return bool(subject.artwork)


def _picture(subject: _Pictured, context: Context) -> ArtworkFacts | None:
    """The facts of a picture that could be read."""
    facts = context.artwork(subject.artwork)
    return facts if facts and not facts.trouble and facts.width else None


def _shape(subject: _Pictured, context: Context) -> ArtworkFacts | None:
    """The same, unless a copy that is filled up to a square goes out in its place and mends what is wrong with it."""
    facts = _picture(subject, context)
    return None if facts and _is_mended(subject, facts) else facts


def _is_mended(subject: _Pictured, facts: ArtworkFacts) -> bool:
    return _is_padded(subject) and not is_ready(facts) and can_be_mended(facts)


def _is_padded(subject: _Pictured) -> bool:
    return isinstance(subject, Show) and bool(subject.artwork_padding)


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


@rule(Show, "error", source=_APPLE, codes="IM001", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM001", given=_has_artwork)
def artwork_file_missing(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is not there, in exactly that spelling.

    Bad:
        image_url: /artwork/nowhere.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    lost = context.lost.get(subject.artwork)
    if lost and lost.why == "absent":
        yield Finding(_field(subject), say("“{picture}” is not there", picture=subject.artwork), lost.hint)


@rule(Show, "error", source=_APPLE, codes="IM001", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM001", given=_has_artwork)
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


@rule(Show, "error", source=_APPLE, codes="IM002", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM002", given=_has_artwork)
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


@rule(Show, "error", source=_APPLE, codes="IM003", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM003", given=_has_artwork)
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


@rule(Show, "error", source=_APPLE, codes="IM004", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM004", given=_has_artwork)
def artwork_not_square(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is not square. An episode's picture that is not square serves its page; the show's serves apps.

    Bad:
        image_url: /artwork/wide.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if facts and facts.width != facts.height and not _is_padded(subject):
        message = say(
            "“{picture}” is {width}×{height} pixels, not square",
            picture=subject.artwork,
            width=facts.width,
            height=facts.height,
        )
        hint = (
            say("crop it to a square, or write “artwork: {{path: {picture}, fit: pad}}”", picture=subject.artwork)
            if isinstance(subject, Show)
            else say("crop it to a square")
        )
        yield Finding(_field(subject), message, hint)


@rule(Show, "error", source=_APPLE, codes="IM005", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM005", given=_has_artwork)
def artwork_too_small(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is smaller than 1400 pixels, or than 700 where ``fit: pad`` scales it up.

    Bad:
        image_url: /artwork/small.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if facts and _is_padded(subject) and max(facts.width, facts.height) < ENLARGED_FROM:
        message = say(
            "“{picture}” is {width}×{height} pixels; “fit: pad” needs {smallest} at one side",
            picture=subject.artwork,
            width=facts.width,
            height=facts.height,
            smallest=ENLARGED_FROM,
        )
        yield Finding(_field(subject), message, say("export it at 3000 × 3000 pixels"))
    elif facts and facts.width == facts.height and facts.width < SMALLEST:
        yield _of_wrong_size(subject, facts)


@rule(Show, "error", source=_APPLE, codes="IM005", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM005", given=_has_artwork)
def artwork_too_large(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is larger than 3000 pixels.

    Bad:
        image_url: /artwork/huge.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if facts and facts.width == facts.height and facts.width > LARGEST:
        yield _of_wrong_size(subject, facts)


def _of_wrong_size(subject: _Pictured, facts: ArtworkFacts) -> Finding:
    message = say(
        "“{picture}” is {width} pixels wide; Apple wants 1400 to 3000", picture=subject.artwork, width=facts.width
    )
    return Finding(_field(subject), message, say("export it at 3000 × 3000 pixels"))


@rule(Show, "info", source=_APPLE, codes="IM004 IM005 IM006 IM007")
def artwork_mended(show: Show, context: Context) -> Iterator[Finding]:
    """A show's cover is not what podcast apps take, and a copy that is goes out in its place.

    With ``fit: pad`` the copy is filled up to a square of 1400 to 3000 pixels, upright, and RGB without transparency.

    Bad:
        # config.yaml
        artwork: {path: artwork/wide.jpg, fit: pad}

    Good:
        # config.yaml
        artwork: {path: artwork/cover.jpg, fit: pad}
    """
    facts = _picture(show, context)
    if facts and _is_mended(show, facts):
        message = say(
            "“{picture}” goes out as a square copy, filled up with #{colour}",
            picture=show.artwork,
            colour=show.artwork_padding,
        )
        yield Finding("artwork", message, say("nothing to do, or crop it to a square of 3000 × 3000 pixels"))


@told_by_reader("error")
def artwork_fit_invalid() -> None:
    """``fit`` says how a cover becomes a square, and takes “keep” or “pad”.

    Bad:
        # config.yaml
        artwork: {path: artwork/cover.jpg, fit: crop}

    Good:
        # config.yaml
        artwork: {path: artwork/cover.jpg, fit: pad}
    """


@told_by_reader("error")
def artwork_background_invalid() -> None:
    """``background`` of a cover is no colour. Without quotes, what begins with ``#`` is a comment in YAML.

    Bad:
        # config.yaml
        artwork: {path: artwork/cover.jpg, fit: pad, background: blue}

    Good:
        # config.yaml
        artwork: {path: artwork/cover.jpg, fit: pad, background: "#102030"}
    """


@told_by_reader("warning")
def artwork_background_unused() -> None:
    """``background`` of a cover has nothing to fill.

    Bad:
        # config.yaml
        artwork: {path: artwork/cover.jpg, background: "#102030"}

    Good:
        # config.yaml
        artwork: {path: artwork/cover.jpg, fit: pad, background: "#102030"}
    """


@rule(Show, "error", source=_APPLE, codes="IM006", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM006", given=_has_artwork)
def artwork_colour_mode(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is made for print: CMYK instead of RGB.

    Bad:
        image_url: /artwork/print.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if facts and facts.mode in ("CMYK", "YCCK", "LAB"):
        message = say("“{picture}” is {mode}, not RGB", picture=subject.artwork, mode=facts.mode)
        yield Finding(_field(subject), message, say("export it as RGB, 8 bits"))


@rule(Show, "warning", source=_APPLE, codes="IM006", given=_has_artwork)
@rule(Episode, "warning", source=_APPLE, codes="IM006", given=_has_artwork)
def artwork_colours_doubtful(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture has only greys or a palette, or 16 bits to a colour; podcast apps expect RGB with 8.

    Bad:
        image_url: /artwork/grey.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
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


@rule(Show, "error", source=_APPLE, codes="IM007", given=_has_artwork)
@rule(Episode, "error", source=_APPLE, codes="IM007", given=_has_artwork)
def artwork_transparent(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture has transparency.

    Bad:
        image_url: /artwork/alpha.png

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if facts and facts.has_transparency:
        message = say("“{picture}” has transparency", picture=subject.artwork)
        yield Finding(_field(subject), message, say("flatten it onto a background"))


@rule(Show, "warning", codes="IM008", given=_has_artwork)
@rule(Episode, "warning", codes="IM008", given=_has_artwork)
def artwork_profile_unusual(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture brings a colour profile other than sRGB: apps that ignore it show shifted colours.

    Bad:
        image_url: /artwork/profiled.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if not facts or not facts.colour_profile or facts.mode != "RGB":
        return
    if not is_srgb(facts.colour_profile):
        message = say(
            "“{picture}” has the colour profile “{profile}”; only sRGB looks alike everywhere",
            picture=subject.artwork,
            profile=facts.colour_profile,
        )
        yield Finding(_field(subject), message, say("convert it to sRGB"))


@rule(Show, "warning", codes="IM009", given=_has_artwork)
@rule(Episode, "warning", codes="IM009", given=_has_artwork)
def artwork_turned(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is stored sideways, upside down or mirrored, and a note inside says how to turn it; many apps do not.

    Bad:
        image_url: /artwork/sideways.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
    if facts and facts.orientation != 1 and not _is_padded(subject):
        message = say(
            "“{picture}” is stored turned (EXIF orientation {orientation})",
            picture=subject.artwork,
            orientation=facts.orientation,
        )
        yield Finding(_field(subject), message, say("save it upright, or export it without EXIF"))


_MUCH_BYTES, _FAR_TOO_MUCH_BYTES = 512_000, 2_000_000


@rule(Show, "warning", codes="IM010", given=_has_artwork)
@rule(Episode, "warning", codes="IM010", given=_has_artwork)
def artwork_loads_slowly(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture is a file of more than 2 MB, which apps load for every listener.

    Bad:
        image_url: /artwork/heavy.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    facts = _shape(subject, context)
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
        if (facts := _shape(subject, context)) and _MUCH_BYTES < facts.size_bytes <= _FAR_TOO_MUCH_BYTES
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


@rule(Show, "error", source="help.apple.com/itc/podcasts_connect: itunes:image", codes="IM011", given=_has_artwork)
@rule(Episode, "error", source="help.apple.com/itc/podcasts_connect: itunes:image", codes="IM011", given=_has_artwork)
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


@rule(Show, "warning", source=f"{_APPLE}: a new picture needs a new name", codes="IM012", given=_has_artwork)
@rule(Episode, "warning", source=f"{_APPLE}: a new picture needs a new name", codes="IM012", given=_has_artwork)
def artwork_replaced(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """The bytes of a published picture changed. It goes out under a new name, so that apps notice.

    Bad:
        image_url: /artwork/cover.jpg
        # podfeed.lock
        picture {"path": "artwork/cover.jpg", "sha256": "0000000000000000"}
        show {"id": "radio", "guid": "9b024349-ccf0-5f69-a609-6b82873eab3c"}

    Good:
        image_url: /artwork/cover.jpg
    """
    facts, known = context.artwork(subject.artwork), context.lock.media.get(subject.artwork)
    if facts and known and facts.sha256 != known.sha256 and _is_published(subject, context):
        message = say(
            "“{picture}” has other bytes than were published; it goes out under a new name", picture=subject.artwork
        )
        yield Finding(_field(subject), message, say("nothing to do if this is meant"))


def _is_published(subject: _Pictured, context: Context) -> bool:
    if isinstance(subject, Show):
        return subject.id in context.lock.shows
    return context.identity(subject).published is not None


@rule(Show, "warning")
@rule(Episode, "warning")
def artwork_tells_location(subject: _Pictured, context: Context) -> Iterator[Finding]:
    """A picture says where it was taken. podfeed publishes it without that, but the file itself still does.

    Bad:
        image_url: /artwork/located.jpg

    Good:
        image_url: /artwork/cover.jpg
    """
    references = {_field(subject): subject.artwork}
    if isinstance(subject, Episode):
        references["thumbnail_url"] = subject.thumbnail
    for field, reference in references.items():
        facts = context.artwork(reference)
        if facts and facts.has_location:
            message = say("“{picture}” says where it was taken; what goes out does not", picture=reference)
            yield Finding(field, message, say("export it without its metadata if others can see the project"))


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


@rule(Document, "warning", source="podcast namespace: image", codes="IM013")
def artwork_shape_contradicts(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A ``podcast:image`` gives its shape in a way apps cannot read, or one that its width and height contradict.

    Bad:
        <podcast:image href="https://radio.podfeed.example/wide.jpg" alt="The sea" aspect-ratio="1.9"/>

    Good:
        <podcast:image href="https://radio.podfeed.example/wide.jpg" alt="The sea" aspect-ratio="16/9" width="1600"/>
    """
    for element in feed.everywhere("podcast:image"):
        given = element.attributes.get("aspect-ratio", "").strip()
        if not given:  # width and height say it as well
            continue
        ratio = _RATIO.fullmatch(given)
        width, height = (_side(element, name) for name in ("width", "height"))
        if ratio is None:
            message, hint = say("“{ratio}” is no shape of a picture", ratio=given), say("write it like 1/1 or 16/9")
        # A pixel more or less at either side comes from rounding.
        elif width and height and abs(width * int(ratio[2]) - height * int(ratio[1])) > int(ratio[1]) + int(ratio[2]):
            message = say("{width}×{height} pixels are not {ratio}", width=width, height=height, ratio=given)
            hint = say("correct “aspect-ratio”, “width” or “height”")
        else:
            continue
        yield Finding("", message, hint, position=feed.place(element, "aspect-ratio"))


_RATIO = re.compile(r"([1-9][0-9]{0,4})\s*/\s*([1-9][0-9]{0,4})")


def _side(element: Element, name: str) -> int:
    """Width or height of a picture in pixels; 0 when it is not given, or no number."""
    given = element.attributes.get(name, "").strip()
    return int(given) if re.fullmatch("[0-9]{1,6}", given) else 0


@rule(Document, "warning", source="podcast namespace: image", codes="IM013")
def artwork_type_contradicts(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """The ``type`` of a ``podcast:image`` is not what its address ends in.

    Bad:
        <podcast:image href="https://radio.podfeed.example/cover.jpg" alt="The sea" type="image/png"/>

    Good:
        <podcast:image href="https://radio.podfeed.example/cover.jpg" alt="The sea" type="image/jpeg"/>
    """
    for element in feed.everywhere("podcast:image"):
        given = element.attributes.get("type", "").strip().lower()
        meant = _TYPES.get(ending(element.attributes.get("href", "")), given)
        if given and given != meant:
            message = say("a picture whose address ends like this is {meant}, and not {type}", meant=meant, type=given)
            yield Finding("", message, say('write type="{meant}"', meant=meant), position=feed.place(element, "type"))


_TYPES = {
    **{"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"},
    **{"avif": "image/avif", "svg": "image/svg+xml", "mp4": "video/mp4", "webm": "video/webm"},
}


@rule(Document, "warning", source="podcast namespace: image", codes="IM013")
def artwork_without_words(feed: Document, context: FeedContext) -> Iterator[Finding]:
    """A ``podcast:image`` has no ``alt``: people who do not see it are not told what it shows.

    Bad:
        <podcast:image href="https://radio.podfeed.example/cover.jpg"/>

    Good:
        <podcast:image href="https://radio.podfeed.example/cover.jpg" alt="A lighthouse at night"/>
    """
    silent = [each for each in feed.everywhere("podcast:image") if not each.attributes.get("alt", "").strip()]
    if silent:
        message = say_many("a <podcast:image> has no “alt”", "{count} <podcast:image> have no “alt”", count=len(silent))
        yield Finding("", message, say("say in “alt” what the picture shows"), position=feed.place(silent[0]))


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
