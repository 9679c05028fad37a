"""Strips to the rows of a form by label, in order: a sequence alignment, not an index.

Split, merged, misspelt, missing and extra labels are tolerated; a strip that fits no row is given back as
extra.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise, repeat

from parsers.codebook import Form, Row, bare, list_tables, row_name, strangers
from parsers.forms import Layout
from parsers.tables.strips import Strip
from parsers.words.labels import likeness
from parsers.words.units import COUNTED, one_of

EXACT, LIKE, PART, GROUP, NEUTRAL = 10.0, 8.0, 6.0, 4.0, 1.0
SKIPPED_ROW, EXTRA_STRIP, IMPOSSIBLE = -1.5, -2.0, -99.0
LIKE_ENOUGH = 0.5
MOST_PIECES, FEW_PIECES, LONGEST_PIECE = 12, 5, 4
NO_ROW = -1
LAST_BEFORE, BEFORE = 0.9, 0.5
_UNIT = re.compile(rf"(?<!\s)\s*[（(](?:单位[:：])?{one_of(COUNTED)}[)）]$")
_LAST_NUMBER = re.compile(r"(?<!\d)(\d+)数?$")
_NOTE = re.compile(r"[（(\[【].*", re.DOTALL)


def align(strips: list[Strip], form: Form) -> tuple[dict[int, Strip], list[Strip]]:
    """The strip of each row (by row index) and the strips that belong to none."""
    found, extra = _by_exact_labels(strips, form) or _by_sequence(strips, form)
    return _with_rows_away(found, extra, form) if extra else (found, extra)


def _with_rows_away(
    found: dict[int, Strip], extra: list[Strip], form: Form
) -> tuple[dict[int, Strip], list[Strip]]:
    """With the strips that carry the name of a row that no other strip has or names, wherever they are
    printed."""
    named = [_row_away(strip, form) for strip in extra]
    free = [row if row not in found and named.count(row) == 1 else None for row in named]
    placed = {row: strip for row, strip in zip(free, extra, strict=True) if row is not None}
    return found | placed, [strip for row, strip in zip(free, extra, strict=True) if row is None]


def _row_away(strip: Strip, form: Form) -> int | None:
    """The row that a strip away from its place names: of a local form to the letter, of a statutory one as
    well as no other, on its own line. Of a list of 2014, whose rows hold one figure, what stands elsewhere
    may be anything."""
    if form.layout is Layout.LOCAL:
        return _names(form).get(row_name(label)) if (label := _label(strip)) else None
    return _named_best(strip, form) if strip.own and form.table not in list_tables() else None


def _label(strip: Strip) -> str:
    """The label that stands nearest to the values; "" when there is none."""
    labels = _without_units(strip.before + strip.own)
    return labels[-1] if labels else ""


def _by_exact_labels(strips: list[Strip], form: Form) -> tuple[dict[int, Strip], list[Strip]] | None:
    """The common case: every strip carries the official label of a row of its own."""
    index = _names(form)
    found: dict[int, Strip] = {}
    for strip in strips:
        label = strip.own[-1] if strip.own else strip.before[-1] if strip.before else ""
        row = index.get(row_name(label), index.get(row_name(_NOTE.sub("", label))))
        if strip.own and strip.before:
            # 其中：主要负责同志参加 above 政府网站在线访谈次数 is the name of another row
            row = index.get(row_name(_UNIT.sub("", strip.before[-1] + label)), row)
        if row is None or row in found:
            return None
        found[row] = strip
    return found, []


@lru_cache(maxsize=64)
def _shared_names(form: Form) -> dict[str, tuple[int, ...]]:
    """The rows of each name that several go by: （二）被依法纠错数 of reviews and of suits."""
    rows: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(form.rows):
        for name in row.names:
            rows[name] = (*rows.get(name, ()), number)
    return {name: numbers for name, numbers in rows.items() if len(numbers) > 1}


@lru_cache(maxsize=64)
def _names(form: Form) -> dict[str, int]:
    """The row of each name that only one row goes by."""
    times = Counter(name for row in form.rows for name in row.names)
    return {name: number for number, row in enumerate(form.rows) for name in row.names if times[name] == 1}


def _by_sequence(strips: list[Strip], form: Form) -> tuple[dict[int, Strip], list[Strip]]:
    """The best monotone matching by label score (Needleman-Wunsch over strips and rows)."""
    rows, height, width = form.rows, len(strips), len(form.rows)
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for j in range(1, width + 1):
        best[0][j] = best[0][j - 1] + SKIPPED_ROW
    scores = [
        _scores(strip, rows, NO_ROW if told is None and _is_stranger(strip, form) else told)
        for strip, told in zip(strips, _all_told(strips, form), strict=True)
    ]
    for i in range(1, height + 1):
        best[i][0] = best[i - 1][0] + EXTRA_STRIP
        for j in range(1, width + 1):
            best[i][j] = max(
                best[i - 1][j - 1] + scores[i - 1][j - 1],
                best[i - 1][j] + EXTRA_STRIP,
                best[i][j - 1] + SKIPPED_ROW,
            )
    return _walk_back(strips, best, scores)


def _named_best(strip: Strip, form: Form) -> int | None:
    """The one row that the label on a strip's own line names best, well enough."""
    label = row_name("".join(strip.own))
    scores = [_label_score(label, row) for row in form.rows]
    best = max(scores)
    return scores.index(best) if best >= PART and scores.count(best) == 1 else None


