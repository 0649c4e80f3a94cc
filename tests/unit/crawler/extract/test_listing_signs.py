"""What tells one kind of list from another: titles, links beside them, containers, addresses."""

from __future__ import annotations

import pytest

from crawler.extract.listing import ListingReading, read_listing

URL = "https://cluster.example/news/"
TITLES = (
    "Cluster opens a second clean room in the harbour",
    "Nine firms test a new way to recycle blades",
    "Board elects Maria Olsen as its new chair",
    "Report maps suppliers of the offshore wind sector",
)


def read(main: str, url: str = URL, title: str = "House") -> ListingReading:
    html = f"<html lang='en'><title>{title}</title><body><main>{main}</main></body></html>"
    return read_listing(html.encode(), url)


def paths(reading: ListingReading) -> list[str]:
    return [item.url.removeprefix("https://cluster.example") for item in reading.items]


def titles(reading: ListingReading) -> list[str]:
    return [item.title for item in reading.items]


def rows(record: str, names: tuple[str, ...] = TITLES) -> str:
    return "".join(
        record.format(n=n, title=title, day=f"{n:02}.03.2024") for n, title in enumerate(names, 1)
    )


def test_files_beside_items_are_no_items() -> None:
    table = rows(
        "<tr><td>{day}</td><td><a href='/n/{n}'>{title}</a></td>"
        "<td><a href='/file?id=F{n}'><img src='/f.gif' alt='file'></a></td></tr>"
    )
    assert paths(read(f"<h1>News</h1><table>{table}</table>")) == [f"/n/{n}" for n in range(1, 5)]


def test_links_that_say_pdf_in_every_record_are_no_items() -> None:
    body = rows(
        "<li>{day} <a href='/n/{n}'>{title}</a> <a href='/pdf/{n}'>pdf</a>"
        "<a href='/html/{n}'>html</a></li>"
    )
    assert paths(read(f"<h1>News</h1><ul>{body}</ul>")) == [f"/n/{n}" for n in range(1, 5)]


def test_a_menu_in_the_markup_of_the_list_stands_apart() -> None:
    menu = "".join(f"<li><a href='/{w}'>{w}</a></li>" for w in ("about", "members", "rooms"))
    body = rows("<li><a href='/n/{n}'>{title}</a> {day}</li>")
    assert paths(read(f"<ul>{menu}</ul><ul>{body}</ul>")) == [f"/n/{n}" for n in range(1, 5)]


@pytest.mark.parametrize("title", ["{title} (m/f/d)", "{title} (w/m/d)", "{title} [h/f/x]"])
def test_titles_that_address_everybody_are_jobs(title: str) -> None:
    record = "<div><span>{day}</span><h3><a href='/x/{n}'>" + title + "</a></h3></div>"
    assert read(rows(record), "https://cluster.example/team/").items == ()


def test_replies_are_no_news() -> None:
    record = "<li><a href='/t/{n}'>Re: {title}</a> <span>{day}</span></li>"
    assert read(f"<ul>{rows(record)}</ul>").items == ()


def test_a_page_whose_address_says_jobs_needs_a_heading_that_says_news() -> None:
    record = "<li><h3><a href='/jobs/{n}-x-y'>{title}</a></h3><p>{day}</p></li>"
    body = f"<ul>{rows(record)}</ul>"
    at = "https://cluster.example/jobs/"
    assert read(body, at).items == ()
    news = read(f"<h2>Latest news</h2>{body.replace('/jobs/', '/n/')}", at)
    assert len(news.items) == 4


def test_issues_of_a_periodical_are_items() -> None:
    months = ("October 2026", "September 2026", "July 2026")
    record = "<li><a href='/f/nl-{n}.pdf'>Newsletter {title}</a></li>"
    body = f"<h1>Newsletter</h1><ul>{rows(record, months)}</ul>"
    assert titles(read(body, "https://cluster.example/newsletter/")) == [
        f"Newsletter {month}" for month in months
    ]


def test_the_first_of_several_links_gives_the_title() -> None:
    teaser = "A teaser that is much longer than the headline above it, and leads there too."
    body = rows(
        "<div><p><a href='/n/{n}'>{title}</a></p><p><a href='/n/{n}'>" + teaser + "</a></p>"
        "<i>{day}</i></div>"
    )
    assert titles(read(f"<h1>News</h1>{body}")) == list(TITLES)


def test_a_title_that_breaks_off_is_completed_from_the_links_attribute() -> None:
    body = rows("<li><a href='/n/{n}' title='{title}'>{title:.20}...</a> <i>{day}</i></li>")
    assert titles(read(f"<h1>News</h1><ul>{body}</ul>")) == list(TITLES)


