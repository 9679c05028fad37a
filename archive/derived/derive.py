"""Captures to readings, readings to reports: everything derived, and always whole.

Two steps, each of which may be killed at any moment. First every capture that this version of the parser
has not read is parsed and its reading kept. Then every report that a new reading touches is written anew
from all of its readings, in one transaction. What was parsed and not yet placed is found by the next run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from archive import pool
from archive.derived import across, coverage, reports, rereading
from archive.derived.neighbours import Neighbours, beside
from archive.derived.placing import Place, Placer, link_title
from archive.errors import ArchiveDamaged
from archive.rows.compact import Words, insert
from archive.rows.heads import COLUMNS, NAMES, Head
from archive.rows.records import pack
from archive.store import Archive
from archive.versions import figures_hash, fingerprint, text_hash
from parsers import PARSER_VERSION
from parsers.document import ParseError
from parsers.records import Report

Item = TypeVar("Item")

PARSE_TIMEOUT = timedelta(minutes=4)
"""A file that takes longer is unreadable. A scan of thirty pages takes about one minute."""
BATCH = 32


class ReadingState(StrEnum):
    """What became of a capture. `read` and `dropped` are on their way and gone when a read has ended."""

    REPORT = "report"
    NOT_REPORT = "not_report"
    UNREADABLE = "unreadable"
    UNPLACED = "unplaced"
    READ = "read"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What one read did: captures read and what they were; versions that are new, with what they hold."""

    read: int = 0
    reports: int = 0
    not_reports: int = 0
    unreadable: int = 0
    versions: int = 0
    figures: int = 0
    findings: int = 0


class Parse(Protocol):
    """The parser: `parsers.report.parse`, or another one in tests."""

    def __call__(self, data: bytes, *, url: str = "", link_title: str = "") -> Report: ...


Write = Callable[[str], reports.Written]
"""Writes a report anew from all of its readings."""
Progress = Callable[[int, int], None]
"""Told how many captures are read, and of how many."""


@dataclass(frozen=True, slots=True)
class Task:
    """A capture to read: no more than which it is, and where its bytes are."""

    capture_id: str
    url: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Read:
    """One reading as it is stored; what could not be read has no head and no record.

    `kept` says that all readings of its capture are kept as they are already, and are not sent again.
    """

    state: ReadingState
    message: str = ""
    fingerprint: str = ""
    text_hash: str = ""
    figures_hash: str = ""
    head: Head | None = None
    record: bytes | None = None
    kept: bool = False


Readings = list[_Read]
"""All readings of one capture: one a report that its file holds."""
Result = tuple[Task, "list[_Read] | pool.Failure"]
Work = Callable[[Task], "list[_Read]"]


class Runner(Protocol):
    """Who does the work, if not processes of this machine; the archive's file is still while it runs."""

    def __call__(
        self, work: Work, items: Sequence[Task], *, jobs: int, timeout: timedelta
    ) -> Generator[Result, None, None]: ...


def read(
    archive: Archive,
    *,
    all: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
    parse: Parse | None = None,
    timeout: timedelta = PARSE_TIMEOUT,
    runner: Runner | None = None,
    written: Callable[[reports.Written], None] | None = None,
) -> ReadResult:
    """Reads what this version of the parser has not read (or `all`), and derives every report it touches.

    A reading of everything that was killed goes on with the captures that it had not read. `written` is told after
    each report what was written so far.
    """
    how = How(jobs, parse, timeout, runner, again=all)
    unread = _unread(archive.db, everything=all)
    counts = Counts()
    for batch in parsed(archive, unread, how, counts, progress):
        _keep(archive, batch, everything=all)
    new = finish(archive, written)
    if all:
        with archive.transaction() as db:
            db.execute("delete from reread")
    return counts.result(new)


@dataclass(frozen=True, slots=True)
class How:
    """How captures are read: by how many processes, by which parser, how long at most, and where.

    `again` spares what is kept already the way back from the workers.
    """

    jobs: int = 1
    parse: Parse | None = None
    timeout: timedelta = PARSE_TIMEOUT
    runner: Runner | None = None
    again: bool = False


