"""`nianbao parse --show` in a real browser: every mark stands on what was read, and nothing of the source runs."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pdfplumber
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from pypdfium2 import PdfDocument
from test_readers_spreadsheet import sheet, workbook

from nianbao import show
from nianbao.front.exits import Exit
from nianbao.show.lines import drawn as drawn_text
from nianbao.show.marks import Mark, marks_of
from nianbao.show.pictures import drawn_pdf, drawn_picture
from parsers.records import Figure, Proof, State
from parsers.report import parse
from sample.forms.markup import as_html
from sample.forms.pdf import as_pdf
from sample.forms.plain import as_text
from sample.forms.word import as_docx
from sample.make import country
from sample.truth import Truth
from tests.corpus.documents import sheets
from tests.corpus.quirks import QUIRKS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
CODE = "t3_new_received__total"
BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
]


@cache
def truth() -> Truth:
    """The report of the country that received the most requests."""
    return max(country().reports, key=lambda report: report.figures[CODE] or 0)


def as_page(report: Truth, before: str = "", skin: int | None = None) -> bytes:
    """A whole page of a site around the report."""
    menu = "<table><tr><td>首页</td><td>政务公开</td></tr></table>"
    body = f"{menu}<h1>{report.title}</h1>{as_html(report, skin=skin)}"
    return f'<html><head><meta charset="utf-8"></head><body>{before}{body}</body></html>'.encode()


MADE: dict[str, Callable[[Truth], bytes]] = {
    "page.html": as_page,
    "word.html": lambda report: as_page(report, skin=2),
    "report.txt": lambda report: as_text(report).encode(),
    "report.gb.txt": lambda report: as_text(report).replace("\n", "\r\n").encode("gb18030"),
    "report.docx": as_docx,
}


@dataclass
class Opened:
    """A shown source in the browser, what it asked for and what it said."""

    page: Page
    asked: list[str]
    said: list[str]

    def show(self, data: bytes, name: str, folder: Path) -> None:
        """Write the page and open it from the disk, as a person would."""
        path = folder / f"{name}.show.html"
        path.write_text(show.page(data, name), encoding="utf-8")
        self.page.goto(path.as_uri())

    def press(self, code: str) -> None:
        """Press a figure in the list."""
        self.page.locator(f"nav li[id$='-{code}'] a").click()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    made = Opened(page, [], [])
    page.on("request", lambda request: made.asked.append(request.url))
    page.on("console", lambda message: made.said.append(message.text))
    page.on("dialog", lambda dialog: (made.said.append(dialog.message), dialog.dismiss()))
    yield made
    page.close()
    assert all(url.startswith(("file:", "data:image/png;base64,")) for url in made.asked)
    assert made.said == []


def own_text(page: Page) -> str:
    """What the marked cell itself prints, without the label that hangs at it."""
    return str(
        page.locator(".mark:target").evaluate(
            "e => [...e.childNodes].filter(n => n.className !== 'tag').map(n => n.textContent).join('').trim()"
        )
    )


class TestInTheBrowser:
    """One made report in every container."""

    pytestmark = BROWSER

    @pytest.mark.parametrize("name", MADE)
    def test_a_pressed_figure_leads_to_its_number(self, opened: Opened, name: str, tmp_path: Path) -> None:
        opened.show(MADE[name](truth()), name, tmp_path)
        opened.press(CODE)
        assert own_text(opened.page) == str(truth().figures[CODE])
        assert opened.page.locator(".mark:target").is_visible()
        box = opened.page.locator(".mark:target").bounding_box()
        assert box is not None
        assert 0 < box["y"] < 900

    def test_a_number_in_a_narrow_column_stays_on_its_line(self, opened: Opened, tmp_path: Path) -> None:
        """13612 as 136 above 12 would be no number that a person can check."""
        data = as_page(truth()).replace(f">{truth().figures[CODE]}<".encode(), b">13612<")
        opened.page.set_viewport_size({"width": 1100, "height": 900})
        opened.show(data, "report.html", tmp_path)
        lines = opened.page.locator("td.mark", has_text="13612").evaluate_all(
            "cells => cells.map(cell => { const range = document.createRange();"
            " range.selectNodeContents([...cell.childNodes].find(one => one.textContent.includes('13612')));"
            " return range.getClientRects().length; })"
        )
        assert lines
        assert set(lines) == {1}

    def test_a_box_stands_on_its_number_in_a_pdf(self, opened: Opened, tmp_path: Path) -> None:
        data = as_pdf(truth())
        opened.show(data, "report.pdf", tmp_path)
        for code in (CODE, "t3_carried_out__natural", "t4_review_total"):
            opened.press(code)
            number, box = opened.page.locator(".mark:target").evaluate(
                """e => { const sheet = e.parentElement.querySelector('img'), b = e.getBoundingClientRect(),
                  s = sheet.getBoundingClientRect(); if (!sheet.naturalWidth) return null;
                  return [+sheet.alt.match(/[0-9]+/)[0], [(b.left - s.left) / s.width, (b.top - s.top) / s.height,
                    (b.right - s.left) / s.width, (b.bottom - s.top) / s.height]]; }"""
            )
            assert printed(data, number, box) == str(truth().figures[code])

    def test_pointing_at_a_cell_says_what_was_read(self, opened: Opened, tmp_path: Path) -> None:
        opened.show(as_page(truth()), "page.html", tmp_path)
        cell = opened.page.locator("td.mark").filter(has=opened.page.locator(f"a[href$='-{CODE}']"))
        assert not cell.locator(".tag").is_visible()
        cell.hover()
        assert cell.locator(".tag").inner_text() == f"{CODE} {truth().figures[CODE]:,} 件"
        cell.locator(".tag").click()
        assert opened.page.locator("li:target .value").inner_text() == f"{truth().figures[CODE]:,} 件"

    def test_nothing_of_a_hostile_page_runs_or_loads(self, opened: Opened, tmp_path: Path) -> None:
        opened.show(as_page(truth(), HOSTILE), "<img src=x onerror=alert(9)>", tmp_path)
        opened.page.wait_for_timeout(300)
        page = opened.page
        assert (
            page.locator("script, iframe, form, input, object, embed, base, link, svg, main img").count() == 0
        )
        assert (
            page.locator("main [style], main [onclick], main [onmouseover], main a[href^=java]").count() == 0
        )
        assert page.evaluate("document.title") == "<img src=x onerror=alert(9)> · 年报 Nianbao"
        assert page.locator("meta[http-equiv]").count() == 1

    def test_it_can_be_looked_at(self, opened: Opened, tmp_path: Path) -> None:
        opened.show(as_page(truth()), "page.html", tmp_path)
        main = opened.page.locator("td.mark.proven").first
        assert main.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(220, 239, 227)"
        assert len(opened.page.screenshot()) > 50_000


HOSTILE = """
<script>alert(1)</script><style>@import url(http://evil.example/a.css); body{background:url(http://evil.example/b)}</style>
<base href="http://evil.example/"><meta http-equiv="refresh" content="0;url=http://evil.example/">
<link rel="stylesheet" href="http://evil.example/c.css"><iframe src="http://evil.example/d"></iframe>
<img src="http://evil.example/e.png" onerror="alert(2)"><svg onload="alert(3)"><a href="javascript:alert(4)">x</a></svg>
<div onclick="alert(5)" onmouseover="alert(6)" style="background:url(http://evil.example/f)">云</div>
<form action="http://evil.example/g"><input autofocus onfocus="alert(7)"><button>提交</button></form>
<object data="http://evil.example/h"></object><embed src="http://evil.example/i"><video src="http://evil.example/j"></video>
<a href="javascript:alert(8)">岭</a><noscript><table><tr><td>9</td></tr></table></noscript>
<p title="</p><script>alert(10)</script>" id="m1-1">&lt;script&gt;alert(11)&lt;/script&gt;</p>
"""


def printed(data: bytes, number: int, box: list[float]) -> str:
    """The text of a PDF in a part of one of its pages."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[number - 1]
        x0, top, x1, bottom = box
        place = (x0 * page.width, top * page.height, x1 * page.width, bottom * page.height)
        return str(page.crop(place).extract_text()).strip()


@pytest.mark.parametrize("name", [*MADE, "report.pdf"])
def test_every_figure_is_marked_and_listed(name: str) -> None:
    data = MADE[name](truth()) if name in MADE else as_pdf(truth())
    text = show.page(data, name)
    report = parse(data)
    marks = marks_of(report, "m1-")
    assert sum(len(mark.figures) for mark in marks.values()) == len(report.figures) >= 198
    for mark in marks.values():
        assert f'id="{mark.id}" class="mark {mark.kind}' in text
    assert text.count("<li id=") == len(report.figures)
    assert '<span class="nowhere"' not in text


def test_every_figure_of_blocks_of_two_generations_is_listed() -> None:
    mixed = QUIRKS["old_blocks_in_table_two"]
    data = mixed.printers["html"](mixed.change(sheets("G2021", 1)[0], Random(2)), Random(2))
    report = parse(data)
    assert any("printed as in" in warning for warning in report.warnings)
    assert show.page(data, "page.html").count("<li id=") == len(report.figures)


def test_a_contradicted_cell_is_marked_so_and_the_finding_is_said() -> None:
    wrong = next(report for report in country().reports if report.printed_errors)
    text = show.page(as_page(wrong), "page.html")
    assert 'class="mark contradicted' in text
    assert "不相等" in text


def test_digits_of_several_cells_are_one_mark() -> None:
    text = as_text(truth()).replace("\t", "  ")
    lines = [line for line in text.splitlines() if "本年新收" in line]
    (line,) = [line for line in lines if line.startswith("一、本年新收")]
    glued = line.split()[0] + "".join(line.split()[1:])
    shown = show.page(text.replace(line, glued).encode(), "glued.txt")
    assert shown.count('class="mark ') > 100


def test_a_line_that_is_not_what_its_places_say_is_marked_as_a_whole() -> None:
    def mark(number: int, raw: str) -> Mark:
        figure = Figure(f"c{number}", int(raw), State.NUMBER, raw, "件", Proof.UNPROVEN, "")
        return Mark(f"m{number}", f"line 1 column {number}", (figure,))

    made = drawn_text("规章 8 12".encode(), {m.place: m for m in (mark(4, "8"), mark(6, "12"))})
    assert 'class="mark unproven"' in made.html
    made = drawn_text("规章 8 12".encode(), {m.place: m for m in (mark(4, "8"), mark(6, "1"))})
    assert "somewhere" in made.html
    assert "mark" not in made.html.replace("marked", "")


def test_spaces_before_a_figure_stay_outside_its_mark() -> None:
    figure = Figure("c1", 58, State.NUMBER, "58", "件", Proof.PROVEN, "line 1 column 4")
    made = drawn_text("甲\t \u3000 58 ".encode(), {figure.place: Mark("m1", figure.place, (figure,))})
    assert "</a>58</span>" in made.html


def test_a_page_whose_places_do_not_fit_is_drawn_from_its_blocks() -> None:
    """An article that a script holds: the tables of its places are not those of the page."""
    inside = json.dumps(as_html(truth()))
    data = f'<html><body><table><tr><td>x</td></tr></table><script>var a={{"content":{inside}}}</script>'
    text = show.page(data.encode(), "hidden.html")
    assert 'class="mark proven' in text or "不是年度报告" in text


def test_a_zip_shows_each_report_in_it() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("一.docx", as_docx(truth()))
        package.writestr("二.txt", as_text(country().reports[0]))
        package.writestr("三.bin", b"\0\1\2\3" * 50)
    text = show.page(target.getvalue(), "all.zip")
    assert text.count("<h1>") == 2
    assert 'id="m1-1"' in text
    assert 'id="m2-1"' in text


def test_a_sheet_is_drawn_as_a_grid() -> None:
    rows: list[list[str | float | None]] = [
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", 1, 2, 3],
    ]
    text = show.page(workbook(sheet(rows)), "a.xlsx")
    assert re.search(r'<td id="m1-1" class="mark \w+"><a class="tag".+?</a>1</td>', text)


def test_a_page_that_is_cropped_keeps_its_boxes() -> None:
    """Places count from the corner of what is seen."""
    data = cropped(as_pdf(truth()))
    marks = marks_of(parse(data), "m1-")
    css = drawn_pdf(data, marks).css
    pdf = PdfDocument(data)
    assert len(marks) >= 198
    for mark in marks.values():
        (found,) = re.findall(rf"#{mark.id} {{ left: (.+)%; top: (.+)%; width: (.+)%; height: (.+)% }}", css)
        x, y, width, height = (float(share) / 100 for share in found)
        page = pdf[int(mark.place.split()[1]) - 1]
        left, bottom, right, top = page.get_cropbox()
        across, down = right - left, top - bottom
        box = (left + x * across, top - (y + height) * down, left + (x + width) * across, top - y * down)
        assert page.get_textpage().get_text_bounded(*box).strip() == mark.figures[0].raw


def cropped(data: bytes) -> bytes:
    """A PDF of which readers see less than there is."""
    pdf = PdfDocument(data)
    for page in pdf:
        left, bottom, right, top = page.get_mediabox()
        page.set_cropbox(left + 20, bottom + 30, right - 10, top - 25)
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def test_a_picture_is_drawn_with_its_boxes() -> None:
    target = io.BytesIO()
    Image.new("RGB", (3200, 1000), "white").save(target, "PNG")
    figure = Figure("c", None, State.ILLEGIBLE, "\ufffd", "件", Proof.UNPROVEN, "page 1 1600,100,2400,200")
    made = drawn_picture(target.getvalue(), {figure.place: Mark("m1", figure.place, (figure,))})
    assert "#m1 { left: 50.00%; top: 10.00%; width: 25.00%; height: 10.00% }" in made.css
    assert 'class="mark illegible right"' in made.html


def test_a_large_file_is_drawn_where_its_figures_are() -> None:
    text = "第一行\n" * 20_000 + as_text(truth()) + "末行\n" * 20_000
    shown = show.page(text.encode(), "large.txt")
    assert "只画出有数据处的上下文" in shown
    assert shown.count('class="line"') < 3_000
    assert f"-{CODE}" in shown


def test_what_is_no_report_says_so() -> None:
    text = show.page("<html><body><p>今天天气很好。</p></body></html>".encode(), "weather.html")
    assert "不是年度报告" in text
    assert "今天天气很好" in text


class TestTheCommand:
    """`nianbao parse --show` as it is called."""

    def test_it_writes_beside_the_reader_and_prints_the_path(
        self, nianbao: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "page.html").write_bytes(as_page(truth()))
        monkeypatch.chdir(tmp_path)
        ended = nianbao("parse", "in/page.html", "--show")
        assert (ended.code, ended.out, ended.err) == (0, "page.html.show.html\n", "")
        assert "<!doctype html>" in (tmp_path / "page.html.show.html").read_text("utf-8")

    def test_standard_input_and_json(self, nianbao: Callable[..., Any], tmp_path: Path) -> None:
        target = tmp_path / "shown.html"
        ended = nianbao("parse", "-", "--show", "--out", target, "--json", stdin=as_page(truth()))
        said = json.loads(ended.out)
        assert (said["show"], said["title"]) == (str(target), truth().title)
        assert target.is_file()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["page.html", "--out", "x.html"], "give --show too"),
            (["page.html", "--show", "--out", "none/x.html"], "none/x.html: no such file"),
            (["page.html", "--show", "--out", "page.html"], "is the source itself"),
            (["broken.bin", "--show"], "not a file of a known kind"),
        ],
    )
    def test_what_is_wrong_is_one_line(
        self,
        nianbao: Callable[..., Any],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        arguments: list[str],
        words: str,
    ) -> None:
        (tmp_path / "page.html").write_bytes(as_page(truth()))
        (tmp_path / "broken.bin").write_bytes(b"\0\1\2\3" * 50)
        monkeypatch.chdir(tmp_path)
        ended = nianbao("parse", *arguments)
        assert (ended.code, ended.out) == (Exit.USAGE, "")
        assert words in ended.err
        assert ended.err.count("\n") == 1
