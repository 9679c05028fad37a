"""A kept release is read: its tables, as they were published on its day."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from archive.publication.datapackage import sha256
from archive.releases import chain
from archive.releases.manifest import Table, Unkept, read


def rows(release: Path, name: str) -> pa.Table:
    """The rows of a table of the release in this folder, ordered by their key and then by all that they say.

    Its columns are those that were published, with the same types. Raises Unkept where the release or the table is
    not there, where a file of it is not what was kept, or where the rows are not those of the digest.
    """
    manifest = read(release)
    if name not in manifest.tables:
        raise Unkept(f"{release} has no table {name}; it has {', '.join(manifest.tables)}")
    table = manifest.tables[name]
    check(release, table)
    try:
        with chain.room() as conn:
            names = list(chain.columns(conn, release / table.files[0].name))
            order = ", ".join(f'"{column}"' for column in (*table.key, *names))
            chain.of_release(conn, "held", release, table)
            chain.digests(conn, "held", "held_of", table.key, names)
            if chain.digest(conn, "held_of", table.key) != (table.rows, table.digest):
                raise Unkept(
                    f"{release}: the rows of {name} are not those that were kept; restore it from a copy"
                )
            return conn.sql(f"select * from held order by {order}").to_arrow_table()
    except duckdb.Error as error:
        raise Unkept(f"{release}: {name} cannot be read ({error}); restore it from a copy") from error


def check(release: Path, table: Table) -> None:
    """Raises Unkept where a file of the table is gone, or is not what was kept."""
    for file in table.files:
        path = release / file.name
        if not path.is_file():
            raise Unkept(f"{path} is gone; restore it from a copy")
        if sha256(path) != file.sha256:
            raise Unkept(f"{path} is not what was kept: its SHA-256 is another; restore it from a copy")
