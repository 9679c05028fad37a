"""WACZ (1.1.1): WARC files, their index, pages and digests in one ZIP that a browser replays."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from archive.ids import content_id
from archive.warcs import cdxj
from archive.whole import written

VERSION = "1.1.1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of all entries: the same records make the same file."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a player lists it: its address, when it was seen (UTC, ISO 8601), its title and its text."""

    url: str
    at: str
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself: `created` in UTC (ISO 8601), and what wrote it."""

    title: str
    created: str
    software: str
    description: str = ""


def write(
    out: Path,
    warcs: Iterable[Path],
    pages: Iterable[Page],
    about: About,
    extras: Mapping[str, bytes] = {},
) -> int:
    """Writes `out`, complete or not at all, from WARC files (.warc.gz), and gives its bytes.

    Pages are taken one at a time. `extras` are files beside them, by a path of one folder and one name
    (`evidence/report.json`): validators look no deeper. Raises OSError when the file cannot be written.
    """
    with written(out) as file, zipfile.ZipFile(file, "w") as packed:
        _fill(_Packer(packed), list(warcs), pages, about, extras)
    return out.stat().st_size


def _fill(
    packer: _Packer, warcs: list[Path], pages: Iterable[Page], about: About, extras: Mapping[str, bytes]
) -> None:
    for warc in warcs:
        with packer.file(f"archive/{warc.name}") as out, warc.open("rb") as file:
            shutil.copyfileobj(file, out)
    packer.index(warcs)
    with packer.file("pages/pages.jsonl", deflate=True) as out:
        _write_pages(out, pages)
    for path, data in extras.items():
        with packer.file(path, deflate=True) as out:
            out.write(data)
    packer.close(about)


def _write_pages(out: IO[bytes], pages: Iterable[Page]) -> None:
    head = {"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True}
    out.write(f"{json.dumps(head)}\n".encode())
    for page in pages:
        line = {
            "id": content_id("page", page.url, page.at),
            "url": page.url,
            "ts": page.at,
            "title": page.title or page.url,
            "text": page.text,
        }
        out.write(f"{json.dumps(line, ensure_ascii=False)}\n".encode("utf-8", "replace"))


class _Hashing:
    """A file that is written to, and what was."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self.size, self._hash = out, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.size += len(data)
        self._hash.update(data)
        return self._out.write(data)

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


class _Packer:
    """Puts files into the ZIP, and remembers their digests."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._resources: list[dict[str, object]] = []

    @contextmanager
    def file(self, path: str, *, deflate: bool = False) -> Iterator[IO[bytes]]:
        """One file to write to; without `deflate` it is stored as it is, to be read in parts."""
        entry = zipfile.ZipInfo(path, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        with self._packed.open(entry, "w", force_zip64=True) as out:
            hashing = _Hashing(out)
            yield cast(IO[bytes], hashing)
        name = PurePosixPath(path).name.lower()
        self._resources.append({"name": name, "path": path, "hash": hashing.digest, "bytes": hashing.size})

    def index(self, warcs: Iterable[Path]) -> None:
        """The index of all records, in blocks, and the index of the blocks."""
        with self.file("indexes/index.cdx.gz") as out:
            blocks = cdxj.pack(cdxj.lines(warcs), out, "index.cdx.gz")
        with self.file("indexes/index.idx", deflate=True) as out:
            out.write(blocks.encode())

    def close(self, about: About) -> None:
        """The list of all files with their digests, and its own digest."""
        told = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": about.title,
            "description": about.description,
            "created": about.created,
            "software": about.software,
            "resources": self._resources,
        }
        data = json.dumps(told, ensure_ascii=False, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        self._packed.writestr(zipfile.ZipInfo("datapackage.json", _EPOCH), data)
        self._packed.writestr(
            zipfile.ZipInfo("datapackage-digest.json", _EPOCH), json.dumps(digest, indent=2)
        )