def _walk_back(
    strips: list[Strip], best: list[list[float]], scores: list[list[float]]
) -> tuple[dict[int, Strip], list[Strip]]:
    found: dict[int, Strip] = {}
    extra: list[Strip] = []
    i, j = len(strips), len(best[0]) - 1
    while i:
        if j and best[i][j] == best[i - 1][j - 1] + scores[i - 1][j - 1]:
            found[j - 1] = strips[i - 1]
            i, j = i - 1, j - 1
        elif j and best[i][j] == best[i][j - 1] + SKIPPED_ROW:
            j -= 1
        else:
            extra.insert(0, strips[i - 1])
            i -= 1
    return found, extra


def _all_told(strips: list[Strip], form: Form) -> list[int | None]:
    """The row that each strip's labels name to the letter; None where none is named, NO_ROW where several
    are."""
    index = _names(form)
    told: list[int | None] = [_told(strip, index) for strip in strips]
    for number, row in _counted(strips, form, index):
        told[number] = row
    several = _shared_names(form)
    wanted = [_shared(strip, several) if row is None else () for strip, row in zip(strips, told, strict=True)]
    if not any(wanted):
        return told
    between = list(_between(strips, told, index, len(form.rows)))
    open_rows = [
        tuple(row for row in rows if first < row < last)
        for rows, (first, last) in zip(wanted, between, strict=True)
    ]
    for number, rows in enumerate(open_rows):
        if rows and open_rows.count(rows) < len(rows):
            told[number] = NO_ROW
        elif len(rows) == 1:
            told[number] = rows[0]
    return told


def _counted(strips: list[Strip], form: Form, index: dict[str, int]) -> Iterator[tuple[int, int]]:
    """The rows of strips without a label of their own between two that have one: as many as the form has
    there.

    Labels of several lines may be printed above or below their rows, several together; lone numbers among
    them, such as those of pages, are no rows.
    """
    rows = [
        (number, row) for number, strip in enumerate(strips) if (row := _own_row(strip, index)) is not None
    ]
    edges = [(-1, -1), *rows, (len(strips), len(form.rows))]
    for (start, above), (end, below) in pairwise(edges) if rows else ():
        width = max((len(row.cells) for row in form.rows[above + 1 : below]), default=0)
        between = range(start + 1, end)
        whole = [number for number in between if strips[number].fits(width)]
        if width > 1 and len(whole) == below - above - 1 and not any(strips[number].own for number in whole):
            yield from zip(between, repeat(NO_ROW))
            yield from zip(whole, range(above + 1, below), strict=True)


def _own_row(strip: Strip, index: dict[str, int]) -> int | None:
    """The row that the labels on a strip's own line name to the letter."""
    return _named(strip.own, [], index) if strip.own else None


def _is_stranger(strip: Strip, form: Form) -> bool:
    """Whether the label nearest to the values is that of a row that only local forms have."""
    known = strangers(form.table)
    return bool(known) and bare(_label(strip)) in known


def _told(strip: Strip, index: dict[str, int]) -> int | None:
    """The row that the labels nearest to the values name to the letter, put together where they are in
    pieces."""
    row = _named(strip.before + strip.own, strip.after, index)
    return _named(*strip.innermost, index) if row is None else row


