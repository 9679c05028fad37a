"""From bytes to Reports: read the container, recognise and read the tables, prove them, read the prose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike

from parsers import identities, statements
from parsers.codebook import expected_of, units
from parsers.codebook import forms as known_forms
from parsers.document import Block, Container, Document
from parsers.edges import within
from parsers.forms import Expected, entries, generation_for, using
from parsers.heading.families import TitleKind, classify, report_score
from parsers.heading.headings import Heading, choose
from parsers.proof import misprints
from parsers.proof.misprints import Located
from parsers.readers import html, mhtml, read_documents, reader_of
from parsers.records import Figure, Identity, Proof, Report, State
from parsers.remarks import Remark, RemarkKind
from parsers.second import consult
from parsers.sections import sections_of
from parsers.several import Part, heads_twice, parts_of
from parsers.tables.doubt.unseen import doubtful
from parsers.tables.flat.lines import is_sentence, lines_of
from parsers.tables.glued import resolve
from parsers.tables.lists.blocks import block_heads
from parsers.tables.pipeline import Reading, read_tables
from parsers.words.chars import without_space

REPORT_SCORE = 5
_ANNOUNCED = re.compile(r"附\s*表|统计表")
MOST_REPORTS = 60
_NO_TITLE = re.compile(r"[。；|].|，.*，")
"""What stands in a sentence or in a row of particulars, and in no title."""
OF_THE_FILE = ("column", "attachment", "published")


def parse(
    data: bytes, *, url: str = "", link_title: str = "", forms: str | PathLike[str] | None = None
) -> Report:
    """The report in a file, with the others that the file holds in `others`.

    `url` and `link_title` are evidence for title, body and year only. `forms`: a folder with other forms than
    the packaged ones (forms.csv, codebook.csv; see parsers.forms). A file without a report gives one whose
    `is_report` is false; ParseError is raised for a file that cannot be read, FormsError for forms that
    cannot be.
    """
    with using(forms):
        return _parse(data, url, link_title)


@dataclass(frozen=True, slots=True)
class ReportRead:
    """One report of a file with what it was read from: the whole document, what of it is within the report's
    edges, its lines and tables, and what each stage made of these. A page that is no report has these,
    too."""

    report: Report
    whole: Document
    document: Document
    part: Part
    reading: Reading


def read_reports(
    data: bytes, *, url: str = "", link_title: str = "", forms: str | PathLike[str] | None = None
) -> list[ReportRead]:
    """What `parse` reads, in the same order, with how it was read; see there for the arguments."""
    with using(forms):
        return _read_reports(data, url, link_title)


def _parse(data: bytes, url: str, link_title: str) -> Report:
    first, *others = (read.report for read in _read_reports(data, url, link_title))
    return replace(first, others=tuple(others)) if others else first


def _read_reports(data: bytes, url: str, link_title: str) -> list[ReportRead]:
    wholes = read_documents(data)
    documents = [within(whole) for whole in wholes]
    every = [
        replace(read, whole=whole)
        for whole, document in zip(wholes, documents, strict=True)
        for read in _reports(document, url, link_title)
    ]
    first, *others = [read for read in every if read.report.is_report] or every[:1]
    known = [first.report, *(other.report for other in others)]
    distinct = [other for number, other in enumerate(others, 1) if not _repeats(other.report, known[:number])]
    if distinct:
        return [first, *distinct]
    blocks = [block for document in documents for block in document.blocks]
    return [replace(first, report=_with_second_opinion(first.report, data, blocks))]


def _with_second_opinion(report: Report, data: bytes, blocks: Sequence[Block]) -> Report:
    """For a page of one report: what another reader of the same bytes says where an identity fails."""
    page = _page(data) if not all(identity.holds for identity in report.identities) else None
    if page is None:
        return report
    figures = {figure.code: figure for figure in report.figures}
    return replace(report, findings=tuple(consult(page, blocks, list(report.findings), figures)))


def _page(data: bytes) -> bytes | None:
    """The page in HTML that a file is, or holds; None for other files."""
    reader = reader_of(data)
    return data if reader is html else mhtml.page(data) if reader is mhtml else None


def _repeats(report: Report, earlier: list[Report]) -> bool:
    """The same tables, or words without any, printed again for a telephone or the printer are no other
    report."""
    values = {figure.code: figure.value for figure in report.figures}
    untitled = report.title is None or any(report.title == other.title for other in earlier)
    return untitled and any(
        values == {figure.code: figure.value for figure in other.figures}
        and (bool(values) or report.sections == other.sections)
        for other in earlier
    )


def _reports(document: Document, url: str, link_title: str) -> list[ReportRead]:
    parts = parts_of(lines_of(document), document.titles, document.linked)
    if len(parts) > MOST_REPORTS:
        cut = Remark(RemarkKind.REPORTS_LEFT_OUT, {"reports": len(parts), "most": MOST_REPORTS})
        document, parts = replace(document, remarks=(*document.remarks, cut)), parts[:MOST_REPORTS]
    first, *others = parts
    return [
        _report(_with_remarks(document, first), first, url, link_title),
        *(_one_of_several(document, part, url) for part in others),
    ]


def _one_of_several(document: Document, part: Part, url: str) -> ReportRead:
    """A report below another: the title, the address and the date of the file are not its own."""
    read = _report(_with_remarks(replace(document, titles=(), before=()), part), part, url, "")
    report = read.report
    if report.year_from not in OF_THE_FILE:
        return read
    remarks = (*report.remarks, Remark(RemarkKind.YEAR_OF_FILE))
    return replace(read, report=replace(report, year=None, year_from=None, remarks=remarks))


def _with_remarks(document: Document, part: Part) -> Document:
    return replace(document, remarks=(*document.remarks, *part.remarks)) if part.remarks else document


def _report(document: Document, part: Part, url: str, link_title: str) -> ReportRead:
    lines, segments = part.lines, part.segments
    rows = (line for segment in segments for line in segment.lines if not is_sentence(line))
    taken = set(rows) | block_heads(lines, segments)
    prose = ["" if line in taken else line.text for line in lines]
    text = spoken = "\n".join(filter(None, prose))
    if document.container is Container.TEXT:  # places are those of the file: tables leave blanks
        text = "\n".join(line.text for line in lines)
        spoken = "\n".join(said or " " * len(line.text) for said, line in zip(prose, lines, strict=True))
    begins = tuple(document.linked)
    shown = (*document.before, *prose)
    own = [line for line in shown if not ("报" in line and without_space(line).startswith(begins))]
    heading = choose(document.titles, "\n".join(own), document.meta, url, link_title)
    reading = read_tables(segments, heading.year)
    report = _assemble(heading, reading, prose, text, spoken, document)
    if heads_twice(report.sections):
        report = replace(report, remarks=(*report.remarks, Remark(RemarkKind.HEADS_TWICE)))
    titles = document.titles or _first_title(prose)
    report = report if _is_report(report, titles) else _no_report(heading, document)
    return ReportRead(report, document, document, part, reading)


def _first_title(prose: Sequence[str]) -> list[str]:
    """The first line, where it is one that can be a title: no sentence, no particulars and nothing that
    promises nothing."""
    first = next((line for line in prose if line.strip()), "")
    told = first and not _NO_TITLE.search(first) and classify(first).kind is not TitleKind.OTHER
    return [first] if told else []


def _is_report(report: Report, titles: Sequence[str]) -> bool:
    """Figures make a report; without any, its parts do, or its title with something that it says."""
    if any(figure.value is not None for figure in report.figures):
        return True
    title = report.title or next(iter(titles), "")
    kind = classify(title).kind if title else TitleKind.MAYBE
    if kind in (TitleKind.NEGATIVE, TitleKind.OUT_OF_SCOPE):
        return False
    named = kind is TitleKind.REPORT or (kind in (TitleKind.MAYBE, TitleKind.WRAPPER) and report.year)
    parts = any(section.title for section in report.sections)
    says = parts or report.statements or report.generations
    return bool(named and says) or report_score(report.text) >= REPORT_SCORE


def _no_report(heading: Heading, document: Document) -> Report:
    title = heading.title or (document.titles[0] if document.titles else None)
    return Report(
        title, None, None, None, None, {}, (), (), (), (), (), (),
        (Remark(RemarkKind.NOT_A_REPORT), *document.remarks), is_report=False,
    )  # fmt: skip


def _assemble(
    heading: Heading, reading: Reading, prose: Sequence[str], text: str, spoken: str, document: Document
) -> Report:
    reading.findings += resolve(reading.glued, reading.generations, reading.figures, units())
    checked = identities.check(reading.generations, reading.figures)
    located = misprints.located(checked, reading.generations, reading.figures)
    said = statements.find(spoken, None if heading.year_from in OF_THE_FILE else heading.year)
    findings = [
        *reading.findings,
        *identities.failures(checked, reading.figures),
        *located.findings,
        *identities.in_doubt(checked, reading.figures),
        *doubtful(document.doubts, reading.figures),
        *identities.unproven_on(document.coarse, checked, reading.figures),
        *statements.compare(said, reading.figures, scope=heading.scope),
    ]
    return Report(
        title=heading.title,
        issuer=heading.issuer,
        year=heading.year,
        year_from=heading.year_from,
        scope=heading.scope,
        generations=reading.generations,
        figures=_proven(reading, checked, located),
        identities=checked,
        findings=tuple(findings),
        sections=sections_of(prose),
        statements=said,
        extra_rows=tuple(reading.extra_rows),
        remarks=(
            *document.remarks,
            *heading.remarks,
            *reading.remarks,
            *_missing(reading, heading.year, text),
            *_blank(reading),
        ),
        text=text,
        frame=document.frame,
    )


def _proven(reading: Reading, checked: tuple[Identity, ...], located: Located) -> tuple[Figure, ...]:
    """The figures with what the identities say of them; of most reports they were read with just that."""
    figures = reading.figures
    if identities.all_hold(reading.generations, figures, checked):
        return tuple(figures.values())
    proof, unproven = {**identities.proofs(checked), **located.proofs}.get, Proof.UNPROVEN
    return tuple(
        [
            figure if (said := proof(code, unproven)) is figure.proof else figure._replace(proof=said)
            for code, figure in figures.items()
        ]
    )


def _missing(reading: Reading, year: int | None, text: str) -> list[Remark]:
    """A report without a table that its form has says so: an empty table is never a success. Nothing is
    missing where all that reports of one of its generations must have is there."""
    read = reading.generations
    wanted = [_wanted(generation, text) for generation in _generations(reading, year)]
    missing = [[table for table in tables if table not in read] for tables in wanted]
    said = min(missing, key=len) if read else max(missing, key=len)
    return [Remark(RemarkKind.TABLES_ABSENT, {"tables": said})] if said else []


def _generations(reading: Reading, year: int | None) -> list[str]:
    """The generations of the tables that were read; where none was, those of the year, or the newest."""
    if reading.generations:
        return list(dict.fromkeys(reading.generations.values()))
    in_force = [entry.generation for entry in entries() if year is not None and entry.in_force(year)]
    return list(dict.fromkeys(in_force)) or [generation_for(year)]


def _wanted(generation: str, text: str) -> list[str]:
    """The tables that a report of a generation must have."""
    announced = _ANNOUNCED.search(text) is not None
    return [
        table
        for table, expected in expected_of(generation).items()
        if expected == Expected.ALWAYS or (expected == Expected.ANNOUNCED and announced)
    ]


def _blank(reading: Reading) -> list[Remark]:
    """What is said of tables whose every cell is blank: a form that nobody filled in, or whose figures are
    pictures."""
    blank = [table for table in reading.generations if _is_blank(reading, table)]
    return [Remark(RemarkKind.TABLES_BLANK, {"tables": blank})] if blank else []


def _is_blank(reading: Reading, table: str) -> bool:
    codes = (code for row in known_forms()[table, reading.generations[table]].rows for code in row.codes)
    return all(code in reading.figures and reading.figures[code].state is State.BLANK for code in codes)
