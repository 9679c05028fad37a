"""A merge may be repeated and done in any order and grouping: the same rows come out, and they are all there."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import DERIVED, FILE, HOST, PAGE, PROGRESS, SAID, Country, inline, made_parse, says

from archive.care import fixity
from archive.care import merge as merging
from archive.care.merge import JOINS, merge
from archive.derived import derive
from archive.errors import ArchiveDamaged, ArchiveError, ArchiveMissing
from archive.ids import blob_id
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind, RequestState
from archive.state.judging import key
from archive.state.nights import HostState, ListingPage, Night
from archive.store import Archive

CAPTURED = tuple(join.table for join in JOINS)


def rows(path: Path, tables: tuple[str, ...] = CAPTURED) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of these tables, without order."""
    with closing(sqlite3.connect(path)) as db:
        return {
            table: sorted(db.execute(SAID.get(table, f"select * from {table}")), key=repr) for table in tables
        }


def copy(path: Path, to: Path) -> Path:
    with Archive.open(path) as archive:
        archive.db.execute("pragma wal_checkpoint(truncate)")
    shutil.copy(path, to)
    return to


def test_every_table_is_captured_or_derived(tmp_path: Path) -> None:
    """A table that nobody thought of when merging would be lost."""
    with Archive.open(tmp_path / "a.db") as archive:
        found = {
            row[0]
            for row in archive.db.execute("select name from sqlite_master where type = 'table'")
            if not row[0].startswith(("_", "sqlite_"))
        }
    assert found == {*CAPTURED, *DERIVED, *PROGRESS}


# --- any shards, any order ---

HOSTS = ("http://a.gov.cn", "http://b.gov.cn")
addresses = st.builds("{}/{}.html".format, st.sampled_from(HOSTS), st.integers(0, 2))
days = st.integers(1, 6).map("2026-03-{:02}T00:00:00Z".format)
FRAME = "".join(f"<li><a href='/{number * 7919 % 9973}/'>{number}</a></li>" for number in range(150))
bodies = st.sampled_from(
    [b"", b"one" * 50, bytes(range(40)), *(f"<ul>{FRAME}</ul>{n}".encode() for n in range(4))]
)
kinds = st.sampled_from([RequestKind.LISTING, RequestKind.DOCUMENT, RequestKind.PORTAL])
steps = st.lists(
    st.tuples(
        addresses,
        kinds,
        days,
        st.sampled_from([Outcome.OK, Outcome.NOT_MODIFIED, Outcome.TIMEOUT]),
        bodies,
        st.lists(addresses, max_size=2),
        st.sampled_from(list(RequestState)),
        st.sampled_from(["s1", "s2"]),
    ),
    max_size=5,
)


