"""Prose for the reader: statements set apart in their sections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Piece = tuple[str, Any]
"""A run of text, and the statement it is (or None)."""


def pieces(text: str, statements: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """The text cut into runs, so that each statement that it contains is a run of its own.

    Statements that share words are one run with the first of them; the list below the text has them all.
    """
    found: list[tuple[int, int, Mapping[str, Any]]] = []
    for statement in statements:
        start = text.find(statement["text"]) if statement["text"] else -1
        end = start + len(statement["text"])
        if start >= 0 and all(end <= s or start >= e for s, e, _ in found):
            found.append((start, end, statement))
    made: list[Piece] = []
    done = 0
    for start, end, statement in sorted(found, key=lambda item: item[0]):
        made += [(text[done:start], None), (text[start:end], statement)]
        done = end
    return [piece for piece in [*made, (text[done:], None)] if piece[0]]
