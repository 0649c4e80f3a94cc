"""Items as JSON lines, CSV, RSS and Atom, read back by others' parsers."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone
from xml.etree import ElementTree

import feedparser
import pytest

from crawler.export import FORMATS, export, item_json
from crawler.model.item import Item, Published
from crawler.model.topic import Evidence, Match

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CET = timezone(timedelta(hours=1))


def item(item_id: str = "1", **values: object) -> Item:
    fields: dict[str, object] = {
        "source": "one",
        "url": "https://a.example/1?a=1&b=2",
        "canonical_url": "https://a.example/1",
        "title": "Lasers & <more>",
        "summary": "In short.",
        "published": Published(datetime(2026, 11, 20, 9, 30, tzinfo=CET)),
        "first_seen": NOW,
        "language": "en",
        "topics": (Match("lasers", 0.81239, (Evidence("title", 0, 6, "Lasers", "laser"),)),),
    }
    return Item(id=item_id, **(fields | values))  # type: ignore[arg-type]


def exported(form: str, *items: Item) -> str:
    return export(
        items, form, title="Our & news", link="https://news.example/?a=1&b=2", now=NOW,
        excerpts={"one": 160, "brief": 40, "silent": 0},
    )  # fmt: skip


HOSTILE = "\x00\x08\x0b\x1b\ufffe\uffff\ud800 & <b> \"]]> ' \U0001f600 한국"


def test_json_follows_the_contract() -> None:
    found = item_json(item())
    assert found["published"] == "2026-11-20T09:30:00+01:00"
    assert found["topics"][0]["score"] == 0.8124
    assert "text" not in found
    assert item_json(item(text="T"), text=True)["text"] == "T"
    assert item_json(item(published=None))["published"] is None
    day = Published.on(date(2026, 11, 20), CET)
    assert item_json(item(published=day))["published"] == "2026-11-20T00:00:00+01:00"


def test_json_lines_are_one_document_a_line() -> None:
    lines = exported("jsonl", item("1", title="a\nb\u2028c"), item("2")).split("\n")
    assert [json.loads(line)["id"] for line in lines if line] == ["1", "2"]


@pytest.mark.parametrize(
    "title",
    ['=HYPERLINK("http://evil")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "\n=1", "＝1"],
)
def test_no_cell_is_a_formula(title: str) -> None:
    rows = list(csv.DictReader(io.StringIO(exported("csv", item(title=title)), newline="")))
    assert rows[0]["title"] == "'" + title


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ('News;=HYPERLINK("http://evil")', 'News;\'=HYPERLINK("http://evil")'),
        ("A; @SUM(1)\t-1", "A; '@SUM(1)\t'-1"),
        ('A;"=1', "A;\"'=1"),
        ("5 = 3 + 2; and so on - it goes", "5 = 3 + 2; and so on - it goes"),
    ],
)
def test_no_part_of_a_cell_is_a_formula_where_lines_are_split_elsewhere(
    title: str, told: str
) -> None:
    rows = list(csv.DictReader(io.StringIO(exported("csv", item(title=title)), newline="")))
    assert rows[0]["title"] == told


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feeds_show_no_more_than_a_source_allows(form: str) -> None:
    text = "The laser line opened in March. Three firms and two institutes share the machines."
    made = [item(str(n), source=name, summary=text) for n, name in enumerate(
        ("one", "brief", "silent", "gone"))]  # fmt: skip
    shown = [entry.get("summary", "") for entry in feedparser.parse(exported(form, *made)).entries]
    assert len(shown[0]) <= 160
    assert text.startswith(shown[0])
    assert 0 < len(shown[1]) <= 40
    assert shown[2:] == ["", ""]


def test_csv_keeps_every_column_of_hostile_items() -> None:
    text = 'a,"b"\r\nc;d'
    rows = list(csv.DictReader(io.StringIO(exported("csv", item(title=text)), newline="")))
    assert (rows[0]["title"], rows[0]["topics"], rows[0]["story"]) == (text, "lasers", "")
    assert "\x00" not in exported("csv", item(title=HOSTILE))


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_feeds_are_read_back(form: str) -> None:
    found = feedparser.parse(exported(form, item("1"), item("2", published=None, title="Two")))
    assert not found.bozo
    assert found.feed.title == "Our & news"
    first, second = found.entries
    assert first.link == "https://a.example/1?a=1&b=2"
    assert html.unescape(first.title) == "Lasers & <more>"
    assert first.published_parsed[:5] == (2026, 11, 20, 8, 30)
    assert [tag.term for tag in first.tags] == ["lasers"]
    assert "published" not in second
    assert first.id != second.id


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_hostile_items_leave_feeds_well_formed(form: str) -> None:
    odd = item(HOSTILE, title=HOSTILE, summary=HOSTILE, url=f"https://a.example/{HOSTILE}")
    document = exported(form, odd)
    ElementTree.fromstring(document.encode())
    assert "한국" in document


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_to_export_is_an_empty_document(form: str) -> None:
    document = exported(form)
    if form in ("rss", "atom"):
        assert feedparser.parse(document).entries == []
    else:
        assert document in ("", document.partition("\r\n")[0] + "\r\n")