class Counts:
    """What captures turned out to be."""

    def __init__(self) -> None:
        self.read = self.reports = self.not_reports = self.unreadable = 0

    def add(self, found: Readings) -> None:
        """One more capture."""
        self.read += 1
        states = {reading.state for reading in found}
        if ReadingState.READ in states:
            self.reports += 1
        elif ReadingState.NOT_REPORT in states:
            self.not_reports += 1
        else:
            self.unreadable += 1

    def result(self, new: reports.Written) -> ReadResult:
        """The counts with what was written from them."""
        what = (self.read, self.reports, self.not_reports, self.unreadable)
        return ReadResult(*what, new.versions, new.figures, new.findings)


def parsed(
    archive: Archive,
    captures: Sequence[sqlite3.Row],
    how: How,
    counts: Counts,
    progress: Progress | None = None,
) -> Iterator[list[tuple[str, Readings]]]:
    """The readings of captures (rows with id, url, sha256), some captures at a time, as they become ready."""
    work = partial(_work, how.parse, archive.path, how.runner is not None, how.again)
    run = how.runner or pool.run
    tasks = [Task(*row) for row in captures]
    with closing(run(work, tasks, jobs=how.jobs, timeout=how.timeout)) as results:
        for batch in _batches(_readings(results), BATCH):
            yield batch
            for _capture_id, found in batch:
                counts.add(found)
            if progress is not None:
                progress(counts.read, len(captures))


def finish(archive: Archive, written: Callable[[reports.Written], None] | None = None) -> reports.Written:
    """Derives everything that waits for it: reports, what they say of each other, what is missing."""
    new = _derive(archive, written or (lambda _total: None))
    across.fill(archive)
    coverage.fill(archive)
    return new


def _parser() -> Parse:
    from parsers.report import parse

    return parse


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _unread(db: sqlite3.Connection, *, everything: bool) -> list[sqlite3.Row]:
    return db.execute(
        "select id, url, sha256 from capture c where kind in ('document', 'attachment') and ((:all and not exists"
        " (select 1 from reread d where d.capture_id = c.id)) or not exists"
        " (select 1 from reading r where r.capture_id = c.id and r.parser = :parser and r.state <> 'dropped'))"
        " order by first_seen, url, id",
        {"all": everything, "parser": PARSER_VERSION},
    ).fetchall()


@cache
def _opened(path: Path, still: bool) -> Archive:
    """The archive as a worker sees it, for as long as the worker lives."""
    return Archive.read_only(path, still=still)


def _work(parse: Parse | None, path: Path, still: bool, again: bool, task: Task) -> list[_Read]:
    """One capture as its readings, in a worker: who gives the work away need not load the parser."""
    archive = _opened(path, still)
    found = _parse(parse or _parser(), archive, task)
    if again and _is_kept(archive.db, task.capture_id, found):
        return [replace(reading, head=None, record=None, kept=True) for reading in found]
    return found


def _parse(parse: Parse, archive: Archive, task: Task) -> list[_Read]:
    """What a capture says: nothing that a file does to the parser gets out of here."""
    try:
        data = archive.blob(task.sha256)
    except ArchiveDamaged:
        data = b""
    if not data:
        return [_Read(ReadingState.UNREADABLE, "the blob is empty or damaged; run `nianbao verify`")]
    try:
        report = parse(data, url=task.url, link_title=link_title(archive.db, task.url))
        return [_reading(found) for found in (report, *report.others)]
    except ParseError as error:
        return [_Read(ReadingState.UNREADABLE, str(error))]
    except Exception as error:
        return [_Read(ReadingState.UNREADABLE, f"the parser failed: {type(error).__name__}: {error}")]


def _reading(report: Report) -> _Read:
    kept = (Head.of(report), pack(report))
    if report.is_report:
        hashes = (fingerprint(report), text_hash(report), figures_hash(report))
        return _Read(ReadingState.READ, "", *hashes, *kept)
    return _Read(ReadingState.NOT_REPORT, "; ".join(report.warnings), "", "", "", *kept)


def _readings(
    results: Iterable[Result],
) -> Iterator[tuple[str, list[_Read]]]:
    for task, result in results:
        if isinstance(result, pool.Failure):
            result = [_Read(ReadingState.UNREADABLE, result.message)]
        yield task.capture_id, result


_KEEP = """
insert into reading (capture_id, ordinal, parser, state, message, fingerprint, text_hash, figures_hash)
values (?, ?, ?, ?, ?, ?, ?, ?)
on conflict (capture_id, ordinal) do update set parser = excluded.parser, state = excluded.state,
    message = excluded.message, fingerprint = excluded.fingerprint, text_hash = excluded.text_hash,
    figures_hash = excluded.figures_hash
"""


