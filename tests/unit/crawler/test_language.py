"""Which language a text is in."""

from __future__ import annotations

import pytest

from crawler import language as module
from crawler.language import detect_language, meant, normal_code
from crawler.language_words import is_plainly


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das Cluster lädt seine Mitglieder zu einem Treffen nach Jena ein.", "de"),
        ("The cluster invites its members to a meeting in Jena next spring.", "en"),
        ("Klyngen inviterer medlemmerne til et møde i Odense til foråret.", "da"),
        ("Le pôle invite ses adhérents à une rencontre à Lyon au printemps.", "fr"),
        ("Klaster zaprasza członków na spotkanie w Krakowie na wiosnę.", "pl"),
        ("클러스터는 내년 봄 대전에서 열리는 회의에 회원사를 초대합니다.", "ko"),
        ("Кластер приглашает своих участников на встречу весной.", "ru"),
    ],
)
def test_a_sentence_is_enough(text: str, language: str) -> None:
    assert detect_language("", text) == language


def test_a_text_beats_a_lying_declaration() -> None:
    text = "Das Cluster lädt seine Mitglieder im Frühjahr zu einem Treffen nach Jena ein."
    assert detect_language("Treffen in Jena", text, "en-US") == "de"


def test_a_declaration_decides_what_is_short_and_ambiguous() -> None:
    assert detect_language("Ny klynge for AI", "", "nb-NO") == "no"
    assert detect_language("12.11.2026", "", "de") == "de"


def test_nothing_to_judge_gives_nothing() -> None:
    assert detect_language("", "") == ""
    assert detect_language("—", " 12 ", "") == ""


def test_tags_become_two_letters() -> None:
    assert normal_code("de_AT") == "de"
    assert normal_code("nn") == "no"
    assert normal_code("eng") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [("English", "en"), ("en-GB", "en"), ("nb", "no"), ("dansk", "da"), ("xx", ""), ("", "")],
)
def test_names_and_tags_stand_for_a_code_that_detection_knows(text: str, code: str) -> None:
    assert meant(text) == code


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters the model was asked about, each time."""
    asked: list[int] = []
    ranking = module._ranking

    def noted(sample: str) -> list[tuple[str, float]]:
        asked.append(len(sample))
        return ranking(sample)

    monkeypatch.setattr(module, "_ranking", noted)
    return asked


def test_what_a_page_declares_is_believed_after_a_few_words_where_they_are_so(
    read: list[int],
) -> None:
    german = "Das Cluster lädt Mitglieder zu Gesprächen nach Jena und Weimar ein. " * 12
    english = "The cluster invites its members to a meeting in the town hall next spring. " * 12
    assert detect_language("Treffen", german, "de-DE") == "de"
    assert read == [201]
    assert detect_language("Treffen", german, "en") == "de"
    assert detect_language("Treffen", german) == "de"
    assert read[1:] == [201, 600, 600]
    assert detect_language("Treffen", german[:160] + english, "de") == "en"
    assert detect_language("Meeting", german[:420] + english, "en") == "de"


def test_small_words_that_are_plainly_of_the_declared_language_spare_the_model(
    read: list[int],
) -> None:
    german = (
        "Das Cluster lädt seine Mitglieder zu einem Treffen in der Stadt ein, und wer nicht "
        "kommen kann, findet die Vorträge später auch auf der Seite des Vereins. "
    ) * 4
    assert detect_language("Treffen", german, "de-DE") == "de"
    assert read == []
    assert detect_language("Treffen", german, "en") == "de"
    english = "They were not at the meeting, but who has asked for this will be told what is new."
    assert is_plainly("de", german)
    assert not is_plainly("de", f"{english} {german}")


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("Klyngen blev stiftet af fem virksomheder og har siden fået mange medlemmer.", "no"),
        ("Klyngen ble stiftet av fem bedrifter og har siden fått mange medlemmer.", "da"),
        ("O cluster convida os seus membros para uma reunião em Braga na primavera.", "es"),
    ],
)
def test_small_words_of_a_neighbour_are_no_proof(text: str, declared: str) -> None:
    assert not is_plainly(declared, text * 8)


def test_a_language_without_a_list_is_left_to_the_model() -> None:
    assert not is_plainly(
        "ko", "클러스터는 내년 봄 대전에서 열리는 회의에 회원사를 초대합니다. " * 12
    )


def test_slovak_on_a_page_declared_czech_is_slovak() -> None:
    text = (
        "Mesto a klaster podpísali zmluvu o novom laboratóriu. Podľa starostu sa v ňom budú "
        "stretávať firmy aj školy, ktoré doteraz nemali spoločné miesto. Na stavbu dá mesto tri "
        "milióny, časť je z fondov. Do práce sa už hlásia prví ľudia, no nie všetci tam budú mať "
        "miesto. Tak ako inde, aj tu sa rozhodne až v lete. Pre firmy je to dobrá správa, a to "
        "nielen v tomto roku, ale aj v ďalších, povedal pri otvorení jeden z nich. "
    )
    assert not is_plainly("cs", text)
    assert is_plainly("sk", text)
    assert detect_language("Nové laboratórium", text, "cs") == "sk"
