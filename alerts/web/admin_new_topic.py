"""The administration's new topics: plain terms, tried on the archive before they are saved."""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from alerts.web.admin import admin_page, back_to, by_admin, lines_of, posted_by_admin, text_of
from alerts.web.site import site_of
from alerts.web.topic_replays import MOST, REPLAY, Brought, brought_by
from alerts.web.words import language_of, page_words
from crawler.errors import ClusterwatchError, UsageError
from crawler.topic_changes import save_topic
from crawler.topics.vocabulary import load_topic


def routes() -> list[Route]:
    """``/admin/add-topic``."""
    return [
        Route("/admin/add-topic", by_admin(page), methods=["GET"]),
        Route("/admin/add-topic", posted_by_admin(add), methods=["POST"]),
    ]


def page(request: Request) -> Response:
    """The empty form."""
    return _page(request, {"id": "", "name": "", "any": [], "none": []})


def add(request: Request, form: FormData) -> Response:
    """Try or save a new topic."""
    site, table = site_of(request), _table(form)
    crawler = site.parts.crawler
    try:
        if table["id"] in {one.id for one in crawler.topics}:
            raise UsageError(f'The topic "{table["id"]}" exists already.')
        if not table["any"]:
            raise UsageError(page_words(language_of(request)).say("Give at least one term."))
        if text_of(form, "do") != "save":
            topic = load_topic(_filled(table), origin="topic")
            return _page(request, table, brought=brought_by(site, topic))
        save_topic(crawler.topic_store, _filled(table), site.clock())
    except ClusterwatchError as error:
        return _page(request, table, problem=error)
    crawler.forget_topics()
    return back_to(request, f"/admin/topics/{quote(str(table['id']), safe='')}", "added")


def _page(
    request: Request,
    table: dict[str, object],
    *,
    brought: Brought | None = None,
    problem: ClusterwatchError | None = None,
) -> Response:
    return admin_page(
        request, "admin_new_topic.html", problem=problem, table=table, brought=brought,
        most=MOST, days=REPLAY.days,
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
