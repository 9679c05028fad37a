"""Hanweb: stores of records, groups, proxies and what is posted to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote

from mockserver import Asked, Reply

from strangers.site import (
    SIZE,
    Paper,
    Stranger,
    article,
    asked,
    cells,
    chunks,
    frame,
    number,
    papers,
    prose,
    records,
    site,
)


def _hanweb(key: str, place: str) -> Stranger:
    return Stranger(
        key,
        place,
        papers(
            place,
            lambda p: (
                f"/art/{int(p.date[:4])}/{int(p.date[5:7])}/{int(p.date[8:])}/art_1229114055_{p.number}.html"
            ),
            lambda p: (
                f"/module/download/downfile.jsp?classid=0&showname={quote(p.title)}.pdf&filename={p.hex}.pdf"
            ),
        ),
        "/col/col1229114055/index.html",
    )


def _zoom(paper: Paper) -> str:
    return article(paper, "<!--ZJEG_RSS.content.begin--><div id='zoom'>{}</div><!--ZJEG_RSS.content.end-->")


@site
def hanweb_store(place: str) -> Stranger:
    """Two pages' rows in the page, the rest by POST, capped at two pages; one deep answer comes empty once."""
    own = _hanweb("hanweb_store", place)
    store = f"<datastore><recordset>\n{records(own.papers[:6])}</recordset></datastore>"
    script = f"""<script type='text/xml'>{store}</script><script>$('#239').jpage({{ perPage : 3,
 totalRecord:{len(own.papers)}, proxyUrl:'/module/web/jpage/dataproxy.jsp', openCookies:false, dataBefore:'<table>',
 ajaxParam : {{ col:1, appid:'1', webid:39, path:'/', columnid:'1229114055', sourceContentType:1, unitid:'5829', webname:'{place}河县', permissiontype:0 }} }});</script>"""
    own.text(own.entry, frame("年报", f"<div id='239'></div>{script}"))

    def proxy(question: Asked) -> Reply:
        said = asked(question)
        if (said.get("columnid"), said.get("webid"), said.get("unitid")) != ("1229114055", "39", "5829"):
            return Reply(
                "<datastore><recordset></recordset></datastore>", headers={"Content-Type": "text/xml"}
            )
        start = number(said, "startrecord")
        end = min(number(said, "endrecord", 3), start + 5)
        rows = own.papers[start - 1 : end]
        return Reply(
            f"<datastore><totalrecord>{len(own.papers)}</totalrecord><recordset>{records(rows)}</recordset></datastore>",
            headers={"Content-Type": "text/xml;charset=utf-8"},
        )

    own.routes["/module/web/jpage/dataproxy.jsp"] = proxy
    own.details(_zoom)
    return own


def _paged_proxy(own: Stranger, path: str) -> None:
    def proxy(question: Asked) -> Reply:
        page = number(asked(question), "page")
        rows = chunks(own.papers)[page - 1] if page <= len(chunks(own.papers)) else []
        nearly = page < len(chunks(own.papers))
        group = f'<nextgroup><![CDATA[<a href="{path}?page={page + 1}&appid=1&webid=1934&columnid=QkxPQg&unitid=QQ"></a>]]></nextgroup>'
        return Reply(
            f"<datastore>{group if nearly else ''}<recordset>{records(rows)}</recordset></datastore>",
            headers={"Content-Type": "text/xml"},
        )

    own.routes[path] = proxy


@site
def hanweb_group(place: str) -> Stranger:
    """The group's address is encrypted and stands in the store; columns by year stand around it."""
    own = _hanweb("hanweb_group", place)
    path = "/module/web/jpage/dataproxy.jsp"
    group = f'<nextgroup><![CDATA[<a href="{path}?page=2&appid=1&webid=1934&columnid=QkxPQg&unitid=QQ"></a>]]></nextgroup>'
    own.text(
        own.entry,
        frame(
            "年报",
            f'<script type="text/xml"><datastore>\n{group}<recordset>{records(own.papers[:SIZE])}</recordset></datastore></script>',
        ),
    )
    _paged_proxy(own, path)
    own.details(_zoom)
    return own


