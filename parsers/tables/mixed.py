"""Table 2 in blocks of two generations, as bodies print it that changed some blocks of last year's form and not others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from parsers.codebook import Form, Row, bare, forms
from parsers.labels import fold
from parsers.records import Finding, FindingKind
from parsers.tables.header import Head, heads_of_t2, whole_names
from parsers.tables.recognise import Segment

GENERATIONS = ("G2021", "G2019")


def form_of(segment: Segment, form: Form) -> Form:
    """The form of a table: the one given, or for table 2 one with each block of the generation that its head names.

    The generation of such a form is that of most of these blocks, and of those that no head names.
    """
    named = _named(segment, form.generation) if form.table == "t2" and _may_be_mixed(segment) else {}
    if not named:
        return form
    most = Counter(named.values()).most_common(1)[0][0]
    return _mixed(most, tuple(named.items())) if {*named.values()} != {most} else _form(most)


def said_of(form: Form) -> str:
    """What a person is told of a form with blocks of another generation than its own: which they are; "" for others."""
    others = {row.block: of for row in form.rows if (of := row.cells[0].generation) != form.generation}
    blocks = ", ".join(f"{block} as in {generation}" for block, generation in others.items())
    return f"{form.table} is printed as in {form.generation}, but {blocks}" if others else ""


def without_head(segment: Segment, form: Form) -> Finding | None:
    """The rows of table 2 whose columns no head names, where these may be of either generation: columns of both stand
    there, or a head of several columns has lost its words."""
    if form.table != "t2":
        return None
    blocks = _unnamed(segment, form) if _may_be_mixed(segment) else _bare(segment, form)
    rows = [row for of in GENERATIONS for block in blocks for row in _blocks(of).get(block, ())]
    if not rows:
        return None
    codes = (code for row in rows for code in row.codes)
    values = {"case": "no_head", "table": form.table, "blocks": list(blocks)}
    return Finding(FindingKind.READING_IN_DOUBT, tuple(dict.fromkeys(codes)), values)


def _unnamed(segment: Segment, form: Form) -> list[str]:
    """The blocks of which a row is printed and no column named."""
    named = _named(segment, form.generation)
    words = {word for line in segment.lines for word in line.words}
    rows = [row for of in GENERATIONS for row in _form(of).rows if words.intersection(row.names)]
    return list(dict.fromkeys(row.block for row in rows if row.block not in named))


def _bare(segment: Segment, form: Form) -> list[str]:
    """The blocks of several columns whose head has no words but 信息内容."""
    blocks = {_block(head) for head in _heads(segment) if head.row and not head.words}
    return list(dict.fromkeys(row.block for row in form.rows if row.block in blocks and len(row.codes) > 1))


def _may_be_mixed(segment: Segment) -> bool:
    return _name_both(word for line in segment.lines for word in line.words)


def _name_both(words: Iterable[str]) -> bool:
    """Whether columns of both generations are named, though their names may be broken over lines."""
    joined = "".join(words)
    return all(names.search(joined) for names in _telling().values())


@cache
def _telling() -> dict[str, re.Pattern[str]]:
    """By generation, the names of columns of table 2 that are in no name of the other's."""
    names = {of: frozenset[str]().union(*map(_columns, _form(of).rows)) for of in GENERATIONS}
    telling = {}
    for of, own in names.items():
        others = [name for other in GENERATIONS if other != of for name in names[other]]
        telling[of] = re.compile("|".join(name for name in own if not any(name in other for other in others)))
    return telling


def _form(generation: str) -> Form:
    return forms()[("t2", generation)]


@cache
def _blocks(generation: str) -> Mapping[str, list[Row]]:
    """The rows of table 2 by block."""
    blocks: dict[str, list[Row]] = {}
    for row in _form(generation).rows:
        blocks.setdefault(row.block, []).append(row)
    return blocks


def _named(segment: Segment, likely: str) -> dict[str, str]:
    """The blocks whose heads name columns, each with the generation that has most of these; where both have as many it
    is the likely one."""
    named = {}
    for head in _heads(segment):
        block, words = _block(head), _words(head)
        said = {
            of: len(_columns(_blocks(of)[block][0]).intersection(words))
            for of in GENERATIONS
            if block in _blocks(of)
        }
        if any(said.values()):
            named[block] = max(said, key=lambda of: (said[of], of == likely))
    return named


def _heads(segment: Segment) -> Iterator[Head]:
    return heads_of_t2(segment, [fold(block) for block in _blocks("G2019")])


def _block(head: Head) -> str:
    """The block of the row below a head, or else of the number above it; "" when neither tells."""
    rows, every = [row for of in GENERATIONS for row in _form(of).rows], list(_blocks("G2019"))
    below = next((row.block for row in rows if head.row in row.names), "")
    return below or (every[head.block] if 0 <= head.block < len(every) else "")


def _words(head: Head) -> list[str]:
    """The words of a head, put together where they are in pieces."""
    return whole_names(
        head.words, [name for of in GENERATIONS for row in _form(of).rows for name in _columns(row)]
    )


@cache
def _columns(row: Row) -> frozenset[str]:
    """The folded names of a row's columns, with what they explain in brackets and without."""
    return frozenset(name for cell in row.cells for name in (fold(cell.col_label), bare(cell.col_label)))


@lru_cache(maxsize=64)
def _mixed(most: str, named: tuple[tuple[str, str], ...]) -> Form:
    blocks = {**dict.fromkeys(_blocks(most), most), **dict(named)}
    rows = [row for block in _blocks("G2019") if block in blocks for row in _blocks(blocks[block])[block]]
    return Form("t2", most, tuple(rows))
