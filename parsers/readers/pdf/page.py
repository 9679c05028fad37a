"""One page of print: its ruled tables and the lines around them, from the top."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any

from parsers.document import Block, Cell, Paragraph, Table
from parsers.readers.pdf.layout import HIDDEN
from parsers.readers.pdf.limits import too_ruled
from parsers.readers.pdf.struck import struck
from parsers.remarks import Remark, RemarkKind
from parsers.visible import Doubt
from parsers.words.text import PAGE_FOOT, repair

_NUMBER = re.compile(r"\s*+[-—－–]*+\s*+\d{1,4}\s*+[-—－–]*+\s*+")
_NEAR = 2.0  # points by which rules that meet may miss each other
_TWICE = 0.3  # of a sign's width: the same sign drawn again so near is bold print

_ASKEW = 0.15  # of a sign's width: print that climbs more does not lie level
_FEWEST = 30  # signs that lie otherwise than the others: fewer are a label or a stamp

Box = tuple[float, float, float, float]
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is seen of a page: its number, and the part of pdfplumber's measure that a viewer shows.

    `turns`: how many quarters clockwise the page was turned from how it is shown, so that its text lies
    level.
    """

    number: int
    box: Box
    turns: int = 0

    def place(self, x0: float, top: float, x1: float, bottom: float) -> str:
        """A box in points from the upper left corner of what is shown."""
        left, up, right, down = self.box
        a, b, c, d = x0 - left, top - up, x1 - left, bottom - up
        width, height = right - left, down - up
        for _ in range(self.turns):  # a quarter back, counterclockwise
            a, b, c, d, width, height = b, width - c, d, width - a, height, width
        return f"page {self.number} {a:.1f},{b:.1f},{c:.1f},{d:.1f}"

    def shows(self, item: Item) -> bool:
        """Whether the middle of an item is seen."""
        return _is_in((item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2, self.box)


def sheet_of(page: Any, turns: int = 0) -> Sheet:
    """The part of a page that its CropBox shows, turned as /Rotate turns it."""
    x0, y0, x1, y1 = _sorted(page.page_obj.mediabox)
    cx0, cy0, cx1, cy1 = _sorted(page.page_obj.cropbox)
    left, bottom, right, top = max(cx0 - x0, 0), max(cy0 - y0, 0), max(x1 - cx1, 0), max(y1 - cy1, 0)
    if left + right >= x1 - x0 or bottom + top >= y1 - y0:
        left = bottom = right = top = 0
    for _ in range(int(page.page_obj.rotate) // 90 % 4):  # a quarter clockwise brings the foot to the left
        left, top, right, bottom = bottom, left, top, right
    a, b, c, d = page.mediabox
    return Sheet(page.page_number, (a + left, b + top, c - right, d - bottom), turns)


def _sorted(box: Any) -> Box:
    x0, y0, x1, y1 = (float(number) for number in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def turned(page: Any, turns: int) -> Any:
    """The same page of pdfplumber, not drawn yet, turned so many quarters clockwise from how it is shown."""
    shown = page.page_obj.attrs.setdefault("nianbao:shown", page.page_obj.rotate)
    page.page_obj.rotate = page.page_obj.attrs["Rotate"] = (shown + 90 * turns) % 360
    return type(page)(page.pdf, page.page_obj, page.page_number)


def directions(page: Any, sheet: Sheet) -> list[int]:
    """The quarters clockwise that bring the text of a page to lie level, that of most signs first."""
    counts = Counter(turns for char in _shown(page, sheet) if (turns := _quarter(char)) is not None)
    most, *others = counts.most_common() or [(0, 0)]
    return [most[0], *(turns for turns, count in others if count >= _FEWEST)]


def struck_out(page: Any, sheet: Sheet) -> list[Item]:
    """The signs of a page that a rule crosses out."""
    return [] if too_ruled(page.edges) else struck(_shown(page, sheet), page.edges)


def _shown(page: Any, sheet: Sheet) -> list[Any]:
    return [char for char in page.chars if char.get("tag") != HIDDEN and sheet.shows(char)]


def _quarter(char: Item) -> int | None:
    """How many quarters clockwise a sign must be turned to stand upright; None when it is askew."""
    across, up = char["matrix"][:2]
    if abs(up) <= _ASKEW * abs(across):
        return 0 if across > 0 else 2
    if abs(across) <= _ASKEW * abs(up):
        return 1 if up > 0 else 3
    return None


def seen(page: Any, sheet: Sheet, crossed: Sequence[Item] = ()) -> Any:
    """The page without hidden signs, those that are `crossed` out, watermarks askew, text that lies
    otherwise, and second strokes of bold print."""
    drawn: dict[tuple[str, int, int], list[Item]] = {}
    gone = {id(char) for char in crossed}
    kept = {
        id(char)
        for char in _shown(page, sheet)
        if _quarter(char) == 0 and id(char) not in gone and not _is_drawn_again(char, drawn)
    }
    return page.filter(lambda item: item["object_type"] != "char" or id(item) in kept)


def _is_drawn_again(char: Item, drawn: dict[tuple[str, int, int], list[Item]]) -> bool:
    """Whether the same sign was drawn almost there before; it is noted in `drawn` if not."""
    column, row = int(char["x0"] // 2), int(char["top"] // 2)
    for x, y in product((column - 1, column, column + 1), (row - 1, row, row + 1)):
        for other in drawn.get((char["text"], x, y), ()):
            near = _TWICE * min(char["width"], other["width"])
            if abs(other["x0"] - char["x0"]) <= near and abs(other["top"] - char["top"]) <= near:
                return True
    drawn.setdefault((char["text"], column, row), []).append(char)
    return False


def doubts_of(tables: Iterable[Block], crossed: Sequence[Item], sheet: Sheet) -> dict[str, tuple[Doubt, ...]]:
    """The cells all of whose signs are crossed out, by their places."""
    struck_at = [sheet.place(*_middle(char), *_middle(char)) for char in crossed]
    spots = [tuple(map(float, place.split()[-1].split(",")))[:2] for place in struck_at]
    empty = [
        cell for table in tables if isinstance(table, Table) for cell in table.cells if not cell.text.strip()
    ]
    boxes = {cell.place: tuple(map(float, cell.place.split()[-1].split(","))) for cell in empty}
    return {
        place: (Doubt.STRUCK,)
        for place, (x0, top, x1, bottom) in boxes.items()
        if any(x0 <= x <= x1 and top <= y <= bottom for x, y in spots)
    }


def _middle(char: Item) -> tuple[float, float]:
    return (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2


def blocks_of(page: Any, sheet: Sheet) -> tuple[list[Block], list[Remark]]:
    """The tables and the lines of print of a page, from the top, and what there is to say about it."""
    remarks = []
    tables: list[Any] = []
    if too_ruled(page.edges):
        remarks.append(Remark(RemarkKind.PDF_PAGE_OVERRULED, {"page": sheet.number}))
    else:
        tables = [table for table in _found_tables(page) if _is_grid(table)]
    outside = page
    for table in tables:
        outside = outside.filter(lambda item, box=table.bbox: not _within(item, box))
    items: list[tuple[float, Block]] = []
    for table in tables:
        grid = _table(table, sheet)
        if any(cell.text for cell in grid.cells):
            items.append((table.bbox[1], grid))
    for line in outside.extract_text_lines(return_chars=False):
        text = repair(line["text"])
        if text.strip() and not (
            _is_at_an_edge(line, sheet) and (_NUMBER.fullmatch(text) or PAGE_FOOT.match(text))
        ):
            place = sheet.place(line["x0"], line["top"], line["x1"], line["bottom"])
            items.append((line["top"], Paragraph(text, place)))
    return [block for _, block in sorted(items, key=lambda item: item[0])], remarks


def _found_tables(page: Any) -> list[Any]:
    ends = list(_open_ends(page.edges))
    return list(page.find_tables({"explicit_horizontal_lines": ends} if ends else {}))


def _open_ends(edges: Iterable[Item]) -> Iterator[dict[str, Any]]:
    """Rules where several upright ones end without one across: a row that a page break cut open."""
    upright = [edge for edge in edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > _NEAR]
    level = [edge for edge in edges if edge["orientation"] == "h"]
    for end in ("top", "bottom"):
        for _, run in groupby(sorted(upright, key=lambda edge: edge[end]), key=lambda edge: round(edge[end])):
            ended = list(run)
            x0, x1, at = min(e["x0"] for e in ended), max(e["x0"] for e in ended), ended[0][end]
            if x1 - x0 > 4 * _NEAR and not _is_crossed(level, x0, x1, at):
                yield {"object_type": "line", "x0": x0, "x1": x1, "top": at, "bottom": at,
                       "width": x1 - x0, "height": 0, "orientation": "h"}  # fmt: skip


def _is_crossed(level: list[Item], x0: float, x1: float, at: float) -> bool:
    """Whether rules across stand where upright ones end, along half of the way."""
    near = [edge for edge in level if abs(edge["top"] - at) <= 2 * _NEAR]
    return bool(sum(max(0.0, min(e["x1"], x1) - max(e["x0"], x0)) for e in near) >= (x1 - x0) / 2)


def _is_at_an_edge(line: Item, sheet: Sheet) -> bool:
    _, top, _, bottom = sheet.box
    height = bottom - top
    return bool(line["top"] - top > height * 0.9 or line["bottom"] - top < height * 0.08)


def _is_grid(table: Any) -> bool:
    return len(table.rows) > 0 and max(len([c for c in row.cells if c]) for row in table.rows) > 1


def _within(item: Item, box: Box) -> bool:
    if item.get("object_type") != "char":
        return False
    return _is_in((item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2, box)


def _is_in(x: float, y: float, box: Box) -> bool:
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _table(table: Any, sheet: Sheet) -> Table:
    """The cells with spans, found from which column edges each box covers."""
    lefts = _edges(cell[0] for row in table.rows for cell in row.cells if cell)
    tops = _edges(cell[1] for row in table.rows for cell in row.cells if cell)
    texts = table.extract()
    cells = []
    for row, words in zip(table.rows, texts, strict=True):
        for box, text in zip(row.cells, words, strict=True):
            if box:
                cells.append(_cell(box, repair(text or ""), lefts, tops, sheet))
    return Table(tuple(cells), f"page {sheet.number}")


def _edges(values: Iterator[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _NEAR:
            edges.append(value)
    return edges


def _cell(box: Box, text: str, lefts: list[float], tops: list[float], sheet: Sheet) -> Cell:
    column = sum(left <= box[0] + _NEAR for left in lefts) - 1
    row = sum(top <= box[1] + _NEAR for top in tops) - 1
    width = max(1, sum(box[0] - _NEAR <= left < box[2] - _NEAR for left in lefts))
    height = max(1, sum(box[1] - _NEAR <= top < box[3] - _NEAR for top in tops))
    return Cell(_joined(text), row, column, height, width, sheet.place(*box))


def _joined(text: str) -> str:
    """Line breaks inside a cell are the print's, not the text's."""
    return re.sub(r"(?<!\s)[^\S\n]*+\n\s*+", "", text).strip()
