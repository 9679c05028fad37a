"""A Report as it is kept in `reading.record`: whole, as JSON under zstd, so that nothing is parsed twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
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
_STATES = {state.value: state for state in State}
_PROOFS = {proof.value: proof for proof in Proof}


def pack(report: Report) -> bytes:
    """The report as bytes for the archive; `unpack` gives an equal report back."""
    text = json.dumps(_plain(report), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zstandard.ZstdCompressor(level=6).compress(text.encode())


def unpack(record: bytes) -> Report:
    """The report that `pack` made these bytes from."""
    text = zstandard.ZstdDecompressor().decompress(record, max_output_size=MAX_RECORD)
    return _report(json.loads(text))


def text_of(record: bytes) -> str:
    """The text alone of the report that `pack` made these bytes from, for less work than `unpack`."""
    text = zstandard.ZstdDecompressor().decompress(record, max_output_size=MAX_RECORD)
    found: str = json.loads(text)["text"]
    return found


def _plain(report: Report) -> dict[str, Any]:
    """The fields of a report; figures and identities, which are most of it, as rows without names."""
    others = [_plain(other) for other in report.others]
    fields = replace(report, figures=(), identities=(), others=()).as_dict()
    return {**fields, "figures": report.figures, "identities": report.identities, "others": others}


def _report(fields: dict[str, Any]) -> Report:
    scope = fields["scope"]
    return Report(
        **{
            **fields,
            "scope": None if scope is None else Scope(scope),
            "figures": tuple(_figure(*_row(Figure, item)) for item in fields["figures"]),
            "identities": tuple(_identity(*_row(Identity, item)) for item in fields["identities"]),
            "findings": _tupled(Finding, fields["findings"], "codes"),
            "sections": _tupled(Section, fields["sections"]),
            "statements": _tupled(Statement, fields["statements"]),
            "extra_rows": _tupled(ExtraRow, fields["extra_rows"], "cells"),
            "warnings": tuple(fields["warnings"]),
            "others": tuple(_report(other) for other in fields["others"]),
        }
    )


def _row(kind: type[Figure | Identity], item: list[Any] | dict[str, Any]) -> list[Any]:
    """The values of a record in their order; older records name them."""
    return item if isinstance(item, list) else [item[name] for name in kind._fields]


def _figure(
    code: str, value: float | None, state: str, raw: str, unit: str, proof: str, place: str
) -> Figure:
    return Figure(code, value, _STATES[state], raw, unit, _PROOFS[proof], place)


def _identity(
    name: str, holds: bool, left: float, right: float, codes: list[str], blanks: list[str]
) -> Identity:
    return Identity(name, holds, left, right, tuple(codes), tuple(blanks))


def _tupled(kind: type[T], items: Iterable[dict[str, Any]], *sequences: str) -> tuple[T, ...]:
    """Records of one kind; JSON made lists of the tuples in `sequences`."""
    return tuple(kind(**{**item, **{name: tuple(item[name]) for name in sequences}}) for item in items)
