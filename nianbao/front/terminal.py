"""What commands print: results on stdout, complaints on stderr. Progress is in `progress.py`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO

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
    with unwritten_is_lost(sys.stdout):
        print(line)


def complain(line: str) -> None:
    """One line on stderr; where that cannot be written, nothing."""
    with unwritten_is_lost(sys.stderr):
        print(f"nianbao: {' '.join(line.split())}", file=sys.stderr, flush=True)


@contextmanager
def unwritten_is_lost(stream: TextIO | None) -> Iterator[None]:
    """For output: a closed pipe or a full disk behind it ends no work, and no exit code is another one for it.

    What is printed after that goes nowhere.
    """
    try:
        yield
    except (OSError, ValueError) as error:
        if isinstance(error, UnicodeError):
            raise
        _silence(stream)


def flush() -> None:
    """Writes what waits to be printed; called once at the end, so that Python does not fail at it later."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with unwritten_is_lost(stream):
                stream.flush()


def _silence(stream: TextIO | None) -> None:
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno() if stream is not None else 1)
        os.close(nowhere)


def show_json(value: object) -> None:
    """One JSON value, in Chinese where it is Chinese."""
    with unwritten_is_lost(sys.stdout):
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
    with unwritten_is_lost(sys.stdout):
        console().print(table)
