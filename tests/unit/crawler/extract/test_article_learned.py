"""What a source's first article pages teach, and when the later ones are not read by it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

import pytest

from crawler.extract import article, article_learned, article_text
from crawler.extract.article import read_article, read_taught
from crawler.extract.article_learned import Known, likeness
from crawler.extract.article_page import Block, Page
from crawler.extract.article_templates import (
    CHECK_EVERY,
    ENOUGH,
    EXACTLY,
    LEARNED,
    MOST_TEMPLATES,
    NEARLY,
    Kind,
    Template,
    Templates,
)
from crawler.model.item import Article, RawItem
from tests.cost import bounded

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)
FIRST = 1 + ENOUGH // EXACTLY  # pages that are read by the general extractors
SUBJECTS = (
    "harbour cranes", "printed sensors", "timber bridges", "river turbines", "paper batteries",
    "glass fibres", "quiet engines", "clinic robots", "salt storage", "wool insulation",
)  # fmt: skip
SENTENCES = (
    "Twelve firms and an institute have begun to share what they know about {0}.",
    "The first results on {0} are expected before the summer, the board told its members.",
    "Visitors who want to see the {0} are welcome on Thursdays, if they call before they come.",
    "A workshop of the association repairs {0} for those who cannot pay a company to do it.",
    "Nobody had asked for {0} before, said the director, and now there are three waiting lists.",
)


def told(number: int, length: int = 5) -> tuple[str, list[str]]:
    """Title and paragraphs of one article."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    paragraphs = islice(cycle(SENTENCES), number % 3, number % 3 + length)
    return f"New plans for {subject}, part {number}", [
        f"{one.format(subject)} It is note {number}.{place}."
        for place, one in enumerate(paragraphs)
    ]


def page(inner: str, title: str, day: int = 10) -> str:
    links = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(8))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title} | Valley Cluster</title>"
        f"<meta property='article:published_time' content='2026-11-{day:02}T09:00:00+01:00'></head>"
        f"<body><nav><ul>{links}</ul></nav>{inner}<aside class='side'><h3>Dates</h3><p>Our next "
        "breakfast is held by the river, as it is every month of the year.</p></aside>"
        "<footer><p>Valley Cluster, Harbour Road 1</p></footer></body></html>"
    )


def press(number: int, length: int = 5, more: str = "") -> str:
    title, paragraphs = told(number, length)
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return page(
        f"<main id='content'><article class='press post-{number} category-{number}'><h1>{title}"
        f"</h1><div class='meta'>10 November 2026</div><div class='text'>{text}{more}</div>"
        "<div class='share'><a href='#'>Share</a> <a href='#'>Print</a></div></article></main>",
        title,
    )


def blog(number: int) -> str:
    title, paragraphs = told(number)
    text = "".join(f"<div class='row'>{one}</div>" for one in paragraphs)
    return page(f"<div class='blog'><h2>{title}</h2><section>{text}</section></div>", title)


def redesigned(number: int) -> str:
    """The same container with another thing in it: the text has moved."""
    title, paragraphs = told(number)
    text = "".join(f"<p class='copy'>{one}</p>" for one in paragraphs)
    teaser = "<p>We have a new site. Tell us what you think of it, by mail or at the counter.</p>"
    return page(
        f"<main id='content'><article class='press'><h1>{title}</h1><div class='text'>{teaser}"
        f"</div><div class='body'>{text}</div></article></main>",
        title,
    )


class Source:
    """A source whose pages are read one after the other."""

    def __init__(self) -> None:
        self.templates = Templates()
        self.number = 0

    def read(self, html: str, *, hint: str = "", host: str = "valley.example") -> Article:
        self.number += 1
        url = f"https://{host}/news/{self.number}"
        raw = RawItem(url, hint) if hint else None
        found, self.templates = read_taught(html.encode(), url, self.templates, now=NOW, hint=raw)
        return found

    def reads(self, pages: Sequence[str]) -> None:
        for one in pages:
            self.read(one)


