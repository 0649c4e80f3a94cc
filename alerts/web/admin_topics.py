"""The administration's topics: what they are made of, adding terms, and what that would bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.web.admin import (
    admin_page,
    back_to,
    by_admin,
    lines_of,
    named,
    posted_by_admin,
    text_of,
)
from alerts.web.choices import topic_name
from alerts.web.site import Site, site_of
from alerts.web.words import language_of, page_words
from crawler.errors import ClusterwatchError, UsageError
from crawler.model.item import Item
from crawler.model.topic import Addition, TopicDefinition
from crawler.storage.items import Filter
from crawler.topic_changes import (
    Layer,
    add_to_topic,
    known_topic,
    layers_of,
    remove_topic,
    save_topic,
    sizes,
)
from crawler.topics.layers import KINDS, concepts_of, with_addition
from crawler.topics.trial import replayed
from crawler.topics.vocabulary import load_topic
from crawler.wiring import declared_topics

ALL = "/admin/topics"
BY = "web"
REPLAY = timedelta(days=90)
_MOST_REPLAYED = 2_000  # items, the newest
_SHOWN = 15  # titles of a replay
_SHOWN_TERMS = 40
_PLAIN = ("any", "all", "none", "near")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form wants to add to a topic."""

    kind: str = "any"
    terms: tuple[str, ...] = ()
    concept: str = ""
    language: str = "*"

    def additions(self, topic: str) -> list[Addition]:
        """One a line; the parts of a "near" line stand between plus signs."""
        wanted = []
        for line in self.terms:
            near = tuple(one.strip() for one in line.split(" + "))
            terms = near if self.kind == "near" else (line,)
            more = (self.concept, self.language or "*") if self.kind == "term" else ("", "")
            wanted.append(Addition(0, topic, self.kind, terms, *more))
        return wanted


@dataclass(frozen=True, slots=True)
class Brought:
    """What a definition would have brought within ``REPLAY``."""

    looked: int
    cut: bool  # only the newest were looked at
    matched: int
    gained: Sequence[Item]
    lost: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Shown:
    """One layer of a topic, for people."""

    layer: Layer
    concepts: int = 0
    terms: int = 0
    languages: int = 0
    plain: tuple[tuple[str, str], ...] = field(default=())


def routes() -> list[Route]:
    """``/admin/topics``, ``/admin/topics/ID`` and ``/admin/add-topic``."""
    return [
        Route(ALL, by_admin(listing), methods=["GET"]),
        Route("/admin/add-topic", by_admin(form_page), methods=["GET"]),
        Route("/admin/add-topic", posted_by_admin(add), methods=["POST"]),
        Route(ALL + "/{topic:path}", by_admin(page), methods=["GET"]),
        Route(ALL + "/{topic:path}", posted_by_admin(act), methods=["POST"]),
    ]


def listing(request: Request) -> Response:
    """All topics, with how much was added to each."""
    site, language = site_of(request), language_of(request)
    parts = site.parts.crawler
    parts.refresh_topics()
    added: dict[str, int] = {}
    for one in parts.additions.all():
        added[one.topic] = added.get(one.topic, 0) + 1
    own = {one.id for one in parts.topic_store.own()}
    rows = [
        (one, topic_name(one, language), one.id in own, added.get(one.id, 0))
        for one in parts.topics
    ]
    return admin_page(request, "admin_topics.html", topics=rows)


def page(request: Request) -> Response:
    """One topic: its layers, and the form that adds to it."""
    return _page(request, _topic(request), Draft())


def act(request: Request, form: FormData) -> Response:
    """Try or save what the form says, or take something back."""
    site, topic = site_of(request), _topic(request)
    draft, wish = draft_of(form), text_of(form, "do")
    try:
        if wish == "try":
            return _page(request, topic, draft, brought=_tried(site, topic, draft))
        done = _done(site, topic, draft, wish, text_of(form, "number", 12))
    except ClusterwatchError as error:
        return _page(request, topic, draft, problem=error)
    finally:
        site.parts.crawler.forget_topics()
    gone = done == "removed" and topic.id not in {one.id for one in site.parts.crawler.topics}
    return back_to(request, ALL if gone else f"{ALL}/{quote(topic.id, safe='')}", done)


def form_page(request: Request) -> Response:
    """A new topic of plain terms."""
    return _new_page(request, {"id": "", "name": "", "any": [], "none": []})


