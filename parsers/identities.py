"""The form's own arithmetic (勾稽关系), checked over what was read. It proves or contradicts; it never repairs.

Sources: the head of table 3 (第一项加第二项之和，等于第三项加第四项之和) and the 总计 cells of 国办公开办函〔2019〕60号 and
〔2021〕30号; for G2014S the 其中 and numbered parts of the 2014 form; for G2008L its six channels and eleven reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from parsers.codebook import Form, forms
from parsers.records import Figure, Finding, FindingKind, Identity, Proof, State

COLUMNS = ("natural", "business", "research", "public_welfare", "legal_service", "other", "total")
LEAST_DOUBT = 4
_NEW = tuple.__new__  # twice as fast as a named tuple's own way
UNKNOWN = (State.ABSENT, State.ILLEGIBLE)
_MAIN_ROWS = frozenset({"t3_new_received", "t3_carried_in", "t3_result_total", "t3_carried_out"})
_ON_PAGE = re.compile(r"page (\d+)\b")


@dataclass(frozen=True)
class Equation:
    """Σ left = Σ right over codes."""

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes that stand in it, left first."""
        return self.left + self.right

    @cached_property
    def cells(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Takes what stands under all the codes, in order; raises KeyError for one that is not there."""
        return itemgetter(*self.codes)

    def sums(self, values: Mapping[str, int | float]) -> tuple[int | float, int | float]:
        """What both sides come to for these values; raises KeyError for a code without one."""
        cells, middle = self.cells(values), len(self.left)
        left, right = sum(cells[:middle]), sum(cells[middle:])
        return (left, right) if type(left) is type(right) is int else (round(left, 6), round(right, 6))

    def holds(self, values: Mapping[str, int | float]) -> bool:
        """Whether it holds for these values; raises KeyError for a code without one."""
        left, right = self.sums(values)
        return left == right


@cache
def equations(table: str, generation: str) -> tuple[Equation, ...]:
    """The identities of one statutory table, as field names them (T3-I1 …) with row or column."""
    if (table, generation) not in forms():
        return ()
    form = forms()[(table, generation)]
    return tuple({"t3": _table3, "t4": _table4, "s14": _form_2014, "l08": _form_2008}.get(table, _none)(form))


@cache
def likely() -> Mapping[str, Proof]:
    """The proof of every code in a report all of whose identities are checked and hold."""
    codes = (code for form in forms().values() for row in form.rows for code in row.codes)
    rules = chain.from_iterable(equations(*key) for key in forms())
    said = dict.fromkeys(codes, Proof.UNPROVEN)
    return {**said, **dict.fromkeys(chain.from_iterable(rule.codes for rule in rules), Proof.PROVEN)}


def _none(_: Form) -> Iterator[Equation]:
    return iter(())


def _table3(form: Form) -> Iterator[Equation]:
    names = [row.codes[0].partition("__")[0] for row in form.rows]
    parts = [name for name in names if name not in _MAIN_ROWS]
    for column in COLUMNS:

        def cell(name: str, column: str = column) -> str:
            return f"{name}__{column}"

        yield Equation(
            f"T3-I1:{column}",
            (cell("t3_new_received"), cell("t3_carried_in")),
            (cell("t3_result_total"), cell("t3_carried_out")),
        )
        yield Equation(f"T3-I2:{column}", tuple(map(cell, parts)), (cell("t3_result_total"),))
    for row in form.rows:
        yield Equation(f"T3-I3:{row.codes[0].partition('__')[0]}", row.codes[:6], row.codes[6:])


@cache
def _of_parts() -> frozenset[str]:
    """The names of the sums over the rows of the results in table 3."""
    rows = (row for (table, _), form in forms().items() if table == "t3" for row in form.rows)
    names = (row.codes[0].partition("__")[0] for row in rows)
    return frozenset(f"T3-I3:{name}" for name in names if name not in _MAIN_ROWS)


def _table4(form: Form) -> Iterator[Equation]:
    codes = form.rows[0].codes
    for start in (0, 5, 10):
        group = codes[start].removesuffix("_upheld").removeprefix("t4_")
        yield Equation(f"T4-I1:{group}", codes[start : start + 4], codes[start + 4 : start + 5])


def _form_2014(_: Form) -> Iterator[Equation]:
    answers = (
        "already_public",
        "granted",
        "partial",
        "denied",
        "other_agency",
        "nonexistent",
        "needs_amendment",
        "other_channel",
    )
    reasons = ("state_secret", "trade_secret", "privacy", "safety_stability", "not_gov_info", "other_law")
    yield _sum("S14-I1", "s14_req_received", "s14_req_", ("in_person", "fax", "online", "letter"))
    yield _sum("S14-I2", "s14_req_concluded", "s14_req_concluded_", ("on_time", "extended"))
    yield _sum("S14-I3", "s14_req_answered", "s14_ans_", answers)
    yield _sum("S14-I4", "s14_ans_denied", "s14_denied_", reasons)
    yield _sum("S14-I5", "s14_review_total", "s14_review_", ("upheld", "corrected", "other"))
    yield _sum("S14-I6", "s14_suit_total", "s14_suit_", ("upheld", "corrected", "other"))
    yield _sum("S14-I7", "s14_staff_total", "s14_staff_", ("fulltime", "parttime"))


def _form_2008(form: Form) -> Iterator[Equation]:
    denied = tuple(code for row in form.rows for code in row.codes if code.startswith("l08_denied_"))
    yield _sum(
        "L08-I1", "l08_req_total", "l08_req_", ("in_person", "fax", "email", "online", "letter", "other")
    )
    yield _sum("L08-I2", "l08_ans_total", "l08_ans_", ("granted", "partial", "denied"))
    yield Equation("L08-I3", denied, ("l08_ans_denied",))


def _sum(name: str, total: str, prefix: str, parts: tuple[str, ...]) -> Equation:
    return Equation(name, tuple(prefix + part for part in parts), (total,))


def check(generations: Mapping[str, str], figures: Mapping[str, Figure]) -> tuple[Identity, ...]:
    """Every identity of the tables that were read and whose cells are all known.

    A blank or a dash counts as 0 in a sum and is named in `blanks`; an identity over an absent or illegible cell,
    or over blanks alone, says nothing and is left out.
    """
    known: dict[str, Any] = {code: figure[1] for code, figure in figures.items()}
    blank = {code for code, value in known.items() if value is None}
    for code in blank:
        if figures[code].state in UNKNOWN:
            del known[code]
        else:
            known[code] = 0
    rules = [rule for table, generation in generations.items() for rule in equations(table, generation)]
    checked = tuple(_checked(rules, known, blank))
    return checked if all(identity.holds for identity in checked) else _without_totals_left_out(checked)


def _checked(
    rules: Sequence[Equation], known: Mapping[str, int | float], blank: set[str]
) -> Iterator[Identity]:
    """The identities over known cells of which one at least is not blank."""
    for rule in rules:
        try:
            left, right = rule.sums(known)
        except KeyError:
            continue
        codes = rule.codes
        blanks = () if blank.isdisjoint(codes) else tuple([code for code in codes if code in blank])
        if len(blanks) < len(codes):
            yield _NEW(Identity, (rule.id, left == right, left, right, codes, blanks))


def _without_totals_left_out(checked: tuple[Identity, ...]) -> tuple[Identity, ...]:
    """Without the sums over the totals of rows of table 3, where no row but 一, 二, （七） and 四 has any: a form that was
    filled in so says nothing wrong. That all else holds in table 3 tells that its columns are those that were read."""
    table = [identity for identity in checked if identity.id.startswith("T3-")]
    parts = {identity.id for identity in table if identity.id in _of_parts()}
    open_ = {*parts, "T3-I2:total"}
    left_out = all(identity.codes[-1] in identity.blanks for identity in table if identity.id in parts)
    if not parts or not left_out or not all(one.holds for one in table if one.id not in open_):
        return checked
    return tuple([identity for identity in checked if identity.id not in open_])


def all_hold(
    generations: Mapping[str, str], figures: Mapping[str, Figure], identities: tuple[Identity, ...]
) -> bool:
    """Whether all identities of these tables were checked and hold, so that every proof is as was `likely`."""
    return (len(identities), len(figures)) == _sizes(tuple(generations.items())) and all(
        identity.holds for identity in identities
    )


@cache
def _sizes(tables: tuple[tuple[str, str], ...]) -> tuple[int, int]:
    """How many identities and how many cells these tables have."""
    cells = sum(len(row.codes) for table in tables for row in forms()[table].rows)
    return sum(len(equations(*table)) for table in tables), cells


def proofs(identities: tuple[Identity, ...]) -> Mapping[str, Proof]:
    """The proof of every code that stands in an identity; one failure outweighs any number that hold."""
    proven = _proven(tuple([identity.codes for identity in identities if identity.holds]))
    failed = [identity.codes for identity in identities if not identity.holds]
    return {**proven, **dict.fromkeys(chain.from_iterable(failed), Proof.CONTRADICTED)} if failed else proven


@lru_cache(maxsize=256)
def _proven(codes: tuple[tuple[str, ...], ...]) -> Mapping[str, Proof]:
    """Of most reports every identity holds, so that the same codes are proven."""
    return dict.fromkeys(chain.from_iterable(codes), Proof.PROVEN)


def failures(identities: tuple[Identity, ...], figures: Mapping[str, Figure]) -> tuple[Finding, ...]:
    """A finding for each identity that fails: both sums, spelt out as printed, and every cell in it."""
    return tuple(
        Finding(FindingKind.IDENTITY_FAILS, identity.codes, _values(identity, figures))
        for identity in identities
        if not identity.holds
    )


def in_doubt(identities: tuple[Identity, ...], figures: Mapping[str, Figure]) -> tuple[Finding, ...]:
    """A finding over every figure where so many identities fail that columns or rows may have been mistaken."""
    telling = [identity for identity in identities if identity.left or identity.right]
    failed = sum(not identity.holds for identity in telling)
    if failed < LEAST_DOUBT or failed * 3 < len(telling):
        return ()
    codes = tuple(code for code, figure in figures.items() if figure.value is not None)
    values = {"case": "identities", "failed": failed, "of": len(telling)}
    return (Finding(FindingKind.READING_IN_DOUBT, codes, values),)


def unproven_on(
    pages: Collection[int], identities: tuple[Identity, ...], figures: Mapping[str, Figure]
) -> tuple[Finding, ...]:
    """A finding over every figure that was read on one of these pages, whose pictures are coarse, and that stands in no
    identity: in the others a digit that is misread shows."""
    if not pages:
        return ()
    told = proofs(identities)
    read = (
        code for code, figure in figures.items() if figure.value is not None and _page(figure.place) in pages
    )
    codes = tuple(code for code in read if code not in told)
    values = {"case": "coarse", "figures": len(codes)}
    return (Finding(FindingKind.READING_IN_DOUBT, codes, values),) if codes else ()


def _page(place: str) -> int:
    """The page of a place in a PDF; 0 of others."""
    found = _ON_PAGE.match(place)
    return int(found[1]) if found else 0


def _values(identity: Identity, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Both sides of an identity, each with its terms as printed (zeros left out) and what they come to."""
    left, right = (
        {"terms": [_shown(figures[code]) for code in side if figures[code].value != 0], "total": total}
        for side, total in zip(equation_sides(identity), (identity.left, identity.right), strict=True)
    )
    return {"identity": identity.id, "left": left, "right": right}


def equation_sides(identity: Identity) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the left and of the right side."""
    for key in forms():
        for equation in equations(*key):
            if equation.id == identity.id and equation.codes == identity.codes:
                return equation.left, equation.right
    return identity.codes, ()


def _shown(figure: Figure) -> int | float | str:
    return figure.value if figure.value is not None else f"[{figure.state}]"
