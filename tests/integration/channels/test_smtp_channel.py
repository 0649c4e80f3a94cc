"""SMTP against the sink: encryption, logins, refusals, and connections that break."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import BinaryIO

import pytest

from alerts.channels.smtp import Server, SmtpChannel
from alerts.demo.certificate import Certificate, self_signed
from alerts.demo.mail_sink import MailSink
from alerts.digests.email import render_email
from alerts.outages import NO_RECIPIENT
from crawler.errors import (
    AmbiguousDeliveryError,
    ConfigError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from crawler.model.delivery import Delivery
from tests.fixtures.deliveries import delivery
from tests.fixtures.digest_makers import digest_of, many

MESSAGE = (
    "From: News <news@example.org>\r\nTo: reader@example.org\r\nSubject: x\r\n"
    "Message-ID: <d-1@example.org>\r\n\r\nHello\r\n.dot\r\n"
)
MAIL = delivery("email:reader@example.org", MESSAGE)
PASSWORD = "s3cret-word"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as served:
        yield served


class OneMail(SmtpChannel):
    """A channel that ends its conversation with every mail."""

    def send(self, delivery: Delivery) -> str:
        try:
            return super().send(delivery)
        finally:
            self.close()


def channel(sink: MailSink, **options: object) -> SmtpChannel:
    return OneMail(sink.url, timeout_seconds=2, **options)  # type: ignore[arg-type]


def test_the_frozen_bytes_arrive_as_they_are(sink: MailSink) -> None:
    assert channel(sink).send(MAIL) == "<d-1@example.org>"
    (received,) = sink.messages
    assert received.data == MESSAGE.encode()
    assert received.sender == "news@example.org"
    assert received.recipients == ("reader@example.org",)


def test_a_rendered_digest_crosses_the_wire_unbroken(sink: MailSink) -> None:
    url = f"https://news.example.org/leave/{'t0k3n' * 40}"
    data = render_email(
        digest_of(many(25), digest_language="de"),
        sender='"Müller, Grüße & Co" <news@example.org>',
        recipient="reader@example.org",
        delivery_id="d-1",
        unsubscribe_url=url,
        unsubscribe_mailto="leave@example.org",
    )
    channel(sink).send(delivery("email:reader@example.org", data.decode("ascii")))
    (received,) = sink.messages
    assert received.data == data
    unsubscribe = received.raw_header("List-Unsubscribe")
    assert unsubscribe == f"<{url}>,\n <mailto:leave@example.org>".encode()


def test_it_upgrades_by_starttls_and_logs_in(certificate: Certificate) -> None:
    context = certificate.server_context()
    with MailSink(user="news", password=PASSWORD, tls_context=context) as sink:
        options = {"user": "news", "password": PASSWORD, "tls": certificate.client_context()}
        channel(sink, **options).send(MAIL)
        assert channel(sink, **options).check() == ()
        (received,) = sink.messages
        assert (received.login, received.encrypted) == ("news", True)


def test_implicit_tls(certificate: Certificate) -> None:
    context = certificate.server_context()
    with MailSink(tls_context=context, implicit_tls=True) as sink:
        channel(sink, tls=certificate.client_context()).send(MAIL)
        assert sink.messages[0].encrypted


@pytest.mark.parametrize("implicit", [True, False])
def test_certificates_are_verified(certificate: Certificate, implicit: bool) -> None:
    context = certificate.server_context()
    with MailSink(tls_context=context, implicit_tls=implicit) as sink:
        with pytest.raises(TemporaryDeliveryError) as caught:
            channel(sink).send(MAIL)
        assert caught.value.reason == "tls"
        assert "SSL_CERT_FILE" in caught.value.remedy
        assert sink.messages == ()


def test_the_password_is_never_sent_unencrypted_except_to_loopback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with MailSink(user="news", password=PASSWORD) as sink:
        options = {"user": "news", "password": PASSWORD}
        channel(sink, **options).send(MAIL)
        monkeypatch.setattr("alerts.channels.smtp.on_loopback", lambda url: False)
        with pytest.raises(PermanentDeliveryError) as caught:
            channel(sink, **options).send(MAIL)
        assert caught.value.reason == "unencrypted_login"
        assert len(sink.messages) == 1
        assert len(sink.logins) == 1


def test_a_refused_login_is_permanent_with_a_remedy_and_without_the_password() -> None:
    with MailSink(user="news", password=PASSWORD) as sink:
        wrong = channel(sink, user="news", password="wr0ng-word")
        with pytest.raises(PermanentDeliveryError) as caught:
            wrong.send(MAIL)
        assert caught.value.reason == "smtp_login_535"
        assert "CLUSTERWATCH_SMTP_PASSWORD" in caught.value.remedy
        told = f"{caught.value!r}{caught.value.line()}{caught.value.__cause__!r}{wrong!r}"
        assert "wr0ng" not in told
        (problem,) = wrong.check()
        assert problem.startswith("SMTP: The mail server refuses the login: 535")


def test_a_server_without_logins_is_permanent(sink: MailSink) -> None:
    with pytest.raises(PermanentDeliveryError) as caught:
        channel(sink, user="news", password=PASSWORD).send(MAIL)
    assert caught.value.reason == "smtp_no_login"


def test_greylisting_is_temporary_and_passes(sink: MailSink) -> None:
    sink.refuse("reader@example.org", 450)
    with pytest.raises(TemporaryDeliveryError) as caught:
        channel(sink).send(MAIL)
    assert caught.value.reason == "smtp_recipient_450"
    channel(sink).send(MAIL)
    assert len(sink.messages) == 1


def test_an_unknown_recipient_is_permanent_and_not_named(sink: MailSink) -> None:
    sink.refuse("reader@example.org", 550, times=None)
    with pytest.raises(PermanentDeliveryError) as caught:
        channel(sink).send(MAIL)
    assert caught.value.reason == NO_RECIPIENT
    assert caught.value.message == "The mail server refuses the recipient: 550 5.1.1."
    assert "reader" not in caught.value.line()
    assert sink.messages == ()


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        ("451 4.3.0 later", TemporaryDeliveryError, "smtp_message_451"),
        ("554 5.7.1 spam", PermanentDeliveryError, "smtp_message_554"),
    ],
)
def test_a_refused_message(sink: MailSink, answer: str, kind: type[Exception], reason: str) -> None:
    sink.answer_data(answer)
    with pytest.raises(kind) as caught:
        channel(sink).send(MAIL)
    assert getattr(caught.value, "reason", "") == reason


def test_a_connection_lost_after_data_is_ambiguous(sink: MailSink) -> None:
    sink.drop_after_data()
    with pytest.raises(AmbiguousDeliveryError) as caught:
        channel(sink).send(MAIL)
    assert caught.value.reason == "connection_lost"
    assert channel(sink).send(MAIL) == "<d-1@example.org>"
    ids = {received.message["Message-ID"] for received in sink.messages}
    assert len(sink.messages) == 2
    assert ids == {"<d-1@example.org>"}


def test_many_mails_are_one_conversation(sink: MailSink) -> None:
    with MailSink(user="news", password=PASSWORD) as sink:
        many_mails = SmtpChannel(sink.url, user="news", password=PASSWORD)
        for number in range(3):
            many_mails.send(delivery(f"email:r{number}@example.org", MESSAGE))
        many_mails.close()
        many_mails.send(MAIL)
        many_mails.close()
        recipients = [mail.recipients[0] for mail in sink.messages]
        assert recipients == [*(f"r{n}@example.org" for n in range(3)), "reader@example.org"]
        assert len(sink.logins) == 2


def test_a_refused_recipient_harms_no_other_mail(sink: MailSink) -> None:
    many_mails = SmtpChannel(sink.url)
    many_mails.send(MAIL)
    sink.refuse("gone@example.org", 550, times=None)
    with pytest.raises(PermanentDeliveryError):
        many_mails.send(delivery("email:gone@example.org", MESSAGE))
    many_mails.send(MAIL)
    many_mails.close()
    assert [mail.recipients for mail in sink.messages] == [("reader@example.org",)] * 2


@pytest.mark.parametrize("last", [(), (b"421 4.4.2 idle for too long\r\n",)])
def test_a_conversation_the_server_ended_is_begun_anew(last: tuple[bytes, ...]) -> None:
    once = (*OPENING, b"354 go on\r\n", b"250 ok\r\n")
    many_mails = SmtpChannel(scripted(*once, *last, ends=True, again=once), timeout_seconds=5)
    assert many_mails.send(MAIL) == many_mails.send(MAIL) == "<d-1@example.org>"
    many_mails.close()


def scripted(*answers: bytes, ends: bool = False, again: tuple[bytes, ...] = ()) -> str:
    """A server that gives these answers, one a line it hears or a message, then hangs, or
    ``ends`` and gives the answers of ``again``; its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(30)

    def serve() -> None:
        with listening:
            for said in (answers, again) if again else (answers,):
                client, _ = listening.accept()
                with client, client.makefile("rb") as lines:
                    _say(client, lines, said)
                    client.settimeout(30)
                    while not ends and lines.readline():
                        pass

    threading.Thread(target=serve, daemon=True).start()
    return f"smtp://127.0.0.1:{listening.getsockname()[1]}"


