"""A small archive of our own making: two bodies, three reports in two generations, one of them revised."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import zstandard
from sqlite_utils import Database

from archive.database.schema import migrations
from archive.ids import blob_id, content_id
from archive.rows import compact
from archive.rows.compact import insert
from archive.rows.records import finding_columns
from parsers.findings import AS_SAID
from parsers.records import Figure, Finding, FindingKind, Identity, Proof, State

COUNTY, BUREAU = "云岭县人民政府办公室", '云岭县水务局<script>alert("x")</script>'
COUNTY_ID, BUREAU_ID = content_id(COUNTY), content_id(BUREAU)
URL = "http://www.yunling.example/zfxxgk/nb/"
PAGE = """<html><head><meta charset="gbk"><title>年报</title></head><body><h1>云岭县</h1><script>alert(1)</script>
<table><tr><td><table><tr><th>信息内容<td>本年处理决定数量<tr><td>行政许可<td>1988</table></td></tr></table></body></html>"""
PDF = b"%PDF-1.4 made up"
ROWS = {"new_received": 12, "carried_in": 1, "granted": 7, "denied_internal_affairs": 2, "unable_not_held": 3}
ROWS |= {"result_total": 12, "carried_out": 1}


def report_id(body: str, year: int) -> str:
    """The id of a report of the made archive."""
    return content_id(body, year, "body")


def figure(value: int, code: str = "t3_new_received__total", proof: Proof = Proof.UNPROVEN) -> Figure:
    """A figure that stands nowhere."""
    return Figure(code, value, State.NUMBER, str(value), "件", proof, "")


REVISED, OLD, HOSTILE = report_id(COUNTY_ID, 2022), report_id(COUNTY_ID, 2020), report_id(BUREAU_ID, 2022)


def codes(generation: str) -> Iterator[str]:
    """The codes of a generation, in the order of the codebook."""
    with files("parsers").joinpath("codebook.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["code"] for row in csv.DictReader(file) if row["generation"] == generation)


def cells(generation: str, **changed: object) -> dict[str, tuple[object, str, str, str]]:
    """code -> (value, state, raw, proof): natural persons ask for all, and the identities hold."""
    made = {}
    for code in codes(generation):
        row, _, column = code.removeprefix("t3_").partition("__")
        value = ROWS.get(row, 0) if column in ("natural", "total") else 0
        made[code] = (value, "number", str(value), "unproven" if code.startswith("t2") else "proven")
    return made | changed  # type: ignore[operator]


def make_archive(path: Path) -> Path:
    """Write the made archive to `path`, a new file."""
    database = Database(path)
    migrations.apply(database)
    database.conn.close()
    with closing(sqlite3.connect(path)) as conn, conn:
        _captures(conn)
        _bodies(conn)
        _reports(conn)
    return path


def _captures(conn: sqlite3.Connection) -> None:
    for number, (name, data, kind) in enumerate(
        (("a.html", PAGE.encode(), "text/html"), ("b.pdf", PDF, "application/pdf"))
    ):
        sha, at = blob_id(data), f"2023-03-0{number + 1}T00:00:00Z"
        blob = zstandard.compress(data) if number == 0 else data
        encoding = "zstd" if number == 0 else "raw"
        conn.execute("insert into blob values (?, ?, ?, ?)", [sha, len(data), encoding, blob])
        capture = [content_id(name), URL + name, sha, "document", kind, at, at]
        conn.execute("insert into capture values (?, ?, ?, ?, ?, ?, ?)", capture)
        fetch = [content_id(at), "q", "r", URL + name, URL + name, "document", "s", at, "ok", 200]
        conn.execute(
            f"insert into fetch values ({', '.join('?' * 10)}, '', '{{\"secret\": 1}}', 9, ?, 5)",
            [*fetch, sha],
        )


def _bodies(conn: sqlite3.Connection) -> None:
    conn.execute("insert into body values (?, ?, '530199', 'office')", [COUNTY_ID, COUNTY])
    conn.execute("insert into body values (?, ?, '530199', 'department')", [BUREAU_ID, BUREAU])
    for body, year, state in (
        (COUNTY_ID, 2020, "found"),
        (COUNTY_ID, 2021, "not_found"),
        (COUNTY_ID, 2022, "found"),
    ):
        conn.execute("insert into coverage values (?, ?, ?, ?)", [body, year, state, "column list"])


def _reports(conn: sqlite3.Connection) -> None:
    for body, year in ((COUNTY_ID, 2022), (COUNTY_ID, 2020), (BUREAU_ID, 2022)):
        conn.execute("insert into report values (?, ?, ?, 'body')", [report_id(body, year), body, year])
    title = "云岭县人民政府办公室{}年政府信息公开工作年度报告".format
    first = cells("G2021")
    _version(conn, REVISED, 1, "a.html", title(2022), "G2021", first)
    _version(conn, REVISED, 2, "b.pdf", title(2022), "G2021", first | REVISION, BROKEN)
    _version(conn, OLD, 1, "a.html", title(2020), "G2019", cells("G2019", **ODD))
    _version(
        conn, HOSTILE, 1, "a.html", "=cmd()<img src=x onerror=alert(1)>", "G2021", cells("G2021", **NASTY)
    )


REVISION = {
    "t3_granted__natural": (6, "number", "6", "contradicted"),
    "t3_granted__total": (7, "number", "7", "contradicted"),
    "t2_licensing_decisions": (1988, "number", "1,988", "unproven"),
}
ODD = {
    "t2_fee_items_change": (-1, "number", "-1", "unproven"),
    "t2_procurement_amount": (None, "dash", "—", "unproven"),
    "t2_procurement_projects": (None, "blank", "", "unproven"),
    "t2_penalty_items_prev": (None, "illegible", "3〇?", "unproven"),
    "t4_review_total": (None, "absent", "", "unproven"),
}
NASTY = {"t2_regulation_issued": (None, "illegible", "<b>=1+1</b>", "unproven")}
BROKEN = [
    (
        "identity_fails",
        "T3-I3:t3_granted fails in print: 6 = 6, but 7 = 7",
        ["t3_granted__natural", "t3_granted__business", "t3_granted__total"],
    )
]


def _version(
    conn: sqlite3.Connection,
    report: str,
    number: int,
    file: str,
    title: str,
    generation: str,
    figures: dict[str, tuple[object, str, str, str]],
    findings: list[tuple[str, str, list[str]]] | None = None,
) -> None:
    """One version with its figures, two identities, its findings, prose and extra row."""
    version, capture = content_id(report, number), content_id(file)
    seen = [f"2023-03-0{number}T00:00:00Z", f"2023-04-0{number}T00:00:00Z"]
    generations = json.dumps(dict.fromkeys(("t2", "t3", "t4"), generation))
    row = [version, report, number, f"f{number}", capture, title, COUNTY, URL + file, "title", generations]
    add_version(
        conn,
        [*row, '["一处标签与表样不同"]', *seen],
        [
            Figure(code, v, State(s), raw, "件", Proof(proof), f"table[2]/{code}")  # type: ignore[arg-type]
            for code, (v, s, raw, proof) in figures.items()
        ],
        _proofs(bool(findings)),
    )
    conn.execute("insert into rendition values (?, ?, 0, ?)", [version, capture, URL + file])
    for position, (kind, message, about) in enumerate(findings or []):
        said = {"case": AS_SAID, "message": message, "identity": "T3-I3:t3_granted"}
        found = Finding(FindingKind(kind), tuple(about), said)
        insert(conn, "finding", [(version, position, *finding_columns(found))])
    _prose(conn, version, number)


def add_version(
    conn: sqlite3.Connection,
    row: Sequence[object],
    figures: Iterable[Figure] = (),
    identities: Iterable[Identity] = (),
) -> None:
    """A row of `version`, from its id to when it was last seen, with what it says."""
    conn.execute(f"insert into version values ({', '.join('?' * 13)}, 0, '', null)", row)
    (number,) = conn.execute("select count(*) from version").fetchone()
    conn.execute("update version set position = ? where id = ?", [number, row[0]])
    says = compact.Cells.of(figures), compact.Checks.of(identities)
    compact.write(conn, compact.Words(conn), number, *says)


def _proofs(broken: bool) -> list[Identity]:
    row = tuple(f"t3_granted__{column}" for column in ("natural", "business", "total"))
    balance = (
        "t3_new_received__total",
        "t3_carried_in__total",
        "t3_result_total__total",
        "t3_carried_out__total",
    )
    left, right = (6, 7) if broken else (7, 7)
    return [
        Identity("T3-I3:t3_granted", left == right, left, right, row),
        Identity("T3-I1:total", True, 13, 13, balance),
    ]


def _prose(conn: sqlite3.Connection, version: str, number: int) -> None:
    said = "新收政府信息公开申请12件"
    texts = (
        ("一", "总体情况", f"本年{said}，均按时办结。\n其余工作<平稳>。"),
        ("六", "其他需要报告的事项", f"无。第{number}稿。"),
    )
    for position, (mark, title, text) in enumerate(texts):
        conn.execute("insert into section values (?, ?, ?, ?, ?)", [version, position, mark, title, text])
    statement = [version, 0, "n_requests_received", 12, "件", said, 2, 2 + len(said)]
    conn.execute("insert into statement values (?, ?, ?, ?, ?, ?, ?, ?)", statement)
    extra = [version, 0, "t3", "其中：乡镇", json.dumps(["1", "", "2"]), "table[3]/tr[30]"]
    conn.execute("insert into extra_row values (?, ?, ?, ?, ?, ?)", extra)
