"""How quickly a release of many reports is made and shown: build time, size, and each page by its slowest visits.

A real `nianbao browse` serves the release; each page is asked for many times, at other bodies, reports and words.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

from rich.console import Console
from rich.table import Table

from archive.publication.snapshot import counts
from benchmarks import made

BAR, SLOW_BAR = 0.1, 1.0
"""Seconds within which 95 of 100 visits end; the second for what goes through all reports of a year or a code."""
BOMB = "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c"
INDICATOR = """select year, count(value) as reports, sum(value) as total from v_latest
where code = 't3_new_received__total' group by year order by year"""


@dataclass(frozen=True, slots=True)
class Visit:
    """A kind of page: what is asked for, and the bar of its p95 in seconds."""

    name: str
    addresses: list[str]
    bar: float = BAR


@dataclass(frozen=True, slots=True)
class Took:
    """How long the visits to one page took, in seconds, and how many bytes the largest answer had."""

    name: str
    times: list[float]
    size: int
    bar: float
    processor: list[float]
    """Seconds of the processor that each visit took the server: what other work on the machine does not change."""
    refused: int = 0
    """So many visits got no answer: a question that takes longer than the server allows."""

    @property
    def missed(self) -> bool:
        """Is the p95 over its bar, or was a visit refused?"""
        return self.refused > 0 or within(0.95, self.times) > self.bar


def within(share: float, times: list[float]) -> float:
    """The time within which this share of the visits ended."""
    ordered = sorted(times)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def run(reports: int, visits: int, folder: Path | None = None) -> bool:
    """Make, publish, serve and visit; true when a bar was missed. `folder` keeps what is made."""
    console = Console(width=120)
    with TemporaryDirectory() if folder is None else _kept(folder) as made_in:
        out = Path(made_in) / "public"
        if not out.exists():
            _publish(console, reports, Path(made_in) / "archive.db", out)
        _sizes(console, out)
        with serving(out) as server:
            took = [visit(server, each) for each in pages(out / "nianbao.db", visits)]
            under = [
                each
                for each in pages(out / "nianbao.db", max(visits // 5, 5))
                if each.name in ("home", "report")
            ]
            with bombs(server.port):
                took += [
                    visit(server, Visit(f"{v.name}, under four bombs", v.addresses, SLOW_BAR)) for v in under
                ]
        console.print(table(_held(out / "nianbao.db"), took))
    return any(each.missed for each in took)


@contextmanager
def _kept(folder: Path) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    yield str(folder)


def _publish(console: Console, reports: int, archive: Path, out: Path) -> None:
    began = time.monotonic()
    made.make(archive, reports)
    console.print(
        f"made archive of {reports} reports: {time.monotonic() - began:.0f} s, not measured further"
    )
    began = time.monotonic()
    command = [sys.executable, "-m", "nianbao", "publish", "--db", str(archive), "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    used = getrusage(RUSAGE_CHILDREN)
    seconds, processor = time.monotonic() - began, used.ru_utime + used.ru_stime
    console.print(
        f"published in {seconds:.0f} s ({processor:.0f} s of the processor), at most {used.ru_maxrss // 1024} MB"
    )
    archive.unlink()


def _sizes(console: Console, out: Path) -> None:
    sizes = {path.name: path.stat().st_size / 1e6 for path in sorted(out.iterdir())}
    console.print(
        f"release: {sum(sizes.values()):.0f} MB; "
        + ", ".join(f"{n} {s:.0f}" for n, s in sizes.items() if s >= 1)
    )


def _held(database: Path) -> int:
    """How many reports a release holds: a kept one may be of another size than is asked for."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        return counts(conn)[0]


