"""Beside a column and beside an article: the menu in which a column stands, the pages that an article annexes."""

from __future__ import annotations

from archive.outcomes import FrontierRequest, RequestKind
from crawler.discovery.decisions import beside
from crawler.discovery.reading import Reader, Reading
from crawler.links import MAX_ANNEXED, annexed
from crawler.page import Page

HOST = "http://www.mou.gov.cn"
OWN = f"{HOST}/zfxxgk/nb/bm/"
TITLE = "某县教育局2022年政府信息公开工作年度报告"


def _page(markup: str, url: str = OWN) -> Page:
    return Page(url, f"<html><body>{markup}</body></html>".encode(), "text/html")


def _read(markup: str, url: str = OWN, kind: RequestKind = RequestKind.LISTING) -> Reading:
    asked = FrontierRequest(url, kind, meta={"root": url, "entry": kind is RequestKind.LISTING})
    return Reader(lambda each: each.startswith(HOST)).read(_page(markup, url), asked)


def _followed(reading: Reading) -> set[str]:
    return {child.url.removeprefix(HOST) for child in reading.children}


MENU = (
    '<div class="left"><ul><li><a href="/zfxxgk/nb/bm/">县直部门</a></li><li><a href="/zfxxgk/nb/xz/">乡镇街道</a></li>'
    '<li><a href="/zfxxgk/nb/2021/">2021年</a></li><li><a href="/zfxxgk/zn/">公开指南</a></li>'
    '<li><a href="/zfxxgk/nb/zfb/">政府办年报</a></li><li><a href="/zfxxgk/tjj/tj/">统计年报</a></li>'
    '<li><a href="/other/xxgknb/">历年年报</a></li><li><a href="/zwdt/">部门动态</a></li></ul></div>'
)
ROW = f'<ul><li><a href="1.html">{TITLE}</a><span>2023-01-20</span></li></ul>'


def test_columns_that_only_the_menu_of_a_column_links_are_followed() -> None:
    assert _followed(_read(MENU + ROW)) == {
        "/zfxxgk/nb/bm/1.html",
        "/zfxxgk/nb/xz/",
        "/zfxxgk/nb/2021/",
        "/zfxxgk/nb/zfb/",
        "/other/xxgknb/",
    }


def test_a_menu_in_which_the_column_does_not_stand_says_nothing() -> None:
    other = (
        MENU.replace("/zfxxgk/nb/bm/", "/zfxxgk/zn/bm/")
        .replace("/zfxxgk/nb/", "/zfxxgk/zn/")
        .replace("2021", "今")
    )
    assert _followed(_read(other + ROW)) == {"/zfxxgk/nb/bm/1.html"}


def test_a_menu_of_another_site_says_nothing() -> None:
    away = MENU.replace('"/zfxxgk/nb/xz/', '"http://xz.mou.gov.cn/zfxxgk/nb/')
    assert "http://xz.mou.gov.cn/zfxxgk/nb/" not in _followed(_read(away + ROW))


def test_what_is_too_long_is_the_page_and_no_menu() -> None:
    many = "".join(f'<a href="/zfxxgk/nb/{year}/">{year}年</a>' for year in range(1900, 2000))
    assert beside(
        _page(f'<p><a href="{OWN}">本栏目</a></p><div><a href="{OWN}">年报</a>{many}</div>'), OWN
    ) == {OWN}
    assert len(beside(_page("".join(f'<a href="{OWN}">年报</a>' for _ in range(5000))), OWN)) <= 1


STUB = "<h1>关于公布{}的通知</h1><p>现将年度报告予以公布，详见附件。</p>"
ARTICLE = f"{HOST}/tz/202301/t20230120_5.html"


def _annexes(around: str) -> set[str]:
    return _followed(_read(STUB.format(TITLE) + around, ARTICLE, RequestKind.DOCUMENT))


def test_what_a_stub_annexes_is_asked_for_whatever_it_is() -> None:
    found = _read(
        STUB.format(TITLE) + f'<p>附件：<a href="/files/5.htm">{TITLE}</a></p>', ARTICLE, RequestKind.DOCUMENT
    )
    (child,) = found.children
    assert (child.url, child.kind, child.meta["inside"]) == (
        f"{HOST}/files/5.htm",
        RequestKind.ATTACHMENT,
        True,
    )
    assert _annexes(f'<p>附件1. <a href="/files/6.txt">{TITLE}</a></p>') == {"/files/6.txt"}
    assert _annexes(f'<p>附件：<a href="/files/7.doc">{TITLE}</a></p>') == {"/files/7.doc"}


def test_what_is_not_said_to_be_annexed_is_not() -> None:
    assert _annexes('<p>上一篇：<a href="/tz/4.htm">关于召开会议的通知</a></p>') == set()
    assert _annexes('<p>附件：<a href="/files/8.htm">公开指南</a></p>') == set()


def test_what_is_annexed_is_bounded() -> None:
    links = "".join(f'附件<a href="/files/{n}.htm">附件{n}</a>' for n in range(4000))
    assert len(annexed(_page(f"<p>{links}</p>", ARTICLE))) == MAX_ANNEXED
    assert annexed(_page(f"<p>上一篇 {links}</p>".replace(">附件", ">"), ARTICLE)) == []
