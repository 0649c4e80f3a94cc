"""Anchors: what two tellings share whatever their language."""

from __future__ import annotations

import pytest

from crawler.stories.anchors import MAX_ANCHORS, Anchor, anchors
from crawler.stories.gazetteer import gazetteer
from crawler.stories.rarity import Counts, information, prior
from crawler.stories.readings import MAX_RUNS, Lexicon, name_key
from crawler.stories.sounds import hangul_noun, hangul_sounds, latin_sound
from crawler.stories.text import fold


def _keys(text: str, language: str, kind: str) -> set[str]:
    return {anchor.key for anchor in anchors(text, language) if anchor.kind == kind}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Sachsen und Südkorea in Kopenhagen, München und Warschau"),
        ("en", "Saxony and South Korea in Copenhagen, Munich and Warsaw"),
        ("da", "Sachsen og Sydkorea i København, München og Warszawa"),
        ("fr", "La Saxe et la Corée à Copenhague, Munich et Varsovie"),
        ("pl", "Saksonia i Korea w Kopenhadze, Monachium i Warszawie"),
        ("ko", "작센과 한국, 코펜하겐과 뮌헨, 바르샤바에서"),
    ],
)
def test_places_have_one_key_in_every_language(language: str, text: str) -> None:
    assert {"saxony", "korea", "copenhagen", "munich", "warsaw"} <= _keys(text, language, "place")


def test_names_lose_their_inflection() -> None:
    assert name_key("gliwicach", "pl") == name_key("gliwice", "pl")
    assert name_key("syddanmarks") == name_key("syddanmark")
    assert name_key("ikts") == "ikts"


def test_capitals_at_the_beginning_of_a_sentence_are_no_names() -> None:
    assert not _keys("Zudem ist es gut. The end.", "de", "name") & {"zudem", "the"}


def test_shaped_names_stay_whole() -> None:
    found = _keys("Das Projekt BioMan4R2 und MAS-AI von CAI-X mit KEIT", "de", "name")
    assert {"bioman4r2", "mas-ai", "cai-x", "keit"} <= found


def test_neighbouring_names_make_a_pair() -> None:
    assert "tolken brandov" in _keys("Das sagte Tolken Brandov gestern.", "de", "pair")


def test_quoted_titles_and_addresses_are_anchors() -> None:
    text = "Das Angebot „MessePlus“ unter https://www.example.org/plus oder info@example.org."
    assert "messeplus" in _keys(text, "de", "title")
    assert {"example.org/plus", "info@example.org"} <= _keys(text, "de", "address")


def test_soft_hyphens_do_not_split_names() -> None:
    assert _keys("Das Tech\u00adnologie\u00adforum Brunn\u00adhagen", "de", "name") == _keys(
        "Das Technologieforum Brunnhagen", "de", "name"
    )


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [("노보노디스크", "Novo Nordisk"), ("프라운호퍼", "Fraunhofer"), ("드레스덴", "Dresden")],
)
def test_foreign_names_sound_alike_in_hangul(hangul: str, latin: str) -> None:
    assert latin_sound(latin) in hangul_sounds(hangul)


def test_korean_particles_and_verbs_are_set_aside() -> None:
    assert hangul_noun("테크노밸리가") == "테크노밸리"
    assert hangul_noun("추진하기로") == ""


def test_anchors_are_bounded() -> None:
    text = " ".join(f"Namen{n:05d}x" for n in range(5000))
    assert len(anchors(text, "de")) <= MAX_ANCHORS


def test_hostile_text_is_read_in_bounded_time() -> None:
    for text in ("a-" * 20000, "„" * 20000, "1." * 20000, "A." * 20000, "@" * 20000, "Xx " * 20000):
        anchors(text, "de")


def test_keys_fit_the_index() -> None:
    text = "Ab" * 200 + " " + "Cd" * 200 + " „" + "Titel " * 9 + "“ www.example.org/" + "x" * 300
    assert all(len(str(anchor)) <= 80 for anchor in anchors(text, "de"))


def test_rare_anchors_say_more_than_common_ones() -> None:
    rare, common = Anchor("name", "tolkenbach"), Anchor("place", "germany")
    assert prior(rare) < prior(common)
    assert information(rare, Counts()) > information(common, Counts())


def test_what_the_archive_holds_often_says_less() -> None:
    anchor = Anchor("name", "tolkenbach")
    often = Counts(10_000, {anchor: 3_000})
    assert information(anchor, often) < information(anchor, Counts(10_000, {anchor: 1}))
    alone = Counts(100, {anchor: 5})
    assert information(anchor, alone, own=5) > information(anchor, alone)


def test_every_form_of_the_lists_leads_to_an_entry() -> None:
    table = gazetteer()
    assert len(table.exact) > 500
    assert table.find("wasserstoffzentrum") == table.find("hydrogen")
    assert table.find("tolkenbach") is None


def test_what_is_remembered_of_hostile_texts_is_bounded() -> None:
    known = Lexicon("de")
    assert known["Brunnhagen-" * 100], "a run without end is read"
    assert not known, "and never remembered"
    known.update(dict.fromkeys(map(str, range(MAX_RUNS)), ()))
    assert known["Brunnhagen"]
    assert list(known) == ["Brunnhagen"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź, Straße’s", "lodz, strasse's"),
        ("E\u0301te\u0301", "ete"),
        ("ΟΔΟΣ ΣΟΦΙΑΣ", "οδος σοφιας"),
        ("Ä\u1112\u1161\u11ab 국", "a한 국"),
    ],
)
def test_marks_and_letters_go_with_their_neighbours(text: str, folded: str) -> None:
    assert fold(text) == folded
