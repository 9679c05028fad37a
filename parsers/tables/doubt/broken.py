"""Figures of lists and tables that may not be whole, or may not be those of the row that they stand
beside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from parsers.codebook import Form, Row, list_tables, row_name
from parsers.findings import LONGEST_SHOWN
from parsers.forms import Layout
from parsers.records import Finding, FindingKind
from parsers.tables.flat.lines import Line
from parsers.tables.strips import Strip, first_number, leading_digits
from parsers.words.labels import fold
from parsers.words.units import COUNTED, one_of

FEWEST_CODES, FEWEST_SERIAL = 4, 12
SHORTEST_NAME, LONGEST_NAME = 4, 80
YEAR = 4  # digits
_FIGURE_BETWEEN = re.compile(
    r"[^\W\d]\s+\d+(?:\.\d+)?\s+(?:\d{1,2}[.．、]\s*|[（(][一二三四五六七八九十\d]{1,2}[)）]\s*)?[^\W\d]{4}"
)
_FILLED, _BLANK_BETWEEN = re.compile(r"\|\|\s*$"), re.compile(r"\|\s+\|\s*[^|\s]")
_ORDINAL = re.compile(r"\s*(\d{1,2})\s*[.．、]\s*(?=[^\d\s.．、])")
_NUMERALS = "0123456789一二三四五六七八九十"
_FIGURE_IN_LABEL = re.compile(
    rf"\w\s*+[,，、;；:：|｜]\s*+\d[\d.]*+\s*+(?:{one_of(COUNTED)}?\s*+[,，、;；。|｜]\D*\w|$)"
    rf"|[^\W\d]\s++\d[\d.]*+\s*+(?:{one_of(COUNTED)}\s*+[,，;；、。|｜]|[,，;；。|｜])\D*\w"
    rf"|^\s*+\d[\d,，.]{{0,30}}\s*+(?:{one_of(COUNTED)}\s*[,，;；、。|｜]|[,，;；。|｜]|、\s*[（(])\D*\w"
)


def in_doubt(
    form: Form, strips: Sequence[Strip], found: Mapping[int, Strip], after: Line | None
) -> Iterator[Finding]:
    """What may not be whole, or may be another row's, of the figures that were found. `after`: the line below
    the last."""
    rows = {strip: form.rows[number] for number, strip in found.items()}
    others = [
        "" if _counts_on(before, strip) else _not_its_own(strip, rows, form)
        for before, strip in zip([None, *strips], strips, strict=False)
    ]
    others = [""] * len(others) if _are_codes(others) else others
    yield from _broken_numbers(form, strips, rows, others)
    if strips and after:
        digits, words = leading_digits(after.text)
        below = first_number(after) or (digits if _named(words, form) else "")
        yield from _broken(form, rows, strips[-1], below)
    if form.table in list_tables():
        yield from _apart(form, strips, rows)
        yield from _on_one_line(form, strips, rows)
    else:
        yield from _left_over(form, strips, rows, others)
        yield from _above(form, strips, rows)
    yield from _run_together(form, found)


def shortened(
    form: Form, lines: Sequence[Line], found: Mapping[int, Strip], widths: Mapping[str, int]
) -> Iterator[Finding]:
    """Rows of a text whose blank cells the making of it left out, and whose ends it filled with bars: which
    of the columns have a value? `widths`: how many each row has, by its names."""
    printed = [line.raw for line in lines if line.grid is None and "|" in line.raw]
    filled = form.table in list_tables() or any(map(_FILLED.search, printed))
    if not filled or any(map(_BLANK_BETWEEN.search, printed)):
        return
    for number, strip in sorted(found.items()):
        row, values = form.rows[number], [bool(cell.text.strip()) for cell in strip.values]
        if strip.grid is None and 0 < sum(values) < widths[row.names[0]] and not values[-1]:
            yield _doubt("bars", form, row.codes, row=row.label, values=sum(values))


def _doubt(case: str, form: Form, codes: tuple[str, ...], **values: str | int) -> Finding:
    """A doubt of this case about these cells; what was printed is cut to what a reader needs."""
    short = {
        name: value[:LONGEST_SHOWN] if isinstance(value, str) else value for name, value in values.items()
    }
    return Finding(FindingKind.READING_IN_DOUBT, codes, {"case": case, "table": form.table, **short})


def _broken_numbers(
    form: Form, strips: Sequence[Strip], rows: Mapping[Strip, Row], others: Sequence[str]
) -> Iterator[Finding]:
    """Rows of one figure below which digits begin a line, alone or before another row: they may be the rest
    of its number, or of a page."""
    firsts = [*(strip.first for strip in strips), ""]
    coded = _are_codes(firsts)
    alones = [*map(_alone, strips)]
    lone, serial = sum(map(bool, alones)), _serial(alones)
    for number, (strip, rest) in enumerate(pairwise(strips)):
        alone = alones[number + 1]
        if number + 1 in serial:
            continue
        below = alone or ("" if coded else rest.first) or others[number + 1]
        # Codes that have lines of their own stand above most rows.
        follows = alone and (firsts[number + 2] or lone <= FEWEST_CODES)
        if follows or not _is_code(below, rows, strips[number + 1 + bool(alone) :]):
            yield from _broken(form, rows, strip, below, *([rest] if alone else []))


def _not_its_own(strip: Strip, rows: Mapping[Strip, Row], form: Form) -> str:
    """The digits with which a line begins that are neither the number nor the code of the row that it
    names."""
    digits, words = leading_digits(strip.begins)
    if (
        not digits
        or (len(digits) == YEAR and words[:1] == "年")
        or [cell.text.strip() for cell in strip.values[:1]] == [digits]
    ):
        return ""  # values may stand before their label
    row = rows.get(strip)
    own = _named(words, form) or ([row] if row else [])
    is_own = any(digits.lstrip("0") in (row.number, row.form_code.lstrip("0")) for row in own)
    return digits if own and not is_own else ""


def _counts_on(before: Strip | None, strip: Strip) -> bool:
    """Whether the number before a label is an ordinal, the one after that of the row above, as local forms
    have them."""
    last, own = _ORDINAL.match(before.begins) if before else None, _ORDINAL.match(strip.begins)
    return last is not None and own is not None and int(own[1]) == int(last[1]) + 1


def _named(words: str, form: Form) -> list[Row]:
    """The rows whose name stands where these words begin, the longest there, or begins with them."""
    folded = fold(words[:LONGEST_NAME]).lstrip(_NUMERALS)
    names = [(len(name), row) for row in form.rows for name in row.names if _is_at(folded, name)]
    longest = max((length for length, _ in names), default=0)
    return [row for length, row in names if length == longest]


def _is_at(words: str, name: str) -> bool:
    bare = name.lstrip(_NUMERALS)
    if words == bare or (len(bare) >= SHORTEST_NAME and words.startswith(bare)):
        return True
    return len(words) >= SHORTEST_NAME and bare.startswith(words)


def _is_code(below: str, rows: Mapping[Strip, Row], following: Sequence[Strip]) -> bool:
    """Whether a number is the code of the row that follows."""
    row = rows.get(following[0]) if following else None
    return row is not None and below.lstrip("0") == row.form_code.lstrip("0")


def _broken(
    form: Form, rows: Mapping[Strip, Row], strip: Strip, below: str, *others: Strip
) -> Iterator[Finding]:
    """Of a strip whose figure may go on below, and of others that may have taken the rest of it for
    theirs."""
    figure, below = strip.values[-1].text.strip() if strip.values else "", below.lstrip(",，. ")
    told = [rows[one] for one in (strip, *others) if one in rows]
    codes = tuple([row.codes[0] for row in told if len(row.cells) == 1])
    if codes and figure[-1:].isdigit() and below[:1].isdigit() and strip.labels:
        yield _doubt("begins_below", form, codes, below=below, row=f"{told[0].label} {figure}")


def _are_codes(firsts: Sequence[str]) -> bool:
    """Whether the numbers with which lines begin are the rows' own: most have one, and they count up."""
    numbers = [int(first) for first in firsts if first.isdecimal()]
    counted = all(one < other or other == 1 for one, other in pairwise(numbers))
    return len(numbers) > FEWEST_CODES and len(numbers) * 2 > len(firsts) and counted


