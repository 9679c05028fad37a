"""Grids of a page: cells in their rows and columns, each with its place."""

from __future__ import annotations

from parsers.document import Cell, Table
from parsers.readers import html


def table(markup: str) -> Table:
    blocks = html.read(f"<html><body><table>{markup}</table></body></html>".encode())[0].blocks
    return next(block for block in blocks if isinstance(block, Table))


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def test_each_cell_has_its_place() -> None:
    assert table(row("许可", "40", "", "1,234")).cells == (
        Cell("许可", 0, 0, 1, 1, "table[1]/tr[1]/td[1]"),
        Cell("40", 0, 1, 1, 1, "table[1]/tr[1]/td[2]"),
        Cell("", 0, 2, 1, 1, "table[1]/tr[1]/td[3]"),
        Cell("1,234", 0, 3, 1, 1, "table[1]/tr[1]/td[4]"),
    )


def test_places_count_what_is_hidden_and_columns_do_not() -> None:
    hidden = '<tr hidden><td>许可</td><td>9</td></tr><tr><td style="display:none">9</td><td>许可</td><td>4</td></tr>'
    assert table(hidden).cells == (
        Cell("许可", 0, 0, 1, 1, "table[1]/tr[2]/td[2]"),
        Cell("4", 0, 1, 1, 1, "table[1]/tr[2]/td[3]"),
    )


def test_cells_beyond_the_widest_row_are_left_out_and_the_others_keep_their_texts() -> None:
    wide = "".join(f'<td colspan="60">{number}</td>' for number in range(20))
    read = table(f"<tr>{wide}</tr>{row('a', 'b')}").cells
    assert [cell.text for cell in read] == [*map(str, range(17)), "a", "b"]
    assert read[-1] == Cell("b", 1, 1, 1, 1, "table[1]/tr[2]/td[2]")
