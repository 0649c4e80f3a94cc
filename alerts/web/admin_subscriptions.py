"""The administration's subscriptions: who hears what and when; pausing, removing, adding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.entering import asked, checked, has_left, new_id, recipient
from alerts.web.admin import admin_page, back_to, by_admin, named, posted_by_admin, text_of
from alerts.web.archive_sent import is_shown
from alerts.web.choices import topic_name, zones
from alerts.web.site import Site, site_of
from alerts.web.words import language_of
from alerts.windows import upcoming
from crawler.errors import ClusterwatchError, SubscriptionError, UsageError
from crawler.model.subscription import Subscription
from crawler.storage.subscriptions import SubscriptionRow

ALL = "/admin/subscriptions"
BY = "operator"
_MOST = 200  # shown
# As the configuration writes them; anything else is written by hand.
SCHEDULES = ("daily 08:00", "weekdays 08:00", "weekly mon 08:00", "hourly", "immediate")


@dataclass(frozen=True, slots=True)
class Listed:
    """One subscription in the list."""

    row: SubscriptionRow
    times: tuple[datetime, ...] = ()
    wrong: str = ""  # why it has no times


class LeftError(UsageError):
    """The address left before: it can be asked, not entered."""


def routes() -> list[Route]:
    """``/admin/subscriptions``, ``/admin/subscriptions/ID`` and ``/admin/add-subscription``."""
    return [
        Route(ALL, by_admin(listing), methods=["GET"]),
        Route("/admin/add-subscription", by_admin(form_page), methods=["GET"]),
        Route("/admin/add-subscription", posted_by_admin(add), methods=["POST"]),
        Route(ALL + "/{subscription:path}", by_admin(page), methods=["GET"]),
        Route(ALL + "/{subscription:path}", posted_by_admin(act), methods=["POST"]),
    ]


def listing(request: Request) -> Response:
    """All subscriptions that did not leave."""
    site = site_of(request)
    wanted = request.query_params.get("q", "")[:100].strip()
    rows = [
        row
        for row in site.parts.subscription_store.all()
        if wanted.casefold() in f"{row.subscription.id} {row.subscription.to}".casefold()
    ]
    return admin_page(
        request, "admin_subscriptions.html", wanted=wanted, more=max(0, len(rows) - _MOST),
        subscriptions=[_listed(site, row, 1) for row in rows[:_MOST]],
    )  # fmt: skip


def page(request: Request) -> Response:
    """One subscription."""
    return _page(request, _row(request))


def act(request: Request, form: FormData) -> Response:
    """Do what the pressed button says."""
    site, row = site_of(request), _row(request)
    try:
        done = _done(site, row.subscription, text_of(form, "do"))
    except ClusterwatchError as error:
        return _page(request, row, problem=error)
    where = ALL if done == "removed" else f"{ALL}/{quote(row.subscription.id, safe='')}"
    return back_to(request, where, done)


def form_page(request: Request) -> Response:
    """The form for a new one."""
    zone = site_of(request).settings.clusterwatch.timezone
    words = language_of(request)
    return _form(
        request, {"to": "", "id": "", "topics": [], "schedule": SCHEDULES[0], "timezone": zone,
                  "digest_language": words},
    )  # fmt: skip


def add(request: Request, form: FormData) -> Response:
    """Show when it would come, add it, or ask its recipient by mail."""
    site, wish = site_of(request), text_of(form, "do")
    values = _values(form)
    try:
        wished = _wished(site, values)
        times = upcoming(wished, site.clock(), 3)
        if wish not in ("add", "ask"):
            return _form(request, values, times=times, zone=wished.timezone)
        row = _entered(site, wished) if wish == "add" else _asked(site, wished)
    except ClusterwatchError as error:
        return _form(request, values, problem=error)
    done = "waits" if row.subscription.status == "pending" else "added"
    return back_to(request, f"{ALL}/{quote(row.subscription.id, safe='')}", done)


def _entered(site: Site, wished: Subscription) -> SubscriptionRow:
    if has_left(site.parts, wished):
        raise LeftError(
            "This address left before: only its owner can bring it back.",
            remedy="Ask by mail; nothing else is sent until that is confirmed.",
        )
    return site.parts.subscriptions.enter(wished, now=site.clock(), by=BY)


def _asked(site: Site, wished: Subscription) -> SubscriptionRow:
    return asked(site.parts, wished, now=site.clock(), origin=BY)


def _done(site: Site, one: Subscription, wish: str) -> str:
    people, now = site.parts.subscriptions, site.clock()
    if wish == "pause":
        people.pause(one.id, now=now, by=BY, until=None)
        return "paused"
    if wish in ("resume", "catch_up"):
        people.resume(one.id, now=now, by=BY, catch_up=wish == "catch_up")
        return "resumed"
    if wish == "remove":
        people.remove(one.id, now=now, by=BY)
        return "removed"
    raise HTTPException(400)


def _row(request: Request) -> SubscriptionRow:
    identity = named(request, "subscription")
    try:
        return site_of(request).parts.subscription_store.get(identity)
    except SubscriptionError as error:
        raise HTTPException(404) from error


def _listed(site: Site, row: SubscriptionRow, count: int) -> Listed:
    try:
        times = upcoming(row.subscription, site.clock(), count) if row.delivering else ()
    except ClusterwatchError as error:
        return Listed(row, wrong=error.line())
    return Listed(row, times)


def _page(
    request: Request, row: SubscriptionRow, *, problem: ClusterwatchError | None = None
) -> Response:
    site = site_of(request)
    return admin_page(
        request, "admin_subscription.html", problem=problem, listed=_listed(site, row, 3),
        one=row.subscription, digests=site.parts.deliveries.find(
            subscription=row.subscription.id, limit=10
        ),
        linked=is_shown,
    )  # fmt: skip


def _form(
    request: Request,
    values: dict[str, Any],
    *,
    times: tuple[datetime, ...] | None = None,
    zone: str = "UTC",
    problem: ClusterwatchError | None = None,
) -> Response:
    site, language = site_of(request), language_of(request)
    return admin_page(
        request, "admin_new_subscription.html", problem=problem, values=values, times=times,
        zone=zone, zones=zones(), schedules=SCHEDULES, left=isinstance(problem, LeftError),
        topics=[(one.id, topic_name(one, language)) for one in site.parts.crawler.topics],
    )  # fmt: skip


def _values(form: FormData) -> dict[str, Any]:
    return {
        "to": text_of(form, "to"),
        "id": text_of(form, "id", 64),
        "topics": [str(one)[:64] for one in form.getlist("topics")[:100]],
        "schedule": text_of(form, "schedule", 100) or SCHEDULES[0],
        "timezone": text_of(form, "timezone", 64),
        "digest_language": text_of(form, "words", 2),
    }


def _wished(site: Site, values: dict[str, Any]) -> Subscription:
    """Raises what a wrong value raises; files are written below the installation's folder."""
    to = recipient(values["to"])
    _refuse_elsewhere(to)
    topics = values["topics"] or ["*"]
    identity = values["id"] or new_id(to, site.parts)
    return checked(site.parts, values | {"to": to, "topics": topics, "id": identity})


def _refuse_elsewhere(to: str) -> None:
    channel, _, folder = to.partition(":")
    if channel != "file":
        return
    path = PurePosixPath(folder)
    if path.is_absolute() or PureWindowsPath(folder).drive or ".." in path.parts:
        raise UsageError(
            "From here, files are written below the installation's own folder alone.",
            remedy='Write "file:folder/", or declare it in the configuration file.',
        )
