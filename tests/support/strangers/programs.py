"""Strangers whose lists are programs of the browser: bodies in JSON, scrolling, plug-ins, islands of data, scripts in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from mockserver import Asked, Reply

from strangers.site import Name, Paper, Stranger, article, asked, chunks, frame, number, papers, site

_JSON = {"Content-Type": "application/json"}


_SIZE = 3


def _own(key: str, place: str, name: Name, entry: str) -> Stranger:
    """A site with the reports of one year and two look-alikes, in pages of three."""
    own = Stranger(key, place, papers(place, name)[:8], entry)
    own.details(article)
    return own


def _page(own: Stranger, at: int) -> list[Paper]:
    pages = chunks(own.papers, _SIZE)
    return pages[at - 1] if 0 < at <= len(pages) else []


def _last(own: Stranger) -> int:
    return len(chunks(own.papers, _SIZE))


def _rows(rows: Iterable[Paper]) -> str:
    drawn = "".join(f"<li><a href='{p.path}'>{p.title}</a><em>{p.date}</em></li>" for p in rows)
    return drawn or "<li>没有更多了</li>"


def _json(value: object) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False), headers=_JSON)


def _records(rows: Iterable[Paper]) -> list[dict[str, str]]:
    return [{"title": p.title, "url": p.path, "publishDate": p.date} for p in rows]


def _posted(own: Stranger, draw: Callable[[dict[str, object]], object]) -> Callable[[Asked], Reply]:
    """An address that takes JSON alone, and says so to anything else."""

    def answer(question: Asked) -> Reply:
        if "json" not in question.headers.get("Content-Type", ""):
            return Reply('{"status":415,"error":"Unsupported Media Type"}', 415, _JSON)
        return _json(draw(json.loads(question.body)))

    return answer


@site
def json_by_fetch(place: str) -> Stranger:
    """fetch posts the number of the page as JSON, in an async function; buttons of numbers turn it."""
    own = _own("json_by_fetch", place, lambda p: f"/d/{p.hex}", "/nb")
    turns = "".join(f"<button onclick='go({n})'>{n}</button>" for n in range(1, _last(own) + 1))
    script = """<script>const state = { channel: "nb", limit: 3 };
async function go(n) {
  const answer = await fetch("/api/v2/articles/query", { method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ channel: state.channel, pageNum: n, limit: state.limit }) });
  const { data } = await answer.json();
  document.querySelector("#l").innerHTML = data.records.map((r) => `<li><a href="${r.url}">${r.title}</a></li>`).join("");
}
document.addEventListener("DOMContentLoaded", () => go(1));</script>"""
    own.text("/nb", frame("年报", f"<ul id=l></ul>{turns}{script}"))
    own.routes["/api/v2/articles/query"] = _posted(
        own,
        lambda said: {
            "data": {"total": len(own.papers), "records": _records(_page(own, int(said["pageNum"])))}
        },  # type: ignore[call-overload]
    )
    return own


@site
def json_by_axios(place: str) -> Stranger:
    """axios sends JSON unless it is told otherwise; Vue draws the list, Element the pager."""
    own = _own("json_by_axios", place, lambda p: "/#/".replace("#/", "detail/") + f"{p.number}", "/gk/")
    script = """<script>new Vue({ el: "#app", data() { return { list: [], query: { page: 1, rows: 3, code: "A07" }, total: 0 } },
methods: { load() { axios.post("/gk/api/list", this.query).then(r => { this.list = r.data.rows; this.total = r.data.total; }); },
  handleCurrentChange(n) { this.query.page = n; this.load(); } }, mounted() { this.load(); } });</script>"""
    inner = """<div id="app"><ul><li v-for="o in list"><a :href="o.url">{{ o.title }}</a></li></ul>