def pages(database: Path, visits: int) -> list[Visit]:
    """What is visited: other bodies, reports, words and years every time."""
    chance = Random(7)
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as conn:
        (last,) = conn.execute("select max(position) from version").fetchone()
        places = [chance.randint(1, last) for _ in range(visits)]
        sql = "select r.id, b.id, b.name, b.division from version v join report r on r.id = v.report_id join body b on b.id = r.body_id where v.position = ?"
        found = [conn.execute(sql, [place]).fetchone() for place in places]
    reports, bodies, names, divisions = (list(each) for each in zip(*found, strict=True))
    words = [asked(number, name, chance) for number, name in enumerate(names)]
    codes = ("t3_new_received__total", "requests_received", "t3_granted__total", "denied_share")
    compared = [
        "/compare?" + urlencode([("body", one), ("body", other), ("code", chance.choice(codes))])
        for one, other in zip(bodies, reversed(bodies), strict=True)
    ]
    few = max(visits // 10, 3)
    return [
        Visit("home", ["/"] * visits),
        Visit("body", [f"/body/{each}" for each in bodies]),
        Visit("report", [f"/report/{each}" for each in reports]),
        Visit("report, JSON", [f"/report/{each}.json" for each in reports]),
        Visit("search", [f"/search?q={quote(each)}" for each in words]),
        Visit("compare", compared),
        Visit("findings", [f"/findings?year={chance.choice(made.YEARS)}" for _ in range(visits)]),
        Visit("division", [f"/division/{each}" for each in divisions]),
        Visit("map", [f"/map?year={chance.choice(made.YEARS)}" for _ in range(visits)]),
        Visit("feed", [f"/feed.atom?division={each}" for each in divisions]),
        Visit("one indicator, all years", [f"/nianbao.json?sql={quote(INDICATOR)}"] * few, SLOW_BAR),
        Visit(
            "CSV of one year",
            [f"/downloads/panel.csv?year={chance.choice(made.YEARS)}" for _ in range(few)],
            SLOW_BAR,
        ),
    ]


COMMON = "县 的 征 a 公开 复议 学区 人民政府 政府信息公开 涉及行政复议 持续推进主动公开工作 办理征地补偿类事项".split()
"""In most reports, but for one: one character, two, more, prose."""
NOWHERE = "政公 县政 公开主动 开政信报 府信息政 公开县人民 勾稽关系 在本年度我们收到了".split()
"""In no report, most of characters that are in all."""


def asked(number: int, name: str, chance: Random) -> str:
    """What the visitor of this number searches for: by turns of each kind."""
    kinds = (
        chance.choice(COMMON),
        chance.choice(NOWHERE),
        chance.choice([*made.SUBJECTS, *made.DEEDS]),
        chance.choice(made.DEPARTMENTS),
        name,
        name[: chance.randint(2, 4)],
        f"{name[:2]} {chance.choice(made.YEARS)}",
        f"{name[:3]} {chance.choice(made.SUBJECTS)}",
    )
    return kinds[number % len(kinds)]


@dataclass(frozen=True, slots=True)
class Server:
    """A running `nianbao browse`: its port and its process."""

    port: int
    pid: int

    def processor(self) -> float:
        """Seconds of the processor that it has taken so far."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def visit(server: Server, visit: Visit) -> Took:
    """Ask for every address of a page, one after the other."""
    times, processor, largest, refused = [], [], 0, 0
    for address in visit.addresses:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        spent, began = server.processor(), time.perf_counter()
        connection.request("GET", address)
        answer = connection.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - began)
        processor.append(server.processor() - spent)
        connection.close()
        refused += answer.status != 200
        largest = max(largest, len(body))
    return Took(visit.name, times, largest, visit.bar, processor, refused)


@contextmanager
def serving(out: Path) -> Iterator[Server]:
    """`nianbao browse` over the release, at a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "nianbao", "browse", "--out", str(out), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ) as process:
        try:
            _wait(port)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def _wait(port: int) -> None:
    for _ in range(600):
        with suppress(OSError):
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not start")


@contextmanager
def bombs(port: int) -> Iterator[None]:
    """Four visitors who ask one endless question after the other."""
    over = threading.Event()

    def throw() -> None:
        while not over.is_set():
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            with suppress(OSError):
                connection.request("GET", f"/nianbao.json?sql={quote(BOMB)}")
                connection.getresponse().read()
            connection.close()

    throwers = [threading.Thread(target=throw) for _ in range(4)]
    for thrower in throwers:
        thrower.start()
    try:
        time.sleep(0.5)
        yield
    finally:
        over.set()
        for thrower in throwers:
            thrower.join()


def table(reports: int, took: Iterable[Took]) -> Table:
    """What is shown of the visits to each page."""
    load = os.getloadavg()[0]
    table = Table(title=f"{reports} reports; {os.cpu_count()} cores under a load of {load:.1f}")
    for column in (
        "page",
        "visits",
        "p50 ms",
        "p95 ms",
        "slowest ms",
        "bar ms",
        "processor p50",
        "p95",
        "largest KB",
    ):
        table.add_column(column, justify="left" if column == "page" else "right")
    show: Callable[[float], str] = lambda seconds: f"{1000 * seconds:.0f}"  # noqa: E731
    for each in took:
        cells = [within(0.5, each.times), within(0.95, each.times), max(each.times), each.bar]
        cells += [within(0.5, each.processor), within(0.95, each.processor)]
        mark = f" ✗ {each.refused} refused" if each.refused else " ✗" if each.missed else ""
        table.add_row(
            each.name + mark,
            str(len(each.times)),
            *map(show, cells),
            f"{each.size / 1000:.0f}",
        )
    return table
