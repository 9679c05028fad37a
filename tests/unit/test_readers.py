"""HTML, text, PDF and Word: what comes out, and what bad input becomes."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from parsers.document import Container, Document, Paragraph, ParseError, Table
from parsers.readers import html, read_documents
from parsers.report import parse


def page(body: str, head: str = "") -> Document:
    """A made page as the HTML reader gives it."""
    return read_documents(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())[0]


def grids(document: Document) -> list[list[list[str]]]:
    return [[[c.text for c in row] for row in b.rows()] for b in document.blocks if isinstance(b, Table)]


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_spans_and_places() -> None:
    document = page(
        "<table><tr><td rowspan=2>甲</td><td colspan='2'>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    table = next(block for block in document.blocks if isinstance(block, Table))
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan, c.place) for c in table.cells] == [
        ("甲", 0, 0, 2, 1, "table[1]/tr[1]/td[1]"),
        ("乙", 0, 1, 1, 2, "table[1]/tr[1]/td[2]"),
        ("1", 1, 1, 1, 1, "table[1]/tr[2]/td[1]"),
        ("2", 1, 2, 1, 1, "table[1]/tr[2]/td[2]"),
    ]


def test_layout_tables_are_walked_through() -> None:
    inner = "<table><tr><td>规章</td><td>1</td></tr></table>"
    document = page(f"<table><tr><td>导航</td><td><p>一、总体情况</p>{inner}<p>以上</p></td></tr></table>")
    assert grids(document) == [[["规章", "1"]]]
    assert paragraphs(document) == ["导航", "一、总体情况", "以上"]


def test_two_lines_of_digits_are_not_one_number() -> None:
    document = page(
        "<table><tr><td>1<br>2</td><td><p>3</p><p>4</p></td><td><b>5</b><i>6</i></td></tr></table>"
    )
    assert grids(document) == [[["1 2", "3 4", "56"]]]


@pytest.mark.parametrize("cell", ["1</p>2", "1</P>2", "1</br>2"])
def test_an_end_tag_without_a_beginning_parts_digits_as_in_a_browser(cell: str) -> None:
    assert grids(page(f"<table><tr><td>规章</td><td>{cell}</td></tr></table>")) == [[["规章", "1 2"]]]


_STYLED = '<td width="56" style="border:1pt"><p class="MsoNormal" align="center">{}</p></td>'


@pytest.mark.parametrize(
    ("torn", "shown"),
    [
        (_STYLED, "8"),
        (_STYLED.replace('1pt">', "1pt>"), None),  # a browser, too, takes what follows for the value of style
        (_STYLED.replace("<p", "<-p"), '<-p class="MsoNormal" align="center">8'),
        (_STYLED.replace("<p", "&lt;p"), '<p class="MsoNormal" align="center">8'),
        (_STYLED.replace('style="', "style='").replace('1pt"', "1pt'"), "8"),
    ],
)
def test_a_torn_tag_is_read_as_a_browser_reads_it(torn: str, shown: str | None) -> None:
    row = f"<tr>{_STYLED.format('甲')}{torn.format(8)}{_STYLED.format(9)}</tr>"
    source = f"<html><body><table>{row}{row}</table></body></html>".encode()
    texts = [cell for rows in grids(read_documents(source)[0]) for cells in rows for cell in cells]
    assert shown is None or shown in texts


@pytest.mark.parametrize(
    "between",
    ['<script>if (a < b) write("<td>" + c)</script>', "<style>td > p {}</style>", '<!-- <td title="> -->'],
)
def test_a_script_between_tables_tears_no_tag(between: str) -> None:
    table = f"<table><tr>{_STYLED.format('甲')}{_STYLED.format(8)}</tr></table>"
    source = f"<html><body>{table}{between}{table}</body></html>".encode()
    assert grids(read_documents(source)[0]) == [[["甲", "8"]], [["甲", "8"]]]


def test_columns_under_dashes_whose_text_runs_over_the_gap_are_no_columns() -> None:
    rule = "-------------- ------ ------"
    whole, glued = (
        read_documents(f"{rule}\n行政规范性文件 {row}\n{rule}\n".encode())[0] for row in ("3      016", "301")
    )
    assert grids(whole) == [[["行政规范性文件", "3", "016"]]]
    text = read_documents(f"{rule}\n行政规范性文件3016\n{rule}\n".encode())[0]
    assert grids(text) == []
    assert grids(glued) == [[["行政规范性文件", "301", ""]]]


def test_a_title_in_the_midst_of_a_text_is_shown_by_no_browser() -> None:
    (document,) = html.read("<p>行政处罚 12<title>34</title>5</p>".encode())
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["行政处罚 125"]


def test_scripts_and_styles_are_no_text() -> None:
    assert paragraphs(page("<p>甲<script>var a='乙'</script></p><style>丙</style><!-- 丁 -->")) == ["甲"]


def traced(body: str) -> list[tuple[str, list[str], int]]:
    """What each block says, the tags of the boxes it stands in, and how many of its characters are links."""
    document = page(body)
    return [
        (
            block.text if isinstance(block, Paragraph) else "table",
            [document.outline.boxes[box].split()[0] for box in trace.path],
            trace.linked,
        )
        for block, trace in zip(document.blocks, document.outline.traces, strict=True)
    ]


def test_each_block_has_a_trace_of_its_boxes_and_links() -> None:
    table = "<table><tr><td>规章</td><td><a href='/'>1</a></td></tr></table>"
    assert traced(f"<ul class=nav><li><a href='/'>首 页</a>|</ul><div><p>正文</p>{table}</div>尾") == [
        ("首 页|", ["ul", "li"], 2),
        ("正文", ["div", "p"], 0),
        ("table", ["div", "table"], 1),
        ("尾", [], 0),
    ]


def test_what_breaks_a_line() -> None:
    assert paragraphs(page("<pre>甲\n乙</pre>")) == ["甲", "乙"]
    block = "<span style='display : block'>{}</span>"
    assert paragraphs(page(f"{block.format('甲')}{block.format('乙')}<span>丙</span>丁<br>戊")) == [
        "甲",
        "乙",
        "丙丁",
        "戊",
    ]


def test_a_paragraph_in_a_table_of_one_cell_is_a_paragraph() -> None:
    sentence = "全年主动公开政府信息二十一条，没有收到申请。"
    table = f"<table><tr><td><p>{sentence}</p><p>{sentence}</p></td></tr></table>"
    assert traced(table) == [(sentence, ["table", "tbody", "tr", "td", "p"], 0)] * 2


def test_text_hidden_in_a_script_is_read() -> None:
    content = json.dumps("<p>" + "一" * 300 + "</p><table><tr><td>规章</td><td>1</td></tr></table>")
    document = page(f'<script>window._CONFIG = {{DETAIL: {{"content": {content}}}}}</script>')
    assert grids(document) == [[["规章", "1"]]]


def test_page_breaks_of_an_editor_vanish() -> None:
    document = page("<ucapcontent><p>甲#PAGE_BREAK#乙</p><pagebreak></pagebreak></ucapcontent>")
    assert paragraphs(document) == ["甲乙"]


def test_a_page_goes_on_after_its_end_tag() -> None:
    data = b"<html><body><p>1</p></body></html><table><tr><td>2</td><td>3</td></tr></table></body></html>"
    assert grids(read_documents(data)[0]) == [[["2", "3"]]]


def test_meta_and_titles() -> None:
    document = page(
        "<h1>标题二</h1>",
        '<title>标题三</title><meta name="ArticleTitle" content="标题一"><meta NAME="ContentSource" content="某局">',
    )
    assert document.titles == ("标题一", "标题二", "标题三")
    assert document.meta["contentsource"] == ["某局"]


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_encoding_is_told_by_the_bytes(encoding: str, declared: str) -> None:
    text = f"<html><head><meta charset={declared}></head><body><p>政府信息公开𬱖</p></body></html>"
    assert paragraphs(html.read(text.encode(encoding))[0]) == ["政府信息公开𬱖"]


def test_radicals_become_their_characters() -> None:
    assert paragraphs(page("<p>⻔户⾃⺠</p>")) == ["门户自民"]


def test_unclosed_cells() -> None:
    assert grids(page("<table><tr><td>规章<td>1<td>2<tr><td>行政许可<td>3</table>")) == [
        [["规章", "1", "2"], ["行政许可", "3"]]
    ]


@pytest.mark.parametrize("span", ["100000000", "-3", "0", "x", "", "٣", "9" * 400])
def test_absurd_spans_are_bounded(span: str) -> None:
    document = page(f"<table><tr><td colspan='{span}' rowspan='{span}'>1</td><td>2</td></tr></table>")
    assert grids(document) == [[["1", "2"]]]


def test_deep_nesting_is_said() -> None:
    table = "<table><tr><td>规章</td><td>1</td></tr></table>"
    document = page("<div>" * 10_000 + table + "</div>" * 10_000)
    assert grids(document) == [[["规章", "1"]]]
    assert "nested too deep" in document.warnings[0]


def test_a_page_of_fifty_megabytes_is_cut_and_says_so() -> None:
    document = html.read(b"<html><body>" + "<p>一段文字</p>".encode() * 2_500_000)[0]
    assert "only the first" in document.warnings[0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (bytes(range(256)), "not a file of a known kind"),
        (b"%PDF-1.7\ngarbage", "PDF cannot be read"),
        (b"PK\x03\x04broken", "damaged"),
    ],
)
def test_unreadable_files_say_why(data: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        read_documents(data)


def word(*rows: list[str]) -> bytes:
    """A made Word file with one table."""
    document = docx.Document()
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_word_merges_are_spans() -> None:
    table = read_documents(word(["甲", "", "乙"], ["1", "2", "3"]))[0].blocks[0]
    assert isinstance(table, Table)
    assert [(c.text, c.column, c.colspan) for c in table.cells] == [
        ("甲", 0, 2),
        ("乙", 2, 1),
        ("1", 0, 1),
        ("2", 1, 1),
        ("3", 2, 1),
    ]


def test_a_word_bomb_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 90_000_000)
    with pytest.raises(ParseError, match="not opened"):
        read_documents(out.getvalue())


def pdf(pages: int, encrypt: str | None = None) -> bytes:
    """A made PDF with a ruled table on each page."""
    out = io.BytesIO()
    sheet = canvas.Canvas(out, encrypt=encrypt)
    for _ in range(pages):
        sheet.grid([100, 200, 300], [700, 720, 740])
        sheet.drawString(110, 725, "A")
        sheet.drawString(210, 705, "42")
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def test_pdf_tables_with_their_boxes() -> None:
    document = read_documents(pdf(1))[0]
    assert document.container is Container.PDF
    assert grids(document) == [[["A", ""], ["", "42"]]]
    cell = next(block for block in document.blocks if isinstance(block, Table)).cells[3]
    assert cell.place.startswith("page 1 200.0,")


def test_an_encrypted_pdf_is_unreadable() -> None:
    with pytest.raises(ParseError, match="encrypted"):
        read_documents(pdf(1, "secret"))


def test_a_pdf_of_many_pages_is_cut_and_says_so() -> None:
    assert "only the first 200" in read_documents(pdf(230))[0].warnings[0]


def test_a_page_that_is_no_report_says_so() -> None:
    report = parse("<html><body><h1>图书馆开放时间</h1><p>周一闭馆。</p></body></html>".encode())
    assert report.as_json() == {"title": "图书馆开放时间", "figures": [], "warnings": [report.warnings[0]]}
    assert report.warnings[0].startswith("not a report: ")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<table>",
                "</table>",
                "<tr>",
                "<td>",
                "<td colspan=3>",
                "<td rowspan=9>",
                "规章",
                "1",
                "</td>",
                "0.5",
                "<div>",
                "</p>",
                "\0",
            ]
        ),
        max_size=60,
    )
)
def test_any_soup_of_tags_is_read_or_refused(pieces: list[str]) -> None:
    with suppress(ParseError):
        parse(("<html>" + "".join(pieces)).encode())


def test_text_with_tables_of_html() -> None:
    text = (
        "# 云水市水利局2023年政府信息公开工作年度报告\n\n二、主动公开政府信息情况\n\n"
        "<table><tr><td>信息内容</td><td>本年处理决定数量</td></tr>\n<tr><td>行政许可</td><td>7</td></tr></table>\n\n"
        "| 信息内容 | 本年收费金额 |\n|---|---|\n| 行政事业性收费 | 3 |\n"
    )
    document = read_documents(text.encode())[0]
    assert document.container is Container.TEXT
    assert grids(document) == [[["信息内容", "本年处理决定数量"], ["行政许可", "7"]]]
    assert "| 行政事业性收费 | 3 |" in paragraphs(document)
    read = {figure.code: figure for figure in parse(text.encode()).figures}
    assert (read["t2_licensing_decisions"].value, read["t2_licensing_decisions"].place) == (7, "line 6")


def test_lines_within_a_wrapper_are_lines() -> None:
    text = '<div id="zoom">\n\n一、总体情况\n\n| 信息内容 | 本年处理决定数量 |\n|---|---|\n| 行政许可 | 7 |\n\n</div>\n'
    document = read_documents(text.encode())[0]
    assert (document.container, grids(document)) == (Container.TEXT, [])
    assert "| 行政许可 | 7 |" in paragraphs(document)


def test_a_table_that_never_ends_is_left_among_the_lines() -> None:
    document = read_documents(("说明 <table " * 20_000).encode())[0]
    assert grids(document) == []


def test_prose_and_numbers_with_commas_are_no_fields() -> None:
    row = '行政规范性文件,"1,204",0,3'
    table = read_documents(f"信息内容,制发,废止,有效\n规章,1,2,3\n{row}\n行政许可,5,,\n".encode())[0]
    assert grids(table)[0][2:] == [["行政规范性文件", "1,204", "0", "3"], ["行政许可", "5", "", ""]]
    lines = ["收到1,234件,办结3件", "现场接待人数 1,204", "1,234", "2021年,公开9条", 'a"规章,1\n2",3']
    for line in lines:
        assert grids(read_documents("\n".join([line] * 4).encode())[0]) == []


def test_a_number_broken_over_lines_of_fields_stays_in_two() -> None:
    lines = "网上咨询数,3,8,次\n咨询电话接听数,4,9,次\n现场接待人数,5,1\n6,次\n行政复议数,6,2,次\n行政诉讼数,7,3\n\n4,次"
    table = read_documents(lines.encode())[0]
    assert [row[2] for row in grids(table)[0]] == ["8", "9", "1\n6", "2", "3\n4"]


def test_fields_that_begin_with_rests_of_numbers_are_no_table() -> None:
    lines = "当面申请数,件,1\n3,传真申请数,件,7\n5,网上申请数,件,1\n7,信函申请数,件,4\n9,其他申请数,件,8"
    assert grids(read_documents(lines.encode())[0]) == []


def test_markdown_with_boxes_and_tables_of_html_is_text() -> None:
    """As pandoc writes it; its lines stay lines though the cells hold paragraphs."""
    table = "<table><tr><td><p>类别</p></td><td><p>数量</p></td></tr><tr><td><p>许可</p></td><td>3</td></tr></table>"
    lines = [
        "**云水县2022年政府信息公开工作年度报告**",
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、其他情况",
    ]
    text = '<div class="main">\n\n' + "\n\n".join(lines) + f"\n\n</div>\n\n{table}\n"
    (document,) = read_documents(text.encode())
    assert document.container is Container.TEXT
    said = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert [line for line in lines if line not in said] == []


def test_a_box_whose_words_hold_what_takes_no_place() -> None:
    text = (
        "+------+----+\n| 行\u2060政 | 3  |\n| 处\u200b罚 |    |\n+------+----+\n| 强制 | 1  |\n+------+----+"
    )
    (document,) = read_documents(text.encode())
    tables = [block for block in document.blocks if isinstance(block, Table)]
    assert [[cell.text for cell in table.cells] for table in tables] == [["行政处罚", "3", "强制", "1"]]


def test_a_box_drawn_by_a_tool_that_counts_characters() -> None:
    rows = [("行政处罚", "3"), ("强制", "1"), ("行政事业性收费", "20")]
    printed = [f"| {label:<8} | {figure:<3} |" for label, figure in rows]
    text = "\n".join(
        ["+----------------+", f"\n|{'-' * 10}+{'-' * 5}|\n".join(printed), "+----------------+"]
    )
    (document,) = read_documents(text.encode())
    assert grids(document) == [[list(row) for row in rows]]
