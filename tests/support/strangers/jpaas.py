"""jpaas: units of a page that a site asks for itself."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

from mockserver import Asked, Reply

from strangers.site import SIZE, Stranger, article, asked, cells, chunks, divs, frame, number, papers, site


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
