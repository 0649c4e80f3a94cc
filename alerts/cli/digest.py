"""``clusterwatch digest``: previews, sends, and lets sending go on after a restore."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alerts.cli.sending import Wish, send_round
from alerts.local_time import shown
from crawler.cli.app import Door, JsonOption, command, group
from crawler.cli.moments import WITHIN_REACH, is_within_reach
from crawler.cli.streams import write_document
from crawler.cli.topic_changes import classify_anew
from crawler.errors import UsageError

if TYPE_CHECKING:
    from alerts.dispatch import Prepared
    from alerts.wiring import AlertParts
    from crawler.model.delivery import Delivery

FORMS = ("html", "text", "eml", "slack")


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    digest = group("digest", "Digests: look at them, send them.")
    command(digest, "preview")(preview)
    command(digest, "send")(send)
    command(digest, "hold")(hold)
    command(digest, "release")(release)
    app.add_typer(digest)


def preview(
    door: Door,
    subscription_id: Annotated[str, typer.Argument(metavar="SUB")],
    form: Annotated[str, typer.Option("--as", help="html, text, eml or slack.")] = "",
    out: Annotated[Path | None, typer.Option("--out", help="Write to this file.")] = None,
    at: Annotated[str, typer.Option("--at", help="As at that moment, ISO 8601.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Exactly what would be sent; sends and marks nothing.

    Example: clusterwatch digest preview team --as html --out digest.html
    """
    from alerts.wiring import open_alerts

    moment = _moment(at, door)
    with open_alerts(door.looking, sync=True) as parts:
        subscription = parts.subscription_store.get(subscription_id).subscription
        prepared = parts.dispatcher.preview(subscription_id, moment)
        chosen = form or ("slack" if as_json else "text")
        silent = not prepared.selection.stories and subscription.when_empty == "silent"
        text = "" if silent else _as(chosen, prepared, parts)
    if silent:
        _print_silence(door, prepared, chosen, as_json)
        return
    if chosen == "slack" and len(prepared.deliveries) > 1:
        door.warn(f"and {len(prepared.deliveries) - 1} more in the thread")
    if as_json and chosen != "slack":
        document = _preview_json(prepared, chosen, text)
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if out is not None:
        out.write_bytes(text.encode())
    elif chosen == "text" and not as_json:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
    else:
        write_document(text if text.endswith("\n") else text + "\n")


def _print_silence(door: Door, prepared: Prepared, form: str, as_json: bool) -> None:
    if form not in FORMS:
        raise UsageError(f'--as "{form}" is not known.', remedy=f"Allowed: {', '.join(FORMS)}.")
    if as_json:
        door.json(_preview_json(prepared, form, None))
    door.warn(
        f"{prepared.subscription.id}: nothing new, so that nothing would be sent "
        '(when_empty = "silent").'
    )


def _preview_json(prepared: Prepared, form: str, text: str | None) -> dict[str, Any]:
    """``content`` is null where nothing would be sent."""
    return {
        "subscription": prepared.subscription.id,
        "window": prepared.window.id,
        "stories": len(prepared.selection.stories),
        "as": form,
        "sends": text is not None,
        "content": text,
    }


