"""The two tables of a release that hold every cell: the long one, and the panel with a column a code.

Hundreds of millions of cells say little that is new: most are zeros at the same places. What a batch says of its
cells is therefore put into words once for each thing that is said, and rows only point to it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice

import pyarrow as pa

from archive.publication import batches
from archive.publication.batches import Batch, Field, Row
from archive.rows.compact import PROOF_OF, STATE_OF

KEYS = ("report_id", "body", "division", "year", "scope", "version")
CELL = ("code", "value", "state", "raw", "unit", "proof", "suggested", "place")
VERSIONS = 500
"""So many versions are read at once: some 100,000 cells."""

# Read in the order in which the versions are numbered (the newest year first), so that nothing is sorted
# however much there is.
JOINED = """from version v indexed by version_position cross join report r on r.id = v.report_id
cross join body b on b.id = r.body_id"""
KEY_COLUMNS = "r.id, b.name, b.division, r.year, r.scope, v.number"
LATEST = "cross join latest l on l.version_id = v.id"

# To Python 1 is 1.0, but they are not the same as they are printed.
_CELLS = """select version, code, value, iif(typeof(value) = 'real', cast(value as text), null), mark, raw, place from cell
where version between ? and ? order by version, code"""
_VALUES = "select version, code, value from cell where version between ? and ? and value is not null"

_MISPRINTS = """select v.position, f."values" from version v cross join finding f on f.version_id = v.id
where v.position between ? and ? and f.kind = 'misprint'"""

_UNITS = f"""select v.position, coalesce(u.unit, b.id), coalesce(u.unit_2025, '') {JOINED} {LATEST}
left join unit u on u.body_id = b.id"""

Keys = list[tuple[int, Row]]
"""Positions of versions, each with its keys."""


def figures(conn: sqlite3.Connection) -> Iterator[Batch]:
    """The cells of every version, a row each."""
    said = _Said(conn)
    for year, keys in _versions(conn):
        heads = [key for _position, key in keys]
        found = conn.execute(_CELLS, (keys[0][0], keys[-1][0])).fetchall()
        if not found:
            continue
        suggested = _suggested(conn, keys)
        version, *facts = zip(*found, strict=True)
        facts.append(tuple(suggested.get((at, code)) for at, code in zip(version, facts[0], strict=True)))
        counted = Counter(version)
        counts = [counted[position] for position, _key in keys]
        number: dict[Row, int] = {}
        of_tail = [number.setdefault(fact, len(number)) for fact in zip(*facts, strict=True)]
        yield _crossed(year, heads, [said.row(fact) for fact in number], counts, of_tail)


def _suggested(conn: sqlite3.Connection, keys: Keys) -> dict[tuple[int, object], object]:
    """What would make all identities hold, by position of the version and number of the code: of misprints alone."""
    numbers = {code: number for number, code in conn.execute("select id, code from cell_code")}
    return {(position, numbers.get(code)): str(value) for position, code, value in _of_misprints(conn, keys)}


def _named(conn: sqlite3.Connection, keys: Keys, codes: Sequence[str]) -> dict[int, str]:
    """The same by position of the version, as a JSON object by code in the order of the form."""
    found: dict[int, dict[str, object]] = {}
    for position, code, value in _of_misprints(conn, keys):
        found.setdefault(position, {})[code] = value
    order = {code: place for place, code in enumerate(codes)}
    return {
        position: json.dumps(dict(sorted(values.items(), key=lambda each: order.get(each[0], len(order)))))
        for position, values in found.items()
    }


UNITS = ("unit", "unit_2025")


def _of_misprints(conn: sqlite3.Connection, keys: Keys) -> Iterator[tuple[int, str, object]]:
    """Position of the version, code and suggested value of each cell that is surely misprinted."""
    for position, values in conn.execute(_MISPRINTS, (keys[0][0], keys[-1][0])):
        for cell in json.loads(values).get("cells", ()):
            yield position, cell["code"], cell["suggested"]


def panel(codes: Sequence[Field]) -> Callable[[sqlite3.Connection], Iterator[Batch]]:
    """The latest versions, a row each with a value for each of `codes`; None where no number is printed.

    Behind them `suggested`: what would make all identities hold, as a JSON object by code; None where nothing is sure.
    """
    fields = (*batches.described(KEYS + UNITS), *codes, *batches.described(("suggested",)))
    known = [field.name for field in codes]

    def rows(conn: sqlite3.Connection) -> Iterator[Row]:
        names = {field.name: place for place, field in enumerate(codes)}
        units = {version: each for version, *each in conn.execute(_UNITS)}
        column = {number: names.get(code) for number, code in conn.execute("select id, code from cell_code")}
        for _year, keys in _versions(conn, LATEST):
            made: dict[int, list[object]] = {position: [None] * len(codes) for position, _key in keys}
            for version, code, value in conn.execute(_VALUES, (keys[0][0], keys[-1][0])):
                if version in made and (place := column[code]) is not None:
                    made[version][place] = value
            named = _named(conn, keys, known)
            for (position, key), values in zip(keys, made.values(), strict=True):
                yield (*key, *units[position], *values, named.get(position))

    return lambda conn: batches.batches(fields, rows(conn))


def _versions(conn: sqlite3.Connection, joined: str = "") -> Iterator[tuple[int, Keys]]:
    """The versions of a year, some at a time."""
    sql = f"select v.position, {KEY_COLUMNS} {JOINED} {joined} order by v.position"
    for year, rows in groupby(conn.execute(sql), key=lambda row: row[4]):
        while some := [(position, tuple(key)) for position, *key in islice(rows, VERSIONS)]:
            yield year, some


class _Said:
    """The words of the numbers that stand in a cell."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._codes = {
            number: words for number, *words in conn.execute("select id, code, unit from cell_code")
        }

    def row(self, fact: Row) -> Row:
        """The columns of a cell, `CELL`."""
        code, value, real, mark, raw, place, suggested = fact
        name, unit = self._codes[code]
        if raw is None:
            raw = real or ("" if value is None else str(value))
        if isinstance(place, int):
            place = self._conn.execute("select text from place where id = ?", [place]).fetchone()[0]
        state, proof = STATE_OF[mark].value, PROOF_OF[mark].value  # type: ignore[index]
        return name, value, state, raw, unit, proof, suggested, place


def _crossed(year: int, heads: list[Row], tails: list[Row], counts: list[int], of_tail: list[int]) -> Batch:
    """Rows of which each is one of `heads`, as many of each as `counts` says, and one of `tails`."""
    columns, fields = list(zip(*heads, strict=True)), batches.described(KEYS)
    said, parts = list(zip(*tails, strict=True)), batches.described(CELL)
    starts = [line[:-1].encode() + b"," for line in batches.lines(columns, fields)]
    ends = [line.encode() for line in batches.lines(said, parts)]
    pieces = map(ends.__getitem__, of_tail)
    text = b"".join(
        start + start.join(islice(pieces, count))
        for start, count in zip(starts, counts, strict=True)
        if count
    )
    of_head = pa.array([place for place, count in enumerate(counts) for _row in range(count)], pa.int32())
    heading = [each.take(of_head) for each in batches.arrays(columns, fields)]
    chosen = pa.array(of_tail, pa.int32())
    return Batch(year, text, heading + [each.take(chosen) for each in batches.arrays(said, parts)])
