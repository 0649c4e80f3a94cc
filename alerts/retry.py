"""When a delivery that failed is tried again, and when it is given up (pure)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Exponential back-off with jitter.

    The jitter is drawn from the delivery's id and the attempt's number: no two deliveries keep
    step with each other, and the same question has the same answer after a restart.
    """

    first: timedelta = timedelta(seconds=30)
    factor: float = 2.0
    longest: timedelta = timedelta(hours=2)
    jitter: float = 0.25  # share of the delay that is added or taken
    longest_wish: timedelta = timedelta(hours=12)  # a server's Retry-After beyond it is cut
    give_up_after: timedelta = timedelta(days=2)  # since the delivery was made

    def next_attempt(
        self,
        delivery_id: str,
        attempt: int,
        *,
        created_at: datetime,
        now: datetime,
        retry_after_seconds: float | None = None,
    ) -> datetime | None:
        """When to try again after failed attempt number ``attempt`` (1 = the first).

        None when that would be later than ``give_up_after``: the delivery is dead. A server's
        ``retry_after_seconds`` is a lower bound, jitter only adds to it.
        """
        moment = now + self._delay(delivery_id, attempt)
        if retry_after_seconds is not None and retry_after_seconds > 0:
            wish = timedelta(seconds=min(retry_after_seconds, self.longest_wish.total_seconds()))
            spread = self.jitter * _share(delivery_id, attempt) * min(wish, self.longest)
            moment = max(moment, now + wish + spread)
        return moment if moment <= created_at + self.give_up_after else None

    def _delay(self, delivery_id: str, attempt: int) -> timedelta:
        # The exponent is bounded: 2.0 ** 2000 is an OverflowError.
        plain = min(self.longest, self.first * self.factor ** min(max(attempt, 1) - 1, 32))
        return plain * (1 + self.jitter * (2 * _share(delivery_id, attempt) - 1))


def _share(delivery_id: str, attempt: int) -> float:
    """A number in 0..1 that belongs to this attempt."""
    digest = hashlib.sha256(f"{delivery_id}:{attempt}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