def send(
    door: Door,
    subscriptions: Annotated[list[str] | None, typer.Argument(metavar="[SUB]...")] = None,
    now: Annotated[bool, typer.Option("--now", help="Close the open window early.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was given up, the fault being repaired.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Send what is due; --now sends what there is, and the scheduled digest still comes.

    Example: clusterwatch digest send team --now
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        classify_anew(door, parts.crawler)
        moment = utc_now()
        parts.subscriptions.wake(moment)
        parts.source_incidents.update(moment)
        parts.withdraw_incidents(moment)
        if parts.deliveries.held():
            door.fail("Sending is held. Let it go on: clusterwatch digest release")
        done = send_round(door, parts, subscriptions or [], moment, Wish(now=now, again=again))
    if as_json:
        every = sorted((*done.sent, *done.waiting), key=_in_order)
        door.json([delivery_json(one) | {"stories": done.stories.get(one.id)} for one in every])
    else:
        for line in done.nothing:
            door.say(line)
    for line in done.held_up:
        door.fail(line)
    print_deliveries(door, sorted(done.sent, key=_in_order), quiet=as_json)


def hold(door: Door, as_json: JsonOption = False) -> None:
    """Send nothing until digest release: before a dump of PostgreSQL is used elsewhere.

    What waits is looked up before it is sent again, as it may have gone out from there.

    Example: clusterwatch digest hold
    """
    from alerts.wiring import open_alerts

    with open_alerts(door.settings) as parts:
        parts.deliveries.hold("by command")
    if as_json:
        door.json({"held": True})
    else:
        door.say("Nothing is sent until: clusterwatch digest release")


def release(
    door: Door,
    delivered_until: Annotated[
        str,
        typer.Option("--delivered-until", help="Count what was seen up to that day as delivered."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show.")] = False,
    as_json: JsonOption = False,
) -> None:
    """After a restore: show what would go out, then let sending go on.

    Example: clusterwatch digest release --delivered-until 2026-11-20
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now
    from crawler.storage.deliveries import OPEN_STATES

    until = _end_of(delivered_until, door) if delivered_until else None
    with open_alerts(door.settings, sync=True) as parts:
        now = utc_now()
        marked = _marked(parts, until, now, dry_run) if until else 0
        waiting = parts.dispatcher.pending_counts(now, since=until if dry_run else None)
        queued = [
            one
            for one in parts.deliveries.find(states=OPEN_STATES)
            if until is None or one.created_at >= until
        ]
        held = parts.deliveries.held()
        if not dry_run:
            parts.deliveries.release()
    document = {
        "held": held,
        "released": held and not dry_run,
        "marked": marked,
        "queued": [delivery_json(one) for one in queued],
        "pending": [{"subscription": one, "stories": count} for one, count in waiting.items()],
    }
    if as_json:
        door.json(document)
    else:
        _print_release(door, document, dry_run)


def _marked(parts: AlertParts, until: datetime, now: datetime, dry_run: bool) -> int:
    """How many items count as delivered now, or would."""
    if dry_run:
        return sum(len(set(ids)) for ids in parts.dispatcher.old_items(until, now).values())
    return parts.dispatcher.mark_delivered(until, now)


def _print_release(door: Door, document: dict[str, Any], dry_run: bool) -> None:
    for one in document["pending"]:
        many = _counted(one["stories"], "story waits", "stories wait")
        door.say(f"{one['subscription']}: {many} for the next digest")
    for one in document["queued"]:
        door.say(f"{_queued(one)} is queued")
    if document["marked"]:
        forms = (
            ("item would count", "items would count") if dry_run else ("item counts", "items count")
        )
        door.say(f"{_counted(document['marked'], *forms)} as delivered.")
    if not document["held"]:
        door.say("Nothing was held.")
    else:
        door.say("Still held (--dry-run)." if dry_run else "Sending goes on.")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _queued(one: dict[str, Any]) -> str:
    """What a queued message is, by its window's name."""
    from alerts.incidents import OPERATOR

    kind, colon, _ = one["window"].partition(":")
    if one["subscription"] == OPERATOR:
        return "operator: a note about an incident"
    if kind == "now":
        return f"{one['subscription']}: the digest asked for with --now"
    if colon and not kind[:4].isdecimal():
        names = {"corrected": "a correction", "test": "a test line"}
        return f"{one['subscription']}: {names.get(kind, f'the mail “{kind}”')}"
    return f"{one['subscription']}: the digest of {one['window']}"


def delivery_json(one: Delivery) -> dict[str, Any]:
    """One delivery as ``--json`` gives it."""

    def moment(value: datetime | None) -> str | None:
        return value.isoformat(timespec="seconds") if value else None

    return {
        "id": one.id,
        "subscription": one.subscription,
        "window": one.window,
        "part": one.part,
        "channel": one.channel,
        "to": one.to,
        "state": one.state,
        "attempts": one.attempts,
        "external_id": one.external_id or None,
        "error": one.error or None,
        "created_at": moment(one.created_at),
        "sent_at": moment(one.sent_at),
        "next_attempt": moment(one.next_attempt) if one.state == "retry" else None,
    }


def _in_order(one: Delivery) -> tuple[str, str, int]:
    return one.subscription, one.window, one.part


def print_deliveries(door: Door, sent: Sequence[Delivery], *, quiet: bool) -> None:
    """A line each; what did not arrive goes to stderr and makes the exit code 1."""
    for one in sent:
        part = f" (thread part {one.part})" if one.part else ""
        line = f"{one.subscription} → {one.to}{part}: {one.state}"
        if one.state == "sent":
            if not quiet:
                where = f" as {one.external_id}" if one.channel == "file" else ""
                door.say(line + where)
        elif one.state != "pending" or not one.part:
            again = _again(one, door.settings.clusterwatch.timezone)
            door.fail(f"{line}: {one.error or 'not sent yet'}{again}")


def _again(one: Delivery, zone: str) -> str:
    if one.state != "retry" or one.next_attempt is None:
        return ""
    return f" Next try: {shown(one.next_attempt, zone)}."


# -- inside -------------------------------------------------------------------------------------


def _as(form: str, prepared: Prepared, parts: AlertParts) -> str:
    from alerts.digests.email import render_email, render_html, render_text

    if form not in FORMS:
        raise UsageError(f'--as "{form}" is not known.', remedy=f"Allowed: {', '.join(FORMS)}.")
    if form == "html":
        return render_html(prepared.digest)
    if form == "text":
        return render_text(prepared.digest)
    subscription, first = prepared.subscription, prepared.deliveries[0]
    if form == "slack":
        from alerts.digests.slack import render_slack

        if subscription.channel == "slack":
            payload = json.loads(first.payload)
        else:
            payload = render_slack(prepared.digest, channel="#preview", delivery_id=first.id)[0]
        return json.dumps(payload, ensure_ascii=False, indent=2) + "\n"
    if subscription.channel == "email":
        return first.payload
    sender = parts.settings.email.sender or "Clusterwatch <clusterwatch@example.org>"
    return render_email(
        prepared.digest, sender=sender, recipient="reader@example.org", delivery_id=first.id
    ).decode("ascii")


def _moment(text: str, door: Door) -> datetime:
    from crawler.storage.database import utc_now

    if not text:
        return utc_now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f'--at "{text}" is no time.', remedy='Write it as "2026-11-21T08:00".'
        ) from error
    if not is_within_reach(moment):
        raise UsageError(f'--at "{text}" is too far away.', remedy=f"Allowed: {WITHIN_REACH}.")
    return moment if moment.tzinfo else moment.replace(tzinfo=door.settings.zone)


def _end_of(text: str, door: Door) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f'"{text}" is no date.', remedy='Write it as "2026-11-20".') from error
    if not is_within_reach(day):
        raise UsageError(f'"{text}" is too far away.', remedy=f"Allowed: {WITHIN_REACH}.")
    return datetime.combine(day + timedelta(days=1), time_of_day(), door.settings.zone)
