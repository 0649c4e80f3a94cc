"""Fingerprints: equal for the same news, whatever page it stands on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.stories.fingerprint import PERMUTATIONS, fingerprint, jaccard
from crawler.stories.text import body, fold, is_furniture, sentence_key

TEXT = (
    "Die Städte Brunnhagen und Hwaseong haben am 4. Mai 2026 ein Zentrum für Keramik eröffnet. "
    "Das Institut QRTM stellt dafür 17,4 Millionen Euro bereit.\n\n"
    "Im Zentrum arbeiten künftig 143 Menschen. Die Leitung hat Professorin Irmgard Tolkenbach."
)


def test_the_same_text_gives_the_same_fingerprint_in_every_process() -> None:
    found = fingerprint("Titel", TEXT, language="de")
    assert found == fingerprint("Titel", TEXT, language="de")
    assert len(found.sketch) == 4 * PERMUTATIONS
    assert all(-(2**63) <= band < 2**63 for band in found.bands)


def test_page_furniture_does_not_change_the_content() -> None:
    page = f"Start > Presse > Meldungen\n\n{TEXT}\n\nKontakt: Stadt Brunnhagen, Markt 1"
    assert fingerprint("T", page).content_hash == fingerprint("T", TEXT).content_hash


def test_boilerplate_of_the_source_is_left_out() -> None:
    line = "Dieses Angebot wird von vielen Freunden der Keramik im ganzen Land unterstützt."
    known = {sentence_key(line)}
    page = fingerprint("T", f"{TEXT}\n\n{line}", source_boilerplate=known)
    assert page.content_hash == fingerprint("T", TEXT).content_hash


def test_an_excerpt_shares_sentences_with_its_original() -> None:
    excerpt = fingerprint("Kurz", TEXT.partition("\n")[0])
    assert set(excerpt.bands) & set(fingerprint("Lang", TEXT).bands)


def test_copies_are_alike_and_other_news_are_not() -> None:
    copy = fingerprint("T", TEXT.replace("143", "144"))
    other = fingerprint("T", "Wagenfurt sucht Ideen für den Hafen. Eine Jury wählt drei Entwürfe.")
    assert jaccard(fingerprint("T", TEXT), copy) > 0.7
    assert jaccard(fingerprint("T", TEXT), other) < 0.1
    assert jaccard(fingerprint("", ""), other) == 0.0


def test_an_item_without_text_has_only_its_title() -> None:
    found = fingerprint("Brunnhagen gewinnt", "")
    assert (found.bands, found.sketch, found.content_hash) == ((), b"", "")
    assert found.title_hash
    assert found.title_set


@pytest.mark.parametrize(
    "line",
    [
        "Start > Presse > Meldungen",
        "Über uns: Wir sind ein Verband.",
        "Über Keratec e.V.: Der Verband vertritt seit 1994 die Hersteller technischer Keramik.",
        "About Keratec: the association has spoken for makers of ceramics since 1994, they say.",
        "Contact Irmgard Tolkenbach for the programme and for pictures of the opening, please.",
        "Impressum | Datenschutz",
        "Newsletter abonnieren. Alle Nachrichten.",
        "© Stadt Brunnhagen",
        "기사 저작권은 본지에 있습니다.",
    ],
)
def test_furniture_is_recognised(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Die Stadt hat ein Zentrum für Keramik eröffnet.",
        TEXT.partition("\n")[0],
        "Über die Spree in Brunnhagen führt seit Mittwoch ein gedruckter Steg aus Beton.",
        "About forty companies came to Brunnhagen to see how the new furnace is heated.",
        "Contact lenses made in Brunnhagen measure the pressure in the eye all day long.",
        "Shared bicycles will be lent to the guests of the fair in Brunnhagen this year.",
        "원주시가 독일에서 열린 의료기기 전시회에 참가해 여러 기업의 제품을 선보였다.",
    ],
)
def test_news_is_no_furniture(line: str) -> None:
    assert not is_furniture(line)


def test_a_page_of_furniture_alone_keeps_its_words() -> None:
    assert body("Impressum | Kontakt") == ["Impressum | Kontakt"]


@given(st.text(max_size=200))
def test_folding_is_stable(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(st.text(max_size=300), st.text(max_size=600))
def test_any_text_has_a_fingerprint(title: str, text: str) -> None:
    found = fingerprint(title, text, language="de")
    assert found.titled <= len(found.anchors)
