"""`nianbao plan`: nights from what is left at each site, politeness, and the machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive.state.lives import Life, Lived
from archive.store import Archive
from crawler.country.planning import A_LIST, NOTHING, OF_A_BODY, OF_A_GOVERNMENT, WALK, Ask, Known, plan
from crawler.registry import Entry, Source, load, write


def _source(name: str, host: str, code: str = "410724", kind: str = "government") -> Source:
    return Source(name, name, code, "county", kind, Entry.PORTAL, f"http://{host}/")


def test_one_site_is_asked_one_by_one() -> None:
    """A hundred sources of one registered domain share its pace; of a hundred domains each has its own."""
    ask = Ask(hours=1, delay=3, rate=1000)
    assert ask.of_a_site == 1200
    together = plan([_source(f"s{n}", f"s{n}.xx.gov.cn") for n in range(100)], NOTHING, ask)[-1]
    apart = plan([_source(f"s{n}", f"www.s{n}.gov.cn") for n in range(100)], NOTHING, ask)[-1]
    each = WALK + OF_A_GOVERNMENT + OF_A_GOVERNMENT // A_LIST
    assert together.requests == apart.requests == 100 * each
    assert together.nights == together.slowest_nights == -(-100 * each // 1200)
    assert together.slowest == "xx.gov.cn"
    assert apart.nights == 1


def test_the_machine_bounds_what_politeness_allows() -> None:
    sources = [_source(f"s{n}", f"www.s{n}.gov.cn") for n in range(100)]
    slow = plan(sources, NOTHING, Ask(hours=1, delay=3, rate=2))[-1]
    assert slow.nights == -(-slow.requests // 7200) > slow.slowest_nights


def test_what_an_archive_knows_counts() -> None:
    sources = [_source(f"s{n}", f"www.s{n}.gov.cn") for n in range(8)]
    sources.append(_source("office", "www.o.gov.cn", kind="department"))
    lost = Lived("s7", "", "2026-01-01T00:00:00Z", Life.DEAD, "gone", "", "", "r")
    listed = {f"s{n}": 100 for n in range(6)}
    of = Known(listed, {"s0": 100, "s1": 60}, {"www.s0.gov.cn": 7}, {"s7": [lost]})
    found = plan(sources, of, Ask())[-1]
    # s0 has 7 queued, s1 40 left, four have 100; s6 is expected to have their median; s7 is dead.
    expected = 7 + 40 + 400 + (WALK + 110) + (WALK + OF_A_BODY + 3)
    assert (found.requests, found.known, found.out_of_reach) == (expected, 6, 1)


def test_the_command_tells_provinces_and_all(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    none = tmp_path / "none.db"
    rows = json.loads(nianbao("plan", "--db", none, "--json").out)
    assert [row["division"] for row in rows][-1] == "all"
    assert len(rows) == 31 + 1 + 1
    assert rows[-1]["sources"] == len(load().sources)
    said = nianbao("plan", "--db", none, "--hours", 6).out
    assert "nights of 6 hours" in said
    assert "河南省" in said


def test_the_command_counts_what_an_archive_has_left(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    """Of two sites of a registry one is dead: it is out of reach, and a slower pace takes more nights for the other."""
    registry, db = tmp_path / "r.csv", tmp_path / "a.db"
    write(registry, [_source("s0", "www.s0.gov.cn"), _source("s1", "www.s1.gov.cn", "510104")])
    with Archive.open(db) as archive:
        archive.keep_lives([Lived("s1", "", "2026-01-01T00:00:00Z", Life.DEAD, "gone", "", "404", "r")])
    of = ("plan", "--db", db, "--registry", registry, "--hours", 0.1, "--json")
    quick, slow = (json.loads(nianbao(*of, "--delay", delay).out) for delay in (1, 60))
    assert [(row["division"], row["sources"], row["out_of_reach"]) for row in quick] == [
        ("410000", 1, 0),
        ("510000", 1, 1),
        ("all", 2, 1),
    ]
    assert quick[-1]["requests"] == slow[-1]["requests"] == WALK + OF_A_GOVERNMENT + OF_A_GOVERNMENT // A_LIST
    assert slow[-1]["nights"] > quick[-1]["nights"] > 0
    assert nianbao("plan", "--db", db, "--hours", 0).code == 2
