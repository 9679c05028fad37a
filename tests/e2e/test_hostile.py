"""Every kind of hostile file, small: it is read with a warning or refused in one line, and nothing else happens."""

from __future__ import annotations

import pytest

from benchmarks.hostile import said_of
from benchmarks.hostile_files import ATTACKS, CELLS, Attack
from parsers.document import Table
from parsers.readers import html

SIZE = 0.001
SLOW = ("RTF", "picture", "page of a million", "PDF hatching")
"""Kinds that need LibreOffice, OCR or many seconds even when they are small: the benchmark has them."""


@pytest.mark.parametrize(
    "attack", [attack for attack in ATTACKS if not attack.name.startswith(SLOW)], ids=lambda one: one.name
)
def test_a_hostile_file_is_read_or_refused(attack: Attack) -> None:
    said = said_of(attack.make(SIZE))
    assert said
    assert "\n" not in said


@pytest.mark.parametrize(
    "attack",
    [one for one in ATTACKS if one.name.startswith("PDF") and not one.name.startswith(SLOW)],
    ids=lambda one: one.name,
)
def test_a_hostile_pdf_is_a_pdf(attack: Attack) -> None:
    """One that no reader opens would tell nothing about what it does to them."""
    assert "really a PDF" not in said_of(attack.make(SIZE))


def test_forms_that_draw_each_other_are_not_followed_for_long() -> None:
    forms = next(one for one in ATTACKS if "forms" in one.name)
    assert "draws more than is followed" in said_of(forms.make(1))


def test_a_page_of_many_tables_is_read_whole() -> None:
    (document,) = html.read(f"<html><body>{CELLS * 150}</body></html>".encode())
    assert sum("规章" in block.texts for block in document.blocks if isinstance(block, Table)) == 150
