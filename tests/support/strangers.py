"""A second country of sites, written from the description of each protocol and not from `sample.sites`.

Where the two agree, the crawl has learned a protocol; where it reads only one of them, it has learned a skin. Every
site here lists the reports of six bodies for two years in pages of five, in markup that `sample` does not use.
"""

from __future__ import annotations

import hashlib
import html
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from mockserver import Asked, MockServer, Reply

SIZE = 5
YEARS = (2024, 2023)
PLACES = "沁漳淇洹汶泗沂沭淄潍浯渭泾洛汾涑丹浍颍涡浉淠泌湍澧沅溇渌洣耒涟涔浏汨富袁禾章贡琴绵锦桃梅盱"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
Name = Callable[["Paper"], str]


@dataclass(frozen=True)
class Paper:
    """One row of a list: a report, or what only looks like one (`body` is empty then)."""

    number: int
    title: str
    date: str
    body: str = ""
    year: int = 0
    path: str = ""
    file: str = ""

    @property
    def cut(self) -> str:
        """The title as narrow lists show it."""
        return f"{self.title[:12]}…"

    @property
    def hex(self) -> str:
        """32 digits that name this paper."""
        return hashlib.md5(f"{self.number} {self.title}".encode()).hexdigest()

    @property
    def uuid(self) -> str:
        """The same as a UUID."""
        return str(uuid.UUID(self.hex))

    @property
    def type(self) -> str:
        """The type of its body."""
        return "乡镇" if "镇" in self.body else "县直部门" if self.body.endswith("局") else "县政府"


@dataclass
class Stranger:
    """One site: what it answers, where to begin, and what is to be found there."""

    key: str
    place: str
    papers: list[Paper]
    entry: str = ""
    routes: dict[str, Any] = field(default_factory=dict)
    charset: str = "utf-8"
    twins: set[str] = field(default_factory=set)
    portal: str = ""

    @property
    def reports(self) -> list[Paper]:
        """Those of its papers that are reports."""
        return [paper for paper in self.papers if paper.body]

    def text(self, path: str, markup: str, kind: str = "text/html") -> None:
        """Answers a path with markup in the site's own charset."""
        self.routes[path] = self.reply(markup, kind)

    def reply(self, markup: str, kind: str = "text/html") -> Reply:
        """Markup as this site sends it."""
        return Reply(markup.encode(self.charset, "replace"), headers={"Content-Type": kind})

    def details(self, draw: Callable[[Paper], str]) -> None:
        """A page for every paper, and the file that one of them links."""
        for paper in self.papers:
            self.text(paper.path, draw(paper))
            if paper.file:
                self.routes[paper.file] = Reply(PDF, headers={"Content-Type": "application/octet-stream"})

    def homes(self, steps: int) -> None:
        """A home page so many steps away from the page where the column stands beside its neighbours."""
        block = f"""<ul class='zl'><li><a href='/zfxxgk/zn.html'>政府信息公开指南</a></li><li><a href='/zfxxgk/zd/'>政府信息公开制度</a></li>
<li><a href='/zfxxgk/fd/'>法定主动公开内容</a></li><li><a href='{self.entry}'><span>政府信息公开年报</span></a></li>
<li><a href='/ysq.html'>依申请公开</a></li></ul><p><a href='/zfgzbg/2024.html'>政府工作报告</a> <a href='/tjnb/'>统计年报</a></p>"""
        ways = (
            ("/zwgk/index.html", "政务公开"),
            ("/xxgk/pt/", "政府信息公开"),
            ("/zfxxgk/zn.html", "信息公开指南"),
        )
        pages = ["/", *(path for path, _name in ways[:steps])]
        for at, path in enumerate(pages):
            inner = block if at == steps else f"<p><a href='{ways[at][0]}'>{ways[at][1]}</a></p>"
            self.text(
                path,
                frame(f"{self.place}河县人民政府", f"{inner}<a href='/zwdt/1.html'>我县召开年度工作会议</a>"),
            )

    def server(self, address: str) -> MockServer:
        """The site on a loopback address."""
        return MockServer(self.routes, address)


def papers(place: str, name: Name, file: Name | None = None) -> list[Paper]:
    """The reports of a county in this naming, newest first, with four look-alikes among them."""
    county = f"{place}河县"
    bodies = [f"{county}{rest}" for rest in ("人民政府", "人民政府办公室", "审计局", "文化广电和旅游局")]
    bodies += [f"{county}石{place}镇人民政府", f"{county}南{place}乡人民政府"]
    shapes = (
        "{b}{y}年政府信息公开工作年度报告",
        "{b}政府信息公开工作年度报告（{y}年度）",
        "{b}{y}年度政府信息公开年报",
    )
    found: list[Paper] = []
    for year in YEARS:
        for order, body in enumerate(bodies):
            title = shapes[(order + year) % 3].format(b=body, y=year)
            found.append(Paper(0, title, f"{year + 1}-01-{28 - order:02d}", body, year))
    odd = (
        f"图解：{county}2024年政府信息公开工作年度报告",
        f"关于做好{county}2023年度政府信息公开工作年度报告编制和发布工作的通知",
        f"{county}2023年政府网站工作年度报表",
        f"{county}2022年法治政府建设年度报告",
    )
    for at, title in enumerate(odd):
        found.insert(3 + 4 * at, Paper(0, title, f"2024-02-{10 + at:02d}"))
    numbered = [replace(paper, number=900 + at) for at, paper in enumerate(found)]
    named = [replace(paper, path=name(paper)) for paper in numbered]
    first = next(at for at, paper in enumerate(named) if paper.body)
    if file:
        named[first] = replace(named[first], file=file(named[first]))
    return named


def prose(paper: Paper) -> str:
    """What a report says, in the form of 2021, or some words where it is none."""
    if not paper.body:
        return f"<p>{paper.title}。具体内容请见正文。</p>" + "<p>请各单位认真贯彻落实。</p>" * 3
    year, number = paper.year, paper.number
    return f"""<p>根据《中华人民共和国政府信息公开条例》的规定编制本报告，统计期限自{year}年1月1日起至12月31日止。</p>
<p>一、总体情况</p><p>本年度主动公开信息{number}条。</p><p>二、主动公开政府信息情况</p>
<table border=1><tr><td colspan=4>第二十条第（一）项</td></tr><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td>
<td>现行有效件数</td></tr><tr><td>规章</td><td>0</td><td>0</td><td>0</td></tr>
<tr><td>行政规范性文件</td><td>{number % 9}</td><td>1</td><td>{number % 7}</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p><p>本年新收政府信息公开申请数量{number % 50}件，结转下年度继续办理0件。</p>
<p>四、政府信息公开行政复议、行政诉讼情况</p><p>无。</p><p>五、存在的主要问题及改进情况</p><p>继续努力。</p>
<p>六、其他需要报告的事项</p><p>无。</p>"""


def chunks(rows: Sequence[Paper], size: int = SIZE) -> list[list[Paper]]:
    """The pages of a list."""
    return [list(rows[at : at + size]) for at in range(0, len(rows), size)] or [[]]