@site
def hanweb_more(place: str) -> Stranger:
    """More rows by a button: morecolumndataproxy.jsp with the page in a variable."""
    own = _hanweb("hanweb_more", place)
    path = "/module/web/jpage/morecolumndataproxy.jsp"
    script = f"""<script>var n = 1; function more() {{ n++; $.ajax({{ type: 'get',
 url: "{path}?page=" + n + "&appid=1&webid=1&path=/&columnid=1229114055&unitid=77" }}); }}</script>"""
    own.text(
        own.entry,
        frame("年报", cells(own.papers[:SIZE]) + f"<a href='javascript:more()'>加载更多</a>{script}"),
    )
    _paged_proxy(own, path)
    own.details(_zoom)
    return own


@site
def hanweb_annual(place: str) -> Stranger:
    """The old module: one page a year and organ, chosen from drop-downs; no list at all."""
    own = Stranger(
        "hanweb_annual",
        place,
        papers(place, lambda p: ""),
        "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2024&area=11332500002645566A",
    )
    own.papers = own.reports
    areas = {
        body: f"1133250000264556{'ABCDEF'[at]}{at or ''}".removesuffix("0")
        for at, body in enumerate(dict.fromkeys(p.body for p in own.reports))
    }
    own.papers = [
        replace(p, path=f"/module/xxgk/xxgkAnnualReport.jsp?fbtime={p.year}&area={areas[p.body]}")
        for p in own.papers
    ]

    def draw(paper: Paper) -> str:
        years = "".join(
            f"<option value='{p.path}'>{p.year}</option>" for p in own.papers if p.body == paper.body
        )
        others = "".join(
            f"<li><a href='{p.path}'>{p.body}</a></li>" for p in own.papers if p.year == paper.year
        )
        return frame(
            "政府信息公开年度报告",
            f"<select onchange='window.location=this.value'>{years}</select><ul>{others}</ul>"
            f"<h1>{paper.title}</h1><div id=zoom>{prose(paper)}</div>",
        )

    own.details(draw)
    own.entry = own.papers[0].path
    return own


@site
def hanweb_get(place: str) -> Stranger:
    """大汉, where the proxy is asked by GET, all of it in the query."""
    own = Stranger(
        "hanweb_get",
        place,
        papers(
            place,
            lambda p: f"/art/{int(p.date[:4])}/{int(p.date[5:7])}/{int(p.date[8:])}/art_77_{p.number}.html",
        ),
        "/col/col77/index.html",
    )

    def records(rows: Iterable[Paper]) -> str:
        drawn = (
            f"<record><![CDATA[<li><a href='{p.path}'>{p.title}</a><b>{p.date}</b></li>]]></record>"
            for p in rows
        )
        return f"<datastore><recordset>{''.join(drawn)}</recordset></datastore>"

    script = f"""<script type="text/xml">{records(own.papers[:SIZE])}</script><script>
var param = {{ col: 1, appid: 1, webid: 5, path: "/", columnid: 77, sourceContentType: 1, unitid: "8", permissiontype: 0 }};
function load(s, e) {{ $.ajax({{ type: "GET", url: "/module/web/jpage/dataproxy.jsp?startrecord=" + s + "&endrecord=" + e + "&perpage={SIZE}",
 data: param, success: draw }}); }} var totalRecord = {len(own.papers)}, perPage = {SIZE};</script>"""
    own.text(own.entry, frame("年报", f"<div id=l></div>{script}"))

    def proxy(question: Asked) -> Reply:
        said = asked(question)
        if question.method != "GET" or (said.get("columnid"), said.get("unitid")) != ("77", "8"):
            return Reply("", 405)
        start = number(said, "startrecord")
        rows = own.papers[start - 1 : min(number(said, "endrecord"), start + SIZE - 1)]
        return Reply(records(rows), headers={"Content-Type": "text/xml"})

    own.routes["/module/web/jpage/dataproxy.jsp"] = proxy
    own.details(article)
    return own
