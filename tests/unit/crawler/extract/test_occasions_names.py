"""Gatherings called after a day are events with their place; days that only sound so are none."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from crawler.extract.occasions import find_occasions
from crawler.model.occasion import EVENT
from tests.cost import bounded

BERLIN = ZoneInfo("Europe/Berlin")
PUBLISHED = date(2026, 11, 20)


def found(text: str, language: str) -> list[tuple[str, date, str]]:
    """The same as a title and as the only sentence of a text."""
    told = [
        find_occasions(title, body, language=language, zone=BERLIN, after=PUBLISHED)
        for title, body in ((text, ""), ("News", text))
    ]
    assert [(one.first, one.place) for one in told[0]] == [
        (one.first, one.place) for one in told[1]
    ]
    return [(one.kind, one.first, one.place) for one in told[0]]


@pytest.mark.parametrize(
    ("language", "place", "text"),
    [
        ("en", "Dresden", "Hydrogen Day on 14 January 2027 in Dresden"),
        ("en", "Dresden", "The Hydrogen Day on 14 January in Dresden brings together engineers."),
        ("en", "Aarhus", "Robotics Night in Aarhus on 14 January 2027"),
        ("en", "Vienna", "Medtech Week 2027: 14 January 2027 in Vienna"),
        ("de", "Dresden", "Wasserstofftag am 14. Januar in Dresden"),
        ("de", "Dresden", "Der Wasserstofftag am 14. Januar in Dresden bringt Fachleute zusammen."),
        ("de", "Dresden", "Hydrogen Day am 14. Januar in Dresden"),
        ("de", "Jena", "Tag der Photonik am 14. Januar 2027 in Jena"),
        ("de", "Leipzig", "Medizintechniktage in Leipzig am 14. Januar 2027"),
        ("da", "Aarhus", "Brintdag den 14. januar 2027 i Aarhus"),
        ("da", "Odense", "Robotdagen den 14. januar i Odense samler virksomheder."),
        ("fr", "Lyon", "Journée de l'hydrogène le 14 janvier 2027 à Lyon"),
        ("fr", "Lyon", "La Journée Photonique du 14 janvier 2027 à Lyon réunira 200 entreprises."),
        ("ko", "드레스덴", "1월 14일 드레스덴에서 수소 데이"),
        ("ko", "서울", "수소의 날 2027년 1월 14일 서울에서"),
        ("nl", "Utrecht", "Waterstofdag op 14 januari 2027 in Utrecht"),
        ("sv", "Lund", "Vätgasdagen den 14 januari 2027 i Lund"),
    ],
)
def test_a_named_day_with_its_place_is_an_event(language: str, place: str, text: str) -> None:
    assert found(text, language) == [(EVENT, date(2027, 1, 14), place)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The Hydrogen Day on 14 January 2026 in Dresden drew 200 engineers."),
        ("en", "Delivery Day on 14 January 2027 is the target."),
        ("en", "Hydrogen Day: closed on 14 January 2027 in Dresden."),
        ("en", "Every Day from 14 January 2027 in Dresden a bus runs."),
        ("en", "Working Days from 4 January 2027 in Berlin are counted."),
        ("en", "The plant opens on 14 January 2027 in Dresden."),
        ("en", "She becomes director on 1 January 2027 in Dresden."),
        ("de", "Der Landtag beschließt am 14. Januar in Dresden den Haushalt."),
        ("de", "Donnerstag, 14. Januar 2027 in Jena."),
        ("de", "Feiertag am 6. Januar in Sachsen-Anhalt: Das Büro ist zu."),
        ("de", "Montage am 14. Januar 2027 in Halle."),
        ("de", "Geburtstag am 14. Januar in Dresden: Er wird 60."),
        ("de", "Gründungstag am 14. Januar 2027 in Jena."),
        ("da", "Mandag den 11. januar 2027 i Aarhus overtager hun posten."),
        ("fr", "Le contrat court jusqu’au 14 janvier 2027 à Lyon."),
        ("ko", "데이터 센터는 2027년 1월 14일 서울에서 문을 연다."),
    ],
)
def test_other_days_are_none(language: str, text: str) -> None:
    assert found(text, language) == []


@pytest.mark.parametrize(
    "piece", ["Aa Day ", "Journée ", "Tag der Aa ", "Aaatag der ", "A-", "데이 "]
)
def test_many_names_cost_little(piece: str) -> None:
    text = f"{piece * 3_000}am 14. Januar 2027 in Dresden"
    with bounded():
        find_occasions(text, text, language="de", zone=BERLIN, after=PUBLISHED)
