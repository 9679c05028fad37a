"""Recognise, align, read: each way in which a printed table differs from the form, on made tables."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from parsers.codebook import forms, units
from parsers.document import Cell, Container, Document, Paragraph, Table
from parsers.records import Figure, State
from parsers.remarks import messages
from parsers.report import parse
from parsers.tables.flat.lines import Line, lines_of
from parsers.tables.glued import Glued, resolve
from parsers.tables.pipeline import Reading, read_tables
from parsers.tables.recognise import segments_of
from parsers.tables.values import read_value
from sample.forms.layout import Grid
from tests.corpus.documents import plain, sheets
from tests.corpus.quirks import PRINTERS


def text_reading(text: str) -> Reading:
    """The tables in flattened text."""
    paragraphs = tuple(Paragraph(line, f"line {number}") for number, line in enumerate(text.split("\n"), 1))
    return read_tables(segments_of(lines_of(Document(Container.TEXT, paragraphs))))


def grid_reading(*rows: list[str]) -> Reading:
    """The tables in one grid without spans."""
    cells = tuple(
        Cell(text, r, c, 1, 1, f"r{r}c{c}") for r, row in enumerate(rows) for c, text in enumerate(row)
    )
    return read_tables(segments_of(lines_of(Document(Container.HTML, (Table(cells),)))))


def values(reading: Reading, *codes: str) -> list[int | float | None]:
    return [reading.figures[code].value for code in codes]


NORMATIVE = ("t2_normative_issued", "t2_normative_repealed", "t2_normative_in_force")
RECEIVED = tuple(
    f"t3_new_received__{column}"
    for column in ("natural", "business", "research", "public_welfare", "legal_service", "other", "total")
)


@pytest.mark.parametrize(
    ("text", "state", "number"),
    [
        ("0", State.NUMBER, 0),
        ("1,234", State.NUMBER, 1234),
        ("1，234", State.NUMBER, 1234),
        ("1 234", State.NUMBER, 1234),
        ("１２３", State.NUMBER, 123),
        ("3．5", State.NUMBER, 3.5),
        ("8件", State.NUMBER, 8),
        ("0.5万元", State.NUMBER, 0.5),
        ("+2", State.NUMBER, 2),
        ("－1", State.NUMBER, -1),
        ("增加2", State.NUMBER, 2),
        ("减少 3 项", State.NUMBER, -3),
        ("￥1,200.50", State.NUMBER, 1200.5),
        ("2部", State.NUMBER, 2),
        ("22（其中修订16件）", State.NUMBER, 22),
        ("12①", State.NUMBER, 12),
        ("", State.BLANK, None),
        ("\u3000", State.BLANK, None),
        ("-", State.DASH, None),
        ("—", State.DASH, None),
        ("/", State.DASH, None),
        ("无", State.DASH, None),
        ("不涉及", State.DASH, None),
        ("无变化", State.DASH, None),
        ("\ufffd", State.ILLEGIBLE, None),
        ("4O7", State.ILLEGIBLE, None),
        ("O", State.ILLEGIBLE, None),
        ("1,2", State.ILLEGIBLE, None),
        ("1/2", State.ILLEGIBLE, None),
        ("〇", State.NUMBER, 0),
        ("NaN", State.BLANK, None),
    ],
)
def test_value(text: str, state: State, number: float | None) -> None:
    value = read_value(text)
    assert value is not None
    assert (value.state, value.number) == (state, number)


@pytest.mark.parametrize("text", ["属于国家秘密", "12 34", "3.", "8、9", "第20条", "- 5", "增加", "—1"])
def test_words_are_no_value(text: str) -> None:
    assert read_value(text) is None


def test_rows_by_label_and_not_by_position() -> None:
    reading = text_reading(
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n行政规范性文件\t6\t0\t23\n规章\t1\t2\t3"
    )
    assert values(reading, *NORMATIVE) == [6, 0, 23]
    assert values(reading, "t2_regulation_issued") == [1]


def test_columns_by_their_header() -> None:
    reading = grid_reading(
        ["信息内容", "现行有效件数", "本年制发件数", "本年废止件数"], ["行政规范性文件", "23", "6", "0"]
    )
    assert values(reading, *NORMATIVE) == [6, 0, 23]


def test_misspelt_label_and_header() -> None:
    reading = text_reading(
        "信息内容\t本年制发件数\t本年度止件数\t现行有效件\n规章\t0\t0\t0\n规范性文件\t6\t0\t23"
    )
    assert values(reading, *NORMATIVE) == [6, 0, 23]


def test_lost_label_is_known_by_its_place() -> None:
    lines = [
        "信息内容",
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
        "",
        "1",
        "2",
        "3",
        "行政规范性文件",
        "6",
        "0",
        "23",
        "第二十条第（五）项",
        "信息内容",
        "本年处理决定数量",
        "行政许可",
        "5",
    ]
    reading = text_reading("\n".join(lines))
    assert values(reading, "t2_regulation_issued", *NORMATIVE) == [1, 6, 0, 23]


def test_unknown_row_is_kept() -> None:
    reading = grid_reading(
        ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
        ["规章", "0", "0", "0"],
        ["县委督办单", "5", "5", "5"],
        ["行政规范性文件", "6", "0", "23"],
    )
    assert [(row.label, row.cells) for row in reading.extra_rows] == [("县委督办单", ("5", "5", "5"))]
    assert values(reading, *NORMATIVE) == [6, 0, 23]


def test_one_cell_a_line_with_bars() -> None:
    cells = [
        "一、本年新收政府信息公开申请数量",
        "8",
        "0",
        "0",
        "0",
        "0",
        "0",
        "8",
        "二、上年结转政府信息公开申请数量",
        *"1000001",
    ]
    reading = text_reading("\n|\n".join(cells))
    assert values(reading, *RECEIVED) == [8, 0, 0, 0, 0, 0, 8]
    assert values(reading, "t3_carried_in__natural") == [1]


def test_blank_and_dash_are_not_zero() -> None:
    reading = grid_reading(["一、本年新收政府信息公开申请数量", "8", "", "—", "/", "无", "0", "8"])
    assert [reading.figures[code].state for code in RECEIVED] == [
        "number",
        "blank",
        "dash",
        "dash",
        "dash",
        "number",
        "number",
    ]
    assert values(reading, *RECEIVED) == [8, None, None, None, None, 0, 8]


def test_words_in_a_cell_are_illegible_and_shift_nothing() -> None:
    reading = grid_reading(["一、本年新收政府信息公开申请数量", "8", "见附件", "0", "0", "0", "0", "8"])
    assert reading.figures["t3_new_received__business"].state is State.ILLEGIBLE
    assert values(reading, "t3_new_received__total") == [8]


def test_a_row_of_another_width_is_absent_with_a_finding() -> None:
    reading = text_reading(
        "一、本年新收政府信息公开申请数量\t8\t0\t8\n二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0"
    )
    assert [reading.figures[code].state for code in RECEIVED] == ["absent"] * 7
    assert [finding.kind for finding in reading.findings] == [
        "row_not_aligned",
        "row_absent",
        "row_beside_absent",
    ]


def test_spacer_columns_of_a_wrong_colspan() -> None:
    reading = grid_reading(["一、本年新收政府信息公开申请数量", "8", "0", "0", "0", "0", "0", "8", "", ""])
    assert values(reading, *RECEIVED) == [8, 0, 0, 0, 0, 0, 8]


def test_group_label_shifts_nothing() -> None:
    reading = grid_reading(
        ["公开", "2.其他法律法规禁止公开", "1", "0", "0", "0", "0", "0", "1"],
        ["", "3.危及“三安全一稳定”", "2", "0", "0", "0", "0", "0", "2"],
    )
    assert values(reading, "t3_denied_other_law__natural", "t3_denied_safety_stability__natural") == [1, 2]


def test_generation_by_the_words_of_the_table() -> None:
    old = text_reading("信息内容\t上一年项目数量\t本年增/减\t处理决定数量\n行政许可\t1\t+2\t3")
    assert old.generations == {"t2": "G2019"}
    assert values(old, "t2_licensing_items_change") == [2]
    new = text_reading("信息内容\t本年处理决定数量\n行政许可\t124")
    assert new.generations == {"t2": "G2021"}


def test_generations_may_be_mixed() -> None:
    reading = text_reading(
        "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n"
        "一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1\n（六）其他处理\t1\t0\t0\t0\t0\t0\t1\n（七）总计\t1\t0\t0\t0\t0\t0\t1"
    )
    assert reading.generations["t2"] == "G2021"
    assert values(reading, "t3_result_total__natural") == [1]


def test_table_four_in_one_line() -> None:
    reading = text_reading("行政复议 行政诉讼\n未经复议直接起诉 复议后起诉\n1 2 3 4 10 0 0 0 0 0 5 0 0 0 5")
    assert values(reading, "t4_review_total", "t4_post_review_suit_upheld", "t4_post_review_suit_total") == [
        10,
        5,
        5,
    ]


def test_a_cumulative_column_is_not_the_year() -> None:
    rows = [
        "指标名称\t单位\t本年度\t历年累计",
        "主动公开信息数\t条\t66\t900",
        "现场接待人数\t人次\t7\t70",
        "网上咨询数\t人次\t8\t80",
    ]
    rows += ["申请总数\t条\t9\t90", "1.当面申请数\t条\t4\t40", "4.网上申请数\t条\t5\t50"]
    reading = text_reading("\n".join(rows))
    assert values(reading, "l08_disclosed_total", "l08_req_total", "l08_req_online") == [66, 9, 5]


T4_HEAD = ["行政复议 行政诉讼", "结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉"]
T4_HEAD += ["结果维持 结果纠正 其他结果 尚未审结 总计 结果维持 结果纠正 其他结果 尚未审结 总计"]
LIST = [
    ("制发规范性文件总数", "件", "4"),
    ("3.政务微博公开政府信息数", "条", "0"),
    ("4.政务微信公开政府信息数", "条", "31"),
    ("3.网络申请数", "件", "7"),
    ("六、举报投诉数量", "件", "2"),
    ("七、依申请公开信息收取的费用", "元", "380"),
]


def list_reads(reading: Reading) -> bool:
    """Whether the figures of `LIST` were read, with the unit of the fees that it prints."""
    codes = ("normative_issued", "disclosed_weibo", "disclosed_wechat", "req_online", "complaints")
    fees = reading.figures["s14_fees_wan"]
    return (
        values(reading, *(f"s14_{code}" for code in codes)) == [4, 0, 31, 7, 2]
        and (fees.value, fees.unit) == (380, "元")
        and "unit_differs" in [finding.kind for finding in reading.findings]
    )


def test_a_unit_in_brackets_is_no_part_of_the_label_of_a_list() -> None:
    for form in ("{}（单位：{}）", "{}（{}）", "{}(单位:{})"):
        rows = [[form.format(label, unit), value] for label, unit, value in LIST]
        assert list_reads(grid_reading(["指标名称", "统计数"], *rows))
        assert list_reads(text_reading("\n".join(map("\t".join, rows))))
        assert list_reads(text_reading("\n".join(map("\n".join, rows))))


def test_a_head_of_a_block_with_a_figure_of_its_own_is_a_row_that_the_form_has_not() -> None:
    rows = [[label, value] for label, _, value in LIST]
    reading = grid_reading(["指标名称", "统计数"], *rows[:4], ["八、机构建设和保障经费情况", "0"], *rows[4:])
    assert values(reading, "s14_req_online", "s14_complaints") == [7, 2]
    assert [row.label for row in reading.extra_rows] == ["八、机构建设和保障经费情况"]
    assert "reading_in_doubt" not in [finding.kind for finding in reading.findings]


def test_what_stands_behind_the_figures_of_a_list_is_no_figure() -> None:
    """The unit may stand before the figure or behind it; of the last column its head tells what it is."""
    heads = ["指标名称", "单位", "统计数", "备注"]
    remarks = ["", "含乡镇", "", "", "上年3件", "2"]
    rows = [[label, unit, value, remark] for (label, unit, value), remark in zip(LIST, remarks, strict=True)]
    assert list_reads(grid_reading(heads, *rows))
    behind = [[label, value, unit] for label, unit, value in LIST]
    assert list_reads(grid_reading(["指标名称", "统计数", "单位"], *behind))
    assert list_reads(text_reading("\n".join(map(" | ".join, behind))))
    unknown = grid_reading(["指标名称", "单位", "统计数", "街道"], *rows)
    assert values(unknown, "s14_fees_wan", "s14_disclosed_weibo") == [None, None]


def test_unit_in_a_cell_is_kept_and_never_applied() -> None:
    reading = text_reading("信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t251000元")
    figure: Figure = reading.figures["t2_fee_amount_wan"]
    assert (figure.value, figure.unit, figure.raw) == (251000, "元", "251000元")
    assert [finding.kind for finding in reading.findings] == ["unit_differs", "row_absent"]


def test_a_broken_number_in_the_first_row_is_no_year_of_a_column() -> None:
    rows = [
        ["现场接待人数", "人次", "24", "1"],
        ["网上咨询数", "人次", "37", "5"],
        ["申请总数", "条", "37", "9"],
    ]
    rows += [["1.当面申请数", "条", "7", "0"], ["4.网上申请数", "条", "20", "3"]]
    reading = grid_reading(
        ["指标名称", "单位", "历年累计", "本年度"], ["主动公开信息数", "条", "20 57", "140"], *rows
    )
    assert values(reading, "l08_disclosed_total", "l08_req_total", "l08_req_online") == [140, 9, 3]


def test_a_head_that_comes_again_below_two_rows_names_no_more_columns() -> None:
    head = ["代码", "指标\n名称", "单位", "历年\n累计", "本年度"]
    rows = [
        ["01", "主动公开信息数", "条", "705", "140"],
        ["04", "提供服务类信息数", "条", "9", "2"],
        head,
        ["06", "现场接待人数", "人次", "24", "1"],
        ["07", "网上咨询数", "人次", "37", "5"],
        ["10", "申请总数", "条", "37", "9"],
        ["11", "1.当面申请数", "条", "7", "0"],
        ["14", "4.网上申请数", "条", "20", "3"],
    ]
    reading = grid_reading(head, *rows)
    assert values(reading, "l08_disclosed_total", "l08_req_total", "l08_req_online") == [140, 9, 3]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("本年收费金额（单位：元）", "行政事业性收费"),
        ("本年收费金额\t（单位：元）", "行政事业性收费"),
        ("本年收费金额", "行政事业性收费（元）"),
    ],
)
def test_an_amount_whose_head_or_label_prints_another_unit_says_so(head: str, row: str) -> None:
    reading = text_reading(f"信息内容\t{head}\n{row}\t2510")
    figure = reading.figures["t2_fee_amount_wan"]
    assert (figure.value, figure.unit) == (2510, "元")
    assert [finding.kind for finding in reading.findings] == ["unit_differs", "row_absent"]


def test_an_amount_with_a_sign_of_its_currency_is_in_yuan() -> None:
    reading = text_reading("信息内容\t采购项目数量\t采购总金额\n政府集中采购\t3\t￥18,500")
    assert reading.figures["t2_procurement_amount"].unit == "元"


SUMS = ("t3_result_total__natural", "t3_result_total__total", "t3_new_received__total")


def test_another_word_for_the_sum_names_its_row_and_its_column() -> None:
    heads = ["申请人情况", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "合计"]
    rows = [
        ["一、本年新收政府信息公开申请数量", *"3000014"],
        ["（一）予以公开", *"2000013"],
        ["（六）其他处理", *"1000001"],
        ["（七）合计", *"3000014"],
        ["四、结转下年度继续办理", *"0000000"],
    ]
    assert values(grid_reading(heads, *rows), *SUMS) == [3, 4, 4]
    assert values(text_reading("\n".join(map("\n".join, [heads, *rows]))), *SUMS) == [3, 4, 4]


def test_numbers_and_units_that_blanks_part_are_values() -> None:
    rows = ["信息内容 本年处理决定数量", "行政许可 144 件", "行政处罚 3 件", "行政强制 0 件"]
    rows = ["信息内容 本年制发件数 本年废止件数 现行有效件数", "行政规范性文件 5 件 1 件 40 件", *rows]
    reading = text_reading("\n".join(rows))
    assert values(reading, *NORMATIVE, "t2_licensing_decisions", "t2_coercion_decisions") == [
        5,
        1,
        40,
        144,
        0,
    ]
    assert values(text_reading("\n".join(T4_HEAD) + "\n" + "1 件 " * 15), "t4_post_review_suit_total") == [1]


def test_the_head_of_the_next_part_with_an_arabic_number_ends_a_table() -> None:
    rows = "信息内容\n本年收费金额（单位：万元）\n行政事业性收费\n12\n3、 收到和处理政府信息公开申请情况\n无"
    reading = text_reading(f"信息内容\n本年处理决定数量\n行政许可\n4\n行政处罚\n5\n行政强制\n6\n{rows}")
    assert values(reading, "t2_licensing_decisions", "t2_fee_amount_wan") == [4, 12]
    assert [finding.kind for finding in reading.findings] == ["row_absent"]
    assert reading.extra_rows == []


def test_a_year_in_the_head_below_a_row_is_no_rest_of_its_number() -> None:
    head = "信息内容\n2022年处理决定数量"
    lines = f"第二十条第（五）项\n{head}\n行政许可\n144\n第二十条第（六）项\n{head}\n行政处罚\n3\n行政强制\n0"
    reading = text_reading(f"第二十条第（一）项\n信息内容\n本年制发件数\n规章\n0\n0\n0\n{lines}")
    assert values(reading, "t2_licensing_decisions", "t2_penalty_decisions") == [144, 3]
    assert "reading_in_doubt" not in [finding.kind for finding in reading.findings]


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (
            "信息内容\t上一年项目数量\t本年增/减\n政府集中采购\t7\t3",
            {"t2_procurement_projects", "t2_procurement_amount"},
        ),
        ("信息内容\t本年处理决定数量\n行政事业性收费\t5", {"t2_fee_amount_wan"}),
        ("信息内容\t处理决定数量\n行政许可\t5", set()),
        ("信息内容\t上一年项目数量\t本年增/减\n政府集中采购\t0\t0", set()),
    ],
)
def test_figures_below_a_head_that_names_the_columns_of_others_are_in_doubt(
    lines: str, codes: set[str]
) -> None:
    """A head that was copied from another block, or from the form of other years; nothing is nothing in any column."""
    form = (
        "信息内容\t采购项目数量\t采购总金额" if "采购" in lines else "信息内容\t本年处理决定数量\n行政处罚\t1"
    )
    for reading in (
        text_reading(f"{form}\n{lines}"),
        text_reading("\n".join(f"{form}\n{lines}".split("\t"))),
    ):
        doubts = [finding for finding in reading.findings if finding.kind == "reading_in_doubt"]
        assert {code for finding in doubts for code in finding.codes} == codes


def test_no_amount_is_as_much_in_every_unit() -> None:
    for cell in ("0", "0元", "/"):
        reading = text_reading(f"信息内容\t本年收费金额（单位：元）\n行政事业性收费\t{cell}")
        assert [finding.kind for finding in reading.findings] == ["row_absent"]


@pytest.mark.parametrize(("head", "unit"), [("（万元）", "万元"), ("（单位：元）", "元"), ("", "")])
def test_an_amount_without_a_unit_in_the_form_has_the_one_that_its_head_prints(head: str, unit: str) -> None:
    rows = ["信息内容\t采购项目数量\t采购总金额", "政府集中采购\t3\t18.5"]
    reading = text_reading(f"{rows[0]}{head}\n{rows[1]}")
    assert reading.figures["t2_procurement_amount"].unit == unit
    assert [finding.kind for finding in reading.findings] == ["row_absent"]
    other = text_reading(f"{rows[0]}（元）\n{rows[1]}万元")
    assert other.figures["t2_procurement_amount"].unit == "万元"
    assert "unit_differs" in [finding.kind for finding in other.findings]


def test_a_menu_with_the_names_of_rows_is_no_table() -> None:
    assert text_reading("行政许可\n行政处罚\n行政强制\n行政事业性收费\n2024\n2023\n2022").figures == {}


def test_a_menu_above_table_two_is_no_part_of_it() -> None:
    reading = text_reading(
        "行政许可\n行政处罚\n浏览次数：\n128\n信息内容\n本年制发件数\n规章\n5\n行政许可\n7"
    )
    assert values(reading, "t2_licensing_decisions", "t2_penalty_decisions") == [7, None]


def test_prose_about_tables_is_no_table() -> None:
    assert text_reading("全年制发行政规范性文件6件，规章0件，行政许可124件。").figures == {}


def test_the_work_grows_with_the_lines_and_not_with_their_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of ten thousand small tables took minutes."""
    looked = 0
    words = Line.words.fget
    assert words

    def counted(line: Line) -> list[str]:
        nonlocal looked
        looked += 1
        return words(line)

    monkeypatch.setattr(Line, "words", property(counted))
    counts = []
    for size in (200, 400):
        looked = 0
        rows = [("规章", "1"), ("行政许可", "1"), *[("规章", "1")] * size]
        cells = tuple(Cell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row))
        segments_of(lines_of(Document(Container.HTML, (Table(cells),))))
        counts.append(looked)
    assert 0 < counts[1] < 2.2 * counts[0]


