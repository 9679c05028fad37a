"""What keeping costs: reports a second in durable transactions against a bare executemany of the same rows, bytes a
report, how both grow, and how quickly archives are verified, copied and merged.

The bare writer knows all rows beforehand and does nothing but insert them, as durably: a transaction an answer, and
a transaction a report. Ours packs, hashes, places and arranges. Parsing is work of other processes and is left out.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Protocol
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from archive import pool
from archive.care import fixity
from archive.care.backup import backup
from archive.care.merge import JOINS, merge
from archive.database.blobs import pack
from archive.derived import derive
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind
from archive.store import Archive
from parsers.records import Report, State
from parsers.report import parse

BAR = 0.5
PER_HOST = 50
FORMS = 12
ROUNDS = 4
_HAN = "政府信息公开指南目录年度报告机构职能领导之窗工作动态通知公告政策文件解读回应互动交流办事服务投诉举报在线访谈"


class Took:
    """Seconds that pass inside its blocks: of the clock, and of the processor."""

    def __init__(self, clock: float = 0.0, processor: float = 0.0) -> None:
        self.clock, self.processor = clock, processor
        self._began = (0.0, 0.0)

    def __enter__(self) -> None:
        self._began = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.clock += time.perf_counter() - self._began[0]
        self.processor += time.process_time() - self._began[1]

    def __sub__(self, other: Took) -> Took:
        return Took(self.clock - other.clock, self.processor - other.processor)

    def __add__(self, other: Took) -> Took:
        return Took(self.clock + other.clock, self.processor + other.processor)


@dataclass(frozen=True, slots=True)
class Grown:
    """An archive after so many reports: how long it took since the size before, and its bytes."""

    reports: int
    answers: Took
    derived: Took
    bytes: int
    packed: int


class Pages(Protocol):
    """Pages by their number."""

    def page(self, number: int) -> bytes:
        """The bytes of a page."""


class Material:
    """Reports as pages and as what is read of them: a few real forms, filled in for as many bodies as are wanted."""

    def __init__(self) -> None:
        from sample.forms.markup import as_html
        from sample.make import country

        forms = [report for report in country(bodies=8).reports if len(as_html(report)) > 20_000][:FORMS]
        self._forms = [(report.title, as_html(report)) for report in forms]
        pages = [f"<html><body><h1>{title}</h1>{form}</body></html>".encode() for title, form in self._forms]
        self._read = [parse(page) for page in pages]
        self._frames: dict[int, tuple[str, str]] = {}

    def page(self, number: int) -> bytes:
        """The page of a report, in the frame of its site."""
        head, menu = self._frame(number // PER_HOST)
        title, form = self._forms[number % len(self._forms)]
        return (
            f"<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{menu}"
            f"<h1>{title}</h1><p>浏览次数：{number * 37 % 9999}</p>{form}<p>编号 {number}</p></body></html>"
        ).encode()

    def read(self, number: int) -> Report:
        """What is read of it: a report of a body and a year of its own, that is no copy of another one."""
        report = self._read[number % len(self._read)]
        body, year = divmod(number, 10)
        first, *rest = report.figures
        figures = (first._replace(value=number, raw=str(number), state=State.NUMBER), *rest)
        return replace(
            report, issuer=f"某{body}县人民政府", year=2014 + year, figures=figures, others=(), is_report=True
        )

    def _frame(self, host: int) -> tuple[str, str]:
        if host not in self._frames:
            self._frames = {host: _frame(random.Random(host))}
        return self._frames[host]


def _frame(chance: random.Random) -> tuple[str, str]:
    """Scripts, styles and menus of one site, some 40 KB."""
    scripts = "".join(
        f'function f{n}(a){{var x=document.getElementById("{chance.randrange(10**8):x}");if(a>{n})x.hide();}}\n'
        for n in range(110)
    )
    styles = "".join(
        f".c{chance.randrange(10**5)}{{width:{chance.randrange(1200)}px;background:url(/i/{chance.randrange(10**7)}.png)}}\n"
        for _ in range(130)
    )
    menu = "".join(
        f'<li><a href="/zwgk/{chance.randrange(10**6)}/" title="{(name := "".join(chance.choices(_HAN, k=6)))}">{name}'
        f"</a></li>\n"
        for _ in range(200)
    )
    return f"<style>{styles}</style><script>{scripts}</script>", f"<ul>{menu}</ul>"


# --- ours ---


def answers(archive: Archive, material: Pages, numbers: Iterable[int], run: str) -> Took:
    """Keeps the page of each report as the crawl does, each in a transaction of its own; how long that took.

    That they were queued, and that the pages were made, does not count.
    """
    took = Took()
    for some in _batches(numbers, 500):
        asked = [FrontierRequest(_url(number), RequestKind.DOCUMENT, source_id="s") for number in some]
        archive.enqueue(asked)
        for number, request in zip(some, asked, strict=True):
            (fetch, link), page = _answer(number, request, run), material.page(number)
            with took:
                archive.complete(request.id, fetch, page, [link])
    return took


def _answer(number: int, asked: FrontierRequest, run: str) -> tuple[Fetch, Link]:
    headers = {"content-type": "text/html", "etag": f'"{number:x}"', "server": "nginx"}
    at = "2026-03-01T00:00:00Z"
    fetch = Fetch(
        asked.id, run, asked.url, asked.kind, Outcome.OK, at, source_id="s", status=200, headers=headers
    )
    link = Link(_host(number), asked.url, "政府信息公开工作年度报告", asked.kind, "report", source_id="s")
    return fetch, link


def _batches(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    iterator = iter(numbers)
    while some := list(islice(iterator, size)):
        yield some


def _host(number: int) -> str:
    return f"http://h{number // PER_HOST}.example.gov.cn/nb/"


def _url(number: int) -> str:
    return f"{_host(number)}202603/t20260301_{number:07d}.html"


class Inline:
    """Reads in this process what is known already, and measures how long: that is other processes' work."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.took = Took()

    def parse(self, data: bytes, *, url: str = "", link_title: str = "") -> Report:
        """The report of a page, by the number in its address."""
        return self.material.read(int(url[-12:-5]))

    def __call__(
        self, work: derive.Work, items: Iterable[derive.Task], *, jobs: int, timeout: timedelta
    ) -> Generator[derive.Result, None, None]:
        for item in items:
            with self.took:
                found = work(item)
            yield item, found


