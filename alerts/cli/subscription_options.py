"""What a subscription's commands accept: their options, and the checks behind them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.errors import UsageError

if TYPE_CHECKING:
    from crawler.model.subscription import Subscription

IdArgument = Annotated[str, typer.Argument(metavar="ID")]
SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="A source's id.")]
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
