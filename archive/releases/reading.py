"""A kept release is read: its tables, as they were published on its day."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from archive.releases import chain
from archive.releases.manifest import Unkept, check, read


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
            columns = list(chain.columns(conn, release / table.files[0].name))
            if not chain.proves(conn, "held", release, table, columns):
                raise Unkept(
                    f"{release}: the rows of {name} are not those that were kept; restore it from a copy"
                )
            order = chain.names([*table.key, *columns])
            return conn.sql(f"select * from held order by {order}").to_arrow_table()
    except duckdb.Error as error:
        raise Unkept(f"{release}: {name} cannot be read ({error}); restore it from a copy") from error
