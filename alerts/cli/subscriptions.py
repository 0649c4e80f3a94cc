"""``clusterwatch subscriptions``: who hears about what, where and when."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alerts.cli.subscription_options import (
    Empty,
    Holidays,
    IdArgument,
    Languages,
    Most,
    Quiet,
    Schedule,
    Since,
    SourceArgument,
    Sources,
    Timezone,
    Topics,
    Words,
    declared_values,
    until_moment,
)
from alerts.entering import asked, checked, new_id, recipient
from crawler.cli.app import Door, JsonOption, command, group
from crawler.errors import ConfigError, SubscriptionError

if TYPE_CHECKING:
    from crawler.storage.subscriptions import SubscriptionRow


def register(app: typer.Typer) -> None:
    """Add the group to the application."""
    subscriptions = group("subscriptions", "Who hears about what, where and when.")
    command(subscriptions, "list")(list_subscriptions)
    command(subscriptions, "add")(add)
    command(subscriptions, "set")(change)
    command(subscriptions, "pause")(pause)
    command(subscriptions, "resume")(resume)
    command(subscriptions, "mute")(mute)
    command(subscriptions, "unmute")(unmute)
    command(subscriptions, "test")(send_test)
    command(subscriptions, "remove")(remove)
    app.add_typer(subscriptions)


def list_subscriptions(
    door: Door,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that left or are in no file any more.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the subscriptions and when each is due next.

    Example: clusterwatch subscriptions list
    """
    from alerts.wiring import open_alerts

    with open_alerts(door.looking, sync=True) as parts:
        rows = parts.subscription_store.all(everything=True)
    current = [row for row in rows if not row.undeclared and row.subscription.status != "left"]
    shown = rows if everything else current
    if as_json:
        door.json([subscription_json(row) for row in shown])
        return
    for row in shown:
        _print(door, row, times=1)
    if len(rows) > len(shown):
        others = len(rows) - len(shown)
        door.say(f"{others} more left or removed: clusterwatch subscriptions list --all")
    if not rows:
        door.say(
            "No subscriptions yet. Add one: "
            "clusterwatch subscriptions add slack:#cluster-news --topic ai"
        )


