"""Every night of a country is kept as a release, which reads as it was published."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import launching
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from made import HOST, Country, says
from published import make_archive

from archive.publish import Published, publish
from archive.releases.manifest import read, releases
from archive.releases.reading import rows
from web import app

NIGHTS, REPORTS = 4, 40


def cells(day: int, number: int) -> dict[str, int]:
    names = [
        f"t3_{row}__{who}"
        for row in ("new_received", "granted", "carried_in")
        for who in ("natural", "total")
    ]
    return {name: (number * 37 + at * 11 + day) % 500 for at, name in enumerate(names)}


def shown(country: Country, number: int, day: int) -> None:
    name, year = f"获嘉县第{number}镇", 2020 + number % 4
    said = says(
        title=f"{name}{year}年政府信息公开年度报告", issuer=name, year=year, values=cells(day, number)
    )
    country.shows(f"{HOST}/{number}.html", {**said, "text": f"公开{number + day}条。"}, day)


def ordered(table: pa.Table) -> list[str]:
    return sorted(map(repr, table.to_pylist()))


def test_every_night_reads_as_it_was_published(tmp_path: Path) -> None:
    country = Country(tmp_path / "archive.db")
    out, kept = tmp_path / "public", tmp_path / "releases"
    found: dict[str, dict[str, list[str]]] = {}
    for day in range(1, NIGHTS + 1):
        for number in range(REPORTS) if day == 1 else (day, REPORTS + day):
            shown(country, number, day)
        country.lists(day)
        country.read()
        done = publish(country.archive.path, out)
        assert done.unkept == ""
        found[done.release] = {path.stem: ordered(pq.read_table(path)) for path in out.glob("*.parquet")}
    assert len(found) == NIGHTS
    assert releases(kept) == sorted(found, reverse=True)
    for release, tables in found.items():
        assert set(read(kept / release).tables) == set(tables)
        for name, said in tables.items():
            assert ordered(rows(kept / release, name)) == said, (release, name)
    assert found[done.release]["figures"] != found["2023-03-01"]["figures"]
    assert len(read(kept / done.release).tables["panel"].files) == NIGHTS


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive.db")


def test_the_same_archive_is_kept_once(archive: Path, tmp_path: Path) -> None:
    one, two = publish(archive, tmp_path / "public"), publish(archive, tmp_path / "public")
    assert one.release == two.release
    assert len(releases(tmp_path / "releases")) <= 2


def test_what_cannot_be_kept_is_published(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out, into = tmp_path / "public", tmp_path / "file" / "kept"
    words = [sys.executable, "-m", "nianbao", "publish", "--db", archive, "--out", out, "--releases", into]
    done = launching.run([*words, "--json"])
    assert done.returncode == 0
    said = json.loads(done.stdout)
    assert said["release"] == ""
    assert "give another --releases" in said["unkept"]
    assert (out / "nianbao.db").is_file()
    done = launching.run(words)
    assert done.returncode == 0
    assert f"not kept as a release: {into}" in done.stdout


def test_two_publications_do_not_share_a_folder(archive: Path, tmp_path: Path) -> None:
    first: Published = publish(archive, tmp_path / "one")
    second = publish(archive, tmp_path / "two")
    assert first.release
    assert "--releases" in second.unkept
    assert publish(archive, tmp_path / "two", releases=tmp_path / "kept of two").release == first.release


def test_what_a_killed_one_left_is_swept_away(archive: Path, tmp_path: Path) -> None:
    left = tmp_path / "releases" / ".keeping"
    left.mkdir(parents=True)
    (left / "half.parquet").write_bytes(b"PAR1")
    done = publish(archive, tmp_path / "public")
    assert os.listdir(tmp_path / "releases") == [done.release]  # noqa: PTH208


def test_releases_are_shown_and_their_files_served(archive: Path, tmp_path: Path) -> None:
    done = publish(archive, tmp_path / "public")
    site = app(tmp_path / "public")

    def get(path: str, **more: Any) -> Any:
        return asyncio.run(site.client.get(path, **more))

    assert get("/releases.json").json()["releases"] == [done.release]
    said = get(f"/releases/{done.release}.json").json()
    manifest = read(tmp_path / "releases" / done.release)
    assert said["tables"]["figures"]["digest"] == manifest.tables["figures"].digest
    (file,) = manifest.tables["figures"].files
    answer = get(f"/releases/{done.release}/{file.name}")
    assert hashlib.sha256(answer.content).hexdigest() == file.sha256
    assert answer.headers["etag"] == f'"{file.sha256}"'
    assert get(f"/releases/{done.release}/{file.name}", headers={"range": "bytes=0-3"}).content == b"PAR1"
    again = get(f"/releases/{done.release}/{file.name}", headers={"if-none-match": f'"{file.sha256}"'})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "/releases/2001-01-01",
        "/releases/2001-01-01.json",
        "/releases/{}/figures.2001-01-01.parquet",
        "/releases/{}/manifest.json",
        "/releases/{}/..%2F..%2Farchive.db",
        "/releases/..%2Fpublic",
    ],
)
def test_what_is_no_release_is_not_there(archive: Path, tmp_path: Path, path: str) -> None:
    release = publish(archive, tmp_path / "public").release
    found = app(tmp_path / "public").client.get(path.format(release), follow_redirects=True)
    assert asyncio.run(found).status_code == 404


def test_releases_of_another_publication_are_not_shown(archive: Path, tmp_path: Path) -> None:
    release = publish(archive, tmp_path / "one").release
    publish(archive, tmp_path / "two")
    site = app(tmp_path / "two")
    assert asyncio.run(site.client.get("/releases.json")).json()["releases"] == []
    assert asyncio.run(site.client.get(f"/releases/{release}")).status_code == 404


def test_a_table_is_cited_with_its_release(archive: Path, tmp_path: Path) -> None:
    done = publish(archive, tmp_path / "public")
    site = app(tmp_path / "public")

    def get(path: str) -> Any:
        return asyncio.run(site.client.get(path))

    led = get("/cite?table=figures")
    assert (led.status_code, led.headers["location"]) == (302, f"/releases/{done.release}?table=figures")
    said = get(f"/releases/{done.release}.json?table=figures").json()["reference"]
    held = read(tmp_path / "releases" / done.release).tables["figures"]
    csl = said["csl"]
    assert (csl["type"], csl["version"], csl["issued"]) == (
        "dataset",
        done.release,
        {"date-parts": [[2023, 3, 2]]},
    )
    assert csl["URL"].endswith(f"/releases/{done.release}?table=figures")
    assert f"{held.rows} rows, SHA-256 {held.digest}" in csl["note"]
    for text in (said["text"], said["bibtex"], said["ris"]):
        assert held.digest in text
        assert csl["URL"] in text
    assert said["bibtex"].startswith(f"@misc{{{csl['id']},\n")
    assert said["bibtex"].count("{") == said["bibtex"].count("}")
    lines = said["ris"].splitlines()
    assert (lines[0], lines[-1]) == ("TY  - DATA", "ER  - ")
    assert all(line[2:6] == "  - " for line in lines)
    whole = get(f"/releases/{done.release}.json").json()["reference"]
    assert "note" not in whole["csl"]
    assert whole["text"].endswith(f"/releases/{done.release}")


@pytest.mark.parametrize("path", ["/cite?table=nothing", "/releases/2023-03-02?table=nothing"])
def test_a_table_that_a_release_has_not_is_said(archive: Path, tmp_path: Path, path: str) -> None:
    publish(archive, tmp_path / "public")
    answer = asyncio.run(app(tmp_path / "public").client.get(path, cookies={"lang": "en"}))
    assert answer.status_code == 400
    assert "It has: panel figures" in answer.text
