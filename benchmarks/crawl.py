"""The crawl against bare Scrapy with the same manners on the same local sites, and its memory.

Three things in processes of their own: the sites (an asyncio server on loopback addresses), the bare spider
and ours. Both spiders obey robots.txt, hold one connection a host, throttle themselves and read every page;
ours also classifies, decides and keeps each answer in a transaction that is on the disk.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console

from archive.outcomes import FrontierRequest, RequestKind
from archive.store import Archive
from crawler.run import CrawlOptions, crawl
from crawler.settings import USER_AGENT

HOSTS = 40
BAR = 0.8
_HEADER = "id,name,division,level,kind,entry,url,family,note\n"


@dataclass(frozen=True, slots=True)
class Pages:
    """How one crawl went: pages asked for, seconds of wall time, seconds of processor time, peak memory."""

    pages: int
    seconds: float
    processor: float
    megabytes: float

    @property
    def rate(self) -> float:
        """Pages a second of wall time."""
        return self.pages / self.seconds


def run(pages: int, rounds: int, known: int) -> float:
    """Prints the rates, their ratio and the memory; gives the ratio."""
    console = Console(width=120)
    bare, ours = [], []
    with sites(HOSTS, max(1, pages // HOSTS)) as urls:
        for _ in range(rounds):
            bare.append(measured("bare", urls))
            ours.append(measured("ours", urls))
    for name, found in (("bare Scrapy", bare), ("nianbao", ours)):
        rates = ", ".join(f"{each.rate:.0f}" for each in found)
        last = found[-1]
        console.print(
            f"{name}: {last.pages} pages, {rates} pages/s, {last.pages / last.processor:.0f} a second of"
            f" processor time, {last.megabytes:.0f} MB"
        )
    ratio = median(each.rate for each in ours) / median(each.rate for each in bare)
    console.print(f"ratio {ratio:.2f} (bar {BAR})")
    if known:
        console.print(_memory(known))
    return ratio


def measured(which: str, urls: list[str]) -> Pages:
    """How the `bare` spider or `ours` crawls these columns, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.crawl", which]
    said = subprocess.run(command, input=json.dumps(urls), capture_output=True, text=True, check=True)
    return Pages(*json.loads(said.stdout.splitlines()[-1]))


def _memory(known: int) -> str:
    """The peak memory of a crawl that knows so many URLs, all queued, and asks for a few of them."""
    command = [sys.executable, "-m", "benchmarks.crawl", "known", str(known)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, megabytes, megabytes_on_disk = json.loads(said.stdout.splitlines()[-1])
    return (
        f"{known} known URLs: {megabytes:.0f} MB at the peak, {seconds:.2f} s until the first request,"
        f" {megabytes_on_disk:.0f} MB on the disk"
    )


# --- the sites ---


@contextmanager
def sites(hosts: int, documents: int) -> Iterator[list[str]]:
    """Serves so many hosts with a column of so many reports each, and gives the columns' addresses."""
    command = [sys.executable, "-m", "benchmarks.crawl", "sites", str(hosts), str(documents)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _serve(hosts: int, documents: int) -> None:
    asyncio.run(_listen(hosts, _answers(documents)))


def _answers(documents: int) -> dict[str, bytes]:
    """What every host answers: a column of one list and its reports."""
    from sample.forms.markup import as_html
    from sample.make import country

    reports = country(bodies=4).reports
    bodies = [
        f'<html><head><meta charset="utf-8"><title>{report.title}</title></head><body><h1>{report.title}</h1>'
        f"{as_html(report)}</body></html>"
        for report in reports[:20]
    ]
    paths = [f"/nb/202601/t20260130_{number:06d}.html" for number in range(documents)]
    rows = "".join(
        f'<li><a href="{path}">某{number}局2025年政府信息公开工作年度报告</a><span>2026-01-30</span></li>'
        for number, path in enumerate(paths)
    )
    found = {"/nb/": _ok(f"<html><head><meta charset='utf-8'></head><body><ul>{rows}</ul></body></html>")}
    for number, path in enumerate(paths):
        found[path] = _ok(bodies[number % len(bodies)].replace("</body>", f"<p>{number}</p></body>"))
    return found


def _ok(text: str) -> bytes:
    body = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _listen(hosts: int, answers: dict[str, bytes]) -> None:
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            writer.write(answers.get(head.split(b" ", 2)[1].decode(), missing))
            await writer.drain()
        writer.close()

    names = [f"127.0.7.{number + 1}" for number in range(hosts)]
    first = await asyncio.start_server(answer, names[0], 0)
    port = first.sockets[0].getsockname()[1]
    others = [await asyncio.start_server(answer, name, port) for name in names[1:]]
    print(json.dumps([f"http://{name}:{port}/nb/" for name in names]), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in (first, *others)))


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


# --- the spiders ---


def _bare(urls: list[str]) -> int:
    """Scrapy as it comes, with the manners of ours: it reads each page and keeps nothing."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = urls
        seen = 0

        def parse(self, response: scrapy.http.Response) -> Iterator[scrapy.Request]:
            Bare.seen += 1
            for link in response.css("li a::attr(href)").getall():
                yield response.follow(link, self.report)

        def report(self, response: scrapy.http.Response) -> None:
            Bare.seen += bool(response.css("h1::text").get())

    process = CrawlerProcess(_MANNERS)
    process.crawl(Bare)
    process.start()
    return Bare.seen


_MANNERS = {
    "USER_AGENT": USER_AGENT,
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 0,
    "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
}


def _ours(urls: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        registry = Path(folder) / "registry.csv"
        rows = [f"s{n},某县人民政府,410724,county,government,column,{url},,\n" for n, url in enumerate(urls)]
        registry.write_text(_HEADER + "".join(rows), "utf-8")
        result = crawl(CrawlOptions(Path(folder) / "a.db", registry, delay=0, allow_private=True))
    return result.outcomes["ok"]


def _known(number: int) -> tuple[float, float, float]:
    """Seconds until the first request, peak megabytes, megabytes on the disk."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "a.db"
        with Archive.open(db) as archive:
            _fill(archive, number)
        size = db.stat().st_size / 1e6
        registry = Path(folder) / "registry.csv"
        registry.write_text(_HEADER + "s0,某县,410724,county,government,column,http://127.0.7.1:9/nb/,,\n")
        # A host that refuses the connection: what is measured is the queue, not the network.
        started, first = time.monotonic(), []
        options = CrawlOptions(db, registry, host="127.0.7.1", delay=0, allow_private=True)
        crawl(options, lambda _: first.append(time.monotonic() - started))
    return first[0], _peak(), size


def _fill(archive: Archive, number: int) -> None:
    """Queues so many URLs of a thousand hosts that are not registered, and of one that is."""
    for start in range(0, number, 50_000):
        archive.enqueue(
            FrontierRequest(
                f"http://h{n % 1000}.example.gov.cn/nb/{n}.html", RequestKind.DOCUMENT, priority=1
            )
            for n in range(start, min(start + 50_000, number))
        )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> None:
    """One of the processes of the measurement."""
    which, *sizes = arguments
    if which == "sites":
        _serve(*map(int, sizes))
        return
    if which == "known":
        print(json.dumps(_known(int(sizes[0]))))
        return
    urls = json.loads(sys.stdin.read())
    started, worked = time.monotonic(), time.process_time()
    pages = (_bare if which == "bare" else _ours)(urls)
    print(json.dumps([pages, time.monotonic() - started, time.process_time() - worked, _peak()]))


if __name__ == "__main__":
    main(sys.argv[1:])
