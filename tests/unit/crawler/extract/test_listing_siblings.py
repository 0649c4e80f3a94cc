"""What sibling pages of a site share is furniture, and is remembered."""

from __future__ import annotations

import json

from crawler.extract.listing import ListingHints, read_listing
from crawler.extract.listing_siblings import MAX_FURNITURE, shared_links, sibling_pages

SITE = "https://a.example"
MENU = (
    "<nav><a href='/about'>About us</a><a href='/members/list'>Members</a>"
    "<a href='/members/join'>Join us</a><a href='https://b.example/x'>Sister site</a>"
    "<a href='/press/kit.pdf'>Press kit</a><a href='/login'>Log in</a></nav>"
)
OFFERS = "".join(
    f"<div class='t'><h3><a href='/offer/{n}'>We help small firms with question {n}</a></h3></div>"
    for n in range(4)
)
STORIES = "".join(
    f"<li><a href='/s/{n}'>A headline with more than enough words {n}</a></li>" for n in range(4)
)


def page(main: str, beside: str = OFFERS) -> bytes:
    body = f"{MENU}<main>{main}</main><div class='b'>{beside}</div>"
    return f"<html><title>House</title><body>{body}</body></html>".encode()


def shared() -> frozenset[str]:
    listing = (page(f"<ul>{STORIES}</ul>"), f"{SITE}/n/")
    return shared_links([listing, (page("<p>a</p>"), f"{SITE}/1")])


def addresses(body: bytes, url: str = f"{SITE}/n/", **hints: object) -> list[str]:
    found = read_listing(body, url, hints=ListingHints(**hints))  # type: ignore[arg-type]
    return [item.url.removeprefix(SITE) for item in found.items]


def test_one_page_alone_shares_nothing() -> None:
    assert shared_links([(page(""), SITE)]) == frozenset()


def test_teasers_that_stand_on_all_pages_are_no_items() -> None:
    listing = page(
        "<h2>News</h2>"
        + "".join(
            f"<h3><a href='/s/{n}'>A headline with enough words {n}</a></h3>" for n in range(4)
        )
    )
    teasers = page("<p>Nothing else here.</p>").replace(b"'b'>", b"'b'><h2>News</h2>")
    other = page("<p>Other words.</p>").replace(b"'b'>", b"'b'><h2>News</h2>")
    both = shared_links([(teasers, f"{SITE}/1"), (other, f"{SITE}/2")])
    assert addresses(teasers) == [f"/offer/{n}" for n in range(4)]
    assert addresses(teasers, furniture=both) == []
    assert addresses(listing, furniture=both) == [f"/s/{n}" for n in range(4)]


def test_an_item_in_the_list_and_in_every_side_column_stays_in_the_list() -> None:
    column = f"<ul class='side'>{STORIES}</ul>"
    listing = page(
        "<h2>News</h2>" + STORIES.replace("<li>", "<h3>").replace("</li>", "</h3>"), column
    )
    common = shared_links([(listing, f"{SITE}/n/"), (page("<p>a</p>", column), f"{SITE}/1")])
    assert addresses(listing, furniture=common) == [f"/s/{n}" for n in range(4)]


def test_what_siblings_share_is_learned_and_holds_at_later_readings() -> None:
    listing = page("<h2>News</h2>" + STORIES.replace("<li>", "<h3>").replace("</li>", "</h3>"))
    common = shared()
    learned = read_listing(listing, f"{SITE}/n/", hints=ListingHints(furniture=common)).learned
    assert learned["furniture"] == sorted(common)
    kept = json.loads(json.dumps(learned))
    again = read_listing(listing, f"{SITE}/n/", hints=ListingHints(learned=kept))
    assert [item.url for item in again.items] == [f"{SITE}/s/{n}" for n in range(4)]
    assert again.learned["furniture"] == kept["furniture"]


def test_hostile_numbers_of_shared_links_are_bounded() -> None:
    many = "".join(f"<a href='/x/{n}'>Link {n}</a>" for n in range(2_000))
    assert len(shared_links([(page(many), SITE), (page(many), f"{SITE}/2")])) <= MAX_FURNITURE


def test_siblings_are_two_menu_pages_of_other_sections_of_the_same_site() -> None:
    assert sibling_pages(page(STORIES), f"{SITE}/n/") == (
        f"{SITE}/about",
        f"{SITE}/members/list",
    )


def test_a_page_without_menus_names_what_it_links() -> None:
    body = b"<html><body><p><a href='/one/a'>One</a> <a href='/two/b'>Two</a></p></body></html>"
    assert sibling_pages(body, f"{SITE}/n/") == (f"{SITE}/one/a", f"{SITE}/two/b")
    assert sibling_pages(b"<html><body><p>No link.</p></body></html>", SITE) == ()
