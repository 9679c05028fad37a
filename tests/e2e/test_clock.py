"""The clock of the machine jumps: versions stand in the order in which they were met, and nothing waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import crawling
import pytest
from clocks import MachineClock
from made import PAGE, TWIN
from mockserver import Asked, MockServer, Reply
from nighting import BODIES, Nights, report_page, site

from archive import clock
from archive.clock import Clock
from archive.derived.derive import ReadResult
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, iso, utc_now
from archive.store import Archive
from nianbao import monitors
from nianbao.crawl_process import Crawled
from nianbao.front.exits import Exit
from nianbao.monitors import Night

DAY = timedelta(days=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Hands:
    """What a clock reads: the time of the machine, and the seconds since it was started."""

    def __init__(self) -> None:
        self.wall, self.ticks = NOON, 100.0

    def clock(self) -> Clock:
        return Clock(lambda: self.wall, lambda: self.ticks)


def test_it_follows_forward_and_never_back() -> None:
    hands = Hands()
    told = hands.clock()
    hands.wall, hands.ticks = NOON + timedelta(seconds=5), 105.0
    assert told.now() == NOON + timedelta(seconds=5)
    hands.wall, hands.ticks = NOON - DAY, 107.0
    assert told.now() == NOON + timedelta(seconds=7)
    hands.wall = NOON + 2 * DAY
    assert told.now() == NOON + 2 * DAY
    hands.wall, hands.ticks = NOON, 108.0
    assert told.now() == NOON + 2 * DAY + timedelta(seconds=1)


@pytest.mark.parametrize(("kept", "later"), [(-DAY, timedelta(0)), (DAY, DAY + timedelta(seconds=1))])
def test_it_goes_on_after_what_was_kept(kept: timedelta, later: timedelta) -> None:
    told = Hands().clock()
    told.go_on_after(NOON + kept)
    assert told.now() == NOON + later


@pytest.fixture
def back(monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The clocks of this process stand, and nothing was kept later than they say."""
    hands = Hands()
    monkeypatch.setattr(clock, "MACHINE", hands.clock())
    monkeypatch.setattr(clock, "KEPT", hands.clock())
    return hands


def test_what_is_kept_after_a_jump_is_later(
    tmp_path: Path, back: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also later than the answers of a crawl that was killed; and what is queued then is due then."""
    asked = [FrontierRequest(url, RequestKind.DOCUMENT) for url in (PAGE, TWIN)]
    with Archive.open(tmp_path / "a.db") as archive:
        run = archive.start_run("crawl")
        back.ticks += 600
        fetch = Fetch(asked[0].id, run, PAGE, asked[0].kind, Outcome.OK, utc_now())
        archive.enqueue(asked[:1])
        archive.complete(asked[0].id, fetch, b"x")
    back.wall -= DAY
    monkeypatch.setattr(clock, "KEPT", back.clock())
    with Archive.open(tmp_path / "a.db") as archive:
        archive.enqueue(asked[1:])
        assert archive.next_for(asked[1].host) == asked[1]
        began = archive.db.execute("select queued_at from request where url = ?", (TWIN,)).fetchone()[0]
        assert began > fetch.at


def test_the_time_of_what_others_kept_is_theirs(
    tmp_path: Path, back: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that was imported with the date of tomorrow moves no clock."""
    asked = FrontierRequest(PAGE, RequestKind.DOCUMENT)
    with Archive.open(tmp_path / "a.db") as archive:
        tomorrow = iso(back.wall + DAY)
        archive.witness(Fetch(asked.id, "import", PAGE, asked.kind, Outcome.OK, tomorrow), b"x")
    with Archive.open(tmp_path / "a.db"):
        assert clock.behind() == timedelta(0)


@pytest.mark.parametrize(("late", "rings"), [(4, False), (6, True)])
def test_a_clock_that_is_behind_rings(tmp_path: Path, back: Hands, late: int, rings: bool) -> None:
    clock.KEPT.go_on_after(back.wall + timedelta(minutes=late))
    with Archive.open(tmp_path / "a.db") as archive:
        alarm = monitors.clock_behind(Night(archive.db, tmp_path, "", Crawled(0), ReadResult()))
    assert (alarm is not None) is rings
    assert alarm is None or f"{late} minutes behind" in alarm.what


@pytest.mark.slow
def test_a_clock_set_back_in_the_middle_of_a_crawl(tmp_path: Path) -> None:
    """A day back while one report is asked for; another one has to be asked again, which does not wait for a day."""
    machine = MachineClock(tmp_path / "clock")
    answers = [Reply(report_page(BODIES[5])), Reply("", 503)]

    def sets_back(_: Asked) -> Reply:
        machine.set_by(-DAY)
        return Reply(report_page(BODIES[2]))

    pages = {**site(), "/d2.html": sets_back, "/d5.html": lambda _: answers.pop()}
    with MockServer(pages) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry, environment=machine.environment)
    assert (result["outcome"], result["left"], answers) == ("ok", 0, [])
    with Archive.read_only(tmp_path / "a.db") as archive:
        times = [row[0] for row in archive.db.execute("select at from fetch order by rowid")]
        (captures,) = archive.db.execute("select count(*) from capture where kind = 'document'").fetchone()
        began, ended = archive.db.execute("select started_at, ended_at from run").fetchone()
    assert captures == len(BODIES)
    assert [began, *times, ended] == sorted([began, *times, ended])


@pytest.mark.slow
def test_a_clock_set_back_between_nights(tmp_path: Path) -> None:
    """The second night is a day before the first by the clock: its revision is the latest, and the alarm says why."""
    machine = MachineClock(tmp_path / "clock")
    (tmp_path / "data").mkdir()
    with MockServer(site()) as server:
        nights = Nights(tmp_path / "data", server, **machine.environment)
        code, first, err = nights.run()
        assert code == Exit.OK, (err, first)
        assert (code, first["alarms"]) == (Exit.OK, [])
        machine.set_by(-DAY)
        server.routes["/d1.html"] = report_page(BODIES[1], "新增一句。")
        code, second, _ = nights.run("--recheck", "all")
        third = nights.run("--recheck", "all")[1]
    assert code == Exit.WRONG
    assert [alarm["monitor"] for alarm in second["alarms"]] == ["clock"]
    assert nights.totals()["version"] == len(BODIES) + 1
    said = "select v.number, v.first_seen, s.text like '%新增一句%' from version v join section s on s.version_id = v.id"
    old, new = nights.rows(f"{said} where s.position = 0 and v.url like '%/d1.html' order by v.number")
    assert (old[0], old[2], new[0], new[2]) == (1, 0, 2, 1)
    assert old[1] <= first["stages"][-1]["ended_at"] <= second["began"] <= new[1]  # to the second
    assert old[1] < new[1]
    assert third["read"]["versions"] == 0
    assert third["alarms"][0]["since"] == second["began"]
    times = [row[0] for row in nights.rows("select at from fetch order by rowid")]
    assert times == sorted(times)
