"""How a page is rendered: Jinja2 with autoescaping, the words of its language, our looks."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from alerts.digests.plain import one_line, web_address
from alerts.digests.words import Words, languages
from alerts.web.security import csrf_token, is_admin, keep_visit
from alerts.web.site import site_of
from alerts.web.window_words import minute_said
from alerts.web.words import kept_language, language_of, page_words
from crawler.model.item import Item

if TYPE_CHECKING:
    from jinja2 import Environment


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page ``template`` (below ``alerts/web/templates``) as an answer.

    Every template knows ``say`` and ``count`` (words), ``language``, ``site``, ``csrf``,
    ``path`` (of a link of ours), ``kept`` (put behind it: the language that was asked for),
    ``moment`` (a time as HTML), ``told`` (when an item was published, else first seen, as HTML),
    ``line`` (one safe line of a stranger's text) and ``web_url`` (a stranger's web address, ""
    for anything else).
    """
    site, words = site_of(request), page_words(language_of(request))
    zone = site.settings.zone
    token = csrf_token(request)
    html = _environment().get_template(template).render(
        say=words.say,
        count=words.count,
        words=words,
        language=words.language,
        languages=languages(),
        site=site,
        csrf=token,
        admin=is_admin(request),
        path=lambda one: f"{site.path}{one}",
        kept=kept_language(request),
        here=request.url.path,
        spoken=lambda code: f"?{request.url.include_query_params(lang=code).query}",
        moment=partial(moment, words=words, zone=zone),
        told=partial(told, words=words, zone=zone),
        day=partial(day, words=words),
        line=one_line,
        web_url=web_address,
        **values,
    )  # fmt: skip
    answer = HTMLResponse(html, status_code=status, headers={"Vary": "Accept-Language, Cookie"})
    if token in html:  # pages without a form set no cookie
        keep_visit(request, answer)
    return answer


def moment(value: datetime | None, words: Words, zone: tzinfo) -> str:
    """A time as readers write it, in the installation's zone and with its name, as everywhere
    here, so that two times of one page can be compared; its ISO form is for machines."""
    from markupsafe import Markup, escape

    if value is None:
        return ""
    iso = escape(value.isoformat(timespec="seconds"))
    shown = escape(minute_said(value, words, zone))
    return Markup(f'<time datetime="{iso}">{shown}</time>')  # noqa: S704


def told(item: Item, words: Words, zone: tzinfo) -> str:
    """When an item was published, as its page says it: a day where it names no time; undated
    ones when first seen."""
    if item.published is None:
        return moment(item.first_seen, words, zone)
    if item.published.whole_day:
        return day(item.published.day, words)
    return moment(item.published.moment, words, zone)


def day(value: date, words: Words) -> str:
    """A day without a time as HTML: it is the same in every zone."""
    from markupsafe import Markup, escape

    shown = escape(words.days(value, value))
    return Markup(f'<time datetime="{value.isoformat()}">{shown}</time>')  # noqa: S704


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("alerts.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
