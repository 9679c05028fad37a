"""What the identities say of each figure, whichever way it is found."""

from __future__ import annotations

import pytest

from parsers.codebook import forms
from parsers.identities import all_hold, check, likely, proofs
from parsers.records import Figure, Proof, State

EVERY = sorted({generation for _, generation in forms()})


def blank_form(generation: str) -> tuple[dict[str, str], dict[str, Figure]]:
    """The tables of a generation with a 0 in every cell."""
    tables = {table: generation for table, known in forms() if known == generation}
    codes = [code for table in tables for row in forms()[(table, generation)].rows for code in row.codes]
    return tables, {code: Figure(code, 0, State.NUMBER, "0", "", Proof.UNPROVEN, "") for code in codes}


@pytest.mark.parametrize("generation", EVERY)
def test_where_all_identities_hold_every_proof_is_the_likely_one(generation: str) -> None:
    tables, figures = blank_form(generation)
    checked = check(tables, figures)
    assert all_hold(tables, figures, checked)
    told = proofs(checked)
    assert {code: told.get(code, Proof.UNPROVEN) for code in figures} == {
        code: likely()[code] for code in figures
    }


@pytest.mark.parametrize("generation", EVERY)
def test_one_cell_that_is_not_known_or_not_right_or_of_another_form_tells(generation: str) -> None:
    tables, figures = blank_form(generation)
    for code in (identity.codes[0] for identity in check(tables, figures)):
        for odd in (
            {code: figures[code]._replace(value=None, state=State.ABSENT)},
            {code: figures[code]._replace(value=1)},
            {"other": figures[code]._replace(code="other")},
        ):
            changed = {**figures, **odd}
            assert not all_hold(tables, changed, check(tables, changed))
