"""Figures and identities as both databases keep them: numbers for what repeats, and views that show the words.

A figure takes some 20 bytes so, against some 130 as a row of words, and an identity 15 against 500. Readers ask the
views `figure` and `identity`. A version has its number, `position`, in its own file only: in the archive they count
what was written, in the publication the newest year comes first, so that what is asked for together lies together.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from itertools import repeat
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from parsers.records import Figure, Identity, Proof, State

Key = TypeVar("Key", bound=Hashable)
Row = tuple[Any, ...]

STATES, PROOFS = tuple(State), tuple(Proof)
"""Their order is written in every file: what is new goes to the end."""

# Places on a page of a PDF are as good as never met twice, and stand in the cell itself.
TABLES = """
create table cell_code (id integer primary key, code text not null, unit text not null, unique (code, unit)) strict;
create table place (id integer primary key, text text not null unique) strict;
create table cell (
    version integer not null, code integer not null, value any, mark integer not null, raw text,
    place any not null, primary key (version, code)
) strict, without rowid;
create table identity_form (
    id integer primary key, name text not null, codes text not null, unique (name, codes)
) strict;
create table checked (
    version integer not null, form integer not null, holds integer not null, left any, right any,
    primary key (version, form)
) strict, without rowid;
alter table version add column position integer;
create unique index version_position on version(position);
"""
"""After the table `version`."""

WRITTEN = ("cell", "checked", "cell_code", "place", "identity_form")
NAMES = (*WRITTEN, "newest")

ON_PAGE = "page "
"""How a place begins that stands in the cell itself."""


def _word(names: tuple[str, ...], number: str) -> str:
    """SQL for the name that a number stands for."""
    return f"case {number} " + " ".join(f"when {n} then '{name}'" for n, name in enumerate(names)) + " end"


def _number(column: str, names: tuple[str, ...]) -> str:
    """SQL for the number that stands for a name; null, which no table takes, for an unknown one."""
    return (
        f"case {column} "
        + " ".join(f"when '{name}' then {place}" for place, name in enumerate(names))
        + " end"
    )


FIRST_PROOFS = 3
"""So many proofs there were when marks were first written: a mark was state × 3 + proof, and keeps its meaning."""
MARK = f"{_number('f.state', STATES)} * {FIRST_PROOFS} + {_number('f.proof', PROOFS[:FIRST_PROOFS])}"
PRINTED = "case typeof(f.value) when 'integer' then cast(f.value as text) when 'null' then '' end"
"""SQL for the words of the cell `f` that need not be kept, for its value gives them; null where it does not."""

MARKS = {
    (state, proof): n * FIRST_PROOFS + m if m < FIRST_PROOFS else len(STATES) * m + n
    for n, state in enumerate(STATES)
    for m, proof in enumerate(PROOFS)
}
"""The number of each state and proof; those of a proof that came later follow behind all before it."""
STATE = _word(tuple(state for state, _proof in sorted(MARKS, key=MARKS.__getitem__)), "f.mark")
PROOF = _word(tuple(proof for _state, proof in sorted(MARKS, key=MARKS.__getitem__)), "f.mark")
RAW = "coalesce(f.raw, cast(f.value as text), '')"
"""SQL for the words of the cell `f`."""

VIEWS = f"""
create view figure as
select v.id as version_id, c.code, f.value, {STATE} as state, {RAW} as raw, c.unit, {PROOF} as proof,
       coalesce(p.text, f.place) as place
