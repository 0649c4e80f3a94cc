"""Items that link to nothing but another house's home page, beside siblings that lead deeper."""

from __future__ import annotations

from crawler.extract.listing import read_listing

HEAD = "<html lang='en'><head><title>News</title></head><body><h1>News</h1>"
URL = "https://club.example/news/"
DEEPER = (
    "<li><b>2.3.2026</b> <a href='/news/hall'>Hall for test flights opens in May</a></li>",
    "<li><b>1.3.2026</b> <a href='https://far.example/a/prize'>Far wins a big prize again</a></li>",
    "<li><b>27.2.2026</b> <a href='/news/chair'>Members elect a new chair for two years</a></li>",
    "<li><b>24.2.2026</b> <a href='/news/drones'>Seven schools build drones with us</a></li>",
)
HOME = "https://maker.example/"


def _urls(*records: str) -> list[str]:
    html = f"{HEAD}<ul>{''.join(records)}</ul>"
    return [item.url for item in read_listing(html.encode(), URL).items]


def _with(record: str) -> bool:
    """Whether a record among siblings that lead deeper is an item; these always are."""
    found = _urls(*DEEPER[:2], record, *DEEPER[2:])
    assert len([url for url in found if url != HOME]) == len(DEEPER)
    return HOME in found


def test_a_dated_headline_that_links_to_another_house_is_an_item() -> None:
    assert _with(f"<li><b>28.2.2026</b> <a href='{HOME}'>Maker of sails joins our club</a></li>")


def test_an_undated_one_or_a_mere_name_is_none() -> None:
    assert not _with(f"<li><a href='{HOME}'>Maker of sails joins our club</a></li>")
    assert not _with(f"<li><b>28.2.2026</b> <a href='{HOME}'>Maker of sails</a></li>")


def test_the_way_to_the_sites_own_home_page_is_none() -> None:
    for home in ("/", "https://www.club.example/", "https://shop.club.example/index.html"):
        record = f"<li><b>28.2.2026</b> <a href='{home}'>Maker of sails joins our club</a></li>"
        assert len(_urls(*DEEPER[:2], record, *DEEPER[2:])) == len(DEEPER)


def test_a_list_of_houses_is_no_news_however_long_their_names_and_dated_their_joining() -> None:
    members = [
        f"<li><b>{n}.2.2026</b> <a href='https://m{n}.example/'>House {n} for sails, ropes</a></li>"
        for n in range(1, 9)
    ]
    assert _urls(*members) == []


def test_a_section_of_houses_made_like_the_news_stays_outside() -> None:
    houses = "".join(
        f"<li><a href='https://h{n}.example/'>House {n} for sails and ropes</a></li>"
        for n in range(3)
    )
    assert len(_urls(*DEEPER, f"</ul><h2>Partners</h2><ul>{houses}")) == len(DEEPER)


def test_logos_beside_the_news_stay_outside() -> None:
    logos = "".join(
        f"<li><a href='https://p{n}.example/'><img src='p{n}.png' alt='Partner {n}'></a></li>"
        for n in range(5)
    )
    assert len(_urls(*DEEPER, logos)) == len(DEEPER)
