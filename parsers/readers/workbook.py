"""What a workbook of Excel (.xlsx) shows of its cells: hidden rows and columns, struck out and raised text,
formats.

The values come from the reader of workbooks (parsers.readers.spreadsheet); here are only the cells that a
person sees otherwise than their value says. Files of the older format (.xls) tell nothing of this.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from parsers.visible import Look, Run
from parsers.visible.colours import WHITE, alike, colour
from parsers.visible.numbers import built_in

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_FIRST_OWN_FORMAT = 164
MOST_COLUMNS = 16_384  # of a sheet of Excel


@dataclass(frozen=True, slots=True)
class CellLook:
    """How a cell looks: as a whole, by its runs where these differ, and the number format of its value."""

    look: Look = Look.PLAIN
    runs: tuple[Run, ...] = ()
    number_format: str = ""


@dataclass(slots=True)
class SheetLook:
    """What is hidden of a sheet, by number from 0, and the looks of those cells that are not plain, by row
    and column."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    cells: dict[tuple[int, int], CellLook] = field(default_factory=dict)


def looks_of(parts: Mapping[str, bytes]) -> dict[str, SheetLook]:
    """The look of each sheet by its name, from the parts of the package; empty where they do not say."""
    try:
        book = _Book(parts)
        return {name: book.sheet(path) for name, path in book.paths() if path in parts}
    except (etree.XMLSyntaxError, KeyError, ValueError, IndexError):
        # What a damaged part says of looks is not believed; its values are read or refused elsewhere.
        return {}


class _Book:
    """The styles and shared texts of a workbook."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._parts = parts
        styles = _tree(parts.get("xl/styles.xml"))
        fonts = [_look_of(font) for font in _children(styles, "fonts")]
        formats = {
            int(one.get("numFmtId", 0)): one.get("formatCode", "") for one in _children(styles, "numFmts")
        }
        fills = [_has_ground(fill) for fill in _children(styles, "fills")]
        self._styles = [_style(xf, fonts, fills, formats) for xf in _children(styles, "cellXfs")]
        shared = _tree(parts.get("xl/sharedStrings.xml"))
        self._texts = {n: runs for n, item in enumerate(_named(shared, "si")) if (runs := _runs(item))}

    def paths(self) -> Iterator[tuple[str, str]]:
        """The sheets by name, with the part that holds each."""
        links = {
            link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
            for link in _named(_tree(self._parts.get("xl/_rels/workbook.xml.rels")), "Relationship")
        }
        for sheet in _children(_tree(self._parts.get("xl/workbook.xml")), "sheets"):
            target = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
            yield sheet.get("name", ""), links.get(target, "")

    def sheet(self, path: str) -> SheetLook:
        """The look of one sheet."""
        look, row, column = SheetLook(), -1, -1
        events = etree.iterparse(
            io.BytesIO(self._parts[path]), ("start", "end"), resolve_entities=False, no_network=True
        )
        for event, element in events:
            tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if event == "start" and tag == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
                if _is_on(element.get("hidden", "0")) or element.get("ht") == "0":
                    look.hidden_rows.add(row)
            elif (
                event == "start"
                and tag == "col"
                and (_is_on(element.get("hidden", "0")) or element.get("width") == "0")
            ):
                last = min(int(element.get("max", 0)), MOST_COLUMNS)
                look.hidden_columns.update(range(int(element.get("min", 1)) - 1, last))
            elif event == "end" and tag == "c":
                row, column = _place(element, row, column + 1)
                if (own := self._cell(element)) != CellLook():
                    look.cells[row, column] = own
                element.clear()
        return look

    def _cell(self, element: Any) -> CellLook:
        style = int(element.get("s", 0))
        look, number_format = self._styles[style] if style < len(self._styles) else (Look.PLAIN, "")
        runs: tuple[Run, ...] = ()
        if element.get("t") == "s":
            text = "".join(element.itertext()).strip()
            runs = self._texts.get(int(text), ()) if text.isascii() and text.isdigit() else ()
        elif element.get("t") == "inlineStr":
            runs = _runs(element)
        return CellLook(look, runs, number_format)


def _tree(part: bytes | None) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(part or b"<none/>", parser)


def _named(tree: Any, name: str) -> Iterator[Any]:
    return tree.iter(f"{{*}}{name}")  # type: ignore[no-any-return]


def _children(tree: Any, name: str) -> list[Any]:
    """What is listed in the first element of a name."""
    found = next(_named(tree, name), None)
    return [] if found is None else list(found)


def _is_on(value: str) -> bool:
    return value.lower() in ("1", "true", "on")


def _place(element: Any, row: int, column: int) -> tuple[int, int]:
    """The row and column of a cell, from 0: by its reference, else where it follows the one before."""
    found = _REFERENCE.fullmatch(element.get("r", ""))
    if not found:
        return row, column
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return int(found[2]) - 1, number - 1


def _style(xf: Any, fonts: list[Look], fills: list[bool], formats: Mapping[int, str]) -> tuple[Look, str]:
    """The look and the number format of a cell's style; white type on a coloured ground is seen."""
    font, fill, number = (int(xf.get(name, 0)) for name in ("fontId", "fillId", "numFmtId"))
    look = fonts[font] if font < len(fonts) else Look.PLAIN
    if look is Look.FAINT and fill < len(fills) and fills[fill]:
        look = Look.PLAIN
    return look, formats.get(number, "") if number >= _FIRST_OWN_FORMAT else formats.get(
        number, built_in(number)
    )


def _has_ground(fill: Any) -> bool:
    pattern = next(_named(fill, "patternFill"), None)
    return pattern is None or pattern.get("patternType", "none") != "none"


def _look_of(font: Any) -> Look:
    """How text in a font looks; a colour of the theme is not known."""
    said = {etree.QName(one).localname: one for one in font if isinstance(one.tag, str)}
    if "strike" in said and _is_on(said["strike"].get("val", "1")):
        return Look.STRUCK
    if "color" in said and alike(colour(said["color"].get("rgb", "")[-6:]), WHITE):
        return Look.FAINT
    raised = "vertAlign" in said and said["vertAlign"].get("val") in ("superscript", "subscript")
    return Look.RAISED if raised else Look.PLAIN


def _runs(item: Any) -> tuple[Run, ...]:
    """The runs of a text that is not plain all over; what is read out above it (phonetic) is none."""
    runs = []
    for one in item.iter("{*}r"):
        properties = next(_named(one, "rPr"), None)
        text = "".join("".join(each.itertext()) for each in _named(one, "t"))
        runs.append(Run(text, Look.PLAIN if properties is None else _look_of(properties)))
    return tuple(runs) if any(run.look is not Look.PLAIN for run in runs) else ()
