"""Lists and their pagers, each dialect with names of the site's own: how page 2 is asked for is said by the page alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from random import Random

from .page import Look

JSON, HTML = "application/json; charset=utf-8", "text/html; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What a site answers."""

    body: bytes
    content_type: str = HTML
    status: int = 200


Route = Callable[[Look, Mapping[str, str]], Answer | None]
"""An address of a site: what it answers to a request with these parameters."""
Draw = Callable[[str, str, Look], str]
"""A page of the site around a list (its markup, its script)."""


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    title: str
    url: str
    day: str


@dataclass(frozen=True)
class Tongue:
    """The names that one site's scripts use."""

    page: str
    id: str
    function: str
    box: str
    title: str
    url: str
    day: str
    rows: str
    total: str


@dataclass(frozen=True)
class Column:
    """A list of a site: where it begins, what it lists, and how it is drawn and paged."""

    path: str
    rows: Sequence[Row]
    size: int
    dialect: str
    markup: str
    cut: str
    session: str
    tongue: Tongue
    number: int
    pages: list[Sequence[Row]] = field(init=False)

    def __post_init__(self) -> None:
        """Cut the rows into pages."""
        cut = [self.rows[at : at + self.size] for at in range(0, len(self.rows), self.size)]
        object.__setattr__(self, "pages", cut or [[]])


def tongue(chance: Random) -> Tongue:
    """Draw the names of a site's scripts."""
    return Tongue(
        page=chance.choice(("page", "pageNo", "p", "curPage", "pageIndex", "pn", "currentPage")),
        id=chance.choice(("cid", "channelId", "catId", "lmid", "columnId", "typeid", "nodeId")),
        function=chance.choice(
            ("goPage", "toPage", "gotopage", "turn", "jump", "loadList", "queryList", "skip")
        ),
        box=chance.choice(("list", "newsList", "con_list", "xxlist", "dataBox", "gl_list")),
        title=chance.choice(("title", "name", "docTitle", "infoTitle", "bt")),
        url=chance.choice(("url", "link", "docUrl", "href", "visitUrl")),
        day=chance.choice(("date", "pubDate", "publishTime", "time", "rq")),
        rows=chance.choice(("rows", "list", "data", "items", "records")),
        total=chance.choice(("total", "count", "totalCount", "recordCount")),
    )


MARKUPS = ("ul", "table", "dl", "div", "p", "ul_span_first")
CUTS = ("whole", "whole", "whole", "dots_with_title", "ellipsis_with_title", "ellipsis")


def rows_of(column: Column, number: int, look: Look) -> str:
    """The rows of a page of the list as markup."""
    links = [_link(column, row, look) for row in column.pages[number - 1]]
    days = [row.day for row in column.pages[number - 1]]
    pairs = list(zip(links, days, strict=True))
    if column.markup == "table":
        rows = "".join(
            f"<tr><td>{at}</td><td>{a}</td><td>{day}</td></tr>" for at, (a, day) in enumerate(pairs, 1)
        )
        return f"<table class='tb'><tr><th>序号</th><th>标题</th><th>发布日期</th></tr>{rows}</table>"
    if column.markup == "dl":
        return "<dl>" + "".join(f"<dt>{a}</dt><dd>{day}</dd>" for a, day in pairs) + "</dl>"
    if column.markup == "div":
        return "".join(f"<div class='row'>{a}<i>[{day}]</i></div>" for a, day in pairs)
    if column.markup == "p":
        return "".join(f"<p>·{a} ({day[5:]})</p>" for a, day in pairs)
    if column.markup == "ul_span_first":
        return "<ul>" + "".join(f"<li><span>{day}</span>{a}</li>" for a, day in pairs) + "</ul>"
    return "<ul>" + "".join(f"<li>{a}<span>{day}</span></li>" for a, day in pairs) + "</ul>"


def _link(column: Column, row: Row, look: Look) -> str:
    address = _with_session(column.session, row.url, look)
    words, title = row.title, ""
    if column.cut != "whole" and len(words) > 18:
        words = words[:17] + ("..." if column.cut == "dots_with_title" else "…")
        title = f' title="{escape(row.title)}"' if column.cut.endswith("title") else ""
    return f'<a href="{escape(address)}"{title} target="_blank">{escape(words)}</a>'


