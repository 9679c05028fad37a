"""Gates: each rings and stays silent, a draft that fails leaves the last release, and what changed is told."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from published import COUNTY_ID, HOSTILE, OLD, REVISED, make_archive

from archive.csvs import packaged
from archive.publication import gates
from archive.publish import HeldBack, publish
from archive.rows import compact
from nianbao.front.exits import Exit
from parsers.records import Proof, State

GOOD: dict[str, Any] = {
    "bodies": 100, "reports": 1000, "versions": 1100, "figures": 200_000, "sources": 2000,
    "reports_by_year": {"2021": 500, "2022": 500}, "filled": 0.8, "proven": 0.6, "contradicted": 0.01,
    "as_of": "2023-03-02T00:00:00Z", "days_without_answer": 0.0,
}  # fmt: skip
BAD: dict[str, dict[str, Any]] = {
    "bodies": {"bodies": 97},
    "reports": {"reports": 989},
    "versions": {"versions": 1000},
    "figures": {"figures": 190_000},
    "reports of a year": {"reports_by_year": {"2021": 600, "2022": 470}},
    "kept sources": {"sources": 1900},
    "fill rate": {"filled": 0.7},
    "proofs": {"proven": 0.5},
    "new contradictions": {"contradicted": 0.04},
    "contradictions": {"contradicted": 0.3},
    "going back": {"as_of": "2023-03-01T00:00:00Z"},
    "staleness": {"days_without_answer": 31.0},
}
FINE: dict[str, Any] = {
    "bodies": 98, "reports": 990, "versions": 1078, "figures": 196_000, "sources": 1980,
    "reports_by_year": {"2021": 475, "2022": 500, "2023": 1}, "filled": 0.75, "proven": 0.55, "contradicted": 0.03,
    "as_of": "2023-03-02T00:00:00Z", "days_without_answer": 30.0,
}  # fmt: skip


def test_every_gate_has_a_case() -> None:
    assert list(BAD) == [row["gate"] for row in packaged("gates.csv", "archive")]
    assert {row["rule"] for row in packaged("gates.csv", "archive")} == set(gates.RULES)


@pytest.mark.parametrize("gate", BAD)
def test_each_gate_rings(gate: str) -> None:
    failed = {result.gate for result in gates.judge({**GOOD, **BAD[gate]}, GOOD).failed}
    assert gate in failed
    assert failed <= {gate, "new contradictions"}


def test_all_gates_stay_silent() -> None:
    assert gates.judge(FINE, GOOD).failed == ()
    assert gates.judge(GOOD, None).failed == ()
    assert gates.judge(GOOD, {}).last is None


def test_the_rules_are_those_of_the_document() -> None:
    text = (Path(__file__).parents[2] / "docs" / "data.md").read_text("utf-8")
    assert all(f"`{rule}`" in text for rule in gates.RULES)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("archive") / "archive.db")


@pytest.fixture
def out(archive: Path, tmp_path: Path) -> Path:
    publish(archive, tmp_path / "public")
    return tmp_path / "public"


@pytest.fixture
def poorer(archive: Path, tmp_path: Path) -> Path:
    """The archive without the report of 2020."""
    path = Path(shutil.copy(archive, tmp_path / "poorer.db"))
    with closing(sqlite3.connect(path)) as conn, conn:
        for table in ("rendition", "finding", "statement", "section", "extra_row"):
            conn.execute(
                f"delete from {table} where version_id in (select id from version where report_id = ?)", [OLD]
            )
        conn.execute("delete from version where report_id = ?", [OLD])
        conn.execute("delete from report where id = ?", [OLD])
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_measures_of_a_made_release(out: Path) -> None:
    measures = json.loads((out / "gates.json").read_text("utf-8"))["measures"]
    assert (measures["reports"], measures["reports_by_year"]) == (3, {"2020": 1, "2022": 2})
    assert measures["contradicted"] == pytest.approx(2 / 798, abs=1e-6)
    assert measures["filled"] == pytest.approx((798 - 5) / 798, abs=1e-6)


def test_a_draft_that_fails_is_held_back(nianbao: Callable[..., Any], out: Path, poorer: Path) -> None:
    before = contents(out)
    ended = nianbao("publish", "--db", poorer, "--out", out)
    assert (ended.code, ended.out) == (Exit.WRONG, "")
    assert "the release as of 2023-03-02T00:00:00Z stays" in ended.err
    assert "--force REASON" in ended.err
    note = json.loads((out / "held.json").read_text("utf-8"))
    assert "reports" in [result["gate"] for result in note["failed"]]
    assert {name: data for name, data in contents(out).items() if name != "held.json"} == before
    told = nianbao("publish", "--db", poorer, "--out", out, "--json")
    assert (told.code, json.loads(told.out)["held"]) == (Exit.WRONG, True)


def test_forced_it_is_published_with_its_reason(nianbao: Callable[..., Any], out: Path, poorer: Path) -> None:
    nianbao("publish", "--db", poorer, "--out", out)
    ended = nianbao("publish", "--db", poorer, "--out", out, "--force", "2020 was another body's", "--json")
    assert (ended.code, "reports" in json.loads(ended.out)["forced"]) == (Exit.OK, True)
    said = json.loads((out / "gates.json").read_text("utf-8"))
    assert (said["forced"], said["passed"], said["measures"]["reports"]) == (
        "2020 was another body's",
        False,
        2,
    )
    assert not (out / "held.json").exists()


def test_a_held_first_release_publishes_nothing(archive: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(archive, tmp_path / "archive.db"))
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("update cell set mark = ?", [compact.MARKS[State.NUMBER, Proof.CONTRADICTED]])
    with pytest.raises(HeldBack, match="nothing is published"):
        publish(path, tmp_path / "out")
    assert list(contents(tmp_path / "out")) == ["held.json"]


def test_gates_do_not_fall_over_a_damaged_note(archive: Path, out: Path) -> None:
    (out / "gates.json").write_text("no json")
    assert publish(archive, out).reports == 3


def rows(out: Path) -> list[tuple[str, ...]]:
    names = (
        "change",
        "report_id",
        "version_from",
        "version_to",
        "code",
        "state_from",
        "value_from",
        "state_to",
        "value_to",
    )
    with (out / "changes.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row[name] for name in names) for row in csv.DictReader(file)]


def test_a_first_release_has_no_changes(out: Path) -> None:
    assert rows(out) == []


def test_what_changed_since_the_last_release(archive: Path, tmp_path: Path) -> None:
    """The last release knew version 1 of one report and not the other; now one is revised, one new, one withdrawn."""
    earlier, later = (Path(shutil.copy(archive, tmp_path / f"{n}.db")) for n in (1, 2))
    with closing(sqlite3.connect(earlier)) as conn, conn:
        for table in ("rendition", "finding", "statement", "section", "extra_row"):
            conn.execute(
                f"delete from {table} where version_id in"
                " (select id from version where report_id = ? or (report_id = ? and number = 2))",
                [HOSTILE, REVISED],
            )
        conn.execute(
            "delete from version where report_id = ? or (report_id = ? and number = 2)", [HOSTILE, REVISED]
        )
        conn.execute("delete from report where id = ?", [HOSTILE])
    with closing(sqlite3.connect(later)) as conn, conn:
        conn.execute("update coverage set state = 'withdrawn' where body_id = ? and year = 2020", [COUNTY_ID])
    out = tmp_path / "out"
    publish(earlier, out)
    publish(later, out)
    assert rows(out) == [
        ("revised", REVISED, "1", "2", "", "", "", "", ""),
        ("revised", REVISED, "1", "2", "t2_licensing_decisions", "number", "0", "number", "1988"),
        ("revised", REVISED, "1", "2", "t3_granted__natural", "number", "7", "number", "6"),
        ("new", HOSTILE, "", "1", "", "", "", "", ""),
        ("withdrawn", OLD, "1", "1", "", "", "", "", ""),
    ]
    publish(earlier, out, force="back again")
    assert [row[:2] for row in rows(out) if not row[4]] == [
        ("revised", REVISED), ("removed", HOSTILE), ("restored", OLD),
    ]  # fmt: skip
