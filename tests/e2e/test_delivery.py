"""The report is taken to a webhook, a mailbox and a dead man's switch that really run, and broken ones are told."""

from __future__ import annotations

import datetime
import json
import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mockserver import MockServer, Reply

from nianbao.nightly import delivery
from nianbao.nightly.reporting import page
from nianbao.settings import Delivery

REPORT: dict[str, Any] = {
    "outcome": "partial",
    "sentence": "1 thing needs a person (disk); 年报.",
    "alarms": [{"monitor": "disk", "what": "12 MiB are free", "remedy": "make room"}],
}
PAGE = "<html><p>年报</p></html>"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "PAUSE", 0.0)
    monkeypatch.setattr(delivery, "TIMEOUT", 5.0)
    # Both ends ask for the name of this machine, and where there is no network that takes long.
    monkeypatch.setattr("socket.getfqdn", lambda *_: "localhost")


def test_a_webhook_gets_the_report() -> None:
    with MockServer({"/hook/KEY": Reply("ok")}) as server:
        assert delivery.deliver(Delivery(webhook=server.url("/hook/KEY")), REPORT, PAGE) == []
    (asked,) = server.log
    assert (asked.method, asked.headers["Content-Type"]) == ("POST", "application/json")
    assert json.loads(asked.body) == REPORT


def test_a_webhook_that_fails_once_is_asked_again() -> None:
    replies = [Reply("", 503), Reply("ok")]
    with MockServer({"/hook": lambda _: replies.pop(0)}) as server:
        assert delivery.deliver(Delivery(webhook=server.url("/hook")), REPORT, PAGE) == []
    assert len(server.log) == 2


def test_a_broken_webhook_is_told_without_its_key() -> None:
    with MockServer({"*": Reply("KEY is wrong", 500)}) as server:
        (said,) = delivery.deliver(Delivery(webhook=server.url("/hook/KEY")), REPORT, PAGE)
    assert len(server.log) == delivery.TRIES
    assert said == "the webhook at 127.0.0.1 could not be reached: status 500"
    (said,) = delivery.deliver(Delivery(webhook=server.url("/hook/KEY")), REPORT, PAGE)
    assert said == "the webhook at 127.0.0.1 could not be reached: ConnectionRefusedError"


def test_the_dead_mans_switch_is_asked_for() -> None:
    with MockServer({"/ping": Reply("ok")}) as server:
        assert delivery.ping(Delivery(dead_man=server.url("/ping"))) == []
    assert [(asked.method, asked.path) for asked in server.log] == [("GET", "/ping")]
    assert delivery.ping(Delivery()) == []


class Box:
    """A mailbox: what came, and who it let in."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        self.mails.append((message_from_bytes(envelope.content, policy=policy.default), bool(session.ssl)))
        return "250 OK"

    def login(self, _server: Any, _session: Any, _envelope: Any, _how: str, said: Any) -> AuthResult:
        assert isinstance(said, LoginPassword)
        self.logins.append((said.login, said.password))
        return AuthResult(success=said.password == b"right")


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = folder / "mail.pem"
    path.write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()) + made.public_bytes(pem))
    return path


class OnAnyPort(Controller):
    """Listens at a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[tuple[Box, Delivery, Path]]:
    """A mail server on this machine that wants STARTTLS and a password."""
    pem = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    made = Box()
    server = OnAnyPort(
        made,
        hostname="127.0.0.1",
        port=0,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=made.login,
    )
    server.start()
    mail = Delivery(
        mail_to="a@example.org",
        mail_from="n@example.org",
        mail_host="127.0.0.1",
        mail_port=server.port,
        mail_user="u",
        mail_password="right",
    )
    yield made, mail, pem
    server.stop(no_assert=True)


def test_a_mail_goes_encrypted_and_with_its_password(
    box: tuple[Box, Delivery, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, mail, pem = box
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    assert delivery.deliver(mail, REPORT, PAGE) == []
    ((message, encrypted),) = made.mails
    assert encrypted
    assert made.logins == [(b"u", b"right")]
    assert message["Subject"] == f"Nianbao: partial: {REPORT['sentence']}"
    text, page = message.iter_parts()
    assert "disk: 12 MiB are free\n  make room" in text.get_content().replace("\r\n", "\n")
    assert page.get_content().strip() == PAGE


def test_a_certificate_that_nobody_signed_gets_no_password(box: tuple[Box, Delivery, Path]) -> None:
    made, mail, _pem = box
    (said,) = delivery.deliver(mail, REPORT, PAGE)
    assert said == "the mail at 127.0.0.1 could not be reached: SSLCertVerificationError"
    assert (made.logins, made.mails) == ([], [])


def test_a_wrong_password_is_told_and_not_shown(
    box: tuple[Box, Delivery, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    _made, mail, pem = box
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setattr(delivery, "TRIES", 1)
    monkeypatch.setattr(delivery, "TIMEOUT", 1.0)
    (said,) = delivery.deliver(replace(mail, mail_password="SECRET"), REPORT, PAGE)
    assert said.startswith("the mail at 127.0.0.1 could not be reached: SMTP")
    assert "SECRET" not in said


def test_the_page_of_a_night_escapes_what_it_is_told_and_marks_commands() -> None:
    alarm = {
        "monitor": "silent sources",
        "what": "<script>alert(1)</script>",
        "remedy": "ask `nianbao status --all`",
        "level": "wrong",
        "since": "2026-03-01T05:00:00Z",
    }
    report: dict[str, Any] = {
        **{"outcome": "partial", "sentence": "年报.", "began": "2026-03-02T01:00:00Z", "late": ""},
        **{"crawl": {"requests": 1, "outcomes": {"ok": 1}, "new_captures": 1}, "published": None},
        **{"read": {"read": 1, "versions": 1, "findings": 0}, "verified": {"problems": [], "blobs": 3}},
        **{"alarms": [alarm], "stages": []},
    }
    shown = page(report)
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "→ ask <code>nianbao status --all</code> <small>(since 2026-03-01 05:00 UTC)</small>" in shown
