"""Documents of the sample country, damaged by chance: the same seed and number give the same bytes again."""

from __future__ import annotations

import base64
import io
import quopri
import re
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache, lru_cache
from html import escape
from pathlib import Path
from random import Random

from benchmarks.hostile_files import workbook, zipped
from parsers.codebook import forms
from sample.forms.layout import Grid
from tests.corpus.documents import EVERY, PLAIN, draw
from tests.corpus.quirks import QUIRKS

SOURCES = 60
"""Documents of each kind that are drawn and then damaged in ever other ways."""
KINDS = {
    "html": 10, "text": 10, "grid": 6, "docx": 3, "xlsx": 3, "odt": 3, "ods": 3, "mhtml": 2, "zip": 1, "pdf": 1, "rtf": 0.05, "doc": 0.03,
}  # fmt: skip
"""How often each kind comes; LibreOffice takes seconds for one file."""

_ODD_SPANS = ("0", "-1", "2", "3", "7", "59", "1000", "100000000", "", "x", "１", "1.5", "2;3", "²", "9" * 40)
_TAGS = (
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<td colspan=3>", "<td rowspan=9>", "<th>",
    "</div>", "<div>", "<p>", "<br>", "<script>", "<style>", "<!--", "-->", "<thead>", "<select><option>",
    "<textarea>", "<svg>", "<math>", "<title>", "<pre>", "<![CDATA[", "<w:tc>", "</w:tr>", "<w:tr>", "<w:p/>",
    "<w:gridSpan w:val='5'/>", "<w:vMerge/>", '<c r="A1"><v>7</v></c>', "<row>",
)  # fmt: skip
_PIECES = (
    "0", "00", "1", "9" * 30, "1e9", "-", "—", "/", "\\", "无", "空", "零", "+5", "-3", "1,234", "1 234", "8件", "½",
    "³", "①", "３", "٣", "৪", "二〇二二", "\ufffd", "\u200b", "\x00", "\x0c", "\x1b", "\u2028", "\ud800", "\U0001f600",
    "|", "\t", "　", " ", "\n", "\r", "&#55296;", "&#0;", "&nbsp;", "&amp;#48;", "{", '"content":"<table>', "%s", "(",
    "[[", "*" * 9, "申请", "总计", "规章", "结果维持", "不予公开", "其中", "一、", "2021年", "政府信息公开工作年度报告",
)  # fmt: skip
_SPAN = re.compile(
    r"""((?:col|row)span|w:val|count|spans|number-(?:row|column)s-(?:spanned|repeated))(\s*=\s*)["']?[^"'\s>]*["']?""",
    re.I,
)
_DIGITS = re.compile(r"\d+")
_BETWEEN = re.compile(r"(\d)\s*(?:<[^<>]*>\s*)+(?=\d)|(?<=\d)[\t |]+(?=\d)|(?<=[\u4e00-\u9fff])\s+(?=\d)")
_STREAM = re.compile(rb"(?<=[^d]stream\r\n)[!-u\sz]+~>|(?<=[^d]stream\n)[!-u\sz]+~>")

_NODE = re.compile(r"(?<=>)[^<>&]+(?=</)")
_ELEMENTS = [
    re.compile(rf"<(?:\w+:)?{name}\b[^>]*/>|<(?:\w+:)?{name}\b[^>]*(?<!/)>.*?</(?:\w+:)?{name}>", re.DOTALL)
    for name in (
        "tr", "row", "tc", "c", "p", "gridSpan", "vMerge", "mergeCell", "table", "table-row", "table-cell",
        "covered-table-cell",
    )
]  # fmt: skip
_VALUE = re.compile(r'(?<= office:value=")[^"]*')
_ODD_VALUES = (
    "",
    "nan",
    "-inf",
    "1e400",
    "1e3",
    "1_0",
    "１２",
    "1,5",
    "0x1",
    "-0",
    "12.50",
    " 7 ",
    "9" * 40,
    "true",
)

