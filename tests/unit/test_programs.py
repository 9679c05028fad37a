"""Scripts in files that a listing in doubt asks for, and the page with them in it."""

from __future__ import annotations

import pytest

from archive.outcomes import FrontierRequest, RequestKind
from crawler.discovery.programs import (
    OF,
    has_bare_pager,
    is_in_doubt,
    page_request,
    requests,
    scripts_of,
    with_scripts,
)
from crawler.discovery.ways import Shown
from crawler.page import Page
from crawler.paging.pagers import called

URL = "http://a.gov.cn/nb/index.html"
ASKED = FrontierRequest(URL, RequestKind.LISTING, meta={"root": URL, "entry": True})
FULL = Shown(3, 3, 3, True)


def page(markup: str) -> Page:
    return Page(URL, f"<html><body>{markup}</body></html>".encode(), "text/html")


def test_libraries_are_left_where_they_are_and_the_likeliest_comes_first() -> None:
    names = ("/js/jquery-3.6.0.min.js", "x.js", "../js/fy.js?v=3", "//b.gov.cn/page.js", "/js/swiper.js")
    found = scripts_of(
        page("".join(f"<script type='text/javascript' src='{name}'></script>" for name in names))
    )
    assert found == ["http://a.gov.cn/js/fy.js?v=3", "http://b.gov.cn/page.js", "http://a.gov.cn/nb/x.js"]


@pytest.mark.parametrize(
    ("markup", "shown", "doubted"),
    [
        ("<ul><li>1</li></ul>", FULL, False),
        ("<ul><li>1</li></ul>", Shown(3, 3, 8, True), True),
        ("<div id=app></div>", Shown(0, 0, None, False), True),
        ("<div class='m-page'></div>", FULL, True),
        ("<div class='page'>1 2</div><div class='homepage'></div>", FULL, False),
    ],
)
def test_doubt(markup: str, shown: Shown, doubted: bool) -> None:
    assert is_in_doubt(page(markup), ASKED, shown) is doubted
    assert has_bare_pager(page(markup)) is (doubted and shown is FULL)


def test_a_script_knows_the_page_that_needs_it_and_is_asked_for_once() -> None:
    (one,) = requests(page("<script src=/js/fy.js></script>"), ASKED, lambda _url: True, shows=False)
    assert (one.url, one.meta["entry"]) == ("http://a.gov.cn/js/fy.js", True)
    again = page_request(one)
    assert again is not None
    assert OF not in again.meta
    assert again.id == ASKED.id
    assert not is_in_doubt(page(""), again, Shown(0, 0, None, False))
    assert requests(page("<script src=/js/fy.js></script>"), ASKED, lambda _url: False, shows=False) == []


def test_a_page_with_its_scripts_is_turned_as_they_turn_it() -> None:
    bare = page("<a href='#' onclick='go(2)'>2</a><script src='/js/fy.js'></script>")
    assert called(bare) == []
    code = b"function go(n) { location.href = 'nb_' + n + '.html'; } // </script>"
    whole = with_scripts(bare, {"http://a.gov.cn/js/fy.js": code})
    assert [each.url for each in called(whole)] == ["http://a.gov.cn/nb/nb_2.html"]
