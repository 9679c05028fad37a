"""Ids from content and URL, never from insertion order: two archives of the same thing agree on them."""

from __future__ import annotations

import hashlib


def content_id(*parts: object) -> str:
    """16 hex digits that name this sequence of parts; no two sequences run together."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def blob_id(data: bytes) -> str:
    """The SHA-256 of the bytes, in hex: the name of a blob."""
    return hashlib.sha256(data).hexdigest()
