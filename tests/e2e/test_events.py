"""The class of every change: what is believed, what is noise, what went, came back, or moved."""

from __future__ import annotations

from typing import Any

import pytest
from made import FILE, PAGE, TWIN, Country, says

from archive.outcomes import Outcome

NEW = "http://new.huojia.gov.cn/1.html"
REVISED = {"a": 1, "b": 3}


def crawl(country: Country, day: int, *shown: dict[str, Any] | Outcome, url: str = PAGE, **how: Any) -> None:
    """One night: what the URL answered, time after time."""
    run = country.night(day, how.pop("problem", ""))
    for number, said in enumerate(shown):
        when = {"run": run, "time": f"0{number}:00:00"}
        if isinstance(said, Outcome):
            country.answers(url, said, day, **when, **how)
        else:
            # The counter makes other bytes each time.
            country.shows(url, {**said, "views": f"{url} {day} {number}"}, day, **when, **how)


def classes(country: Country) -> list[tuple[str, Any, Any]]:
    return [
        tuple(row) for row in country.rows("select class, before, version from v_changes order by at, url")
    ]


def versions(country: Country) -> int:
    country.read()
    (row,) = country.rows("select count(*) from version")
    return int(row[0])


def test_other_bytes_with_the_same_content_are_noise(country: Country) -> None:
    for day in range(1, 6):
        crawl(country, day, says())
        assert versions(country) == 1
    assert classes(country) == [("noise", 1, 1)] * 4


def test_a_change_that_a_second_look_confirms_is_a_version_the_same_night(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, says(values=REVISED), says(values=REVISED))
    assert versions(country) == 2
    assert classes(country) == [("number revised", 1, 2), ("noise", 2, 2)]


def test_a_page_that_flickers_makes_no_version(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, says(values=REVISED), says())
    crawl(country, 3, says(), says(values=REVISED))
    crawl(country, 4, says(), says())
    assert versions(country) == 1
    assert [kind for kind, _, _ in classes(country)].count("unconfirmed") == 2


def test_a_change_without_a_second_look_waits_for_the_next_night(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, says(values=REVISED), Outcome.TIMEOUT)
    assert versions(country) == 1
    crawl(country, 3, says(values=REVISED))
    assert versions(country) == 2


def test_a_304_confirms(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, says(values=REVISED), Outcome.NOT_MODIFIED)
    assert versions(country) == 2


def test_what_was_imported_needs_no_second_look(country: Country) -> None:
    country.shows(PAGE, says())
    country.shows(PAGE, says(values=REVISED), day=2)
    assert versions(country) == 2


def test_revised_prose_is_text_revised(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, says(text="公开9条。"), says(text="公开9条。"))
    assert versions(country) == 2
    assert ("text revised", 1, 2) in classes(country)


def test_a_content_that_comes_back_is_restored_and_no_new_version(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, says(values=REVISED), says(values=REVISED))
    crawl(country, 3, says(), says())
    assert versions(country) == 2
    assert ("restored", 2, 1) in classes(country)


def test_a_file_beside_is_a_rendition_added(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 1, says(), url=FILE, on=PAGE)
    assert versions(country) == 1
    assert classes(country) == [("rendition added", 1, 1)]


def test_a_worse_capture_is_evidence_and_never_current(country: Country) -> None:
    crawl(country, 1, says())
    emptied = says(values={"a": 1}, text="公开8条。")
    crawl(country, 2, emptied, emptied)
    assert versions(country) == 1
    assert classes(country)[0][0] == "worse"
    assert country.rows("select kind from v_findings") == [("worse_capture",)]
    assert len(country.rows("select * from capture")) == 3


def test_a_page_that_is_no_report_any_more_is_evidence_and_changes_nothing(country: Country) -> None:
    """A challenge or a soft 404 that the crawl did not see for what it is."""
    crawl(country, 1, says())
    country.read()
    before = country.rows("select * from version")
    for day in (2, 3):
        crawl(
            country,
            day,
            says(is_report=False, text="请完成安全验证"),
            says(is_report=False, text="请完成安全验证"),
        )
    assert versions(country) == 1
    assert country.rows("select * from version") == before
    assert classes(country) == []
    assert country.rows("select count(*) from capture") == [(5,)]


