"""A night over the country stays a page: problems by cause, alarms by rate."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.derived.derive import ReadResult
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, iso, now_utc
from archive.store import Archive
from nianbao.crawl_process import Crawled
from nianbao.front.causes import causes, told
from nianbao.monitors.base import Level, Night
from nianbao.monitors.crawl import crawl_ended
from nianbao.monitors.sources import silent_sources


def test_what_differs_in_its_place_is_one_cause() -> None:
    problems = [f"source s{n}: http://www.a{n}.gov.cn/: timeout (no answer within {n} s)" for n in range(300)]
    problems += [
        f"www.b{n}.gov.cn: 3 times reset in a row; left alone until the next run" for n in range(200)
    ]
    problems += [f"source s{n}: http://c{n}.gov.cn/nb/: the page shows no report" for n in range(400)]
    found = causes(problems)
    assert [(each.what, each.number) for each in found] == [
        ("the page shows no report", 400),
        ("timeout", 300),
        ("times reset in a row; left alone until the next run", 200),
    ]
    assert found[1].examples == tuple(problems[:3])
    lines = told(problems)
    assert len(lines) == 3
    assert all(len(line) < 400 for line in lines)


def test_few_are_told_as_they_are_and_causes_end() -> None:
    assert told(["a", "b"]) == ["a", "b"]
    words = [f"{'x' * n} failed" for n in range(1, 40)]
    assert len(told(words)) == 11
    assert told(words)[-1] == "and 29 more, of 29 other causes"


@pytest.mark.parametrize(("silent", "level"), [(2, Level.NOTE), (40, Level.WRONG)])
def test_silent_sources_ring_by_rate(tmp_path: Path, silent: int, level: Level) -> None:
    """Two silent sources of two hundred are a note, forty are wrong: told by province, five by name."""
    with Archive.open(tmp_path / "a.db") as archive:
        run, at = archive.start_run("crawl"), iso(now_utc())
        for number in range(200):
            row = dict.fromkeys(("level", "kind", "family", "note"), "")
            code = f"{(41, 42, 43)[number % 3]}0000"
            url = f"http://www.s{number}.gov.cn/"
            archive.keep_sources(
                [{**row, "id": f"s{number}", "name": "某县", "division": code, "entry": "column", "url": url}]
            )
            asked = FrontierRequest(url, RequestKind.LISTING, source_id=f"s{number}")
            archive.enqueue([asked])
            outcome = Outcome.TIMEOUT if number < silent else Outcome.OK
            archive.complete(
                asked.id, Fetch(asked.id, run, url, asked.kind, outcome, at, source_id=f"s{number}"), b"x"
            )
            archive.db.execute(
                "insert into link values (?, ?, ?, 't', '', 'document', 'report', '', ?, ?, ?)",
                (f"l{number}", url, f"{url}1.html", f"s{number}", at, at),
            )
        alarm = silent_sources(Night(archive.db, tmp_path, at, Crawled(0, "ok"), ReadResult()))
    assert alarm is not None
    assert alarm.level is level
    assert alarm.what.startswith(f"{silent} gave nothing")
    assert ("河南省 14" in alarm.what) == (silent == 40)
    assert len(alarm.what) < 200


def test_the_alarm_of_the_crawl_is_short() -> None:
    problems = tuple(f"source s{n}: http://a{n}.gov.cn/: timeout (late)" for n in range(900))
    alarm = crawl_ended(Night(None, Path(), "", Crawled(1, "partial", problems=problems), ReadResult()))  # type: ignore[arg-type]
    assert alarm is not None
    assert "900 times timeout" in alarm.what
    assert len(alarm.what) < 400
