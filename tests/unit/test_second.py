"""The second reader: what it says where an identity fails."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from parsers.readers import read_documents
from parsers.report import parse
from parsers.second import consult
from tests.corpus import documents as corpus

MISPRINT = "reads the same cells: the source itself is wrong"
PAGE = corpus.plain("html", "G2021", 1).data


def misprinted(cell: bytes = b"77777") -> bytes:
    """The page with one figure of table 3 printed otherwise."""
    figure = next(one for one in parse(PAGE).figures if one.code == "t3_result_total__total")
    before, found, after = PAGE.rpartition(f">{figure.raw}<".encode())
    assert found
    return before + b">" + cell + b"<" + after


def as_mhtml(page: bytes) -> bytes:
    message = EmailMessage()
    message["Subject"] = "saved"
    message.set_content(page.decode(), subtype="html", cte="base64")
    return message.as_bytes().replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "cell",
    [
        b"77777",
        b"<s>1</s>77777",
        b"<i style='display:none'>1</i>77777",
        b"77777<sup>1</sup>",
        b"77 <b>777</b>",
        b"7<br>7",
    ],
)
def test_a_misprint_is_read_alike_by_both_also_in_a_saved_page(cell: bytes) -> None:
    page = misprinted(cell)
    said = [finding.message for finding in parse(page).findings if finding.kind == "identity_fails"]
    assert all(message.endswith(MISPRINT) for message in said)
    assert said or cell.startswith(b"7<br")
    assert [one.message for one in parse(as_mhtml(page)).findings if one.kind == "identity_fails"] == said


def test_what_two_parsers_read_otherwise_is_not_sure() -> None:
    page = misprinted()
    report = parse(page)
    findings = [replace(one, values={**one.values, "case": ""}) for one in report.findings]
    figures = {figure.code: figure for figure in report.figures}
    other = page.replace(b">77777<", b">77778<")
    told = consult(other, read_documents(page)[0].blocks, findings, figures)
    code = "t3_result_total__total"
    (differing,) = {
        str(one.values["differing"]) for one in told if code in one.codes and one.kind == "identity_fails"
    }
    assert differing == str([{"code": code, "raw": "77778"}])


def test_style_sheets_hide_from_both() -> None:
    page = misprinted(b"<i class=q>1</i>77777").replace(
        b"</head>", b"<style>td i.q{display:none}</style></head>"
    )
    said = [finding.message for finding in parse(page).findings if finding.kind == "identity_fails"]
    assert said
    assert all(message.endswith(MISPRINT) for message in said)
