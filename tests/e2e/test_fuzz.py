"""Some damaged documents; `python -m benchmarks fuzz --seconds 600` goes on for longer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import fuzz
from benchmarks.damaged import case
from benchmarks.hostile_files import zipped
from benchmarks.printed import in_source
from parsers.document import Container, Document
from parsers.records import Figure, Proof, State
from parsers.report import parse
from parsers.tables.glued import splits
from tests.corpus.documents import plain

PAGE = plain("html", "G2021", 1).data.decode()


def test_damaged_documents_break_no_rule(tmp_path: Path) -> None:
    tally = fuzz.Tally()
    for number in range(140):  # so many, not so long: the same cases on every machine
        fuzz.check(1, number, tally, tmp_path)
    assert not tally.failures
    assert tally.cases.total() == 140


def test_digits_run_together_in_a_block_of_another_generation_are_its_own(tmp_path: Path) -> None:
    tally = fuzz.Tally()
    fuzz.check(3, 405, tally, tmp_path)  # 规章000 under the head of 2021, in a table of 2019
    assert not tally.failures


@pytest.mark.parametrize("damage", [b"\xfe", b"\xe5\xe5", b"\xcf\xff"])
def test_a_damaged_page_that_holds_a_script_is_read_for_what_is_left(damage: bytes) -> None:
    page = PAGE.replace("<body>", '<body><script>var a = {"content":"&lt;p&gt;"}</script>').encode()
    at = page.index("总计".encode())
    report = parse(page[:at] + damage + page[at:])
    assert "some characters could not be decoded" in report.warnings
    assert sum(figure.state is State.NUMBER for figure in report.figures) > 100
    hidden = b'<html><body><script>{"content":"' + damage + b'<p>\\u653f"}</script><p>x</p></body></html>'
    assert parse(hidden).warnings


@pytest.mark.parametrize(
    ("page", "said", "unsaid"),
    [
        ("<td>19</td\ufffd<td>3</td>", ["193"], ["19", "3"]),  # the end tag has an odd name and ends nothing
        ("<table><tr><td>1</td><td>2</td></tr></table>", ["1", "2"], ["12"]),
        ("<td>1</td><td>2</td>", ["1", "2"], []),  # without a table no browser shows the border
        ("<p>规章 1 20 3</p>", ["1", "20", "3"], ["2", "0", "120", "203"]),
        ("<p>1891.9068</p>", ["1891.9068"], ["1891", "9068"]),
        ("<p>000 2.其他 0002.其他</p>", ["000"], ["00"]),
        ("<p>1<b>2</b></p><p>3</p>4</p>5", ["12", "3", "4"], ["34", "45"]),
        ("<script>var a = 7</script><!-- 8 --><p>9</p>", ["9"], ["7", "8"]),
        (r'<script>a = {"content":"\u003cp>7<\/p>\u003cp>8<\/p>"}</script>', ["7", "8"], ["78"]),
    ],
)
def test_what_a_page_prints_is_told_cell_by_cell(page: str, said: list[str], unsaid: list[str]) -> None:
    printed = in_source([Document(Container.HTML, ())], f"<html><body>{page}".encode())
    assert printed
    assert [raw for raw in said + unsaid if printed.holds(raw)] == said


def open_document(kind: str, body: str) -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table")
    )
    inside = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    content = f"<office:document-content {spaces}>{inside}</office:document-content>"
    return zipped({"content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})


@pytest.mark.parametrize(
    ("kind", "cell", "said", "unsaid"),
    [
        ("text", "<text:p>1<text:s/>2</text:p><text:p>34</text:p>", ["1", "2", "34"], ["12", "3", "234"]),
        ("text", "<text:p>1<text:span>2</text:span></text:p>", ["12"], ["1", "2"]),
        ("text", "<text:p>1<text:line-break/>2<text:tab/>3</text:p>", ["1", "2", "3"], ["12", "23"]),
    ],
)  # fmt: skip
def test_what_an_open_document_prints_is_told_cell_by_cell(
    kind: str, cell: str, said: list[str], unsaid: list[str]
) -> None:
    table = f"<table:table><table:table-row><table:table-cell>{cell}</table:table-cell></table:table-row></table:table>"
    printed = in_source([Document(Container.ODT, ())], open_document(kind, table))
    assert printed
    assert [raw for raw in said + unsaid if printed.holds(raw)] == said


@pytest.mark.parametrize(("value", "said"), [("1e3", "1000"), ("12.50", "12.5"), ("1_0", ""), ("nan", "")])
def test_a_value_is_told_by_what_the_format_calls_a_number(value: str, said: str) -> None:
    cell = f'<table:table><table:table-row><table:table-cell office:value="{value}"/></table:table-row></table:table>'
    printed = in_source([Document(Container.ODS, ())], open_document("spreadsheet", cell))
    assert printed
    assert printed.cells - {""} == {said} - {""}


def test_a_case_is_made_again_from_its_seed() -> None:
    assert [case(7, number) for number in range(8)] == [case(7, number) for number in range(8)]


@pytest.mark.parametrize("broken", ["raw", "value", "proof", "twice"])
def test_a_report_that_says_what_is_not_printed_is_found(broken: str) -> None:
    data = PAGE.encode()
    report = parse(data)
    number, figure = next(pair for pair in enumerate(report.figures) if pair[1].proof is Proof.UNPROVEN)
    changed: dict[str, Figure] = {
        "raw": figure._replace(raw="98765", value=98765),
        "value": figure._replace(value=7654),
        "proof": figure._replace(proof=Proof.PROVEN),
        "twice": figure,
    }
    figures = list(report.figures)
    figures[number : number + 1] = [changed[broken]] * (2 if broken == "twice" else 1)
    assert not list(fuzz.broken_rules(report, data))
    assert list(fuzz.broken_rules(replace(report, figures=tuple(figures)), data))


@pytest.mark.parametrize("span", ["²", "①", "٣", "9" * 40, "-1", "1.5"])
def test_an_odd_span_is_no_error(span: str) -> None:
    assert parse(PAGE.replace("<td>", f'<td colspan="{span}">', 30).encode()).is_report


def test_a_table_after_a_list_of_indicators_is_read_by_the_form_of_its_time() -> None:
    """A list's generation has no tables 2, 3 and 4, so it says nothing of theirs."""
    older, newer = (plain("text", generation, 1).data.decode() for generation in ("G2014S", "G2021"))
    report = parse((older + newer[newer.index("行政复议\t") :]).encode())
    assert report.generations == {"s14": "G2014S", "t4": "G2019"}
    assert any(figure.code.startswith("t4_") and figure.state is State.NUMBER for figure in report.figures)


