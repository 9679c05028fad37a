"""Strangers whose lists are turned in ways that no pattern names: the script has to be run to know where they lead."""

from __future__ import annotations

import json
from collections.abc import Iterable

from mockserver import Asked, Reply

from strangers.site import SIZE, Paper, Stranger, article, asked, chunks, divs, frame, number, papers, site

_JSON = {"Content-Type": "application/json;charset=UTF-8"}


def _records(rows: Iterable[Paper], total: int) -> Reply:
    said = [{"bt": p.title, "title": p.title, "url": p.path, "date": p.date} for p in rows]
    return Reply(json.dumps({"total": total, "list": said}, ensure_ascii=False), headers=_JSON)


def _page(own: Stranger, at: int) -> list[Paper]:
    pages = chunks(own.papers)
    return pages[at - 1] if 0 < at <= len(pages) else []


@site
def address_in_an_attribute(place: str) -> Stranger:
    """An element holds the address of the list; the script that asks for it is elsewhere."""
    own = Stranger(
        "address_in_an_attribute", place, papers(place, lambda p: f"/xxgk/{p.hex}.html"), "/xxgk/nb/"
    )
    box = f"<div id='list' data-url='/xxgk/nb/list.json' data-page='1' data-size='{SIZE}'></div>"
    own.text(own.entry, frame("年报", f"{box}<script src='/js/list.js'></script>"))
    own.routes["/xxgk/nb/list.json"] = lambda question: _records(
        _page(own, number(asked(question), "page")), len(own.papers)
    )
    own.details(article)
    return own


@site
def put_together(place: str) -> Stranger:
    """The address is made of the page's own variables, over several functions."""
    own = Stranger("put_together", place, papers(place, lambda p: f"/a/{p.hex}.html"), "/col/77/")
    script = """<script>var site = { root: "/api", column: [7, 7] }, size = 5;
function path(kind) { return [site.root, kind, site.column.join("")].join("/") + ".do"; }
function load(n) { var x = new XMLHttpRequest(); x.open("POST", path("list")); x.send("no=" + n + "&size=" + size); }
window.onload = function () { load(1); }; function next() { load(++window.now || (window.now = 2)); }</script>"""
    own.text(own.entry, frame("年报", f"<div id='l'></div><a href='#' onclick='load(2)'>2</a>{script}"))
    own.routes["/api/list/77.do"] = lambda question: _records(
        _page(own, number(asked(question), "no")), len(own.papers)
    )
    own.details(article)
    return own


@site
def number_in_the_path(place: str) -> Stranger:
    """The id of the column and the number of the page stand in the path of what a script asks for."""
    own = Stranger(
        "number_in_the_path", place, papers(place, lambda p: f"/d/{p.number}.html"), "/open/nb.html"
    )
    script = """<script>$(function () { var id = $("#c").attr("data-id"); go(1);
$("body").on("click", ".pg a", function () { go($(this).data("n")); return false; });
function go(n) { $.getJSON("/rest/column/" + id + "/page/" + n, function (r) { draw(r.list); }); } });</script>"""
    turns = "".join(f"<a href='#' data-n='{n}'>{n}</a>" for n in (1, 2, 3))
    own.text(own.entry, frame("年报", f"<i id='c' data-id='3021'></i><div class='pg'>{turns}</div>{script}"))
    for at in range(1, 9):
        own.routes[f"/rest/column/3021/page/{at}"] = _records(_page(own, at), len(own.papers))
    own.details(article)
    return own


