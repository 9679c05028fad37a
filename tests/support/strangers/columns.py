"""More strangers: how columns nest, and reports whose links do not say whose they are.

Trees of years, types and bodies, tables of bodies by years, files in place of pages, names that only the page says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mockserver import Asked, Reply

from strangers.site import (
    YEARS,
    Paper,
    Stranger,
    article,
    cells,
    chunks,
    divs,
    frame,
    paged,
    papers,
    prose,
    site,
)


def _by_body(own: Stranger) -> dict[str, list[Paper]]:
    bodies = dict.fromkeys(p.body for p in own.reports)
    return {body: [p for p in own.reports if p.body == body] for body in bodies}


@site
def bodies_by_years(place: str) -> Stranger:
    """A table: a row for each body, a link for each year."""
    own = Stranger(
        "bodies_by_years",
        place,
        papers(place, lambda p: f"/nb/{p.hex[:8]}/content_{p.number}.html"),
        "/nb/index.html",
    )
    own.papers = own.reports
    rows = "".join(
        f"<tr><td>{at}</td><td>{body}</td>"
        + "".join(f"<td><a href='{p.path}'>{p.year}年</a></td>" for p in few)
        + "</tr>"
        for at, (body, few) in enumerate(_by_body(own).items(), 1)
    )
    own.text(
        own.entry,
        frame("年报", f"<table><tr><th>序号<th>单位<th>{YEARS[0]}<th>{YEARS[1]}</tr>{rows}</table>"),
    )
    own.details(article)
    return own


@site
def body_folders(place: str) -> Stranger:
    """Bodies have folders elsewhere on the site, each with a list of titles without a name."""
    own = Stranger("body_folders", place, papers(place, lambda p: ""), "/zfxxgk/zfxxgknb/")
    own.papers = own.reports
    own.papers = [
        replace(
            p,
            path=f"/bm/{_short(p)}/zwgk_{_short(p)}/zfxxgknb/202{p.year % 10}{_short(p)}/t{p.year + 1}0120_{p.number}.html",
        )
        for p in own.papers
    ]
    links = "".join(
        f"<li><a href='/bm/{_short(few[0])}/zwgk_{_short(few[0])}/zfxxgknb/'>{body}</a></li>"
        for body, few in _by_body(own).items()
    )
    own.text(own.entry, frame("年报", f"<div class=tree><ul>{links}</ul></div>"))
    for few in _by_body(own).values():
        folder = f"/bm/{_short(few[0])}/zwgk_{_short(few[0])}/zfxxgknb/"
        rows = "".join(
            f"<li><a href='.{p.path.removeprefix(folder.rstrip('/'))}'>{p.year}年政府信息公开工作年度报告</a><b>{p.date}</b></li>"
            for p in few
        )
        own.text(folder, frame("年报", f"<ul>{rows}</ul>"))

    def draw(p: Paper) -> str:
        tags = f"<meta name='ContentSource' content='{p.body}'><meta name='ArticleTitle' content='{p.year}年政府信息公开工作年度报告'>"
        return frame(
            f"{p.year}年政府信息公开工作年度报告",
            f"<h1>{p.year}年政府信息公开工作年度报告</h1><div class='txt'>{prose(p)}</div>",
            tags,
        )

    own.details(draw)
    return own


def _short(paper: Paper) -> str:
    ends = ("人民政府办公室", "审计局", "旅游局", "镇人民政府", "乡人民政府", "县人民政府")
    return "abcdef"[next(at for at, end in enumerate(ends) if paper.body.endswith(end))]


@site
def names_in_the_page(place: str) -> Stranger:
    """One column for all bodies, titles without a name: the page says it, each in another way."""
    own = Stranger(
        "names_in_the_page", place, papers(place, lambda p: f"/nb/{p.year or 2000}/{p.number}.html"), "/nb/"
    )
    short = {p.number: f"{p.year}年政府信息公开工作年度报告" for p in own.reports}

    def draw(p: Paper) -> str:
        title = short.get(p.number, p.title)
        said = (
            f"<table class=sx><tr><td>索引号</td><td>0114-{p.number}</td><td>发布机构</td><td>{p.body}</td></tr></table>{{}}",
            f"<div>来源：{p.body} 发布时间：{p.date}</div>{{}}",
            f"<div class=path>首页 &gt; 政府信息公开 &gt; {p.body} &gt; 年报</div>{{}}",
            f"{{}}<p align=right>{p.body}</p><p align=right>{int(p.date[:4])}年1月{int(p.date[8:])}日</p>",
        )
        body = said[p.number % 4].replace("{}", prose(p)) if p.body else prose(p)
        return frame(title, f"<h1>{title}</h1><div>{body}</div>")

    def listed(page: list[Paper], at: int, last: int) -> str:
        rows = "".join(
            f"<li><a href='{p.path}'>{short.get(p.number, p.title)}</a><i>{p.date}</i></li>" for p in page
        )
        more = f"<a href='/nb/{at + 1}.html'>&gt;</a>" if at < last else ""
        return f"<ul>{rows}</ul><div class=page>{at}{more}</div>"

    paged(own, lambda at: "/nb/" if at == 1 else f"/nb/{at}.html", listed)
    own.details(draw)
    return own


@site
def years_types_bodies(place: str) -> Stranger:
    """Year, type of body, body: and the body's link is the report itself."""
    own = Stranger("years_types_bodies", place, papers(place, lambda p: ""), "/zwgk/nb/index.shtml")
    own.papers = own.reports
    own.papers = [
        replace(p, path=f"/zwgk/nb/n{p.year}/{_kind(p)}/{_short(p)}/index.shtml") for p in own.papers
    ]
    own.text(
        own.entry,
        frame("年报", "".join(f"<a href='n{y}/index.shtml'>{y}年度政府信息公开年报</a> " for y in YEARS)),
    )
    for year in YEARS:
        few = [p for p in own.papers if p.year == year]
        kinds = {_kind(p): {"xz": "乡镇（街道）", "bm": "县政府部门", "zf": "县政府"}[_kind(p)] for p in few}
        own.text(
            f"/zwgk/nb/n{year}/index.shtml",
            frame(
                "年报",
                "".join(f"<h4><a href='{kind}/index.shtml'>{name}</a></h4>" for kind, name in kinds.items()),
            ),
        )
        for kind in kinds:
            links = "".join(
                f"<dd><a href='{_short(p)}/index.shtml'>{p.body}</a></dd>" for p in few if _kind(p) == kind
            )
            own.text(f"/zwgk/nb/n{year}/{kind}/index.shtml", frame("年报", f"<dl>{links}</dl>"))
    own.details(article)
    return own