Damage = Callable[[str, Random], str]


def case(seed: int, number: int) -> tuple[str, bytes]:
    """The kind and the bytes of a case; one in thirty is left whole."""
    random = Random(f"{seed} {number}")
    kind = random.choices(list(KINDS), list(KINDS.values()))[0]
    return kind, _CASES[kind](random, seed)


@cache
def _source(container: str, number: int, seed: int) -> bytes:
    """A document of the corpus, with a quirk by chance."""
    random = Random(f"{seed} {container} {number}")
    quirk = random.choice([PLAIN, *(one for one in QUIRKS.values() if container in one.printers)])
    generation = random.choice(quirk.generations)
    return draw(quirk, container, generation, random, seed).data


def _drawn(container: str, random: Random, seed: int) -> bytes:
    return _source(container, random.randrange(SOURCES), seed)


def _text(container: str) -> Callable[[Random, int], bytes]:
    def make(random: Random, seed: int) -> bytes:
        text = _decoded(_drawn(container, random, seed))
        if random.random() < 0.1:
            text = _crossed(text, _decoded(_drawn(container, random, seed)), random)
        data = _encoded(_damaged(text, random))
        data = _decoded(data).encode("gb18030", "ignore") if random.random() < 0.1 else data
        return flipped(data, random) if random.random() < 0.2 else data

    return make


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass" if "\ud800" in text else "surrogateescape")


def _damaged(text: str, random: Random) -> str:
    if random.random() < 1 / 30:
        return text
    for _ in range(random.choice((1, 1, 2, 3, 5, 12))):
        text = random.choice(_DAMAGES)(text, random)
    return text


def flipped(data: bytes, random: Random) -> bytes:
    """Some bytes are others, are missing, or come twice."""
    damaged = bytearray(data)
    for _ in range(random.choice((1, 3, 20))):
        at = random.randrange(len(damaged) or 1)
        damaged[at : at + random.choice((0, 1, 1, 1, 9))] = random.randbytes(random.choice((0, 1, 1, 1, 3)))
    return bytes(damaged)


def _piece(text: str, random: Random, most: int = 2000) -> tuple[int, int]:
    start = random.randrange(len(text) + 1)
    return start, min(len(text), start + random.randrange(1, random.choice((3, 30, most))))


def cut(text: str, random: Random) -> str:
    """A piece is missing."""
    start, end = _piece(text, random)
    return text[:start] + text[end:]


def ended(text: str, random: Random) -> str:
    """All that follows a place is missing."""
    return text[: random.randrange(len(text) + 1)]


def doubled(text: str, random: Random) -> str:
    """A piece comes several times."""
    start, end = _piece(text, random)
    return text[:end] + text[start:end] * random.choice((1, 1, 2, 12)) + text[end:]


def exchanged(text: str, random: Random) -> str:
    """Two pieces stand in each other's place."""
    (a, b), (c, d) = sorted((_piece(text, random), _piece(text, random)))
    return text if b > c else text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def tagged(text: str, random: Random) -> str:
    """Tags stand where none belong."""
    return _inserted(text, _TAGS, random)


def sprinkled(text: str, random: Random) -> str:
    """Signs, words and odd characters stand where none belong."""
    return _inserted(text, _PIECES, random)


def _inserted(text: str, what: tuple[str, ...], random: Random) -> str:
    for _ in range(random.choice((1, 2, 8))):
        at = random.randrange(len(text) + 1)
        text = text[:at] + random.choice(what) + text[at:]
    return text


def spanned(text: str, random: Random) -> str:
    """Spans are odd numbers, or stand where none stood."""
    share = random.choice((0.02, 0.3, 1.0))
    odd = _SPAN.sub(
        lambda m: f'{m[1]}{m[2]}"{random.choice(_ODD_SPANS)}"' if random.random() < share else m[0], text
    )
    if odd != text:
        return odd
    return re.sub(
        r"<t[dh]\b",
        lambda m: f'{m[0]} colspan="{random.choice(_ODD_SPANS)}"' if random.random() < share else m[0],
        text,
    )


