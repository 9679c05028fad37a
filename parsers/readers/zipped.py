"""What every zip from the web must pass before anything in it is opened, and its members' names made
readable."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from parsers.document import ParseError
from parsers.readers.damage import one_line
from parsers.remarks import Remark, RemarkKind

MAGIC = b"PK"
RATIO = 200
FREE = 1_000_000  # bytes a member may unpack to whatever its ratio
ENCRYPTED = 1
UTF8 = 0x800


@dataclass(slots=True)
class Budget:
    """How many members and bytes may still be unpacked."""

    entries: int = 200
    bytes: int = 200 * 1024 * 1024

    def spend(self, infos: list[zipfile.ZipInfo]) -> None:
        """Take what these members claim; raises ParseError when it is too much."""
        self.entries -= len(infos)
        self.bytes -= sum(info.file_size for info in infos)
        if self.entries < 0:
            raise ParseError(
                f"the archive holds {-self.entries} files too many: unpack it and give the files"
            )
        if self.bytes < 0:
            raise ParseError(f"the archive unpacks to {-self.bytes} bytes too many: it is not opened")
        for info in infos:
            if info.file_size > max(FREE, RATIO * info.compress_size):
                raise ParseError(
                    f"the archive's {shown(info)} unpacks to"
                    f" {info.file_size // max(info.compress_size, 1)} times"
                    f" its size: it is not opened"
                )


def names(data: bytes) -> frozenset[str]:
    """The names in a zip; none when it is not one."""
    if not data.startswith(MAGIC):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return frozenset(package.namelist())
    except Exception:  # a damaged directory makes zipfile raise many things
        return frozenset()


def unpacked(data: bytes, budget: Budget) -> list[tuple[zipfile.ZipInfo, bytes | Remark]]:
    """Each file of a zip with its bytes, or with a remark on why it cannot be had; no name is used as a
    path."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = [info for info in package.infolist() if not info.is_dir()]
            budget.spend(infos)
            return [(info, _bytes(package, info)) for info in infos]
    except ParseError:
        raise
    except Exception as error:
        raise ParseError(f"the zip is damaged: {one_line(error)}") from error


def _bytes(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes | Remark:
    if info.flag_bits & ENCRYPTED:
        return Remark(RemarkKind.MEMBER_ENCRYPTED, {"file": shown(info)})
    try:
        with package.open(info) as member:
            return member.read(info.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        return Remark(RemarkKind.MEMBER_DAMAGED, {"file": shown(info), "reason": one_line(error)})


def shown(info: zipfile.ZipInfo) -> str:
    """A member's name fit to print: UTF-8, else GB18030 where no flag says; no control signs, 80 letters."""
    name = info.orig_filename
    if not info.flag_bits & UTF8:
        name = _decoded(name)
    return "".join(letter for letter in name if letter.isprintable())[-80:] or "(no name)"


def _decoded(name: str) -> str:
    """A name that was taken for code page 437."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
