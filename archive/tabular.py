"""A download as a CSV and a Parquet file, streamed: nothing is held but one batch of rows."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import groupby, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.csvs import safe
from archive.downloads import Download, Field, Row

CELLS = 1_000_000
"""So many cells are held at once."""
MARK = "\ufeff"
"""The byte order mark by which Excel knows UTF-8."""

ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}

Span = tuple[int, int]
"""Where a part of a file begins, and its length, in bytes."""


def write_table(
    conn: sqlite3.Connection, download: Download, folder: Path, *, bom: bool = False
) -> dict[int, Span]:
    """Stream one download from the published database into its CSV and its Parquet file.

    Gives where in the CSV the rows of each year stand; year 0 is the header. With `bom` the CSV begins with the
    mark that Excel wants.
    """
    schema = pa.schema([_arrow_field(field) for field in download.fields])
    path = folder / f"{download.name}.csv"
    years: dict[int, Span] = {}
    parquet = pq.ParquetWriter(path.with_suffix(".parquet"), schema, compression="zstd")
    with path.open("wb") as file, parquet:
        file.write((MARK if bom else "").encode() + _lines([schema.names]))
        years[0] = (0, file.tell())
        for year, batch in _batches(download, conn):
            columns = list(zip(*batch, strict=True))
            start, length = years.get(year, (file.tell(), 0))
            years[year] = (
                start,
                length + file.write(_lines(zip(*_safe(columns, download.fields), strict=True))),
            )
            arrays = [pa.array(c, f.type, from_pandas=False) for c, f in zip(columns, schema, strict=True)]
            parquet.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return years


def _batches(download: Download, conn: sqlite3.Connection) -> Iterator[tuple[int, list[Row]]]:
    """The rows in batches, each of one year (0 where they have none)."""
    names = [field.name for field in download.fields]
    size = max(CELLS // len(names), 1)
    year_at = names.index("year") if "year" in names else None
    for year, rows in groupby(download.rows(conn), key=lambda row: 0 if year_at is None else row[year_at]):
        while batch := list(islice(rows, size)):
            yield int(str(year)), batch


def _safe(columns: Sequence[Sequence[object]], fields: Sequence[Field]) -> Iterator[Iterable[object]]:
    """Columns whose texts no spreadsheet takes for a formula; each distinct text is looked at once."""
    for column, field in zip(columns, fields, strict=True):
        if field.type != "string":
            yield column
            continue
        changed = {text: made for text in set(column) if (made := safe(text)) is not text}
        yield [changed.get(text, text) for text in column] if changed else column


def _lines(rows: Iterable[Iterable[object]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _arrow_field(field: Field) -> pa.Field:
    return pa.field(field.name, ARROW[field.type], metadata={"zh": field.zh, "en": field.en})
