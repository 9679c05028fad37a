"""What a person sees of a cell is what is read: each way to hide, strike out, raise or move, and what is said of it."""

from __future__ import annotations

import pytest

from parsers.document import Document, Table
from parsers.readers import html
from parsers.remarks import Remark, RemarkKind
from parsers.report import parse
from parsers.visible import Doubt, Look, Run, seen
from parsers.visible.colours import alike, colour

PLACE = "table[1]/tr[1]/td[2]"


def cell(inner: str, head: str = "") -> tuple[str, tuple[Doubt, ...]]:
    """The text of a cell in a page, and what is in doubt about it."""
    (document,) = html.read(
        f"<html><head>{head}</head><body><table><tr><td>规章</td><td>{inner}</td></tr></table></body></html>".encode()
    )
    return text_at(document, PLACE), document.doubts.get(PLACE, ())


def text_at(document: Document, place: str) -> str:
    cells = [one for block in document.blocks if isinstance(block, Table) for one in block.cells]
    return next(one.text for one in cells if one.place == place)


@pytest.mark.parametrize(
    "inner",
    [
        "<s>4219</s>4291", "<del>42</del> 4291", "<strike>9</strike>4291",
        '<span style="text-decoration: underline line-through">9</span>4291',
        '<b style="DISPLAY:NONE">9</b>4291', "<b hidden>9</b>4291", '<b style="visibility:hidden">9</b>4291',
        '<b style="visibility:hidden">9<i style="visibility:visible">42</i></b>91', '<b style="font-size:0px">9</b>4291',
        '<b style="font:0/0 a">9</b>4291', '<b style="opacity:0.01">9</b>4291', '<b style="color:transparent">9</b>4291',
        '<b style="position:absolute;left:-9999px">9</b>4291', '<b style="text-indent:-999em">9</b>4291',
        '<b style="position:absolute;clip:rect(0 0 0 0)">9</b>4291', '<b style="clip-path:inset(50%)">9</b>4291',
        '<b style="width:0;overflow:hidden;display:inline-block">9</b>4291', '<b style="transform:scale(0)">9</b>4291',
        "<details><summary>4291</summary>9</details>", "<ruby>4291<rp>(</rp><rt>9</rt></ruby>", "<dialog>9</dialog>4291",
        "<template>9</template>4291", "<noscript>9</noscript>4291", "<canvas hidden>9</canvas>4291", "<video>9</video>4291",
        '<select><option>9<option selected="">4291</select>', '<input value="4291">', "<button>4291</button>",
        "<textarea>4291</textarea>", "42<!-- 9 -->91", "<title>9</title>4291", '<input type="hidden" value="9">4291',
    ],
)  # fmt: skip
def test_what_a_person_sees_is_read_without_a_doubt(inner: str) -> None:
    assert cell(inner) == ("4291", ())


@pytest.mark.parametrize(
    "rule",
    [
        ".q{display:none}", "td > .q {visibility:hidden}", "b.q:first-child{opacity:0}", "@media screen{.q{display:none}}",
        ".q{display:block}\n.q{display:none}", "#x{display:none}.q{display:inline}", "b{display:none!important}.q{display:inline}",
        "/* .q{} */ td b[class=q]{text-decoration:line-through}", ".p,.q{font-size:0}",
    ],
)  # fmt: skip
def test_the_style_sheets_of_a_page_hide(rule: str) -> None:
    assert cell('<b class="q" id="x">9</b>4291', f"<style>{rule}</style>")[0] == "4291"


@pytest.mark.parametrize(
    "rule", ["@media print{.q{display:none}}", ".q:hover{display:none}", ".r{display:none}", ".q{color:red}"]
)
def test_other_rules_hide_nothing(rule: str) -> None:
    assert cell('<b class="q">4</b>291', f"<style>{rule}</style>") == ("4291", ())


