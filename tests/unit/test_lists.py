"""Lists of indicators in lines, as pages and files leave them when they become text: whose figure is it?"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from time import process_time

import pytest

from parsers.codebook import forms
from parsers.records import Report
from parsers.report import parse
from parsers.tables.flat.runs import take_apart
from tests.corpus.documents import PLAIN, draw, plain
from tests.corpus.grading import grade
from tests.corpus.quirks import QUIRKS

HEAD = "某县2015年政府信息公开工作年度报告\n\n附表：政府信息公开情况统计表（2015年度）\n"
ROWS = "5.信函申请数 4\n1.同意公开答复数 7\n2.同意部分公开答复数 6\n网上咨询数 8\n咨询电话接听数 9\n现场接待人数 3"


def read(lines: str) -> Report:
    return parse(f"{HEAD}{lines}\n".encode())


def values(report: Report, *codes: str) -> list[float | None]:
    said = {figure.code: figure.value for figure in report.figures}
    return [said.get(code) for code in codes]


def wrong(report: Report, printed: Mapping[str, float]) -> set[str]:
    return {figure.code for figure in report.figures if figure.value not in (None, printed.get(figure.code))}


def doubted(report: Report) -> set[str]:
    return {code for finding in report.findings for code in finding.codes}


def test_a_label_is_told_from_its_neighbours_by_its_last_number() -> None:
    report = read(f"{ROWS}\n(9)“免予公开范围5”数（条） 3\n(10)“免予公开范围6”数（条） 2\n免予公开范围 4 数 1")
    assert values(report, "l08_denied_exempt5", "l08_denied_exempt6") == [3, 2]
    swapped = read(f"{ROWS}\n(10)“免予公开范围6”数（条） 2\n(9)“免予公开范围5”数（条） 3")
    assert values(swapped, "l08_denied_exempt4", "l08_denied_exempt3") == [None, None]


def test_digits_that_touch_their_label_are_a_cell_beside_other_columns() -> None:
    """Two columns of labels and figures, with the figure of the first run on to its label."""
    report = read(
        "\n".join(
            f"{left}\t{right}"
            for left, right in zip(
                ROWS.replace(" ", "（件）").split("\n"),
                [
                    "1.当面申请数（件）\t1",
                    "2.传真申请数（件）\t2",
                    "4.网上申请数（件）\t3",
                    "行政复议数（件）\t5",
                    "行政诉讼数（件）\t6",
                    "行政申诉数（件）\t7",
                ],
                strict=True,
            )
        )
    )
    assert values(report, "l08_consult_online", "l08_reviews", "l08_visitors") == [8, 5, 3]


def test_a_figure_of_a_local_row_is_not_that_of_the_blank_row_above() -> None:
    rows = "3.政务微博公开政府信息数　1\n4.政务微信公开政府信息数　2\n制发规范性文件总数　6\n3.政策解读稿件发布数　4"
    lines = f"指标名称　统计数\n{rows}\n行政诉讼数量　 \n其中：1.网上申请办结数　84\n六、举报投诉数量　1"
    assert values(read(lines), "s14_suit_total", "s14_complaints") == [None, 1]
    below = lines.replace("其中：1.网上申请办结数　84", "区级机关信息公开专栏访问量\n84")
    assert values(read(below), "s14_suit_total", "s14_complaints") == [None, 1]


def test_a_label_broken_before_words_that_are_a_label_too_is_whole() -> None:
    lines = "2.政府网站在线访谈次数（次）  3\n其中：主要负责同志参加\n政府网站在线访谈次数（次）  31"
    names = ("s14_online_interviews", "s14_online_interviews_head")
    rows = "3.政务微博公开政府信息数  1\n4.政务微信公开政府信息数  2\n制发规范性文件总数  6"
    after = "3.政策解读稿件发布数  4\n4.微博微信回应事件数  7"
    assert values(read(f"{rows}\n{lines}\n{after}"), *names) == [3, 31]
    assert values(read(f"{rows}\n{lines.partition(chr(10))[2]}\n{after}"), *names) == [None, 31]


@pytest.mark.parametrize(
    ("figure", "below", "doubt"), [("11", "8件", True), ("11", "再见", False), ("11件", "8", False)]
)
def test_digits_alone_below_a_figure_may_be_the_rest_of_it(figure: str, below: str, doubt: bool) -> None:
    report = read(f"{ROWS}\n行政复议数 {figure}\n{below}\n行政诉讼数 2")
    assert ("l08_reviews" in doubted(report)) == doubt
    assert values(report, "l08_suits") == [2]


def test_the_code_of_the_next_row_is_no_figure_where_a_form_counts_its_rows_its_own_way() -> None:
    labels = [f"({number})“免予公开范围{number - 4}”数" for number in range(5, 11)]
    lines = [f"{number}\n{label}\n15{number}\n{number + 60}" for number, label in enumerate(labels, 23)]
    lines[3] = lines[3].rpartition("\n")[0]  # its figure of the year is blank and left no line
    report = read("代码\n指标名称\n上年\n本年\n" + "\n".join([*lines, "29\n行政复议数\n3\n1"]))
    assert values(report, "l08_denied_exempt3", "l08_denied_exempt5", "l08_reviews") == [85, 87, 1]
    assert values(report, "l08_denied_exempt4") == [None]


def numbered(figures: Mapping[str, int | None]) -> str:
    """The list of 2014 with a cell a line and the rows numbered from 1; a blank leaves no line."""
    rows = forms()[("s14", "G2014S")].rows
    cells = [
        [str(number), row.own_label, row.cells[0].unit, str(figures.get(row.codes[0]) or "")]
        for number, row in enumerate(rows, 1)
    ]
    lines = (cell for row in cells for cell in row if cell)
    return "\n".join(["序号", "指标名称", "单位", "统计数", *lines])


def test_the_numbers_of_rows_with_lines_of_their_own_are_no_figures_and_no_rests_of_any() -> None:
    codes = [row.codes[0] for row in forms()[("s14", "G2014S")].rows]
    figures: dict[str, int | None] = {code: 100 + number for number, code in enumerate(codes)}
    report = read(numbered(figures))
    assert values(report, *codes) == [*figures.values()]
    assert not [finding for finding in report.findings if "begins the line below" in finding.message]
    blank = (codes[0], codes[4], codes[20], codes[56])
    report = read(numbered({**figures, **dict.fromkeys(blank)}))
    assert values(report, *blank) == [None] * len(blank)
    assert not wrong(report, {code: figures[code] or 0 for code in codes})


@pytest.mark.parametrize("sign", ["，", ","])
def test_figures_of_two_columns_behind_a_comma_are_not_one_of_thousands(sign: str) -> None:
    report = read(f"{ROWS}\n申请总数{sign}178{sign}118\n6.其他形式申请数：1{sign}234条")
    assert values(report, "l08_req_total", "l08_req_other") == [None, 1234]


LONG = (
    "制发规范性文件总数{c}件{c}6{r}2.政府网站公开政府信息数{c}条{c}1,184{r}3.政务微博公开政府信息数{c}条{c}31{r}"
    "4.政务微信公开政府信息数{c}条{c}203{r}5.其他方式公开政府信息数{c}条{c}7{r}二、回应解读情况{r}"
    "（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）{c}次{c}8{r}3.政策解读稿件发布数{c}篇{c}9{r}"
    "4.微博微信回应事件数{c}次{c}{r}三、依申请公开情况{r}（一）收到申请数{c}件{c}5{r}（三）接受培训人员数{c}人次{c}11"
)
CODES = (
    "s14_normative_issued", "s14_disclosed_website", "s14_disclosed_weibo", "s14_disclosed_wechat",
    "s14_disclosed_other", "s14_responses_total", "s14_responses_weibo_wechat", "s14_req_received", "s14_trainees",
)  # fmt: skip


def run(cell: str = ", ", row: str = ", ", change: tuple[str, str] = ("", "")) -> list[float | None]:
    text = LONG.format(c=cell, r=row)
    assert change[0] in text
    return values(read(text.replace(*change, 1) if change[0] else text), *CODES)


@pytest.mark.parametrize(
    ("cell", "row"),
    [
        (", ", ", "),
        ("；", "；"),
        ("; ", "; "),
        (" ", "，"),
        (" ", "；"),
        (", ", "；"),
        ("、", "；"),
        (" ", ", "),
    ],
)
def test_a_list_whose_cells_and_rows_marks_part_is_read(cell: str, row: str) -> None:
    assert run(cell, row) == [6, 1184, 31, 203, 7, 8, None, 5, 11]


@pytest.mark.parametrize("mark", [",", "，"])
def test_thousands_between_commas_without_blanks_may_be_two_columns(mark: str) -> None:
    assert run(mark, mark) == [6, None, 31, 203, 7, 8, None, 5, 11]


@pytest.mark.parametrize(
    ("change", "read"),
    [
        ((", 31, ", ", 3 1, "), None),
        ((", 31, ", ", 31, 8, "), None),
        ((", 31, ", ", 31"), None),
        ((", 31, ", ", , "), None),
        ((", 31, ", ", , 专栏访问量, 次, 84, "), None),
        ((", 31, ", ", 31, 专栏访问量, 次, 84, "), 31),
        ((", 31, ", ", 3.1, "), None),
        ((", 条, 31, ", ", 条, 31条, "), None),
        ((", 31, ", ", 31\n8, "), None),
    ],
)
def test_what_may_be_a_part_of_a_figure_or_of_another_row_is_left_out(
    change: tuple[str, str], read: int | None
) -> None:
    result = run(change=change)
    assert result[2] == read
    assert (result[0], result[3]) in ((6, 203), (None, None))


@pytest.mark.parametrize("end", ["", "。", "\n2"])
def test_the_last_figure_of_a_run_is_read_where_the_form_ends_or_is_in_doubt(end: str) -> None:
    report = read(LONG.format(c=", ", r=", ") + end)
    assert values(report, "s14_trainees") == [11]
    assert ("s14_trainees" in doubted(report)) == end.startswith("\n")


def test_the_first_of_two_lines_of_rows_is_whole_or_in_doubt() -> None:
    lines = "主动公开信息数：{}\n{}条；其中：全文电子化的主动公开信息数：96条；新增的行政规范性文件数：4条"
    for first, rest in (("2", "045"), ("2", ",045"), ("5", "16")):
        report = read(f"{lines.format(first, rest)}\n{ROWS}")
        assert "l08_disclosed_total" in doubted(report) or values(report, "l08_disclosed_total") == [None]


def test_a_line_of_several_rows_with_blanks_before_its_figures_is_named() -> None:
    report = read(f"{ROWS}\n行政复议数 次 44，行政诉讼数 次 27")
    assert values(report, "l08_reviews") == [None] or "l08_reviews" in doubted(report)


INDICATORS = (
    "2.政府网站公开政府信息数,条,184\n3.政务微博公开政府信息数,条,31{}8\n4.政务微信公开政府信息数,条,203\n"
    "5.其他方式公开政府信息数,条,7\n3.政策解读稿件发布数,篇,9"
)


@pytest.mark.parametrize("broken", ["\n", "\n\n", "\r\n "])
def test_a_number_broken_between_commas_is_left_open(broken: str) -> None:
    report = read(INDICATORS.format(broken))
    assert values(report, "s14_disclosed_weibo", "s14_disclosed_wechat", "s14_disclosed_other") == [
        None,
        203,
        7,
    ]
    assert values(read(INDICATORS.format("")), "s14_disclosed_weibo") == [318]


@pytest.mark.parametrize("mark", [", ", " , ", ",\t", "|", "，", "；"])
def test_a_number_broken_in_one_run_of_fields_is_named(mark: str) -> None:
    lines = INDICATORS.replace("\n", ",").replace(",", mark).format("\n")
    report = read(
        f"统计指标{mark}单位{mark}统计数{mark}{lines}{mark}4.微博微信回应事件数{mark}次{mark}5{mark}1.当面申请数{mark}件{mark}6"
    )
    assert values(report, "s14_disclosed_weibo") in ([None], [31])
    assert "s14_disclosed_weibo" in doubted(report) or values(report, "s14_disclosed_weibo") == [None]


def test_numbers_that_count_the_lines_are_no_rest_of_a_number() -> None:
    lines = ROWS.replace("5.", "").replace("1.", "").replace("2.", "").split("\n")
    numbered = "\n".join(f"{number}|{line.replace(' ', '|')}" for number, line in enumerate(lines, 1))
    assert not any(finding.kind == "reading_in_doubt" for finding in read(numbered).findings)


def test_a_line_of_two_rows_is_named() -> None:
    report = read(f"{ROWS}\n行政复议数 , 次 , 44 , 行政诉讼数 , 次 , 27")
    assert values(report, "l08_reviews") == [None] or "l08_reviews" in doubted(report)


@pytest.mark.parametrize("number", ["2.", ".", ""])
def test_a_digit_before_a_label_is_its_number_only_where_the_form_has_it(number: str) -> None:
    rows = [row.label.rpartition(" ")[2] for row in forms()[("s14", "G2014S")].rows]
    run = "".join(f"{row}7" for row in rows).replace("公报公开政府信息数7", "公报公开政府信息数148")
    report = read(run.replace("1482.政府网站", f"148{number}政府网站"))
    assert values(report, "s14_disclosed_gazette", "s14_disclosed_website") == [148, 7]


FREE_HEADS = ["概述", "主动公开政府信息的情况", "依申请公开政府信息和不予公开政府信息的情况"]


@pytest.mark.parametrize(
    "name", ["none", "heads_with_dashes", "cell_a_line", "indicators_as_lines", "indicators_in_one_run", "spaces"]
)  # fmt: skip
def test_the_heads_of_a_list_are_no_parts_of_the_report(name: str) -> None:
    quirk = QUIRKS.get(name, PLAIN)
    for container in quirk.printers:
        report = parse(draw(quirk, container, "G2014S", Random(name)).data)
        titles = [section.title for section in report.sections if section.title]
        assert (titles[:3], titles[6:]) == (FREE_HEADS, ["附表"]), container


LIST = "（一）主动公开政府信息数 条 45\n制发规范性文件总数 件 6\n2.政府网站公开政府信息数 条 31\n3.政务微博公开政府信息数 条 8"


@pytest.mark.parametrize(
    ("above", "parts"),
    [
        ("一、主动公开情况", []),
        ("一、主动公开情况\n（单位：条）", []),
        ("统计指标 单位 统计数 一、主动公开情况", []),
        ("一、主动公开情况\n全年公开45条。", ["主动公开情况"]),
        ("二、主动公开情况", ["主动公开情况"]),
        ("一、主动公开情况\n" + "全年主动公开政府信息涵盖财政民生和审批等各个方面" * 3, ["主动公开情况"]),
    ],
)
def test_a_part_of_the_report_above_a_list_stays_one(above: str, parts: list[str]) -> None:
    report = read(f"{above}\n{LIST}\n4.政务微信公开政府信息数 条 3\n1.当面申请数 件 2")
    assert [section.title for section in report.sections if section.title not in ("", "附表")] == parts
    assert values(report, "s14_disclosed_total") == [45]


@pytest.mark.parametrize("cut", range(8, 57, 4))
@pytest.mark.parametrize("between", ["", "：", "，"])
def test_a_number_cut_by_the_end_of_a_list_on_one_line_is_never_read_as_its_beginning(
    between: str, cut: int
) -> None:
    """The line below may be too short to be known as a list: what it begins with still counts."""
    rows = forms()[("s14", "G2014S")].rows
    values = {row.codes[0]: (number * 7 + 46) % 97 + 10 for number, row in enumerate(rows)}
    labels = [row.label.rpartition(" ")[2] for row in rows]
    printed = [f"{label}{between}{value}" for label, value in zip(labels, values.values(), strict=True)]
    before, after = "；".join(printed[: cut + 1]), "；".join(printed[cut + 1 :])
    report = read(f"{before[:-1]}\n{before[-1]}；{after}")
    assert wrong(report, values) <= doubted(report)
    assert sum(figure.value is not None for figure in report.figures) > 25


SEPARATORS, UNITS, ENDS = (
    ("", "：", "，", " ", ", ", "\t"),
    ("", "件", " 件"),
    ("；", "，", "。", " ", "、", ", ", "\n", "  "),
)


def run_of(key: tuple[str, str], random: Random, *, numbered: bool = False) -> tuple[str, dict[str, int]]:
    """A list whose rows follow one another in some way, and its figures by code."""
    between, unit, end = random.choice(SEPARATORS), random.choice(UNITS), random.choice(ENDS)
    rows = forms()[key].rows
    figures = {
        row.codes[0]: random.choice((0, random.randrange(100), random.randrange(3000))) for row in rows
    }
    printed = [
        f"{f'{number}.' if numbered else ''}{row.label.rpartition(' ')[2]}{between}{figures[row.codes[0]]}{unit}"
        for number, row in enumerate(rows, 1)
    ]
    return end.join(printed), figures


def silent(report: Report, figures: dict[str, int]) -> set[str]:
    """The codes whose figure is another one than was printed, and that nothing puts in doubt."""
    failed = {code for identity in report.identities if not identity.holds for code in identity.codes}
    return wrong(report, figures) - doubted(report) - failed


@pytest.mark.parametrize("key", [("s14", "G2014S"), ("l08", "G2008L")])
def test_lists_on_one_line_whose_rows_are_numbered(key: tuple[str, str]) -> None:
    random = Random(1)
    read_at_all = 0
    for _ in range(20):
        run, figures = run_of(key, random, numbered=True)
        report = read(run)
        assert not silent(report, figures)
        read_at_all += sum(figure.value is not None for figure in report.figures) > len(figures) // 2
    assert read_at_all > 10


@pytest.mark.parametrize("key", [("s14", "G2014S"), ("l08", "G2008L")])
def test_numbers_of_lists_that_are_broken_over_lines_are_in_doubt_or_left_out(key: tuple[str, str]) -> None:
    random = Random(2)
    for _ in range(60):
        run, figures = run_of(key, random)
        within = [place for place in range(1, len(run)) if run[place - 1 : place + 1].isdecimal()]
        for place in sorted(random.sample(within, 2), reverse=True):
            run = f"{run[:place]}\n{run[place:]}"
        assert not silent(read(run), figures), run


def test_a_gap_of_any_length_in_a_list_on_one_line_takes_time_that_grows_with_it() -> None:
    """A gap of 200,000 blanks would take half an hour if the time grew with its square."""
    rows = "；".join(f"{label}：3件" for label in ("政府网站公开政府信息数", "政务微博公开政府信息数") * 6)
    start = process_time()
    take_apart(f"{rows}；传真申请数{' ' * 200_000}x")
    assert process_time() - start < 20


@pytest.mark.parametrize("generation", ["G2019", "G2021"])
def test_figures_of_tables_in_text_that_are_broken_over_lines_are_in_doubt(generation: str) -> None:
    """What is left of 143 below 行政强制 1 stands alone, and no identity speaks of table 2."""
    drawn = plain("text", generation, 1)
    text = drawn.data.decode()
    table = range(text.index("信息内容"), text.index("申请人情况"))
    within = [place for place in table if text[place - 1 : place + 1].isdecimal()]
    assert within
    for place in within:
        graded = grade(drawn.sheet, parse(f"{text[:place]}\n{text[place:]}".encode()))
        assert graded.silent == 0, text[place - 20 : place + 10]


FUJIAN = (
    "主动公开信息数", "其中：1.政府网站", "2.政府公报", "受理依申请公开信息总数", "其中：1.当面申请数", "2.传真申请数",
    "3.电子邮件申请数", "4.网上申请数", "5.信函申请数", "6.其它形式申请数", "本年度对申请的答复总数",
    "其中：1.同意公开答复数", "2.同意部分公开答复数", "3.否决公开答复总数", "行政复议数", "行政诉讼数", "行政申诉数",
)  # fmt: skip
SHANGHAI = (
    ("主动公开文件数", "其中：全文电子化的主动公开文件数", "新增的行政规范性文件数"),
    ("本年度申请总数", "其中：1.当面申请数", "2.传真申请数", "3.电子邮件申请数", "4.网上申请数", "5.信函申请数", "6.其他形式申请数",
     "对申请的答复总数", "其中：1.同意公开答复数", "2.同意部分公开答复数", "3.“非《规定》所指政府信息”数", "4.“信息不存在”数",
     "5.“非本机关职权范围”数", "6.“申请内容不明确”数", "7.“重复申请”数", "8.不予公开答复总数", "（1）“国家秘密”数", "（2）“商业秘密”数"),
    ("提供服务类信息数", "网上咨询数", "现场接待人数", "咨询电话接听数", "网站专栏页面访问量"),
    ("行政复议数", "行政诉讼数", "行政申诉数", "其中：对本部门首次处理不满意的行政申诉数"),
)  # fmt: skip
BREAKS = ("\t", "\n", "\n\n", " ", " | ")


def _rows(labels: tuple[str, ...], first: int) -> list[tuple[str, str, str, str]]:
    return [(label, "条", str(first + n), str(900 + n)) for n, label in enumerate(labels)]


@pytest.mark.parametrize("between", BREAKS)
def test_the_local_form_with_the_year_beside_a_running_total(between: str) -> None:
    rows = [("指标名称", "计量单位", "2009年度", "历年累计"), *_rows(FUJIAN, 20)]
    report = read("\n".join(map(between.join, rows)))
    said = {figure.code: figure.value for figure in report.figures if figure.value is not None}
    assert [said.pop(f"l08_{name}") for name in ("disclosed_total", "req_total", "req_in_person")] == [
        20,
        23,
        24,
    ]
    assert [said.pop(f"l08_{name}") for name in ("req_other", "ans_total", "ans_denied")] == [29, 30, 33]
    assert sorted(map(int, said.values())) == [25, 26, 27, 28, 31, 32, 34, 35, 36]
    assert [row.label for row in report.extra_rows] == ["其中：1.政府网站", "2.政府公报"]


@pytest.mark.parametrize("between", BREAKS)
def test_a_local_form_in_several_tables_whose_reasons_are_others(between: str) -> None:
    """Four tables, the third before its place in the form of 2008; the denials are not those of 否决公开答复总数."""
    lines: list[str] = []
    for number, labels in enumerate(SHANGHAI):
        lines += [
            f"附表{'一二三四'[number]}：情况统计",
            between.join(("指标", "单位", "2010年度", "历史累计")),
        ]
        lines += map(between.join, _rows(labels, 100 * (number + 1)))
    report = read("\n".join(lines))
    assert not report.others
    assert report.generations == {"l08": "G2008L"}
    said = {figure.code: figure.value for figure in report.figures if figure.value is not None}
    names = (
        "disclosed_total",
        "disclosed_fulltext",
        "req_total",
        "ans_total",
        "denied_not_gov_info",
        "denied_unclear",
    )
    assert [said[f"l08_{name}"] for name in names] == [100, 101, 200, 207, 210, 213]
    names = ("service_info", "page_views", "reviews", "appeals_first")
    assert [said[f"l08_{name}"] for name in names] == [300, 304, 400, 403]
    assert not said.keys() & {"l08_ans_denied", "l08_denied_not_held", "l08_denied_exempt1"}
    assert {finding.kind for finding in report.findings} == {"row_absent", "identity_fails"}
    assert {
        code for finding in report.findings if finding.kind == "identity_fails" for code in finding.codes
    } >= {"l08_req_total"}


@pytest.mark.parametrize("layout", ["one line", "label：figure"])
def test_local_forms_run_together_or_said_line_by_line(layout: str) -> None:
    labels = [*FUJIAN[:14], *SHANGHAI[1][11:], *FUJIAN[14:]]
    rows = _rows(tuple(labels), 20)
    together = " ".join(" ".join(row[:3]) for row in [("指标名称", "单位", "2010年"), *rows])
    report = read(together if layout == "one line" else "\n".join(f"{row[0]}：{row[2]}条" for row in rows))
    names = ("l08_req_total", "l08_req_other", "l08_denied_nonexistent", "l08_reviews", "l08_appeals")
    assert values(report, *names) == [23, 29, 34, 41, 43]
    assert values(report, "l08_denied_not_held", "l08_denied_exempt1") == [None, None]


@pytest.mark.parametrize("piece", ["1.", "(1)", "其中：", "“"])
def test_numbers_before_no_label_take_time_that_grows_with_them(piece: str) -> None:
    start = process_time()
    take_apart("传真申请数 1 政府网站公开政府信息数 3 " + piece * (200_000 // len(piece)))
    assert process_time() - start < 5


@pytest.mark.parametrize(
    "heads",
    [
        ("2009年新增", "累计总数"),
        ("2009年1-12月", "自2008年5月以来累计"),
        ("2009年度（条）", "历年累计（条）"),
        ("本年数", "上年数"),
        ("当年数", "历史累计数"),
    ],
)
@pytest.mark.parametrize("between", BREAKS)
def test_the_column_of_the_year_is_told_by_its_head(between: str, heads: tuple[str, str]) -> None:
    there = [("指标名称", "单位", *heads), *_rows(FUJIAN, 20)]
    back = [("指标名称", "单位", *heads[::-1]), *((*row[:2], row[3], row[2]) for row in _rows(FUJIAN, 20))]
    for rows in (there, back):
        report = read("\n".join(map(between.join, rows)))
        assert values(report, "l08_disclosed_total", "l08_req_total", "l08_appeals") == [20, 23, 36]


@pytest.mark.parametrize("between", BREAKS)
def test_a_monthly_column_beside_the_year_is_not_the_year(between: str) -> None:
    rows = [("指标名称", "计算单位", "代码", "本月累计", "年度累计")]
    rows += [(label, "条", f"{n:02}", str(n), str(50 + n)) for n, label in enumerate(FUJIAN[3:], 1)]
    report = read("\n".join(map(between.join, rows)))
    assert values(report, "l08_req_in_person", "l08_req_other", "l08_appeals") == [52, 57, 64]


def test_a_number_with_a_gap_in_the_first_rows_is_no_year_that_heads_a_column() -> None:
    rows = [("代码", "指标名称", "单位", "历年累计", "本年度")]
    rows += [(f"{n:02}", label, "条", str(900 + n), str(n)) for n, label in enumerate(FUJIAN[3:], 1)]
    rows[2] = ("02", rows[2][1], "条", "20 34", "2")
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    page = f"<p>{HEAD}</p><table border='1'>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
    report = parse(page.encode())
    assert values(report, "l08_req_total", "l08_req_in_person", "l08_appeals") == [1, 2, 14]


def test_a_head_that_comes_again_after_two_rows_names_no_other_columns() -> None:
    head = ("代码", "指标名称", "单位", "历年累计", "本年度")
    rows = [(f"{n:02}", label, "条", str(900 + n), str(n)) for n, label in enumerate(FUJIAN[3:], 1)]
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in [head, *rows[:2], head, *rows[2:]])
    page = f"<p>{HEAD}</p><table border='1'>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
    report = parse(page.encode())
    assert values(report, "l08_req_total", "l08_req_in_person", "l08_appeals") == [1, 2, 14]


LOCAL = (
    ("主动公开信息数", "条", 850, 254),
    ("新增的行政规范性文件数", "条", 42, 2),
    ("提供服务类信息数", "条", 25, 5),
    ("网站专栏页面访问量", "人次", 12848, 3586),
    ("现场接待人数", "人次", 44, 7),
    ("网上咨询数", "人次", 56, 5),
    ("咨询电话接听数", "人次", 18, 0),
)
LOCAL_CODES = (
    "l08_disclosed_total l08_normative_new l08_service_info l08_page_views l08_visitors l08_consult_online l08_consult_phone"
).split()


def local_rows(swapped: bool) -> list[str]:
    return [
        f"{name}\t{unit}\t{year if swapped else every}\t{every if swapped else year}"
        for name, unit, every, year in LOCAL
    ]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    "head",
    [
        "指标\t历年\n单位\t本年度\n名称\t累计",
        "指标\n名称\n单位\n历年\n累计\n本年度",
        "指标名称\t单位\t本年度\t历年\n累计",
    ],
)
def test_columns_whose_head_is_broken_are_told_by_their_figures(head: str, swapped: bool) -> None:
    report = parse("\n".join(["政府信息公开情况统计表（2011年度）", head, *local_rows(swapped)]).encode())
    figures = {figure.code: figure.value for figure in report.figures}
    assert [figures[code] for code in LOCAL_CODES] == [row[3] for row in LOCAL]


def test_figures_that_deny_the_head_of_a_text_leave_both_columns_open() -> None:
    rows = [
        "某局2011年政府信息公开工作年度报告",
        "指标名称\t单位\t历年累计\t本年度",
        *local_rows(swapped=True),
    ]
    report = parse("\n".join(rows).encode())
    assert not any(figure.value for figure in report.figures)
    assert {code for finding in report.findings for code in finding.codes} >= set(LOCAL_CODES)


BROKEN = """某局2016年政府信息公开工作年度报告
统计指标\t单位\t统计数
（一）主动公开 条 7
政府信息数
其中：主动公 条 3
开规范性文件数
制发规范性文 件 4
件总数
3.政策解读稿件发布数\t篇\t5
4.微博微信回应事件数\t次\t6
三、依申请公开情况
（一）收到申
件 9
请数
3.网络申请数\t件\t3
4.信函申请数\t件\t6
（二）申请办
件 10
结数
1.按时办结数\t件\t10
四、行政复议
件 2
数量
（一）维持具
件 1
体行政行为数"""


def test_labels_that_are_broken_all_over_are_those_of_a_list_from_its_head_on() -> None:
    report = parse(BROKEN.encode())
    read = {figure.code: figure.value for figure in report.figures if figure.value is not None}
    assert read == {
        "s14_disclosed_total": 7,
        "s14_disclosed_normative": 3,
        "s14_normative_issued": 4,
        "s14_interpretation_articles": 5,
        "s14_responses_social": 6,
        "s14_req_received": 9,
        "s14_req_online": 3,
        "s14_req_letter": 6,
        "s14_req_concluded": 10,
        "s14_req_concluded_on_time": 10,
        "s14_review_total": 2,
        "s14_review_upheld": 1,
    }


def test_figures_apart_from_their_labels_put_the_others_in_doubt() -> None:
    names = "当面申请数 传真申请数 网络申请数 信函申请数 按时办结数 延期办结数".split()
    lines = ["统计指标", "单位", "统计数", *names, *["件"] * 6, *map(str, (11, 12, 13, 14, 15, 16))]
    report = parse("\n".join(lines).encode())
    read = {figure.code for figure in report.figures if figure.value is not None}
    assert read <= {code for finding in report.findings for code in finding.codes}
