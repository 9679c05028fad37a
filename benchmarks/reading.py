"""Our full parse beside what others do with the same pages of 64 to 80 KB, in one run on one core."""

from __future__ import annotations

import gc
import subprocess
import sys
from html import escape
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from rich.console import Console
from rich.table import Table

from benchmarks.readers import NAMES, Reader, readers
from sample.corpus import sheets
from sample.forms.markup import html_of
from sample.sheet import Sheet

_PAGES = 12
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


def run(seconds: float, seed: int) -> None:
    """Print pages a second, ratios and peak memory of each reader."""
    made = pages(seed)
    sizes = [len(page) // 1000 for page in made]
    table = Table(title=f"{len(made)} pages of {min(sizes)} to {max(sizes)} KB")
    for column in (
        "reader",
        "pages a second",
        "ms a page",
        "times lxml alone",
        "ours is faster by",
        "peak memory",
    ):
        table.add_column(column, justify="left" if column == "reader" else "right")
    rates = _rates(readers(), made, seconds)
    for name in NAMES:
        table.add_row(name, *_row(name, rates, made))
    Console(width=120).print(table)


def _row(name: str, rates: dict[str, float], made: list[bytes]) -> list[str]:
    if name not in rates:
        return ["not installed", "", "", "", ""]
    lxml, ours, rate = rates[NAMES[1]], rates[NAMES[0]], rates[name]
    return [
        f"{rate:.1f}",
        f"{1000 / rate:.1f}",
        f"{lxml / rate:.2f}",
        f"{ours / rate:.2f}",
        _memory(name, made),
    ]


def _rates(found: dict[str, Reader], made: list[bytes], seconds: float) -> dict[str, float]:
    """Pages a second of processor time: of the rounds in which the readers take turns, the one in the middle.

    A round before warms up; modules are frozen, as they are in our workers.
    """
    _round(found, made)
    gc.collect()
    gc.freeze()
    rounds, start = [_round(found, made)], process_time()
    while process_time() - start < seconds * len(found):
        rounds.append(_round(found, made))
    return {name: len(made) / median(spent[name] for spent in rounds) for name in found}


def _round(found: dict[str, Reader], made: list[bytes]) -> dict[str, float]:
    """Seconds of processor time that each reader takes for all pages."""
    spent = {}
    for name, reader in found.items():
        start = process_time()
        for page in made:
            reader(page)
        spent[name] = process_time() - start
    return spent


def _memory(name: str, made: list[bytes]) -> str:
    """Peak memory of a process of its own that reads every page once, its imports included."""
    with TemporaryDirectory() as directory:
        for number, page in enumerate(made):
            (Path(directory) / f"{number}.html").write_bytes(page)
        command = [sys.executable, "-m", "benchmarks.readers", directory, name]
        peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return f"{int(peak) / 1024:.0f} MB"


def pages(seed: int) -> list[bytes]:
    """Reports pasted from Word in a page of a portal, each of 64 to 80 KB."""
    random = Random(f"{seed} pages")
    every = [*sheets("G2019", seed), *sheets("G2021", seed)]
    return [page_of(sheet).encode() for sheet in random.sample(every, _PAGES)]


def page_of(sheet: Sheet) -> str:
    """A report in a page of a portal, of 64 to 80 KB where it can be."""
    for skin in (2, 1):
        article = html_of(sheet, skin)
        page = _around(sheet.title, article, 0)
        room = _SMALLEST - len(page.encode())
        if len(page.encode()) <= _LARGEST:
            return _around(sheet.title, article, max(0, room // 130 + 20 if room > 0 else 0))
    return page


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
