"""A country of sites drawn from the grammar: which bodies publish where, in which skin and behind which list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from html import escape
from random import Random

from sample.forms.markup import html_of
from sample.forms.pdf import pdf_of
from sample.forms.plain import text_of
from sample.forms.sheet import Sheet
from sample.forms.word import docx_of

from . import lists, page
from .lists import Answer, Column, Route, Row
from .page import Look, Skin
from .truth import Other, Report, bodies, others, reports, revised

YEARS = range(2008, 2022)
REVISED = 0.08
"""The share of reports that are revised on the night of revisions."""
BARE = "政府信息公开工作年度报告"
"""The title that says neither whose nor of which year a report is: its introduction does."""
PLACES = "青白晴霜竹枫鹭桐鹤雁荷棠"
SECOND = "禾汀陂塬渡屿坞洲浦墩"


@dataclass(frozen=True)
class Site:
    """One made site. `forms` says how each report stands: as a page, or as a file beside a stub."""

    seed: str
    index: int
    place: str
    division: str
    address: str
    dialect: str
    skins: tuple[Skin, Skin]
    reports: tuple[Report, ...]
    others: tuple[Other, ...]
    columns: tuple[tuple[str, str], ...]
    address_way: str
    forms: Mapping[int, str]
    bare: frozenset[int]
    session: str
    list_chance: int
    groups: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The id of its registry row."""
        return f"skin-{self.index + 1:03d}"

    @property
    def entry(self) -> str:
        """The path of the registered column."""
        return self.columns[0][0]

    def path(self, number: int, day: str) -> str:
        """The address of a document, in the grammar of the site."""
        return _PATHS[self.address_way](number, day)

    def files(self, report: Report) -> str:
        """The address of the file that carries a report, or an empty text."""
        form = self.forms[report.number]
        return f"/files/{report.number}.{_SUFFIX[form]}" if form != "page" else ""

    @property
    def traits(self) -> tuple[str, ...]:
        """By what a measurement may be broken down."""
        made = self.skins[0]
        return (f"list {self.dialect}", f"paragraph {made.hand.paragraph}", f"layout {made.layout}")


_SUFFIX = {"docx": "docx", "pdf": "pdf", "html": "htm", "html_doc": "doc", "text": "txt"}
_PATHS = {
    "dated": lambda n, d: f"/zwgk/nb/{d[:4]}{d[5:7]}/t{d.replace('-', '')}_{n}.html",
    "art": lambda n, d: f"/art/{d[:4]}/{int(d[5:7])}/{int(d[8:])}/art_{n % 90 + 10}_{n}.html",
    "info": lambda n, d: f"/info/{1000 + n % 9}/{n}.htm",
    "content": lambda n, d: f"/zwgk/content_{n}",
    "query": lambda n, d: f"/show.jsp?id={n}",
    "hex": lambda n, d: f"/c{n % 90000}/{d[:4]}{d[5:7]}/{Random(n).getrandbits(128):032x}.shtml",
}


@dataclass(frozen=True)
class Country:
    """All made sites of a seed."""

    seed: int
    sites: tuple[Site, ...]

    def registry(self, port: int, entry: str = "column") -> str:
        """The registry to crawl with: the column of each site, or (`portal`) its home page."""
        rows = ["id,name,division,level,kind,entry,url,family,note"]
        for site in self.sites:
            path = site.entry if entry == "column" else "/"
            name = f"{site.place}人民政府"
            url = f"http://{site.address}:{port}{path}"
            rows.append(
                f"{site.key},{name},{site.division},county,government,{entry},{url},,all bodies of the site"
            )
        return "\n".join(rows) + "\n"


@cache
def make(seed: int, sites: int) -> Country:
    """The country of `seed`: the same seed gives the same sites, to the byte."""
    return Country(seed, tuple(_site(seed, index) for index in range(sites)))


