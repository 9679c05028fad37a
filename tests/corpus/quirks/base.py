"""What a quirk is: a change of the sheet before it is printed, and the ways in which the result is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from random import Random

from sample.codebook import statutory
from sample.forms.layout import Grid, Slot
from sample.forms.markup import html_of
from sample.forms.pdf import pdf_of
from sample.forms.plain import Flattening, text_of
from sample.forms.sheet import Sheet
from sample.forms.word import docx_of
from tests.corpus.older import LISTED, LOCAL, PROSE
from tests.corpus.opendocument import ods_of, odt_of

Change = Callable[[Sheet, Random], Sheet]
Printer = Callable[[Sheet, Random], bytes]
STATUTORY = statutory()
EVERY = (PROSE, LOCAL, LISTED, *STATUTORY)
SKINS = 3


@dataclass(frozen=True, slots=True)
class Quirk:
    """One way in which print differs from the form.

    `lossy`: print itself says less than the form, so cells may be left absent (with a finding), never wrong.
    """

    name: str
    change: Change
    printers: Mapping[str, Printer] = field(compare=False)
    generations: tuple[str, ...] = STATUTORY
    lossy: bool = False


QUIRKS: dict[str, Quirk] = {}
"""Every quirk by its name, in the order of field reports; filled by the modules of this package."""


def unchanged(sheet: Sheet, _: Random) -> Sheet:
    """The sheet as it is."""
    return sheet


def html_page(sheet: Sheet, random: Random) -> str:
    """`sheet`, and the others on its page, as a page in one of the skins by chance."""
    skin = random.randrange(SKINS)
    articles = "\n".join(
        f'<h1 class="title">{escape(one.title)}</h1>\n<div id="zoom">{html_of(one, skin)}</div>'
        if not sheet.others
        else f'<p align="center"><b>{escape(one.title)}</b></p>\n{html_of(one, skin)}'
        for one in (sheet, *sheet.others)
    )
    return _around(sheet.title, articles)


def _around(title: str, content: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta http-equiv="Content-Type" '
        f'content="text/html; charset=utf-8"/>\n<title>{escape(title)}</title>\n'
        '<style>.title{text-align:center}</style></head><body>\n<div class="nav"><a href="/">首页</a> &gt; '
        f'<a href="../">政府信息公开年报</a></div>\n<div class="main">\n{content}\n</div>\n'
        '<div class="footer">主办单位：青禾省数据中心　网站标识码：9901210001</div></body></html>\n'
    )


def print_html(sheet: Sheet, random: Random) -> bytes:
    """The page as UTF-8."""
    return html_page(sheet, random).encode()


def print_text(sheet: Sheet, _: Random) -> bytes:
    """Plain text with tabs between the columns of a table."""
    return "\n".join(text_of(one) for one in (sheet, *sheet.others)).encode()


def print_docx(sheet: Sheet, _: Random) -> bytes:
    """A Word file."""
    return docx_of(sheet)


def print_pdf(sheet: Sheet, _: Random) -> bytes:
    """A PDF with ruled tables."""
    return pdf_of(sheet)


def print_odt(sheet: Sheet, _: Random) -> bytes:
    """A text of OpenDocument."""
    return odt_of(sheet)


def print_ods(sheet: Sheet, _: Random) -> bytes:
    """A sheet of OpenDocument."""
    return ods_of(sheet)


PRINTERS: dict[str, Printer] = {
    "html": print_html,
    "text": print_text,
    "docx": print_docx,
    "odt": print_odt,
    "ods": print_ods,
    "pdf": print_pdf,
}
COMMON = ("html", "text", "docx")
LIKE_WORD = ("odt", "ods")
"""Printed wherever a Word file is: cells, spans and breaks are in them what they are there."""


def sheet_quirk(
    *containers: str, generations: tuple[str, ...] = STATUTORY, lossy: bool = False
) -> Callable[[Change], Change]:
    """Registers a change of the sheet, printed in `containers` (by default all but PDF), and as OpenDocument with Word."""
    names = containers or COMMON
    every = (*names, *(LIKE_WORD if "docx" in names else ()))

    def register(change: Change) -> Change:
        printers = {name: PRINTERS[name] for name in every}
        QUIRKS[change.__name__] = Quirk(change.__name__, change, printers, generations, lossy)
        return change

    return register


def flattening(
    *, generations: tuple[str, ...] = EVERY[1:], lossy: bool = False
) -> Callable[[Flattening], Flattening]:
    """Registers a way of making a table into lines of text."""

    def register(flatten: Flattening) -> Flattening:
        def printed(sheet: Sheet, _: Random) -> bytes:
            return text_of(sheet, flatten).encode()

        change = everything_lost if lossy else unchanged
        QUIRKS[flatten.__name__] = Quirk(flatten.__name__, change, {"text": printed}, generations, lossy)
        return flatten

    return register


def page_quirk(
    generations: tuple[str, ...] = STATUTORY,
) -> Callable[[Callable[[Sheet, Random], str | bytes]], Callable[[Sheet, Random], str | bytes]]:
    """Registers a way of making a page."""

    def register(make: Callable[[Sheet, Random], str | bytes]) -> Callable[[Sheet, Random], str | bytes]:
        def printed(sheet: Sheet, random: Random) -> bytes:
            page = make(sheet, random)
            return page if isinstance(page, bytes) else page.encode()

        QUIRKS[make.__name__] = Quirk(make.__name__, unchanged, {"html": printed}, generations)
        return make

    return register


def everything_lost(sheet: Sheet, _: Random) -> Sheet:
    """The sheet when print does not say where one cell ends and the next begins."""
    return replace(sheet, lost=frozenset(sheet.figures))


def table_of(grid: Grid) -> str:
    """Which table a grid is: `t2`, `t3`, `t4`, `s14` or `l08`; "" for a piece without figures."""
    return next((slot.code.partition("_")[0] for slot in grid.slots if slot.code), "")


def relabelled(grid: Grid, change: Callable[[str], str]) -> Grid:
    """The grid with each label changed."""
    slots = (slot if slot.code else replace(slot, text=change(slot.text)) for slot in grid.slots)
    return replace(grid, slots=tuple(slots))


def reprinted(grid: Grid, change: Callable[[Slot], str]) -> Grid:
    """The grid with the text of each figure changed."""
    slots = (replace(slot, text=change(slot)) if slot.code else slot for slot in grid.slots)
    return replace(grid, slots=tuple(slots))


def with_rows(grid: Grid, rows: list[list[Slot]]) -> Grid:
    """A grid of these rows; each slot moves to the number of its row and keeps its column."""
    slots = tuple(replace(slot, row=number) for number, row in enumerate(rows) for slot in row)
    return Grid(len(rows), grid.width, slots)
