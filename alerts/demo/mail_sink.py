"""A mail server on loopback that keeps what it gets: a real SMTP conversation, told how to fail.

    with MailSink(user="news@example.org", password="secret") as sink:
        sink.url                                   # "smtp://127.0.0.1:PORT"
        sink.refuse("late@example.org", 450)       # greylisted: refused once, then taken
        sink.refuse("gone@example.org", 550, times=None)   # refused for ever
        …
        sink.messages[0].data                      # the bytes as they crossed the wire
        sink.messages[0].recipients

STARTTLS is offered when a TLS context is given (``alerts.demo.certificate`` makes one);
``implicit_tls`` speaks TLS from the first byte. Without ``user`` no login is offered. The server
runs in its own thread, so synchronous and asynchronous clients may use it alike.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import takewhile
from types import TracebackType
from typing import Self, cast
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One message as the server took it."""

    sender: str  # envelope
    recipients: tuple[str, ...]  # envelope, the accepted ones
    data: bytes  # headers and body, as they crossed the wire
    login: str = ""  # user name, "" without login
    encrypted: bool = False  # came over TLS

    @property
    def message(self) -> EmailMessage:
        """The message parsed. Mind that parsing repairs what a mail service would trip over."""
        return message_from_bytes(self.data, policy=policy.default)

    def raw_header(self, name: str) -> bytes:
        """The header field's bytes after the colon, still folded; b"" when it is missing."""
        head = self.data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        lines = head.split(b"\n")
        for number, line in enumerate(lines):
            if line.lower().startswith(name.lower().encode("ascii") + b":"):
                rest = lines[number + 1 :]
                folded = [line.partition(b":")[2], *_continuation(rest)]
                return b"\n".join(folded).strip()
        return b""


@dataclass(slots=True)
class _Refusal:
    """Answer ``code`` to a recipient, ``left`` more times (None: always)."""

    code: int
    left: int | None

    def applies(self) -> bool:
        if self.left is None:
            return True
        self.left -= 1
        return self.left >= 0


@dataclass(slots=True)
class _Plan:
    """What goes wrong next."""

    greetings: deque[str] = field(default_factory=deque)  # answers to EHLO
    logins: int = 0  # how many more clients to refuse
    senders: set[str] = field(default_factory=set)  # who may not send
    recipients: dict[str, _Refusal] = field(default_factory=dict)
    data: deque[str] = field(default_factory=deque)  # answers instead of taking a message
    drops: int = 0  # how many more connections to break once the message was taken


class _Conversation:
    """aiosmtpd's hooks: what the server answers, and what it keeps."""

    def __init__(self, user: str, password: str, *, require_login: bool) -> None:
        self.plan = _Plan()
        self.messages: list[ReceivedMail] = []
        self.logins: list[str] = []
        self._user, self._password = user, password
        self._require_login = require_login
        self._refused: WeakSet[Session] = WeakSet()

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        given = data if isinstance(data, LoginPassword) else LoginPassword(b"", b"")
        self.logins.append(given.login.decode("utf-8", "replace"))
        if self._refuses_login(session):
            return AuthResult(success=False, handled=False)
        right = (self._user.encode(), self._password.encode())
        known = (given.login, given.password) == right
        return AuthResult(success=known, handled=False, auth_data=given)

    def _refuses_login(self, session: Session) -> bool:
        # A client tries one mechanism after the other: that is still one try to log in.
        if session not in self._refused and self.plan.logins > 0:
            self.plan.logins -= 1
            self._refused.add(session)
        return session in self._refused

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, lines: list[str]
    ) -> list[str]:
        if self.plan.greetings:
            answer = self.plan.greetings.popleft()
            if answer.startswith("421"):  # RFC 5321, section 3.8: the server closes as well
                transport = cast(asyncio.Transport, server.transport)
                asyncio.get_running_loop().call_soon(transport.close)
            return [answer]
        session.host_name = host
        return lines if self._user else [li for li in lines if not li.startswith("250-AUTH")]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        # Not left to aiosmtpd: its auth_required warns whenever TLS is not required as well.
        if self._require_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if sender.lower() in self.plan.senders:
            return "553 5.7.1 Sender address rejected"
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = self.plan.recipients.get(address.lower())
        if refusal is not None and refusal.applies():
            later = refusal.code < 500
            status = "4.7.1 greylisted, try again later" if later else "5.1.1 no such user"
            return f"{refusal.code} {status}"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.plan.data:
            return self.plan.data.popleft()
        transport = cast(asyncio.Transport, server.transport)
        self.messages.append(_received(session, envelope, transport))
        if self.plan.drops > 0:
            self.plan.drops -= 1
            transport.abort()
        return "250 2.0.0 OK: queued"


