"""The registry: sources as rows of CSV that a person can edit, and the hosts that they allow."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from archive.divisions import divisions
from archive.outcomes import host_of
from crawler.families import families
from crawler.hosts import parent_of, same_parent
from crawler.links import tidy

COLUMNS = ("id", "name", "division", "level", "kind", "entry", "url", "family", "note")


class RegistryError(Exception):
    """A registry that cannot be used: file, line, what, remedy."""


class Entry(StrEnum):
    """What the URL of a source is."""

    COLUMN = "column"
    PORTAL = "portal"


@dataclass(frozen=True, slots=True)
class Source:
    """One row of the registry."""

    id: str
    name: str
    division: str
    level: str
    kind: str
    entry: Entry
    url: str
    family: str = ""
    note: str = ""

    def row(self) -> dict[str, str]:
        """The row as the archive and CSV write it."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Registry:
    """The sources by id, with warnings about rows that are odd but usable."""

    sources: Mapping[str, Source]
    warnings: tuple[str, ...] = ()

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The hosts of all sources."""
        return frozenset(host_of(source.url) for source in self.sources.values())

    @cached_property
    def parents(self) -> frozenset[str]:
        """The registered domains of the hosts."""
        return frozenset(filter(None, map(parent_of, self.hosts)))

    def allows(self, url: str) -> bool:
        """Whether a URL's host is registered, or stands under the same registered parent as one that is."""
        host = host_of(url)
        return host in self.hosts or same_parent(host, self.parents)


def load_candidates() -> Registry:
    """What comes with the package as candidates: no crawl asks them, a survey may."""
    sources: dict[str, Source] = {}
    for name, text in _packaged(files("crawler").joinpath("sources", "candidates")):
        for line, row in _rows(name, text):
            source = _source(name, line, row)
            sources[source.id] = source
    return Registry(sources)


def load(path: Path | None = None) -> Registry:
    """The registry of one CSV file, or of the files that come with the package."""
    sources: dict[str, Source] = {}
    warnings: list[str] = []
    for name, text in _texts(path):
        for line, row in _rows(name, text):
            source = _source(name, line, row)
            if source.id in sources:
                raise RegistryError(
                    f"{name} line {line}: the id {source.id!r} stands twice; give each row its own"
                )
            sources[source.id] = source
            warnings += _warnings(name, line, source)
    return Registry(sources, tuple(warnings))


def write(path: Path, sources: Iterable[Source]) -> None:
    """A registry of these sources."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(source.row() for source in sources)


def append(path: Path, source: Source) -> Source:
    """Adds one row to a registry, which is made, with its folder, if there is none; an id that is taken gets a number."""
    known = load(path).sources if path.exists() else {}
    same = next((each for each in known.values() if each.url == source.url), None)
    if same is not None:
        raise RegistryError(f"{path}: {source.url} is there already, as {same.id}")
    names = (source.id, *(f"{source.id}-{number}" for number in range(2, len(known) + 3)))
    free = next(name for name in names if name not in known)
    added = replace(source, id=free)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, [*known.values(), added])
    return added


def _texts(path: Path | None) -> Iterator[tuple[str, str]]:
    if path is None:
        yield from _packaged(files("crawler").joinpath("sources"))
        return
    try:
        yield str(path), path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise RegistryError(f"{path}: there is no registry here; give --registry a CSV file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(
            f"{path}: cannot be read as UTF-8 text ({error}); save it as a UTF-8 CSV"
        ) from error


def _packaged(folder: Traversable) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".csv"):
            yield file.name, file.read_text("utf-8-sig")


def _rows(name: str, text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise RegistryError(
            f"{name} line 1: no column {', '.join(missing)}; the first line must be {','.join(COLUMNS)}"
        )
    try:
        for row in reader:
            if row.get(None):
                raise RegistryError(
                    f"{name} line {reader.line_num}: more fields than the first line names; put quotes around a"
                    " field with a comma in it"
                )
            if any((value or "").strip() for value in row.values() if isinstance(value, str)):
                yield reader.line_num, {column: (row[column] or "").strip() for column in COLUMNS}
    except csv.Error as error:
        raise RegistryError(f"{name} line {reader.line_num}: {error}; put quotes around the field") from error


def _source(name: str, line: int, row: Mapping[str, str]) -> Source:
    where = f"{name} line {line}"
    for column in ("id", "name", "url"):
        if not row[column]:
            raise RegistryError(f"{where}: {column} is empty; fill it in or remove the row")
    url = tidy(row["url"])
    if url is None:
        raise RegistryError(f"{where}: {row['url']!r} is no web address; write it with http:// or https://")
    try:
        entry = Entry(row["entry"])
    except ValueError as error:
        raise RegistryError(f"{where}: entry is {row['entry']!r}; write column or portal") from error
    return Source(**{**row, "entry": entry, "url": url})  # type: ignore[arg-type]


def _warnings(name: str, line: int, source: Source) -> Iterable[str]:
    if source.division and source.division[:6] not in divisions():
        yield f"{name} line {line}: the division {source.division!r} is not a GB/T 2260 code; the row is kept"
    if source.family and source.family not in families():
        known = ", ".join(families())
        yield f"{name} line {line}: there is no family {source.family!r}, so it is detected; known are {known}"
