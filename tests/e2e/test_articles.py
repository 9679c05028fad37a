"""Reports over several pages of an article: found, kept and read whole, and a version only where they changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import crawling
import pytest
from clocks import MachineClock
from lxml import html
from mockserver import MockServer, Reply

from archive.derived import derive
from archive.store import Archive
from parsers.readers import mhtml
from parsers.report import parse
from sample.forms.markup import as_html
from sample.make import country
from sample.truth import Form, Truth
from web import files
from web.drawing import marking

REPORT = next(report for report in country().reports if report.form is Form.PAGE and report.year == 2023)
PAGES = 3
SKIN = (
    "<html><head><title>{title}</title></head><body><div class='top'><a href='/'>首页</a> 今天是3月{number}日</div>"
    "<div class='main'><h1>{title}</h1><div class='info'>浏览次数：{count}</div><div class='con'>{text}</div>{pager}</div>"
    "<div class='news'><ul><li><a href='/news'>第{count}号新闻</a></li></ul></div><div>版权所有：某县</div></body></html>"
)


def named(pager: str, number: int) -> str:
    """The address of a page of the article."""
    return "/nb/t20240130_7.html" if number == 0 else f"/nb/t20240130_7_{number + (pager != 'trs')}.html"


def turned(pager: str, number: int) -> str:
    """What turns the pages of the article, on one of them."""
    if pager == "trs":
        return f'<script>createPageHTML({PAGES}, {number}, "t20240130_7", "html");</script>'
    if pager == "next":
        is_last = number == PAGES - 1
        return "" if is_last else f'<div class="turn"><a href="{named(pager, number + 1)}">下一页</a></div>'
    links = "".join(f'<a href="{named(pager, each)}">{each + 1}</a> ' for each in range(PAGES))
    return f'<div class="turn">上一页 {links} 下一页</div>'


def pieces(report: Truth) -> list[str]:
    """The report's own lines and tables, each as markup."""
    found = html.fragments_fromstring(as_html(report))
    found = list(found[0]) if len(found) == 1 else found
    return [each if isinstance(each, str) else html.tostring(each, encoding="unicode") for each in found]


