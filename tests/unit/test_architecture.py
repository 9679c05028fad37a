"""The pictures of the house against the imports of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("nianbao", "crawler", "web", "archive", "parsers", "sample")
Edge = tuple[str, str]


def pictures() -> list[set[Edge]]:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = re.findall(r"```mermaid\n(.*?)```", text, re.S)
    return [set(re.findall(r"^    ([a-z.]+) --> ([a-z.]+)$", picture, re.M)) for picture in drawn]


@cache
def imports() -> dict[str, set[str]]:
    """What each module imports; of a package only what its own file says."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[module] = set(names(ast.parse(path.read_text("utf-8"))))
    return found


def names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def edges(rooms: Iterable[str]) -> set[Edge]:
    """Which of some rooms imports which: each module stands in the innermost room that holds it."""
    known = sorted(rooms, key=len, reverse=True)

    def room(name: str) -> str:
        return next((one for one in known if f"{name}.".startswith(f"{one}.")), "")

    found = {(room(module), room(name)) for module, said in imports().items() for name in said}
    return {(one, other) for one, other in found if one and other and one != other}


def rooms_of(package: str) -> set[str]:
    """The rooms of a package, and the modules that stand beside them."""
    return {".".join(module.split(".")[:2]) for module in imports() if module.startswith(f"{package}.")}


def test_the_pictures_are_what_the_code_imports() -> None:
    house, *packages = pictures()
    assert edges(PACKAGES) == house
    for picture in packages:
        package = min(picture)[0].split(".")[0]
        rooms = {room for room in rooms_of(package) if (ROOT / room.replace(".", "/")).is_dir()}
        assert edges(rooms) == picture


def test_packages_import_one_way() -> None:
    order = {package: place for place, package in enumerate(PACKAGES[:5])}
    against = {
        (one, other)
        for one, other in edges(PACKAGES)
        if one in order and other in order and order[one] > order[other]
    }
    assert against == set()
    assert {edge for edge in edges(PACKAGES) if edge[0] == "sample"} <= {("sample", "parsers")}


def test_no_room_imports_one_that_imports_it() -> None:
    rooms = set().union(*map(rooms_of, PACKAGES))
    graph: dict[str, set[str]] = {}
    for one, other in edges(rooms):
        graph.setdefault(one, set()).add(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(f"rooms that import each other: {' -> '.join(error.args[1])}") from None
