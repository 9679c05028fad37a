"""What the lines of bodies cost the panel: written with the unit of each body, which is found anew, and without any.

The bodies are those of `made`, a government and two departments a place; one department bears its name of before the
reform of 2018, so that each place has a chain.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from archive.bodies import Kind
from archive.lineage import lineages
from archive.publication.downloads import downloads
from archive.publication.snapshot import build_database
from archive.publication.tabular import write_table
from benchmarks import made

BAR = 1.2
"""The panel with lineage takes at most so many times that without."""
YEARS = range(2022, 2025)
NAMES = {"人民政府办公室": "国土资源局", "水利局": "自然资源局"}
"""A department of `made`, and how it is called here."""


def run(bodies: int, rounds: int) -> bool:
    """Prints the ratio of the processor's times, the least of some rounds; whether the bar is reached."""
    with TemporaryDirectory() as name:
        archive, published = Path(name) / "archive.db", Path(name) / "nianbao.db"
        made.make(archive, bodies * len(YEARS), years=YEARS)
        _rename(archive)
        build_database(archive, published)
        with closing(sqlite3.connect(published)) as conn:
            conn.execute("attach ? as source", [str(archive)])
            taken = [_measured(conn, Path(name)) for _ in range(rounds)]
            chains = conn.execute("select count(*) from unit where unit <> body_id").fetchone()[0]
    without, with_them = map(min, zip(*taken, strict=True))
    ratio = with_them / without
    Console().print(
        f"panel of {bodies:,} bodies: {without:.1f} s without lineage, {with_them:.1f} s with it,"
        f" {ratio:.2f} times; {chains:,} bodies are part of a chain that another began"
    )
    return ratio <= BAR and chains > 0


def _rename(archive: Path) -> None:
    with closing(sqlite3.connect(archive, isolation_level=None)) as conn:
        for old, new in NAMES.items():
            sql = "update body set name = replace(name, ?, ?), kind = ? where name like '%' || ?"
            conn.execute(sql, (old, new, Kind.DEPARTMENT.value, old))


def _measured(conn: sqlite3.Connection, folder: Path) -> tuple[float, float]:
    """Seconds of the processor for the panel without units, and with them found and written."""
    panel = next(each for each in downloads() if each.name == "panel")
    for table in ("unit", "body_edge"):
        conn.execute(f"delete from {table}")
    return (
        _seconds(lambda: write_table(conn, panel, folder)),
        _seconds(lambda: lineages.fill(conn)) + _seconds(lambda: write_table(conn, panel, folder)),
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
