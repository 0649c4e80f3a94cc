"""``clusterwatch subscribers``: a person's data, and its erasure."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.app import Door, JsonOption, command, group

AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="An e-mail address.")]


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    subscribers = group("subscribers", "People who get mail: their data.")
    command(subscribers, "list")(list_subscribers)
    command(subscribers, "export")(export)
    command(subscribers, "erase")(erase)
    app.add_typer(subscribers)


def list_subscribers(door: Door, as_json: JsonOption = False) -> None:
    """List the people who get mail, and whether they consented.

    Example: clusterwatch subscribers list
    """
    from alerts.wiring import open_alerts

    with open_alerts(door.looking, sync=True) as parts:
        rows = [
            row
            for row in parts.subscription_store.all(everything=True)
            if row.subscription.channel == "email" and not row.undeclared
        ]
    people = [
        {
            "address": row.subscription.address,
            "subscription": row.subscription.id,
            "status": row.subscription.status,
            "consent": next(
                (how for how in ("confirmed", "entered", "asked") if how in row.consent), None
            ),
            "since": row.created_at.isoformat(timespec="seconds"),
        }
        for row in rows
    ]
    if as_json:
        door.json(people)
        return
    for one in people:
        door.say(
            f"{one['address']:<32} {one['status']:<8} {one['subscription']:<20} "
            f"{one['consent'] or 'no consent'} {str(one['since'])[:10]}"
        )
    if not people:
        door.say("Nobody gets mail yet. Add someone: clusterwatch subscriptions add email:ADDRESS")


def export(door: Door, address: AddressArgument, as_json: JsonOption = False) -> None:
    """Everything stored about an address, as one JSON document.

    Example: clusterwatch subscribers export ada@example.org
    """
    from alerts.wiring import open_alerts

    with open_alerts(door.looking, sync=True) as parts:
        door.json(parts.subscribers.export(address))


def erase(door: Door, address: AddressArgument, as_json: JsonOption = False) -> None:
    """Erase an address: its subscriptions, consents and messages.

    A code that only this address gives (a keyed hash) stays, so that nobody enters it again
    unasked. An address that is not known is refused: nothing is kept of it.

    Example: clusterwatch subscribers erase ada@example.org
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        known = parts.subscribers.export(address)
        declared = [
            one["id"]
            for one in known["subscriptions"]
            if parts.subscription_store.get(one["id"]).subscription.declared_by
        ]
        kept = ("subscriptions", "deliveries", "received", "incidents", "suppressed")
        found = any(known[key] for key in kept)
        count = parts.subscribers.erase(address, utc_now()) if found else 0
    if as_json:
        door.json({"erased": count, "declared": declared})
    if not found:
        door.fail(
            f"{address} is not known here: nothing was erased, nothing is kept of it. "
            "Who gets mail: clusterwatch subscribers list"
        )
    elif not as_json:
        told = f"Erased {count} subscription{'' if count == 1 else 's'} of this address."
        door.say(f"{told} Backups made before still hold it.")
    for one in declared:
        door.warn(f'Remove the subscription "{one}" from {door.settings.label} too.')
