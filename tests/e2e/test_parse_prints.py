"""What `nianbao parse FILE` prints: the tables as the form has them, the figures as CSV, and what each stage saw."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from test_show import as_page, truth

from nianbao.asking.drawing import draw
from nianbao.front.exits import Exit
from sample.forms.plain import as_text
from web.drawing.form import Box

Nianbao = Callable[..., object]


def printed(page: bytes, tmp_path: Path, nianbao: Callable[..., object], *options: str) -> str:
    path = tmp_path / "report.html"
    path.write_bytes(page)
    ended = nianbao("parse", path, *options)
    assert ended.code == Exit.OK, ended.err  # type: ignore[attr-defined]
    return str(ended.out)  # type: ignore[attr-defined]


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split("[│├┤┼]", line)[1:-1]]


def test_the_tables_stand_as_the_form_has_them(nianbao: Nianbao, tmp_path: Path) -> None:
    report = truth()
    out = printed(as_page(report), tmp_path, nianbao)
    wanted = [f"{value}" for code, value in report.figures.items() if code.startswith("t3_new_received__")]
    (line,) = [line for line in out.splitlines() if line.startswith("│一、本年新收政府信息公开申请数量")]
    assert cells(line)[1:] == wanted
    last = [f"{value}" for code, value in report.figures.items() if code.startswith("t4_")]
    assert any(cells(line) == last for line in out.splitlines())
    assert re.search(r"Requests received and dealt with \(T3, G20\d\d\)", out)


def test_all_borders_meet(nianbao: Nianbao, tmp_path: Path) -> None:
    out = printed(as_page(truth()), tmp_path, nianbao)
    for table in re.findall(r"^┌.*?^└.*?$", out, re.M | re.S):
        assert len({cell_len(line) for line in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "收到和处理政府信息公开申请情况"), ("en", "Requests received")]
)
def test_titles_and_findings_are_in_either_language(
    nianbao: Nianbao, tmp_path: Path, lang: str, title: str
) -> None:
    total = truth().figures["t3_new_received__total"]
    page = as_page(truth()).replace(f">{total}<".encode(), f">{(total or 0) + 1}<".encode(), 1)
    out = printed(page, tmp_path, nianbao, "--lang", lang)
    assert title in out
    assert ("不成立" in out) is (lang == "zh")
    assert f"{(total or 0) + 1}!" in out or f"{(total or 0) + 1}*" in out


@pytest.mark.parametrize(
    ("lang", "missing", "none"),
    [
        ("zh", "提示: 未找到表格：t2", "不是年度报告"),
        ("en", "warning: no table was found for t2", "not a report"),
    ],
)
def test_warnings_are_in_either_language(
    nianbao: Nianbao, tmp_path: Path, lang: str, missing: str, none: str
) -> None:
    title = "云水市水利局2023年政府信息公开工作年度报告"
    body = "2023年收到政府信息公开申请9件。"
    assert missing in printed(f"{title}\n{body}\n".encode(), tmp_path, nianbao, "--lang", lang)
    assert none in printed("图书馆开放时间".encode(), tmp_path, nianbao, "--lang", lang)


def test_a_narrow_terminal_breaks_words_and_no_figure() -> None:
    rows = [[Box("本年度办理结果", head=True), Box(code="a")], [Box("总计", columns=2)]]
    assert draw(rows, {"a": "1234567"}, 14) == [
        "┌────┬───────┐", "│本年│1234567│", "│度办│       │", "│理结│       │", "│果  │       │",
        "├────┴───────┤", "│总计        │", "└────────────┘",
    ]  # fmt: skip


def test_a_cell_over_rows_has_room_for_its_words() -> None:
    rows = [[Box("予以公开", rows=2, head=True), Box("甲")], [Box("乙")]]
    drawn = draw(rows, {}, 11)
    assert drawn == ["┌────┬────┐", "│予以│甲  │", "│公开├────┤", "│    │乙  │", "└────┴────┘"]


def test_csv_has_a_line_for_each_figure_with_its_cell(nianbao: Nianbao, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(printed(as_page(truth()), tmp_path, nianbao, "--csv"))))
    values = {row["code"]: row["value"] for row in rows}
    assert values == {code: "" if value is None else f"{value}" for code, value in truth().figures.items()}
    (row,) = [row for row in rows if row["code"] == "t3_new_received__total"]
    assert (row["table"], row["row_label"], row["col_label"]) == (
        "T3",
        "一、本年新收政府信息公开申请数量",
        "总计",
    )
    assert row["proof"] == "proven"
    assert row["report"] == "1"


def test_csv_is_no_formula(nianbao: Nianbao, tmp_path: Path) -> None:
    total = truth().figures["t3_new_received__total"]
    page = as_page(truth()).replace(f">{total}<".encode(), b">=1+1<", 1)
    rows = csv.DictReader(io.StringIO(printed(page, tmp_path, nianbao, "--csv")))
    assert "'=1+1" in {row["raw"] for row in rows}


def test_the_trace_says_why_a_cell_is_absent(nianbao: Nianbao, tmp_path: Path) -> None:
    page = re.sub(r"<tr[^>]*>(?:(?!</tr>).)*2\.重复申请.*?</tr>", "", as_page(truth()).decode(), flags=re.S)
    out = printed(page.encode(), tmp_path, nianbao, "--trace")
    stages = [line.split(":")[0] for line in out.splitlines() if not line.startswith(" ")]
    assert stages[:3] == ["container", "edges", "lines"]
    assert "table t3" in stages
    assert stages[-2:] == ["proof", "cells without a figure"]
    missing = out.partition("cells without a figure:")[2]
    assert re.search(r"__total: rows: none carries the label .*2\.重复申请$", missing, re.M)


def test_the_trace_shows_a_row_whose_values_are_not_told_apart(nianbao: Nianbao, tmp_path: Path) -> None:
    lines = as_text(truth()).splitlines()
    number = next(n for n, line in enumerate(lines) if "二、上年结转" in line)
    text = "\n".join([*lines[:number], "二、上年结转政府信息公开申请数量 5 6 7", *lines[number + 1 :]])
    out = printed(text.encode(), tmp_path, nianbao, "--trace")
    assert "t3_carried_in__total: columns: 3 values for 7 columns" in out


@pytest.mark.parametrize("options", [("--csv", "--json"), ("--trace", "--csv"), ("--trace", "--show")])
def test_one_thing_is_printed_at_a_time(nianbao: Nianbao, tmp_path: Path, options: tuple[str, ...]) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(as_page(truth()))
    ended = nianbao("parse", path, *options)
    assert ended.code == Exit.USAGE  # type: ignore[attr-defined]
    assert "give one" in ended.err  # type: ignore[attr-defined]
