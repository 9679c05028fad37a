"""Tags, 304, how long an answer keeps, and gzip: of pages, JSON, files, and Datasette's own pages."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from published import COUNTY_ID, PAGE, REVISED, make_archive

from archive.ids import blob_id
from archive.publish import publish
from web import app
from web.behind import caching
from web.behind.caching import same, takes_gzip, thrifty


def shown_in(text: str) -> Any:
    return lxml.html.fromstring(text)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("caching")
    publish(make_archive(folder / "archive.db"), folder / "public")
    return folder / "public"


@pytest.fixture(scope="module")
def get(out: Path) -> Any:
    site = app(out)
    return lambda path, **headers: asyncio.run(
        site.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    )


SOURCE = f"/capture/{blob_id(PAGE.encode())}"
PLACES = [
    "/",
    "/index.json",
    f"/body/{COUNTY_ID}",
    f"/report/{REVISED}",
    f"/report/{REVISED}.csv",
    "/search?q=云岭",
    "/feed.atom",
    "/nianbao/v_reports",
    "/nianbao.json?sql=select+1",
    "/assets/nianbao.css",
    "/downloads",
    "/downloads/panel.csv",
    "/downloads/panel.csv?year=2022",
    "/downloads/figures.csv?division=530000",
    "/downloads/figures.parquet?division=530000",
    "/downloads/nianbao.db",
    SOURCE,
]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("path", PLACES)
def test_what_has_not_changed_is_not_sent_again(get: Any, path: str, encoding: str) -> None:
    first = get(path, accept_encoding=encoding)
    assert first.status_code == 200
    again = get(path, accept_encoding=encoding, if_none_match=f'"x", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert "content-type" not in again.headers
    assert "content-length" not in again.headers
    assert again.headers["etag"].removeprefix("W/") == first.headers["etag"].removeprefix("W/")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert get(path, if_none_match='"other"').status_code == 200


def _untimed(body: bytes) -> bytes:
    return re.sub(rb'"query_ms": [^,}]+|took [^ <]+ms', b"", body)


@pytest.mark.parametrize("path", PLACES)
def test_squeezed_or_not_an_answer_says_the_same(get: Any, path: str) -> None:
    plain, squeezed = get(path, accept_encoding="identity"), get(path, accept_encoding="gzip")
    assert _untimed(plain.content) == _untimed(squeezed.content)
    assert "content-encoding" not in plain.headers
    text = not path.endswith((".db", "parquet?division=530000"))
    small = len(plain.content) < caching.LEAST and "division" not in path
    assert (squeezed.headers.get("content-encoding") == "gzip") == (text and not small)
    if text:
        assert "Accept-Encoding" in plain.headers["vary"]
        assert "Accept-Encoding" in squeezed.headers["vary"]
    if "content-encoding" in squeezed.headers:
        assert squeezed.headers["etag"].startswith("W/")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "public, max-age=300"),
        ("/?lang=en", "private, max-age=300"),
        ("/index.json", "public, max-age=300"),
        ("/downloads/panel.csv", "public, max-age=300"),
        ("/downloads/panel.parquet?year=2022", "public, max-age=300"),
        (SOURCE, "public, max-age=31536000, immutable"),
        ("/nope", "public, max-age=60"),
        ("/downloads/panel.csv?x=1", "public, max-age=60"),
    ],
)
def test_how_long_an_answer_keeps(get: Any, path: str, kept: str) -> None:
    assert get(path).headers["cache-control"] == kept


def test_the_two_languages_have_tags_of_their_own(get: Any) -> None:
    chinese, english = get("/"), get("/", cookie="lang=en")
    assert chinese.headers["etag"] != english.headers["etag"]
    assert english.headers["cache-control"] == "private, max-age=300"
    assert {"Cookie", "Accept-Encoding"} <= {*chinese.headers["vary"].split(", ")}


def test_a_part_is_never_squeezed_and_never_of_another_file(get: Any, out: Path) -> None:
    whole = (out / "panel.csv").read_bytes()
    tag = get("/downloads/panel.csv", accept_encoding="identity").headers["etag"]
    part = get("/downloads/panel.csv", range="bytes=0-1999", if_range=tag)
    assert (part.status_code, part.content) == (206, whole[:2000])
    assert "content-encoding" not in part.headers
    other = get("/downloads/panel.csv", range="bytes=0-1999", if_range='"of yesterday"')
    assert (other.status_code, other.content) == (200, whole)


def test_a_long_answer_goes_by_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "WHOLE", 10)
    parts = [b"year,value\n", b"2022,1\n" * 20_000, b"2021,0\n"]
    status, headers, bodies = asyncio.run(_through(parts, "gzip"))
    assert status == 200
    assert (headers["content-encoding"], headers.get("content-length")) == ("gzip", None)
    assert headers["etag"] == 'W/"t"'
    assert gzip.decompress(b"".join(bodies)) == b"".join(parts)
    assert len(bodies) > 1
    _status, plain, bodies = asyncio.run(_through(parts, ""))
    assert (b"".join(bodies), plain["content-length"], plain["etag"]) == (b"".join(parts), "140018", '"t"')


async def _through(parts: list[bytes], accepted: str) -> tuple[int, dict[str, str], list[bytes]]:
    """What comes out when an application sends these parts of a CSV."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def csv(_scope: Any, _receive: Any, send: Any) -> None:
        length = str(sum(map(len, parts))).encode()
        headers = [[b"Content-Type", b"text/csv"], [b"Content-Length", length], [b"ETag", b'"t"']]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    scope = {"type": "http", "headers": [[b"Accept-Encoding", accepted.encode()]]}
    await thrifty(csv)(scope, None, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert [each.get("more_body", False) for each in sent[1:]] == [True] * (len(sent) - 2) + [False]
    return sent[0]["status"], headers, [each["body"] for each in sent[1:]]


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("deflate, GZIP ; q=1.0", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("identity", False),
        ("", False),
        ("xgzipx", False),
        ("gzip;q=...", False),
        ("gzip;q=1.2.3", False),
    ],
)
def test_who_takes_gzip(accepted: str, taken: bool) -> None:
    assert takes_gzip(accepted) is taken


@pytest.mark.parametrize(
    ("asked", "tag", "found"),
    [
        ('"a"', '"a"', True),
        ('W/"a"', '"a"', True),
        ('"b" , W/"a"', 'W/"a"', True),
        ("*", '"a"', True),
        ('"b"', '"a"', False),
        ("", '"a"', False),
        ("*", "", False),
    ],
)
def test_which_tags_are_the_same(asked: str, tag: str, found: bool) -> None:
    assert same(asked, tag) is found


@pytest.mark.parametrize(
    "path", ["/", "/downloads", "/map", f"/body/{COUNTY_ID}", f"/report/{REVISED}", "/nianbao/v_reports"]
)
def test_every_head_of_a_table_says_what_it_heads(get: Any, path: str) -> None:
    heads = shown_in(get(path).text).xpath("//th")
    assert {each.get("scope") for each in heads} <= {"row", "col"}


def test_labels_of_the_form_head_rows(get: Any) -> None:
    shown = shown_in(get(f"/report/{REVISED}").text)
    (matrix,) = shown.xpath("//table[@id='t3']")
    for row in matrix.xpath(".//tr"):
        assert {each.get("scope") for each in row.xpath("th")} <= {"row" if row.xpath("td") else "col"}
