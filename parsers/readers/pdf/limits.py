"""What a PDF may ask of its reader: bytes that streams unpack to, bytes and signs that pages draw, rules of
tables."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from parsers.document import ParseError

MOST_PAGES, MOST_SCANNED = 200, 40
LARGEST_STREAM = 128 * 1024 * 1024  # a page scanned in colour at 600 dpi, without its packing
MOST_STREAMS = 50_000
MOST_DRAWN, MOST_DRAWN_IN_ALL = 2_000_000, 12_000_000  # bytes of content: a page of a report has 30,000
OF_A_FORM = 1000  # to look up a form of one line takes as long as to follow so many bytes
MOST_SIGNS, MOST_SIGNS_IN_ALL = 60_000, 600_000
MOST_EDGES, MOST_CROSSINGS = 20_000, 60_000
_STREAM = re.compile(rb"stream\r?\n(?=[\x08-\x78][\x01\x5e\x9c\xda])")
_PACKED = b"\x78"


class TooMuch(ParseError):
    """A page that draws more than is followed."""


@dataclass(slots=True)
class Budget:
    """What the pages of one file may still draw, in bytes of content and in signs."""

    drawn: int = MOST_DRAWN_IN_ALL
    signs: int = MOST_SIGNS_IN_ALL

    def page(self) -> Budget:
        """What the next page may draw."""
        return Budget(min(self.drawn, MOST_DRAWN), min(self.signs, MOST_SIGNS))

    def spend(self, drawn: int = 0, signs: int = 0) -> None:
        """Take so much; raises TooMuch when there is not as much left."""
        self.drawn -= drawn
        self.signs -= signs
        if self.drawn < 0 or self.signs < 0:
            raise TooMuch("it draws too much")


def check_streams(data: bytes) -> None:
    """Raises ParseError when a stream unpacks to more than is ever printed, packed once or twice."""
    for number, start in enumerate(_STREAM.finditer(data)):
        if number >= MOST_STREAMS:
            raise ParseError(f"the PDF has more than {MOST_STREAMS} packed streams: it is not read")
        size, head = _unpacked(data, start.end())
        if size <= LARGEST_STREAM and head.startswith(_PACKED):
            size = max(size, _unpacked(head, 0)[0])
        if size > LARGEST_STREAM:
            raise ParseError(
                f"the PDF's stream at byte {start.start()} unpacks to more than {LARGEST_STREAM} bytes:"
                " it is not read"
            )


def _unpacked(data: bytes, start: int) -> tuple[int, bytes]:
    """How many bytes a stream unpacks to, counted up to the limit, and its first 16 MB."""
    unpacker = zlib.decompressobj()
    size, head, at = 0, b"", start
    try:
        while size <= LARGEST_STREAM and not unpacker.eof and at < len(data):
            piece = unpacker.decompress(unpacker.unconsumed_tail or data[at : at + 65536], 1 << 22)
            at += 0 if unpacker.unconsumed_tail else 65536
            size += len(piece)
            if len(head) < 1 << 24 and (head or piece[:1] == _PACKED):
                head += piece
    except zlib.error:
        pass
    return size, head


def too_ruled(edges: Iterable[Mapping[str, Any]]) -> bool:
    """Whether the rules of a page are too many for tables: finding them takes time for every crossing."""
    rules = list(edges)
    across = {round(edge["top"]) for edge in rules if edge["orientation"] == "h"}
    down = {round(edge["x0"]) for edge in rules if edge["orientation"] == "v"}
    return len(rules) > MOST_EDGES or len(across) * len(down) > MOST_CROSSINGS
