"""One page: its ruled tables cell by cell, the text around them as paragraphs, in reading order."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from parsers.document import Block, Cell, Paragraph, Table
from parsers.readers.ocr import ILLEGIBLE
from parsers.readers.ocr.engine import Box, Gray, recognise
from parsers.readers.ocr.figures import believed
from parsers.readers.ocr.lines import Strip, cell_ink, has_print, strips
from parsers.readers.ocr.picture import Picture, prepare
from parsers.readers.ocr.prose import paragraphs
from parsers.readers.ocr.ruled import Grid, Rules, find_grids, find_rules, letter_height

_ENDS_FIGURE, _BEGINS_FIGURE = re.compile(r"[\d\-—]$"), re.compile(r"[\d\-—]")


@dataclass(frozen=True, slots=True)
class Spot:
    """The place words of one page."""

    picture: Picture
    page: int
    scale: float

    def of(self, box: Box) -> str:
        """Where a box stood in the picture as given."""
        return self.picture.place(box, self.page, self.scale)


def read(image: Any, page: int, scale: float) -> list[Block]:
    """The blocks of one page; see `parsers.readers.ocr.read_page`."""
    picture = prepare(image)
    spot = Spot(picture, page, scale)
    letter = letter_height(picture.ink)
    rules = find_rules(picture.gray, letter)
    grids = find_grids(rules, letter)
    placed: list[tuple[int, Block]] = [
        (grid.box.y0, _table(grid, picture, rules, letter, spot)) for grid in grids
    ]
    tops = [grid.box.y0 for grid in grids]
    for box, text in paragraphs(_without(picture.gray, grids), tops):
        placed.append((box.y0, Paragraph(text, spot.of(box))))
    return [block for _, block in sorted(placed, key=lambda pair: pair[0])]


def _without(gray: Gray, grids: list[Grid]) -> Gray:
    """The page with its tables painted over."""
    rest = gray.copy()
    for grid in grids:
        box = grid.box
        rest[max(0, box.y0 - 4) : box.y1 + 4, max(0, box.x0 - 4) : box.x1 + 4] = np.uint8(
            np.percentile(gray, 90)
        )
    return rest


def _table(grid: Grid, picture: Picture, rules: Rules, letter: float, spot: Spot) -> Table:
    """The cells of one grid, read."""
    thick = rules.thickened()
    inks: list[Gray] = []
    found: list[tuple[int, Strip]] = []
    for number, area in enumerate(grid.areas):
        cut = np.s_[area.box.y0 : area.box.y1, area.box.x0 : area.box.x1]
        inks.append(cell_ink(picture.gray[cut], picture.ink[cut], thick.cut(area.box), letter))
        found += [(number, strip) for strip in strips(picture.gray[cut], inks[-1])]
    lines = [strip for _, strip in found]
    texts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (number, strip), text in zip(found, believed(lines, recognise([s.gray for s in lines])), strict=True):
        texts[number].append((strip.line, text))
    cells = (
        Cell(
            _cell_text(texts[number], has_print(inks[number])),
            area.row,
            area.column,
            area.rowspan,
            area.colspan,
            spot.of(area.box),
        )
        for number, area in enumerate(grid.areas)
    )
    return Table(tuple(cells), spot.of(grid.box))


def _cell_text(pieces: list[tuple[int, str]], printed: bool) -> str:
    """The lines of a cell joined: words run on, numbers and dashes stay on lines of their own; ink is never
    nothing."""
    if not printed:
        return ""
    text = ""
    last = 0
    for line, piece in pieces:
        if not text:
            text = piece
        elif line == last:
            text += f" {piece}"
        else:
            text += f"\n{piece}" if _ENDS_FIGURE.search(text) and _BEGINS_FIGURE.match(piece) else piece
        last = line
    return text if text.strip() else ILLEGIBLE
