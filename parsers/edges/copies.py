"""What a page says twice, for a telephone or the printer, its report says once."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.edges.page import Page, Piece

_FEWEST_CHARS = 12
"""A shorter line may well be said twice by one report."""
_ALIKE = 0.8
"""The share of the characters of a copy that stand in what it is a copy of."""
_LEAST = 0.3
"""The share of a report that has to be said again for a copy of it."""
_MOST = 0.5
"""Lines that are said again make a copy of all that stands between them when they have this share of it."""


def copies_in(page: Page, parts: Sequence[Piece]) -> frozenset[int]:
    """The pieces that say again what the report says from its first part to its last, with what goes with
    them."""
    first, last = parts[0].number, parts[-1].number
    begin, end = _second(page, parts) or (last + 1, last)
    own = page.pieces[first : min(last + 1, begin)]
    said = {piece.text for piece in own if piece.chars >= _FEWEST_CHARS}
    copied = set(range(begin, end + 1))
    fewest = _LEAST * sum(piece.chars for piece in own)
    for is_above, side in ((True, page.pieces[:first]), (False, page.pieces[last + 1 :])):
        again = [piece for piece in side if piece.text in said]
        if again and sum(piece.chars for piece in again) >= fewest:
            copied |= _copied(page, again, is_above)
        elif is_above:  # a line of it is quoted; below, a line may close two reports alike
            copied |= {piece.number for piece in again}
    return frozenset(copied)


def _copied(page: Page, again: Sequence[Piece], is_above: bool) -> set[int]:
    """Lines above or below a report that it says, with all that stands between them, and with the lines
    around them that are said elsewhere on the page: title, introduction, signature. First away from the
    report, whose own lines may be next.
    """
    begin, end = again[0].number, again[-1].number
    within = page.pieces[begin : end + 1]
    if sum(piece.chars for piece in again) < _MOST * sum(piece.chars for piece in within):
        return {piece.number for piece in again}
    begin, end = _further(page, begin, end, -1 if is_above else 1)
    begin, end = _further(page, begin, end, 1 if is_above else -1)
    return set(range(begin, end + 1))


def _further(page: Page, begin: int, end: int, step: int) -> tuple[int, int]:
    """A copy with the lines right below it (`step` 1) or above it (-1) that are parts of it, too."""
    while True:
        number = end + 1 if step > 0 else begin - 1
        if not 0 <= number < len(page.pieces) or not _is_said_outside(page, number, begin, end):
            return begin, end
        begin, end = min(begin, number), max(end, number)


def _is_said_outside(page: Page, number: int, begin: int, end: int) -> bool:
    """Whether a line beside a copy is said once more, and not in the copy: then it is a part of the copy,
    too."""
    text = page.pieces[number].text
    return any(
        piece.text == text and piece.number != number and not begin <= piece.number <= end
        for piece in page.pieces
    )


def _is_of_another(page: Page, first: int, again: int) -> bool:
    """Whether what begins again stands below a title of its own, which is not that of the first."""
    own, other = page.title_above(first), page.title_above(again)
    if other is None or other == own:
        return False
    said = {piece.text for piece in page.pieces[: other[0]]}
    return any(piece.text not in said for piece in page.pieces[other[0] : other[1] + 1])


def _second(page: Page, parts: Sequence[Piece]) -> tuple[int, int] | None:
    """Where the parts come again with the same text between them: the pieces of the copy, with the title
    right above."""
    first, last = parts[0].number, parts[-1].number
    again = next((part.number for part in parts[1:] if part.text == parts[0].text), None)
    if again is None or _is_of_another(page, first, again):
        return None
    said = {piece.text for piece in page.pieces[first:again]}
    long = [piece for piece in page.pieces[again : last + 1] if piece.chars >= _FEWEST_CHARS]
    same = sum(piece.chars for piece in long if piece.text in said)
    if same < _ALIKE * sum(piece.chars for piece in long):
        return None
    above, end = {piece.text for piece in page.pieces[:first]}, last
    while again - 1 > first and page.pieces[again - 1].text in above:
        again -= 1
    while end + 1 < len(page.pieces) and page.pieces[end + 1].text in said:
        end += 1
    return again, end
