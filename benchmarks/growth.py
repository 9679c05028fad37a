"""How the work of patterns grows with their input: probes made of a pattern's own parts, and the time that they take."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as sre  # type: ignore[attr-defined]
from time import process_time
from typing import Any

from archive import pool

LONG, SHORT, LEAST_SECONDS, MOST_GROWTH = 6000, 200, 0.03, 2.9
"""Characters of the longest probe and of the first one at most; what takes less is not looked at; by what the time of double the length may be more."""
FROM_THE_BEGIN = frozenset(("match", "fullmatch"))
ONLY_SHORT = {
    ("parsers.codebook", "_NOTE"): 100,  # labels of our own codebook
    ("parsers.identities", "_RULE"): 100,  # rules of our own table of forms
    ("parsers.heading.headings", "_ANNOUNCED"): 400,  # what was said before a title
    ("parsers.heading.headings", "_SAID"): 1500,
    ("parsers.heading.names", "_NAME_TRIM"): 400,  # a piece of a title
    ("parsers.sentences.prose", "_ROW_END"): 120,
    ("parsers.tables.flat.runs", "_LIST_LINE"): 100,
    ("parsers.tables.flat.runs", "_TOUCHING"): 40,
    ("crawler.signatures", "_REFRESH"): 2048,
    ("crawler.signatures", "_REFRESH_LAST"): 2048,
}
"""Characters of the longest text that is shown to a pattern, where who asks it sees to that."""
GUARDED = frozenset(
    {
        ("crawler.page", "_COMMENT"),
        ("parsers.readers.bounds", "_ONE"),  # within the attributes of one tag
        ("crawler.families.hanweb", "_RECORD"),
        ("crawler.families.hanweb", "_STORE"),
        ("crawler.families.jpaas", "_SETTINGS"),
    }
)
"""Asked only of texts that end with what the pattern ends with (`crawler.page.before_last`): no search is in vain."""
PATIENCE = timedelta(seconds=20)
"""For all probes of a pattern: one that doubles its work with each character never ends."""
_ENDS = ("", "\0")
_DEEPEST = 6


@dataclass(frozen=True)
class Used:
    """A pattern of a module, and with which method it is asked."""

    module: str
    name: str
    pattern: str | bytes
    flags: int
    methods: tuple[str, ...]

    @property
    def longest(self) -> int:
        """Characters of the longest probe."""
        return min(LONG, ONLY_SHORT.get((self.module, self.name), LONG))


def patterns(packages: Iterable[str]) -> list[Used]:
    """All patterns of all modules of these packages, each once: those at the top, and those that stand in calls of `re`."""
    found: dict[tuple[object, int], Used] = {}
    sources: dict[str, str] = {}
    for package in packages:
        for info in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if info.name.endswith("__main__"):
                continue
            module = importlib.import_module(info.name)
            source = sources[info.name] = Path(module.__file__ or "").read_text("utf-8")
            for used in (*_at_the_top(info.name, vars(module), source), *_in_calls(info.name, source)):
                found.setdefault((used.pattern, used.flags), used)
    return [_asked_elsewhere(used, sources) for used in found.values()]


def _asked_elsewhere(used: Used, sources: Mapping[str, str]) -> Used:
    """A pattern that other modules may ask, with their methods."""
    if used.name.startswith(("_", "line ")):
        return used
    text = "\n".join(source for source in sources.values() if used.module in source)
    return replace(used, methods=_methods(used.name, sources[used.module] + text))


def _at_the_top(module: str, names: dict[str, Any], source: str) -> Iterator[Used]:
    for name, value in names.items():
        if re.search(rf"^from .*\b{name}\b|^import .*\b{name}\b|^    {name},$", source, re.MULTILINE):
            continue  # another module's
        for pattern in _within(value):
            yield Used(module, name, pattern.pattern, pattern.flags, _methods(name, source))


def _within(value: object) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (one for part in value.values() for one in _within(part))
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from (one for part in value for one in _within(part))


def _methods(name: str, source: str) -> tuple[str, ...]:
    """How the pattern of this name is asked: only from the begin, if nobody looks for it anywhere else."""
    asked = set(re.findall(rf"\b{re.escape(name)}\.(\w+)", source)) - {"pattern", "flags"}
    if asked and asked <= FROM_THE_BEGIN:
        return tuple(sorted(asked))
    return ("finditer",)


def _in_calls(module: str, source: str) -> Iterator[Used]:
    """The patterns that are written where they are asked."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        called, first = node.func, node.args[0]
        if not (isinstance(called.value, ast.Name) and called.value.id == "re"):
            continue
        if isinstance(first, ast.Constant) and isinstance(first.value, (str, bytes)):
            method = called.attr if called.attr in FROM_THE_BEGIN else "finditer"
            if called.attr not in ("compile", "escape"):
                yield Used(module, f"line {node.lineno}", first.value, 0, (method,))


@cache
def _compiled(used: Used) -> re.Pattern[Any]:
    flags = used.flags & ~re.UNICODE if isinstance(used.pattern, bytes) else used.flags
    return re.compile(used.pattern, flags)


def probes(used: Used) -> list[tuple[str, str, str]]:
    """What stands before, what is repeated, what stands behind: of the pattern's own parts, those that are likely first."""
    tree = list(sre.parse(used.pattern, _compiled(used).flags & ~re.DEBUG))
    whole = _sample(tree)
    pieces = list(dict.fromkeys(_pieces(tree, "", 0)))
    pumps: dict[tuple[str, str], None] = {}
    for before, pump in pieces:
        for one in filter(None, (pump, pump[:1])):
            pumps["", one] = None
            pumps[before[-40:], one] = None
    pumps.update({("", whole[:end]): None for end in range(1, min(len(whole), 24) + 1)})
    singles = list(dict.fromkeys(pump for _, pump in pumps if len(pump) == 1))[:24]
    for one, other in pairwise(singles):
        pumps["", one + other] = None
    pumps.update({(whole[:1], one): None for one in singles})
    return [(before, pump, end) for before, pump in pumps if pump for end in _ENDS]


