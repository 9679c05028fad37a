"""Attacks on every door of the house, and whether it held: `python -m benchmarks attacks`.

A room is a module of this package. It registers its rigs with `@rig`; nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

SECONDS, MEGABYTES = 60.0, 1000.0
"""What one attack may take of a command before it has an outcome, and the most that it may hold meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attack: `said` is what the program answered, in a few words."""

    attack: str
    held: bool
    said: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0


Attacks = Callable[[Path], Iterable[Outcome]]
"""Takes an empty folder to work in; gives the outcome of each attack as it becomes known."""


@dataclass(frozen=True, slots=True)
class Rig:
    """A few attacks of one kind that share what they need."""

    room: str
    name: str
    run: Attacks


RIGS: list[Rig] = []


def rig(name: str) -> Callable[[Attacks], Attacks]:
    """Registers a function as a rig of the room that its module is."""

    def register(run: Attacks) -> Attacks:
        RIGS.append(Rig(run.__module__.rpartition(".")[2], name, run))
        return run

    return register


def rigs() -> list[Rig]:
    """Every rig of every room, room by room."""
    for found in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{found.name}")
    return sorted(RIGS, key=lambda each: each.room)


def run(only: str = "") -> bool:
    """Print the table of all attacks, or of those whose room or rig is named so; true when everything held."""
    console = Console(width=150)
    console.print(f"{'room':8} {'attack':58} {'s':>6} {'MB':>6}  what was said")
    outcomes: list[tuple[Rig, Outcome]] = []
    for each in rigs():
        if only in ("", each.room) or only in each.name:
            for outcome in _outcomes(each):
                outcomes.append((each, outcome))
                console.print(_line(each, outcome), markup=False, highlight=False, soft_wrap=True)
    console.print(_summary(outcomes))
    return bool(outcomes) and all(outcome.held for _rig, outcome in outcomes)


def _outcomes(each: Rig) -> Iterator[Outcome]:
    """The outcomes of a rig; one that breaks has not held."""
    began = time.monotonic()
    try:
        with TemporaryDirectory(prefix="nianbao-attack-") as folder:
            yield from each.run(Path(folder))
    except Exception:
        said = traceback.format_exc().strip().rpartition("\n")[2]
        yield Outcome("the rig itself", held=False, said=said, seconds=time.monotonic() - began)


def _line(each: Rig, outcome: Outcome) -> str:
    attack = f"{each.name}: {outcome.attack}"
    took = f"{outcome.seconds:6.1f} {outcome.megabytes:6.0f}"
    said = " ".join(outcome.said.split())[:110]
    return f"{each.room:8} {attack[:58]:58} {took}  {said}{'' if outcome.held else '  BROKEN'}"


def _summary(outcomes: list[tuple[Rig, Outcome]]) -> Table:
    """How many attacks of each rig held."""
    table = Table(title="what held")
    for column in ("room", "rig", "attacks", "held"):
        table.add_column(column, justify="right" if column in ("attacks", "held") else "left")
    for each in dict.fromkeys(rig for rig, _outcome in outcomes):
        found = [outcome for rig, outcome in outcomes if rig is each]
        held = sum(outcome.held for outcome in found)
        table.add_row(each.room, each.name, str(len(found)), f"{held}{'' if held == len(found) else ' ✗'}")
    return table
