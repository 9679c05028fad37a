"""The registry as it is packaged, its commands, and the document that says how a source is added."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import crawling
import launching
import pytest
from mockserver import MockServer

from archive.bodies import Kind, canonical, is_body, kind_of
from archive.divisions import divisions
from archive.outcomes import host_of
from crawler.divisions import division_in, full_name, level_of
from crawler.hosts import parent_of
from crawler.naming import identifier, province_file
from crawler.registry import Entry, RegistryError, Source, append, load

ROOT = Path(__file__).parents[2]
TITLE = "获嘉县{}2025年政府信息公开工作年度报告"
HEAD = (
    '<meta name="SiteName" content="获嘉县人民政府门户网站"><meta name="SiteIDCode" content="4107240001">'
    '<meta name="ColumnType" content="信息公开年报">'
)


def _site() -> dict[str, Any]:
    names = ("教育局", "财政局")
    rows = "".join(
        f'<li><a href="./202601/t20260130_{n}.html">{TITLE.format(name)}</a><span>2026-01-30</span></li>'
        for n, name in enumerate(names)
    )
    call = '<script>createPageHTML(1,0,"index","html");</script>'
    pages: dict[str, Any] = {
        "/zfxxgknb/": f"<html><head>{HEAD}</head><body><ul>{rows}</ul>{call}</body></html>"
    }
    for n, name in enumerate(names):
        title = TITLE.format(name)
        pages[f"/zfxxgknb/202601/t20260130_{n}.html"] = (
            f"<html><title>{title}</title><body>{title}</body></html>"
        )
    return pages


@pytest.fixture
def site() -> Iterator[MockServer]:
    with MockServer(_site()) as server:
        yield server


# --- the packaged registry ---


FILES = sorted((ROOT / "crawler" / "sources").rglob("*.csv"))
OTHERS = {"www.news.cn", "www.cas.cn", "www.cass.cn", "www.cae.cn"}
"""Bodies of the State Council whose sites are not below gov.cn."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_of_the_registry_is_clean(path: Path) -> None:
    """Form, hosts, divisions, names: every row of every file, candidates included."""
    registry = load(path)
    assert registry.warnings == ()
    assert registry.sources
    for source in registry.sources.values():
        host = source.url.split("/")[2]
        assert parent_of(host).endswith(".gov.cn") or host in OTHERS, source
        assert source.note.startswith("unverified")
        assert not re.search(r"[(（]|栏目|专栏", source.name)
        assert province_file(source.division) == path.stem
        assert source.level in ("central", "province", "city", "county", "zone", "township")
        assert Kind(source.kind)
        is_area = source.kind == "government"
        assert not is_area or level_of(source.division) == source.level, source
        assert is_body(source.name) or source.level == "central", source


def test_no_site_stands_twice() -> None:
    sources = [source for path in FILES for source in load(path).sources.values()]
    for told in ("id", "url"):
        assert not _doubles(str(getattr(source, told)).rstrip("/") for source in sources)
    crawled = load().sources.values()
    assert not _doubles(host_of(each.url) for each in crawled if each.entry is Entry.PORTAL)
    assert not _doubles((canonical(each.name), each.division, each.entry) for each in crawled)


def _doubles(found: Iterable[object]) -> set[object]:
    counts = Counter(found)
    return {each for each, count in counts.items() if count > 1}


def test_the_registry_is_the_size_of_the_country() -> None:
    sources = load().sources.values()
    governments = {each.division for each in sources if each.kind == "government"}
    divided = {code for code in divisions() if not re.fullmatch(r"\d{4}7\d", code)}
    assert {each.division for each in sources if each.level == "province"} >= {
        code for code in divided if code.endswith("0000")
    }
    assert len(governments & divided) >= 0.99 * len(divided)
    assert not [each for each in sources if each.note.startswith("unverified; low")]


def test_every_province_has_its_file() -> None:
    provinces = {code for code in divisions() if code.endswith("0000")}
    named = {path.stem for path in (ROOT / "crawler" / "sources").glob("*.csv")}
    assert named == {province_file(code) for code in provinces} | {"central"}


