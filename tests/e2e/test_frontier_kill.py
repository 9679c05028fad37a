"""kill -9 at any moment, again and again: the crawl ends complete, nothing is lost, nothing is kept twice."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path

import crawling
import pytest
from mockserver import Asked, MockServer, Reply, Route

from archive.care import fixity
from archive.store import Archive
from benchmarks import kills
from benchmarks.crawl import sites

LISTS, ROWS = 20, 10


def _listing(number: int) -> str:
    rows = "".join(
        f'<li><a href="./202401/t20240130_{number:02d}{row:02d}.html"'
        f' title="某{number}局{row}2025年政府信息公开年报">某</a><span>2026-01-30</span></li>'
        for row in range(ROWS)
    )
    return f'<html><ul>{rows}</ul><script>createPageHTML({LISTS},{number},"index","html");</script></html>'


def _slowly(body: str) -> Route:
    def answer(_: Asked) -> Reply:
        time.sleep(0.005)
        return Reply(body)

    return answer


def _site() -> dict[str, Route | Reply | str]:
    lists = {"/nb/" if n == 0 else f"/nb/index_{n}.html": _slowly(_listing(n)) for n in range(LISTS)}
    documents = {
        f"/nb/202401/t20240130_{n:02d}{row:02d}.html": _slowly(f"<html><p>{n} {row}</p></html>")
        for n in range(LISTS)
        for row in range(ROWS)
    }
    return {**lists, **documents}


def _stored(path: Path) -> int:
    if not path.exists():
        return 0
    with Archive.open(path) as archive:
        number: int = archive.db.execute("select count(*) from fetch where outcome = 'ok'").fetchone()[0]
        return number


def _assert_whole(path: Path, urls: set[str]) -> None:
    with Archive.open(path) as archive:
        pages = [row[0] for row in archive.db.execute("select url from capture")]
        documents = [
            row[0]
            for row in archive.db.execute("select url from fetch where kind not in ('robots', 'probe')")
        ]
        left = archive.db.execute("select count(*) from request where state <> 'done'").fetchone()[0]
        accepted = archive.db.execute(
            "select count(*) from link where decision not like 'rejected%'"
            " and not exists (select 1 from request where url = to_url)"
        ).fetchone()[0]
        assert set(pages) == urls
        assert len(pages) == len(urls)
        assert max(Counter(documents).values()) == 1
        assert left == 0
        assert accepted == 0
        assert list(fixity.verify(archive)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_kill_at_random_moments(tmp_path: Path, seed: int) -> None:
    moments = random.Random(seed)
    site = _site()
    db = tmp_path / "a.db"
    with MockServer(site) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        kills = 0
        # By pages kept and not by the clock, so that a busy machine changes nothing.
        for threshold in sorted(moments.sample(range(0, len(site) - 20), 6)):
            process = crawling.start(db, registry)
            while _stored(db) < threshold and process.poll() is None:
                time.sleep(0.005)
            time.sleep(moments.uniform(0.0, 0.03))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            kills += process.returncode == -signal.SIGKILL
        before = _stored(db)
        result = crawling.crawl(db, registry)
        asked = Counter(server.paths())
        urls = {server.url(path) for path in site}
    assert kills == 6
    assert result["outcome"] == "ok"
    assert result["fetched"] == len(site) - before
    _assert_whole(db, urls)
    # Asked again is at most what was in flight at each kill: one request, for there is one host.
    assert sum(asked.values()) - len(site) <= kills


@pytest.mark.slow
def test_kill_at_the_commits(tmp_path: Path) -> None:
    """Before one commit and after the next, from the first to the last; `python -m benchmarks kills` takes them all."""
    with sites(1, 2) as urls:
        registry = crawling.registry(tmp_path / "r.csv", urls)
        found = kills.at_commits(tmp_path / "points", registry, 3, stride=5)
    assert len(found) >= 3
    assert {each.bad for each in found} == {0}


def test_interrupted_goes_on(tmp_path: Path) -> None:
    """Ctrl-C ends with the outcome interrupted; the next crawl is the same run, and asks nothing twice."""
    site = _site()
    db = tmp_path / "a.db"
    with MockServer(site) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        process = crawling.start(db, registry)
        while _stored(db) < 30 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, _err = process.communicate(timeout=30)
        assert '"outcome": "interrupted"' in out
        assert crawling.crawl(db, registry)["outcome"] == "ok"
        asked = Counter(server.paths())
        assert set(asked) == set(site)
        assert max(asked.values()) == 1
        _assert_whole(db, {server.url(path) for path in site})
    with Archive.open(db) as archive:
        assert archive.db.execute("select count(*), max(outcome) from run").fetchone()[:] == (1, "ok")


def test_two_crawls_at_once(tmp_path: Path) -> None:
    """The second would ask the same hosts a second time at once, so it says no."""
    with MockServer(_site()) as server:
        registry = crawling.registry(tmp_path / "r.csv", [server.url("/nb/")])
        first = crawling.start(tmp_path / "a.db", registry)
        while _stored(tmp_path / "a.db") < 1:
            time.sleep(0.05)
        second = crawling.start(tmp_path / "a.db", registry)
        _out, err = second.communicate(timeout=30)
        assert second.returncode != 0
        assert "is being crawled by another process" in err
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=30)
