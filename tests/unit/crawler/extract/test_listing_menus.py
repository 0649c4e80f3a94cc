"""Lists that are no news though they look like it: goods with prices, a section's overview;
and archives of posts under /category/."""

from __future__ import annotations

from crawler.extract.listing import read_listing

HEAD = "<html lang='en'><head><title>Society</title></head><body>"
TITLES = ("Cluster wins prize for recycling", "New members join the network in May", "Members meet")

POSTS = (*TITLES, *(f"Report {n} from the workshop in Erfurt" for n in ("one", "two", "three")))


def _titles(html: str, url: str) -> list[str]:
    return [item.title for item in read_listing(html.encode(), url).items]


def _cards(extra: str) -> str:
    return "<h2>News</h2>" + "".join(
        f"<div class='card'><h3><a href='/item/{i}-large-blue-metal-box'>{title}</a></h3>"
        f"<img src='/{i}.jpg'><p>It has a lid and handles, and weighs little for its size.</p>"
        f"{extra}</div>"
        for i, title in enumerate((*TITLES, "Large blue metal box with a lid"))
    )


def test_cards_with_a_price_are_goods() -> None:
    url = "https://x.example/"
    assert len(_titles(HEAD + _cards(""), url)) == 4
    for price in ("€ 1.99", "1 290 руб.", "12,- kr", "Our Price: $3.50", "EUR 19,99*"):
        assert _titles(HEAD + _cards(f"<span>{price}</span>"), url) == []


def test_a_sum_in_a_headline_is_no_price() -> None:
    html = HEAD + _cards("<span>€5 million for research in the region</span>")
    assert len(_titles(html, "https://x.example/")) == 4


PAGES = ("Releases", "Newsletter", "Archive", "Forum", "Gallery")


def _overview(names: str) -> str:
    menu = "".join(f"<li><a href='/news/{p.lower()}/'>{p}</a></li>" for p in PAGES)
    topics = "".join(
        f"<div class='topic'><h3><a href='/news/{p.lower()}/'>{names.format(p)}</a></h3>"
        f"<p>Here you will find the {p.lower()} of the society and how to use them.</p></div>"
        for p in PAGES
    )
    return f"{HEAD}<div class='left'><ul>{menu}</ul></div><div><h1>News</h1>{topics}</div>"


def test_an_overview_that_repeats_a_menu_is_no_news() -> None:
    url = "https://x.example/news/"
    assert _titles(_overview("{}"), url) == []


def test_the_same_overview_without_a_menu_may_be_news() -> None:
    html = _overview("{}").replace("<li>", "<!--").replace("</li>", "-->")
    assert _titles(html, "https://x.example/news/") == list(PAGES)


def _archive() -> str:
    return f"{HEAD}<div class='posts'>" + "".join(
        f"<h2 class='title'><a href='/{title.lower().replace(' ', '-')}/'>{title}</a></h2>"
        "<p>What happened, who was there and what it means for the members of the network.</p>"
        f"<a class='readmore' href='/{title.lower().replace(' ', '-')}/'>Read more</a>"
        for title in POSTS
    )


def test_an_archive_of_posts_below_a_category_is_read() -> None:
    for path in ("category/tips/", "tag/clusters", "kategorie/netz/"):
        assert _titles(_archive(), f"https://x.example/{path}") == list(POSTS)
