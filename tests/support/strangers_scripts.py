"""More strangers: rows and pages that a script of the page knows, in the ways that the vendors' skins have for it.

A click, a function, a form, a drop-down of years, a list in a script, an address that a script asks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from mockserver import Asked, Reply
from strangers import (
    SIZE,
    Paper,
    Stranger,
    article,
    asked,
    cells,
    chunks,
    day,
    divs,
    frame,
    number,
    paged,
    papers,
    site,
)

_JSON = {"Content-Type": "application/json;charset=UTF-8"}


def _answer(value: object) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False), headers=_JSON)


# --- rows ---


@site
def clicked_rows(place: str) -> Stranger:
    """No anchor at all: the row itself is clicked."""
    own = Stranger(
        "clicked_rows", place, papers(place, lambda p: f"/xxgk/nb/{p.number}.html"), "/xxgk/nb/index.html"
    )

    def rows(page: Iterable[Paper]) -> str:
        return (
            "<ul>"
            + "".join(
                f"""<li class="row" onclick="window.open('{p.path}')"><span>{p.title}</span><em>{p.date}</em></li>"""
                for p in page
            )
            + "</ul>"
        )

    def draw(page: list[Paper], at: int, last: int) -> str:
        more = (
            f"""<span class="pg" onclick="location.href='index_{at + 1}.html'">下一页</span>"""
            if at < last
            else ""
        )
        return rows(page) + more

    paged(own, lambda n: "/xxgk/nb/" + ("index.html" if n == 1 else f"index_{n}.html"), draw)
    own.details(article)
    return own


@site
def ids_in_clicks(place: str) -> Stranger:
    """A row calls a function with its id; the page's script says where that leads."""
    own = Stranger(
        "ids_in_clicks",
        place,
        papers(place, lambda p: f"/xxgk/show.jsp?cid=77&id={p.number}"),
        "/xxgk/list.jsp?cid=77",
    )
    script = """<script>
function viewInfo(cid, id) { var url = "/xxgk/show.jsp?cid=" + cid + "&id=" + id; window.open(url); }
function turn(n) { document.getElementById('pageNo').value = n; document.getElementById('f').submit(); }
</script>"""

    def rows(page: Iterable[Paper]) -> str:
        return (
            "<table>"
            + "".join(
                f"""<tr><td><a href="javascript:void(0)" onclick="viewInfo(77,'{p.number}')" title="{p.title}">{p.cut}</a></td><td>{p.date}</td></tr>"""
                for p in page
            )
            + "</table>"
        )

    def listed(question: Asked) -> Reply:
        at, pages = number(asked(question), "pageNo"), chunks(own.papers)
        turns = f"""共{len(own.papers)}条 第{at}/{len(pages)}页 <a href="#" onclick="turn({at + 1});return false;">下一页</a>"""
        form = "<form id='f' method='post' action='/xxgk/list.jsp?cid=77'><input type='hidden' id='pageNo' name='pageNo' value='1'></form>"
        return own.reply(
            frame("年报", rows(pages[at - 1]) + form + (turns if at < len(pages) else "") + script)
        )

    own.routes["/xxgk/list.jsp"] = listed
    own.details(article)
    return own


@site
def written_rows(place: str) -> Stranger:
    """Anchors in strings that a script writes into the page."""
    own = Stranger(
        "written_rows",
        place,
        papers(place, lambda p: f"/gk/nb/{day(p, '%Y%m')}/t{day(p)}_{p.number}.html"),
        "/gk/nb/",
    )

    def draw(page: list[Paper], at: int, last: int) -> str:
        lines = "\n".join(
            f"""document.write('<li><a href="../nb/{p.path.removeprefix("/gk/nb/")}" target="_blank">{p.title}<\\/a><span>{p.date}<\\/span><\\/li>');"""
            for p in page
        )
        return f"<ul><script>{lines}</script></ul><script>createPageHTML({last}, {at - 1}, 'index', 'html')</script>"

    paged(own, lambda n: "/gk/nb/" + ("" if n == 1 else f"index_{n - 1}.html"), draw)
    own.details(article)
    return own


