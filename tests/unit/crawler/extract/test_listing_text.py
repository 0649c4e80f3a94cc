"""Short texts: invitations to read on, dates beside titles, days without a year."""

from __future__ import annotations

import pytest

from crawler.extract.listing_text import (
    date_like,
    find_date,
    is_clock,
    is_span,
    only_date,
    undated_title,
    yearless_date,
)
from crawler.extract.listing_words import is_more, names_further, names_popular, news_words, plain


@pytest.mark.parametrize(
    "text",
    ["mehr", "Weiterlesen …", "read more", "Læs mere", "Lire la suite", "Lees verder", "[mehr]",
     "czytaj więcej", "číst dále", "자세히 보기", "阅读全文", "続きを読む", "→", "",
     "Download (PDF, 120 kB)"],
)  # fmt: skip
def test_words_that_only_invite(text: str) -> None:
    assert is_more(text)


@pytest.mark.parametrize("text", ["Mehr Wind im Netz", "Read about the harbour", "클러스터 소식"])
def test_words_that_name_something(text: str) -> None:
    assert not is_more(text)


@pytest.mark.parametrize(
    ("title", "bare", "date"),
    [
        ("12.03.2024 – Neue Halle eröffnet", "Neue Halle eröffnet", "12.03.2024"),
        ("Neue Halle eröffnet (12.03.2024)", "Neue Halle eröffnet", "12.03.2024"),
        ("12 March 2024: A new hall opens", "A new hall opens", "12 March 2024"),
        ("Bericht der Sitzung vom 12. März 2024", "Bericht der Sitzung vom 12. März 2024", ""),
        ("Meet us on 12.03.2024 in the harbour", "Meet us on 12.03.2024 in the harbour", ""),
        ("Wirtschaft 4.0 kommt an", "Wirtschaft 4.0 kommt an", ""),
    ],
)
def test_a_date_set_off_from_the_title_is_no_part_of_it(title: str, bare: str, date: str) -> None:
    assert undated_title(title) == (bare, date)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("18. März", (18, 3)), ("Sep 4", (4, 9)), ("4 September", (4, 9)), ("Mo, 18.03.", (18, 3)),
     ("März 2024", None), ("18. Tag", None), ("32. Mai", None), ("18.03.2024", None)],
)  # fmt: skip
def test_days_without_a_year(text: str, expected: tuple[int, int] | None) -> None:
    assert yearless_date(text) == expected


def test_dates_in_short_texts() -> None:
    assert find_date("Meldung vom 12.03.2024 aus Dresden") == "12.03.2024"
    assert find_date("vor 3 Tagen") == "vor 3 Tagen"
    assert find_date("Kunststoff 2030: ein Ausblick") == ""
    assert date_like("Posted on 12 March 2024")
    assert not date_like("On 12 March 2024 the harbour opened a new hall for ships")


def test_plain_spells_out_and_keeps_other_scripts() -> None:
    assert (
        plain("Überblick: Größe, Læsø, Łódź, Prüfung")
        == "ueberblick: groesse, laesoe, lodz, pruefung"
    )
    assert plain("한국 プレス") == "한국 フレス" or plain("한국") == "한국"


def test_section_words_in_many_languages() -> None:
    for heading in (
        "Aktuelle Meldungen",
        "Clusternachrichten",
        "Actualités",
        "Nyheder",
        "새소식",
        "新闻中心",
    ):
        assert news_words(heading) > 0, heading
    for heading in ("Veranstaltungen", "Our partners", "Agenda", "Stellenangebote", "채용 공고"):
        assert news_words(heading) < 0, heading
    assert news_words("Contact form 7") <= 0


@pytest.mark.parametrize(
    "text",
    ["12 March 2024", "Mittwoch, 12. März 2024", "Posted on 12 March 2024 by Anna", "2024-03-12",
     "Publié le 12 mars 2024", "2024年3月12日", "Veröffentlicht am 12.03.2024, 10:00 Uhr"],
)  # fmt: skip
def test_a_text_that_is_a_date_names_nothing_else(text: str) -> None:
    assert only_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sommerfest 12. Juli 2024",
        "Harbour day 4.5.2026",
        "基金2020年6月30日基金净值公告",
        "Report 2024",
    ],
)
def test_a_title_that_holds_a_date_is_no_date(text: str) -> None:
    assert not only_date(text)


@pytest.mark.parametrize(
    "text",
    ["1 May 2024 – 31 May 2026", "01.01.2024 bis 31.12.2026", "1.5.2024 - Fr. 3.5.2024",
     "du 1 mai 2024 au 3 juin 2024"],
)  # fmt: skip
def test_a_span_of_time_is_no_day(text: str) -> None:
    assert is_span(text)
    assert not is_span("1 May 2024, changed on 31 May 2026")


def test_times_of_day_alone() -> None:
    assert all(map(is_clock, ("14:32", "9:05", "23:59", "14.32 Uhr")))
    assert not any(map(is_clock, ("1432", "24:00", "14:32 and more", "1:60", "3.12")))


@pytest.mark.parametrize(
    ("text", "day"),
    [("11-18", (18, 11)), ("[11-18]", (18, 11)), ("11月18日", (18, 11)), ("11월 18일", (18, 11)),
     ("13-40", None), ("1-2", None)],
)  # fmt: skip
def test_days_without_a_year_as_east_asia_writes_them(
    text: str, day: tuple[int, int] | None
) -> None:
    assert yearless_date(text) == day


def test_a_large_day_beside_month_and_year_is_one_date() -> None:
    assert find_date("18 03.2024") == "18 03.2024"


def test_headings_that_introduce_further_articles() -> None:
    for text in ("Read also:", "Related articles", "À lire aussi", "Das könnte Sie interessieren",
                 "Læs også", "Dans la même rubrique", "Verwandte Artikel"):  # fmt: skip
        assert names_further(text), text
    for text in ("Contact", "Our members", "Readings in the harbour"):
        assert not names_further(text), text


def test_headings_that_name_what_is_read_most() -> None:
    for text in ("Most read", "Meistgelesen", "Les + lus", "Lo más leído", "I più letti",
                 "Meest geklikt op de site", "Trending Stories", "Mest læste"):  # fmt: skip
        assert names_popular(text), text
    for text in ("Latest stories", "Neueste Meldungen", "The most modern hall of the region"):
        assert not names_popular(text), text


def test_what_is_new_is_news_unless_another_word_says_of_what() -> None:
    for text in ("Latest", "Derniers", "Neueste", "Senaste"):
        assert news_words(text) > 0, text
    for text in ("Recent comments", "Neueste Mitglieder", "Latest events"):
        assert news_words(text) < 0, text
