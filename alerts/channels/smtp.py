"""Mail by SMTP: a conversation for many deliveries; what its answers mean: ``smtp_answers``.

Lost before DATA: surely not sent; where the conversation was an older one, the server may only have
grown tired of it, so that a new one is begun. Lost after it: ambiguous; a mail sent again carries
the same Message-ID, so that servers and readers can fold the two.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
import threading
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from alerts.channels.loopback import on_loopback
from alerts.channels.smtp_answers import (
    asked_together,
    before_data,
    expect,
    expect_all,
    handed_over,
    is_about_recipient,
)
from crawler.errors import (
    ConfigError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from crawler.model.delivery import Delivery

if TYPE_CHECKING:
    from alerts.channels.dkim_signing import DkimKey

TIMEOUT_SECONDS = 20.0  # of each answer
_TOGETHER = "pipelining"  # commands of one message may go out at once (RFC 2920)
# A header field with the lines that continue it.
_HEADER = re.compile(rb"^(From|Message-ID):((?:[^\n]|\n[ \t])*)", re.I | re.M)
_BLANK_LINE = re.compile(rb"\n\r?\n")


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect."""

    host: str
    port: int
    implicit_tls: bool
    loopback: bool

    @classmethod
    def from_url(cls, url: str) -> Server:
        """``smtp://host:587`` or ``smtps://host``. Raises ConfigError."""
        try:
            parts = urlsplit(url)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError as error:
            raise _wrong_url() from error
        if scheme not in ("smtp", "smtps") or not host:
            raise _wrong_url()
        loopback = on_loopback(url)
        usual = 465 if scheme == "smtps" else 25 if loopback else 587
        return cls(host, port or usual, scheme == "smtps", loopback)


def _wrong_url() -> ConfigError:
    return ConfigError(
        "[email] smtp is no address of a mail server.",
        remedy='Write it as "smtp://mail.example.org:587" or "smtps://mail.example.org".',
    )


