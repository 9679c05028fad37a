"""A crawl of sites that were made from the description of their protocols alone, scored by what is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crawling
import pytest
from mockserver import MockServer
from strangers import SITES, Stranger, country

from archive.derived import derive
from archive.store import Archive

COUNTRY = country()


@dataclass
class Night:
    """One crawl of the strangers: what it said, what it kept, and what was read of it."""

    servers: dict[str, MockServer]
    result: dict[str, Any]
    kept: dict[str, set[str]]
    read: dict[str, set[tuple[str, int, str]]]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("strangers")
    with ExitStack() as stack:
        servers = {
            key: stack.enter_context(own.server(f"127.0.6.{at}"))
            for at, (key, own) in enumerate(COUNTRY.items(), 1)
        }
        registry = folder / "r.csv"
        rows = [_row(at, key, own, servers[key]) for at, (key, own) in enumerate(COUNTRY.items(), 1)]
        registry.write_text(crawling.HEADER + "".join(rows), "utf-8")
        result = crawling.crawl(folder / "a.db", registry)
        yield _night(folder / "a.db", servers, result)


def _row(at: int, key: str, own: Stranger, server: MockServer) -> str:
    """Every other site is known by its home page alone, up to three steps away from the column."""
    kept = f"{key},{own.place}河县人民政府,99{at:04d},county,government"
    if own.portal:
        return f"{kept},portal,{server.url(own.portal)},,test\n"
    if at % 2:
        return f"{kept},column,{server.url(own.entry)},,test\n"
    own.homes(at // 2 % 4)
    server.routes |= own.routes
    return f"{kept},portal,{server.url('/')},,test\n"


def _night(db: Path, servers: dict[str, MockServer], result: dict[str, Any]) -> Night:
    with Archive.open(db) as archive:
        derive.read(archive)
        captured = archive.db.execute(
            "select url from capture where kind in ('document', 'attachment')"
        ).fetchall()
        read = archive.db.execute("select url, body, year, scope from v_reports").fetchall()
    kept = {
        key: {_path(url) for (url,) in captured if _is_at(url, server)} for key, server in servers.items()
    }
    found = {
        key: {(body, year, scope) for url, body, year, scope in read if _is_at(url, server)}
        for key, server in servers.items()
    }
    return Night(servers, result, kept, found)


def _is_at(url: str, server: MockServer) -> bool:
    return url.startswith(server.url("/"))


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def _files(own: Stranger) -> set[str]:
    return {paper.file for paper in own.papers if paper.file}


@pytest.mark.parametrize("key", SITES)
def test_every_report_of_a_stranger_is_found(night: Night, key: str) -> None:
    own = COUNTRY[key]
    assert {paper.path for paper in own.reports} - night.kept[key] == set()
    assert _files(own) - night.kept[key] == set()


@pytest.mark.parametrize("key", SITES)
def test_nothing_else_is_taken_for_one(night: Night, key: str) -> None:
    own = COUNTRY[key]
    wanted = {paper.path for paper in own.reports} | _files(own) | own.twins
    assert night.kept[key] - wanted == set()


@pytest.mark.parametrize("key", SITES)
def test_whose_it_is_and_for_which_year(night: Night, key: str) -> None:
    own = COUNTRY[key]
    wanted = {(p.body, p.year, "area" if p.body.endswith("县人民政府") else "body") for p in own.reports}
    assert night.read[key] == wanted


def test_nobody_is_asked_twice_or_for_what_is_not_there(night: Night) -> None:
    for server in night.servers.values():
        assert server.peak == 1
        asked = [(each.method, each.path, each.body) for each in server.log]
        assert len(asked) == len(set(asked))
