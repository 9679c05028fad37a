"""What a person sees of a text: one idea for all containers that hide, strike out, raise or move what they
hold.

A reader takes each run of text with its `Look` and gives the runs of a cell, or of a paragraph, to `seen`:
the text as a person reads it, and what cannot be known of it. The look of a run follows in HTML from
elements, attributes and style rules (`elements`, `rules`); Word, OpenDocument, sheets and PDF say it
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum, StrEnum
from itertools import pairwise
from typing import NamedTuple


class Look(Enum):
    """How a run of text stands there."""

    PLAIN = "as all other text"
    GONE = "not shown at all"
    STRUCK = "struck out"
    FAINT = "in the colour of what it stands on, as far as that is known"
    RAISED = "smaller, above or below the line, or a link to a place on the page: as the mark of a note"
    APART = "in an element that sets it apart from the text beside it"


class Doubt(StrEnum):
    """What cannot be known of a cell. The values are the cases of `reading_in_doubt` in findings.csv."""

    STRUCK = "struck_out"
    FAINT = "colour_of_ground"
    APART = "digits_touch"
    ORDER = "shown_in_another_order"
    PICTURE = "picture"
    FIELD = "field"
    GENERATED = "generated"
    NUMBERED = "numbered"
    HIDDEN_TABLE = "hidden_table"
    CLASS = "hiding_class"
    FORMAT = "number_format"


SPREADING = frozenset({Doubt.ORDER, Doubt.GENERATED, Doubt.HIDDEN_TABLE})
"""Doubts of a label or a head that are doubts of the figures beside or below it."""


class Run(NamedTuple):
    """Text that looks the same from its first character to its last."""

    text: str
    look: Look = Look.PLAIN
    doubt: Doubt | None = None


class Seen(NamedTuple):
    """What a person reads, and what cannot be known of it."""

    text: str
    doubts: tuple[Doubt, ...] = ()


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NOTE_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉"
"""Digits that stand above or below the line."""
_DIGIT = re.compile(r"\d")
_SIGNS = re.compile(r"[\w.,，．]")


def seen(runs: Sequence[Run]) -> Seen:
    """The text of a cell or a paragraph from its runs.

    What is hidden or struck out is no part of it; what is raised stays, in characters that are raised
    themselves; where all of it is faint, or raised, that is the look of the cell and no mark in it.
    """
    doubts = dict.fromkeys(run.doubt for run in runs if run.doubt and _tells(run))
    shown = [run for run in runs if run.look not in (Look.GONE, Look.STRUCK)]
    if _any_sign(run for run in runs if run.look is Look.STRUCK) and not _any_sign(shown):
        doubts[Doubt.STRUCK] = None
    faint = [run for run in shown if run.look is Look.FAINT]
    if _any_sign(faint):
        doubts[Doubt.FAINT] = None
        if any(run.text.strip() for run in shown if run.look is not Look.FAINT):
            shown = [run for run in shown if run.look is not Look.FAINT]
    beside = any(_any_sign([run]) for run in shown if run.look is not Look.RAISED)
    if _touching(shown):
        doubts[Doubt.APART] = None
    pieces = []
    for run in shown:
        raised = run.look is Look.RAISED and beside and _DIGIT.search(run.text)
        pieces.append(_as_note(run.text) if raised else run.text)
    return Seen("".join(pieces), tuple(doubt for doubt in doubts if doubt))


def _tells(run: Run) -> bool:
    """Whether a run's doubt is one of the cell: what is certainly hidden leaves none, what may be hidden
    does."""
    if run.look is Look.GONE:
        return run.doubt is Doubt.CLASS and _any_sign([run])
    return run.doubt is not Doubt.CLASS


def _as_note(text: str) -> str:
    """A raised text, so that its digits are none of the number before it: `1` as `¹`, while `[1]` and `①` say
    it themselves."""
    bare = text.strip()
    return text if bare[:1] in "[［(（〔【" else text.translate(_RAISED)


def _any_sign(runs: Iterable[Run]) -> bool:
    """Whether a letter, a digit or what may be a part of a number stands in these runs."""
    return any(_SIGNS.search(run.text) for run in runs)


def _touching(runs: Sequence[Run]) -> bool:
    """Whether a digit in an element that is set apart touches one beside it."""
    printed = [run for run in runs if run.text]
    return any(
        Look.APART in (one.look, other.look) and one.text[-1].isdecimal() and other.text[0].isdecimal()
        for one, other in pairwise(printed)
    )
