"""A table in blocks of several generations, as bodies print it that changed some blocks of last year's form,
not others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations

from parsers.codebook import Form, Row, bare, forms, forms_of
from parsers.forms import Layout, forms_cache
from parsers.records import Finding, FindingKind
from parsers.remarks import Remark, RemarkKind
from parsers.tables.grid.header import Head, heads_of_blocks, whole_names
from parsers.tables.recognise import Segment
from parsers.words.labels import fold


def form_of(segment: Segment, form: Form) -> Form:
    """The form of a table: the one given, or for one of blocks that with each block of the generation that
    its head names.

    The generation of such a form is that of most of these blocks, and of those that no head names.
    """
    mixed = form.layout is Layout.BLOCKS and _may_be_mixed(segment)
    named = _named(segment, form.generation) if mixed else {}
    if not named:
        return form
    most = Counter(named.values()).most_common(1)[0][0]
    if {*named.values()} == {most}:
        return forms()[form.table, most]
    return _mixed(form.table, most, tuple(named.items()))


def remarks_on(form: Form) -> tuple[Remark, ...]:
    """A remark on a form with blocks of another generation than its own: which they are; none on others."""
    others = {row.block: of for row in form.rows if (of := row.cells[0].generation) != form.generation}
    blocks = [{"block": block, "generation": generation} for block, generation in others.items()]
    values = {"table": form.table, "generation": form.generation, "blocks": blocks}
    return (Remark(RemarkKind.GENERATIONS_MIXED, values),) if others else ()


def without_head(segment: Segment, form: Form) -> Finding | None:
    """The rows of a table of blocks whose columns no head names, where these may be of several generations:
    columns of two stand there, or a head of several columns has lost its words."""
    if form.layout is not Layout.BLOCKS:
        return None
    blocks = _unnamed(segment, form) if _may_be_mixed(segment) else _bare(segment, form)
    rows = [row for of in forms_of(form.table) for block in blocks for row in _blocks(of).get(block, ())]
    if not rows:
        return None
    codes = (code for row in rows for code in row.codes)
    values = {"case": "no_head", "table": form.table, "blocks": list(blocks)}
    return Finding(FindingKind.READING_IN_DOUBT, tuple(dict.fromkeys(codes)), values)


def _unnamed(segment: Segment, form: Form) -> list[str]:
    """The blocks of which a row is printed and no column named."""
    named = _named(segment, form.generation)
    words = {word for line in segment.lines for word in line.words}
    rows = [row for of in forms_of(form.table) for row in of.rows if words.intersection(row.names)]
    return list(dict.fromkeys(row.block for row in rows if row.block not in named))


def _bare(segment: Segment, form: Form) -> list[str]:
    """The blocks of several columns whose head has no words but 信息内容."""
    blocks = {_block(head, form.table) for head in _heads(segment) if head.row and not head.words}
    return list(dict.fromkeys(row.block for row in form.rows if row.block in blocks and len(row.codes) > 1))


def _may_be_mixed(segment: Segment) -> bool:
    return _name_both(segment.table, (word for line in segment.lines for word in line.words))


def _name_both(table: str, words: Iterable[str]) -> bool:
    """Whether columns of two generations are named, each that the other has not, though names may be broken
    over lines."""
    joined = "".join(words)
    named = {pair for pair, names in _telling(table).items() if names.search(joined)}
    return any((other, one) in named for one, other in named)


@forms_cache()
def _telling(table: str) -> dict[tuple[str, str], re.Pattern[str]]:
    """By two generations of a table, the names of columns of the one that are in no name of the other's."""
    names = {form.generation: frozenset[str]().union(*map(_columns, form.rows)) for form in forms_of(table)}
    telling = {}
    for one, other in permutations(names, 2):
        own = sorted(name for name in names[one] if not any(name in theirs for theirs in names[other]))
        if own:
            telling[one, other] = re.compile("|".join(own))
    return telling


@forms_cache()
def _every_block(table: str) -> tuple[str, ...]:
    """The blocks of all generations of a table, in an order that fits all: that of the form with most of
    them, and the others behind those that they follow in their own."""
    blocks: list[str] = []
    for form in sorted(forms_of(table), key=lambda form: -len(form.blocks)):
        place = 0
        for block in form.blocks:
            if block not in blocks:
                blocks.insert(place, block)
            place = blocks.index(block) + 1
    return tuple(blocks)


@forms_cache()
def _blocks(form: Form) -> Mapping[str, list[Row]]:
    """The rows of a table by block."""
    blocks: dict[str, list[Row]] = {}
    for row in form.rows:
        blocks.setdefault(row.block, []).append(row)
    return blocks


def _named(segment: Segment, likely: str) -> dict[str, str]:
    """The blocks whose heads name columns, each with the generation that has most of these; where several
    have as many it is the likely one, or else the oldest of them."""
    named = {}
    for head in _heads(segment):
        block, words = _block(head, segment.table), _words(head, segment.table)
        said = {
            form.generation: len(_columns(_blocks(form)[block][0]).intersection(words))
            for form in reversed(forms_of(segment.table))
            if block in _blocks(form)
        }
        if any(said.values()):
            named[block] = max(said, key=lambda of: (said[of], of == likely))
    return named


def _heads(segment: Segment) -> Iterator[Head]:
    return heads_of_blocks(segment, [*map(fold, _every_block(segment.table))])


def _block(head: Head, table: str) -> str:
    """The block of the row below a head, or else of the number above it; "" when neither tells."""
    rows, every = (row for form in forms_of(table) for row in form.rows), _every_block(table)
    below = next((row.block for row in rows if head.row in row.names), "")
    return below or (every[head.block] if 0 <= head.block < len(every) else "")


def _words(head: Head, table: str) -> list[str]:
    """The words of a head, put together where they are in pieces."""
    return whole_names(
        head.words, [name for of in forms_of(table) for row in of.rows for name in _columns(row)]
    )


@forms_cache()
def _columns(row: Row) -> frozenset[str]:
    """The folded names of a row's columns, with what they explain in brackets and without."""
    return frozenset(name for cell in row.cells for name in (fold(cell.col_label), bare(cell.col_label)))


@forms_cache(64)
def _mixed(table: str, most: str, named: tuple[tuple[str, str], ...]) -> Form:
    form = forms()[table, most]
    blocks = {**dict.fromkeys(_blocks(form), most), **dict(named)}
    printed = (block for block in _every_block(table) if block in blocks)
    rows = [row for block in printed for row in _blocks(forms()[table, blocks[block]])[block]]
    return Form(table, most, tuple(rows), form.layout)
