"""Figures that satisfy every identity of the form, within a report and from one year to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from sample.codebook import (
    applicants,
    codes,
    generation_of,
    request_rows,
    result_rows,
    suit_groups,
)
from sample.places import Body, Kind

Figures = dict[str, int | float | None]
"""What is printed in each cell, by code; None is a cell left blank."""

_REQUESTS = {Kind.GOVERNMENT: 120, Kind.OFFICE: 14, Kind.DEPARTMENT: 9, Kind.TOWNSHIP: 2}
_SHARE = {
    "natural": 1.0,
    "business": 0.2,
    "research": 0.04,
    "public_welfare": 0.05,
    "legal_service": 0.12,
    "other": 0.08,
}
_COMMON = {"t3_granted": 45, "t3_unable_not_held": 22, "t3_partial": 8, "t3_denied_enforcement_file": 5}
_MORE = 40  # the largest figure of a cell that the sample country knows nothing of
_POWERS = ("licensing", "other_service", "penalty", "coercion", "fee")


@dataclass(slots=True)
class Stock:
    """What a body carries from one year into the next."""

    carried: dict[str, int] = field(default_factory=dict)
    in_force: dict[str, int] = field(default_factory=dict)
    disclosed: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Broken:
    """An identity that does not hold in print, with the codes that stand in it."""

    id: str
    codes: tuple[str, ...]


def opening_stock(random: Random, body: Body) -> Stock:
    """What the body had at the end of the year before its first report."""
    size = _REQUESTS[body.kind]
    regulations = random.randint(20, 60) if _makes_regulations(body) else 0
    normative = random.randint(1, 5 + size)
    return Stock(
        carried=_spread_over_applicants(random, size * 0.1),
        in_force={"regulation": regulations, "normative": normative},
        disclosed={"regulation": regulations, "normative": normative},
        items={power: random.randint(2, 30 + size) for power in _POWERS},
    )


def year_figures(random: Random, body: Body, year: int, stock: Stock) -> Figures:
    """The figures of the body's report about `year`; `stock` moves on by a year."""
    generation = generation_of(year)
    figures: Figures = {}
    figures |= (
        _table2(random, body, stock)
        if "t2_normative_issued" in codes(generation)
        else _table2_old(random, body, stock)
    )
    figures |= _table3(random, body, generation, stock)
    figures |= _table4(random, body, generation)
    return figures | {code: random.randint(0, _MORE) for code in codes(generation) if code not in figures}


def broken(figures: Figures, generation: str) -> tuple[Broken, ...]:
    """The identities of the form that `figures` do not satisfy (a blank counts as 0)."""
    return tuple(
        Broken(name, (*left, *right))
        for name, left, right in _identities(generation)
        if sum(figures[code] or 0 for code in left) != sum(figures[code] or 0 for code in right)
    )


def _identities(generation: str) -> Iterator[tuple[str, list[str], list[str]]]:
    for column in (*applicants(generation), "total"):
        total = f"t3_result_total__{column}"
        came = [f"t3_new_received__{column}", f"t3_carried_in__{column}"]
        yield "T3-I1", came, [total, f"t3_carried_out__{column}"]
        yield "T3-I2", [f"{row}__{column}" for row in result_rows(generation)], [total]
    for row in request_rows(generation):
        yield "T3-I3", [f"{row}__{column}" for column in applicants(generation)], [f"{row}__total"]
    for parts, total in suit_groups(generation):
        yield "T4-I1", [*parts], [total]


def _makes_regulations(body: Body) -> bool:
    return body.kind is Kind.GOVERNMENT and body.level == "city"


def _spread_over_applicants(random: Random, size: float) -> dict[str, int]:
    return {column: round(size * share * random.random() * 1.6) for column, share in _SHARE.items()}


