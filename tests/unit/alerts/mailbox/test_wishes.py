"""Mails by which people ask to leave, in their words, in the subject or the first line."""

from __future__ import annotations

import pytest

from alerts.mailbox.sorting import sort_mail
from tests.cost import bounded


def mail(subject: str, body: str) -> bytes:
    text = f"From: Ada <ada@example.org>\nSubject: {subject}\nContent-Type: text/plain\n\n{body}\n"
    return text.encode()


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("please unsubscribe", ""), ("Bitte abmelden", ""), ("Re: your news", "unsubscribe"),
        ("Unsubscribe me from this list, please", ""), ("Venligst afmeld mig", ""),
        ("Cluster news", "\n  Ich möchte mich abmelden.\nGruß"),
        ("", "Bitte den Newsletter abbestellen"),
    ],
)  # fmt: skip
def test_the_usual_ways_of_asking_to_leave_are_read(subject: str, body: str) -> None:
    assert sort_mail(mail(subject, body)).kind == "wish"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("How do I unsubscribe a colleague?", "He left."),
        ("News", "We would like to stop the project.\nunsubscribe"),
        ("Leave of absence", "I am away."),
    ],
)
def test_other_mails_that_hold_such_a_word_are_none(subject: str, body: str) -> None:
    assert sort_mail(mail(subject, body)).kind != "wish"


def test_a_hostile_subject_costs_little() -> None:
    with bounded():
        sort_mail(mail("re: " * 400 + "please  " * 200, "mich " * 400))
