"""Documents that stand in a report's column and are no report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sample import paths
from sample.places import Body, Site
from sample.truth import Form, LookAlike, Place

_Words = Callable[[str, int], tuple[str, tuple[str, ...]]]


def look_alikes(site: Site, bodies: tuple[Body, ...], years: tuple[int, ...]) -> Iterator[LookAlike]:
    """The look-alikes of a site: one kind a year in turn, and every other year an explanation."""
    if not bodies:
        return
    kinds = tuple(_KINDS)
    for number, year in enumerate(years):
        yield _make(kinds[(number + site.index) % len(kinds)], site, bodies[0], year, 900 + 2 * number)
        if number % 2 == 0:
            yield _make("interpretation", site, bodies[0], year, 901 + 2 * number)


def forbidden(site: Site, bodies: tuple[Body, ...], years: tuple[int, ...]) -> Iterator[LookAlike]:
    """The page that a list links to and that robots.txt forbids."""
    if not bodies:
        return
    made = _make("forbidden", site, bodies[-1], years[-1], 990)
    place = Place(made.place.column, f"/internal/{years[-1]}/draft_{site.index + 1}.html")
    yield LookAlike(made.kind, made.body, made.site, made.title, made.published, place, made.paragraphs)


def _make(kind: str, site: Site, body: Body, year: int, serial: int) -> LookAlike:
    words = _WORDS[kind]
    title, paragraphs = words(body.name if kind == "forbidden" else site.place, year)
    at = datetime(year + 1, 2, 3 + serial % 20, 9, serial % 60)
    column = paths.column(site, body, year)
    place = paths.place(site, column, 1_000_000 * (site.index + 1) + serial, at, title, Form.PAGE)
    return LookAlike(kind, body, site, title, at, place, paragraphs)


def _interpretation(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"图解：{place}{year}年政府信息公开工作年度报告", (
        "编制背景：为方便群众了解年度报告，现将主要内容用图示说明。",
        f"看点一：{year}年公开渠道更加多样。看点二：申请办理更加规范。看点三：平台更加好用。",
    )


def _notice(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"关于做好{year}年政府信息公开工作年度报告编制和发布工作的通知", (
        f"{place}各有关单位：请按统一格式编制{year}年年度报告，并于明年1月31日前发布。",
        "一、内容要求。总体情况、主动公开、依申请公开、复议诉讼、问题改进和其他事项均应写明。",
        "二、数据要求。表格各栏应相互吻合，没有发生的填0。",
    )


def _guide(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"{place}政府信息公开指南（{year + 1}年版）", (
        "为便于公民、法人和其他组织获得政府信息公开服务，编制本指南。",
        "受理机构设在办公室，申请可以当面、信函或者网络方式提出。",
    )


def _rule_of_law(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"{place}{year}年法治政府建设年度报告", (
        "一、主要举措和成效。规范行政决策程序，推进严格规范公正文明执法。",
        f"{year}年共办理行政复议案件12件，审查行政规范性文件9件。",
    )


def _published(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"{place}{year}年政府信息公开工作年度报告公布情况", (
        f"截至规定期限，{place}应当公布年度报告的单位均已公布，现将情况公开，接受监督。",
    )


def _accounts(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"{place}人民政府办公室{year}年度部门决算公开说明", (
        "一、部门概况。二、收入支出决算总体情况。三、名词解释。",
        f"{year}年度收入总计863.25万元，支出总计841.10万元。",
    )


def _website(place: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"{place}{year}年政府网站工作年度报表", (
        f"填报单位：{place}人民政府办公室。网站总访问量35120次，信息发布总数1874条。",
    )


def _forbidden(name: str, year: int) -> tuple[str, tuple[str, ...]]:
    return f"{name}{year}年政府信息公开工作年度报告（内部稿）", (
        "本页在站点的爬取规则中列为禁止访问，任何抓取程序都不应读取。",
    )


_KINDS: dict[str, _Words] = {
    "notice": _notice,
    "guide": _guide,
    "rule_of_law": _rule_of_law,
    "body_list": _published,
    "accounts": _accounts,
    "website": _website,
}
_WORDS: dict[str, _Words] = {**_KINDS, "interpretation": _interpretation, "forbidden": _forbidden}
