"""Every fault, from real polls to what people are told of it: one incident with cause, since when,
last good item and what to do, in ``status`` and in the digest's receipt, and its end once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from alerts.cli.status_lines import status_lines
from alerts.health import status
from alerts.incidents import OPERATOR
from alerts.wiring import AlertParts
from crawler.fetch.run import Crawl
from crawler.model.subscription import Subscription
from crawler.storage import subscriptions as subscription_rows
from crawler.wiring import Parts
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.pages import News, path_of
from tests.integration.fetch.server import Answer, Server
from tests.integration.fetch.test_certificates import authority, signed_for
from tests.integration.fetch.test_fault_causes import CAUSES, FEED_FAULTS, HOME, page

__all__ = ["authority"]

DAY = timedelta(days=1)
MOST = 14  # polls at their turns: more than any fault needs to be certain
TEAM = Subscription("team", "file:digests/", schedule="daily 08:00", timezone="UTC")


@dataclass
class Told:
    """An installation with an operator and one subscription, and what both are told."""

    house: House
    crawl: Crawl
    alerts: AlertParts

    async def turn(self) -> None:
        """The next poll of the source at its turn, and the look that opens and closes incidents."""
        due = self.house.parts.sources.get("one").state.next_due
        self.house.moment = max(due or self.house.moment, self.house.moment + timedelta(minutes=1))
        await self.crawl.poll(self.house.parts.sources.get("one"))
        self.alerts.source_incidents.update(self.house.moment)
        self.alerts.incidents.tell(self.house.moment)

    def notes(self) -> list[str]:
        """What was queued for the operator, oldest first."""
        found = self.alerts.deliveries.find(subscription=OPERATOR)
        shown = [unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", one.payload)) for one in found]
        return [" ".join(one.split()) for one in reversed(shown)]

    def document(self) -> dict[str, object]:
        source: dict[str, object] = status(self.alerts, self.house.moment)["sources"][0]
        return source

    def said(self) -> str:
        """``status`` as a person reads it."""
        lines = status_lines(status(self.alerts, self.house.moment))
        return " ".join(" ".join(lines).split())

    def receipt(self) -> str:
        """The line at the end of the next digest."""
        return self.alerts.dispatcher.preview("team", self.house.moment).digest.receipt


@pytest.fixture
async def told(house: House) -> AsyncIterator[Told]:
    plain = house.parts.settings
    own = plain.clusterwatch.model_copy(update={"operator": "file:notes/"})
    settings = plain.model_copy(update={"clusterwatch": own})
    parts = Parts(settings, house.parts.database)
    parts.__dict__ |= {key: house.parts.__dict__[key] for key in ("topics", "matcher")}
    with house.parts.database.write() as connection:
        subscription_rows.insert(connection, TEAM, now=house.moment, by="test")
    async with house.crawl() as crawl:
        yield Told(house, crawl, AlertParts(parts))


def watched_list(house: House, server: Server) -> list[News]:
    """Five items in a list, of different days; the newest of 20 November."""
    news = [
        News(one.url, one.title, one.day and one.day - n * DAY)
        for n, one in enumerate(pages.some(server.url(), 5))
    ]
    server.put("/news/", pages.listing(news))
    server.put("/feed", pages.feed(news), pages.RSS)
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))
    return news


async def expect_one_incident(told: Told, since: datetime, cause: str, words: str) -> None:
    """Polls go on at their turns: it opens once, and everybody is told everything."""
    for _ in range(MOST):
        if told.notes():
            break
        await told.turn()
    for _ in range(2):
        await told.turn()
    [note] = told.notes()
    one = told.document()
    assert (one["health"], one["cause"]) == ("failing", cause)
    assert words in str(one["error"])
    assert one["failing_since"] == since.isoformat(timespec="seconds")
    day, last = f"since {since:%Y-%m-%d}", "Last item: 2026-11-20, Laser sintering line"
    for fact in (f"one cannot be read {day}", last, str(one["error"]), str(one["remedy"])):
        assert fact in note
    for fact in (day, last, str(one["error"]), *str(one["remedy"]).split(" – ")):
        assert fact in told.said()
    assert "1 not reached" in told.receipt()


async def expect_the_end(told: Told) -> None:
    """It works again: told once, and nothing is left of it."""
    for _ in range(3):
        await told.turn()
    assert len(told.notes()) == 2
    assert "Works again: the source one" in told.notes()[1]
    assert told.document()["health"] == "ok"
    assert "not reached" not in told.receipt()
    assert told.alerts.incidents.store.all_open() == []


LEADS_HOME = Answer(status=302, headers={"Location": "/"})
LISTS = {
    **{name: CAUSES[name][:3] for name in (
        "404", "410", "403", "500", "soft 404, German", "soft 404, Danish", "login, German",
        "cookies, German", "robots, 200", "empty list", "another page",
    )},
    "moved to the home page": (LEADS_HOME, "moved", "home page now"),
    "never answers": (Answer(raw=b""), "body", ""),
}  # fmt: skip


@pytest.mark.parametrize("fault", LISTS)
async def test_a_list_that_fails_is_one_incident(told: Told, server: Server, fault: str) -> None:
    news = watched_list(told.house, server)
    server.put("/", page(HOME))
    told.house.watch(server.url("/news/"), kind="listing")
    await told.turn()
    answer, cause, words = LISTS[fault]
    server.put("/news/", answer)
    await told.turn()
    await expect_one_incident(told, told.house.moment, cause, words)
    server.put("/news/", pages.listing(news))
    await expect_the_end(told)


@pytest.mark.parametrize("fault", FEED_FAULTS)
async def test_a_feed_that_is_none_any_more_is_one_incident(
    told: Told, server: Server, fault: str
) -> None:
    watched_list(told.house, server)
    told.house.watch(server.url("/feed"), kind="feed")
    await told.turn()
    answer, cause, words = FEED_FAULTS[fault]
    server.put("/feed", answer)
    await told.turn()
    await expect_one_incident(told, told.house.moment, cause, words)
    watched_list(told.house, server)
    await expect_the_end(told)


@pytest.fixture
def trusted(authority: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The authority, believed by crawls that start from now on."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    return authority


async def test_a_certificate_that_ran_out_is_one_incident(trusted: Path, told: Told) -> None:
    server = await Server().start(signed_for(trusted, 3))
    port = server.port
    watched_list(told.house, server)
    told.house.watch(server.url("/feed", "https"), kind="feed")
    await told.turn()
    await server.__aexit__()
    await server.start(signed_for(trusted, -1), port=port)
    await told.turn()
    await expect_one_incident(told, told.house.moment, "tls", "certificate has expired")
    await server.__aexit__()
    await server.start(signed_for(trusted, 3), port=port)
    await expect_the_end(told)
    await server.__aexit__()


async def test_a_frozen_page_is_no_incident_and_said_everywhere(told: Told, server: Server) -> None:
    start = told.house.moment
    news = [
        News(
            server.url(f"/n/{n}"),
            f"Piece of news number {n} of the valley",
            start - (2 + 7 * n) * DAY,
        )
        for n in range(20)
    ]
    for one in news:
        server.put(path_of(server, one), pages.article(one.title))
    server.put("/news/", pages.listing(news))
    told.house.watch(server.url("/news/"), kind="listing")
    await told.turn()
    while told.house.moment < start + 60 * DAY:
        told.house.later(days=5)
        await told.turn()
    assert (told.document()["health"], told.notes()) == ("frozen", [])
    assert "'since': '2026-11-19'" in str(told.document()["silence"])
    assert "has not changed at all since" in told.said()
    assert "Last item: 2026-11-19, Piece of news number 0" in told.said()
    assert "1 unusually quiet" in told.receipt()
