"""What all tests share: an example project to take apart, its media, and how much hypothesis tries."""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import struct
import subprocess
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from browser import chromium, complaints, example_site, page, window  # noqa: F401 - fixtures
from commands import tree
from gcs import google  # noqa: F401 - a fixture
from hypothesis import HealthCheck, settings
from once import learn_once
from other_stores import radosgw, radosgw_bucket, swift, swift_bucket  # noqa: F401 - fixtures
from s3fault.fixtures import worlds_of_projects, worlds_over_http  # noqa: F401 - fixtures
from sounds import Corpus
from weed import bucket, weed  # noqa: F401 - fixtures

from podfeed import testing
from podfeed.checking import check
from podfeed.diagnostics import Diagnostic
from podfeed.loading import load

#: The moment every test lives in, unless it chooses its own.
NOW = datetime(2026, 1, 1, tzinfo=UTC)

#: Reasons to skip a test that CI may give too.
_NOT_TO_BE_INSTALLED = ("beside the project", "root may read every file", "only root may")

_PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("default", max_examples=50, derandomize=True, **_PATIENT)
settings.register_profile("full", max_examples=3000, print_blob=True, **_PATIENT)


def pytest_configure(config: pytest.Config) -> None:
    """The laws are tried on a seeded sample; where the large figures are asked for, on thousands of examples."""
    os.environ["LANGUAGE"] = "en"  # whatever the locale of whoever runs them
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the many processes that tests start would each compile podfeed
    learn_once()
    settings.load_profile("default" if "not full" in config.getoption("markexpr") else "full")
    # What a shell or nohup starts in the background ignores these, and so would all that the tests start and end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_finish() -> None:
    """What was collected stays until the end: no search for garbage need go through it."""
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI nothing is left out: a skip is a failure, unless nothing that can be installed would help."""
    report = yield
    is_expected = hasattr(report, "wasxfail") or any(reason in str(report.longrepr) for reason in _NOT_TO_BE_INSTALLED)
    if os.environ.get("CI") == "true" and report.skipped and not is_expected:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI may skip nothing: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with good and bad audio and pictures, made once."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "audio").mkdir()
    (folder / "artwork").mkdir()
    _make_audio(folder / "audio")
    _make_artwork(folder / "artwork")
    made = tree(folder)
    yield folder
    assert tree(folder) == made, "a test wrote into them"


def _make_audio(folder: Path) -> None:
    tagged = partial(testing.tiny_mp3, title="Harbour Radio", artist="Ada")
    good = tagged(folder / "good.mp3").read_bytes()
    other = tagged(folder / "other.mp3", seed=1).read_bytes()
    wav = testing.tiny_wav(folder / "good.wav")
    (folder / "empty.mp3").write_bytes(b"")
    (folder / "cut.mp3").write_bytes(good[: len(good) // 2])
    (folder / "joined.mp3").write_bytes(good + other)
    (folder / "noise.mp3").write_bytes(b"ID3" + random.Random(1).randbytes(20_000))
    shutil.copy(wav, folder / "renamed.mp3")
    (folder / "chapters.mp3").write_bytes(_with_chapters(good, 3))
    (folder / "256-chapters.mp3").write_bytes(_with_chapters(good, 256))
    (folder / "unlisted-chapters.mp3").write_bytes(_with_chapters(good, 3, listed=b"other\0"))
    untagged = testing.tiny_mp3(folder / "untagged.mp3").read_bytes()
    tagged(folder / "blip.mp3", seconds=1)
    tagged(folder / "waves.mp3", title="Waves")
    picture = b"APIC\0\0\0\x1a\0\0\0image/webp\0\3\0RIFF....WEBP"
    (folder / "webp-inside.mp3").write_bytes(b"ID3\4\0\0\0\0\0\x24" + picture + untagged)
    # MPEG-1 layer III without an Info header, by the header of a frame and the bytes of it.
    quiet, loud = b"\xff\xfb\x50\xc0" + bytes(204), b"\xff\xfb\x90\xc0" + bytes(413)
    (folder / "unindexed.mp3").write_bytes((quiet + loud) * 250)
    (folder / "32khz.mp3").write_bytes((b"\xff\xfb\x58\xc0" + bytes(284)) * 500)
    (folder / "thin.mp3").write_bytes((b"\xff\xfb\x10\x00" + bytes(100)) * 500)
    (folder / "heavy.mp3").write_bytes((b"\xff\xfb\xe0\xc0" + bytes(1040)) * 500)
    if shutil.which("ffmpeg"):
        noise = ["-f", "lavfi", "-i", "anoisesrc=d=1:r=44100:seed=1"]
        for name, codec in (("lossless", "alac"), ("late", "aac")):
            command = ["ffmpeg", "-v", "error", *noise, "-c:a", codec, str(folder / f"{name}.m4a")]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        # ffmpeg makes no HE-AAC; the decoder's configuration is all that names it.
        plain = (folder / "late.m4a").read_bytes()
        (folder / "small.m4a").write_bytes(plain.replace(b"\x56\xe5\x00", b"\x56\xe5\x98"))


def _with_chapters(mp3: bytes, count: int, listed: bytes = b"") -> bytes:
    """*mp3* behind a tag with *count* chapters, of which its table of contents lists all, or what is *listed*."""
    ids = [b"c%d\0" % number for number in range(count)]
    chapters = [id + struct.pack(">4I", 10 * at, 10 * at + 10, *[0xFFFFFFFF] * 2) for at, id in enumerate(ids)]
    contents = b"toc\0" + bytes([3, min(count, 255) if not listed else 1]) + (listed or b"".join(ids[:255]))
    frames = [(b"CTOC", contents), *((b"CHAP", chapter) for chapter in chapters)]
    body = b"".join(name + struct.pack(">I2x", len(content)) + content for name, content in frames)
    size = len(body)
    return b"ID3\3\0\0" + bytes([size >> 21, size >> 14 & 127, size >> 7 & 127, size & 127]) + body + mp3


def _make_artwork(folder: Path) -> None:
    from PIL import Image, ImageCms

    cover = testing.tiny_jpeg(folder / "cover.jpg").read_bytes()
    testing.tiny_jpeg(folder / "small.jpg", side=600)
    testing.tiny_jpeg(folder / "huge.jpg", side=3200)
    Image.new("RGB", (1600, 1400), "navy").save(folder / "wide.jpg")
    Image.new("CMYK", (1400, 1400)).save(folder / "print.jpg")
    Image.new("RGBA", (1400, 1400), (0, 0, 128, 100)).save(folder / "alpha.png")
    Image.new("P", (1400, 1400)).save(folder / "picture.gif")
    Image.new("L", (1400, 1400)).save(folder / "grey.jpg")
    square, exif = Image.new("RGB", (1400, 1400), "navy"), Image.Exif()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    square.save(folder / "profiled.jpg", icc_profile=lab.tobytes())
    exif[0x0112] = 6
    square.save(folder / "sideways.jpg", exif=exif)
    located = Image.Exif()
    located.get_ifd(0x8825).update({1: "N", 2: (35.0, 26.0, 37.0), 3: "E", 4: (139.0, 38.0, 17.0)})
    square.save(folder / "located.jpg", exif=located)
    (folder / "large.jpg").write_bytes(cover + bytes(600_000))
    (folder / "heavy.jpg").write_bytes(cover + bytes(2_100_000))
    (folder / "renamed.png").write_bytes(cover)
    (folder / "cut.jpg").write_bytes(cover[: len(cover) // 2])


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Sound files of every kind, made once for all workers."""
    if not shutil.which("ffmpeg") or not shutil.which("lame"):
        pytest.skip("ffmpeg and lame, which make the sound files, are not installed")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sounds"
    folder.mkdir(exist_ok=True)
    return Corpus(folder)


