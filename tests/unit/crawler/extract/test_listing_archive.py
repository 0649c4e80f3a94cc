"""Archives of a year or a month: the day stands in the line, the rest in the heading above."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.listing_archive import named_month
from crawler.model.item import RawItem

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TITLES = (
    "Verbund eröffnet eine Halle für Leichtbau",
    "Zwei Mitglieder gewinnen den Preis des Landes",
    "Förderung für drei Vorhaben bewilligt",
    "Gäste aus Korea besuchen das Labor",
    "Geschäftsstelle bezieht ihr neues Büro",
)
EXPECTED = ["2026-11-18", "2026-11-02", "2026-11-01", "2026-10-30", "2026-10-12"]
GERMAN = ("18.11.", "02.11.", "01.11.", "30.10.", "12.10.")
MONTHS = ("November 2026", "Oktober 2026")
LINE = "<li>{d} <a href='/a/{n}-meldung.html'>{t}</a></li>"
INSIDE = "<li><a href='/a/{n}-meldung.html'>{d} {t}</a></li>"


def items(
    line: str = LINE,
    days: Sequence[str] = GERMAN,
    heads: Sequence[str] = MONTHS,
    lang: str = "de",
    above: str = "",
) -> tuple[RawItem, ...]:
    """Three lines below the first heading, two below the second."""
    lines = [
        line.format(d=day, t=title, n=n)
        for n, (day, title) in enumerate(zip(days, TITLES, strict=True))
    ]
    parts = (lines[:3], lines[3:])
    lists = "".join(
        f"<h3>{head}</h3><ul>{''.join(part)}</ul>" for head, part in zip(heads, parts, strict=True)
    )
    page = f"<html lang={lang}><body><h1>Aktuelles</h1>{above}{lists}</body></html>"
    return read_listing(page.encode(), "https://verbund.example/archiv/", now=NOW).items


def dates(found: Sequence[RawItem]) -> list[str | None]:
    return [item.published.day.isoformat() if item.published else None for item in found]


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        INSIDE,
        "<li>{d}: <a href='/a/{n}-meldung.html'>{t}</a></li>",
        "<li><a href='/a/{n}-meldung.html'>{d} – {t}</a></li>",
        "<li><a href='/a/{n}-meldung.html'>{t}</a> ({d})</li>",
        "<li><a href='/a/{n}-meldung.html'>{t} ({d})</a></li>",
        "<li>Mi., {d} <a href='/a/{n}-meldung.html'>{t}</a></li>",
        "<p>{d} <a href='/a/{n}-meldung.html'>{t}</a></p>",
        "{d} <a href='/a/{n}-meldung.html'>{t}</a><br>",
        "<li>{d} {t} <a href='/a/{n}-meldung.html'>mehr</a></li>",
    ],
)
def test_a_day_in_the_line_is_read_and_leaves_the_title(line: str) -> None:
    found = items(line)
    assert [item.title for item in found] == list(TITLES)
    assert dates(found) == EXPECTED


@pytest.mark.parametrize(
    ("days", "heads", "lang"),
    [
        (("18 Nov", "2 Nov", "1 Nov", "30 Oct", "12 Oct"), ("November 2026", "October 2026"), "en"),
        (("Nov 18", "Nov 2", "Nov 1", "Oct 30", "Oct 12"), ("November 2026", "October 2026"), "en"),
        (("11/18", "11/2", "11/1", "10/30", "10/12"), ("November 2026", "October 2026"), "en"),
        (("18/11", "2/11", "1/11", "30/10", "12/10"), ("November 2026", "Oktober 2026"), "da"),
        (("18", "2", "1er", "30", "12"), ("Novembre 2026", "Octobre 2026"), "fr"),
        (("18.", "2.", "1.", "30.", "12."), ("Listopad 2026", "Říjen 2026"), "cs"),
        (("18일", "2일", "1일", "30일", "12일"), ("2026년 11월", "2026년 10월"), "ko"),
        (
            ("18 de novembro", "2 de novembro", "1 de novembro", "30 de outubro", "12 de outubro"),
            ("Novembro de 2026", "Outubro de 2026"),
            "pt",
        ),
        (
            ("11월 18일", "11월 2일", "11월 1일", "10월 30일", "10월 12일"),
            ("2026년 11월", "2026년 10월"),
            "ko",
        ),
        (
            ("11月18日", "11月2日", "11月1日", "10月30日", "10月12日"),
            ("2026年11月", "2026年10月"),
            "zh",
        ),
    ],
)
def test_days_of_our_languages_are_read_below_their_months(
    days: tuple[str, ...], heads: tuple[str, str], lang: str
) -> None:
    found = items(days=days, heads=heads, lang=lang)
    assert [item.title for item in found] == list(TITLES)
    assert dates(found) == EXPECTED


def test_a_year_alone_completes_day_and_month() -> None:
    assert dates(items(heads=("2026", "2025"))) == [*EXPECTED[:3], "2025-10-30", "2025-10-12"]


@pytest.mark.parametrize("line", [LINE, INSIDE])
def test_a_month_below_a_year_completes_a_bare_day(line: str) -> None:
    bare = ("18.", "2.", "1.", "30.", "12.")
    found = items(line, days=bare, heads=("November", "Oktober"), above="<h2>2026</h2>")
    assert dates(found) == EXPECTED


def test_a_title_that_names_a_year_is_no_year_of_the_list() -> None:
    line = "<li>{d} <a href='/a/{n}-meldung.html'>{t}</a> <a href='/h/{n}'>Etat 2031</a></li>"
    assert dates(items(line)) == EXPECTED


def test_numbered_lines_are_no_days() -> None:
    found = items(INSIDE, days=("1.", "2.", "3.", "4.", "5."), heads=("Meldungen", "Nachrichten"))
    assert [item.title for item in found] == [f"{n}. {t}" for n, t in enumerate(TITLES, 1)]
    assert dates(found) == [None] * 5


def test_lines_numbered_on_through_the_months_are_no_days() -> None:
    above = "<h2>Meldungen</h2>"
    found = items(INSIDE, days=("7.", "8.", "9.", "10.", "11."), above=above)
    assert not any(dates(found))


def test_a_single_line_with_a_number_is_no_day() -> None:
    found = items(INSIDE, days=("3/4", "Rund", "Alle", "Neu:", "Und"), heads=("Presse", "Archiv"))
    assert found[0].title == f"3/4 {TITLES[0]}"
    assert dates(found) == [None] * 5


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("November 2026", 11),
        ("NOVEMBER", 11),
        ("Nov. 2026:", 11),
        ("novembre de 2026", 11),
        ("11/2026", 11),
        ("2026-11", 11),
        ("2026年 11月", 11),
        ("März", 3),
        ("13/2026", None),
        ("18. November 2026", None),
        ("Mai-Ausflug 2026", None),
        ("", None),
    ],
)
def test_a_month_is_a_text_that_names_nothing_else(text: str, month: int | None) -> None:
    assert named_month(text) == month
