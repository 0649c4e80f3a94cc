"""One entry of an XML feed, as feedparser gives it, as a RawItem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from crawler.errors import ExtractError
from crawler.extract.feed_mending import entry_date, language_code, title_text, web_address
from crawler.extract.markup import folded, paragraphs, plain_text
from crawler.model.item import Published, RawItem

# A teaser is shown in one line or two; longer descriptions are the article itself.
TEASER_CHARACTERS = 1_000
_TEXT_CHARACTERS = 400
_MAX_MARKUP = 500_000
# What blog software appends to every entry: "The post … appeared first on …".
_APPEARED_FIRST = re.compile(
    r"^(?:the post|der beitrag|l[’']article|el post|la entrada|het bericht|indlægget|inlägget|"
    r"innlegget|artykuł|l[’']articolo|o post|artikkeli|příspěvek|el cargo)\b.{0,300}\b"
    r"(?:appeared first on|erschien zuerst auf|est apparu en premier sur|apareció primero en|"
    r"se publicó primero en|verscheen eerst op|blev først udgivet på|dök först upp på|"
    r"dukket først opp på|pochodzi z serwisu|proviene da|apareceu primeiro em|julkaistiin|"
    r"appeared first|pochází z)\b",
    re.IGNORECASE,
)
_PUBLISHED_KEYS = ("published", "issued", "created", "updated", "modified")
_IMAGE_TYPES = ("image/", "")


def raw_item(entry: Mapping[str, Any], url: str, zone: tzinfo, now: datetime | None) -> RawItem:
    """The entry as a RawItem; ``url`` is the feed's address."""
    language = language_code(_language(entry))
    title = _detail(entry, "title")
    summary, text = _teaser_and_text(entry)
    return RawItem(
        url=_link(entry, url),
        title=title_text(*title),
        published=_date(entry, _PUBLISHED_KEYS, zone, language, now),
        summary=summary,
        text=text,
        guid=folded(plain_text(str(entry.get("id") or ""))),
        modified=_date(entry, ("updated", "modified"), zone, language, now),
        language=language,
        author=plain_text(str(entry.get("author") or ""))[:200],
        image=_image(entry, url),
    )


def teaser_and_text(summary_markup: str, content_markup: str) -> tuple[str, str]:
    """Plain teaser and full text of a description and a content element.

    A content of several paragraphs is a full text; so is a description longer than a teaser.
    """
    content = _article_paragraphs(content_markup)
    description = _article_paragraphs(summary_markup)
    full = content if sum(map(len, content)) > sum(map(len, description)) else description
    length = sum(map(len, full))
    text = "\n\n".join(full) if length >= _TEXT_CHARACTERS and len(full) > 1 else ""
    teaser = " ".join(description) or " ".join(content)
    if len(teaser) > TEASER_CHARACTERS:
        text = text or "\n\n".join(full)
        teaser = _shortened(full)
    return teaser, text


def _teaser_and_text(entry: Mapping[str, Any]) -> tuple[str, str]:
    summary = str(entry.get("summary") or "")
    contents = [str(each.get("value") or "") for each in entry.get("content") or ()]
    content = max(contents, key=len, default="")
    return teaser_and_text("" if summary == content else summary, content)


def _article_paragraphs(markup: str) -> list[str]:
    try:
        found = paragraphs(markup[:_MAX_MARKUP]) if markup.strip() else []
    except ExtractError:
        return []
    return [each for each in found if not _APPEARED_FIRST.match(each)]


def _shortened(blocks: Iterable[str]) -> str:
    """The first paragraphs that together make a teaser, cut at a sentence where one is long."""
    teaser = ""
    for block in blocks:
        if teaser and len(teaser) + len(block) > TEASER_CHARACTERS // 2:
            break
        teaser = f"{teaser} {block}".strip()
    if len(teaser) <= TEASER_CHARACTERS:
        return teaser
    cut = teaser[:TEASER_CHARACTERS]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return cut[: end + 1] if end > TEASER_CHARACTERS // 3 else cut[: cut.rfind(" ")] + " …"


def _link(entry: Mapping[str, Any], url: str) -> str:
    """The entry's own page: original link, link, other alternates, or a guid that is one."""
    candidates = [
        str(entry.get("feedburner_origlink") or ""),
        str(entry.get("link") or ""),
        *(str(each.get("href") or "") for each in _links(entry) if each.get("rel") == "alternate"),
    ]
    identity = str(entry.get("id") or "").strip()
    if identity.lower().startswith(("http://", "https://")):
        candidates.append(identity)
    candidates += [
        str(each.get("href") or "") for each in _links(entry) if each.get("rel") == "self"
    ]
    return next((found for each in candidates if (found := web_address(each, url))), "")


def _links(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [each for each in entry.get("links") or () if isinstance(each, Mapping)]


def _detail(entry: Mapping[str, Any], key: str) -> tuple[str, str]:
    """Value and declared type of a text construct."""
    detail = entry.get(f"{key}_detail")
    kind = str(detail.get("type") or "") if isinstance(detail, Mapping) else ""
    return str(entry.get(key) or ""), kind


def _language(entry: Mapping[str, Any]) -> str:
    for detail in (entry.get("title_detail"), *(entry.get("content") or ())):
        if isinstance(detail, Mapping) and detail.get("language"):
            return str(detail["language"])
    return str(dict.get(entry, "language") or "") if isinstance(entry, dict) else ""


def _date(
    entry: Mapping[str, Any],
    keys: tuple[str, ...],
    zone: tzinfo,
    language: str,
    now: datetime | None,
) -> Published | None:
    """The first readable date under ``keys``."""
    # feedparser's own dict answers "updated" with "published", and warns; ask beneath it.
    plain = dict(entry.items())
    for key in keys:
        written, parsed = plain.get(key), plain.get(f"{key}_parsed")
        if not isinstance(written, str) or not written.strip():
            continue
        if found := entry_date(written, parsed, zone, language, now):
            return found
    return None


def _image(entry: Mapping[str, Any], url: str) -> str:
    """The entry's picture: media elements first, then an enclosure that is one."""
    media = [*(entry.get("media_content") or ()), *(entry.get("media_thumbnail") or ())]
    for each in media:
        kind = str(each.get("type") or each.get("medium") or "image")
        if kind.startswith("image") and (found := web_address(str(each.get("url") or ""), url)):
            return found
    for link in _links(entry):
        if link.get("rel") == "enclosure" and str(link.get("type") or "").startswith("image/"):
            return web_address(str(link.get("href") or ""), url)
    return ""
