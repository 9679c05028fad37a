"""A second country of sites, written from the description of each protocol and not from `sample.sites`.

Where the two agree, the crawl has learned a protocol; where it reads only one of them, it has learned a skin. Every
site here lists the reports of six bodies for two years in pages of five, in markup that `sample` does not use."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

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


def records(rows: Iterable[Paper]) -> str:
    return "".join(
        f"<record><![CDATA[<tr><td><a href='{p.path}' title='{p.title}'>{p.cut}</a></td><td>{p.date[:5]}\n {p.date[5:8]}\n {p.date[8:]}"
        "</td></tr>]]></record>"
        for p in rows
    )


JSON = {"Content-Type": "application/json;charset=UTF-8"}


def answer(value: object) -> Reply:
    return Reply(json.dumps(value, ensure_ascii=False), headers=JSON)
