"""Grids whose tags are regular: they are read from the markup as it stands, which takes a tenth of the time of a tree.

Regular is what every parser takes for the same: each tag that is begun ends, in order, in rows of cells of paragraphs.
The cells of a page repeat, and so do those of a site's pages: what the markup of each says is remembered. All else is
left in the page, to be parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import takewhile
from secrets import token_hex
from typing import NamedTuple

from parsers.document import Table
from parsers.known import Known
from parsers.readers.grids import (
    AND,
    BREAK,
    CONTENT,
    LONGEST_CELL,
    PAGE_BREAK,
    ROW,
    SPANS,
    Piece,
    piece_of,
    table_from,
)
from parsers.readers.links import REPORT
from parsers.text import repair

_SECRET = token_hex(8)
MARK, CELLS = f"grid-{_SECRET}", f"cells-{_SECRET}"
"""The attributes of a table that was taken out of a page: which grid it is, and how many cells it has; no page has them."""
FEWEST_CELLS, MOST_CELLS, LONGEST = 4, 1000, 4000
_BEGIN, _END, _CELL, _ROW_END = b"<table", b"</table>", b"<td", b"</tr>"
_HEADS = re.compile(rb"<(/?)th(?=[\s>])")
_ATTRIBUTES = r"""(?:\s++[a-zA-Z][\w:.-]*+(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>=`/]++))?+)*+\s*+"""
_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"']++))?+""")
_OPENING = re.compile(_ATTRIBUTES)
_GROUP = rf"<(?:thead|tbody|tfoot){_ATTRIBUTES}>\s*+"
_ROW = rf"<tr{_ATTRIBUTES}>\s*+"
_COLUMNS = rf"(?:</?col(?:group)?+{_ATTRIBUTES}/?+>\s*+)*+"
_HEAD = re.compile(rf"<table{_ATTRIBUTES}>\s*+{_COLUMNS}(?:{_GROUP})?+{_ROW}")
_AFTER = re.compile(rf"\s*+(?:</tr>\s*+(?:</(?:thead|tbody|tfoot)>\s*+{_GROUP})?+{_ROW})*+")
_TAIL = re.compile(r"\s*+(?:</(?:thead|tbody|tfoot)>\s*+)?+")
_NAMES = "p|div|span|b|strong|font|u|i|em|a|sup|sub|o:p"
_TAG = re.compile(rf"(br){_ATTRIBUTES}/?+|(/?)({_NAMES}){_ATTRIBUTES}")
_NUMBER, _ZERO = re.compile(rb">([0-9]{1,9})<"), b"0"
_BOXES = frozenset(("p", "div"))
_ENTITY = re.compile(r"&(?!(?:nbsp|lt|gt|amp|quot|ensp|emsp|#(?:1[6-9]\d|[2-9]\d\d|\d{4,5}));)")
_MARKUP = re.compile(f"[<>]|{PAGE_BREAK}")
_STRANGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]")


class RegularGrid(NamedTuple):
    """The cells of a grid, as their kinds and their texts."""

    kinds: tuple[str, ...]
    texts: tuple[str, ...]

    def table(self, number: str) -> Table | None:
        """The table with this number in the page."""
        return table_from(number + ROW, self.kinds, self.texts)


def taken_out(page: bytes) -> tuple[bytes, list[RegularGrid]]:
    """A page and its regular grids; in the page, tables without rows that have `MARK` and `CELLS` stand for them.

    The cells are read as UTF-8, so they count only where what is left of the page is in UTF-8, too.
    """
    grids: list[RegularGrid] = []
    kept, done = [], 0
    for begin, end in _tables(page):
        grid = _grid_of(page, begin, end)
        if grid is None and (begin := page.rfind(_BEGIN, begin + 1, end)) >= 0:
            grid = _grid_of(page, begin, end)
        if grid is not None:
            tag = page[begin + len(_BEGIN) : page.index(b">", begin)]
            marks = f" {MARK}={len(grids)} {CELLS}={len(grid.kinds)}".encode()
            kept += [page[done:begin], _BEGIN, marks, tag, b">"]
            grids.append(grid)
            done = end
    return b"".join((*kept, page[done:])), grids


def _tables(page: bytes) -> Iterator[tuple[int, int]]:
    """From the first tag of a table to before the next end of one, which may be that of a table in it."""
    last = page.rfind(_END)  # much may follow it, and to look from the end takes a fourth of the time
    begin = page.find(_BEGIN, 0, max(last, 0))
    while begin >= 0:
        end = page.find(_END, begin)
        yield begin, end
        begin = page.find(_BEGIN, end, last)


def _grid_of(page: bytes, begin: int, end: int) -> RegularGrid | None:
    """The grid that a table is; None where it is not regular."""
    note = page.find(b"!", begin, end)  # a look for one character costs next to nothing
    note = page.find(b"<!--", note - 1, end) if note >= 0 else note
    markup = page[begin:note] + _without_comments(page[note:end]) if note >= 0 else page[begin:end]
    return _grid(markup) or (_grid(_HEADS.sub(rb"<\1td", markup)) if b"<th" in markup else None)


def _grid(markup: bytes) -> RegularGrid | None:
    last = markup.rfind(_ROW_END)
    pieces = markup[: max(last, 0)].split(_CELL)
    (head, *cells), tail = pieces, markup[last + len(_ROW_END) :]
    if not FEWEST_CELLS <= len(cells) <= MOST_CELLS or max(len(tail), max(map(len, pieces))) > LONGEST:
        return None  # what is remembered is bounded
    if not _is_frame(head, tail):
        return None
    said = list(takewhile(bool, map(_known_cells.__getitem__, cells)))
    if len(said) < len(cells):
        return None
    kinds, texts = zip(*said, strict=True)
    return None if kinds[-1][:1] == ROW else RegularGrid(kinds, texts)


def _without_comments(markup: bytes) -> bytes:
    """What follows the comments of a text that begins with one; what is not regular where one has no end, or one that
    not all parsers take for it."""
    ends = [comment.partition(b"-->") for comment in markup.split(b"<!--")[1:]]
    odd = any(not end or said.startswith((b">", b"->")) or b"--!>" in said for said, end, _ in ends)
    return b"<" if odd else b"".join([rest for _, _, rest in ends])


@lru_cache(maxsize=1024)
def _is_frame(head: bytes, tail: bytes) -> bool:
    """Whether a table begins with its first row, and ends after its last."""
    return bool(_HEAD.fullmatch(_text(head)) and _TAIL.fullmatch(_text(tail)))


def _text(markup: bytes) -> str:
    """The markup; what cannot be regular where it is not in UTF-8, or says that a character was lost."""
    text = markup.decode(errors="replace")
    return "<" if "\ufffd" in text else text


def _cell(markup: bytes) -> Piece | None:
    """What a cell says whose markup goes from behind its name to the next cell's; None where it is not regular."""
    content, ends, after = _text(markup).partition("</td>")
    attributes, _, content = content.partition(">")
    if not (ends and _AFTER.fullmatch(after) and _OPENING.fullmatch(attributes)):
        return None
    spans, said = _spans(attributes), _said(content)
    if spans is None or said is None:
        return None
    piece = piece_of(spans + said + ROW * after.count("<tr"))
    return piece if len(piece.text) <= LONGEST_CELL else None


def _like_others(markup: bytes) -> Piece | None:
    """What a cell says; one that holds a number alone is read as the one that holds 0."""
    number = _NUMBER.search(markup)
    if number is None or number[1] == _ZERO:
        return _cell(markup)
    like = _known_cells[markup[: number.start(1)] + _ZERO + markup[number.end(1) :]]
    if like is None or like.text != _ZERO.decode():
        return _cell(markup)
    return Piece(like.kind, number[1].decode())


_known_cells = Known(_like_others, 8192)


def _spans(attributes: str) -> str | None:
    """The spans of a cell as they are flattened; None where one is no number."""
    spans: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(attributes):
        if (name := name.lower()) in ("rowspan", "colspan"):
            spans.setdefault(name, value.strip("\"'"))
    if not spans:
        return ""
    if not all(span.isdecimal() and span.isascii() for span in spans.values()):
        return None
    return f"{SPANS}{spans.get('rowspan', '')}{AND}{spans.get('colspan', '')}{CONTENT}"


def _said(content: str) -> str | None:
    """All that is printed in a cell, with marks for breaks; None where tags do not nest, or others stand in it."""
    first, *parts = content.split("<")
    said, is_open = [first], [""]
    for part in parts:
        markup, ends, text = part.partition(">")
        tag = _tag(markup) if ends else None
        if tag is None:
            return None
        if tag.is_end:
            if is_open.pop() != tag.name:
                return None
        elif tag.is_box and "p" in is_open:
            return None
        elif tag.name:
            is_open.append(tag.name)
        said += (tag.breaks, text)
    printed = "".join(said)
    if is_open != [""] or ("<a" in content and REPORT in printed):
        return None  # a link that may lead to another report is told by the tree
    return _decoded(printed)


class _Tag(NamedTuple):
    """A tag of a cell; one of a line break has no name."""

    name: str
    is_end: bool
    is_box: bool
    breaks: str


@lru_cache(maxsize=4096)
def _tag(markup: str) -> _Tag | None:
    """What stands between < and >; None where it is none of the tags that a regular cell has."""
    found = _TAG.fullmatch(markup)
    if found is None:
        return None
    line_break, end, name = found.groups()
    if line_break:
        return _Tag("", False, False, BREAK * 2)
    return _Tag(name, bool(end), name in _BOXES, BREAK if name in _BOXES else "")


def _decoded(said: str) -> str | None:
    if _ENTITY.search(said) or _MARKUP.search(said):
        return None
    text = unescape(repair(said))
    return None if _STRANGE.search(text.replace(BREAK, "")) else text
