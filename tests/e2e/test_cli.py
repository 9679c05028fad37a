"""The front door: what commands print, how they end, and that what is wrong is said in one line."""

from __future__ import annotations

import errno
import json
import os
import re
import resource
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import typer
from made import Country, says

from archive.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, ArchiveMissing, DiskFull, Unwritable
from nianbao import crawl_process
from nianbao.cli import app
from nianbao.front.exits import CommandError, Exit, code_of
from parsers import PARSER_VERSION
from parsers.document import ParseError

BODY = "获嘉县人民政府"
REPORT = "<h1>获嘉县人民政府办公室2022年政府信息公开工作年度报告</h1><p>没有表格。</p>".encode()


def one_line(text: str) -> str:
    """The one line of stderr."""
    assert text.count("\n") == 1, text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["crawl", "--dealy", "3"], Exit.USAGE, "--dealy"),
        (["frobnicate"], Exit.USAGE, "frobnicate"),
        (["read", "--jobs", "many"], Exit.USAGE, "--jobs"),
        (["status", "--db", "none.db"], Exit.USAGE, "none.db does not exist"),
        (["verify", "--db", "none.db"], Exit.USAGE, "none.db does not exist"),
        (["read", "--db", "none.db"], Exit.USAGE, "none.db does not exist"),
        (["publish", "--db", "none.db"], Exit.USAGE, "none.db"),
        (["browse", "--out", "nowhere"], Exit.USAGE, "nowhere"),
        (["sources", "list", "--registry", "none.csv"], Exit.CONFIGURATION, "none.csv"),
        (["crawl", "--registry", "none.csv"], Exit.CONFIGURATION, "none.csv"),
        (["parse", "none.html"], Exit.USAGE, "none.html: no such file"),
        (["parse", "."], Exit.USAGE, "is a directory"),
        (["parse", "-"], Exit.USAGE, "standard input: is empty"),
        (["parse", "bytes.bin"], Exit.USAGE, "bytes.bin: not a file of a known kind"),
        (["publish", "--db", "none.db", "--out", "bytes.bin"], Exit.USAGE, "bytes.bin"),
        (["browse", "--port", "70000"], Exit.USAGE, "--port"),
        (["night", "--db", "bytes.bin/archive.db"], Exit.USAGE, "bytes.bin"),
        (["backup", "copy.db", "--db", "foreign.db"], Exit.USAGE, "foreign.db is a database, but no archive"),
        (["merge", ".", "--db", "joined.db"], Exit.USAGE, ". is a folder"),
        (["warc", "import", "."], Exit.USAGE, ". is a folder"),
        (["verify", "--restore", "none.db"], Exit.USAGE, "--restore none.db: there is no other archive"),
        (["history", "获嘉", "zwei"], Exit.USAGE, "history --help"),
        (["status", "--db", "foreign.db"], Exit.USAGE, "foreign.db is a database, but no archive"),
        (["merge", "foreign.db", "--db", "joined.db"], Exit.USAGE, "foreign.db is not an archive"),
        (["night", "--until", "25:99"], Exit.USAGE, "--until 25:99: is no time"),
        (["night", "--settings", "none.toml"], Exit.CONFIGURATION, "none.toml: cannot be read"),
        (["crawl", "--registry", "row.csv"], Exit.CONFIGURATION, "row.csv line 2: entry is 'wrong'"),
        (["verify", "--part", "9/3", "--db", "none.db"], Exit.USAGE, "'9/3' is no part"),
        (["warc", "import", "none.warc"], Exit.USAGE, "none.warc does not exist"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_code(
    nianbao: Callable[..., object],
    arguments: list[str],
    code: Exit,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bytes.bin").write_bytes(bytes(range(256)))
    Path("row.csv").write_text(
        "id,name,division,level,kind,entry,url,family,note\na,b,990100,city,government,wrong,http://a.gov.cn/,,\n"
    )
    with closing(sqlite3.connect("foreign.db")) as db:
        db.execute("create table other (a)")
    foreign = Path("foreign.db").read_bytes()
    ended = nianbao(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert Path("foreign.db").read_bytes() == foreign
    assert words in one_line(ended.err)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ArchiveLocked("x"), Exit.LOCKED),
        (ArchiveMissing("x"), Exit.USAGE),
        (ArchiveDamaged("x"), Exit.DAMAGED),
        (DiskFull("x"), Exit.DISK_FULL),
        (OSError(errno.ENOSPC, "x"), Exit.DISK_FULL),
        (OSError(errno.EROFS, "x", "a.csv"), Exit.USAGE),
        (OSError(errno.EIO, "x"), None),
        (Unwritable("x"), Exit.USAGE),
        (ArchiveError("x"), Exit.WRONG),
        (ParseError("x"), Exit.USAGE),
        (CommandError("x", Exit.NIGHT_RUNNING), Exit.NIGHT_RUNNING),
        (KeyboardInterrupt(), Exit.INTERRUPTED),
        (ZeroDivisionError(), None),
    ],
)
def test_every_known_error_has_its_code(error: BaseException, code: Exit | None) -> None:
    assert code_of(error) is code


