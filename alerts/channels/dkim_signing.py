"""Signs mails with DKIM (RFC 6376; optional extra), both unsubscribe headers included.

dkimpy's own list of headers leaves ``List-Unsubscribe-Post`` out, and RFC 8058 wants it signed,
so the list is ours.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

from crawler.errors import ConfigError
from crawler.extras import how_to_install

# RFC 6376, 5.4.1, and what RFC 8058, 4 demands.
_HEADERS = (
    "from", "to", "subject", "date", "message-id", "mime-version", "content-type",
    "content-transfer-encoding", "content-language", "auto-submitted", "list-id",
    "list-unsubscribe", "list-unsubscribe-post", "list-archive", "feedback-id",
)  # fmt: skip
_NEVER_ADDED = ("from", "to", "subject", "date")  # signed once more: nobody can add a second


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A domain's private key and the name under which DNS publishes its other half."""

    domain: str
    selector: str
    pem: bytes = field(repr=False)

    def signed(self, message: bytes) -> bytes:
        """``message`` with a DKIM-Signature on top; relaxed canonicalisation, rsa-sha256."""
        import dkim

        present = BytesHeaderParser().parsebytes(message)
        included = [name.encode() for name in _HEADERS if name in present]
        header: bytes = dkim.sign(
            message, self.selector.encode(), self.domain.encode(), self.pem,
            include_headers=[*included, *(name.encode() for name in _NEVER_ADDED)],
        )  # fmt: skip
        return header + message


def read_key(file: Path, selector: str, sender: str) -> DkimKey:
    """The key from its PEM file, tried once. Raises ConfigError with the remedy."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    if not selector or not domain:
        raise ConfigError(
            "[email] dkim_key_file needs dkim_selector and sender.",
            remedy='Set dkim_selector = "news" and publish the key as news._domainkey.',
        )
    try:
        pem = file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"[email] dkim_key_file: {file.name} cannot be read.",
            remedy="Check the path and its rights.",
        ) from error
    key = DkimKey(domain.encode("idna").decode("ascii"), selector, pem)
    _try(key, file)
    return key


def _try(key: DkimKey, file: Path) -> None:
    try:
        key.signed(b"From: a@example.org\r\n\r\nx\r\n")
    except ImportError as error:
        raise ConfigError(
            "[email] dkim_key_file needs the dkim extra.",
            remedy=f"Install it: {how_to_install('dkim')}",
        ) from error
    except Exception as error:
        # dkimpy raises several unrelated kinds for a wrong key; none quotes it.
        raise ConfigError(
            f"[email] dkim_key_file: {file.name} holds no RSA private key in PEM form.",
            remedy="Make one: openssl genrsa -out dkim.pem 2048",
        ) from error
