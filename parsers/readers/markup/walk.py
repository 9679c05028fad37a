"""A walk over the tree of a page: what is shown of it, as paragraphs and grids in order.

Tables with tables in them only arrange the page, and are walked through as if they were not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.document import Table
from parsers.readers.markup.grid import BREAK, Shown, arranges, place_of, table_of
from parsers.readers.markup.outline import CLOSE, LINK, LINK_END, Outlined, Outlining, opened
from parsers.readers.markup.tree import TEXT, Node, Tree, keys_of, text_of
from parsers.visible import Doubt, Look, Run, Seen, seen
from parsers.visible.elements import (
    CELLS,
    LOOKING,
    NOT_SHOWN,
    SHOWN,
    Attributes,
    Style,
    declared,
    is_block,
    is_plain,
    shown_by,
    styled,
)
from parsers.visible.rules import Found, found

PAGE_BREAK = "#PAGE_BREAK#"  # as UCAP leaves it in words and between rows
BREAKING = frozenset(
    (
        "address article aside blockquote body br center dd details div dl dt fieldset figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th "
        "thead tr ul ucapcontent ucaptitle caption"
    ).split()
)
_OF_ITS_OWN = frozenset(
    (
        "select option button svg iframe object input img embed canvas script details"
        " -comment -doctype !doctype"
    ).split()
)
"""What shows something else than its text. Outside of cells they stand in a page's menus and forms, and are
left out."""
_PLACED = frozenset(("img", "input", "embed", "svg", "object", "iframe", "canvas"))
_WITHOUT_TEXT = frozenset(("img", "input", "embed", "iframe", "select"))
_LINKS = "a[href], a[onclick]"
"""What can be followed; an anchor without an address is but a place."""
_WRITES = re.compile(r"document\s*\.\s*write|inner(?:HTML|Text)|textContent|\.\s*(?:html|text)\s*\(")

Piece = str | Run
Doubts = dict[str, tuple[Doubt, ...]]
"""What cannot be known of the cells at these places."""


class _Table(NamedTuple):
    """A table that holds a grid, where the walk met it."""

    element: Node
    style: Style


@dataclass(slots=True)
class Walk:
    """One page. `reveal`: what is hidden outside of grids is walked through, too; its cells are in doubt."""

    tree: Tree
    reveal: bool = False
    doubts: Doubts = field(default_factory=dict)
    hidden: int = 0
    """Characters that are hidden, tables and prose."""
    _numbers: dict[int, int] = field(init=False)
    _arranging: set[int] = field(init=False)
    _rules: Found | None = field(init=False)

    def __post_init__(self) -> None:
        tables = self.tree.css("table")
        self._numbers = {table.mem_id: number for number, table in enumerate(tables, 1)}
        self._arranging = {outer for table in tables if (outer := _table_around(table)) is not None}
        sheets = [text_of(sheet) for sheet in self.tree.css("style")]
        self._rules = found(sheets, lambda selector: keys_of(self.tree, selector)) if sheets else None

    def outlined(self, top: Node) -> Outlined:
        """The blocks within an element, with their traces."""
        found = Outlining()
        for piece in self._pieces(top, self._style_around(top)):
            if isinstance(piece, _Table):
                self._table(piece, found)
            else:
                found.through(_marked(piece))
        found.end()
        return found.found

    def _table(self, table: _Table, found: Outlining) -> None:
        """A table with its caption; what one holds that only arranges the page, or lines of text, as
        paragraphs."""
        grid = self._grid(table)
        if grid is not None and arranges(grid) and not any(cell.place in self.doubts for cell in grid.cells):
            grid = None
        found.through(_opened(table.element, "table"))
        if grid is None:
            inner: list[Piece | _Table] = self._pieces(table.element, table.style)
        else:
            inner = [*self._caption(table)]
        for piece in inner:
            if not isinstance(piece, _Table):
                found.through(_marked(piece))
        if grid is not None:
            found.table(grid, sum(len("".join(text_of(link).split())) for link in table.element.css(_LINKS)))
        found.through(CLOSE)

    def _style_around(self, element: Node) -> Style:
        """What the elements around this one, and it itself, hand on."""
        around = [element]
        while (parent := around[-1].parent) is not None and parent.is_element_node:
            around.append(parent)
        style = SHOWN
        for one in reversed(around):
            style = self._styled(style, one, one.tag or "")
        return style

    def _styled(self, style: Style, node: Node, tag: str) -> Style:
        """What an element hands on to all within it."""
        return self._styled_by(style, node, tag, node.attributes)

    def _styled_by(self, style: Style, node: Node, tag: str, attributes: Attributes) -> Style:
        rules = self._rules.declared.get(node.mem_id) if self._rules else None
        if (
            rules is None
            and tag not in LOOKING
            and (not attributes or (style is SHOWN and is_plain(attributes)))
        ):
            return style
        inner = styled(style, tag, attributes, rules)
        if self.reveal and inner.gone and not style.gone and tag not in NOT_SHOWN:
            return inner._replace(gone=False, own_doubt=Doubt.HIDDEN_TABLE)
        return inner

    def _pieces(self, top: Node, style: Style, *, in_cell: bool = False) -> list[Piece | _Table]:
        """The text within an element, with marks for breaks; outside of cells, also the tables in it that
        hold grids."""
        pieces: list[Piece | _Table] = []
        # What follows each element that the walk is in, what it hands on, and the mark of its end.
        around: list[tuple[Node | None, Style, bool, str]] = []
        node, keeps_lines = top.first_child, top.tag == "pre"
        while node is not None or around:
            if node is None:
                node, style, keeps_lines, end = around.pop()
                if end:
                    pieces.append(end)
                continue
            tag, following = node.tag or "", node.next
            if tag == TEXT:
                text = (node.text_content or "") if style is SHOWN else _text(node, style)
                pieces.append(text.replace("\n", BREAK) if keeps_lines and isinstance(text, str) else text)
            elif tag == "br":
                pieces.append(BREAK)
            elif tag not in _OF_ITS_OWN or self._is_walked(node, tag, style, pieces, in_cell=in_cell):
                attributes = node.attributes
                inner = self._styled_by(style, node, tag, attributes)
                if inner.gone:
                    pieces += self._gone(node, tag, inner)
                elif tag == "table" and not in_cell and node.mem_id not in self._arranging:
                    pieces.append(_Table(node, inner))
                else:
                    begin, end = self._marks(node, tag, attributes, in_cell=in_cell)
                    if begin:
                        pieces.append(begin)
                    if self._rules:
                        pieces += self._generated(node)
                    around.append((following, style, keeps_lines, end))
                    node, style, keeps_lines = node.first_child, inner, keeps_lines or tag == "pre"
                    continue
            node = following
        return pieces

    def _marks(self, node: Node, tag: str, attributes: Attributes, *, in_cell: bool) -> tuple[str, str]:
        """The marks with which an element begins and ends: of a box, in a cell of breaks; of a link; of
        none."""
        if tag in BREAKING or (bool(attributes) and self._breaks(node, attributes)):
            return (BREAK, BREAK) if in_cell else (_opened(node, tag), CLOSE)
        is_link = tag == "a" and not in_cell and ("href" in attributes or "onclick" in attributes)
        return (LINK, LINK_END) if is_link else ("", "")

    def _is_walked(
        self, node: Node, tag: str, style: Style, pieces: list[Piece | _Table], *, in_cell: bool
    ) -> bool:
        """Whether an element is walked through; what it shows beside or in place of its text is added to the
        pieces."""
        if tag == "details":
            return "open" in node.attributes or self._summary(node, style, pieces, in_cell=in_cell)
        if tag[0] in "-!" or not in_cell:
            return False
        pieces += _in_cell(node, tag, self._styled(style, node, "img" if tag == "canvas" else tag))
        return tag not in _WITHOUT_TEXT

    def _summary(self, details: Node, style: Style, pieces: list[Piece | _Table], *, in_cell: bool) -> bool:
        """Of closed details only the summary is shown."""
        inner = self._styled(style, details, "details")
        summary = next((child for child in _children(details) if child.tag == "summary"), None)
        if self.reveal:
            return True
        self.hidden += len(text_of(details))
        if summary is not None and not inner.gone:
            pieces += [
                BREAK,
                *self._pieces(summary, self._styled(inner, summary, "summary"), in_cell=in_cell),
                BREAK,
            ]
        return False

    def _breaks(self, node: Node, attributes: Attributes) -> bool:
        """Whether style rules break the line around an element."""
        own = attributes.get("style")
        said = is_block(declared(own)) if own and "display" in own else None
        if said is None and self._rules:
            said = is_block(self._rules.declared.get(node.mem_id, {}))
        return bool(said)

    def _generated(self, node: Node) -> list[Run]:
        """What style rules write into an element, as far as that is known."""
        written = self._rules.generated.get(node.mem_id) if self._rules else None
        return [Run("".join(written), doubt=Doubt.GENERATED)] if written else []

    def _gone(self, node: Node, tag: str, style: Style) -> list[Run]:
        """Nothing of what is not shown; what a class may hide is noted."""
        if tag in NOT_SHOWN:
            return []
        text = text_of(node)
        self.hidden += len(text)
        return [Run(text, Look.GONE, Doubt.CLASS)] if style.own_doubt is Doubt.CLASS else []

    def _caption(self, table: _Table) -> list[Piece]:
        """What stands over a table as its caption."""
        caption = next((child for child in _children(table.element) if child.tag == "caption"), None)
        if caption is None:
            return []
        style = self._styled(table.style, caption, "caption")
        pieces = self._pieces(caption, style, in_cell=True) if not style.gone else []
        return [BREAK, *(piece for piece in pieces if not isinstance(piece, _Table)), BREAK]

    def _grid(self, table: _Table) -> Table | None:
        """The grid of a table; None where it only arranges the page."""
        number, style = self._numbers.get(table.element.mem_id, 0), table.style
        if style.own_doubt is not Doubt.HIDDEN_TABLE:
            style = style._replace(own_doubt=None)  # where a box around the table stands moves no cell in it
        style = SHOWN if style == SHOWN else style
        return table_of(number, self._rows(number, table.element, style))

    def _rows(self, number: int, table: Node, style: Style) -> Iterator[tuple[int, list[Shown]]]:
        row_number = 0
        for group in _children(table):
            tag = group.tag or ""
            if tag not in ("tbody", "thead", "tfoot"):
                continue
            of_group = self._styled(style, group, tag)
            for row in _children(group):
                if row.tag == "tr":
                    row_number += 1
                    of_row = self._styled(of_group, row, "tr")
                    if not of_row.gone:
                        yield row_number, self._cells(number, row_number, row, of_row)

    def _cells(self, table: int, row_number: int, row: Node, style: Style) -> list[Shown]:
        shown: list[Shown] = []
        number = 0
        for cell in _children(row):
            if cell.tag not in CELLS:
                continue
            number += 1
            attributes = cell.attributes
            own = self._styled_by(style, cell, "td", attributes)
            if own.gone:
                continue
            text, doubts = self._cell(cell, own)
            if doubts:
                self.doubts[place_of(table, row_number, number)] = doubts
            shown.append((text, number, attributes.get("rowspan"), attributes.get("colspan")))
        return shown

    def _cell(self, cell: Node, style: Style) -> tuple[str, tuple[Doubt, ...]]:
        """What a person reads in a cell, and what cannot be known of it."""
        first = cell.first_child
        if (
            first is not None
            and first.tag == TEXT
            and first.next is None
            and style is SHOWN
            and not self._rules
        ):
            return first.text_content or "", ()  # as of most cells
        pieces = self._pieces(cell, style, in_cell=True)
        if self._rules:
            pieces = [*self._generated(cell), *pieces]
        texts = [piece for piece in pieces if isinstance(piece, str)]
        if len(texts) == len(pieces):
            shown = Seen("".join(texts))
        else:
            shown = seen(
                [Run(one) if isinstance(one, str) else one for one in pieces if not isinstance(one, _Table)]
            )
        return shown.text.replace(PAGE_BREAK, ""), shown.doubts


def _text(node: Node, style: Style) -> Piece:
    text = node.text_content or ""
    look, doubt = style.look, style.doubt
    return text if look is Look.PLAIN and doubt is None else Run(text, look, doubt)


def _in_cell(node: Node, tag: str, style: Style) -> Iterator[Run]:
    """What an element within a cell shows beside its text, or what is written there by no one knows what."""
    if tag in _PLACED:
        shown = shown_by(tag, node.attributes)
        if shown and style.look is not Look.GONE:
            yield shown
    elif tag == "select":
        yield Run(_chosen(node), style.look, style.doubt)
    elif tag == "script" and _WRITES.search(text_of(node)):
        yield Run("", doubt=Doubt.GENERATED)


def _chosen(select: Node) -> str:
    """What a list to choose from shows: the option that is chosen, or the first."""
    options = select.css("option")
    chosen = [option for option in options if "selected" in option.attributes] or options[:1]
    return " ".join(text_of(option).strip() for option in chosen)


def _children(node: Node) -> Iterator[Node]:
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def _table_around(table: Node) -> int | None:
    """The key of the table that a table stands in."""
    outer = table.parent
    while outer is not None:
        if outer.tag == "table":
            return outer.mem_id
        outer = outer.parent
    return None


def _opened(node: Node, tag: str) -> str:
    """The mark of a box that begins, with what its tag says of itself."""
    attributes = node.attributes
    return opened(f"{tag} {attributes.get('class') or ''} {attributes.get('id') or ''}")


def _marked(piece: Piece) -> str:
    """A piece of a page outside of cells as text with marks."""
    text = piece if isinstance(piece, str) else _in_prose(piece)
    return text.replace(PAGE_BREAK, "") if PAGE_BREAK in text else text


def _in_prose(run: Run) -> str:
    """A run of a paragraph, as far as it is shown; the digits of a note are none of the number before
    them."""
    if run.look in (Look.GONE, Look.STRUCK):
        return ""
    return (
        seen([Run("0"), run]).text[1:]
        if run.look is Look.RAISED and run.text.strip().isdecimal()
        else run.text
    )
