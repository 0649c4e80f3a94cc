"""Which addresses are this machine's."""

from __future__ import annotations

import pytest

from alerts.channels.loopback import on_loopback


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://127.0.0.1:8080/api/", True),
        ("smtp://[::1]", True),
        ("smtp://localhost:25", True),
        ("smtp://localhost.example.org", False),
        ("smtp://127.0.0.1.example.org", False),
        ("https://slack.com/api/", False),
        ("http://10.0.0.1/", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, ours: bool) -> None:
    assert on_loopback(url) is ours
