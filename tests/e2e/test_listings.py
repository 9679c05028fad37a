"""Listings that do not add up: the night is no success, the evidence is kept, and nothing counts as withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import crawling
import made
import pytest
from mockserver import MockServer, Reply

from archive.derived import derive
from archive.store import Archive

ROWS = 10


def _title(number: int) -> str:
    return f"获嘉县第{number}局2022年政府信息公开工作年度报告"


def _path(number: int) -> str:
    return f"/nb/202301/t20230120_{number}.html"


def _page(rows: list[int], more: str = "", site: str = "4107240001", date: str = "2023-01-20") -> str:
    items = "".join(f'<li><a href="{_path(n)}">{_title(n)}</a><span>{date}</span></li>' for n in rows)
    return f'<html><head><meta name="SiteIDCode" content="{site}"></head><body><ul>{items}</ul>{more}</body></html>'


def _paged(pages: list[list[int]], total: int | None = None, **named: str) -> dict[str, Any]:
    """A column of TRS pages; `total` is announced in words."""
    said = f"<p>共{total}条</p>" if total is not None else ""
    routes: dict[str, Any] = {}
    for number, rows in enumerate(pages):
        call = f'{said}<script>createPageHTML({len(pages)},{number},"index","html");</script>'
        routes["/nb/" if number == 0 else f"/nb/index_{number}.html"] = _page(rows, call, **named)
    for rows in pages:
        routes |= {
            _path(n): f"<html><title>{_title(n)}</title><body><h1>{_title(n)}</h1></body></html>"
            for n in rows
        }
    return routes


WHOLE = [list(range(10)), list(range(10, 20)), list(range(20, 25))]
SICK: dict[str, tuple[dict[str, Any], str]] = {
    "an empty page in the middle": (_paged([WHOLE[0], [], WHOLE[2]]), "page 2 is empty"),
    "a repeated page in the middle": (_paged([WHOLE[0], WHOLE[0], WHOLE[2]]), "page 2 repeats page 1"),
    "fewer rows than announced": (_paged([WHOLE[0]], total=40), "announces 40 and lists 10"),
}


@pytest.mark.parametrize("name", SICK)
def test_a_sick_listing_is_no_success(tmp_path: Path, name: str) -> None:
    routes, problem = SICK[name]
    with MockServer(routes) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert result["outcome"] == "partial"
    assert any(problem in each for each in result["problems"])
    with Archive.open(tmp_path / "a.db") as archive:
        kept = archive.db.execute("select problem from source_night").fetchone()[0]
        assert problem in kept
        assert archive.db.execute("select count(*) from capture where kind = 'listing'").fetchone()[0] > 0


@pytest.mark.parametrize("total", [None, 25])
def test_a_listing_that_adds_up_is_well(tmp_path: Path, total: int | None) -> None:
    with MockServer(_paged(WHOLE, total)) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        for _night in range(2):
            result = crawling.crawl(tmp_path / "a.db", registry)
            assert (result["outcome"], result["problems"]) == ("ok", [])


def test_an_empty_page_is_no_harm_where_all_that_was_announced_is_listed(tmp_path: Path) -> None:
    with MockServer(_paged([WHOLE[0], [], WHOLE[2]], total=15)) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        assert crawling.crawl(tmp_path / "a.db", registry)["problems"] == []


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "shrinks": (_paged([WHOLE[0][:7]]), "shrank from 10 to 7: 3 not listed any more"),
    "is another list": (_paged([list(range(50, 60))]), "shows none of the rows of the last night"),
    "is another site": (_paged([WHOLE[0]], site="9901000001"), "a page of another site: 9901000001"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_listing_against_the_night_before(tmp_path: Path, name: str) -> None:
    changed, problem = CHANGES[name]
    with MockServer(_paged([WHOLE[0]])) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        assert crawling.crawl(tmp_path / "a.db", registry)["problems"] == []
        server.routes = changed
        result = crawling.crawl(tmp_path / "a.db", registry)
    assert any(problem in each for each in result["problems"])


# --- withdrawn, late, not due ---


def _read(db: Path) -> dict[tuple[str, int], tuple[str, str]]:
    """Reads what was crawled with a parser that believes titles, and gives the coverage."""

    def parse(data: bytes, *, url: str = "", link_title: str = "") -> Any:
        issuer, _mark, _rest = link_title.partition("2022年")
        return made.report({"title": link_title, "issuer": issuer, "year": 2022, "scope": "body"})

    with Archive.open(db) as archive:
        derive.read(archive, parse=parse)
        rows = archive.db.execute("select body, year, state, evidence from v_coverage").fetchall()
    return {(row["body"], row["year"]): (row["state"], row["evidence"]) for row in rows}


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads in this process."""
    monkeypatch.setattr(derive.pool, "run", made.inline)


def _nights_apart(db: Path) -> None:
    """Puts what was done so far a day into the past, so that the nights of a test are nights."""
    with Archive.open(db) as archive, archive.transaction() as connection:
        back = "strftime('%Y-%m-%dT%H:%M:%SZ', {0}, '-1 day')"
        for table, columns in {
            "run": ("started_at", "ended_at"),
            "fetch": ("at",),
            "link": ("first_seen", "last_seen"),
            "source_night": ("at",),
            "listing_page": ("at",),
        }.items():
            sets = ", ".join(f"{column} = {back.format(column)}" for column in columns)
            connection.execute(f"update {table} set {sets}")


@pytest.mark.usefixtures("quick")
def test_withdrawn_needs_three_healthy_nights(tmp_path: Path) -> None:
    db = tmp_path / "a.db"
    lost = ("获嘉县第9局", 2022)
    with MockServer(_paged([WHOLE[0]])) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        crawling.crawl(db, registry)
        assert _read(db)[lost][0] == "found"
        server.routes = _paged([WHOLE[0][:9]])
        states = []
        for night in range(5):
            _nights_apart(db)
            if night == 2:
                whole, server.routes = server.routes, {"/nb/": Reply("", 500)}
                crawling.crawl(db, registry)
                server.routes = whole
            else:
                crawling.crawl(db, registry)
            states.append(_read(db)[lost][0])
    # The night it shrank, and the night without an answer, are not healthy.
    assert states == ["found", "found", "found", "found", "withdrawn"]
    assert _read(db)[lost][1].startswith("not listed since ")
    assert _read(db)[("获嘉县第1局", 2022)][0] == "found"


@pytest.mark.usefixtures("quick")
def test_late_and_in_time(tmp_path: Path) -> None:
    for date, state in (("2023-01-31", "found"), ("2023-02-01", "late")):
        with MockServer(_paged([[1, 2]], date=date)) as server:
            registry = crawling.registry(tmp_path / f"{state}.csv", [server.url("/nb/")])
            crawling.crawl(tmp_path / f"{state}.db", registry)
        found = _read(tmp_path / f"{state}.db")[("获嘉县第1局", 2022)]
        assert found[0] == state
        assert (date in found[1]) == (state == "late")


def test_not_due_before_its_day(tmp_path: Path) -> None:
    country = made.Country(tmp_path / "a.db")
    country.source("s2", "获嘉县教育局", "410724")
    country.shows("http://www.huojia.gov.cn/1.html", made.says(year=2021))
    country.read(timeout=derive.PARSE_TIMEOUT)
    rows = country.rows("select body, year, state from v_coverage where year = 2022 order by body")
    # On the first of March a department is behind, and a government has the month.
    assert rows == [("获嘉县人民政府", 2022, "not_due"), ("获嘉县教育局", 2022, "not_looked_for")]
