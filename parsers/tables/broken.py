"""Lists in lines of text whose figures may not be whole, or may not be those of the row that they stand beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from parsers.codebook import Form, Row
from parsers.labels import fold
from parsers.records import Finding
from parsers.tables.lines import Line
from parsers.tables.strips import Strip, digits_of, first_number
from parsers.units import COUNTED, one_of

FEWEST_CODES = 4
SHORTEST_NAME, LONGEST_NAME, MARKS_BEFORE = 4, 80, 3
_NUMBER_OF_ROW = re.compile(r"(?:[（(][一二三四五六七八九十][)）])?(\d+)[.．、]")
_FIGURE_IN_LABEL = re.compile(
    rf"\w\s*[,，、;；:：|｜]\s*\d[\d.]*\s*(?:{one_of(COUNTED)}?\s*[,，、;；。|｜]\D*\w|$)"
    rf"|[^\W\d]\s+\d[\d.]*\s*(?:{one_of(COUNTED)}\s*[,，;；、。|｜]|[,，;；。|｜])\D*\w"
    rf"|^\s*\d[\d,，.]*\s*(?:{one_of(COUNTED)}\s*[,，;；、。|｜]|[,，;；。|｜]|、\s*[（(])\D*\w"
    r"|\d\s*$"
)


def broken_numbers(
    form: Form, strips: Sequence[Strip], found: Mapping[int, Strip], after: Line | None
) -> Iterator[Finding]:
    """Rows of one figure below which digits begin a line, alone or before another row: they may be the rest of its
    number, or of a page. `after`: the line below the last row."""
    rows = {id(strip): form.rows[number] for number, strip in found.items()}
    firsts = [*(strip.first for strip in strips), ""]
    others = [_not_its_own(strip, rows, form) for strip in strips]
    coded, numbered = _are_codes(firsts), _are_codes(others)
    lone = sum(map(bool, map(_alone, strips)))
    for number, (strip, rest) in enumerate(pairwise(strips)):
        alone = _alone(rest)
        below = alone or ("" if coded else rest.first) or ("" if numbered else others[number + 1])
        # Codes that have lines of their own stand above most rows.
        follows = alone and (firsts[number + 2] or lone <= FEWEST_CODES)
        if follows or not _is_code(below, rows, strips[number + 1 + bool(alone) :]):
            yield from _broken(form, rows, strip, below, *([rest] if alone else []))
    if strips and after:
        below = first_number(after) or _before_a_row(after.text, digits_of(after), form)
        yield from _broken(form, rows, strips[-1], below)


def _not_its_own(strip: Strip, rows: Mapping[int, Row], form: Form) -> str:
    """The digits with which the line of a row begins that are neither its number nor its code."""
    row = rows.get(id(strip))
    if not strip.begins or row is None:
        return _before_a_row(strip.own[0], strip.begins, form) if strip.begins and strip.own else ""
    own = _NUMBER_OF_ROW.match(row.label.rpartition(" ")[2])
    return "" if own and own[1] == strip.begins else strip.begins


def _before_a_row(text: str, digits: str, form: Form) -> str:
    """The digits with which a text begins, where the name of a row follows."""
    words = fold(text.partition(digits)[2][:LONGEST_NAME]) if digits else ""
    names = (name for row in form.rows for name in row.names if len(name) >= SHORTEST_NAME)
    return digits if any(0 <= words.find(name) <= MARKS_BEFORE for name in names) else ""


def _is_code(below: str, rows: Mapping[int, Row], following: Sequence[Strip]) -> bool:
    """Whether a number is the code of the row that follows."""
    row = rows.get(id(following[0])) if following else None
    return row is not None and below.lstrip("0") == row.block.removeprefix("code ").lstrip("0")


def _broken(
    form: Form, rows: Mapping[int, Row], strip: Strip, below: str, *others: Strip
) -> Iterator[Finding]:
    """Of a strip whose figure may go on below, and of others that may have taken the rest of it for theirs."""
    figure, below = strip.values[-1].text.strip() if strip.values else "", below.lstrip(",，. ")
    told = [rows[id(one)] for one in (strip, *others) if id(one) in rows]
    codes = tuple([row.codes[0] for row in told if len(row.cells) == 1])
    if codes and figure[-1:].isdigit() and below[:1].isdigit() and strip.labels:
        message = f"{form.table}: {below} begins the line below {told[0].label} {figure}: it may be the rest of the number"
        yield Finding("reading_in_doubt", message[:500], codes)


def _are_codes(firsts: Sequence[str]) -> bool:
    """Whether the numbers with which lines begin are the rows' own: most have one, and they count up."""
    numbers = [int(first) for first in firsts if first.isdecimal()]
    counted = all(one < other or other == 1 for one, other in pairwise(numbers))
    return len(numbers) > FEWEST_CODES and len(numbers) * 2 > len(firsts) and counted


def _alone(strip: Strip) -> str:
    """The one value of a strip that has no label."""
    return strip.values[0].text.strip() if not strip.labels and len(strip.values) == 1 else ""


def run_together(form: Form, found: Mapping[int, Strip]) -> Iterator[Finding]:
    """Rows whose label holds a number between commas, that of a row that runs on to the next: whose is the last?"""
    for number, strip in sorted(found.items()):
        if any(map(_FIGURE_IN_LABEL.search, (*strip.own, *strip.before[-1:]))):
            row = form.rows[number]
            message = (
                f"{form.table}: the line of {row.label} holds several rows: whose figure is read is not sure"
            )
            yield Finding("reading_in_doubt", message, row.codes)
