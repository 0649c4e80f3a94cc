"""Where a webhook may be posted to."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from alerts.channels.loopback import on_loopback


def webhook_target(url: str) -> SplitResult | None:
    """The parts of an https address without a login or blanks, or of such an http address of this
    machine; None for anything else."""
    try:
        target = urlsplit(url)
        port = target.port
    except ValueError:
        return None
    encrypted = target.scheme == "https" or (target.scheme == "http" and on_loopback(url))
    printed = url.isascii() and url.isprintable() and " " not in url
    usable = encrypted and printed and target.hostname and port != 0 and "@" not in target.netloc
    return target if usable else None
