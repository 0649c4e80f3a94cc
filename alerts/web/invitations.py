"""What follows a sign-up: a confirmation, or for who is subscribed already a fresh link."""

from __future__ import annotations

import logging

from alerts.web.choices import Choice
from alerts.web.site import Site
from crawler.errors import ClusterwatchError, StorageError, SubscriptionError
from crawler.logs import event
from crawler.storage.subscriptions import SubscriptionRow

_log = logging.getLogger(__name__)
_OPEN = ("active", "paused")


def invite(site: Site, choice: Choice, origin: str) -> None:
    """Ask the address to confirm; one that is subscribed gets its link instead."""
    people, now = site.parts.subscriptions, site.clock()
    identity = identity_of(site, choice.address)
    wished = choice.subscription(identity)
    try:
        known = _known(site, identity)
        if known is not None and known.subscription.status in _OPEN:
            _mail_link(site, known)
            return
        if known is not None:
            people.change(identity, now=now, **choice.columns())
        people.ask(wished, now=now, origin=origin)
    except StorageError:
        raise
    except ClusterwatchError as error:
        event(_log, logging.ERROR, "signup.failed", reason=error.message)


def remind(site: Site, address: str) -> None:
    """Mail a fresh link to the preferences of every subscription of an address."""
    hashes = site.parts.signer.address_hashes(address)
    for row in site.parts.subscription_store.of_address(hashes):
        if row.subscription.status in _OPEN and not row.undeclared:
            _mail_link(site, row)


def identity_of(site: Site, address: str) -> str:
    """The id of an address's own subscription: the same for every sign-up, telling nothing."""
    return f"web-{site.parts.signer.address_hash(address)[:16]}"


def _known(site: Site, identity: str) -> SubscriptionRow | None:
    try:
        return site.parts.subscription_store.get(identity)
    except SubscriptionError:
        return None


def _mail_link(site: Site, row: SubscriptionRow) -> None:
    one, now = row.subscription, site.clock()
    message = site.parts.payloads.message(
        "preferences", one.to, subscription=one.id, window=f"link:{one.id}:{now.isoformat()}",
        language=one.digest_language, now=now, title="Your subscription",
        link=site.parts.links.manage(one, now),
    )  # fmt: skip
    site.parts.deliveries.queue(message)
