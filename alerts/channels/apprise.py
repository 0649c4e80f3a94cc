"""Any service that Apprise knows (optional extra): a title and a text; at-least-once.

``to = "apprise:NAME"`` takes the service's address, which mostly holds a token, from the
variable CLUSTERWATCH_APPRISE_NAME; an address without secrets may stand in ``to`` itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from typing import Any

from crawler.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from crawler.extras import how_to_install
from crawler.model.delivery import Delivery


class AppriseChannel:
    """Sends deliveries whose payload is ``{"title", "body"}``."""

    can_look_up = False

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """``addresses`` by name, upper case, as the environment gives them."""
        self._addresses = dict(addresses)

    def send(self, delivery: Delivery) -> str:
        """Hand it to the service; Apprise tells success alone, so our own id comes back."""
        service = self._service(delivery)
        message = json.loads(delivery.payload)
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs addresses
        taken = service.notify(title=message["title"], body=message["body"], body_format="text")
        if taken:
            return f"apprise:{delivery.id}"
        raise TemporaryDeliveryError(
            "The service did not take the message; Apprise does not say why.",
            delivery_id=delivery.id,
            reason="apprise_refused",
            remedy="Try the address with Apprise's own command: apprise -vv -b test ADDRESS",
        )

    def find(self, delivery: Delivery) -> str | None:
        """Apprise cannot look up. Raises TemporaryDeliveryError."""
        raise TemporaryDeliveryError(
            "Apprise cannot tell what arrived.", delivery_id=delivery.id, reason="no_look_up"
        )

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Whether the extra is there and the addresses are known to it; sends nothing."""
        try:
            import apprise
        except ImportError:
            return (f"Apprise is not installed: {how_to_install('apprise')}",)
        wrong = [name for name, url in self._addresses.items() if not apprise.Apprise().add(url)]
        return tuple(
            f"Apprise: CLUSTERWATCH_APPRISE_{name} is no address that Apprise knows. "
            "Look at its list of services."
            for name in wrong
        )

    def close(self) -> None:
        """Nothing is held open."""

    def __repr__(self) -> str:
        return "AppriseChannel()"

    def _service(self, delivery: Delivery) -> Any:
        try:
            import apprise
        except ImportError as error:
            raise TemporaryDeliveryError(
                "Apprise is not installed.",
                delivery_id=delivery.id,
                reason="not_set_up",
                remedy=f"Install it: {how_to_install('apprise')}",
            ) from error
        named = delivery.to.partition(":")[2]
        url = named if "://" in named else self._addresses.get(named.upper().replace("-", "_"), "")
        service = apprise.Apprise()
        if not url or not service.add(url):
            raise _unknown(named if "://" not in named else "", delivery.id)
        return service


def _unknown(name: str, delivery_id: str) -> DeliveryError:
    variable = f"CLUSTERWATCH_APPRISE_{name.upper().replace('-', '_')}" if name else ""
    return PermanentDeliveryError(
        "Apprise knows no service at this address.",
        delivery_id=delivery_id,
        reason="invalid_address",
        remedy=f"Set {variable} in clusterwatch.env." if variable else "Correct `to`.",
    )