def test_digits_that_may_be_one_number_are_not_cut() -> None:
    text = "第二十条第（八）项\n信息内容 上一年项目数量 本年增/减\n行政事业性收费  15\n政府集中采购 2 7"
    report = parse(text.encode())
    said = {figure.code: figure.value for figure in report.figures if figure.code.startswith("t2_fee")}
    assert said == {"t2_fee_items_prev": None, "t2_fee_items_change": None}
    assert "glued_digits" in [finding.kind for finding in report.findings]


HEADS = ("第二十条第（一）项\n信息内容 本年制发件数 本年废止件数 现行有效件数", "信息内容 本年处理决定数量")


def test_figures_that_may_belong_to_the_label_above_or_below_are_left_out() -> None:
    """The first row's blanks or the last row's left no line: both are possible."""
    reading = text_reading(f"{HEADS[0]}\n规章\n1 2 3\n行政规范性文件")
    assert values(reading, "t2_regulation_issued", *NORMATIVE) == [None] * 4
    assert "row_not_aligned" in [finding.kind for finding in reading.findings]


def test_figures_above_their_labels_keep_to_their_own_header() -> None:
    text = f"{HEADS[0]}\n4 5 6\n规章\n2 0\n行政规范性文件\n{HEADS[1]}\n14\n行政许可"
    reading = text_reading(text)
    assert values(reading, "t2_regulation_issued", *NORMATIVE) == [4, None, None, None]
    assert values(reading, "t2_licensing_decisions") == [14]


