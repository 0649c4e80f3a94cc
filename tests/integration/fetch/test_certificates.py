"""A certificate that ran out is a fault of its own, told with its cause, and nothing is read."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from tests.integration.fetch import pages
from tests.integration.fetch.conftest import House
from tests.integration.fetch.server import Server

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(folder: Path, *arguments: str) -> None:
    try:
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed")


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority of our own."""
    folder = tmp_path_factory.mktemp("authority")
    name = ["-subj", "/CN=Authority of the tests"]
    openssl(folder, "req", "-x509", *KEY, *name, "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, "req", *KEY, "-subj", "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1")
    return folder


def signed_for(authority: Path, days: int) -> ssl.SSLContext:
    """The server's side of a certificate that ends in so many days; below zero it is over."""
    issuer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "names"]
    out = f"cert{days}.pem"
    openssl(authority, "x509", "-req", "-in", "csr", *issuer, "-days", str(days), "-out", out)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / out, authority / "key.pem")
    return context


async def test_an_expired_certificate_is_named_and_its_renewal_noticed(
    house: House, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))
    server = await Server().start(signed_for(authority, 3))
    port = server.port
    server.put("/feed", pages.feed([pages.News("https://cluster.example/1", "One")]), pages.RSS)
    house.watch(server.url("/feed", "https"), kind="feed")
    assert (await house.poll()).status == "ok"
    await server.__aexit__()
    await server.start(signed_for(authority, -1), port=port)
    seen = len(server.seen)
    house.later(days=1)
    assert (await house.poll()).status == "failed"
    state = house.parts.sources.get("one").state
    assert state.error_kind == "tls"
    assert "certificate has expired" in state.error
    assert "valid certificate" in state.remedy
    assert len(server.seen) == seen
    await server.__aexit__()
    await server.start(signed_for(authority, 3), port=port)
    house.later(days=1)
    assert (await house.poll()).status in ("ok", "unchanged")
    assert house.parts.sources.get("one").state.error == ""
    await server.__aexit__()
