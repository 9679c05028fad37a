"""WACZ: what we write is valid, and indexed as others index it."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import surt
from cdxj_indexer.main import CDXJIndexer
from made import PAGE
from test_warc import HTML, OLD, REPORT, kept, registry, rows, warc  # noqa: F401

from archive.warcs import keys
from nianbao.front.exits import Exit


@pytest.fixture
def made(nianbao: Callable[..., Any], kept: Path, tmp_path: Path) -> Path:  # noqa: F811
    out = tmp_path / "out" / "x.wacz"
    ended = nianbao("warc", "export", "--wacz", out, "--db", kept, "--json")
    assert ended.code == Exit.OK, ended.err
    assert json.loads(ended.out)["bytes"] == out.stat().st_size
    assert [path.name for path in out.parent.iterdir()] == ["x.wacz"]
    return out


def test_what_we_write_is_valid(made: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "wacz.main", "validate", "-f", str(made)]
    checked = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "Validation succeeded" in checked.stdout, checked.stdout + checked.stderr


def test_a_changed_byte_is_not_valid(made: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wacz"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(bad, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, data.replace(b"nianbao", b"nianbA0") if "warc" in entry.filename else data)
            if entry.filename.startswith("archive/"):
                assert data[:2] == b"\x1f\x8b"
                new.writestr("archive/other.warc.gz", data + b"\0")
    command = [sys.executable, "-m", "wacz.main", "validate", "-f", str(bad)]
    checked = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "invalid" in checked.stdout


def test_its_index_is_that_of_other_tools(made: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(made) as packed:
        packed.extractall(tmp_path / "all")
    (warc_file,) = (tmp_path / "all" / "archive").iterdir()
    theirs = io.StringIO()
    CDXJIndexer(theirs, [str(warc_file)], sort=True, post_append=True).process_all()
    ours = gzip.decompress((tmp_path / "all" / "indexes" / "index.cdx.gz").read_bytes()).decode()

    def told(text: str) -> list[tuple[str, ...]]:
        found = []
        for line in text.splitlines():
            key, stamp, fields = line.split(" ", 2)
            entry = json.loads(fields)
            names = ("url", "mime", "status", "digest", "length", "offset")
            found.append((key, stamp, *(str(entry.get(name, "")).strip(";") for name in names)))
        return found

    assert told(ours) == told(theirs.getvalue())
    blocks = (tmp_path / "all" / "indexes" / "index.idx").read_text().splitlines()
    assert json.loads(blocks[0].split(" ", 2)[2])["format"] == "cdxj-gzip-1.0"


def test_its_pages_have_titles_and_texts(made: Path) -> None:
    with zipfile.ZipFile(made) as packed:
        head, *pages = map(json.loads, packed.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert head["hasText"]
    page = next(page for page in pages if page["url"] == PAGE)
    assert page["title"] == "获嘉县人民政府2022年政府信息公开工作年度报告"
    assert "主动公开政府信息8条" in page["text"]
    assert page["ts"] == "2023-03-01T01:02:03Z"


def test_it_is_the_same_again(nianbao: Callable[..., Any], made: Path, kept: Path) -> None:  # noqa: F811
    other = made.with_name("y.wacz")
    assert nianbao("warc", "export", "--wacz", other, "--db", kept).code == Exit.OK
    assert other.read_bytes() == made.read_bytes()


ADDRESSES = [
    "http://www.huojia.gov.cn",
    "https://www2.huojia.gov.cn:443/nb/",
    "http://huojia.gov.cn:8080/NB/List.aspx?b=2&a=1",
    "http://a.b.gov.cn//x//y/?q=%E5%B9%B4",
    "http://10.0.0.1/1.html#top",
    "http://a.gov.cn/年报/2022.html?名=值",
    "http://a.gov.cn/%E5%B9%B4%e6%8a%a5/a%20b.html",
    "http://a.gov.cn/a b/%2541/./c/../d.html?x=%2520%26y&b",
    "http://a.gov.cn/x.jsp?jsessionid=0123456789abcdef0123456789ABCDEF&id=7",
    "http://A.GOV.CN/?",
    "http://a.gov.cn/a%23b?c=%23&&d==e",
    "http://a.gov.cn/x;jsessionid=1?y=+1&a=%2B1",
]


@pytest.mark.parametrize("url", ADDRESSES)
def test_keys_are_those_of_the_field(url: str) -> None:
    assert keys.key_of(url) == surt.surt(url)
