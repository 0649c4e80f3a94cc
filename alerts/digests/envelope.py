"""What a mail carries around its two parts: headers that mail servers and services read.

Python's e-mail package writes a ``List-Unsubscribe`` that does not fit a line as encoded
words, and services then ignore one-click; ``_Policy`` folds that header between its
addresses only.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import lru_cache

from alerts.digests.plain import one_line
from crawler.errors import ConfigError, SubscriptionError

_UNFOLDED = {"list-unsubscribe", "list-archive", "list-id", "message-id", "feedback-id"}
_NOT_ATOM = re.compile(r"[^A-Za-z0-9._+=-]+")
_SUBJECT_LENGTH = 200


class _Policy(EmailPolicy):
    """SMTP's policy, but machine-read headers are never encoded; see the module."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() not in _UNFOLDED:
            return str(super().fold(name, value))
        return f"{name}: " + str(value).replace(">, <", f">,{self.linesep} <") + self.linesep

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() not in _UNFOLDED:
            return bytes(super().fold_binary(name, value))
        return self.fold(name, value).encode("ascii", "replace")


_POLICY = _Policy(linesep=SMTP.linesep)
COLUMNS = _POLICY.max_line_length or 78  # of a line in quoted-printable


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who, to whom, when, and the further headers of one mail, in order."""

    sender: str  # "Clusterwatch <news@example.org>"
    recipient: str  # an address
    subject: str
    language: str  # ISO 639-1
    message_id: str  # with its angle brackets
    date: datetime  # aware
    headers: tuple[tuple[str, str], ...] = field(default=())


def mail(envelope: Envelope, text: str, html: str) -> bytes:
    """multipart/alternative of ``text`` and ``html`` as RFC 5322 bytes, ASCII only, CRLF.

    The same input gives the same bytes. Raises ConfigError for a sender and
    SubscriptionError for a recipient that is no address.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender_address(envelope.sender)
    message["To"] = recipient_address(envelope.recipient)
    message["Subject"] = one_line(envelope.subject)[:_SUBJECT_LENGTH]
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in envelope.headers:
        message[name] = one_line(value)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = envelope.language  # set_content drops Content-* set before
    message.set_boundary(boundary_of(envelope.message_id))
    return message.as_bytes()


def boundary_of(message_id: str) -> str:
    """What parts the bodies of a message; "=_" never stands in quoted-printable."""
    return f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"


def sender_address(sender: str) -> Address:
    """The sender as an address with its display name, commas and umlauts included."""
    name, spec = parseaddr(one_line(sender))
    try:
        return _address(name, spec)
    except ValueError as error:
        raise ConfigError(
            f"[email] sender is no mail address: {one_line(sender)!r}.",
            remedy='Write it as "Clusterwatch <news@example.org>".',
        ) from error


def recipient_address(recipient: str) -> Address:
    """The recipient as an address."""
    try:
        return _address(*parseaddr(one_line(recipient)))
    except ValueError as error:
        raise SubscriptionError(
            "The recipient is no mail address that can be written in ASCII.",
            remedy="Correct the address in the subscription's `to`.",
        ) from error


def message_id(delivery_id: str, sender: str) -> str:
    """A Message-ID that is the same for every try at one delivery."""
    left = _NOT_ATOM.sub("-", delivery_id).strip(".-") or "delivery"
    return f"<{left}@{domain_of(sender)}>"


@lru_cache(maxsize=8)
def domain_of(sender: str) -> str:
    """The domain of the sender's address, in ASCII."""
    return sender_address(sender).domain


def list_id(name: str, sender: str) -> str:
    """A List-Id (RFC 2919): ``name`` if it has a domain of its own, else below the sender's."""
    label = _NOT_ATOM.sub("-", name).strip(".-") or "digest"
    return f"<{label}>" if "." in label else f"<{label}.clusterwatch.{domain_of(sender)}>"


def unsubscribe_headers(url: str, mailto: str) -> tuple[tuple[str, str], ...]:
    """``List-Unsubscribe``, and with an https address ``List-Unsubscribe-Post`` (RFC 8058)."""
    https = _bracketed(url) if url.lower().startswith("https://") else ""
    addresses = [part for part in (https, _bracketed(mailto)) if part]
    if not addresses:
        return ()
    headers = [("List-Unsubscribe", ", ".join(addresses))]
    if https:
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return tuple(headers)


def _bracketed(url: str) -> str:
    safe = re.sub(r"[\s<>,\x00-\x20\x7f]", lambda found: f"%{ord(found[0]):02X}", url.strip())
    return f"<{safe}>" if safe and safe.isascii() else ""


def _address(name: str, spec: str) -> Address:
    local, at, domain = spec.rpartition("@")
    if not (local and at and domain and local.isascii()) or " " in spec:
        raise ValueError(spec)
    ascii_domain = domain.encode("idna").decode("ascii")  # UnicodeError is a ValueError
    return Address(display_name=name, addr_spec=f"{local}@{ascii_domain}")
