"""The moves between a subscription's states, and what a changed scope means for items (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from crawler.errors import SubscriptionError
from crawler.model.subscription import Subscription

# state → what each move leads to; a move that is not listed is refused.
MOVES: Mapping[str, Mapping[str, str]] = {
    "confirm": {"pending": "active", "active": "active", "paused": "paused"},
    "pause": {"active": "paused", "paused": "paused"},
    "resume": {"paused": "active", "active": "active", "bounced": "active"},
    "leave": dict.fromkeys(("pending", "active", "paused", "left", "bounced"), "left"),
    "bounce": {"active": "bounced", "paused": "bounced", "pending": "bounced",
               "bounced": "bounced", "left": "left"},
    "ask": {"pending": "pending", "left": "pending", "bounced": "pending",
            "active": "active", "paused": "paused"},
}  # fmt: skip
_ASKED = 5  # questions that are remembered
_REMEDIES = {
    "pending": "It waits to be confirmed by its recipient.",
    "left": "Who left returns only after confirming anew.",
    "bounced": "Its address refused mail; repair it, then resume.",
}


def moved(status: str, move: str, subscription_id: str = "") -> str:
    """The state that ``move`` leads to. Raises SubscriptionError for one that is not possible."""
    after = MOVES[move].get(status)
    if after is None:
        raise SubscriptionError(
            f'Subscription "{subscription_id}" is {status}: it cannot {move}.',
            remedy=_REMEDIES.get(status, ""),
        )
    return after


def scope_after(before: Subscription, after: Subscription, now: datetime) -> dict[str, datetime]:
    """``scope_since`` of ``after``: what was added counts from ``now``, the rest as before.

    "*" stands for all: widening to all leaves what was named before its own moment.
    """
    old = before.scope_since
    topics = _moments("topic", _named(before.topics), _named(after.topics), old, now, before)
    sources = _moments("source", _named(before.sources), _named(after.sources), old, now, before)
    return topics | sources


def _named(entries: Collection[str]) -> list[str]:
    return list(dict.fromkeys(entries)) or ["*"]


def _moments(
    kind: str,
    before: Collection[str],
    after: Collection[str],
    old: Mapping[str, datetime],
    now: datetime,
    subscription: Subscription,
) -> dict[str, datetime]:
    kept = {name: old[f"{kind}:{name}"] for name in after if f"{kind}:{name}" in old}
    if "*" in before:
        # All became some: nothing is new, a late start of "all" holds for each that had none.
        start = old.get(f"{kind}:*")
        fresh = {name: start for name in after if name not in kept and start is not None}
    else:
        fresh = {name: now for name in after if name not in before}
    moments = kept | fresh
    if "*" in after:
        named = [name for name in before if name != "*" and name not in moments]
        named += [key.partition(":")[2] for key in old if key.startswith(f"{kind}:")]
        begin = subscription.active_since or now
        for name in named if "*" in moments else ():
            moments.setdefault(name, old.get(f"{kind}:{name}", begin))
    return {f"{kind}:{name}": moment for name, moment in moments.items()}


def answered(consent: Mapping[str, Any], nonce: str, status: str) -> str:
    """The question that an answer with ``nonce`` is about, by its own nonce: the last one.

    One that was asked again meanwhile may be answered by the last mail alone; once that is done,
    the earlier mails' links say so too. Raises SubscriptionError for every other nonce.
    """
    asked = consent.get("asked", {})
    last = str(asked.get("nonce", ""))
    if nonce and nonce == last:
        return last
    if not nonce or nonce not in asked.get("earlier", ()):
        raise SubscriptionError(
            "This confirmation is not valid any more.", remedy="Subscribe again."
        )
    if status == "pending":
        raise SubscriptionError(
            "A newer mail was sent after this one.", remedy="Use the link in the newest mail."
        )
    return last


def earlier(consent: Mapping[str, Any]) -> list[str]:
    """The nonces of questions that nobody answered yet, the last first."""
    asked = consent.get("asked", {})
    return [str(one) for one in (asked.get("nonce"), *asked.get("earlier", ())) if one][:_ASKED]
