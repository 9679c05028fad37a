"""Citations: the same question and answer have the same hash, and a later release says what changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import lxml.html
import pytest
from published import COUNTY, REVISED, make_archive

from archive.publish import publish
from web import app
from web.behind.addressed import Addressed
from web.data import citations

SQL = "select body, year, value from v_figures where code = :code and version = 1 order by year"
CODE = "t3_new_received__total"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive.db")


@pytest.fixture
def get(archive: Path, tmp_path: Path) -> Any:
    publish(archive, tmp_path / "public")
    return lambda path, **more: asyncio.run(app(tmp_path / "public").client.get(path, **more))


def cited(get: Any, sql: str = SQL, **more: str) -> dict[str, Any]:
    answer = get("/cite.json", params={"sql": sql, "code": CODE, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_a_query_gets_a_link_that_shows_it_again(get: Any) -> None:
    made = cited(get)
    assert (made["unchanged"], made["cited"]["rows"], made["parameters"]) == (True, 3, {"code": CODE})
    again = get(f"/cite/{made['hash']}.json").json()
    assert (again["sql"], again["rows"], again["unchanged"]) == (SQL, made["rows"], True)
    assert address(made["url"]) == f"/cite/{made['hash']}"


def test_the_hash_is_that_of_the_question_and_its_answer(get: Any) -> None:
    made = cited(get)
    lines = [
        json.dumps(each, ensure_ascii=False, separators=(",", ":"))
        for each in (made["columns"], *made["rows"])
    ]
    text = "".join(f"{line}\n" for line in [lines[0], *sorted(lines[1:])])
    assert made["cited"]["result"] == hashlib.sha256(text.encode()).hexdigest()
    assert cited(get, f"  {SQL} ;")["hash"] == made["hash"]
    assert cited(get, SQL.replace("order by year", "order by year desc"))["hash"] != made["hash"]
    assert cited(get, SQL, code="t3_granted__total")["hash"] != made["hash"]


def test_a_later_release_says_what_changed(get: Any, archive: Path, tmp_path: Path) -> None:
    made = cited(get)
    with closing(sqlite3.connect(archive)) as conn, conn:
        conn.execute(
            "update cell set value = 13 where code = (select id from cell_code where code = ?) and version ="
            " (select position from version where report_id = ? and number = 1)",
            [CODE, REVISED],
        )
    publish(archive, tmp_path / "public")
    now = get(f"/cite/{made['hash']}.json").json()
    assert now["unchanged"] is False
    assert (now["gone"], now["came"]) == ([[COUNTY, 2022, 12]], [[COUNTY, 2022, 13]])
    page = lxml.html.fromstring(get(f"/cite/{made['hash']}").text)
    assert "不同" in page.text_content()


def test_the_long_link_needs_nothing_kept(get: Any, tmp_path: Path) -> None:
    made = cited(get)
    shutil.rmtree(tmp_path / "citations")
    assert get(f"/cite/{made['hash']}").status_code == 404
    path, _, query = address(made["portable"]).partition("?")
    assert get(f"{path}.json?{query}").json()["unchanged"] is True
    other = query.replace("year", "version", 1)
    assert get(f"{path}.json?{other}").json()["unchanged"] is False


def test_where_nothing_can_be_kept_the_long_link_is_given(get: Any, tmp_path: Path) -> None:
    (tmp_path / "citations").write_text("in the way")
    made = cited(get)
    assert made["url"] == made["portable"]
    assert get(address(made["url"])).status_code == 200


def test_no_more_is_kept_than_there_is_room_for(get: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citations, "MOST", 0)
    assert "sql=" in cited(get)["url"]


def test_what_does_not_match_its_name_is_not_shown(get: Any, tmp_path: Path) -> None:
    made = cited(get)
    (path,) = (tmp_path / "citations").rglob("*.json")
    path.write_text(path.read_text("utf-8").replace(COUNTY, "别处").replace("order by", "order  by"))
    assert get(f"/cite/{made['hash']}").status_code == 404


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("delete from body", "SELECT"),
        ("select x from nowhere", "no such table"),
        ("select a.code from cell a, cell b", "More than 1000 rows"),
        (
            "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c",
            "too long",
        ),
        ("", "sql"),
    ],
)
def test_what_cannot_be_cited_says_why(get: Any, sql: str, why: str) -> None:
    answer = get("/cite.json", params={"sql": sql})
    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert get("/cite", params={"sql": sql}).status_code == (400 if sql else 200)


def test_the_page_leads_to_the_lasting_address(get: Any) -> None:
    answer = get("/cite", params={"sql": SQL, "code": CODE})
    assert answer.status_code == 302
    page = get(answer.headers["location"])
    assert page.status_code == 200
    assert "完全相同" in page.text


def test_a_hostile_query_is_text(get: Any) -> None:
    text = "select '<script>alert(1)</script>' as \"<b>\""
    page = get("/cite", params={"sql": text}, follow_redirects=True).text
    assert "<script>alert" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "path", ["/", "/feed.atom", "/robots.txt", "/sitemap.xml", "/downloads", "/cite.json"]
)
def test_a_name_that_only_the_visitor_says_stands_in_no_address(path: str, get: Any) -> None:
    more = {"params": {"sql": SQL, "code": CODE}} if path == "/cite.json" else {}
    answer = get(path, headers={"Host": "evil.example"}, **more)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
    assert "localhost" not in answer.text


def test_addresses_begin_with_what_is_configured(archive: Path, tmp_path: Path) -> None:
    publish(archive, tmp_path / "public")
    site = app(tmp_path / "public")

    async def asked(home: str) -> str:
        transport = httpx.ASGITransport(app=Addressed(site.app(), home))
        async with httpx.AsyncClient(transport=transport, base_url="http://evil.example") as client:
            return (await client.get("/cite.json", params={"sql": SQL, "code": CODE})).json()["url"]

    assert asyncio.run(asked("https://nianbao.example.org/")).startswith("https://nianbao.example.org/cite/")


@pytest.mark.parametrize(
    "url", ["nianbao.example.org", "ftp://nianbao.example.org", "https://a.example/x", "https://"]
)
def test_an_address_that_is_none_is_refused(url: str, nianbao: Callable[..., Any], tmp_path: Path) -> None:
    ended = nianbao("browse", "--out", tmp_path, "--url", url)
    assert ended.code == 2
    assert "give it without a path" in ended.err
