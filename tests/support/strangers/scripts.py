"""More strangers: rows and pages that a script of the page knows, in the ways that the vendors' skins have for it.

A click, a function, a form, a drop-down of years, a list in a script, an address that a script asks."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver import Asked, Reply

from strangers.site import (
    SIZE,
    Paper,
    Stranger,
    answer,
    article,
    asked,
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
        return answer({"code": 0, "result": {"totalCount": len(own.papers), "records": records}})

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
