"""Short texts: invitations to read on, dates beside titles, days without a year."""

from __future__ import annotations

import pytest

from crawler.extract.listing_text import date_like, find_date, undated_title, yearless_date
from crawler.extract.listing_words import is_more, news_words, plain


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
