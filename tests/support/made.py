"""An archive filled by hand, as a crawl would fill it, and a parser that reads what is put there."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive.derived import derive
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind
from archive.state.nights import Night
from archive.store import Archive
from parsers.document import ParseError
from parsers.records import Figure, Proof, Report, Scope, Section, State
from parsers.remarks import Remark, RemarkKind

DERIVED = (
    "reading",
    "body",
    "report",
    "version",
    "rendition",
    "cell",
    "checked",
    "cell_code",
    "place",
    "identity_form",
    "finding",
    "statement",
    "section",
    "extra_row",
    "coverage",
    "event",
    "likeness",
    "record",
    "seal",
)
SAID = {
    "version": "select id, report_id, number, fingerprint, capture_id, ordinal, title, issuer, url, year_from,"
    " generations, warnings, first_seen, last_seen, content from version",
    "cell": "select * from figure",
    "checked": "select * from identity",
    "cell_code": "select distinct code, unit from figure",
    "place": "select distinct place from figure",
    "identity_form": "select distinct id, codes from identity",
}
"""What the rows of a table say, where they are numbered by the order in which a file was written."""
PROGRESS = ("due", "reread", "rebuilt", "rebuilt_record", "mark", "fetch_seal", "past")
"""What tells how far a derivation has come."""
HOST = "http://www.huojia.gov.cn"
PAGE, FILE, TWIN = f"{HOST}/1.html", f"{HOST}/1.pdf", f"{HOST}/1_wap.html"


def made_parse(data: bytes, *, url: str = "", link_title: str = "") -> Report:
    """Reads the JSON of `shows`; a few words make it fail as a parser of hostile files may."""
    if data == b"CRASH":
        os.kill(os.getpid(), signal.SIGSEGV)
    if data == b"SLOW":
        time.sleep(60)
    if data == b"BUG":
        raise ZeroDivisionError("a bug")
    if data == b"BAD":
        raise ParseError("not a file of a known kind")
    return report(json.loads(data))


def report(said: dict[str, Any]) -> Report:
    figures = tuple(
        Figure(code, value, State.NUMBER, str(value), "", Proof.UNPROVEN, "td")
        for code, value in said.get("values", {}).items()
    )
    scope = said.get("scope")
    return Report(
        title=said.get("title"),
        issuer=said.get("issuer"),
        year=said.get("year"),
        year_from=None,
        scope=None if scope is None else Scope(scope),
        generations={},
        figures=figures,
        identities=(),
        findings=(),
        sections=(Section("一", "总体情况", said.get("text", "")),),
        statements=(),
        extra_rows=(),
        remarks=() if said.get("is_report", True) else (Remark(RemarkKind.NOT_A_REPORT),),
        text=said.get("text", ""),
        is_report=said.get("is_report", True),
        others=tuple(report(other) for other in said.get("others", ())),
        frame=said.get("frame", ""),
    )


def inline(
    work: Callable[[Any], Any], items: Iterable[Any], *, jobs: int, timeout: timedelta
) -> Iterator[tuple[Any, Any]]:
    """The pool without processes."""
    return ((item, work(item)) for item in items)


class Country:
    """An archive that is filled by hand, as a crawl would."""

    def __init__(self, path: Path) -> None:
        self.archive = Archive.open(path)
        self.source("s1", "获嘉县人民政府", "410724")

    def source(self, identifier: str, name: str, division: str) -> None:
        row = {"id": identifier, "name": name, "division": division, "level": "county", "kind": "government"}
        self.archive.keep_sources([{**row, "entry": "column", "url": HOST, "family": "trs", "note": ""}])

    def shows(self, url: str, said: dict[str, Any] | bytes, day: int = 1, **how: Any) -> None:
        """The URL shows this on that day."""
        data = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
        self.answers(url, Outcome.OK, day, data, **how)

    def answers(
        self, url: str, outcome: Outcome, day: int = 1, data: bytes | None = None, **links: str
    ) -> None:
        """A fetch with this outcome; `title` and `on` say which link led there, `run` and `time` when it was."""
        kind = RequestKind.ATTACHMENT if url.endswith(".pdf") else RequestKind.DOCUMENT
        request = FrontierRequest(url=url, kind=kind, source_id=links.get("source", "s1"))
        at = f"2023-03-{day:02}T{links.get('time', '00:00:00')}Z"
        source = links.get("source", "s1")
        self.archive.enqueue([request])
        fetch = Fetch(
            request.id, links.get("run", "run"), url, kind, outcome, at, source_id=source, attempt=day
        )
        on = links.get("on", f"{HOST}/list.html")
        link = Link(on, url, links.get("title", "年报"), kind, "report", source_id=source)
        self.archive.complete(request.id, fetch, data, [link])

    def lists(self, day: int, url: str = f"{HOST}/list.html", source: str = "s1", run: str = "run") -> None:
        """A fetch of a listing on that day, with bytes of its own, and the links that `shows` put on it seen again."""
        request = FrontierRequest(url=url, kind=RequestKind.LISTING, source_id=source)
        at = f"2023-03-{day:02}T00:00:00Z"
        self.archive.enqueue([request])
        fetch = Fetch(
            request.id, run, url, RequestKind.LISTING, Outcome.OK, at, source_id=source, attempt=day
        )
        self.archive.complete(request.id, fetch, f"list of day {day}".encode(), [])
        self.archive.db.execute("update link set last_seen = ? where from_url = ?", (at, url))

    def night(self, day: int, problem: str = "") -> str:
        """A run of the crawl on that day, and how it went for the source; its id is for `run`."""
        run, at = f"n{day}", f"2023-03-{day:02}T00:00:00Z"
        sql = "insert or ignore into run (id, command, started_at) values (?, 'crawl', ?)"
        self.archive.db.execute(sql, (run, at))
        self.archive.keep_nights([Night("s1", run, at, 1, problem)])
        return run

    def read(self, **options: Any) -> derive.ReadResult:
        return derive.read(self.archive, parse=made_parse, **options)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.archive.db.execute(sql)]

    def derived(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every derived row."""
        return {
            table: sorted(self.rows(SAID.get(table, f"select * from {table}")), key=repr) for table in DERIVED
        }


def says(**more: Any) -> dict[str, Any]:
    said = {"title": "获嘉县2022年政府信息公开年度报告", "issuer": "获嘉县", "year": 2022, "scope": "area"}
    return {**said, "values": {"a": 1, "b": 2}, "text": "公开8条。", **more}
