"""The picture of the house against the imports of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("nianbao", "crawler", "web", "archive", "parsers", "sample")
Edge = tuple[str, str]


def drawn() -> set[Edge]:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    found = re.findall(r"^    ([a-z.]+) --> ([a-z.]+)$", text, re.M)
    return {(one, other) for one, other in found}


def imported(rooms: set[str]) -> set[Edge]:
    edges = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for name in names(ast.parse(path.read_text("utf-8"))):
                edge = room(module, rooms), room(name, rooms)
                if edge[1] and edge[0] != edge[1]:
                    edges.add(edge)
    return edges


def names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str, rooms: set[str]) -> str:
    return max((one for one in rooms if f"{module}.".startswith(f"{one}.")), key=len, default="")


def test_the_picture_is_what_the_code_imports() -> None:
    edges = drawn()
    assert edges
    assert imported({room for edge in edges for room in edge}) == edges


def test_packages_import_one_way() -> None:
    order = {package: place for place, package in enumerate(PACKAGES[:5])}
    against = {
        (one, other)
        for one, other in imported(set(PACKAGES))
        if one in order and other in order and order[one] > order[other]
    }
    assert against == set()
    assert {edge for edge in imported(set(PACKAGES)) if edge[0] == "sample"} <= {("sample", "parsers")}
