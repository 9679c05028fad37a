"""TRS: folders without a file name, records in XML, searches."""

from __future__ import annotations

from mockserver import Asked, Reply

from strangers.site import (
    SIZE,
    Stranger,
    article,
    asked,
    cells,
    chunks,
    day,
    divs,
    frame,
    number,
    papers,
    site,
)


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
