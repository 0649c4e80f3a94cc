"""Who means a private address is told the network to write."""

from __future__ import annotations

import pytest

from crawler.errors import RefusedError
from crawler.fetch.guard import AddressGuard


@pytest.mark.parametrize(
    ("url", "network"),
    [
        ("http://127.0.0.1:8080/news", "127.0.0.0/8"),
        ("http://192.168.1.5/news", "192.168.1.5/32"),
        ("http://[::1]/news", "::1/128"),
    ],
)
def test_the_network_of_a_refused_address_is_named_and_allows_it(url: str, network: str) -> None:
    with pytest.raises(RefusedError) as refused:
        AddressGuard(()).check_url(url)
    assert f'[crawl] allow_networks = ["{network}"]' in refused.value.line()
    AddressGuard((network,)).check_url(url)
