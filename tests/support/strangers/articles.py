"""More strangers: reports that their own page shows in odd ways, or whose page does not say whose they are."""

from __future__ import annotations

import json
from dataclasses import replace
from urllib.parse import quote

from mockserver import Asked, Reply

from strangers.site import (
    Paper,
    Stranger,
    article,
    asked,
    chunks,
    divs,
    frame,
    number,
    paged,
    papers,
    prose,
    site,
)

_BARE = "政府信息公开工作年度报告"


def _list(own: Stranger, folder: str) -> None:
    def listed(page: list[Paper], at: int, last: int) -> str:
        more = f"<a href='{folder}index_{at + 1}.html'>下一页</a>" if at < last else ""
        return divs(page) + more

    paged(own, lambda at: folder + ("" if at == 1 else f"index_{at}.html"), listed)


@site
def bare_titles(place: str) -> Stranger:
    """One body's column: neither the title nor the page says whose report it is."""
    own = Stranger("bare_titles", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/")
    first = own.reports[0].body
    own.papers = [p for p in own.papers if p.body == first]
    rows = "".join(
        f"<li><a href='{p.path}'>{p.year}年{_BARE}</a><span>{p.date}</span></li>" for p in own.papers
    )
    own.text("/nb/", frame("年报", f"<ul>{rows}</ul>"))
    beside = "".join(
        f"<li><a href='/jz/{n}.html'>{place}河县{name}2021年{_BARE}</a></li>"
        for n, name in enumerate(("财政局", "水利局"))
    )
    own.details(lambda p: frame(_BARE, f"<ul class=left>{beside}</ul><h1>{_BARE}</h1><div>{prose(p)}</div>"))
    return own


@site
def whose_column(place: str) -> Stranger:
    """我局, 我镇: only the column that a report stands in, a folder a body, says whose it is."""
    own = Stranger("whose_column", place, papers(place, lambda p: ""), "/nb/index.html")
    bodies = list(dict.fromkeys(p.body for p in own.reports))
    own.papers = [
        replace(p, path=f"/nb/d{bodies.index(p.body)}/{p.date[:4]}/t{p.number}123.html") for p in own.reports
    ]
    own.text(
        own.entry,
        frame("年报", "".join(f"<li><a href='d{at}/'>{body}</a></li>" for at, body in enumerate(bodies))),
    )
    for at, body in enumerate(bodies):
        rows = "".join(
            f"<p><a href='{p.path}'>{p.year}年{_BARE}</a> {p.date}</p>" for p in own.papers if p.body == body
        )
        own.text(f"/nb/d{at}/", frame("年报", rows))
    own.details(
        lambda p: frame(
            f"{p.year}年{_BARE}", f"<h1>{p.year}年{_BARE}</h1><div>{prose(p)}<p>我单位将继续努力。</p></div>"
        )
    )
    return own


@site
def article_in_a_frame(place: str) -> Stranger:
    """The page is a shell; the text stands in a frame of its own."""
    own = Stranger("article_in_a_frame", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/")
    _list(own, "/nb/")
    own.details(
        lambda p: (
            frame(p.title, f"<h1>{p.title}</h1><iframe src='/nb/text/{p.number}.html'></iframe>")
            if p.body
            else article(p)
        )
    )
    for p in own.reports:
        own.text(f"/nb/text/{p.number}.html", f"<html><body>{prose(p)}</body></html>")
        own.twins.add(f"/nb/text/{p.number}.html")
    return own


@site
def article_by_api(place: str) -> Stranger:
    """The page asks for its text as JSON, of a vendor that nobody knows."""
    own = Stranger("article_by_api", place, papers(place, lambda p: f"/view/{p.hex}.html"), "/nb/")
    _list(own, "/nb/")

    def shell(p: Paper) -> str:
        return frame(
            p.title,
            f"<h1>{p.title}</h1><div id=text></div><script>axios.get('/api/article/get?articleId={p.hex}').then(show)</script>",
        )

    own.details(lambda p: shell(p) if p.body else article(p))

    def api(question: Asked) -> Reply:
        found = next((p for p in own.papers if p.hex == asked(question).get("articleId")), None)
        data = {"title": found.title, "articleContent": prose(found)} if found else None
        return Reply(
            json.dumps({"data": data}, ensure_ascii=False), headers={"Content-Type": "application/json"}
        )

    own.routes["/api/article/get"] = api
    own.twins |= {f"/api/article/get?articleId={p.hex}" for p in own.reports}
    return own


@site
def article_in_a_script(place: str) -> Stranger:
    """The text is a value of the page's script, under a name of its own."""
    own = Stranger("article_in_a_script", place, papers(place, lambda p: f"/detail/{p.number}.html"), "/nb/")
    _list(own, "/nb/")

    def draw(p: Paper) -> str:
        data = json.dumps(
            {"articleInfo": {"articleTitle": p.title, "articleContent": prose(p), "pubOrg": p.body}}
        ).replace("/", "\\/")
        return frame(p.title, f"<div id=app></div><script>window.__INITIAL_STATE__={data};</script>")

    own.details(lambda p: draw(p) if p.body else article(p))
    return own


@site
def files_by_script(place: str) -> Stranger:
    """Pages with nothing but a file: in a viewer's link, in a list of the script, behind a click, without a type."""
    own = Stranger("files_by_script", place, papers(place, lambda p: f"/nb/{p.number}.html"), "/nb/")
    own.papers = [p for p in own.papers if not p.body] + [
        replace(
            p,
            file=(
                f"/up/{p.hex}.pdf",
                f"/up/{p.hex}.docx",
                f"/up/{p.hex}.doc",
                f"/file/download?fileId={p.number}",
            )[p.number % 4],
        )
        for p in own.reports
    ]
    _list(own, "/nb/")

    def draw(p: Paper) -> str:
        shown = (
            f"<a href='/pdfjs/web/viewer.html?file={quote(p.file, safe='')}'>在线查看</a>",
            f"<script>var attachList = [{{fileName:'{p.title}.docx', fileUrl:'{p.file}'}}];</script>",
            f"""<a href="#" onclick="window.open('{p.file}')">附件</a>""",
            f"<a href='{p.file}'>{p.title}.pdf</a>",
        )
        return frame(p.title, f"<h1>{p.title}</h1><p>详见附件。</p>{shown[p.number % 4]}")

    for p in own.papers:
        own.text(p.path, draw(p) if p.file else article(p))
        if p.file:
            own.routes[p.file] = own.reply(
                f"<html><body>{prose(p)}</body></html>", "application/octet-stream"
            )
    return own


@site
def numbers_and_noise(place: str) -> Stranger:
    """Twins by a word in the query, page numbers between arrows, rows numbered and marked 置顶 and 新."""
    own = Stranger(
        "numbers_and_noise",
        place,
        papers(place, lambda p: f"/nb/{p.date[:4]}/{p.number}.shtml"),
        "/nb/list.shtml",
    )
    pages = chunks(own.papers, 4)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "pn")
        rows = "".join(
            f"<dd><b>[置顶]</b>{n}、<a href='{p.path}'><font color=red>{p.title[:9]}</font>{p.title[9:]}</a><img src=new.gif><s>{p.date[5:]}</s></dd>"
            for n, p in enumerate(pages[at - 1], 1)
        )
        turns = f"""<div class="m-pager"><a href="?pn=1">&laquo;</a><em>{at}</em>{f'<a href="?pn={at + 1}">&raquo;</a>' if at < len(pages) else ""}</div>"""
        return own.reply(frame("年报", f"<dl>{rows}</dl>{turns}"))

    own.routes[own.entry] = listed
    own.details(article)
    return own