def _kind(paper: Paper) -> str:
    if "镇" in paper.body or "乡" in paper.body:
        return "xz"
    return "bm" if paper.body.endswith("局") else "zf"


@site
def yearly_titles(place: str) -> Stranger:
    """Titles that say next to nothing: 2023年度报告, 2023年年报, 年度报告（2023年）, below the folder of a body."""
    own = Stranger("yearly_titles", place, papers(place, lambda p: ""), "/zfxxgk/ndbg/")
    own.papers = [replace(p, path=f"/zfxxgk/ndbg/{_short(p)}/{p.number}.html") for p in own.reports]
    own.text(
        own.entry,
        frame(
            "年报",
            "".join(f"<a href='{_short(few[0])}/'>{body}</a><br>" for body, few in _by_body(own).items()),
        ),
    )
    for few in _by_body(own).values():
        titles = ("{y}年度报告", "{y}年年报", "年度报告（{y}年）", "{y}年度政府信息公开情况报告")
        rows = "".join(
            f"<li><a href='{p.number}.html'>{titles[p.number % 4].format(y=p.year)}</a> {p.date}</li>"
            for p in few
        )
        own.text(f"/zfxxgk/ndbg/{_short(few[0])}/", frame("年报", f"<ul>{rows}</ul>"))
    own.details(article)
    return own


