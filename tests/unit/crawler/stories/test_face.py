"""A story's face: who leads, and the sentence that carries the evidence."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.item import Item
from crawler.model.topic import Evidence
from crawler.stories.face import excerpt, lead, led

SEEN = datetime(2026, 11, 21, tzinfo=UTC)
TEXT = (
    "Start > Presse\n\n"
    "Die Stadt Brunnhagen lädt ein. Am Dienstag zeigt das Institut, wie künstliche Intelligenz "
    "beim Brennen von Keramik hilft und wie viel Energie sich damit sparen lässt. "
    "Der Eintritt ist frei.\n\n- Kaffee gibt es auch."
)


def _item(key: str, language: str, text: str, copy_of: str | None = None) -> Item:
    url = f"https://example.org/{key}"
    return Item(key, "s", url, url, key, "", None, SEEN, language, text, duplicate_of=copy_of)


def _evidence(text: str, *quotes: str) -> list[Evidence]:
    return [
        Evidence("text", text.index(q), text.index(q) + len(q), q, f"c{n}")
        for n, q in enumerate(quotes)
    ]


def test_an_original_leads_before_its_copies() -> None:
    original, copy = _item("a", "de", "kurz"), _item("b", "de", "viel länger", "a")
    assert lead([copy, original], "de").id == "a"


def test_the_readers_language_leads_before_others() -> None:
    german, english = _item("a", "de", "viel länger"), _item("b", "en", "short")
    assert lead([german, english], "en").id == "b"
    assert lead([german, english], "fr").id == "a"


def test_the_fullest_text_leads() -> None:
    assert lead([_item("a", "de", "kurz"), _item("b", "de", "länger")], "de").id == "b"


def test_no_later_translation_leads_where_nobodys_language_is_asked_for() -> None:
    original = _item("a", "de", "kurz")
    later = replace(_item("b", "en", "a longer translation"), first_seen=SEEN + timedelta(days=1))
    copy = replace(_item("c", "da", "kopi", "a"), first_seen=SEEN - timedelta(days=1))
    assert [one.id for one in led([later, copy, original])] == ["a", "b", "c"]
    assert [one.id for one in led([later, copy, original], "en")] == ["b", "c", "a"]


def test_a_story_without_items_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        lead([], "de")


def test_the_sentence_with_the_evidence_is_shown_and_marked() -> None:
    found = excerpt("Titel", TEXT, _evidence(TEXT, "künstliche Intelligenz"), 400)
    assert found.text.startswith("Am Dienstag")
    assert [found.text[a:b] for a, b in found.marks] == ["künstliche Intelligenz"]


def test_without_evidence_the_first_sentence_of_the_news_is_shown() -> None:
    assert excerpt("Titel", TEXT, [], 160).text == "Die Stadt Brunnhagen lädt ein."


def test_a_sentence_that_repeats_the_title_comes_last() -> None:
    assert excerpt("Die Stadt Brunnhagen lädt ein", TEXT, [], 400).text.startswith("Am Dienstag")


@pytest.mark.parametrize("length", [100, 60, 40, 25])
def test_a_long_sentence_is_cut_around_the_evidence(length: int) -> None:
    found = excerpt("Titel", TEXT, _evidence(TEXT, "Keramik"), length)
    assert len(found.text) <= length
    assert [found.text[a:b] for a, b in found.marks] == ["Keramik"]
    assert "…" in found.text


def test_cuts_are_at_words() -> None:
    found = excerpt("Titel", TEXT, _evidence(TEXT, "künstliche Intelligenz"), 70)
    words = set(TEXT.split())
    assert set(found.text.strip("…").split()) <= words | {w.rstrip(",.") for w in words}


def test_length_nought_and_empty_texts_give_nothing() -> None:
    assert excerpt("T", TEXT, [], 0).text == ""
    assert excerpt("T", "  \n ", [], 160).text == ""


def test_abbreviations_do_not_end_the_sentence() -> None:
    text = "Laut Prof. Dr. Tolken ist z. B. am 3. Mai alles fertig. Danach beginnt der Bau."
    assert excerpt("T", text, [], 160).text == text.partition(" Danach")[0]


def test_evidence_outside_the_text_is_ignored() -> None:
    wrong = [Evidence("text", 5, 10_000, "x", "c"), Evidence("title", 0, 3, "x", "c")]
    assert excerpt("T", TEXT, wrong, 160).marks == ()


@given(
    st.text(st.sampled_from("a한é\u0301👩\u200d💻🇩🇪🏽 .\n"), max_size=120),
    st.integers(0, 60),
    st.integers(0, 119),
)
def test_excerpts_fit_and_never_break_clusters(text: str, length: int, start: int) -> None:
    evidence = [Evidence("text", start, start + 2, "", "c")]
    found = excerpt("T", text, evidence, length)
    assert len(found.text) <= length
    for low, high in found.marks:
        assert 0 <= low < high <= len(found.text)
    inner = found.text.strip("…")
    if inner and inner != text.strip() and inner in text and length > 12:
        end = text.index(inner) + len(inner)
        if end < len(text) and len(inner.split()) == 1 and len(inner) > 8:
            assert not unicodedata.combining(text[end])


@pytest.mark.parametrize(
    ("length", "cut"), [(42, "Die Vereine aus Brunnhagen haben am…"), (50, None)]
)
def test_no_cut_leaves_a_number_without_what_it_counts(length: int, cut: str | None) -> None:
    text = "Die Vereine aus Brunnhagen haben am 16. November einen Vertrag unterzeichnet."
    expected = cut or "Die Vereine aus Brunnhagen haben am 16. November…"
    assert excerpt("Titel", text, [], length).text == expected


@pytest.mark.parametrize("amount", ["2,4", "1.250.000", "3.5"])
def test_no_cut_leaves_an_amount_without_its_unit(amount: str) -> None:
    text = f"Der Kreis fördert Sensoren in der Gießerei mit {amount} Millionen Euro im Jahr."
    shown = excerpt("Titel", text, [], text.index(" Millionen") + 1).text
    assert shown == "Der Kreis fördert Sensoren in der Gießerei mit…"
