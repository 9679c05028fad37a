"""A made archive that does its worst to the pages: markup in names, endless names, forty versions, nothing at all."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from published import BUREAU_ID, COUNTY_ID, REVISED, add_version, cells, make_archive

from archive.derived.standing import Standing
from archive.ids import blob_id, content_id
from parsers.records import Figure, Proof, State

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
LONG = "某某自治县" + "城市管理和综合行政执法监督指挥调度服务保障" * 12 + "中心"
UNBROKEN = "A" * 400
LONG_ID, EMPTY_ID, MANY_ID = "long", "empty", "many"
LONG_REPORT, MANY_REPORT, BARE_REPORT = "rlong", "rmany", "rbare"
VERSIONS = 40


def make_hostile(path: Path) -> Path:
    """The made archive with what is worst added."""
    make_archive(path)
    with closing(sqlite3.connect(path)) as archive, archive:
        _bodies(archive)
        _versions(archive)
        _coverage(archive)
        _sources(archive)
        _watched(archive)
    return path


def _bodies(archive: sqlite3.Connection) -> None:
    for body, name, division, kind in (
        (LONG_ID, LONG, "530199", "department"),
        (EMPTY_ID, f"云岭县{SCRIPT}局", "530199", "department"),
        (MANY_ID, UNBROKEN, "110101", "zone"),
        ("centre", "外交部", "", "department"),
    ):
        archive.execute("insert into body values (?, ?, ?, ?)", [body, name, division, kind])
    reports = ((LONG_REPORT, LONG_ID, 2022), (MANY_REPORT, MANY_ID, 2021), (BARE_REPORT, "centre", 2008))
    for report, body, year in reports:
        archive.execute("insert into report values (?, ?, ?, 'area')", [report, body, year])


def _sources(archive: sqlite3.Connection) -> None:
    """A source with a hostile name and evidence, seen from two vantages, and one whose address is no web address."""
    for name, url in ((LONG, f"http://x.example/{UNBROKEN}"), (SCRIPT, "javascript:alert(4)")):
        row = [name[:40], name, "530199", "county", "government", "portal", url, "", "", "2026"]
        archive.execute(f"insert into source values ({', '.join('?' * len(row))})", row)
        for vantage, state in (("", "blocked"), (SCRIPT, "verified")):
            seen = [name[:40], vantage, "2026-01-01T00:00:00Z", state, "ok", "", f"{SCRIPT} {UNBROKEN}", "r"]
            archive.execute(f"insert into source_life values ({', '.join('?' * len(seen))})", seen)


def _watched(archive: sqlite3.Connection) -> None:
    """A late report, one that was never published, and a revision, of bodies with endless names."""
    listing = b"<html>2019 2020</html>"
    sha = blob_id(listing)
    at = "2024-02-01T00:00:00Z"
    archive.execute("insert into blob values (?, ?, 'raw', ?)", [sha, len(listing), listing])
    capture = ["listing", "http://l.example/", sha, "listing", "text/html", at, at]
    archive.execute("insert into capture values (?, ?, ?, ?, ?, ?, ?)", capture)
    for year, state, seen in (
        (2022, "late", "listed with the date"),
        (2020, "not_published", "a person: no; on"),
    ):
        evidence = f"{seen} 2023-05-01 {UNBROKEN} (capture {sha})"
        archive.execute("insert into coverage values (?, ?, ?, ?)", [LONG_ID, year, state, evidence])
    event = [REVISED, at, UNBROKEN, "number revised", content_id("b.pdf"), 0, 1, 2, SCRIPT]
    archive.execute(f"insert into event values ({', '.join('?' * len(event))})", event)


def _versions(archive: sqlite3.Connection) -> None:
    _version(archive, LONG_REPORT, 1, f"{LONG}{SCRIPT}年度报告", "http://x.example/" + UNBROKEN)
    _version(archive, BARE_REPORT, 1, "", "javascript:alert(3)", bare=True)
    for number in range(1, VERSIONS + 1):
        _version(archive, MANY_REPORT, number, UNBROKEN, f"http://x.example/{number}")
    for position in range(30):
        message = f"{SCRIPT} {UNBROKEN} {position}"
        values = [content_id(MANY_REPORT, VERSIONS), position, "unit_differs", message, "[]", message]
        archive.execute(
            "insert into finding (version_id, position, kind, message, codes, message_zh)"
            " values (?, ?, ?, ?, ?, ?)",
            values,
        )


def _version(
    archive: sqlite3.Connection, report: str, number: int, title: str, url: str, bare: bool = False
) -> None:
    version, at = content_id(report, number), f"2024-01-{number % 28 + 1:02}T00:00:00Z"
    forms = json.dumps({} if bare else dict.fromkeys(("t2", "t3", "t4"), "G2021"))
    row = [version, report, number, f"f{number}", "none", title, SCRIPT, url, "title", forms, "[]", at, at]
    found = cells("G2021", t3_new_received__total=(10**9 + number, "number", "９" * 60, "unproven"))
    figures = [
        Figure(code, value, State(state), raw, SCRIPT, Proof(proof), f"table[1]/{SCRIPT}")
        for code, (value, state, raw, proof) in found.items()
    ]
    add_version(archive, row, () if bare else figures)
    if bare:
        return
    text = f"{SCRIPT}{UNBROKEN}。第{number}稿，新收{number}件。"
    archive.execute("insert into section values (?, 0, ?, ?, ?)", [version, SCRIPT, UNBROKEN, text])


def _coverage(archive: sqlite3.Connection) -> None:
    states = tuple(Standing)
    for place in range(40):
        body = f"c{place}"
        archive.execute(
            "insert into body values (?, ?, ?, 'township')", [body, f"{place}号镇", f"11010{1 + place % 2}"]
        )
        for year in range(2008, 2026):
            state = states[(place * 7 + year) % len(states)]
            evidence = (
                f"not listed since 2024-05-01: http://x/{UNBROKEN}" if state == "withdrawn" else UNBROKEN
            )
            archive.execute("insert into coverage values (?, ?, ?, ?)", [body, year, state, evidence])
    assert BUREAU_ID != COUNTY_ID
