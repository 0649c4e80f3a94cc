"""What an article page gives, and what it must not."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import ExtractError
from crawler.extract.article import read_article
from crawler.extract.article_dates_htmldate import htmldate_day
from crawler.extract.article_dates_written import is_written
from crawler.extract.article_page import read_page
from crawler.model.item import Article, Published, RawItem
from tests.cost import bounded

URL = "https://www.cluster.example/news/one"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 22, tzinfo=BERLIN)
PARAGRAPHS = (
    "The association has opened a workshop for printed electronics, and twelve firms share it.",
    "Its machines were paid for by the region, its staff by the members, and its coffee by all.",
    "Visitors are welcome every Thursday, provided that they leave their magnets at the door.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def read(html: str, *, url: str = URL, hint: RawItem | None = None) -> Article:
    return read_article(html.encode(), url, zone=BERLIN, now=NOW, hint=hint)


def page(content: str, head: str = "", title: str = "A workshop opens | Cluster Example") -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head>"
        f"<body>{content}</body></html>"
    )


def day(article: Article) -> str:
    return article.published.day.isoformat() if article.published else ""


def test_text_is_paragraphs_and_list_items() -> None:
    article = read(
        page(f"<main><h1>A workshop opens</h1>{BODY}<ul><li>one</li><li>two</li></ul>{BODY}</main>")
    )
    assert article.text.split("\n\n")[:5] == [*PARAGRAPHS, "- one", "- two"]


def test_a_link_in_one_paragraph_between_breaks_marks_no_other_as_linked() -> None:
    text = "<br><br>".join(
        (*PARAGRAPHS, "See <a href='/plan'>the plan of the workshop and its twelve machines</a>.")
    )
    article = read(page(f"<h1>A workshop opens</h1><div class='content'>{text}</div>"))
    assert article.text.split("\n\n")[:3] == list(PARAGRAPHS)


def test_comparisons_in_a_script_are_no_tag_with_thousands_of_attributes() -> None:
    script = "for(;a<b.c;){" + " ".join(f'd["x{n}"]=e' for n in range(5_000)) + "}"
    text = read(page(f"<script>{script}</script><main><h1>A workshop opens</h1>{BODY}</main>")).text
    assert text.split("\n\n") == list(PARAGRAPHS)


def test_a_stray_quote_hides_no_tag_with_thousands_of_attributes() -> None:
    attributes = " ".join(f"a{n}" for n in range(20_000))
    with pytest.raises(ExtractError):
        read(page(f'<b x"></b><p {attributes}>"</p>'))


def test_title_captions_share_bars_and_related_lists_are_no_text() -> None:
    article = read(
        page(
            f"<nav><a href='/'>Home</a></nav><article><h1>A workshop opens</h1><p>20 May 2026</p>"
            f"<figure><img src='x'><figcaption>The workshop from above</figcaption></figure>{BODY}"
            "<p>Photo: A. Example</p><div class='share'><a href='#'>Facebook</a></div>"
            "<h3>Related articles</h3><ul><li><a href='/2'>Another workshop closes</a></li></ul>"
            "</article><div class='cookie-banner'><p>We use cookies to improve this site.</p></div>"
        )
    )
    assert article.text == "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "last",
    [
        "The plans are free for all.",
        "www.cluster.example/workshop",
        "<a href='/w'>https://www.cluster.example/workshops/printing</a>",
    ],
)
def test_a_short_last_sentence_and_a_bare_address_belong_to_the_text(last: str) -> None:
    menu = "".join(f"<a href='/{n}'>Menu {n}</a><br>" for n in range(5))
    back = "<p><a href='/news'>Back to the list of news</a></p>"
    html = (
        f"<table><tr><td class='menu'>{menu}</td><td><h1>A workshop opens</h1>{BODY}"
        f"<p>{last}</p>{back}</td></tr></table>"
    )
    text = read(page(html)).text
    assert text.split("\n\n") == [*PARAGRAPHS, re.sub("<[^>]*>", "", last)]


def test_headings_stay_that_the_publishers_own_statement_leaves_out() -> None:
    body = " ".join(PARAGRAPHS * 2)
    head = (
        f'<script type="application/ld+json">{{"@type":"Article","articleBody":"{body}"}}</script>'
    )
    text = f"<h1>A workshop opens</h1>{BODY}<h2>Who may come on Thursdays</h2>{BODY}"
    text = text.replace("</p><h2>", " It is so.</p><h2>").replace("<p>The", "<p>So the", 1)
    assert "Who may come on Thursdays" in read(page(f"<main>{text}</main>", head)).text.split(
        "\n\n"
    )


def test_a_standfirst_is_text_whether_a_heading_or_not() -> None:
    deck = "Twelve firms share the machines that the region has paid for, and all are welcome."
    for tag in ("h2", "p"):
        html = page(f"<main><h1>A workshop opens</h1><{tag}>{deck}</{tag}>{BODY}</main>")
        assert read(html).text.split("\n\n") == [deck, *PARAGRAPHS]


def test_pointers_to_other_articles_inside_the_text_are_left_out() -> None:
    first, second, third = PARAGRAPHS
    article = read(
        page(
            f"<article><h1>A workshop opens</h1><p class='byline'>By Ann Example</p><p>{first}</p>"
            "<figure><img><span>Image credit</span><span>Agency</span></figure>"
            "<ul><li><a href='/2'>Why the workshop divides the town</a></li></ul>"
            f"<p>{second}</p><p><b>Read more: <a href='/3'>Five workshops never built</a></b></p>"
            f"<h2>What follows</h2><p>{third}</p></article>"
        )
    )
    assert article.text.split("\n\n") == [first, second, "What follows", third]


def test_an_end_marker_inside_an_article_does_not_cut_it() -> None:
    article = read(
        page(f"<main><h1>A workshop opens</h1>{BODY}<p>Read more</p>{BODY[:600]}</main>")
    )
    assert article.text.startswith("\n\n".join(PARAGRAPHS))
    longer = "".join(
        f"<p>{number}. {paragraph}</p>" for number in range(3) for paragraph in PARAGRAPHS
    )
    whole = read(page(f"<main><h1>A workshop opens</h1>{BODY}<p>Read more</p>{longer}</main>"))
    assert len(whole.text.split("\n\n")) == 12


@pytest.mark.parametrize(
    ("head", "content", "title"),
    [
        ("", "<h1>A workshop opens</h1>", "A workshop opens"),
        ("", "<h1>News</h1><h2>A workshop opens</h2>", "A workshop opens"),
        ("", "<h1>Cluster Example</h1><h2>A workshop opens</h2>", "A workshop opens"),
        ("", "<div class='t'>A workshop opens</div>", "A workshop opens"),
        ("", "", "A workshop opens"),
        (
            "<meta property='og:title' content='A workshop opens'>",
            "<h1>News</h1>",
            "A workshop opens",
        ),
        ("", "<h1>A workshop opens in town</h1>", "A workshop opens in town"),
    ],
)
def test_the_title_is_the_heading_that_other_witnesses_confirm(
    head: str, content: str, title: str
) -> None:
    assert read(page(f"{content}{BODY}", head)).title == title


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("District of the Lakes", "<h2>A workshop opens</h2>"),
        ("District of the Lakes - News", "<h2>News</h2><h2>A workshop opens</h2>"),
        ("News", "<h1>News</h1><h2>A workshop opens</h2>"),
        ("", "<h3>A workshop opens</h3>"),
        ("District of the Lakes", "<h1><a href='/'>The Lakes</a></h1><h2>A workshop opens</h2>"),
    ],
)
def test_where_head_and_h1_name_the_site_a_lower_heading_above_the_text_is_the_title(
    title: str, content: str
) -> None:
    logo = "<header><a href='/'>District of the Lakes</a></header>"
    assert read(page(f"{logo}<main>{content}{BODY}</main>", "", title)).title == "A workshop opens"


def test_a_heading_inside_the_text_is_not_the_title_of_what_the_head_names() -> None:
    content = f"<main><h2>What the neighbours say about it</h2>{BODY}</main>"
    assert read(page(content, "", "A workshop opens")).title == "A workshop opens"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Forest – our future | Cluster Example", "Forest – our future"),
        ("Cluster Example: A workshop opens", "Cluster Example: A workshop opens"),
        ("Cluster Example - A workshop opens", "A workshop opens"),
        ("A workshop opens « News « Cluster Example", "A workshop opens"),
        ("Medizin 4.0 - ein Ausblick", "Medizin 4.0 - ein Ausblick"),
    ],
)
def test_the_sites_name_is_no_part_of_the_title(title: str, expected: str) -> None:
    head = "<meta property='og:site_name' content='Cluster Example'>"
    assert read(page(BODY, head, title)).title == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<h1>A workshop opens</h1><p class='date'>20.05.2026</p>", "2026-05-20"),
        ("<span>20 May 2026</span><h1>A workshop opens</h1>", "2026-05-20"),
        ("<h1>A workshop opens</h1><time datetime='2026-05-20'>20 May</time>", "2026-05-20"),
        ("<h1>A workshop opens</h1><p>Published: May 20, 2026 by Ann</p>", "2026-05-20"),
        ("<h1>A workshop opens</h1><p>Berlin, 20 May 2026 – The day it opened.</p>", "2026-05-20"),
        ("<h1>A workshop opens</h1><p>Event: 20 May 2026</p>", ""),
        ("<h1>A workshop opens</h1><p>20.–22. May 2026</p>", ""),
        ("<h1>A workshop opens</h1><p>20 May 2026, 10:00–16:00</p>", ""),
        ("<h1>A workshop opens</h1><p>20 May 2027</p>", ""),
        ("<header>Saturday, 21 November 2026</header><nav>x</nav><h1>A workshop opens</h1>", ""),
        ("<p>Saturday, 21 November 2026</p><p>Jena</p><h1>A workshop opens</h1>", ""),
        ("<p>21 November 2026</p><h1>A workshop opens</h1>", "2026-11-21"),
        ("<h1>A workshop opens</h1><footer>© 20.05.2026 Cluster</footer>", ""),
        ("<h1>A workshop opens</h1><aside><time datetime='2026-05-20'>20 May</time></aside>", ""),
        ("<h1>A workshop opens</h1><p>On 20 May 2026 the fair will take place in Jena.</p>", ""),
    ],
)
def test_visible_dates_count_where_they_stand_for_publication(content: str, expected: str) -> None:
    assert day(read(page(f"{content}{BODY}"))) == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "<meta property='article:published_time' content='2026-05-20T10:00:00+02:00'>",
            "2026-05-20",
        ),
        ("<meta name='dcterms.issued' content='2026-05-20'>", "2026-05-20"),
        ("<meta itemprop='datePublished' content='2026-05-20'>", "2026-05-20"),
        ("<meta property='article:published_time' content='2027-05-20T10:00:00Z'>", ""),
        ("<meta property='article:published_time' content='soon'>", ""),
        (
            "<script type='application/ld+json'>"
            '{"@type":"Event","startDate":"2026-05-20"}</script>',
            "",
        ),
        (
            '<script type=\'application/ld+json\'>[1,{"@type":["Thing","NewsArticle"],'
            '"datePublished":"2026-05-20"}]</script>',
            "2026-05-20",
        ),
        ("<script type='application/ld+json'>{{{{</script>", ""),
    ],
)
def test_the_head_testifies(head: str, expected: str) -> None:
    assert day(read(page(f"<h1>A workshop opens</h1>{BODY}", head))) == expected


def test_several_witnesses_outvote_a_template_that_prints_today() -> None:
    head = "<meta name='date' content='2026-11-21'>"
    content = f"<h1>A workshop opens</h1><p class='date'>20.05.2026</p>{BODY}"
    assert day(read(page(content, head))) == "2026-05-20"


def test_the_address_testifies() -> None:
    article = read(page(f"<h1>A workshop opens</h1>{BODY}"), url="https://c.example/2026/05/20/x")
    assert day(article) == "2026-05-20"


def test_a_hint_is_a_witness_and_the_page_may_know_the_time() -> None:
    hint = RawItem(URL, title="A workshop opens", published=Published.on(date(2026, 5, 20), BERLIN))
    bare = read(page(f"<h1>A workshop opens</h1>{BODY}"), hint=hint)
    head = "<meta property='article:published_time' content='2026-05-20T10:00:00+02:00'>"
    timed = read(page(f"<h1>A workshop opens</h1>{BODY}", head), hint=hint)
    assert day(bare) == "2026-05-20"
    assert bare.published is not None
    assert bare.published.whole_day
    assert timed.published is not None
    assert timed.published.isoformat() == "2026-05-20T10:00:00+02:00"


def test_canonical_image_and_author_are_absolute_and_clean() -> None:
    head = (
        "<base href='https://www.cluster.example/en/'><link rel='canonical' href='one'>"
        "<meta property='og:image' content='/i.jpg'><meta name='author' content='admin'>"
    )
    article = read(page(BODY, head))
    assert article.canonical_url == "https://www.cluster.example/en/one"
    assert article.image == "https://www.cluster.example/i.jpg"
    assert article.author == ""
    assert read(page(BODY, "<link rel=canonical href='javascript:x'>")).canonical_url == ""


def test_a_page_without_an_article_gives_an_empty_text() -> None:
    article = read(page("<nav><a href='/'>Home</a><a href='/news'>News</a></nav>"))
    assert article.text == ""
    assert article.published is None


@pytest.mark.parametrize("body", [b"", b"   \n ", b"\x00\x00"])
def test_an_empty_page_is_an_error(body: bytes) -> None:
    with pytest.raises(ExtractError, match="empty"):
        read_article(body, URL, now=NOW)


@pytest.mark.parametrize(
    "claims",
    [
        '{"@type":"NewsArticle","url":"http://[","datePublished":"2026-05-20"}',
        '[{"@type":"NewsArticle","url":"http://["},{"@type":"NewsArticle","headline":3}]',
        '{"@type":"NewsArticle","author":' + "[" * 500 + "1" + "]" * 500 + "}",
        '{"@type":["NewsArticle",null,7],"datePublished":["2026-05-20"],"image":{"url":{}}}',
        '{"@graph":' * 300 + "[]" + "}" * 300,
        '{"@type":"NewsArticle","articleBody":{"a":1},"headline":"\\ud800"}',
        "null",
    ],
)
def test_odd_claims_in_the_head_are_survived(claims: str) -> None:
    head = f"<script type='application/ld+json'>{claims}</script>"
    head += "<link rel=canonical href='http://['><base href='http://['><meta property='og:image'>"
    article = read(page(f"<h1>A workshop opens</h1>{BODY}", head))
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert read(page(BODY), url="http://[").text == "\n\n".join(PARAGRAPHS)


def test_a_pdf_is_no_page() -> None:
    with pytest.raises(ExtractError, match="PDF"):
        read_article(b"%PDF-1.7 ...", URL, now=NOW)


@pytest.mark.parametrize(
    "hostile",
    [
        "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">x",
        "<div>" * 20_000 + "deep",
        "<p>1.1." * 10_000,
        "<a href='x'>link</a> " * 10_000,
        "<p>" + "word, " * 100_000,
        "<table>" + "<tr><td>" * 5_000,
        "<b>" * 5_000 + "<p>x" * 5_000,
        "<!--" * 50_000,
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
    ],
)
def test_hostile_pages_cost_seconds_at_most(hostile: str) -> None:
    with bounded(), contextlib.suppress(ExtractError):
        read_article(f"<html><body>{hostile}</body></html>".encode(), URL, zone=UTC, now=NOW)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="<>/=\"' abp1.20:T-&;#x\n", max_size=200))
def test_any_markup_gives_an_article_or_an_extract_error(noise: str) -> None:
    try:
        read_article(f"<html><body>{noise}{BODY}".encode(), URL, now=NOW)
    except ExtractError:
        return


def test_htmldate_keeps_its_own_parser_and_is_asked_in_the_languages_of_the_page() -> None:
    from htmldate import extractors

    theirs = extractors.get_external_parser
    day = htmldate_day(page("<p>Mis en ligne : 3 févr. 2021</p>"), URL, "fr", NOW)
    assert day is None or day.year == 2021
    assert extractors.get_external_parser is theirs


@pytest.mark.parametrize(
    ("text", "written"),
    [("3 May 2010", True), ("3. Mai 2010", True), ("2010-05-03", True), ("1.–3. Mai 2010", False)],
)
def test_a_day_is_written_in_short_lines_but_not_in_prose(text: str, written: bool) -> None:
    shown = read_page(page(f"<p>{text}</p>").encode(), URL)
    told = read_page(page(f"<p>{PARAGRAPHS[0]} {text} {PARAGRAPHS[1]}</p>").encode(), URL)
    assert is_written(shown, date(2010, 5, 3)) is written
    assert not is_written(told, date(2010, 5, 3))


def test_comments_end_the_text_whatever_their_markup() -> None:
    comments = "".join(f"<div><b>Nick{n}</b><p>{PARAGRAPHS[0]} {n}</p></div>" for n in range(9))
    article = read(page(f"<h1>A workshop opens</h1>{BODY}<h3>9 comments</h3>{comments}"))
    assert article.text.split("\n\n") == list(PARAGRAPHS)


def test_each_date_of_a_line_is_judged_by_its_own_label() -> None:
    line = "<div>Updated May 9, 2016 3:40 PM; Posted May 3, 2016 6:02 AM</div>"
    article = read(page(f"<h1>A workshop opens</h1>{line}{BODY}"))
    assert day(article) == "2016-05-03"


SENTENCES = tuple(
    f"In week {number} the workshop printed {number * 7} sensors, and its members tried them all."
    for number in range(1, 31)
)


def told(sentences: tuple[str, ...]) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def test_a_section_called_response_goes_on_with_the_text() -> None:
    article = read(
        page(
            f"<main><h1>A workshop opens</h1><h2>Request</h2>{told(SENTENCES[:15])}"
            f"<h2>Response</h2>{told(SENTENCES[15:])}</main>"
        )
    )
    assert "Response" in article.text.split("\n\n")
    assert SENTENCES[-1] in article.text


def test_a_last_section_in_a_container_of_its_own_is_text() -> None:
    first, last = told(SENTENCES[:26]), told(SENTENCES[26:])
    article = read(
        page(
            f"<div class='post'><h1>A workshop opens</h1><section><div>{first}</div></section>"
            f"<hr><section><div><h3>What comes next</h3>{last}</div></section></div>"
            "<footer><p>Imprint of the association</p></footer>"
        )
    )
    assert [sentence for sentence in SENTENCES if sentence not in article.text] == []


def test_a_short_last_sentence_in_a_box_of_its_own_is_text() -> None:
    last = "“It is no miracle. It is a shop.”"
    boxes = "".join(
        f"<div class='item'><div class='box'><p>{each}</p></div></div>"
        for each in (*SENTENCES[:9], last)
    )
    shared = "<p>posted on 2 May</p><p>Share</p><p>Tweet</p>"
    article = read(
        page(
            f"<div><h1>A workshop opens</h1>{shared}{boxes}</div>"
            "<div>Check out more on our pages!</div>"
        )
    )
    assert article.text.endswith(last)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (
            "<li>Two printers for foils</li><li>An oven</li>",
            ["- Two printers for foils", "- An oven"],
        ),
        ("<li><a href='/a'>The oven of the town</a></li><li><a href='/b'>A foil</a></li>", []),
    ],
)
def test_a_short_list_that_ends_an_article_is_text_unless_it_links(
    items: str, expected: list[str]
) -> None:
    """The caption that one reader took for text is a good part of so short a page."""
    figure = (
        "<figure><img src='/1.jpg'><figcaption>The workshop, photo: Muster</figcaption></figure>"
    )
    listed = f"<article><h1>A workshop opens</h1>{figure}{BODY}<ul>{items}</ul></article>"
    assert read(page(listed)).text.split("\n\n") == [*PARAGRAPHS, *expected]


def test_a_page_that_leaves_out_its_body_tag_is_read() -> None:
    story = "<p>The members met in the old hall and spoke about the plans for the port.</p>" * 6
    page = f"<!doctype html><html lang=en><title>A hall</title><main><h1>A hall</h1>{story}</main>"
    assert "spoke about the plans" in read_article(page.encode(), "https://a.example/1").text


@pytest.mark.parametrize("name", ["Harbour Cluster", "Project news", "공지사항"])
def test_a_name_on_all_pages_gives_way_to_the_listed_headline_that_stands_below_it(
    name: str,
) -> None:
    headline = "Grant for net cleaning drones"
    body = f"<h1>{name}</h1><p><strong>{headline}</strong></p><p>{'Drones clean nets. ' * 9}</p>"
    page = f"<title>{name}</title><main>{body}</main>".encode()
    url = "https://one.example/n/3"
    listed = read_article(page, url, hint=RawItem(url, title=headline))
    assert listed.title == headline
    assert read_article(page, url).title == name
