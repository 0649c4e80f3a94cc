"""One entry of an XML feed, as feedparser gives it, as a RawItem."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from crawler.errors import ExtractError
from crawler.extract.feed_addresses import entry_link, links_of, unescaped, web_address
from crawler.extract.feed_elements import MAX_GUID, Own
from crawler.extract.feed_mending import entry_date, holds_markup, language_code, title_text
from crawler.extract.markup import folded, paragraphs, plain_text
from crawler.model.item import Published, RawItem

# A teaser is shown in one line or two; longer descriptions are the article itself.
TEASER_CHARACTERS = 1_000
_TEXT_CHARACTERS = 400
_MAX_MARKUP = 500_000
_UNTITLED_CHARACTERS = 100
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
_ANGLE_ADDRESS = re.compile(r"<[^<>\s@]{1,64}@[^<>\s@]{1,255}>")
_MAIL_ADDRESS = re.compile(r"(?:mailto:)?[^\s()<>@]{1,64}@[^\s()<>@]{1,255}")
_PUBLISHED_KEYS = ("published", "issued", "created", "updated", "modified")


def raw_item(
    entry: Mapping[str, Any], own: Own, base: str, zone: tzinfo, now: datetime | None
) -> RawItem:
    """The entry as a RawItem; ``own`` is what was written, relative addresses belong to
    ``base``."""
    language = language_code(_language(entry))
    summary, text = _teaser_and_text(entry, own)
    return RawItem(
        url=entry_link(entry, own, base),
        title=title_text(own.title, "") or declared_title(entry) or title_of_text(summary),
        published=_date(entry, _PUBLISHED_KEYS, zone, language, now),
        summary=summary,
        text=text,
        guid=own.guid or folded(str(entry.get("id") or ""))[:MAX_GUID],
        modified=_date(entry, ("updated", "modified"), zone, language, now),
        language=language,
        author=_author(entry),
        image=_image(entry, base),
    )


def title_of_text(text: str) -> str:
    """A title for an entry without one, as short messages are: the text's beginning."""
    if len(text) <= _UNTITLED_CHARACTERS:
        return text
    return text[:_UNTITLED_CHARACTERS].rpartition(" ")[0].rstrip(" ,;:–-") + " …"


def teaser_and_text(summary_markup: str, content_markup: str) -> tuple[str, str]:
    """Plain teaser and full text of a description and a content element.

    A content beside a shorter description is the full text; so are several paragraphs, and a
    description longer than a teaser.
    """
    content = _article_paragraphs(content_markup)
    description = _article_paragraphs(summary_markup)
    is_fuller = sum(map(len, content)) >= sum(map(len, description))
    full = content if is_fuller else description
    several = len(full) > 1 and sum(map(len, full)) >= _TEXT_CHARACTERS
    beside = is_fuller and bool(description) and " ".join(content) != " ".join(description)
    text = "\n\n".join(full) if several or beside else ""
    teaser = " ".join(description) or " ".join(content)
    if len(teaser) > TEASER_CHARACTERS:
        text = text or "\n\n".join(full)
        teaser = _shortened(full)
    return teaser, text


def _teaser_and_text(entry: Mapping[str, Any], own: Own) -> tuple[str, str]:
    contents = [each for each in entry.get("content") or () if isinstance(each, Mapping)]
    content = max(map(_as_markup, contents), key=len, default="") or own.content
    if own.description:
        return teaser_and_text(own.description, content)
    summary = str(entry.get("summary") or "")
    detail = entry.get("summary_detail")
    if any(summary == str(each.get("value") or "") for each in contents):
        summary = ""  # feedparser repeats a content as the summary that is missing
    elif isinstance(detail, Mapping):
        summary = _as_markup(detail)
    return teaser_and_text(summary or str(entry.get("subtitle") or ""), content)


def _as_markup(construct: Mapping[str, Any]) -> str:
    """A text construct's value as markup: declared plain text is that, unless it obviously
    is not ("a < b" may stay, "<p>a</p>" was meant as HTML)."""
    value = str(construct.get("value") or "")
    is_plain = construct.get("type") == "text/plain" and not holds_markup(value)
    return html.escape(value, quote=False) if is_plain else value


def declared_title(owner: Mapping[str, Any]) -> str:
    """The title of a feed or an entry as plain text, read as its declared type."""
    detail = owner.get("title_detail")
    kind = str(detail.get("type") or "") if isinstance(detail, Mapping) else ""
    return title_text(str(owner.get("title") or ""), kind)


def _author(entry: Mapping[str, Any]) -> str:
    """The authors' names; addresses of persons are no byline."""
    listed = [each for each in entry.get("authors") or () if isinstance(each, Mapping)]
    names = [person_name(str(each.get("name") or "")) for each in listed]
    # feedparser cuts names out of addresses wrongly; where it saw one, read what it kept.
    if len(names) < 2 and "@" in str(entry.get("author") or ""):
        names = [person_name(str(entry["author"]))]
    return ", ".join(dict.fromkeys(name for name in names if name))[:200]


def person_name(written: str) -> str:
    """The name in "ina@example.org (Ina Beispiel)", "Ina Beispiel <ina@example.org>" and the
    like, "" where there is only an address."""
    written = written[:1_000]
    text = plain_text(_ANGLE_ADDRESS.sub(" ", written) if "@" in written else written)
    if "@" in text or "(" in text:
        text = re.sub(r"\(\s*\)", " ", _MAIL_ADDRESS.sub(" ", text))
    name = " ".join(text.split())
    return name[1:-1].strip() if name.startswith("(") and name.endswith(")") else name


def _article_paragraphs(markup: str) -> list[str]:
    if "<" not in markup and holds_markup(twice := unescaped(markup)):
        markup = twice  # nothing but escaped markup: it was escaped once too often
    if "<" not in markup:
        found = [folded(html.unescape(markup[:_MAX_MARKUP]))]  # most teasers: spare the parser
    else:
        try:
            found = paragraphs(markup[:_MAX_MARKUP])
        except ExtractError:
            return []
    return [each for each in found if each and not _APPEARED_FIRST.match(each)]


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
    plain = entry if type(entry) is dict else dict(entry.items())
    for key in keys:
        written, parsed = plain.get(key), plain.get(f"{key}_parsed")
        if not isinstance(written, str) or not written.strip():
            continue
        if found := entry_date(written, parsed, zone, language, now):
            return found
    return None


def _image(entry: Mapping[str, Any], base: str) -> str:
    """The entry's picture: media elements first, then an enclosure that is one."""
    media = [*(entry.get("media_content") or ()), *(entry.get("media_thumbnail") or ())]
    for each in media:
        kind = str(each.get("type") or each.get("medium") or "image")
        if kind.startswith("image") and (found := web_address(str(each.get("url") or ""), base)):
            return found
    for link in links_of(entry):
        if link.get("rel") == "enclosure" and str(link.get("type") or "").startswith("image/"):
            return web_address(str(link.get("href") or ""), base)
    return ""
