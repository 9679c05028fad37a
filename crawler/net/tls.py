"""TLS as old servers speak it, for the hosts that speak no other.

Many offices run servers that only know TLS 1.0 or 1.1, keys of 1,024 bits, or no safe renegotiation, and OpenSSL refuses them
since version 3. Such a host is asked once more with what it knows; its certificate must still be a good one, for its
own name, and each answer of it says that it came so. No other host is spoken to in that way.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.ssl import TLSVersion, optionsForClientTLS
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.net.reasons import causes, tls_reason

OLD_TLS = "old TLS"
"""The flag of an answer that came so."""
_OLD = frozenset({"old_protocol", "weak_key", "legacy_renegotiation", "handshake"})
"""Reasons of `tls_reason` for which an older way of speaking may help."""
_CIPHERS = b"DEFAULT:@SECLEVEL=0"
"""All that OpenSSL still has: keys below 2,048 bits, SHA-1, and the protocols before TLS 1.2."""
_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT: a server without the renegotiation of RFC 5746."""


@implementer(IPolicyForHTTPS)
class Policy:
    """How each host is spoken to over TLS: `usual`, but for the hosts in `old`."""

    def __init__(self, usual: Any) -> None:
        self._usual = usual
        self.old: set[str] = set()

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        """What makes the connections to a host, as Twisted asks for it."""
        name = hostname.decode("ascii")
        return _old(name) if name in self.old else self._usual.creatorForNetloc(hostname, port)


def _old(name: str) -> Any:
    lowest = {"insecurelyLowerMinimumTo": TLSVersion.TLSv1_0}
    creator = optionsForClientTLS(hostname=name, extraCertificateOptions=lowest)
    context: SSL.Context = creator._createConnection.__self__.getContext()
    context.set_cipher_list(_CIPHERS)
    context.set_options(_LEGACY_SERVER_CONNECT)
    return creator


class Handler(HTTP11DownloadHandler):
    """Scrapy's own handler; where TLS fails because a server is old, the host is asked once more in the old way."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._policy = Policy(self._contextFactory)
        self._contextFactory: Any = self._policy

    async def download_request(self, request: Request) -> Response:
        """The answer, flagged where it came over old TLS."""
        host = urlsplit(request.url).hostname or ""
        if host not in self._policy.old:
            try:
                return await super().download_request(request)
            except Exception as error:
                if not _is_old(error):
                    raise
            self._policy.old.add(host)
        response = await super().download_request(request)
        if request.url.startswith("https:"):
            response.flags.append(OLD_TLS)
        return response


def _is_old(error: BaseException) -> bool:
    """Whether a connection failed because the server knows no newer way."""
    return any(isinstance(each, SSL.Error) and tls_reason(each) in _OLD for each in causes(error))