def _say(client: socket.socket, lines: BinaryIO, answers: tuple[bytes, ...]) -> None:
    for number, answer in enumerate(answers):
        if number and answers[number - 1].startswith(b"354"):
            while lines.readline() not in (b".\r\n", b""):
                pass
        elif number:
            lines.readline()
        client.sendall(answer)


OPENING = (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n")


def test_silence_after_the_message_is_ambiguous() -> None:
    url = scripted(*OPENING, b"354 go on\r\n")
    with pytest.raises(AmbiguousDeliveryError) as caught:
        SmtpChannel(url, timeout_seconds=0.3).send(MAIL)
    assert caught.value.reason == "timeout"


def test_silence_before_the_message_is_temporary() -> None:
    with pytest.raises(TemporaryDeliveryError) as caught:
        SmtpChannel(scripted(b"220 hi\r\n"), timeout_seconds=0.3).send(MAIL)
    assert caught.value.reason == "timeout"


def test_a_server_that_is_closing_is_temporary() -> None:
    with pytest.raises(TemporaryDeliveryError) as caught:
        SmtpChannel(scripted(b"421 4.3.2 closing\r\n"), timeout_seconds=1).send(MAIL)
    assert caught.value.reason == "smtp_connection_421"


def test_nobody_listening_is_temporary() -> None:
    broken = SmtpChannel("smtp://127.0.0.1:9", timeout_seconds=1)
    with pytest.raises(TemporaryDeliveryError) as caught:
        broken.send(MAIL)
    assert caught.value.reason == "connection"
    assert broken.check()[0].startswith("SMTP: The mail server cannot be reached.")


@pytest.mark.parametrize("to", ["email:", "email:nobody", "email:a b@c", "email:a@b>\r\nDATA"])
def test_what_is_no_address_never_reaches_the_server(sink: MailSink, to: str) -> None:
    with pytest.raises(PermanentDeliveryError) as caught:
        channel(sink).send(delivery(to, MESSAGE))
    assert caught.value.reason == "invalid_address"


def test_international_domains_are_sent_in_ascii(sink: MailSink) -> None:
    channel(sink).send(delivery("email:reader@bücher.example", MESSAGE))
    assert sink.messages[0].recipients == ("reader@xn--bcher-kva.example",)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 587, False, False)),
        ("smtp://mail.example.org:2525", Server("mail.example.org", 2525, False, False)),
        ("smtps://mail.example.org", Server("mail.example.org", 465, True, False)),
        ("smtp://localhost", Server("localhost", 25, False, True)),
    ],
)
def test_addresses_of_servers(url: str, server: Server) -> None:
    assert Server.from_url(url) == server


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://x", "smtp://", "smtp://x:y"])
def test_wrong_addresses_are_errors_of_configuration(url: str) -> None:
    with pytest.raises(ConfigError):
        SmtpChannel(url)


