"""What one round of the outbox came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.storage.claims import Claim


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one claimed delivery."""

    delivery: str
    subscription: str
    window: str
    part: int
    to: str
    outcome: str  # sent found retry ambiguous parked dead lost_lease
    error: str = ""
    repeated: bool = False  # sent although it may have arrived before (mail)


@dataclass(slots=True)
class DeliveryReport:
    """What one round of the outbox came to."""

    sent: list[Sent] = field(default_factory=list)

    @property
    def failed(self) -> list[Sent]:
        """What did not arrive, or may not have."""
        return [one for one in self.sent if one.outcome not in ("sent", "found")]


def outcome_of(claim: Claim, outcome: str, error: str = "", *, repeated: bool = False) -> Sent:
    """What became of a claimed delivery."""
    delivery = claim.delivery
    return Sent(
        delivery.id, delivery.subscription, delivery.window, delivery.part, delivery.to,
        outcome, error, repeated,
    )  # fmt: skip
