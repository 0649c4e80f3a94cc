"""Fetching an address again to explain it: what the site says now, beside what was recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from alerts.explain_address import left_out, watching
from alerts.explain_links import BESIDE, LISTED, NEAREST, Linked, linked_now
from alerts.explanation import Explanation
from alerts.wiring import AlertParts
from crawler.commands import in_shell
from crawler.errors import ExtractError, FetchError
from crawler.fetch.page import Page
from crawler.model.item import Article

NEWS = 200  # characters a page must have to be an article


async def look_again(
    parts: AlertParts, found: Explanation, url: str, topic: str, now: datetime
) -> Explanation:
    """``found`` with what a fetch of ``url`` says now. Stores nothing.

    Where no item exists, the first stage that would stop it now is the answer.
    """
    async with parts.crawler.crawl() as crawl:
        try:
            page = await crawl.get(url)
        except FetchError as error:
            return _refused(found, error)
        article, problem = _article(parts, page, now)
        linked = await linked_now(parts, crawl, url) if found.item is None else []
    lines = [f"live: answered with {len(page.body)} bytes of {page.content_type or 'no type'}"]
    if article is None or problem:
        if found.stage == "list" and _is_left_out(parts, url):  # before its text was looked at
            return replace(found, lines=(*found.lines, *lines, f"live: {problem}"))
        return _after(found, "extract", problem, f"clusterwatch extract {in_shell(url)}", lines)
    lines.append(f"live: “{article.title}”, {len(article.text)} characters")
    lines += _topics(parts, article, topic)
    lines += [f"live: {one.said}" for one in linked]
    if found.stage in {"list", "fetch"} and linked:
        return _by_links(found, linked, url, lines)
    return replace(found, lines=(*found.lines, *lines))


def _is_left_out(parts: AlertParts, url: str) -> bool:
    """Whether the patterns of the source that is nearest to an address leave it out."""
    return any(left_out(row, url) for row in watching(parts, url)[:1])


def _by_links(found: Explanation, linked: list[Linked], url: str, lines: list[str]) -> Explanation:
    """How the sources' pages link the address now is the answer."""
    nearest = min(linked, key=lambda one: NEAREST.index(one.how))
    name = nearest.source
    if nearest.how == LISTED:
        reason = f"the source {name} links it now; it will be an item with the next poll"
        return _after(found, "list", reason, f"clusterwatch crawl {name}", lines)
    if nearest.how == BESIDE:
        remedy = f"Watch that list instead: clusterwatch sources set {name} --like {in_shell(url)}"
        return _after(found, "list", nearest.said, remedy, lines)
    if not found.remedy.endswith("--live"):  # what was recorded says more
        return replace(found, lines=(*found.lines, *lines))
    remedy = "Add the page that lists it: clusterwatch sources add URL"
    return _after(found, "list", nearest.said, remedy, lines)


def _refused(found: Explanation, error: FetchError) -> Explanation:
    stage = "robots" if error.kind == "robots" else "fetch"
    remedy = error.remedy or "Try again later, or open it in a browser."
    return _after(found, stage, error.message, remedy, [f"live: {error.message}"])


def _after(
    found: Explanation, stage: str, reason: str, remedy: str, lines: list[str]
) -> Explanation:
    """The live answer where there is no item and some source watches the site."""
    told = (*found.lines, *lines)
    if found.item is not None or (found.stage == "source" and stage != "robots"):
        return replace(found, lines=told)
    return replace(found, stage=stage, reason=reason, remedy=remedy, lines=told)


def _article(parts: AlertParts, page: Page, now: datetime) -> tuple[Article | None, str]:
    """The article of the page, and why it is none."""
    from crawler.extract.document import read_document

    try:
        article = read_document(
            page.body,
            page.url,
            content_type=page.content_type,
            zone=parts.settings.zone,
            now=now,
        )
    except ExtractError as error:
        return None, f"not an item: {error.message}"
    if not article.title:
        return article, "not an item: the page has no title"
    if len(article.text) < NEWS:
        return article, f"not an item: its text has {len(article.text)} characters"
    return article, ""


def _topics(parts: AlertParts, article: Article, topic: str) -> list[str]:
    """Which topics the text has as it stands there now."""
    matcher = parts.crawler.matcher
    title, text, language = article.title, article.text, article.language
    found = matcher.match(title, text, language)
    lines = [f"live: matches {match.topic} ({match.score:.2f})" for match in found]
    asked = topic in matcher.topics and topic not in {match.topic for match in found}
    if asked:
        missing = matcher.diagnose(topic, title, text, language).missing
        lines += [f"live: {topic}: {line}" for line in missing]
    return lines or ["live: no topic"]