def _site(seed: int, index: int) -> Site:
    chance = Random(f"skins {seed} {index}")
    place = f"{PLACES[index % 12]}{SECOND[index // 12 % 10]}{'县' if index < 120 else '区'}"
    division = f"99{index // 70 + 11:02d}{index % 70 + 21:02d}"
    key = f"skin-{index + 1:03d}"
    years = sorted(chance.sample(list(YEARS), chance.randint(3, 7)))
    made: list[Report] = []
    for order, body in enumerate(bodies(chance, place, division, key)):
        made += reports(chance, body, years, 1000 * (index + 1) + 100 * order)
    made = [revised(chance, one) if chance.random() < REVISED else one for one in made]
    look_alikes = others(chance, place, years, 1000 * (index + 1) + 900)
    columns, groups = _columns(chance, made)
    skins = page.skin(chance), page.skin(chance)
    return Site(
        seed=f"{seed} {index}",
        index=index,
        place=place,
        division=division,
        address=f"127.1.{seed % 200}.{index + 1}",
        dialect=chance.choice(list(lists.DIALECTS)),
        skins=(_leading(skins[0], columns), _leading(skins[1], columns)),
        reports=tuple(made),
        others=tuple(look_alikes),
        columns=columns,
        address_way=chance.choice(list(_PATHS)),
        forms={one.number: _form(chance) for one in made},
        bare=frozenset(one.number for one in made if chance.random() < 0.04),
        session=chance.choice(("", "", "", "", "jsessionid", "query")),
        list_chance=chance.getrandbits(30),
        groups=groups,
    )


def _form(chance: Random) -> str:
    return chance.choices(("page", "docx", "pdf", "html", "html_doc", "text"), (84, 5, 4, 3, 2, 2))[0]


def _columns(
    chance: Random, made: Sequence[Report]
) -> tuple[tuple[tuple[str, str], ...], dict[str, tuple[int, ...]]]:
    """The columns of a site with what each lists: one for all, or one a kind of body that side menus link."""
    folder = chance.choice(("/zwgk/zfxxgknb/", "/xxgk/gknb/", "/zfxxgk/nb/", "/nianbao/", "/gk/ndbg/"))
    kinds = sorted({one.body.kind.value for one in made})
    if len(kinds) < 2 or chance.random() < 0.75:
        return ((folder, "政府信息公开年报"),), {folder: tuple(one.number for one in made)}
    names = {
        "government": "县政府年报",
        "office": "政府办年报",
        "department": "部门年报",
        "township": "乡镇年报",
    }
    columns = tuple((f"{folder}{kind[:4]}/", names[kind]) for kind in kinds)
    groups = {
        path: tuple(one.number for one in made if one.body.kind.value == kind)
        for (path, _name), kind in zip(columns, kinds, strict=True)
    }
    return columns, groups


def _leading(made: Skin, columns: Sequence[tuple[str, str]]) -> Skin:
    """Side menus show the sibling columns where there are any."""
    return (
        replace(made, side="columns") if len(columns) > 1 and made.side not in ("columns", "bodies") else made
    )