<el-pagination @current-change="handleCurrentChange" :total="total" :page-size="3"></el-pagination></div>"""
    own.text("/gk/", frame("年报", inner + script))
    own.routes["/gk/api/list"] = _posted(
        own,
        lambda said: {"total": len(own.papers), "rows": _records(_page(own, int(said["page"])))},  # type: ignore[call-overload]
    )
    return own


@site
def scrolled_list(place: str) -> Stranger:
    """More comes when the reader is at the end: window.onscroll, a flag, a counter."""
    own = _own("scrolled_list", place, lambda p: f"/s/{p.number}.html", "/s/list.html")
    script = """<script>var n = 1, busy = false, end = false;
window.onscroll = function () {
  if (busy || end) return;
  if (document.documentElement.scrollTop + window.innerHeight >= document.documentElement.scrollHeight - 50) {
    busy = true; n++;
    var x = new XMLHttpRequest(); x.open("GET", "/s/part.php?n=" + n, true);
    x.onreadystatechange = function () { if (x.readyState == 4) { busy = false; if (!x.responseText) end = true;
      document.getElementById("l").insertAdjacentHTML("beforeend", x.responseText); } };
    x.send();
  } };</script>"""
    own.text(own.entry, frame("年报", f"<ul id=l>{_rows(_page(own, 1))}</ul>{script}"))
    own.routes["/s/part.php"] = lambda question: own.reply(_rows(_page(own, number(asked(question), "n"))))
    return own


@site
def seen_sentinel(place: str) -> Stranger:
    """More comes when an empty element comes into sight."""
    own = _own("seen_sentinel", place, lambda p: f"/o/{p.number}.html", "/o/")
    script = """<script type="module">let page = 1; const end = document.querySelector(".end");
new IntersectionObserver(async ([e]) => { if (!e.isIntersecting) return; page += 1;
  const html = await (await fetch(`/o/more?page=${page}`)).text(); end.insertAdjacentHTML("beforebegin", html);
}).observe(end);</script>"""
    own.text("/o/", frame("年报", f"<ul>{_rows(_page(own, 1))}</ul><div class=end></div>{script}"))
    own.routes["/o/more"] = lambda question: own.reply(_rows(_page(own, number(asked(question), "page"))))
    return own


@site
def script_in_a_file(place: str) -> Stranger:
    """The pager is a span that a script in a file of the site fills and hears."""
    own = _own("script_in_a_file", place, lambda p: f"/f/{p.number}.htm", "/f/index.htm")
    script = f"""var pages = {_last(own)};
function jump(n) {{ location.href = n == 1 ? "/f/index.htm" : "/f/index_p" + (n - 1) + ".htm"; }}
$(function () {{ for (var n = 1; n <= pages; n++) $(".fy").append("<a href='javascript:jump(" + n + ")'>" + n + "</a>"); }});"""
    own.routes["/js/fy.js"] = Reply(script, headers={"Content-Type": "application/javascript"})
    for at in range(1, _last(own) + 1):
        inner = f"<ul>{_rows(_page(own, at))}</ul><div class=fy>共{len(own.papers)}条</div><script src='/js/fy.js'></script>"
        own.text("/f/index.htm" if at == 1 else f"/f/index_p{at - 1}.htm", frame("年报", inner))
    return own


@site
def list_by_a_file(place: str) -> Stranger:
    """The whole list is asked for by a script in a file of the site; the page says nothing of it."""
    own = _own("list_by_a_file", place, lambda p: f"/v/{p.number}.htm", "/v/")
    script = """var App = { init: function () { this.load(1); }, load: function (n) { $.getJSON("/v/data", { pg: n }, function (r) {
$.each(r.rows, function (i, o) { $("#app").append('<a href="' + o.url + '">' + o.title + "</a>"); }); if (r.more) App.load(n + 1); }); } };
$(function () { App.init(); });"""
    own.routes["/v/static/app.js"] = Reply(script, headers={"Content-Type": "text/javascript"})
    own.text("/v/", frame("年报", "<div id=app></div><script src='static/app.js?v=20240101'></script>"))
    own.routes["/v/data"] = lambda question: _json(
        {"rows": _records(_page(own, (n := number(asked(question), "pg")))), "more": n < _last(own)}
    )
    return own


@site
def padded_answer(place: str) -> Stranger:
    """JSONP: a script element with the name of a function; the number of the page is in it."""
    own = _own("padded_answer", place, lambda p: f"/j/{p.number}.html", "/j/nb.html")
    script = """<script>function show(r) { var h = ""; for (var i = 0; i < r.items.length; i++) h += r.items[i].title; }
