"""What a subscription's commands accept: their options, and the checks behind them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.app import Door
from crawler.errors import UsageError

if TYPE_CHECKING:
    from alerts.wiring import AlertParts
    from crawler.model.subscription import Subscription
    from crawler.storage.subscriptions import SubscriptionRow

_SLACK_ID = re.compile(r"[CGDU][A-Z0-9]{8,}", re.ASCII)
IdArgument = Annotated[str, typer.Argument(metavar="ID")]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", help="A topic's id, or *; repeatable.")
]
Sources = Annotated[
    list[str] | None, typer.Option("--source", help='A source\'s id or "tag:…"; repeatable.')
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="Of the items; repeatable.")
]
Schedule = Annotated[
    str,
    typer.Option(
        "--schedule",
        help='"daily 08:00", "weekdays 08:00", "weekly mon 08:00", "hourly", "immediate" '
        "or a cron line.",
    ),
]
Timezone = Annotated[str, typer.Option("--timezone", help='E.g. "Europe/Berlin".')]
Words = Annotated[str, typer.Option("--digest-language", help="en, de or da.")]
Quiet = Annotated[str | None, typer.Option("--quiet-hours", help='"20:00-07:00"; "": none.')]
Holidays = Annotated[
    list[str] | None, typer.Option("--holidays", help='"DE-SN" or a date; repeatable; "": none.')
]
Empty = Annotated[str, typer.Option("--when-empty", help="silent or line.")]
Since = Annotated[str, typer.Option("--since", help='Look back at the start, e.g. "3d".')]
Most = Annotated[int | None, typer.Option("--max-stories", help="The rest is rolled up.", min=1)]


def checked(door: Door, parts: AlertParts, values: dict[str, Any]) -> Subscription:
    """The values as a declaration, checked as the file's are. Raises UsageError."""
    from pydantic import ValidationError

    from crawler.config.tables import SubscriptionTable
    from crawler.wiring import check_names

    ready = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in values.items()
        if value not in (None, "", [])
    }
    try:
        table = SubscriptionTable.model_validate(ready)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{key}: {first['msg'].removeprefix('Value error, ')}.") from error
    subscription = table.subscription("", door.settings.clusterwatch.timezone)
    check_names(parts.crawler, "The subscription's", subscription)
    return subscription


def recipient(text: str) -> str:
    """A recipient with its channel. Raises UsageError saying which channel it seems to need."""
    channel, colon, _ = text.partition(":")
    if colon and channel.isalpha():
        return text
    if "@" in text[1:]:
        meant = f"email:{text}"
    elif text.startswith("#") or _SLACK_ID.fullmatch(text):
        meant = f"slack:{text}"
    elif "/" in text:
        meant = f"file:{text}"
    else:
        raise UsageError(
            f'The recipient "{text}" names no channel.',
            remedy='Write "slack:#channel", "email:someone@example.org" or "file:folder/".',
        )
    raise UsageError(f'The recipient "{text}" names no channel.', remedy=f'Write "{meant}".')


def asked(parts: AlertParts, subscription: Subscription) -> SubscriptionRow:
    """Ask the recipient by mail. Raises UsageError for one without."""
    from crawler.storage.database import utc_now

    if subscription.channel != "email":
        raise UsageError("--confirm asks by mail; this recipient has none.")
    text = f"Cluster news about {', '.join(subscription.topics)}, {subscription.schedule}"
    return parts.subscriptions.ask(subscription, now=utc_now(), origin="command", text=text).row


def new_id(to: str, parts: AlertParts) -> str:
    """A short name from the recipient; of a person nothing but that it is mail."""
    channel, _, address = to.partition(":")
    plain = re.sub(r"[^a-z0-9]+", "-", address.lower()).strip("-")[:40]
    base = "mail" if channel == "email" else plain or channel or "subscription"
    taken = {row.subscription.id for row in parts.subscription_store.all(everything=True)}
    names = [base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def until_moment(text: str, subscription: Subscription, now: datetime) -> datetime:
    """The moment ``--until`` names: a date is its beginning in the subscription's zone."""
    from alerts.schedules import zone_of

    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            f'--until "{text}" is no date.', remedy='Write it as "2027-01-07".'
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone_of(subscription.timezone))
    if moment <= now:
        raise UsageError(f"--until {text} is past.")
    return moment


def declared_values(one: Subscription) -> dict[str, Any]:
    """A declaration as the file would hold it."""
    return {
        "id": one.id, "to": one.to, "topics": list(one.topics), "sources": list(one.sources),
        "languages": list(one.languages), "schedule": one.schedule, "timezone": one.timezone,
        "digest_language": one.digest_language, "quiet_hours": one.quiet_hours,
        "holidays": list(one.holidays), "when_empty": one.when_empty, "since": one.since,
        "max_stories": one.max_stories,
    }  # fmt: skip
