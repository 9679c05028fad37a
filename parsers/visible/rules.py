"""The style sheets that a page holds: those of their rules that can change what is seen.

Which elements a selector means is asked of the parser of the page; sheets that other addresses hold are not
known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from parsers.visible.elements import SHOWN, Declared, declared, is_block, styled

LONGEST_SHEET, MOST_RULES = 200_000, 400
"""Characters of a sheet, and rules of a page, that are looked at."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_GENERATES = re.compile(r"::?(before|after)\s*$", re.I)
_ID, _CLASS, _TYPE = (
    re.compile(r"#[\w-]"),
    re.compile(r"\.[\w-]|\[|:[a-z]"),
    re.compile(r"(?:^|[\s>+~])[a-z]", re.I),
)
_PRINTED = re.compile(r"\b(?:print|speech|handheld)\b", re.I)
_LITERAL = re.compile(r"""["']([^"'\\]*)["']""")


class Rule(NamedTuple):
    """One selector with what is declared for it. `generated`: what it writes before or after the element, ""
    for nothing it can be known of, None for nothing at all."""

    selector: str
    declared: Declared
    generated: str | None = None

    @property
    def weight(self) -> tuple[int, int, int]:
        """Its specificity."""
        return tuple(len(kind.findall(self.selector)) for kind in (_ID, _CLASS, _TYPE))  # type: ignore[return-value]


class Found(NamedTuple):
    """What the sheets of a page declare for its elements, and what they write into them, both by the
    element's key."""

    declared: dict[Hashable, dict[str, str]]
    generated: dict[Hashable, list[str]]


@lru_cache(maxsize=256)
def rules_of(sheet: str) -> tuple[Rule, ...]:
    """The rules of a sheet for a screen that can change what is seen, in order."""
    if ":" not in sheet.partition("{")[2]:
        return ()
    return tuple(_rules(_COMMENT.sub(" ", sheet[:LONGEST_SHEET])))


def _rules(sheet: str) -> Iterator[Rule]:
    for head, body in _blocks(sheet):
        if head.startswith("@"):
            if head.startswith(("@media", "@supports", "@layer")) and not _PRINTED.search(head):
                yield from _rules(body)
            continue
        said = declared(body)
        if not said:
            continue
        for selector in filter(None, map(str.strip, head.split(","))):
            if pseudo := _GENERATES.search(selector):
                if (written := _written(said)) is not None:
                    yield Rule(selector[: pseudo.start()] or "*", {}, written)
            elif _matters(said):
                yield Rule(selector, said)


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """What stands before each outermost pair of braces, and what stands in it."""
    depth, begun, head, place = 0, 0, "", 0
    for brace in re.finditer(r"[{}]", sheet):
        if brace[0] == "{":
            depth += 1
            if depth == 1:
                head, begun = sheet[place : brace.start()].rpartition(";")[2].strip(), brace.end()
        elif depth:
            depth -= 1
            if not depth:
                yield head, sheet[begun : brace.start()]
                place = brace.end()


def _matters(said: Declared) -> bool:
    """Whether a rule changes what is seen of something, or takes back what another one changed."""
    style = styled(SHOWN, "span", {}, said)
    return (
        style != SHOWN
        or is_block(said) is not None
        or "visibility" in said
        or "display" in said
        or "font-size" in said
    )


def _written(said: Declared) -> str | None:
    """What `content` writes; None where that is no letter and no digit."""
    content = said.get("content", "none")
    if content in ("none", "normal"):
        return None
    literals = _LITERAL.findall(content)
    if not literals and content[:1] not in "\"'":
        return "" if "attr(" in content or "counter" in content else None
    written = "".join(literals)
    return written if any(map(str.isalnum, written)) else None


def found(sheets: Iterable[str], matching: Callable[[str], Iterable[Hashable]]) -> Found | None:
    """What the sheets of a page say of its elements, None for nothing. `matching`: the keys of the elements
    that a selector means; it gives none for a selector that it does not understand."""
    rules = [rule for sheet in sheets for rule in rules_of(sheet)][:MOST_RULES]
    if not rules:
        return None
    says = Found({}, {})
    for rule in sorted(rules, key=lambda rule: rule.weight):
        for key in matching(rule.selector):
            if rule.generated is not None:
                says.generated.setdefault(key, []).append(rule.generated)
            else:
                _add(says.declared.setdefault(key, {}), rule.declared)
    return says


def _add(known: dict[str, str], said: Declared) -> None:
    for name, value in said.items():
        if not known.get(name, "").endswith("!important") or value.endswith("!important"):
            known[name] = value
