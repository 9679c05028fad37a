"""Where the files of a publication lie: in a folder, in a kept release, or below an address, fetched when needed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http.client import HTTPException
from os import PathLike, fspath
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from archive.digests import sha256
from archive.releases import manifest
from archive.releases.manifest import Unkept
from nianbao.library.errors import LibraryError

NAME = "datapackage.json"
"""What describes a publication, under the name that the Frictionless standard gives it."""

SECONDS = 60
"""So long a server may be silent."""

_PARQUET = re.compile(r"([a-z][a-z0-9_]*)\.parquet")


@dataclass(frozen=True, slots=True)
class Package:
    """What `datapackage.json` says: the release, and the digest of the Parquet file of each table."""

    version: str
    digests: dict[str, str]


class Source(Protocol):
    """The files of a publication."""

    place: str
    package: Package

    def path(self, table: str) -> Path:
        """Where the Parquet file of a table lies on this machine."""


class Folder:
    """The files of a publication in a folder."""

    def __init__(self, folder: Path) -> None:
        self.place = str(folder)
        self._folder = folder
        if not folder.is_dir():
            raise LibraryError(f"{folder}: no such folder; name the one that `nianbao publish` wrote")
        try:
            text = (folder / NAME).read_bytes()
        except FileNotFoundError:
            raise LibraryError(
                f"{folder}: not a publication, it has no {NAME}; name the folder that `nianbao publish` wrote"
            ) from None
        self.package = _package(text, self.place)

    def path(self, table: str) -> Path:
        """Where the file of a table lies. Raises LibraryError where it is missing."""
        path = self._folder / f"{table}.parquet"
        if not path.is_file():
            raise LibraryError(f"{path} is missing, though {NAME} names it: copy the publication again")
        return path


class Kept:
    """The tables of a release that was kept, as they were published on its day; each is put together once."""

    def __init__(self, release: Path) -> None:
        self.place = str(release)
        self._release = release
        self._aside = TemporaryDirectory(prefix="nianbao-")
        try:
            said = manifest.read(release)
        except Unkept as error:
            raise LibraryError(str(error)) from None
        self.package = Package(said.as_of, dict.fromkeys(said.tables, ""))

    def path(self, table: str) -> Path:
        """The whole table. Raises LibraryError where a file of the release is not what was kept."""
        import pyarrow.parquet as pq

        from archive.releases.reading import rows

        path = Path(self._aside.name) / f"{table}.parquet"
        if not path.is_file():
            try:
                pq.write_table(rows(self._release, table), path)
            except Unkept as error:
                raise LibraryError(str(error)) from None
            self.package.digests[table] = sha256(path)
        return path


class Web:
    """The files of a publication below an address, each fetched once and held against its digest."""

    def __init__(self, url: str, cache: Path | None) -> None:
        self.place = url.rstrip("/")
        self.package = _package(self._get(NAME, _read), self.place)
        self._temporary = None if cache else TemporaryDirectory(prefix="nianbao-")
        self._cache = cache or Path(self._temporary.name)  # type: ignore[union-attr]
        self._cache.mkdir(parents=True, exist_ok=True)

    def path(self, table: str) -> Path:
        """The file of a table, fetched where it is not held yet. Raises LibraryError."""
        digest = self.package.digests[table]
        path = self._cache / f"{table}-{digest}.parquet"
        if not path.is_file():
            self._fetch(f"{table}.parquet", digest, path)
        return path

    def _fetch(self, name: str, digest: str, path: Path) -> None:
        with NamedTemporaryFile(dir=self._cache, prefix=f".{name}-", delete=False) as file:
            part = Path(file.name)
            try:
                self._get(name, lambda response: copyfileobj(response, file))
                file.flush()
                if sha256(part) != digest:
                    raise LibraryError(
                        f"{self.place}/{name} is not the file that {NAME} describes: it came damaged, or a"
                        " new release was published meanwhile; open the archive again"
                    )
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def _get(self, name: str, read: Any) -> Any:
        url = f"{self.place}/{name}"
        try:
            # Only http and https come here (`source_of`).
            with urlopen(Request(url, headers={"User-Agent": "nianbao"}), timeout=SECONDS) as response:
                return read(response)
        except HTTPError as error:
            raise LibraryError(
                f"{url} answers {error.code}; name the address at which {NAME} lies: https://SITE/downloads"
            ) from None
        except (HTTPException, OSError) as error:
            why = getattr(error, "reason", None) or error
            raise LibraryError(f"{url} cannot be fetched ({why}); try again, or name a folder") from None


def source_of(place: str | PathLike[str], cache: str | PathLike[str] | None = None) -> Source:
    """The files of the publication at a place: a folder, a kept release, or an http(s) address. Raises LibraryError."""
    text = fspath(place)
    if re.match(r"(?i)https?://", text):
        return Web(text, Path(cache) if cache is not None else None)
    if "://" in text:
        raise LibraryError(f"{text}: only http and https addresses and folders can be opened")
    return Kept(Path(text)) if (Path(text) / manifest.NAME).is_file() else Folder(Path(text))


def _read(response: Any) -> Any:
    return response.read()


def _package(text: bytes, place: str) -> Package:
    """What `datapackage.json` says. Raises LibraryError where it is not that of a publication."""
    try:
        said = json.loads(text)
        found = {each["path"]: each.get("hash", "") for each in said["resources"]}
        version = str(said["version"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LibraryError(f"{place}: its {NAME} is not that of a publication of Nianbao") from None
    named = ((_PARQUET.fullmatch(path), str(digest)) for path, digest in found.items())
    digests = {match[1]: digest.removeprefix("sha256:") for match, digest in named if match}
    if not {"panel", "figures", "reports", "versions", "coverage", "codebook"} <= digests.keys():
        raise LibraryError(f"{place}: not a publication of Nianbao, {NAME} names none of its Parquet files")
    return Package(version, digests)
