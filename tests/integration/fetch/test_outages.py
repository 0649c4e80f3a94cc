"""From the daemon's polls to the operator's mailbox: one message an outage, one when it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from alerts.demo.mail_sink import MailSink
from alerts.outbox import Outbox
from alerts.wiring import AlertParts
from crawler.storage.claims import ClaimStore
from crawler.wiring import Parts
from scheduler import Daemon
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, MakeHouse
from tests.integration.fetch.server import Answer, Server


@dataclass
class Running:
    """A daemon whose ticks the test gives, over the house's clock, and its operator's mailbox."""

    house: House
    daemon: Daemon
    sink: MailSink

    async def round(self, **later: float) -> None:
        """Let time pass, then give every tick once."""
        self.house.later(**later)
        await self.daemon.poll_due()
        await asyncio.gather(*self.daemon._polls.values())
        await self.daemon.note_outages()
        await self.daemon.deliver_due()
        await self.daemon.deliver_due()  # notes are queued by the first, sent by the second

    def subjects(self) -> list[str]:
        return [str(one.message["Subject"]) for one in self.sink.messages]

    def text(self, number: int) -> str:
        body = self.sink.messages[number].message.get_body(("plain",))
        assert body is not None
        return " ".join(str(body.get_content()).split())


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as one:
        yield one


@asynccontextmanager
async def running(house: House, sink: MailSink) -> AsyncIterator[Running]:
    settings = house.parts.settings.model_copy(
        update={
            "clusterwatch": house.parts.settings.clusterwatch.model_copy(
                update={"operator": "email:ops@example.org"}
            ),
            "email": house.parts.settings.email.model_copy(
                update={"smtp": sink.url, "sender": "Clusterwatch <news@example.org>"}
            ),
        }
    )
    crawler = Parts(settings, house.parts.database)
    crawler.__dict__ |= {key: house.parts.__dict__[key] for key in ("topics", "matcher")}
    parts = AlertParts(crawler)
    parts.__dict__["outbox"] = Outbox(
        ClaimStore(house.parts.database), parts.channels, parts.incidents, clock=house.clock
    )
    daemon = Daemon(settings, parts, clock=house.clock)
    async with house.crawl() as crawl:
        daemon._crawl = crawl
        yield Running(house, daemon, sink)
    parts.close()


async def four_sites(house: House) -> list[Server]:
    servers = [await Server(f"127.0.{number}.1").start() for number in (1, 2, 3, 4)]
    for server in servers:
        pages.serve_feed(server, 2)
        house.watch(server.url("/feed"), f"s{server.host[-3]}", kind="feed")
    return servers


async def test_an_outage_of_a_source_is_told_once_and_its_end_once(
    make_house: MakeHouse, sink: MailSink
) -> None:
    house = make_house()
    servers = await four_sites(house)
    async with running(house, sink) as run:
        await run.round()
        servers[1].put("/feed", Answer(b"", 500))
        for _ in range(7):
            await run.round(hours=3)
        assert run.subjects() == []  # a night's maintenance is no incident
        for _ in range(12):
            await run.round(hours=6)
        assert len(run.subjects()) == 1
        assert "s2 cannot be read since 2026-11-21" in run.subjects()[0]
        told = run.text(0)
        assert "HTTP 500" in told
        assert "Last item: 2026-11-20" in told
        assert "opens in a browser" in told
        pages.serve_feed(servers[1], 2)
        for _ in range(6):
            await run.round(hours=12)
        assert len(run.subjects()) == 2
        assert run.subjects()[1].count("Works again") == 1
        assert house.parts.sources.get("s2").state.failures == 0
    for server in servers:
        await server.__aexit__()


async def test_our_own_outage_is_one_incident_and_no_source_s(
    make_house: MakeHouse, sink: MailSink
) -> None:
    house = make_house()
    servers = await four_sites(house)
    ports = [server.port for server in servers]
    async with running(house, sink) as run:
        await run.round()
        for server in servers:
            await server.__aexit__()
        for _ in range(12):
            await run.round(hours=6)
        assert len(run.subjects()) == 1
        assert "Our own network has been down since Sat 21 Nov 15:00 CET" in run.subjects()[0]
        assert "do not count as failing" in run.text(0)
        assert [row.state.failures for row in house.parts.sources.all()] == [0] * 4
        for server, port in zip(servers, ports, strict=True):
            await server.start(port=port)
        run.daemon._crawl._ports.network._known = None  # type: ignore[union-attr]
        await run.round(minutes=10)
        assert len(run.subjects()) == 2
        assert run.subjects()[1].count("Works again") == 1
        assert [row.state.last_ok for row in house.parts.sources.all()] == [house.moment] * 4
    for server in servers:
        await server.__aexit__()


async def test_what_is_watched_no_more_is_withdrawn_without_a_word(
    make_house: MakeHouse, sink: MailSink
) -> None:
    house = make_house()
    servers = await four_sites(house)
    async with running(house, sink) as run:
        await run.round()
        servers[0].put("/feed", Answer(b"", 410))
        for _ in range(6):
            await run.round(hours=12)
        assert len(run.subjects()) == 1
        house.parts.sources.set_status("s1", "paused")
        await run.round(hours=12)
        assert len(run.subjects()) == 1
        assert run.daemon.parts.incidents.store.all_open() == []
    for server in servers:
        await server.__aexit__()