function get(n) { $.ajax({ url: "/j/list", data: { id: 88, currentPage: n }, dataType: "jsonp", jsonp: "cb", jsonpCallback: "show" }); }
get(1);</script>"""
    turns = "".join(f"<a href='javascript:get({n})'>[{n}]</a>" for n in range(1, _last(own) + 1))
    own.text(own.entry, frame("年报", f"<div id=l></div>{turns}{script}"))

    def answer(question: Asked) -> Reply:
        said = asked(question)
        rows = _records(_page(own, number(said, "currentPage")))
        body = json.dumps({"count": len(own.papers), "items": rows}, ensure_ascii=False)
        return Reply(f"{said.get('cb', 'show')}({body});", headers={"Content-Type": "application/javascript"})

    own.routes["/j/list"] = answer
    return own


@site
def island_of_json(place: str) -> Stranger:
    """All rows stand in a script of the type application/json, as builders of pages leave them."""
    own = _own("island_of_json", place, lambda p: f"/b/{p.number}", "/b")
    held = {"props": {"pageProps": {"column": "年报", "articles": _records(own.papers)}}, "page": "/b"}
    island = f'<script id="__DATA__" type="application/json">{json.dumps(held, ensure_ascii=False)}</script>'
    own.text("/b", frame("年报", f"<div id=root></div>{island}<script src='/_next/main.js' defer></script>"))
    return own


@site
def island_of_xml(place: str) -> Stranger:
    """Rows stand in an island of XML, or come as XML that a script asks for."""
    own = _own("island_of_xml", place, lambda p: f"/x/{p.number}.html", "/x/nb.html")
    script = """<script>function load(n) { $.get("/x/list_" + n + ".xml", function (doc) { $(doc).find("item").each(function () {
$("#l").append("<li><a href='" + $(this).find("link").text() + "'>" + $(this).find("title").text() + "</a></li>"); }); }, "xml"); }
load(1);</script>"""
    turns = "".join(f"<a href='#' onclick='load({n});return false'>{n}</a>" for n in range(1, _last(own) + 1))
    own.text(own.entry, frame("年报", f"<ul id=l></ul>{turns}{script}"))
    for at in range(1, _last(own) + 1):
        rows = "".join(
            f"<item><title><![CDATA[{p.title}]]></title><link>{p.path}</link><pubDate>{p.date}</pubDate></item>"
            for p in _page(own, at)
        )
        own.text(f"/x/list_{at}.xml", f'<?xml version="1.0"?><list>{rows}</list>', "text/xml")
    return own


@site
def markup_in_json(place: str) -> Stranger:
    """The answer is JSON; the rows in it are markup."""
    own = _own("markup_in_json", place, lambda p: f"/h/{p.number}.html", "/h/")
    script = """<script>function turn(n) { $.post("/h/page.action", { p: n, lm: 31 }, function (r) { $("#l").html(r.html); $("#pg").html(r.pager); }, "json"); }