@site
def array_in_a_script(place: str) -> Stranger:
    """All rows stand in an array with bare keys; the page turns them by itself."""
    own = Stranger("array_in_a_script", place, papers(place, lambda p: f"/nb/{p.hex}.html"), "/nb/list.html")
    rows = ",\n".join(
        f"{{id:{p.number}, title:'{p.title}', linkUrl:'{p.path}', publishDate:'{p.date}'}}"
        for p in own.papers
    )
    own.text(
        own.entry,
        frame("年报", f"<ul id='l'></ul><script>var dataList = [\n{rows},\n]; render(dataList, 5);</script>"),
    )
    own.details(article)
    return own


@site
def own_api(place: str) -> Stranger:
    """A vendor that no one knows: the page asks an address of its own for JSON."""
    own = Stranger("own_api", place, papers(place, lambda p: f"/portal/article/{p.hex}"), "/portal/column/nb")
    own.text(
        own.entry,
        frame(
            "政府信息公开年报",
            """<div id="app"></div><script>
fetch("/portal/api/articles?column=nb&pageNum=1&pageSize=5").then(r => r.json()).then(draw);</script>""",
        ),
    )

    def api(question: Asked) -> Reply:
        said = asked(question)
        pages = chunks(own.papers, number(said, "pageSize"))
        rows = (pages + [[]] * 9)[number(said, "pageNum") - 1] if said.get("column") == "nb" else []
        records = [
            {"articleTitle": p.title, "href": p.path, "releaseTime": f"{p.date}T09:00:00"} for p in rows
        ]
        return _answer({"code": 0, "result": {"totalCount": len(own.papers), "records": records}})

    own.routes["/portal/api/articles"] = api
    own.details(article)
    return own


@site
def layui_pages(place: str) -> Stranger:
    """laypage draws the pager and says in its function where a page is."""
    own = Stranger("layui_pages", place, papers(place, lambda p: f"/detail/{p.number}.html"), "/list/nb.html")
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "page")
        script = f"""<div id="pg"></div><script>laypage.render({{ elem: 'pg', count: {len(own.papers)}, limit: {SIZE}, curr: {at},
 jump: function (obj, first) {{ if (!first) {{ location.href = '/list/nb.html?page=' + obj.curr; }} }} }});</script>"""
        return own.reply(frame("年报", divs(pages[at - 1]) + script))

    own.routes[own.entry] = listed
    own.details(article)
    return own


# --- pages ---


@site
def postback(place: str) -> Stranger:
    """ASP.NET: the next page is the form itself, sent back with its state."""
    own = Stranger(
        "postback", place, papers(place, lambda p: f"/show.aspx?id={p.number}"), "/list.aspx?cid=9"
    )
    pages = chunks(own.papers)

    def state(at: int) -> str:
        return hashlib.sha256(f"state {at}".encode()).hexdigest() + "+/="

    def listed(question: Asked) -> Reply:
        said = asked(question)
        at = number(said, "__EVENTARGUMENT") if said.get("__EVENTTARGET") == "ctl00$pager" else 1
        if at > 1 and said.get("__VIEWSTATE") not in {state(n) for n in range(1, len(pages) + 1)}:
            return Reply("Validation of viewstate failed", 500)
        turns = " ".join(
            f"<span>{n}</span>"
            if n == at
            else f"""<a href="javascript:__doPostBack('ctl00$pager','{n}')">{n}</a>"""
            for n in range(1, len(pages) + 1)
        )
        fields = "".join(
            f'<input type="hidden" name="{name}" id="{name}" value="{value}" />'
            for name, value in (("__EVENTTARGET", ""), ("__EVENTARGUMENT", ""), ("__VIEWSTATE", state(at)))
        )
        return own.reply(
            frame(
                "年报",
                f"""<form name="aspnetForm" method="post" action="list.aspx?cid=9" id="aspnetForm">{fields}
<script>function __doPostBack(eventTarget, eventArgument) {{ if (!theForm.onsubmit || (theForm.onsubmit() != false)) {{
 theForm.__EVENTTARGET.value = eventTarget; theForm.__EVENTARGUMENT.value = eventArgument; theForm.submit(); }} }}</script>
{cells(pages[at - 1])}<div class="pager">{turns}</div></form>""",
            )
        )

    own.routes["/list.aspx"] = listed
    own.details(article)
    return own