@site
def look_alikes(place: str) -> Stranger:
    """A column full of what only looks like a report, and of bodies whose names sound like it."""
    own = Stranger("look_alikes", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/")
    county = f"{place}河县"
    names = (
        "住房公积金管理中心",
        "统计局",
        "司法局",
        "行政审批服务局",
        "公共资源交易中心",
        "融媒体中心",
        "网络安全和信息化办公室",
        "绩效考核办公室",
        "审计局",
    )
    more = [
        Paper(
            0,
            f"{county}{name}2024年政府信息公开工作年度报告",
            f"2025-01-{at + 1:02d}",
            f"{county}{name}",
            2024,
        )
        for at, name in enumerate(names)
    ]
    shapes = (
        f"关于{county}财政局2023年度政府信息公开工作的年度报告",
        f"{county}水利局２０２３年度政府信息公开工作报告",
        f"{county}农业农村局二〇二三年政府信息公开年度报告",
        f"{county}教育局信息公开工作2023年度报告",
        f"{county}民政局政府信息公开工作年度报告(2023)",
        f"{county}人社局2023年政府信息公开工作总结报告",
        f"关于发布《{county}交通运输局2023年政府信息公开工作年度报告》的公告",
    )
    ends = ("财政局", "水利局", "农业农村局", "教育局", "民政局", "人社局", "交通运输局")
    more += [
        Paper(0, title, "2024-01-20", f"{county}{end}", 2023) for title, end in zip(shapes, ends, strict=True)
    ]
    other = (
        "文字解读:{c}石桥镇2022年政府信息公开工作年度报告",
        "问答解读:{c}人民政府办公室2022年政府信息公开工作年度报告.docx",
        "{c}2023年政府信息公开工作年度报告公布情况",
        "{c}人民政府办公室政府信息公开年度报告制度(试行)",
        "关于做好2022年政府信息公开工作年度报告编制和发布工作的通知",
        "2024年{c}“政府信息公开工作年度报告”集中公开专题页面",
        "一图读懂{c}政府信息公开年度报告",
        "{c}2022年法治政府建设年度报告",
        "{c}政府网站工作年度报表(2023年度)",
        "2022年度部门决算公开",
        "{c}住房公积金2024年年度报告",
        "{c}人民政府信息公开指南",
        "{c}2022年国民经济和社会发展统计公报",
        "2023年政府工作报告",
        "国务院办公厅政府信息与政务公开办公室关于政府信息公开工作年度报告有关事项的通知",
        "动漫|{c}2023年政府信息公开工作年度报告",
        "{c}2023年政府信息公开工作要点",
        "{c}政府信息公开工作年度报告格式（2021年）",
        "{c}2023年政务公开工作要点落实情况",
        "{c}政务新媒体2023年度工作报告",
    )
    lures = [Paper(0, title.format(c=county), "2024-02-01") for title in other]
    own.papers = [
        replace(p, number=900 + at, path=f"/nb/{900 + at}.html")
        for at, p in enumerate([*own.papers, *more, *lures])
    ]
    pages = chunks(own.papers, 12)
    for at, page in enumerate(pages, 1):
        turns = " ".join(
            f"<a href='/nb/{'' if n == 1 else f'index{n}.html'}'>[{n}]</a>" for n in range(1, len(pages) + 1)
        )
        own.text("/nb/" if at == 1 else f"/nb/index{at}.html", frame("年报", f"{divs(page)}<p>{turns}</p>"))
    own.details(article)
    return own


@site
def files_in_the_list(place: str) -> Stranger:
    """The list leads straight to files, and beside each page to the same as a file."""
    own = Stranger(
        "files_in_the_list",
        place,
        papers(place, lambda p: f"/nb/{p.number}.html", lambda p: f"/upload/{p.hex}.docx"),
        "/nb/list.html",
    )

    def rows(page: Iterable[Paper]) -> str:
        beside = {p.number: f" <a href='{p.file}'>[附件下载]</a>" for p in own.papers if p.file}
        return "".join(
            f"<li><a href='{p.path}'>{p.title}</a>{beside.get(p.number, '')}<span>({p.date})</span></li>"
            for p in page
        )

    def listed(page: list[Paper], at: int, last: int) -> str:
        more = f"<a href='list-{at + 1}.html'><img src=n.gif alt='下一页'></a>" if at < last else ""
        return f"<ul>{rows(page)}</ul>{more}"

    paged(own, lambda at: "/nb/list.html" if at == 1 else f"/nb/list-{at}.html", listed)
    own.details(article)
    return own


@site
def four_levels(place: str) -> Stranger:
    """Year, type, kind, body, and only there the list: as deep as columns nest."""
    own = Stranger("four_levels", place, papers(place, lambda p: ""), "/gk/nb/")
    own.papers = [
        replace(p, path=f"/gk/nb/y{p.year}/{_kind(p)}/zs/{_short(p)}/content_{p.number}.html")
        for p in own.reports
    ]
    own.text("/gk/nb/", frame("年报", "".join(f"<a href='y{y}/'>{y}年</a> " for y in YEARS)))
    types = {"xz": ("乡镇年报", "镇街"), "bm": ("县直部门", "政府部门"), "zf": ("县政府", "县政府")}
    for year in YEARS:
        few = [p for p in own.papers if p.year == year]
        kinds = list(dict.fromkeys(_kind(p) for p in few))
        links = "".join(f"<li><a href='{kind}/'>{types[kind][0]}</a></li>" for kind in kinds)
        own.text(f"/gk/nb/y{year}/", frame("年报", links))
        for kind in kinds:
            here = f"/gk/nb/y{year}/{kind}/"
            own.text(here, frame("年报", f"<a href='zs/'>{types[kind][1]}</a>"))
            own.text(
                f"{here}zs/",
                frame(
                    "年报",
                    "".join(f"<p><a href='{_short(p)}/'>{p.body}</a></p>" for p in few if _kind(p) == kind),
                ),
            )
    for p in own.papers:
        own.text(p.path.rsplit("/", 1)[0] + "/", frame("年报", cells([p])))
    own.details(article)
    return own


@site
def formats_in_the_row(place: str) -> Stranger:
    """The title is no link: each row has the report as Word and as a page, and a picture of it."""
    own = Stranger(
        "formats_in_the_row", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/list.html"
    )
    own.papers = own.reports

    def listed(page: list[Paper], at: int, last: int) -> str:
        rows = "".join(
            f"<li>{p.title}（{p.date}）<a href='{p.path}'>【网页版】</a><a href='/nb/{p.number}.doc'>【Word版】</a></li>"
            for p in page
        )
        more = f"<a href='list_{at + 1}.html'>下一页</a>" if at < last else ""
        return f"<ul>{rows}</ul>{more}"

    paged(own, lambda at: "/nb/list.html" if at == 1 else f"/nb/list_{at}.html", listed)
    own.details(article)
    for p in own.papers:
        own.text(
            f"/nb/{p.number}.doc",
            f"<html><body><h1>{p.title}</h1>{prose(p)}</body></html>",
            "application/msword",
        )
        own.twins.add(f"/nb/{p.number}.doc")
    return own


@site
def cards(place: str) -> Stranger:
    """A link around a whole card: its heading, its date, and the beginning of its text."""
    own = Stranger("cards", place, papers(place, lambda p: f"/nb/{p.hex}.html"), "/nb/")

    def listed(page: list[Paper], at: int, last: int) -> str:
        rows = "".join(
            f"<div class=card><a href='{p.path}'><div class=day>{p.date}</div><h4 class=bt>{p.title}</h4>"
            "<p>现将有关情况予以公布，解读、政策问答及工作方案、通知请见相关栏目……</p></a></div>"
            for p in page
        )
        more = f"<a class=next href='/nb/?page={at + 1}'>下页</a>" if at < last else ""
        return rows + more

    paged(own, lambda at: "/nb/" + ("" if at == 1 else f"?page={at}"), listed)
    own.details(article)
    return own


@site
def twins_in_the_list(place: str) -> Stranger:
    """The same report twice in a list, by a word in its query and through the gateway for traditional characters."""
    own = Stranger(
        "twins_in_the_list",
        place,
        papers(place, lambda p: f"/nb/c{p.number}/content.shtml"),
        "/nb/list.shtml",
    )
    for at, p in enumerate(own.reports[:4]):
        if at % 2:
            own.twins.add(f"{p.path}?ddtab=true")

    def draw(question: Asked) -> Reply:
        host = question.headers["Host"]
        more = {p.path: f"<a href='/gate/big5/{host}{p.path}'>{p.title}</a>" for p in own.reports[:4:2]}
        more |= {p.path: f"<a href='{p.path}?ddtab=true'>{p.title}</a>" for p in own.reports[1:4:2]}
        return own.reply(
            frame("年报", divs(own.papers) + "".join(f"<p>{each}</p>" for each in more.values()))
        )

    own.routes[own.entry] = draw
    own.details(article)
    return own
