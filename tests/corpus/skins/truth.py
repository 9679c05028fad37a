"""What the made sites publish: reports of 2008 to 2021 with their figures and prose, and what is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from sample.codebook import generation_of
from sample.figures import opening_stock, year_figures
from sample.forms.layout import Grid, Slot, filled_form
from sample.forms.sheet import Heading, Part, Sheet
from sample.places import Body, Kind
from sample.prose import opening, tell
from tests.corpus.older import older_reports

from .words import CLOSINGS, FILLERS, HARD, NEGATIVES


class Revision(StrEnum):
    """What a body changes in a report that it has published."""

    FIGURE = "figure"
    NUMBER = "number"
    SENTENCE = "sentence"


@dataclass(frozen=True)
class Report:
    """One report: what it prints first and, where it is revised, what it prints from the revision on."""

    body: Body
    year: int
    title: str
    day: str
    number: int
    sheet: Sheet
    closing: tuple[str, ...] = ()
    revised: Sheet | None = None
    revision: Revision | None = None

    def at(self, is_revised: bool) -> Sheet:
        """The print before or after the revision."""
        return self.revised if is_revised and self.revised else self.sheet

    def paragraphs(self, is_revised: bool = False) -> list[str]:
        """Everything said in prose, without headings and tables: what must be kept whole."""
        return [part for part in self.at(is_revised).parts if isinstance(part, str)]


@dataclass(frozen=True)
class Other:
    """A document in a report's list that is no report."""

    title: str
    day: str
    number: int
    paragraphs: tuple[str, ...]


def reports(chance: Random, body: Body, years: Sequence[int], first_number: int) -> list[Report]:
    """The reports of `body`, one a year, each in the form of its year (older ones often in prose alone)."""
    modern = {year: _modern(chance, body, year) for year in years if year >= 2019}
    has_list = chance.random() < 0.4
    span = [year for year in years if year < 2019]
    older = dict(zip(span, older_reports(chance.getrandbits(30), body, span, has_list), strict=True))
    if not has_list:
        older = {year: _without_tables(sheet) for year, sheet in older.items()}
    made = []
    for at, year in enumerate(sorted(years, reverse=True)):
        sheet = _longer(chance, modern.get(year) or older[year])
        title = chance.choice(_TITLES).format(b=_short(body), y=year)
        day = f"{year + 1}-{chance.randint(1, 3):02d}-{chance.randint(1, 28):02d}"
        closing = _closing(chance, body, year)
        made.append(Report(body, year, title, day, first_number + at, replace(sheet, title=title), closing))
    return made


def revised(chance: Random, report: Report) -> Report:
    """The report with one change that a reader would call a revision."""
    kinds = [Revision.NUMBER, Revision.SENTENCE]
    if report.sheet.grids():
        kinds += [Revision.FIGURE, Revision.FIGURE]
    chance.shuffle(kinds)
    for kind in kinds:
        parts = _CHANGES[kind](chance, report.sheet.parts)
        if parts != report.sheet.parts:
            return replace(report, revised=replace(report.sheet, parts=parts), revision=kind)
    raise AssertionError(f"nothing to revise in {report.title}")


def others(chance: Random, place: str, years: Sequence[int], first_number: int) -> list[Other]:
    """Look-alikes for the lists of a site."""
    chosen = chance.sample(NEGATIVES, min(len(NEGATIVES), chance.randint(2, 5)))
    return [
        Other(
            title.format(p=place, y=(year := chance.choice(list(years)))),
            f"{year + 1}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
            first_number + at,
            tuple(line.format(p=place, y=year) for line in lines),
        )
        for at, (title, lines) in enumerate(chosen)
    ]


_TITLES = (
    "{b}{y}年政府信息公开工作年度报告",
    "{b}{y}年度政府信息公开工作年度报告",
    "{y}年{b}政府信息公开工作年度报告",
    "{b}政府信息公开工作年度报告（{y}年度）",
    "{b}{y}年政府信息公开年度报告",
    "{b}{y}年政府信息公开工作报告",
)
_NUMBER = re.compile(r"(?<=[开到])\d+(?=[条件])")


def _short(body: Body) -> str:
    return body.name


