"""The rows of a kept table: the whole one and its changes, put together by key in DuckDB.

A change of a key replaces all its rows. It is `added`, `changed` or `removed`, or `moved` where nothing but the time
of the last look (`last_seen`) is another: almost every night moves almost every report, and says nothing new of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from archive.releases.manifest import Table

MOVING = "last_seen"
CHANGE = "_change"
_SETTINGS: Mapping[str, str | int | bool] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "memory_limit": "2GB",
    "preserve_insertion_order": False,
    "threads": 2,
}


@contextmanager
def room(aside: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB in memory, which puts what it cannot hold into the folder `aside`."""
    with duckdb.connect(config=dict(_SETTINGS)) as conn:
        conn.execute("set temp_directory = ?", [str(aside) if aside else ""])
        yield conn


def columns(conn: duckdb.DuckDBPyConnection, parquet: Path) -> dict[str, str]:
    """The columns of a Parquet file, with their types."""
    found = conn.execute("describe select * from read_parquet(?)", [str(parquet)]).fetchall()
    return {name: kind for name, kind, *_rest in found}


def of_file(conn: duckdb.DuckDBPyConnection, view: str, parquet: Path) -> None:
    """Make `view` the rows of a Parquet file."""
    conn.execute(f"create or replace temp view {_name(view)} as select * from read_parquet({_text(parquet)})")


def of_release(conn: duckdb.DuckDBPyConnection, view: str, release: Path, table: Table) -> None:
    """Make `view` the rows of a table of a release, whose files are what was kept (`manifest.check`)."""
    whole, *changed = [release / file.name for file in table.files]
    of_file(conn, view, whole)
    if changed:
        rows = _put_together(whole, changed, table.key, columns(conn, whole))
        conn.execute(f"create or replace temp view {_name(view)} as {rows}")


def _put_together(whole: Path, changed: Sequence[Path], by: Sequence[str], kinds: Mapping[str, str]) -> str:
    """The last change of a key wins; a move counts where it is later than that."""
    key = names(by)
    all_ = names(kinds)
    types = ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in {**kinds, CHANGE: "VARCHAR"}.items())
    paths = f"[{', '.join(map(_text, changed))}]"
    steps = (
        f"select * exclude (filename), list_position({paths}, filename) as _step from read_json({paths},"
        f" format = 'newline_delimited', compression = 'zstd', filename = true, columns = {{{types}}})"
    )
    rows = f"""_steps as materialized ({steps}),
        _last as (select {key}, max(_step) as _step from _steps where {CHANGE} <> 'moved' group by all),
        _rows as (
            select {all_}, 0 as _step from read_parquet({_text(whole)}) anti join _last using ({key})
            union all
            select {all_}, _step from _steps join _last using ({key}, _step) where {CHANGE} in ('added', 'changed'))"""
    if MOVING not in kinds:
        return f"with {rows} select {all_} from _rows"
    moving = _name(MOVING)
    return f"""with {rows},
        _moved as (select {key}, arg_max({moving}, _step) as _moved_to, max(_step) as _moved_at
            from _steps where {CHANGE} = 'moved' group by {key})
        select {all_} from (select _rows.* replace (
            case when _moved_at > _rows._step then _moved_to else {moving} end as {moving})
            from _rows left join _moved using ({key}))"""


def digests(
    conn: duckdb.DuckDBPyConnection, view: str, table: str, key: Sequence[str], of: Sequence[str]
) -> None:
    """Make the table `table` of the keys of `view`: how many rows each has, their digest, and their last look."""
    keys = names(key)
    said = ", ".join(f"{_name(name)} := {_name(name)}" for name in of if name != MOVING)
    seen = f"string_agg({_name(MOVING)}, chr(10) order by {_name(MOVING)})" if MOVING in of else "null"
    conn.execute(
        f"""create or replace temp table {_name(table)} as
        select {keys}, count(*) as _rows, sha256(string_agg(_said, chr(10) order by _said)) as _digest, {seen} as _seen
        from (select {keys}{f", {_name(MOVING)}" if MOVING in of else ""},
            to_json(struct_pack({said}))::varchar as _said from {_name(view)}) group by {keys}"""
    )


def digest(conn: duckdb.DuckDBPyConnection, table: str, key: Sequence[str]) -> tuple[int, str]:
    """The rows of a whole table, and their digest, from what `digests` made of it."""
    keys = names(key)
    ((rows, digest_),) = conn.execute(
        f"""select coalesce(sum(_rows), 0)::bigint, sha256(coalesce(string_agg(
            _digest || coalesce(_seen, ''), chr(10) order by {keys}), '')) from {_name(table)}"""
    ).fetchall()
    return rows, digest_


def proves(
    conn: duckdb.DuckDBPyConnection, view: str, release: Path, table: Table, of: Sequence[str]
) -> bool:
    """Make `view` the rows of a table of a release, and say whether they are those of its digest."""
    of_release(conn, view, release, table)
    digests(conn, view, f"{view}_of", table.key, of)
    return digest(conn, f"{view}_of", table.key) == (table.rows, table.digest)


def compare(conn: duckdb.DuckDBPyConnection, was: str, now: str, key: Sequence[str]) -> None:
    """Make the table `_changed` of the keys whose rows are others now, with the kind of change."""
    keys = names(key)
    conn.execute(
        f"""create or replace temp table _changed as
        select {keys}, case when w._rows is null then 'added' when n._rows is null then 'removed'
            when w._digest = n._digest and w._rows = 1 then 'moved' else 'changed' end as {CHANGE}
        from {_name(was)} w full join {_name(now)} n using ({keys})
        where w._digest is distinct from n._digest or w._seen is distinct from n._seen"""
    )


def write_changes(
    conn: duckdb.DuckDBPyConnection, view: str, target: Path, key: Sequence[str], of: Sequence[str]
) -> None:
    """Write what `compare` found as JSON lines, packed: whole rows, of what is gone the key, of a move its time."""
    keys = names(key)
    whole = names(of)
    moved = f", {_name(MOVING)}" if MOVING in of else ""
    conn.execute(
        f"""copy (
            select {CHANGE}, {whole} from _changed join {_name(view)} using ({keys})
                where {CHANGE} in ('added', 'changed')
            union all by name select {CHANGE}, {keys} from _changed where {CHANGE} = 'removed'
            union all by name select {CHANGE}, {keys}{moved} from _changed join {_name(view)} using ({keys})
                where {CHANGE} = 'moved'
            order by all) to {_text(target)} (format json, compression zstd)"""
    )


def names(of: Iterable[str]) -> str:
    """Names of columns, quoted for a statement, in a row."""
    return ", ".join(map(_name, of))


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"