def fill(path: Path, done: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive in which these answers came, at their times."""
    with Archive.open(path) as archive:
        for url, kind, at, outcome, body, links, state, source in done:
            for module in ("state.frontier", "state.nights", "store"):
                monkeypatch.setattr(f"archive.{module}.utc_now", lambda at=at: at)
            night(archive, url, kind, at, source)
            asked = FrontierRequest(url, kind, source_id=source, referer=links[0] if links else "")
            archive.restart(asked)
            found = [
                Link(url, to, f"年报{source}", RequestKind.DOCUMENT, "report", source_id=source)
                for to in links
            ]
            children = [
                FrontierRequest(to, RequestKind.DOCUMENT, source_id=source, referer=url) for to in links
            ]
            fetch = Fetch(asked.id, "run", url, kind, outcome, at, source_id=source)
            archive.complete(asked.id, fetch, body, found, children, state=state, due_at=at)


def night(archive: Archive, url: str, kind: RequestKind, at: str, source: str) -> None:
    """What a night writes beside its answers."""
    row = {"id": source, "name": at, "division": "410724", "level": "county", "kind": "government"}
    archive.keep_sources([{**row, "entry": "column", "url": url, "family": "", "note": ""}])
    archive.keep_listing(ListingPage("run", source, url, url, "", 1, None, (url, at)))
    archive.keep_nights([Night(source, "run", at, 1)])
    archive.keep_found({**row, "url": url, "family": at}, "s1", "seen")
    archive.host_event(url, "site_relaunched", "run", at)
    if kind is RequestKind.LISTING:
        archive.keep_host(HostState(url, Outcome.TIMEOUT, 1, "2026-04-01T00:00:00Z"), "run")
    else:
        archive.forgive_hosts([url])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shards=st.lists(steps, min_size=2, max_size=4), seed=st.integers(0, 2**16))
def test_shards_merge_in_any_order_and_grouping(
    shards: list[list[Any]], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as name, monkeypatch.context() as patched:
        folder = Path(name)
        paths = [folder / f"{number}.db" for number in range(len(shards))]
        for path, done in zip(paths, shards, strict=True):
            fill(path, done, patched)
        merge(folder / "flat.db", paths)
        expected = rows(folder / "flat.db")
        forest = list(paths)
        chance.shuffle(forest)
        while len(forest) > 1:
            one, other = (forest.pop(chance.randrange(len(forest))) for _ in range(2))
            # Into a new archive, or into one of the two; and now and then a second time.
            into = chance.choice([one, folder / f"{len(forest)}-{one.name}"])
            merge(into, [one, other] * chance.choice([1, 2]))
            forest.append(into)
        assert rows(forest[0]) == expected
        with Archive.open(forest[0]) as archive:
            assert list(fixity.verify(archive)) == []


# --- what wins ---


def answered(path: Path, asked: FrontierRequest, at: str, body: bytes = b"x", **how: Any) -> None:
    with Archive.open(path) as archive:
        archive.restart(asked)
        archive.complete(asked.id, Fetch(asked.id, at, asked.url, asked.kind, Outcome.OK, at), body, **how)
        archive.db.execute("update request set queued_at = ?", (at,))


def one(path: Path, sql: str) -> tuple[Any, ...]:
    with closing(sqlite3.connect(path)) as db:
        found: tuple[Any, ...] = db.execute(sql).fetchone()
        return found


DOCUMENT = FrontierRequest(PAGE, RequestKind.DOCUMENT)


@pytest.fixture
def shards(tmp_path: Path) -> tuple[Path, Path, Path]:
    return tmp_path / "a.db", tmp_path / "b.db", tmp_path / "into.db"


def test_seen_from_the_first_day_to_the_last(shards: tuple[Path, Path, Path]) -> None:
    a, b, into = shards
    answered(a, DOCUMENT, "2026-01-05T00:00:00Z")
    answered(b, DOCUMENT, "2026-01-01T00:00:00Z")
    answered(b, DOCUMENT, "2026-01-03T00:00:00Z")
    done = merge(into, [a, b])
    assert (done.captures, done.blobs, done.fetches, done.requests) == (1, 1, 3, 1)
    assert one(into, "select first_seen, last_seen from capture") == (
        "2026-01-01T00:00:00Z",
        "2026-01-05T00:00:00Z",
    )
    again = merge(into, [a, b])
    assert (again.captures, again.blobs, again.fetches, again.requests) == (0, 0, 0, 0)


def test_what_is_answered_needs_no_asking(shards: tuple[Path, Path, Path]) -> None:
    """One worker met a link to the host of another, which had asked there already."""
    a, b, into = shards
    with Archive.open(a) as archive:
        archive.enqueue([DOCUMENT])
    answered(b, DOCUMENT, "2026-01-01T00:00:00Z")
    merge(into, [a, b])
    assert one(into, "select state from request") == ("done",)


def test_what_is_to_be_asked_again_stays_queued(shards: tuple[Path, Path, Path]) -> None:
    a, b, into = shards
    answered(a, DOCUMENT, "2026-01-01T00:00:00Z")
    copy(a, b)
    with Archive.open(b) as archive:
        archive.queue_known(everything=True)
    merge(into, [b, a])
    assert one(into, "select state from request") == ("queued",)


def test_a_listing_is_walked_though_a_portal_saw_it(shards: tuple[Path, Path, Path]) -> None:
    a, b, into = shards
    answered(a, FrontierRequest(PAGE, RequestKind.PORTAL), "2026-01-01T00:00:00Z")
    with Archive.open(b) as archive:
        archive.enqueue([FrontierRequest(PAGE, RequestKind.LISTING)])
    merge(into, [a, b])
    assert one(into, "select kind, state from request") == ("listing", "queued")


def test_a_host_that_is_well_again_stays_well(shards: tuple[Path, Path, Path]) -> None:
    a, b, into = shards
    with Archive.open(a) as archive:
        archive.keep_host(HostState("h", Outcome.TIMEOUT, 3, "2999-01-01T00:00:00Z"), "r")
        archive.db.execute("update host set at = '2026-01-01T00:00:00Z'")
    copy(a, b)
    with Archive.open(b) as archive:
        archive.forgive_hosts(["h"])
        assert archive.host_state("h") is None
    merge(into, [b, a])
    with Archive.open(into) as archive:
        assert archive.host_state("h") is None
        assert archive.hosts_to_leave("2026-01-01T00:00:00Z") == {}


def test_the_sound_blob_wins(shards: tuple[Path, Path, Path]) -> None:
    a, b, into = shards
    body = b"of the same text " * 50
    answered(a, DOCUMENT, "2026-01-01T00:00:00Z", body)
    copy(a, b)
    with Archive.open(b) as archive:
        archive.db.execute("update blob set data = cast(x'00' || data as blob)")
    for order in ([a, b], [b, a]):
        into.unlink(missing_ok=True)
        merge(into, order)
        with Archive.open(into) as archive:
            assert archive.blob(blob_id(body)) == body


def test_what_others_are_packed_upon_stays_packed_alone(shards: tuple[Path, Path, Path]) -> None:
    """The first page of one worker, upon which it packed its second, was the second of another worker."""
    a, b, into = shards
    pages = [f"<ul>{FRAME}</ul>{number}".encode() for number in range(3)]
    for path, numbers in ((a, (1, 2)), (b, (0, 1))):
        for number in numbers:
            asked = FrontierRequest(f"{HOST}/{number}.html", RequestKind.DOCUMENT)
            answered(path, asked, f"2026-01-0{1 + number}T00:00:00Z", pages[number])
    for order in ([a, b], [b, a]):
        into.unlink(missing_ok=True)
        merge(into, order)
        with Archive.open(into) as archive:
            assert [archive.blob(blob_id(page)) for page in pages] == pages
            assert list(fixity.verify(archive)) == []


# --- what is derived ---


def countries(folder: Path) -> list[Path]:
    """Three archives that know a part of the same reports each."""
    made: list[Callable[[Country], None]] = [
        lambda country: country.shows(PAGE, says(), day=3),
        lambda country: (
            country.shows(PAGE, says(values={"a": 1, "b": 3}), day=5),
            country.shows(FILE, says(issuer=None, year=None), day=5, on=PAGE, title="附件"),
        )[-1],
        lambda country: (
            country.shows(PAGE, says(), day=1, title="2022年年报", on=f"{HOST}/other.html"),
            country.shows(f"{HOST}/9.html", says(year=2021), day=1),
        )[-1],
    ]
    paths = []
    for number, fill_it in enumerate(made):
        paths.append(folder / f"{number}.db")
        country = Country(paths[-1])
        fill_it(country)
        # The day on which the registry was read is no part of this test.
        country.archive.db.execute("update source set at = ''")
        country.archive.close()
    return paths


def read(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with Archive.open(path) as archive:
        derive.read(archive, parse=made_parse)
    return rows(path, DERIVED)


def test_reading_what_was_merged_is_the_same_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.pool.run", inline)
    paths = countries(tmp_path)
    merge(tmp_path / "all.db", paths)
    expected = read(tmp_path / "all.db")
    assert len(expected["version"]) == 3
    for order in ([0, 1, 2], [2, 1, 0], [1, 0, 2]):
        # Read after each merge, so that much was read knowing less.
        into = tmp_path / f"{order}.db"
        for number in order:
            merge(into, [paths[number]])
            found = read(into)
        assert found == expected


# --- the command ---


def test_the_command(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    paths = countries(tmp_path)
    ended = nianbao("merge", *paths, "--db", tmp_path / "new" / "into.db", "--no-read", "--json")
    assert ended.code == 0, ended.err
    said = json.loads(ended.out)
    assert (said.pop("refused"), said.pop("refusals"), said.pop("unfinished")) == ({}, [], 0)
    assert said == {"archives": 3, "captures": 4, "blobs": 4, "fetches": 5, "requests": 3}
    ended = nianbao("merge", *paths, "--db", tmp_path / "new" / "into.db", "--no-read")
    assert "0 new captures" in ended.out


def test_a_source_that_is_missing_or_no_archive(nianbao: Callable[..., Any], tmp_path: Path) -> None:
    (paths, into) = (countries(tmp_path), tmp_path / "into.db")
    ended = nianbao("merge", paths[0], tmp_path / "none.db", "--db", into)
    assert ended.code == 2
    assert "none.db does not exist" in ended.err
    assert not into.exists()
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("create table t (a)")
    with pytest.raises(ArchiveError, match=r"other\.db is not an archive"):
        merge(into, [tmp_path / "other.db"])
    (tmp_path / "text.db").write_bytes(b"no database" * 200)
    with pytest.raises(ArchiveDamaged, match=r"text\.db"):
        merge(into, [tmp_path / "text.db"])
    with pytest.raises(ArchiveMissing, match=r"none\.db"):
        merge(into, [tmp_path / "none.db"])


def test_an_archive_of_an_older_version_is_merged_as_it_is(tmp_path: Path) -> None:
    paths = countries(tmp_path)
    with closing(sqlite3.connect(paths[0])) as db:
        db.execute("alter table source drop column at")
        db.execute("delete from _sqlite_migrations where name = 'm003_source_at'")
        db.commit()
    before = paths[0].read_bytes()
    assert merge(tmp_path / "into.db", paths[:1]).captures == 1
    assert paths[0].read_bytes() == before


# --- once more ---


def test_a_merge_with_nothing_new_writes_nothing_and_what_changed_still_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.pool.run", inline)
    paths, into = countries(tmp_path), tmp_path / "into.db"
    merge(into, paths)
    read(into)
    copy(into, into.with_suffix(".copy"))
    before = into.read_bytes()
    merge(into, paths)
    assert into.read_bytes() == before
    with Archive.open(into) as archive:
        archive.db.execute("update blob set data = zeroblob(length(data))")
    with Archive.open(paths[0]) as archive:
        name = key("0" * 16, "sum", (), "it does not add up")
        said = (name, "0" * 16, "sum", "[]", "it does not add up", "confirmed", "", "2026-05-01T00:00:00Z")
        archive.db.execute("insert into judgement values (?, ?, ?, ?, ?, ?, ?, ?)", said)
    merge(into, paths)
    with Archive.open(into) as archive:
        assert list(fixity.verify(archive)) == []
        assert archive.db.execute("select verdict from judgement").fetchone()[0] == "confirmed"


def test_what_a_merge_touches_is_looked_up(tmp_path: Path) -> None:
    """Not searched for in all that the archive holds, once for each archive that is merged."""
    with Archive.open(tmp_path / "a.db") as archive:
        archive.db.execute("attach ? as other", [str(tmp_path / "a.db")])
        merging._note_touched(archive.db)
        for sql in (merging._BESIDE, merging._REREAD):
            plan = [row["detail"] for row in archive.db.execute(f"explain query plan {sql}")]
            assert [step for step in plan if re.match(r"SCAN (c|l|m)\b", step)] == []
            assert [step for step in plan if re.match(r"SEARCH (c|l|m)\b", step)] != []
