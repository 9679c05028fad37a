"""`python -m crawler.country.compiling FOLDER`: the packaged registry, made from lists of portals.

The folder has four lists, each row with what backs it: portals.csv (division, name, level, url, confidence, note),
departments.csv (division, body_name, url, confidence, note), columns.csv (division, body_name, kind, url, evidence)
and central.csv (name, kind, url, sources). Rows of high and medium confidence become sources, in one file a province;
low and derived ones become candidates, in files of their own. Rows that a person wrote stay as they are and come first.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from archive.bodies import Kind, canonical, kind_of
from archive.outcomes import host_of
from crawler.country.naming import department_name, government_name, labels, zone_name
from crawler.hosts import parent_of
from crawler.links import tidy
from crawler.naming import identifier, province_file
from crawler.registry import Entry, Source, load, write

CANDIDATES = "candidates"
"""The folder, below that of the sources, whose rows no crawl asks unless it is told to."""
_LEVELS = {"prefecture": "city"}
_SIGN_BOARD = "sign-board"
"""A second name of another body, which may have no report of its own."""
_TRUSTED = ("high", "medium")
_COLUMNS = ("column", "column-old")
"""Kinds of columns.csv that somebody saw; the others are addresses that a platform usually has."""
_FAMILY_OF = {"derived-gkmlpt": "gkmlpt", "derived-lonsun": "lonsun"}


class Row(NamedTuple):
    """A source that a list proposes, and whether a crawl may ask it without a survey."""

    source: Source
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Compiled:
    """The registry by file: sources and candidates, and why rows of the lists were left out."""

    sources: Mapping[str, Sequence[Source]]
    candidates: Mapping[str, Sequence[Source]]
    left_out: Mapping[str, int]


def compiled(folder: Path, known: Mapping[str, Sequence[Source]]) -> Compiled:
    """What the lists in `folder` and the rows of `known` (by file) come to; the same for the same input."""
    rows = [*_portals(folder), *_central(folder), *_departments(folder), *_columns(folder)]
    made = _Registry(known)
    for row in (*(row for row in rows if row.is_trusted), *(row for row in rows if not row.is_trusted)):
        made.add(row)
    return made.compiled()


class _Registry:
    """Takes rows one by one, each host once."""

    def __init__(self, known: Mapping[str, Sequence[Source]]) -> None:
        self.files = {name: list(rows) for name, rows in known.items()}
        every = [source for rows in known.values() for source in rows]
        self.ids = {source.id for source in every}
        self.urls = {_address(source.url) for source in every}
        self.hosts = {host_of(source.url) for source in every if source.entry is Entry.PORTAL}
        self.columns = {(source.division, canonical(source.name), parent_of(host_of(source.url)))
                        for source in every if source.entry is Entry.COLUMN}  # fmt: skip
        self.candidates: defaultdict[str, list[Source]] = defaultdict(list)
        self.left_out: Counter[str] = Counter()

    def add(self, row: Row) -> None:
        """Adds a row, unless its site is known."""
        source, file = row.source, province_file(row.source.division)
        why = self._known(source)
        if why:
            self.left_out[why] += 1
            return
        name = f"{file}-{identifier(source.url, '')}"
        if source.entry is Entry.COLUMN:
            name += "-nb"
        own = next(each for each in (name, *(f"{name}-{n}" for n in range(2, 99))) if each not in self.ids)
        self.ids.add(own)
        self.urls.add(_address(source.url))
        if source.entry is Entry.PORTAL:
            self.hosts.add(host_of(source.url))
        place = self.files.setdefault(file, []) if row.is_trusted else self.candidates[file]
        place.append(replace(source, id=own))

    def _known(self, source: Source) -> str:
        host = host_of(source.url)
        if _address(source.url) in self.urls:
            return "the address is there already"
        if source.entry is Entry.PORTAL and host in self.hosts:
            return "the host is there already"
        of_column = (source.division, canonical(source.name), parent_of(host))
        return "the body's column is there already" if of_column in self.columns else ""

    def compiled(self) -> Compiled:
        return Compiled(self.files, self.candidates, self.left_out)


def _address(url: str) -> str:
    """A URL without its scheme: one site is not two because it answers both."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _portals(folder: Path) -> Iterator[Row]:
    for row in _sorted(_read(folder / "portals.csv")):
        is_zone = row["level"] == "zone"
        name = zone_name(row["name"]) if is_zone else government_name(row["division"], row["name"])
        level = _LEVELS.get(row["level"], row["level"])
        kind = "zone" if is_zone else "government"
        yield _row(
            name, row["division"], level, kind, Entry.PORTAL, row["url"], row["confidence"], row["note"]
        )