def rows_of(capture_id: str, found: Readings) -> list[tuple[object, ...]]:
    """The readings of one capture as they are stored, but for the report that they belong to."""
    return [
        (
            capture_id,
            ordinal,
            PARSER_VERSION,
            r.state.value,
            r.message,
            r.fingerprint,
            r.text_hash,
            r.figures_hash,
        )
        for ordinal, r in enumerate(found)
    ]


def records_of(capture_id: str, found: Readings) -> list[tuple[object, ...]]:
    """What was read in one capture, as rows of the table `record`."""
    return [
        (capture_id, ordinal, *r.head.row(), r.record)
        for ordinal, r in enumerate(found)
        if r.head is not None
    ]


def _keep(archive: Archive, batch: Iterable[tuple[str, list[_Read]]], *, everything: bool) -> None:
    """Stores readings. The report that an older reading belonged to stays named until it is written anew."""
    with archive.transaction() as db:
        for capture_id, found in batch:
            if everything:
                db.execute("insert into reread values (?) on conflict do nothing", (capture_id,))
                if all(reading.kept for reading in found):
                    db.execute(
                        "update reading set parser = ? where capture_id = ?", (PARSER_VERSION, capture_id)
                    )
                    continue
            known = rereading.note(db, capture_id, PARSER_VERSION, [(r.state.value, r.record) for r in found])
            db.executemany(_KEEP, rows_of(capture_id, found))
            if known:
                _drop(db, capture_id, len(found))
            insert(db, "record", records_of(capture_id, found))
            db.execute(_NEIGHBOURS, {"id": capture_id})


_KEPT = f"""
select r.ordinal, r.state, r.message, r.fingerprint, r.text_hash, r.figures_hash, {COLUMNS}, d.data
from reading r left join record d on (d.capture_id, d.ordinal) = (r.capture_id, r.ordinal)
where r.capture_id = ? and r.parser <> '' order by r.ordinal
"""


def _is_kept(db: sqlite3.Connection, capture_id: str, found: Readings) -> bool:
    """Whether these readings are kept already, settled, with nothing else: then no report says anything new."""
    kept = [tuple(row) for row in db.execute(_KEPT, (capture_id,))]
    return kept == [_settled(ordinal, reading) for ordinal, reading in enumerate(found)]


def _settled(ordinal: int, r: _Read) -> tuple[object, ...]:
    """A reading as it is kept when its report, if it is one, has been placed."""
    state = ReadingState.REPORT if r.state is ReadingState.READ else r.state
    record = (*r.head.row(), r.record) if r.head is not None else (None,) * (len(NAMES) + 1)
    return (ordinal, state.value, r.message, r.fingerprint, r.text_hash, r.figures_hash, *record)


def _drop(db: sqlite3.Connection, capture_id: str, kept: int) -> None:
    """Takes the records of an older reading away, and of what it read the rest beyond the first `kept`."""
    db.execute("delete from record where capture_id = ?", (capture_id,))
    db.execute(
        "update reading set state = 'dropped' where capture_id = ? and ordinal >= ?", (capture_id, kept)
    )


# A page and the files beside it say of each other what they do not say themselves.
_NEIGHBOURS = """
update reading set state = 'read' where state = 'report' and capture_id in (
    select o.id from capture c join link l on l.from_url = c.url join capture o on o.url = l.to_url
    where c.id = :id and o.kind = 'attachment'
    union
    select o.id from capture c join link l on l.to_url = c.url join capture o on o.url = l.from_url
    where c.id = :id and c.kind = 'attachment')
"""