@pytest.fixture
def project(media: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes an example project with `podfeed.testing.example_project` and all the media, and gives its folder.

    Each call makes another project. A test may replace its media, but write only into those that are its own.
    """
    made = iter(range(1_000_000))

    def make(**changes: Mapping[str, str | bytes | None]) -> Path:
        folder = tmp_path / f"project-{next(made)}"
        shutil.copytree(media, folder, copy_function=_copied_or_shared)
        for path in changes.get("files") or ():
            (folder / path).unlink(missing_ok=True)
        return testing.example_project(folder, **changes)

    return make


#: The media that every example project has for its own; the others are the same files for all, for there are megabytes.
_OWN = ("good.mp3", "other.mp3", "cover.jpg")


def _copied_or_shared(source: str, target: str) -> None:
    """Put *source*, one of the media, at *target*."""
    (shutil.copy2 if Path(source).name in _OWN else os.link)(source, target)


@pytest.fixture
def told(project: Callable[..., Path]) -> Callable[..., tuple[Diagnostic, ...]]:
    """Everything `podfeed check` says about an example project with these changes."""

    def tell(*, now: datetime = NOW, **changes: Mapping[str, str | bytes | None]) -> tuple[Diagnostic, ...]:
        return check(load(project(**changes)), now=now)

    return tell
