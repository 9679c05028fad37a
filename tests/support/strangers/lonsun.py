"""Lonsun: labels, and lists within the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from mockserver import Asked, Reply

from strangers.site import Paper, Stranger, article, asked, chunks, divs, frame, number, papers, site


@site
def lonsun_label(place: str) -> Stranger:
    """A tree of organs under a prefix; fragments from the label; an organ that has nothing."""
    own = Stranger(
        "lonsun_label",
        place,
        papers(
            place,
            lambda p: f"/zwgk/public/{organ_of(p)}/50012{p.number}.html",
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
        rows = [p for p in own.papers if organ_of(p) == organ]
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
            [p for p in own.papers if organ_of(p) == said.get("organId")]
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


def organ_of(paper: Paper) -> str:
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
    bodies = {organ_of(p): p.body for p in own.papers}
    tree = json.dumps(
        [{"id": int(organ), "pId": 0, "name": body} for organ, body in bodies.items()], ensure_ascii=False
    )
    newest = {organ: next(p for p in own.papers if organ_of(p) == organ) for organ in bodies}
    own.papers = [
        replace(p, path=f"/public/column/{organ_of(p)}?type=3&action=detail") if p in newest.values() else p
        for p in own.papers
    ]
    for organ in bodies:
        rows = [p for p in own.papers if organ_of(p) == organ]
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