def _derive(archive: Archive, written: Callable[[reports.Written], None]) -> reports.Written:
    """Places what waits for it, and writes every report that is touched."""
    placer = Placer(archive.db)
    by_report: dict[str, list[_Placed]] = {}
    fresh: set[str] = set()
    for row in archive.db.execute(_WAITING, (placer.moved_bodies(),)):
        if row["state"] in (ReadingState.READ, ReadingState.DROPPED):
            fresh.add(row["url"])
        placed = _place(placer, row)
        if row["state"] == ReadingState.REPORT and placed.place and placed.place.report_id == placed.before:
            continue  # it says what it said, of the same report
        if (placed.state, placed.message) != (ReadingState.UNPLACED, row["message"]) or placed.before:
            by_report.setdefault(placed.key, []).append(placed)
    write = partial(reports.write, archive.db, Words(archive.db), Neighbours(archive.db))
    total = reports.Written()
    # The last fetch that counts: one that a crawl keeps meanwhile is looked at by the next read.
    (last,) = archive.db.execute("select coalesce(max(rowid), 0) from fetch").fetchone()
    # What waits is seen by them before it is placed: a kill leaves it waiting, and they are written again.
    for batch in _batches(sorted(set(beside(archive.db, fresh)) - by_report.keys()), BATCH):
        with archive.transaction():
            total = sum(map(write, batch), total)
    for batch in _batches(sorted(by_report), BATCH):
        with archive.transaction():
            for key in batch:
                total += _settle(archive, write, by_report[key])
        written(total)
    stale = {row[0] for row in archive.db.execute(_STALE, {"last": last})}
    for batch in _batches(sorted(stale - by_report.keys()), BATCH):
        with archive.transaction():
            total = sum(map(write, batch), total)
    with archive.transaction() as db:
        db.execute("insert or replace into mark values ('fetch', ?)", (last,))
    return total


@dataclass(frozen=True, slots=True)
class _Placed:
    """A reading with where it belongs now, and the report that it was counted to before."""

    capture_id: str
    ordinal: int
    state: ReadingState
    message: str
    place: Place | None
    before: str | None

    @property
    def key(self) -> str:
        return self.place.report_id if self.place else self.before or ""


_WAITING = f"""
select r.capture_id, r.ordinal, r.state, r.message, r.report_id, c.url, c.kind as capture_kind, {COLUMNS}
from reading r join capture c on c.id = r.capture_id
left join record d on (d.capture_id, d.ordinal) = (r.capture_id, r.ordinal)
where r.state in ('read', 'unplaced', 'dropped') or (r.state <> 'report' and r.report_id is not null)
or r.body_id in (select value from json_each(?))
or (r.state = 'report' and r.capture_id in (select capture_id from reread)) order by r.capture_id, r.ordinal
"""


def _place(placer: Placer, row: sqlite3.Row) -> _Placed:
    state, message, place = ReadingState(row["state"]), row["message"], None
    key = (row["capture_id"], row["ordinal"])
    if state in (ReadingState.READ, ReadingState.UNPLACED, ReadingState.REPORT):
        attached = row["capture_kind"] == "attachment"
        found = placer.place(row["url"], Head.from_row(row), attachment=attached)
        if isinstance(found, Place):
            state, message, place = ReadingState.REPORT, "", found
        else:
            state, message = ReadingState.UNPLACED, found
    return _Placed(*key, state, message, place, row["report_id"])


def _settle(archive: Archive, write: Write, group: list[_Placed]) -> reports.Written:
    """One report with the readings that came to it or left it, in one transaction."""
    with archive.transaction() as db:
        touched = set()
        for placed in group:
            touched |= {placed.before, placed.place.report_id if placed.place else None}
            _settle_reading(db, placed)
        total = reports.Written()
        for report_id in sorted(filter(None, touched)):
            total += write(report_id)
        return total


def _settle_reading(db: sqlite3.Connection, placed: _Placed) -> None:
    key = (placed.capture_id, placed.ordinal)
    if placed.state is ReadingState.DROPPED:
        db.execute("delete from reading where capture_id = ? and ordinal = ?", key)
        return
    place = placed.place
    if place is not None:
        reports.know(db, place)
    where = (place.body.id, place.year, place.scope.value, place.report_id) if place else (None,) * 4
    db.execute(
        "update reading set state = ?, message = ?, body_id = ?, year = ?, scope = ?, report_id = ?"
        " where capture_id = ? and ordinal = ?",
        (placed.state.value, placed.message, *where, *key),
    )


# A capture seen again makes its version last longer, and a page that is gone or leads on may be withdrawn or have
# moved; a report without readings has to go.
_STALE = """
select v.report_id from version v join rendition n on n.version_id = v.id
join capture c on c.id = n.capture_id where c.last_seen > v.last_seen
union select r.report_id from fetch f join capture c on c.url = f.url join reading r on r.capture_id = c.id
where f.rowid > coalesce((select value from mark where name = 'fetch'), 0) and f.rowid <= :last
and r.report_id is not null
union select id from report where id not in (select report_id from reading where report_id is not null)
"""
