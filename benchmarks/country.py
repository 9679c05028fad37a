"""What the scheduler costs a request as hosts grow in number: real queue, real scheduler, no network."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from rich.console import Console
from rich.table import Table
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, RequestState, utc_now
from archive.store import Archive
from crawler.engine.scheduler import ArchiveScheduler
from crawler.engine.work import CrawlOptions, Work
from crawler.registry import Entry, Registry, Source

FEWEST = 33
BAR = 1.3
"""The cost of a request among all hosts over that among the fewest."""
PAUSE = 1.0
"""Seconds that a host is left alone after an answer: most hosts sleep, as they do with the polite pause."""
EACH = 3
"""Requests a host."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of the processor that the scheduler took for a request, and how many it gave out."""

    hosts: int
    requests: int
    scheduling: float


def cost(hosts: int, folder: Path) -> Cost:
    """Gives out some requests to each of so many hosts, and counts the scheduler's own time where it gave one out."""
    sources = {f"s{n}": _source(n) for n in range(hosts)}
    with Archive.open(folder / f"{hosts}.db") as archive:
        archive.enqueue(
            FrontierRequest(f"http://www.h{n}.gov.cn/{k}.html", RequestKind.DOCUMENT, source_id=f"s{n}")
            for n in range(hosts)
            for k in range(EACH)
        )
        run = archive.start_run("crawl")
        work = Work(CrawlOptions(folder, delay=0), archive, Registry(sources), run)
        columns = ((f"s{n}-nb", source) for n, source in enumerate(sources.values()))
        work.found.update({name: (replace(source, id=name), source.id) for name, source in columns})
        scheduler = ArchiveScheduler(cast(Crawler, SimpleNamespace(settings=Settings({"DOWNLOAD_TIMEOUT": 30}), engine=None,
                                                                   spider=SimpleNamespace(answered=None, failed=None))))  # fmt: skip
        scheduler.open(cast(Any, SimpleNamespace(work=work)))
        spent, given = 0.0, 0
        while given < hosts * EACH:
            began = time.process_time()
            request = scheduler.next_request()
            scheduler.has_pending_requests()
            if request is None:
                time.sleep(PAUSE / 100)
                continue
            spent += time.process_time() - began
            asked: FrontierRequest = request.meta["asked"]
            fetch = Fetch(
                asked.id, run, asked.url, asked.kind, Outcome.OK, utc_now(), source_id=asked.source_id
            )
            archive.complete(asked.id, fetch, None, state=RequestState.DONE)
            given += 1
            began = time.process_time()
            work.has_column(asked.source_id)
            scheduler.release(asked.host, PAUSE)
            spent += time.process_time() - began
        scheduler.close("finished")
    return Cost(hosts, given, 1e6 * spent / given)


def _source(number: int) -> Source:
    url = f"http://www.h{number}.gov.cn/"
    return Source(f"s{number}", "某县人民政府", "410724", "county", "government", Entry.PORTAL, url)


def measured(most: int) -> list[Cost]:
    """The cost at the fewest hosts, at a third of the most, and at the most."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = sorted({FEWEST, max(FEWEST, most // 3), most})
        return [cost(number, Path(folder)) for number in numbers]


def run(hosts: int) -> bool:
    """Prints the table; whether the cost grows no further than the bar."""
    found = measured(hosts)
    table = Table("hosts", "requests", "scheduling a request, microseconds", f"bar {BAR} times")
    for each in found:
        table.add_row(
            str(each.hosts),
            str(each.requests),
            f"{each.scheduling:.0f}",
            f"{each.scheduling / found[0].scheduling:.2f}",
        )
    Console(width=110).print(table)
    return found[-1].scheduling <= BAR * found[0].scheduling