from cell f join version v on v.position = f.version join cell_code c on c.id = f.code
left join place p on p.id = f.place;
create view identity as
select v.id as version_id, n.name as id, i.holds, i.left, i.right, n.codes
from checked i join version v on v.position = i.version join identity_form n on n.id = i.form;
"""


def proven(proof: Proof) -> str:
    """SQL that is true for the cells `f` of this proof."""
    return _is_one_of(mark for (_state, one), mark in MARKS.items() if one == proof)


def stated(state: State) -> str:
    """SQL that is true for the cells `f` of this state."""
    return _is_one_of(mark for (one, _proof), mark in MARKS.items() if one == state)


def _is_one_of(marks: Iterable[int]) -> str:
    return f"f.mark in ({', '.join(map(str, marks))})"


# --- what a version says, by columns ---


class Cells(NamedTuple):
    """The figures of one report: so they lie in a record, and so they go into the table `cell`.

    A mark is the number of a state and a proof; `raw` is None where the value gives the printed words.
    """

    code: Sequence[str]
    unit: Sequence[str]
    value: Sequence[float | None]
    mark: Sequence[int]
    raw: Sequence[str | None]
    place: Sequence[str]

    @classmethod
    def of(cls, figures: Iterable[Figure]) -> Cells:
        """The columns of these figures."""
        rows = [
            (f.code, f.unit, f.value, MARKS[f.state, f.proof], _unprinted(f.raw, f.value), f.place)
            for f in figures
        ]
        return cls(*zip(*rows, strict=True)) if rows else cls((), (), (), (), (), ())

    def figures(self) -> tuple[Figure, ...]:
        """The figures that these columns were made of."""
        raw = [_printed(v) if r is None else r for v, r in zip(self.value, self.raw, strict=True)]
        states, proofs = (map(of, self.mark) for of in (STATE_OF.__getitem__, PROOF_OF.__getitem__))
        columns = (self.code, self.value, states, raw, self.unit, proofs, self.place)
        return tuple(map(_FIGURE, zip(*columns, strict=True)))


class Checks(NamedTuple):
    """The identities of one report; the codes of each are one text, with blanks between them."""

    id: Sequence[str]
    holds: Sequence[bool]
    left: Sequence[float]
    right: Sequence[float]
    codes: Sequence[str]
    blanks: Sequence[str]

    @classmethod
    def of(cls, identities: Iterable[Identity]) -> Checks:
        """The columns of these identities."""
        rows = [(i.id, i.holds, i.left, i.right, " ".join(i.codes), " ".join(i.blanks)) for i in identities]
        return cls(*zip(*rows, strict=True)) if rows else cls((), (), (), (), (), ())

    def identities(self) -> tuple[Identity, ...]:
        """The identities that these columns were made of."""
        codes, blanks = ([tuple(said.split()) for said in column] for column in (self.codes, self.blanks))
        return tuple(map(Identity, self.id, self.holds, self.left, self.right, codes, blanks))


STATE_OF = {mark: State(state) for (state, _proof), mark in MARKS.items()}
PROOF_OF = {mark: Proof(proof) for (_state, proof), mark in MARKS.items()}
# Without the detour that a named tuple takes in Python: there are hundreds in a report.
_FIGURE: Callable[[tuple[Any, ...]], Figure] = partial(tuple.__new__, Figure)


def _printed(value: float | None) -> str:
    return "" if value is None else str(value)


def _unprinted(raw: str, value: float | None) -> str | None:
    """The printed words, or None where the value gives them; a fraction is not written alike everywhere."""
    return None if raw == _printed(value) and not isinstance(value, float) else raw


# --- writing a version ---


class Words:
    """The numbers that stand for words in one file, each asked for once and made where it is new.

    Good for as long as nobody takes words out of the file, and no longer than the first error: what was made in a
    transaction that is rolled back is not there.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.code: _Numbers[tuple[str, str]] = _Numbers(db, "cell_code (code, unit)", tuple)
        self.place = _Places(db, "place (text)", lambda text: (text,))
        self.form: _Numbers[tuple[str, str]] = _Numbers(
            db, "identity_form (name, codes)", lambda form: (form[0], json.dumps(form[1].split()))
        )


class _Numbers(dict[Key, int]):
    """The numbers of the rows of one table of words."""

    def __init__(self, db: sqlite3.Connection, table: str, row_of: Callable[[Key], tuple[str, ...]]) -> None:
        self._db, self._row_of = db, row_of
        name, columns = table.split(" ", 1)
        places = ", ".join("?" for _ in columns.split(","))
        self._select = f"select id from {name} where {columns} = ({places})"
        self._insert = f"insert into {table} values ({places}) returning id"

    def __missing__(self, key: Key) -> int:
        row = self._row_of(key)
        found = (
            self._db.execute(self._select, row).fetchone() or self._db.execute(self._insert, row).fetchone()
        )
        self[key] = number = int(found[0])
        return number


class _Places(_Numbers[str]):
    """Of places, those on a page stand for themselves."""

    def __missing__(self, key: str) -> Any:
        return key if key.startswith(ON_PAGE) else super().__missing__(key)


def write(db: sqlite3.Connection, words: Words, position: int, cells: Cells, checks: Checks) -> None:
    """Keeps what a version says, inside the caller's transaction.

    A parser that gives a code or an identity twice is at fault, and the first one stands.
    """
    codes = map(words.code.__getitem__, zip(cells.code, cells.unit, strict=True))
    places = map(words.place.__getitem__, cells.place)
    figures = zip(repeat(position), codes, cells.value, cells.mark, cells.raw, places)
    forms = map(words.form.__getitem__, zip(checks.id, checks.codes, strict=True))
    identities = zip(repeat(position), forms, checks.holds, checks.left, checks.right)
    # In order, they go to the end of the table, which is the quickest way in.
    insert(db, "cell", sorted(_first(cells.code, figures), key=_order))
    insert(db, "checked", sorted(_first(checks.id, identities), key=_order))


_order = itemgetter(1)


def _first(names: Sequence[str], rows: Iterable[Row]) -> Iterable[Row]:
    """The first row of each name."""
    if len(set(names)) == len(names):
        return rows
    found: dict[str, Row] = {}
    for name, row in zip(names, rows, strict=True):
        found.setdefault(name, row)
    return found.values()