def _pieces(items: list[Any], before: str, depth: int) -> Iterator[tuple[str, str]]:
    """Each repeated part of a pattern, with a sample of what comes before it."""
    for code, value in items:
        for inner in _inner(code, value):
            sample = _sample(inner)
            if code in _REPEATS:
                for variant in _variants(inner):
                    yield before, variant
            if depth < _DEEPEST:
                yield from _pieces(inner, before, depth + 1)
            if sample:
                yield "", sample
        before += _sample([(code, value)])


_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}


def _inner(code: Any, value: Any) -> list[list[Any]]:
    if code in _REPEATS:
        return [list(value[2])]
    if code is op.SUBPATTERN:
        return [list(value[3])]
    if code is op.BRANCH:
        return [list(part) for part in value[1]]
    if code is op.ATOMIC_GROUP:
        return [list(value)]
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [list(value[1])]
    return []


def _variants(items: list[Any]) -> list[str]:
    """Samples of a part: one for each way, where it is a choice of characters or branches."""
    if len(items) == 1 and items[0][0] is op.IN:
        return _members(items[0][1])[:6]
    if len(items) == 1 and items[0][0] is op.BRANCH:
        return [_sample(list(part)) for part in items[0][1][1]][:6]
    return [_sample(items)]


def _sample(items: list[Any]) -> str:
    """A text that the items match."""
    said = []
    for code, value in items:
        if code is op.LITERAL:
            said.append(chr(value))
        elif code is op.NOT_LITERAL:
            said.append("x" if value != ord("x") else "y")
        elif code is op.ANY:
            said.append("x")
        elif code is op.IN:
            said.append((_members(value) or ["x"])[0])
        elif code in _REPEATS:
            said.append(_sample(list(value[2])) * max(1, min(value[0], 20)))
        elif code is op.BRANCH:
            said.append(_sample(list(value[1][0])))
        elif code is op.SUBPATTERN:
            said.append(_sample(list(value[3])))
        elif code is op.ATOMIC_GROUP:
            said.append(_sample(list(value)))
    return "".join(said)


_CATEGORIES = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_SPACE: " \n",
    op.CATEGORY_WORD: "a1",
    op.CATEGORY_NOT_DIGIT: "x",
    op.CATEGORY_NOT_SPACE: "x",
    op.CATEGORY_NOT_WORD: " ",
}


def _members(items: list[Any]) -> list[str]:
    """Characters of a class."""
    if items and items[0][0] is op.NEGATE:
        denied = re.compile("[" + "".join(_as_class(item) for item in items[1:]) + "]")
        return [one for one in "x1 件\n<\"'-=" if not denied.match(one)]
    found: list[str] = []
    for code, value in items:
        if code is op.LITERAL:
            found.append(chr(value))
        elif code is op.RANGE:
            found += [chr(value[0]), chr(value[1])]
        elif code is op.CATEGORY:
            found += _CATEGORIES[value]
    return list(dict.fromkeys(found))


def _as_class(item: tuple[Any, Any]) -> str:
    code, value = item
    if code is op.LITERAL:
        return re.escape(chr(value))
    if code is op.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return {
        op.CATEGORY_DIGIT: r"\d",
        op.CATEGORY_SPACE: r"\s",
        op.CATEGORY_WORD: r"\w",
        op.CATEGORY_NOT_DIGIT: r"\D",
        op.CATEGORY_NOT_SPACE: r"\S",
        op.CATEGORY_NOT_WORD: r"\W",
    }[value]


def growth(used: Used, probe: tuple[str, str, str]) -> float:
    """By what the time of a probe grows when its length doubles; 0 where it is quick.

    Begins with a short one and ends as soon as the time can be told: what grows with the cube must not be waited for.
    """
    long = used.longest
    while long > SHORT:
        long //= 2
    half = _seconds(used, probe, long)
    while long < used.longest:
        long *= 2
        whole = _seconds(used, probe, long)
        if whole >= LEAST_SECONDS and half >= LEAST_SECONDS / 8:
            return whole / half
        half = whole
    return 0.0


def _seconds(used: Used, probe: tuple[str, str, str], long: int) -> float:
    before, pump, end = probe
    text: Any = before + pump * (long // len(pump)) + end
    if isinstance(used.pattern, bytes):
        text = text.encode("utf-8", "replace")
    pattern, start = _compiled(used), process_time()
    for method in used.methods:
        if method == "finditer":
            for _ in pattern.finditer(text):
                pass
        else:
            getattr(pattern, method)(text)
    return process_time() - start


def worst(task: tuple[Used, int]) -> str:
    """The probe (of the first so many) whose time grows faster than its length, in words; empty where none does."""
    used, many = task
    if (used.module, used.name) in GUARDED:
        return ""
    for probe in probes(used)[:many]:
        if growth(used, probe) > MOST_GROWTH and (times := growth(used, probe)) > MOST_GROWTH:
            return f"{times:.1f} times the work for twice as many {probe[1]!r} behind {probe[0]!r}"
    return ""


def grown(found: Iterable[Used], many: int) -> Iterator[tuple[Used, str]]:
    """Each pattern with what is wrong with it, in processes that are ended where a pattern does not."""
    tasks = [(used, many) for used in found]
    for (used, _), said in pool.run(worst, tasks, jobs=2, timeout=PATIENCE):
        yield used, said.message if isinstance(said, pool.Failure) else said
