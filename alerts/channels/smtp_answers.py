"""What a mail server's answers mean for a delivery, and what it means that none came."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator, Sequence

from alerts.outages import NO_RECIPIENT
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)

_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
# RFC 3463, 3.2: the addressing of the recipient; 5.1.7 and 5.1.8 are the sender's.
_NO_RECIPIENT = re.compile(r"5\.1\.(?![78]$)")
_LOGIN_REMEDY = "Check [email] user and CLUSTERWATCH_SMTP_PASSWORD."
_TLS_REMEDY = (
    "Check the host's name in [email] smtp; for a private authority set SSL_CERT_FILE to it."
)


Answer = tuple[int, bytes]
_GO_ON = 354  # the server waits for the message


def handed_over(
    client: smtplib.SMTP, data: bytes, delivery_id: str, *, is_awaited: bool = False
) -> Answer:
    """The server's answer to the message; ``is_awaited``: it has been told that one comes.
    Raises AmbiguousDeliveryError where no answer came."""
    try:
        return _said(client, data) if is_awaited else client.data(data)
    except smtplib.SMTPDataError as error:  # it did not want to hear the message
        return error.smtp_code, _bytes(error.smtp_error)
    except (smtplib.SMTPException, OSError) as error:
        raise AmbiguousDeliveryError(
            "The connection broke while the mail server took the message.",
            delivery_id=delivery_id,
            reason="timeout" if _timed_out(error) else "connection_lost",
        ) from error


def asked_together(client: smtplib.SMTP, commands: Sequence[str]) -> list[Answer]:
    """The answers to commands that go out at once, where the server takes them so (PIPELINING,
    RFC 2920): a mail waits for it twice instead of four times. Fewer where it hung up on what it
    refused. Raises ValueError for a command of several lines."""
    if any("\r" in command or "\n" in command for command in commands):
        raise ValueError("a command is one line")
    client.send("".join(f"{command}\r\n" for command in commands))
    answers: list[Answer] = []
    for _ in commands:
        try:
            answers.append(client.getreply())
        except smtplib.SMTPServerDisconnected:
            if all(map(_is_yes, answers)):
                raise
            break
    return answers


def expect_all(
    client: smtplib.SMTP, answers: Sequence[Answer], about: Sequence[str], delivery_id: str
) -> None:
    """Raises what the first refusal among these means; behind those ``about`` something comes the
    answer to DATA."""
    code, text = answers[-1]
    if code == _GO_ON and not all(map(_is_yes, answers[:-1])):
        client.close()  # it would take our goodbye for the message
    for answer, subject in zip(answers, about, strict=False):
        expect(answer, subject, delivery_id)
    if code != _GO_ON:
        raise _refusal(code, text, "message", delivery_id)


def _said(client: smtplib.SMTP, data: bytes) -> Answer:
    end = b".\r\n" if data.endswith(b"\r\n") else b"\r\n.\r\n"
    dot = b"." if data.startswith(b".") else b""
    client.send(dot + data.replace(b"\n.", b"\n..") + end)  # a search by a pattern takes 0.1 ms
    return client.getreply()


def expect(answer: Answer, about: str, delivery_id: str) -> None:
    """Raises what an answer other than 2xx means for the delivery."""
    if not _is_yes(answer):
        raise _refusal(*answer, about, delivery_id)


def is_about_recipient(error: DeliveryError) -> bool:
    """Whether a server that goes on serving us refuses one recipient: another conversation would
    hear the same."""
    refused = error.reason.startswith("smtp_recipient_") and not error.reason.endswith("_421")
    return refused or error.reason == NO_RECIPIENT


def _is_yes(answer: Answer) -> bool:
    return 200 <= answer[0] < 300


def _refusal(code: int, text: bytes | str, about: str, delivery_id: str) -> DeliveryError:
    """4xx: later; 5xx: never. The server's own words stay out, they quote addresses."""
    status = _ENHANCED.search(_bytes(text).decode("utf-8", "replace"))
    shown = f"{code} {status[0]}" if status else str(code)
    nobody = about == "recipient" and code >= 500 and status and _NO_RECIPIENT.match(status[0])
    kind = PermanentDeliveryError if code >= 500 else TemporaryDeliveryError
    remedies = {
        "login": _LOGIN_REMEDY,
        "sender": "Check [email] sender: the server must let this user send as it.",
        "recipient": "Correct the address, or remove the subscription.",
    }
    return kind(
        f"The mail server refuses the {about}: {shown}.",
        delivery_id=delivery_id,
        reason=NO_RECIPIENT if nobody else f"smtp_{about}_{code}",
        remedy=remedies.get(about, "") if code >= 500 else "",
    )


@contextlib.contextmanager
def before_data(delivery_id: str) -> Iterator[None]:
    """What fails here failed before the message was handed over."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise _refusal(error.smtp_code, error.smtp_error, "login", delivery_id) from None
    except smtplib.SMTPNotSupportedError as error:
        raise PermanentDeliveryError(
            "The mail server offers no login.",
            delivery_id=delivery_id,
            reason="smtp_no_login",
            remedy="Remove [email] user, or check the port in [email] smtp.",
        ) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error, "connection", delivery_id) from error
    except ssl.SSLError as error:
        raise _unreachable(delivery_id, "tls", _TLS_REMEDY) from error
    except (smtplib.SMTPException, OSError) as error:
        reason = "timeout" if _timed_out(error) else "connection"
        raise _unreachable(delivery_id, reason, "Check [email] smtp.") from error


def _timed_out(error: Exception) -> bool:
    """smtplib turns a time-out into "disconnected" and leaves it as the context."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _unreachable(delivery_id: str, reason: str, remedy: str) -> TemporaryDeliveryError:
    what = "is not who it claims to be" if reason == "tls" else "cannot be reached"
    return TemporaryDeliveryError(
        f"The mail server {what}.", delivery_id=delivery_id, reason=reason, remedy=remedy
    )


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")