@pytest.mark.parametrize(
    ("inner", "text", "doubt"),
    [
        ("<s>4291</s>", "", Doubt.STRUCK),
        ('<font color="#fefefe">9</font>4291', "4291", Doubt.FAINT),
        ('<font color="white">4291</font>', "4291", Doubt.FAINT),
        ('<b style="color:#123;background:#123">9</b>4291', "4291", Doubt.FAINT),
        ('<img src="4.png" alt="4">291', "4291", Doubt.PICTURE),
        ('<img src="4.png">', "", Doubt.PICTURE),
        ("<svg><text>4291</text></svg>", "4291", Doubt.PICTURE),
        ("<iframe srcdoc=4291></iframe>", "", Doubt.PICTURE),
        ("<input>", "", Doubt.FIELD),
        ('<script>document.write("4291")</script>', "", Doubt.GENERATED),
        ("<bdo dir=rtl>1924</bdo>", "1924", Doubt.ORDER),
        ('<b style="float:right">1</b>429', "1429", Doubt.ORDER),
        ('<b style="position:relative;left:-3em">4</b>291', "4291", Doubt.ORDER),
        ("<label>9</label>4291", "94291", Doubt.APART),
        ('<a href="x.html">4</a>291', "4291", Doubt.APART),
        ("<ol><li>4291</li></ol>", "4291", Doubt.NUMBERED),
        ('<b class="visually-hidden">9</b>4291', "4291", Doubt.CLASS),
    ],
)
def test_what_cannot_be_known_is_in_doubt(inner: str, text: str, doubt: Doubt) -> None:
    assert cell(inner) == (text, (doubt,))


def test_what_rules_write_is_in_doubt() -> None:
    assert cell("<b class=q></b>291", '<style>.q::before{content:"4"}</style>') == (
        "4291",
        (Doubt.GENERATED,),
    )
    assert cell("<b class=q></b>4291", '<style>.q::before{content:"•"}</style>') == ("4291", ())


@pytest.mark.parametrize("style", ["background:#00f", "background-color:rgb(0,0,255)"])
def test_white_on_a_dark_ground_is_seen(style: str) -> None:
    assert cell(f'<b style="{style}"><font color="white">4291</font></b>') == ("4291", ())


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("4291<sup>1</sup>", "4291¹"), ("4291<sub>2</sub>", "4291²"), ('4291<a href="#f1">1</a>', "4291¹"),
        ('4291<span style="vertical-align:super">1</span>', "4291¹"), ("4291<sup>[1]</sup>", "4291[1]"),
        ("<sup>4291</sup>", "4291"), ('<a href="#t">4291</a>', "4291"),
    ],
)  # fmt: skip
def test_the_mark_of_a_note_is_no_digit_of_the_number(inner: str, text: str) -> None:
    assert cell(inner)[0] == text


@pytest.mark.parametrize(
    "row",
    [
        '<tr style="display:none"><td>规章</td><td>9</td></tr>', "<tr hidden><td>规章</td><td>9</td></tr>",
        '<tr style="visibility:collapse"><td>规章</td><td>9</td></tr>',
    ],
)  # fmt: skip
def test_a_row_that_is_hidden_is_no_row(row: str) -> None:
    (document,) = html.read(
        f"<html><body><table>{row}<tr><td>规章</td><td>6</td></tr></table></body></html>".encode()
    )
    (table,) = document.blocks
    assert isinstance(table, Table)
    assert [(one.text, one.row, one.place) for one in table.cells] == [
        ("规章", 0, "table[1]/tr[2]/td[1]"),
        ("6", 0, "table[1]/tr[2]/td[2]"),
    ]


