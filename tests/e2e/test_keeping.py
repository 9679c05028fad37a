"""What is asked beside the queue is kept together with answers, and is lost to none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.ids import content_id
from archive.outcomes import Fetch, Outcome, RequestKind, utc_now
from archive.store import Archive
from crawler.engine.keeping import TOGETHER, Keeper


def _fetch(number: int, **more: Any) -> Fetch:
    url = f"http://h{number}.gov.cn/robots.txt"
    return Fetch(content_id("GET", url, ""), "r1", url, RequestKind.ROBOTS, Outcome.OK, utc_now(), **more)


def _commits(archive: Archive) -> list[str]:
    said: list[str] = []
    archive.db.set_trace_callback(lambda text: said.append(text) if text == "commit" else None)
    return said


def test_notes_are_kept_in_one_transaction(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        keeper = Keeper(archive, lambda waiting: True)
        commits = _commits(archive)
        for number in range(TOGETHER):
            keeper.note(_fetch(number), b"User-agent: *")
        assert len(commits) == 1
        keeper.note(_fetch(TOGETHER), None)
        keeper.flush()
        kept: Any = archive.db.execute("select count(*) from fetch").fetchone()[0]
    assert kept == TOGETHER + 1


def test_a_note_that_cannot_be_kept_costs_the_others_nothing(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "a.db") as archive:
        keeper = Keeper(archive, lambda waiting: True)
        keeper.note(_fetch(0, headers={"odd": object()}), None)
        keeper.note(_fetch(1), None)
        keeper.flush()
        urls = [row[0] for row in archive.db.execute("select url from fetch")]
    assert urls == ["http://h1.gov.cn/robots.txt"]
