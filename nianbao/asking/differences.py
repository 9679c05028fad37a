"""What changed between two versions of a report, for a terminal, a program, or a browser."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from archive.derived.comparing import Cell, Comparison, Piece, Shown, compare, content_of
from nianbao.asking.history import named, reports_of, versions_of
from nianbao.front.exits import CommandError, Exit
from nianbao.front.terminal import console, say, show_table

_STATES = {"dash": "—", "illegible": "(illegible)", "absent": "(no such cell)", "blank": "(blank)"}
_STYLES = {"same": "", "gone": "red strike", "come": "green underline"}
_MARKS = {"same": "{}", "gone": "[-{}-]", "come": "{{+{}+}}"}
_CONTEXT = 30


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions of one report and what differs; `report` names it as JSON does."""

    report: dict[str, Any]
    old: int
    new: int
    found: Comparison

    @property
    def title(self) -> str:
        """Which report and which versions."""
        body, year, scope = (self.report[name] for name in ("body", "year", "scope"))
        return f"{body} {year} ({scope}): version {self.old} → {self.new}"

    def as_json(self) -> dict[str, Any]:
        """The report, `from`, `to`, `figures` and `prose`."""
        return {**self.report, "from": self.old, "to": self.new, **self.found.as_json()}


def diff(db: sqlite3.Connection, body: str, year: int, old: int | None, new: int | None) -> list[Difference]:
    """What changed from one version to another (the last two, if none is named), one entry a report."""
    found = []
    for report in reports_of(db, body, year):
        versions = {version["number"]: version["id"] for version in versions_of(db, report["id"])}
        last = max(versions)
        first = old if old is not None else max(1, last - 1)
        second = new if new is not None else last
        for number in (first, second):
            if number not in versions:
                have = ", ".join(map(str, versions))
                raise CommandError(
                    f"{report['body']} {year} ({report['scope']}) has no version {number}; it has {have}",
                    Exit.USAGE,
                )
        change = compare(content_of(db, versions[first]), content_of(db, versions[second]))
        found.append(Difference(named(report, year), first, second, change))
    return found


def show_diff(found: Iterable[Difference]) -> None:
    """The changed cells as a table; the changed passages below, what went and what came marked in them."""
    for difference in found:
        if not difference.found:
            say(f"{difference.title}: no difference")
            continue
        columns = ("code", "table", "row", "column", "from", "to", "identities")
        rows = [(c.code, c.table, c.row, c.column, *_from_to(c), _sums(c)) for c in difference.found.cells]
        if rows:
            show_table(difference.title, columns, rows)
        else:
            say(f"{difference.title}: no cell differs")
        for passage in difference.found.prose:
            _say_pieces(passage.section, passage.pieces)


def _from_to(cell: Cell) -> tuple[str, str]:
    return _printed(cell.old), _printed(cell.new)


def _printed(shown: Shown) -> str:
    return _STATES.get(shown.state) or str(shown.value)


def _sums(cell: Cell) -> str:
    """Which identities with this cell hold now: `T3-I3:t3_granted holds; T3-I1:total FAILS (held before)`."""
    said = []
    for identity in cell.identities:
        now = "not checked" if identity.holds is None else "holds" if identity.holds else "FAILS"
        then = (
            ""
            if identity.held in (None, identity.holds)
            else f" ({'held' if identity.held else 'failed'} before)"
        )
        said.append(f"{identity.id} {now}{then}")
    return "; ".join(said)


def _say_pieces(section: str, pieces: Iterable[Piece]) -> None:
    """On a terminal in colours, elsewhere with marks; long runs that stayed are shortened."""
    from rich.text import Text

    out = console()
    text = Text(f"{section}: ")
    for piece in pieces:
        said = _short(piece)
        text.append(said if out.is_terminal else _MARKS[piece.op].format(said), _STYLES[piece.op])
    if out.is_terminal:
        out.print(text)
    else:
        say(text.plain)


def _short(piece: Piece) -> str:
    words = " ".join(piece.text.split("\n"))
    if piece.op != "same" or len(words) <= 2 * _CONTEXT:
        return words
    return f"{words[:_CONTEXT]}…{words[-_CONTEXT:]}"


def write_html(found: Iterable[Difference], path: Path) -> None:
    """One HTML file that stands alone: no script, no address outside of it."""
    text = "".join(_page(list(found)))
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        why = (error.strerror or str(error)).lower()
        raise CommandError(f"{path}: {why}; give another --html", Exit.USAGE) from error


_HEAD = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title><style>
body{{font:16px/1.6 sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}}
table{{border-collapse:collapse}}td,th{{border:1px solid #bbb;padding:.2em .6em;text-align:left}}
del{{background:#fdd}}ins{{background:#dfd}}.fails{{color:#b00;font-weight:bold}}.passage{{white-space:pre-wrap}}
</style></head><body>
"""


def _page(found: list[Difference]) -> Iterator[str]:
    yield _HEAD.format(title=escape("; ".join(difference.title for difference in found)))
    for difference in found:
        yield f"<h1>{escape(difference.title)}</h1>\n"
        yield from _table(difference.found.cells)
        for passage in difference.found.prose:
            yield f"<h2>{escape(passage.section)}</h2>\n<p class='passage'>"
            yield from (_TAGS[piece.op].format(escape(piece.text)) for piece in passage.pieces)
            yield "</p>\n"
        if not difference.found:
            yield "<p>两版相同。No difference.</p>\n"
    yield "</body></html>\n"


_TAGS = {"same": "{}", "gone": "<del>{}</del>", "come": "<ins>{}</ins>"}


def _table(cells: Iterable[Cell]) -> Iterator[str]:
    rows = list(cells)
    if not rows:
        return
    heads = ("代码 code", "表 table", "行 row", "列 column", "原 from", "现 to", "勾稽关系 identities")
    yield f"<table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>\n"
    for cell in rows:
        old, new = map(escape, _from_to(cell))
        told = [escape(text) for text in (cell.code, cell.table, cell.row, cell.column)]
        mark = " class='fails'" if cell.still_fails else ""
        yield f"<tr>{''.join(f'<td>{text}</td>' for text in told)}<td><del>{old}</del></td><td><ins>{new}</ins></td>"
        yield f"<td{mark}>{escape(_sums(cell))}</td></tr>\n"
    yield "</table>\n"