def test_a_column_printed_twice_whose_neighbour_is_lost() -> None:
    head = "上一年项目数量 上一年项目数量 本年增/减"
    reading = text_reading(f"第二十条第（八）项\n信息内容 {head}\n行政事业性收费 15 15\n政府集中采购 2 7")
    assert values(reading, "t2_fee_items_prev", "t2_fee_items_change") == [None, None]


def test_glued_digits_that_may_have_lost_a_blank_are_not_cut() -> None:
    """2+9+18+2+51+2=84 without a blank, and 29+18+25+12=84 with two."""
    row = Glued(RECEIVED, "2918251284", "")
    figures: dict[str, Figure] = {}
    findings = resolve([row], {"t3": "G2021"}, figures, units())
    assert figures == {}
    assert [finding.codes for finding in findings] == [RECEIVED]
    zeros = Glued(tuple(code.replace("new_received", "granted") for code in RECEIVED), "0000000", "")
    assert resolve([row, zeros], {"t3": "G2021"}, figures, units()) == []
    assert [figures[code].value for code in RECEIVED] == [2, 9, 18, 2, 51, 2, 84]


def test_glued_digits_stand_in_the_order_of_the_head() -> None:
    text = plain("text", "G2021", 2).data.decode()
    assert "\t15\t4\t0\t0\t1\t2\t22" in text
    text = text.replace("商业企业\t科研机构", "科研机构\t商业企业")
    report = parse(text.replace("\t\t\t15\t4\t0\t0\t1\t2\t22", "154001222").encode())
    said = {figure.code: figure.value for figure in report.figures}
    assert [said[code] for code in RECEIVED] == [15, 0, 4, 0, 1, 2, 22]