def _modern(chance: Random, body: Body, year: int) -> Sheet:
    stock = opening_stock(chance, body)
    figures = year_figures(chance, body, year, stock)
    sections, said = tell(chance, body, year, figures)
    tables = iter(filled_form(generation_of(year), figures, signs=False))
    parts: list[Part] = [opening(body, year)]
    for at, section in enumerate(sections):
        parts.append(Heading(section.heading))
        parts += section.paragraphs
        if 1 <= at <= 3:
            parts.append(next(tables))
    return Sheet("", body.name, year, tuple(parts), figures, said)


def _without_tables(sheet: Sheet) -> Sheet:
    """Prose alone: what stands behind the last section goes with the table."""
    if not sheet.grids():
        return sheet
    end = next(at for at, part in enumerate(sheet.parts) if part == "附表")
    return replace(sheet, parts=sheet.parts[:end], figures={})


def _longer(chance: Random, sheet: Sheet) -> Sheet:
    """Prose of a real length: some paragraphs more under some of the heads."""
    parts: list[Part] = []
    pool = list(FILLERS)
    hard = list(HARD)
    chance.shuffle(pool)
    chance.shuffle(hard)
    for part in sheet.parts:
        parts.append(part)
        if isinstance(part, str) and part.endswith("。") and len(parts) > 1:
            more, pool = pool[: (count := chance.choice((0, 1, 1, 2, 3)))], pool[count:]
            if chance.random() < 0.25:
                more = [*more, hard.pop()]
            parts += [one.format(y=sheet.year, n=chance.randint(2, 9)) for one in more]
    return replace(sheet, parts=tuple(parts))


def _closing(chance: Random, body: Body, year: int) -> tuple[str, ...]:
    if chance.random() < 0.5:
        return ()
    return tuple(
        line.format(b=body.name, y=year + 1, m=chance.randint(1, 3)) for line in chance.choice(CLOSINGS)
    )


def _with_figure(chance: Random, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """One digit of one cell differs."""
    places = [
        (at, number)
        for at, part in enumerate(parts)
        if isinstance(part, Grid)
        for number, slot in enumerate(part.slots)
        if slot.code and slot.text.isdecimal()
    ]
    if not places:
        return parts
    at, number = chance.choice(places)
    grid = parts[at]
    assert isinstance(grid, Grid)
    slots = list(grid.slots)
    slots[number] = _other_digit(chance, slots[number])
    return (*parts[:at], replace(grid, slots=tuple(slots)), *parts[at + 1 :])


def _other_digit(chance: Random, slot: Slot) -> Slot:
    digit = int(slot.text[-1])
    return replace(slot, text=slot.text[:-1] + str((digit + chance.randint(1, 9)) % 10))


def _with_number(chance: Random, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A number said in prose differs."""
    places = [at for at, part in enumerate(parts) if isinstance(part, str) and _NUMBER.search(part)]
    if not places:
        return parts
    at = chance.choice(places)
    words = parts[at]
    assert isinstance(words, str)
    added = chance.randint(1, 9)
    return (*parts[:at], _NUMBER.sub(lambda one: str(int(one[0]) + added), words, count=1), *parts[at + 1 :])


def _with_sentence(chance: Random, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """A sentence is added to a paragraph."""
    places = [at for at, part in enumerate(parts) if isinstance(part, str) and len(part) > 30]
    at = chance.choice(places)
    added = "同时对公开目录逐项作了核对，补齐了遗漏的内容。"
    return (*parts[:at], f"{parts[at]}{added}", *parts[at + 1 :])


_CHANGES = {
    Revision.FIGURE: _with_figure,
    Revision.NUMBER: _with_number,
    Revision.SENTENCE: _with_sentence,
}


def bodies(chance: Random, place: str, division: str, site: str) -> Iterator[Body]:
    """Up to four bodies of a place: its government, its office, departments and townships."""
    named = [(f"{place}人民政府", Kind.GOVERNMENT), (f"{place}人民政府办公室", Kind.OFFICE)]
    departments = ("审计局", "财政局", "教育局", "民政局", "水利局", "林业局", "统计局", "农业农村局")
    towns = ("石桥镇", "古渡镇", "西沟乡", "清泉镇", "平湖镇", "小坝乡")
    named += [(place + name, Kind.DEPARTMENT) for name in chance.sample(departments, 2)]
    named += [(f"{place}{name}人民政府", Kind.TOWNSHIP) for name in chance.sample(towns, 2)]
    kept = chance.sample(named, chance.choice((1, 1, 2, 3)))
    for order, (name, kind) in enumerate(kept):
        level = "township" if kind is Kind.TOWNSHIP else "county"
        yield Body(name, division, kind, level, site, order)
