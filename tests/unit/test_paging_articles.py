"""Which addresses are further pages of an article, and which are other articles."""

from __future__ import annotations

import pytest

from crawler.page import Page
from crawler.paging.articles import following

OWN = "http://x/a/t2021_123.html"


@pytest.mark.parametrize(
    ("own", "markup", "found"),
    [
        (OWN, '<script>createPageHTML(3, 0, "t2021_123", "html")</script>', ["t2021_123_1.html", "t2021_123_2.html"]),
        (OWN, '<a href="t2021_123_2.html">2</a><a href="t2021_123_2.html">下一页</a>', ["t2021_123_2.html"]),
        (OWN, '<a href="t2021_124.html">下一页</a>', []),
        (OWN, '<a href="t2021_123_2.html">附件</a><a href="t2021_124.html">下一页</a>', []),
        (OWN, '<a href="t2021_1232.html">下一页</a>', []),
        ("http://x/a/s.jsp?id=4", '<a href="?id=4&page=2">下一页</a>', ["s.jsp?id=4&page=2"]),
        ("http://x/a/s.jsp?id=4", '<a href="?id=5">下一页</a>', []),
        ("http://x/a/8/", '<a href="/a/8/2/">下一页</a>', ["8/2/"]),
        (OWN, '<a href="http://y/a/t2021_123_2.html">下一页</a>', []),
    ],
)  # fmt: skip
def test_pages_of_an_article_are_called_as_it_is(own: str, markup: str, found: list[str]) -> None:
    page = Page(own, f"<html><body>{markup}</body></html>".encode(), "text/html")
    assert following(page, own) == ["http://x/a/" + each for each in found]
