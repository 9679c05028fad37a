"""The warnings of the parser are data: every kind has its words in both languages, and nothing else says them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from archive.rows.records import pack, unpack
from parsers.remarks import Remark, RemarkKind, templates, types_of
from parsers.report import parse

PARSERS = Path(__file__).parents[2] / "parsers"
MADE = {str: "word_file", int: 7, list: [{"block": "甲", "generation": "G2021"}]}


def test_every_kind_has_a_row_and_nothing_else_has() -> None:
    assert {kind for kind, _case in templates()} - {"word"} == {kind.value for kind in RemarkKind}


@pytest.mark.parametrize("kind", RemarkKind)
def test_a_template_fills_with_the_values_of_its_kind_in_both_languages(kind: RemarkKind) -> None:
    remark = Remark(kind, {name: MADE[of] for name, of in types_of(kind).items()})
    row = templates()[kind, ""]
    for language in ("zh", "en"):
        named = {name for _text, name, _how, _ in Formatter().parse(row[language]) if name}
        assert named == types_of(kind).keys()
        assert remark.words(language)
    assert remark.message == remark.words("en")
    assert remark.message_zh == remark.words("zh")
    assert Remark.from_json(json.loads(json.dumps(remark.as_json()))) == remark


@pytest.mark.parametrize("values", [{}, {"sheet": 1}, {"sheet": "S2", "more": "x"}])
def test_other_values_than_those_of_the_kind_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="sheet_hidden has the values"):
        Remark(RemarkKind.SHEET_HIDDEN, values)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "sheet_hidden", "values": ["S2"]},
        {"kind": "no_such_kind", "values": {}},
        {"kind": "pictures_left_out", "values": {"file": "no_such_word", "most": 1}},
        {"kind": "generations_mixed", "values": {"table": "t2", "generation": "G2021", "blocks": [1]}},
    ],
)
def test_a_record_that_can_be_put_into_no_words_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Remark.from_json(fields)


def test_the_words() -> None:
    blocks = [{"block": "甲", "generation": "G2019"}, {"block": "乙", "generation": "G2017"}]
    mixed = Remark(RemarkKind.GENERATIONS_MIXED, {"table": "t2", "generation": "G2021", "blocks": blocks})
    assert mixed.message == "t2 is printed as in G2021, but 甲 as in G2019, 乙 as in G2017"
    pictures = Remark(RemarkKind.PICTURES_LEFT_OUT, {"file": "word_file", "most": 20})
    assert pictures.message == "only the first 20 pictures of the Word file were read"
    assert pictures.message_zh == "Word 文件的图片只读取前 20 张"


def test_a_report_gives_its_warnings_in_english_and_as_data() -> None:
    report = parse("云水市水利局2023年政府信息公开工作年度报告\n2023年收到政府信息公开申请9件。\n".encode())
    found = report.as_json()
    assert found["warnings"] == ["no table was found for t2, t3, t4"]
    assert found["warnings_data"] == [
        {
            "kind": "tables_absent",
            "values": {"tables": ["t2", "t3", "t4"]},
            "message_zh": "未找到表格：t2、t3、t4",
        }
    ]
    assert unpack(pack(report)) == report


def test_no_warning_is_made_of_words() -> None:
    """What goes into `remarks`, and what holds them, is made of kinds: no string stands there."""
    for path in PARSERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for value in _remarked(node):
                assert not _is_text(value), f"{path} line {value.lineno}"


def test_the_look_for_words_finds_them() -> None:
    bare = "remarks.append('x')\nremarks += [f'{x}']\nDocument(1, remarks=('x',))\nremarks = ['x']"
    found = [value for node in ast.walk(ast.parse(bare)) for value in _remarked(node) if _is_text(value)]
    assert len(found) == 4


def _remarked(node: ast.AST) -> Iterator[ast.expr]:
    """What a piece of code puts among the remarks."""
    if isinstance(node, ast.Call):
        yield from (one.value for one in node.keywords if one.arg in ("remarks", "warnings"))
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in ("append", "extend"):
            yield from node.args if _is_named(function.value) else ()
    if isinstance(node, ast.Assign) and any(map(_is_named, node.targets)):
        yield node.value
    if isinstance(node, (ast.AugAssign, ast.AnnAssign)) and node.value and _is_named(node.target):
        yield node.value


def _is_named(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in ("remarks", "warnings")


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, (ast.Tuple, ast.List)):
        return any(map(_is_text, node.elts))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
