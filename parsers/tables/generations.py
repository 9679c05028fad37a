"""Of which generation a table is: by the words it prints, of those that not all generations of the table
share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from parsers.codebook import Form, forms_of
from parsers.forms import forms_cache, generation_for, generations
from parsers.tables.recognise import Segment
from parsers.words.labels import fold

LONG_WORD = 3
"""Words that are longer are found within others, too, and in pieces one after another; shorter ones only as
they are."""


def generations_of(segment: Segment) -> tuple[str, ...]:
    """The generations that print most of the telling words of a table, of equals those of which fewest are
    missing.

    All generations of the table where none of these words tells; the newest first.
    """
    return _generations(segment.table, (word for line in segment.lines for word in line.words))


def likeliest(among: Sequence[str], others: Iterable[str], year: int | None) -> str:
    """The one of these generations (the newest first) that the other tables of the report have, or that its
    year had.

    A year before all of them has the oldest, an unknown one the newest.
    """
    for other in others:
        if other in among:
            return other
    if year is None:
        return among[0]
    every = generations()
    begun = [of for of in among if every.index(of) <= every.index(generation_for(year))]
    return begun[0] if begun else among[-1]


def _generations(table: str, words: Iterable[str]) -> tuple[str, ...]:
    telling = _telling(table)
    if len(telling) < 2:
        return tuple(telling)
    words = list(words)
    apart, whole, joined = {*words}, "\x1f".join({*words}), "".join(words)
    printed = {
        of: sum(
            word in apart or (len(word) > LONG_WORD and (word in whole or word in joined)) for word in own
        )
        for of, own in telling.items()
    }
    most = max(printed.values())
    best = [of for of in telling if printed[of] == most]
    missing = {of: len(telling[of]) - most for of in best}
    fewest = min(missing.values())
    if not most and fewest:
        return tuple(telling)
    return tuple(of for of in best if missing[of] == fewest)


@forms_cache()
def _telling(table: str) -> dict[str, frozenset[str]]:
    """By generation, the words of a table that not all its generations print."""
    words = {form.generation: _words(form) for form in forms_of(table)}
    shared = frozenset.intersection(*words.values()) if words else frozenset()
    return {of: own - shared for of, own in words.items()}


def _words(form: Form) -> frozenset[str]:
    return form.row_names | {fold(cell.col_label) for cell in form.cells}
