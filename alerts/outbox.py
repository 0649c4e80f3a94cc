"""The outbox: claims deliveries, sends them through their channels, decides what comes next.

    pending ─claim→ sending ─→ sent
                       ├─→ retry    surely not delivered: again later
                       ├─→ sending  may have been delivered: looked up later, before any repeat
                       ├─→ parked   cannot be told: left to the operator, never doubled
                       └─→ dead     refused for good, or tried for too long

What remains, and is counted as ambiguous: a process paused between the check of its lease and
the write to the network wakes up after its lease ended. Channels without look-up (mail) repeat
an ambiguous message under the same identity.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.channels.base import Channel
from alerts.delivery_report import DeliveryReport as DeliveryReport
from alerts.delivery_report import Sent as Sent
from alerts.delivery_report import outcome_of
from alerts.incidents import OPERATOR, PATIENCE, Incidents
from alerts.lookahead import Lookahead
from alerts.outages import NO_RECIPIENT, PROBE_EVERY, is_outage, way_of
from alerts.retry import RetryPolicy
from crawler import metrics
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from crawler.failpoints import reach
from crawler.logs import event
from crawler.model.delivery import Delivery
from crawler.owners import owner_name, surely_gone
from crawler.storage.claims import Claim, ClaimStore

LEASE = timedelta(minutes=10)
# The share of a lease that may pass until a claim is begun: what is left of it outlives the sum
# of all time-outs of one send.
_WAITING = 0.2
SETTLING = timedelta(seconds=20)  # a request in flight may still arrive; then it is looked up
_OLDEST = 100  # waiting deliveries among which the probe is looked for: thousands may wait
_log = logging.getLogger(__name__)


class Outbox:
    """Sends what is ready. One owner a worker: its name stands in the leases it holds."""

    def __init__(
        self,
        claims: ClaimStore,
        channels: Mapping[str, Channel],
        incidents: Incidents,
        *,
        clock: Callable[[], datetime],
        policy: RetryPolicy | None = None,
        lease: timedelta = LEASE,
        settling: timedelta = SETTLING,
        owner: str = "",
        bounced: Callable[[Delivery, datetime], None] = lambda delivery, now: None,
    ) -> None:
        """``bounced`` is told of a delivery whose recipient does not exist."""
        self.claims = claims
        self.channels = channels
        self.incidents = incidents
        self.owner = owner or owner_name()
        self._clock = clock
        self._policy = policy or RetryPolicy()
        self._lease = lease
        self._settling = settling
        self._stopping = threading.Event()
        self._bounced = bounced
        self._unwritten: list[tuple[Claim, str, str]] = []
        self._claimed: deque[Claim] = deque()  # and not begun
        self._ahead = Lookahead(claims, ())
        self._working: set[str] = set()  # ways by which something arrived in this round
        self._came: dict[str, Claim] = {}  # by recipient, since incidents were looked at

    def deliver_due(self, now: datetime | None = None) -> DeliveryReport:
        """Send everything that is ready at ``now``, one after the other, until stopped.

        Errors of one delivery end in its state, never here; StorageError does.
        """
        report = DeliveryReport()
        self._write_arrivals()
        if not self._claimed and (self.claims.idle() or self.claims.held()):
            return report
        self._free_orphans(now or self._clock())
        looking_up = {name for name, channel in self.channels.items() if channel.can_look_up}
        self._ahead = Lookahead(self.claims, looking_up)
        self._working.clear()
        while not self._stopping.is_set():
            claim = self._next_claim(now)
            if claim is not None:
                report.sent.append(self._deliver(claim))
                metrics.add("delivery_attempts", report.sent[-1].outcome)
            elif not self.incidents.tell(self._clock()):
                break
        self._end_round()
        return report

    def stop(self) -> None:
        """Finish the delivery in flight and claim no further one."""
        self._stopping.set()

    def waits_for_orphans(self) -> timedelta | None:
        """How long until what a dead process left in flight can be looked up; None: nothing."""
        ready = [
            one.since + self._settling for one in self.claims.in_flight() if surely_gone(one.owner)
        ]
        return max(timedelta(), min(ready) - self._clock()) if ready else None

    # -- one delivery ---------------------------------------------------------------------------

    def _next_claim(self, now: datetime | None) -> Claim | None:
        """What is sent next, with a lease that lasts until it is sent."""
        if self._claimed and self._has_waited(self._claimed[0]):
            self._hand_back()
        while not self._claimed:
            moment = now or self._clock()
            if self._ahead.is_empty:
                self._note_arrivals()  # what their ways held up may be ready now
                if not self._ahead.look(moment):
                    return None
            ids = self._ahead.next()
            self._claimed.extend(self.claims.take(ids, self.owner, moment, self._lease))
            self._ahead.missed(set(ids) - {one.delivery.id for one in self._claimed})
        return self._claimed.popleft()

    def _has_waited(self, claim: Claim) -> bool:
        """Those claimed with it took so long that its lease might end while it is sent."""
        until = claim.delivery.lease_until
        return until is None or until - self._clock() < self._lease * (1 - _WAITING)

    def _end_round(self) -> None:
        self._note_arrivals()
        self._hand_back()  # told to stop
        for channel in self.channels.values():
            channel.close()  # until there is more to send

    def _hand_back(self) -> None:
        """What was claimed and not begun is ready again; whose turn it is is looked for anew."""
        self._ahead.forget()
        if self._claimed:
            self.claims.hand_back(list(self._claimed))
            self._claimed.clear()

    def _deliver(self, claim: Claim) -> Sent:
        channel = self.channels.get(claim.delivery.channel)
        if channel is None:
            return self._failed(claim, refusal_of(claim.delivery), looks_up=False)
        if claim.ambiguous and channel.can_look_up:
            try:
                reach("find.before")
                found = channel.find(claim.delivery)
                reach("find.after")
            except Exception as error:  # whatever it is, nothing may be repeated on its account
                return self._unsure(claim, _delivery_error(error))
            if found is not None:
                return self._arrived(claim, "found", found)
        if not self._still_ours(claim):
            return outcome_of(claim, "lost_lease")
        try:
            reach("send.before")
            with metrics.step("send"):
                external_id = channel.send(claim.delivery)
            reach("send.after")
        except Exception as error:  # one message must not stop the others
            return self._failed(claim, _delivery_error(error), looks_up=channel.can_look_up)
        return self._arrived(claim, "sent", external_id)

    def _still_ours(self, claim: Claim) -> bool:
        until = claim.delivery.lease_until
        if until is not None and self._clock() < until:
            return True
        # We were paused. The row is another's now, or soon will be: as an ambiguous one.
        event(_log, logging.WARNING, "delivery.lease_lost", id=claim.delivery.id)
        return False

    def _arrived(self, claim: Claim, outcome: str, external_id: str) -> Sent:
        event(
            _log, logging.INFO, f"delivery.{outcome}", channel=claim.delivery.channel,
            id=claim.delivery.id, attempt=claim.attempt,
        )  # fmt: skip
        # Until it is written it is known here alone: a full disk must not make it ambiguous.
        self._unwritten.append((claim, outcome, external_id))
        self._write_arrivals()
        return outcome_of(claim, outcome, repeated=claim.ambiguous and outcome == "sent")

    def _write_arrivals(self) -> None:
        while self._unwritten:
            claim, outcome, external_id = self._unwritten[0]
            now = self._clock()
            columns = {"state": "sent", "external_id": external_id, "sent_at": now, "error": ""}
            self.claims.settle(claim, outcome, now, reason="", **columns)
            self._unwritten.pop(0)
            self._came[claim.delivery.to] = claim
            if way_of(claim.delivery.channel, claim.delivery.to) not in self._working:
                self._note_arrivals()  # the first in this round

    def _note_arrivals(self) -> None:
        """What arrived tells of the ways it took: they work again, and what they held up goes."""
        self._write_arrivals()
        came, self._came = self._came, {}
        if not came:
            return
        now = self._clock()
        self.incidents.work_again([claim.delivery for claim in came.values()], now)
        for way in {way_of(one.delivery.channel, one.delivery.to) for one in came.values()}:
            self._call_others(way, now)

    def _call_others(self, way: str, now: datetime) -> None:
        """A way works: what failed on its account is tried at once, not when its pause ends, and
        in its order."""
        self._working.add(way)
        others = self.claims.waiting(way, uncalled=now + self._settling)
        if any(is_outage(one.reason) for one in others):
            self._hand_back()  # they may be among those that were claimed
            others = self.claims.waiting(way, uncalled=now + self._settling)
            ids = [one.delivery for one in others if is_outage(one.reason)]
            self.claims.hurry(ids, now, self._settling)

    # -- when it fails --------------------------------------------------------------------------

    def _failed(self, claim: Claim, error: DeliveryError, *, looks_up: bool) -> Sent:
        """It was refused, did not arrive, or may have arrived."""
        self._before_failure(error)
        unsure = isinstance(error, AmbiguousDeliveryError)
        if unsure and looks_up:
            return self._unsure(claim, error)
        now = self._clock()
        self._note_failure(claim, error, now)
        if isinstance(error, PermanentDeliveryError):
            return self._ended(claim, "dead", "permanent", error, now)
        outcome = "ambiguous" if unsure else "temporary"
        again = self._next_attempt(claim, error, now)
        if again is None:
            return self._ended(claim, "parked" if unsure else "dead", outcome, error, now)
        self.claims.settle(
            claim, outcome, now, state="retry", next_attempt=again, error=error.line(),
            reason=error.reason[:80],
        )  # fmt: skip
        return outcome_of(claim, "retry", error.line())

    def _unsure(self, claim: Claim, error: DeliveryError) -> Sent:
        """It may have arrived: looked up later; parked where that fails for good or too long."""
        self._before_failure(error)
        now = self._clock()
        self._note_failure(claim, error, now)
        again = self._next_attempt(claim, error, now)
        if isinstance(error, PermanentDeliveryError) or again is None:
            return self._ended(claim, "parked", "ambiguous", error, now)
        look_up = now + self._settling if isinstance(error, AmbiguousDeliveryError) else again
        self.claims.settle(
            claim, "ambiguous", now, state="sending", lease_until=look_up, error=error.line(),
            reason=error.reason[:80],
        )  # fmt: skip
        return outcome_of(claim, "ambiguous", error.line())

    def _before_failure(self, error: DeliveryError) -> None:
        """What went before is told first; while a way is broken nothing else is held for it."""
        self._note_arrivals()
        self._working.clear()
        if is_outage(error.reason):
            self._hand_back()

    def _next_attempt(self, claim: Claim, error: DeliveryError, now: datetime) -> datetime | None:
        policy = self._policy
        if self.incidents.goes_on(claim.delivery):
            policy = replace(policy, give_up_after=min(policy.give_up_after, PATIENCE))
        again = policy.next_attempt(
            claim.delivery.id,
            claim.attempt,
            created_at=claim.delivery.created_at,
            now=now,
            retry_after_seconds=error.retry_after_seconds,
        )
        if again is not None and error.retry_after_seconds is None and self._probes(claim, error):
            return min(again, now + PROBE_EVERY)
        return again

    def _probes(self, claim: Claim, error: DeliveryError) -> bool:
        """Whether it waits longest of what its broken way holds up: it finds out for the others."""
        if not is_outage(error.reason):
            return False
        way = way_of(claim.delivery.channel, claim.delivery.to)
        others = self.claims.waiting(way, most=_OLDEST)
        held_up = [one for one in others if is_outage(one.reason)]
        return all(one.created_at >= claim.delivery.created_at for one in held_up)

    def _note_failure(self, claim: Claim, error: DeliveryError, now: datetime) -> None:
        event(
            _log, logging.WARNING, "delivery.failed", channel=claim.delivery.channel,
            id=claim.delivery.id, attempt=claim.attempt, reason=error.reason,
        )  # fmt: skip
        if not isinstance(error, PermanentDeliveryError):
            self.incidents.failed_for_now(claim.delivery, claim.attempt, error, now)

    def _ended(
        self, claim: Claim, state: str, outcome: str, error: DeliveryError, now: datetime
    ) -> Sent:
        # The incident first: after a crash in between it is open already, never forgotten.
        nobody = error.reason == NO_RECIPIENT and claim.delivery.subscription != OPERATOR
        if nobody:
            self.incidents.nobody_there(claim.delivery, error, now)
        else:
            self.incidents.failed_for_good(claim.delivery, state, error, now)
        self.claims.settle(
            claim, outcome, now, state=state, error=error.line(), reason=error.reason[:80]
        )
        if nobody:
            self._bounced(claim.delivery, now)
        return outcome_of(claim, state, error.line())

    def _free_orphans(self, now: datetime) -> None:
        for lost in self.claims.in_flight():
            if now >= lost.since + self._settling and surely_gone(lost.owner):
                self.claims.orphan(lost)


def refusal_of(delivery: Delivery) -> DeliveryError:
    """Why a delivery cannot be sent: its channel is not set up, and how that is done."""
    channel = delivery.channel
    remedies = {
        "slack": "Set SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL.",
        "email": "Set [email] smtp and sender.",
    }
    return TemporaryDeliveryError(
        f'The channel "{channel}" is not set up.',
        delivery_id=delivery.id,
        reason="not_set_up",
        remedy=remedies.get(channel, ""),
    )


def _delivery_error(error: Exception) -> DeliveryError:
    """A fault that no channel foresaw says nothing about the message: ambiguous."""
    if isinstance(error, DeliveryError):
        return error
    _log.error("delivery.failed", exc_info=error)
    return AmbiguousDeliveryError(f"{type(error).__name__}: {error}", reason="fault")