class SmtpChannel:
    """Sends deliveries whose payload is an RFC 5322 message to the address in ``to``."""

    can_look_up = False

    def __init__(
        self,
        url: str,
        *,
        user: str = "",
        password: str = "",
        timeout_seconds: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
        dkim: DkimKey | None = None,
        sender: str = "",
    ) -> None:
        """``tls`` replaces the system's authorities; ``dkim`` signs what is sent; ``sender`` is
        the address that ``check`` asks the server about.

        Raises ConfigError for a wrong ``url``.
        """
        self._server = Server.from_url(url)
        self._user = user
        self._password = password
        self._timeout = timeout_seconds
        self._tls = tls
        self._dkim = dkim
        self._sender = sender
        self._lock = threading.Lock()
        self._idle: smtplib.SMTP | None = None

    def send(self, delivery: Delivery) -> str:
        """Hand the message over; its Message-ID."""
        data = delivery.payload.encode("utf-8")
        recipient = _envelope_address(delivery)
        head = _Head.of(data)
        if self._dkim is not None:
            data = self._dkim.signed(data)
        client = self._begun(_Envelope(head.sender, recipient, len(data)), delivery.id)
        try:
            together = client.has_extn(_TOGETHER)
            answer = handed_over(client, data, delivery.id, is_awaited=together)
            expect(answer, "message", delivery.id)
        except BaseException:
            _leave(client)
            raise
        self._keep(client)
        return head.message_id

    def find(self, delivery: Delivery) -> str | None:
        """A mail server cannot be asked. Raises TemporaryDeliveryError."""
        raise TemporaryDeliveryError(
            "A mail server cannot tell what it took.",
            delivery_id=delivery.id,
            reason="no_look_up",
        )

    def check(self, targets: Collection[str] = ()) -> tuple[str, ...]:
        """Connect, encrypt, log in, name the sender, and leave again."""
        try:
            client = self._opened("")
            try:
                if self._sender:
                    expect(client.docmd(f"MAIL FROM:<{self._sender}>"), "sender", "")
                client.rset()
            finally:
                _leave(client)
        except DeliveryError as error:
            return (f"SMTP: {error.line()}",)
        except smtplib.SMTPException:
            return ("SMTP: the server broke off. Check [email] smtp.",)
        return ()

    def close(self) -> None:
        """End the conversation; the next delivery begins another."""
        client = self._taken()
        if client is not None:
            _leave(client)

    def __repr__(self) -> str:
        return f"SmtpChannel({self._server.host}:{self._server.port})"

    def _begun(self, envelope: _Envelope, delivery_id: str) -> smtplib.SMTP:
        """A conversation in which a message has been announced."""
        older = self._taken()
        if older is not None:
            try:
                return _announced(older, envelope, delivery_id)
            except DeliveryError as error:
                _leave(older)
                if is_about_recipient(error):
                    raise
        client = self._opened(delivery_id)
        try:
            return _announced(client, envelope, delivery_id)
        except BaseException:
            _leave(client)
            raise

    def _taken(self) -> smtplib.SMTP | None:
        """The conversation that is open; nobody else's until it is kept again."""
        with self._lock:
            client, self._idle = self._idle, None
        return client

    def _keep(self, client: smtplib.SMTP) -> None:
        with self._lock:
            other, self._idle = self._idle, client
        if other is not None:  # another thread's was kept meanwhile
            _leave(other)

    def _opened(self, delivery_id: str) -> smtplib.SMTP:
        """A client that is connected, encrypted where possible, and logged in."""
        with before_data(delivery_id):
            client = self._connected()
        try:
            with before_data(delivery_id):
                self._encrypt(client)
                self._log_in(client, delivery_id)
        except BaseException:
            _leave(client)
            raise
        return client

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.implicit_tls:
            return smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=self._context()
            )
        return smtplib.SMTP(server.host, server.port, timeout=self._timeout)

    def _context(self) -> ssl.SSLContext:
        return self._tls or ssl.create_default_context()

    def _encrypt(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if not self._server.implicit_tls and client.has_extn("starttls"):
            client.starttls(context=self._context())
            client.ehlo()

    def _log_in(self, client: smtplib.SMTP, delivery_id: str) -> None:
        if not self._user:
            return
        encrypted = isinstance(client.sock, ssl.SSLSocket)
        if not encrypted and not self._server.loopback:
            raise PermanentDeliveryError(
                "The mail server offers no encryption; we do not log in without.",
                delivery_id=delivery_id,
                reason="unencrypted_login",
                remedy='Use "smtps://…" in [email] smtp, or a server with STARTTLS.',
            )
        client.login(self._user, self._password)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a message's own headers tell the server."""

    sender: str  # an address
    message_id: str

    @classmethod
    def of(cls, data: bytes) -> _Head:
        found = {name.lower(): value for name, value in _HEADER.findall(_head(data))}
        return cls(
            _address_in(found.get(b"from", b"")), found.get(b"message-id", b"").decode().strip()
        )


def _head(data: bytes) -> bytes:
    end = _BLANK_LINE.search(data)
    return data[: end.start() + 1] if end else data


@lru_cache(maxsize=8)
def _address_in(header: bytes) -> str:
    """The address of a From header, which is the same in nearly every mail."""
    return parseaddr(" ".join(header.decode("utf-8", "replace").split()))[1]


@dataclass(frozen=True, slots=True)
class _Envelope:
    """Whom a message is from and for."""

    sender: str  # addresses
    recipient: str
    size: int  # bytes

    def commands(self, client: smtplib.SMTP) -> tuple[str, str]:
        """As the server is told; smtplib's ``rcpt`` would parse the address anew at some cost."""
        told = f" SIZE={self.size}" if client.has_extn("size") else ""
        return f"MAIL FROM:<{self.sender}>{told}", f"RCPT TO:<{self.recipient}>"


def _announced(client: smtplib.SMTP, envelope: _Envelope, delivery_id: str) -> smtplib.SMTP:
    """The server knows whom a message is from and for, and, where it takes all of that
    together, waits for it."""
    about, commands = ("sender", "recipient"), envelope.commands(client)
    with before_data(delivery_id):
        if client.has_extn(_TOGETHER):
            answers = asked_together(client, (*commands, "DATA"))
            expect_all(client, answers, about, delivery_id)
        else:
            for command, subject in zip(commands, about, strict=True):
                expect(client.docmd(command), subject, delivery_id)
    return client


def _envelope_address(delivery: Delivery) -> str:
    local, at, domain = delivery.to.partition(":")[2].strip().rpartition("@")
    try:
        address = f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        address = ""
    if not (local and at and domain) or not address.isascii() or re.search(r"[\s<>]", address):
        raise PermanentDeliveryError(
            "The recipient is no mail address.",
            delivery_id=delivery.id,
            reason="invalid_address",
            remedy="Correct the address in the subscription's `to`.",
        )
    return address


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye; whatever happens then, the message's fate is sealed."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        client.quit()
    client.close()
