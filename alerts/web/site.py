"""What every page of the application knows: the parts, the clock, its own address and looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request

from alerts.wiring import AlertParts
from crawler.config import Settings

if TYPE_CHECKING:
    from crawler.fetch.run import Crawl

Clock = Callable[[], datetime]


@dataclass
class Site:
    """One installation's web side; pages get it by ``site_of``."""

    parts: AlertParts
    clock: Clock
    crawl: Crawl | None = None  # the daemon's, where pages run inside it: one crawl a process
    looking: asyncio.Lock = field(default_factory=asyncio.Lock)  # else one look at a time

    @property
    def settings(self) -> Settings:
        return self.parts.settings

    @property
    def name(self) -> str:
        """What the pages call themselves."""
        return self.settings.web.name or "Clusterwatch"

    @cached_property
    def base(self) -> str:
        """The address that links begin with, without a slash at the end.

        Configured, never taken from a request: whoever sets the Host header writes no links.
        """
        public = self.settings.clusterwatch.public_url.rstrip("/")
        return public or f"http://{self.settings.web.listen}"

    @property
    def encrypted(self) -> bool:
        """Whether browsers reach it by https, so that cookies may insist on it."""
        return self.base.startswith("https://")

    @cached_property
    def path(self) -> str:
        """The path below which the pages stand, "" at the root of a host."""
        return urlsplit(self.base).path.rstrip("/")

    def url(self, path: str) -> str:
        """An absolute address of ours."""
        return f"{self.base}{path}"

    def client(self, request: Request) -> str:
        """The network address of who asks; a proxy's word counts only where it is trusted."""
        peer = request.client.host if request.client else ""
        forwarded = request.headers.get("x-forwarded-for", "")
        for hop in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
            if not self.trusts(peer):
                break
            peer = hop[:45]
        return peer

    def trusts(self, peer: str) -> bool:
        """Whether a network address is one of the trusted proxies."""
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        networks = (ip_network(one, strict=False) for one in self.settings.web.trusted_proxies)
        return any(address in one for one in networks if one.version == address.version)


def site_of(request: Request) -> Site:
    """The site a request came to."""
    site: Site = request.app.state.site
    return site