def test_candidates_are_not_asked() -> None:
    candidates = [
        source for path in FILES if path.parent.name == "candidates" for source in load(path).sources.values()
    ]
    assert len(candidates) > 2000
    assert not {source.id for source in candidates} & set(load().sources)


@pytest.mark.parametrize(
    "name", ["全椒县人民政府", "天等县人民政府", "龙胜各族自治县人民政府", "本溪市人民政府"]
)
def test_a_place_may_be_called_what_no_body_is(name: str) -> None:
    assert is_body(name)
    assert not is_body("全县人民政府")
    assert not is_body("本市人民政府")
    assert kind_of("山海关区人民政府") is Kind.GOVERNMENT


# --- divisions ---


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("获嘉县人民政府办公室", "410724"),
        ("河南省新乡市获嘉县教育局", "410724"),
        ("新乡市人民政府", "410700"),
        ("北京市东城区人民政府", "110101"),
        ("河南省教育厅", "410000"),
        ("鼓楼区人民政府", ""),
        ("财政部", ""),
    ],
)
def test_the_division_of_a_name(name: str, code: str) -> None:
    assert division_in(name) == code


def test_what_a_code_says() -> None:
    assert full_name("410724") == "河南省新乡市获嘉县"
    assert full_name("999999") == ""
    assert [level_of(code) for code in ("410000", "410700", "410724", "x")] == [
        "province",
        "city",
        "county",
        "",
    ]
    assert division_in("鼓楼区人民政府", within="320100") == "320106"


# --- rows ---