def grow(path: Path, material: Material, before: int, after: int) -> Grown:
    """Adds reports to an archive, captured and read."""
    with Archive.open(path) as archive:
        run = archive.start_run("benchmark")
        kept = answers(archive, material, range(before, after), run)
        inline, derived = Inline(material), Took()
        with patch.object(pool, "run", inline), derived:
            derive.read(archive, parse=inline.parse)
        archive.finish_run(run, "ok")
        packed = archive.db.execute("select sum(length(data)) from blob").fetchone()[0]
    return Grown(after, kept, derived - inline.took, path.stat().st_size, packed)


# --- bare ---


def bare(source: Path, into: Path, numbers: Iterable[int]) -> tuple[Took, Took]:
    """How long it takes to insert the rows of these reports into another archive: answers, and what is derived."""
    urls = [_url(number) for number in numbers]
    with closing(sqlite3.connect(source)) as db:
        captured = [_captured(db, url) for url in urls]
        derived = [_derived(db, url) for url in urls]
    with Archive.open(into) as archive:
        return _insert_all(archive, captured), _insert_all(archive, derived)


Rows = dict[str, list[tuple[object, ...]]]
_CAPTURED = {
    "blob": "select b.* from fetch f join blob b using (sha256) where f.url = ?",
    "fetch": "select * from fetch where url = ?",
    "capture": "select * from capture where url = ?",
    "link": "select * from link where to_url = ?",
    "request": "select * from request where url = ?",
}
_OF_VERSION = "select c.* from version v join {0} c on c.version_id = v.id where v.url = ?"
_OF_POSITION = "select c.* from version v join {0} c on c.version = v.position where v.url = ?"
_OF_REPORT = "select c.* from version v join {0} c on c.report_id = v.report_id where v.url = ?"
_OF_CAPTURE = "select c.* from version v join {0} c on c.capture_id = v.capture_id where v.url = ?"
_DERIVED = {
    "body": "select b.* from version v join report r on r.id = v.report_id join body b on b.id = r.body_id"
    " where v.url = ?",
    "report": "select r.* from version v join report r on r.id = v.report_id where v.url = ?",
    "version": "select * from version where url = ?",
    **dict.fromkeys(("rendition", "finding", "statement", "section", "extra_row"), _OF_VERSION),
    **dict.fromkeys(("cell", "checked"), _OF_POSITION),
    **dict.fromkeys(("event", "likeness"), _OF_REPORT),
    **dict.fromkeys(("reading", "record"), _OF_CAPTURE),
}


