"""Damaged documents without end: whatever is read, it is a report or a refusal, in time, and says only what is printed."""

from __future__ import annotations

import json
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FrameType

from benchmarks.damaged import case
from benchmarks.printed import Printed, as_read, in_source
from parsers.codebook import forms_of
from parsers.document import ParseError
from parsers.readers import read_documents
from parsers.records import Proof, Report, State
from parsers.report import parse
from parsers.tables.values import read_value

SECONDS = {"pdf": 30.0, "zip": 15.0}
BOUND = 5.0
"""The processor's seconds that one file may take; those of `SECONDS` may take more."""


class _TooLong(BaseException):
    """Raised in the middle of a reading, so no handler of errors may take it for one of its own."""


@dataclass(slots=True)
class Tally:
    """What a run came to: cases and refusals by kind, the slowest case of each, and all that broke a rule."""

    cases: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def run(seconds: float, seed: int, only: int | None = None, keep: Path | None = None) -> int:
    """Reads cases for so long, or one case; prints each failure as it is met and the sums; the number that failed."""
    folder = keep or Path(tempfile.gettempdir()) / "nianbao-fuzz"
    start = time.monotonic()
    tally = Tally()
    number = only or 0
    while True:
        check(seed, number, tally, folder)
        number += 1
        if only is not None or time.monotonic() - start > seconds:
            break
    _print(tally, time.monotonic() - start, seed)
    return len(tally.failures)


def check(seed: int, number: int, tally: Tally, folder: Path) -> None:
    """Reads one case and counts it; the file of one that breaks a rule is kept in `folder`."""
    kind, data = case(seed, number)
    broken = list(_broken(kind, number, data, tally))
    tally.cases[kind] += 1
    if not broken:
        return
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{seed}-{number}.{kind}"
    file.write_bytes(data)
    for rule in broken:
        failure = f"seed {seed} case {number} ({kind}): {rule}"
        tally.failures.append(failure)
        print(f"{failure}\n  python -m benchmarks fuzz --seed {seed} --case {number}   {file}", flush=True)


def _broken(kind: str, number: int, data: bytes, tally: Tally) -> Iterator[str]:
    bound, start = SECONDS.get(kind, BOUND), time.process_time()
    try:
        with _at_most(bound):
            report = parse(data)
    except ParseError as error:
        tally.refused[kind] += 1
        if "\n" in str(error) or not str(error):
            yield f"a refusal is not one line: {error}"
        return
    except _TooLong:
        yield f"it took more than {bound:.0f} seconds"
        return
    except Exception as error:  # what must never come out, of whatever class
        yield f"{type(error).__name__}: {error}"
        return
    finally:
        took = time.process_time() - start
        tally.slowest[kind] = max(tally.slowest.get(kind, (0.0, 0)), (took, number))
    tally.figures[kind] += sum(figure.state is State.NUMBER for figure in report.figures)
    yield from broken_rules(report, data)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Ends what takes more of the processor's time."""

    def end(_: int, __: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def broken_rules(report: Report, data: bytes) -> Iterator[str]:
    """What a report says that it may not say of these bytes."""
    try:
        json.dumps(report.as_json(), ensure_ascii=False, allow_nan=False).encode()
        report.text.encode()
    except (TypeError, ValueError) as error:
        yield f"not JSON: {error}"
    documents = read_documents(data)
    read, source = as_read(documents), in_source(documents, data)
    for one in (report, *report.others):
        yield from _figures_broken(one)
        yield from _not_printed(one, read, "which no reader read")
        yield from _not_printed(one, source, "which is not in the source") if source else ()
        for said in one.statements:
            if one.text[said.start : said.end] != said.text:
                yield f"{said.code} does not stand at {said.start} of the text"


def _figures_broken(report: Report) -> Iterator[str]:
    holding = {code for identity in report.identities if identity.holds for code in identity.codes}
    seen: set[str] = set()
    for figure in report.figures:
        if figure.code in seen:
            yield f"{figure.code} is there twice"
        seen.add(figure.code)
        if (figure.value is None) != (figure.state is not State.NUMBER):
            yield f"{figure.code} is {figure.state} with the value {figure.value}"
        if figure.proof is Proof.PROVEN and figure.code not in holding:
            yield f"{figure.code} is proven by nothing"
        if figure.value is None:
            continue
        value = read_value(figure.raw)
        if value is None or value.number != figure.value:
            yield f"{figure.code} is {figure.value!r} where {figure.raw!r} is printed"


def _not_printed(report: Report, printed: Printed, which: str) -> Iterator[str]:
    """The figures that do not stand there as they are, and of which no finding speaks; those of a row may stand there
    with nothing between them."""
    doubted = {code for finding in report.findings for code in finding.codes}
    rows: dict[str, tuple[str, ...]] = {}
    for table in report.generations:
        rows |= _rows(table)
    for figure in report.figures:
        code = figure.code
        if figure.value is None or code in doubted or printed.holds(figure.raw):
            continue
        if not printed.holds(
            "".join(one.raw for one in report.figures if one.code in rows.get(code, (code,)))
        ):
            yield f"{code} is {figure.raw!r}, {which}"


@cache
def _rows(table: str) -> dict[str, tuple[str, ...]]:
    """The codes of the row in which each code of a table stands, of any generation: blocks may be of several."""
    return {code: row.codes for form in forms_of(table) for row in form.rows for code in row.codes}


def _print(tally: Tally, seconds: float, seed: int) -> None:
    print(f"{'kind':6} {'cases':>7} {'refused':>8} {'figures':>9}  slowest")
    for kind, count in sorted(tally.cases.items()):
        slowest, number = tally.slowest[kind]
        print(
            f"{kind:6} {count:7} {tally.refused[kind]:8} {tally.figures[kind]:9}  {slowest:.2f} s in case {number}"
        )
    print(
        f"{tally.cases.total()} cases of seed {seed} in {seconds:.0f} s: {len(tally.failures)} failures",
        flush=True,
    )
