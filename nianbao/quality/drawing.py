"""Cells of a publication drawn by chance, and a page that shows where each was printed before it asks what stands there.

Every cell of the latest versions has the same chance, so that the share of errors needs no weights: containers and
generations have as many cells in the sample as in the publication, to the next whole number.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from base64 import b64encode
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from itertools import accumulate
from pathlib import Path, PurePosixPath
from random import Random
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from archive import pool
from archive.database.blobs import finder, unpack
from nianbao.quality.scoring import COLUMNS, READ, QualityError
from web.behind.apart import mark_of
from web.data import queries
from web.drawing import picture
from web.showing import Kind, Shown, Spot, show
from web.views import view

PAGE, SOURCES = "page.html", "sources"
PATIENCE = timedelta(seconds=20)
"""How long one source may take to be shown with its cell marked."""
CONTAINERS = {
    "html": ("html",),
    "pdf": ("pdf",),
    "doc": ("word", "rtf", "wps", "doc"),
    "xls": ("excel", "spreadsheet", "xls"),
    "jpg": ("image", "jpg", "jpeg", "png"),
    "txt": ("plain", "txt"),
}
"""How a kind of file is called, and what stands in its content type or at the end of its address."""
At = tuple[str, str]
"""The source and the place of a cell."""
_LATEST = """
select l.version_id, l.figures, coalesce(c.content_type, '') as type, coalesce(c.sha256, '') as sha256, c.url, v.generations,
       r.id as report_id, v.number as version, v.title
from latest l join version v on v.id = l.version_id join report r on r.id = l.report_id
left join capture c on c.id = v.capture_id where l.figures > 0 order by l.version_id
"""
_CELL = (
    "select code, value, state, proof, place from figure where version_id = ? order by code limit 1 offset ?"
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell that was drawn: where it was read, and (for nobody to see before the answers) what was read there."""

    id: str
    container: str
    generation: str
    report_id: str
    version: int
    title: str
    code: str
    label: str
    place: str
    sha256: str
    read: str
    proof: str
    told: bool

    def row(self) -> dict[str, object]:
        """The row of read.csv."""
        return {**{name: getattr(self, name) for name in COLUMNS}, "told": int(self.told)}


def draw(out: Path, number: int, seed: int, folder: Path) -> list[Drawn]:
    """Write the page, the answers' key and the sources of so many cells of the publication at OUT into a new folder.

    The same publication and seed give the same cells. Raises QualityError.
    """
    database = out / "nianbao.db"
    if not database.is_file():
        raise QualityError(
            f"{out}: nothing is published here; run `nianbao publish` first or give another --out"
        )
    if (folder / READ).exists():
        raise QualityError(f"{folder}: holds a sample already; give another --to")
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        drawn = list(_drawn(conn, number, seed))
        (folder / SOURCES).mkdir(parents=True, exist_ok=True)
        kept = {cell.sha256: _keep(conn, cell, folder) for cell in drawn if cell.sha256}
    page = _page(drawn, kept, _shown(database, drawn), f"{seed}-{number}")
    (folder / PAGE).write_text(page, encoding="utf-8", errors="replace")
    with (folder / READ).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(cell.row() for cell in drawn)
    return drawn


def _drawn(conn: sqlite3.Connection, number: int, seed: int) -> Iterator[Drawn]:
    chance = Random(seed)
    strata: dict[tuple[str, str], list[queries.Facts]] = defaultdict(list)
    for row in queries.rows(conn, _LATEST):
        names = sorted(set(json.loads(row["generations"]).values()))
        strata[_container(row["type"], row["url"] or ""), "+".join(names) or "none"].append(row)
    sizes = [sum(row["figures"] for row in versions) for versions in strata.values()]
    book = queries.codebook(conn)
    for (key, versions), size, share in zip(strata.items(), sizes, shares(sizes, number), strict=True):
        ends = list(accumulate(row["figures"] for row in versions))
        for at in sorted(chance.sample(range(size), share)):
            nth = bisect_right(ends, at)
            yield _cell(conn, book, key, versions[nth], at - ends[nth] + versions[nth]["figures"])


