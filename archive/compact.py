"""Figures and identities as the publication keeps them: numbers for what repeats, and views that show the words.

A figure takes some 25 bytes so, against some 150 in the archive, and an identity 12 against 350. Readers ask the views
`figure` and `identity`, which have the columns of the archive's tables.
"""

from __future__ import annotations

import sqlite3

from parsers.records import Proof, State

STATES, PROOFS = tuple(State), tuple(Proof)

# `position` counts versions, the newest year first, so that what is asked for together lies together.
TABLES = """
create table cell_code (id integer primary key, code text not null, unit text not null) strict;
create table place (id integer primary key, text text not null) strict;
create table cell (
    version integer not null, code integer not null, value any, mark integer not null, raw text,
    place any not null, primary key (version, code)
) strict, without rowid;
create table identity_form (id integer primary key, name text not null, codes text not null) strict;
create table checked (
    version integer not null, form integer not null, holds integer not null, left any, right any,
    primary key (version, form)
) strict, without rowid;
"""

NAMES = ("cell_code", "place", "cell", "identity_form", "checked", "newest")

_ORDER = """
alter table version add column position integer;
with placed as (
    select v.id, row_number() over (order by r.year desc, b.division, b.name, r.scope, r.id, v.number) as position
    from version v join report r on r.id = v.report_id join body b on b.id = r.body_id)
update version set position = placed.position from placed where placed.id = version.id;
create unique index version_position on version(position);
"""

_WORDS = """
insert into cell_code (code, unit) select distinct code, unit from source.figure order by code, unit;
create index cell_code_code on cell_code(code, unit);
insert into place (text) select distinct place from source.figure where place not like 'page %' order by place;
create unique index place_text on place(text);
insert into identity_form (name, codes) select distinct id, codes from source.identity order by id, codes;
create unique index identity_form_name on identity_form(name, codes);
"""
# Places on a page are as good as never met twice, and stand in the cell itself.

# The cross joins keep their order: version by version, and nothing has to be sorted.
_FILL = """
insert into cell
select v.position, c.id, f.value, {mark}, nullif(f.raw, coalesce(cast(f.value as text), '')),
       coalesce(p.id, f.place)
from version v indexed by version_position cross join source.figure f on f.version_id = v.id
cross join cell_code c on c.code = f.code and c.unit = f.unit left join place p on p.text = f.place
order by v.position;
drop index place_text;
insert into checked
select v.position, n.id, i.holds, i.left, i.right
from version v indexed by version_position cross join source.identity i on i.version_id = v.id
cross join identity_form n on n.name = i.id and n.codes = i.codes order by v.position;
"""

INDEX = "create index cell_of_code on cell(code, version, value)"


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


MARK = f"{_number('f.state', STATES)} * {len(PROOFS)} + {_number('f.proof', PROOFS)}"

STATE = _word(STATES, f"f.mark / {len(PROOFS)}")
PROOF = _word(PROOFS, f"f.mark % {len(PROOFS)}")
RAW = "coalesce(f.raw, cast(f.value as text), '')"
"""SQL for the words of the cell `f`, as the archive has them."""

VIEW = f"""
create view figure as
select v.id as version_id, c.code, f.value, {STATE} as state, {RAW} as raw, c.unit, {PROOF} as proof,
       coalesce(p.text, f.place) as place
from cell f join version v on v.position = f.version join cell_code c on c.id = f.code
left join place p on p.id = f.place
"""
IDENTITY_VIEW = """
create view identity as
select v.id as version_id, n.name as id, i.holds, i.left, i.right, n.codes
from checked i join version v on v.position = i.version join identity_form n on n.id = i.form
"""


# A left join that a question does not need is not made.
LATEST_VIEW = f"""
create view v_latest as
select b.name as body, n.division, n.year, n.scope, c.code, f.value, {STATE} as state, {RAW} as raw,
       {PROOF} as proof, n.report_id
from cell f join newest n on n.position = f.version join cell_code c on c.id = f.code
left join body b on b.id = n.body_id
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
    for statement in NEWEST.split(";\n"):
        if statement.strip():
            conn.execute(statement)
    conn.execute(LATEST_VIEW)


def fill(conn: sqlite3.Connection) -> None:
    """Take the figures of the archive, attached as `source`; the versions must be there already."""
    for statement in (_ORDER + _WORDS + _FILL.format(mark=MARK)).split(";\n"):
        if statement.strip():
            conn.execute(statement)
    conn.execute(INDEX)
    conn.execute(VIEW)
    conn.execute(IDENTITY_VIEW)


def proven(proof: Proof) -> str:
    """SQL that is true for the cells `f` of this proof."""
    return f"f.mark % {len(PROOFS)} = {PROOFS.index(proof)}"
