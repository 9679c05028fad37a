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

from archive.outcomes import Outcome
from crawler.net.reasons import causes, tls_reason
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
    if any(isinstance(each, HeadersTooLarge) for each in causes(error)):
        return Verdict(Outcome.TOO_LARGE, "headers without an end")
    tls = next((each for each in causes(error) if isinstance(each, SSL.Error | VerificationError)), None)
    if tls is not None:
        return Verdict(Outcome.TLS_INVALID, f"{tls_reason(tls)}: {tls}"[:300])
    lost = [each for each in causes(error) if type(each) is network.ConnectionLost]
    if isinstance(error, ResponseDataLossError) and lost:
        return Verdict(Outcome.RESET, "the connection was reset in the middle of a body")
    if any(isinstance(each, UnicodeError) for each in causes(error)):
        return Verdict(Outcome.DNS_FAILED, f"no name that could be asked for: {reason}"[:300])
    for kind, outcome in _KINDS:
        if isinstance(error, kind):
            return Verdict(outcome, reason)
    return Verdict(Outcome.FAILED, f"{type(error).__name__}: {reason}")