class Rendered:
    """The addresses of one site; pages are drawn when they are asked for."""

    def __init__(self, site: Site) -> None:
        """Lay out the addresses of both skins."""
        self.site = site
        self._files: dict[tuple[int, bool], Answer] = {}
        self._routes = [self._all(skin) for skin in (0, 1)]

    def answer(
        self, path: str, given: Mapping[str, str], look: Look, skin: int, is_revised: bool
    ) -> Answer | None:
        """What the site answers on a night, in its first or its second skin, before or after its revisions."""
        plain = path.partition(";")[0]
        route = self._routes[skin].get(plain)
        if route is not None:
            return route(look, given)
        wanted = f"{plain}?id={given['id']}" if "id" in given and plain == "/show.jsp" else plain
        return self._document(wanted, look, skin, is_revised)

    def _facts(self) -> page.Site:
        titles = [(self.site.path(one.number, one.day), one.title) for one in self.site.reports]
        code = f"{self.site.division}{self.site.index:04d}"
        return page.Site(self.site.place, code, self.site.entry, titles, self.site.columns)

    def _all(self, skin: int) -> dict[str, Route]:
        made: dict[str, Route] = {"/": lambda look, _given: self._home(skin, look)}
        made["/robots.txt"] = lambda look, _given: Answer(
            b"User-agent: *\nDisallow: /internal/\n", "text/plain"
        )
        made["/zwgk/"] = lambda look, _given: self._way(skin, look)
        for at, (path, name) in enumerate(self.site.columns):
            made |= lists.routes(self._column(path, at), self._draw(skin, name))
        return made

    def _draw(self, skin: int, name: str) -> lists.Draw:
        return lambda core, script, look: page.list_page(
            self.site.skins[skin], self._facts(), name, core, look, script
        )

    def _column(self, path: str, at: int) -> Column:
        chance = Random(self.site.list_chance)
        rows = sorted(self._rows(path, at == 0), key=lambda row: row.day, reverse=True)
        return Column(
            path=path,
            rows=rows,
            size=chance.choice((4, 6, 8, 15)),
            dialect=self.site.dialect,
            markup=chance.choice(lists.MARKUPS),
            cut=chance.choice(lists.CUTS),
            session=self.site.session,
            tongue=lists.tongue(chance),
            number=chance.randint(10, 9000) + at,
        )

    def _rows(self, path: str, has_others: bool) -> Iterator[Row]:
        shown = set(self.site.groups[path])
        for one in self.site.reports:
            if one.number in shown:
                title = BARE if one.number in self.site.bare else one.title
                yield Row(title, self.site.path(one.number, one.day), one.day)
        if has_others:
            for other in self.site.others:
                yield Row(other.title, self.site.path(other.number, other.day), other.day)
            yield Row("政府信息公开年度报告（内部稿）", "/internal/draft.html", "2020-01-02")

    def _home(self, skin: int, look: Look) -> Answer:
        news = "".join(f'<li><a href="/news/{at}.html">要闻{at}</a></li>' for at in range(6))
        core = (
            f'<ul>{news}</ul><div><a href="/zwgk/">政府信息公开</a> <a href="/about.html">关于我们</a></div>'
        )
        return _page(page.list_page(self.site.skins[skin], self._facts(), "首页", core, look))

    def _way(self, skin: int, look: Look) -> Answer:
        links = [("/x/0/", "政府信息公开指南"), ("/x/1/", "政府信息公开制度"), ("/x/2/", "法定主动公开内容")]
        links += [(path, name) for path, name in self.site.columns[:1]]
        core = "".join(f'<div><a href="{url}">{words}</a></div>' for url, words in links)
        return _page(page.list_page(self.site.skins[skin], self._facts(), "政府信息公开", core, look))

    def _document(self, wanted: str, look: Look, skin: int, is_revised: bool) -> Answer | None:
        for report in self.site.reports:
            if wanted == self.site.path(report.number, report.day):
                return self._report(report, look, skin, is_revised)
            if wanted == self.site.files(report):
                return self._file(report, is_revised)
        for other in self.site.others:
            if wanted == self.site.path(other.number, other.day):
                made = self.site.skins[skin]
                return _page(
                    page.notice_page(made, self._facts(), other.title, other.day, other.paragraphs, look)
                )
        return None

    def _file(self, report: Report, is_revised: bool) -> Answer:
        key, form = (report.number, is_revised), self.site.forms[report.number]
        if key not in self._files:
            self._files[key] = Answer(_bytes(report, form, is_revised), _TYPES[form])
        return self._files[key]

    def _report(self, report: Report, look: Look, skin: int, is_revised: bool) -> Answer:
        made, facts = self.site.skins[skin], self._facts()
        if report.number in self.site.bare:
            report = replace(report, title=BARE)
        if self.site.forms[report.number] == "page":
            return _page(page.article_page(made, facts, report, is_revised, look))
        link = f'附件：<a href="{self.site.files(report)}">{escape(report.title)}</a>'
        lines = (f"现将{escape(report.title)}予以公布，详见附件。", link)
        return _page(page.notice_page(made, facts, report.title, report.day, lines, look))


def _page(text: str) -> Answer:
    return Answer(text.encode())


def _bytes(report: Report, form: str, is_revised: bool) -> bytes:
    sheet = report.at(is_revised)
    if form == "docx":
        return docx_of(sheet)
    if form == "pdf":
        return pdf_of(sheet)
    if form == "text":
        return text_of(sheet).encode("gb18030")
    return _bare_page(sheet).encode()


def _bare_page(sheet: Sheet) -> str:
    head = f"<html><head><meta charset='utf-8'><title>{escape(sheet.title)}</title></head>"
    return f"{head}<body><h2 align=center>{escape(sheet.title)}</h2>{html_of(sheet, 2)}</body></html>"


_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "html_doc": "application/msword",
    "text": "text/plain",
}