def test_errors_are_named_by_classes_that_exist() -> None:
    from importlib import import_module

    from nianbao.front.exits import _BY_ERROR

    for name in _BY_ERROR:
        module, _, kind = name.rpartition(".")
        assert issubclass(getattr(import_module(module), kind), Exception)


def test_a_locked_archive(
    nianbao: Callable[..., object], archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.database.connection.BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(archive_path, isolation_level=None)) as other:
        other.execute("begin immediate")
        ended = nianbao("read", "--all", "--db", archive_path)
    assert ended.code == Exit.LOCKED
    assert str(archive_path) in one_line(ended.err)


def test_a_port_in_use(nianbao: Callable[..., object], archive_path: Path, tmp_path: Path) -> None:
    assert nianbao("publish", "--db", archive_path, "--out", tmp_path / "out").code == 0
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        ended = nianbao("browse", "--out", tmp_path / "out", "--port", taken.getsockname()[1])
    assert ended.code == Exit.PORT_IN_USE
    one_line(ended.err)


def test_a_damaged_archive(nianbao: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"this is no database, whatever its name may say" * 100)
    ended = nianbao("status", "--db", path)
    assert ended.code == Exit.DAMAGED
    one_line(ended.err)


def test_verify_names_a_damaged_blob(nianbao: Callable[..., object], archive_path: Path) -> None:
    assert nianbao("verify", "--db", archive_path).code == Exit.OK
    with closing(sqlite3.connect(archive_path)) as db:
        (sha256,) = db.execute("select sha256 from blob order by sha256 limit 1").fetchone()
        db.execute("update blob set data = x'00' where sha256 = ?", (sha256,))
        db.commit()
    ended = nianbao("verify", "--db", archive_path, "--json")
    assert ended.code == Exit.DAMAGED
    assert [problem["where"] for problem in json.loads(ended.out)["problems"]] == [f"blob {sha256}"]


def test_history_tells_the_versions(nianbao: Callable[..., object], archive_path: Path) -> None:
    found = json.loads(nianbao("history", BODY, 2022, "--db", archive_path, "--json").out)
    assert [version["version"] for version in found] == [1, 2]
    (cell,) = found[1]["changed"]
    assert (cell["code"], cell["from"]["value"], cell["to"]["value"]) == ("b", 2, 3)
    assert found[1]["prose"] == [{"section": "一、总体情况", "pieces": [["come", "新增一句。"]]}]
    assert {len(value) for value in found[1]["hashes"].values()} == {32, 64}
    assert [event["class"] for event in found[1]["events"]] == ["number revised"]
    shown = nianbao("history", BODY, 2022, "--db", archive_path).out
    assert "1 cells, 1 passages" in shown
    assert "rendition added" in shown


def test_diff_shows_old_and_new(nianbao: Callable[..., object], archive_path: Path) -> None:
    ended = nianbao("diff", BODY, 2022, "--db", archive_path)
    assert re.search(r"b\s*│\s*│\s*│\s*│\s*2\s*│\s*3", ended.out)
    assert "{+新增一句。+}" in ended.out
    assert "no difference" in nianbao("diff", BODY, 2022, 2, 2, "--db", archive_path).out


def test_diff_is_written_as_html_that_stands_alone(
    nianbao: Callable[..., object], archive_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "changed.html"
    assert nianbao("diff", BODY, 2022, "--db", archive_path, "--html", path).out.strip() == str(path)
    text = path.read_text("utf-8")
    assert "<del>2</del></td><td><ins>3</ins>" in text
    assert "<ins>新增一句。</ins>" in text
    assert not re.search(r"<script|https?://", text)
    ended = nianbao("diff", BODY, 2022, "--db", archive_path, "--html", tmp_path)
    assert ended.code == Exit.USAGE
    assert "--html" in one_line(ended.err)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["diff", BODY, "2022", "1", "7"], "has no version 7"),
        (["diff", BODY, "2022", "1"], "both V1 and V2"),
        (["history", BODY, "1999"], "no report of 1999"),
        (["history", "火星", "2022"], "no body is called 火星"),
    ],
)
def test_what_is_not_there_is_said(
    nianbao: Callable[..., object], archive_path: Path, arguments: list[str], words: str
) -> None:
    ended = nianbao(*arguments, "--db", archive_path)
    assert ended.code == Exit.USAGE
    assert words in one_line(ended.err)


