"""Growth: hosts that pages link by the name of a body become candidates, and nothing else does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import MockServer

from archive.derived.coverage import fill
from archive.divisions import divisions
from archive.outcomes import host_of
from archive.store import Archive
from crawler.discovery.growth import candidates, is_of_state, unknown
from crawler.page import Page
from crawler.registry import Entry, Source, load

HENAN = Source(
    "henan", "河南省人民政府", "410000", "province", "government", Entry.PORTAL, "https://www.henan.gov.cn/"
)
XINXIANG = Source(
    "xx", "新乡市人民政府", "410700", "city", "government", Entry.PORTAL, "http://www.xinxiang.gov.cn/"
)


def _page(url: str, links: str) -> Page:
    return Page(url, f"<html><body>{links}</body></html>".encode())


def _named(links: str, source: Source = XINXIANG) -> dict[str, tuple[str, str]]:
    found = candidates(_page(source.url, links), source, {host_of(source.url)})
    return {host_of(each.source.url): (each.source.name, each.source.division) for each in found}


@pytest.mark.parametrize(
    ("title", "name", "division"),
    [
        ("获嘉县", "获嘉县人民政府", "410724"),
        ("获嘉", "获嘉县人民政府", "410724"),
        ("获嘉县人民政府门户网站", "获嘉县人民政府", "410724"),
        ("卫辉市政府", "卫辉市人民政府", "410781"),
        ("洛阳市", "洛阳市人民政府", "410300"),
        ("广西", "广西壮族自治区人民政府", "450000"),
        ("河南省人民政府", "河南省人民政府", "410000"),
        ("市财政局", "新乡市财政局", "410700"),
        ("财政局", "新乡市财政局", "410700"),
        ("新乡市公安局", "新乡市公安局", "410700"),
        ("获嘉县教育局", "获嘉县教育局", "410724"),
        ("河南省教育厅", "河南省教育厅", "410000"),
    ],
)
def test_the_body_and_division_of_a_link(title: str, name: str, division: str) -> None:
    assert _named(f'<a href="http://www.a.gov.cn/x/">{title}</a>') == {"www.a.gov.cn": (name, division)}
    assert _named(f'<select><option value="http://www.a.gov.cn/">{title}</option></select>') != {}


def test_what_lies_nowhere_for_sure_is_none() -> None:
    """There are several 鼓楼区; below Nanjing there is one."""
    link = '<a href="http://www.a.gov.cn/">鼓楼区</a>'
    assert _named(link, HENAN) == {"www.a.gov.cn": ("鼓楼区人民政府", "410204")}
    assert _named(link, XINXIANG) == {"www.a.gov.cn": ("鼓楼区人民政府", "410204")}
    beijing = Source(
        "b", "北京市人民政府", "110000", "province", "government", Entry.PORTAL, "http://b.gov.cn/"
    )
    assert _named(link, beijing) == {}


LOOK_ALIKES = (
    "http://www.xinxiang.gov.cn.evil.com/",
    "http://www.huojia-gov.cn/",
    "http://www.huojiagov.cn/",
    "http://www.huojia.gov.cn@evil.com/",
    "http://www.huojia.gov.cn:8080/",
    "http://gov.cn/",
    "http://www.huojia.gov.com/",
    "http://127.0.0.1/",
    "http://www.huojia.g\u043ev.cn/",
    "javascript:alert('www.huojia.gov.cn')",
    "http://www.huojia.gov.cn.cn/",
)


@pytest.mark.parametrize("url", LOOK_ALIKES)
def test_nothing_outside_the_states_suffixes(url: str) -> None:
    assert _named(f'<a href="{url}">获嘉县</a>') == {}
    assert not is_of_state(url)


@pytest.mark.parametrize(
    "title", ["新华网", "更多", "市长信箱", "12345", "政务服务网", "新乡日报", "关于印发通知"]
)
def test_a_link_that_names_no_body_is_none(title: str) -> None:
    assert _named(f'<a href="http://www.a.gov.cn/">{title}</a>') == {}


def test_a_sample_registry_grows_back(record_property: Any) -> None:
    """Four fifths of Henan hidden, three portals known: pages that link as portals do bring all of it back."""
    sources = [s for s in load().sources.values() if s.division.startswith("41") and s.kind == "government"
               and s.entry is Entry.PORTAL and s.level != "zone"]  # fmt: skip
    start = [HENAN, *[s for s in sources if s.level == "city"][:2]]
    hidden = {host_of(s.url): s for s in sources if s.division not in {one.division for one in start}}
    assert len(hidden) > 0.8 * len(sources)
    known, queue, found = {host_of(each.url) for each in start}, list(start), dict[str, Source]()
    while queue:
        portal = queue.pop()
        grown = [each.source for each in candidates(_portal_page(portal, sources), portal, known)]
        for source in unknown(grown, known):
            known.add(host_of(source.url))
            found[host_of(source.url)] = source
            queue.append(source)
    assert set(found) == set(hidden)
    assert {host: source.division for host, source in found.items()} == {
        h: s.division for h, s in hidden.items()
    }


def _portal_page(portal: Source, sources: list[Source]) -> Page:
    """A home page: its lower governments in a drop-down list or by links, its look-alikes, its own menu, papers."""
    prefix = portal.division.rstrip("0") if portal.level != "county" else "none"
    below = [s for s in sources if s.division.startswith(prefix) and s.division != portal.division]
    below = [
        s
        for s in below
        if s.level == ("city" if portal.level == "province" else "county") or s.division[2:4] == "90"
    ]
    names = divisions()
    links = "".join(
        f'<option value="{s.url}">{names[s.division]}</option>'
        if n % 2
        else f'<a href="{s.url}">{names[s.division]}人民政府</a>'
        for n, s in enumerate(below)
    )
    traps = "".join(f'<a href="{url}">获嘉县</a>' for url in LOOK_ALIKES)
    return _page(portal.url, f'<a href="/zw/">政务公开</a>{traps}<select>{links}</select>{links}')


def test_a_crawl_keeps_what_a_portal_names_and_asks_none_of_it(tmp_path: Path) -> None:
    home = '<html><a href="/nb/">政府信息公开年报</a><a href="http://www.xinxiang.gov.cn/">新乡市</a></html>'
    with MockServer({"/": home}) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/")], entry="portal")
        crawling.crawl(tmp_path / "a.db", registry)
    with Archive.open(tmp_path / "a.db") as archive:
        fill(archive)
        bodies = {row["name"] for row in archive.db.execute("select name from body")}
        (row,) = archive.candidates()
        asked = archive.db.execute("select count(*) from request where host like '%gov.cn'").fetchone()[0]
    assert (row["name"], row["division"], row["level"]) == ("新乡市人民政府", "410700", "city")
    assert row["evidence"] == "linked as 新乡市 from s0"
    assert asked == 0
    assert "新乡市人民政府" in bodies
