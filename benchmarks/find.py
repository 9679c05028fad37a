"""Finding as a whole: recall and precision on a country of all families, manners, and behaviour on sick servers.

The crawl runs in a process of its own, because Scrapy's reactor starts only once; the servers run in this one, and
both read the same monotonic clock.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from archive.derived import derive
from archive.store import Archive
from benchmarks.crawl import sites
from crawler.run import CrawlOptions, crawl
from crawler.settings import DOWNLOAD_TIMEOUT
from sample.make import every_family
from sample.places import Site
from sample.server import Server
from sample.truth import Country
from tests.corpus.ward import PATIENTS, Bed, ward

HEADER = "id,name,division,level,kind,entry,url,family,note\n"
MEMORY = 300
BOUND, BOUND_SLOW = DOWNLOAD_TIMEOUT, 3 * DOWNLOAD_TIMEOUT + 10
"""Seconds within which a sickness ends: by its own end, or by two deadlines, the second twice the first."""
SLOWED = 1.25
HOSTS, REPORTS = 10, 40
DELAY = 0.3
"""Seconds between two requests to a host: with none, only the processor would be measured."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl ended, its peak memory in megabytes, and when each answer was kept (monotonic seconds)."""

    result: dict[str, Any]
    megabytes: float
    kept: list[tuple[float, str, str]]

    def until(self, hosts: Iterable[str]) -> float:
        """Seconds between the first and the last answer of these hosts."""
        wanted = set(hosts)
        times = [at for at, url, _outcome in self.kept if urlsplit(url).netloc in wanted]
        return max(times) - min(times)


def run() -> bool:
    """Prints what was measured; whether a bar was missed."""
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as folder:
        missed = _families(console, Path(folder))
        return _ward(console, Path(folder)) or missed


# --- the country of all families ---


def _families(console: Console, folder: Path) -> bool:
    country = every_family()
    registry, db = folder / "families.csv", folder / "families.db"
    with Server(country, noise=False) as server:
        registry.write_text(server.registry_csv(), "utf-8")
        done = _crawled(db, registry)
        truth, hits, port = server.truth(), list(server.log), server.port
    wanted = {url for report in truth["reports"] for url in (report["url"], report["attachment_url"]) if url}
    twins = {report["twin_url"] for report in truth["reports"]}
    with Archive.open(db) as archive:
        rows = archive.db.execute("select distinct url from capture where kind in ('document', 'attachment')")
        found = {row[0] for row in rows}
        derive.read(archive)
        read = {tuple(row) for row in archive.db.execute("select url, body, year, scope from v_reports")}
    placed = [report for report in truth["reports"] if _is_placed(report, read)]
    asked = {f"http://{hit.host}:{port}{hit.path}" for hit in hits}
    forbidden = asked & {other["url"] for other in truth["forbidden"]}
    hosts = {urlsplit(site["url"]).netloc for site in truth["sites"]}
    strange = {url for url in asked if urlsplit(url).netloc not in hosts}
    recall, precision = len(wanted & found) / len(wanted), len(found & (wanted | twins)) / len(found)
    right, peak = len(placed) / len(truth["reports"]), max(_peaks(country, hits).values())
    console.print(
        f"{len(country.sites)} sites, {len(truth['reports'])} reports, {len(hits)} requests: recall {recall:.4f},"
        f" precision {precision:.4f}, right body, year and scope {right:.4f}; {len(forbidden)} disallowed,"
        f" {len(strange)} unregistered, at most {peak} at a time a host; {done.megabytes:.0f} MB"
    )
    for report in truth["reports"]:
        if report not in placed:
            console.print(
                f"  not as it is: {report['url']} {report['body']} {report['year']} {report['scope']}"
            )
    return min(recall, precision, right) < 1 or bool(forbidden or strange) or peak > 1


def _is_placed(report: dict[str, Any], read: set[tuple[Any, ...]]) -> bool:
    said = report["body"], report["year"], report["scope"]
    return any(
        (report[name], *said) in read for name in ("url", "attachment_url", "twin_url") if report[name]
    )


