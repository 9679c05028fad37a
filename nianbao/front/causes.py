"""Many problems as few lines: what is the same but for its place is one cause, with its number and three examples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NAMED = 3
"""So many examples of a cause are named."""
AS_THEY_ARE = 12
"""So many problems are told one by one; more of them by their causes."""
CAUSES = 10
"""So many causes are told, the most frequent first."""
_PLACES = re.compile(
    r"https?://[^\s;,()]+|^source [^\s:]+(?=:)|\b(?:[\w-]+\.)+[\w-]+(?::\d+)?(?=[\s:;,)]|$)|\d{4}-\d\d-\d\dT[\d:]+Z|\d+"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """What problems have in common, how many there are, and the first of them."""

    what: str
    number: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number} times {self.what}; such as {' | '.join(self.examples)}"


def causes(problems: Iterable[str]) -> list[Cause]:
    """The causes of problems, the most frequent first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        groups[_common(problem)].append(problem)
    found = [Cause(what, len(group), tuple(group[:NAMED])) for what, group in groups.items()]
    return sorted(found, key=lambda each: (-each.number, each.what))


def told(problems: Sequence[str]) -> list[str]:
    """Problems for a reader: as they are while they are few, else by their causes."""
    if len(problems) <= AS_THEY_ARE:
        return list(problems)
    found = causes(problems)
    rest = sum(each.number for each in found[CAUSES:])
    return [
        *map(str, found[:CAUSES]),
        *([f"and {rest} more, of {len(found) - CAUSES} other causes"] if rest else []),
    ]


def _common(problem: str) -> str:
    """A problem without the place where it was met."""
    plain = re.sub(r"(?<!\s)\s*+\([^()]*+\)", "", _PLACES.sub("…", problem))
    return re.sub(r"(?:…[\s:;]*)+", "… ", plain).strip(" …:;") or "…"
