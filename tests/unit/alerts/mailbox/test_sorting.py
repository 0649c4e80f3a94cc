"""What a mail is about is told from its form; nothing it claims can raise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.mailbox.sorting import sort_mail
from tests.fixtures.mails import TABLES, letter, report

DELIVERY = "0123456789abcdef0123456789abcdef"
TOKEN = "WyJhZGEiLDBd.AbCdEfGhIjKlMnOpQrStUv"


@pytest.mark.parametrize(
    ("status", "hard"),
    [("5.1.1", True), ("5.7.1", True), ("5.2.2", False), ("4.4.1", False), ("4.2.2", False)],
)
def test_reports_tell_hard_from_soft(status: str, hard: bool) -> None:
    found = sort_mail(report(DELIVERY, status=status))
    assert found.kind == "bounce"
    (one,) = found.reports
    assert (one.delivery, one.hard, one.status) == (DELIVERY, hard, status)
    assert one.recipient == "ada@example.org"


@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_the_mail_that_came_back_is_named_in_either_form(original: str) -> None:
    assert sort_mail(report(DELIVERY, original=original)).reports[0].delivery == DELIVERY


def test_a_delay_is_no_bounce() -> None:
    assert sort_mail(report(DELIVERY, action="delayed", status="4.4.7")).kind == "ignored"


def test_a_report_about_another_mail_is_ignored() -> None:
    raw = report(DELIVERY).replace(b"Message-ID: <" + DELIVERY.encode(), b"X: <")
    assert sort_mail(raw).kind == "ignored"


@pytest.mark.parametrize("word", ["leave", "confirm"])
def test_a_token_in_the_subject_says_what_is_asked(word: str) -> None:
    found = sort_mail(letter("", subject=f"Re: {word} {TOKEN}", sender="Ada <ADA@example.org>"))
    assert (found.kind, found.token, found.sender) == (word, TOKEN, "ada@example.org")


def test_other_mails_may_be_newsletters_and_automatic_replies_are_not() -> None:
    found = sort_mail(letter(TABLES, List_Id="News <news.biocluster-ulm.eu>"))
    assert (found.kind, found.list_id) == ("newsletter", "news.biocluster-ulm.eu")
    away = letter("", subject="Out of office", Auto_Submitted="auto-replied")
    assert sort_mail(away).kind == "ignored"


@given(st.binary(max_size=600))
def test_no_bytes_can_raise(raw: bytes) -> None:
    assert sort_mail(raw).kind in ("bounce", "leave", "confirm", "newsletter", "ignored")


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_header_can_raise(subject: str, sender: str) -> None:
    raw = f"Subject: {subject}\nFrom: {sender}\nContent-Type: {sender}\n\n{subject}".encode(
        "utf-8", "replace"
    )
    sort_mail(raw)
