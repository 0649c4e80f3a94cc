"""Sites redesigned, moved and broken between two polls: what a subscriber would hear of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.model.subscription import Subscription
from crawler.storage.candidates import CandidateStore
from tests.fixtures.redesigns import (
    FAMILIES,
    NEWEST,
    WHAT,
    Piece,
    edited,
    events,
    jobs,
    page,
    pieces,
    readdressed,
)
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Server

EVERYTHING = Subscription(id="all", to="file:digests/")
HTML = {"Content-Type": "text/html; charset=utf-8"}


def text(title: str) -> str:
    """A text of its own for every item."""
    number = WHAT.index(title) if title in WHAT else len(title)
    others = [WHAT[(number * 5 + step * 7) % len(WHAT)] for step in range(1, 6)]
    return (
        f"{title}, as the office says. {others[0]} was the talk of last year; this is another "
        f"matter, told by {number + 3} people. They compare it with what happened when "
        f"{others[1].lower()}. Whoever knows that {others[2].lower()} will not wonder. "
        f"Next to it {others[3].lower()}, and {others[4].lower()}."
    )


def plain_article(title: str, body: str, day: str) -> str:
    return (
        f"<html lang=en><head><title>{title}</title></head><body><div id=nav><a href=/>Home</a>"
        f"</div><div id=content><h1>{title}</h1><p>{body}</p></div></body></html>"
    )


def rich_article(title: str, body: str, day: str) -> str:
    """The same article as the new design shows it: dates, names and numbers around the text."""
    return (
        f"<!doctype html><html lang=en><head><title>{title} | Valley Cluster</title>"
        f"<meta property='og:title' content='{title}'></head><body><header><nav><a href=/>Start</a>"
        f"</nav></header><main><article><h1>{title}</h1><p class=meta>{day}, reading time 3 min"
        f"</p><p>{body}</p><p>Contact for this matter: Ada Muster, phone 0361 123456, office "
        f"hours 9 to 12.</p></article></main></body></html>"
    )


Article = Callable[[str, str, str], str]


def daily(first: int = 1, count: int = 7) -> list[Piece]:
    """Items a day apart: all young enough to alert."""
    return [
        replace(one, day=NEWEST - timedelta(days=n + first))
        for n, one in enumerate(pieces(first, count))
    ]


class Site:
    """A site whose design and addresses a test changes."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.texts: dict[str, str] = {}  # by the title an item had first

    def show(
        self,
        family: str,
        news: Sequence[Piece],
        *,
        path: str = "/news",
        look: str = "old",
        article: Article = plain_article,
        originals: Sequence[Piece] = (),
    ) -> None:
        """From now on the list is this; ``originals``: the items under their first titles."""
        body = page(FAMILIES[family](news), look=look)
        self.server.put(path, Answer(body, headers=HTML))
        for one, first in zip(news, originals or news, strict=True):
            html = article(one.title, text(first.title), f"{one.day:%d.%m.%Y}")
            self.server.put(one.path, Answer(html.encode(), headers=HTML))

    def gone(self, news: Sequence[Piece]) -> None:
        for one in news:
            self.server.put(one.path, Answer(b"gone", 404))


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    return make_house(first_run="7d", max_age=timedelta(days=30))


@pytest.fixture
def site(server: Server) -> Site:
    return Site(server)


def heard(house: House, since: int = 1) -> list[str]:
    """Titles a subscriber of everything would get of what was first seen after the baseline."""
    store = CandidateStore(house.parts.database)
    start = house.moment - timedelta(hours=since)
    found = store.pending(EVERYTHING, start)
    items = [item for story in found.stories for item in story.items]
    return sorted(one.title for one in items if one.first_seen >= start and not one.held_back)


async def begin(house: House, site: Site, family: str = "table") -> list[Piece]:
    """The first poll of the old site."""
    news = daily()
    site.show(family, news)
    house.watch(site.server.url("/news"))
    first = await house.poll()
    assert (first.kind, first.new) == ("listing", len(news))
    house.later(days=1)
    return news


REDESIGNS: dict[str, tuple[str, str, Article]] = {
    "table to cards": ("table", "cards", plain_article),
    "soup to wordpress, articles too": ("soup", "wordpress", rich_article),
    "typo3 to drupal, articles too": ("typo3", "drupal", rich_article),
    "undated to undated, articles too": ("undated", "undated", rich_article),
    "dated to undated, articles too": ("contao", "undated", rich_article),
}


