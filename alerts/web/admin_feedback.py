"""The administration's judgements: what they say of a topic, and items to judge next."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.web.admin import admin_page, back_to, by_admin, named, posted_by_admin, text_of
from alerts.web.choices import topic_name
from alerts.web.site import site_of
from alerts.web.words import language_of
from crawler.errors import UsageError
from crawler.judging import judge
from crawler.model.item import Item
from crawler.model.topic import TopicDefinition
from crawler.reviewing import reviewed
from crawler.topic_changes import known_topic

ALL = "/admin/feedback"
BY = "web"
_MISSED = 10
_EXCERPT = 240  # characters


def routes() -> list[Route]:
    """``/admin/feedback`` and ``/admin/feedback/TOPIC``."""
    return [
        Route(ALL, by_admin(listing), methods=["GET"]),
        Route(ALL + "/{topic:path}", by_admin(page), methods=["GET"]),
        Route(ALL + "/{topic:path}", posted_by_admin(act), methods=["POST"]),
    ]


def listing(request: Request) -> Response:
    """Every topic, to choose one."""
    crawler, language = site_of(request).parts.crawler, language_of(request)
    crawler.refresh_topics()
    topics = [(one, topic_name(one, language)) for one in crawler.topics]
    return admin_page(request, "admin_judgements.html", topics=topics)


def page(request: Request) -> Response:
    """What is known about one topic, and what to judge next."""
    crawler, topic = site_of(request).parts.crawler, _topic(request)
    done = reviewed(crawler.database, topic)
    return admin_page(
        request, "admin_review.html", topic=topic, review=done,
        name=topic_name(topic, language_of(request)), percent=percent,
        ask=[(one, _excerpt(one)) for one in crawler.items.by_ids(done.ask)],
        missed=crawler.items.by_ids(done.missed[:_MISSED]),
        proposals=[(one, _value(one.value)) for one in done.proposals],
    )  # fmt: skip


def act(request: Request, form: FormData) -> Response:
    """Remember what somebody says of one item; both are about items that did not match."""
    site, topic = site_of(request), _topic(request)
    judgement = {"useful": "missed", "not": "wrong"}.get(text_of(form, "do"))
    if judgement is None:
        raise HTTPException(400)
    crawler = site.parts.crawler
    judge(
        crawler.database, crawler.topics, text_of(form, "item", 64), topic.id, judgement,
        by=BY, now=site.clock(),
    )  # fmt: skip
    return back_to(request, f"{ALL}/{quote(topic.id, safe='')}", "kept")


def percent(share: float | None) -> str:
    """A share as people read it."""
    return "–" if share is None else f"{round(100 * share)} %"


def _topic(request: Request) -> TopicDefinition:
    crawler = site_of(request).parts.crawler
    crawler.refresh_topics()
    try:
        return known_topic(crawler.topics, named(request, "topic"))
    except UsageError as error:
        raise HTTPException(404) from error


def _excerpt(item: Item) -> str:
    text = item.summary or item.text
    return text if len(text) <= _EXCERPT else text[:_EXCERPT].rsplit(" ", 1)[0] + " …"


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
