"""A webhook that is signed, and a service behind Apprise, against a server on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from alerts.channels.apprise import AppriseChannel
from alerts.channels.webhook import WebhookChannel, key_of, signature
from crawler.errors import (
    AmbiguousDeliveryError,
    DeliveryError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from tests.fixtures.deliveries import delivery

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@dataclass
class Receiver:
    """What came in, and the status that is answered; 0 breaks the connection."""

    url: str = ""
    status: int = 204
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.taken.append((self.path, headers, body))
            if state.status:
                self.send_response(state.status)
                if state.status == 429:
                    self.send_header("Retry-After", "70")
                self.end_headers()
            else:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def channel() -> WebhookChannel:
    return WebhookChannel(SECRET, timeout_seconds=5, clock=lambda: 1_800_000_000.7)


def test_the_body_arrives_signed_with_id_and_time(receiver: Receiver) -> None:
    one = delivery(f"webhook:{receiver.url}/hook?x=1", payload='{"title": "Neues für Köln"}')
    assert channel().send(one) == "webhook:d-1"
    ((path, headers, body),) = receiver.taken
    assert path == "/hook?x=1"
    assert json.loads(body) == {"title": "Neues für Köln"}
    assert headers["webhook-id"] == "d-1"
    assert headers["webhook-timestamp"] == "1800000000"
    signed = b"d-1.1800000000." + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    assert headers["webhook-signature"] == f"v1,{expected.decode()}"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (0, AmbiguousDeliveryError),
        (503, AmbiguousDeliveryError),
        (429, TemporaryDeliveryError),
        (410, PermanentDeliveryError),
        (302, PermanentDeliveryError),
        (401, PermanentDeliveryError),
    ],
)
def test_answers_are_told_apart(receiver: Receiver, status: int, kind: type[DeliveryError]) -> None:
    receiver.status = status
    with pytest.raises(kind) as failed:
        channel().send(delivery(f"webhook:{receiver.url}/hook"))
    assert failed.value.retry_after_seconds == (70 if status == 429 else None)
    assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    "address", ["http://news.example.org/x", "https://a:b@example.org/", "ftp://x/", "https://", ""]
)
def test_only_encrypted_addresses_without_login_are_posted_to(address: str) -> None:
    with pytest.raises(PermanentDeliveryError) as failed:
        channel().send(delivery(f"webhook:{address}"))
    assert failed.value.reason == "invalid_address"


def test_nobody_listening_is_surely_not_sent() -> None:
    with pytest.raises(TemporaryDeliveryError):
        channel().send(delivery("webhook:http://127.0.0.1:9/hook"))


def test_the_key_is_what_the_base64_stands_for_with_the_prefix_or_without() -> None:
    assert key_of(SECRET) == key_of(SECRET.removeprefix("whsec_")) == KEY
    assert key_of("no base64, but a key") == b"no base64, but a key"
    assert key_of("größe") == "größe".encode()
    assert key_of("") == b""


def test_the_specification_s_own_example_is_signed_alike() -> None:
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_QUJD", "no base64, but long enough, is it"]
)
def test_a_secret_that_is_missing_short_or_unreadable_is_told_by_the_doctor(secret: str) -> None:
    (problem,) = WebhookChannel(secret).check()
    assert 'echo "whsec_$(openssl rand -base64 32)"' in problem
    assert channel().check() == ()
    assert SECRET not in repr(channel())


# Apprise imports a module that Python deprecates; that is no warning of ours.
@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_apprise_takes_the_address_behind_a_name(receiver: Receiver) -> None:
    pytest.importorskip("apprise", reason="the apprise extra is not installed")
    services = AppriseChannel({"CAMPUS_OPS": receiver.url.replace("http:", "json:") + "/notify"})
    one = delivery("apprise:campus-ops", payload='{"title": "News", "body": "One & two"}')
    receiver.status = 200
    assert services.check() == ()
    assert services.send(one) == "apprise:d-1"
    ((path, _, body),) = receiver.taken
    assert path == "/notify"
    message = json.loads(body)
    assert (message["title"], message["message"]) == ("News", "One & two")


@pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")
def test_apprise_tells_refusals_and_unknown_names_apart(receiver: Receiver) -> None:
    pytest.importorskip("apprise", reason="the apprise extra is not installed")
    services = AppriseChannel({"OPS": receiver.url.replace("http:", "json:")})
    payload = '{"title": "News", "body": "text"}'
    receiver.status = 500
    with pytest.raises(TemporaryDeliveryError):
        services.send(delivery("apprise:ops", payload=payload))
    with pytest.raises(PermanentDeliveryError) as failed:
        services.send(delivery("apprise:other", payload=payload))
    assert "CLUSTERWATCH_APPRISE_OTHER" in failed.value.remedy
