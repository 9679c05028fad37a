"""A Report as it is kept in `reading.record`: whole, as JSON under zstd, so that nothing is parsed twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TypeVar

import zstandard

from parsers.records import (
    ExtraRow,
    Figure,
    Finding,
    Identity,
    Proof,
    Report,
    Scope,
    Section,
    State,
    Statement,
)

T = TypeVar("T")

MAX_RECORD = 256 * 1024 * 1024
"""No record is larger than this when unpacked; a larger one is damage."""


def pack(report: Report) -> bytes:
    """The report as bytes for the archive; `unpack` gives an equal report back."""
    text = json.dumps(report.as_dict(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zstandard.ZstdCompressor(level=6).compress(text.encode())


def unpack(record: bytes) -> Report:
    """The report that `pack` made these bytes from."""
    text = zstandard.ZstdDecompressor().decompress(record, max_output_size=MAX_RECORD)
    return _report(json.loads(text))


def _report(fields: dict[str, Any]) -> Report:
    scope = fields["scope"]
    return Report(
        **{
            **fields,
            "scope": None if scope is None else Scope(scope),
            "figures": tuple(_figure(item) for item in fields["figures"]),
            "identities": _tupled(Identity, fields["identities"], "codes", "blanks"),
            "findings": _tupled(Finding, fields["findings"], "codes"),
            "sections": _tupled(Section, fields["sections"]),
            "statements": _tupled(Statement, fields["statements"]),
            "extra_rows": _tupled(ExtraRow, fields["extra_rows"], "cells"),
            "warnings": tuple(fields["warnings"]),
            "others": tuple(_report(other) for other in fields["others"]),
        }
    )


def _figure(fields: dict[str, Any]) -> Figure:
    return Figure(**{**fields, "state": State(fields["state"]), "proof": Proof(fields["proof"])})


def _tupled(kind: type[T], items: Iterable[dict[str, Any]], *sequences: str) -> tuple[T, ...]:
    """Records of one kind; JSON made lists of the tuples in `sequences`."""
    return tuple(kind(**{**item, **{name: tuple(item[name]) for name in sequences}}) for item in items)
