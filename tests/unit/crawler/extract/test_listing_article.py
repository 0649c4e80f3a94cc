"""Boxes of links beside the text of an article, and lists that are embedded in one."""

from __future__ import annotations

from crawler.extract.listing import read_listing
from crawler.extract.listing_article import is_article
from crawler.extract.listing_zones import zoned_document

HEADLINE = "Old shipyard becomes a hall for test flights"
SENTENCES = (
    "The hall offers eight hundred square metres for tests with machines of any size and kind. "
    "Members may book it by the hour, and students pay nothing at all for their first visits. "
) * 6
BOX = "".join(
    f"<li><a href='/news/{n}-council-decides-about-plan'>Council of the region decides about plan"
    f" {n}</a></li>"
    for n in range(6)
)
PAGE = (
    "<html lang='en'><head><title>{title} | Harbour Post</title></head><body><h1>{title}</h1>"
    "<div class='story'><p>{body}</p></div><div><h3>{heading}</h3><ul>{box}</ul></div></body>"
)
URL = "https://post.example/news/900-old-shipyard-becomes-hall"


def _page(heading: str, *, title: str = HEADLINE, body: str = SENTENCES, box: str = BOX) -> str:
    return PAGE.format(title=title, body=body, heading=heading, box=box)


def _count(html: str, url: str = URL) -> int:
    return len(read_listing(html.encode(), url).items)


def _is_article(html: str, url: str = URL) -> bool:
    return is_article(zoned_document(html, url))


def test_boxes_of_an_article_that_nothing_calls_news_are_no_list() -> None:
    for heading in ("Most viewed stories", "Top 5 stories", "From our partners", "For you"):
        assert _count(_page(heading)) == 0, heading


def test_a_list_that_is_called_news_or_read_also_is_embedded_in_an_article() -> None:
    for heading in ("Latest news", "Read also", "Recent posts"):
        assert _count(_page(heading)) == 6, heading


def test_a_dated_list_in_an_article_needs_no_heading() -> None:
    box = BOX.replace("</a>", "</a> <time>3 May 2026</time>")
    assert _count(_page("For you", box=box)) == 6


def test_the_same_box_on_a_page_of_few_words_is_a_list() -> None:
    assert _count(_page("For you", body="Welcome.")) == 6


def test_a_front_page_is_no_article_however_long_it_welcomes() -> None:
    assert _is_article(_page("For you"))
    assert not _is_article(_page("For you"), "https://post.example/")


def test_a_page_that_no_headline_names_is_no_article() -> None:
    assert not _is_article(_page("For you", title="News"))


def test_whole_posts_below_each_other_are_no_article() -> None:
    post = f"<h2><a href='/news/1-other-story'>Other story of the day</a></h2><p>{SENTENCES}</p>"
    assert not _is_article(_page("For you", body=SENTENCES + "</p></div>" + post + "<div><p>"))


def test_a_text_that_links_interrupt_remains_one_article() -> None:
    further = "<p><a href='/news/2-a-further-story'>A further story of the harbour</a></p>"
    body = f"{SENTENCES}</p>{further}<p>The rest of the story is short and has a dozen words."
    assert _is_article(_page("For you", body=body))


def test_a_headline_is_told_by_its_class_or_id_or_goes_on_behind_the_pages_title() -> None:
    for headline in (
        f"<div class='story-headline'>{HEADLINE}</div>",
        f"<div id='pageHeadline'>{HEADLINE}</div>",
        f"<h1>{HEADLINE}, and everybody may come and fly</h1>",
    ):
        html = _page("").replace(f"<h1>{HEADLINE}</h1>", headline)
        assert _is_article(html), headline
        assert _count(html) == 0, headline


def test_the_name_of_a_section_is_no_headline_of_an_article() -> None:
    for title in ("News", "News of the whole region"):
        headline = f"<h1>{title} and of the sea</h1>"
        html = _page("", title=title).replace(f"<h1>{title}</h1>", headline)
        assert _is_article(html) is (title != "News")


def _why(html: str, url: str = URL) -> str:
    return read_listing(html.encode(), url).why


def test_an_article_is_called_one_and_the_news_page_is_offered_that_a_link_shows() -> None:
    menu = "<nav><a href='/jobs/'>Jobs</a><a href='/press/'>Press</a><a href='/news/'>News</a>"
    html = _page("")
    assert _why(html) == "the page is one article, no list of news"
    assert _why(html.replace("<h1>", menu + "<h1>")) == (
        "the page is one article, no list of news; "
        "the site's news page seems to be https://post.example/news/"
    )


def test_the_way_to_the_news_above_an_articles_headline_names_no_box_below_its_text() -> None:
    path = "<div><a href='/news/'>News</a></div>"
    assert _count(_page("").replace("<h1>", path + "<h1>")) == 0


def test_no_other_house_no_headline_and_no_label_passes_for_the_news_page() -> None:
    for link in (
        "<a href='https://far.example/news/'>News</a>",
        "<a href='/news/7-news-of-the-old-town'>News of the old town are good news</a>",
        "<a href='/events/'>Events</a>",
        "<a href='/'>News</a>",
        "<a href='#news'>News</a>",
    ):
        html = _page("").replace("<h1>", f"<nav>{link}</nav><h1>")
        assert _why(html) == "the page is one article, no list of news", link
