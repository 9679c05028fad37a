"""The rows of a published table that are of a year, of a division, of a kind of body; read from its Parquet file.

A table is looked through a row group at a time, so that nothing is held but the rows that are wanted, and row groups
whose statistics say that they have none are passed over.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from io import RawIOBase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from archive.divisions import CENTRE, beginning
from archive.publication import batches
from archive.publication.batches import ARROW, CELLS, Field
from archive.publication.tabular import MARK, packed
from parsers.findings import FindingKind

FINDINGS = "findings"
"""The table whose column `kind` is the kind of a finding; everywhere else a kind is that of a body."""
OF_FINDING = frozenset(kind.value for kind in FindingKind)
_PLACED = "^[0-9]{6}"
_OF_KIND = {
    "report_id": """select r.id from json_each(:ids) j cross join report r on r.id = j.value
        join body b on b.id = r.body_id where b.kind = :kind""",
    "body_id": "select b.id from json_each(:ids) j cross join body b on b.id = j.value where b.kind = :kind",
}


class Shape(StrEnum):
    """As what rows are sent."""

    CSV = "csv"
    PACKED = "csv.gz"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which rows are wanted: all, or those of a year, of a division and all below it, of a kind."""

    year: int | None = None
    division: str = ""
    kind: str = ""

    def __bool__(self) -> bool:
        return self != Chosen()


def filters(columns: list[str]) -> tuple[str, ...]:
    """By what a table of these columns can be narrowed."""
    takes = {
        "year": "year" in columns,
        "division": "division" in columns,
        "kind": bool({"report_id", "body_id"} & {*columns}),
    }
    return tuple(name for name, taken in takes.items() if taken)


