"""Word: what editors wrap around a table, and pictures that stand in its place."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from parsers.document import Block, Paragraph, ParseError
from parsers.readers import ocr, read_documents
from parsers.visible import Doubt

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def paragraph(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def cell(text: str) -> str:
    return f"<w:tc>{paragraph(run(text))}</w:tc>"


def row(*texts: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(map(cell, texts))}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def control(inside: str) -> str:
    return f"<w:sdt><w:sdtContent>{inside}</w:sdtContent></w:sdt>"


def word(*parts: str) -> bytes:
    """A Word file whose body is these elements."""
    document = docx.Document()
    for part in parts:
        head, rest = part.split(">", 1)
        document.element.body.insert(-1, parse_xml(f"{head} {SPACES}>{rest}"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def read(data: bytes) -> list[list[list[str]] | str]:
    (document,) = read_documents(data)
    return [shown(block) for block in document.blocks]


def shown(block: Block) -> list[list[str]] | str:
    if isinstance(block, Paragraph):
        return block.text
    return [[cell.text for cell in cells] for cells in block.rows()]


def test_rows_and_cells_in_content_controls() -> None:
    inner = f"<w:tr>{control(cell('规章'))}{cell('1')}</w:tr>"
    data = word(control(table(row("信息内容", "数"), control(inner))))
    assert read(data) == [[["信息内容", "数"], ["规章", "1"]]]


def test_tracked_changes_are_read_as_accepted() -> None:
    deleted = "<w:del><w:r><w:delText>2</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('3')}</w:moveFrom>"
    changed = f"<w:tc>{paragraph(deleted + moved + '<w:ins>' + run('4') + '</w:ins>')}</w:tc>"
    gone = row("规章", "9", properties="<w:del/>")
    assert read(word(table(f"<w:tr>{cell('规章')}{changed}</w:tr>", gone))) == [[["规章", "4"]]]


def test_hidden_text_and_instructions_of_fields_are_no_text() -> None:
    field = "<w:r><w:instrText>SUM(ABOVE)</w:instrText></w:r>"
    hidden = run("7", "<w:vanish/>")
    assert read(word(paragraph(field + hidden + run("8", '<w:vanish w:val="0"/>')))) == ["8"]


def test_a_table_with_tables_in_it_only_arranges_the_page() -> None:
    outer = f"<w:tbl><w:tr><w:tc>{paragraph(run('上'))}{table(row('规章', '1'))}<w:p/></w:tc></w:tr></w:tbl>"
    assert read(word(outer, table(row("行政许可", "2")))) == ["上", [["规章", "1"]], [["行政许可", "2"]]]


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph(run('框'))}{table(row('规章', '1'))}</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{box}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert read(word(paragraph(run("段") + both))) == ["段", "框", [["规章", "1"]]]


def with_picture() -> bytes:
    from PIL import Image

    picture, out = io.BytesIO(), io.BytesIO()
    Image.new("L", (600, 800), 255).save(picture, "PNG")
    document = docx.Document()
    document.add_paragraph("前")
    document.add_picture(picture)
    document.add_paragraph("后")
    document.save(out)
    return out.getvalue()


def test_pictures_in_place_of_tables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "read_page", lambda frame, page: [Paragraph(f"{frame.size} {page}")])
    (document,) = read_documents(with_picture())
    assert [shown(block) for block in document.blocks] == ["前", "(600, 800) 1", "后"]
    assert "read by OCR" in document.warnings[0]


def test_pictures_that_cannot_be_read_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise ParseError(ocr.MISSING)

    monkeypatch.setattr(ocr, "read_page", missing)
    (document,) = read_documents(with_picture())
    assert "needs the extra: pip install 'nianbao[ocr]'" in document.warnings[0]


@pytest.mark.parametrize("size", [0, 100, 1000])
def test_a_file_cut_short_is_one_clear_line(size: int) -> None:
    data = word(table(row("规章", "1")))
    with pytest.raises(ParseError, match="damaged"):
        read_documents(data[: len(data) - 30 - size])


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "'
        + "x" * 10_000
        + '">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 100}">' for a, b in zip("abcde", "bcdef", strict=True)),
        '<!ENTITY f SYSTEM "file:///etc/passwd">',
    ],
    ids=["laughs", "external"],
)
def test_entities_are_not_followed(entities: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(paragraph(run("一"))))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace("一".encode(), b"&f;").replace(
                    b"<w:document", f"<!DOCTYPE w:document [{entities}]><w:document".encode(), 1
                )
            new.writestr(name, content)
    said = ""
    with suppress(ParseError):
        said = "".join(map(str, read(out.getvalue())))
    assert said == ""


def test_many_small_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<x/>")
        for number in range(220):
            package.writestr(f"word/{number}.xml", bytes(990_000))
    with pytest.raises(ParseError, match="not opened"):
        read_documents(out.getvalue())


def test_a_number_above_three_digits_is_not_one_number() -> None:
    word = docx.Document()
    cell = word.add_table(1, 2).rows[0].cells[0]
    cell.text = "6"
    cell.add_paragraph("123")
    out = io.BytesIO()
    word.save(out)
    ((table,),) = [document.blocks for document in read_documents(out.getvalue())]
    assert [cell.text for cell in table.cells] == ["6\n123", ""]


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (run("4219", "<w:strike/>") + run("4291"), "4291"),
        (run("4219", '<w:strike w:val="0"/>') + run("4291"), "42194291"),
        (run("9", "<w:dstrike/>") + run("4291"), "4291"),
        (run("9", "<w:vanish/>") + run("4291"), "4291"),
        (run("4291") + run("1", '<w:vertAlign w:val="superscript"/>'), "4291¹"),
        (run("4291", '<w:vertAlign w:val="superscript"/>'), "4291"),
        (run("9", '<w:color w:val="FFFFFF"/>') + run("4291"), "4291"),
        (run("42") + run("91", "<w:b/>"), "4291"),
        (run("9", '<w:rStyle w:val="Struck"/>') + run("4291"), "4291"),
    ],
)
def test_what_a_person_sees_of_a_cell_is_read(runs: str, text: str) -> None:
    document = docx.Document()
    style = document.styles.add_style("Struck", WD_STYLE_TYPE.CHARACTER)
    style.font.strike = True
    cells = f"<w:tc>{paragraph(run('规章'))}</w:tc><w:tc>{paragraph(runs)}</w:tc>"
    document.element.body.insert(-1, parse_xml(f"<w:tbl {SPACES}><w:tr>{cells}</w:tr></w:tbl>"))
    out = io.BytesIO()
    document.save(out)
    assert read(out.getvalue()) == [[["规章", text]]]


def test_what_cannot_be_known_of_a_cell_is_in_doubt() -> None:
    struck = f"<w:tc>{paragraph(run('4291', '<w:strike/>'))}</w:tc>"
    (document,) = read_documents(word(table(f"<w:tr>{cell('规章')}{struck}</w:tr>")))
    assert document.doubts == {"table 1 row 1 cell 2": (Doubt.STRUCK,)}
