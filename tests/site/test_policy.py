"""The policy of a page lets in what the page names, and no text of an author can add to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podfeed.render.site.places import Place
from podfeed.render.site.policy import Needs, origin, policy

SITE = "https://radio.example"
PLACE = Place(SITE, "../")
ENDS = "base-uri 'none'; form-action 'none'"


def test_plain_page_may_load_its_style_alone() -> None:
    """Everything else is forbidden by default."""
    assert policy(Needs(), PLACE) == f"default-src 'none'; style-src 'self'; {ENDS}"


def test_page_may_load_what_it_names() -> None:
    """What lies on the site is its own, other servers are listed by name, each once."""
    needs = Needs(
        pictures=[f"{SITE}/a.jpg", "https://files.example/a.jpg", "https://files.example:8443/b.jpg", "", f"{SITE}/c"],
        sounds=[f"{SITE}/a.mp3"],
        frames=["https://www.youtube-nocookie.com/embed/x?autoplay=1"],
        scripts=["podfeed.js"],
    )

    assert policy(needs, PLACE) == (
        "default-src 'none'; style-src 'self'; script-src 'self'; "
        "img-src 'self' https://files.example https://files.example:8443; media-src 'self'; "
        f"frame-src https://www.youtube-nocookie.com; {ENDS}"
    )


def test_sound_from_elsewhere_may_lead_on() -> None:
    """Counters and networks of copies send players on to servers nobody knows before, and that must go through."""
    needs = Needs(sounds=["https://count.example/files.example/a.mp3"])

    assert "media-src https: https://count.example;" in policy(needs, PLACE)


def test_full_search_may_do_what_it_takes() -> None:
    """WebAssembly in a worker, and files of the site, on that page alone."""
    needs = Needs(scripts=["podfeed-search.js"], has_form=True, fetches=True, has_full_search=True)

    assert policy(needs, PLACE) == (
        "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'self'"
    )


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://A.example/x", "https://a.example"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:80/", "http://[::1]:80"),
        ("https://u:p@a.example/", "https://a.example"),
        ("https://画像.example/a.jpg", "https://xn--o1qu10g.example"),
        ("https://%E7%94%BB%E5%83%8F.example/a.jpg", "https://xn--o1qu10g.example"),
        ("https://*.example/", ""),
        ("https://a.example;script-src *", ""),
        ("https://a.example%3Bscript-src%20*/", ""),
        ("https://a.example 'unsafe-inline'/", ""),
        ("https://'self'/", ""),
        ("https://a..example/", ""),
        ("https://a.example:99999/", ""),
        ("https://[", ""),
        ("https:", ""),
        ("//a.example/", ""),
        ("data:image/png,x", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_source_is_an_origin(address: str, named: str) -> None:
    """Scheme, host and port of a web address, and nothing for whatever else."""
    assert origin(address) == named


@given(st.text() | st.text(";' *,\n\\/:@[]aé.", max_size=30).map("https://{}".format))
def test_no_text_adds_a_directive(text: str) -> None:
    """Whatever stands where an address should, a policy keeps its directives, and gets one source at the most."""
    plain, given_text = policy(Needs(), PLACE), policy(Needs(pictures=[text], frames=[text]), PLACE)

    directives = dict(each.split(" ", 1) for each in given_text.split("; "))
    assert set(directives) - {"img-src", "frame-src"} == {each.split(" ", 1)[0] for each in plain.split("; ")}
    assert all(len(sources.split()) == 1 for sources in directives.values())
    assert directives["default-src"] == "'none'"
