"""Whether a host is away or our own network is: hosts of other networks are asked to connect."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from crawler.storage.network import NetworkStore
from crawler.urls import registrable_domain

WITNESSED = timedelta(days=7)  # hosts that worked within it can bear witness
WITNESSES = 5
LEAST_WITNESSES = 2  # with the host that failed they are three: two may break down by chance
CONNECT_SECONDS = 5.0
_BELIEVED_UP_SECONDS, _BELIEVED_DOWN_SECONDS = 15.0, 45.0
_PORTS = {"http": 80, "https": 443}
Connect = Callable[[str, int], Awaitable[bool]]
Allows = Callable[[IPv4Address | IPv6Address], bool]  # whether an address may be fetched from


def connecting(allows: Allows) -> Connect:
    """A Connect that tells whether a host takes a connection within CONNECT_SECONDS, at an
    address that may be fetched from: a name can lead elsewhere by now. Nothing is sent."""

    async def connects(host: str, port: int) -> bool:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                loop = asyncio.get_running_loop()
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                addresses = [str(one[4][0]).partition("%")[0] for one in found]
                public = [one for one in addresses if allows(ip_address(one))]
                for one in public:
                    if await _takes_connection(one, port):
                        return True
        except (OSError, TimeoutError):
            pass
        return False

    return connects


async def _takes_connection(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(address, port)
    except OSError:
        return False
    writer.close()
    return True


class OwnNetwork:
    """One per crawl. Asked only when a host could not be reached."""

    def __init__(
        self,
        store: NetworkStore,
        *,
        proxy: str = "",
        clock: Callable[[], datetime],
        allows: Allows = lambda address: True,
        connect: Connect | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._proxy = proxy
        self._clock = clock
        # The proxy may stand in a private network; hosts that bear witness may not.
        self._connect = connect or connecting((lambda _: True) if proxy else allows)
        self._monotonic = monotonic
        self._lock = asyncio.Lock()
        self._known: tuple[bool, float] | None = None  # (down, until when it is believed)

    async def is_down(self, url: str) -> bool:
        """Whether nothing else that worked lately can be reached either.

        False where there is too little to compare with: then it is the site.
        """
        async with self._lock:
            if self._known is not None and self._monotonic() < self._known[1]:
                return self._known[0]
            down = await self._asked(url)
            kept = _BELIEVED_DOWN_SECONDS if down else _BELIEVED_UP_SECONDS
            self._known = (down, self._monotonic() + kept)
            return down

    def answered(self) -> None:
        """Some host answered: what was believed to be down is not."""
        if self._known is not None and self._known[0]:
            self._known = None

    async def _asked(self, url: str) -> bool:
        found = await self._witnesses(url)
        if len(found) < (1 if self._proxy else LEAST_WITNESSES):
            return False
        answers = await asyncio.gather(*(self._connect(host, port) for host, port in found))
        return not any(answers)

    async def _witnesses(self, url: str) -> list[tuple[str, int]]:
        """Hosts and ports of other networks, those that worked last first."""
        if self._proxy:
            return [_place(self._proxy)]
        since = self._clock() - WITNESSED
        urls = await asyncio.to_thread(self._store.working, since)
        own = _network(url)
        places = {_network(one): _place(one) for one in reversed(urls) if _network(one) != own}
        return list(reversed(places.values()))[:WITNESSES]


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)


def _network(url: str) -> str:
    """What hosts share that fail together, as far as the address tells: the registrable domain,
    of a bare IP address its /24 or /48. Ports of one host are one."""
    host = urlsplit(url).hostname or ""
    try:
        address = ip_address(host)
    except ValueError:
        return registrable_domain(host)
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))