def _with_session(kind: str, url: str, look: Look) -> str:
    made = f"{Random(look.request).getrandbits(128):032X}"
    if kind == "jsessionid":
        path, mark, query = url.partition("?")
        return f"{path};jsessionid={made}{mark}{query}"
    if kind == "query":
        return f"{url}{'&' if '?' in url else '?'}sessionid={made}"
    return url


def routes(column: Column, draw: Draw) -> dict[str, Route]:
    """Every address of the list."""
    return DIALECTS[column.dialect](column, draw)


# --- one function a dialect ---


def _html(body: str) -> Answer:
    return Answer(body.encode())


def _data(column: Column, number: int, look: Look) -> Answer:
    """A page of the list as JSON."""
    names = column.tongue
    rows = [
        {
            names.title: row.title,
            names.url: _with_session(column.session, row.url, look),
            names.day: row.day,
            "id": at,
        }
        for at, row in enumerate(column.pages[number - 1])
    ]
    body = {"code": 200, names.total: len(column.rows), names.rows: rows}
    return Answer(json.dumps(body, ensure_ascii=False).encode(), JSON)


def _number(column: Column, text: str | None) -> int:
    """A page number as asked, 0 where there is no such page."""
    number = int(text) if text and text.isdecimal() and len(text) < 6 else 1
    return number if 1 <= number <= len(column.pages) else 0


def _announced(column: Column) -> str:
    return f"共{len(column.rows)}条　共{len(column.pages)}页"


def _static(
    column: Column, draw: Draw, paths: Sequence[str], pager: Callable[[int], tuple[str, str]]
) -> dict[str, Route]:
    """Pages that lie at addresses of their own, with the pager (markup, script) that each of them shows."""

    def route(number: int) -> Route:
        def answer(look: Look, _given: Mapping[str, str]) -> Answer:
            markup, script = pager(number)
            core = f"<div class='{column.tongue.box}'>{rows_of(column, number, look)}</div><div class='fy'>{markup}</div>"
            return _html(draw(core, script, look))

        return answer

    made = {path: route(at) for at, path in enumerate(paths, 1)}
    return {column.path: made[paths[0]], **made}


def _named(column: Column, pattern: str, first: str) -> list[str]:
    return [
        column.path + (first if n == 1 else pattern.format(n=n, z=n - 1))
        for n in range(1, len(column.pages) + 1)
    ]


def _links(column: Column, draw: Draw) -> dict[str, Route]:
    paths = _named(column, "index_{z}.html", "index.html")

    def pager(n: int) -> tuple[str, str]:
        after = f'<a href="{paths[n]}">下一页</a>' if n < len(paths) else "下一页"
        return f"{_announced(column)} {after} <a href='{paths[-1]}'>尾页</a>", ""

    return _static(column, draw, paths, pager)


def _called(column: Column, draw: Draw) -> dict[str, Route]:
    paths = _named(column, "index_{z}.shtml", "index.shtml")
    return _static(
        column,
        draw,
        paths,
        lambda n: (f"<script>createPageHTML({len(paths)}, {n - 1}, 'index', 'shtml');</script>", ""),
    )


def _folders(column: Column, draw: Draw) -> dict[str, Route]:
    paths = [column.path, *(f"{column.path}page/{n}/" for n in range(2, len(column.pages) + 1))]
    name = column.tongue.function

    def pager(n: int) -> tuple[str, str]:
        numbers = " ".join(f'<a href="javascript:{name}({m})">{m}</a>' for m in range(1, len(paths) + 1))
        script = f'<script>var root="{column.path}";function {name}(n){{if(n>1){{location.href=root+"page/"+n+"/";}}else{{location.href=root;}}}}</script>'
        return f"第{n}页 {numbers} {_announced(column)}", script

    return _static(column, draw, paths, pager)


def _branch(column: Column, draw: Draw) -> dict[str, Route]:
    paths = _named(column, "list_{n}.html", "list.html")
    name = column.tongue.function

    def pager(n: int) -> tuple[str, str]:
        script = (
            f'<script>function {name}(num){{var u="";if(num==1){{u="list.html";}}else{{u="list_"+num+".html";}}'
            f'window.location.href="{column.path}"+u;}}</script>'
        )
        numbers = " ".join(f'<span onclick="{name}({m})">{m}</span>' for m in range(1, len(paths) + 1))
        return f"{numbers} {_announced(column)}", script

    return _static(column, draw, paths, pager)


