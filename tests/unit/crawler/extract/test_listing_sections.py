"""What names a list: the heading above most of its records, more than one odd address."""

from __future__ import annotations

import pytest

from crawler.extract.listing import read_listing
from crawler.extract.listing_words import news_words
from crawler.extract.listing_zones import ASIDE, zoned_document

SUBJECTS = (
    "A paper on thin glass was taken by the journal",
    "Two students went to a school on lasers",
    "Our furnace has been moved to the cellar",
    "A visitor from the north told of old kilns",
    "The group has grown by one doctoral student",
    "A prize for the best poster went to our house",
)
HELD = "https://events.far.example/kilns"  # one item lies on a host that is named for events


def lines(*subjects: str, first: int = 0) -> str:
    return "".join(
        f"<li><a href='https://far{number}.example/{number}'>{subject}</a></li>"
        for number, subject in enumerate(subjects, first)
    )


def page(second: str) -> bytes:
    rows = lines(*SUBJECTS)
    above = lines("How to reach our house by bus or train", first=20)
    return (
        "<html lang=en><title>Glass Group</title><body><h1>Glass Group</h1>"
        f"<h2>Information</h2><ul>{above}</ul><h2>{second}</h2><ul>{rows}</ul></body></html>"
    ).encode()


def found(second: str) -> list[str]:
    return [item.title for item in read_listing(page(second), "https://a.example/").items]


@pytest.mark.parametrize("heading", ["Latest news", "What's new", "WHAT’S NEW?", "Co je nového"])
def test_the_heading_above_most_records_names_lists_that_run_together(heading: str) -> None:
    assert found(heading)[-6:] == list(SUBJECTS)


@pytest.mark.parametrize("odd", ["https://far3.example/3", HELD])
def test_one_odd_host_does_not_name_a_list(odd: str) -> None:
    titles = tuple(" ".join(subject.split()[:6]) for subject in SUBJECTS)
    rows = lines(*titles).replace("https://far3.example/3", odd)
    body = f"<html lang=en><body><h1>Glass Group</h1><h2>Latest</h2><ul>{rows}</ul></body></html>"
    items = read_listing(body.encode(), "https://a.example/").items
    assert [item.title for item in items] == list(titles)


def test_headings_that_name_no_news_name_none() -> None:
    assert found("Our friends") == []


@pytest.mark.parametrize("words", ["New", "What is a kiln", "Was ist ein Ofen", "Nový"])
def test_words_of_a_question_alone_name_no_news(words: str) -> None:
    assert news_words(words) == 0


DEPARTMENTS = (
    "Stoves, Pans & Kettles",
    "Tents, Awnings & Shade",
    "Chairs, Recliners & Patio Mats",
    "Lamps, Cells & Solar Panels",
    "Boots, Socks & Rain Coats",
    "Bikes, Bike Racks & Carriers",
    "Dogs, Training & Feeders",
    "Maps, Guides & Memberships",
    "Ropes, Hooks & Roof Boxes",
    "Grills, Coals & Picnic Sets",
)


def test_departments_of_a_shop_are_no_news_though_one_alone_is_called_like_events() -> None:
    """Each has headlines enough to stand without a name; a single folder speaks against news."""
    cards = "".join(
        f"<li><img src='/i/{n}.jpg'><a href='/department/{_slug(name)}/{n}'>View All {name}</a>"
        "</li>"
        for n, name in enumerate(DEPARTMENTS)
    )
    html = f"<html lang=en><title>Camp Shop</title><body><ul>{cards}</ul></body></html>"
    assert read_listing(html.encode(), "https://shop.example/start").items == ()


def _slug(name: str) -> str:
    return name.lower().replace(",", "").replace(" & ", "-").replace(" ", "-")


@pytest.mark.parametrize(
    ("heading", "found"),
    [("News", 2), ("Latest news", 2), ("Aktuelles", 2), ("Links", 0), ("News for members", 0)],
)
def test_a_box_beside_the_text_that_is_called_news_need_not_say_more(
    heading: str, found: int
) -> None:
    """Two undated headlines, each a list of its own, in a side column of a home page."""
    box = "".join(
        f"<ul><li><a href='/node/{n}'>{title}</a></li></ul>"
        for n, title in (
            (31, "Our hall was shown on television"),
            (40, "A trial of the new pump starts"),
        )
    )
    page = (
        "<html lang=en><title>Pump</title><body><div id=main><h2><a href='/about'>A pump for small "
        "farms</a></h2><p>We build a pump that needs no power, with three partners.</p>"
        "<p>Farms lent us their wells, <a href='/partners'>our partners</a> their shops.</p></div>"
        f"<div class='column sidebar'><div><h2>{heading}</h2>{box}</div></div></body></html>"
    )
    assert len(read_listing(page.encode(), "https://pump.example/").items) == found


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            (
                ("/media/press", "Press releases"),
                ("/media/dates", "Events and workshops"),
                ("/media/letter", "Newsletter"),
            ),
            0,
        ),
        (
            (
                ("/media/press-opens-its-doors", "Press opens its doors to schools of the town"),
                ("/media/events-of-the-year", "Events of the year in pictures and sounds"),
                ("/media/news-from-the-yard", "News from the yard: two hulls are finished"),
            ),
            3,
        ),
        (
            (
                ("/media/team", "Team from the yard wins the prize of the harbour"),
                ("/media/project_at_the_quay", "Project at the quay starts after a long break"),
                ("/media/ProductsOfSteel", "Products of steel weigh less than before"),
                ("/media/partner", "Partner opens a hall beside the river"),
            ),
            4,
        ),
    ],
)
def test_labels_of_lists_lead_on(rows: tuple[tuple[str, str], ...], found: int) -> None:
    """A page that leads to the kinds of news is none; headlines may begin with such a word."""
    links = "".join(f"<li><a href='{address}'>{title}</a></li>" for address, title in rows)
    page = (
        "<html lang=en><title>News - Boatyard</title><body><nav><ul><li><a href='/'>Start</a></li>"
        "<li><a href='/about'>About us</a></li><li><a href='/team'>Team</a></li></ul></nav>"
        f"<main><h1>News</h1><ul>{links}</ul></main><footer><a href='/imprint'>Imprint</a></footer>"
    )
    assert len(read_listing(page.encode(), "https://yard.example/media").items) == found


@pytest.mark.parametrize(
    ("address", "found"), [("/tag/pumps", 4), ("/taxonomy/term/3.html", 4), ("/pumps", 0)]
)
def test_the_undated_teasers_of_a_topics_archive_are_news_whatever_the_topic(
    address: str, found: int
) -> None:
    told = "".join(
        f"<div class=teaser><h2><a href='/content/hall-{n}-is-open'>The pump of hall {n} runs again"
        "</a></h2><p>It took ten firms and two winters to mend it; guests may see it.</p></div>"
        for n in range(4)
    )
    html = f"<html lang=en><title>Valley</title><body><main><h1>Project partners</h1>{told}</main>"
    read = read_listing(html.encode(), f"https://valley.example{address}")
    assert len(read.items) == found


@pytest.mark.parametrize(
    ("name", "beside"),
    [("secondary-post", False), ("secondary card", True), ("secondary", True), ("sidebar", True)],
)
def test_a_records_rank_is_no_place_beside_the_text(name: str, beside: bool) -> None:
    text = "<p>The mill turned for ten days.</p>" * 9
    html = f"<body><main>{text}<div class='{name}'><h2><a href=/mill>Mill</a></h2></div></main>"
    document = zoned_document(html, "https://mill.example/")
    assert [bool(node.zone & ASIDE) for node in document.nodes if node.tag == "a"] == [beside]
