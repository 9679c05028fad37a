"""`nianbao sources coverage` and `export`: where the country stands, as tables and as rows to commit."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.front.exits import CommandError, Exit
from nianbao.front.terminal import say, show_table

if TYPE_CHECKING:
    from archive.state.lives import Lived
    from archive.state.standings import Area, Standing, Tally
    from crawler.registry import Source

_SHOWN = 10
"""So many divisions without a source are named; --json has them all."""


def province_of(text: str | None) -> str | None:
    """The two digits of a province that is named by its name, a part of it, or a code. CommandError for none."""
    from archive.divisions import divisions

    if text is None:
        return None
    known = {code[:2]: name for code, name in divisions().items() if code.endswith("0000")}
    digits = text[:2] if text.isdigit() else ""
    found = [code for code, name in known.items() if code == digits or (not digits and name.startswith(text))]
    if len(found) != 1:
        raise CommandError(
            f"--province {text}: is no province; give one such as 河南省 or 410000", Exit.USAGE
        )
    return found[0]


def lives_in(db: Path) -> dict[str, list[Lived]]:
    """What each source turned out to be; nothing where there is no archive yet."""
    from archive.store import Archive

    if not db.exists():
        return {}
    with Archive.read_only(db) as archive:
        return archive.lives()


def areas_in(out: Path) -> dict[str, Area]:
    """What is held of each area's requests, by the publication in this folder; nothing where there is none."""
    from archive.derived import completeness
    from archive.publish import DATABASE

    path = out / DATABASE
    if not path.is_file():
        return {}
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        return completeness.newest(conn)


def standing(db: Path, registry: Path | None, province: str | None, out: Path) -> list[Standing]:
    """What is known of each division, of the whole country or of one province."""
    from archive.state.standings import standings, with_areas
    from crawler.registry import load

    found = with_areas(standings(load(registry).sources.values(), lives_in(db)), areas_in(out))
    within = province_of(province) or ""
    return [each for each in found if each.division.startswith(within)]


def show_coverage(found: Sequence[Standing], level: str | None) -> None:
    """A row a province and one for all; then which divisions have no source."""
    from archive.divisions import divisions
    from archive.state.standings import LEVELS, states_of, tallies

    names, rows = divisions(), list(tallies(found, level))
    provinces = list(dict.fromkeys(row.province for row in rows))
    groups = [(_short(names[code]), [row for row in rows if row.province == code]) for code in provinces]
    groups += [
        (f"every {each}", own) for each in LEVELS if (own := [row for row in rows if row.level == each])
    ]
    groups.append(("all", rows))
    states = states_of(rows)
    columns = ("where", "divisions", "with source", *states, "had elsewhere", "share held")
    table = [_line(name, own, states) for name, own in groups]
    show_table("Divisions, by the best source of their government", columns, table)
    without = [code for row in rows for code in row.without if row.level != "zone"]
    if without:
        named = ", ".join(f"{code} {names[code]}" for code in without[:_SHOWN])
        more = f" and {len(without) - _SHOWN} more (--json names them)" if len(without) > _SHOWN else ""
        say(f"No source: {named}{more}")


def _line(name: str, rows: Sequence[Tally], states: Sequence[str]) -> list[object]:
    from archive.state.standings import total

    every = total(rows)
    counted = (every.states.get(state, 0) for state in states)
    share = every.share_held
    held = "—" if share is None else f"{100 * share:.1f} %"
    return [name, every.divisions, every.with_source, *counted, every.elsewhere, held]


def _short(province: str) -> str:
    """A province as a table has room for it: 广西 of 广西壮族自治区."""
    return re.sub(r"(?:壮族|回族|维吾尔)?自治区$|[省市]$", "", province)


def exports(db: Path, registry: Path | None) -> list[Source]:
    """The columns that turned out to be some, as rows of a registry."""
    from archive.store import Archive
    from crawler.country.exporting import exported
    from crawler.registry import load

    with Archive.read_only(db) as archive:
        return list(exported(load(registry).sources.values(), archive.lives(), archive.found_sources()))


def as_csv(rows: Iterable[Source]) -> str:
    """Rows as a registry has them, its first line included."""
    from crawler.registry import COLUMNS

    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.row() for row in rows)
    return text.getvalue()
