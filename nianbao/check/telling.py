"""What `nianbao check` says, as lines of text and as one HTML page, in Chinese or English."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from nianbao.check import Cell, Checked, Misprint, Problem
from parsers.findings import templates, words
from web.saying.speech import Speech

MOST_CELLS = 4
"""So many cells of a problem are named."""
PHRASES = {
    "title": ("发布前检查", "Check before publication"),
    "none": ("没有发现问题。", "Nothing was found to be mended."),
    "no_report": ("未读到年度报告：{why}", "no report was read: {why}"),
    "untitled": ("（无标题）", "(no title)"),
    "counts": (
        "错误 {error}，疑问 {warning}，提示 {note}；勾稽关系 {checked} 条，成立 {hold} 条",
        "{error} errors, {warning} warnings, {note} notes; {hold} of {checked} identities hold",
    ),
    "reading": ("读取提示", "of the reading"),
    "sums": ("两边之和：{left} ≠ {right}", "both sums: {left} ≠ {right}"),
    "cells": ("单元格：{cells}", "cells: {cells}"),
    "more": ("等 {number} 格", "and others, {number} in all"),
    "likely": ("很可能印错：{misprints}", "likely misprint: {misprints}"),
    "misprint": ("{label} 印作 {raw}，应为 {suggested}（{slip}）", "{label} is printed as {raw}, would have to be {suggested} ({slip})"),
    "blank": ("空白", "blank"),
    "one_of": ("其中一格有误：{cells}", "one of these is wrong: {cells}"),
    "place": ("位置：{place}", "place: {place}"),
    "law": ("依据：{law}", "rests on: {law}"),
}  # fmt: skip


def phrase(t: Speech, key: str, **values: object) -> str:
    """A phrase of this module in the language of `t`."""
    return t.of(PHRASES[key]).format(**values)


def lines(found: Checked, t: Speech) -> Iterator[str]:
    """What is said of one report."""
    yield f"{found.file}: {found.report.title or phrase(t, 'untitled')}"
    if not found.report.is_report:
        yield phrase(t, "no_report", why="; ".join(remark.words(t.lang) for remark in found.report.remarks))
        return
    yield counts(found, t)
    for number, problem in enumerate(found.problems, 1):
        yield ""
        yield f"{number}. {head(problem, t)}"
        yield from (f"   {line}" for line in body(problem, t))
    if not found.problems:
        yield phrase(t, "none")


def counts(found: Checked, t: Speech) -> str:
    """How many problems there are, and how many identities hold."""
    return phrase(t, "counts", **found.counts, **found.identities)


def head(problem: Problem, t: Speech) -> str:
    """Severity, number and formula of the rule; the kind of the finding where it is of our reading."""
    grave = t.member("SEVERITIES", problem.severity.value)
    if problem.rule is None:
        return f"{grave} {phrase(t, 'reading')} {t.kind(problem.finding.kind.value)}"
    return f"{grave} {problem.rule.id} {t.of((problem.rule.zh, problem.rule.en))}"


def body(problem: Problem, t: Speech) -> Iterator[str]:
    """Both sums, the cells, the likely misprint, the place and the law of a problem, each a line."""
    if problem.left is not None and problem.right is not None:
        yield phrase(t, "sums", left=_sum(problem.left), right=_sum(problem.right))
    else:
        yield words(problem.finding.kind, problem.finding.values, t.lang)
    if problem.cells:
        yield phrase(t, "cells", cells=_cells(problem.cells, t))
    if problem.misprints:
        yield phrase(t, "likely", misprints=_join(t, [_misprint(each, t) for each in problem.misprints]))
    elif problem.one_of:
        yield phrase(t, "one_of", cells=_cells(problem.one_of, t))
    wrong = [each.cell for each in problem.misprints] or [*problem.one_of, *problem.cells]
    if place := next((cell.place for cell in wrong if cell.place), ""):
        yield phrase(t, "place", place=place)
    if problem.rule and problem.rule.law:
        yield phrase(t, "law", law=f"{problem.rule.law} {problem.rule.article}".strip())


def _sum(side: Mapping[str, Any]) -> str:
    """The terms of one side and what they come to: `2 + 1 = 3`."""
    terms, total = side["terms"], side["total"]
    return f"{' + '.join(map(str, terms))} = {total}" if len(terms) > 1 else str(total)


def _cells(cells: Sequence[Cell], t: Speech) -> str:
    """Cells with what is printed in them; of many those that print something else than 0."""
    told = [cell for cell in cells if cell.raw.strip() not in ("", "0")] or list(cells)
    shown = _join(t, [f"{cell.label} [{cell.raw.strip()}]" for cell in told[:MOST_CELLS]])
    return f"{shown} {phrase(t, 'more', number=len(cells))}" if len(told) > MOST_CELLS else shown


def _misprint(each: Misprint, t: Speech) -> str:
    slip = templates()["word", each.slip][t.lang]
    raw = each.cell.raw.strip() or phrase(t, "blank")
    return phrase(t, "misprint", label=each.cell.label, raw=raw, suggested=each.suggested, slip=slip)


def _join(t: Speech, parts: Sequence[str]) -> str:
    return ("；" if t.lang == "zh" else "; ").join(parts)


def page(found: Sequence[Checked], t: Speech) -> str:
    """One HTML page over all reports. It runs no script and loads nothing."""
    css = (files("nianbao.check") / "check.css").read_text("utf-8")
    digest = b64encode(sha256(css.encode()).digest()).decode()
    facts = {"found": found, "t": t, "css": Markup(css), "style": f"sha256-{digest}"}
    return _template().render(**facts, phrase=phrase, counts=counts, head=head, body=body)


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string((files("nianbao.check") / "page.html").read_text("utf-8"))
