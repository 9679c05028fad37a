"""Lists in numbered pages: the addresses of the pages are all that differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from strangers.site import SITES, Name, Stranger, article, cells, chunks, day, divs, frame, papers


def _linked(
    key: str,
    place: str,
    name: Name,
    page: Callable[[int], str],
    pager: Callable[[int, int], str],
    *,
    rows: Callable[..., str] = cells,
    charset: str = "utf-8",
    box: str = "<div class=nr>{}</div>",
    file: Name | None = None,
) -> Stranger:
    """A list in numbered pages: their addresses by `page`, the way to the others by `pager`."""
    own = Stranger(key, place, papers(place, name, file), page(1), charset=charset)
    pages = chunks(own.papers)
    for at, each in enumerate(pages, 1):
        own.text(page(at), frame("年报", rows(each) + pager(at, len(pages))))
    own.details(lambda p: article(p, box))
    return own


def _next(page: Callable[[int], str]) -> Callable[[int, int], str]:
    return lambda at, last: (
        f"<p>{f'<a href={page(at + 1)}>下一页</a>' if at < last else '下一页'} 共{last}页</p>"
    )


def _tail(
    key: str,
    name: Name,
    page: Callable[[int], str],
    pager: Callable[[int, int], str] | None = None,
    **more: Any,
) -> None:
    def make(place: str) -> Stranger:
        return _linked(key, place, name, page, pager or _next(page), **more)

    SITES[key] = make


_CHANNEL = "/gongkai/site_hexianzfbgs/channel_63899ecb375991828262e2a2"


_tail(
    "jinan_gongkai",
    lambda p: f"{_CHANNEL}/doc_{p.hex[:24]}.html",
    lambda n: "/gongkai/channel_63899ecb375991828262e2a2/" + (f"?page={n}" if n > 1 else ""),
    rows=divs,
)


_tail(
    "zhengzhou_dir",
    lambda p: f"/D42Y/6229{p.number}.jhtml",
    lambda n: "/?a=dir&h=1&p=D42Y" + (f"&page={n}" if n > 1 else ""),
)


_tail(
    "kunming_shtml",
    lambda p: f"/c/{p.date}/6431{p.number}.shtml",
    lambda n: "/zfxxgk/zfxxgknb/" + (f"index_{n}.shtml" if n > 1 else ""),
    lambda at, last: (
        f"<input id=pg><script>function jump(ele) {{ if (ele.value>{last}) {{ ele.value={last}; }} go(ele.value); }}</script>"
    ),
    rows=divs,
)


_tail(
    "hunan_numbers",
    lambda p: f"/35048/40718/content_1202{p.number}.html",
    lambda n: "/35048/40718/" + ("index.htm" if n == 1 else f"index_{n}.htm"),
    charset="gb18030",
)


_tail(
    "content_id",
    lambda p: f"/zwgk/zfxxgknb/content_1903{p.number}",
    lambda n: "/zwgk/zfxxgknb" + (f"/{n}" if n > 1 else ""),
    rows=divs,
)


_tail(
    "contents_number",
    lambda p: f"/contents/31698/444{p.number}.html",
    lambda n: "/channels/31698" + (f"_{n}" if n > 1 else "") + ".html",
)


_tail(
    "aspx_cid",
    lambda p: f"/InfoShow.aspx?id={p.number}&cid=1019",
    lambda n: f"/InfoPublic.aspx?cid=1019&pid=971&page={n}&kw=",
    rows=lambda each: (
        "<div class='info-list'>"
        + "".join(f"<p><a href='{p.path}'>{p.title}</a>({p.date})</p>" for p in each)
        + "</div>"
    ),
)


_tail(
    "siteweaver",
    lambda p: f"/Item/75{p.number}.aspx",
    lambda n: "/Category_1363/" + ("Index.aspx" if n == 1 else f"Index_{n}.aspx"),
    charset="gb18030",
    file=lambda p: f"/UploadFiles/2024/{p.number}.pdf",
)


_tail(
    "phpcms",
    lambda p: f"/index.php?m=content&c=index&a=show&catid=1723&id={p.number}",
    lambda n: "/index.php?m=content&c=index&a=lists&catid=1723" + (f"&page={n}" if n > 1 else ""),
)


_tail(
    "xunrui",
    lambda p: f"/index.php?c=show&id={p.number}",
    lambda n: "/index.php?s=news&c=category&id=79" + (f"&page={n}" if n > 1 else ""),
    rows=divs,
)


_tail(
    "ilist_jsp",
    lambda p: f"/info/iIndex.jsp?node_id=GKmzs&cat_id=15971&news_id={p.number}",
    lambda n: "/info/iList.jsp?node_id=GKmzs&cat_id=15971" + (f"&cur_page={n}" if n > 1 else ""),
)


_tail(
    "thtml",
    lambda p: f"/ndbg.thtml?id=14{p.number}",
    lambda n: "/xxgk/list/lm_zc.thtml?pid=74" + (f"&page={n}" if n > 1 else ""),
    charset="gb18030",
)


_tail(
    "qujing",
    lambda p: f"/list/xxgknb/auto/{p.number}.html",
    lambda n: "/list/xxgknb/" + (f"{n}.html" if n > 1 else ""),
)


_tail(
    "xingan",
    lambda p: f"/kyqq/{p.date[:7]}/{p.date[8:]}/article_{day(p)}16545054{p.number}.html",
    lambda n: "/kyqq/zfxxgknb/" + (f"index_{n}.html" if n > 1 else ""),
)


_tail(
    "xilingol",
    lambda p: f"/zwgk/zfxxgknb/zlq/{p.hex}/index.shtml",
    lambda n: "/zwgk/zfxxgknb/" + ("index.shtml" if n == 1 else f"index_{n}.shtml"),
)


_tail(
    "tongchuan",
    lambda p: f"/resources/site/80/html/gajxxgk/gknb/{day(p, '%Y%m')}/870{p.number}.html",
    lambda n: f"/gknb/list_{n}.html",
)


_tail(
    "minhe",
    lambda p: f"/html/12927/413{p.number}.html",
    lambda n: "/html/2175/" + ("List.html" if n == 1 else f"List_{n}.html"),
    charset="gb18030",
)


_tail(
    "chuanshan",
    lambda p: f"/gongkai/show/{p.hex}.html",
    lambda n: f"/gongkai/list/{'a' * 32}.html" + (f"?page={n}" if n > 1 else ""),
)


_tail(
    "jian_show",
    lambda p: f"/xxgk-show-10193{p.number}.html",
    lambda n: "/xxgk-list-gknb" + (f"-{n}" if n > 1 else "") + ".html",
    rows=divs,
)


_tail(
    "tax",
    lambda p: f"/gdswzz/zhxzsw_xxgknb/{p.date[:7]}/{p.date[8:]}/content_{p.hex}.shtml",
    lambda n: "/gdswzz/zhxzsw_xxgknb/" + ("common_list.shtml" if n == 1 else f"common_list_{n}.shtml"),
)
