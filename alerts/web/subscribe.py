"""Signing up by mail: the form, a sample of what it would bring, and the same answer to everybody.

Whether an address is subscribed already shows neither in the answer nor in its time: what depends
on it happens after the answer has gone out.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.web.allowing import PER_ADDRESS, PER_DAY, PER_NETWORK, allowed, network
from alerts.web.choices import DAYS, RHYTHMS, Choice, chosen, topic_name, zones
from alerts.web.invitations import invite, remind
from alerts.web.rendering import render
from alerts.web.security import posted
from alerts.web.site import Site, site_of
from alerts.web.words import language_of, page_words
from alerts.windows import upcoming
from crawler.storage.heartbeats import is_running

_SAMPLE_DAYS, _SAMPLE_STORIES = timedelta(days=14), 5
_log = logging.getLogger(__name__)


def routes() -> list[Route]:
    """``/``, ``/subscribe``, ``/sample`` and ``/resend``."""
    return [
        Route("/", first_page, methods=["GET"]),
        Route("/subscribe", posted(subscribe), methods=["POST"]),
        Route("/sample", posted(sample), methods=["POST"]),
        Route("/resend", resend_page, methods=["GET"]),
        Route("/resend", posted(resend), methods=["POST"]),
    ]


def first_page(request: Request) -> Response:
    """The form, filled with what most people want."""
    site = site_of(request)
    topics = tuple(topic.id for topic in site.parts.crawler.topics)
    words = language_of(request)
    zone = site.settings.clusterwatch.timezone
    return form_page(request, Choice(topics=topics, timezone=zone, words=words))


def form_page(request: Request, choice: Choice, *, status: int = 200) -> Response:
    """The sign-up form with a choice in it."""
    values = form_values(request, choice)
    return render(request, "subscribe.html", status=status, mail=_mails(site_of(request)), **values)


def form_values(request: Request, choice: Choice) -> dict[str, Any]:
    """What the fields of a choice show."""
    site = site_of(request)
    words = page_words(language_of(request))
    return {
        "choice": choice,
        "topics": [(one.id, topic_name(one, words.language)) for one in site.parts.crawler.topics],
        "item_languages": sorted(
            ((code, words.language_name(code)) for code in site.parts.crawler.items.languages()),
            key=lambda pair: pair[1],
        ),
        "days": DAYS,
        "rhythms": RHYTHMS,
        "zones": zones(),
    }


def subscribe(request: Request, form: FormData) -> Response:
    """Take the wish; a mail asks to confirm it."""
    site = site_of(request)
    choice = chosen(site, form)
    if choice.problems:
        return form_page(request, choice, status=422)
    if not _mails(site):
        raise HTTPException(503)
    origin = site.client(request)
    if not allowed(site, "network", network(origin), PER_NETWORK):
        return render(request, "later.html", status=429)
    sends = is_running(site.parts.crawler.database, site.clock())
    answer = render(request, "asked.html", address=choice.address, sends=sends)
    if not str(form.get("website", "")):  # only a robot fills what nobody sees
        answer.background = BackgroundTask(_ask, site, choice, origin)
    return answer


def sample(request: Request, form: FormData) -> Response:
    """A real digest for the choice, from what was found lately, and when the next would come."""
    site = site_of(request)
    choice = chosen(site, form, address=str(form.get("address", "")).strip()[:254])
    if choice.problems:
        return form_page(request, choice, status=422)
    now = site.clock()
    wished = replace(
        choice.subscription("sample"),
        to="email:sample@example.org",
        active_since=now - _SAMPLE_DAYS,
        max_stories=_SAMPLE_STORIES,
    )
    digest = site.parts.dispatcher.sample(wished, now)
    values = form_values(request, choice)
    return render(
        request, "sample.html", digest=digest, times=upcoming(wished, now, 3),
        zone=choice.timezone, mail=_mails(site), **values,
    )  # fmt: skip


def resend_page(request: Request) -> Response:
    """Where to ask for a fresh link to the preferences."""
    return render(request, "resend.html", problem="")


def resend(request: Request, form: FormData) -> Response:
    """Mail a fresh link, to an address that is subscribed alone; the answer is always the same."""
    site = site_of(request)
    choice = chosen(site, form)
    if "address" in choice.problems:
        return render(request, "resend.html", status=422, problem=choice.problems["address"])
    if not allowed(site, "network", network(site.client(request)), PER_NETWORK):
        return render(request, "later.html", status=429)
    answer = render(request, "resent.html", address=choice.address)
    answer.background = BackgroundTask(_remind, site, choice.address)
    return answer


def _ask(site: Site, choice: Choice, origin: str) -> None:
    if allowed(site, "address", choice.address.casefold(), PER_ADDRESS) and allowed(
        site, "all", "", PER_DAY
    ):
        invite(site, choice, origin)


def _remind(site: Site, address: str) -> None:
    if allowed(site, "address", address.casefold(), PER_ADDRESS):
        remind(site, address)


def _mails(site: Site) -> bool:
    """Whether confirmations can be mailed at all."""
    return bool(site.settings.email.smtp and site.settings.email.sender)