def add(request: Request, form: FormData) -> Response:
    """Try or save a new topic."""
    site = site_of(request)
    table = _table(form)
    crawler = site.parts.crawler
    try:
        if table["id"] in {one.id for one in crawler.topics}:
            raise UsageError(f'The topic "{table["id"]}" exists already.')
        if not table["any"]:
            raise UsageError(page_words(language_of(request)).say("Give at least one term."))
        if text_of(form, "do") != "save":
            topic = load_topic(_filled(table), origin="topic")
            return _new_page(request, table, brought=_replay(site, topic))
        save_topic(crawler.topic_store, _filled(table), site.clock())
    except ClusterwatchError as error:
        return _new_page(request, table, problem=error)
    crawler.forget_topics()
    return back_to(request, f"{ALL}/{quote(str(table['id']), safe='')}", "added")


def draft_of(form: FormData) -> Draft:
    """The form's fields, each within bounds."""
    kind = text_of(form, "kind", 8)
    return Draft(
        kind=kind if kind in KINDS else "any",
        terms=tuple(lines_of(form, "terms")),
        concept=text_of(form, "concept", 64),
        language=text_of(form, "language", 2) or "*",
    )


def _done(site: Site, topic: TopicDefinition, draft: Draft, wish: str, number: str) -> str:
    crawler = site.parts.crawler
    if wish == "save":
        wanted = _some(draft, topic)
        add_to_topic(crawler.additions, crawler.topics, wanted, by=BY, now=site.clock())
        return "saved"
    if wish == "drop" and number.isdecimal() and number.isascii():
        crawler.additions.drop(topic.id, int(number))
        return "removed"
    if wish == "remove":
        remove_topic(crawler.topic_store, crawler.additions, topic.id)
        return "removed"
    raise HTTPException(400)


def _some(draft: Draft, topic: TopicDefinition) -> list[Addition]:
    wanted = draft.additions(topic.id)
    if not wanted:
        raise UsageError("Nothing to add.", remedy="Write at least one term, one a line.")
    return wanted


def _tried(site: Site, topic: TopicDefinition, draft: Draft) -> Brought:
    for one in _some(draft, topic):
        topic = with_addition(topic, one)
    return _replay(site, topic)


def _replay(site: Site, topic: TopicDefinition) -> Brought:
    since = site.clock() - REPLAY
    items = site.parts.crawler.items.find(Filter(since=since, limit=_MOST_REPLAYED))
    done = replayed(topic, items)
    return Brought(
        looked=len(items),
        cut=len(items) == _MOST_REPLAYED,
        matched=len(done.matched),
        gained=[one for one in items if one.id in done.gained],
        lost=[one for one in items if one.id in done.lost],
    )


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
    brought: Brought | None = None,
    problem: ClusterwatchError | None = None,
) -> Response:
    crawler = site_of(request).parts.crawler
    own = crawler.topic_store.own()
    additions = crawler.additions.of(topic.id)
    layers = layers_of(topic.id, declared_topics(crawler.settings), own, additions)
    return admin_page(
        request, "admin_topic.html", problem=problem, topic=topic, draft=draft, brought=brought,
        name=topic_name(topic, language_of(request)), layers=[_shown(one) for one in layers],
        concepts=concepts_of(topic), own=topic.id in {one.id for one in own},
        most=_SHOWN, days=REPLAY.days,
    )  # fmt: skip


def _shown(layer: Layer) -> Shown:
    concepts, terms, languages = sizes(layer.table)
    plain = tuple(
        (key, _cut([_said(one) for one in listed]))
        for key in _PLAIN
        if isinstance(listed := layer.table.get(key), list) and listed
    )
    return Shown(layer, concepts, terms, languages, plain)


def _said(term: object) -> str:
    return " + ".join(map(str, term)) if isinstance(term, list | tuple) else str(term)


def _cut(terms: list[str]) -> str:
    more = f" … ({len(terms)})" if len(terms) > _SHOWN_TERMS else ""
    return ", ".join(terms[:_SHOWN_TERMS]) + more


def _new_page(
    request: Request,
    table: dict[str, object],
    *,
    brought: Brought | None = None,
    problem: ClusterwatchError | None = None,
) -> Response:
    return admin_page(
        request, "admin_new_topic.html", problem=problem, table=table, brought=brought,
        most=_SHOWN, days=REPLAY.days,
    )  # fmt: skip


def _table(form: FormData) -> dict[str, object]:
    from crawler.sources.lists import new_id

    name = text_of(form, "name", 200)
    identity = text_of(form, "id", 64) or (new_id(name, "", ()) if name else "")
    return {
        "id": identity, "name": name, "any": lines_of(form, "any", 200),
        "none": lines_of(form, "none", 200),
    }  # fmt: skip


def _filled(table: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in table.items() if value}
