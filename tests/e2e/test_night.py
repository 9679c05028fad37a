"""The night: one at a time, every monitor rings and stays silent, and a bad night is not published."""

from __future__ import annotations

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from demos import run_demo
from made import PAGE, Country, says

from archive.derived.derive import ReadResult
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind
from archive.publish import Published
from archive.rows import compact
from nianbao import crawl_process, demo, monitors, steps
from nianbao.crawl_process import Crawled
from nianbao.front.exits import CommandError, Exit
from nianbao.lock import only_one
from nianbao.monitors import Level, Night
from nianbao.nightly import stages
from parsers.records import Identity

GOOD = Crawled(0, "ok", requests=9, fetched=8, new_captures=1, outcomes={"ok": 8, "not_modified": 1})
LIST = "http://www.huojia.gov.cn/list.html"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    made = Country(tmp_path / "archive.db")
    made.archive.start_run("night")
    yield made
    made.archive.close()


@pytest.fixture
def seen(country: Country, tmp_path: Path) -> Night:
    """A night in which all went well."""
    listing(country, Outcome.OK)
    country.shows(PAGE, says())
    country.read()
    return Night(country.archive.db, tmp_path / "out", "2023-01-01T00:00:00Z", GOOD, ReadResult(read=1))


def listing(country: Country, outcome: Outcome, source: str = "s1", links: bool = True) -> None:
    """The source's column answers so tonight."""
    request = FrontierRequest(f"{LIST}?{source}", RequestKind.LISTING, source_id=source)
    country.archive.enqueue([request])
    at = "2023-03-01T00:00:00Z"
    fetch = Fetch(request.id, "run", request.url, request.kind, outcome, at, source_id=source)
    link = Link(request.url, PAGE, "年报", RequestKind.DOCUMENT, "report", source_id=source)
    country.archive.complete(request.id, fetch, b"<html>", [link] if links else [])


def test_a_good_night_is_silent(seen: Night) -> None:
    assert monitors.watch(seen) == []


def test_a_crawl_that_did_not_end_rings(seen: Night) -> None:
    for crawled in (Crawled(-9), replace(GOOD, code=130, outcome="interrupted")):
        alarm = monitors.crawl_ended(replace(seen, crawled=crawled))
        assert alarm is not None
        assert alarm.level is Level.WRONG


def test_a_crawl_that_could_not_have_all_is_a_note(seen: Night) -> None:
    partial = replace(GOOD, code=1, outcome="partial", problems=("1 could not be had: timeout",))
    alarm = monitors.crawl_ended(replace(seen, crawled=partial))
    assert alarm is not None
    assert (alarm.level, "timeout" in alarm.what) == (Level.NOTE, True)


@pytest.mark.parametrize(("failed", "rings"), [(4, False), (5, True), (40, True)])
def test_failing_fetches(seen: Night, failed: int, rings: bool) -> None:
    outcomes = {"ok": 10, "gone": 5, "timeout": failed}
    alarm = monitors.failing_fetches(replace(seen, crawled=replace(GOOD, outcomes=outcomes)))
    assert (alarm is not None) is rings


def test_a_few_failures_of_many_stay_silent(seen: Night) -> None:
    outcomes = {"ok": 1000, "timeout": 50}
    assert monitors.failing_fetches(replace(seen, crawled=replace(GOOD, outcomes=outcomes))) is None


def test_zero_items_ring(country: Country, tmp_path: Path) -> None:
    listing(country, Outcome.OK, links=False)
    night = Night(country.archive.db, tmp_path, "2023-01-01T00:00:00Z", GOOD, ReadResult())
    alarm = monitors.nothing_found(night)
    assert alarm is not None
    assert alarm.level is Level.WRONG


def test_zero_requests_ring(seen: Night) -> None:
    assert monitors.nothing_found(replace(seen, crawled=replace(GOOD, requests=0))) is not None


@pytest.mark.parametrize(
    ("outcome", "links"), [(Outcome.OK, False), (Outcome.TIMEOUT, True), (Outcome.BLOCKED_WAF, False)]
)
def test_a_source_that_gives_nothing_rings(
    country: Country, seen: Night, outcome: Outcome, links: bool
) -> None:
    country.source("s2", "新乡市", "410700")
    listing(country, outcome, "s2", links)
    alarm = monitors.silent_sources(seen)
    assert alarm is not None
    assert "s2" in alarm.what
    assert "s1" not in alarm.what