def site(pager: str, count: int, text: list[str], title: str = REPORT.title) -> dict[str, Any]:
    """A column with one report, cut into pages that bear a title."""
    cuts = [len(text) * number // PAGES for number in range(PAGES + 1)]
    pages = {
        named(pager, number): SKIN.format(
            title=title,
            number=number + 1,
            count=count + 17 * number,
            text="".join(text[cuts[number] : cuts[number + 1]]),
            pager=turned(pager, number),
        )
        for number in range(PAGES)
    }
    listed = f'<li><a href="{named(pager, 0)}">{REPORT.title}</a><span>2024-01-30</span></li>'
    return {"/nb/": f"<html><body><ul>{listed}</ul></body></html>", **pages}


@pytest.mark.parametrize("pager", ["trs", "next", "numbers"])
def test_a_report_over_several_pages_is_read_whole_and_has_no_version_by_noise(
    tmp_path: Path, pager: str
) -> None:
    clock, text = MachineClock(tmp_path / "clock"), pieces(REPORT)
    alone = parse(SKIN.format(title=REPORT.title, number=1, count=1, text="".join(text), pager="").encode())
    with MockServer(site(pager, 100, text)) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")], name=REPORT.body.name)
        crawling.crawl(db, registered, environment=clock.environment)
        with Archive.open(db) as archive:
            assert derive.read(archive).versions == 1
            (kept,) = rows(archive, "select sha256 from capture where kind = 'document'")
            whole = parse(archive.blob(kept[0]))
        assert len(alone.figures) > 150
        assert [(each.code, each.value) for each in whole.figures] == [
            (each.code, each.value) for each in alone.figures
        ]
        assert whole.sections == alone.sections
        server.routes = site(pager, 900, text)
        clock.set_by(timedelta(days=1))
        crawling.crawl(db, registered, recheck="all", environment=clock.environment)
        with Archive.open(db) as archive:
            assert derive.read(archive).versions == 0
        last = [line.replace("<p", "<p data-new", 1) for line in text[:-1]] + [
            "<p>本报告所列数据经过两次核对，以此为准。</p>",
            text[-1],
        ]
        server.routes = site(pager, 1900, last)
        clock.set_by(timedelta(days=2))
        crawling.crawl(db, registered, recheck="all", environment=clock.environment)
        with Archive.open(db) as archive:
            assert derive.read(archive).versions == 1


def test_a_page_that_fails_once_is_asked_for_again_and_the_report_has_one_version(tmp_path: Path) -> None:
    routes = site("numbers", 100, pieces(REPORT))
    answers = [Reply("", 503), Reply(routes[named("numbers", 2)])]
    routes[named("numbers", 2)] = lambda _asked: answers.pop(0) if len(answers) > 1 else answers[0]
    with MockServer(routes) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")], name=REPORT.body.name)
        crawling.crawl(db, registered)
    with Archive.open(db) as archive:
        assert derive.read(archive).versions == 1
        kinds = rows(archive, "select content_type from capture where kind = 'document'")
        said = rows(archive, "select outcome, reason from fetch where kind = 'document' order by at")
    assert [kind.partition(";")[0] for (kind,) in kinds] == ["multipart/mixed"]
    assert [outcome for outcome, _reason in said] == ["partial", "ok"]
    assert said[0][1].startswith("the article goes on at ")


def test_a_first_page_that_shows_little_of_its_report_is_looked_into_and_followed(tmp_path: Path) -> None:
    text = ["<p>现将有关情况公布如下。</p>"] * len(pieces(REPORT))
    with MockServer(site("numbers", 100, text + pieces(REPORT) * 2, title="本局文件")) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")], name=REPORT.body.name)
        crawling.crawl(db, registered)
        assert any("looks-how-a-missing-page-looks" in asked.path for asked in server.log)
    with Archive.open(db) as archive:
        (kept,) = rows(archive, "select sha256 from capture where kind = 'document'")
        assert len(mhtml.pages_of(archive.blob(kept[0]))) == PAGES


def test_a_page_packed_in_a_way_that_nobody_takes_off_is_none(tmp_path: Path) -> None:
    routes = site("numbers", 100, pieces(REPORT))
    routes[named("numbers", 2)] = Reply(
        routes[named("numbers", 2)], headers={"Content-Encoding": "x-own", "Content-Type": "text/html"}
    )
    with MockServer(routes) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")], name=REPORT.body.name)
        crawling.crawl(db, registered)
    with Archive.open(db) as archive:
        said = rows(archive, "select outcome, reason from fetch where kind = 'document' order by at")
        asked = rows(archive, "select distinct outcome, reason from fetch where url like '%_3.html'")
    assert [outcome for outcome, _reason in said] == ["partial", "partial", "ok"]
    assert asked == [("http_error", "packed as x-own, which was not asked for")]


def test_a_page_that_never_comes_is_said_and_asked_for_the_next_night(tmp_path: Path) -> None:
    clock, routes = MachineClock(tmp_path / "clock"), site("numbers", 100, pieces(REPORT))
    whole = dict(routes)
    routes.pop(named("numbers", 2))
    with MockServer(routes) as server:
        db = tmp_path / "a.db"
        registered = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")], name=REPORT.body.name)
        crawling.crawl(db, registered, environment=clock.environment)
        with Archive.open(db) as archive:
            said = rows(archive, "select outcome, reason from fetch where kind = 'document' order by at")
        assert [outcome for outcome, _reason in said] == ["partial", "partial", "ok"]
        assert said[-1][1].startswith("the article goes on at ")
        server.routes = whole
        clock.set_by(timedelta(days=1))
        crawling.crawl(db, registered, environment=clock.environment)
    with Archive.open(db) as archive:
        kinds = rows(archive, "select content_type from capture where kind = 'document' order by first_seen")
    assert [kind.partition(";")[0] for (kind,) in kinds] == ["text/html", "multipart/mixed"]


def test_the_same_pages_give_the_same_bytes_and_keep_theirs() -> None:
    pages = [("http://x/1.html", b"<p>\xb9\xab\xbf\xaa</p>\r\n"), ("http://x/1_2.html", b"<p>two</p>")]
    file = mhtml.of_article(pages)
    assert file == mhtml.of_article(pages)
    assert mhtml.claims(file)
    assert all(data in file for _url, data in pages)


def test_a_figure_is_shown_in_the_pages_joined() -> None:
    shown = site("numbers", 100, pieces(REPORT))
    file = mhtml.of_article([(path, page.encode()) for path, page in shown.items() if path != "/nb/"])
    capture = {"data": file, "content_type": "multipart/mixed; boundary=x", "sha256": "0" * 64}
    page = files.page_of(capture)
    assert page is not None
    assert not files.shown_type(capture)
    for figure in (report := parse(file)).figures[:: len(report.figures) // 7]:
        assert figure.place.encode() in (marking.marked(*page, figure.place) or b"")


def rows(archive: Archive, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in archive.db.execute(sql)]
