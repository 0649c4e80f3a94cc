"""Which addresses a webhook may have, told before anything is sent."""

from __future__ import annotations

import pytest

from alerts.channels.webhook_address import webhook_target
from alerts.declarations import check
from crawler.config.tables import SubscriptionTable
from crawler.errors import ConfigError

WRONG = (
    "http://news.example.org/x", "https://a:b@example.org/", "ftp://x/", "https://", "x:y:z",
    "https://example.org/x y", "https://:p@example.org/x", "https://@example.org/",
    "https://example.org:0/", "https://example.org:/ ", "https://exa mple.org/", "https://example.org/\n",
)  # fmt: skip


@pytest.mark.parametrize("address", ["https://example.org/hook?x=1", "http://127.0.0.1:9/hook"])
def test_an_encrypted_address_or_this_machine(address: str) -> None:
    assert webhook_target(address) is not None


@pytest.mark.parametrize("address", WRONG)
def test_anything_else_is_refused_where_it_is_declared(address: str) -> None:
    assert webhook_target(address) is None
    table = SubscriptionTable(id="hook", to=f"webhook:{address}")
    with pytest.raises(ConfigError, match='"hook" to: the webhook'):
        check(table.subscription("main", "UTC"), '[[subscriptions]] "hook" ')
