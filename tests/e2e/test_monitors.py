"""Monitors that look back: each rings, and stays silent, by the history that it is given."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from made import PAGE, Country, says

from archive.derived.derive import ReadResult
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind
from archive.rows import compact
from archive.state.nights import Night as SourceNight
from nianbao import monitors, thresholds
from nianbao.crawl_process import Crawled
from nianbao.monitors import Level, Night
from nianbao.monitors.measures import measures
from nianbao.thresholds import Thresholds
from parsers.records import Figure, Proof, State

SINCE = "2026-03-10T00:00:00Z"
CRAWLED = Crawled(0, "ok", requests=100, outcomes={"ok": 60, "not_modified": 30, "timeout": 10})
HOST = "http://www.huojia.gov.cn"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    made = Country(tmp_path / "archive.db")
    yield made
    made.archive.close()


@pytest.fixture
def night(country: Country, tmp_path: Path) -> Night:
    return Night(country.archive.db, tmp_path / "out", SINCE, CRAWLED, ReadResult())


def usual(night: Night, name: str, subject: str, value: float, nights: int = 3) -> Night:
    """The same night after some in which a measure was always this."""
    return replace(night, history=lambda n, s: [value] * nights if (n, s) == (name, subject) else [])


def asked(
    country: Country, url: str, outcome: Outcome, at: str, data: bytes | None = None, **how: Any
) -> None:
    """A listing is asked for, and this comes."""
    kind = how.get("kind", RequestKind.LISTING)
    source = how.get("source", "s1")
    request = FrontierRequest(url, kind, source_id=source, meta={"entry": "column"})
    country.archive.enqueue([request])
    fetch = Fetch(request.id, f"run {at}", url, kind, outcome, at, source_id=source)
    country.archive.complete(request.id, fetch, data)


@pytest.mark.parametrize(
    ("before", "nights", "outcomes", "rings"),
    [
        (0.01, 3, {"timeout": 20, "ok": 80}, True),
        (0.15, 3, {"timeout": 20, "ok": 80}, False),
        (0.01, 2, {"timeout": 20, "ok": 80}, False),
        (0.01, 3, {"timeout": 2, "ok": 8}, False),
    ],
)
def test_another_mix_of_outcomes(
    night: Night, before: float, nights: int, outcomes: dict[str, int], rings: bool
) -> None:
    seen = usual(
        replace(night, crawled=replace(CRAWLED, outcomes=outcomes)), "outcome", "timeout", before, nights
    )
    alarm = monitors.another_mix(seen)
    assert (alarm is not None) is rings
    if alarm:
        assert "timeout from 1% to 20%" in alarm.what


@pytest.mark.parametrize(("refused", "rings"), [(0, False), (1, False), (2, True), (4, True)])
def test_hosts_that_turn_us_away(country: Country, night: Night, refused: int, rings: bool) -> None:
    for number in range(4):
        outcome = Outcome.BLOCKED_WAF if number < refused else Outcome.OK
        asked(country, f"http://h{number}.gov.cn/", outcome, SINCE, b"x")
    alarm = monitors.blocked_hosts(night)
    assert (alarm is not None) is rings
    if alarm:
        assert f"{refused} of 4 hosts" in alarm.what


def test_a_host_that_refuses_one_page_is_not_blocked(country: Country, night: Night) -> None:
    asked(country, f"{HOST}/a", Outcome.FORBIDDEN, SINCE)
    asked(country, f"{HOST}/b", Outcome.OK, SINCE, b"x")
    assert monitors.blocked_hosts(night) is None


@pytest.mark.parametrize(
    ("before", "nights", "rows", "rings"),
    [(20, 3, 13, True), (20, 3, 14, False), (20, 2, 1, False), (4, 3, 1, False)],
)
def test_a_source_that_fell(
    country: Country, night: Night, before: float, nights: int, rows: int, rings: bool
) -> None:
    country.archive.keep_nights([SourceNight("s1", "run", SINCE, rows)])
    alarm = monitors.fallen_sources(usual(night, "rows", "s1", before, nights))
    assert (alarm is not None) is rings
    if alarm:
        assert "s1 from 20 rows to 13" in alarm.what


@pytest.mark.parametrize(
    ("good", "others", "level"),
    [
        ("2026-03-04T00:00:00Z", 0, None),
        ("2026-03-02T00:00:00Z", 0, Level.WRONG),
        ("2026-03-02T00:00:00Z", 10, Level.NOTE),
    ],
)
def test_a_stale_source(country: Country, night: Night, good: str, others: int, level: Level | None) -> None:
    asked(country, f"{HOST}/", Outcome.OK, good, b"x")
    asked(country, f"{HOST}/", Outcome.TIMEOUT, SINCE)
    for number in range(others):
        country.source(f"t{number}", "新乡市", "410700")
        asked(country, f"{HOST}/{number}", Outcome.OK, SINCE, b"x", source=f"t{number}")
    alarm = monitors.stale_sources(night)
    assert (alarm and alarm.level) == level
    if alarm:
        assert "s1 since 2026-03-02" in alarm.what


def test_a_source_that_never_answered_is_stale_too(country: Country, night: Night) -> None:
    asked(country, f"{HOST}/", Outcome.TIMEOUT, "2026-03-01T00:00:00Z")
    assert monitors.stale_sources(night) is not None


def test_sources_are_stale_though_the_clock_stands_for_months(country: Country, night: Night) -> None:
    """Sixteen months of silence are seen from the eighth day on, every night."""
    asked(country, f"{HOST}/", Outcome.OK, "2026-03-01T00:00:00Z", b"x")
    for since, rings in (("2026-03-07", False), ("2026-03-09", True), ("2027-07-01", True)):
        assert (monitors.stale_sources(replace(night, since=f"{since}T00:00:00Z")) is not None) is rings


class Site(NamedTuple):
    """A column as it was and as it is."""

    before: str
    now: str


ROWS = "".join(
    f'<li><a href="/d{n}.html">某局202{n}年政府信息公开年报</a><span>2026-01-30</span></li>' for n in range(4)
)
LIST = f"<html><body><ul>{ROWS}</ul></body></html>"


@pytest.mark.parametrize(
    ("site", "rings"),
    [
        (Site(LIST, "<html><body><p>系统维护</p></body></html>"), True),
        (Site(LIST, LIST.replace("</ul>", "</ul><p>更新</p>")), False),
        (Site(LIST, LIST), False),
        (Site("<html><p>空</p></html>", "<html><p>系统维护</p></html>"), False),
    ],
)
def test_a_family_that_stopped_matching(
    country: Country, night: Night, tmp_path: Path, site: Site, rings: bool
) -> None:
    asked(country, f"{HOST}/nb/", Outcome.OK, "2026-03-09T00:00:00Z", site.before.encode())
    asked(country, f"{HOST}/nb/", Outcome.OK, SINCE, site.now.encode())
    seen = replace(night, fixtures=tmp_path / "fixtures")
    alarm = monitors.stopped_families(seen)
    assert (alarm is not None) is rings
    saved = list((tmp_path / "fixtures").glob("*.html"))
    assert [page.read_text("utf-8") for page in saved] == ([site.now] if rings else [])
    again = monitors.stopped_families(seen)
    assert (again is not None) is rings, "it rings until it is mended"


def fill(country: Country, versions: int, cells: int, numbers: int, proven: int) -> None:
    """New versions with so many cells each, so many of them numbers, so many of those proven."""
    for number in range(versions):
        country.shows(f"{HOST}/c{number}.html", says(issuer="获嘉县教育局", year=2010 + number, values={}))
    country.read()
    db = country.archive.db
    states = [State.NUMBER if cell < numbers else State.BLANK for cell in range(cells)]
    proofs = [Proof.PROVEN if cell < proven else Proof.UNPROVEN for cell in range(cells)]
    figures = [
        Figure(f"c{n}", 1, s, "", "", p, "") for n, (s, p) in enumerate(zip(states, proofs, strict=True))
    ]
    for (position,) in db.execute("select position from version").fetchall():
        compact.write(db, compact.Words(db), position, compact.Cells.of(figures), compact.Checks.of(()))


@pytest.mark.parametrize(
    ("versions", "before", "nights", "rings"),
    [(5, 0.8, 3, True), (5, 0.6, 3, False), (5, 0.8, 2, False), (4, 0.8, 3, False)],
)
def test_fewer_figures(
    country: Country, night: Night, versions: int, before: float, nights: int, rings: bool
) -> None:
    fill(country, versions, 10, 5, 5)
    seen = usual(replace(night, since="2023"), "fill", "", before, nights)
    alarm = monitors.fewer_figures(seen)
    assert (alarm is not None) is rings
    if alarm:
        assert "50% of the cells of 5 new versions" in alarm.what


@pytest.mark.parametrize(
    ("proven", "before", "rings"), [(7, 0.9, True), (8, 0.9, False), (1, None, True), (2, None, False)]
)
def test_fewer_proofs(country: Country, night: Night, proven: int, before: float | None, rings: bool) -> None:
    fill(country, 5, 10, 10, proven)
    seen = replace(night, since="2023")
    alarm = monitors.fewer_proofs(seen if before is None else usual(seen, "proof", "", before))
    assert (alarm is not None) is rings


@pytest.mark.parametrize(
    ("free", "published", "rings"), [(501, 0, False), (499, 0, True), (700, 600, True), (901, 600, False)]
)
def test_little_room(
    night: Night, monkeypatch: pytest.MonkeyPatch, free: int, published: int, rings: bool
) -> None:
    if published:
        night.out.mkdir()
        with (night.out / "nianbao.db").open("wb") as file:
            file.truncate(published << 20)
    real = shutil.disk_usage(night.out.parent)
    monkeypatch.setattr("shutil.disk_usage", lambda _: real._replace(free=free << 20))
    alarm = monitors.little_room(night)
    assert (alarm is not None) is rings


@pytest.mark.parametrize(("mib", "rings"), [(0, False), (999, False), (1001, True)])
def test_a_long_log(country: Country, night: Night, mib: int, rings: bool) -> None:
    country.archive.db.execute("pragma journal_mode = delete")
    log = country.archive.path.with_name("archive.db-wal")
    with log.open("wb") as file:
        file.truncate(mib << 20)
    alarm = monitors.long_log(night)
    assert (alarm is not None) is rings
    assert alarm is None or f"{log} has 1001 MiB" in alarm.what


def test_a_threshold_moves_the_alarm(country: Country, night: Night) -> None:
    asked(country, f"{HOST}/", Outcome.OK, "2026-03-07T00:00:00Z", b"x")
    assert monitors.stale_sources(night) is None
    nervous = Thresholds({**thresholds.packaged().values, "stale_days": 1})
    assert monitors.stale_sources(replace(night, thresholds=nervous)) is not None


def test_what_a_night_measured_is_the_history_of_the_next(country: Country) -> None:
    archive = country.archive
    country.shows(PAGE, says())
    country.read()
    for run, rows in (("a", 10), ("b", 20), ("c", 30)):
        archive.keep_nights([SourceNight("s1", run, SINCE, rows)])
        kept = list(measures(archive.db, SINCE, CRAWLED, 5))
        archive.keep_morning(run, "ok", "", {}, [], kept)
        archive.db.execute("delete from source_night")
    assert sorted(archive.measured("rows", "s1", "c", 14)) == [10, 20]
    assert len(archive.measured("rows", "s1", "d", 2)) == 2
    assert archive.measured("outcome", "timeout", "d", 1) == [0.1]
    assert archive.measured("requests", "", "d", 1) == [100]
    # Too few new versions for a rate, and a cut crawl for its size.
    assert archive.measured("proof", "", "d", 14) == []
    cut = list(measures(archive.db, SINCE, replace(CRAWLED, spent="its time was over"), 5))
    assert "requests" not in {measure.name for measure in cut}


def test_every_monitor_is_tested() -> None:
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    untested: list[Callable[..., Any]] = [
        m for m in monitors.MONITORS if f"monitors.{m.__name__}(" not in text
    ]
    assert untested == []
