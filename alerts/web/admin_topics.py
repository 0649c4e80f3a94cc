"""The administration's topics: what each is made of, and changing it after a trial."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.web.admin import admin_page, back_to, by_admin, named, posted_by_admin, text_of
from alerts.web.choices import topic_name
from alerts.web.site import Site, site_of
from alerts.web.topic_drafts import Draft, NoLanguage, draft_of, threshold_of
from alerts.web.topic_replays import MOST, REPLAY, Brought, brought_by
from alerts.web.topic_terms import borrowed_concepts, concepts, plain_terms
from alerts.web.words import language_of, page_words
from crawler.errors import ClusterwatchError, UsageError
from crawler.model.topic import TopicDefinition
from crawler.topic_changes import (
    Layer,
    add_to_topic,
    known_topic,
    layers_of,
    remove_topic,
    save_topic,
    sizes,
    tried_topic,
)
from crawler.wiring import declared_topics

ALL = "/admin/topics"
BY = "web"


@dataclass(frozen=True, slots=True)
class Shown:
    """One layer of a topic, for people."""

    layer: Layer
    concepts: int = 0
    terms: int = 0
    languages: int = 0


def routes() -> list[Route]:
    """``/admin/topics`` and ``/admin/topics/ID``."""
    return [
        Route(ALL, by_admin(listing), methods=["GET"]),
        Route(ALL + "/{topic:path}", by_admin(page), methods=["GET"]),
        Route(ALL + "/{topic:path}", posted_by_admin(act), methods=["POST"]),
    ]


def listing(request: Request) -> Response:
    """All topics, with how much was changed about each."""
    site, language = site_of(request), language_of(request)
    parts = site.parts.crawler
    parts.refresh_topics()
    changed: dict[str, int] = {}
    for one in parts.additions.all():
        changed[one.topic] = changed.get(one.topic, 0) + 1
    own = {one.id for one in parts.topic_store.own()}
    rows = [
        (one, topic_name(one, language), one.id in own, changed.get(one.id, 0))
        for one in parts.topics
    ]
    return admin_page(request, "admin_topics.html", topics=rows)


def page(request: Request) -> Response:
    """One topic: the form that changes it, and its layers; ``?concept=`` opens one of it."""
    opened = request.query_params.get("concept", "")[:64]
    return _page(request, _topic(request), Draft(), opened=opened)


def act(request: Request, form: FormData) -> Response:
    """Try or save what the form says, open a concept, or take a change back."""
    site, topic = site_of(request), _topic(request)
    draft, wish = draft_of(form), text_of(form, "do")
    open_next = text_of(form, "open", 64)
    opened = open_next or text_of(form, "opened", 64)
    if open_next:
        return _page(request, topic, draft, opened=opened)
    if wish == "save" and text_of(form, "tried", 16) != draft.mark:
        wish = "try"  # saved is only what its trial was shown of
    try:
        if wish == "try":
            brought = brought_by(site, _tried(topic, draft), topic)
            return _page(request, topic, draft, opened=opened, brought=brought)
        done = _done(site, topic, draft, wish, text_of(form, "number", 12))
    except ClusterwatchError as error:
        return _page(request, topic, draft, opened=opened, problem=error)
    site.parts.crawler.forget_topics()
    gone = done == "removed" and topic.id not in {one.id for one in site.parts.crawler.topics}
    return back_to(request, ALL if gone else f"{ALL}/{quote(topic.id, safe='')}", done)


def _done(site: Site, topic: TopicDefinition, draft: Draft, wish: str, number: str) -> str:
    crawler = site.parts.crawler
    if wish == "save":
        _save(site, topic, draft)
        return "saved"
    if wish == "drop" and number.isdecimal() and number.isascii():
        crawler.additions.drop(topic.id, int(number))
        return "removed"
    if wish == "remove":
        remove_topic(crawler.topic_store, crawler.additions, topic.id)
        return "removed"
    raise HTTPException(400)


def _save(site: Site, topic: TopicDefinition, draft: Draft) -> None:
    """All or nothing: additions are checked before anything is stored."""
    crawler, now = site.parts.crawler, site.clock()
    _tried(topic, draft)
    add_to_topic(crawler.additions, crawler.topics, draft.additions(topic), by=BY, now=now)
    own = next((one for one in crawler.topic_store.own() if one.id == topic.id), None)
    if own is not None and draft.renames(topic):
        save_topic(crawler.topic_store, {**own.definition, "name": draft.name}, now)


def _tried(topic: TopicDefinition, draft: Draft) -> TopicDefinition:
    """The topic as the draft would make it. Raises UsageError for a draft that changes nothing."""
    wanted = draft.additions(topic)
    if not wanted and not draft.renames(topic):
        raise UsageError(
            "Nothing would change.", remedy="Write a term, tick one to take out, or say a score."
        )
    return tried_topic(topic, wanted, ())


def _topic(request: Request) -> TopicDefinition:
    crawler = site_of(request).parts.crawler
    crawler.refresh_topics()
    try:
        return known_topic(crawler.topics, named(request, "topic"))
    except UsageError as error:
        raise HTTPException(404) from error


def _page(
    request: Request,
    topic: TopicDefinition,
    draft: Draft,
    *,
    opened: str = "",
    brought: Brought | None = None,
    problem: ClusterwatchError | None = None,
) -> Response:
    crawler, words = site_of(request).parts.crawler, page_words(language_of(request))
    own = crawler.topic_store.own()
    additions = crawler.additions.of(topic.id)
    layers = layers_of(topic.id, declared_topics(crawler.settings), own, additions)
    known = concepts(topic, words)
    return admin_page(
        request, "admin_topic.html", problem=problem, topic=topic, draft=draft, brought=brought,
        name=topic_name(topic, language_of(request)), layers=[_shown(one) for one in layers],
        plain=plain_terms(topic), borrowed=borrowed_concepts(topic), concepts=known,
        opened=next((one for one in known if one.id == opened), None),
        threshold=threshold_of(topic), own=topic.id in {one.id for one in own},
        most=MOST, days=REPLAY.days, wrong_language=isinstance(problem, NoLanguage),
    )  # fmt: skip


def _shown(layer: Layer) -> Shown:
    return Shown(layer, *sizes(layer.table))