def test_a_source_that_has_not_changed_stays_silent(country: Country, seen: Night) -> None:
    country.source("s2", "新乡市", "410700")
    listing(country, Outcome.OK, "s2")
    listing(country, Outcome.NOT_MODIFIED, "s2", links=False)
    assert monitors.silent_sources(seen) is None


def test_a_source_that_was_not_asked_stays_silent(country: Country, seen: Night) -> None:
    country.source("s2", "新乡市", "410700")
    assert monitors.silent_sources(seen) is None


@pytest.mark.parametrize(
    ("unreadable", "read", "level"),
    [(0, 9, None), (1, 2, Level.NOTE), (5, 100, Level.NOTE), (5, 20, Level.GRAVE)],
)
def test_unreadable_captures(seen: Night, unreadable: int, read: int, level: Level | None) -> None:
    alarm = monitors.unreadable(replace(seen, read=ReadResult(read=read, unreadable=unreadable)))
    assert (alarm and alarm.level) == level


@pytest.mark.parametrize(
    ("failing", "since", "level"),
    [
        (0, "2023", None),
        (1, "2023", Level.NOTE),
        (6, "2023", Level.WRONG),
        (6, "2024", None),
    ],
)
def test_new_contradictions(
    country: Country, seen: Night, failing: int, since: str, level: Level | None
) -> None:
    for number in range(10):
        country.shows(
            f"http://www.huojia.gov.cn/c{number}.html", says(issuer="获嘉县教育局", year=2010 + number)
        )
    country.read()
    db = country.archive.db
    for (position,) in db.execute("select position from version order by id limit ?", (failing,)).fetchall():
        checks = compact.Checks.of([Identity("sum", False, 1, 2, ())])
        compact.write(db, compact.Words(db), position, compact.Cells.of(()), checks)
    alarm = monitors.new_contradictions(replace(seen, since=since))
    assert (alarm and alarm.level) == level


@pytest.mark.parametrize(("before", "level"), [(None, None), (1, None), (2, Level.GRAVE)])
def test_fewer_reports_than_published(seen: Night, before: int | None, level: Level | None) -> None:
    if before is not None:
        seen.out.mkdir()
        with closing(sqlite3.connect(seen.out / "nianbao.db")) as db:
            db.execute("create table v_reports (report_id)")
            db.executemany("insert into v_reports values (?)", [(n,) for n in range(before)])
            db.commit()
    alarm = monitors.fewer_reports(seen)
    assert (alarm and alarm.level) == level


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch, archive_path: Path) -> dict[str, Any]:
    """The night with steps that do nothing but say what they were told to say."""
    told: dict[str, Any] = {"crawl": GOOD, "read": ReadResult(read=1), "published": 0, "options": []}

    def crawl(db: Path, options: list[str], overdue: Callable[[], str]) -> Crawled:
        told["options"] = options
        return told["crawl"]

    def publish(db: Path, out: Path, *, check: Any) -> Published:
        told["published"] += 1
        return Published(out / "nianbao.db", 1, 2, 4, 0, 9, 1000)

    monkeypatch.setattr(crawl_process, "crawl", crawl)
    monkeypatch.setattr(steps, "read", lambda db, jobs, cluster, check: told["read"])
    monkeypatch.setattr(steps, "publish", publish)
    return told


def test_a_night_runs_to_its_end(
    nianbao: Callable[..., Any], stubbed: dict[str, Any], archive_path: Path, tmp_path: Path
) -> None:
    ended = nianbao("night", "--db", archive_path, "--out", tmp_path / "out", "--delay", 2, "--host", "a.cn")
    assert ended.code == Exit.OK
    assert "Nothing is wrong." in ended.out
    assert stubbed["published"] == 1
    assert stubbed["options"] == ["--host", "a.cn", "--delay", "2.0", "--recheck", "due"]
    last = json.loads(nianbao("status", "--db", archive_path, "--json").out)["last_night"]
    assert (last["outcome"], bool(last["ended_at"])) == ("ok", True)


