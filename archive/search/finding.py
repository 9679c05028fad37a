"""Answers of the search: bodies and reports, ranked, with the words that were asked for marked in them.

Reports are looked for block by block, the newest first, and no further than a visitor waits: what an answer costs
depends on what it shows, and not on how many reports there are. An answer that stopped says so, and where to go on.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from archive.search import blocks
from archive.search.characters import Piece, first, marked, pattern, tokens

Facts = dict[str, Any]

PAGE = 20
LONGEST, MOST = 100, 8
"""So many characters and so many terms of a question are looked at."""
ENOUGH = 1000
"""An answer that lists so many reports looks no further: words that stand in more of them say little about any."""
LOOKED, AT_ONCE = 512, 8
"""So many blocks are looked through for an answer, and so many by one question to the index."""
BODIES = 10
BEFORE, AROUND = 30, 140
"""Characters before the first hit, and in all, that a snippet shows."""
SEARCHED = ("names of bodies", "their places", "years", "titles", "prose")
NOTES = {
    "empty": (
        "请输入机关名称、地名、年度或正文中的文字。",
        "Type the name of a body, a place, a year, or words of a report.",
    ),
    "no_words": (
        "输入中没有文字或数字，无法查找。",
        "There is no letter or digit in it: nothing to look for.",
    ),
    "cut": (
        f"只查找了前 {LONGEST} 个字、前 {MOST} 个词。",
        f"Only the first {LONGEST} characters and {MOST} words were searched.",
    ),
    "stopped": (
        "查到 {year} 年的报告为止，{listed:,} 份符合；更早的尚未查，也未计数。可继续查更早的报告，或再加地名、年度、词语。",
        "Searched back to some reports of {year}: {listed:,} fit. Earlier ones are neither searched nor counted yet:"
        " go on to them, or add a place, a year or a word.",
    ),
    "nothing": (
        "没有找到。可少输几个字，或只输地名。",
        "Nothing found: try fewer characters, or a place name alone.",
    ),
    "too_slow": (
        "查找超过时限，未能回答。请改用更少见的词，或加上地名。",
        "It took too long and is not answered: try a rarer word, or add a place.",
    ),
}

_YEAR = re.compile(r"((?:19|20)\d\d)(?:年|年度)?")
_NAME_YEAR = re.compile(
    r"(?P<name>\D*[县区市省旗乡镇州盟局委厅部办府院处会室所街道])(?P<year>(?:19|20)\d\d)"
    r"年?度?(?:政府信息公开)?(?:工作)?(?:年度)?(?:报告|年报)?"
)
"""A body's or a place's name with the year of its report behind it, as people type it: 北坡县2021, 某局2021年度报告."""


@dataclass(frozen=True)
class Question:
    """What was asked: terms as lists of tokens, years, and what has to be said about it."""

    terms: tuple[tuple[str, ...], ...] = ()
    years: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def phrases(self) -> list[str]:
        """Each term as FTS5 wants it; tokens are letters and digits alone, so nothing can be smuggled in."""
        return [f'"{" ".join(term)}"' for term in self.terms]

    @property
    def match(self) -> str:
        """What a report has: every term, and the years as that of the report or in its title."""
        return " AND ".join([*self.phrases, *(f'{{year title}} : "{year}"' for year in self.years)])

    @property
    def named(self) -> str:
        """What a report has besides whose body is named by one of the terms."""
        return f"{self.match} AND {{body}} : ({' OR '.join(self.phrases)})"

    @property
    def blocks(self) -> str:
        """What a block has in which a report may fit."""
        words = [word for term in self.terms for word in blocks.of_term(term)]
        return " AND ".join(f'"{word}"' for word in dict.fromkeys([*words, *map(blocks.of_year, self.years)]))


def understand(text: str) -> Question:
    """A question out of what was typed: any text at all."""
    words = text[: LONGEST + 1].split()
    cut = len(text) > LONGEST or len(words) > MOST
    terms, years = [], []
    for word in text[:LONGEST].split()[:MOST]:
        found = tuple(tokens(word))
        typed = "".join(found)
        year, joined = _YEAR.fullmatch(typed), _NAME_YEAR.fullmatch(typed)
        if year:
            years.append(year[1])
        elif joined:
            terms.append(tuple(tokens(joined["name"])))
            years.append(joined["year"])
        elif found:
            terms.append(found)
    silent = "empty" if not text.strip() else "no_words" if not terms and not years else ""
    notes = tuple(note for note in (silent, "cut" if cut else "") if note)
    return Question(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(years)), notes)


def find(conn: sqlite3.Connection, text: str, page: int = 1, start: int = 0) -> Facts:
    """Bodies (on the first page) and one page of reports that fit, and what was searched and could not be.

    `answered` is false when nothing could be looked for, or not in time. `total` is None when the answer begins or
    stops midway; `listed` says how many reports it lists, and `older` is the `start` of the answer that goes on.
    """
    question = understand(text)
    nothing: Facts = {"bodies": [], "reports": [], "total": None, "listed": 0, "next": None, "older": None}
    facts: Facts = {
        "q": text[:LONGEST],
        "page": page,
        "terms": ["".join(term) for term in question.terms],
        "years": [int(year) for year in question.years],
        "searched": {"fields": list(SEARCHED), **_held(conn)},
        "answered": bool(question.terms or question.years),
        **nothing,
    }
    notes = [_note(code) for code in question.notes]
    if facts["answered"]:
        try:
            notes += _answer(conn, question, start, facts)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            facts |= {**nothing, "answered": False}
            notes.append(_note("too_slow"))
    return {**facts, "notes": notes}


def find_bodies(conn: sqlite3.Connection, text: str) -> list[Facts]:
    """The bodies alone that fit what was typed."""
    question = understand(text)
    return _bodies(conn, question, pattern(question.terms)) if question.terms else []


def _note(code: str, **values: int) -> Facts:
    zh, en = NOTES[code]
    return {"code": code, "zh": zh.format(**values), "en": en.format(**values)}


def _held(conn: sqlite3.Connection) -> Facts:
    """How much there is to be searched, and as of when."""
    meta = dict(conn.execute("select key, value from meta where key in ('counts', 'as_of')"))
    counts = json.loads(meta["counts"])
    return {"bodies": counts["body"], "reports": counts["latest"], "as_of": meta["as_of"]}


def _answer(conn: sqlite3.Connection, question: Question, start: int, facts: Facts) -> list[Facts]:
    wanted = pattern([*question.terms, *((year,) for year in question.years)])
    page = facts["page"]
    if page == 1 and not start and question.terms:
        facts["bodies"] = _bodies(conn, question, wanted)
    places, older = _reports(conn, question, start)
    shown = places[(page - 1) * PAGE : page * PAGE]
    facts |= {
        "reports": [_report(conn, place, wanted) for place in shown],
        "total": None if start or older else len(places),
        "listed": len(places),
        "next": page + 1 if len(places) > page * PAGE else None,
        "older": older,
    }
    if older:
        return [_note("stopped", year=_year(conn, older), listed=len(places))]
    return [] if facts["bodies"] or places else [_note("nothing")]


def _bodies(conn: sqlite3.Connection, question: Question, wanted: re.Pattern[str]) -> list[Facts]:
    """Bodies by their names, the shortest names first, then by their places."""
    found: dict[int, None] = {}
    for columns in ("{name}", "{name place}"):
        if len(found) < BODIES:
            match = f"{columns} : ({' AND '.join(question.phrases)})"
            sql = "select rowid from body_text where body_text match ? order by rowid limit ?"
            found |= dict.fromkeys(row[0] for row in conn.execute(sql, [match, BODIES]))
    sql = "select id, name, division, kind from body where position = ?"
    rows = [conn.execute(sql, [place]).fetchone() for place in list(found)[:BODIES]]
    return [
        {
            **dict(zip(("id", "name", "division", "kind"), row, strict=True)),
            "pieces": _plain(marked(row[1], wanted)),
        }
        for row in rows
    ]


def _reports(conn: sqlite3.Connection, question: Question, start: int) -> tuple[list[int], int | None]:
    """Positions of the reports that fit, from the block `start` on: those whose body is named first, then the newest.

    And the block at which the next answer begins; None when there is no report left that may fit.
    """
    sql = "select rowid from block_text where block_text match ? and rowid >= ? order by rowid"
    waiting = (row[0] for row in conn.execute(sql, [question.blocks, start]))
    found: list[int] = []
    for some in _batches(islice(waiting, LOOKED)):
        found += _within(conn, question.match, some)
        if len(found) >= ENOUGH:
            break
    older = next(waiting, None)
    named: list[int] = []
    if question.terms:
        for some in _batches(dict.fromkeys(map(blocks.block_of, found))):
            named += _within(conn, question.named, some)
    return list(dict.fromkeys([*named, *found])), older


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _within(conn: sqlite3.Connection, match: str, some: list[int]) -> list[int]:
    """The reports of some blocks that fit, the newest first."""
    labels = " OR ".join(f'"{blocks.label(block)}"' for block in some)
    sql = "select rowid from report_text where report_text match ? order by rowid"
    return [row[0] for row in conn.execute(sql, [f"block : ({labels}) AND {match}"])]


def _year(conn: sqlite3.Connection, block: int) -> int:
    """The year of the first report of a block."""
    sql = """select r.year from version v join report r on r.id = v.report_id where v.position >= ?
        order by v.position limit 1"""
    return int(conn.execute(sql, [block * blocks.SIZE]).fetchone()[0])


REPORT = """
select r.id as report_id, r.year, r.scope, b.id as body_id, b.name as body, v.title, v.number as version,
       v.first_seen, v.last_seen, l.figures, l.proven, l.unproven, l.contradicted, l.cleared, l.findings, v.id as version_id
from version v join latest l on l.version_id = v.id join report r on r.id = v.report_id
join body b on b.id = r.body_id where v.position = ?
"""


def _report(conn: sqlite3.Connection, place: int, wanted: re.Pattern[str]) -> Facts:
    cursor = conn.execute(REPORT, [place])
    row = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    sql = "select title, text from section where version_id = ? order by position"
    prose = "\n".join(f"{title}\n{text}" for title, text in conn.execute(sql, [row.pop("version_id")]))
    return {
        **row,
        "title_pieces": _plain(marked(row["title"], wanted)),
        "snippet": _plain(snippet(prose, wanted)),
    }


def snippet(text: str, wanted: re.Pattern[str]) -> list[Piece]:
    """The words around the first hit, all hits in them marked; nothing without a hit."""
    at = first(text, wanted)
    if at < 0:
        return []
    start = max(at - BEFORE, 0)
    end = min(start + AROUND, len(text))
    around = " ".join(text[start:end].split())
    return marked(("…" if start else "") + around + ("…" if end < len(text) else ""), wanted)


def _plain(pieces: list[Piece]) -> list[Facts]:
    return [piece._asdict() for piece in pieces]
