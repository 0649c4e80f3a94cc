"""A subscriber's own page: change, pause, go on, leave; opened by a mailed link."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from alerts.schedules import zone_of
from alerts.web.choices import Choice, choice_of, chosen
from alerts.web.rendering import render
from alerts.web.security import posted
from alerts.web.site import Site, site_of
from alerts.web.subscribe import form_values
from alerts.web.words import kept_language
from alerts.windows import upcoming
from crawler.storage.subscriptions import SubscriptionRow

_PAUSES = {"week": timedelta(days=7), "month": timedelta(days=30)}


def routes() -> list[Route]:
    """``/manage/TOKEN``."""
    return [
        Route("/manage/{token}", page, methods=["GET"]),
        Route("/manage/{token}", posted(act), methods=["POST"]),
    ]


def page(request: Request) -> Response:
    """What the subscription brings now, and the ways to change it."""
    row = _row(request)
    return _page(request, row, choice_of(row.subscription))


def act(request: Request, form: FormData) -> Response:
    """Do what the pressed button says, then show the page anew."""
    site, row = site_of(request), _row(request)
    done = str(form.get("do", ""))
    identity, now, by = row.subscription.id, site.clock(), f"web {site.client(request)}"
    people = site.parts.subscriptions
    if done == "change":
        choice = chosen(site, form, address=row.subscription.address)
        if choice.problems:
            return _page(request, row, choice, status=422)
        people.change(identity, now=now, **choice.columns())
    elif done in ("pause", "week", "month"):
        people.pause(identity, now=now, by=by, until=_until(site, row, done))
    elif done in ("resume", "catch_up"):
        people.resume(identity, now=now, by=by, catch_up=done == "catch_up")
    elif done == "leave":
        left = people.leave(identity, now=now, by=by)
        return render(request, "left.html", one=left)
    kept = kept_language(request)
    address = f"{site.path}/manage/{request.path_params['token']}{kept}"
    return RedirectResponse(f"{address}{'&' if kept else '?'}done={done}", status_code=303)


def _page(request: Request, row: SubscriptionRow, choice: Choice, *, status: int = 200) -> Response:
    site, one = site_of(request), row.subscription
    times = upcoming(one, site.clock(), 3) if row.delivering else ()
    done = request.query_params.get("done", "") if status == 200 else ""  # of an earlier visit
    return render(
        request, "manage.html", status=status, one=one, times=times, done=done,
        declared=bool(one.declared_by), **form_values(request, choice),
    )  # fmt: skip


def _row(request: Request) -> SubscriptionRow:
    site = site_of(request)
    token = str(request.path_params["token"])
    return site.parts.subscriptions.managed_by(token, now=site.clock())


def _until(site: Site, row: SubscriptionRow, done: str) -> datetime | None:
    """The beginning of the day on which a pause ends, in the subscriber's zone."""
    if done not in _PAUSES:
        return None
    zone = zone_of(row.subscription.timezone)
    day = (site.clock().astimezone(zone) + _PAUSES[done]).date()
    return datetime.combine(day, time(), zone)
