"""Columns that were found are looked up at every answer: by id, address and portal, whatever their number."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.country import measured
from crawler.discovery.columns import Columns
from crawler.registry import Entry, Source

PORTAL = Source("p", "某县人民政府", "410724", "county", "government", Entry.PORTAL, "http://a.gov.cn/")


def _column(name: str, url: str, body: str = "某县人民政府") -> Source:
    return replace(PORTAL, id=name, entry=Entry.COLUMN, url=url, name=body)


def test_a_column_is_known_by_all_its_names() -> None:
    found, first = Columns(), _column("c1", "http://a.gov.cn/nb/")
    found.update({"c1": (first, "p"), "c2": (_column("c2", first.url, "某县教育局"), "q")})
    assert found.get("c1") == (first, "p")
    assert found.get("none") is None
    assert found.at(first.url) is first
    assert (found.has("p"), found.has("p", "某县教育局"), found.has("q", "某县教育局")) == (True, False, True)
    assert not found.has("other")
    assert [portal for _source, portal in found] == ["p", "q"]


def test_a_request_costs_the_scheduler_no_more_among_many_hosts() -> None:
    """Ten times the hosts, most asleep: what one request costs stays of the same order (the bar of the benchmark is 1.3)."""
    few, *_, many = measured(330)
    assert (few.hosts, few.requests, many.hosts, many.requests) == (33, 99, 330, 990)
    assert many.scheduling < 3 * few.scheduling
