"""Where a webhook may be posted to."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from alerts.channels.loopback import on_loopback


def webhook_target(url: str) -> SplitResult | None:
    """The parts of an https address without a login, or of an http address of this machine; None
    for anything else."""
    try:
        target = urlsplit(url)
        _ = target.port
    except ValueError:
        return None
    encrypted = target.scheme == "https" or (target.scheme == "http" and on_loopback(url))
    usable = encrypted and target.hostname and not target.username and url.isascii()
    return target if usable else None
