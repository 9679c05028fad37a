"""Quirks of headers and row labels: typos, variants, notes, losses, words split in print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Sheet
from tests.corpus.quirks.base import EVERY, relabelled, sheet_quirk, table_of, with_rows

_NARROW = (
    "商业企业",
    "科研机构",
    "社会公益组织",
    "法律服务机构",
    "结果维持",
    "结果纠正",
    "其他结果",
    "尚未审结",
)
_WIDE = ("本年新制作数量", "本年新公开数量", "对外公开总数量", "本年制发件数", "本年废止件数", "现行有效件数")


def _replaced(sheet: Sheet, words: Mapping[str, str]) -> Sheet:
    """Whole words and parts of labels replaced, the longest first."""

    def change(label: str) -> str:
        for word, other in words.items():
            label = label.replace(word, other)
        return label

    return sheet.with_grids(lambda grid: [relabelled(grid, change)])


@sheet_quirk("html", "text", "docx", "pdf")
def header_typo(sheet: Sheet, random: Random) -> Sheet:
    """本年度止件数, 现行有效件, 社会组织: words of the header misprinted."""
    typos = {
        "本年废止件数": random.choice(("本年度止件数", "本年废止数")),
        "现行有效件数": "现行有效件",
        "社会公益组织": "社会组织",
        "法律服务机构": random.choice(("法律服务机构", "法律服务组织")),
    }
    return _replaced(sheet, typos)


@sheet_quirk()
def header_truncated(sheet: Sheet, _: Random) -> Sheet:
    """本年新 | 本年新: a header whose second line is gone."""
    whole = (
        "本年新制作数量",
        "本年新公开数量",
        "对外公开总数量",
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
    )
    return _replaced(sheet, {word: word[:3] for word in whole})


@sheet_quirk()
def header_spaced(sheet: Sheet, _: Random) -> Sheet:
    """商 业 企 业: spaces between the characters of a header."""
    return _replaced(sheet, {word: " ".join(word) for word in (*_NARROW, "总计", "自然人")})


@sheet_quirk("html", "docx")
def header_on_two_lines(sheet: Sheet, _: Random) -> Sheet:
    """商业 / 企业 in one cell of a grid: a space where the line breaks."""
    return _replaced(sheet, {word: f"{word[:2]} {word[2:]}" for word in (*_NARROW, *_WIDE)})


@sheet_quirk("text")
def header_over_two_lines(sheet: Sheet, _: Random) -> Sheet:
    """商业 / 企业 in flattened text: the second half of a header word stands on a line of its own."""
    return _replaced(sheet, {word: f"{word[:2]}\n{word[2:]}" for word in (*_NARROW, *_WIDE)})


@sheet_quirk()
def header_over_two_cells(sheet: Sheet, _: Random) -> Sheet:
    """本年新 / 制作数量 in two cells, one above the other."""
    return sheet.with_grids(lambda grid: [_two_headers(grid) if table_of(grid) == "t2" else grid])


def _two_headers(grid: Grid) -> Grid:
    rows: list[list[Slot]] = []
    for row in grid.rows():
        if len(row) > 2 and row[0].text == "信息内容":
            rows.append([replace(slot, text=slot.text[:3]) if slot.column else slot for slot in row])
            rows.append([replace(slot, text=slot.text[3:] if slot.column else "") for slot in row])
        else:
            rows.append(row)
    return with_rows(grid, rows)


@sheet_quirk("html", "text", "docx", "pdf")
def row_label_typo(sheet: Sheet, random: Random) -> Sheet:
    """规范性文件, 其他法律法规禁止公开, 行政止公开: row labels misprinted or worded otherwise."""
    typos = {
        "行政规范性文件": "规范性文件",
        "2.其他法律行政法规禁止公开": random.choice(("2.其他法律法规禁止公开", "2.其他法律行政止公开")),
        "4.保护第三方合法权益": "4.保护第三方合法利益",
        "1.信访举报投诉类申请": "1.信访投诉举报类申请",
        "7.属于行政执法案卷": "7.属行政执法案卷",
    }
    return _replaced(sheet, typos)


@sheet_quirk()
def row_label_abridged(sheet: Sheet, _: Random) -> Sheet:
    """The long labels without what they explain in brackets or after a comma."""
    return _replaced(
        sheet,
        {
            "（区分处理的，只计这一情形，不计其他情形）": "",
            "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": "1.申请人无正当理由逾期不补正",
            "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": "2.申请人逾期未按收费通知要求缴纳费用",
            "一、本年新收政府信息公开申请数量": "一、本年新收申请数量",
            "二、上年结转政府信息公开申请数量": "二、上年结转申请数量",
        },
    )


@sheet_quirk()
def row_label_lost(sheet: Sheet, _: Random) -> Sheet:
    """规章 is blank: the row is known by its place only."""
    return sheet.with_grids(lambda grid: [relabelled(grid, lambda text: "" if text == "规章" else text)])


@sheet_quirk()
def block_label_cut(sheet: Sheet, _: Random) -> Sheet:
    """第二十条第: the label of a block without its end."""
    return _replaced(sheet, {f"第二十条第（{number}）项": "第二十条第" for number in "一五六八九"})


@sheet_quirk()
def enumerators_lost(sheet: Sheet, _: Random) -> Sheet:
    """1. 2. 3. and （一） before row labels are gone."""
    words = {f"{number}.": "" for number in range(1, 9)} | {
        f"（{number}）": "" for number in "一二三四五六七"
    }
    return sheet.with_grids(
        lambda grid: (
            [grid]
            if table_of(grid) != "t3"
            else [
                relabelled(
                    grid, lambda text: next((text[len(w) :] for w in words if text.startswith(w)), text)
                )
            ]
        )
    )


@sheet_quirk()
def half_width_brackets(sheet: Sheet, _: Random) -> Sheet:
    """(一) 予以公开: half-width brackets and a space after them."""
    return sheet.with_grids(
        lambda grid: [relabelled(grid, lambda text: text.replace("（", "(").replace("）", ") "))]
    )


@sheet_quirk()
def note_in_label(sheet: Sheet, _: Random) -> Sheet:
    """规章（本机关没有制定规章的权限）: a note within a row label and within a header."""
    return _replaced(
        sheet,
        {
            "规章": "规章（本机关没有制定规章的权限）",
            "本年收费金额（单位：万元）": "本年收费金额（单位：万元，保留4位小数）",
            "一、本年新收政府信息公开申请数量": "一、本年新收政府信息公开申请数量（按收到之日统计，共3类）",
        },
    )


@sheet_quirk()
def extra_row(sheet: Sheet, random: Random) -> Sheet:
    """A row that only this province knows (其他公开文件) between the rows of table 2."""
    figures = [str(random.randint(1, 90)) for _ in range(3)]

    def add(grid: Grid) -> list[Grid]:
        if table_of(grid) != "t2":
            return [grid]
        rows = grid.rows()
        rows.insert(4, [Slot(4, column, text) for column, text in enumerate(("督查通报文件", *figures))])
        return [with_rows(grid, rows)]

    return replace(sheet.with_grids(add), extra=("督查通报文件",))


@sheet_quirk("html", "docx")
def vertical_labels(sheet: Sheet, _: Random) -> Sheet:
    """不/予/公/开: group labels and headers with one character a line."""
    groups = ("三、本年度办理结果", "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理")
    return _replaced(sheet, {word: " ".join(word) for word in (*groups, *_NARROW)})


@sheet_quirk("text")
def vertical_labels_in_text(sheet: Sheet, _: Random) -> Sheet:
    """商/业/企/业: one character a line in flattened text."""
    return _replaced(sheet, {word: "\n".join(word) for word in _NARROW})


@sheet_quirk(generations=EVERY[2:])
def spaces_in_labels(sheet: Sheet, random: Random) -> Sheet:
    """Stray spaces inside the words of labels."""

    def stray(text: str) -> str:
        cut = random.randrange(1, len(text)) if len(text) > 3 else 0
        return f"{text[:cut]} {text[cut:]}" if cut else text

    return sheet.with_grids(lambda grid: [relabelled(grid, stray)])