def test_a_part_of_a_name_will_do_when_it_is_one_body(
    nianbao: Callable[..., object], archive_path: Path
) -> None:
    assert nianbao("history", "获嘉", 2022, "--db", archive_path).code == Exit.OK
    country = Country(archive_path)
    country.shows("http://www.huojia.gov.cn/4.html", says(issuer="获嘉县教育局"))
    country.read()
    country.archive.close()
    ended = nianbao("history", "获嘉", 2022, "--db", archive_path)
    assert ended.code == Exit.USAGE
    assert "获嘉县教育局" in one_line(ended.err)


def test_status_counts_and_names_the_unplaced(nianbao: Callable[..., object], archive_path: Path) -> None:
    found = json.loads(nianbao("status", "--db", archive_path, "--json").out)
    assert found["outcomes"] == {"ok": 4}
    assert found["readings"] == {"report": 3, "unplaced": 1}
    assert [item["url"] for item in found["unplaced"]] == ["http://www.huojia.gov.cn/9.html"]
    assert found["coverage"] == {"found": 1}
    assert "Last night: none yet" in nianbao("status", "--db", archive_path).out


def test_the_archive_can_be_named_in_the_environment(
    nianbao: Callable[..., object], archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANBAO_DB", str(archive_path))
    assert json.loads(nianbao("status", "--json").out)["holds"]["report"] == 1


def test_parse_prints_the_contract(nianbao: Callable[..., object], tmp_path: Path) -> None:
    from parsers.report import parse

    path = tmp_path / "a.html"
    path.write_bytes(REPORT)
    ended = nianbao("parse", path, "--json")
    assert ended.code == Exit.OK
    assert json.loads(ended.out) == json.loads(json.dumps(parse(REPORT).as_json()))
    assert "\\u" not in ended.out
    assert nianbao("parse", "-", "--json", stdin=REPORT).out == ended.out


def test_parse_says_what_is_no_report(nianbao: Callable[..., object], tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<h1>关于举办广场舞大赛的通知</h1><p>欢迎参加。</p>", "utf-8")
    ended = nianbao("parse", path, "--json")
    found = json.loads(ended.out)
    assert (ended.code, found["figures"]) == (Exit.OK, [])
    assert found["warnings"][0].startswith("not a report: ")
    assert "not a report" in nianbao("parse", path).out


@pytest.mark.parametrize("data", [b"", bytes(range(256)) * 8])
def test_parse_of_what_cannot_be_read(nianbao: Callable[..., object], tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    ended = nianbao("parse", path, "--json")
    assert (ended.code, ended.out) == (Exit.USAGE, "")
    one_line(ended.err)


def test_read_and_publish_print_what_they_did(
    nianbao: Callable[..., object], archive_path: Path, tmp_path: Path
) -> None:
    assert json.loads(nianbao("read", "--db", archive_path, "--json").out)["read"] == 0
    done = json.loads(nianbao("publish", "--db", archive_path, "--out", tmp_path / "out", "--json").out)
    assert (done["reports"], done["versions"]) == (1, 2)


def test_a_night_takes_what_a_crawl_takes() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    crawl, night = ({o: p.help for p in commands[name].params for o in p.opts} for name in ("crawl", "night"))
    assert {*crawl} - {*night} == {"--parts", "--only-queued"}
    assert all(night[option] == said for option, said in crawl.items() if option in night)


def test_the_version_is_told() -> None:
    out = subprocess.run(
        [sys.executable, "-m", "nianbao", "--version"], check=True, capture_output=True, text=True
    ).stdout
    assert re.fullmatch(rf"nianbao [\d.]+ with parser {PARSER_VERSION}\n", out)


def test_the_help_is_shown_where_no_command_is_named() -> None:
    done = subprocess.run([sys.executable, "-m", "nianbao"], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "")
    assert "nianbao demo" in done.stdout


def test_help_is_quick() -> None:
    took = []
    for _ in range(3):
        began = _seconds_of_children()
        subprocess.run([sys.executable, "-m", "nianbao", "--help"], check=True, capture_output=True)
        took.append(_seconds_of_children() - began)
    modules = "import sys, nianbao.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", modules], check=True, capture_output=True, text=True
    ).stdout
    assert not {"scrapy", "lxml", "pyarrow", "datasette", "sqlite_utils", "zstandard"} & set(loaded.split())
    assert min(took) < 0.8


def _seconds_of_children() -> float:
    """Of the processor, so that a busy machine changes nothing."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_crawl_ends_with_the_process_that_started_it() -> None:
    child = (
        "import time; from nianbao.crawl_process import end_with_parent;"
        "end_with_parent(); print(1, flush=True); time.sleep(60)"
    )
    parent = (
        "import os, subprocess, sys;"
        f"p = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE,"
        f" env={{**os.environ, {crawl_process.PARENT!r}: str(os.getpid())}});"
        "p.stdout.readline(); print(p.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists() or _state(pid) == "Z"


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_output_into_a_closed_pipe_is_no_error(archive_path: Path) -> None:
    command = f"{sys.executable} -m nianbao status --db {archive_path} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, env=os.environ)
    assert "Traceback" not in done.stderr