def shares(sizes: Sequence[int], number: int) -> list[int]:
    """How many of `number` each stratum gets: in proportion, by largest remainder, never more than it has."""
    total = sum(sizes)
    number = min(number, total)
    exact = [number * size / total for size in sizes] if total else []
    made = [int(each) for each in exact]
    rest = sorted(range(len(sizes)), key=lambda at: (made[at] - exact[at], at))
    for at in rest[: number - sum(made)]:
        made[at] += 1
    return made


def _container(content_type: str, url: str) -> str:
    """By what the server said, else by the address; a page where neither tells."""
    for said in (content_type, PurePosixPath(urlsplit(url).path).suffix):
        for name, words in CONTAINERS.items():
            if any(word in said.lower() for word in words):
                return name
    return "html"


def _cell(
    conn: sqlite3.Connection,
    book: list[queries.Facts],
    key: tuple[str, str],
    version: queries.Facts,
    offset: int,
) -> Drawn:
    code, value, state, proof, place = conn.execute(_CELL, (version["version_id"], offset)).fetchone()
    about = conn.execute("select codes from finding where version_id = ?", (version["version_id"],))
    labels = view.label_of(book, json.loads(version["generations"]))
    return Drawn(
        id=sha256(f"{version['version_id']} {code}".encode()).hexdigest()[:12],
        container=key[0],
        generation=key[1],
        report_id=version["report_id"],
        version=version["version"],
        title=version["title"] or "",
        code=code,
        label=labels.get(code, code),
        place=place or "",
        sha256=version["sha256"],
        read=state if value is None else f"{value:.10g}",
        proof=proof,
        told=any(code in json.loads(codes) for (codes,) in about),
    )


def _keep(conn: sqlite3.Connection, cell: Drawn, folder: Path) -> str:
    """Write the source that a cell was read from, and give its name in the folder; empty when it is not there."""
    row = conn.execute("select encoding, data, size from blob where sha256 = ?", (cell.sha256,)).fetchone()
    data = unpack(row[0], row[1], row[2], finder(conn)) if row else None
    if data is None:
        return ""
    name = f"{SOURCES}/{cell.sha256[:16]}.{cell.container if cell.container != 'html' else 'html.txt'}"
    (folder / name).write_bytes(data)
    return name


def _shown(database: Path, drawn: Sequence[Drawn]) -> dict[At, bytes]:
    """The marked sources, each taken apart in a process of its own."""
    path = str(database.absolute())
    mark = mark_of(path)
    places = {(cell.sha256, cell.place) for cell in drawn if cell.place and cell.sha256}
    spots = [
        Spot(path, mark, digest, place, Kind.PICTURE if picture.drawable(place) else Kind.TABLE)
        for digest, place in sorted(places)
    ]
    found = pool.run(show, spots, jobs=2, timeout=PATIENCE)
    return {
        (spot.sha256, spot.place): shown.data
        for spot, shown in found
        if isinstance(shown, Shown) and shown.data
    }


def _page(drawn: Sequence[Drawn], kept: dict[str, str], shown: dict[At, bytes], name: str) -> str:
    """One page with all cells in the order that was drawn: the source, then the question. What was read is not in it."""
    items = []
    for cell in drawn:
        data = shown.get((cell.sha256, cell.place), b"")
        is_picture = data.startswith(b"\x89PNG")
        items.append(
            {
                "cell": cell,
                "file": kept.get(cell.sha256, ""),
                "picture": b64encode(data).decode() if is_picture else "",
                "table": "" if is_picture else data.decode("utf-8", "replace"),
            }
        )
    folder = files("nianbao.quality")
    style, script = ((folder / each).read_text("utf-8") for each in ("quality.css", "quality.js"))
    hashes = {
        each: b64encode(sha256(text.encode()).digest()).decode()
        for each, text in (("style", style), ("script", script))
    }
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    page = made.from_string((folder / PAGE).read_text("utf-8"))
    return page.render(items=items, name=name, css=Markup(style), js=Markup(script), hashes=hashes)
