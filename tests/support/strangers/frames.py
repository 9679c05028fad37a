"""Lists in frames, bases and addresses in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from mockserver import Asked, Reply

from strangers.site import Paper, Stranger, article, cells, chunks, divs, frame, paged, papers, site


@site
def framed_list(place: str) -> Stranger:
    """A column with a menu and words of its own, whose list stands in a frame."""
    own = Stranger("framed_list", place, papers(place, lambda p: f"/nb/{p.number}.htm"), "/nb/index.htm")
    words = (
        "<p>本专栏依照《中华人民共和国政府信息公开条例》的规定设置，公开本县各机关的有关信息，欢迎监督。</p>"
        * 20
    )
    own.text(own.entry, frame("年报", f"{words}<iframe id='list' width=100% src='list_1.htm'></iframe>"))

    def draw(page: list[Paper], at: int, last: int) -> str:
        return divs(page) + (f"<a href=list_{at + 1}.htm>下一页</a>" if at < last else "")

    paged(own, lambda n: f"/nb/list_{n}.htm", draw)
    own.details(article)
    return own


@site
def frameset(place: str) -> Stranger:
    """The whole site in frames."""
    own = Stranger("frameset", place, papers(place, lambda p: f"/gkml/{p.number}.htm"), "/gkml/nb.htm")
    own.routes[own.entry] = own.reply(
        "<html><head><title>年报</title></head><frameset cols='20%,*'><frame src='left.htm'><frame name=main src='nb_list.htm'></frameset></html>"
    )
    own.text("/gkml/left.htm", "<html><body><a target=main href='zn.htm'>信息公开指南</a></body></html>")

    def draw(page: list[Paper], at: int, last: int) -> str:
        return cells(page) + (f"<a href=nb_list{at + 1}.htm>下一页</a>" if at < last else "")

    paged(own, lambda n: "/gkml/nb_list" + (f"{n}" if n > 1 else "") + ".htm", draw)
    own.details(article)
    return own


@site
def based(place: str) -> Stranger:
    """A base, links relative to it, and others that name the host without a scheme or with backslashes."""
    own = Stranger(
        "based", place, papers(place, lambda p: f"/site/nb/detail/{p.number}.html"), "/site/index/nb.html"
    )
    pages = chunks(own.papers)

    def listed(at: int) -> Callable[[Asked], Reply]:
        def draw(question: Asked) -> Reply:
            host = question.headers["Host"]
            forms = (
                lambda p: p.path.removeprefix("/site/nb/"),
                lambda p: f"//{host}{p.path}",
                lambda p: p.path.replace("/", "\\"),
                lambda p: f" {p.path}\n",
            )
            rows = "".join(
                f'<li><a href="{forms[n % 4](p)}">{p.title}</a><span>{p.date}</span></li>'
                for n, p in enumerate(pages[at - 1])
            )
            more = f"<a href='../index/nb_{at + 1}.html'>下一页</a>" if at < len(pages) else ""
            return own.reply(frame("年报", f"<ul>{rows}</ul>{more}", f"<base href='http://{host}/site/nb/'>"))

        return draw

    for at in range(1, len(pages) + 1):
        own.routes["/site/index/nb" + (f"_{at}" if at > 1 else "") + ".html"] = listed(at)
    own.details(article)
    return own


@site
def chinese_addresses(place: str) -> Stranger:
    """Files named in Chinese, linked as they are, on pages in GBK."""
    own = Stranger(
        "chinese_addresses", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/", charset="gb18030"
    )
    first = own.reports[0]
    name = f"{first.body}年报.pdf"

    own.papers = [replace(p, file="/files/" + quote(name)) if p is first else p for p in own.papers]

    def draw(page: list[Paper], at: int, last: int) -> str:
        return divs(page) + (f"<a href='/nb/?page={at + 1}'>下一页</a>" if at < last else "")

    paged(own, lambda n: "/nb/" + (f"?page={n}" if n > 1 else ""), draw)
    own.details(lambda p: article(replace(p, file=f"/files/{name}" if p.file else "")))
    return own
