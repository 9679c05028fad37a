"""UCAP: questions, searches and what is posted to them."""

from __future__ import annotations

import hashlib
import json

from mockserver import Asked, Reply

from strangers.site import (
    SIZE,
    Paper,
    Stranger,
    article,
    asked,
    beyond,
    cells,
    chunks,
    day,
    divs,
    frame,
    number,
    paged,
    papers,
    prose,
    site,
)


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