def _broken(column: Column, draw: Draw) -> dict[str, Route]:
    """The plain next page answers 404; the numbers' script has the true ones."""
    paths = _named(column, "nb-{n}.htm", "index.htm")
    name = column.tongue.function

    def pager(n: int) -> tuple[str, str]:
        script = f'<script>function {name}(k){{self.location=k<2?"index.htm":"nb-"+k+".htm";}}</script>'
        numbers = " ".join(
            f'<a href="#" onclick="return {name}({m})">{m}</a>' for m in range(1, len(paths) + 1)
        )
        after = f'<a href="{column.path}index_{n + 1}.htm">下一页</a>' if n < len(paths) else ""
        return f"{_announced(column)} {numbers} {after}", script

    return _static(column, draw, paths, pager)


def _query(column: Column, draw: Draw) -> dict[str, Route]:
    name, turn = column.tongue.page, column.tongue.function

    def answer(look: Look, given: Mapping[str, str]) -> Answer | None:
        number = _number(column, given.get(name))
        if not number:
            return None
        options = "".join(f"<option value='{m}'>{m}</option>" for m in range(1, len(column.pages) + 1))
        pager = f"<select onchange='{turn}(this.value)'>{options}</select> {_announced(column)}"
        script = f'<script>function {turn}(v){{location.href=location.pathname+"?{name}="+v;}}</script>'
        return _html(draw(f"{rows_of(column, number, look)}{pager}", script, look))

    return {column.path: answer}


def _posted(column: Column, draw: Draw) -> dict[str, Route]:
    name, turn = column.tongue.page, column.tongue.function

    def answer(look: Look, given: Mapping[str, str]) -> Answer | None:
        number = _number(column, given.get(name))
        if not number:
            return None
        form = f'<form name="f1" method="post" action="{column.path}"><input type="hidden" name="{name}" value="{number}"/></form>'
        numbers = " ".join(
            f'<a href="javascript:{turn}({m})">{m}</a>' for m in range(1, len(column.pages) + 1)
        )
        script = f"<script>function {turn}(n){{document.f1.{name}.value=n;document.f1.submit();}}</script>"
        return _html(
            draw(f"{rows_of(column, number, look)}{form}{numbers} {_announced(column)}", script, look)
        )

    return {column.path: answer}


def _api(
    column: Column, draw: Draw, core: str, script: str, address: Callable[[int], str], first_shown: bool
) -> dict[str, Route]:
    """A page whose list is asked for by its script, as JSON, at addresses that lie at paths."""

    def shown(look: Look, _given: Mapping[str, str]) -> Answer:
        rows = rows_of(column, 1, look) if first_shown else ""
        return _html(draw(core.replace("@rows@", rows), script, look))

    made: dict[str, Route] = {column.path: shown}
    for number in range(1, len(column.pages) + 1):
        made[address(number)] = lambda look, _given, number=number: _data(column, number, look)
    return made


def _json_attribute(column: Column, draw: Draw) -> dict[str, Route]:
    names = column.tongue
    base = f"/api/{names.id}/{column.number}/list.json"
    core = (
        f'<div id="{names.box}" data-url="{base}?size={column.size}" data-{names.total.lower()}="{len(column.rows)}">@rows@</div>'
        f"<div class='pager' data-pages='{len(column.pages)}'></div>"
    )
    script = (
        f'<script>$(function(){{var box=$("#{names.box}");function {names.function}(n){{$.getJSON(box.data("url")+"&{names.page}="+n,'
        f"function(r){{$.each(r.{names.rows},function(i,o){{box.append('<a href=\"'+o.{names.url}+'\">'+o.{names.title}+'</a>');}});}});}}"
        f"{names.function}(1);}});</script>"
    )

    def data(look: Look, given: Mapping[str, str]) -> Answer | None:
        number = _number(column, given.get(names.page))
        return _data(column, number, look) if number else Answer(b'{"code":200,"rows":[]}', JSON)

    return {
        column.path: lambda look, _given: _html(draw(core.replace("@rows@", ""), script, look)),
        base: data,
    }


