"""A self-signed certificate for 127.0.0.1, so that TLS can be spoken on loopback.

It needs ``cryptography``, which comes with Scrapy. A client trusts it by loading
``Certificate.file`` (``cafile=…``, or the environment variable ``SSL_CERT_FILE``).
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate as X509

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key, in one PEM file."""

    file: Path

    def server_context(self) -> ssl.SSLContext:
        """For the server's side."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        return context

    def client_context(self) -> ssl.SSLContext:
        """For a client that trusts this certificate and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.file)
        return context


def self_signed(folder: Path, *, days: int = 30, now: datetime | None = None) -> Certificate:
    """Write ``loopback.pem`` into ``folder``: valid for 127.0.0.1 and localhost for ``days``."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, plain, serialization.NoEncryption())
    file = folder / "loopback.pem"
    file.write_bytes(secret + _signed(key, now or datetime.now(UTC), days).public_bytes(pem))
    file.chmod(0o600)
    return Certificate(file)


def _signed(key: EllipticCurvePrivateKey, now: datetime, days: int) -> X509:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    names = [x509.IPAddress(ip_address(HOST)), x509.DNSName("localhost")]
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    return builder.sign(key, hashes.SHA256())
