"""What a compound file (OLE2, of Word and Excel before 2007) holds, told without opening it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SMALL = 4096
"""Streams of fewer bytes are kept in another way, and are not opened here."""
_ENTRY = 128  # bytes of an entry of the directory; entries begin at multiples of it
_STREAM = 2
_END = 0xFFFFFFFA  # a sector of this number or above ends a chain
_IN_HEAD = 109  # sectors of the table of chains that the head of the file names


def has_stream(data: bytes, *names: str) -> bool:
    """Is this a compound file with a stream of one of these names?"""
    return data.startswith(MAGIC) and any(_has(data, name) for name in names)


def _has(data: bytes, name: str) -> bool:
    """Is there a directory entry of a stream with this name: its letters, their length, its kind?"""
    return _entry(data, name) is not None


def _entry(data: bytes, name: str) -> int | None:
    letters = f"{name}\0".encode("utf-16-le")
    start = data.find(letters)
    while start >= 0:
        length, kind = data[start + 64 : start + 66], data[start + 66 : start + 67]
        if start % _ENTRY == 0 and length == len(letters).to_bytes(2, "little") and kind == bytes([_STREAM]):
            return start
        start = data.find(letters, start + 2)
    return None


def number(data: bytes | bytearray, place: int, kind: str = "I") -> int:
    """The whole number at a place, of four bytes or of another kind of `struct`; struct.error where none
    is."""
    return int(struct.unpack_from(f"<{kind}", data, place)[0])


_SHIFTS = (9, 12)
"""Sectors are of 512 or 4,096 bytes. Source: [MS-CFB] 2.2."""


class Stream:
    """One stream of a file that is kept in `data`, to be read and changed in its place; its size stays."""

    def __init__(self, data: bytearray, name: str) -> None:
        """Raises LookupError where there is none of this name that is not small; struct.error where it is
        damaged."""
        entry = _entry(bytes(data), name)
        self.size = number(data, entry + 120) if entry is not None else 0
        shift = number(data, 30, "H")
        if entry is None or shift not in _SHIFTS or not SMALL <= self.size <= len(data):
            raise LookupError(name)
        self.data, self.sector = data, 1 << shift
        sectors = -(-self.size // self.sector)
        self.starts = [
            (one + 1) * self.sector for one in islice(self._chain(number(data, entry + 116)), sectors)
        ]
        if len(self.starts) < sectors:
            raise LookupError(name)

    def _chain(self, one: int) -> Iterator[int]:
        while one < _END:
            yield one
            table, place = divmod(one, self.sector // 4)
            if table >= _IN_HEAD:
                return
            one = number(self.data, (number(self.data, 76 + 4 * table) + 1) * self.sector + 4 * place)

    def read(self) -> bytes:
        """All of its bytes."""
        return b"".join(bytes(self.data[start : start + self.sector]) for start in self.starts)[: self.size]

    def write(self, place: int, content: bytes) -> None:
        """Put bytes in the place of others."""
        for at, byte in enumerate(content, place):
            self.data[self.starts[at // self.sector] + at % self.sector] = byte
