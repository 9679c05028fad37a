"""A .doc whose last table nothing follows. Word always sets a paragraph after it; some programs do not, and
LibreOffice then reads the table as one run of letters. The paragraph is put back.

Sources: [MS-DOC] 2.5.1 (Fib), 2.8.35 (PlcPcd), 2.9.175 (PapxFkp).
"""

from __future__ import annotations

import struct

from parsers.readers.ole import Stream, number
from parsers.remarks import Remark, RemarkKind

_TEXT_LENGTH, _OTHER_LENGTHS, _TABLE_FLAG = 0x4C, range(0x50, 0x6C, 4), 0x200
_PIECES, _PARAGRAPHS = 0x1A2, 0x102
_PAGE, _BOX = 512, 13  # bytes of a page of paragraphs, and of what it says of one
_ONE_BYTE = 0x40000000
_CELL = 7


def with_last_paragraph(data: bytes) -> tuple[bytes, tuple[Remark, ...]]:
    """The file, with an empty paragraph after a table at its end; or as it is, with a remark where that
    cannot be."""
    changed = bytearray(data)
    try:
        main = Stream(changed, "WordDocument")
        head = main.read()
        table = Stream(changed, f"{int(bool(number(head, 10, 'H') & _TABLE_FLAG))}Table")
        end, width = _end(head, table.read())
        if head[end - width] != _CELL:
            return data, ()
    except (LookupError, struct.error):
        return data, ()
    try:
        _append(main, table, end, width)
    except (LookupError, struct.error):
        return data, (Remark(RemarkKind.TABLE_DISSOLVED),)
    return bytes(changed), ()


def _end(head: bytes, table: bytes) -> tuple[int, int]:
    """Where the text ends in the main stream, and the bytes of its last letter."""
    first, count = _pieces(head, table)
    length = number(table, first + 4 * count) - number(table, first + 4 * (count - 1))
    where = number(table, first + 4 * (count + 1) + 8 * (count - 1) + 2)
    return ((where ^ _ONE_BYTE) // 2 + length, 1) if where & _ONE_BYTE else (where + 2 * length, 2)


def _pieces(head: bytes, table: bytes) -> tuple[int, int]:
    """Where the pieces of the text are listed, and how many there are; LookupError where there is none."""
    place = number(head, _PIECES)
    while number(table, place, "B") == 1:
        place += 3 + number(table, place + 1, "H")
    count = (number(table, place + 1) - 4) // 12
    if number(table, place, "B") != 2 or count < 1:
        raise LookupError("pieces")
    return place + 5, count


def _append(main: Stream, table: Stream, end: int, width: int) -> None:
    """An empty paragraph at the end of the text: its letter, the lengths, the piece, and what is said of
    it."""
    head, listed = main.read(), table.read()
    if any(number(head, place) for place in _OTHER_LENGTHS) or any(head[end : end + width]):
        raise LookupError("something follows the text")
    first, pieces = _pieces(head, listed)
    pages, size = number(head, _PARAGRAPHS), number(head, _PARAGRAPHS + 4)
    count = (size - 4) // 8
    page = number(listed, pages + 4 * (count + 1) + 4 * (count - 1)) * _PAGE
    said = _with_paragraph(head[page : page + _PAGE], end + width)
    main.write(end, b"\r".ljust(width, b"\0"))
    main.write(_TEXT_LENGTH, struct.pack("<I", number(head, _TEXT_LENGTH) + 1))
    main.write(page, said)
    last = first + 4 * pieces
    table.write(last, struct.pack("<I", number(listed, last) + 1))
    table.write(pages + 4 * count, struct.pack("<I", end + width))


def _with_paragraph(page: bytes, end: int) -> bytes:
    """A page of paragraphs with one more that ends there and is of no kind; LookupError where no room is
    left."""
    runs = number(page, _PAGE - 1, "B")
    ends, boxes = page[: 4 * (runs + 1)], page[4 * (runs + 1) : (4 + _BOX) * runs + 4]
    taken = (box for box in boxes[::_BOX] if box)
    written = ends + struct.pack("<I", end) + boxes + bytes(_BOX)
    if len(written) > 2 * min(taken, default=_PAGE // 2 - 1):
        raise LookupError("room")
    return written + page[len(written) : -1] + bytes([runs + 1])
