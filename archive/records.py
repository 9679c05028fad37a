"""A Report as it is kept in `reading.record`: whole, as JSON under zstd, so that nothing is parsed twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import zstandard

from archive.compact import PROOFS, STATES, printed
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
_DIGIT_OF: dict[str, str] = {each.value: str(n) for kind in (STATES, PROOFS) for n, each in enumerate(kind)}
_STATE_OF = {str(n): state for n, state in enumerate(STATES)}
_PROOF_OF = {str(n): proof for n, proof in enumerate(PROOFS)}
# Without the detour that a named tuple takes in Python: there are hundreds in a report.
_FIGURE: Callable[[tuple[Any, ...]], Figure] = partial(tuple.__new__, Figure)


def pack(report: Report) -> bytes:
    """The report as bytes for the archive; `unpack` gives an equal report back."""
    text = json.dumps(_plain(report), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zstandard.ZstdCompressor(level=6).compress(text.encode())


def unpack(record: bytes) -> Report:
    """The report that `pack` made these bytes from."""
    text = zstandard.ZstdDecompressor().decompress(record, max_output_size=MAX_RECORD)
    return _report(json.loads(text))


def _plain(report: Report) -> dict[str, Any]:
    """The fields of a report; figures and identities, which are most of it, by columns."""
    others = [_plain(other) for other in report.others]
    fields = replace(report, figures=(), identities=(), others=()).as_dict()
    columns = {"figures": _figure_columns(report.figures), "identities": _identity_columns(report.identities)}
    return {**fields, **columns, "others": others}


def _figure_columns(figures: Sequence[Figure]) -> dict[str, Any]:
    """States and proofs by their digits; no raw text where the value gives it."""
    return {
        "code": [f.code for f in figures],
        "value": [f.value for f in figures],
        "state": "".join(_DIGIT_OF[f.state] for f in figures),
        "raw": [None if f.raw == printed(f.value) else f.raw for f in figures],
        "unit": [f.unit for f in figures],
        "proof": "".join(_DIGIT_OF[f.proof] for f in figures),
        "place": [f.place for f in figures],
    }


def _identity_columns(identities: Sequence[Identity]) -> dict[str, Any]:
    """The codes of each as one text: there is no blank in a code."""
    return {
        "id": [i.id for i in identities],
        "holds": [i.holds for i in identities],
        "left": [i.left for i in identities],
        "right": [i.right for i in identities],
        "codes": [" ".join(i.codes) for i in identities],
        "blanks": [" ".join(i.blanks) for i in identities],
    }


def _report(fields: dict[str, Any]) -> Report:
    scope = fields["scope"]
    return Report(
        **{
            **fields,
            "scope": None if scope is None else Scope(scope),
            "figures": _figures(fields["figures"]),
            "identities": _identities(fields["identities"]),
            "findings": _tupled(Finding, fields["findings"], "codes"),
            "sections": _tupled(Section, fields["sections"]),
            "statements": _tupled(Statement, fields["statements"]),
            "extra_rows": _tupled(ExtraRow, fields["extra_rows"], "cells"),
            "warnings": tuple(fields["warnings"]),
            "others": tuple(_report(other) for other in fields["others"]),
        }
    )


def _figures(found: dict[str, Any] | list[Any]) -> tuple[Figure, ...]:
    if isinstance(found, list):
        return tuple(_figure(*_row(Figure, item)) for item in found)
    raw = [
        str("" if value is None else value) if kept is None else kept
        for value, kept in zip(found["value"], found["raw"], strict=True)
    ]
    states, proofs = map(_STATE_OF.__getitem__, found["state"]), map(_PROOF_OF.__getitem__, found["proof"])
    columns = (found["code"], found["value"], states, raw, found["unit"], proofs, found["place"])
    return tuple(map(_FIGURE, zip(*columns, strict=True)))


def _identities(found: dict[str, Any] | list[Any]) -> tuple[Identity, ...]:
    if isinstance(found, list):
        return tuple(_identity(*_row(Identity, item)) for item in found)
    codes, blanks = ([tuple(said.split()) for said in found[name]] for name in ("codes", "blanks"))
    return tuple(map(Identity, found["id"], found["holds"], found["left"], found["right"], codes, blanks))


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