def test_a_lone_link_in_the_pages_own_article_is_no_item() -> None:
    body = (
        "<article><h1>How we built the hall</h1><time datetime='2024-03-01'>1 March 2024</time>"
        "<p>See also <a href='https://paper.example/a-long-report-on-halls'>a long report on the "
        "halls of our region</a> in the paper.</p></article>"
    )
    assert read(body, "https://cluster.example/blog/hall", "How we built the hall").items == ()


def test_a_bare_section_among_named_items_is_no_item() -> None:
    body = rows("<h3><a href='/news/{n}-some-words-here'>{title}</a></h3>")
    more = "<h3><a href='/press'>More of what we have to say today</a></h3>"
    assert "/press" not in paths(read(body + more, "https://cluster.example/"))


def test_lines_that_are_days_date_what_follows() -> None:
    body = (
        "<b>18 March 2024</b><ul><li><a href='/n/1'>Cluster opens a second clean room</a></li>"
        "<li><a href='/n/2'>Nine firms test a way to recycle</a></li></ul>"
        "<b>11 March 2024</b><ul><li><a href='/n/3'>Board elects its new chair today</a></li></ul>"
    )
    days = [item.published.day.isoformat() for item in read(body).items if item.published]
    assert days == ["2024-03-18", "2024-03-18", "2024-03-11"]


def test_days_are_read_from_compact_addresses() -> None:
    record = "<li><a href='/gg/202403/t2024030{n}_77{n}.html'>{title}</a></li>"
    found = read(f"<h2>News</h2><ul>{rows(record)}</ul>").items
    assert [i.published.day.day for i in found if i.published] == [1, 2, 3, 4]


def test_a_day_without_a_year_is_not_completed_on_an_old_page() -> None:
    from datetime import UTC, datetime

    record = "<li><a href='/n/{n}'>{title}</a> <span>1{n}. May</span></li>"
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for year, dated in (("2019", False), ("2026", True)):
        html = f"<body><h1>News</h1><ul>{rows(record)}</ul><p>Copyright {year}</p></body>"
        found = read_listing(html.encode(), URL, now=now).items
        assert len(found) == 4
        assert all(bool(item.published) is dated for item in found)


@pytest.mark.parametrize("record", ["{day} <a href='/n/{n}'>{title}</a><br>",
                                    "<a href='/n/{n}'>{title}</a> ({day})<br>"])  # fmt: skip
def test_a_date_beside_a_bare_link_is_its_date(record: str) -> None:
    found = read(f"<h1>News</h1><div>{rows(record)}</div>").items
    assert [i.published.day.day for i in found if i.published] == [1, 2, 3, 4]


def test_links_in_the_sentences_of_an_article_are_no_items() -> None:
    text = rows(
        "<p>As the board wrote in its letter about <a href='/n/{n}'>{title}</a>, all is well.</p>"
    )
    assert paths(read(f"<h1>News of the harbour</h1>{text}")) == []
    listed = rows("<p>Press release: <a href='/n/{n}'>{title}</a></p>")
    assert len(read(f"<h1>News of the harbour</h1>{listed}").items) == len(TITLES)


def test_dated_links_in_sentences_are_notes_of_a_list() -> None:
    notes = rows("<p>{day}: we are proud of our paper on <a href='/n/{n}'>{title}</a></p>")
    assert len(read(f"<h1>News</h1>{notes}").items) == len(TITLES)


def test_readers_comments_are_no_items_and_opinion_pieces_are() -> None:
    names = ("democrat10", "louise", "Dijon resident", "defghi")
    record = (
        "<li class='comment'><a href='/u/{n}'>{title}</a> {day}<p>I do not agree at all.</p></li>"
    )
    assert paths(read(f"<h1>News</h1><ul class='comments'>{rows(record, names)}</ul>")) == []
    pieces = rows("<li class='comment'><h3><a href='/n/{n}'>{title}</a></h3> {day}</li>")
    assert len(read(f"<h1>News</h1><ul>{pieces}</ul>").items) == len(TITLES)


def test_names_of_sections_are_no_headlines() -> None:
    names = ("Editorials", "Letters", "Health News", "Readers Forum")
    sections = rows("<li><h4><a href='/s/{n}'>{title}</a></h4></li>", names)
    assert paths(read(f"<h2>News</h2><ul>{sections}</ul>")) == []


def test_a_single_item_whose_title_says_post_keeps_its_block() -> None:
    post = (
        "<div class='post'><div><h3><a href='/2011/03/17/testpost/'>Test post!</a></h3></div>"
        "<div>Posted by Ann on 17 Mar 2011</div><div>Some text <a href='/2011/03/17/testpost/'>"
        "Read more</a></div></div>"
    )
    found = read(f"<h2>News</h2>{post}", title="Scouts - News").items
    assert [(item.title, str(item.published.day)) for item in found if item.published] == [
        ("Test post!", "2011-03-17")
    ]
