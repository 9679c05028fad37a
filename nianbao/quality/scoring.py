"""How often what is published is not what is printed: agreement of two persons, errors, and their exact bound."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from parsers.records import Proof

READ, ANSWERS = "read.csv", "answers-*.csv"
CONFIDENCE = 0.95
COLUMNS = ("id", "container", "generation", "report_id", "version", "code", "read", "proof", "told")
"""Of read.csv: `read` is the number, or the state of a cell without one; `told` is 1 where a finding speaks of the cell."""


class QualityError(Exception):
    """The folder is not one that was drawn and answered: says what is missing."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, and between which shares the true one lies with CONFIDENCE (Clopper and Pearson, 1934)."""

    wrong: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Score:
    """What the persons found. `kappa` is Cohen's (1960), None where one answer is all that was given.

    `open` counts the cells on which no two persons agree: they are in no rate. A `silent` error is a wrong figure that
    neither its proof nor a finding tells of.
    """

    drawn: int
    answered: int
    open: int
    agreement: float
    kappa: float | None
    errors: Rate
    silent: Rate
    strata: Mapping[str, Rate]
    wrong: tuple[Mapping[str, str], ...]
    confidence: float = CONFIDENCE

    def as_json(self) -> dict[str, Any]:
        """quality.json."""
        return asdict(self)


def rate(wrong: int, of: int) -> Rate:
    """The rate with its exact bound; of nothing nothing is known."""
    from scipy.stats import beta

    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, wrong, of - wrong + 1)) if wrong else 0.0
    high = float(beta.ppf(1 - tail, wrong + 1, of - wrong)) if wrong < of else 1.0
    return Rate(wrong, of, low, high)


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two persons' answers; None where both gave one answer throughout."""
    if not pairs:
        return None
    same = sum(one == other for one, other in pairs) / len(pairs)
    first, second = (Counter(side) for side in zip(*pairs, strict=True))
    by_chance = sum(first[answer] * second[answer] for answer in first) / len(pairs) ** 2
    return None if by_chance == 1 else (same - by_chance) / (1 - by_chance)


def plain(answer: str) -> str:
    """An answer as it is compared: a number without its marks (1,234.50 is 1234.5), else the word for a state."""
    text = answer.strip().replace(",", "").replace("，", "")
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text.lower()


def score(folder: Path) -> Score:
    """What two persons or more answered of the cells that were drawn into this folder. Raises QualityError."""
    cells = _rows(folder / READ, COLUMNS)
    given = [_answers(path) for path in sorted(folder.glob(ANSWERS))]
    if len(given) < 2:
        raise QualityError(f"{folder}: {len(given)} of two persons answered; put their {ANSWERS} there")
    return scored(cells, given)


def scored(cells: Sequence[Mapping[str, str]], given: Sequence[Mapping[str, str]]) -> Score:
    """The same of rows: cells as in read.csv, and what each person answered by id."""
    settled = {
        cell["id"]: _settled([each[cell["id"]] for each in given if cell["id"] in each]) for cell in cells
    }
    known = [cell for cell in cells if settled[cell["id"]]]
    wrong = [cell for cell in known if settled[cell["id"]] != plain(cell["read"])]
    silent = [cell for cell in wrong if cell["told"] != "1" and cell["proof"] != Proof.CONTRADICTED]
    pairs = [
        (given[0][cell["id"]], given[1][cell["id"]])
        for cell in cells
        if all(cell["id"] in each for each in given[:2])
    ]
    strata: dict[str, list[bool]] = defaultdict(list)
    for cell in known:
        strata[f"{cell['container']} {cell['generation']}"].append(cell in wrong)
    return Score(
        drawn=len(cells),
        answered=len(pairs),
        open=len(cells) - len(known),
        agreement=sum(one == other for one, other in pairs) / len(pairs) if pairs else 0.0,
        kappa=kappa(pairs),
        errors=rate(len(wrong), len(known)),
        silent=rate(len(silent), len(known)),
        strata={name: rate(sum(each), len(each)) for name, each in sorted(strata.items())},
        wrong=tuple({**cell, "printed": settled[cell["id"]]} for cell in wrong),
    )


def _settled(answers: Sequence[str]) -> str:
    """What two persons agree on; empty where no two do."""
    counts = Counter(answers).most_common(2)
    if not counts or counts[0][1] < 2 or (len(counts) > 1 and counts[1][1] == counts[0][1]):
        return ""
    return counts[0][0]


def _answers(path: Path) -> dict[str, str]:
    return {row["id"]: plain(row["answer"]) for row in _rows(path, ("id", "answer")) if row["answer"].strip()}


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            found = list(reader)
    except OSError as error:
        raise QualityError(
            f"{path}: {error.strerror or error}; run `nianbao quality draw` first".lower()
        ) from error
    if missing := set(columns) - set(reader.fieldnames or ()):
        raise QualityError(f"{path}: has no column {min(missing)}")
    return found
