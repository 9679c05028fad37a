"""The publication: whole or not at all, the same bytes for the same archive, safe and described downloads."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, nullcontext, suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from frictionless import Package
from published import COUNTY, HOSTILE, OLD, PAGE, REVISED, make_archive
from sqlite_utils import Database

from archive import publish as publishing
from archive import search
from archive.csvs import safe
from archive.database.schema import migrations
from archive.errors import ArchiveDamaged, ArchiveLocked, ArchiveMissing, DiskFull, Unwritable
from archive.publication import snapshot, swap
from archive.publication.downloads import Download, downloads, english
from archive.publication.tabular import write_table
from archive.publish import Published, publish
from benchmarks import browse, made
from web.metadata import metadata

FILES = 2 * 11 + 2 + 5
"""Tables as CSV and Parquet, the change file among them, database and data package; gates, three notices, checksums."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("archive") / "archive.db")


@pytest.fixture(scope="module")
def published(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return publish(archive, tmp_path_factory.mktemp("out") / "public")


@pytest.fixture
def conn(published: Published) -> sqlite3.Connection:
    return sqlite3.connect(f"{published.path.as_uri()}?mode=ro", uri=True)


def rows(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_counts_tell_what_is_in_the_database(published: Published, conn: sqlite3.Connection) -> None:
    assert (published.reports, published.versions, published.findings) == (3, 4, 1)
    assert published.figures == conn.execute("select count(*) from figure").fetchone()[0] == 3 * 200 + 198
    listed = [path for path in published.path.parent.iterdir() if path.name != "SHA256SUMS"]
    assert published.files == len(listed) == FILES - 1
    assert published.bytes == sum(path.stat().st_size for path in listed)


def test_views_are_those_of_the_archive(archive: Path, conn: sqlite3.Connection) -> None:
    views = "select name, sql from sqlite_master where type = 'view' and name like 'v!_%' escape '!' and name <> 'v_latest' order by name"
    with closing(sqlite3.connect(archive)) as source:
        assert conn.execute(views).fetchall() == source.execute(views).fetchall()
        for name, _sql in source.execute(views).fetchall():
            mine = conn.execute(f"select * from {name}")
            theirs = source.execute(f"select * from {name}")
            assert [c[0] for c in mine.description] == [c[0] for c in theirs.description]
            assert sorted(map(repr, mine)) == sorted(map(repr, theirs))


def test_the_small_figures_say_what_the_archive_says(archive: Path, conn: sqlite3.Connection) -> None:
    columns = "version_id, code, value, typeof(value), state, raw, unit, proof, place"
    with closing(sqlite3.connect(archive)) as source:
        theirs = source.execute(f"select {columns} from figure order by version_id, code").fetchall()
    assert conn.execute(f"select {columns} from figure order by version_id, code").fetchall() == theirs


def test_the_latest_figures_are_those_of_the_latest_versions(conn: sqlite3.Connection) -> None:
    columns = "body, year, scope, code, value, state, raw, proof, report_id"
    mine = conn.execute(f"select {columns} from v_latest order by report_id, code").fetchall()
    latest = "(report_id, version) in (select report_id, number from latest)"
    assert (
        mine
        == conn.execute(f"select {columns} from v_figures where {latest} order by report_id, code").fetchall()
    )


def test_the_newest_year_comes_first(conn: sqlite3.Connection) -> None:
    years = "select r.year from version v join report r on r.id = v.report_id order by v.position"
    assert [row[0] for row in conn.execute(years)] == [2022, 2022, 2022, 2020]


def test_where_a_year_stands_in_a_csv(conn: sqlite3.Connection, tmp_path: Path) -> None:
    (panel,) = (download for download in downloads() if download.name == "panel")
    years = write_table(conn, panel, tmp_path, bom=True)
    data = (tmp_path / "panel.csv").read_bytes()
    assert list(years) == [0, 2022, 2020]
    parts = {year: data[start : start + length].decode() for year, (start, length) in years.items()}
    assert parts[0].startswith("\ufeffreport_id,body,")
    assert "".join(parts.values()).encode() == data
    assert {line.split(",")[3] for line in parts[2022].splitlines()} == {"2022"}


def test_one_row_a_version_in_v_reports(conn: sqlite3.Connection) -> None:
    found = conn.execute("select version from v_reports where report_id = ? order by 1", [REVISED]).fetchall()
    assert found == [(1,), (2,)]


def test_latest_counts_the_proofs_of_the_newest_version(conn: sqlite3.Connection) -> None:
    row = conn.execute(
        "select number, figures, contradicted, findings from latest where report_id = ?", [REVISED]
    )
    assert row.fetchone() == (2, 200, 2, 1)


def test_fetches_show_only_public_columns(conn: sqlite3.Connection) -> None:
    names = [row[1] for row in conn.execute("pragma table_info(fetch)")]
    assert names == ["url", "outcome", "status", "at"]


def test_the_crawl_and_the_readings_stay_inside(conn: sqlite3.Connection) -> None:
    tables = {row[0] for row in conn.execute("select name from sqlite_master where type = 'table'")}
    assert not tables & {"request", "run", "source", "link", "reading"}


def test_codebooks_are_published(conn: sqlite3.Connection) -> None:
    label = "select row_label, col_label, unit from codebook where generation = 'G2021' and code = ?"
    assert conn.execute(label, ["t3_granted__natural"]).fetchone() == ("（一）予以公开", "自然人", "件")
    assert conn.execute("select count(*) from statement_code where code = 'n_granted'").fetchone() == (1,)


def test_the_planner_knows_how_many_cells_a_code_has(conn: sqlite3.Connection) -> None:
    """From a few rows of the index it would take a code for rare, and go through all codes one after the other."""
    stat = conn.execute("select stat from sqlite_stat1 where idx = 'cell_of_code'").fetchone()[0]
    cells, codes = conn.execute(
        "select (select count(*) from cell), (select count(*) from cell_code)"
    ).fetchone()
    assert stat == f"{cells} {cells // codes} 1 1"


def test_no_write_ahead_log(published: Published) -> None:
    assert published.path.read_bytes()[18:20] == b"\x01\x01"
    assert not list(published.path.parent.glob("*-wal"))


def test_same_archive_same_bytes(archive: Path, published: Published, tmp_path: Path) -> None:
    again = publish(archive, tmp_path)
    for path in published.path.parent.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
    assert again.bytes == published.bytes


def test_tables_that_other_processes_write_are_the_same(
    archive: Path, published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "FEW", 0)
    publish(archive, tmp_path)
    for path in published.path.parent.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_an_error_of_the_disk_in_another_process_is_told_as_one(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "FEW", 0)
    shutil.copy(published.path, tmp_path)
    (tmp_path / "panel.csv").mkdir()
    with pytest.raises(IsADirectoryError):
        list(publishing.write_tables(tmp_path / "nianbao.db", ["panel"], False))


def test_the_stages_are_told_in_their_order(archive: Path, tmp_path: Path) -> None:
    said: list[str] = []
    publish(archive, tmp_path, said.append)
    assert said[: len(snapshot.STAGES) + 1] == [*snapshot.STAGES, "gates"]
    assert said[-2:] == ["checksums", "release"]


def test_another_process_in_another_folder_makes_the_same_bytes(
    archive: Path, published: Published, tmp_path: Path
) -> None:
    copy = Path(shutil.copy(archive, tmp_path / "elsewhere.db"))
    command = [
        sys.executable,
        "-m",
        "nianbao",
        "publish",
        "--db",
        str(copy),
        "--out",
        str(tmp_path / "other"),
    ]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    subprocess.run(command, check=True, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    for path in published.path.parent.iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name


def test_published_again_it_still_says_what_changed_before(
    archive: Path, revised: Path, tmp_path: Path
) -> None:
    publish(archive, tmp_path / "out")
    before = {p.name: p.read_bytes() for p in publish(revised, tmp_path / "out").path.parent.iterdir()}
    publish(revised, tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before


def test_meta_takes_its_date_from_the_archive(conn: sqlite3.Connection) -> None:
    assert conn.execute("select value from meta where key = 'as_of'").fetchone() == ("2023-03-02T00:00:00Z",)


def test_checksums_match(published: Published) -> None:
    folder = published.path.parent
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_data_package_is_valid(published: Published) -> None:
    report = Package(str(published.path.parent / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_the_terms_are_the_same_wherever_they_are_told(
    published: Published, conn: sqlite3.Connection
) -> None:
    package = json.loads((published.path.parent / "datapackage.json").read_text(encoding="utf-8"))
    (licence,) = package["licenses"]
    told = conn.execute("select value from meta where key = 'licence'").fetchone()[0]
    shown = metadata(published.path)["databases"]["nianbao"]
    assert licence["name"] == told == "CC0-1.0"
    assert (shown["license"], shown["license_url"]) == (licence["title"], licence["path"])
    data = (Path(__file__).parents[2] / "docs" / "data.md").read_text("utf-8")
    assert licence["title"] in data
    assert licence["path"] in data


def test_fields_are_described_in_both_languages(published: Published) -> None:
    package = json.loads((published.path.parent / "datapackage.json").read_text(encoding="utf-8"))
    tables = [r for r in package["resources"] if r.get("schema")]
    assert [r["name"] for r in tables] == [*(download.name for download in downloads()), "changes"]
    for field in (f for r in tables for f in r["schema"]["fields"]):
        zh, en = field["description"].split(" — ")
        assert not zh.isascii()
        assert en.isascii()


def test_csv_has_no_mark_and_no_formula(published: Published) -> None:
    path = published.path.parent / "reports.csv"
    assert path.read_bytes().startswith(b"report_id,")
    titles = [row["title"] for row in rows(path) if row["report_id"] == HOSTILE]
    assert titles == ["'=cmd()<img src=x onerror=alert(1)>"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1", "\n=1"]
)
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == "'" + text


@pytest.mark.parametrize("cell", ["-1", "+2", "-", "—", "1,988", "", "年报", "a=b", -3, 0.5, None])
def test_numbers_and_dashes_stay_as_printed(cell: object) -> None:
    assert safe(cell) == cell


def test_blank_is_not_zero_in_any_file(published: Published) -> None:
    folder = published.path.parent
    (panel,) = [row for row in rows(folder / "panel.csv") if row["report_id"] == OLD]
    assert panel["t2_procurement_projects"] == panel["t2_procurement_amount"] == ""
    assert panel["t3_denied_state_secret__natural"] == "0"
    assert panel["t2_fee_items_change"] == "-1"
    figures = pq.read_table(folder / "figures.parquet").to_pylist()
    (figure,) = [f for f in figures if f["report_id"] == OLD and f["code"] == "t2_procurement_projects"]
    assert (figure["value"], figure["state"]) == (None, "blank")


def test_panel_has_the_latest_version_of_each_report(published: Published) -> None:
    panel = rows(published.path.parent / "panel.csv")
    assert len(panel) == 3
    (row,) = [row for row in panel if row["report_id"] == REVISED]
    assert (row["version"], row["body"], row["t2_licensing_decisions"]) == ("2", COUNTY, "1988")


@pytest.mark.parametrize("download", downloads(), ids=lambda download: download.name)
def test_parquet_holds_what_the_csv_holds(published: Published, download: Download) -> None:
    table = pq.read_table(published.path.parent / f"{download.name}.parquet")
    lines = rows(published.path.parent / download.csv)
    assert table.num_rows == len(lines)
    assert table.column_names == list(lines[0])
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        told = ["" if value is None else value for value in table[name].to_pylist()]
        shown = [line[name] if kind == "string" else line[name] and float(line[name]) for line in lines]
        assert [safe(value) for value in told] == shown, name


def test_the_long_table_says_what_the_view_says(published: Published, conn: sqlite3.Connection) -> None:
    columns = ("report_id", "version", "code", "value", "state", "raw", "unit", "proof", "place")
    table = pq.read_table(published.path.parent / "figures.parquet", columns=list(columns))
    mine = sorted(zip(*(table[name].to_pylist() for name in columns), strict=True), key=repr)
    sql = """select v.report_id, v.number, f.code, cast(f.value as real), f.state, f.raw, f.unit, f.proof, f.place
        from figure f join version v on v.id = f.version_id"""
    assert mine == sorted(conn.execute(sql), key=repr)


def test_a_whole_number_and_its_decimal_stay_apart(published: Published, tmp_path: Path) -> None:
    """To Python 1 is 1.0; as printed they are two."""
    path = Path(shutil.copy(published.path, tmp_path / "nianbao.db"))
    (long,) = (download for download in downloads() if download.name == "figures")
    same = "select code from cell where version in (1, 2) group by code having count(*) = 2 limit 1"
    with closing(sqlite3.connect(path)) as other:
        (code,) = other.execute(same).fetchone()
        alike = (
            "update cell set value = ?, raw = null, mark = 0, place = 'page 1' where version = ? and code = ?"
        )
        other.executemany(alike, [(1, 1, code), (1.0, 2, code)])
        write_table(other, long, tmp_path)
    found = [(r["value"], r["raw"]) for r in rows(tmp_path / long.csv) if r["place"] == "page 1"]
    assert found == [("1", "1"), ("1.0", "1.0")]


def test_kept_sources_come_along(conn: sqlite3.Connection) -> None:
    sha = hashlib.sha256(PAGE.encode()).hexdigest()
    assert conn.execute("select size from blob where sha256 = ?", [sha]).fetchone() == (len(PAGE.encode()),)


def test_english_words_of_a_code() -> None:
    assert english("t3_new_received__total") == "table 3, new received: total"


def test_empty_archive_makes_an_empty_publication(tmp_path: Path) -> None:
    database = Database(tmp_path / "archive.db")
    migrations.apply(database)
    database.conn.close()
    made = publish(tmp_path / "archive.db", tmp_path / "out")
    assert (made.reports, made.figures) == (0, 0)
    assert Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


def test_missing_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="no archive here"):
        publish(tmp_path / "none.db", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_not_an_archive(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"no database " * 1000)
    with pytest.raises(ArchiveDamaged):
        publish(tmp_path / "a.db", tmp_path / "out")


def test_another_database_is_not_an_archive(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db")) as other:
        other.execute("create table t (x)")
    with pytest.raises(ArchiveDamaged, match="not an archive"):
        publish(tmp_path / "a.db", tmp_path / "out")


def test_locked_archive(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "PATIENCE", 0.1)
    path = Path(shutil.copy(archive, tmp_path / "archive.db"))
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("pragma locking_mode = exclusive")
        writer.execute("begin exclusive")
        with pytest.raises(ArchiveLocked):
            publish(path, tmp_path / "out")


def test_the_archive_is_not_written(archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    publish(archive, tmp_path)
    assert archive.read_bytes() == before


def test_the_old_publication_stands_when_the_new_one_fails(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p.name: p.read_bytes() for p in publish(archive, tmp_path).path.parent.iterdir()}

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "write_files", full)
    with pytest.raises(DiskFull, match="no room on the disk"):
        publish(archive, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_leftovers_of_a_killed_publication_are_swept(archive: Path, tmp_path: Path) -> None:
    (tmp_path / ".publishing").mkdir()
    (tmp_path / ".publishing" / "nianbao.db").write_bytes(b"half")
    publish(archive, tmp_path)
    assert not (tmp_path / ".publishing").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from importlib import import_module
from archive import publish as publishing
def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)
module, _, name = sys.argv[3].rpartition(".")
setattr(import_module(module), name, die)
publishing.publish(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(
    "moment",
    [
        "archive.publication.snapshot._add",
        "archive.publish.write_files",
        "archive.publication.datapackage._csv_resource",
        "archive.publish.swap_in",
        "archive.publication.swap.exchange",
    ],
)
def test_a_kill_leaves_the_old_publication_and_the_next_one_works(
    archive: Path, tmp_path: Path, moment: str
) -> None:
    before = {p.name: p.read_bytes() for p in publish(archive, tmp_path).path.parent.iterdir()}
    ended = subprocess.run([sys.executable, "-c", KILLED, str(archive), str(tmp_path), moment], check=False)
    assert ended.returncode == -9
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before
    publish(archive, tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.fixture
def revised(archive: Path, tmp_path: Path) -> Path:
    path = Path(shutil.copy(archive, tmp_path / "revised.db"))
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("update version set title = '改了的标题'")
    return path


def test_folders_change_places_in_one_step(archive: Path, revised: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(archive, out)
    before = out.stat().st_ino
    publish(revised, out)
    assert out.stat().st_ino != before
    assert sums_hold(out)
    assert {path.name for path in tmp_path.iterdir()} == {"out", "releases", "revised.db"}


AFTER = """
import os, signal, sys
from pathlib import Path
from archive import publish as publishing
from archive.publication import swap
exchange = swap.exchange
def die(*args):
    exchange(*args)
    os.kill(os.getpid(), signal.SIGKILL)
swap.exchange = die
publishing.publish(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_kill_after_the_swap_leaves_the_new_release(archive: Path, revised: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(archive, out)
    ended = subprocess.run([sys.executable, "-c", AFTER, str(revised), str(out)], check=False)
    assert (ended.returncode, sums_hold(out)) == (-9, True)
    assert "改了的标题" in (out / "reports.csv").read_text("utf-8")
    publish(revised, out)
    assert {path.name for path in tmp_path.iterdir()} == {"out", "releases", "revised.db"}


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_one_whole_release(archive: Path, revised: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(archive, out)
    chance = random.Random(6)
    command = [sys.executable, "-m", "nianbao", "publish", "--out", str(out), "--db"]
    for turn in range(8):
        running = subprocess.Popen(
            [*command, str(revised if turn % 2 else archive)], stdout=subprocess.DEVNULL
        )
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=chance.uniform(0.6, 2.5))
        running.kill()
        running.wait()
        assert sums_hold(out), turn


class Killed(BaseException):
    """The end of a process, for a test."""


@pytest.mark.parametrize("moment", range(FILES + 1))
def test_checksums_never_name_a_mixture(
    archive: Path, revised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Where folders cannot change places: killed between any two renames, a folder has no SHA256SUMS or all match."""
    shop, out = tmp_path / "shop", tmp_path / "out"
    for folder, name in ((out, "old"), (shop, "new")):
        folder.mkdir()
        for number in range(FILES - 2):
            (folder / f"{number}.csv").write_text(name)
        (folder / "nianbao.db").write_text(name)
        (folder / "SHA256SUMS").write_text(
            "".join(f"{hashlib.sha256(name.encode()).hexdigest()}  {p.name}\n" for p in folder.iterdir())
        )
    (out / "somebody else's").write_text("stays")
    renames = iter(range(100))
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if next(renames) == moment:
            raise Killed
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(Killed) if moment < FILES else nullcontext():
        swap.swap_in(shop, out, "nianbao.db")
    assert sums_hold(out) is (None if moment < FILES else True)
    assert (out / "somebody else's").read_text() == "stays"


def test_what_is_not_ours_stays(archive: Path, revised: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    publish(archive, out)
    (out / "robots.txt").write_text("User-agent: *")
    publish(revised, out)
    assert sums_hold(out)
    assert (out / "robots.txt").read_text() == "User-agent: *"


def sums_hold(folder: Path) -> bool | None:
    """Whether all files match SHA256SUMS; None without one."""
    if not (folder / "SHA256SUMS").is_file():
        return None
    lines = [line.split("  ") for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()]
    return all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for digest, name in lines)


def test_two_publications_do_not_mix(archive: Path, tmp_path: Path) -> None:
    import fcntl

    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(ArchiveLocked, match="another process"):
        publish(archive, tmp_path)
    os.close(holder)


def test_out_is_a_file(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(Unwritable):
        publish(archive, tmp_path / "out")


def test_the_archive_of_the_benchmark_is_one_like_any_other(tmp_path: Path) -> None:
    made.make(tmp_path / "archive.db", 48)
    published = publish(tmp_path / "archive.db", tmp_path / "out")
    assert (published.reports, published.versions) == (48, 50)
    with closing(sqlite3.connect(published.path)) as conn:
        assert conn.execute("select count(*) from v_latest where code = 't3_granted__total'").fetchone() == (
            48,
        )
        assert search.find(conn, "北京市 征地补偿")["total"]
    assert browse._held(published.path) == 48
    visits = browse.pages(published.path, 3)
    assert {visit.name for visit in visits} >= {"home", "body", "report", "search", "compare"}
    assert browse.within(0.95, [3.0, 1.0, 2.0]) == 3.0
