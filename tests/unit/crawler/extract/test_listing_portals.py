"""Front pages that spread their headlines over several lists."""

from __future__ import annotations

import re

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


FRONT = "".join(
    f"<div class='top'><h2><a href='/story/10{i}-council-decides.html'>{_headline(i, place)}"
    f"</a></h2><p>The vote was close until the very end of the long evening.</p></div>"
    for i, place in enumerate(PLACES[:5])
)


def _box(first: int, *, folder: str = "/story", count: int = 4) -> str:
    return "".join(
        f"<li><h3><a href='{folder}/{first}{i}-bridge-of-the-town.html'>The old bridge of {place} "
        f"will be closed for {i + 2} weeks</a></h3></li>"
        for i, place in enumerate(PLACES[:count])
    )


def _stories(first: int, count: int = 4) -> set[str]:
    return {f"{first}{i}-bridge-of-the-town.html" for i in range(count)}


def test_a_front_page_has_stories_in_its_side_columns() -> None:
    html = f"{HEAD}<div class='news'>{FRONT}</div><aside><h2>Region</h2><ul>{_box(70)}</ul></aside>"
    assert _stories(70) <= _urls(html, "https://post.example/")


def test_a_side_column_with_addresses_of_another_form_stays_out() -> None:
    html = f"{HEAD}<div class='news'>{FRONT}</div><aside><h2>Shops</h2>"
    html += f"<ul>{_box(70, folder='/trade/offer')}</ul></aside>"
    assert not _stories(70) & _urls(html, "https://post.example/")


def test_what_is_read_most_only_repeats_the_stories() -> None:
    html = f"{HEAD}<div class='news'>{FRONT}</div><aside><h2>Most read stories</h2>"
    html += f"<ul>{_box(70)}</ul></aside>"
    assert not _stories(70) & _urls(html, "https://post.example/")


def test_tabs_that_scripts_show_hold_stories_too() -> None:
    html = f"{HEAD}<div class='news'>{FRONT}</div>"
    html += f"<div class='tab' style='display:none'><ol>{_box(80, count=7)}</ol></div>"
    html = re.sub(r"/story/(\d+)-[\w-]+\.html", r"/\1/a-story-of-the-day/", html)
    found = {item.url for item in read_listing(html.encode(), "https://post.example/").items}
    assert {f"https://post.example/80{i}/a-story-of-the-day/" for i in range(7)} <= found


def test_a_card_of_a_front_page_may_hold_further_stories() -> None:
    cards = "".join(
        f"<div class='top'><h2><a href='/story/10{i}-council-decides.html'>{_headline(i, place)}"
        "</a></h2><p>The vote was close until the very end of the long evening.</p><ul>"
        f"<li><a href='/story/20{i}-the-river.html'>The river at {place} rose again</a></li>"
        f"<li><a href='/story/21{i}-the-river.html'>How people of {place} saved the mill</a></li>"
        "</ul></div>"
        for i, place in enumerate(PLACES)
    )
    found = _urls(f"{HEAD}<div class='news'>{cards}</div>", "https://post.example/")
    assert {f"2{n}{i}-the-river.html" for n in (0, 1) for i in range(8)} <= found


def test_the_readers_and_files_of_a_card_are_no_stories() -> None:
    cards = "".join(
        f"<div class='top'><h2><a href='/story/10{i}-council-decides.html'>{_headline(i, place)}"
        f"</a></h2><p>By <a href='/people/{i}-jane.html'>Jane Doe of {place}</a></p></div>"
        for i, place in enumerate(PLACES)
    )
    found = _urls(f"{HEAD}<div class='news'>{cards}</div>", "https://post.example/")
    assert found == {f"10{i}-council-decides.html" for i in range(8)}


def test_a_parameter_that_every_address_has_does_not_part_the_stories() -> None:
    side = f"<aside><h2>Region</h2><ul>{_box(70)}</ul></aside>"
    html = f"{HEAD}<div class='news'>{FRONT}</div>{side}".replace(".html'", ".html?lang=en'")
    found = _urls(html, "https://post.example/?lang=en")
    assert {f"{name}?lang=en" for name in _stories(70)} <= found


