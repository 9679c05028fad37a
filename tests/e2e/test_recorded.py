"""WACZ files that are handed in: what a person recorded in his own browser counts as had, and hostile files as nothing."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from made import HOST, PAGE
from test_warc import HTML, REPORT, warc

from archive.derived.derive import read
from archive.outcomes import Fetch, FrontierRequest, Link, Outcome, RequestKind
from archive.store import Archive
from archive.warcs import handed, wacz
from archive.warcs.foreign import ForeignError
from nianbao.front.exits import Exit

COLUMN, OLDER, RECORDED = f"{HOST}/nb/", f"{HOST}/0.html", "2023-06-01T08:00:00Z"
TITLE = "获嘉县人民政府2022年政府信息公开工作年度报告"
LIST, SEAL = "datapackage.json", "datapackage-digest.json"
Files = dict[str, bytes]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """What ArchiveWeb.page writes of a page that a person opened: its record, its style, and its text as a resource."""
    records = warc(
        tmp_path / "rec.warc.gz",
        (PAGE, RECORDED, 200, HTML, REPORT),
        (f"{HOST}/style.css", RECORDED, 200, {"Content-Type": "text/css"}, b"p {}"),
        ("urn:text:x", RECORDED, 200, HTML, REPORT),
        warc_version="1.1",
    )
    about = wacz.About("page", RECORDED, "ArchiveWeb.page 0.12")
    wacz.write(tmp_path / "page.wacz", [records], [wacz.Page(PAGE, RECORDED, TITLE)], about)
    return tmp_path / "page.wacz"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "r.csv"
    row = f"s1,获嘉县人民政府,410724,county,government,column,{COLUMN},,"
    path.write_text(f"id,name,division,level,kind,entry,url,family,note\n{row}\n", "utf-8")
    return path


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.execute(sql))


def turned_away(db: Path, day: int) -> None:
    """A night of ours: the column lists the report, and its page turns us away."""
    at = f"2023-05-{day:02}T00:00:00Z"
    with Archive.open(db) as archive:
        archive.keep_sources(
            [
                {
                    "id": "s1",
                    "name": "获嘉县人民政府",
                    "division": "410724",
                    "level": "county",
                    "kind": "government",
                    "entry": "column",
                    "url": COLUMN,
                    "family": "",
                    "note": "",
                }
            ]
        )
        link = Link(COLUMN, PAGE, TITLE, RequestKind.DOCUMENT, "report", source_id="s1")
        answers = (
            (COLUMN, RequestKind.LISTING, Outcome.OK, 200, b"<p>a list</p>", [link]),
            (OLDER, RequestKind.DOCUMENT, Outcome.OK, 200, REPORT.replace(b"2022", b"2021"), []),
            (PAGE, RequestKind.DOCUMENT, Outcome.BLOCKED_WAF, 412, b"<p>blocked</p>", []),
        )
        for url, kind, outcome, status, body, links in answers:
            asked = FrontierRequest(url, kind, source_id="s1")
            archive.enqueue([asked])
            fetch = Fetch(asked.id, f"r{day}", url, kind, outcome, at, source_id="s1", status=status)
            archive.complete(asked.id, fetch, body, links)
        read(archive)


def covered(db: Path) -> tuple[str, str]:
    ((state, evidence),) = rows(
        db, "select state, evidence from v_coverage where year = 2022 and body = '获嘉县人民政府'"
    )
    return state, evidence


def test_what_a_person_recorded_is_had_elsewhere_and_never_blocked(
    nianbao: Callable[..., Any], recorded: Path, registry: Path, tmp_path: Path
) -> None:
    db = tmp_path / "a.db"
    turned_away(db, 1)
    assert covered(db)[0] == "blocked"
    words = ("--via", "browser", "--by", "李  华", "--registry", registry, "--db", db)
    ended = nianbao("warc", "import", *words, recorded, "--json")
    assert ended.code == Exit.OK, ended.err
    assert json.loads(ended.out)["captures"] == 1
    assert rows(db, "select f.url, f.at, w.via from witness w join fetch f on f.id = w.fetch_id") == [
        (PAGE, RECORDED, "browser:李 华")
    ]
    with Archive.open(db) as archive:
        read(archive)
    said = ("found", f"had elsewhere: {PAGE} (browser, 李 华, 2023-06-01)")
    assert covered(db) == said
    turned_away(db, 2)
    assert covered(db) == said
    ended = nianbao("warc", "import", *words, recorded, "--json")
    assert json.loads(ended.out)["captures"] == 0


def test_what_we_have_at_another_address_is_ours(
    nianbao: Callable[..., Any], recorded: Path, registry: Path, tmp_path: Path
) -> None:
    db, other = tmp_path / "a.db", f"{HOST}/2.html"
    words = ("--via", "browser", "--by", "x", "--registry", registry, "--db", db)
    assert nianbao("warc", "import", *words, recorded).code == Exit.OK
    turned_away(db, 1)
    assert covered(db)[1].startswith("had elsewhere: ")
    with Archive.open(db) as archive:
        asked = FrontierRequest(other, RequestKind.DOCUMENT, source_id="s1")
        archive.enqueue([asked])
        at = "2023-07-01T00:00:00Z"
        fetch = Fetch(asked.id, "r7", other, asked.kind, Outcome.OK, at, source_id="s1", status=200)
        archive.complete(asked.id, fetch, REPORT, [])
        read(archive)
    assert covered(db) == ("found", other)


def test_what_came_in_a_file_of_a_crawler_is_no_persons(
    nianbao: Callable[..., Any], recorded: Path, registry: Path, tmp_path: Path
) -> None:
    db = tmp_path / "a.db"
    assert nianbao("warc", "import", recorded, "--registry", registry, "--db", db).code == Exit.OK
    assert rows(db, "select via from witness") == [("warc",)]
    with Archive.open(db) as archive:
        read(archive)
    assert covered(db) == ("found", PAGE)


@pytest.mark.parametrize(
    "words",
    [("--via", "browser"), ("--by", "x"), ("--via", "post", "--by", "x"), ("--via", "browser", "--by", " ")],
)
def test_who_recorded_is_said_with_how(
    nianbao: Callable[..., Any], recorded: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ended = nianbao("warc", "import", *words, recorded, "--db", tmp_path / "a.db")
    assert ended.code == Exit.USAGE
    assert not (tmp_path / "a.db").exists()


def test_the_document_is_true(
    nianbao: Callable[..., Any],
    recorded: Path,
    registry: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "recorded-by-hand.md").read_text("utf-8")
    monkeypatch.chdir(recorded.parent)
    db = tmp_path / "a.db"
    said = [shlex.split(call) for call in re.findall(r"^ {4}nianbao (.+)$", text, re.M)]
    assert [words[0] for words in said] == ["warc", "read"]
    for words in said:
        more = ["--registry", registry] if words[0] == "warc" else []
        assert nianbao(*words, *more, "--db", db).code == Exit.OK
    assert covered(db) == ("found", f"had elsewhere: {PAGE} (browser, Li Hua, {RECORDED[:10]})")


# --- hostile files ---


def _sealed(files: Files) -> None:
    digest = {"path": LIST, "hash": f"sha256:{hashlib.sha256(files[LIST]).hexdigest()}"}
    files[SEAL] = json.dumps(digest).encode()


def _resealed(files: Files, change: Callable[[dict[str, Any]], None]) -> None:
    told = json.loads(files[LIST])
    change(told)
    files[LIST] = json.dumps(told).encode()
    _sealed(files)


def _records(told: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in told["resources"] if each["path"].startswith("archive/"))  # type: ignore[no-any-return]


def _name(files: Files) -> str:
    return next(name for name in files if name.startswith("archive/"))


def _told_as(data: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[LIST] = data
        _sealed(files)

    return change


HOSTILE: dict[str, tuple[str, Callable[[Files], Any]]] = {
    "a changed record": ("digest", lambda f: f.update({_name(f): f[_name(f)][:-1] + b"\1"})),
    "a record more": ("digest", lambda f: f.update({_name(f): f[_name(f)] * 2})),
    "a changed list": ("was changed", lambda f: f.update({LIST: f[LIST].replace(b"page", b"pagf")})),
    "another size": ("digest", lambda f: _resealed(f, lambda t: _records(t).update(bytes=7))),
    "another digest": (
        "digest",
        lambda f: _resealed(f, lambda t: _records(t).update(hash=f"sha256:{'0' * 64}")),
    ),
    "no digest": ("no digest", lambda f: _resealed(f, lambda t: _records(t).pop("hash"))),
    "a digest of no kind": (
        "no digest",
        lambda f: _resealed(f, lambda t: _records(t).update(hash="crc32:0")),
    ),
    "a file that is missing": ("not there", lambda f: f.pop(_name(f))),
    "a record that nobody lists": (
        "vouches",
        lambda f: _resealed(f, lambda t: t["resources"].remove(_records(t))),
    ),
    "a record beside": ("vouches", lambda f: f.update({"archive/b.warc": b"WARC/1.0\r\n"})),
    "no list": ("no WACZ", lambda f: f.pop(LIST)),
    "a list that is no JSON": ("no JSON", _told_as(b"{")),
    "a list without a bottom": ("no JSON", _told_as(b"[" * 1_000_000)),
    "a list that is no object": ("no object", _told_as(b"[]")),
    "a list of nothing": ("lists no files", _told_as(b"{}")),
    "many in one": ("WACZ of WACZ", lambda f: _resealed(f, lambda t: t.update(profile="multi-wacz-package"))),
    "a way up": ("leads out", lambda f: f.update({"archive/../../x.warc": b""})),
    "a way from the root": ("leads out", lambda f: f.update({"/etc/x.warc": b""})),
    "a way of Windows": ("leads out", lambda f: f.update({"C:/x": b""})),
    "a bomb": ("swells", lambda f: f.update({"archive/b.warc": bytes(handed.LARGE + 1)})),
    "no record at all": ("no WARC", _told_as(b'{"resources": []}')),
}


def refused(db: Path, ended: Any, path: Path, said: str) -> None:
    """Nothing was kept, and one line says which file it is and why."""
    assert ended.code == Exit.WRONG, ended.err
    (problem,) = json.loads(ended.out)["problems"]
    assert str(path) in problem
    assert said in problem
    assert rows(db, "select count(*) from fetch") == [(0,)]


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_brings_nothing(
    nianbao: Callable[..., Any], recorded: Path, registry: Path, tmp_path: Path, kind: str
) -> None:
    said, change = HOSTILE[kind]
    with zipfile.ZipFile(recorded) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    if kind == "no record at all":
        del files[_name(files)]
    path, db = tmp_path / "bad.wacz", tmp_path / "a.db"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    refused(db, nianbao("warc", "import", path, "--registry", registry, "--db", db, "--json"), path, said)


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _encrypted(data: bytes) -> bytes:
    place = data.index(b"PK\x01\x02") + 8
    return data[:place] + bytes([data[place] | 1]) + data[place + 1 :]


DAMAGED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "cut": ("no WACZ", _cut),
    "encrypted": ("encrypted", _encrypted),
    "only its first letters": ("no WACZ", lambda data: data[:4]),
    "letters and noise": ("no WACZ", lambda data: data[:4] + bytes(range(256)) * 9),
    "two of one name": ("twice", lambda data: data.replace(b"indexes/index.idx", b"pages/pages.jsonl")),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_brings_nothing(
    nianbao: Callable[..., Any], recorded: Path, registry: Path, tmp_path: Path, kind: str
) -> None:
    said, change = DAMAGED[kind]
    path, db = tmp_path / "bad.wacz", tmp_path / "a.db"
    path.write_bytes(change(recorded.read_bytes()))
    refused(db, nianbao("warc", "import", path, "--registry", registry, "--db", db, "--json"), path, said)


def test_a_whole_file_gives_its_answers(recorded: Path, tmp_path: Path) -> None:
    heard = [each for each in handed.read(recorded) if each is not None]
    assert (heard[0].url, heard[0].at, heard[0].body) == (PAGE, RECORDED, REPORT)
    with pytest.raises(ForeignError, match="cannot be read"):
        list(handed.read(tmp_path))