def _table3(random: Random, body: Body, generation: str, stock: Stock) -> Figures:
    figures: Figures = {}
    received = _spread_over_applicants(random, _REQUESTS[body.kind])
    columns = applicants(generation)
    for column in columns:
        new, carried_in = received.get(column, 0), stock.carried.get(column, 0)
        figures |= _column(random, column, new, carried_in, generation)
        stock.carried[column] = int(figures[f"t3_carried_out__{column}"] or 0)
    for row in request_rows(generation):
        figures[f"{row}__total"] = sum(figures[f"{row}__{column}"] or 0 for column in columns)
    return figures


def _column(random: Random, column: str, received: int, carried_in: int, generation: str) -> Figures:
    carried_out = min(received, round((received + carried_in) * 0.15 * random.random()))
    rows = result_rows(generation)
    weights = [_COMMON.get(row, 2) for row in rows]
    concluded = received + carried_in - carried_out
    results = random.choices(rows, weights, k=concluded)
    figures: Figures = {f"{row}__{column}": results.count(row) for row in rows}
    figures[f"t3_new_received__{column}"] = received
    figures[f"t3_carried_in__{column}"] = carried_in
    figures[f"t3_result_total__{column}"] = concluded
    figures[f"t3_carried_out__{column}"] = carried_out
    return figures


def _table4(random: Random, body: Body, generation: str) -> Figures:
    figures: Figures = {}
    most = _REQUESTS[body.kind] // 10
    for parts, total in suit_groups(generation):
        values = [random.randint(0, most) for _ in parts]
        figures |= dict(zip(parts, values, strict=True))
        figures[total] = sum(values)
    return figures


def _table2(random: Random, body: Body, stock: Stock) -> Figures:
    figures: Figures = {}
    for name in ("regulation", "normative"):
        issued = 0 if name == "regulation" and not _makes_regulations(body) else random.randint(0, 6)
        repealed = random.randint(0, min(3, stock.in_force[name]))
        stock.in_force[name] += issued - repealed
        figures[f"t2_{name}_issued"] = issued
        figures[f"t2_{name}_repealed"] = repealed
        figures[f"t2_{name}_in_force"] = stock.in_force[name]
    figures |= _decisions(random, body, ("licensing", "penalty", "coercion"))
    figures["t2_fee_amount_wan"] = _amount(random, body, 4)
    return figures


def _table2_old(random: Random, body: Body, stock: Stock) -> Figures:
    figures: Figures = {}
    for name in ("regulation", "normative"):
        made = 0 if name == "regulation" and not _makes_regulations(body) else random.randint(0, 6)
        stock.disclosed[name] += made
        figures[f"t2_{name}_made_new"] = made
        figures[f"t2_{name}_disclosed_new"] = made
        figures[f"t2_{name}_disclosed_total"] = stock.disclosed[name]
    for power in _POWERS:
        change = max(random.randint(-2, 5), -stock.items[power])
        figures[f"t2_{power}_items_prev"] = stock.items[power]
        figures[f"t2_{power}_items_change"] = change
        stock.items[power] += change
    figures |= _decisions(random, body, ("licensing", "other_service", "penalty", "coercion"))
    figures["t2_procurement_projects"] = random.randint(0, 12)
    figures["t2_procurement_amount"] = _amount(random, body, 2)
    return figures | _left_blank(body)


def _left_blank(body: Body) -> Figures:
    """A body without the power to make regulations leaves their row blank; townships leave more."""
    blank: Figures = {}
    if not _makes_regulations(body):
        blank |= dict.fromkeys(
            f"t2_regulation_{name}" for name in ("made_new", "disclosed_new", "disclosed_total")
        )
    if body.kind is Kind.TOWNSHIP:
        blank |= dict.fromkeys(("t2_procurement_projects", "t2_procurement_amount"))
    return blank


def _decisions(random: Random, body: Body, powers: tuple[str, ...]) -> Figures:
    most = _REQUESTS[body.kind] ** 2
    return {f"t2_{power}_decisions": random.randint(0, most) for power in powers}


def _amount(random: Random, body: Body, places: int) -> int | float:
    value = round(random.random() * _REQUESTS[body.kind] * 20, random.choice((0, 2, places)))
    return int(value) if value == int(value) else value
