"""WACZ (1.1.1): WARC files with their index, their pages and a list of digests, in one ZIP that a browser replays.

`write` makes one; `warcs_in` takes the WARC files out of one that somebody else made, which may be hostile.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from archive.ids import content_id
from archive.warcs import cdxj
from archive.warcs.foreign import ForeignError

VERSION = "1.1.1"
MAX_ENTRIES = 20_000
MAX_WARCS = 1_000
"""Files, and WARC files, that a foreign WACZ may hold."""
MAX_UNPACKED = 64 * 1024**3
"""Bytes of the WARC files of one: what a browser records in a day is a hundredth of it."""
MAX_PACKED_BY = 1_100
"""So many times as long as its packed bytes an entry may be: deflate gives 1032 at most."""
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
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f".{out.name}.part")
    try:
        with beside.open("wb") as file:
            with zipfile.ZipFile(file, "w") as packed:
                _fill(_Packer(packed), list(warcs), pages, about, extras)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    return size


def _fill(
    packer: _Packer, warcs: list[Path], pages: Iterable[Page], about: About, extras: Mapping[str, bytes]
) -> None:
    for warc in warcs:
        with warc.open("rb") as file:
            packer.add(f"archive/{warc.name}", lambda out, file=file: shutil.copyfileobj(file, out))  # type: ignore[misc]
    packer.index(warcs)
    packer.add("pages/pages.jsonl", lambda out: _write_pages(out, pages), deflate=True)
    for path, data in extras.items():
        packer.add(path, lambda out, data=data: out.write(data), deflate=True)  # type: ignore[misc]
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

    def add(self, path: str, fill: Callable[[IO[bytes]], object], *, deflate: bool = False) -> None:
        """One file, which `fill` writes; without `deflate` it is stored as it is, to be read in parts."""
        entry = zipfile.ZipInfo(path, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED if deflate else zipfile.ZIP_STORED
        with self._packed.open(entry, "w", force_zip64=True) as out:
            hashing = _Hashing(out)
            fill(hashing)  # type: ignore[arg-type]
        name = PurePosixPath(path).name.lower()
        self._resources.append({"name": name, "path": path, "hash": hashing.digest, "bytes": hashing.size})

    def index(self, warcs: Iterable[Path]) -> None:
        """The index of all records, in blocks, and the index of the blocks."""
        blocks: list[str] = []

        def fill(out: IO[bytes]) -> None:
            blocks.append(cdxj.pack(cdxj.lines(warcs), out, "index.cdx.gz"))

        self.add("indexes/index.cdx.gz", fill)
        self.add("indexes/index.idx", lambda out: out.write(blocks[0].encode()), deflate=True)

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


# --- in ---


@contextmanager
def warcs_in(path: Path) -> Iterator[Iterator[Path]]:
    """The WARC files of a WACZ, each unpacked beside the system's other temporary files and gone with the next.

    Names of entries are never used as paths. Raises ForeignError for what is no WACZ, holds none, or is a bomb.
    """
    try:
        with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory(prefix="nianbao-wacz-") as folder:
            entries = _warc_entries(path, packed)
            yield (_unpacked(path, packed, entry, Path(folder)) for entry in entries)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ForeignError(f"{path} is no WACZ file, or is damaged ({error})") from error


def _warc_entries(path: Path, packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    every = packed.infolist()
    found = [
        entry
        for entry in every
        if entry.filename.startswith("archive/") and entry.filename.endswith((".warc", ".warc.gz"))
    ]
    if not found:
        raise ForeignError(f"{path} holds no WARC file under archive/; give a WACZ file")
    if len(every) > MAX_ENTRIES or len(found) > MAX_WARCS:
        raise ForeignError(f"{path} holds {len(every)} files, {len(found)} of them WARC: more than we take")
    size = sum(entry.file_size for entry in found)
    if size > MAX_UNPACKED or any(e.file_size > MAX_PACKED_BY * (e.compress_size + 1) for e in found):
        raise ForeignError(f"{path} says that it holds {size} bytes: more than we take, or than it can hold")
    return found


def _unpacked(path: Path, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> Path:
    """One WARC file, whole, under a name of ours; the last one is overwritten."""
    target = folder / ("one.warc.gz" if entry.filename.endswith(".gz") else "one.warc")
    left = entry.file_size
    with packed.open(entry) as source, target.open("wb") as out:
        while data := source.read(1 << 20):
            left -= len(data)
            if left < 0:
                raise ForeignError(f"{path}: {entry.filename[:80]!r} is longer than it says")
            out.write(data)
    return target
