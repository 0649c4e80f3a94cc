"""Behind a proxy, which resolves names itself: destinations are judged by name, on every hop."""

from __future__ import annotations

import pytest

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Server

FEED = "http://news.example.org/feed"
WITHIN = (
    "http://intranet/", "http://metadata.google.internal/", "http://169.254.169.254/latest",
    "http://0xA9FEA9FE/", "http://%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1/", "http://nas.lan/",
    "http://[::ffff:10.0.0.1]/", "http://localhost./", "http://user@news.example.org/",
    "http://news.example.org:25/",
)  # fmt: skip


@pytest.fixture
def proxied(make_house: MakeHouse, server: Server) -> House:
    """The server is the proxy: what it is asked for are whole addresses."""
    return make_house(proxy=server.url(""), allow_networks=())


async def test_pages_and_robots_come_through_the_proxy(proxied: House, server: Server) -> None:
    server.put(FEED, pages.feed(pages.some("http://news.example.org/", 2)), pages.RSS)
    proxied.watch(FEED, kind="feed")
    outcome = await proxied.poll()
    assert (outcome.status, outcome.new) == ("ok", 2)
    asked = [one.path for one in server.seen]
    assert asked[:2] == ["http://news.example.org/robots.txt", FEED]
    assert all(path.startswith("http://news.example.org/") for path in asked)


@pytest.mark.parametrize("way", ["redirect", "refresh", "robots", "article"])
async def test_nothing_within_is_asked_of_the_proxy(
    proxied: House, server: Server, way: str
) -> None:
    for number, target in enumerate(WITHIN):
        url = FEED.replace("news.", f"news{number}.")
        refresh = f'<meta http-equiv="refresh" content="0;url={target}">'.encode()
        leads = Answer(status=302, headers={"Location": target})
        entries = pages.feed([pages.News(target, f"Story number {number}")])
        answers = {
            "redirect": (url, leads),
            "refresh": (url, Answer(refresh, headers={"Content-Type": "text/html"})),
            "robots": (url.replace("/feed", "/robots.txt"), leads),
            "article": (url, Answer(entries, headers={"Content-Type": pages.RSS})),
        }
        server.put(*answers[way])
        proxied.watch(url, f"s{number}", kind="feed")
        outcome = await proxied.poll(f"s{number}")
        assert outcome.status == ("ok" if way == "article" else "failed"), (target, outcome)
    assert all(one.path.startswith("http://news") for one in server.seen)
    assert not [one for one in server.seen if "@" in one.path or ":25" in one.path]
