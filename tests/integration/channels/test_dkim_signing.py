"""Signed mails: the signature holds over what the server received, both leave headers included."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from alerts.channels.dkim_signing import DkimKey, read_key
from alerts.digests.messages import render_message
from crawler.errors import ConfigError
from tests.fixtures.digest_makers import NOW

dkim = pytest.importorskip("dkim", reason="the dkim extra is not installed")


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("keys") / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", file, "2048"], check=True, capture_output=True)
    return file


@pytest.fixture
def key(pem: Path) -> DkimKey:
    return read_key(pem, "news", "Clusterwatch <news@example.org>")


def public(pem: Path) -> bytes:
    shown = subprocess.run(
        ["openssl", "rsa", "-in", pem, "-pubout"], check=True, capture_output=True
    ).stdout
    return b"".join(line for line in shown.splitlines() if not line.startswith(b"-----"))


def message() -> bytes:
    return render_message(
        "welcome", "de", "ada@example.com", "Clusterwatch <news@example.org>", now=NOW,
        delivery_id="d-1", link="https://news.example.org/leave/" + "x" * 120,
        mailto="mailto:news@example.org?subject=leave%20x", what="KI, 3D-Druck",
    )  # fmt: skip


def verified(signed: bytes, pem: Path) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return b"v=DKIM1; k=rsa; p=" + public(pem)

    holds: bool = dkim.verify(signed, dnsfunc=dns)
    assert asked == [b"news._domainkey.example.org."]
    return holds


def test_what_was_signed_verifies_and_changes_break_it(key: DkimKey, pem: Path) -> None:
    signed = key.signed(message())
    assert verified(signed, pem)
    assert not verified(signed.replace(b"KI, ", b"XX, "), pem)
    assert not verified(
        signed.replace(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"X-Other: 1"), pem
    )


def test_both_unsubscribe_headers_are_signed(key: DkimKey) -> None:
    header = key.signed(message()).partition(b"\r\n\r\n")[0]
    names = b"".join(header.partition(b" h=")[2].partition(b";")[0].split()).lower().split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"subject"} <= set(names)


def test_a_wrong_key_is_named_without_being_shown(tmp_path: Path, key: DkimKey) -> None:
    file = tmp_path / "dkim.pem"
    file.write_text("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", "utf-8")
    with pytest.raises(ConfigError, match="no RSA private key") as failed:
        read_key(file, "news", "news@example.org")
    assert "c2VjcmV0" not in failed.value.line()
    with pytest.raises(ConfigError, match="dkim_selector"):
        read_key(file, "", "news@example.org")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_key(tmp_path / "none.pem", "news", "news@example.org")
    assert "BEGIN" not in repr(key)