@pytest.fixture
def general(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that the general extractors are asked to read, by their titles."""
    asked: list[str] = []
    theirs = article._generally

    def counted(page: article._Asked, known: Known | None) -> object:
        asked.append(page.metadata.title_element)
        return theirs(page, known)

    monkeypatch.setattr(article, "_generally", counted)
    return asked


@pytest.fixture
def taught() -> Source:
    """A source that has shown two press releases."""
    source = Source()
    source.reads([press(number) for number in range(FIRST)])
    return source


def whole(number: int) -> str:
    return "\n\n".join(told(number)[1])


def test_the_third_page_of_a_template_is_read_by_it_alone(
    taught: Source, general: list[str]
) -> None:
    found = taught.read(press(7))
    assert general == []
    assert found.title == told(7)[0]
    assert found.text == whole(7)
    assert found.published is not None
    assert found.published.day.isoformat() == "2026-11-10"


def test_a_template_reads_what_the_general_extractors_read(taught: Source) -> None:
    for number in range(4, 10):
        html = press(number, length=3 + number % 4)
        url = f"https://valley.example/news/{taught.number + 1}"
        assert taught.read(html) == read_article(html.encode(), url, now=NOW)


def test_the_first_pages_are_read_by_the_general_extractors(general: list[str]) -> None:
    source = Source()
    source.reads([press(number) for number in range(FIRST)])
    assert len(general) == FIRST


def test_a_redesign_within_the_same_container_is_noticed_at_once(
    taught: Source, general: list[str]
) -> None:
    found = taught.read(redesigned(5))
    assert len(general) == 1
    assert "It is note 5.4." in found.text


def test_a_redesign_is_learned_anew(taught: Source, general: list[str]) -> None:
    taught.reads([blog(number) for number in range(FIRST)])
    assert len(general) == FIRST
    assert taught.read(blog(8)).text == whole(8)
    assert len(general) == FIRST


def test_press_and_blog_of_one_source_keep_a_template_each(
    taught: Source, general: list[str]
) -> None:
    taught.reads([blog(number) for number in range(FIRST)])
    general.clear()
    for number in range(4, 8):
        assert taught.read(press(number)).text == whole(number)
        assert taught.read(blog(number)).text == whole(number)
    assert general == []
    assert len(taught.templates.known) == 2


def test_a_block_of_an_unknown_kind_is_judged_by_the_general_extractors_once(
    taught: Source, general: list[str]
) -> None:
    quote = (
        "<blockquote>Whoever saw the first of them will not forget it, said a visitor.</blockquote>"
    )
    assert "will not forget" in taught.read(press(4, more=quote)).text
    assert len(general) == 1
    taught.read(press(5, more=quote))
    taught.read(press(6, more=quote))
    assert "will not forget" in taught.read(press(7, more=quote)).text
    assert len(general) == 1


def test_a_page_with_next_to_no_text_is_left_to_the_general_extractors(
    taught: Source, general: list[str]
) -> None:
    taught.read(press(4, length=1))
    assert len(general) == 1


def test_a_page_many_times_as_long_as_the_others_is_too(taught: Source, general: list[str]) -> None:
    taught.read(press(4, length=60))
    assert len(general) == 1


def test_a_text_of_links_is_too(taught: Source, general: list[str]) -> None:
    links = "".join(
        f"<p>See <a href='/{n}'>the pages of part {n} of this</a> now or next year.</p>"
        for n in range(12)
    )
    taught.read(press(4, more=links))
    assert len(general) == 1


def test_a_page_whose_title_is_not_the_listed_one_is_too(
    taught: Source, general: list[str]
) -> None:
    html = press(4).replace(f"<h1>{told(4)[0]}", "<h1>Please accept our cookies first")
    taught.read(html, hint=told(4)[0])
    assert len(general) == 1


def test_the_same_markup_on_another_host_is_learned_apart(
    taught: Source, general: list[str]
) -> None:
    taught.read(press(4), host="other.example")
    assert len(general) == 1
    assert taught.read(press(5)).text == whole(5)
    assert len(general) == 1


def test_the_general_extractors_are_asked_again_after_a_while(
    taught: Source, general: list[str]
) -> None:
    front = taught.templates.known[0]
    taught.templates = Templates((replace(front, read=CHECK_EVERY - 1),))
    taught.read(press(4))
    assert general == []
    taught.read(press(5))
    assert len(general) == 1
    taught.read(press(6))
    assert len(general) == 1, "they agreed, so it is trusted on"


def test_a_template_that_was_wrong_is_not_trusted(taught: Source, general: list[str]) -> None:
    quotes = "".join(f"<blockquote>{one} So it is said.</blockquote>" for one in SENTENCES)
    taught.reads([press(number, more=quotes) for number in range(3, 6)])
    front = taught.templates.known[0]
    least = min((kind.text, name) for name, kind in front.kinds.items() if kind.text)[1]
    kinds = {**front.kinds, least: Kind(other=500)}
    taught.templates = Templates((replace(front, read=CHECK_EVERY, kinds=kinds),))
    general.clear()
    assert "So it is said." in taught.read(press(6, more=quotes)).text
    assert taught.templates.known[0].right == 0
    taught.read(press(7, more=quotes))
    assert len(general) == 2


def test_one_page_foretold_exactly_counts_as_two_foretold_nearly() -> None:
    assert Template((), right=EXACTLY).is_trusted()
    assert not Template((), right=NEARLY).is_trusted()
    assert Template((), right=2 * NEARLY).is_trusted()
    assert not Template((), right=EXACTLY).is_trusted(mixed=True)


def test_lines_that_differ_are_little_or_much_of_a_text() -> None:
    lines = [*SENTENCES, "Jo Doe writes about trades."]
    assert likeness("\n\n".join(SENTENCES), "\n\n".join(SENTENCES)) == EXACTLY
    assert likeness("\n\n".join(lines), "\n\n".join(SENTENCES)) == NEARLY
    assert likeness("\n\n".join(SENTENCES), "\n\n".join(SENTENCES[1:])) == 0
    assert likeness("\n\n".join(SENTENCES), "") == 0


def test_blocks_over_which_the_general_extractors_waver_go_with_the_majority() -> None:
    assert Kind(text=90, other=10).is_text is True
    assert Kind(text=10, other=90).is_text is False
    assert Kind(text=60, other=40).is_text is None
    assert Kind().is_text is None
    assert Kind(90, 10).is_mixed
    assert not Kind(100, 1).is_mixed


def test_what_changed_lately_weighs_more_than_what_was_seen_long_ago() -> None:
    kind = Kind(text=500)
    for _ in range(12):
        kind = kind.with_page(0, 100)
    assert kind.is_text is False


def test_templates_come_back_from_what_is_stored(taught: Source, general: list[str]) -> None:
    stored = json.loads(json.dumps({LEARNED: taught.templates.as_learned()}))
    taught.templates = Templates.of(stored)
    assert taught.read(press(8)).text == whole(8)
    assert general == []


@pytest.mark.parametrize(
    "odd",
    [None, 3, "text", {}, [1], [{}], [{"scope": [], "title": "", "kinds": {}, "numbers": [0] * 5}],
     [{"scope": ["h"], "title": "t", "kinds": {"k": 1}, "numbers": [0] * 5, "links": 0}]],
)  # fmt: skip
def test_odd_rows_count_as_nothing_learned(odd: object) -> None:
    assert Templates.of({LEARNED: odd}) == Templates()


def test_a_source_with_ever_other_markup_keeps_few_templates() -> None:
    source = Source()
    for number in range(MOST_TEMPLATES + 3):
        title, paragraphs = told(number)
        text = "".join(f"<p>{one}</p>" for one in paragraphs)
        inner = f"<div id='box-{'abcdefgh'[number]}'><h1>{title}</h1>{text}</div>"
        source.read(page(inner, title))
    assert len(source.templates.known) == MOST_TEMPLATES


def test_hostile_pages_teach_nothing_that_costs() -> None:
    title, paragraphs = told(1)
    deep = "<div>" * 300 + f"<h1>{title}</h1>" + "".join(f"<p>{one}</p>" for one in paragraphs)
    many = "".join(f"<p class='{'x' * n}'>{paragraphs[n % 5]} {n}</p>" for n in range(400))
    with bounded():
        source = Source()
        for _ in range(3):
            source.read(page(deep, title))
            source.read(page(f"<main><h1>{title}</h1>{many}</main>", title))
    assert len(json.dumps(source.templates.as_learned())) < 20_000


def test_a_template_of_a_page_that_is_gone_is_no_error() -> None:
    known = Template(("valley.example", "main", "article"), title="1", right=9)
    article_, templates = read_taught(
        press(1).encode(), "https://valley.example/1", Templates((known,)), now=NOW
    )
    assert article_.text == whole(1)
    assert templates.known[0].scope != known.scope


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages whose blocks all readers vote on, by their addresses."""
    asked: list[str] = []
    theirs = article_text.text_blocks

    def counted(page: Page, *more: Any) -> list[Block]:
        asked.append(page.url)
        return theirs(page, *more)

    monkeypatch.setattr(article, "text_blocks", counted)
    return asked


def test_a_template_and_the_densest_container_that_agree_need_no_further_reader(
    weighed: list[str],
) -> None:
    source = Source()
    source.reads([press(number) for number in range(FIRST)])
    assert len(weighed) == 1
    assert source.read(press(7)).text == whole(7)
    assert len(weighed) == 1


def test_where_the_densest_container_holds_another_text_all_readers_vote(
    weighed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(article_learned, "container_blocks", lambda page: page.blocks[:1])
    Source().reads([press(number) for number in range(FIRST)])
    assert len(weighed) == FIRST


def test_a_block_of_an_unknown_kind_is_text_where_the_densest_container_takes_it(
    weighed: list[str],
) -> None:
    quote = "<blockquote>Whoever saw the first of them will not forget it, she said.</blockquote>"
    source = Source()
    source.reads([press(number) for number in range(FIRST)])
    assert "will not forget" in source.read(press(4, more=quote)).text
    assert "will not forget" in source.read(press(5, more=quote)).text
    assert len(weighed) == 1, "two agree about all other blocks"


def test_all_readers_vote_where_the_container_differs_beside_an_unknown_kind(
    weighed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source()
    source.reads([press(number) for number in range(FIRST)])
    monkeypatch.setattr(article_learned, "container_blocks", lambda page: page.blocks[:1])
    source.read(press(4, more="<blockquote>Nobody will forget it, she said.</blockquote>"))
    assert len(weighed) == 2


def test_a_trusted_template_is_compared_with_all_readers(weighed: list[str]) -> None:
    source = Source()
    source.reads([press(number) for number in range(FIRST + CHECK_EVERY + 1)])
    assert len(weighed) == 2


def test_short_furniture_of_a_kind_not_seen_before_is_no_text(
    taught: Source, general: list[str]
) -> None:
    related = "<div class='related'><h3>Read on</h3><ul><li>Quiet engines</li></ul></div>"
    assert taught.read(press(7, more=related)).text == whole(7)
    assert general == []


def test_a_sentence_in_furniture_not_seen_before_is_judged_by_the_general_extractors(
    taught: Source, general: list[str]
) -> None:
    aside = f"<aside><p>{SENTENCES[0].format('quiet engines')} {SENTENCES[1]}</p></aside>"
    taught.read(press(7, more=aside))
    assert len(general) == 1