# --- taking all of a database ---

_CONVERT = f"""
insert into cell_code (code, unit) select distinct code, unit from figure order by code, unit;
insert into place (text) select distinct place from figure where place not like '{ON_PAGE}%' order by place;
insert into identity_form (name, codes) select distinct id, codes from identity order by id, codes;
update version set position = rowid;
insert into cell
select v.position, c.id, f.value, {MARK}, nullif(f.raw, {PRINTED}), coalesce(p.id, f.place)
from version v indexed by version_position cross join figure f on f.version_id = v.id
cross join cell_code c on c.code = f.code and c.unit = f.unit left join place p on p.text = f.place
order by v.position;
insert into checked
select v.position, n.id, i.holds, i.left, i.right
from version v indexed by version_position cross join identity i on i.version_id = v.id
cross join identity_form n on n.name = i.id and n.codes = i.codes order by v.position;
drop table figure;
drop table identity;
"""
"""For an archive with `figure` and `identity` as tables of words; the tables of `TABLES` must be there."""

# Only words that are in use, numbered by their order: the same rows give the same bytes. The cross joins keep their
# order: version by version, and nothing has to be sorted.
_FILL = """
with placed as (
    select v.id, row_number() over (order by r.year desc, b.division, b.name, r.scope, r.id, v.number) as position
    from version v join report r on r.id = v.report_id join body b on b.id = r.body_id)
update version set position = placed.position from placed where placed.id = version.id;
insert into cell_code (code, unit) select code, unit from source.cell_code
where id in (select code from source.cell) order by code, unit;
insert into place (text) select text from source.place where id in (select place from source.cell) order by text;
insert into identity_form (name, codes) select name, codes from source.identity_form
where id in (select form from source.checked) order by name, codes;
create temp table version_now (new integer primary key, old integer not null);
insert into version_now select v.position, o.position from source.version o join version v on v.id = o.id order by 1;
create temp table code_now (old integer primary key, new integer not null);
insert into code_now
select o.id, n.id from source.cell_code o join cell_code n on n.code = o.code and n.unit = o.unit;
create temp table place_now (old integer primary key, new integer not null);
insert into place_now select o.id, n.id from source.place o join place n on n.text = o.text;
create temp table form_now (old integer primary key, new integer not null);
insert into form_now
select o.id, n.id from source.identity_form o join identity_form n on n.name = o.name and n.codes = o.codes;
insert into cell
select v.new, c.new, f.value, f.mark, f.raw, coalesce(p.new, f.place)
from version_now v cross join source.cell f on f.version = v.old cross join code_now c on c.old = f.code
left join place_now p on p.old = f.place order by v.new;
insert into checked
select v.new, n.new, i.holds, i.left, i.right
from version_now v cross join source.checked i on i.version = v.old cross join form_now n on n.old = i.form
order by v.new;
drop table temp.version_now;
drop table temp.code_now;
drop table temp.place_now;
drop table temp.form_now;
"""

INDEX = "create index cell_of_code on cell(code, version, value)"
# The name is asked for where a question needs it; joined, it would be looked up for every sum.
LATEST_VIEW = f"""
create view v_latest as
select (select b.name from body b where b.id = n.body_id) as body, n.division, n.year, n.scope, c.code, f.value, {STATE} as state, {RAW} as raw,
       {PROOF} as proof, n.report_id
from cell f join newest n on n.position = f.version join cell_code c on c.id = f.code
"""
NEWEST = """
create table newest (
    position integer primary key, report_id text not null, body_id text not null, division text not null,
    year integer not null, scope text not null
) strict;
insert into newest
select v.position, r.id, r.body_id, b.division, r.year, r.scope
from latest l join version v on v.id = l.version_id join report r on r.id = l.report_id
join body b on b.id = r.body_id order by v.position;
"""


def show_newest(conn: sqlite3.Connection) -> None:
    """The view `v_latest`: the figures of the latest versions, quick to go through by code; `latest` must be there."""
    run(conn, NEWEST)
    conn.execute(LATEST_VIEW)


def convert(db: sqlite3.Connection) -> None:
    """Turn the tables `figure` and `identity` of an older archive into those of `TABLES`, which are made."""
    run(db, TABLES + _CONVERT + VIEWS)


def fill(conn: sqlite3.Connection) -> None:
    """Take the figures of the archive, attached as `source`; the versions must be there already."""
    run(conn, TABLES + _FILL + INDEX + ";\n" + VIEWS)


def insert(db: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> None:
    """Inserts whole rows, all alike, into a table."""
    if rows:
        db.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def run(conn: sqlite3.Connection, script: str) -> None:
    """Executes statements, each of which ends a line with its semicolon, inside the caller's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            conn.execute(statement)
