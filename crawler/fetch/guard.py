"""Which addresses may be fetched: schemes, ports and networks, checked where the socket is made."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import RefusedError
from crawler.fetch.places import KEPT_PLACES, head_of

MAX_URL_CHARACTERS = 4000
# Ports of other protocols, from the "bad ports" of the Fetch standard (2.9 "Port blocking").
BAD_PORTS = frozenset(
    [
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95),
        *(101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161),
        *(179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563),
        *(587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060),
        *(5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    ]
)
_NAT64 = ip_network("64:ff9b::/96")
# Names that no public DNS knows: RFC 6761, 6762 (appendix G), 7686, 8375, and those of clusters.
_LOCAL_NAMES = (
    *(".localhost", ".localdomain", ".local", ".internal", ".intranet", ".private", ".corp"),
    *(".home", ".lan", ".home.arpa", ".onion", ".svc", ".test", ".invalid"),
)
_NAME = re.compile(r"[\w.~-]+", re.ASCII)
Address = IPv4Address | IPv6Address
# Whether the request of this context goes to a proxy: it is the proxy that is connected to
# then, wherever the operator has it, and destinations are checked by name alone.
VIA_PROXY: ContextVar[bool] = ContextVar("via_proxy", default=False)


class ForbiddenAddress(OSError):
    """Raised while connecting: the address belongs to a network that may not be fetched from."""


class AddressGuard:
    """Refuses addresses that are not of the public internet, but for ``allow_networks``.

    ``check_url`` looks at what an address says; ``socket_factory`` at what is really
    connected to, after DNS, on every hop: a name that resolves to something else between
    check and connection is refused too.
    """

    def __init__(
        self,
        allow_networks: Sequence[str] = (),
        *,
        proxied: Callable[[str], object] = lambda url: False,  # whether an address goes by a proxy
    ) -> None:
        self._allowed: list[IPv4Network | IPv6Network] = [
            ip_network(network, strict=False) for network in allow_networks
        ]
        self._proxied = proxied
        self._passed: set[str] = set()  # beginnings of addresses: what they say never changes

    def check_url(self, url: str) -> None:
        """Raises RefusedError for other schemes, user-info, ports of other protocols and
        literal addresses of forbidden networks; where a proxy asks, for local names too."""
        head = head_of(url)
        if head in self._passed and len(url) <= MAX_URL_CHARACTERS:
            return
        self._check_url(url)
        if len(self._passed) >= KEPT_PLACES:
            self._passed.clear()
        if head:
            self._passed.add(head)

    def _check_url(self, url: str) -> None:
        if len(url) > MAX_URL_CHARACTERS:
            raise RefusedError("The address is too long.", url=url[:200], kind="refused")
        try:
            parts = urlsplit(url)
            port, host = parts.port, parts.hostname or ""
        except ValueError as error:
            raise RefusedError("Not a web address.", url=url, kind="refused") from error
        if not host:
            raise RefusedError("Not a web address.", url=url, kind="refused")
        if parts.scheme not in ("http", "https"):
            raise _refused(url, f"{parts.scheme or 'no'} addresses are not fetched")
        if parts.username is not None or parts.password is not None:
            raise _refused(url, "addresses with a user name are not fetched")
        if port is not None and port in BAD_PORTS:
            raise _refused(url, f"port {port} belongs to another protocol")
        self._check_host(url, host if host.isascii() else _as_sent(url))

    def socket_factory(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for one resolved address; raises ForbiddenAddress."""
        family, kind, protocol, _name, target = info
        if not VIA_PROXY.get() and not self.allows(ip_address(str(target[0]).partition("%")[0])):
            raise ForbiddenAddress(f"{target[0]} is not of the public internet")
        return socket.socket(family=family, type=kind, proto=protocol)

    def allows(self, address: Address) -> bool:
        """Whether an address is of the public internet or of an allowed network."""
        for one in _meanings(address):
            listed = any(one.version == net.version and one in net for net in self._allowed)
            if not listed and (not one.is_global or one.is_multicast or one.is_reserved):
                return False
        return True

    def _check_host(self, url: str, host: str) -> None:
        literal = _literal(host)
        if literal is not None:
            if not self.allows(literal):
                why = f"{literal} is not of the public internet"
                raise _refused(url, why, how_to_allow(_meanings(literal)[0]))
        elif not _NAME.fullmatch(host):
            raise RefusedError("Not a web address.", url=url, kind="refused")
        elif self._proxied(url) and _is_local(host.rstrip(".")):
            raise _refused(url, f"{host} is a local name")


def how_to_allow(address: Address | None = None) -> str:
    """The remedy for a private address that is meant; without one, an example."""
    loopback = address is None or (address.version == 4 and address.is_loopback)
    network = "127.0.0.0/8" if loopback else str(ip_network(str(address)))
    example = "for example " if address is None else ""
    return f'If you mean it, allow its network: {example}[crawl] allow_networks = ["{network}"]'


def _refused(url: str, why: str, remedy: str = "") -> RefusedError:
    return RefusedError(f"Not fetched: {why}.", url=url, kind="refused", remedy=remedy)


def _as_sent(url: str) -> str:
    """The host as the request spells it: digits and dots of other scripts are ASCII there."""
    from yarl import URL

    try:
        return URL(url).raw_host or ""
    except ValueError as error:
        raise RefusedError("Not a web address.", url=url, kind="refused") from error


def _is_local(name: str) -> bool:
    """Whether a name means something else to every resolver, or nothing outside a network."""
    return "." not in name or name.endswith(_LOCAL_NAMES)


def _literal(host: str) -> Address | None:
    """The IP address a host spells, in any spelling that sockets accept, else None."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:  # 2130706433, 0x7f.1, 0177.0.0.1, 127.1
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except (OSError, UnicodeError):
        return None


def _meanings(address: Address) -> list[Address]:
    """The address and the IPv4 ones inside it (mapped, 6to4, Teredo, NAT64)."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    inner: list[Address] = [address]
    if address.sixtofour is not None:
        inner.append(address.sixtofour)
    if address.teredo is not None:
        inner.extend(address.teredo)
    return inner
