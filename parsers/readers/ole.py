"""What a compound file (OLE2, of Word and Excel before 2007) holds, told without opening it."""

from __future__ import annotations

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128  # bytes of an entry of the directory; entries begin at multiples of it
_STREAM = 2


def has_stream(data: bytes, *names: str) -> bool:
    """Is this a compound file with a stream of one of these names?"""
    return data.startswith(MAGIC) and any(_has(data, name) for name in names)


def _has(data: bytes, name: str) -> bool:
    """Is there a directory entry of a stream with this name: its letters, their length, its kind?"""
    letters = f"{name}\0".encode("utf-16-le")
    start = data.find(letters)
    while start >= 0:
        length, kind = data[start + 64 : start + 66], data[start + 66 : start + 67]
        if start % _ENTRY == 0 and length == len(letters).to_bytes(2, "little") and kind == bytes([_STREAM]):
            return True
        start = data.find(letters, start + 2)
    return False
