"""A Report as it is kept in `reading.record`: whole, as JSON under zstd, so that nothing is parsed twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

import zstandard

from archive.rows.compact import Cells, Checks
from parsers.findings import words
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
from parsers.remarks import Remark

T = TypeVar("T")

MAX_RECORD = 256 * 1024 * 1024
"""No record is larger than this when unpacked; a larger one is damage."""
_STATES = {state.value: state for state in State}
_PROOFS = {proof.value: proof for proof in Proof}


def pack(report: Report) -> bytes:
    """The report as bytes for the archive; `unpack` gives an equal report back."""
    text = json.dumps(_plain(report), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zstandard.ZstdCompressor(level=6).compress(text.encode())


def finding_columns(finding: Finding) -> tuple[str, ...]:
    """A finding as the columns of its table below version and position: its words are made here, in both languages."""
    return (
        finding.kind.value,
        finding.message,
        json.dumps(finding.codes, ensure_ascii=False),
        finding.severity.value,
        words(finding.kind, finding.values, "zh"),
        json.dumps(dict(finding.values), ensure_ascii=False, sort_keys=True),
    )


def unpack(record: bytes) -> Report:
    """The report that `pack` made these bytes from."""
    return _report(_fields(record))


def parts(record: bytes) -> tuple[Report, Cells, Checks]:
    """The report but for its figures and identities; and those by columns, as they go into the archive's tables."""
    fields = _fields(record)
    cells, checks = _cells(fields.pop("figures")), _checks(fields.pop("identities"))
    return _report({**fields, "figures": [], "identities": []}), cells, checks


def _fields(record: bytes) -> dict[str, Any]:
    text = zstandard.ZstdDecompressor().decompress(record, max_output_size=MAX_RECORD)
    fields: dict[str, Any] = json.loads(text)
    return fields


def _plain(report: Report) -> dict[str, Any]:
    """The fields of a report; figures and identities, which are most of it, by columns."""
    others = [_plain(other) for other in report.others]
    fields = replace(report, figures=(), identities=(), others=()).as_dict()
    columns = {
        "figures": Cells.of(report.figures)._asdict(),
        "identities": Checks.of(report.identities)._asdict(),
    }
    return {**fields, **columns, "others": others}


def _report(fields: dict[str, Any]) -> Report:
    scope = fields["scope"]
    remarks = _remarks(fields.pop("warnings"), fields.pop("warnings_data", None))
    return Report(
        **{
            **fields,
            "scope": None if scope is None else Scope(scope),
            "figures": _cells(fields["figures"]).figures(),
            "identities": _checks(fields["identities"]).identities(),
            "findings": tuple(map(Finding.from_json, fields["findings"])),
            "sections": _tupled(Section, fields["sections"]),
            "statements": _tupled(Statement, fields["statements"]),
            "extra_rows": _tupled(ExtraRow, fields["extra_rows"], "cells"),
            "remarks": remarks,
            "others": tuple(_report(other) for other in fields["others"]),
        }
    )


def _remarks(warnings: list[str], data: list[dict[str, Any]] | None) -> tuple[Remark, ...]:
    """The warnings; of older records only their words were kept."""
    return tuple(map(Remark.as_said, warnings) if data is None else map(Remark.from_json, data))


def _cells(found: dict[str, Any] | list[Any]) -> Cells:
    """The figures; older records hold them one by one."""
    if isinstance(found, list):
        return Cells.of(_figure(*_row(Figure, item)) for item in found)
    return Cells(**found)


def _checks(found: dict[str, Any] | list[Any]) -> Checks:
    if isinstance(found, list):
        return Checks.of(_identity(*_row(Identity, item)) for item in found)
    return Checks(**found)


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
