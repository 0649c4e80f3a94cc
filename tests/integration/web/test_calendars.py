"""Calendars of what items announce: valid, stable, asked for conditionally, and on the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.integration.web.conftest import NOW, MakeWeb, Web
from tests.integration.web.stock import KOREA, put, told, words

WORKSHOP = f"{KOREA} Der Workshop findet am 12. März 2027 um 10 Uhr in Dresden statt."
FAIR = f"{words(5)} The fair runs from 30 March to 2 April 2027 in Turin. {words(6)}"
CALL = f"{words(8)} Apply by 15 January 2027."


@pytest.fixture
def web(make_web: MakeWeb) -> Web:
    return make_web(web='archive = "public"')


def events(web: Web, path: str = "/calendar.ics") -> list[Any]:
    answer = web.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    assert calendar["prodid"]
    found: list[Any] = list(calendar.walk("VEVENT"))
    for event in found:
        for name in ("uid", "dtstamp", "dtstart", "summary", "sequence", "status"):
            assert event[name] is not None, name
        assert event["dtstamp"].dt.tzinfo is not None
    assert len({event["uid"] for event in found}) == len(found)
    return found


def test_a_time_is_utc_and_days_are_days(web: Web) -> None:
    put(web, 1, "Sachsen lädt ein", WORKSHOP, language="de", published=told(2))
    put(web, 2, "Fair", FAIR, published=told(1))
    workshop, fair = events(web)
    assert workshop["dtstart"].dt == datetime(2027, 3, 12, 9, tzinfo=UTC)
    assert b"DTSTART:20270312T090000Z" in web.client.get("/calendar.ics").content
    assert (workshop["location"], workshop["summary"]) == ("Dresden", "Sachsen lädt ein")
    assert "Der Workshop findet" in workshop["description"]
    assert workshop["url"].startswith("https://news.example.org/stories/s")
    assert (fair["dtstart"].dt, fair["dtend"].dt) == (date(2027, 3, 30), date(2027, 4, 3))
    assert fair["dtstart"].params["value"] == "DATE"


def test_each_topic_has_its_own_and_one_that_is_gone_is_not_found(web: Web) -> None:
    put(web, 1, "Sachsen lädt ein", WORKSHOP, language="de")
    put(web, 2, "Fair", FAIR)
    assert [one["location"] for one in events(web, "/calendar/korea-cooperation.ics")] == [
        "Dresden"
    ]
    assert events(web, "/calendar/ai.ics") == []
    gone = web.client.get("/calendar/gone.ics")
    assert gone.status_code == 404
    assert gone.json()["error"].startswith('There is no topic "gone".')
    for path in ("/calendar/a%00b.ics", "/calendar/..%2f.ics", f"/calendar/{'x' * 90}.ics"):
        assert web.client.get(path).status_code == 404, path


def test_a_deadline_says_so_in_the_language_that_is_asked_for(web: Web) -> None:
    put(web, 1, "Vouchers", CALL)
    assert [one["summary"] for one in events(web)] == ["Deadline: Vouchers"]
    assert [one["summary"] for one in events(web, "/calendar.ics?lang=de")] == ["Frist: Vouchers"]
    assert [one["summary"] for one in events(web, "/calendar.ics?lang=xx")] == [
        "Deadline: Vouchers"
    ]


def test_an_entry_keeps_its_uid_while_its_day_moves_and_is_cancelled_in_the_end(web: Web) -> None:
    put(web, 1, "Fair", FAIR)
    (before,) = events(web)
    edit(web, FAIR.replace("2 April", "3 April"))
    (after,) = events(web)
    assert (after["uid"], after["sequence"], after["status"]) == (before["uid"], 1, "CONFIRMED")
    assert after["dtend"].dt == date(2027, 4, 4)
    edit(web, words(9))
    (gone,) = events(web)
    assert (gone["uid"], gone["sequence"], gone["status"]) == (before["uid"], 2, "CANCELLED")


def edit(web: Web, text: str) -> None:
    """The page of item 1 says something else now."""
    from crawler.model.item import Article, RawItem
    from crawler.model.reading import Entry, Reading

    web.now += timedelta(hours=1)
    url = "https://alpha.example/news/1"
    listed = RawItem(url, "Fair", None, language="en")
    article = Article(url, title="Fair", text=text, language="en")
    entry = Entry(listed, article, (url,))
    reading = Reading("alpha", kind="feed", watch_url="https://alpha.example/feed",
                      listed=(listed,), entries=(entry,))  # fmt: skip
    assert web.parts.crawler.ingest.store(reading, web.now).updated == 1


def test_two_tellings_of_a_story_make_one_entry(web: Web) -> None:
    put(web, 1, "Sachsen lädt ein", WORKSHOP, language="de", published=told(2))
    (before,) = events(web)
    second = put(web, 2, "Sachsen lädt ein", WORKSHOP, source="beta", language="de",
                 seen=NOW + timedelta(hours=1))  # fmt: skip
    assert second.story is not None
    (after,) = events(web)
    assert after["uid"] == before["uid"]


def test_hostile_words_stay_words(web: Web) -> None:
    title = 'Fair\r\nBEGIN:VALARM\r\n;,\\"\u202e\x07 <script>'
    put(web, 1, title, FAIR)
    (event,) = events(web)
    assert "\u202e" not in event["summary"]
    assert event["summary"].startswith("Fair BEGIN:VALARM ;,\\")
    assert event.subcomponents == []


def test_what_is_unchanged_is_not_sent_again(web: Web) -> None:
    put(web, 1, "Fair", FAIR)
    first = web.client.get("/calendar.ics")
    web.now = NOW + timedelta(days=3)
    for headers in ({"If-None-Match": first.headers["etag"]},
                    {"If-Modified-Since": first.headers["last-modified"]}):  # fmt: skip
        answer = web.client.get("/calendar.ics", headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
    edit(web, FAIR.replace("2 April", "3 April"))
    asked = {"If-None-Match": first.headers["etag"]}
    assert web.client.get("/calendar.ics", headers=asked).status_code == 200


def test_a_private_archive_keeps_its_calendars(make_web: MakeWeb) -> None:
    web = make_web(web='archive = "subscribers"')
    put(web, 1, "Fair", FAIR)
    answer = web.client.get("/calendar.ics")
    assert (answer.status_code, answer.headers["x-robots-tag"]) == (403, "noindex")
    assert "Fair" not in answer.text
    assert web.client.get("/calendar.ics?key=forged").status_code == 403


def test_pages_show_dates_and_link_the_calendar(web: Web) -> None:
    item = put(web, 1, "Sachsen lädt ein", WORKSHOP, language="de")
    page = web.client.get(f"/stories/{item.story}?lang=de").text
    assert "Termine</h2>" in page
    assert 'datetime="2027-03-12T10:00:00+01:00"' in page
    assert "Veranstaltung · Dresden" in page
    assert "<q lang=" in page
    archive = web.client.get("/archive").text
    assert 'type="text/calendar"' in archive
    assert 'href="/calendar.ics"' in archive
    topic = web.client.get("/archive?topic=korea-cooperation").text
    assert 'href="/calendar/korea-cooperation.ics"' in topic
    assert "/calendar" not in web.client.get("/archive?topic=..%2F..").text


def test_a_source_that_allows_no_excerpt_is_not_quoted(make_web: MakeWeb) -> None:
    web = make_web(web='archive = "public"\n[[sources]]\nid = "mute"\nname = "Mute"\n'
                       'url = "https://mute.example/news"\nexcerpt = 0')  # fmt: skip
    item = put(web, 1, "Fair", FAIR, source="mute")
    page = web.client.get(f"/stories/{item.story}").text
    assert "30 Mar" in page
    assert "fair runs from" not in page
    assert "fair runs from" not in web.client.get("/calendar.ics").text.replace("\r\n ", "")