def paged(
    own: Stranger,
    name: Callable[[int], str],
    draw: Callable[[list[Paper], int, int], str],
    pages: list[list[Paper]] | None = None,
    *,
    title: str = "年报",
    head: str = "",
) -> None:
    """The pages of a list, that of all papers by default, at the addresses that `name` gives."""
    pages = chunks(own.papers) if pages is None else pages
    for at, page in enumerate(pages, 1):
        own.text(name(at), frame(title, draw(page, at, len(pages)), head))


def beyond(at: int, form: str) -> str:
    """What the pages after the first have in their addresses."""
    return form.format(at) if at > 1 else ""


def number(form: Mapping[str, str], name: str, default: int = 1) -> int:
    """A number out of a query or a form."""
    return int(form[name]) if form.get(name, "").isdecimal() else default


def asked(question: Asked) -> dict[str, str]:
    """What a request says in its query and its body."""
    query = parse_qsl(urlsplit(question.path).query, keep_blank_values=True)
    return dict([*query, *parse_qsl(question.body, keep_blank_values=True)])


def frame(title: str, inner: str, head: str = "") -> str:
    """A page in the frame that this country's sites share: a menu, a search, a footer with foreign links."""
    return f"""<!DOCTYPE html>
<HTML><HEAD><TITLE>{title}</TITLE>{head}</HEAD><BODY>
<DIV ID='nav'><A HREF='/'>首页</A> | <A HREF='/zwdt/'>政务动态</A> | <A HREF='/bsfw/'>办事服务</A></DIV>
<DIV ID='where'>当前位置：<A HREF='/'>首页</A> &gt; 政府信息公开 &gt; 年报</DIV>
{inner}
<DIV ID='foot'><A HREF='http://127.0.9.9:9/nb/'>上级政府2024年政府信息公开工作年度报告</A>
<A HREF='/about/wzsm.html'>网站声明</A></DIV></BODY></HTML>"""


def divs(rows: Iterable[Paper], link: Callable[[Paper], str] = lambda paper: paper.path) -> str:
    """Rows without a list: the date first, single quotes, the whole title only in the tag."""
    return "\n".join(
        f"<div class='hang'><i>{row.date.replace('-', '.')}</i>"
        f"<a target='_blank' title='{row.title}' href='{link(row)}'>{row.cut}</a></div>"
        for row in rows
    )


def cells(rows: Iterable[Paper], link: Callable[[Paper], str] = lambda paper: paper.path) -> str:
    """Rows of a table in capitals without quotes."""
    return (
        "<TABLE WIDTH=100%>"
        + "".join(
            f"<TR><TD>{at}</TD><TD><A HREF={link(row)} CLASS=bt>{row.title}</A></TD><TD>[{row.date}]</TD></TR>"
            for at, row in enumerate(rows, 1)
        )
        + "</TABLE>"
    )


def article(paper: Paper, box: str = "<div class='wenzhang'>{}</div>", head: str = "") -> str:
    """A detail page whose text stands in `box`."""
    file = f"<p>附件：<a href='{paper.file}'>{paper.title}.pdf</a></p>" if paper.file else ""
    return frame(paper.title, f"<h2>{paper.title}</h2>" + box.replace("{}", prose(paper) + file), head)


def day(paper: Paper, form: str = "%Y%m%d") -> str:
    """The date of a paper in another form."""
    import datetime

    return datetime.date.fromisoformat(paper.date).strftime(form)


SITES: dict[str, Callable[[str], Stranger]] = {}


def site(make: Callable[[str], Stranger]) -> Callable[[str], Stranger]:
    """Registers a site by the name of its function."""
    SITES[make.__name__] = make
    return make


# --- TRS ---


@site
def trs_shtml(place: str) -> Stranger:
    """Folders without a file name; the call with single quotes and spaces; years, then types of body."""
    base = "/zwgk/zfxxgk/zfxxgknb/"
    own = Stranger(
        "trs_shtml",
        place,
        papers(
            place,
            lambda p: f"{base}{p.date[:4]}nb/{p.date[:4]}{p.date[5:7]}/t{day(p)}_{p.number}.shtml",
            lambda p: f"{base}{p.date[:4]}nb/{p.date[:4]}{p.date[5:7]}/P0{day(p)}334455667788.pdf",
        ),
        base,
    )
    years = sorted({p.date[:4] for p in own.papers}, reverse=True)
    own.text(base, frame("年报", "".join(f"<p><a href='./{y}nb/'>{int(y) - 1}年</a></p>" for y in years)))
    for year in years:
        rows = [p for p in own.papers if p.date[:4] == year]
        kinds = list(dict.fromkeys(p.type for p in rows))
        folder = f"{base}{year}nb/"
        own.text(
            folder, frame("年报", "".join(f"<span><a href=k{n}/>{k}</a></span>" for n, k in enumerate(kinds)))
        )
        for n, kind in enumerate(kinds):
            few = chunks([p for p in rows if p.type == kind], 2)
            for at, page in enumerate(few):
                name = f"{folder}k{n}/" + (f"index_{at}.shtml" if at else "")
                call = f"<script>\n createPageHTML( {len(few)} , {at} , 'index' , 'shtml' ) ;\n</script>"
                drawn = divs(page, lambda p, folder=folder: f"../{p.path.removeprefix(folder)}")
                own.text(name, frame("年报", f"<!-- {divs(page)} -->{drawn}{call}"))
    wap = own.reports[2]
    own.routes[wap.path.replace(".shtml", "_wap.shtml")] = own.reply(article(wap))
    own.twins.add(wap.path.replace(".shtml", "_wap.shtml"))
    own.details(lambda p: article(p, "<div class=TRS_Editor>{}</div>"))
    return own


@site
def trs_records(place: str) -> Stranger:
    """Records before pages in the call; GBK without a word of it; details by a bare number."""
    base = "/gkml/gknb/"
    own = Stranger(
        "trs_records", place, papers(place, lambda p: f"{base}t1569{p.number}.shtml"), base, charset="gb18030"
    )
    pages = chunks(own.papers)
    for at, page in enumerate(pages):
        call = f'<script type=text/javascript>createPageHTML({len(own.papers)},{len(pages)},{at},"index","htm",{SIZE})</script>'
        own.text(base + (f"index_{at}.htm" if at else ""), frame("年报", cells(page) + call), "text/html")
    own.details(lambda p: article(p, "<div class='view TRS_UEDITOR trs_paper_default'>{}</div>"))
    return own


