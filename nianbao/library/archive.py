"""A publication that is open: its tables asked with SQL, and the ways to ask that everybody needs."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from os import PathLike
from typing import Any

from archive.digests import sha256
from nianbao.library.bodies import Body, body_of
from nianbao.library.choosing import Codes, Known, Years, chosen, condition, identifiers, marks
from nianbao.library.errors import LibraryError, NotFound, needed
from nianbao.library.rows import Rows
from nianbao.library.source import NAME, source_of

ORDER = "year desc, division, body"
LATEST = "(report_id, version) in (select (report_id, version) from reports)"


class Archive:
    """A publication of Nianbao (docs/data.md). Its tables are views of SQL under their names."""

    def __init__(self, place: str | PathLike[str], *, cache: str | PathLike[str] | None = None) -> None:
        self._duckdb = needed("duckdb")
        self._source = source_of(place, cache)
        # Variables of Python are no tables: a misspelt name is an error, whatever the caller has in hand.
        self._conn = self._duckdb.connect(config={"python_enable_replacements": False})
        self._viewed: set[str] = set()

    @property
    def place(self) -> str:
        """The folder or the address."""
        return self._source.place

    @property
    def release(self) -> str:
        """When the publication was made: what `datapackage.json` calls its version."""
        return self._source.package.version

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self._source.package.digests)

    def sql(self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> Rows:
        """What a query of DuckDB answers, its parameters bound to `?` or `$name`.

        Raises NotFound for a table or column that there is not, LibraryError for what else is wrong.
        """
        asked = self._named(query)
        for table in asked:
            self._view(table)
        with self._explained(asked):
            answer = self._conn.sql(query, params=parameters or None)
            return Rows(answer.to_arrow_table() if answer is not None else _nothing())

    def panel(
        self,
        codes: Codes = None,
        *,
        years: Years = None,
        division: str | None = None,
        kind: str | None = None,
        scope: str | None = None,
    ) -> Rows:
        """A row for each report in its latest version, the newest year first, with a column a code.

        A code is given as in the codebook, or as a pattern with `*`; all where none is given. `division`
        means it and all below it. Raises NotFound for what is not published of these.
        """
        wanted = chosen(codes, self.codes)
        made = condition(self._known, years, division, kind, scope)
        every = [row["column_name"] for row in self.sql("select * from (describe from panel)")]
        keys = [name for name in every if name not in self._units and (name != "suggested" or codes is None)]
        columns, where = identifiers([*keys, *wanted]), made.sql
        return self.sql(
            f"select {columns} from panel where {where} order by {ORDER}, scope, report_id", made.values
        )

    def figures(
        self,
        codes: Codes = None,
        *,
        years: Years = None,
        division: str | None = None,
        kind: str | None = None,
        scope: str | None = None,
        latest: bool = True,
    ) -> Rows:
        """A row for each cell: value, state, raw text, proof and place; with `latest=False` of every version.

        It is narrowed as `panel` is.
        """
        made = condition(self._known, years, division, kind, scope)
        if codes is not None:
            wanted = chosen(codes, self.codes)
            made.add(f"code in ({marks(wanted)})" if wanted else "false", *wanted)
        if latest:
            made.add(LATEST)
        where = made.sql
        return self.sql(
            f"select * from figures where {where} order by {ORDER}, report_id, version, code", made.values
        )

    def body(self, name: str, *, division: str | None = None) -> Body:
        """A body by its id or its exact name; the government of a place also without 人民政府.

        Raises NotFound, which names the candidates, where there is none or more than one in the division.
        """
        return body_of(self, name, division)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the codebook, in its order."""
        return tuple(self._units)

    @cached_property
    def codebook(self) -> tuple[dict[str, Any], ...]:
        """The cells of all generations of the form, in their order (docs/data.md)."""
        return tuple(self.sql("from codebook"))

    @cached_property
    def _units(self) -> dict[str, str]:
        return {cell["code"]: cell["unit"] for cell in self.codebook}

    @cached_property
    def _known(self) -> Known:
        def of(column: str) -> list[Any]:
            return [
                row["it"] for row in self.sql(f"select distinct {column} as it from versions order by it")
            ]

        return Known(of("year"), of("division"), of("kind"), of("scope"))

    def _named(self, query: str) -> list[str]:
        """The tables that a query names, and perhaps others whose names are words of it."""
        try:
            # A connection of its own: DuckDB 2.0 fails over views of Parquet files here.
            with self._duckdb.connect() as apart:
                words = apart.get_table_names(query)
        except self._duckdb.Error:
            words = set(re.findall(r"\w+", query))
        return [table for table in self.tables if table in words]

    def _view(self, table: str) -> None:
        """A view over the file of a table; made when it is first needed."""
        if table in self._viewed:
            return
        path = self._source.path(table)
        with self._explained([table]):
            self._conn.read_parquet(glob.escape(str(path))).create_view(table)
        self._viewed.add(table)

    @contextmanager
    def _explained(self, tables: Sequence[str] = ()) -> Iterator[None]:
        """What DuckDB raises, as an error that names a damaged file or what the query lacks."""
        try:
            yield
        except self._duckdb.Error as error:
            said = str(error).partition("\n\n")[0].replace("\n", " ")
            for table in tables:
                self._whole(table, said)
            if isinstance(error, self._duckdb.CatalogException):
                raise NotFound(f"{said} The tables are: {', '.join(self.tables)}") from None
            if isinstance(error, self._duckdb.BinderException):
                raise NotFound(f"{said} Columns of a table: archive.sql('describe TABLE')") from None
            raise LibraryError(f"DuckDB cannot answer: {said}") from None

    def _whole(self, table: str, said: str) -> None:
        """Raises LibraryError where the file of a table is not the one that was published."""
        if sha256(path := self._source.path(table)) != self._source.package.digests[table]:
            raise LibraryError(
                f"{path} is damaged: it is not the file that {NAME} describes; copy it again ({said})"
            ) from None


def _nothing() -> Any:
    """The answer of a statement that has none."""
    import pyarrow as pa

    return pa.table({})
