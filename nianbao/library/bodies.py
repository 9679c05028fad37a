"""A body, its reports, and the tables of a report as the form has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archive.divisions import beginning
from nianbao.library.errors import NotFound, near, some
from nianbao.library.rows import Rows

if TYPE_CHECKING:
    from nianbao.library.archive import Archive

GOVERNMENT = "人民政府"

_BODIES = """select distinct body_id as id, body as name, division, kind from (
select body_id, body, division, kind from coverage
union select body_id, body, division, kind from versions)"""

ROW = ("block", "row_label", "col_label", "code", "value", "state", "raw", "unit", "proof", "suggested")


@dataclass(frozen=True)
class Figure:
    """A cell of a report. `value` is None unless a number is printed: `state` says what is (docs/data.md)."""

    code: str
    value: float | None
    state: str
    raw: str
    unit: str
    proof: str
    suggested: str | None
    place: str


@dataclass(frozen=True)
class Report:
    """One version of a report."""

    id: str
    body: str
    year: int
    scope: str
    version: int
    title: str
    url: str
    first_seen: str
    last_seen: str
    _archive: Archive = field(repr=False, compare=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """The statutory tables of which it has cells: `T2`, `T3`, `T4`, or those of an older form."""
        return tuple({cell["table"]: None for cell in self._archive.codebook if cell["code"] in self._cells})

    def table(self, table: int | str) -> Rows:
        """The rows of a statutory table, in the order of the form and with its labels; `3` is `T3`.

        The columns are `ROW`. Raises NotFound for a table of which the report has no cell.
        """
        name = f"T{table}" if isinstance(table, int) else table
        if name not in self.tables:
            raise NotFound(f"{self._named} has no table {name!r}; it has: {', '.join(self.tables) or 'none'}")
        cells = [cell for cell in self._form(name) if cell["code"] in self._cells]
        return _rows([cell | vars(self._cells[cell["code"]]) for cell in cells])

    def figure(self, code: str) -> Figure:
        """The cell of a code. Raises NotFound for one that the report does not have."""
        try:
            return self._cells[code]
        except KeyError:
            raise NotFound(f"{self._named} has no cell {code!r}{near(code, self._cells)}") from None

    def _form(self, table: str) -> list[dict[str, Any]]:
        """The cells of a table in the generation of the form that fits best: all its cells, fewest others."""
        forms: dict[str, list[dict[str, Any]]] = {}
        for cell in self._archive.codebook:
            if cell["table"] == table:
                forms.setdefault(cell["generation"], []).append(cell)

        def fit(generation: str) -> tuple[int, int, str]:
            codes = {cell["code"] for cell in forms[generation]}
            return len(codes & self._cells.keys()), -len(codes), generation

        return forms[max(forms, key=fit)]

    @cached_property
    def _cells(self) -> dict[str, Figure]:
        rows = self._archive.sql(
            """select code, value, state, raw, unit, proof, suggested, place from figures
            where report_id = ? and version = ?""",
            [self.id, self.version],
        )
        return {row["code"]: Figure(**row) for row in rows}

    @property
    def _named(self) -> str:
        return f"the report of {self.body} on {self.year}"


@dataclass(frozen=True)
class Body:
    """A body that has to report."""

    id: str
    name: str
    division: str
    kind: str
    _archive: Archive = field(repr=False, compare=False)

    def reports(self) -> tuple[Report, ...]:
        """Its reports in their latest versions, the newest year first."""
        return self._select("reports", "true")

    def report(self, year: int, *, scope: str | None = None, version: int | None = None) -> Report:
        """Its report on a year: the latest version, or the one of that number.

        `scope` tells the report on its `area` from that on the `body` itself where there are both. Raises
        NotFound, which says what the archive knows of that year, where there is none.
        """
        table, more = ("reports", "true") if version is None else ("versions", "version = ?")
        found = self._select(table, f"year = ? and {more}", year, *([] if version is None else [version]))
        fitting = [report for report in found if scope in (None, report.scope)]
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            scopes = " or ".join(f"scope={report.scope!r}" for report in fitting)
            raise NotFound(f"{self.name} has {len(fitting)} reports on {year}: give {scopes}")
        raise NotFound(self._why_none(year, scope, version))

    def _select(self, table: str, condition: str, *values: object) -> tuple[Report, ...]:
        rows = self._archive.sql(
            f"""select report_id as id, body, year, scope, version, title, url, first_seen, last_seen
            from {table} where body_id = ? and {condition} order by year desc, scope""",
            [self.id, *values],
        )
        return tuple(Report(**row, _archive=self._archive) for row in rows)

    def _why_none(self, year: int, scope: str | None, version: int | None) -> str:
        """What to say of a report that is not there."""
        wanted = f"{self.name} has no report on {year}"
        wanted += f" of the scope {scope!r}" if scope else ""
        wanted += f" in a version {version}" if version is not None else ""
        known = self._archive.sql(
            "select state, evidence from coverage where body_id = ? and year = ?", [self.id, year]
        )
        states = "".join(f"; its coverage is {row['state']} ({row['evidence']})" for row in known)
        held = some(f"{report.year} ({report.scope}, version {report.version})" for report in self.reports())
        return f"{wanted}{states}; there are: {held or 'none'}"


def body_of(archive: Archive, name: str, division: str | None) -> Body:
    """The body of an id or a name. Raises NotFound, which names the candidates."""
    sql = f"{_BODIES} where (id = ? or name = ?) and starts_with(division, ?) order by division, name, id"
    start = beginning(division) if division else ""
    found: list[dict[str, Any]] = []
    for written in (name, name + GOVERNMENT):
        found = found or list(archive.sql(sql, [written, written, start]))
    if len(found) == 1:
        return Body(**found[0], _archive=archive)
    if found:
        raise NotFound(f"{name!r} is the name of {len(found)} bodies; give the id of one: {_told(found)}")
    like = f"{_BODIES} where contains(name, ?) order by length(name), division, name, id"
    raise NotFound(f"no body has the id or exact name {name!r}; {_candidates(archive, name, like)}")


def _candidates(archive: Archive, name: str, like: str) -> str:
    if holding := list(archive.sql(like, [name])):
        return f"names that contain it: {_told(holding)}"
    every = {row["name"]: row for row in archive.sql(_BODIES)}
    return (
        near(name, every).removeprefix("; ")
        or "look for it: archive.sql('select distinct body, body_id from coverage')"
    )


def _told(bodies: list[dict[str, Any]]) -> str:
    return some(f"{body['name']} ({body['division']}, {body['id']})" for body in bodies)


def _rows(cells: list[dict[str, Any]]) -> Rows:
    """Cells as rows of the columns `ROW`."""
    import pyarrow as pa

    kinds = [(name, pa.float64() if name == "value" else pa.string()) for name in ROW]
    return Rows(pa.Table.from_pylist(cells, pa.schema(kinds)))
