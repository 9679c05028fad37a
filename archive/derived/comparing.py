"""What differs between two versions of a report: cell by cell, identity by identity, word by word.

Pure but for `content_of`, which reads one version from the archive or from the published database: both have the
same tables. `compare` is what `nianbao diff` and the page /report/ID/diff show.
"""

from __future__ import annotations

import difflib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from archive.rows.reduced import reduce
from parsers.codebook import codebook
from parsers.forms import entry_of, forms_cache

ISLAND = 2
"""Fewer common characters than this between two changes are read as a part of one change."""
LARGEST = 1_500_000
"""Two passages whose numbers of words multiply to more are shown whole, old and new."""

Op = Literal["same", "gone", "come"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as a version prints it: `value` is None for every state but `number`."""

    value: int | float | None
    state: str
    raw: str


ABSENT = Shown(None, "absent", "")
"""A cell that a version does not have."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One identity of one version: whether it holds, and both sums."""

    holds: bool
    left: int | float
    right: int | float
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What is compared of a version. `sections` are (number, title, text) in order."""

    generations: Mapping[str, str]
    cells: Mapping[str, Shown]
    identities: Mapping[str, Sum]
    sections: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Identity:
    """An identity that a changed cell stands in: did it hold before, does it hold now? None: not checked there."""

    id: str
    held: bool | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that differs: where it stands in the form (labels as the form prints them), from what, to what.

    `table`, `row` and `column` are empty for a code that no form has.
    """

    code: str
    table: str
    row: str
    column: str
    old: Shown
    new: Shown
    identities: tuple[Identity, ...]

    @property
    def still_fails(self) -> tuple[str, ...]:
        """The identities with this cell that do not hold in the newer version."""
        return tuple(identity.id for identity in self.identities if identity.holds is False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went, or came."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A passage that differs, under the heading of its section in the newer version."""

    section: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs: cells in the order of the form, passages in the order of the text."""

    cells: tuple[Cell, ...]
    prose: tuple[Prose, ...]

    def __bool__(self) -> bool:
        return bool(self.cells or self.prose)

    def as_json(self) -> dict[str, list[dict[str, object]]]:
        """`figures` with table, row, column, from, to and the identities; `prose` with its pieces."""
        return {
            "figures": [
                {
                    "code": cell.code,
                    "table": cell.table,
                    "row": cell.row,
                    "column": cell.column,
                    "from": _plain(cell.old),
                    "to": _plain(cell.new),
                    "identities": [{"id": i.id, "held": i.held, "holds": i.holds} for i in cell.identities],
                }
                for cell in self.cells
            ],
            "prose": [
                {"section": passage.section, "pieces": [[p.op, p.text] for p in passage.pieces]}
                for passage in self.prose
            ],
        }


def _plain(shown: Shown) -> dict[str, object]:
    return {"value": shown.value, "state": shown.state, "raw": shown.raw}


def content_of(db: sqlite3.Connection, version_id: str) -> Content:
    """One version as it stands in the archive or in the published database."""
    (generations,) = db.execute("select generations from version where id = ?", (version_id,)).fetchone()
    cells = db.execute("select code, value, state, raw from figure where version_id = ?", (version_id,))
    sums = db.execute(
        'select id, holds, "left", "right", codes from identity where version_id = ?', (version_id,)
    )
    sections = db.execute(
        "select number, title, text from section where version_id = ? order by position", (version_id,)
    )
    return Content(
        json.loads(generations),
        {code: Shown(*rest) for code, *rest in map(tuple, cells)},
        {i: Sum(bool(holds), left, right, tuple(json.loads(codes))) for i, holds, left, right, codes in sums},
        [(number, title, text) for number, title, text in sections],
    )


def compare(old: Content, new: Content) -> Comparison:
    """What differs from one version to the other.

    Cells differ by value or state, never by the way a number is printed; prose differs by letters, digits and
    characters, never by blanks, marks or view counters (`archive.versions.reduce`).
    """
    used = tuple(sorted({*old.generations.values(), *new.generations.values()}))
    codes = [*_order(used), *sorted({*old.cells, *new.cells} - set(_order(used)))]
    cells = [
        Cell(code, *_place(code, used), before, after, tuple(_identities(code, old, new)))
        for code in codes
        if _differ(before := old.cells.get(code, ABSENT), after := new.cells.get(code, ABSENT))
    ]
    return Comparison(tuple(cells), tuple(_prose(old.sections, new.sections)))


def _differ(old: Shown, new: Shown) -> bool:
    return (old.value, old.state) != (new.value, new.state)


def _identities(code: str, old: Content, new: Content) -> Iterator[Identity]:
    names = [name for name, found in new.identities.items() if code in found.codes]
    names += [name for name, found in old.identities.items() if code in found.codes and name not in names]
    for name in names:
        before, after = old.identities.get(name), new.identities.get(name)
        yield Identity(name, before.holds if before else None, after.holds if after else None)


@forms_cache()
def _order(used: tuple[str, ...]) -> dict[str, tuple[str, str, str]]:
    """Code -> (table, row, column) in the order of the form; the report's own generations come first."""
    cells = sorted(codebook(), key=lambda cell: cell.generation not in used)
    found: dict[str, tuple[str, str, str]] = {}
    for cell in cells:
        row = cell.block if cell.row_label == "(single row)" else cell.row_label
        found.setdefault(cell.code, (entry_of(cell.generation, cell.table).title_zh, row, cell.col_label))
    return found


def _place(code: str, used: tuple[str, ...]) -> tuple[str, str, str]:
    return _order(used).get(code, ("", "", ""))


def _prose(old: Sequence[tuple[str, str, str]], new: Sequence[tuple[str, str, str]]) -> Iterator[Prose]:
    """The sentences of all sections aligned as one text; those that differ, word by word."""
    before, after = list(_sentences(old)), list(_sentences(new))
    matcher = difflib.SequenceMatcher(
        None, [reduce(text) for _, text in before], [reduce(text) for _, text in after], autojunk=False
    )
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        section = (after[k:m] or before[i:j])[0][0]
        gone, come = ("".join(text for _, text in part) for part in (before[i:j], after[k:m]))
        yield Prose(section, words(gone.strip("\n"), come.strip("\n")))


def _sentences(sections: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """(section, sentence), the heading of a section as a sentence of its own; none without a word in it."""
    for number, title, text in sections:
        head = f"{number}、{title}" if number else title
        yield from ((head, said) for said in (f"{head}\n", *_SENTENCE.findall(text)) if reduce(said))


_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?\n?|[。；！？\n]")
# A number is one word, whatever its length; so is a run of letters; Chinese is compared by characters.
_WORD = re.compile(r"\d+(?:[.,，]\d+)*%?|[A-Za-z]+|\s+|.", re.S)


def words(old: str, new: str) -> tuple[Piece, ...]:
    """Two passages as runs that stayed, went and came; numbers are never cut."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) * len(after) > LARGEST:
        return tuple(_merged([("gone", old), ("come", new)]))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    found: list[tuple[Op, str]] = []
    opcodes = matcher.get_opcodes()
    for place, (tag, i, j, k, m) in enumerate(opcodes):
        inner = 0 < place < len(opcodes) - 1
        if tag == "equal" and not (inner and j - i < ISLAND and not before[i].isdigit()):
            found.append(("same", "".join(before[i:j])))
        else:
            found += [("gone", "".join(before[i:j])), ("come", "".join(after[k:m]))]
    return tuple(_merged(found))


def _merged(found: Iterable[tuple[Op, str]]) -> Iterator[Piece]:
    """Neighbours that changed put together: all that went, then all that came."""
    for changed, run in groupby(found, key=lambda item: item[0] != "same"):
        texts = list(run)
        for op in ("gone", "come") if changed else ("same",):
            text = "".join(said for each, said in texts if each == op)
            if text:
                yield Piece(op, text)