def test_a_list_that_lost_a_blank_does_not_take_the_sum_of_all_years() -> None:
    rows = "主动公开信息数\t12\t90\n提供服务类信息数\t775\n现场接待人数\t3\t8\n网上咨询数\t4\t9\n咨询电话接听数\t1\t7"
    reading = text_reading(f"指标名称\t本年度\t历年累计\n{rows}")
    assert values(reading, "l08_disclosed_total", "l08_service_info", "l08_visitors") == [12, None, 3]
    assert "l08_service_info" in {code for finding in reading.findings for code in finding.codes}


def test_columns_in_an_order_that_no_row_adds_up_in() -> None:
    reading = grid_reading(
        ["", "自然人", "商业企业", "总计", "科研机构", "社会公益组织", "法律服务机构", "其他"],
        ["一、本年新收政府信息公开申请数量", "5", "1", "0", "0", "2", "0", "8"],
        ["（一）予以公开", "4", "1", "0", "0", "2", "0", "7"],
    )
    assert values(reading, *RECEIVED) == [5, 1, 0, 0, 2, 0, 8]


def test_a_row_that_nobody_filled_in_is_there() -> None:
    reading = grid_reading(
        ["行政复议", "", "", "", "", "行政诉讼", *[""] * 9],
        [
            "结果维持",
            "结果纠正",
            "其他结果",
            "尚未审结",
            "总计",
            "未经复议直接起诉",
            *[""] * 4,
            "复议后起诉",
            *[""] * 4,
        ],
        [""] * 15,
    )
    assert reading.figures["t4_review_total"].state is State.BLANK
    assert not [finding for finding in reading.findings if finding.kind == "row_absent"]


def test_rows_beside_one_that_was_not_read_are_not_sure() -> None:
    lost = text_reading(
        "一、本年新收政府信息公开申请数量\t8\n二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0"
    )
    beside = [finding for finding in lost.findings if finding.kind == "row_beside_absent"]
    assert beside[0].codes == tuple(code.replace("new_received", "carried_in") for code in RECEIVED)
    grid = grid_reading(
        ["一、本年新收政府信息公开申请数量", "8"], ["二、上年结转政府信息公开申请数量", *"0000000"]
    )
    assert "row_beside_absent" not in {finding.kind for finding in grid.findings}


def test_values_apart_by_gaps_are_the_values_when_they_are_as_many() -> None:
    reading = text_reading("一、本年新收政府信息公开申请数量\t\t8\t\t0\t\t1\t\t0\t\t0\t\t0\t\t9")
    assert values(reading, *RECEIVED) == [8, 0, 1, 0, 0, 0, 9]


def test_a_group_printed_over_each_of_its_columns_keeps_the_order_of_the_form() -> None:
    heads = ["行政复议 " * 5 + "  行政诉讼   行政诉讼", "结果维持 结果纠正 其他结果 尚未审结 总计 " * 3]
    reading = text_reading("\n".join([*heads, "1 0 0 0 1 2 0 0 0 2 3 0 0 0 3"]))
    assert values(reading, "t4_review_total", "t4_direct_suit_total", "t4_post_review_suit_total") == [
        1,
        2,
        3,
    ]


def test_a_line_of_a_group_and_a_broken_label_does_not_end_a_table() -> None:
    rows = [
        "1.本机关不掌握相 " + "2 0 0 0 0 0 2",
        "（四） 关政府信息",
        "无法提 2.没有现成信息需 " + "3 0 0 0 0 0 3",
    ]
    reading = text_reading(
        "\n".join(["一、本年新收政府信息公开申请数量 5 0 0 0 0 0 5", *rows, "供     要另行制作"])
    )
    assert values(reading, "t3_unable_not_held__total", "t3_unable_needs_creation__total") == [2, 3]


def test_a_label_in_pieces_around_its_figures() -> None:
    received = "一、本年新\n5\t0\t0\t0\t0\t0\t5\n收政府信息公开申请数量"
    carried = "二、上\n1\t0\t0\t0\t0\t0\t1\n年结转政府信息公开申请数量\n（一\n6\t0\t0\t0\t0\t0\t6\n）予以公开"
    reading = text_reading(f"申请人情况\n{received}\n{carried}")
    assert values(reading, RECEIVED[0], "t3_carried_in__natural", "t3_granted__natural") == [5, 1, 6]


def test_what_names_a_row_to_the_letter_is_no_other_row() -> None:
    reading = text_reading(
        "三、收到和处理政府信息公开申请情况 | --- | --- |\n自然人 | 总计\n一、本年新收政府信息公开申请数量\n"
        "| 1 | 0 | 0 | 0 | 0 | 0 | 1 |\n二、上年结转政府信息公开申请数量\n| 0 | 0 | 0 | 0 | 0 | 0 | 0 | 三、本年度办理结果"
    )
    assert values(reading, RECEIVED[0], "t3_carried_in__natural") == [1, 0]


