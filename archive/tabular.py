"""A download as a CSV and a Parquet file, streamed: nothing is held but one batch of rows."""

from __future__ import annotations

import csv
import sqlite3
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.csvs import safe
from archive.downloads import Download, Field

BATCH = 50_000

ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def write_table(conn: sqlite3.Connection, download: Download, folder: Path) -> None:
    """Stream one download from the published database into its CSV and its Parquet file."""
    schema = pa.schema([_arrow_field(field) for field in download.fields])
    rows = download.rows(conn)
    path = folder / f"{download.name}.csv"
    parquet = pq.ParquetWriter(path.with_suffix(".parquet"), schema, compression="zstd")
    with path.open("w", encoding="utf-8", newline="") as file, parquet:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(schema.names)
        while batch := list(islice(rows, BATCH)):
            writer.writerows([safe(cell) for cell in row] for row in batch)
            columns = zip(*batch, strict=True)
            arrays = [pa.array(c, f.type, from_pandas=False) for c, f in zip(columns, schema, strict=True)]
            parquet.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _arrow_field(field: Field) -> pa.Field:
    return pa.field(field.name, ARROW[field.type], metadata={"zh": field.zh, "en": field.en})