def _shared(strip: Strip, several: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    """The rows that go by the name that stands nearest to the values, whole or in pieces."""
    pieces = _without_units(strip.before + strip.own)[-MOST_PIECES:]
    names = (row_name("".join(pieces[start:])) for start in reversed(range(len(pieces))))
    return next((several[name] for name in names if name in several), ())


def _without_units(labels: list[str]) -> list[str]:
    return [_UNIT.sub("", label) for label in labels if label not in COUNTED]


def _between(
    strips: list[Strip], told: list[int | None], index: dict[str, int], rows: int
) -> Iterator[tuple[int, int]]:
    """The last row named before and the first one named after each strip, with values or without."""
    named = [_rows_named([*strip.before, *strip.own], index) for strip in strips]
    for group, row in zip(named, told, strict=True):
        group += [row] if row is not None else []
    below = [*named[1:], _rows_named(strips[-1].after, index)]
    first = accumulate([max(group, default=-1) for group in named], max)
    last = accumulate([min(group, default=rows) for group in reversed(below)], min)
    return zip(first, reversed(list(last)), strict=True)


def _rows_named(labels: list[str], index: dict[str, int]) -> list[int]:
    """The rows that labels name, whole or in pieces that follow one another."""
    names = (
        row_name("".join(labels[start:end]))
        for start in range(len(labels))
        for end in range(start + 1, min(start + FEW_PIECES, len(labels)) + 1)
    )
    return [index[name] for name in names if name in index]


def _named(above: list[str], below: list[str], index: dict[str, int]) -> int | None:
    pieces, below = _without_units(above)[-MOST_PIECES:], _without_units(below)
    for rest in range(min(len(below), MOST_PIECES) + 1):
        for start in range(len(pieces)):
            printed = "".join(pieces[start:] + below[:rest])
            for name in (row_name(printed), bare(printed)):
                if len(name) > 2 and name in index:
                    return index[name]
    return None


def _scores(strip: Strip, rows: Sequence[Row], told: int | None) -> list[float]:
    if told == NO_ROW:
        return [IMPOSSIBLE] * len(rows)
    if told is None:
        return [_score(strip, row) for row in rows]
    return [EXACT if number == told else IMPOSSIBLE for number in range(len(rows))]


def _score(strip: Strip, row: Row) -> float:
    if not strip.labels:
        return NEUTRAL if len(row.cells) > 1 and strip.fits(len(row.cells)) else IMPOSSIBLE
    own = [_names_row(label, row) for label in strip.own]
    if len(strip.own) > 1:
        own.append(_names_row("".join(strip.own), row))
    before = [_names_row(label, row) * BEFORE for label in strip.before[:-1]]
    if len(strip.before) > 1:  # a label broken over several lines
        least = EXACT if strip.own else PART
        before += [
            score
            for count in range(1, MOST_PIECES)
            if (score := _broken(strip.before[-count:] + strip.own, row)) > least or score == EXACT
        ]
    if len(row.cells) == 1 and max(own, default=0.0) <= 0 and _left_blank(strip, row):
        return IMPOSSIBLE
    if strip.before:
        before.append(_names_row(strip.before[-1], row) * (BEFORE if strip.own else LAST_BEFORE))
        before.append(_names_row("".join(strip.before[-2:]), row) * BEFORE)
    score = max([*own, *before], default=0.0)
    return score if score > 0 else IMPOSSIBLE


def _left_blank(strip: Strip, row: Row) -> bool:
    """Whether a lone value has a label that is none of this row, nor a piece of one: the row named above it
    is blank."""
    *above, nearest = [*strip.before, *strip.own[-1:]]
    if len(row_name(nearest)) <= LONGEST_PIECE or _names_row(nearest, row):
        return False
    named, together = (
        max(_broken(pieces[-count:], row) for count in range(1, MOST_PIECES))
        for pieces in (above, [*above, nearest])
    )
    return together <= named


def _broken(pieces: list[str], row: Row) -> float:
    """The score of a label in pieces put together."""
    return _label_score(row_name("".join(pieces)), row)


def _names_row(label: str, row: Row) -> float:
    """The better score of the label as printed and of the label without its note in brackets."""
    return max(_label_score(row_name(label), row), _label_score(row_name(_NOTE.sub("", label)), row))


@lru_cache(maxsize=65536)
def _label_score(label: str, row: Row) -> float:
    """How well one folded label names a row: exactly, nearly, in part, or by its group only."""
    if label in row.names:
        return EXACT
    if not label:
        return 0.0
    if _is_another(label, row):
        return 0.0
    alike = max(likeness(label, name) for name in row.names)
    if alike >= LIKE_ENOUGH:
        return LIKE * alike
    shortest = row.names[-1]
    if len(shortest) > 3 and shortest in label:
        return PART
    if len(label) > 4 and any(label in name for name in row.names):
        return PART
    if row.group and (label in row.group or likeness(label, row.group) >= LIKE_ENOUGH):
        return GROUP
    return 0.0


def _is_another(label: str, row: Row) -> bool:
    """Whether only the last number tells the label from another row's: 免予公开范围2 is not 免予公开范围3."""
    said, known = _LAST_NUMBER.search(label), _LAST_NUMBER.search(row.names[-1])
    return bool(said and known and said[1] != known[1])
