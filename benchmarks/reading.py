"""Our full parse beside what others do with the same pages, in one run on one core: pages no two of which are alike, then pages
of 64 to 80 KB of one kind.

As in a night, no page is read twice: what a reader remembers of pages serves it for others of the same site only.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from html import escape
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from rich.console import Console
from rich.table import Table

from benchmarks import varied
from benchmarks.readers import NAMES, readers
from parsers.report import parse
from sample.forms.markup import html_of
from sample.forms.sheet import Sheet
from tests.corpus.documents import sheets

MOST_TIMES, LEAST_FASTER = 3.0, 3.0
"""The bars: of the time of the parse by lxml alone, and beside pandas.read_html, which reads nothing but grids."""
_PAGES = 12
_ROUNDS_BEFORE = 5
_FROM_WORD = 2
_PLAIN = 0
_KINDS = {
    _PLAIN: "of plain tags among links",
    1: "from an editor among links",
    _FROM_WORD: "pasted from Word",
}
"""The skins of sample/forms/markup.py; most pages of this size are what Word makes of a report."""
_PROSE_OF = 3
"""The reports whose prose stands in one page of the last table. What is said in prose only our parse reads."""
_SMALLEST, _LARGEST = 64_000, 80_000
_MENU = (
    "机构职能",
    "政策文件",
    "法治政府建设",
    "财政信息",
    "行政许可",
    "行政处罚",
    "招考录用",
    "重大项目",
    "应急管理",
)


def run(seconds: float, seed: int) -> bool:
    """Print pages a second, ratios and peak memory of each reader: of all rounds, the one in the middle. True when no bar
    is missed on any kind of page; how the ratios fall where there is more prose has no bar."""
    console, held = Console(width=120), varied.run(seed)
    for skin, kind in reversed(_KINDS.items()):
        missed = _missed(_shown(console, kind, seconds, seed, skin))
        console.print("\n".join(missed) if missed else "no bar is missed\n")
        held = held and not missed
    _shown(console, f"of plain tags with the prose of {_PROSE_OF} reports", seconds, seed, _PLAIN, _PROSE_OF)
    return held


def _shown(
    console: Console, kind: str, seconds: float, seed: int, skin: int, prose_of: int = 1
) -> list[dict[str, float]]:
    """Print the table of one kind of page; the seconds of its rounds."""
    made, rounds = pages(seed, skin, prose_of), _rounds(seed, skin, prose_of, seconds)
    sizes = [len(page) // 1000 for page in made]
    prose = sum(len(section.text) for page in made for section in parse(page).sections) // len(made)
    title = (
        f"{len(rounds)} rounds of {_PAGES} pages {kind}, {min(sizes)} to {max(sizes)} KB with {prose} characters of prose, "
        "each read once"
    )
    table = Table(title=title)
    for column in (
        "reader",
        "pages a second",
        "ms a page",
        "times lxml alone",
        "ours is faster by",
        "peak memory",
    ):
        table.add_column(column, justify="left" if column == "reader" else "right")
    for name in NAMES:
        table.add_row(name, *_row(name, rounds, made))
    console.print(table)
    return rounds


def _missed(rounds: list[dict[str, float]]) -> list[str]:
    """The bars that are missed, each as a line."""
    ours, alone, pandas, _ = NAMES
    lines = []
    if (times := _times(rounds, ours, alone)) > MOST_TIMES:
        lines.append(f"missed: {times:.2f} times {alone}; the bar is {MOST_TIMES}")
    if pandas in rounds[0] and (faster := _times(rounds, pandas, ours)) < LEAST_FASTER:
        lines.append(f"missed: {faster:.2f} times faster than {pandas}; the bar is {LEAST_FASTER}")
    return lines


def _times(rounds: list[dict[str, float]], reader: str, other: str) -> float:
    """How many times as long one reader takes as another."""
    return median(spent[reader] / spent[other] for spent in rounds)


def _row(name: str, rounds: list[dict[str, float]], made: list[bytes]) -> list[str]:
    if name not in rounds[0]:
        return ["not installed", "", "", "", ""]
    a_page = median(spent[name] for spent in rounds) / _PAGES
    return [
        f"{1 / a_page:.1f}",
        f"{1000 * a_page:.1f}",
        f"{_times(rounds, name, NAMES[1]):.2f}",
        f"{_times(rounds, name, NAMES[0]):.2f}",
        _memory(name, made),
    ]


def _rounds(seed: int, skin: int, prose_of: int, seconds: float) -> list[dict[str, float]]:
    """Seconds of processor time that each reader takes for the pages of each round; they take turns at being the first.

    Each has a process of its own, as in a night: what one leaves in memory and caches is no other's. A few rounds before
    warm up.
    """
    names, rounds = list(readers()), list[dict[str, float]]()
    with ExitStack() as stack:
        workers = {
            name: stack.enter_context(ProcessPoolExecutor(1, mp_context=get_context("spawn")))
            for name in names
        }
        while sum(map(sum, map(dict.values, rounds[_ROUNDS_BEFORE:]))) < seconds * len(names):
            first = len(rounds) % len(names)
            turns = [*names, *names][first : first + len(names)]
            rounds.append(
                {
                    name: workers[name].submit(_spent, name, seed + len(rounds), skin, prose_of).result()
                    for name in turns
                }
            )
    return rounds[_ROUNDS_BEFORE:]


def _spent(name: str, seed: int, skin: int, prose_of: int) -> float:
    """What is there before is frozen, as modules are in our workers."""
    made, reader = pages(seed, skin, prose_of), readers()[name]
    gc.collect()
    gc.freeze()
    start = process_time()
    for page in made:
        reader(page)
    return process_time() - start


def _memory(name: str, made: list[bytes]) -> str:
    """Peak memory of a process of its own that reads every page once, its imports included."""
    with TemporaryDirectory() as directory:
        for number, page in enumerate(made):
            (Path(directory) / f"{number}.html").write_bytes(page)
        command = [sys.executable, "-m", "benchmarks.readers", directory, name]
        peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return f"{int(peak) / 1024:.0f} MB"


def pages(seed: int, skin: int = _FROM_WORD, prose_of: int = 1) -> list[bytes]:
    """Reports in a page of a portal, each of 64 to 80 KB; what the report lacks of that is links.

    `prose_of`: the reports whose prose stands in each, its own among them.
    """
    random = Random(f"{seed} pages")
    every = [*sheets("G2019", seed), *sheets("G2021", seed)]
    chosen = random.sample(every, _PAGES)
    more = random.sample(every, _PAGES * (prose_of - 1))
    return [
        page_of(_with_prose(sheet, more[number::_PAGES]), skin).encode()
        for number, sheet in enumerate(chosen)
    ]


def _with_prose(sheet: Sheet, others: Sequence[Sheet]) -> Sheet:
    """A report with the prose of others behind its own."""
    prose = [part for other in others for part in other.parts if isinstance(part, str)]
    return replace(sheet, parts=(*sheet.parts, *prose))


def page_of(sheet: Sheet, skin: int = _FROM_WORD) -> str:
    """A report in a page of a portal, of 64 to 80 KB; one that Word makes larger as an editor has it."""
    article = html_of(sheet, skin)
    page = _around(sheet.title, article, 0)
    if skin and len(page.encode()) > _LARGEST:
        return page_of(sheet, skin - 1)
    room = _SMALLEST - len(page.encode())
    return _around(sheet.title, article, room // 130 + 20) if room > 0 else page


def _around(title: str, article: str, links: int) -> str:
    menu = "".join(f'<li class="fl"><a href="/zwgk/c{n}/">{name}</a></li>' for n, name in enumerate(_MENU))
    more = "\n".join(_link(number) for number in range(links))
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="SiteName" content="云水市人民政府门户网站"><meta name="ColumnName" content="政府信息公开年报">
<meta name="ArticleTitle" content="{escape(title)}"><title>{escape(title)}</title>
<link rel="stylesheet" href="/css/site.css"><script>var siteId = "9901210001";</script></head><body>
<div class="top"><ul>{menu}</ul></div><div class="crumbs">首页 &gt; 政务公开 &gt; 政府信息公开年报</div>
<div class="main"><h1>{escape(title)}</h1><div id="zoom">{article}</div></div>
<div class="side"><ul>{more}</ul></div><div class="footer">主办：云水市人民政府办公室</div></body></html>"""


def _link(number: int) -> str:
    href = f"/zwgk/zfxxgknb/202401/t20240118_{1000 + number}.html"
    return f'<li><a href="{href}" target="_blank" title="公开目录第{number}项">公开目录第{number}项</a></li>'
