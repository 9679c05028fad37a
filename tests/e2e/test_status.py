"""Status: in ten lines, is all well, what needs a person, since when."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, utc_now
from archive.state.mornings import Measure, Rung
from archive.store import Archive


def morning(path: Path, run: str, outcome: str, *monitors: str) -> None:
    """A night ended so, and these rang."""
    with Archive.open(path) as archive:
        rung = [
            Rung(monitor, "wrong", archive.rings_since(monitor, run), f"{monitor} is so", "mend it")
            for monitor in monitors
        ]
        archive.keep_morning(run, outcome, f"A sentence of {run}.", {}, rung, [Measure("requests", "", 1)])


def test_before_the_first_night(nianbao: Callable[..., Any], archive_path: Path) -> None:
    ended = nianbao("status", "--db", archive_path)
    assert ended.out.startswith("No night has come to its end yet")
    assert json.loads(nianbao("status", "--db", archive_path, "--json").out)["well"] is None


def test_all_is_well(nianbao: Callable[..., Any], archive_path: Path) -> None:
    morning(archive_path, "a", "ok")
    ended = nianbao("status", "--db", archive_path)
    assert ended.out.startswith("All is well, as of ")
    assert "A sentence of a." in ended.out
    found = json.loads(nianbao("status", "--db", archive_path, "--json").out)
    assert (found["well"], found["needs_a_person"]) == (True, [])


def test_what_needs_a_person_and_since_when(
    nianbao: Callable[..., Any], archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, (outcome, rung) in enumerate(
        [
            ("ok", ()),
            ("partial", ("disk",)),
            ("ok", ()),
            ("partial", ("disk",)),
            ("partial", ("disk", "fetches")),
        ],
        1,
    ):
        monkeypatch.setattr("archive.state.mornings.utc_now", lambda day=day: f"2026-03-{day:02}T05:00:00Z")
        morning(archive_path, f"night {day}", outcome, *rung)
    found = json.loads(nianbao("status", "--db", archive_path, "--json").out)
    assert found["well"] is False
    since = {alarm["monitor"]: alarm["since"][:10] for alarm in found["needs_a_person"]}
    assert since == {"disk": "2026-03-04", "fetches": "2026-03-05"}
    text = nianbao("status", "--db", archive_path).out
    assert text.startswith("Partial, as of 2026-03-05")
    assert "The last good night was 2026-03-03" in text
    assert "since 2026-03-04 disk: disk is so; mend it" in text


@pytest.mark.parametrize("alarms", [0, 5, 6, 30])
def test_it_has_ten_lines_at_most(nianbao: Callable[..., Any], archive_path: Path, alarms: int) -> None:
    morning(archive_path, "a", "partial", *(f"m{number}" for number in range(alarms)))
    lines = nianbao("status", "--db", archive_path).out.splitlines()
    assert len(lines) <= 10
    named = sum(" is so; mend it" in line for line in lines)
    assert named == alarms or f"and {alarms - named} more" in lines[-1]


def test_how_whole_the_country_is_as_of_the_last_publication(
    nianbao: Callable[..., Any], archive_path: Path
) -> None:
    counted = {"published": {"year": 2024, "requests": 1200, "held": 300}}
    with Archive.open(archive_path) as archive:
        archive.keep_morning("a", "ok", "One.", counted, [], [])
        archive.keep_morning("b", "degraded", "Two.", {"published": None}, [], [])
    said = "Whole: of 1200 requests that the highest areas report for 2024 the reports behind 300 are held"
    assert said in nianbao("status", "--db", archive_path).out
    found = json.loads(nianbao("status", "--db", archive_path, "--json").out)
    assert found["whole"] == counted["published"]


def test_all_of_it_on_demand(nianbao: Callable[..., Any], archive_path: Path) -> None:
    text = nianbao("status", "--all", "--db", archive_path).out
    assert "Fetches by outcome" in text
    assert "http://www.huojia.gov.cn/9.html" in text


def test_what_could_not_be_read_or_fetched_is_named(nianbao: Callable[..., Any], archive_path: Path) -> None:
    """The remedies of the monitors send people here for the addresses."""
    with Archive.open(archive_path) as archive:
        run = archive.start_run("crawl")
        asked = FrontierRequest("http://www.huojia.gov.cn/away.html", RequestKind.DOCUMENT)
        archive.enqueue([asked])
        fetch = Fetch(asked.id, run, asked.url, asked.kind, Outcome.TIMEOUT, utc_now())
        archive.complete(asked.id, fetch, b"", [])
        archive.db.execute(
            "update reading set state = 'unreadable', message = 'torn' where capture_id = (select min(capture_id) from reading)"
        )
    text = nianbao("status", "--all", "--db", archive_path).out
    assert "Addresses that the last crawl could not have (1)" in text
    assert "Captures that cannot be read (1)" in text
    found = json.loads(nianbao("status", "--db", archive_path, "--json").out)
    assert found["failed"] == [{"url": asked.url, "why": "timeout"}]
    assert [each["why"] for each in found["unreadable"]] == ["torn"]


def test_a_night_that_did_not_come_to_its_end_is_not_well(
    nianbao: Callable[..., Any], archive_path: Path
) -> None:
    """A night tells the archive of itself before it publishes; if it is killed then, its morning reads well."""
    with Archive.open(archive_path) as archive:
        run = archive.start_run("night")
    morning(archive_path, run, "ok")
    assert nianbao("status", "--db", archive_path).out.startswith("The night that began")
    assert json.loads(nianbao("status", "--db", archive_path, "--json").out)["well"] is False


def test_a_damaged_archive_is_named(nianbao: Callable[..., Any], archive_path: Path) -> None:
    morning(archive_path, "a", "ok")
    with Archive.open(archive_path) as archive:
        archive.db.execute("create table filler (t)")
        archive.db.executemany("insert into filler values (?)", [("x" * 4000,)] * 50)
        pages = archive.db.execute("pragma page_count").fetchone()[0]
        archive.db.execute("pragma wal_checkpoint(truncate)")
    with archive_path.open("r+b") as file:
        for page in range(2, pages):
            file.seek(4096 * page)
            file.write(b"\xff" * 4096)
    ended = nianbao("status", "--db", archive_path)
    assert ended.code == 8
    assert len(ended.err.strip().splitlines()) == 1
