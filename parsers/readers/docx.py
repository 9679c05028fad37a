"""Word (.docx): body paragraphs and tables in order, merged cells as spans. Limits are set before anything is
opened.

What is read is the last version of a file with tracked changes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from parsers.document import Cell, Container, Document, ParseError, Table
from parsers.readers import damage, zipped
from parsers.readers.flow import Markup, Pictures, blocks_of, one_line
from parsers.remarks import Remark
from parsers.visible import Doubt, Look, Run, Seen, seen
from parsers.visible.colours import WHITE, alike, colour
from parsers.words.text import repair

ORDER = 20
LARGEST_PART, MOST_PARTS = 48 * 1024 * 1024, 5000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_P, _TBL, _TR, _TC, _BOX = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "txbxContent"))
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}rt", _FALLBACK})
_LOOKS = {Look.GONE: ("vanish", "specVanish"), Look.STRUCK: ("strike", "dstrike")}
"""The properties of a run that say how it looks, each on where its value is not one of `_OFF`."""
_OFF = ("0", "false", "off", "none")
MOST_STYLES = 20
"""Styles that one is based on, one upon another."""
Looks = dict[str, Look]
"""How text of a style looks, by the style's id; plain ones are left out."""


def claims(data: bytes) -> bool:
    """A zip with word/document.xml in it."""
    return "word/document.xml" in zipped.names(data)


def read(data: bytes) -> list[Document]:
    """One document; places are `table T row R cell C`. Raises ParseError for a damaged or oversized
    package."""
    _check(data)
    import docx

    remarks: list[Remark] = []
    doubts: dict[str, tuple[Doubt, ...]] = {}
    try:
        file = docx.Document(io.BytesIO(data))
        part, looks = file.part, _looks_of_styles(file.styles.element)
        markup = replace(_MARKUP, text=partial(_text, looks), table_of=partial(_table, looks, doubts))
        pictures = Pictures("word_file", lambda element: _picture(part, element), remarks)
        blocks = blocks_of(part.element.body, markup, pictures)
    except ParseError:
        raise
    except Exception as error:  # python-docx raises whatever a damaged part makes it raise
        raise ParseError(f"the Word file cannot be read: {damage.one_line(error)}") from None
    return [Document(Container.DOCX, tuple(blocks), remarks=tuple(remarks), doubts=doubts)]


