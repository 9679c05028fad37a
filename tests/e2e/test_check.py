"""`nianbao check`: what an office should mend, with the rule, the sums, the misprint and the place; offline."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from nianbao.check import checked
from nianbao.check.telling import lines
from nianbao.front.exits import Exit
from parsers.findings import Finding, FindingKind
from parsers.report import parse
from web.saying.speech import Speech

EXAMPLE = Path(__file__).parents[2] / "docs" / "example-report.html"
PAGE = EXAMPLE.read_text("utf-8")
CLEAN = PAGE.replace("<td>21</td>", "<td>12</td>", 1).replace("申请25件", "申请27件", 1)
DOUBTFUL = PAGE.replace("<td>21</td>", "<td>12</td>", 1)
Run = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, str], str]:
    def made(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return made


@pytest.mark.parametrize(
    ("text", "code"), [(CLEAN, Exit.OK), (DOUBTFUL, Exit.DOUBTFUL), (PAGE, Exit.WRONG), ("你好", Exit.WRONG)]
)
def test_the_exit_code_is_that_of_the_gravest_problem(nianbao: Run, file: Any, text: str, code: Exit) -> None:
    assert nianbao("check", file("a.html", text)).code == code


def test_a_clean_report_has_nothing_to_mend(nianbao: Run, file: Any) -> None:
    said = nianbao("check", file("a.html", CLEAN)).out
    assert "错误 0，疑问 0，提示 0；勾稽关系 42 条，成立 42 条" in said
    assert said.endswith("没有发现问题。\n")


def test_a_problem_names_rule_cells_sums_misprint_and_place(nianbao: Run) -> None:
    (found,) = json.loads(nianbao("check", str(EXAMPLE), "--json").out)
    assert (found["year"], found["identities"]) == (2025, {"checked": 42, "hold": 40})
    assert found["counts"] == {"error": 2, "warning": 1, "note": 0}
    _, applicants, prose = found["problems"]
    assert (applicants["rule"], prose["rule"]) == ("NB-0003", "NB-0015")
    assert [applicants[side]["total"] for side in ("left", "right")] == [24, 15]
    (likely,) = applicants["misprints"]
    assert (likely["suggested"], likely["slip"]) == (12, "digits_swapped")
    assert likely["cell"] == {
        "code": "t3_granted__natural",
        "label": "（一）予以公开 · 自然人",
        "raw": "21",
        "place": "table[2]/tr[6]/td[3]",
    }


def test_where_several_cells_may_be_wrong_all_are_named_and_nothing_is_suggested() -> None:
    report = parse(PAGE.encode())
    codes = ("t3_granted__natural", "t3_granted__total")
    ways = [{"codes": [code]} for code in codes]
    values = {"case": "several", "unique": False, "explanations": 2, "ways": ways}
    failing = [finding for finding in report.findings if finding.kind is FindingKind.IDENTITY_FAILS]
    open_ = replace(report, findings=(*failing, Finding(FindingKind.MISPRINT, codes, values)))
    (found,) = checked("a.html", open_)
    (problem,) = [each for each in found.problems if each.rule and each.rule.id == "NB-0003"]
    assert problem.misprints == ()
    assert [cell.code for cell in problem.one_of] == [*codes]
    said = "\n".join(lines(found, Speech()))
    assert "其中一格有误：（一）予以公开 · 自然人 [21]；（一）予以公开 · 总计 [15]" in said
    assert "应为" not in said


def test_last_years_report_tells_what_must_follow_from_it(nianbao: Run, file: Any) -> None:
    head, row, rest = CLEAN.replace("2025年", "2024年").partition("四、结转下年度继续办理</td>")
    last = head + row + rest.replace("<td>0</td>", "<td>5</td>", 1)
    asked = ("check", file("now.html", CLEAN), "--last", file("last.html", last), "--json")
    (found,) = json.loads(nianbao(*asked).out)
    kinds = {problem["kind"]: problem for problem in found["problems"]}
    assert kinds.keys() == {"carry_over_differs", "in_force_differs", "text_repeats_last_year"}
    assert kinds["carry_over_differs"]["cells"][0]["label"].startswith("二、上年结转")
    refused = nianbao("check", file("a.html", CLEAN), file("b.html", CLEAN), "--last", file("c.html", last))
    assert (refused.code, "one FILE" in refused.err) == (Exit.USAGE, True)


def test_several_files_are_checked_each(nianbao: Run, file: Any) -> None:
    ended = nianbao("check", file("a.html", CLEAN), file("b.html", PAGE), "--lang", "en")
    assert ended.code == Exit.WRONG
    assert ended.out.count("identities hold") == 2
    assert "likely misprint: （一）予以公开 · 自然人 is printed as 21, would have to be 12" in ended.out


def test_the_page_runs_nothing_loads_nothing_and_escapes_what_it_shows(
    nianbao: Run, file: Any, tmp_path: Path
) -> None:
    hostile = PAGE.replace("<td>27</td>", "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>", 1)
    out = tmp_path / "check.html"
    ended = nianbao("check", file("a&b<i>.html", hostile), "--html", str(out))
    assert ended.out == f"{out}\n"
    page = lxml.html.fromstring(out.read_text("utf-8"))
    assert page.xpath("//script | //img | //link | //i") == []
    assert "content=\"default-src 'none';" in out.read_text("utf-8")
    assert page.xpath("//li[@class='error']//h3")


def test_a_page_never_replaces_a_report(nianbao: Run, file: Any) -> None:
    path = file("a.html", PAGE)
    ended = nianbao("check", path, "--html", path)
    assert (ended.code, "is the source itself" in ended.err) == (Exit.USAGE, True)
    assert Path(path).read_text("utf-8") == PAGE


def test_nothing_is_asked_of_a_network(nianbao: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_args: object, **_more: object) -> None:
        raise AssertionError("asked a network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert nianbao("check", str(EXAMPLE)).code == Exit.WRONG
