"""Material changes: what is marked, in the item's own words, and what is a mere edit."""

from __future__ import annotations

import pytest

from crawler.stories.changes import MAX_WORDS, is_correction, is_update, material_change

TITLE = "Brunnhagen eröffnet Zentrum für Keramik"
TEXT = (
    "Die Stadt Brunnhagen eröffnet am 4. Mai 2026 ein Zentrum für Keramik. Das Institut QRTM "
    "stellt dafür 17,4 Millionen Euro bereit.\n\n"
    "Im Zentrum arbeiten künftig 143 Menschen. Die Leitung hat Professorin Irmgard Tolkenbach."
)


def _change(title: str = TITLE, text: str = TEXT, language: str = "de") -> str:
    return material_change((TITLE, TEXT), (title, text), language)


@pytest.mark.parametrize(
    "title",
    [
        f"Korrektur: {TITLE}",
        f"Berichtigung: {TITLE}",
        f"Correction: {TITLE}",
        f"Rettelse: {TITLE}",
        f"Rectificatif : {TITLE}",
        f"Sprostowanie: {TITLE}",
        f"Rettifica: {TITLE}",
        f"[정정] {TITLE}",
        "Meldung zurückgezogen",
        f"{TITLE} (withdrawn)",
        f"ABGESAGT: {TITLE}",
        f"Aflyst: {TITLE}",
        f"Annulé : {TITLE}",
        f"Odwołane: {TITLE}",
        f"Annullato: {TITLE}",
        f"행사 취소: {TITLE}",
        f"Verschoben: {TITLE}",
        f"Udsat til maj: {TITLE}",
    ],
)
def test_a_title_that_says_so_is_the_change(title: str) -> None:
    assert _change(title) == title


def test_the_change_is_told_in_the_items_own_words() -> None:
    notice = "Anders als zunächst gemeldet, arbeiten dort 134 Menschen."
    change = material_change((TITLE, TEXT), (TITLE, f"{TEXT}\n\n{notice}"), "de")
    assert change == notice


def test_an_exchanged_amount_or_day_in_the_lead_is_another_fact() -> None:
    assert (
        _change(text=TEXT.replace("17,4", "14,7")) == "17\u00a0400\u00a0000 → 14\u00a0700\u00a0000"
    )
    assert _change(text=TEXT.replace("4. Mai", "11. Mai")) == "05-04 → 05-11"
    assert _change(TITLE.replace("Zentrum", "Zentrum am 5. Juni")) == "", "only added"


@pytest.mark.parametrize(
    ("language", "before", "after", "told"),
    [
        ("fr", "Bâti en deux jours", "Bâti en trois jours", "deux jours → trois jours"),
        ("de", "Zwölf Firmen bauen mit", "Elf Firmen bauen mit", "Zwölf Firmen → Elf Firmen"),
        ("en", "Centre opens with seven labs", "Centre opens with 8 labs", "seven labs → 8 labs"),
        ("da", "Fire byer går sammen", "Fem byer går sammen", "Fire byer → Fem byer"),
        ("pl", "Most w dwa dni", "Most w trzy dni", "dwa dni → trzy dni"),
        ("it", "In cinque, anzi subito", "In sei, anzi subito", "cinque, anzi → sei, anzi"),
        ("ko", "두 도시 협력", "세 도시 협력", "두 도시 → 세 도시"),
        ("de", "Die Zahl der Labore: 3", "Die Zahl der Labore: 4", "3 → 4"),
        ("de", "Von 3 auf 5 Labore", "Von 4 auf 6 Labore", "3 auf 5 Labore → 4 auf 6 Labore"),
    ],
)
def test_a_number_exchanged_in_the_title_is_another_fact(
    language: str, before: str, after: str, told: str
) -> None:
    assert material_change((before, TEXT), (after, TEXT), language) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Zwei Labore eröffnet", "2 Labore eröffnet"),
        ("1300 Gäste im Labor", "1.300 Gäste im Labor"),
        ("Labor am 05. eröffnet", "Labor am 5. eröffnet"),
        ("Zwei Labore eröffnet", "Drei neue Labore eröffnet"),
        ("Offene Stellen (12)", "Offene Stellen (13)"),
        ("Update 12:30: Labor eröffnet", "Update 14:00: Labor eröffnet"),
        ("Forum der Labore", "Forum der Labore 2026"),
    ],
)
def test_a_number_written_otherwise_or_a_counter_is_an_edit(before: str, after: str) -> None:
    assert material_change((before, TEXT), (after, TEXT), "de") == ""


def test_edits_are_no_material_changes() -> None:
    assert _change() == ""
    assert _change(text=TEXT.replace("künftig", "bald")) == ""
    assert _change(text=TEXT + "\n\nWeitere Bilder finden Sie im Archiv des Zentrums.") == ""
    assert _change(text=TEXT.partition("\n")[0]) == ""


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
        ("Ouverture en mai (rectifié)", True),
        ("Opening in May [corrected]", True),
        ("Korrekturbrillen aus dem Drucker", False),
        ("Brillen (Korrektur der Sehkraft) aus dem Drucker", False),
        ("Neue Korrektur der Wirbelsäule", False),
    ],
)
def test_a_title_that_corrects_another_is_told_from_news_about_corrections(
    title: str, said: bool
) -> None:
    assert is_correction(title) is said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("Der Bau kostet 6,8 Millionen.", "In einer früheren Fassung stand 6,6."), True),
        (("Berichtigung: Der Bau kostet 6,8 Millionen, nicht 6,6.",), True),
        (("Der Bau kostet 6,8 Millionen.", "Im Mai wird eröffnet."), False),
        (("In einer früheren Fassung des Gesetzes fehlte das.",), False),
    ],
)
def test_a_notice_at_an_end_of_a_text_corrects_an_earlier_one(
    told: tuple[str, ...], said: bool
) -> None:
    assert is_correction("Der Bau beginnt", told) is said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Werk in Arneburg (aktualisiert)", "Werk in Arneburg", True),
        ("[Update] Plant in Arneburg", "Plant in Arneburg", True),
        ("Opdatering: Fabrik i Arneburg", "Fabrik i Arneburg", True),
        ("Plant in Arneburg (Update 12:30)", "Plant in Arneburg (Update 14:00)", True),
        ("Werk in Arneburg (aktualisiert)", "Werk in Stendal", False),
        ("Werk in Arneburg", "Werk in Arneburg", False),
        ("Corona-Update: Regeln im März", "Corona-Update: Regeln im April", False),
    ],
)
def test_a_title_that_says_it_is_newer_is_told_from_another(
    one: str, other: str, same: bool
) -> None:
    assert is_update(one, other) is same
