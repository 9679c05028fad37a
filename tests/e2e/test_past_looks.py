"""What others saw takes nothing from what we saw ourselves: no version, no name of one, and nobody is accused by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made import FILE, HOST, PAGE, Country, says

from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind
from archive.state.witnesses import RUN, Witness


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Country]:
    """One night of ours on which one address showed one report."""
    made = Country(tmp_path / "own.db")
    made.shows(PAGE, says(), run=made.night(9), day=9)
    made.read()
    yield made
    made.archive.close()


def past_look(country: Country, at: str, said: dict[str, Any] | None, url: str = PAGE) -> None:
    """What a web archive saw at an address: a report, or that there was none."""
    outcome = Outcome.GONE if said is None else Outcome.OK
    data = None if said is None else json.dumps(said, ensure_ascii=False).encode()
    asked = FrontierRequest(url, RequestKind.DOCUMENT, source_id="s1")
    fetch = Fetch(asked.id, RUN, url, asked.kind, outcome, at, source_id="s1")
    link = Link(f"{HOST}/list.html", url, "年报", asked.kind, "report", source_id="s1")
    country.archive.witness(fetch, data, [link])
    country.archive.keep_witness(fetch.id, Witness("http://archive.example/cdx", "2026-01-01T00:00:00Z"))


IDS = "select id, content from version where report_id = (select id from report) order by number"


def test_an_older_look_of_another_content_takes_no_version(seen: Country) -> None:
    before = seen.rows(IDS)
    past_look(seen, "2013-04-01T00:00:00Z", says(values={"a": 1, "b": 7}))
    seen.read()
    after = seen.rows(IDS)
    assert len(after) == 2
    assert after[1] == before[0]


def test_an_older_look_at_another_place_renames_no_version(seen: Country) -> None:
    """A file with the same figures and other words is the same version, met earlier."""
    before = seen.rows("select id from version")
    past_look(seen, "2013-04-01T00:00:00Z", says(text="公开8条，另一处。"), FILE)
    seen.read()
    assert seen.rows("select id from version") == before
    assert seen.rows("select first_seen from version") == [("2013-04-01T00:00:00Z",)]


def test_a_look_of_others_between_two_of_ours_parts_them_not(tmp_path: Path) -> None:
    made = Country(tmp_path / "own.db")
    made.shows(PAGE, says(), run=made.night(1), day=1)
    changed = says(values={"a": 1, "b": 3})
    made.shows(PAGE, changed, run=made.night(5), day=5)
    made.shows(PAGE, changed, run=made.night(6), day=6)
    made.read()
    before = made.rows(IDS)
    past_look(made, "2023-03-05T12:00:00Z", says(values={"a": 1, "b": 9}))
    made.read()
    assert set(before) < set(made.rows(IDS))
    made.archive.close()


def test_what_others_missed_is_no_withdrawal(seen: Country) -> None:
    for day in range(10, 20):
        past_look(seen, f"2023-04-{day}T00:00:00Z", None)
    seen.read()
    assert seen.rows("select class from event where class = 'withdrawn'") == []
    assert seen.rows("select state from coverage where year = 2022") == [("found",)]


def test_what_only_an_old_list_named_is_neither_late_nor_withdrawn(tmp_path: Path) -> None:
    made, old_list = Country(tmp_path / "own.db"), f"{HOST}/list.html"
    asked = FrontierRequest(old_list, RequestKind.LISTING, source_id="s1")
    link = Link(old_list, PAGE, "年报", RequestKind.DOCUMENT, "report", date="2023-09-01", source_id="s1")
    at = "2023-10-01T00:00:00Z"
    made.archive.witness(
        Fetch(asked.id, RUN, old_list, asked.kind, Outcome.OK, at, source_id="s1"), b"l", [link]
    )
    past_look(made, at, says())
    for day in range(1, 9):
        run = made.night(day)
        made.archive.db.execute(
            "update run set started_at = ? where id = ?", (f"2024-03-0{day}T00:00:00Z", run)
        )
        fetch = Fetch(
            asked.id, run, old_list, asked.kind, Outcome.OK, f"2024-03-0{day}T00:00:00Z", attempt=day
        )
        made.archive.enqueue([asked])
        made.archive.complete(asked.id, fetch, b"empty")
    made.read()
    assert made.rows("select state from coverage where year = 2022") == [("found",)]
    made.archive.close()


def test_what_others_saw_in_another_skin_joins_no_two_of_our_versions(tmp_path: Path) -> None:
    made = Country(tmp_path / "own.db")
    told, short = "公开8条。受理9件。全年办结。", "公开8条。全年办结。"
    made.shows(PAGE, says(text=told, frame="新版 导航 一 二 三"), run=made.night(1), day=1)
    for day in (5, 6):
        made.shows(PAGE, says(text=short, frame="新版 导航 一 二 三"), run=made.night(day), day=day)
    made.read()
    before = made.rows(IDS)
    assert len(before) == 2
    past_look(made, "2013-04-01T00:00:00Z", says(text=short, frame="旧版 站点 甲 乙 丙"))
    made.read()
    assert made.rows(IDS) == before
    made.archive.close()