@pytest.mark.parametrize("moved", ["same addresses", "other addresses"])
@pytest.mark.parametrize("design", REDESIGNS)
async def test_after_a_redesign_only_the_new_item_is_new(
    house: House, site: Site, design: str, moved: str
) -> None:
    old, new, article = REDESIGNS[design]
    news = await begin(house, site, old)
    fresh = daily(0, 1)
    after = news if moved == "same addresses" else readdressed(news)
    if after is not news:
        site.gone(news)
    site.show(new, fresh + after, look="new", article=article)
    outcome = await house.poll()
    assert (outcome.status, outcome.error) == ("ok", "")
    assert [item.title for item in outcome.items] == [fresh[0].title]
    assert heard(house) == [fresh[0].title]
    house.later(days=1)
    assert (await house.poll()).new == 0


async def test_edited_titles_at_other_addresses_are_no_news(house: House, site: Site) -> None:
    news = await begin(house, site)
    fresh = daily(0, 1)
    after = edited(readdressed(news))
    site.gone(news)
    site.show("cards", fresh + after, look="new", originals=fresh + news)
    outcome = await house.poll()
    assert outcome.status == "ok"
    assert heard(house) == [fresh[0].title]


async def test_a_longer_list_after_a_redesign_tells_no_old_items(house: House, site: Site) -> None:
    news = await begin(house, site)
    site.show("cards", daily(0, 1) + readdressed(daily(1, 14)), look="new", article=rich_article)
    assert (await house.poll()).status == "ok"
    assert heard(house) == [daily(0, 1)[0].title]
    assert len(news) == 7


def shown(family: str, news: Sequence[Piece], heading: str) -> bytes:
    return page(FAMILIES[family](news), heading=heading)


APP = b"<!doctype html><html><body><div id=root></div><script src=/a.js></script></body></html>"
LOSSES: dict[str, bytes] = {
    "jobs in the same markup": shown("table", jobs(), "News"),
    "jobs in other markup": shown("wordpress", jobs(), "Jobs"),
    "events": shown("table", events(12), "Events"),
    "older news, none known": shown("table", pieces(14, 10), "Archive"),
    "one known item among jobs": shown("table", [*jobs(), *daily(1, 1)], "Jobs"),
    "a script that fills the page": APP,
    "nothing": page("<p>We are building a new site for you.</p>"),
}


@pytest.mark.parametrize("loss", LOSSES)
async def test_a_list_that_is_lost_is_reported_until_it_comes_back(
    house: House, site: Site, loss: str
) -> None:
    news = await begin(house, site)
    learned = house.parts.sources.get("one").state.learned
    site.server.put("/news", Answer(LOSSES[loss], headers=HTML))
    for _ in range(4):
        assert (await house.poll()).status == "failed"
        house.later(days=1)
    state = house.parts.sources.get("one").state
    assert (state.failures, state.learned) == (4, learned)
    assert state.last_ok is not None
    assert state.failing_since is not None
    assert (loss == "a script that fills the page") == ("--render browser" in state.remedy)
    site.show("table", daily(0, 1) + news)
    assert (await house.poll()).new == 1
    assert heard(house) == [daily(0, 1)[0].title]


async def test_patterns_that_hide_the_redesigned_list_are_named_with_the_cure(
    house: House, site: Site
) -> None:
    news = daily()
    site.show("table", news)
    house.watch(site.server.url("/news"), only_links=("/news/*",))
    assert (await house.poll()).new == len(news)
    house.later(days=1)
    site.show("cards", readdressed(news), look="new")
    assert "Its list is there, but only_links" in (await house.poll()).error
    remedy = house.parts.sources.get("one").state.remedy
    assert "clusterwatch sources set one --only-links ''" in remedy


@pytest.mark.parametrize("status", [301, 302])
async def test_a_list_that_moved_is_followed(house: House, site: Site, status: int) -> None:
    news = await begin(house, site)
    after = daily(0, 1) + readdressed(news)
    target = {"Location": site.server.url("/en/newsroom")}
    site.server.put("/news", Answer(status=status, headers=target))
    site.show("typo3", after, path="/en/newsroom", look="new", article=rich_article)
    for _ in range(2):
        outcome = await house.poll()
        assert outcome.status in ("ok", "unchanged")
        house.later(hours=1)
    assert heard(house, since=3) == [after[0].title]


@pytest.mark.parametrize("status", [301, 302])
async def test_a_site_at_another_domain_repeats_nothing(
    house: House, site: Site, status: int
) -> None:
    news = await begin(house, site)
    async with Server("127.0.0.2") as other:
        for one in ("/news", *(item.path for item in news)):
            there = {"Location": other.url(one)}
            site.server.put(one, Answer(status=status, headers=there))
        Site(other).show("table", daily(0, 1) + news)
        for _ in range(2):
            outcome = await house.poll()
            assert outcome.status in ("ok", "unchanged")
            house.later(hours=1)
        assert heard(house, since=3) == [daily(0, 1)[0].title]
