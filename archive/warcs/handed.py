"""Files that somebody hands in: WARC and ARC files as they are, and those that stand in a WACZ.

A WACZ is a ZIP, and hostile like all that comes from others. It is looked at whole before one of its records is given:
its names, its sizes, and the digests that it promises. What does not hold is an error, and nothing was given.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from archive.warcs import foreign
from archive.warcs.foreign import ForeignError, Heard

MOST_ENTRIES = 10_000
MOST_TOLD = 16 * 1024 * 1024
"""Bytes of the list of files (`datapackage.json`), unpacked."""
MOST_UNPACKED = 64 * 1024**3
"""Bytes of all entries, unpacked."""
MOST_SWELLING = 100
"""Times that an entry of more than LARGE bytes may be longer than it lies in the ZIP."""
LARGE = 64 * 1024 * 1024
LIST, SEAL = "datapackage.json", "datapackage-digest.json"
_WARC = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.I)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DIGEST = re.compile(r"(sha256|md5):([0-9a-f]{32}|[0-9a-f]{64})")
_ENCRYPTED = 1


def read(path: Path) -> Iterator[Heard | None]:
    """The answers of a WARC, ARC or WACZ file, told by its content; None for each record that holds none.

    Raises ForeignError as `foreign.read` does, and for a WACZ that is not what it says before any answer is given.
    """
    if not _is_zip(path):
        yield from foreign.read(path)
        return
    try:
        with zipfile.ZipFile(path) as packed:
            for entry in _proven(path, packed):
                with packed.open(entry) as stream:
                    yield from foreign.answers(f"{path} ({entry.filename})", stream)
    except _DAMAGES as error:
        raise ForeignError(f"{path} is no WACZ file that can be read ({error})") from error
    except OSError as error:
        raise ForeignError(f"{path} cannot be read ({error.strerror or error})") from error


_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
)
"""What `zipfile` raises for what it cannot read."""


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError as error:
        raise ForeignError(f"{path} cannot be read ({error.strerror or error})") from error


def _proven(path: Path, packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The WARC files of a ZIP, after all of it was held against what it says of itself."""
    entries = _entries(path, packed)
    told = _told(path, packed, entries)
    promised = {str(each.get("path")): each for each in told if isinstance(each, dict)}
    for name, resource in promised.items():
        if name not in entries:
            raise ForeignError(f"{path}: {LIST} lists {name!r}, which is not there; hand in the whole file")
        _hold(path, packed, entries[name], resource)
    warcs = [entries[name] for name in sorted(entries) if _WARC.fullmatch(name)]
    for each in warcs:
        if each.filename not in promised:
            raise ForeignError(f"{path}: {each.filename!r} is not in {LIST}, so nothing vouches for it")
    if not warcs:
        raise ForeignError(f"{path} holds no WARC file in archive/; give a WACZ of records")
    return warcs


def _entries(path: Path, packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files of a ZIP by their names, when their names and sizes are those of an honest one."""
    found: dict[str, zipfile.ZipInfo] = {}
    infos = packed.infolist()
    if len(infos) > MOST_ENTRIES:
        raise ForeignError(f"{path} holds {len(infos)} files; {MOST_ENTRIES} are taken at most")
    for each in infos:
        name = each.filename
        if posixpath.isabs(name) or "\\" in name or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise ForeignError(f"{path} holds {name!r}, a name that leads out of it; it is not taken")
        if name in found:
            raise ForeignError(f"{path} holds {name!r} twice, and nobody can say which is meant")
        if each.flag_bits & _ENCRYPTED or each.compress_type not in _METHODS:
            raise ForeignError(f"{path}: {name!r} is encrypted, or packed as no WACZ is")
        if each.file_size > LARGE and each.file_size > MOST_SWELLING * each.compress_size:
            raise ForeignError(f"{path}: {name!r} swells to {each.file_size} bytes; it is not unpacked")
        found[name] = each
    if sum(each.file_size for each in infos) > MOST_UNPACKED:
        raise ForeignError(f"{path} swells to more than {MOST_UNPACKED} bytes; hand it in in parts")
    if sum(each.compress_size for each in infos) > path.stat().st_size:
        raise ForeignError(f"{path}: its files overlap; it is not unpacked")
    return found


def _told(path: Path, packed: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> list[Any]:
    """The files that a WACZ lists, each with its path, size and digest."""
    if LIST not in entries:
        raise ForeignError(f"{path} has no {LIST}: it is a ZIP, and no WACZ")
    data = _small(path, packed, entries[LIST])
    if SEAL in entries:
        sealed = _object(path, SEAL, _small(path, packed, entries[SEAL]))
        if sealed.get("hash") != f"sha256:{hashlib.sha256(data).hexdigest()}":
            raise ForeignError(f"{path}: {LIST} is not the one that {SEAL} vouches for; it was changed")
    told = _object(path, LIST, data)
    resources = told.get("resources")
    if told.get("profile") == "multi-wacz-package":
        raise ForeignError(f"{path} is a WACZ of WACZ files; hand in those that it is made of")
    if not isinstance(resources, list):
        raise ForeignError(f"{path}: {LIST} lists no files")
    return resources


def _small(path: Path, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > MOST_TOLD:
        raise ForeignError(f"{path}: {entry.filename} is longer than {MOST_TOLD} bytes")
    return packed.read(entry)


def _object(path: Path, name: str, data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ForeignError(f"{path}: {name} is no JSON ({error})") from error
    if not isinstance(found, dict):
        raise ForeignError(f"{path}: {name} is no object")
    return found


def _hold(path: Path, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, told: dict[str, Any]) -> None:
    """Whether an entry has the size and the digest that it should have."""
    match = _DIGEST.fullmatch(str(told.get("hash", "")).lower())
    if match is None:
        raise ForeignError(f"{path}: {LIST} has no digest of {entry.filename!r} (sha256 or md5)")
    with packed.open(entry) as stream:
        size, digest = _measured(stream, match[1])
    if digest != match[2] or told.get("bytes", size) != size:
        raise ForeignError(
            f"{path}: {entry.filename!r} is not the file whose digest {LIST} has; it was changed or is damaged"
        )


def _measured(stream: IO[bytes], method: str) -> tuple[int, str]:
    size, found = 0, hashlib.new(method, usedforsecurity=False)
    while data := stream.read(1 << 20):
        size += len(data)
        found.update(data)
    return size, found.hexdigest()
