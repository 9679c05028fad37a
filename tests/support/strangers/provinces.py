"""Ways of listing that one province, city or county has alone."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace

from mockserver import Asked, Reply

from strangers.lonsun import organ_of
from strangers.site import (
    SIZE,
    YEARS,
    Paper,
    Stranger,
    answer,
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
        replace(p, path=f"/OpennessAnnualReport/year/show/{organ_of(p)}/{p.year}.html")
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


@site
def ziyang_departments(place: str) -> Stranger:
    """A directory of departments, a page each, and year_details.aspx?dept=217&id=90488."""
    own = Stranger(
        "ziyang_departments",
        place,
        papers(place, lambda p: f"/year_details.aspx?dept={organ_of(p)}&id=90{p.number}"),
        "/departments.aspx",
    )
    bodies = {organ_of(p): p.body for p in own.reports}
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
            frame(bodies[organ], cells(p for p in own.papers if organ_of(p) == organ)),
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
            return answer({"code": 500})
        rows = (chunks(own.papers) + [[]] * 9)[number(said, "pageNo") - 1]
        results = [
            {"manuscriptId": p.hex, "title": p.title, "url": p.path, "publishedTimeStr": p.date} for p in rows
        ]
        return answer(
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
