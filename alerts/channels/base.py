"""What every channel is: it sends one delivery, and tells the three ways that can fail apart."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from crawler.model.delivery import Delivery


class Channel(Protocol):
    """One way out of the house. Synchronous: the outbox calls it in threads."""

    # Whether an ambiguous delivery can be looked up. Where it cannot, repeating it is the
    # channel's stated behaviour: the same Message-ID, the same file, or at-least-once.
    can_look_up: bool

    def send(self, delivery: Delivery) -> str:
        """Send ``delivery.payload`` once and return its id out there.

        Raises TemporaryDeliveryError (surely not sent), AmbiguousDeliveryError (may have
        been sent) or PermanentDeliveryError, each with ``reason`` as a short code.
        """
        ...

    def find(self, delivery: Delivery) -> str | None:
        """The id out there if ``delivery`` arrived, None if it surely did not.

        Raises TemporaryDeliveryError if that cannot be told now.
        """
        ...

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Problems, one line each with its remedy, for ``doctor``; sends nothing.

        ``targets`` are the channels or addresses in use, as ``to`` names them.
        """
        ...

    def close(self) -> None:
        """Let go of connections; what is sent later opens them anew."""
        ...