@site
def trs_was(place: str) -> Stranger:
    """A search that answers JSON broken over lines, with the template's own row at its end."""
    base = "/zfxxgkzl/zfxxgkndbg/"
    own = Stranger(
        "trs_was",
        place,
        papers(place, lambda p: f"{base}{p.date[:4]}{p.date[5:7]}/t{day(p)}_{p.number}.htm"),
        base,
    )
    ask = "/was5/web/search?channelid=294271&templet=advsch.jsp&sortfield=-docorderpri,-docreltime&classsql=chnlid%3D35207&prepage=5&page=1"
    own.text(
        base,
        frame("年报", f"<div id='xx'></div><script>$.get('{ask}', function (r) {{ draw(r); }});</script>"),
    )

    def search(question: Asked) -> Reply:
        page = number(asked(question), "page")
        rows = [*chunks(own.papers), []][min(page, 9) - 1] if page <= len(chunks(own.papers)) else []
        said = ",\n".join(f'{{"title":"{p.title}",\r\n"url":"{p.path}","time":"{p.date}"}}' for p in rows)
        end = '{"title":"文章标题","url":"","time":""}'
        return Reply(
            f'{{"count":{len(own.papers)},\n"docs":[{said}{"," if said else ""}\n{end}]}}',
            headers={"Content-Type": "text/html"},
        )

    own.routes["/was5/web/search"] = search
    own.details(article)
    return own


# --- Hanweb ---


