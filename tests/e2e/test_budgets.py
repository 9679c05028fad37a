"""Budgets of a crawl: requests, bytes and time are kept, and the next crawl goes on where this one stopped."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import crawling
import pytest
from mockserver import MockServer, Reply, Route

from archive.store import Archive
from crawler.net.limits import Limits
from nianbao.front.exits import CommandError, Exit
from nianbao.nightly.budgets import Budget, budget

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOCUMENTS = 30


def site() -> dict[str, Route | Reply | str]:
    """A listing and its documents, 2,000 bytes each."""
    rows = "".join(
        f'<li><a href="/d{n}.html" title="某{n}局2025年政府信息公开年报">某</a><span>2026-01-30</span></li>'
        for n in range(DOCUMENTS)
    )
    documents = {f"/d{n}.html": f"<html><p>{n:02d}{'x' * 1981}</p></html>" for n in range(DOCUMENTS)}
    return {"/nb/": f"<html><ul>{rows}</ul></html>", **documents}


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ({"budget_minutes": 90}, Budget(NOON + timedelta(minutes=90))),
        ({"until": "2026-03-01T20:00:00+08:00"}, Budget(NOON)),
        ({"until": "2026-03-02T06:00:00Z", "budget_minutes": 1}, Budget(NOON + timedelta(minutes=1))),
        ({"budget_requests": 5, "budget_bytes": "20G"}, Budget(None, 5, 20 * 10**9)),
        ({"budget_bytes": "1500"}, Budget(None, None, 1500)),
        ({"budget_bytes": "1.5mb"}, Budget(None, None, 1_500_000)),
        ({}, Budget()),
    ],
)
def test_a_budget_as_it_is_said(said: dict[str, object], means: Budget) -> None:
    assert budget(now=NOON, **said) == means  # type: ignore[arg-type]


def test_a_time_of_day_is_the_next_one() -> None:
    local = NOON.astimezone()
    for hours in (1, -1):
        said = (local + timedelta(hours=hours)).strftime("%H:%M")
        until = budget(said, now=NOON).until
        assert until is not None
        assert timedelta() < until - NOON <= timedelta(days=1)
        assert until.astimezone().strftime("%H:%M") == said


@pytest.mark.parametrize(
    "said", [{"until": "late"}, {"until": "25:00"}, {"budget_bytes": "many"}, {"budget_bytes": "-1"}]
)
def test_what_is_no_budget_is_said(said: dict[str, str]) -> None:
    with pytest.raises(CommandError) as raised:
        budget(**said)  # type: ignore[arg-type]
    assert raised.value.code is Exit.USAGE
    assert next(iter(said.values())) in str(raised.value)


def test_a_budget_travels_as_options() -> None:
    assert Budget().options() == []
    said = Budget(NOON, 7, 9).options()
    assert said == ["--until", "2026-03-01T12:00:00+00:00", "--budget-requests", "7", "--budget-bytes", "9"]


@pytest.mark.parametrize(
    ("limits", "rings"),
    [
        (Limits(), False),
        (Limits(requests=5), False),
        (Limits(requests=4), True),
        (Limits(bytes=101), False),
        (Limits(bytes=100), True),
        (Limits(until=NOON + timedelta(seconds=1)), False),
        (Limits(until=NOON), True),
    ],
)
def test_a_limit_is_reached_or_not(limits: Limits, rings: bool) -> None:
    assert bool(limits.spent(4, 100, NOON)) is rings


@pytest.mark.parametrize("options", [["--budget-requests", 12], ["--budget-bytes", "20K"]])
def test_a_crawl_keeps_its_budget_and_the_next_one_goes_on(tmp_path: Path, options: list[object]) -> None:
    db = tmp_path / "a.db"
    with MockServer(site()) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        first = crawling.command(db, registry, *options)
        asked = len(server.log)
        assert (first["outcome"], bool(first["spent"])) == ("partial", True)
        assert first["left"] == DOCUMENTS + 1 - first["fetched"] > 0
        assert any("the next crawl goes on" in problem for problem in first["problems"])
        if "--budget-requests" in options:
            assert asked <= 12
        else:
            assert first["bytes"] <= 20_000 + 2_000
        second = crawling.command(db, registry)
        assert (second["outcome"], second["spent"], second["left"]) == ("ok", "", 0)
        # The same run: the listing is not asked for again, nor anything else.
        assert max(Counter(server.paths()).values()) == 1
    with Archive.open(db) as archive:
        assert archive.db.execute("select count(*), max(outcome) from run").fetchone()[:] == (1, "ok")


def test_a_crawl_ends_at_its_deadline(tmp_path: Path) -> None:
    def slowly(_: object) -> Reply:
        time.sleep(0.3)
        return Reply("<html><p>slow</p></html>")

    routes = {**site(), **{f"/d{n}.html": slowly for n in range(DOCUMENTS)}}
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        until = datetime.now(UTC) + timedelta(seconds=4)
        first = crawling.command(tmp_path / "a.db", registry, "--until", until.isoformat())
    assert (first["outcome"], "time was over" in first["spent"]) == ("partial", True)
    assert 0 < first["left"] < DOCUMENTS
