"""Any container in, Documents out. A container is one module here; it is told by content, never by name.

A reader module has `ORDER` (lower is asked first), `claims(data) -> bool` and `read(data) -> list[Document]`
(a list, since an archive file holds several). `read` raises ParseError with one line a person can act on.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from parsers.document import Document, ParseError

LARGEST = 64 * 1024 * 1024


class Reader(Protocol):
    """What a module of this package that reads a container looks like."""

    ORDER: int

    def claims(self, data: bytes) -> bool:
        """Whether the bytes are of this container."""

    def read(self, data: bytes) -> list[Document]:
        """The documents in the bytes; raises ParseError."""


@cache
def readers() -> tuple[Reader, ...]:
    """The reader modules, in the order in which they are asked."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [cast(Reader, module) for module in modules if hasattr(module, "claims")]
    return tuple(sorted(found, key=lambda reader: reader.ORDER))


def reader_of(data: bytes) -> Reader | None:
    """The reader that claims these bytes."""
    return next((reader for reader in readers() if reader.claims(data)), None)


def read_documents(data: bytes) -> list[Document]:
    """The documents in a file, by the reader that claims its bytes; raises ParseError when none does."""
    if not data.strip(b"\0 \t\r\n"):
        raise ParseError("the file is empty: nothing to read")
    if len(data) > LARGEST:
        raise ParseError(f"the file has {len(data)} bytes, more than the {LARGEST} that are read")
    reader = reader_of(data)
    if reader is not None:
        return reader.read(data)
    raise ParseError(
        f"not a file of a known kind (it begins with {data[:8].hex(' ')}):"
        " HTML, text, PDF, Word or Excel is read"
    )
