"""gkmlpt and NFCMS: trees of columns and rows by a site's number."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

from mockserver import Asked, Reply

from strangers.site import (
    Paper,
    Stranger,
    answer,
    article,
    asked,
    beyond,
    chunks,
    divs,
    frame,
    number,
    paged,
    papers,
    prose,
    site,
)

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
            return answer({"classify": {"post_count": len(rows)}, "articles": shown})

        own.routes[f"/gkmlpt/api/all/{of[body]}"] = every
    own.details(article)
    return own
