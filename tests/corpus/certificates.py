"""Certificates for servers on loopback: good, expired, for another name, or signed by nobody else."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

Signer = tuple[x509.Name, Any]


def certificate(
    folder: Path, name: str, *, issuer: Signer | None = None, days: int = 9, ca: bool = False, bits: int = 0
) -> tuple[Path, Signer]:
    """A certificate and its key in one file, signed by itself or by an issuer; `days` until it expires.

    With `bits` its key is an RSA key of so many, as old servers have them.
    """
    key: Any = ec.generate_private_key(ec.SECP256R1()) if not bits else rsa.generate_private_key(65537, bits)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signer = issuer or (subject, key)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=30))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([_alternative(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .sign(signer[1], hashes.SHA256())
    )
    path = folder / f"{name}-{days}-{ca}.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(key.private_bytes(*plain) + made.public_bytes(serialization.Encoding.PEM))
    return path, (subject, key)


def server_context(path: Path, *, newest: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """What a server needs to speak TLS with a certificate of `certificate`; with `newest` no version after it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if newest is not None:
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, newest
    context.load_cert_chain(path)
    return context


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
