"""The second reader: what it says where an identity fails, and where tags of a page are torn."""

from __future__ import annotations

from email.message import EmailMessage

from parsers.readers import html
from parsers.records import Figure
from parsers.report import parse
from parsers.second import consult
from sample import corpus

PAGE = corpus.plain("html", "G2021", 1).data


def misprinted() -> bytes:
    """The page with one figure of table 3 printed as 77777."""
    figure = next(one for one in parse(PAGE).figures if one.code == "t3_result_total__total")
    before, found, after = PAGE.rpartition(f">{figure.raw}<".encode())
    assert found
    return before + b">77777<" + after


def as_mhtml(page: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "saved"
    message.set_content(page.decode(), subtype="html", cte="base64")
    return message.as_bytes().replace(b"\n", b"\r\n")


def test_a_misprint_is_read_alike_by_both_also_in_a_saved_page() -> None:
    page = misprinted()
    said = [finding.message for finding in parse(page).findings if finding.kind == "identity_fails"]
    assert said
    assert all(message.endswith("reads the same cells: the source itself is wrong") for message in said)
    assert [one.message for one in parse(as_mhtml(page)).findings if one.kind == "identity_fails"] == said


def test_where_tags_are_torn_what_is_read_otherwise_is_in_doubt() -> None:
    figures = {figure.code: figure for figure in parse(PAGE).figures}
    assert consult(PAGE, [], figures, torn=True) == []
    code, figure = next((code, figure) for code, figure in figures.items() if figure.value)
    mistaken = {**figures, code: Figure(code, 77777, figure.state, "77777", *figure[4:])}
    assert consult(PAGE, [], mistaken) == []
    (doubt,) = consult(PAGE, [], mistaken, torn=True)
    assert (doubt.kind, doubt.codes) == ("reading_in_doubt", (code,))
    assert doubt.values == {"case": "torn", "differing": [{"code": code, "raw": figure.raw}]}


def test_a_torn_tag_that_changes_no_cell_leaves_no_doubt() -> None:
    torn = PAGE.replace(b"</table>", "</table><p>其中<3件</p>".encode(), 1)
    assert html.plain(torn)[1]
    assert parse(torn).figures == parse(PAGE).figures
    assert parse(torn).findings == parse(PAGE).findings
