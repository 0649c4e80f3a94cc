"""Signed links: who may confirm, change or leave which subscription, and until when.

A token is ``<payload>.<signature>``, both base64url without padding: HMAC-SHA-256 (RFC 2104)
of the payload, cut to 128 bits (section 5 allows half of the output), under a key derived per
purpose, so that a confirm link cannot be replayed as any other. The standard library does all
of it; itsdangerous would add rotation and formats we have no use for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from crawler.errors import ConfigError, SubscriptionError

Purpose = Literal["confirm", "manage", "leave", "archive", "admin", "rate"]
CONFIRM_LASTS = timedelta(days=7)
MANAGE_LASTS = timedelta(days=30)
RATE_LASTS = timedelta(days=60)

_SIGNATURE_BYTES = 16
_LONGEST_TOKEN = 1000
_SHORTEST_SECRET = 16


class TokenSigner:
    """Signs and reads tokens with the installation's secret.

    ``secrets``: the first signs, all of them verify, so that a secret can be changed while
    leave links from old mails, which never expire, keep working.
    Raises ConfigError for a missing or short secret.
    """

    def __init__(self, *secrets: str) -> None:
        if not secrets or any(len(secret) < _SHORTEST_SECRET for secret in secrets):
            raise ConfigError(
                f"The secret that signs links has fewer than {_SHORTEST_SECRET} characters.",
                remedy="Set CLUSTERWATCH_SECRET, e.g. to the output of: openssl rand -hex 32",
            )
        self._secrets: Sequence[bytes] = [secret.encode() for secret in secrets]

    def sign(
        self, purpose: Purpose, subject: str, *, now: datetime, lasts: timedelta | None
    ) -> str:
        """A token for ``subject``; ``lasts`` None never expires (leave links alone)."""
        expires = int((now + lasts).timestamp()) if lasts is not None else 0
        payload = _encode(json.dumps([subject, expires], separators=(",", ":")).encode())
        return f"{payload}.{_encode(_signature(self._secrets[0], purpose, payload))}"

    def read(self, purpose: Purpose, token: str, *, now: datetime) -> str:
        """The subject of a token; SubscriptionError when it is forged or has expired."""
        payload, _, signature = token[:_LONGEST_TOKEN].partition(".")
        if not self._verified(purpose, payload, signature):
            raise SubscriptionError(
                "This link is not one of ours or is incomplete.",
                remedy="Copy the whole link from the mail.",
            )
        subject, expires = json.loads(_decode(payload))
        if expires and now.timestamp() > expires:
            raise SubscriptionError("This link has expired.", remedy="Ask for a new one.")
        return str(subject)

    def mark(self, purpose: str, subject: str) -> str:
        """A keyed mark of ``subject`` that does not hold it: to bind a form to a visit."""
        return _encode(_signature(self._secrets[0], f"mark:{purpose}", subject))

    def address_hash(self, address: str) -> str:
        """The keyed hash under which the suppression list remembers an address."""
        key = _key(self._secrets[0], "suppression")
        return hmac.digest(key, normal_address(address).encode(), "sha256").hex()

    def address_hashes(self, address: str) -> list[str]:
        """The address under every secret ever used, newest first."""
        normal = normal_address(address).encode()
        return [
            hmac.digest(_key(secret, "suppression"), normal, "sha256").hex()
            for secret in self._secrets
        ]

    def _verified(self, purpose: Purpose, payload: str, signature: str) -> bool:
        try:
            given = _decode(signature)
        except ValueError:
            return False
        # Every secret is tried in constant time; which one fits is no secret.
        fits = [hmac.compare_digest(given, _signature(s, purpose, payload)) for s in self._secrets]
        return bool(payload) and any(fits)


def normal_address(address: str) -> str:
    """The form in which two spellings of one mailbox are the same: trimmed, lower case."""
    return address.strip().casefold()


@lru_cache(maxsize=64)
def _key(secret: bytes, purpose: str) -> bytes:
    """The same for every link of a kind: three stand in every mail."""
    return hmac.digest(secret, b"clusterwatch:" + purpose.encode(), hashlib.sha256)


def _signature(secret: bytes, purpose: str, payload: str) -> bytes:
    signed = hmac.digest(_key(secret, purpose), payload.encode("utf-8", "replace"), "sha256")
    return signed[:_SIGNATURE_BYTES]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
