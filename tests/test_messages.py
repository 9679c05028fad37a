"""What findings say in Chinese: every message that the code makes has its words."""

from __future__ import annotations

import re

import pytest

from archive import chains
from archive.chains import CARRIED_IN, CARRIED_OUT, IN_FORCE, Cell
from archive.csvs import packaged
from parsers.identities import COARSE
from parsers.records import Finding
from parsers.report import parse
from parsers.second import TORN
from web import words
from web.messages import in_chinese
from web.speech import Speech

ROWS = "一、本年新收政府信息公开申请数量\t{}\n二、上年结转政府信息公开申请数量\t{}\n"
LABELS = (
    "一、本年新收政府信息公开申请数量 二、上年结转政府信息公开申请数量 （一）予以公开 1.属于国家秘密 "
    "2.重复申请 3.要求提供公开出版物 （七）总计 四、结转下年度继续办理"
).split()
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,}")


def found(text: str) -> list[Finding]:
    return list(parse(f"云水市水利局2023年政府信息公开工作年度报告\n{text}".encode()).findings)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("identity_fails", ROWS.format("1\t0\t0\t0\t0\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
        ("row_not_aligned", ROWS.format("1\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
        ("row_absent", ROWS.format("1\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
        ("row_beside_absent", ROWS.format("1\t0\t2", "0\t0\t0\t0\t0\t0\t0")),
        ("row_repeated", "信息内容\t本年处理决定数量\n行政许可\t1\n行政许可\t2"),
        ("reading_in_doubt", "\n".join(f"{label}\t1\t1\t1\t1\t1\t1\t1" for label in LABELS)),
        ("unit_differs", "信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t251000元"),
        (
            "glued_digits",
            "第二十条第（八）项\n信息内容 上一年项目数量 本年增/减\n行政事业性收费  15\n政府集中采购 2 7",
        ),
        (
            "statement_contradicts_table",
            "一、总体情况\n2023年收到政府信息公开申请9件。\n"
            + ROWS.format("1\t0\t0\t0\t0\t0\t1", "0\t0\t0\t0\t0\t0\t0"),
        ),
    ],
)
def test_a_message_of_reading_is_said_in_chinese(kind: str, text: str) -> None:
    said = [in_chinese(finding.kind, finding.message) for finding in found(text) if finding.kind == kind]
    assert said
    assert not [message for message in said if ENGLISH.search(message)]


@pytest.mark.parametrize(
    "message",
    [
        "s14: 4 begins the line below 1.当面申请数 3: it may be the rest of the number",
        "t2: the head above 政府集中采购 names 本年增减: what its figures say is not sure",
        "s14: the line of 1.当面申请数 holds several rows: whose figure is read is not sure",
        "t2: 22 stands alone outside of the row of 规章: taken for its 本年废止件数 by what the notes there say",
        "s14: 6 figures stand apart from any label: which are of the rows read is not sure",
        "'1\\n2' may be one number, broken, or several, one above another: left out",
        COARSE.format(3),
        TORN.format("t2_fee_amount_wan: 'nothing'"),
    ],
)
def test_doubts_are_said_in_chinese(message: str) -> None:
    assert not ENGLISH.search(in_chinese("reading_in_doubt", message))


def test_messages_across_years_are_said_in_chinese() -> None:
    last = {code: Cell(3, "number") for code in (*CARRIED_OUT, *IN_FORCE)}
    now = {code: Cell(4, "number") for code in (*CARRIED_IN, *IN_FORCE)}
    carried, in_force = chains.carry_over(last, now, 2022), chains.in_force(last, now, 2022)
    assert carried is not None
    assert in_force is not None
    assert in_chinese(carried.kind, carried.message).startswith(
        "与 2022 年报告的结转数不一致：自然人 4（上年结转 3）"
    )
    assert in_chinese(in_force.kind, in_force.message).startswith(
        "仅供参考：现行有效数与 2022 年报告不衔接：规章 3 + 4 - 4 = 3，而表中为 4"
    )


def test_every_kind_has_words_for_its_message() -> None:
    assert {row["kind"] for row in packaged("messages.csv", "web")} == words.KINDS.keys()


def test_english_and_what_has_no_words_stay() -> None:
    message = "about 60 % of the text stands in the report of 2020 as well"
    assert Speech("en").message("text_repeats_last_year", message) == message
    assert Speech("zh").message("text_repeats_last_year", message) == "约 60 % 的正文与 2020 年报告相同"
    assert in_chinese("of another kind", message) == message
