"""What commands print: results on stdout, complaints on stderr. Progress is in `progress.py`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH = 120
"""Columns when nobody watches: tables in a file or a pipe should not be folded at 80."""


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else WIDTH, highlight=False)


def say(line: str) -> None:
    """One line of result. Not folded and not styled: it may hold any text."""
    print(line)


def complain(line: str) -> None:
    """One line on stderr."""
    print(f"nianbao: {' '.join(line.split())}", file=sys.stderr)


def show_json(value: object) -> None:
    """One JSON value, in Chinese where it is Chinese."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table; numbers stand at the right, and nothing in a cell is taken for markup."""
    rows = list(rows)
    table = Table(title=title, title_justify="left", title_style="bold")
    for position, name in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[position], (int, float)) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console().print(table)
