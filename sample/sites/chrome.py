"""What is around the content of a page: the mandatory meta tags, the navigation, the footer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from sample.places import Body, Site
from sample.sites.files import Resource
from sample.sites.items import Item

COLUMN_NAME = "政府信息公开年报"
COLUMN_TYPE = "信息公开年报"
NEIGHBOURS = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", COLUMN_NAME, "依申请公开")
"""The links of the statutory 专栏, in its order."""

_VIEWS = '<span class="views">浏览次数：<i id="hits">@VIEWS@</i></span>'
Meta = tuple[str, str]


def page(site: Site, title: str, metas: Iterable[Meta], content: str, made: str = "@NOW@") -> str:
    """A whole page: `made` is the page generation time, which a static page does not change."""
    tags = "\n".join(
        f'<meta name="{name}" content="{escape(value)}"/>'
        for name, value in (*_site_metas(site), *metas, ("others", f"页面生成时间 {made}"))
    )
    charset = "gb2312" if site.charset == "gb18030" else site.charset
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}"/>
<title>{escape(title)}-{site.name}</title>
{tags}
<link rel="stylesheet" href="/images/site.css"/>
</head><body>
<div class="header"><a href="/">{site.name}</a>
<ul class="nav"><li><a href="/">首页</a></li><li>政务公开</li><li>办事服务</li><li>互动交流</li></ul></div>
<div class="main">
{content}
</div>
<div class="footer"><p>主办：{site.place}人民政府办公室　网站标识码：{site.id_code}</p>
<p>地址：{site.place}府前路1号　电话：0000-2024001　网站地图</p></div>
</body></html>
"""


def column_metas(site: Site) -> list[Meta]:
    """The tags of a column page; a site with an old template says the column's type twice."""
    doubled = [("ColumnType", "政府信息公开")] if site.charset == "gb18030" else []
    return [
        ("ColumnName", COLUMN_NAME),
        ("ColumnDescription", f"{site.name}{COLUMN_NAME}栏目"),
        ("ColumnKeywords", COLUMN_NAME),
        *doubled,
        ("ColumnType", COLUMN_TYPE),
    ]


def article_metas(site: Site, item: Item) -> list[Meta]:
    """The tags of an article page."""
    return [
        *column_metas(site),
        ("ArticleTitle", item.title),
        ("PubDate", f"{item.published:%Y-%m-%d %H:%M}"),
        ("ContentSource", item.source),
    ]


def article(site: Site, item: Item, body: str) -> str:
    """An article as it stands in the page: breadcrumb, metadata box, title, counter, `body`."""
    index = f"{site.id_code}/{item.published:%Y}-{item.published:%m%d%H%M}"
    return f"""<div class="crumbs">当前位置：<a href="/">首页</a> &gt; 政务公开 &gt; {COLUMN_NAME}</div>
<table class="box"><tr><td>索引号</td><td>{index}</td><td>发布机构</td><td>{escape(item.source)}</td></tr>
<tr><td>发文日期</td><td>{item.published:%Y-%m-%d}</td><td>公开方式</td><td>主动公开</td></tr></table>
<h1 class="title">{escape(item.title)}</h1>
<div class="info"><span>发布时间：{item.published:%Y-%m-%d %H:%M}</span> {_VIEWS}</div>
{body}
<div class="share">【打印本页】【关闭窗口】</div>"""


def home(site: Site, links: dict[str, str], bodies: Iterable[tuple[Body, str]] = ()) -> str:
    """The content of a home page: the statutory 专栏, and the columns of single bodies where they exist."""
    items = "".join(f'<li><a href="{href}">{name}</a></li>' for name, href in links.items())
    organs = "".join(f'<li><a href="{href}">{body.name}</a></li>' for body, href in bodies)
    return (
        f'<div class="block"><h2>政府信息公开</h2><ul>{items}</ul></div>\n'
        f'<div class="block"><h2>部门和乡镇</h2><ul>{organs}</ul></div>\n'
        f"<p>{site.name}由{site.place}人民政府办公室主办。</p>"
    )


def html(site: Site, text: str, modified: datetime | None = None) -> Resource:
    """A page as the site sends it; the old-template site does not say its character set."""
    old = site.charset == "gb18030"
    return Resource(
        text.encode(site.charset), "text/html" if old else f"text/html; charset={site.charset}", modified
    )


def robots() -> Resource:
    """The robots.txt of every site."""
    return Resource(b"User-agent: *\nDisallow: /internal/\n", "text/plain")


def _site_metas(site: Site) -> list[Meta]:
    return [
        ("SiteName", site.name),
        ("SiteDomain", site.address),
        ("SiteIDCode", site.id_code),
    ]
