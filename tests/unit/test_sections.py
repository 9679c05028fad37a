"""The parts of a report, in all the ways in which their heads are printed."""

from __future__ import annotations

import time

import pytest

from parsers.sections import split

STATUTORY = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
NUMBERS = "一二三四五六"


def heads(*lines: str) -> list[tuple[str, str]]:
    return [(section.number, section.title) for section in split(lines)]


def test_the_six_parts_with_their_prose() -> None:
    lines = ["青禾县2022年政府信息公开工作年度报告", ""]
    for number, title in zip(NUMBERS, STATUTORY, strict=True):
        lines += [f"{number}、{title}", "  第一段。", "", "第二段。"]
    sections = split(lines)
    assert [(section.number, section.title) for section in sections] == list(
        zip(NUMBERS, STATUTORY, strict=True)
    )
    assert {section.text for section in sections} == {"第一段。\n第二段。"}


def test_the_introduction_is_no_part() -> None:
    assert split(["青禾县年度报告", "本报告根据条例编制。"]) == ()


@pytest.mark.parametrize(
    ("line", "number", "title"),
    [
        ("一、总体情况", "一", "总体情况"),
        ("一 、 总体 情况", "一", "总体情况"),
        ("总体情况", "", "总体情况"),
        ("第一部分 总体情况", "一", "总体情况"),
        ("二、行政机关主动公开政府信息情况", "二", "行政机关主动公开政府信息情况"),
        ("二、主动公开政府信息的情况", "二", "主动公开政府信息的情况"),
        ("三、主動公開政府信息情況", "三", "主動公開政府信息情況"),
        (
            "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
            "四",
            "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
        ),
        ("五、政府信息公开工作存在的主要问题及改进情况", "五", "政府信息公开工作存在的主要问题及改进情况"),
        ("一、概述", "一", "概述"),
        ("三、依申请公开政府信息和不予公开政府信息情况", "三", "依申请公开政府信息和不予公开政府信息情况"),
        ("四、政府信息公开的收费及减免情况", "四", "政府信息公开的收费及减免情况"),
        ("四、复议、诉讼和申诉情况", "四", "复议、诉讼和申诉情况"),
        ("六、主要问题和改进措施", "六", "主要问题和改进措施"),
        ("八、附表", "八", "附表"),
    ],
)
def test_variants_of_a_head(line: str, number: str, title: str) -> None:
    assert (number, title) in heads("一、总体情况", line, "本镇落实要求。")


def test_row_labels_of_the_table_of_requests_are_no_heads() -> None:
    rows = (
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "三、本年度办理结果",
        "四、结转下年度继续办理",
    )
    assert heads("三、收到和处理政府信息公开申请情况", *rows) == [("三", STATUTORY[2])]


def test_a_sentence_that_lists_the_heads_is_no_head() -> None:
    intro = "本报告由总体情况、主动公开政府信息情况、其他需要报告的事项等部分组成。"
    numbered = "本报告包括一、总体情况；二、主动公开政府信息情况；三、其他需要报告的事项，共三个部分。"
    assert heads(intro, numbered, "一、总体情况", "本镇落实要求。") == [("一", "总体情况")]


def test_heads_inside_one_line() -> None:
    line = "　　一、总体情况　　本厅落实要求。　　二、主动公开政府信息情况　　无。三、收到和处理政府信息公开申请情况未收到申请。"
    sections = split([line])
    assert [section.number for section in sections] == ["一", "二", "三"]
    assert [section.text for section in sections] == ["本厅落实要求。", "无。", "未收到申请。"]


def test_a_table_run_together_with_the_prose_is_left_out() -> None:
    line = (
        "二、主动公开政府信息情况第二十条第（一）项信息内容本年制发件数规章000"
        "三、收到和处理政府信息公开申请情况（本列数据的勾稽关系为：略）一、本年新收政府信息公开申请数量2000002"
        "四、政府信息公开行政复议、行政诉讼情况行政复议行政诉讼结果维持结果纠正000000000000000五、存在的主要问题及改进情况仍有不足。"
    )
    assert [section.text for section in split([line])] == ["", "", "", "仍有不足。"]


def test_a_head_broken_over_two_lines() -> None:
    (section,) = split(["六、其他", "需要报告的事项本厅落实政策。", "无。"])
    assert (section.number, section.title) == ("六", "其他需要报告的事项")
    assert section.text == "本厅落实政策。\n无。"


def test_heads_in_brackets_count_only_where_there_are_no_others() -> None:
    assert heads("（一）总体情况", "好。", "（二）主动公开政府信息情况") == [
        ("一", "总体情况"),
        ("二", "主动公开政府信息情况"),
    ]
    assert heads("一、总体情况", "（一）主动公开情况", "好。", "（二）依申请公开情况") == [("一", "总体情况")]


def test_bars_that_a_table_leaves_between_its_lines_are_no_prose() -> None:
    lines = [
        "一、总体情况",
        "公开3条。",
        "二、主动公开政府信息情况",
        "|",
        "",
        "|||",
        "｜",
        "三、收到和处理政府信息公开申请情况",
    ]
    assert [section.text for section in split(lines)] == ["公开3条。", "", ""]


def test_heads_with_arabic_numbers_count_where_most_parts_have_them() -> None:
    """1、主动公开情况 within the first part is none of them."""
    lines = [f"{number}、 {title}" for number, title in enumerate(STATUTORY, 1)]
    within = ["1、主动公开情况", "公开信息3条。", "2、依申请公开情况", "1、主动公开。公开信息3条。"]
    assert heads(lines[0], *within, *lines[1:]) == [
        (str(number), title) for number, title in enumerate(STATUTORY, 1)
    ]
    chinese = [f"{number}、{title}" for number, title in zip(NUMBERS, STATUTORY, strict=True)]
    assert heads(chinese[0], "1、主动公开政府信息情况", "公开3条。", *chinese[1:]) == list(
        zip(NUMBERS, STATUTORY, strict=True)
    )


def test_a_part_of_the_body_s_own_goes_on_with_the_numbering() -> None:
    lines = ["五、存在的主要问题及改进情况", "一、任务仍重", "六、明年工作思路", "七、其他需要报告的事项"]
    assert [number for number, _ in heads(*lines)] == ["五", "六", "七"]


def test_three_heads_in_a_row_have_no_prose() -> None:
    assert [
        section.text for section in split([f"{n}、{t}" for n, t in zip(NUMBERS, STATUTORY, strict=True)])
    ] == [""] * 6


@pytest.mark.parametrize(
    "piece", ["9", "一、", "一、总体情况", "政府信息公开", "主动公开政府信息情况", "(本列数据的勾稽关系"]
)
def test_a_megabyte_of_one_thing_is_read_in_time(piece: str) -> None:
    start = time.process_time()
    split([piece * (1_000_000 // len(piece))])
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    "head",
    [
        "政府信息公开概述",
        "主要工作概述",
        "政务信息公开情况概述",
        "政府信息公开工作的基本概况",
        "基本情况概述",
    ],
)
def test_a_summary_by_another_name_is_a_head(head: str) -> None:
    assert [section.title for section in split([f"一、{head}", "认真落实。"])] == [head]
