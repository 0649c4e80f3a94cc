"""Events and deadlines in sentences: what counts, what does not, and with which words."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from crawler.extract.occasions import MOST, find_occasions
from crawler.model.occasion import Occasion
from tests.cost import bounded

BERLIN = ZoneInfo("Europe/Berlin")
AFTER = date(2026, 11, 20)


def found(text: str, language: str = "en", title: str = "News of the cluster") -> list[Occasion]:
    return list(find_occasions(title, text, language=language, zone=BERLIN, after=AFTER))


def told(one: Occasion) -> str:
    """An occasion as a test writes it: kind, start, end, place."""
    form = "%Y-%m-%d" if one.all_day else "%Y-%m-%dT%H:%M"
    end = f"/{one.end.strftime(form)}" if one.end else ""
    return f"{one.kind} {one.start.strftime(form)}{end} {one.place}".strip()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The workshop takes place on 12 March 2027 in Ghent.", "event 2027-03-12 Ghent"),
        ("en", "The fair runs 12-14 March 2027 in Turin.", "event 2027-03-12/2027-03-14 Turin"),
        ("en", "Summit: March 30 – April 2, 2027", "event 2027-03-30/2027-04-02"),
        ("en", "Join our webinar on Tuesday, 1 December, 2 pm to 3:30 pm.",
         "event 2026-12-01T14:00/2026-12-01T15:30"),
        ("en", "The workshop on 12 March 2027 at 10:00 KST is free.", "event 2027-03-12T10:00"),
        ("en", "Apply by 15 January 2027.", "deadline 2027-01-15"),
        ("en", "The call is open from 1 December 2026 to 31 January 2027.", "deadline 2027-01-31"),
        ("de", "Die Tagung findet vom 12. bis 14. März 2027 in Jena statt.",
         "event 2027-03-12/2027-03-14 Jena"),
        ("de", "Einladung zum Forum am 30.11.2026, 18:00 bis 20:00 Uhr",
         "event 2026-11-30T18:00/2026-11-30T20:00"),
        ("de", "Bewerbungsschluss ist der 1. Februar 2027.", "deadline 2027-02-01"),
        ("de", "Die Messe läuft vom 02.03.–04.03.2027.", "event 2027-03-02/2027-03-04"),
        ("da", "Konferencen afholdes den 4. februar 2027 i Odense.", "event 2027-02-04 Odense"),
        ("da", "Tilmelding senest den 20. januar 2027.", "deadline 2027-01-20"),
        ("fr", "Le salon se tiendra du 9 au 11 mars 2027 à Lyon.",
         "event 2027-03-09/2027-03-11 Lyon"),
        ("fr", "Les dossiers sont à déposer avant le 10 janvier 2027.", "deadline 2027-01-10"),
        ("ko", "세미나는 2027년 3월 12일~14일 서울에서 개최된다.",
         "event 2027-03-12/2027-03-14 서울"),
        ("nl", "Inschrijven kan tot 1 februari 2027.", "deadline 2027-02-01"),
    ],
)  # fmt: skip
def test_what_is_announced_is_found(language: str, text: str, expected: str) -> None:
    assert [told(one) for one in found(text, language)] == [expected]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The workshop took place on 12 November 2026 in Ghent."),
        ("en", "The workshop series was founded on 3 May 2011."),
        ("en", "The conference hotel is closed from 24 December 2026 to 2 January 2027."),
        ("en", "The regulation on trade fairs takes effect on 1 July 2027."),
        ("en", "Anna Berg will take over the forum's office on 1 January 2027."),
        ("en", "The project runs until 31 December 2028."),
        ("en", "Published 23 November 2026 by the press office."),
        ("en", "The report on workshops is available until 31 January 2027."),
        ("en", "Phase 1 may begin with a workshop."),
        ("de", "Öffnungszeiten der Ausstellung: ab 1. Dezember 2026 täglich 10–18 Uhr."),
        ("de", "Das Gesetz tritt am 1. April 2027 in Kraft."),
        ("de", "Die Förderung läuft bis zum 31. Dezember 2028."),
        ("da", "Hun tiltræder den 1. januar 2027."),
        ("fr", "Le décret entrera en vigueur le 1er juillet 2027."),
        ("ko", "이 시설은 2027년 3월 1일부터 가동된다."),
    ],
)
def test_other_dates_are_none(language: str, text: str) -> None:
    assert found(text, language) == []


def test_a_day_without_a_year_agrees_with_its_weekday_and_lies_near() -> None:
    assert [told(one) for one in found("The workshop is on Thursday, 10 December.")] == [
        "event 2026-12-10"
    ]
    assert found("The workshop is on Friday, 10 December.") == []
    assert found("The workshop is on 19 November.") == []


def test_the_quote_stands_where_it_says() -> None:
    text = "First words.\n\n- Symposium: 6–7 May 2027, Eindhoven\n\nLast words of 2026."
    (one,) = found(text)
    assert (one.field, one.place) == ("text", "Eindhoven")
    assert (
        text[one.at : one.at + len(one.quote)] == one.quote == "Symposium: 6–7 May 2027, Eindhoven"
    )
    (one,) = found("Details follow.", title="Save the date: workshop on 12 March 2027 in Jena")
    assert (one.field, one.at) == ("title", 0)


def test_a_month_in_full_ends_a_sentence_and_a_short_one_does_not() -> None:
    (one,) = found("The call opened today and closes on 29 May 2027. Each team needs a company.")
    assert one.quote == "The call opened today and closes on 29 May 2027."
    (one,) = found("The call closes on 29 May. Each team needs 3 companies, says Dr. Berg.")
    assert one.quote == "The call closes on 29 May."
    (one,) = found("The workshop on 3 Feb. In Jena 20 people meet.")
    assert one.quote == "The workshop on 3 Feb. In Jena 20 people meet."


def test_lines_below_say_time_and_place() -> None:
    text = "Datum: 14. januar 2027\nTid: kl. 9.00-15.30\nSted: Syddansk Universitet, Odense"
    assert [told(one) for one in found(text, "da", "Temadag om data")] == [
        "event 2027-01-14T09:00/2027-01-14T15:30 Syddansk Universitet"
    ]


def test_a_time_with_a_zone_keeps_it() -> None:
    (one,) = found("The workshop takes place on 12 March 2027 at 10:00 KST.")
    assert one.start.utcoffset() is not None
    assert one.start.isoformat() == "2027-03-12T10:00:00+09:00"
    (one,) = found("The workshop takes place on 12 July 2027 at 10:00.")
    assert one.start.isoformat() == "2027-07-12T10:00:00+02:00"


def test_an_event_told_twice_stands_once_with_what_both_say() -> None:
    text = (
        "The workshop will be held on 12 March 2027 in Ghent. Doors open early.\n\n"
        "The workshop starts on 12 March 2027 at 10:00."
    )
    assert [told(one) for one in found(text)] == ["event 2027-03-12T10:00 Ghent"]


def test_a_list_of_dates_is_bounded() -> None:
    days = "\n".join(f"- Workshop: {day} March 2027" for day in range(1, 29))
    assert len(found(days)) == MOST


@pytest.mark.parametrize(
    "part",
    ["1 March 2027 ", "12.", "von 9 bis ", "workshop 12 ", "in Aaa Bbb Ccc ", "a. ", "kl. 9-", "1–",
     "2027-03-12 to ", "Ort: Xxx, ", "(12 March, ", ".  ", "12 Mai bis "],
)  # fmt: skip
def test_hostile_texts_cost_little(part: str) -> None:
    with bounded():
        found(part * 10_000, "de", part * 200)
        found("Workshop " + part * 10_000, "en")


def test_a_clock_time_ends_a_sentence() -> None:
    proposals = "Proposals must be submitted by 15 December 2026 at 17:00."
    event = "The information event takes place on 1 December 2026 in Ghent."
    assert {one.quote for one in found(f"{proposals} {event}")} == {proposals, event}
