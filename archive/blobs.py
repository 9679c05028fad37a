"""The bytes of a capture as they lie in the table `blob`: packed when that helps, proven when they are taken out."""

from __future__ import annotations

import zstandard

from archive.ids import blob_id

LEVEL = 3


def pack(body: bytes) -> tuple[str, bytes]:
    """Encoding and data for the table. A PDF or a zip mostly is compressed already, and stays as it is."""
    packed = zstandard.ZstdCompressor(level=LEVEL).compress(body)
    return ("zstd", packed) if len(packed) < len(body) else ("raw", body)


def unpack(encoding: str, data: bytes, size: int) -> bytes | None:
    """The bytes as they came, or None when they cannot be had. Never makes more than was put in."""
    if encoding == "raw":
        return data
    if encoding != "zstd":
        return None
    try:
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=size or 1)
    except zstandard.ZstdError:
        return None


def is_sound(sha256: str, size: int, encoding: str, data: bytes) -> bool:
    """Whether a row of the table still gives the bytes that it is named after."""
    body = unpack(encoding, data, size)
    return body is not None and len(body) == size and blob_id(body) == sha256