@site
def folders_of_pages(place: str) -> Stranger:
    """/nb/, then /nb/page/2/, by bare numbers."""
    own = Stranger("folders_of_pages", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/")
    pages = chunks(own.papers)
    for at, page in enumerate(pages, 1):
        turns = "".join(f"<a href='/nb/page/{n}/'>{n}</a> " for n in range(1, len(pages) + 1) if n != at)
        own.text("/nb/" if at == 1 else f"/nb/page/{at}/", frame("年报", divs(page) + f"<div>{turns}</div>"))
    own.routes["/nb/page/1/"] = own.routes["/nb/"]
    own.details(article)
    return own


@site
def fragments(place: str) -> Stranger:
    """Pieces of markup that $.load puts into the page; their links are relative to the page around them."""
    own = Stranger(
        "fragments", place, papers(place, lambda p: f"/gk/nb/{p.number}.html"), "/gk/nb/index.html"
    )
    script = (
        """<script>function show(n) { $("#box").load("../pieces/list_" + n + ".html"); } show(1);</script>"""
    )
    turns = "".join(f"<span onclick='show({n})'>{n}</span>" for n in range(1, len(chunks(own.papers)) + 1))
    own.text(own.entry, frame("年报", f"<div id='box'></div><div class='pages'>{turns}</div>{script}"))
    for at, page in enumerate(chunks(own.papers), 1):
        own.text(f"/gk/pieces/list_{at}.html", divs(page, lambda p: f"{p.number}.html"))
    own.details(article)
    return own


@site
def branch_for_the_first(place: str) -> Stranger:
    """A function that knows the first page by another name; the plain link beside it is dead."""
    own = Stranger(
        "branch_for_the_first", place, papers(place, lambda p: f"/n/{p.number}.html"), "/n/list.html"
    )
    script = """<script>function turn(n) { var u; if (n <= 1) { u = "list.html"; } else { u = "list_p" + (n - 1) + ".html"; }
window.location.href = u; }</script>"""
    pages = chunks(own.papers)
    for at, page in enumerate(pages, 1):
        dead = f"<a class='page' href='list_{at + 1}.html' onclick='turn({at + 1});return false'>下一页</a>"
        named = own.entry if at == 1 else f"/n/list_p{at - 1}.html"
        own.text(named, frame("年报", divs(page) + (dead if at < len(pages) else "") + script))
    own.details(article)
    return own


@site
def load_more(place: str) -> Stranger:
    """加载更多 with all that it needs in attributes; the page says how many there are and shows the first."""
    own = Stranger("load_more", place, papers(place, lambda p: f"/m/{p.number}.html"), "/m/nb.html")
    script = """<script>$(".more").on("click", function () { var b = $(this), n = b.data("page") + 1;
$.ajax({ url: b.data("src"), data: { lm: b.data("lm"), yema: n }, success: function (h) { $("#l").append(h); b.data("page", n); } }); });</script>"""
    more = "<a class='more' data-src='/m/more.asp' data-lm='12' data-page='1'>加载更多</a>"
    first = f"<div id='l'>{divs(_page(own, 1))}</div>共{len(own.papers)}条 {more}{script}"
    own.text(own.entry, frame("年报", first))
    own.routes["/m/more.asp"] = lambda question: own.reply(divs(_page(own, number(asked(question), "yema"))))
    own.details(article)
    return own


@site
def frame_beside_a_sidebar(place: str) -> Stranger:
    """The list stands in a frame; around it the page has news with dates and a long menu."""
    own = Stranger(
        "frame_beside_a_sidebar", place, papers(place, lambda p: f"/f/{p.number}.html"), "/f/nb.html"
    )
    news = "".join(
        f"<li><a href='/zwdt/{n}.html'>我县召开第{n}次会议</a><span>2024-05-{n:02d}</span></li>"
        for n in range(1, 9)
    )
    around = f"<ul>{news}</ul>" + "<p>欢迎访问本站，本栏目依法公开政府信息。</p>" * 40
    own.text(own.entry, frame("年报", f"{around}<iframe src='/f/in.jsp?p=1'></iframe>"))

    def inner(question: Asked) -> Reply:
        at = number(asked(question), "p")
        turn = f"<a href='in.jsp?p={at + 1}'>下一页</a>" if at < len(chunks(own.papers)) else ""
        return own.reply(f"<html><body>{divs(_page(own, at))}{turn}</body></html>")

    own.routes["/f/in.jsp"] = inner
    own.details(article)
    return own


# The newest reports stand beside the list as well: what a page shows is not yet what it lists.
def _newest(own: Stranger) -> str:
    return f"<div class='side'><h3>最新年报</h3>{divs(own.reports[1::3])}</div>"


@site
def newest_beside_records(place: str) -> Stranger:
    """The list is asked for when the page opens, page by page, and nobody says how long it is."""
    own = Stranger("newest_beside_records", place, papers(place, lambda p: f"/r/{p.hex}.html"), "/r/")
    script = """<script>$(function () { $.getJSON($("#c").data("from") + "&pn=" + 1, function (r) { draw(r.list); }); });</script>"""
    box = "<div id='c' data-from='/r/api?c=4'></div>"
    own.text(own.entry, frame("年报", f"{_newest(own)}{box}{script}"))

    def api(question: Asked) -> Reply:
        rows = _page(own, number(asked(question), "pn"))
        said = [{"title": p.title, "url": p.path, "date": p.date} for p in rows]
        return Reply(json.dumps({"list": said}, ensure_ascii=False), headers=_JSON)

    own.routes["/r/api"] = api
    own.details(article)
    return own


@site
def newest_beside_a_frame(place: str) -> Stranger:
    """The list stands in a frame."""
    own = Stranger(
        "newest_beside_a_frame", place, papers(place, lambda p: f"/v/{p.number}.html"), "/v/nb.html"
    )
    own.text(own.entry, frame("年报", f"<iframe src='/v/list1.html'></iframe>{_newest(own)}"))
    pages = chunks(own.papers)
    for at, page in enumerate(pages, 1):
        turn = f"<a href='list{at + 1}.html'>下一页</a>" if at < len(pages) else ""
        own.text(f"/v/list{at}.html", f"<html><body>{divs(page)}{turn}</body></html>")
    own.details(article)
    return own


@site
def newest_beside_pieces(place: str) -> Stranger:
    """The first piece comes by itself, the others by a click; all of them are put into the page."""
    own = Stranger(
        "newest_beside_pieces", place, papers(place, lambda p: f"/k/{p.number}.html"), "/k/nb.html"
    )
    pages = chunks(own.papers)
    script = """<script>function show(n) { $("#box").load("/k/part" + n + ".html"); } $(document).ready(function () { show(1); });</script>"""
    turns = "".join(f"<b onclick='show({n})'>{n}</b>" for n in range(1, len(pages) + 1))
    around = f"{_newest(own)}<div id='box'></div>{turns} 共{len(own.papers)}条{script}"
    own.text(own.entry, frame("年报", around))
    for at, page in enumerate(pages, 1):
        own.text(f"/k/part{at}.html", divs(page))
    own.details(article)
    return own


@site
def newest_beside_more(place: str) -> Stranger:
    """The page says how many there are, and the newest ones are counted once."""
    own = Stranger("newest_beside_more", place, papers(place, lambda p: f"/g/{p.number}.html"), "/g/nb.html")
    script = """<script>$("#gd").click(function () { var b = $(this), n = b.data("page") + 1;
$.get("/g/more.jsp", { seite: n }, function (h) { $("#l").append(h); b.data("page", n); }); });</script>"""
    first = f"<div id='l'>{divs(_page(own, 1))}</div>共{len(own.papers)}条<a id='gd' data-page='1'>查看更多</a>{script}"
    own.text(own.entry, frame("年报", first + _newest(own)))
    own.routes["/g/more.jsp"] = lambda question: own.reply(divs(_page(own, number(asked(question), "seite"))))
    own.details(article)
    return own
