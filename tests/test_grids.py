"""Grids of a page: what those of one form share is remembered, what each says is its own."""

from __future__ import annotations

from random import Random

import pytest

from parsers.document import Cell, Table
from parsers.readers import grids, html

FIGURES = (
    "0",
    "0.75",
    "12",
    "",
    "—",
    "/",
    "无",
    "９",
    "1,234",
    "8件",
    "12345678901234",
    "不适用",
    "1\n234",
    "\u200b",
)


def table(markup: str) -> Table:
    blocks = html.read(f"<html><body><table>{markup}</table></body></html>".encode())[0].blocks
    return next(block for block in blocks if isinstance(block, Table))


def row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def test_figures_alone_do_not_make_another_layout() -> None:
    one, other = table(row("许可", "3", "—", "7")), table(row("许可", "40", "", "1,234"))
    assert one.layout is other.layout is table(row("许可", "无", "-0.75", "+3")).layout is not None
    assert [cell.text for cell in other.cells] == ["许可", "40", "", "1,234"]
    assert [cell.place for cell in other.cells] == [f"table[1]/tr[1]/td[{n}]" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "markup",
    [
        row("处罚", "3", "—"),
        row("许可", "3", "—件"),
        row("许可", "3") + row("—"),
        '<tr><td>许可</td><td colspan="2">3</td><td>—</td></tr>',
        '<tr><td>许可</td><td rowspan="2">3</td><td>—</td></tr>',
    ],
)
def test_words_spans_and_rows_make_another_layout(markup: str) -> None:
    assert table(row("许可", "3", "—")).layout is not table(markup).layout


def test_a_grid_that_is_remembered_reads_as_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(1)
    markups = [
        "".join(
            f"<tr>{''.join(_cell(random) for _ in range(random.randint(1, 5)))}</tr>"
            for _ in range(random.randint(1, 4))
        )
        for _ in range(150)
    ]
    remembered = [table(markup).cells for markup in markups for _ in (1, 2)]
    monkeypatch.setattr(grids, "_known_piece", grids.piece_of)
    monkeypatch.setattr(grids, "_known_layout", grids._layout)
    assert remembered == [table(markup).cells for markup in markups for _ in (1, 2)]


def _cell(random: Random) -> str:
    spans = random.choice(
        ("", "", "", ' rowspan="2"', ' colspan="3"', ' rowspan="3" colspan="2"', ' colspan="x"')
    )
    return f"<td{spans}>{random.choice((*FIGURES, '许可', '其<br>他'))}</td>"


def test_cells_beyond_the_widest_row_are_left_out_and_the_others_keep_their_texts() -> None:
    wide = "".join(f'<td colspan="60">{number}</td>' for number in range(20))
    read = table(f"<tr>{wide}</tr>{row('a', 'b')}").cells
    assert [cell.text for cell in read] == [*map(str, range(17)), "a", "b"]
    assert read[-1] == Cell("b", 1, 1, 1, 1, "table[1]/tr[2]/td[2]")
