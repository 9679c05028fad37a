"""Rows of a download on their way to the files: a batch of one year at a time, as lines of CSV and as Arrow columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, islice
from types import SimpleNamespace

import pyarrow as pa

from archive.csvs import packaged, safe

CELLS = 1_000_000
"""So many cells are held at once."""

Row = tuple[object, ...]
Columns = Sequence[Sequence[object]]

ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}


@dataclass(frozen=True)
class Field:
    """A column of a download: its name, its type (`string`, `integer`, `number`), and what it says."""

    name: str
    type: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one year (0 where they have none), in the order of the file."""

    year: int
    lines: bytes
    columns: list[pa.Array]


def described(names: Iterable[str]) -> tuple[Field, ...]:
    """The columns of these names, with the descriptions that the pages show too."""
    return tuple(_described()[name] for name in names)


@cache
def _described() -> dict[str, Field]:
    return {row["column"]: Field(*row.values()) for row in packaged("columns.csv", "archive")}


def batches(fields: Sequence[Field], rows: Iterable[Row]) -> Iterator[Batch]:
    """Rows in the order of `fields` as batches; the rows of a year stand together."""
    size = max(CELLS // len(fields), 1)
    year_at = next((place for place, field in enumerate(fields) if field.name == "year"), None)
    for year, found in groupby(rows, key=lambda row: 0 if year_at is None else row[year_at]):
        while some := list(islice(found, size)):
            columns = list(zip(*some, strict=True))
            yield Batch(int(str(year)), "".join(lines(columns, fields)).encode(), arrays(columns, fields))


def lines(columns: Columns, fields: Sequence[Field]) -> list[str]:
    """A line of CSV for each row, in which no spreadsheet finds a formula."""
    written: list[str] = []
    sink = SimpleNamespace(write=written.append)
    csv.writer(sink, lineterminator="\n").writerows(zip(*_safe(columns, fields), strict=True))
    return written


def arrays(columns: Columns, fields: Sequence[Field]) -> list[pa.Array]:
    """The columns as Parquet has them."""
    return [
        pa.array(column, ARROW[field.type], from_pandas=False)
        for column, field in zip(columns, fields, strict=True)
    ]


def _safe(columns: Columns, fields: Sequence[Field]) -> Iterator[Iterable[object]]:
    """Columns whose texts no spreadsheet takes for a formula; each distinct text is looked at once."""
    for column, field in zip(columns, fields, strict=True):
        if field.type != "string":
            yield column
            continue
        changed = {text: made for text in set(column) if (made := safe(text)) is not text}
        yield [changed.get(text, text) for text in column] if changed else column
