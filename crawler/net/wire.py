"""Two things that Twisted does below Scrapy and offers no setting for: bounded headers, and why a
certificate is refused.

Both replace a private name of Twisted, once, before the first connection; tests say when they stop working.
"""

from __future__ import annotations

from typing import Any, cast

from OpenSSL import SSL
from twisted.python.failure import Failure

MAX_HEADERS = 256 * 1024
MAX_LINES = 2000
"""Bytes and lines of all headers of one answer, trailers and 100 Continue among them. A browser gives up at about as
many bytes; an empty line costs us as much as a long one."""
_REASONS = {
    9: "certificate is not yet valid",
    10: "certificate has expired",
    18: "self-signed certificate",
    19: "self-signed certificate in certificate chain",
    20: "unable to get local issuer certificate",
    21: "unable to verify the first certificate",
    23: "certificate revoked",
    62: "hostname mismatch",
    66: "ee key too small",
    68: "md too weak",
}


class HeadersTooLarge(Exception):
    """An answer whose headers go on and on."""


class CertificateRefused(SSL.Error):
    """A certificate that is not believed, with OpenSSL's reason."""


def install() -> None:
    """Puts both in place; call it when a reactor is installed."""
    from scrapy.core.downloader.handlers import http11
    from twisted.internet import _sslverify

    handlers, verify = cast(Any, http11), cast(Any, _sslverify)
    if handlers._LenientHTTPClientParser.__name__ != "Bounded":
        handlers._LenientHTTPClientParser = _bounded(handlers._LenientHTTPClientParser)
        verify._verifyCB = _telling(verify._verifyCB)


def _bounded(parser: Any) -> Any:
    class Bounded(parser):  # type: ignore[misc]
        """Counts the bytes and the lines of the headers."""

        _came = _lines = 0

        def lineReceived(self, line: bytes) -> None:
            self._came += len(line) + 2
            self._lines += 1
            if self._came > MAX_HEADERS:
                raise HeadersTooLarge(f"more than {MAX_HEADERS} bytes of headers")
            if self._lines > MAX_LINES:
                raise HeadersTooLarge(f"more than {MAX_LINES} lines of headers")
            super().lineReceived(line)

        def lineLengthExceeded(self, line: bytes) -> None:
            raise HeadersTooLarge(f"a header line of more than {len(line)} bytes")

    return Bounded


def _telling(make: Any) -> Any:
    """Twisted's own check of names and chains, which also says why a chain is not believed."""

    def make_callback(protocol: Any, *more: Any) -> Any:
        check = make(protocol, *more)

        def verified(connection: Any, certificate: Any, error: int, depth: int, fine: bool) -> bool:
            believed = bool(check(connection, certificate, error, depth, fine))
            if not fine:
                reason = _REASONS.get(error, f"certificate verify error {error}")
                refused: Any = Failure
                protocol.failVerification(refused(CertificateRefused(reason)))
            return believed

        return verified

    return make_callback