def glued(text: str, random: Random) -> str:
    """What stands between digits, or between a label and its digits, is gone."""
    share = random.choice((0.05, 0.5, 1.0))
    return _BETWEEN.sub(lambda m: (m[1] or "") if random.random() < share else m[0], text)


def renumbered(text: str, random: Random) -> str:
    """Numbers are others: zeros before them, many digits, signs that are digits elsewhere."""
    share = random.choice((0.02, 0.3))
    return _DIGITS.sub(
        lambda m: random.choice((m[0] * 2, "0" + m[0], random.choice(_PIECES), "")) if random.random() < share else m[0],
        text,
    )  # fmt: skip


def shuffled(text: str, random: Random) -> str:
    """Lines, or what is printed as rows, stand in another order."""
    sign = random.choice(("\n", "<tr", "</td>", "\t", "。"))
    parts = text.split(sign)
    start = random.randrange(len(parts))
    end = start + random.randrange(1, 40)
    parts[start:end] = random.sample(parts[start:end], len(parts[start:end]))
    return sign.join(parts)


def unbroken(text: str, random: Random) -> str:
    """Lines, tabs or tags are gone."""
    return re.sub(random.choice((r"\n", r"\t", r"[ 　]", r"</?t[dr][^>]*>", r"<[^>]*>")), "", text)


def _crossed(one: str, other: str, random: Random) -> str:
    """The beginning of one document with the end of another."""
    return one[: random.randrange(len(one) + 1)] + other[random.randrange(len(other) + 1) :]


_DAMAGES: tuple[Damage, ...] = (
    cut, ended, doubled, exchanged, tagged, sprinkled, spanned, glued, renumbered, shuffled, unbroken,
)  # fmt: skip


def _grid(random: Random, _: int) -> bytes:
    """Grids of labels, heads and values of the forms in any order, as a page or as lines."""
    rows = _rows_of_form(random) if random.random() < 0.6 else _rows_of_chance(random)
    title = "某县2021年政府信息公开工作年度报告"
    if random.random() < 0.5:
        sign = random.choice(("\t", "|", " ", "", "　", "\n"))
        return _encoded("\n".join([title, *(sign.join(row) for row in rows)]))
    page = "".join(f"<tr>{''.join(_random_td(cell, random) for cell in row)}</tr>" for row in rows)
    return _encoded(f"<html><body><h1>{title}</h1><table>{page}</table></body></html>")


def _rows_of_chance(random: Random) -> list[list[str]]:
    words = _labels() if random.random() < 0.7 else _PIECES
    widths = (0, 1, 2, 4, 9, 10, 15, 16, 40)
    height = random.choice((1, 3, 5, 30, 60))
    return [[_random_cell(words, random) for _ in range(random.choice(widths))] for _ in range(height)]


def _rows_of_form(random: Random) -> list[list[str]]:
    """The rows of one form, most of them with as many values as it has columns."""
    form = random.choice(list(forms().values()))
    heads = list(dict.fromkeys(cell.col_label for cell in form.cells))
    rows = [["", *heads]]
    for row in form.rows:
        missing = random.choice((0, 0, 0, 0, 0, 0, -1, 1))
        values = [_random_cell(_PIECES, random, 0.03) for _ in range(len(row.cells) + missing)]
        rows.append([row.label.rpartition(" ")[2], *values] if random.random() < 0.95 else values)
    return rows if random.random() < 0.8 else random.sample(rows, len(rows))


@lru_cache(maxsize=1)
def _labels() -> tuple[str, ...]:
    """Everything that the forms print, rows more often than columns."""
    rows = [word for form in forms().values() for row in form.rows for word in (row.label, row.group) if word]
    heads = {
        word for form in forms().values() for cell in form.cells for word in (cell.col_label, cell.block)
    }
    return (*rows, *sorted(heads - {""}))


