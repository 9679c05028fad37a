"""The manifest of a kept release: its tables, the files that each is made of, and the digest of its rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.digests import sha256
from archive.errors import ArchiveError

NAME = "manifest.json"
FORMAT = 1
RELEASE = r"\d{4}-\d{2}-\d{2}(?:\.\d{1,4})?"
"""The pattern of the name of a release."""
FILE = rf"[a-z_]+\.{RELEASE}\.(?:parquet|jsonl\.zst)"
"""The pattern of the name of one of its files: the table, and the release in which the file was made."""


class Unkept(ArchiveError):
    """A release that could not be kept or read; the text says which, why, and what to do."""


@dataclass(frozen=True)
class File:
    """A file of a release: its name, and the SHA-256 (hex) and size (bytes) that it must have."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Table:
    """A table of a release. `key` names the columns of which the rows of one thing have the same values.

    `files` is the whole table (Parquet) and then its changes, the oldest first; `digest` is the SHA-256 of all rows,
    whatever their order (`chain.digest`).
    """

    key: tuple[str, ...]
    rows: int
    digest: str
    files: tuple[File, ...]


@dataclass(frozen=True)
class Manifest:
    """A release: its name (the day of `as_of`, `.2` and on for later ones of that day), and its tables by name.

    `publication` is the name of the folder that it is a release of, `before` the name of the release before it.
    """

    name: str
    as_of: str
    publication: str
    before: str
    tables: Mapping[str, Table]

    def written(self) -> str:
        """As it stands in the file."""
        return (
            json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, separators=(",", ":")) + "\n"
        )


def read(release: Path) -> Manifest:
    """The manifest of the release in this folder. Raises Unkept where there is none, or it is not sound."""
    path = release / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found.pop("format") != FORMAT:
            raise Unkept(f"{path} is of another form; read it with the version of nianbao that wrote it")
        return Manifest(**{**found, "tables": {name: _table(each) for name, each in found["tables"].items()}})
    except FileNotFoundError as error:
        raise Unkept(f"{release}: no release is kept here") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unkept(f"{path} is damaged ({error}); restore it from a copy") from error


def _table(found: dict[str, object]) -> Table:
    table = Table(**found)  # type: ignore[arg-type]
    files = tuple(File(**each) for each in table.files)  # type: ignore[arg-type]
    if not files or not all(re.fullmatch(FILE, file.name) for file in files):
        raise ValueError("a table has no files, or one of no name of ours")
    return Table(tuple(table.key), table.rows, table.digest, files)


def check(release: Path, table: Table) -> None:
    """Raises Unkept where a file of the table is gone, or is not what was kept."""
    for file in table.files:
        path = release / file.name
        if not path.is_file():
            raise Unkept(f"{path} is gone; restore it from a copy")
        if path.stat().st_size != file.bytes or sha256(path) != file.sha256:
            raise Unkept(
                f"{path} is not what was kept: its size or SHA-256 is another; restore it from a copy"
            )


def beside(out: Path) -> Path:
    """Where the releases of a publication are kept unless another folder is given."""
    return out.absolute().parent / "releases"


def releases(folder: Path) -> list[str]:
    """The names of the releases that are kept in a folder, the newest first."""
    try:
        found = [
            path.name
            for path in folder.iterdir()
            if re.fullmatch(RELEASE, path.name) and (path / NAME).is_file()
        ]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(found, key=_order, reverse=True)


def _order(name: str) -> tuple[str, int]:
    day, _, number = name.partition(".")
    return day, int(number or 1)
