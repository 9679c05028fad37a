"""A share of an archive: what was captured from some hosts, and joined again the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.care.merge import JOINS, merge
from archive.care.split import split
from archive.errors import ArchiveError
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind, utc_now
from archive.store import Archive
from crawler.engine.parts import Part, part_of

HOSTS = [f"www.county{number}.gov.cn" for number in range(12)]
PARTS = [Part(number, 3) for number in (1, 2, 3)]


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    path = tmp_path / "whole.db"
    with Archive.open(path) as archive:
        run = archive.start_run("crawl")
        for host in HOSTS:
            done, waits = (
                FrontierRequest(f"http://{host}/{name}", RequestKind.DOCUMENT) for name in ("a", "b")
            )
            archive.enqueue([done, waits])
            answer = Fetch(done.id, run, done.url, done.kind, Outcome.OK, utc_now(), done.url, status=200)
            archive.complete(done.id, answer, host.encode())
        archive.finish_run(run, "ok")
    return path


def rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with Archive.read_only(path) as archive:
        return {
            join.table: sorted(tuple(row) for row in archive.db.execute(f"select * from {join.table}"))
            for join in JOINS
        }


def test_shares_joined_again_are_the_whole(whole: Path, tmp_path: Path) -> None:
    shares = [tmp_path / f"{part.number}.db" for part in PARTS]
    asked = [split(whole, share, part.holds) for part, share in zip(PARTS, shares, strict=True)]
    assert sum(asked) == 2 * len(HOSTS)
    assert all(asked)
    merge(tmp_path / "again.db", shares)
    assert rows(tmp_path / "again.db") == rows(whole)


def test_a_share_for_an_archive_that_has_the_rest_is_what_waits(whole: Path, tmp_path: Path) -> None:
    share = tmp_path / "share.db"
    number = split(whole, share, PARTS[0].holds, queued_only=True)
    held = rows(share)
    assert number == sum(PARTS[0].holds(host) for host in HOSTS) == len(held["request"])
    assert not held["fetch"]
    assert not held["blob"]


def test_a_share_does_not_replace_a_file(whole: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="is there already"):
        split(whole, whole, PARTS[0].holds)


def test_every_host_is_in_one_part_with_those_of_its_parent() -> None:
    hosts = [*HOSTS, "127.0.0.1:8765", "127.0.0.2", "[::1]:80", "localhost"]
    assert all(sum(part.holds(host) for part in PARTS) == 1 for host in hosts)
    assert all(part.holds("zwgk.hd.gov.cn") == part.holds("www.hd.gov.cn:8080") for part in PARTS)


@pytest.mark.parametrize("text", ["", "3", "0/4", "5/4", "a/b", "1/0"])
def test_what_is_no_part_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no part"):
        part_of(text)