def _random_cell(words: tuple[str, ...], random: Random, share: float = 0.3) -> str:
    chance = random.random()
    if chance < share:
        return random.choice(words)
    return random.choice(_PIECES) if chance < share + 0.1 else str(random.choice((0, 0, 0, 1, 2, 17, 4096)))


def _random_td(text: str, random: Random) -> str:
    spans = "".join(
        f' {name}="{random.choice(_ODD_SPANS)}"' for name in ("colspan", "rowspan") if random.random() < 0.1
    )
    inside = text if random.random() < 0.2 else escape(text)
    return f"<td{spans}>{inside}</td>"


def _word(random: Random, seed: int) -> bytes:
    return _repacked(_drawn("docx", random, seed), "word/document.xml", random)


def _open_document(container: str) -> Callable[[Random, int], bytes]:
    return lambda random, seed: _repacked(_drawn(container, random, seed), "content.xml", random)


def _excel(random: Random, seed: int) -> bytes:
    """The sheet of a report of its tables alone."""
    generation = random.choice(EVERY[1:])
    source = draw(PLAIN, "text", generation, Random(f"{seed} excel {random.randrange(SOURCES)}"), seed).sheet
    rows, merged = ["", source.title], []
    for grid in source.grids():
        rows_of_grid, spans = _cells_of(grid, len(rows))
        rows += rows_of_grid
        merged += spans
    sheet = "".join(
        row if row.startswith("<") else f"<row>{_excel_cell(row, '')}</row>" for row in rows if row
    )
    merges = f"<mergeCells>{''.join(merged)}</mergeCells>"
    data = workbook(sheet.encode(), merges.encode())
    return _repacked(data, "xl/worksheets/sheet1.xml", random)


def _cells_of(grid: Grid, above: int) -> tuple[list[str], list[str]]:
    rows = [
        f'<row r="{above + number}">'
        + "".join(_excel_cell(slot.text, _reference(slot.column, above + number)) for slot in row)
        + "</row>"
        for number, row in enumerate(grid.rows())
    ]
    spans = [
        f'<mergeCell ref="{_reference(slot.column, above + slot.row)}:'
        f'{_reference(slot.column + slot.colspan - 1, above + slot.row + slot.rowspan - 1)}"/>'
        for slot in grid.slots
        if slot.rowspan > 1 or slot.colspan > 1
    ]
    return rows, spans


def _reference(column: int, row: int) -> str:
    return f"{chr(65 + column)}{row}"


def _excel_cell(text: str, reference: str) -> str:
    where = f' r="{reference}"' if reference else ""
    if text.isdigit():
        return f"<c{where}><v>{text}</v></c>"
    return f'<c{where} t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _repacked(data: bytes, member: str, random: Random) -> bytes:
    """A package with one of its parts damaged, or itself."""
    if random.random() < 0.2:
        return flipped(data, random)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    chosen = member if random.random() < 0.8 else random.choice(sorted(parts))
    damaged = _well_formed if random.random() < 0.8 else _damaged
    parts[chosen] = _encoded(damaged(_decoded(parts[chosen]), random))
    return zipped(parts)


def _well_formed(text: str, random: Random) -> str:
    """XML with other words, other spans, and cells and rows that are missing, doubled or moved; XML still."""
    for _ in range(random.choice((1, 2, 5))):
        element = random.choice([one for one in _ELEMENTS if one.search(text)] or _ELEMENTS)
        found = element.findall(text)
        share = random.choice((0.02, 0.3))
        for one in random.sample(found, int(len(found) * share)):
            text = text.replace(one, random.choice(("", one * 2, random.choice(found))), 1)
    share = random.choice((0.0, 0.02, 0.3))
    text = spanned(text, random) if random.random() < 0.2 else text
    text = _VALUE.sub(lambda m: random.choice(_ODD_VALUES) if random.random() < share / 3 else m[0], text)
    return _NODE.sub(lambda m: escape(_other(m[0], random)) if random.random() < share else m[0], text)