def test_a_row_is_added_once(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    one = Source("a", "某县", "410724", "county", "government", Entry.COLUMN, "http://a.gov.cn/nb/")
    assert append(path, one).id == "a"
    other = Source("a", "某县", "410724", "county", "government", Entry.COLUMN, "http://a.gov.cn/nb2/")
    assert append(path, other).id == "a-2"
    with pytest.raises(RegistryError, match="is there already, as a"):
        append(path, one)
    assert list(load(path).sources) == ["a", "a-2"]


ROW = "a,某县,410724,county,government,column,http://a.gov.cn/nb/,{},test"
WRONG = {
    "an id twice": (f"{ROW}\n{ROW}", "line 3: the id 'a' stands twice"),
    "no address": (ROW.replace("http://a.gov.cn/nb/", "nb"), "line 2: 'nb' is no web address"),
    "no name": (ROW.replace("某县", ""), "line 2: name is empty"),
    "another entry": (ROW.replace("column", "colum"), "line 2: entry is 'colum'"),
    "a comma too many": (f"{ROW}, and more", "line 2: more fields than the first line names"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_row_that_cannot_be_used_says_where(tmp_path: Path, name: str) -> None:
    rows, said = WRONG[name]
    path = tmp_path / "r.csv"
    path.write_text(crawling.HEADER + rows.format("", "") + "\n", "utf-8")
    with pytest.raises(RegistryError, match=re.escape(said)):
        load(path)


def test_a_row_that_is_odd_is_kept_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(crawling.HEADER + ROW.format("nosuch").replace("410724", "999999") + "\n", "utf-8")
    registry = load(path)
    assert list(registry.sources) == ["a"]
    assert "line 2: the division '999999' is not a GB/T 2260 code" in registry.warnings[0]
    assert "line 2: there is no family 'nosuch'" in registry.warnings[1]


def test_an_id_that_can_be_read() -> None:
    assert identifier("http://rsj.km.gov.cn/zfxxgk/", "530100") == "km-rsj-530100"
    assert identifier("https://www.beijing.gov.cn/", "110000") == "beijing-110000"


# --- the commands ---


def _nianbao(*words: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own: those that crawl can do so only once in one."""
    command = [sys.executable, "-m", "nianbao", *map(str, words)]
    return launching.run(command)


def test_add_tells_family_body_and_division(site: MockServer, tmp_path: Path) -> None:
    url, path = site.url("/zfxxgknb/"), tmp_path / "my.csv"
    added = _nianbao("sources", "add", url, "--registry", path, "--allow-private", "--delay", 0, "--json")
    assert added.returncode == 0, added.stderr
    row = json.loads(added.stdout)
    assert (row["name"], row["division"], row["level"]) == ("获嘉县人民政府", "410724", "county")
    assert (row["kind"], row["entry"], row["family"], row["url"]) == ("government", "column", "trs", url)
    assert row["note"] == "unverified"
    assert site.paths() == ["/zfxxgknb/"]
    again = _nianbao("sources", "add", url, "--registry", path, "--allow-private", "--delay", 0)
    assert again.returncode == 3
    assert "is there already" in again.stderr


def test_check_says_what_it_met(site: MockServer, tmp_path: Path) -> None:
    registry = crawling.registry(tmp_path / "r.csv", [site.url("/zfxxgknb/"), site.url("/gone/")])
    done = _nianbao("sources", "check", "--registry", registry, "--allow-private", "--delay", 0, "--json")
    assert done.returncode == 1
    met = {row["id"]: (row["outcome"], row["family"], row["rows"]) for row in json.loads(done.stdout)}
    assert met == {"s0": ("ok", "trs", 2), "s1": ("gone", "", 0)}


def test_explain_tells_the_decision(site: MockServer, tmp_path: Path, nianbao: Callable[..., Any]) -> None:
    registry, db = crawling.registry(tmp_path / "r.csv", [site.url("/zfxxgknb/")]), tmp_path / "a.db"
    crawling.crawl(db, registry)
    url = site.url("/zfxxgknb/202601/t20260130_0.html")
    said = nianbao("explain", url, "--db", db).out
    assert f"linked from {site.url('/zfxxgknb/')}" in said
    assert "decided: report" in said
    assert "document: ok status 200" in said
    found = json.loads(nianbao("explain", site.url("/zfxxgknb/"), "--db", db, "--json").out)
    assert {link["decision"] for link in found["leads_to"]} == {"report"}
    unknown = nianbao("explain", "http://never.gov.cn/", "--db", db)
    assert unknown.code == 2
    assert "never met" in unknown.err


# --- the document ---


def test_the_document_runs(site: MockServer, tmp_path: Path) -> None:
    """Every command of docs/add-a-source.md, in order, against a local site."""
    text = (ROOT / "docs" / "add-a-source.md").read_text("utf-8")
    calls = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    lines = [line for block in calls for line in block.splitlines()]
    assert len(lines) == 5
    local = {"nianbao sources": "--allow-private --delay 0", "nianbao crawl": "--allow-private --delay 0"}
    for line in lines:
        more = next((options for start, options in local.items() if line.startswith(start)), "")
        done = _shell(f"{line} {more}", tmp_path, site.url("/zfxxgknb/"))
        assert done.returncode == 0, f"{line}: {done.stderr}"
    golden = next((tmp_path / "tests" / "data" / "lists").glob("*.json"))
    assert json.loads(golden.read_text("utf-8"))["result"] is None
    assert golden.with_suffix(".html").read_bytes() == _site()["/zfxxgknb/"].encode()
    (row,) = load(tmp_path / "crawler" / "sources" / "henan.csv").sources.values()
    assert row.name == "获嘉县人民政府"


def _shell(line: str, folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    """A line of the document as a shell runs it, with the programs of this environment, in a folder apart."""
    (folder / "crawler" / "sources").mkdir(parents=True, exist_ok=True)
    made = f"{sys.executable} -m crawler.checks.fixtures '{url}' --allow-private --delay 0"
    line = re.sub(r"^make new-source URL=\S+", made, line)
    line = re.sub(r"^nianbao", f"{sys.executable} -m nianbao", line)
    environment = {"URL": url, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_make_new_source_calls_it() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert '-m crawler.checks.fixtures "$(URL)"' in makefile
