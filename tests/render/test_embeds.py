"""Links to what other sites play become players once somebody asks, and nothing else does."""

from __future__ import annotations

import pytest

from podfeed.render.embeds import Embed, embed, embedded, with_embeds

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"
SOUND = "https://open.spotify.com/episode/7makk4oTQel546B0PZlDM5"
SPOTIFY = "https://open.spotify.com/embed/episode/7makk4oTQel546B0PZlDM5"
WIDGET = "https://w.soundcloud.com/player/?url="


@pytest.mark.parametrize(
    ("address", "page", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1&index=2", VIDEO, PLAYER),
        ("http://m.youtube.com/watch?v=dQw4w9WgXcQ", VIDEO, PLAYER),
        ("https://music.youtube.com/watch?v=dQw4w9WgXcQ", VIDEO, PLAYER),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", VIDEO, PLAYER),
        ("https://youtu.be/dQw4w9WgXcQ?t=90", f"{VIDEO}&t=90s", f"{PLAYER}&start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=1h2m3s", f"{VIDEO}&t=3723s", f"{PLAYER}&start=3723"),
        ("https://youtu.be/dQw4w9WgXcQ?t=soon", VIDEO, PLAYER),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", VIDEO, PLAYER),
        ("https://www.youtube.com/live/dQw4w9WgXcQ", VIDEO, PLAYER),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=15", f"{VIDEO}&t=15s", f"{PLAYER}&start=15"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", VIDEO, PLAYER),
        (SOUND, SOUND, SPOTIFY),
        (f"{SPOTIFY}?utm_source=x", SOUND, SPOTIFY),
        ("https://open.spotify.com/intl-ja/episode/7makk4oTQel546B0PZlDM5", SOUND, SPOTIFY),
        (
            "https://soundcloud.com/forss/flickermood",
            "https://soundcloud.com/forss/flickermood",
            f"{WIDGET}https%3A%2F%2Fsoundcloud.com%2Fforss%2Fflickermood&auto_play=true",
        ),
        (
            f"{WIDGET}https%3A//api.soundcloud.com/tracks/34019569&color=0066cc",
            f"{WIDGET}https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F34019569&auto_play=true",
            f"{WIDGET}https%3A%2F%2Fapi.soundcloud.com%2Ftracks%2F34019569&auto_play=true",
        ),
    ],
)
def test_player_of_an_address_is_found(address: str, page: str, player: str) -> None:
    """However people copy the address, at the moment they named, from the host that knows least of visitors."""
    found = embed(address)

    assert isinstance(found, Embed)
    assert (found.page, found.player) == (page, player)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@channel",
        "https://www.youtube.com/dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXc%22",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "javascript://youtu.be/dQw4w9WgXcQ",
        "https://open.spotify.com/user/somebody",
        "https://soundcloud.com/forss",
        f"{WIDGET}https%3A//evil.example/tracks/1",
        "https://w.soundcloud.com/other?url=https%3A//api.soundcloud.com/tracks/1",
        "https://[",
    ],
)
def test_other_addresses_have_no_player(address: str) -> None:
    """Channels, people, look-alikes and scripts stay what they are."""
    assert embed(address) is None


def _link(address: str, words: str) -> str:
    return f'<p><a href="{address}" rel="noopener">{words}</a></p>'


def test_bare_link_of_its_own_can_be_played() -> None:
    """It keeps leading to the page it names, for whoever has no JavaScript."""
    html = with_embeds(_link("https://youtu.be/dQw4w9WgXcQ?t=9&amp;x=1", "https://youtu.be/dQw4w9WgXcQ?t=9&amp;x=1"))

    assert f'href="{VIDEO}&amp;t=9s"' in html
    assert f'data-player="{PLAYER}&amp;start=9"' in html
    assert embedded(html) == [f"{PLAYER}&start=9"]


def test_title_of_an_iframe_stays() -> None:
    """The sanitiser makes a link of it that has the title for words."""
    html = with_embeds(_link("https://www.youtube.com/embed/dQw4w9WgXcQ", "夜の市場"))

    assert html.endswith(">夜の市場</a></p>")
    assert embedded(html) == [PLAYER]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(_link("https://youtu.be/dQw4w9WgXcQ", "Watch"), id="words of its own"),
        pytest.param(
            _link("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ").replace("</p>", " !</p>"),
            id="in a sentence",
        ),
        pytest.param('<p>data-player="https://evil.example/"&gt; youtube</p>', id="only words"),
    ],
)
def test_other_links_stay_links(html: str) -> None:
    """Their author wants a link, or none at all."""
    assert with_embeds(html) == html
    assert embedded(html) == []
