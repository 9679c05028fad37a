"""Citations of a query: what was asked and what came of it, under the hash of both, kept beside the publication.

The hash is that of content: the same question with the same answer has the same hash in every copy of a release.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LARGEST = 32 * 1024
"""Bytes of rows that are kept, to say later which of them changed."""
MOST = 200
"""Citations in one of 256 folders: nobody fills the disk."""

Rows = list[list[Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: its columns, its rows, and the SHA-256 of both, whatever the order of the rows."""

    columns: list[str]
    rows: Rows
    digest: str


def answer(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Answer:
    """The answer with its digest: of the columns and of each row as JSON, the rows sorted, a line each."""
    plain = [[_plain(cell) for cell in row] for row in rows]
    lines = [_json(list(columns)), *sorted(map(_json, plain))]
    return Answer(
        list(columns), plain, hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    )


def _plain(cell: Any) -> Any:
    return cell.hex() if isinstance(cell, bytes) else cell


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Citation:
    """A query as it was cited: the question, the release that it was put to (`as_of`), and its answer.

    `rows` is None when they were too many to keep; the digest stands for them.
    """

    sql: str
    parameters: dict[str, str]
    as_of: str
    columns: list[str]
    number: int
    digest: str
    rows: Rows | None

    @property
    def hash(self) -> str:
        """32 hex digits for the question and its answer."""
        return named(self.sql, self.parameters, self.digest)


def named(sql: str, parameters: Mapping[str, str], digest: str) -> str:
    """The hash under which this question with an answer of this digest is cited."""
    text = _json([tidy(sql), sorted(parameters.items()), digest])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def tidy(sql: str) -> str:
    """A query without what does not matter at its ends."""
    return sql.strip().rstrip(";").rstrip()


def cite(sql: str, parameters: Mapping[str, str], as_of: str, found: Answer) -> Citation:
    """The citation of a question and its answer."""
    kept = found.rows if len(_json(found.rows).encode()) <= LARGEST else None
    return Citation(tidy(sql), dict(parameters), as_of, found.columns, len(found.rows), found.digest, kept)


def keep(folder: Path, citation: Citation) -> bool:
    """Write a citation under its hash; false where that cannot be done, and its long link has to do."""
    path = _path(folder, citation.hash)
    if path.exists():
        return True
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if sum(1 for _ in path.parent.iterdir()) >= MOST:
            return False
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(asdict(citation), ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        return False
    return True


def known(folder: Path, name: str) -> Citation | None:
    """The citation kept under this hash; None when there is none, or what lies there does not match its name."""
    try:
        citation = Citation(**json.loads(_path(folder, name).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return citation if citation.hash == name else None


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / f"{name}.json"


def changes(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """The rows that went and the rows that came, each as often as it did."""
    went, came = list(before), []
    for row in after:
        if row in went:
            went.remove(row)
        else:
            came.append(row)
    return went, came
