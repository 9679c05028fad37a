"""Quirks of what stands in a cell: blanks, dashes, units, separators, other digits, misprints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from sample.codebook import printing, signed_codes
from sample.figures import Figures
from sample.forms.layout import Grid, Slot
from sample.forms.sheet import Sheet
from tests.corpus.quirks.base import EVERY, reprinted, sheet_quirk, table_of

_WIDE_DIGITS = str.maketrans("0123456789+-.", "０１２３４５６７８９＋－．")
_DASHES = ("-", "—", "——", "－", "/", "／", "无")
LISTED = EVERY[1:]


def _each(sheet: Sheet, change: Callable[[Slot], str]) -> Sheet:
    return sheet.with_grids(lambda grid: [reprinted(grid, change)])


def _zeros(sheet: Sheet, mark: str, tables: tuple[str, ...]) -> Sheet:
    """Every 0 of the tables printed as `mark`: such a cell has no number."""
    gone = {code for code, value in sheet.figures.items() if value == 0 and code.startswith(tables)}
    figures: Figures = {code: None if code in gone else value for code, value in sheet.figures.items()}
    return replace(_each(sheet, lambda slot: mark if slot.code in gone else slot.text), figures=figures)


@sheet_quirk("html", "text", "docx", "pdf", generations=LISTED)
def dash_for_none(sheet: Sheet, random: Random) -> Sheet:
    """A dash, a stroke or 无 where there was nothing."""
    return _zeros(sheet, random.choice(_DASHES), ("t", "s14", "l08"))


@sheet_quirk("html", "text", "docx", "pdf", generations=LISTED)
def blank_for_none(sheet: Sheet, _: Random) -> Sheet:
    """A blank where there was nothing: never read as 0."""
    return _zeros(sheet, "", ("t3", "t4", "s14", "l08"))


@sheet_quirk(generations=printing("t2_procurement_amount"))
def signed_changes(sheet: Sheet, random: Random) -> Sheet:
    """+2, －1, ＋10: the sign of a change, in either width."""
    wide = random.random() < 0.5

    def sign(slot: Slot) -> str:
        value = sheet.figures[slot.code or ""]
        if value is None or slot.code not in signed_codes():
            return slot.text
        plain = f"+{value}" if value > 0 else str(value)
        return plain.replace("+", "＋").replace("-", "－") if wide else plain

    return _each(sheet, sign)


@sheet_quirk(generations=printing("t2_procurement_amount"))
def amount_with_unit(sheet: Sheet, random: Random) -> Sheet:
    """251000元 in the cell of an amount whose unit the form does not print."""
    amount = random.randint(1000, 900000)
    figures = sheet.figures | {"t2_procurement_amount": amount}
    text = f"{amount}元"
    changed = _each(sheet, lambda slot: text if slot.code == "t2_procurement_amount" else slot.text)
    return replace(changed, figures=figures)


@sheet_quirk(generations=printing("t2_fee_amount_wan"))
def amount_in_another_unit(sheet: Sheet, random: Random) -> Sheet:
    """251000元 in a column of 万元: kept as printed, with a finding."""
    amount = random.randint(1000, 900000)
    figures = sheet.figures | {"t2_fee_amount_wan": amount}
    changed = _each(sheet, lambda slot: f"{amount}元" if slot.code == "t2_fee_amount_wan" else slot.text)
    return replace(changed, figures=figures, findings=("unit_differs",))


@sheet_quirk("html", "text", "docx", "pdf", generations=printing("t2_fee_amount_wan"))
def decimals(sheet: Sheet, random: Random) -> Sheet:
    """59237.2449: an amount in 万元 with four places."""
    amount = random.randint(1, 90000) + random.randint(1, 9999) / 10000
    figures = sheet.figures | {"t2_fee_amount_wan": amount}
    changed = _each(sheet, lambda slot: f"{amount:.4f}" if slot.code == "t2_fee_amount_wan" else slot.text)
    return replace(changed, figures=figures)


@sheet_quirk(generations=LISTED)
def spaces_around(sheet: Sheet, random: Random) -> Sheet:
    """Spaces before and after the numbers."""
    return _each(sheet, lambda slot: f"{random.choice(' 　')}{slot.text} " if slot.text else slot.text)


@sheet_quirk("html", "text", "docx", generations=LISTED)
def full_width_digits(sheet: Sheet, _: Random) -> Sheet:
    """１２３: digits as wide as a character."""
    return _each(sheet, lambda slot: slot.text.translate(_WIDE_DIGITS))


def _separated(sheet: Sheet, separator: str, random: Random) -> Sheet:
    """Large numbers with a separator; one figure that no identity binds is made large."""
    free = [code for code in sheet.figures if code.endswith(("_decisions", "_website", "_views"))]
    figures = sheet.figures | {random.choice(free): random.randint(1000, 2_000_000)}

    def shown(slot: Slot) -> str:
        value = figures[slot.code or ""]
        if value is None or value < 1000 or isinstance(value, float):
            return slot.text
        return f"{value:,}".replace(",", separator)

    return replace(_each(sheet, shown), figures=figures)


@sheet_quirk("html", "text", "docx", "pdf", generations=LISTED)
def thousands_comma(sheet: Sheet, random: Random) -> Sheet:
    """1,234."""
    return _separated(sheet, ",", random)


@sheet_quirk(generations=LISTED)
def thousands_wide_comma(sheet: Sheet, random: Random) -> Sheet:
    """1，234."""
    return _separated(sheet, "，", random)


@sheet_quirk("html", "docx", generations=LISTED)
def thousands_space(sheet: Sheet, random: Random) -> Sheet:
    """1 234, as a cell of a grid."""
    return _separated(sheet, " ", random)


@sheet_quirk()
def pieces(sheet: Sheet, _: Random) -> Sheet:
    """8件: the unit stands behind each number of tables 3 and 4."""
    return sheet.with_grids(
        lambda grid: [
            grid if table_of(grid) == "t2" else reprinted(grid, lambda slot: slot.text and f"{slot.text}件")
        ]
    )


@sheet_quirk("html", "docx", "text")
def footnote_marks(sheet: Sheet, random: Random) -> Sheet:
    """12①: a raised mark behind a number is no digit of it."""
    marked = set(random.sample(sorted(sheet.figures), 5))
    return _each(sheet, lambda slot: f"{slot.text}①" if slot.code in marked and slot.text else slot.text)


def _misprinted(sheet: Sheet, values: Figures) -> Sheet:
    changed = _each(sheet, lambda slot: str(values[slot.code]) if slot.code in values else slot.text)
    return replace(changed, figures=sheet.figures | values, findings=("identity_fails",))


@sheet_quirk("html", "text", "docx", "pdf")
def total_of_zero(sheet: Sheet, random: Random) -> Sheet:
    """10 + 1 + 0 + 0 → 0: totals of table 4 left at 0; the print stays as it is."""
    group = random.choice(("t4_review", "t4_direct_suit", "t4_post_review_suit"))
    return _misprinted(sheet, {f"{group}_upheld": 10, f"{group}_corrected": 1, f"{group}_total": 0})


@sheet_quirk("html", "text", "docx", "pdf")
def total_off_by_one(sheet: Sheet, random: Random) -> Sheet:
    """A total of table 3 that is one too high."""
    code = random.choice([code for code in sheet.figures if code.startswith("t3") and code.endswith("total")])
    return _misprinted(sheet, {code: (sheet.figures[code] or 0) + 1})


@sheet_quirk("html", "text", "docx", "pdf", generations=printing("s14_req_received"))
def total_off_in_list(sheet: Sheet, _: Random) -> Sheet:
    """收到申请数 of the list of 2014 is more than its channels."""
    return _misprinted(sheet, {"s14_req_received": (sheet.figures["s14_req_received"] or 0) + 3})


@sheet_quirk("html", "text", "docx", generations=LISTED)
def words_in_a_cell(sheet: Sheet, random: Random) -> Sheet:
    """见附件 instead of a number: a cell that cannot be read shifts nothing."""
    code = random.choice([code for code in sheet.figures if code.startswith(("t3", "s14", "l08"))])
    changed = _each(sheet, lambda slot: "见附件" if slot.code == code else slot.text)
    grid = next(grid for grid in changed.grids() if table_of(grid) != "t2")
    return replace(changed, figures=sheet.figures | {code: None}, lost=_row_of(grid, code))


def _row_of(grid: Grid, code: str) -> frozenset[str]:
    row = next(slot.row for slot in grid.slots if slot.code == code)
    return frozenset(slot.code for slot in grid.slots if slot.row == row and slot.code)


@sheet_quirk(generations=printing("l08_req_total", "s14_req_received"))
def number_like_a_year(sheet: Sheet, random: Random) -> Sheet:
    """2016 items: a figure that looks like the head of a column."""
    value = random.randint(2001, 2025)
    codes = ("l08_disclosed_total", "s14_disclosed_total")
    figures = sheet.figures | {code: value for code in codes if code in sheet.figures}
    changed = _each(sheet, lambda slot: str(value) if slot.code in codes else slot.text)
    return replace(changed, figures=figures)


@sheet_quirk("html", "text", "docx", "pdf")
def total_left_blank(sheet: Sheet, random: Random) -> Sheet:
    """The total of a row of table 3 is blank: what stands before it stays where it is."""
    code = f"t3_{random.choice(('new_received', 'carried_in', 'granted', 'result_total'))}__total"
    changed = _each(sheet, lambda slot: "" if slot.code == code else slot.text)
    return replace(changed, figures=sheet.figures | {code: None})


@sheet_quirk("html", "text", "docx", "pdf")
def first_result_blank(sheet: Sheet, _: Random) -> Sheet:
    """The first cell of table 4 is blank: what stands after it stays where it is."""
    changed = _each(sheet, lambda slot: "" if slot.code == "t4_review_upheld" else slot.text)
    return replace(changed, figures=sheet.figures | {"t4_review_upheld": None})
