"""The report of a night: one page that needs nothing else, one JSON, and the last of them kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from archive.care.fixity import Problem
from archive.derived.derive import ReadResult
from archive.publish import Published
from nianbao.crawl_process import Crawled
from nianbao.front.exits import Exit
from nianbao.keeping import Verified
from nianbao.monitors import Alarm, Level
from nianbao.nightly import reporting
from nianbao.nightly.morning import CODES, Morning, Outcome, show

GOOD = Morning(
    "run",
    "2026-03-01T17:30:00Z",
    Crawled(0, "ok", 31, 30, 4, {"ok": 30, "gone": 1}),
    ReadResult(4, 4, 0, 0, 2),
    Published(Path("/srv/public/nianbao.db"), 120, 130, 9000, 12, 20, 10**6),
    Verified("3/30", 7, ()),
    (),
    {},
    stages=({"name": "crawl", "at": "2026-03-01T17:30:00Z", "ended_at": "2026-03-01T17:42:00Z"},),
)
NOTE = Alarm("crawl", "1 could not be had", "the next night asks again", Level.NOTE)
WRONG = Alarm("disk", "<b>12 MiB</b> are free", "make room")
GRAVE = Alarm("fewer reports", "7 reports, 120 before", "find out why", Level.GRAVE)
BLOCKED = Alarm("blocked", "3 of 4 hosts", "look")


@pytest.mark.parametrize(
    ("morning", "outcome", "says"),
    [
        (GOOD, "ok", "Nothing is wrong. 31 requests, 2 new versions, 120 reports are published."),
        (replace(GOOD, alarms=(NOTE,)), "ok", "Nothing is wrong."),
        (replace(GOOD, alarms=(WRONG,)), "partial", "1 thing needs a person (disk); 31 requests"),
        (replace(GOOD, late="its time was over while it read"), "partial", "Well as far as it came"),
        (
            replace(GOOD, crawled=replace(GOOD.crawled, spent="its 31 requests are spent")),
            "partial",
            "are spent",
        ),
        (replace(GOOD, alarms=(WRONG, BLOCKED)), "blocked", "2 things need a person (disk, blocked)"),
        (replace(GOOD, alarms=(BLOCKED, GRAVE), published=None), "degraded", "nothing was published"),
        (
            replace(GOOD, alarms=(GRAVE,), verified=Verified("1/30", 7, (Problem("blob", "ab", "torn"),))),
            "damaged",
            "the archive is damaged",
        ),
    ],
)
def test_the_word_and_the_sentence(morning: Morning, outcome: str, says: str) -> None:
    assert morning.outcome == outcome
    assert says in morning.sentence
    assert morning.sentence.count(". ") <= 1
    assert morning.as_json()["code"] == CODES[Outcome(outcome)]


def test_the_words_and_their_codes_are_those_of_the_document() -> None:
    text = (Path(__file__).parents[2] / "docs" / "exit-codes.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| (\w+) \| (\d+) \|", text.partition("## The words")[2], re.M))
    for outcome, code in CODES.items():
        assert int(rows.pop(outcome.value)) == code
    other = {"disk": Exit.DISK_FULL, "configuration": Exit.CONFIGURATION, "interrupted": Exit.INTERRUPTED}
    assert {word: int(code) for word, code in rows.items()} == other
    assert len({*CODES.values(), *other.values()}) == len(CODES) + len(other)


def test_the_page_needs_nothing_else_and_escapes_all() -> None:
    morning = replace(GOOD, alarms=(NOTE, WRONG), since={"disk": "2026-02-27T05:00:00Z"})
    page = reporting.page(morning.as_json())
    assert "<script" not in page
    assert not re.search(r"(?:src|href)\s*=", page)
    assert "default-src 'none'" in page
    assert 'name="viewport"' in page
    assert "&lt;b&gt;12 MiB" in page
    for words in (
        morning.sentence,
        "since 2026-02-27",
        "make room",
        "Needs a person",
        "Worth reading",
        "720 s",
    ):
        assert words in page


def test_how_whole_the_country_is_stands_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert GOOD.published
    counted = replace(GOOD, published=replace(GOOD.published, requests=1200, held=300, year=2024))
    page = reporting.page(counted.as_json())
    assert "<td>requests that the highest areas report for 2024</td><td>1200</td>" in page
    assert "<td>&emsp;behind reports that are held</td><td>300</td>" in page
    show(counted)
    said = "of 1200 requests that the highest areas report for 2024 the reports behind 300 are held (25.0 %)"
    assert said in capsys.readouterr().out
    assert "highest areas" not in reporting.page(GOOD.as_json())


@pytest.mark.browser
def test_the_page_fits_a_phone(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    long = Alarm("fetches", "http://www.example.gov.cn/" + "a" * 300, "look")
    file = reporting.write(replace(GOOD, alarms=(WRONG, long)).as_json(), tmp_path, 2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 700})
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.inner_text("h1").startswith("partial")
        browser.close()


def test_the_last_reports_are_kept(tmp_path: Path) -> None:
    for day in range(1, 6):
        reporting.write(replace(GOOD, began=f"2026-03-0{day}T17:30:00Z").as_json(), tmp_path, 3)
    names = sorted(path.name for path in tmp_path.iterdir())
    kept = [f"night-2026-03-0{day}T173000Z.{kind}" for day in (3, 4, 5) for kind in ("html", "json")]
    assert names == ["latest.html", "latest.json", *kept]
    latest = json.loads((tmp_path / "latest.json").read_text("utf-8"))
    assert latest["began"] == "2026-03-05T17:30:00Z"