def filters_of(parquet: Path) -> tuple[str, ...]:
    """By what a published table can be narrowed."""
    return _filters_of(parquet, parquet.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _filters_of(parquet: Path, _written: int) -> tuple[str, ...]:
    return filters(pq.read_schema(parquet).names)


def pieces(parquet: Path, database: Path, chosen: Chosen, shape: Shape, bom: bool = False) -> Iterator[bytes]:
    """The chosen rows as a file, in pieces; an empty one wherever a part of the table had none.

    `bom` puts the mark of Excel before a CSV.
    """
    uri = f"{database.as_uri()}?mode=ro&immutable=1"
    # The pieces may be asked for from several threads, one after the other.
    with (
        pq.ParquetFile(parquet) as file,
        closing(sqlite3.connect(uri, uri=True, check_same_thread=False)) as conn,
    ):
        rows = _gathered(_rows(file, conn, chosen, parquet.stem), len(file.schema_arrow))
        if shape is Shape.PARQUET:
            yield from _parquet(file.schema_arrow, rows)
        else:
            yield from _csv(file.schema_arrow, rows, packed if shape is Shape.PACKED else bytes, bom)


def _rows(
    file: pq.ParquetFile, conn: sqlite3.Connection, chosen: Chosen, name: str
) -> Iterator[pa.Table | None]:
    """The chosen rows of each row group; None for one that has none."""
    names = file.schema_arrow.names
    by = [each for each in ("year", "division", "kind", *_OF_KIND) if each in names]
    for number in range(file.num_row_groups):
        if not _may_have(file, number, chosen):
            yield None
            continue
        mask = _mask(file.read_row_group(number, by, use_threads=False), conn, chosen, name)
        found = mask is None or pc.any(mask).as_py()
        whole = file.read_row_group(number, use_threads=False) if found else None
        yield whole.filter(mask) if whole is not None and mask is not None else whole


def _may_have(file: pq.ParquetFile, number: int, chosen: Chosen) -> bool:
    """Whether the statistics of a row group let it have rows of the year and the division."""
    group, names = file.metadata.row_group(number), file.schema_arrow.names
    for name, first, last in _bounds(chosen):
        known = group.column(names.index(name)).statistics
        if known is not None and known.has_min_max and (known.max < first or known.min > last):
            return False
    return True


def _bounds(chosen: Chosen) -> Iterator[tuple[str, int | str, int | str]]:
    """Column, least and greatest value of what is wanted. What is not placed may stand under any code."""
    if chosen.year is not None:
        yield "year", chosen.year, chosen.year
    if chosen.division not in ("", CENTRE):
        prefix = beginning(chosen.division)
        yield "division", prefix, prefix + "~"


def _mask(rows: pa.Table, conn: sqlite3.Connection, chosen: Chosen, name: str) -> pa.ChunkedArray | None:
    """Which rows are wanted; None for all."""
    wanted = []
    if chosen.year is not None:
        wanted.append(pc.equal(rows["year"], chosen.year))
    if chosen.division == CENTRE:
        placed = pc.match_substring_regex(rows["division"], _PLACED)
        wanted.append(pc.or_(pc.invert(placed), pc.starts_with(rows["division"], CENTRE)))
    elif chosen.division:
        wanted.append(pc.starts_with(rows["division"], beginning(chosen.division)))
    if chosen.kind and name == FINDINGS and chosen.kind in OF_FINDING:
        wanted.append(pc.equal(rows["kind"], chosen.kind))
    elif chosen.kind:
        wanted.append(_of_kind(rows, conn, chosen.kind))
    mask = None
    for each in wanted:
        mask = each if mask is None else pc.and_(mask, each)
    return None if mask is None else pc.fill_null(mask, False)


def _of_kind(rows: pa.Table, conn: sqlite3.Connection, kind: str) -> pa.ChunkedArray:
    """Which rows are of a body of this kind, as the database has it."""
    key = next(name for name in _OF_KIND if name in rows.column_names)
    ids = json.dumps(rows[key].unique().to_pylist())
    found = [each for (each,) in conn.execute(_OF_KIND[key], {"ids": ids, "kind": kind})]
    return pc.is_in(rows[key], value_set=pa.array(found, pa.string()))


def _gathered(parts: Iterator[pa.Table | None], columns: int) -> Iterator[pa.Table | None]:
    """Few large tables out of many small ones; None while there is nothing to give."""
    held: list[pa.Table] = []
    for part in parts:
        held += [] if part is None else [part]
        if sum(each.num_rows for each in held) * columns >= CELLS:
            yield pa.concat_tables(held)
            held = []
        else:
            yield None
    if held:
        yield pa.concat_tables(held)


def _csv(
    schema: pa.Schema, parts: Iterator[pa.Table | None], shape: Callable[[bytes], bytes], bom: bool
) -> Iterator[bytes]:
    types = {arrow: name for name, arrow in ARROW.items()}
    fields = [Field(each.name, types[each.type], "", "") for each in schema]
    yield shape(((MARK if bom else "") + ",".join(schema.names) + "\n").encode())
    for part in parts:
        if part is None:
            yield b""
            continue
        columns = [_printed(part[field.name].to_pylist(), field) for field in fields]
        yield shape("".join(batches.lines(columns, fields)).encode())


def _printed(values: list[object], field: Field) -> list[object]:
    """Numbers as the CSV files have them: Parquet has whole ones as reals, too."""
    if field.type != "number":
        return values
    return [int(each) if isinstance(each, float) and each.is_integer() else each for each in values]


def _parquet(schema: pa.Schema, parts: Iterator[pa.Table | None]) -> Iterator[bytes]:
    pipe = _Pipe()
    with pq.ParquetWriter(pipe, schema, compression="zstd") as writer:
        for part in parts:
            if part is not None:
                writer.write_table(part)
            yield pipe.taken()
    yield pipe.taken()


class _Pipe(RawIOBase):
    """A file that is taken away while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """It is there to be written."""
        return True

    def write(self, data: Any) -> int:
        """Hold what is written until it is taken."""
        self._held.append(bytes(data))
        self._length += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        """How many bytes were written."""
        return self._length

    def taken(self) -> bytes:
        """What was written since this was asked last."""
        held, self._held = self._held, []
        return b"".join(held)