def test_a_bad_night_is_not_published(
    nianbao: Callable[..., Any], stubbed: dict[str, Any], archive_path: Path, tmp_path: Path
) -> None:
    stubbed["read"] = ReadResult(read=10, unreadable=9)
    ended = nianbao("night", "--db", archive_path, "--out", tmp_path / "out", "--json")
    morning = json.loads(ended.out)
    assert (ended.code, stubbed["published"], morning["published"]) == (Exit.DEGRADED, 0, None)
    assert morning["outcome"] == "degraded"
    assert [(alarm["monitor"], alarm["level"]) for alarm in morning["alarms"]] == [("unreadable", "grave")]
    assert morning["alarms"][0]["remedy"]


def test_a_night_whose_crawl_was_killed_reads_what_there_is_and_says_so(
    nianbao: Callable[..., Any], stubbed: dict[str, Any], archive_path: Path, tmp_path: Path
) -> None:
    stubbed["crawl"] = Crawled(-9)
    ended = nianbao("night", "--db", archive_path, "--out", tmp_path / "out")
    assert (ended.code, stubbed["published"]) == (Exit.WRONG, 1)
    assert "WRONG: crawl: the crawl ended with exit code -9" in ended.out


@pytest.mark.parametrize("code", [Exit.CONFIGURATION, Exit.LOCKED, Exit.DISK_FULL, Exit.INTERRUPTED])
def test_a_night_whose_crawl_cannot_run_ends_with_its_code(
    nianbao: Callable[..., Any], stubbed: dict[str, Any], archive_path: Path, tmp_path: Path, code: Exit
) -> None:
    stubbed["crawl"] = Crawled(code)
    ended = nianbao("night", "--db", archive_path, "--out", tmp_path / "out")
    assert (ended.code, stubbed["published"]) == (code, 0)


def test_a_second_night_has_its_own_exit_code(
    nianbao: Callable[..., Any], stubbed: dict[str, Any], archive_path: Path, tmp_path: Path
) -> None:
    with only_one(archive_path.parent / "night.lock", "a night"):
        ended = nianbao("night", "--db", archive_path, "--out", tmp_path / "out")
    assert ended.code == Exit.NIGHT_RUNNING
    assert f"process {os.getpid()}" in ended.err
    assert nianbao("night", "--db", archive_path, "--out", tmp_path / "out").code == Exit.OK


def _hold_and_die(path: Path, held: Any) -> None:
    with only_one(path, "a night"):
        held.set()
        os.kill(os.getpid(), 9)