@site
def posted_pages(place: str) -> Stranger:
    """A form that is posted with the number of the page, named as nobody else does."""
    own = Stranger(
        "posted_pages", place, papers(place, lambda p: f"/info/{p.number}.action"), "/info/list.action?lm=9"
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        said = asked(question)
        at = number(said, "pager.offset", 0) // SIZE + 1 if said.get("lm") == "9" else 9
        turns = f"""<a href="javascript:page({at * SIZE})">下页</a> <a href="javascript:page({(len(pages) - 1) * SIZE})">尾页</a>"""
        form = f"""<form name="frm" method="post" action="/info/list.action"><input type="hidden" name="lm" value="9">
<input type="hidden" name="pager.offset" value="{(at - 1) * SIZE}"></form>
<script>function page(n) {{ document.frm["pager.offset"].value = n; document.frm.submit(); }}</script>"""
        return own.reply(frame("年报", divs(pages[at - 1]) + form + (turns if at < len(pages) else "")))

    own.routes["/info/list.action"] = listed
    own.details(article)
    return own


@site
def offsets(place: str) -> Stranger:
    """The pager counts rows, not pages."""
    own = Stranger(
        "offsets", place, papers(place, lambda p: f"/article/{p.number}"), "/category/nb?start=0&num=5"
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "start", 0) // SIZE
        turns = "".join(f"<a href='?start={n * SIZE}&num=5'>{n + 1}</a>" for n in range(len(pages)))
        return own.reply(frame("年报", divs(pages[at]) + f"<div class='pages'>{turns}</div>"))

    own.routes["/category/nb"] = listed
    own.details(article)
    return own


def _years(own: Stranger) -> dict[int, list[Paper]]:
    years = sorted({p.year for p in own.reports}, reverse=True)
    return {year: [p for p in own.papers if (p.year or years[0]) == year] for year in years}


@site
def years_in_a_form(place: str) -> Stranger:
    """A drop-down of years in a form that is sent when it changes."""
    own = Stranger(
        "years_in_a_form", place, papers(place, lambda p: f"/nb/show.php?id={p.number}"), "/nb/list.php"
    )
    years = _years(own)

    def listed(question: Asked) -> Reply:
        year = number(asked(question), "nd", max(years))
        options = "".join(
            f"<option value='{y}'{' selected' if y == year else ''}>{y}年</option>" for y in years
        )
        form = f"<form action='list.php' method='get'><input type=hidden name=lm value=3><select name='nd' onchange='this.form.submit()'>{options}</select></form>"
        return own.reply(frame("年报", form + cells(years[year])))

    own.routes["/nb/list.php"] = listed
    own.details(article)
    return own


@site
def years_by_a_function(place: str) -> Stranger:
    """A drop-down of years whose function makes the address."""
    own = Stranger(
        "years_by_a_function",
        place,
        papers(place, lambda p: f"/zfxxgk/nb/{p.year or 2024}/{p.number}.html"),
        "/zfxxgk/nb/2024/index.html",
    )
    years = _years(own)
    for year, rows in years.items():
        options = "".join(f"<option value='{y}'>{y}年度</option>" for y in years)
        script = "<script>function changeYear(obj) { var y = obj.value; window.location.href = '/zfxxgk/nb/' + y + '/index.html'; }</script>"
        own.text(
            f"/zfxxgk/nb/{year}/index.html",
            frame(
                "年报", f"<select id='y' onchange='changeYear(this)'>{options}</select>{divs(rows)}{script}"
            ),
        )
    own.details(article)
    return own


# --- addresses ---


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
    from urllib.parse import quote

    own.papers = [replace(p, file="/files/" + quote(name)) if p is first else p for p in own.papers]

    def draw(page: list[Paper], at: int, last: int) -> str:
        return divs(page) + (f"<a href='/nb/?page={at + 1}'>下一页</a>" if at < last else "")

    paged(own, lambda n: "/nb/" + (f"?page={n}" if n > 1 else ""), draw)
    own.details(lambda p: article(replace(p, file=f"/files/{name}" if p.file else "")))
    return own


# --- what the known vendors do besides ---


@site
def tibet_channel(place: str) -> Stranger:
    """西藏: the list, too, comes from the proxy, which is told the channel."""
    own = Stranger(
        "tibet_channel",
        place,
        papers(place, lambda p: f"/zfxxgk/{day(p, '%Y%m')}/{p.hex}.shtml"),
        "/zfxxgk/nb.thtml",
    )
    channel = hashlib.md5(place.encode()).hexdigest()
    ask = f"/interface-cms/proxy/api?apiUrl=channel%2FgetManuscriptList&channelId={channel}&pageNo=1&pageSize={SIZE}"
    own.text(own.entry, frame("年报", f"""<ul id=l></ul><script>$.getJSON("{ask}", show)</script>"""))

    def proxy(question: Asked) -> Reply:
        said = asked(question)
        if said.get("apiUrl") != "channel/getManuscriptList" or said.get("channelId") != channel:
            return _answer({"code": 500})
        rows = (chunks(own.papers) + [[]] * 9)[number(said, "pageNo") - 1]
        results = [
            {"manuscriptId": p.hex, "title": p.title, "url": p.path, "publishedTimeStr": p.date} for p in rows
        ]
        return _answer(
            {
                "code": 200,
                "data": {
                    "total": len(own.papers),
                    "page": number(said, "pageNo"),
                    "rows": SIZE,
                    "results": results,
                },
            }
        )

    own.routes["/interface-cms/proxy/api"] = proxy
    own.details(lambda p: article(p, "<UCAPCONTENT>{}</UCAPCONTENT>"))
    return own


@site
def lonsun_content(place: str) -> Stranger:
    """The news side of 龙讯: /content/column/<id>?pageIndex=2, with its own fragment."""
    own = Stranger(
        "lonsun_content",
        place,
        papers(place, lambda p: f"/content/article/{p.number}"),
        "/content/column/6795?pageIndex=1",
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "pageIndex")
        script = f"""<script>Ls.pagination("#page_list", function (i) {{ return "/content/column/6795?pageIndex=" + i; }}, {{ currentPage: {at}, pageCount: {len(pages)} }})</script>"""
        return own.reply(frame("年报", divs(pages[at - 1]) + script, "<meta name='SiteId' content='6790'>"))

    own.routes["/content/column/6795"] = listed
    own.details(article)
    return own


@site
def gkmlpt_bodies(place: str) -> Stranger:
    """The tree of gkmlpt in one line, with a node a body below the annual reports."""
    own = Stranger(
        "gkmlpt_bodies",
        place,
        papers(place, lambda p: f"/gkmlpt/content/4/4688/post_4688{p.number}.html"),
        "/gkmlpt/index",
    )
    bodies = list(dict.fromkeys(p.body for p in own.reports))
    of = {body: 3000 + at for at, body in enumerate(bodies)}
    nodes = ",".join(
        f'{{id:{of[body]},name:"{body}",post_count:{sum(p.body == body for p in own.papers)},jump_url:"",children:[]}}'
        for body in bodies
    )
    tree = f'[{{id:2,name:"公开指南",children:[]}},{{id:3,name:"政府信息公开年报",post_count:0,jump_url:"",children:[{nodes}]}}]'
    own.text(
        own.entry,
        frame("公开目录", f"<script>window._CONFIG={{SITE_ID:1,SID:756001,TREE:{tree},X:1}};</script>"),
    )
    for body in bodies:
        rows = [p for p in own.papers if (p.body or bodies[0]) == body]

        def every(question: Asked, rows: list[Paper] = rows) -> Reply:
            at = number(asked(question), "page")
            shown = [
                {
                    "id": p.number,
                    "title": p.title,
                    "url": f"//{question.headers['Host']}{p.path}",
                    "display_publish_time": 1706500000,
                    "attachment": [],
                }
                for p in (chunks(rows, 1) + [[]] * 20)[at - 1]
            ]
            return _answer({"classify": {"post_count": len(rows)}, "articles": shown})

        own.routes[f"/gkmlpt/api/all/{of[body]}"] = every
    own.details(article)
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