def _central(folder: Path) -> Iterator[Row]:
    for row in _read(folder / "central.csv"):
        name = row["name"].partition("（")[2].rstrip("）") or row["name"]
        several = int(row["sources"]) > 1
        confidence = "low" if row["kind"] == _SIGN_BOARD else "high" if several else "medium"
        said = f"{row['kind']}; named by {row['sources']} lists"
        kind = kind_of(name).value
        yield _row(name, "", "central", kind, Entry.PORTAL, row["url"], confidence, said)


def _departments(folder: Path) -> Iterator[Row]:
    for row in _sorted(_read(folder / "departments.csv")):
        code, name = row["division"], department_name(row["division"], row["body_name"])
        level = "province" if code.endswith("0000") else "city"
        kind = kind_of(canonical(name)).value
        yield _row(name, code, level, kind, Entry.PORTAL, row["url"], row["confidence"], row["note"])


def _columns(folder: Path) -> Iterator[Row]:
    named = labels(_read(folder / "departments.csv"))
    for row in _sorted(_read(folder / "columns.csv")):
        code, name = row["division"], named(row["division"], row["body_name"], row["url"])
        if not name:
            continue
        if kind_of(canonical(name)) is Kind.ZONE:
            name = zone_name(name)
        level = "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"
        confidence = "medium" if row["kind"] in _COLUMNS else "low"
        kind = kind_of(canonical(name)).value
        said = f"{row['kind']}; {row['evidence']}"
        made = _row(name, code, level, kind, Entry.COLUMN, row["url"], confidence, said)
        family = _FAMILY_OF.get(row["kind"], "")
        yield made._replace(source=replace(made.source, family=family))


def _row(
    name: str, division: str, level: str, kind: str, entry: Entry, url: str, confidence: str, note: str
) -> Row:
    address = tidy(url)
    if address is None:
        raise ValueError(f"{name}: {url!r} is no web address")
    said = f"unverified; {confidence}; {note}"
    return Row(Source("", name, division, level, kind, entry, address, "", said), confidence in _TRUSTED)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{name: value or "" for name, value in row.items()} for row in csv.DictReader(file)]


def _sorted(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: (row["division"], row["url"]))


def main(arguments: Sequence[str]) -> int:
    """Rewrites the files of the packaged registry from the lists in a folder."""
    if len(arguments) not in (1, 2):
        print("usage: python -m crawler.country.compiling LISTS [SOURCES]", file=sys.stderr)
        return 2
    folder = Path(arguments[1] if len(arguments) > 1 else Path(__file__).parents[1] / "sources")
    known = {path.stem: list(load(path).sources.values()) for path in sorted(folder.glob("*.csv"))}
    made = compiled(Path(arguments[0]), known)
    (folder / CANDIDATES).mkdir(exist_ok=True)
    for name, rows in made.sources.items():
        write(folder / f"{name}.csv", rows)
    for name, rows in made.candidates.items():
        write(folder / CANDIDATES / f"{name}.csv", rows)
    count = sum(map(len, made.sources.values())), sum(map(len, made.candidates.values()))
    print(f"{count[0]} sources, {count[1]} candidates; left out: {dict(made.left_out)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
