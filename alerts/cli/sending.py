"""What ``digest send`` does and says: what waits goes first, then what is due."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.local_time import shown

if TYPE_CHECKING:
    from alerts.dispatch import Dispatched
    from alerts.wiring import AlertParts
    from crawler.cli.app import Door
    from crawler.model.delivery import Delivery

_LONGEST_WAIT = timedelta(minutes=1)
_NOT_YET = ("retry", "sending")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the options of ``digest send`` ask for."""

    now: bool  # close the open windows early
    again: bool  # also what was given up


@dataclass(frozen=True, slots=True)
class Round:
    """What one round of sending came to."""

    sent: list[Delivery]  # what arrived or failed for good
    waiting: list[Delivery]  # what is tried again later
    stories: Mapping[str, int]  # of the windows closed, by delivery
    nothing: list[str]  # why nothing went out, a line a subscription
    held_up: list[str]  # what waits, a line a subscription


def send_round(
    door: Door, parts: AlertParts, names: Sequence[str], moment: datetime, wish: Wish
) -> Round:
    """Send what waits where that is wished, then what is due; of all subscriptions without
    ``names``."""
    touched: set[str] = set()
    if wish.now or wish.again:
        send_first(parts, names, moment, again=wish.again)
        touched = deliver(door, parts)
    done = close(door, parts, names, now=wish.now, moment=moment)
    touched |= {one for closed in done for one in closed.deliveries} | deliver(door, parts)
    waiting = waits(parts, names)
    found = [parts.deliveries.get(one) for one in touched - {one.id for one in waiting}]
    sent = [one for one in found if not names or one.subscription in names]
    return Round(
        sent,
        waiting,
        {one: closed.stories for closed in done for one in closed.deliveries},
        [] if sent else why_nothing(parts, names, moment, now=wish.now),
        waiting_lines(parts, waiting),
    )


def send_first(parts: AlertParts, names: Sequence[str], moment: datetime, *, again: bool) -> None:
    """Make what waits due at once, in its order; ``again``: what was given up, too."""
    from alerts.outbox import SETTLING

    wanted = set(names or _delivering(parts))
    if again:
        parts.deliveries.revive(wanted, moment)
    claims = parts.outbox.claims
    ids = [one.delivery for one in claims.waiting() if one.subscription in wanted]
    claims.hurry(ids, moment, SETTLING)


def close(
    door: Door, parts: AlertParts, names: Sequence[str], *, now: bool, moment: datetime
) -> list[Dispatched]:
    """Close the windows that are due, or with ``now`` every open one of those named: none whose
    earlier messages wait, which a newer one would overtake."""
    if parts.deliveries.held():
        return []
    dispatcher = parts.dispatcher
    if not names and not now:
        done = dispatcher.dispatch_due(moment)
    else:
        waiting = {one.subscription for one in waits(parts, names)} if now else set()
        wanted = [one for one in (names or _delivering(parts)) if one not in waiting]
        found = [dispatcher.close_window(one, moment, extra=now) for one in wanted]
        done = [one for one in found if one is not None]
    for one in done:
        if one.state == "failed":
            door.fail(f"{one.subscription}: {one.error}")
    return done


def deliver(door: Door, parts: AlertParts) -> set[str]:
    """Send what is ready; what a killed process left in flight is waited for and looked up."""
    report = parts.outbox.deliver_due()
    touched = {one.delivery for one in report.sent}
    wait = parts.outbox.waits_for_orphans()
    if wait is not None and wait <= _LONGEST_WAIT:
        door.warn(
            f"A process ended while sending; looking up in {wait.seconds + 1} s what arrived."
        )
        time.sleep(wait.total_seconds() + 0.1)
        touched |= {one.delivery for one in parts.outbox.deliver_due().sent}
    return touched


def waits(parts: AlertParts, names: Collection[str]) -> list[Delivery]:
    """The messages of these subscriptions (none: of all that deliver) that did not arrive yet,
    oldest first; thread parts count with theirs."""
    wanted = set(names or _delivering(parts))
    found = parts.deliveries.find(states=_NOT_YET)
    return [one for one in reversed(found) if one.subscription in wanted and not one.part]


def waiting_lines(parts: AlertParts, waiting: Sequence[Delivery]) -> list[str]:
    """For each subscription: how many wait, since when, why and when they are tried."""
    zones = {
        row.subscription.id: row.subscription.timezone for row in parts.subscription_store.all()
    }
    lines = []
    for name in sorted({one.subscription for one in waiting}):
        own = [one for one in waiting if one.subscription == name]
        zone = zones.get(name, "UTC")
        many = "1 message waits" if len(own) == 1 else f"{len(own)} messages wait"
        times = [at for one in own if (at := _tried_at(one))]
        following = f" Next try: {shown(min(times), zone)}." if times else ""
        why = (own[0].error or "it is being sent").rstrip(".")
        since = shown(own[0].created_at, zone)
        lines.append(f"{name}: {many} since {since}: {why}.{following}")
    return lines


def why_nothing(
    parts: AlertParts, names: Sequence[str], moment: datetime, *, now: bool
) -> list[str]:
    """A line for each subscription of which nothing went out and nothing waits."""
    from alerts.windows import upcoming

    waiting = {one.subscription for one in waits(parts, names)}
    held = parts.dispatcher.pending_counts(moment) if parts.deliveries.held() else None
    lines = []
    rows = [row for row in parts.subscription_store.all() if row.delivering]
    for one in (row.subscription for row in rows):
        if (names and one.id not in names) or one.id in waiting:
            continue
        if held is not None:
            many = "1 story waits" if held[one.id] == 1 else f"{held[one.id]} stories wait"
            lines.append(f"{one.id}: {many if held[one.id] else 'nothing waits'}; sending is held")
            continue
        if now:
            lines.append(f"{one.id}: nothing new")
            continue
        times = upcoming(one, moment, 1)
        due = f"next digest {shown(times[0], one.timezone)}" if times else "alerts come at once"
        lines.append(f"{one.id}: nothing is due; {due} (what there is now: --now)")
    if rows:
        return lines
    return ["No active subscriptions. Add one: clusterwatch subscriptions add TO"]


def _tried_at(one: Delivery) -> datetime | None:
    return one.next_attempt if one.state == "retry" else one.lease_until


def _delivering(parts: AlertParts) -> list[str]:
    return [row.subscription.id for row in parts.subscription_store.all() if row.delivering]
