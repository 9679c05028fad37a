"""Packed bodies: unpacked within their bound, and known for what they are when they end too early.

Scrapy gives what it could unpack of a body that was cut, and says nothing of it.
"""

from __future__ import annotations

import gzip
import zlib

import zstandard
from scrapy import Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Request, Response
from scrapy.utils._compression import _DecompressionMaxSizeExceeded

from crawler.net.room import ENOUGH

_STEP = 1 << 16
_GZIP = (b"gzip", b"x-gzip")


class CutBody(Exception):
    """A packed body that ends before its own end."""


class Spoilt(Exception):
    """A body that is not packed in the way that it says."""


class Unpacking(HttpCompressionMiddleware):
    """Scrapy's own, strict about the end."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Takes the packing off; of an answer whose beginning is enough, off its beginning."""
        enough = request.meta.get(ENOUGH)
        packed = (response.headers.get("Content-Encoding") or b"").strip().lower()
        if enough and packed in _GZIP:
            response = response.replace(body=_beginning(response.body, enough + 1))
            del response.headers["Content-Encoding"]
        return super().process_response(request, response)

    @staticmethod
    def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
        try:
            unpacked: bytes = HttpCompressionMiddleware._decode(body, encoding, max_size)
            whole = not body or _is_whole(body, encoding, len(unpacked))
        except _DecompressionMaxSizeExceeded as error:
            # Its traceback would hold all that was unpacked until the failure is dealt with.
            raise error.with_traceback(None) from None
        except EOFError as error:
            raise CutBody(f"a body packed as {encoding.decode()} ends too early") from error
        except (gzip.BadGzipFile, zlib.error, zstandard.ZstdError) as error:
            raise Spoilt(f"packed as {encoding.decode()}, it says, and is not: {error}") from error
        if not whole:
            raise CutBody(f"a body packed as {encoding.decode()} ends too early")
        return unpacked


def _is_whole(body: bytes, encoding: bytes, size: int) -> bool:
    """Whether a packed body has its end. It has been unpacked once, so its size is within bounds."""
    if encoding in _GZIP:
        # The last four bytes say how long the (last) part is; where several parts follow, they are gone through.
        return int.from_bytes(body[-4:], "little") == size % 2**32 or _ends(body, 31)
    if encoding == b"deflate":
        return _ends(body, 15) or _ends(body, -15)
    if encoding == b"zstd":
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        unpacker.decompress(body)
        return bool(unpacker.eof)
    return encoding != b"br" or _brotli_ends(body)


def _beginning(body: bytes, size: int) -> bytes:
    """So many bytes of what is packed, as far as it can be unpacked at all."""
    try:
        return zlib.decompressobj(31).decompress(body, size)
    except zlib.error as error:
        raise Spoilt(f"packed as gzip, it says, and is not: {error}") from error


def _ends(body: bytes, window: int) -> bool:
    """Whether each part of a stream ends; bytes after the last one are nobody's business."""
    while True:
        unpacker = zlib.decompressobj(window)
        rest = body
        try:
            while rest and not unpacker.eof:
                unpacker.decompress(rest, _STEP)
                rest = unpacker.unconsumed_tail
        except zlib.error:
            return False
        if not unpacker.eof:
            return False
        body = unpacker.unused_data
        if window != 31 or body[:2] != b"\x1f\x8b":
            return True


def _brotli_ends(body: bytes) -> bool:
    import brotli

    unpacker = brotli.Decompressor()
    unpacker.process(body, output_buffer_limit=_STEP)
    while not unpacker.is_finished():
        if not unpacker.process(b"", output_buffer_limit=_STEP):
            return False
    return True
