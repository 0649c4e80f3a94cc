"""Front pages that spread their headlines over several lists."""

from __future__ import annotations

from crawler.extract.listing import read_listing

HEAD = "<html lang='en'><head><title>Daily Post</title></head><body>"
PLACES = ("Erfurt", "Jena", "Gera", "Suhl", "Weimar", "Gotha", "Apolda", "Altenburg")


def _headline(number: int, place: str) -> str:
    return f"Council of {place} decides about plan {number} for the river"


def _urls(html: str, url: str) -> set[str]:
    return {item.url.rpartition("/")[2] for item in read_listing(html.encode(), url).items}


def _lead(number: int, folder: str, tag: str) -> str:
    return "".join(
        f"<{tag} class='teaser-{number}'><h2><a href='{folder}/{number}{i}-council-decides-plan'>"
        f"{_headline(number, place)}</a></h2><p>The plan was disputed for years, and the vote was "
        f"close until its end.</p></{tag}>"
        for i, place in enumerate(PLACES)
    )


def _dated() -> str:
    return "".join(
        f"<li><h2><a href='/dossier/9{i}-harvest-feast'>Harvest feast of {place} in pictures</a>"
        f"</h2><time>{i + 1} December 2026</time><p>Many guests came and danced.</p></li>"
        for i, place in enumerate(PLACES[:5])
    )


def test_a_small_dated_box_does_not_hide_a_front_page() -> None:
    html = f"{HEAD}<div>{_lead(1, '/city', 'div')}</div><div>{_lead(2, '/land', 'section')}</div>"
    html += f"<ul>{_dated()}</ul>"
    found = _urls(html, "https://post.example/")
    assert {f"{n}{i}-council-decides-plan" for n in (1, 2) for i in range(8)} <= found


def test_a_dated_list_that_is_called_news_stands_alone() -> None:
    html = f"{HEAD}<div>{_lead(1, '/city', 'div')}</div><div>{_lead(2, '/land', 'section')}</div>"
    html += f"<div class='news'><h1>News</h1><ul>{_dated()}</ul></div>"
    assert _urls(html, "https://post.example/") == {f"9{i}-harvest-feast" for i in range(5)}


def test_a_section_may_be_a_front_page_of_its_own() -> None:
    cups = "".join(
        f"<article><h2><a href='/sport/cups/{i}-cup-draw-is-made'>Cup draw of {place} is made in "
        f"the town hall</a></h2><time>{i + 1} December 2026</time></article>"
        for i, place in enumerate(PLACES[:3])
    )
    html = f"{HEAD}<div>{cups}</div><div>{_lead(1, '/sport/league', 'div')}</div>"
    html += f"<div>{_lead(2, '/sport/riding', 'section')}</div>"
    found = _urls(html, "https://post.example/sport/")
    assert {f"{n}{i}-council-decides-plan" for n in (1, 2) for i in range(8)} <= found
    assert "0-cup-draw-is-made" in found