def add(
    door: Door,
    to: Annotated[str, typer.Argument(metavar="TO", help='"slack:#c", "email:a@b", "file:dir/".')],
    subscription_id: Annotated[str, typer.Option("--id", help="Short name.")] = "",
    topic: Topics = None,
    source: Sources = None,
    language: Languages = None,
    schedule: Schedule = "",
    timezone: Timezone = "",
    digest_language: Words = "",
    quiet_hours: Quiet = None,
    holidays: Holidays = None,
    when_empty: Empty = "",
    since: Since = "",
    max_stories: Most = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Ask the recipient first, by mail.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add a subscription; it is active at once unless --confirm asks first.

    Example: clusterwatch subscriptions add email:ada@example.org --topic ai --schedule "daily 8:00"
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    values = {
        "id": subscription_id, "to": recipient(to), "topics": topic, "sources": source,
        "languages": language, "schedule": schedule, "timezone": timezone,
        "digest_language": digest_language, "quiet_hours": quiet_hours, "holidays": holidays,
        "when_empty": when_empty, "since": since, "max_stories": max_stories,
    }  # fmt: skip
    with open_alerts(door.settings, sync=True) as parts:
        values["id"] = subscription_id or new_id(to, parts)
        subscription = checked(parts, values)
        if confirm:
            row = asked(parts, subscription, now=utc_now(), origin="command")
            parts.outbox.deliver_due()
        else:
            row = parts.subscriptions.enter(subscription, now=utc_now(), by="operator")
    _result(door, row, as_json, times=3)
    if row.subscription.status == "pending":
        door.warn("It waits until its recipient confirms.")


def change(
    door: Door,
    subscription_id: IdArgument,
    topic: Topics = None,
    source: Sources = None,
    language: Languages = None,
    schedule: Schedule = "",
    timezone: Timezone = "",
    digest_language: Words = "",
    quiet_hours: Quiet = None,
    holidays: Holidays = None,
    when_empty: Empty = "",
    since: Since = "",
    max_stories: Most = None,
    as_json: JsonOption = False,
) -> None:
    """Change a subscription that lives in the database; what is added counts from now.

    Example: clusterwatch subscriptions set team --schedule "weekdays 07:30"
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    given = {
        "topics": topic, "sources": source, "languages": language, "schedule": schedule,
        "timezone": timezone, "digest_language": digest_language, "quiet_hours": quiet_hours,
        "holidays": holidays, "when_empty": when_empty, "since": since,
        "max_stories": max_stories,
    }  # fmt: skip
    with open_alerts(door.settings, sync=True) as parts:
        before = parts.subscription_store.get(subscription_id).subscription
        changes = {key: value for key, value in given.items() if value not in (None, "", [])}
        changes |= {"quiet_hours": ""} if quiet_hours == "" else {}
        after = checked(parts, declared_values(before) | changes)
        wanted = {key: getattr(after, key) for key in changes}
        parts.subscriptions.change(subscription_id, now=utc_now(), **wanted)
        row = parts.subscription_store.get(subscription_id)
    _result(door, row, as_json, times=3)


def pause(
    door: Door,
    subscription_id: IdArgument,
    until: Annotated[str, typer.Option("--until", help='A date, e.g. "2026-12-31".')] = "",
    as_json: JsonOption = False,
) -> None:
    """Send nothing for a while.

    Example: clusterwatch subscriptions pause team --until 2027-01-07
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        subscription = parts.subscription_store.get(subscription_id).subscription
        end = until_moment(until, subscription, utc_now()) if until else None
        parts.subscriptions.pause(subscription_id, now=utc_now(), by="operator", until=end)
        row = parts.subscription_store.get(subscription_id)
    _result(door, row, as_json)


def resume(
    door: Door,
    subscription_id: IdArgument,
    catch_up: Annotated[bool, typer.Option("--catch-up", help="With what came meanwhile.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Let a paused subscription go on, from now or with what came meanwhile.

    Example: clusterwatch subscriptions resume team --catch-up
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        parts.subscriptions.resume(subscription_id, now=utc_now(), by="operator", catch_up=catch_up)
        row = parts.subscription_store.get(subscription_id)
    _result(door, row, as_json)


def mute(
    door: Door, subscription_id: IdArgument, source_id: SourceArgument, as_json: JsonOption = False
) -> None:
    """Tell nothing more of one source in this subscription.

    Example: clusterwatch subscriptions mute team biosaxony
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        source = parts.crawler.sources.get(source_id).source.id
        parts.subscriptions.mute(subscription_id, source, now=utc_now(), by="operator")
        row = parts.subscription_store.get(subscription_id)
    _result(door, row, as_json)


def unmute(
    door: Door, subscription_id: IdArgument, source_id: SourceArgument, as_json: JsonOption = False
) -> None:
    """Tell of a muted source again.

    Example: clusterwatch subscriptions unmute team biosaxony
    """
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        parts.subscriptions.unmute(subscription_id, source_id, now=utc_now(), by="operator")
        row = parts.subscription_store.get(subscription_id)
    _result(door, row, as_json)


def send_test(door: Door, subscription_id: IdArgument, as_json: JsonOption = False) -> None:
    """Send one line, marked as a test, the way the digest goes; it is tried once.

    Example: clusterwatch subscriptions test team
    """
    from alerts.cli.digest import delivery_json, print_deliveries
    from alerts.trial_line import send_test as try_once
    from alerts.wiring import open_alerts
    from crawler.storage.database import utc_now

    with open_alerts(door.settings, sync=True) as parts:
        subscription = parts.subscription_store.get(subscription_id).subscription
        if subscription.status in ("left", "bounced", "pending"):
            raise SubscriptionError(
                f'Subscription "{subscription_id}" is {subscription.status}: nothing is sent to it.'
            )
        done = try_once(parts, subscription, utc_now())
    if as_json:
        door.json([delivery_json(done)])
    if done.state == "sent":
        print_deliveries(door, [done], quiet=as_json)
    else:
        door.fail(f"{done.subscription} → {done.to}: the test did not arrive: {done.error}")


def remove(door: Door, subscription_id: IdArgument, as_json: JsonOption = False) -> None:
    """Remove a subscription that lives in the database; its history stays.

    Example: clusterwatch subscriptions remove team
    """
    from alerts.wiring import open_alerts, sync_subscriptions
    from crawler.storage.database import utc_now
    from crawler.wiring import sync_declarations

    with open_alerts(door.settings) as parts:
        with suppress(ConfigError):  # of an id in file and database: its remedy is this command
            sync_declarations(parts.crawler, utc_now())
            sync_subscriptions(parts, utc_now())
        parts.subscriptions.remove(subscription_id, now=utc_now(), by="operator")
        parts.withdraw_incidents(utc_now())
        row = parts.subscription_store.get(subscription_id)
    _result(door, row, as_json)


def subscription_json(row: SubscriptionRow) -> dict[str, Any]:
    """One subscription with its state and its next three times."""
    one = row.subscription
    return {
        **declared_values(one),
        "status": "undeclared" if row.undeclared else one.status,
        "declared_by": one.declared_by or None,
        "active_since": _moment(one.active_since),
        "paused_until": _moment(one.paused_until),
        "muted": list(one.muted),
        "last_window": one.last_window or None,
        "next": [_moment(moment) for moment in _next(row)],
    }


def _next(row: SubscriptionRow, count: int = 3) -> tuple[datetime, ...]:
    from alerts.windows import upcoming
    from crawler.storage.database import utc_now

    told = row.delivering or (row.subscription.status == "pending" and not row.undeclared)
    return upcoming(row.subscription, utc_now(), count) if told else ()


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def _result(door: Door, row: SubscriptionRow, as_json: bool, times: int = 1) -> None:
    if as_json:
        door.json([subscription_json(row)])
    else:
        _print(door, row, times=times)


def _status(row: SubscriptionRow) -> str:
    one = row.subscription
    if row.undeclared and one.declared_by and one.status != "left":
        return "paused: no longer in the file"
    return "removed" if row.undeclared else one.status


def _print(door: Door, row: SubscriptionRow, *, times: int) -> None:
    from alerts.local_time import shown
    from alerts.schedules import zone_of

    one = row.subscription
    status = _status(row)
    if one.status == "paused" and one.paused_until:
        status += f" until {one.paused_until.astimezone(zone_of(one.timezone)):%Y-%m-%d}"
    moments = ", ".join(shown(moment, one.timezone) for moment in _next(row, times))
    when = "next, once it is confirmed" if one.status == "pending" else "next"
    following = f"; {when}: {moments}" if moments else ""
    following += f"; muted: {', '.join(one.muted)}" if one.muted else ""
    door.say_row(
        f"{one.id:<20} {status:<8} {one.to}  {', '.join(one.topics)}  {one.schedule}{following}"
    )