def test_a_page_that_shows_no_table_is_read_with_what_it_hides() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{n}</td><td>{n}</td></tr>" for n in range(40))
    page = "<html><body>{}<p>正文</p></body></html>"
    hidden = f'<div style="display:none"><table>{rows}</table><p>{"说明" * 200}</p></div>'
    (document,) = html.read(page.format(hidden).encode())
    assert document.remarks == (Remark(RemarkKind.ARTICLE_HIDDEN),)
    assert document.doubts["table[1]/tr[1]/td[1]"] == (Doubt.HIDDEN_TABLE,)
    (other,) = html.read(page.format(hidden + f"<table>{rows}</table>").encode())
    assert other.warnings == ()
    assert [block.place for block in other.blocks if isinstance(block, Table)] == ["table[2]"]


def test_a_note_in_prose_is_no_digit_of_its_number() -> None:
    (document,) = html.read("<p>收到申请8<sup>1</sup>件，<s>办结9件，</s>办结7件。</p>".encode())
    assert [block.text for block in document.blocks if not isinstance(block, Table)] == [
        "收到申请8¹件，办结7件。"
    ]


def test_runs() -> None:
    assert seen([Run("4291"), Run("1", Look.RAISED)]).text == "4291¹"
    assert seen([Run("4291", Look.RAISED)]).text == "4291"
    assert seen([Run("9", Look.GONE), Run("7")]).text == "7"
    assert seen([Run("9", Look.APART), Run("7")]) == ("97", (Doubt.APART,))
    assert seen([Run("9", Look.FAINT), Run("7")]) == ("7", (Doubt.FAINT,))


def test_colours() -> None:
    assert colour("#FFF") == colour("white") == colour("rgb(255, 255,255)") == (255, 255, 255)
    assert colour("var(--x)") is None
    assert alike((255, 255, 255), (250, 250, 250))
    assert not alike((255, 255, 255), None)


HEAD = "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
NORMATIVE = "<tr><td>行政规范性文件</td><td>2</td><td>0</td><td>47</td></tr>"


def named(rows: str) -> dict[str, set[str]]:
    """The codes that findings name, by their kind."""
    page = f"<html><body><h1>云水市2023年政府信息公开工作年度报告</h1><table>{rows}</table></body></html>"
    found: dict[str, set[str]] = {}
    for finding in parse(page.encode()).findings:
        found.setdefault(finding.kind, set()).update(finding.codes)
    return found


ISSUED = "t2_regulation_issued"


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("<td>规章</td><td>6%</td><td>3</td><td>62</td>", "unit_differs"),
        ("<td>规章（千件）</td><td>6</td><td>3</td><td>62</td>", "unit_differs"),
        ("<td>规章</td><td>6.5</td><td>3</td><td>62</td>", "reading_in_doubt"),
        ("<td>规章</td><td>6²</td><td>3</td><td>62</td>", "reading_in_doubt"),
        ("<td>规章</td><td></td><td>6</td><td>3</td><td>62</td>", "reading_in_doubt"),
        ('<td>规章</td><td rowspan="2">6</td><td>3</td><td>62</td>', "reading_in_doubt"),
    ],
)
def test_a_figure_that_is_not_what_its_cell_asks_for_is_named(row: str, kind: str) -> None:
    assert ISSUED in named(f"{HEAD}<tr>{row}</tr>{NORMATIVE}").get(kind, set())
    plain = named(f"{HEAD}<tr><td>规章</td><td>6</td><td>3</td><td>62</td></tr>{NORMATIVE}")
    assert ISSUED not in plain.get(kind, set())


@pytest.mark.parametrize(
    ("unit", "names"),
    [
        ("（单位：万元）", False),
        ("（万元）", False),
        ("", True),
        ("（单位：千元）", True),
        ("（单位：万美元）", True),
        ("（单位：元）", True),
    ],
)
def test_an_amount_in_a_unit_that_the_form_has_not_is_named(unit: str, names: bool) -> None:
    rows = (
        f"<tr><td>信息内容</td><td>本年收费金额{unit}</td></tr><tr><td>行政事业性收费</td><td>2126</td></tr>"
    )
    assert ("t2_fee_amount_wan" in named(rows).get("unit_differs", set())) is names