def test_the_lock_of_a_dead_night_is_free(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    process = context.Process(target=_hold_and_die, args=(tmp_path / "night.lock", held))
    process.start()
    process.join(30)
    assert held.is_set()
    with only_one(tmp_path / "night.lock", "a night"), pytest.raises(CommandError):
        only_one(tmp_path / "night.lock", "a night").__enter__()


@pytest.mark.parametrize("folder", [None, "/dev/shm"])  # another file system, where there is one
@pytest.mark.parametrize(
    "holder", ["process 1 since 2020-01-01T00:00:00Z", "process 999999999 since never", ""]
)
def test_a_lock_file_that_was_left_behind_is_taken_over(
    tmp_path: Path, folder: str | None, holder: str
) -> None:
    """Its number may be that of a living process by now: only the kernel's lock counts, never what it says."""
    if folder is not None and not Path(folder).is_dir():
        pytest.skip(f"there is no {folder} here")
    with tempfile.TemporaryDirectory(dir=folder or tmp_path) as place:
        lock = Path(place) / "night.lock"
        lock.write_text(holder)
        with only_one(lock, "a night"):
            assert lock.read_text().startswith(f"process {os.getpid()} since ")
            with pytest.raises(CommandError):
                only_one(lock, "a night").__enter__()


def test_what_a_crawl_prints_is_understood() -> None:
    from crawler.run import CrawlResult
    from nianbao.crawling import as_json

    said = CrawlResult("partial", 5, 4, 3, {"ok": 4, "timeout": 1}, ["one could not be had"])
    crawled = crawl_process._crawled(1, json.dumps(as_json(said)))
    assert crawled == Crawled(1, "partial", 5, 4, 3, {"ok": 4, "timeout": 1}, ("one could not be had",))
    assert crawled.ended
    assert not crawl_process._crawled(-9, "").ended


def totals(folder: Path) -> tuple[int, ...]:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        tables = ("blob", "capture", "report", "version", "figure", "finding")
        return tuple(db.execute(f"select count(*) from {table}").fetchone()[0] for table in tables)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo that nobody disturbed: its folder and what it printed."""
    folder = tmp_path_factory.mktemp("whole")
    ended = run_demo(folder)
    assert ended.returncode == 0, ended.stderr
    return folder, ended.stdout


@pytest.mark.slow
def test_the_demo_finds_the_country_and_then_nothing_new(whole: tuple[Path, str]) -> None:
    folder, printed = whole
    assert "Nothing changed" not in printed
    assert f"nianbao browse --out {folder / 'public'}" in printed
    found = totals(folder)
    second = run_demo(folder)
    assert (second.returncode, totals(folder)) == (0, found)
    assert second.stdout.startswith("Nothing changed")
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        (revised,) = db.execute("select count(*) from version where number = 2").fetchone()
    assert revised > 0


@pytest.mark.slow
def test_a_demo_that_was_killed_goes_on_and_ends_complete(tmp_path: Path, whole: tuple[Path, str]) -> None:
    for seconds in (4, 7):
        with pytest.raises(subprocess.TimeoutExpired):
            run_demo(tmp_path, timeout=seconds)
    ended = run_demo(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert totals(tmp_path)[2:] == totals(whole[0])[2:]


def test_the_demo_leaves_a_real_archive_alone(nianbao: Callable[..., Any], archive_path: Path) -> None:
    before = archive_path.read_bytes()
    ended = nianbao("demo", "--db", archive_path, "--out", archive_path.parent / "out")
    assert (ended.code, archive_path.read_bytes()) == (Exit.USAGE, before)
    assert "not an archive of the demo" in ended.err


def test_a_demo_whose_port_is_taken_moves_and_keeps_its_archive(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo._keep(archive_path, demo.Standing(8765, 2))
    kept = totals(archive_path.parent)
    monkeypatch.setattr(demo, "_served", lambda port: None if port == 8765 else FakeServer(port))
    with demo._country(archive_path, demo._standing(archive_path)) as server:
        assert server.port == 8766
    assert demo._standing(archive_path) == demo.Standing(8766, 0)
    archive_path.with_name("archive-8765.db").rename(archive_path)
    assert totals(archive_path.parent) == kept


class FakeServer:
    """A sample country that is nowhere served."""

    def __init__(self, port: int) -> None:
        self.port = port

    def registry_csv(self) -> str:
        """No sources."""
        return ""

    def __exit__(self, *error: object) -> None:
        """Nothing to stop."""


STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("begun", flush=True)
time.sleep(600)
"""


def test_a_crawl_that_heeds_no_signal_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawl_process, "LOOK", 0.2)
    monkeypatch.setattr(crawl_process, "TO_END", 0.5)
    with subprocess.Popen(
        [sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        reasons = iter(["", "", "", "", "", "", "", "", "", "", "its time was over"])
        _printed, why = crawl_process._ended(process, lambda: next(reasons))
    assert (process.returncode, why) == (-9, "its time was over; it did not heed SIGTERM and was killed")


def test_a_crawl_is_overdue_after_its_time_and_when_it_keeps_nothing(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 3, 1, 6, tzinfo=UTC)
    monkeypatch.setattr(stages.MACHINE, "now", lambda: at)
    timely, stalled = stages.Overdue(archive_path, at), stages.Overdue(archive_path, None)
    far = stages.Overdue(archive_path, None, stalls=False)
    assert (timely.why(), stalled.why(), far.why()) == ("", "", "")
    at += stages.STALLED + timedelta(seconds=1)
    assert "went on after its time" in timely.why()
    assert "kept no answer for 20 minutes" in stalled.why()
    assert far.why() == ""


def test_a_crawl_that_was_ended_rings(seen: Night) -> None:
    alarm = monitors.crawl_ended(
        replace(seen, crawled=replace(GOOD, code=-15, outcome="ended", spent="it was ended"))
    )
    assert alarm is not None
    assert (alarm.level, alarm.what) == (Level.WRONG, "it was ended")
