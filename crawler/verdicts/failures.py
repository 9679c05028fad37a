"""What it means that a request got no answer: Scrapy's and Twisted's exceptions as outcomes."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    StopDownload,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet import error as network
from twisted.python.failure import Failure

from archive.outcomes import Outcome
from crawler.net.unpacking import CutBody, Spoilt
from crawler.net.wire import HeadersTooLarge
from crawler.signatures import Verdict


class Refused(IgnoreRequest):
    """A request that we do not make: the outcome says why."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


_KINDS: tuple[tuple[type[BaseException], Outcome], ...] = (
    (DownloadTimeoutError, Outcome.TIMEOUT),
    (CannotResolveHostError, Outcome.DNS_FAILED),
    (DownloadConnectionRefusedError, Outcome.UNREACHABLE_CONNECT),
    (ResponseDataLossError, Outcome.PARTIAL),
    (CutBody, Outcome.PARTIAL),
    (Spoilt, Outcome.HTTP_ERROR),
    (StopDownload, Outcome.TOO_LARGE),
    (DownloadCancelledError, Outcome.TOO_LARGE),
    (UnsupportedURLSchemeError, Outcome.NOT_REGISTERED),
    (network.TimeoutError, Outcome.TIMEOUT),
    (network.ConnectError, Outcome.UNREACHABLE_CONNECT),
    (network.ConnectionLost, Outcome.RESET),
    (network.ConnectionDone, Outcome.RESET),
    (DownloadFailedError, Outcome.RESET),
)


def explain(error: BaseException) -> Verdict:
    """The outcome of an exception, with its first line as the reason."""
    if isinstance(error, Refused):
        return Verdict(error.outcome, error.reason)
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
    if isinstance(error, IgnoreRequest):
        # The one that Scrapy itself raises here: a body that grew beyond the limit when it was unpacked.
        return Verdict(Outcome.TOO_LARGE, reason)
    if any(isinstance(each, HeadersTooLarge) for each in _causes(error)):
        return Verdict(Outcome.TOO_LARGE, "headers without an end")
    tls = next((each for each in _causes(error) if isinstance(each, SSL.Error | VerificationError)), None)
    if tls is not None:
        return Verdict(Outcome.TLS_INVALID, f"{tls_reason(tls)}: {tls}"[:300])
    lost = [each for each in _causes(error) if type(each) is network.ConnectionLost]
    if isinstance(error, ResponseDataLossError) and lost:
        return Verdict(Outcome.RESET, "the connection was reset in the middle of a body")
    if any(isinstance(each, UnicodeError) for each in _causes(error)):
        return Verdict(Outcome.DNS_FAILED, f"no name that could be asked for: {reason}"[:300])
    for kind, outcome in _KINDS:
        if isinstance(error, kind):
            return Verdict(outcome, reason)
    return Verdict(Outcome.FAILED, f"{type(error).__name__}: {reason}")


_TLS = (
    ("self-signed certificate in certificate chain", "unknown_issuer"),
    ("self-signed", "self_signed"),
    ("self signed", "self_signed"),
    ("hostname mismatch", "wrong_name"),
    ("expired", "expired"),
    ("not yet valid", "not_yet_valid"),
    ("unable to get local issuer", "unknown_issuer"),
    ("unable to verify", "unknown_issuer"),
    ("revoked", "revoked"),
    ("dh key too small", "weak_key"),
    ("ee key too small", "weak_key"),
    ("md too weak", "weak_key"),
    ("legacy", "legacy_renegotiation"),
    ("unsupported protocol", "old_protocol"),
    ("protocol version", "old_protocol"),
    ("wrong version number", "no_tls"),
    ("packet length too long", "no_tls"),
    ("http request", "no_tls"),
    ("record layer failure", "no_tls"),
    ("handshake", "handshake"),
)


def tls_reason(error: BaseException) -> str:
    """Why a TLS connection failed, in one word of a closed list."""
    if isinstance(error, VerificationError):
        return "wrong_name"
    said = str(error).lower()
    return next((name for words, name in _TLS if words in said), "tls")


def _causes(error: BaseException | None) -> list[BaseException]:
    """The exception and all that it was made of; Twisted keeps a list of failures in `reasons`."""
    found: list[BaseException] = []
    queue = [error]
    while queue and len(found) < 20:
        each = queue.pop()
        if each is None or each in found:
            continue
        found.append(each)
        queue += [each.__cause__, each.__context__]
        for reason in getattr(each, "reasons", None) or ():
            queue.append(reason.value if isinstance(reason, Failure) else reason)
    return found