def _check(data: bytes) -> None:
    """Raises ParseError for a package that is damaged, encrypted, or unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except Exception as error:
        raise ParseError(f"the Word file is damaged: {damage.one_line(error)}") from None
    zipped.Budget(entries=MOST_PARTS).spend(parts)
    for part in parts:
        if part.flag_bits & zipped.ENCRYPTED:
            raise ParseError("the Word file is encrypted: save it without a password")
        if part.file_size > LARGEST_PART and part.filename.endswith(".xml"):
            raise ParseError(
                f"the Word file's {zipped.shown(part)} unpacks to {part.file_size} bytes: it is not opened"
            )


def _picture(part: Any, element: Any) -> bytes | None:
    """The bytes of the picture that an element shows."""
    link = next((element.get(f"{_R}{name}") for name in ("embed", "id") if element.get(f"{_R}{name}")), "")
    picture = part.related_parts.get(link)
    return picture.blob if picture is not None else None


def _text(looks: Looks, paragraph: Any) -> str:
    """What is seen of a paragraph."""
    return repair(seen(list(_runs(paragraph, _look_of(paragraph, looks, Look.PLAIN), looks))).text)


def _runs(element: Any, look: Look, looks: Looks) -> Iterator[Run]:
    """The text of an element with its look, without what was deleted and what stands in a box of its own."""
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield Run(child.text or "", look)
        elif tag in _MARKS:
            yield Run(_MARKS[tag])
        elif not isinstance(tag, str) or tag in _GONE or tag == _BOX:
            continue
        elif len(child):
            own = _look_of(child, looks, look) if tag in (f"{_W}r", _P) else look
            yield from _runs(child, own, looks)


def _look_of(element: Any, looks: Looks, above: Look) -> Look:
    """How a run or a paragraph looks: by what it says itself, else by its style, else as the text around
    it."""
    name = "rPr" if element.tag == f"{_W}r" else "pPr"
    properties = element.find(f"{_W}{name}")
    if properties is None:
        return above
    style = properties.find(f"{_W}{name[0]}Style")
    by_style = looks.get(style.get(f"{_W}val", ""), above) if style is not None else above
    return _look_said(properties, by_style) if name == "rPr" else by_style


def _look_said(properties: Any, otherwise: Look) -> Look:
    """The look that the properties of a run say; of several the one that hides most."""
    said: dict[Look, bool] = {}
    for look, names in _LOOKS.items():
        marks = [mark for name in names if (mark := properties.find(f"{_W}{name}")) is not None]
        if marks:
            said[look] = any(mark.get(f"{_W}val", "1") not in _OFF for mark in marks)
    if (raised := properties.find(f"{_W}vertAlign")) is not None:
        said[Look.RAISED] = raised.get(f"{_W}val") in ("superscript", "subscript")
    if (ink := properties.find(f"{_W}color")) is not None:
        said[Look.FAINT] = alike(colour(ink.get(f"{_W}val", "")), WHITE) and not _has_ground(properties)
    shown = next((look for look in (Look.GONE, Look.STRUCK, Look.FAINT, Look.RAISED) if said.get(look)), None)
    return shown or (Look.PLAIN if said.get(otherwise) is False else otherwise)


def _has_ground(properties: Any) -> bool:
    """Whether a run has a colour behind it."""
    return any(properties.find(f"{_W}{name}") is not None for name in ("shd", "highlight"))


def _looks_of_styles(styles: Any) -> Looks:
    """The looks of all styles by their id, with what they take from those that they are based on."""
    found = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
    looks: Looks = {}
    for name in found:
        chain: list[Any] = []
        style = found.get(name)
        while style is not None and style not in chain and len(chain) < MOST_STYLES:
            chain.append(style)
            base = style.find(f"{_W}basedOn")
            style = found.get(base.get(f"{_W}val", "")) if base is not None else None
        look = Look.PLAIN
        for one in reversed(chain):
            properties = one.find(f"{_W}rPr")
            look = _look_said(properties, look) if properties is not None else look
        if look is not Look.PLAIN:
            looks[name] = look
    return looks


def _cell_text(cell: Any, looks: Looks) -> Seen:
    """What is seen of a cell, its paragraphs one below another."""
    runs: list[Run] = []
    for paragraph in cell.iter(_P):
        runs += [Run("\n"), *_runs(paragraph, _look_of(paragraph, looks, Look.PLAIN), looks)]
    return seen(runs)


def _table(looks: Looks, doubts: dict[str, tuple[Doubt, ...]], table: Any, number: int) -> Iterator[Table]:
    """One table; what cannot be known of its cells goes into `doubts`, by their places."""
    cells: list[Cell] = []
    open_merges: dict[int, int] = {}
    within = _MARKUP.within
    rows = (row for row in within(table, (_TR,)) if row.find(f"{_W}trPr/{_W}del") is None)
    for row_number, row in enumerate(rows):
        column = _grid_before(row)
        for cell_number, cell in enumerate(within(row, (_TC,)), 1):
            width, merge = _span(cell), _merge(cell)
            if merge == "continue" and column in open_merges:
                cells[open_merges[column]] = _taller(cells[open_merges[column]])
            else:
                place = f"table {number} row {row_number + 1} cell {cell_number}"
                shown = _cell_text(cell, looks)
                if shown.doubts:
                    doubts[place] = shown.doubts
                open_merges.pop(column, None)
                if merge == "restart":
                    open_merges[column] = len(cells)
                cells.append(Cell(one_line(repair(shown.text)), row_number, column, 1, width, place))
            column += width
    if cells:
        yield Table(tuple(cells), f"table {number}")


def _grid_before(row: Any) -> int:
    before = row.find(f"{_W}trPr/{_W}gridBefore")
    return min(_integer(before.get(f"{_W}val")), 60) if before is not None else 0


def _span(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return max(1, min(_integer(span.get(f"{_W}val")), 60)) if span is not None else 1


def _merge(cell: Any) -> str:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return "" if merge is None else str(merge.get(f"{_W}val") or "continue")


def _integer(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0


def _taller(cell: Cell) -> Cell:
    return cell._replace(rowspan=cell.rowspan + 1)


_MARKUP = Markup(
    frozenset({_P}), _TBL, _TR, _TC, _BOX, _GONE, _PICTURES, partial(_text, {}), partial(_table, {}, {})
)