def _records(rows: Iterable[Paper]) -> str:
    return "".join(
        f"<record><![CDATA[<tr><td><a href='{p.path}' title='{p.title}'>{p.cut}</a></td><td>{p.date[:5]}\n {p.date[5:8]}\n {p.date[8:]}"
        "</td></tr>]]></record>"
        for p in rows
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
    store = f"<datastore><recordset>\n{_records(own.papers[:6])}</recordset></datastore>"
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
            f"<datastore><totalrecord>{len(own.papers)}</totalrecord><recordset>{_records(rows)}</recordset></datastore>",
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
            f"<datastore>{group if nearly else ''}<recordset>{_records(rows)}</recordset></datastore>",
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
            f'<script type="text/xml"><datastore>\n{group}<recordset>{_records(own.papers[:SIZE])}</recordset></datastore></script>',
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


# --- jpaas ---


def _unit(own: Stranger, deaf: bool) -> Callable[[Asked], Reply]:
    def unit(question: Asked) -> Reply:
        said = asked(question)
        if said.get("webId") != "9" or said.get("tagId") != "当前栏目list":
            return Reply('{"success":false}', headers={"Content-Type": "application/json"})
        turned = json.loads(said.get("paramJson") or "{}")
        page = 1 if deaf else int(turned.get("pageNo", 1))
        rows = (chunks(own.papers) + [[]] * 50)[page - 1]
        drawn = divs(rows) + f"<div count='{len(own.papers)}' rows='{SIZE}' class='pagination'></div>"
        return Reply(
            json.dumps({"code": "200", "success": True, "data": {"html": drawn}}, ensure_ascii=False),
            headers={"Content-Type": "application/json;charset=UTF-8"},
        )

    return unit


_QUERY = {
    "parseType": "bulidstatic",
    "webId": "9",
    "tplSetId": "t1",
    "pageType": "column",
    "tagId": "当前栏目list",
    "editType": "null",
    "pageId": "668815",
}


@site
def jpaas_escaped(place: str) -> Stranger:
    """queryData after url, its quotes as entities; long art addresses below the column."""
    own = Stranger(
        "jpaas_escaped",
        place,
        papers(
            place,
            lambda p: f"/col/4039_446643/art/17356608/17364738{p.number}029ffO7DUB.html",
            lambda p: f"/attach/-1/24021515573{p.number}.pdf",
        ),
        "/col/4039_446643/index.html",
    )
    data = html.escape(json.dumps(_QUERY, ensure_ascii=False))
    pager = f'<div class="pagination" rows="{SIZE}" count="{len(own.papers)}"></div>'
    own.text(
        own.entry,
        frame(
            "年报",
            f'<div id=x9 url="/api-gateway/jpaas-publish-server/front/page/build/unit" querydata="{data}">{divs(own.papers[:SIZE])}{pager}</div>',
        ),
    )
    own.routes["/api-gateway/jpaas-publish-server/front/page/build/unit"] = _unit(own, False)
    own.details(lambda p: article(p, "<div id='barrierfree_container'>{}</div>"))
    return own


@site
def jpaas_deaf(place: str) -> Stranger:
    """A readable path; the unit answers page 1 to every page; years have archives that are complete."""
    own = Stranger(
        "jpaas_deaf",
        place,
        papers(place, lambda p: f"/zfxxgk/nb/art/{p.date[:4]}/art_{p.hex}.html"),
        "/zfxxgk/nb/index.html",
    )
    data = str(_QUERY)
    years = "".join(
        f"<a href='/zfxxgk/nb/{y}n/index.html'>{y}年</a> " for y in sorted({p.date[:4] for p in own.papers})
    )
    own.text(
        own.entry,
        frame(
            "年报",
            f"{years}<div queryData=\"{data}\" url='/api-gateway/jpaas-publish-server/front/page/build/unit'>{cells(own.papers[:SIZE])}<div class='pagination' count='{len(own.papers)}' rows='{SIZE}'></div></div>",
        ),
    )
    for year in {p.date[:4] for p in own.papers}:
        own.text(
            f"/zfxxgk/nb/{year}n/index.html", frame("年报", divs(p for p in own.papers if p.date[:4] == year))
        )
    own.routes["/api-gateway/jpaas-publish-server/front/page/build/unit"] = _unit(own, True)
    own.details(article)
    return own


@site
def jiangxi_list(place: str) -> Stranger:
    """listData in a script, the page in pageNum, uid from the params."""
    own = Stranger(
        "jiangxi_list",
        place,
        papers(place, lambda p: f"/hxrmzf/art/{p.date[:4]}/{p.hex}.html"),
        "/hxrmzf/col/col42150/index.html",
    )

    def column(question: Asked) -> Reply:
        page = number(asked(question), "pageNum")
        rows = (chunks(own.papers) + [[]] * 9)[page - 1]
        articles = [
            {
                "title": p.title,
                "urls": json.dumps({"common": p.path, "pc": p.path}),
                "publishedTime": f"{p.date} 09:00:00",
            }
            for p in rows
        ]
        listed = json.dumps({"articleList": articles, "total": len(own.papers)}, ensure_ascii=False)
        return own.reply(
            frame(
                "年报",
                f"""<ul id=u></ul><script>var listData = {listed};
 var params = {{current:{page}, unitid:'380055', webSiteCode:['hxrmzf'], channelCode:['col42150'], perPage:'{SIZE}'}}; loadPageData(params, 1);</script>""",
            )
        )

    own.routes[own.entry] = column
    own.details(article)
    return own


# --- UCAP ---


def _ucap(paper: Paper) -> str:
    return article(paper, f"<UCAPTITLE>{paper.title}</UCAPTITLE><UCAPCONTENT>{{}}</UCAPCONTENT>")


@site
def ucap_question(place: str) -> Stranger:
    """list.shtml?2 by links; details under a channel of letters, with noise in the query."""
    own = Stranger(
        "ucap_question",
        place,
        papers(
            place,
            lambda p: f"/hxzf/nb/{day(p, '%Y%m')}/{p.hex}.shtml",
            lambda p: f"/hxzf/nb/{day(p, '%Y%m')}/{p.hex}/files/{p.hex[::-1]}.pdf",
        ),
        "/hxzf/nb/list.shtml",
    )

    def draw(page: list[Paper], at: int, of: int) -> str:
        turns = "".join(f"<a href=list.shtml{beyond(n, '?{}')}>{n}</a>&nbsp;" for n in range(1, of + 1))
        return cells(page, lambda p: f"{p.path}") + f"<p class='fanye'>{turns}</p>"

    paged(own, lambda at: f"/hxzf/nb/list.shtml{beyond(at, '?{}')}", draw)
    own.details(_ucap)
    return own


@site
def ucap_search(place: str) -> Stranger:
    """zfxxgk_gknbz.shtml without a row; the search by the channel of its tag; protocol-relative addresses."""
    own = Stranger(
        "ucap_search",
        place,
        papers(place, lambda p: f"/hxx/c111341/{day(p, '%Y%m')}/c01_{p.number}.shtml"),
        "/hxx/c111341/zfxxgk_gknbz.shtml",
    )
    channel = hashlib.md5(place.encode()).hexdigest()
    own.text(
        own.entry,
        frame(
            "年报",
            "<div id='list_id'></div><script src='/js/list.js'></script>",
            f"<meta content='{channel}' name='channelId'>",
        ),
    )

    def search(question: Asked) -> Reply:
        said = asked(question)
        page, size = number(said, "page"), min(number(said, "_pageSize", 20), SIZE)
        rows = (chunks(own.papers, size) + [[]] * 9)[page - 1]
        results = [
            {
                "title": p.title,
                "subTitle": "",
                "url": f"//{question.headers['Host']}{p.path}",
                "publishedTimeStr": f"{p.date} 10:12:00",
                "content": prose(p)[:80],
                "domainMetaList": [
                    {"resultList": [{"key": "indexnumber", "name": "索引号", "value": str(p.number)}]}
                ],
            }
            for p in rows
        ]
        return Reply(
            json.dumps(
                {
                    "data": {
                        "total": len(own.papers),
                        "page": page,
                        "rows": size,
                        "channelId": channel,
                        "results": results,
                    }
                },
                ensure_ascii=False,
            ),
            headers={"Content-Type": "application/json"},
        )

    own.routes[f"/common/search/{channel}"] = search
    own.details(_ucap)
    return own


@site
def ucap_posted(place: str) -> Stranger:
    """Suzhou's form, upper-case fields."""
    own = Stranger(
        "ucap_posted",
        place,
        papers(place, lambda p: f"/hxzf/c100028/c{p.number}/content.shtml"),
        "/hxzf/c100028/common_list.shtml",
    )
    path = "/szinf/interfacesWebManu/loadDataByChannelIdAndDeptIdBackSort"
    channel = hashlib.md5(place.encode()).hexdigest()
    own.text(
        own.entry,
        frame(
            "年报",
            f"""<script>function load(i) {{ $.post("{path}", {{ channelId : "{channel}", deptId : '', pageIndex : i, pageSize : {SIZE} }}, draw); }}</script>""",
        ),
    )

    def load(question: Asked) -> Reply:
        said = asked(question)
        if question.method != "POST" or said.get("channelId") != channel:
            return Reply('{"data":{"list":[]}}', headers={"Content-Type": "application/json"})
        pages = chunks(own.papers)
        rows = (pages + [[]] * 9)[number(said, "pageIndex") - 1]
        data = {
            "list": [{"TITLE": p.title, "URL": p.path, "PUBLISHED_TIME_FORMAT": p.date} for p in rows],
            "totalPage": len(pages),
        }
        return Reply(
            json.dumps({"data": data}, ensure_ascii=False), headers={"Content-Type": "application/json"}
        )

    own.routes[path] = load
    own.details(_ucap)
    return own


@site
def ucap_proxy(place: str) -> Stranger:
    """西藏: the article comes as JSON from a proxy that the page names."""
    own = Stranger(
        "ucap_proxy",
        place,
        papers(place, lambda p: f"/zfxxgk/nb/{day(p, '%Y%m')}/{p.hex}.shtml"),
        "/zfxxgk/nb/list.shtml",
    )

    def draw(page: list[Paper], at: int, of: int) -> str:
        call = f"<script>createPageHTML('page_div',{of}, {at},'list','shtml',{len(own.papers)});</script>"
        return divs(page) + call

    paged(own, lambda at: f"/zfxxgk/nb/list{beyond(at, '_{}')}.shtml", draw)

    def proxy(question: Asked) -> Reply:
        found = next((p for p in own.papers if p.hex == asked(question).get("manuscriptId")), None)
        data = (
            {"title": found.title, "content": prose(found), "publishedTimeStr": found.date} if found else None
        )
        return Reply(
            json.dumps({"code": 200, "data": data}, ensure_ascii=False),
            headers={"Content-Type": "application/json"},
        )

    own.routes["/interface-cms/proxy/api"] = proxy
    for p in own.papers:
        ask = f"/interface-cms/proxy/api?apiUrl=manuscript%2FgetManuscriptById&manuscriptId={p.hex}"
        shell = frame(p.title, f"<div id='UCAP-CONTENT'></div><script>$.getJSON('{ask}', show)</script>")
        own.text(p.path, shell if p.body else article(p))
        own.twins.add(ask)
    return own


# --- gkmlpt and NFCMS ---


_NODES: list[dict[str, object]] = [
    {"id": 2600, "name": "政府信息公开指南", "jump_url": "", "post_count": 1, "children": []},
    {
        "id": 2601,
        "name": "法定主动公开内容",
        "children": [
            {
                "id": 2629,
                "name": "政府信息公开年度报告",
                "jump_url": "",
                "post_count": 14,
                "children": [
                    {
                        "id": 2630,
                        "name": "镇街年报",
                        "jump_url": "/hxq/nb/index.html",
                        "post_count": 0,
                        "children": [],
                    }
                ],
            }
        ],
    },
]


def _year_reports(here: list[Paper], question: Asked) -> Reply:
    """The rows of one page of the column of annual reports, for who knows the site's number."""
    said = asked(question)
    page = number(said, "page")
    rows = (chunks(here) + [[]] * 9)[max(page, 1) - 1]
    articles = [
        {
            "id": p.number,
            "title": p.title,
            "url": f"http://{question.headers['Host']}{p.path}",
            "date": 1706500000,
            "created_at": f"{p.date} 09:00:00",
            "publisher": p.body,
            "attachment": [{"name": "年报.pdf", "url": p.file}] if p.file else [],
        }
        for p in rows
    ]
    return Reply(
        json.dumps(
            {
                "classify": {"id": 2629, "name": "年报", "post_count": len(here)},
                "articles": articles if said.get("sid") == "175" else [],
            }
        ),
        headers={"Content-Type": "application/json"},
    )


def _post(here: list[Paper], paper: Paper) -> str:
    """A detail page of the platform, or of the older part of the site."""
    if paper not in here:
        return article(paper, "<div class='news_cont_d_wrap'>{}</div><script>NFCMS_POST_ID='1'</script>")
    said = json.dumps(
        {"DETAIL": {"title": paper.title, "content": prose(paper)}, "SID": "175"}, ensure_ascii=True
    ).replace("/", "\\/")
    return frame(paper.title, f"<div id='app'></div><script>window._CONFIG = {said};</script>")


@site
def gkmlpt_tree(place: str) -> Stranger:
    """A tree in a script with bare keys; the text of details only as an escaped string; a node that jumps away."""
    root = "/hxq/gkmlpt"
    own = Stranger(
        "gkmlpt_tree",
        place,
        papers(
            place,
            lambda p: f"{root}/content/4/4688/post_4688{p.number}.html",
            lambda p: f"/attachment/0/516/516{p.number}/4688{p.number}.pdf",
        ),
        f"{root}/annualreport#2629",
    )
    config = f"<script>window._CONFIG = {{ SERVICE_AREA_ID: '1', SID : '175',\n TREE: {json.dumps(_NODES, ensure_ascii=False)}, MODE: \"index\" }};</script>"
    for name in ("index", "annualreport"):
        own.text(
            f"{root}/{name}",
            frame(
                "政府信息公开目录",
                f"<div id=app></div>{config if name == 'index' else '<script>window._CONFIG={SID:175}</script>'}",
            ),
        )
    towns = [p for p in own.papers if "镇" in p.body or "乡" in p.body]
    own.papers = [
        replace(p, path=f"/hxq/nb/content/post_78{p.number}.html") if p in towns else p for p in own.papers
    ]
    here = [p for p in own.papers if "post_4688" in p.path]

    own.routes[f"{root}/api/all/2629"] = partial(_year_reports, here)

    def listed(page: list[Paper], at: int, of: int) -> str:
        turns = "".join(f"<a href='index{beyond(n, '_{}')}.html'>{n}</a> " for n in range(1, of + 1))
        return f"{divs(page)}<div class='pagelist'>{turns}</div><script>var NFCMS_SITE_ID='7'</script>"

    rest = chunks([p for p in own.papers if p not in here], 4)
    paged(own, lambda at: f"/hxq/nb/index{beyond(at, '_{}')}.html", listed, rest)

    own.details(partial(_post, here))
    return own


# --- LonSun ---


@site
def lonsun_label(place: str) -> Stranger:
    """A tree of organs under a prefix; fragments from the label; an organ that has nothing."""
    own = Stranger(
        "lonsun_label",
        place,
        papers(
            place,
            lambda p: f"/zwgk/public/{_organ(p)}/50012{p.number}.html",
            lambda p: f"/group6/M00/0A/{p.hex[:2].upper()}/{p.hex}.docx",
        ),
        "/zwgk/public/column/6601?type=3&action=list",
    )
    bodies = list(dict.fromkeys(p.body for p in own.reports))
    organs = {str(6600 + at): body for at, body in enumerate(bodies, 1)} | {"6699": f"{place}河县信访局"}
    tree = "".join(
        f"<dd><a href='/zwgk/public/column/{organ}?type=4&action=list'>{body}</a></dd>"
        for organ, body in organs.items()
    )
    parts = "".join(
        f"<a href='/zwgk/public/column/6601?type={n}&action=detail'>{name}</a>"
        for n, name in ((2, "指南"), (1, "制度"), (3, "年报"), (5, "依申请公开"))
    )

    def column(organ: str) -> Callable[[Asked], Reply]:
        rows = [p for p in own.papers if _organ(p) == organ]
        ask = (
            f"/site/label/8888?IsAjax=1&amp;dataType=html&amp;labelName=publicInfoList&amp;siteId=6790&amp;pageSize=2&amp;pageIndex=1&amp;action=list&amp;organId={organ}"
            "&amp;type=3&amp;catIds=&amp;cId=&amp;result=暂无相关信息&amp;file=%2Fxxgk%2FpublicInfoList_newest2020"
        )
        script = f"<script>$('#p').page({{ pageCount: {-(-len(rows) // 2)}, url: '{ask}' }})</script>"
        return lambda question: own.reply(
            frame(
                "年报",
                f"<dl>{tree}</dl><p>{parts}</p><div id=p></div>{script}"
                if number(asked(question), "type") == 3
                else "<p>目录</p>",
                "<META NAME='SiteId' CONTENT='6790'>",
            )
        )

    for organ in organs:
        own.routes[f"/zwgk/public/column/{organ}"] = column(organ)

    def label(question: Asked) -> Reply:
        said = asked(question)
        rows = (
            [p for p in own.papers if _organ(p) == said.get("organId")]
            if said.get("siteId") == "6790"
            else []
        )
        page = (chunks(rows, number(said, "pageSize", 15)) + [[]] * 9)[number(said, "pageIndex") - 1]
        shown = "".join(
            f"<li><a href='{p.path}' target='_blank'>{p.title}</a><span class=\"date\">{p.date}</span></li>"
            for p in page
        )
        return own.reply(
            f'<ul class="clearfix xxgk_nav_list">{shown}</ul>' if shown else "<p>暂无相关信息</p>"
        )

    own.routes["/site/label/8888"] = label
    own.details(lambda p: article(p, "<div class='wzcon j-fontContent'>{}</div>"))
    return own


def _organ(paper: Paper) -> str:
    ends = {"人民政府": "6601", "办公室": "6602", "审计局": "6603", "旅游局": "6604"}
    if "镇" in paper.body or "乡" in paper.body:
        return "6605" if "镇" in paper.body else "6606"
    return next((organ for end, organ in ends.items() if paper.body.endswith(end)), "6601")


@site
def lonsun_inline(place: str) -> Stranger:
    """action=detail: one report in place, the others behind links of years."""
    own = Stranger(
        "lonsun_inline",
        place,
        papers(place, lambda p: f"/public/content/50012{p.number}"),
        "/public/column/6601?type=3&action=detail",
    )
    own.papers = own.reports
    bodies = {_organ(p): p.body for p in own.papers}
    tree = json.dumps(
        [{"id": int(organ), "pId": 0, "name": body} for organ, body in bodies.items()], ensure_ascii=False
    )
    newest = {organ: next(p for p in own.papers if _organ(p) == organ) for organ in bodies}
    own.papers = [
        replace(p, path=f"/public/column/{_organ(p)}?type=3&action=detail") if p in newest.values() else p
        for p in own.papers
    ]
    for organ in bodies:
        rows = [p for p in own.papers if _organ(p) == organ]
        years = "".join(f"<a href='{p.path}'>{p.year}</a> " for p in rows)
        script = f"<script>var zNodes = {tree}; $.fn.zTree.init($('#t'), set, zNodes);</script>"
        own.text(
            f"/public/column/{organ}?type=3&action=detail",
            article(
                rows[0],
                f"<div class=years>{years}</div><div id='J_content'>{{}}</div>{script}",
                "<meta name=SiteId content=6790>",
            ),
        )
    for p in own.papers:
        if p.path.startswith("/public/content/"):
            own.text(p.path, article(p, "<div id='J_content'>{}</div>"))
    return own


# --- openness, VSB, Hebei, huilan, Shanghai, Shaanxi ---


@site
def openness_show(place: str) -> Stranger:
    """A list in page_1.html …; each body has a page a year, chosen on the page of the year before."""
    own = Stranger(
        "openness_show",
        place,
        papers(place, lambda p: f"/xxgk/openness/detail/annual_report/{p.hex[:24]}.html"),
        "/OpennessContent/showList/341/104/page_1.html",
    )
    own.papers = [
        replace(p, path=f"/OpennessAnnualReport/year/show/{_organ(p)}/{p.year}.html")
        if p.body and p.body.endswith("局")
        else p
        for p in own.papers
    ]
    rows = [p for p in own.papers if not (p.year and p.year < 2024 and "/year/show/" in p.path)]

    def listed(page: list[Paper], at: int, of: int) -> str:
        turns = f"<a href='page_{at + 1}.html'>下一页</a>" if at < of else "<span>下一页</span>"
        return f"{cells(page)}<p>{turns} 第{at}/{of}页</p>"

    paged(own, lambda at: f"/OpennessContent/showList/341/104/page_{at}.html", listed, chunks(rows))

    def draw(paper: Paper) -> str:
        years = [p for p in own.papers if p.body == paper.body] if "/year/show/" in paper.path else []
        shown = "".join(
            f"<option value='{p.path}'{' selected' if p == paper else ''}>{p.year}年</option>" for p in years
        )
        return article(
            paper,
            (f'<select onchange="location.href=this.value">{shown}</select>' if years else "")
            + "<div class=con>{}</div>",
        )

    own.details(draw)
    return own


@site
def vsb_descending(place: str) -> Stranger:
    """nb.htm, nb/2.htm, nb/1.htm; details by tree and news; a year whose articles are column pages; files without a type."""
    own = Stranger(
        "vsb_descending",
        place,
        papers(
            place,
            lambda p: f"/info/1034/{p.number}.htm",
            lambda p: (
                f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1463519{p.number}&wbfileid={p.hex}"
            ),
        ),
        "/zfxxgk/nb.htm",
    )
    kept = [p for p in own.reports if p.year == YEARS[-1]]
    own.papers = [
        replace(p, path=f"/zfxxgk/nb/n2023n/{'xz' if p.type == '乡镇' else 'xjbm'}/a{p.number}.htm")
        if p in kept
        else p
        for p in own.papers
    ]
    rows = [p for p in own.papers if "/n2023n/" not in p.path]
    pages = chunks(rows)
    last = len(pages)
    for at, page in enumerate(pages):
        href = f"{'nb/' if at == 0 else ''}{last - at - 1}.htm"
        after = (
            f"<span class='p_next p_fun'><a href='{href}'>下页</a></span>"
            if at < last - 1
            else "<span class='p_next_d p_fun_d'>下页</span>"
        )
        up = "" if at == 0 else "../"
        drawn = cells(page, lambda p, up=up: f"{up}..{p.path}")
        own.text(
            "/zfxxgk/nb.htm" if at == 0 else f"/zfxxgk/nb/{last - at}.htm",
            frame(
                "年报",
                f"<p><a href='{'nb/' if at == 0 else ''}n2023n.htm'>2023年</a></p>{drawn}<div class='pb_sys_common pb_sys_style1'><span class=p_t>共{len(rows)}条</span>{after}<span class=p_t>{at + 1}/{last}</span></div>",
            ),
        )
    own.text(
        "/zfxxgk/nb/n2023n.htm",
        frame(
            "2023年",
            "<h3><a href='n2023n/xz.htm'>乡镇</a></h3><h3><a href='n2023n/xjbm.htm'>县级部门</a></h3>",
        ),
    )
    for kind in ("xz", "xjbm"):
        few = [p for p in own.papers if f"/{kind}/" in p.path]
        own.text(
            f"/zfxxgk/nb/n2023n/{kind}.htm",
            frame(
                "2023年",
                "".join(f"<p><a href='{kind}/{p.path.rsplit('/', 1)[1]}'>{p.body}</a></p>" for p in few),
            ),
        )
    own.details(
        lambda p: article(
            p,
            "<form name='_newscontent_fromname'><div id='vsb_content_4'><div class='v_news_content'>{}</div></div></form>",
        )
    )
    return own


@site
def vsb_dynamic(place: str) -> Stranger:
    """list.jsp and content.jsp with their urltype; the pager as a form's links."""
    own = Stranger(
        "vsb_dynamic",
        place,
        papers(
            place, lambda p: f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1034&wbnewsid={p.number}"
        ),
        "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1034",
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "PAGENUM")
        turns = (
            f"<a href='?totalpage={len(pages)}&PAGENUM={at + 1}&urltype=tree.TreeTempUrl&wbtreeid=1034'>下页</a>"
            if at < len(pages)
            else ""
        )
        return own.reply(frame("年报", cells(pages[at - 1]) + turns))

    own.routes["/list.jsp"] = listed
    own.details(lambda p: article(p, "<div id=vsb_content>{}</div>"))
    return own


@site
def hebei_block(place: str) -> Stranger:
    """UUIDs everywhere; the block's address built into a script; rows as cells of paragraphs."""
    column, template, block = (str(uuid.uuid5(uuid.NAMESPACE_URL, place + each)) for each in "ctb")
    own = Stranger(
        "hebei_block",
        place,
        papers(
            place,
            lambda p: f"/zfxxgk/columns/{column}/{p.date[:4]}{p.date[5:7]}/{p.date[8:]}/{p.uuid}.html",
            lambda p: f"/attachments/1/202401/28/nb.pdf20240128183610{p.number}.pdf?sid={p.uuid}",
        ),
        f"/zfxxgk/columns/{column}/index.html",
    )
    path = f"/zfxxgk/columns/{column}/templates/{template}/blocks/{block}"
    own.text(
        own.entry,
        frame("年报", f"<div id='b'></div><script>loadBlock('#b', \"{path}?page=1&fix=0\")</script>"),
    )

    def fragment(question: Asked) -> Reply:
        pages = chunks(own.papers)
        at = number(asked(question), "page")
        rows = (pages + [[]] * 9)[at - 1]
        drawn = "".join(
            f"<li class='xxgk_gfxwjk-list-li'><p>{n}</p><p><a href='{p.path}'>{p.title}</a></p><p>{p.date}</p></li>"
            for n, p in enumerate(rows)
        )
        return own.reply(f"<ul>{drawn}</ul>")

    own.routes[path] = fragment
    own.details(lambda p: article(p, "<div id='zoom'>{}</div>"))
    return own


@site
def hebei_portal(place: str) -> Stranger:
    """eportal-like folders whose ids carry junk letters."""
    base = "/hxx/zfxxgk/zfxxgknb"
    own = Stranger(
        "hebei_portal",
        place,
        papers(place, lambda p: f"{base}/946962/{p.number}aabbb/index.html"),
        f"{base}/946962/index.html",
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "currentPage")
        rows = "".join(
            f"<li><a href='{p.path}'>{p.title}</a><span>{p.date}</span></li>" for p in pages[at - 1]
        )
        form = f"<form id=f method=post action='{own.entry}'><input type=hidden name=currentPage value={at}><input name=moduleId value=m1 type=hidden></form>"
        turns = "".join(f'<a href="javascript:next({n})">{n}</a> ' for n in range(1, len(pages) + 1))
        return own.reply(
            frame(
                "年报",
                f"<ul class=xxgkList>{rows}</ul>{form}<div class=fy>{turns}</div><script src=/eportal/uiFramework/huilan-jquery-ui.js></script>",
            )
        )

    own.routes[own.entry] = listed
    own.details(lambda p: article(p, f"<h3 class=detailTitle>{p.title}</h3><div class=overview>{{}}</div>"))
    return own


@site
def shanghai_pages(place: str) -> Stranger:
    """totalPage in an object over lines; archives of years with odd prefixes."""
    own = Stranger(
        "shanghai_pages",
        place,
        papers(place, lambda p: f"/nw12344/{day(p)}/{p.hex}.html"),
        "/nw12344/index.html",
    )
    new = [p for p in own.papers if p.date[:4] >= "2024"]
    old = [p for p in own.papers if p not in new]
    for base, rows, more in (
        ("/nw12344/", new, "<a href='/sgknb2023/index.html'>2023年</a>"),
        ("/sgknb2023/", old, ""),
    ):
        pages = chunks(rows, 5)
        for at, page in enumerate(pages, 1):
            shown = "".join(
                f"<li>\n<a href='{p.path}' title='{p.title}'>{p.cut}</a><span class='time'>{p.date}</span></li><!--<li><a href='{p.path}x'>{p.title}</a></li>-->"
                for p in page
            )
            call = f'<script>$(".pagination").pagination({{\n current: {at},\n totalPage : {len(pages)},\n size: 5 }});</script>'
            own.text(
                base + ("index.html" if at == 1 else f"index_{at}.html"),
                frame("年报", f"{more}<ul>{shown}</ul><div class=pagination></div>{call}"),
            )
    own.details(lambda p: article(p, "<div class='Article_content'>{}</div>"))
    return own


@site
def shaanxi_numbers(place: str) -> Stranger:
    """1.html, 2.html …; snowflakes and ObjectIds; a year whose first page is the article itself."""
    base = "/zwgk/zfxxgknb/zfnb/"
    own = Stranger(
        "shaanxi_numbers",
        place,
        papers(
            place,
            lambda p: (
                f"{base}{p.hex[:24]}.html" if p.date < "2024" else f"{base}1881268348977{p.number}193.html"
            ),
        ),
        f"{base}1.html",
    )
    one = next(p for p in own.reports if p.year == YEARS[-1])
    own.papers = [replace(p, path=f"{base}2023n/1.html") if p is one else p for p in own.papers]
    rows = [p for p in own.papers if "2023n" not in p.path]

    def draw(page: list[Paper], at: int, of: int) -> str:
        script = f"<script>var totalPage = {of}; showPage(totalPage, {at});</script>"
        return f"<a href='{base}2023n/1.html'>2023年</a>{divs(page)}{script}"

    paged(own, lambda at: f"{base}{at}.html", draw, chunks(rows))
    own.details(article)
    return own


# --- the tail ---


def _linked(
    key: str,
    place: str,
    name: Name,
    page: Callable[[int], str],
    pager: Callable[[int, int], str],
    *,
    rows: Callable[..., str] = cells,
    charset: str = "utf-8",
    box: str = "<div class=nr>{}</div>",
    file: Name | None = None,
) -> Stranger:
    """A list in numbered pages: their addresses by `page`, the way to the others by `pager`."""
    own = Stranger(key, place, papers(place, name, file), page(1), charset=charset)
    pages = chunks(own.papers)
    for at, each in enumerate(pages, 1):
        own.text(page(at), frame("年报", rows(each) + pager(at, len(pages))))
    own.details(lambda p: article(p, box))
    return own


def _next(page: Callable[[int], str]) -> Callable[[int, int], str]:
    return lambda at, last: (
        f"<p>{f'<a href={page(at + 1)}>下一页</a>' if at < last else '下一页'} 共{last}页</p>"
    )


def _tail(
    key: str,
    name: Name,
    page: Callable[[int], str],
    pager: Callable[[int, int], str] | None = None,
    **more: Any,
) -> None:
    def make(place: str) -> Stranger:
        return _linked(key, place, name, page, pager or _next(page), **more)

    SITES[key] = make


_CHANNEL = "/gongkai/site_hexianzfbgs/channel_63899ecb375991828262e2a2"
_tail(
    "jinan_gongkai",
    lambda p: f"{_CHANNEL}/doc_{p.hex[:24]}.html",
    lambda n: "/gongkai/channel_63899ecb375991828262e2a2/" + (f"?page={n}" if n > 1 else ""),
    rows=divs,
)
_tail(
    "zhengzhou_dir",
    lambda p: f"/D42Y/6229{p.number}.jhtml",
    lambda n: "/?a=dir&h=1&p=D42Y" + (f"&page={n}" if n > 1 else ""),
)
_tail(
    "kunming_shtml",
    lambda p: f"/c/{p.date}/6431{p.number}.shtml",
    lambda n: "/zfxxgk/zfxxgknb/" + (f"index_{n}.shtml" if n > 1 else ""),
    lambda at, last: (
        f"<input id=pg><script>function jump(ele) {{ if (ele.value>{last}) {{ ele.value={last}; }} go(ele.value); }}</script>"
    ),
    rows=divs,
)
_tail(
    "hunan_numbers",
    lambda p: f"/35048/40718/content_1202{p.number}.html",
    lambda n: "/35048/40718/" + ("index.htm" if n == 1 else f"index_{n}.htm"),
    charset="gb18030",
)
_tail(
    "content_id",
    lambda p: f"/zwgk/zfxxgknb/content_1903{p.number}",
    lambda n: "/zwgk/zfxxgknb" + (f"/{n}" if n > 1 else ""),
    rows=divs,
)
_tail(
    "contents_number",
    lambda p: f"/contents/31698/444{p.number}.html",
    lambda n: "/channels/31698" + (f"_{n}" if n > 1 else "") + ".html",
)
_tail(
    "aspx_cid",
    lambda p: f"/InfoShow.aspx?id={p.number}&cid=1019",
    lambda n: f"/InfoPublic.aspx?cid=1019&pid=971&page={n}&kw=",
    rows=lambda each: (
        "<div class='info-list'>"
        + "".join(f"<p><a href='{p.path}'>{p.title}</a>({p.date})</p>" for p in each)
        + "</div>"
    ),
)
_tail(
    "siteweaver",
    lambda p: f"/Item/75{p.number}.aspx",
    lambda n: "/Category_1363/" + ("Index.aspx" if n == 1 else f"Index_{n}.aspx"),
    charset="gb18030",
    file=lambda p: f"/UploadFiles/2024/{p.number}.pdf",
)
_tail(
    "phpcms",
    lambda p: f"/index.php?m=content&c=index&a=show&catid=1723&id={p.number}",
    lambda n: "/index.php?m=content&c=index&a=lists&catid=1723" + (f"&page={n}" if n > 1 else ""),
)
_tail(
    "xunrui",
    lambda p: f"/index.php?c=show&id={p.number}",
    lambda n: "/index.php?s=news&c=category&id=79" + (f"&page={n}" if n > 1 else ""),
    rows=divs,
)
_tail(
    "ilist_jsp",
    lambda p: f"/info/iIndex.jsp?node_id=GKmzs&cat_id=15971&news_id={p.number}",
    lambda n: "/info/iList.jsp?node_id=GKmzs&cat_id=15971" + (f"&cur_page={n}" if n > 1 else ""),
)
_tail(
    "thtml",
    lambda p: f"/ndbg.thtml?id=14{p.number}",
    lambda n: "/xxgk/list/lm_zc.thtml?pid=74" + (f"&page={n}" if n > 1 else ""),
    charset="gb18030",
)
_tail(
    "qujing",
    lambda p: f"/list/xxgknb/auto/{p.number}.html",
    lambda n: "/list/xxgknb/" + (f"{n}.html" if n > 1 else ""),
)
_tail(
    "xingan",
    lambda p: f"/kyqq/{p.date[:7]}/{p.date[8:]}/article_{day(p)}16545054{p.number}.html",
    lambda n: "/kyqq/zfxxgknb/" + (f"index_{n}.html" if n > 1 else ""),
)
_tail(
    "xilingol",
    lambda p: f"/zwgk/zfxxgknb/zlq/{p.hex}/index.shtml",
    lambda n: "/zwgk/zfxxgknb/" + ("index.shtml" if n == 1 else f"index_{n}.shtml"),
)
_tail(
    "tongchuan",
    lambda p: f"/resources/site/80/html/gajxxgk/gknb/{day(p, '%Y%m')}/870{p.number}.html",
    lambda n: f"/gknb/list_{n}.html",
)
_tail(
    "minhe",
    lambda p: f"/html/12927/413{p.number}.html",
    lambda n: "/html/2175/" + ("List.html" if n == 1 else f"List_{n}.html"),
    charset="gb18030",
)
_tail(
    "chuanshan",
    lambda p: f"/gongkai/show/{p.hex}.html",
    lambda n: f"/gongkai/list/{'a' * 32}.html" + (f"?page={n}" if n > 1 else ""),
)
_tail(
    "jian_show",
    lambda p: f"/xxgk-show-10193{p.number}.html",
    lambda n: "/xxgk-list-gknb" + (f"-{n}" if n > 1 else "") + ".html",
    rows=divs,
)
_tail(
    "tax",
    lambda p: f"/gdswzz/zhxzsw_xxgknb/{p.date[:7]}/{p.date[8:]}/content_{p.hex}.shtml",
    lambda n: "/gdswzz/zhxzsw_xxgknb/" + ("common_list.shtml" if n == 1 else f"common_list_{n}.shtml"),
)


@site
def ziyang_departments(place: str) -> Stranger:
    """A directory of departments, a page each, and year_details.aspx?dept=217&id=90488."""
    own = Stranger(
        "ziyang_departments",
        place,
        papers(place, lambda p: f"/year_details.aspx?dept={_organ(p)}&id=90{p.number}"),
        "/departments.aspx",
    )
    bodies = {_organ(p): p.body for p in own.reports}
    own.text(
        own.entry,
        frame(
            "部门年报",
            "".join(
                f"<p><a href='department.aspx?id={organ}'>{body}</a></p>" for organ, body in bodies.items()
            ),
        ),
    )
    for organ in bodies:
        own.text(
            f"/department.aspx?id={organ}",
            frame(bodies[organ], cells(p for p in own.papers if _organ(p) == organ)),
        )
    own.details(article)
    return own


@site
def taojiang_numbers(place: str) -> Stranger:
    """A tree of channels by number, where index.htm of the last one is the article."""
    own = Stranger(
        "taojiang_numbers",
        place,
        papers(place, lambda p: f"/25074/25162/37354/39{p.number}/index.htm"),
        "/25074/25162/index.htm",
    )
    own.papers = own.reports
    years = sorted({p.year for p in own.papers})
    own.text(
        own.entry,
        frame(
            "年报",
            "".join(f"<li><a href='{37300 + year % 100}/index.htm'>{year}年</a></li>" for year in years),
        ),
    )
    own.papers = [replace(p, path=p.path.replace("37354", str(37300 + p.year % 100))) for p in own.papers]
    for year in years:
        rows = [p for p in own.papers if p.year == year]
        own.text(
            f"/25074/25162/{37300 + year % 100}/index.htm",
            frame("年报", "".join(f"<li><a href='{p.path}'>{p.body}</a></li>" for p in rows)),
        )
    own.details(article)
    return own


@site
def liaoning_nested(place: str) -> Stranger:
    """Year, then type of body, then a body's folder named by a long number."""
    base = "/web/zwgkx/zfxxgk1/nb"
    own = Stranger(
        "liaoning_nested",
        place,
        papers(
            place,
            lambda p: (
                f"{base}/{p.date[:4]}/{'bm' if p.type == '县直部门' else 'sz'}zfxxgkndbg/{day(p)}185203544{p.number}/index.shtml"
            ),
        ),
        f"{base}/",
    )
    for year in {p.date[:4] for p in own.papers}:
        own.text(
            f"{base}/{year}/",
            frame(
                "年报",
                "".join(
                    f"<a href='{kind}zfxxgkndbg/'>{name}</a> "
                    for kind, name in (("bm", "部门年报"), ("sz", "县政府及乡镇年报"))
                ),
            ),
        )
        for kind in ("bm", "sz"):
            rows = [p for p in own.papers if p.path.startswith(f"{base}/{year}/{kind}")]
            own.text(f"{base}/{year}/{kind}zfxxgkndbg/", frame("年报", cells(rows)))
    own.text(
        own.entry,
        frame(
            "年报",
            "".join(
                f"<td><a href='{base}/{y}/'>{int(y) - 1}年度</a></td>"
                for y in sorted({p.date[:4] for p in own.papers})
            ),
        ),
    )
    own.details(article)
    return own


def country() -> dict[str, Stranger]:
    """Every site, each in a county of its own."""
    return {key: make(place) for (key, make), place in zip(SITES.items(), _places(), strict=False)}


def _places() -> Iterable[str]:
    yield from PLACES
    yield from (f"{one}{two}" for one in PLACES for two in "东西")
