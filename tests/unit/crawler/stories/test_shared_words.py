"""What the words of one language say, for a story and against it, and which words name nothing."""

from __future__ import annotations

import pytest

from crawler.stories import links, weights
from crawler.stories.anchors import Anchor, anchors
from crawler.stories.evaluate import story_items
from crawler.stories.items import StoryItem
from crawler.stories.links import compare
from crawler.stories.rarity import Counts

BAKERY = (
    "V Kvasicích otevřela rodinná pekárna druhou prodejnu",
    "Rodinná pekárna otevřela v Kvasicích druhou prodejnu. Zákazníci zde najdou kváskový chléb, "
    "koláče a kavárnu s terasou. Peče se od čtyř ráno, nabídka se mění podle ročního období. "
    "Rodina vložila do prodejny pět milionů korun.",
)
BRIDGE = (
    "Lávka v Kvasicích půjde do opravy",
    "Lávka přes řeku v Kvasicích půjde na podzim do opravy. Dělníci vymění mostovku, zábradlí "
    "i osvětlení. Chodci budou muset použít náhradní trasu kolem nádraží. "
    "Město dá na opravu osm milionů korun.",
)
SHOP = (
    "Kvasice: pekárna má druhou prodejnu",
    "Kváskový chléb, koláče a kavárna s terasou: rodinná pekárna má v Kvasicích druhou prodejnu. "
    "Nabídka se mění podle ročního období a peče se už od čtyř ráno.",
)


ROBOTS = (
    "Belmora erhält 3,2 Millionen Euro für Greifer",
    "Die Belmora entwickelt Greifer für Werkstätten. Landwirte, Handwerker und Spediteure haben "
    "den Entwurf geprüft, die Molkereien des Tals stellen ein Fließband bereit. Die Nachfrage der "
    "Zulieferer wächst, sagt der Vorstand. Auszubildende lernen an den Prüfständen, bis zum "
    "Jahresende soll die Halle stehen. Die Nachbarn hoffen auf Aufträge für ihre Werften.",
)
SENSORS = (
    "Quentus und Olvari arbeiten an Sensoren",
    "Quentus und Olvari bauen Sensoren, die Landwirte am Feldrand ablesen. Auch Handwerker und "
    "Spediteure sollen sie nutzen. In den Molkereien hängen die ersten am Fließband, die Werften "
    "folgen im Frühling. Wegen der Nachfrage suchen die Zulieferer Auszubildende, die messen, was "
    "in den Werkstätten niemand sieht.",
)


def _items(*told: tuple[str, str], language: str = "cs") -> list[StoryItem]:
    return story_items(
        {"id": f"i{n}", "url": f"https://host{n}.example/{n}", "published": "2026-05-05",
         "lang": language, "title": title, "text": text, "story": f"s{n}"}
        for n, (title, text) in enumerate(told)
    )  # fmt: skip


def _margin(one: StoryItem, other: StoryItem) -> float:
    return compare(one, other, Counts()).margin


def test_other_news_of_a_town_that_nobody_knows_stays_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bakery, bridge, shop = _items(BAKERY, BRIDGE, SHOP)
    apart, together = _margin(bakery, bridge), _margin(bakery, shop)
    assert apart < 0 < together
    monkeypatch.setattr(links, "FOREIGN", 0.0)
    assert _margin(bakery, bridge) > 0, "its name alone would make them one"
    assert _margin(bakery, shop) == together


def test_the_nouns_of_a_field_make_no_story_in_an_empty_archive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    robots, sensors = _items(ROBOTS, SENSORS, language="de")
    assert _margin(robots, sensors) < 0
    monkeypatch.setattr(weights, "FURTHER_NAME", 1.0)
    assert _margin(robots, sensors) > 0, "where each says as much as the first, they would"


def test_a_line_is_too_short_to_miss_words_in() -> None:
    long, short = _items(BAKERY, ("Kvasice: nová prodejna", "Pekaři z Kvasic se rozšiřují."))
    assert links._foreign(long, short) > links.MOST_FOREIGN / 2


@pytest.mark.parametrize("language", sorted(links.SHORT_WORDS))
def test_words_no_longer_than_stems_say_nothing(language: str) -> None:
    one, other = _items(BAKERY, BRIDGE, language=language)
    assert links._foreign(one, other) == 0


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Wales and South Korea agree"),
        ("no", "Norge og Sør-Korea går sammen"),
        ("nl", "Limburg en Zuid-Korea tekenen"),
        ("pt", "Aveiro e Coreia do Sul assinam"),
        ("it", "Friuli e Corea del Sud insieme"),
        ("fi", "Oulu ja Etelä-Korea jatkavat"),
        ("cs", "Brno a Jižní Korea podepsaly"),
    ],
)
def test_a_country_is_a_place_and_no_rare_name(language: str, text: str) -> None:
    found = anchors(text, language)
    assert Anchor("place", "korea") in found
    named = [one.key for one in found if one.kind in ("name", "pair")]
    assert [key for key in named if "kore" in key or "core" in key or "su" in key] == []


@pytest.mark.parametrize(
    ("language", "text", "wrong"),
    [
        ("es", "Los tres centros", "number:60"),
        ("pt", "Os tres centros", "number:60"),
        ("nl", "Onze drie centra", "number:11"),
        ("pt", "Os centros", "concept:bone"),
        ("sv", "De tre centren kostar fem miljoner", "concept:environment"),
        ("fi", "Keskus saa viisi miljoonaa", "concept:environment"),
    ],
)
def test_a_word_is_read_in_its_own_language(language: str, text: str, wrong: str) -> None:
    assert wrong not in {str(one) for one in anchors(text, language)}


def test_in_danish_it_is_sixty() -> None:
    assert Anchor("number", "60") in anchors("Der kom tres gæster", "da")
