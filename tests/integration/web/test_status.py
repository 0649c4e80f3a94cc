"""The status page: sources in words, weeks as pictures with text, and nothing that is private."""

from __future__ import annotations

import re
from datetime import UTC, date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from crawler.model.delivery import Delivery
from crawler.model.item import Published, RawItem
from crawler.model.reading import Entry, Reading
from crawler.model.subscription import Subscription
from crawler.storage.incidents import IncidentStore
from crawler.storage.tables import sources
from tests.integration.web.conftest import NOW, MakeWeb, Web, log_in
from tests.integration.web.stock import put, told, words


def change(web: Web, source: str, **values: Any) -> None:
    with web.parts.crawler.database.write() as connection:
        connection.execute(update(sources).where(sources.c.id == source).values(**values))


def failing(web: Web, kind: str = "timeout", error: str = "It took too long.") -> None:
    change(
        web, "alpha", failures=5, error_kind=kind, error=error,
        failing_since=NOW - timedelta(days=2), last_polled=NOW - timedelta(hours=1),
    )  # fmt: skip


def test_sources_that_were_never_looked_at_are_new(web: Web) -> None:
    page = web.client.get("/status").text
    assert "Cluster Alpha" in page
    assert page.count("Not checked yet") == 2
    assert "every hour" in page


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("timeout", "The site does not answer in time. It is tried again by itself."),
        ("missing", "The page is no longer where it was. Whoever runs this page can mend it."),
        ("bot", "The site turns automatic readers away. Only the site&#39;s owner"),
        ("unheard of", "Something is wrong with the site. It is tried again by itself."),
    ],
)
def test_a_failing_source_says_why_since_when_and_what_then(web: Web, kind: str, said: str) -> None:
    failing(web, kind)
    page = web.client.get("/status").text
    assert "Out of order" in page
    assert said in page
    assert (NOW - timedelta(days=2)).isoformat(timespec="seconds") in page
    assert "1 source needs a look" in page


def test_readers_do_not_see_raw_errors_but_admins_do(web: Web) -> None:
    failing(web, "http", "503 from https://alpha.example/?key=s3cret")
    assert "s3cret" not in web.client.get("/status").text
    assert "/admin" not in web.client.get("/status").text


def test_recipients_and_people_are_not_named(web: Web) -> None:
    person = Subscription("ada", "email:ada@example.org", active_since=NOW)
    web.parts.subscriptions.enter(person, now=NOW, by="operator")
    incidents = IncidentStore(web.parts.crawler.database)
    incidents.open("email:ada@example.org", "to ada@example.org: refused", NOW)
    incidents.open("slack", "token_revoked xoxb-1234", NOW)
    incidents.open("source:alpha", "Cluster Alpha\nsecret detail", NOW)
    web.parts.deliveries.queue(
        Delivery(
            "d1",
            "ada",
            "2026-11-21",
            0,
            "email",
            "email:ada@example.org",
            "dead",
            "x",
            NOW,
            attempts=1,
        )
    )
    page = web.client.get("/status").text
    assert "ada" not in page.replace("data-label", "")
    assert "xoxb" not in page
    assert "detail" not in page
    assert "Some messages by Slack are late." in page
    assert "Some messages by e-mail are late." in page
    assert "Cluster Alpha is out of order." in page
    assert re.search(r"<strong>1</strong> not delivered", page)


def test_strangers_text_is_text_and_their_links_are_web_addresses(web: Web) -> None:
    change(web, "alpha", name="<script>alert(1)</script>\u202eevil", url="javascript:alert(1)")
    page = web.client.get("/status").text
    assert "<script>alert" not in page
    assert "javascript:" not in page
    assert "\u202e" not in page


def test_weeks_are_a_picture_with_a_text(web: Web) -> None:
    page = web.client.get("/status").text
    assert page.count("<svg") == 2
    assert 'role="img" aria-label="Items in each of the last twelve weeks: 0, 0, ' in page
    assert " style=" not in page


@pytest.mark.parametrize(("language", "said"), [("de", "Noch nicht geprüft"), ("da", "Ikke tjekk")])
def test_it_speaks_the_readers_language(web: Web, language: str, said: str) -> None:
    assert said in web.client.get(f"/status?lang={language}").text


def test_the_number_of_queries_does_not_grow_with_the_sources(make_web: MakeWeb) -> None:
    web = make_web()
    asked: list[str] = []
    engine = web.parts.crawler.database.engine
    event.listen(engine, "before_cursor_execute", lambda *values: asked.append(values[2]))
    change(web, "alpha", last_ok=NOW, last_polled=NOW)
    web.client.get("/status")
    few = len(asked)
    _more_sources(web, 200)
    web.now = NOW + timedelta(minutes=5)
    asked.clear()
    answer = web.client.get("/status")
    assert answer.text.count("<svg") == 202
    assert len(asked) <= few


def _more_sources(web: Web, count: int) -> None:
    from crawler.model.source import Source

    for number in range(count):
        source = Source(f"s{number}", f"Source {number}", f"https://s{number}.example/news")
        web.parts.crawler.sources.add(source, NOW)


def test_one_look_serves_everybody_for_a_moment(web: Web) -> None:
    assert "Out of order" not in web.client.get("/status").text
    failing(web)
    assert "Out of order" not in web.client.get("/status").text
    web.now = NOW + timedelta(seconds=30)
    assert "Out of order" in web.client.get("/status").text


def test_last_news_is_the_day_of_the_item_not_of_our_first_look(either: Web) -> None:
    put(either, 1, "Old news", words(1), published=told(40))
    put(either, 2, "Older news, found later", words(2), published=told(300), source="beta")
    put(either, 3, "Dated ahead", words(3), published=told(-90), seen=told(100))
    page = either.client.get("/status").text
    assert '<time datetime="2026-10-12">12 Oct 2026</time>' in page
    assert '<time datetime="2026-01-25">25 Jan 2026</time>' in page
    assert "2027" not in page
    log_in(either)
    assert '<time datetime="2026-10-12">12 Oct 2026</time>' in either.client.get(
        "/admin/sources"
    ).text  # fmt: skip


def test_a_day_without_a_time_prints_none(web: Web) -> None:
    listed = RawItem(
        "https://alpha.example/1", "A story", Published.on(date(2026, 11, 20), UTC), "A story told."
    )
    reading = Reading("alpha", kind="listing", listed=(listed,), entries=(Entry(listed),))
    web.parts.crawler.ingest.store(reading, NOW)
    log_in(web)
    page = web.client.get("/admin/sources/alpha?lang=de").text
    assert '<time datetime="2026-11-20">20. Nov. 2026</time>' in page
    assert "00:00<" not in page
