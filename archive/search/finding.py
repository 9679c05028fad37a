"""Answers of the search: bodies and reports, ranked, with the words that were asked for marked in them."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from archive.search.characters import Piece, first, marked, pattern, tokens

Facts = dict[str, Any]

PAGE = 20
LONGEST, MOST = 100, 8
"""So many characters and so many terms of a question are looked at."""
RANKED = 2000
"""Up to so many reports are ranked by bm25; words that stand in more of them say nothing about any."""
BODIES = 10
BEFORE, AROUND = 30, 140
"""Characters before the first hit, and in all, that a snippet shows."""
SEARCHED = ("names of bodies", "their places", "years", "titles", "prose")
WEIGHTS = "8.0, 3.0, 6.0, 4.0, 1.0"
"""What a hit weighs in the name of the body, its place, the year, the title, the prose."""

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
    "too_common": (
        f"符合的报告超过 {RANKED} 份，未逐一排序：名称、标题相符的在前，新年度在前。可再加地名、年度或词语。",
        f"More than {RANKED} reports fit, too many to rank: those that fit by name or title come first, newest"
        " first. Add a place, a year or a word.",
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
    def of_years(self) -> list[str]:
        """The years as FTS5 wants them: that of the report, or one in its title."""
        return [f'{{year title}} : "{year}"' for year in self.years]


def understand(text: str) -> Question:
    """A question out of what was typed: any text at all."""
    words = text[: LONGEST + 1].split()
    cut = len(text) > LONGEST or len(words) > MOST
    terms, years = [], []
    for word in text[:LONGEST].split()[:MOST]:
        found = tuple(tokens(word))
        year = _YEAR.fullmatch("".join(found))
        if year:
            years.append(year[1])
        elif found:
            terms.append(found)
    silent = "empty" if not text.strip() else "no_words" if not terms and not years else ""
    notes = tuple(note for note in (silent, "cut" if cut else "") if note)
    return Question(tuple(dict.fromkeys(terms)), tuple(dict.fromkeys(years)), notes)


def find(conn: sqlite3.Connection, text: str, page: int = 1) -> Facts:
    """Bodies (on the first page) and one page of reports that fit, and what was searched and could not be.

    `answered` is false when nothing could be looked for, or not in time; `total` is None when it is not counted.
    """
    question = understand(text)
    facts: Facts = {
        "q": text[:LONGEST],
        "page": page,
        "terms": ["".join(term) for term in question.terms],
        "years": [int(year) for year in question.years],
        "searched": {"fields": list(SEARCHED), **_held(conn)},
        "answered": True,
        "ranked": True,
        "bodies": [],
        "reports": [],
        "total": 0,
        "next": None,
    }
    notes = list(question.notes)
    if not question.terms and not question.years:
        facts["answered"] = False
    else:
        try:
            notes += _answer(conn, question, facts)
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            facts |= {"answered": False, "bodies": [], "reports": [], "total": None, "next": None}
            notes.append("too_slow")
    return {**facts, "notes": [{"code": n, "zh": NOTES[n][0], "en": NOTES[n][1]} for n in notes]}


def _held(conn: sqlite3.Connection) -> Facts:
    """How much there is to be searched, and as of when."""
    meta = dict(conn.execute("select key, value from meta where key in ('counts', 'as_of')"))
    counts = json.loads(meta["counts"])
    return {"bodies": counts["body"], "reports": counts["latest"], "as_of": meta["as_of"]}


def _answer(conn: sqlite3.Connection, question: Question, facts: Facts) -> list[str]:
    wanted = pattern([*question.terms, *((year,) for year in question.years)])
    page = facts["page"]
    if page == 1 and question.terms:
        facts["bodies"] = _bodies(conn, question, wanted)
    places, total = _reports(conn, question)
    shown = places[(page - 1) * PAGE : page * PAGE]
    facts |= {
        "reports": [_report(conn, place, wanted) for place in shown],
        "total": total,
        "ranked": total is not None,
        "next": page + 1 if len(places) > page * PAGE else None,
    }
    if total is None:
        return ["too_common"]
    return [] if facts["bodies"] or total else ["nothing"]


def _bodies(conn: sqlite3.Connection, question: Question, wanted: re.Pattern[str]) -> list[Facts]:
    """Bodies by their names, the shortest names first, then by their places."""
    found: dict[int, None] = {}
    for columns in ("{name}", "{name place}"):
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


def _reports(conn: sqlite3.Connection, question: Question) -> tuple[list[int], int | None]:
    """Positions of the reports that fit, the best first, and how many fit: None when too many to rank."""
    every = [*question.phrases, *question.of_years]
    match = " AND ".join(every)
    fitting = _first(conn, match)
    if len(fitting) <= RANKED and all(len(_first(conn, each)) <= RANKED for each in question.phrases):
        sql = f"""select rowid from report_text where report_text match ?
            order by bm25(report_text, {WEIGHTS}), rowid"""
        return [row[0] for row in conn.execute(sql, [match])], len(fitting)
    named = [f"{{body title}} : {phrase}" for phrase in question.phrases]
    best = _first(conn, " AND ".join([*named, *question.of_years])) if named else []
    places = list(dict.fromkeys([*best, *fitting]))
    return places[:RANKED], len(fitting) if len(fitting) <= RANKED else None


def _first(conn: sqlite3.Connection, match: str) -> list[int]:
    """The first reports that fit, the newest year first: one more than are ranked."""
    sql = "select rowid from report_text where report_text match ? order by rowid limit ?"
    return [row[0] for row in conn.execute(sql, [match, RANKED + 1])]


REPORT = """
select r.id as report_id, r.year, r.scope, b.id as body_id, b.name as body, v.title, v.number as version,
       v.first_seen, v.last_seen, l.figures, l.proven, l.unproven, l.contradicted, l.findings, v.id as version_id
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