def _captured(db: sqlite3.Connection, url: str) -> Rows:
    return {table: db.execute(sql, (url,)).fetchall() for table, sql in _CAPTURED.items()}


def _derived(db: sqlite3.Connection, url: str) -> Rows:
    return {table: db.execute(sql.format(table), (url,)).fetchall() for table, sql in _DERIVED.items()}


def _insert_all(archive: Archive, groups: Iterable[Rows]) -> Took:
    """A durable transaction for each group of rows."""
    took = Took()
    for group in groups:
        with took, archive.transaction() as db:
            for table, rows in group.items():
                if rows:
                    places = ", ".join("?" * len(rows[0]))
                    db.executemany(f"insert or ignore into {table} values ({places})", rows)
    return took


# --- all of it ---


def run(reports: int, each: int) -> float:
    """Prints the measurements; gives the ratio to the bare writer, by the clock."""
    console = Console(width=120)
    material = Material()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratio = _ratio(console, material, folder)
        if each:
            _merging(console, material, folder, each)
        if reports:
            _growth(console, material, folder, reports)
    return ratio


def _ratio(console: Console, material: Material, folder: Path, number: int = 1000) -> float:
    kept, read, captured, derived = Took(), Took(), Took(), Took()
    # They take turns, for a disk has its moods.
    for before in range(0, number, number // ROUNDS):
        after = before + number // ROUNDS
        ours = grow(folder / "ours.db", material, before, after)
        its = bare(folder / "ours.db", folder / "bare.db", range(before, after))
        kept, read = kept + ours.answers, read + ours.derived
        captured, derived = captured + its[0], derived + its[1]
    with closing(sqlite3.connect(folder / "ours.db")) as db:
        figures = db.execute("select count(*) from figure").fetchone()[0] / number
        size = db.execute("select avg(size) from blob").fetchone()[0]
    sample = [material.page(n) for n in range(0, number, 7)]
    alone = sum(len(pack(page)[1]) for page in sample) / len(sample)
    table = Table(
        title=f"{number} reports of {figures:.0f} figures, each commit on the disk: reports a second"
    )
    for column in ("what", "nianbao", "bare", "ratio", "of processor: nianbao", "bare", "ratio"):
        table.add_column(column, justify="left" if column == "what" else "right")
    both = kept + read
    for what, mine, its in (
        ("answers kept", kept, captured),
        ("reports derived", read, derived),
        ("both", both, captured + derived),
    ):
        table.add_row(what, *_compared(number, mine, its))
    console.print(table)
    console.print(
        f"a page of {size:.0f} bytes takes {ours.packed / number:.0f} packed upon pages of its host,"
        f" {alone:.0f} packed alone; a report takes {ours.bytes / number:.0f} bytes of the file"
    )
    return (captured + derived).clock / both.clock


def _compared(number: int, mine: Took, its: Took) -> list[str]:
    pairs = ((mine.clock, its.clock), (mine.processor, its.processor))
    return [
        cell
        for own, other in pairs
        for cell in (f"{number / own:.0f}", f"{number / other:.0f}", f"{other / own:.2f}")
    ]


def _growth(console: Console, material: Material, folder: Path, reports: int) -> None:
    table = Table(title="How it grows")
    for column in ("reports", "answers/s", "of processor", "derived/s", "of processor", "MB", "bytes a report",
                   "verify s", "of processor", "copy s"):  # fmt: skip
        table.add_column(column, justify="right")
    path, before, points = folder / "grown.db", 0, []
    for after in (reports // 4, reports // 2, reports):
        grown = grow(path, material, before, after)
        added, before = after - before, after
        points.append(grown)
        verified = _verified(path)
        table.add_row(
            str(after),
            f"{added / grown.answers.clock:.0f}",
            f"{added / grown.answers.processor:.0f}",
            f"{added / grown.derived.clock:.0f}",
            f"{added / grown.derived.processor:.0f}",
            f"{grown.bytes / 1e6:.0f}",
            f"{grown.bytes / after:.0f}",
            f"{verified.clock:.1f}",
            f"{verified.processor:.1f}",
            f"{_copied(path, folder / 'copy.db').clock:.1f}",
        )
        console.print(table)
    _line(console, points)


def _line(console: Console, points: list[Grown], to: int = 2_000_000) -> None:
    """The line through the last two sizes."""
    (a, b), n = points[-2:], points[-1].reports - points[-2].reports
    size = b.bytes + (b.bytes - a.bytes) / n * (to - b.reports)
    took = b.answers + b.derived
    clock, processor = (seconds / n * to / 3600 for seconds in (took.clock, took.processor))
    console.print(
        f"by the line from {a.reports} to {b.reports}: {to} reports take {size / 1e9:.0f} GB and {clock:.1f} h,"
        f" {processor:.1f} h of the processor"
    )


def _verified(path: Path) -> Took:
    took = Took()
    with took, Archive.read_only(path) as archive:
        for problem in fixity.verify(archive):
            raise SystemExit(f"{problem.where}: {problem.what}")
    return took


def _copied(path: Path, copy: Path) -> Took:
    took = Took()
    with took:
        backup(path, copy)
    return took


def _merging(console: Console, material: Material, folder: Path, each: int, shards: int = 10) -> None:
    """Archives of so many reports, as workers of a cluster bring them, joined into one that has the rows of one crawl."""
    paths = [folder / f"shard-{number}.db" for number in range(shards)]
    for number, path in enumerate(paths):
        _answered(path, material, range(number * each, (number + 1) * each))
    _answered(folder / "one.db", material, range(shards * each))
    first, second = Took(), Took()
    with first:
        done = merge(folder / "joined.db", paths)
    with second:
        again = merge(folder / "joined.db", paths)
    assert done.captures == shards * each
    assert again.captures == again.fetches == 0
    assert not _differing(folder / "one.db", folder / "joined.db")
    console.print(
        f"{shards} archives of {each} reports joined in {first.clock:.1f} s ({done.captures / first.clock:.0f} reports/s),"
        " row by row as one crawl of them all;"
        f" once more, with nothing new, in {second.clock:.1f} s"
    )


def _answered(path: Path, material: Material, numbers: range) -> None:
    with Archive.open(path) as archive:
        for some in _batches(numbers, 500):
            with archive.transaction():
                answers(archive, material, some, "r")


def _differing(one: Path, other: Path) -> list[str]:
    """The captured tables in which two archives differ, but for when something was queued."""
    found = []
    with closing(sqlite3.connect(one)) as db:
        db.execute("attach ? as other", [str(other)])
        for join in JOINS:
            names = [row[1] for row in db.execute(f"pragma table_info({join.table})")]
            same = " and ".join(
                f"m.{name} is o.{name}" for name in names if name not in ("queued_at", "due_at")
            )
            sql = f"select count(*), (select count(*) from other.{join.table}),"
            sql += f" sum(exists (select 1 from other.{join.table} o where {same})) from main.{join.table} m"
            ours, theirs, common = db.execute(sql).fetchone()
            if not ours == theirs == (common or 0):
                found.append(join.table)
    return found
