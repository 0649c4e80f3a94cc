"""Reading listings: what is an item, hints, learned patterns and their repair."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import ExtractError
from crawler.extract.listing import ListingHints, ListingReading, read_listing

FIXTURES = Path(__file__).parents[3] / "fixtures" / "listing"
URL = "https://cluster.example/news/"
TITLES = (
    "Cluster opens a second clean room in the harbour",
    "Nine firms test a new way to recycle blades",
    "Board elects Maria Olsen as its new chair",
    "Report maps suppliers of the offshore wind sector",
    "Delegation from Finland visits our laboratories",
)


def page(body: str, *, head: str = "") -> bytes:
    return (
        f"<html lang='en'><head><title>News</title>{head}</head><body>{body}</body></html>".encode()
    )


def cards(titles: tuple[str, ...] = TITLES, path: str = "/news/", tag: str = "h3") -> str:
    return "".join(
        f"<div class='card'><span class='date'>{day:02}.03.2024</span>"
        f"<{tag}><a href='{path}{day}'>{title}</a></{tag}>"
        "<p>Some words about the matter at hand.</p></div>"
        for day, title in enumerate(titles, 1)
    )


def read(body: bytes, **hints: Any) -> ListingReading:
    return read_listing(body, URL, hints=ListingHints(**hints))


def urls(reading: ListingReading) -> list[str]:
    return [item.url.removeprefix("https://cluster.example") for item in reading.items]


def fixture(name: str) -> tuple[bytes, dict[str, Any]]:
    expected = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return (FIXTURES / f"{name}.html").read_bytes(), expected


def test_items_come_in_page_order_with_absolute_addresses_and_fields() -> None:
    reading = read(page(f"<main>{cards()}</main>"))
    assert urls(reading) == ["/news/1", "/news/2", "/news/3", "/news/4", "/news/5"]
    first = reading.items[0]
    assert first.title == TITLES[0]
    assert first.published is not None
    assert first.published.isoformat() == "2024-03-01T00:00:00+00:00"
    assert first.summary == "Some words about the matter at hand."
    assert reading.confidence > 0.5


def test_fragments_mail_scripts_and_data_are_never_items() -> None:
    odd = ("#top", "mailto:a@b.example", "javascript:void(0)", "data:text/html,x", "tel:+4912", "")
    body = "".join(
        f"<div class='card'><time datetime='2024-03-0{n}'></time><h3><a href='{href}'>"
        f"A headline with enough words {n}</a></h3></div>"
        for n, href in enumerate(odd, 1)
    )
    assert read(page(f"<main><h1>News</h1>{body}</main>")).items == ()


def test_items_on_other_hosts_are_items() -> None:
    body, expected = fixture("foreign_and_pdf")
    found = read_listing(body, expected["url"]).items
    assert {item.url for item in found} == {item["url"] for item in expected["items"]}


def test_an_empty_or_broken_body_lists_nothing() -> None:
    for body in (b"", b"\x00\x00", b"<", b"<html>", b"plain words", b"\xff\xfe"):
        assert read_listing(body, URL).items == ()


def test_only_and_skip_patterns_choose_links() -> None:
    body = page(f"<main>{cards()}</main>")
    assert urls(read(body, only_links=("/news/[12]",))) == ["/news/1", "/news/2"]
    assert urls(read(body, skip_links=("/news/5",))) == ["/news/1", "/news/2", "/news/3", "/news/4"]


def test_a_selector_decides_the_blocks() -> None:
    body = page(f"<nav><p class='x'><a href='/a'>One</a></p></nav><main>{cards()}</main>")
    assert urls(read(body, selector="p.x")) == ["/a"]
    with pytest.raises(ExtractError) as caught:
        read(body, selector="p[")
    assert "p[" in caught.value.line()


def test_like_finds_the_list_with_that_address() -> None:
    body, expected = fixture("news_and_events")
    hints = ListingHints(like=(expected["url"].replace("actualidad", "agenda/feria-de-la-pieza"),))
    found = read_listing(body, expected["url"], hints=hints).items
    assert len(found) == 6
    assert all("/agenda/" in item.url for item in found)


def test_a_pick_takes_the_numbered_candidate() -> None:
    body, expected = fixture("news_and_events")
    reading = read_listing(body, expected["url"])
    events = next(c for c in reading.candidates if "/agenda/" in c.items[0].url)
    picked = read_listing(body, expected["url"], hints=ListingHints(pick=events.pick))
    assert [item.url for item in picked.items] == [item.url for item in events.items]
    assert reading.candidates[0].items == reading.items


def test_a_learned_pattern_reads_the_same_list_again() -> None:
    for file in sorted(FIXTURES.glob("*.json")):
        body, expected = fixture(file.stem)
        first = read_listing(body, expected["url"])
        learned = json.loads(json.dumps(first.learned))
        again = read_listing(body, expected["url"], hints=ListingHints(learned=learned))
        assert again.items == first.items, file.stem
        assert again.learned == first.learned, file.stem
        assert not again.broken


def test_new_items_on_top_keep_the_pattern() -> None:
    learned = read(page(f"<main>{cards(TITLES[1:])}</main>")).learned
    reading = read(page(f"<main>{cards(('A story nobody has seen before', *TITLES[1:]))}</main>"),
                   learned=learned)  # fmt: skip
    assert reading.why == "the learned pattern holds"
    assert len(reading.items) == 5


REDESIGNS = (
    ("<ul class='liste'>{}</ul>", "<li><em>{d:02}.03.2024</em> <a href='{p}{d}'>{t}</a></li>"),
    ("<table>{}</table>", "<tr><td>{d:02}.03.2024</td><td><a href='{p}{d}'>{t}</a></td></tr>"),
    (
        "<section><div class='grid'>{}</div></section>",
        "<a class='tile' href='{p}{d}'><h4>{t}</h4><time datetime='2024-03-{d:02}'></time></a>",
    ),
)


@pytest.mark.parametrize("design", REDESIGNS)
@pytest.mark.parametrize("path", ["/news/", "/moved/article-"])
def test_a_redesign_is_learned_anew_by_known_items(design: tuple[str, str], path: str) -> None:
    old = read(page(f"<main>{cards()}</main>"))
    known = frozenset(text for item in old.items for text in (item.url, item.title))
    rows = "".join(design[1].format(p=path, d=d, t=t) for d, t in enumerate(TITLES, 1))
    others = "".join(
        f"<h3><a href='/job/{n}'>We look for a colleague in team {n}</a></h3>" for n in range(6)
    )
    body = page(f"<div id='jobs'>{others}</div><main>{design[0].format(rows)}</main>")
    reading = read(body, learned=old.learned, known=known)
    assert urls(reading) == [f"{path}{n}" for n in range(1, 6)]
    assert "learned anew" in reading.why
    assert not reading.broken
    assert reading.learned != old.learned


WALLS = (
    "<h1>Sign in</h1><form><input name='u'></form><a href='/forgot'>Forgot your password?</a>",
    "<h1>Checking your browser</h1><p>One moment please.</p>",
    "<h1>Not found</h1><p>The page is gone.</p><ul><li><a href='/a'>Start</a></li></ul>",
    "<main><h1>News</h1><p>No results found.</p></main>",
    "<main>" + cards(tuple(f"Wholly different article of series {n}" for n in "abcde"), "/x/", "h2")
    + "</main>",
)  # fmt: skip


@pytest.mark.parametrize("wall", WALLS)
def test_a_page_without_the_known_items_is_reported_and_gives_nothing(wall: str) -> None:
    old = read(page(f"<main>{cards()}</main>"))
    known = frozenset(text for item in old.items for text in (item.url, item.title))
    reading = read(page(wall), learned=old.learned, known=known)
    assert reading.items == ()
    assert reading.broken
    assert reading.learned == old.learned


def test_a_list_that_is_all_new_at_the_same_place_is_kept() -> None:
    old = read(page(f"<main>{cards()}</main>"))
    fresh = cards(tuple(f"Wholly different article of series {n}" for n in "abcde"), "/news/2024-")
    later = fresh.replace(".03.2024", ".04.2024")
    reading = read(page(f"<main>{later}</main>"), learned=old.learned)
    assert len(reading.items) == 5
    assert not reading.broken
    # What is older than the items before did not push them out: it is another list.
    assert read(page(f"<main>{fresh.replace('2024<', '2023<')}</main>"), learned=old.learned).broken
    elsewhere = later.replace("/news/", "/jobs/")
    assert read(page(f"<main>{elsewhere}</main>"), learned=old.learned).broken


def test_days_without_a_year_take_the_latest_past_one_only_with_a_present() -> None:
    rows = "".join(
        f"<li><span>{day}. November</span> <a href='/news/{day}'>{title}</a></li>"
        for day, title in enumerate(TITLES, 1)
    )
    body = page(f"<main><h1>News</h1><ul>{rows}</ul></main>")
    now = datetime(2026, 2, 3, tzinfo=UTC)
    dated = read_listing(body, URL, now=now).items
    assert [str(i.published.day) if i.published else "" for i in dated][:2] == [
        "2025-11-01",
        "2025-11-02",
    ]
    assert all(item.published is None for item in read_listing(body, URL).items)


def test_dates_ahead_tell_events_from_news() -> None:
    def rows(path: str, year: int) -> str:
        return "".join(
            f"<div class='row'><b>{n:02}.05.{year}</b>"
            f"<h3><a href='{path}{n}'>{title}</a></h3></div>"
            for n, title in enumerate(TITLES, 1)
        )

    body = page(
        f"<main><div>{rows('/a/', 2027)}</div><div class='b'>{rows('/b/', 2025)}</div></main>"
    )
    found = read_listing(body, URL, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert urls(found) == [f"/b/{n}" for n in range(1, 6)]


def test_relative_days_count_only_with_a_present() -> None:
    rows = "".join(
        f"<li><span class='date'>{age}</span> <a href='/news/{n}'>{title}</a></li>"
        for n, (age, title) in enumerate(
            zip(("3 days ago", "yesterday", "2 weeks ago"), TITLES, strict=False)
        )
    )
    body = page(f"<main><h1>News</h1><ul>{rows}</ul></main>")
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    dated = read_listing(body, URL, now=now).items
    assert [str(item.published.day) for item in dated if item.published][:2] == [
        "2026-11-17",
        "2026-11-19",
    ]
    assert all(item.published is None for item in read_listing(body, URL).items)


def test_a_senseless_datetime_attribute_leaves_the_words() -> None:
    rows = "".join(
        f"<article><time datetime='0000-00-00'>0{n}.03.2024</time>"
        f"<h3><a href='/news/{n}'>{title}</a></h3></article>"
        for n, title in enumerate(TITLES, 1)
    )
    days = [item.published for item in read(page(f"<main>{rows}</main>")).items]
    assert days[0] is not None
    assert str(days[0].day) == "2024-03-01"


def test_an_undated_item_below_one_with_a_short_title_belongs_to_the_list() -> None:
    titles = (*TITLES, "Summer picnic", "Networks that check castings")
    days = ["2026-11-20"] * (len(titles) - 1)
    times = [f'<time datetime="{day}">{day}</time>' for day in days] + [""]
    blocks = "".join(
        f"<article class='teaser'><h2><a href='/news/{number}'>{title}</a></h2>{time}"
        "<p>The members met and told each other what they had done this year.</p></article>"
        for number, (title, time) in enumerate(zip(titles, times, strict=True))
    )
    found = read(page(blocks))
    assert len(found.items) == len(titles)
    assert found.items[-1].published is None