def _other(text: str, random: Random) -> str:
    text = random.choice((sprinkled, renumbered, glued, cut))(text, random)
    return re.sub("[^\\t\\n -\ud7ff\ue000-\ufffd]", "", text)


def _packed(random: Random, seed: int) -> bytes:
    members = {
        f"{number}.{kind}": _CASES[kind](random, seed)
        for number, kind in enumerate(
            random.choices(("html", "text", "docx", "xlsx", "odt", "ods"), k=random.randrange(4))
        )
    }
    data = zipped(members)
    return flipped(data, random) if random.random() < 0.3 else data


def _pdf(random: Random, seed: int) -> bytes:
    """A PDF with what its pages draw damaged, or itself."""
    data = _drawn("pdf", random, seed)
    return (
        flipped(data, random)
        if random.random() < 0.4
        else _STREAM.sub(lambda m: _redrawn(m[0], random), data)
    )


def _redrawn(stream: bytes, random: Random) -> bytes:
    drawn = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
    damaged = _damaged(drawn.decode("latin-1"), random).encode("latin-1", "replace")
    return base64.a85encode(zlib.compress(damaged)) + b"~>"


def _saved_page(random: Random, seed: int) -> bytes:
    """A page as a part of a message, with the message damaged too by chance."""
    page = _text("html")(random, seed)
    encoded, name = random.choice(((base64.encodebytes, "base64"), (quopri.encodestring, "quoted-printable")))
    head = 'From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--x"\r\n\r\n----x\r\n'
    part = f"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n"
    data = (head + part).encode() + encoded(page) + b"\r\n----x--\r\n"
    return flipped(data, random) if random.random() < 0.2 else data


def _rich_text(random: Random, seed: int) -> bytes:
    """A report of its tables alone, with its controls and its words damaged."""
    source = draw(PLAIN, "text", random.choice(EVERY[1:]), Random(f"{seed} rich"), seed).sheet
    rows = "".join(_rich_row([slot.text for slot in row]) for grid in source.grids() for row in grid.rows())
    return _damaged(f"{{\\rtf1\\ansi\\uc0 {_rich(source.title)}\\par\n{rows}}}", random).encode(
        "ascii", "ignore"
    )


def _rich_row(texts: list[str]) -> str:
    borders = "".join(f"\\cellx{1000 * number}" for number in range(1, len(texts) + 1))
    cells = "".join(_rich(text) + "\\cell " for text in texts)
    return f"\\trowd{borders}\\intbl {cells}\\row\n"


def _rich(text: str) -> str:
    return "".join(char if char.isascii() else f"\\u{ord(char)} " for char in text)


def _old_word(random: Random, seed: int) -> bytes:
    """A file of the Word of long ago with some bytes that are others."""
    return flipped(_as_doc(_source("docx", 0, seed)), random)


@cache
def _as_doc(data: bytes) -> bytes:
    """The file as LibreOffice saves it; as it is where there is none."""
    program = shutil.which("soffice")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "report.docx"
        source.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [
            program or "",
            profile,
            "--headless",
            "--convert-to",
            "doc",
            "--outdir",
            folder,
            str(source),
        ]
        if program:
            subprocess.run(command, capture_output=True, timeout=60, check=False)
        made = source.with_suffix(".doc")
        return made.read_bytes() if made.exists() else data


_CASES: dict[str, Callable[[Random, int], bytes]] = {
    "html": _text("html"),
    "text": _text("text"),
    "grid": _grid,
    "docx": _word,
    "xlsx": _excel,
    "odt": _open_document("odt"),
    "ods": _open_document("ods"),
    "zip": _packed,
    "pdf": _pdf,
    "mhtml": _saved_page,
    "rtf": _rich_text,
    "doc": _old_word,
}