def test_a_report_that_is_gone_is_withdrawn_after_three_healthy_nights_and_kept(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, Outcome.GONE, problem="the list shrank")
    for day in (3, 4):
        crawl(country, day, Outcome.GONE)
    country.read()
    assert classes(country) == []
    crawl(country, 5, Outcome.GONE)
    assert versions(country) == 1
    assert classes(country) == [("withdrawn", None, None)]
    assert country.rows("select at from v_changes") == [("2023-03-02T00:00:00Z",)]
    assert country.rows("select state, evidence from v_coverage") == [
        ("withdrawn", f"gone since 2023-03-02: {PAGE}")
    ]
    crawl(country, 6, says())
    assert versions(country) == 1
    assert [kind for kind, _, _ in classes(country)] == ["withdrawn", "noise", "restored"]
    assert country.rows("select state from v_coverage") == [("found",)]


def test_a_year_is_withdrawn_when_all_its_reports_are(country: Country) -> None:
    other = says(scope="body", values={"c": 3})
    crawl(country, 1, says())
    crawl(country, 1, other, url=TWIN)
    for day in (2, 3, 4):
        crawl(country, day, Outcome.GONE)
        crawl(country, day, other, url=TWIN)
    country.read()
    assert country.rows("select state from v_coverage") == [("found",)]
    for day in (5, 6, 7):
        crawl(country, day, Outcome.GONE, url=TWIN)
    country.read()
    assert country.rows("select state from v_coverage") == [("withdrawn",)]


def test_an_old_address_that_leads_on_does_not_keep_a_report_alive(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, Outcome.REDIRECTED)
    crawl(country, 2, says(), url=NEW)
    for day in (3, 4, 5):
        crawl(country, day, Outcome.REDIRECTED)
        crawl(country, day, Outcome.GONE, url=NEW)
    country.read()
    assert [kind for kind, _, _ in classes(country)] == ["moved", "withdrawn"]


def test_a_sick_night_withdraws_nothing(country: Country) -> None:
    crawl(country, 1, says())
    for day in range(2, 9):
        crawl(country, day, Outcome.GONE, problem="its own page failed")
        crawl(country, day, Outcome.TIMEOUT, problem="its own page failed")
    country.read()
    assert classes(country) == []


def test_a_report_that_stands_elsewhere_is_not_withdrawn(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 1, says(), url=TWIN)
    for day in (2, 3, 4, 5):
        crawl(country, day, Outcome.GONE)
        crawl(country, day, says(), url=TWIN)
    country.read()
    assert "withdrawn" not in {kind for kind, _, _ in classes(country)}


@pytest.mark.parametrize("how", [Outcome.GONE, Outcome.REDIRECTED])
def test_a_relaunched_host_keeps_the_report_and_makes_no_version(country: Country, how: Outcome) -> None:
    crawl(country, 1, says())
    before = (versions(country), country.rows("select id, report_id from version"))
    crawl(country, 2, how)
    crawl(country, 2, says(), url=NEW)
    assert (versions(country), country.rows("select id, report_id from version")) == before
    assert classes(country) == [("moved", 1, 1)]
    assert country.rows("select evidence from v_changes") == [(f"from {PAGE}",)]
    assert country.rows("select url from rendition order by url") == [(NEW,), (PAGE,)]


def test_a_move_that_is_noticed_later_is_a_move_all_the_same(country: Country) -> None:
    """What a later fetch tells of the old address is derived by the next read, as a rebuild would."""
    crawl(country, 1, says())
    crawl(country, 2, says(), url=NEW)
    country.read()
    assert classes(country) == [("rendition added", 1, 1)]
    crawl(country, 3, Outcome.GONE)
    country.read()
    assert classes(country) == [("moved", 1, 1)]


def test_a_move_with_a_revision_is_a_revision(country: Country) -> None:
    crawl(country, 1, says())
    crawl(country, 2, Outcome.GONE)
    crawl(country, 2, says(values=REVISED), url=NEW)
    assert versions(country) == 2
    assert classes(country) == [("number revised", 1, 2)]
