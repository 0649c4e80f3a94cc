"""How often somebody may ask us for a mail: counted a day under keyed marks."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from alerts.web.site import Site
from crawler.storage.allowances import AllowanceStore

PER_ADDRESS, PER_NETWORK, PER_DAY = 3, 20, 500  # mails a day


def allowed(site: Site, kind: str, whose: str, most: int) -> bool:
    """Count one more of ``whose``; False where that is more than ``most`` today."""
    mark = site.parts.signer.mark("allowance", f"{kind}:{whose}")
    return AllowanceStore(site.parts.crawler.database).take(mark, most, site.clock())


def network(address: str) -> str:
    """The network somebody asks from: /24, or /48 for IPv6, which people get as a whole."""
    try:
        bits = 24 if ip_address(address).version == 4 else 48
    except ValueError:
        return "unknown"
    return str(ip_network(f"{address}/{bits}", strict=False))
