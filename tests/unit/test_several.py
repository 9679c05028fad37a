"""Several reports in one file: each has its own title, year, body, tables and prose, or a warning says what is not sure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from parsers.records import Report
from parsers.remarks import Remark, RemarkKind
from parsers.report import parse
from sample.forms.layout import Grid
from sample.forms.sheet import Heading, Sheet
from tests.corpus.documents import sheets
from tests.corpus.grading import grade
from tests.corpus.quirks import PRINTERS

SEVERAL = Path(__file__).parents[1] / "data" / "several"
GOLDEN = sorted(SEVERAL.glob("*.json"))
TITLE = "{}年政府信息公开工作年度报告"


def made(generation: str, number: int, title: str = "", *, lacks: str = "") -> Sheet:
    """A report of the sample country, titled so ({} is its year), without some of its tables (by their digits)."""
    of_it = sheets(generation, 1)
    sheet = max(of_it[number::5], key=lambda one: sum(map(bool, one.figures.values())))
    gone = tuple(f"t{digit}" for digit in lacks)
    figures = {code: value for code, value in sheet.figures.items() if not code.startswith(gone or ("-",))}
    kept = sheet.with_grids(lambda grid: [] if lacks and _code(grid).startswith(gone) else [grid])
    return replace(kept, title=title.format(sheet.year) or sheet.title, figures=figures)


def _code(grid: Grid) -> str:
    return next(slot.code for slot in grid.slots if slot.code)


def reports(*printed: Sheet, container: str = "text") -> tuple[Report, ...]:
    """What is read where these stand one below the other."""
    first = parse(PRINTERS[container](replace(printed[0], others=printed[1:]), Random(1)))
    return first, *first.others


def amiss(sheet: Sheet, report: Report, container: str = "text") -> list[str]:
    """What is not as printed in one report: its title, cells, statements and heads, and whose prose it has."""
    result = grade(replace(sheet, others=()), report)
    found = [*result.notes, *result.gaps, *(code for code, _, _ in result.errors)]
    found += [f"title {report.title}"] * (report.title != "".join(sheet.title.split()))
    found += [f"{result.said_missing} statements"] * bool(result.said_missing)
    alone = [section.title for section in reports(sheet, container=container)[0].sections]
    return found + [f"heads {alone}"] * ([section.title for section in report.sections] != alone)


def shown(report: Report) -> dict[str, Any]:
    """A report in the shape of the golden results."""
    said = report.as_json()
    kept = ("title", "issuer", "year", "year_from", "scope", "generations", "sections", "warnings")
    return {
        **{name: said[name] for name in kept},
        "figures": {figure["code"]: figure["value"] for figure in said["figures"]},
        "statements": [[one["code"], one["value"], one["text"]] for one in said["statements"]],
        "findings": [[one["kind"], one["codes"]] for one in said["findings"]],
    }


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    golden = json.loads(path.read_text("utf-8"))
    report = parse((SEVERAL / golden["file"]).read_bytes())
    assert json.loads(json.dumps([shown(one) for one in (report, *report.others)])) == golden["result"]


def test_every_page_has_a_golden_result() -> None:
    files = {json.loads(path.read_text("utf-8"))["file"] for path in GOLDEN}
    assert files == {path.name for path in SEVERAL.iterdir()} - {path.name for path in GOLDEN}
    assert files


PAIRS = {
    "two years": (made("G2021", 0), made("G2021", 1)),
    "an old form above a new one": (made("G2019", 0), made("G2021", 1)),
    "a new form above an old one": (made("G2021", 1), made("G2019", 0)),
    "a list above a form": (made("G2014S", 0), made("G2021", 1)),
    "a form above a list": (made("G2021", 1), made("G2014S", 0)),
    "two lists": (made("G2014S", 0), made("G2014S", 1)),
    "prose above a list": (made("G2008", 0), made("G2014S", 1)),
    "prose above prose": (made("G2008", 0), made("G2008", 1)),
    "prose below a form": (made("G2021", 0), made("G2008", 1)),
    "the first has no table": (made("G2021", 0, lacks="234"), made("G2021", 1)),
    "the second has no table": (made("G2021", 0), made("G2021", 1, lacks="234")),
    "the first lacks table 2": (made("G2021", 0, lacks="2"), made("G2021", 1)),
    "the second lacks tables 2 and 3": (made("G2021", 0), made("G2021", 1, lacks="23")),
    "one form between the two": (made("G2021", 0, lacks="34"), made("G2021", 1, lacks="2")),
    "a place and its bureau": (
        made("G2021", 0, "临溪县" + TITLE),
        made("G2021", 1, "临溪县水利局" + TITLE, lacks="2"),
    ),
    "titles without a name or a year": (
        made("G2021", 0, "政府信息公开工作年度报告", lacks="34"),
        made("G2021", 1, "政府信息公开工作年度报告", lacks="2"),
    ),
    "the name above the title": (
        made("G2021", 0, "临溪县人民政府\n" + TITLE),
        made("G2021", 1, "北坡县人民政府\n" + TITLE, lacks="2"),
    ),
    "a title broken over lines": (
        made("G2021", 0, "临溪县人民政府{}年政府信息\n公开工作年度报告"),
        made("G2021", 1, "北坡县人民政府{}年政府信息\n公开工作年度报告", lacks="2"),
    ),
}


@pytest.mark.parametrize("container", ["text", "html", "docx"])
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_each_of_two_has_what_is_its_own(pair: tuple[Sheet, Sheet], container: str) -> None:
    if container == "html":
        pair = tuple(replace(one, title=one.title.replace("\n", "")) for one in pair)  # type: ignore[assignment]
    read = reports(*pair, container=container)
    assert [amiss(*one, container) for one in zip(pair, read, strict=True)] == [[], []]
    assert not [said for report in read for said in report.warnings if "no table" not in said]


def test_a_title_in_the_last_paragraph_of_the_report_above() -> None:
    title = "北坡县" + "2023年政府信息公开工作年度报告"
    above, below = made("G2021", 0), replace(made("G2021", 1), title="")
    above = replace(above, parts=(*above.parts[:-1], f"{above.parts[-1]}{title}"))
    for container in ("text", "html", "docx"):
        first, second = reports(above, below, container=container)
        assert second.title == title
        assert title not in first.sections[-1].text
        assert not amiss(above, first)


def test_an_appended_report_has_its_title_without_the_mark() -> None:
    title = "北坡县" + "2023年政府信息公开工作年度报告"
    _, second = reports(made("G2021", 0), made("G2021", 1, f"附件1：{title}"))
    assert (second.title, second.issuer) == (title, "北坡县")


def test_below_no_title_the_border_is_not_sure() -> None:
    above, below = made("G2021", 0), replace(made("G2021", 1), title="")
    first, second = reports(above, below)
    assert (first.remarks, second.remarks) == ((), (Remark(RemarkKind.NO_TITLE_ABOVE),))
    assert (second.title, second.year, second.year_from) == (None, below.year, "period")
    assert below.parts[0] not in first.text


def test_two_without_titles_and_with_one_form_between_them_are_named() -> None:
    above, below = made("G2021", 0, lacks="34"), replace(made("G2021", 1, lacks="2"), title="")
    (report,) = reports(above, below)
    assert Remark(RemarkKind.HEADS_TWICE) in report.remarks


def _with_title(sheet: Sheet, place: int, title: str) -> Sheet:
    heads = [number for number, part in enumerate(sheet.parts) if isinstance(part, Heading)]
    at = heads[place] if place < len(heads) else len(sheet.parts)
    return replace(sheet, parts=(*sheet.parts[:at], title, *sheet.parts[at:]))


OWN = made("G2021", 0, "临溪县人民政府" + TITLE)


def _of(years: int, name: str = "临溪县人民政府") -> str:
    return name + TITLE.format(OWN.year + years)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (0, _of(-1)),
        (3, _of(0)),
        (3, _of(0, "临溪县")),
        (3, "政府信息公开年报"),
        (2, f"参见《{_of(-1)}》"),
        (9, f"附件：{_of(0, '北坡县人民政府')}"),
        (9, _of(0, "北坡县人民政府")),
    ],
)
def test_a_title_with_no_report_below_it_begins_none(place: int, line: str) -> None:
    (report,) = reports(_with_title(OWN, place, line))
    assert not amiss(OWN, report)
    assert not report.warnings


def test_a_title_left_over_from_a_year_before_is_named_where_the_heads_go_on() -> None:
    (report,) = reports(_with_title(OWN, 2, _of(-1)))
    assert not amiss(OWN, report)
    assert "was read as one with it" in report.warnings[0]


def test_a_report_that_begins_nothing_anew_is_another_with_a_warning() -> None:
    above = made("G2021", 0, "临溪县人民政府" + TITLE, lacks="34")
    whole = made("G2021", 1, "临溪县人民政府" + TITLE, lacks="2")
    below = replace(whole, parts=tuple(part for part in whole.parts if isinstance(part, Grid)), said={})
    first, second = reports(above, below)
    assert not amiss(above, first)
    assert not amiss(below, second)
    assert "was read as another report" in second.warnings[0]


def test_the_year_in_the_address_of_the_file_is_not_that_of_the_second() -> None:
    bare = replace(made("G2021", 1, "政府信息公开工作年度报告"), said={})
    bare = replace(bare, parts=tuple(part for part in bare.parts if not isinstance(part, str)))
    page = PRINTERS["text"](replace(made("G2021", 0), others=(bare,)), Random(1))
    report = parse(page, url="http://www.example.gov.cn/annual/2023/t1.html")
    (second,) = report.others
    assert (second.year, second.year_from) == (None, None)
    assert Remark(RemarkKind.YEAR_OF_FILE) in second.remarks


def test_prose_printed_twice_is_one_report() -> None:
    page = made("G2008", 0)
    assert len(reports(page, page)) == 1


def test_two_reports_in_a_pdf() -> None:
    pair = made("G2021", 0, lacks="34"), made("G2021", 1, lacks="2")
    read = reports(*pair, container="pdf")
    assert [amiss(*one, "pdf") for one in zip(pair, read, strict=True)] == [[], []]


def test_the_rest_of_a_table_below_the_head_of_another_is_no_other_report() -> None:
    lines = [
        "某县2021年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |",
        "| 规章 | 0 | 0 | 0 |",
        "| 行政规范性文件 | 3 | 1 | 9 |",
        "三、收到和处理政府信息公开申请情况",
        "申请人情况 自然人 法人或其他组织 总计",
        "| 信息内容 | 本年处理决定数量 |",
        "| 行政许可 | 12 |",
        "| 一、本年新收政府信息公开申请数量 | 5 | 0 | 0 | 0 | 0 | 0 | 5 |",
    ]
    report = parse("\n".join(lines).encode())
    read = {figure.code: figure.value for figure in report.figures}
    assert (read["t2_normative_issued"], read["t2_licensing_decisions"], read["t3_new_received__total"]) == (
        3,
        12,
        5,
    )
    assert report.others == ()
