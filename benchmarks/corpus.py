"""Reads documents with known truth and prints, per quirk: cells right, missing, wrong, silent errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import process_time

from rich.console import Console
from rich.table import Table

from parsers.document import ParseError
from parsers.report import parse
from tests.corpus.documents import Drawn, corpus, mutations
from tests.corpus.grading import Grade, grade

_COLUMNS = ("documents", "right", "missing", "left open", "wrong", "silent", "unsaid", "notes", "right %")


def run(size: int, damaged: int, seed: int, failures: int = 0) -> int:
    """Print both tables; gives the number of silent errors."""
    console = Console(width=120)
    silent = 0
    for title, documents in (
        (f"{size} documents: generations x containers x quirks", corpus(size, seed)),
        (f"{damaged} damaged documents", mutations(damaged, seed)),
    ):
        silent += measure(console, title, documents, failures)
    return silent


def measure(console: Console, title: str, documents: Iterable[Drawn], failures: int) -> int:
    """Print a row for each quirk of these documents, and the first `failures` that were not read as printed; gives the number
    of silent errors."""
    rows: dict[str, tuple[int, Grade]] = {}
    whole, spent, count, shown = Grade(), 0.0, 0, 0
    for drawn, result, seconds in graded(documents):
        number, sum_ = rows.setdefault(drawn.quirk, (0, Grade()))
        sum_ += result
        rows[drawn.quirk] = number + 1, sum_
        whole += result
        spent, count = spent + seconds, count + 1
        if shown < failures and (result.missing or result.wrong or result.notes):
            shown += 1
            console.print(_failure(drawn, result), markup=False, highlight=False)
    console.print(_table(title, rows, whole, count))
    console.print(
        f"{count / spent:.1f} documents a second of processor time; statements: {whole.said_right} right, "
        f"{whole.said_missing} missing, {whole.said_wrong} wrong\n"
    )
    return whole.silent


def graded(documents: Iterable[Drawn]) -> Iterator[tuple[Drawn, Grade, float]]:
    """Each document with its grade and the seconds that reading took."""
    for drawn in documents:
        start = process_time()
        try:
            report = parse(drawn.data)
        except ParseError as error:
            yield drawn, Grade(missing=len(drawn.sheet.figures), notes=[str(error)]), process_time() - start
            continue
        seconds = process_time() - start
        yield drawn, grade(drawn.sheet, report), seconds


def _failure(drawn: Drawn, result: Grade) -> str:
    wrong = ", ".join(
        f"{code}: printed {printed}, read {value}" for code, printed, value in result.errors[:4]
    )
    return (
        f"{drawn.quirk} {drawn.container} {drawn.generation}: {result.missing} missing {result.gaps[:3]}, "
        f"{result.wrong} wrong, {result.silent} silent [{wrong}] {result.notes[:3]}"
    )


def _table(title: str, rows: dict[str, tuple[int, Grade]], whole: Grade, count: int) -> Table:
    table = Table("quirk", title=title)
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    for name, (number, result) in rows.items():
        table.add_row(name, *_cells(number, result))
    table.add_section()
    table.add_row("all", *_cells(count, whole))
    return table


def _cells(number: int, result: Grade) -> list[str]:
    counts = (number, result.right, result.missing, result.left, result.wrong, result.silent)
    return [*map(str, (*counts, result.unsaid, len(result.notes))), f"{100 * result.share:.2f}"]
