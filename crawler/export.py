"""Items as the contract's JSON, and as JSON lines, CSV, RSS and Atom."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from crawler.model.item import Item
from crawler.model.story import StoryLink
from crawler.model.topic import Match
from crawler.stories.face import excerpt

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
# Where a spreadsheet begins a cell that splits at tabs, or at semicolons as in half of Europe.
_FORMULA_WITHIN = re.compile(r"(?s)(?<=.)([;\t][ \t\"']*)(?=[=+\-@＝＋－＠])")
_MOST_SHARED = 6
_SPEAKING = ("name", "pair", "place", "title", "concept", "address", "sound")
FORMATS = ("jsonl", "csv", "rss", "atom")
_COLUMNS = ("id", "source", "url", "canonical_url", "title", "summary", "published", "first_seen",
            "language", "topics", "story", "duplicate_of")  # fmt: skip


def link_json(link: StoryLink) -> dict[str, Any]:
    """Why two items are one story; of two that are not, with what spoke against it."""
    return {
        "item": link.item,
        "other": link.other,
        "relation": link.relation,
        "score": round(link.score, 3),
        "anchors": list(link.anchors),
        "veto": link.veto or None,
    }


def shared_words(anchors: Sequence[str]) -> str:
    """What two tellings share, for people: "rostock, hanne brodersen, amount 1 400 000"."""
    return ", ".join(_shared(*anchor.split(":", 1)) for anchor in anchors[:_MOST_SHARED])


def _shared(kind: str, key: str) -> str:
    if kind in _SPEAKING:
        return key
    figure = f"{int(key):,}".replace(",", "\u00a0") if key.isdigit() and len(key) > 4 else key
    return f"{kind} {figure}"


def match_json(match: Match) -> dict[str, Any]:
    """MATCH of the contract."""
    return {
        "topic": match.topic,
        "score": round(match.score, 4),
        "evidence": [
            {
                "field": one.field,
                "start": one.start,
                "end": one.end,
                "quote": one.quote,
                "concept": one.concept,
            }
            for one in match.evidence
        ],
    }


def item_json(item: Item, *, text: bool = False) -> dict[str, Any]:
    """ITEM of the contract; ``text`` adds the text, as ``items show`` does."""
    document: dict[str, Any] = {
        "id": item.id,
        "source": item.source,
        "url": item.url,
        "canonical_url": item.canonical_url,
        "title": item.title,
        "summary": item.summary,
        "published": item.published.isoformat() if item.published else None,
        "first_seen": item.first_seen.isoformat(timespec="seconds"),
        "language": item.language,
        "topics": [match_json(match) for match in item.topics],
        "story": item.story,
        "duplicate_of": item.duplicate_of,
    }
    if text:
        document["text"] = item.text
    return document


def export(
    items: Sequence[Item],
    form: str,
    *,
    title: str,
    link: str,
    now: datetime,
    excerpts: Mapping[str, int],
) -> str:
    """All of ``items`` in one of FORMATS. ``excerpts``: by source, how many characters may be
    shown to readers, whom the feeds are for; of sources that are not named, none."""
    if form == "jsonl":
        return "".join(json.dumps(item_json(one), ensure_ascii=False) + "\n" for one in items)
    if form == "csv":
        return _csv(items)
    shown = [_as_allowed(one, excerpts.get(one.source, 0)) for one in items]
    return _rss(shown, title, link, now) if form == "rss" else _atom(shown, title, link, now)


def _as_allowed(item: Item, length: int) -> Item:
    return replace(item, summary=excerpt(item.title, item.summary, (), length).text)


def _csv(items: Iterable[Item]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for item in items:
        row = item_json(item) | {"topics": " ".join(match.topic for match in item.topics)}
        writer.writerow([_cell(row[column]) for column in _COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP "CSV Injection"), nor a part of it
    where it splits lines at other characters than commas."""
    text = "" if value is None else _CONTROL.sub("", str(value))
    text = _FORMULA_WITHIN.sub(r"\1'", text)
    return "'" + text if text.lstrip(" ")[:1] in _FORMULA_STARTS else text


def _rss(items: Sequence[Item], title: str, link: str, now: datetime) -> str:
    entries = "".join(
        f"<item><title>{_xml(one.title)}</title><link>{_xml(one.url)}</link>"
        f'<guid isPermaLink="false">{_xml(one.id)}</guid>'
        + (f"<pubDate>{_rfc822(one.published.moment)}</pubDate>" if one.published else "")
        + f"<description>{_xml(one.summary)}</description>"
        + "".join(f"<category>{_xml(match.topic)}</category>" for match in one.topics)
        + "</item>\n"
        for one in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{_xml(title)}</title><link>{_xml(link)}</link>"
        f"<description>{_xml(title)}</description><lastBuildDate>{_rfc822(now)}</lastBuildDate>\n"
        f"{entries}</channel></rss>\n"
    )


def _atom(items: Sequence[Item], title: str, link: str, now: datetime) -> str:
    entries = "".join(
        f"<entry><id>urn:clusterwatch:item:{_xml(one.id)}</id><title>{_xml(one.title)}</title>"
        f"<link href={_attribute(one.url)}/>"
        # Atom demands a date of change: where the page gives none, it is when we saw it.
        f"<updated>{_moment(one).isoformat()}</updated>"
        + (f"<published>{one.published.isoformat()}</published>" if one.published else "")
        + f"<summary>{_xml(one.summary)}</summary>"
        + "".join(f"<category term={_attribute(match.topic)}/>" for match in one.topics)
        + "</entry>\n"
        for one in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{_xml(link)}</id><title>{_xml(title)}</title><updated>{now.isoformat()}</updated>"
        f"<author><name>Clusterwatch</name></author><link href={_attribute(link)}/>\n"
        f"{entries}</feed>\n"
    )


def _moment(item: Item) -> datetime:
    return item.published.moment if item.published else item.first_seen


def _xml(text: str) -> str:
    """Escaped, without the characters that XML 1.0 forbids."""
    return escape(_CONTROL.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(_CONTROL.sub("", text))


def _rfc822(moment: datetime) -> str:
    from email.utils import format_datetime

    return format_datetime(moment)