def test_a_row_that_is_broken_anywhere_goes_on_below() -> None:
    reading = text_reading(
        "申请人情况\n一、本年新收政府信息公开申请数量\n| 3 | 1| 0\n| 0\n| 0 | 0| 4\n二、上年结转政府信息公开申请数量\n0"
    )
    assert values(reading, *RECEIVED) == [3, 1, 0, 0, 0, 0, 4]


def test_a_head_whose_lines_are_centred_moves_no_column() -> None:
    rows = "一、本年新收政府信息公开申请数量\t1\t2\t3\t0\t0\t0\t6\n二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0"
    broken = "法人或其他\n自然人\t总计\n组织\n社会\n商业企业\t科研机构\t法律服务机构\t其他\n公益组织"
    assert values(text_reading(f"{broken}\n{rows}"), *RECEIVED) == [1, 2, 3, 0, 0, 0, 6]
    told = "自然人\t法人或其他组织\t总计\n科研机构\t商业企业\t社会公益组织\t法律服务机构\t其他"
    assert values(text_reading(f"{told}\n{rows}"), *RECEIVED) == [1, 3, 2, 0, 0, 0, 6]
    t2 = "信息内容\t上一年项目数量\t处理决定数量\n本年\n增/减\n行政许可\t10\t-2\t202"
    codes = ("t2_licensing_items_prev", "t2_licensing_items_change", "t2_licensing_decisions")
    assert values(text_reading(t2), *codes) == [10, -2, 202]


def test_tabs_that_only_indent_are_no_columns() -> None:
    lines = "信息内容 本年制发件数 本年废止件数 现行有效件数 规章 1 2 3 行政规范性文件 4 5 6".split()
    reading = text_reading("\n".join(f"\t\t{line}\t" for line in lines))
    assert values(reading, *NORMATIVE) == [4, 5, 6]


def test_a_sentence_whose_numbers_have_lines_of_their_own_is_no_table() -> None:
    prose = "件，结果纠正\n64\n件，其他结果\n178\n件，尚未审结\n37\n件；政府信息公开行政诉讼\n46"
    assert text_reading(prose).figures == {}


def test_where_many_rows_were_not_read_no_row_is_sure() -> None:
    labels = ["（一）予以公开", "1.属于国家秘密", "8.属于行政查询事项", "2.重复申请", "（七）总计"]
    rows = [f"{label}\t1" for label in labels] + ["四、结转下年度继续办理\t1\t0\t0\t0\t0\t0\t1"]
    reading = text_reading("\n".join(["一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1", *rows]))
    doubted = {code for finding in reading.findings for code in finding.codes}
    assert {*RECEIVED, "t3_carried_out__total"} <= doubted


LIST_ROWS = "当面申请数 传真申请数 网络申请数 信函申请数 按时办结数 延期办结数".split()


def test_a_name_that_two_rows_of_a_list_share_is_told_by_what_stands_around_it() -> None:
    rows = [f"{name}\t件\t2" for name in LIST_ROWS]
    review = "四、行政复议数量\t件\t3\n（一）维持具体行政行为数\n件\n（二）被依法纠错数\n件\n3\n五、行政诉讼数量\n件"
    reading = text_reading("\n".join(["统计指标\t单位\t统计数", *rows, review]))
    assert values(reading, "s14_review_corrected", "s14_suit_corrected") == [3, None]


def test_a_list_whose_head_does_not_tell_its_columns_gives_no_sum_of_all_years() -> None:
    names = "当面申请数 传真申请数 电子邮件申请数 网上申请数 信函申请数 其他形式申请数 行政复议数 行政诉讼数".split()
    rows = "\n".join(f"{name} 条 {number} {number + 40}" for number, name in enumerate(names[:6], 1))
    reading = text_reading(f"{rows}\n{names[6]} 条 50\n{names[7]} 条 60")
    assert values(reading, "l08_reviews", "l08_suits") == [None, None]


def test_the_code_of_the_next_row_is_no_figure_of_a_row_that_lost_its_blank() -> None:
    lines = "代码 指标名称 单位 本年度 13 3.电子邮件申请数 条 7 14 4.网上申请数 条 8"
    more = (
        "15 5.信函申请数 条 16 6.其他形式申请数 条 1 32 行政复议数 件 2 33 行政诉讼数 件 3 34 行政申诉数 件 4"
    )
    reading = text_reading("\n".join(f"{lines} {more}".split()))
    assert values(reading, "l08_req_email", "l08_req_letter", "l08_req_other") == [7, None, 1]


def test_the_first_value_of_a_row_touches_its_label() -> None:
    head = "信息内容\t本年制发件数\t本年废止件数\t现行有效件数"
    reading = text_reading(f"{head}\n规章 0 0 0\n行政规范性文件564 984 4185")
    assert values(reading, *NORMATIVE) == [564, 984, 4185]


DISPLACED = """第二十条第（一）项
7
（其中修改 2 件）
12
（含自然失效 5 件）
第二十条第（五）项
信息内容本年处理决定数量
行政许可 3
| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |
| 规章 | 4 | 91 |
| 行政规范性文件 | 6 | 88 |"""
REGULATIONS = ("t2_regulation_issued", "t2_regulation_repealed", "t2_regulation_in_force")


def test_a_figure_outside_of_its_row_goes_where_its_note_says_and_is_in_doubt() -> None:
    reading = text_reading(DISPLACED)
    assert values(reading, *REGULATIONS, *NORMATIVE) == [4, 7, 91, 6, 12, 88]
    doubts = [finding for finding in reading.findings if finding.kind == "reading_in_doubt"]
    assert [finding.codes for finding in doubts] == [REGULATIONS, NORMATIVE]
    assert reading.extra_rows == []


@pytest.mark.parametrize(
    ("printed", "instead"), [("自然失效", "修改"), ("其中修改", "其中现行有效"), ("12\n", "")]
)
def test_a_figure_outside_of_its_row_stays_there_where_no_one_column_is_told(
    printed: str, instead: str
) -> None:
    reading = text_reading(DISPLACED.replace(printed, instead))
    assert values(reading, *REGULATIONS, *NORMATIVE) == [None] * 6
    unread = [finding.codes for finding in reading.findings if finding.kind == "row_not_aligned"]
    assert unread == [REGULATIONS, NORMATIVE]


def test_rows_without_labels_between_rows_with_labels_are_told_by_counting() -> None:
    rows = [
        "| 2.重复申请 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |",
        "5.要求行政机关确认",
        "或重新出具已获取信息",
        *(f"| {number} | 0 | 0 | 0 | 0 | 0 | {number} |" for number in range(2, 8)),
        "| （七）总计 | 5 | 0 | 0 | 0 | 0 | 0 | 5 |",
    ]
    codes = [
        f"t3_{row}__natural" for row in ("refused_publication", "refused_excessive", "refused_reconfirm")
    ]
    whole = text_reading("\n".join(rows))
    assert values(whole, *codes) == [2, 3, 4]
    del rows[3]
    reading = text_reading("\n".join(rows))
    doubted = {code for finding in reading.findings for code in finding.codes}
    assert doubted >= set(codes)


