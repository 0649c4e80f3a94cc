"""A host that is away is told from our own network that is down."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import cast

import pytest

from crawler.fetch.guard import AddressGuard
from crawler.fetch.network import OwnNetwork, connecting
from crawler.storage.network import NetworkStore

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


class Witnesses:
    """Sources that worked lately, and which of their hosts still answer."""

    def __init__(self, *urls: str, up: tuple[str, ...] = ()) -> None:
        self.urls, self.up = list(urls), up
        self.asked: list[tuple[str, int]] = []
        self.seconds = 0.0

    def working(self, since: datetime) -> list[str]:
        assert (NOW - since).days == 7
        return self.urls

    async def connect(self, host: str, port: int) -> bool:
        self.asked.append((host, port))
        return host in self.up

    def network(self, proxy: str = "") -> OwnNetwork:
        return OwnNetwork(
            cast(NetworkStore, self), proxy=proxy, clock=lambda: NOW, connect=self.connect,
            monotonic=lambda: self.seconds,
        )  # fmt: skip


DEAD = "https://www.dead.org/news"
OTHERS = tuple(f"https://www.site{number}.example/news" for number in range(8))


@pytest.mark.parametrize(
    ("up", "down"), [(0, True), (1, False), (2, False), (5, False)], ids=["0", "1", "2", "5"]
)
async def test_it_is_ours_when_nobody_answers(up: int, down: bool) -> None:
    hosts = tuple(f"www.site{number}.example" for number in range(up))
    witnesses = Witnesses(DEAD, *OTHERS, up=hosts)
    assert await witnesses.network().is_down(DEAD) is down
    assert len(witnesses.asked) == 5


async def test_without_witnesses_it_is_the_site() -> None:
    assert not await Witnesses().network().is_down(DEAD)
    same = Witnesses("https://dead.org/feed", "https://news.dead.org/")
    assert not await same.network().is_down(DEAD)
    assert same.asked == []


async def test_one_other_host_is_too_little_to_tell() -> None:
    assert not await Witnesses(DEAD, OTHERS[0]).network().is_down(DEAD)
    assert await Witnesses(DEAD, *OTHERS[:2]).network().is_down(DEAD)


@pytest.mark.parametrize(
    ("one", "others"),
    [
        ("http://127.0.0.1:8001/", ["http://127.0.0.1:8002/", "http://127.0.0.9:8003/"]),
        ("http://[2001:db8::1]/", ["http://[2001:db8::1]:81/", "http://[2001:db8:0:9::2]/"]),
        ("http://localhost:8001/", ["http://localhost:8002/", "http://localhost:8003/"]),
    ],
)
async def test_ports_and_neighbours_of_one_host_are_one_network(
    one: str, others: list[str]
) -> None:
    witnesses = Witnesses(one, *others)
    assert not await witnesses.network().is_down(one)
    assert witnesses.asked == []


async def test_who_answers_meanwhile_ends_the_belief_that_ours_is_down() -> None:
    witnesses = Witnesses(*OTHERS)
    network = witnesses.network()
    assert await network.is_down(DEAD)
    witnesses.up = tuple(f"www.site{n}.example" for n in range(8))
    assert await network.is_down(DEAD)
    network.answered()
    assert not await network.is_down(DEAD)


async def test_each_site_is_asked_once_and_at_its_own_port() -> None:
    urls = ("http://a.example:8080/x", "http://b.example/", "https://b.example/y")
    witnesses = Witnesses(*urls)
    await witnesses.network().is_down(DEAD)
    assert len(witnesses.asked) == 2
    assert ("a.example", 8080) in witnesses.asked


async def test_behind_a_proxy_the_proxy_is_asked() -> None:
    witnesses = Witnesses(*OTHERS, up=("proxy.example",))
    assert not await witnesses.network("http://proxy.example:3128").is_down(DEAD)
    assert witnesses.asked == [("proxy.example", 3128)]


async def test_many_failures_at_once_ask_once() -> None:
    witnesses = Witnesses(*OTHERS)
    network = witnesses.network()
    assert [await network.is_down(f"https://x{n}.example/") for n in range(50)] == [True] * 50
    assert len(witnesses.asked) == 5
    witnesses.seconds = 60
    witnesses.up = tuple(f"www.site{n}.example" for n in range(8))
    assert not await network.is_down(DEAD)


async def test_a_witness_that_leads_into_a_private_network_is_not_asked() -> None:
    knocks: list[asyncio.StreamWriter] = []

    def knocked(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        knocks.append(writer)
        writer.close()

    server = await asyncio.start_server(knocked, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        refusing, allowing = AddressGuard(), AddressGuard(["127.0.0.0/8"])
        assert not await connecting(refusing.allows)("localhost", port)
        assert knocks == []
        assert await connecting(allowing.allows)("127.0.0.1", port)


async def test_a_witness_whose_name_is_not_known_takes_no_connection() -> None:
    assert not await connecting(lambda _: True)("nobody.invalid", 80)
