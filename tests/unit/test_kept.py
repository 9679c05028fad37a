"""Releases are kept as whole tables and their changes; each reads as it was published."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.publication.downloads import Download
from archive.releases.keeping import keep
from archive.releases.manifest import Unkept, read, releases
from archive.releases.reading import rows

SCHEMA = pa.schema(
    [
        ("report_id", pa.string()),
        ("version", pa.int64()),
        ("last_seen", pa.string()),
        ("code", pa.string()),
        ("value", pa.float64()),
    ]
)
TABLE = Download("figures", "", (), lambda conn: iter(()))
Row = tuple[Any, ...]

texts = st.none() | st.sampled_from(["", "a\nb", "'\"", "获嘉县", "null", "\\u0000", "2026"])
values = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 3).map(float)
made_rows = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.integers(1, 2),
        st.sampled_from(["2026-01-01", "2026-01-02"]),
        texts,
        values,
    ),
    max_size=12,
)


def draft(folder: Path, found: Sequence[Row]) -> Path:
    folder.mkdir(exist_ok=True)
    columns = [pa.array([row[at] for row in found], field.type) for at, field in enumerate(SCHEMA)]
    pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA), folder / "figures.parquet")
    return folder


def kept(folder: Path, found: Sequence[Row], as_of: str, publication: str = "public") -> Path:
    name = keep(draft(folder / "draft", found), folder / "releases", [TABLE], publication, as_of)
    return folder / "releases" / name


def read_back(release: Path) -> list[Row]:
    return [tuple(row.values()) for row in rows(release, "figures").to_pylist()]


def ordered(found: Sequence[Row]) -> list[str]:
    return sorted(map(repr, found))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(made_rows, min_size=2, max_size=5))
def test_every_release_reads_as_it_was_published(
    nights: list[list[Row]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("kept")
    found = [kept(folder, night, f"2026-01-{day:02}T00:00:00Z") for day, night in enumerate(nights, start=1)]
    for release, night in zip(found, nights, strict=True):
        assert ordered(read_back(release)) == ordered(night)


def many(changed: int = 0, seen: str = "2026-01-01") -> list[Row]:
    return [(f"r{n:04}", 1, seen, "t2_a", float(n + (n < changed) * 10_000)) for n in range(2000)]


def test_what_did_not_change_is_shared(tmp_path: Path) -> None:
    one, two = kept(tmp_path, many(), "2026-01-01T00:00:00Z"), kept(tmp_path, many(), "2026-01-02T00:00:00Z")
    (file,) = read(two).tables["figures"].files
    assert (one / file.name).stat().st_ino == (two / file.name).stat().st_ino
    assert read(two).before == one.name


def test_only_what_changed_is_kept(tmp_path: Path) -> None:
    kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    two = kept(tmp_path, [*many(3)[:-1], ("new", 1, "2026-01-01", None, None)], "2026-01-02T00:00:00Z")
    whole, changes = read(two).tables["figures"].files
    assert (whole.name, changes.name) == ("figures.2026-01-01.parquet", "figures.2026-01-02.jsonl.zst")
    with pa.CompressedInputStream(pa.OSFile(str(two / changes.name)), "zstd") as stream:
        said = [json.loads(line) for line in stream.read().decode().splitlines()]
    assert sorted((each["_change"], each["report_id"]) for each in said) == [
        ("added", "new"),
        ("changed", "r0000"),
        ("changed", "r0001"),
        ("changed", "r0002"),
        ("removed", "r1999"),
    ]


def size(folder: Path) -> int:
    """What a folder costs on the disk: shared files once."""
    return sum(
        {each.stat().st_ino: each.stat().st_size for each in folder.rglob("*") if each.is_file()}.values()
    )


def test_thirty_nights_cost_what_they_changed(tmp_path: Path) -> None:
    """40,000 rows, of which each night brings 40 others."""
    draw = random.Random(1)
    table = [(f"r{n:05}", 1, "2026-01-01", f"t2_{n % 7}", draw.random()) for n in range(40_000)]
    first, nights = 0, {}
    for day in range(1, 31):
        for at in draw.sample(range(len(table)), 40):
            table[at] = (*table[at][:4], draw.random())
        release = kept(tmp_path, table, f"2026-01-{day:02}T00:00:00Z")
        nights[release] = sum(row[4] for row in table)
        first = first or size(tmp_path / "releases")
    assert size(tmp_path / "releases") <= 1.3 * first
    for release in list(nights)[::9]:
        assert sum(row[4] for row in sorted(read_back(release))) == pytest.approx(nights[release], abs=1e-9)


def test_a_later_look_is_no_new_row(tmp_path: Path) -> None:
    kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    two = kept(tmp_path, many(seen="2026-01-02"), "2026-01-02T00:00:00Z")
    three = kept(tmp_path, many(2, seen="2026-01-03"), "2026-01-03T00:00:00Z")
    assert ordered(read_back(two)) == ordered(many(seen="2026-01-02"))
    assert ordered(read_back(three)) == ordered(many(2, seen="2026-01-03"))


def test_the_same_release_is_kept_once(tmp_path: Path) -> None:
    one = kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    assert kept(tmp_path, many(), "2026-01-01T00:00:00Z") == one
    second = kept(tmp_path, many(1), "2026-01-01T00:00:00Z")
    assert second.name == "2026-01-01.2"
    assert releases(tmp_path / "releases") == ["2026-01-01.2", "2026-01-01"]


def test_a_table_of_other_columns_is_kept_whole(tmp_path: Path) -> None:
    kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    wider = pq.read_table(draft(tmp_path / "draft", many()) / "figures.parquet").append_column(
        "unit", pa.array(["件"] * 2000)
    )
    pq.write_table(wider, tmp_path / "draft" / "figures.parquet")
    name = keep(tmp_path / "draft", tmp_path / "releases", [TABLE], "public", "2026-01-02T00:00:00Z")
    release = tmp_path / "releases" / name
    table = read(release).tables["figures"]
    assert [file.name for file in table.files] == ["figures.2026-01-02.parquet"]
    assert "unit" in rows(release, "figures").column_names


@pytest.mark.parametrize("harm", ["flip", "gone", "swapped"])
def test_a_damaged_release_is_said_and_the_next_one_is_whole(tmp_path: Path, harm: str) -> None:
    one = kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    (file,) = read(one).tables["figures"].files
    path = one / file.name
    if harm == "gone":
        path.unlink()
    elif harm == "flip":
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    else:
        path.write_bytes((draft(tmp_path / "other", many(5)) / "figures.parquet").read_bytes())
    with pytest.raises(Unkept, match="restore it from a copy"):
        rows(one, "figures")
    two = kept(tmp_path, many(1), "2026-01-02T00:00:00Z")
    assert [each.name for each in read(two).tables["figures"].files] == ["figures.2026-01-02.parquet"]
    assert ordered(read_back(two)) == ordered(many(1))


def test_releases_of_another_publication_are_left_alone(tmp_path: Path) -> None:
    kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    with pytest.raises(Unkept, match="--releases"):
        kept(tmp_path, many(), "2026-01-02T00:00:00Z", publication="other")
    assert [path.name for path in (tmp_path / "releases").iterdir()] == ["2026-01-01"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', '{"format": 1, "name": "x"}', '{"format": 1, "tables": {"a": 1}}'],
)
def test_a_damaged_manifest_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(Unkept, match=r"manifest\.json"):
        read(tmp_path)


def test_a_manifest_leads_nowhere_else(tmp_path: Path) -> None:
    one = kept(tmp_path, many(), "2026-01-01T00:00:00Z")
    text = (one / "manifest.json").read_text()
    (one / "manifest.json").write_text(
        text.replace("figures.2026-01-01.parquet", "../../draft/figures.parquet")
    )
    with pytest.raises(Unkept, match="damaged"):
        read(one)


def test_a_table_that_was_not_kept_is_said_with_those_that_were(tmp_path: Path) -> None:
    with pytest.raises(Unkept, match="it has figures"):
        rows(kept(tmp_path, many(), "2026-01-01T00:00:00Z"), "panel")
    with pytest.raises(Unkept, match="no release is kept here"):
        rows(tmp_path / "releases" / "2020-01-01", "panel")


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s "kept" [*] {a}'
    folder.mkdir()
    kept(folder, many(), "2026-01-01T00:00:00Z")
    two = kept(folder, many(4), "2026-01-02T00:00:00Z")
    assert len(read(two).tables["figures"].files) == 2
    assert ordered(read_back(two)) == ordered(many(4))


def test_a_change_too_long_to_be_read_is_kept_whole(tmp_path: Path) -> None:
    table = [(f"r{n}", 1, "2026-01-01", random.Random(n).randbytes(100_000).hex(), 0.0) for n in range(4)]
    kept(tmp_path, table, "2026-01-01T00:00:00Z")
    table.append(("long", 1, "2026-01-01", "x" * 40_000_000, 0.0))
    two = kept(tmp_path, table, "2026-01-02T00:00:00Z")
    assert [file.name for file in read(two).tables["figures"].files] == ["figures.2026-01-02.parquet"]
    assert len(read_back(two)) == 5
