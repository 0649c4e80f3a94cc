"""The mail sink, spoken to by the standard library's client."""

from __future__ import annotations

import logging
import smtplib
from pathlib import Path

import pytest

from alerts.demo.certificate import Certificate, self_signed
from alerts.demo.mail_sink import HOST, MailSink

BODY = b"Subject: Digest\r\nFrom: <a@example.org>\r\n\r\nThree stories.\r\n.hidden dot\r\n"
READER = "reader@example.org"


def client(sink: MailSink) -> smtplib.SMTP:
    return smtplib.SMTP(HOST, sink.port, local_hostname="test.example.org", timeout=5)


def send(sink: MailSink, *recipients: str, login: tuple[str, str] | None = None) -> object:
    with client(sink) as smtp:
        if login:
            smtp.login(*login)
        return smtp.sendmail("news@example.org", recipients or (READER,), BODY)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"))


def test_a_message_is_kept_with_its_envelope_and_its_very_bytes() -> None:
    with MailSink() as sink:
        send(sink)
    (mail,) = sink.messages
    assert mail.sender == "news@example.org"
    assert mail.recipients == (READER,)
    assert mail.data == BODY
    assert mail.message["Subject"] == "Digest"
    assert not mail.encrypted
    assert mail.login == ""


def test_addresses_do_not_reach_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with MailSink() as sink:
        send(sink)
    assert READER not in caplog.text


def test_the_address_names_scheme_and_port() -> None:
    with MailSink() as sink:
        assert sink.url == f"smtp://127.0.0.1:{sink.port}"
        assert sink.port > 0


def test_a_raw_header_is_given_folded_as_it_came() -> None:
    with MailSink() as sink, client(sink) as smtp:
        smtp.sendmail("a@example.org", [READER], b"List-Unsubscribe: <x>,\r\n <y>\r\nTo: z\r\n\r\n")
    assert sink.messages[0].raw_header("list-unsubscribe") == b"<x>,\n <y>"
    assert sink.messages[0].raw_header("Subject") == b""


def test_without_a_user_no_login_is_offered() -> None:
    with MailSink() as sink, client(sink) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("auth")
        with pytest.raises(smtplib.SMTPNotSupportedError):
            smtp.login("someone", "secret")


def test_a_right_login_is_taken_and_remembered() -> None:
    with MailSink(user="news", password="geheim") as sink:
        send(sink, login=("news", "geheim"))
    assert sink.messages[0].login == "news"
    assert sink.logins == ("news",)


def test_a_wrong_login_is_refused() -> None:
    with MailSink(user="news", password="geheim") as sink:
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            send(sink, login=("news", "falsch"))
        assert caught.value.smtp_code == 535
    assert sink.messages == ()


def test_without_login_nothing_is_taken_where_one_is_required() -> None:
    with MailSink(user="news", password="geheim") as sink:
        with pytest.raises(smtplib.SMTPSenderRefused) as caught:
            send(sink)
        assert caught.value.smtp_code == 530


def test_a_login_can_be_offered_without_being_required() -> None:
    with MailSink(user="news", password="geheim", require_login=False) as sink:
        send(sink)
    assert len(sink.messages) == 1


def test_a_planned_login_refusal_hits_one_client_whatever_mechanisms_it_tries() -> None:
    with MailSink(user="news", password="geheim") as sink:
        sink.refuse_login()
        with pytest.raises(smtplib.SMTPAuthenticationError):
            send(sink, login=("news", "geheim"))
        send(sink, login=("news", "geheim"))
    assert len(sink.messages) == 1


def test_starttls_is_offered_with_a_certificate(certificate: Certificate) -> None:
    with MailSink(tls_context=certificate.server_context()) as sink:
        with client(sink) as smtp:
            smtp.starttls(context=certificate.client_context())
            smtp.sendmail("news@example.org", [READER], BODY)
        assert sink.messages[0].encrypted


def test_starttls_is_not_offered_without_one() -> None:
    with MailSink() as sink, client(sink) as smtp:
        smtp.ehlo()
        assert not smtp.has_extn("starttls")


def test_login_works_after_starttls(certificate: Certificate) -> None:
    server = certificate.server_context()
    with MailSink(user="news", password="geheim", tls_context=server) as sink:
        with client(sink) as smtp:
            smtp.starttls(context=certificate.client_context())
            smtp.login("news", "geheim")
            smtp.sendmail("news@example.org", [READER], BODY)
        assert sink.messages[0].encrypted
        assert sink.messages[0].login == "news"


def test_implicit_tls_speaks_tls_from_the_first_byte(certificate: Certificate) -> None:
    with MailSink(tls_context=certificate.server_context(), implicit_tls=True) as sink:
        assert sink.url.startswith("smtps://")
        context = certificate.client_context()
        with smtplib.SMTP_SSL(HOST, sink.port, context=context, timeout=5) as smtp:
            smtp.sendmail("news@example.org", [READER], BODY)
        assert sink.messages[0].encrypted


def test_implicit_tls_without_a_certificate_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="tls_context"):
        MailSink(implicit_tls=True)


def test_the_certificate_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    assert self_signed(tmp_path).file.stat().st_mode & 0o077 == 0


def test_a_greylisted_recipient_is_taken_the_second_time() -> None:
    with MailSink() as sink:
        sink.refuse(READER, 450)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as caught:
            send(sink)
        assert caught.value.recipients[READER][0] == 450
        send(sink)
    assert len(sink.messages) == 1


def test_an_unknown_recipient_is_refused_for_ever_and_the_others_are_served() -> None:
    with MailSink() as sink:
        sink.refuse("gone@example.org", 550, times=None)
        refused = [send(sink, "gone@example.org", READER) for _ in range(2)]
    assert all(set(r) == {"gone@example.org"} for r in refused if isinstance(r, dict))
    assert [mail.recipients for mail in sink.messages] == [(READER,), (READER,)]


def test_a_connection_dropped_after_data_leaves_the_message_taken() -> None:
    with MailSink() as sink:
        sink.drop_after_data()
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
            send(sink)
        assert len(sink.messages) == 1
        send(sink)
        assert len(sink.messages) == 2


def test_a_planned_answer_to_data_takes_nothing() -> None:
    with MailSink() as sink:
        sink.answer_data("451 4.3.0 later")
        with pytest.raises(smtplib.SMTPDataError) as caught:
            send(sink)
        assert caught.value.smtp_code == 451
        assert sink.messages == ()
        send(sink)
    assert len(sink.messages) == 1


def test_a_server_that_closes_says_so_and_hangs_up_once() -> None:
    with MailSink() as sink:
        sink.answer_ehlo("421 4.3.2 closing")
        smtp = client(sink)
        assert smtp.ehlo()[0] == 421
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
            smtp.helo()
        smtp.close()
        send(sink)
    assert len(sink.messages) == 1


def test_a_server_without_ehlo_still_speaks_helo() -> None:
    with MailSink() as sink:
        sink.answer_ehlo("502 5.5.1 not implemented")
        send(sink)
    assert len(sink.messages) == 1


def test_a_message_over_the_limit_is_refused() -> None:
    with MailSink(max_bytes=2_000) as sink:
        with pytest.raises(smtplib.SMTPResponseException) as caught, client(sink) as smtp:
            smtp.sendmail("a@example.org", [READER], b"Subject: x\r\n\r\n" + b"long\r\n" * 1_000)
        assert caught.value.smtp_code == 552
    assert sink.messages == ()