def test_it_cannot_look_up(sink: MailSink) -> None:
    with pytest.raises(TemporaryDeliveryError):
        channel(sink).find(MAIL)


def together(*answers: bytes) -> tuple[str, list[bytes]]:
    """A server that answers MAIL, RCPT and DATA once it has heard all three, and then whatever
    comes; its address, and what it heard of the message."""
    listening = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        with listening, listening.accept()[0] as client, client.makefile("rb") as lines:
            client.sendall(b"220 hi\r\n")
            lines.readline()
            client.sendall(b"250-hi\r\n250 PIPELINING\r\n")
            for _ in range(3):
                lines.readline()
            client.sendall(b"".join(answers))
            if len(answers) < 3:
                return
            while line := lines.readline():
                heard.append(line)
                if line in (b".\r\n", b"quit\r\n"):
                    client.sendall(b"250 taken\r\n")

    threading.Thread(target=serve, daemon=True).start()
    return f"smtp://127.0.0.1:{listening.getsockname()[1]}", heard


def test_a_server_that_takes_commands_together_is_told_all_at_once() -> None:
    url, heard = together(b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")
    assert OneMail(url, timeout_seconds=30).send(MAIL) == "<d-1@example.org>"
    message = b"".join(heard).partition(b"\r\n.\r\n")[0] + b"\r\n"
    assert message == MESSAGE.replace("\r\n.dot", "\r\n..dot").encode()


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((b"250 ok\r\n", b"550 5.1.1 nobody\r\n", b"503 no recipient\r\n"), NO_RECIPIENT),
        ((b"250 ok\r\n", b"550 5.1.1 nobody\r\n", b"354 go on\r\n"), NO_RECIPIENT),
        ((b"250 ok\r\n", b"550 5.1.1 nobody\r\n"), NO_RECIPIENT),
        ((b"550 5.7.1 no\r\n", b"503 no\r\n", b"503 no\r\n"), "smtp_sender_550"),
        ((b"250 ok\r\n", b"250 ok\r\n", b"554 5.7.1 no\r\n"), "smtp_message_554"),
    ],
    ids=[
        "recipient",
        "recipient, and it waits all the same",
        "recipient, and it hangs up",
        "sender",
        "data",
    ],
)
def test_what_it_refuses_is_handed_over_by_no_means(
    answers: tuple[bytes, ...], reason: str
) -> None:
    url, heard = together(*answers)
    with pytest.raises(PermanentDeliveryError) as caught:
        SmtpChannel(url, timeout_seconds=30).send(MAIL)
    assert caught.value.reason == reason
    assert not any(line.startswith(b"Hello") for line in heard)