def test_a_group_of_blanks_in_a_wide_grid_is_a_row_unless_it_is_a_head() -> None:
    wide = "\t" * 10
    head = f"结果维持\t结果纠正\t其他结果\t尚未审结\t总计{wide}"
    rows = [
        f"行政复议\t\t\t1\t\t1{wide[1:]}",
        f"未经复议直接起诉\t\t\t\t\t{wide[1:]}",
        f"复议后起诉\t\t\t2\t\t2{wide[1:]}",
    ]
    told = ("t4_review_total", "t4_direct_suit_total", "t4_post_review_suit_total")
    assert values(text_reading("\n".join([f"类别\t{head[:-1]}", *rows])), *told) == [1, None, 2]
    apart = [f"行政复议\t\t\t\t\t{wide[1:]}", head, f"1\t\t\t\t1{wide}"]
    apart += [f"未经复议直接起诉\t\t\t\t\t{wide[1:]}", head, f"\t\t\t\t{wide}"]
    apart += [f"复议后起诉\t\t\t\t\t{wide[1:]}", head, f"\t2\t\t\t2{wide}"]
    assert values(text_reading("\n".join(apart)), *told) == [1, None, 2]


def test_rows_of_a_table_in_text_say_nothing_in_prose() -> None:
    """一、本年新收政府信息公开申请数量 3件 is no sentence that gives a total of three."""
    said = "2022年，本局收到政府信息公开申请9件。"
    rows = [("一、本年新收政府信息公开申请数量", 3, 9), ("二、上年结转政府信息公开申请数量", 1, 4)]
    rows += [("（一）予以公开", 2, 8), ("（七）总计", 3, 11), ("四、结转下年度继续办理", 1, 2)]
    for apart in (" ", "\n"):
        table = [apart.join([label, f"{one}件", *["0件"] * 5, f"{all_}件"]) for label, one, all_ in rows]
        heads = [
            "某县民政局2022年政府信息公开工作年度报告",
            "一、总体情况",
            said,
            "三、收到和处理政府信息公开申请情况",
        ]
        text = "\n".join([*heads, *table, "六、其他需要报告的事项", "本年度未收取信息处理费。"])
        report = parse(text.encode())
        assert [(one.code, one.value) for one in report.statements][:1] == [("n_requests_received", 9)]
        assert all(text[one.start : one.end] == one.text for one in report.statements)
        assert "statement_contradicts_table" not in [finding.kind for finding in report.findings]


REQUESTS = {
    "一、本年新收政府信息公开申请数量": "12 2 . . . . 14",
    "二、上年结转政府信息公开申请数量": "1 . . . . . 1",
    "（一）予以公开": "8 1 . . . . .",
    "1.属于国家秘密": "2 . . . . . .",
    "1.本机关不掌握相关政府信息": "3 1 . . . . .",
    "（七）总计": "13 2 . . . . 15",
    "四、结转下年度继续办理": ". . . . . . .",
}


def failing(**rows: str) -> list[str]:
    """The kinds of findings of a page whose table 3 has `REQUESTS` with these rows otherwise, blanks in all others."""
    told = {**REQUESTS, **rows}
    lines = []
    for row in forms()[("t3", "G2019")].rows:
        cells = ["" if cell == "." else cell for cell in told.get(row.own_label, ". " * 7).split()]
        lines.append("".join(f"<td>{cell}</td>" for cell in [row.own_label, *cells]))
    heads = "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计".split()
    lines.insert(0, "".join(f"<td>{cell}</td>" for cell in ["申请人情况", *heads]))
    page = "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
    report = parse(f"<html><body><p>某局2019年政府信息公开工作年度报告</p>{page}</body></html>".encode())
    return [finding.kind for finding in report.findings]


def test_totals_that_no_row_of_the_results_has_are_left_out_and_not_wrong() -> None:
    assert failing() == []
    assert "identity_fails" in failing(**{"（一）予以公开": "8 1 . . . . 9"})
    assert "identity_fails" in failing(**{"（一）予以公开": "1 . . . . 9 ."})
    assert "identity_fails" in failing(**{"一、本年新收政府信息公开申请数量": "12 2 . . . . ."})


def test_several_figures_in_one_cell_are_a_row_where_there_are_as_many() -> None:
    assert values(
        text_reading("| 一、本年新收政府信息公开申请数量 |  | 30 5 | 0 0 | 61 4 | 100 |"), *RECEIVED
    ) == [30, 5, 0, 0, 61, 4, 100]
    fewer = text_reading(
        "| 一、本年新收政府信息公开申请数量 |  | 30 5 | 0 0 | 61 | 96 |\n| 二、上年结转政府信息公开申请数量 | 1 | 0 | 0 | 0 | 0 | 0 | 1 |"
    )
    assert values(fewer, *RECEIVED) == [None] * 7


def test_a_row_of_a_grid_that_a_page_cut_is_one() -> None:
    cut = [
        ["（四）无法提供", "3.补正后申请内容仍不明确", *"0000000"],
        ["（五）", "1.信访", *"1000001"],
        ["不予处理", "举报投诉类申请", *[""] * 7],
        ["", "2.重复申请", *"2000002"],
    ]
    codes = [f"t3_{name}__natural" for name in ("unable_unclear", "refused_petition", "refused_repeat")]
    assert values(grid_reading(*cut), *codes) == [0, 1, 2]
    cut[1][2:], cut[2][2:] = cut[2][2:], cut[1][2:]
    assert values(grid_reading(*cut), *codes) == [0, 1, 2]
    assert grid_reading(*cut).extra_rows == []


def test_two_halves_of_a_list_go_on_on_the_next_page() -> None:
    head = ["统计指标", "单位", "统计数"] * 2
    first = [
        head,
        ["3.政策解读稿件发布数", "篇", "5", "行政复议数量", "件", "3"],
        ["4.微博微", "次", "6", "（一）维持具体", "件", "1"],
    ]
    second = [
        ["信回应事件数", "", "", "行政行为数", "", ""],
        ["5.其他方式回应事件数", "次", "8", "（二）被依法纠错数", "件", "2"],
        ["3.网络申请数", "件", "9", "行政诉讼数量", "件", "4"],
    ]
    pages = tuple(
        Table(tuple(Cell(text, r, c, 1, 1, "") for r, row in enumerate(rows) for c, text in enumerate(row)))
        for rows in (first, second)
    )
    reading = read_tables(segments_of(lines_of(Document(Container.PDF, pages))))
    told = "interpretation_articles responses_social responses_other req_online review_total review_upheld review_corrected suit_total"
    assert values(reading, *(f"s14_{name}" for name in told.split())) == [5, 6, 8, 9, 3, 1, 2, 4]


def test_a_number_that_broke_is_no_label_of_its_row() -> None:
    head = "申请人情况\n自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计\n"
    rows = [
        "1 2\t0\t0\t0\t0\t0\t12",
        "一、本年新收政府信息公开申请数量",
        "3\t0\t0\t0\t0\t0\t3",
        "二、上年结转政府信息公开申请数量",
    ]
    reading = text_reading(head + "\n".join([*rows, "4\t0\t0\t0\t0\t0\t4", "（一）予以公开"]))
    assert values(reading, "t3_carried_in__natural", "t3_granted__natural") == [3, 4]
    assert values(reading, *RECEIVED) == [None] * 7


