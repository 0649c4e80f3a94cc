"""Signed links cannot be forged, replayed elsewhere or used too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.tokens import CONFIRM_LASTS, Purpose, TokenSigner
from crawler.errors import ConfigError, SubscriptionError

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
SECRET = "0123456789abcdef0123456789abcdef"
SIGNER = TokenSigner(SECRET)


@given(st.text(max_size=60))
def test_a_token_gives_its_subject_back(subject: str) -> None:
    token = SIGNER.sign("confirm", subject, now=NOW, lasts=CONFIRM_LASTS)
    assert SIGNER.read("confirm", token, now=NOW + CONFIRM_LASTS) == subject
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_confirm_link_expires_a_leave_link_never_does() -> None:
    confirm = SIGNER.sign("confirm", "team", now=NOW, lasts=CONFIRM_LASTS)
    leave = SIGNER.sign("leave", "team", now=NOW, lasts=None)
    much_later = NOW + timedelta(days=20_000)
    with pytest.raises(SubscriptionError, match="expired"):
        SIGNER.read("confirm", confirm, now=NOW + CONFIRM_LASTS + timedelta(seconds=1))
    assert SIGNER.read("leave", leave, now=much_later) == "team"


def test_a_link_for_one_purpose_is_none_for_another() -> None:
    leave = SIGNER.sign("leave", "team", now=NOW, lasts=None)
    others: tuple[Purpose, ...] = ("confirm", "manage", "admin", "archive")
    for purpose in others:
        with pytest.raises(SubscriptionError):
            SIGNER.read(purpose, leave, now=NOW)


def test_any_changed_character_is_noticed() -> None:
    token = SIGNER.sign("manage", "team", now=NOW, lasts=CONFIRM_LASTS)
    for place in range(len(token) - 1):  # the last one carries bits that base64 ignores
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(SubscriptionError):
            SIGNER.read("manage", forged, now=NOW)


@given(st.text(max_size=80))
def test_rubbish_is_refused_not_raised(token: str) -> None:
    with pytest.raises(SubscriptionError):
        SIGNER.read("manage", token, now=NOW)


@pytest.mark.parametrize("token", ["", ".", "..", "A.", ".A", "x" * 10_000, "ü.ü", "\ud800.a"])
def test_odd_shapes_are_refused(token: str) -> None:
    with pytest.raises(SubscriptionError):
        SIGNER.read("manage", token, now=NOW)


def test_old_secrets_still_verify_and_new_ones_sign() -> None:
    old = SIGNER.sign("leave", "team", now=NOW, lasts=None)
    new = TokenSigner("another secret, long enough", SECRET)
    assert new.read("leave", old, now=NOW) == "team"
    with pytest.raises(SubscriptionError):
        SIGNER.read("leave", new.sign("leave", "team", now=NOW, lasts=None), now=NOW)


def test_a_short_secret_is_refused() -> None:
    for secrets in ((), ("",), ("short",), (SECRET, "short")):
        with pytest.raises(ConfigError):
            TokenSigner(*secrets)


def test_one_mailbox_has_one_hash_that_needs_the_secret() -> None:
    assert SIGNER.address_hash(" Someone@Example.ORG ") == SIGNER.address_hash(
        "someone@example.org"
    )
    assert SIGNER.address_hash("a@b.org") != TokenSigner(SECRET + "x").address_hash("a@b.org")
    assert TokenSigner(SECRET + "x", SECRET).address_hashes("a@b.org")[1] == SIGNER.address_hash(
        "a@b.org"
    )