def _json_script(column: Column, draw: Draw) -> dict[str, Route]:
    names = column.tongue
    script = (
        f'<script>var base="/data";var {names.id}={column.number};var ext=".json";function {names.function}({names.page}){{'
        f'var u=base+"/"+{names.id}+"/list_"+{names.page}+ext;$.ajax({{url:u,type:"get",dataType:"json",success:function(d){{'
        f"show(d.{names.rows});}}}});}}{names.function}(1);</script>"
    )
    core = f"<ul id='{names.box}'>@rows@</ul><div id='pg' data-total='{len(column.pages)}'>{_announced(column)}</div>"
    return _api(column, draw, core, script, lambda n: f"/data/{column.number}/list_{n}.json", False)


def _path_id(column: Column, draw: Draw) -> dict[str, Route]:
    names, key = column.tongue, f"{Random(column.number).getrandbits(64):016x}"
    script = (
        f'<script>$(document).ready(function(){{var k=$("#{names.id}").val();var {names.page}=1;$.get("/front/channels/"+k+"/articles/"'
        f"+{names.page},function(res){{render(res.{names.rows},res.{names.total});}},'json');}});</script>"
    )
    core = f'<input type="hidden" id="{names.id}" value="{key}"/><div id="{names.box}">@rows@</div><div class="page"></div>'
    return _api(column, draw, core, script, lambda n: f"/front/channels/{key}/articles/{n}", False)


def _fragments(column: Column, draw: Draw) -> dict[str, Route]:
    names = column.tongue
    script = (
        f'<script>function {names.function}(n){{$("#{names.box}").load("{column.path}frag_"+n+".html");}}'
        f"$(function(){{{names.function}(1);}});</script>"
    )
    numbers = " ".join(
        f'<a href="javascript:void(0)" onclick="{names.function}({m})">{m}</a>'
        for m in range(1, len(column.pages) + 1)
    )
    core = f"<div id='{names.box}'></div><div>{numbers} {_announced(column)}</div>"
    made: dict[str, Route] = {column.path: lambda look, _given: _html(draw(core, script, look))}
    for number in range(1, len(column.pages) + 1):
        made[f"{column.path}frag_{number}.html"] = lambda look, _given, n=number: _html(
            rows_of(column, n, look)
        )
    return made


def _more(column: Column, draw: Draw) -> dict[str, Route]:
    names, address = column.tongue, f"{column.path}more.do"
    script = (
        f'<script>$(".{names.box}_more").click(function(){{var b=$(this),n=b.data("page")+1;$.get(b.data("href"),{{{names.page}:n}},'
        f'function(h){{$("#{names.box}").append(h);b.data("page",n);if(n>=b.data("pages"))b.hide();}});}});</script>'
    )

    def shown(look: Look, _given: Mapping[str, str]) -> Answer:
        core = (
            f'<div id="{names.box}">{rows_of(column, 1, look)}</div><button class="{names.box}_more" data-href="{address}"'
            f' data-page="1" data-pages="{len(column.pages)}">加载更多</button><p>{_announced(column)}</p>'
        )
        return _html(draw(core, script, look))

    def more(look: Look, given: Mapping[str, str]) -> Answer | None:
        number = _number(column, given.get(names.page))
        return _html(rows_of(column, number, look)) if number else _html("")

    return {column.path: shown, address: more}


def _framed(column: Column, draw: Draw) -> dict[str, Route]:
    inner = f"{column.path}inner/"
    paths = [f"{inner}list.html", *(f"{inner}list{n}.html" for n in range(2, len(column.pages) + 1))]

    def route(number: int) -> Route:
        def answer(look: Look, _given: Mapping[str, str]) -> Answer:
            after = f'<a href="{paths[number]}">下页</a>' if number < len(paths) else ""
            return _html(
                f"<html><body>{rows_of(column, number, look)}<p>{_announced(column)} {after}</p></body></html>"
            )

        return answer

    core = f"<iframe src='{paths[0]}' width='700' height='900' frameborder='0'></iframe>"
    return {column.path: lambda look, _given: _html(draw(core, "", look))} | {
        p: route(n) for n, p in enumerate(paths, 1)
    }


DIALECTS: dict[str, Callable[[Column, Draw], dict[str, Route]]] = {
    "links": _links,
    "called": _called,
    "folders": _folders,
    "branch": _branch,
    "broken static": _broken,
    "query": _query,
    "posted": _posted,
    "json attribute": _json_attribute,
    "json in script": _json_script,
    "id in path": _path_id,
    "fragments": _fragments,
    "load more": _more,
    "iframe": _framed,
}