class _LoopbackController(Controller):
    """aiosmtpd's threaded server on whatever port is free."""

    def _trigger_server(self) -> None:
        # Port 0 has become a real one by now, and this connects to it.
        self.port = cast(asyncio.Server, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailSink:
    """The server; enter it, once, to serve it."""

    def __init__(
        self,
        *,
        user: str = "",
        password: str = "",
        require_login: bool | None = None,
        tls_context: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        """``require_login`` defaults to true where a ``user`` is given.

        Raises ValueError for ``implicit_tls`` without a context.
        """
        if implicit_tls and tls_context is None:
            raise ValueError("implicit_tls needs a tls_context")
        required = bool(user) if require_login is None else require_login
        self._conversation = _Conversation(user, password, require_login=required)
        self._implicit = implicit_tls
        self._controller = _LoopbackController(
            self._conversation,
            hostname=HOST,
            port=0,
            ssl_context=tls_context if implicit_tls else None,
            tls_context=None if implicit_tls else tls_context,
            authenticator=self._conversation.authenticate,
            auth_require_tls=False,
            data_size_limit=max_bytes,
            server_hostname="sink.example.org",
            ident="Clusterwatch mail sink",
        )

    @property
    def url(self) -> str:
        """The address: "smtp://127.0.0.1:PORT", or smtps:// with implicit TLS."""
        return f"{'smtps' if self._implicit else 'smtp'}://{HOST}:{self.port}"

    @property
    def port(self) -> int:
        return int(self._controller.port)

    @property
    def messages(self) -> tuple[ReceivedMail, ...]:
        """What was taken, oldest first."""
        return tuple(self._conversation.messages)

    @property
    def logins(self) -> tuple[str, ...]:
        """User names of every try to log in (each mechanism is one), successful or not."""
        return tuple(self._conversation.logins)

    def refuse(self, recipient: str, code: int = 450, *, times: int | None = 1) -> None:
        """Refuse this recipient ``times`` times (None: always): 4xx greylists, 5xx is final."""
        self._conversation.plan.recipients[recipient.lower()] = _Refusal(code, times)

    def refuse_sender(self, address: str) -> None:
        """Answer 553 to messages from this address, always."""
        self._conversation.plan.senders.add(address.lower())

    def refuse_login(self, times: int = 1) -> None:
        """Answer 535 to the logins of the next clients that try, right or wrong."""
        self._conversation.plan.logins += times

    def answer_data(self, *answers: str) -> None:
        """Give the next messages these answers instead of taking them: "451 4.3.0 later"."""
        self._conversation.plan.data.extend(answers)

    def answer_ehlo(self, *answers: str) -> None:
        """Give the next clients these answers to EHLO; "421 4.3.2 closing" also closes."""
        self._conversation.plan.greetings.extend(answers)

    def drop_after_data(self, times: int = 1) -> None:
        """Take the next messages, then break the connection without an answer."""
        self._conversation.plan.drops += times

    def __enter__(self) -> Self:
        # aiosmtpd tells every envelope at INFO, and addresses never go into our logs.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()


def _received(session: Session, envelope: Envelope, transport: asyncio.Transport) -> ReceivedMail:
    data: object = session.auth_data
    login = data.login if isinstance(data, LoginPassword) else b""
    return ReceivedMail(
        sender=str(envelope.mail_from),
        recipients=tuple(envelope.rcpt_tos),
        data=bytes(envelope.original_content or b""),
        login=login.decode("utf-8", "replace"),
        encrypted=transport.get_extra_info("sslcontext") is not None,
    )


def _continuation(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The folded lines that follow a header's first one."""
    return takewhile(lambda line: line[:1] in {b" ", b"\t"}, lines)
