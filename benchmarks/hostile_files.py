"""Files made to hurt their reader, each in any size, with the time and the memory that reading it may take."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from tests.corpus.by_hand import page_of, stream, words
from tests.corpus.documents import plain

CELLS = "<table><tr><td>规章</td><td>1</td><td>2</td><td>0</td></tr></table>"
TEXT = "收到政府信息公开申请8件，其中网络申请2件。\n"


@dataclass(frozen=True, slots=True)
class Attack:
    """One kind of file. `make` takes a size from 0 (tiny) to 1 (as it is met); the bounds are of the processor's
    seconds and of the megabytes that a process of its own holds at most."""

    name: str
    make: Callable[[float], bytes]
    seconds: float = 30
    megabytes: int = 900


def _page(inside: str) -> bytes:
    return f"<!doctype html><html><body>{inside}</body></html>".encode()


def _many(text: str, size: float, most: int) -> str:
    return text * max(1, int(most * size / len(text.encode())))


def _nested(tag: str, depth: float) -> bytes:
    count = max(10, int(depth))
    return _page(f"<{tag}>" * count + CELLS + f"</{tag}>" * count)


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # without the clock
    return out.getvalue()


def _zeros(size: float) -> bytes:
    return bytes(max(2_000_000, int(600_000_000 * size)))


def _nested_zip(size: float) -> bytes:
    inner = zipped({"bomb.html": _zeros(size / 4)})
    return zipped({f"{number}.zip": zipped({"b.zip": inner}) for number in range(8)})


def _pdf(pages: int, password: str | None = None) -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    lock = None if password is None else StandardEncryption(password, ownerPassword="owner", strength=128)
    canvas = Canvas(out, encrypt=lock)
    for number in range(pages):
        canvas.grid([100, 200, 300], [700, 720, 740])
        canvas.drawString(110, 725, f"A {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _hatched(rules: int, apart: float) -> bytes:
    """A sign on a page with so many rules across and down, so many points apart."""
    places = (rule * apart for rule in range(rules))
    lines = (b"%.1f 0 m %.1f 800 l S 0 %.1f m 590 %.1f l S" % ((place,) * 4) for place in places)
    return page_of(b"\n".join((words((50, 50, "A")), *lines)))


def _forms(size: float) -> bytes:
    """Forms that each draw the next ten times: ten to the power of their number. Their lengths are wrong, so that a reader
    looks for the end of each anew."""
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
    last = 7 + max(4, int(20 * size))
    following = [*range(7, last + 1), 6]
    whole = (stream(b"/X Do " * 10, entries % number) for number in following)
    forms = [form.replace(b"/Length 60", b"/Length 80") for form in whole]
    return page_of(b"/X Do", more=forms, resources=b"/XObject<</X 6 0 R>>")


def _png(side: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _word(body: str, doctype: str = "") -> bytes:
    """A Word file with this body, every other part as a word processor writes it."""
    original = io.BytesIO(plain("docx", "G2021", 1).data)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(original) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["word/document.xml"] = (
        f'<?xml version="1.0"?>{doctype}<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
    ).encode()
    return zipped(members)


def _laughs(size: float) -> bytes:
    names = "abcdefghij"[: max(3, int(10 * size))]
    entities = (
        '<!ENTITY a "'
        + "ha" * 50
        + '">'
        + "".join(f'<!ENTITY {following} "{f"&{name};" * 50}">' for name, following in pairwise(names))
    )
    return _word(f"<w:p><w:r><w:t>&{names[-1]};</w:t></w:r></w:p>", f"<!DOCTYPE x [{entities}]>")


def workbook(sheet: bytes, merged: bytes = b"") -> bytes:
    """A workbook of one sheet of these rows, with the element that merges cells."""
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = b"http://schemas.openxmlformats.org/package/2006/relationships"
    return zipped(
        {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": b'<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            % (package, office),
            "xl/workbook.xml": b'<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
            % (main, office),
            "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
            % (package, office),
            "xl/worksheets/sheet1.xml": b'<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>'
            % (main, sheet, merged),
        }
    )


def _rows(size: float) -> bytes:
    cells = b"".join(b'<c t="str"><v>x%d</v></c>' % column for column in range(100))
    return b"".join(b"<row>%s</row>" % cells for _ in range(max(5, int(19_000 * size))))


def _cut(container: str) -> Callable[[float], bytes]:
    def make(_: float) -> bytes:
        data = plain(container, "G2021", 1).data
        return data[: len(data) * 2 // 3]

    return make


ATTACKS = (
    Attack("page of 50 MB: paragraphs", lambda s: _page(_many(f"<p>{TEXT}</p>", s, 50_000_000))),
    Attack("page of 50 MB: small tables", lambda s: _page(_many(CELLS, s, 50_000_000))),
    Attack("page of 50 MB: one line", lambda s: _page(_many(TEXT.strip(), s, 50_000_000))),
    Attack("colspan=100000000", lambda s: _page(CELLS.replace("<td>", "<td colspan=100000000>") * 20)),
    Attack(
        "rowspan=65534 in many cells",
        lambda s: _page(
            f"<table>{'<tr>' + '<td rowspan=65534 colspan=60>1</td>' * 60 + '</tr>'}</table>"
            * max(1, int(300 * s))
        ),
    ),
    Attack("10,000 nested tags", lambda s: _nested("div", 10_000 * s)),
    Attack("200,000 nested tags", lambda s: _nested("b", 200_000 * s)),
    Attack("200,000 nested tables", lambda s: _nested("table><tr><td", 200_000 * s)),
    Attack("zip bomb in .docx", lambda s: zipped({"word/document.xml": _zeros(s)})),
    Attack("zip bomb in .xlsx", lambda s: zipped({"xl/workbook.xml": _zeros(s)})),
    Attack("zip bomb", lambda s: zipped({"report.html": _zeros(s)})),
    Attack("zip bomb in zips", _nested_zip),
    Attack("workbook of 1,900,000 cells", lambda s: workbook(_rows(s)), 60, 2500),
    Attack(
        "workbook with a cell in the far corner",
        lambda s: workbook(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ),
    Attack("PDF of 5,000 pages", lambda s: _pdf(max(3, int(5000 * s))), 60),
    Attack("PDF with a password", lambda s: _pdf(2, "secret")),
    Attack("PDF with an empty password", lambda s: _pdf(2, "")),
    Attack("PDF whose page tree is a loop", lambda s: page_of(b"").replace(b"Kids[3 0 R]", b"Kids[2 0 R]")),
    Attack("PDF whose forms draw each other", _forms),
    Attack("PDF stream that swells", lambda s: page_of(_zeros(s), packed=True)),
    Attack(
        "PDF page of a million lines",
        lambda s: page_of(b"0 0 m 9 9 l S\n" * max(9, int(1_000_000 * s)), packed=True),
    ),
    Attack("PDF hatching", lambda s: _hatched(max(9, int(5000 * s)), 1 / 9)),
    Attack("PDF hatching that is followed", lambda s: _hatched(max(9, int(240 * s)), 2)),
    Attack("picture of 30,000 x 30,000 dots", lambda s: _png(max(200, int(30_000 * s)))),
    *(Attack(f"{container} cut short", _cut(container)) for container in ("html", "docx", "pdf")),
    Attack(
        "external entity in .docx",
        lambda s: _word(
            "<w:p><w:r><w:t>&e;</w:t></w:r></w:p>", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        ),
    ),
    Attack("billion laughs in .docx", _laughs),
    Attack(
        "RTF of 100,000 groups",
        lambda s: (
            b"{\\rtf1 " + b"{" * max(50, int(100_000 * s)) + b"x" + b"}" * max(50, int(100_000 * s)) + b"}"
        ),
        70,
        900,
    ),
    Attack("line of 200 MB", lambda s: _many(TEXT.strip(), s, 200_000_000).encode()),
    Attack("line of 60 MB", lambda s: _many(TEXT.strip(), s, 60_000_000).encode()),
    *(
        Attack(f"text in {name}", lambda s, name=name: _many(TEXT, s, 8_000_000).encode(name))  # type: ignore[misc]
        for name in ("utf-16", "utf-32", "gb18030", "utf-8-sig")
    ),
    Attack("text in big5", lambda s: _many("政府信息公開\n", s, 8_000_000).encode("big5")),
    Attack("50 MB of NUL", lambda s: bytes(max(9, int(50_000_000 * s)))),
    Attack("50 MB of chance", lambda s: random.Random(1).randbytes(max(9, int(50_000_000 * s)))),
)
"""Every attack, in the order in which they are printed."""
