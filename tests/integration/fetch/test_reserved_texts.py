"""Pages that reserve text and data mining: titles and links alone, shown and explained."""

from __future__ import annotations

from alerts.explain_address import explain_unknown
from alerts.wiring import AlertParts
from crawler.cli.source_views import policy_line, policy_of
from crawler.model.item import Item
from crawler.urls import url_key
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Server

RESERVED = '<meta name="tdm-reservation" content="1">'
TEASER = "In short: members agreed."


def served(server: Server, head: str = "", **headers: str) -> None:
    """A feed of two items; the first one's page carries ``head``, the feed ``headers``."""
    news = pages.some(server.url(), 2)
    said = {"Content-Type": pages.RSS, **{key.replace("_", "-"): v for key, v in headers.items()}}
    server.put("/feed", Answer(pages.feed(news), headers=said))
    for one, extra in zip(news, (head, ""), strict=True):
        server.put(pages.path_of(server, one), pages.article(one.title, head=extra))


def by_title(house: House) -> list[Item]:
    return sorted(house.items(), key=lambda item: pages.TITLES.index(item.title))


async def test_an_article_that_reserves_it_lives_on_its_teaser(
    house: House, server: Server
) -> None:
    served(server, RESERVED)
    house.watch(server.url("/feed"), kind="feed")
    outcome = await house.poll()
    assert (outcome.status, outcome.new, outcome.failed) == ("ok", 2, 0)
    reserved, free = by_title(house)
    assert (reserved.text, TEASER) == (TEASER, reserved.summary)
    assert pages.WORDS in free.text
    assert house.parts.fetched.kept_out("one") == {"tdm": 1}
    server.forget()
    house.later(hours=1)
    await house.poll()
    assert server.paths() == ["/feed"]  # it is not asked for again
    found = explain_unknown(AlertParts(house.parts), reserved.url, url_key(reserved.url))
    assert (found.stage, "reserves text and data mining" in found.reason) == ("tdm", True)


async def test_a_watched_page_that_reserves_it_gives_no_teasers(
    house: House, server: Server
) -> None:
    served(server, tdm_reservation="1")
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    items = by_title(house)
    assert [item.title for item in items] == [*pages.TITLES[:2]]
    assert not [item for item in items if TEASER in item.summary]
    assert all(pages.WORDS in item.text for item in items)  # those pages speak for themselves


async def test_it_holds_for_listings(house: House, server: Server) -> None:
    body = pages.listing(pages.some(server.url(), 4))
    server.put("/news", body.replace(b"<head>", b"<head>" + RESERVED.encode()))
    house.watch(server.url("/news"), kind="listing")
    assert (await house.poll()).new == 4
    assert not [item for item in house.items() if TEASER in item.summary + item.text]


async def test_a_watched_page_that_reserves_it_gives_headings_alone(
    house: House, server: Server
) -> None:
    server.put("/page", pages.article("Laser days", head=RESERVED))
    house.watch(server.url("/page"), kind="page")
    await house.poll()
    more = "The second hall opens in March, and all members are asked to bring their own machines."
    server.put("/page", pages.article("Laser days", f"{pages.WORDS}</p><p>{more}", head=RESERVED))
    house.later(hours=1)
    assert (await house.poll()).new > 0
    assert [item.text + item.summary for item in house.items()] == [""] * len(house.items())


async def test_with_the_owners_leave_it_is_read(make_house: MakeHouse, server: Server) -> None:
    house = make_house(obey_tdm=False)
    served(server, RESERVED, tdm_reservation="1")
    house.watch(server.url("/feed"), kind="feed")
    await house.poll()
    assert all(pages.WORDS in item.text for item in house.items())
    assert house.parts.fetched.kept_out("one") == {}


def test_what_is_kept_to_is_shown(house: House) -> None:
    policy = policy_of(house.parts.settings.crawl, 160, {"tdm": 3})
    assert policy_line(policy) == (
        "robots.txt obeyed; reservations against automatic reading obeyed (3 pages); "
        "160 characters shown"
    )
    assert policy_line(policy | {"excerpt": 0}).endswith("title and link alone")
