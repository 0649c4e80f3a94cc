"""Material changes: what is marked, in the item's own words, and what is a mere edit."""

from __future__ import annotations

import pytest

from crawler.stories.changes import MAX_WORDS, is_correction, material_change

TITLE = "Brunnhagen eröffnet Zentrum für Keramik"
TEXT = (
    "Die Stadt Brunnhagen eröffnet am 4. Mai 2026 ein Zentrum für Keramik. Das Institut QRTM "
    "stellt dafür 17,4 Millionen Euro bereit.\n\n"
    "Im Zentrum arbeiten künftig 143 Menschen. Die Leitung hat Professorin Irmgard Tolkenbach."
)


def _kind(title: str = TITLE, text: str = TEXT, language: str = "de") -> str:
    return material_change((TITLE, TEXT), (title, text), language).partition(":")[0]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (f"Korrektur: {TITLE}", "corrected"),
        (f"Berichtigung: {TITLE}", "corrected"),
        (f"Correction: {TITLE}", "corrected"),
        (f"Rettelse: {TITLE}", "corrected"),
        (f"Rectificatif : {TITLE}", "corrected"),
        (f"Sprostowanie: {TITLE}", "corrected"),
        (f"Rettifica: {TITLE}", "corrected"),
        (f"[정정] {TITLE}", "corrected"),
        ("Meldung zurückgezogen", "withdrawn"),
        (f"{TITLE} (withdrawn)", "withdrawn"),
        (f"ABGESAGT: {TITLE}", "cancelled"),
        (f"Aflyst: {TITLE}", "cancelled"),
        (f"Annulé : {TITLE}", "cancelled"),
        (f"Odwołane: {TITLE}", "cancelled"),
        (f"Annullato: {TITLE}", "cancelled"),
        (f"행사 취소: {TITLE}", "cancelled"),
        (f"Verschoben: {TITLE}", "postponed"),
        (f"Udsat til maj: {TITLE}", "postponed"),
    ],
)
def test_a_title_that_says_so_marks_the_change(title: str, kind: str) -> None:
    assert _kind(title) == kind


def test_the_change_is_told_in_the_items_own_words() -> None:
    notice = "Anders als zunächst gemeldet, arbeiten dort 134 Menschen."
    change = material_change((TITLE, TEXT), (TITLE, f"{TEXT}\n\n{notice}"), "de")
    assert change == f"corrected: {notice}"


def test_an_exchanged_amount_or_day_in_the_lead_is_another_fact() -> None:
    assert _kind(text=TEXT.replace("17,4", "14,7")) == "amount"
    assert _kind(text=TEXT.replace("4. Mai", "11. Mai")) == "date"
    assert _kind(TITLE.replace("Zentrum", "Zentrum am 5. Juni")) == "", "only added"


def test_edits_are_no_material_changes() -> None:
    assert _kind() == ""
    assert _kind(text=TEXT.replace("künftig", "bald")) == ""
    assert _kind(text=TEXT + "\n\nWeitere Bilder finden Sie im Archiv des Zentrums.") == ""
    assert _kind(text=TEXT.partition("\n")[0]) == ""


def test_a_text_about_a_cancelled_event_is_not_changed_by_every_edit() -> None:
    old = ("Forum abgesagt", "Das Forum ist abgesagt. Karten werden erstattet.")
    assert material_change(old, (old[0], old[1] + " Wir bedauern das."), "de") == ""


def test_a_change_is_bounded() -> None:
    assert len(material_change(("A", "b"), ("Korrektur: " + "a" * 5000, "b"))) <= MAX_WORDS


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Korrektur: Eröffnung erst im Mai", True),
        ("[Correction] Opening in May", True),
        ("Korrekturbrillen aus dem Drucker", False),
        ("Neue Korrektur der Wirbelsäule", False),
    ],
)
def test_a_title_that_corrects_another_is_told_from_news_about_corrections(
    title: str, said: bool
) -> None:
    assert is_correction(title) is said