$(function () { turn(1); });</script>"""
    own.text("/h/", frame("年报", f"<ul id=l></ul><div id=pg></div>{script}"))

    def answer(question: Asked) -> Reply:
        at = number(asked(question), "p")
        turns = "".join(f"<a href='javascript:turn({n})'>{n}</a>" for n in range(1, _last(own) + 1))
        return _json({"code": 0, "html": _rows(_page(own, at)), "pager": turns, "totalPage": _last(own)})

    own.routes["/h/page.action"] = answer
    return own


@site
def plugin_pages(place: str) -> Stranger:
    """A plug-in draws the pager of an element with data attributes; its callback asks for the rows."""
    own = _own("plugin_pages", place, lambda p: f"/p/{p.number}.html", "/p/nb.html")
    script = """<script>$("#pager").twbsPagination({ totalPages: $("#pager").data("pages"), visiblePages: 5, first: "首页", last: "末页",
onPageClick: function (event, page) { $("#list").load("/p/nb/rows?size=3&no=" + page); } });</script>"""
    inner = f"<ul id=list></ul><ul id=pager data-pages='{_last(own)}'></ul>{script}"
    own.text(own.entry, frame("年报", inner))
    own.routes["/p/nb/rows"] = lambda question: own.reply(_rows(_page(own, number(asked(question), "no"))))
    return own


@site
def data_source_pages(place: str) -> Stranger:
    """pagination.js: the plug-in itself asks its data source, by names that it is told."""
    own = _own("data_source_pages", place, lambda p: f"/q/{p.number}.html", "/q/nb.html")
    script = """<script>$("#pg").pagination({ dataSource: "/q/api?col=5", locator: "rows", totalNumberLocator: function (r) { return r.total; },
pageSize: 3, alias: { pageNumber: "pn", pageSize: "ps" }, callback: function (rows) { $("#l").html(draw(rows)); } });</script>"""
    own.text(own.entry, frame("年报", f"<div id=l></div><div id=pg></div>{script}"))
    own.routes["/q/api"] = lambda question: _json(
        {"total": len(own.papers), "rows": _records(_page(own, number(asked(question), "pn")))}
    )
    return own


@site
def tabs_of_years(place: str) -> Stranger:
    """A tab for each year: one is there, the others are asked for by a click."""
    own = _own("tabs_of_years", place, lambda p: f"/t/{p.number}.html", "/t/")
    script = """<script>$(".tab li").click(function () { $(this).addClass("on").siblings().removeClass("on");
$(".con").html("").load("/t/year_" + $(this).attr("data-year") + ".html"); });</script>"""
    halves = {2024: own.papers[:4], 2023: own.papers[4:]}
    tabs = "".join(f"<li data-year={year}>{year}年</li>" for year in halves)
    own.text(
        "/t/", frame("年报", f"<ul class=tab>{tabs}</ul><ul class=con>{_rows(halves[2024])}</ul>{script}")
    )
    for year, rows in halves.items():
        own.text(f"/t/year_{year}.html", _rows(rows))
    return own


@site
def delegated_rows(place: str) -> Stranger:
    """Rows without an address: a click on the table is heard, and the row has an id."""
    own = _own("delegated_rows", place, lambda p: f"/info/show?key={p.number}", "/info/list")
    script = """<script>document.querySelector("table").addEventListener("click", function (e) { var tr = e.target.closest("tr");
if (tr && tr.dataset.key) window.open("/info/show?key=" + tr.dataset.key, "_blank"); });</script>"""
    rows = "".join(f"<tr data-key={p.number}><td>{p.title}<td>{p.date}" for p in own.papers)
    own.text(own.entry, frame("年报", f"<table>{rows}</table>{script}"))
    own.routes["/info/show"] = lambda question: own.routes.get(
        f"/info/show?key={asked(question).get('key')}", Reply("", 404)
    )
    return own


@site
def sent_form(place: str) -> Stranger:
    """A form by GET with a field for the number, and a button; the pager itself is words alone."""
    own = _own("sent_form", place, lambda p: f"/g/{p.number}.html", "/g/list.jsp")

    def answer(question: Asked) -> Reply:
        at = number(asked(question), "intPage")
        after = f"""<input type=button value=下一页 onclick="this.form.intPage.value={at + 1};this.form.submit()">"""
        inner = f"""<form name=pageForm action=list.jsp><input type=hidden name=lmid value=3>{_rows(_page(own, at))}
第{at}页/共{_last(own)}页 {after if at < _last(own) else ""} 转到<input name=intPage value={at} size=2><input type=submit value=GO></form>"""
        return own.reply(frame("年报", inner))

    own.routes["/g/list.jsp"] = answer
    return own
