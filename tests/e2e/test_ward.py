"""One crawl of all that is sick, beside sites that are well: every way to fail has its name, and nobody else pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import MockServer

from archive.store import Archive
from tests.corpus.ward import PATIENTS, WHOLE, Bed, ward

REPORTS = 30


@dataclass
class Night:
    """The ward after one crawl."""

    beds: dict[str, Bed]
    well: MockServer
    result: dict[str, Any]
    db: Path
    fetched: dict[str, list[tuple[str, str]]]


def _well() -> MockServer:
    """A site with nothing wrong."""
    rows = "".join(
        f'<li><a href="/nb/t20260130_{n}.html">某{n}局2025年政府信息公开年报</a></li>' for n in range(REPORTS)
    )
    pages: dict[str, Any] = {f"/nb/t20260130_{n}.html": WHOLE for n in range(REPORTS)}
    return MockServer({"/nb/": f"<html><body><ul>{rows}</ul></body></html>", **pages}, "127.0.4.250")


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("ward")
    with ward(folder=folder) as beds, _well() as well:
        urls = [*(bed.url("/nb/") for bed in beds.values()), well.url("/nb/")]
        registry = crawling.registry(folder / "r.csv", urls)
        result = crawling.crawl(folder / "a.db", registry, timeout=6)
        fetched: dict[str, list[tuple[str, str]]] = {}
        with Archive.open(folder / "a.db") as archive:
            for url, outcome, reason in archive.db.execute(
                "select url, outcome, reason from fetch order by rowid"
            ):
                fetched.setdefault(url, []).append((outcome, reason or ""))
        yield Night(beds, well, result, folder / "a.db", fetched)


@pytest.mark.parametrize("name", PATIENTS)
def test_every_sickness_has_its_outcome(night: Night, name: str) -> None:
    patient, bed = PATIENTS[name], night.beds[name]
    assert {outcome for outcome, _reason in night.fetched[bed.url(patient.path)]} == {patient.outcome}


@pytest.mark.parametrize("name", PATIENTS)
def test_only_what_is_whole_is_captured(night: Night, name: str) -> None:
    patient, bed = PATIENTS[name], night.beds[name]
    with Archive.open(night.db) as archive:
        row = archive.db.execute("select 1 from capture where url = ?", (bed.url(patient.path),)).fetchone()
    assert bool(row) == (patient.outcome == "ok")


@pytest.mark.parametrize("name", PATIENTS)
def test_retries_are_few_and_one_at_a_time(night: Night, name: str) -> None:
    patient, bed = PATIENTS[name], night.beds[name]
    assert bed.tries <= patient.tries
    assert bed.peak <= 1


def test_memory_stays_small_whatever_they_send(night: Night) -> None:
    assert night.result["megabytes"] < 300


def test_the_well_do_not_wait_for_the_sick(night: Night) -> None:
    """A site with thirty pages is done before the first deadline of a slow one has passed twice."""
    assert len(night.well.paths()) == 1 + REPORTS
    assert night.well.peak == 1


def test_the_result_says_what_was_missed(night: Night) -> None:
    assert night.result["outcome"] == "partial"
    text = "\n".join(night.result["problems"])
    assert "left queued" in text  # the throttled ones, due in half an hour
    assert "server_error" in text
    assert "challenge_js" in text
    assert "fault of the program" not in text


def test_evidence_is_kept(night: Night) -> None:
    bed = night.beds["hijacked"]
    with Archive.open(night.db) as archive:
        row = archive.db.execute(
            "select status, headers, sha256, reason from fetch where url = ?", (bed.url(bed.patient.path),)
        ).fetchone()
        assert row["status"] == 200
        assert "content-type" in row["headers"]
        assert "百家乐" in row["reason"]
        assert "百家乐".encode() in archive.blob(row["sha256"])


REASONS = {
    "a file that is another": "declared pdf, is zip",
    "a certificate of its own": "self_signed",
    "robots in HTML": "",
    "brotli bomb": "decompressed",
    "packed in its own way": "packed as x-own",
}


@pytest.mark.parametrize("name", REASONS)
def test_why(night: Night, name: str) -> None:
    bed = night.beds[name]
    assert REASONS[name] in night.fetched[bed.url(bed.patient.path)][-1][1]
