"""Last lines that only say how to reach the author go; whatever may be news stays."""

from __future__ import annotations

import pytest
from lxml.html import fragment_fromstring

from crawler.extract.article import read_article
from crawler.extract.article_contacts import without_contacts
from crawler.extract.article_page import Block

URL = "https://www.cluster.example/news/two"
TITLE = "A foundry for light metals opens in the valley"
SENTENCES = [
    f"In week {week} the {who} of the valley, who had read of it, came to see the foundry pour."
    for week, who in enumerate(("bakers", "smiths", "weavers", "tanners", "millers", "joiners"), 1)
]


def lines(end: str) -> list[str]:
    """Text of an article that ends so, as it is read from a page."""
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = f"<article><h1>{TITLE}</h1><div class='content'>{text}{end}</div></article>"
    html = f"<html lang='en'><head><title>{TITLE}</title></head><body>{page}</body></html>"
    return read_article(html.encode(), URL).text.split("\n\n")


def left(*end: str) -> list[str]:
    """What is left of these last lines of an article."""
    element = fragment_fromstring("<p></p>")
    told = SENTENCES * 4
    blocks = [Block(at, text, "p", element) for at, text in enumerate([*told, *end])]
    return [block.text for block in without_contacts(blocks)][len(told) :]


@pytest.mark.parametrize(
    "note",
    [
        "<p>Ann Example is a reporter for the valley. Follow her on Twitter.</p>",
        "<p>Contact the writer: ann@cluster.example</p>",
        "<p>Ole Muster may be reached at <a href='/m'>ole@cluster.example</a>.</p>",
        "<p>Ole Muster</p><p>+45 12 34 56 78</p>",
        "<p>Ole Muster</p><p>Tel.: (030) 123 45-67</p>",
    ],
)
def test_how_to_reach_the_author_is_no_text(note: str) -> None:
    assert lines(note) == SENTENCES


@pytest.mark.parametrize(
    "end",
    [
        ["Lee Seo-yeon of KITECH, who is the author of the plan, wants to cast in Ulsan too."],
        ["Dr Jana Probst is the author of the report and runs the foundry with a school."],
        [
            "Places are given away until 5 May; the foundry can be contacted by e-mail: "
            "valley@cluster.example, and a maker from Ulsan takes part."
        ],
        ["Orders in crowns grew to", "2 350 000 000"],
        ["The days of the trade are held in the", "Halle Leipzig", "08.06.2027 – 10.06.2027"],
    ],
)
def test_news_in_the_last_paragraphs_stays(end: list[str]) -> None:
    assert lines("".join(f"<p>{line}</p>" for line in end)) == [*SENTENCES, *end]


def test_a_list_of_places_and_days_stays_whole() -> None:
    listed = ["Leipzig", "08.06.2027 - 10.06.2027", "Ulsan", "14.09.2027 to 16.09.2027"]
    items = "".join(f"<li>{line}</li>" for line in listed)
    found = lines(f"<h2>When and where</h2><ul>{items}</ul>")
    assert found == [*SENTENCES, "When and where", *(f"- {line}" for line in listed)]


@pytest.mark.parametrize(
    "number",
    [
        *("20.11.2026", "01-03-2027", "2026/2027", "01/2027 / 06/2027", "+2026/2027"),
        *("10.000.000", "1 250 000 000", "+1 250 000 000", "+10.000.000", "100 000 – 200 000"),
        *("+100 000 – 200 000", "0800 - 1700", "09.00–17.00", "Tel. 20.11.2026", "0351-678"),
    ],
)
def test_days_amounts_and_spans_are_no_numbers_to_call(number: str) -> None:
    assert left("Halle Leipzig", number) == ["Halle Leipzig", number]


@pytest.mark.parametrize(
    "number",
    [
        *("+82-42-868-7000", "+49 (0) 351 12 34 56", "(0351) 123 45 67", "0351 1234567"),
        *("Phone: 202 555 0100", "ann@cluster.example", "E-mail: ann@cluster.example"),
    ],
)
def test_a_number_or_address_goes_with_the_name_above_it(number: str) -> None:
    assert left("Ann van Example", number) == []


def test_a_number_stays_with_the_sentence_above_it() -> None:
    end = ["Whoever wants to pour a bell calls", "+45 12 34 56 78"]
    assert left(*end) == end


@pytest.mark.parametrize(
    "line",
    [
        "A hall for many founders opens in Ulsan. Follow the founders on Twitter.",
        "Foundries of the valley tell more. Follow them on their way to Ulsan.",
        "Ann Example said that a hall is built in Ulsan. She can be reached at ann@cluster.example",
        "Ann Example is to open a hall in Ulsan. She can be reached at ann@cluster.example",
        "Ann Example is a founder in Ulsan and opens a hall on 3 May 2027. Follow her on Twitter.",
        "Ann Example is a founder. Follow her on Twitter. A hall opens in Ulsan.",
        "Ann Example is a founder. Follow her on Twitter while she opens a hall in Ulsan in May.",
        "Ann Example is a founder " + "of bells " * 22 + "here. Follow her on Twitter.",
    ],
)
def test_lines_that_may_say_more_than_a_note_on_the_author_stay(line: str) -> None:
    assert left(line) == [line]


def test_one_group_goes_and_no_second_above_it() -> None:
    first, second = ["Ole Muster", "+45 12 34 56 78"], ["Ann Example", "ann@cluster.example"]
    assert left(*first, *second) == first


def test_contacts_that_are_many_or_much_of_a_short_text_stay() -> None:
    many = ["Ann Example", *(f"+45 12 34 56 {number}" for number in range(10, 15))]
    assert left(*many) == many
    note = "Ann Example is a reporter for the valley. Follow her on Twitter."
    assert left(note) == []
    element = fragment_fromstring("<p></p>")
    short = [Block(at, text, "p", element) for at, text in enumerate([SENTENCES[0], note])]
    assert without_contacts(short) == short


def test_a_number_or_an_author_within_the_text_stays() -> None:
    within = ["Ann Example", "+45 12 34 56 78", SENTENCES[0]]
    assert left(*within) == within
