"""More strangers: home pages from which the column has to be found, in ways that are not the plain one.

A splash page, frames, pictures in place of words, clicks, tabs, a column by its tag alone, columns that are its look-alikes."""

from __future__ import annotations

from strangers.site import Paper, Stranger, article, beyond, cells, frame, paged, papers, site

_PARTS = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", "依申请公开")


_LURES = (
    "<p><a href='/zfgzbg/'>政府工作报告</a> <a href='/tjnb/index.html'>统计年鉴</a> <a href='/wzndbb/'>网站年度报表</a>"
    " <a href='/fzzf/nb/'>法治政府建设年度报告</a> <a href='/sydw/nb/'>事业单位年报</a> <a href='/czyjs/nb/'>财政年报</a></p>"
)


def _listed(own: Stranger, folder: str, head: str = "") -> None:
    """The column in pages by plain links."""

    def draw(page: list[Paper], at: int, of: int) -> str:
        return cells(page) + (f"<a href='{folder}index_{at + 1}.html'>下一页</a>" if at < of else "")

    paged(own, lambda at: folder + beyond(at, "index_{}.html"), draw, title="列表", head=head)
    own.details(article)


def _own(key: str, place: str, folder: str) -> Stranger:
    return Stranger(
        key,
        place,
        papers(place, lambda p: f"{folder}{p.date[:4]}/content_{p.number}.html"),
        folder,
        portal="/",
    )


def _splash(own: Stranger, target: str) -> None:
    own.text(
        "/",
        f"<html><head><meta http-equiv='refresh' content='0;url={target}'><title>欢迎</title></head><body></body></html>",
    )


@site
def portal_behind_a_splash(place: str) -> Stranger:
    """The home page only sends on; the menu is pictures; the parts of the platform are clicked."""
    own = _own("portal_behind_a_splash", place, "/gkpt/c5/")
    _splash(own, "/portal/index.html")
    own.text(
        "/portal/index.html",
        frame(
            "某县",
            f"{_LURES}<a href='/gkpt/'><img src=1.png alt='政府信息公开'></a><a href='/x.html'>天气</a>",
        ),
    )
    tabs = "".join(
        f"""<li onclick="window.location.href='/gkpt/c{at}/'">{name}</li>"""
        for at, name in enumerate(_PARTS, 2)
    )
    own.text("/gkpt/", frame("政府信息公开平台", f"<ul class=tabs>{tabs}</ul>"))
    _listed(own, "/gkpt/c5/")
    return own


@site
def portal_four_steps(place: str) -> Stranger:
    """政务公开, 政府信息公开, 信息公开目录, 县政府: and only there the five parts, the column named 年度报告."""
    own = _own("portal_four_steps", place, "/zwgk/xxgk/ml/zf/p4/")
    steps = (
        ("/", "/zwgk/", "政务公开"),
        ("/zwgk/", "/zwgk/xxgk/", "政府信息公开"),
        ("/zwgk/xxgk/", "/zwgk/xxgk/ml/", "政府信息公开目录"),
    )
    for path, target, name in steps:
        own.text(
            path, frame("某县", f"{_LURES}<a href='{target}'>{name}</a> <a href='/zwgk/rsxx/'>人事信息</a>")
        )
    own.text("/zwgk/xxgk/ml/", frame("目录", "<a href='/zwgk/xxgk/ml/zf/'>县政府信息公开</a>"))
    names = ("指南", "制度", "法定主动公开内容", "年度报告", "依申请公开")
    parts = "".join(f"<dt><a href='p{at}/'>{name}</a></dt>" for at, name in enumerate(names, 1))
    own.text("/zwgk/xxgk/ml/zf/", frame("县政府", f"<dl>{parts}</dl>"))
    _listed(own, "/zwgk/xxgk/ml/zf/p4/")
    return own


@site
def portal_by_its_tag(place: str) -> Stranger:
    """The column has no neighbours and no telling address: its tag says what it is, and a step between."""
    own = _own("portal_by_its_tag", place, "/art/71/")
    own.text("/", frame("某局", f"{_LURES}<a href='/art/7/'>信息公开</a>"))
    own.text(
        "/art/7/",
        frame(
            "信息公开",
            "<a href='/art/70/'>政策文件</a> <a href='/art/71/'>年度报告</a> <a href='/art/72/'>年度报告解读</a>",
        ),
    )
    _listed(own, "/art/71/", "<META NAME='ColumnType' CONTENT='政策文件,信息公开年报'>")
    return own


@site
def portal_in_frames(place: str) -> Stranger:
    """The whole portal in frames, whose menu has the column."""
    own = _own("portal_in_frames", place, "/gk/nb/")
    own.text(
        "/",
        "<html><head><title>某县</title></head><frameset rows='90,*'><frame src='/top.htm'><frame src='/main.htm'></frameset></html>",
    )
    own.text(
        "/top.htm",
        frame(
            "菜单",
            "".join(
                f"<a target=main href='/gk/{'nb' if '年报' in name else at}/'>{name}</a>"
                for at, name in enumerate(_PARTS)
            ),
        ),
    )
    own.text("/main.htm", frame("首页", _LURES))
    _listed(own, "/gk/nb/")
    return own


@site
def portal_with_two(place: str) -> Stranger:
    """A column of the government and one of its departments stand beside one another."""
    own = _own("portal_with_two", place, "/xxgk/zfnb/")
    own.text("/", frame("某县", f"{_LURES}<a href='/xxgk/'>政府信息公开</a>"))
    parts = "".join(
        f"<li><a href='/xxgk/{at}/'>{name}</a></li>" for at, name in enumerate(_PARTS) if "年报" not in name
    )
    own.text(
        "/xxgk/",
        frame(
            "公开",
            f"<ul>{parts}<li><a href='/xxgk/zfnb/'>县政府信息公开年报</a></li><li><a href='/xxgk/bmnb/'>部门信息公开年报</a></li></ul>",
        ),
    )
    departments = [p for p in own.papers if p.body.endswith("局")]
    rest = [p for p in own.papers if p not in departments]
    own.text("/xxgk/bmnb/", frame("列表", cells(departments)))
    own.text("/xxgk/zfnb/", frame("列表", cells(rest)))
    own.details(article)
    return own


@site
def portal_by_script(place: str) -> Stranger:
    """The menu of the home page stands in a script; the platform's own is a list of records."""
    own = _own("portal_by_script", place, "/openness/nb/")
    own.text(
        "/",
        frame(
            "某县",
            f"""{_LURES}<div id=menu></div><script>document.write("<a href='/openness/'>政府信息公开<\\/a>");</script>""",
        ),
    )
    records = ",".join(
        f"{{name:'{name}', url:'/openness/{'nb' if '年报' in name else at}/'}}"
        for at, name in enumerate(_PARTS)
    )
    own.text(
        "/openness/",
        frame("平台", f"<div id=tree></div><script>var tree = [{records}]; draw(tree);</script>"),
    )
    _listed(own, "/openness/nb/")
    return own
