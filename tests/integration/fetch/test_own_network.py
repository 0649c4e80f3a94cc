"""When our own network is down, no source counts as failing; one fact is kept for the operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.wiring import Parts
from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House, settings_for
from tests.integration.fetch.server import Server


async def watch_four(house: House) -> list[Server]:
    servers = [await Server(f"127.0.{number}.1").start() for number in (1, 2, 3, 4)]
    for server in servers:
        pages.serve_feed(server, 2)
        house.watch(server.url("/feed"), f"s{server.host[-3]}", kind="feed")
    async with house.crawl() as crawl:
        for row in house.parts.sources.all():
            assert (await crawl.poll(row)).status == "ok"
    return servers


async def poll_all(house: House) -> list[str]:
    async with house.crawl() as crawl:
        return [(await crawl.poll(row)).status for row in house.parts.sources.all()]


async def test_an_outage_of_ours_is_no_failure_of_any_source(house: House) -> None:
    servers = await watch_four(house)
    before = {row.source.id: row.state for row in house.parts.sources.all()}
    polls = len(house.rows()["polls"])
    for server in servers:
        await server.__aexit__()
    house.later(hours=2)
    began = house.moment
    assert await poll_all(house) == ["offline"] * 4
    house.later(minutes=6)
    assert await poll_all(house) == ["offline"] * 4
    for row in house.parts.sources.all():
        was = before[row.source.id]
        assert (row.state.failures, row.state.error, row.state.last_ok) == (0, "", was.last_ok)
        assert row.state.failing_since is None
        assert row.state.next_due == house.moment + timedelta(minutes=5)
    assert len(house.rows()["polls"]) == polls  # nothing was checked
    assert house.parts.ingest.network.down_since() == began


async def test_it_is_over_with_the_first_answer(house: House) -> None:
    servers = await watch_four(house)
    for server in servers[1:]:
        await server.__aexit__()
    first = house.parts.sources.get("s1").source.url
    port = servers[0].port
    await servers[0].__aexit__()
    house.later(hours=2)
    await poll_all(house)
    assert house.parts.ingest.network.down_since() is not None
    again = Server(servers[0].host)
    await again.start(port=port)
    assert again.url("/feed") == first
    house.later(minutes=6)
    assert (await house.poll("s1")).status == "failed"  # a 404, and yet an answer
    assert house.parts.ingest.network.down_since() is None
    await again.__aexit__()


async def test_one_site_that_is_away_is_its_own_failure(house: House) -> None:
    servers = await watch_four(house)
    await servers[2].__aexit__()
    house.later(hours=2)
    assert await poll_all(house) == ["unchanged", "unchanged", "failed", "unchanged"]
    state = house.parts.sources.get("s3").state
    assert (state.failures, state.error_kind) == (1, "connect")
    assert house.parts.ingest.network.down_since() is None
    for server in (servers[0], servers[1], servers[3]):
        await server.__aexit__()


async def test_ports_of_one_host_that_refuse_are_its_own_failures(house: House) -> None:
    servers = [await Server().start() for _ in range(4)]
    for number, server in enumerate(servers):
        pages.serve_feed(server, 2)
        house.watch(server.url("/feed"), f"s{number}", kind="feed")
    assert await poll_all(house) == ["ok"] * 4
    for server in servers:
        await server.__aexit__()
    house.later(hours=2)
    assert await poll_all(house) == ["failed"] * 4
    assert house.parts.ingest.network.down_since() is None
    assert {row.state.error_kind for row in house.parts.sources.all()} == {"connect"}


async def test_a_witness_that_leads_into_a_private_network_is_not_knocked_at(
    house: House, tmp_path: Path
) -> None:
    servers = await watch_four(house)
    house.watch("http://nobody.invalid/feed", "away", kind="feed")
    strict = Parts(settings_for(tmp_path, allow_networks=()), house.parts.database)
    strict.__dict__ |= {"topics": house.parts.topics, "matcher": house.parts.matcher}
    # Nobody else may be asked, so nothing tells whose fault it is; a knock would have.
    assert (await replace(house, parts=strict).poll("away")).status == "offline"
    assert (await house.poll("away")).status == "failed"
    for server in servers:
        await server.__aexit__()