def test_the_name_of_a_section_above_its_stories_is_no_headline() -> None:
    boxes = "".join(
        f"<td><h2><a href='/?section={name}'>{name}</a></h2><p>2 December 2026</p>"
        + "".join(
            f"<p><a href='/story/{n}0{i}-council-decides.html'>{_headline(i + n, place)}</a></p>"
            for i, place in enumerate(PLACES[:4])
        )
        + "</td>"
        for n, name in enumerate(("Sport", "Travel", "Markets"), 3)
    )
    html = f"{HEAD}<h1>Latest news</h1><table><tr>{boxes}</tr></table></body></html>"
    found = _urls(html, "https://post.example/")
    assert {f"{n}0{i}-council-decides.html" for n in (3, 4, 5) for i in range(4)} <= found
    assert not any("section" in name for name in found)


def test_stories_on_the_sites_news_host_need_no_other_sign() -> None:
    rows = "".join(
        f"<tr><td><a href='https://{{host}}.college.example/2026/0{i}/bridge-of-{place}'>A bridge "
        f"of {place} is measured from the air</a></td></tr>"
        for i, place in enumerate(PLACES[:4])
    )
    html = f"<html lang='en'><title>College</title><body><table>{rows}</table></body></html>"
    assert len(_urls(html.format(host="news"), "https://www.college.example/")) == 4
    assert not _urls(html.format(host="shop"), "https://www.college.example/")


def test_cards_whose_columns_have_a_class_each_make_one_list() -> None:
    cards = "".join(
        f"<div class='{name}'><div class='card-{name}'><div class='hentry'><h3 class='post'>"
        f"<a href='/20{i}/news-of-the-river'>{_headline(i, place)}</a></h3></div></div></div>"
        for i, (name, place) in enumerate(
            zip(("alpha", "beta", "gamma", "delta"), PLACES, strict=False)
        )
    )
    html = f"{HEAD}<h2>News</h2>{cards}</body></html>"
    found = {item.url for item in read_listing(html.encode(), "https://post.example/").items}
    assert found == {f"https://post.example/20{i}/news-of-the-river" for i in range(4)}


def test_a_box_that_is_only_called_something_else_holds_stories_too() -> None:
    html = f"{HEAD}<div class='news'>{FRONT}</div>"
    html += f"<div class='video-box'><ul>{_box(70, count=7)}</ul></div>"
    html = re.sub(r"/story/(\d+)-[\w-]+\.html", r"/\1/a-story-of-the-day/", html)
    found = {item.url for item in read_listing(html.encode(), "https://post.example/").items}
    assert {f"https://post.example/70{i}/a-story-of-the-day/" for i in range(7)} <= found


def _report(number: int, place: str, section: str) -> str:
    return (
        f"<li class='report'><h2><a href='/{section}/2026/05/{number}-council-decides-plan'>"
        f"{_headline(number, place)}</a></h2><p>The plan was disputed for years, and the vote was "
        f"close until its end.</p></li>"
    )


def test_reports_of_a_portal_are_stories_where_their_addresses_tell_days_as_all_do() -> None:
    stories = "".join(_report(n, p, "sport") for n, p in enumerate(PLACES[:4])).replace("li", "div")
    reports = "".join(_report(n + 9, p, "science") for n, p in enumerate(PLACES))
    html = f"{HEAD}<div class='news'><h2>Recent stories</h2>{stories}</div>"
    html += f"<h2>In-depth reports</h2><ul>{reports}</ul>"
    assert len(_urls(html, "https://post.example/")) == 12


def test_reports_in_a_folder_of_their_own_are_papers() -> None:
    stories = "".join(_report(n, p, "sport") for n, p in enumerate(PLACES[:4])).replace("li", "div")
    reports = "".join(_report(n + 9, p, "x") for n, p in enumerate(PLACES))
    html = f"{HEAD}<div class='news'><h2>Recent stories</h2>{stories}</div>"
    html += f"<h2>In-depth reports</h2><ul>{reports.replace('/x/2026/05/', '/papers/')}</ul>"
    assert len(_urls(html, "https://post.example/")) == 4
