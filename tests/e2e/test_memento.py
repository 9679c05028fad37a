"""Memento (RFC 7089): what an address answered with and when, as pywb tells it of the same answers."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import crawling
import pytest
import webarchives
from clocks import await_second_after
from made import HOST, PAGE, Country, says

from archive.derived.derive import read
from archive.outcomes import Fetch, FrontierRequest, Outcome, RequestKind
from archive.publish import publish
from archive.store import Archive
from archive.warcs.warc import Software, export
from sample.make import country as sample_country
from sample.server import Server
from web import app
from web.data.mementos import moment_of

ASKED = f"{HOST}/show.aspx?b=2&a=1&name=%E5%B9%B4%E6%8A%A5"
SPACED = f"{HOST}/%E5%B9%B4%E6%8A%A5/a%20b.html"
INNER = f"{HOST}/x.jsp?u=http%3A%2F%2Fa.cn%2F%3Fq%3D1%26r&v=%2541"
ODD = (PAGE, ASKED, SPACED, INNER)
FIRST, SECOND, THIRD = (f"2023030{day}000000" for day in (1, 3, 8))
Get = Callable[..., Any]


def _answers(country: Country, url: str, day: int, outcome: Outcome, said: dict[str, Any] | None) -> None:
    request = FrontierRequest(url=url, kind=RequestKind.DOCUMENT, source_id="s1")
    country.archive.enqueue([request])
    at, status = f"2023-03-{day:02}T00:00:00Z", 200 if said else 304
    headers = {"content-type": "text/html; charset=utf-8"} if said else {}
    more: dict[str, Any] = {"source_id": "s1", "attempt": day, "status": status, "headers": headers}
    fetch = Fetch(request.id, "run", url, request.kind, outcome, at, **more)
    data = json.dumps(said, ensure_ascii=False).encode() if said else None
    country.archive.complete(request.id, fetch, data, [])


@pytest.fixture
def made(country: Country, tmp_path: Path) -> Path:
    """A publication of odd addresses: seen, changed, unchanged by its own word."""
    for url in ODD:
        _answers(country, url, 1, Outcome.OK, says())
        _answers(country, url, 3, Outcome.OK, says(values={"a": 1, "b": 3}, text="公开8条。新增一句。"))
        _answers(country, url, 8, Outcome.NOT_MODIFIED, None)
    country.read()
    publish(tmp_path / "archive.db", tmp_path / "public")
    export(country.archive, tmp_path / "x.warc.gz", Software("test", "test"))
    return tmp_path / "public"


@pytest.fixture
def get(made: Path) -> Get:
    site = app(made)
    return lambda path, **more: asyncio.run(site.client.get(path, **more))


def at(url: str, accepted: str, get: Get) -> Any:
    return get(f"/timegate/{url}", headers={"Accept-Datetime": accepted} if accepted else {})


def links(text: str) -> dict[str, list[tuple[str, str]]]:
    """rel -> the addresses and their dates, of a Link header or a TimeMap."""
    found: dict[str, list[tuple[str, str]]] = {}
    for target, rel, rest in re.findall(r'<([^>]*)>; rel="([^"]*)"([^<]*)', text):
        dated = re.search(r'datetime="([^"]*)"', rest)
        for name in rel.split():
            found.setdefault(name, []).append((target, dated[1] if dated else ""))
    return found


@pytest.mark.parametrize(
    ("accepted", "stamp"),
    [
        ("Wed, 01 Jan 2020 00:00:00 GMT", FIRST),
        ("Wed, 01 Mar 2023 23:59:59 GMT", FIRST),
        ("Thu, 02 Mar 2023 00:00:00 GMT", FIRST),
        ("Thu, 02 Mar 2023 00:00:01 GMT", SECOND),
        ("Sun, 05 Mar 2023 12:00:01 GMT", THIRD),
        ("Fri, 01 Jan 2100 00:00:00 GMT", THIRD),
        ("", THIRD),
    ],
)
@pytest.mark.parametrize("url", ODD)
def test_the_gate_leads_to_the_nearest(get: Get, url: str, accepted: str, stamp: str) -> None:
    answer = at(url, accepted, get)
    assert answer.status_code == 302
    assert "accept-datetime" in answer.headers["vary"].lower()
    named = links(answer.headers["link"])
    assert named["original"] == [(url, "")]
    assert named["timemap"] == [(f"http://localhost/timemap/link/{url}", "")]
    assert named["first"][0][1] == "Wed, 01 Mar 2023 00:00:00 GMT"
    assert named["last"][0][1] == "Wed, 08 Mar 2023 00:00:00 GMT"
    led = answer.headers["location"]
    assert led.endswith(f"?url={quote(url, safe='')}&at={stamp}")
    assert led in {target for target, _date in named["memento"]}


def test_a_memento_says_what_it_is_of_and_when(get: Get) -> None:
    led = at(ASKED, "Wed, 01 Mar 2023 00:00:00 GMT", get).headers["location"]
    memento = get(led.removeprefix("http://localhost"))
    assert memento.status_code == 200
    assert memento.headers["memento-datetime"] == "Wed, 01 Mar 2023 00:00:00 GMT"
    named = links(memento.headers["link"])
    assert named["original"] == [(ASKED, "")]
    assert named["timegate"] == [(f"http://localhost/timegate/{ASKED}", "")]
    assert named["memento"] == [(led, "Wed, 01 Mar 2023 00:00:00 GMT")]
    plain = get(re.sub(r"\?.*", "", led.removeprefix("http://localhost")))
    assert plain.headers["memento-datetime"] == memento.headers["memento-datetime"]
    assert plain.content == memento.content


@pytest.mark.parametrize(
    "changed", [("at=20230301", "at=20230302"), ("at=20230301000000", "at=%0d%0a"), ("url=", "url=x")]
)
def test_no_memento_is_made_up(get: Get, changed: tuple[str, str]) -> None:
    led = at(ASKED, "Wed, 01 Mar 2023 00:00:00 GMT", get).headers["location"]
    answer = get(led.removeprefix("http://localhost").replace(*changed))
    assert answer.status_code == 404
    assert "memento-datetime" not in answer.headers


BAD = (
    "yesterday",
    "Thu, 01 Mar 2023 00:00:00 GMT",  # it was a Wednesday
    "Wed, 01 Mar 2023 00:00:00 +0800",
    "Wed, 01 Mar 2023 00:00:00",
    "Wed, 1 Mar 2023 00:00:00 GMT",
    "Wed, 01 Mar 2023 24:00:00 GMT",
    "2023-03-01T00:00:00Z",
    "Wed, 01 Mar 0000 00:00:00 GMT",
    "a b c d e f",
)


@pytest.mark.parametrize("accepted", BAD)
def test_what_is_no_date_is_refused(get: Get, accepted: str) -> None:
    answer = at(PAGE, accepted, get)
    assert answer.status_code == 400
    assert "accept-datetime" in answer.headers["vary"].lower()
    assert links(answer.headers["link"])["original"] == [(PAGE, "")]


def test_a_date_is_read_to_the_letter() -> None:
    moment = moment_of("Wed, 01 Mar 2023 01:02:03 GMT")
    assert moment is not None
    assert moment.isoformat() == "2023-03-01T01:02:03+00:00"


@pytest.mark.parametrize("name", ["timegate", "timemap/link", "timemap/json", "timemap/cdxj"])
@pytest.mark.parametrize(
    "url", ["http://nowhere.example/", "http://nowhere.example/a/?", "ftp://a/", "%", "http://[", "%ff%00"]
)
def test_what_was_never_captured_is_not_there(get: Get, name: str, url: str) -> None:
    answer = get(f"/{name}/{url}")
    assert answer.status_code == 404
    assert "<h1" in answer.text


def test_no_header_is_smuggled_in(get: Get) -> None:
    spoilt = f"{PAGE}%0d%0aX-Mine:1%22%3E"
    for path in (f"/timegate/{spoilt}", f"/timegate/{quote(PAGE, safe='')}?%0d%0aX-Mine:1"):
        assert "x-mine" not in get(path).headers


@pytest.mark.parametrize(
    "written",
    [
        quote(PAGE, safe=""),
        PAGE.replace("http://www.", ""),
        PAGE.replace("http://", "http:/"),
        PAGE.replace("http://www.", "HTTPS://WWW."),
        PAGE.replace("/1.html", "/./x/..//1.html?"),
    ],
)
def test_an_address_is_known_however_it_is_written(get: Get, written: str) -> None:
    told = get(f"/timemap/json/{written}")
    assert told.status_code == 200
    assert {json.loads(line)["url"] for line in told.text.splitlines()} == {PAGE}


def _theirs(port: int, form: str, url: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/nb/timemap/{form}/{url}", timeout=20) as answer:
        told: bytes = answer.read()
    return told.decode()


def _moments(form: str, text: str) -> list[tuple[str, ...]]:
    """What a TimeMap says of each memento: key, moment and address; of links only the moment."""
    if form == "link":
        return [(date,) for _target, date in links(text)["memento"]]
    found = []
    for line in text.splitlines():
        if form == "json":
            said = json.loads(line)
            found.append((said["urlkey"], said["timestamp"], said["url"]))
        else:
            key, stamp, rest = line.split(" ", 2)
            found.append((key, stamp, json.loads(rest)["url"]))
    return found


def _differences(get: Get, port: int, urls: list[str]) -> list[tuple[str, str]]:
    return [
        (form, url)
        for url in urls
        for form in ("link", "json", "cdxj")
        if _moments(form, get(f"/timemap/{form}/{url}").text) != _moments(form, _theirs(port, form, url))
    ]


def test_pywb_tells_the_same_of_odd_addresses(get: Get, tmp_path: Path) -> None:
    with webarchives.pywb(tmp_path / "pywb", [tmp_path / "x.warc.gz"]) as theirs:
        assert _differences(get, theirs.port, list(ODD)) == []


def _theirs_at(port: int, url: str, accepted: str) -> str | None:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/nb/mp_/{url}", headers={"Accept-Datetime": accepted}
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:
        dated: str | None = answer.headers["Memento-Datetime"]
    return dated


@pytest.mark.slow
def test_the_gate_of_pywb_leads_to_the_same(get: Get, tmp_path: Path) -> None:
    with webarchives.pywb(tmp_path / "pywb", [tmp_path / "x.warc.gz"]) as theirs:
        for url in ODD:
            for accepted in NEAR:
                led = at(url, accepted, get).headers["location"].removeprefix("http://localhost")
                assert get(led).headers["memento-datetime"] == _theirs_at(theirs.port, url, accepted)


NEAR = (
    "Wed, 01 Jan 2020 00:00:00 GMT",
    "Wed, 01 Mar 2023 23:59:59 GMT",
    "Thu, 02 Mar 2023 00:00:01 GMT",
    "Sun, 05 Mar 2023 11:59:59 GMT",
    "Sun, 05 Mar 2023 12:00:01 GMT",
    "Sat, 01 Jan 2028 00:00:00 GMT",
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    """The sample country after two nights, published; and the port of pywb over its WARC file."""
    folder = tmp_path_factory.mktemp("memento")
    if webarchives.programs() is None:
        pytest.skip(webarchives.MISSING)
    db, registry = folder / "a.db", folder / "r.csv"
    with Server(sample_country(bodies=4, years=range(2022, 2026)), noise=False) as server:
        registry.write_text(server.registry_csv(), "utf-8")
        for night in (1, 2):
            server.set_night(night)
            crawling.crawl(db, registry, recheck="all" if night > 1 else "due")
            await_second_after(db)
    with Archive.open(db) as archive:
        read(archive)
        export(archive, folder / "x.warc.gz", Software("test", "test"))
    publish(db, folder / "public")
    with webarchives.pywb(folder / "pywb", [folder / "x.warc.gz"]) as theirs:
        yield folder / "public", theirs.port


@pytest.mark.slow
def test_pywb_tells_the_same_of_the_sample_country(sample: tuple[Path, int]) -> None:
    public, port = sample
    site = app(public)
    with closing(sqlite3.connect(public / "nianbao.db")) as conn:
        urls = [url for (url,) in conn.execute("select distinct url from capture order by url")]
    assert len(urls) > 10
    with asyncio.Runner() as runner:
        assert _differences(lambda path: runner.run(site.client.get(path)), port, urls) == []
