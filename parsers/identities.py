"""The form's own arithmetic (勾稽关系), checked over what was read. It proves or contradicts; it never
repairs.

forms.csv writes it by groups of codes, several rules parted by `;`: `ID code + group_* = code`. A group is
every code that begins so and that the rule does not name; a name in braces makes a rule for each of its
values: `T3-I3:{row} {row}__* = {row}__total`. Sources: the head of table 3
(第一项加第二项之和，等于第三项加第四项之和) and the 总计 cells of the forms of 2019 and 2021; the 其中 and
numbered parts of that of 2014; the channels and reasons of local forms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from parsers.codebook import Form, forms, forms_in, table_of_code
from parsers.forms import FormsError, Layout, entry_of, forms_cache
from parsers.records import Figure, Finding, FindingKind, Identity, Proof, State

LEAST_DOUBT = 4
_NEW = tuple.__new__  # twice as fast as a named tuple's own way
UNKNOWN = (State.ABSENT, State.ILLEGIBLE)
_RULE = re.compile(r"(?P<id>\S+)\s+(?P<left>[^=]+?)\s+=\s+(?P<right>[^=]+)")
_SLOT = re.compile(r"\{\w+\}")
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


@forms_cache()
def equations(table: str, generation: str) -> tuple[Equation, ...]:
    """The identities of one statutory table by the ids that forms.csv gives them; () where there is no such
    table."""
    if (table, generation) not in forms():
        return ()
    form = forms()[(table, generation)]
    rules = _rules(entry_of(generation, form.cells[0].table).identities)
    return tuple(equation for rule in rules for equation in _equations(rule, form))


@forms_cache()
def likely() -> Mapping[str, Proof]:
    """The proof of every code in a report all of whose identities are checked and hold."""
    codes = (code for form in forms().values() for row in form.rows for code in row.codes)
    rules = chain.from_iterable(equations(*key) for key in forms())
    said = dict.fromkeys(codes, Proof.UNPROVEN)
    return {**said, **dict.fromkeys(chain.from_iterable(rule.codes for rule in rules), Proof.PROVEN)}


def _rules(text: str) -> Iterator[tuple[str, str, str]]:
    """The id and both sides of each rule in a cell of forms.csv; raises FormsError for what is none."""
    for rule in filter(None, map(str.strip, text.split(";"))):
        match = _RULE.fullmatch(rule)
        if not match:
            raise FormsError(f"forms.csv: {rule!r} is no identity: 'ID code + group_* = code' is one")
        yield match["id"], match["left"], match["right"]


def _equations(rule: tuple[str, str, str], form: Form) -> Iterator[Equation]:
    """The equations of a rule: one for each value of the name in braces, if it has one, in printed order."""
    name, left, right = rule
    codes = tuple(dict.fromkeys(cell.code for cell in form.cells))
    slot = _SLOT.search(right)
    for value in _filling(right, slot[0], codes) if slot else ("",):
        texts = [text.replace(slot[0], value) if slot else text for text in (name, left, right)]
        sides = [side.split(" + ") for side in texts[1:]]
        named = {term for side in sides for term in side if "*" not in term}
        if unknown := named.difference(codes):
            where = f"{form.generation} {form.table}"
            raise FormsError(
                f"forms.csv: {texts[0]} names {min(unknown)}, and codebook.csv has none in {where}"
            )
        one, other = (tuple(_terms(side, named, codes)) for side in sides)
        if one and other:
            yield Equation(texts[0], one, other)


def _filling(right: str, slot: str, codes: Sequence[str]) -> list[str]:
    """What stands in the place of the name in braces: in the codes that the first term with it fits."""
    term = next(term for term in right.split(" + ") if slot in term)
    pattern = re.compile("(.+)".join(map(re.escape, term.split(slot, 1))))
    return [match[1] for code in codes if (match := pattern.fullmatch(code))]


def _terms(side: Sequence[str], named: Collection[str], codes: Sequence[str]) -> Iterator[str]:
    """The codes of one side; those of a group are all that begin so and are named nowhere in the rule."""
    for term in side:
        if "*" in term:
            yield from (code for code in codes if code not in named and fnmatchcase(code, term))
        else:
            yield term


@forms_cache()
def _within_rows() -> tuple[Equation, ...]:
    """The identities whose codes all stand in one row of several."""
    return tuple(
        rule
        for form in forms().values()
        for rule in equations(form.table, form.generation)
        if any(len(row.codes) > 1 and {*rule.codes} <= {*row.codes} for row in form.rows)
    )


@forms_cache()
def proven_widths() -> frozenset[int]:
    """How many figures the rows have whose sums tell whether they were taken apart rightly."""
    summed = {rule.right[-1] for rule in _within_rows()}
    rows = (row for form in forms().values() for row in form.rows)
    return frozenset(len(row.codes) for row in rows if not summed.isdisjoint(row.codes))


@forms_cache()
def _subtotals() -> frozenset[str]:
    """The codes in matrices that are the sum of their row and a part of the sum of their column."""
    within = {rule.id for rule in _within_rows()}
    rules = [rule for form in forms_in(Layout.MATRIX) for rule in equations(form.table, form.generation)]
    of_columns = [rule for rule in rules if rule.id not in within and len(rule.right) == 1]
    parts = {code for rule in of_columns for code in rule.left}
    return frozenset(rule.right[0] for rule in rules if rule.id in within and rule.right[0] in parts)


def check(generations: Mapping[str, str], figures: Mapping[str, Figure]) -> tuple[Identity, ...]:
    """Every identity of the tables that were read and whose cells are all known.

    A blank or a dash counts as 0 in a sum and is named in `blanks`; an identity over an absent or illegible
    cell, or over blanks alone, says nothing and is left out.
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
    """Without the sums over the totals of rows of a matrix that are parts of another sum, where none of them
    has any, and without that sum: a form that was filled in so says nothing wrong. That all else holds in the
    table tells that its columns are those that were read."""
    subtotals = _subtotals()
    rows = [one for one in checked if one.codes[-1] in subtotals]
    table = {table_of_code(one.codes[0]) for one in rows}
    if not rows or not all(one.codes[-1] in one.blanks for one in rows):
        return checked
    open_ = {one.id for one in checked if not subtotals.isdisjoint(one.codes)}
    rest = (one for one in checked if table_of_code(one.codes[0]) in table and one.id not in open_)
    if not all(one.holds for one in rest):
        return checked
    return tuple([one for one in checked if one.id not in open_])


def all_hold(
    generations: Mapping[str, str], figures: Mapping[str, Figure], identities: tuple[Identity, ...]
) -> bool:
    """Whether all identities of these tables were checked and hold, so that every proof is as was
    `likely`."""
    return (len(identities), len(figures)) == _sizes(tuple(generations.items())) and all(
        identity.holds for identity in identities
    )


@forms_cache()
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
    """A finding over every figure where so many identities fail that columns or rows may have been
    mistaken."""
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
    """A finding over every figure that was read on one of these pages, whose pictures are coarse, and that
    stands in no identity: in the others a digit that is misread shows."""
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
