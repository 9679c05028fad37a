"""A report for a person at a terminal: its head, its tables as the form has them, and what there is to say of it."""

from __future__ import annotations

import csv
import io
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from archive.csvs import safe
from archive.publication.book import entries
from nianbao.asking.drawing import draw
from nianbao.front.terminal import WIDTH, say, show_table
from parsers.findings import words
from parsers.forms import using
from parsers.records import Figure, Proof, Report, State
from web.drawing.form import forms

Language = Literal["zh", "en"]
COLUMNS = ("report", "generation", "table", "block", "row_label", "col_label", "code")
"""Of the CSV, before the columns of the figures."""
_OF_A_FIGURE = ("value", "state", "raw", "unit", "proof", "place")
_SINGLE = "(single row)"
_SAID = {
    "untitled": ("（无标题）", "(no title)"),
    "what": ("项目", "what"),
    "read": ("内容", "read"),
    "issuer": ("发布机关", "issuer"),
    "year": ("年份", "year"),
    "scope": ("范围", "scope"),
    "identities": ("勾稽关系", "identities"),
    "hold": ("{} 条中 {} 条成立", "{1} of {0} hold"),
    "sections": ("章节", "sections"),
    "said": ("正文所述数字", "Said in prose"),
    "code": ("代码", "code"),
    "value": ("数值", "value"),
    "unit": ("单位", "unit"),
    "text": ("原文", "text"),
    "extra": ("表样之外的行", "Rows that the form has not"),
    "cells": ("内容", "cells"),
    "label": ("行名", "label"),
    "finding": ("发现", "finding"),
    "warning": ("提示", "warning"),
    "marks": (
        "! 勾稽矛盾  * 另有说明  ? 无法辨认  · 表中无此格",
        "! contradicted by the form's sums  * see the findings  ? illegible  · absent",
    ),
}


def show_report(report: Report, lang: Language = "en", folder: Path | None = None) -> None:
    """A report and the others of its file. `folder`: the forms that it was read with, where these are not the packaged."""
    with using(folder):
        for one in (report, *report.others):
            _show(one, lang)


def _t(key: str, lang: Language) -> str:
    return _SAID[key][lang == "en"]


def _show(report: Report, lang: Language) -> None:
    if not report.is_report:
        say(f"{report.title or _t('untitled', lang)}: {'; '.join(r.words(lang) for r in report.remarks)}")
        return
    _show_head(report, lang)
    _show_tables(report, lang)
    if report.extra_rows:
        extra = [(row.table, row.label, " | ".join(row.cells)) for row in report.extra_rows]
        show_table(_t("extra", lang), ("", _t("label", lang), _t("cells", lang)), extra)
    if report.statements:
        said = [(s.code, s.value, s.unit, s.text) for s in report.statements]
        names = [_t(name, lang) for name in ("code", "value", "unit", "text")]
        show_table(_t("said", lang), names, said)
    for finding in report.findings:
        say(f"{_t('finding', lang)} {finding.kind}: {words(finding.kind, finding.values, lang)}")
    for remark in report.remarks:
        say(f"{_t('warning', lang)}: {remark.words(lang)}")


def _show_head(report: Report, lang: Language) -> None:
    holding = sum(identity.holds for identity in report.identities)
    rows: list[tuple[str, object]] = [
        ("issuer", report.issuer),
        ("year", f"{report.year} ({report.year_from})" if report.year else None),
        ("scope", report.scope),
        ("identities", _t("hold", lang).format(len(report.identities), holding)),
        ("sections", "; ".join(f"{s.number}、{s.title}" for s in report.sections if s.title)),
    ]
    title, names = report.title or _t("untitled", lang), (_t("what", lang), _t("read", lang))
    show_table(title, names, [(_t(name, lang), value) for name, value in rows])


def _show_tables(report: Report, lang: Language) -> None:
    said = {code for finding in report.findings for code in finding.codes}
    figures = {figure.code: _printed(figure, figure.code in said) for figure in report.figures}
    width = shutil.get_terminal_size((WIDTH, 0)).columns if sys.stdout.isatty() else WIDTH
    for form in forms(entries(), report.generations, figures):
        say("")
        say(f"{form.title if lang == 'zh' else form.english} ({form.name}, {form.generation})")
        for line in draw(form.rows, figures, width):
            say(line)
    if report.generations:
        say(_t("marks", lang))


def _printed(figure: Figure, is_said: bool) -> str:
    """What stands in a cell, with its mark."""
    if figure.state is State.ABSENT:
        return "·"
    if figure.state is State.ILLEGIBLE:
        return f"{' '.join(figure.raw.split())[:12]}?"
    text = (
        figure.raw.strip()
        if figure.state is State.DASH
        else ""
        if figure.value is None
        else f"{figure.value}"
    )
    if figure.proof is Proof.CONTRADICTED:
        return f"{text}!"
    return f"{text}*" if is_said else text


def as_csv(report: Report, folder: Path | None = None) -> str:
    """A line for each figure of a report and the others of its file, with the cell that it stands in."""
    sink = io.StringIO()
    with using(folder):
        lines = csv.writer(sink, lineterminator="\n")
        lines.writerow((*COLUMNS, *_OF_A_FIGURE))
        for number, one in enumerate((report, *report.others), 1):
            lines.writerows(
                [safe(cell) if isinstance(cell, str) else cell for cell in row] for row in _rows(one, number)
            )
    return sink.getvalue()


def _rows(report: Report, number: int) -> Iterator[Iterable[object]]:
    book = entries()
    cells = {(cell["code"], cell["generation"]): cell for cell in book}
    any_of = {cell["code"]: cell for cell in book}
    for figure in report.figures:
        generation = report.generations.get(figure.code.partition("_")[0], "")
        cell = cells.get((figure.code, generation), any_of[figure.code])
        labels = ("" if cell["row_label"] == _SINGLE else cell["row_label"], cell["col_label"])
        yield (
            number, cell["generation"], cell["table"], cell["block"], *labels, figure.code,
            figure.value, figure.state.value, figure.raw, figure.unit, figure.proof.value, figure.place,
        )  # fmt: skip
