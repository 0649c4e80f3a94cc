"""Links of mails: leaving by mail is offered where mails are read, or where it is the only way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alerts.digests.envelope import unsubscribe_headers
from alerts.links import Links
from alerts.tokens import TokenSigner
from crawler.model.subscription import Subscription

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ADA = Subscription("ada", "email:ada@example.org")


def links(public_url: str, *, mailbox: bool) -> Links:
    signer = TokenSigner("a secret for tests, long enough")
    return Links(signer, public_url, "News <news@example.org>", mailbox=mailbox)


@pytest.mark.parametrize(
    ("public_url", "mailbox", "offered"),
    [
        ("https://news.example.org", True, True),
        ("https://news.example.org", False, False),
        ("http://news.example.org", False, True),  # no one-click: the header would be empty
        ("", False, True),  # no pages: leaving works by mail
        ("", True, True),
    ],
)
def test_a_mail_is_offered_as_a_way_where_somebody_reads_it(
    public_url: str, mailbox: bool, offered: bool
) -> None:
    made = links(public_url, mailbox=mailbox)
    assert bool(made.leave_by_mail(ADA)) is offered
    assert ("mailto" in made.of_digest(ADA, NOW)) is offered


@pytest.mark.parametrize(
    ("public_url", "mailbox", "offered"),
    [
        ("https://news.example.org", True, True),
        ("https://news.example.org", False, False),
        ("http://news.example.org", False, False),  # its page confirms as well as any
        ("http://news.example.org", True, True),
        ("", False, True),  # the only way
        ("", True, True),
    ],
)
def test_confirming_by_mail_is_offered_where_it_is_read_or_the_only_way(
    public_url: str, mailbox: bool, offered: bool
) -> None:
    made = links(public_url, mailbox=mailbox)
    assert bool(made.confirm_by_mail("ada\nnonce", NOW)) is offered
    assert bool(made.confirm("ada\nnonce", NOW)) is bool(public_url)


def test_without_a_mailbox_the_header_holds_the_https_link_alone() -> None:
    made = links("https://news.example.org", mailbox=False)
    headers = dict(unsubscribe_headers(made.leave(ADA), made.leave_by_mail(ADA)))
    assert headers["List-Unsubscribe"].startswith("<https://news.example.org/leave/")
    assert "mailto" not in headers["List-Unsubscribe"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
