"""After the commit: who is told what, and that nobody's silence matters."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import Request as Asking
from urllib.request import urlopen

import pytest
from commands import podfeed
from servers import Answer, Request, Reset, Server, dripped, free_port, reply, running, serving
from serving import served

from podfeed.model import Target
from podfeed.publish.notify import MOST_TRIES, News, Notifier, Told
from podfeed.publish.wanted import Intent
from podfeed.publishing import Publication, Run, published
from podfeed.read.web import Web
from podfeed.report import publication_faults

SITE = "https://radio.podfeed.example"
FEED, PAGE = f"{SITE}/radio/feed.xml", f"{SITE}/radio/1/"
NEWS = News(generations={"radio": 7}, changed=(PAGE, FEED))
SECRET = "s3cr3t-token"


def fine(request: Request) -> Iterable[bytes]:
    """The answer of whoever is glad to hear it."""
    return [reply("204 No Content")]


def failing(request: Request) -> Iterable[bytes]:
    return [reply("500 Internal Server Error")]


def notifier(
    folder: Path,
    *,
    webhook: str = "",
    pings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    name: str = "live",
    resolve: Callable[[str, int], Iterable[str]] | None = None,
) -> Notifier:
    """One that may ask servers on this machine."""
    target = Target(name=name, bucket="radio", webhook=webhook, pings=pings or {})
    addresses = [webhook, *(pings or {}).values(), *(environment or {}).values()]
    trusted = [urlsplit(each).netloc for each in addresses]
    return Notifier(
        target,
        site=SITE,
        folder=folder,
        web=lambda: Web([*trusted, *TRUSTED], resolve=resolve),
        environment=environment or {},
    )


#: Hubs of a test, which may be asked too.
TRUSTED: list[str] = []


@pytest.fixture(autouse=True)
def nobody_is_trusted() -> Iterator[None]:
    yield
    TRUSTED.clear()


def test_webhook_hears_what_changed(tmp_path: Path) -> None:
    """As JSON: each show with its generation, and every address, for a cache in between to forget."""
    with serving(fine) as server:
        told = notifier(tmp_path, webhook=server.url(SECRET)).finish(NEWS, has_failed=False)

    (request,) = server.requests
    assert told == (Told(what="webhook", to="http://127.0.0.1"),)
    assert request.line == f"POST /{SECRET} HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "version": 1,
        "text": f"{SITE}: 2 addresses changed",
        "site": SITE,
        "target": "live",
        "shows": [{"id": "radio", "generation": 7}],
        "changed": [PAGE, FEED],
    }


def test_hub_hears_of_each_feed_that_names_it(tmp_path: Path) -> None:
    """By both names that hubs read."""
    other = FEED.replace("feed", "opus")
    with serving(fine) as server:
        TRUSTED.append(server.name)
        hub = server.url("hub")
        news = News(generations={"radio": 7}, changed=(FEED, other), hubs=((hub, FEED), (hub, other)))
        told = notifier(tmp_path).finish(news, has_failed=False)

    assert [(each.what, each.trouble) for each in told] == [("hub", ""), ("hub", "")]
    assert {request.headers["content-type"] for request in server.requests} == {"application/x-www-form-urlencoded"}
    forms = sorted((parse_qs(request.body.decode()) for request in server.requests), key=str)
    assert forms == [{"hub.mode": ["publish"], "hub.topic": [feed], "hub.url": [feed]} for feed in (FEED, other)]


def test_nobody_hears_of_nothing(tmp_path: Path) -> None:
    """No webhook and no file when nothing changed; a monitor hears of every run."""
    with serving(fine) as server:
        pings = {"start": server.url("start"), "success": server.url("success"), "failure": server.url("failure")}
        told = notifier(tmp_path, webhook=server.url(), pings=pings)
        told.start()
        told.finish(News(), has_failed=False)
        told.finish(News(), has_failed=True)

    assert [request.line for request in server.requests] == [
        "GET /start HTTP/1.1",
        "GET /success HTTP/1.1",
        "GET /failure HTTP/1.1",
    ]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_kept_where_nobody_listens(tmp_path: Path) -> None:
    """Without hub and webhook there is nobody to tell later."""
    assert notifier(tmp_path).finish(NEWS, has_failed=False) == ()
    assert list(tmp_path.iterdir()) == []


def test_environment_wins(tmp_path: Path) -> None:
    """So an address with a token need not stand in config.yaml; an empty one silences what stands there."""
    with serving(fine) as server:
        names = ("WEBHOOK", "PING_START", "PING_SUCCESS")
        environment = {f"PODFEED_{name}": server.url(name) for name in names} | {"PODFEED_PING_FAILURE": ""}
        settings = {moment: server.url("config") for moment in ("start", "success", "failure")}
        told = notifier(tmp_path, webhook=server.url("config"), pings=settings, environment=environment)
        told.start()
        told.finish(NEWS, has_failed=False)
        told.finish(News(), has_failed=True)

    assert {request.line.split()[1] for request in server.requests} == {f"/{name}" for name in names}


# -------------------------------------------------------------------------- NW-11: nobody listens, or slowly


def resetting(request: Request) -> Iterable[bytes]:
    raise Reset


def leaving(location: str) -> Answer:
    return lambda request: [reply("307 Temporary Redirect", Location=location)]


@pytest.mark.failure("NW-11")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param(failing, "its server answers 500 Internal Server Error", id="fails"),
        pytest.param(leaving(f"http://127.0.0.1/{SECRET}"), "its server answers 307 Temporary Redirect", id="leaves"),
        pytest.param(
            lambda _: [reply(f"302 {SECRET}", Location="/x")], "its server answers 302 Found", id="sends away"
        ),
        pytest.param(resetting, "its server breaks off", id="breaks off"),
        pytest.param(lambda _: [b"HTTP/1.1 what\r\n\r\n"], "its server breaks off", id="speaks no HTTP"),
    ],
)
def test_who_fails_is_told_again_by_the_next_run(tmp_path: Path, answer: Answer, reason: str) -> None:
    """It is a warning with scheme and host alone, and what was not heard is told until it is."""
    answers = [answer, answer, fine]
    with serving(lambda request: answers[request.number](request)) as server:
        told = [notifier(tmp_path, webhook=server.url(SECRET)).finish(NEWS, has_failed=False)]
        kept = (tmp_path / ".podfeed/untold.json").read_text()
        told += [notifier(tmp_path, webhook=server.url(SECRET)).finish(News(), has_failed=False) for _ in range(3)]

    warnings = [each.warning for run in told for each in run]
    sentence = f"the webhook at http://127.0.0.1 was not told: {reason}; the next run tries again"
    assert warnings == [sentence, sentence, ""]
    assert len({request.body for request in server.requests}) == 1
    assert SECRET not in kept + "".join(warnings)


@pytest.mark.failure("NW-11")
def test_who_is_slow_delays_nobody_for_long(tmp_path: Path) -> None:
    """Hubs that are silent or drip, a name that nobody resolves and a slow monitor cost a run less than ten seconds."""

    def slow(request: Request) -> Iterable[bytes]:
        if "drip" in request.line:
            return dripped(reply("200 OK"), 1)
        time.sleep(30)
        return []

    def resolve(host: str, port: int) -> Iterable[str]:
        time.sleep(30 if host == "lost.podfeed.example" else 0)
        return [host]

    with serving(slow) as server:
        TRUSTED.append(server.name)
        names = [*(f"silent{number}" for number in range(5)), *(f"drip{number}" for number in range(5))]
        hubs = [*map(server.url, names), "https://lost.podfeed.example/"]
        news = News(changed=(FEED,), hubs=tuple((hub, FEED) for hub in hubs))
        pings = {"start": server.url(), "success": server.url("drip")}
        waiting = notifier(tmp_path, webhook=server.url(), pings=pings, resolve=resolve)
        began = time.monotonic()
        told = waiting.start() + waiting.finish(news, has_failed=False)
        seconds = time.monotonic() - began

    assert seconds < 10
    assert len(told) == 14
    assert {each.trouble for each in told} == {"its server does not answer in time"}


@pytest.mark.failure("NW-11")
@pytest.mark.parametrize(
    ("address", "to", "reason"),
    [
        pytest.param(f"http://example.com/{SECRET}", "http://example.com", "http://, and anybody", id="no TLS"),
        pytest.param(f"https://127.0.0.1/{SECRET}", "https://127.0.0.1", "no public address", id="private"),
        pytest.param(f"https://{SECRET}@example.com/", "https://example.com", "user name or password", id="password"),
        pytest.param(f"https://example.com:8/{SECRET}", "https://example.com", "the port 8", id="port"),
        pytest.param(f"hooks/{SECRET}", "?", "none that can be asked", id="no address"),
        pytest.param(f"https://a..b/{SECRET}", "https://a..b", "none that can be asked", id="no host"),
    ],
)
def test_address_that_may_not_be_asked_is_told_without_its_secret(
    tmp_path: Path, address: str, to: str, reason: str
) -> None:
    """The same holds for hubs and webhooks as for audio elsewhere."""
    unsafe = Notifier(
        Target(name="live"), site=SITE, folder=tmp_path, web=Web, environment={"PODFEED_WEBHOOK": address}
    )
    (told,) = unsafe.finish(NEWS, has_failed=False)

    assert told.to == to
    assert reason in told.trouble
    assert SECRET not in told.warning


def test_what_was_not_heard_goes_out_with_what_is_new(tmp_path: Path) -> None:
    """In one message: each address once, each show with its newest generation."""
    answers = [failing, fine]
    with serving(lambda request: answers[request.number](request)) as server:
        hook = notifier(tmp_path, webhook=server.url())
        hook.finish(NEWS, has_failed=False)
        hook.finish(News(generations={"radio": 8}, changed=(FEED, f"{SITE}/x")), has_failed=False)

    values = json.loads(server.requests[1].body)
    assert values["shows"] == [{"id": "radio", "generation": 8}]
    assert values["changed"] == [PAGE, FEED, f"{SITE}/x"]


def test_only_who_did_not_hear_is_told_again(tmp_path: Path) -> None:
    """A hub that failed is no reason to call the webhook twice."""
    with serving(failing) as broken, serving(fine) as sound:
        TRUSTED.append(broken.name)
        news = News(generations=NEWS.generations, changed=NEWS.changed, hubs=((broken.url("hub"), FEED),))
        for changed in (news, News()):
            notifier(tmp_path, webhook=sound.url()).finish(changed, has_failed=False)

    assert (len(broken.requests), len(sound.requests)) == (2, 1)


def test_nobody_is_told_for_ever(tmp_path: Path) -> None:
    """After ten runs in vain it is dropped, and the last warning promises nothing."""
    with serving(failing) as server:
        runs = [
            notifier(tmp_path, webhook=server.url()).finish(news, has_failed=False)
            for news in [NEWS, *[News()] * MOST_TRIES]
        ]

    assert len(server.requests) == MOST_TRIES
    assert [each.is_kept for run in runs for each in run] == [True] * (MOST_TRIES - 1) + [False]


def test_run_that_is_killed_while_it_tells_leaves_the_news_behind(tmp_path: Path) -> None:
    """It is kept before anybody is asked."""
    kept: list[str] = []

    def look(request: Request) -> Iterable[bytes]:
        kept.append((tmp_path / ".podfeed/untold.json").read_text())
        return fine(request)

    with serving(look) as server:
        notifier(tmp_path, webhook=server.url()).finish(NEWS, has_failed=False)

    assert [FEED in text for text in kept] == [True]
    assert FEED not in (tmp_path / ".podfeed/untold.json").read_text()


@pytest.mark.parametrize("content", ["", "[]", "{", '{"live": 1}', '{"live": {"hubs": [1], "tries": 1}}', "\ud800"])
def test_without_the_file_the_next_commit_notifies(tmp_path: Path, content: str) -> None:
    """What was kept may be lost, or be anything."""
    (tmp_path / ".podfeed").mkdir()
    (tmp_path / ".podfeed/untold.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    with serving(fine) as server:
        hook = notifier(tmp_path, webhook=server.url())
        hook.finish(News(), has_failed=False)
        hook.finish(NEWS, has_failed=False)

    assert [json.loads(request.body)["changed"] for request in server.requests] == [[PAGE, FEED]]


def test_each_target_keeps_its_own(tmp_path: Path) -> None:
    """What nobody heard of one place is not told of another."""
    with serving(failing) as broken, serving(fine) as sound:
        notifier(tmp_path, webhook=broken.url(), name="test").finish(NEWS, has_failed=False)
        notifier(tmp_path, webhook=sound.url(), name="live").finish(News(), has_failed=False)
        again = notifier(tmp_path, webhook=broken.url(), name="test").finish(News(), has_failed=False)

    assert sound.requests == []
    assert len(again) == 1


def test_webhook_that_was_taken_away_is_forgotten(tmp_path: Path) -> None:
    """With what it did not hear."""
    with serving(failing) as server:
        notifier(tmp_path, webhook=server.url()).finish(NEWS, has_failed=False)
        notifier(tmp_path).finish(News(), has_failed=False)
        notifier(tmp_path, webhook=server.url()).finish(News(), has_failed=False)

    assert len(server.requests) == 1


# ------------------------------------------------------------------------- a whole publish, and a real hub


@dataclass
class Reader:
    """An app that subscribed to a feed at a hub, and what it was sent."""

    server: Server

    @property
    def deliveries(self) -> list[Request]:
        return [each for each in self.server.requests if each.line.startswith("POST")]

    def wait_for(self, count: int) -> list[Request]:
        """The deliveries, once there are *count*."""
        ends = time.monotonic() + 20
        while time.monotonic() < ends and len(self.deliveries) < count:
            time.sleep(0.02)
        return self.deliveries


def as_reader(request: Request) -> Iterable[bytes]:
    """It repeats the challenge of the hub that asks whether it meant to subscribe."""
    query = parse_qs(urlsplit(request.line.split()[1]).query)
    return [reply("200 OK", query.get("hub.challenge", [""])[0].encode())]


@contextmanager
def hub_of(folder: Path) -> Iterator[str]:
    """A real hub."""
    for package in ("celery", "flask_websub"):
        pytest.importorskip(package)
    port = free_port()
    program = Path(__file__).parents[1] / "hub.py"
    with running([sys.executable, str(program), str(port), str(folder / "hub.sqlite")], port):
        yield f"http://127.0.0.1:{port}/hub"


@dataclass
class Place:
    """A project, the folder it publishes to, and who listens."""

    folder: Path
    site: str
    reader: Reader
    webhook: Server
    web: Callable[[], Web]

    @property
    def feed(self) -> str:
        return f"{self.site}/radio/feed.xml"

    def publish(self, *, is_first: bool = False) -> Publication:
        """A publish that ends well."""
        run = Run(now=datetime.now(UTC), web=self.web)
        found = published(self.folder, intent=Intent(is_first=is_first), run=run)
        assert (found.exit_code, found.warnings) == (0, ()), publication_faults(found)
        assert [each.warning for each in found.told] == [""] * len(found.told)
        return found

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.folder / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def place(project: Callable[..., Path], tmp_path: Path) -> Iterator[Place]:
    """A show published once to a folder that is served, with a subscriber at the hub that its feed names."""
    web, headers = tmp_path / "web", dict[str, str]()
    web.mkdir()
    with ExitStack() as stack:
        site, hub = stack.enter_context(served(web, headers)), stack.enter_context(hub_of(tmp_path))
        reader, webhook = Reader(stack.enter_context(serving(as_reader))), stack.enter_context(serving(fine))
        # A feed names no hub but at a public name.
        named = hub.replace("127.0.0.1", "hub.podfeed.example")
        trusted = [urlsplit(each).netloc for each in (site, named, webhook.url())]
        settings = f'{{live: {{folder: "{web}", public: "{site}", webhook: "{webhook.url("changes")}"}}}}'
        found = Place(
            folder=project(config={"site": site, "targets": settings}, show={"hubs": f"[{named}]"}),
            site=site,
            reader=reader,
            webhook=webhook,
            web=lambda: Web(trusted, resolve=lambda host, port: ["127.0.0.1"]),
        )
        # This hub delivers what names it in the head of the answer.
        headers["Link"] = f'<{hub}>; rel="hub", <{found.feed}>; rel="self"'
        found.publish(is_first=True)
        form = {"hub.mode": "subscribe", "hub.topic": found.feed, "hub.callback": reader.server.url("reader")}
        urlopen(Asking(hub, data=urlencode(form).encode(), method="POST")).close()
        yield found


def test_hub_delivers_the_new_feed_to_a_subscriber(place: Place) -> None:
    """Within seconds of the publish, the feed as it is public; and the webhook hears of the same."""
    place.edit("episodes/1.md", "Tides", "Ebb and flow")
    place.publish()

    (delivery,) = place.reader.wait_for(1)
    public = (place.folder.parent / "web/radio/feed.xml").read_bytes()
    assert delivery.body == public
    assert b"Ebb and flow" in delivery.body
    first, second = (json.loads(request.body) for request in place.webhook.requests)
    assert [each["shows"] for each in (first, second)] == [
        [{"id": "radio", "generation": 1}],
        [{"id": "radio", "generation": 2}],
    ]
    assert {place.feed, f"{place.site}/audio/good.mp3"} <= set(first["changed"])
    assert place.feed in second["changed"]
    assert f"{place.site}/audio/good.mp3" not in second["changed"]


def test_nothing_is_sent_when_nothing_changed(place: Place) -> None:
    """Neither to the hub nor to the webhook."""
    before = len(place.webhook.requests)

    assert [place.publish().told for _ in range(2)] == [(), ()]
    assert len(place.webhook.requests) == before
    assert place.reader.deliveries == []


def test_hub_hears_of_feeds_and_not_of_pages(project: Callable[..., Path], tmp_path: Path) -> None:
    """Of each feed that names it and says something new; an article has a page and is in no feed."""
    web = tmp_path / "web"
    web.mkdir()
    with served(web) as site, serving(fine) as hub, serving(fine) as webhook:
        named = f"http://hub.podfeed.example:{hub.port}/"
        network = f'{{title: All, description: All of it., hubs: ["{named}"], artwork: artwork/cover.jpg}}'
        folder = project(
            config={
                "site": site,
                "targets": f'{{live: {{folder: "{web}", webhook: "{webhook.url()}"}}}}',
                "network": network,
            },
            show={"hubs": f"[{named}]", "archive": "10"},
        )
        trusted = [urlsplit(each).netloc for each in (site, named, webhook.url())]
        run = Run(now=datetime.now(UTC), web=lambda: Web(trusted, resolve=lambda host, port: ["127.0.0.1"]))
        first = published(folder, intent=Intent(is_first=True), run=run)
        topics = sorted(parse_qs(request.body.decode())["hub.topic"][0] for request in hub.requests)
        (folder / "episodes/article.md").write_text(
            "---\ntitle: News\nshow: radio\ndate: 2025-06-09\n---\nWe have a website.\n", "utf-8"
        )
        second = published(folder, run=run)

    assert (first.exit_code, second.exit_code) == (0, 0), publication_faults(first) + publication_faults(second)
    assert topics == [f"{site}/{path}" for path in ("feed.xml", "radio/archive/feed.xml", "radio/feed.xml")]
    assert [each.what for each in second.told] == ["webhook"]
    changed = json.loads(webhook.requests[-1].body)["changed"]
    assert any("/radio/article" in address for address in changed), changed


@pytest.mark.failure("NW-11")
def test_publish_ends_well_though_nobody_listens(project: Callable[..., Path], tmp_path: Path) -> None:
    """It is public, with a warning; the next run, which has nothing else to do, tells it; the monitor hears of each."""
    web = tmp_path / "web"
    web.mkdir()
    answers = [failing, fine]
    with (
        served(web) as site,
        serving(lambda request: answers[request.number](request)) as webhook,
        serving(fine) as monitor,
    ):
        pings = ", ".join(f'{moment}: "{monitor.url(moment)}"' for moment in ("start", "success", "failure"))
        target = f'{{live: {{folder: "{web}", webhook: "{webhook.url(SECRET)}", ping: {{{pings}}}}}}}'
        folder = project(config={"site": site, "targets": target})
        trust = [f"--trust-server={each}" for each in (urlsplit(site).netloc, webhook.name, monitor.name)]
        refused, first, again, last = (
            podfeed(folder, "publish", *trust, *words) for words in ([], ["--first"], [], [])
        )

    assert [each.returncode for each in (refused, first, again, last)] == [3, 0, 0, 0]
    assert first.stderr == (
        "warning: the webhook at http://127.0.0.1 was not told: its server answers 500 Internal Server Error;"
        " the next run tries again\n"
    )
    assert first.stdout.startswith("radio: generation 1 is public")
    assert [each.stdout + each.stderr for each in (again, last)] == ["", ""]
    assert [json.loads(request.body)["shows"] for request in webhook.requests] == [
        [{"id": "radio", "generation": 1}]
    ] * 2
    assert [request.line.split()[1] for request in monitor.requests] == [
        *("/start", "/failure"),
        *("/start", "/success") * 3,
    ]
