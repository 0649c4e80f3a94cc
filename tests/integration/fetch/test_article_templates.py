"""What a source's article pages teach while it is polled is kept with it and used later."""

from __future__ import annotations

import pytest

from crawler.extract import article
from crawler.extract.article_templates import LEARNED, Templates
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import News, path_of
from tests.integration.fetch.server import Answer, Server

HTML = {"Content-Type": "text/html; charset=utf-8"}
# What stands where the text stood, and below it; the heading is the article's own.
WALLS = {
    "login": (
        "This article is one of those that our association keeps for its members and partners. "
        "Please log in to read the whole of it, or write to our office for an account.",
        "<form><label>Password <input type='password' name='p'></label><button>Log in</button>"
        "</form>",
    ),
    "consent": (
        "Before you continue: we and our partners use cookies and process personal data to measure "
        "how our pages are read. To read on, accept all cookies or subscribe.",
        "<button>Accept all</button>",
    ),
    "bot": (
        "Checking your browser before accessing the site of the cluster. Please verify you are "
        "human by completing the action below, and you are led on to the page.",
        "<div class='h-captcha' data-sitekey='x'></div>",
    ),
}


def serve(server: Server, news: list[News], texts: str = pages.WORDS) -> None:
    server.put("/feed", Answer(pages.feed(news), headers={"Content-Type": pages.RSS}))
    for one in news:
        server.put(path_of(server, one), Answer(pages.article(one.title, texts), headers=HTML))


def known(house: House) -> Templates:
    return Templates.of(house.parts.sources.get("one").state.learned)


async def test_the_pages_of_later_polls_are_read_by_what_the_first_taught(
    house: House, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = pages.some(server.url(), 6)
    house.watch(server.url("/feed"), kind="feed")
    serve(server, news[:2])
    await house.poll()
    assert [one.scope[1:] for one in known(house).known] == [("main", "article")]

    def refused(*_: object) -> None:
        raise AssertionError("the general extractors are not needed")

    monkeypatch.setattr(article, "_generally", refused)
    serve(server, news)
    house.later(hours=2)
    outcome = await house.poll()
    assert (outcome.new, outcome.failed) == (4, 0)
    assert all(pages.WORDS in item.text for item in house.items())
    assert known(house).known[0].read == 4


async def test_what_was_learned_outlives_polls_that_read_no_article(
    house: House, server: Server
) -> None:
    news = pages.some(server.url(), 4)
    house.watch(server.url("/feed"), kind="feed")
    serve(server, news[:3])
    await house.poll()
    before = house.parts.sources.get("one").state.learned[LEARNED]
    server.put("/feed", Answer(pages.feed(news[:2]), headers={"Content-Type": pages.RSS}))
    house.later(hours=2)
    await house.poll()
    house.later(hours=2)
    await house.poll()
    assert house.parts.sources.get("one").state.learned[LEARNED] == before


@pytest.mark.parametrize("kind", WALLS)
async def test_a_wall_where_the_text_stood_is_no_article(
    house: House, server: Server, kind: str
) -> None:
    news = pages.some(server.url(), 6)
    house.watch(server.url("/feed"), kind="feed")
    serve(server, news[:5])
    await house.poll()
    assert known(house).known[0].read > 0
    serve(server, news)
    text, below = WALLS[kind]
    wall = pages.article(news[5].title, text).replace(b"</article>", f"{below}</article>".encode())
    server.put(path_of(server, news[5]), Answer(wall, headers=HTML))
    house.later(hours=2)
    outcome = await house.poll()
    assert outcome.new == 1
    item = next(item for item in house.items() if item.title == news[5].title)
    assert text not in item.text