def _serial(alones: Sequence[str]) -> set[int]:
    """The places of the lone values that number the rows: each is one more than the one before it, or less
    than the one after, and so are most."""
    numbers = [(place, int(alone)) for place, alone in enumerate(alones) if alone.isdecimal()]
    steps = [(one, other) for one, other in pairwise(numbers) if other[1] == one[1] + 1]
    found = {place for step in steps for place, _ in step}
    return found if len(numbers) > FEWEST_SERIAL and len(found) * 5 >= len(numbers) * 4 else set()


def _unlabelled(strip: Strip) -> str:
    """The values of a strip that has no label."""
    return " ".join(cell.text.strip() for cell in strip.values).strip() if not strip.labels else ""


def _alone(strip: Strip) -> str:
    """The one value of a strip that has no label."""
    values = [text for cell in strip.values if (text := cell.text.strip())]
    return values[0] if not strip.labels and len(values) == 1 else ""


def _left_over(
    form: Form, strips: Sequence[Strip], rows: Mapping[Strip, Row], others: Sequence[str]
) -> Iterator[Finding]:
    """Rows of the other tables below which a number stands that belongs to no row, or before the label of the
    next: it may be the rest of a figure, and what follows that figure one column too far."""
    for (strip, rest), before_label in zip(pairwise(strips), others[1:], strict=True):
        row = rows.get(strip)
        left = before_label if rest in rows else _unlabelled(rest)
        if row and left and any(cell.text[-1:].isdigit() for cell in strip.values):
            yield _doubt("begins_below", form, row.codes, below=left, row=row.label)


