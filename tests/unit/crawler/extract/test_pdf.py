"""What a PDF gives, and what a hostile one must not."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ExtractError
from crawler.extract.document import read_document
from crawler.extract.pdf import MAX_CHARACTERS, MAX_PAGES, is_pdf, read_pdf
from crawler.extract.pdf_text import joined, pdf_paragraphs
from crawler.model.item import Article, Published, RawItem
from tests.cost import bounded
from tests.small_pdfs import from_streams, pdf

URL = "https://www.cluster.example/files/release.pdf"
NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
LINES = (
    "Printed electronics workshop opens",
    "The association has opened a workshop for printed electro-",
    "nics, and twelve firms share its machines with two institutes.",
    "Visitors are welcome.",
    "Its machines were paid for by the region and its staff by the",
    "members, while the coffee was paid for by all (gladly).",
)


def read(body: bytes, hint: RawItem | None = None) -> Article:
    return read_pdf(body, URL, zone=ZoneInfo("Europe/Berlin"), now=NOW, hint=hint)


def test_text_comes_as_paragraphs_with_mended_words() -> None:
    article = read(pdf([LINES]))
    assert article.title == "Printed electronics workshop opens"
    assert article.text.split("\n\n") == [
        "The association has opened a workshop for printed electronics, and twelve firms share "
        "its machines with two institutes. Visitors are welcome.",
        "Its machines were paid for by the region and its staff by the members, while the "
        "coffee was paid for by all (gladly).",
    ]
    assert (article.url, article.language) == (URL, "en")


def test_title_and_date_of_the_listing_come_before_the_documents_own() -> None:
    day = Published(datetime(2026, 11, 3, 9, tzinfo=UTC))
    info = {"Title": "Press release no. 7", "CreationDate": "D:20261102101500+01'00'"}
    listed = read(pdf([LINES], info), RawItem(URL, title="A workshop opens", published=day))
    assert (listed.title, listed.published) == ("A workshop opens", day)
    own = read(pdf([LINES], info))
    assert own.title == "Press release no. 7"
    assert own.published is not None
    assert own.published.isoformat() == "2026-11-02T10:15:00+01:00"


@pytest.mark.parametrize("named", ["", LINES[0], LINES[0].upper() + "!"])
def test_the_text_does_not_repeat_the_title_at_its_start(named: str) -> None:
    article = read(pdf([LINES]), RawItem(URL, title=named))
    assert article.text.startswith("The association has opened")


def test_a_title_set_in_two_paragraphs_is_not_repeated_either() -> None:
    lines = ("Printed electronics", "", "workshop opens", "", *LINES[1:])
    article = read(pdf([lines]), RawItem(URL, title=LINES[0]))
    assert article.text.startswith("The association has opened")


@pytest.mark.parametrize("title", ["The association", "A workshop opens", LINES[1] + LINES[2]])
def test_a_text_that_goes_on_as_its_title_began_stays_whole(title: str) -> None:
    article = read(pdf([LINES[1:]]), RawItem(URL, title=title))
    assert article.text.startswith("The association has opened")


def test_a_document_that_is_its_title_alone_keeps_it_as_text() -> None:
    assert read(pdf([LINES[:1]])).text == LINES[0]


@pytest.mark.parametrize("title", ["Microsoft Word - PM_07.docx", "untitled", "PM_2026_07", ""])
def test_a_file_name_is_no_title(title: str) -> None:
    assert read(pdf([LINES], {"Title": title, "Author": "x"})).title == LINES[0]


@pytest.mark.parametrize(
    "date", ["D:20991102101500Z", "D:19700101000000Z", "D:99991399", "yesterday", "D:20261123"]
)
def test_an_implausible_date_is_none(date: str) -> None:
    assert read(pdf([LINES], {"CreationDate": date})).published is None


def test_a_date_without_an_offset_is_in_the_given_zone() -> None:
    found = read(pdf([LINES], {"CreationDate": "D:20260705083000"})).published
    assert found is not None
    assert found.isoformat() == "2026-07-05T08:30:00+02:00"


def test_running_heads_and_page_numbers_are_dropped() -> None:
    texts = ("an early", "a long", "the third", "one more")
    pages = [
        ["Cluster Example e.V.", f"This page tells {text} story of the house.", f"Page {n} of 4"]
        for n, text in enumerate(texts, 1)
    ]
    assert read(pdf(pages)).text.split("\n\n") == [
        f"This page tells {text} story of the house." for text in texts
    ]


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("Laser-", "sintern", "Lasersintern"),
        ("die Vor-", "und Nachteile", "die Vor- und Nachteile"),
        ("das KI-", "Projekt", "das KI-Projekt"),
        ("additive manu\u00ad", "facturing", "additive manufacturing"),
        ("2024 -", "2026", "2024 - 2026"),
        ("one", "two", "one two"),
    ],
)
def test_words_parted_at_a_lines_end(text: str, line: str, expected: str) -> None:
    assert joined(text, line) == expected


def test_list_items_stay_apart() -> None:
    page = "Three things were agreed upon by all members:\n• one machine\n• two people\n– no noise"
    assert pdf_paragraphs([page])[1:] == ["- one machine", "- two people", "- no noise"]


def test_a_sentence_goes_on_over_a_pages_border() -> None:
    pages = ["The members agreed on a joint programme that", "will begin in spring."]
    assert pdf_paragraphs(pages) == [
        "The members agreed on a joint programme that will begin in spring."
    ]


def test_pages_and_characters_are_bounded() -> None:
    many = read(
        pdf([[f"{'abcdefghi'[n % 9] * (n + 1)} is leaf {n} of it."] for n in range(MAX_PAGES + 5)])
    )
    assert f"leaf {MAX_PAGES - 1} of" in many.text
    assert f"leaf {MAX_PAGES} of" not in many.text
    long = [["word " * 200] * 60] * 5
    assert len(read(pdf(long)).text) <= MAX_CHARACTERS


def test_a_scan_without_text_gives_none() -> None:
    assert read(pdf([[]]), RawItem(URL, title="A scan")).text == ""


def _locked() -> bytes:
    values = f"/O <{'41' * 32}> /U <{'42' * 32}>"
    lock = f"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 {values} >>"
    return pdf([LINES], objects=[lock], trailer="/Encrypt 6 0 R /ID [<00> <00>]")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no PDF"),
        (b"<html><body>Please log in</body></html>", "no PDF"),
        (b"%PDF-1.7 and nothing else", "cannot be read"),
        (b"%PDF-1.4\n" + b"0 1 2 " * 5000, "cannot be read"),
        (pdf([]), "no pages"),
        (_locked(), "protected by a password"),
    ],
    ids=["empty", "html", "torso", "noise", "no pages", "locked"],
)
def test_what_cannot_be_read_says_so_in_one_line(body: bytes, says: str) -> None:
    with pytest.raises(ExtractError, match=says) as caught:
        read(body)
    assert "\n" not in caught.value.line()
    assert caught.value.url == URL


def _loop() -> bytes:
    """A page tree that contains itself."""
    return pdf([LINES]).replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")


def _bombs() -> Sequence[bytes]:
    return (
        from_streams([b" " * 60_000_000], compressed=True),  # 60 MB from 60 kB
        from_streams([b"(x) Tj " * 2_000_000], compressed=True),
        from_streams([b"q " * 300_000], compressed=True),
        from_streams([b"[" * 200_000], compressed=True),
        _loop(),
    )


def test_bombs_cost_little_and_end_in_an_error_or_a_bounded_text() -> None:
    with bounded():
        for body in _bombs():
            try:
                assert len(read(body).text) <= MAX_CHARACTERS
            except ExtractError:
                continue


def test_a_cut_off_file_is_read_as_far_as_it_goes_or_refused() -> None:
    whole = pdf([LINES])
    for cut in range(0, len(whole), 97):
        try:
            read(whole[:cut])
        except ExtractError:
            continue


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 1400), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_raises_nothing_else(place: int, noise: bytes) -> None:
    body = pdf([LINES], {"Title": "T", "CreationDate": "D:20261102"})
    with contextlib.suppress(ExtractError):
        read(body[:place] + noise + body[place + len(noise) :])


def test_nothing_is_logged_nor_warned(caplog: pytest.LogCaptureFixture) -> None:
    damaged = pdf([LINES]).replace(b"startxref\n7", b"startxref\n6")
    with warnings.catch_warnings(record=True) as seen, caplog.at_level(logging.DEBUG):
        assert read(damaged).title == LINES[0]
    assert (seen, caplog.records) == ([], [])


def test_a_pdf_is_known_by_its_bytes_or_by_its_type() -> None:
    assert is_pdf(pdf([LINES]))
    assert is_pdf(b"", "application/pdf; qs=0.001")
    assert not is_pdf(b"<html>", "text/html")
    hint = RawItem(URL, title="A workshop opens")
    found = read_document(pdf([LINES]), URL, content_type="text/html", now=NOW, hint=hint)
    assert "twelve firms share" in found.text