def _peaks(country: Country, hits: list[Any]) -> Counter[str]:
    """How many requests a host was answering at once, at most."""
    return Counter({site.address: _peak(site, hits) for site in country.sites})


def _peak(site: Site, hits: list[Any]) -> int:
    spans = sorted((hit.started, hit.ended) for hit in hits if hit.host == site.address)
    return 1 + any(before[1] > after[0] for before, after in pairwise(spans))


# --- the ward ---


def _ward(console: Console, folder: Path) -> bool:
    with sites(HOSTS, REPORTS) as urls, ward(folder=folder) as beds:
        alone = _crawled(folder / "well.db", _registry(folder / "well.csv", urls), DELAY)
        sick = [bed.url("/nb/") for bed in beds.values()]
        done = _crawled(folder / "ward.db", _registry(folder / "ward.csv", [*sick, *urls]), DELAY)
        hosts = {urlsplit(url).netloc for url in urls}
        before, beside = alone.until(hosts), done.until(hosts)
        bad = _patients(console, beds, done)
    pages = HOSTS * (REPORTS + 1)
    console.print(
        f"{pages} pages of {HOSTS} hosts that are well: {before:.1f} s alone, {beside:.1f} s beside"
        f" {len(beds)} sick ones ({beside / before:.2f} times); {done.megabytes:.0f} MB through all of them"
    )
    return bad or done.megabytes >= MEMORY or beside > SLOWED * before


def _patients(console: Console, beds: dict[str, Bed], done: Crawled) -> bool:
    """A line for each patient; whether one had another outcome, took too long or was asked too often."""
    kept: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for at, url, outcome in done.kept:
        kept[url].append((at, outcome))
    table = Table("sickness", "outcome", "asked", "seconds", "bound", "at a time")
    bad = False
    for name, bed in beds.items():
        seen = kept[bed.url(bed.patient.path)]
        outcomes = sorted({outcome for _at, outcome in seen}) or ["nothing"]
        started = min(
            (at for at, path in bed.asked if path == bed.patient.path), default=seen[0][0] if seen else 0
        )
        seconds = seen[-1][0] - started if seen else 0.0
        bound = BOUND_SLOW if bed.patient.slow else BOUND
        well = outcomes == [bed.patient.outcome] and seconds <= bound and bed.tries <= bed.patient.tries
        well = well and bed.peak <= 1
        bad |= not well
        mark = "" if well else f" (not {bed.patient.outcome})" if outcomes != [bed.patient.outcome] else " !"
        said = f"{', '.join(outcomes)}{mark}"
        table.add_row(name, said, str(bed.tries), f"{seconds:.1f}", str(bound), str(bed.peak))
    console.print(table)
    console.print(f"{len(beds)} sicknesses of {len(PATIENTS)}")
    return bad


# --- the crawl in a process of its own ---


def _registry(path: Path, urls: Iterable[str]) -> Path:
    rows = [f"s{n},某县人民政府,410724,county,government,column,{url},,\n" for n, url in enumerate(urls)]
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


def _crawled(db: Path, registry: Path, delay: float = 0.0) -> Crawled:
    command = [sys.executable, "-m", "benchmarks.find", str(db), str(registry), str(delay)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Crawled(*json.loads(said.splitlines()[-1]))


def main(db: str, registry: str, delay: str) -> None:
    """One crawl, told on stdout."""
    kept: list[tuple[float, str, str]] = []
    options = CrawlOptions(Path(db), Path(registry), delay=float(delay), allow_private=True)
    result = crawl(options, lambda each: kept.append((time.monotonic(), each.url, each.outcome.value)))
    status = Path("/proc/self/status").read_text()
    print(json.dumps([asdict(result), int(status.split("VmHWM:")[1].split()[0]) / 1024, kept]))


if __name__ == "__main__":
    main(*sys.argv[1:])
