"""Which language a text is in."""

from __future__ import annotations

import pytest

from crawler import language as module
from crawler.language import detect_language, meant, normal_code


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


def test_what_a_page_declares_is_believed_after_a_few_words_where_they_are_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []
    ranking = module._ranking

    def noted(sample: str) -> list[tuple[str, float]]:
        read.append(len(sample))
        return ranking(sample)

    monkeypatch.setattr(module, "_ranking", noted)
    german = "Das Cluster lädt seine Mitglieder zu einem Treffen in der Stadt ein. " * 12
    english = "The cluster invites its members to a meeting in the town hall next spring. " * 12
    assert detect_language("Treffen", german, "de-DE") == "de"
    assert read == [201]
    assert detect_language("Treffen", german, "en") == "de"
    assert detect_language("Treffen", german) == "de"
    assert read[1:] == [201, 600, 600]
    assert detect_language("Treffen", german[:160] + english, "de") == "en"
    assert detect_language("Meeting", german[:420] + english, "en") == "de"