def _above(form: Form, strips: Sequence[Strip], rows: Mapping[Strip, Row]) -> Iterator[Finding]:
    """Rows of text above which values stand that belong to none, beside what begins their label: one of
    theirs may be the rest of such a value, broken over two lines."""
    for strip, rest in pairwise(strips):
        row = rows.get(rest)
        begun = row_name("".join(strip.own)) if row and strip not in rows and strip.grid is None else ""
        if row and begun and any(name.startswith(begun) for name in row.names):
            values = " ".join(cell.text for cell in strip.values)
            yield _doubt("stands_above", form, row.codes, values=values, row=row.label)


def _apart(form: Form, strips: Sequence[Strip], rows: Mapping[Strip, Row]) -> Iterator[Finding]:
    """Lists in text in which figures stand apart from any label: those of the row above may be broken; where
    there are many, or several labels follow one another, which of them are whose?"""
    codes = {row.form_code.lstrip("0") for row in form.rows}
    homeless = {
        strip
        for strip in strips
        if strip not in rows
        and all(label in COUNTED for label in strip.labels)
        and any(cell.text.strip().lstrip("0") not in codes for cell in strip.values)
    }
    found = [strip for strip in strips if strip in rows and strip.grid is None]
    above = [one for one, other in pairwise(strips) if one in found and other in homeless]
    names = {name for row in form.rows for name in row.names}
    crowded = any(sum(row_name(label) in names for label in strip.labels) > 1 for strip in found)
    many = len(homeless) >= FEWEST_CODES and (crowded or len(homeless) * FEWEST_CODES > len(found))
    doubtful = found if many else above
    if doubtful:
        of = tuple(rows[strip].codes[0] for strip in doubtful)
        yield _doubt("apart", form, of, figures=len(homeless))


def _on_one_line(form: Form, strips: Sequence[Strip], rows: Mapping[Strip, Row]) -> Iterator[Finding]:
    """Lists in text whose cells have a line each, but for some figures: a blank may stand in the midst of a
    number."""
    bare = [strip for strip in strips if strip.grid is None and not strip.own]
    crowded = [strip for strip in bare if _stand_on_one_line(strip)]
    codes = tuple(rows[strip].codes[0] for strip in crowded if strip in rows)
    if codes and len(crowded) * FEWEST_CODES < len(bare):
        yield _doubt("one_line", form, codes, lines=len(crowded))


def _stand_on_one_line(strip: Strip) -> bool:
    """Whether two printed values of a strip stand on the same line."""
    lines = [cell.place.partition(" column")[0] for cell in strip.values if cell.text.strip()]
    return len(set(lines)) < len(lines)


def _run_together(form: Form, found: Mapping[int, Strip]) -> Iterator[Finding]:
    """Rows whose label holds a number between commas or blanks, that of a row that runs on to the next, or
    ends in digits: whose is the last?"""
    for number, strip in sorted(found.items()):
        labels = (*strip.own, *strip.before[-1:])
        told = form.layout is Layout.BLOCKS or (form.table in list_tables() and strip.grid is None)
        ends = told and any(label[-1:].isdecimal() or _FIGURE_BETWEEN.search(label) for label in labels)
        if ends or any(map(_FIGURE_IN_LABEL.search, labels)):
            row = form.rows[number]
            yield _doubt("several_rows", form, row.codes, row=row.label)