def test_bars_between_cells_where_labels_take_one_cell_or_two() -> None:
    head = "申请人情况\n自然人| 商业企业| 科研机构| 社会公益组织| 法律服务机构| 其他| 总计\n"
    rows = [
        "一、本年新收政府信息公开申请数量| 6| 1| | 1| 1| | 9",
        "三、本年度办理结果| （一）予以公开| 3| 1| | | | | 4",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）| 3| | | 1| | | 4",
    ]
    reading = text_reading(head + "\n".join(rows))
    assert values(reading, *RECEIVED) == [6, 1, None, 1, 1, None, 9]
    granted = [code.replace("new_received", "granted") for code in RECEIVED]
    assert values(reading, *granted) == [3, 1, None, None, None, None, 4]


@pytest.mark.parametrize(
    "head",
    [
        "信息内容 现行有效件数 本年废止件数 本年制发件数",
        "信息内容现行有效件数本年废止件数本年制发件数",
        "信息  现行有效件数  本年废止件数  本年制发件数\n内容",
        "信息  现行有效  本年废止  本年制发\n内容  件数  件数  件数",
    ],
)
def test_columns_in_another_order_below_a_head_in_pieces(head: str) -> None:
    for label in ("规章  0  0  0\n行政规范性文件", "规章  0  0  0\n行政规范", "行政规范性文件"):
        reading = text_reading(
            f"第二十条第（一）项\n{head}\n{label}  3  1  2" + "\n性文件" * (label[-2:] == "规范")
        )
        assert values(reading, *NORMATIVE) == [2, 1, 3]


def test_a_number_whose_comma_stands_apart() -> None:
    head = "第二十条第（五）项\n信息内容  本年处理决定数量\n"
    assert values(text_reading(f"{head}行政许可  776 , 852"), "t2_licensing_decisions") == [776852]


@pytest.mark.parametrize("number", ["6 0 . 3 2", "60 .32", "6 0. 3 2", "7 , 1"])
def test_a_number_in_pieces_says_nothing(number: str) -> None:
    head = "第二十条第（八）项 信息内容 本年收费金额（单位：万元）"
    above = "第二十条第（六）项\n信息内容 本年处理决定数量\n行政处罚 2\n行政强制 1\n"
    run = " ".join(f"{above} {head} 行政事业性收费 {number} 三、收到和处理政府信息公开申请情况".split("\n"))
    for text in (*(f"{above}{head}\n行政事业性收费{gap}{number}" for gap in (" ", "  ")), run):
        reading = text_reading(text)
        assert values(reading, "t2_fee_amount_wan") == [None]
        assert reading.figures["t2_fee_amount_wan"].state is not State.BLANK


def test_a_figure_that_markdown_gives_an_attribute() -> None:
    reading = grid_reading(
        ["信息内容", "本年处理决定数量"], ["行政许可", '[2]{lang="EN-US"}[6]{lang="EN-US"}']
    )
    assert values(reading, "t2_licensing_decisions") == [26]


def test_a_number_in_the_brackets_of_a_label_is_no_figure() -> None:
    label = "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计  1  次）"
    rows = [*LIST[:3], (label, "次", "40"), *LIST[3:]]
    reading = text_reading("\n".join("\n".join(row) for row in rows))
    assert values(reading, "s14_responses_total", "s14_disclosed_wechat") == [40, 31]


def test_two_numbers_on_a_line_of_a_list_with_a_line_for_each_may_be_one() -> None:
    labels = (
        "主动公开信息数 提供服务类信息数 网站专栏页面访问量 现场接待人数 网上咨询数 咨询电话接听数".split()
    )
    rows = [f"{number:02}\n{label}\n条\n{60 + number}\n{number}" for number, label in enumerate(labels, 1)]
    rows[2] = "03\n网站专栏页面访问量\n条\n1541 92\n23392"
    reading = text_reading("代码\n指标名称\n单位\n历年累计\n本年度\n" + "\n".join(rows))
    assert values(reading, "l08_service_info", "l08_visitors") == [2, 4]
    doubts = [finding for finding in reading.findings if "they may be parts of one" in finding.message]
    assert [finding.codes for finding in doubts] == [("l08_page_views",)]


def test_a_glued_row_without_its_total_is_left_out() -> None:
    """13, 1, 0, 0, 1, 1 and a blank: seven digits for seven cells, of which neither the row nor the columns add up."""
    carried, result, out = (
        tuple(code.replace("new_received", name) for code in RECEIVED)
        for name in ("carried_in", "result_total", "carried_out")
    )
    rows = [
        Glued(RECEIVED, "1310011", ""),
        Glued(carried, "1000001", ""),
        Glued(result, "141001117", ""),
        Glued(out, "0000000", ""),
    ]
    figures: dict[str, Figure] = {}
    findings = resolve(rows, {"t3": "G2021"}, figures, units())
    assert not figures.keys() & {*RECEIVED}
    assert RECEIVED in [finding.codes for finding in findings]
    assert [figures[code].value for code in carried] == [1, 0, 0, 0, 0, 0, 1]


def test_bars_behind_a_row_that_lost_a_blank_cell() -> None:
    head = "| 第二十条第（一）项 | |||\n| 信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 |\n"
    short = "| 行政规范性文件 | 3 | 5 | |"
    lost = text_reading(f"{head}| 规章 | 0 | 0 | 0 |\n{short}")
    assert NORMATIVE in [finding.codes for finding in lost.findings if finding.kind == "reading_in_doubt"]
    kept = text_reading(f"{head}| 规章 |  | 0 | 0 |\n{short}")  # here blank cells are printed
    assert values(kept, *NORMATIVE) == [3, 5, None]
    assert not [finding for finding in kept.findings if finding.kind == "reading_in_doubt"]


def test_bars_behind_a_row_of_a_list_that_lost_one_of_two_figures() -> None:
    rows = "主动公开信息数 提供服务类信息数 现场接待人数 网上咨询数 咨询电话接听数".split()
    printed = [f"| {label} | {number} | {number * 7} |" for number, label in enumerate(rows, 1)]
    printed[2] = "| 现场接待人数 | 21 | |"
    reading = text_reading("\n".join(["| 指标名称 | 本年度 | 历年累计 |", *printed]))
    assert ("l08_visitors",) in [finding.codes for finding in reading.findings]
    assert values(reading, "l08_consult_phone") == [5]


def test_two_rows_on_one_line_that_only_blanks_part() -> None:
    text = "信息 内容 本年处理决定数量 信息 内容 本年收费金额（单位：万元）\n行政 许可 41 行政事业性收费 113.67\n行政处罚 2\n行政强制 1"
    reading = text_reading(text)
    doubted = {code for finding in reading.findings for code in finding.codes}
    assert {"t2_licensing_decisions", "t2_fee_amount_wan"} <= doubted
    assert values(reading, "t2_penalty_decisions", "t2_coercion_decisions") == [2, 1]


def test_what_stands_above_a_row_beside_the_beginning_of_its_label_may_be_a_part_of_its_number() -> None:
    head = "第二十条第（五）项\n信息内容  上一年项目数量  本年增/减  处理决定数量\n行政许可  21  0  36\n"
    reading = text_reading(f"{head}其他对外  1143\n管理服务  71  +1  1\n事项")
    doubts = [finding.codes for finding in reading.findings if finding.kind == "reading_in_doubt"]
    assert (
        "t2_other_service_items_prev",
        "t2_other_service_items_change",
        "t2_other_service_decisions",
    ) in doubts


@pytest.mark.parametrize("row", ["行政处罚2 872", "行政处罚  2  872"])
def test_a_label_that_ends_in_a_digit_may_hold_a_part_of_the_number(row: str) -> None:
    reading = text_reading(f"第二十条第（六）项\n信息内容  本年处理决定数量\n{row}\n行政强制  1")
    doubted = {code for finding in reading.findings for code in finding.codes}
    assert values(reading, "t2_penalty_decisions") == [None] or "t2_penalty_decisions" in doubted


