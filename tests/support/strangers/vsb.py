"""VSB: pages that count down, and dynamic ones."""

from __future__ import annotations

from dataclasses import replace

from mockserver import Asked, Reply

from strangers.site import YEARS, Stranger, article, asked, cells, chunks, frame, number, papers, site


@site
def vsb_descending(place: str) -> Stranger:
    """nb.htm, nb/2.htm, nb/1.htm; details by tree and news; a year whose articles are column pages; files without a type."""
    own = Stranger(
        "vsb_descending",
        place,
        papers(
            place,
            lambda p: f"/info/1034/{p.number}.htm",
            lambda p: (
                f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1463519{p.number}&wbfileid={p.hex}"
            ),
        ),
        "/zfxxgk/nb.htm",
    )
    kept = [p for p in own.reports if p.year == YEARS[-1]]
    own.papers = [
        replace(p, path=f"/zfxxgk/nb/n2023n/{'xz' if p.type == '乡镇' else 'xjbm'}/a{p.number}.htm")
        if p in kept
        else p
        for p in own.papers
    ]
    rows = [p for p in own.papers if "/n2023n/" not in p.path]
    pages = chunks(rows)
    last = len(pages)
    for at, page in enumerate(pages):
        href = f"{'nb/' if at == 0 else ''}{last - at - 1}.htm"
        after = (
            f"<span class='p_next p_fun'><a href='{href}'>下页</a></span>"
            if at < last - 1
            else "<span class='p_next_d p_fun_d'>下页</span>"
        )
        up = "" if at == 0 else "../"
        drawn = cells(page, lambda p, up=up: f"{up}..{p.path}")
        own.text(
            "/zfxxgk/nb.htm" if at == 0 else f"/zfxxgk/nb/{last - at}.htm",
            frame(
                "年报",
                f"<p><a href='{'nb/' if at == 0 else ''}n2023n.htm'>2023年</a></p>{drawn}<div class='pb_sys_common pb_sys_style1'><span class=p_t>共{len(rows)}条</span>{after}<span class=p_t>{at + 1}/{last}</span></div>",
            ),
        )
    own.text(
        "/zfxxgk/nb/n2023n.htm",
        frame(
            "2023年",
            "<h3><a href='n2023n/xz.htm'>乡镇</a></h3><h3><a href='n2023n/xjbm.htm'>县级部门</a></h3>",
        ),
    )
    for kind in ("xz", "xjbm"):
        few = [p for p in own.papers if f"/{kind}/" in p.path]
        own.text(
            f"/zfxxgk/nb/n2023n/{kind}.htm",
            frame(
                "2023年",
                "".join(f"<p><a href='{kind}/{p.path.rsplit('/', 1)[1]}'>{p.body}</a></p>" for p in few),
            ),
        )
    own.details(
        lambda p: article(
            p,
            "<form name='_newscontent_fromname'><div id='vsb_content_4'><div class='v_news_content'>{}</div></div></form>",
        )
    )
    return own


@site
def vsb_dynamic(place: str) -> Stranger:
    """list.jsp and content.jsp with their urltype; the pager as a form's links."""
    own = Stranger(
        "vsb_dynamic",
        place,
        papers(
            place, lambda p: f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1034&wbnewsid={p.number}"
        ),
        "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1034",
    )
    pages = chunks(own.papers)

    def listed(question: Asked) -> Reply:
        at = number(asked(question), "PAGENUM")
        turns = (
            f"<a href='?totalpage={len(pages)}&PAGENUM={at + 1}&urltype=tree.TreeTempUrl&wbtreeid=1034'>下页</a>"
            if at < len(pages)
            else ""
        )
        return own.reply(frame("年报", cells(pages[at - 1]) + turns))

    own.routes["/list.jsp"] = listed
    own.details(lambda p: article(p, "<div id=vsb_content>{}</div>"))
    return own
