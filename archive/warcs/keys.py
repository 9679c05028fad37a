"""Addresses and moments as the indexes of web archives write them: turned round (SURT), and in 14 digits."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What SURT leaves as it is; all else outside of letters and digits is escaped, once."""
_SESSIONS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(.*)(?:jsessionid=[0-9a-z]{32})(?:&(.*))?$",
        r"^(.*)(?:phpsessid=[0-9a-z]{32})(?:&(.*))?$",
        r"^(.*)(?:sid=[0-9a-z]{32})(?:&(.*))?$",
        r"^(.*)(?:aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$",
        r"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$",
    )
)
"""Numbers of visits that old systems put into addresses (the rules of the Internet Archive's URLRegexTransformer)."""


def key_of(url: str) -> str:
    """An address turned round, in lower case, without www, its usual port and a last slash, its query sorted.

    Escapes are those of the field's tools (surt 0.3): undone as often as they were done, then done once. What is no
    address of http is its own key.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return url
    if not host or parts.scheme.lower() not in ("http", "https"):
        return url
    named = ",".join(reversed(re.sub(r"^www\d*\.", "", _ascii(host)).split(".")))
    usual = 80 if parts.scheme.lower() == "http" else 443
    named += f":{port}" if port not in (None, usual) else ""
    query = _query(_escaped(parts.query).lower())
    return f"{named}){_path(_escaped(_flat(parts.path)).lower())}{query and '?' + query}"


def stamp_of(at: str) -> str:
    """The 14 digits of a moment, as indexes write it."""
    return re.sub(r"\D", "", at)[:14]


def _ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def _bare(text: str) -> bytes:
    """Text without its escapes, also where they were escaped again."""
    data = text.encode("utf-8", "surrogateescape")
    while (undone := unquote_to_bytes(data)) != data:
        data = undone
    return data


def _escaped(text: str | bytes) -> str:
    return quote(_bare(text) if isinstance(text, str) else text, safe=_KEPT)


def _flat(path: str) -> bytes:
    """A path without empty steps, and without those to itself or up."""
    steps: list[bytes] = []
    for step in _bare(path).split(b"/")[1:]:
        if step == b".." and steps:
            steps.pop()
        elif step != b".":
            steps.append(step)
    last = steps[-1:]
    return b"/" + b"".join(step + b"/" for step in steps[:-1] if step) + b"".join(last)


def _path(path: str) -> str:
    return path[:-1] if len(path) > 1 and path.endswith("/") else path


def _query(query: str) -> str:
    for pattern in _SESSIONS:
        if found := pattern.match(query):
            query = found[1] + (found[2] or "")
    if len(query) <= 1:
        return query
    return "&".join("=".join(pair) for pair in sorted(tuple(part.split("=", 1)) for part in query.split("&")))