def test_a_label_of_a_list_that_holds_the_figure_of_another_row() -> None:
    rows = [" ".join(row) for row in LIST]
    rows[2] = "4.政务微信公开政府\n信息数\n条 31 6.申请信息不存在数 件 0"
    reading = text_reading("\n".join(rows))
    assert ("s14_disclosed_wechat",) in [finding.codes for finding in reading.findings]


def test_bars_that_fill_a_line_up_are_no_cells() -> None:
    head = "| 自然人 | 法人或其他组织 | 总计 | |||||||\n| 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | |||||"
    rows = "| 一、本年新收政府信息公开申请数量 |  |  |  |  | 1 |  | 1 | ||\n| 二、上年结转政府信息公开申请数量 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | ||"
    reading = text_reading(f"{head}\n{rows}")
    assert values(reading, *RECEIVED) == [None, None, None, None, 1, None, 1]
    assert {reading.figures[code].state for code in RECEIVED} == {State.BLANK, State.NUMBER}


def test_rows_without_figures_do_not_move_those_of_the_others() -> None:
    """Two labels shift the cells by one; the row of blanks is filled up to the width of the table."""
    head = "| 自然人 | 法人或其他组织 | 总计 | |||||||\n| 商业企业 | 科研机构 | 社会公益组织 | 法律服务机构 | 其他 | |||||"
    rows = [
        "| 一、本年新收政府信息公开申请数量 | 6 | 1 |  | 1 |  |  | 8 | ||",
        "| 二、上年结转政府信息公开申请数量 |  |  |  |  |  |  |  | ||",
        "| 三、本年度办理结果 | （一）予以公开 | 3 | 1 |  |  |  | 1 | 5 | |",
    ]
    reading = text_reading("\n".join([head, *rows]))
    assert values(reading, *RECEIVED) == [6, 1, None, 1, None, None, 8]
    granted = [code.replace("new_received", "granted") for code in RECEIVED]
    assert values(reading, *granted) == [3, 1, None, None, None, 1, 5]


def test_the_foot_of_a_page_is_no_row() -> None:
    for foot in ("第 3 页（共 10 页）", "第3页 云水县2023年年报", "- 3 -", "P. 3"):
        (line,) = lines_of(Document(Container.TEXT, (Paragraph(foot),)))
        assert line.shape == ""


OLD_HEAD = ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"]
NEW_HEAD = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
OLD_POWERS = ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]
OLD_FIRST = [["第二十条第（一）项"], OLD_HEAD, ["规章", "0", "0", "0"], ["规范性文件", "1", "2", "3"]]
NEW_FIRST = [["第二十条第（一）项"], NEW_HEAD, ["规章", "0", "0", "0"], ["行政规范性文件", "1", "2", "3"]]
NEW_OTHERS = [
    ["第二十条第（五）项"],
    ["信息内容", "本年处理决定数量"],
    ["行政许可", "5"],
    ["第二十条第（六）项"],
    ["信息内容", "本年处理决定数量"],
    ["行政处罚", "4"],
    ["行政强制", "6"],
    ["第二十条第（八）项"],
    ["信息内容", "本年收费金额（单位：万元）"],
    ["行政事业性收费", "282.1"],
]
OLD_OTHERS = [
    ["第二十条第（五）项"],
    OLD_POWERS,
    ["行政许可", "5", "-1", "7"],
    ["其他对外管理服务事项", "8", "2", "9"],
    ["第二十条第（六）项"],
    OLD_POWERS,
    ["行政处罚", "4", "1", "3"],
    ["行政强制", "6", "0", "2"],
]


def test_blocks_of_two_generations_in_one_table() -> None:
    for _ in range(2):  # what is remembered of a table must not lose the warning
        reading = grid_reading(*OLD_FIRST, *NEW_OTHERS)
        assert reading.generations == {"t2": "G2021"}
        assert values(reading, "t2_normative_made_new", "t2_normative_disclosed_total") == [1, 3]
        assert values(reading, "t2_licensing_decisions", "t2_coercion_decisions") == [5, 6]
        assert values(reading, "t2_fee_amount_wan") == [282.1]
        assert messages(reading.remarks) == ("t2 is printed as in G2021, but 第二十条第（一）项 as in G2019",)
    reading = text_reading("\n".join("\t".join(row) for row in [*NEW_FIRST, *OLD_OTHERS]))
    assert reading.generations == {"t2": "G2019"}
    assert values(reading, *NORMATIVE, "t2_licensing_items_change") == [1, 2, 3, -1]
    assert [finding.kind for finding in reading.findings] == ["row_absent"]  # of fees and of procurement
    spaced = text_reading(
        "\n".join("\t".join(row).replace("信息内", "信息 内") for row in [*OLD_FIRST, *NEW_OTHERS])
    )
    assert values(spaced, "t2_licensing_decisions", "t2_fee_amount_wan") == [5, 282.1]


def test_rows_that_no_head_names_may_be_of_either_generation() -> None:
    headless = [row for row in OLD_OTHERS if row != OLD_POWERS][4:]
    reading = grid_reading(*OLD_FIRST, *NEW_OTHERS[:3], *headless)
    assert values(reading, "t2_licensing_decisions", "t2_penalty_decisions") == [5, None]
    doubted = {code for finding in reading.findings for code in finding.codes}
    assert {"t2_penalty_decisions", "t2_penalty_items_prev", "t2_coercion_items_change"} <= doubted


def test_a_head_of_several_columns_that_lost_its_words_in_text() -> None:
    bare = [["信息内容"], ["行政许可", "5", "", ""], ["其他对外管理服务事项", "8", "", ""]]
    reading = text_reading("\n".join("\t".join(row) for row in [*OLD_FIRST, *bare]))
    assert values(reading, "t2_licensing_items_prev", "t2_normative_disclosed_total") == [None, 3]
    doubted = {code for finding in reading.findings for code in finding.codes}
    assert {"t2_licensing_decisions", "t2_licensing_items_prev"} <= doubted


@pytest.mark.parametrize(("filled", "told"), [((), True), (("t3_carried_out__total",), False)])
def test_a_table_that_nobody_filled_in_says_so(filled: tuple[str, ...], told: bool) -> None:
    def blank(grid: Grid) -> list[Grid]:
        slots = (
            replace(slot, text="") if (slot.code or "").startswith("t3") and slot.code not in filled else slot
            for slot in grid.slots
        )
        return [replace(grid, slots=tuple(slots))]

    page = PRINTERS["html"](sheets("G2021", 1)[0].with_grids(blank), Random(1))
    assert ("all cells of t3 are blank" in parse(page).warnings) is told


def test_zeros_that_run_together_are_one_for_each_cell() -> None:
    head = "信息内容本年制发件数本年废止件数现行有效件数"
    reading = text_reading(f"第二十条第（一）项\n{head}\n规章000\n行政规范性文件120\n第二十条第（五）项")
    findings = resolve(reading.glued, reading.generations, reading.figures, units())
    assert [finding.codes for finding in findings] == [NORMATIVE]  # which may have a blank
    assert values(reading, "t2_regulation_issued", "t2_regulation_in_force", *NORMATIVE) == [
        0,
        0,
        None,
        None,
        None,
    ]
