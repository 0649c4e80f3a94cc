"""Which failures say that a way out itself is broken, whoever the message is for (pure)."""

from __future__ import annotations

from datetime import datetime, timedelta

CERTAIN_AFTER = timedelta(minutes=5)  # without any message that arrived …
CERTAIN_TRIES = 3  # … and so many tries of one: a server that starts anew is no incident
# What waits longest is tried so often while its way is broken: its success calls the others.
PROBE_EVERY = timedelta(minutes=5)
AWAY = (
    "broken_answer", "connection", "connection_lost", "connection_refused", "dns", "fatal_error",
    "internal_error", "network", "not_set_up", "not_writable", "service_unavailable", "timeout",
    "tls", "write_failed",
)  # fmt: skip
NO_RECIPIENT = "smtp_no_recipient"  # nobody has that address: as good as a hard bounce
_AWAY_KINDS = ("smtp_connection_4", "smtp_login_4", "smtp_sender_4", "http_5")
_SHARED = ("email", "slack")  # one server for all; elsewhere each address is a way of its own
_NAMES = {
    "email": "mail",
    "slack": "Slack",
    "network": "our own network",
    "mailbox": "the mailbox",
}


def is_outage(reason: str) -> bool:
    """Whether the reason of a failed attempt lies with the way, not with one recipient."""
    return reason in AWAY or reason.startswith(_AWAY_KINDS)


def way_of(channel: str, to: str) -> str:
    """The key of the way a message takes: its channel, or its address where that is the server."""
    return channel if channel in _SHARED else to


def is_certain(attempt: int, since: datetime, now: datetime) -> bool:
    """Whether an outage without an end since ``since`` is one that the operator is told of."""
    return attempt >= CERTAIN_TRIES and now - since >= CERTAIN_AFTER


def named(key: str) -> str:
    """What an incident's key stands for, in words."""
    kind, colon, name = key.partition(":")
    if kind == "source" and colon:
        return f"the source {name}"
    return _NAMES.get(key) or f"delivery to {key}"
