"""PDF files written by hand, so that every object in them is known."""

from __future__ import annotations

import zlib

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TABLE = b"1 w 100 700 m 300 700 l S 100 720 m 300 720 l S 100 740 m 300 740 l S " + b" ".join(
    b"%d 700 m %d 740 l S" % (x, x) for x in (100, 200, 300)
)
"""The rules of a table of two rows and two columns, on a page of A4."""


def words(*placed: tuple[float, float, str], mode: int = 0) -> bytes:
    """Content that prints words at points from the lower left corner, in a text rendering mode."""
    lines = (b"1 0 0 1 %.1f %.1f Tm (%s) Tj" % (x, y, text.encode("ascii")) for x, y, text in placed)
    return b" BT /F1 10 Tf %d Tr " % mode + b"\n".join(lines) + b" ET\n"


def file_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, len(out))
    )


def stream(content: bytes, entries: bytes = b"", packed: bool = False) -> bytes:
    """A stream object, packed if need be."""
    if packed:
        content, entries = zlib.compress(content, 9), entries + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def page_of(
    content: bytes,
    attributes: bytes = b"/MediaBox[0 0 595 842]",
    more: list[bytes] | None = None,
    resources: bytes = b"",
    packed: bool = False,
) -> bytes:
    """A PDF of one page; objects in `more` are numbered from 6."""
    return file_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%s>>%s>>"
            % (resources, attributes),
            stream(content, packed=packed),
            HELVETICA,
            *(more or []),
        ]
    )
