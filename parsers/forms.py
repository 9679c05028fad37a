"""The forms that are read: forms.csv names them, codebook.csv their cells. Other ones than the packaged: a
folder.

A row of forms.csv is one table of one generation: `layout` says how it is printed, `first_year` and
`last_year` which reports it is for (empty: still in force), `expected` whether such a report must have it,
`words` what its heads say beside the labels of the codebook, `identities` its 勾稽关系 by groups of codes
(see parsers.identities). Sources: 国办公开办函〔2021〕30号 (the form in force), 国办公开办函〔2019〕60号,
国办发〔2014〕32号, and local forms.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from threading import RLock
from typing import ParamSpec, TypeVar, cast

SETTING = "NIANBAO_FORMS"
"""The environment variable that names the folder for a whole archive, its workers included."""
FILES = ("forms.csv", "codebook.csv", "local_rows.csv", "statements.csv", "indicators.csv")
"""What such a folder may hold; what it lacks is the packaged one."""
_BEYOND = 9999  # the last year of a form that is in force

P = ParamSpec("P")
R = TypeVar("R")


class FormsError(ValueError):
    """forms.csv or codebook.csv do not fit together; the message says where and what to do."""


class Layout(StrEnum):
    """How a table is printed. The readers know these, and no table by its name."""

    BLOCKS = "blocks"
    """Blocks one below another, each with a head of its own columns."""
    MATRIX = "matrix"
    """Rows that all have the columns of one head."""
    ROW = "row"
    """One row without a label, its columns in groups."""
    LIST = "list"
    """One indicator a row."""
    LOCAL = "local"
    """A list whose rows bodies print in orders of their own."""
    PROSE = "prose"
    """No table: what is told is told in prose."""


class Expected(StrEnum):
    """Whether a report of these years must have the table."""

    ALWAYS = "always"
    ANNOUNCED = "announced"
    """Where its text says that there is one."""
    NEVER = ""


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One row of forms.csv."""

    generation: str
    table: str
    layout: Layout
    first_year: int
    last_year: int
    expected: Expected
    notice: str
    title_zh: str
    title_en: str
    name_en: str
    words: tuple[str, ...]
    identities: str

    def in_force(self, year: int) -> bool:
        """Whether reports about this year follow it."""
        return self.first_year <= year <= self.last_year


_folder: Path | None = None
_forgetting: list[Callable[[], None]] = []
_switching = RLock()


def forms_cache(most: int | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """`functools.lru_cache` for what depends on the forms: forgotten when other forms are read. None: all is
    kept."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made = lru_cache(maxsize=most)(function)
        _forgetting.append(made.cache_clear)
        return cast("Callable[P, R]", made)

    return decorate


@contextmanager
def using(folder: str | os.PathLike[str] | None) -> Iterator[None]:
    """Within, the forms of this folder are read; None leaves all as it is. One folder at a time in a process:
    another thread waits that wants to read with others, and what it reads without `using` is read with this
    one's."""
    if folder is None:
        yield
        return
    with _switching:
        before = _folder
        _read_from(_checked(folder))
        try:
            yield
        finally:
            _read_from(before)


def _checked(folder: str | os.PathLike[str]) -> Path:
    path = Path(folder)
    if not any((path / name).is_file() for name in FILES):
        raise FormsError(f"{path}: no forms are there; a folder of forms has {', '.join(FILES[:2])}")
    return path


def _read_from(folder: Path | None) -> None:
    global _folder
    _folder = folder
    for forget in _forgetting:
        forget()


def table_of_rows(name: str, package: str = "parsers") -> list[dict[str, str]]:
    """The rows of one of FILES, from the folder in use, else from the environment's, else from the
    package."""
    folder = _folder or (_checked(os.environ[SETTING]) if os.environ.get(SETTING) else None)
    own = folder / name if folder and name in FILES else None
    source = own if own and own.is_file() else files(package).joinpath(name)
    return list(csv.DictReader(StringIO(source.read_text(encoding="utf-8-sig"))))


@forms_cache()
def entries() -> tuple[FormEntry, ...]:
    """All rows of forms.csv, in its order."""
    return tuple(_entry(number, row) for number, row in enumerate(table_of_rows("forms.csv"), 2))


def _entry(number: int, row: dict[str, str]) -> FormEntry:
    try:
        return FormEntry(
            generation=row["generation"],
            table=row["table"],
            layout=Layout(row["layout"]),
            first_year=int(row["first_year"]),
            last_year=int(row["last_year"] or _BEYOND),
            expected=Expected(row["expected"]),
            notice=row["notice"],
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            name_en=row["name_en"],
            words=tuple(filter(None, row["words"].split("|"))),
            identities=row["identities"],
        )
    except (KeyError, ValueError) as error:
        raise FormsError(f"forms.csv line {number}: {error}; see docs/CONTRIBUTING.md") from error


@forms_cache()
def entry_of(generation: str, table: str) -> FormEntry:
    """The row of one table of one generation, by the name that codebook.csv gives it; raises FormsError
    without one."""
    for entry in entries():
        if (entry.generation, entry.table) == (generation, table):
            return entry
    raise FormsError(f"codebook.csv has {generation} {table}, but forms.csv has no row for it: add one")


@forms_cache()
def generations() -> tuple[str, ...]:
    """All generations, the oldest first; of those that began in the same year the one that forms.csv has
    first."""
    first: dict[str, int] = {}
    for entry in entries():
        first[entry.generation] = min(entry.first_year, first.get(entry.generation, _BEYOND))
    return tuple(sorted(first, key=lambda generation: first[generation]))


@forms_cache()
def generation_for(year: int | None) -> str:
    """The generation for reports about a year, the newest that had begun; None and years before all: newest
    and oldest."""
    every = generations()
    if year is None:
        return every[-1]
    begun = [entry.generation for entry in entries() if entry.first_year <= year]
    return max(begun, key=every.index, default=every[0])
