"""Why a connection failed: all that an exception was made of, and one word for what went wrong in TLS."""

from __future__ import annotations

from service_identity import VerificationError
from twisted.python.failure import Failure

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


def causes(error: BaseException | None) -> list[BaseException]:
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
