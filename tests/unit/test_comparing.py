"""What differs between two versions: the cell with its place in the form, the words and nothing around them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archive.derived.comparing import Content, Piece, Shown, Sum, compare, words

TOTAL = "t3_new_received__total"
NATURAL = "t3_new_received__natural"
CODES = (NATURAL, TOTAL)
OLD = Content(
    {"t3": "G2021"},
    {NATURAL: Shown(8, "number", "8"), TOTAL: Shown(8, "number", "8")},
    {"T3-I3:t3_new_received": Sum(True, 8, 8, CODES)},
    [("一", "总体情况", "主动公开8条。工作有序。"), ("六", "其他", "无。")],
)


def cells(**new: Shown) -> dict[str, Shown]:
    return {**OLD.cells, **new}


def test_equal_versions_do_not_differ() -> None:
    found = compare(OLD, OLD)
    assert not found
    assert found.as_json() == {"figures": [], "prose": []}


def test_a_changed_digit_names_its_cell_and_the_identity_that_breaks() -> None:
    broken = {"T3-I3:t3_new_received": Sum(False, 8, 9, CODES)}
    found = compare(OLD, replace(OLD, cells=cells(**{TOTAL: Shown(9, "number", "9")}), identities=broken))
    (cell,) = found.cells
    assert (cell.code, cell.table) == (TOTAL, "收到和处理政府信息公开申请情况")
    assert (cell.row, cell.column) == ("一、本年新收政府信息公开申请数量", "总计")
    assert (cell.old.value, cell.new.value) == (8, 9)
    assert [(i.id, i.held, i.holds) for i in cell.identities] == [("T3-I3:t3_new_received", True, False)]
    assert cell.still_fails == ("T3-I3:t3_new_received",)
    assert found.prose == ()


def test_the_way_a_number_is_printed_is_no_difference() -> None:
    assert not compare(OLD, replace(OLD, cells=cells(**{TOTAL: Shown(8, "number", "８ ")})))


def test_a_blank_is_not_a_zero_and_not_an_absent_cell() -> None:
    blank = replace(OLD, cells=cells(**{TOTAL: Shown(None, "blank", "")}))
    absent = replace(OLD, cells={NATURAL: OLD.cells[NATURAL]})
    assert compare(OLD, blank).cells[0].new.state == "blank"
    assert compare(blank, absent).cells[0].new.state == "absent"


def test_cells_stand_in_the_order_of_the_form() -> None:
    changed = cells(**{TOTAL: Shown(1, "number", "1"), NATURAL: Shown(1, "number", "1")})
    extra = {**changed, "x_unknown": Shown(1, "number", "1"), "t2_regulation_issued": Shown(1, "number", "1")}
    found = compare(OLD, replace(OLD, cells=extra)).cells
    assert [cell.code for cell in found] == ["t2_regulation_issued", NATURAL, TOTAL, "x_unknown"]
    assert found[-1].table == ""


def test_prose_differs_word_by_word_under_its_section() -> None:
    sections = [("一", "总体情况", "主动公开18条。 工作有序。"), ("六", "其他", "无。")]
    (passage,) = compare(OLD, replace(OLD, sections=sections)).prose
    assert passage.section == "一、总体情况"
    assert passage.pieces == (
        Piece("same", "主动公开"), Piece("gone", "8"), Piece("come", "18"), Piece("same", "条。"),
    )  # fmt: skip


def test_noise_in_prose_is_no_difference() -> None:
    sections = [("一", "总体情况", "主动公开8条。\n工作有序。浏览次数：77次"), ("六", "其他", "无。")]
    assert not compare(OLD, replace(OLD, sections=sections))


def test_a_section_that_came_is_told_whole() -> None:
    (passage,) = compare(OLD, replace(OLD, sections=[*OLD.sections, ("七", "附表", "见附件。")])).prose
    assert (passage.section, passage.pieces) == ("七、附表", (Piece("come", "七、附表\n见附件。"),))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("共168件", "共186件", "共[-168-][+186+]件"),
        ("1,234.5万元", "1,243.5万元", "[-1,234.5-][+1,243.5+]万元"),
        ("占79.8%。", "占80%。", "占[-79.8%-][+80%+]。"),
        ("召开会议三次", "组织培训五次", "[-召开会议三-][+组织培训五+]次"),
        ("政府信息公开", "政务信息公开", "政[-府-][+务+]信息公开"),
        ("同", "同", "同"),
        ("", "新增", "[+新增+]"),
    ],
)
def test_words(old: str, new: str, said: str) -> None:
    marks = {"same": "{}", "gone": "[-{}-]", "come": "[+{}+]"}
    assert "".join(marks[piece.op].format(piece.text) for piece in words(old, new)) == said


def test_what_is_put_together_gives_both_texts_again() -> None:
    old, new = "今年共收到申请8件，其中网络5件。" * 40, "去年共收到申请18件，其中信函5件、网络3件。" * 40
    found = words(old, new)
    assert "".join(p.text for p in found if p.op != "come") == old
    assert "".join(p.text for p in found if p.op != "gone") == new


def test_very_long_passages_are_shown_whole_and_at_once() -> None:
    found = words("公" * 5000, "开" * 5000)
    assert [piece.op for piece in found] == ["gone", "come"]