@pytest.mark.parametrize("cell", ["6<br>123", "<p>6</p><p>123</p>", "6 <br> <br>123"])
def test_two_numbers_one_above_another_are_not_one_of_thousands(cell: str) -> None:
    page, replaced = re.subn(
        r"(<td>行政规范性文件</td>\s*)<td>\d+</td>", rf"\1<td>{cell}</td>", PAGE, count=1
    )
    assert replaced
    report = parse(page.encode())
    assert not any(figure.value == 6123 for figure in report.figures)
    assert report.findings


def test_two_numbers_with_a_break_between_them_are_not_one_in_a_text() -> None:
    text, replaced = re.subn(
        r"(行政规范性文件\t)\d+\t", r"\g<1>6<br>1\t", plain("text", "G2021", 1).data.decode(), count=1
    )
    assert replaced
    assert not any(figure.value == 61 and "issued" in figure.code for figure in parse(text.encode()).figures)


def test_digits_that_no_split_fits_are_given_up_at_once() -> None:
    """Thirty nines before zeros can begin in a billion ways, and none of them ends."""
    assert splits("9" * 30 + "0" * 30, 15) == []
    assert splits("0120", 2) == [(0, 120)]
    assert splits("1203", 3) == [(1, 20, 3), (12, 0, 3)]


@pytest.mark.parametrize("digits", ["①②③", "０１２", "²²²"])
def test_digits_run_together_may_be_of_any_kind(digits: str) -> None:
    before, cells, after = re.split("(?<=<td>规章</td>)(.*?)(?=</tr>)", PAGE, maxsplit=1)
    data = f"{before}<td>{digits}</td>{after}".encode()
    assert cells
    assert not list(fuzz.broken_rules(parse(data), data))
